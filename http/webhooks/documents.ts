import { Router } from '@koa/router';
import * as v from 'valibot';

import { placeOf } from '../../actors/ports/document-place.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import { documentSource as source, uploadDelivery } from '../server/document-events.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import { parseTolerantly } from '../server/json.ts';
import { contentKey, unroutable, type WebhookPipeline } from '../server/pipeline.ts';
import { bearerOf, type EdgeState } from '../server/request.ts';
import { Decimal, Text } from '../server/schema.ts';
import { isSameSecret } from '../server/signatures.ts';

/** What tells us of uploads. */
export interface DocumentNotices {
  readonly bucket: string;
  /** What the object store shows to tell us of uploads; all are live at once during a rotation. */
  readonly webhookTokens: readonly string[];
  /** Whose a case is, by the ledger; null when there is no such case. */
  readonly tenantOf: (caseId: string) => Promise<string | null>;
}

/** Servers send one record with each call; this bounds the work of one that sends more. */
const mostRecords = 1_000;

/** `PutTagging`, `PutRetention` and the like are under `ObjectCreated` too, and create nothing. */
const uploads = new Set(
  ['Put', 'Post', 'CompleteMultipartUpload', 'Copy'].map((way) => `ObjectCreated:${way}`),
);

const Notification = v.object({ Records: v.pipe(v.array(v.unknown()), v.minLength(1)) });
const EventName = v.object({ eventName: v.pipe(v.string(), v.maxLength(100)) });
const ShortText = v.pipe(Text, v.maxLength(1_024));
const Uploaded = v.object({
  s3: v.object({
    bucket: v.object({ name: ShortText }),
    object: v.object({
      /** Encoded like a form's value: a space is `+`, a slash `%2F`. */
      key: v.pipe(v.string(), v.maxLength(4_096)),
      size: v.pipe(Decimal, v.safeInteger(), v.minValue(0)),
      eTag: v.pipe(ShortText, v.minLength(1)),
      versionId: v.nullish(ShortText, ''),
      sequencer: v.nullish(ShortText, ''),
    }),
  }),
});

/**
 * What a notification of the form that MinIO and S3 send says, one delivery for each record. A record that is no upload to
 * a case of the tenant in its key is kept as unroutable by itself.
 *
 * Rejects with what `tenantOf` rejects with for now.
 */
export async function notificationDeliveries(
  body: unknown,
  { bucket, tenantOf }: Pick<DocumentNotices, 'bucket' | 'tenantOf'>,
): Promise<Delivery[]> {
  const notification = v.safeParse(Notification, body);
  if (!notification.success) {
    return [unroutable(source, contentKey(body), 'notification', body, 'unknown event type')];
  }
  const { Records: records } = notification.output;
  const deliveries = await Promise.all(
    records.slice(0, mostRecords).map((record) => recordDelivery(record, bucket, tenantOf)),
  );
  const rest = records.slice(mostRecords);
  const tooMany = `more than ${mostRecords} records in one request`;
  return rest.length === 0
    ? deliveries
    : [...deliveries, unroutable(source, contentKey(rest), 'records', rest, tooMany)];
}

async function recordDelivery(
  record: unknown,
  bucket: string,
  tenantOf: DocumentNotices['tenantOf'],
): Promise<Delivery> {
  const event = v.safeParse(EventName, record);
  // MinIO writes `s3:` in front, AWS does not.
  const name = event.success ? event.output.eventName.replace(/^s3:/, '') : 'record';
  const instead = (reason: string) => unroutable(source, contentKey(record), name, record, reason);
  if (!uploads.has(name)) return instead('unknown event type');
  const uploaded = v.safeParse(Uploaded, record);
  if (!uploaded.success) return instead('upload without what an upload has');
  const { object, bucket: from } = uploaded.output.s3;
  const place = placeOf(decoded(object.key));
  if (from.name !== bucket || place === null) return instead('upload outside the documents');
  try {
    if ((await tenantOf(place.caseId)) !== place.tenant) return instead('upload to no such case');
  } catch (error) {
    // A case whose key is broken is asked for again in vain; the uploads beside it are not to wait for that.
    if (!isFinal(error)) throw error;
    return instead(`upload to a case that cannot be read: ${error.code}`);
  }
  return uploadDelivery({
    place,
    bucket,
    version: object.versionId ?? '',
    sequencer: object.sequencer ?? '',
    size: object.size,
    checksum: `etag:${object.eTag.replaceAll('"', '')}`,
  });
}

/** Whether an error says of itself that the same call fails again. */
function isFinal(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && 'retryable' in error && error.retryable === false && 'code' in error
  );
}

/** Empty, and so no place, when it cannot be decoded. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

/** `POST /webhooks/documents` takes notifications of the object store: 200 with the counts of outcomes after the commit. */
export function documentWebhookRoutes(
  pipeline: WebhookPipeline,
  documents: DocumentNotices,
): Router<EdgeState> {
  const { webhookTokens } = documents;
  if (webhookTokens.length === 0 || webhookTokens.includes('')) {
    throw new TypeError('The webhook of documents needs a token');
  }
  const router = new Router<EdgeState>();

  router.post('/webhooks/documents', async (ctx) => {
    const given = bearerOf(ctx.get('authorization'));
    // Each is compared, so that the time does not tell which one it is.
    const matches = webhookTokens.filter((token) => isSameSecret(given, token));
    if (matches.length === 0) throw new Refusal('bad_signature');
    ctx.state.admission.vouch();
    const { value: body, flaw } = parseTolerantly(await pipeline.readBody(ctx));
    if (flaw && !v.is(Notification, body)) throw flaw;
    const deliveries = await orUnavailable(notificationDeliveries(body, documents));
    ctx.body = await pipeline.commit(deliveries, ctx.state.traceparent);
  });

  return router;
}
