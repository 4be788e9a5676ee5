import { randomUUID } from 'node:crypto';

import type pg from 'pg';

import type {
  CaseCommit,
  Commit,
  HistoryEntry,
  Leases,
  Ledger,
  NewEffect,
  NewEvent,
} from '../../actors/kernel/ports.ts';
import { createLeases } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { asApplication } from '../support/postgres.ts';

/** A ledger as one process has it: a pool, caches and audit heads of its own over a shared database. */
export interface LedgerProcess extends AsyncDisposable {
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly pool: pg.Pool;
}

export const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };
const digestKey = Buffer.alloc(32, 9);

/** Works as the application's role; its `pool` is the owner's, who may look at and change anything. Ended by `await using`. */
export function openLedger(url: string, max = 4): LedgerProcess {
  const [pool, working] = [createPool({ url, max }), createPool({ url: asApplication(url), max })];
  const keys = createDataKeys(working, createLocalKeyring([rootKey]));
  return {
    pool,
    ledger: createLedger({ pool: working, keys, digestKey }),
    leases: createLeases(working),
    [Symbol.asyncDispose]: async () => void (await Promise.all([pool.end(), working.end()])),
  };
}

export const tenant = 'clinic';
export const partition = 0;
/** Whole ms, as `Date.now()` gives them; not a multiple of a second, so that rounding would show. */
export const at = 1_795_424_461_789;

/** A case id nobody else uses. */
export const newCaseId = () => `case-${randomUUID()}`;

/** An event that opens its case, unless told otherwise. */
export function event(caseId: string, more: Partial<NewEvent> = {}): NewEvent {
  const body = more.body ?? JSON.stringify({ event: { type: 'message' } });
  return {
    tenant,
    caseId,
    partition,
    source: 'test',
    dedupeKey: randomUUID(),
    topic: 'events',
    type: 'message',
    body,
    content: body,
    opens: true,
    traceparent: null,
    ...more,
  };
}

export function historyEntry(seq: number, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    seq,
    at,
    kind: 'event',
    subject: randomUUID(),
    type: 'message',
    disposition: 'applied',
    reason: null,
    stateBefore: seq === 1 ? null : '"waiting"',
    stateAfter: '"waiting"',
    effects: [],
    ...more,
  };
}

export function effect(caseId: string, more: Partial<NewEffect> = {}): NewEffect {
  return {
    effectId: `${caseId}.${randomUUID()}`,
    name: 'search',
    port: 'flights',
    kind: 'invoke',
    resolution: 'key',
    inOrder: false,
    needs: null,
    input: '{"to":"IST"}',
    cancelled: false,
    traceparent: null,
    ...more,
  };
}

/** One activation that brings a case from `expectedSeq` to one more. */
export function stepped(caseId: string, more: Partial<CaseCommit> = {}): CaseCommit {
  const expectedSeq = more.expectedSeq ?? 0;
  const seq = more.seq ?? expectedSeq + 1;
  return {
    tenant,
    caseId,
    partition,
    expectedSeq,
    seq,
    machine: 'case',
    version: '1',
    status: 'active',
    state: '"waiting"',
    stateChanged: expectedSeq === 0,
    tags: [],
    wakeAt: null,
    envelope: JSON.stringify({ seq }),
    history: [historyEntry(seq)],
    effects: [],
    abandoned: [],
    ...more,
  };
}

/** A commit of the worker `owner`, which holds `epoch` of the one partition these tests use. */
export function commitOf(
  worker: { readonly owner: string; readonly epoch: number },
  more: Partial<Commit> = {},
): Commit {
  return {
    owner: worker.owner,
    leases: [{ partition, epoch: worker.epoch }],
    cases: [],
    consumed: [],
    deadLetters: [],
    parked: [],
    at,
    ...more,
  };
}

/** The outcome event of an effect, as the kernel makes it. */
export function outcomeEvent(
  caseId: string,
  effectId: string,
  more: Partial<NewEvent> = {},
): NewEvent {
  return event(caseId, {
    source: 'effect',
    dedupeKey: effectId,
    topic: 'effects.settled',
    type: 'search.done',
    body: JSON.stringify({ outcome: { effectId, ok: true, value: null } }),
    opens: false,
    ...more,
  });
}
