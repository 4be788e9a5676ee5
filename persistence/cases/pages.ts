import type pg from 'pg';

import type { CaseSearch, OrderedTag } from '../../actors/ports/desk.ts';
import { caseBeginOf, readReference } from '../../actors/ports/references.ts';
import { paymentProviders } from '../../actors/shapes/payments.ts';
import type { BlindIndex } from '../encryption/blind-index.ts';
import {
  casesByAge,
  casesByNeed,
  casesByPhone,
  casesByReference,
  casesBeside,
  type CaseRow,
} from './views-sql.ts';

/** One page of a list, and the place where the next begins; null at the end. */
export interface CasePage {
  readonly rows: readonly CaseRow[];
  readonly next: string | null;
}

/**
 * A place in a list that is ordered by need, `<rank>-<due>-<begun>.<caseId>`: all pages of one reading go by the time when it began, so
 * that what comes between them moves no case that is still to be shown out of sight. The rank behind all tags is `9`: there cases are
 * newest first, and `due` is when they were created.
 */
interface NeedPlace {
  readonly rank: number;
  readonly due: string;
  readonly begun: string;
  readonly caseId: string;
}

const besideRank = 9;
/** After every time there is: microseconds of the year 9999. */
const never = '253370764800000000';
const beginning = { rank: -1, due: '0', caseId: '' };

/** Reads pages of a tenant's cases. `order`: by which tags they are put in order. */
export function createCasePages({
  pool,
  blindIndex,
  order,
  now,
}: {
  readonly pool: pg.Pool;
  readonly blindIndex: BlindIndex;
  readonly order: readonly OrderedTag[];
  /** Epoch ms. */
  readonly now: () => number;
}) {
  async function byNeed(
    tenant: string,
    after: string | null,
    limit: number,
    by: readonly OrderedTag[],
    tag: string | null,
  ): Promise<CasePage> {
    const place = needPlaceIn(after);
    const begun = place?.begun ?? String(now() * 1_000);
    // The first page shows what is there, whatever the clock of whoever stored it says.
    const cut = place === null ? never : begun;
    const common = { tenant, order: by, now: begun, cut };
    const { rank, due, caseId } = place ?? beginning;
    const first =
      rank === besideRank
        ? []
        : await casesByNeed(pool, {
            ...common,
            rank,
            due,
            caseId,
            required: tag,
            limit: limit + 1,
          });
    const page = first.slice(0, limit);
    const last = page.at(-1);
    if (first.length > limit && last !== undefined)
      return {
        rows: page,
        next: `${last.rank}-${last.since}-${begun}.${last.caseId}`,
      };
    if (tag !== null) return { rows: page, next: null };
    const from = rank === besideRank ? { since: due, caseId } : { since: never, caseId: '' };
    const left = limit - page.length;
    const beside = await casesBeside(pool, { ...common, ...from, limit: left + 1 });
    const rows = [...page, ...beside.slice(0, left)];
    if (beside.length <= left) return { rows, next: null };
    const end = beside[left - 1];
    // A page that the order fills to its last line goes on with the newest of the others.
    const next =
      end === undefined
        ? `${besideRank}-${never}-${begun}.~`
        : `${besideRank}-${end.since}-${begun}.${end.caseId}`;
    return { rows, next };
  }

  return async (
    tenant: string,
    search: CaseSearch,
    after: string | null,
    limit: number,
  ): Promise<CasePage> => {
    if (search.by === 'need') return byNeed(tenant, after, limit, order, null);
    if (search.by === 'tag')
      return byNeed(tenant, after, limit, withTag(order, search.tag), search.tag);
    const rows = await rowsOf(tenant, search, after, limit + 1);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { rows: page, next: last ? `${last.since}.${last.caseId}` : null };
  };

  async function rowsOf(
    tenant: string,
    search: Exclude<CaseSearch, { readonly by: 'need' | 'tag' }>,
    after: string | null,
    limit: number,
  ): Promise<CaseRow[]> {
    const [, since, caseId = ''] = /^(\d+)\.(.*)$/s.exec(after ?? '') ?? [];
    if (search.by === 'age')
      return casesByAge(pool, { tenant, since: since ?? never, caseId, limit });
    const page = { tenant, since: since ?? '0', caseId, limit };
    if (search.by === 'phone') {
      const indexes = blindIndex.every(tenant, 'phone', search.phone);
      return casesByPhone(pool, { ...page, indexes });
    }
    const { reference } = search;
    const ownCaseId = readReference(reference)?.caseId ?? reference;
    const begin = caseBeginOf(reference);
    return casesByReference(pool, {
      ...page,
      reference,
      ownCaseId,
      // In the order of bytes the dot follows the hyphen.
      from: begin === null ? '' : `${begin}-`,
      below: begin === null ? '' : `${begin}.`,
      providers: paymentProviders,
    });
  }
}

/** Emergencies first, then what has had the tag longest. */
function withTag(order: readonly OrderedTag[], tag: string): readonly OrderedTag[] {
  const urgent = order.filter(({ rank, tag: other }) => rank < dueRank && other !== tag);
  return [...urgent, { tag, rank: dueRank, minutes: 0, isLateOnly: false }];
}

/** Below this rank only emergencies stand. */
const dueRank = 2;

function needPlaceIn(after: string | null): NeedPlace | null {
  const [, rank, due, begun, caseId] = /^(\d)-(\d+)-(\d+)\.(.*)$/s.exec(after ?? '') ?? [];
  if (rank === undefined || due === undefined || begun === undefined || caseId === undefined)
    return null;
  return { rank: Number(rank), due, begun, caseId };
}
