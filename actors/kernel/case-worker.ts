import { activate } from './activate.ts';
import { CommitRefused } from './errors.ts';
import { forever, pause, type Failpoint } from './loop.ts';
import type {
  Announcement,
  CaseCommit,
  Lease,
  Leases,
  Ledger,
  Observer,
  PendingEvent,
  Performer,
  Received,
  StoredCase,
  Transport,
} from './ports.ts';
import type { Registry } from './registry.ts';

export interface CaseWorkerOptions {
  readonly owner: string;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly transport: Transport;
  readonly registry: Registry;
  readonly performers: Readonly<Record<string, Performer>>;
  /** Streams that announce events to cases. */
  readonly topics: readonly string[];
  readonly partitions: number;
  readonly partitionOf: (caseId: string) => number;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly observer: Observer;
  readonly failpoint: Failpoint;
}

/** Entries taken off the streams in one turn, over all partitions: one commit serves them all. */
const readLimit = 256;
/** Events of one case in one activation. What is left comes in the next turn. */
const eventsPerCase = 64;
/** Cases kept in memory, decrypted, so that the next event of a case reads nothing. About 2 KB each. */
const casesKept = 20_000;

/**
 * Owns partitions and steps their cases: announcements in, one commit, effects out, then the acknowledgement.
 *
 * An announcement is a doorbell: whom to look at. Which events wait, in which order and whose they are, the ledger
 * says; so a lost, repeated, reordered or forged stream entry changes nothing. A crash at any point repeats a turn,
 * and what the first one committed is no longer pending.
 */
