import { untilAnswered } from './answered.ts';
import { createBatcher } from './batcher.ts';
import { createClaims } from './claiming.ts';
import { isOfContent } from './errors.ts';
import { forever, pause } from './loop.ts';
import type { Observer } from './observing.ts';
import {
  failure,
  firstText,
  late,
  notificationsFor,
  notPermitted,
  outcomeOf,
  toldAs,
  type Settling,
} from './outcomes.ts';
import type {
  Announcement,
  ClaimedEffect,
  EffectOutcome,
  EffectRow,
  Ledger,
  Outward,
  Performer,
  Received,
  SettledEffect,
  Transport,
} from './ports.ts';

export interface PerformerWorkerOptions {
  readonly consumer: string;
  readonly ledger: Ledger;
  readonly transport: Transport;
  readonly performers: Readonly<Record<string, Performer>>;
  readonly partitions: number;
  readonly random: () => number;
  readonly observer: Observer;
  readonly outward: Outward;
  readonly now: () => number;
}

/** A performer that dies is noticed after this; one that lives extends it three times as often. */
const leaseMs = 8_000;
const defaultTimeoutMs = 30_000;
const defaultConcurrency = 64;
/** On shutdown, what runs may still finish within this: cutting a send off leaves its outcome unknown. */
const stopGraceMs = 4_000;
/** On shutdown, outcomes that the ledger did not take yet are offered to it for this long. */
const stopRecordingMs = 6_000;
/** How long an outcome is offered to a ledger that does not answer: whoever knows it must not leave it in doubt. */
const recordWithinMs = 10 * 60 * 1_000;
/**
 * Takes the effects of one port off its stream and performs them, many at a time.
 *
 * An effect is claimed in the ledger before it starts: a cancelled one does not start, and of two performers that hear
 * of one effect, one gets it. After a crash between the provider's answer and our commit, `Performer.resolution` decides.
 */
