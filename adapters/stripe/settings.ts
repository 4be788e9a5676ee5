import { secrets, settingsGroup, text, url, webAddress } from '../../deploy/settings/kit.ts';

const publicAddress = {
  variable: 'STRIPE_API_BASE',
  base: 'https://api.stripe.com',
  credential: 'STRIPE_SECRET_KEY',
};

const variables = {
  STRIPE_API_BASE: {
    schema: webAddress,
    about: "Stripe's API.",
    fallback: `${publicAddress.base}, or the sandbox`,
  },
  STRIPE_SECRET_KEY: {
    schema: text,
    about: 'API key.',
    development: 'sk_test_development',
    needed: true,
  },
  STRIPE_WEBHOOK_SECRET: {
    schema: secrets,
    about: 'Signs webhooks, with its `whsec_`. Several values.',
    development: 'whsec_development',
    needed: true,
  },
  STRIPE_SUCCESS_URL: {
    schema: url('https:', 'http:'),
    about: "Where a patient's browser goes after paying.",
    fallback:
      'our own page below PUBLIC_URL; without that https://example.org/paid, in development only',
  },
  STRIPE_CANCEL_URL: {
    schema: url('https:', 'http:'),
    about: 'Where it goes after giving up.',
    fallback: 'https://example.org/not-paid, in development only',
    needed: true,
  },
} as const;

/** Card payments by Stripe. */
export const stripeSettings = settingsGroup({
  title: 'Stripe',
  variables,
  publicAddress,
  problems: ({ NODE_ENV, STRIPE_SUCCESS_URL, PUBLIC_URL }) =>
    NODE_ENV === 'production' && STRIPE_SUCCESS_URL === undefined && PUBLIC_URL === undefined
      ? ['STRIPE_SUCCESS_URL must be set in production, or PUBLIC_URL']
      : [],
  read: (env, place) => ({
    apiBase: place.baseOf(publicAddress),
    secretKey: env.STRIPE_SECRET_KEY ?? variables.STRIPE_SECRET_KEY.development,
    webhookSecrets: env.STRIPE_WEBHOOK_SECRET ?? [variables.STRIPE_WEBHOOK_SECRET.development],
    /**
     * Null: our own page, where the booking looks at its payment at once. Only below a fixed address: two processes that
     * name different ones break Stripe's idempotency keys, which stand for the whole request.
     */
    successUrl:
      env.STRIPE_SUCCESS_URL ?? (place.publicUrl === null ? 'https://example.org/paid' : null),
    cancelUrl: env.STRIPE_CANCEL_URL ?? 'https://example.org/not-paid',
  }),
});
