import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import { checkpointFile } from '../../adapters/embedded-store/checkpoints.ts';
import { minioCheckpoints } from '../../adapters/minio/checkpoints.ts';
import { minioPolicy } from '../../adapters/minio/documents.ts';
import { callPolicy } from '../../adapters/policy.ts';
import type { Config } from '../../config.ts';
import type { Telemetry } from '../../telemetry.ts';

/** The store of checkpoints that the settings name. */
export function checkpointStoreOf(
  { checkpoints, s3 }: Config['audit'],
  telemetry: Pick<Telemetry, 'integrationCall'>,
): CheckpointStore {
  if (checkpoints.kind === 'file') return checkpointFile(checkpoints.path);
  if (s3 === null) throw new Error('AUDIT_CHECKPOINTS is on an S3 server: S3_ENDPOINT must be set');
  const { bucket, prefix } = checkpoints;
  const policy = callPolicy('minio', minioPolicy);
  return minioCheckpoints({ server: s3, bucket, prefix, now: Date.now, policy, telemetry });
}
