import type { Databases } from './databases.ts';
import { createPlans, playCases } from './loadgen.ts';
import type { Pace } from './loadgen.ts';
import type { Keep } from './machine.ts';
import { startRuntime } from './process.ts';
import type { VariantName } from './process.ts';
import type { RuntimeSettings } from './protocol.ts';
import { percentile, rounded } from './statistics.ts';
import type { Evidence, Stub } from './stub.ts';
import { cpuMsOf, familyPssMb, peakRssMb, readProcesses } from './usage.ts';

/** What is compared: a way to host the machine, and how many open cases its database holds besides those played. */
export interface Contender {
  readonly variant: VariantName;
  readonly openCases: number;
}

/** One round of one contender, measured. Latencies in ms; CPU in ms per case. */
export interface RoundLine {
  readonly kind: 'round';
  readonly round: number;
  readonly variant: VariantName;
  readonly openCases: number;
  readonly cases: number;
  readonly casesPerSecond: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly endToEndP50Ms: number;
  readonly endToEndP99Ms: number;
  readonly cpuMsPerCase: {
    readonly runtime: number;
    readonly postgres: number;
    readonly redis: number;
    /** The load generator and the providers' stub. */
    readonly client: number;
    readonly all: number;
  };
  /** Peaks, but for PostgreSQL: what all its processes hold at the end of the round, shared pages counted once. */
  readonly rssMb: {
    readonly runtime: number;
    readonly postgres: number;
    readonly redis: number;
    readonly client: number;
  };
  /** The stub's evidence; `missing` counts effects that never reached it. */
  readonly effects: Evidence & { readonly missing: number };
}

const webhookSecret = 'a secret that only the benchmark knows';

/** Plays one round in a fresh process and database content as the rounds before left it. */
export async function playRound({
  round,
  contender: { variant, openCases },
  pace,
  warmupCases,
  cases,
  keep,
  stub,
  databases,
  profileDir,
}: {
  readonly round: number;
  readonly contender: Contender;
  readonly pace: Pace;
  readonly warmupCases: number;
  readonly cases: number;
  readonly keep: Keep;
  readonly stub: Stub;
  /** Null when no contender is durable. */
  readonly databases: Databases | null;
  readonly profileDir: string | null;
}): Promise<RoundLine> {
  const plans = createPlans(warmupCases + cases + pace.concurrency, webhookSecret);
  const databaseName = `open_${openCases}`;
  const urls = variant === 'durable' ? await databases?.urlsOf(databaseName) : undefined;
  const settings: RuntimeSettings = {
    providerUrl: stub.url,
    webhookSecret,
    keep,
    databaseUrl: urls?.databaseUrl ?? null,
    redisUrl: urls?.redisUrl ?? null,
    openCases: 0,
  };
  if (round === 1 && openCases > 0) {
    const loader = await startRuntime(variant, { ...settings, openCases }, null);
    await loader.stop();
    await databases?.analyse(databaseName);
  }
  await databases?.settle();
  stub.takeEvidence();

  const runtime = await startRuntime(variant, settings, profileDir);
  const pids = {
    runtime: runtime.pid,
    postgres: databases?.postgresPid ?? null,
    redis: databases?.redisPid ?? null,
    client: process.pid,
  };
  const cpuMs = (): Record<keyof typeof pids, number> => {
    const processes = readProcesses();
    const client = process.cpuUsage();
    return {
      runtime: cpuMsOf(processes, pids.runtime),
      postgres: cpuMsOf(processes, pids.postgres),
      redis: cpuMsOf(processes, pids.redis),
      // All the others are its children, so its own share is not to be had from the table.
      client: (client.user + client.system) / 1_000,
    };
  };

  try {
    let [before, after] = [cpuMs(), cpuMs()];
    const { windowMs, ackMs, endToEndMs, played } = await playCases({
      url: runtime.url,
      plans,
      pace,
      warmupCases,
      cases,
      onReached: (listener) => runtime.onReached(listener),
      onWindow: (edge) => {
        if (edge === 'begin') before = cpuMs();
        else after = cpuMs();
      },
    });
    const perCase = (part: keyof typeof pids): number => (after[part] - before[part]) / cases;
    const evidence = stub.takeEvidence();
    return {
      kind: 'round',
      round,
      variant,
      openCases,
      cases,
      casesPerSecond: rounded((cases / windowMs) * 1_000, 1),
      ackP50Ms: rounded(percentile(ackMs, 0.5)),
      ackP99Ms: rounded(percentile(ackMs, 0.99)),
      endToEndP50Ms: rounded(percentile(endToEndMs, 0.5)),
      endToEndP99Ms: rounded(percentile(endToEndMs, 0.99)),
      cpuMsPerCase: {
        runtime: rounded(perCase('runtime'), 3),
        postgres: rounded(perCase('postgres'), 3),
        redis: rounded(perCase('redis'), 3),
        client: rounded(perCase('client'), 3),
        all: rounded(
          perCase('runtime') + perCase('postgres') + perCase('redis') + perCase('client'),
          3,
        ),
      },
      rssMb: {
        runtime: rounded(peakRssMb(pids.runtime), 0),
        postgres: rounded(familyPssMb(pids.postgres), 0),
        redis: rounded(peakRssMb(pids.redis), 0),
        client: rounded(peakRssMb(pids.client), 0),
      },
      effects: {
        ...evidence,
        missing: 2 * played - evidence.searches - evidence.confirmations,
      },
    };
  } finally {
    await runtime.stop();
  }
}
