import { createHmac, randomUUID, randomUUIDv7 } from 'node:crypto';

import type pg from 'pg';

import type { ContactCase, ContactKey, Directory } from '../actors/ports/directory.ts';
import { byteaArray, textArray, uuidArray } from './array-codec.ts';
import type { BlindIndex } from './blind-index.ts';
import { seal } from './cipher.ts';
import type { DataKeys } from './data-keys.ts';
import { NotIndexable } from './errors.ts';
import type { Keyring } from './keyring.ts';
import {
  addContacts,
  findContacts,
  learnUsers,
  parkDeliveries,
  releaseNumbers,
  renewContacts,
  tenantsByAccount,
  upsertTenant,
} from './ledger/directory.ts';

export interface DirectoryOptions {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  readonly keyring: Keyring;
  readonly blindIndex: BlindIndex;
  /** As the ledger's. */
  readonly digestKey: Buffer;
}

/** A tenant as it is set up: one WhatsApp number each, for now. */
export interface TenantSetup {
  readonly tenant: string;
  readonly name: string;
  /** Meta's phone number id. */
  readonly whatsappAccount: string;
}

/** Whose key parks what belongs to no tenant. */
const nobody = '-';
/** Looks at most: find, add, and find again where another process added first. */
const maxLooks = 3;

export function createDirectory({
  pool,
  keys,
  keyring,
  blindIndex,
  digestKey,
}: DirectoryOptions): Directory & {
  setUpTenant(setup: TenantSetup): Promise<void>;
} {
  /** What cannot be looked up counts as absent: one such sender must not stop the batch it is in. */
  function indexOf(tenant: string, kind: 'user' | 'phone', value: string | null): Buffer | null {
    if (!value) return null;
    try {
      return blindIndex.of(tenant, kind, value);
    } catch (error) {
      if (error instanceof NotIndexable) return null;
      throw error;
    }
  }

  interface Asked {
    readonly ordinal: number;
    readonly tenant: string;
    readonly tenantName: string;
    readonly userIndex: Buffer | null;
    readonly phoneIndex: Buffer | null;
  }

  /** One look. Answers what it could not place: contacts that were added or renewed just now. */
  async function look(asked: readonly Asked[], found: (ContactCase | null)[]): Promise<Asked[]> {
    const rows = await findContacts(pool, [
      textArray(asked.map((a) => a.tenant)),
      byteaArray(asked.map((a) => a.userIndex)),
      byteaArray(asked.map((a) => a.phoneIndex)),
    ]);
    const missing: Asked[] = [];
    const over: { ask: Asked; contactId: string; caseId: string }[] = [];
    const learned: { contactId: string; userIndex: Buffer }[] = [];
    for (const {
      ordinal,
      tenant,
      contact_id: contactId,
      case_id: caseId,
      opened,
      stale,
      knows_user: knowsUser,
    } of rows) {
      const ask = asked[ordinal - 1] as Asked;
      if (contactId === null || caseId === null) missing.push(ask);
      else if (stale) over.push({ ask, contactId, caseId });
      else found[ask.ordinal] = { tenant, tenantName: ask.tenantName, caseId, opened };
      if (contactId !== null && !knowsUser && ask.userIndex)
        learned.push({ contactId, userIndex: ask.userIndex });
    }
    if (missing.length > 0) {
      await releaseNumbers(pool, [
        textArray(missing.map((a) => a.tenant)),
        byteaArray(missing.map((a) => a.userIndex)),
        byteaArray(missing.map((a) => a.phoneIndex)),
      ]);
      // The same newcomer may stand twice in one batch: the second row meets the unique index and is dropped.
      await addContacts(pool, [
        uuidArray(missing.map(() => randomUUIDv7())),
        textArray(missing.map((a) => a.tenant)),
        byteaArray(missing.map((a) => a.userIndex)),
        byteaArray(missing.map((a) => a.phoneIndex)),
        textArray(missing.map(() => randomUUID())),
      ]);
    }
    if (over.length > 0) {
      await renewContacts(pool, [
        uuidArray(over.map((o) => o.contactId)),
        textArray(over.map((o) => o.caseId)),
        textArray(over.map(() => randomUUID())),
      ]);
    }
    if (learned.length > 0) {
      await learnUsers(pool, [
        uuidArray(learned.map((l) => l.contactId)),
        byteaArray(learned.map((l) => l.userIndex)),
      ]).catch((error: unknown) => {
        // Another process taught somebody the same id a moment ago. Who is left without it shows it again.
        if ((error as { code?: string }).code !== '23505') throw error;
      });
    }
    return [...missing, ...over.map(({ ask }) => ask)];
  }

  return {
    async casesOf(contacts: readonly ContactKey[]) {
      const found: (ContactCase | null)[] = contacts.map(() => null);
      const accounts = await tenantsByAccount(pool, [
        textArray([...new Set(contacts.map(({ account }) => account))]),
      ]);
      const tenants = new Map(accounts.map((row) => [row.account, row]));
      let left = contacts.flatMap(({ account, userId, phone }, ordinal): Asked[] => {
        const { tenant, name: tenantName } = tenants.get(account) ?? {};
        if (tenant === undefined || tenantName === undefined) return [];
        const userIndex = indexOf(tenant, 'user', userId);
        const phoneIndex = indexOf(tenant, 'phone', phone);
        return userIndex || phoneIndex
          ? [{ ordinal, tenant, tenantName, userIndex, phoneIndex }]
          : [];
      });
      for (let looks = 0; left.length > 0 && looks < maxLooks; looks++)
        left = await look(left, found);
      if (left.length > 0) throw new Error(`${left.length} contacts were neither found nor added`);
      return found;
    },

    async tenantsOf(caseIds) {
      await keys.load(caseIds);
      return new Map(
        caseIds.flatMap((caseId) =>
          keys.known(caseId) ? [[caseId, keys.known(caseId)?.tenant as string]] : [],
        ),
      );
    },

    async park(unplaced) {
      const sealed = await Promise.all(
        unplaced.map(async ({ body }) => {
          const id = randomUUIDv7();
          const key = await keyring.newDataKey(nobody, id);
          const place = {
            tenant: nobody,
            caseId: id,
            table: 'parked_deliveries',
            column: 'body',
            row: id,
          };
          return {
            id,
            wrapped: key.wrapped,
            body: seal(key, place, body),
            digest: createHmac('sha256', digestKey).update(body).digest(),
          };
        }),
      );
      const rows = await parkDeliveries(pool, [
        uuidArray(sealed.map((s) => s.id)),
        textArray(unplaced.map((u) => u.source)),
        textArray(unplaced.map((u) => u.dedupeKey)),
        textArray(unplaced.map((u) => u.type)),
        textArray(unplaced.map((u) => u.reason)),
        byteaArray(sealed.map((s) => s.wrapped)),
        byteaArray(sealed.map((s) => s.body)),
        byteaArray(sealed.map((s) => s.digest)),
      ]);
      return rows.map(({ outcome }) => outcome);
    },

    setUpTenant: async ({ tenant, name, whatsappAccount }) =>
      void (await upsertTenant(pool, [tenant, name, whatsappAccount])),
  };
}
