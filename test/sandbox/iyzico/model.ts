import type { SandboxLedger } from '../ledger.ts';
import { minorOf } from './requests.ts';

/** A checkout form. Prices are decimals without trailing zeros, times epoch milliseconds. */
export interface Checkout {
  readonly token: string;
  readonly conversationId: string;
  readonly basketId: string;
  readonly price: string;
  readonly paidPrice: string;
  readonly currency: string;
  readonly callbackUrl: string;
  readonly openedMs: number;
  /** The last try; null until there is one. */
  readonly paymentId: string | null;
}

/** A try to pay. */
export interface Payment {
  readonly paymentId: string;
  readonly transactionId: string;
  readonly token: string;
  readonly conversationId: string;
  readonly basketId: string;
  readonly price: string;
  readonly paidPrice: string;
  readonly currency: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'INIT_THREEDS';
  readonly fraud: 1 | 0 | -1;
  readonly madeMs: number;
}

/** Money that went back. */
export interface Returned {
  readonly kind: 'refund' | 'cancel';
  readonly id: string;
  readonly paymentId: string;
  /** Null for one made in the panel. */
  readonly conversationId: string | null;
  readonly price: string;
  readonly currency: string;
  readonly madeMs: number;
}

interface Change {
  readonly checkout?: Checkout;
  readonly payment?: Payment;
  readonly returned?: Returned;
}

/**
 * What happened. `payment` is money taken, and written when the fraud check is clear; `refund` and `cancel` are money
 * given back: a judge sums up these three.
 */
export interface Fact {
  readonly kind:
    | 'checkout'
    | 'payment'
    | 'payment-failed'
    | 'payment-started'
    | 'payment-review'
    | 'payment-rejected'
    | 'refund'
    | 'cancel';
  /** The conversation id. */
  readonly key: string | null;
  readonly digest?: string;
  readonly change: Change;
}

/** iyzico's memory: folded from the ledger, and written through it. */
export interface IyzicoState {
  readonly checkouts: ReadonlyMap<string, Checkout>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly returned: readonly Returned[];
  /** In the ledger's file when it returns. */
  write(fact: Fact): void;
  /** Minor units that are still there to be given back. */
  leftMinor(payment: Payment): bigint;
  nextId(): string;
}

const FIRST_ID = 27_000_000;

export function restoredState(ledger: SandboxLedger): IyzicoState {
  const checkouts = new Map<string, Checkout>();
  const payments = new Map<string, Payment>();
  const returned: Returned[] = [];
  let lastId = FIRST_ID;

  function apply(change: Change): void {
    if (change.checkout) checkouts.set(change.checkout.token, change.checkout);
    if (change.payment) payments.set(change.payment.paymentId, change.payment);
    if (change.returned) returned.push(change.returned);
    const ids = [change.payment?.paymentId, change.payment?.transactionId, change.returned?.id];
    for (const id of ids) lastId = Math.max(lastId, Number(id ?? 0));
  }

  for (const { provider, detail } of ledger.read()) {
    if (provider === 'iyzico') apply((detail as { readonly change: Change }).change);
  }

  return {
    checkouts,
    payments,
    returned,
    write({ kind, key, digest = '', change }) {
      const detail = { ...judged(change, payments), change };
      ledger.append({ provider: 'iyzico', kind, key, digest, detail });
      apply(change);
    },
    leftMinor({ paymentId, paidPrice, currency }) {
      return returned
        .filter((one) => one.paymentId === paymentId)
        .reduce((left, { price }) => left - minorOf(price, currency), minorOf(paidPrice, currency));
    },
    nextId: () => String(++lastId),
  };
}

/** What a judge needs, where a change moves money. */
function judged(
  { payment, returned }: Change,
  payments: ReadonlyMap<string, Payment>,
): Readonly<Record<string, unknown>> {
  if (payment) {
    const { basketId, paymentId, token, paidPrice, currency } = payment;
    return { bookingId: basketId, amount: paidPrice, currency, paymentId, token };
  }
  if (!returned) return {};
  const { id, paymentId, price, currency, conversationId } = returned;
  const bookingId = payments.get(paymentId)?.basketId ?? null;
  return { bookingId, amount: price, currency, paymentId, refundId: id, reference: conversationId };
}
