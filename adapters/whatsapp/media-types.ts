import { fileTypeFromBuffer } from 'file-type';

import { MediaRefused } from '../../actors/errors.ts';
import { type Size, imageSize } from './image-size.ts';

/** What we keep of what patients send: all but stickers. */
export type KeptKind = 'image' | 'document' | 'audio' | 'video';

/** What a kind may be, by what `file-type` calls it, and what we call it then. */
const sniffed: Readonly<Record<KeptKind, ReadonlyMap<string, string>>> = {
  image: new Map([
    ['image/jpeg', 'image/jpeg'],
    ['image/png', 'image/png'],
    ['image/webp', 'image/webp'],
  ]),
  document: new Map([['application/pdf', 'application/pdf']]),
  audio: new Map([
    ['audio/ogg; codecs=opus', 'audio/ogg'],
    ['audio/aac', 'audio/aac'],
    ['audio/amr', 'audio/amr'],
    ['audio/mpeg', 'audio/mpeg'],
    ['audio/mp4', 'audio/mp4'],
    ['audio/x-m4a', 'audio/mp4'],
    // Many recorders write the brand of a film; what is in it, its first bytes do not say.
    ['video/mp4', 'audio/mp4'],
  ]),
  video: new Map([
    ['video/mp4', 'video/mp4'],
    ['video/3gpp', 'video/3gpp'],
  ]),
};

/** What senders claim for the same. */
const claimed: Readonly<Record<KeptKind, ReadonlySet<string>>> = {
  image: new Set(['image/jpeg', 'image/jpg', 'image/png', 'image/webp']),
  document: new Set(['application/pdf']),
  audio: new Set([
    'audio/ogg',
    'audio/opus',
    'audio/aac',
    'audio/amr',
    'audio/mpeg',
    'audio/mp4',
    'audio/x-m4a',
    'audio/m4a',
  ]),
  video: new Set(['video/mp4', 'video/3gpp', 'video/3gp']),
};

/** A claimed MIME type, without its parameters, if its kind may be that; else undefined. */
export function claimedType(kind: KeptKind, mimeType: string): string | undefined {
  const type = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return claimed[kind].has(type) ? type : undefined;
}

/**
 * The MIME type of a file by its own bytes, once it has proved to be what its kind may be, and nothing else beside it.
 *
 * @throws {MediaRefused} `wrong_type`; `damaged` for an image without a size, `too_large` for one of too many pixels;
 *   `unsafe` for a file that another program would read as something else
 */
export async function typeOf(
  kind: KeptKind,
  bytes: Uint8Array,
  maxPixels: number,
): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  const type = found && sniffed[kind].get(found.mime);
  if (type === undefined) throw new MediaRefused('wrong_type');
  if (isPolyglot(type, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    throw new MediaRefused('unsafe');
  }
  if (kind === 'image' && pixels(imageSize(type, bytes)) > maxPixels) {
    throw new MediaRefused('too_large');
  }
  return type;
}

function pixels(size: Size | undefined): number {
  if (size === undefined || size.width === 0 || size.height === 0)
    throw new MediaRefused('damaged');
  return size.width * size.height;
}

/**
 * The two formats that do not have to begin a file. A reader of PDF looks for its header in the first 1,024 bytes, a
 * reader of ZIP (with it of JAR, APK and office documents) for a directory that ends where the file ends.
 */
function isPolyglot(type: string, bytes: Buffer): boolean {
  if (type !== 'application/pdf' && bytes.subarray(0, 1_024).includes('%PDF-')) return true;
  const directoryBytes = 22;
  const longestComment = 65_535;
  const next = (from: number) => bytes.indexOf('PK\x05\x06', from, 'latin1');
  const earliest = Math.max(0, bytes.length - directoryBytes - longestComment);
  for (let at = next(earliest); at !== -1; at = next(at + 1)) {
    const end = at + directoryBytes;
    if (end <= bytes.length && end + bytes.readUInt16LE(end - 2) === bytes.length) return true;
  }
  return false;
}
