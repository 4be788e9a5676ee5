import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';

import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import type { Inspection } from '../../actors/shapes/imaging.ts';
import { type Elements, bytesOf } from '../support/dicom.ts';
import { type Archive, startArchive } from '../support/orthanc.ts';
import { runs } from '../support/runs.ts';
import { performing } from './fixtures.ts';
import { area, inHighBits, kinds, pixels, sq, typed } from './orthanc-kinds.ts';

const signal = AbortSignal.timeout(280_000);
const nobody: IdentifyingValues = { names: [], identifiers: [], birthDates: [], phones: [] };
suite('what may leave', { timeout: 300_000 }, () => {
  let archive: Archive;
  let number = 500;
  before(async () => {
    archive = await startArchive();
  });
  after(async () => {
    await archive.close();
  });

  async function inspected(studyId: string): Promise<{ inspection: Inspection; copy: string }> {
    const pseudonym = `P-${number}`;
    const copy = await archive.imaging.anonymise({ studyId, pseudonym }, performing({ signal }));
    const inspection = await archive.imaging.inspect(copy, nobody, signal);
    return { inspection, copy: copy.studyId };
  }

  const why = (inspection: Inspection) =>
    inspection.outcome === 'held'
      ? inspection.leaks.map((leak) => `${leak.reason} ${leak.tag}`)
      : [];

  for (const [what, kind, reasons] of kinds) {
    test(`${reasons.length === 0 ? 'passes' : 'holds'} ${what}`, async () => {
      number += 1;
      const plan = { patientName: 'DEMIR^ZEHRA', ...kind, number, instances: 1 };
      const { inspection, copy } = await inspected(await archive.store(plan));
      assert.deepEqual(why(inspection).toSorted(), reasons.toSorted());
      if (reasons.length > 0) return;
      const [instance = ''] = await archive.imaging.instanceIds(copy, signal);
      const tags = JSON.stringify(
        await archive.call('GET', `/instances/${instance}/tags?simplify`),
      );
      assert.doesNotMatch(tags, /demir|zehra|20261015|20261102|1077\.7|Doe|MRN/i);
      if (JSON.stringify(kind).includes('Brain')) assert.match(tags, /"Brain"/, 'codes stay');
    });
  }

  const above = ['high_bits 7FE0,0010'];
  for (const [name, syntax, pixel, reasons] of [
    ['JPEG lossless with a picture', '1.2.840.10008.1.2.4.70', () => 700, []],
    ['JPEG lossless with a name above the picture', '1.2.840.10008.1.2.4.70', inHighBits, above],
    // Its compression leaves out what is above.
    ['JPEG-LS', '1.2.840.10008.1.2.4.80', inHighBits, []],
  ] as const) {
    test(`looks into ${name}`, async () => {
      number += 1;
      const stored = await archive.store({ number, instances: 1, ...pixels(pixel) });
      const Replace = { StudyDescription: 'compressed' };
      const body = { Replace, Transcode: syntax };
      const made = await archive.call('POST', `/studies/${stored}/modify`, body);
      const { ID } = made as { ID: string };
      const [id = ''] = await archive.imaging.instanceIds(ID, signal);
      const stands = await archive.call('GET', `/instances/${id}/metadata/TransferSyntax`);
      assert.equal(stands, syntax);
      const { inspection, copy } = await inspected(ID);
      assert.deepEqual(why(inspection), reasons);
      const [left = ''] = await archive.imaging.instanceIds(copy, signal);
      const leaves = await archive.call('GET', `/instances/${left}/metadata/TransferSyntax`);
      assert.equal(leaves, '1.2.840.10008.1.2.1');
    });
  }

  for (const [what, pixel, reasons] of [
    ['a picture', () => 700, []],
    ['a name above the picture', inHighBits, above],
  ] as const) {
    test(`looks into run lengths with ${what}`, async () => {
      number += 1;
      const plan = {
        number,
        instances: 1,
        meta: { '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.5'] } },
        elements: { '7FE00010': { vr: 'OB', Value: [runLengths(pixel)] } },
      };
      assert.deepEqual(why((await inspected(await archive.store(plan))).inspection), reasons);
    });
  }

  test('holds what the archive cannot decompress', async () => {
    number += 1;
    const jpeg2000 = { vr: 'UI', Value: ['1.2.840.10008.1.2.4.90'] };
    const plan = {
      number,
      instances: 1,
      meta: { '00020010': jpeg2000 },
      elements: { '7FE00010': { vr: 'OB', Value: [bytesOf('\xff\x4f\xff\x51')] } },
    };
    const { inspection } = await inspected(await archive.store(plan));
    assert.deepEqual(why(inspection), ['transfer_syntax 0002,0010']);
  });

  test('lets no name out, wherever somebody put it', async () => {
    const name = { patientName: 'DEMİR^ZEHRA NUR', patientId: 'TC10000000146' };
    const value = fc.constantFrom(
      'Zehra Demir',
      'ZEHRA^DEMIR',
      'demirzehra',
      'Demır',
      'ДЕМИР',
      'زهرا دمير',
      'tc 1000 0000 146',
      'Z E H R A',
    );
    const texts = fc.constantFrom(
      'LO',
      'SH',
      'ST',
      'LT',
      'UT',
      'CS',
      'PN',
      'AE',
      'UC',
      'UN',
      'OB',
      'OW',
    );
    const hex = (digits: number) =>
      fc
        .integer({ min: 0, max: 16 ** digits - 1 })
        .map((one) => one.toString(16).padStart(digits, '0').toUpperCase());
    const group = fc.constantFrom(
      '0008',
      '0010',
      '0018',
      '0020',
      '0028',
      '0029',
      '0032',
      '0040',
      '0054',
      '0088',
      '4008',
      '5400',
      '7FE1',
    );
    const tag = fc.oneof(
      fc.tuple(group, hex(4)).map((both) => both.join('')),
      fc.constantFrom(
        '00080070',
        '00081090',
        '00180015',
        '00181210',
        '00281054',
        '00080008',
        '00180022',
        '00081030',
        '52009229',
      ),
    );
    const element = fc.record({ tag, vr: texts, value });
    const places = fc.array(
      fc.constantFrom(
        '52009229',
        '52009230',
        '00189346',
        '00081140',
        '00209111',
        '00400275',
        '00082218',
        '00091010',
      ),
      {
        maxLength: 3,
      },
    );
    let clean = 0;
    const plant = async (
      path: readonly string[],
      { tag, vr, value }: { tag: string; vr: string; value: string },
    ) => {
      number += 1;
      const isBinary = /^(UN|OB|OW)$/.test(vr);
      const written = Buffer.from(value.length % 2 === 0 ? value : `${value} `);
      let elements: Elements = {
        [tag]: { vr, Value: [isBinary ? new Uint8Array(written).buffer : value] },
      };
      for (const sequence of path.toReversed()) elements = { [sequence]: sq(elements) };
      if ('00080016' in elements || '0020000D' in elements || '7FE00010' in elements) return;
      const studyId = await archive
        .store({ ...name, number, instances: 1, elements })
        .catch(() => null);
      if (studyId === null) return; // Not even the archive takes it.
      const { inspection, copy } = await inspected(studyId);
      if (inspection.outcome === 'held') return;
      clean += 1;
      const [instance = ''] = await archive.imaging.instanceIds(copy, signal);
      const file = await archive.imaging.readInstance(
        instance,
        async (chunks) => buffer(chunks),
        signal,
      );
      assert.doesNotMatch(
        file.toString().replaceAll(/[ ^\0]/g, ''),
        /demir|demır|zehra|демир|زهرا|10000000146/iu,
      );
    };
    await fc.assert(fc.asyncProperty(places, element, plant), { numRuns: runs(400) });
    assert.ok(clean > 0);
  });

  test('says of each object of a study by itself why it is held', async () => {
    number += 1;
    const study = { number, patientName: 'DEMIR^ZEHRA' };
    await archive.store({ ...study, instances: 1 });
    await archive.store({ ...study, ...typed('DERIVED', 'SECONDARY'), instances: 3, from: 1 });
    const studyId = await archive.store({
      ...study,
      instances: 4,
      from: 3,
      elements: { '7FE00010': null },
    });
    assert.deepEqual((await inspected(studyId)).inspection, {
      outcome: 'held',
      leaks: [
        { reason: 'image_type', tag: '0008,0008', instances: 2 },
        { reason: 'no_pixels', tag: '7FE0,0010', instances: 1 },
      ],
    });
  });
});

/** The pixels as two segments of literal runs, high bytes first. @see PS3.5, annex G */
function runLengths(pixel: (index: number) => number): ArrayBuffer {
  const segment = (shift: number) => {
    const bytes = Buffer.from(Array.from({ length: area }, (_, index) => pixel(index) >> shift));
    const literal = Buffer.from([127]); // 128 bytes follow.
    return Buffer.concat([literal, bytes.subarray(0, 128), literal, bytes.subarray(128)]);
  };
  const head = Buffer.alloc(64);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(64, 4);
  head.writeUInt32LE(64 + area + 2, 8);
  return new Uint8Array(Buffer.concat([head, segment(8), segment(0)])).buffer;
}
