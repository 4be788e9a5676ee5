import { assign, setup, type PromiseActorLogic } from 'xstate';

import { createKernel } from '../../actors/kernel/kernel.ts';
import { createLeases, fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { createTransport } from '../../streams/transport.ts';
import { services } from '../support/services.ts';

/** A parcel: labelled by a carrier, then on its way until it arrives or 14 days have gone by. */
const parcelMachine = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as {
    context: { to: string; label: string | null };
    input: { to: string };
    events: { type: 'arrived' };
  },
  actors: { label: {} as PromiseActorLogic<string, { to: string }> }, // A performer stands in for it.
  actions: { keep: assign((_, { label }: { label: string }) => ({ label })) },
  delays: { patience: 14 * 24 * 60 * 60 * 1_000 },
}).createMachine({
  id: 'parcel',
  version: '1',
  context: ({ input }) => ({ to: input.to, label: null }),
  initial: 'packed',
  states: {
    packed: {
      invoke: {
        id: 'label',
        src: 'label',
        input: ({ context }) => ({ to: context.to }),
        onDone: {
          target: 'travelling',
          actions: { type: 'keep', params: ({ event }) => ({ label: event.output }) },
        },
        onError: { target: 'stuck' },
      },
    },
    travelling: {
      on: { arrived: { target: 'delivered' } },
      after: { patience: { target: 'lost' } },
    },
    delivered: { type: 'final' },
    lost: { type: 'final' },
    stuck: {},
  },
});

await using servers = await services(); // An empty PostgreSQL database and a Redis, gone at the end.
const pool = createPool({ url: servers.databaseUrl, max: 5 });
const transport = createTransport({ url: servers.redisUrl });
const keyring = createLocalKeyring([{ id: 'example', key: Buffer.alloc(32, 1) }]);
const ledger = createLedger({
  pool,
  keys: createDataKeys(pool, keyring),
  digestKey: Buffer.alloc(32, 2),
});
await fixPartitions(pool, 8);

const open = () =>
  createKernel({
    machines: { parcel: { machine: parcelMachine } },
    performers: {
      // `effectId` is the same in every try, so it serves as the carrier's idempotency key.
      label: { resolution: 'key', perform: async (_, { effectId }) => `label-${effectId}` },
    },
    ledger,
    leases: createLeases(pool),
    transport,
    partitions: 8,
  });
const parcel = { tenant: 'shop', caseId: 'parcel-1' };

const first = open();
first.start();
const create = { machine: 'parcel', input: { to: 'Ankara' } };
await first.send({ ...parcel, source: 'shop', dedupeKey: 'order-7', create });
const travelling = await first.waitFor(parcel, ({ value }) => value === 'travelling', 10_000);
process.stdout.write(`${JSON.stringify([travelling.value, travelling.context])}\n`);
await first.stop(); // Or a crash: what was acknowledged is on disk.

const second = open();
const arrived = { ...parcel, source: 'carrier', dedupeKey: 'scan-9', event: { type: 'arrived' } };
await second.send(arrived); // Stored, although nobody works yet.
const again = await second.send(arrived);
second.start();
const delivered = await second.waitFor(parcel, ({ status }) => status === 'done', 10_000);
process.stdout.write(`${JSON.stringify([delivered.value, delivered.timers, again.outcome])}\n`);

await second.stop();
await transport.close();
await pool.end();
