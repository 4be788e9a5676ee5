import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { totalInvoice } from '../../actors/invoicing/totals.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import type { InvoiceOrder } from '../../actors/shapes/invoices.ts';
import type { StoredActor } from '../../actors/staff/case-view.ts';
import type { InvoiceSummary } from '../../machines/money-types.ts';
import type { Money, SaleLine } from '../../machines/money-types.ts';
import { openCase } from '../kernel/stored.ts';
import { noPorts } from './no-ports.ts';
import {
  awaitingPayment,
  bookingIn,
  buyer,
  checkout,
  confirmed,
  day,
  flights,
  hour,
  inIntake,
  issued,
  journeyOf,
  lapse,
  minute,
  paid,
  price,
  refunded,
  startCase,
  unpaid,
  type Walk,
} from './walk.ts';
import { wholeContext } from './whole.ts';

const euros = (amountMinor: number | bigint): Money => ({
  amountMinor: String(amountMinor),
  currency: 'EUR',
});

const line = (kind: SaleLine['kind'], amount: number, description: string = kind): SaleLine => ({
  kind,
  description,
  quantity: 1,
  gross: euros(amount),
});

const sum = (lines: readonly SaleLine[]): number =>
  lines.reduce((all, { gross }) => all + Number(gross.amountMinor), 0);

const knee = [line('health', 400_001, 'Knee'), line('accommodation', 60_000, 'Hotel, 5 nights')];

/** Staff offer something else than flights. */
const quote = (walk: Walk, lines: readonly SaleLine[] = knee, beginsOn?: string): void =>
  walk.send({
    type: 'staff.quote',
    title: 'Stay',
    lines,
    at: walk.at(),
    ...(beginsOn === undefined ? {} : { beginsOn }),
  });

/** As the provider tells of a booking of so much. */
const stateOf = (bookingId: string, amount: number, change: object = {}) =>
  paid({
    bookingId,
    checkoutId: `cs_${bookingId}`,
    paymentId: `pi_${bookingId}`,
    total: euros(amount),
    captured: euros(amount),
    ...change,
  });

const bill = (walk: Walk): void => walk.send({ type: 'staff.billing', buyer, at: walk.at() });

async function pay(walk: Walk, bookingId: string, amount: number): Promise<void> {
  await walk.answer('openCheckout', checkout(bookingId));
  walk.payment('paid', bookingId);
  await walk.answer('readPayment', stateOf(bookingId, amount));
}

/** Staff have a refused invoice made out anew. */
const issueAnew = (walk: Walk, invoiceId: string): void =>
  walk.send({ type: 'staff.resume', invoiceId, at: walk.at() });

/** Staff decide on what was paid for a booking. */
const decide = (walk: Walk, bookingId = 'case-1-b1'): void =>
  walk.send({ type: 'staff.resume', bookingId, at: walk.at() });

/** A patient who gave consent, and paid what staff offered. */
async function sold(lines: readonly SaleLine[] = knee, isBilled = true): Promise<Walk> {
  const walk = inIntake();
  if (isBilled) bill(walk);
  quote(walk, lines);
  await pay(walk, 'case-1-b1', sum(lines));
  walk.said();
  return walk;
}

/** What went back by now, one refund after the other, as the dashboard did it. */
const refundsOf = (amounts: readonly number[], status = 'done') =>
  amounts.map((amount, index) =>
    refunded({ refundId: `re_${index}`, reference: null, amount: euros(amount), status }),
  );

async function goesBack(walk: Walk, total: number, amounts: readonly number[]): Promise<void> {
  walk.payment('refund');
  const refunds = refundsOf(amounts);
  await walk.answer('readPayment', stateOf('case-1-b1', total, { refunds }));
}

const invoiceSteps = [
  ['queueInvoice', issued()],
  ['submitInvoice', { status: 'accepted', code: null }],
  ['archiveInvoice', {}],
] as const;

/** All invoices that wait are made out, sent, accepted and kept. Gives what was made out. */
async function keepAll(walk: Walk): Promise<InvoiceOrder[]> {
  const orders: InvoiceOrder[] = [];
  const next = () => invoiceSteps.find(([step]) => walk.calls.some(({ name }) => name === step));
  for (let due = next(), left = 100; due !== undefined; due = next(), left--) {
    assert.ok(left > 0, 'It never comes to rest');
    const [step, answer] = due;
    const asked = await walk.answer(step, answer);
    if (step === 'queueInvoice') orders.push(asked as InvoiceOrder);
  }
  return orders;
}

const linesOf = ({ lines }: { readonly lines: readonly SaleLine[] }) =>
  lines.map(({ description, gross }) => [description, Number(gross.amountMinor)]);

const invoicesIn = (walk: Walk): readonly InvoiceSummary[] => walk.state().context.invoices;

const standingIn = (walk: Walk, bookingId = 'case-1-b1') => {
  const { standings } = walk.state().context;
  const standing = standings.find((one) => one.bookingId === bookingId);
  assert.ok(standing);
  return standing;
};

