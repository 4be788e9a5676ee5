import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { addMoney } from '../../actors/ports/money.ts';
import type { PaymentBooks, ProviderMovement } from '../../actors/ports/payments.ts';
import { moneyFromIyzico } from '../amounts.ts';
import type { CallPolicy } from '../policy.ts';
import { type IyzicoClientOptions, iyzicoClient } from './client.ts';
import {
  type ReportedTransaction,
  bookingIdIn,
  inTurkey,
  reportedTransactions,
  turkishDay,
} from './reports.ts';

export interface IyzicoBooksOptions extends IyzicoClientOptions {
  /** Made from `iyzicoPolicy`. */
  readonly policy: CallPolicy;
}

/** So that an answer gone wrong does not keep us reading. */
const MAX_PAGES = 1_000;
const MAX_DAYS = 400;
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * iyzico's daily list of transactions, a day at a time. A payment whose fraud check is open or failed is no capture yet. A
 * movement of ours is named as in `readPayment`: a capture by its payment, a refund by our reference; one made in the
 * panel by iyzico's transaction id, which we expect to be the `refundTxId` of the payment's report (unverified).
 *
 * @throws {ProviderRefused} a period longer than 400 days
 * @throws {ProviderUnreachable} also for more pages than any day has, and for a time nobody can read
 */
export function iyzicoBooks(options: IyzicoBooksOptions): PaymentBooks {
  const { policy } = options;
  const client = iyzicoClient(options);

  async function dayOf(day: string, signal: AbortSignal): Promise<readonly ProviderMovement[]> {
    const movements = new Map<string, ProviderMovement>();
    let pages = 1;
    for (let page = 1; page <= pages; page++) {
      if (page > MAX_PAGES) throw new ProviderUnreachable('iyzico', 'too_many_pages');
      const read = await policy.execute(
        (call) => reportedTransactions(client, { day, page }, call.signal),
        signal,
      );
      pages = read.pages;
      for (const line of read.transactions) {
        const movement = movementOf(line);
        if (!movement) continue;
        const key = `${movement.kind}:${movement.movementId}`;
        const before = movements.get(key);
        // A basket of several items has a line for each.
        const amount = before ? addMoney(before.amount, movement.amount) : movement.amount;
        movements.set(key, { ...(before ?? movement), amount });
      }
    }
    return [...movements.values()];
  }

  return {
    provider: 'iyzico',
    async *movements({ from, to }, signal) {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      if (toMs - fromMs > MAX_DAYS * DAY_MS) throw new ProviderRefused('iyzico', 'period_too_long');
      for (const day of daysOf(fromMs, toMs)) {
        const movements = await dayOf(day, signal);
        yield movements.filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) < toMs);
      }
    },
  };
}

/** The days in Turkey that the period touches. */
function daysOf(fromMs: number, toMs: number): readonly string[] {
  const days = new Set<string>();
  for (let ms = fromMs; ms < toMs; ms += DAY_MS) days.add(turkishDay(ms));
  if (fromMs < toMs) days.add(turkishDay(toMs - 1));
  return [...days];
}

/** Null for a payment that is not (yet) money of ours, and for kinds we do not know. */
function movementOf(line: ReportedTransaction): ProviderMovement | null {
  const { transactionType, paymentId, conversationId, transactionCurrency } = line;
  const at = inTurkey(line.transactionDate);
  if (at === null) throw new ProviderUnreachable('iyzico', 'unexpected_body');
  if (transactionType === 'PAYMENT') {
    if (line.transactionStatus === '0' || line.transactionStatus === '-1') return null;
    return {
      provider: 'iyzico',
      movementId: paymentId,
      kind: 'capture',
      paymentId,
      bookingId: conversationId ?? line.basketId,
      amount: moneyFromIyzico(line.paidPrice ?? line.price, transactionCurrency),
      at,
    };
  }
  if (transactionType !== 'REFUND' && transactionType !== 'CANCEL') return null;
  const bookingId = conversationId === null ? null : bookingIdIn(conversationId);
  return {
    provider: 'iyzico',
    movementId: (bookingId === null ? null : conversationId) ?? line.transactionId ?? paymentId,
    kind: 'refund',
    paymentId,
    bookingId: bookingId ?? line.basketId,
    amount: moneyFromIyzico(line.price, transactionCurrency),
    at,
  };
}
