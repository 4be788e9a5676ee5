import type { KeyObject } from 'node:crypto';

import type pg from 'pg';

import type { BlindIndex } from './blind-index.ts';
import { KeyMissing, CiphertextBroken } from './errors.ts';
import type { LocalKeyring } from './keyring.ts';

/** The application's keys, to be tried against the data. */
export interface KeysToTry {
  readonly keyring: LocalKeyring;
  /** Of the keyring's keys, newest first. */
  readonly keyIds: readonly string[];
  readonly blindIndex: BlindIndex;
  /** With what checkpoints are signed and verified; null for a key that anybody knows, which proves nothing. */
  readonly audit: {
    readonly signingKeyId: string;
    readonly publicKeys: ReadonlyMap<string, KeyObject>;
  } | null;
}

/** Keys that are not those of the data. Nothing was read or written with them; the process should print `message` and end. */
export class KeysUnfit extends Error {
  override readonly name = 'KeysUnfit';
  readonly code = 'keys_unfit';
  readonly retryable = false;
  /** One line each, starting with the setting's name. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Keys refused, nothing was changed:\n${problems.map((one) => `  ${one}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Where a probe is wrapped: no tenant and no case is called so. */
const probed = { tenant: '.', caseId: 'key-probe' } as const;

/** Two processes of a first start would both see no probes. */
const lockNumber = 7_151_012;
/** A large table is read once where a key of its rows is missing. */
const scanTimeoutMs = 10 * 60_000;

/** Where wrapped keys stand, each with the id of the root key that it needs. */
const wrappedColumns = [
  ['data_keys', 'wrapped'],
  ['consent_keys', 'wrapped'],
  ['parked_deliveries', 'wrapped_key'],
  ['invoices', 'wrapped_key'],
] as const;

/** `version(1) | length(1) | root id | …`, as keyring.ts writes it. */
const rootIdIn = (column: string) =>
  `case when length(${column}) > 2 then substring(${column} from 3 for get_byte(${column}, 1)) end`;

/**
 * Tries the keys against what was encrypted, indexed and signed in this database, and remembers the newest ones. The first
 * start decides what is right, one process at a time; a database from before there were probes is asked for a sample of
 * its data. To be called before anything else works with the keys.
 *
 * @throws {KeysUnfit} with every problem found
 */
export async function tryKeys(pool: pg.Pool, keys: KeysToTry): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockNumber]);
    await client.query(`set local statement_timeout = ${scanTimeoutMs}`);
    const probes = await readProbes(client);
    const problems = [
      ...(await keyringProblems(client, keys, probes)),
      ...indexProblems(keys, probes),
      ...(keys.audit === null ? [] : auditKeyProblems(keys.audit.publicKeys, probes)),
    ];
    if (problems.length > 0) throw new KeysUnfit(problems);
    await remember(client, keys);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/**
 * What is wrong with public keys alone, for whoever verifies: a key that signed before and is missing, or is another one.
 * Empty for a database from before this was remembered.
 */
export async function verifyingKeyProblems(
  pool: pg.Pool,
  publicKeys: ReadonlyMap<string, KeyObject>,
): Promise<string[]> {
  const { rows } = await pool.query<{ there: string | null }>(
    `select to_regclass('public.key_probes')::text as there`,
  );
  if (rows[0]?.there == null) return [];
  return auditKeyProblems(publicKeys, await readProbes(pool));
}

async function readProbes(client: pg.Pool | pg.PoolClient): Promise<Map<string, Buffer>> {
  const { rows } = await client.query<{ name: string; probe: Buffer }>(
    'select name, probe from key_probes',
  );
  return new Map(rows.map(({ name, probe }) => [name, probe]));
}

async function keyringProblems(
  client: pg.PoolClient,
  { keyring, keyIds }: KeysToTry,
  probes: ReadonlyMap<string, Buffer>,
): Promise<string[]> {
  const problems: string[] = [];
  const remembered = [...probes].flatMap(([name, probe]) =>
    name.startsWith('keyring/') ? [{ id: name.slice('keyring/'.length), probe }] : [],
  );
  for (const { id, probe } of remembered) {
    if (keyIds.includes(id)) {
      if (!opens(keyring, probed, probe)) problems.push(otherKey(id));
    } else if (await isInUse(client, id)) {
      problems.push(missingKey(id));
    } else {
      // A rotation that came to its end: nothing needs the old key any more.
      await client.query('delete from key_probes where name = $1', [`keyring/${id}`]);
    }
  }
  if (remembered.length > 0) return problems;
  for (const id of await idsInUse(client)) {
    if (!keyIds.includes(id)) problems.push(missingKey(id));
    else if (!(await opensSample(client, keyring, id))) problems.push(otherKey(id));
  }
  return problems;
}

