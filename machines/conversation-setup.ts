import {
  assign,
  enqueueActions,
  sendParent,
  setup,
  type ErrorActorEvent,
  type ParameterizedObject,
} from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type { DocumentLinkToPatient, TravellerLinkToPatient } from '../actors/shapes/messages.ts';
import { firstSaid, isForStaff, isReadable, isSaidBefore, isUnreadable, later } from './answers.ts';
import type {
  ConsentPurpose,
  FileMessage,
  HandOverReason,
  Message,
  Understanding,
} from './case-types.ts';
import {
  answerIn,
  detailsIn,
  plain,
  saidBy,
  understoodOf,
  waitsForAnswer,
} from './conversation-answers.ts';
import {
  allConsents,
  anotherIn,
  askedAfter,
  changedConsent,
  contactIn,
  heardIn,
  hears,
  isToBeNoted,
  recipientOf,
  repeated,
  repeatedLate,
  tellsDetails,
  wantsPerson,
} from './conversation-hearing.ts';
import { saysOwed } from './conversation-messages.ts';
import {
  allClosed,
  closed,
  openQuestion,
  questionFor,
  stepClosed,
  withBotBack,
  withDoubted,
  withLate,
  withAskedFor,
  withReplaced,
  withQuestion,
  withSent,
  withTalkedOver,
  withUndelivered,
} from './conversation-questions.ts';
import type {
  ConversationContext,
  ConversationEvent,
  ConversationInput,
} from './conversation-types.ts';
import type { ConsentAnswered } from './family-types.ts';
import type { StateMeta } from './money-types.ts';

const minute = 60 * 1_000; // ms
const hour = 60 * minute;

/** More than this unread: a flood, or something is broken. Staff look. */
const maxHeard = 20;

/**
 * How often a wait for one's turn goes round the case's mailbox: a detail goes to the journey or the review, which tell the case, which
 * asks for a consent or tells the others. What is said next finds all of that done.
 */
const turnsForOthers = 4;

/** One polite answer a minute to what we cannot read, not one for each sticker. */
const unreadableEveryMs = minute;

/** More messages of ours than these are not said again. */
const mostDoubted = 3;
const mostEvidence = 10;

/** The code of what an effect failed with, as the host tells it. */
export const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  ConversationContext,
  ConversationEvent,
  ParameterizedObject['params'] | undefined,
  ConversationEvent,
  never,
  never,
  never
>;

