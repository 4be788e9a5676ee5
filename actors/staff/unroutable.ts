import type { Desk, Staff } from '../ports/desk.ts';
import type { Rerouting } from '../ports/intake.ts';
import type { UnroutableDeliveries, UnroutableStore } from '../ports/unroutable.ts';

export interface UnroutableOptions {
  readonly store: UnroutableStore;
  readonly intake: Rerouting;
  readonly desk: Pick<Desk, 'audit'>;
  readonly mask: (text: string) => string;
  /** Whose staff look after what nothing tells the tenant of. */
  readonly homeTenant: string;
}

/** UTF-16 units of a delivery's content that staff see. */
const longestSummary = 300;

/** Lists what has no case, and looks for its case again when staff think that there is one now. */
export function createUnroutable(options: UnroutableOptions): UnroutableDeliveries {
  const { store, intake, desk, mask, homeTenant } = options;
  const ownerOf = ({ tenant }: Staff) => ({ tenant, isHome: tenant === homeTenant });
  const summaryOf = (body: string | null) =>
    // Cut behind what is shown, so that no number is cut in two and then not known as one.
    body && mask(body.slice(0, 2 * longestSummary).toWellFormed()).slice(0, longestSummary);

  return {
    async list(staff, search) {
      await desk.audit(staff, null, 'GET /admin/parked-deliveries');
      const found = await store.list(ownerOf(staff), { ...search, limit: search.limit + 1 });
      const deliveries = found
        .slice(0, search.limit)
        .map(({ body, ...delivery }) => ({ ...delivery, summary: summaryOf(body) }));
      const next = found.length > search.limit ? (deliveries.at(-1)?.id ?? null) : null;
      return { deliveries, next };
    },

    async retry(staff, id) {
      const found = await store.find(ownerOf(staff), id);
      if (found === null) return null;
      await desk.audit(staff, null, `POST /admin/parked-deliveries/${id}/retry`);
      if (found.isRouted) return { refused: 'already_routed' };
      if (found.delivery === null) return { refused: 'kept_without_its_address' };
      const routed = await intake.reroute(found.delivery);
      if (routed.outcome === 'parked') return { refused: routed.reason };
      await store.markRouted(id);
      return { refused: null };
    },
  };
}
