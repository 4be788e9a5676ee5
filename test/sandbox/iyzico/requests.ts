import * as v from 'valibot';

import { decimalFromMoney, moneyFromDecimal } from '../../../actors/shapes/money.ts';

/** A decimal above zero, as a string or a JSON number; kept without trailing zeros. */
const Price = v.pipe(
  v.union([v.string(), v.pipe(v.number(), v.transform(String))]),
  v.regex(/^\d{1,12}(\.\d{1,8})?$/),
  v.transform((price) => (price.includes('.') ? price.replace(/\.?0+$/, '') : price)),
  v.check((price) => /[1-9]/.test(price), 'nothing to pay'),
);
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(250));
const Currency = v.picklist(['TRY', 'EUR', 'USD', 'GBP', 'CHF', 'NOK', 'RUB', 'IRR']);
const common = {
  locale: v.optional(v.picklist(['tr', 'en']), 'tr'),
  conversationId: v.optional(v.pipe(v.string(), v.maxLength(250)), ''),
};
const Address = v.strictObject({
  contactName: Text,
  address: Text,
  city: Text,
  country: Text,
  zipCode: v.optional(v.string()),
});
const DateTime = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/));

export const Initialize = v.pipe(
  v.strictObject({
    ...common,
    price: Price,
    paidPrice: Price,
    currency: Currency,
    basketId: Text,
    paymentGroup: v.picklist(['PRODUCT', 'LISTING', 'SUBSCRIPTION']),
    callbackUrl: v.pipe(v.string(), v.url()),
    enabledInstallments: v.optional(v.array(v.picklist([1, 2, 3, 6, 9, 12]))),
    forceThreeDS: v.optional(v.picklist([0, 1])),
    buyer: v.strictObject({
      id: Text,
      name: Text,
      surname: Text,
      identityNumber: v.pipe(v.string(), v.regex(/^\d{11}$/)),
      email: v.pipe(v.string(), v.email()),
      gsmNumber: v.optional(v.pipe(v.string(), v.regex(/^\+\d{6,15}$/))),
      registrationAddress: Text,
      city: Text,
      country: Text,
      zipCode: v.optional(v.string()),
      ip: v.pipe(v.string(), v.ip()),
      lastLoginDate: v.optional(DateTime),
      registrationDate: v.optional(DateTime),
    }),
    shippingAddress: v.optional(Address),
    billingAddress: Address,
    basketItems: v.pipe(
      v.array(
        v.strictObject({
          id: Text,
          name: Text,
          category1: Text,
          category2: v.optional(v.string()),
          itemType: v.picklist(['PHYSICAL', 'VIRTUAL']),
          price: Price,
        }),
      ),
      v.minLength(1),
    ),
  }),
  v.check(
    ({ basketItems, shippingAddress }) =>
      shippingAddress !== undefined || basketItems.every(({ itemType }) => itemType === 'VIRTUAL'),
    'goods have to be sent somewhere',
  ),
);
export type Initialize = v.InferOutput<typeof Initialize>;

export const Retrieve = v.strictObject({ ...common, token: Text });

export const Detail = v.strictObject({ ...common, paymentId: Text });

export const Cancel = v.strictObject({
  ...common,
  paymentId: Text,
  ip: v.pipe(v.string(), v.ip()),
  reason: v.optional(v.picklist(['double_payment', 'buyer_request', 'fraud', 'other'])),
  description: v.optional(v.string()),
});

export const Refund = v.strictObject({
  ...common,
  paymentId: Text,
  price: Price,
  currency: Currency,
  ip: v.pipe(v.string(), v.ip()),
});

export const Details = v.union([
  v.strictObject({ ...common, paymentId: Text }),
  v.strictObject({ ...common, paymentConversationId: Text }),
]);

export const Transactions = v.strictObject({
  ...common,
  transactionDate: v.pipe(v.string(), v.isoDate()),
  page: v.pipe(v.string(), v.regex(/^[1-9]\d{0,5}$/), v.transform(Number)),
});

/** Minor units of a price that came through one of the schemas. */
export function minorOf(price: string, currency: string): bigint {
  return BigInt(moneyFromDecimal(price, currency).amountMinor);
}

/** The price of so many minor units, without trailing zeros. */
export function priceOf(minor: bigint, currency: string): string {
  const decimal = decimalFromMoney({ amountMinor: String(minor), currency });
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** What controls take for a price. */
export const ControlPrice = Price;
