import { createHash } from 'node:crypto';

import type { Client } from 'minio';
import * as v from 'valibot';

import {
  checkedOwner,
  checkedPlace,
  keyOf,
  placeOf,
  safeFilename,
} from '../../actors/ports/document-place.ts';
import type {
  DocumentPlace,
  DocumentStore,
  DocumentVersion,
} from '../../actors/ports/documents.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';
import { counted, isMissing, readObject, s3Client, type S3Server } from './client.ts';

/** A put names its own content and the rest only reads, so all may be repeated. */
export const minioPolicy: PolicyOptions = {
  timeoutMs: 30_000,
  retryWhen: whenRetryable,
  concurrency: 16,
};

export interface MinioDocumentsOptions {
  /** As we reach it. */
  readonly server: S3Server;
  /** Its address as a patient's browser reaches it: that host is signed. */
  readonly publicUrl: string;
  /** `npm run storage:apply` makes it. */
  readonly bucket: string;
  /** Made from `minioPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** The largest document we read into memory; the largest upload we sign is 50 MiB. */
const mostBytes = 128 * 1_024 * 1_024;
const mostListed = 1_000;
/** S3's own bound for a link, in seconds. */
const longestLink = 7 * 24 * 60 * 60;

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Listed = v.looseObject({ name: v.string() });

/**
 * Documents in a bucket of any S3 server, each version encrypted by the server: a put or an upload that the server would
 * store in the clear is refused by it. The server keeps the versions and forgets them after 180 days (`bucket.ts`).
 *
 * Beside the port's own, all throw `RangeError` for a malformed place, and what `S3Client.run` throws.
 *
 * @see https://min.io/docs/minio/linux/developers/javascript/API.html
 */
export function minioDocuments(options: MinioDocumentsOptions): DocumentStore {
  const { server, publicUrl, bucket, policy, telemetry } = options;
  const { client, run } = s3Client(server);
  const outside = s3Client({ ...server, baseUrl: publicUrl }).client;

  const calling = <T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> =>
    policy.execute((attempt) => counted(telemetry, () => run(attempt.signal, request)), signal);

  async function stat(place: DocumentPlace, signal: AbortSignal): Promise<DocumentVersion | null> {
    const key = keyOf(place);
    try {
      return await calling(signal, async () => {
        const { size, etag, metaData, versionId, lastModified } = await client.statObject(
          bucket,
          key,
        );
        const sha256 = v.safeParse(Sha256, metaData['sha256']);
        return {
          key,
          name: place.name,
          size,
          checksum: sha256.success ? sha256.output : `etag:${etag}`,
          contentType: String(metaData['content-type'] ?? 'application/octet-stream'),
          version: versionId ?? '',
          storedAt: lastModified.toISOString(),
        };
      });
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  return {
    async put({ bytes, contentType, ...given }, signal) {
      const place = checkedPlace(given);
      const key = keyOf(place);
      const checksum = createHash('sha256').update(bytes).digest('hex');
      // An effect that is repeated must not leave a version for each try.
      const newest = await stat(place, signal);
      if (newest?.checksum !== checksum) {
        await calling(signal, () =>
          client.putObject(bucket, key, bufferOf(bytes), bytes.length, {
            'Content-Type': contentType,
            'X-Amz-Server-Side-Encryption': 'AES256',
            sha256: checksum,
          }),
        );
        return { key, size: bytes.length, checksum, contentType };
      }
      return { key, size: newest.size, checksum, contentType: newest.contentType };
    },

    async get(given, signal) {
      const place = checkedPlace(given);
      try {
        return await calling(signal, () => read(client, bucket, keyOf(place)));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    stat: async (given, signal) => stat(checkedPlace(given), signal),

    async list(given, signal) {
      const { tenant, caseId } = checkedOwner(given);
      const places = await calling(signal, async () => {
        const found: DocumentPlace[] = [];
        const objects = client.listObjectsV2(bucket, keyOf({ tenant, caseId, name: '' }), true);
        for await (const object of objects as AsyncIterable<unknown>) {
          const listed = v.safeParse(Listed, object);
          const place = listed.success ? placeOf(listed.output.name) : null;
          if (place !== null) found.push(place);
          if (found.length === mostListed) break;
        }
        return found;
      });
      // A list has neither types nor versions. The policy bounds how many are asked at a time.
      const versions = await Promise.all(places.map((place) => stat(place, signal)));
      return versions.filter((version) => version !== null);
    },

    async presignUpload(order) {
      const upload = outside.newPostPolicy();
      upload.setBucket(bucket);
      upload.setKey(keyOf(checkedPlace(order)));
      upload.setContentType(order.contentType);
      upload.setContentLengthRange(order.minBytes, order.maxBytes);
      upload.setExpires(new Date(order.expiresAt));
      // The package has no word for it, but what is in the conditions is signed.
      upload.policy.conditions.push(['eq', '$x-amz-server-side-encryption', 'AES256']);
      upload.formData['x-amz-server-side-encryption'] = 'AES256';
      const { postURL, formData } = await outside.presignedPostPolicy(upload);
      return { url: postURL, fields: formData };
    },

    async presignDownload(place, { expiresAt, filename }) {
      const seconds = Math.floor((expiresAt - Date.now()) / 1_000);
      if (seconds < 1 || seconds > longestLink) {
        throw new RangeError('A link lives for 1 second to 7 days');
      }
      return await outside.presignedGetObject(bucket, keyOf(checkedPlace(place)), seconds, {
        'response-content-disposition': `attachment; filename="${safeFilename(filename)}"`,
        // An upload's type is what the uploader claimed, so a browser must not go by it.
        'response-content-type': 'application/octet-stream',
        'response-cache-control': 'no-store',
      });
    },
  };
}

async function read(client: Client, bucket: string, key: string) {
  const { bytes, headers } = await readObject(client, bucket, key, mostBytes);
  return { bytes, contentType: headers['content-type'] ?? 'application/octet-stream' };
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
