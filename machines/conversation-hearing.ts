import type { DoneActorEvent } from 'xstate';

import { later, saidIn, wordsOf, answeredBySales } from './answers.ts';
import type {
  CaseInput,
  Consent,
  ConsentPurpose,
  HeardMessage,
  Understanding,
  Utterance,
} from './case-types.ts';
import { isSameName } from './companions-rules.ts';
import { unclearAnswer } from './conversation-answers.ts';
import {
  lastSent,
  openQuestion,
  questionFor,
  withMissed,
  withUnclear,
} from './conversation-questions.ts';
import type {
  ConversationContext,
  ConversationEvent,
  ConversationInput,
  Seen,
} from './conversation-types.ts';
import type { AnotherTold, Ask, FamilyEventOf, PatientSaid } from './family-types.ts';
import type { Recipient } from './money-types.ts';

// What the conversation takes from what it hears. Decisions only.

export const initialContext = ({ input }: { input: ConversationInput }): ConversationContext => {
  const unasked: Consent = { status: 'unasked', lang: input.lang, at: null };
  return {
    tenantName: input.tenantName,
    destination: input.destination,
    recipient: input.recipient,
    lang: input.lang,
    heardAt: null,
    withdrawnAt: null,
    heard: [],
    reading: null,
    readFor: null,
    understood: null,
    patient: null,
    procedure: null,
    readUpTo: null,
    asked: [],
    consents: {
      service: unasked,
      'health-data': unasked,
      'transfer-abroad': unasked,
      marketing: unasked,
    },
    doubted: [],
    evidence: [],
    unreadableAt: null,
    notedAt: null,
    isErasureNoted: false,
    handedOverFor: null,
    unanswered: 0,
  };
};

export const recipientOf = ({ phone, userId }: CaseInput['contact']): Recipient => ({
  ...(phone === null ? {} : { phone }),
  ...(userId === null ? {} : { userId }),
});

export const utterance = ({ context }: Seen): Utterance => {
  const { asked, reading } = context;
  const question = reading === null ? null : (questionFor(reading, asked)?.question ?? null);
  const isConsent = question !== null && question in context.consents;
  return {
    text: reading?.text ?? '',
    lang: context.lang,
    asked: isConsent ? 'consent' : (question as Utterance['asked']),
    at: reading?.at ?? '',
    destination: context.destination,
    mayLeave: context.consents['transfer-abroad'].status === 'given',
  };
};

export const understood = ({ event }: { event: DoneActorEvent<Understanding> }): Understanding =>
  event.output;

export const changedConsent = (
  { consents }: ConversationContext,
  purpose: ConsentPurpose,
  change: Partial<Consent>,
): Pick<ConversationContext, 'consents'> => ({
  consents: { ...consents, [purpose]: { ...consents[purpose], ...change } },
});

export const allConsents = (
  { consents }: ConversationContext,
  change: Partial<Consent>,
): ConversationContext['consents'] => ({
  service: { ...consents.service, ...change },
  'health-data': { ...consents['health-data'], ...change },
  'transfer-abroad': { ...consents['transfer-abroad'], ...change },
  marketing: { ...consents.marketing, ...change },
});

const messageIn = (event: ConversationEvent) => {
  const message = event.type === 'reopened' ? event.message : event;
  return message.type === 'whatsapp.inbound' || message.type === 'whatsapp.edited' ? message : null;
};

/** What is to be understood of it. One that is changed while it waits keeps its place, and has the new words. */
export const heardIn = (
  { asked, heard }: ConversationContext,
  event: ConversationEvent,
): readonly HeardMessage[] => {
  const message = messageIn(event);
  const said = message && saidIn(message);
  if (message === null || said === null) return heard;
  const { messageId, at } = message;
  const text = wordsOf(said)?.slice(0, 2_000) ?? null;
  const buttonId = said.kind === 'button' ? said.id : null;
  const { replyTo, routed } = message.type === 'whatsapp.inbound' ? message : {};
  const edits = message.type === 'whatsapp.edited' ? message.originalMessageId : null;
  if (heard.some((one) => one.messageId === edits))
    return heard.map((one) => (one.messageId === edits ? { ...one, text } : one));
  const told = { messageId, at, text, buttonId, after: lastSent(asked) };
  return [
    ...heard,
    {
      ...told,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(edits === null ? {} : { edits }),
      ...(routed === undefined ? {} : { routed }),
    },
  ];
};

export const hears = (context: ConversationContext, event: ConversationEvent) => {
  const message = messageIn(event);
  if (message === null) return {};
  const isNewest = later(context.heardAt, message.at) === message.at;
  return {
    heardAt: later(context.heardAt, message.at),
    ...(isNewest && message.lang !== null ? { lang: message.lang } : {}),
    ...(isNewest && message.from
      ? { recipient: { ...context.recipient, ...recipientOf(message.from) } }
      : {}),
  };
};

