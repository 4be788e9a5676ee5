import type { Question } from '../../machines/case-types.ts';
import { openQuestion, withQuestion, withSent } from '../../machines/conversation-questions.ts';
import { withActor, type StoredActor } from '../kernel/adoption.ts';
import type { Migration } from '../kernel/registry.ts';

interface Conversation1 {
  readonly asked: Question | null;
  readonly askedAt: string | null;
  readonly askedBefore: Question | null;
  readonly understood: object | null;
  readonly heardAt: string | null;
}

/** What was asked counts as sent when the patient had been heard last, as version 1 took it. */
export function conversation2(actor: StoredActor): StoredActor {
  const { asked, askedAt, askedBefore, understood, ...context } = actor.context as Conversation1;
  const questions = [askedBefore, asked].filter((question) => question !== null);
  const list = questions.reduce<Parameters<typeof withQuestion>[0]>((before, question) => {
    const added = withQuestion(before, question, { text: 'consent.again' });
    const number = openQuestion(added)?.number ?? 0;
    const sent = withSent(
      added,
      { number, effectId: '', messageId: '' },
      askedAt ?? context.heardAt,
    );
    return sent.map((one) => ({ ...one, say: null, effectId: null, messageId: null }));
  }, []);
  const value = actor.value as string | { readonly open: object };
  return {
    ...actor,
    value: typeof value === 'string' ? value : { open: { ...value.open, delivery: 'known' } },
    context: {
      ...context,
      asked: list,
      understood: understood && { ...understood, details: {} },
      doubted: [],
      evidence: [],
      notedAt: null,
      isErasureNoted: false,
      patient: null,
      procedure: null,
    },
  };
}

/** Version 2 knows of each question when it was sent. */
export const conversationFrom1: Migration = (state) => withActor(state, [], conversation2);
