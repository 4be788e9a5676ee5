import { Router } from '@koa/router';
import * as v from 'valibot';

import type { Delivery } from '../../actors/ports/intake.ts';
import { caseOfInvoice } from '../../actors/ports/references.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import { Refusal } from '../server/errors.ts';
import { parseTolerantly } from '../server/json.ts';
import { contentKey, isFarAhead, unroutable, type WebhookPipeline } from '../server/pipeline.ts';
import type { EdgeState } from '../server/request.ts';
import { parseOr, Text } from '../server/schema.ts';
import { isSigned, signingKeys } from '../server/signatures.ts';

const source = 'efatura';

export interface EfaturaSecrets {
  /** Newest first. */
  readonly webhookSecrets: readonly string[];
}

/** Updates of one request. What is beyond is kept as unroutable in one. */
const mostUpdates = 1_000;

/** Unknown keys are dropped: an integrator may send more than we read. */
const Update = v.object({
  invoiceId: v.pipe(Text, v.minLength(1), v.maxLength(200)),
  status: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  code: v.optional(v.nullable(v.pipe(Text, v.maxLength(100))), null),
  eventId: v.exactOptional(v.pipe(Text, v.minLength(1), v.maxLength(200))),
  at: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
});

type Status = EventData['efatura.status.update']['status'];
/** Ours, by what comes: `approved` is the platform's word for it, the others are the integrators' own. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ['submitted', 'submitted'],
  ['accepted', 'accepted'],
  ['approved', 'accepted'],
  ['rejected', 'rejected'],
  ['archived', 'archived'],
]);

/** Also of what a Turkish system made capitals of: `SUBMİTTED`. */
const lowerCased = (word: string) => word.replaceAll('İ', 'I').replaceAll('ı', 'i').toLowerCase();

/**
 * What a verified update says of an invoice of ours. A status we have no word for, and an invoice that is none of ours,
 * are kept as unroutable.
 *
 * The dedupe key is the integrator's `eventId`, or else a digest of what is said: without both `eventId` and `at`, a status
 * that comes back to what it was is taken for a repetition.
 *
 * @throws {Refusal} 400 naming the field; 401 if `at` is more than a day ahead of `nowMs`
 */
export function efaturaDelivery(body: unknown, nowMs: number): Delivery {
  const { invoiceId, status: word, code, eventId, at } = parseOr('invalid_body', Update, body);
  if (at !== undefined && isFarAhead(Date.parse(at), nowMs)) throw new Refusal('bad_signature');

  const status = statuses.get(lowerCased(word));
  const dedupeKey = eventId ?? contentKey([invoiceId, status ?? word, code, at]);
  const caseId = caseOfInvoice(invoiceId);
  if (caseId === null) return unroutable(source, dedupeKey, 'status', body, 'invoice of no case');
  if (status === undefined) {
    return unroutable(source, dedupeKey, 'status', body, 'unknown invoice status');
  }
  const data: EventData['efatura.status.update'] = {
    invoiceId,
    status,
    code,
    ...(at === undefined ? {} : { at }),
  };
  return {
    source,
    dedupeKey,
    type: 'efatura.status.update',
    data,
    about: { kind: 'case', caseId },
  };
}

/** One delivery for each update of a list. One that cannot be read, or comes from the future, is kept as unroutable by itself. */
function efaturaDeliveries(updates: readonly unknown[], nowMs: number): Delivery[] {
  const unroutableFor = (raw: unknown, reason: string) =>
    unroutable(source, contentKey({ reason, raw }), 'status', raw, reason);
  const deliveries = updates.slice(0, mostUpdates).map((update) => {
    try {
      return efaturaDelivery(update, nowMs);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return unroutableFor(update, `bad update: ${error.detail ?? 'at: not acceptable'}`);
    }
  });
  const rest = updates.slice(mostUpdates);
  const tooMany = `bad update: more than ${mostUpdates} in one request`;
  return rest.length === 0 ? deliveries : [...deliveries, unroutableFor(rest, tooMany)];
}

/**
 * `POST /webhooks/efatura`, for integrators that push: `{ invoiceId, status, code?, eventId?, at? }` with `X-Signature:
 * sha256=<hex HMAC>` over the raw body, or a list of such updates. 200 with the counts of outcomes after the commit. `status` is
 * `submitted`, `accepted` or `approved`, `rejected`, `archived`, in any case.
 *
 * No integrator's own format is known to us, so this one is ours: whoever pushes is asked to send it, or something between
 * us translates. Nothing in it dates the signature: an update replayed is a duplicate.
 */
export function efaturaRoutes(
  pipeline: WebhookPipeline,
  { webhookSecrets }: EfaturaSecrets,
): Router<EdgeState> {
  const keys = signingKeys(webhookSecrets);
  const router = new Router<EdgeState>();

  router.post('/webhooks/efatura', async (ctx) => {
    const bytes = await pipeline.readBody(ctx);
    const [, hex = ''] = /^sha256=(.+)$/i.exec(ctx.get('x-signature')) ?? [];
    if (!isSigned(keys, [bytes], hex)) throw new Refusal('bad_signature');
    ctx.state.admission.vouch();
    const { traceparent } = ctx.state;
    const { value: body, flaw } = parseTolerantly(bytes);
    if (flaw && !Array.isArray(body)) throw flaw;
    ctx.body = Array.isArray(body)
      ? await pipeline.commit(efaturaDeliveries(body, pipeline.now()), traceparent)
      : await pipeline.commitOnce(efaturaDelivery(body, pipeline.now()), {
          bytes,
          idempotencyKey: ctx.get('x-idempotency-key'),
          traceparent,
        });
  });

  return router;
}