suite('what is sold', () => {
  test('is invoiced: a flight as one line, when it is paid', async () => {
    const walk = await awaitingPayment();
    bill(walk);
    assert.deepEqual(walk.calls, []);
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    const [order, ...more] = await keepAll(walk);
    assert.deepEqual(more, []);
    assert.deepEqual(order, {
      tenant: 'anadolu',
      caseId: 'case-1',
      bookingId: 'case-1-b1',
      invoiceId: 'case-1-b1-i1',
      lines: [
        {
          kind: 'travel',
          description: 'TK1722 BER-IST 2027-02-01',
          quantity: 1,
          gross: { amountMinor: '21000', currency: 'EUR' },
        },
      ],
      paidAt: '2027-01-01T09:30:00.000Z',
      payment: { provider: 'stripe', paymentId: 'pi_1' },
      buyer,
      credits: null,
      replaces: null,
    });
    assert.equal(invoicesIn(walk)[0]?.keptAs, 'case-1-b1-i1');
  });

  test('is invoiced apart: health services, and all the rest', async () => {
    const lines = [
      line('transfer', 5_000, 'Airport'),
      line('health', 400_001, 'Knee'),
      line('accommodation', 60_000, 'Hotel'),
      line('health', 20_000, 'Check-up'),
      line('aesthetic', 9_000, 'Peeling'),
    ];
    const walk = await sold(lines);
    const orders = await keepAll(walk);
    assert.deepEqual(
      orders.map((order) => [order.invoiceId, linesOf(order)]),
      [
        [
          'case-1-b1-i1',
          [
            ['Knee', 400_001],
            ['Check-up', 20_000],
          ],
        ],
        [
          'case-1-b1-i2',
          [
            ['Airport', 5_000],
            ['Hotel', 60_000],
            ['Peeling', 9_000],
          ],
        ],
      ],
    );
    assert.equal(standingIn(walk).invoices, 2);
    for (const kind of ['health', 'accommodation'] as const) {
      const single = await sold([line(kind, 1_000)]);
      assert.deepEqual(
        (await keepAll(single)).map(({ invoiceId }) => invoiceId),
        ['case-1-b1-i1'],
      );
    }
  });

  test('is paid under the title staff gave it, and what is in it is not said', async () => {
    const walk = inIntake();
    quote(walk);
    const order = (await walk.answer('openCheckout', checkout())) as Record<string, unknown>;
    assert.deepEqual(
      [order['bookingId'], order['title'], order['total']],
      ['case-1-b1', 'Stay', euros(460_001)],
    );
    assert.ok(!JSON.stringify(order).includes('Knee'));
    assert.ok(!JSON.stringify(walk.sent).includes('Knee'));
  });

  test('is invoiced once, however often its payment is told', async () => {
    const walk = await sold();
    for (let time = 0; time < 3; time++) {
      walk.payment('paid');
      await walk.answer('readPayment', stateOf('case-1-b1', 460_001));
    }
    assert.equal(invoicesIn(walk).length, 2);
    assert.equal((await keepAll(walk)).length, 2);
    assert.deepEqual(walk.published, [
      { type: 'payment.succeeded', bookingId: 'case-1-b1', amountMinor: '460001', currency: 'EUR' },
    ]);
  });

  test('waits for whom it is made out to, and staff see that it does', async () => {
    const walk = await sold(knee, false);
    assert.ok(walk.has('invoice-held'));
    assert.ok(!walk.has('with-staff'), 'The conversation goes on');
    assert.deepEqual(
      invoicesIn(walk).map(({ heldFor }) => heldFor),
      ['buyer-missing', 'buyer-missing'],
    );
    assert.deepEqual(await keepAll(walk), []);
    bill(walk);
    assert.ok(!walk.has('invoice-held'));
    const orders = await keepAll(walk);
    assert.deepEqual(
      orders.map((order) => order.buyer),
      [buyer, buyer],
    );
    quote(walk, [line('transfer', 700)]);
    await pay(walk, 'case-1-b2', 700);
    assert.deepEqual(
      (await keepAll(walk)).map((order) => [order.invoiceId, order.buyer.passport]),
      [['case-1-b2-i1', 'C01X00T47']],
    );
  });

  test('is tagged as long as one of its invoices is held', async () => {
    const walk = await sold();
    await walk.fail('queueInvoice', Object.assign(new Error('no'), { code: 'invoice_invalid' }));
    await walk.fail('queueInvoice');
    assert.deepEqual(
      invoicesIn(walk).map(({ heldFor }) => heldFor),
      ['invoice-invalid', 'invoice-not-queued'],
    );
    bill(walk);
    await walk.answer('queueInvoice', issued());
    await walk.fail('queueInvoice');
    assert.ok(walk.has('invoice-held'));
    walk.staff('staff.resume');
    assert.ok(!walk.has('invoice-held'));
    assert.equal((await keepAll(walk)).length, 1);
    assert.ok(invoicesIn(walk).every(({ keptAs }) => keptAs !== null));
  });

  test('has its refused invoice corrected under the same actor', async () => {
    const walk = await sold([line('health', 1_000)]);
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'submitted', code: null });
    const push = (invoiceId: string, status: 'accepted' | 'rejected') =>
      walk.send({ type: 'efatura.status.update', invoiceId, status });
    push('case-1-b1-i1', 'rejected');
    await walk.answer('readInvoice', { status: 'rejected', code: null });
    assert.ok(walk.has('invoice-held'));
    walk.staff('staff.resume');
    assert.deepEqual(walk.calls, [], 'Another invoice is a decision');
    bill(walk);
    assert.ok(!walk.has('invoice-held'));
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'submitted', code: null });
    push('case-1-b1-i1', 'accepted'); // Of the old one.
    push('case-1-b9-i1', 'accepted'); // Of nobody.
    assert.deepEqual(walk.calls, []);
    push('case-1-b1-i101', 'accepted');
    await walk.answer('readInvoice', { status: 'accepted', code: null });
    await walk.answer('archiveInvoice', {});
    assert.deepEqual(
      invoicesIn(walk).map(({ actorId, keptAs }) => [actorId, keptAs]),
      [['case-1-b1-i1', 'case-1-b1-i101']],
    );
    push('case-1-b1-i101', 'accepted'); // Late, and no longer of interest.
    push('case-1-b1-i101', 'rejected');
    assert.equal(walk.state().status, 'active');
    assert.ok(!walk.has('invoice-held'));
  });
});

