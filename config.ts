import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';

import type { JWK } from 'jose';
import * as v from 'valibot';

import { parsePaymentRules } from './actors/performers/payment-providers.ts';
import { isTckn, isVkn } from './actors/ports/tax-numbers.ts';
import { outsideAddresses, providerBase } from './deploy/settings/addresses.ts';
import { DEVELOPMENT_SECRETS } from './deploy/settings/development-secrets.ts';
import { auditProblems, groupProblems, moneyProblems } from './deploy/settings/groups.ts';
import { safetyProblems } from './deploy/settings/safety.ts';

/**
 * Every setting, from environment variables. An empty variable counts as unset. Errors name the variable and never
 * repeat its value.
 *
 * `NODE_ENV=production`, or any address that is not on this machine, changes what is allowed, not what anything means:
 * see deploy/settings/safety.ts.
 */

export { isLoopback } from './deploy/settings/addresses.ts';
export { DEVELOPMENT_SECRETS } from './deploy/settings/development-secrets.ts';

/** The account the sandbox's WhatsApp number has; not a secret. */
const SANDBOX_PHONE_NUMBER_ID = '555666777888999';

const roles = ['edge', 'cases', 'performers', 'timekeeper'] as const;
type Role = (typeof roles)[number];

/** A key-encryption key. */
interface KeyringKey {
  /** Stored beside what it wrapped. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

const text = v.optional(v.string());

function integer(lowest: number, highest: number, fallback: number) {
  const message = `must be a whole number from ${lowest} to ${highest}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,15}$/, message),
      v.transform(Number),
      v.minValue(lowest, message),
      v.maxValue(highest, message),
    ),
    String(fallback),
  );
}

function url(...protocols: readonly string[]) {
  return v.optional(
    v.pipe(
      v.string(),
      v.check(
        // The drivers look at the first letters as they stand: `REDISS://` would be taken, and without TLS.
        (value) =>
          protocols.some((protocol) => value.startsWith(`${protocol}//`)) && URL.canParse(value),
        `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      ),
    ),
  );
}

function list(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

/** Comma separated, newest first: the first one signs, all of them verify. */
const secrets = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check((values) => values.every((value) => value !== ''), 'has an empty value in its list'),
  ),
);

const series = v.optional(
  v.pipe(v.string(), v.regex(/^[A-Z0-9]{3}$/, 'must be three of A-Z and 0-9')),
);

const Roles = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check(
      (names) => names.every((name) => name === 'all' || roles.includes(name as Role)),
      `must be \`all\` or a comma separated list of ${roles.join(', ')}`,
    ),
    v.transform((names) => roles.filter((role) => names.includes('all') || names.includes(role))),
  ),
  'all',
);

const Keyring = v.optional(
  v.pipe(
    v.string(),
    v.transform((value): KeyringKey[] =>
      list(value).map((item) => {
        const colon = item.indexOf(':');
        return { id: item.slice(0, colon), key: Buffer.from(item.slice(colon + 1), 'base64') };
      }),
    ),
    v.check(
      (keys) => keys.every(({ id, key }) => /^[\w-]{1,64}$/.test(id) && key.length === 32),
      'must be a comma separated list of `id:base64`, each key 32 bytes, newest first',
    ),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'repeats a key id'),
  ),
  DEVELOPMENT_SECRETS.KEYRING,
);

/** HMAC keys, newest first. */
const Keys = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) => list(value).map((item) => Buffer.from(item, 'base64'))),
    v.check(
      (keys) => keys.every(({ length }) => length === 32),
      'must be a comma separated list of the base64 of 32 bytes, newest first',
    ),
  ),
  DEVELOPMENT_SECRETS.DOCUMENTS_LINK_KEY,
);

/** A key for the audit trail's checkpoints. */
interface AuditKey {
  /** Stored with what it signed. */
  readonly id: string;
  readonly key: KeyObject;
}

/** `id:base64` of an Ed25519 key's DER: what stands between a PEM file's first and last line. Null for anything else. */
function auditKey(item: string, type: 'private' | 'public'): AuditKey | null {
  const [, id, encoded] = /^([\w-]{1,64}):([A-Za-z0-9+/]+=*)$/.exec(item) ?? [];
  if (id === undefined || encoded === undefined) return null;
  const der = { key: Buffer.from(encoded, 'base64'), format: 'der' } as const;
  try {
    const key =
      type === 'private'
        ? createPrivateKey({ ...der, type: 'pkcs8' })
        : createPublicKey({ ...der, type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? { id, key } : null;
  } catch {
    return null;
  }
}

function auditKeys(type: 'private' | 'public') {
  const form = type === 'private' ? 'PKCS #8' : 'SubjectPublicKeyInfo';
  return v.pipe(
    v.string(),
    v.check(
      (value) => list(value).every((item) => auditKey(item, type) !== null),
      `must be a comma separated list of \`id:base64\`, each an Ed25519 ${type} key as DER (${form})`,
    ),
    v.transform((value) => list(value).flatMap((item) => auditKey(item, type) ?? [])),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'repeats a key id'),
  );
}

/** Valibot's own messages would quote the key. */
const notKey = 'must be a private JWK with a `kid`: RSA, or EC on P-384';
const PrivateKey = v.optional(
  v.pipe(
    v.string(),
    v.parseJson(undefined, notKey),
    v.looseObject(
      {
        kty: v.picklist(['RSA', 'EC'], notKey),
        kid: v.pipe(v.string(notKey), v.minLength(1, notKey)),
        d: v.string(notKey),
        crv: v.optional(v.literal('P-384', notKey)),
      },
      notKey,
    ),
    v.check(({ kty, crv }) => (kty === 'EC') === (crv !== undefined), notKey),
    v.transform((key) => key as JWK & { readonly kid: string }),
  ),
);

/** An S3 server has no path of its own: the bucket is the first part. */
const S3Address = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^https?:\/\/[^/?#]+\/?$/, 'must be https://host or http://host, without a path'),
  ),
);

