import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { bookingMachine } from '../../machines/booking.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import type { SalesContext } from '../../machines/sales-types.ts';
import { salesMachine } from '../../machines/sales.ts';
import { ticketingMachine } from '../../machines/ticketing.ts';
import { day, startNested } from './nested.ts';
import { buyer, checkout, issued, paid, price, refunded, unpaid } from './walk.ts';

const at = '2027-01-01T09:00:00.000Z';
const b1 = 'case-1-b1';
const lines = [{ kind: 'travel', description: 'BER-IST', quantity: 1, gross: price }] as const;
const trip = { type: 'sale.begun', kind: 'trip', title: 'BER-IST', lines, beginsOn: null, at };
const quote = { type: 'staff.quote', title: 'Hotel', lines, at };
const message = {
  type: 'whatsapp.inbound',
  messageId: 'wamid.9',
  message: { kind: 'text', text: 'Hello again' },
  lang: null,
  at,
};

/** The sales of one case, stored and read again after every step. */
function startSales() {
  const walk = startNested({
    machine: salesMachine.provide({
      actors: { booking: bookingMachine, invoice: invoiceMachine, ticketing: ticketingMachine },
    }),
    input: { tenant: 'clinic', caseId: 'case-1', isInvoicing: true, phone: '491', lang: 'en' },
    effects: [
      'openCheckout',
      'closeCheckout',
      'readPayment',
      'refundPayment',
      'orderFlights',
      'findFlightOrder',
      'readFlightOrder',
      'recordBooking',
      'queueInvoice',
      'submitInvoice',
      'readInvoice',
      'archiveInvoice',
    ],
  });
  const consent = (purpose: string, status: string) =>
    walk.send({ type: 'consent.changed', purpose, status, lang: 'en', at });
  consent('service', 'given');
  return {
    ...walk,
    consent,
    sold: () => walk.context() as unknown as SalesContext,
    /** What the case was told since the last time this was asked, as type and what it is about. */
    news: () =>
      (walk.heard() as Record<string, unknown>[]).map(({ type, text, reason, bookingId }) =>
        [type, text, reason, bookingId].filter((part) => typeof part === 'string').join(' '),
      ),
    notify: (notice: string, bookingId: string = b1) =>
      walk.send({
        type: 'payment.notified',
        provider: 'stripe',
        notice,
        bookingId,
        checkoutId: `cs_${bookingId}`,
        paymentId: null,
        at,
      }),
  };
}

/** Of the patient's choice, and paid. */
function paidTrip() {
  const sales = startSales();
  sales.send(trip);
  sales.answer('openCheckout', checkout());
  sales.notify('paid');
  sales.answer('readPayment', paid());
  return sales;
}

/** Staff enter the buyer, and the invoice is made out, sent, accepted and kept. */
function invoice(sales: ReturnType<typeof startSales>): void {
  sales.send({ type: 'staff.billing', buyer, at });
  sales.answer('queueInvoice', issued());
  sales.answer('submitInvoice', { status: 'accepted', code: null });
  sales.answer('archiveInvoice', {});
}

