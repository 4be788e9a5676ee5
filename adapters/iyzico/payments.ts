import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

import { ProviderBusy, ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { isSameMoney } from '../../actors/ports/money.ts';
import type {
  PaymentReference,
  PaymentsPort,
  RefundOrder,
  RefundState,
} from '../../actors/ports/payments.ts';
import { iyzicoPrice, moneyFromIyzico } from '../amounts.ts';
import { parsed } from '../http.ts';
import {
  type CallPolicy,
  type PolicyOptions,
  whenNothingWasDone,
  whenRetryable,
} from '../policy.ts';
import { type BuyerFallback, checkoutOf, formOf } from './checkout-form.ts';
import { type IyzicoClientOptions, iyzicoClient } from './client.ts';
import { plainDecimal } from './exact-json.ts';
import { type ReportedPayment, reportedPayments, turkishDay } from './reports.ts';
import type { Fields } from './signature.ts';
import { Read, forgottenState, paidState, reportedState, stateOf, unpaidState } from './states.ts';

/** For reading, and for opening checkouts: a second one whose address nobody got stays unpaid. */
export const iyzicoPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: whenRetryable,
  concurrency: 8,
};

/** For giving money back: no idempotency key, so only what was certainly not done is sent again. */
export const iyzicoRefundPolicy: PolicyOptions = {
  timeoutMs: 30_000,
  retryWhen: whenNothingWasDone,
  concurrency: 4,
};

export interface IyzicoOptions extends IyzicoClientOptions {
  /** Where iyzico sends the patient's browser after the form, by a POST of `token` that anybody can forge. */
  readonly callbackUrl: (bookingId: string) => string;
  readonly buyerFallback: BuyerFallback;
  /** Made from `iyzicoPolicy`. */
  readonly policy: CallPolicy;
  /** Made from `iyzicoRefundPolicy`. One that repeats after `ProviderUnreachable` would give money back twice. */
  readonly refundPolicy: CallPolicy;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long iyzico's reports may be behind its payments. 15 s if absent. */
  readonly reportingLagMs?: number;
}

const INITIALIZE = '/payment/iyzipos/checkoutform/initialize/auth/ecom';
const RETRIEVE = '/payment/iyzipos/checkoutform/auth/ecom/detail';
const CANCEL = '/payment/cancel';
const REFUND = '/v2/payment/refund';

const USUAL_REPORTING_LAG_MS = 15_000;

const Returned = v.object({
  price: v.optional(v.nullable(v.string()), null),
  currency: v.optional(v.nullable(v.string()), null),
});

/**
 * Hosted checkout forms by iyzico. `conversationId` and `basketId` of a form are our booking's id; the `conversationId` of a
 * refund is our reference, and also its `refundId`: iyzico's answer to a refund names none, and every list of its that
 * has the refund has that.
 *
 * A form's token lives for half an hour whatever the order says, and can't be ended before.
 *
 * What a retrieve answers for a token that nobody paid, or that is over, is not documented. Here a refusal of the token and
 * an answer without a payment's status both mean `open`, never `expired`: when a form ends is known from its opening, and to
 * open another while it can still be paid would let the patient pay twice. Before that the report is asked whether the
 * booking is paid after all.
 *
 * @see https://docs.iyzico.com/en/payment-methods/direct-charge/checkoutform
 */
