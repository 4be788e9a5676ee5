import type { DocumentPlace } from '../../actors/ports/documents.ts';
import { KeyMissing } from '../database/errors.ts';
import { reached } from '../database/pool.ts';
import { openBytes, seal, type Place } from './cipher.ts';
import type { DataKeys } from './data-keys.ts';

/** Seals documents with their case's own key, so that destroying the key destroys them too, wherever copies lie. */
export interface Sealing {
  /**
   * @throws {KeyMissing} no such case, or its key was destroyed
   * @throws {KeyUnreadable} its key is broken
   * @throws {ProviderUnreachable} the database, which has the keys, is away
   */
  seal(place: DocumentPlace, bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws {KeyMissing | KeyUnreadable | SealBroken | ProviderUnreachable} */
  open(place: DocumentPlace, sealed: Uint8Array): Promise<Uint8Array>;
}

export function createSealing(keys: Pick<DataKeys, 'load'>): Sealing {
  async function keyOf({ tenant, caseId }: DocumentPlace) {
    const { known, broken } = await reached('documents', keys.load([caseId]));
    const unreadable = broken.get(caseId);
    if (unreadable) throw unreadable;
    const key = known.get(caseId);
    if (key?.tenant !== tenant) throw new KeyMissing(caseId);
    return key;
  }
  return {
    seal: async (place, bytes) => seal(await keyOf(place), rowOf(place), asBuffer(bytes)),
    open: async (place, sealed) => openBytes(await keyOf(place), rowOf(place), asBuffer(sealed)),
  };
}

const rowOf = ({ tenant, caseId, name }: DocumentPlace): Place => ({
  tenant,
  caseId,
  table: 'documents',
  column: 'bytes',
  row: name,
});

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
