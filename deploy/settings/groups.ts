import { isLoopback, type Values } from './addresses.ts';

/** What production may not leave to defaults. */
export function neededInProduction(env: Values): string[] {
  const flights =
    env['FLIGHTS_PROVIDER'] === 'amadeus'
      ? ['AMADEUS_API_BASE', 'AMADEUS_CLIENT_ID', 'AMADEUS_CLIENT_SECRET']
      : ['DUFFEL_TOKEN'];
  return [
    'DATABASE_URL',
    'REDIS_URL',
    'WHATSAPP_TOKEN',
    'WHATSAPP_PHONE_NUMBER_ID',
    'WHATSAPP_APP_SECRET',
    'WHATSAPP_VERIFY_TOKEN',
    'CLAMAV_HOST',
    'STRIPE_SECRET_KEY',
    'STRIPE_WEBHOOK_SECRET',
    'STRIPE_CANCEL_URL',
    ...flights,
    'S3_ENDPOINT',
    'S3_ACCESS_KEY',
    'S3_SECRET_KEY',
    'DOCUMENTS_WEBHOOK_TOKEN',
    'DOCUMENTS_LINK_KEY',
    'UPLOAD_PAGE_URL',
    'ADMIN_JWT_ISSUER',
    'ADMIN_JWT_AUDIENCE',
    'ADMIN_JWT_JWKS_URL',
    'KEYRING',
    'INDEX_KEY',
    'AUDIT_SIGNING_KEY',
    'AUDIT_CHECKPOINTS',
  ];
}

/** What else there is to say of one that is missing. */
export const whyNeeded: Readonly<Record<string, string>> = {
  DATABASE_URL: 'must be set in production: the embedded PostgreSQL is for development',
  REDIS_URL: 'must be set in production: the embedded Redis is for development',
  S3_ENDPOINT: 'must be set in production: the embedded store is for development',
  CLAMAV_HOST: 'must be set in production, to `none` where files are scanned elsewhere',
  AUDIT_CHECKPOINTS: 'must be set in production, to a place that the database’s owner cannot write',
};

/** What is set whole or not at all, since none of them has an address or credentials that could stand in. */
const sellerVariables = [
  'SELLER_TAX_NUMBER',
  'SELLER_NAME',
  'SELLER_TAX_OFFICE',
  'SELLER_STREET',
  'SELLER_DISTRICT',
  'SELLER_CITY',
  'SELLER_SERIES_EINVOICE',
  'SELLER_SERIES_EARCHIVE',
] as const;

const groups: readonly (readonly string[])[] = [
  ['UNDERSTANDING_API_BASE', 'UNDERSTANDING_API_KEY', 'UNDERSTANDING_MODEL'],
  ['ORTHANC_API_BASE', 'ORTHANC_USER', 'ORTHANC_PASSWORD'],
  ['VISION_API_BASE', 'VISION_API_KEY'],
  ['DOKTOR365_API_BASE', 'DOKTOR365_CLIENT_ID', 'DOKTOR365_CLIENT_SECRET'],
  ['S3_ENDPOINT', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'],
  ['IYZICO_API_KEY', 'IYZICO_SECRET_KEY'],
  sellerVariables,
];

/** Of settings that belong together and are there only in part. */
export function groupProblems(env: Values): string[] {
  const production = env['NODE_ENV'] === 'production';
  const problems = groups.flatMap((group) => {
    const unset = group.filter((name) => env[name] === undefined);
    if (unset.length === group.length || env[group[0] ?? ''] === 'none') return [];
    const provider = group[0]?.split('_')[0];
    // What production needs in any case it says by itself.
    const said = production ? neededInProduction(env) : [];
    return unset
      .filter((name) => !said.includes(name))
      .map((name) => `${name} must be set with the other ${provider}_*`);
  });
  return [...problems, ...fhirProblems(env, production)];
}

export function auditProblems(env: Values): string[] {
  return env['AUDIT_CHECKPOINTS']?.startsWith('s3:') === true && env['S3_ENDPOINT'] === undefined
    ? ['AUDIT_CHECKPOINTS is on an S3 server: S3_ENDPOINT must be set']
    : [];
}

export function moneyProblems(env: Values): string[] {
  const { IYZICO_API_KEY: iyzico, NILVERA_API_KEY: nilvera, PAYMENT_RULES: rules } = env;
  const production = env['NODE_ENV'] === 'production';
  const whole = (given: string | undefined, needed: readonly string[]) =>
    given === undefined || !production
      ? []
      : needed
          .filter((name) => env[name] === undefined)
          .map((name) => `${name} must be set in production with the rest of it`);
  const unplayed =
    production && iyzico === undefined && rules?.includes('iyzico') === true
      ? ['PAYMENT_RULES names iyzico: IYZICO_API_KEY must be set']
      : [];
  return [
    ...whole(iyzico, ['IYZICO_BUYER_EMAIL', 'IYZICO_BUYER_IP', 'PUBLIC_URL']),
    ...whole(nilvera, sellerVariables),
    ...unplayed,
    ...(production && env['STRIPE_SUCCESS_URL'] === undefined && env['PUBLIC_URL'] === undefined
      ? ['STRIPE_SUCCESS_URL must be set in production, or PUBLIC_URL']
      : []),
  ];
}

function fhirProblems(env: Values, production: boolean): string[] {
  const { FHIR_API_BASE: base, FHIR_CLIENT_ID: id } = env;
  const proofs = ['FHIR_CLIENT_SECRET', 'FHIR_PRIVATE_JWK'].filter(
    (name) => env[name] !== undefined,
  );
  if (base === undefined) {
    return id === undefined && proofs.length === 0
      ? []
      : ['FHIR_API_BASE must be set with the other FHIR_*'];
  }
  if (proofs.length > 1) return ['FHIR_PRIVATE_JWK takes the place of FHIR_CLIENT_SECRET: set one'];
  if ((id === undefined) !== (proofs.length === 0)) {
    return [
      id === undefined
        ? 'FHIR_CLIENT_ID must be set with the other FHIR_*'
        : 'FHIR_CLIENT_SECRET or FHIR_PRIVATE_JWK must be set with FHIR_CLIENT_ID',
    ];
  }
  return id === undefined && production && !isLoopback(base)
    ? [
        'FHIR_CLIENT_ID must be set in production, unless a sidecar on this machine proves who we are',
      ]
    : [];
}
