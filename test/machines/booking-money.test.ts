import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { BookingInput } from '../../machines/booking-types.ts';
import { bookingMachine } from '../../machines/booking.ts';
import type {
  BookingRecord,
  Checkout,
  CheckoutOrder,
  Money,
  PaymentReference,
  RefundOrder,
  RefundState,
} from '../../machines/money-types.ts';
import {
  assertFaithful,
  day,
  hour,
  minute,
  startNested,
  type Answer,
  type Nested,
  type Step,
} from './nested.ts';
import { checkout, paid, price, refunded, unpaid } from './walk.ts';

const acceptedAt = '2027-01-01T09:00:00.000Z';

const nested = (change: Partial<BookingInput> = {}): Nested => ({
  machine: bookingMachine,
  input: {
    caseId: 'case-1',
    bookingId: 'case-1-b1',
    lang: 'en',
    total: price,
    title: 'BER-IST',
    payer: {
      firstName: null,
      familyName: null,
      email: null,
      phone: '491700000001',
      country: null,
      city: null,
      address: null,
    },
    acceptedAt,
    beginsOn: '2027-02-01',
    ...change,
  } satisfies BookingInput,
  effects: ['openCheckout', 'closeCheckout', 'readPayment', 'refundPayment', 'recordBooking'],
});

const euros = (amountMinor: number | bigint | string): Money => ({
  amountMinor: String(amountMinor),
  currency: 'EUR',
});

/** A link that lives for half an hour, as iyzico's do. */
const shortLived = (attempt = 1): Checkout => ({
  provider: 'iyzico',
  checkoutId: `token-${attempt}`,
  url: `https://pay.example/token-${attempt}`,
  expiresAt: '2027-01-01T09:30:00.000Z',
  lifetimeMs: 30 * minute,
});
const shortly = (attempt: number, state: object) => ({
  ...state,
  provider: 'iyzico',
  checkoutId: `token-${attempt}`,
});

interface Said {
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly choices?: readonly string[];
}

/** The states that a booking rests in, and what the books call them. */
const restingStates: readonly (readonly [RegExp, BookingRecord['state']])[] = [
  [/^"opening"$/, 'opening'],
  [/^"(?:waiting|linkExpired)"$/, 'awaiting-payment'],
  [/^"held"$/, 'held'],
  [/^"refunding"$/, 'refunding'],
  [/^"refunded"$/, 'refunded'],
  [/^"lapsed"$/, 'lapsed'],
  [/"paid":"confirmed"/, 'confirmed'],
  [/"paid":"(?:disputed|chargedBack)"/, 'disputed'],
];

/** One booking, stored and read again after every step. */
function startBooking(change: Partial<BookingInput> = {}) {
  const walk = startNested(nested(change));
  const { atRest } = walk;
  const inputsOf = (name: string): unknown[] =>
    atRest.effects
      .filter((effect) => effect.name === name)
      .map(({ input }) => JSON.parse(input) as unknown);
  const said: Said[] = [];
  const told: { readonly type: string }[] = [];
  /** What the parent heard: what is to be said, and what is told. */
  const listen = () => {
    for (const heard of walk.heard() as ({ readonly type: string } & Said)[])
      (heard.type === 'say' ? said : told).push(heard);
  };
  const at = () => new Date(Date.parse(acceptedAt) + atRest.now() - 1_000_000).toISOString();
  const booking = {
    ...walk,
    at,
    said(): Said[] {
      listen();
      return said.splice(0);
    },
    heard(): unknown[] {
      listen();
      return told.splice(0);
    },
    texts: () => booking.said().map(({ text }) => text),
    records: () => inputsOf('recordBooking') as BookingRecord[],
    refundsAsked: () => inputsOf('refundPayment') as RefundOrder[],
    published: () => inputsOf('payment.succeeded'),
    heldFor: () => walk.context()['heldFor'] as string | null,
    told: () => (booking.heard() as { type: string }[]).map(({ type }) => type),
    notify: (notice: string, checkoutId: string | null = 'cs_case-1-b1') =>
      walk.send({
        type: 'payment.notified',
        provider: 'stripe',
        notice,
        bookingId: 'case-1-b1',
        checkoutId,
        paymentId: null,
        at: at(),
      }),
    renew: () => walk.send({ type: 'booking.renew', at: at() }),
    abandon: () => walk.send({ type: 'booking.abandon' }),
    resume: () => walk.send({ type: 'staff.resume', at: at() }),
    refundedElsewhere: () =>
      walk.send({ type: 'staff.refunded', bookingId: 'case-1-b1', at: at() }),
    refund: (amount?: Money, asked = at()) =>
      walk.send({
        type: 'staff.refund',
        bookingId: 'case-1-b1',
        at: asked,
        ...(amount === undefined ? {} : { amount }),
      }),
    opened: (state: object = checkout()) => walk.answer('openCheckout', state) as CheckoutOrder,
    read: (state: object) => walk.answer('readPayment', state) as PaymentReference,
  };
  return booking;
}
type Booking = ReturnType<typeof startBooking>;

/** What holds of every booking, whatever happened to it. */
function assertSound(booking: Booking): void {
  const records = booking.records();
  assert.deepEqual(
    records.map(({ revision }) => revision),
    records.map((_, index) => index + 1),
    'Revisions count up',
  );
  for (const { caseId, bookingId, total } of records) {
    assert.deepEqual(
      [caseId, bookingId, total],
      ['case-1', 'case-1-b1', booking.context()['total']],
    );
  }
  const value = JSON.stringify(booking.value());
  const state = restingStates.find(([pattern]) => pattern.test(value))?.[1];
  const last = records.at(-1);
  const { payment, second, heldFor } = booking.context();
  if (state !== undefined) {
    assert.deepEqual(
      [last?.state, last?.payments, last?.heldFor],
      [state, [payment, second].filter((one) => one !== null), heldFor],
      'The last record says where it stands',
    );
  }
  for (const { state: recorded, heldFor: reason } of records) {
    assert.equal(reason !== null, recorded === 'held', `${recorded} is held for ${reason}`);
  }
  assert.ok(booking.published().length <= 1, 'It is announced once');
  assert.equal(booking.atRest.replayed(), booking.atRest.text());
}

/** A test whose booking has to be sound in the end. */
const holds = (title: string, play: (start: typeof startBooking) => void): void => {
  test(title, () => {
    const begun: Booking[] = [];
    play((change) => {
      const booking = startBooking(change);
      begun.push(booking);
      return booking;
    });
    for (const booking of begun) assertSound(booking);
  });
};

const awaiting = (start: typeof startBooking, change?: Partial<BookingInput>) => {
  const booking = start(change);
  booking.opened();
  booking.said();
  return booking;
};
const linked = (start: typeof startBooking) => {
  const booking = start();
  booking.opened(shortLived());
  booking.said();
  return booking;
};
const confirmed = (start: typeof startBooking, change: Partial<BookingInput> = {}) => {
  const booking = awaiting(start, change);
  const total = change.total ?? price;
  booking.notify('paid');
  booking.read(paid({ total, captured: total }));
  booking.told();
  return booking;
};
/** Nobody paid the one link of a day: a look at its end, the checkout is closed, and a last look. */
const lapses = (booking: Booking): void => {
  booking.wait(23 * hour);
  booking.read(unpaid('open'));
  booking.answer('closeCheckout', null);
  booking.read(unpaid('expired'));
  assert.equal(booking.value(), 'lapsed');
};
/** Paid, after its time was over. */
const late = (start: typeof startBooking) => {
  const booking = awaiting(start);
  lapses(booking);
  booking.said();
  booking.told();
  booking.notify('paid');
  booking.read(paid());
  return booking;
};
const dispute = (status: string) => ({ disputeId: 'dp_1', amount: price, status });

