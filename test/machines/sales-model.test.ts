import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { bookingMachine } from '../../machines/booking.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import type { BookingRecord, SaleLine } from '../../machines/money-types.ts';
import type { SalesContext } from '../../machines/sales-types.ts';
import { salesMachine } from '../../machines/sales.ts';
import { ticketingMachine } from '../../machines/ticketing.ts';
import { runs } from '../support/runs.ts';
import { day, hour, startNested } from './nested.ts';
import { createWorld, effectsOfSales, returnedOf, sumOf, type Fate } from './sales-world.ts';
import { buyer } from './walk.ts';

// The sales of a case against a world of its own: whatever patients, banks, staff and the network do, in any order, what
// the machine asks for, tells and books has to agree with what the world remembers. Stored and read again after every step.

const startsAt = Date.parse('2027-01-01T09:00:00.000Z');

function startSales() {
  const walk = startNested({
    machine: salesMachine.provide({
      actors: { booking: bookingMachine, invoice: invoiceMachine, ticketing: ticketingMachine },
    }),
    input: { tenant: 'clinic', caseId: 'case-1', isInvoicing: true, phone: '491', lang: 'en' },
    effects: effectsOfSales,
  });
  const { atRest } = walk;
  const nowMs = () => startsAt + atRest.now() - 1_000_000;
  const at = () => new Date(nowMs()).toISOString();
  const world = createWorld(nowMs);
  const over = new Set<string>();
  const open = () =>
    atRest.effects.filter(
      ({ effectId, kind, cancelled }) =>
        kind === 'invoke' &&
        !cancelled &&
        !over.has(effectId) &&
        !atRest.abandoned.includes(effectId),
    );
  const sold = () => walk.context() as unknown as SalesContext;
  /** What staff asked to be given back, by booking, and what the case was told was confirmed. */
  const asked = new Map<string, number>();
  const confirmed: string[] = [];
  let isWithdrawn = false;
  let effectsSeen = 0;
  const sales = {
    world,
    sold,
    open,
    at,
    wait: walk.wait,
    send(event: { readonly type: string; readonly [field: string]: unknown }): void {
      walk.send({ ...event, at: at() });
      if (event.type === 'withdrawn') isWithdrawn = true;
    },
    settle(index: number, fate: Fate): void {
      const waiting = open();
      const effect = waiting[index % Math.max(1, waiting.length)];
      if (effect === undefined) return;
      over.add(effect.effectId);
      const { ok, value } = world.answer(effect.name, JSON.parse(effect.input), fate);
      assert.deepEqual(atRest.settle(effect.effectId, ok, value).deadLetters, []);
    },
    /** Answers all that is asked, and what is asked then, as it should be. */
    settleAll(): void {
      for (let left = 200; open().length > 0; left--) {
        assert.ok(left > 0, `Asks for ever for ${open()[0]?.name}`);
        sales.settle(0, 'well');
        sales.check();
      }
    },
    notify(checkoutId: string, bookingId: string, notice: string): void {
      sales.send({
        type: 'payment.notified',
        provider: 'stripe',
        notice,
        bookingId,
        checkoutId,
        paymentId: null,
      });
    },
    refund(bookingId: string, amountMinor: bigint | null): void {
      asked.set(bookingId, (asked.get(bookingId) ?? 0) + 1);
      const amount = { amountMinor: String(amountMinor), currency: 'EUR' };
      sales.send({ type: 'staff.refund', bookingId, ...(amountMinor === null ? {} : { amount }) });
    },
    /** The same wish once more: no other refund if the one before is in doubt. */
    wantsAgain(bookingId: string, amountMinor: bigint): void {
      const isInDoubt =
        sold().bookings.find((one) => one.bookingId === bookingId)?.heldFor === 'refund-failed';
      sales.refund(bookingId, amountMinor);
      if (isInDoubt && world.wasUnheard()) asked.set(bookingId, (asked.get(bookingId) ?? 1) - 1);
    },
    /** What stands in the books: the newest record of each booking. */
    records: () =>
      new Map(
        atRest.effects
          .filter(({ name }) => name === 'recordBooking')
          .map(({ input }) => JSON.parse(input) as BookingRecord)
          .map((record) => [record.bookingId, record] as const),
      ),
    confirmed,
    replays: () => assert.equal(atRest.replayed(), atRest.text()),
    /** What must hold after every step. */
    check(): void {
      for (const { type, text, bookingId } of walk.heard() as {
        type: string;
        text?: string;
        bookingId?: string;
      }[]) {
        if (type === 'reopened') isWithdrawn = false;
        if (isWithdrawn) assert.notEqual(text, 'payment.link', 'Nobody who withdrew gets a link');
        if (type !== 'sale.confirmed') continue;
        assert.ok(!confirmed.includes(bookingId ?? ''), `${bookingId} is confirmed once`);
        confirmed.push(bookingId ?? '');
        const total = totalOf(sold(), bookingId);
        const payments = world.pages().filter((page) => page.bookingId === bookingId);
        assert.ok(
          payments.some(({ captured }) => captured === total),
          `${bookingId} is confirmed, and nobody paid ${total}`,
        );
      }
      const news = atRest.effects.slice(effectsSeen);
      effectsSeen = atRest.effects.length;
      const opened = news.filter(({ name, cancelled }) => name === 'openCheckout' && !cancelled);
      if (isWithdrawn) assert.deepEqual(opened, [], 'Nobody who withdrew gets a new link');
      for (const page of world.pages()) {
        assert.ok(returnedOf(page) <= page.captured);
        const times = page.refunds.filter(({ reference }) => reference !== null).length;
        const wished = asked.get(page.bookingId) ?? 0;
        assert.ok(times <= wished, `${times} refunds of ${page.bookingId}, asked for ${wished}`);
      }
      for (const { bookingId, lines } of sold().bookings) checkInvoices(bookingId, lines);
    },
  };

  function checkInvoices(bookingId: string, lines: readonly SaleLine[]): void {
    const documents = world.documents().filter((document) => document.bookingId === bookingId);
    assert.ok(
      documents.length === 0 || confirmed.includes(bookingId),
      'What is not paid is not invoiced',
    );
    const amountOf = (isCredit: boolean, description: string) =>
      sumOf(
        documents
          .filter(({ credits }) => (credits !== null) === isCredit)
          .flatMap((document) => document.lines.filter((line) => line.description === description)),
      );
    for (const { description, gross } of lines) {
      const [invoiced, credited] = [amountOf(false, description), amountOf(true, description)];
      assert.ok(
        invoiced === 0n || invoiced === BigInt(gross.amountMinor),
        'A line is invoiced once, whole',
      );
      assert.ok(credited <= invoiced, `${credited} of ${invoiced} is credited`);
    }
    const credited = sumOf(documents.flatMap((one) => (one.credits === null ? [] : one.lines)));
    const returned = world
      .pages()
      .reduce((sum, page) => (page.bookingId === bookingId ? sum + returnedOf(page) : sum), 0n);
    assert.ok(credited <= returned, `${credited} is credited, ${returned} went back`);
  }
  sales.send({ type: 'consent.changed', purpose: 'service', status: 'given', lang: 'en' });
  return sales;
}