/** As `clientAddresses` in http/ takes them. */
const networks = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check(
      (values) => values.every(isNetwork),
      'must be a comma separated list of addresses or networks, such as 10.0.0.0/8',
    ),
  ),
);

function isNetwork(value: string): boolean {
  const [address = '', prefix = '0', ...more] = value.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

/** URIs; a bare e-mail address becomes one. */
const contacts = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.transform((values) =>
      values.map((value) => (/^[^\s@:/]+@[^\s@:/]+$/.test(value) ? `mailto:${value}` : value)),
    ),
    v.check(
      (values) =>
        values.every((value) =>
          /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]+)$/.test(value),
        ),
      'must be a comma separated list of e-mail addresses, https:// or tel: addresses',
    ),
  ),
);

const hourMs = 60 * 60 * 1_000;

const variables = {
  /** `production` refuses development secrets, embedded servers and the sandbox; anything else is development. */
  NODE_ENV: text,
  /** Address the edge listens on. Default 127.0.0.1. */
  HOST: v.optional(v.string(), '127.0.0.1'),
  /** The edge's TCP port; 0 takes a free one. Default 8080. */
  PORT: integer(0, 65_535, 8_080),
  /** TCP port of health and metrics, never public; 0 takes a free one. Default 9464. */
  OPS_PORT: integer(0, 65_535, 9_464),
  /** Address of health and metrics. Default 127.0.0.1: on any other, who reaches the port reads them. */
  OPS_HOST: v.optional(v.string(), '127.0.0.1'),
  /**
   * Addresses and networks of the proxies in front of the edge, comma separated: `10.0.0.0/8,fd00::/8`. Theirs, and nobody
   * else's, `X-Forwarded-For` says who a client is. Default none.
   */
  TRUSTED_PROXIES: networks,
  /** Where weaknesses may be told, comma separated: e-mail addresses, `https:` or `tel:`. Unset: no security.txt. */
  SECURITY_CONTACT: contacts,
  /** What this process does: `all`, or some of edge, cases, performers, timekeeper. Default all. */
  ROLES: Roles,
  /** Number of partitions cases spread over. The same in every process, and never changed later. Default 8. */
  PARTITIONS: integer(1, 1_024, 8),
  /** PostgreSQL. Unset: an embedded server under DATA_DIR (development only). */
  DATABASE_URL: url('postgres:', 'postgresql:'),
  /**
   * The same database for the role that owns it, with which `npm run migrate` works. In development also the start, where the
   * role of DATABASE_URL does if this is unset.
   */
  MIGRATION_DATABASE_URL: url('postgres:', 'postgresql:'),
  /** Redis. Unset: an own `redis-server` under DATA_DIR (development only). */
  REDIS_URL: url('redis:', 'rediss:'),
  /** Folder for what embedded servers and the sandbox keep. Default `.data`. */
  DATA_DIR: v.optional(v.string(), '.data'),
  /** error, warn, info, debug or silent. Default info. */
  LOG_LEVEL: v.optional(
    v.picklist(
      ['error', 'warn', 'info', 'debug', 'silent'],
      'must be error, warn, info, debug or silent',
    ),
    'info',
  ),
  /** Milliseconds a partition's lease lives without renewal: the longest a dead worker holds its cases. Default 10000. */
  LEASE_MS: integer(100, 600_000, 10_000),
  /** Whether other services of the platform read patients' messages `masked`, or only that there was one (`omitted`). Default masked. */
  OUTWARD_MESSAGE: v.optional(
    v.picklist(['masked', 'omitted'], 'must be masked or omitted'),
    'masked',
  ),
  /** Hours an entry of an outward stream is kept. Default 168. */
  OUTWARD_KEPT_HOURS: integer(1, 8_760, 168),
  /** Hours an entry is kept that some group has not acknowledged; then it goes, and a metric rises. Default 720. */
  OUTWARD_HELD_HOURS: integer(1, 8_760, 720),
  /** Entries an outward stream has at most, acknowledged or not. Default 1000000. */
  OUTWARD_MAX_ENTRIES: integer(1_000, 100_000_000, 1_000_000),
  /** Hours after publication within which what Redis loses is published again. Default 1. */
  OUTBOX_KEPT_HOURS: integer(1, 720, 1),
  /** Where OpenTelemetry sends traces (OTLP over HTTP). Default: nowhere. */
  OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:'),

  /** The Graph API, without its version. Default https://graph.facebook.com, or the sandbox. */
  WHATSAPP_API_BASE: url('http:', 'https:'),
  /** Access token of a system user. */
  WHATSAPP_TOKEN: text,
  /** With it the token is exchanged for one of 60 days and kept fresh. Unset: WHATSAPP_TOKEN is a system user's. */
  WHATSAPP_APP_ID: v.optional(v.pipe(v.string(), v.regex(/^\d{1,32}$/, 'must be digits'))),
  /** The number we send from. */
  WHATSAPP_PHONE_NUMBER_ID: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,32}$/, 'must be digits')),
    SANDBOX_PHONE_NUMBER_ID,
  ),
  /** Messages the number may send in any 24 h. Default 1000, the platform's figure. */
  WHATSAPP_MESSAGES_PER_DAY: integer(1, 100_000_000, 1_000),
  /** People all our numbers may write to outside a 24-hour window, in any 24 h: Meta's tier. Default 250. */
  WHATSAPP_PEOPLE_PER_DAY: integer(1, 100_000_000, 250),
  /** Messages the number may send in a second. Default 80; 20 if an app on a telephone uses the number too. */
  WHATSAPP_PER_SECOND: integer(1, 10_000, 80),
  /** Signs webhooks. Several values. */
  WHATSAPP_APP_SECRET: secrets,
  /** Answers the subscription handshake. Several values. */
  WHATSAPP_VERIFY_TOKEN: secrets,

  /** A service with the OpenAI chat completions API, up to `/chat/completions`. Unset: messages are understood by rules alone. */
  UNDERSTANDING_API_BASE: url('http:', 'https:'),
  UNDERSTANDING_API_KEY: text,
  UNDERSTANDING_MODEL: text,

  /** Where clamd listens. Unset: files are not scanned (refused in production unless CLAMAV_HOST is `none`). */
  CLAMAV_HOST: text,
  /** Default 3310. */
  CLAMAV_PORT: integer(1, 65_535, 3_310),

  /** Default https://api.stripe.com, or the sandbox. */
  STRIPE_API_BASE: url('http:', 'https:'),
  /** API key. */
  STRIPE_SECRET_KEY: text,
  /** Signs webhooks, with its `whsec_`. Several values. */
  STRIPE_WEBHOOK_SECRET: secrets,
  /** Where a patient's browser goes after paying. Default: our own page below PUBLIC_URL; without that https://example.org/paid, in development only. */
  STRIPE_SUCCESS_URL: url('https:', 'http:'),
  /** Where it goes after giving up. Default https://example.org/not-paid, in development only. */
  STRIPE_CANCEL_URL: url('https:', 'http:'),

  /** Default https://api.iyzipay.com, or the sandbox; in production iyzico is off without IYZICO_API_KEY. */
  IYZICO_API_BASE: url('http:', 'https:'),
  IYZICO_API_KEY: text,
  /** Signs requests and webhooks. Several values: the first one signs ours, webhooks may come under any. */
  IYZICO_SECRET_KEY: secrets,
  /** Signs subscriptions' webhooks, which we only park. */
  IYZICO_MERCHANT_ID: v.optional(v.pipe(v.string(), v.regex(/^\d{1,20}$/, 'must be digits'))),
  /** Where iyzico's receipts go if a patient's address is unknown. Default payments@example.org, in development only. */
  IYZICO_BUYER_EMAIL: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
  /** Seconds that iyzico's reports may be behind its payments: so long a refund in doubt waits before it counts as not made. Default 900; 0 for the sandbox. */
  IYZICO_REPORT_LAG_SECONDS: integer(0, 86_400, 900),
  /** The address that stands for a buyer's: they write on WhatsApp, and iyzico wants one. Default 127.0.0.1, in development only. */
  IYZICO_BUYER_IP: v.optional(v.pipe(v.string(), v.ip('must be an IP address'))),

  /**
   * Who takes which payment: `match:provider`, comma separated, first match wins; `match` is a currency (TRY), a country
   * (TR) or `*`. Default `TRY:iyzico,TR:iyzico,*:stripe`, and `*:stripe` where iyzico is off.
   */
  PAYMENT_RULES: v.optional(
    v.pipe(
      v.string(),
      v.rawTransform(({ dataset, addIssue, NEVER }) => {
        try {
          return parsePaymentRules(dataset.value);
        } catch (error) {
          addIssue({ message: (error as Error).message });
          return NEVER;
        }
      }),
    ),
  ),
  /** Our edge's address as patients reach it: where they come back to after paying. Default: the edge's own. */
  PUBLIC_URL: url('https:', 'http:'),

  /** The e-invoice integrator. Default https://api.nilvera.com, or the sandbox; in production invoices are off without it. */
  NILVERA_API_BASE: url('http:', 'https:'),
  NILVERA_API_KEY: text,
  /** Signs `POST /webhooks/efatura`, for integrators that push. Several values. */
  EFATURA_WEBHOOK_SECRET: secrets,
  /** The central bank's exchange rates. Default https://www.tcmb.gov.tr, or the sandbox. */
  TCMB_API_BASE: url('http:', 'https:'),
  /** Who sells, as invoices name it: VKN (10 digits) or TCKN (11). The others belong to it. */
  SELLER_TAX_NUMBER: v.optional(
    v.pipe(
      v.string(),
      v.check((number) => isVkn(number) || isTckn(number), 'must be a valid VKN or TCKN'),
    ),
  ),
  SELLER_NAME: text,
  SELLER_TAX_OFFICE: text,
  SELLER_STREET: text,
  SELLER_DISTRICT: text,
  SELLER_CITY: text,
  /** Three of A-Z and 0-9 that begin the numbers of e-Fatura and e-Arşiv. */
  SELLER_SERIES_EINVOICE: series,
  SELLER_SERIES_EARCHIVE: series,
  /** Whether it has the ministry's authorisation for health tourism, without which nothing is exempt from VAT. Default false. */
  SELLER_HEALTH_TOURISM: v.optional(
    v.picklist(['true', 'false'], 'must be true or false'),
    'false',
  ),
  /** Whole percent of VAT. Have an accountant confirm them. Defaults 10 and 10; everything else is 20. */
  VAT_HEALTH_PERCENT: integer(0, 40, 10),
  VAT_ACCOMMODATION_PERCENT: integer(0, 40, 10),
  /** A bucket for invoices alone, with object lock, on the server of S3_ENDPOINT. Default invoices. */
  INVOICES_BUCKET: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name')),
    'invoices',
  ),

  /** Which adapter searches flights: duffel or amadeus. Default duffel. */
  FLIGHTS_PROVIDER: v.optional(
    v.picklist(['duffel', 'amadeus'], 'must be duffel or amadeus'),
    'duffel',
  ),
  /** Default https://api.duffel.com, or the sandbox. */
  DUFFEL_API_BASE: url('http:', 'https:'),
  DUFFEL_TOKEN: text,
  /** An enterprise host: there is no public default. Unset: the sandbox (development only). */
  AMADEUS_API_BASE: url('http:', 'https:'),
  AMADEUS_CLIENT_ID: text,
  AMADEUS_CLIENT_SECRET: text,

  /**
   * The clinic's FHIR R4 server. Unset: the sandbox; in production clinical records are off. Alone, it is a server that
   * asks for no token, which production takes from a sidecar on this machine only.
   */
  FHIR_API_BASE: url('http:', 'https:'),
  /** Our client at its token endpoint, with FHIR_CLIENT_SECRET or FHIR_PRIVATE_JWK. */
  FHIR_CLIENT_ID: text,
  /** OAuth 2 client credentials. */
  FHIR_CLIENT_SECRET: text,
  /** SMART Backend Services, in place of a secret: a private key as JWK with its `kid`, which signs assertions. */
  FHIR_PRIVATE_JWK: PrivateKey,

  /** The image archive. Unset: an own Orthanc under DATA_DIR, in production none. `none`: imaging is off. */
  ORTHANC_API_BASE: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(none$|https?:\/\/[^/?#]+)/,
        'must be `none`, or a URL that starts with http:// or https://',
      ),
    ),
  ),
  ORTHANC_USER: text,
  ORTHANC_PASSWORD: text,
  /** Its DICOMweb as the vision model reaches it. Default ORTHANC_API_BASE with `/dicom-web`. */
  ORTHANC_DICOMWEB_BASE: url('http:', 'https:'),

  /** The vision model, as adapters/vision/README.md describes it. Unset: the sandbox; in production it is off. */
  VISION_API_BASE: url('http:', 'https:'),
  VISION_API_KEY: text,

  /** As adapters/doktor365/openapi.yaml describes it. Unset: the sandbox; in production it is off. */
  DOKTOR365_API_BASE: url('http:', 'https:'),
  DOKTOR365_CLIENT_ID: text,
  DOKTOR365_CLIENT_SECRET: text,

  /** The S3 server of documents, as we reach it. Unset: the embedded store under DATA_DIR (development only). */
  S3_ENDPOINT: S3Address,
  /** The same server as a patient's browser reaches it. Default S3_ENDPOINT. */
  S3_PUBLIC_ENDPOINT: S3Address,
  /** Default us-east-1, which is what servers without regions call theirs. */
  S3_REGION: v.optional(v.string(), 'us-east-1'),
  S3_ACCESS_KEY: text,
  S3_SECRET_KEY: text,
  /** `npm run storage:apply` makes it. Default health-tourism-docs. */
  S3_BUCKET: v.optional(v.string(), 'health-tourism-docs'),
  /** Bearer token with which the S3 server tells of uploads. Several values. */
  DOCUMENTS_WEBHOOK_TOKEN: secrets,
  /** Base64 of 32 bytes that sign patients' upload links, and all links of the embedded store. Several values. */
  DOCUMENTS_LINK_KEY: Keys,
  /** Where browsers reach our edge, for links of the embedded store. Default the edge's own address. */
  DOCUMENTS_PUBLIC_URL: url('https:', 'http:'),
  /** The page where patients upload; gets the link's token after `#`. Default the edge's own `/docs-visa`, in development only. */
  UPLOAD_PAGE_URL: url('https:', 'http:'),

  /** `iss` of staff tokens. */
  ADMIN_JWT_ISSUER: v.optional(v.string(), 'urn:patient-cases:development'),
  /** `aud` of staff tokens. Default patient-cases-admin. */
  ADMIN_JWT_AUDIENCE: v.optional(v.string(), 'patient-cases-admin'),
  /** The identity provider's key set. With it, tokens signed with ADMIN_JWT_SECRET are not taken. */
  ADMIN_JWT_JWKS_URL: url('http:', 'https:'),
  /** HS256 secret of development tokens, 32 characters or more. Several values. */
  ADMIN_JWT_SECRET: v.optional(
    v.pipe(
      v.string(),
      v.transform(list),
      v.check((values) => values.every(({ length }) => length >= 32), 'is under 32 characters'),
    ),
  ),

  /** The clinic or agency whose number this is; 1 to 100 of `A-Z a-z 0-9 _ -`. Default demo. */
  TENANT: v.optional(
    v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 _ -')),
    'demo',
  ),
  /** What staff call it. Default Demo Clinic. */
  TENANT_NAME: v.optional(v.pipe(v.string(), v.maxLength(200)), 'Demo Clinic'),

  /** Base64 of 32 bytes that key the blind indexes of contacts and the digests of bodies. Never change it while data lives. */
  INDEX_KEY: v.optional(
    v.pipe(
      v.string(),
      v.transform((value) => Buffer.from(value, 'base64')),
      v.check((key) => key.length === 32, 'must be the base64 of 32 bytes'),
    ),
    DEVELOPMENT_SECRETS.INDEX_KEY,
  ),
  /** Key-encryption keys, `id:base64` of 32 bytes each. The first one wraps new data keys, all of them unwrap. */
  KEYRING: Keyring,

  /**
   * Ed25519 private keys, `id:base64` of PKCS #8 (DER) each. The first one signs the audit trail's checkpoints, the public
   * halves of all verify them. Belongs to nobody who can write to the database.
   */
  AUDIT_SIGNING_KEY: v.optional(auditKeys('private')),
  /** Public halves of keys that signed before, `id:base64` of SubjectPublicKeyInfo (DER) each. Enough to verify alone. */
  AUDIT_RETIRED_KEYS: v.optional(
    v.pipe(
      auditKeys('public'),
      v.check(
        (keys) => keys.every(({ key }) => !key.equals(developmentAuditKey().publicKey)),
        'holds the development key, with which anybody can sign',
      ),
    ),
  ),
  /**
   * Where signed checkpoints go: a file's path, or `s3:bucket` or `s3:bucket/prefix` on the server of S3_ENDPOINT.
   * Default DATA_DIR/audit-checkpoints.jsonl, in development only.
   */
  AUDIT_CHECKPOINTS: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (value) => !value.startsWith('s3:') || s3Place.test(value),
        'must be a path, `s3:bucket` or `s3:bucket/prefix`',
      ),
    ),
  ),
  /** Minutes after which `npm run audit:verify` wants an entry of the audit trail to be in a checkpoint. Default 15. */
  AUDIT_COVER_MINUTES: integer(1, 10_080, 15),
};

