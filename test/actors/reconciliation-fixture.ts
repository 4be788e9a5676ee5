import { ProviderUnreachable } from '../../actors/errors.ts';
import { movementsOf } from '../../actors/performers/money-record.ts';
import type { BookedMovement, Difference, OpenBooking } from '../../actors/ports/books.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import type { ProviderMovement, UnreadableMovement } from '../../actors/ports/payments.ts';
import { createReconciler } from '../../actors/reconciliation/reconciler.ts';
import type { ReconciliationSettings } from '../../actors/reconciliation/settings.ts';
import type { PaymentState } from '../../actors/shapes/payments.ts';

export const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
export const day = '2026-11-23';
/** Noon of the day after. */
export const noon = Date.parse('2026-11-24T12:00:00Z');

export const booking: OpenBooking = {
  tenant: 'clinic',
  caseId: 'c1',
  bookingId: 'c1-b1',
  provider: 'stripe',
  checkoutId: 'cs_1',
  paymentId: null,
  state: 'awaiting-payment',
  updatedAt: '2026-11-23T09:00:00Z',
};

export const open: PaymentState = {
  provider: 'stripe',
  checkoutId: 'cs_1',
  bookingId: 'c1-b1',
  paymentId: null,
  status: 'open',
  fraud: 'clear',
  total: eur('1000'),
  captured: eur('0'),
  paidAt: null,
  refunds: [],
  dispute: null,
};

export const paid: PaymentState = {
  ...open,
  paymentId: 'pi_1',
  status: 'paid',
  captured: eur('1000'),
  paidAt: '2026-11-23T10:00:00Z',
};

export const capture: ProviderMovement = {
  provider: 'stripe',
  movementId: 'pi_1',
  kind: 'capture',
  paymentId: 'pi_1',
  bookingId: 'c1-b1',
  amount: eur('1000'),
  at: '2026-11-23T10:00:00Z',
};

export const refund: ProviderMovement = {
  ...capture,
  movementId: 're_1',
  kind: 'refund',
  amount: eur('300'),
  at: '2026-11-23T11:00:00Z',
};

export function booked(movement: ProviderMovement, part: Partial<BookedMovement> = {}) {
  return { ...movement, bookingId: 'c1-b1', caseId: 'c1', tenant: 'clinic', ...part };
}