export function iyzicoPayments(options: IyzicoOptions): PaymentsPort {
  const { policy, refundPolicy, now, callbackUrl, buyerFallback } = options;
  const { reportingLagMs = USUAL_REPORTING_LAG_MS } = options;
  const client = iyzicoClient(options);

  async function report(
    about: Parameters<typeof reportedPayments>[1],
    signal: AbortSignal,
  ): Promise<readonly ReportedPayment[]> {
    return await policy.execute((call) => reportedPayments(client, about, call.signal), signal);
  }

  async function reported(paymentId: string, signal: AbortSignal): Promise<ReportedPayment | null> {
    const payments = await report({ paymentId }, signal);
    return payments.find((payment) => payment.paymentId === paymentId) ?? null;
  }

  /** Null if iyzico has nothing to say about the token. */
  async function retrieved(
    { bookingId, checkoutId }: PaymentReference,
    signal: AbortSignal,
  ): Promise<Read | null> {
    const body = { locale: 'en', conversationId: bookingId, token: checkoutId };
    try {
      return await policy.execute(async (call) => {
        const answer = await client.post(RETRIEVE, body, call.signal);
        const read = parsed('iyzico', Read, answer);
        // Whether the answer is signed while nothing is paid is not documented, and nothing is believed from it then.
        const saysNothing = read.paymentStatus !== 'SUCCESS' && answer['signature'] === undefined;
        if (!saysNothing) client.believe('checkoutRead', answer);
        return read;
      }, signal);
    } catch (error) {
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  /** Sends one that is not to be repeated. */
  async function giveBack(
    path: string,
    order: RefundOrder,
    body: object,
    signal: AbortSignal,
  ): Promise<RefundState> {
    const { paymentId, reference } = order;
    const common = { locale: 'en', conversationId: reference, paymentId, ip: buyerFallback.ip };
    return await refundPolicy.execute(async (call) => {
      const answer = await client.post(path, { ...common, ...body }, call.signal);
      return returnedOf(order, client.believe('moneyReturned', answer));
    }, signal);
  }

  /** The same day's payment as a whole; null where that is not possible any more. */
  async function cancelled(
    order: RefundOrder,
    payment: ReportedPayment,
    signal: AbortSignal,
  ): Promise<RefundState | null> {
    const { madeAt, paid, returned } = payment;
    const isToday = madeAt !== null && madeAt.slice(0, 10) === turkishDay(now());
    if (!order.whole || !isToday || returned.length > 0 || !isSameMoney(paid, order.amount)) {
      return null;
    }
    try {
      return await giveBack(CANCEL, order, {}, signal);
    } catch (error) {
      // Some banks close their day before midnight. A refusal changed nothing, so it becomes a refund.
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  return {
    async openCheckout(order, { signal }) {
      const body = formOf(order, callbackUrl(order.bookingId), buyerFallback);
      return await policy.execute(async (call) => {
        const answer = await client.post(INITIALIZE, body, call.signal);
        return checkoutOf(client.believe('checkoutOpened', answer), now());
      }, signal);
    },

    /** There is nothing to call: the token dies by itself, half an hour after it was made. */
    async closeCheckout() {},

    async readPayment(reference, { signal }) {
      const read = await retrieved(reference, signal);
      if (read?.paymentStatus === 'SUCCESS') {
        const { paymentId } = read;
        if (paymentId === null) throw new ProviderUnreachable('iyzico', 'unexpected_body');
        return paidState(reference, read, await reported(paymentId, signal));
      }
      if (read !== null) return unpaidState(reference, read);
      const about =
        reference.paymentId === null
          ? { paymentConversationId: reference.bookingId }
          : { paymentId: reference.paymentId };
      const payments = await report(about, signal);
      const paid = payments.find(({ status }) => status === '1');
      return paid ? reportedState(reference, paid) : forgottenState(reference, payments);
    },

    async refund(order, { signal }) {
      const payment = await beforeAnything(reported(order.paymentId, signal));
      const known = payment?.returned.find(
        ({ reference, status }) => reference === order.reference && status !== 'failed',
      );
      if (known) return stateOf(known);
      const whole = payment ? await cancelled(order, payment, signal) : null;
      if (whole) return whole;
      const { amount } = order;
      const body = { price: iyzicoPrice(amount), currency: amount.currency };
      return await giveBack(REFUND, order, body, signal);
    },

    /**
     * By our reference. Where the report names the conversation of none of a payment's refunds, one of the same amount is
     * taken to be ours: the other mistake would give money back twice.
     *
     * The reports are behind, so before it says null it waits for `reportingLagMs` and looks again.
     *
     * @throws {ProviderUnreachable} `payment_not_reported`: the report does not even have the payment, so it can't tell
     */
    async findRefund(order, { signal }) {
      const found = async (): Promise<RefundState | null> => {
        const payment = await reported(order.paymentId, signal);
        if (!payment) throw new ProviderUnreachable('iyzico', 'payment_not_reported');
        return refundIn(payment, order);
      };
      const first = await found();
      if (first !== null || reportingLagMs === 0) return first;
      try {
        await sleep(reportingLagMs, undefined, { signal });
      } catch (error) {
        throw new ProviderUnreachable('iyzico', 'timeout', { cause: error });
      }
      return await found();
    },
  };
}

/** Before anything was sent that changes something, a doubt is none about the refund. */
async function beforeAnything<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    throw new ProviderBusy('iyzico', `not_sent:${error.reason}`, undefined, { cause: error });
  }
}

/** What went back, by iyzico's word where it has one. */
function returnedOf({ reference, amount }: RefundOrder, answer: Fields): RefundState {
  const { price, currency } = parsed('iyzico', Returned, answer);
  const returned =
    price === null || currency === null ? amount : moneyFromIyzico(plainDecimal(price), currency);
  return { refundId: reference, reference, amount: returned, status: 'done' };
}

/** One that was made before one that failed: a reference may have been tried more than once. */
function refundIn({ returned }: ReportedPayment, order: RefundOrder): RefundState | null {
  const ours = returned.filter(({ reference }) => reference === order.reference);
  const namesNone = returned.every(({ conversationId }) => conversationId === null);
  const found =
    ours.find(({ status }) => status !== 'failed') ??
    ours[0] ??
    returned.find(
      ({ status, amount }) => namesNone && status !== 'failed' && isSameMoney(amount, order.amount),
    );
  return found ? { ...stateOf(found), reference: order.reference } : null;
}
