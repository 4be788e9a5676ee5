import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { AuditEntry, ChainedEntry, Verdict } from '../../persistence/ledger/audit-chain.ts';
import {
  emptyHead,
  extendChain,
  signCheckpoint,
  verifyChain,
  verifyCheckpoint,
} from '../../persistence/ledger/audit-chain.ts';

const chain = 'clinic/p0';
const start = emptyHead(chain);

// Few different texts, so that equal neighbours and text that moves to the next field come up.
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', 'ş', '😀', '\0'), maxLength: 4 }),
  fc.uuid(),
);
const nullable = fc.option(text, { nil: null });
const whole = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 });
const entry: fc.Arbitrary<AuditEntry> = fc.record({
  chain: fc.constant(chain),
  at: whole,
  actor: text,
  action: fc.constantFrom('create', 'transition', 'effect', 'access'),
  caseId: nullable,
  caseSeq: fc.option(fc.nat(), { nil: null }),
  subject: text,
  detail: text,
});
const entries = fc.array(entry, { minLength: 1, maxLength: 12 });
const index = fc.nat();

/** A whole chain and one position in it. */
const chained = fc.tuple(entries, index).map(([all, at]) => ({
  all,
  rows: extendChain(start, all).rows,
  at: at % all.length,
}));

function verdictOf(rows: readonly ChainedEntry[], anchors: readonly ChainedEntry[] = []): Verdict {
  return verifyChain(rows, { from: start, anchors });
}

function renumbered(rows: readonly ChainedEntry[]): ChainedEntry[] {
  return rows.map((row, at) => ({ ...row, seq: at + 1 }));
}

