import * as v from 'valibot';

import { parseEnvelope } from '../kernel/persisted-state.ts';
import type { AttentionView, CaseStanding, WaitingView } from '../ports/desk.ts';
import { handOverReasons } from '../shapes/hand-over.ts';
import { familyOf } from './case-view.ts';

const Reason = v.picklist(handOverReasons);

/** What the attention actor of a case knows. */
const Known = v.object({
  reasons: v.array(
    v.object({ reason: Reason, newestAt: v.nullable(v.string()), times: v.number() }),
  ),
  unanswered: v.number(),
  escalations: v.number(),
  taken: v.nullable(v.object({ by: v.nullable(v.string()), at: v.string() })),
  rights: v.nullable(v.object({ kind: v.string(), at: v.string() })),
});
type Known = v.InferOutput<typeof Known>;

/** Null for a case that has no such actor, or one that nobody here knows. */
function knownIn(snapshot: unknown): Known | null {
  const parsed = v.safeParse(Known, familyOf(snapshot).attention);
  return parsed.success ? parsed.output : null;
}

/** The tag of a case that staff have for this reason. */
export const reasonTag = (reason: string) => `staff:${reason}`;
const escalatedTag = (times: number) => `escalated:${times}`;

const reasonsOf = ({ reasons, rights }: Known) => [
  ...reasons,
  ...(rights === null
    ? []
    : [{ reason: 'rights-request' as const, newestAt: rights.at, times: 1 }]),
];

/**
 * Why staff have a case, as tags: what is counted, listed and dated by its tags needs no key of the case. The tag of the last
 * escalation is as old as that is.
 */
export function attentionTags(snapshot: unknown): string[] {
  // Of every commit: nothing is parsed that is not there.
  const context = familyOf(snapshot).attention;
  if (context === undefined) return [];
  const { reasons, rights, escalations } = context;
  return [
    ...reasons.map(({ reason }) => reasonTag(reason)),
    ...(rights === null ? [] : [reasonTag('rights-request')]),
    ...(escalations === 0 ? [] : [escalatedTag(escalations)]),
  ];
}

/** The reasons behind a state of the attention actor that waits, what was given last first; none for one that is not understood. */
export function reasonsFor(path: readonly string[], context: unknown): readonly string[] {
  const parsed = v.safeParse(Known, context);
  if (!parsed.success) return [];
  if (path[0] === 'rights') return ['rights-request'];
  return parsed.output.reasons.map(({ reason }) => reason).toReversed();
}

const urgencyOf = (reasons: readonly { readonly reason: string }[]): AttentionView['urgency'] => {
  if (reasons.length === 0) return 'none';
  return reasons.some(({ reason }) => reason === 'urgent') ? 'urgent' : 'normal';
};

/** What staff have to see to in a case, of its envelope, of since when it has its tags, and of what it waits for. */
export function attentionOf(
  envelope: string,
  { tagsSince }: Pick<CaseStanding, 'tagsSince'>,
  why: readonly WaitingView[],
): AttentionView | null {
  const { snapshot } = parseEnvelope(envelope);
  const known = knownIn(snapshot);
  if (known === null) return null;
  const { unanswered, escalations, taken } = known;
  const reasons = reasonsOf(known)
    .map((one) => ({ ...one, since: tagsSince.get(reasonTag(one.reason)) ?? null }))
    .toReversed();
  const waits = why.filter(({ state }) => state.startsWith('attention.'));
  const urgent = waits.find(({ reason }) => reason === 'urgent');
  const first = urgent ?? waits.toSorted(byTarget)[0];
  return {
    urgency: urgencyOf(reasons),
    urgentSince: tagsSince.get('urgent') ?? null,
    reasons,
    unanswered,
    targetAt: first?.targetAt ?? null,
    isOverdue: waits.some(({ isOverdue }) => isOverdue),
    escalations: { count: escalations, lastAt: tagsSince.get(escalatedTag(escalations)) ?? null },
    taken,
  };
}

const byTarget = (one: WaitingView, other: WaitingView): number =>
  Date.parse(one.targetAt ?? '9999-12-31') - Date.parse(other.targetAt ?? '9999-12-31');
