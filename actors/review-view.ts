import * as v from 'valibot';

import { parseEnvelope } from './kernel/activate.ts';
import type { ReviewView } from './ports/desk.ts';

const Snapshot = v.object({
  context: v.object({
    review: v.string(),
    clinic: v.object({ patientId: v.nullable(v.string()), dealId: v.nullable(v.string()) }),
    imaging: v.unknown(),
    imagingHeld: v.unknown(),
    documents: v.array(v.object({ key: v.string(), size: v.number(), contentType: v.string() })),
  }),
});

/** What clinicians see of a case; null for a case of a version that knew no review. */
export function reviewOf(envelope: string): ReviewView | null {
  const parsed = v.safeParse(Snapshot, parseEnvelope(envelope).snapshot);
  return parsed.success ? parsed.output.context : null;
}