suite('audit chain', () => {
  test('verifies what it made, whole or in pages, and gives the same head', () => {
    fc.assert(
      fc.property(entries, index, (all, cut) => {
        const at = cut % (all.length + 1);
        const whole = extendChain(start, all);
        const one = extendChain(start, all.slice(0, at));
        const other = extendChain(one.head, all.slice(at));
        assert.deepEqual([...one.rows, ...other.rows], whole.rows);
        assert.deepEqual(other.head, whole.head);

        const anchors = whole.rows;
        const page = verifyChain(one.rows, { from: start, anchors, more: true });
        assert.deepEqual(page, { ok: true, head: one.head });
        const rest = verifyChain(other.rows, { from: one.head, anchors });
        assert.deepEqual(rest, { ok: true, head: whole.head });
      }),
    );
  });

  test('hashes the bytes that its docstring says', () => {
    // Made with Python's struct and hashlib.
    const { rows } = extendChain(start, [
      {
        chain,
        at: 1_700_000_000_123,
        actor: 'cases',
        action: 'transition',
        caseId: 'case-1',
        caseSeq: 4,
        subject: 'event-1',
        detail: '{"from":"çay"}',
      },
      {
        chain,
        at: -5,
        actor: 'staff:7',
        action: 'access',
        caseId: null,
        caseSeq: null,
        subject: 'GET /admin/cases',
        detail: '{}',
      },
    ]);
    assert.deepEqual(
      rows.map(({ hash }) => hash.toString('hex')),
      [
        'f443946ac7b73052690a8f51ced75beff18c504d96cf7c40b4b4da355f77930b',
        '8f7312db72238c83e086fc003e2b5234045808cac03cec9d4a46b8f7929aa256',
      ],
    );
  });

  test('finds any edit of any field', () => {
    const edit = fc.oneof(
      fc.record({ at: whole }),
      fc.record({ at: fc.constant(0.5) }),
      fc.record({ chain: text }),
      fc.record({ actor: text }),
      fc.record({ action: text }),
      fc.record({ caseId: nullable }),
      fc.record({ caseSeq: fc.option(fc.nat(), { nil: null }) }),
      fc.record({ subject: text }),
      fc.record({ detail: text }),
      fc.record({
        hash: fc
          .oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 40 }))
          .map((bytes) => Buffer.from(bytes)),
      }),
    );
    fc.assert(
      fc.property(chained, edit, ({ rows, at }, change) => {
        const before = rows[at];
        assert.ok(before);
        const after = { ...before, ...change };
        fc.pre(!isSame(before, after));
        assert.deepEqual(verdictOf(rows.with(at, after)), {
          ok: false,
          seq: at + 1,
          why: 'edited',
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('finds text that moves from one field to the next', () => {
    fc.assert(
      fc.property(chained, ({ rows, at }) => {
        const row = rows[at];
        assert.ok(row);
        fc.pre(row.actor !== '');
        const moved = {
          ...row,
          actor: row.actor.slice(0, -1),
          action: row.actor.slice(-1) + row.action,
        };
        assert.equal(verdictOf(rows.with(at, moved)).ok, false);
      }),
    );
  });

  test('finds any deletion before the end, renumbered or not', () => {
    fc.assert(
      fc.property(chained, ({ rows, at }) => {
        fc.pre(at < rows.length - 1);
        const left = rows.toSpliced(at, 1);
        assert.deepEqual(verdictOf(left), { ok: false, seq: at + 1, why: 'missing' });
        assert.deepEqual(verdictOf(renumbered(left)), { ok: false, seq: at + 1, why: 'edited' });
      }),
    );
  });

  test('finds any two rows exchanged, renumbered or not', () => {
    fc.assert(
      fc.property(chained, index, ({ rows, at }, with_) => {
        const other = with_ % rows.length;
        fc.pre(at !== other);
        const [one, two] = [rows[at], rows[other]];
        assert.ok(one && two);
        const exchanged = rows.with(at, two).with(other, one);
        const seq = Math.min(at, other) + 1;
        assert.deepEqual(verdictOf(exchanged), { ok: false, seq, why: 'reordered' });
        assert.deepEqual(verdictOf(renumbered(exchanged)), { ok: false, seq, why: 'edited' });
      }),
    );
  });

  test('finds anything put in before the end, a copy too', () => {
    fc.assert(
      fc.property(chained, entry, fc.boolean(), ({ rows, at }, forged, isCopy) => {
        const row = rows[at];
        assert.ok(row);
        // The best a forger can do without touching the rest: rightly chained to the row before.
        const before = at === 0 ? start : rows[at - 1];
        assert.ok(before);
        const added = isCopy ? row : extendChain(before, [forged]).rows[0];
        assert.ok(added);
        const more = rows.toSpliced(at, 0, added);
        assert.equal(verdictOf(more).ok, false);
        assert.equal(verdictOf(renumbered(more)).ok, false);
      }),
    );
  });

  test('finds rows cut off at the end if a checkpoint knew them, all of them too', () => {
    fc.assert(
      fc.property(chained, ({ rows, at }) => {
        const anchors = rows.slice(-1);
        assert.equal(verdictOf(rows.slice(0, at)).ok, true);
        assert.deepEqual(verdictOf(rows.slice(0, at), anchors), {
          ok: false,
          seq: at + 1,
          why: 'truncated',
        });
      }),
    );
  });

  test('finds a chain rewritten with all its hashes, from the next checkpoint', () => {
    fc.assert(
      fc.property(chained, index, fc.string(), ({ all, rows, at }, anchorAt, forged) => {
        const anchor = rows[at + (anchorAt % (rows.length - at))];
        const [row] = all.slice(at);
        assert.ok(anchor && row);
        fc.pre(row.detail !== forged);
        const rewritten = extendChain(start, all.with(at, { ...row, detail: forged })).rows;
        assert.equal(verdictOf(rewritten).ok, true);
        assert.deepEqual(verdictOf(rewritten, [anchor]), {
          ok: false,
          seq: anchor.seq,
          why: 'rewritten',
        });
      }),
    );
  });

  test('finds two checkpoints that contradict each other, and a wrong head to start from', () => {
    const { rows, head } = extendChain(start, [sample, sample, sample]);
    const forged = { ...head, hash: Buffer.alloc(32, 1) };
    for (const anchors of [
      [head, forged],
      [forged, head],
    ]) {
      const verdict = verifyChain(rows, { from: start, anchors });
      assert.deepEqual(verdict, { ok: false, seq: 3, why: 'rewritten' });
    }
    const later = verifyChain([], { from: forged, anchors: [head] });
    assert.deepEqual(later, { ok: false, seq: 3, why: 'rewritten' });
    assert.throws(() => verifyChain(rows, { from: start, anchors: [emptyHead('agency/p0')] }));
  });

  test('takes only entries of its own chain, with whole numbers', () => {
    for (const wrong of [
      { chain: 'agency/p0' },
      { at: 0.5 },
      { at: Number.NaN },
      { caseSeq: 1.5 },
    ]) {
      assert.throws(() => extendChain(start, [{ ...sample, ...wrong }]), RangeError);
    }
  });
});

const sample: AuditEntry = {
  chain,
  at: 1,
  actor: 'cases',
  action: 'transition',
  caseId: 'case-1',
  caseSeq: 1,
  subject: 'event-1',
  detail: '{}',
};

suite('checkpoint', () => {
  const old = generateKeyPairSync('ed25519');
  const current = generateKeyPairSync('ed25519');
  const publicKeys = new Map([
    ['current', current.publicKey],
    ['old', old.publicKey],
  ]);
  const { head } = extendChain(start, [sample]);

  test('is verified with the key that signed it, retired or not', () => {
    for (const [keyId, { privateKey }] of [
      ['current', current],
      ['old', old],
    ] as const) {
      const checkpoint = signCheckpoint(head, 1_700_000_000_000, { keyId, key: privateKey });
      assert.equal(verifyCheckpoint(checkpoint, publicKeys), true);
      assert.equal(verifyChain([], { from: head, anchors: [checkpoint] }).ok, true);
    }
  });

  test('is not verified once anything in it was changed', () => {
    const checkpoint = signCheckpoint(head, 1, { keyId: 'old', key: old.privateKey });
    const changes = [
      { chain: 'clinic/p1' },
      { seq: 2 },
      { seq: 0.5 },
      { hash: Buffer.alloc(32) },
      { hash: Buffer.alloc(0) },
      { hash: Buffer.concat([head.hash, Buffer.alloc(1)]) },
      { at: 2 },
      { keyId: 'current' },
      { keyId: 'unknown' },
      { signature: Buffer.alloc(64) },
      { signature: Buffer.alloc(0) },
    ];
    for (const change of changes) {
      assert.equal(verifyCheckpoint({ ...checkpoint, ...change }, publicKeys), false);
    }
  });
});

function isSame(one: ChainedEntry, other: ChainedEntry): boolean {
  const plain = (row: ChainedEntry) => JSON.stringify({ ...row, hash: row.hash.toString('hex') });
  return plain(one) === plain(other);
}
