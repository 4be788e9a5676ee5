import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';

import type { Receipts, ReceiptWord } from '../../actors/ports/receipts.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { testDatabase } from '../support/services.ts';
import {
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const at = '2026-11-23T10:00:00.000Z';
const later = '2026-11-23T10:00:05.000Z';

suite('receipts', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let receipts: Receipts;
  const caseId = newCaseId();
  /** Effects of the case that no test has used yet. */
  const fresh = Array.from({ length: 600 }, () => effect(caseId).effectId);

  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    receipts = createReceipts({ pool: one.pool });
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, 3_600_000);
    await one.ledger.append([event(caseId)]);
    const consumed = await one.ledger.pending([caseId], 1, []);
    const effects = fresh.map((effectId) => effect(caseId, { effectId, port: 'messaging' }));
    const worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    await one.ledger.commit(commitOf(worker, { cases: [stepped(caseId, { effects })], consumed }));
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const next = (): string => {
    const effectId = fresh.pop();
    assert.ok(effectId, 'more effects are needed');
    return effectId;
  };
  const word = (
    effectId: string,
    status: ReceiptWord['status'],
    more: Partial<ReceiptWord> = {},
  ): ReceiptWord => ({ effectId, status, errorCode: null, at, ...more });
  async function rowsOf(...effectIds: string[]) {
    const { rows } = await one.pool.query<{
      status: string;
      at: Date;
      error_code: string | null;
      tenant: string;
      case_id: string;
    }>(
      `select status, at, error_code, tenant, case_id from message_receipts
       where effect_id = any($1) order by array_position($1, effect_id)`,
      [effectIds],
    );
    return rows;
  }
  const statusOf = async (effectId: string) => (await rowsOf(effectId))[0]?.status;

  test('keep the tenant and the case of the effect, and the time of the word', async () => {
    const effectId = next();
    await receipts.advance([word(effectId, 'failed', { errorCode: '131026' })]);
    assert.deepEqual(await rowsOf(effectId), [
      { status: 'failed', at: new Date(at), error_code: '131026', tenant, case_id: caseId },
    ]);
  });

  test('move forward only', async () => {
    const effectId = next();
    const seen: unknown[] = [];
    for (const status of ['sent', 'read', 'delivered', 'sent'] as const) {
      await receipts.advance([word(effectId, status, { at: later })]);
      seen.push(await statusOf(effectId));
    }
    assert.deepEqual(seen, ['sent', 'read', 'read', 'read']);
  });

  test('end with a failure, unless the patient has the message', async () => {
    const failed = next();
    await receipts.advance([word(failed, 'sent')]);
    await receipts.advance([word(failed, 'failed', { errorCode: '131026', at: later })]);
    await receipts.advance([word(failed, 'sent', { at: later })]);
    assert.equal(await statusOf(failed), 'failed');
    const delivered = next();
    await receipts.advance([word(delivered, 'delivered')]);
    await receipts.advance([word(delivered, 'failed', { errorCode: '131026', at: later })]);
    const [row] = await rowsOf(delivered);
    assert.deepEqual([row?.status, row?.error_code], ['delivered', null]);
  });

  test('take two words on one effect in one batch', async () => {
    const [first, second] = [next(), next()];
    await receipts.advance([
      word(first, 'delivered'),
      word(second, 'sent'),
      word(first, 'sent'),
      word(first, 'read'),
      word(second, 'sent'),
    ]);
    assert.deepEqual(
      (await rowsOf(first, second)).map(({ status }) => status),
      ['read', 'sent'],
    );
  });

  test('drop words on effects we do not know, and keep the rest of the batch', async () => {
    const effectId = next();
    const { rows: before } = await one.pool.query('select from message_receipts');
    await receipts.advance([
      word('nobody.1.0', 'sent'),
      word('', 'sent'),
      word(`${effectId}\0`, 'sent'),
      word(effectId, 'sent', { at: 'yesterday' }),
      word(effectId, 'sent', { at: '9999-01-01T00:00:00Z' }),
      word(effectId, 'failed', { errorCode: 'a\0b' }),
    ]);
    const { rows: after } = await one.pool.query('select from message_receipts');
    assert.equal(after.length, before.length + 1);
    assert.equal((await rowsOf(effectId))[0]?.error_code, 'ab');
  });

  test('need no statement for nothing', async () => {
    const noPool = { query: () => assert.fail('a statement was sent') };
    await createReceipts({ pool: noPool as never }).advance([word('\0', 'sent')]);
  });

  test('end the same whatever the order of the words, their batches and their repetition', async () => {
    const times = [at, later, '2026-11-23T13:00:02+03:00'];
    const said = fc.record({
      effect: fc.nat(1),
      status: fc.constantFrom('sent', 'delivered', 'read', 'failed'),
      at: fc.constantFrom(...times),
      errorCode: fc.constantFrom(null, '131026', '131047'),
    });
    const scene = fc.array(said, { minLength: 1, maxLength: 8 }).chain((words) =>
      fc.record({
        words: fc.constant(words),
        // The same words: each at least once, in any order, cut into batches anywhere.
        again: fc.array(fc.nat(words.length - 1), { maxLength: 6 }).chain((more) =>
          fc.shuffledSubarray([...words.keys(), ...more], {
            minLength: words.length + more.length,
          }),
        ),
        size: fc.integer({ min: 1, max: 9 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(scene, async ({ words, again, size }) => {
        const plain = [next(), next()];
        const shuffled = [next(), next()];
        const of = (effects: string[], index: number): ReceiptWord => {
          const { effect: which, ...rest } = words[index] as (typeof words)[number];
          return { ...rest, effectId: effects[which] as string };
        };
        await receipts.advance([...words.keys()].map((index) => of(plain, index)));
        for (let from = 0; from < again.length; from += size) {
          const batch = again.slice(from, from + size);
          await receipts.advance(batch.map((index) => of(shuffled, index)));
        }
        for (const index of [0, 1])
          assert.deepEqual(
            await rowsOf(shuffled[index] as string),
            await rowsOf(plain[index] as string),
          );
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });

  test('end the same when several processes hear them at once', async () => {
    await using second = openLedger(database.url);
    const other = createReceipts({ pool: second.pool });
    const effects = Array.from({ length: 40 }, next);
    const statuses = ['sent', 'delivered', 'failed', 'read'] as const;
    await Promise.all(
      statuses.flatMap((status) => [
        receipts.advance(effects.map((effectId) => word(effectId, status))),
        other.advance(effects.toReversed().map((effectId) => word(effectId, status))),
      ]),
    );
    const rows = await rowsOf(...effects);
    assert.deepEqual(
      [rows.length, new Set(rows.map(({ status }) => status))],
      [40, new Set(['read'])],
    );
  });

  test('know which effect sent a message by the message’s id, and keep no number for it', async () => {
    const [first, second] = [next(), next()];
    const phoneIn = (id: string) => `wamid.HBg4917000000${id}`;
    const sent = [
      { effectId: first, messageId: phoneIn('01') },
      { effectId: second, messageId: phoneIn('02') },
      { effectId: 'case-of-nobody.1.0', messageId: phoneIn('03') },
    ];
    await Promise.all([receipts.note(sent), receipts.note(sent.toReversed())]);
    await receipts.note([{ effectId: second, messageId: phoneIn('01') }]);
    const asked = [phoneIn('02'), phoneIn('03'), phoneIn('01'), 'wamid.else'];
    assert.deepEqual(await receipts.effectsOf(asked), [second, null, first, null]);
    assert.deepEqual(await receipts.effectsOf([]), []);
    const { rows } = await one.pool.query<{ external_id: string }>(
      `select external_id from external_references where provider = 'whatsapp'`,
    );
    assert.ok(rows.length >= 2 && rows.every((row) => !row.external_id.includes('4917')));
  });

  test('read no table from end to end', async () => {
    const pool = createPool({ url: database.url, max: 1 });
    try {
      let text = '';
      const listening = {
        query: async (sent: { text: string }) => ((text = sent.text), { rows: [] }),
      };
      await createReceipts({ pool: listening as never }).advance([word('effect', 'sent')]);
      await pool.query('analyze');
      const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.match(plan, /Index (Only )?Scan using effects_pkey on effects/);
      assert.doesNotMatch(plan, /Seq Scan/);
    } finally {
      await pool.end();
    }
  });
});
