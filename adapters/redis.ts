import { setTimeout as sleep } from 'node:timers/promises';

/** Past this we go on without Redis, or refuse to, as the caller decides. */
const ANSWER_TIMEOUT_MS = 500;

/**
 * What Redis answered, or undefined when it failed or took too long; it may still carry the command out.
 * ioredis by itself queues commands while it reconnects, for longer than a patient's message can be held in memory.
 */
export async function inTime<T>(
  command: () => Promise<T>,
): Promise<{ readonly answer: T } | undefined> {
  const late = new AbortController();
  try {
    return await Promise.race([
      command().then((answer) => ({ answer })),
      sleep(ANSWER_TIMEOUT_MS, undefined, { signal: late.signal, ref: false }),
    ]);
  } catch {
    return undefined;
  } finally {
    late.abort();
  }
}