suite('a link of half an hour', () => {
  holds('runs out after a last look, and the patient gets a button for another one', (start) => {
    const booking = start();
    assert.equal(booking.opened(shortLived()).attempt, 1);
    assert.deepEqual(booking.texts(), ['payment.link']);
    booking.wait(30 * minute - 1);
    assert.deepEqual(booking.waitsFor(), []);
    booking.wait(1);
    assert.deepEqual(booking.value(), 'reading');
    assert.equal(booking.read(shortly(1, unpaid('expired'))).checkoutId, 'token-1');
    assert.deepEqual(booking.value(), 'linkExpired');
    booking.notify('expired', 'token-1'); // The provider says so too.
    booking.read(shortly(1, unpaid('expired')));
    const [renewal, ...more] = booking.said();
    assert.deepEqual(more, []);
    assert.equal(renewal?.text, 'payment.renew');
    assert.deepEqual(renewal?.choices, ['pay:again:case-1-b1']);
    assert.deepEqual(booking.waitsFor(), []);
  });

  holds('is followed by the next, which lives as long from when it was asked for', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('expired')));
    booking.wait(2 * hour);
    booking.renew();
    const order = booking.opened(shortLived(2));
    assert.equal(order.attempt, 2);
    assert.equal(order.expiresAt, '2027-01-02T10:30:00.000Z'); // 23 h after the button.
    const [, link] = booking.said();
    assert.deepEqual(
      [link?.text, link?.values['url']],
      ['payment.link', 'https://pay.example/token-2'],
    );
    booking.wait(30 * minute - 1);
    assert.deepEqual(booking.value(), 'waiting');
    booking.wait(1);
    assert.equal(booking.read(shortly(2, unpaid('open'))).checkoutId, 'token-2');
    assert.deepEqual(booking.value(), 'linkExpired');
    booking.renew();
    assert.equal(booking.opened(shortLived(3)).attempt, 3);
    booking.notify('paid', 'token-3');
    booking.read(shortly(3, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.deepEqual(
      booking.records().map(({ state, checkoutId }) => [state, checkoutId]),
      [
        ['opening', null],
        ['awaiting-payment', 'token-1'],
        ['awaiting-payment', 'token-1'],
        ['opening', 'token-1'],
        ['awaiting-payment', 'token-2'],
        ['awaiting-payment', 'token-2'],
        ['opening', 'token-2'],
        ['awaiting-payment', 'token-3'],
        ['confirmed', 'token-3'],
      ],
    );
  });

  holds('is asked for once, however often the button is pressed', (start) => {
    const booking = linked(start);
    booking.renew(); // The link still lives.
    assert.deepEqual(booking.value(), 'waiting');
    booking.wait(30 * minute);
    booking.renew(); // It is being looked at.
    booking.read(shortly(1, unpaid('expired')));
    booking.renew();
    booking.renew();
    assert.deepEqual(booking.waitsFor(), ['openCheckout']);
    assert.equal(booking.opened(shortLived(2)).attempt, 2);
    booking.renew();
    assert.deepEqual(booking.value(), 'waiting');
  });

  holds('was paid in the last moment, and no webhook came', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.deepEqual(booking.texts(), []);
  });

  holds('was paid although it had run out: the word of it is followed up', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('open')));
    booking.notify('paid', 'token-1');
    assert.deepEqual(booking.value(), 'reading');
    booking.notify('paid', 'token-1');
    booking.read(shortly(1, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.published().length, 1);
  });

  holds('has run out by the word of a webhook, before its time', (start) => {
    const booking = linked(start);
    booking.notify('expired', 'token-1');
    booking.read(shortly(1, unpaid('expired')));
    assert.deepEqual(booking.value(), 'linkExpired');
    assert.deepEqual(booking.texts(), ['payment.renew']);
  });

  holds('is waited for on while its payment is under way', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('pending')));
    assert.deepEqual(booking.value(), 'waiting');
    booking.wait(23.5 * hour); // Not a word of it.
    booking.answer('closeCheckout', null);
    booking.read(shortly(1, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.deepEqual(booking.texts(), []);
  });

  const renewed = (start: typeof startBooking) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('expired')));
    booking.renew();
    return booking;
  };
  const isTakenByTheFirst = (booking: Booking) => {
    assert.equal(booking.read(shortly(1, paid())).checkoutId, 'token-1');
    assert.equal(booking.read(shortly(1, paid())).checkoutId, 'token-1');
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.records().at(-1)?.checkoutId, 'token-1');
    assert.equal(booking.published().length, 1);
  };

  holds('was paid while the next one is open: the booking is paid by it', (start) => {
    const booking = renewed(start);
    booking.opened(shortLived(2));
    booking.notify('paid', 'token-1');
    isTakenByTheFirst(booking);
  });

  holds('was paid while the next one is being opened: it is looked at first', (start) => {
    const booking = renewed(start);
    booking.said();
    booking.notify('paid', 'token-1');
    booking.opened(shortLived(2));
    isTakenByTheFirst(booking);
    assert.deepEqual(booking.texts(), [], 'Another link would be paid too');
  });

  holds('was paid while the next one is being read: the word is not lost', (start) => {
    const booking = renewed(start);
    booking.opened(shortLived(2));
    booking.notify('failed', 'token-2');
    booking.notify('paid', 'token-1');
    isTakenByTheFirst(booking);
  });

  holds('was said to be paid, which the provider does not know of: it goes on', (start) => {
    const booking = renewed(start);
    booking.notify('paid', 'token-1');
    booking.said();
    booking.opened(shortLived(2));
    assert.equal(booking.read(shortly(1, unpaid('expired'))).checkoutId, 'token-1');
    assert.equal(booking.read(shortly(2, unpaid('open'))).checkoutId, 'token-2');
    assert.deepEqual([booking.value(), booking.texts()], ['waiting', ['payment.link']]);
  });

  holds('was paid, but cannot be read: it is looked at again when staff say so', (start) => {
    const booking = renewed(start);
    booking.opened(shortLived(2));
    booking.notify('paid', 'token-1');
    booking.fail('readPayment', 'provider_unreachable');
    assert.equal(booking.heldFor(), 'payment-not-readable');
    booking.resume();
    isTakenByTheFirst(booking);
    const unknown = renewed(start);
    unknown.opened(shortLived(2));
    unknown.notify('paid', 'token-9');
    unknown.fail('readPayment', 'provider_refused');
    unknown.resume();
    assert.equal(unknown.read(shortly(2, unpaid('open'))).checkoutId, 'token-2');
    assert.equal(unknown.value(), 'waiting');
  });

  holds('gives way to one that has as long as the first: reminder and end begin anew', (start) => {
    const booking = linked(start);
    booking.notify('expired', 'token-1');
    booking.read(shortly(1, unpaid('expired')));
    booking.wait(6 * hour);
    booking.renew();
    booking.opened(checkout());
    booking.said();
    booking.wait(20 * hour - 1);
    assert.deepEqual(booking.texts(), []);
    booking.wait(1);
    assert.deepEqual(booking.texts(), ['payment.reminder']);
    booking.wait(3 * hour);
    booking.read(unpaid('open'));
    booking.answer('closeCheckout', null);
    booking.read(unpaid('expired'));
    assert.equal(booking.value(), 'lapsed');
    const short = renewed(start);
    short.opened(shortLived(2));
    short.wait(30 * minute);
    short.read(shortly(2, unpaid('expired')));
    short.said();
    short.wait(23.5 * hour - 1);
    assert.deepEqual([short.value(), short.texts()], ['linkExpired', []]);
    short.wait(1);
    assert.deepEqual(short.waitsFor(), ['closeCheckout']);
  });

  holds('is not reminded of once it has run out: the address in it is dead', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('expired')));
    booking.said();
    booking.wait(19.5 * hour);
    assert.deepEqual(booking.texts(), []);
    const early = awaiting(start); // By the provider's word, long before its own end.
    early.notify('expired');
    early.read(unpaid('expired'));
    early.said();
    early.wait(20 * hour);
    assert.deepEqual(early.texts(), []);
  });

  holds('of a whole day is not worth another one: the offer is stale by then', (start) => {
    for (const look of ['open', 'expired'] as const) {
      const booking = awaiting(start);
      booking.wait(23 * hour);
      booking.said();
      booking.read(unpaid(look));
      assert.deepEqual(booking.texts(), [], look);
    }
  });

  holds('that cannot be read in the end is for staff, who ask again', (start) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.fail('readPayment', 'unreachable');
    assert.equal(booking.heldFor(), 'payment-not-readable');
    booking.resume();
    booking.read(shortly(1, unpaid('expired')));
    assert.deepEqual(booking.value(), 'linkExpired');
    assert.deepEqual(booking.texts(), ['payment.renew']);
  });
});

