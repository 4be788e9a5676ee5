import { assign, emit, sendParent, setup } from 'xstate';

import type { CaseEvent, HandOverReason } from './case-types.ts';
import type { FamilyEventOf, PatientSaid } from './family-types.ts';
import type { StateMeta } from './money-types.ts';

/** One reason why staff have the case, since they last settled it. */
export interface StaffReason {
  readonly reason: HandOverReason;
  /** When it was given last, by the clock of whoever said so; null where nobody said. */
  readonly newestAt: string | null;
  /** How often it was given. */
  readonly times: number;
}

export interface AttentionContext {
  /** Each kind once, what was given last at the end. */
  readonly reasons: readonly StaffReason[];
  /** Messages of the patient that staff have not answered. */
  readonly unanswered: number;
  /** How often the target time passed without anybody taking it. */
  readonly escalations: number;
  /** Who has it, by the subject of their token; `by` is null where an older event does not say. */
  readonly taken: { readonly by: string | null; readonly at: string } | null;
  /** Staff have the conversation: what is said waits for them. */
  readonly isTheirs: boolean;
  /** Another emergency was heard since somebody took the first. */
  readonly isUrgentAgain: boolean;
  /** A right that the patient wants to use; null if there is none. */
  readonly rights: { readonly kind: string; readonly at: string } | null;
}

type StaffAct = Extract<
  CaseEvent,
  {
    readonly type: 'staff.took' | 'staff.settled' | 'staff.reply' | 'staff.resume' | 'staff.close';
  }
>;

type AttentionEvent =
  | PatientSaid
  | FamilyEventOf<'handOver' | 'handed.over' | 'reason.gone' | 'rights.requested'>
  | StaffAct;

/** What the world outside is told: that somebody waits for staff, still waits, is looked after, or waits no more. */
export interface AttentionNews {
  type: 'attention.raised' | 'attention.escalated' | 'attention.taken' | 'attention.settled';
  readonly reason: HandOverReason | null;
  readonly isUrgent: boolean;
  readonly unanswered: number;
  readonly escalations: number;
  readonly targetMinutes: number | null;
}

interface Heard {
  readonly context: AttentionContext;
  readonly event: AttentionEvent;
}

const minute = 60_000; // ms

// The target times of the states: `npm run machines -- --check` compares them with `meta.targetMinutes`.
const urgentMinutes = 5;
const staffMinutes = 60;
/** The law's: a month. */
const rightsMinutes = 30 * 24 * 60;

export const initialContext: AttentionContext = {
  reasons: [],
  unanswered: 0,
  escalations: 0,
  taken: null,
  isTheirs: false,
  isUrgentAgain: false,
  rights: null,
};

/** Done once staff answered the patient. The others wait for something else than words. */
const answerable: ReadonlySet<HandOverReason> = new Set([
  'question',
  'consent-unclear',
  'trip-unclear',
  'offer-unclear',
  'voice-or-video',
  'file-not-readable',
  'too-many-messages',
  'message-not-delivered',
  'message-in-doubt',
  'message-edited',
]);

/** Of this staff are told, and the bot goes on. */
const shownOnly: HandOverReason = 'message-in-doubt';

/** Of these a message of the patient's is the cause, which nobody answered yet. */
const begunByMessage: ReadonlySet<HandOverReason> = new Set([
  'urgent',
  'question',
  'consent-unclear',
  'trip-unclear',
  'offer-unclear',
  'voice-or-video',
  'file-not-readable',
  'too-many-messages',
]);

/** What is no word, or needs none back. */
const needsNoAnswer: readonly string[] = ['press', 'place', 'thanks'];

/** The reason that an event gives; null for one that gives none. */
const reasonIn = (event: AttentionEvent): HandOverReason | null => {
  if (event.type === 'handOver' || event.type === 'handed.over') return event.reason;
  if (event.type !== 'patient.said') return null;
  // Whatever is said to staff waits for their answer.
  return event.intent === 'urgent' ? 'urgent' : 'question';
};

const isUrgent = ({ event }: Pick<Heard, 'event'>): boolean => reasonIn(event) === 'urgent';

const isForStaff = ({ context, event }: Heard): boolean =>
  event.type === 'patient.said' &&
  context.isTheirs &&
  event.intent !== 'urgent' &&
  !needsNoAnswer.includes(event.intent) &&
  !event.answersConsent &&
  !event.isAnswer;

const without = (
  { reasons }: AttentionContext,
  isOver: (reason: HandOverReason) => boolean,
): readonly StaffReason[] => reasons.filter(({ reason }) => !isOver(reason));

const hasUrgent = ({ reasons }: AttentionContext): boolean =>
  reasons.some(({ reason }) => reason === 'urgent');

const targetMinutes = (context: AttentionContext): number =>
  hasUrgent(context) ? urgentMinutes : staffMinutes;

const news = (type: AttentionNews['type'], context: AttentionContext): AttentionNews => ({
  type,
  reason: context.reasons.at(-1)?.reason ?? null,
  isUrgent: hasUrgent(context),
  unanswered: context.unanswered,
  escalations: context.escalations,
  targetMinutes: context.reasons.length > 0 ? targetMinutes(context) : null,
});

