import type { Books, Dispute, Payment, Refund, Session } from './model.ts';

/** Stripe's objects, as its API and its events show them. */
export interface Rendered {
  session(session: Session, expand?: ReadonlySet<string>): object;
  payment(payment: Payment, expand?: ReadonlySet<string>): object;
  charge(payment: Payment): object;
  refund(refund: Refund, expand?: ReadonlySet<string>): object;
  dispute(dispute: Dispute, expand?: ReadonlySet<string>): object;
}

const NOTHING: ReadonlySet<string> = new Set();

export function rendering(books: Books, origin: () => string): Rendered {
  const rendered: Rendered = {
    session(session, expand = NOTHING) {
      const payment =
        session.paymentId === null ? undefined : books.payments.get(session.paymentId);
      const paid = session.status === 'complete' && payment?.status === 'succeeded';
      const open = session.status === 'open';
      return {
        id: session.id,
        object: 'checkout.session',
        mode: 'payment',
        ui_mode: 'hosted_page',
        livemode: false,
        status: session.status,
        payment_status: paid ? 'paid' : 'unpaid',
        amount_subtotal: session.amount,
        amount_total: session.amount,
        currency: session.currency,
        currency_conversion: null,
        client_reference_id: session.clientReferenceId,
        customer_details: null,
        locale: session.locale,
        metadata: session.metadata,
        payment_intent:
          payment && expand.has('payment_intent')
            ? rendered.payment(payment, below('payment_intent', expand))
            : session.paymentId,
        created: session.created,
        expires_at: session.expires,
        url: open ? `${origin()}/_sandbox/stripe/sessions/${session.id}` : null,
      };
    },

    payment(payment, expand = NOTHING) {
      const { id, amount, currency, metadata, status, created, review, chargeId } = payment;
      const reviewId = `prv_${id.slice(3)}`;
      return {
        id,
        object: 'payment_intent',
        livemode: false,
        amount,
        amount_received: status === 'succeeded' ? amount : 0,
        currency,
        metadata,
        status,
        created,
        latest_charge: expand.has('latest_charge') ? rendered.charge(payment) : chargeId,
        review:
          review === 'none'
            ? null
            : expand.has('review')
              ? {
                  id: reviewId,
                  object: 'review',
                  open: review === 'open',
                  closed_reason: review === 'open' ? null : review,
                  reason: review === 'open' ? 'rule' : review,
                  payment_intent: id,
                }
              : reviewId,
      };
    },

    charge(payment) {
      const { id, chargeId, amount, currency, metadata, created, outcome, method } = payment;
      const paid = payment.status === 'succeeded';
      const refunded = books.refundedOf(id);
      const status = paid ? 'succeeded' : payment.status === 'processing' ? 'pending' : 'failed';
      return {
        id: chargeId,
        object: 'charge',
        livemode: false,
        amount,
        amount_captured: paid ? amount : 0,
        amount_refunded: refunded,
        refunded: paid && refunded === amount,
        captured: paid,
        paid,
        status,
        disputed: [...books.disputes.values()].some(({ paymentId }) => paymentId === id),
        currency,
        metadata,
        created,
        payment_intent: id,
        payment_method_details: { type: method === 'card' ? 'card' : 'sepa_debit' },
        outcome: {
          type: outcome,
          network_status: outcome === 'blocked' ? 'not_sent_to_network' : 'approved_by_network',
          reason: outcome === 'blocked' ? 'highest_risk_level' : null,
        },
      };
    },

    refund(refund, expand = NOTHING) {
      const { id, paymentId, chargeId, amount, currency, metadata, status, created } = refund;
      const payment = books.payments.get(paymentId);
      return {
        id,
        object: 'refund',
        amount,
        currency,
        metadata,
        status,
        created,
        charge: chargeId,
        payment_intent:
          payment && expand.has('payment_intent') ? rendered.payment(payment) : paymentId,
        reason: null,
        ...(status === 'failed' ? { failure_reason: 'declined' } : {}),
      };
    },

    dispute(dispute, expand = NOTHING) {
      const { id, paymentId, chargeId, amount, currency, status, created } = dispute;
      const payment = books.payments.get(paymentId);
      const withdrawn = { object: 'balance_transaction', amount: -amount, currency };
      const reinstated = { object: 'balance_transaction', amount, currency };
      return {
        id,
        object: 'dispute',
        livemode: false,
        amount,
        currency,
        status,
        created,
        charge: chargeId,
        payment_intent:
          payment && expand.has('payment_intent') ? rendered.payment(payment) : paymentId,
        reason: 'general',
        metadata: {},
        is_charge_refundable: false,
        balance_transactions: status === 'won' ? [withdrawn, reinstated] : [withdrawn],
      };
    },
  };
  return rendered;
}

/** What is to be expanded in a part. */
export function below(part: string, expand: ReadonlySet<string>): ReadonlySet<string> {
  const start = `${part}.`;
  return new Set(
    [...expand].flatMap((path) => (path.startsWith(start) ? [path.slice(start.length)] : [])),
  );
}
