import { randomUUID } from 'node:crypto';

import { Router } from '@koa/router';
import * as v from 'valibot';

import {
  documentLimits,
  LinkRefused,
  type DocumentLinks,
} from '../../actors/performers/document-links.ts';
import type { Desk } from '../../actors/ports/desk.ts';
import { keyOf, placeOf } from '../../actors/ports/document-place.ts';
import type {
  DocumentLinksPort,
  DocumentPlace,
  DocumentStore,
  DocumentVersion,
  ServedDocuments,
} from '../../actors/ports/documents.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import { documentKinds } from '../../actors/shapes/documents.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import { permissions } from '../../actors/shapes/permissions.ts';
import { comeAgain, Refusal } from '../server/errors.ts';
import { parseJson, parseTolerantly } from '../server/json.ts';
import { contentKey, parked, type WebhookDoor } from '../server/pipeline.ts';
import type { EdgeState } from '../server/request.ts';
import { Decimal, parseOr, Text } from '../server/schema.ts';
import { isSameSecret } from '../server/signatures.ts';
import { caseIdOf, readerOf } from '../staff/cases.ts';
import type { ReadStaff } from '../staff/tokens.ts';
import type { LinkAudit } from './link-audit.ts';

/** What the routes for documents work with. */
export interface DocumentsEdge {
  readonly store: DocumentLinksPort & Pick<DocumentStore, 'list'>;
  readonly bucket: string;
  /** Patients' links. */
  readonly links: DocumentLinks;
  /** What the object store shows to tell us of uploads; all are live at once during a rotation. */
  readonly webhookTokens: readonly string[];
  /** Whose a case is, by the ledger; null when there is no such case. */
  readonly tenantOf: (caseId: string) => Promise<string | null>;
  /** Of a store without a server of its own: this edge serves its links. */
  readonly served?: ServedDocuments;
}

const source = 'documents';
const uploadLifetimeMs = 15 * 60 * 1_000;
const downloadLifetimeMs = 5 * 60 * 1_000;
const listDeadlineMs = 10_000;
/** Servers send one record with each call; this bounds the work of one that sends more. */
const mostRecords = 1_000;

