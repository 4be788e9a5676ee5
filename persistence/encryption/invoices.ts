import { SealBroken } from '../database/errors.ts';
import { openBytes, seal, type Place } from './cipher.ts';
import type { Keyring } from './keyring.ts';

/** A file of an invoice: `invoices/{ettn}.pdf`, and whose it is. */
interface InvoicePlace {
  readonly tenant: string;
  readonly key: string;
}

/** Seals the files of invoices each with a key of its own, which lies wrapped in front of it: they outlive an erased case. */
export interface InvoiceSealing {
  seal(place: InvoicePlace, bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws {SealBroken | KeyMissing} not what `seal` made for that place, or under a root key that is gone */
  open(place: InvoicePlace, sealed: Uint8Array): Promise<Uint8Array>;
}

/** Two bytes: how long the wrapped key is. */
const headBytes = 2;

export function createInvoiceSealing(keyring: Keyring): InvoiceSealing {
  return {
    async seal({ tenant, key: file }, bytes) {
      const key = await keyring.newDataKey(tenant, file);
      const head = Buffer.alloc(headBytes);
      head.writeUInt16BE(key.wrapped.length);
      return Buffer.concat([head, key.wrapped, seal(key, placeOf(tenant, file), asBuffer(bytes))]);
    },
    async open({ tenant, key: file }, sealed) {
      const bytes = asBuffer(sealed);
      const wrappedBytes = bytes.length < headBytes ? Infinity : bytes.readUInt16BE();
      const end = headBytes + wrappedBytes;
      if (bytes.length <= end) throw new SealBroken('invoices.bytes', 'form');
      const key = await keyring.unwrap(tenant, file, bytes.subarray(headBytes, end));
      return openBytes(key, placeOf(tenant, file), bytes.subarray(end));
    },
  };
}

const placeOf = (tenant: string, file: string): Place => ({
  tenant,
  caseId: file,
  table: 'invoices',
  column: 'bytes',
  row: file,
});

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
