import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { TicketingInput } from '../../machines/ticketing-types.ts';
import { ticketingMachine } from '../../machines/ticketing.ts';
import { day, hour, minute, startNested } from './nested.ts';
import { ordered, price } from './walk.ts';

const bookingId = 'case-1-b1';
const way = {
  flight: 'TK1722',
  from: 'BER',
  to: 'IST',
  departLocal: '2027-02-01T10:40:00',
  arriveLocal: '2027-02-01T15:45:00',
  stops: 0,
};
const input: TicketingInput = {
  bookingId,
  total: price,
  trip: { ways: [way], party: { adults: 2, childrenAges: [] } },
  order: { provider: 'duffel', offerId: 'off_1' },
};
const asked = {
  orderId: `${bookingId}-f1`,
  bookingId,
  provider: 'duffel',
  offerId: 'off_1',
  expect: price,
};
const pending = { state: 'pending' };
const refusedFor = (reason: string, now: object | null = null) => ({
  state: 'refused',
  reason,
  code: null,
  now,
});

/** The tickets of one trip, stored and read again after every step. */
function start() {
  const walk = startNested({
    machine: ticketingMachine,
    input,
    effects: ['orderFlights', 'findFlightOrder', 'readFlightOrder'],
  });
  return {
    ...walk,
    tell: (type: string, more: object = {}) => walk.send({ type, bookingId, ...more }),
    /** What the case was told, as type and what it is about. */
    news: () =>
      (walk.heard() as Record<string, unknown>[]).map(({ type, text, reason }) =>
        [type, text, reason].filter((part) => typeof part === 'string').join(' '),
      ),
  };
}
function ordering() {
  const walk = start();
  walk.tell('ticketing.begin');
  walk.tell('travellers.given', { version: 1, count: 2, at: '2027-01-01T09:00:00Z' });
  walk.news();
  return walk;
}

