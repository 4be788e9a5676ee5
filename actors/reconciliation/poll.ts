import type { Telemetry } from '../../telemetry.ts';
import type { BooksReader, OpenBooking } from '../ports/books.ts';
import type { Intake } from '../ports/intake.ts';
import type { PaymentProvider, PaymentsPort, PaymentState } from '../ports/payments.ts';
import { findingOf, noticeOf } from './notices.ts';
import { readPayments } from './reading.ts';
import type { ReconciliationSettings } from './settings.ts';

export interface PollOptions {
  readonly payments: Pick<PaymentsPort, 'readPayment'>;
  readonly books: Pick<BooksReader, 'awaiting'>;
  readonly intake: Intake;
  readonly now: () => number;
  readonly log: Telemetry['log'];
  readonly settings: ReconciliationSettings;
}

/** One round over a provider's open bookings. */
export interface PollReport {
  readonly provider: PaymentProvider;
  readonly looked: number;
  /** Cases that were told something new. */
  readonly notified: number;
  /** Payments that could not be read this time. */
  readonly unreadable: number;
}

/**
 * Reads every booking that waits for a payment and was not touched for a while from its provider, and tells its case where
 * the provider says more than that it can be paid: paid, failed, expired, refunded, disputed, rejected. For webhooks that
 * never came (iyzico gives up after three tries, https://docs.iyzico.com/en/advanced/webhook).
 *
 * @throws {ProviderCredentialsRefused} nothing of this provider can be read
 * @throws {IntakeUnavailable} the ledger does not commit now
 */
export async function pollProvider(
  { payments, books, intake, now, log, settings }: PollOptions,
  provider: PaymentProvider,
  signal: AbortSignal,
): Promise<PollReport> {
  const { untouchedMs, repeatMs, concurrency, pageSize, maxPages } = settings;
  const before = new Date(now() - untouchedMs).toISOString();
  const found = { looked: 0, notified: 0, unreadable: 0 };
  let after: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    signal.throwIfAborted();
    const bookings: readonly OpenBooking[] = await books.awaiting(provider, {
      before,
      after,
      limit: pageSize,
    });
    const readings = await readPayments(payments, bookings, concurrency, signal);
    const deliveries = readings.flatMap((reading) => {
      if ('error' in reading) {
        const { caseId, tenant } = reading.booking;
        log('warn', 'reconciliation.unreadable', { provider, caseId, tenant }, reading.error);
        return [];
      }
      const { booking, state } = reading;
      return saysMore(state)
        ? noticeOf(
            { ...booking, paymentId: state.paymentId ?? booking.paymentId },
            [booking.state, findingOf(state)],
            { nowMs: now(), repeatMs },
          )
        : [];
    });
    const receipts = deliveries.length === 0 ? [] : await intake.receive(deliveries);
    found.looked += bookings.length;
    found.notified += receipts.filter(({ outcome }) => outcome === 'stored').length;
    found.unreadable += readings.filter((reading) => 'error' in reading).length;
    after = bookings.at(-1)?.bookingId ?? null;
    if (bookings.length < pageSize) break;
  }
  if (found.notified > 0) {
    log('info', 'reconciliation.notified', { provider, count: found.notified });
  }
  return { provider, ...found };
}

/** More than the books have of a booking that waits. */
function saysMore({ status, fraud, refunds, dispute }: PaymentState): boolean {
  return (
    status === 'paid' ||
    status === 'failed' ||
    status === 'expired' ||
    fraud === 'rejected' ||
    refunds.length > 0 ||
    dispute !== null
  );
}
