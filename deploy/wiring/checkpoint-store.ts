import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import type { Config } from '../../config.ts';
import type { Telemetry } from '../../telemetry.ts';

/** The store of checkpoints that the settings name; what it is made with is loaded here. */
export async function checkpointStoreOf(
  { checkpoints, s3 }: Config['audit'],
  telemetry: Pick<Telemetry, 'integrationCall'>,
): Promise<CheckpointStore> {
  if (checkpoints.kind === 'file') {
    const { checkpointFile } = await import('../../adapters/embedded-store/checkpoints.ts');
    return checkpointFile(checkpoints.path);
  }
  if (s3 === null) throw new Error('AUDIT_CHECKPOINTS is on an S3 server: S3_ENDPOINT must be set');
  const { minioCheckpoints } = await import('../../adapters/minio/checkpoints.ts');
  const { minioPolicy } = await import('../../adapters/minio/documents.ts');
  const { callPolicy } = await import('../../adapters/policy.ts');
  const { bucket, prefix } = checkpoints;
  const policy = callPolicy('minio', minioPolicy);
  return minioCheckpoints({ server: s3, bucket, prefix, now: Date.now, policy, telemetry });
}