suite('credit notes', () => {
  test('share what went back over invoices and lines, to the last minor unit', async () => {
    const lines = [
      line('health', 3_333, 'Knee'),
      line('health', 3_333, 'Check-up'),
      line('accommodation', 3_334, 'Hotel'),
    ];
    const walk = await sold(lines);
    await keepAll(walk);
    await goesBack(walk, 10_000, [1_000]);
    const credits = await keepAll(walk);
    assert.deepEqual(
      credits.map(({ invoiceId, credits: credited }) => [invoiceId, credited]),
      [
        ['case-1-b1-i3', 'case-1-b1-i1'],
        ['case-1-b1-i4', 'case-1-b1-i2'],
      ],
    );
    assert.deepEqual(credits.map(linesOf), [
      [
        ['Knee', 333],
        ['Check-up', 333],
      ],
      [['Hotel', 334]], // Of it the most is left.
    ]);
    assert.ok(
      credits.every(({ lines: credited }) => credited.every(({ quantity }) => quantity === 1)),
    );
    assert.equal(standingIn(walk).invoices, 4);
    assert.equal(standingIn(walk).status, 'paid');
  });

  test('give back all of an invoice as it was, when all of it went back', async () => {
    const walk = await sold();
    const invoices = await keepAll(walk);
    await goesBack(walk, 460_001, [460_001]);
    assert.equal(standingIn(walk).status, 'refunded');
    const credits = await keepAll(walk);
    assert.deepEqual(credits.map(linesOf), invoices.map(linesOf));
  });

  test('leave out a line of which nothing went back, and an invoice too', async () => {
    const walk = await sold([line('health', 1_000_000, 'Knee'), line('transfer', 1, 'Airport')]);
    await keepAll(walk);
    await goesBack(walk, 1_000_001, [1]);
    const credits = await keepAll(walk);
    assert.deepEqual(credits.map(linesOf), [[['Knee', 1]]]);
  });

  test('wait until the invoice they give back stands, under the id that it has by then', async () => {
    const walk = await sold([line('health', 1_000, 'Knee')]);
    await goesBack(walk, 1_000, [100]);
    await goesBack(walk, 1_000, [100, 250]);
    await walk.answer('queueInvoice', issued());
    assert.equal(walk.calls.filter(({ name }) => name === 'queueInvoice').length, 0);
    await walk.answer('submitInvoice', { status: 'rejected', code: '1150' });
    assert.deepEqual(invoicesIn(walk)[0]?.toCredit, ['350']);
    issueAnew(walk, 'case-1-b1-i1');
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'accepted', code: null });
    assert.equal(walk.calls.filter(({ name }) => name === 'queueInvoice').length, 0);
    await walk.answer('archiveInvoice', {});
    const [credit, ...more] = await keepAll(walk);
    assert.ok(credit);
    assert.deepEqual(
      [credit.invoiceId, credit.credits, linesOf(credit), more],
      ['case-1-b1-i2', 'case-1-b1-i101', [['Knee', 350]], []],
    );
  });

  test('follow a refund that was there before the payment was read', async () => {
    const walk = inIntake();
    bill(walk);
    quote(walk);
    await walk.answer('openCheckout', checkout());
    walk.payment('paid');
    const refunds = refundsOf([460]);
    await walk.answer('readPayment', stateOf('case-1-b1', 460_001, { refunds }));
    const orders = await keepAll(walk);
    const credited = orders.filter(({ credits }) => credits !== null);
    assert.deepEqual(
      [orders.length, credited.flatMap(linesOf).map(([, amount]) => amount)],
      [4, [400, 60]],
    );
  });

  test('never give back more than the invoice had, over several refunds', async () => {
    const walk = await sold([line('health', 500, 'Knee'), line('accommodation', 500, 'Hotel')]);
    await keepAll(walk);
    const back = [999, 1];
    await goesBack(walk, 1_000, back.slice(0, 1));
    const credits = await keepAll(walk);
    await goesBack(walk, 1_000, back);
    credits.push(...(await keepAll(walk)));
    const ofKnee = credits.filter(({ credits: credited }) => credited === 'case-1-b1-i1');
    const ofHotel = credits.filter(({ credits: credited }) => credited === 'case-1-b1-i2');
    assert.deepEqual(
      [ofKnee, ofHotel].map((notes) => sum(notes.flatMap(({ lines }) => lines))),
      [500, 500],
    );
  });

  test('never give back more of a line than it had, over several refunds', async () => {
    const walk = await sold([line('health', 500, 'Knee'), line('health', 500, 'Check-up')]);
    await keepAll(walk);
    await goesBack(walk, 1_000, [999]);
    const credits = await keepAll(walk);
    await goesBack(walk, 1_000, [999, 1]);
    credits.push(...(await keepAll(walk)));
    assert.deepEqual(credits.map(linesOf), [
      [
        ['Knee', 500],
        ['Check-up', 499],
      ],
      [['Check-up', 1]],
    ]);
  });

  test('are not made out twice for a refund that failed and was made again', async () => {
    const walk = await sold([line('health', 1_000, 'Knee')]);
    await keepAll(walk);
    await goesBack(walk, 1_000, [400]);
    const credits = await keepAll(walk);
    const failed = refundsOf([400], 'failed');
    walk.payment('refund');
    await walk.answer('readPayment', stateOf('case-1-b1', 1_000, { refunds: failed }));
    credits.push(...(await keepAll(walk)));
    const again = refunded({ refundId: 're_9', reference: null, amount: euros(400) });
    walk.payment('refund');
    const refunds = [...failed, again];
    await walk.answer('readPayment', stateOf('case-1-b1', 1_000, { refunds }));
    credits.push(...(await keepAll(walk)));
    assert.equal(sum(credits.flatMap(({ lines }) => lines)), 400);
  });

  test('are held like invoices, and hold the case open', async () => {
    const walk = await sold([line('health', 1_000, 'Knee')]);
    await keepAll(walk);
    await goesBack(walk, 1_000, [1_000]);
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'rejected', code: null });
    assert.ok(walk.has('invoice-held'));
    issueAnew(walk, 'case-1-b1-i2');
    const [correction] = await keepAll(walk);
    assert.deepEqual(
      [correction?.invoiceId, correction?.replaces, correction?.credits],
      ['case-1-b1-i102', 'case-1-b1-i2', 'case-1-b1-i1'],
    );
    assert.ok(invoicesIn(walk).every(({ keptAs }) => keptAs !== null));
  });

  test('come to what went back, of no invoice or line more than it had, for any refunds', async () => {
    const amount = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 900_001 }));
    let credited = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ kind: fc.constantFrom('health' as const, 'accommodation'), amount }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(
          fc.record({
            share: fc.oneof(fc.constantFrom(50, 99, 100), fc.integer({ min: 1, max: 100 })),
            isKept: fc.boolean(),
          }),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
        async (sales, refunds) => {
          const lines = sales.map((sale, index) => line(sale.kind, sale.amount, `line ${index}`));
          const total = sum(lines);
          const walk = await sold(lines);
          const orders: InvoiceOrder[] = [];
          const back: number[] = [];
          for (const { share, isKept } of refunds) {
            if (isKept) orders.push(...(await keepAll(walk)));
            const left = total - back.reduce((all, one) => all + one, 0);
            if (left === 0) break;
            back.push(Math.max(1, Math.floor((left * share) / 100)));
            await goesBack(walk, total, back);
          }
          orders.push(...(await keepAll(walk)));
          const isSale = ({ credits }: InvoiceOrder) => credits === null;
          assert.deepEqual(
            orders
              .filter(isSale)
              .flatMap(linesOf)
              .toSorted(([one], [other]) => String(one).localeCompare(String(other))),
            linesOf({ lines }),
            'Everything that was paid is invoiced once',
          );
          const notes = orders.filter((order) => !isSale(order));
          assert.equal(
            sum(notes.flatMap((note) => note.lines)),
            back.reduce((all, one) => all + one, 0),
          );
          for (const sale of orders.filter(isSale)) {
            const given = notes
              .filter(({ credits }) => credits === sale.invoiceId)
              .flatMap((note) => note.lines);
            for (const { description, gross } of sale.lines) {
              const ofLine = sum(given.filter((one) => one.description === description));
              assert.ok(
                ofLine <= Number(gross.amountMinor),
                `${ofLine} of ${gross.amountMinor} is given back`,
              );
            }
          }
          assert.equal(new Set(orders.map(({ invoiceId }) => invoiceId)).size, orders.length);
          if (notes.length > 1) credited++;
        },
      ),
      { numRuns: 80 },
    );
    assert.ok(credited > 20, 'The walks went far enough to mean something');
  });
});

