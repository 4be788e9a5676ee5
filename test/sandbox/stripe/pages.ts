import { StripeRefusal } from './errors.ts';
import type { ListForm } from './forms.ts';

/** What a list can be made of. */
export interface Listed {
  readonly id: string;
  readonly created: number;
  readonly paymentId: string | null;
}

/** The page that is asked for: newest first, behind the cursor. Of one second the later comes first. @throws {StripeRefusal} */
export function pageOf<Item extends Listed>(form: ListForm, oldestFirst: readonly Item[]) {
  const wanted = oldestFirst
    .filter((item) => isWanted(form, item))
    .toReversed()
    .toSorted((a, b) => b.created - a.created);
  const after = form.starting_after;
  const at = after === undefined ? -1 : wanted.findIndex(({ id }) => id === after);
  if (after !== undefined && at === -1) {
    throw new StripeRefusal(400, 'resource_missing', { param: 'starting_after' });
  }
  const from = at + 1;
  const items = wanted.slice(from, from + form.limit);
  return { items, hasMore: from + items.length < wanted.length };
}

function isWanted(form: ListForm, { created, paymentId }: Listed): boolean {
  const { payment_intent: intent } = form;
  return (
    (intent === undefined || paymentId === intent) &&
    created >= (form['created[gte]'] ?? 0) &&
    created > (form['created[gt]'] ?? -1) &&
    created <= (form['created[lte]'] ?? Number.POSITIVE_INFINITY) &&
    created < (form['created[lt]'] ?? Number.POSITIVE_INFINITY)
  );
}
