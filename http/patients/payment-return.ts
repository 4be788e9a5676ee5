import { createHmac, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';

import { Router } from '@koa/router';

import type { Delivery } from '../../actors/ports/intake.ts';
import { caseOfBooking } from '../../actors/ports/references.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import { paymentProviders, type PaymentProvider } from '../../actors/shapes/payments.ts';
import { createCounter } from '../server/counter.ts';
import { Refusal } from '../server/errors.ts';
import { contentKey, type WebhookPipeline } from '../server/pipeline.ts';
import type { EdgeState } from '../server/request.ts';
import { isSigned, type SigningKeys } from '../server/signatures.ts';

export interface PaymentReturnKeys {
  /** HMAC keys of 32 bytes, newest first. */
  readonly keys: readonly Uint8Array[];
}

/** A form with one token; who sends more is no checkout page. */
const largestBodyBytes = 64 * 1_024;

const minuteMs = 60_000;
/**
 * Events of one booking's returns in a day and a process. The link never runs out, so that whoever has it could otherwise
 * write into the ledger every minute for ever; nobody comes back from paying this often.
 */
const mostReturns = 20;
const dayMs = 24 * 60 * minuteMs;
const mostBookings = 10_000;

const page = (name: string) => readFileSync(new URL(`pages/${name}`, import.meta.url));

/** Read once, at start. */
const pages = { thanks: page('payment-return.html'), unknown: page('payment-return-unknown.html') };

/** The words before it keep these signatures apart from others made with the same keys. */
const signedText = (provider: PaymentProvider, bookingId: string) =>
  `payment-return:${provider}:${bookingId}`;

/**
 * Where a provider sends the patient's browser after its page: `{base}/payments/return/{bookingId}?s=<hex HMAC>`. The
 * signature tells the provider too, so each gets a function of its own.
 *
 * @param base the edge as the outside sees it, without a slash at its end; asked each time, as a port may be known late
 * @param keys newest first: the first one signs
 */
export function returnAddress(
  base: () => string,
  keys: readonly Uint8Array[],
  provider: PaymentProvider,
): (bookingId: string) => string {
  const [newest] = returnKeys(keys);
  return (bookingId) => {
    const hmac = createHmac('sha256', newest).update(signedText(provider, bookingId));
    return `${base()}/payments/return/${encodeURIComponent(bookingId)}?s=${hmac.digest('hex')}`;
  };
}

/**
 * `GET` and `POST /payments/return/{bookingId}`: where the patient comes back to, by Stripe's link or iyzico's form. It proves
 * nothing but that somebody has the link, so what the form holds is not even read; it makes the booking look sooner. So the
 * signature need not run out either, and a link that is opened again, by whomever, or fetched ahead by a browser, does no
 * harm: a minute's returns of a booking are one event. 200 with a page that says thank you, after the commit, which is the
 * same whether it was paid or not, and without an event once a booking has had twenty in a day; 404 with a page for a signature that does not hold; 413 for a body that is no form of a
 * checkout page.
 */
export function paymentReturnRoutes(
  pipeline: WebhookPipeline,
  { keys }: PaymentReturnKeys,
): Router<EdgeState> {
  const signing = returnKeys(keys);
  const counting = { mostKeys: mostBookings, now: pipeline.now };
  const ofMinute = createCounter({ ...counting, windowMs: minuteMs });
  const ofDay = createCounter({ ...counting, windowMs: dayMs });

  /** Commits a minute's first return, which is all of them, and no more of a booking than a day may have. */
  async function commitOnce(delivery: Delivery, bookingId: string, traceparent: string) {
    const key = delivery.dedupeKey;
    if (ofMinute.count(key) > 1 || ofDay.count(bookingId) > mostReturns) return;
    try {
      await pipeline.commit([delivery], traceparent);
    } catch (error) {
      ofMinute.forget(key);
      ofDay.forget(bookingId);
      throw error;
    }
  }

  const router = new Router<EdgeState>();

  for (const method of ['get', 'post'] as const) {
    router[method]('/payments/return/:bookingId', async (ctx) => {
      refuseLargeBody(ctx.req);
      ctx.set({
        'content-security-policy':
          "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        'referrer-policy': 'no-referrer',
      });
      ctx.type = 'text/html; charset=utf-8';
      const { bookingId = '' } = ctx.params as { readonly bookingId?: string };
      const signature = String(ctx.query['s'] ?? '');
      const delivery = returnDelivery(signing, bookingId, signature, pipeline.now());
      if (delivery === null) {
        ctx.status = 404;
        ctx.body = pages.unknown;
        return;
      }
      await commitOnce(delivery, bookingId, ctx.state.traceparent);
      ctx.body = pages.thanks;
    });
  }

  return router;
}

function returnDelivery(
  keys: SigningKeys,
  bookingId: string,
  signature: string,
  nowMs: number,
): Delivery | null {
  const provider = paymentProviders.find((one) =>
    isSigned(keys, [signedText(one, bookingId)], signature),
  );
  const caseId = caseOfBooking(bookingId);
  if (provider === undefined || caseId === null) return null;
  const minute = new Date(nowMs - (nowMs % minuteMs)).toISOString();
  const data: EventData['payment.notified'] = {
    provider,
    notice: 'returned',
    bookingId,
    checkoutId: null,
    paymentId: null,
    at: minute, // And not the second: the same key must have the same body.
  };
  return {
    source: 'payment-return',
    dedupeKey: contentKey([bookingId, minute]),
    type: 'payment.notified',
    data,
    about: { kind: 'case', caseId },
  };
}

/** The body stays unread: Node throws away what is left of it, and this is how much that may be. */
function refuseLargeBody({ headers }: IncomingMessage): void {
  const isUnbounded = headers['transfer-encoding'] !== undefined;
  if (isUnbounded || Number(headers['content-length'] ?? 0) > largestBodyBytes) {
    throw new Refusal('body_too_large', `The limit is ${largestBodyBytes} bytes`, {
      connection: 'close',
    });
  }
}

/** @throws {TypeError} when there is no key, or one that could be guessed */
function returnKeys(keys: readonly Uint8Array[]): readonly [SigningKeys[number], ...SigningKeys] {
  const [newest, ...older] = keys.map((key) => createSecretKey(key));
  if (newest === undefined || keys.some(({ length }) => length < 32)) {
    throw new TypeError('Return addresses need keys of 32 bytes');
  }
  return [newest, ...older];
}
