import { isOfContent } from './errors.ts';

/**
 * Does `work` with all items together. If it fails for what one of them holds, with one half after the other, until that
 * one is alone: `spoilt` hears its error, and the others are done.
 *
 * Rejects with any other error that `work` rejects with.
 */
export async function inHalves<T>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<unknown>,
  spoilt: (error: unknown, item: T) => void,
): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  try {
    await work(items);
  } catch (error) {
    if (!isOfContent(error)) throw error;
    if (items.length === 1) {
      spoilt(error, first);
      return;
    }
    const half = items.length >> 1;
    await inHalves(items.slice(0, half), work, spoilt);
    await inHalves(items.slice(half), work, spoilt);
  }
}