/** What is still to be asked, once a message was understood. */
export const askedAfter = ({
  reading,
  understood,
  ...known
}: ConversationContext): ConversationContext['asked'] => {
  const unclear =
    reading !== null && understood !== null && unclearAnswer(reading, understood, known);
  const asked = withMissed(known.asked);
  return unclear ? withUnclear(asked, unclear.number) : asked;
};

/** Under this we do not say that somebody else is meant. */
const sureEnough = 0.6;

/**
 * Whether a message is about somebody else than the patient, or may be: they say so, they write under another name, or they tell
 * of a second treatment with a journey of its own. An emergency is heard by whoever hears it first.
 */
export const anotherIn = (
  { reading, patient, procedure }: ConversationContext,
  { another, people, details, intent }: Understanding,
): Pick<AnotherTold, 'name' | 'reason'> | null => {
  if (reading === null || reading.routed === 'own') return null;
  if (intent.value === 'urgent' && intent.confidence >= sureEnough) return null;
  if (reading.routed === 'whose') return { name: '', reason: 'unclear' };
  const introduces = people?.introduces ?? null;
  if (another !== undefined && another.confidence >= sureEnough) {
    const isOther = (name: string) =>
      !isSameName(name, introduces ?? '') && !isSameName(name, patient?.name ?? '');
    return { name: people?.names.find(isOther) ?? another.value, reason: 'another' };
  }
  if (introduces !== null && patient !== null && !isSameName(introduces, patient.name))
    return { name: introduces, reason: 'introduced' };
  const told = details.procedure;
  const isSecond =
    told !== undefined &&
    told.confidence >= sureEnough &&
    procedure !== null &&
    told.value !== procedure &&
    (details.origin !== undefined || details.departDate !== undefined);
  return isSecond ? { name: '', reason: 'procedure' } : null;
};

/** The question that the patient may have missed, asked again. */
export const repeated = ({ asked }: ConversationContext): Ask | null => {
  const open = openQuestion(asked);
  const wasSeen = open?.delivery !== 'doubted' && open?.delivery !== 'replaced';
  if (wasSeen || !open.isMissed || open.say === null) return null;
  return { type: 'ask', question: open.question, ...open.say };
};

/**
 * The same for one whose sending was heard of so late that words of the patient were not waited for any more: nobody could take them
 * for its answer, and they are not met with silence.
 */
export const repeatedLate = ({ asked }: ConversationContext, number: number): Ask | null => {
  const open = openQuestion(asked);
  if (open?.number !== number || open.delivery !== 'late' || !open.isMissed || open.say === null)
    return null;
  return { type: 'ask', question: open.question, ...open.say };
};

/** What the case is told where number or language changed. */
export const contactIn = (
  { recipient, lang }: ConversationContext,
  news: { readonly recipient?: Recipient; readonly lang?: string },
): FamilyEventOf<'contact.changed'> | null => {
  const now = { recipient, lang, ...news };
  const isSame =
    now.lang === lang &&
    now.recipient.phone === recipient.phone &&
    now.recipient.userId === recipient.userId;
  return isSame ? null : { type: 'contact.changed', ...now };
};

/** Only a person can answer it. */
export const wantsPerson = (event: ConversationEvent): boolean =>
  event.type === 'patient.said' && ['question', 'human'].includes(event.intent);

/** What is to be changed of the trip, said in words and not by its button. */
const saysPart = ({ intent, text }: PatientSaid): boolean => intent === 'press' && text !== null;

/** It tells something of the trip that is asked about, or read back, in the same turn. */
export const tellsDetails = (event: ConversationEvent): boolean =>
  event.type === 'patient.said' &&
  (event.informs || (event.doubts ?? []).length > 0 || saysPart(event));

/** Staff have it, and the patient hears so now and then, not with every message. */
const notedEveryMs = 3 * 60_000;

const unnoted: readonly string[] = ['place', 'thanks', 'erase', ...answeredBySales];

/** Once in some minutes; what is an answer, or needs none, is not for staff. */
export const isToBeNoted = (
  { notedAt }: { readonly notedAt: string | null },
  event: ConversationEvent,
): boolean =>
  event.type === 'patient.said' &&
  !unnoted.includes(event.intent) &&
  (event.intent !== 'press' || saysPart(event)) &&
  !event.answersConsent &&
  !(event.isAnswer && (event.informs || event.picked !== undefined)) &&
  Date.parse(event.at) - Date.parse(notedAt ?? '1970-01-01') > notedEveryMs;
