import { isSameMoney } from '../../actors/shapes/money.ts';
import type { KnownRefund, RefundState } from '../../actors/shapes/payments.ts';
import type { ReportedPayment, ReportedReturn } from './reports.ts';

/**
 * What went back of a payment, in the report's order, each entry under one id: our reference if it is ours, else iyzico's.
 *
 * An entry is ours by its conversation. Where the report names the conversation of none of them, each of `known` (oldest
 * first) gets one entry of its amount, and no entry serves two: the sums are right then, whichever of two alike is which.
 * Once it names any, those without a name were made in the panel.
 *
 * Of several entries under one reference, one is it (rather one that did not fail: a reference may have been tried more than
 * once) and the others stay iyzico's, so that money that went back twice is seen twice.
 */
export function refundsOf(
  { returned }: Pick<ReportedPayment, 'returned'>,
  known: readonly KnownRefund[],
): readonly RefundState[] {
  const ours = new Map<ReportedReturn, string>();
  const take = (reference: string, isIt: (entry: ReportedReturn) => boolean) => {
    const free = returned.filter((entry) => !ours.has(entry) && isIt(entry));
    const entry = free.find(({ status }) => status !== 'failed') ?? free[0];
    if (entry) ours.set(entry, reference);
  };
  for (const reference of new Set(returned.map((entry) => entry.reference))) {
    if (reference !== null) take(reference, (entry) => entry.reference === reference);
  }
  if (returned.every(({ conversationId }) => conversationId === null)) {
    for (const { reference, amount } of known) {
      take(reference, (entry) => isSameMoney(entry.amount, amount));
    }
  }
  return returned.map((entry) => {
    const reference = ours.get(entry) ?? null;
    const { iyzicoId, amount, status } = entry;
    return { refundId: reference ?? iyzicoId, reference, amount, status };
  });
}