/** Of every setting. */
export const settingNames: readonly string[] = Object.keys(variables);

type Environment = Readonly<Record<string, string | undefined>>;

const s3Place = /^s3:([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w./-]{0,200}))?$/;

function developmentAuditKey(): AuditKey & { readonly publicKey: KeyObject } {
  const found = auditKey(DEVELOPMENT_SECRETS.AUDIT_SIGNING_KEY, 'private');
  if (found === null) throw new Error('The development key for the audit trail is none');
  return { ...found, publicKey: createPublicKey(found.key) };
}

function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );
}

function withoutSlash(base: string | null): string | null {
  return base?.replace(/\/+$/, '') ?? null;
}

const Variables = v.object(variables);

type AuditEnvironment = Pick<
  v.InferOutput<typeof Variables>,
  'DATA_DIR' | `AUDIT_${'SIGNING_KEY' | 'RETIRED_KEYS' | 'CHECKPOINTS' | 'COVER_MINUTES'}`
>;

/** The audit trail's checkpoints: with what they are signed and verified, and where they are. */
function auditOf(env: AuditEnvironment) {
  const { AUDIT_SIGNING_KEY: given, AUDIT_RETIRED_KEYS: retired = [] } = env;
  const own = given ?? [];
  const { publicKey, ...development } = developmentAuditKey();
  const signing = own[0] ?? development;
  const place = env.AUDIT_CHECKPOINTS ?? join(env.DATA_DIR, 'audit-checkpoints.jsonl');
  const [, bucket, prefix] = s3Place.exec(place) ?? [];
  return {
    signingKey: { keyId: signing.id, key: signing.key },
    /** Whether it signs with the key that everybody knows. */
    isDevelopmentKey: own.length === 0,
    /** Of all keys whose signatures count, by their id. The development key's do where no other is known. */
    publicKeys: new Map<string, KeyObject>([
      ...(own.length + retired.length === 0 ? [[development.id, publicKey] as const] : []),
      ...retired.map(({ id, key }) => [id, key] as const),
      ...own.map(({ id, key }) => [id, createPublicKey(key)] as const),
    ]),
    checkpoints:
      bucket === undefined
        ? { kind: 'file' as const, path: place }
        : {
            kind: 's3' as const,
            bucket,
            /** Empty, or ends with a slash. */
            prefix: (prefix ?? '').replace(/\/*$/, prefix ? '/' : ''),
          },
    coverMs: env.AUDIT_COVER_MINUTES * 60_000,
  };
}

function s3Of(
  env: {
    readonly [name in 'S3_ENDPOINT' | 'S3_ACCESS_KEY' | 'S3_SECRET_KEY']?: string | undefined;
  } & { readonly S3_REGION: string },
) {
  return env.S3_ENDPOINT === undefined
    ? null
    : {
        baseUrl: env.S3_ENDPOINT.replace(/\/$/, ''),
        region: env.S3_REGION,
        accessKey: env.S3_ACCESS_KEY ?? '',
        secretKey: env.S3_SECRET_KEY ?? '',
      };
}

/** Who sells. Outside production a clinic of the sandbox's, whose tax number is one of the examples that pass. */
function sellerOf(env: v.InferOutput<typeof Variables>, production: boolean) {
  const street = env.SELLER_STREET ?? 'Atatürk Caddesi 1';
  const district = env.SELLER_DISTRICT ?? 'Şişli';
  const city = env.SELLER_CITY ?? 'İstanbul';
  return {
    taxNumber: env.SELLER_TAX_NUMBER ?? '1460415308',
    name: env.SELLER_NAME ?? env.TENANT_NAME,
    taxOffice: env.SELLER_TAX_OFFICE ?? 'Şişli',
    address: { street, district, city, postalCode: null, country: 'TR' },
    series: {
      eInvoice: env.SELLER_SERIES_EINVOICE ?? 'DEF',
      eArchive: env.SELLER_SERIES_EARCHIVE ?? 'DEA',
    },
    healthTourismAuthorised:
      env.SELLER_HEALTH_TOURISM === 'true' || (!production && env.SELLER_TAX_NUMBER === undefined),
  };
}

/** How we prove to the FHIR server who we are. */
function fhirAuth(env: v.InferOutput<typeof Variables>, isSandbox: boolean) {
  const { FHIR_CLIENT_ID: clientId = '', FHIR_CLIENT_SECRET: secret, FHIR_PRIVATE_JWK: key } = env;
  if (key !== undefined) return { kind: 'signed' as const, clientId, keys: [key] };
  if (secret === undefined && !isSandbox) return { kind: 'none' as const };
  return {
    kind: 'secret' as const,
    clientId: isSandbox ? DEVELOPMENT_SECRETS.FHIR_CLIENT_ID : clientId,
    clientSecret: secret ?? DEVELOPMENT_SECRETS.FHIR_CLIENT_SECRET,
    sentIn: 'basic' as const,
  };
}

/** `own`: one of ours under DATA_DIR, if it can be had. */
function orthancOf(env: v.InferOutput<typeof Variables>, production: boolean) {
  const { ORTHANC_API_BASE: given } = env;
  if (given === 'none' || (production && given === undefined)) return { kind: 'off' as const };
  if (given === undefined) return { kind: 'own' as const };
  const baseUrl = given.replace(/\/+$/, '');
  return {
    kind: 'server' as const,
    baseUrl,
    username: env.ORTHANC_USER ?? '',
    password: env.ORTHANC_PASSWORD ?? '',
    dicomWebUrl: withoutSlash(env.ORTHANC_DICOMWEB_BASE ?? null) ?? `${baseUrl}/dicom-web`,
  };
}

type Given = v.InferOutput<typeof Variables>;

/** What is refused although each setting makes sense by itself. */
function ruleProblems(env: Record<string, string>): string[] {
  const problems = safetyProblems(settingNames, env);
  if (env['AMADEUS_CLIENT_ID'] !== undefined && env['AMADEUS_API_BASE'] === undefined) {
    problems.push('AMADEUS_API_BASE must be set with AMADEUS_CLIENT_ID: it has no public host');
  }
  problems.push(...groupProblems(env), ...moneyProblems(env));
  if (env['NODE_ENV'] !== 'production') problems.push(...auditProblems(env));
  return problems;
}

/** Variables in, settings out. */
function settingsOf(env: Given, given: Record<string, string>) {
  const production = env.NODE_ENV === 'production';
  const isOutside = outsideAddresses(settingNames, given).length > 0;
  // The sandbox exists only while every address is on this machine, as development secrets do.
  const hasSandbox = !production && !isOutside;
  // Whoever gives credentials means the real provider; whoever gives neither gets the sandbox.
  const base = (provider: Parameters<typeof providerBase>[0]) =>
    withoutSlash(providerBase(provider, given, !hasSandbox));
  const whatsappBase = base('WHATSAPP');
  const stripeBase = base('STRIPE');
  const iyzicoBase = base('IYZICO');
  const hasIyzico = hasSandbox || env.IYZICO_API_KEY !== undefined;
  const nilveraBase = base('NILVERA');
  const hasNilvera = hasSandbox || env.NILVERA_API_KEY !== undefined;
  const tcmbBase = base('TCMB');
  const duffelBase = base('DUFFEL');
  const amadeusBase = withoutSlash(env.AMADEUS_API_BASE ?? null);
  const flightsBase = env.FLIGHTS_PROVIDER === 'duffel' ? duffelBase : amadeusBase;
  // Nobody but the sandbox can stand in for these, and a clinic may do without them.
  const optional = (address: string | undefined) =>
    !hasSandbox && address === undefined ? null : { apiBase: withoutSlash(address ?? null) };
  const fhir = optional(env.FHIR_API_BASE);
  const vision = optional(env.VISION_API_BASE);
  const doktor365 = optional(env.DOKTOR365_API_BASE);
  return {
    production,
    host: env.HOST,
    port: env.PORT,
    opsPort: env.OPS_PORT,
    opsHost: env.OPS_HOST,
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    /** Empty: there is no security.txt. */
    securityContacts: env.SECURITY_CONTACT ?? [],
    roles: env.ROLES,
    partitions: env.PARTITIONS,
    /** Null: run an embedded server. */
    databaseUrl: env.DATABASE_URL ?? null,
    migrationDatabaseUrl: env.MIGRATION_DATABASE_URL ?? null,
    /** Whether a database that the settings name is migrated by whoever starts. One of our own always is. */
    migratesAtStart: hasSandbox,
    /** Null: run an embedded server. */
    redisUrl: env.REDIS_URL ?? null,
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
    leaseMs: env.LEASE_MS,
    /** Null: traces go nowhere. */
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    /** Whether some provider is played by the sandbox: those whose `apiBase` is null. */
    sandbox: [
      whatsappBase,
      stripeBase,
      flightsBase,
      ...(hasIyzico ? [iyzicoBase] : []),
      ...(hasNilvera ? [nilveraBase, tcmbBase] : []),
      ...[fhir, vision, doktor365].flatMap((one) => (one === null ? [] : [one.apiBase])),
    ].includes(null),
    whatsapp: {
      apiBase: whatsappBase,
      token: env.WHATSAPP_TOKEN ?? DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
      /** Null: the token is used as it is. */
      appId: env.WHATSAPP_APP_ID ?? null,
      limits: {
        messagesPerDay: env.WHATSAPP_MESSAGES_PER_DAY,
        peoplePerDay: env.WHATSAPP_PEOPLE_PER_DAY,
        perSecond: env.WHATSAPP_PER_SECOND,
      },
      phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID,
      appSecrets: env.WHATSAPP_APP_SECRET ?? [DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET],
      verifyTokens: env.WHATSAPP_VERIFY_TOKEN ?? [DEVELOPMENT_SECRETS.WHATSAPP_VERIFY_TOKEN],
    },
    stripe: {
      apiBase: stripeBase,
      secretKey: env.STRIPE_SECRET_KEY ?? DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY,
      webhookSecrets: env.STRIPE_WEBHOOK_SECRET ?? [DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET],
      /**
       * Null: our own page, where the booking looks at its payment at once. Only below a fixed address: two processes that
       * name different ones break Stripe's idempotency keys, which stand for the whole request.
       */
      successUrl:
        env.STRIPE_SUCCESS_URL ??
        (env.PUBLIC_URL === undefined ? 'https://example.org/paid' : null),
      cancelUrl: env.STRIPE_CANCEL_URL ?? 'https://example.org/not-paid',
    },
    /** Null: off. `apiBase` null: the sandbox. */
    iyzico: hasIyzico
      ? {
          apiBase: iyzicoBase,
          apiKey: env.IYZICO_API_KEY ?? DEVELOPMENT_SECRETS.IYZICO_API_KEY,
          secretKeys: env.IYZICO_SECRET_KEY ?? [DEVELOPMENT_SECRETS.IYZICO_SECRET_KEY],
          merchantId: env.IYZICO_MERCHANT_ID ?? null,
          buyerEmail: env.IYZICO_BUYER_EMAIL ?? 'payments@example.org',
          buyerIp: env.IYZICO_BUYER_IP ?? '127.0.0.1',
          // The sandbox's reports are never behind.
          reportingLagMs: iyzicoBase === null ? 0 : env.IYZICO_REPORT_LAG_SECONDS * 1_000,
        }
      : null,
    paymentRules:
      env.PAYMENT_RULES ??
      parsePaymentRules(hasIyzico ? 'TRY:iyzico,TR:iyzico,*:stripe' : '*:stripe'),
    /** Null: the edge's own address. */
    publicUrl: withoutSlash(env.PUBLIC_URL ?? null),
    /** Null: nothing is invoiced. A null `apiBase` or `ratesBase`: the sandbox. */
    efatura: hasNilvera
      ? {
          apiBase: nilveraBase,
          apiKey: env.NILVERA_API_KEY ?? DEVELOPMENT_SECRETS.NILVERA_API_KEY,
          ratesBase: tcmbBase,
          bucket: env.INVOICES_BUCKET,
          seller: sellerOf(env, !hasSandbox),
          vatPercent: {
            health: env.VAT_HEALTH_PERCENT,
            accommodation: env.VAT_ACCOMMODATION_PERCENT,
          },
        }
      : null,
    efaturaWebhookSecrets:
      env.EFATURA_WEBHOOK_SECRET ??
      (hasSandbox ? [DEVELOPMENT_SECRETS.EFATURA_WEBHOOK_SECRET] : []),
    /** Null: rules alone. */
    model:
      env.UNDERSTANDING_API_BASE === undefined
        ? null
        : {
            baseUrl: env.UNDERSTANDING_API_BASE.replace(/\/+$/, ''),
            apiKey: env.UNDERSTANDING_API_KEY ?? '',
            model: env.UNDERSTANDING_MODEL ?? '',
          },
    /** Null: files are not scanned. */
    clamav:
      env.CLAMAV_HOST === undefined || env.CLAMAV_HOST === 'none'
        ? null
        : { host: env.CLAMAV_HOST, port: env.CLAMAV_PORT },
    /** Only the chosen provider's settings are used. */
    flights: {
      provider: env.FLIGHTS_PROVIDER,
      duffel: {
        apiBase: duffelBase,
        token: env.DUFFEL_TOKEN ?? DEVELOPMENT_SECRETS.DUFFEL_TOKEN,
      },
      amadeus: {
        apiBase: amadeusBase,
        clientId: env.AMADEUS_CLIENT_ID ?? DEVELOPMENT_SECRETS.AMADEUS_CLIENT_ID,
        clientSecret: env.AMADEUS_CLIENT_SECRET ?? DEVELOPMENT_SECRETS.AMADEUS_CLIENT_SECRET,
      },
    },
    /** Null: off. `apiBase` null: the sandbox. */
    fhir: fhir && { ...fhir, auth: fhirAuth(env, fhir.apiBase === null) },
    orthanc: orthancOf(env, production),
    /** Null: off. `apiBase` null: the sandbox. */
    vision: vision && {
      ...vision,
      apiKey: env.VISION_API_KEY ?? DEVELOPMENT_SECRETS.VISION_API_KEY,
    },
    /** Null: off. `apiBase` null: the sandbox. */
    doktor365: doktor365 && {
      ...doktor365,
      clientId: env.DOKTOR365_CLIENT_ID ?? DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_ID,
      clientSecret: env.DOKTOR365_CLIENT_SECRET ?? DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_SECRET,
    },
    documents: {
      /** Null: the embedded store. */
      s3:
        env.S3_ENDPOINT === undefined
          ? null
          : {
              server: {
                baseUrl: env.S3_ENDPOINT.replace(/\/$/, ''),
                region: env.S3_REGION,
                accessKey: env.S3_ACCESS_KEY ?? '',
                secretKey: env.S3_SECRET_KEY ?? '',
              },
              publicUrl: (env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT).replace(/\/$/, ''),
            },
      bucket: env.S3_BUCKET,
      webhookTokens: env.DOCUMENTS_WEBHOOK_TOKEN ?? [DEVELOPMENT_SECRETS.DOCUMENTS_WEBHOOK_TOKEN],
      linkKeys: env.DOCUMENTS_LINK_KEY,
      /** Null: the edge's own address. */
      publicUrl: withoutSlash(env.DOCUMENTS_PUBLIC_URL ?? null),
      /** Null: the edge's own `/docs-visa`. */
      uploadPageUrl: env.UPLOAD_PAGE_URL ?? null,
    },
    staffTokens: {
      issuer: env.ADMIN_JWT_ISSUER,
      audience: env.ADMIN_JWT_AUDIENCE,
      keys:
        env.ADMIN_JWT_JWKS_URL === undefined
          ? {
              kind: 'secrets' as const,
              secrets: env.ADMIN_JWT_SECRET ?? [DEVELOPMENT_SECRETS.ADMIN_JWT_SECRET],
            }
          : { kind: 'jwks' as const, url: env.ADMIN_JWT_JWKS_URL },
    },
    tenant: {
      tenant: env.TENANT,
      name: env.TENANT_NAME,
      whatsappAccount: env.WHATSAPP_PHONE_NUMBER_ID,
    },
    outward: {
      message: env.OUTWARD_MESSAGE,
      bounds: {
        keptMs: env.OUTWARD_KEPT_HOURS * hourMs,
        heldMs: env.OUTWARD_HELD_HOURS * hourMs,
        maxEntries: env.OUTWARD_MAX_ENTRIES,
      },
      outboxKeptMs: env.OUTBOX_KEPT_HOURS * hourMs,
    },
    keyring: env.KEYRING,
    indexKey: env.INDEX_KEY,
    audit: { ...auditOf(env), s3: s3Of(env) },
    /** Null outside fault tests. */
  };
}

export type Config = ReturnType<typeof settingsOf>;

const AuditVariables = v.object({
  DATABASE_URL: variables.DATABASE_URL,
  DATA_DIR: variables.DATA_DIR,
  S3_ENDPOINT: variables.S3_ENDPOINT,
  S3_REGION: variables.S3_REGION,
  S3_ACCESS_KEY: variables.S3_ACCESS_KEY,
  S3_SECRET_KEY: variables.S3_SECRET_KEY,
  AUDIT_SIGNING_KEY: variables.AUDIT_SIGNING_KEY,
  AUDIT_RETIRED_KEYS: variables.AUDIT_RETIRED_KEYS,
  AUDIT_CHECKPOINTS: variables.AUDIT_CHECKPOINTS,
  AUDIT_COVER_MINUTES: variables.AUDIT_COVER_MINUTES,
});

/** What verifying the audit trail needs: neither the providers' settings nor a private key. */
const AuditSettings = v.pipe(
  AuditVariables,
  v.transform((env) => ({
    databaseUrl: env.DATABASE_URL ?? null,
    dataDir: env.DATA_DIR,
    audit: { ...auditOf(env), s3: s3Of(env) },
  })),
);

function auditRuleProblems(env: Record<string, string>): string[] {
  const names = Object.keys(AuditVariables.entries);
  const problems = safetyProblems(names, env).filter((problem) =>
    /^(AUDIT_|DATABASE_URL must say|S3_ENDPOINT must be https)/.test(problem),
  );
  // An auditor has public keys alone, and says so by giving them.
  const hasPublicKeys = env['AUDIT_RETIRED_KEYS'] !== undefined;
  return [...auditProblems(env), ...problems].filter(
    (problem) => !hasPublicKeys || !problem.startsWith('AUDIT_SIGNING_KEY must be set'),
  );
}

const MigrationVariables = v.object({
  DATABASE_URL: variables.DATABASE_URL,
  MIGRATION_DATABASE_URL: variables.MIGRATION_DATABASE_URL,
  DATA_DIR: variables.DATA_DIR,
});

/**
 * Reads only what migrating needs, which is no secret of the application's.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadMigrationConfig(env: Environment) {
  const given = withoutEmpty(env);
  const problems = safetyProblems(Object.keys(MigrationVariables.entries), given).filter(
    (problem) => /^\w+ must say sslmode/.test(problem),
  );
  const found = parsed(v.safeParse(MigrationVariables, given), problems);
  return {
    databaseUrl: found.DATABASE_URL ?? null,
    migrationDatabaseUrl: found.MIGRATION_DATABASE_URL ?? null,
    dataDir: found.DATA_DIR,
  };
}

/** Settings that make no sense: the process should print `message` and end. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly code = 'config_invalid';
  readonly retryable = false;
  /** One line each, starting with the variable's name. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Settings refused:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the settings; call it once, in main.ts, with `process.env`.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadConfig(env: Environment): Config {
  const given = withoutEmpty(env);
  return settingsOf(parsed(v.safeParse(Variables, given), ruleProblems(given)), given);
}

/**
 * Reads only what verifying the audit trail needs. In production AUDIT_RETIRED_KEYS may stand in for AUDIT_SIGNING_KEY.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadAuditConfig(env: Environment): v.InferOutput<typeof AuditSettings> {
  const given = withoutEmpty(env);
  return parsed(v.safeParse(AuditSettings, given), auditRuleProblems(given));
}

function parsed<Schema extends v.GenericSchema>(
  result: v.SafeParseResult<Schema>,
  broken: readonly string[],
): v.InferOutput<Schema> {
  const malformed = (result.issues ?? []).map((issue) => {
    const name = v.getDotPath(issue)?.split('.')[0];
    return name === undefined ? issue.message : `${name} ${issue.message}`;
  });
  const problems = new Set([...malformed, ...broken]);
  if (problems.size > 0) throw new ConfigInvalid([...problems]);
  if (!result.success) throw new Error('Settings that are not right have no problem');
  return result.output;
}
