import * as v from 'valibot';

import { caseOfBooking } from '../ports/references.ts';
import { Day, type Shape } from '../shapes/basics.ts';
import { fitInOneOrder, TravellingParty } from '../shapes/messages.ts';
import { languages } from '../texts/keys.ts';
import { createSignedLinks, type SignedLinks, type SignedLinksOptions } from './signed-links.ts';

/** Whose passport data may be given for which trip. */
const TravellerLink = v.pipe(
  v.object({
    tenant: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
    /** Names its case, too. */
    bookingId: v.pipe(
      v.string(),
      v.maxLength(200),
      v.check((id) => caseOfBooking(id) !== null),
    ),
    ...TravellingParty.entries,
    firstDay: Day,
    lastDay: Day,
    /** What the page begins with. */
    lang: v.picklist(languages),
  }),
  v.check((link) => fitInOneOrder(link)),
);
export type TravellerLink = Shape<typeof TravellerLink>;

export type TravellerLinks = SignedLinks<TravellerLink>;

/** @throws {TypeError} when there is no key, or a short one: that would accept what anybody can sign */
export function createTravellerLinks(options: SignedLinksOptions): TravellerLinks {
  const kind = { audience: 'travellers', typ: 'travellers-link+jwt', claims: TravellerLink };
  return createSignedLinks(kind, options);
}
