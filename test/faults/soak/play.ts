import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { messageKey } from '../../../http/server/pipeline.ts';
import { waitUntil } from '../../support/wait.ts';
import { startCluster, type Cluster, type Orchestrator } from '../cluster.ts';
import type { GeneratorLine } from '../patients.ts';
import { seeded } from '../random.ts';
import { buyers, officeAt, type Office } from '../staff.ts';
import { inTurns, integratorAtWork } from './integrator.ts';
import { judge, type Sold, type Verdict } from './judge.ts';
import { isPaidRight, planSoak, type PlannedBooking, type PlannedPatient } from './plan.ts';
import { watchOver, type Watch } from './watch.ts';
import { payersAt, type Payers } from './world.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly bookings: number;
  readonly kills: number;
  readonly plantedBug?: string;
  /** For a link, a payment or a refund to show, while processes die. ms; two minutes if absent, and less where it never will. */
  readonly patienceMs?: number;
  /** How often it is reconciled at most until nothing differs, the first time in the middle; 6 if absent. */
  readonly reconciliations?: number;
  /** Hears how far it is, now and then. */
  readonly say?: (line: string) => void;
}

export interface Figures {
  readonly bookings: number;
  readonly patients: number;
  readonly fates: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly faultHits: Readonly<Record<string, number>>;
  readonly kills: number;
  /** Of `npm run reconcile`, in order. */
  readonly reconciled: readonly (number | null)[];
  readonly invoices: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly bookingsPerSecond: number;
}

/** Bookings of one case: its snapshot holds them all, so more of them are slower. */
const perPatient = 6;
const patientsAtOnce = 40;
const leaseMs = 3_000;

/** One patient's case, and its bookings' fates as far as they went. */
interface Case {
  readonly planned: PlannedPatient;
  readonly caseId: string;
}

/**
 * Patients, staff and providers do all that `planSoak` says, while providers drop answers and processes are killed; then
 * everything is healed, reconciled as a user does it, and judged.
 */
