import type { Kernel } from '../kernel/kernel.ts';
import type {
  DeadLetterDetail,
  DeadLetters,
  DeadLetterStore,
  RetryRefusal,
} from '../ports/dead-letters.ts';
import type { Desk, Staff } from '../ports/desk.ts';

export interface DeadLettersOptions {
  readonly store: DeadLetterStore;
  readonly kernel: Pick<Kernel, 'preview' | 'sendAll'>;
  readonly desk: Pick<Desk, 'audit'>;
  readonly now: () => number;
}

/**
 * Tries again what failed for good, where that can still reach the case.
 *
 * - An effect that nobody awaits is performed again, under its id and with all its tries.
 * - An effect that its case awaited is over: the case heard of it and went on. It is told to go on where it stopped
 *   (`staff.resume`), which asks for the effect under a new id; but only if that is what would come of it.
 * - An event that the machine failed on waits for its case again, behind what came meanwhile.
 */
export function createDeadLetters({ store, kernel, desk, now }: DeadLettersOptions): DeadLetters {
  const retry = async (tenant: string, letter: DeadLetterDetail): Promise<RetryRefusal | null> => {
    const refused = refusalOf(letter);
    if (refused !== null) return refused;
    const { id, kind, effect } = letter;
    if (kind === 'event') return (await store.retryEvent(id)) ? null : 'already_retried';
    if (effect?.awaited !== true) return (await store.retryEffect(id)) ? null : 'already_retried';
    return resume(tenant, letter);
  };

  async function resume(
    tenant: string,
    { id, caseId, name }: DeadLetterDetail,
  ): Promise<RetryRefusal | null> {
    const event = { type: 'staff.resume', at: new Date(now()).toISOString() };
    const asked = await kernel.preview({ tenant, caseId }, event);
    if (!asked.some((effect) => effect === name)) return 'case_went_on';
    // Sent before it is marked: a process that dies in between leaves an open letter, and no retry that never was.
    const dedupeKey = `dead-letter:${id}`;
    const [outcome] = await kernel.sendAll([{ tenant, caseId, source: 'staff', dedupeKey, event }]);
    if (outcome === 'no-case') return 'case_erased';
    return (await store.markRetried(id)) ? null : 'already_retried';
  }

  return {
    async list(staff, search) {
      await desk.audit(staff, search.caseId, 'GET /admin/dead-letters');
      const found = await store.list(staff.tenant, { ...search, limit: search.limit + 1 });
      const deadLetters = found.slice(0, search.limit);
      const next = found.length > search.limit ? (deadLetters.at(-1)?.id ?? null) : null;
      return { deadLetters, next };
    },

    find: async (staff: Staff, id) => store.find(staff.tenant, id),

    async retry(staff, id) {
      const letter = await store.find(staff.tenant, id);
      if (letter === null) return null;
      await desk.audit(staff, letter.caseId, `POST /admin/dead-letters/${id}/retry`);
      return { refused: await retry(staff.tenant, letter) };
    },
  };
}

function refusalOf(letter: DeadLetterDetail): RetryRefusal | null {
  if (letter.state === 'retried') return 'already_retried';
  if (letter.kind === 'timer') return 'timer_gone';
  if (letter.kind === 'case') return 'contact_moved';
  if (letter.caseStatus === null) return 'case_not_there';
  if (letter.caseStatus === 'done') return 'case_closed';
  if (letter.isErased) return 'case_erased';
  if (letter.effect?.doubtful === true && !letter.effect.awaited) return 'outcome_unknown';
  return null;
}