type Sales = ReturnType<typeof startSales>;

const totalOf = ({ bookings }: SalesContext, of: string | undefined): bigint =>
  BigInt(bookings.find(({ bookingId }) => bookingId === of)?.total.amountMinor ?? '0');

type Command = fc.Command<object, Sales>;

/** Does something if it can, and then everything has to hold. */
const command = (name: string, run: (sales: Sales) => void): Command => ({
  check: () => true,
  run(_, sales) {
    run(sales);
    sales.check();
  },
  toString: () => name,
});

const kinds = ['health', 'accommodation', 'travel'] as const;
const amounts = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 100, max: 90_000 }));
const place = fc.nat(3);
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('well') },
  { weight: 1, arbitrary: fc.constantFrom<Fate>('unheard', 'refused', 'away') },
);
const quotes = fc.array(fc.tuple(fc.constantFrom(...kinds), amounts), {
  minLength: 1,
  maxLength: 3,
});

/** The page at a place among those there are. */
function withPage(
  sales: Sales,
  index: number,
  act: (page: ReturnType<Sales['world']['pages']>[number]) => void,
) {
  const pages = sales.world.pages();
  const page = pages[index % Math.max(1, pages.length)];
  if (page !== undefined) act(page);
}
function withBooking(sales: Sales, index: number, act: (bookingId: string) => void) {
  const { bookings } = sales.sold();
  const booking = bookings[index % Math.max(1, bookings.length)];
  if (booking !== undefined) act(booking.bookingId);
}

/** Lets a part of what is sold come about at once, or hardly anything would ever be paid. */
function sell(
  sales: Sales,
  type: string,
  priced: readonly (readonly [SaleLine['kind'], number])[],
): void {
  if (sales.sold().bookings.length >= 3) return;
  const lines = priced.map(([kind, amount], index) => ({
    kind,
    description: `${kind} ${index}`,
    quantity: 1,
    gross: { amountMinor: String(amount), currency: 'EUR' },
  }));
  sales.send({ type, kind: 'trip', title: 'Sold', lines, beginsOn: null });
}
const sale = fc.tuple(fc.constantFrom('staff.quote', 'sale.begun'), quotes);