export function createPerformerWorker(port: string, options: PerformerWorkerOptions) {
  const { consumer, ledger, transport, performers, random, observer, outward, now } = options;
  const mine = Object.entries(performers).filter(
    ([name, performer]) => (performer.port ?? name) === port,
  );
  const concurrency =
    mine.reduce(
      (most, [, performer]) => Math.max(most, performer.concurrency ?? defaultConcurrency),
      0,
    ) || defaultConcurrency;
  const inOrder = mine.some(([, performer]) => performer.inOrder);
  const partitions = Array.from({ length: options.partitions }, (_, partition) => partition);
  const running = new Map<string, { readonly abort: AbortController; readonly since: number }>();
  const performing = new Set<Promise<void>>();
  let wake: (() => void) | null = null;
  let progressAt = performance.now();

  /** Aborts when a process that stops has no more time to tell the ledger anything. */
  const ending = new AbortController();
  const onTrouble = (error: unknown) => observer.trouble?.('performers', error);
  const follow = (begun: Promise<void>) => {
    const work = begun.finally(() => performing.delete(work));
    performing.add(work);
  };
  const claims = createClaims({
    ledger,
    leaseMs,
    announce: (announcements) => transport.announce(announcements),
    random,
    signal: ending.signal,
    onTrouble,
    follow,
  });

  const settling = createBatcher<SettledEffect, boolean>({
    async flush(batch) {
      const stored = await untilAnswered(() => ledger.settle(batch), {
        withinMs: recordWithinMs,
        signal: ending.signal,
        random,
        onTrouble,
      });
      await transport.announce([...notificationsFor(batch, stored), ...(await nextAfter(batch))]);
      return batch.map(() => true);
    },
    maxBatch: 256,
    maxQueue: 100_000, // Bounded by `concurrency`.
  });

  /** Only a help: what is stored is stored, and the sweep finds the next as well. */
  async function nextAfter(batch: readonly SettledEffect[]): Promise<readonly Announcement[]> {
    if (!inOrder) return [];
    try {
      return await ledger.nextInOrder(batch.map(({ effectId }) => effectId));
    } catch (error) {
      onTrouble(error);
      return [];
    }
  }

  async function turn(signal: AbortSignal): Promise<void> {
    const free = concurrency - running.size;
    if (free <= 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      return;
    }
    const received = await transport.read(subscriptionFor(free), 1_000, signal);
    progressAt = performance.now();
    if (received.length > 0) await take(received, signal);
  }

  const subscriptionFor = (limit: number) => ({
    group: 'performers',
    consumer,
    topics: [`effects.${port}`],
    partitions,
    limit,
  });

  async function take(received: readonly Received[], signal: AbortSignal): Promise<void> {
    const effectIds = new Set(received.map(({ id }) => id));
    const askedAt = performance.now();
    const unreadable: (() => Promise<void>)[] = [];
    const claimed = await claims.claim(
      [...effectIds].filter((id) => !running.has(id)),
      (effect, reason) => unreadable.push(async () => giveUp(effect, reason)),
    );
    // Claimed or not, the ledger has the word from here on: a claim that dies with us runs out and is swept.
    void transport.ack('performers', received);
    for (const begin of unreadable) follow(begin());
    for (const effect of claimed) follow(perform(effect, askedAt, signal));
  }

  /** Nobody will ever know what it asked for: it fails for good, and those that wait behind it go on. */
  async function giveUp(effect: EffectRow, reason: string): Promise<void> {
    const value = failure('EffectUnreadable', reason, 'What was asked for cannot be read');
    await record(effect, { status: 'failed', value }).catch(onTrouble);
  }

  /** An outcome that the ledger can never store would have the effect tried again without end: then that is its outcome. */
  async function record(effect: Settling, tried: EffectOutcome): Promise<void> {
    const performer = performers[effect.name];
    const settled = (of: EffectOutcome): SettledEffect => {
      const told = toldAs(effect, of, { performer, outward, observer, at: now() });
      count(told.outcome);
      note(effect, told.outcome);
      return told;
    };
    try {
      await settling.add(settled(tried));
    } catch (error) {
      if (!isOfContent(error)) throw error;
      const message = `What became of ${effect.name} cannot be stored`;
      const value = failure('UnstorableOutcome', 'unstorable_outcome', message);
      await settling.add(settled({ status: 'failed', value }));
    }
  }

  /** `askedAt`: by `performance.now`, when its lease began at the earliest. */
  async function perform(
    effect: ClaimedEffect,
    askedAt: number,
    stopping: AbortSignal,
  ): Promise<void> {
    const { effectId } = effect;
    const abort = new AbortController();
    const performer = performers[effect.name];
    const timer = setTimeout(
      () => abort.abort(new DOMException('The try took too long', 'TimeoutError')),
      performer?.timeoutMs ?? defaultTimeoutMs,
    );
    let grace: NodeJS.Timeout | undefined;
    const stop = () => {
      grace = setTimeout(() => abort.abort(stopping.reason), stopGraceMs);
    };
    running.set(effectId, { abort, since: performance.now() });
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) abort.abort(stopping.reason);
    try {
      const isLate = performance.now() - askedAt > leaseMs;
      const work = async () => (isLate ? late(effect) : attempt(effect, performer, abort.signal));
      const tried = observer.trace
        ? await observer.trace(effect.name, effect.traceparent, work)
        : await work();
      await record(effect, tried);
    } catch (error) {
      onTrouble(error); // Not recorded: the lease runs out and the resolution decides.
    } finally {
      clearTimeout(timer);
      clearTimeout(grace);
      stopping.removeEventListener('abort', stop);
      running.delete(effectId);
      wake?.();
      wake = null;
    }
  }

  async function attempt(
    effect: ClaimedEffect,
    performer: Performer | undefined,
    signal: AbortSignal,
  ): Promise<EffectOutcome> {
    const { effectId, tenant, caseId, attempt: tries, doubtful } = effect;
    if (!performer)
      return {
        status: 'failed',
        value: failure(
          'NoPerformer',
          'no_performer',
          `No performer is registered for ${effect.name}`,
        ),
      };
    if (!effect.permitted) return notPermitted(effect);
    if (signal.aborted) return { status: 'retry', delayMs: 0, doubtful, reason: 'stopping' };
    const told = { effectId, tenant, caseId, attempt: tries, signal };
    try {
      const input: unknown = JSON.parse(effect.input);
      const earlier =
        doubtful && performer.lookup
          ? await withDeadline(performer.lookup(input, told), signal)
          : null;
      const output = earlier
        ? earlier.output
        : await withDeadline(performer.perform(input, told), signal);
      return { status: 'done', value: output ?? null };
    } catch (error) {
      return outcomeOf(error, performer, effect, signal.aborted && error === signal.reason, random);
    }
  }

  function note({ tenant, caseId, effectId: subject }: EffectRow, outcome: EffectOutcome): void {
    if (outcome.status === 'unknown')
      observer.note?.('effect_unknown', { tenant, caseId, subject, reason: outcome.reason });
    if (outcome.status !== 'failed') return;
    const { code } = outcome.value as { code?: unknown };
    observer.note?.('effect_failed', {
      tenant,
      caseId,
      subject,
      reason: firstText(code, 'failed'),
    });
  }

  function count({ status }: EffectOutcome): void {
    if (status === 'done') observer.count?.('effects_done', 1);
    else if (status === 'failed') observer.count?.('effects_failed', 1);
    else if (status === 'retry') observer.count?.('effects_retried', 1);
    else if (status === 'cancelled') observer.count?.('effects_not_permitted', 1);
    else observer.count?.('effects_unknown', 1);
  }

  return {
    /** Runs until `signal` aborts; then what runs may finish for a while, or is cut off and recorded so, and another process goes on. */
    async run(signal: AbortSignal): Promise<void> {
      const reportAs = (where: string) => (error: unknown) => observer.trouble?.(where, error);
      let endingTimer: NodeJS.Timeout | undefined;
      const onStop = () => {
        wake?.();
        endingTimer = setTimeout(() => ending.abort(signal.reason), stopRecordingMs);
      };
      signal.addEventListener('abort', onStop, { once: true });
      const extending = forever(
        async () => {
          await pause(leaseMs / 4, signal);
          const long = [...running]
            .filter(([, { since }]) => performance.now() - since > leaseMs / 5)
            .map(([effectId]) => effectId);
          if (long.length > 0 && !signal.aborted) await ledger.extend(long, leaseMs);
        },
        { signal, onTrouble: reportAs('effect leases'), random },
      );
      const reclaiming = forever(
        async () => {
          await pause(10_000 * (0.75 + random() / 2), signal);
          if (signal.aborted) return;
          // Notifications of a performer that died before it acknowledged. Left there, they would stop all trimming.
          const stale = await transport.reclaim(
            subscriptionFor(Math.max(1, concurrency - running.size)),
            30_000,
          );
          if (stale.length > 0) await take(stale, signal);
        },
        { signal, onTrouble: reportAs('reclaim'), random },
      );
      await Promise.all([
        extending,
        reclaiming,
        forever(() => turn(signal), { signal, onTrouble: reportAs('performers'), random }),
      ]);
      await Promise.all(performing);
      await settling.idle();
      clearTimeout(endingTimer);
    },
    stalledMs: () => performance.now() - progressAt,
  };
}

/** A performer that ignores its signal must not hold its slot for ever. */
function withDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
