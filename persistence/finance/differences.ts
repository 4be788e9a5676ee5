import type pg from 'pg';

import type { Difference, Findings } from '../../actors/ports/books.ts';
import { readReference } from '../../actors/ports/references.ts';
import type { Money } from '../../actors/shapes/money.ts';
import { int8Array, textArray } from '../database/array-codec.ts';
import { reached } from '../database/pool.ts';
import { withoutNul } from '../database/storable.ts';
import { keepFindings, openFindings, type FindingRow } from './differences-sql.ts';

/**
 * Differences in `reconciliation_findings`, each with the tenant whose booking it is about where that can be told.
 * One that was seen before keeps its `since`; one that comes back after it was closed has a new one.
 *
 * All of it throws `ProviderUnreachable` when the database is away; the same call again does no harm.
 */
export function createFindings({ pool }: { readonly pool: pg.Pool }): Findings {
  return {
    async keep(provider, day, differences) {
      await reached(
        'findings',
        keepFindings(pool, [
          provider,
          day,
          textArray(differences.map((d) => withoutNul(d.subject))),
          textArray(differences.map((d) => d.kind)),
          textArray(differences.map((d) => d.bookingId)),
          int8Array(differences.map((d) => minorOf(d.ours))),
          textArray(differences.map((d) => d.ours?.currency ?? null)),
          int8Array(differences.map((d) => minorOf(d.theirs))),
          textArray(differences.map((d) => d.theirs?.currency ?? null)),
          textArray(differences.map((d) => readReference(d.bookingId ?? '')?.caseId ?? null)),
        ]),
      );
    },
    async open() {
      const rows = await reached('findings', openFindings(pool, []));
      return rows.map(findingOf);
    },
  };
}

const minorOf = (money: Money | null): bigint | null =>
  money === null ? null : BigInt(money.amountMinor);

export function findingOf(
  row: FindingRow,
): Difference & { readonly day: string; readonly since: string } {
  return {
    provider: row.provider,
    subject: row.subject,
    bookingId: row.booking_id,
    kind: row.kind,
    ours: moneyOf(row.ours_minor, row.ours_currency),
    theirs: moneyOf(row.theirs_minor, row.theirs_currency),
    day: row.day,
    since: row.since,
  };
}

/** Money of two columns; null where there is none. */
export function moneyOf(minor: bigint | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { amountMinor: String(minor), currency };
}