const commands = [
  ...[1, 2].map(() =>
    fc.tuple(sale, fc.constantFrom('all', 'all', 'less', 'late')).map(([[type, priced], how]) =>
      command(`${type}, paid ${how} ${JSON.stringify(priced)}`, (sales) => {
        sell(sales, type, priced);
        sales.settleAll();
        if (how === 'late') {
          sales.wait(2 * day);
          sales.settleAll();
        }
        const page = sales.world.pages().at(-1);
        if (!page || !sales.world.pay(page, { isLess: how === 'less', isLate: true })) return;
        sales.notify(page.checkoutId, page.bookingId, 'paid');
        sales.settle(0, 'well');
      }),
    ),
  ),
  // Given back twice as a nervous clerk does, who got no answer.
  fc.tuple(place, fc.integer({ min: 1, max: 40 }), fate).map(([index, share, how]) =>
    command(`refund ${index} ${share} ${how}, and again`, (sales) =>
      withBooking(sales, index, (bookingId) => {
        const part = (totalOf(sales.sold(), bookingId) * BigInt(share)) / 100n + 1n;
        sales.settleAll();
        sales.refund(bookingId, part);
        sales.settle(0, how);
        sales.wantsAgain(bookingId, part);
        sales.settleAll();
      }),
    ),
  ),
  sale.map(([type, priced]) =>
    command(`${type} ${JSON.stringify(priced)}`, (sales) => sell(sales, type, priced)),
  ),
  ...[1, 2, 3].map(() =>
    fc
      .tuple(place, fate)
      .map(([index, how]) =>
        command(`answer ${index} ${how}`, (sales) => sales.settle(index, how)),
      ),
  ),
  fc
    .tuple(place, fc.boolean(), fc.constantFrom('all', 'all', 'all', 'less', 'late'))
    .map(([index, isHeard, how]) =>
      command(`pay ${index} ${how}${isHeard ? '' : ', no webhook'}`, (sales) =>
        withPage(sales, index, (page) => {
          const isPaid = sales.world.pay(page, { isLess: how === 'less', isLate: how === 'late' });
          if (isPaid && isHeard) sales.notify(page.checkoutId, page.bookingId, 'paid');
        }),
      ),
    ),
  fc
    .tuple(place, fc.constantFrom('paid', 'returned', 'expired', 'refund', 'dispute'))
    .map(([index, notice]) =>
      command(`webhook ${index} ${notice}`, (sales) =>
        withPage(sales, index, (page) => sales.notify(page.checkoutId, page.bookingId, notice)),
      ),
    ),
  fc.tuple(place, fc.option(fc.integer({ min: 1, max: 110 }))).map(([index, share]) =>
    command(`refund ${index} ${share ?? 'all'}`, (sales) =>
      withBooking(sales, index, (bookingId) => {
        const part = (totalOf(sales.sold(), bookingId) * BigInt(share ?? 0)) / 100n;
        sales.refund(bookingId, share === null ? null : part > 0n ? part : 1n);
      }),
    ),
  ),
  place.map((index) =>
    command(`refund ${index} at the provider`, (sales) =>
      withPage(sales, index, (page) => {
        const left = page.captured - returnedOf(page);
        if (left === 0n || page.dispute !== null) return;
        const amount = { ...page.total, amountMinor: String((left + 1n) / 2n) };
        const refundId = `re_own_${page.refunds.length}_${page.checkoutId}`;
        page.refunds.push({ refundId, reference: null, amount, status: 'done' });
        sales.notify(page.checkoutId, page.bookingId, 'refund');
      }),
    ),
  ),
  fc.tuple(place, fc.constantFrom('open' as const, 'won' as const)).map(([index, status]) =>
    command(`dispute ${index} ${status}`, (sales) =>
      withPage(sales, index, (page) => {
        if (page.captured === 0n || returnedOf(page) > 0n) return;
        page.dispute = { disputeId: 'dp_1', amount: page.total, status: status };
        sales.notify(page.checkoutId, page.bookingId, 'dispute');
      }),
    ),
  ),
  place.map((index) =>
    command(`renew ${index}`, (sales) =>
      withBooking(sales, index, (bookingId) =>
        sales.send({ type: 'patient.said', buttonId: `pay:again:${bookingId}` }),
      ),
    ),
  ),
  fc
    .constantFrom(hour, 20 * hour, 2 * day)
    .map((ms) => command(`wait ${ms / hour} h`, (sales) => sales.wait(ms))),
  fc.constant(command('buyer', (sales) => sales.send({ type: 'staff.billing', buyer }))),
  fc.constant(command('resume', (sales) => sales.send({ type: 'staff.resume' }))),
  fc.constant(command('withdraw', (sales) => sales.send({ type: 'withdrawn' }))),
  fc.constant(command('reopen', (sales) => sales.send({ type: 'reopen.wanted', message: null }))),
];

