import type { Values } from '../../deploy/settings/addresses.ts';
import { settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

const publicAddress = {
  variable: 'DUFFEL_API_BASE',
  base: 'https://api.duffel.com',
  credential: 'DUFFEL_TOKEN',
};

const variables = {
  DUFFEL_API_BASE: {
    schema: webAddress,
    about: "Duffel's API.",
    fallback: `${publicAddress.base}, or the sandbox`,
  },
  DUFFEL_TOKEN: {
    schema: text,
    about: 'Access token.',
    development: 'duffel_test_development',
    needed: (env: Values) => env['FLIGHTS_PROVIDER'] !== 'amadeus',
  },
} as const;

/** Flights by Duffel. */
export const duffelSettings = settingsGroup({
  title: 'Duffel',
  variables,
  publicAddress,
  read: (env, place) => ({
    apiBase: place.baseOf(publicAddress),
    token: env.DUFFEL_TOKEN ?? variables.DUFFEL_TOKEN.development,
  }),
});
