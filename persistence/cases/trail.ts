import type { HistoryEntryView } from '../../actors/ports/desk.ts';

/** The state values before and after a step, of its line in the trail. */
export function statesIn(detail: string): { stateBefore: unknown; stateAfter: unknown } {
  const { stateBefore, stateAfter } = detailOf(detail);
  const parsed = (state: string | null) => (state === null ? null : jsonOf(state));
  return { stateBefore: parsed(stateBefore), stateAfter: parsed(stateAfter) };
}

/** A line of the trail that is no longer what was written is shown as that: what was wrong with it `verify` says. */
const damagedDetail: Detail = {
  kind: 'event',
  type: 'unreadable',
  disposition: 'applied',
  reason: 'unreadable',
  effects: [],
  stateBefore: null,
  stateAfter: null,
};

export const detailOf = (detail: string): Detail => (jsonOf(detail) ?? damagedDetail) as Detail;

/** Null for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type Detail = Pick<HistoryEntryView, 'kind' | 'type' | 'disposition' | 'reason' | 'effects'> & {
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
};
