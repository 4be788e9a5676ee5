/** What the kernel throws on purpose. `code` never changes: it is stored, counted and shown to staff. */
export abstract class KernelError extends Error {
  abstract readonly code: string;
  /** Whether the same call may succeed later. */
  abstract readonly retryable: boolean;
}

/** No case of that id and tenant was ever created. */
export class CaseNotFound extends KernelError {
  override readonly name = 'CaseNotFound';
  readonly code = 'case_not_found';
  readonly retryable = false;

  constructor(caseId: string) {
    super(`There is no case ${caseId}: create it first`);
  }
}

/** The same dedupe key came before with other content. Nothing was stored; the first one stands. */
export class DedupeConflict extends KernelError {
  override readonly name = 'DedupeConflict';
  readonly code = 'dedupe_conflict';
  readonly retryable = false;

  constructor(source: string, dedupeKey: string) {
    super(`${source} sent ${dedupeKey} before, with other content`);
  }
}

/** A machine that cannot be hosted durably as it is. Each finding names the place and the way out. */
export class UnfitMachine extends KernelError {
  override readonly name = 'UnfitMachine';
  readonly code = 'unfit_machine';
  readonly retryable = false;
  readonly findings: readonly string[];

  constructor(machine: string, findings: readonly string[]) {
    super(`Machine "${machine}" cannot be hosted:\n  ${findings.join('\n  ')}`);
    this.findings = findings;
  }
}

/** A stored case does not fit the machine that is registered now. The case is parked, not guessed at. */
export class IncompatibleSnapshot extends KernelError {
  override readonly name = 'IncompatibleSnapshot';
  readonly code = 'incompatible_snapshot';
  readonly retryable = false;
}

/** A step left something in the case that JSON would silently change. `place` holds key names only, no values. */
export class UnstorableSnapshot extends KernelError {
  override readonly name = 'UnstorableSnapshot';
  readonly code = 'unstorable_snapshot';
  readonly retryable = false;
  /** Where, and what it is: `context.trip.day holds a Date`. No value. */
  readonly finding: string;

  constructor(place: string, what: string) {
    const finding = `${place} holds ${what}`;
    super(`${finding}: a case can keep only JSON values`);
    this.finding = finding;
  }
}

/** What was sent holds something that JSON would silently change, or no event type. Nothing was stored. */
export class UnstorableEvent extends KernelError {
  override readonly name = 'UnstorableEvent';
  readonly code = 'unstorable_event';
  readonly retryable = false;

  constructor(finding: string) {
    super(`This cannot be sent: ${finding}`);
  }
}

/** Actors of one case answered each other without end; the step was given up. */
export class EndlessStep extends KernelError {
  override readonly name = 'EndlessStep';
  readonly code = 'endless_step';
  readonly retryable = false;

  constructor(messages: number) {
    super(`One step sent more than ${messages} messages between the actors of its case`);
  }
}

/** `waitFor` reached its deadline. The case goes on. */
export class WaitTimedOut extends KernelError {
  override readonly name = 'WaitTimedOut';
  readonly code = 'wait_timed_out';
  readonly retryable = true;

  constructor(caseId: string, timeoutMs: number) {
    super(`Case ${caseId} did not meet the condition within ${timeoutMs} ms`);
  }
}

/** `waitFor` waits for what cannot come any more: the case is done, and its last state does not meet the condition. */
export class CaseFinished extends KernelError {
  override readonly name = 'CaseFinished';
  readonly code = 'case_finished';
  readonly retryable = false;

  constructor(caseId: string) {
    super(`Case ${caseId} is done and does not meet the condition`);
  }
}

/** Another worker owns the partition, or changed the case, since we read it. Nothing was written; read again. */
export class CommitRefused extends KernelError {
  override readonly name = 'CommitRefused';
  readonly code = 'commit_refused';
  readonly retryable = true;
  readonly why: RefusedWhy;

  constructor(why: RefusedWhy, options?: ErrorOptions) {
    super(`The ledger refused the commit: ${why}`, options);
    this.why = why;
  }
}

/**
 * `lease`: the partition's lease is gone. `version`: a case or an event is not as it was read. `chain`: the audit chain
 * moved on. `content`: something in it can never be stored, as the `cause` says; the same again is refused again.
 */
export type RefusedWhy = 'lease' | 'version' | 'chain' | 'content';

/** A case, or the key to it, cannot be read. Nothing was stored; staff see the case as parked. */
export class CaseUnreadable extends KernelError {
  override readonly name = 'CaseUnreadable';
  readonly code = 'case_unreadable';
  readonly retryable = false;
  readonly caseId: string;
  /** A code: `key_unreadable`, `seal_broken`, … */
  readonly reason: string;

  constructor(caseId: string, reason: string, options?: ErrorOptions) {
    super(`Case ${caseId} cannot be read: ${reason}`, options);
    this.caseId = caseId;
    this.reason = reason;
  }
}

/** What an event, an outcome or a settlement holds that the ledger can never store: the same again is refused again. Nothing was written. */
export class Unstorable extends KernelError {
  override readonly name = 'Unstorable';
  readonly code = 'unstorable';
  readonly retryable = false;
}

/** Whether an error lies in what was to be written, so that the same again fails again and the rest of its batch may not. */
export function isOfContent(error: unknown): boolean {
  return error instanceof Unstorable || (error instanceof CommitRefused && error.why === 'content');
}

/** Why a step failed, for its dead letter: the kind of failure only, since messages and values may hold patient data. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnstorableSnapshot)
    return `${error.name} ${error.code}: ${error.finding}`.slice(0, 200);
  if (error instanceof Error) {
    const { code } = error as { code?: unknown };
    const place = /^Unable to evaluate guard '([\w.-]{1,64})'/.exec(error.message)?.[1];
    if (error.message.startsWith('Infinite loop detected')) return 'endless_step';
    return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}${place ? ` in guard ${place}` : ''}`.slice(
      0,
      200,
    );
  }
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code.slice(0, 200);
  return typeof name === 'string' ? name.slice(0, 200) : 'thrown_value';
}

/** The kind of an error, without its message, which may quote a patient's data: `CODE` or `Name`. */
export function kindOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return (typeof code === 'string' ? code : typeof name === 'string' ? name : 'thrown_value')
    .replaceAll('\0', '')
    .slice(0, 200);
}

/** The kernel is stopping or its queue is full: send again. Nothing was stored. */
export class KernelOverloaded extends KernelError {
  override readonly name = 'KernelOverloaded';
  readonly code = 'kernel_overloaded';
  readonly retryable = true;
}
