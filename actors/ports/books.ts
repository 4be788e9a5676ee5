import type { Money } from '../shapes/money.ts';
import type { PaymentProvider, BookingReport } from '../shapes/payments.ts';
import type { ProviderMovement } from './payments.ts';

/** Money that moved, once and for ever. Ids are the provider's, so that the same movement is recorded once. */
export interface Movement {
  readonly movementId: string;
  /** `refund-failed` takes back a refund that the bank sent back; a `chargeback` is a dispute that holds or lost the money. */
  readonly kind: 'capture' | 'refund' | 'refund-failed' | 'chargeback' | 'chargeback-reversed';
  readonly amount: Money;
  /** By the provider's clock where it tells; else when we learned of it. ISO 8601 with offset. */
  readonly at: string;
}

/** A booking as its case has it, with what moved. */
export interface BookingRecord extends Omit<BookingReport, 'payments'> {
  readonly tenant: string;
  readonly paymentId: string | null;
  readonly at: string;
  readonly movements: readonly Movement[];
}

/** A booking as staff see it. Sums are of its movements. */
export interface BookingView extends Omit<
  BookingRecord,
  'tenant' | 'revision' | 'cause' | 'at' | 'movements'
> {
  readonly captured: Money;
  readonly refunded: Money;
  readonly chargedBack: Money;
  readonly updatedAt: string;
  readonly movements: readonly (Movement & { readonly cause: string })[];
}

/** A booking that may have been paid without our knowing. */
export interface OpenBooking extends Pick<
  BookingRecord,
  'tenant' | 'caseId' | 'bookingId' | 'paymentId' | 'state'
> {
  readonly provider: PaymentProvider;
  readonly checkoutId: string;
  readonly updatedAt: string;
}

/** A movement of our own books, in the provider's terms. */
export interface BookedMovement extends ProviderMovement {
  readonly caseId: string;
  readonly tenant: string;
}

/** Our own books: a row for each booking, and movements that only grow. */
export interface Books {
  /**
   * Durable when it resolves. In one transaction: the booking's row if `revision` is newer, its movements that were missing, an
   * audit line with the cause for each of those, and the references that provider ids are found by. The same record again changes nothing.
   *
   * What is booked stays booked. A movement whose amount is another one than the books have (a bank that changed what it disputes)
   * doesn't stop the rest of the record: it becomes a difference `amount-differs`, in the same transaction.
   *
   * @throws {ProviderUnreachable} perhaps not recorded; record it again
   */
  record(record: BookingRecord): Promise<void>;
}

/** What reconciliation reads. */
export interface BooksReader {
  /**
   * Bookings of a provider that wait for a payment, and were last touched before `before`; oldest first, at most `limit`,
   * after `after` (a bookingId, for the next page). Those of cases that are done are left out: nobody would hear of it.
   */
  awaiting(provider: PaymentProvider, page: BookingsPage): Promise<readonly OpenBooking[]>;
  /** The same of bookings that are held, and of those that lapsed at or after `lapsedSince`: they may be paid, or released, all the same. */
  setAside(
    provider: PaymentProvider,
    page: BookingsPage & { readonly lapsedSince: string },
  ): Promise<readonly OpenBooking[]>;
  /** Bookings by the provider's payment ids; those we do not know are left out. */
  byPayment(
    provider: PaymentProvider,
    paymentIds: readonly string[],
  ): Promise<readonly OpenBooking[]>;
  /** Captures, refunds but for those that failed, chargebacks and their reversals, in [from, to). */
  movements(
    provider: PaymentProvider,
    period: { readonly from: string; readonly to: string },
  ): Promise<readonly BookedMovement[]>;
  /**
   * The first capture in [from, to) of each booking of these tenants that has no sale's invoice, or only one that could not be made
   * (`invalid`), though we had the money before `before`.
   */
  uninvoiced(
    provider: PaymentProvider,
    period: {
      readonly from: string;
      readonly to: string;
      readonly before: string;
      readonly tenants: readonly string[];
    },
  ): Promise<readonly BookedMovement[]>;
}

export interface BookingsPage {
  readonly before: string;
  readonly after: string | null;
  readonly limit: number;
}

/** A difference between a provider's books and ours. */
export interface Difference {
  readonly provider: PaymentProvider;
  /** The movement's id, which is the payment's for a capture; or what checkout or invoice it is about. */
  readonly subject: string;
  readonly bookingId: string | null;
  readonly kind:
    | 'payment-unknown' // they have it, we do not
    | 'payment-missing' // we have it, they do not
    | 'amount-differs'
    | 'refund-unknown'
    | 'refund-missing'
    | 'chargeback-unknown'
    | 'chargeback-missing'
    | 'reversal-unknown' // of a chargeback
    | 'reversal-missing'
    | 'movement-unreadable' // they have it, in a form that we can't take for money
    | 'state-differs'
    | 'invoice-missing';
  readonly ours: Money | null;
  readonly theirs: Money | null;
}

/** Differences that wait for staff. One row for each subject and kind; one that is gone is closed, not deleted. */
export interface DifferenceRegister {
  /** Replaces what is open for this provider and day. */
  keep(provider: PaymentProvider, day: string, differences: readonly Difference[]): Promise<void>;
  open(): Promise<readonly (Difference & { readonly day: string; readonly since: string })[]>;
}
