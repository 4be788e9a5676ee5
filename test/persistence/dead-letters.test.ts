import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type { Kernel, Sending } from '../../actors/kernel/kernel.ts';
import type { NewEffect } from '../../actors/kernel/ports.ts';
import type { DeadLetterSearch } from '../../actors/ports/dead-letters.ts';
import type { Staff } from '../../actors/ports/desk.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import { createDeadLetters } from '../../actors/staff/dead-letters.ts';
import { createUnroutable } from '../../actors/staff/unroutable.ts';
import { createDeadLetterStore } from '../../persistence/cases/dead-letters.ts';
import { createUnroutableStore } from '../../persistence/contacts/unroutable.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { testDatabase } from '../support/services.ts';
import {
  at,
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  outcomeEvent,
  rootKey,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;
const staff: Staff = { subject: 'staff-7', tenant, roles: ['admin'] };
const everything: DeadLetterSearch = {
  provider: null,
  caseId: null,
  state: null,
  after: null,
  limit: 100,
};

suite('what failed for good', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let worker: { owner: string; epoch: number };
  const audited: string[] = [];
  const sent: Sending[] = [];
  /** What the case would ask for on `staff.resume`. */
  let wouldAsk: readonly string[] = [];
  const kernel: Pick<Kernel, 'preview' | 'sendAll'> = {
    preview: async () => wouldAsk,
    sendAll: async (sendings) => {
      sent.push(...sendings);
      return sendings.map(() => 'stored' as const);
    },
  };
  const desk = {
    audit: async ({ subject }: Staff, caseId: string | null, what: string) =>
      void audited.push(`${subject} ${caseId} ${what}`),
  };
  const letters = () =>
    createDeadLetters({
      store: createDeadLetterStore({ pool: one.pool }),
      kernel,
      desk,
      now: () => at,
    });
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, hourMs);
    worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const failed = { status: 'failed', value: { code: 'provider_refused' } } as const;

  /** A case whose effect failed, as a performer records it. */
  async function failure(more: Partial<NewEffect> = {}, doubtful = false) {
    const caseId = newCaseId();
    const its = effect(caseId, { kind: 'action', ...more });
    await one.ledger.append([event(caseId)]);
    const consumed = await one.ledger.pending([caseId], 10, []);
    await one.ledger.commit(
      commitOf(worker, { consumed, cases: [stepped(caseId, { effects: [its] })] }),
    );
    await one.ledger.claim([its.effectId], hourMs);
    if (doubtful)
      await one.ledger.settle([
        {
          effectId: its.effectId,
          attempt: 1,
          outcome: { status: 'unknown', waitMs: 0, reason: 'timeout' },
          event: null,
        },
      ]);
    await one.ledger.settle([
      {
        effectId: its.effectId,
        attempt: 1,
        outcome: failed,
        event: its.kind === 'invoke' ? outcomeEvent(caseId, its.effectId) : null,
        publication: {
          stream: 'duffel.errors',
          type: 'duffel.errors',
          source: 'performers',
          data: { n: 1 },
          isPersonal: false,
        },
      },
    ]);
    const { deadLetters } = await letters().list(staff, { ...everything, caseId });
    return { caseId, its, letter: deadLetters[0]! };
  }
  const statusOf = async (effectId: string) => {
    const { rows } = await one.pool.query<{ status: string }>(
      'select status from effects where effect_id = $1',
      [effectId],
    );
    return rows[0]?.status;
  };

  test('is listed by provider, case and state, newest first, page by page, for its own tenant', async () => {
    const [first, second] = [await failure(), await failure({ kind: 'invoke' })];
    assert.deepEqual(first.letter, {
      id: first.letter.id,
      kind: 'effect',
      subject: first.its.effectId,
      caseId: first.caseId,
      provider: 'duffel',
      name: 'search',
      code: 'provider_refused',
      attempts: 1,
      at: first.letter.at,
      state: 'open',
    });
    assert.equal(second.letter.state, 'case_told');
    const page = await letters().list(staff, { ...everything, provider: 'duffel', limit: 1 });
    assert.deepEqual(page.deadLetters, [second.letter]);
    const next = await letters().list(staff, { ...everything, after: page.next, limit: 1 });
    assert.deepEqual(next.deadLetters, [first.letter]);
    const none = { ...everything, provider: 'amadeus' } as const;
    assert.deepEqual((await letters().list(staff, none)).deadLetters, []);
    const foreign = { ...staff, tenant: 'agency' };
    assert.deepEqual((await letters().list(foreign, everything)).deadLetters, []);
    assert.equal(await letters().retry(foreign, first.letter.id), null);
  });

  test('is performed again with all its tries where nobody awaits it, once, and audited', async () => {
    const { its, letter, caseId } = await failure();
    const both = await Promise.all([
      letters().retry(staff, letter.id),
      letters().retry(staff, letter.id),
    ]);
    assert.deepEqual(new Set(both.map((one) => one?.refused)), new Set([null, 'already_retried']));
    assert.ok(audited.includes(`staff-7 ${caseId} POST /admin/dead-letters/${letter.id}/retry`));
    const { effects } = await one.ledger.overdue(0, 1_000);
    assert.ok(effects.some(({ id }) => id === its.effectId));
    const [claimed] = await one.ledger.claim([its.effectId], hourMs);
    assert.deepEqual([claimed?.attempt, claimed?.deferred], [2, 1]);
    await one.ledger.settle([
      { effectId: its.effectId, attempt: 2, outcome: { status: 'done', value: 1 }, event: null },
    ]);
    assert.equal(await statusOf(its.effectId), 'done');
    assert.deepEqual(await letters().retry(staff, letter.id), { refused: 'already_retried' });
  });

  test('is not repeated where the provider may have done it', async () => {
    const { its, letter } = await failure({ resolution: 'none' }, true);
    assert.deepEqual(await letters().retry(staff, letter.id), { refused: 'outcome_unknown' });
    assert.equal(await statusOf(its.effectId), 'failed');
  });

  test('is asked for anew by a case that awaited it, if that is what resuming it leads to', async () => {
    const { caseId, letter } = await failure({ kind: 'invoke' });
    wouldAsk = ['another'];
    assert.deepEqual(await letters().retry(staff, letter.id), { refused: 'case_went_on' });
    wouldAsk = ['search'];
    assert.deepEqual(await letters().retry(staff, letter.id), { refused: null });
    assert.deepEqual(sent.at(-1), {
      tenant,
      caseId,
      source: 'staff',
      dedupeKey: `dead-letter:${letter.id}`,
      event: { type: 'staff.resume', at: new Date(at).toISOString() },
    });
    assert.deepEqual(await letters().retry(staff, letter.id), { refused: 'already_retried' });
  });

  test('stays so when its case is closed or erased', async () => {
    const [closed, erased] = [await failure(), await failure()];
    await one.pool.query(`update cases set status = 'done' where case_id = $1`, [closed.caseId]);
    await one.pool.query('delete from data_keys where case_id = $1', [erased.caseId]);
    assert.deepEqual(await letters().retry(staff, closed.letter.id), { refused: 'case_closed' });
    assert.deepEqual(await letters().retry(staff, erased.letter.id), { refused: 'case_erased' });
    assert.equal(await statusOf(closed.its.effectId), 'failed');
  });

  test('waits for its case again, if it is an event that the machine failed on', async () => {
    const caseId = newCaseId();
    const [{ eventId } = { eventId: null }] = await one.ledger.append([event(caseId)]);
    const consumed = await one.ledger.pending([caseId], 10, []);
    const dead = [
      { eventId: eventId ?? '', tenant, caseId, reason: 'TypeError' },
      { eventId: 'timer:late', tenant, caseId, reason: 'TypeError' },
    ];
    await one.ledger.commit(
      commitOf(worker, { consumed, cases: [stepped(caseId)], deadLetters: dead }),
    );
    const { deadLetters } = await letters().list(staff, { ...everything, caseId });
    const [timer, failedEvent] = deadLetters;
    assert.deepEqual(await letters().retry(staff, timer?.id ?? ''), { refused: 'timer_gone' });
    assert.deepEqual(await letters().retry(staff, failedEvent?.id ?? ''), { refused: null });
    const waiting = await one.ledger.pending([caseId], 10, []);
    assert.deepEqual(
      waiting.map((one) => one.eventId),
      [eventId],
    );
  });
});

