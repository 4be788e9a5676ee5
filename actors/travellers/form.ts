import * as v from 'valibot';

import type { Party } from '../shapes/flights.ts';
import { PassportName, type Traveller, type Travellers } from '../shapes/travellers.ts';
import { countries } from './countries.ts';

/** A field as somebody filled it in. Left out is left empty. */
const Field = v.optional(v.pipe(v.string(), v.maxLength(200)), '');

/** What a form brings: as it was filled in, right or wrong. */
export const FilledForm = v.strictObject({
  travellers: v.pipe(
    v.array(
      v.strictObject({
        /** The passport has one name alone: `familyName`. */
        hasOneName: v.optional(v.boolean(), false),
        givenName: Field,
        familyName: Field,
        bornOn: Field,
        sex: Field,
        passport: v.strictObject({ number: Field, issuingCountry: Field, expiresOn: Field }),
      }),
    ),
    v.minLength(1),
    v.maxLength(20),
  ),
});
type Filled = v.InferOutput<typeof FilledForm>['travellers'][number];

/** The trip that a form is for: who was searched for, and when they are under way. */
export interface FormTrip extends Party {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** As the form has them, one below the other. */
export const formFields = [
  'familyName',
  'givenName',
  'bornOn',
  'sex',
  'passport.number',
  'passport.issuingCountry',
  'passport.expiresOn',
] as const;
export type FormField = (typeof formFields)[number];

/** What is wrong with a field. The page has a sentence for each, in each language. */
export const formProblems = [
  'required',
  /** Letters of another script than the passport's Latin line. */
  'script',
  /** Digits, signs, or Latin letters that airlines do not take. */
  'letters',
  'title',
  'long',
  'same_name',
  'date',
  'future',
  'too_old',
  'not_adult',
  'other_age',
  'number',
  'same_passport',
  'country',
  'expired',
  'far',
] as const;
export type FormProblem = (typeof formProblems)[number];

/** A field that is wrong, or only worth a second look. Says nothing of what stands in it. */
export interface FieldProblem<Code extends string = FormProblem> {
  /** `travellers.0.passport.number`. */
  readonly path: string;
  /** Whose: 1 is the first. */
  readonly traveller: number;
  readonly field: FormField;
  readonly code: Code;
}

/** Some countries let nobody in whose passport ends within six months. */
export type FormWarning = FieldProblem<'six_months'>;

export type CheckedForm =
  | { readonly travellers: Travellers; readonly warnings: readonly FormWarning[] }
  | { readonly problems: readonly FieldProblem[] };

type Tell = (field: FormField, code: FormProblem) => void;

const oldest = 120;
/** Passports hold for ten years, few for longer: a year beyond that was mistyped. */
const longestPassport = 50;
const adultAge = 18;

/**
 * What airlines take of a filled-in form, or everything that is wrong with it. Spaces, dashes, case and digits are put right
 * where that changes nothing of what was meant; letters never are.
 *
 * @param today `YYYY-MM-DD`
 */
export function checkForm(filled: readonly Filled[], trip: FormTrip, today: string): CheckedForm {
  const problems: FieldProblem[] = [];
  const tellOf =
    (index: number): Tell =>
    (field, code) =>
      void problems.push({
        path: `travellers.${index}.${field}`,
        traveller: index + 1,
        field,
        code,
      });
  const travellers = filled.map((one, index) => checked(one, tellOf(index), today));
  const ages = agesOf(trip);
  for (const [index, traveller] of travellers.entries()) {
    const tell = tellOf(index);
    if (traveller.bornOn !== '') checkAge(traveller.bornOn, ages[index] ?? null, trip, tell);
    const { expiresOn } = traveller.passport;
    if (expiresOn !== '' && expiresOn < trip.lastDay) tell('passport.expiresOn', 'expired');
    checkTwins(travellers, index, tell);
  }
  if (problems.length > 0) return { problems: problems.toSorted(asInForm) };
  const warnings = travellers.flatMap(({ passport }, index): FormWarning[] =>
    passport.expiresOn >= monthsLater(trip.lastDay, 6)
      ? []
      : [
          {
            path: `travellers.${index}.passport.expiresOn`,
            traveller: index + 1,
            field: 'passport.expiresOn',
            code: 'six_months',
          },
        ],
  );
  return { travellers, warnings };
}

const asInForm = (one: FieldProblem, other: FieldProblem): number =>
  one.traveller - other.traveller ||
  formFields.indexOf(one.field) - formFields.indexOf(other.field);

/** How many travellers a trip's form has. */
export const placesIn = ({ adults, childrenAges }: Party): number => adults + childrenAges.length;

/** The age of each place of the form, null for an adult: adults first, then children from the eldest to the youngest. */
function agesOf({ adults, childrenAges }: Party): (number | null)[] {
  return [
    ...Array.from({ length: adults }, () => null),
    ...childrenAges.toSorted((one, other) => other - one),
  ];
}

/** Empty where it is wrong. */
function checked(filled: Filled, tell: Tell, today: string): Traveller {
  const familyName = nameIn(filled.familyName, 'familyName', tell);
  // Airlines want two names; who has one is booked with it in both.
  const givenName = filled.hasOneName ? familyName : nameIn(filled.givenName, 'givenName', tell);
  const { sex } = filled;
  if (sex !== 'f' && sex !== 'm') tell('sex', 'required');
  return {
    givenName,
    familyName,
    bornOn: birthdayIn(filled.bornOn, today, tell),
    sex: sex === 'f' ? 'f' : 'm',
    passport: {
      number: numberIn(filled.passport.number, tell),
      issuingCountry: countryIn(filled.passport.issuingCountry, tell),
      expiresOn: expiryIn(filled.passport.expiresOn, today, tell),
    },
  };
}

const titles = /^(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|mlle|monsieur|madame|sayin|sayın)\.? /iu;

function nameIn(text: string, field: 'givenName' | 'familyName', tell: Tell): string {
  const name = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll('i\u0307', 'i') // What lower case makes of the Turkish İ.
    .replaceAll(/[’‘ʼ`´]/g, "'")
    .replaceAll(/[‐‑‒–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([-']) ?/g, '$1')
    .trim();
  const wrong = (code: FormProblem) => {
    tell(field, code);
    return '';
  };
  if (name === '') return wrong('required');
  if (/(?!\p{Script=Latin})\p{L}/u.test(name)) return wrong('script');
  if (titles.test(name)) return wrong('title');
  if (name.length > 40) return wrong('long');
  return v.is(PassportName, name) ? name : wrong('letters');
}

/** ISO 8601 of a day that there is; empty where there is none. */
function dayIn(text: string, field: FormField, tell: Tell): string {
  const day = latinDigits(text).trim();
  if (day === '') {
    tell(field, 'required');
    return '';
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    const date = new Date(`${day}T00:00:00Z`);
    if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)) return day;
  }
  tell(field, 'date');
  return '';
}

function birthdayIn(text: string, today: string, tell: Tell): string {
  const day = dayIn(text, 'bornOn', tell);
  if (day === '') return '';
  if (day > today) tell('bornOn', 'future');
  else if (ageOn(day, today) > oldest) tell('bornOn', 'too_old');
  else return day;
  return '';
}

function expiryIn(text: string, today: string, tell: Tell): string {
  const day = dayIn(text, 'passport.expiresOn', tell);
  if (day === '' || day <= yearsLater(today, longestPassport)) return day;
  tell('passport.expiresOn', 'far');
  return '';
}

function numberIn(text: string, tell: Tell): string {
  const number = latinDigits(text)
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cf}.<‐‑‒–—-]/gu, '')
    .toUpperCase();
  if (number === '') tell('passport.number', 'required');
  else if (/^(?=.*\d)[A-Z0-9]{5,20}$/.test(number)) return number;
  else tell('passport.number', 'number');
  return '';
}

function countryIn(text: string, tell: Tell): string {
  const country = text.trim().toUpperCase();
  if (country === '') tell('passport.issuingCountry', 'required');
  else if (countries.includes(country)) return country;
  else tell('passport.issuingCountry', 'country');
  return '';
}

/** Airlines count the age on one of the days of travel, and not all on the same one. */
function checkAge(
  bornOn: string,
  age: number | null,
  { firstDay, lastDay }: FormTrip,
  tell: Tell,
): void {
  const [first, last] = [ageOn(bornOn, firstDay), ageOn(bornOn, lastDay)];
  if (age === null) {
    if (last < adultAge) tell('bornOn', 'not_adult');
  } else if (age !== first && age !== last) tell('bornOn', 'other_age');
}

/** Whether somebody before has the same passport, or the same names: airlines refuse an order with two of one name. */
function checkTwins(travellers: readonly Traveller[], index: number, tell: Tell): void {
  const traveller = travellers[index];
  if (traveller === undefined) return;
  const before = travellers.slice(0, index);
  const { number, issuingCountry } = traveller.passport;
  const isTwice = before.some(
    ({ passport }) =>
      number !== '' && passport.number === number && passport.issuingCountry === issuingCountry,
  );
  if (isTwice) tell('passport.number', 'same_passport');
  const name = soundOf(traveller);
  if (name !== null && before.some((one) => soundOf(one) === name)) tell('givenName', 'same_name');
}

/** A name as airlines write it: capitals without accents, spaces or signs. */
function soundOf({ givenName, familyName }: Traveller): string | null {
  if (givenName === '' || familyName === '') return null;
  return [givenName, familyName]
    .map((name) =>
      name
        .normalize('NFD')
        .replaceAll('ı', 'i')
        .replaceAll(/[^A-Za-z]/g, '')
        .toUpperCase(),
    )
    .join('/');
}

/** Arabic and Persian digits as ASCII. */
const latinDigits = (text: string): string =>
  text.replaceAll(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));

function ageOn(bornOn: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(bornOn.slice(0, 4));
  return day.slice(5) < bornOn.slice(5) ? years - 1 : years;
}

const yearsLater = (day: string, years: number): string =>
  `${Number(day.slice(0, 4)) + years}${day.slice(4)}`;

function monthsLater(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}
