import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import * as v from 'valibot';

import { Travellers } from '../../actors/shapes/travellers.ts';
import { countries, countryAliases } from '../../actors/travellers/countries.ts';
import {
  checkForm,
  placesIn,
  type FilledForm,
  type FormTrip,
} from '../../actors/travellers/form.ts';

const today = '2026-12-01';
const trip: FormTrip = {
  adults: 1,
  childrenAges: [],
  firstDay: '2027-03-10',
  lastDay: '2027-03-20',
};
type Filled = v.InferOutput<typeof FilledForm>['travellers'][number];
const right: Filled = {
  hasOneName: false,
  givenName: 'Elif',
  familyName: 'Yılmaz',
  bornOn: '1990-05-17',
  sex: 'f',
  passport: { number: 'U12345678', issuingCountry: 'TR', expiresOn: '2031-02-01' },
};

/** `field code` of everything that is wrong. */
function faultsOf(filled: readonly Filled[], of: FormTrip = trip): string[] {
  const form = checkForm(filled, of, today);
  return 'problems' in form
    ? form.problems.map(({ traveller, field, code }) => `${traveller} ${field} ${code}`)
    : [];
}
const keptOf = (filled: Filled) => {
  const form = checkForm([filled], trip, today);
  assert.ok('travellers' in form, JSON.stringify(form));
  return form.travellers[0];
};
const named = (givenName: string) => faultsOf([{ ...right, givenName }]);

suite('a name in the form for travellers', () => {
  test('is taken as airlines take it', () => {
    for (const name of [
      'Elif',
      'ELİF NUR',
      'Gökçe Şirin',
      'Jean-Luc',
      "O'Neill",
      'Ñuño Ángel',
      'Łukasz',
      'Žofia Čapková',
      'Björk',
      'Hafþór'.replace('þ', 'th'),
      'Weiß',
      'X',
      'A'.repeat(40),
    ]) {
      assert.deepEqual(named(name), [], name);
    }
  });

  test('is asked for again in the passport’s Latin spelling, and never changed into it', () => {
    for (const name of ['Елена', 'فاطمة', 'Ελένη', 'נועה', '李', 'ნინო', 'Elеna', 'Нур Elif']) {
      assert.deepEqual(named(name), ['1 givenName script'], name);
    }
  });

  test('without what airlines take is told so', () => {
    for (const name of [
      'Æsa',
      'Cœur',
      'Þór',
      'Ðorđe',
      'Ștefan',
      'Gunəş',
      'Nguyễn',
      'Elif2',
      'Elif, Nur',
      'St. John',
      '-Elif',
      "'t",
      'P<TUR',
      '😀',
      'a@b.c',
    ]) {
      assert.deepEqual(named(name), ['1 givenName letters'], name);
    }
    assert.deepEqual(named('A'.repeat(41)), ['1 givenName long']);
    for (const name of ['Mr John', 'Dr. Elif', 'Frau Anna', 'Mme Zoé', 'Sayın Ali']) {
      assert.deepEqual(named(name), ['1 givenName title'], name);
    }
    for (const name of ['Missy', 'Drago', 'Frauke', 'Herrmann']) assert.deepEqual(named(name), []);
    for (const name of ['', '  ', '\u200b'])
      assert.deepEqual(named(name), ['1 givenName required']);
  });

  test('keeps its letters and loses what keyboards add', () => {
    for (const [typed, kept] of [
      ['  Elif   Nur ', 'Elif Nur'],
      ['Zoe\u0301', 'Zoé'],
      ['eli̇f', 'elif'],
      ['O’Neill', "O'Neill"],
      ['Jean – Luc', 'Jean-Luc'],
      ['\u202aAli\u202c', 'Ali'],
      ['Ｅｌｉｆ', 'Elif'],
    ] as const) {
      assert.equal(keptOf({ ...right, givenName: typed })?.givenName, kept);
    }
  });

  test('may be the only one of a passport, in whichever field it was written', () => {
    const one = { ...right, hasOneName: true, givenName: 'ignored', familyName: 'Suharto' };
    assert.equal(keptOf(one)?.givenName, 'Suharto');
    assert.deepEqual(faultsOf([{ ...one, familyName: '' }]), ['1 familyName required']);
  });

  test('is not that of two travellers, however it is written', () => {
    const two = { ...trip, adults: 2 };
    const passport = { ...right.passport, number: 'U999999' };
    for (const [givenName, familyName] of [
      ['Elif', 'Yılmaz'],
      ['ELIF', 'YILMAZ'],
      ['Elíf', 'Yilmaz'],
      ['El-if', 'Yıl maz'],
    ] as const) {
      assert.deepEqual(faultsOf([right, { ...right, givenName, familyName, passport }], two), [
        '2 givenName same_name',
      ]);
    }
    assert.deepEqual(faultsOf([right, { ...right, givenName: 'Elif Nur', passport }], two), []);
    assert.deepEqual(faultsOf([right, { ...right, givenName: 'Ada' }], two), [
      '2 passport.number same_passport',
    ]);
  });
});

