import { assign, enqueueActions, sendTo, setup, type ParameterizedObject } from 'xstate';

import { isNotice, isReadable, isSaidBefore, refusesAgain, saidIn, saysStop } from './answers.ts';
import type { attachmentsMachine } from './attachments.ts';
import type { attentionMachine } from './attention.ts';
import { dueConsents, withConsent, withConsents } from './case-rules.ts';
import type {
  CaseContext,
  CaseEvent,
  CaseInput,
  CaseOutput,
  CaseTag,
  ConsentAnswer,
  ConsentPurpose,
  HandOverReason,
} from './case-types.ts';
import type { clinicMachine } from './clinic.ts';
import type { companionsMachine } from './companions.ts';
import type { consentMachine } from './consent.ts';
import type { conversationMachine } from './conversation.ts';
import type { documentsMachine } from './documents.ts';
import type { AnotherTold, FamilyEvent } from './family-types.ts';
import type { JourneyOutput } from './journey-types.ts';
import type { journeyMachine } from './journey.ts';
import type { StateMeta } from './money-types.ts';
import type { reviewMachine } from './review.ts';
import type { salesMachine } from './sales.ts';

const maxDocuments = 50;

type Child =
  | ConsentPurpose
  | 'conversation'
  | 'journey'
  | 'review'
  | 'attachments'
  | 'clinic'
  | 'documents'
  | 'sales'
  | 'attention'
  | 'companions';

/** It was over, and the last who had to be seen to has been. */
const isReleased = ({ isOver }: CaseContext, event: CaseEvent | FamilyEvent): boolean =>
  isOver && event.type === 'attention.changed' && !event.isAwaited;

const everybody = [
  'conversation',
  'service',
  'journey',
  'review',
  'attachments',
  'clinic',
  'sales',
  'companions',
] as const satisfies readonly Child[];

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  CaseContext,
  CaseEvent | FamilyEvent,
  ParameterizedObject['params'] | undefined,
  CaseEvent | FamilyEvent,
  never,
  never,
  never
>;

