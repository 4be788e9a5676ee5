import * as v from 'valibot';

import { ProviderUnreachable } from '../../actors/errors.ts';
import { type Money, zeroMoney } from '../../actors/shapes/money.ts';
import type { PaymentReference, PaymentState } from '../../actors/shapes/payments.ts';
import { moneyFromIyzico } from '../amounts.ts';
import { plainDecimal } from './exact-json.ts';
import { refundsOf } from './refunds.ts';
import type { ReportedPayment } from './reports.ts';

const Text = v.optional(v.nullable(v.string()), null);
const Price = v.pipe(v.string(), v.transform(plainDecimal));
/** What a retrieve by token answers, and one by payment. */
export const Read = v.object({
  paymentStatus: Text,
  paymentId: Text,
  fraudStatus: Text,
  basketId: Text,
  currency: Text,
  price: v.optional(v.nullable(Price), null),
  paidPrice: v.optional(v.nullable(Price), null),
});
export type Read = v.InferOutput<typeof Read>;

/** What was taken, whose it is, and what iyzico's fraud check says. */
interface Taken {
  readonly bookingId: string | null;
  readonly paymentId: string;
  readonly fraud: string | null;
  readonly total: Money;
  readonly paid: Money;
}

/**
 * `basketId` tells whose it is: the `conversationId` of a retrieve is only an echo of what we sent. What went back only the
 * report knows, so without it there are no refunds: that they are gone it does not say.
 */
export function paidState(
  reference: PaymentReference,
  read: Read,
  report: ReportedPayment | null,
): PaymentState {
  const { paymentId, basketId, fraudStatus, currency, price, paidPrice } = read;
  if (paymentId === null || currency === null || price === null || paidPrice === null) {
    throw new ProviderUnreachable('iyzico', 'unexpected_body');
  }
  const taken = {
    bookingId: basketId,
    paymentId,
    fraud: fraudStatus,
    total: moneyFromIyzico(price, currency),
    paid: moneyFromIyzico(paidPrice, currency),
  };
  return takenState(reference, taken, report);
}

/** The same by the report alone, for a token that iyzico has forgotten. */
export function reportedState(reference: PaymentReference, report: ReportedPayment): PaymentState {
  return takenState(reference, { ...report, bookingId: report.conversationId }, report);
}

/**
 * A payment under review is not ours yet, one that was rejected never is: what iyzico does with its money then is its own
 * business (unverified).
 */
function takenState(
  { checkoutId, knownRefunds = [] }: PaymentReference,
  { bookingId, paymentId, fraud, total, paid }: Taken,
  report: ReportedPayment | null,
): PaymentState {
  const common = { provider: 'iyzico', checkoutId, bookingId, paymentId, total } as const;
  if (fraud === '1') {
    return {
      ...common,
      status: 'paid',
      fraud: 'clear',
      captured: paid,
      paidAt: report?.madeAt ?? null,
      refunds: report === null ? [] : refundsOf(report, knownRefunds),
      dispute: null,
    };
  }
  const isRejected = fraud === '-1';
  return {
    ...common,
    status: isRejected ? 'failed' : 'pending',
    fraud: isRejected ? 'rejected' : 'review',
    ...untaken(total.currency),
  };
}

function untaken(currency: string) {
  return { captured: zeroMoney(currency), paidAt: null, refunds: [], dispute: null } as const;
}

/** Between the patient, the bank and iyzico. A 3-D Secure that was only begun may be left at any moment, so it is not among them. */
const PENDING: ReadonlySet<string> = new Set(
  'CALLBACK_THREEDS CALLBACK_PECCO PENDING_CREDIT INIT_BANK_TRANSFER'.split(' '),
);

/** What the last try on a form came to, or that there was none. */
export function unpaidState(
  { checkoutId }: PaymentReference,
  { paymentStatus, paymentId, basketId, currency, price }: Read,
): PaymentState {
  const total = currency === null || price === null ? UNTOLD : moneyFromIyzico(price, currency);
  return {
    provider: 'iyzico',
    checkoutId,
    bookingId: basketId,
    paymentId,
    status:
      paymentStatus === 'FAILURE'
        ? 'failed'
        : PENDING.has(paymentStatus ?? '')
          ? 'pending'
          : 'open',
    fraud: 'clear',
    total,
    ...untaken(total.currency),
  };
}

/** iyzico does not say what an unpaid form is about: nothing, in ISO 4217's "no currency". */
const UNTOLD: Money = { amountMinor: '0', currency: 'XXX' };

/**
 * The token is forgotten, and no payment is known to be its own. Tries that failed tell at least the price. Several payments
 * of which one may be its own leave it `pending`: it must not be paid again before somebody knows.
 */
export function forgottenState(
  { checkoutId }: PaymentReference,
  tries: readonly ReportedPayment[],
): PaymentState {
  const total = tries[0]?.total ?? UNTOLD;
  return {
    provider: 'iyzico',
    checkoutId,
    bookingId: tries[0]?.conversationId ?? null,
    paymentId: null,
    status: tries.some(({ status }) => status === '3' || status === '1') ? 'pending' : 'open',
    fraud: 'clear',
    total,
    ...untaken(total.currency),
  };
}
