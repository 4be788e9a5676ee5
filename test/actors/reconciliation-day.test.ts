import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import type { Difference } from '../../actors/ports/books.ts';
import type { ProviderMovement } from '../../actors/ports/payments.ts';
import { periodOf, reconcileProvider } from '../../actors/reconciliation/day.ts';
import { textOf } from '../../actors/reconciliation/report.ts';
import { reconciliationSettings } from '../../actors/reconciliation/settings.ts';
import type { RefundState } from '../../actors/shapes/payments.ts';
import {
  booked,
  booking,
  capture,
  day,
  eur,
  noon,
  paid,
  refund,
  world,
} from './reconciliation-fixture.ts';

const signal = new AbortController().signal;
const confirmed = { ...booking, state: 'confirmed', paymentId: 'pi_1' } as const;
const given = (status: RefundState['status']): RefundState => ({
  refundId: 're_1',
  reference: null,
  amount: eur('300'),
  status,
});

/** A world in which one booking is paid and booked on both sides. */
function paidWorld() {
  const made = world();
  made.it.bookings = [confirmed];
  made.it.states.set('cs_1', paid);
  made.it.theirs = [capture];
  made.it.ours = [booked(capture)];
  return made;
}

suite('the reconciliation of a day', () => {
  test('is clean where both books agree, and says so', async () => {
    const { it, reconciler } = paidWorld();
    it.theirs.push(refund);
    it.ours.push(booked(refund));
    const report = await reconciler.reconcileDay(day, signal);
    assert.equal(report.outcome, 'clean');
    assert.deepEqual(
      [report.from, report.to],
      ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'],
    );
    const side = {
      captures: eur('1000'),
      refunds: eur('300'),
      chargebacks: eur('0'),
      net: eur('700'),
    };
    assert.deepEqual(report.providers, [
      {
        provider: 'stripe',
        totals: [{ currency: 'EUR', theirs: side, ours: side }],
        differences: [],
        repaired: 0,
        problem: null,
      },
    ]);
    assert.deepEqual(it.kept, [{ day, differences: [] }]);
    assert.deepEqual(it.read, [], 'nothing had to be read one by one');
    assert.equal(
      textOf(report),
      [
        'Reconciliation of 2026-11-23, from 2026-11-23T00:00:00.000Z to 2026-11-24T00:00:00.000Z',
        'stripe EUR                theirs                ours',
        '  captures                 10.00               10.00',
        '  refunds                   3.00                3.00',
        '  net                       7.00                7.00',
        'clean',
        '',
      ].join('\n'),
    );
  });

  test('has a case read a payment that only the provider has, and waits until it is booked', async () => {
    const { it, reconciler } = paidWorld();
    it.bookings = [booking]; // Its payment was never heard of.
    it.ours = [];
    const report = await reconciler.reconcileDay(day, signal);
    assert.equal(report.outcome, 'clean');
    assert.equal(report.providers[0]?.repaired, 1);
    assert.equal(it.deliveries.length, 1);
    assert.deepEqual(it.ours, [booked(capture)]);
    assert.match(textOf(report), /stripe: 1 repaired\nclean\n$/);
  });

  test('has a case read a payment whose review ended well, though both books have its money', async () => {
    for (const [fraud, told] of [
      ['clear', 1],
      ['review', 0],
    ] as const) {
      const { it, reconciler } = paidWorld();
      it.bookings = [{ ...booking, paymentId: 'pi_1' }]; // It waits.
      it.states.set('cs_1', { ...paid, fraud });
      const report = await reconciler.reconcileDay(day, signal);
      assert.deepEqual([report.outcome, report.providers[0]?.repaired], ['clean', told], fraud);
      assert.equal(it.deliveries.length, told, fraud);
    }
  });

  test('does the same for a refund made in the dashboard, which we book a day later', async () => {
    const { it, reconciler } = paidWorld();
    it.theirs.push(refund);
    it.states.set('cs_1', { ...paid, refunds: [given('done')] });
    const report = await reconciler.reconcileDay(day, signal);
    assert.deepEqual([report.outcome, report.providers[0]?.repaired], ['clean', 1]);
    const at = it.ours.find(({ kind }) => kind === 'refund')?.at ?? '';
    assert.ok(at.startsWith('2026-11-24'), 'we learned of it on the next day');
    // Neither day has a difference by that, however long after they are looked at.
    it.nowMs += 40 * 24 * 60 * 60 * 1_000;
    for (const looked of [day, '2026-11-24']) {
      const again = await reconciler.reconcileDay(looked, signal);
      assert.equal(again.outcome, 'clean', looked);
    }
  });

  test('has a case read a refund that the bank sent back', async () => {
    const { it, reconciler } = paidWorld();
    it.ours.push(booked(refund));
    it.states.set('cs_1', { ...paid, refunds: [given('failed')] });
    const report = await reconciler.reconcileDay(day, signal);
    assert.deepEqual([report.outcome, report.providers[0]?.repaired], ['clean', 1]);
    assert.deepEqual(it.ours, [booked(capture)]);
  });

  test('leaves a refund out that is still on its way', async () => {
    const { it, reconciler } = paidWorld();
    it.theirs.push(refund);
    it.states.set('cs_1', { ...paid, refunds: [given('pending')] });
    const report = await reconciler.reconcileDay(day, signal);
    assert.equal(report.outcome, 'clean');
    assert.deepEqual(report.providers[0]?.totals[0]?.theirs.refunds, eur('0'));
  });

  test('makes no difference of midnight', async () => {
    const { it, reconciler } = paidWorld();
    const before = { ...capture, at: '2026-11-23T23:59:59.900Z' };
    const after = { ...capture, at: '2026-11-24T00:00:00.100Z' };
    for (const [their, our] of [
      [before, after],
      [after, before],
    ] as const) {
      it.theirs = [their];
      it.ours = [booked(our)];
      const reports = [
        await reconciler.reconcileDay(day, signal),
        await reconciler.reconcileDay('2026-11-24', signal),
      ];
      assert.deepEqual(
        reports.map(({ outcome }) => outcome),
        ['clean', 'clean'],
      );
      const counted = reports.flatMap(({ providers }) => providers[0]?.totals ?? []);
      assert.equal(counted.length, 1, 'it counts on one day, the provider’s');
    }
    assert.deepEqual(it.deliveries, []);
  });

  test('keeps what can’t be repaired as differences', async () => {
    const { it, reconciler } = paidWorld();
    const other = { ...capture, movementId: 'pi_2', paymentId: 'pi_2' };
    it.theirs = [
      { ...capture, amount: eur('999') },
      { ...other, bookingId: null }, // Somebody else's, by all we know.
      { ...other, movementId: 'pi_3', paymentId: 'pi_3', bookingId: 'c9-b1' }, // No case of ours.
    ];
    it.ours.push(booked({ ...other, movementId: 'pi_4', paymentId: 'pi_4' }));
    const report = await reconciler.reconcileDay(day, signal);
    const found = report.providers[0]?.differences ?? [];
    assert.deepEqual(
      found.map(({ kind, subject }) => `${kind} ${subject}`),
      [
        'amount-differs pi_1',
        'payment-unknown pi_2',
        'payment-unknown pi_3',
        'payment-missing pi_4',
      ],
    );
    assert.equal(report.outcome, 'differences');
    assert.deepEqual(it.kept, [{ day, differences: found }]);
    assert.deepEqual(it.deliveries, []);
    const text = textOf(report);
    assert.match(text, /amount-differs pi_1 of c1-b1: theirs 9\.99 EUR, ours 10\.00 EUR\n/);
    assert.match(
      text,
      /payment-unknown pi_2 of no booking of ours: theirs 10\.00 EUR, ours none\n/,
    );
    assert.match(text, /\n4 differences\n$/);
  });

  test('compares chargebacks and their reversals like all the rest', async () => {
    const { it, reconciler } = paidWorld();
    const dispute = { disputeId: 'dp_1', amount: eur('400'), status: 'won' } as const;
    it.states.set('cs_1', { ...paid, dispute });
    const chargeback = { ...refund, kind: 'chargeback', movementId: 'dp_1', amount: eur('400') };
    const lost = chargeback as ProviderMovement;
    it.theirs.push(lost, { ...lost, kind: 'chargeback-reversed' });
    const dry = await reconciler.reconcileDay(day, signal, { repair: false });
    assert.deepEqual(
      dry.providers[0]?.differences.map(({ kind, subject }) => `${kind} ${subject}`),
      ['chargeback-unknown dp_1', 'reversal-unknown dp_1'],
    );
    const report = await reconciler.reconcileDay(day, signal);
    assert.deepEqual([report.outcome, report.providers[0]?.repaired], ['clean', 2]);
    assert.doesNotMatch(textOf(report), /chargebacks/, 'they cancel out');

    it.theirs.pop();
    it.ours = it.ours.map((our) => ({ ...our, at: refund.at })); // As if we had learned of it on that day.
    it.states.set('cs_1', { ...paid, dispute: { ...dispute, status: 'lost' } });
    const later = await reconciler.reconcileDay(day, signal);
    assert.deepEqual(
      later.providers[0]?.differences.map(({ kind, ours }) => [kind, ours]),
      [['reversal-missing', eur('400')]],
    );
    assert.match(textOf(later), /\n {2}chargebacks {15}4\.00 {16}0\.00\n/);
    it.theirs = [capture, { ...lost, amount: eur('450') }];
    it.ours = it.ours.filter(({ kind }) => kind !== 'chargeback-reversed');
    const changed = await reconciler.reconcileDay(day, signal);
    assert.deepEqual(changed.providers[0]?.differences, [
      {
        provider: 'stripe',
        subject: 'dp_1',
        bookingId: 'c1-b1',
        kind: 'amount-differs',
        ours: eur('400'),
        theirs: eur('450'),
      },
    ]);
  });

  test('does not look for chargebacks where the provider lists none', async () => {
    const kept: unknown[] = [];
    const iyzico = { ...capture, provider: 'iyzico' } as const;
    const disputed = { ...iyzico, kind: 'chargeback', movementId: 'd1' } as const;
    const report = await reconcileProvider(
      {
        payments: { readPayment: async () => assert.fail('nothing is in doubt') },
        books: {
          byPayment: async () => [],
          movements: async () => [booked(iyzico), booked(disputed)],
          uninvoiced: async () => [],
        },
        intake: { receive: async () => assert.fail('nobody is told') },
        register: { keep: async (_provider, _day, differences) => void kept.push(...differences) },
        now: () => noon,
        settings: reconciliationSettings,
        invoicedTenants: [],
      },
      {
        provider: 'iyzico',
        paymentBooks: {
          provider: 'iyzico',
          async *movements() {
            yield [iyzico];
          },
        },
        day,
        period: periodOf(day, noon, 0),
        repair: true,
      },
      signal,
    );
    assert.deepEqual([report.problem, report.differences, kept], [null, [], []]);
  });

  test('keeps a movement that nobody can read as a finding, and compares the rest', async () => {
    const { it, reconciler } = paidWorld();
    const { amount: _amount, ...odd } = { ...refund, bookingId: 'c1-b1', reason: 'odd_currency' };
    it.unreadable = [odd, { ...odd, movementId: 're_2' }, { ...odd, at: '2026-11-20T10:00:00Z' }];
    it.ours.push(booked(refund));
    const report = await reconciler.reconcileDay(day, signal);
    const shared = { provider: 'stripe', bookingId: 'c1-b1', kind: 'movement-unreadable' } as const;
    assert.deepEqual(report.providers[0]?.problem, null);
    const found = [
      { ...shared, subject: 're_1', ours: eur('300'), theirs: null },
      { ...shared, subject: 're_2', ours: null, theirs: null },
    ];
    assert.deepEqual(report.providers[0]?.differences, found);
    assert.deepEqual(it.kept, [{ day, differences: found }]);
    assert.deepEqual(it.deliveries, [], 'no case can do anything about it');
  });

  test('misses the invoice of a payment a day after it, where invoices are made', async () => {
    const { it, reconciler } = paidWorld();
    it.uninvoiced = [booked(capture)];
    const missing = async (made = reconciler) =>
      (await made.reconcileDay(day, signal)).providers[0]?.differences;
    it.nowMs = Date.parse(capture.at) + 23 * 60 * 60 * 1_000;
    assert.deepEqual(await missing(), []);
    it.nowMs += 2 * 60 * 60 * 1_000;
    const difference: Difference = {
      provider: 'stripe',
      subject: 'pi_1',
      bookingId: 'c1-b1',
      kind: 'invoice-missing',
      ours: eur('1000'),
      theirs: null,
    };
    assert.deepEqual(await missing(), [difference]);
    assert.deepEqual(it.kept.at(-1), { day, differences: [difference] });
    const elsewhere = world({}, []);
    elsewhere.it.uninvoiced = it.uninvoiced;
    assert.deepEqual(await missing(elsewhere.reconciler), []);
  });

  test('gives up waiting for a case that does nothing', async () => {
    const { it, reconciler } = paidWorld();
    it.ours = [];
    it.casesWork = false;
    const report = await reconciler.reconcileDay(day, signal);
    assert.deepEqual([report.outcome, report.providers[0]?.repaired], ['differences', 0]);
    assert.equal(it.deliveries.length, 1);
    assert.match(textOf(report), /\n1 difference\n$/);
  });

  test('only looks where it may not repair', async () => {
    const { it, reconciler } = paidWorld();
    it.ours = [];
    const report = await reconciler.reconcileDay(day, signal, { repair: false });
    assert.equal(report.outcome, 'differences');
    assert.deepEqual([it.deliveries, it.kept], [[], []]);
  });

  test('is incomplete where a provider does not answer, and keeps older differences', async () => {
    const { it, reconciler } = paidWorld();
    it.theirs = []; // Then the payment itself is read.
    it.states.set('cs_1', new ProviderUnreachable('stripe', 'timeout'));
    const report = await reconciler.reconcileDay(day, signal);
    assert.equal(report.outcome, 'incomplete');
    assert.equal(report.providers[0]?.problem, 'provider_unreachable timeout');
    assert.deepEqual(it.kept, []);
    assert.match(textOf(report), /stripe: could not be compared: provider_unreachable timeout\n/);

    it.states.set('cs_1', new ProviderRefused('stripe', 'resource_missing'));
    const refused = await reconciler.reconcileDay(day, signal);
    assert.equal(refused.providers[0]?.differences[0]?.kind, 'payment-missing');
  });

  test('says so of a provider that has no list', async () => {
    const { reconciler } = paidWorld();
    const report = await reconciler.reconcileDay(day, signal, { only: 'iyzico' });
    assert.equal(report.providers[0]?.problem, 'provider_refused no_books');
  });

  test('takes of a day that isn’t over what had time to reach us', async () => {
    const { it, reconciler } = paidWorld();
    it.nowMs = Date.parse('2026-11-23T10:02:00Z');
    it.ours = [];
    const report = await reconciler.reconcileDay(day, signal);
    assert.equal(report.outcome, 'clean');
    assert.ok(report.to.startsWith('2026-11-23T09:57:00'));
  });

  for (const bad of ['2026-02-30', '2026-13-01', '23.11.2026', '', '2026-11-23T00:00:00Z']) {
    test(`refuses \`${bad}\` as a day`, async () => {
      const { reconciler } = world();
      await assert.rejects(reconciler.reconcileDay(bad, signal), {
        name: 'RangeError',
        message: 'A day is YYYY-MM-DD',
      });
    });
  }

  test('refuses a day to come', async () => {
    const { reconciler } = world();
    await assert.rejects(reconciler.reconcileDay('2026-11-25', signal), {
      message: 'Nothing of 2026-11-25 (UTC) is over yet',
    });
  });
});
