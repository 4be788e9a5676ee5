/** Kernels on a real PostgreSQL and a real Redis, and the machine they host. */
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, type TestContext } from 'node:test';

import { assign, emit, setup } from 'xstate';

import {
  createKernel,
  type CaseRef,
  type Kernel,
  type KernelOptions,
  type Role,
} from '../../actors/kernel/kernel.ts';
import type { Ledger } from '../../actors/kernel/ports.ts';
import { createLeases, fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { createTransport, type RedisTransport } from '../../streams/transport.ts';
import { serverVariable, startTestServer, type TestServer } from '../support/postgres.ts';
import { services } from '../support/services.ts';
import type { Effect } from './machines/subject.ts';

export const partitions = 4;

export interface Hosted {
  readonly kernel: Kernel;
  readonly ledger: Ledger;
  readonly transport: RedisTransport;
  /** What the kernel's loops complained about. */
  readonly trouble: readonly unknown[];
  readonly query: <T>(sql: string) => Promise<T[]>;
}

export interface Hosts {
  readonly databaseUrl: string;
  /** A kernel with its own connections, as another process would have. Stopped and closed after the test, if not before. */
  start(options?: Partial<KernelOptions> & HostOptions): Promise<Hosted>;
}

interface HostOptions {
  /** Another way to the database. */
  readonly databaseUrl?: string;
  /** All if absent; none if empty. */
  readonly roles?: readonly Role[];
  /** Goes without giving its leases back, as a process that is killed. */
  readonly keepsLeases?: boolean;
  /** Puts something around the ledger. */
  readonly around?: (ledger: Ledger) => Ledger;
}

/** Call at the top of a file: one PostgreSQL server for its tests, if the run does not give one. */
export function withServer(): void {
  let server: TestServer | null = null;
  before(async () => {
    if (process.env[serverVariable] !== undefined) return;
    server = await startTestServer();
    process.env[serverVariable] = server.url;
  });
  after(async () => {
    if (server === null) return;
    delete process.env[serverVariable];
    await server.stop();
  });
}

/** A database and a Redis for this test alone: its kernels share partitions and streams with nobody. */
export async function hostsOf(t: TestContext): Promise<Hosts> {
  const started = await services();
  const keyring = createLocalKeyring([{ id: 'test', key: randomBytes(32) }]);
  const digestKey = randomBytes(32);
  const running: (() => Promise<void>)[] = [];
  t.after(async () => {
    await Promise.all(running.map((stop) => stop()));
    await started.stop();
  });
  return {
    databaseUrl: started.databaseUrl,
    async start({
      databaseUrl = started.databaseUrl,
      roles,
      keepsLeases = false,
      around = (ledger: Ledger) => ledger,
      ...options
    } = {}) {
      const pool = createPool({ url: databaseUrl, max: 4 });
      const keys = createDataKeys(pool, keyring);
      const ledger = around(createLedger({ pool, keys, digestKey }));
      const transport = createTransport({ url: started.redisUrl });
      const trouble: unknown[] = [];
      const leases = createLeases(pool);
      await fixPartitions(pool, partitions);
      const kernel = createKernel({
        machines: { errand: { machine: errandMachine } },
        performers: { fetch: { resolution: 'key', perform: () => Promise.resolve('fetched') } },
        ledger,
        leases: keepsLeases ? { ...leases, release: () => Promise.resolve() } : leases,
        transport,
        partitions,
        leaseMs: 1_500,
        random: () => 0, // The shortest of all pauses.
        observer: { trouble: (where, error) => void trouble.push({ where, error }) },
        ...options,
      });
      running.push(async () => {
        await kernel.stop();
        await transport.close();
        await pool.end();
      });
      if (roles?.length !== 0) kernel.start(roles);
      const query = async <T>(sql: string) => (await pool.query(sql)).rows as T[];
      return { kernel, ledger, transport, trouble, query };
    },
  };
}

export const newCase = (): CaseRef => ({ tenant: 'clinic', caseId: randomUUID() });

export const errand = { machine: 'errand', input: { wanted: 'milk' } } as const;

/** Fetches something: an effect with both ends, one that can be left early, a timer, and news for others. */
export const errandMachine = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as {
    context: { wanted: string; got: unknown };
    input: { wanted: string };
    output: unknown;
    events:
      | { type: 'go' }
      | { type: 'leave' }
      | { type: 'nap' }
      | { type: 'want'; what: string }
      | { type: 'tell' }
      | { type: 'end' };
    emitted: { type: 'errand.news'; wanted: string };
  },
  actors: { fetch: {} as Effect },
  actions: {
    keep: assign((_, { got }: { got: unknown }) => ({ got })),
    want: assign((_, { what }: { what: string }) => ({ wanted: what })),
    tell: emit(({ context }) => ({ type: 'errand.news' as const, wanted: context.wanted })),
  },
}).createMachine({
  id: 'errand',
  context: ({ input }) => ({ wanted: input.wanted, got: null }),
  initial: 'home',
  on: { end: { target: '.over' } },
  states: {
    home: {
      on: {
        go: { target: 'out' },
        nap: { target: 'napping' },
        want: { actions: { type: 'want', params: ({ event }) => event } },
        tell: { actions: 'tell' },
      },
    },
    out: {
      invoke: {
        id: 'fetch',
        src: 'fetch',
        input: ({ context }: { context: { wanted: string } }) => ({ wanted: context.wanted }),
        onDone: {
          target: 'back',
          actions: { type: 'keep', params: ({ event }) => ({ got: event.output }) },
        },
        onError: {
          target: 'emptyHanded',
          actions: { type: 'keep', params: ({ event }) => ({ got: event.error }) },
        },
      },
      on: { leave: { target: 'home' } },
    },
    back: { on: { go: { target: 'out' } } },
    emptyHanded: {},
    napping: { after: { 300: 'home' } },
    over: { type: 'final' },
  },
  output: ({ context }: { context: { got: unknown } }) => context.got,
});

/** Digs as soon as it is opened. */
export const otherErrand = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  actors: { dig: {} as Effect },
}).createMachine({
  id: 'other',
  initial: 'digging',
  states: {
    digging: {
      invoke: { id: 'dig', src: 'dig', onDone: { target: 'done' }, onError: { target: 'failed' } },
    },
    done: {},
    failed: {},
  },
});
