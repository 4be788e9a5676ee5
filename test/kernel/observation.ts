import type { AnyEventObject } from 'xstate';

/** Something that happens to a case. `settle` answers the `call`-th promise that was ever asked for. */
export type Happening =
  | { readonly kind: 'send'; readonly event: AnyEventObject }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'settle'; readonly call: number; readonly ok: boolean };

export type Disposition = 'applied' | 'ignored' | 'dead';

/** All that can be seen of a case, in a form that does not depend on who hosts it. */
export interface Observation {
  /** How the happening ended, then each timer that fired after it. */
  readonly dispositions: readonly Disposition[];
  /** The whole persisted actor tree: states, contexts, children, history, status, output. */
  readonly snapshot: unknown;
  /** Of the root; children have none that XState stores. */
  readonly tags: readonly string[];
  readonly timers: readonly string[];
  /** What was invoked, performed and emitted since the start, in order. */
  readonly asked: readonly unknown[];
}

/** What a promise is answered with. The same for both hosts, and JSON, as a performer's would be. */
export function answerTo(call: number, ok: boolean): unknown {
  if (ok) return { answer: call };
  return { name: 'Refused', code: `refused_${call}`, message: 'no' };
}

/** A timer as text: what, from whom to whom, and how long it still runs. */
export function timerText(
  { id, source, target, event }: { id: string; source: string; target: string; event: unknown },
  remainingMs: number,
): string {
  // XState makes up random ids for timers without one; the kernel numbers them.
  const name = /^(t:\d+|[a-z0-9]+)$/.test(id) ? '(unnamed)' : id;
  return JSON.stringify([remainingMs, name, source, target, event]);
}

/**
 * JSON there and back, in the forms that the kernel keeps: errors as name and message; what history states remember
 * sorted; without the mark of a context that holds actors.
 */
export function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (key, item: unknown) => {
    if (item instanceof Error) return { name: item.name, message: item.message };
    if (key === 'refs') return undefined;
    if (key !== 'historyValue') return item;
    const remembered = Object.entries(item as Record<string, { id: string }[]>);
    return Object.fromEntries(
      remembered.map(([id, states]) => [
        id,
        states.map((state) => ({ id: state.id })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      ]),
    );
  });
  return JSON.parse(text ?? 'null');
}
