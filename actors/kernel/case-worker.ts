import { CommitRefused, isOfContent, kindOf } from './errors.ts';
import { forever, pause } from './loop.ts';
import { met, type BrokenCase, type LostEvent } from './meeting.ts';
import type { Observer } from './observing.ts';
import { caseEventsTopic } from './ports.ts';
import type {
  Announcement,
  CaseCommit,
  Lease,
  Leases,
  Ledger,
  NewEffect,
  NewPublication,
  Outward,
  PendingEvent,
  Performer,
  Received,
  StoredCase,
  TellUnreadable,
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
  readonly outward: Outward;
  readonly partitions: number;
  readonly partitionOf: (caseId: string) => number;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly observer: Observer;
}

/** Entries taken off the streams in one turn, over all partitions: one commit serves them all. */
const readLimit = 256;
/** Events of one case in one activation. What is left comes in the next turn. */
const eventsPerCase = 64;
/** Cases kept in memory, decrypted, so that the next event of a case reads nothing. About 2 KB each. */
const casesKept = 20_000;
/** Times a batch is tried again at once after a trouble that may pass. */
const maxRefusals = 3;

interface DeadLetter {
  readonly eventId: string;
  readonly tenant: string;
  readonly caseId: string;
  readonly reason: string;
}

interface ParkedCase {
  readonly tenant: string;
  readonly caseId: string;
  readonly reason: string;
  /** False for one that was parked already: staff were told. */
  readonly isNews: boolean;
}

