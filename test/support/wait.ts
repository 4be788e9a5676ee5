import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 10;

/** What `if (value)` lets through of a `T`. */
type Truthy<T> = Exclude<T, null | undefined | false | 0 | 0n | ''>;

/**
 * Asks `condition` again and again until it answers something truthy, and returns that. A condition that throws
 * (nobody listens yet, no such row yet) counts as "not yet".
 *
 * @throws {Error} not within `timeoutMs` (10 s if absent): "Waited 10 s for <what>", with what it threw last as cause
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what }: { timeoutMs?: number; what: string },
): Promise<Truthy<T>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const answer = await condition();
      if (answer) return answer as Truthy<T>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs / 1_000} s for ${what}`, { cause });
    }
    await delay(pollMs);
  }
}
