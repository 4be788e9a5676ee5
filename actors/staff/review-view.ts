import * as v from 'valibot';

import { parseEnvelope } from '../kernel/persisted-state.ts';
import type { ReviewView } from '../ports/desk.ts';
import type { Deal, PlanDifference } from '../shapes/clinic.ts';

const Id = v.nullable(v.string());
const DealActor = v.object({
  snapshot: v.object({
    context: v.object({ heldFor: v.nullable(v.string()), differences: v.array(v.unknown()) }),
  }),
});
const Snapshot = v.object({
  context: v.object({
    review: v.string(),
    clinic: v.object({ patientId: Id, dealId: Id, itineraryId: Id, deal: v.unknown() }),
    consents: v.object({ 'health-data': v.object({ status: v.string() }) }),
    imaging: v.unknown(),
    imagingHeld: v.unknown(),
    documents: v.array(v.object({ key: v.string(), size: v.number(), contentType: v.string() })),
  }),
  children: v.optional(v.looseObject({ deal: v.optional(DealActor) }), {}),
});

/** What clinicians see of a case; null for a snapshot that knows no review. */
export function reviewOf(envelope: string): ReviewView | null {
  const parsed = v.safeParse(Snapshot, parseEnvelope(envelope).snapshot);
  if (!parsed.success) return null;
  const { context, children } = parsed.output;
  const { consents, clinic, ...rest } = context;
  const plan = children.deal?.snapshot.context;
  return {
    ...rest,
    clinic: { ...clinic, deal: clinic.deal as Deal | null },
    dealHeldFor: plan?.heldFor ?? null,
    differences: (plan?.differences ?? []) as readonly PlanDifference[],
    mayReadHealthData: consents['health-data'].status === 'given',
  };
}
