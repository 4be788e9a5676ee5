import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { InvoiceOrder } from '../../actors/shapes/invoices.ts';
import { invoiceMachine, type InvoiceHeldFor, type InvoiceInput } from '../../machines/invoice.ts';
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
import { buyer, issued, price } from './walk.ts';

const nested = (change: Partial<InvoiceInput> = {}): Nested => ({
  machine: invoiceMachine,
  input: {
    tenant: 'anadolu',
    caseId: 'case-1',
    bookingId: 'case-1-b1',
    invoiceId: 'case-1-b1-i1',
    lines: [{ kind: 'travel', description: 'BER-IST', quantity: 1, gross: price }],
    paidAt: '2027-01-01T09:30:00Z',
    payment: { provider: 'stripe', paymentId: 'pi_1' },
    buyer,
    credits: null,
    ...change,
  } satisfies InvoiceInput,
  effects: ['queueInvoice', 'submitInvoice', 'readInvoice', 'archiveInvoice'],
});

const status = (said: 'submitted' | 'accepted' | 'rejected') => ({ status: said, code: null });

type Word = 'submitted' | 'accepted' | 'rejected' | 'archived';

/** One invoice, stored and read again after every step. */
function startInvoice(change: Partial<InvoiceInput> = {}) {
  const walk = startNested(nested(change));
  return {
    ...walk,
    heldFor: () => walk.context()['heldFor'] as InvoiceHeldFor | null,
    id: () => walk.context()['invoiceId'],
    order: () => walk.answer('queueInvoice', issued()) as InvoiceOrder,
    bill: (whom: object = buyer) => walk.send({ type: 'invoice.buyer', buyer: whom }),
    resume: () => walk.send({ type: 'staff.resume', at: '2027-01-02T09:00:00Z' }),
    push: (word: Word, invoiceId = 'case-1-b1-i1') =>
      walk.send({ type: 'efatura.status.update', invoiceId, status: word }),
    /** What its case heard since the last time this was asked. */
    told: () =>
      (walk.heard() as Readonly<Record<string, unknown>>[])
        .filter(({ type }) => String(type).startsWith('invoice.'))
        .map(({ type, invoiceId, heldFor }) =>
          [type, invoiceId, heldFor].filter(Boolean).join(' '),
        ),
  };
}
type Invoice = ReturnType<typeof startInvoice>;

const sending = (change: Partial<InvoiceInput> = {}) => {
  const invoice = startInvoice(change);
  invoice.order();
  return invoice;
};
const submitted = (change: Partial<InvoiceInput> = {}) => {
  const invoice = sending(change);
  invoice.answer('submitInvoice', status('submitted'));
  return invoice;
};
const archiving = () => {
  const invoice = sending();
  invoice.answer('submitInvoice', status('accepted'));
  return invoice;
};
const rejected = () => {
  const invoice = sending();
  invoice.answer('submitInvoice', status('rejected'));
  return invoice;
};
const archive = (invoice: Invoice) => {
  invoice.answer('archiveInvoice', { key: 'invoices/1.pdf' });
  assert.deepEqual(invoice.waitsFor(), []);
  assert.deepEqual(invoice.timers(), []);
};

