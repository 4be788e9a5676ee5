import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type { CaseCommit } from '../../actors/kernel/ports.ts';
import type { CaseSearch } from '../../actors/ports/desk.ts';
import { blindIndex, foreigner, staff, startDesk } from './desk-fixture.ts';
import { at, commitOf, effect, event, newCaseId, tenant } from './ledger-fixture.ts';

const minuteMs = 60_000;

suite('the desk’s list of cases', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  before(async () => {
    started = await startDesk();
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
        pendingEvents: 1,
      },
      stateSince: new Date(at).toISOString(),
      deadLetters: 1,
      why: null,
    });
    assert.equal(new Date(updatedAt).toISOString(), updatedAt);
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

  test('is read by indexes alone among 200,000 cases', async () => {
    const { pool } = started.one;
    // Rows by SQL, for their number: 2,000 with staff, of each tenant half.
    await pool.query('alter table cases disable trigger user');
    await pool.query(`
      insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, envelope, state_since)
      select 'many-' || n, case when n % 2 = 0 then 'clinic' else 'agency' end, 0, 'case', '1', 'active', '"waiting"',
        case when n % 100 < 2 then '["with-staff"]' else '["waiting-for-patient"]' end::jsonb, 1, '\\x00', now()
      from generate_series(1, 200000) as n`);
    await pool.query('alter table cases enable trigger user');
    await pool.query(`
      insert into case_tags (case_id, tag, tenant, since)
      select case_id, tags ->> 0, tenant, created_at + hashtext(case_id) * interval '1 ms' from cases where case_id like 'many-%'`);
    await pool.query('analyze');
    started.front.sent.length = 0;
    const page = await list('with-staff', 100);
    const statement = started.front.sent.find(({ name }) => name === 'cases_by_tag');
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
      `explain (generic_plan) ${statement?.text}`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    assert.match(plan, /Index Only Scan using case_tags_by_age on case_tags/);
    assert.match(plan, /Index Scan using cases_pkey on cases/);
    assert.doesNotMatch(plan, /Seq Scan/);
    // With the page's own numbers: what was read is the page, not the tag.
    const { rows: run } = await pool.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `explain (analyze, format json) ${statement?.text
        .replace('$1\n', `'clinic'\n`)
        .replaceAll('$1', `'clinic'`)
        .replaceAll('$2', '0')
        .replaceAll('$3', `''`)
        .replaceAll('$4', '101')
        .replaceAll('$5', `'with-staff'`)}`,
    );
    const scanned = nodesOf(run[0]?.['QUERY PLAN'][0].Plan).filter(
      (node) => node['Relation Name'] === 'case_tags' || node['Relation Name'] === 'cases',
    );
    assert.ok(scanned.length >= 2);
    for (const node of scanned)
      assert.ok(node['Actual Rows'] * node['Actual Loops'] <= 101, JSON.stringify(node));
    assert.equal(page.cases.length, 100);
    let [seen, { next }] = [page.cases.length, page];
    while (next !== null) {
      const more = await list('with-staff', 200, next);
      [seen, next] = [seen + more.cases.length, more.next];
    }
    assert.equal(seen, 2_000);
  });
});

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
    const caseId = newCaseId();
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
