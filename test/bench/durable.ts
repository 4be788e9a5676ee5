import { hash, randomUUID } from 'node:crypto';

import { createKernel } from '../../actors/kernel/kernel.ts';
import type { Observer } from '../../actors/kernel/observing.ts';
import type { Performer } from '../../actors/kernel/ports.ts';
import { createLeases, fixPartitions } from '../../persistence/database/leases.ts';
import { migrate } from '../../persistence/database/migrate.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { createTransport } from '../../streams/transport.ts';
import { quoteMachine } from './machine.ts';
import type { ConfirmInput, SearchInput } from './machine.ts';
import type { RuntimeSettings, Webhook } from './protocol.ts';
import { createProvider } from './provider.ts';
import { serve } from './runtime.ts';
import type { Report, Variant } from './runtime.ts';
import { found } from './stub.ts';

const tenant = 'bench';
const partitions = 8;

/** Cases that the loader has stored but that are not offered yet: enough for full batches, few enough to bound memory. */
const loadingAtOnce = 1_024;

await serve(createDurable);

/** The machine on the kernel, with all roles in this process. */
async function createDurable(settings: RuntimeSettings, report: Report): Promise<Variant> {
  const { providerUrl, databaseUrl, redisUrl, keep, openCases, webhookSecret } = settings;
  if (databaseUrl === null || redisUrl === null) throw new Error('needs both servers');
  await migrate(databaseUrl);
  const pool = createPool({ url: databaseUrl, max: 10 });
  // The same in every round: a database outlives the process that sealed what is in it.
  const secretKey = (purpose: string): Buffer =>
    hash('sha256', `${purpose} ${webhookSecret}`, 'buffer');
  const keyring = createLocalKeyring([{ id: 'bench', key: secretKey('root') }]);
  const ledger = createLedger({
    pool,
    keys: createDataKeys(pool, keyring),
    digestKey: secretKey('digest'),
  });
  const transport = createTransport({ url: redisUrl });
  const provider = createProvider(providerUrl);
  const performers: Record<string, Performer> = {
    search: {
      perform: (input, { effectId, signal }) =>
        provider.search(input as SearchInput, effectId, signal),
      resolution: 'key',
      port: 'provider', // One stream for both: what is read and claimed together costs once.
      concurrency: 64,
    },
    confirm: {
      perform: (input, { effectId, signal }) =>
        provider.confirm(input as ConfirmInput, effectId, signal),
      resolution: 'key',
      port: 'provider', // One stream for both: what is read and claimed together costs once.
      concurrency: 64,
    },
  };
  let heard = report;
  const observer: Observer = {
    committed: (updates) => {
      for (const { caseId, state } of updates) heard(caseId, JSON.parse(state) as string);
    },
    trouble: (where, error) => {
      process.stderr.write(`${where}: ${String(error)}\n`);
    },
  };
  await fixPartitions(pool, partitions);
  const kernel = createKernel({
    ledger,
    leases: createLeases(pool),
    partitions,
    transport,
    machines: { quote: { machine: quoteMachine } },
    performers,
    observer,
  });
  kernel.start();

  if (openCases > 0) {
    await storeOpenCases(openCases, {
      open: (caseId) =>
        kernel.send({
          tenant,
          caseId,
          source: 'bench',
          dedupeKey: `${caseId}-imported`,
          create: { machine: 'quote', input: { caseId, keep } },
          event: { type: 'imported', found },
        }),
      hear: (listener) => {
        heard = listener;
      },
    });
  }

  const send = async (webhook: Webhook): Promise<void> => {
    const { caseId, id: dedupeKey } = webhook;
    const about = { tenant, caseId, source: 'bench', dedupeKey };
    if (webhook.type === 'intake') {
      await kernel.send({
        ...about,
        create: { machine: 'quote', input: { caseId, keep } },
        event: { type: 'intake', trip: webhook.trip },
      });
    } else {
      await kernel.send({ ...about, event: { type: 'payment', paymentId: webhook.paymentId } });
    }
  };

  return {
    accept: send,
    stop: async () => {
      await kernel.stop();
      await transport.close();
      await pool.end();
      await provider.close();
    },
  };
}

/** Brings `count` new cases as far as `offered`, each with its timer, through the front door: nothing is written by hand. */
async function storeOpenCases(
  count: number,
  {
    open,
    hear,
  }: {
    readonly open: (caseId: string) => Promise<unknown>;
    readonly hear: (listener: Report) => void;
  },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let started = 0;
  let offered = 0;
  const openNext = (): void => {
    if (started === count) return;
    started += 1;
    open(randomUUID()).catch(reject);
  };
  hear((_, state) => {
    if (state !== 'offered') return;
    offered += 1;
    if (offered === count) resolve();
    openNext();
  });
  for (let slot = 0; slot < Math.min(loadingAtOnce, count); slot += 1) openNext();
  await promise;
}