suite('an invoice', () => {
  test('is made out, sent, accepted and kept', () => {
    const invoice = startInvoice();
    assert.deepEqual(invoice.order(), {
      tenant: 'anadolu',
      caseId: 'case-1',
      bookingId: 'case-1-b1',
      invoiceId: 'case-1-b1-i1',
      lines: [{ kind: 'travel', description: 'BER-IST', quantity: 1, gross: price }],
      paidAt: '2027-01-01T09:30:00Z',
      payment: { provider: 'stripe', paymentId: 'pi_1' },
      buyer,
      credits: null,
      replaces: null,
    });
    assert.deepEqual(invoice.answer('submitInvoice', status('accepted')), {
      invoiceId: 'case-1-b1-i1',
    });
    assert.equal(invoice.value(), 'archiving');
    archive(invoice);
    assert.deepEqual(invoice.told(), ['invoice.archived case-1-b1-i1']);
    assert.equal(invoice.atRest.replayed(), invoice.atRest.text());
  });

  test('that gives another one back says which', () => {
    const invoice = startInvoice({ invoiceId: 'case-1-b1-i2', credits: 'case-1-b1-i101' });
    const { credits, replaces, invoiceId } = invoice.order();
    assert.deepEqual([credits, replaces, invoiceId], ['case-1-b1-i101', null, 'case-1-b1-i2']);
  });

  test('waits for its buyer, and is not asked for before', () => {
    const invoice = startInvoice({ buyer: null });
    assert.deepEqual([invoice.value(), invoice.heldFor()], ['withStaff', 'buyer-missing']);
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i1 buyer-missing']);
    invoice.resume();
    invoice.wait(60 * day);
    invoice.push('accepted');
    assert.equal(invoice.value(), 'withStaff', 'Only a buyer helps');
    assert.deepEqual(invoice.waitsFor(), []);
    invoice.bill();
    assert.deepEqual(invoice.told(), ['invoice.settled case-1-b1-i1']);
    assert.equal(invoice.heldFor(), null);
    assert.deepEqual(invoice.order().buyer, buyer);
    assert.equal(invoice.value(), 'sending');
  });

  test('that is not valid is not sent: staff correct the buyer, or try again', () => {
    const invoice = startInvoice();
    invoice.fail('queueInvoice', 'invoice_invalid');
    assert.deepEqual([invoice.value(), invoice.heldFor()], ['withStaff', 'invoice-invalid']);
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i1 invoice-invalid']);
    invoice.resume();
    invoice.fail('queueInvoice', 'invoice_invalid');
    assert.deepEqual(invoice.told(), [
      'invoice.settled case-1-b1-i1',
      'invoice.held case-1-b1-i1 invoice-invalid',
    ]);
    invoice.bill({ ...buyer, passport: 'X1' });
    const order = invoice.order();
    assert.deepEqual([order.invoiceId, order.replaces], ['case-1-b1-i1', null]);
    assert.equal(order.buyer.passport, 'X1');
    assert.equal(invoice.value(), 'sending');
  });

  test('that cannot be made out for any other reason says so', () => {
    for (const code of ['unreachable', 'refused', 'failed']) {
      const invoice = startInvoice();
      invoice.fail('queueInvoice', code);
      assert.deepEqual([invoice.value(), invoice.heldFor()], ['withStaff', 'invoice-not-queued']);
      invoice.resume();
      assert.deepEqual(invoice.waitsFor(), ['queueInvoice']);
      invoice.order();
      assert.equal(invoice.heldFor(), null);
    }
  });

  test('that is not sent keeps its number, and is sent again when staff resume', () => {
    const invoice = sending();
    invoice.fail('submitInvoice', 'unreachable');
    assert.deepEqual([invoice.value(), invoice.heldFor()], ['unsent', 'invoice-not-sent']);
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i1 invoice-not-sent']);
    invoice.resume();
    assert.deepEqual(invoice.told(), ['invoice.settled case-1-b1-i1']);
    assert.deepEqual(invoice.answer('submitInvoice', status('accepted')), {
      invoiceId: 'case-1-b1-i1',
    });
    archive(invoice);
  });

  test('that the integrator refuses as it is gives way to a corrected one', () => {
    const invoice = sending();
    invoice.fail('submitInvoice', 'provider_refused'); // The same bytes will be refused again.
    invoice.bill({ ...buyer, passport: 'X1' });
    const order = invoice.answer('queueInvoice', issued('case-1-b1-i101')) as InvoiceOrder;
    assert.deepEqual(
      [order.invoiceId, order.replaces, order.buyer.passport],
      ['case-1-b1-i101', 'case-1-b1-i1', 'X1'],
    );
    invoice.answer('submitInvoice', status('accepted'));
    assert.equal(invoice.value(), 'archiving');
  });

  test('that was sent after all, as the integrator says when it is asked, needs no staff', () => {
    const invoice = sending();
    invoice.fail('submitInvoice', 'unreachable');
    invoice.told();
    invoice.push('accepted');
    assert.deepEqual(invoice.told(), ['invoice.settled case-1-b1-i1']);
    invoice.answer('readInvoice', status('accepted'));
    assert.equal(invoice.value(), 'archiving');
    const refused = sending();
    refused.fail('submitInvoice', 'unreachable');
    refused.push('rejected');
    refused.answer('readInvoice', status('rejected'));
    assert.deepEqual([refused.value(), refused.heldFor()], ['rejected', 'invoice-rejected']);
  });

  test('publishes what became of it, and only what the integrator said itself', () => {
    const invoice = sending();
    const published = () =>
      invoice.atRest.effects
        .filter(({ kind }) => kind === 'emit')
        .map(({ input }) => JSON.parse(input) as unknown);
    const update = (word: Word, invoiceId = 'case-1-b1-i1') => ({
      type: 'efatura.status.update',
      invoiceId,
      status: word,
    });
    invoice.answer('submitInvoice', status('submitted'));
    invoice.push('accepted'); // Whoever said so.
    invoice.answer('readInvoice', status('submitted'));
    assert.deepEqual(published(), [update('submitted')]);
    invoice.push('rejected');
    invoice.answer('readInvoice', status('rejected'));
    invoice.resume();
    invoice.answer('queueInvoice', issued('case-1-b1-i101'));
    invoice.answer('submitInvoice', status('accepted'));
    archive(invoice);
    assert.deepEqual(published(), [
      update('submitted'),
      update('rejected'),
      update('accepted', 'case-1-b1-i101'),
      update('archived', 'case-1-b1-i101'),
    ]);
  });
});