suite('late money in a case', () => {
  const late = async () => {
    const walk = await awaitingPayment();
    await lapse(walk);
    return walk;
  };

  test('is taken by staff, and the journey goes on as if it had been in time', async () => {
    const walk = await late();
    assert.deepEqual(walk.said(), ['payment.reminder', 'payment.expired']);
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('refund-needed') && walk.has('with-staff'));
    assert.equal(standingIn(walk).heldFor, 'paid-late');
    assert.deepEqual(walk.published, []);
    walk.said();
    walk.staff('staff.resume');
    assert.deepEqual(walk.calls, [], 'It has to be named');
    decide(walk);
    await walk.answer('readPayment', paid());
    assert.equal(journeyOf(walk), 'travel');
    assert.ok(walk.said().includes('booking.confirmed'));
    assert.ok(!walk.has('refund-needed'));
    assert.equal(walk.published.length, 1);
    assert.equal(standingIn(walk).status, 'paid');
    bill(walk);
    assert.equal((await keepAll(walk)).length, 1);
  });

  test('that staff take while the patient asks for another trip is not passed over in silence', async () => {
    const walk = await late();
    walk.write('I want to go later');
    assert.notEqual(journeyOf(walk), 'dormant');
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    walk.said();
    walk.staff('staff.resume');
    assert.deepEqual(walk.calls, [], 'It has to be named');
    decide(walk);
    await walk.answer('readPayment', paid());
    assert.equal(standingIn(walk).status, 'paid');
    const said = walk.said();
    assert.ok(
      said.includes('booking.confirmed') || said.includes('payment.received'),
      `Only said: ${said.join(', ')}`,
    );
  });

  test('that went back before it was ever confirmed leaves nobody waiting for a payment', async () => {
    const whole = paid({ refunds: [refunded({ reference: null })] });
    const elsewhere = await awaitingPayment();
    elsewhere.payment('paid');
    await elsewhere.answer('readPayment', whole);
    const wrong = { captured: euros(20_999) };
    const byStaff = await awaitingPayment();
    byStaff.payment('paid');
    await byStaff.answer('readPayment', paid(wrong));
    byStaff.send({
      type: 'staff.refund',
      bookingId: 'case-1-b1',
      amount: wrong.captured,
      at: byStaff.at(),
    });
    const back = refunded({ amount: wrong.captured });
    await byStaff.answer('refundPayment', back);
    await byStaff.answer('readPayment', paid({ ...wrong, refunds: [back] }));
    for (const walk of [elsewhere, byStaff]) {
      assert.equal(standingIn(walk).status, 'refunded');
      assert.ok(!walk.has('refund-needed'));
      assert.notEqual(journeyOf(walk), 'booking');
    }
  });

  test('of a quote that lapsed is told once', async () => {
    const walk = inIntake();
    quote(walk);
    await walk.answer('openCheckout', checkout());
    await lapse(walk);
    assert.deepEqual(walk.said().filter((text) => text === 'payment.expired').length, 1);
    walk.payment('reconciled'); // Somebody asks once more.
    await walk.answer('readPayment', unpaid('expired'));
    assert.deepEqual([walk.said(), standingIn(walk).status], [[], 'lapsed']);
  });
});

suite('a link that ran out', () => {
  const shortLived = (attempt: number) => ({
    ...checkout(),
    checkoutId: `cs_${attempt}`,
    url: `https://pay.example/${attempt}`,
    lifetimeMs: 30 * minute,
  });

  test('is renewed by its button, which is no word for staff', async () => {
    const walk = await awaitingPayment();
    walk.press('pay:again:case-1-b1');
    assert.deepEqual(walk.calls, [], 'The link still lives');
    const short = inIntake();
    quote(short);
    await short.answer('openCheckout', shortLived(1));
    short.clock.increment(30 * minute);
    await short.answer('readPayment', unpaid('expired'));
    const renewal = short.sent.at(-1);
    assert.deepEqual([renewal?.text, renewal?.choices], ['payment.renew', ['pay:again:case-1-b1']]);
    short.press('pay:again:case-1-b2');
    short.press('pay:again:');
    assert.deepEqual(short.calls, []);
    short.press('pay:again:case-1-b1');
    const order = (await short.answer('openCheckout', shortLived(2))) as { attempt: number };
    assert.equal(order.attempt, 2);
    assert.equal(short.sent.at(-1)?.values['url'], 'https://pay.example/2');
    assert.equal(short.state().context.handedOverFor, null);
    short.payment('paid', 'case-1-b1', 'cs_2');
    await short.answer('readPayment', stateOf('case-1-b1', 460_001));
    assert.equal(standingIn(short).status, 'paid');
  });

  test('of a trip is renewed while the journey waits for its payment', async () => {
    const walk = inIntake();
    walk.write('from Berlin, 2027-02-01, 2 adults');
    walk.press('trip:yes');
    await walk.answer('searchFlights', flights(1));
    walk.write('1');
    await walk.answer('openCheckout', shortLived(1));
    walk.clock.increment(30 * minute);
    await walk.answer('readPayment', unpaid('expired'));
    walk.press('pay:again:case-1-b1');
    await walk.answer('openCheckout', shortLived(2));
    assert.equal(journeyOf(walk), 'booking');
    assert.equal(walk.state().context.handedOverFor, null);
    walk.payment('paid', 'case-1-b1', 'cs_2');
    await walk.answer('readPayment', paid());
    assert.equal(journeyOf(walk), 'travel');
  });
});

