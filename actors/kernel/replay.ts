import { reopen } from './opening.ts';
import type { CaseCommit, HistoryEntry, PendingEvent, StoredCase } from './ports.ts';
import { create, type ActivationContext, type Run } from './run.ts';
import { bodyOf, playOf, timerStep } from './steps.ts';

/**
 * Folds a history through its machine and gives the envelope it must have led to (I5). `entries` are all of the case's,
 * in order, each with the body of its event.
 */
export function replay(
  ref: { readonly tenant: string; readonly caseId: string },
  entries: readonly (HistoryEntry & { readonly body: string | null })[],
  context: Omit<ActivationContext, 'now'>,
): string {
  let stored: StoredCase | null = null;
  const unheard: string[] = [];
  for (const entry of entries) {
    const here: ActivationContext = { ...context, now: entry.at };
    const body = entry.body === null ? null : bodyOf(entry.body);
    let run: Run;
    if (entry.seq === 1) {
      if (!body || !('create' in body) || !body.create)
        throw new Error(`Entry ${entry.seq} opens the case but its event does not`);
      const event = { eventId: entry.subject, traceparent: null } as PendingEvent;
      const opened = create(ref.caseId, body.create, event, here, unheard);
      if ('reason' in opened)
        throw new Error(`Entry ${entry.seq} opened the case then, and fails now: ${opened.reason}`);
      run = opened.run;
    } else {
      if (!stored) throw new Error(`Entry ${entry.seq} comes before the case was opened`);
      run = reopen(ref.caseId, stored.envelope, here, unheard);
      const { kind, subject, type } = entry;
      if (kind === 'timer') run.step(timerStep(subject, type));
      else if (body)
        run.step({
          kind,
          subject,
          type,
          traceparent: null,
          play: playOf(body) ?? (() => 'already_open'),
        });
      else throw new Error(`Entry ${entry.seq} has nothing to play`);
    }
    const commit: CaseCommit | null = run.commit(ref.tenant);
    if (!commit) throw new Error(`Entry ${entry.seq} changed nothing`);
    if (commit.seq !== entry.seq) throw new Error(`Entry ${entry.seq} came out as ${commit.seq}`);
    stored = { ...ref, seq: commit.seq, status: commit.status, envelope: commit.envelope };
  }
  if (!stored) throw new Error('There is nothing to replay');
  return stored.envelope;
}
