import * as v from 'valibot';

import { sandboxAccount, sandboxSecrets, startSandbox } from './sandbox.ts';

/** A secret in rotation has several values, newest first; the sandbox signs with the newest. */
const Secret = (development: string) =>
  v.pipe(
    v.optional(v.string(), development),
    v.transform((values) => values.split(',')[0]?.trim() ?? ''),
    v.nonEmpty(),
  );

/** The names are the orchestrator's own, so both can be started with one environment. */
const Environment = v.object({
  SANDBOX_HOST: v.optional(v.string(), '127.0.0.1'),
  /** 0 takes any free port. */
  SANDBOX_PORT: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number)), '8090'),
  SANDBOX_LEDGER: v.optional(v.string(), '.data/sandbox/ledger.jsonl'),
  SANDBOX_WHATSAPP_WEBHOOK: v.optional(v.pipe(v.string(), v.url())),
  SANDBOX_PAYMENTS_WEBHOOK: v.optional(v.pipe(v.string(), v.url())),
  SANDBOX_EFATURA_WEBHOOK: v.optional(v.pipe(v.string(), v.url())),
  WHATSAPP_ACCESS_TOKEN: Secret(sandboxSecrets.whatsappAccessToken),
  WHATSAPP_APP_SECRET: Secret(sandboxSecrets.whatsappAppSecret),
  WHATSAPP_APP_ID: v.optional(v.string(), sandboxSecrets.whatsappAppId),
  WHATSAPP_PHONE_NUMBER_ID: v.optional(v.string(), sandboxAccount.phoneNumberId),
  DUFFEL_TOKEN: Secret(sandboxSecrets.duffelToken),
  AMADEUS_CLIENT_ID: Secret(sandboxSecrets.amadeusClientId),
  AMADEUS_CLIENT_SECRET: Secret(sandboxSecrets.amadeusClientSecret),
  STRIPE_SECRET_KEY: Secret(sandboxSecrets.stripeSecretKey),
  STRIPE_WEBHOOK_SECRET: Secret(sandboxSecrets.stripeWebhookSecret),
  IYZICO_API_KEY: v.optional(v.string(), sandboxSecrets.iyzicoApiKey),
  IYZICO_SECRET_KEY: Secret(sandboxSecrets.iyzicoSecretKey),
  NILVERA_API_KEY: v.optional(v.string(), sandboxSecrets.nilveraApiKey),
  EFATURA_WEBHOOK_SECRET: Secret(sandboxSecrets.efaturaWebhookSecret),
  CHAT_API_KEY: Secret(sandboxSecrets.chatApiKey),
  FHIR_CLIENT_ID: v.optional(v.string(), sandboxSecrets.fhirClientId),
  FHIR_CLIENT_SECRET: v.optional(v.string(), sandboxSecrets.fhirClientSecret),
  VISION_API_KEY: v.optional(v.string(), sandboxSecrets.visionApiKey),
  DOKTOR365_CLIENT_ID: v.optional(v.string()),
  DOKTOR365_CLIENT_SECRET: v.optional(v.string(), ''),
  /** Where the vision model reads studies, `/dicom-web` below it. Unset: it answers 503. */
  ORTHANC_API_BASE: v.optional(v.pipe(v.string(), v.url())),
  ORTHANC_USER: v.optional(v.string(), ''),
  ORTHANC_PASSWORD: v.optional(v.string(), ''),
});

const environment = v.parse(Environment, process.env);
const sandbox = await startSandbox({
  host: environment.SANDBOX_HOST,
  port: environment.SANDBOX_PORT,
  ledgerFile: environment.SANDBOX_LEDGER,
  webhooks: {
    whatsappUrl: environment.SANDBOX_WHATSAPP_WEBHOOK,
    paymentsUrl: environment.SANDBOX_PAYMENTS_WEBHOOK,
    efaturaUrl: environment.SANDBOX_EFATURA_WEBHOOK,
  },
  secrets: {
    whatsappAccessToken: environment.WHATSAPP_ACCESS_TOKEN,
    whatsappAppSecret: environment.WHATSAPP_APP_SECRET,
    whatsappAppId: environment.WHATSAPP_APP_ID,
    duffelToken: environment.DUFFEL_TOKEN,
    amadeusClientId: environment.AMADEUS_CLIENT_ID,
    amadeusClientSecret: environment.AMADEUS_CLIENT_SECRET,
    stripeSecretKey: environment.STRIPE_SECRET_KEY,
    stripeWebhookSecret: environment.STRIPE_WEBHOOK_SECRET,
    iyzicoApiKey: environment.IYZICO_API_KEY,
    iyzicoSecretKey: environment.IYZICO_SECRET_KEY,
    nilveraApiKey: environment.NILVERA_API_KEY,
    efaturaWebhookSecret: environment.EFATURA_WEBHOOK_SECRET,
    chatApiKey: environment.CHAT_API_KEY,
    fhirClientId: environment.FHIR_CLIENT_ID,
    fhirClientSecret: environment.FHIR_CLIENT_SECRET,
    visionApiKey: environment.VISION_API_KEY,
    ...(environment.DOKTOR365_CLIENT_ID === undefined
      ? {}
      : {
          doktor365Clients: {
            [environment.DOKTOR365_CLIENT_ID]: environment.DOKTOR365_CLIENT_SECRET,
          },
        }),
  },
  ...(environment.ORTHANC_API_BASE === undefined
    ? {}
    : {
        visionArchive: {
          origin: new URL(environment.ORTHANC_API_BASE).origin,
          username: environment.ORTHANC_USER,
          password: environment.ORTHANC_PASSWORD,
        },
      }),
  account: { ...sandboxAccount, phoneNumberId: environment.WHATSAPP_PHONE_NUMBER_ID },
});
process.stdout.write(`sandbox ${sandbox.origin}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close());
}