suite('settling up', () => {
  const home = async (walk: Walk) => {
    walk.staff('staff.arrived');
    walk.staff('staff.discharged');
    walk.clock.increment(30 * day);
    return walk;
  };

  test('closes the case with its last invoice', async () => {
    const walk = await home(await confirmed());
    assert.deepEqual(journeyOf(walk), { settlingUp: 'disputable' });
    walk.clock.increment(150 * day);
    assert.equal(walk.state().status, 'active');
    assert.deepEqual(journeyOf(walk), { settlingUp: 'ending' });
    bill(walk);
    await keepAll(walk);
    assert.equal(walk.state().output?.outcome, 'completed');
  });

  test('lasts as long as what was paid may be disputed, where all is settled', async () => {
    const walk = await confirmed();
    bill(walk);
    await keepAll(walk);
    await home(walk);
    assert.deepEqual(journeyOf(walk), { settlingUp: 'disputable' });
    walk.clock.increment(31 * day); // Two months after the treatment.
    walk.payment('dispute');
    const dispute = { disputeId: 'dp_1', amount: price, status: 'lost' };
    await walk.answer('readPayment', paid({ dispute }));
    assert.equal(standingIn(walk).status, 'chargedBack');
    assert.equal(walk.booked.at(-1)?.state, 'disputed', 'It is in the books');
    walk.clock.increment(119 * day);
    assert.equal(walk.state().output?.outcome, 'completed');
  });

  test('is nothing where nothing was ever paid', async () => {
    const walk = await awaitingPayment();
    await lapse(walk);
    walk.clock.increment(30 * day);
    assert.equal(walk.state().output?.outcome, 'lapsed');
  });

  test('waits for the credit note of a refund that ends it', async () => {
    const walk = await home(await confirmed());
    bill(walk);
    await keepAll(walk);
    walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: price, at: walk.at() });
    walk.clock.increment(150 * day);
    await walk.answer('refundPayment', refunded());
    await walk.answer('readPayment', paid({ refunds: [refunded()] }));
    assert.equal(walk.state().status, 'active');
    assert.equal((await keepAll(walk)).length, 1);
    assert.equal(walk.state().output?.outcome, 'completed');
  });

  test('waits for an open quote, a refund, a dispute and a credit note', async () => {
    const walk = await confirmed();
    bill(walk);
    await keepAll(walk);
    walk.staff('staff.arrived');
    walk.staff('staff.discharged');
    walk.clock.increment(30 * day - hour);
    quote(walk, [line('transfer', 700)]);
    await walk.answer('openCheckout', checkout('case-1-b2'));
    walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: euros(500), at: walk.at() });
    walk.clock.increment(hour);
    assert.deepEqual(journeyOf(walk), { settlingUp: 'disputable' });
    walk.clock.increment(22 * hour);
    await walk.answer('readPayment', unpaid('pending')); // The quote's link ends while it is being paid.
    walk.clock.increment(hour);
    await walk.answer('closeCheckout', null);
    await walk.answer('readPayment', unpaid('pending'));
    assert.equal(standingIn(walk, 'case-1-b2').heldFor, 'payment-unsettled');
    walk.clock.increment(150 * day);
    const part = refunded({ amount: euros(500) });
    await walk.answer('refundPayment', part);
    const dispute = { disputeId: 'dp_1', amount: price, status: 'open' };
    await walk.answer('readPayment', paid({ refunds: [part], dispute }));
    assert.equal(standingIn(walk).heldFor, 'disputed');
    assert.ok(walk.has('refund-needed'));
    const won = { ...dispute, status: 'won' };
    walk.payment('dispute');
    await walk.answer('readPayment', paid({ refunds: [part], dispute: won }));
    assert.equal(standingIn(walk).heldFor, null);
    assert.equal((await keepAll(walk)).length, 1);
    assert.equal(walk.state().status, 'active', 'A quote is open');
    walk.payment('failed', 'case-1-b2');
    await walk.answer('readPayment', { ...unpaid('expired'), bookingId: 'case-1-b2' });
    assert.equal(walk.state().output?.outcome, 'completed');
  });

  test('is not what staff can cut short while money is in doubt', async () => {
    const walk = await home(await confirmed());
    bill(walk);
    await keepAll(walk);
    walk.payment('dispute');
    const dispute = { disputeId: 'dp_1', amount: price, status: 'open' };
    await walk.answer('readPayment', paid({ dispute }));
    walk.clock.increment(365 * day);
    walk.send({ type: 'staff.close', reason: 'done', at: walk.at() });
    assert.ok(walk.state().status === 'active' && walk.has('with-staff'));
    walk.payment('dispute');
    await walk.answer('readPayment', paid({ dispute: { ...dispute, status: 'lost' } }));
    assert.equal(walk.state().output?.outcome, 'completed', 'The bank decided, and it is over');
  });
});

suite('nobody is stuck', () => {
  const dinars = (amountMinor: number) => ({ amountMinor: String(amountMinor), currency: 'KWD' });

  test('by a credit note of three decimals: its shares are what an invoice can show', async () => {
    const walk = inIntake();
    bill(walk);
    const lines = [1, 2, 3].map((n) => ({
      ...line('aesthetic', 0, `Line ${n}`),
      gross: dinars(10_000),
    }));
    quote(walk, lines);
    await walk.answer('openCheckout', checkout());
    walk.payment('paid');
    const total = dinars(30_000);
    await walk.answer('readPayment', paid({ total, captured: total }));
    await keepAll(walk);
    let given = 0;
    const made: object[] = [];
    for (const amount of [10_000, 20, 19_980]) {
      const reference = `case-1-b1-r${made.length + 1}`;
      made.push(refunded({ refundId: reference, reference, amount: dinars(amount) }));
      walk.send({
        type: 'staff.refund',
        bookingId: 'case-1-b1',
        amount: dinars(amount),
        at: walk.at(),
      });
      await walk.answer('refundPayment', made.at(-1));
      await walk.answer('readPayment', paid({ total, captured: total, refunds: made }));
      const [credit] = await keepAll(walk);
      assert.ok(credit);
      assert.doesNotThrow(() =>
        totalInvoice(credit.lines.map((one) => ({ ...one, taxPercent: 20 }))),
      );
      given += sum(credit.lines);
    }
    assert.equal(given, 30_000);
  });

  test('where no integrator is configured: nothing is invoiced, and nothing waits for it', async () => {
    const walk = startCase({ isInvoicing: false });
    walk.write('Hello');
    walk.press('consent:service:yes');
    quote(walk);
    await pay(walk, 'case-1-b1', 460_001);
    await goesBack(walk, 460_001, [1]);
    assert.deepEqual([walk.calls, invoicesIn(walk), walk.has('invoice-held')], [[], [], false]);
    walk.send({ type: 'staff.close', reason: 'done', at: walk.at() });
    walk.clock.increment(150 * day);
    assert.equal(walk.state().output?.outcome, 'closed-by-staff');
  });

  test('by a dispute that was lost', async () => {
    const walk = await confirmed();
    for (const status of ['open', 'lost']) {
      walk.payment('dispute');
      const dispute = { disputeId: 'dp_1', amount: price, status };
      await walk.answer('readPayment', paid({ dispute }));
    }
    assert.deepEqual([standingIn(walk).heldFor, standingIn(walk).status], [null, 'chargedBack']);
    assert.ok(!walk.has('refund-needed'));
  });

  test('whose decision was meant for one: the others stay as they are', async () => {
    const walk = inIntake();
    for (const bookingId of ['case-1-b1', 'case-1-b2']) {
      quote(walk, [line('transfer', 700)]);
      await walk.answer('openCheckout', checkout(bookingId));
      walk.payment('paid', bookingId);
      await walk.answer('readPayment', stateOf(bookingId, 700, { captured: euros(1) }));
    }
    decide(walk, 'case-1-b2');
    assert.deepEqual(
      walk.calls.map(({ input }) => (input as { bookingId: string }).bookingId),
      ['case-1-b2'],
    );
    await walk.answer('readPayment', stateOf('case-1-b2', 700));
    assert.deepEqual(
      [standingIn(walk).heldFor, standingIn(walk, 'case-1-b2').heldFor],
      ['payment-differs', null],
    );
  });
});

