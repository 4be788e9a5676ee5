import { randomUUID } from 'node:crypto';

import { DEVELOPMENT_SECRETS } from '../../../config.ts';
import { iyzicoMerchantId, signIyzico } from '../../sandbox/iyzico/signing.ts';
import type { IyzicoNotification } from '../../sandbox/iyzico/signing.ts';
import { signStripe, stripeEvent } from '../../sandbox/webhooks.ts';
import { epochSeconds } from '../../system/orchestrator.ts';

/** A payment that was made, though nobody told the system. */
export interface Payment {
  readonly provider: 'stripe' | 'iyzico';
  readonly caseId: string;
  readonly bookingId: string;
  readonly checkoutId: string;
  /** Stripe's own objects, for the bodies. */
  readonly session?: object;
  readonly intent?: object;
  readonly paymentId: string;
}

/** A webhook ready to be posted: the generator only sends. */
export interface Post {
  readonly provider: 'stripe' | 'iyzico';
  readonly isDuplicate: boolean;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What a provider posts about one payment, in its order: two that concern us and one that does not. Stripe's
 * `charge.succeeded` is a type we have no word for, and is parked.
 */
export function postsAbout(payment: Payment): readonly Post[] {
  return payment.provider === 'stripe' ? stripePosts(payment) : iyzicoPosts(payment);
}

export const factsPerPayment = 3;

function stripePosts({ session = {}, intent = {}, paymentId }: Payment): readonly Post[] {
  const charge = { ...intent, id: paymentId.replace('pi_', 'ch_'), object: 'charge' };
  return [
    stripePost('charge.succeeded', charge),
    stripePost('payment_intent.succeeded', intent),
    stripePost('checkout.session.completed', session),
  ];
}

function stripePost(type: string, object: object): Post {
  const id = `evt_${randomUUID().replaceAll('-', '')}`;
  const at = epochSeconds();
  const body = JSON.stringify(stripeEvent({ id, type, createdEpochSeconds: at, object }));
  const signature = signStripe(body, DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET, at);
  return post('stripe', body, { 'stripe-signature': signature });
}

function iyzicoPosts({ checkoutId: token, paymentId, bookingId }: Payment): readonly Post[] {
  const about = { paymentConversationId: bookingId };
  const direct = { ...about, format: 'direct' as const, paymentId: Number(paymentId) };
  return [
    { ...direct, iyziEventType: 'THREE_DS_AUTH', status: 'INIT_THREEDS' },
    { ...direct, iyziEventType: 'THREE_DS_CALLBACK', status: 'CALLBACK_THREEDS' },
    {
      ...about,
      format: 'hpp' as const,
      iyziEventType: 'CHECKOUT_FORM_AUTH',
      iyziPaymentId: Number(paymentId),
      token,
      status: 'SUCCESS',
    },
  ].map(iyzicoPost);
}

function iyzicoPost(notification: IyzicoNotification): Post {
  const { format: _format, ...said } = notification;
  const body = JSON.stringify({
    ...said,
    merchantId: iyzicoMerchantId,
    iyziReferenceCode: randomUUID(),
    iyziEventTime: Date.now(),
  });
  const key = DEVELOPMENT_SECRETS.IYZICO_SECRET_KEY;
  const signature = signIyzico(key, iyzicoMerchantId, notification);
  return post('iyzico', body, { 'x-iyz-signature-v3': signature });
}

function post(provider: Post['provider'], body: string, signature: Record<string, string>): Post {
  const headers = { 'content-type': 'application/json', ...signature };
  return { provider, isDuplicate: false, body, headers };
}

/** Of the posts before a duplicate, it repeats one of so many: a provider repeats within seconds. */
const repeatsAmong = 200;

/** Mixes both providers, and repeats an earlier post in `share` of all. Each repeat follows what it repeats. */
export function withDuplicates(
  posts: readonly Post[],
  share: number,
  random: () => number,
): readonly Post[] {
  const all: Post[] = [];
  for (const next of posts) {
    while (all.length > 0 && random() < share) {
      const back = 1 + Math.floor(random() * Math.min(repeatsAmong, all.length));
      const repeated = all.at(-back);
      if (repeated !== undefined) all.push({ ...repeated, isDuplicate: true });
    }
    all.push(next);
  }
  return all;
}
