import type { Values } from '../../deploy/settings/addresses.ts';
import { settingsGroup, text, webAddress, withoutSlash } from '../../deploy/settings/kit.ts';

const isChosen = (env: Values) => env['FLIGHTS_PROVIDER'] === 'amadeus';

const variables = {
  AMADEUS_API_BASE: {
    schema: webAddress,
    about: 'An enterprise host: there is no public default.',
    fallback: 'the sandbox (development only)',
    needed: isChosen,
  },
  AMADEUS_CLIENT_ID: {
    schema: text,
    about: 'Our client.',
    development: 'development-amadeus-client',
    needed: isChosen,
  },
  AMADEUS_CLIENT_SECRET: {
    schema: text,
    about: "Our client's secret.",
    development: 'development-amadeus-secret',
    needed: isChosen,
  },
} as const;

/** Flights by Amadeus. */
export const amadeusSettings = settingsGroup({
  title: 'Amadeus',
  variables,
  problems: (env) =>
    env['AMADEUS_CLIENT_ID'] !== undefined && env['AMADEUS_API_BASE'] === undefined
      ? ['AMADEUS_API_BASE must be set with AMADEUS_CLIENT_ID: it has no public host']
      : [],
  read: (env) => ({
    apiBase: env.AMADEUS_API_BASE === undefined ? null : withoutSlash(env.AMADEUS_API_BASE),
    clientId: env.AMADEUS_CLIENT_ID ?? variables.AMADEUS_CLIENT_ID.development,
    clientSecret: env.AMADEUS_CLIENT_SECRET ?? variables.AMADEUS_CLIENT_SECRET.development,
  }),
});
