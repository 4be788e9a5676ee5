import { type Elements, type StudyPlan, bytesOf } from '../support/dicom.ts';

const storage = '1.2.840.10008.5.1.4.1.1';
const cs = (...Value: string[]) => ({ vr: 'CS', Value });
const lo = (...Value: string[]) => ({ vr: 'LO', Value });
const ds = (value: string) => ({ vr: 'DS', Value: [value] });
const us = (value: number) => ({ vr: 'US', Value: [value] });
export const sq = (...Value: Elements[]) => ({ vr: 'SQ', Value });
const dt = { vr: 'DT', Value: ['20261015093000'] };
const brain = sq({ '00080100': lo('T-A0100'), '00080102': lo('SRT'), '00080104': lo('Brain') });
export const area = 16 * 16;

type Kind = Omit<Partial<StudyPlan>, 'number' | 'instances'>;

const of = (sopClass: string, modality: string, elements: Elements = {}): Kind => ({
  modality,
  elements: { '00080016': { vr: 'UI', Value: [`${storage}.${sopClass}`] }, ...elements },
});
export const typed = (...values: string[]): Kind => ({ elements: { '00080008': cs(...values) } });
export const pixels = (values: (index: number) => number, elements: Elements = {}): Kind => ({
  pixel: (_, x, y) => values(y * 16 + x),
  elements,
});
const enhanced = (shared: Elements, frame: Elements = {}, elements: Elements = {}): Kind =>
  of('2.1', 'CT', {
    '00280008': { vr: 'IS', Value: [1] },
    '52009229': sq(shared),
    '52009230': sq(frame),
    ...elements,
  });
const frameType = (...values: string[]) => ({ '00189329': sq({ '00089007': cs(...values) }) });
/** A name, four bits in each pixel, above the twelve of the picture. */
export const inHighBits = (index: number) => {
  const byte = Buffer.from('ZEHRA DEMIR'.padEnd(128, ' '))[index >> 1] ?? 0;
  return 300 + (((byte >> (index % 2 === 0 ? 4 : 0)) & 0xf) << 12);
};

