import type pg from 'pg';

import type { DataKey } from './cipher.ts';
import type { Keyring, NewDataKey } from './keyring.ts';
import { keysOf } from './ledger/append.ts';
import { createLru } from './lru.ts';

/** A case's key and whose case it is. */
export interface CaseKey extends DataKey {
  readonly tenant: string;
}

/** Cases' data keys as this process knows them: unwrapped, bounded in number and age. */
export interface DataKeys {
  /** Without asking anybody; undefined if it is not known here. */
  known(caseId: string): CaseKey | undefined;
  /** Makes known what the database has of these, in one statement. A case without a key was never opened, or is erased. */
  load(caseIds: Iterable<string>): Promise<void>;
  mint(tenant: string, caseId: string): Promise<NewDataKey>;
  remember(caseId: string, key: CaseKey): void;
  forget(caseId: string): void;
}

/** Unwrapped keys kept: about 300 bytes each. */
const keysKept = 50_000;
/** An erased case can be read by a running process for as long as this, and no longer. */
const keptMs = 5 * 60 * 1_000;

export function createDataKeys(pool: pg.Pool, keyring: Keyring): DataKeys {
  const kept = createLru<string, CaseKey>({
    capacity: keysKept,
    ttlMs: keptMs,
    now: () => performance.now(),
  });
  return {
    known: (caseId) => kept.get(caseId),
    async load(caseIds) {
      const wanted = [...new Set(caseIds)].filter((caseId) => !kept.get(caseId));
      if (wanted.length === 0) return;
      for (const { case_id: caseId, tenant, wrapped } of await keysOf(pool, [wanted])) {
        kept.set(caseId, { ...(await keyring.unwrap(tenant, caseId, wrapped)), tenant });
      }
    },
    mint: async (tenant, caseId) => keyring.newDataKey(tenant, caseId),
    remember: (caseId, key) => kept.set(caseId, key),
    forget: (caseId) => void kept.delete(caseId),
  };
}
