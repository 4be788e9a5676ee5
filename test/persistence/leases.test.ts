import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { CommitRefused } from '../../actors/kernel/errors.ts';
import type { Leases } from '../../actors/kernel/ports.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { at, event, newCaseId, openLedger, stepped, type LedgerProcess } from './ledger-fixture.ts';

const partitions = 8;
const hourMs = 60 * 60 * 1_000;

suite('leases on partitions', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let leases: Leases;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url, 10);
    ({ leases } = one);
    await fixPartitions(one.pool, partitions);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** Nobody holds anything. */
  async function cleared(): Promise<void> {
    const { rows } = await one.pool.query<{ owner: string }>('select owner from lease_owners');
    for (const { owner } of rows) await leases.release(owner);
  }
  const held = async (owner: string, want = partitions, leaseMs = hourMs) =>
    (await leases.hold(owner, want, leaseMs)).toSorted((a, b) => a.partition - b.partition);
  /** What a worker does again and again: its fair share, given how many others there are. */
  const fairly = async (owner: string) =>
    held(owner, Math.ceil(partitions / ((await leases.others(owner)) + 1)));

  test('give one owner all, each with a new epoch', async () => {
    await cleared();
    const [first, again] = [await held('a'), await held('a')];
    assert.deepEqual(
      first.map(({ partition }) => partition),
      [...Array(partitions).keys()],
    );
    assert.deepEqual(again, first, 'renewing changes nothing');
    await leases.release('a');
    const next = await held('b');
    assert.deepEqual(
      next.map(({ epoch }) => epoch),
      first.map(({ epoch }) => epoch + 1),
    );
    assert.deepEqual(await held('a'), []);
  });

  test('are shared out fairly as owners come and go', async () => {
    await cleared();
    const owners = ['a', 'b', 'c'];
    const shares = async (among: readonly string[]) => {
      for (let round = 0; round < 3; round++) for (const owner of among) await fairly(owner);
      const all = [];
      for (const owner of among) all.push(await fairly(owner));
      const taken = all.flat().map(({ partition }) => partition);
      assert.equal(new Set(taken).size, taken.length, 'each has one owner');
      return all.map(({ length }) => length);
    };
    assert.deepEqual(await shares(['a']), [8]);
    assert.deepEqual(await shares(['a', 'b']), [4, 4]); // The second one finds none free at first.
    const three = await shares(owners);
    assert.equal(
      three.reduce((sum, share) => sum + share, 0),
      partitions,
    );
    assert.ok(
      three.every((share) => share === 2 || share === 3),
      three.join(),
    );
    await leases.release('b');
    assert.deepEqual(await shares(['a', 'c']), [4, 4]);
  });

  test('are given back beyond what is wanted, and what stays keeps its epoch', async () => {
    await cleared();
    const all = await held('a');
    const some = await held('a', 3);
    assert.deepEqual(some, all.slice(0, 3));
    assert.equal((await held('b', partitions)).length, partitions - 3);
    assert.deepEqual(await held('a', 0), []);
  });

  test('go to another owner once they have run out, with a higher epoch', async () => {
    await cleared();
    const dead = await held('dead', partitions, 50);
    assert.equal(dead.length, partitions);
    assert.equal(await leases.others('heir'), 1);
    const heir = await waitUntil(
      async () => {
        const found = await held('heir');
        return found.length === partitions && found;
      },
      { what: 'the lease to end' },
    );
    assert.ok(heir.every(({ epoch }, i) => epoch > (dead[i]?.epoch ?? 0)));
    assert.equal(await leases.others('heir'), 0);
    assert.deepEqual(await held('dead'), [], 'back from a pause, it holds nothing');
  });

  test('have one owner each, however many ask at the same time', async () => {
    await cleared();
    const owners = Array.from({ length: 8 }, (_, n) => `owner-${n}`);
    for (let round = 0; round < 20; round++) {
      const all = await Promise.all(owners.map((owner) => held(owner, 2)));
      const taken = all.flat().map(({ partition }) => partition);
      assert.equal(new Set(taken).size, taken.length);
      const { rows } = await one.pool.query<{ partition: number; owner: string }>(
        'select partition, owner from partition_leases where owner is not null',
      );
      for (const { partition, owner } of rows) {
        const its = all[owners.indexOf(owner)] ?? [];
        assert.ok(its.some((lease) => lease.partition === partition));
      }
      await leases.release(owners[round % owners.length] as string);
    }
  });

  test('stop a paused owner’s commit once another took over', async () => {
    await cleared();
    const [lease] = await held('paused', 1, 50);
    assert.ok(lease);
    const { partition } = lease;
    const caseId = newCaseId();
    await one.ledger.append([event(caseId, { partition })]);
    const commitBy = (owner: string, epoch: number) =>
      one.ledger.commit({
        owner,
        leases: [{ partition, epoch }],
        cases: [stepped(caseId, { partition })],
        consumed: [],
        deadLetters: [],
        parked: [],
        at,
      });
    const heir = await waitUntil(
      async () => (await held('heir')).find((other) => other.partition === partition),
      { what: 'the takeover' },
    );
    const isLease = (error: unknown) => error instanceof CommitRefused && error.why === 'lease';
    await assert.rejects(commitBy('paused', lease.epoch), isLease);
    await assert.rejects(commitBy('paused', heir.epoch), isLease);
    await commitBy('heir', heir.epoch);
  });
});

suite('the number of partitions', { timeout: 60_000 }, () => {
  test('is fixed by the first start, and another one is refused', async () => {
    await using database = await testDatabase();
    await using process = openLedger(database.url);
    await fixPartitions(process.pool, 8);
    await fixPartitions(process.pool, 8);
    await assert.rejects(fixPartitions(process.pool, 16), {
      name: 'RangeError',
      message: 'PARTITIONS is 16, but this database was set up with 8',
    });
    assert.equal((await process.leases.hold('a', 99, hourMs)).length, 8);
  });

  test('is one number even if several starts decide at once', async () => {
    await using database = await testDatabase();
    await using process = openLedger(database.url, 8);
    for (let times = 0; times < 20; times++) {
      await process.pool.query('truncate deployment, partition_leases');
      const numbers = [4, 8, 4, 8, 4, 8, 4, 8];
      const results = await Promise.allSettled(numbers.map((n) => fixPartitions(process.pool, n)));
      const agreed = numbers.filter((_, i) => results[i]?.status === 'fulfilled');
      assert.equal(agreed.length, 4);
      assert.equal(new Set(agreed).size, 1);
      assert.equal((await process.leases.hold('a', 99, hourMs)).length, agreed[0]);
    }
  });
});