/** A provider, our books, and cases that book what the provider says when they are told to look. */
export function world(
  settings: Partial<ReconciliationSettings> = {},
  invoicedTenants: readonly string[] = ['clinic'],
) {
  const it = {
    nowMs: noon,
    /** What the provider lists. */
    theirs: [] as ProviderMovement[],
    /** What it lists and we can't read. */
    unreadable: [] as UnreadableMovement[],
    /** Our captures without an invoice. */
    uninvoiced: [] as BookedMovement[],
    /** What it says of a payment, by checkout. */
    states: new Map<string, PaymentState | Error>(),
    ours: [] as BookedMovement[],
    bookings: [booking],
    /** Cases of ours. */
    cases: new Set(['c1']),
    /** Whether a case that is told does its work. */
    casesWork: true,
    deliveries: [] as Delivery[],
    kept: [] as { readonly day: string; readonly differences: readonly Difference[] }[],
    read: [] as string[],
    reading: { now: 0, most: 0 },
    logged: [] as string[],
  };
  const within = (at: string, { from, to }: { readonly from: string; readonly to: string }) =>
    Date.parse(at) >= Date.parse(from) && Date.parse(at) < Date.parse(to);
  const seen = new Map<string, string>();

  /** What a case does: asks the provider, and books. */
  function work({ about, data }: Delivery): void {
    const { bookingId } = data as { readonly bookingId: string };
    const own = it.bookings.find((one) => one.bookingId === bookingId);
    const state = own && it.states.get(own.checkoutId);
    if (about.kind !== 'case' || !own || !state || state instanceof Error) return;
    const at = new Date(it.nowMs).toISOString();
    const all = movementsOf(state, at);
    const failed = new Set(
      all.flatMap(({ kind, movementId }) => (kind === 'refund-failed' ? movementId : [])),
    );
    it.ours = it.ours.filter(({ movementId }) => !failed.has(movementId));
    for (const { kind, movementId, amount, at: movedAt } of all) {
      if (kind === 'refund-failed' || failed.has(movementId)) continue;
      if (it.ours.some((our) => our.movementId === movementId && our.kind === kind)) continue;
      const { provider, caseId, tenant } = own;
      const paymentId = state.paymentId ?? '';
      it.ours.push({
        provider,
        kind,
        movementId,
        paymentId,
        bookingId,
        amount,
        at: movedAt,
        caseId,
        tenant,
      });
    }
    it.bookings = it.bookings.map((one) =>
      one === own ? { ...one, state: 'confirmed', paymentId: state.paymentId } : one,
    );
  }

  const reconciler = createReconciler({
    providers: ['stripe'],
    payments: {
      async readPayment({ checkoutId }) {
        it.read.push(checkoutId);
        it.reading.most = Math.max(it.reading.most, ++it.reading.now);
        await new Promise(setImmediate);
        it.reading.now -= 1;
        const state = it.states.get(checkoutId) ?? new ProviderUnreachable('stripe', 'timeout');
        if (state instanceof Error) throw state;
        return state;
      },
    },
    books: {
      async awaiting(provider, { before, after, limit }) {
        const waiting = it.bookings.filter(
          (one) =>
            one.provider === provider &&
            one.state === 'awaiting-payment' &&
            Date.parse(one.updatedAt) < Date.parse(before),
        );
        const start = waiting.findIndex(({ bookingId }) => bookingId === after) + 1;
        return waiting.slice(start, start + limit);
      },
      async setAside(provider, { before, lapsedSince, after, limit }) {
        const aside = it.bookings.filter(
          ({ provider: of, state, updatedAt }) =>
            of === provider &&
            Date.parse(updatedAt) < Date.parse(before) &&
            (state === 'held' ||
              (state === 'lapsed' && Date.parse(updatedAt) >= Date.parse(lapsedSince))),
        );
        const start = aside.findIndex(({ bookingId }) => bookingId === after) + 1;
        return aside.slice(start, start + limit);
      },
      uninvoiced: async (_provider, { from, to, before, tenants }) =>
        it.uninvoiced.filter(
          ({ at, tenant }) =>
            within(at, { from, to }) &&
            Date.parse(at) < Date.parse(before) &&
            tenants.includes(tenant),
        ),
      byPayment: async (provider, paymentIds) =>
        it.bookings.filter(
          (one) => one.provider === provider && paymentIds.includes(one.paymentId ?? ''),
        ),
      movements: async (_provider, period) => it.ours.filter(({ at }) => within(at, period)),
    },
    paymentBooks: [
      {
        provider: 'stripe',
        async *movements(period, _signal, onUnreadable) {
          for (const one of it.unreadable) if (within(one.at, period)) onUnreadable?.(one);
          const all = it.theirs.filter(({ at }) => within(at, period));
          yield all.slice(0, 1);
          yield all; // Pages overlap.
        },
      },
    ],
    intake: {
      async receive(deliveries) {
        return deliveries.map((delivery) => {
          const { about, dedupeKey } = delivery;
          if (about.kind !== 'case' || !it.cases.has(about.caseId)) return { outcome: 'parked' };
          const body = JSON.stringify(delivery);
          const before = seen.get(dedupeKey);
          if (before !== undefined) {
            return { outcome: before === body ? 'duplicate' : 'conflict' };
          }
          seen.set(dedupeKey, body);
          it.deliveries.push(delivery);
          if (it.casesWork) setImmediate(() => work(delivery));
          return { outcome: 'stored' };
        });
      },
    },
    register: {
      async keep(_provider, of, differences) {
        it.kept.push({ day: of, differences });
      },
    },
    // The clock goes on whenever somebody looks at it, so that a wait comes to its end.
    now: () => (it.nowMs += 1),
    log: (_level, event) => void it.logged.push(event),
    invoicedTenants,
    settings: { pollMs: 1, catchUpMs: 50, ...settings },
  });
  return { it, reconciler };
}