export function createCaseWorker(options: CaseWorkerOptions) {
  const {
    owner,
    ledger,
    leases,
    transport,
    registry,
    performers,
    topics,
    partitions,
    leaseMs,
    now,
    random,
    observer,
    failpoint,
    partitionOf,
  } = options;
  let held = new Map<number, Lease>();
  /** On the monotonic clock: after it another worker may hold our partitions, whatever we believe. */
  let heldUntil = 0;
  const kept = new Map<string, StoredCase>();
  let progressAt = performance.now();

  async function renew(): Promise<void> {
    const askedAt = performance.now();
    const others = await leases.others(owner);
    const mine = await leases.hold(owner, Math.ceil(partitions / (others + 1)), leaseMs);
    const next = new Map(mine.map((lease) => [lease.partition, lease]));
    const gained = mine
      .filter(({ partition, epoch }) => held.get(partition)?.epoch !== epoch)
      .map(({ partition }) => partition);
    if (gained.length > 0 || next.size < held.size) kept.clear(); // Somebody else may have stepped what we remember.
    held = next;
    heldUntil = askedAt + leaseMs;
    if (gained.length > 0) await ledger.resume(gained);
  }

  const holding = () => (performance.now() < heldUntil ? held : new Map<number, Lease>());

  async function turn(signal: AbortSignal): Promise<void> {
    const mine = holding();
    if (mine.size === 0) return pause(50, signal);
    const subscription = {
      group: 'cases',
      consumer: owner,
      topics,
      partitions: [...mine.keys()],
      limit: readLimit,
    };
    const received = await transport.read(subscription, 1_000, signal);
    progressAt = performance.now();
    if (received.length === 0) return;
    await failpoint('cases.read');
    // What came while its partition was given away: without this its new owner hears of it by the sweep, seconds later.
    const strays = received.filter(({ partition }) => !holding().has(partition));
    if (strays.length > 0) await transport.announce(strays);
    await step(received, signal);
  }

  /** Steps every case that was announced until none of the events it had is pending, then acknowledges. */
  async function step(received: readonly Received[], signal: AbortSignal): Promise<void> {
    let caseIds = [...new Set(received.map(({ caseId }) => caseId))];
    const expected = received.map(({ id }) => id);
    let refusals = 0;
    while (caseIds.length > 0 && !signal.aborted) {
      const mine = holding();
      try {
        caseIds = await stepBatch(caseIds, mine, expected);
      } catch (error) {
        for (const caseId of caseIds) kept.delete(caseId);
        if (error instanceof CommitRefused) observer.count?.('commits_refused', 1);
        if (error instanceof CommitRefused && error.why === 'lease') {
          held = new Map();
          return; // Not acknowledged: whoever holds the partition now finds the events in the ledger.
        }
        if (++refusals > 3) {
          if (caseIds.length === 1 && !isTransient(error)) {
            await park(caseIds[0] as string, error, mine);
            break;
          }
          if (caseIds.length === 1) throw error;
          for (const caseId of caseIds)
            await step(
              received.filter((entry) => entry.caseId === caseId),
              signal,
            );
          return;
        }
        observer.trouble?.('cases', error);
        await pause(20 * refusals, signal);
      }
    }
    if (signal.aborted && caseIds.length > 0) return;
    void transport.ack('cases', received); // Best effort, so nothing waits for it.
  }

  /** One commit. Answers the cases that have more events waiting. */
  async function stepBatch(
    caseIds: readonly string[],
    mine: ReadonlyMap<number, Lease>,
    expected: readonly string[],
  ): Promise<string[]> {
    const [events, stored] = await Promise.all([
      ledger.pending(caseIds, eventsPerCase, expected),
      loadCases(caseIds),
    ]);
    const byCase = Map.groupBy(events, ({ caseId }) => caseId);
    const time = now();
    const commits: CaseCommit[] = [];
    const consumed: PendingEvent[] = [];
    const deadLetters: { eventId: string; reason: string; tenant: string; caseId: string }[] = [];
    const parked: { caseId: string; reason: string }[] = [];
    const again: string[] = [];

    for (const caseId of caseIds) {
      const waiting = byCase.get(caseId) ?? [];
      const state = stored.get(caseId) ?? null;
      const tenant = waiting[0]?.tenant ?? state?.tenant;
      if (tenant === undefined) continue; // Announced, but the ledger knows of nothing: already done, or never true.
      const partition = partitionOf(caseId);
      if (!mine.has(partition)) continue;
      const {
        commit,
        deadLetters: dead,
        parked: reason,
      } = activate({ tenant, caseId }, state, waiting, {
        registry,
        performers,
        partition,
        now: time,
      });
      if (reason) {
        parked.push({ caseId, reason });
        continue;
      }
      if (commit) commits.push(commit);
      consumed.push(...waiting);
      for (const letter of dead) deadLetters.push({ ...letter, tenant, caseId });
      if (waiting.length === eventsPerCase) again.push(caseId);
    }
    if (commits.length + consumed.length + parked.length === 0) return [];

    const involved = new Set(
      [...commits, ...consumed, ...parked].map(({ caseId }) => partitionOf(caseId)),
    );
    await failpoint('cases.before-commit');
    await ledger.commit({
      owner,
      leases: [...involved].map((partition) => mine.get(partition) as Lease),
      cases: commits,
      consumed,
      deadLetters,
      parked,
      at: time,
    });
    await failpoint('cases.after-commit');
    remember(commits);
    report(commits, deadLetters.length);
    for (const { tenant, caseId, eventId, reason } of deadLetters)
      observer.note?.('dead_letter', { tenant, caseId, subject: eventId, reason });
    for (const { caseId, reason } of parked)
      observer.note?.('case_parked', { tenant: null, caseId, subject: caseId, reason });
    await announceEffects(commits);
    await failpoint('cases.announced');
    return again;
  }

  async function loadCases(caseIds: readonly string[]): Promise<ReadonlyMap<string, StoredCase>> {
    const found = new Map<string, StoredCase>();
    const missing: string[] = [];
    for (const caseId of caseIds) {
      const known = kept.get(caseId);
      if (known) found.set(caseId, known);
      else missing.push(caseId);
    }
    if (missing.length > 0)
      for (const stored of await ledger.load(missing)) found.set(stored.caseId, stored);
    return found;
  }

  function remember(commits: readonly CaseCommit[]): void {
    for (const { caseId, tenant, seq, status, envelope } of commits) {
      kept.delete(caseId);
      if (status === 'active') kept.set(caseId, { caseId, tenant, seq, status, envelope });
    }
    for (const caseId of kept.keys()) {
      if (kept.size <= casesKept) break;
      kept.delete(caseId);
    }
  }

  function report(commits: readonly CaseCommit[], dead: number): void {
    observer.committed?.(commits);
    if (!observer.count) return;
    let applied = 0;
    let ignored = 0;
    let timers = 0;
    for (const { history } of commits) {
      for (const { kind, disposition } of history) {
        if (disposition === 'ignored') ignored++;
        else if (disposition === 'applied' && kind === 'timer') timers++;
        else if (disposition === 'applied') applied++;
      }
    }
    observer.count('events_applied', applied);
    if (ignored > 0) observer.count('events_ignored', ignored);
    if (timers > 0) observer.count('timers_fired', timers);
    if (dead > 0) observer.count('events_dead', dead);
  }

  async function announceEffects(commits: readonly CaseCommit[]): Promise<void> {
    const announcements: Announcement[] = commits.flatMap(
      ({ tenant, caseId, partition, effects }) =>
        effects
          .filter(({ cancelled }) => !cancelled)
          .map(({ effectId, port, name, traceparent }) => ({
            topic: `effects.${port}`,
            partition,
            id: effectId,
            type: name,
            tenant,
            caseId,
            traceparent,
          })),
    );
    if (announcements.length > 0) await transport.announce(announcements);
  }

  /** The ledger refuses this one case for a reason that will not go away: set it aside, so that the others go on. */
  async function park(
    caseId: string,
    error: unknown,
    mine: ReadonlyMap<number, Lease>,
  ): Promise<void> {
    const lease = mine.get(partitionOf(caseId));
    if (!lease) return;
    const { code, name } = error as { code?: unknown; name?: unknown };
    const reason = `commit_failed ${String(code ?? name)}`.slice(0, 200);
    const parked = [{ caseId, reason }];
    await ledger.commit({
      owner,
      leases: [lease],
      cases: [],
      consumed: [],
      deadLetters: [],
      parked,
      at: now(),
    });
  }

  return {
    /** Runs until `signal` aborts, finishing the batch it is in, and gives its partitions back. */
    async run(signal: AbortSignal): Promise<void> {
      const reportAs = (where: string) => (error: unknown) => observer.trouble?.(where, error);
      const renewing = forever(
        async () => {
          await renew();
          await pause(leaseMs / 3, signal);
        },
        { signal, onTrouble: reportAs('leases'), random },
      );
      const reclaiming = forever(
        async () => {
          await pause(10_000 * (0.75 + random() / 2), signal);
          if (signal.aborted || holding().size === 0) return;
          // Doorbells rung at a worker that died. Their events were swept long ago; this keeps the pending list short.
          const subscription = {
            group: 'cases',
            consumer: owner,
            topics,
            partitions: [...holding().keys()],
            limit: readLimit,
          };
          const stale = await transport.reclaim(subscription, 30_000);
          if (stale.length > 0) await step(stale, signal);
        },
        { signal, onTrouble: reportAs('reclaim'), random },
      );
      await Promise.all([
        renewing,
        reclaiming,
        forever(() => turn(signal), { signal, onTrouble: reportAs('cases'), random }),
      ]);
      await leases.release(owner).catch(reportAs('leases'));
    },
    /** ms since the last completed read: what readiness looks at. */
    stalledMs: () => performance.now() - progressAt,
  };
}

/** Connections come back; a value that PostgreSQL refuses, or a seal that is broken, does not get better. */
function isTransient(error: unknown): boolean {
  const { code, retryable } = error as { code?: unknown; retryable?: unknown };
  if (retryable === false) return false;
  return typeof code !== 'string' || !/^(22|23|42)/.test(code);
}
