import { createHmac, timingSafeEqual } from 'node:crypto';

import { fileTypeFromBuffer } from 'file-type';
import * as v from 'valibot';

import {
  checkedPlace,
  keyOf,
  placeOf,
  safeFilename,
  safeType,
} from '../../actors/ports/document-place.ts';
import {
  UploadRefused,
  type DocumentStore,
  type ServedDocuments,
} from '../../actors/ports/documents.ts';
import type { EmbeddedStore } from './documents.ts';

export interface EmbeddedLinksOptions {
  readonly store: Pick<EmbeddedStore, 'put' | 'get' | 'stat' | 'list'>;
  /** As in the policies of an object store. */
  readonly bucket: string;
  /** `https://host` of our own edge, as a patient's browser reaches it. Asked for each link: a port may be known late. */
  readonly edgeUrl: () => string;
  /** Newest first: the first one signs, all of them verify. 32 bytes or more each. */
  readonly keys: readonly Uint8Array[];
  /** Milliseconds since 1970. `Date.now` if absent. */
  readonly now?: () => number;
}

const Policy = v.object({
  expiration: v.pipe(v.string(), v.isoTimestamp()),
  conditions: v.array(
    v.union([
      v.tuple([v.literal('eq'), v.string(), v.string()]),
      v.tuple([v.literal('content-length-range'), v.number(), v.number()]),
    ]),
  ),
});
const Download = v.object({
  key: v.string(),
  filename: v.string(),
  expiresAt: v.number(),
});

/** What a form has besides what its policy must name, as with S3. */
const unnamed = new Set(['policy', 'x-amz-signature']);

/**
 * The embedded store with links: forms and downloads that our own edge serves from the disk (`http/patients/document-store.ts`),
 * with the meaning and the error codes of S3's. A policy and its signature are all that we know of a form: nothing is
 * kept until its file comes.
 *
 * Beyond S3, a file must be by its own bytes what it was declared to be.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
 */
export function embeddedLinks(options: EmbeddedLinksOptions): DocumentStore & ServedDocuments {
  const { store, bucket, edgeUrl, keys, now = Date.now } = options;
  const [signingKey] = keys;
  if (signingKey === undefined || keys.some(({ length }) => length < 32)) {
    throw new TypeError('Links need keys of 32 bytes or more');
  }
  // What signs a download must never pass for an upload, so each purpose stands in front of what is signed.
  const mac = (key: Uint8Array, purpose: Purpose, text: string) =>
    createHmac('sha256', key).update(`${purpose}\0${text}`).digest();
  const sign = (purpose: Purpose, text: string) => mac(signingKey, purpose, text).toString('hex');
  const isSigned = (purpose: Purpose, text: string, hex: string) =>
    /^[0-9a-f]{64}$/.test(hex) &&
    keys.some((key) => timingSafeEqual(mac(key, purpose, text), Buffer.from(hex, 'hex')));

  return {
    put: store.put,
    get: store.get,
    stat: store.stat,
    list: store.list,

    presignUpload: async (order) => {
      const named = {
        bucket,
        key: keyOf(checkedPlace(order)),
        'Content-Type': order.contentType,
        'x-amz-server-side-encryption': 'AES256',
      };
      const policy: v.InferInput<typeof Policy> = {
        expiration: new Date(order.expiresAt).toISOString(),
        conditions: [
          ...Object.entries(named).map(([name, value]) => ['eq', `$${name}`, value] as const),
          ['content-length-range', order.minBytes, order.maxBytes],
        ].map((condition) => [...condition]) as v.InferInput<typeof Policy>['conditions'],
      };
      const encoded = Buffer.from(JSON.stringify(policy)).toString('base64');
      return {
        url: `${edgeUrl()}/documents/upload`,
        fields: { ...named, policy: encoded, 'x-amz-signature': sign('upload', encoded) },
      };
    },

    presignDownload: async (place, { expiresAt, filename }) => {
      const download: v.InferInput<typeof Download> = {
        key: keyOf(checkedPlace(place)),
        filename: safeFilename(filename),
        expiresAt,
      };
      const encoded = Buffer.from(JSON.stringify(download)).toString('base64url');
      return `${edgeUrl()}/documents/${encoded}.${sign('download', encoded)}`;
    },

    admit: (fields) => {
      const encoded = fields.get('policy') ?? '';
      if (!isSigned('upload', encoded, fields.get('x-amz-signature') ?? '')) {
        throw new UploadRefused('SignatureDoesNotMatch', 'The policy is not one that we signed.');
      }
      const policy = v.parse(Policy, JSON.parse(Buffer.from(encoded, 'base64').toString()));
      if (Date.parse(policy.expiration) <= now()) {
        throw new UploadRefused('AccessDenied', 'Invalid according to Policy: Policy expired.');
      }
      const expected = new Map<string, string>();
      let range: readonly [number, number] = [0, 0];
      for (const [kind, ...condition] of policy.conditions) {
        if (kind === 'eq') expected.set((condition[0] as string).slice(1), String(condition[1]));
        else range = condition as [number, number];
      }
      for (const [name, value] of expected) {
        if (fields.get(name) === value) continue;
        throw new UploadRefused('AccessDenied', `Invalid according to Policy: ${name} differs.`);
      }
      if ([...fields.keys()].some((name) => !expected.has(name) && !unnamed.has(name))) {
        throw new UploadRefused('AccessDenied', 'Invalid according to Policy: extra input fields.');
      }
      const place = placeOf(expected.get('key') ?? '');
      const contentType = expected.get('Content-Type');
      if (place === null || contentType === undefined) {
        throw new UploadRefused('AccessDenied', 'Invalid according to Policy: no key or type.');
      }
      const [minBytes, maxBytes] = range;
      return { ...place, contentType, minBytes, maxBytes };
    },

    receive: async ({ minBytes, maxBytes, contentType, ...place }, bytes, signal) => {
      if (bytes.length > maxBytes) throw tooLarge();
      if (bytes.length < minBytes) {
        throw new UploadRefused('EntityTooSmall', 'The file is smaller than the policy allows.');
      }
      if ((await fileTypeFromBuffer(bytes))?.mime !== contentType) {
        throw new UploadRefused('AccessDenied', 'The file is not of the type that was declared.');
      }
      await store.put({ ...place, bytes, contentType }, signal);
      const stored = await store.stat(place, signal);
      // It can only be gone if the store's clock jumped by 180 days.
      if (stored === null) throw new UploadRefused('AccessDenied', 'The file has expired.');
      return stored;
    },

    open: async (signed, signal) => {
      const [encoded = '', hex = '', ...more] = signed.split('.');
      if (more.length > 0 || !isSigned('download', encoded, hex)) return null;
      const { key, filename, expiresAt } = v.parse(
        Download,
        JSON.parse(Buffer.from(encoded, 'base64url').toString()),
      );
      const place = placeOf(key);
      if (place === null || expiresAt <= now()) return null;
      const found = await store.get(place, signal);
      return (
        found && {
          ...place,
          bytes: found.bytes,
          contentType: safeType(found.contentType),
          filename,
        }
      );
    },
  };
}

type Purpose = 'upload' | 'download';

function tooLarge(): UploadRefused {
  return new UploadRefused('EntityTooLarge', 'The file is larger than the policy allows.');
}
