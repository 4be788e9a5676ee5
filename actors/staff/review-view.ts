import * as v from 'valibot';

import { parseEnvelope } from '../kernel/persisted-state.ts';
import type { ReviewView } from '../ports/desk.ts';
import type { Deal, PlanDifference } from '../shapes/clinic.ts';
import type { Leak } from '../shapes/imaging.ts';
import { familyOf } from './case-view.ts';

const Id = v.nullable(v.string());

/** What a review is read from: an odd snapshot is none. */
const Whole = v.object({
  root: v.object({
    clinic: v.object({ patientId: Id, dealId: Id, itineraryId: Id }),
    consents: v.object({ 'health-data': v.object({ status: v.string() }) }),
    documents: v.array(v.object({ key: v.string(), size: v.number(), contentType: v.string() })),
  }),
  journey: v.optional(v.object({ review: v.string() })),
  review: v.optional(v.object({ imaging: v.unknown(), imagingHeld: v.nullish(v.looseObject({})) })),
  imaging: v.optional(v.object({ leaks: v.array(v.unknown()) })),
  clinic: v.optional(v.object({ deal: v.unknown() })),
  deal: v.optional(
    v.object({ heldFor: v.nullable(v.string()), differences: v.array(v.unknown()) }),
  ),
});

/** What clinicians see of a case; null for a snapshot that knows no review. */
export function reviewOf(envelope: string): ReviewView | null {
  const parsed = v.safeParse(Whole, familyOf(parseEnvelope(envelope).snapshot));
  if (!parsed.success) return null;
  const { root, journey, review, imaging, clinic, deal } = parsed.output;
  const held = review?.imagingHeld ?? null;
  return {
    review: journey?.review ?? 'unneeded',
    clinic: { ...root.clinic, deal: (clinic?.deal ?? null) as Deal | null },
    imaging: review?.imaging ?? null,
    imagingHeld: held && { ...held, leaks: (imaging?.leaks ?? []) as readonly Leak[] },
    documents: root.documents,
    dealHeldFor: deal?.heldFor ?? null,
    differences: (deal?.differences ?? []) as readonly PlanDifference[],
    mayReadHealthData: root.consents['health-data'].status === 'given',
  };
}
