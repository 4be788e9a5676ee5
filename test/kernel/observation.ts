import type { AnyEventObject } from 'xstate';

import { revive, type Mark } from '../../actors/kernel/values.ts';

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
  /** Of the whole tree. */
  readonly tags: readonly string[];
  readonly timers: readonly string[];
  /** What was invoked, performed and emitted since the start, in order. */
  readonly asked: readonly unknown[];
}

/** What a promise is answered with, as the ledger has it: a performer's error by its name, code and message. */
export function answerTo(call: number, ok: boolean): unknown {
  if (ok) return { answer: call };
  return { name: 'Refused', code: `refused_${call}`, message: 'no' };
}

/** The same in memory: what failed is an error. */
export function thrownBy(call: number): Error {
  return Object.assign(new Error('no'), { name: 'Refused', code: `refused_${call}` });
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
 * JSON there and back, in the forms that the kernel keeps: what history states remember sorted, and all that JSON does
 * not know under a name of its own, so that it is compared and not lost.
 */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(named(value, '')) ?? 'null') as unknown;
}

function named(value: unknown, key: string): unknown {
  if (value === undefined) return { $undefined: true };
  if (Object.is(value, -0)) return { $minusZero: true };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) {
    const { name, message, ...rest } = value;
    return { $error: named({ name, message, ...rest }, '') };
  }
  // A live actor in a context, as XState writes it.
  if ('sessionId' in value && 'send' in value)
    return { xstate$$type: 1, id: (value as { id?: unknown }).id };
  if (Array.isArray(value)) {
    const items: unknown[] = value.map((item) => named(item, ''));
    if (key !== 'remembered') return items;
    const states = value as { id: string }[];
    return states.map(({ id }) => ({ id })).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
  // XState's own records have keys that are there with a value or without one.
  const isRecord =
    ('status' in value && 'error' in value) || ('src' in value && 'snapshot' in value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, item]) =>
          !isRecord || (item !== undefined && (name !== 'syncSnapshot' || item === true)),
      )
      .map(([name, item]) => [name, named(item, key === 'historyValue' ? 'remembered' : name)]),
  );
}

interface StoredSnapshot {
  readonly marks?: readonly Mark[];
  readonly value?: unknown;
  readonly historyValue?: unknown;
  readonly children?: Readonly<
    Record<string, { readonly snapshot: StoredSnapshot; readonly is?: string }>
  >;
}

/** A stored snapshot as it was before JSON, with references as XState writes them. */
export function unmarked(stored: unknown): unknown {
  const { marks = [], ...snapshot } = structuredClone(stored) as StoredSnapshot;
  revive(snapshot, marks);
  const whole = { output: undefined, error: undefined, ...snapshot };
  // Of what runs, machines alone have a value.
  if (!('value' in snapshot)) return whole;
  const { children = {}, historyValue = {} } = snapshot;
  return {
    ...whole,
    historyValue,
    children: Object.fromEntries(
      Object.entries(children).map(([id, { is: _is, ...child }]) => [
        id,
        { ...child, snapshot: unmarked(child.snapshot) },
      ]),
    ),
  };
}

/** What leaves a case does so as JSON. */
export const outward = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
