import dcmjs from 'dcmjs';

interface Element {
  readonly vr: string;
  readonly Value: readonly unknown[];
}

/** Elements by their eight hex digits, as dcmjs takes them; null leaves one out. A value of `UN` or `OW` is an `ArrayBuffer`. */
export type Elements = Readonly<Record<string, Element | null>>;

export interface StudyPlan {
  /** How many instances; they go into two series where there is more than one. */
  readonly instances: number;
  /** The first that `Archive.store` sends; 0 if absent. */
  readonly from?: number;
  /** Makes the UIDs of the study; two studies of one number are the same study. */
  readonly number: number;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly modality?: string;
  /** On top of the usual ones, in each instance. */
  readonly elements?: Elements;
  /** On top of the usual file meta information. */
  readonly meta?: Elements;
  /** The 128 bytes before the file; zeros if absent. */
  readonly preamble?: string;
  /** Pixels a side, 16 if absent. */
  readonly side?: number;
  /** How bright a pixel is, 0 to 4095; a bright spot in every tenth instance if absent. */
  readonly pixel?: (instance: number, x: number, y: number) => number;
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
const root = '1.2.826.0.1.3680043.10.1077';

/** UIDs of a planned study: the study's own, and those of an instance (from 0). */
export function uidsOf({ number }: Pick<StudyPlan, 'number'>, instance: number) {
  const study = `${root}.${number}`;
  const series = `${study}.${(instance % 2) + 1}`;
  return { study, series, instance: `${series}.${instance + 1}` };
}

/** One instance as a DICOM file: little endian, uncompressed, 16 bits a pixel. */
export function dicomFile(plan: StudyPlan, instance = 0): Buffer {
  const { side = 16, patientName = 'Doe^Jane', patientId = 'MRN-1', modality = 'CT' } = plan;
  const pixel = plan.pixel ?? brightSpot;
  const uids = uidsOf(plan, instance);
  const pixels = new Uint16Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) pixels[y * side + x] = pixel(instance, x, y);
  }
  const file = new dcmjs.data.DicomDict({
    '00020001': { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
    '00020002': plan.elements?.['00080016'] ?? { vr: 'UI', Value: [ctImageStorage] },
    '00020003': { vr: 'UI', Value: [uids.instance] },
    '00020010': { vr: 'UI', Value: [explicitLittleEndian] },
    '00020012': { vr: 'UI', Value: [`${root}.0`] },
    ...said(plan.meta),
  });
  const elements: Elements = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    '00080016': { vr: 'UI', Value: [ctImageStorage] },
    '00080018': { vr: 'UI', Value: [uids.instance] },
    '00080020': { vr: 'DA', Value: ['20261102'] },
    '00080030': { vr: 'TM', Value: ['101500'] },
    '00080050': { vr: 'SH', Value: [`A${plan.number}`] },
    '00080060': { vr: 'CS', Value: [modality] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: patientName }] },
    '00100020': { vr: 'LO', Value: [patientId] },
    '00180015': { vr: 'CS', Value: ['HEAD'] },
    '0020000D': { vr: 'UI', Value: [uids.study] },
    '0020000E': { vr: 'UI', Value: [uids.series] },
    '00200011': { vr: 'IS', Value: [(instance % 2) + 1] },
    '00200013': { vr: 'IS', Value: [instance + 1] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': { vr: 'US', Value: [side] },
    '00280011': { vr: 'US', Value: [side] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [12] },
    '00280102': { vr: 'US', Value: [11] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OW', Value: [pixels.buffer] },
    ...plan.elements,
  };
  // A data set is in the order of its tags.
  Object.assign(file.dict, said(elements));
  const bytes = Buffer.from(file.write({ fragmentMultiframe: false }));
  if (plan.preamble !== undefined) bytes.write(plan.preamble.slice(0, 128), 0, 'latin1');
  return bytes;
}

/** Text as the value of an element of unknown representation. */
export function bytesOf(text: string): ArrayBuffer {
  const even = text.length % 2 === 0 ? text : `${text} `;
  return new Uint8Array(Buffer.from(even, 'latin1')).buffer;
}

function said(elements: Elements = {}): Record<string, Element> {
  const tags = Object.keys(elements).toSorted();
  return Object.fromEntries(tags.flatMap((tag) => (elements[tag] ? [[tag, elements[tag]]] : [])));
}

function brightSpot(instance: number, x: number, y: number): number {
  return instance % 10 === 0 && x < 6 && y < 6 ? 3_600 : 400 + ((x + y) % 7);
}
