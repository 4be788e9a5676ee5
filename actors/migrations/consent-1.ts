import { withActor, type StoredActor } from '../kernel/adoption.ts';
import type { Migration } from '../kernel/registry.ts';

export const consent2 = (actor: StoredActor): StoredActor => ({
  ...actor,
  context: { ...(actor.context as object), questions: 0 },
});

/** Version 2 counts the questions that come in place of an answer, and rests where version 1 was over. */
export const consentFrom1: Migration = (state) => withActor(state, [], consent2);