suite('a day in the form for travellers', () => {
  const born = (bornOn: string, of: Partial<FormTrip> = {}) =>
    faultsOf([{ ...right, bornOn }], { ...trip, ...of });
  const child = (bornOn: string, age: number) =>
    faultsOf(
      [
        right,
        { ...right, givenName: 'Can', bornOn, passport: { ...right.passport, number: 'U2222222' } },
      ],
      {
        ...trip,
        childrenAges: [age],
      },
    );

  test('is a day that there is', () => {
    for (const day of [
      '1990-02-30',
      '1989-02-29',
      '1990-13-01',
      '0000-00-00',
      '17.05.1990',
      '--',
    ]) {
      assert.deepEqual(born(day), ['1 bornOn date'], day);
    }
    assert.deepEqual(born(''), ['1 bornOn required']);
    assert.deepEqual(born('1988-02-29'), []);
    assert.deepEqual(born('۱۹۹۰-۰۵-۱۷'), []);
  });

  test('of birth lies in the past, and not too far', () => {
    assert.deepEqual(born('2026-12-02'), ['1 bornOn future']);
    assert.deepEqual(born('2090-05-17'), ['1 bornOn future']);
    assert.deepEqual(born('1905-12-01'), ['1 bornOn too_old']);
    assert.deepEqual(born('0090-05-17'), ['1 bornOn too_old']);
    assert.deepEqual(born('1906-12-01'), []);
  });

  test('of birth fits who was searched for', () => {
    assert.deepEqual(born('2018-01-01'), ['1 bornOn not_adult']);
    assert.deepEqual(born('2009-03-21'), ['1 bornOn not_adult']);
    // Eighteen before the last flight.
    assert.deepEqual(born('2009-03-20'), []);
    assert.deepEqual(child('2020-03-10', 7), []);
    assert.deepEqual(child('2020-03-21', 6), []);
    assert.deepEqual(child('2020-03-21', 7), ['2 bornOn other_age']);
    // Seven when the first flight leaves, and eight when the last one does.
    assert.deepEqual(child('2019-03-15', 7), []);
    assert.deepEqual(child('2019-03-15', 8), []);
    assert.deepEqual(child('2019-03-15', 9), ['2 bornOn other_age']);
    assert.deepEqual(child('1990-05-17', 7), ['2 bornOn other_age']);
    assert.deepEqual(child('2026-11-30', 0), []);
    // Who was born on a leap day is a year older on the first of March.
    assert.deepEqual(born('2008-02-29', { firstDay: '2026-02-20', lastDay: '2026-02-28' }), [
      '1 bornOn not_adult',
    ]);
    assert.deepEqual(born('2008-02-29', { firstDay: '2026-02-20', lastDay: '2026-03-01' }), []);
  });

  test('of children is asked from the eldest to the youngest, whatever order they were searched in', () => {
    const kid = (givenName: string, bornOn: string, number: string): Filled => ({
      ...right,
      givenName,
      bornOn,
      passport: { ...right.passport, number },
    });
    const family = { ...trip, childrenAges: [3, 11, 7] };
    const kids = [
      kid('Can', '2016-01-01', 'U0000001'),
      kid('Ece', '2020-01-01', 'U0000002'),
      kid('Ada', '2024-01-01', 'U0000003'),
    ];
    assert.equal(placesIn(family), 4);
    assert.deepEqual(faultsOf([right, ...kids], family), []);
    assert.deepEqual(faultsOf([right, ...kids.toReversed()], family), [
      '2 bornOn other_age',
      '4 bornOn other_age',
    ]);
  });

  test('on which a passport ends is not before the last flight, and warns within six months', () => {
    const ending = (expiresOn: string) => {
      const form = checkForm(
        [{ ...right, passport: { ...right.passport, expiresOn } }],
        trip,
        today,
      );
      return 'problems' in form
        ? form.problems.map(({ code }) => code)
        : form.warnings.map(({ code }) => code);
    };
    assert.deepEqual(ending('2027-03-19'), ['expired']);
    assert.deepEqual(ending('2020-01-01'), ['expired']);
    assert.deepEqual(ending('2027-03-20'), ['six_months']);
    assert.deepEqual(ending('2027-09-19'), ['six_months']);
    assert.deepEqual(ending('2027-09-20'), []);
    assert.deepEqual(ending('2036-12-01'), []);
    assert.deepEqual(ending('3031-02-01'), ['far']);
    assert.deepEqual(ending(''), ['required']);
  });
});

