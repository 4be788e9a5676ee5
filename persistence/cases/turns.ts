import { setImmediate } from 'node:timers/promises';

/** How long one piece of work may hold the event loop, in ms: a fifth of what anybody should notice. */
const turnMs = 10;

/**
 * For work in many short steps: await what this returns before each of them. When the steps since the last time have
 * taken their turn, whatever else waits for the event loop goes first.
 */
export function turns(): () => Promise<void> {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < turnMs) return;
    await setImmediate();
    startedAt = performance.now();
  };
}
