import { isOfContent, KernelOverloaded } from './errors.ts';

export interface Batcher<T, R> {
  /**
   * Resolves with this item's own result, or rejects with the error of the batch it was in. Only if that error lies in
   * what was added (`isOfContent`), halves are tried, so that it meets the item it comes from and no other.
   */
  add(item: T): Promise<R>;
  /** Resolves when everything added so far is settled. */
  idle(): Promise<void>;
}

export interface BatcherOptions<T, R> {
  /** Gives one result for each item, in order. */
  readonly flush: (items: readonly T[]) => Promise<readonly R[]>;
  readonly maxBatch: number;
  /** Items waiting at most; one more is refused with `KernelOverloaded`. */
  readonly maxQueue: number;
  /** Flushes at once; 1 keeps the order of commits the order of calls. */
  readonly concurrency?: number;
}

/**
 * Lets concurrent calls share one round trip: while a flush runs, the next batch gathers, so that under load batches
 * grow and the cost of each item falls. An idle batcher flushes within the same turn of the event loop.
 */
export function createBatcher<T, R>({
  flush,
  maxBatch,
  maxQueue,
  concurrency = 1,
}: BatcherOptions<T, R>): Batcher<T, R> {
  interface Waiting {
    readonly item: T;
    readonly resolve: (result: R) => void;
    readonly reject: (error: unknown) => void;
  }
  let queue: Waiting[] = [];
  let running = 0;
  let scheduled = false;
  let idlers: (() => void)[] = [];

  const schedule = () => {
    if (scheduled || running >= concurrency || queue.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void run();
    });
  };
  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const results = await flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => resolve(results[i] as R));
    } catch (error) {
      if (batch.length > 1 && isOfContent(error)) {
        const half = batch.length >> 1;
        await settle(batch.slice(0, half)); // One after the other: the order of calls stays the order of commits.
        await settle(batch.slice(half));
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  };
  const run = async () => {
    const batch = queue.splice(0, maxBatch);
    if (batch.length === 0) return;
    running++;
    schedule();
    try {
      await settle(batch);
    } finally {
      running--;
      if (queue.length > 0) schedule();
      else if (running === 0) {
        for (const done of idlers) done();
        idlers = [];
      }
    }
  };

  return {
    add(item) {
      if (queue.length >= maxQueue)
        return Promise.reject(new KernelOverloaded('Too many calls wait for the ledger'));
      return new Promise<R>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        schedule();
      });
    },
    idle: () =>
      running === 0 && queue.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => idlers.push(resolve)),
  };
}
