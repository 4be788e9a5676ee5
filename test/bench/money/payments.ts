/** `npm run bench -- payments`: how fast payment webhooks are answered while all that follows from them is done. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import * as v from 'valibot';

import { DEVELOPMENT_SECRETS } from '../../../config.ts';
import { seeded } from '../../faults/random.ts';
import { startDatabases } from '../databases.ts';
import type { Databases } from '../databases.ts';
import { median, percentile, rounded } from '../statistics.ts';
import { GeneratorMessage } from './generator.ts';
import type { GeneratorSettings, Posted } from './generator.ts';
import { atRest, billing, forEachOf, openCases, quote } from './patients.ts';
import { coresOfOthers, cpuPerOne, startMoneySystem } from './system.ts';
import type { CpuReading, MoneySystem } from './system.ts';
import { factsPerPayment, postsAbout, withDuplicates } from './webhooks.ts';
import type { Payment, Post } from './webhooks.ts';

const Count = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

const Options = v.object({
  /** Webhooks a second. */
  rate: Count,
  seconds: Count,
  'warmup-seconds': Count,
  /** Percent of all that repeat an earlier one. */
  duplicates: v.pipe(Count, v.maxValue(90)),
  rounds: Count,
  /** With the Redis fast path of repeated webhooks, without, or both in turns. */
  seen: v.picklist(['on', 'off', 'both']),
  /** Whether paid bookings are invoiced meanwhile. */
  invoices: v.picklist(['on', 'off']),
  'data-dir': v.string(),
  profile: v.boolean(),
});
type Options = v.InferOutput<typeof Options>;

/** Latencies in ms. */
interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface AckLine {
  readonly kind: 'round';
  readonly round: number;
  readonly seen: boolean;
  readonly webhooksPerSecond: number;
  readonly ack: Readonly<Record<'all' | 'first' | 'duplicate' | 'stripe' | 'iyzico', Latency>>;
  /** How late the generator itself was. */
  readonly lateP99Ms: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** All that one webhook costs, with what its booking does because of it. */
  readonly cpuMsPerWebhook: ReturnType<typeof cpuPerOne>;
  /** Cores that were busy with other things than this benchmark. On two cores, 0.5 of them spoil the slow percentiles. */
  readonly coresOfOthers: number;
  readonly runtimeRssMb: number;
  /** From the ledger: facts that were answered 200 and are not there, and payments that confirmed no booking. */
  readonly missing: number;
  readonly unconfirmed: number;
}

const ackP99MsUnder = 50;
const setUpAtOnce = 32;

const options = v.parse(
  Options,
  parseArgs({
    options: {
      rate: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '30' },
      'warmup-seconds': { type: 'string', default: '10' },
      duplicates: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '1' },
      seen: { type: 'string', default: 'on' },
      invoices: { type: 'string', default: 'on' },
      'data-dir': { type: 'string', default: '.data' },
      profile: { type: 'boolean', default: false },
    },
  }).values,
);

mkdirSync(options['data-dir'], { recursive: true });
const dataDir = mkdtempSync(join(options['data-dir'], 'bench-'));
const profileDir = options.profile ? mkdtempSync(join(options['data-dir'], 'profile-')) : null;
const stack = new AsyncDisposableStack();
let cleaning: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
}

try {
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const databases = await startDatabases(dataDir);
  stack.defer(() => databases.stop());
  print({
    kind: 'conditions',
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    loadAverage: loadavg()[0],
    postgres: databases.durability,
    ...options,
  });
  const lines: AckLine[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const seen of options.seen === 'both' ? [true, false] : [options.seen === 'on']) {
      const line = await playRound(options, databases, round, seen);
      print(line);
      lines.push(line);
    }
  }
  print(summaryOf(lines));
  if (profileDir !== null) print({ kind: 'profile', folder: profileDir });
  if (lines.some(isWrong)) process.exitCode = 1;
} finally {
  await cleanUp();
}