suite('the provider’s word', () => {
  holds('decides the first look as it decides the last', (start) => {
    const wrong = paid({ captured: euros(20_999) });
    const decided = [
      [paid(), { paid: 'confirmed' }, null],
      [wrong, 'held', 'payment-differs'],
      [paid({ total: euros(1) }), 'held', 'payment-differs'],
      [paid({ captured: { ...price, currency: 'TRY' } }), 'held', 'payment-differs'],
      [paid({ bookingId: 'case-2-b1' }), 'held', 'payment-differs'],
      [paid({ fraud: 'rejected' }), 'held', 'payment-suspected'],
      [paid({ refunds: [refunded()] }), 'refunded', null],
    ] as const;
    for (const [state, value, heldFor] of decided) {
      const first = awaiting(start);
      first.notify('paid');
      first.read(state);
      const link = linked(start);
      link.wait(30 * minute);
      link.read(state);
      const last = awaiting(start);
      last.wait(23 * hour);
      last.read(unpaid('open'));
      last.answer('closeCheckout', null);
      last.read(state);
      for (const booking of [first, link, last]) {
        assert.deepEqual([booking.value(), booking.heldFor()], [value, heldFor]);
        assert.deepEqual(
          booking.records().at(-1)?.payments,
          [booking.context()['payment']],
          'What was read is in the books',
        );
        assert.equal(booking.published().length, heldFor === null && value !== 'refunded' ? 1 : 0);
      }
    }
  });

  holds(
    'that a card was blocked leaves the page to the patient, as long as it is open',
    (start) => {
      const booking = awaiting(start);
      booking.notify('failed');
      booking.read({ ...unpaid('open'), fraud: 'rejected' });
      assert.deepEqual(booking.value(), 'waiting');
      booking.notify('paid');
      booking.read(paid());
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
    },
  );

  holds('that a payment is in review is waited for: nothing is confirmed', (start) => {
    for (const state of [{ ...unpaid('pending'), fraud: 'review' }, paid({ fraud: 'review' })]) {
      const booking = awaiting(start);
      booking.notify('paid');
      booking.read(state);
      assert.deepEqual(booking.value(), 'waiting');
      assert.deepEqual(booking.published(), []);
      booking.notify('other');
      booking.read(paid());
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
      assert.equal(booking.published().length, 1);
    }
  });

  holds(
    'that a review ended badly is for staff, and after a second look the money goes back',
    (start) => {
      const booking = awaiting(start);
      booking.notify('paid');
      booking.read(paid({ fraud: 'review' }));
      booking.notify('other');
      booking.read(paid({ fraud: 'rejected' }));
      assert.equal(booking.heldFor(), 'payment-suspected');
      booking.resume();
      booking.read(paid({ fraud: 'rejected' }));
      assert.equal(booking.heldFor(), 'payment-suspected', 'Staff cannot wave it through');
      booking.refund(price);
      booking.answer('refundPayment', refunded());
      booking.read(paid({ fraud: 'clear', refunds: [refunded()] }));
      assert.equal(booking.value(), 'refunded');
      assert.deepEqual(booking.published(), []);
    },
  );

  holds('comes late with a bank’s debit: days under way, then paid', (start) => {
    const booking = awaiting(start);
    booking.notify('pending');
    booking.read(unpaid('pending'));
    booking.wait(23 * hour);
    assert.deepEqual(booking.texts(), [], 'Nobody is to pay it again');
    booking.read(unpaid('pending'));
    assert.deepEqual(booking.value(), 'waiting');
    booking.wait(hour);
    booking.answer('closeCheckout', null);
    booking.read(unpaid('pending'));
    assert.equal(booking.heldFor(), 'payment-unsettled');
    booking.wait(4 * day);
    booking.notify('paid');
    booking.read(paid());
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.ok(booking.told().includes('booking.settled'));
  });

  holds('comes late with a bank’s debit: days under way, then failed', (start) => {
    const booking = awaiting(start);
    booking.notify('pending');
    booking.wait(24 * hour);
    booking.read(unpaid('pending'));
    booking.answer('closeCheckout', null);
    booking.read(unpaid('pending'));
    assert.equal(booking.heldFor(), 'payment-unsettled');
    booking.notify('failed');
    booking.read(unpaid('expired'));
    assert.equal(booking.value(), 'lapsed');
    assert.ok(booking.told().includes('booking.lapsed'));
  });

  holds('is taken again and again, and announced once', (start) => {
    const booking = awaiting(start);
    for (let time = 0; time < 4; time++) {
      booking.notify('paid');
      booking.read(paid());
    }
    assert.deepEqual(booking.published(), [
      { type: 'payment.succeeded', bookingId: 'case-1-b1', amountMinor: '21000', currency: 'EUR' },
    ]);
    const confirmations = booking.told().filter((type) => type === 'booking.confirmed');
    assert.equal(confirmations.length, 1);
    assert.deepEqual(booking.texts(), []);
  });

  holds('that was not to be had leaves no old reason in the books', (start) => {
    const booking = awaiting(start);
    booking.notify('failed');
    booking.fail('readPayment', 'unreachable');
    assert.equal(booking.heldFor(), 'payment-not-readable');
    booking.resume();
    booking.read(unpaid('open'));
    assert.deepEqual(booking.value(), 'waiting');
    assert.equal(booking.records().at(-1)?.heldFor, null);
  });

  holds(
    'that was in doubt is in doubt no more: a reason is in the books only while it is held',
    (start) => {
      const decided = late(start);
      decided.resume();
      decided.read(paid());
      const over = awaiting(start);
      over.notify('pending');
      over.wait(24 * hour);
      over.read(unpaid('pending'));
      over.answer('closeCheckout', null);
      over.read(unpaid('pending'));
      over.notify('failed');
      over.read(unpaid('expired'));
      const second = confirmed(start);
      second.refund(euros(21_001));
      second.refund(euros(500));
      for (const booking of [decided, over, second]) {
        const held = booking.records().filter(({ heldFor }) => heldFor !== null);
        assert.ok(held.length > 0);
        assert.ok(held.every(({ state }) => state === 'held'));
      }
    },
  );

  holds('that money was taken is never lapsed over, though no checkout is known', (start) => {
    const opening = start();
    opening.notify('paid');
    opening.abandon();
    const unopened = start();
    unopened.notify('paid');
    unopened.fail('openCheckout', 'refused');
    unopened.abandon();
    const slow = start();
    slow.notify('paid');
    slow.wait(24 * hour);
    for (const booking of [opening, unopened, slow]) {
      const [isRead] = booking.waitsFor();
      assert.equal(isRead, 'readPayment');
      assert.equal(booking.read(paid()).checkoutId, 'cs_case-1-b1');
      booking.read(paid());
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
    }
    const nameless = start(); // A word about the booking alone: there is nothing to look at.
    nameless.notify('paid', null);
    nameless.abandon();
    assert.equal(nameless.heldFor(), 'payment-unsettled');
    const unpaidAll = start();
    unpaidAll.notify('paid');
    unpaidAll.abandon();
    unpaidAll.read(unpaid('expired'));
    assert.equal(unpaidAll.heldFor(), 'payment-unsettled', 'It was signed all the same');
    unpaidAll.resume();
    assert.equal(unpaidAll.value(), 'lapsed');
  });
});

suite('what was asked for at a bad moment', () => {
  const part = (reference: string) => refunded({ amount: euros(5_000), reference });

  holds('is done when the payment was read', (start) => {
    const booking = confirmed(start);
    booking.notify('refund');
    booking.refund(euros(5_000));
    assert.deepEqual(booking.refundsAsked(), []);
    booking.read(paid());
    assert.equal(booking.value(), 'refunding');
    assert.deepEqual(booking.refundsAsked()[0]?.amount, euros(5_000));
    assert.equal(booking.records().at(-1)?.cause, 'staff.refund');
  });

  holds('is done after the refund that is being made, and a second press is not', (start) => {
    const booking = confirmed(start);
    booking.refund(euros(5_000));
    booking.refund(euros(5_000));
    booking.refund(euros(700));
    booking.answer('refundPayment', part('case-1-b1-r1'));
    booking.read(paid({ refunds: [part('case-1-b1-r1')] }));
    assert.deepEqual(
      booking.refundsAsked().map(({ reference, amount }) => [reference, amount]),
      [
        ['case-1-b1-r1', euros(5_000)],
        ['case-1-b1-r2', euros(700)],
      ],
    );
  });

  holds('is never done where nothing was paid, or nothing is left', (start) => {
    const open = awaiting(start);
    open.refund();
    open.notify('paid');
    open.read(paid());
    assert.deepEqual(open.value(), { paid: 'confirmed' }, 'There was nothing to give back');
    const over = confirmed(start);
    over.refund(price);
    over.refund(euros(700));
    over.answer('refundPayment', refunded());
    over.read(paid({ refunds: [refunded()] }));
    over.refund(price);
    assert.equal(over.value(), 'refunded');
    over.notify('refund');
    over.read(paid({ refunds: [refunded({ status: 'failed' })] }));
    assert.equal(over.heldFor(), 'refund-failed');
    assert.equal(over.refundsAsked().length, 1, 'Weeks later nobody means it any more');
  });
});