suite('a word about money', () => {
  test('of a booking that is not ours is for staff', async () => {
    for (const bookingId of ['case-1-b9', 'case-2-b1']) {
      const walk = await confirmed();
      walk.payment('paid', bookingId);
      assert.equal(walk.state().context.handedOverFor, 'payment-unknown');
      assert.ok(walk.has('with-staff'));
      assert.deepEqual(walk.calls, []);
    }
    const before = inIntake();
    before.payment('paid');
    assert.equal(before.state().context.handedOverFor, 'payment-unknown');
  });

  test('of the patient’s return from the page of a booking that is not ours is nothing', async () => {
    const walk = await confirmed();
    walk.payment('returned', 'case-1-b9');
    assert.equal(walk.state().context.handedOverFor, null);
    const ours = await awaitingPayment();
    ours.payment('returned');
    await ours.answer('readPayment', paid());
    assert.equal(journeyOf(ours), 'travel');
  });

  test('as version 2 stored it is understood: it is read from the provider all the same', async () => {
    const about = { bookingId: 'case-1-b1', provider: 'stripe', checkoutId: 'cs_case-1-b1' };
    const walk = await awaitingPayment();
    walk.send({ type: 'payment.succeeded', ...about, at: walk.at() });
    assert.equal(journeyOf(walk), 'booking');
    await walk.answer('readPayment', paid());
    assert.equal(journeyOf(walk), 'travel');
    for (const type of ['payment.failed', 'payment.expired'] as const) {
      const over = await awaitingPayment();
      over.send({ type, ...about, at: over.at() });
      await over.answer('readPayment', unpaid('expired'));
      assert.ok(bookingIn(over).matches('linkExpired'));
    }
    const other = await awaitingPayment();
    other.send({ type: 'payment.succeeded', ...about, checkoutId: 'cs_other', at: other.at() });
    const reference = await other.answer('readPayment', paid());
    assert.equal((reference as { checkoutId: string }).checkoutId, 'cs_other');
    const withdrawn = await awaitingPayment();
    withdrawn.write('STOP');
    await withdrawn.answer('closeCheckout', null);
    await withdrawn.answer('readPayment', unpaid('expired'));
    withdrawn.send({ type: 'payment.succeeded', ...about, at: withdrawn.at() });
    await withdrawn.answer('readPayment', paid());
    assert.ok(withdrawn.has('refund-needed'));
  });

  test('that is our own, come back, is nothing', async () => {
    const walk = await awaitingPayment();
    walk.send({ type: 'payment.succeeded', bookingId: 'case-1-b1' });
    assert.deepEqual(walk.calls, []);
    assert.equal(journeyOf(walk), 'booking');
    assert.equal(walk.state().context.handedOverFor, null);
  });
});

suite('a quote', () => {
  test('is not made before the patient agreed, nor after they withdrew', async () => {
    const silent = startCase();
    silent.write('Hello');
    const withdrawn = inIntake();
    withdrawn.write('STOP');
    for (const walk of [silent, withdrawn]) {
      walk.said();
      quote(walk);
      assert.deepEqual([walk.calls, walk.said()], [[], []]);
      assert.deepEqual(walk.state().context.standings, []);
    }
  });

  test('counts its refund rules from the day that staff named, or from none', async () => {
    const rules = [
      ['2027-01-10', 500],
      ['2027-02-10', 1_000],
      [undefined, 1_000],
    ] as const;
    for (const [beginsOn, back] of rules) {
      const walk = inIntake();
      quote(walk, [line('transfer', 1_000)], beginsOn);
      await pay(walk, 'case-1-b1', 1_000);
      walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', at: walk.at() });
      const order = (await walk.answer('refundPayment', refunded())) as { amount: Money };
      assert.deepEqual(order.amount, euros(back), `Begins on ${beginsOn}`);
    }
  });

  test('leaves the journey where it is, and thanks for the money', async () => {
    const walk = inIntake();
    quote(walk);
    await walk.answer('openCheckout', checkout());
    walk.said();
    walk.payment('paid');
    await walk.answer('readPayment', stateOf('case-1-b1', 460_001));
    const [receipt, ...more] = walk.sent.splice(0);
    assert.deepEqual([receipt?.text, more], ['payment.received', []]);
    assert.deepEqual(receipt?.values['total'], euros(460_001));
    assert.deepEqual(journeyOf(walk), { intake: 'origin' });
  });
});

