import { createHash, randomUUID } from 'node:crypto';
import {
  link,
  mkdir,
  open as openFile,
  readFile,
  readdir,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import * as v from 'valibot';

import { ProviderBusy } from '../../actors/errors.ts';
import { checkedOwner, checkedPlace, keyOf } from '../../actors/ports/document-place.ts';
import type {
  DocumentPlace,
  DocumentStore,
  DocumentVersion,
  DocumentsPort,
  NewDocument,
} from '../../actors/ports/documents.ts';
import type { StoredDocument } from '../../actors/shapes/documents.ts';
import { hasCode, onDisk, unlessGone } from './disk.ts';

/** Turns a document into what may lie on the disk, or back, for one place alone. */
export type DocumentEncryption = (place: DocumentPlace, bytes: Uint8Array) => Promise<Uint8Array>;

export interface EmbeddedStoreOptions {
  /** Ours alone; several processes of ours may share it. Made if absent. */
  readonly folder: string;
  /** Authenticated encryption, bound to the place. */
  readonly encrypt: DocumentEncryption;
  /** Undoes `encrypt`; rejects what `encrypt` did not make for that place. */
  readonly decrypt: DocumentEncryption;
  /** Milliseconds since 1970. `Date.now` if absent. */
  readonly now?: () => number;
}

export interface EmbeddedStore extends DocumentsPort, Pick<DocumentStore, 'stat' | 'list'> {
  /**
   * Removes each version that was stored more than 180 days before `now` (ms since 1970), the newest too, and what crashes
   * left behind. Answers how many versions went.
   */
  expire(now: number): Promise<number>;
}

/** As long as the platform keeps documents. */
const lifetimeMs = 180 * 24 * 60 * 60 * 1_000;
/** No put takes this long: what lies in `drafts` for longer was left by a crash. */
const draftLifetimeMs = 24 * 60 * 60 * 1_000;
/** More than there are ever puts to one name at a time. */
const mostRounds = 1_000;
const mostListed = 1_000;
/** Of the time in front of each encrypted version: ms since 1970, a 64-bit float. */
const timeBytes = 8;

/** In front of the bytes, and encrypted with them: a checksum on the disk would give a known document away. */
const Label = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ contentType: v.string(), checksum: v.string() }),
);

interface Content extends v.InferOutput<typeof Label> {
  readonly bytes: Uint8Array;
}

/**
 * Documents on this machine's disk, for development and for a single server. Each version is one encrypted file,
 * `docs/{tenant}/{caseId}/{name}/{number}`. It appears whole or not at all, and once `put` has resolved it stays through
 * a power cut.
 *
 * Beside the port's own, all throw `RangeError` for a malformed place, `ProviderBusy` with the system's code when the
 * disk fails (the same put may be tried again), and whatever `encrypt` and `decrypt` throw.
 */