suite('a second payment', () => {
  const second = (change: object = {}) => shortly(1, paid({ paymentId: 'pi_other', ...change }));
  /** Confirmed by its second link; then the first one was paid too. */
  const twice = (start: typeof startBooking) => {
    const booking = linked(start);
    booking.wait(30 * minute);
    booking.read(shortly(1, unpaid('expired')));
    booking.renew();
    booking.opened(shortLived(2));
    booking.notify('paid', 'token-2');
    booking.read(shortly(2, paid()));
    booking.told();
    booking.notify('paid', 'token-1');
    const reference = booking.read(second());
    assert.deepEqual(
      [reference.checkoutId, reference.paymentId, reference.otherPaymentIds],
      ['token-1', null, ['pi_1']],
    );
    booking.said();
    return booking;
  };
  const back = (change: object = {}) => refunded({ refundId: 're_2', ...change });

  holds('for the same booking is for staff, and in the books', (start) => {
    const booking = twice(start);
    assert.equal(booking.heldFor(), 'paid-twice');
    assert.deepEqual(booking.told(), ['booking.held']);
    booking.send({ type: 'payment.asked' });
    assert.deepEqual(booking.texts(), ['payment.twice'], 'Who asks hears that there are two');
    assert.deepEqual(
      booking
        .records()
        .at(-1)
        ?.payments.map(({ paymentId }) => paymentId),
      ['pi_1', 'pi_other'],
    );
    assert.equal(booking.published().length, 1);
  });

  holds('goes back whole when staff say so, whatever the rules, and the first stays', (start) => {
    const booking = twice(start);
    booking.refund(undefined, '2027-01-31T00:00:00Z');
    const [order] = booking.refundsAsked();
    assert.deepEqual(
      [order?.paymentId, order?.checkoutId, order?.amount, order?.whole],
      ['pi_other', 'token-1', price, true],
    );
    booking.answer('refundPayment', back());
    const reference = booking.read(shortly(2, paid()));
    assert.deepEqual(
      [reference.checkoutId, reference.paymentId, reference.otherPaymentIds],
      ['token-2', 'pi_1', ['pi_other']],
    );
    assert.deepEqual(reference.knownRefunds, [], 'That refund was of the other one');
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.ok(!booking.told().includes('booking.refunded'), 'Nothing of what was sold');
  });

  holds('is not forgotten, however often staff try something else', (start) => {
    const booking = twice(start);
    for (const tried of ['resume', 'refundedElsewhere'] as const) {
      booking[tried]();
      assert.equal(booking.read(second()).checkoutId, 'token-1');
      assert.equal(booking.heldFor(), 'paid-twice');
    }
    booking.notify('returned', null);
    booking.read(shortly(2, paid()));
    assert.equal(booking.heldFor(), 'paid-twice');
    booking.refund(euros(1_000));
    booking.answer('refundPayment', back({ amount: euros(1_000) }));
    booking.read(shortly(2, paid()));
    assert.equal(booking.heldFor(), 'paid-twice', 'Some of it is left');
  });

  holds('that went back in the dashboard is over', (start) => {
    const booking = twice(start);
    booking.refundedElsewhere();
    booking.read(second({ refunds: [back({ reference: null })] }));
    booking.read(shortly(2, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
  });

  holds('is followed until its refund has arrived, by its own webhooks', (start) => {
    const booking = twice(start);
    booking.refund();
    booking.answer('refundPayment', back({ status: 'pending' }));
    booking.read(shortly(2, paid()));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    booking.notify('refund', 'token-1');
    const reference = booking.read(second({ refunds: [back()] }));
    assert.deepEqual(
      [reference.paymentId, reference.knownRefunds],
      ['pi_other', [{ reference: 'case-1-b1-r1', amount: price }]],
    );
    booking.read(shortly(2, paid()));
    assert.deepEqual(
      booking
        .records()
        .at(-1)
        ?.payments[1]?.refunds.map(({ status }) => status),
      ['done'],
    );
    booking.notify('refund', 'token-1');
    booking.read(second({ refunds: [back({ status: 'failed' })] }));
    assert.equal(booking.heldFor(), 'paid-twice', 'It is with us again');
  });

  holds('that is the first under another name is none', (start) => {
    const booking = confirmed(start);
    booking.notify('paid', 'cs_same');
    booking.read(paid({ checkoutId: 'cs_same' }));
    booking.read(paid());
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.records().at(-1)?.payments.length, 1);
  });

  holds('is found after all of the first went back', (start) => {
    const booking = confirmed(start);
    booking.notify('refund');
    booking.read(paid({ refunds: [refunded({ reference: null })] }));
    booking.notify('paid', 'token-1');
    booking.read(second());
    assert.equal(booking.heldFor(), 'paid-twice');
  });
});

suite('what a provider forgot for a moment', () => {
  holds('does not take the payment out of the booking', (start) => {
    const booking = confirmed(start);
    booking.notify('returned', null);
    booking.read(unpaid('open'));
    const { payment } = booking.context() as { payment: { paymentId: string; captured: Money } };
    assert.deepEqual([payment.paymentId, payment.captured], ['pi_1', price]);
    assert.equal(booking.heldFor(), 'payment-differs');
    booking.resume();
    booking.read(paid());
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    booking.refund(price);
    assert.equal(booking.refundsAsked()[0]?.paymentId, 'pi_1');
  });
});

suite('nobody is stuck', () => {
  holds('by a card that was blocked once, on a link that ran out unpaid', (start) => {
    for (const status of ['expired', 'failed', 'open'] as const) {
      const booking = awaiting(start);
      booking.notify('failed');
      booking.read({ ...unpaid(status), fraud: 'rejected' });
      assert.equal(booking.heldFor(), null, status);
    }
  });

  holds('by a webhook’s “paid” that the provider never knew of, once staff looked', (start) => {
    const dead = awaiting(start);
    dead.notify('paid');
    dead.read(unpaid('expired'));
    assert.equal(dead.heldFor(), 'payment-differs');
    dead.resume();
    dead.read(unpaid('expired'));
    assert.equal(dead.value(), 'linkExpired');
    const over = awaiting(start);
    over.notify('paid');
    over.read(unpaid('open'));
    over.wait(23 * hour);
    over.read(unpaid('pending'));
    over.wait(hour);
    over.answer('closeCheckout', null);
    over.read(unpaid('expired'));
    assert.equal(over.heldFor(), 'payment-unsettled', 'Never quietly');
    over.resume();
    over.read(unpaid('expired'));
    assert.equal(over.value(), 'lapsed');
    const unread = awaiting(start);
    unread.notify('paid');
    unread.fail('readPayment', 'provider_unreachable');
    unread.resume();
    unread.read(unpaid('expired'));
    assert.equal(unread.heldFor(), 'payment-differs', 'It was not looked at before');
  });

  holds('by a payment that was given back as fraud', (start) => {
    const booking = awaiting(start);
    booking.notify('paid');
    booking.read(paid({ fraud: 'rejected', refunds: [refunded({ reference: null })] }));
    assert.equal(booking.value(), 'refunded');
  });
});

suite('late money', () => {
  holds('is held, and taken when staff say so', (start) => {
    const booking = late(start);
    assert.equal(booking.heldFor(), 'paid-late');
    assert.deepEqual(booking.told(), ['booking.held']);
    assert.deepEqual(booking.published(), []);
    booking.resume();
    booking.read(paid());
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.published().length, 1);
    assert.ok(booking.told().includes('booking.confirmed'));
  });

  holds('stays held however often it is told', (start) => {
    const booking = late(start);
    for (let time = 0; time < 3; time++) {
      booking.notify('paid');
      booking.read(paid());
      assert.equal(booking.heldFor(), 'paid-late');
    }
    assert.deepEqual(booking.published(), []);
  });

  holds('goes back when staff say so, all of it without an amount', (start) => {
    const booking = late(start);
    booking.refund();
    const order = booking.answer('refundPayment', refunded());
    assert.deepEqual(order, {
      provider: 'stripe',
      bookingId: 'case-1-b1',
      checkoutId: 'cs_case-1-b1',
      paymentId: 'pi_1',
      reference: 'case-1-b1-r1',
      amount: price,
      whole: true,
      knownRefunds: [],
    });
    booking.read(paid({ refunds: [refunded()] }));
    assert.equal(booking.value(), 'refunded');
    assert.deepEqual(booking.texts(), ['payment.refunded']);
    assert.deepEqual(booking.published(), []);
  });

  holds('that goes back in part stays held for the rest', (start) => {
    const part = refunded({ amount: euros(1_000) });
    const booking = late(start);
    booking.refund(euros(1_000));
    booking.answer('refundPayment', part);
    booking.read(paid({ refunds: [part] }));
    assert.equal(booking.heldFor(), 'paid-late');
    booking.refund(euros(20_001));
    assert.equal(booking.refundsAsked().length, 1, 'More than is left');
    booking.refund(euros(20_000));
    const rest = refunded({
      refundId: 're_2',
      reference: 'case-1-b1-r2',
      amount: euros(20_000),
    });
    assert.equal((booking.answer('refundPayment', rest) as RefundOrder).reference, rest.reference);
    booking.read(paid({ refunds: [part, rest] }));
    assert.equal(booking.value(), 'refunded');
  });

  holds('was given back in the provider’s dashboard', (start) => {
    const booking = late(start);
    booking.refundedElsewhere();
    booking.read(paid({ refunds: [refunded({ reference: null })] }));
    assert.equal(booking.value(), 'refunded');
    assert.deepEqual(booking.texts(), ['payment.refunded']);
  });

  holds('whose refund is refused is for staff, and the next try has its own reference', (start) => {
    const booking = late(start);
    booking.refund(price);
    booking.fail('refundPayment', 'provider_refused');
    assert.equal(booking.heldFor(), 'refund-failed');
    booking.resume();
    booking.read(paid());
    assert.equal(booking.heldFor(), 'paid-late', 'Trying again accepts nothing');
    booking.refund(price);
    assert.deepEqual(
      booking.refundsAsked().map(({ reference }) => reference),
      ['case-1-b1-r1', 'case-1-b1-r2'],
    );
    assert.equal(booking.records().at(-1)?.state, 'refunding', 'The books say that it goes back');
  });

  holds('that the bank disputes is not given back as well', (start) => {
    const booking = awaiting(start);
    lapses(booking);
    booking.notify('paid');
    booking.read(paid({ dispute: dispute('open') }));
    assert.equal(booking.heldFor(), 'paid-late');
    booking.refund(price);
    booking.refund();
    assert.deepEqual(booking.refundsAsked(), [], 'It would be paid back twice');
  });

  holds('in another currency goes back as it came', (start) => {
    const lira = { amountMinor: '900000', currency: 'TRY' };
    const whole = awaiting(start);
    whole.notify('paid');
    whole.read(paid({ captured: lira }));
    assert.equal(whole.heldFor(), 'payment-differs');
    whole.refund();
    assert.deepEqual(whole.refundsAsked()[0]?.amount, lira);
    const part = awaiting(start);
    part.notify('paid');
    part.read(paid({ captured: lira }));
    part.refund(euros(5_000));
    assert.deepEqual(part.refundsAsked(), [], 'Euros were never taken');
    part.refund({ amountMinor: '5000', currency: 'TRY' });
    assert.deepEqual(part.refundsAsked()[0]?.amount, { amountMinor: '5000', currency: 'TRY' });
  });

  holds('finds a booking that lapsed before: the end is said once', (start) => {
    const booking = awaiting(start);
    lapses(booking);
    booking.notify('expired'); // The provider’s own word, which always comes.
    booking.notify('returned');
    assert.deepEqual(booking.waitsFor(), []);
    booking.notify('reconciled');
    booking.read(unpaid('expired'));
    assert.equal(booking.value(), 'lapsed');
    const ends = booking.told().filter((type) => type === 'booking.lapsed');
    assert.equal(ends.length, 1);
  });
});

