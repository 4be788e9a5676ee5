import {
  assign,
  enqueueActions,
  sendParent,
  setup,
  type DoneActorEvent,
  type ErrorActorEvent,
  type ParameterizedObject,
} from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type { DocumentLinkToPatient } from '../actors/shapes/messages.ts';
import {
  firstSaid,
  isReadable,
  isSaidBefore,
  isUnreadable,
  later,
  saidIn,
  wordsOf,
} from './answers.ts';
import type {
  CaseEvent,
  CaseInput,
  Consent,
  ConsentPurpose,
  FileMessage,
  HandOverReason,
  HeardMessage,
  Message,
  Understanding,
  Utterance,
} from './case-types.ts';
import {
  answerIn,
  detailsIn,
  saidBy,
  understoodOf,
  waitsForAnswer,
  type Known,
  type Understood,
} from './conversation-answers.ts';
import type {
  Ask,
  ConsentAnswered,
  ConsentChanged,
  FamilyEventOf,
  PatientSaid,
  Say,
} from './family-types.ts';
import type { Recipient, StateMeta } from './money-types.ts';

export interface ConversationInput {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly tenantName: string;
  readonly destination: string;
}

export interface ConversationContext extends Known, ConversationInput {
  /** When the patient was last heard, by the provider's clock: free text may be sent for 24 h. */
  readonly heardAt: string | null;
  /** When the patient last said stop. What was said until then is not kept. */
  readonly withdrawnAt: string | null;
  /** The message that is being understood. One said before it may come meanwhile, and waits. */
  readonly reading: HeardMessage | null;
  readonly understood: Understood | null;
  /** What was asked when a consent came in between. */
  readonly askedBefore: Known['asked'];
  /** When we last said that we cannot read something. */
  readonly unreadableAt: string | null;
  /** Messages since staff took over. */
  readonly unanswered: number;
}

type ConversationEvent =
  | Extract<
      CaseEvent,
      {
        readonly type:
          | 'whatsapp.inbound'
          | 'whatsapp.contact'
          | 'whatsapp.status'
          | 'message.failed'
          | 'staff.reply'
          | 'staff.send'
          | 'staff.resume';
      }
    >
  | Say
  | Ask
  | ConsentChanged
  | PatientSaid
  | FamilyEventOf<
      'unask' | 'handOver' | 'hearing.next' | 'finish' | 'link' | 'withdrawn' | 'reopened'
    >;

interface Seen {
  readonly context: ConversationContext;
}
interface Heard extends Seen {
  readonly event: ConversationEvent;
}

const hour = 60 * 60 * 1_000; // ms

/** More than this unread: a flood, or something is broken. Staff look. */
const maxHeard = 20;

/**
 * How often a wait for one's turn goes round the case's mailbox: a detail goes to the journey or the review, which tell the case, which
 * asks for a consent or tells the others. What is said next finds all of that done.
 */
const turnsForOthers = 4;

/** One polite answer a minute to what we cannot read, not one for each sticker. */
const unreadableEveryMs = 60_000;

const recipientOf = ({ phone, userId }: CaseInput['contact']): Recipient => ({
  ...(phone === null ? {} : { phone }),
  ...(userId === null ? {} : { userId }),
});

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
    understood: null,
    readUpTo: null,
    asked: null,
    askedAt: null,
    askedBefore: null,
    consents: {
      service: unasked,
      'health-data': unasked,
      'transfer-abroad': unasked,
      marketing: unasked,
    },
    unreadableAt: null,
    handedOverFor: null,
    unanswered: 0,
  };
};

export const utterance = ({ context }: Seen): Utterance => {
  const { asked, reading } = context;
  return {
    text: reading?.text ?? '',
    lang: context.lang,
    asked: asked !== null && asked in context.consents ? 'consent' : (asked as Utterance['asked']),
    at: reading?.at ?? '',
    destination: context.destination,
    mayLeave: context.consents['transfer-abroad'].status === 'given',
  };
};

const messageOf = ({ context }: Seen, say: Omit<Say, 'type'>): Message => {
  const { text, values = {}, choices, purpose = 'service' } = say;
  const { recipient, lang, heardAt, tenantName } = context;
  return {
    recipient,
    lang,
    text,
    values: purpose === 'notice' ? { tenant: tenantName, ...values } : values,
    ...(choices === undefined ? {} : { choices }),
    heardAt,
    purpose,
  };
};

