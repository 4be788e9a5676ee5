import { setImmediate } from 'node:timers/promises';

const longestMs = 10;

/** To be awaited between small pieces of work: lets others have their turn once we had ours for 10 ms. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  const pause = async () => {
    await setImmediate();
    since = performance.now();
  };
  return () => (performance.now() - since < longestMs ? undefined : pause());
}
