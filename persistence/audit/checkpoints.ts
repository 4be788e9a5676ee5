import { createPublicKey, type KeyObject } from 'node:crypto';
import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import type { ChainHead, SigningKey } from '../ledger/audit-chain.ts';
import { batchOf, faultOf, lineOf, signBatch, type CheckpointBatch } from './checkpoint-batch.ts';
import type { StoreFault } from './checkpoint-reader.ts';
import { newestRecords, record, type CheckpointRecord } from './checkpoint-records.ts';
import { auditHeads } from './statements.ts';

/**
 * Why a chain's head is not signed: it no longer continues what was signed before.
 * - `deleted`: no row is left; `truncated`: it ends before;
 * - `missing`: the signed row is not there, but later ones are; `rewritten`: it is another.
 */
export interface HeadTrouble {
  readonly chain: string;
  /** The place that was signed. */
  readonly seq: number;
  readonly why: 'deleted' | 'truncated' | 'missing' | 'rewritten';
}

/** What a round did. */
export interface CheckpointRound {
  /** Heads that were signed. */
  readonly signed: number;
  readonly chains: readonly HeadTrouble[];
  /** In lines of the store that were not read before, and as long as they are missing, batches that were cut off its end. */
  readonly store: readonly StoreFault[];
}

export interface CheckpointerOptions {
  readonly pool: pg.Pool;
  readonly store: CheckpointStore;
  readonly signingKey: SigningKey;
  /** Of all other keys that ever signed into the store, by their id. */
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** 0 to 1, without 1. */
  readonly random: () => number;
  /** After each round that did not fail; what it says in `chains` it says again each time until somebody sees to it. */
  readonly onRound?: (round: CheckpointRound) => void;
  /** A round that failed. The next one does its work. */
  readonly onFailure?: (error: unknown) => void;
  /** From one round of `run` to the next, give or take a tenth. A minute if absent. */
  readonly everyMs?: number;
}

/** Signs where the chains of the audit trail end, so that their past cannot be changed with their hashes. */
export interface Checkpointer {
  /**
   * Signs the heads of all chains that moved since anybody last signed them, and resolves when the store has them. What
   * does not continue what was signed is told of and not signed. One round at a time; other processes do not disturb.
   *
   * The first round reads the whole store: 0.3 ms a batch of ten heads, most of it the signature's, in steps of 5 ms.
   *
   * @throws {ProviderBusy} {ProviderUnreachable} the store; or what the database throws. The next round makes up for it.
   */
  round(signal: AbortSignal): Promise<CheckpointRound>;
  /** A round each minute until `signal` aborts, and a last one then, so that what is drained is signed. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

const minuteMs = 60_000;
/** A round that takes longer is given up; the first one of an old store goes on where it stopped. */
const roundMs = 50_000;
/** A process has 9 s to drain. */
const lastRoundMs = 5_000;
/** So that the newest checkpoint's age says something where nothing happens either. */
const heartbeatMs = 60 * minuteMs;
/** Lines read without letting others go on: 5 ms. */
const stepLines = 16;
/** Of one batch, which is one line. */
const batchHeads = 1_000;
/** Two processes at once leave two; of more, the rest waits for the next batch. */
const mostBefore = 64;

/** Newest batches that the database is asked for, and the store has to have. */
const recordsHeld = 64;
/** Ids of batches that are kept to compare with those. */
const idsKept = 1_024;

/**
 * A checkpointer over all chains of a database. What was signed it knows from the store, and that nothing was cut off the
 * store's end from the database, which records each batch once the store has it. A cut batch is named by the next one
 * that is signed, so that it stays missing for everybody who reads the store.
 */
export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { pool, store, signingKey, now, random } = options;
  const { onRound, onFailure, everyMs = minuteMs } = options;
  const own = createPublicKey(signingKey.key);
  const publicKeys = new Map(options.publicKeys).set(signingKey.keyId, own);
  /** By chain: the furthest head that was signed. */
  const signed = new Map<string, ChainHead>();
  /** Batches that no other named yet: id and number. */
  const leaves = new Map<string, number>();
  /** Ids of the batches that were read or written last, and of those that they name. */
  const seen = new Set<string>();
  const named = new Set<string>();
  const recorded = new Set<string>();
  const told = new Set<string>();
  /** Where reading starts: in front of the last page, so that each round sees whether that is still there. */
  let start: string | null = null;
  let tail = new Set<string>();
  let newestAt = Number.NEGATIVE_INFINITY;

  /** Twice in a row leaves all as after the first time, if those that name it are repeated too. */
  function keep(batch: CheckpointBatch): void {
    for (const head of batch.heads) {
      if (head.seq > (signed.get(head.chain)?.seq ?? 0)) signed.set(head.chain, head);
    }
    leaves.set(batch.id, batch.number);
    batch.before.forEach((id) => leaves.delete(id));
    newestAt = Math.max(newestAt, batch.at);
  }

  function see({ id, before }: CheckpointBatch): void {
    addBounded(seen, id);
    before.forEach((one) => addBounded(named, one));
  }