export const said = ({ context, event }: Heard): Message =>
  messageOf({ context }, event as Say | Ask);

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
export const unreadableAnswered = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.unreadable', purpose: 'notice' });
export const placeAnswered = (seen: Seen): Message =>
  messageOf(seen, { text: 'conversation.location' });

const addressed = ({ recipient, lang, heardAt }: ConversationContext) => ({
  recipient,
  lang,
  heardAt,
});
export const staffFile = ({ context, event }: Heard): FileMessage => ({
  ...addressed(context),
  document: event.type === 'staff.send' ? event.document : '',
  purpose: 'health-data',
});
export const uploadLink = ({ context, event }: Heard): DocumentLinkToPatient => ({
  ...addressed(context),
  kind: event.type === 'link' ? event.kind : 'passport',
});

export const understood = ({ event }: { event: DoneActorEvent<Understanding> }): Understanding =>
  event.output;

/** The code of what an effect failed with, as the host tells it. */
export const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

const changedConsent = (
  { consents }: ConversationContext,
  purpose: ConsentPurpose,
  change: Partial<Consent>,
): Pick<ConversationContext, 'consents'> => ({
  consents: { ...consents, [purpose]: { ...consents[purpose], ...change } },
});

const allConsents = (
  { consents }: ConversationContext,
  change: Partial<Consent>,
): ConversationContext['consents'] => ({
  service: { ...consents.service, ...change },
  'health-data': { ...consents['health-data'], ...change },
  'transfer-abroad': { ...consents['transfer-abroad'], ...change },
  marketing: { ...consents.marketing, ...change },
});

const hears = (context: ConversationContext, event: ConversationEvent) => {
  const message = event.type === 'reopened' ? event.message : event;
  if (message.type !== 'whatsapp.inbound') return {};
  const isNewest = later(context.heardAt, message.at) === message.at;
  return {
    heardAt: later(context.heardAt, message.at),
    ...(isNewest && message.lang !== null ? { lang: message.lang } : {}),
    ...(isNewest && message.from
      ? { recipient: { ...context.recipient, ...recipientOf(message.from) } }
      : {}),
  };
};

