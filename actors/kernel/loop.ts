import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: true }).catch(() => undefined);
}

/** `baseMs` doubled with each attempt up to `maxMs`, then between half and all of it, so that those who failed together do not return together. */
export function backoffMs(
  attempt: number,
  baseMs: number,
  maxMs: number,
  random: () => number,
): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(full * (0.5 + random() / 2));
}

/**
 * Runs `turn` again and again until `signal` aborts. A turn that throws is reported and followed by a growing pause;
 * the loop itself never ends by an error, because a worker that silently stops is the worst kind of outage.
 */
export async function forever(
  turn: () => Promise<void>,
  {
    signal,
    onTrouble,
    random,
  }: { signal: AbortSignal; onTrouble: (error: unknown) => void; random: () => number },
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await turn();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      await pause(backoffMs(++failures, 50, 3_000, random), signal);
    }
  }
}
