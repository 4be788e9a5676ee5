import type { FamilyCase } from './ports/directory.ts';

/**
 * How sure it is that a message is for the case it is given to. `sure`: it says so itself. `likely`: that case asked last.
 * `unclear`: several wait for an answer, so the case has to ask whom it is for.
 */
export type Routed = 'sure' | 'likely' | 'unclear';

/** What a message says of the case that it is for. */
export interface Clue {
  /** The case that has it already, that said what it answers, or that heard what it changes. */
  readonly named: string | null;
  /** The end of its button's id. */
  readonly tag: string | null;
  /** It is a button. */
  readonly isPressed: boolean;
}

export interface Route {
  readonly caseId: string;
  readonly routed: Routed;
}

/** Whoever writes on within this goes on with what they said before, ms. */
export const defaultBreathMs = 15_000;

/** The part of a case's id that stands on the buttons of a named patient: a contact has six cases at most. */
export const tagOfCase = (caseId: string): string => caseId.slice(0, 8);

/** A button's id with the case that it belongs to, and such an id apart again. */
export const taggedButton = (id: string, caseId: string): string => `${id}~${tagOfCase(caseId)}`;
export function untaggedButton(id: string): { readonly id: string; readonly tag: string | null } {
  const [, own, tag] = /^(.*)~([\w.:-]{1,8})$/s.exec(id) ?? [];
  return own === undefined || tag === undefined ? { id, tag: null } : { id: own, tag };
}

/**
 * The case of a contact that a message is for. `cases` are the contact's, oldest first; `now` by the clock of their times.
 * Null where none of them is open. The same message goes where it went before: `named` says so.
 */
export function routeOf(
  cases: readonly FamilyCase[],
  clue: Clue,
  now: number,
  breathMs = defaultBreathMs,
): Route | null {
  const named = cases.find(({ caseId }) => caseId === clue.named);
  // Also a case that is over: what comes again, or changes what was said there, is nobody else's.
  if (named !== undefined) return sure(named);
  const open = cases.filter(({ opened, over }) => opened && !over);
  const [first, ...others] = open;
  if (first === undefined) return null;
  if (others.length === 0) return sure(first);
  if (clue.tag !== null) {
    const tagged = open.find(({ caseId }) => tagOfCase(caseId) === clue.tag);
    if (tagged !== undefined) return sure(tagged);
  }
  // One without a tag was sent while there was only one case.
  if (clue.isPressed && clue.tag === null) return sure(first);
  return byLastQuestion(open, now, breathMs);
}

const sure = ({ caseId }: FamilyCase): Route => ({ caseId, routed: 'sure' });

const latest = (cases: readonly FamilyCase[], at: 'askedAt' | 'heardAt') =>
  cases.reduce<FamilyCase | undefined>(
    (last, one) => ((one[at] ?? 0) > (last?.[at] ?? 0) ? one : last),
    undefined,
  );

function byLastQuestion(open: readonly FamilyCase[], now: number, breathMs: number): Route {
  const heardLast = latest(open, 'heardAt');
  const heardAt = heardLast?.heardAt ?? 0;
  const isAsking = ({ askedAt, heardAt: own }: FamilyCase) => (askedAt ?? 0) > (own ?? 0);
  const sinceThen = open.filter(({ askedAt }) => (askedAt ?? 0) > heardAt);
  const askedLast = latest(open.filter(isAsking), 'askedAt') ?? heardLast ?? open[0];
  const { caseId } = askedLast as FamilyCase;
  if (sinceThen.length === 1) return { caseId, routed: 'likely' };
  if (sinceThen.length > 1) return { caseId, routed: 'unclear' };
  // What was asked before the patient last wrote may be open still, in any of the cases.
  const asksElsewhere = open.some((one) => one !== heardLast && isAsking(one));
  if (heardLast !== undefined && now - heardAt <= breathMs && !asksElsewhere)
    return { caseId: heardLast.caseId, routed: 'likely' };
  return { caseId, routed: 'unclear' };
}
