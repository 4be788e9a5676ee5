import { Router } from '@koa/router';

import type { Delivery } from '../../actors/ports/intake.ts';
import { Refusal } from '../server/errors.ts';
import { parseTolerantly } from '../server/json.ts';
import type { WebhookPipeline } from '../server/pipeline.ts';
import type { EdgeState } from '../server/request.ts';
import { signingKeys } from '../server/signatures.ts';
import { iyzicoDelivery, readIyzicoNotice } from './payments/iyzico.ts';
import { isStripeSigned, stripeDelivery } from './payments/stripe.ts';

export interface StripeSecrets {
  /** Newest first. */
  readonly webhookSecrets: readonly string[];
}

export interface IyzicoSecrets {
  /** The account's secret keys, newest first: iyzico signs its notifications with the key of its API. */
  readonly webhookSecrets: readonly string[];
  /** Ours at iyzico; null if unknown, and then notifications of subscriptions get a 401. */
  readonly merchantId: string | null;
}

/**
 * `POST /webhooks/payments`: takes signed payment notifications; 200 with the counts of outcomes after the commit, or at
 * once for what was committed under the same key and body in the last day. Providers are told apart by their signature
 * header; a request with both headers, or neither, or one that does not hold, gets a 401 without detail.
 *
 * Without `iyzico` no notification of iyzico's holds.
 */
export function paymentRoutes(
  pipeline: WebhookPipeline,
  stripe: StripeSecrets,
  iyzico?: IyzicoSecrets,
): Router<EdgeState> {
  const stripeKeys = signingKeys(stripe.webhookSecrets);
  const iyzicoKeys = iyzico === undefined ? [] : signingKeys(iyzico.webhookSecrets);
  const merchantId = iyzico?.merchantId ?? null;
  const router = new Router<EdgeState>();

  function fromStripe(signature: string, bytes: Buffer): Delivery {
    if (!isStripeSigned(stripeKeys, signature, bytes, pipeline.now())) {
      throw new Refusal('bad_signature');
    }
    const { value, flaw } = parseTolerantly(bytes);
    return stripeDelivery(value, flaw);
  }

  function fromIyzico(signature: string, bytes: Buffer): Delivery {
    const notice = readIyzicoNotice(iyzicoKeys, merchantId, signature, bytes, pipeline.now());
    if (notice === null) throw new Refusal('bad_signature');
    return iyzicoDelivery(notice);
  }

  router.post('/webhooks/payments', async (ctx) => {
    const bytes = await pipeline.readBody(ctx);
    const ofStripe = ctx.get('stripe-signature');
    const ofIyzico = ctx.get('x-iyz-signature-v3');
    if ((ofStripe === '') === (ofIyzico === '')) throw new Refusal('bad_signature');
    const delivery = ofStripe === '' ? fromIyzico(ofIyzico, bytes) : fromStripe(ofStripe, bytes);
    ctx.state.admission.vouch();
    ctx.body = await pipeline.commitOnce(delivery, {
      bytes,
      idempotencyKey: ctx.get('x-idempotency-key'),
      traceparent: ctx.state.traceparent,
    });
  });

  return router;
}
