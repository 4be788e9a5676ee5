import * as v from 'valibot';

import {
  Deferred,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { PaymentsPort } from '../../actors/ports/payments.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import { isSameMoney } from '../../actors/shapes/money.ts';
import type {
  PaymentReference,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../../actors/shapes/payments.ts';
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
import { createDoubts } from './doubts.ts';
import { plainDecimal } from './exact-json.ts';
import { refundsOf } from './refunds.ts';
import { type ReportedPayment, reportedPayments, turkishDay } from './reports.ts';
import type { Fields } from './signature.ts';
import { Read, forgottenState, paidState, reportedState, unpaidState } from './states.ts';

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
  /**
   * How long iyzico's report of a payment may be behind its refunds. 15 minutes if absent. iyzico states no bound: integrators
   * saw seconds, so this is a wide margin and no fact (unverified). 0 only for a sandbox.
   */
  readonly reportingLagMs?: number;
}

const INITIALIZE = '/payment/iyzipos/checkoutform/initialize/auth/ecom';
const RETRIEVE = '/payment/iyzipos/checkoutform/auth/ecom/detail';
const DETAIL = '/payment/detail';
const CANCEL = '/payment/cancel';
const REFUND = '/v2/payment/refund';

const USUAL_REPORTING_LAG_MS = 15 * 60 * 1_000;
/** Mostly the report is only seconds behind, so the first look again comes early. */
const LOOK_AGAIN_MS = 30_000;

const Returned = v.object({
  price: v.optional(v.nullable(v.string()), null),
  currency: v.optional(v.nullable(v.string()), null),
});

/**
 * Hosted checkout forms by iyzico. `conversationId` and `basketId` of a form are our booking's id; the `conversationId` of a
 * refund is our reference, and also its `refundId`, since iyzico's answer to a refund names none. Where the report does not
 * have it either, `knownRefunds` tell which entries are ours.
 *
 * A form's token lives for half an hour whatever the order says, and can't be ended before.
 *
 * What a retrieve answers for a token that nobody paid, or that is over, is not documented. Here a refusal of the token and
 * an answer without a payment's status both mean `open`, never `expired`: when a form ends is known from its opening, and to
 * open another while it can still be paid would let the patient pay twice.
 *
 * A payment is read by its form's token, and by its own id where the token tells nothing. Two forms of one booking may both
 * be paid, by two payments under one conversation. So one that is found by the booking alone is taken for this form's only if
 * no other comes into question; of several none is, and the state is `pending`. A second payment of which neither webhook
 * nor token told is found by reconciliation, in iyzico's list of the day, and then read by its id.
 *
 * @see https://docs.iyzico.com/en/payment-methods/direct-charge/checkoutform
 * @see https://docs.iyzico.com/en/payment-methods/api/non-3ds/non-3ds-implementation/retrieve
 */
export function iyzicoPayments(options: IyzicoOptions): PaymentsPort {
  const { policy, refundPolicy, now, callbackUrl, buyerFallback } = options;
  const { reportingLagMs = USUAL_REPORTING_LAG_MS } = options;
  const client = iyzicoClient(options);
  const doubts = createDoubts(now);

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

  /** @throws {ProviderUnreachable} `payment_not_reported`: the report is behind, or refuses, and can't tell anything of it */
  async function surelyReported(paymentId: string, signal: AbortSignal): Promise<ReportedPayment> {
    const payment = await reported(paymentId, signal);
    if (!payment) throw new ProviderUnreachable('iyzico', 'payment_not_reported');
    return payment;
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

  /**
   * A payment by iyzico's id; null if this does not say that it was paid. Whether `paymentStatus` is always among the answer's
   * fields is not documented; without it the report decides.
   */
  async function detailed(
    { bookingId }: PaymentReference,
    paymentId: string,
    signal: AbortSignal,
  ): Promise<Read | null> {
    const body = { locale: 'en', conversationId: bookingId, paymentId };
    try {
      return await policy.execute(async (call) => {
        const answer = await client.post(DETAIL, body, call.signal);
        const read = parsed('iyzico', Read, answer);
        if (read.paymentStatus !== 'SUCCESS' || read.paymentId !== paymentId) return null;
        client.believe('paymentRead', answer);
        return read;
      }, signal);
    } catch (error) {
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  /** A payment that is known, whatever became of its token. Never unpaid just because nobody can tell. */
  async function readById(
    reference: PaymentReference,
    paymentId: string,
    signal: AbortSignal,
  ): Promise<PaymentState> {
    const read = await detailed(reference, paymentId, signal);
    if (read) return paidState(reference, read, await reported(paymentId, signal));
    const payment = await surelyReported(paymentId, signal);
    return payment.status === '1'
      ? reportedState(reference, payment)
      : forgottenState(reference, [payment]);
  }

  /** By the booking, for a token that is forgotten before its payment was known. */
  async function readByBooking(
    reference: PaymentReference,
    signal: AbortSignal,
  ): Promise<PaymentState> {
    const { bookingId, otherPaymentIds = [] } = reference;
    const payments = (await report({ paymentConversationId: bookingId }, signal)).filter(
      ({ paymentId }) => !otherPaymentIds.includes(paymentId),
    );
    const [paid, ...others] = payments.filter(({ status }) => status === '1');
    return paid !== undefined && others.length === 0
      ? reportedState(reference, paid)
      : forgottenState(reference, payments);
  }

  /** Sends one that is not to be repeated. */
  async function giveBack(
    path: string,
    order: RefundOrder,
    body: object,
    performing: Performing,
  ): Promise<RefundState> {
    const { paymentId, reference } = order;
    const common = { locale: 'en', conversationId: reference, paymentId, ip: buyerFallback.ip };
    const cameTo = doubts.sending(reference, performing);
    try {
      const refund = await refundPolicy.execute(async (call) => {
        const answer = await client.post(path, { ...common, ...body }, call.signal);
        return returnedOf(order, client.believe('moneyReturned', answer));
      }, performing.signal);
      cameTo('made');
      return refund;
    } catch (error) {
      cameTo(isOfNothingDone(error) ? 'not-made' : 'in-doubt');
      throw error;
    }
  }

  /** The same day's payment as a whole; null where that is not possible any more. */
  async function cancelled(
    order: RefundOrder,
    payment: ReportedPayment,
    performing: Performing,
  ): Promise<RefundState | null> {
    const { madeAt, paid, returned } = payment;
    const isToday = madeAt !== null && madeAt.slice(0, 10) === turkishDay(now());
    if (!order.whole || !isToday || returned.length > 0 || !isSameMoney(paid, order.amount)) {
      return null;
    }
    try {
      return await giveBack(CANCEL, order, {}, performing);
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
      // Told of a try, the token knows best; a payment that is known tells more than a token that says nothing.
      const saysNothing = read === null || read.paymentStatus === null;
      if (saysNothing && reference.paymentId !== null) {
        return readById(reference, reference.paymentId, signal);
      }
      return read === null ? readByBooking(reference, signal) : unpaidState(reference, read);
    },

    /** @throws {Deferred} another effect asked for it just now, and it is not known what came of that */
    async refund(order, performing) {
      const { reference, amount } = order;
      const payment = await beforeAnything(reported(order.paymentId, performing.signal));
      // Not by amount: what staff gave back in the panel before is not what we are asked for now.
      const made = payment && refundsOf(payment, []).find((one) => one.reference === reference);
      if (made && made.status !== 'failed') return made;
      const ageMs = doubts.ageMs(reference);
      if (ageMs !== null && ageMs < reportingLagMs) throw inDoubt(ageMs, reportingLagMs);
      const whole = payment ? await cancelled(order, payment, performing) : null;
      if (whole) return whole;
      const body = { price: iyzicoPrice(amount), currency: amount.currency };
      return await giveBack(REFUND, order, body, performing);
    },

    /**
     * By our reference; where the report names no conversations, by amount, without what earlier refunds of ours account for.
     *
     * That the report does not have it means something only when it had time to: until the doubt is `reportingLagMs` old this
     * waits, and uses up no try by it. The doubt's age is this process's memory, so a restart makes it wait anew.
     *
     * @throws {Deferred} `refund_in_doubt`
     * @throws {ProviderUnreachable} `payment_not_reported`: the report does not even have the payment, so it can't tell
     */
    async findRefund(order, { effectId, attempt, signal }) {
      const { reference, paymentId, amount, knownRefunds = [] } = order;
      const ageMs = doubts.looking(reference, { effectId, attempt });
      const payment = await surelyReported(paymentId, signal);
      const earlier = knownRefunds.filter((known) => known.reference !== reference);
      const found = refundsOf(payment, [...earlier, { reference, amount }]).find(
        (one) => one.reference === reference,
      );
      if (found) {
        doubts.end(reference);
        return found;
      }
      if (ageMs < reportingLagMs) throw inDoubt(ageMs, reportingLagMs);
      return null;
    },
  };
}

function inDoubt(ageMs: number, reportingLagMs: number): Deferred {
  const leftMs = reportingLagMs - ageMs;
  const waitMs = ageMs < LOOK_AGAIN_MS ? Math.min(leftMs, LOOK_AGAIN_MS) : leftMs;
  return new Deferred('iyzico', 'refund_in_doubt', waitMs);
}

function isOfNothingDone(error: unknown): boolean {
  return (
    error instanceof ProviderBusy ||
    error instanceof ProviderRefused ||
    error instanceof ProviderCredentialsRefused
  );
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
