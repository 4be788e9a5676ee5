import type { KeyObject } from 'node:crypto';

import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import type { ChainHead } from '../ledger/audit-chain.ts';
import { batchOf, faultOf, type SignatureFault } from './checkpoint-batch.ts';

/**
 * What is wrong with the store itself.
 * - `unreadable`: a line that is no batch: damaged, or not ours;
 * - `unknown-key`: signed with a key that we were not told of;
 * - `bad-signature`: not what was signed;
 * - `missing`: a batch that a later one names is not there;
 * - `cut`: a batch that the database recorded is not there, nor any later one: see checkpoint-records.ts;
 * - `unrecorded`: the database forgot a batch that is there.
 */
export interface StoreFault {
  /** Where, for a person. */
  readonly place: string;
  readonly why: 'unreadable' | 'missing' | 'cut' | 'unrecorded' | SignatureFault;
}

/** Heads whose signature was verified. */
export interface Anchors {
  /** All chains that were ever signed. */
  chains(): Iterable<string>;
  /** The last place of a chain that was signed; 0 if none was. */
  lastSeq(chain: string): number;
  /** Of a chain, those with a `seq` from `first` to `last`. */
  between(chain: string, first: number, last: number): readonly ChainHead[];
}

/** What a store says. */
export interface Checkpoints {
  readonly anchors: Anchors;
  readonly batches: number;
  /** When the newest batch was signed, ms since 1970; null if there is none. */
  readonly newestAt: number | null;
  readonly faults: number;
  /** Whether a batch of this id is in the store, and was verified. */
  readonly has: (id: string) => boolean;
  /** Whether one of the store names it. */
  readonly isNamed: (id: string) => boolean;
  /** Every batch that was verified. */
  readonly all: () => Iterable<{
    readonly id: string;
    readonly number: number;
    readonly at: number;
  }>;
}

const hashBytes = 32;

/**
 * Reads a whole store and verifies it: each batch's signature, and that none is missing of those that others name. 0.3 ms
 * a batch of ten heads, so a year of busy minutes takes 2.5 min; 40 bytes for each head and some 150 for each batch are kept.
 *
 * @throws what `store.read` throws
 */
export async function readCheckpoints(
  store: CheckpointStore,
  publicKeys: ReadonlyMap<string, KeyObject>,
  onFault: (fault: StoreFault) => void,
  signal: AbortSignal,
): Promise<Checkpoints> {
  const found = createAnchors();
  const ids = new Map<string, { readonly number: number; readonly at: number }>();
  const named = new Set<string>();
  /** Named by a batch before they were seen, with the number of who named them. */
  const awaited = new Map<string, number>();
  let newestAt: number | null = null;
  let faults = 0;
  const report = (fault: StoreFault) => {
    faults += 1;
    onFault(fault);
  };
  for await (const { lines } of store.read(null, signal)) {
    for (const { place, text } of lines) {
      const batch = batchOf(text);
      const why = batch === null ? 'unreadable' : faultOf(batch, publicKeys);
      if (batch === null || why !== null) {
        report({ place, why: why ?? 'unreadable' });
        continue;
      }
      const id = compact(batch.id);
      if (ids.has(id)) continue;
      ids.set(id, { number: batch.number, at: batch.at });
      awaited.delete(id);
      for (const before of batch.before.map(compact)) {
        named.add(before);
        if (!ids.has(before)) awaited.set(before, batch.number);
      }
      batch.heads.forEach(found.add);
      newestAt = Math.max(newestAt ?? 0, batch.at);
    }
  }
  for (const number of awaited.values())
    report({ place: `before batch ${number}`, why: 'missing' });
  return {
    anchors: found,
    batches: ids.size,
    newestAt,
    faults,
    has: (id) => ids.has(compact(id)),
    isNamed: (id) => named.has(compact(id)),
    *all() {
      for (const [id, batch] of ids)
        yield { id: Buffer.from(id, 'latin1').toString('hex'), ...batch };
    },
  };
}

/** Heads packed by their chain: as objects they would take ten times the memory. */
function createAnchors(): Anchors & { readonly add: (head: ChainHead) => void } {
  const packed = new Map<string, { seqs: number[]; hashes: Buffer; last: number }>();
  return {
    add({ chain, seq, hash }) {
      let own = packed.get(chain);
      if (own === undefined) {
        own = { seqs: [], hashes: Buffer.alloc(16 * hashBytes), last: 0 };
        packed.set(chain, own);
      }
      const end = own.seqs.length * hashBytes;
      // Processes that sign the same head one after the other, with nothing in between.
      const isKnown =
        own.seqs.at(-1) === seq && own.hashes.subarray(end - hashBytes, end).equals(hash);
      if (isKnown) return;
      if (end === own.hashes.length) own.hashes = Buffer.concat([own.hashes], 2 * end);
      hash.copy(own.hashes, end);
      own.seqs.push(seq);
      own.last = Math.max(own.last, seq);
    },
    chains: () => packed.keys(),
    lastSeq: (chain) => packed.get(chain)?.last ?? 0,
    between(chain, first, last) {
      const own = packed.get(chain);
      if (own === undefined || first > own.last) return [];
      // Not sorted: two processes may have appended a little out of order.
      const heads: ChainHead[] = [];
      for (const [index, seq] of own.seqs.entries()) {
        if (seq < first || seq > last) continue;
        const at = index * hashBytes;
        heads.push({ chain, seq, hash: own.hashes.subarray(at, at + hashBytes) });
      }
      return heads;
    },
  };
}

/** Half as long as in hex, one byte a character. */
function compact(id: string): string {
  return Buffer.from(id, 'hex').toString('latin1');
}
