import * as v from 'valibot';

import { isTextKey, type ButtonId, type TextKey } from '../texts/keys.ts';
import { Airport, Country, Day, Id, Text, Time, type Shape } from './basics.ts';
import { consentAnswers, consentPurposes } from './consents.ts';
import { documentKinds, DocumentName } from './documents.ts';
import { OfferLine, Party, SoldTrip } from './flights.ts';
import { Money } from './money.ts';
import { procedures } from './understanding.ts';

/** Somebody we can write to. At least one of the two is there; the phone number may be missing (usernames). */
export const Recipient = v.pipe(
  v.strictObject({
    /** E.164 digits without `+`. */
    phone: v.exactOptional(Text),
    /** The provider's business-scoped user id. */
    userId: v.exactOptional(Text),
  }),
  v.check(({ phone, userId }) => phone !== undefined || userId !== undefined, 'Nobody to write to'),
);
export type Recipient = Shape<typeof Recipient>;

const Key = v.custom<TextKey>((key) => typeof key === 'string' && isTextKey(key), 'No such text');

/** An id we do not know gets no title, and the message is not sent. */
const Choice = v.custom<ButtonId>((id) => typeof id === 'string', 'No id of a button');

/** An airport, written as a place: "Munich (MUC), Germany". `city` is the name the patient used; the airport's own if absent. */
export const PlaceValue = v.strictObject({
  place: Airport,
  city: v.exactOptional(Text),
  country: v.exactOptional(Country),
});
export type PlaceValue = Shape<typeof PlaceValue>;

/** What may have been meant: rows of a list, or lines with numbers. As `PlaceChoice` of the understanding. */
export const PlacesValue = v.strictObject({
  places: v.pipe(
    v.array(
      v.strictObject({
        airport: Airport,
        city: Text,
        region: v.nullable(Text),
        country: Country,
        km: v.number(),
      }),
    ),
    v.maxLength(9),
  ),
});
export type PlacesValue = Shape<typeof PlacesValue>;

/** A day, written out with its weekday. */
export const DayValue = v.strictObject({ day: Day });

/** A booking by its id, written as a short reference. */
export const ReferenceValue = v.strictObject({ reference: Id });

/** What is wanted. Health data: in texts of that purpose only. */
export const ProcedureValue = v.strictObject({ procedure: v.picklist(procedures) });

/** A whole trip, a line for each part of it. With a procedure it is health data. */
export const TripValue = v.strictObject({
  from: PlaceValue,
  to: PlaceValue,
  departDate: Day,
  returnDate: v.nullable(Day),
  party: Party,
  procedure: v.nullable(v.picklist(procedures)),
});
export type TripValue = Shape<typeof TripValue>;

/** What goes in a gap of a text. */
export const TextValue = v.union([
  Text,
  v.number(),
  Money,
  v.array(OfferLine),
  SoldTrip,
  ReferenceValue,
  PlaceValue,
  PlacesValue,
  DayValue,
  Party,
  ProcedureValue,
  TripValue,
]);
export type TextValue = Shape<typeof TextValue>;

/** A name as somebody gave it. Empty: the one who holds the phone, whose name we do not know. */
export const PatientName = v.pipe(v.string(), v.maxLength(40));

/** A text on its way to the patient. */
export const MessageToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  text: Key,
  values: v.record(v.string(), TextValue),
  /** A text without gaps that is said in front, in the same message. A template has no room for it. */
  before: v.exactOptional(Key),
  /** The ids that come back. */
  choices: v.exactOptional(v.pipe(v.array(Choice), v.minLength(1), v.maxLength(10))),
  /** What it says holds until then: after that it is not sent any more. */
  until: v.exactOptional(Time),
  /** Which of the conversation's questions it asks: that it was sent is told with this. */
  asks: v.exactOptional(Text),
  /** Whom of several patients on one phone it is for. */
  patient: v.exactOptional(PatientName),
  /** When the patient was last heard: it decides between free text and template. */
  heardAt: v.nullable(Time),
  /** The consent it needs when it is sent; `notice` needs none: it asks for consent, or must be said in any case. */
  purpose: v.picklist([...consentPurposes, 'notice']),
});
export type MessageToPatient = Shape<typeof MessageToPatient>;

/** A stored document of this case, by its name, on its way to the patient. */
export const FileToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  document: DocumentName,
  heardAt: v.nullable(Time),
  patient: v.exactOptional(PatientName),
  purpose: v.literal('health-data'),
});
export type FileToPatient = Shape<typeof FileToPatient>;

/** Asks the patient for a document, with a link that uploads it. */
export const DocumentLinkToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  heardAt: v.nullable(Time),
  kind: v.picklist(documentKinds),
  patient: v.exactOptional(PatientName),
});
export type DocumentLinkToPatient = Shape<typeof DocumentLinkToPatient>;

/** How the form for travellers is asked for: first, once more, and by who wants its link again. */
export const travellerAskings = [
  'travellers.ask',
  'travellers.reminder',
  'travellers.again',
  'travellers.wrong',
] as const satisfies readonly TextKey[];
export type TravellerAsking = (typeof travellerAskings)[number];

/** Who was searched for: airlines take nine at most in one order. Ages on the day of the flight. */
export const TravellingParty = v.pipe(
  v.strictObject({
    adults: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
    childrenAges: v.pipe(
      v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(17))),
      v.maxLength(8),
    ),
  }),
  v.check((party) => fitInOneOrder(party)),
);

export function fitInOneOrder({ adults, childrenAges }: Party): boolean {
  return adults + childrenAges.length <= 9;
}

/** Asks the patient for all travellers' passport data, with a link to a form. */
export const TravellerLinkToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  heardAt: v.nullable(Time),
  patient: v.exactOptional(PatientName),
  bookingId: Id,
  /** The form has a place for each. */
  party: TravellingParty,
  /** When the first flight leaves and when the last one does. */
  firstDay: Day,
  lastDay: Day,
  text: v.picklist(travellerAskings),
});
export type TravellerLinkToPatient = Shape<typeof TravellerLinkToPatient>;

/** The evidence of an answer, for the register. */
export const ConsentAnswer = v.strictObject({
  tenant: Id,
  /** What patients know the tenant by: it stands in the text. */
  tenantName: Text,
  caseId: Id,
  /** The message that answered. */
  messageId: Id,
  /** When it was said, by the provider's clock. */
  at: Time,
  /** Whose consent it is, where several patients have one phone: the text named them. */
  patient: v.exactOptional(PatientName),
  records: v.pipe(
    v.array(
      v.strictObject({
        purpose: v.picklist(consentPurposes),
        status: v.picklist(consentAnswers),
        /** Which wording was shown, e.g. `consent.service.1`. */
        text: Key,
        /** BCP 47 primary tag of the language it was shown in. */
        lang: v.string(),
      }),
    ),
    v.maxLength(consentPurposes.length),
  ),
});
export type ConsentAnswer = Shape<typeof ConsentAnswer>;
