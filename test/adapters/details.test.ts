import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { type Details, procedures } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';

const readers = {
  dates: ['departDate', 'returnDate'],
  party: ['adults', 'childrenAges'],
  procedure: ['procedure'],
  budget: ['budget'],
  another: [],
} as const satisfies Readonly<Record<string, readonly (keyof Details)[]>>;

/** What one reader has to make of a message: the details to be believed, those to be asked for, and whose treatment it is. */
const Line = v.strictObject({
  lang: v.picklist(languages),
  text: v.string(),
  asked: v.nullable(v.picklist(['departDate', 'adults'])),
  reads: v.picklist(Object.keys(readers) as (keyof typeof readers)[]),
  details: v.strictObject({
    procedure: v.exactOptional(v.picklist(procedures)),
    departDate: v.exactOptional(v.string()),
    returnDate: v.exactOptional(v.string()),
    adults: v.exactOptional(v.number()),
    childrenAges: v.exactOptional(v.array(v.number())),
    budget: v.exactOptional(v.strictObject({ amountMinor: v.string(), currency: v.string() })),
  }),
  doubts: v.array(v.string()),
  another: v.exactOptional(v.string()),
});

/** A Wednesday. */
const at = '2027-03-03T10:00:00+03:00';

function lines(): v.InferOutput<typeof Line>[] {
  return readFileSync(new URL('details-corpus.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => v.parse(Line, JSON.parse(line)));
}

function understood(text: string, more: { lang?: string; asked?: 'departDate' | 'adults' | null }) {
  const said = { lang: 'en', asked: null, at, destination: 'IST', mayLeave: false };
  return understandByRules({ ...said, ...more, text });
}

suite('details', () => {
  for (const [reads, names] of Object.entries(readers)) {
    test(`${reads}: every message of the corpus is read as labelled, or asked about as labelled`, () => {
      const wrong: string[] = [];
      for (const line of lines()) {
        if (line.reads !== reads) continue;
        const { details, doubts = [], another } = understood(line.text, line);
        const found: Record<string, unknown> = {};
        for (const name of names) {
          const read = details[name];
          if (read && read.confidence >= 0.6) found[name] = read.value;
        }
        // A way back is asked about when there is one; only the way out is labelled.
        const asked = doubts.filter(
          (doubt) => doubt !== 'returnDate' && (names as readonly string[]).includes(doubt),
        );
        const who =
          reads === 'another' && another && another.confidence >= 0.6 ? another.value : null;
        const got = JSON.stringify([sorted(found), asked.toSorted(), who]);
        const right = JSON.stringify([
          sorted(line.details),
          line.doubts.toSorted(),
          line.another ?? null,
        ]);
        if (got !== right) {
          wrong.push(`${line.lang} ${line.text}: ${got}, not ${right}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  test('a day that may be meant twice comes with both, earliest first', () => {
    const days = (text: string) => understood(text, { asked: 'departDate' }).days;
    assert.deepEqual(days('03/04/2027'), ['2027-03-04', '2027-04-03']);
    assert.deepEqual(days('20'), ['2027-03-20', '2027-04-20']);
    assert.deepEqual(days('next friday'), ['2027-03-05', '2027-03-12']);
    assert.deepEqual(days('10 or 12 may'), ['2027-05-10', '2027-05-12']);
    assert.deepEqual(days('around 15 may'), ['2027-05-15']);
    assert.equal(days('end of april'), undefined);
  });

  test('a date in figures has the order of its language', () => {
    assert.equal(
      understood('ich fliege am 03/04/2027', {}).details.departDate?.value,
      '2027-04-03',
    );
    assert.equal(understood("I'd fly on 03/04/2027", {}).details.departDate, undefined);
  });

  test('who is treated is named in at most 40 characters', () => {
    const { another } = understood(
      `hair transplant for my brother ${'Ahmed Mehmet '.repeat(9)}`,
      {},
    );
    assert.ok(another && another.value.length <= 40);
  });
});

const sorted = (of: object) =>
  Object.fromEntries(Object.entries(of).toSorted(([one], [two]) => one.localeCompare(two)));
