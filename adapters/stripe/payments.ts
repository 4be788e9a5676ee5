import type { Stripe } from 'stripe';

import { ProviderRefused } from '../../actors/errors.ts';
import type { PaymentsPort } from '../../actors/ports/payments.ts';
import type { RefundOrder } from '../../actors/shapes/payments.ts';
import { stripeAmount } from '../amounts.ts';
import { parsed } from '../http.ts';
import { type PolicyOptions, whenRetryable } from '../policy.ts';
import { Dispute, Refund, Session, SessionInFull, pageOf } from './answers.ts';
import { type ReturnUrls, openedCheckout, sessionParams } from './checkout.ts';
import { type StripeConnection, stripeCall } from './client.ts';
import { paymentStateOf, refundStateOf } from './state.ts';

/** Every call carries an idempotency key or only reads, so all may be repeated. */
export const stripePolicy: PolicyOptions = {
  timeoutMs: 10_000,
  retryWhen: whenRetryable,
  concurrency: 16,
};

export interface StripeOptions extends StripeConnection, ReturnUrls {}

/** The most that Stripe lists at once. */
const LIST_LIMIT = 100;

const Refunds = pageOf(Refund);
const Disputes = pageOf(Dispute);

/**
 * Hosted checkouts by Stripe, and what becomes of their payments. Idempotency keys are the effect's id, and a refund's own
 * reference, so that a refund asked for by two effects is made once; Stripe remembers them for at least 24 h, and we give up
 * on an effect long before. After that `findRefund` knows it by its metadata.
 *
 * @see https://docs.stripe.com/api/checkout/sessions/create
 * @see https://docs.stripe.com/api/refunds/create
 */
export function stripePayments(options: StripeOptions): PaymentsPort {
  const calling = stripeCall(options);

  const refundsOf = (paymentId: string, signal: AbortSignal) =>
    calling(signal, async (stripe) =>
      parsed('stripe', Refunds, await stripe.refunds.list(ofPayment(paymentId))),
    );
  const disputesOf = (paymentId: string, signal: AbortSignal) =>
    calling(signal, async (stripe) =>
      parsed('stripe', Disputes, await stripe.disputes.list(ofPayment(paymentId))),
    );

  return {
    openCheckout(order, { effectId, tenant, signal }) {
      const params = sessionParams(order, tenant, options);
      return calling(signal, async (stripe) => {
        const session = await stripe.checkout.sessions.create(params, { idempotencyKey: effectId });
        return openedCheckout(parsed('stripe', Session, session));
      });
    },

    async closeCheckout({ checkoutId }, { effectId, signal }) {
      try {
        await calling(signal, (stripe) =>
          stripe.checkout.sessions.expire(checkoutId, {}, { idempotencyKey: effectId }),
        );
      } catch (error) {
        if (!(error instanceof ProviderRefused)) throw error;
        // Stripe expires only what is open, and has no code of its own for that.
        const { status } = await calling(signal, async (stripe) =>
          parsed('stripe', Session, await stripe.checkout.sessions.retrieve(checkoutId)),
        );
        if (status === 'open') throw error;
      }
    },

    async readPayment({ checkoutId }, { signal }) {
      const session = await calling(signal, async (stripe) =>
        parsed(
          'stripe',
          SessionInFull,
          await stripe.checkout.sessions.retrieve(checkoutId, {
            expand: ['payment_intent.latest_charge', 'payment_intent.review'],
          }),
        ),
      );
      const intent = session.payment_intent;
      // Only money that came can go back.
      if (intent?.status !== 'succeeded') return paymentStateOf(session, [], []);
      const [refunds, disputes] = await Promise.all([
        refundsOf(intent.id, signal),
        disputesOf(intent.id, signal),
      ]);
      return paymentStateOf(session, allOf(refunds), allOf(disputes));
    },

    refund(order, { tenant, signal }) {
      const params = refundParams(order, tenant);
      return calling(signal, async (stripe) => {
        const refund = await stripe.refunds.create(params, { idempotencyKey: order.reference });
        return refundStateOf(parsed('stripe', Refund, refund));
      });
    },

    async findRefund({ paymentId, reference }, { signal }) {
      const page = await refundsOf(paymentId, signal);
      const found = page.data.find(({ metadata }) => metadata?.['reference'] === reference);
      if (found) return refundStateOf(found);
      allOf(page); // Not on the first page is no "not there", if there are more.
      return null;
    },
  };
}

function ofPayment(paymentId: string): { payment_intent: string; limit: number } {
  return { payment_intent: paymentId, limit: LIST_LIMIT };
}

/** Constant for a reference, as a session's for an order. Stripe takes no currency here: it is the payment's. */
function refundParams(
  { bookingId, paymentId, reference, amount }: RefundOrder,
  tenant: string,
): Stripe.RefundCreateParams {
  return {
    payment_intent: paymentId,
    amount: stripeAmount(amount),
    metadata: { booking_id: bookingId, reference, tenant },
  };
}

/** @throws {ProviderRefused} a payment with more refunds than fit on a page: a person must look, and no sum of ours would be right */
function allOf<Item>({ data, has_more }: { data: readonly Item[]; has_more: boolean }) {
  if (has_more) throw new ProviderRefused('stripe', 'too_many_to_list');
  return data;
}
