import * as v from 'valibot';

import { Country, Day, type Shape } from './basics.ts';

/**
 * A name as the passport's Latin line has it. Airlines take ASCII, Latin-1 and Latin Extended-A letters, but for those that are
 * two letters; anything else is asked for again, never transliterated by us.
 */
export const PassportName = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^(?![^]*[ÆæĲĳŒœÞþÐð×÷])[A-Za-z\u00C0-\u017F][A-Za-z\u00C0-\u017F '-]{0,39}$/u),
);

/** One traveller, as the passport says. Never in a snapshot, a log or a text to the patient. */
export const Traveller = v.strictObject({
  givenName: PassportName,
  familyName: PassportName,
  bornOn: Day,
  sex: v.picklist(['f', 'm']),
  passport: v.strictObject({
    number: v.pipe(v.string(), v.regex(/^[A-Z0-9]{5,20}$/)),
    issuingCountry: Country,
    expiresOn: Day,
  }),
});
export type Traveller = Shape<typeof Traveller>;

/** The travellers of a trip: adults first, then children from the eldest to the youngest. */
export const Travellers = v.pipe(v.array(Traveller), v.minLength(1), v.maxLength(9));
export type Travellers = Shape<typeof Travellers>;
