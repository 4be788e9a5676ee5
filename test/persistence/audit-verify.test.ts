import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import type pg from 'pg';

import { checkpointFile } from '../../adapters/embedded-store/checkpoints.ts';
import { loadAuditConfig } from '../../config.ts';
import { reportOnAudit } from '../../deploy/tools/audit-report.ts';
import { createCheckpointer } from '../../persistence/audit/checkpoints.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';
import { auditKey, grow, publicKeysOf, rewrite, tampered } from './audit-fixture.ts';

const minuteMs = 60_000;
const rounds = 4;
const perRound = 5;
const chains = ['agency/desk', 'clinic/books', 'clinic/p0'];
const key = auditKey('a1');
const retired = auditKey('a0');
const signal = () => AbortSignal.timeout(20_000);
const summary = /^(\d+) chains, (\d+) entries verified, (\d+) broken, (\d+) not covered; (.*)$/m;

suite('the verifier of the audit trail', { timeout: 180_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let folder: string;
  let file: string;
  before(async () => {
    database = await testDatabase();
    pool = createPool({ url: database.url, max: 2 });
    folder = await temporaryFolder();
    file = join(folder, 'audit-checkpoints.jsonl');
    // Forty minutes ago, a minute each; the first round with the key of then.
    for (let round = 0; round < rounds; round += 1) {
      const at = Date.now() - (40 - round) * minuteMs;
      for (const chain of chains) await grow(pool, chain, perRound, at);
      const signingKey = round === 0 ? retired : key;
      const checkpointer = createCheckpointer({
        pool,
        store: checkpointFile(file),
        signingKey,
        publicKeys: publicKeysOf(retired, key),
        now: () => at + 1,
        random: Math.random,
      });
      await checkpointer.round(signal());
    }
  });
  after(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
    await removeFolder(folder);
  });

  const encoded = (one: typeof key, type: 'private' | 'public') =>
    type === 'private'
      ? one.key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
      : one.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const settings = (more: Record<string, string | undefined>) => ({
    DATABASE_URL: database.url,
    AUDIT_CHECKPOINTS: file,
    AUDIT_SIGNING_KEY: `a1:${encoded(key, 'private')}`,
    AUDIT_RETIRED_KEYS: `a0:${encoded(retired, 'public')}`,
    ...more,
  });
  const reported = (code: number | null, lines: readonly string[]) => ({
    code,
    troubles: lines.slice(0, -1),
    last: lines.at(-1) ?? '',
  });
  /** As somebody types it. */
  const verifyByCommand = async (more: Record<string, string | undefined> = {}) => {
    const env = settings(more);
    await using program = await startProgram('deploy/tools/verify-audit.ts', { env });
    const { code } = await program.exited;
    await program.line(/\n$/); // What it wrote may come after it ended.
    return reported(code, program.output().trim().split('\n'));
  };
  /** What the command does, in this process. */
  const verify = async (more: Record<string, string | undefined> = {}) => {
    const { audit } = loadAuditConfig(settings(more));
    const lines: string[] = [];
    const isWell = await reportOnAudit({
      pool,
      store: checkpointFile(file),
      publicKeys: audit.publicKeys,
      coverMs: audit.coverMs,
      now: Date.now(),
      say: (line) => void lines.push(line),
    });
    return reported(isWell ? 0 : 1, lines);
  };

  test('ends clean, and says how old the newest checkpoint is', async () => {
    const { code, troubles, last } = await verifyByCommand();
    assert.deepEqual([code, troubles], [0, []]);
    assert.match(
      last,
      /^3 chains, 60 entries verified, 0 broken, 0 not covered; 4 checkpoints verified, 0 bad or missing, the newest is 22\d\d s old$/,
    );
  });

  test('needs public keys alone, in production too', async () => {
    const env = {
      NODE_ENV: 'production',
      AUDIT_SIGNING_KEY: undefined,
      AUDIT_RETIRED_KEYS: `a0:${encoded(retired, 'public')},a1:${encoded(key, 'public')}`,
    };
    assert.equal((await verifyByCommand(env)).code, 0);
    const none = await verifyByCommand({ ...env, AUDIT_RETIRED_KEYS: undefined });
    assert.equal(none.code, 2);
    assert.match(none.last, /AUDIT_SIGNING_KEY must be set/);
  });

  const own = `chain = 'clinic/p0'`;
  const changes: readonly (readonly [string, string | (() => Promise<void>), string])[] = [
    [
      'an edited entry',
      `update audit_entries set detail = '{}' where ${own} and seq = 7`,
      'broken clinic/p0 at 7: edited',
    ],
    [
      'an entry taken out',
      `delete from audit_entries where ${own} and seq = 8`,
      'broken clinic/p0 at 8: missing',
    ],
    [
      'two that changed places',
      `update audit_entries set seq = case seq when 7 then -8 else -7 end where ${own} and seq in (7, 8); update audit_entries set seq = -seq where seq < 0`,
      'broken clinic/p0 at 7: edited',
    ],
    [
      'one put in front of the first',
      `insert into audit_entries select chain, 0, at, actor, action, null, null, subject, detail, hash from audit_entries where ${own} and seq = 1`,
      'broken clinic/p0 at 1: reordered',
    ],
    [
      'a tail cut off',
      `delete from audit_entries where ${own} and seq > 17`,
      'broken clinic/p0 at 18: truncated',
    ],
    [
      'a tail cut off at a checkpoint',
      `delete from audit_entries where ${own} and seq > 15`,
      'broken clinic/p0 at 16: truncated',
    ],
    [
      'a chain rewritten with right hashes from its start',
      async () => rewrite(pool, 'clinic/p0', (entry) => ({ ...entry, actor: 'nobody' })),
      'broken clinic/p0 at 5: rewritten',
    ],
    [
      'a chain rewritten with right hashes behind its first checkpoint',
      async () =>
        rewrite(pool, 'clinic/p0', (entry, seq) => ({
          ...entry,
          detail: seq === 6 ? '{}' : entry.detail,
        })),
      'broken clinic/p0 at 10: rewritten',
    ],
    [
      'a chain deleted whole',
      `delete from audit_entries where ${own}`,
      'broken clinic/p0 at 1: deleted',
    ],
  ];
  for (const [what, change, trouble] of changes) {
    test(`names ${what}`, async () => {
      await tampered(pool, change, async () => {
        const { code, troubles, last } = await verify();
        assert.deepEqual([code, troubles], [1, [trouble]]);
        assert.equal(summary.exec(last)?.[3], '1');
      });
    });
  }

  test('names all chains when the whole trail is gone', async () => {
    await tampered(pool, 'truncate audit_entries', async () => {
      const { code, troubles } = await verifyByCommand();
      assert.equal(code, 1);
      assert.deepEqual(
        troubles.toSorted(),
        chains.map((chain) => `broken ${chain} at 1: deleted`),
      );
    });
  });

  test('names old entries that no checkpoint covers, and lets young ones be', async () => {
    const add = async (minutes: number) =>
      grow(pool, 'clinic/p0', 1, Date.now() - minutes * minuteMs);
    const late = 'uncovered clinic/p0 from 21: in no checkpoint';
    await tampered(
      pool,
      async () => add(14),
      async () => {
        assert.equal((await verify()).code, 0);
        const { code, troubles } = await verify({ AUDIT_COVER_MINUTES: '10' });
        assert.deepEqual([code, troubles], [1, [late]]);
      },
    );
    await tampered(
      pool,
      async () => add(16),
      async () => {
        const { code, troubles, last } = await verify();
        assert.deepEqual([code, troubles, summary.exec(last)?.[4]], [1, [late], '1']);
      },
    );
  });

  /** Changes the file, and puts it back after `look`. */
  async function withFile(
    change: (lines: string[]) => readonly string[],
    look: () => Promise<void>,
  ): Promise<void> {
    const kept = await readFile(file, 'utf8');
    try {
      await writeFile(file, change(kept.split('\n')).join('\n'));
      await look();
    } finally {
      await writeFile(file, kept);
    }
  }

  const fileChanges: readonly (readonly [
    string,
    (lines: string[]) => readonly string[],
    readonly string[],
  ])[] = [
    [
      'a checkpoint taken out of the middle',
      (lines) => lines.toSpliced(1, 1),
      ['checkpoint before batch 3: missing'],
    ],
    [
      'a checkpoint with another head than was signed',
      (lines) => lines.with(2, lines[2]?.replace('"clinic/p0",15', '"clinic/p0",14') ?? ''),
      ['checkpoint line 3: bad-signature', 'checkpoint before batch 4: missing'],
    ],
    [
      'a checkpoint in pieces',
      (lines) => lines.with(2, lines[2]?.slice(0, 99) ?? ''),
      ['checkpoint line 3: unreadable', 'checkpoint before batch 4: missing'],
    ],
    [
      'a cut end, by what it covered',
      (lines) => [...lines.slice(0, 3), lines[3]?.slice(0, 99) ?? ''],
      [
        'checkpoint batch 4: cut',
        ...chains.map((chain) => `uncovered ${chain} from 16: in no checkpoint`),
      ],
    ],
    [
      'a file without lines',
      () => [],
      [
        ...[1, 2, 3, 4].map((number) => `checkpoint batch ${number}: cut`),
        ...chains.map((chain) => `uncovered ${chain} from 1: in no checkpoint`),
      ],
    ],
  ];
  for (const [what, change, expected] of fileChanges) {
    test(`names ${what}`, async () => {
      await withFile(change, async () => {
        const { code, troubles } = await verify();
        assert.deepEqual([code, troubles], [1, expected]);
      });
    });
  }

  test('names a key that it was not told of', async () => {
    const { code, troubles } = await verify({ AUDIT_RETIRED_KEYS: undefined });
    assert.equal(code, 1);
    assert.deepEqual(troubles, [
      'checkpoint line 1: unknown-key',
      'checkpoint before batch 2: missing',
    ]);
    // And does not take the key that everybody has, as long as there is another.
    const forged = { AUDIT_SIGNING_KEY: undefined };
    assert.ok((await verify(forged)).troubles.includes('checkpoint line 2: unknown-key'));
  });

  test('does not take for a loss what a crash left of the last line', async () => {
    await withFile(
      (lines) => [...lines.slice(0, -1), '{"number":5,"before":['],
      async () => assert.deepEqual((await verify()).troubles, []),
    );
  });
});
