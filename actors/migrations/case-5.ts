import type { AttentionContext } from '../../machines/attention-setup.ts';
import type { CaseContext, HandOverReason } from '../../machines/case-types.ts';
import type { CompanionsContext } from '../../machines/companions-types.ts';
import { actorAt, adopt, afterTimer, withActor, type StoredActor } from '../kernel/adoption.ts';
import type { PersistedState } from '../kernel/persisted-state.ts';
import type { Migration } from '../kernel/registry.ts';

/** What of a version 5 conversation says that staff have the case. */
interface Conversation5 {
  readonly handedOverFor: HandOverReason | null;
  readonly heardAt: string | null;
  readonly unanswered: number;
}

const minute = 60_000; // ms

const isUrgent = (conversation: StoredActor | null): boolean =>
  (conversation?.context as Conversation5 | undefined)?.handedOverFor === 'urgent';

/**
 * Version 6 keeps an eye on who waits for staff. A case that staff have waits since it was heard last: what is past its target time by
 * then is escalated as soon as the case is opened.
 */
export const caseFrom5: Migration = (before) => {
  const conversation = actorAt(before, ['conversation']);
  const state = withActor(before, [], (root) => ({
    ...root,
    context: {
      ...(root.context as object),
      isAwaited: isUrgent(conversation),
      isOver: false,
      profileName: null,
      patient: null,
      opened: null,
    },
  }));
  if (conversation === null) return state; // It is over.
  return withCompanions(withAttention(state, conversation.context as Conversation5));
};

/** Until now every patient was alone on their phone. */
const withCompanions = (state: PersistedState): PersistedState => {
  const root = (state.snapshot as StoredActor).context as CaseContext;
  const { tenantName, destination, currency, isInvoicing, recipient, lang, consents } = root;
  return adopt(state, {
    path: ['companions'],
    src: 'companions',
    value: 'quiet',
    context: {
      tenantName,
      destination,
      currency,
      isInvoicing,
      recipient,
      lang,
      patient: { name: '', called: [], isHolder: true },
      others: [],
      isIntroduced: false,
      hasOwn: true,
      isAgreed: consents.service.status === 'given',
      held: [],
      moved: [],
      waiting: [],
    } satisfies CompanionsContext,
  });
};

const withAttention = (
  state: PersistedState,
  { handedOverFor, heardAt, unanswered }: Conversation5,
): PersistedState => {
  const isDanger = handedOverFor === 'urgent';
  const standing = isDanger ? { urgent: 'untaken' } : { withStaff: 'waiting' };
  const adopted = adopt(state, {
    path: ['attention'],
    src: 'attention',
    value: { staff: handedOverFor === null ? 'nobody' : standing, rights: 'none' },
    context: {
      reasons:
        handedOverFor === null ? [] : [{ reason: handedOverFor, newestAt: heardAt, times: 1 }],
      unanswered: handedOverFor === null ? 0 : unanswered,
      escalations: 0,
      taken: null,
      isTheirs: handedOverFor !== null,
      isUrgentAgain: false,
      rights: null,
    } satisfies AttentionContext,
  });
  if (handedOverFor === null) return adopted;
  const since = Date.parse(heardAt ?? '1970-01-01');
  const timer = isDanger
    ? afterTimer(
        ['attention'],
        'urgentTarget',
        'attention.staff.urgent.untaken',
        since + 5 * minute,
      )
    : afterTimer(
        ['attention'],
        'staffTarget',
        'attention.staff.withStaff.waiting',
        since + 60 * minute,
      );
  return { ...adopted, timers: [...adopted.timers, timer] };
};
