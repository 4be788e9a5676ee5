import type { LeakReason } from '../../actors/shapes/imaging.ts';
import { type DicomElement, plain } from './dicom.ts';
import { type PixelCheck, type PixelDescription, isPixelTag, pixelCheck } from './pixels.ts';

/** Why an object may not leave, and the element that says so. */
type Add = (reason: LeakReason, element: Pick<DicomElement, 'tag' | 'parents'>) => void;

/** Looks at one object, element by element, for what it is and not for whose. */
export interface Gate {
  element(element: DicomElement): void;
  bulk(element: Pick<DicomElement, 'tag' | 'parents'>, piece: Buffer): void;
  /** After the whole object. Also says what is missing. */
  end(): void;
  /** Of a pixel, as far as it was said before; 2 where it was not. */
  pixelBytes(): number;
}

const storage = '1.2.840.10008.5.1.4.1.1.';
/**
 * Pictures that a scanner makes of the inside of a body and that have nothing else in them: no photographs, no ultrasound
 * and endoscopy (text is part of their picture), no captures, documents, reports and drawings.
 */
const classes = new Set(
  [
    ['1', '1.1', '1.1.1'], // Computed and digital radiography
    ['1.2', '1.2.1'], // Mammography
    ['2', '2.1'], // CT
    ['4', '4.1'], // MR
    ['12.1', '12.1.1', '12.2', '12.2.1'], // Angiography and fluoroscopy
    ['20'], // Nuclear medicine
    ['128', '130'], // PET
  ].flatMap((line) => line.map((end) => storage + end)),
);
const modalities = new Set(['CR', 'DX', 'MG', 'CT', 'MR', 'XA', 'RF', 'NM', 'PT']);
/** Not compressed, so that every bit can be looked at. */
const native = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1']);
const greyscale = /^MONOCHROME[12]$/;
/** In an image type's later values: a picture of a screen or of paper, or one that tells of the examination. */
const captured =
  /SCREEN|CAPTURE|SAVE|SECONDARY|PHOTO|REPORT|DOSE|PROT|DOCUMENT|SCANNED|PRINT|ANNOT|TEXT|SUMMARY/;
/** How something from outside was made a picture: scanned film, paper, a workstation's screen. */
const conversion = new Set([
  '00181010',
  '00181012',
  '00181014',
  '00181016',
  '00181018',
  '00181019',
]);
const pixelData = '7FE00010';

/**
 * What an object has to be to leave: everything else is held. `side`: the source may be compressed, because its copy is not; a
 * copy has to be native.
 */
export function gateOf(side: 'source' | 'copy', add: Add): Gate {
  const said: Record<string, string> = {};
  const numbers: { -readonly [Tag in keyof PixelDescription]: PixelDescription[Tag] } = {};
  let pixels: PixelCheck | null | undefined;
  let hasPixels = false;

  const top = (tag: string) => ({ tag, parents: [] });

  function kind(tag: string, text: string): void {
    // Its first two values say whose the picture is: the scanner's own.
    const [origin, made, ...more] = text.split('\\').map((one) => one.trim());
    if (origin !== 'ORIGINAL' || made !== 'PRIMARY' || more.some((one) => captured.test(one))) {
      add('image_type', top(tag));
    }
  }

  return {
    element(element) {
      const { tag, parents, value } = element;
      if (tag.startsWith('60')) add('overlay', element);
      if (tag === '00420011') add('encapsulated', element);
      const text = value === null ? '' : plain(value);
      // A frame may be another thing than its object.
      if (tag === '00089007' && !/^ORIGINAL\\PRIMARY(\\|$)/.test(text)) add('image_type', element);
      if (tag === '00280301' && text !== 'NO' && text !== '') add('burned_in', element);
      if (tag === '00280302' && text !== 'NO' && text !== '') add('recognisable', element);
      if (parents.length > 0) return;
      if (tag === pixelData) hasPixels = true;
      if (conversion.has(tag) && text !== '') add('modality', element);
      // A picture that was scanned, drawn or photographed from somewhere else, whatever modality it claims.
      if (tag === '00080064' && text !== '' && text !== 'DI') add('modality', element);
      if (value === null) return;
      said[tag] = text;
      if (isPixelTag(tag)) numbers[tag] = numberIn(tag, value);
    },
    bulk({ tag, parents }, piece) {
      if (tag !== pixelData || parents.length > 0) return;
      if (!native.has(said['00020010'] ?? '')) return;
      if (pixels === undefined) pixels = pixelCheck(numbers);
      pixels?.piece(piece);
    },
    end() {
      const sopClass = said['00080016'] ?? '';
      if (!classes.has(sopClass)) {
        // What follows is of use only for a class that may leave.
        add('sop_class', top('00080016'));
        return;
      }
      if (said['00020002'] !== sopClass) add('sop_class', top('00020002'));
      if (!modalities.has(said['00080060'] ?? '')) add('modality', top('00080060'));
      kind('00080008', said['00080008'] ?? '');
      if (!hasPixels) {
        add('no_pixels', top(pixelData));
        return;
      }
      if (!greyscale.test(said['00280004'] ?? '') || (numbers['00280002'] ?? 1) !== 1) {
        add('colour', top('00280004'));
      }
      if (native.has(said['00020010'] ?? '')) {
        if (!pixels) add('pixels', top('00280100'));
        for (const reason of pixels?.end() ?? []) add(reason, top(pixelData));
      } else if (side === 'copy') {
        add('transfer_syntax', top('00020010'));
      }
    },
    pixelBytes: () => ((numbers['00280100'] ?? 16) === 8 ? 1 : 2),
  };
}

/** The number of frames is a text, all others are the computer's own of two bytes. */
function numberIn(tag: string, value: Buffer): number | undefined {
  if (tag !== '00280008') return value.length === 2 ? value.readUInt16LE(0) : undefined;
  const text = plain(value).trim();
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
