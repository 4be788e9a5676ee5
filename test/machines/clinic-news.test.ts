import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { clinicMachine } from '../../machines/clinic.ts';
import { dealMachine } from '../../machines/deal.ts';
import { startNested } from './nested.ts';
import { deal, flights, price, receipt } from './walk.ts';

const at = '2027-01-01T09:00:00.000Z';
const legs = flights(1).offers[0]?.legs ?? [];
const trip = {
  type: 'trip.confirmed',
  booking: { bookingId: 'case-1-b1', adults: 2, children: 0 },
  flights: legs,
  total: price,
};

/** The clinic's side of one case, stored and read again after every step. */
function startClinic() {
  const walk = startNested({
    machine: clinicMachine.provide({ actors: { deal: dealMachine } }),
    input: { caseId: 'case-1', dealId: null, itineraryId: null },
    effects: ['tellClinic', 'readDeal', 'comparePlan'],
  });
  return {
    ...walk,
    consent: (purpose: string, status: 'given' | 'refused') =>
      walk.send({ type: 'consent.changed', purpose, status, lang: 'en', at }),
    link: (ids: object) => walk.send({ type: 'staff.linked', at, ...ids }),
    deal: () => walk.context()['deal'],
    news: () => walk.heard(),
  };
}

suite('the clinic’s side', () => {
  test('hears of the flights once the trip is paid and the deal is linked, and the plan is compared', () => {
    const clinic = startClinic();
    clinic.send(trip);
    assert.deepEqual(clinic.waitsFor(), []);
    clinic.link({ dealId: 'deal-9' });
    assert.deepEqual(clinic.answer('tellClinic', receipt), {
      dealId: 'deal-9',
      caseId: 'case-1',
      booking: trip.booking,
      flights: legs,
      total: price,
    });
    assert.deepEqual(clinic.news(), [{ type: 'clinic.told', flights: legs, itineraryId: 'I-1' }]);
    clinic.consent('service', 'given');
    clinic.answer('readDeal', deal);
    assert.deepEqual(clinic.answer('comparePlan', { isPlanned: true, differences: [] }), {
      itineraryId: 'I-1',
      flights: legs,
    });
    assert.equal(clinic.atRest.replayed(), clinic.atRest.text());
  });

  test('is tried again by staff where it could not be told', () => {
    const clinic = startClinic();
    clinic.link({ dealId: 'deal-9' });
    clinic.send(trip);
    clinic.fail('tellClinic', 'provider_down');
    assert.deepEqual(clinic.news(), [{ type: 'handOver', reason: 'clinic-not-told' }]);
    clinic.send({ type: 'staff.resume', at });
    assert.deepEqual(clinic.waitsFor(), ['tellClinic']);
  });

  test('keeps the treatment of a deal only with the consent to health data', () => {
    const clinic = startClinic();
    clinic.consent('service', 'given');
    clinic.consent('health-data', 'given');
    clinic.link({ dealId: 'deal-9' });
    assert.deepEqual(clinic.answer('readDeal', deal), {
      dealId: 'deal-9',
      mayKeepTreatment: true,
    });
    assert.deepEqual(clinic.deal(), deal);
    clinic.consent('health-data', 'refused');
    assert.deepEqual(clinic.deal(), { ...deal, treatment: null });
  });

  test('forgets another patient’s deal', () => {
    const clinic = startClinic();
    clinic.consent('service', 'given');
    clinic.link({ dealId: 'deal-9' });
    clinic.answer('readDeal', deal);
    clinic.link({ dealId: 'deal-10' });
    assert.equal(clinic.deal(), null);
    assert.deepEqual(clinic.waitsFor(), ['readDeal']);
  });
});
