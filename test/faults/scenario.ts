import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import type { TestContext } from 'node:test';

import { readLedger } from '../sandbox/ledger.ts';
import { waitUntil } from '../support/wait.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { waitingInDoubt } from './doubts.ts';
import { gather, invariants, waitsOf, type Evidence, type InvariantName } from './invariants.ts';
import { startPatients, type Load } from './patients.ts';

/** What a fault tells about itself. */
export interface Injected {
  /** Epoch ms from which nothing is wrong any more. */
  readonly healedAt: number;
  readonly kills?: number;
  readonly failpointHits?: number;
  /** More figures for the report. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

export interface Scenario {
  readonly name: string;
  readonly seed: number;
  readonly patients?: number;
  readonly rampMs?: number;
  readonly duplicates?: number;
  /** Whether patients wait for the travellers' form, so that flights are ordered; in the whole matrix they do. */
  readonly fillForm?: boolean;
  /** From healing until everybody is confirmed; 30 s if absent. What is asked ever more seldom is found healed late. */
  readonly recoverySeconds?: number;
  /** Whether effects may be given up in doubt, because a performer dies or its provider does not answer. */
  readonly mayDoubt?: boolean;
  /** Starts the orchestrators; `cluster` has none yet. */
  readonly boot: (cluster: Cluster) => Promise<void>;
  /** Runs while patients write. Throws when it could not do what it is for: inconclusive is not passed. */
  readonly fault: (cluster: Cluster, load: Load) => Promise<Injected>;
  /** For planted bugs: how long to wait for patients who will never get there. 30 s of healing, and 15 of grace, if absent. */
  readonly patienceMs?: number;
  /** Hears what was judged. */
  readonly judged?: (evidence: Evidence) => void;
}

/** The findings of each invariant that does not hold. */
export type Findings = Partial<Record<InvariantName, readonly string[]>>;

/** FAULTS=full, as `npm run faults` sets it: the whole matrix. */
export const full = process.env['FAULTS'] === 'full';

/** Where runs start from; FAULTS_SEED repeats one. */
export const baseSeed = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);

/**
 * One scenario: a cluster of its own, patients, a fault, healing, and then the judgement. Reports one line of JSON, and
 * appends it to the file that FAULTS_REPORT names.
 */
export async function play(t: TestContext, scenario: Scenario): Promise<Findings> {
  const { name, seed, patients = full ? 30 : 16, rampMs = 2_000, mayDoubt = false } = scenario;
  await using cluster = await startCluster();
  await scenario.boot(cluster);
  await cluster.pointWebhooks();
  const startedAt = Date.now();
  const load = startPatients({
    cluster,
    seed,
    patients,
    rampMs,
    duplicates: scenario.duplicates ?? 0.15,
    fillForm: scenario.fillForm ?? full,
  });
  try {
    const {
      healedAt,
      kills = 0,
      failpointHits = 0,
      figures = {},
    } = await scenario.fault(cluster, load);
    const from = Math.max(healedAt, await load.begun);
    const until = from + (scenario.patienceMs ?? 1_000 * (scenario.recoverySeconds ?? 30) + 15_000);
    const { confirmedAt, inDoubt } = await allConfirmed(cluster, patients, mayDoubt, until);
    // Whoever waits for a message in doubt is told so, writes again, and goes on.
    const everybodyAt =
      confirmedAt === null || inDoubt.size === 0
        ? confirmedAt
        : await everybodyConfirmed(cluster, patients);
    if (everybodyAt === null) load.stop();
    // Whoever still waits for a word is judged by I13.
    const patience = setTimeout(() => load.stop(), 120_000);
    const trouble = await load.done.then(
      () => null,
      (error: unknown) => error as Error,
    );
    clearTimeout(patience);
    if (everybodyAt !== null && trouble) throw trouble;
    const drained = await rest(cluster, scenario.patienceMs ?? 40_000);
    const recoverySeconds =
      confirmedAt === null ? null : Math.max(0, confirmedAt - healedAt) / 1_000;
    const evidence = await gather(cluster, {
      patients,
      mayDoubt,
      recoverySeconds,
      mostRecoverySeconds: scenario.recoverySeconds ?? 30,
      inDoubt,
      longestDoubtSeconds:
        everybodyAt === null || confirmedAt === null ? null : (everybodyAt - confirmedAt) / 1_000,
    });
    const findings: Findings = {};
    for (const [invariant, holds] of Object.entries(invariants)) {
      const wrong = holds(evidence);
      if (wrong.length > 0) findings[invariant as InvariantName] = wrong;
    }
    scenario.judged?.(evidence);
    if (Object.keys(findings).length > 0)
      for (const one of unconfirmed(evidence)) t.diagnostic(one);
    const counts = load.counts();
    const report = {
      scenario: name,
      seed,
      patients,
      ...counts,
      refused: evidence.generator.filter(({ type }) => type === 'fail').length,
      unanswered: evidence.generator.filter(({ type }) => type === 'info').length,
      kills,
      failpointHits,
      ...figures,
      recoverySeconds,
      drained,
      longestWaitSeconds: longestWait(evidence),
      seconds: Math.round((Date.now() - startedAt) / 100) / 10,
      events: evidence.events.length,
      effects: evidence.effects.length,
      waitInDoubt: inDoubt.size,
      inDoubt: evidence.effects.filter(({ status }) => status === 'unknown' || status === 'failed')
        .length,
      streamPending: evidence.streamPending,
      checked: Object.keys(invariants),
      red: Object.keys(findings),
    };
    const line = JSON.stringify(report);
    t.diagnostic(line);
    const file = process.env['FAULTS_REPORT'];
    if (file !== undefined) appendFileSync(file, `${line}\n`);
    const planted = scenario.patienceMs !== undefined; // Its patients may well get nowhere.
    if (!planted && counts.requests < patients * 5)
      throw new Error(`Inconclusive: ${counts.requests} requests of ${patients} patients`);
    if ((scenario.duplicates ?? 1) > 0 && counts.duplicates === 0)
      throw new Error('Inconclusive: nothing was sent twice');
    return findings;
  } catch (error) {
    t.diagnostic(cluster.outputs());
    throw error;
  } finally {
    load.stop();
    await load.done.catch(() => undefined); // Said above, or not what went wrong first.
  }
}

