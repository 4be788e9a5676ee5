import type { Telemetry } from '../../telemetry.ts';
import type { BookingsPage, BooksReader, OpenBooking } from '../ports/books.ts';
import type { Intake } from '../ports/intake.ts';
import type { PaymentsPort } from '../ports/payments.ts';
import type { PaymentProvider, PaymentState } from '../shapes/payments.ts';
import { noticedStateOf, noticeOf } from './notices.ts';
import { readPayments } from './reading.ts';
import type { ReconciliationSettings } from './settings.ts';

export interface PollOptions {
  readonly payments: Pick<PaymentsPort, 'readPayment'>;
  readonly books: Pick<BooksReader, 'awaiting' | 'setAside'>;
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

/** Where a look at bookings that are set aside stopped; the next one goes on from there. Null begins with the oldest. */
export type SetAsidePlace = string | null;

/**
 * Reads every booking that waits for a payment and was not touched for a while from its provider, and tells its case where
 * the provider says more than that it can be paid: paid, failed, expired, refunded, disputed, rejected. For webhooks that
 * never came (iyzico gives up after three tries, https://docs.iyzico.com/en/advanced/webhook).
 *
 * One whose checkout was never named (`opening`, and its provider's answer was lost) can't be asked for; nobody has the address to
 * pay it at, and the day's comparison would find a payment all the same.
 *
 * @throws {ProviderCredentialsRefused} nothing of this provider can be read
 * @throws {IntakeUnavailable} the ledger does not commit now
 */
export async function pollProvider(
  options: PollOptions,
  provider: PaymentProvider,
  signal: AbortSignal,
): Promise<PollReport> {
  const { books, settings } = options;
  const look = {
    provider,
    page: async (page: BookingsPage) => books.awaiting(provider, page),
    from: null,
    maxPages: settings.maxPages,
    saysMore,
    repeatMs: settings.repeatMs,
  };
  return (await lookAtPages(options, look, signal)).report;
}

/**
 * The same for bookings that are held, and for those that lapsed in the last `lapsedMs`: one that is looked into may be
 * released, and one that lapsed may have been paid in its last second. At most `setAsidePages` pages, beginning after `from`.
 *
 * @throws as `pollProvider` does
 */
export async function pollSetAside(
  options: PollOptions,
  provider: PaymentProvider,
  from: SetAsidePlace,
  signal: AbortSignal,
): Promise<{ readonly report: PollReport; readonly next: SetAsidePlace }> {
  const { books, now, settings } = options;
  const lapsedSince = new Date(now() - settings.lapsedMs).toISOString();
  const look = {
    provider,
    page: async (page: BookingsPage) => books.setAside(provider, { ...page, lapsedSince }),
    from,
    maxPages: settings.setAsidePages,
    saysMore: saysMoreOfSetAside,
    repeatMs: settings.setAsideRepeatMs,
  };
  return lookAtPages(options, look, signal);
}

interface Look {
  readonly provider: PaymentProvider;
  readonly page: (page: BookingsPage) => Promise<readonly OpenBooking[]>;
  readonly from: string | null;
  readonly maxPages: number;
  readonly saysMore: (state: PaymentState, booking: OpenBooking) => boolean;
  readonly repeatMs: number;
}

async function lookAtPages(
  { payments, intake, now, log, settings }: PollOptions,
  { provider, page: read, from, maxPages, saysMore: isNews, repeatMs }: Look,
  signal: AbortSignal,
): Promise<{ readonly report: PollReport; readonly next: string | null }> {
  const { untouchedMs, concurrency, pageSize } = settings;
  const before = new Date(now() - untouchedMs).toISOString();
  const found = { looked: 0, notified: 0, unreadable: 0 };
  let after = from;
  for (let page = 0; page < maxPages; page++) {
    signal.throwIfAborted();
    const bookings: readonly OpenBooking[] = await read({ before, after, limit: pageSize });
    const readings = await readPayments(payments, bookings, concurrency, signal);
    const deliveries = readings.flatMap((reading) => {
      if ('error' in reading) {
        const { caseId, tenant } = reading.booking;
        log('warn', 'reconciliation.unreadable', { provider, caseId, tenant }, reading.error);
        return [];
      }
      const { booking, state } = reading;
      return isNews(state, booking)
        ? noticeOf(
            { ...booking, paymentId: state.paymentId ?? booking.paymentId },
            [booking.state, noticedStateOf(state)],
            { nowMs: now(), repeatMs },
          )
        : [];
    });
    const receipts = deliveries.length === 0 ? [] : await intake.receive(deliveries);
    found.looked += bookings.length;
    found.notified += receipts.filter(({ outcome }) => outcome === 'stored').length;
    found.unreadable += readings.filter((reading) => 'error' in reading).length;
    after = bookings.length < pageSize ? null : (bookings.at(-1)?.bookingId ?? null);
    if (after === null) break;
  }
  if (found.notified > 0) {
    log('info', 'reconciliation.notified', { provider, count: found.notified });
  }
  return { report: { provider, ...found }, next: after };
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

/** That one which lapsed can't be paid any more is no news. */
function saysMoreOfSetAside(state: PaymentState, { state: standing }: OpenBooking): boolean {
  if (standing !== 'lapsed') return saysMore(state);
  return state.status === 'paid' || state.refunds.length > 0 || state.dispute !== null;
}
