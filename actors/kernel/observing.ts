import type { Observer } from './ports.ts';

/**
 * An observer whose faults are its own: what it throws is reported as trouble and stops nobody's work. What it traces
 * is done once, whether it does it, drops it or throws before or after.
 */
export function guarded(outside: Observer): Observer {
  const report = (error: unknown) => {
    try {
      outside.trouble?.('observer', error);
    } catch {
      // Then nobody can hear of it.
    }
  };
  const safely = (work: () => void) => {
    try {
      work();
    } catch (error) {
      report(error);
    }
  };

  async function traced<T>(
    name: string,
    traceparent: string | null,
    work: () => Promise<T>,
  ): Promise<T> {
    let done: Promise<T> | null = null;
    const once = () => (done ??= work());
    try {
      await outside.trace?.(name, traceparent, once);
    } catch (error) {
      if (!done) report(error); // Else it is most likely the work's own error, which its caller gets.
    }
    return once();
  }

  return {
    committed: (updates) => safely(() => outside.committed?.(updates)),
    count: (what, n) => safely(() => outside.count?.(what, n)),
    note: (what, about) => safely(() => outside.note?.(what, about)),
    // Left out where nobody listens, so that nothing is gathered.
    ...(outside.log ? { log: (line, about) => safely(() => outside.log?.(line, about)) } : {}),
    trouble: (where, error) => safely(() => outside.trouble?.(where, error)),
    trace: traced,
  };
}
