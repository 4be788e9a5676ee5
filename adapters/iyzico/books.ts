import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import type {
  PaymentBooks,
  ProviderMovement,
  UnreadableMovement,
} from '../../actors/ports/payments.ts';
import { addMoney } from '../../actors/shapes/money.ts';
import { moneyFromIyzico } from '../amounts.ts';
import type { CallPolicy } from '../policy.ts';
import { oddItem, unreadable } from '../unreadable.ts';
import { type IyzicoClientOptions, iyzicoClient } from './client.ts';
import {
  type OddTransaction,
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

type OnUnreadable = ((movement: UnreadableMovement) => void) | undefined;

/**
 * iyzico's daily list of transactions, a day at a time. A payment whose fraud check is open or failed is no capture yet. A
 * movement of ours is named as in `readPayment`: a capture by its payment, a refund by our reference; one made in the
 * panel by iyzico's transaction id, which we expect to be the `refundTxId` of the payment's report (unverified). So has one of
 * ours that iyzico lists without its conversation: its payment and amount tell then.
 *
 * This list is also where a payment is found that nobody told us of, such as a booking's second one. No chargebacks: iyzico
 * documents neither a list of disputes nor a kind of transaction for them.
 *
 * A movement that can't be read exactly is left out if no booking of ours is in it: the account may be others' too.
 *
 * @throws {ProviderRefused} a period longer than 400 days
 * @throws {ProviderUnreachable} also for more pages than any day has, and for a line that is not as documented and may be ours
 */
export function iyzicoBooks(options: IyzicoBooksOptions): PaymentBooks {
  const { policy } = options;
  const client = iyzicoClient(options);

  async function dayOf(
    day: string,
    signal: AbortSignal,
    onUnreadable: OnUnreadable,
  ): Promise<readonly ProviderMovement[]> {
    const movements = new Map<string, ProviderMovement>();
    let pages = 1;
    for (let page = 1; page <= pages; page++) {
      if (page > MAX_PAGES) throw new ProviderUnreachable('iyzico', 'too_many_pages');
      const read = await policy.execute(
        (call) => reportedTransactions(client, { day, page }, call.signal),
        signal,
      );
      pages = read.pages;
      for (const line of read.odd) tellOdd(line, day, onUnreadable);
      for (const line of read.transactions) {
        const unread = movementOf(line);
        if (unread === 'odd') {
          tellOdd(line, day, onUnreadable);
          continue;
        }
        if (!unread) continue;
        const [movement] = readOf(unread, onUnreadable);
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
    async *movements({ from, to }, signal, onUnreadable) {
      const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
      if (toMs - fromMs > MAX_DAYS * DAY_MS) throw new ProviderRefused('iyzico', 'period_too_long');
      for (const day of daysOf(fromMs, toMs)) {
        const isWithin = ({ at }: { readonly at: string }) =>
          Date.parse(at) >= fromMs && Date.parse(at) < toMs;
        const tell =
          onUnreadable &&
          ((movement: UnreadableMovement) => {
            if (isWithin(movement)) onUnreadable(movement);
          });
        const movements = await dayOf(day, signal, tell);
        yield movements.filter(isWithin);
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

/** A movement before its amount is read. */
interface Unread extends Omit<ProviderMovement, 'amount'> {
  readonly price: string;
  readonly currency: string;
}

/** With its amount; nothing if that can't be read and it is not ours, or somebody was told. */
function readOf(
  { price, currency, ...movement }: Unread,
  onUnreadable: OnUnreadable,
): readonly ProviderMovement[] {
  try {
    return [{ ...movement, amount: moneyFromIyzico(price, currency) }];
  } catch (error) {
    return unreadable(movement, error, onUnreadable);
  }
}

/** A line that is not of its form is told as a movement of its booking, or nobody would miss its money. */
function tellOdd(line: OddTransaction, day: string, onUnreadable: OnUnreadable): void {
  const { transactionType, transactionId, paymentId, conversationId, basketId } = line;
  const refunded = conversationId === null ? null : bookingIdIn(conversationId);
  // One without a type is what its reference says: no type is not a type that we do not know.
  const type = transactionType ?? (refunded === null ? 'PAYMENT' : 'REFUND');
  const isPayment = type === 'PAYMENT';
  if (!isPayment && type !== 'REFUND' && type !== 'CANCEL') return;
  const bookingId = isPayment ? (conversationId ?? basketId) : (refunded ?? basketId);
  if (bookingId === null) throw oddItem('iyzico');
  const named = (id: string | null) => id ?? 'unnamed';
  const movement = {
    provider: 'iyzico',
    kind: isPayment ? 'capture' : 'refund',
    // As `movementOf` names it, so that it is the same movement once it can be read.
    movementId: named(
      isPayment
        ? paymentId
        : ((refunded === null ? null : conversationId) ?? transactionId ?? paymentId),
    ),
    paymentId: named(paymentId),
    bookingId,
    // The day is what was asked for, so a line without a time that can be read is of its noon.
    at: inTurkey(line.transactionDate ?? '') ?? `${day}T12:00:00+03:00`,
  } as const;
  unreadable(movement, oddItem('iyzico'), onUnreadable);
}

/** Null for a payment that is not (yet) money of ours, and for kinds we do not know; `odd` where nobody can read when it was. */
function movementOf(line: ReportedTransaction): Unread | 'odd' | null {
  const { transactionType, paymentId, conversationId, transactionCurrency: currency } = line;
  const isPayment = transactionType === 'PAYMENT';
  if (isPayment && (line.transactionStatus === '0' || line.transactionStatus === '-1')) return null;
  if (!isPayment && transactionType !== 'REFUND' && transactionType !== 'CANCEL') return null;
  const refunded = conversationId === null ? null : bookingIdIn(conversationId);
  const bookingId = isPayment ? (conversationId ?? line.basketId) : (refunded ?? line.basketId);
  const at = inTurkey(line.transactionDate);
  if (at === null) return bookingId === null ? null : 'odd';
  const common = { provider: 'iyzico', paymentId, bookingId, currency, at } as const;
  if (isPayment) {
    return {
      ...common,
      kind: 'capture',
      movementId: paymentId,
      price: line.paidPrice ?? line.price,
    };
  }
  const movementId = (refunded === null ? null : conversationId) ?? line.transactionId ?? paymentId;
  return { ...common, kind: 'refund', movementId, price: line.price };
}
