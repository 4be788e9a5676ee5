import { ExpectedError, ProviderUnreachable } from '../actors/errors.ts';
import type { ProviderMovement, UnreadableMovement } from '../actors/ports/payments.ts';
import { caseOfBooking } from '../actors/ports/references.ts';

/** Whether a booking's id is of our shape, `{caseId}-b{n}`. */
export function isOurs(bookingId: string | null): bookingId is string {
  return bookingId !== null && caseOfBooking(bookingId) !== null;
}

/** What is wrong with an item of a report that is not of the form that its provider documents. */
export const oddItem = (provider: string) => new ProviderUnreachable(provider, 'unexpected_item');

/**
 * What to do with a movement that `error` kept from being read: nothing if it is none of our bookings', for the provider's
 * account may serve others too; else `tell`.
 *
 * @throws `error` if it is ours and there is nobody to tell, or if it is not one we expect
 */
export function unreadable(
  movement: Omit<ProviderMovement, 'amount'>,
  error: unknown,
  tell: ((movement: UnreadableMovement) => void) | undefined,
): readonly never[] {
  if (!(error instanceof ExpectedError)) throw error;
  const { bookingId } = movement;
  if (!isOurs(bookingId)) return [];
  if (!tell) throw error;
  const reason = 'reason' in error ? String(error.reason) : error.code;
  tell({ ...movement, bookingId, reason });
  return [];
}
