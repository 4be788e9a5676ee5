import type { Desk } from '../../actors/ports/desk.ts';
import { createCounter } from '../server/counter.ts';

/** One act with a link: `of` tells it from others, of this link and of any. */
export interface LinkAct {
  readonly tenant: string;
  readonly caseId: string;
  readonly subject: 'patient' | 'document-link';
  readonly what: string;
  readonly of: string;
}

/**
 * Writes down what is done with a link, before it is done. A link is in the hands of somebody who never signed in, and the
 * trail can't be cut: the same act again within a day is counted, and how often it came is one line more at the day's end.
 *
 * Rejects with what the trail rejects with: then nothing is to be done.
 */
export type LinkAudit = (act: LinkAct) => Promise<void>;

const windowMs = 24 * 60 * 60 * 1_000;
const mostActs = 10_000;

/** @param now milliseconds */
export function linkAudit(desk: Pick<Desk, 'audit'>, now: () => number): LinkAudit {
  const acts = new Map<string, LinkAct>();
  const write = async ({ subject, tenant, caseId }: LinkAct, what: string) => {
    const roles = subject === 'patient' ? ['patient'] : [];
    await desk.audit({ subject, tenant, roles }, caseId, what);
  };
  const counter = createCounter({
    windowMs,
    mostKeys: mostActs,
    now,
    onClosed: (key, count) => {
      const act = acts.get(key);
      acts.delete(key);
      if (!act || count === 1) return;
      // That it was done stands in the trail already: a count that cannot be written is let go.
      write(act, `${act.what} (${count} times)`).catch(() => undefined);
    },
  });

  return async (act) => {
    const key = `${act.what} ${act.of}`;
    if (counter.count(key) > 1) return;
    acts.set(key, act);
    try {
      await write(act, act.what);
    } catch (error) {
      counter.forget(key);
      throw error;
    }
  };
}
