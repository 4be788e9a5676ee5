import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Details, Utterance } from '../../actors/shapes/understanding.ts';
import { languageOfText } from '../../adapters/rules/language.ts';
import { rulesUnderstanding, understandByRules } from '../../adapters/rules/understanding.ts';
import { quickest } from '../hostile/search.ts';
import type { LabelledUtterance } from '../support/utterances.ts';
import { judge } from './rules-file.ts';
import { corpus, measure } from './rules-measure.ts';

/** A Wednesday. */
const at = '2027-03-03T23:30:00+03:00';

function heard(text: string, more: Partial<Utterance> = {}) {
  return understandByRules({
    text,
    lang: 'en',
    asked: null,
    at,
    destination: 'IST',
    mayLeave: false,
    ...more,
  });
}

/** What a caller would act on. */
function told(text: string, detail: keyof Details, more: Partial<Utterance> = {}): unknown {
  const found = heard(text, more).details[detail];
  return found && found.confidence >= 0.6 ? found.value : null;
}

function intentOf(text: string, more: Partial<Utterance> = {}): string {
  const { value, confidence } = heard(text, more).intent;
  return confidence >= 0.6 ? value : 'unclear';
}

suite('understanding by rules', () => {
  test('reads at least 95 of 100 labelled utterances right, for each thing it reads', () => {
    const utterances = corpus();
    for (const lang of ['tr', 'en', 'de', 'ar', 'ru', 'fr']) {
      assert.ok(utterances.filter((said) => said.lang === lang).length >= 40, lang);
    }
    for (const { of, right, total, misses } of measure(utterances)) {
      assert.ok(right / total >= 0.95, `${of}: ${right}/${total}\n${misses.join('\n')}`);
    }
  });

  test('answers through the port', async () => {
    const { signal } = new AbortController();
    const said = {
      text: 'Hallo',
      lang: 'de',
      asked: null,
      at,
      destination: 'IST',
      mayLeave: false,
    };
    assert.equal((await rulesUnderstanding().understand(said, signal)).intent.value, 'greeting');
  });

  test('never takes a word of agreement in something else for a yes', () => {
    for (const text of [
      "I don't agree",
      'yes, but not today',
      'I would agree if it were cheaper',
      'kabul etmiyorum',
      'evet?',
      'nicht einverstanden',
      'لا أوافق',
      'не согласен',
      "pas d'accord",
      'yes no',
      'do you agree?',
      'Good morning',
      'Hello, good evening!',
      'right now',
      'merci bien',
    ]) {
      assert.notEqual(intentOf(text, { asked: 'consent' }), 'agree', text);
    }
    assert.equal(intentOf('Good morning, ok', { asked: 'consent' }), 'agree');
    assert.equal(intentOf('Я не против', { asked: 'consent' }), 'agree');
  });

  test('withdraws only on a message that is nothing else', () => {
    for (const text of ['stop', 'STOP!', 'dur', 'Durdur', 'İPTAL', 'iptal', 'stopp', 'abmelden']) {
      assert.equal(intentOf(text), 'stop', text);
    }
    for (const text of [
      'arrêt',
      'Arrêter',
      'стоп',
      'Отписаться',
      'توقف',
      'إيقاف',
      'ايقاف',
      'الغاء',
    ]) {
      assert.equal(intentOf(text), 'stop', text);
    }
    for (const text of ['dur bir dakika', 'stop by the clinic', "don't stop", 'iptal etmeyin']) {
      assert.notEqual(intentOf(text), 'stop', text);
    }
  });

  test('hears an emergency in whatever language, and not its denial', () => {
    for (const text of ['bleeding', 'kanama', 'Blutung', 'نزيف', 'кровотечение', 'saignement']) {
      assert.equal(intentOf(`Hello ${text}`), 'urgent', text);
    }
    for (const text of [
      'no bleeding',
      'kanama yok',
      'keine Blutung',
      'لا يوجد نزيف',
      'кровотечения нет',
    ]) {
      assert.notEqual(intentOf(text), 'urgent', text);
    }
    assert.equal(intentOf('What is the risk of infection?'), 'question');
  });

  test('keeps the details of a question', () => {
    const { intent, details } = heard('How much is a nose job if I fly from Vienna on 3 May?');
    assert.deepEqual(
      [intent.value, details.procedure?.value, details.origin?.value, details.departDate?.value],
      ['question', 'nose', 'VIE', '2027-05-03'],
    );
  });
});