export function embeddedStore(options: EmbeddedStoreOptions): EmbeddedStore {
  const { folder, encrypt, decrypt, now = Date.now } = options;
  const docs = join(folder, 'docs');
  const drafts = join(folder, 'drafts');

  /** `number` is 0 when there is no version. */
  async function newest(
    place: DocumentPlace,
  ): Promise<{ number: number; content: Content | null; storedAt: number }> {
    for (;;) {
      const versions = (await namesIn(pathOf(place))).filter((name) => /^\d{12}$/.test(name));
      const number = Math.max(0, ...versions.map(Number)); // What somebody else left there is no version.
      if (number === 0) return { number, content: null, storedAt: 0 };
      const stored = await unlessGone(readFile(join(pathOf(place), versionName(number))));
      if (stored === null) continue; // It expired between the two: look again.
      const content = unpacked(await decrypt(place, stored.subarray(timeBytes)));
      return { number, content, storedAt: stored.readDoubleBE(0) };
    }
  }

  async function about(place: DocumentPlace): Promise<DocumentVersion | null> {
    const { number, content, storedAt } = await newest(place);
    return (
      content && {
        key: keyOf(place),
        name: place.name,
        size: content.bytes.length,
        checksum: content.checksum,
        contentType: content.contentType,
        version: versionName(number),
        storedAt: new Date(storedAt).toISOString(),
      }
    );
  }

  /** Writes a version where nobody looks yet; answers where. */
  async function drafted(place: DocumentPlace, content: Content): Promise<string> {
    const encrypted = await encrypt(place, packed(content));
    const storedAt = now();
    const time = Buffer.alloc(timeBytes);
    time.writeDoubleBE(storedAt);
    await mkdir(drafts, { recursive: true, mode: 0o700 });
    const draft = join(drafts, randomUUID());
    const file = await openFile(draft, 'wx', 0o600);
    try {
      await file.writeFile(time);
      await file.writeFile(encrypted); // Goes on where the first ended.
      await file.utimes(storedAt / 1_000, storedAt / 1_000); // So that one clock rules.
      await file.sync();
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return draft;
  }

  /**
   * Makes a draft version `number`; false if another put was faster. A link and not a rename, because a rename would take
   * the place of that other put's version without a word, from another process too.
   */
  async function published(draft: string, place: DocumentPlace, number: number): Promise<boolean> {
    try {
      await mkdir(pathOf(place), { recursive: true, mode: 0o700 });
      await link(draft, join(pathOf(place), versionName(number)));
      return true;
    } catch (error) {
      // ENOENT: an expiry took one of the folders away while it was empty.
      if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOENT')) return false;
      throw error;
    }
  }

  async function store({ bytes, contentType, ...place }: NewDocument): Promise<StoredDocument> {
    const checksum = createHash('sha256').update(bytes).digest('hex');
    const stored = { key: keyOf(place), size: bytes.length, checksum };
    let draft: string | null = null;
    try {
      // Each round that fails is another put or an expiry that got on.
      for (let round = 0; round < mostRounds; round += 1) {
        const { number, content } = await newest(place);
        if (content?.checksum === checksum) {
          // Whoever stored it may have crashed, or still be waiting, before its folder was on the disk.
          await syncFolders(place);
          return { ...stored, contentType: content.contentType };
        }
        draft ??= await drafted(place, { bytes, contentType, checksum });
        if (await published(draft, place, number + 1)) {
          await syncFolders(place);
          return { ...stored, contentType };
        }
        // We may have slept so long that an expiry took it for the rest of a crash.
        if ((await unlessGone(stat(draft))) === null) draft = null;
      }
      throw new ProviderBusy('documents', 'contended');
    } finally {
      if (draft !== null) await rm(draft, { force: true });
    }
  }

  /** From the document's own folder up to ours, since any of them may be new. */
  async function syncFolders(place: DocumentPlace): Promise<void> {
    for (let path = pathOf(place); relative(folder, path) !== '..'; path = dirname(path)) {
      const handle = await openFile(path, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  }

  async function expireDocument(path: string, before: number): Promise<number> {
    let removed = 0;
    for (const version of await namesIn(path)) {
      const storedAt = await unlessGone(timeOf(join(path, version)));
      if (storedAt === null || storedAt >= before) continue;
      await rm(join(path, version), { force: true });
      removed += 1;
    }
    // From the inside out; a folder that still holds something stays.
    for (let empty = path; empty !== docs; empty = dirname(empty)) {
      if (!(await removedIfEmpty(empty))) break;
    }
    return removed;
  }

  const pathOf = ({ tenant, caseId, name }: DocumentPlace) => join(docs, tenant, caseId, name);

  return {
    put: (document, signal) =>
      onDisk('documents', async () => {
        const place = checkedPlace(document);
        if (signal.aborted) throw new ProviderBusy('documents', 'not_stored');
        const { bytes, contentType } = document;
        return await store({ ...place, bytes, contentType });
      }),
    get: (given, signal) =>
      onDisk('documents', async () => {
        const place = checkedPlace(given);
        if (signal.aborted) throw new ProviderBusy('documents', 'not_read');
        const { content } = await newest(place);
        return content && { bytes: content.bytes, contentType: content.contentType };
      }),
    stat: (given, signal) =>
      onDisk('documents', async () => {
        const place = checkedPlace(given);
        if (signal.aborted) throw new ProviderBusy('documents', 'not_read');
        return await about(place);
      }),
    list: (given, signal) =>
      onDisk('documents', async () => {
        const { tenant, caseId } = checkedOwner(given);
        const names = (await namesIn(join(docs, tenant, caseId))).toSorted().slice(0, mostListed);
        const found: DocumentVersion[] = [];
        // One at a time: each is read and opened whole.
        for (const name of names) {
          if (signal.aborted) throw new ProviderBusy('documents', 'not_read');
          const version = await about({ tenant, caseId, name });
          if (version !== null) found.push(version);
        }
        return found;
      }),
    expire: (now) =>
      onDisk('documents', async () => {
        let removed = 0;
        for (const tenant of await namesIn(docs)) {
          for (const caseId of await namesIn(join(docs, tenant))) {
            for (const name of await namesIn(join(docs, tenant, caseId))) {
              removed += await expireDocument(join(docs, tenant, caseId, name), now - lifetimeMs);
            }
          }
        }
        for (const draft of await namesIn(drafts)) {
          const about = await unlessGone(stat(join(drafts, draft)));
          if (about !== null && about.mtimeMs < now - draftLifetimeMs) {
            await rm(join(drafts, draft), { force: true });
          }
        }
        return removed;
      }),
  };
}

function versionName(number: number): string {
  return String(number).padStart(12, '0');
}

/** `length(4, big-endian) | label | bytes` */
function packed({ bytes, ...label }: Content): Uint8Array {
  const text = Buffer.from(JSON.stringify(label));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, bytes]);
}

function unpacked(plain: Uint8Array): Content {
  const all = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
  const end = 4 + all.readUInt32BE(0);
  return { ...v.parse(Label, all.toString('utf8', 4, end)), bytes: all.subarray(end) };
}

async function timeOf(path: string): Promise<number> {
  const file = await openFile(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(timeBytes), 0, timeBytes, 0);
    return buffer.readDoubleBE(0);
  } finally {
    await file.close();
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  return (await unlessGone(readdir(path))) ?? [];
}

async function removedIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false;
    return hasCode(error, 'ENOENT') || Promise.reject(error);
  }
}
