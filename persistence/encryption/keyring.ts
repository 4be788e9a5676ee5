import type { KeyObject } from 'node:crypto';
import { createSecretKey, hkdfSync, randomBytes, randomUUID } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { DataKey, Place } from './cipher.ts';
import { decryptBytes, encrypt } from './cipher.ts';
import { KeyMissing, CiphertextBroken } from './errors.ts';

/** A key from which each tenant's own keys are derived. `id` is 1 to 64 of `A-Z a-z 0-9 . _ -`, `key` is 32 bytes. */
export interface RootKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** A new data key, and its wrapped form: the only one that may be stored. */
export interface NewDataKey extends DataKey {
  readonly wrapped: Buffer;
}

/**
 * Makes and unwraps data keys. The wrapped form names its root key and its data key and is bound to tenant and case.
 * A keyring on another machine answers with promises, so callers await, and keep unwrapped keys for at most 5 minutes.
 * Destroying every copy of the wrapped form destroys what the key encrypted.
 */
export interface Keyring {
  newDataKey(tenant: string, caseId: string): NewDataKey | Promise<NewDataKey>;

  /**
   * @throws {KeyMissing} wrapped under a root key that this keyring does not have
   * @throws {CiphertextBroken} changed, or wrapped for another tenant or case
   */
  unwrap(tenant: string, caseId: string, wrapped: Buffer): DataKey | Promise<DataKey>;

  /**
   * Wraps the same data key under the newest root key; gives `wrapped` itself back if it already is. The id stays, so
   * what it encrypted opens as before.
   *
   * @throws {KeyMissing} wrapped under a root key that this keyring does not have
   * @throws {CiphertextBroken} changed, or wrapped for another tenant or case
   */
  rewrap(tenant: string, caseId: string, wrapped: Buffer): Buffer | Promise<Buffer>;
}

/** A keyring that answers at once. */
export interface LocalKeyring extends Keyring {
  newDataKey(tenant: string, caseId: string): NewDataKey;
  unwrap(tenant: string, caseId: string, wrapped: Buffer): DataKey;
  rewrap(tenant: string, caseId: string, wrapped: Buffer): Buffer;
}

interface Wrapping {
  readonly rootId: string;
  readonly keyId: string;
  readonly encrypted: Buffer;
}

const keyBytes = 32;
const idBytes = 16;
const version = 1;
const where = 'data_keys.wrapped';

/** Tenants whose wrapping key is kept derived; deriving one takes 16 µs. */
const tenantsKept = 10_000;

/**
 * A keyring over root keys that this process holds, newest first: the first wraps, all unwrap. To rotate, put a new
 * key in front, rewrap every stored key, then take the old one out.
 * Wrapped form: `version(1) | root id length(1) | root id | data key id(16) | encrypted data key(62)`.
 *
 * 8 µs a new key, 5 µs an unwrap.
 *
 * @throws {RangeError} no key, a key that is not of 32 bytes, or an id that is malformed or given twice
 */
export function createLocalKeyring(rootKeys: readonly RootKey[]): LocalKeyring {
  const derived = new Map<string, LRUCache<string, DataKey>>();
  const roots = new Map<string, KeyObject>();
  for (const { id, key } of rootKeys) {
    if (!/^[\w.-]{1,64}$/.test(id)) throw new RangeError('A root key has a malformed id');
    if (roots.has(id)) throw new RangeError(`Root key ${id} is given twice`);
    if (key.length !== keyBytes) throw new RangeError(`Root key ${id} is not of ${keyBytes} bytes`);
    roots.set(id, createSecretKey(key));
    derived.set(id, new LRUCache({ max: tenantsKept }));
  }
  const newest = rootKeys[0];
  if (newest === undefined) throw new RangeError('A keyring needs at least one root key');

  const tenantKey = (rootId: string, tenant: string): DataKey => {
    const root = roots.get(rootId);
    if (root === undefined) throw new KeyMissing(rootId);
    const kept = derived.get(rootId)?.get(tenant);
    if (kept !== undefined) return kept;
    const bytes = Buffer.from(hkdfSync('sha256', root, '', `tenant:${tenant}`, keyBytes));
    const made: DataKey = { keyId: rootId, key: createSecretKey(bytes) };
    bytes.fill(0);
    derived.get(rootId)?.set(tenant, made);
    return made;
  };

  const wrap = (tenant: string, caseId: string, keyId: string, key: Buffer): Buffer => {
    const encrypted = encrypt(tenantKey(newest.id, tenant), place(tenant, caseId, keyId), key);
    const head = Buffer.from([version, newest.id.length]);
    return Buffer.concat([head, Buffer.from(newest.id, 'latin1'), bytesOf(keyId), encrypted]);
  };

  /** The data key's own bytes: ours to wipe. */
  const unwrapBytes = (tenant: string, caseId: string, wrapping: Wrapping): Buffer => {
    const { rootId, keyId, encrypted } = wrapping;
    const key = decryptBytes(tenantKey(rootId, tenant), place(tenant, caseId, keyId), encrypted);
    if (key.length !== keyBytes) throw new CiphertextBroken(where, 'form');
    return key;
  };

  return {
    newDataKey(tenant, caseId) {
      const keyId = randomUUID();
      const bytes = randomBytes(keyBytes);
      const key = createSecretKey(bytes);
      const wrapped = wrap(tenant, caseId, keyId, bytes);
      bytes.fill(0);
      return { keyId, key, wrapped };
    },

    unwrap(tenant, caseId, wrapped) {
      const wrapping = wrappingOf(wrapped);
      const bytes = unwrapBytes(tenant, caseId, wrapping);
      const key = createSecretKey(bytes);
      bytes.fill(0);
      return { keyId: wrapping.keyId, key };
    },

    rewrap(tenant, caseId, wrapped) {
      const wrapping = wrappingOf(wrapped);
      const bytes = unwrapBytes(tenant, caseId, wrapping);
      const again =
        wrapping.rootId === newest.id ? wrapped : wrap(tenant, caseId, wrapping.keyId, bytes);
      bytes.fill(0);
      return again;
    },
  };
}

/**
 * The root key that a wrapped data key needs, so that a rotation can tell what is left to do.
 *
 * @throws {CiphertextBroken} not a wrapped data key
 */
export function rootKeyIdOf(wrapped: Buffer): string {
  return wrappingOf(wrapped).rootId;
}

// The data key's id takes the place of the row and the root key's id that of the key: both are bound by `encrypt`.
function place(tenant: string, caseId: string, keyId: string): Place {
  return { tenant, caseId, table: 'data_keys', column: 'wrapped', row: keyId };
}

function wrappingOf(wrapped: Buffer): Wrapping {
  const idAt = 2 + (wrapped[1] ?? 0);
  if (wrapped[0] !== version || wrapped.length < idAt + idBytes) {
    throw new CiphertextBroken(where, 'form');
  }
  return {
    rootId: wrapped.toString('latin1', 2, idAt),
    keyId: uuidOf(wrapped.toString('hex', idAt, idAt + idBytes)),
    encrypted: wrapped.subarray(idAt + idBytes),
  };
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
