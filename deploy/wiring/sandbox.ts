import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { templates } from '../../actors/texts/templates.ts';
import { DEVELOPMENT_SECRETS, type Config } from '../../config.ts';
import type { Archive } from './servers.ts';
import type { Shutdown } from './shutdown.ts';

export interface Sandbox {
  readonly origin: string;
  /** Sends its webhooks to our edge from now on, and tells the demo where both are. */
  serveEdge(edgeUrl: string): Promise<void>;
}

/** Plays the providers that have no settings. Development only: the settings see to that. */
export async function sandboxOf(
  config: Config,
  archive: Promise<Archive | null>,
  shutdown: Shutdown,
): Promise<Sandbox> {
  const { dataDir, whatsapp, stripe, iyzico, efatura, efaturaWebhookSecrets, flights } = config;
  const { startSandbox } = await import('../../test/sandbox/sandbox.ts');
  const seen: { archive: Archive | null } = { archive: null };
  void archive.then((started) => (seen.archive = started));
  const sandbox = await startSandbox({
    port: 0,
    ledgerFile: join(dataDir, 'sandbox.jsonl'),
    webhooks: {},
    whatsappTemplates: templates(),
    // Asked at each study, because an archive of our own starts later than the sandbox.
    visionArchive: {
      get origin() {
        return seen.archive === null ? '' : new URL(seen.archive.dicomWebUrl).origin;
      },
      get username() {
        return seen.archive?.username ?? '';
      },
      get password() {
        return seen.archive?.password ?? '';
      },
    },
    secrets: {
      fhirClientId: DEVELOPMENT_SECRETS.FHIR_CLIENT_ID,
      fhirClientSecret: DEVELOPMENT_SECRETS.FHIR_CLIENT_SECRET,
      visionApiKey: DEVELOPMENT_SECRETS.VISION_API_KEY,
      doktor365Clients: {
        [DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_ID]: DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_SECRET,
      },
      whatsappAccessToken: whatsapp.token,
      whatsappAppSecret: whatsapp.appSecrets[0] as string,
      duffelToken: flights.duffel.token,
      amadeusClientId: flights.amadeus.clientId,
      amadeusClientSecret: flights.amadeus.clientSecret,
      stripeSecretKey: stripe.secretKey,
      stripeWebhookSecret: stripe.webhookSecrets[0] as string,
      ...(iyzico !== null && {
        iyzicoApiKey: iyzico.apiKey,
        iyzicoSecretKey: iyzico.secretKeys[0] as string,
      }),
      ...(efatura !== null && { nilveraApiKey: efatura.apiKey }),
      efaturaWebhookSecret: efaturaWebhookSecrets[0] ?? '',
    },
  });
  shutdown.onStop(() => sandbox.close());
  process.stdout.write(`sandbox ${sandbox.origin}\n`);
  return {
    origin: sandbox.origin,
    async serveEdge(edgeUrl) {
      sandbox.pointWebhooksAt({
        whatsappUrl: `${edgeUrl}/webhooks/whatsapp`,
        paymentsUrl: `${edgeUrl}/webhooks/payments`,
        efaturaUrl: `${edgeUrl}/webhooks/efatura`,
      });
      const addresses = { edge: edgeUrl, sandbox: sandbox.origin };
      await tellDemo(dataDir, { ...addresses, imaging: 'starting', orthanc: null });
      void archive.then(async (own) =>
        tellDemo(dataDir, {
          ...addresses,
          imaging: own === null ? 'off' : 'on',
          orthanc: own && { origin: own.baseUrl, username: own.username, password: own.password },
        }),
      );
    },
  };
}

/** Where `npm run demo` finds the running system, whose sandbox listens on any free port. */
async function tellDemo(
  dataDir: string,
  addresses: {
    readonly edge: string;
    readonly sandbox: string;
    readonly imaging: 'starting' | 'on' | 'off';
    readonly orthanc: {
      readonly origin: string;
      readonly username: string;
      readonly password: string;
    } | null;
  },
): Promise<void> {
  await writeFile(join(dataDir, 'running.json'), JSON.stringify(addresses), { mode: 0o600 });
}
