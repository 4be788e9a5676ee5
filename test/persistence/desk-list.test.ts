import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type pg from 'pg';

import type { CaseCommit } from '../../actors/kernel/ports.ts';
import { providerWaitedFor } from '../../actors/outward/failed-effects.ts';
import type { CaseSearch } from '../../actors/ports/desk.ts';
import { shortReference } from '../../actors/ports/references.ts';
import { blindIndex, foreigner, staff, startDesk } from './desk-fixture.ts';
import { at, commitOf, effect, event, newCaseId, tenant } from './ledger-fixture.ts';

const minuteMs = 60_000;

suite('the desk’s list of cases', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  before(async () => {
    started = await startDesk({ providerOf: providerWaitedFor });
  });
  after(() => started[Symbol.asyncDispose]());

  let steps = 0;
  /** Each step a minute after the one before. */
  async function tagged(caseId: string, tags: string[], more: Partial<CaseCommit> = {}) {
    await started.step(caseId, { tags, ...more });
    await started.one.pool.query(
      `update case_tags set since = $2 where case_id = $1 and since = $3`,
      [caseId, new Date(at + ++steps * minuteMs), new Date(at)],
    );
  }
  const list = (tag: string, limit = 200, after: string | null = null, who = staff) =>
    started.front.desk.listCases(who, { search: { by: 'tag', tag }, after, limit });
  const idsOf = async (tag: string, who = staff) =>
    (await list(tag, 200, null, who)).cases.map(({ caseId }) => caseId);

  test('has the tenant’s cases with a tag, and what they wait for in numbers', async () => {
    const tag = 'first';
    const caseId = newCaseId();
    const effects = [effect(caseId), effect(caseId), effect(caseId, { cancelled: true })];
    const change = { state: '{"journey":"booking"}', effects, wakeAt: at + minuteMs };
    await tagged(caseId, [tag, 'other'], change);
    await tagged(newCaseId(), ['other']);
    await tagged(newCaseId(), [tag], { tenant: foreigner.tenant });
    await started.one.ledger.append([event(caseId)]);
    const deadLetters = [{ eventId: 'event-1', tenant, caseId, reason: 'guard_threw' }];
    await started.one.ledger.commit(commitOf(started.worker, { deadLetters }));
    const { cases, next } = await list(tag);
    const [line, ...others] = cases;
    assert.ok(line);
    const { updatedAt, ...rest } = line;
    assert.deepEqual([others, next], [[], null]);
    assert.deepEqual(rest, {
      caseId,
      state: { journey: 'booking' },
      tags: [tag, 'other'],
      waitsFor: {
        timerAt: new Date(at + minuteMs).toISOString(),
        effects: 2,
        delayed: [],
        pendingEvents: 1,
      },
      stateSince: new Date(at).toISOString(),
      deadLetters: 1,
      why: null,
      attention: null,
    });
    assert.equal(new Date(updatedAt).toISOString(), updatedAt);
  });

  test('says of each case what a provider, a limit or a doubt keeps waiting, and until when', async () => {
    const tag = 'delayed';
    const caseId = newCaseId();
    const effects = Array.from({ length: 8 }, () => effect(caseId, { name: 'sendMessage' }));
    await tagged(caseId, [tag], { effects });
    const [limited, unsure, away] = effects;
    assert.ok(limited && unsure && away);
    await started.one.ledger.claim(
      effects.map(({ effectId }) => effectId),
      60 * minuteMs,
    );
    const delayMs = 7 * 60 * minuteMs;
    const retry = { status: 'retry', doubtful: false, delayMs } as const;
    await started.one.ledger.settle([
      {
        effectId: limited.effectId,
        attempt: 1,
        outcome: { ...retry, deferred: true, reason: 'messages_per_day' },
        event: null,
      },
      {
        effectId: unsure.effectId,
        attempt: 1,
        outcome: { status: 'unknown', waitMs: minuteMs, reason: 'timed_out' },
        event: null,
      },
      {
        effectId: away.effectId,
        attempt: 1,
        outcome: { ...retry, reason: 'provider_busy duffel' },
        event: null,
      },
    ]);
    const [line] = (await list(tag)).cases;
    const delayed = line?.waitsFor.delayed ?? [];
    assert.deepEqual(
      delayed.map(({ effectId, status, reason, provider }) => [effectId, status, reason, provider]),
      [
        [limited.effectId, 'retry', 'messages_per_day', 'whatsapp'],
        [unsure.effectId, 'unknown', 'timed_out', 'whatsapp'],
        [away.effectId, 'retry', 'provider_busy duffel', 'duffel'],
      ],
    );
    const [first, second] = delayed;
    const inMs = Date.parse(first?.nextTryAt ?? '') - Date.now();
    assert.ok(Math.abs(inMs - delayMs) < minuteMs, String(inMs));
    assert.equal(second?.nextTryAt, null);
    assert.ok(Date.now() - Date.parse(first?.since ?? '') < minuteMs);
    // A few say it: a flood of them is counted.
    const more = effects.slice(3).map(({ effectId }) => ({
      effectId,
      attempt: 1,
      outcome: { ...retry, reason: 'messages_per_day' },
      event: null,
    }));
    await started.one.ledger.settle(more);
    const [full] = (await list(tag)).cases;
    assert.deepEqual([full?.waitsFor.delayed.length, full?.waitsFor.effects], [5, 8]);
  });

  test('has nothing of another tenant, and nothing for a tag that nobody has', async () => {
    const tag = 'theirs';
    const caseId = newCaseId();
    await tagged(caseId, [tag], { tenant: foreigner.tenant });
    assert.deepEqual(await idsOf(tag), []);
    assert.deepEqual(await idsOf(tag, foreigner), [caseId]);
    assert.deepEqual(await list('nobody'), { cases: [], next: null });
  });

  test('follows the tags of a case, in the commit that changes them', async () => {
    const caseId = newCaseId();
    const tags = async () =>
      (
        await started.one.pool.query<{ tag: string }>(
          'select tag from case_tags where case_id = $1 order by tag',
          [caseId],
        )
      ).rows.map(({ tag }) => tag);
    for (const [expectedSeq, now] of [
      [],
      ['a', 'b'],
      ['b', 'c', 'b'],
      ['c', 'b'],
      [],
      ['a'],
    ].entries()) {
      await started.step(caseId, { expectedSeq, tags: now });
      assert.deepEqual(await tags(), [...new Set(now)].toSorted());
    }
    await started.one.pool.query('delete from cases where case_id = $1', [caseId]);
    assert.deepEqual(await tags(), []);
  });

  test('has those first that have had the tag longest, whatever else happens to them', async () => {
    const tag = 'waiting';
    const [one, two, three] = [newCaseId(), newCaseId(), newCaseId()];
    for (const caseId of [one, two, three]) await tagged(caseId, [tag]);
    await started.step(one, { expectedSeq: 1, tags: [tag, 'more'], stateChanged: true });
    assert.deepEqual(await idsOf(tag), [one, two, three]);
    await started.step(two, { expectedSeq: 1, tags: [] });
    await tagged(two, [tag], { expectedSeq: 2 });
    assert.deepEqual(await idsOf(tag), [one, three, two]);
  });

  test('comes in pages that neither skip nor repeat', async () => {
    const tag = 'pages';
    const caseIds = Array.from({ length: 7 }, newCaseId);
    for (const caseId of caseIds) await started.step(caseId, { tags: [tag] }); // Some at the same time.
    const all = await idsOf(tag);
    assert.deepEqual(all.toSorted(), caseIds.toSorted());
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page = await list(tag, 3, after);
      seen.push(...page.cases.map(({ caseId }) => caseId));
      after = page.next;
      pages++;
      // Shown already, and gone before the next page is read.
      if (pages === 1) await started.step(seen[0] as string, { expectedSeq: 1, tags: [] });
    } while (after !== null);
    assert.deepEqual([seen, pages], [all, 3]);
    assert.equal((await list(tag, 6)).next, null);
  });

  test('is one entry in the audit trail, that names no case', async () => {
    const entries = async () =>
      (
        await started.one.pool.query(
          `select case_id, subject, detail from audit_entries where chain = $1 order by seq`,
          [`${tenant}/desk`],
        )
      ).rows;
    const before = (await entries()).length;
    await list('first');
    assert.deepEqual((await entries()).slice(before), [
      {
        case_id: null,
        subject: 'GET /admin/cases',
        detail: JSON.stringify({ roles: staff.roles }),
      },
    ]);
  });

  test('has the emergencies among them first, those that nobody took before the others', async () => {
    const tag = 'of-it';
    const [old, taken, untaken, other] = [newCaseId(), newCaseId(), newCaseId(), newCaseId()];
    await tagged(old, [tag]);
    await tagged(taken, [tag, 'urgent']);
    await tagged(untaken, [tag, 'urgent', 'urgent-untaken']);
    await tagged(other, ['urgent', 'urgent-untaken']);
    assert.deepEqual(await idsOf(tag), [untaken, taken, old]);
  });

  test('is read by indexes alone among 200,000 cases', async () => {
    const { pool } = started.one;
    await manyCases(pool);
    const page = await list('with-staff', 100);
    await assertReadByIndexes(started, 'cases_by_need', {
      limit: 101,
      take: () => list('with-staff', 100),
    });
    assert.equal(page.cases.length, 100);
    let [seen, { next }] = [page.cases.length, page];
    while (next !== null) {
      const more = await list('with-staff', 200, next);
      [seen, next] = [seen + more.cases.length, more.next];
    }
    assert.equal(seen, 2_000);
  });
});