const otherKey = (id: string) =>
  `KEYRING has another key as ${id} than the one with which this database is encrypted: give that one back, or the new one an id of its own`;
const missingKey = (id: string) =>
  `KEYRING lacks the key ${id}, with which data here is still encrypted: put it behind the newest`;

function opens(
  keyring: LocalKeyring,
  { tenant, caseId }: { readonly tenant: string; readonly caseId: string },
  wrapped: Buffer,
): boolean {
  try {
    keyring.unwrap(tenant, caseId, wrapped);
    return true;
  } catch (error) {
    if (error instanceof CiphertextBroken || error instanceof KeyMissing) return false;
    throw error;
  }
}

async function isInUse(client: pg.PoolClient, id: string): Promise<boolean> {
  for (const [table, column] of wrappedColumns) {
    const { rows } = await scan<{ found: boolean }>(
      client,
      `select exists (select from ${table} where ${rootIdIn(column)} = convert_to($1, 'UTF8')) as found`,
      [id],
    );
    if (rows[0]?.found === true) return true;
  }
  return false;
}

async function idsInUse(client: pg.PoolClient): Promise<string[]> {
  const each = wrappedColumns.map(
    ([table, column]) => `select ${rootIdIn(column)} as id from ${table}`,
  );
  const { rows } = await scan<{ id: string }>(
    client,
    `select distinct encode(id, 'escape') as id from (${each.join(' union all ')}) as used where id is not null order by 1`,
    [],
  );
  return rows.map(({ id }) => id);
}

/** Some rows, because a single one may be damaged without the key being wrong. */
async function opensSample(
  client: pg.PoolClient,
  keyring: LocalKeyring,
  id: string,
): Promise<boolean> {
  const { rows } = await scan<{ tenant: string; case_id: string; wrapped: Buffer }>(
    client,
    `select tenant, case_id, wrapped from data_keys where ${rootIdIn('wrapped')} = convert_to($1, 'UTF8') limit 20`,
    [id],
  );
  return (
    rows.length === 0 ||
    rows.some(({ tenant, case_id: caseId, wrapped }) => opens(keyring, { tenant, caseId }, wrapped))
  );
}

async function scan<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  const config = { text, values: [...values], query_timeout: scanTimeoutMs };
  return client.query<Row>(config as pg.QueryConfig);
}

function indexProblems({ blindIndex }: KeysToTry, probes: ReadonlyMap<string, Buffer>): string[] {
  const probe = probes.get('index');
  return probe === undefined || probe.equals(indexProbe(blindIndex))
    ? []
    : [
        'INDEX_KEY is another key than the one with which this database knows its patients: give that one back',
      ];
}

function indexProbe(blindIndex: BlindIndex): Buffer {
  return blindIndex.of(probed.tenant, 'user', probed.caseId);
}

function auditKeyProblems(
  publicKeys: ReadonlyMap<string, KeyObject>,
  probes: ReadonlyMap<string, Buffer>,
): string[] {
  return [...probes].flatMap(([name, probe]) => {
    if (!name.startsWith('audit/')) return [];
    const id = name.slice('audit/'.length);
    const key = publicKeys.get(id);
    if (key === undefined)
      return [`AUDIT_RETIRED_KEYS lacks the public half of ${id}, which signed checkpoints before`];
    return spkiOf(key).equals(probe)
      ? []
      : [
          `AUDIT_SIGNING_KEY has another key as ${id} than the one that signed before: give the new one an id of its own`,
        ];
  });
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

async function remember(
  client: pg.PoolClient,
  { keyring, keyIds: [newest], blindIndex, audit }: KeysToTry,
): Promise<void> {
  const signing = audit?.publicKeys.get(audit.signingKeyId);
  const probes: [string, Buffer][] = [
    [`keyring/${newest}`, keyring.newDataKey(probed.tenant, probed.caseId).wrapped],
    ['index', indexProbe(blindIndex)],
    ...(audit === null || signing === undefined
      ? []
      : [[`audit/${audit.signingKeyId}`, spkiOf(signing)] satisfies [string, Buffer]]),
  ];
  for (const [name, probe] of probes) {
    await client.query(
      'insert into key_probes (name, probe) values ($1, $2) on conflict do nothing',
      [name, probe],
    );
  }
}
