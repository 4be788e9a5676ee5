import type { BookedMovement, Difference } from '../ports/books.ts';
import type { ProviderMovement } from '../ports/payments.ts';
import { isSameMoney } from '../shapes/money.ts';

/** What makes two movements the same one. */
export function movementKey({
  provider,
  kind,
  movementId,
}: Pick<ProviderMovement, 'provider' | 'kind' | 'movementId'>): string {
  return `${provider}/${kind}/${movementId}`;
}

/**
 * What a provider's books have and ours do not, or the other way round, or both but not alike. Empty if and only if each
 * movement is in both equally often, with the same amount and currency, and with the same booking where the provider names
 * one. Times are not compared: ours may be when we learned of it. A difference's subject is the movement's id, which is
 * the payment's for a capture and the dispute's for a chargeback.
 */
export function compare(
  theirs: readonly ProviderMovement[],
  ours: readonly BookedMovement[],
): Difference[] {
  const their = Map.groupBy(theirs, movementKey);
  const our = Map.groupBy(ours, movementKey);
  return [...new Set([...their.keys(), ...our.keys()])].flatMap((key) =>
    differencesOf(their.get(key) ?? [], our.get(key) ?? []),
  );
}

/** Of one movement. Those that are alike are taken away; of the rest, what stands against each other differs. */
function differencesOf(
  theirs: readonly ProviderMovement[],
  ours: readonly BookedMovement[],
): Difference[] {
  const left = [...ours];
  const unmatched: ProviderMovement[] = [];
  // Those who name their booking choose first; else one without a name could take the only partner of one that has it.
  const named = theirs.filter(({ bookingId }) => bookingId !== null);
  const unnamed = theirs.filter(({ bookingId }) => bookingId === null);
  for (const movement of [...named, ...unnamed]) {
    const same = left.findIndex((our) => isSame(movement, our));
    if (same === -1) unmatched.push(movement);
    else left.splice(same, 1);
  }
  const differing = Math.min(unmatched.length, left.length);
  return [
    ...unmatched.slice(0, differing).map((their, i) => betweenBoth(their, left[i])),
    ...unmatched.slice(differing).map((their) => difference('unknown', their, undefined)),
    ...left.slice(differing).map((our) => difference('missing', undefined, our)),
  ];
}

function isSame(their: ProviderMovement, our: BookedMovement): boolean {
  return isSameMoney(their.amount, our.amount) && [null, our.bookingId].includes(their.bookingId);
}

/** Alike in money, they differ in whose it is: booked for another booking than the provider has. */
function betweenBoth(their: ProviderMovement, our: BookedMovement | undefined): Difference {
  const kind = our && isSameMoney(their.amount, our.amount) ? 'state-differs' : 'amount-differs';
  return { ...difference('unknown', their, our), kind };
}

const subjects = {
  capture: 'payment',
  refund: 'refund',
  chargeback: 'chargeback',
  'chargeback-reversed': 'reversal',
} as const satisfies Record<ProviderMovement['kind'], string>;

function difference(
  side: 'unknown' | 'missing',
  their: ProviderMovement | undefined,
  our: BookedMovement | undefined,
): Difference {
  const { provider, movementId, kind } = (their ?? our) as ProviderMovement;
  return {
    provider,
    subject: movementId,
    bookingId: our?.bookingId ?? their?.bookingId ?? null,
    kind: `${subjects[kind]}-${side}`,
    ours: our?.amount ?? null,
    theirs: their?.amount ?? null,
  };
}
