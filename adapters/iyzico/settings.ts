import * as v from 'valibot';

import {
  integer,
  secrets,
  settingsGroup,
  text,
  webAddress,
  withTheRest,
} from '../../deploy/settings/kit.ts';

const publicAddress = {
  variable: 'IYZICO_API_BASE',
  base: 'https://api.iyzipay.com',
  credential: 'IYZICO_API_KEY',
};

const variables = {
  IYZICO_API_BASE: {
    schema: webAddress,
    about: "iyzico's API. In production iyzico is off without IYZICO_API_KEY.",
    fallback: `${publicAddress.base}, or the sandbox`,
  },
  IYZICO_API_KEY: { schema: text, about: 'API key.', development: 'development-iyzico-key' },
  IYZICO_SECRET_KEY: {
    schema: secrets,
    about:
      'Signs requests and webhooks. Several values: the first one signs ours, webhooks may come under any.',
    development: 'development-iyzico-secret',
  },
  IYZICO_MERCHANT_ID: {
    schema: v.optional(v.pipe(v.string(), v.regex(/^\d{1,20}$/, 'must be digits'))),
    about: "Signs subscriptions' webhooks, which we keep as unroutable.",
  },
  IYZICO_BUYER_EMAIL: {
    schema: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
    about: "Where iyzico's receipts go if a patient's address is unknown.",
    fallback: 'payments@example.org, in development only',
  },
  IYZICO_REPORT_LAG_SECONDS: {
    schema: integer(0, 86_400, 900),
    unit: 'seconds',
    about:
      "What iyzico's reports may be behind its payments: so long a refund in doubt waits before it counts as not made. 0 for the sandbox.",
  },
  IYZICO_BUYER_IP: {
    schema: v.optional(v.pipe(v.string(), v.ip('must be an IP address'))),
    about: "The address that stands for a buyer's: they write on WhatsApp, and iyzico wants one.",
    fallback: '127.0.0.1, in development only',
  },
} as const;

/** Card payments by iyzico. */
export const iyzicoSettings = settingsGroup({
  title: 'iyzico',
  variables,
  publicAddress,
  together: ['IYZICO_API_KEY', 'IYZICO_SECRET_KEY'],
  problems: (env) =>
    withTheRest(env, 'IYZICO_API_KEY', ['IYZICO_BUYER_EMAIL', 'IYZICO_BUYER_IP', 'PUBLIC_URL']),
  /** Null: off. `apiBase` null: the sandbox. */
  read: (env, place) => {
    if (!place.hasSandbox && env.IYZICO_API_KEY === undefined) return null;
    const apiBase = place.baseOf(publicAddress);
    return {
      apiBase,
      apiKey: env.IYZICO_API_KEY ?? variables.IYZICO_API_KEY.development,
      secretKeys: env.IYZICO_SECRET_KEY ?? [variables.IYZICO_SECRET_KEY.development],
      merchantId: env.IYZICO_MERCHANT_ID ?? null,
      buyerEmail: env.IYZICO_BUYER_EMAIL ?? 'payments@example.org',
      buyerIp: env.IYZICO_BUYER_IP ?? '127.0.0.1',
      // The sandbox's reports are never behind.
      reportingLagMs: apiBase === null ? 0 : env.IYZICO_REPORT_LAG_SECONDS * 1_000,
    };
  },
});
