import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import type { Understanding, Utterance } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from '../../adapters/rules/fold.ts';
import { originIn } from '../../adapters/rules/places.ts';
import { placeFiles } from '../../adapters/rules/places/build.ts';
import { airportOf } from '../../adapters/rules/places/gazetteer.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import { quickest } from '../hostile/search.ts';
import { readUtterances } from '../support/utterances.ts';
import { names } from './places/names.ts';

function heard(text: string, more: Partial<Utterance> = {}): Understanding {
  return understandByRules({
    text,
    lang: 'en',
    asked: null,
    at: '2027-03-03T10:00:00+03:00',
    destination: 'IST',
    mayLeave: false,
    ...more,
  });
}

const answered = (text: string) => heard(text, { asked: 'origin' });

/** What is read back. */
function told({ details: { origin } }: Understanding): string | null {
  return origin && origin.confidence >= 0.6 ? origin.value : null;
}

const sameCity = (left: string | null, right: string): boolean =>
  left === right || (left !== null && airportOf(left)?.city === airportOf(right)?.city);

suite('the names of cities', () => {
  for (const [language, list] of Object.entries(names)) {
    test(`are known as they are written in ${language}, 98 of 100`, () => {
      const all = list
        .split('|')
        .map((entry) => ({ name: entry.slice(0, -4), airport: entry.slice(-3) }));
      const missed = all.filter(({ name, airport }) => !sameCity(told(answered(name)), airport));
      assert.ok(missed.length <= all.length * 0.02, JSON.stringify(missed));
    });
  }
});

