import pg from 'pg';

import { applicationRole } from './grants.ts';

/** A role of the server that the application logs in as. */
export interface LoginRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Makes a login role, or gives the one of that name this password, and makes it a member of the application's group and of
 * nothing else. For servers of our own; elsewhere an administrator does it once. `ownerUrl` is of a superuser, and its
 * database is migrated.
 */
export async function makeLoginRole(
  ownerUrl: string,
  { name, password }: LoginRole,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, query_timeout: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query('select from pg_roles where rolname = $1', [name]);
    const role = pg.escapeIdentifier(name);
    const verb = rows.length === 0 ? 'create' : 'alter';
    await client.query(
      `${verb} role ${role} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${pg.escapeLiteral(password)}`,
    );
    await client.query(`grant ${applicationRole} to ${role}`);
  } finally {
    await client.end();
  }
}

/**
 * Makes the role of `workingUrl` a member of the application's group, if it is not one, as the owner of `ownerUrl`.
 *
 * @returns whether it is a member now; false where the owner may not say so
 */
export async function joinApplication(ownerUrl: string, workingUrl: string): Promise<boolean> {
  const { user = '' } = new pg.Client({ connectionString: workingUrl });
  const client = new pg.Client({ connectionString: ownerUrl, query_timeout: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ member: boolean }>(
      `select pg_has_role(rolname, $2, 'member') as member from pg_roles where rolname = $1`,
      [user, applicationRole],
    );
    if (rows[0]?.member === true) return true;
    await client.query(`grant ${applicationRole} to ${pg.escapeIdentifier(user)}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/** The same database, for another role. */
export function asRole(url: string, { name, password }: LoginRole): string {
  const other = new URL(url);
  other.username = encodeURIComponent(name);
  other.password = encodeURIComponent(password);
  return other.href;
}