suite('the desk’s list of all cases', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  /** By the desk's clock, which stands still: an hour after the first step. */
  const now = at + 60 * minuteMs;
  before(async () => {
    started = await startDesk({ now: () => now });
  });
  after(() => started[Symbol.asyncDispose]());

  const page = (limit = 200, after: string | null = null, who = staff) =>
    started.front.desk.listCases(who, { search: { by: 'need' }, after, limit });
  const idsOf = async (limit = 200) => (await page(limit)).cases.map(({ caseId }) => caseId);
  async function since(caseId: string, tags: Record<string, number>) {
    await started.step(caseId, { tags: Object.keys(tags) });
    for (const [tag, minutes] of Object.entries(tags))
      await started.one.pool.query(
        'update case_tags set since = $3 where case_id = $1 and tag = $2',
        [caseId, tag, new Date(at + minutes * minuteMs)],
      );
  }
  /** After the reading of pages began. */
  async function retag(caseId: string, expectedSeq: number, tags: string[]) {
    await started.step(caseId, { expectedSeq, tags });
    await started.one.pool.query('update case_tags set since = $2 where case_id = $1', [
      caseId,
      new Date(now + minuteMs),
    ]);
  }
  async function everyPage(
    limit: number,
    between: (pages: number) => Promise<void> = async () => undefined,
  ) {
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const { cases, next }: Awaited<ReturnType<typeof page>> = await page(limit, after);
      seen.push(...cases.map(({ caseId }) => caseId));
      after = next;
      await between(++pages);
    } while (after !== null);
    return seen;
  }

  const expected: string[] = [];
  const named = (name: string) => {
    const caseId = `${name}-${newCaseId()}`;
    expected.push(caseId);
    return caseId;
  };

  test('has emergencies first, then what is due by its target time, then the others, newest first', async () => {
    await since(named('untaken'), { 'urgent-untaken': 50, urgent: 10, 'with-staff': 0 });
    await since(named('untaken-later'), { 'urgent-untaken': 55, urgent: 55, 'awaits-staff': -500 });
    await since(named('taken'), { urgent: 0, 'with-staff': 0 });
    // Due after an hour, a day, ten minutes.
    await since(named('overdue'), { 'awaits-staff': -60, 'with-staff': -120 });
    await since(named('search-overdue'), { 'waiting-for-provider': 40 });
    await since(named('waiting'), { 'awaits-staff': 30 });
    await since(named('review-and-waiting'), { 'clinical-review': -900, 'awaits-staff': 40 });
    await since(named('review'), { 'clinical-review': 0 });
    await since(named('answered'), { 'with-staff': -1_000 });
    // A search that is not late yet waits for nobody.
    await since('z-searching', { 'waiting-for-provider': 55 });
    await since('y-bot', { 'waiting-for-patient': 0 });
    await started.one.pool.query(
      `update cases set created_at = created_at + interval '1 s' where case_id = 'y-bot'`,
    );
    expected.push('y-bot', 'z-searching');
    await since('foreign', { urgent: 0 });
    await started.one.pool.query(`update cases set tenant = 'agency' where case_id = 'foreign'`);
    await started.one.pool.query(
      `update case_tags set tenant = 'agency' where case_id = 'foreign'`,
    );
    assert.deepEqual(await idsOf(), expected);
  });

  test('comes in pages that neither skip nor repeat, however they are cut', async () => {
    for (const limit of [1, 2, 3, 4, 5, 8, 9, 10, 11])
      assert.deepEqual(await everyPage(limit), expected, String(limit));
  });

  test('loses no case that changes its place between two pages', async () => {
    const [last = ''] = expected.slice(-1);
    const seen = await everyPage(2, async (pages) => {
      // Passed already; behind us now. And one that is still to come, before us now.
      if (pages === 2) await retag(last, 1, ['urgent', 'urgent-untaken']);
      if (pages === 3) await retag(expected[3] as string, 1, []);
    });
    assert.deepEqual([...new Set(seen)].toSorted(), expected.toSorted());
    assert.deepEqual(
      seen.filter((caseId, index) => seen.indexOf(caseId) !== index),
      [expected[3]],
    );
    assert.equal((await idsOf(3)).includes(last), true);
  });

  test('is read by indexes alone among 200,000 cases, of which many wait', async () => {
    await manyCases(started.one.pool);
    await assertReadByIndexes(started, 'cases_by_need', { limit: 101, take: () => page(100) });
    // The other tenant has nothing that waits in this order but half of the cases.
    await assertReadByIndexes(started, 'cases_beside', {
      limit: 101,
      take: () => page(100, `9-253370764800000000-${now * 1_000}.~`),
    });
  });
});

