import * as v from 'valibot';

import { isTckn, isVkn } from '../../actors/ports/tax-numbers.ts';
import { bucket, integer, oneOf, secrets, settingsGroup, text, withTheRest } from './kit.ts';

const series = v.optional(
  v.pipe(v.string(), v.regex(/^[A-Z0-9]{3}$/, 'must be three of A-Z and 0-9')),
);

/** What is set whole or not at all, since none of them has an address or credentials that could stand in. */
const seller = [
  'SELLER_TAX_NUMBER',
  'SELLER_NAME',
  'SELLER_TAX_OFFICE',
  'SELLER_STREET',
  'SELLER_DISTRICT',
  'SELLER_CITY',
  'SELLER_SERIES_EINVOICE',
  'SELLER_SERIES_EARCHIVE',
] as const;

const variables = {
  SELLER_TAX_NUMBER: {
    schema: v.optional(
      v.pipe(
        v.string(),
        v.check((number) => isVkn(number) || isTckn(number), 'must be a valid VKN or TCKN'),
      ),
    ),
    about: 'Who sells, as invoices name it: VKN (10 digits) or TCKN (11). The others belong to it.',
  },
  SELLER_NAME: { schema: text, about: "The seller's name.", fallback: 'TENANT_NAME' },
  SELLER_TAX_OFFICE: { schema: text, about: "The seller's tax office." },
  SELLER_STREET: { schema: text, about: "The seller's street and number." },
  SELLER_DISTRICT: { schema: text, about: "The seller's district." },
  SELLER_CITY: { schema: text, about: "The seller's city." },
  SELLER_SERIES_EINVOICE: {
    schema: series,
    about: 'Three of A-Z and 0-9 that begin the numbers of e-Fatura.',
  },
  SELLER_SERIES_EARCHIVE: { schema: series, about: 'The same for e-Arşiv.' },
  SELLER_HEALTH_TOURISM: {
    schema: oneOf(['true', 'false'], 'false'),
    about:
      "Whether it has the ministry's authorisation for health tourism, without which nothing is exempt from VAT.",
  },
  VAT_HEALTH_PERCENT: {
    schema: integer(0, 40, 10),
    unit: 'percent',
    about: 'VAT on health services. Have an accountant confirm it; what has no setting is 20.',
  },
  VAT_ACCOMMODATION_PERCENT: {
    schema: integer(0, 40, 10),
    unit: 'percent',
    about: 'VAT on accommodation.',
  },
  INVOICES_BUCKET: {
    schema: v.optional(v.pipe(v.string(), v.regex(bucket, 'must be a bucket name')), 'invoices'),
    about: 'A bucket for invoices alone, with object lock, on the server of S3_ENDPOINT.',
  },
  EFATURA_WEBHOOK_SECRET: {
    schema: secrets,
    about: 'Signs `POST /webhooks/efatura`, for integrators that push. Several values.',
    development: 'development-efatura-webhook-secret',
    chosen: 'text',
  },
} as const;

/** Who sells, at which rates, and where invoices are kept. */
export const invoiceSettings = settingsGroup({
  title: 'Invoices',
  variables,
  together: seller,
  problems: (env) => withTheRest(env, 'NILVERA_API_KEY', seller),
  read: (env, { hasSandbox }) => ({
    bucket: env.INVOICES_BUCKET,
    webhookSecrets:
      env.EFATURA_WEBHOOK_SECRET ??
      (hasSandbox ? [variables.EFATURA_WEBHOOK_SECRET.development] : []),
    /** With the sandbox a clinic of its own, whose tax number is one of the examples that pass. */
    sellerOf: (tenantName: string) => ({
      taxNumber: env.SELLER_TAX_NUMBER ?? '1460415308',
      name: env.SELLER_NAME ?? tenantName,
      taxOffice: env.SELLER_TAX_OFFICE ?? 'Şişli',
      address: {
        street: env.SELLER_STREET ?? 'Atatürk Caddesi 1',
        district: env.SELLER_DISTRICT ?? 'Şişli',
        city: env.SELLER_CITY ?? 'İstanbul',
        postalCode: null,
        country: 'TR',
      },
      series: {
        eInvoice: env.SELLER_SERIES_EINVOICE ?? 'DEF',
        eArchive: env.SELLER_SERIES_EARCHIVE ?? 'DEA',
      },
      healthTourismAuthorised:
        env.SELLER_HEALTH_TOURISM === 'true' || (hasSandbox && env.SELLER_TAX_NUMBER === undefined),
    }),
    vatPercent: { health: env.VAT_HEALTH_PERCENT, accommodation: env.VAT_ACCOMMODATION_PERCENT },
  }),
});