suite('refund rules', () => {
  const begins = Date.parse('2027-02-01T00:00:00Z');
  const before = (ms: number) => new Date(begins - ms).toISOString();

  holds(
    'give all of it back until two weeks before, half of it until three days before',
    (start) => {
      const rules = [
        [30 * day, 21_000],
        [14 * day, 21_000],
        [14 * day - 1, 10_500],
        [3 * day, 10_500],
        [3 * day - 1, null],
        [0, null],
        [-day, null],
      ] as const;
      for (const [ahead, back] of rules) {
        const booking = confirmed(start);
        booking.refund(undefined, before(ahead));
        const asked = booking.refundsAsked().map(({ amount }) => amount);
        assert.deepEqual(asked, back === null ? [] : [euros(back)]);
        assert.equal(
          booking.refundsAsked()[0]?.whole ?? null,
          back === null ? null : back === 21_000,
        );
        if (back !== null) {
          assert.equal(booking.records().at(-1)?.state, 'refunding');
          assert.deepEqual(booking.told(), ['booking.unsettled']);
        } else {
          assert.equal(booking.heldFor(), 'refund-outside-rules');
          assert.deepEqual(booking.told(), ['booking.held']);
        }
      }
    },
  );

  holds('round half of an odd amount in the patient’s favour', (start) => {
    for (const [total, back] of [
      [1, 1],
      [3, 2],
      [21_001, 10_501],
      [21_000, 10_500],
    ] as const) {
      const booking = confirmed(start, { total: euros(total) });
      booking.refund(undefined, before(5 * day));
      assert.deepEqual(booking.refundsAsked()[0]?.amount, euros(back));
    }
  });

  holds('give all of it back where nobody knows when it begins', (start) => {
    const booking = confirmed(start, { beginsOn: null });
    booking.refund(undefined, '2031-01-01T00:00:00Z');
    assert.deepEqual(booking.refundsAsked()[0]?.amount, price);
  });

  holds('count what went back before', (start) => {
    const part = refunded({ amount: euros(3_000), reference: null });
    const known = (ahead: number, refunds: readonly object[]) => {
      const booking = confirmed(start);
      booking.notify('refund');
      booking.read(paid({ refunds }));
      booking.refund(undefined, before(ahead));
      return booking;
    };
    assert.deepEqual(known(20 * day, [part]).refundsAsked()[0]?.amount, euros(18_000));
    assert.equal(known(20 * day, [part]).refundsAsked()[0]?.whole, false);
    assert.deepEqual(known(5 * day, [part]).refundsAsked()[0]?.amount, euros(7_500));
    const pending = { ...part, status: 'pending' };
    assert.deepEqual(known(20 * day, [pending]).refundsAsked()[0]?.amount, euros(18_000));
    const failed = { ...part, status: 'failed' };
    const again = known(20 * day, [failed]);
    again.refund(price);
    assert.deepEqual(again.refundsAsked()[0]?.amount, price, 'What failed is still there');
    const half = { ...part, amount: euros(10_500) };
    assert.equal(known(5 * day, [half]).heldFor(), 'refund-outside-rules');
    assert.equal(
      known(20 * day, [{ ...part, status: 'pending', amount: price }]).heldFor(),
      'refund-outside-rules',
      'All of it is on its way',
    );
  });

  holds('let staff decide on any amount that is left, at any time', (start) => {
    for (const amount of [1, 20_999, 21_000]) {
      const booking = confirmed(start);
      booking.refund(euros(amount), before(-day));
      const [order] = booking.refundsAsked();
      assert.deepEqual([order?.amount, order?.whole], [euros(amount), amount === 21_000]);
    }
  });

  holds('give back no more than is left, nothing of another currency, and not nothing', (start) => {
    for (const amount of [euros(21_001), euros(0), { ...price, currency: 'TRY' }]) {
      const booking = confirmed(start);
      booking.refund(amount);
      assert.deepEqual(booking.refundsAsked(), []);
      assert.equal(booking.heldFor(), 'refund-too-much');
      assert.deepEqual(booking.value(), 'held');
      booking.refund(amount);
      assert.deepEqual(booking.refundsAsked(), [], 'Nor when it is asked for again');
      booking.refund(euros(500));
      assert.deepEqual(booking.refundsAsked()[0]?.amount, euros(500));
      assert.deepEqual(booking.value(), 'refunding');
    }
  });

  holds('stand still while the bank disputes the payment', (start) => {
    const booking = confirmed(start);
    booking.notify('dispute');
    booking.read(paid({ dispute: dispute('open') }));
    for (const amount of [undefined, euros(1), price]) {
      booking.refund(amount);
      assert.equal(booking.heldFor(), 'refund-while-disputed', 'Staff are told why not');
    }
    assert.deepEqual(booking.refundsAsked(), []);
    booking.resume();
    booking.read(paid({ dispute: dispute('open') }));
    assert.deepEqual(booking.value(), { paid: 'disputed' });
    booking.notify('dispute');
    booking.fail('readPayment', 'unreachable');
    assert.deepEqual(booking.value(), 'held');
    booking.refund(price);
    assert.deepEqual(booking.refundsAsked(), [], 'Not while the last word is that it is disputed');
    booking.resume();
    booking.read(paid({ dispute: dispute('won') }));
    booking.refund(price);
    assert.deepEqual(booking.refundsAsked()[0]?.amount, price);
  });
});

