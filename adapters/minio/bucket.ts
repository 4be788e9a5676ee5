import { isDeepStrictEqual } from 'node:util';

import type { Client, LifecycleConfig } from 'minio';
import * as v from 'valibot';

import { ExpectedError, ProviderRefused } from '../../actors/errors.ts';
import { s3Client, type S3Client, type S3Server } from './client.ts';

/** How the bucket of documents is to be. */
export interface WantedBucket {
  readonly bucket: string;
  /**
   * Where the server tells of uploads, as it names that itself: `arn:minio:sqs:<region>:<id>:webhook`, or a topic,
   * `arn:aws:sns:…`. Null for nowhere.
   */
  readonly notifyArn: string | null;
}

/** What came of one of the bucket's properties. */
export interface Applied {
  readonly property:
    | 'bucket'
    | 'versioning'
    | 'encryption'
    | 'lifecycle'
    | 'notification'
    | 'policy';
  /** `kept`: it was so already. `refused`: the server can't or may not; `note` says what holds instead. */
  readonly outcome: 'made' | 'kept' | 'refused' | 'skipped';
  readonly note: string;
}

/** As long as the platform keeps documents, and again as long for what was overwritten or deleted is too long: the same clock rules both. */
const lifetimeDays = 180;

const lifecycle = {
  Rule: [
    {
      ID: 'documents-expire',
      Status: 'Enabled',
      Filter: { Prefix: 'docs/' },
      Expiration: { Days: lifetimeDays },
      NoncurrentVersionExpiration: { NoncurrentDays: lifetimeDays },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ],
};

const oneOrMany = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.union([v.array(item), item]),
    v.transform((items) => (Array.isArray(items) ? items : [items]) as v.InferOutput<Item>[]),
  );
const Days = v.pipe(v.union([v.string(), v.number()]), v.transform(Number));
/** What of a rule is ours to compare; servers add empty elements and write numbers as they like. */
const Rules = v.object({
  Rule: oneOrMany(
    v.object({
      ID: v.string(),
      Status: v.string(),
      Filter: v.object({ Prefix: v.string() }),
      Expiration: v.object({ Days }),
      NoncurrentVersionExpiration: v.object({ NoncurrentDays: Days }),
      AbortIncompleteMultipartUpload: v.object({ DaysAfterInitiation: Days }),
    }),
  ),
});
const Encryption = v.object({
  ServerSideEncryptionConfiguration: v.object({
    Rule: oneOrMany(
      v.object({ ApplyServerSideEncryptionByDefault: v.object({ SSEAlgorithm: v.string() }) }),
    ),
  }),
});
const Target = v.looseObject({ Event: v.array(v.string()) });
const Notifications = v.object({
  QueueConfiguration: v.array(Target),
  TopicConfiguration: v.array(Target),
});
const Policy = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ Statement: v.array(v.unknown()) }),
);

/** `PutTagging` and the like are under `s3:ObjectCreated:` too, so each way of an upload is named. */
const uploadEvents = ['Put', 'Post', 'CompleteMultipartUpload', 'Copy'].map(
  (way) => `s3:ObjectCreated:${way}`,
);

/**
 * Makes the bucket as it is to be, one property after the other, and changes nothing that is so already. What a server
 * refuses or does not know is said and does not stop the rest.
 *
 * @throws {ExpectedError} the server does not answer, or does not take our keys: as `S3Client.run`
 */
export async function applyBucket(
  server: S3Server,
  wanted: WantedBucket,
  signal: AbortSignal,
): Promise<readonly Applied[]> {
  const s3 = s3Client(server);
  const { bucket } = wanted;
  const run = <T>(request: (client: Client) => Promise<T>) =>
    s3.run(signal, () => request(s3.client));
  const applied: Applied[] = [await applyItself(s3, server.region, bucket, signal)];

  applied.push(
    await property('versioning', {
      isSo: async () =>
        statusOf(await run((client) => client.getBucketVersioning(bucket))) === 'Enabled',
      make: () => run((client) => client.setBucketVersioning(bucket, { Status: 'Enabled' })),
      so: 'each upload to a name is a version of its own',
      instead: 'a second upload to a name takes the place of the first',
    }),
    await property('encryption', {
      isSo: async () => {
        const found = v.safeParse(
          Encryption,
          await run((client) => client.getBucketEncryption(bucket)),
        );
        const [rule] = found.success ? found.output.ServerSideEncryptionConfiguration.Rule : [];
        return rule?.ApplyServerSideEncryptionByDefault.SSEAlgorithm === 'AES256';
      },
      make: () => run((client) => client.setBucketEncryption(bucket)),
      so: 'AES256 for whatever comes without a wish of its own',
      instead:
        "we ask for AES256 with each document; for the rest the server's own default key must be set",
    }),
    await property('lifecycle', {
      isSo: async () => {
        const found = await run((client) => client.getBucketLifecycle(bucket));
        const rules = v.safeParse(Rules, found);
        return rules.success && isDeepStrictEqual(rules.output, lifecycle);
      },
      make: () => run((client) => client.setBucketLifecycle(bucket, lifecycle as LifecycleConfig)),
      so: `current and older versions go after ${lifetimeDays} days, unfinished uploads after 1`,
      instead: 'nothing expires by itself',
    }),
    await notification(run, wanted),
    await property('policy', {
      isSo: async () => {
        const found = v.safeParse(Policy, await run((client) => client.getBucketPolicy(bucket)));
        return found.success && isDeepStrictEqual(found.output.Statement, [tlsOnly(bucket)]);
      },
      make: () =>
        run((client) =>
          client.setBucketPolicy(
            bucket,
            JSON.stringify({ Version: '2012-10-17', Statement: [tlsOnly(bucket)] }),
          ),
        ),
      so: 'nobody gets a document without TLS',
      instead: 'the server must be reached by TLS alone',
      skip: server.baseUrl.startsWith('https:')
        ? null
        : 'we reach the server without TLS ourselves',
    }),
  );
  return applied;
}