suite('sales', () => {
  test('begin a booking for a trip, and tell which', () => {
    const sales = startSales();
    sales.send(trip);
    assert.deepEqual(sales.news(), [`sale.opened ${b1}`, 'sales.changed']);
    const order = sales.answer('openCheckout', checkout()) as { payer: { phone: string } };
    assert.equal(order.payer.phone, '491');
    assert.deepEqual(sales.news(), ['say payment.link']);
  });

  test('know nobody to write to: neither they nor their bookings keep a recipient', () => {
    const { atRest } = paidTrip();
    assert.doesNotMatch(atRest.text(), /"(?:recipient|heardAt)"/);
  });

  test('name the patient’s present number to the payment page', () => {
    const sales = startSales();
    sales.send({ type: 'contact.changed', recipient: { phone: '492' }, lang: 'de' });
    sales.send(trip);
    const order = sales.answer('openCheckout', checkout());
    const { payer, lang } = order as { payer: { phone: string }; lang: string };
    assert.deepEqual([payer.phone, lang], ['492', 'de']);
  });

  test('are quoted only with the consent to the service', () => {
    const sales = startSales();
    sales.send({ type: 'withdrawn', at });
    sales.send({ type: 'reopen.wanted', message });
    sales.news();
    sales.send(quote);
    assert.deepEqual([sales.waitsFor(), sales.sold().bookings], [[], []]);
    sales.consent('service', 'given');
    sales.send(quote);
    assert.deepEqual(sales.waitsFor(), ['openCheckout']);
  });

  test('thank for a quote themselves, and leave a trip to the journey', () => {
    const sales = paidTrip();
    const news = sales.news();
    assert.ok(news.includes(`sale.confirmed ${b1}`) && !news.includes('say payment.received'));
    sales.send(quote);
    sales.answer('openCheckout', checkout('case-1-b2'));
    sales.news();
    sales.notify('paid', 'case-1-b2');
    sales.answer('readPayment', paid({ bookingId: 'case-1-b2', checkoutId: 'cs_case-1-b2' }));
    assert.deepEqual(sales.news(), ['sale.confirmed case-1-b2', 'say payment.received']);
  });

  test('hand over a payment of nobody, and nothing that only came back', () => {
    const sales = startSales();
    sales.news();
    sales.notify('returned', 'case-1-b9');
    assert.deepEqual(sales.news(), []);
    sales.notify('paid', 'case-1-b9');
    assert.deepEqual(sales.news(), ['handOver payment-unknown']);
  });

  test('owe nothing once all is invoiced, and say so', () => {
    const sales = paidTrip();
    invoice(sales);
    assert.deepEqual(
      (sales.heard() as Record<string, unknown>[])
        .filter(({ type }) => type === 'sales.changed')
        .map(({ owesNothing, neverPaid }) => [owesNothing, neverPaid]),
      [
        [false, false],
        [true, false],
      ],
    );
  });

  test('of a patient who withdrew are closed, and end after their time', () => {
    const sales = startSales();
    sales.send(trip);
    sales.answer('openCheckout', checkout());
    sales.send({ type: 'withdrawn', at });
    sales.answer('closeCheckout', null);
    sales.answer('readPayment', unpaid('expired'));
    assert.deepEqual(sales.value(), { withdrawn: 'resting' });
    sales.news();
    sales.wait(30 * day - 1);
    assert.deepEqual(sales.news(), []);
    sales.wait(1);
    assert.deepEqual(sales.news(), ['sales.over']);
  });

  test('of a patient who withdrew and had paid hold the case until the money is settled', () => {
    const sales = paidTrip();
    invoice(sales);
    sales.send({ type: 'withdrawn', at });
    sales.news();
    sales.send({ type: 'reopen.wanted', message });
    sales.send({ type: 'staff.close', reason: 'no', at });
    assert.deepEqual([sales.value(), sales.news()], [{ withdrawn: 'owing' }, []]);
    sales.notify('refund');
    sales.answer('readPayment', paid({ refunds: [refunded({ reference: null })] }));
    assert.deepEqual(sales.value(), { withdrawn: 'resting' });
    sales.news();
    sales.send({ type: 'staff.close', reason: 'settled', at });
    assert.deepEqual(sales.news(), [], 'The credit note is not kept yet');
    for (const [name, value] of [
      ['queueInvoice', issued('case-1-b1-i2')],
      ['submitInvoice', { status: 'accepted', code: null }],
      ['archiveInvoice', {}],
    ] as const)
      sales.answer(name, value);
    assert.ok(sales.news().includes('sales.over settled'));
  });

  test('of a patient who wrote anew are open again, and the old trip is none of the new journey', () => {
    const sales = startSales();
    sales.send({ type: 'withdrawn', at });
    sales.news();
    sales.send({ type: 'reopen.wanted', message });
    assert.deepEqual(sales.heard(), [{ type: 'reopened', message }]);
    assert.deepEqual(
      [sales.sold().tripBookingId, sales.value()],
      [null, { open: { payments: 'settled', invoices: 'settled' } }],
    );
    assert.equal(sales.atRest.replayed(), sales.atRest.text());
  });
});
