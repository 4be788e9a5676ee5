import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type pg from 'pg';

import { ProviderBusy } from '../../actors/errors.ts';
import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import { batchOf, lineOf, signBatch } from '../../persistence/audit/checkpoint-batch.ts';
import { readCheckpoints, type StoreFault } from '../../persistence/audit/checkpoint-reader.ts';
import { allRecords, recordFaults } from '../../persistence/audit/checkpoint-records.ts';
import {
  createCheckpointer,
  type CheckpointerOptions,
  type CheckpointRound,
} from '../../persistence/audit/checkpoints.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import {
  auditKey,
  grow,
  headOf,
  memoryStore,
  publicKeysOf,
  rewrite,
  tampered,
} from './audit-fixture.ts';

const at = 1_795_424_461_789;
const hourMs = 60 * 60 * 1_000;
const key = auditKey('k1');
const signal = () => AbortSignal.timeout(20_000);

suite('checkpoints of the audit trail', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let store: ReturnType<typeof memoryStore>;
  before(async () => {
    database = await testDatabase();
    pool = createPool({ url: database.url, max: 4 });
  });
  after(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const table of ['audit_entries', 'audit_checkpoints'])
      await pool.query(`alter table ${table} disable trigger user;
        truncate ${table}; alter table ${table} enable trigger user`);
    store = memoryStore();
  });

  const checkpointer = (more: Partial<CheckpointerOptions> = {}) =>
    createCheckpointer({
      pool,
      store,
      signingKey: key,
      publicKeys: publicKeysOf(key),
      now: () => at,
      random: () => 0.5,
      ...more,
    });
  const batches = () => store.lines.map((line) => batchOf(line));
  const verified = async () => {
    const faults: StoreFault[] = [];
    const read = await readCheckpoints(
      store,
      publicKeysOf(key),
      (fault) => faults.push(fault),
      signal(),
    );
    return { ...read, faults };
  };

  test('are signed for all chains that moved, and for no others', async () => {
    const own = checkpointer();
    for (const chain of ['clinic/p0', 'clinic/desk', 'Ünal-Klinik/p1'])
      await grow(pool, chain, 3, at);
    assert.deepEqual(await own.round(signal()), { signed: 3, chains: [], store: [] });
    assert.equal((await own.round(signal())).signed, 0);
    assert.equal(store.lines.length, 1);
    await grow(pool, 'clinic/desk', 2, at);
    assert.equal((await own.round(signal())).signed, 1);
    assert.deepEqual(batches()[1]?.heads, [await headOf(pool, 'clinic/desk')]);
    assert.deepEqual(batches()[1]?.before, [batches()[0]?.id]);
    const { anchors, faults, newestAt } = await verified();
    assert.deepEqual([faults, newestAt], [[], at]);
    const heads = [3, 5].map((seq) => anchors.between('clinic/desk', seq, seq).length);
    assert.deepEqual([heads, anchors.lastSeq('clinic/desk')], [[1, 1], 5]);
  });

  test('are known to a process that starts anew', async () => {
    await grow(pool, 'clinic/p0', 3, at);
    await checkpointer().round(signal());
    assert.equal((await checkpointer().round(signal())).signed, 0);
    await grow(pool, 'clinic/p0', 1, at);
    await checkpointer().round(signal());
    assert.deepEqual(
      batches().map((batch) => [batch?.number, batch?.heads[0]?.seq]),
      [
        [1, 3],
        [2, 4],
      ],
    );
    assert.deepEqual((await verified()).faults, []);
  });

  test('say at least each hour that somebody looks', async () => {
    let now = at;
    const own = checkpointer({ now: () => now });
    await own.round(signal());
    now += hourMs - 1;
    await own.round(signal());
    assert.equal(store.lines.length, 1);
    now += 1;
    await own.round(signal());
    assert.deepEqual(
      batches().map((batch) => [batch?.number, batch?.heads, batch?.at]),
      [
        [1, [], at],
        [2, [], at + hourMs],
      ],
    );
  });

  const backwards: readonly (readonly [
    string,
    string | (() => Promise<void>),
    CheckpointRound['chains'][number]['why'],
  ])[] = [
    ['is cut', `delete from audit_entries where chain = 'clinic/p0' and seq > 3`, 'truncated'],
    ['is deleted whole', `delete from audit_entries where chain = 'clinic/p0'`, 'deleted'],
    [
      'is rewritten and grows',
      async () => {
        await rewrite(pool, 'clinic/p0', (entry) => ({ ...entry, actor: 'nobody' }));
        await grow(pool, 'clinic/p0', 4, at);
      },
      'rewritten',
    ],
    [
      'lost the signed entry',
      async () => {
        await grow(pool, 'clinic/p0', 1, at);
        await pool.query(`delete from audit_entries where chain = 'clinic/p0' and seq = 5`);
      },
      'missing',
    ],
  ];
  for (const [what, change, why] of backwards) {
    test(`are refused to a chain that ${what}, and go on for others`, async () => {
      const own = checkpointer();
      for (const chain of ['agency/p0', 'clinic/p0']) await grow(pool, chain, 5, at);
      await own.round(signal());
      await tampered(pool, change, async () => {
        await grow(pool, 'agency/p0', 1, at);
        const chains = [{ chain: 'clinic/p0', seq: 5, why }];
        assert.deepEqual(await own.round(signal()), { signed: 1, chains, store: [] });
        // Another process too, that knows of it only from the store.
        assert.deepEqual(await checkpointer().round(signal()), { signed: 0, chains, store: [] });
      });
      // All is put back, and so what the other chain grew by meanwhile is gone.
      const left = (await own.round(signal())).chains.map(({ chain }) => chain);
      assert.deepEqual(left, ['agency/p0']);
      const signed = batches().flatMap((batch) => batch?.heads ?? []);
      assert.equal(signed.filter(({ chain }) => chain === 'clinic/p0').length, 1);
    });
  }

  test('of two processes at once are both kept, and named by the next', async () => {
    await grow(pool, 'clinic/p0', 3, at);
    const [one, other] = [checkpointer(), checkpointer({ now: () => at + 1 })];
    // Both have read the store before either appends.
    let arrived = 0;
    const both = Promise.withResolvers<void>();
    const append = store.append.bind(store);
    store.append = async (line, sending) => {
      arrived += 1;
      if (arrived === 2) both.resolve();
      await both.promise;
      await append(line, sending);
    };
    await Promise.all([one.round(signal()), other.round(signal())]);
    store.append = append;
    assert.deepEqual(
      batches().map((batch) => batch?.number),
      [1, 1],
    );
    await grow(pool, 'clinic/p0', 1, at);
    await one.round(signal());
    const [first, second, third] = batches();
    assert.deepEqual(new Set(third?.before), new Set([first?.id, second?.id]));
    assert.deepEqual((await verified()).faults, []);
    store.lines.splice(1, 1);
    assert.deepEqual((await verified()).faults, [{ place: 'before batch 2', why: 'missing' }]);
  });

  test('show any line that is gone, changed, forged or unreadable, but for the last', async () => {
    const own = checkpointer();
    for (let round = 0; round < 4; round += 1) {
      await grow(pool, 'clinic/p0', 1, at);
      await own.round(signal());
    }
    const whole = [...store.lines];
    const faultsOf = async (lines: readonly string[]) => {
      store.lines = [...lines];
      return (await verified()).faults;
    };
    assert.deepEqual(await faultsOf(whole), []);
    for (const gone of [0, 1, 2]) {
      const faults = await faultsOf(whole.toSpliced(gone, 1));
      assert.deepEqual(faults, [{ place: `before batch ${gone + 2}`, why: 'missing' }]);
    }
    assert.deepEqual(await faultsOf(whole.slice(0, 3)), []);
    // The order of lines proves nothing, and a repeated line nothing more.
    assert.deepEqual(await faultsOf([...whole.toReversed(), ...whole]), []);
    const second = batchOf(whole[1] ?? '');
    assert.ok(second);
    const forgeries = [
      [whole[1]?.slice(0, 50) ?? '', 'unreadable'],
      [lineOf({ ...second, at: at + 1 }), 'bad-signature'],
      [
        lineOf({ ...second, heads: second.heads.map((head) => ({ ...head, seq: 9 })) }),
        'bad-signature',
      ],
      [lineOf(signBatch(second, auditKey('k1'))), 'bad-signature'],
      [lineOf(signBatch(second, auditKey('nobody’s'))), 'unknown-key'],
      [lineOf({ ...second, keyId: 'k2' }), 'unknown-key'],
    ] as const;
    for (const [line, why] of forgeries) {
      const faults = await faultsOf(whole.with(1, line));
      assert.deepEqual(faults, [
        { place: 'line 2', why },
        { place: 'before batch 3', why: 'missing' },
      ]);
      const { store: told } = await checkpointer().round(signal());
      // The running system knows from the database what else there was.
      assert.deepEqual(told, [
        { place: 'line 2', why },
        { place: 'batch 2', why: 'missing' },
      ]);
    }
  });

  test('that were cut off the end are missed by a running process, by a new one, and for ever', async () => {
    const running = checkpointer();
    for (let round = 0; round < 5; round += 1) {
      await grow(pool, 'clinic/p0', 1, at);
      await running.round(signal());
    }
    const whole = [...store.lines];
    const records = await allRecords(pool);
    for (const lost of [1, 2, 5]) {
      store.lines = whole.slice(0, whole.length - lost);
      const read = await readCheckpoints(store, publicKeysOf(key), () => {}, signal());
      assert.deepEqual(
        recordFaults(read, records, at + 1),
        Array.from({ length: lost }, (_, index) => ({
          place: `batch ${6 - lost + index}`,
          why: 'cut',
        })),
      );
    }
    store.lines = whole.slice(0, 4);
    const cut = [{ place: 'batch 5', why: 'cut' }];
    for (let round = 0; round < 2; round += 1)
      assert.deepEqual((await running.round(signal())).store, cut);
    // Whoever signs next names what is gone: so it stays missing for all who read the store alone.
    await grow(pool, 'clinic/p0', 1, at);
    assert.deepEqual((await checkpointer().round(signal())).store, cut);
    assert.deepEqual(batches().at(-1)?.number, 6);
    assert.deepEqual((await verified()).faults, [{ place: 'before batch 6', why: 'missing' }]);
  });

  test('that the database forgot are found too, once they are old enough', async () => {
    const own = checkpointer();
    for (let round = 0; round < 4; round += 1) {
      await grow(pool, 'clinic/p0', 1, at);
      await own.round(signal());
    }
    await pool.query(`alter table audit_checkpoints disable trigger user`);
    await pool.query('delete from audit_checkpoints where number in (2, 4)');
    await pool.query(`alter table audit_checkpoints enable trigger user`);
    const read = await readCheckpoints(store, publicKeysOf(key), () => {}, signal());
    const records = await allRecords(pool);
    assert.deepEqual(recordFaults(read, records, at + 1), [
      { place: 'batch 2', why: 'unrecorded' },
      { place: 'batch 4', why: 'unrecorded' },
    ]);
    assert.deepEqual(recordFaults(read, records, at), []);
  });

  test('that a process signed and did not come to record are recorded by the next', async () => {
    await grow(pool, 'clinic/p0', 1, at);
    const append = store.append.bind(store);
    store.append = async (line, sending) => {
      await append(line, sending);
      throw new ProviderBusy('checkpoints', 'EIO'); // Killed in between.
    };
    await assert.rejects(checkpointer().round(signal()), ProviderBusy);
    store.append = append;
    assert.equal((await allRecords(pool)).size, 0);
    assert.deepEqual((await checkpointer().round(signal())).store, []);
    assert.deepEqual([...(await allRecords(pool)).keys()], [batches()[0]?.id]);
  });

  test('are of a new key from its first round on, and the old ones stay true', async () => {
    const next = auditKey('k2');
    await grow(pool, 'clinic/p0', 1, at);
    await checkpointer().round(signal());
    await grow(pool, 'clinic/p0', 1, at);
    const rotated = checkpointer({ signingKey: next, publicKeys: publicKeysOf(next, key) });
    assert.deepEqual(await rotated.round(signal()), { signed: 1, chains: [], store: [] });
    assert.deepEqual(
      batches().map((batch) => [batch?.number, batch?.keyId]),
      [
        [1, 'k1'],
        [2, 'k2'],
      ],
    );
  });

  test('are made again after a round in doubt, and no less true', async () => {
    await grow(pool, 'clinic/p0', 1, at);
    const own = checkpointer();
    const append = store.append.bind(store);
    store.append = async (line, sending) => {
      await append(line, sending); // It was written; the answer is lost.
      throw new ProviderBusy('checkpoints', 'EIO');
    };
    await assert.rejects(own.round(signal()), ProviderBusy);
    store.append = append;
    assert.equal((await own.round(signal())).signed, 0, 'it was found in the store');
    assert.equal(store.lines.length, 1);
  });

  test('of very many chains take several lines', async () => {
    await pool.query(
      `insert into audit_entries (chain, seq, at, actor, action, subject, detail, hash)
       select 'tenant-' || n || '/p0', 1, now(), 'x', 'x', 'x', '{}', sha256(n::text::bytea) from generate_series(1, 2500) n`,
    );
    assert.equal((await checkpointer().round(signal())).signed, 2_500);
    assert.deepEqual(
      batches().map((batch) => [batch?.number, batch?.heads.length]),
      [
        [1, 1_000],
        [2, 1_000],
        [3, 500],
      ],
    );
    assert.deepEqual((await verified()).faults, []);
  });

  test('are signed regularly, through failures, and a last time at the end', async () => {
    const rounds: CheckpointRound[] = [];
    const failures: unknown[] = [];
    let isDown = true;
    const failing: CheckpointStore = {
      append: async (line, sending) => {
        if (isDown) throw new ProviderBusy('checkpoints', 'ENOSPC');
        await store.append(line, sending);
      },
      read: (after, sending) => store.read(after, sending),
    };
    const end = new AbortController();
    await grow(pool, 'clinic/p0', 1, at);
    const running = checkpointer({
      store: failing,
      everyMs: 20,
      onRound: (round) => rounds.push(round),
      onFailure: (error) => failures.push(error),
    }).run(end.signal);
    await waitUntil(() => failures.length >= 2, { what: 'two rounds to fail' });
    isDown = false;
    await waitUntil(() => rounds.some(({ signed }) => signed === 1), { what: 'a signature' });
    await waitUntil(() => rounds.length >= 3, { what: 'further rounds' });
    await grow(pool, 'clinic/desk', 1, at);
    end.abort();
    await running;
    assert.ok(batches().some((batch) => batch?.heads.some(({ chain }) => chain === 'clinic/desk')));
    assert.ok(failures.every((error) => error instanceof ProviderBusy));
  });
});
