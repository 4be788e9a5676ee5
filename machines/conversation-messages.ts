import type { DocumentLinkToPatient, TravellerLinkToPatient } from '../actors/shapes/messages.ts';
import { isLostFile } from './answers.ts';
import type { FileMessage, Message, Question } from './case-types.ts';
import type { ConversationContext, ConversationEvent, Heard, Seen } from './conversation-types.ts';
import type { Ask, Say } from './family-types.ts';

// What is said to the patient, to whom and in which language. One function for each, so that the config names it.

/** Whom it is for, where several patients have one phone. */
const named = (patient: ConversationContext['patient']): { readonly patient?: string } =>
  patient === null || patient.isAlone ? {} : { patient: patient.name };

const messageOf = ({ context }: Seen, say: Omit<Say, 'type'>): Message => {
  const { text, values = {}, choices, until, purpose = 'service' } = say;
  const { recipient, lang, heardAt, tenantName, patient } = context;
  return {
    recipient,
    lang,
    text,
    values: purpose === 'notice' ? { tenant: tenantName, ...values } : values,
    ...(choices === undefined ? {} : { choices }),
    ...(until === undefined ? {} : { until }),
    heardAt,
    purpose,
    ...named(patient),
  };
};

export const said = ({ context, event }: Heard): Message => messageOf({ context }, event as Say);

/** Goes in front of this question. A consent is asked for in its own words alone, and a list of flights leaves no room. */
const before = ({ owed }: ConversationContext, { question }: Ask): Pick<Message, 'before'> =>
  owed && joined.includes(question) ? { before: owed } : {};

const joined: readonly Question[] = [
  'origin',
  'departDate',
  'adults',
  'childrenAges',
  'procedure',
  'confirm',
];

/** What was still to be said is said with this question. */
export const saysOwed = (context: ConversationContext, event: ConversationEvent): boolean =>
  event.type === 'ask' && before(context, event).before !== undefined;

export const owed = ({ context }: Seen): Message =>
  messageOf({ context }, { text: context.owed ?? 'staff.handover', purpose: 'notice' });

/** With its number, which comes back when it was sent. */
export const asking = ({ context, event }: Heard): Message => ({
  ...messageOf({ context }, event as Ask),
  ...before(context, event as Ask),
  asks: String(context.asked.at(-1)?.number ?? 0),
});

/** Before the consent, what is said is about the consent. */
const servicePurpose = ({ consents }: ConversationContext): Message['purpose'] =>
  consents.service.status === 'given' ? 'service' : 'notice';

export const staffReply = ({ context, event }: Heard): Message => ({
  ...messageOf({ context }, { text: 'staff.reply', purpose: servicePurpose(context) }),
  values: { text: event.type === 'staff.reply' ? event.text : '' },
});
/** As a template whatever we think of the window: free text has just been refused. */
export const windowReopened = ({ context }: Seen): Message => ({
  ...messageOf({ context }, { text: 'conversation.reopen', purpose: servicePurpose(context) }),
  values: {},
  heardAt: null,
});
export const handedOver = (seen: Seen): Message =>
  messageOf(seen, { text: 'staff.handover', purpose: 'notice' });
export const urgentAnswered = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.urgent', purpose: 'notice' });
/** The only thing that is said after a stop. It is for all patients on the phone, so it names none. */
export const stopped = (seen: Seen): Message => {
  const { patient: _, ...message } = messageOf(seen, {
    text: 'conversation.stopped',
    purpose: 'notice',
  });
  return message;
};
export const doubted = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.doubt', purpose: 'notice' });
export const erasureNoted = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.erasure', purpose: 'notice' });
export const noted = (seen: Seen): Message =>
  messageOf(seen, { text: 'staff.noted', purpose: 'notice' });
export const unreadableAnswered = ({ context, event }: Heard): Message =>
  messageOf(
    { context },
    { text: isLostFile(event) ? 'media.gone' : 'conversation.unreadable', purpose: 'notice' },
  );
export const placeAnswered = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.location' });

const addressed = ({ recipient, lang, heardAt, patient }: ConversationContext) => ({
  recipient,
  lang,
  heardAt,
  ...named(patient),
});
export const staffFile = ({ context, event }: Heard): FileMessage => ({
  ...addressed(context),
  document: event.type === 'staff.send' ? event.document : '',
  purpose: 'health-data',
});
/** The form has a place for each traveller, and asks for passports that hold until the last flight. */
export const travellersLink = ({ context, event }: Heard): TravellerLinkToPatient => {
  if (event.type !== 'travellers.wanted') throw new Error('Nobody wants travellers');
  const { bookingId, trip, text } = event;
  const dayOf = (time: string | undefined): string => (time ?? '').slice(0, 10);
  return {
    ...addressed(context),
    bookingId,
    party: trip.party ?? { adults: 1, childrenAges: [] },
    firstDay: dayOf(trip.ways[0]?.departLocal),
    lastDay: dayOf(trip.ways.at(-1)?.departLocal),
    text,
  };
};
export const uploadLink = ({ context, event }: Heard): DocumentLinkToPatient => ({
  ...addressed(context),
  kind: event.type === 'link' ? event.kind : 'passport',
});
