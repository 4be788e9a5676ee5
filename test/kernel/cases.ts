import type { AnyStateMachine } from 'xstate';

import { openCase, type CaseAtRest } from './stored.ts';

/** An opened case of this machine. */
export function open(
  machine: AnyStateMachine,
  effects: readonly string[] = [],
  input: unknown = null,
): CaseAtRest {
  const one = openCase({ subject: { machine } }, effects);
  one.activate([{ create: { machine: 'subject', input } }]);
  return one;
}

export const effectIds = ({ effects }: CaseAtRest) => effects.map(({ effectId }) => effectId);

export const valueOf = (one: CaseAtRest) => (one.envelope().snapshot as { value: unknown }).value;

/** The state, and what its machine kept of an answer. */
export function answered(one: CaseAtRest): [unknown, unknown] {
  const { value, context } = one.envelope().snapshot as {
    value: unknown;
    context: { kept: unknown };
  };
  return [value, context.kept];
}
