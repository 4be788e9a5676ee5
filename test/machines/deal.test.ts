import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { SnapshotFrom } from 'xstate';

import { comparePlan } from '../../actors/performers/stay-plan.ts';
import type { dealMachine } from '../../machines/deal.ts';
import {
  confirmed,
  day,
  deal,
  inIntake,
  paid,
  awaitingPayment,
  receipt,
  isOpen,
  type Walk,
} from './walk.ts';

const regionOf = (walk: Walk): unknown => {
  const { value } = walk.state();
  return isOpen(value) ? value.open['deal'] : null;
};
const dealIn = (walk: Walk) =>
  walk.below('clinic', 'deal')?.getSnapshot() as SnapshotFrom<typeof dealMachine> | undefined;
const clinicIn = (walk: Walk) => walk.state().context.clinic;
const differing = {
  isPlanned: true,
  differences: [{ what: 'arrival', ours: '2027-02-01T11:05', theirs: '2027-02-02T11:05' }],
};
const planned = { isPlanned: true, differences: [] };
const unplanned = { isPlanned: false, differences: [] };

/** The clinic has the flights; its plan is asked for. */
async function told(): Promise<Walk> {
  const walk = await confirmed();
  walk.link({ dealId: 'deal-1' });
  await walk.answer('readDeal', deal);
  await walk.answer('tellClinic', receipt);
  return walk;
}

suite("a case's deal at the clinic", () => {
  test('is read as soon as staff have linked it, and gives treatment, price and days', async () => {
    const walk = inIntake();
    assert.equal(regionOf(walk), 'none');
    walk.link({ dealId: 'deal-1' });
    assert.deepEqual(await walk.answer('readDeal', deal), {
      dealId: 'deal-1',
      mayKeepTreatment: false,
    });
    assert.deepEqual(clinicIn(walk).deal, deal);
    assert.equal(dealIn(walk)?.value, 'known');
  });

  test('is read with its treatment only where health data may be kept', async () => {
    const walk = inIntake();
    walk.write('I need a knee replacement');
    walk.press('consent:health-data:yes');
    walk.link({ dealId: 'deal-1' });
    const order = (await walk.answer('readDeal', deal)) as { mayKeepTreatment: boolean };
    assert.equal(order.mayKeepTreatment, true);
    walk.press('consent:health-data:no');
    assert.deepEqual(clinicIn(walk).deal, { ...deal, treatment: null });
  });

  test('that cannot be read goes to staff, and is read again when they resume', async () => {
    const walk = inIntake();
    walk.link({ dealId: 'deal-1' });
    await walk.fail('readDeal', Object.assign(new Error('no'), { code: 'provider_refused' }));
    assert.deepEqual(
      [dealIn(walk)?.value, dealIn(walk)?.context.heldFor, walk.state().context.handedOverFor],
      ['held', 'deal-not-read', 'deal-held'],
    );
    walk.staff('staff.resume');
    await walk.answer('readDeal', deal);
    assert.equal(dealIn(walk)?.value, 'known');
  });

  test('that was cancelled goes to staff', async () => {
    const walk = inIntake();
    walk.link({ dealId: 'deal-1' });
    await walk.answer('readDeal', { ...deal, status: 'cancelled' });
    assert.equal(dealIn(walk)?.context.heldFor, 'deal-cancelled');
    assert.equal(walk.state().context.handedOverFor, 'deal-held');
  });

  test('of another patient is not looked at any longer', async () => {
    const walk = inIntake();
    walk.link({ dealId: 'deal-1' });
    await walk.answer('readDeal', deal);
    walk.link({ dealId: 'deal-2' });
    assert.equal(clinicIn(walk).deal, null);
    assert.deepEqual(await walk.answer('readDeal', { ...deal, id: 'deal-2' }), {
      dealId: 'deal-2',
      mayKeepTreatment: false,
    });
    assert.equal(clinicIn(walk).deal?.id, 'deal-2');
  });

  test('is forgotten with the consent to everything', async () => {
    const walk = inIntake();
    walk.link({ dealId: 'deal-1' });
    await walk.answer('readDeal', deal);
    walk.write('stop');
    assert.equal(clinicIn(walk).deal, null);
  });
});

