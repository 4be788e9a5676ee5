import type { HeardMessage, Question } from './case-types.ts';
import type { Say } from './family-types.ts';

// Which question a message answers: the last that the patient can have seen when they wrote it. Decisions only.

/** A question of ours, on its way to the patient or with them. */
export interface Asked {
  readonly question: Question;
  /** Counts the questions of this conversation. The message that asks one says its number when it is sent. */
  readonly number: number;
  /** Not answered yet, and not overtaken by another. */
  readonly isOpen: boolean;
  /**
   * `coming` is waited for a moment, `late` is not any more; of a `doubted` one nobody knows, or knows that it did not arrive. In the
   * place of a `replaced` one the patient only read that we have news.
   */
  readonly delivery: 'coming' | 'late' | 'sent' | 'doubted' | 'replaced';
  /** When the provider took it, by the clock that also dates what patients write. Null until then. */
  readonly sentAt: string | null;
  /** What a reply to it names. */
  readonly messageId: string | null;
  readonly effectId: string | null;
  /** How it is asked again; null once it is closed. */
  readonly say: Omit<Say, 'type'> | null;
  /** The patient wrote meanwhile, perhaps without having seen it. */
  readonly isMissed: boolean;
  /** Staff spoke since: a yes may be meant for them. */
  readonly isTalkedOver: boolean;
}

/** Answers come to one of the last few. */
const mostAsked = 6;

/** Asked in between: what was asked before stays open. */
const inBetween: readonly Question[] = ['health-data', 'transfer-abroad', 'marketing', 'journey'];

/** Provider clocks count whole seconds. */
const second = (at: string): number => Math.floor(Date.parse(at) / 1_000);

const changed = (
  asked: readonly Asked[],
  which: (one: Asked) => boolean,
  change: Partial<Asked>,
): readonly Asked[] => asked.map((one) => (which(one) ? { ...one, ...change } : one));

const closing = { isOpen: false, say: null } as const;

export const openQuestion = (asked: readonly Asked[]): Asked | null =>
  asked.findLast(({ isOpen }) => isOpen) ?? null;

export const withQuestion = (
  asked: readonly Asked[],
  question: Question,
  say: Omit<Say, 'type'>,
): readonly Asked[] => [
  ...closed(asked, question).slice(1 - mostAsked),
  {
    question,
    number: (asked.at(-1)?.number ?? 0) + 1,
    isOpen: true,
    delivery: 'coming',
    sentAt: null,
    messageId: null,
    effectId: null,
    say,
    isMissed: false,
    isTalkedOver: false,
  },
];

export const closed = (asked: readonly Asked[], question: Question): readonly Asked[] =>
  changed(asked, (one) => one.isOpen && one.question === question, closing);

/** What the journey asks is closed with its step. What was asked in between stays open. */
export const stepClosed = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, (one) => one.isOpen && !inBetween.includes(one.question), closing);

export const allClosed = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, () => true, closing);

export const withSent = (
  asked: readonly Asked[],
  sent: { readonly number: number; readonly effectId: string; readonly messageId: string },
  at: string | null,
): readonly Asked[] =>
  changed(asked, ({ number }) => number === sent.number, {
    delivery: 'sent',
    sentAt: at,
    messageId: sent.messageId,
    effectId: sent.effectId,
  });

export const withDoubted = (asked: readonly Asked[], number: number): readonly Asked[] =>
  changed(asked, (one) => one.number === number && one.delivery !== 'sent', {
    delivery: 'doubted',
  });

export const withReplaced = (
  asked: readonly Asked[],
  { number, effectId }: { readonly number: number; readonly effectId: string },
): readonly Asked[] =>
  changed(asked, (one) => one.number === number, { delivery: 'replaced', effectId });

/** The patient wants to hear it, whether they had seen it or not. */
export const withAskedFor = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, ({ isOpen }) => isOpen, { delivery: 'replaced', isMissed: true });

/** The provider took it and could not bring it. */
export const withUndelivered = (asked: readonly Asked[], effectId: string): readonly Asked[] =>
  changed(asked, (one) => one.effectId === effectId, {
    delivery: 'doubted',
    sentAt: null,
    messageId: null,
  });

export const withLate = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, ({ delivery }) => delivery === 'coming', { delivery: 'late' });

/** The patient said something that cannot answer what they may not have seen. */
export const withMissed = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, ({ delivery, isOpen }) => isOpen && delivery !== 'sent', { isMissed: true });

export const withTalkedOver = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, ({ isOpen }) => isOpen, { isTalkedOver: true });

/** Staff handed back: what the bot asks is asked again in a while, but for consents, which ask for themselves. */
export const withBotBack = (asked: readonly Asked[]): readonly Asked[] =>
  changed(asked, ({ question }) => !inBetween.includes(question), { isTalkedOver: false });

/** The number of the last question that is known to be sent. */
export const lastSent = (asked: readonly Asked[]): number =>
  asked.findLast(({ delivery }) => delivery === 'sent')?.number ?? 0;

/** In one second, what came to us first was first. */
const isSentBefore = ({ sentAt, number }: Asked, { at, after = number }: HeardMessage): boolean =>
  sentAt !== null &&
  (second(sentAt) < second(at) || (second(sentAt) === second(at) && after >= number));

/** It was sent when the message came, whatever time that has: a telephone's clock may be wrong, a webhook late. */
const isSentWhenHeard = ({ sentAt, number }: Asked, { after = 0 }: HeardMessage): boolean =>
  sentAt !== null && after >= number;

const isRepliedTo = ({ messageId }: Asked, { replyTo }: HeardMessage): boolean =>
  messageId !== null && messageId === replyTo;

/** Whether the patient had the question before them for certain. */
export const isSeen = (one: Asked, message: HeardMessage): boolean =>
  isRepliedTo(one, message) || isSentBefore(one, message);

/**
 * The question that a message answers, if it answers one: the one that it replies to; else the open one, if that was sent before it
 * was written, or at least before it came; else what was asked last before it was written. Null where nothing was asked then.
 */
export const questionFor = (message: HeardMessage, asked: readonly Asked[]): Asked | null => {
  const named = asked.findLast((one) => isRepliedTo(one, message));
  if (named !== undefined) return named;
  const open = openQuestion(asked);
  if (open !== null && (isSentBefore(open, message) || isSentWhenHeard(open, message))) return open;
  const seen = asked.filter((one) => isSentBefore(one, message));
  return openQuestion(seen) ?? seen.at(-1) ?? null;
};

/** It is asked again: nobody can say what an answer was meant for. */
export const withUnclear = (asked: readonly Asked[], number: number): readonly Asked[] =>
  changed(asked, (one) => one.number === number, { delivery: 'doubted', isMissed: true });

/** What the patient saw last before they wrote it, answered or not. */
export const seenLast = (message: HeardMessage, asked: readonly Asked[]): Asked | null =>
  asked.findLast((one) => isSentBefore(one, message)) ?? null;
