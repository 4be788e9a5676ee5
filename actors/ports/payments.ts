import type { Money } from '../shapes/money.ts';
import type {
  Checkout,
  CheckoutOrder,
  PaymentProvider,
  PaymentReference,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../shapes/payments.ts';
import type { Performing } from './performing.ts';

/** One movement of money, as the provider's own books have it. */
export interface ProviderMovement {
  readonly provider: PaymentProvider;
  /** Of the movement: unique for its kind. A capture's is its payment's id. */
  readonly movementId: string;
  /** A `chargeback` is a dispute that took the money from us, a `chargeback-reversed` the same one won. Amounts are never negative. */
  readonly kind: 'capture' | 'refund' | 'chargeback' | 'chargeback-reversed';
  readonly paymentId: string;
  /** Our reference as the provider kept it; null where its list does not have it. */
  readonly bookingId: string | null;
  readonly amount: Money;
  readonly at: string;
}

/** A movement for one of our bookings whose amount we can't read exactly. `reason` is a code. */
export interface UnreadableMovement extends Omit<ProviderMovement, 'amount' | 'bookingId'> {
  readonly bookingId: string;
  readonly reason: string;
}

/**
 * Where patients pay, on the provider's own pages: card data never touches us. All of it
 *
 * @throws {ProviderRefused | ProviderCredentialsRefused} and will again
 * @throws {ProviderBusy | ProviderUnreachable} ask again; see each method
 */
export interface PaymentsPort {
  /**
   * Opens a hosted checkout. Called again with the same effect id it does no harm: either the provider knows the id
   * (Stripe), or a checkout whose address nobody ever got stays unpaid (iyzico).
   */
  openCheckout(order: CheckoutOrder, performing: Performing): Promise<Checkout>;
  /** Makes sure that an open checkout can't be paid any more, as far as the provider has that; it may have been paid. */
  closeCheckout(reference: PaymentReference, performing: Performing): Promise<void>;
  /** Reads a payment with its refunds and disputes. Changes nothing. */
  readPayment(reference: PaymentReference, performing: Performing): Promise<PaymentState>;
  /** Gives money back. An unknown outcome is settled by `findRefund`, never by asking again blindly. */
  refund(order: RefundOrder, performing: Performing): Promise<RefundState>;
  /**
   * The refund with this reference, if the provider has it.
   *
   * @throws {Deferred} it is not in the provider's list, which may still be behind: null now could give money back twice
   */
  findRefund(order: RefundOrder, performing: Performing): Promise<RefundState | null>;
}

/** A provider's own books, for reconciliation. */
export interface PaymentBooks {
  readonly provider: PaymentProvider;
  /**
   * Everything the provider moved from `from` up to, not including, `to` (ISO 8601 with offset), in any order, page by page.
   * What can't be read exactly is left out if it is not ours, by its booking's id; else `onUnreadable` is told.
   *
   * @throws {ProviderRefused} such a movement, and nobody to tell
   */
  movements(
    period: { readonly from: string; readonly to: string },
    signal: AbortSignal,
    onUnreadable?: (movement: UnreadableMovement) => void,
  ): AsyncIterable<readonly ProviderMovement[]>;
}
