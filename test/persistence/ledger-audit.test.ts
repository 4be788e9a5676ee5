import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { startPostgres } from '../../deploy/local/postgres.ts';
import { identify } from '../../deploy/local/processes.ts';
import { verifyAudit, type ChainReport } from '../../persistence/audit/reader.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { migrate } from '../../persistence/database/migrate.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';
import {
  at,
  commitOf,
  effect,
  event,
  historyEntry,
  newCaseId,
  openLedger,
  stepped,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;
const tenants = ['clinic', 'agency', 'Ünal-Klinik'];
const casesEach = 7;

suite('the audit trail', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, hourMs);
    const worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    // 3 entries for each step: two transitions, one of them a timer, and an effect.
    for (let step = 0; step < 3; step++) {
      const cases = tenants.flatMap((tenant) =>
        Array.from({ length: casesEach }, (_, n) => {
          const caseId = `case-${tenants.indexOf(tenant)}-${n}`;
          const asked = effect(caseId);
          const seq = 2 * step + 1;
          const history = [
            historyEntry(seq, { at: at + step, type: 'Nachricht ✈', effects: [asked.effectId] }),
            historyEntry(seq + 1, { at: at + step, kind: 'timer', subject: 'root/reminder' }),
          ];
          return stepped(caseId, {
            tenant,
            expectedSeq: 2 * step,
            seq: seq + 1,
            history,
            effects: [asked],
          });
        }),
      );
      if (step === 0)
        await one.ledger.append(cases.map(({ caseId, tenant }) => event(caseId, { tenant })));
      await one.ledger.commit(commitOf(worker, { cases }));
    }
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function reports(rows?: number): Promise<ChainReport[]> {
    const found: ChainReport[] = [];
    for await (const report of verifyAudit(one.pool, { rows })) found.push(report);
    return found;
  }

  /** Changes rows as only an owner of the database can, and puts them back. */
  async function tampered(change: string, look: () => Promise<void>): Promise<void> {
    await one.pool.query('create table kept as select * from audit_entries');
    await one.pool.query('alter table audit_entries disable trigger user');
    try {
      await one.pool.query(change);
      await look();
    } finally {
      await one.pool.query('truncate audit_entries');
      await one.pool.query('insert into audit_entries select * from kept');
      await one.pool.query('drop table kept');
      await one.pool.query('alter table audit_entries enable trigger user');
    }
  }

  test('verifies as it is stored, in pages of any size', async () => {
    for (const rows of [undefined, 1, 2, 63, 64]) {
      const found = await reports(rows);
      assert.deepEqual(
        found.map(({ chain, entries, verdict }) => ({ chain, entries, ok: verdict.ok })),
        tenants
          .map((tenant) => ({ chain: `${tenant}/p0`, entries: 9 * casesEach, ok: true }))
          .toSorted((a, b) => (a.chain < b.chain ? -1 : 1)),
      );
    }
  });

  test('gives times back to the millisecond', async () => {
    const { rows } = await one.pool.query<{ at: Date }>(
      'select distinct at from audit_entries order by at',
    );
    assert.deepEqual(
      rows.map((row) => row.at.getTime()),
      [at, at + 1, at + 2],
    );
  });

  const refusals = [
    `update audit_entries set actor = 'nobody'`,
    `update audit_entries set actor = 'nobody' where false`,
    'delete from audit_entries where seq = 3',
    'truncate audit_entries',
    `insert into audit_entries select * from audit_entries limit 1 on conflict (chain, seq) do update set actor = 'nobody'`,
  ];
  for (const statement of refusals) {
    test(`refuses: ${statement}`, async () => {
      await assert.rejects(one.pool.query(statement), { code: 'KR002' });
      assert.ok((await reports()).every(({ verdict }) => verdict.ok));
    });
  }

  const changes: readonly (readonly [what: string, change: string, seq: number, why: string])[] = [
    [
      'a changed actor',
      `update audit_entries set actor = 'x' where chain = 'clinic/p0' and seq = 5`,
      5,
      'edited',
    ],
    [
      'a time moved by a microsecond',
      `update audit_entries set at = at + interval '1 us' where chain = 'clinic/p0' and seq = 9`,
      9,
      'edited',
    ],
    [
      'a time that is none',
      `update audit_entries set at = 'infinity' where chain = 'clinic/p0' and seq = 2`,
      2,
      'edited',
    ],
    [
      'a case’s number taken away',
      `update audit_entries set case_seq = null where chain = 'clinic/p0' and seq = 1`,
      1,
      'edited',
    ],
    [
      'an entry taken out',
      `delete from audit_entries where chain = 'clinic/p0' and seq = 20`,
      20,
      'missing',
    ],
    [
      'the first entry taken out',
      `delete from audit_entries where chain = 'clinic/p0' and seq = 1`,
      1,
      'missing',
    ],
    [
      'two that changed places',
      `update audit_entries set seq = case seq when 7 then -8 when 8 then -7 end where chain = 'clinic/p0' and seq in (7, 8); update audit_entries set seq = -seq where seq < 0`,
      7,
      'edited',
    ],
    [
      'an entry put in before the first',
      `insert into audit_entries select chain, 0, at, actor, action, null, null, subject, detail, hash from audit_entries where chain = 'clinic/p0' and seq = 1`,
      1,
      'reordered',
    ],
  ];
  for (const [what, change, seq, why] of changes) {
    test(`shows ${what}, on its page or the next`, async () => {
      await tampered(change, async () => {
        for (const rows of [undefined, 1, 4]) {
          const broken = (await reports(rows)).filter(({ verdict }) => !verdict.ok);
          assert.deepEqual(broken, [
            {
              chain: 'clinic/p0',
              entries: seq - 1,
              verdict: { ok: false, seq, why },
              uncovered: null,
            },
          ]);
        }
      });
    });
  }

  const verify = async (env: Record<string, string | undefined>) => {
    const program = await startProgram('deploy/tools/verify-audit.ts', { env });
    const { code } = await program.exited;
    await program.line(/\n/); // What it wrote may come after it ended.
    return { code, output: program.output() };
  };

  test('is verified by a program, which fails if it could not look', async () => {
    const nowhere = new URL(database.url);
    nowhere.pathname = '/nowhere';
    assert.equal((await verify({ DATABASE_URL: nowhere.href })).code, 2);
    const folderless = await verify({
      DATABASE_URL: undefined,
      DATA_DIR: `/nowhere/${newCaseId()}`,
    });
    assert.equal(folderless.code, 2);
    assert.match(folderless.output, /DATABASE_URL/);
  });

  test('is verified in the local database, whether that runs or not', async () => {
    const folder = await temporaryFolder();
    try {
      const server = await startPostgres({ dataDir: join(folder, 'postgres') });
      await migrate(server.url);
      const whole = {
        code: 0,
        output:
          '0 chains, 0 entries verified, 0 broken, 0 not covered; ' +
          '0 checkpoints verified, 0 bad or missing, there is none\n',
      };
      const env = { DATABASE_URL: undefined, DATA_DIR: folder };
      assert.deepEqual(await verify(env), whole);
      assert.notEqual(identify(server.pid), null, 'it runs on');
      await server.stop('fast');
      assert.deepEqual(await verify(env), whole);
      assert.ok(
        !existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid')),
        'it was stopped again',
      );
    } finally {
      await removeFolder(folder);
    }
  });
});