suite('two bookings at once', () => {
  /** A trip and a quote, both waiting to be paid. */
  const both = async () => {
    const walk = await awaitingPayment();
    bill(walk);
    quote(walk);
    await walk.answer('openCheckout', checkout('case-1-b2'));
    walk.said();
    return walk;
  };

  test('are paid apart, and invoiced apart', async () => {
    const walk = await both();
    walk.payment('paid', 'case-1-b2');
    await walk.answer('readPayment', stateOf('case-1-b2', 460_001));
    assert.equal(journeyOf(walk), 'booking');
    assert.deepEqual(walk.said(), ['payment.received']);
    assert.deepEqual(
      walk.state().context.standings.map(({ status }) => status),
      ['open', 'paid'],
    );
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.equal(journeyOf(walk), 'travel');
    assert.deepEqual(
      (await keepAll(walk)).map((order) => [order.invoiceId, order.payment.paymentId]),
      [
        ['case-1-b2-i1', 'pi_case-1-b2'],
        ['case-1-b2-i2', 'pi_case-1-b2'],
        ['case-1-b1-i1', 'pi_1'],
      ],
    );
    assert.deepEqual(
      walk.published.map(({ bookingId, amountMinor }) => [bookingId, amountMinor]),
      [
        ['case-1-b2', '460001'],
        ['case-1-b1', '21000'],
      ],
    );
    for (const bookingId of ['case-1-b1', 'case-1-b2']) {
      const revisions = walk.booked
        .filter((record) => record.bookingId === bookingId)
        .map(({ revision }) => revision);
      assert.deepEqual(
        revisions,
        revisions.map((_, index) => index + 1),
      );
    }
  });

  test('are given back apart: one’s refund is no credit of the other', async () => {
    const walk = await both();
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    walk.payment('paid', 'case-1-b2');
    await walk.answer('readPayment', stateOf('case-1-b2', 460_001));
    await keepAll(walk);
    walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: price, at: walk.at() });
    await walk.answer('refundPayment', refunded());
    await walk.answer('readPayment', paid({ refunds: [refunded()] }));
    const credits = await keepAll(walk);
    assert.deepEqual(
      credits.map(({ invoiceId, credits: credited }) => [invoiceId, credited]),
      [['case-1-b1-i2', 'case-1-b1-i1']],
    );
    assert.deepEqual(
      walk.state().context.standings.map(({ status, refundedMinor }) => [status, refundedMinor]),
      [
        ['refunded', '21000'],
        ['paid', '0'],
      ],
    );
  });

  test('are held apart: staff’s decision reaches only what is held', async () => {
    const walk = await both();
    walk.payment('paid', 'case-1-b2');
    await walk.answer('readPayment', stateOf('case-1-b2', 460_001, { captured: euros(1) }));
    assert.ok(walk.has('refund-needed'));
    assert.ok(bookingIn(walk).matches('waiting'));
    decide(walk, 'case-1-b2');
    assert.deepEqual(
      walk.calls.map(({ input }) => (input as { bookingId: string }).bookingId),
      ['case-1-b2'],
    );
    await walk.answer('readPayment', stateOf('case-1-b2', 460_001));
    assert.ok(!walk.has('refund-needed'));
  });

  test('lapse apart', async () => {
    const walk = await both();
    walk.clock.increment(23 * hour);
    walk.said();
    await walk.answer('readPayment', unpaid('pending')); // Of the trip.
    await walk.answer('readPayment', unpaid('open')); // Of the quote.
    await walk.answer('closeCheckout', null);
    await walk.answer('readPayment', unpaid('expired'));
    assert.deepEqual(walk.said(), ['payment.expired']);
    assert.equal(standingIn(walk, 'case-1-b2').status, 'lapsed');
    assert.equal(journeyOf(walk), 'booking');
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.equal(journeyOf(walk), 'travel');
  });
});

suite('a stop and money', () => {
  const dispute = { disputeId: 'dp_1', amount: price, status: 'open' };

  /** Where the case stands after the stop, once the provider answered: with whom, and how it ends. */
  const standings: Readonly<
    Record<string, { readonly walkThere: () => Promise<Walk>; readonly isOwing: boolean }>
  > = {
    open: {
      walkThere: async () => {
        const walk = await awaitingPayment();
        walk.write('STOP');
        await walk.answer('closeCheckout', null);
        await walk.answer('readPayment', unpaid('expired'));
        return walk;
      },
      isOwing: false,
    },
    'paid in the last moment': {
      walkThere: async () => {
        const walk = await awaitingPayment();
        walk.write('STOP');
        await walk.fail('closeCheckout');
        await walk.answer('readPayment', paid());
        return walk;
      },
      isOwing: true,
    },
    'confirmed and invoiced': {
      walkThere: async () => {
        const walk = await confirmed();
        bill(walk);
        await keepAll(walk);
        walk.write('STOP');
        return walk;
      },
      isOwing: true,
    },
    'paid late': {
      walkThere: async () => {
        const walk = await awaitingPayment();
        await lapse(walk);
        walk.payment('paid');
        await walk.answer('readPayment', paid());
        walk.write('STOP');
        return walk;
      },
      isOwing: true,
    },
    'on its way back': {
      walkThere: async () => {
        const walk = await confirmed();
        walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: price, at: walk.at() });
        walk.write('STOP');
        return walk;
      },
      isOwing: true,
    },
    disputed: {
      walkThere: async () => {
        const walk = await confirmed();
        walk.payment('dispute');
        await walk.answer('readPayment', paid({ dispute }));
        walk.write('STOP');
        return walk;
      },
      isOwing: true,
    },
    'given back': {
      walkThere: async () => {
        const walk = await confirmed();
        walk.payment('refund');
        await walk.answer('readPayment', paid({ refunds: [refunded({ reference: null })] }));
        walk.write('STOP');
        return walk;
      },
      isOwing: false,
    },
    lapsed: {
      walkThere: async () => {
        const walk = await awaitingPayment();
        await lapse(walk);
        walk.write('STOP');
        return walk;
      },
      isOwing: false,
    },
  };
  for (const [standing, { walkThere, isOwing }] of Object.entries(standings)) {
    test(`that is ${standing} is settled, and nothing is said of it`, async () => {
      const walk = await walkThere();
      walk.said();
      assert.ok(walk.has('consent-withdrawn'));
      const isWithStaff = () => [walk.has('refund-needed'), walk.has('with-staff')];
      assert.deepEqual(isWithStaff(), [isOwing, isOwing || walk.has('invoice-held')]);
      if (isOwing) {
        walk.clock.increment(60 * day);
        assert.equal(walk.state().status, 'active', 'A case that owes money does not end');
        const isAsked = walk.calls.some(({ name }) => name === 'refundPayment');
        if (isAsked) await walk.answer('refundPayment', refunded());
        else walk.payment('refund');
        await walk.answer('readPayment', paid({ refunds: [refunded()] }));
        assert.deepEqual(isWithStaff(), [false, walk.has('invoice-held')]);
      }
      if (walk.has('invoice-held')) bill(walk);
      await keepAll(walk);
      assert.deepEqual(isWithStaff(), [false, false]);
      walk.clock.increment(30 * day);
      assert.equal(walk.state().output?.outcome, 'consent-withdrawn');
      assert.deepEqual(walk.said(), []);
    });
  }

  test('is not closed by staff over money: it goes back, or they say that it stays', async () => {
    const close = (walk: Walk) =>
      walk.send({ type: 'staff.close', reason: 'kept the deposit', at: walk.at() });
    const walk = await confirmed();
    bill(walk);
    await keepAll(walk);
    walk.write('STOP');
    close(walk);
    assert.ok(walk.state().status === 'active' && walk.has('refund-needed'));
    walk.send({ type: 'staff.keep', bookingId: 'case-1-b1', at: walk.at() });
    assert.ok(!walk.has('refund-needed') && !walk.has('with-staff'));
    close(walk);
    walk.clock.increment(150 * day - 1);
    assert.equal(walk.state().status, 'active', 'What stays can be disputed');
    walk.clock.increment(1);
    assert.equal(walk.state().output?.outcome, 'consent-withdrawn');
    const nothing = await awaitingPayment();
    nothing.write('STOP');
    close(nothing);
    assert.equal(nothing.state().status, 'active', 'Its link is being closed');
    await nothing.answer('closeCheckout', null);
    await nothing.answer('readPayment', unpaid('expired'));
    assert.equal(nothing.state().output?.reason, 'kept the deposit');
  });

  test('shows an invoice that staff have to see to', async () => {
    const walk = await sold([line('health', 1_000, 'Knee')], false);
    walk.write('STOP');
    walk.send({ type: 'staff.keep', bookingId: 'case-1-b1', at: walk.at() });
    assert.ok(walk.has('invoice-held') && walk.has('with-staff'));
    walk.clock.increment(365 * day);
    assert.equal(walk.state().status, 'active');
    bill(walk);
    await keepAll(walk);
    assert.ok(!walk.has('invoice-held') && !walk.has('with-staff'));
    walk.clock.increment(150 * day);
    assert.equal(walk.state().output?.outcome, 'consent-withdrawn');
  });

  test('leaves invoices to go on: held, corrected, kept', async () => {
    const walk = await sold([line('health', 1_000, 'Knee')], false);
    walk.write('STOP');
    walk.said();
    bill(walk);
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'rejected', code: null });
    issueAnew(walk, 'case-1-b1-i1');
    const [correction] = await keepAll(walk);
    assert.equal(correction?.invoiceId, 'case-1-b1-i101');
    assert.equal(invoicesIn(walk)[0]?.keptAs, 'case-1-b1-i101');
    assert.deepEqual(walk.said(), []);
  });
});

