import type { Telemetry } from '../../telemetry.ts';
import { forever, pause } from '../kernel/loop.ts';
import type { Locks } from '../ports/locks.ts';
import type { PaymentProvider } from '../shapes/payments.ts';
import type { Reconciler } from './reconciler.ts';

export interface RoundsOptions {
  readonly reconciler: Reconciler;
  readonly locks: Locks;
  readonly now: () => number;
  readonly random: () => number;
  readonly log: Telemetry['log'];
  /** Between two looks at open bookings. ms; 3 minutes if absent. */
  readonly everyMs?: number;
  /** Between two comparisons of today and yesterday. ms; 1 hour if absent. */
  readonly dayEveryMs?: number;
  /** The longest a round may take. ms; 10 minutes if absent. */
  readonly roundMs?: number;
}

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;
/** A slow payment is on the day it was begun, and is done up to two weeks later; so are refunds to some banks. */
const backDays = 14;
/** Of the rounds over days, which one goes back that far. */
const backEvery = 24;

/**
 * Reconciles until `signal` aborts, each provider for itself: its open bookings every few minutes, and every hour today and
 * yesterday, once a day the two weeks before. Of several processes one does a round, and the others
 * skip it; they come at times of their own. A round that fails is reported, and the next one comes as if nothing had happened.
 */
export async function runEvery(options: RoundsOptions, signal: AbortSignal): Promise<void> {
  await Promise.all(
    options.reconciler.providers.map(async (provider) => rounds(options, provider, signal)),
  );
}

async function rounds(
  options: RoundsOptions,
  provider: PaymentProvider,
  signal: AbortSignal,
): Promise<void> {
  const { locks, now, random, log, everyMs = 180_000 } = options;
  const { dayEveryMs = hourMs, roundMs = 600_000 } = options;
  let daysDueAt = now();
  let dayRounds = 0;
  const round = async () => {
    await pause(Math.round(everyMs * (0.75 + random() / 2)), signal);
    if (signal.aborted) return;
    const release = await locks.tryLock(`reconciliation/${provider}`);
    if (release === null) return;
    try {
      const withinRound = AbortSignal.any([signal, AbortSignal.timeout(roundMs)]);
      await options.reconciler.pollOpen(withinRound, provider);
      if (now() < daysDueAt) return;
      for (const day of daysOf(now(), dayRounds % backEvery === 0)) {
        await options.reconciler.reconcileDay(day, withinRound, { only: provider });
      }
      daysDueAt = now() + dayEveryMs;
      dayRounds += 1;
    } finally {
      await release();
    }
  };
  const onTrouble = (error: unknown) => log('warn', 'reconciliation.failed', { provider }, error);
  await forever(round, { signal, onTrouble, random });
}

/** Today too: a refund made in the provider's dashboard should not wait for tomorrow. In its first hour there is too little of it. */
function daysOf(nowMs: number, isFarBack: boolean): readonly string[] {
  const ago = Array.from({ length: isFarBack ? backDays : 1 }, (_, i) => (i + 1) * dayMs);
  return [
    ...new Set([hourMs, ...ago].map((ms) => new Date(nowMs - ms).toISOString().slice(0, 10))),
  ];
}
