import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ProviderBusy } from '../../actors/errors.ts';
import type { ClinicPort } from '../../actors/ports/clinic.ts';
import type { ClinicalPort } from '../../actors/ports/clinical.ts';
import type { ReviewView } from '../../actors/ports/desk.ts';
import { withClinicRecords } from '../../actors/staff/clinical-review.ts';
import { reviewOf } from '../../actors/staff/review-view.ts';
import { memoryDesk } from '../http/edge.ts';
import { noPorts } from '../machines/no-ports.ts';
import {
  anonymised,
  confirmed,
  deal,
  inImaging,
  leaking,
  receipt,
  study as imagesFound,
} from '../machines/walk.ts';

const staff = { subject: 'doctor-1', tenant: 'tenant-a', roles: ['clinician'] };
const observation = {
  id: 'o-1',
  code: { system: 'http://loinc.org', code: '39156-5', text: 'BMI' },
  value: null,
  components: [],
  at: '2026-11-30',
  status: 'final',
};
const study = {
  id: 's-1',
  studyInstanceUid: '1.2.3',
  startedAt: null,
  modalities: ['DX'],
  description: null,
  seriesCount: 1,
  instanceCount: 2,
  wadoEndpoint: null,
};
const plan = { id: 'I-1', items: [] };

function reviewing({
  review = {},
  clinical = {},
  clinic = {},
}: {
  readonly review?: Partial<ReviewView>;
  readonly clinical?: Partial<ClinicalPort>;
  readonly clinic?: Partial<ClinicPort>;
}) {
  const asked: unknown[] = [];
  const base = memoryDesk();
  const desk = withClinicRecords(
    {
      ...base,
      readReview: async (who, caseId) => {
        const found = await base.readReview(who, caseId);
        return found && { ...found, ...review };
      },
    },
    {
      clinical: {
        ...noPorts.clinical,
        findPatient: async (identifier, { tenant }) => {
          asked.push(['findPatient', identifier.value, tenant]);
          return { id: 'record-1' } as Awaited<ReturnType<ClinicalPort['findPatient']>>;
        },
        observations: async (patientId, { limit }) => {
          asked.push(['observations', patientId, limit]);
          return { items: [observation], unreadable: 1 };
        },
        imagingStudies: async (patientId) => {
          asked.push(['imagingStudies', patientId]);
          return { items: [study], unreadable: 0 };
        },
        ...clinical,
      },
      clinic: {
        ...noPorts.clinic,
        itinerary: async (itineraryId) => {
          asked.push(['itinerary', itineraryId]);
          return plan;
        },
        ...clinic,
      },
    },
  );
  return { asked, read: async () => desk.readReview(staff, 'case-1') };
}

const linked = { patientId: 'P-1', dealId: 'D-1', itineraryId: 'I-1', deal };

suite('a review with the clinic’s records', () => {
  test('shows observations and studies of the linked patient, and the plan of the stay', async () => {
    const { asked, read } = reviewing({ review: { clinic: linked } });
    const review = await read();
    assert.deepEqual(review?.record, {
      outcome: 'read',
      value: { observations: [observation], studies: [study], unreadable: 1 },
    });
    assert.deepEqual(review?.itinerary, { outcome: 'read', value: plan });
    assert.deepEqual(asked.map(String).toSorted(), [
      'findPatient,P-1,tenant-a',
      'imagingStudies,record-1',
      'itinerary,I-1',
      'observations,record-1,100',
    ]);
  });

  test('asks nobody for a patient who is not linked or did not agree', async () => {
    const unlinked = { patientId: null, dealId: null, itineraryId: null, deal: null };
    const nobody = reviewing({ review: { clinic: unlinked } });
    const review = await nobody.read();
    assert.deepEqual(
      [review?.record, review?.itinerary],
      [{ outcome: 'not-linked' }, { outcome: 'not-linked' }],
    );
    const unwilling = reviewing({ review: { clinic: linked, mayReadHealthData: false } });
    assert.deepEqual((await unwilling.read())?.record, { outcome: 'not-permitted' });
    assert.deepEqual([...nobody.asked, ...unwilling.asked], []);
  });

  test('shows the rest where one of the two cannot be read, with the reason and no more', async () => {
    const { read } = reviewing({
      review: { clinic: linked },
      clinical: {
        observations: async () => {
          throw new ProviderBusy('fhir', 'rate_limited');
        },
      },
    });
    const review = await read();
    assert.deepEqual(review?.record, { outcome: 'unavailable', reason: 'provider_busy' });
    assert.equal(review?.itinerary?.outcome, 'read');
    const broken = reviewing({
      review: { clinic: linked },
      clinic: {
        itinerary: async () => {
          throw new Error('GET /itinerary/I-1 of Anna');
        },
      },
    });
    assert.deepEqual((await broken.read())?.itinerary, {
      outcome: 'unavailable',
      reason: 'timed_out',
    });
  });

  test('says so where the clinic knows no such patient', async () => {
    const { read } = reviewing({
      review: { clinic: linked },
      clinical: { findPatient: async () => null },
    });
    assert.deepEqual((await read())?.record, { outcome: 'not-found' });
  });

  test('is nothing for a case of another tenant, and nobody is asked', async () => {
    const { asked, read } = reviewing({});
    const { tenant: _, ...who } = staff;
    assert.ok(await read());
    asked.length = 0;
    const desk = withClinicRecords(memoryDesk(), noPorts);
    assert.equal(await desk.readReview({ ...who, tenant: 'tenant-b' }, 'case-1'), null);
    assert.deepEqual(asked, []);
  });
});

suite('a review of a case', () => {
  test('has the deal, and where the plan differs from the flights', async () => {
    const walk = await confirmed();
    walk.link({ dealId: 'deal-1' });
    await walk.answer('readDeal', deal);
    await walk.answer('tellClinic', receipt);
    const differences = [{ what: 'arrival', ours: '2027-02-01T11:05', theirs: '2027-02-02T11:05' }];
    await walk.answer('comparePlan', { isPlanned: true, differences });
    const snapshot = walk.actor.getPersistedSnapshot();
    const review = reviewOf(JSON.stringify({ snapshot }));
    assert.deepEqual(
      [review?.clinic.deal, review?.dealHeldFor, review?.differences],
      [deal, 'itinerary-differs', differences],
    );
    assert.equal(review?.mayReadHealthData, false);
  });

  test('has the reason, the place and the number of images for which a study is held', async () => {
    const walk = inImaging();
    await walk.answer('findStudies', [imagesFound()]);
    await walk.answer('anonymiseStudy', anonymised());
    await walk.answer('inspectStudy', leaking);
    const snapshot = walk.actor.getPersistedSnapshot();
    assert.deepEqual(reviewOf(JSON.stringify({ snapshot }))?.imagingHeld, {
      heldFor: 'leak',
      tags: ['0008,1030', '0028,0301'],
      leaks: leaking.leaks,
    });
  });

  test('says whether health data may be read', () => {
    const snapshot = inImaging().actor.getPersistedSnapshot();
    const review = reviewOf(JSON.stringify({ snapshot }));
    assert.deepEqual([review?.mayReadHealthData, review?.dealHeldFor], [true, null]);
  });
});