const rightsNews = (type: AttentionNews['type'], context: AttentionContext): AttentionNews => ({
  ...news(type, context),
  reason: 'rights-request',
  targetMinutes: type === 'attention.settled' ? null : rightsMinutes,
});

const isSettledBy = (event: AttentionEvent, one: HandOverReason): boolean =>
  (event.type === 'staff.settled' || event.type === 'reason.gone') && event.reason === one;

const isLast = ({ context, event }: Heard): boolean =>
  context.reasons.every(({ reason }) => isSettledBy(event, reason));

const takenBy = (event: AttentionEvent): AttentionContext['taken'] =>
  'at' in event && 'by' in event && event.by !== undefined
    ? { by: event.by, at: event.at }
    : { by: null, at: 'at' in event ? event.at : '' };

/** What attention does and asks; its states are in attention.ts. */
export const attentionSetup = setup({
  types: {} as {
    context: AttentionContext;
    events: AttentionEvent;
    meta: StateMeta;
    tags: 'awaits-staff' | 'urgent' | 'urgent-untaken' | 'taken' | 'rights-request';
    emitted: AttentionNews;
  },
  actions: {
    addReason: assign(({ context, event }) => {
      const reason = reasonIn(event);
      if (reason === null) return {};
      const before = context.reasons.find((one) => one.reason === reason);
      const at = event.type === 'patient.said' ? event.at : null;
      const named: StaffReason = {
        reason,
        newestAt: at ?? before?.newestAt ?? null,
        times: (before?.times ?? 0) + 1,
      };
      return {
        reasons: [...without(context, (one) => one === reason), named],
        isTheirs: context.isTheirs || reason !== shownOnly,
      };
    }),
    /** The message behind a reason is one that nobody answered, also where it was heard before the reason was given. */
    countUnanswered: assign(({ context, event }) => {
      if (event.type === 'patient.said') return { unanswered: context.unanswered + 1 };
      const reason = reasonIn(event);
      return reason !== null && begunByMessage.has(reason)
        ? { unanswered: Math.max(1, context.unanswered) }
        : {};
    }),
    beginWait: assign({ escalations: 0 }),
    escalate: assign(({ context }) => ({
      escalations: context.escalations + 1,
      taken: null,
      isUrgentAgain: false,
    })),
    setTaken: assign(({ event }) => ({ taken: takenBy(event), isUrgentAgain: false })),
    setUrgentAgain: assign({ isUrgentAgain: true }),
    /** Whoever answers has it. */
    setAnswered: assign(({ context, event }) => ({
      reasons: without(context, (reason) => answerable.has(reason)),
      unanswered: 0,
      taken: takenBy(event),
      isUrgentAgain: false,
    })),
    dropSettled: assign(({ context, event }) => ({
      reasons: without(context, (reason) => isSettledBy(event, reason)),
    })),
    settleAll: assign({
      reasons: [],
      unanswered: 0,
      escalations: 0,
      taken: null,
      isTheirs: false,
      isUrgentAgain: false,
    }),
    setRights: assign(({ event }) =>
      event.type === 'rights.requested' ? { rights: { kind: event.kind, at: event.at } } : {},
    ),
    forgetRights: assign({ rights: null }),
    /** The case does not end while somebody waits whom nobody may forget. */
    tellAwaited: sendParent(({ context }) => ({
      type: 'attention.changed',
      isAwaited: hasUrgent(context) || context.rights !== null,
    })),
    publishRaised: emit(({ context }) => news('attention.raised', context)),
    publishEscalated: emit(({ context }) => news('attention.escalated', context)),
    publishTaken: emit(({ context }) => news('attention.taken', context)),
    publishSettled: emit(({ context }) => news('attention.settled', context)),
    publishRightsRaised: emit(({ context }) => rightsNews('attention.raised', context)),
    publishRightsEscalated: emit(({ context }) => rightsNews('attention.escalated', context)),
    publishRightsSettled: emit(({ context }) => rightsNews('attention.settled', context)),
  },
  guards: {
    isUrgent,
    isNotUrgent: ({ event }) => !isUrgent({ event }),
    isForStaff,
    isNeeded: ({ context }) => context.reasons.length > 0 || context.taken !== null,
    isUrgentAgain: ({ context }) => context.isUrgentAgain,
    /** Something is left that words do not settle. */
    hasMore: ({ context }) => context.reasons.some(({ reason }) => !answerable.has(reason)),
    isLast,
    /** The bot has the conversation: with this nothing is left for staff. */
    isAll: (heard) => isLast(heard) && !heard.context.isTheirs,
    settlesUrgent: ({ event }) => isSettledBy(event, 'urgent'),
    settlesRights: ({ event }) => isSettledBy(event, 'rights-request'),
  },
  delays: {
    urgentTarget: urgentMinutes * minute,
    staffTarget: staffMinutes * minute,
    rightsTarget: rightsMinutes * minute,
  },
});
