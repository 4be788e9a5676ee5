import { Gauge, type Registry } from 'prom-client';

import type { Log } from '../../telemetry.ts';

/**
 * A clock that is set by the network is right to some milliseconds, so 2 s already say that nobody sets it any more.
 */
const warnMs = 2_000;
/**
 * Beyond it this process should get no work. Stripe's signatures are refused when they are 5 minutes off, and a clock
 * that nobody sets drifts on: a minute is far from both what is normal and what breaks. It is not less, because with
 * PostgreSQL's own clock wrong every process is unready at once.
 */
const unreadyMs = 60_000;
/** An answer that took longer says too little. */
const mostUncertainMs = 1_000;
const warnAgainMs = 5 * 60_000;

export interface ClockWatch {
  /** Compares once. Rejects only with what asking the database rejected with. */
  compare(): Promise<void>;
  /** Throws when the two were a minute or more apart at the last comparison. */
  check(): void;
}

/**
 * Watches how far this process' clock is from PostgreSQL's: exports it, warns in the log, and has a say in readiness. A
 * wrong clock refuses genuine webhooks and fires timers early or late, and nothing else would name the cause.
 */
export function watchClock(options: {
  /** Epoch ms. */
  readonly databaseClock: () => Promise<number>;
  readonly registry: Registry;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}): ClockWatch {
  const { databaseClock, registry, log, now } = options;
  const gauge = new Gauge({
    name: 'clock_skew_seconds',
    help: 'How far the clock of this process is ahead of PostgreSQL’s',
    registers: [registry],
  });
  let aheadMs = 0;
  let warnedAt = -Infinity;
  return {
    async compare() {
      const askedAt = now();
      const begun = performance.now();
      const theirs = await databaseClock();
      const tookMs = performance.now() - begun;
      if (!Number.isFinite(theirs) || tookMs > mostUncertainMs) return;
      aheadMs = askedAt + tookMs / 2 - theirs;
      gauge.set(aheadMs / 1_000);
      if (Math.abs(aheadMs) < warnMs || performance.now() - warnedAt < warnAgainMs) return;
      warnedAt = performance.now();
      const reason = aheadMs > 0 ? 'clock_ahead_of_postgresql' : 'clock_behind_postgresql';
      log('warn', 'clock.skewed', { reason, durationMs: Math.round(Math.abs(aheadMs)) });
    },
    check() {
      if (Math.abs(aheadMs) < unreadyMs) return;
      throw new Error(`The clock is ${Math.round(aheadMs / 1_000)} s ahead of PostgreSQL's`);
    },
  };
}