  async function catchUp(signal: AbortSignal): Promise<StoreFault[]> {
    const faults: StoreFault[] = [];
    const expected = tail;
    tail = new Set();
    let read: string | null = null;
    for await (const page of store.read(start, signal)) {
      if (read !== null) {
        start = read;
        tail = new Set();
      }
      for (const [index, { place, text }] of page.lines.entries()) {
        if (index % stepLines === 0) await breathe(); // Others of this process have deadlines.
        const batch = batchOf(text);
        const why = batch === null ? 'unreadable' : faultOf(batch, publicKeys);
        if (batch !== null && why === null) {
          keep(batch);
          see(batch);
          tail.add(batch.id);
          expected.delete(batch.id);
        } else if (faults.length < batchHeads && !told.has(place)) {
          told.add(place);
          faults.push({ place, why: why ?? 'unreadable' });
        }
      }
      read = page.cursor;
    }
    for (const id of expected) seen.delete(id); // It was there, and is not any more.
    return faults;
  }

  async function append(
    heads: readonly ChainHead[],
    cut: readonly CheckpointRecord[],
    signal: AbortSignal,
  ): Promise<void> {
    const ends = new Map([...leaves, ...cut.map(({ id, number }) => [id, number] as const)]);
    const before = [...ends].toSorted(([, one], [, other]) => other - one).slice(0, mostBefore);
    const number = (before[0]?.[1] ?? 0) + 1;
    const ids = before.map(([id]) => id);
    const batch = signBatch({ number, before: ids, at: now(), heads }, signingKey);
    await store.append({ number, id: batch.id, text: lineOf(batch) }, signal);
    keep(batch);
    see(batch);
    tail.add(batch.id);
    await recordLeaves();
  }

  /** Also what another process signed and did not come to record. */
  async function recordLeaves(): Promise<void> {
    const fresh = [...leaves].flatMap(([id, number]) => (recorded.has(id) ? [] : [{ id, number }]));
    await record(pool, fresh);
    fresh.forEach(({ id }) => recorded.add(id));
    for (const id of recorded) if (!leaves.has(id)) recorded.delete(id);
  }

  async function round(signal: AbortSignal): Promise<CheckpointRound> {
    // Before the store is read: what is recorded by now, it has.
    const records = await newestRecords(pool, recordsHeld);
    // The store before the chains: what is signed in it was in the database before we look there.
    const faults = await catchUp(signal);
    const gone = records.filter(({ id }) => !seen.has(id));
    for (const { id, number } of gone)
      faults.push({ place: `batch ${number}`, why: named.has(id) ? 'missing' : 'cut' });
    await recordLeaves();
    let unnamed = gone.filter(({ id }) => !named.has(id));
    const known = [...signed.values()];
    const rows = await auditHeads(pool, { signed: known });
    const troubles: HeadTrouble[] = [];
    const moved: ChainHead[] = [];
    for (const { chain, seq, hash, signedHash: standing } of rows) {
      const last = signed.get(chain) ?? null;
      const head = seq === null || hash === null ? null : { chain, seq: Number(seq), hash };
      const why = last === null ? null : troubleOf(last, head, standing);
      if (last !== null && why !== null) troubles.push({ chain, seq: last.seq, why });
      else if (head !== null && head.seq > (last?.seq ?? 0)) moved.push(head);
    }
    for (let at = 0; at < moved.length; at += batchHeads) {
      await append(moved.slice(at, at + batchHeads), unnamed, signal);
      unnamed = [];
    }
    if (moved.length === 0 && now() - newestAt >= heartbeatMs) await append([], unnamed, signal);
    return { signed: moved.length, chains: troubles, store: faults };
  }

  async function tryRound(signal: AbortSignal, stopping: AbortSignal | null): Promise<void> {
    try {
      const done = await round(signal);
      onRound?.(done);
    } catch (error) {
      // The last round does what the end interrupted.
      if (stopping?.aborted !== true) onFailure?.(error);
    }
  }

  return {
    round,
    async run(signal) {
      while (!signal.aborted) {
        await tryRound(AbortSignal.any([signal, AbortSignal.timeout(roundMs)]), signal);
        // So that processes that started together do not go on signing together.
        await pause(everyMs * (0.9 + 0.2 * random()), signal);
      }
      await tryRound(AbortSignal.timeout(lastRoundMs), null);
    },
  };
}

function addBounded(ids: Set<string>, id: string): void {
  ids.delete(id);
  ids.add(id);
  if (ids.size > idsKept) ids.delete(ids.values().next().value as string);
}

function troubleOf(
  last: ChainHead,
  head: ChainHead | null,
  standing: Buffer | null,
): HeadTrouble['why'] | null {
  if (head === null) return 'deleted';
  if (head.seq < last.seq) return 'truncated';
  if (standing === null) return 'missing';
  return standing.equals(last.hash) ? null : 'rewritten';
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Aborted: there is no other way for it to fail.
  }
}
