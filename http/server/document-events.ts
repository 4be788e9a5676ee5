import { keyOf } from '../../actors/ports/document-place.ts';
import type { DocumentPlace } from '../../actors/ports/documents.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import { contentKey } from './pipeline.ts';

/** Of deliveries about documents, whoever tells of them. */
export const documentSource = 'documents';

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
    source: documentSource,
    dedupeKey: contentKey([bucket, key, version, sequencer]),
    type: 'document.uploaded',
    data,
    about: { kind: 'case', caseId },
  };
}
