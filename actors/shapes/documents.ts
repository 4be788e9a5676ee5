import * as v from 'valibot';

import { Id, Text, Time, type Shape } from './basics.ts';

/** What patients are asked to upload. */
export const documentKinds = ['passport', 'visa', 'report', 'x-ray'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** A document to look into: what the patient uploaded, and as what. */
export const DocumentToVerify = v.strictObject({
  key: v.pipe(v.string(), v.maxLength(1_024)),
  kind: v.picklist(documentKinds),
});

/** The last part of a document's key. */
export const DocumentName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$/));

/** A patient's file that we keep. */
export interface StoredDocument {
  /** `docs/{tenant}/{caseId}/{name}`. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hex. */
  readonly checksum: string;
  readonly contentType: string;
}

/** A file that a patient sent, to be fetched while the provider still has it. */
export const Attachment = v.strictObject({
  kind: v.picklist(['image', 'document', 'audio', 'video']),
  mediaId: Id,
  /** SHA-256 of the file, base64, as the webhook said it; null if it did not. */
  sha256: v.nullable(Text),
  /** When it was sent, by the provider's clock. */
  at: Time,
});
export type Attachment = Shape<typeof Attachment>;
