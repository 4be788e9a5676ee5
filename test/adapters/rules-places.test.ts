import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';

import type { Understanding, Utterance } from '../../actors/shapes/understanding.ts';
import { placeFiles } from '../../adapters/rules/places/build.ts';
import { airportOf } from '../../adapters/rules/places/gazetteer.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
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

suite('place data', () => {
  test('is what its packages say', async () => {
    for (const [file, text] of await placeFiles()) {
      const kept = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
      // Four megabytes in a message would help nobody.
      assert.ok(kept === text, `${file} is stale: run node adapters/rules/places/build.ts`);
    }
  });
});