suite('what has no case', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('is listed masked for the home tenant’s staff, and routed once its case is there', async () => {
    const { createDirectory } = await import('../../persistence/contacts/directory.ts');
    const { createBlindIndex } = await import('../../persistence/encryption/blind-index.ts');
    const { createDataKeys } = await import('../../persistence/encryption/data-keys.ts');
    const keyring = createLocalKeyring([rootKey]);
    const { pool } = one;
    const directory = createDirectory({
      pool,
      keys: createDataKeys(pool, keyring),
      keyring,
      blindIndex: createBlindIndex([rootKey]),
      digestKey: Buffer.alloc(32, 9),
    });
    const about = { kind: 'payment', provider: 'stripe', paymentId: 'pi_1' } as const;
    const data = { notice: 'refund', note: 'Ayşe Yılmaz, +90 532 111 22 33' };
    const key = randomUUID();
    await directory.park([
      {
        source: 'stripe',
        dedupeKey: key,
        type: 'payment.notified',
        reason: 'unknown_payment',
        body: JSON.stringify(data),
        address: JSON.stringify({ about }),
      },
    ]);
    const rerouted: Delivery[] = [];
    let isThere = false;
    const unroutable = createUnroutable({
      store: createUnroutableStore({ pool, keyring }),
      intake: {
        reroute: async (delivery) => {
          rerouted.push(delivery);
          return isThere ? { outcome: 'stored' } : { outcome: 'parked', reason: 'unknown_payment' };
        },
      },
      desk: { audit: async () => undefined },
      mask: (text) => text.replace(/Ayşe Yılmaz, \+90 532 111 22 33/, '[NAME], [PHONE]'),
      homeTenant: tenant,
    });
    const search = { source: 'stripe', after: null, limit: 10 };
    const { deliveries, next } = await unroutable.list(staff, search);
    const [found] = deliveries;
    assert.deepEqual(
      [deliveries.length, next, found?.reason, found?.retryable, found?.summary],
      [1, null, 'unknown_payment', true, '{"notice":"refund","note":"[NAME], [PHONE]"}'],
    );
    const foreign = { ...staff, tenant: 'agency' };
    assert.deepEqual((await unroutable.list(foreign, search)).deliveries, []);
    assert.equal(await unroutable.retry(foreign, found?.id ?? ''), null);
    const retry = () => unroutable.retry(staff, found?.id ?? '');
    assert.deepEqual(await retry(), { refused: 'unknown_payment' });
    isThere = true;
    assert.deepEqual(await retry(), { refused: null });
    assert.deepEqual(await retry(), { refused: 'already_routed' });
    assert.deepEqual(rerouted.at(-1), {
      source: 'stripe',
      dedupeKey: key,
      type: 'payment.notified',
      data,
      about,
    });
    assert.deepEqual((await unroutable.list(staff, search)).deliveries, []);
  });
});
