import { ExpectedError, ProviderCredentialsRefused } from '../errors.ts';
import type { OpenBooking } from '../ports/books.ts';
import type { PaymentsPort } from '../ports/payments.ts';
import type { PaymentState } from '../shapes/payments.ts';

/** A booking with what its provider says of it, or why it says nothing. */
export type Reading =
  | { readonly booking: OpenBooking; readonly state: PaymentState }
  | { readonly booking: OpenBooking; readonly error: ExpectedError };

/**
 * Reads the payments of bookings from their providers, `concurrency` at a time. One that can't be read doesn't stop
 * the others.
 *
 * @throws {ProviderCredentialsRefused} the others wouldn't be answered either
 */
export async function readPayments(
  payments: Pick<PaymentsPort, 'readPayment'>,
  bookings: readonly OpenBooking[],
  concurrency: number,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const waiting = bookings.values(); // Shared: each worker takes the next.
  const stop = new AbortController();
  const eitherSignal = AbortSignal.any([signal, stop.signal]);

  async function worker(): Promise<void> {
    for (const booking of waiting) {
      eitherSignal.throwIfAborted();
      readings.push(await readPayment(payments, booking, eitherSignal));
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, bookings.length) }, worker));
  } finally {
    stop.abort(); // The other workers, if one failed.
  }
  return readings;
}

async function readPayment(
  payments: Pick<PaymentsPort, 'readPayment'>,
  booking: OpenBooking,
  signal: AbortSignal,
): Promise<Reading> {
  const { provider, bookingId, checkoutId, paymentId, tenant } = booking;
  try {
    const state = await payments.readPayment(
      { provider, bookingId, checkoutId, paymentId },
      { effectId: `${bookingId}-reconciliation`, attempt: 1, signal, tenant },
    );
    return { booking, state };
  } catch (error) {
    if (!(error instanceof ExpectedError) || error instanceof ProviderCredentialsRefused) {
      throw error;
    }
    return { booking, error };
  }
}
