import type { Money } from './money.ts';
import type { Performing } from './performing.ts';

export interface CheckoutOrder {
  readonly caseId: string;
  readonly bookingId: string;
  readonly total: Money;
  /** Shown on the provider's page. Nothing about health. */
  readonly title: string;
  /** ISO 8601 with offset; providers take 30 minutes to 24 hours from now. */
  readonly expiresAt: string;
}

export interface Checkout {
  readonly provider: string;
  readonly checkoutId: string;
  /** Where the patient pays. */
  readonly url: string;
  /** ISO 8601 with offset. */
  readonly expiresAt: string;
}

/** What the provider itself says of a checkout: the only word on money we act on. */
export interface CheckoutState {
  readonly checkoutId: string;
  readonly bookingId: string | null;
  readonly status: 'open' | 'paid' | 'unpaid' | 'expired';
  readonly total: Money;
  readonly paymentId: string | null;
}

/** Where patients pay, on the provider's own pages. */
export interface PaymentsPort {
  /**
   * Opens a hosted checkout. The effect id is the provider's idempotency key: the same id opens one checkout.
   *
   * @throws {ProviderRefused | ProviderCredentialsRefused} and will again
   * @throws {ProviderBusy | ProviderUnreachable} send again with the same id
   */
  openCheckout(order: CheckoutOrder, performing: Performing): Promise<Checkout>;
  /** Reads a checkout. Errors as above; changes nothing. */
  readCheckout(checkoutId: string, performing: Performing): Promise<CheckoutState>;
}
