import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import type { PlaceChoice } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { buttonTitle, placeRow, valueText } from '../../actors/texts/texts.ts';

const airports = readFileSync(new URL('../../actors/texts/places.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.slice(0, 3));

const tripoli: PlaceChoice = {
  airport: 'BEY',
  city: 'Tripoli',
  region: null,
  country: 'LB',
  km: 74,
};

suite('a place in a text', () => {
  test('is the city, the airport and the country, in the language of the text', () => {
    for (const [lang, text] of [
      ['tr', 'Münih (MUC), Almanya'],
      ['en', 'Munich (MUC), Germany'],
      ['de', 'München (MUC), Deutschland'],
      ['ar', 'ميونخ (MUC)، ألمانيا'],
      ['ru', 'Мюнхен (MUC), Германия'],
      ['fr-CH', 'Munich (MUC), Allemagne'],
      ['pl', 'Munich (MUC), Germany'],
    ] as const) {
      assert.equal(valueText({ place: 'MUC' }, lang), text);
    }
  });

  test('is what the patient called it, if that is known', () => {
    assert.equal(
      valueText({ place: 'BEY', city: 'Tripoli', country: 'LB' }, 'en'),
      'Tripoli (BEY), Lebanon',
    );
  });

  test('is its code alone where nobody knows it', () => {
    assert.equal(valueText({ place: 'QQQ' }, 'de'), 'QQQ');
  });
});

suite('a place to choose', () => {
  test('fits a button and a row, wherever it is', () => {
    for (const airport of airports) {
      for (const lang of languages) {
        const title = buttonTitle(`place:${airport}`, lang);
        assert.ok(title.length <= 20 && title.includes(airport), title);
        const row = placeRow({ ...tripoli, airport, region: 'x'.repeat(60), km: 1_234 }, lang);
        assert.ok(row.title.length <= 24 && row.title.includes(airport), row.title);
        assert.ok(Array.from(row.description).length <= 72, row.description);
      }
    }
  });

  test('is told apart by what it is called, where it is and how far', () => {
    assert.deepEqual(placeRow(tripoli, 'en'), {
      title: 'Beirut (BEY)',
      description: 'Tripoli, Lebanon, ≈ 74 km',
    });
    assert.deepEqual(placeRow({ ...tripoli, airport: 'LGW', country: 'GB', km: 39 }, 'de'), {
      title: 'London (LGW)',
      description: 'Gatwick, Vereinigtes Königreich, ≈ 39 km',
    });
    assert.deepEqual(
      placeRow(
        { airport: 'BHM', city: 'Birmingham', region: 'Alabama', country: 'US', km: 8 },
        'en',
      ),
      { title: 'Birmingham (BHM)', description: 'Alabama, United States, ≈ 8 km' },
    );
  });

  test('has a number and all of it where there are no rows', () => {
    assert.equal(
      valueText({ places: [tripoli, { ...tripoli, airport: 'MJI', country: 'LY', km: 8 }] }, 'en'),
      '1) Beirut (BEY): Tripoli, Lebanon, ≈ 74 km\n2) Tripoli (MJI): Libya, ≈ 8 km',
    );
  });
});