suite('a passport in the form for travellers', () => {
  const numbered = (number: string) => ({ ...right, passport: { ...right.passport, number } });

  test('has a number in capitals and digits, however it was typed', () => {
    for (const [typed, kept] of [
      ['u12345678', 'U12345678'],
      [' U 1234 5678 ', 'U12345678'],
      ['U-1234.5678', 'U12345678'],
      ['U12345678<', 'U12345678'],
      ['U١٢٣٤٥٦٧٨', 'U12345678'],
      ['７１ 1234567', '711234567'],
    ] as const) {
      assert.equal(keptOf(numbered(typed))?.passport.number, kept);
    }
    // The second begins with a Cyrillic letter: which one was meant only the patient knows.
    for (const typed of ['1234', 'А1234567', 'PASSPORT', 'U1234/5678', '1'.repeat(21)]) {
      assert.deepEqual(faultsOf([numbered(typed)]), ['1 passport.number number'], typed);
    }
    assert.deepEqual(faultsOf([numbered(' ')]), ['1 passport.number required']);
  });

  test('was issued by a country', () => {
    const issued = (issuingCountry: string) =>
      faultsOf([{ ...right, passport: { ...right.passport, issuingCountry } }]);
    for (const code of ['TR', 'de', ' SY ', 'XK']) assert.deepEqual(issued(code), [], code);
    for (const code of ['ZZ', 'EU', 'Türkei', 'TUR', 'SU']) {
      assert.deepEqual(issued(code), ['1 passport.issuingCountry country'], code);
    }
    assert.deepEqual(issued(''), ['1 passport.issuingCountry required']);
  });
});

suite('what countries are also called', () => {
  test('leads to a country of the list', () => {
    for (const [name, code] of Object.entries(countryAliases)) {
      assert.ok(countries.includes(code), name);
    }
    assert.deepEqual(
      ['TUR', 'DEU', 'CHE', 'SRB', 'ARE', 'YEM', 'D'].map((name) => countryAliases[name]),
      ['TR', 'DE', 'CH', 'RS', 'AE', 'YE', 'DE'],
    );
  });
});

suite('the form for travellers', () => {
  test('whatever is filled in: it is either all right and fits what orders take, or each fault has its place', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('Elif', 'TR', 'f', '1990-05-17', '2031-02-01', 'U12345678'),
    );
    const filled: fc.Arbitrary<Filled> = fc.record({
      hasOneName: fc.boolean(),
      givenName: text,
      familyName: text,
      bornOn: text,
      sex: text,
      passport: fc.record({ number: text, issuingCountry: text, expiresOn: text }),
    });
    fc.assert(
      fc.property(fc.array(filled, { minLength: 1, maxLength: 9 }), (travellers) => {
        const form = checkForm(travellers, { ...trip, adults: travellers.length }, today);
        if ('problems' in form) {
          assert.ok(form.problems.length > 0);
          for (const { path, traveller, field } of form.problems) {
            assert.equal(path, `travellers.${traveller - 1}.${field}`);
            assert.ok(travellers[traveller - 1]);
          }
        } else {
          assert.deepEqual(v.parse(Travellers, form.travellers), form.travellers);
          assert.equal(form.travellers.length, travellers.length);
        }
      }),
    );
  });
});