suite('a refund', () => {
  holds('keeps the cause in the books that began it', (start) => {
    const booking = confirmed(start);
    booking.refund(euros(5_000));
    booking.notify('refund'); // Its own webhook is faster.
    const part = refunded({ amount: euros(5_000) });
    booking.answer('refundPayment', part);
    booking.notify('refund');
    booking.read(paid({ refunds: [part] }));
    const record = booking.records().find(({ payments }) => payments[0]?.refunds.length === 1);
    assert.equal(record?.cause, 'staff.refund');
  });

  holds('is told to the patient, the case and the books, once it is there', (start) => {
    const booking = confirmed(start);
    booking.refund(euros(5_000));
    const part = refunded({ amount: euros(5_000) });
    booking.answer('refundPayment', part);
    assert.deepEqual(booking.value(), 'reading');
    booking.read(paid({ refunds: [part] }));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    const [news] = booking.said();
    assert.deepEqual([news?.text, news?.values['amount']], ['payment.refunded', euros(5_000)]);
    assert.deepEqual(booking.told(), ['booking.unsettled', 'booking.refunded', 'booking.settled']);
    booking.notify('refund');
    booking.read(paid({ refunds: [part] }));
    assert.deepEqual(booking.texts(), [], 'The same news again is none');
    assert.deepEqual(
      booking.records().map(({ state, cause }) => [state, cause]),
      [
        ['opening', 'accepted'],
        ['awaiting-payment', 'accepted'],
        ['confirmed', 'notified:paid'],
        ['refunding', 'staff.refund'],
        ['confirmed', 'staff.refund'],
        ['confirmed', 'notified:refund'],
      ],
    );
  });

  holds('after a refund says what came back this time', (start) => {
    const booking = confirmed(start);
    const first = refunded({ amount: euros(5_000) });
    const second = refunded({
      refundId: 're_2',
      reference: 'case-1-b1-r2',
      amount: euros(16_000),
    });
    booking.refund(euros(5_000));
    booking.answer('refundPayment', first);
    booking.read(paid({ refunds: [first] }));
    booking.refund(euros(16_000));
    booking.answer('refundPayment', second);
    booking.read(paid({ refunds: [first, second] }));
    assert.deepEqual(
      booking.said().map(({ values }) => values['amount']),
      [euros(5_000), euros(16_000)],
    );
    assert.equal(booking.value(), 'refunded');
    const heard = booking.heard() as { type: string; refundedMinor?: string; isWhole?: boolean }[];
    assert.deepEqual(
      heard
        .filter(({ type }) => type === 'booking.refunded')
        .map(({ refundedMinor, isWhole }) => [refundedMinor, isWhole]),
      [
        ['5000', false],
        ['21000', true],
      ],
    );
  });

  holds('that is on its way counts as given, and is told when it has arrived', (start) => {
    const booking = confirmed(start);
    const pending = refunded({ status: 'pending' });
    booking.refund(price);
    booking.answer('refundPayment', pending);
    booking.read(paid()); // The provider’s list does not have it yet.
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.deepEqual(booking.texts(), []);
    booking.refund(euros(1));
    assert.equal(booking.heldFor(), 'refund-too-much');
    booking.notify('refund');
    booking.read(paid({ refunds: [refunded()] }));
    assert.equal(booking.value(), 'refunded');
    assert.deepEqual(booking.texts(), ['payment.refunded']);
  });

  holds('that the provider refuses is for staff: nothing was made', (start) => {
    const booking = confirmed(start);
    booking.refund(price);
    booking.fail('refundPayment', 'provider_refused');
    assert.deepEqual([booking.value(), booking.heldFor()], ['held', 'refund-failed']);
    booking.resume();
    booking.read(paid());
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.refundsAsked().length, 1);
  });

  holds('in doubt is asked for again as the same one, whoever asks', (start) => {
    const ways: readonly ((booking: Booking) => void)[] = [
      (booking) => booking.resume(),
      (booking) => booking.refund(euros(10_000)),
      (booking) => booking.refund(),
    ];
    for (const again of ways) {
      const booking = confirmed(start);
      booking.refund(euros(10_000));
      booking.fail('refundPayment', 'provider_unreachable');
      assert.equal(booking.heldFor(), 'refund-failed');
      again(booking);
      booking.answer('refundPayment', refunded({ amount: euros(10_000) }));
      booking.read(paid({ refunds: [refunded({ amount: euros(10_000) })] }));
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
      assert.deepEqual(
        booking.refundsAsked().map(({ reference, amount }) => [reference, amount]),
        [
          ['case-1-b1-r1', euros(10_000)],
          ['case-1-b1-r1', euros(10_000)],
        ],
      );
    }
  });

  holds('in doubt stays so until the provider’s list has it', (start) => {
    const booking = confirmed(start);
    booking.refund(euros(10_000));
    booking.fail('refundPayment', 'provider_unreachable');
    booking.notify('refund');
    booking.read(paid());
    assert.equal(booking.heldFor(), 'refund-failed');
    booking.notify('refund');
    const reference = booking.read(paid({ refunds: [refunded({ amount: euros(10_000) })] }));
    assert.deepEqual(reference.knownRefunds, [
      { reference: 'case-1-b1-r1', amount: euros(10_000) },
    ]);
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    booking.refund(euros(500));
    assert.deepEqual(
      booking.refundsAsked().map((order) => [order.reference, order.knownRefunds]),
      [
        ['case-1-b1-r1', []],
        ['case-1-b1-r2', [{ reference: 'case-1-b1-r1', amount: euros(10_000) }]],
      ],
    );
  });

  holds('that the provider answers as failed is for staff', (start) => {
    const booking = confirmed(start);
    booking.refund(price);
    const failed = refunded({ status: 'failed' });
    booking.answer('refundPayment', failed);
    if (booking.waitsFor().includes('readPayment')) booking.read(paid({ refunds: [failed] }));
    assert.equal(booking.heldFor(), 'refund-failed');
  });

  holds('on its way that fails at the bank is for staff', (start) => {
    const booking = confirmed(start);
    booking.refund(price);
    booking.answer('refundPayment', refunded({ status: 'pending' }));
    booking.read(paid({ refunds: [refunded({ status: 'pending' })] }));
    booking.notify('refund');
    booking.read(paid({ refunds: [refunded({ status: 'failed' })] }));
    assert.deepEqual(booking.texts(), []);
    assert.equal(booking.heldFor(), 'refund-failed');
  });

  holds('in part that fails after it was told never becomes news of less than nothing', (start) => {
    const booking = confirmed(start);
    const part = refunded({ amount: euros(5_000) });
    booking.refund(euros(5_000));
    booking.answer('refundPayment', part);
    booking.read(paid({ refunds: [part] }));
    booking.said();
    booking.notify('refund');
    booking.read(paid({ refunds: [{ ...part, status: 'failed' }] }));
    for (const { values } of booking.said()) {
      assert.ok(BigInt((values['amount'] as Money).amountMinor) > 0n, JSON.stringify(values));
    }
    assert.equal(booking.heldFor(), 'refund-failed');
  });

  holds('of all of it that fails at the bank can be made again', (start) => {
    const booking = confirmed(start);
    booking.refund(price);
    booking.answer('refundPayment', refunded());
    booking.read(paid({ refunds: [refunded()] }));
    assert.equal(booking.value(), 'refunded');
    booking.notify('refund');
    booking.read(paid({ refunds: [refunded({ status: 'failed' })] }));
    assert.notEqual(booking.value(), 'refunded');
    booking.refund(price);
    assert.deepEqual(
      booking.refundsAsked().map(({ reference, amount }) => [reference, amount]),
      [
        ['case-1-b1-r1', price],
        ['case-1-b1-r2', price],
      ],
    );
    assert.equal(booking.published().length, 1, 'It was announced before');
  });

  holds('is not asked for again by what its own webhooks say meanwhile', (start) => {
    const booking = confirmed(start);
    booking.refund(euros(5_000));
    for (const notice of ['refund', 'refund', 'other']) booking.notify(notice);
    booking.refund(euros(5_000)); // A second press while the first one runs.
    booking.resume();
    assert.deepEqual(booking.waitsFor(), ['refundPayment']);
    booking.answer('refundPayment', refunded({ amount: euros(5_000) }));
    booking.read(paid({ refunds: [refunded({ amount: euros(5_000) })] }));
    assert.equal(booking.refundsAsked().length, 1);
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
  });

  for (const when of ['before', 'after'] as const) {
    holds(`in the dashboard in part, ${when} it was confirmed, is seen`, (start) => {
      const part = refunded({ reference: null, amount: euros(999) });
      const booking = when === 'before' ? awaiting(start) : confirmed(start);
      booking.notify(when === 'before' ? 'paid' : 'refund');
      booking.read(paid({ refunds: [part] }));
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
      assert.deepEqual(
        booking.said().map(({ text, values }) => [text, values['amount']]),
        [['payment.refunded', euros(999)]],
      );
      const told = booking.told();
      assert.ok(told.includes('booking.refunded'));
      if (when === 'before') {
        assert.ok(told.indexOf('booking.confirmed') < told.indexOf('booking.refunded'));
      }
    });

    holds(`in the dashboard of all of it, ${when} it was confirmed, is seen`, (start) => {
      const booking = when === 'before' ? awaiting(start) : confirmed(start);
      booking.notify(when === 'before' ? 'paid' : 'refund');
      booking.read(paid({ refunds: [refunded({ reference: null })] }));
      assert.equal(booking.value(), 'refunded');
      assert.deepEqual(booking.texts(), ['payment.refunded']);
      assert.equal(booking.published().length, when === 'before' ? 0 : 1);
      booking.notify('refund');
      booking.read(paid({ refunds: [refunded({ reference: null })] }));
      assert.deepEqual([booking.value(), booking.texts()], ['refunded', []]);
      booking.refund(euros(1));
      assert.deepEqual(booking.refundsAsked(), []);
    });
  }

  holds('is not told to a patient who said stop, but to the case', (start) => {
    for (const all of [true, false]) {
      const booking = confirmed(start);
      booking.abandon();
      booking.refund(all ? price : euros(5_000));
      const given = refunded({ amount: all ? price : euros(5_000) });
      booking.answer('refundPayment', given);
      booking.read(paid({ refunds: [given] }));
      assert.deepEqual(booking.texts(), []);
      assert.ok(booking.told().includes('booking.refunded'));
    }
  });
});

