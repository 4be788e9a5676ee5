import type { IncomingMessage } from 'node:http';

import type { Client } from 'minio';
import * as v from 'valibot';

import { ExpectedError, ProviderUnreachable } from '../../actors/errors.ts';
import {
  longestLine,
  type CheckpointStore,
  type KeptLine,
} from '../../actors/ports/checkpoints.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { CallPolicy } from '../policy.ts';
import { counted, provider, s3Client, type S3Client, type S3Server } from './client.ts';

export interface MinioCheckpointsOptions {
  readonly server: S3Server;
  /** Best in another account than the documents', whose keys may not delete. It is not made here. */
  readonly bucket: string;
  /** In front of each key: empty, or ends with `/`. */
  readonly prefix: string;
  /** How long nobody may remove a checkpoint, where the bucket has object lock. Absent: ten years. */
  readonly retainForMs?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Made from `minioPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** As long as books are kept (the Turkish Commercial Code's ten years), with a day more for each leap year. */
const tenYearsMs = 3_653 * 24 * 60 * 60 * 1_000;
const pageObjects = 64;
/**
 * Two processes that sign at once use the same number, and the slower one's object may come behind our back. It can be
 * behind by as many batches as we write while one request of its lasts.
 */
const overlap = 16;

const Listed = v.looseObject({ name: v.string() });
const Lock = v.object({ objectLockEnabled: v.literal('Enabled') });

/**
 * Checkpoints as objects of any S3 server, `{prefix}{number}-{id}.json`. Where the bucket has object lock each is retained
 * in COMPLIANCE mode, which nobody can take back before its time. Without it whoever has our keys can remove objects,
 * and only the chain of batches tells. One read of an old store asks for each object: 525,600 of a year of busy minutes.
 *
 * Beside the port's own, all throw what `S3Client.run` throws.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function minioCheckpoints(options: MinioCheckpointsOptions): CheckpointStore {
  const { server, bucket, prefix, retainForMs = tenYearsMs, now, policy, telemetry } = options;
  const { client, run } = s3Client(server);
  const key = new RegExp(`^${RegExp.escape(prefix)}(\\d{12})-[0-9a-f]{64}\\.json$`);
  let locks: boolean | undefined;

  const calling = <T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> =>
    policy.execute((attempt) => counted(telemetry, () => run(attempt.signal, request)), signal);

  async function keysAfter(last: string, signal: AbortSignal): Promise<string[]> {
    return await calling(signal, async () => {
      const found: string[] = [];
      const objects = client.listObjectsV2(bucket, prefix, true, last);
      for await (const object of objects as AsyncIterable<unknown>) {
        const listed = v.safeParse(Listed, object);
        if (listed.success && key.test(listed.output.name)) found.push(listed.output.name);
        if (found.length === pageObjects) break;
      }
      return found;
    });
  }

  return {
    async append({ number, id, text }, signal) {
      locks ??= await hasLock(run, client, bucket, signal);
      const name = `${prefix}${paddedTo12(number)}-${id}.json`;
      const bytes = Buffer.from(text);
      // Its name is its content's hash, so the same again is at worst one more version of the same.
      const { versionId } = await calling(signal, () =>
        client.putObject(bucket, name, bytes, bytes.length, { 'Content-Type': 'application/json' }),
      );
      if (!locks) return;
      const retainUntilDate = new Date(now() + retainForMs).toISOString();
      await calling(signal, () =>
        client.putObjectRetention(bucket, name, {
          mode: 'COMPLIANCE',
          retainUntilDate,
          versionId: versionId ?? '', // Where there are locks there are versions.
        }),
      );
    },

    async *read(after, signal) {
      let last = startBefore(after, prefix);
      for (;;) {
        const keys = await keysAfter(last, signal);
        const cursor = keys.at(-1);
        if (cursor === undefined) return;
        const lines = await Promise.all(
          keys.map(async (name): Promise<KeptLine> => ({
            place: name,
            text: await calling(signal, () => textOf(client, bucket, name)),
          })),
        );
        yield { lines, cursor: cursor.slice(prefix.length) };
        if (keys.length < pageObjects) return;
        last = cursor;
      }
    },
  };
}

/** Asked once, because a bucket never loses it. */
async function hasLock(
  run: S3Client['run'],
  client: Client,
  bucket: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const found: unknown = await run(signal, async () => client.getObjectLockConfig(bucket));
    return v.is(Lock, found);
  } catch (error) {
    const reason = error instanceof ExpectedError && 'reason' in error ? error.reason : null;
    // Servers without it do not know the question.
    const none = ['ObjectLockConfigurationNotFoundError', 'NotImplemented', 'status_501'];
    if (typeof reason === 'string' && none.includes(reason)) return false;
    throw error;
  }
}

/** The text of an object; empty, which no batch is, if it is longer than we ever write. */
async function textOf(client: Client, bucket: string, name: string): Promise<string> {
  // The package calls it a stream; it is Node's own answer.
  const answer = (await client.getObject(bucket, name)) as IncomingMessage;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestLine) return ''; // Leaving the loop destroys the answer.
    chunks.push(chunk);
  }
  if (!answer.complete) throw new ProviderUnreachable(provider, 'connection_broken');
  return Buffer.concat(chunks, length).toString();
}

/** The key behind which to list, so that objects come again which others may have put in between. */
function startBefore(cursor: string | null, prefix: string): string {
  if (cursor === null) return '';
  return `${prefix}${paddedTo12(Math.max(0, Number(cursor.slice(0, 12)) - overlap))}`;
}

function paddedTo12(number: number): string {
  return String(number).padStart(12, '0');
}
