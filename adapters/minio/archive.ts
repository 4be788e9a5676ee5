import { createHash } from 'node:crypto';

import { RETENTION_MODES } from 'minio';
import * as v from 'valibot';

import { ExpectedError, ProviderRefused } from '../../actors/errors.ts';
import type { InvoiceArchive } from '../../actors/ports/invoicing.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { CallPolicy } from '../policy.ts';
import { counted, isMissing, provider, readObject, s3Client, type S3Server } from './client.ts';

export interface MinioArchiveOptions {
  readonly server: S3Server;
  /** Of invoices alone: what is locked can't be erased, and documents of health must be. `applyArchiveBucket` makes it. */
  readonly bucket: string;
  /** Made from `minioPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** The integrator's limits are below it. */
const mostBytes = 32 * 1_024 * 1_024;
/** The furthest that a date is locked; one that is wrong can't be taken back. Ten years after the end of a year, and a little. */
const longestMs = 12 * 366 * 24 * 60 * 60 * 1_000;

const Key = v.pipe(v.string(), v.regex(/^invoices\/[0-9a-f-]{36}\.(pdf|xml)$/));
const Tenant = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,100}$/));
const Until = v.pipe(v.string(), v.isoTimestamp());
const Kept = v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), tenant: Tenant });
const Retention = v.object({ mode: v.string(), retainUntilDate: v.string() });

/**
 * Makes the bucket of invoices with object lock, if it is not there. A lock can't be added to one that is there on all
 * servers, so that one stays as it is. Answers whether files in it are locked.
 *
 * @throws {ExpectedError} as `S3Client.run`
 */
export async function applyArchiveBucket(
  server: S3Server,
  bucket: string,
  signal: AbortSignal,
): Promise<{ readonly outcome: 'made' | 'kept'; readonly isLocked: boolean }> {
  const { client, run } = s3Client(server);
  const isThere = await run(signal, () => client.bucketExists(bucket));
  if (!isThere) {
    try {
      await run(signal, () => client.makeBucket(bucket, server.region, { ObjectLocking: true }));
    } catch (error) {
      if (!isNotImplemented(error)) throw error;
      await run(signal, () => client.makeBucket(bucket, server.region));
    }
  }
  const isLocked = await hasLock(
    (request) => run(signal, request),
    async () => client.getObjectLockConfig(bucket),
  );
  return { outcome: isThere ? 'kept' : 'made', isLocked };
}