suite('a dispute', () => {
  holds('is for staff until the bank decides for us', (start) => {
    const booking = confirmed(start);
    booking.notify('dispute');
    booking.read(paid({ dispute: dispute('open') }));
    assert.deepEqual(booking.value(), { paid: 'disputed' });
    assert.equal(booking.told().at(-1), 'booking.unsettled');
    assert.equal(booking.records().at(-1)?.state, 'disputed');
    booking.resume();
    booking.read(paid({ dispute: dispute('open') }));
    assert.deepEqual(booking.value(), { paid: 'disputed' });
    booking.notify('dispute');
    booking.read(paid({ dispute: dispute('won') }));
    assert.deepEqual(booking.value(), { paid: 'confirmed' });
    assert.equal(booking.told().at(-1), 'booking.settled');
    assert.deepEqual(booking.texts(), []);
  });

  holds('that is lost stays in sight, and nothing is given back besides', (start) => {
    const booking = confirmed(start);
    booking.notify('dispute');
    booking.read(paid({ dispute: dispute('lost') }));
    assert.deepEqual(booking.value(), { paid: 'chargedBack' });
    assert.deepEqual(booking.told(), ['booking.chargedBack', 'booking.settled']);
    booking.refund();
    assert.equal(booking.heldFor(), 'refund-outside-rules', 'Staff are told that it is gone');
    booking.refund(euros(1));
    assert.deepEqual(booking.refundsAsked(), []);
    booking.resume();
    booking.read(paid({ dispute: dispute('lost') }));
    assert.deepEqual(booking.value(), { paid: 'chargedBack' });
    assert.equal(booking.records().at(-1)?.payments[0]?.dispute?.status, 'lost');
  });

  holds('that is there when the payment is first read holds nothing up but refunds', (start) => {
    const booking = awaiting(start);
    booking.notify('paid');
    booking.read(paid({ dispute: dispute('open') }));
    assert.deepEqual(booking.value(), { paid: 'disputed' });
    assert.equal(booking.published().length, 1);
    assert.ok(booking.told().includes('booking.confirmed'));
  });
});

suite('a stop', () => {
  const closes = (booking: Booking) => {
    booking.abandon();
    if (booking.waitsFor().includes('readPayment')) booking.read(unpaid('open'));
    assert.deepEqual(booking.waitsFor(), ['closeCheckout']);
    const reference = booking.answer('closeCheckout', null) as PaymentReference;
    assert.match(reference.checkoutId, /^(?:cs_case-1-b1|token-\d)$/);
    assert.equal(booking.value(), 'reading');
  };

  holds('while the checkout is being opened ends it', (start) => {
    const booking = start();
    booking.abandon();
    assert.equal(booking.value(), 'lapsed');
    assert.deepEqual(booking.waitsFor(), []);
    assert.deepEqual(booking.texts(), []);
    assert.ok(booking.told().includes('booking.lapsed'));
  });

  const closed: Readonly<Record<string, (start: typeof startBooking) => Booking>> = {
    'while a link waits to be paid': awaiting,
    'while the payment is being read': (start) => {
      const booking = awaiting(start);
      booking.notify('failed');
      return booking;
    },
    'during the last look': (start) => {
      const booking = linked(start);
      booking.wait(30 * minute);
      return booking;
    },
    'after the link ran out': (start) => {
      const booking = linked(start);
      booking.wait(30 * minute);
      booking.read(shortly(1, unpaid('expired')));
      return booking;
    },
    'while another link is being opened': (start) => {
      const booking = linked(start);
      booking.wait(30 * minute);
      booking.read(shortly(1, unpaid('expired')));
      booking.renew();
      return booking;
    },
    'while staff look at it': (start) => {
      const booking = awaiting(start);
      booking.notify('failed');
      booking.fail('readPayment', 'unreachable');
      return booking;
    },
  };
  for (const [when, walkThere] of Object.entries(closed)) {
    holds(`${when} closes the checkout, and looks once more`, (start) => {
      const booking = walkThere(start);
      booking.said();
      closes(booking);
      booking.read(unpaid('expired'));
      assert.equal(booking.value(), 'lapsed');
      booking.wait(60 * day);
      assert.deepEqual(booking.texts(), []);
    });

    holds(`${when} does not lose what was paid`, (start) => {
      const booking = walkThere(start);
      booking.said();
      const { checkoutId } = booking.context()['checkout'] as Checkout;
      booking.abandon();
      booking.notify('paid', checkoutId);
      if (booking.waitsFor().includes('closeCheckout')) booking.fail('closeCheckout', 'refused');
      booking.read(paid());
      assert.deepEqual(booking.value(), { paid: 'confirmed' });
      assert.equal(booking.published().length, 1);
      assert.deepEqual(booking.texts(), []);
    });
  }

  const kept: Readonly<Record<string, (start: typeof startBooking) => Booking>> = {
    'at the end of its time': (start) => {
      const booking = awaiting(start);
      booking.wait(23 * hour);
      booking.read(unpaid('open'));
      return booking;
    },
    'after it lapsed': (start) => {
      const booking = awaiting(start);
      lapses(booking);
      return booking;
    },
    'after it was confirmed': confirmed,
    'while money goes back': (start) => {
      const booking = confirmed(start);
      booking.refund(price);
      return booking;
    },
    'while late money goes back': (start) => {
      const booking = late(start);
      booking.refund(price);
      return booking;
    },
    'in a dispute': (start) => {
      const booking = confirmed(start);
      booking.notify('dispute');
      booking.read(paid({ dispute: dispute('open') }));
      return booking;
    },
    'after all went back': (start) => {
      const booking = confirmed(start);
      booking.notify('refund');
      booking.read(paid({ refunds: [refunded()] }));
      return booking;
    },
  };
  for (const [when, walkThere] of Object.entries(kept)) {
    holds(`${when} changes nothing but that nothing more is said`, (start) => {
      const booking = walkThere(start);
      booking.said();
      const value = booking.value();
      const waitsFor = booking.waitsFor();
      booking.abandon();
      assert.deepEqual([booking.value(), booking.waitsFor()], [value, waitsFor]);
      assert.equal(booking.context()['isQuiet'], true);
      booking.wait(60 * day);
      assert.deepEqual(booking.texts(), []);
    });
  }

  holds('is heard for good: nothing of what staff resume speaks to the patient', (start) => {
    const booking = confirmed(start);
    booking.abandon();
    booking.notify('other');
    booking.read(unpaid('open')); // The provider takes its word back.
    assert.equal(booking.value(), 'held');
    booking.resume();
    if (booking.waitsFor().includes('readPayment')) booking.read(unpaid('open'));
    booking.wait(20 * hour);
    assert.deepEqual(booking.texts(), []);
    const short = linked(start);
    short.notify('failed', 'token-1');
    short.abandon();
    short.fail('readPayment', 'unreachable');
    short.resume();
    short.read(shortly(1, unpaid('expired')));
    short.fail('closeCheckout', 'refused');
    short.read(shortly(1, unpaid('expired')));
    assert.equal(short.value(), 'lapsed');
    short.wait(60 * day);
    assert.deepEqual(short.texts(), []);
  });
});

/** What the provider has, as it moves under a random walk. */
interface Movement {
  readonly refundId: string;
  readonly reference: string;
  readonly amount: Money;
  status: RefundState['status'];
}

