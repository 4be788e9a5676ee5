import * as v from 'valibot';

import { ProviderRefused } from '../../actors/errors.ts';
import type { Money } from '../../actors/shapes/money.ts';
import type { RefundState } from '../../actors/shapes/payments.ts';
import { moneyFromIyzico } from '../amounts.ts';
import { parsed } from '../http.ts';
import type { IyzicoClient } from './client.ts';
import { plainDecimal } from './exact-json.ts';

/**
 * iyzico's reporting service, as documented at https://docs.iyzico.com/en/advanced/reporting-service, with the fields of the
 * official Java SDK (github.com/iyzico/iyzipay-java: PaymentDetail, RefundDetail, RefundTxDetail, TransactionDetail). Answers
 * are unsigned. Integrators saw a refund appear only seconds after it was made, and a day's list miss payments for hours.
 *
 * Unverified: the values of `refundStatus` besides 1 (done, by a public check against iyzico's sandbox).
 */

const Price = v.pipe(v.string(), v.transform(plainDecimal));
const Text = v.optional(v.nullable(v.string()), null);

const Returned = v.object({
  refundPrice: Price,
  refundStatus: Text,
  currencyCode: Text,
  errorCode: Text,
});
const Cancel = v.object({ ...Returned.entries, refundId: Text, cancelConversationId: Text });
const Refund = v.object({ ...Returned.entries, refundTxId: Text, refundConversationId: Text });
const list = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.nullable(v.array(schema)), []);
const Item = v.object({ refunds: list(Refund) });
const Payment = v.object({
  paymentId: v.string(),
  paymentStatus: Text,
  fraudStatus: Text,
  paymentConversationId: Text,
  price: Price,
  paidPrice: Price,
  currency: v.string(),
  createdDate: Text,
  cancels: list(Cancel),
  itemTransactions: list(Item),
});
const Details = v.object({ payments: list(Payment) });

/** A payment as the report has it. */
export interface ReportedPayment {
  readonly paymentId: string;
  /** 1 paid; 2 failed, or its 3-D Secure was begun; 3 back from 3-D Secure. */
  readonly status: string | null;
  readonly fraud: string | null;
  /** Of the checkout, so our booking's id. */
  readonly conversationId: string | null;
  readonly total: Money;
  readonly paid: Money;
  /** When it was made, as Turkey's clock showed it: `2026-11-23T16:05:25+03:00`. */
  readonly madeAt: string | null;
  /** In the report's order. */
  readonly returned: readonly ReportedReturn[];
}

export interface ReportedReturn {
  readonly iyzicoId: string;
  /** As the report has it: null if it has none, so that nobody can tell whose it is. */
  readonly conversationId: string | null;
  /** The same, if it is one of our references for that booking. */
  readonly reference: string | null;
  readonly amount: Money;
  readonly status: RefundState['status'];
}

/**
 * Payments by iyzico's id, or by our booking's. Empty if the report has none, which may only mean that it is behind.
 *
 * @throws {ProviderCredentialsRefused | ProviderBusy | ProviderUnreachable} as the client
 * @throws {ProviderRefused} an amount that can't be read exactly
 */
export async function reportedPayments(
  client: IyzicoClient,
  about: { readonly paymentId: string } | { readonly paymentConversationId: string },
  signal: AbortSignal,
): Promise<readonly ReportedPayment[]> {
  const query = { locale: 'en', ...about };
  const answer = await client
    .get('/v2/reporting/payment/details', query, signal)
    .catch((error: unknown) => {
      // How it says "no such payment" is not documented: an empty list, or a refusal by some code.
      if (error instanceof ProviderRefused) return { payments: [] };
      throw error;
    });
  return (parsed('iyzico', Details, answer).payments ?? []).map(paymentOf);
}

function paymentOf(payment: v.InferOutput<typeof Payment>): ReportedPayment {
  const { currency, paymentConversationId } = payment;
  const cancels = (payment.cancels ?? []).map((cancel) =>
    returnOf(cancel, cancel.refundId, cancel.cancelConversationId, payment),
  );
  const refunds = (payment.itemTransactions ?? [])
    .flatMap(({ refunds: ofItem }) => ofItem ?? [])
    .map((refund) => returnOf(refund, refund.refundTxId, refund.refundConversationId, payment));
  return {
    paymentId: payment.paymentId,
    status: payment.paymentStatus,
    fraud: payment.fraudStatus,
    conversationId: paymentConversationId,
    total: moneyFromIyzico(payment.price, currency),
    paid: moneyFromIyzico(payment.paidPrice, currency),
    madeAt: payment.createdDate === null ? null : inTurkey(payment.createdDate),
    // One without an id is at least the same one each time: iyzico adds new ones behind.
    returned: [...cancels, ...refunds].map(({ iyzicoId, ...entry }, index) => ({
      iyzicoId: iyzicoId ?? `${payment.paymentId}-unnamed-${index + 1}`,
      ...entry,
    })),
  };
}