suite('the tickets of a trip', () => {
  test('ask for passports once it is paid and not before, remind, and call a person after two days', () => {
    const walk = start();
    walk.tell('travellers.given');
    assert.deepEqual([walk.value(), walk.news(), walk.waitsFor()], ['unpaid', [], []]);
    walk.tell('ticketing.begin');
    assert.deepEqual(walk.news(), ['travellers.wanted travellers.ask']);
    walk.tell('trip.asked');
    assert.deepEqual(walk.news(), ['say trip.ticketing', 'travellers.wanted travellers.again']);
    walk.wait(20 * hour);
    assert.deepEqual(walk.news(), ['travellers.wanted travellers.reminder']);
    walk.wait(day + 4 * hour);
    assert.deepEqual(walk.news(), ['handOver flight-held']);
    walk.tell('travellers.given');
    assert.deepEqual(walk.waitsFor(), ['orderFlights'], 'Late is not too late');
  });

  test('are said when the airline has issued one for each, with codes and numbers, and not before', () => {
    const walk = ordering();
    assert.deepEqual(walk.answer('orderFlights', ordered(bookingId, 1)), asked);
    assert.deepEqual([walk.value(), walk.news()], ['ordered', []]);
    walk.tell('trip.asked');
    assert.deepEqual(walk.news(), ['say trip.ticketing']);
    walk.wait(10_000);
    walk.answer('readFlightOrder', ordered(bookingId, 1));
    walk.wait(minute);
    assert.deepEqual(walk.answer('readFlightOrder', ordered(bookingId, 2)), {
      orderId: asked.orderId,
      provider: 'duffel',
      orderRef: `ord_${bookingId}`,
    });
    const [said, told] = walk.heard() as [{ text: string; values: object }, object];
    assert.equal(said.text, 'trip.ticketed');
    const { tickets, pnr } = ordered(bookingId, 2);
    assert.deepEqual(said.values, {
      title: input.trip,
      bookingId: { reference: bookingId },
      pnr,
      tickets: tickets.join(', '),
    });
    assert.deepEqual(told, { type: 'trip.ticketed', bookingId });
    walk.tell('trip.asked');
    assert.deepEqual(walk.news(), ['say trip.ticketed']);
  });

  test('whose order is in doubt are looked for and never ordered again, and after a day are a person’s', () => {
    for (const doubt of ['pending', 'failed'] as const) {
      const walk = ordering();
      if (doubt === 'pending') walk.answer('orderFlights', pending);
      else walk.fail('orderFlights', 'provider_unreachable');
      assert.deepEqual([walk.value(), walk.news()], ['unknown', []]);
      let looks = 0;
      const waits = [10_000, minute, 5 * minute, 15 * minute];
      while (walk.value() === 'unknown') {
        walk.wait(waits[looks] ?? hour);
        assert.deepEqual(walk.waitsFor(), ['findFlightOrder']);
        if (looks % 2 === 0) assert.deepEqual(walk.answer('findFlightOrder', null), asked);
        else walk.fail('findFlightOrder', 'provider_unreachable');
        looks++;
      }
      assert.deepEqual([looks, walk.value()], [28, 'held']);
      assert.equal(walk.context()['heldFor'], 'order-unknown');
      assert.deepEqual(walk.news(), ['handOver flight-held', 'say trip.held']);
    }
    const found = ordering();
    found.answer('orderFlights', pending);
    found.wait(10_000);
    found.answer('findFlightOrder', ordered(bookingId, 2));
    assert.equal(found.value(), 'ticketed');
  });

  test('that cost more are held, and ordered once more for what staff allow, under another id', () => {
    const walk = ordering();
    const upTo = { ...price, amountMinor: '99900' };
    walk.answer('orderFlights', refusedFor('price-changed', upTo));
    assert.equal(walk.context()['heldFor'], 'price-changed');
    assert.deepEqual(walk.news(), ['handOver flight-held', 'say trip.held']);
    walk.tell('staff.orderFlights', { upTo, at: '2027-01-01T09:00:00Z' });
    assert.deepEqual(walk.answer('orderFlights', ordered(bookingId, 2)), {
      ...asked,
      orderId: `${bookingId}-f2`,
      expect: upTo,
    });
    assert.equal(walk.value(), 'ticketed');
  });

  test('that staff ordered by hand are as good', () => {
    const walk = ordering();
    walk.fail('orderFlights', 'provider_refused');
    assert.equal(walk.context()['heldFor'], 'not-ordered');
    walk.news();
    walk.tell('staff.ticketed', { pnr: 'ABC123', tickets: ['1', '2'] });
    assert.deepEqual(walk.news(), ['say trip.ticketed', 'trip.ticketed']);
  });

  test('whose passports an airline does not take are asked for again, three times at most', () => {
    const walk = ordering();
    for (let attempt = 1; attempt < 3; attempt++) {
      walk.answer('orderFlights', refusedFor('passenger-data'));
      assert.deepEqual(walk.news(), ['travellers.wanted travellers.wrong']);
      walk.tell('travellers.given');
    }
    walk.answer('orderFlights', refusedFor('passenger-data'));
    assert.equal(walk.context()['heldFor'], 'passenger-data');
    walk.news();
    walk.tell('trip.asked');
    assert.deepEqual(walk.news(), ['say trip.held']);
    walk.tell('travellers.given');
    assert.deepEqual(walk.waitsFor(), ['orderFlights'], 'What they send then counts');
  });

  test('that are not wanted any more are not ordered, or are a person’s to give back, whenever that is heard', () => {
    const asksNobody = start();
    asksNobody.tell('ticketing.begin');
    const isTicketed = ordering();
    isTicketed.answer('orderFlights', ordered(bookingId, 2));
    const isRefused = ordering();
    const isLate = ordering();
    isLate.answer('orderFlights', ordered(bookingId, 0));
    const isFound = ordering();
    isFound.answer('orderFlights', pending);
    const isUnknown = ordering();
    isUnknown.answer('orderFlights', pending);
    while (isUnknown.value() === 'unknown') {
      isUnknown.wait(hour);
      isUnknown.answer('findFlightOrder', null);
    }
    for (const [walk, then, end] of [
      [asksNobody, () => undefined, 'over'],
      [isTicketed, () => undefined, 'toGiveBack'],
      [isUnknown, () => undefined, 'toGiveBack'],
      [isRefused, () => isRefused.answer('orderFlights', refusedFor('offer-gone')), 'over'],
      [
        isLate,
        () => {
          isLate.wait(10_000);
          isLate.answer('readFlightOrder', ordered(bookingId, 2));
        },
        'toGiveBack',
      ],
      [
        isFound,
        () => {
          isFound.wait(10_000);
          isFound.answer('findFlightOrder', ordered(bookingId, 2));
        },
        'toGiveBack',
      ],
    ] as const) {
      walk.news();
      walk.tell('ticketing.stop');
      then();
      assert.equal(walk.value(), end);
      assert.deepEqual(walk.news(), end === 'over' ? [] : ['handOver flight-held']);
      walk.tell('travellers.given');
      assert.deepEqual(walk.waitsFor(), []);
    }
  });
});
