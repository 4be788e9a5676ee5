import type { KeyObject } from 'node:crypto';
import { hash } from 'node:crypto';

import * as v from 'valibot';

import {
  signCheckpoint,
  verifyCheckpoint,
  type ChainHead,
  type SigningKey,
} from '../ledger/audit-chain.ts';

/** The heads of some chains at one time. */
export interface Heads {
  /** One more than the highest in `before`; 1 if there is none. */
  readonly number: number;
  /** The ids of all batches that no other batch named yet: usually one, after two processes signed at once both of theirs. */
  readonly before: readonly string[];
  /** When it was signed, in whole ms since 1970. */
  readonly at: number;
  /** Of chains that moved. None in the batch that only says that we are still looking. */
  readonly heads: readonly ChainHead[];
}

/**
 * Heads, signed together: one signature costs as much as 60 hashes. Each batch names the ones before it by their hash, as
 * a commit does, so none can be taken out of the middle. What is cut off at the end the database tells, which records each (checkpoint-records.ts).
 */
export interface CheckpointBatch extends Heads {
  /** SHA-256 over the rest but the signature, in hex. */
  readonly id: string;
  readonly keyId: string;
  readonly signature: Buffer;
}

/** Why a batch proves nothing. */
export type SignatureFault = 'unknown-key' | 'bad-signature';

/** The batches are a chain themselves, and each signature is a checkpoint of it. Chains of the audit trail have a `/`. */
const batches = 'checkpoints';
const domain = 'audit checkpoints v1';

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Line = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({
    number: Whole,
    before: v.array(Digest),
    at: Whole,
    /** Chain, seq, hash. */
    heads: v.array(v.strictTuple([v.string(), Whole, Digest])),
    key: v.string(),
    signature: v.pipe(v.string(), v.base64()),
  }),
);

/** Signs heads. 80 µs for ten. */
export function signBatch(heads: Heads, key: SigningKey): CheckpointBatch {
  const digest = digestOf(heads);
  const head = { chain: batches, seq: heads.number, hash: digest };
  const { keyId, signature } = signCheckpoint(head, heads.at, key);
  return { ...heads, id: digest.toString('hex'), keyId, signature };
}

/** Null if one of our keys signed this very batch. `publicKeys` are by their id; those retired belong in it too. 90 µs. */
export function faultOf(
  { number, id, at, keyId, signature }: CheckpointBatch,
  publicKeys: ReadonlyMap<string, KeyObject>,
): SignatureFault | null {
  if (!publicKeys.has(keyId)) return 'unknown-key';
  const head = { chain: batches, seq: number, hash: Buffer.from(id, 'hex') };
  const isTrue = verifyCheckpoint({ ...head, at, keyId, signature }, publicKeys);
  return isTrue ? null : 'bad-signature';
}

/** A batch as JSON, without a line break. */
export function lineOf({ number, before, at, heads, keyId, signature }: CheckpointBatch): string {
  return JSON.stringify({
    number,
    before,
    at,
    heads: heads.map(written),
    key: keyId,
    signature: signature.toString('base64'),
  });
}

/** A batch from its line, its id computed anew; null if the line is no batch. Whether it was signed is not looked at. */
export function batchOf(line: string): CheckpointBatch | null {
  const parsed = v.safeParse(Line, line);
  if (!parsed.success) return null;
  const { key: keyId, signature, heads: read, ...rest } = parsed.output;
  const heads = read.map(([chain, seq, hex]) => ({ chain, seq, hash: Buffer.from(hex, 'hex') }));
  const unsigned = { ...rest, heads };
  const id = digestOf(unsigned).toString('hex');
  return { ...unsigned, id, keyId, signature: Buffer.from(signature, 'base64') };
}

/** Over JSON of fixed shape, so that no two batches give the same bytes. */
function digestOf({ number, before, at, heads }: Heads): Buffer {
  const text = JSON.stringify([domain, number, before, at, heads.map(written)]);
  return hash('sha256', text, 'buffer');
}

function written({ chain, seq, hash: digest }: ChainHead): readonly [string, number, string] {
  return [chain, seq, digest.toString('hex')];
}
