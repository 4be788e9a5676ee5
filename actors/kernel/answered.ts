import { isOfContent } from './errors.ts';
import { backoffMs, pause } from './loop.ts';

export interface AnsweredOptions {
  /** Tried again until this long after the first try, ms. */
  readonly withinMs: number;
  /** Aborts when this process has no more time for it. The first try is made all the same. */
  readonly signal: AbortSignal;
  readonly random: () => number;
  /** Hears of each failed try but the last. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Has work that may be repeated done until it is known to be done: after a lost connection nobody knows whether it was.
 *
 * Rejects with what the last try rejected with, and at once with what another try would meet again.
 */
export async function untilAnswered<T>(
  work: () => Promise<T>,
  { withinMs, signal, random, onTrouble }: AnsweredOptions,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (isOfContent(error) || signal.aborted) throw error;
      const waitMs = backoffMs(tries, 50, 1_000, random);
      if (performance.now() + waitMs > until) throw error;
      onTrouble(error);
      await pause(waitMs, signal);
    }
  }
}