/** A fresh system with bookings that were paid without its knowing, then the news of them. */
async function playRound(
  { rate, seconds, 'warmup-seconds': warmupSeconds, duplicates, invoices }: Options,
  databases: Databases,
  round: number,
  seen: boolean,
): Promise<AckLine> {
  const name = `acks_${round}_${seen ? 'seen' : 'unseen'}`;
  const system = await startMoneySystem({
    databases,
    name,
    dataDir,
    seen,
    webhooks: false,
    profileDir,
  });
  try {
    const wanted = rate * (warmupSeconds + seconds);
    const share = duplicates / 100;
    const payments = await payUnheard(
      system,
      Math.ceil((wanted * (1 - share)) / factsPerPayment),
      invoices === 'on',
    );
    // Interleaved, so that a payment's posts are seconds apart as they are in life.
    const facts = interleaved(payments.map(postsAbout));
    const posts = withDuplicates(facts, share, seeded(round));
    await databases.analyse(name);
    await databases.settle();

    const { posted, windowMs, cpuMs, before, after } = await generated(system, {
      posts,
      perSecond: rate,
      warmup: Math.floor((posts.length * warmupSeconds) / (warmupSeconds + seconds)),
    });
    const evidence = await evidenceOf(system, payments.length, facts.length);
    return lineOf(round, seen, posted, windowMs, {
      cpuMsPerWebhook: cpuPerOne(before, after, posted.length),
      coresOfOthers: coresOfOthers(before, after, windowMs, cpuMs),
      runtimeRssMb: rounded(system.runtimeRssMb(), 0),
      ...evidence,
    });
  } finally {
    await system.stop();
  }
}

/** Bookings, half of them at each provider, that were paid on the provider's page. */
async function payUnheard(
  system: MoneySystem,
  count: number,
  withBuyer: boolean,
): Promise<readonly Payment[]> {
  const cases = await openCases(system, count);
  await forEachOf(cases, setUpAtOnce, async (caseId, index) => {
    if (withBuyer) await system.staff(caseId, billing);
    await system.staff(caseId, quote(index % 2 === 0 ? 'stripe' : 'iyzico'));
  });
  const awaiting = `select provider, case_id, booking_id, checkout_id from bookings
    where state = 'awaiting-payment' order by booking_id`;
  await atRest(
    system,
    `${count} checkouts`,
    async () => (await system.query(awaiting)).length === count,
  );
  const rows = await system.query<{
    provider: 'stripe' | 'iyzico';
    case_id: string;
    booking_id: string;
    checkout_id: string;
  }>(awaiting);
  const payments: Payment[] = [];
  await forEachOf(rows, setUpAtOnce, async ({ provider, case_id, booking_id, checkout_id }) => {
    const pages = provider === 'stripe' ? 'stripe/sessions' : 'iyzico/checkouts';
    const paid = v.parse(
      v.object({ paymentId: v.union([v.string(), v.number()]) }),
      await system.control(`${pages}/${checkout_id}/pay`, { lose: true }),
    );
    const paymentId = String(paid.paymentId);
    payments.push({
      provider,
      caseId: case_id,
      bookingId: booking_id,
      checkoutId: checkout_id,
      paymentId,
      ...(provider === 'stripe'
        ? {
            session: await stripeObject(system, `checkout/sessions/${checkout_id}`),
            intent: await stripeObject(system, `payment_intents/${paymentId}`),
          }
        : {}),
    });
  });
  return payments;
}

async function stripeObject({ sandbox }: MoneySystem, path: string): Promise<object> {
  const answer = await fetch(`${sandbox}/v1/${path}`, {
    headers: { authorization: `Bearer ${DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY}` },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
  return (await answer.json()) as object;
}

/** The first of 50 payments, the second of them, and so on; then the next 50. */
function interleaved(groups: readonly (readonly Post[])[]): readonly Post[] {
  const all: Post[] = [];
  for (let first = 0; first < groups.length; first += 50) {
    const some = groups.slice(first, first + 50);
    for (let turn = 0; turn < factsPerPayment; turn += 1)
      all.push(...some.flatMap((posts) => posts[turn] ?? []));
  }
  return all;
}

async function generated(
  system: MoneySystem,
  load: { readonly posts: readonly Post[]; readonly perSecond: number; readonly warmup: number },
): Promise<{
  readonly posted: readonly Posted[];
  readonly windowMs: number;
  /** The generator's own processor time. */
  readonly cpuMs: number;
  readonly before: CpuReading;
  readonly after: CpuReading;
}> {
  const file = join(dataDir, 'posts.json');
  writeFileSync(file, JSON.stringify(load.posts));
  const settings: GeneratorSettings = {
    url: system.edge,
    file,
    perSecond: load.perSecond,
    warmup: load.warmup,
  };
  const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)), [
    JSON.stringify(settings),
  ]);
  const exited = once(child, 'exit');
  let before = system.cpuMs();
  const {
    promise: ended,
    resolve,
    reject,
  } = Promise.withResolvers<{
    posted: readonly Posted[];
    windowMs: number;
    cpuMs: number;
    after: CpuReading;
  }>();
  child.on('message', (message) => {
    const told = v.parse(GeneratorMessage, message);
    if (told.kind === 'begin') before = system.cpuMs();
    else resolve({ ...told, after: system.cpuMs() });
  });
  child.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
  try {
    const { posted, windowMs, cpuMs, after } = await ended;
    return { posted, windowMs, cpuMs, before, after };
  } finally {
    child.kill();
    await exited;
  }
}

