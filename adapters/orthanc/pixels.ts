/** The elements that describe native pixel data. */
const tags = [
  '00280002', // SamplesPerPixel
  '00280008', // NumberOfFrames
  '00280010', // Rows
  '00280011', // Columns
  '00280100', // BitsAllocated
  '00280101', // BitsStored
  '00280102', // HighBit
  '00280103', // PixelRepresentation
] as const;

type PixelTag = (typeof tags)[number];

/** What they say, as numbers. */
export type PixelDescription = Readonly<Partial<Record<PixelTag, number | undefined>>>;

export function isPixelTag(tag: string): tag is PixelTag {
  return (tags as readonly string[]).includes(tag);
}

/** Looks at native pixels as they come. */
export interface PixelCheck {
  piece(bytes: Uint8Array): void;
  /** `high_bits`: there is something beside the picture in its pixels; `pixels`: more or fewer bytes than the picture has. */
  end(): ReadonlySet<'high_bits' | 'pixels'>;
}

/**
 * A pixel's bits beyond those that are said to be its own have to be zero, or in all negative ones the sign again: old
 * devices kept overlays there, with names. Null where the description is no picture's.
 */
export function pixelCheck(described: PixelDescription): PixelCheck | null {
  const { '00280010': rows, '00280011': columns, '00280100': allocated } = described;
  const { '00280101': stored, '00280102': high, '00280002': samples = 1 } = described;
  const { '00280008': frames = 1, '00280103': signed = 0 } = described;
  if (!rows || !columns || !frames || !stored || !allocated || high === undefined) return null;
  if (![8, 16, 32].includes(allocated) || high >= allocated || stored > high + 1) return null;
  const expected = (rows * columns * samples * frames * allocated) / 8;
  const below = 2 ** (high + 1 - stored) - 1;
  const above = (2 ** allocated - 2 ** (high + 1)) | 0;
  const sign = signed === 1 ? (2 ** high) | 0 : 0;
  const found = new Set<'high_bits' | 'pixels'>();
  let length = 0;
  let value = 0;
  let shift = 0;
  let isExtended = false;
  let isPlain = false;

  function judge(): void {
    if ((value & below) !== 0) found.add('high_bits');
    const rest = value & above;
    if ((value & sign) === 0) {
      if (rest !== 0) found.add('high_bits');
    } else if (rest === 0) isPlain = true;
    else if (rest === above) isExtended = true;
    else found.add('high_bits');
  }

  return {
    piece(bytes) {
      length += bytes.length;
      for (let at = 0; at < bytes.length; at++) {
        value |= (bytes[at] ?? 0) << shift;
        shift += 8;
        if (shift < allocated) continue;
        judge();
        value = 0;
        shift = 0;
      }
    },
    end() {
      // A value has an even number of bytes.
      const isWhole = length === expected || (expected % 2 === 1 && length === expected + 1);
      if (!isWhole) found.add('pixels');
      if (isExtended && isPlain && above !== 0) found.add('high_bits');
      return found;
    },
  };
}
