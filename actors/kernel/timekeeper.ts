import { inHalves } from './halves.ts';
import { forever, pause } from './loop.ts';
import type { Observer } from './observing.ts';
import { notificationsFor, settledAs, unknownWaitMs } from './outcomes.ts';
import { caseEventsTopic } from './ports.ts';
import type {
  Announcement,
  EffectOutcome,
  Ledger,
  OpenEffect,
  Outward,
  Performer,
  Transport,
} from './ports.ts';

export interface TimekeeperOptions {
  readonly ledger: Ledger;
  readonly transport: Transport;
  readonly performers: Readonly<Record<string, Performer>>;
  /** Every topic there is, for trimming. */
  readonly topics: readonly string[];
  readonly groups: readonly string[];
  readonly partitions: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly observer: Observer;
  readonly outward: Outward;
}

/** How late a timer may fire when all is well, ms. */
const timerPollMs = 200;
/** An announcement that changed nothing for this long is made again. Well above the time a healthy system takes. */
const graceMs = 5_000;
const batchLimit = 500;
/** A due case announced again only after this: its worker may be busy. */
const timerGraceMs = 3_000;

/** Announces cases whose time has come, and again what seems to have been missed. Several may run: announcing twice changes nothing. */
export function createTimekeeper(options: TimekeeperOptions) {
  const { ledger, transport, performers, topics, groups, now, random, observer, outward } = options;
  const partitions = Array.from({ length: options.partitions }, (_, partition) => partition);
  const announced = new Map<string, number>();

  async function announceTimers(): Promise<boolean> {
    const time = now();
    for (const [id, at] of announced) if (time - at >= timerGraceMs) announced.delete(id);
    const due = await ledger.due(time, batchLimit);
    const unheard = due.filter(({ id }) => !announced.has(id));
    if (unheard.length > 0 && (await transport.announce(unheard)))
      for (const { id } of unheard) announced.set(id, time);
    return due.length === batchLimit && unheard.length > 0;
  }

  async function sweep(): Promise<boolean> {
    const { events, effects } = await ledger.overdue(graceMs, batchLimit);
    // Whatever an older release stored as their topic: workers read this one.
    const toCases = events.map((event) => ({ ...event, topic: caseEventsTopic }));
    const missed: Announcement[] = [...toCases, ...effects];
    if (missed.length > 0) {
      observer.count?.('entries_swept', missed.length);
      await transport.announce(missed);
    }
    return events.length === batchLimit || effects.length === batchLimit;
  }

  /** A performer died while it held them: from now on the provider's word, or time, decides, and the case knows. */
  async function doubtLost(): Promise<void> {
    const lost = await ledger.lost(batchLimit);
    await settle(lost, { status: 'unknown', waitMs: unknownWaitMs, reason: 'performer_lost' });
  }

  /** Nobody will ever tell: the case hears that the effect failed, and staff see it. */
  async function giveUpUnknown(): Promise<void> {
    const value = {
      name: 'EffectOutcomeUnknown',
      code: 'effect_outcome_unknown',
      message: 'The provider never told whether it was done',
    };
    await settle(await ledger.unknown(batchLimit), { status: 'failed', value });
  }

  async function settle(effects: readonly OpenEffect[], outcome: EffectOutcome): Promise<void> {
    if (effects.length === 0) return;
    const settled = effects.map((effect) => {
      const told = { performer: performers[effect.name], outward, observer, at: now() };
      return settledAs(effect, outcome, told);
    });
    await inHalves(
      settled,
      async (some) => transport.announce(notificationsFor(some, await ledger.settle(some))),
      (error) => observer.trouble?.('unknown effects', error),
    );
  }

  return {
    async run(signal: AbortSignal): Promise<void> {
      const every = (ms: number, where: string, work: () => Promise<boolean | void>) =>
        forever(
          async () => {
            await pause(ms * (0.9 + random() / 5), signal);
            for (let more: boolean | void = true; more === true && !signal.aborted;)
              more = await work();
          },
          { signal, onTrouble: (error) => observer.trouble?.(where, error), random },
        );
      await Promise.all([
        every(timerPollMs, 'timers', announceTimers),
        every(1_000, 'sweep', sweep),
        every(2_000, 'lost effects', doubtLost),
        every(5_000, 'unknown effects', giveUpUnknown),
        every(15_000, 'tidying', () => transport.tidy(topics, partitions, groups)),
      ]);
    },
  };
}
