import * as v from 'valibot';

import { Airport, Code, Id, Text, Time, type Shape } from './basics.ts';
import { PatientName, Recipient } from './messages.ts';

/** One of several patients on one phone. */
export const Patient = v.strictObject({
  name: PatientName,
  /** What the others call them ("annem"), folded; at most 4. */
  called: v.pipe(v.array(v.pipe(v.string(), v.maxLength(40))), v.maxLength(4)),
  /** Holds the phone: who says "I" there without a name. */
  isHolder: v.boolean(),
});
export type Patient = Shape<typeof Patient>;

/** Another patient on the phone of this case's, with their case. */
export const Companion = v.strictObject({ ...Patient.entries, caseId: Id });
export type Companion = Shape<typeof Companion>;

/** What a patient sent, on its way to the case that it is about: the message as it came, or a part of its words. */
export const ToldAbout = v.strictObject({
  messageId: Id,
  at: Time,
  message: v.looseObject({ kind: Code }),
});
export type ToldAbout = Shape<typeof ToldAbout>;

/** A case for one more patient on this phone. Its first message is what was said about them. */
export const CompanionToOpen = v.strictObject({
  patient: Patient,
  /** The patient of the case that asks for it. */
  by: Patient,
  others: v.pipe(v.array(Companion), v.maxLength(8)),
  recipient: Recipient,
  lang: v.string(),
  tenantName: Text,
  destination: Airport,
  currency: v.string(),
  isInvoicing: v.boolean(),
  message: ToldAbout,
});
export type CompanionToOpen = Shape<typeof CompanionToOpen>;

/** What one case of a phone tells another. */
export const CompanionNews = v.variant('about', [
  /** The patient said this, of the other's patient. */
  v.strictObject({ about: v.literal('message'), message: ToldAbout }),
  /** What was said of the other's patient is changed, or with null taken back. */
  v.strictObject({
    about: v.literal('edit'),
    messageId: Id,
    originalMessageId: Id,
    at: Time,
    message: v.nullable(v.looseObject({ kind: Code })),
  }),
  /** Another patient, or one under another name. */
  v.strictObject({ about: v.literal('companion'), companion: Companion }),
  v.strictObject({ about: v.literal('stop'), messageId: Id, at: Time }),
  v.strictObject({ about: v.literal('danger'), messageId: Id, at: Time }),
  v.strictObject({ about: v.literal('erasure'), messageId: Id, at: Time }),
  v.strictObject({ about: v.literal('contact'), recipient: Recipient }),
]);
export type CompanionNews = Shape<typeof CompanionNews>;

/** Such news, on its way to the other case. */
export const NewsToCompanion = v.strictObject({ to: Id, news: CompanionNews });
export type NewsToCompanion = Shape<typeof NewsToCompanion>;
