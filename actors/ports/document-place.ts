import * as v from 'valibot';

import type { DocumentPlace } from './documents.ts';

/** One part of a path. Without slashes, only `.` and `..` could lead elsewhere. */
const Part = (length: number) =>
  v.pipe(v.string(), v.maxLength(length), v.regex(/^[A-Za-z0-9._-]+$/), v.notValues(['.', '..']));
const Owner = v.object({ tenant: Part(100), caseId: Part(200) });
const Place = v.object({ ...Owner.entries, name: Part(150) });

/** The place and nothing else. @throws {RangeError} it is malformed; quotes nothing of it */
export function checkedPlace(given: DocumentPlace): DocumentPlace {
  const place = v.safeParse(Place, given);
  if (!place.success) throw new RangeError('The place of a document is malformed');
  return place.output;
}

/** The same for a case's documents together. @throws {RangeError} */
export function checkedOwner(given: v.InferOutput<typeof Owner>): v.InferOutput<typeof Owner> {
  const owner = v.safeParse(Owner, given);
  if (!owner.success) throw new RangeError('The owner of documents is malformed');
  return owner.output;
}

/** `docs/{tenant}/{caseId}/{name}` */
export function keyOf({ tenant, caseId, name }: DocumentPlace): string {
  return `docs/${tenant}/${caseId}/${name}`;
}

/** The place that a key names; null if it names none. */
export function placeOf(key: string): DocumentPlace | null {
  const [docs, tenant, caseId, name, ...more] = key.split('/');
  const place = v.safeParse(Place, { tenant, caseId, name });
  return docs === 'docs' && more.length === 0 && place.success ? place.output : null;
}

/** The type under which a browser gets a document: anything that might run there becomes a bare download. */
export function safeType(contentType: string): string {
  return safeTypes.has(contentType) ? contentType : 'application/octet-stream';
}

const safeTypes = new Set(['application/pdf', 'application/dicom', 'image/jpeg', 'image/png']);

/** A file name for a `Content-Disposition` header: what could end or extend the header becomes `_`. */
export function safeFilename(filename: string): string {
  return filename.replaceAll(/[^\w.-]/g, '_').slice(0, 150) || 'document';
}