suite('polling', () => {
  /** 5 minutes, doubling, at most six hours. */
  const delays = Array.from({ length: 25 }, (_, polls) =>
    Math.min(5 * minute * 2 ** polls, 6 * hour),
  );

  test('asks more and more seldom, 24 times, and then leaves it to staff', () => {
    const invoice = submitted();
    for (const [index, delay] of delays.slice(0, 24).entries()) {
      invoice.wait(delay - 1);
      assert.deepEqual(invoice.waitsFor(), [], `Too early, the ${index + 1}. time`);
      invoice.wait(1);
      assert.deepEqual(invoice.waitsFor(), ['readInvoice'], `Not asked the ${index + 1}. time`);
      assert.deepEqual(
        // An integrator that cannot be reached is asked again as one that does not know yet.
        index % 3 === 0
          ? (invoice.fail('readInvoice', 'unreachable'), { invoiceId: 'case-1-b1-i1' })
          : invoice.answer('readInvoice', status('submitted')),
        { invoiceId: 'case-1-b1-i1' },
      );
      assert.equal(invoice.value(), 'submitted');
    }
    assert.deepEqual(delays.slice(0, 9), [
      5 * minute,
      10 * minute,
      20 * minute,
      40 * minute,
      80 * minute,
      160 * minute,
      320 * minute,
      6 * hour,
      6 * hour,
    ]);
    assert.deepEqual(invoice.told(), []);
    invoice.wait(6 * hour);
    assert.deepEqual([invoice.value(), invoice.heldFor()], ['overdue', 'invoice-not-settled']);
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i1 invoice-not-settled']);
    invoice.wait(60 * day);
    assert.deepEqual([invoice.waitsFor(), invoice.timers()], [[], []]);
  });

  const overdue = () => {
    const invoice = submitted();
    for (const delay of delays.slice(0, 24)) {
      invoice.wait(delay);
      invoice.answer('readInvoice', status('submitted'));
    }
    invoice.wait(6 * hour);
    invoice.told();
    return invoice;
  };

  test('goes on when staff resume, once each time', () => {
    const invoice = overdue();
    invoice.resume();
    assert.deepEqual(invoice.told(), ['invoice.settled case-1-b1-i1']);
    invoice.answer('readInvoice', status('submitted'));
    assert.equal(invoice.value(), 'submitted');
    invoice.wait(6 * hour);
    assert.equal(invoice.value(), 'overdue');
    invoice.resume();
    invoice.answer('readInvoice', status('accepted'));
    assert.equal(invoice.value(), 'archiving');
  });

  test('ends with what is asked after a push, however late', () => {
    const accepted = overdue();
    accepted.push('accepted');
    accepted.answer('readInvoice', status('accepted'));
    assert.equal(accepted.value(), 'archiving');
    const refused = overdue();
    refused.push('rejected');
    refused.answer('readInvoice', status('rejected'));
    assert.equal(refused.heldFor(), 'invoice-rejected');
  });

  test('ends with the first answer that decides', () => {
    const accepted = submitted();
    accepted.wait(5 * minute);
    accepted.answer('readInvoice', status('accepted'));
    assert.equal(accepted.value(), 'archiving');
    const refused = submitted();
    refused.wait(5 * minute);
    refused.answer('readInvoice', status('rejected'));
    assert.deepEqual([refused.value(), refused.heldFor()], ['rejected', 'invoice-rejected']);
    for (const invoice of [accepted, refused]) assert.deepEqual(invoice.timers(), []);
  });

  test('is done at once where staff are impatient', () => {
    const invoice = submitted();
    invoice.resume();
    assert.deepEqual(invoice.waitsFor(), ['readInvoice']);
    assert.deepEqual(invoice.timers(), []);
  });

  test('begins anew with a corrected invoice', () => {
    const invoice = overdue();
    invoice.push('rejected');
    invoice.answer('readInvoice', status('rejected'));
    invoice.resume();
    invoice.answer('queueInvoice', issued('case-1-b1-i101'));
    invoice.answer('submitInvoice', status('submitted'));
    invoice.wait(5 * minute);
    assert.deepEqual(invoice.answer('readInvoice', status('accepted')), {
      invoiceId: 'case-1-b1-i101',
    });
  });
});