/** What was said with each of those who were not confirmed, and when: what a red run is understood by. */
function unconfirmed({ generator, provider }: Evidence): string[] {
  const lines = new Map<string, string[]>();
  const isTicketed = new Set<string>();
  const add = (phone: string, at: number, line: string) =>
    lines.set(phone, [...(lines.get(phone) ?? []), `${new Date(at).toISOString()} ${line}`]);
  for (const { phone, at, words, id, type } of generator)
    if (phone !== undefined) add(phone, at, `${type} ${id} ${words ?? ''}`);
  for (const { kind, at, detail } of provider)
    if (kind === 'message') {
      const [to, body] = [String(detail['to']), String(detail['body'])];
      if (body.includes('being ticketed')) isTicketed.add(to);
      add(to, Date.parse(at), `< ${body.slice(0, 60)}`);
    }
  return [...lines]
    .filter(([phone]) => !isTicketed.has(phone))
    .map(([phone, all]) => `${phone}\n${all.toSorted().join('\n')}`);
}

/** Of a patient for any word of ours. */
const longestWait = (evidence: Evidence): number =>
  Math.round(Math.max(0, ...waitsOf(evidence).map(({ waited }) => waited)) / 100) / 10;

/** When the last one was, also of those who waited in doubt; null if somebody was not, two minutes later. */
async function everybodyConfirmed(cluster: Cluster, patients: number): Promise<number | null> {
  const isEverybody = async () => {
    const [row] = await cluster.query<{ n: number }>(
      `select count(*)::int4 as n from cases where tags ? 'confirmed'`,
    );
    return row?.n === patients;
  };
  return waitUntil(isEverybody, { timeoutMs: 120_000, what: 'those in doubt to go on' }).then(
    () => Date.now(),
    () => null,
  );
}

interface Arrival {
  /** Epoch ms when the last patient's case was confirmed, but for those in doubt; null if it was not by then. */
  readonly confirmedAt: number | null;
  /** Cases that wait for nothing but a message in doubt. Empty where no message may be in doubt. */
  readonly inDoubt: ReadonlySet<string>;
}

async function allConfirmed(
  cluster: Cluster,
  patients: number,
  mayDoubt: boolean,
  until: number,
): Promise<Arrival> {
  let inDoubt: ReadonlySet<string> = new Set();
  const confirmed = async () => {
    const [row] = await cluster.query<{ n: number }>(
      `select count(*)::int4 as n from cases where tags ? 'confirmed'`,
    );
    const missing = patients - (row?.n ?? 0);
    if (missing === 0 || !mayDoubt) return missing === 0;
    inDoubt = await waitingInDoubt(cluster);
    return missing === inDoubt.size;
  };
  try {
    await waitUntil(confirmed, {
      timeoutMs: Math.max(1_000, until - Date.now()),
      what: 'everybody to be confirmed',
    });
    return { confirmedAt: Date.now(), inDoubt };
  } catch {
    return { confirmedAt: null, inDoubt };
  }
}

/**
 * Waits until nothing moves: no event waits, no effect may still be performed, and the two callbacks of each message
 * that the provider sent have come. False if that took longer.
 */
export async function rest(cluster: Cluster, timeoutMs: number): Promise<boolean> {
  const atRest = async () => {
    const [row] = await cluster.query<{ moving: number; callbacks: number }>(
      `select (select count(*) from pending_events)::int4
         + (select count(*) from effects where settled_at is null and status <> 'unknown')::int4 as moving,
         (select count(*) from events where type = 'whatsapp.status')::int4 as callbacks`,
    );
    const sent = readLedger(cluster.sandboxFile).filter(({ kind }) => kind === 'message').length;
    return row?.moving === 0 && row.callbacks >= 2 * sent;
  };
  return waitUntil(atRest, { timeoutMs, what: 'nothing to move' }).then(
    () => true,
    () => false,
  );
}

/** Every invariant holds. */
export function assertGreen(findings: Findings): void {
  assert.ok(Object.keys(findings).length === 0, described(findings));
}

/** These invariants do not hold, and for this reason: the suite sees the planted bug. Others may suffer with them. */
export function assertRed(
  findings: Findings,
  expected: Partial<Record<InvariantName, RegExp>>,
): void {
  for (const [name, reason] of Object.entries(expected)) {
    const wrong = findings[name as InvariantName] ?? [];
    assert.ok(
      wrong.some((line) => reason.test(line)),
      `${name} has no finding like ${reason}; ${described(findings)}`,
    );
  }
}

/** The first few findings of each invariant. */
function described(findings: Findings): string {
  return Object.entries(findings)
    .map(
      ([name, wrong]) =>
        `${name}: ${wrong.slice(0, 4).join('; ')}${wrong.length > 4 ? `; and ${wrong.length - 4} more` : ''}`,
    )
    .join('\n');
}
