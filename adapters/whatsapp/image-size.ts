/** In pixels, as the header says; nothing is decoded. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of a JPEG, PNG or WebP image from its header; undefined if there is none where it belongs.
 * Turning an image (Exif) may swap the two.
 */
export function imageSize(type: string, bytes: Uint8Array): Size | undefined {
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === 'image/png') return pngSize(image);
    if (type === 'image/jpeg') return jpegSize(image);
    if (type === 'image/webp') return webpSize(image);
  } catch (error) {
    // A read behind the end: the file is cut off inside its header.
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}

/** IHDR has to come first. @see https://www.w3.org/TR/png/#11IHDR */
function pngSize(image: Buffer): Size | undefined {
  if (image.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
}

/** Of the first frame header, past whatever segments come before it. @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.2 */
function jpegSize(image: Buffer): Size | undefined {
  let at = 2;
  for (;;) {
    if (image.readUInt8(at) !== 0xff) return undefined;
    const marker = image.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1; // Fill.
    } else if (isFrameHeader(marker)) {
      return { width: image.readUInt16BE(at + 7), height: image.readUInt16BE(at + 5) };
    } else if (marker === 0xd9 || marker === 0xda) {
      return undefined; // The picture begins or ends, and nobody said how large it is.
    } else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // Stands alone.
    } else {
      at += 2 + image.readUInt16BE(at + 2);
    }
  }
}

/** SOF0 to SOF15, without the three of the range that mean something else. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Lossy, lossless and extended. @see https://developers.google.com/speed/webp/docs/riff_container */
function webpSize(image: Buffer): Size | undefined {
  const chunk = image.toString('latin1', 12, 16);
  if (chunk === 'VP8 ') {
    // The upper two bits scale, and say nothing about the pixels there are.
    return { width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
  }
  if (chunk === 'VP8L') {
    const bits = image.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === 'VP8X') {
    return { width: image.readUIntLE(24, 3) + 1, height: image.readUIntLE(27, 3) + 1 };
  }
  return undefined;
}