suite('what an integrator pushes', () => {
  const places: Readonly<Record<string, () => Invoice>> = {
    'while it is being sent': sending,
    'after it was sent': submitted,
    'while it is being asked about': () => {
      const invoice = submitted();
      invoice.wait(5 * minute);
      return invoice;
    },
  };
  for (const [when, walkThere] of Object.entries(places)) {
    /** What was under way comes to its end; then the integrator is asked, if it is not yet. */
    const untilAsked = (invoice: Invoice) => {
      if (invoice.waitsFor().includes('submitInvoice'))
        invoice.answer('submitInvoice', status('submitted'));
      assert.deepEqual([invoice.value(), invoice.waitsFor()], ['asking', ['readInvoice']]);
    };

    test(`${when} is no more than a reason to ask`, () => {
      for (const word of ['accepted', 'archived', 'rejected', 'submitted'] as const) {
        const invoice = walkThere();
        invoice.push(word);
        invoice.push(word);
        untilAsked(invoice);
        assert.deepEqual(invoice.timers(), []);
        assert.deepEqual(invoice.answer('readInvoice', status('submitted')), {
          invoiceId: 'case-1-b1-i1',
        });
        assert.equal(invoice.value(), 'submitted', `Nobody believes ${word}`);
        invoice.push(word);
        invoice.answer('readInvoice', status('accepted'));
        for (const again of ['accepted', 'archived', 'rejected'] as const) invoice.push(again);
        assert.deepEqual(invoice.waitsFor(), ['archiveInvoice'], 'It is decided');
        archive(invoice);
        assert.deepEqual(invoice.told(), ['invoice.archived case-1-b1-i1']);
      }
      const refused = walkThere();
      refused.push('rejected');
      untilAsked(refused);
      refused.answer('readInvoice', status('rejected'));
      refused.push('rejected');
      assert.deepEqual([refused.value(), refused.waitsFor()], ['rejected', []]);
      assert.deepEqual(refused.told(), ['invoice.held case-1-b1-i1 invoice-rejected']);
    });

    test(`${when} about another invoice changes nothing`, () => {
      const invoice = walkThere();
      const before = [invoice.value(), invoice.waitsFor(), invoice.context()];
      for (const other of ['case-1-b1-i101', 'case-1-b1-i2', 'case-1-b2-i1'])
        for (const word of ['accepted', 'rejected', 'archived'] as const) invoice.push(word, other);
      assert.deepEqual([invoice.value(), invoice.waitsFor(), invoice.context()], before);
    });
  }

  test('before there is an invoice to speak of changes nothing', () => {
    const invoice = startInvoice();
    for (const word of ['accepted', 'rejected', 'archived'] as const) invoice.push(word);
    assert.deepEqual(invoice.waitsFor(), ['queueInvoice']);
  });

  test('about the refused invoice says nothing about the one that stands in for it', () => {
    const invoice = rejected();
    invoice.resume();
    invoice.answer('queueInvoice', issued('case-1-b1-i101'));
    for (const word of ['rejected', 'accepted', 'archived'] as const) invoice.push(word);
    assert.equal(invoice.value(), 'sending');
    assert.equal(invoice.context()['wasPushed'], false);
    invoice.push('accepted', 'case-1-b1-i101');
    invoice.answer('submitInvoice', status('submitted'));
    assert.deepEqual(invoice.answer('readInvoice', status('accepted')), {
      invoiceId: 'case-1-b1-i101',
    });
    assert.equal(invoice.value(), 'archiving');
  });
});