suite('the measure of labelled utterances', () => {
  const calm: LabelledUtterance = {
    id: '1',
    lang: 'en',
    text: '',
    asked: null,
    at,
    intent: null,
    details: null,
    urgent: false,
    stop: false,
    known: [],
    spans: [],
  };

  test('counts what is heard, what is missed, and what is wrong and sure', () => {
    assert.deepEqual(
      judge([
        { ...calm, text: 'I am bleeding', urgent: true },
        { ...calm, text: 'zorblax quendle', urgent: true },
        { ...calm, text: 'stop', stop: true },
        { ...calm, text: 'please delete all my data', stop: true },
        { ...calm, text: 'Sure, what does it cost?', asked: 'consent', intent: 'question' },
        { ...calm, text: 'yes, I agree', asked: 'consent', intent: 'question' },
        { ...calm, text: 'the second', asked: 'offer', picked: 3 },
        { ...calm, text: 'from Gatwick LGW', details: { origin: 'LHR' } },
        { ...calm, text: 'from Munich on 3 May', details: { origin: 'BER' } },
      ]),
      {
        urgentRecall: 0.5,
        stopRecall: 1,
        falseAlarms: 0,
        wrongActedOn: 2,
        originRight: 0.5,
        dateRight: null,
        language: 1,
        wrongReadBack: 2,
      },
    );
  });
});

suite('an origin', () => {
  test('is the place marked by from, in every language', () => {
    for (const [text, airport] of [
      ["İstanbul'a Berlin'den uçmak istiyorum", 'BER'],
      ['Paris is nice but I fly from Munich', 'MUC'],
      ['Ich war in Paris, fliege aber aus München', 'MUC'],
      ['من برلين إلى إسطنبول', 'BER'],
      ['из Москвы в Стамбул', 'SVO'],
      ['de Paris à Istanbul', 'CDG'],
      ["Köln'den", 'CGN'],
      ['flying from LGW', 'LGW'],
      ['from Aberdeen', 'ABZ'],
    ] as const) {
      assert.equal(told(text, 'origin'), airport, text);
    }
  });

  test("is never the clinic's own city", () => {
    assert.equal(told('Istanbul', 'origin', { asked: 'origin' }), null);
    assert.equal(told('from SAW', 'origin', { asked: 'origin' }), null);
    assert.equal(told('Istanbul', 'origin', { asked: 'origin', destination: 'AYT' }), 'IST');
  });

  test('is no everyday word of three letters', () => {
    for (const text of ['yes', 'hey', 'the', 'yok', 'ben', 'YES', 'BEN', 'HEY YOU THE DAY CAN']) {
      assert.equal(told(text, 'origin', { asked: 'origin' }), null, text);
    }
    assert.equal(told('ber', 'origin', { asked: 'origin' }), 'BER');
    assert.equal(told('BER', 'origin'), null);
    assert.equal(told('flying from BER', 'origin'), 'BER');
    assert.equal(told('MRI results attached', 'origin'), null);
  });
});

suite('a date', () => {
  const depart = (text: string, more: Partial<Utterance> = {}) =>
    told(text, 'departDate', { asked: 'departDate', ...more });

  test('counts from the local day of the message', () => {
    assert.equal(depart('tomorrow'), '2027-03-04');
    assert.equal(depart('yarın'), '2027-03-04');
    assert.equal(depart('غدا'), '2027-03-04');
    assert.equal(depart('3 March'), '2027-03-03');
    assert.equal(depart('2 March'), '2028-03-02');
  });

  test('is within the year to come, and in the calendar', () => {
    for (const text of [
      '31.12.2030',
      '3 May 2026',
      '31.02.2027',
      '30 February',
      'yesterday',
      '2.5',
    ]) {
      assert.equal(depart(text), null, text);
    }
  });

  test('is read in the forms people write', () => {
    for (const [text, day] of [
      ['2027-12-31', '2027-12-31'],
      ['31/12', '2027-12-31'],
      ['٣١/١٢/٢٠٢٧', '2027-12-31'],
      ['12/31/2027', '2027-12-31'],
      ['May 3rd', '2027-05-03'],
      ['3 ноября', '2027-11-03'],
      ['5 كانون الثاني', '2028-01-05'],
      ['5 يناير', '2028-01-05'],
      ['übermorgen', '2027-03-05'],
      ['après-demain', '2027-03-05'],
      ['10 gün sonra', '2027-03-13'],
      ['بعد شهرين', '2027-05-03'],
    ] as const) {
      assert.equal(depart(text), day, text);
    }
  });

  test('that is only a month is a guess nobody acts on', () => {
    assert.equal(depart('in May'), null);
    assert.equal(heard('in May', { asked: 'departDate' }).intent.value, 'inform');
    assert.equal(depart('3 May or 5 May'), null);
  });

  test('has its way back', () => {
    for (const text of [
      'from 3 to 10 May',
      '3-10 Mayıs',
      'vom 3. bis 10. Mai',
      'du 3 au 10 mai',
      'с 3 по 10 мая',
      'من 3 إلى 10 أيار',
      '03.05.2027 - 10.05.2027',
      '3.-10.5.',
    ]) {
      assert.deepEqual(
        [depart(text), told(text, 'returnDate', { asked: 'departDate' })],
        ['2027-05-03', '2027-05-10'],
        text,
      );
    }
    assert.equal(told('returning 10 May', 'returnDate'), '2027-05-10');
    assert.equal(told('returning 10 May', 'departDate'), null);
  });
});

