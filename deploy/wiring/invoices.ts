import { join } from 'node:path';

import type pg from 'pg';
import type { Dispatcher } from 'undici';

import { defaultVatRates } from '../../actors/invoicing/plan.ts';
import { createEfaturaClient } from '../../actors/performers/efatura-client.ts';
import type { EfaturaClient, InvoiceArchive } from '../../actors/ports/invoicing.ts';
import { embeddedArchive } from '../../adapters/embedded-store/archive.ts';
import { minioArchive } from '../../adapters/minio/archive.ts';
import { minioPolicy } from '../../adapters/minio/documents.ts';
import { nilveraIntegrator } from '../../adapters/nilvera/integrator.ts';
import { nilveraPolicy, nilveraSendPolicy } from '../../adapters/nilvera/policies.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { tcmbPolicy, tcmbRates } from '../../adapters/tcmb/rates.ts';
import { ublWriter } from '../../adapters/ubl-tr/writer.ts';
import type { Config } from '../../config.ts';
import { createInvoiceEncryption } from '../../persistence/encryption/invoices.ts';
import type { Keyring } from '../../persistence/encryption/keyring.ts';
import { createInvoiceRegister } from '../../persistence/finance/invoices.ts';
import type { Telemetry } from '../../telemetry.ts';

export interface InvoicesWiring {
  readonly efatura: NonNullable<Config['efatura']>;
  readonly tenant: Config['tenant'];
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  /** The sandbox's, for what has no address. */
  readonly sandboxOrigin: string;
  readonly dispatcher: Dispatcher;
  readonly telemetry: Telemetry;
}

/** Where invoices are kept: in the bucket that the settings name, else on the disk under DATA_DIR. */
export function invoiceArchiveOf({
  settings,
  keyring,
  telemetry,
}: {
  readonly settings: Pick<Config, 'efatura' | 'documents' | 'dataDir'>;
  readonly keyring: Keyring;
  readonly telemetry: Telemetry;
}): InvoiceArchive {
  const { documents, efatura, dataDir } = settings;
  if (documents.s3 === null || efatura === null) {
    return embeddedArchive({
      folder: join(dataDir, 'invoices'),
      ...createInvoiceEncryption(keyring),
    });
  }
  return minioArchive({
    server: documents.s3.server,
    bucket: efatura.bucket,
    policy: callPolicy('minio', minioPolicy, telemetry.log),
    telemetry,
  });
}

/** Makes invoices out. */
export function efaturaOf(wiring: InvoicesWiring, archive: InvoiceArchive): EfaturaClient {
  const { efatura, tenant, pool, keyring, sandboxOrigin, dispatcher, telemetry } = wiring;
  const shared = { dispatcher, telemetry };
  return createEfaturaClient({
    integrator: nilveraIntegrator({
      ...shared,
      baseUrl: efatura.apiBase ?? sandboxOrigin,
      apiKey: efatura.apiKey,
      policy: callPolicy('efatura', nilveraPolicy, telemetry.log),
      sendPolicy: callPolicy('efatura', nilveraSendPolicy, telemetry.log),
    }),
    rates: tcmbRates({
      ...shared,
      baseUrl: efatura.ratesBase ?? sandboxOrigin,
      policy: callPolicy('tcmb', tcmbPolicy, telemetry.log),
    }),
    register: createInvoiceRegister({ pool, keyring }),
    archive,
    writer: ublWriter(),
    seller: (asked) => (asked === tenant.tenant ? efatura.seller : undefined),
    vatRates: { ...defaultVatRates, ...efatura.vatPercent },
    now: Date.now,
  });
}