/** What a study is, and why it is held; nothing where it may leave. */
export const kinds: readonly (readonly [string, Kind, readonly string[]])[] = [
  ['a CT', of('2', 'CT'), []],
  ['an MR', of('4', 'MR'), []],
  ['an enhanced MR', of('4.1', 'MR'), []],
  ['a digital radiograph', of('1.1', 'DX'), []],
  ['a computed radiograph', of('1', 'CR'), []],
  ['a mammogram', of('1.2', 'MG'), []],
  ['a PET', of('128', 'PT'), []],
  ['a scintigram', of('20', 'NM'), []],
  ['an angiogram', of('12.1', 'XA'), []],
  ['a localizer', typed('ORIGINAL', 'PRIMARY', 'LOCALIZER'), []],
  ['what Siemens says of an MR', typed('ORIGINAL', 'PRIMARY', 'M', 'ND', 'NORM', 'DIS2D'), []],
  ['two frames', { elements: { '00280008': { vr: 'IS', Value: [2] }, '00280010': us(8) } }, []],
  ['negative pixels with zeros above them', pixels((i) => i % 4096, { '00280103': us(1) }), []],
  [
    'negative pixels with their sign above them',
    pixels((i) => (i % 2 === 0 ? 0xff00 : 5), { '00280103': us(1) }),
    [],
  ],
  [
    'a maker with the patient’s name',
    { patientName: 'SIEMENS^JOHN', elements: { '00080070': lo('SIEMENS') } },
    [],
  ],
  [
    'short names that are part of words',
    { patientName: 'AL^LI', elements: { '00081090': lo('ALPHA LIFE 64') } },
    [],
  ],
  [
    'enhanced CT as scanners write it',
    enhanced(
      {
        ...frameType('ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'),
        '00209071': sq({ '00082218': brain, '00209072': cs('U') }),
        '00289145': sq({ '00281052': ds('0'), '00281053': ds('1'), '00281054': lo('HU') }),
        '00189314': sq({ '00181210': lo('B30f'), '00189315': cs('FILTER_BACK_PROJ') }),
      },
      { '00209111': sq({ '00209056': lo('1'), '00209057': { vr: 'UL', Value: [1] } }) },
    ),
    [],
  ],
  [
    'dates, comments, UIDs and private elements of frames, which go',
    enhanced(
      { '00291010': lo('PRIVATE'), '00291020': lo('DEMIR^ZEHRA') },
      {
        '00209111': sq({
          '00189074': dt,
          '00189151': dt,
          '00209056': lo('1'),
          '00209158': { vr: 'LT', Value: ['Zehra moved'] },
          '00209453': lo('DEMIR'),
          '00083010': { vr: 'UI', Value: ['1.2.826.0.1.3680043.10.1077.77'] },
        }),
        '00081140': sq({
          '00081155': { vr: 'UI', Value: ['1.2.826.0.1.3680043.10.1077.78'] },
          '0040A170': sq({ '00080104': lo('Localizer for Zehra') }),
        }),
        '00189299': sq({ '00080104': lo('Zehra’s code') }),
        '00209071': sq({ '00082218': brain, '00209072': cs('U') }),
        '00400555': sq({ '0040A160': { vr: 'UT', Value: ['Zehra Demir'] } }),
        '00080023': { vr: 'DA', Value: ['20261015'] },
      },
    ),
    [],
  ],
  [
    'private elements with a name, which go',
    { elements: { '00091010': lo('X'), '00091020': lo('DEMIR'), '00431029': lo('ZEHRA') } },
    [],
  ],
  ['an ultrasound', of('6.1', 'US'), ['sop_class 0008,0016']],
  ['a capture', of('7', 'OT'), ['sop_class 0008,0016']],
  ['captures in several frames', of('7.4', 'CT'), ['sop_class 0008,0016']],
  ['a photograph', of('77.1.4', 'XC'), ['sop_class 0008,0016']],
  ['a photograph of an eye', of('77.1.5.1', 'OP'), ['sop_class 0008,0016']],
  ['an endoscopy', of('77.1.1', 'ES'), ['sop_class 0008,0016']],
  ['a film of an endoscopy', of('77.1.1.1', 'CT'), ['sop_class 0008,0016']],
  [
    'a document',
    of('104.1', 'DOC', { '00420011': { vr: 'OB', Value: [bytesOf('%PDF')] }, '7FE00010': null }),
    ['encapsulated 0042,0011', 'sop_class 0008,0016'],
  ],
  ['a report', of('88.11', 'SR', { '7FE00010': null }), ['sop_class 0008,0016']],
  ['a presentation state', of('11.1', 'PR', { '7FE00010': null }), ['sop_class 0008,0016']],
  ['raw data', of('66', 'CT', { '7FE00010': null }), ['sop_class 0008,0016']],
  ['a segmentation', of('66.4', 'SEG'), ['sop_class 0008,0016']],
  [
    'a class of nobody',
    { elements: { '00080016': { vr: 'UI', Value: ['1.2.3.4'] } } },
    ['sop_class 0008,0016'],
  ],
  ['a panoramic unit', of('1.1', 'PX'), ['modality 0008,0060']],
  ['a CT that says it is an ultrasound', of('2', 'US'), ['modality 0008,0060']],
  ['no modality', of('2', ''), ['modality 0008,0060']],
  [
    'a screen that was saved',
    typed('DERIVED', 'SECONDARY', 'SCREEN SAVE'),
    ['image_type 0008,0008'],
  ],
  [
    'one that calls itself original',
    typed('ORIGINAL', 'PRIMARY', 'SCREEN SAVE'),
    ['image_type 0008,0008'],
  ],
  ['a reformatted picture', typed('DERIVED', 'PRIMARY', 'MPR'), ['image_type 0008,0008']],
  ['a secondary picture', typed('ORIGINAL', 'SECONDARY'), ['image_type 0008,0008']],
  [
    'a page of doses',
    typed('ORIGINAL', 'PRIMARY', 'OTHER', 'CT_SOM5 PROT'),
    ['image_type 0008,0008'],
  ],
  ['ORIGINAL in another place', typed('DERIVED', 'ORIGINAL'), ['image_type 0008,0008']],
  ['no image type', { elements: { '00080008': null } }, ['image_type 0008,0008']],
  [
    'a frame that was made from others',
    enhanced(frameType('DERIVED', 'PRIMARY')),
    ['image_type 5200,9229>0018,9329>0008,9007'],
  ],
  ['no picture', of('2', 'CT', { '7FE00010': null }), ['no_pixels 7FE0,0010']],
  [
    'colours',
    of('2', 'CT', {
      '00280002': us(3),
      '00280004': cs('RGB'),
      '00280006': us(0),
      '00280100': us(8),
      '00280101': us(8),
      '00280102': us(7),
      '7FE00010': { vr: 'OW', Value: [new Uint8Array(area * 3).buffer] },
    }),
    ['colour 0028,0004'],
  ],
  ['a name above the picture’s bits', pixels(inHighBits), ['high_bits 7FE0,0010']],
  ['one bit above the picture’s', pixels((i) => (i === 200 ? 0x1001 : 7)), ['high_bits 7FE0,0010']],
  [
    'a bit above in positive pixels',
    pixels((i) => (i % 2 === 0 ? 0xff00 : 0x1005), { '00280103': us(1) }),
    ['high_bits 7FE0,0010'],
  ],
  [
    'signs above some negative pixels only',
    pixels((i) => (i % 2 === 0 ? 0xff00 : 0x0f00), { '00280103': us(1) }),
    ['high_bits 7FE0,0010'],
  ],
  [
    'bits below the picture’s',
    pixels((i) => (i << 4) | (i === 9 ? 1 : 0), { '00280102': us(15) }),
    ['high_bits 7FE0,0010'],
  ],
  [
    'a name behind the picture',
    {
      elements: {
        '7FE00010': { vr: 'OW', Value: [bytesOf(`${'\0'.repeat(area * 2)}Hello there`)] },
      },
    },
    ['high_bits 7FE0,0010', 'pixels 7FE0,0010'],
  ],
  [
    'less than a picture',
    { elements: { '7FE00010': { vr: 'OW', Value: [new Uint8Array(100).buffer] } } },
    ['pixels 7FE0,0010'],
  ],
  ['pixels of no known width', { elements: { '00280100': null } }, ['pixels 0028,0100']],
  [
    'an overlay',
    { elements: { '60003000': { vr: 'OW', Value: [bytesOf('x')] } } },
    ['overlay 6000,3000'],
  ],
  ['a late overlay', { elements: { '601E0010': us(16) } }, ['overlay 601E,0010']],
  [
    'an overlay in the pixels’ own bits',
    { elements: { '60000100': us(16), '60000102': us(12) } },
    ['overlay 6000,0100', 'overlay 6000,0102'],
  ],
  ['words in the picture', { elements: { '00280301': cs('YES') } }, ['burned_in 0028,0301']],
  ['a face', { elements: { '00280302': cs('YES') } }, ['recognisable 0028,0302']],
  ['scanned film', { elements: { '00080064': cs('DF') } }, ['modality 0008,0064']],
  ['a film’s scanner', { elements: { '00181016': lo('SCANNER') } }, ['modality 0018,1016']],
  ['the name in the device', { elements: { '00081090': lo('Oda 3 - Zehra') } }, ['name 0008,1090']],
  [
    'the name in another script',
    { patientName: 'محمد^علي', elements: { '00081090': lo('Mohammed Ali bed 4') } },
    ['name 0008,1090'],
  ],
  [
    'two short names',
    { patientName: 'WU^LI', elements: { '00081090': lo('bed of Li Wu') } },
    ['name 0008,1090'],
  ],
  [
    'the ideographs of a name',
    { patientName: 'Li^Wei=李^伟=', elements: { '00081090': lo('李伟 3') } },
    ['name 0008,1090'],
  ],
  [
    'the name as meaning of a code',
    enhanced({
      '00209071': sq({
        '00082218': sq({
          '00080100': lo('T-A0100'),
          '00080102': lo('SRT'),
          '00080104': lo('Zehra'),
        }),
      }),
    }),
    ['name 5200,9229>0020,9071>0008,2218>0008,0104'],
  ],
  [
    'a code of the hospital’s own',
    enhanced({
      '00209071': sq({
        '00082218': sq({
          '00080100': lo('ROOM3'),
          '00080102': lo('99LOCAL'),
          '00080104': lo('Brain'),
        }),
      }),
    }),
    [
      'not_in_profile 5200,9229>0020,9071>0008,2218>0008,0100',
      'not_in_profile 5200,9229>0020,9071>0008,2218>0008,0102',
    ],
  ],
  [
    'the patient’s number as a stack',
    enhanced({}, { '00209111': sq({ '00209056': lo('40417') }) }, { '00100020': lo('40417') }),
    ['identifier 5200,9230>0020,9111>0020,9056'],
  ],
];