suite('a party', () => {
  test('counts who comes along', () => {
    for (const [text, adults] of [
      ['2 adults and a child of 5', 2],
      ['eşim ve ben', 2],
      ['2 kişi', 2],
      ['wir sind zu zweit', 2],
      ['я и жена', 2],
      ['أنا وزوجتي', 2],
      ['me, my wife and my mother', 3],
      ['My mother needs new teeth', null],
      ['I want to talk to a person', null],
      ['25 adults', null],
    ] as const) {
      assert.equal(told(text, 'adults'), adults, text);
    }
  });

  test('is what a bare number means only when it was asked for', () => {
    assert.equal(told('2', 'adults', { asked: 'adults' }), 2);
    assert.equal(told('٢', 'adults', { asked: 'adults', lang: 'ar' }), 2);
    assert.equal(told('2', 'adults'), null);
    assert.equal(told('2', 'departDate', { asked: 'departDate' }), null);
  });

  test('has the ages of children, and of nobody else', () => {
    assert.deepEqual(told('me and my 5 year old son', 'childrenAges'), [5]);
    assert.deepEqual(told('two kids (4 and 7)', 'childrenAges'), [4, 7]);
    assert.deepEqual(told('ein Kind im Alter von 6 Jahren', 'childrenAges'), [6]);
    assert.equal(told('I am 45 years old', 'childrenAges'), null);
    assert.equal(told('I am 45 years old', 'adults'), null);
  });
});

suite('a budget', () => {
  test('is minor units of the currency that was named', () => {
    for (const [text, amountMinor, currency] of [
      ['3.000 €', '300000', 'EUR'],
      ['3,000.50 $', '300050', 'USD'],
      ['€3000', '300000', 'EUR'],
      ['3 bin euro', '300000', 'EUR'],
      ['5 тысяч долларов', '500000', 'USD'],
      ['5 آلاف دولار', '500000', 'USD'],
      ['2.5k euros', '250000', 'EUR'],
      ['five thousand pounds', '500000', 'GBP'],
      ['50.000 TL', '5000000', 'TRY'],
      ['between 2000 and 3000 euros', '300000', 'EUR'],
      ['1000 KWD', '1000000', 'KWD'],
    ] as const) {
      assert.deepEqual(told(`budget ${text}`, 'budget'), { amountMinor, currency }, text);
    }
    assert.equal(told('my budget is 3000', 'budget'), null);
  });
});

suite('a language', () => {
  test('is told from short words and from the script', () => {
    for (const [text, lang] of [
      ['merhaba', 'tr'],
      ['hello', 'en'],
      ['Guten Tag', 'de'],
      ['مرحبا', 'ar'],
      ['привет', 'ru'],
      ['bonjour', 'fr'],
      ['да', 'ru'],
      ['evet', 'tr'],
    ] as const) {
      const read = languageOfText(text);
      assert.ok(read && read.value === lang && read.confidence >= 0.6, text);
    }
  });

  test('is none for tongues we do not speak, and where nothing tells', () => {
    for (const text of [
      'سلام می خواهم کاشت مو انجام دهم',
      'میں بال لگوانا چاہتا ہوں',
      'Добрий день, хочу пересадку волосся, скільки це коштує',
      'Hola, quisiera un trasplante de pelo en su clínica',
      'Berlin',
      '2',
      '',
      '👍',
    ]) {
      const read = languageOfText(text);
      assert.ok(read === null || read.confidence < 0.6, `${text}: ${JSON.stringify(read)}`);
    }
  });
});

suite('speed', () => {
  const typical =
    'Hello, I want a hair transplant from Berlin, 3 to 10 May, 2 adults and a child of 5, budget 3,000 €';

  test('grows with the length up to 4,096 characters of anything, and reads no more', () => {
    for (const piece of [
      typical,
      '1 2 3 4 5 6 7 8 9 0 ',
      '1.1.1.1.',
      'no bleeding ',
      'من برلين ',
      'May ',
      'next week ',
      'my wife and ',
      'a child of ',
      '٣٬٠٠٠ ',
      'x',
      'tomorrow 3 ',
      '(',
      'ﷺ',
      '\u0301\u0323',
      'BER ',
      'bir bin ',
    ]) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const [short, whole, more] = [512, 4_096, 100_000].map((length) =>
        quickest((said) => heard(said), text.slice(0, length), 20),
      ) as [number, number, number];
      // Eight times the text: quadratic work would take 64 times as long.
      assert.ok(whole < 24 * short, `${piece}: ${whole / short} times`);
      assert.ok(more < 3 * whole, `${piece}: ${more / whole} times`);
    }
  });
});
