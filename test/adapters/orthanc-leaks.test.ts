import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { UnreadableDicom, readDicom } from '../../adapters/orthanc/dicom.ts';
import { searchFor } from '../../adapters/orthanc/identifying.ts';
import { type LeakRules, leaksIn } from '../../adapters/orthanc/leaks.ts';
import { sourceStudy } from '../../adapters/orthanc/source.ts';
import { type StudyPlan, bytesOf, dicomFile, uidsOf } from '../support/dicom.ts';

const nobody = { names: [], identifiers: [], birthDates: [], phones: [] };
const search = searchFor({
  names: ['Ayşe Gül Yılmaz', 'Müller^Jörg', 'Li^Wei', 'Каренина Анна', 'أحمد علي', '山田 太郎'],
  identifiers: ['TC10000000146', 'MRN-77', '12', '0001', '1234', '2000'],
  birthDates: ['1980-05-12'],
  phones: ['+905321112233', '+33612345678'],
});

suite('the search for a patient’s values', () => {
  for (const [reason, vr, texts] of [
    [
      'name',
      'LO',
      [
        'CT of Mrs Yilmaz',
        'YILMAZ',
        'yılmaz',
        'AYSEYILMAZ',
        'XYILMAZ2',
        'Gul',
        'MUELLER',
        'Muller, Jorg',
        'Анна К.',
        'احمد',
        '山田',
      ],
    ],
    ['name', 'PN', ['LI^X', 'Wei']],
    ['identifier', 'LO', ['tc10000000146', 'TC 1000 0000 146', 'MRN 77', 'mrn77']],
    [
      'birth_date',
      'LT',
      [
        'born 12.05.1980',
        '12/5/1980',
        '1980-05-12',
        '19800512',
        '05/12/1980',
        'May 12, 1980',
        '12 Mayıs 1980',
        '12. Mai 1980',
        '12 мая 1980',
        '800512',
        '١٢/٥/١٩٨٠',
      ],
    ],
    [
      'phone',
      'SH',
      ['+90 (532) 111-22-33', '0532 111 22 33', '00905321112233', '06 12 34 56 78', '٥٣٢١١١٢٢٣٣'],
    ],
  ] as const) {
    test(`finds ${reason} in ${vr}`, () => {
      for (const text of texts) {
        assert.ok(search.inValue(Buffer.from(text), vr).has(reason), text);
      }
    });
  }

  test('finds names in any encoding, and in bytes of unknown meaning', () => {
    for (const value of [
      Buffer.from('M\u00fcller', 'latin1'),
      Buffer.from([0x59, 0xfd, 0x6c, 0x6d, 0x61, 0x7a]), // Yılmaz in ISO 8859-9
      Buffer.from([0xba, 0xd0, 0xe0, 0xd5, 0xdd, 0xd8, 0xdd, 0xd0]), // Каренина in ISO 8859-5
      Buffer.from('Yilmaz', 'utf16le'),
      Buffer.from([0x1b, 0x24, 0x42, 0x3b, 0x33, 0x45, 0x44, 0x1b, 0x28, 0x42]), // 山田 in ISO 2022 IR 87
    ]) {
      assert.ok(search.inValue(value, 'LO').has('name'), value.toString('hex'));
      assert.ok(search.inValue(value, 'UN').has('name'), value.toString('hex'));
    }
    assert.ok(search.inValue(Buffer.from('\0\x01YILMAZ\0'), 'OB').has('name'));
    assert.ok(search.inValue(Buffer.from('Yilmaz', 'utf16le'), 'OW').has('name'));
  });

  test('finds values inside UIDs and numbers, and in pieces of bulk data', () => {
    assert.ok(search.inValue(Buffer.from('1.2.19800512.7'), 'UI').has('birth_date'));
    assert.ok(search.inValue(Buffer.from('1.2.905321112233'), 'UI').size === 0);
    assert.ok(search.inValue(Buffer.from('7.10000000146'), 'UI').size === 0);
    assert.ok(search.inValue(Buffer.from('19800512'), 'IS').has('birth_date'));
    const bulk = search.inBulk();
    assert.equal(bulk(Buffer.from('....yil')), null);
    assert.equal(bulk(Buffer.from('maz....')), 'name');
    for (const bytes of [
      Buffer.from('..YILMAZ', 'utf16le'),
      Buffer.from('Yılmaz'),
      Buffer.from('КАРЕНИНА'),
      Buffer.from([0xba, 0xd0, 0xe0, 0xd5, 0xdd, 0xd8, 0xdd, 0xd0]), // The same in ISO 8859-5
      Buffer.from('أحمد'),
    ]) {
      assert.equal(search.inBulk()(bytes), 'name', bytes.toString('hex'));
    }
    // In pixels of one byte six neighbours are soon like letters.
    assert.equal(search.inBulk(1)(Buffer.from('yilmaz')), null);
    assert.equal(search.inBulk(1)(Buffer.from('..KARENINA^ANNA')), 'name');
    assert.equal(search.inBulk(1)(Buffer.from('Yilmaz Ayse')), 'name');
    assert.equal(search.inBulk(1)(Buffer.from('..tc10000000146..')), 'identifier');
    assert.ok(search.inValue(Buffer.from('000905321112233'), 'IS').size === 0);
    assert.ok(search.inValue(Buffer.from('0019800512.0 '), 'DS').has('birth_date'));
    const number = Buffer.alloc(8);
    number.writeDoubleLE(19_800_512);
    assert.ok(search.inValue(number, 'FD').has('birth_date'));
  });

  test('leaves what any study has', () => {
    for (const [vr, text] of [
      ['CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
      ['LO', 'Brilliance 64'],
      ['SH', 'B30f'],
      ['LO', 'Orthanc 1.10.1 - PS 3.15-2021b Table E.1-1 Basic Profile'],
      ['UI', '1.2.276.0.7230010.3.1.2.8323328.24374.1795441971.298972'],
      ['DS', '0.800512\\-12.051980\\1.12'],
      ['CS', 'LI'],
      ['LO', 'annals 12'],
      ['IS', '1'],
      ['DS', '1234\\2000'],
    ] as const) {
      assert.deepEqual([...search.inValue(Buffer.from(text), vr)], [], text);
    }
  });
});

suite('the search for a name', () => {
  const named = (name: string, text: string, vr = 'LO') =>
    searchFor({ ...nobody, names: [name] })
      .inValue(Buffer.from(text), vr)
      .has('name');

  for (const [script, pairs] of Object.entries({
    'Arabic and Latin': [
      'محمد^علي=Mohammed Ali bed 4',
      'محمد=muhamad',
      'محمد=XMOHAMMEDX',
      'علي=Ali',
      'أحمد=AHMED',
      'عبد الرحمن=Abdulrahman',
      'عبد الله=Abdullah',
      'يوسف=Youssef',
      'خالد=Khaled',
      'الشريف=Scherif',
      'فاطمة=Fatima',
      'حسين=Hussein',
      'Mohammed Ali=محمد علي',
      'Zehra^Demir=غرفة زهرا',
    ],
    'Arabic and Cyrillic': ['محمد=Мухаммед', 'Ахмед=أحمد'],
    Hebrew: ['כהן=Cohen', 'לוי=Levy', 'Moshe=משה'],
    Cyrillic: [
      'Каренина=Karenina',
      'Щербаков=Shcherbakov',
      'Юлия=Yulia',
      'Юлия=Julia',
      'Дмитрий=Dmitry',
      'Dmitry=Дмитрий',
      'Шевченко=Schewtschenko',
    ],
    Greek: ['Παπαδόπουλος=Papadopoulos', 'Giorgos=Γιώργος'],
    Georgian: ['გიორგი=Giorgi'],
    Armenian: ['Արամ=Aram'],
    Kana: ['ヤマダ=yamada', 'Yamada=やまだ'],
    Korean: ['김민수=Kim Min-Su', '김^민수=KIM'],
    Chinese: ['李^伟=病人李伟', '山田^太郎=山田'],
    'Latin with marks': [
      'ŞAHİN^CAN=Can Şahin',
      'ŞAHİN=Shahin',
      'Shahin=Şahin',
      'Çelik=CHELIK',
      'ÖZGÜR=Oezguer',
      'Müller=MUELLER',
      'Jørgensen=Jorgensen',
      'Yılmaz=Y I L M A Z',
    ],
    'signs of other forms': [
      'DEMIR=D\u200BE\u00ADMIR',
      'DEMIR=𝐃𝐄𝐌𝐈𝐑',
      'DEMIR=ＤＥＭＩＲ',
      'محمد=ﻣﺤﻤﺪ',
      'ヤマダ=ﾔﾏﾀﾞ',
      'DEMIR=DЕMIR',
      'O’Brien=OBRIEN',
      'Al-Hassan=Alhassan',
      'Juan Carlos Alfonso Víctor María de Borbón y Borbón Dos Sicilias=Sicilias',
    ],
    'short parts': [
      'Can=C A N',
      'Su^Öz=Oda 3 - Su',
      'Li^Wu=bed of Wu, Li',
      'Ali^Can=ALICAN',
      'Ng^Al=Al Ng',
      'Ece=for ece',
    ],
  })) {
    test(`finds names in ${script}`, () => {
      for (const [name = '', text = ''] of pairs.map((pair) => pair.split('='))) {
        assert.ok(named(name, text), `${name} in ${text}`);
      }
    });
  }

  test('leaves the words of devices, whoever the patient is', () => {
    const names =
      'علي محمد أحمد حسن عمر نور سارة مريم هدى رنا دانا سما آدم هاني رامي כהן דן רון Ян Лев Ким Анна Пётр Ева Νίκος Can Ece Ali ' +
      'Ada Su Li Wu Al Efe Nur Gül Kaya Tan Kim Park 김 박 さとう はな まり';
    const texts =
      'ORIGINAL PRIMARY AXIAL LOCALIZER VOLUME NORM DIS2D HEAD CHEST HAND ABDOMEN KNEE SPINE EXTREMITY BREAST Brilliance Healthineers ' +
      'SOMATOM Definition Ingenia Achieva Optima Discovery Revolution LightSpeed Aquilion MAGNETOM Skyra Prisma Carestream STANDARD ' +
      'BONE LUNG HELICAL FIR NONE HFS FFS SUPINE PRONE LEFT RIGHT NORMALIZED MONOCHROME2 FLAIR STIR SPGR MOLYBDENUM RHODIUM ALUMINUM';
    for (const name of names.split(' ')) {
      const one = searchFor({ ...nobody, names: [name] });
      for (const text of texts.split(' ')) {
        assert.deepEqual([...one.inValue(Buffer.from(text), 'LO')], [], `${name} in ${text}`);
      }
    }
  });

  test('takes time by the length of a hostile text, and leaves others their turn', async () => {
    const names = Array.from(
      { length: 60 },
      (_, index) => `و${'ايو'.repeat(6)}${index} ШЩ${index}ЮЯ`,
    );
    const search = searchFor({ ...nobody, names });
    let longestMs = 0;
    for (const text of ['o'.repeat(200_000), 'é uoi '.repeat(30_000)]) {
      let since = performance.now();
      for (const _ of search.stepsIn(Buffer.from(text, 'latin1'), 'UN')) {
        longestMs = Math.max(longestMs, performance.now() - since);
        since = performance.now();
      }
    }
    assert.ok(longestMs < 50, `${longestMs} ms`);
  });
});

const plan: StudyPlan = { number: 1, instances: 1, patientName: 'P-1', patientId: 'P-1' };
const rules: LeakRules = {
  search,
  sourceUids: new Set([uidsOf({ number: 9 }, 0).study]),
  pseudonym: 'P-1',
  keepDescriptions: false,
};
const empty = { vr: 'DA', Value: [] };
const anonymous = {
  '00080020': empty,
  '00080030': { ...empty, vr: 'TM' },
  '00080050': { ...empty, vr: 'SH' },
};

async function found(more: Partial<StudyPlan>): Promise<readonly string[]> {
  const elements = { ...anonymous, ...more.elements };
  return [...(await leaksIn(pieces(dicomFile({ ...plan, ...more, elements })), rules))].toSorted();
}

async function* pieces(file: Buffer, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

suite('the leak check of a file', () => {
  test('passes one that has nothing', async () => {
    assert.deepEqual(await found({}), []);
  });

  for (const [why, more, expected] of [
    [
      'an overlay',
      { elements: { '60020010': { vr: 'US', Value: [1] } } },
      ['not_in_profile 6002,0010', 'overlay 6002,0010'],
    ],
    [
      'an encapsulated document',
      { elements: { '00420011': { vr: 'OB', Value: [bytesOf('%PDF')] } } },
      ['encapsulated 0042,0011', 'not_in_profile 0042,0011'],
    ],
    [
      'a class of documents',
      { elements: { '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.104.1'] } } },
      ['sop_class 0008,0016'],
    ],
    [
      'a UID of the source',
      { elements: { '00200052': { vr: 'UI', Value: [uidsOf({ number: 9 }, 0).study] } } },
      ['uid_kept 0020,0052'],
    ],
    [
      'another name in place of the pseudonym',
      { patientName: 'Doe^Jane', patientId: '1' },
      ['identifier 0010,0020', 'name 0010,0010'],
    ],
    ['a preamble with a name', { preamble: 'YILMAZ' }, ['name preamble']],
    [
      'private file meta information',
      { meta: { '00020102': { vr: 'OB', Value: [bytesOf('x')] } } },
      ['not_in_profile 0002,0102'],
    ],
    [
      'a date that should be empty',
      { elements: { '00080020': { vr: 'DA', Value: ['20200101'] } } },
      ['not_in_profile 0008,0020'],
    ],
    [
      'text in the frames of an enhanced object',
      {
        elements: {
          '52009230': {
            vr: 'SQ',
            Value: [
              { '00209111': { vr: 'SQ', Value: [{ '00204000': { vr: 'LT', Value: ['Gül'] } }] } },
            ],
          },
        },
      },
      ['name 5200,9230>0020,9111>0020,4000', 'not_in_profile 5200,9230>0020,9111>0020,4000'],
    ],
    [
      'a private element',
      { elements: { '00091002': { vr: 'UN', Value: [bytesOf('0532 111 22 33')] } } },
      ['not_in_profile 0009,1002', 'phone 0009,1002'],
    ],
    [
      'a name among the pixels',
      { side: 4, elements: { '7FE00010': { vr: 'OW', Value: [bytesOf('....Yilmaz..')] } } },
      ['high_bits 7FE0,0010', 'name 7FE0,0010', 'pixels 7FE0,0010'],
    ],
  ] as const) {
    test(`stops ${why}`, async () => {
      assert.deepEqual(await found(more), expected);
    });
  }

  const compressed = { '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.4.50'] } };
  const inPieces = (text: string) => ({ '7FE00010': { vr: 'OB', Value: [bytesOf(text)] } });
  test('reads names in the character set that the file declares', async () => {
    for (const [charset, bytes, name] of [
      ['ISO_IR 127', 'e5cde5cf', 'محمد'],
      ['ISO_IR 144', 'd8d2d0dd', 'иван'],
      ['ISO_IR 148', 'de616b6972', 'Şakir'],
      ['GB18030', 'c0ee5eceb0', '李^伟'],
      ['\\ISO 2022 IR 87', '1b24423b3345441b2842', '山田'],
      ['ISO 2022 IR 6\\ISO 2022 IR 149', '1b242943b1e8', '김'],
      ['ISO 2022 IR 6\\ISO 2022 IR 144', '1b2d4cd8d2d0dd', 'иван'],
    ] as const) {
      const value = Buffer.from(bytes, 'hex');
      const placeholder = 'Q'.repeat(value.length);
      const element = { vr: 'CS', Value: charset.split('\\') };
      const file = dicomFile({
        ...plan,
        patientName: placeholder,
        elements: { '00080005': element },
      });
      value.copy(file, file.indexOf(placeholder));
      const source = sourceStudy();
      assert.deepEqual([...(await source.read(pieces(file)))], []);
      assert.ok(
        source.values().names.includes(name),
        `${charset}: ${source.values().names.join()}`,
      );
    }
  });

  const implicit = { '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2'] } };

  test('reads compressed pixels and files that say no representations', async () => {
    const held = 'transfer_syntax 0002,0010';
    assert.deepEqual(await found({ meta: compressed, elements: inPieces('....') }), [held]);
    assert.deepEqual(await found({ meta: compressed, elements: inPieces('..Yilmaz') }), [
      'name 7FE0,0010',
      held,
    ]);
    assert.deepEqual(await found({ meta: implicit }), []);
    assert.deepEqual(
      await found({
        meta: implicit,
        elements: {
          '00080020': { vr: 'DA', Value: [] },
          '00081090': { vr: 'LO', Value: ['Unit of Yilmaz'] },
          '00189346': { vr: 'SQ', Value: [{ '00100010': { vr: 'PN', Value: ['Wei'] } }] },
        },
      }),
      [
        'name 0008,1090',
        'name 0018,9346>0010,0010',
        'not_in_profile 0018,9346',
        'not_in_profile 0018,9346>0010,0010',
      ],
    );
  });

  test('stops a file in a transfer syntax that it does not read', async () => {
    const deflated = { '00020010': { vr: 'UI', Value: ['1.2.840.10008.1.2.1.99'] } };
    assert.deepEqual(await found({ meta: deflated }), ['transfer_syntax 0002,0010']);
    assert.deepEqual(
      [...(await leaksIn(pieces(Buffer.from('<html>')), rules))],
      ['unreadable preamble'],
    );
  });

  test('stops a file that is cut short anywhere, and never fails by damage', async () => {
    const file = dicomFile({ ...plan, elements: anonymous, side: 2 });
    const ends: number[] = [];
    for (let length = 0; length < file.length; length++) {
      const leaks = await leaksIn(pieces(file.subarray(0, length)), rules);
      assert.ok(leaks.size > 0, `${length} bytes`);
      if (![...leaks].some((leak) => /^(unreadable|transfer_syntax)/.test(leak))) ends.push(length);
    }
    // Only where an element of the data set ends is a shorter file a whole one.
    assert.ok(ends.length < 40 && ends.length > 5, ends.join());
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file);
      damaged[at] = damaged[at]! ^ 0xff;
      await leaksIn(pieces(damaged), rules);
    }
  });

  test('enters sequences that hide in elements of unknown representation, to a depth', async () => {
    const item = (inner: Buffer) => {
      const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
      head.writeUInt32LE(inner.length, 4);
      return Buffer.concat([head, inner]);
    };
    const element = (value: Buffer) => {
      const head = Buffer.from([0x10, 0x00, 0x10, 0x00, 0, 0, 0, 0]);
      head.writeUInt32LE(value.length, 4);
      return Buffer.concat([head, value]);
    };
    const hidden = new Uint8Array(item(element(Buffer.from('Wei^')))).buffer;
    const leaks = await found({ elements: { '00091002': { vr: 'UN', Value: [hidden] } } });
    assert.ok(leaks.includes('not_in_profile 0009,1002>0010,0010'), leaks.join());

    let deep = Buffer.from('Wei^');
    for (let level = 0; level < 40; level++) deep = item(element(deep));
    const bomb = dicomFile({
      ...plan,
      elements: { '00091002': { vr: 'UN', Value: [new Uint8Array(deep).buffer] } },
    });
    await assert.rejects(drained(readDicom(pieces(bomb), { onBulk: () => {} })), UnreadableDicom);
  });
});

async function drained(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks);
}
