import { LRUCache } from 'lru-cache';
import type pg from 'pg';

import { ExpectedError } from '../../actors/errors.ts';
import { bytea, list, statement, text, uuid, type RowsOf } from '../database/statement.ts';
import { isStorable } from '../database/storable.ts';
import type { DataKey } from './cipher.ts';
import { KeyUnreadable } from './errors.ts';
import type { Keyring, NewDataKey } from './keyring.ts';

/** A case's key and whose case it is. */
export interface CaseKey extends DataKey {
  readonly tenant: string;
}

/** What became of the keys that were asked for. A case in neither map was never opened, or is erased. */
export interface LoadedKeys {
  readonly known: ReadonlyMap<string, CaseKey>;
  readonly broken: ReadonlyMap<string, KeyUnreadable>;
}

/** Cases' data keys as this process knows them: unwrapped, bounded in number and age. */
export interface DataKeys {
  /** Without asking anybody; undefined if it is not known here. */
  known(caseId: string): CaseKey | undefined;
  /**
   * Makes known what the database has of these, in one statement. A key that cannot be unwrapped is answered as broken
   * and harms none of the others; it is asked for anew each time, so that a repaired one is found at once.
   *
   * Rejects with what the database or a keyring on another machine rejects with for now.
   */
  load(caseIds: Iterable<string>): Promise<LoadedKeys>;
  mint(tenant: string, caseId: string): Promise<NewDataKey>;
  remember(caseId: string, key: CaseKey): void;
  forget(caseId: string): void;
}

/** Unwrapped keys kept: about 300 bytes each. */
const keysKept = 50_000;
/** An erased case can be read by a running process for as long as this, and no longer. */
const keptMs = 5 * 60 * 1_000;

const keysOf = statement('keys_of', {
  takes: { caseIds: list(text) },
  gives: { caseId: text, tenant: text, keyId: uuid, wrapped: bytea },
  sql: ({ caseIds }, columns) =>
    `select ${columns()} from data_keys where case_id = any(${caseIds})`,
});

export function createDataKeys(pool: pg.Pool, keyring: Keyring): DataKeys {
  const kept = new LRUCache<string, CaseKey>({ max: keysKept, ttl: keptMs });

  async function unwrapped(row: RowsOf<typeof keysOf>): Promise<CaseKey> {
    const { caseId, tenant, keyId, wrapped } = row;
    const key = { ...(await keyring.unwrap(tenant, caseId, wrapped)), tenant };
    // Nothing that is encrypted with it could be stored, because the row's id is what an append compares.
    if (key.keyId !== keyId) throw new KeyUnreadable(tenant, caseId);
    return key;
  }

  return {
    known: (caseId) => kept.get(caseId),
    async load(caseIds) {
      const known = new Map<string, CaseKey>();
      const broken = new Map<string, KeyUnreadable>();
      const wanted: string[] = [];
      for (const caseId of new Set(caseIds)) {
        const key = kept.get(caseId);
        if (key) known.set(caseId, key);
        else if (isStorable(caseId)) wanted.push(caseId);
      }
      if (wanted.length === 0) return { known, broken };
      for (const row of await keysOf(pool, { caseIds: wanted })) {
        const { tenant, caseId } = row;
        try {
          const key = await unwrapped(row);
          kept.set(caseId, key);
          known.set(caseId, key);
        } catch (cause) {
          if (!(cause instanceof ExpectedError) || cause.retryable) throw cause;
          broken.set(caseId, new KeyUnreadable(tenant, caseId, { cause }));
        }
      }
      return { known, broken };
    },
    mint: async (tenant, caseId) => keyring.newDataKey(tenant, caseId),
    remember: (caseId, key) => kept.set(caseId, key),
    forget: (caseId) => void kept.delete(caseId),
  };
}