/** The bucket itself must be: what throws here stops everything. */
async function applyItself(
  { client, run }: S3Client,
  region: string,
  bucket: string,
  signal: AbortSignal,
): Promise<Applied> {
  if (await run(signal, () => client.bucketExists(bucket))) {
    return { property: 'bucket', outcome: 'kept', note: bucket };
  }
  await run(signal, () => client.makeBucket(bucket, region));
  return { property: 'bucket', outcome: 'made', note: bucket };
}

async function notification(
  run: <T>(request: (client: Client) => Promise<T>) => Promise<T>,
  { bucket, notifyArn }: WantedBucket,
): Promise<Applied> {
  // MinIO's targets are queues; AWS and Ceph have topics too, which somebody has made and subscribed.
  const kind = notifyArn?.includes(':sns:') === true ? 'Topic' : 'Queue';
  const wanted = {
    [`${kind}Configuration`]: [
      {
        Id: 'document-uploaded',
        [kind]: notifyArn,
        Event: uploadEvents,
        Filter: { S3Key: { FilterRule: [{ Name: 'prefix', Value: 'docs/' }] } },
      },
    ],
  };
  return await property('notification', {
    isSo: async () => {
      const found = v.safeParse(
        Notifications,
        await run(async (client) => client.getBucketNotification(bucket)),
      );
      return (
        found.success &&
        found.output[`${kind}Configuration`].some(
          ({ Event, ...target }) =>
            [target[kind]].flat()[0] === notifyArn &&
            isDeepStrictEqual(Event.toSorted(), uploadEvents.toSorted()),
        )
      );
    },
    make: () =>
      run((client) =>
        client.setBucketNotification(
          bucket,
          wanted as unknown as Parameters<Client['setBucketNotification']>[1],
        ),
      ),
    so: `uploads are told to ${notifyArn}`,
    instead: 'uploads are only found by asking for them',
    skip: notifyArn === null ? 'no target is set: uploads are only found by asking for them' : null,
  });
}

interface Property {
  readonly isSo: () => Promise<boolean>;
  readonly make: () => Promise<unknown>;
  /** What holds when it is so. */
  readonly so: string;
  /** What holds when the server refuses. */
  readonly instead: string;
  /** Why not to try; null to try. */
  readonly skip?: string | null;
}

async function property(
  name: Applied['property'],
  { isSo, make, so, instead, skip = null }: Property,
): Promise<Applied> {
  if (skip !== null) return { property: name, outcome: 'skipped', note: skip };
  if (await orNotSo(isSo)) return { property: name, outcome: 'kept', note: so };
  try {
    await make();
    return { property: name, outcome: 'made', note: so };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { property: name, outcome: 'refused', note: `${reasonOf(error)}: ${instead}` };
  }
}

/** "No such configuration" is an error in S3, with another code for each. */
async function orNotSo(isSo: () => Promise<boolean>): Promise<boolean> {
  try {
    return await isSo();
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Of the property, not of us: 501 (not implemented) comes as a broken server, but says which part of it is missing. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ProviderRefused ||
    (error instanceof ExpectedError && 'reason' in error && error.reason === 'status_501')
  );
}

function reasonOf(error: unknown): string {
  return error instanceof ExpectedError && 'reason' in error ? String(error.reason) : 'refused';
}

function statusOf(versioning: unknown): string | undefined {
  const found = v.safeParse(v.object({ Status: v.string() }), versioning);
  return found.success ? found.output.Status : undefined;
}

function tlsOnly(bucket: string) {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: { AWS: ['*'] },
    Action: ['s3:*'],
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
  };
}