/**
 * Owns partitions and steps their cases: announcements in, one commit, effects out, then the acknowledgement.
 *
 * An announcement is a notification: whom to look at. Which events wait, in which order and whose they are, the ledger
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
    outward,
    partitions,
    leaseMs,
    now,
    random,
    observer,
    partitionOf,
  } = options;
  let held = new Map<number, Lease>();
  /** On the monotonic clock: after it another worker may hold our partitions, whatever we believe. */
  let heldUntil = 0;
  /** Partitions we gained whose events the ledger has not yet been heard to announce again. */
  const unresumed = new Set<number>();
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
    for (const partition of gained) unresumed.add(partition);
    for (const partition of unresumed) if (!held.has(partition)) unresumed.delete(partition);
    if (unresumed.size === 0) return;
    await ledger.resume([...unresumed]);
    unresumed.clear();
  }

  const holding = () => (performance.now() < heldUntil ? held : new Map<number, Lease>());

  async function turn(signal: AbortSignal): Promise<void> {
    const mine = holding();
    if (mine.size === 0) return pause(50, signal);
    const subscription = {
      group: 'cases',
      consumer: owner,
      topics: [caseEventsTopic],
      partitions: [...mine.keys()],
      limit: readLimit,
    };
    const received = await transport.read(subscription, 1_000, signal);
    progressAt = performance.now();
    if (received.length === 0) return;
    // What came while its partition was given away: without this its new owner hears of it by the sweep, seconds later.
    const strays = received.filter(({ partition }) => !holding().has(partition));
    if (strays.length > 0) await transport.announce(strays);
    await step(received, signal);
  }

  /**
   * Steps every case that was announced until none of the events it had is pending, then acknowledges. A batch that one
   * case spoils is done in halves until that case is alone, so that the others wait for a few more commits at most.
   */
  async function step(received: readonly Received[], signal: AbortSignal): Promise<void> {
    const expected = received.map(({ id }) => id);
    const batches: Batch[] = [{ caseIds: [...new Set(received.map(idOfCase))], refusals: 0 }];
    let lonelyFailures = 0;
    for (let batch = batches.shift(); batch && !signal.aborted; batch = batches.shift()) {
      const { caseIds } = batch;
      const mine = holding();
      try {
        const again = await stepBatch(caseIds, mine, expected);
        if (again.length > 0) batches.unshift({ caseIds: again, refusals: 0 });
        lonelyFailures = 0;
      } catch (error) {
        for (const caseId of caseIds) kept.delete(caseId);
        if (error instanceof CommitRefused) observer.count?.('commits_refused', 1);
        if (error instanceof CommitRefused && error.why === 'lease') {
          held = new Map();
          return; // Not acknowledged: whoever holds the partition now finds the events in the ledger.
        }
        const [first] = caseIds;
        const refusals = batch.refusals + 1;
        if (isOfContent(error)) {
          if (caseIds.length > 1) batches.unshift(...halvesOf(caseIds));
          else await park(first as string, error, mine);
        } else if (refusals <= maxRefusals) {
          observer.trouble?.('cases', error);
          await pause(20 * refusals, signal);
          batches.unshift({ caseIds, refusals });
        } else if (caseIds.length > 1) {
          batches.unshift(...caseIds.map((caseId) => ({ caseIds: [caseId], refusals })));
        } else if (isOfVersion(error) && refusals <= 2 * maxRefusals) {
          await pause(20 * refusals, signal);
          batches.unshift({ caseIds, refusals });
        } else if (isOfVersion(error)) {
          await park(first as string, error, mine);
        } else {
          // One alone may be its own fault, and the sweep brings it back; two in a row are the ledger's.
          if (++lonelyFailures > 1) throw error;
          observer.trouble?.('cases', error);
        }
      }
    }
    if (signal.aborted && batches.length > 0) return;
    void transport.ack('cases', received); // Best effort, so nothing waits for it.
  }

  /** One commit. Answers the cases that have more events waiting. */
  async function stepBatch(
    caseIds: readonly string[],
    mine: ReadonlyMap<number, Lease>,
    expected: readonly string[],
  ): Promise<string[]> {
    const lost: LostEvent[] = [];
    const broken = new Map<string, BrokenCase>();
    const [events, stored] = await Promise.all([
      ledger.pending(caseIds, eventsPerCase, expected, (event, reason) =>
        lost.push({ ...event, reason }),
      ),
      loadCases(caseIds, broken),
    ]);
    const byCase = Map.groupBy(events, idOfCase);
    const lostByCase = Map.groupBy(lost, idOfCase);
    const time = now();
    const commits: CaseCommit[] = [];
    const consumed: { readonly caseId: string; readonly position: bigint }[] = [];
    const deadLetters: DeadLetter[] = [];
    const parked: ParkedCase[] = [];
    const lines: { line: string; tenant: string; caseId: string }[] = [];
    const again: string[] = [];

    for (const caseId of caseIds) {
      const waiting = byCase.get(caseId) ?? [];
      const unread = lostByCase.get(caseId) ?? [];
      const state = stored.get(caseId) ?? broken.get(caseId) ?? null;
      const tenant = waiting[0]?.tenant ?? unread[0]?.tenant ?? state?.tenant;
      if (tenant === undefined) continue; // Announced, but the ledger knows of nothing: already done, or never true.
      const partition = partitionOf(caseId);
      if (!mine.has(partition)) continue;
      const { takes, parks, ...made } = met({ tenant, caseId }, state, waiting, unread, {
        registry,
        performers,
        partition,
        now: time,
        more: waiting.length === eventsPerCase,
      });
      if (observer.log) for (const line of made.log ?? []) lines.push({ line, tenant, caseId });
      if (parks !== null) {
        const isNews = state?.status !== 'parked';
        parked.push({ tenant, caseId, reason: parks, isNews });
        continue;
      }
      if (made.commit) commits.push(withPublications(made.commit, time));
      consumed.push(...takes);
      for (const letter of made.deadLetters) deadLetters.push({ ...letter, tenant, caseId });
      const left = waiting.length + unread.length - takes.length;
      if (left > 0 || takes.length === eventsPerCase) again.push(caseId);
    }
    if (commits.length + consumed.length + parked.length === 0) return [];

    const involved = new Set(
      [...commits, ...consumed, ...parked].map(({ caseId }) => partitionOf(caseId)),
    );
    await ledger.commit({
      owner,
      leases: [...involved].map((partition) => mine.get(partition) as Lease),
      cases: commits,
      consumed,
      deadLetters,
      parked: parked.map(({ caseId, reason }) => ({ caseId, reason })),
      at: time,
    });
    for (const { caseId } of parked) kept.delete(caseId);
    remember(commits);
    report(commits, deadLetters, parked);
    for (const { line, tenant, caseId } of lines) observer.log?.(line, { tenant, caseId });
    await announceEffects(commits);
    return again;
  }

  /** What the case emitted leaves with the commit: nobody performs it. */
  function withPublications(commit: CaseCommit, at: number): CaseCommit {
    if (!outward.emitted || !commit.effects.some(({ kind }) => kind === 'emit')) return commit;
    const effects = commit.effects.map((effect) =>
      effect.kind === 'emit' ? { ...effect, publication: published(effect, commit, at) } : effect,
    );
    return { ...commit, effects };
  }

  function published(
    { input }: NewEffect,
    { tenant, caseId }: CaseCommit,
    at: number,
  ): NewPublication | null {
    try {
      const event = JSON.parse(input) as { readonly type: string };
      return outward.emitted?.(event, { tenant, caseId, at }) ?? null;
    } catch (error) {
      observer.trouble?.('outward', error);
      return null;
    }
  }

  async function loadCases(
    caseIds: readonly string[],
    broken: Map<string, BrokenCase>,
  ): Promise<ReadonlyMap<string, StoredCase>> {
    const found = new Map<string, StoredCase>();
    const missing: string[] = [];
    for (const caseId of caseIds) {
      const known = kept.get(caseId);
      if (known) found.set(caseId, known);
      else missing.push(caseId);
    }
    if (missing.length === 0) return found;
    const tell: TellUnreadable<Omit<StoredCase, 'envelope'>> = (row, reason) =>
      void broken.set(row.caseId, { ...row, reason });
    for (const stored of await ledger.load(missing, tell)) found.set(stored.caseId, stored);
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

  function report(
    commits: readonly CaseCommit[],
    deadLetters: readonly DeadLetter[],
    parked: readonly ParkedCase[],
  ): void {
    observer.committed?.(commits);
    for (const { tenant, caseId, eventId, reason } of deadLetters)
      observer.note?.('dead_letter', { tenant, caseId, subject: eventId, reason });
    for (const { tenant, caseId, reason, isNews } of parked)
      if (isNews) observer.note?.('case_parked', { tenant, caseId, subject: caseId, reason });
    if (observer.emitted)
      for (const { effects } of commits)
        for (const { kind, name } of effects) if (kind === 'emit') observer.emitted(name);
    if (!observer.count) return;
    const dead = deadLetters.length;
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
          .filter(({ cancelled, kind }) => !cancelled && kind !== 'emit')
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

  /**
   * The ledger refuses what becomes of this one case, and would again: it is parked, so that the others go on. Of a case
   * that is not there yet there is nothing to park, so its events are dead-lettered, where staff find them.
   */
  async function park(
    caseId: string,
    error: unknown,
    mine: ReadonlyMap<number, Lease>,
  ): Promise<void> {
    const lease = mine.get(partitionOf(caseId));
    if (!lease) return;
    const reason = refusedFor(error);
    try {
      const broken = new Map<string, BrokenCase>();
      const found = await loadCases([caseId], broken);
      const state = found.get(caseId) ?? broken.get(caseId);
      const lost: LostEvent[] = [];
      const waiting: readonly Omit<PendingEvent, 'body'>[] = state
        ? []
        : await ledger.pending([caseId], eventsPerCase, [], (event, why) =>
            lost.push({ ...event, reason: why }),
          );
      const refused = [...waiting, ...lost];
      const deadLetters = refused.map(({ eventId, tenant }) => ({
        eventId,
        tenant,
        caseId,
        reason,
      }));
      const parked = state ? [{ tenant: state.tenant, caseId, reason, isNews: true }] : [];
      await ledger.commit({
        owner,
        leases: [lease],
        cases: [],
        consumed: refused,
        deadLetters,
        parked: parked.map(({ reason: why }) => ({ caseId, reason: why })),
        at: now(),
      });
      report([], deadLetters, parked);
    } catch (failure) {
      observer.trouble?.('cases', failure); // Its events still wait: the sweep brings it back.
    }
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
          // Notifications of a worker that died. Their events were swept long ago; this keeps the pending list short.
          const subscription = {
            group: 'cases',
            consumer: owner,
            topics: [caseEventsTopic],
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

interface Batch {
  readonly caseIds: readonly string[];
  /** How often it was refused for what may pass. */
  readonly refusals: number;
}

const idOfCase = ({ caseId }: { readonly caseId: string }) => caseId;

function halvesOf(caseIds: readonly string[]): Batch[] {
  const half = caseIds.length >> 1;
  return [caseIds.slice(0, half), caseIds.slice(half)].map((part) => ({
    caseIds: part,
    refusals: 0,
  }));
}

const isOfVersion = (error: unknown) => error instanceof CommitRefused && error.why === 'version';

/** Why a commit was refused, by the kind of what it was refused for. */
function refusedFor(error: unknown): string {
  const { why, cause } = error as CommitRefused;
  return `commit_failed ${why === 'content' ? kindOf(cause) : why}`.slice(0, 200);
}
