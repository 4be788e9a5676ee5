import type { Telemetry } from '../../telemetry.ts';
import type { BooksReader, DifferenceRegister } from '../ports/books.ts';
import type { Intake } from '../ports/intake.ts';
import type { PaymentBooks, PaymentsPort } from '../ports/payments.ts';
import type { PaymentProvider } from '../shapes/payments.ts';
import { periodOf, reconcileProvider } from './day.ts';
import { pollProvider, pollSetAside, type PollReport, type SetAsidePlace } from './poll.ts';
import { outcomeOf, type DayReport } from './report.ts';
import { reconciliationSettings, type ReconciliationSettings } from './settings.ts';

export interface ReconcilerOptions {
  /** Those that this installation has. */
  readonly providers: readonly PaymentProvider[];
  readonly payments: Pick<PaymentsPort, 'readPayment'>;
  readonly books: BooksReader;
  readonly paymentBooks: readonly PaymentBooks[];
  readonly intake: Intake;
  readonly register: Pick<DifferenceRegister, 'keep'>;
  readonly now: () => number;
  readonly log: Telemetry['log'];
  /** Tenants whose captures need an invoice; none if absent. */
  readonly invoicedTenants?: readonly string[];
  /** Instead of `reconciliationSettings`. */
  readonly settings?: Partial<ReconciliationSettings>;
}

/**
 * Keeps our books equal to the providers'. It never writes into them: it tells cases to read their payments again, and a case
 * books what its provider says. May run anywhere and any number of times.
 */
export interface Reconciler {
  readonly providers: readonly PaymentProvider[];
  /**
   * Looks for payments whose webhook never came, at all providers or at one: of bookings that wait each time, of those
   * that are held or lapsed at most once in `setAsideEveryMs`. See `pollProvider` for what it throws.
   */
  pollOpen(signal: AbortSignal, only?: PaymentProvider): Promise<readonly PollReport[]>;
  /**
   * Compares a UTC day of all providers, or of one, with ours; see `reconcileProvider`. `repair` false changes nothing
   * and keeps no differences.
   *
   * @throws {RangeError} not `YYYY-MM-DD`, or nothing of that day is over yet
   * @throws {IntakeUnavailable} the ledger does not commit now
   */
  reconcileDay(
    day: string,
    signal: AbortSignal,
    how?: { readonly repair?: boolean; readonly only?: PaymentProvider },
  ): Promise<DayReport>;
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { providers, paymentBooks, now, log, invoicedTenants = [] } = options;
  const settings = { ...reconciliationSettings, ...options.settings };
  const polling = { ...options, settings };
  const setAside = new Map<PaymentProvider, { dueAtMs: number; from: SetAsidePlace }>();
  const some = (only?: PaymentProvider) => (only === undefined ? providers : [only]);

  async function pollBoth(provider: PaymentProvider, signal: AbortSignal): Promise<PollReport> {
    const waiting = await pollProvider(polling, provider, signal);
    const { dueAtMs, from } = setAside.get(provider) ?? { dueAtMs: 0, from: null };
    if (now() < dueAtMs) return waiting;
    const { report, next } = await pollSetAside(polling, provider, from, signal);
    setAside.set(provider, { dueAtMs: now() + settings.setAsideEveryMs, from: next });
    return {
      provider,
      looked: waiting.looked + report.looked,
      notified: waiting.notified + report.notified,
      unreadable: waiting.unreadable + report.unreadable,
    };
  }

  return {
    providers,
    pollOpen: async (signal, only) =>
      Promise.all(some(only).map(async (provider) => pollBoth(provider, signal))),
    async reconcileDay(day, signal, { repair = true, only } = {}) {
      const period = periodOf(day, now(), settings.graceMs);
      const reports = await Promise.all(
        some(only).map(async (provider) => {
          const books = paymentBooks.find((one) => one.provider === provider);
          return reconcileProvider(
            { ...options, settings, invoicedTenants },
            { provider, paymentBooks: books, day, period, repair },
            signal,
          );
        }),
      );
      for (const { provider, differences, repaired, problem } of reports) {
        if (problem !== null) {
          log('warn', 'reconciliation.incomplete', {
            provider,
            reason: problem.split(' ')[0] ?? '',
          });
        } else if (differences.length > 0) {
          log('warn', 'reconciliation.differences', { provider, count: differences.length });
        }
        if (repaired > 0) log('info', 'reconciliation.repaired', { provider, count: repaired });
      }
      return { day, ...period, providers: reports, outcome: outcomeOf(reports) };
    },
  };
}