suite('a refused invoice', () => {
  test('is for staff, and stands still until they correct it', () => {
    const invoice = rejected();
    assert.deepEqual([invoice.value(), invoice.heldFor()], ['rejected', 'invoice-rejected']);
    invoice.wait(60 * day);
    assert.deepEqual([invoice.waitsFor(), invoice.timers()], [[], []]);
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i1 invoice-rejected']);
  });

  test('is followed by others, each with an id and a number of its own, which say what they replace', () => {
    const invoice = rejected();
    invoice.told();
    invoice.bill({ ...buyer, passport: 'X1' });
    assert.deepEqual(invoice.told(), ['invoice.settled case-1-b1-i1']);
    const first = invoice.answer('queueInvoice', issued('case-1-b1-i101')) as InvoiceOrder;
    assert.deepEqual(
      [first.invoiceId, first.replaces, first.buyer.passport],
      ['case-1-b1-i101', 'case-1-b1-i1', 'X1'],
    );
    assert.deepEqual(invoice.answer('submitInvoice', status('rejected')), {
      invoiceId: 'case-1-b1-i101',
    });
    assert.deepEqual(invoice.told(), ['invoice.held case-1-b1-i101 invoice-rejected']);
    invoice.resume();
    const second = invoice.answer('queueInvoice', issued('case-1-b1-i201')) as InvoiceOrder;
    assert.deepEqual(
      [second.invoiceId, second.replaces, second.buyer.passport],
      ['case-1-b1-i201', 'case-1-b1-i101', 'X1'],
    );
    assert.deepEqual(second.lines, first.lines);
    assert.deepEqual(second.payment, first.payment);
    assert.deepEqual(invoice.answer('submitInvoice', status('accepted')), {
      invoiceId: 'case-1-b1-i201',
    });
    assert.deepEqual(invoice.answer('archiveInvoice', {}), { invoiceId: 'case-1-b1-i201' });
    assert.equal(invoice.told().at(-1), 'invoice.archived case-1-b1-i201');
  });

  test('whose correction is not valid waits for a better one, under the same new id', () => {
    const invoice = rejected();
    invoice.bill({ ...buyer, passport: null });
    invoice.fail('queueInvoice', 'invoice_invalid');
    assert.equal(invoice.heldFor(), 'invoice-invalid');
    invoice.bill();
    const order = invoice.answer('queueInvoice', issued('case-1-b1-i101')) as InvoiceOrder;
    assert.deepEqual([order.invoiceId, order.replaces], ['case-1-b1-i101', 'case-1-b1-i1']);
  });

  test('of a credit note still gives back the same invoice', () => {
    const invoice = sending({ invoiceId: 'case-1-b1-i2', credits: 'case-1-b1-i1' });
    invoice.answer('submitInvoice', status('rejected'));
    invoice.resume();
    const order = invoice.answer('queueInvoice', issued('case-1-b1-i102')) as InvoiceOrder;
    assert.deepEqual(
      [order.invoiceId, order.replaces, order.credits],
      ['case-1-b1-i102', 'case-1-b1-i2', 'case-1-b1-i1'],
    );
  });
});