/** What the case does and asks; its states, and its table of who hears what, are in case.ts. */
export const caseSetup = setup({
  types: {} as {
    context: CaseContext;
    events: CaseEvent | FamilyEvent;
    input: CaseInput;
    output: CaseOutput;
    meta: StateMeta;
    tags: CaseTag;
  },
  actors: {
    conversation: {} as typeof conversationMachine,
    consent: {} as typeof consentMachine,
    journey: {} as typeof journeyMachine,
    review: {} as typeof reviewMachine,
    attachments: {} as typeof attachmentsMachine,
    clinic: {} as typeof clinicMachine,
    documents: {} as typeof documentsMachine,
    sales: {} as typeof salesMachine,
    attention: {} as typeof attentionMachine,
    companions: {} as typeof companionsMachine,
  },
  actions: {
    recordConsent: (_args, _answer: ConsentAnswer) => {}, // The host performs it.
    /** Hands the event on, in this order. Who does not run now does not hear it. */
    tell: enqueued(({ event, enqueue, self }, params) => {
      const { children } = self.getSnapshot();
      for (const id of (params as { to: readonly Child[] }).to)
        if (children[id] !== undefined) enqueue.sendTo(id, event);
    }),
    tellAnother: sendTo('companions', ({ context: { profileName }, event }) => ({
      ...(event as AnotherTold),
      profileName,
    })),
    /** What somebody sent, and what they call themselves. */
    tellMessage: enqueued(({ context, event, enqueue, self }) => {
      if (event.type !== 'whatsapp.inbound') return;
      const { profileName } = event;
      if (context.profileName === null && typeof profileName === 'string')
        enqueue.assign({ profileName: profileName.slice(0, 100) });
      const { children } = self.getSnapshot();
      for (const id of ['conversation', 'attachments'] as const)
        if (children[id] !== undefined) enqueue.sendTo(id, event);
    }),
    setPatient: enqueued(({ event, enqueue }) => {
      if (event.type !== 'patient.named') return;
      if (!event.isAlone) enqueue.assign({ patient: event.name });
      enqueue.sendTo('conversation', event);
    }),
    /** Everybody whom a consent concerns. */
    tellEverybody: enqueued(({ event, enqueue, self }) => {
      const { children } = self.getSnapshot();
      for (const id of everybody) if (children[id] !== undefined) enqueue.sendTo(id, event);
    }),
    /** It comes round again when all that was said before it is heard. */
    waitATurn: sendTo(
      ({ self }) => self,
      ({ event }) => ({
        type: 'hearing.next',
        turns: event.type === 'hearing.next' ? event.turns - 1 : 0,
      }),
    ),
    handOver: sendTo(
      ({ self }) => self,
      (_, { reason }: { reason: HandOverReason }) => ({ type: 'handOver', reason }),
    ),
    /** A button may be the first message: then the question is asked in this turn, and its answer waits for the next. */
    tellConsent: enqueued(({ context, event, enqueue, self }) => {
      if (event.type !== 'consent.answered') return;
      const isBeingAsked = context.consents[event.purpose].status === 'asked' && !event.hasWaited;
      if (isBeingAsked) enqueue.sendTo(self, { ...event, hasWaited: true });
      else enqueue.sendTo(event.purpose, event);
    }),
    tellNewDocuments: sendTo('documents', ({ event }) => event),
    askForService: enqueued(({ context, enqueue }) => {
      enqueue.assign(withConsent(context, 'service', { status: 'asked' }));
      enqueue.sendTo('service', { type: 'consent.needed', purpose: 'service' });
    }),
    /** Whoever had an emergency was not asked then. */
    askIfUnasked: enqueued(({ context, enqueue, self }) => {
      const { children } = self.getSnapshot();
      if (context.consents.service.status !== 'unasked' || children['service'] === undefined)
        return;
      enqueue.assign(withConsent(context, 'service', { status: 'asked' }));
      enqueue.sendTo('service', { type: 'consent.needed', purpose: 'service' });
    }),
    /** It comes round again when the question that goes before its answer is asked. */
    hearAgain: enqueued(({ event, enqueue, self }) => {
      if (event.type === 'patient.said') enqueue.sendTo(self, { ...event, isAside: true });
    }),
    askWhatIsDue: enqueued(({ context, enqueue }) => {
      for (const purpose of dueConsents(context))
        enqueue.sendTo(purpose, { type: 'consent.needed', purpose });
    }),
    needConsent: assign(({ context: { needed } }, { purpose }: { purpose: ConsentPurpose }) => ({
      needed: [...new Set([...needed, purpose])],
    })),
    needNothing: assign({ needed: [] }),
    setNeeded: assign(({ context: { needed }, event }) =>
      event.type === 'consent.needed' ? { needed: [...new Set([...needed, event.purpose])] } : {},
    ),
    setAsked: assign(({ context, event }) =>
      event.type === 'consent.asked'
        ? withConsent(context, event.purpose, {
            status: 'asked',
            lang: event.lang,
            ...(context.patient === null ? {} : { patient: context.patient }),
          })
        : {},
    ),
    setConsent: assign(({ context, event }) => {
      if (event.type !== 'consent.changed') return {};
      const { purpose, status, at } = event;
      const returns = purpose === 'service' && status === 'given';
      return {
        ...withConsent(context, purpose, { status, at }),
        ...(returns ? { ending: null, isOver: false } : {}),
      };
    }),
    /** Everything, asked or not: what was said before and comes after it must not give a consent any more. */
    setWithdrawn: assign(({ context, event }) => {
      const at = 'at' in event ? (event.at ?? null) : null;
      return { ...withConsents(context, { status: 'withdrawn', at }), withdrawnAt: at, needed: [] };
    }),
    tellWithdrawn: enqueued(({ context, event, enqueue }) => {
      const at = context.withdrawnAt;
      const quietly = event.type === 'stopped' && event.quietly === true;
      enqueue.sendTo('conversation', { type: 'withdrawn', at, ...(quietly ? { quietly } : {}) });
      enqueue.sendTo('sales', { type: 'withdrawn', at });
      // A stop is the phone's; the button that takes one consent back is one patient's.
      const isPressed = saidIn(event)?.kind === 'button';
      const messageId = 'messageId' in event && !isPressed ? { messageId: event.messageId } : {};
      enqueue.sendTo('companions', { type: 'withdrawn', at, quietly, ...messageId });
    }),
    wantToReopen: enqueued(({ event, enqueue }) => {
      if (event.type === 'whatsapp.inbound' || event.type === 'whatsapp.edited')
        enqueue.sendTo('sales', { type: 'reopen.wanted', message: event });
    }),
    beginAnew: assign(({ context }) => ({
      ...withConsents(context, { status: 'unasked' }),
      ending: null,
      isOver: false,
    })),
    setAwaited: assign(({ event }) =>
      event.type === 'attention.changed' ? { isAwaited: event.isAwaited } : {},
    ),
    setOver: assign({ isOver: true }),
    setContact: assign(({ event }) =>
      event.type === 'contact.changed' ? { recipient: event.recipient, lang: event.lang } : {},
    ),
    setRound: assign(({ event }) => (event.type === 'offers.made' ? { round: event.round } : {})),
    setSold: assign(({ event }) => {
      if (event.type !== 'sales.changed') return {};
      const { owesNothing, neverPaid } = event;
      return { sold: { owesNothing, neverPaid } };
    }),
    setClinicIds: assign(({ context: { clinic }, event }) => {
      if (event.type === 'clinic.told')
        return { clinic: { ...clinic, itineraryId: event.itineraryId ?? clinic.itineraryId } };
      if (event.type !== 'staff.linked') return {};
      const { patientId, dealId, itineraryId } = event;
      return {
        clinic: {
          patientId: patientId ?? clinic.patientId,
          dealId: dealId ?? clinic.dealId,
          itineraryId: itineraryId ?? clinic.itineraryId,
        },
      };
    }),
    setDocument: assign(({ context, event }) => {
      const document =
        event.type === 'file.kept'
          ? event.document
          : event.type === 'document.verified'
            ? event
            : null;
      if (document === null) return {};
      const { key, size, checksum, contentType } = document;
      const others = context.documents.filter((one) => one.key !== key);
      return { documents: [...others, { key, size, checksum, contentType }].slice(-maxDocuments) };
    }),
    dropDocument: assign(({ context, event }) =>
      event.type === 'document.expired'
        ? { documents: context.documents.filter(({ key }) => key !== event.key) }
        : {},
    ),
    tellDocuments: sendTo('review', ({ context: { documents } }) => ({
      type: 'documents.changed',
      documents,
    })),
    setEnding: assign((_, { outcome, reason }: JourneyOutput) => ({
      ending: { outcome, reason },
    })),
    setLast: assign((_, { last }: JourneyOutput) => ({ last })),
    setRefused: assign(({ context }) => ({
      ending: {
        outcome:
          context.consents.service.at === null
            ? ('consent-unanswered' as const)
            : ('consent-refused' as const),
        reason: null,
      },
    })),
    setLeft: assign(({ event }) => ({
      ending: {
        outcome: 'consent-withdrawn' as const,
        reason: event.type === 'sales.over' ? event.reason : null,
      },
    })),
  },
  guards: {
    saysStop: ({ context, event }) => saysStop(event, context.consents.service),
    isUnreadableFirst: ({ context, event }) =>
      context.consents.service.status === 'unasked' && !isReadable(event) && !isNotice(event),
    /** An emergency is answered, and nothing is asked in the same breath. */
    isToBeAsked: ({ context, event }) =>
      context.consents.service.status === 'unasked' &&
      event.type === 'patient.said' &&
      event.intent !== 'urgent' &&
      event.intent !== 'erase',
    isWrittenAnew: ({ context: { consents, withdrawnAt }, event }) =>
      (event.type === 'whatsapp.inbound' || event.type === 'whatsapp.edited') &&
      isReadable(event) &&
      !saysStop(event, consents.service) &&
      !refusesAgain(event) &&
      withdrawnAt !== null &&
      !isSaidBefore(event.at, withdrawnAt),
    isForCompanions: ({ event }) =>
      'routed' in event && ['sure', 'likely', 'unclear'].includes(event.routed ?? ''),
    isForLater: ({ event }) => event.type === 'hearing.next' && event.turns > 0,
    isServiceRefused: ({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'service' && event.status === 'refused',
    isServiceGiven: ({ context }) => context.consents.service.status === 'given',
    isAwaited: ({ context }) => context.isAwaited,
    isToClose: ({ context, event }) =>
      isReleased(context, event) && context.consents.service.status === 'given',
    isToEnd: ({ context, event }) => isReleased(context, event),
  },
});
