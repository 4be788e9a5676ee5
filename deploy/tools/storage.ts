import * as v from 'valibot';

import { applyArchiveBucket } from '../../adapters/minio/archive.ts';
import { applyBucket, type Applied } from '../../adapters/minio/bucket.ts';

const HttpUrl = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[^/]+\/?$/, 'must be https://host or http://host, without a path'),
  v.transform((url) => url.replace(/\/$/, '')),
);

/** The settings of this command. An empty variable counts as unset. */
const Settings = v.object({
  /** The S3 server as we reach it. */
  S3_ENDPOINT: HttpUrl,
  /** Default us-east-1, which is what servers without regions call theirs. */
  S3_REGION: v.optional(v.string(), 'us-east-1'),
  S3_ACCESS_KEY: v.string(),
  S3_SECRET_KEY: v.string(),
  /** Default health-tourism-docs. */
  S3_BUCKET: v.optional(v.string(), 'health-tourism-docs'),
  /** Of invoices alone. Default invoices. */
  INVOICES_BUCKET: v.optional(v.string(), 'invoices'),
  /** The target that leads to `POST /webhooks/documents`: `arn:minio:sqs:<region>:<id>:webhook`, or a topic. Unset: none. */
  S3_NOTIFY_ARN: v.optional(v.nullable(v.string()), null),
});

/** All of it together; each property takes a request or two. */
const timeoutMs = 60_000;

/**
 * `npm run storage:apply`: makes the buckets of documents and of invoices as they are to be and prints what is so. Doing it
 * again changes nothing. Exits with 1 if the server refused a property without which documents are not safe (versions, expiry), and
 * with 2 if it could not look.
 */
async function main(): Promise<number> {
  const given = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const settings = v.safeParse(Settings, given);
  if (!settings.success) {
    const problems = settings.issues.map(
      (issue) =>
        `${v.getDotPath(issue)} ${issue.received === 'undefined' ? 'must be set' : issue.message}`,
    );
    throw new Error(`Settings refused:\n  ${problems.join('\n  ')}`);
  }
  const env = settings.output;
  const server = {
    baseUrl: env.S3_ENDPOINT,
    region: env.S3_REGION,
    accessKey: env.S3_ACCESS_KEY,
    secretKey: env.S3_SECRET_KEY,
  };
  const signal = AbortSignal.timeout(timeoutMs);
  const bucket = { bucket: env.S3_BUCKET, notifyArn: env.S3_NOTIFY_ARN };
  const applied = await applyBucket(server, bucket, signal);
  const invoices = await applyArchiveBucket(server, env.INVOICES_BUCKET, signal);
  process.stdout.write(`${table(applied)}\n`);
  const lock = invoices.isLocked ? 'files are locked until their date' : 'has no object lock';
  process.stdout.write(`${'invoices'.padEnd(13)} ${invoices.outcome.padEnd(8)} ${lock}\n`);
  const made = [...applied, invoices].filter(({ outcome }) => outcome === 'made').length;
  process.stdout.write(made === 0 ? 'Nothing was changed\n' : `${made} changed\n`);
  const unsafe = applied.some(
    ({ property, outcome }) =>
      outcome === 'refused' && (property === 'versioning' || property === 'lifecycle'),
  );
  return unsafe ? 1 : 0;
}

function table(applied: readonly Applied[]): string {
  return applied
    .map(({ property, outcome, note }) => `${property.padEnd(13)} ${outcome.padEnd(8)} ${note}`)
    .join('\n');
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