export async function playSoak(options: SoakOptions): Promise<Figures & Verdict> {
  const { seed, bookings, plantedBug, patienceMs = 120_000, reconciliations = 6 } = options;
  const plan = planSoak({ seed, bookings, perPatient });
  await using cluster = await startCluster();
  const processes = await startProcesses(cluster, plantedBug);
  await cluster.pointWebhooks();
  await upset(cluster, seed);
  const startedAt = Date.now();
  const say = (line: string) =>
    options.say?.(`${Math.round((Date.now() - startedAt) / 1_000)} s: ${line}`);
  const random = seeded(seed + 1);
  const office = officeAt(
    () => cluster.edges(),
    (edges) => edges[Math.floor(random() * edges.length)],
  );
  const payers = payersAt(cluster);
  const cases = new Map<string, Case>();
  const progress = { done: 0, of: 2 * plan.length };
  const reconciled: (number | null)[] = [];
  const days = () =>
    new Set([startedAt, Date.now()].map((at) => new Date(at).toISOString().slice(0, 10)));
  const reconcile = async (): Promise<number | null> => {
    let worst: number | null = 0;
    for (const day of days()) {
      const { code, output } = await cluster.run('deploy/tools/reconcile.ts', ['--day', day]);
      say(output.trim().split('\n').slice(-3).join(' | '));
      if (code === null || (worst !== null && code > worst)) worst = code;
    }
    reconciled.push(worst);
    return worst;
  };

  try {
    await using watch = watchOver(cluster);
    await using integrator = integratorAtWork({
      cluster,
      office,
      isRefused: (invoiceId) => isRefused(cases, invoiceId),
      buyerOf: (caseId) => buyerOf(cases, caseId),
    });
    const killer = killing(cluster, processes, progress, options.kills, plantedBug);
    try {
      const world: World = { cluster, watch, office, payers, seed, patienceMs };
      const followUps: (() => Promise<void>)[] = [];
      await inTurns(
        plan,
        async (planned) => {
          const one = await beginCase(world, planned);
          cases.set(one.caseId, one);
          await payAll(world, one, followUps);
          progress.done += 1;
        },
        patientsAtOnce,
      );
      say(`${plan.length} patients have their links; ${followUps.length} acts follow`);
      await inTurns(followUps, (follow) => follow(), patientsAtOnce);
      say('all have paid who will');
      await reconcile(); // Finds those whose webhook was lost, or they could not be given back.
      await upsetRefunds(cluster, seed);
      await inTurns(
        [...cases.values()],
        async (one) => {
          await giveBackAll(world, one);
          progress.done += 1;
        },
        patientsAtOnce,
      );
      say('what goes back was asked for');
    } finally {
      await killer.stop();
    }
    say(`${killer.count()} kills; healing`);
    const faultHits = await cluster.faultHits();
    await heal(cluster);
    let code: number | null = null;
    while (code !== 0 && reconciled.length < reconciliations) code = await reconcile();
    const rested = await rest(cluster, cases, 3 * patienceMs); // Thousands of invoices may be on their way.
    // What was booked while it came to rest may only repeat what is known.
    if (code === 0 && rested) code = await reconcile();
    const seconds = (Date.now() - startedAt) / 1_000;
    say(`at rest after ${seconds} s`);
    // Their last round signs how far the audit trail goes.
    await Promise.all(processes.map(async ({ program }) => program.stop(30_000)));
    const verdict = await judge(cluster, {
      sold: soldBy(cases),
      clean: code,
      rested,
      seed,
    });
    return {
      bookings,
      patients: plan.length,
      fates: countsOf(plan),
      ...payers.mishaps,
      faultHits,
      kills: killer.count(),
      reconciled,
      invoices: { ...integrator.counts },
      seconds: Math.round(seconds * 10) / 10,
      bookingsPerSecond: Math.round((bookings / seconds) * 10) / 10,
      ...verdict,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${cluster.outputs()}`, { cause: error });
  }
}

interface World {
  readonly cluster: Cluster;
  readonly watch: Watch;
  readonly office: Office;
  readonly payers: Payers;
  readonly seed: number;
  readonly patienceMs: number;
}

async function startProcesses(
  cluster: Cluster,
  plantedBug: string | undefined,
): Promise<Orchestrator[]> {
  const planted = plantedBug === undefined ? {} : { plantedBug };
  return [
    await cluster.start({ leaseMs, ...planted }),
    await cluster.start({ leaseMs, ...planted }),
  ];
}

/** Providers that work and do not answer, and webhooks that go astray: by the seed. */
async function upset(cluster: Cluster, seed: number): Promise<void> {
  await cluster.control('nilvera/taxpayers', {
    taxNumber: buyers.company.vkn,
    alias: 'urn:mail:defaultpk@alici.example',
  });
  for (const provider of ['stripe', 'iyzico']) {
    const delivery = { lose: 0.08, duplicate: 0.1, reorder: 0.1, seed };
    await cluster.control(`${provider}/delivery`, delivery);
  }
  await cluster.setFault({
    provider: 'stripe',
    mode: 'process-then-drop',
    probability: 0.03,
    seed,
  });
  await cluster.setFault({
    provider: 'iyzico',
    mode: 'process-then-drop',
    probability: 0.03,
    seed,
  });
  await cluster.setFault({
    provider: 'nilvera',
    mode: 'process-then-500',
    probability: 0.03,
    seed,
  });
}

/** Now it is refunds that are made without our hearing of it. */
async function upsetRefunds(cluster: Cluster, seed: number): Promise<void> {
  const fault = {
    mode: 'process-then-drop',
    operation: 'refund',
    probability: 0.25,
    seed,
  } as const;
  await cluster.setFault({ provider: 'stripe', ...fault });
  await cluster.setFault({ provider: 'iyzico', ...fault });
}

async function heal(cluster: Cluster): Promise<void> {
  for (const provider of ['stripe', 'iyzico', 'nilvera'] as const)
    await cluster.setFault({ provider, mode: 'none' });
  for (const provider of ['stripe', 'iyzico']) await cluster.control(`${provider}/delivery`, {});
}

/** Writes, consents by button, and is told what to pay for. */
async function beginCase(world: World, planned: PlannedPatient): Promise<Case> {
  const { cluster, watch, office, patienceMs } = world;
  const { patient, billing, buyer } = planned;
  const first = await write(world, planned, 1, { text: 'Hello' });
  const caseId = await waitUntil(
    async () => {
      const [row] = await cluster.query<{ case_id: string }>(
        `select case_id from events where source = 'whatsapp' and dedupe_key = $1`,
        [messageKey(first)],
      );
      return row?.case_id;
    },
    { timeoutMs: patienceMs, what: `a case for patient ${patient}` },
  );
  const asked = await watch.untilCase(caseId, ({ state }) => /consent/.test(state), patienceMs);
  await write(world, planned, 2, { button: { id: 'consent:service:yes', title: 'Yes' } });
  const given = await watch.untilCase(
    caseId,
    ({ tags }) => tags.includes('consent:service'),
    patienceMs,
  );
  if (!asked || !given) throw new Error(`Case ${caseId} does not take its patient's consent`);
  if (billing === 'before')
    await office.tell(caseId, { type: 'staff.billing', buyer: buyers[buyer] }, 'billing');
  // One after the other: the case numbers its bookings as they come.
  for (const { nth, lines } of planned.bookings)
    await office.tell(
      caseId,
      { type: 'staff.quote', title: `Treatment ${nth}`, lines },
      `quote-${nth}`,
    );
  return { planned, caseId };
}

async function write(
  { cluster, seed }: World,
  { patient, phone }: PlannedPatient,
  step: number,
  content: object,
): Promise<string> {
  const id = `wamid.${seed}-${patient}-${step}`;
  const common = { request: `m${patient}-${step}`, kind: 'message', id, patient, step } as const;
  const note = (line: GeneratorLine) =>
    appendFileSync(cluster.generatorFile, `${JSON.stringify(line)}\n`);
  note({ ...common, at: Date.now(), type: 'invoke' });
  const { webhook } = (await cluster.control('whatsapp/inbound', {
    from: phone,
    messageId: id,
    // Nobody answers within the second in which they were asked.
    timestamp: Math.floor(Date.now() / 1_000) + step,
    ...content,
  })) as { webhook: { status: number | null; delivered: boolean } };
  const { status, delivered } = webhook;
  note({ ...common, at: Date.now(), type: delivered ? 'ok' : 'info', status });
  if (!delivered) throw new Error(`Nobody took message ${step} of patient ${patient}`);
  return id;
}

const bookingIdOf = ({ caseId }: Case, { nth }: PlannedBooking) => `${caseId}-b${nth}`;

/** Every booking of a case, as soon as it has its link. What is to follow later is put aside. */
async function payAll(
  { watch, office, payers, patienceMs }: World,
  one: Case,
  followUps: (() => Promise<void>)[],
): Promise<void> {
  const { billing, buyer, bookings } = one.planned;
  await Promise.all(
    bookings.map(async (booking) => {
      const bookingId = bookingIdOf(one, booking);
      const seen = await watch.untilBooking(
        bookingId,
        ({ checkoutId }) => checkoutId !== null,
        patienceMs,
      );
      if (seen === null) throw new Error(`Booking ${bookingId} has no link`);
      const paymentId = await payers.pay(booking, seen);
      followUps.push(() => payers.follow(booking, seen, paymentId));
    }),
  );
  if (billing === 'after')
    await office.tell(one.caseId, { type: 'staff.billing', buyer: buyers[buyer] }, 'billing');
}

async function giveBackAll(world: World, one: Case): Promise<void> {
  await Promise.all(one.planned.bookings.map((booking) => giveBack(world, one, booking)));
}

/** What never comes to the state that it needs is left as it is: the judge finds it. */
async function giveBack(world: World, one: Case, booking: PlannedBooking): Promise<void> {
  const { watch, office, payers, patienceMs } = world;
  const { returned, parts, totalMinor, currency, nth } = booking;
  const bookingId = bookingIdOf(one, booking);
  const refund = (minor: number | null, key: string) =>
    office.tell(
      one.caseId,
      {
        type: 'staff.refund',
        bookingId,
        ...(minor === null ? {} : { amount: { amountMinor: String(minor), currency } }),
      },
      `${key}-${nth}`,
    );
  if (booking.fate === 'pays another amount') {
    const held = await watch.untilBooking(bookingId, ({ state }) => state === 'held', patienceMs);
    if (held !== null && booking.wrongGoesBack) await refund(booking.otherMinor, 'wrong');
    return;
  }
  if (!isPaidRight(booking.fate) || returned === 'nothing') return;
  const stands = await watch.untilBooking(
    bookingId,
    ({ state, paymentId }) => state === 'confirmed' && paymentId !== null,
    patienceMs,
  );
  if (stands?.paymentId == null) return;
  const { paymentId } = stands;
  switch (returned) {
    case 'staff: a part':
      return refund(parts[0], 'part');
    case 'staff: all of it':
      // As the rules have it, or as staff decide: the same sum.
      return refund(nth % 2 === 0 ? totalMinor : null, 'all');
    case 'staff: two parts': {
      await refund(parts[0], 'first');
      const first = await watch.untilBooking(
        bookingId,
        ({ state, refundedMinor }) => state === 'confirmed' && refundedMinor === parts[0],
        patienceMs,
      );
      return first === null ? undefined : refund(parts[1], 'second');
    }
    case 'dashboard: a part':
      return payers.refund(booking, paymentId, parts[0]);
    case 'dashboard: all of it':
      return payers.refund(booking, paymentId, null);
    case 'dispute open':
    case 'dispute won':
    case 'dispute lost': {
      const disputeId = await payers.dispute(booking, paymentId);
      if (returned !== 'dispute open')
        await payers.close(booking, disputeId, returned === 'dispute won' ? 'won' : 'lost');
      return undefined;
    }
    default:
      throw new Error(`Nobody knows how to give back ${String(returned)}`);
  }
}

function isRefused(cases: ReadonlyMap<string, Case>, invoiceId: string): boolean {
  const [, caseId = '', nth = ''] = /^(.+)-b(\d+)-i1$/.exec(invoiceId) ?? [];
  return cases.get(caseId)?.planned.bookings[Number(nth) - 1]?.isRefused ?? false;
}

function buyerOf(cases: ReadonlyMap<string, Case>, caseId: string): object | null {
  const { billing, buyer } = cases.get(caseId)?.planned ?? { billing: 'never' };
  return billing === 'never' || buyer === undefined ? null : buyers[buyer];
}

/** Kills each of the processes in turn, spread over the work, and starts it again. */
function killing(
  cluster: Cluster,
  processes: Orchestrator[],
  progress: { readonly done: number; readonly of: number },
  times: number,
  plantedBug: string | undefined,
) {
  const stopped = new AbortController();
  let killed = 0;
  async function work(): Promise<void> {
    while (killed < times && !stopped.signal.aborted) {
      await delay(100, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (progress.done / progress.of < (killed + 0.5) / times) continue;
      const victim = processes[killed % processes.length] as Orchestrator;
      await victim.program.kill();
      killed += 1;
      await cluster.pointWebhooks();
      const planted = plantedBug === undefined ? {} : { plantedBug };
      const risen = await cluster.restart(victim, { leaseMs, ...planted });
      processes[processes.indexOf(victim)] = risen;
      await cluster.pointWebhooks(risen.edge ?? undefined);
    }
  }
  const working = work();
  working.catch(() => undefined); // Whoever stops it sees it.
  return {
    count: () => killed,
    async stop() {
      stopped.abort();
      await working;
    },
  };
}

/** Nothing moves: no event, no effect, and no invoice of those whose buyer is known. */
async function rest(
  cluster: Cluster,
  cases: ReadonlyMap<string, Case>,
  patienceMs: number,
): Promise<boolean> {
  const billed = [...cases.values()].flatMap(({ caseId, planned }) =>
    planned.billing === 'never' ? [] : caseId,
  );
  let still = 0;
  const giveUpAt = performance.now() + patienceMs;
  while (performance.now() < giveUpAt) {
    const [row] = await cluster.query<{ moving: number }>(
      `select (select count(*) from pending_events)::int4
         + (select count(*) from effects where settled_at is null and status <> 'unknown')::int4
         + (select count(*) from invoices where status in ('queued', 'submitted', 'accepted'))::int4
         + (select count(*) from cases where tags ? 'invoice-held' and case_id = any($1))::int4 as moving`,
      [billed],
    );
    still = row?.moving === 0 ? still + 1 : 0;
    if (still === 3) return true;
    await delay(500);
  }
  return false;
}

function soldBy(cases: ReadonlyMap<string, Case>): readonly Sold[] {
  return [...cases.values()].flatMap((one) =>
    one.planned.bookings.map((booking) => ({
      bookingId: bookingIdOf(one, booking),
      caseId: one.caseId,
      patient: one.planned,
      booking,
    })),
  );
}

function countsOf(plan: readonly PlannedPatient[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { fate, returned } of plan.flatMap((one) => one.bookings)) {
    counts[fate] = (counts[fate] ?? 0) + 1;
    if (returned !== 'nothing') counts[returned] = (counts[returned] ?? 0) + 1;
  }
  return counts;
}