suite('keeping an invoice', () => {
  test('is tried each hour until it is kept', () => {
    const invoice = archiving();
    for (let tries = 0; tries < 5; tries++) {
      invoice.fail('archiveInvoice', 'unreachable');
      assert.deepEqual(
        [invoice.value(), invoice.heldFor()],
        ['unarchived', 'invoice-not-archived'],
      );
      invoice.wait(hour - 1);
      assert.deepEqual(invoice.waitsFor(), []);
      invoice.wait(1);
      assert.deepEqual(invoice.waitsFor(), ['archiveInvoice']);
    }
    assert.deepEqual(
      invoice.told(),
      Array.from({ length: 5 }, () => [
        'invoice.held case-1-b1-i1 invoice-not-archived',
        'invoice.settled case-1-b1-i1',
      ]).flat(),
    );
    archive(invoice);
    assert.deepEqual(invoice.told(), ['invoice.archived case-1-b1-i1']);
  });

  test('is tried at once when staff resume', () => {
    const invoice = archiving();
    invoice.fail('archiveInvoice', 'unreachable');
    invoice.resume();
    assert.deepEqual([invoice.waitsFor(), invoice.timers()], [['archiveInvoice'], []]);
    archive(invoice);
  });

  test('is over for good: nothing that comes later changes it', () => {
    const invoice = archiving();
    archive(invoice);
    invoice.told();
    const { atRest } = invoice;
    atRest.wait(60 * day);
    assert.deepEqual(atRest.activate().deadLetters, []);
    assert.deepEqual([invoice.waitsFor(), invoice.told()], [[], []]);
  });
});

suite('an invoice that is stored in between', () => {
  const answersTo =
    (how: number) =>
    (name: string): Answer => {
      const possible: Readonly<Record<string, readonly unknown[]>> = {
        queueInvoice: [issued()],
        submitInvoice: [status('submitted'), status('accepted'), status('rejected')],
        readInvoice: [status('submitted'), status('submitted'), status('rejected')],
        archiveInvoice: [null],
      };
      const answers = possible[name] ?? [];
      if (how > 6) {
        const code = how === 7 ? 'invoice_invalid' : 'refused';
        return { ok: false, value: { name: 'E', code, message: 'no' } };
      }
      return { ok: true, value: answers[how % answers.length] };
    };
  const events: readonly Step[] = [
    { kind: 'send', event: { type: 'invoice.buyer', buyer } },
    { kind: 'send', event: { type: 'staff.resume', at: '2027-01-02T09:00:00Z' } },
    ...(['submitted', 'accepted', 'rejected'] as const).flatMap((word): Step[] =>
      ['case-1-b1-i1', 'case-1-b1-i101'].map((invoiceId) => ({
        kind: 'send',
        event: { type: 'efatura.status.update', invoiceId, status: word },
      })),
    ),
    ...[5 * minute, hour, 6 * hour].map((ms): Step => ({ kind: 'wait', ms })),
  ];

  test('behaves as if it never was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(
          fc.oneof(
            fc.constantFrom(...events),
            fc.nat(8).map((how): Step => ({ kind: 'answer', value: answersTo(how) })),
          ),
          { maxLength: 14 },
        ),
        async (isBilled, steps) => assertFaithful(nested(isBilled ? {} : { buyer: null }), steps),
      ),
      { numRuns: 100 },
    );
  });
});
