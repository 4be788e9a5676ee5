import { assign, enqueueActions, sendParent, setup, type ParameterizedObject } from 'xstate';

import { isClosing } from './answers.ts';
import type { ConsentPurpose, HandOverReason, TextKey } from './case-types.ts';
import type {
  Ask,
  ConsentAnswered,
  ConsentChanged,
  FamilyEventOf,
  PatientSaid,
  Say,
} from './family-types.ts';
import type { StateMeta } from './money-types.ts';

export interface ConsentInput {
  readonly purpose: ConsentPurpose;
}

interface ConsentContext extends ConsentInput {
  /** Answers in a row that we did not understand. */
  readonly misses: number;
  /** Questions that came in place of an answer. */
  readonly questions: number;
}

type ConsentEvent =
  | FamilyEventOf<'consent.needed'>
  | ConsentAnswered
  | ConsentChanged
  /** These two are for the service consent alone: nothing goes on without it. */
  | PatientSaid
  | { readonly type: 'staff.resume' };

interface Heard {
  readonly context: ConsentContext;
  readonly event: ConsentEvent;
}
type Seen = Pick<Heard, 'context'>;

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/** The second miss goes to staff. */
const maxMisses = 2;
/** Each of these is followed by our own question; whoever asks more has it before them. */
const maxQuestions = 2;

/** The wording each consent is asked in. A published wording never changes: a new one gets the next number. */
export const consentTexts: Readonly<Record<ConsentPurpose, TextKey>> = {
  service: 'consent.service.1',
  'health-data': 'consent.health-data.1',
  'transfer-abroad': 'consent.transfer-abroad.1',
  marketing: 'consent.marketing.1',
};

const initialContext = ({ input }: { input: ConsentInput }): ConsentContext => ({
  purpose: input.purpose,
  misses: 0,
  questions: 0,
});

const question = (
  { purpose }: ConsentContext,
  text: TextKey = consentTexts[purpose],
): Omit<Say, 'type'> => ({
  text,
  choices: [`consent:${purpose}:yes`, `consent:${purpose}:no`],
  purpose: 'notice',
});

const askedAgain = ({ context }: Seen): Say => ({
  type: 'say',
  ...question(context, 'consent.again'),
});

const askedStill = ({ context }: Seen): Say => ({
  type: 'say',
  ...question(context, 'consent.still'),
});

const reminder = ({ context }: Seen): Say => ({
  type: 'say',
  ...(context.purpose === 'service' ? question(context, 'consent.reminder') : question(context)),
});

const notice = (text: TextKey): Say => ({ type: 'say', text, purpose: 'notice' });

const wayBack = (text: TextKey): Say => ({ ...notice(text), choices: ['consent:service:yes'] });

/** What somebody else answers, or what needs no answer of one who rests. */
const isAnswered = (intent: PatientSaid['intent']): boolean =>
  ['question', 'human', 'urgent', 'erase', 'thanks', 'press', 'place', 'refuse'].includes(intent);

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  ConsentContext,
  ConsentEvent,
  ParameterizedObject['params'] | undefined,
  ConsentEvent,
  never,
  never,
  never
>;

/**
 * One consent: whether the patient gave it, for one purpose. It is asked for when the case says that something needs it. Which
 * message answers it is the conversation's to say.
 */