/** Rows by SQL, for their number: 2,000 with staff and 40,000 that wait for them, of each tenant half. */
async function manyCases(pool: pg.Pool) {
  await pool.query('alter table cases disable trigger user');
  await pool.query(`
    insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, envelope, state_since)
    select 'many-' || n, case when n % 2 = 0 then 'clinic' else 'agency' end, 0, 'case', '1', 'active', '"waiting"',
      case when n % 100 < 2 then '["with-staff"]' when n % 100 < 42 then '["awaits-staff", "clinical-review"]'
        else '["waiting-for-patient"]' end::jsonb, 1, '\\x00', now()
    from generate_series(1, 200000) as n`);
  await pool.query('alter table cases enable trigger user');
  await pool.query(`
    insert into case_tags (case_id, tag, tenant, since)
    select case_id, tag, tenant, to_timestamp(${at / 1_000}) - abs(hashtext(case_id || tag)::int8) * interval '1 ms'
    from cases, jsonb_array_elements_text(tags) as x(tag) where case_id like 'many-%'`);
  await pool.query('analyze');
}

/** The statement that `take` sends reads indexes alone, and of them few rows more than a page of each tag. */
async function assertReadByIndexes(
  { front, one }: Awaited<ReturnType<typeof startDesk>>,
  name: string,
  { limit, take }: { readonly limit: number; readonly take: () => Promise<unknown> },
) {
  front.sent.length = 0;
  await take();
  const statement = front.sent.find((sent) => sent.name === name);
  assert.ok(statement);
  const { rows } = await one.pool.query<{ 'QUERY PLAN': string }>(
    `explain (generic_plan) ${statement.text}`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  assert.match(plan, /Index (Only )?Scan (Backward )?using (case_tags_by_age|cases_by_age)/);
  assert.match(plan, /Index Scan using cases_pkey on cases/);
  assert.doesNotMatch(plan, /Seq Scan/, plan);
  // Prepared and run as it is sent, with the page's own numbers.
  const { rows: run } = await one.pool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>({
    text: `explain (analyze, format json) ${statement.text}`,
    values: [...(statement.values ?? [])],
  });
  const scanned = nodesOf(run[0]?.['QUERY PLAN'][0].Plan).filter(
    (node) => node['Relation Name'] === 'case_tags' || node['Relation Name'] === 'cases',
  );
  assert.ok(scanned.length >= 2);
  for (const node of scanned)
    assert.ok(node['Actual Rows'] * node['Actual Loops'] <= 8 * limit, JSON.stringify(node));
}

suite('the desk’s search', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  before(async () => {
    started = await startDesk();
  });
  after(() => started[Symbol.asyncDispose]());

  const found = async (search: CaseSearch, who = staff, limit = 200, after: string | null = null) =>
    started.front.desk.listCases(who, { search, after, limit });
  const idsOf = async (search: CaseSearch, who = staff) =>
    (await found(search, who)).cases.map(({ caseId }) => caseId);
  const plansOf = async (search: CaseSearch) => {
    started.front.sent.length = 0;
    await found(search);
    const sent = started.front.sent.find(({ name }) => name.startsWith('cases_by_'));
    const { rows } = await started.one.pool.query<{ 'QUERY PLAN': string }>(
      `explain (generic_plan) ${sent?.text}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };

  test('without words has every case of the tenant, newest first, in pages', async () => {
    const caseIds = Array.from({ length: 5 }, newCaseId);
    for (const [index, caseId] of caseIds.entries()) {
      await started.step(caseId);
      await started.one.pool.query('update cases set created_at = $2 where case_id = $1', [
        caseId,
        new Date(at + Math.floor(index / 2) * minuteMs), // Two at a time are as old.
      ]);
    }
    await started.step(newCaseId(), { tenant: foreigner.tenant });
    const all = await idsOf({ by: 'age' });
    assert.deepEqual(all.toSorted(), caseIds.toSorted());
    assert.deepEqual(all[0], caseIds[4]);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await found({ by: 'age' }, staff, 2, after);
      seen.push(...page.cases.map(({ caseId }) => caseId));
      after = page.next;
    } while (after !== null);
    assert.deepEqual(seen, all);
  });

  test('by a phone number finds the person’s case, in the tenant alone', async () => {
    const caseId = newCaseId();
    await started.step(caseId);
    await started.one.pool.query(
      'insert into contacts (id, tenant, phone_index, case_id) values (gen_random_uuid(), $1, $2, $3)',
      [tenant, blindIndex.of(tenant, 'phone', '4917012345678'), caseId],
    );
    assert.deepEqual(await idsOf({ by: 'phone', phone: '4917012345678' }), [caseId]);
    assert.deepEqual(await idsOf({ by: 'phone', phone: '4917012345679' }), []);
    assert.deepEqual(await idsOf({ by: 'phone', phone: '4917012345678' }, foreigner), []);
  });

  test('by a reference finds the case of our ids, an invoice’s number and a provider’s payment', async () => {
    const caseId = newCaseId().slice('case-'.length); // As contacts get it.
    await started.step(caseId);
    const { pool } = started.one;
    await pool.query(
      `insert into external_references (provider, kind, external_id, tenant, case_id)
       values ('stripe', 'payment', 'pi_123', $1, $2), ('stripe', 'message', 'wamid.1', $1, $2)`,
      [tenant, caseId],
    );
    await pool.query(
      `insert into invoices (tenant, invoice_id, case_id, booking_id, status, number, xml)
       values ($1, $2 || '-b1-i1', $2, $2 || '-b1', 'submitted', 'ABC2026000000007', '\\x00')`,
      [tenant, caseId],
    );
    for (const reference of [
      caseId,
      `${caseId}-b1`,
      `${caseId}-b1-i1`,
      'pi_123',
      'ABC2026000000007',
      shortReference(`${caseId}-b1`),
      shortReference(`${caseId}-b1`).toLowerCase(),
    ]) {
      assert.deepEqual(await idsOf({ by: 'reference', reference }), [caseId], reference);
      assert.deepEqual(await idsOf({ by: 'reference', reference }, foreigner), [], reference);
    }
    assert.deepEqual(await idsOf({ by: 'reference', reference: 'wamid.1' }), []);
    assert.deepEqual(await idsOf({ by: 'reference', reference: 'nobody' }), []);
  });

  test('reads no table from end to end', async () => {
    await started.one.pool.query('alter table cases disable trigger user');
    await started.one.pool.query(`
      insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, envelope, state_since)
      select 'many-' || n, 'clinic', 0, 'case', '1', 'active', '"waiting"', '[]', 1, '\\x00', now()
      from generate_series(1, 20000) as n`);
    await started.one.pool.query(`
      insert into contacts (id, tenant, phone_index, case_id)
      select gen_random_uuid(), 'clinic', decode(lpad(to_hex(n), 34, '0'), 'hex'), 'many-' || n from generate_series(1, 20000) as n`);
    await started.one.pool.query('analyze');
    for (const search of [
      { by: 'age' },
      { by: 'phone', phone: '4917012345678' },
      { by: 'reference', reference: 'pi_123' },
      { by: 'reference', reference: '3F9A27C1-1' },
    ] as const) {
      assert.doesNotMatch(await plansOf(search), /Seq Scan on (cases|contacts)/, search.by);
    }
  });
});

interface Node {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly Node[];
}

function nodesOf(node: Node | undefined): Node[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
