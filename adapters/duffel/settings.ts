import * as v from 'valibot';

import type { Values } from '../../deploy/settings/addresses.ts';
import { oneOf, settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

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
  DUFFEL_ORDERS: {
    schema: oneOf(['on', 'off'], 'on'),
    about:
      'Whether flights that are paid for are ordered at Duffel, for travellers whose passports we ask for. Off, or without the two below: staff order them.',
  },
  DUFFEL_ORDER_EMAIL: {
    schema: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
    about: 'Where airlines write about an order.',
    fallback: 'flights@example.org, in development only',
  },
  DUFFEL_ORDER_PHONE: {
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^\+\d{7,15}$/, 'must be a number in E.164 with its +')),
    ),
    about: 'Where airlines call about an order.',
    fallback: '+902120000000, in development only',
  },
} as const;

/** Flights by Duffel. */
export const duffelSettings = settingsGroup({
  title: 'Duffel',
  variables,
  publicAddress,
  together: ['DUFFEL_ORDER_EMAIL', 'DUFFEL_ORDER_PHONE'],
  read: (env, place) => ({
    apiBase: place.baseOf(publicAddress),
    token: env.DUFFEL_TOKEN ?? variables.DUFFEL_TOKEN.development,
    /** Whom airlines ask about an order; null: staff order. */
    orders:
      env.DUFFEL_ORDERS === 'off' || (!place.hasSandbox && env.DUFFEL_ORDER_EMAIL === undefined)
        ? null
        : {
            email: env.DUFFEL_ORDER_EMAIL ?? 'flights@example.org',
            phone: env.DUFFEL_ORDER_PHONE ?? '+902120000000',
          },
  }),
});
