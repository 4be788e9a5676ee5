import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { isIban, isTckn, passesLuhn } from '../../actors/masking/checks.ts';
import { mask, spans } from '../../actors/masking/mask.ts';
import { quickest } from '../hostile/search.ts';
import { temporaryFolder } from '../support/folders.ts';
import { runs } from '../support/runs.ts';
import { readCorpus } from './corpus.ts';
import { measure, thresholds } from './measure.ts';

/** Every one has to come out as it went in. */
const ordinary = [
  'Uçuş TK1980 saat 14:05, dönüş 24.05.2027, fiyat 1.250 €.',
  'Rezervasyon no 7f3c1b9e-2d44-4c1e-9a55-0b7cf2a1d6e0-b1 onaylandı mı?',
  'Deniz manzaralı oda var mı, bahar aylarında hava nasıl olur?',
  'Umut ediyorum ki barış gelir, savaş biter.',
  'İstanbul Havalimanı ile Şişli arası kaç dakika?',
  'Can I fly from LHR to IST on 14 May 2027 for 1,250 GBP?',
  'I hope the weather is fine in May, and I will mark the date.',
  'My booking case-1-b1 and flight LH1300 on 2027-05-14 are confirmed.',
  'Is Paris or Florence cheaper in April or June?',
  'The total is 12 500 000 TRY for 3 persons and 10 nights.',
  'Wir fliegen am 14.05.2027 ab Köln, der Preis ist 2.890,00 EUR.',
  'Die Rose im Garten und der Koch in der Küche sind wunderbar.',
  'Bitte das Zimmer 214 bis 11:00 Uhr räumen, Flug PC1012.',
  'نريد السفر من دبي إلى إسطنبول يوم ١٤ مايو ٢٠٢٧ والسعر ٢٤٥٠ يورو.',
  'أنا سعيد جدا بالخدمة والصبر جميل والأمل كبير.',
  'رقم الحجز BK-7781 ورحلة TK775 الساعة 14:35.',
  'Мы летим из Москвы 14 мая 2027 года рейсом SU2136, цена 38 500 рублей.',
  'Вера и надежда нас не покидают, любовь к морю тоже.',
  'Номер брони 8KD4ZQ, нас двое взрослых и ребёнок 6 лет.',
  'Nous partons de Marseille le 14/05/2027, vol TK1822, prix 312,40 €.',
  'La rose du jardin est superbe, merci pour votre patience.',
  'wamid.HBgMOTA1MzIxMTEyMjMzFQIAEhggQTZDMkU1 was delivered.',
  'Effect e-000123 of 550e8400-e29b-41d4-a716-446655440000 done in 41 ms.',
];

/** What goes in, and what must come out. */
const examples: readonly (readonly [string, string])[] = [
  ['Adım Ayşe Yılmaz, numaram +90 532 111 22 33.', 'Adım [NAME], numaram [PHONE].'],
  ["Mehmet'in bileti ve zeynep hanımın odası", "[NAME]'in bileti ve [NAME] hanımın odası"],
  ['my name is zorblax quendle', 'my name is [NAME]'],
  ['Mrs Quendleworth called', 'Mrs [NAME] called'],
  ['ich heiße Xaveria Blümchenfeld', 'ich heiße [NAME]'],
  ["je m'appelle Zéphirin Quoniam", "je m'appelle [NAME]"],
  ['Меня зовут Анна, передайте Игорю Смирнову', 'Меня зовут [NAME], передайте [NAME]'],
  ['اسمي خالد العتيبي', 'اسمي [NAME]'],
  ['ورقم أختي هدى ٠٥٠١٢٣٤٥٦٧', 'ورقم أختي [NAME] [PHONE]'],
  ['My wife May may come in May', 'My wife [NAME] may come in May'],
  ["Patient O'Connor, J. K. Morrison", 'Patient [NAME], [NAME]'],
  ['mail to ayse.yilmaz+tr@example.com.tr now', 'mail to [EMAIL] now'],
  ['TC 28736451972', 'TC [TCKN]'],
  ['IBAN tr33 0006 1005 1978 6457 8413 26', 'IBAN [IBAN]'],
  ['IBAN DE89370400440532013000.', 'IBAN [IBAN].'],
  ['card 4111-1111-1111-1111 exp 12/28', 'card [CARD] exp 12/28'],
  ['Pass-Nr. C01X00T47', 'Pass-Nr. [PASSPORT]'],
  ['паспорт 4510 123456', 'паспорт [PASSPORT]'],
  ['U12345678', '[PASSPORT]'],
  ['born on 3 May 2015, flying on 3 May 2027', 'born on [BIRTH-DATE], flying on 3 May 2027'],
  ['12.03.1980', '[BIRTH-DATE]'],
  ['1980 doğumluyum', '[BIRTH-DATE] doğumluyum'],
  ['née le 1er mars 1958', 'née le [BIRTH-DATE]'],
  ['تاريخ الميلاد ١٢/٠٣/١٩٨٥', 'تاريخ الميلاد [BIRTH-DATE]'],
  ['call (212) 555-0187', 'call [PHONE]'],
];

