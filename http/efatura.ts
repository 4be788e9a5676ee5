import { Router } from '@koa/router';
import * as v from 'valibot';

import type { EventData } from '../actors/events.ts';
import type { Delivery } from '../actors/ports/intake.ts';
import { caseOfInvoice } from '../actors/ports/references.ts';
import { Refusal } from './errors.ts';
import { parseJson } from './json.ts';
import type { EdgeState } from './request.ts';
import { parseOr } from './schema.ts';
import { isSigned, signingKeys } from './signatures.ts';
import { contentKey, isFarAhead, parked, type WebhookDoor } from './webhook.ts';

const source = 'efatura';

export interface EfaturaSecrets {
  /** Newest first. */
  readonly webhookSecrets: readonly string[];
}

/** Unknown keys are dropped: an integrator may send more than we read. */
const Update = v.object({
  invoiceId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  status: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  code: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100))), null),
  eventId: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  at: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
});

type Status = EventData['efatura.status.update']['status'];
const statuses: ReadonlySet<string> = new Set([
  'submitted',
  'accepted',
  'rejected',
  'archived',
] as const satisfies readonly Status[]);

const isStatus = (status: string): status is Status => statuses.has(status);

/**
 * What a verified update says of an invoice of ours. A status we have no word for, and an invoice that is none of ours,
 * are parked.
 *
 * The dedupe key is the integrator's `eventId`, or else a digest of what is said: without both `eventId` and `at`, a status
 * that comes back to what it was is taken for a repetition.
 *
 * @throws {Refusal} 400 naming the field; 401 if `at` is more than a day ahead of `nowMs`
 */
export function efaturaDelivery(body: unknown, nowMs: number): Delivery {
  const { invoiceId, status, code, eventId, at } = parseOr('invalid_body', Update, body);
  if (at !== undefined && isFarAhead(Date.parse(at), nowMs)) throw new Refusal('bad_signature');

  const dedupeKey = eventId ?? contentKey([invoiceId, status, code, at]);
  const caseId = caseOfInvoice(invoiceId);
  if (caseId === null) return parked(source, dedupeKey, 'status', body, 'invoice of no case');
  if (!isStatus(status)) return parked(source, dedupeKey, 'status', body, 'unknown invoice status');
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

/**
 * `POST /webhooks/efatura`, for integrators that push: `{ invoiceId, status, code?, eventId?, at? }` with `X-Signature:
 * sha256=<hex HMAC>` over the raw body. 200 with the counts of outcomes after the commit.
 *
 * No integrator's own format is known to us, so this one is ours: whoever pushes is asked to send it, or something between
 * us translates. Nothing in it dates the signature: an update replayed is a duplicate.
 */
export function efaturaRoutes(
  door: WebhookDoor,
  { webhookSecrets }: EfaturaSecrets,
): Router<EdgeState> {
  const keys = signingKeys(webhookSecrets);
  const router = new Router<EdgeState>();

  router.post('/webhooks/efatura', async (ctx) => {
    const bytes = await door.readBody(ctx.req);
    const [, hex = ''] = /^sha256=(.+)$/.exec(ctx.get('x-signature')) ?? [];
    if (!isSigned(keys, [bytes], hex)) throw new Refusal('bad_signature');
    ctx.body = await door.commitOnce(efaturaDelivery(parseJson(bytes), door.now()), {
      bytes,
      idempotencyKey: ctx.get('x-idempotency-key'),
      traceparent: ctx.state.traceparent,
    });
  });

  return router;
}
