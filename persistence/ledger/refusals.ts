import { ExpectedError } from '../../actors/errors.ts';
import { CommitRefused, kindOf, Unstorable } from '../../actors/kernel/errors.ts';

/** What was thrown, in the kernel's words where it has some for it. */
export async function refusing<T>(
  work: Promise<T>,
  named: (error: unknown) => Error | undefined,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw named(error) ?? error;
  }
}

/** SQLSTATE classes of a refusal that lies in the values: their number, range, constraints, size, or a trigger's word. */
const ofValues = /^(?:21|22|23|54|P0)/;

/** Whether the same again would meet the same: a value that cannot be written, a ciphertext or key that is broken. */
function isOfContent(error: unknown): boolean {
  if (error instanceof RangeError) return true; // Of the codecs: a U+0000, a time no column can hold.
  if (error instanceof ExpectedError) return !error.retryable;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.length === 5 && ofValues.test(code);
}

/** What a refusal means to whoever wanted something stored; undefined if it lies not in the content. */
export const unstorableOf = (error: unknown) =>
  isOfContent(error)
    ? new Unstorable(`Not to be stored: ${kindOf(error)}`, { cause: error })
    : undefined;

/** What PostgreSQL's refusal means to the kernel; undefined if it was something else. */
export function refusalOf(error: unknown): CommitRefused | undefined {
  const { code, message, constraint } = error as {
    code?: string;
    message?: string;
    constraint?: string;
  };
  if (code === 'KR001')
    return new CommitRefused(message === 'lease' ? 'lease' : 'version', { cause: error });
  if (code === '23505')
    return new CommitRefused(constraint === 'audit_entries_pkey' ? 'chain' : 'version', {
      cause: error,
    });
  if (code === '40001' || code === '40P01') return new CommitRefused('version', { cause: error });
  return isOfContent(error) ? new CommitRefused('content', { cause: error }) : undefined;
}
