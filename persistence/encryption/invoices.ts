import { decryptBytes, encrypt, type Place } from './cipher.ts';
import { CiphertextBroken } from './errors.ts';
import type { Keyring } from './keyring.ts';

/** A file of an invoice: `invoices/{ettn}.pdf`, and whose it is. */
interface InvoicePlace {
  readonly tenant: string;
  readonly key: string;
}

/** Encrypts the files of invoices each with a key of its own, which lies wrapped in front of it: they outlive an erased case. */
export interface InvoiceEncryption {
  encrypt(place: InvoicePlace, bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws {CiphertextBroken | KeyMissing} not what `encrypt` made for that place, or under a root key that is gone */
  decrypt(place: InvoicePlace, encrypted: Uint8Array): Promise<Uint8Array>;
}

/** Two bytes: how long the wrapped key is. */
const headBytes = 2;

export function createInvoiceEncryption(keyring: Keyring): InvoiceEncryption {
  return {
    async encrypt({ tenant, key: file }, bytes) {
      const key = await keyring.newDataKey(tenant, file);
      const head = Buffer.alloc(headBytes);
      head.writeUInt16BE(key.wrapped.length);
      return Buffer.concat([
        head,
        key.wrapped,
        encrypt(key, placeOf(tenant, file), asBuffer(bytes)),
      ]);
    },
    async decrypt({ tenant, key: file }, encrypted) {
      const bytes = asBuffer(encrypted);
      const wrappedBytes = bytes.length < headBytes ? Infinity : bytes.readUInt16BE();
      const end = headBytes + wrappedBytes;
      if (bytes.length <= end) throw new CiphertextBroken('invoices.bytes', 'form');
      const key = await keyring.unwrap(tenant, file, bytes.subarray(headBytes, end));
      return decryptBytes(key, placeOf(tenant, file), bytes.subarray(end));
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