/** What the ledger has when all is done. */
async function evidenceOf(
  system: MoneySystem,
  payments: number,
  facts: number,
): Promise<Pick<AckLine, 'missing' | 'unconfirmed'>> {
  const counts = `select
      (select count(*)::int from events where type = 'payment.notified') +
      (select count(*)::int from parked_deliveries where source in ('stripe', 'iyzico')) as stored,
      (select count(*)::int from bookings where state = 'confirmed') as confirmed`;
  await atRest(system, 'everything to be done', async () => true);
  const [row] = await system.query<{ stored: number; confirmed: number }>(counts);
  return {
    missing: facts - (row?.stored ?? 0),
    unconfirmed: payments - (row?.confirmed ?? 0),
  };
}

function lineOf(
  round: number,
  seen: boolean,
  posted: readonly Posted[],
  windowMs: number,
  more: Pick<
    AckLine,
    'cpuMsPerWebhook' | 'coresOfOthers' | 'runtimeRssMb' | 'missing' | 'unconfirmed'
  >,
): AckLine {
  const latencyOf = (of: (one: Posted) => boolean): Latency => {
    const values = posted.filter(of).map(({ ackMs }) => ackMs);
    return {
      count: values.length,
      p50Ms: rounded(percentile(values, 0.5)),
      p95Ms: rounded(percentile(values, 0.95)),
      p99Ms: rounded(percentile(values, 0.99)),
      maxMs: rounded(percentile(values, 1)),
    };
  };
  const outcomes = Object.groupBy(posted, ({ outcome }) => outcome);
  return {
    kind: 'round',
    round,
    seen,
    webhooksPerSecond: rounded((posted.length / windowMs) * 1_000, 1),
    ack: {
      all: latencyOf(() => true),
      first: latencyOf(({ isDuplicate }) => !isDuplicate),
      duplicate: latencyOf(({ isDuplicate }) => isDuplicate),
      stripe: latencyOf(({ provider }) => provider === 'stripe'),
      iyzico: latencyOf(({ provider }) => provider === 'iyzico'),
    },
    lateP99Ms: rounded(
      percentile(
        posted.map(({ lateMs }) => lateMs),
        0.99,
      ),
    ),
    outcomes: Object.fromEntries(
      Object.entries(outcomes).map(([outcome, those]) => [outcome, those?.length ?? 0]),
    ),
    ...more,
  };
}

function isWrong({ outcomes, ack, missing, unconfirmed }: AckLine): boolean {
  const { stored = 0, parked = 0, duplicate = 0 } = outcomes;
  const isTaken = stored + parked + duplicate === ack.all.count;
  return !isTaken || duplicate !== ack.duplicate.count || missing !== 0 || unconfirmed !== 0;
}

/** Medians of the rounds with and without the fast path, and whether the target is met. */
function summaryOf(lines: readonly AckLine[]): object {
  const medians = [...Map.groupBy(lines, ({ seen }) => seen)].map(([seen, own]) => {
    const of = (pick: (line: AckLine) => number) => rounded(median(own.map(pick)));
    const acks = (kind: keyof AckLine['ack']) => ({
      p50Ms: of(({ ack }) => ack[kind].p50Ms),
      p95Ms: of(({ ack }) => ack[kind].p95Ms),
      p99Ms: of(({ ack }) => ack[kind].p99Ms),
      maxMs: of(({ ack }) => ack[kind].maxMs),
    });
    return {
      seen,
      rounds: own.length,
      all: acks('all'),
      first: acks('first'),
      duplicate: acks('duplicate'),
      cpuMsPerWebhook: of(({ cpuMsPerWebhook }) => cpuMsPerWebhook.all),
      runtimeCpuMsPerWebhook: of(({ cpuMsPerWebhook }) => cpuMsPerWebhook.runtime),
    };
  });
  const measured = medians.find(({ seen }) => seen) ?? medians[0];
  const p99 = measured?.all.p99Ms ?? 0;
  return {
    kind: 'summary',
    medians,
    ackP99Ms: { measured: p99, target: ackP99MsUnder, met: p99 < ackP99MsUnder },
  };
}

function cleanUp(): Promise<void> {
  cleaning ??= stack.disposeAsync();
  return cleaning;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
