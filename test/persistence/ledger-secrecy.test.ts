import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { fixPartitions } from '../../persistence/database/leases.ts';
import { KeyUnreadable, CiphertextBroken } from '../../persistence/encryption/errors.ts';
import { testDatabase } from '../support/services.ts';
import {
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  outcomeEvent,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const canaries = {
  name: 'CanaryŞükriye',
  phone: '+905550001122',
  diagnosis: 'canary-rhinoplasty',
  price: 'canary-1234.56',
  error: 'canary-passport-U12345678',
} as const;

suite('patients’ data in the ledger', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  const cases = [newCaseId(), newCaseId()] as const;
  const effectIds: string[] = [];
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, 60 * 60 * 1_000);
    const worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    for (const caseId of cases) {
      const first = event(caseId, {
        body: JSON.stringify({
          event: { type: 'message', from: canaries.phone, name: canaries.name },
        }),
      });
      await one.ledger.append([
        first,
        event(caseId, { body: JSON.stringify({ text: canaries.diagnosis }) }),
      ]);
      await one.ledger.append([{ ...first, body: JSON.stringify({ other: canaries.name }) }]); // A conflict.
      const effects = [
        effect(caseId, { input: JSON.stringify({ to: canaries.phone, price: canaries.price }) }),
        effect(caseId, { kind: 'action', input: JSON.stringify({ name: canaries.name }) }),
      ];
      const [wanted, action] = effects.map(({ effectId }) => effectId);
      assert.ok(wanted && action);
      effectIds.push(wanted);
      const consumed = await one.ledger.pending([caseId], 1, []);
      const envelope = JSON.stringify({ context: canaries });
      await one.ledger.commit(
        commitOf(worker, { cases: [stepped(caseId, { effects, envelope })], consumed }),
      );
      await one.ledger.claim([wanted, action], 60_000);
      const value = { name: 'Error', code: 'refused', message: canaries.error };
      const body = JSON.stringify({ outcome: { effectId: wanted, ok: false, value } });
      await one.ledger.settle([
        {
          effectId: wanted,
          attempt: 1,
          outcome: { status: 'failed', value },
          event: outcomeEvent(caseId, wanted, { body }),
        },
        {
          effectId: action,
          attempt: 1,
          outcome: { status: 'failed', value: { message: canaries.error } },
          event: null,
        },
      ]);
    }
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('stand nowhere in plain text', async () => {
    const { rows: columns } = await one.pool.query<{ table: string; column: string; type: string }>(
      `select table_name as table, column_name as column, data_type as type from information_schema.columns
       where table_schema = 'public'`,
    );
    let looked = 0;
    for (const { table, column, type } of columns) {
      const bytes = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
      const { rows } = await one.pool.query<{ bytes: Buffer }>(
        `select ${bytes} as bytes from ${table} where "${column}" is not null`,
      );
      for (const canary of Object.values(canaries)) {
        for (const encoding of ['utf8', 'utf16le'] as const) {
          const needle = Buffer.from(canary, encoding);
          const found = rows.filter((row) => row.bytes.includes(needle));
          assert.equal(found.length, 0, `${table}.${column}`);
        }
        const base64 = Buffer.from(canary).toString('base64').slice(0, -4);
        assert.ok(!rows.some((row) => row.bytes.includes(base64)), `${table}.${column}`);
      }
      looked += rows.length;
    }
    assert.ok(columns.length > 80 && looked > 200, `${columns.length} columns, ${looked} values`);
  });

  test('are what the ledger gives back to who has the key', async () => {
    await using fresh = openLedger(database.url);
    const told = JSON.stringify([
      await fresh.ledger.load(cases),
      (await fresh.ledger.pending(cases, 10, [])).map(({ body }) => body),
      await fresh.ledger.history(tenant, cases[0]),
    ]);
    for (const canary of Object.values(canaries)) {
      if (canary !== canaries.price) assert.ok(told.includes(canary), canary);
    }
  });

  const moves = [
    [
      'an event’s body to another event of its case',
      'events',
      'body',
      `a.case_id = b.case_id and a.id <> b.id and a.case_id = '${cases[0]}'`,
    ],
    [
      'an event’s body to another case',
      'events',
      'body',
      `a.case_id = '${cases[0]}' and b.case_id = '${cases[1]}'`,
    ],
    [
      'a snapshot to another case',
      'cases',
      'envelope',
      `a.case_id = '${cases[0]}' and b.case_id = '${cases[1]}'`,
    ],
    [
      'an effect’s input to another case',
      'effects',
      'input',
      `a.case_id = '${cases[0]}' and b.case_id = '${cases[1]}'`,
    ],
    [
      'a key to another case',
      'data_keys',
      'wrapped',
      `a.case_id = '${cases[0]}' and b.case_id = '${cases[1]}'`,
    ],
  ] as const;
  for (const [what, table, column, where] of moves) {
    test(`do not open when somebody moves ${what}`, async (t) => {
      await one.pool.query(`create table kept as select * from ${table}`);
      const primary = {
        events: 'id',
        cases: 'case_id',
        effects: 'effect_id',
        data_keys: 'case_id',
      }[table];
      t.after(async () => {
        await one.pool.query(
          `update ${table} t set ${column} = k.${column} from kept k where k.${primary} = t.${primary}`,
        );
        await one.pool.query(`drop table kept`);
      });
      const moved = await one.pool.query(
        `update ${table} a set ${column} = b.${column} from ${table} b where ${where}`,
      );
      assert.ok(moved.rowCount);
      if (table === 'effects') {
        await one.pool.query(
          `update effects set status = 'pending', settled_at = null where effect_id = any($1)`,
          [effectIds],
        );
      }
      await using fresh = openLedger(database.url);
      const reads = {
        events: () => fresh.ledger.pending([cases[0]], 10, []),
        cases: () => fresh.ledger.load([cases[0]]),
        effects: () => fresh.ledger.claim(effectIds.slice(0, 1), 1_000),
        data_keys: () => fresh.ledger.load([cases[0]]),
      };
      await assert.rejects(reads[table], (error) => {
        const told = error as Error;
        if (table === 'data_keys') assert.ok(error instanceof KeyUnreadable, String(error));
        const broken = table === 'data_keys' ? told.cause : error;
        assert.ok(broken instanceof CiphertextBroken, String(error));
        assert.equal(broken.fault, 'authenticity');
        for (const { message } of [told, broken])
          assert.ok(!Object.values(canaries).some((canary) => message.includes(canary)));
        return true;
      });
    });
  }

  test('do not open in an older version of the same row', async (t) => {
    const { rows } = await one.pool.query<{ seq: number }>(
      'select seq from cases where case_id = $1',
      [cases[0]],
    );
    t.after(() =>
      one.pool.query('update cases set seq = $1 where case_id = $2', [rows[0]?.seq, cases[0]]),
    );
    await one.pool.query('update cases set seq = seq + 1 where case_id = $1', [cases[0]]);
    await assert.rejects(one.ledger.load([cases[0]]), CiphertextBroken);
  });
});