/** What the case is told where number or language changed. */
const contactIn = (
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
    tags: 'with-staff' | 'window-closed';
  },
  actors: { understand: {} as Effect<'understand'> },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs these three.
    sendFile: (_args, _file: FileMessage) => {},
    sendDocumentLink: (_args, _link: DocumentLinkToPatient) => {},
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
    hear: assign(({ context, event }) => {
      const message = saidIn(event);
      if (message === null || event.type !== 'whatsapp.inbound') return {};
      const { messageId, at } = event;
      const text = wordsOf(message)?.slice(0, 2_000) ?? null;
      const buttonId = message.kind === 'button' ? message.id : null;
      return { heard: [...context.heard, { messageId, at, text, buttonId }] };
    }),
    /** Comes back as `hearing.next` when everybody had their say to what went before. */
    askForTurn: sendParent({ type: 'hearing.next', turns: turnsForOthers }),
    takeNext: assign(({ context }) => {
      const next = firstSaid(context.heard) ?? null;
      return { reading: next, heard: context.heard.filter((message) => message !== next) };
    }),
    setPlain: assign(({ context }) => ({
      understood: {
        intent: context.reading?.buttonId === null ? ('place' as const) : ('press' as const),
        informs: false,
      },
    })),
    setUnclear: assign({ understood: { intent: 'unclear', informs: false } }),
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
    tellTrip: enqueued(({ context, enqueue }, params) => {
      const at = context.reading?.at ?? '';
      // What was withdrawn stays withdrawn, also where it comes after the patient wrote anew.
      if (isSaidBefore(at, context.withdrawnAt)) return;
      const { consents, destination } = context;
      const details = detailsIn(params as Understanding, consents['health-data'], destination);
      if (Object.keys(details).length > 0) enqueue(sendParent({ type: 'trip.told', details, at }));
    }),
    tellSaid: enqueued(({ context, enqueue }) => {
      const { reading, understood } = context;
      if (reading === null || understood === null) return;
      enqueue(sendParent(saidBy(reading, understood, context)));
      const answer = answerIn(reading, understood, context);
      if (answer === null) return;
      const { messageId, at } = reading;
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
    tellStopped: sendParent(({ context: { reading } }) => ({
      type: 'stopped',
      messageId: reading?.messageId ?? '',
      at: reading?.at ?? '',
    })),
    tellFinished: sendParent({ type: 'finished' }),
    setRead: assign(({ context }) => ({
      reading: null,
      understood: null,
      readUpTo: later(context.readUpTo, context.reading?.at ?? null),
    })),

    // Asking.
    setAsked: assign(({ context, event }) => {
      if (event.type !== 'ask') return {};
      const { question } = event;
      const isConsent = question in context.consents;
      return {
        asked: question,
        askedAt: context.heardAt,
        // Any consent but the first comes in between, and what was asked before it stays asked.
        askedBefore: isConsent && question !== 'service' ? context.asked : null,
        ...(isConsent
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
    /** A consent that was asked in between stays asked. */
    forgetAsked: assign(({ context }) =>
      context.askedBefore === null ? { asked: null, askedAt: null } : { askedBefore: null },
    ),
    setConsent: assign(({ context, event }) => {
      if (event.type !== 'consent.changed') return {};
      const { purpose, status, at } = event;
      const { asked, askedBefore } = context;
      return {
        ...changedConsent(context, purpose, { status, at: at ?? context.heardAt }),
        ...(asked === purpose ? { asked: askedBefore, askedBefore: null } : {}),
        ...(askedBefore === purpose ? { askedBefore: null } : {}),
      };
    }),

    // Staff.
    setHandOver: assign(({ event }) => ({
      handedOverFor: event.type === 'handOver' ? event.reason : null,
      unanswered: 0,
    })),
    setHandOverFor: enqueued(({ enqueue }, params) => {
      const { reason } = params as { reason: HandOverReason };
      enqueue.assign({ handedOverFor: reason, unanswered: 0 });
      enqueue(sendParent({ type: 'handed.over', reason }));
    }),
    countUnanswered: assign(({ context }) => ({ unanswered: context.unanswered + 1 })),
    setUnreadable: assign(({ event }) => ({
      unreadableAt: event.type === 'whatsapp.inbound' ? event.at : null,
    })),
    forgetHandOver: assign({ handedOverFor: null, unanswered: 0 }),

    // Stopping.
    forgetHeard: assign({ heard: [], reading: null, understood: null }),
    setWithdrawn: assign(({ context, event }) => {
      const at = event.type === 'withdrawn' ? event.at : null;
      return { consents: allConsents(context, { status: 'withdrawn', at }), withdrawnAt: at };
    }),
    /** Consents keep when they were withdrawn: a button pressed before that gives nothing. */
    beginAnew: assign(({ context }) => ({
      consents: allConsents(context, { status: 'unasked' }),
      readUpTo: later(context.readUpTo, context.withdrawnAt),
      asked: null,
      askedAt: null,
      askedBefore: null,
    })),
  },
  guards: {
    isReadable: ({ event }) => isReadable(event),
    isTooMuch: ({ context, event }) => isReadable(event) && context.heard.length >= maxHeard,
    isNewestMessage: ({ context, event }) =>
      event.type === 'whatsapp.inbound' && later(context.heardAt, event.at) === event.at,
    hasHeard: ({ context }) => context.heard.length > 0,
    isNextPlain: ({ context }) => firstSaid(context.heard)?.text === null,
    wantsToStop: (_, { intent }: Understanding) =>
      intent.value === 'stop' && intent.confidence >= 0.8,
    isNotPermitted: (_, { code }: { code: string }) => code === 'not_permitted',
    isUrgent: ({ event }) => event.type === 'patient.said' && event.intent === 'urgent',
    wantsPerson: ({ event }) =>
      event.type === 'patient.said' && ['question', 'human'].includes(event.intent),
    isPlaceForOrigin: ({ context, event }) =>
      event.type === 'patient.said' && event.intent === 'place' && context.asked === 'origin',
    isUnreadable: ({ context, event }) =>
      isUnreadable(event) &&
      'at' in event &&
      Date.parse(event.at ?? '') - Date.parse(context.unreadableAt ?? '1970-01-01') >
        unreadableEveryMs,
    waitsForAnswer: ({ context }) => waitsForAnswer(context),
    waitsForNoAnswer: ({ context }) => !waitsForAnswer(context),
    isWindowRefused: ({ event }) =>
      event.type === 'whatsapp.status' && event.status === 'failed' && event.errorCode === '131047',
    // Whichever of the two words on a refused free text comes first, the window's region sees to it.
    isUndelivered: ({ event }) =>
      (event.type === 'message.failed' && event.code !== '131047') ||
      (event.type === 'whatsapp.status' &&
        event.status === 'failed' &&
        event.errorCode !== '131047'),
  },
  // WhatsApp takes free text until 24 h after the patient's last message, then templates only (131047).
  delays: { window: 24 * hour },
});