const Upload = v.strictObject({
  kind: v.picklist(documentKinds),
  contentType: v.pipe(v.string(), v.maxLength(100)),
  /** Bytes. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

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

/** A version that a store has told us of. `sequencer` orders a key's events, and is empty where the store has none. */
export interface UploadFact {
  readonly place: DocumentPlace;
  readonly bucket: string;
  readonly version: string;
  readonly sequencer: string;
  readonly size: number;
  readonly checksum: string;
}

/** What an upload says to its case. A store that tells of it again repeats version and sequencer. */
export function uploadDelivery(fact: UploadFact): Delivery {
  const { place, bucket, version, sequencer, size, checksum } = fact;
  const key = keyOf(place);
  const { caseId } = place;
  const data: EventData['document.uploaded'] = { caseId, key, size, checksum };
  return {
    source,
    dedupeKey: contentKey([bucket, key, version, sequencer]),
    type: 'document.uploaded',
    data,
    about: { kind: 'case', caseId },
  };
}

/**
 * What a notification of the form that MinIO and S3 send says, one delivery for each record. A record that is no upload to
 * a case of the tenant in its key is parked by itself.
 *
 * Rejects with what `tenantOf` rejects with for now.
 */
export async function notificationDeliveries(
  body: unknown,
  { bucket, tenantOf }: Pick<DocumentsEdge, 'bucket' | 'tenantOf'>,
): Promise<Delivery[]> {
  const notification = v.safeParse(Notification, body);
  if (!notification.success) {
    return [parked(source, contentKey(body), 'notification', body, 'unknown event type')];
  }
  const { Records: records } = notification.output;
  const deliveries = await Promise.all(
    records.slice(0, mostRecords).map((record) => recordDelivery(record, bucket, tenantOf)),
  );
  const rest = records.slice(mostRecords);
  const tooMany = `more than ${mostRecords} records in one request`;
  return rest.length === 0
    ? deliveries
    : [...deliveries, parked(source, contentKey(rest), 'records', rest, tooMany)];
}

async function recordDelivery(
  record: unknown,
  bucket: string,
  tenantOf: DocumentsEdge['tenantOf'],
): Promise<Delivery> {
  const event = v.safeParse(EventName, record);
  // MinIO writes `s3:` in front, AWS does not.
  const name = event.success ? event.output.eventName.replace(/^s3:/, '') : 'record';
  const instead = (reason: string) => parked(source, contentKey(record), name, record, reason);
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

/** More than any question for a form. */
const largestQuestionBytes = 4 * 1_024;

/**
 * `POST /docs-visa/presign`, with the token of a link we sent as bearer: takes `{ kind, contentType, size }` and answers
 * `{ url, fields, expiresAt }`, a form that uploads this one document within 15 minutes (`DocumentLinksPort`). 401 for no
 * token of ours; 403 `link_expired`, `link_used` or `kind_not_allowed`; 413 `document_too_large`; 415 `document_wrong_type`.
 * A link works once for each kind; what is refused does not use it up.
 *
 * `POST /webhooks/documents` takes notifications of the object store: 200 with the counts of outcomes after the commit.
 *
 * `GET /admin/cases/{caseId}/documents` answers `{ documents }` to staff, each with an address that downloads it for five
 * minutes. As all that staff read it is audited first; so is what patients ask for, under the subject `patient`, where the
 * same link again is counted.
 */
export function documentRoutes(
  door: WebhookDoor,
  desk: Pick<Desk, 'audit'>,
  documents: DocumentsEdge,
  audit: LinkAudit,
  readStaff: ReadStaff,
): Router<EdgeState> {
  const { store, links, webhookTokens, tenantOf } = documents;
  if (webhookTokens.length === 0 || webhookTokens.includes('')) {
    throw new TypeError('The webhook of documents needs a token');
  }
  const router = new Router<EdgeState>();

  router.post('/docs-visa/presign', async (ctx) => {
    const link = await readLink(links, bearerOf(ctx.get('authorization')));
    const body = parseJson(await door.readBody(ctx, largestQuestionBytes));
    const { kind, contentType, size } = parseOr('invalid_body', Upload, body);
    if (!link.kinds.includes(kind)) throw new Refusal('kind_not_allowed');
    const { maxBytes, endings } = documentLimits[kind];
    const ending = new Map<string, string>(Object.entries(endings)).get(contentType);
    if (ending === undefined) {
      const types = Object.keys(endings).join(', ');
      throw new Refusal('document_wrong_type', `contentType: one of ${types}`);
    }
    if (size > maxBytes) {
      throw new Refusal('document_too_large', `size: at most ${maxBytes} bytes`);
    }
    const { tenant, caseId, id } = link;
    const what = 'POST /docs-visa/presign';
    await orUnavailable(audit({ subject: 'patient', tenant, caseId, what, of: `${id} ${kind}` }));
    await refusing(links.use(link, kind));
    const expiresAt = door.now() + uploadLifetimeMs;
    const form = await store.presignUpload({
      tenant,
      caseId,
      // A name of its own, so that no upload takes the place of another.
      name: `${kind}-${randomUUID()}.${ending}`,
      contentType,
      minBytes: 1,
      maxBytes: size,
      expiresAt,
    });
    ctx.body = { ...form, expiresAt: new Date(expiresAt).toISOString() };
  });

  router.post('/webhooks/documents', async (ctx) => {
    const given = bearerOf(ctx.get('authorization'));
    // Each is compared, so that the time does not tell which one it is.
    const matches = webhookTokens.filter((token) => isSameSecret(given, token));
    if (matches.length === 0) throw new Refusal('bad_signature');
    ctx.state.admission.vouch();
    const { value: body, flaw } = parseTolerantly(await door.readBody(ctx));
    if (flaw && !v.is(Notification, body)) throw flaw;
    const deliveries = await orUnavailable(notificationDeliveries(body, documents));
    ctx.body = await door.commit(deliveries, ctx.state.traceparent);
  });

  router.get('/admin/cases/:caseId/documents', async (ctx) => {
    const staff = await readerOf(readStaff, ctx.get('authorization'), permissions.openDocument);
    const caseId = caseIdOf(ctx.params);
    const { tenant } = staff;
    await orUnavailable(desk.audit(staff, caseId, 'GET /admin/cases/{caseId}/documents'));
    if ((await orUnavailable(tenantOf(caseId))) !== tenant) throw new Refusal('not_found');
    const found = await store.list({ tenant, caseId }, AbortSignal.timeout(listDeadlineMs));
    const expiresAt = door.now() + downloadLifetimeMs;
    const linked = async ({ name, size, contentType, version, storedAt }: DocumentVersion) => ({
      name,
      size,
      contentType,
      version,
      storedAt,
      url: await store.presignDownload({ tenant, caseId, name }, { expiresAt, filename: name }),
      expiresAt: new Date(expiresAt).toISOString(),
    });
    ctx.body = { documents: await Promise.all(found.map(linked)) };
  });

  return router;
}

/** Empty, and so nobody's, without one. */
function bearerOf(authorization: string): string {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1] ?? '';
}

function unauthorized(): Refusal {
  return new Refusal('invalid_token', undefined, { 'www-authenticate': 'Bearer' });
}

const readLink = (links: DocumentLinks, token: string) => refusing(links.read(token));

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LinkRefused)) throw error;
    throw error.code === 'link_invalid' ? unauthorized() : new Refusal(error.code);
  }
}

/** The database's errors do not say so, but whoever asked should come again. */
async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw Object.assign(comeAgain('unavailable'), { cause: error });
  }
}