function returnOf(
  { refundPrice, refundStatus, currencyCode, errorCode }: v.InferOutput<typeof Returned>,
  iyzicoId: string | null,
  conversationId: string | null,
  payment: v.InferOutput<typeof Payment>,
): Omit<ReportedReturn, 'iyzicoId'> & { readonly iyzicoId: string | null } {
  return {
    iyzicoId,
    conversationId: conversationId === '' ? null : conversationId,
    reference: referenceIn(conversationId, payment.paymentConversationId),
    amount: moneyFromIyzico(refundPrice, currencyCode ?? payment.currency),
    // Only what carries an error is taken as failed: to take it so by a status we don't know could return it twice.
    status: refundStatus === '1' ? 'done' : errorCode === null ? 'pending' : 'failed',
  };
}

/** The conversation id, if it is one of our refund references for that booking. */
function referenceIn(conversationId: string | null, bookingId: string | null): string | null {
  const booking = conversationId === null ? null : bookingIdIn(conversationId);
  return booking !== null && (bookingId === null || booking === bookingId) ? conversationId : null;
}

/** `case-b1` of `case-b1-r2`; null of what is no refund reference. */
export function bookingIdIn(reference: string): string | null {
  return /^(.+)-r\d+$/.exec(reference)?.[1] ?? null;
}

const Transaction = v.object({
  transactionType: v.string(),
  transactionDate: v.string(),
  transactionId: Text,
  transactionStatus: Text,
  paymentId: v.string(),
  conversationId: Text,
  basketId: Text,
  price: Price,
  paidPrice: v.optional(v.nullable(Price), null),
  transactionCurrency: v.string(),
});
const Transactions = v.object({
  transactions: list(v.unknown()),
  totalPageCount: v.optional(v.nullable(v.string()), null),
});
export type ReportedTransaction = v.InferOutput<typeof Transaction>;

/** What must be known even of a line that is not of its form: none of ours only if what it names says so. */
const OddTransaction = v.object({
  transactionType: v.fallback(Text, null),
  transactionDate: v.fallback(Text, null),
  transactionId: v.fallback(Text, null),
  paymentId: v.fallback(Text, null),
  conversationId: v.fallback(Text, null),
  basketId: v.fallback(Text, null),
});
export type OddTransaction = v.InferOutput<typeof OddTransaction>;

/**
 * A page, from 1, of what was moved on a day (`YYYY-MM-DD`, taken as Turkey's): a line for each basket item of a payment.
 *
 * @throws {ProviderRefused | ProviderCredentialsRefused | ProviderBusy | ProviderUnreachable} as the client
 */
export async function reportedTransactions(
  client: IyzicoClient,
  { day, page }: { readonly day: string; readonly page: number },
  signal: AbortSignal,
): Promise<{
  readonly transactions: readonly ReportedTransaction[];
  /** Lines that are not of their form. */
  readonly odd: readonly OddTransaction[];
  readonly pages: number;
}> {
  const query = { locale: 'en', transactionDate: day, page: String(page) };
  const answer = await client.get('/v2/reporting/payment/transactions', query, signal);
  const { transactions, totalPageCount } = parsed('iyzico', Transactions, answer);
  const lines = transactions ?? [];
  return {
    transactions: lines.flatMap((line) => {
      const { success, output } = v.safeParse(Transaction, line);
      return success ? [output] : [];
    }),
    odd: lines
      .filter((line) => !v.is(Transaction, line))
      .map((line) => parsed('iyzico', OddTransaction, line)),
    pages: Number(totalPageCount ?? '1'),
  };
}

/** Turkey keeps UTC+3 all year, since 2016. */
const TURKEY_MS = 3 * 60 * 60 * 1_000;

/** The date in Turkey. */
export function turkishDay(epochMs: number): string {
  return new Date(epochMs + TURKEY_MS).toISOString().slice(0, 10);
}

/**
 * A time of the reports with its offset; null if it is none. They are Turkey's clock: `2026-11-23 16:05:25`, and
 * `2026-11-23T16:05:25.000Z`, whose Z is wrong (an integrator's payment of 10:30 UTC came as 13:30 "Z"). A numeric offset,
 * which we have not seen, is believed.
 */
export function inTurkey(text: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (!match) return null;
  const [, day = '', time = '', offset = 'Z'] = match;
  const stated = offset === 'Z' ? '+03:00' : offset.replace(/(\d\d):?(\d\d)$/, '$1:$2');
  const whole = `${day}T${time}${stated}`;
  return Number.isNaN(Date.parse(whole)) ? null : whole;
}
