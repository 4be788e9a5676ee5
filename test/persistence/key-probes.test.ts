import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';

import type pg from 'pg';

import { createPool } from '../../persistence/database/pool.ts';
import { createBlindIndex } from '../../persistence/encryption/blind-index.ts';
import {
  KeysUnfit,
  tryKeys,
  verifyingKeyProblems,
} from '../../persistence/encryption/key-probes.ts';
import { createLocalKeyring, type RootKey } from '../../persistence/encryption/keyring.ts';
import { asApplication } from '../support/postgres.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';

const root = (id: string): RootKey => ({ id, key: randomBytes(32) });
const [k1, k2] = [root('k1'), root('k2')];
const index = root('1');
const publicKey = () => createPublicKey(generateKeyPairSync('ed25519').privateKey);
const [a1, a2] = [publicKey(), publicKey()];

suite('keys at start', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let owner: pg.Pool;
  let pool: pg.Pool;
  before(async () => {
    database = await testDatabase();
    owner = createPool({ url: database.url, max: 2 });
    pool = createPool({ url: asApplication(database.url), max: 8 });
  });
  after(async () => {
    await Promise.all([owner?.end(), pool?.end()]);
    await database[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await owner.query('delete from key_probes; delete from data_keys');
  });

  const trying = (
    ring: readonly RootKey[],
    more: { readonly index?: RootKey; readonly audit?: Readonly<Record<string, typeof a1>> } = {},
  ) =>
    tryKeys(pool, {
      keyring: createLocalKeyring(ring),
      keyIds: ring.map(({ id }) => id),
      blindIndex: createBlindIndex([more.index ?? index]),
      audit:
        more.audit === undefined
          ? null
          : {
              signingKeyId: Object.keys(more.audit)[0] ?? '',
              publicKeys: new Map(Object.entries(more.audit)),
            },
    });

  const refusal = async (attempt: Promise<void>): Promise<string> => {
    const error: unknown = await attempt.then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof KeysUnfit, String(error));
    return error.problems.map((problem) => problem.split(' ').slice(0, 4).join(' ')).join();
  };

  async function encryptWith(key: RootKey): Promise<void> {
    const [tenant, caseId] = ['clinic', randomUUID()];
    const { keyId, wrapped } = createLocalKeyring([key]).newDataKey(tenant, caseId);
    await owner.query(
      'insert into data_keys (case_id, tenant, key_id, wrapped) values ($1, $2, $3, $4)',
      [caseId, tenant, keyId, wrapped],
    );
  }

  test('are remembered by the first start, and taken by every later one', async () => {
    for (let start = 0; start < 3; start += 1) await trying([k1]);
    const { rows } = await owner.query('select name from key_probes order by name');
    assert.deepEqual(rows, [{ name: 'index' }, { name: 'keyring/k1' }]);
  });

  test('that are others under the same id are refused, and nothing changes', async () => {
    await trying([k1]);
    assert.match(await refusal(trying([root('k1')])), /^KEYRING has another key$/);
    assert.match(await refusal(trying([root('k2'), root('k1')])), /^KEYRING has another key$/);
    assert.match(await refusal(trying([k1], { index: root('1') })), /^INDEX_KEY is another key$/);
    const both = trying([root('k1')], { index: root('1') });
    assert.match(await refusal(both), /^KEYRING has .*,INDEX_KEY is/);
    const { rows } = await owner.query('select name from key_probes order by name');
    assert.equal(rows.length, 2);
    await trying([k1]);
  });

  test('may be rotated; an old one goes when nothing needs it any more', async () => {
    await trying([k1]);
    await encryptWith(k1);
    await trying([k2, k1]);
    assert.match(await refusal(trying([k2])), /^KEYRING lacks the key$/);
    await owner.query('delete from data_keys');
    await encryptWith(k2);
    await trying([k2]);
    // Nothing is left of the old one, so its id is free.
    await trying([k2, root('k1')]);
  });

  test('are tried against data from before there were probes', async () => {
    await encryptWith(k1);
    assert.match(await refusal(trying([k2])), /^KEYRING lacks the key$/);
    assert.match(await refusal(trying([root('k1')])), /^KEYRING has another key$/);
    // One damaged row says nothing against the key.
    await encryptWith(root('k1'));
    await owner.query(`insert into data_keys (case_id, tenant, key_id, wrapped)
      values ('damaged', 'clinic', gen_random_uuid(), '\\x01')`);
    await trying([k2, k1]);
  });

  test('of several starts at once are one set: who comes second with others is refused', async () => {
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 3 }, () => trying([k1])),
      ...Array.from({ length: 3 }, () => trying([root('k1')])),
    ]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    assert.ok(refused.length >= 3, `${refused.length} were refused`);
    const { rows } = await owner.query(`select name from key_probes where name like 'keyring/%'`);
    assert.equal(rows.length, 1);
  });

  test('that sign the audit trail keep their ids, and the retired ones stay known', async () => {
    await trying([k1], { audit: { a1 } });
    await trying([k1], { audit: { a2, a1 } });
    assert.match(await refusal(trying([k1], { audit: { a2 } })), /^AUDIT_RETIRED_KEYS lacks the/);
    assert.match(
      await refusal(trying([k1], { audit: { a1: a2, a2 } })),
      /^AUDIT_SIGNING_KEY has another key$/,
    );
    assert.deepEqual(await verifyingKeyProblems(pool, new Map(Object.entries({ a1, a2 }))), []);
    assert.equal((await verifyingKeyProblems(pool, new Map([['a1', a1]]))).length, 1);
  });

  for (const file of ['main.ts', 'deploy/tools/reconcile.ts']) {
    test(`that are wrong stop ${file} with a line that names the setting`, async () => {
      await trying([k1]);
      await using program = await startProgram(file, {
        env: {
          DATABASE_URL: asApplication(database.url),
          MIGRATION_DATABASE_URL: database.url,
          REDIS_URL: 'redis://127.0.0.1:1',
          ORTHANC_API_BASE: 'none',
          STRIPE_API_BASE: 'http://127.0.0.1:1',
          IYZICO_API_BASE: 'http://127.0.0.1:1',
          PORT: '0',
          OPS_PORT: '0',
          KEYRING: `k1:${randomBytes(32).toString('base64')}`,
          INDEX_KEY: Buffer.from(index.key).toString('base64'),
        },
      });
      const { code } = await program.exited;
      assert.equal(code, file === 'main.ts' ? 1 : 2, program.output());
      assert.match(program.output(), /^Keys refused, nothing was changed:\n {2}KEYRING has/m);
      assert.doesNotMatch(program.output(), /ready/);
      const { rows } = await owner.query('select from tenants');
      assert.equal(rows.length, 0);
    });
  }
});