/** What the conversation does and asks; its states are in conversation.ts. */
export const conversationSetup = setup({
  types: {} as {
    context: ConversationContext;
    events: ConversationEvent;
    input: ConversationInput;
    meta: StateMeta;
    tags: 'with-staff' | 'window-closed' | 'message-in-doubt';
  },
  actors: { understand: {} as Effect<'understand'> },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs these three.
    sendFile: (_args, _file: FileMessage) => {},
    sendDocumentLink: (_args, _link: DocumentLinkToPatient) => {},
    sendTravellerLink: (_args, _link: TravellerLinkToPatient) => {},
    tellUndoubted: sendParent({ type: 'reason.gone', reason: 'message-in-doubt' }),
    /** It comes back from the case, which tells staff too. */
    handOver: sendParent((_, { reason }: { reason: HandOverReason }) => ({
      type: 'handOver',
      reason,
    })),

    // Hearing.
    setHeard: enqueued(({ context, event, enqueue }) => {
      const news = hears(context, event);
      enqueue.assign(news);
      const told = contactIn(context, news);
      if (told !== null) enqueue(sendParent(told));
    }),
    setContact: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'whatsapp.contact') return;
      const news = { recipient: { ...context.recipient, ...recipientOf(event.contact) } };
      enqueue.assign(news);
      const told = contactIn(context, news);
      if (told !== null) enqueue(sendParent(told));
    }),
    hear: assign(({ context, event }) => ({ heard: heardIn(context, event) })),
    /** It was taken back: nothing of it is understood any more. */
    unhear: assign(({ context, event }) => {
      const of = 'originalMessageId' in event ? event.originalMessageId : null;
      return { heard: context.heard.filter(({ messageId }) => messageId !== of) };
    }),
    dropReading: assign({ reading: null, understood: null }),
    /** Comes back as `hearing.next` when everybody had their say to what went before. */
    askForTurn: sendParent({ type: 'hearing.next', turns: turnsForOthers }),
    takeNext: assign(({ context }) => {
      const next = firstSaid(context.heard) ?? null;
      return { reading: next, heard: context.heard.filter((message) => message !== next) };
    }),
    setReadFor: assign(({ context: { asked, reading } }) => ({
      readFor: reading === null ? null : (questionFor(reading, asked)?.number ?? null),
    })),
    setPlain: assign(({ context }) => ({
      understood: plain(context.reading?.buttonId === null ? 'place' : 'press'),
    })),
    setUnclear: assign({ understood: plain('unclear') }),
    setUnderstood: enqueued(({ context, enqueue }, params) => {
      const understanding = params as unknown as Understanding;
      const { lang } = understanding;
      const speaks =
        lang !== null && lang.confidence >= 0.8 && context.reading?.at === context.heardAt;
      const news = speaks ? { lang: lang.value } : {};
      enqueue.assign({ understood: understoodOf(understanding), ...news });
      const told = contactIn(context, news);
      if (told !== null) enqueue(sendParent(told));
    }),
    tellTrip: enqueued(({ context, enqueue }) => {
      const { reading, understood, destination } = context;
      // What was withdrawn stays withdrawn, also where it comes after the patient wrote anew.
      if (reading === null || understood === null || isSaidBefore(reading.at, context.withdrawnAt))
        return;
      const { at, messageId } = reading;
      const details = detailsIn(understood, context, destination);
      if (details.procedure) enqueue.assign({ procedure: details.procedure });
      if (Object.keys(details).length > 0)
        enqueue(sendParent({ type: 'trip.told', details, at, messageId }));
    }),
    tellSaid: enqueued(({ context, enqueue }) => {
      const { reading, understood, evidence } = context;
      if (reading === null || understood === null) return;
      if (reading.buttonId === 'continue') {
        // What was not said is said in a moment. Where there is nothing, somebody knows what our news were.
        if (context.doubted.length === 0 && openQuestion(context.asked) === null)
          enqueue(sendParent({ type: 'handOver', reason: 'question' }));
        return;
      }
      enqueue(sendParent(saidBy(reading, understood, context)));
      const answer = answerIn(reading, understood, context);
      const { messageId, at } = reading;
      if (answer !== null || understood.intent === 'refuse')
        enqueue.assign({ evidence: [...evidence, messageId].slice(-mostEvidence) });
      if (answer === null) return;
      const { lang } = context.consents[answer.purpose];
      const answered: ConsentAnswered = {
        type: 'consent.answered',
        ...answer,
        messageId,
        at,
        lang,
      };
      enqueue(sendParent(answered));
    }),
    /** It is about somebody else, or nobody knows about whom. */
    tellAnother: enqueued(({ context, enqueue }, params) => {
      const { reading } = context;
      const another = anotherIn(context, params as unknown as Understanding);
      if (reading === null || another === null) return;
      enqueue(sendParent({ type: 'another.told', message: reading, ...another }));
    }),
    tellName: enqueued(({ context, enqueue }, params) => {
      const name = (params as unknown as Understanding).people?.introduces ?? null;
      if (name === null || context.reading?.routed === 'whose') return;
      if (context.patient?.name !== name) enqueue(sendParent({ type: 'name.told', name }));
    }),
    setPatient: assign(({ event }) =>
      event.type === 'patient.named'
        ? { patient: { name: event.name, isAlone: event.isAlone } }
        : {},
    ),
    tellStopped: sendParent(({ context: { reading } }) => ({
      type: 'stopped',
      messageId: reading?.messageId ?? '',
      at: reading?.at ?? '',
    })),
    tellErasure: sendParent(({ context: { reading } }) => ({
      type: 'rights.requested',
      kind: 'erasure',
      messageId: reading?.messageId ?? '',
      at: reading?.at ?? '',
    })),
    setErasureNoted: assign({ isErasureNoted: true }),
    setRead: assign(({ context }) => ({
      asked:
        context.reading?.buttonId === 'continue'
          ? withAskedFor(context.asked)
          : askedAfter(context),
      reading: null,
      understood: null,
      readUpTo: later(context.readUpTo, context.reading?.at ?? null),
    })),

    // Asking.
    setAsked: assign(({ context, event }) => {
      if (event.type !== 'ask') return {};
      const { type: _type, question, ...say } = event;
      return {
        asked: withQuestion(context.asked, question, say),
        ...(question in context.consents
          ? changedConsent(context, question as ConsentPurpose, {
              status: 'asked',
              lang: context.lang,
            })
          : {}),
      };
    }),
    tellAsked: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'ask' || !(event.question in context.consents)) return;
      const { lang } = context;
      enqueue(sendParent({ type: 'consent.asked', purpose: event.question, lang }));
    }),
    closeStep: assign(({ context, event }) => ({
      asked:
        event.type === 'unask' && event.question !== undefined
          ? closed(context.asked, event.question)
          : stepClosed(context.asked),
    })),
    setTalkedOver: assign(({ context }) => ({ asked: withTalkedOver(context.asked) })),
    setConsent: assign(({ context, event }) => {
      if (event.type !== 'consent.changed') return {};
      const { purpose, status, at } = event;
      return {
        ...changedConsent(context, purpose, { status, at: at ?? context.heardAt }),
        asked: closed(context.asked, purpose),
        ...(purpose === 'health-data' && status === 'refused' ? { procedure: null } : {}),
      };
    }),

    // Whether our messages arrive.
    setSent: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'message.sent') return;
      const { asks, again, effectId } = event;
      const { asked, doubted } = context;
      const number = Number(asks);
      if (again !== undefined) {
        const replaced = { effectId, say: again, isReplaced: true } as const;
        enqueue.assign(
          asks === null
            ? { doubted: [...doubted, replaced].slice(-mostDoubted) }
            : { asked: withReplaced(asked, { number, effectId }) },
        );
        return;
      }
      const at = event.at ?? context.heardAt;
      enqueue.assign({ asked: withSent(asked, { ...event, number }, at) });
      const missed = repeatedLate(context, number);
      if (missed !== null) enqueue.raise(missed);
      const question = asked.find((one) => one.number === number)?.question;
      if (question === 'offer') enqueue(sendParent({ type: 'question.sent', question, at }));
    }),
    tellOutdated: sendParent({ type: 'question.outdated' }),
    setDoubted: assign(({ context, event }) => {
      if (event.type !== 'message.doubted') return {};
      const { effectId, asks = null, again: say = null } = event;
      if (asks !== null) return { asked: withDoubted(context.asked, Number(asks)) };
      return say === null
        ? {}
        : { doubted: [...context.doubted, { effectId, say }].slice(-mostDoubted) };
    }),
    setAskedFor: assign(({ context }) => ({ asked: withAskedFor(context.asked) })),
    setLate: assign(({ context }) => ({ asked: withLate(context.asked) })),
    setUndelivered: assign(({ context, event }) => ({
      asked: withUndelivered(context.asked, ('effectId' in event ? event.effectId : null) ?? ''),
    })),
    forgetDoubt: assign(({ context, event }) => ({
      doubted: context.doubted.filter(
        ({ effectId, isReplaced = false }) =>
          isReplaced || !('effectId' in event) || effectId !== event.effectId,
      ),
    })),
    repeatIfMissed: enqueued(({ context, enqueue }) => {
      const again = repeated(context);
      if (again !== null) enqueue.raise(again);
    }),
    repeatDoubted: enqueued(({ context, enqueue }) => {
      for (const { say } of context.doubted) enqueue.raise({ type: 'say', ...say });
      enqueue.assign({ doubted: [] });
      const again = repeated(context);
      if (again !== null) enqueue.raise(again);
    }),

    // Staff.
    setHandOver: assign(({ context, event }) => ({
      handedOverFor: event.type === 'handOver' ? event.reason : null,
      unanswered: 0,
      notedAt: context.heardAt,
    })),
    setHandOverFor: enqueued(({ context, enqueue }, params) => {
      const { reason } = params as { reason: HandOverReason };
      enqueue.assign({ handedOverFor: reason, unanswered: 0, notedAt: context.heardAt });
      enqueue(sendParent({ type: 'handed.over', reason }));
    }),
    owe: assign((_, { word }: { word: NonNullable<ConversationContext['owed']> }) => ({
      owed: word,
    })),
    forgetOwed: assign(({ context, event }) =>
      event.type !== 'ask' || saysOwed(context, event) ? { owed: null } : {},
    ),
    setNoted: assign(({ context }) => ({ notedAt: context.heardAt })),
    countUnanswered: assign(({ context }) => ({ unanswered: context.unanswered + 1 })),
    setUnreadable: assign(({ event }) => ({
      unreadableAt: event.type === 'whatsapp.inbound' ? event.at : null,
    })),
    forgetHandOver: assign(({ context }) => ({
      handedOverFor: null,
      unanswered: 0,
      asked: withBotBack(context.asked),
    })),

    // Stopping.
    forgetHeard: assign(({ context }) => ({
      heard: [],
      reading: null,
      understood: null,
      doubted: [],
      asked: allClosed(context.asked),
    })),
    setWithdrawn: assign(({ context, event }) => {
      const at = event.type === 'withdrawn' ? event.at : null;
      return {
        consents: allConsents(context, { status: 'withdrawn', at }),
        withdrawnAt: at,
        heardAt: later(context.heardAt, at),
      };
    }),
    /** Consents keep when they were withdrawn: a button pressed before that gives nothing. */
    beginAnew: assign(({ context }) => ({
      consents: allConsents(context, { status: 'unasked' }),
      readUpTo: later(context.readUpTo, context.withdrawnAt),
    })),
  },
  guards: {
    isReadable: ({ event }) => isReadable(event),
    isTooMuch: ({ context, event }) => isReadable(event) && context.heard.length >= maxHeard,
    isNewestMessage: ({ context, event }) =>
      event.type === 'whatsapp.inbound' && later(context.heardAt, event.at) === event.at,
    hasHeard: ({ context }) => context.heard.length > 0,
    isNextPlain: ({ context }) => firstSaid(context.heard)?.text === null,
    isForAnother: ({ context }, understanding: Understanding) =>
      anotherIn(context, understanding) !== null,
    isQuietly: ({ event }) => event.type === 'withdrawn' && event.quietly === true,
    wantsToStop: (_, { intent }: Understanding) =>
      intent.value === 'stop' && intent.confidence >= 0.8,
    isNotPermitted: (_, { code }: { code: string }) => code === 'not_permitted',
    isWaiting: ({ context, event }) =>
      'originalMessageId' in event &&
      context.heard.some(({ messageId }) => messageId === event.originalMessageId),
    isBeingRead: ({ context, event }) =>
      'originalMessageId' in event && context.reading?.messageId === event.originalMessageId,
    isEvidence: ({ context, event }) =>
      'originalMessageId' in event &&
      event.originalMessageId !== null &&
      context.evidence.includes(event.originalMessageId),
    /** Whether the patient had seen what was asked last is known in a moment, but for an emergency. */
    isReadForAnother: ({ context: { asked, reading, readFor, understood } }) =>
      readFor !== undefined &&
      reading !== null &&
      understood !== null &&
      !['urgent', 'press', 'place'].includes(understood.intent) &&
      // What says itself what it tells is the same for every question.
      (!understood.informs || (understood.doubts ?? []).length > 0) &&
      openQuestion(asked)?.delivery === 'sent' &&
      (questionFor(reading, asked)?.number ?? null) !== readFor,
    isSoonKnown: ({ context: { asked, understood } }) =>
      understood !== null &&
      !['urgent', 'press', 'place'].includes(understood.intent) &&
      openQuestion(asked)?.delivery === 'coming',
    isKnown: ({ context: { asked } }) => openQuestion(asked)?.delivery !== 'coming',
    isAnswerAfterAll: ({ context: { asked, reading } }) => {
      const question = openQuestion(asked);
      return (
        question?.delivery === 'sent' &&
        reading !== null &&
        questionFor(reading, asked)?.number === question.number
      );
    },
    wantsErasure: ({ context: { understood, isErasureNoted } }) =>
      understood?.intent === 'erase' && !isErasureNoted,
    isUrgent: ({ event }) => event.type === 'patient.said' && event.intent === 'urgent',
    wantsPerson: ({ event }) => wantsPerson(event),
    /** What it tells of the trip besides may be asked about in a moment. */
    wantsPersonToo: ({ event }) => wantsPerson(event) && tellsDetails(event),
    owesWord: ({ context: { owed } }) => (owed ?? null) !== null,
    isPlaceForOrigin: ({ context, event }) =>
      event.type === 'patient.said' &&
      event.intent === 'place' &&
      openQuestion(context.asked)?.question === 'origin',
    /** Once in some minutes; what is an answer, or needs none, is not for staff. */
    isToBeNoted: ({ context, event }) => isToBeNoted(context, event),
    isToBeNotedToo: ({ context, event }) => isToBeNoted(context, event) && tellsDetails(event),
    isForNobodyToHear: ({ event }) =>
      event.type === 'handOver' && event.reason === 'message-not-delivered',
    isOutdated: ({ event }) => event.type === 'message.failed' && event.code === 'message_outdated',
    isShownOnly: ({ event }) => event.type === 'handOver' && event.reason === 'message-in-doubt',
    isInDoubt: ({ context: { asked, doubted } }) =>
      doubted.some(({ isReplaced = false }) => !isReplaced) ||
      openQuestion(asked)?.delivery === 'doubted',
    isInNoDoubt: ({ context: { asked, doubted } }) =>
      doubted.every(({ isReplaced = false }) => isReplaced) &&
      openQuestion(asked)?.delivery !== 'doubted',
    isRefused: ({ event }) => event.type === 'whatsapp.status' && event.status === 'failed',
    isForStaff: ({ event }) => isForStaff(event),
    isConsentOpen: ({ context: { asked, consents } }) =>
      (openQuestion(asked)?.question ?? 'offer') in consents,
    isQuestionOpen: ({ context: { asked } }) => openQuestion(asked) !== null,
    /** The first message is answered by the greeting. */
    isUnreadable: ({ context, event }) =>
      isUnreadable(event) &&
      context.consents.service.status !== 'unasked' &&
      'at' in event &&
      Date.parse(event.at ?? '') - Date.parse(context.unreadableAt ?? '1970-01-01') >
        unreadableEveryMs,
    waitsForAnswer: ({ context }) => waitsForAnswer(context),
    waitsForNoAnswer: ({ context }) => !waitsForAnswer(context),
    isWindowRefused: ({ event }) =>
      event.type === 'whatsapp.status' && event.status === 'failed' && event.errorCode === '131047',
    // Whichever of the two words on a refused free text comes first, the window's region sees to it.
    isUndelivered: ({ event }) =>
      (event.type === 'message.failed' && !['131047', 'message_outdated'].includes(event.code)) ||
      (event.type === 'whatsapp.status' &&
        event.status === 'failed' &&
        event.errorCode !== '131047'),
  },
  // WhatsApp takes free text until 24 h after the patient's last message, then templates only (131047).
  delays: {
    window: 24 * hour,
    // A message is sent or refused within a second, or it waits for something that lasts.
    word: 5_000,
    // Together, with what it takes to notice: an answer within a minute, and staff soon after.
    doubt: 25_000,
    doubtForStaff: 35_000,
  },
});
