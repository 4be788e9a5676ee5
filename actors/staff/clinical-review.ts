import { randomUUID } from 'node:crypto';

import { ExpectedError } from '../errors.ts';
import { patientSystem } from '../performers/clinic.ts';
import type { ClinicPort } from '../ports/clinic.ts';
import type { ClinicalPort } from '../ports/clinical.ts';
import type { ClinicReading, Desk, ReviewView, Staff } from '../ports/desk.ts';
import type { Performing } from '../ports/performing.ts';

/** A clinician waits in front of a screen. What has not answered by then is shown as unavailable. */
const patienceMs = 8_000;
/** As many as a screen shows; the clinic's own system has the rest. */
const observationsShown = 100;

/**
 * A desk whose review also shows what the clinic's own systems say now: observations and studies of the linked patient, and
 * the plan of the stay. They are read for each look and kept nowhere, only with the consent to health data, and each by
 * itself: one that cannot be read says why, and the others are shown.
 */
export function withClinicRecords(
  desk: Desk,
  { clinical, clinic }: { readonly clinical: ClinicalPort; readonly clinic: ClinicPort },
): Desk {
  return {
    ...desk,
    async readReview(staff, caseId) {
      const review = await desk.readReview(staff, caseId);
      if (review === null) return null;
      const performing = performingFor(staff);
      const { patientId, itineraryId } = review.clinic;
      const [record, itinerary] = await Promise.all([
        reading(review, patientId, async (id) => recordOf(clinical, id, performing)),
        reading(review, itineraryId, async (id) => clinic.itinerary(id, performing)),
      ]);
      return { ...review, record, itinerary };
    },
  };
}

function performingFor({ tenant }: Staff): Performing {
  return {
    effectId: `review-${randomUUID()}`,
    attempt: 1,
    tenant,
    signal: AbortSignal.timeout(patienceMs),
  };
}

async function recordOf(clinical: ClinicalPort, patientId: string, performing: Performing) {
  const patient = await clinical.findPatient(
    { system: patientSystem, value: patientId },
    performing,
  );
  if (patient === null) return null;
  const [observations, studies] = await Promise.all([
    clinical.observations(patient.id, { limit: observationsShown }, performing),
    clinical.imagingStudies(patient.id, performing),
  ]);
  return {
    observations: observations.items,
    studies: studies.items,
    /** Entries of the record that are not as they have to be, and are not shown. */
    unreadable: observations.unreadable + studies.unreadable,
  };
}

async function reading<Value>(
  { mayReadHealthData }: ReviewView,
  id: string | null,
  read: (id: string) => Promise<Value | null>,
): Promise<ClinicReading<Value>> {
  if (id === null) return { outcome: 'not-linked' };
  if (!mayReadHealthData) return { outcome: 'not-permitted' };
  try {
    const value = await read(id);
    return value === null ? { outcome: 'not-found' } : { outcome: 'read', value };
  } catch (error) {
    // The reason alone: an error of a provider may quote what it was asked.
    return {
      outcome: 'unavailable',
      reason: error instanceof ExpectedError ? error.code : 'timed_out',
    };
  }
}
