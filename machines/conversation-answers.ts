import { agreesExpressly, answeredBySales, hasWords, isSaidBefore } from './answers.ts';
import type {
  ConsentPurpose,
  Consent,
  HandOverReason,
  HeardMessage,
  Trip,
  TripPart,
  Understanding,
} from './case-types.ts';
import {
  isSeen,
  openQuestion,
  questionFor,
  seenLast,
  type Asked,
} from './conversation-questions.ts';
import type { ConsentAnswered, PatientSaid } from './family-types.ts';

// What a message answers, by what the patient had seen when they wrote it. Decisions only: the conversation acts on them.

/** Under this we ask instead of believing. */
const sureEnough = 0.6;

/** What the conversation knows when a message is understood. */
export interface Known {
  /** The last questions, oldest first. */
  readonly asked: readonly Asked[];
  readonly consents: Readonly<Record<ConsentPurpose, Consent>>;
  readonly handedOverFor: HandOverReason | null;
  readonly heard: readonly HeardMessage[];
  readonly readUpTo: string | null;
}

/** What was made of the message; of a button or a place, and where nothing could be made of it, as little as that. */
export interface Understood extends Pick<PatientSaid, 'doubts' | 'places' | 'days' | 'picked'> {
  /** The part of the trip that is to be another. */
  readonly change?: TripPart | 'change';
  readonly intent: PatientSaid['intent'];
  readonly informs: boolean;
  readonly details: Understanding['details'];
}

export const plain = (intent: Understood['intent']): Understood => ({
  intent,
  informs: false,
  details: {},
});

export const understoodOf = (understanding: Understanding): Understood => ({
  intent: understanding.intent.confidence >= sureEnough ? understanding.intent.value : 'unclear',
  informs: Object.values(understanding.details).some(({ confidence }) => confidence >= sureEnough),
  details: understanding.details,
  ...notBelieved(understanding),
  ...(understanding.picked !== undefined && understanding.picked.confidence >= sureEnough
    ? { picked: understanding.picked.value }
    : {}),
  ...(understanding.change !== undefined && understanding.change.confidence >= sureEnough
    ? { change: understanding.change.value }
    : {}),
});

/** What is told and not to be believed: in doubt, or not sure enough. With what may have been meant, where that is known. */
const notBelieved = ({
  details,
  doubts = [],
  places = [],
  days = [],
}: Understanding): Pick<Understood, 'doubts' | 'places' | 'days'> => {
  const unsure = Object.entries(details).flatMap(([key, { confidence }]) =>
    confidence < sureEnough ? [key as keyof Trip] : [],
  );
  const all = [...new Set([...doubts, ...unsure])];
  return {
    ...(all.length === 0 ? {} : { doubts: all }),
    ...(places.length === 0 ? {} : { places: places.slice(0, 9) }),
    ...(days.length === 0 ? {} : { days: days.slice(0, 3) }),
  };
};

const isLate = ({ at }: HeardMessage, { readUpTo }: Known): boolean =>
  readUpTo !== null && Date.parse(at) < Date.parse(readUpTo);

const purposes = ['service', 'health-data', 'transfer-abroad', 'marketing'] as const;

const purposeOf = (asked: Asked | null): ConsentPurpose | undefined =>
  purposes.find((one) => one === asked?.question);

/** The question that is open and that the words of a message may answer. */
const answeredQuestion = (message: HeardMessage, known: Known): Asked | null => {
  const question = questionFor(message, known.asked);
  const isAnswer =
    question !== null &&
    question.number === openQuestion(known.asked)?.number &&
    !isLate(message, known);
  return isAnswer ? question : null;
};

/**
 * A yes or no to a consent that the patient may not have had before them, in a case that asked for something else, too: it counts for
 * nothing, and the consent is asked for again.
 */
export const unclearAnswer = (
  message: HeardMessage,
  { intent }: Pick<Understood, 'intent'>,
  known: Known,
): Asked | null => {
  const question = answeredQuestion(message, known);
  if (question === null || purposeOf(question) === undefined || isSeen(question, message))
    return null;
  const isOnly = known.asked.every((one) => one.question === question.question);
  return !isOnly && (intent === 'agree' || intent === 'refuse') ? question : null;
};

/**
 * The consent that a message answers. A button says itself what it answers, so it counts whenever it comes, but for one pressed
 * before the last answer. A yes or no in words answers the question that the patient saw last, unless staff spoke since; after a
 * refusal only words that agree expressly count. What was edited is evidence of nothing.
 */
