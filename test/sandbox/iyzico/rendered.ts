import type { Checkout, IyzicoState, Payment, Returned } from './model.ts';
import { priceOf } from './requests.ts';

/** A number as iyzico's Java writes its decimals: `1250.50000000`. */
export function decimal(price: string): unknown {
  const [whole = '', fraction = ''] = price.split('.');
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(
    `${whole}.${fraction.padEnd(8, '0')}`,
  );
}

const TURKEY_MS = 3 * 60 * 60 * 1_000;

/** Turkey's clock, `2026-11-23T16:05:25.000Z`: iyzico's reports end with a Z that is wrong. */
export function turkishTime(ms: number): string {
  return new Date(ms + TURKEY_MS).toISOString();
}

export function turkishDay(ms: number): string {
  return turkishTime(ms).slice(0, 10);
}

/** What a retrieve tells of a try to pay. Card numbers are of iyzico's test cards. */
export function retrieved(checkout: Checkout, payment: Payment) {
  const { paymentId, transactionId, price, paidPrice, currency, status, fraud } = payment;
  return {
    paymentStatus: status,
    paymentId,
    price: decimal(price),
    paidPrice: decimal(paidPrice),
    currency,
    installment: 1,
    fraudStatus: fraud,
    basketId: checkout.basketId,
    token: checkout.token,
    callbackUrl: checkout.callbackUrl,
    binNumber: '552879',
    lastFourDigits: '0008',
    cardType: 'CREDIT_CARD',
    cardAssociation: 'MASTER_CARD',
    merchantCommissionRate: decimal('0'),
    iyziCommissionFee: decimal('0.25'),
    itemTransactions: [
      {
        itemId: checkout.basketId,
        paymentTransactionId: transactionId,
        transactionStatus: fraud === 1 ? 2 : fraud,
        price: decimal(price),
        paidPrice: decimal(paidPrice),
      },
    ],
  };
}

const REPORTED_STATUS = { SUCCESS: 1, FAILURE: 2, INIT_THREEDS: 2 } as const;

/** A payment in `/v2/reporting/payment/details`. */
export function reported(
  state: IyzicoState,
  payment: Payment,
  returned: readonly Returned[],
): object {
  const { paymentId, transactionId, price, paidPrice, currency, status, fraud } = payment;
  const ours = returned.filter((one) => one.paymentId === paymentId);
  const left = priceOf(state.leftMinor(payment), currency);
  return {
    paymentId: Number(paymentId),
    paymentStatus: REPORTED_STATUS[status],
    paymentRefundStatus:
      left === paidPrice
        ? 'NOT_REFUNDED'
        : left === '0'
          ? 'TOTALLY_REFUNDED'
          : 'PARTIALLY_REFUNDED',
    price: decimal(price),
    paidPrice: decimal(paidPrice),
    installment: 1,
    paymentConversationId: payment.conversationId,
    fraudStatus: fraud,
    basketId: payment.basketId,
    currency,
    threeDS: true,
    phase: 'AUTH',
    createdDate: turkishTime(payment.madeMs),
    cancels: ours
      .filter(({ kind }) => kind === 'cancel')
      .map((one) => ({
        refundId: Number(one.id),
        cancelConversationId: one.conversationId,
        ...reportedReturn(one),
      })),
    itemTransactions: [
      {
        paymentTransactionId: Number(transactionId),
        transactionStatus: fraud === 1 ? 2 : fraud,
        price: decimal(price),
        paidPrice: decimal(paidPrice),
        refunds: ours
          .filter(({ kind }) => kind === 'refund')
          .map((one) => ({
            refundTxId: Number(one.id),
            refundConversationId: one.conversationId,
            isAfterSettlement: false,
            ...reportedReturn(one),
          })),
      },
    ],
  };
}

function reportedReturn({ price, currency, madeMs }: Returned): object {
  return {
    refundPrice: decimal(price),
    refundStatus: 1,
    createdDate: turkishTime(madeMs),
    currencyCode: currency,
  };
}

/** A line of `/v2/reporting/payment/transactions`. */
export function listed(payment: Payment, returned?: Returned): object {
  const { paymentId, transactionId, basketId, currency, fraud, status } = payment;
  const conversationId = returned ? returned.conversationId : payment.conversationId;
  const price = returned ? returned.price : payment.price;
  return {
    transactionType: returned ? returned.kind.toUpperCase() : 'PAYMENT',
    transactionDate: turkishTime((returned ?? payment).madeMs)
      .slice(0, 19)
      .replace('T', ' '),
    transactionId: Number(returned ? returned.id : transactionId),
    transactionStatus: fraud === 1 ? 2 : fraud,
    afterSettlement: 0,
    paymentTxId: Number(transactionId),
    paymentId: Number(paymentId),
    conversationId,
    paymentPhase: status === 'SUCCESS' ? 'AUTH' : status,
    price: decimal(price),
    paidPrice: decimal(returned ? returned.price : payment.paidPrice),
    transactionCurrency: currency,
    installment: 1,
    threeDS: 1,
    basketId,
  };
}