suite('where a patient flies from', () => {
  const choices = (understood: Understanding) =>
    (understood.places ?? []).map(({ airport }) => airport);
  const isAsked = ({ doubts }: Understanding) => doubts?.includes('origin') ?? false;

  test('is read from what strangers write, and nothing else is taken for it', () => {
    const file = new URL('places/utterances.jsonl', import.meta.url);
    const all = readUtterances(fileURLToPath(file));
    const missed: string[] = [];
    const wrong: string[] = [];
    for (const { text, asked, details } of all) {
      const origin = told(heard(text, { asked }));
      const wanted = details?.origin ?? null;
      if (wanted === null ? origin === null : sameCity(origin, wanted)) continue;
      (origin === null ? missed : wrong).push(`${text}: ${origin}, not ${wanted}`);
    }
    assert.deepEqual(wrong, []);
    assert.ok(missed.length <= all.length * 0.02, missed.join('\n'));
  });

  test('is asked where two cities of a name are likely, with region and country', () => {
    const tripoli = answered('Tripoli');
    assert.ok(isAsked(tripoli));
    assert.equal(told(tripoli), null);
    assert.deepEqual(choices(tripoli).slice(0, 2), ['MJI', 'BEY']);
    assert.deepEqual(tripoli.places?.[1], {
      airport: 'BEY',
      city: 'Tripoli',
      region: null,
      country: 'LB',
      km: 74,
    });
    const cambridge = answered('Cambridge');
    assert.ok(isAsked(cambridge));
    assert.ok(cambridge.places?.some(({ country }) => country === 'GB'));
    assert.ok(cambridge.places?.some(({ region }) => region === 'Massachusetts'));
  });

  test('is one of them where the country, the state or the airport is told', () => {
    for (const [text, airport] of [
      ['Tripoli, Lebanon', 'BEY'],
      ['طرابلس ليبيا', 'MJI'],
      ['Birmingham AL', 'BHM'],
      ['London Ontario', 'YXU'],
      ['Frankfurt Hahn', 'HHN'],
      ['ab Düsseldorf Weeze', 'NRN'],
      ['из Домодедово', 'DME'],
    ] as const) {
      assert.equal(told(answered(text)), airport, text);
    }
  });

  test('that is ten times as large as its namesakes is read back, with what else it could be', () => {
    for (const [text, airport, other] of [
      ['London', 'LHR', 'LGW'],
      ['London', 'LHR', 'YXU'],
      ['Frankfurt', 'FRA', 'HHN'],
      ['Alexandria', 'HBE', 'DCA'],
    ] as const) {
      const understood = answered(text);
      assert.equal(told(understood), airport);
      assert.ok(!isAsked(understood));
      assert.ok(choices(understood).includes(other), `${text}: ${choices(understood).join()}`);
    }
  });

  test('is one of the nearest airports where the city has none', () => {
    const würzburg = answered('Würzburg');
    assert.ok(isAsked(würzburg));
    assert.deepEqual(choices(würzburg).slice(0, 2), ['NUE', 'FRA']);
    assert.ok(würzburg.places?.every(({ city, km }) => city === 'Würzburg' && km > 60));
  });

  test('is asked of a country with its largest cities, at most nine', () => {
    for (const text of ['Germany', 'из Германии', 'Almanya', 'ألمانيا', "d'Allemagne"]) {
      const understood = answered(text);
      assert.ok(isAsked(understood), text);
      assert.equal(choices(understood)[0], 'BER');
      assert.ok(choices(understood).length > 3 && choices(understood).length <= 9);
    }
  });

  test('is where somebody lives and not where they were born, and the flight counts most', () => {
    for (const [text, airport] of [
      ['im from bari originally but living in london', 'LHR'],
      ['ursprünglich aus Syrien, lebe in Bremen', 'BRE'],
      ['родом из Омска, живу в Праге', 'PRG'],
      ["je suis originaire d'Oran mais j'habite à Lyon", 'LYS'],
      ['أنا من بغداد بس عايش في برلين', 'BER'],
      ['Wir wohnen in Nürnberg, fliegen aber ab München', 'MUC'],
    ] as const) {
      assert.equal(told(heard(text)), airport, text);
    }
  });

  test('is none that was denied, and the last that was corrected', () => {
    for (const [text, airport] of [
      ['not from Paris, from Lyon', 'LYS'],
      ["Paris'ten değil Lyon'dan", 'LYS'],
      ['не из Москвы, а из Казани', 'KZN'],
      ['Zürich, nein doch Basel', 'BSL'],
      ['Paris. sorry i mean Brussels', 'BRU'],
    ] as const) {
      assert.equal(told(answered(text)), airport, text);
    }
  });

  test('is asked where two are told', () => {
    for (const text of ['Berlin or Hamburg', "Ben Berlin'den, annem Ankara'dan gelecek"]) {
      const understood = heard(text, { asked: 'origin' });
      assert.ok(isAsked(understood), text);
      assert.ok(choices(understood).includes('BER'), text);
    }
  });

  test('is no word, no pain and nobody by the name of a city', () => {
    for (const text of [
      'nice to meet you',
      'dişimde ağrı var',
      'ağrıdan duramıyorum',
      'van gölü',
      'Batman filmi',
      'darf ich vor der OP essen?',
      'Dr. Klaus von Halle',
      'MRI results attached',
      'VAR MI',
      'من فضلك',
      'с уважением, Вера',
      'greetings from Grace',
    ]) {
      const understood = heard(text);
      assert.equal(told(understood), null, text);
      assert.ok(!isAsked(understood), text);
    }
  });

  test('that is a word, too, is asked back where a place was asked for', () => {
    for (const [text, airport] of [
      ['nice', 'NCE'],
      ['Ağrı', 'AJI'],
      ['Kabul', 'KBL'],
    ] as const) {
      const understood = answered(text);
      assert.ok(isAsked(understood), text);
      assert.deepEqual(choices(understood), [airport]);
      assert.notEqual(understood.intent.value, 'urgent', text);
    }
    assert.equal(told(answered('ağrıdan uçacağım')), 'AJI');
    assert.equal(told(answered('Muş')), 'MSR');
  });

  test('is read with a wrong letter where a place is expected', () => {
    for (const [text, airport] of [
      ['Ich komm aus Müchen', 'MUC'],
      ['from amsterdm', 'AMS'],
      ["Frankfrut'tan", 'FRA'],
      ['Новосибрск', 'OVB'],
      ['Strasbourgh', 'SXB'],
    ] as const) {
      assert.equal(told(answered(text)), airport, text);
    }
    assert.equal(told(heard('Danke für die schönen Müchen')), null);
  });
});

suite('reading a place', () => {
  test('takes bounded time, whatever a stranger writes', () => {
    for (const piece of [
      'من برلين ',
      'from Berlin ',
      'aus Xqzzywk ',
      'Нижнего Новгородова ',
      'de la ville de ',
      'San Jose or ',
      'GEORGETOWN BIRMINGHAM ',
      'Almanyadan Kölnden ',
      'not from ',
    ]) {
      const text = piece.repeat(Math.ceil(4_096 / piece.length)).slice(0, 4_096);
      const folded = fold(text);
      const words = wordsOf(folded);
      for (const asked of ['origin', null] as const) {
        const ms = quickest(
          () => originIn(text, folded, words, { asked, destination: 'IST' }),
          text,
          20,
        );
        assert.ok(ms < 50, `${piece}: ${ms} ms`);
      }
    }
  });
});

suite('place data', () => {
  test('is what its packages say', async () => {
    for (const [file, text] of await placeFiles()) {
      const kept = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
      // Four megabytes in a message would help nobody.
      assert.ok(kept === text, `${file} is stale: run node adapters/rules/places/build.ts`);
    }
  });
});