export const answerIn = (
  message: HeardMessage,
  { intent }: Understood,
  known: Known,
): Pick<ConsentAnswered, 'purpose' | 'answer' | 'isPressed'> | null => {
  const [, name = 'service', pressed] =
    /^consent:(?:(service|health-data|transfer-abroad|marketing):)?(yes|no)$/.exec(
      message.buttonId ?? '',
    ) ?? [];
  const purpose = name as ConsentPurpose;
  if (pressed !== undefined)
    return isSaidBefore(message.at, known.consents[purpose].at)
      ? null
      : { purpose, answer: pressed as 'yes' | 'no', isPressed: true };
  if (message.edits !== undefined || !hasWords(message.text)) return null;
  const { service } = known.consents;
  const returns = service.status === 'refused' && !isSaidBefore(message.at, service.at);
  if (returns && intent === 'agree' && agreesExpressly(message.text))
    return { purpose: 'service', answer: 'yes', isPressed: false };
  const question = answeredQuestion(message, known);
  const asked = purposeOf(question);
  if (asked === undefined || question?.isTalkedOver === true) return null;
  if (unclearAnswer(message, { intent }, known) !== null) return null;
  if (intent === 'agree') return { purpose: asked, answer: 'yes', isPressed: false };
  return intent === 'refuse' ? { purpose: asked, answer: 'no', isPressed: false } : null;
};

const asides: readonly string[] = [
  'question',
  'human',
  'urgent',
  'erase',
  'thanks',
  'press',
  'place',
  ...answeredBySales,
];

/** A message that was understood, as the others hear of it. */
export const saidBy = (
  message: HeardMessage,
  { details: _details, change, ...understood }: Understood,
  known: Known,
): PatientSaid => {
  // What comes next is said to who lets us arrange the trip; anybody else asks a person.
  const isEarly = understood.intent === 'next' && known.consents.service.status !== 'given';
  const intent = isEarly ? 'question' : understood.intent;
  const { informs } = understood;
  const answered = answeredQuestion(message, known);
  const isAfter = answered !== null || openQuestion(known.asked) === null;
  const answersConsent = answerIn(message, { ...understood, details: {} }, known) !== null;
  // A second yes to what was answered already is no answer to what stays open.
  const seen = seenLast(message, known.asked);
  const repeatsConsent =
    (intent === 'agree' || intent === 'refuse') &&
    seen?.isOpen === false &&
    purposeOf(seen) !== undefined;
  const asked = questionFor(message, known.asked)?.question ?? null;
  // Whose journey it is, is the companions' to hear.
  const answersJourney = asked === 'journey' && (intent === 'agree' || intent === 'refuse');
  return {
    type: 'patient.said',
    ...message,
    ...understood,
    intent,
    // Said in words, it is the same as its button.
    ...(change === undefined ? {} : { intent: 'press' as const, buttonId: `trip:${change}` }),
    late: isLate(message, known),
    answersConsent,
    asked,
    // Flights cost money: a number that may have been written before the list is read back.
    isAnswer:
      isAfter &&
      !isLate(message, known) &&
      !repeatsConsent &&
      answered?.isTalkedOver !== true &&
      (answered?.question !== 'offer' || isSeen(answered, message)),
    // What comes next can be asked at any time, whatever we asked.
    isAside:
      (!isAfter && intent !== 'next') ||
      unclearAnswer(message, understood, known) !== null ||
      isLate(message, known) ||
      known.handedOverFor !== null ||
      answersConsent ||
      repeatsConsent ||
      answersJourney ||
      asides.includes(intent) ||
      ((informs || intent === 'greeting') && known.heard.length > 0),
  };
};

const isUnwanted = ({ status }: Consent): boolean => status === 'refused' || status === 'withdrawn';

/** The details of a message that are sure enough, and may be kept. */
export const detailsIn = (
  { details }: Pick<Understood, 'details'>,
  { consents: { service, 'health-data': healthData } }: Pick<Known, 'consents'>,
  destination: string,
): Partial<Trip> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([key, sure]) => {
      if (sure === undefined || sure.confidence < sureEnough) return [];
      if (isUnwanted(service)) return [];
      if (key === 'origin' && sure.value === destination) return [];
      if (key === 'procedure' && isUnwanted(healthData)) return [];
      return [[key, sure.value]];
    }),
  );

/** Something is asked, and nothing that was said is still to be understood. */
export const waitsForAnswer = ({
  asked,
  consents,
  heard,
  reading,
}: Known & { readonly reading: HeardMessage | null }): boolean =>
  heard.length === 0 &&
  reading === null &&
  (openQuestion(asked) !== null ||
    Object.values(consents).some(({ status }) => status === 'asked'));
