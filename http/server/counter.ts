/** Counts what repeats, so that it need not be written down each time. */
export interface Counter {
  /** How often this key came in its window, now included. The first time opens the window. */
  count(key: string): number;
  /** Takes the key's last count back: what it stood for did not happen. */
  forget(key: string): void;
}

export interface CounterOptions {
  readonly windowMs: number;
  /** Keys at one time. One more closes the oldest window early. */
  readonly mostKeys: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** Hears how often a key came, once its window is over. Windows are looked at when something is counted, and each minute. */
  readonly onClosed?: (key: string, count: number) => void;
}

const lookEveryMs = 60_000;

export function createCounter({
  windowMs,
  mostKeys,
  now,
  onClosed = () => undefined,
}: CounterOptions): Counter {
  /** Oldest first, and so the one that closes first stands first. */
  const windows = new Map<string, { readonly until: number; count: number }>();

  function closeOver(): void {
    for (const [key, { until, count }] of windows) {
      if (until > now() && windows.size <= mostKeys) return;
      windows.delete(key);
      onClosed(key, count);
    }
  }

  // Holds no process: what is left when it ends was counted in vain, and no more than that.
  setInterval(closeOver, lookEveryMs).unref();

  return {
    count(key) {
      closeOver();
      const open = windows.get(key);
      if (open) return (open.count += 1);
      windows.set(key, { until: now() + windowMs, count: 1 });
      return 1;
    },
    forget(key) {
      const open = windows.get(key);
      if (open && (open.count -= 1) === 0) windows.delete(key);
    },
  };
}
