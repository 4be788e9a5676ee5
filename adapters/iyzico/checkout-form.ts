import * as v from 'valibot';

import type { Checkout, CheckoutOrder } from '../../actors/shapes/payments.ts';
import { iyzicoPrice } from '../amounts.ts';
import { parsed } from '../http.ts';
import type { Fields } from './signature.ts';

/**
 * What iyzico demands of a buyer and we may not know. The e-mail gets iyzico's receipts, the address is sent where not all of
 * the payer's is known (a half of each would be an address that nobody has), and the IP is the one its fraud check sees, so
 * better the clinic's than a proxy's. `identityNumber` is always this one: we never ask patients for theirs, iyzico does not
 * check it, and for foreigners integrators send 11111111111.
 */
export interface BuyerFallback {
  readonly email: string;
  readonly ip: string;
  readonly address: string;
  readonly city: string;
  /** A name, such as `Turkey`. */
  readonly country: string;
  readonly identityNumber: string;
}

const Opened = v.object({
  token: v.pipe(v.string(), v.minLength(1)),
  tokenExpireTime: v.pipe(v.string(), v.regex(/^[1-9]\d{0,6}$/), v.transform(Number)),
  paymentPageUrl: v.pipe(v.string(), v.url()),
});

/**
 * The body of an initialise. Prices are strings: iyzico's own SDK makes floats of them.
 *
 * @throws {ProviderRefused} an amount that iyzico does not take
 */
export function formOf(order: CheckoutOrder, callbackUrl: string, fallback: BuyerFallback): object {
  const { bookingId, caseId, total, title, lang, payer } = order;
  const price = iyzicoPrice(total);
  // Never a made-up person: where a name is missing, the booking stands for it.
  const name = payer.firstName ?? 'Booking';
  const surname = payer.familyName ?? bookingId;
  const { address, city, country } =
    payer.address !== null && payer.city !== null && payer.country !== null
      ? { address: payer.address, city: payer.city, country: countryName(payer.country) }
      : fallback;
  return {
    locale: lang === 'tr' ? 'tr' : 'en',
    conversationId: bookingId,
    price,
    paidPrice: price,
    currency: total.currency,
    basketId: bookingId,
    paymentGroup: 'PRODUCT',
    callbackUrl,
    enabledInstallments: [1],
    buyer: {
      id: caseId,
      name,
      surname,
      identityNumber: fallback.identityNumber,
      email: payer.email ?? fallback.email,
      ...(payer.phone === null ? {} : { gsmNumber: `+${payer.phone}` }),
      registrationAddress: address,
      city,
      country,
      ip: fallback.ip,
    },
    billingAddress: { contactName: `${name} ${surname}`, address, city, country },
    basketItems: [{ id: bookingId, name: title, category1: title, itemType: 'VIRTUAL', price }],
  };
}

/** iyzico takes any text; its samples have English names. */
function countryName(code: string): string {
  return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code;
}

/** Counted from now by our clock: the answer's way here makes it some moments too long, never by iyzico's clock against ours. */
export function checkoutOf(answer: Fields, nowMs: number): Checkout {
  const { token, tokenExpireTime, paymentPageUrl } = parsed('iyzico', Opened, answer);
  const lifetimeMs = tokenExpireTime * 1_000;
  return {
    provider: 'iyzico',
    checkoutId: token,
    url: paymentPageUrl,
    expiresAt: new Date(nowMs + lifetimeMs).toISOString(),
    lifetimeMs,
  };
}