/** Everything is answered, everything that happened is told, and staff decide what is theirs to decide. */
function heal(sales: Sales): void {
  const answerAll = () => sales.settleAll();
  answerAll();
  for (let round = 0; round < 12; round++) {
    for (const page of sales.world.pages()) {
      if (page.dispute?.status === 'open') page.dispute = { ...page.dispute, status: 'won' };
      sales.notify(page.checkoutId, page.bookingId, page.captured > 0n ? 'paid' : 'expired');
      answerAll();
      sales.notify(page.checkoutId, page.bookingId, page.refunds.length > 0 ? 'refund' : 'dispute');
      answerAll();
    }
    sales.send({ type: 'staff.billing', buyer });
    answerAll();
    for (const { bookingId, heldFor } of sales.sold().bookings) {
      if (heldFor === null) continue;
      sales.send({ type: 'staff.resume', bookingId });
      answerAll();
      const still = sales.sold().bookings.find((one) => one.bookingId === bookingId)?.heldFor;
      if (still === 'payment-differs' || still === 'paid-twice') sales.refund(bookingId, null);
      answerAll();
    }
    sales.send({ type: 'staff.resume' });
    sales.wait(day);
    answerAll();
    sales.check();
  }
}

/** What the machine believes in the end is what the world remembers. */
function compare(sales: Sales): void {
  const { bookings, invoices } = sales.sold();
  const records = sales.records();
  for (const { bookingId, status, heldFor, lines } of bookings) {
    const pages = sales.world.pages().filter((page) => page.bookingId === bookingId);
    const sum = (of: (page: (typeof pages)[number]) => bigint) =>
      pages.reduce((all, page) => all + of(page), 0n);
    const theirs = [sum(({ captured }) => captured), sum(returnedOf)];
    const payments = records.get(bookingId)?.payments ?? [];
    const ours = [
      payments.reduce((all, { captured }) => all + BigInt(captured.amountMinor), 0n),
      payments.reduce((all, payment) => all + returnedOf(payment), 0n),
    ];
    assert.deepEqual(ours, theirs, `${bookingId} (${status}, ${heldFor}): captured and returned`);
    assert.equal(heldFor, null, `${bookingId} is held for ${heldFor}`);
    assert.notEqual(status, 'open', `${bookingId} is never over`);
    const isConfirmed = sales.confirmed.includes(bookingId);
    assert.ok(!isConfirmed || status !== 'lapsed', `${bookingId} is ${status}`);
    assert.ok(
      isConfirmed || theirs[0] === theirs[1],
      `${bookingId} is not sold, and money of it stays`,
    );
    const documents = sales.world
      .documents()
      .filter((one) => one.bookingId === bookingId && one.isKept);
    const amountOf = (isCredit: boolean) =>
      sumOf(documents.flatMap((one) => ((one.credits !== null) === isCredit ? one.lines : [])));
    if (!isConfirmed) continue;
    assert.equal(amountOf(false), sumOf(lines), `${bookingId} is invoiced`);
    const paidPage = pages.find(({ captured }) => captured === sumOf(lines));
    if (pages.filter(({ captured }) => captured > 0n).length === 1)
      assert.equal(
        amountOf(true),
        paidPage === undefined ? 0n : returnedOf(paidPage),
        `${bookingId} is credited`,
      );
  }
  assert.ok(
    invoices.every(({ keptAs, heldFor }) => keptAs !== null && heldFor === null),
    'All is kept',
  );
}

suite('sales, whatever patients, banks, staff and the network do', () => {
  test('agree with what the provider and the invoices remember', () => {
    let confirmed = 0;
    let returned = 0;
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 40 }), (steps) => {
        const sales = startSales();
        fc.modelRun(() => ({ model: {}, real: sales }), steps);
        heal(sales);
        compare(sales);
        sales.replays();
        confirmed += sales.confirmed.length;
        returned += sales.world.pages().filter((page) => returnedOf(page) > 0n).length;
      }),
      { numRuns: runs(300) },
    );
    assert.ok(
      confirmed > runs(300) / 10 && returned > 0,
      `${confirmed} sold, ${returned} given back`,
    );
  });
});
