import { isSaidBefore } from './answers.ts';
import type {
  ConsentPurpose,
  Consent,
  HandOverReason,
  HeardMessage,
  Question,
  Trip,
  Understanding,
} from './case-types.ts';
import type { ConsentAnswered, PatientSaid } from './family-types.ts';

// What a message answers, by what was asked and when. Decisions only: the conversation acts on them.

/** Under this we ask instead of believing. */
const sureEnough = 0.6;

/** What the conversation knows when a message is understood. */
export interface Known {
  readonly asked: Question | null;
  /** When that was asked, by the provider's clock: what was said until then does not answer it. */
  readonly askedAt: string | null;
  readonly consents: Readonly<Record<ConsentPurpose, Consent>>;
  readonly handedOverFor: HandOverReason | null;
  readonly heard: readonly HeardMessage[];
  readonly readUpTo: string | null;
}

/** What was made of the message; null of a button or a place, and where nothing could be made of it. */
export interface Understood extends Pick<PatientSaid, 'doubts' | 'places' | 'days' | 'picked'> {
  readonly intent: PatientSaid['intent'];
  readonly informs: boolean;
}

export const understoodOf = (understanding: Understanding): Understood => ({
  intent: understanding.intent.confidence >= sureEnough ? understanding.intent.value : 'unclear',
  informs: Object.values(understanding.details).some(({ confidence }) => confidence >= sureEnough),
  ...notBelieved(understanding),
  ...(understanding.picked !== undefined && understanding.picked.confidence >= sureEnough
    ? { picked: understanding.picked.value }
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

/** Said after what was asked last, and after all that was understood: only then words can be its answer. */
const isAfterQuestion = (message: HeardMessage, known: Known): boolean =>
  !isLate(message, known) && !isSaidBefore(message.at, known.askedAt);

const purposes = ['service', 'health-data', 'transfer-abroad', 'marketing'] as const;

/**
 * The consent that a message answers. A button says itself what it answers, so it counts whenever it comes, but for one pressed
 * before the last answer. A yes or no in words answers what was asked last.
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
  const asked = purposes.find((one) => one === known.asked);
  if (asked === undefined || !isAfterQuestion(message, known)) return null;
  if (intent === 'agree') return { purpose: asked, answer: 'yes', isPressed: false };
  return intent === 'refuse' ? { purpose: asked, answer: 'no', isPressed: false } : null;
};

const asides: readonly string[] = ['question', 'human', 'urgent', 'thanks', 'press', 'place'];

/** A message that was understood, as the others hear of it. */
export const saidBy = (
  message: HeardMessage,
  understood: Understood,
  known: Known,
): PatientSaid => {
  const { intent, informs } = understood;
  const isAfter = isAfterQuestion(message, known);
  const answersConsent = answerIn(message, understood, known) !== null;
  return {
    type: 'patient.said',
    ...message,
    ...understood,
    intent,
    informs,
    late: isLate(message, known),
    answersConsent,
    isAnswer: isAfter && known.handedOverFor === null,
    isAside:
      !isAfter ||
      known.handedOverFor !== null ||
      answersConsent ||
      asides.includes(intent) ||
      ((informs || intent === 'greeting') && known.heard.length > 0),
  };
};

const isUnwanted = ({ status }: Consent): boolean => status === 'refused' || status === 'withdrawn';

/** The details of a message that are sure enough, and may be kept. */
export const detailsIn = (
  { details }: Understanding,
  healthData: Consent,
  destination: string,
): Partial<Trip> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([key, sure]) => {
      if (sure === undefined || sure.confidence < sureEnough) return [];
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
  (asked !== null || Object.values(consents).some(({ status }) => status === 'asked'));
