import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open as openFile, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import * as v from 'valibot';

import { ProviderBusy, ProviderRefused } from '../../actors/errors.ts';
import type { InvoiceArchive } from '../../actors/ports/invoicing.ts';
import { hasCode, onDisk, unlessGone } from './disk.ts';

/** Whose file, and which. */
export interface InvoicePlace {
  readonly tenant: string;
  /** `invoices/{ettn}.pdf` */
  readonly key: string;
}

/** Turns a file into what may lie on the disk, or back, for one place alone. */
export type InvoiceEncryption = (place: InvoicePlace, bytes: Uint8Array) => Promise<Uint8Array>;

export interface EmbeddedArchiveOptions {
  /** Ours alone; several processes of ours may share it. Made if absent. */
  readonly folder: string;
  /** Authenticated encryption with a key of the tenant's, not of the case's: invoices outlive an erased case. */
  readonly encrypt: InvoiceEncryption;
  /** Undoes `encrypt`; rejects what `encrypt` did not make for that place. */
  readonly decrypt: InvoiceEncryption;
}

const provider = 'invoices';
const Place = v.object({
  tenant: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,100}$/), v.notValues(['.', '..'])),
  key: v.pipe(v.string(), v.regex(/^invoices\/[0-9a-f-]{36}\.(pdf|xml)$/)),
});
const Until = v.pipe(v.string(), v.isoTimestamp());
/** In front of the bytes, and encrypted with them. */
const Label = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ contentType: v.string(), checksum: v.string(), retainUntil: v.string() }),
);

/**
 * Invoices on this machine's disk, for development and for a single server: `{folder}/{tenant}/{ettn}.pdf`, encrypted, and
 * only for reading. A file appears whole or not at all, stays through a power cut once `keep` has resolved, and nothing
 * here changes or removes it. Whoever owns the disk can, so `isLocked` is false.
 *
 * Beside the port's own, all throw `RangeError` for a malformed place or date, `ProviderBusy` with the system's code when
 * the disk fails, and whatever `encrypt` and `decrypt` throw.
 */
export function embeddedArchive({
  folder,
  encrypt,
  decrypt,
}: EmbeddedArchiveOptions): InvoiceArchive {
  const pathOf = ({ tenant, key }: InvoicePlace) =>
    join(folder, tenant, key.slice('invoices/'.length));
  const drafts = join(folder, 'drafts~'); // No tenant has such a name.

  async function found(place: InvoicePlace) {
    const encrypted = await unlessGone(readFile(pathOf(place)));
    return encrypted && unpacked(await decrypt(place, encrypted));
  }

  /** Writes it where nobody looks yet; answers where. */
  async function drafted(encrypted: Uint8Array): Promise<string> {
    await mkdir(drafts, { recursive: true, mode: 0o700 });
    const draft = join(drafts, randomUUID());
    const file = await openFile(draft, 'wx', 0o400);
    try {
      await file.writeFile(encrypted);
      await file.sync();
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return draft;
  }

  /** False if there is a file already: a link, unlike a rename, never takes another's place. */
  async function published(draft: string, path: string): Promise<boolean> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await link(draft, path);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  async function syncFolders(path: string): Promise<void> {
    for (let at = dirname(path); relative(folder, at) !== '..'; at = dirname(at)) {
      const handle = await openFile(at, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  }

  return {
    keep: ({ bytes, contentType, retainUntil, ...given }, signal) =>
      onDisk(provider, async () => {
        const place = checkedPlace(given);
        if (!v.is(Until, retainUntil)) throw new RangeError('A date to keep until is malformed');
        if (signal.aborted) throw new ProviderBusy(provider, 'not_stored');
        const checksum = createHash('sha256').update(bytes).digest('hex');
        const path = pathOf(place);
        if ((await unlessGone(readFile(path))) === null) {
          const label = { contentType, checksum, retainUntil };
          const draft = await drafted(await encrypt(place, packed(label, bytes)));
          try {
            await published(draft, path);
          } finally {
            await rm(draft, { force: true });
          }
        }
        // Ours, or one that was quicker, or was there.
        const kept = await found(place);
        if (kept?.checksum !== checksum) throw new ProviderRefused(provider, 'other_file_kept');
        await syncFolders(path);
        return { checksum, isLocked: false };
      }),
    read: (tenant, key, signal) =>
      onDisk(provider, async () => {
        const place = checkedPlace({ tenant, key });
        if (signal.aborted) throw new ProviderBusy(provider, 'not_read');
        return (await found(place))?.bytes ?? null;
      }),
  };
}

/** @throws {RangeError} quotes nothing of it */
function checkedPlace(given: InvoicePlace): InvoicePlace {
  const place = v.safeParse(Place, given);
  if (!place.success) throw new RangeError('The place of an invoice is malformed');
  return place.output;
}

/** `length(4, big-endian) | label | bytes` */
function packed(label: object, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(label));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, bytes]);
}

function unpacked(plain: Uint8Array) {
  const all = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  const end = 4 + all.readUInt32BE(0);
  return { ...v.parse(Label, all.toString('utf8', 4, end)), bytes: all.subarray(end) };
}
