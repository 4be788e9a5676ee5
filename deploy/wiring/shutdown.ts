import type { Log } from '../../telemetry.ts';

/** Ends what was started. */
type Stop = () => Promise<unknown>;

/** Everything that a process started, and how it ends. */
export interface Shutdown {
  /** What is stopped before everything that was started earlier. */
  onStop(stop: Stop): void;
  /** What is stopped after all others, such as health, which can be asked to the end. */
  onStopLast(stop: Stop): void;
  /** What takes its time and holds up nobody: begun first, waited for last. */
  onStopSlowly(stop: Stop): void;
  readonly isDraining: boolean;
  /** Stops everything in the opposite order of its start, and ends the process whatever hangs. Called again, it changes nothing. */
  drain(code: number): Promise<void>;
}

/** SIGTERM to exit. Kubernetes gives 30 s, and a second copy is waiting for our partitions. */
const drainMs = 9_000;

export function createShutdown(log: Log): Shutdown {
  const stops: Stop[] = [];
  const slowStops: Stop[] = [];
  let isDraining = false;
  return {
    onStop: (stop) => void stops.push(stop),
    onStopLast: (stop) => void stops.unshift(stop),
    onStopSlowly: (stop) => void slowStops.push(stop),
    get isDraining() {
      return isDraining;
    },
    async drain(code) {
      if (isDraining) return;
      isDraining = true;
      setTimeout(() => process.exit(code || 1), drainMs).unref();
      const trouble = (error: unknown) => log('warn', 'process.drain', {}, error);
      const slow = slowStops.map(async (stop) => stop().catch(trouble));
      for (const stop of stops.toReversed()) await stop().catch(trouble);
      await Promise.all(slow);
      process.exit(code);
    },
  };
}