type Happening =
  | { readonly kind: 'refund'; readonly share: number | null; readonly currency: 'EUR' | 'TRY' }
  | {
      readonly kind: 'answer';
      /** `unheard`: it was made, and nobody heard the answer. `unmade`: it was not, and nobody knows. */
      readonly how: 'done' | 'pending' | 'failed' | 'refused' | 'unheard' | 'unmade';
    }
  | { readonly kind: 'read'; readonly how: 'whole' | 'lagging' | 'not' }
  | { readonly kind: 'settle'; readonly how: 'done' | 'pending' | 'failed' }
  | { readonly kind: 'notify' | 'resume' | 'elsewhere' | 'abandon' }
  | { readonly kind: 'turn'; readonly index: number; readonly to: 'done' | 'failed' }
  | { readonly kind: 'dispute'; readonly status: 'open' | 'won' | 'lost' }
  | { readonly kind: 'wait'; readonly days: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      share: fc.option(fc.integer({ min: 0, max: 110 })),
      currency: fc.constantFrom('EUR' as const, 'EUR' as const, 'EUR' as const, 'TRY' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      how: fc.constantFrom('done' as const, 'pending', 'failed', 'refused', 'unheard', 'unmade'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      how: fc.constantFrom('whole' as const, 'whole', 'lagging', 'not'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      how: fc.constantFrom('done' as const, 'pending', 'failed'),
    }),
  },
  fc.record({ kind: fc.constantFrom('notify' as const, 'resume', 'elsewhere', 'abandon') }),
  fc.record({
    kind: fc.constant('turn' as const),
    index: fc.nat(5),
    to: fc.constantFrom('done' as const, 'failed'),
  }),
  fc.record({
    kind: fc.constant('dispute' as const),
    status: fc.constantFrom('open' as const, 'won', 'lost'),
  }),
  fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 20 }) }),
);

suite('refunds in any order', () => {
  test('never ask for more than was captured, nor for one reference twice', () => {
    let asked = 0;
    let several = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_001 }),
        fc.boolean(),
        fc.constantFrom(null, '2027-02-01', '2027-01-06'),
        fc.array(happening, { minLength: 10, maxLength: 25 }),
        (minor, isLate, beginsOn, happenings) => {
          const total = euros(minor);
          const booking = awaiting(startBooking, { total, beginsOn });
          const ledger: Movement[] = [];
          let disputed: object | null = null;
          const state = (list: readonly Movement[]) =>
            paid({ total, captured: total, refunds: list, dispute: disputed });
          if (isLate) lapses(booking);
          booking.notify('paid');
          booking.read(state([]));
          const answer = (how: (Happening & { kind: 'answer' })['how']) => {
            if (!booking.waitsFor().includes('refundPayment')) return;
            const order = booking.refundsAsked().at(-1);
            assert.ok(order);
            const { reference, amount } = order;
            const made = ledger.find((movement) => movement.reference === reference);
            if (made !== undefined) {
              booking.answer('refundPayment', made); // The same reference is refunded once.
              return;
            }
            if (how === 'refused' || how === 'unmade') {
              const code = how === 'refused' ? 'provider_refused' : 'provider_unreachable';
              booking.fail('refundPayment', code);
              return;
            }
            const status = how === 'unheard' ? 'done' : how;
            const movement: Movement = { refundId: `re_${reference}`, reference, amount, status };
            ledger.push(movement);
            if (how === 'unheard') booking.fail('refundPayment', 'provider_unreachable');
            else booking.answer('refundPayment', movement);
          };
          const read = (how: 'whole' | 'lagging' | 'not') => {
            if (!booking.waitsFor().includes('readPayment')) return;
            if (how === 'not') booking.fail('readPayment', 'unreachable');
            else booking.read(state(how === 'whole' ? ledger : ledger.slice(0, -1)));
          };
          let known = 0;
          for (const step of happenings) {
            if (step.kind === 'refund') {
              const amount = {
                amountMinor: String((BigInt(minor) * BigInt(step.share ?? 0)) / 100n),
                currency: step.currency,
              };
              booking.refund(step.share === null ? undefined : amount);
            }
            if (step.kind === 'answer' || step.kind === 'settle') answer(step.how);
            if (step.kind === 'settle') read('whole');
            if (step.kind === 'read') read(step.how);
            if (step.kind === 'notify') booking.notify('refund');
            if (step.kind === 'resume') booking.resume();
            if (step.kind === 'elsewhere') booking.refundedElsewhere();
            if (step.kind === 'abandon') booking.abandon();
            if (step.kind === 'wait') booking.wait(step.days * day);
            if (step.kind === 'dispute')
              disputed = { disputeId: 'dp_1', amount: total, status: step.status };
            if (step.kind === 'turn') {
              const movement = ledger[step.index];
              if (movement !== undefined && movement.status !== 'failed') movement.status = step.to;
            }
            // What was refused or has failed by now is not with the provider; the newest may still be on its way to it.
            const orders = booking.refundsAsked();
            const onItsWay = booking.context()['refunding'] as RefundOrder | null;
            const isMade = ledger.some(({ reference }) => reference === onItsWay?.reference);
            const given = [
              ...ledger.filter(({ status }) => status !== 'failed').map(({ amount }) => amount),
              ...(onItsWay === null || isMade ? [] : [onItsWay.amount]),
            ];
            const sum = given.reduce((all, { amountMinor }) => all + BigInt(amountMinor), 0n);
            assert.ok(sum <= BigInt(minor), `${sum} of ${minor} is given back`);
            for (const order of orders.slice(known)) {
              assert.ok(BigInt(order.amount.amountMinor) > 0n);
              assert.equal(order.amount.currency, 'EUR');
              assert.equal(order.whole, order.amount.amountMinor === total.amountMinor);
            }
            known = orders.length;
          }
          const amounts = new Map<string, Money>();
          for (const { reference, amount } of booking.refundsAsked()) {
            assert.deepEqual(amounts.get(reference) ?? amount, amount, 'One reference, one amount');
            amounts.set(reference, amount);
          }
          const references = [...amounts.keys()];
          assert.deepEqual(
            references,
            references.map((_, index) => `case-1-b1-r${index + 1}`),
          );
          asked += references.length;
          if (references.length > 1) several++;
          const revisions = booking.records().map(({ revision }) => revision);
          assert.deepEqual(
            revisions,
            revisions.map((_, index) => index + 1),
          );
          assert.ok(booking.published().length <= 1);
        },
      ),
      { numRuns: 150 },
    );
    assert.ok(asked > 100 && several > 20, `Only ${asked} refunds, ${several} after another`);
  });
});

const answersTo =
  (how: number) =>
  (name: string): Answer => {
    const possible: Readonly<Record<string, readonly unknown[]>> = {
      openCheckout: [checkout(), shortLived()],
      readPayment: [
        paid(),
        paid({ refunds: [refunded({ amount: euros(1_000), reference: null })] }),
        paid({ refunds: [refunded()] }),
        paid({ dispute: dispute('open') }),
        paid({ captured: euros(1) }),
        unpaid('open'),
        unpaid('pending'),
        unpaid('expired'),
        paid({ checkoutId: 'cs_other', paymentId: 'pi_2' }),
        paid({
          checkoutId: 'cs_other',
          paymentId: 'pi_2',
          refunds: [refunded({ refundId: 're_2' })],
        }),
      ],
      refundPayment: [refunded(), refunded({ status: 'pending' })],
      closeCheckout: [null],
    };
    const answers = possible[name] ?? [];
    if (how >= 10) {
      const code = how === 11 ? 'provider_refused' : 'provider_unreachable';
      return { ok: false, value: { name: 'E', code, message: 'no' } };
    }
    return { ok: true, value: answers[how % answers.length] };
  };

suite('a booking that is stored in between', () => {
  const about = { provider: 'stripe', bookingId: 'case-1-b1', paymentId: null, at: acceptedAt };
  const events: readonly Step[] = [
    ...['paid', 'failed', 'refund', 'dispute'].map((notice): Step => ({
      kind: 'send',
      event: { type: 'payment.notified', notice, checkoutId: 'cs_case-1-b1', ...about },
    })),
    {
      kind: 'send',
      event: { type: 'payment.notified', notice: 'paid', checkoutId: 'cs_other', ...about },
    },
    { kind: 'send', event: { type: 'booking.renew', at: acceptedAt } },
    { kind: 'send', event: { type: 'booking.abandon' } },
    { kind: 'send', event: { type: 'staff.resume', at: acceptedAt } },
    { kind: 'send', event: { type: 'staff.refund', bookingId: 'case-1-b1', at: acceptedAt } },
    { kind: 'send', event: { type: 'staff.refunded', bookingId: 'case-1-b1', at: acceptedAt } },
    ...[minute, 30 * minute, 4 * hour, 20 * hour].map((ms): Step => ({ kind: 'wait', ms })),
  ];

  test('behaves as if it never was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom(...events),
            fc.nat(11).map((how): Step => ({ kind: 'answer', value: answersTo(how) })),
          ),
          { maxLength: 14 },
        ),
        async (steps) => assertFaithful(nested(), steps),
      ),
      { numRuns: 100 },
    );
  });
});