export const consentMachine = setup({
  types: {} as {
    context: ConsentContext;
    events: ConsentEvent;
    input: ConsentInput;
    meta: StateMeta;
    tags: `consent:${ConsentPurpose}` | 'resting';
  },
  actions: {
    say: sendParent((_, what: Say) => what),
    ask: sendParent(({ context }): Ask => ({
      type: 'ask',
      question: context.purpose,
      ...question(context),
    })),
    record: sendParent(
      ({ context, event }, { status }: { status: 'given' | 'refused' | 'withdrawn' }) => {
        const { messageId, at, lang } = event as ConsentAnswered;
        return { type: 'consent.recorded', purpose: context.purpose, status, messageId, at, lang };
      },
    ),
    tell: sendParent(({ context, event }, { status }: { status: 'given' | 'refused' }) => ({
      type: 'consent.changed',
      purpose: context.purpose,
      status,
      at: event.type === 'consent.answered' ? event.at : null,
    })),
    /** The journey goes on when the service is agreed to, and rests when it is refused: a tap is the way back. */
    sayNoted: enqueued(({ context, event, enqueue }) => {
      const isService = context.purpose === 'service';
      if (isService && event.type === 'consent.answered' && event.answer === 'yes') return;
      enqueue(sendParent(isService ? wayBack('consent.refused') : notice('consent.noted')));
    }),
    sayUnanswered: enqueued(({ context, enqueue }) => {
      if (context.purpose === 'service') enqueue(sendParent(wayBack('consent.unanswered')));
    }),
    tellLapsed: sendParent(({ context: { purpose } }) => ({ type: 'consent.lapsed', purpose })),
    handOver: sendParent((_, { reason }: { reason: HandOverReason }) => ({
      type: 'handOver',
      reason,
    })),
    countMiss: assign(({ context }) => ({ misses: context.misses + 1 })),
    countQuestion: assign(({ context }) => ({ questions: context.questions + 1 })),
    forgetMisses: assign({ misses: 0, questions: 0 }),
  },
  guards: {
    agrees: ({ event }) => event.type === 'consent.answered' && event.answer === 'yes',
    refuses: ({ event }) => event.type === 'consent.answered' && event.answer === 'no',
    takesBack: ({ event }) =>
      event.type === 'consent.answered' && event.answer === 'no' && event.isPressed,
    isAside: ({ event }) => event.type === 'patient.said' && event.isAside,
    /** "Sure, what does it cost?" Staff answer it, and what we asked is still open. */
    asksInstead: ({ context, event }) =>
      event.type === 'patient.said' &&
      (event.intent === 'question' || event.intent === 'human') &&
      event.asked === context.purpose &&
      context.questions < maxQuestions,
    needsNoAnswer: ({ event }) =>
      event.type === 'patient.said' &&
      (event.late || event.answersConsent || isClosing(event.text) || isAnswered(event.intent)),
    /** Anything but what nobody understands: that staff read. */
    comesBack: ({ event }) =>
      event.type === 'patient.said' &&
      (event.informs || ['greeting', 'inform', 'agree', 'link'].includes(event.intent)),
    isFirstMiss: ({ context }) => context.misses + 1 < maxMisses,
    saysSomethingElse: ({ event }) =>
      event.type === 'patient.said' && (event.informs || event.intent === 'greeting'),
    isForService: ({ context }) => context.purpose === 'service',
    isForHealthData: ({ context }) => context.purpose === 'health-data',
    isForTransferAbroad: ({ context }) => context.purpose === 'transfer-abroad',
  },
  delays: {
    reminder: 23 * hour, // While free text still reaches the patient.
    patience: 7 * day,
    rest: 30 * day,
  },
}).createMachine({
  id: 'consent',
  version: '2',
  description: 'What the patient agreed to, for one purpose.',
  meta: { label: 'Consent', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'unasked',
  states: {
    unasked: {
      description: 'There was no need to ask yet.',
      meta: { label: 'Not asked', waitsFor: 'nobody', targetMinutes: null },
      on: {
        'consent.needed': { target: 'asked' },
        'consent.answered': [
          {
            guard: 'agrees',
            target: 'given',
            actions: { type: 'record', params: { status: 'given' } },
          },
          {
            guard: 'refuses',
            target: 'refused',
            actions: { type: 'record', params: { status: 'refused' } },
          },
        ],
      },
    },
    asked: {
      description: 'Asked; asked once more after a day, and taken as a no after a week.',
      meta: { label: 'Asked', waitsFor: 'patient', targetMinutes: null },
      entry: 'ask',
      on: {
        'consent.answered': [
          {
            guard: 'agrees',
            target: 'given',
            actions: [{ type: 'record', params: { status: 'given' } }, 'sayNoted'],
          },
          {
            guard: 'refuses',
            target: 'refused',
            actions: [{ type: 'record', params: { status: 'refused' } }, 'sayNoted'],
          },
        ],
        'patient.said': [
          {
            guard: 'asksInstead',
            actions: ['countQuestion', { type: 'say', params: askedStill }],
          },
          { guard: 'isAside' },
          {
            guard: 'isFirstMiss',
            actions: ['countMiss', { type: 'say', params: askedAgain }],
          },
          { guard: 'saysSomethingElse' },
          { actions: ['countMiss', { type: 'handOver', params: { reason: 'consent-unclear' } }] },
        ],
        // Another consent was answered: that was understood.
        'consent.changed': { actions: 'forgetMisses' },
        'staff.resume': { target: 'asked', reenter: true, actions: 'forgetMisses' },
      },
      after: {
        reminder: { actions: { type: 'say', params: reminder } },
        patience: { target: 'refused', actions: 'sayUnanswered' },
      },
    },
    given: {
      description: 'Given, until the patient takes it back. What needs it runs only meanwhile.',
      meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
      entry: { type: 'tell', params: { status: 'given' } },
      initial: 'deciding',
      on: {
        'consent.answered': {
          guard: 'takesBack',
          target: 'refused',
          actions: [{ type: 'record', params: { status: 'withdrawn' } }, 'sayNoted'],
        },
      },
      states: {
        deciding: {
          description: 'Which purpose it is: effects that need the consent look for its tag.',
          meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'isForService', target: 'service' },
            { guard: 'isForHealthData', target: 'healthData' },
            { guard: 'isForTransferAbroad', target: 'transferAbroad' },
            { target: 'marketing' },
          ],
        },
        service: {
          description: 'To arrange the trip. Only a stop takes it back.',
          meta: { label: 'Service', waitsFor: 'nobody', targetMinutes: null },
          tags: ['consent:service'],
        },
        healthData: {
          description: 'To keep photos, documents and what the patient says about their health.',
          meta: { label: 'Health data', waitsFor: 'nobody', targetMinutes: null },
          tags: ['consent:health-data'],
        },
        transferAbroad: {
          description: 'To have messages, without names, read by services abroad.',
          meta: { label: 'Transfer abroad', waitsFor: 'nobody', targetMinutes: null },
          tags: ['consent:transfer-abroad'],
        },
        marketing: {
          description: 'To write about offers later on.',
          meta: { label: 'Marketing', waitsFor: 'nobody', targetMinutes: null },
          tags: ['consent:marketing'],
        },
      },
    },
    refused: {
      description: 'Refused, withdrawn or never answered. The button still takes a yes.',
      meta: { label: 'Not given', waitsFor: 'nobody', targetMinutes: null },
      entry: { type: 'tell', params: { status: 'refused' } },
      always: { guard: 'isForService', target: 'resting' },
      on: {
        'consent.answered': {
          guard: 'agrees',
          target: 'given',
          actions: [{ type: 'record', params: { status: 'given' } }, 'sayNoted'],
        },
      },
    },
    resting: {
      description:
        'Without the consent to the service the case rests. The patient comes back by the button, by words that agree, or by writing about the trip.',
      meta: { label: 'Resting without consent', waitsFor: 'patient', targetMinutes: null },
      tags: ['resting'],
      entry: 'forgetMisses',
      on: {
        'consent.answered': {
          guard: 'agrees',
          target: 'given',
          actions: { type: 'record', params: { status: 'given' } },
        },
        'patient.said': [
          { guard: 'needsNoAnswer' },
          { guard: 'comesBack', target: 'asked' },
          { actions: { type: 'handOver', params: { reason: 'consent-unclear' } } },
        ],
      },
      after: { rest: { actions: 'tellLapsed' } },
    },
  },
});