/**
 * Invoices in a bucket of any S3 server, under the port's own keys. Where the bucket has object lock each file is put
 * with `COMPLIANCE` until its date: its bytes can be deleted by nobody before, while a plain delete only hides them behind
 * a marker, and keeping them again brings them back. Elsewhere the only guard is that nothing here overwrites.
 *
 * Beside the port's own, all throw `RangeError` for a malformed key, tenant or date, and what `S3Client.run` throws.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function minioArchive(options: MinioArchiveOptions): InvoiceArchive {
  const { server, bucket, policy, telemetry } = options;
  const { client, run } = s3Client(server);
  let lock: boolean | undefined;

  const calling = <T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> =>
    policy.execute((attempt) => counted(telemetry, () => run(attempt.signal, request)), signal);

  async function isLocking(signal: AbortSignal): Promise<boolean> {
    lock ??= await hasLock(
      (request) => calling(signal, request),
      async () => client.getObjectLockConfig(bucket),
    );
    return lock;
  }

  /** What is there; null if nothing, and `sha256` null if it is not ours. */
  async function stat(key: string, signal: AbortSignal) {
    const found = await unlessMissing(calling(signal, () => client.statObject(bucket, key)));
    if (found === null) return null;
    const kept = v.safeParse(Kept, found.metaData);
    return {
      sha256: kept.success ? kept.output.sha256 : null,
      tenant: kept.success ? kept.output.tenant : null,
      versionId: found.versionId ?? '',
    };
  }

  /** A file that was kept before may lack its lock, or have one that ends too early. A longer one stays. */
  async function lockedUntil(key: string, versionId: string, until: Date, signal: AbortSignal) {
    const found = v.safeParse(
      Retention,
      await orNull(calling(signal, () => client.getObjectRetention(bucket, key, { versionId }))),
    );
    const isEnough =
      found.success &&
      found.output.mode === 'COMPLIANCE' &&
      Date.parse(found.output.retainUntilDate) >= until.getTime();
    if (isEnough) return;
    await calling(signal, () =>
      client.putObjectRetention(bucket, key, {
        mode: RETENTION_MODES.COMPLIANCE,
        retainUntilDate: until.toISOString(),
        versionId,
      }),
    );
  }

  return {
    async keep({ bytes, contentType, ...file }, signal) {
      const [key, tenant] = [checked(Key, file.key), checked(Tenant, file.tenant)];
      const until = new Date(checked(Until, file.retainUntil));
      until.setUTCMilliseconds(0); // Servers differ in what they keep of a second.
      if (until.getTime() > Date.now() + longestMs) {
        throw new RangeError('An invoice is not locked for so long');
      }
      if (bytes.length > mostBytes) throw new ProviderRefused(provider, 'too_large');
      const checksum = createHash('sha256').update(bytes).digest('hex');
      const isLocked = await isLocking(signal);

      const same = async (): Promise<boolean> => {
        const found = await stat(key, signal);
        if (found === null) return false;
        if (found.sha256 !== checksum || found.tenant !== tenant) {
          throw new ProviderRefused(provider, 'other_file_kept');
        }
        if (isLocked) await lockedUntil(key, found.versionId, until, signal);
        return true;
      };
      if (await same()) return { checksum, isLocked };

      const headers = {
        'Content-Type': contentType,
        'Content-Length': String(bytes.length),
        // S3 wants it wherever a lock is set.
        'Content-MD5': createHash('md5').update(bytes).digest('base64'),
        'X-Amz-Server-Side-Encryption': 'AES256',
        'X-Amz-Meta-Sha256': checksum,
        'X-Amz-Meta-Tenant': tenant,
        // Of two that put at once one gets 412. Servers that don't know it keep both, as versions.
        'If-None-Match': '*',
        ...(isLocked
          ? {
              'X-Amz-Object-Lock-Mode': 'COMPLIANCE',
              'X-Amz-Object-Lock-Retain-Until-Date': until.toISOString(),
            }
          : {}),
      };
      try {
        // `putObject` would make metadata of the lock's headers.
        await calling(signal, async () => {
          const answer = await client.makeRequestAsync(
            { method: 'PUT', bucketName: bucket, objectName: key, headers },
            bufferOf(bytes),
            [200],
            server.region,
          );
          answer.resume();
        });
      } catch (error) {
        if (!isTaken(error) || !(await same())) throw error;
      }
      return { checksum, isLocked };
    },

    async read(givenTenant, givenKey, signal) {
      const [key, tenant] = [checked(Key, givenKey), checked(Tenant, givenTenant)];
      return await unlessMissing(
        calling(signal, async () => {
          const { bytes, headers } = await readObject(client, bucket, key, mostBytes);
          if (headers['x-amz-meta-tenant'] !== tenant) return null;
          if (createHash('sha256').update(bytes).digest('hex') !== headers['x-amz-meta-sha256']) {
            throw new ProviderRefused(provider, 'file_damaged');
          }
          return bytes;
        }),
      );
    },
  };
}

/** @throws {RangeError} quotes nothing of it */
function checked(schema: v.GenericSchema<unknown, string>, given: string): string {
  const result = v.safeParse(schema, given);
  if (!result.success) throw new RangeError('The place of an invoice, or its date, is malformed');
  return result.output;
}

async function hasLock(
  run: (request: () => Promise<unknown>) => Promise<unknown>,
  request: () => Promise<unknown>,
): Promise<boolean> {
  try {
    const found = v.safeParse(
      v.object({ objectLockEnabled: v.literal('Enabled') }),
      await run(request),
    );
    return found.success;
  } catch (error) {
    if (isNotImplemented(error)) return false;
    // No lock is an error in S3; any other refusal, a bucket that is not there for one, decides nothing.
    if (error instanceof ProviderRefused && noLockCodes.has(error.reason)) return false;
    throw error;
  }
}

const noLockCodes = new Set([
  'ObjectLockConfigurationNotFoundError',
  'InvalidRequest',
  'MethodNotAllowed',
]);

/** 501 comes as a broken server, but says which part of it is missing. */
function isNotImplemented(error: unknown): boolean {
  return (
    error instanceof ExpectedError &&
    'reason' in error &&
    (error.reason === 'status_501' || error.reason === 'NotImplemented')
  );
}

/** 409: another put of the same key is under way. */
function isTaken(error: unknown): boolean {
  return (
    error instanceof ProviderRefused &&
    ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.reason)
  );
}

async function unlessMissing<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** "No retention" is an error in S3, with a code that servers do not agree on. */
async function orNull<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof ProviderRefused) return null;
    throw error;
  }
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
