import type { Stripe } from 'stripe';

import { ProviderRefused } from '../../actors/errors.ts';
import type { Checkout, CheckoutOrder } from '../../actors/shapes/payments.ts';
import { stripeAmount } from '../amounts.ts';
import { type Session, isoSeconds } from './answers.ts';

/** Where the patient goes after paying, or not paying. */
export interface ReturnUrls {
  /** By booking. Always the same for one: it is part of what an idempotency key stands for. */
  readonly successUrl: (bookingId: string) => string;
  readonly cancelUrl: string;
}

/** Languages of Stripe's page that are named by a primary tag; in any other it goes by the browser's. */
const LOCALES: ReadonlySet<string> = new Set(
  'bg cs da de el en es et fi fil fr hr hu id it ja ko lt lv ms mt nb nl pl pt ro ru sk sl sv th tr vi zh'.split(
    ' ',
  ),
);

/**
 * Constant for an order: under one idempotency key Stripe refuses any other body. Nothing of the payer goes along: what
 * Stripe needs it asks on its page.
 */
export function sessionParams(
  order: CheckoutOrder,
  tenant: string,
  { successUrl, cancelUrl }: ReturnUrls,
): Stripe.Checkout.SessionCreateParams {
  const { caseId, bookingId, attempt, total, title, lang, expiresAt } = order;
  const metadata = { case_id: caseId, booking_id: bookingId, tenant, attempt: String(attempt) };
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: total.currency.toLowerCase(),
          unit_amount: stripeAmount(total),
          product_data: { name: title },
        },
      },
    ],
    success_url: successUrl(bookingId),
    cancel_url: cancelUrl,
    client_reference_id: bookingId,
    locale: LOCALES.has(lang) ? lang : 'auto',
    metadata,
    // Not copied from the session, and refunds and disputes come with the payment intent only.
    payment_intent_data: { metadata },
    // Else the patient may pay in a currency of Stripe's choice, and we reconcile in one.
    adaptive_pricing: { enabled: false },
    expires_at: Math.floor(Date.parse(expiresAt) / 1_000),
  };
}

/** @throws {ProviderRefused} a replayed key may answer with a session that is over by now */
export function openedCheckout({ id, url, created, expires_at }: Session): Checkout {
  if (url === null) throw new ProviderRefused('stripe', 'checkout_not_open');
  return {
    provider: 'stripe',
    checkoutId: id,
    url,
    expiresAt: isoSeconds(expires_at),
    lifetimeMs: (expires_at - created) * 1_000,
  };
}