suite('mask', () => {
  for (const [text, expected] of examples) {
    test(`makes "${expected}"`, () => {
      assert.equal(mask(text), expected);
    });
  }

  for (const text of ordinary) {
    test(`leaves "${text}" alone`, () => {
      assert.equal(mask(text), text);
    });
  }

  test('changes nothing the second time, and gives ordered spans, whatever the text', () => {
    const scraps = [
      ...examples.flat(),
      ...ordinary,
      ...examples.flatMap(([text]) => text.split(' ')),
      '[NAME]',
      '[PHONE] ',
      ': ',
      "'",
      '.',
      ' ',
      '@',
      '+',
      '\n',
      '١٢٣',
      '😀',
      '\ud800',
      '\u0301',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(fc.constantFrom(...scraps), { maxLength: 20 }).map((parts) => parts.join(' ')),
      fc.array(fc.constantFrom(...scraps), { maxLength: 20 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        let before = 0;
        for (const { start, end } of spans(any)) {
          assert.ok(start >= before && end > start && end <= any.length);
          before = end;
        }
        const masked = mask(any);
        assert.equal(mask(masked), masked);
        assert.deepEqual(spans(masked), []);
      }),
      { numRuns: runs(3_000) },
    );
  });

  test('takes addresses that run into each other for one stretch', () => {
    const [only, ...others] = spans('call 33.@ayse.yilmaz+tr@example.com.tr');
    assert.deepEqual([only?.kind, only?.start, only?.end, others], ['email', 5, 38, []]);
  });
  test('changes nothing the second time in the corpus', () => {
    for (const { text } of readCorpus('dev')) assert.equal(mask(mask(text)), mask(text));
  });

  test('takes linear time, also for texts made to be slow', () => {
    const unit = [
      'a',
      'A ',
      'Ali ',
      'ali ',
      'Ali-',
      "O'",
      'A. ',
      '1',
      '1 ',
      '11 ',
      '1-',
      '1/',
      '+1 ',
      '0',
      'a@',
      'a@a.',
      'a.',
      '@',
      '[',
      '[NAME',
      '[NAME] ',
      ' ',
      'TR33',
      'TR33 ',
      'name ',
      'my name is ',
      'Mr ',
      'pass 1 ',
      'U1',
      'May ',
      '1 May ',
      'عبد ',
      'و',
      'вна',
      '\u0301',
      '😀',
      'von ',
      'ı',
    ];
    for (const part of unit) {
      const text = part.repeat(65_536);
      const short = quickest(mask, text.slice(0, 4_096), 5);
      const long = quickest(mask, text.slice(0, 65_536), 5);
      // Sixteen times the text; were it quadratic, it would take 256 times as long.
      assert.ok(long < 64 * Math.max(short, 0.2), `${JSON.stringify(part)}: ${short}, ${long} ms`);
    }
  });
});

suite('the checks', () => {
  test('tell real numbers from those with one digit changed', () => {
    assert.ok(isTckn('28736451972') && !isTckn('28736451973') && !isTckn('08736451972'));
    assert.ok(passesLuhn('4111111111111111') && !passesLuhn('4111111111111112'));
    assert.ok(isIban('DE89370400440532013000') && !isIban('DE89370400440532013001'));
  });
});

suite('the measured corpus', () => {
  test('is large enough and reaches recall and precision; the part no rule was written for a little less recall', (t) => {
    const dev = readCorpus('dev');
    const heldOut = readCorpus('held-out');
    const together = measure([...dev, ...heldOut]).all;
    assert.ok(together.lines >= thresholds.lines);
    assert.ok(together.recall >= thresholds.recall, `recall ${together.recall}`);
    assert.ok(together.precision >= thresholds.precision, `precision ${together.precision}`);
    const unseen = measure(heldOut).all;
    t.diagnostic(`held-out: recall ${unseen.recall}, precision ${unseen.precision}`);
    // Measured 0.96. The threshold is for all together; this only keeps a rule for dev from costing the rest.
    assert.ok(unseen.recall >= 0.95, `held-out recall ${unseen.recall}`);
    assert.ok(unseen.precision >= thresholds.precision, `held-out precision ${unseen.precision}`);
  });

  test('is printed by the command', () => {
    const measureFile = new URL('measure.ts', import.meta.url).pathname;
    const { stdout } = spawnSync(process.execPath, [measureFile], { encoding: 'utf8' });
    // Its exit code also tells of the time, which a busy machine may miss.
    assert.match(stdout, /^together +\d+ +\d+ +\d+ +[01]\.\d{4} +[01]\.\d{4}$/m);
    assert.match(stdout, /median \d+\.\d µs, p99 \d+\.\d µs/);
  });

  test('may be any file of labelled utterances, with JSON as the last line', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'utterances.jsonl');
    const line = { id: '1', lang: 'en', asked: null, at: '2027-03-03T10:00:00Z', intent: null };
    const more = { details: null, urgent: false, stop: false };
    const texts = ['my name is {{name:zorblax}}', 'the number {{passport:none of ours}}'];
    const known = ['Zorblax'];
    await writeFile(
      file,
      texts.map((text) => JSON.stringify({ ...line, ...more, text, known })).join('\n'),
    );
    const measureFile = new URL('measure.ts', import.meta.url).pathname;
    const { stdout } = spawnSync(process.execPath, [measureFile, file], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
      recall: 0.5,
      knownRecall: 1,
      precision: 1,
    });
  });
});
