import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { createDocumentLinks, type DocumentLinks } from '../../actors/performers/document-links.ts';
import {
  createTravellerLinks,
  type TravellerLinks,
} from '../../actors/performers/traveller-links.ts';
import type { DocumentStore, ServedDocuments } from '../../actors/ports/documents.ts';
import { createDocumentEncryption } from '../../persistence/encryption/documents.ts';
import { onFirstUse } from './on-first-use.ts';
import type { System } from './system.ts';

/** Documents, and what only a store without a server of its own needs of us. */
export interface Documents {
  readonly store: DocumentStore;
  readonly served?: ServedDocuments;
  readonly expire?: (now: number) => Promise<number>;
}

/** Where documents are: in the bucket that the settings name, else on the disk under DATA_DIR. */
export async function documentsOf({
  config,
  ledger,
  edgeUrl,
  telemetry,
}: System): Promise<Documents> {
  const { s3, bucket, linkKeys, publicUrl } = config.documents;
  if (s3 !== null) {
    const store = onFirstUse<DocumentStore>(async () => {
      const { minioDocuments, minioPolicy } = await import('../../adapters/minio/documents.ts');
      const { callPolicy } = await import('../../adapters/policy.ts');
      const policy = callPolicy('minio', minioPolicy, telemetry.log);
      return minioDocuments({ ...s3, bucket, policy, telemetry });
    });
    return { store };
  }
  const { embeddedStore } = await import('../../adapters/embedded-store/documents.ts');
  const { embeddedLinks } = await import('../../adapters/embedded-store/links.ts');
  const disk = embeddedStore({
    folder: join(config.dataDir, 'documents'),
    ...createDocumentEncryption(ledger.keys),
  });
  const store = embeddedLinks({
    store: disk,
    bucket,
    edgeUrl: () => publicUrl ?? edgeUrl(),
    keys: linkKeys,
  });
  return { store, served: store, expire: (now) => disk.expire(now) };
}

export function linksOf({ config: { documents } }: System): DocumentLinks {
  return createDocumentLinks({ keys: documents.linkKeys, newId: randomUUID, now: Date.now });
}

export function travellerLinksOf({ config: { documents } }: System): TravellerLinks {
  return createTravellerLinks({ keys: documents.linkKeys, newId: randomUUID, now: Date.now });
}
