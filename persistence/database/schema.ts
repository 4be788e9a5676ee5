import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type pg from 'pg';

/** The first schema, and the steps that it was before they were folded: no version with fewer of them ever ran anywhere. */
export const folded = {
  into: '2026-11-30-schema',
  from: [
    '2026-11-23-ledger',
    '2026-11-23-gates',
    '2026-11-23-conversation',
    '2026-11-23-contacts',
    '2026-11-23-permits',
    '2026-11-23-money',
    '2026-11-23-credits',
    '2026-11-23-set-aside',
    '2026-11-30-case-search',
    '2026-11-30-roles',
    '2026-11-30-outbox',
    '2026-11-30-key-probes',
    '2026-11-30-checkpoint-records',
    '2026-11-30-claims',
  ],
} as const;

/** The migrations that a database has had, with the one that others were folded into. */
export const namesThatStand = (executed: ReadonlySet<string>): ReadonlySet<string> =>
  folded.from.every((name) => executed.has(name)) ? new Set([...executed, folded.into]) : executed;

/**
 * Migrations of this release that the database has not had. It looks at names alone, so the application's
 * role may ask, and nothing of the ORM is loaded. A database that is ahead of us is fine: old and new processes run side
 * by side while a release is rolled out.
 */
export async function missingMigrations(pool: pg.Pool): Promise<string[]> {
  const files = await readdir(join(import.meta.dirname, 'migrations'));
  const names = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted();
  const { rows: found } = await pool.query<{ found: string | null }>(
    `select to_regclass('public.mikro_orm_migrations')::text as found`,
  );
  if (found[0]?.found == null) return names;
  const { rows } = await pool.query<{ name: string }>('select name from mikro_orm_migrations');
  const executed = namesThatStand(new Set(rows.map(({ name }) => name)));
  return names.filter((name) => !executed.has(name));
}

/**
 * What makes the role that we work as too powerful, a line for each: a superuser, one that may become the owner of our
 * tables, one that may change the audit trail. Empty for a member of `patient_cases_app` and nothing else.
 */
export async function roleProblems(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{
    role: string;
    superuser: boolean;
    owned: string | null;
    evidence: boolean;
  }>(`
    select session_user::text as role,
      exists (select from pg_roles where rolsuper and pg_has_role(session_user, oid, 'member')) as superuser,
      (select min(relname) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v')
        and pg_has_role(session_user, relowner, 'member')) as owned,
      has_table_privilege(session_user, 'public.audit_entries', 'UPDATE, DELETE, TRUNCATE, TRIGGER') as evidence`);
  const [found] = rows;
  if (found === undefined) return [];
  const { role, superuser, owned, evidence } = found;
  if (superuser) return [`its role ${role} is a superuser`];
  return [
    ...(owned === null ? [] : [`its role ${role} owns tables (${owned}), or may become who does`]),
    ...(evidence ? [`its role ${role} may change the audit trail`] : []),
  ];
}
