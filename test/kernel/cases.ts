import type { AnyStateMachine } from 'xstate';

import { openCase, type PersistedCase } from './stored.ts';

/** An opened case of this machine. */
export function open(
  machine: AnyStateMachine,
  effects: readonly string[] = [],
  input: unknown = null,
): PersistedCase {
  const one = openCase({ subject: { machine } }, effects);
  one.activate([{ create: { machine: 'subject', input } }]);
  return one;
}

export const effectIds = ({ effects }: PersistedCase) => effects.map(({ effectId }) => effectId);

export const valueOf = (one: PersistedCase) =>
  (one.envelope().snapshot as { value: unknown }).value;

/** The state, and what its machine kept of an answer. */
export function answered(one: PersistedCase): [unknown, unknown] {
  const { value, context } = one.envelope().snapshot as {
    value: unknown;
    context: { kept: unknown };
  };
  return [value, context.kept];
}