suite("the clinic's plan of the stay", () => {
  test('is read back once the clinic has the flights, and agrees', async () => {
    const walk = await told();
    const { booking } = walk.state().context;
    assert.deepEqual(await walk.answer('comparePlan', planned), {
      itineraryId: 'I-1',
      flights: booking?.offer.legs,
    });
    assert.equal(dealIn(walk)?.value, 'agreed');
    assert.equal(walk.state().context.handedOverFor, null);
  });

  test('that differs goes to staff, and is compared again when they resume', async () => {
    const walk = await told();
    await walk.answer('comparePlan', differing);
    assert.deepEqual(
      [dealIn(walk)?.context.heldFor, dealIn(walk)?.context.differences],
      ['itinerary-differs', differing.differences],
    );
    assert.equal(walk.state().context.handedOverFor, 'deal-held');
    walk.staff('staff.resume');
    await walk.answer('readDeal', deal);
    await walk.answer('comparePlan', planned);
    assert.deepEqual([dealIn(walk)?.value, dealIn(walk)?.context.differences], ['agreed', []]);
  });

  test('that lacks the flights is looked at once a day for two weeks, and then goes to staff', async () => {
    const walk = await told();
    for (let look = 1; look < 14; look++) {
      await walk.answer('comparePlan', unplanned);
      assert.equal(dealIn(walk)?.value, 'planning');
      walk.clock.increment(day);
    }
    await walk.answer('comparePlan', unplanned);
    assert.equal(dealIn(walk)?.context.heldFor, 'itinerary-not-planned');
  });

  test('that nobody named is not asked for until staff name it', async () => {
    const walk = await confirmed();
    walk.link({ dealId: 'deal-1' });
    await walk.answer('readDeal', deal);
    await walk.answer('tellClinic', { ...receipt, itineraryId: null });
    assert.equal(dealIn(walk)?.value, 'known');
    walk.link({ itineraryId: 'I-9' });
    const { itineraryId } = (await walk.answer('comparePlan', planned)) as { itineraryId: string };
    assert.equal(itineraryId, 'I-9');
  });

  test('is compared also where the flights were sent before the deal could be read', async () => {
    const walk = await awaitingPayment();
    walk.link({ dealId: 'deal-1' });
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    await walk.answer('tellClinic', receipt);
    await walk.answer('readDeal', deal);
    await walk.answer('comparePlan', planned);
    assert.equal(dealIn(walk)?.value, 'agreed');
  });
});

suite('comparing a plan with flights', () => {
  const segment = (departLocal: string, arriveLocal: string) => ({
    carrier: 'PC',
    flightNumber: '978',
    from: 'BER',
    to: 'IST',
    departLocal,
    arriveLocal,
    durationMinutes: 200,
  });
  const there = {
    durationMinutes: 400,
    segments: [
      segment('2027-03-01T06:00:00', '2027-03-01T08:00:00'),
      segment('2027-03-01T09:00:00', '2027-03-01T12:55:00'),
    ],
  };
  const back = {
    durationMinutes: 200,
    segments: [segment('2027-03-08T23:30:00', '2027-03-09T00:35:00')],
  };
  const item = (kind: 'arrival' | 'departure' | 'treatment' | 'transfer', at: string) => ({
    kind,
    at,
    place: null,
    note: null,
  });
  const arrival = item('arrival', '2027-03-01T12:55:00+03:00');
  const departure = item('departure', '2027-03-08T23:30:00+03:00');

  test('finds nothing where the wall clocks agree, whatever the offset', () => {
    assert.deepEqual(comparePlan([there, back], { items: [arrival, departure] }), planned);
    assert.deepEqual(comparePlan([there], { items: [arrival] }), planned);
  });

  test('takes half an hour for the same time', () => {
    const late = item('arrival', '2027-03-01T13:25:00+03:00');
    assert.deepEqual(comparePlan([there], { items: [late] }), planned);
  });

  test('finds another day and another hour, with both times', () => {
    const items = [
      item('arrival', '2027-03-02T12:55:00+03:00'),
      item('departure', '2027-03-08T20:30:00+03:00'),
    ];
    assert.deepEqual(comparePlan([there, back], { items }).differences, [
      { what: 'arrival', ours: '2027-03-01T12:55', theirs: '2027-03-02T12:55' },
      { what: 'departure', ours: '2027-03-08T23:30', theirs: '2027-03-08T20:30' },
    ]);
  });

  test('finds a treatment before the patient lands or after they left', () => {
    const items = [
      arrival,
      departure,
      item('treatment', '2027-03-01T09:00:00+03:00'),
      item('treatment', '2027-03-09T09:00:00+03:00'),
      item('treatment', '2027-03-02T09:00:00+03:00'),
    ];
    assert.deepEqual(
      comparePlan([there, back], { items }).differences.map(({ what }) => what),
      ['treatment-before-arrival', 'treatment-after-departure'],
    );
  });

  test('is not planned without the arrival, or without a departure where there is a way back', () => {
    const transfer = item('transfer', '2027-03-01T14:00:00+03:00');
    assert.deepEqual(comparePlan([there], { items: [transfer] }), unplanned);
    assert.deepEqual(comparePlan([there, back], { items: [arrival] }), unplanned);
  });
});