suite('money of a case that is stored in between', () => {
  const at = '2027-01-01T09:00:00.000Z';
  const effects = Object.keys(journeyPerformers(noPorts));

  /** A case through the kernel: out of the database before each step and back into it after. */
  const startStored = () => {
    const atRest = openCase(journeyMachines, effects);
    const over = new Set<string>();
    const send = (event: { readonly type: string; readonly [field: string]: unknown }) =>
      assert.deepEqual(atRest.send(event).deadLetters, [], event.type);
    const input = {
      tenant: 'anadolu',
      caseId: 'case-1',
      contact: { userId: null, phone: '491700000001' },
      lang: 'en',
    };
    atRest.activate([{ create: { machine: 'case', input } }]);
    const waiting = (name: string) =>
      atRest.effects.find(
        (effect) =>
          effect.kind === 'invoke' &&
          effect.name === name &&
          !effect.cancelled &&
          !over.has(effect.effectId) &&
          !atRest.abandoned.includes(effect.effectId),
      );
    const press = (id: string, minutes: number) =>
      send({
        type: 'whatsapp.inbound',
        messageId: `wamid.${id}`,
        message: { kind: 'button', id },
        lang: null,
        at: new Date(Date.parse(at) + minutes * minute).toISOString(),
        from: { userId: null, phone: '491700000001' },
      });
    const answer = (name: string, value: unknown): unknown => {
      const effect = waiting(name);
      assert.ok(effect, `Nobody asked for ${name}`);
      over.add(effect.effectId);
      assert.deepEqual(atRest.settle(effect.effectId, true, value).deadLetters, []);
      return JSON.parse(effect.input);
    };
    const notify = (notice: string) =>
      send({
        type: 'payment.notified',
        provider: 'stripe',
        notice,
        bookingId: 'case-1-b1',
        checkoutId: 'cs_case-1-b1',
        paymentId: null,
        at,
      });
    press('hello', 1);
    press('consent:service:yes', 2);
    const context = () => wholeContext(atRest.envelope().snapshot as StoredActor);
    return { atRest, send, answer, notify, context };
  };

  test('is invoiced, credited and settled as in memory, and replays to the byte', () => {
    const { atRest, send, answer, notify, context } = startStored();
    send({ type: 'staff.quote', title: 'Stay', lines: knee, at });
    answer('openCheckout', checkout());
    send({ type: 'staff.billing', buyer, at });
    notify('paid');
    answer('readPayment', stateOf('case-1-b1', 460_001));
    const keep = () => {
      const { invoiceId } = answer('queueInvoice', issued()) as InvoiceOrder;
      answer('submitInvoice', { status: 'accepted', code: null });
      answer('archiveInvoice', {});
      return invoiceId;
    };
    assert.deepEqual([keep(), keep()], ['case-1-b1-i1', 'case-1-b1-i2']);
    send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: euros(46_000), at });
    const part = refunded({ amount: euros(46_000) });
    answer('refundPayment', part);
    answer('readPayment', stateOf('case-1-b1', 460_001, { refunds: [part] }));
    assert.deepEqual([keep(), keep()], ['case-1-b1-i3', 'case-1-b1-i4']);
    assert.deepEqual(
      context().invoices.map(({ actorId, keptAs, isCredit }) => [actorId, keptAs, isCredit]),
      [
        ['case-1-b1-i1', 'case-1-b1-i1', false],
        ['case-1-b1-i2', 'case-1-b1-i2', false],
        ['case-1-b1-i3', 'case-1-b1-i3', true],
        ['case-1-b1-i4', 'case-1-b1-i4', true],
      ],
    );
    for (const status of ['accepted', 'rejected', 'archived']) {
      // Of invoices whose actors are over: nothing breaks.
      send({ type: 'efatura.status.update', invoiceId: 'case-1-b1-i1', status });
      send({ type: 'efatura.status.update', invoiceId: 'case-1-b1-i103', status });
    }
    send({ type: 'staff.billing', buyer, at });
    send({ type: 'staff.resume', at });
    const published = atRest.effects.filter(({ kind }) => kind === 'emit');
    assert.deepEqual(
      published.map(({ input }) => {
        const { type, status, invoiceId } = JSON.parse(input) as Record<string, string>;
        return [type, status, invoiceId].filter(Boolean).join(' ');
      }),
      [
        'payment.succeeded',
        ...[1, 2, 3, 4].flatMap((n) =>
          ['accepted', 'archived'].map(
            (status) => `efatura.status.update ${status} case-1-b1-i${n}`,
          ),
        ),
      ],
    );
    assert.equal(atRest.replayed(), atRest.text());
  });

  test('has one timer for a link and one for the end of its time', () => {
    const { atRest, send, answer, context } = startStored();
    send({ type: 'staff.quote', title: 'Stay', lines: knee, at });
    answer('openCheckout', { ...checkout(), lifetimeMs: 30 * minute });
    atRest.wait(30 * minute);
    atRest.activate();
    answer('readPayment', unpaid('expired'));
    atRest.wait(24 * hour - 30 * minute);
    atRest.activate();
    answer('closeCheckout', null);
    answer('readPayment', unpaid('expired'));
    assert.equal(context().standings[0]?.status, 'lapsed');
    assert.equal(atRest.replayed(), atRest.text());
  });
});
