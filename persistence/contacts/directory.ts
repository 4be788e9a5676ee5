import { createHmac, randomUUID, randomUUIDv7 } from 'node:crypto';

import type pg from 'pg';

import type {
  Companions,
  ContactCase,
  ContactChange,
  ContactKey,
  Directory,
  PaidBooking,
} from '../../actors/ports/directory.ts';
import type { BlindIndex } from '../encryption/blind-index.ts';
import { encrypt } from '../encryption/cipher.ts';
import type { DataKeys } from '../encryption/data-keys.ts';
import { NotIndexable } from '../encryption/errors.ts';
import type { Keyring } from '../encryption/keyring.ts';
import {
  addContacts,
  bookingsOfPayments,
  findContacts,
  findMoving,
  giveHeld,
  learnUsers,
  parkDeliveries,
  releaseHeld,
  releaseNumbers,
  renewContacts,
  tenantsByAccount,
  upsertTenant,
} from './directory-sql.ts';
import { createFamilies } from './families.ts';
import { nobody, unroutablePlace } from './unroutable.ts';

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

/** Looks at most: find, add, and find again where another process added first. */
const maxLooks = 3;
/** Tries at most to write what another process writes at the same moment. Each loss shows the next try one row more. */
const maxTries = 4;

export function createDirectory({
  pool,
  keys,
  keyring,
  blindIndex,
  digestKey,
}: DirectoryOptions): Directory &
  Companions & {
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

  /** One look. Answers what it could not place: contacts that were added or renewed just now. */
  async function look(
    asked: readonly Asked[],
    owners: ReadonlySet<Asked>,
    found: (ContactCase | null)[],
  ): Promise<Asked[]> {
    const rows = await findContacts(pool, { asked });
    const missing: Asked[] = [];
    const over: { ask: Asked; contactId: string; caseId: string }[] = [];
    const learned: { id: string; tenant: string; userIndex: Buffer }[] = [];
    const shown: { id: string; tenant: string; phoneIndex: Buffer }[] = [];
    for (const row of rows) {
      const { ordinal, tenant, contactId, caseId, opened, stale, several, knowsUser, hasPhone } =
        row;
      const ask = asked[ordinal - 1] as Asked;
      if (contactId === null || caseId === null) missing.push(ask);
      else if (stale) over.push({ ask, contactId, caseId });
      else {
        const { tenantName } = ask;
        const family = several ? { several: contactId } : {};
        found[ask.ordinal] = { tenant, tenantName, caseId, opened, ...family };
      }
      if (contactId !== null && !knowsUser && ask.userIndex)
        learned.push({ id: contactId, tenant, userIndex: ask.userIndex });
      if (contactId !== null && !hasPhone && ask.phoneIndex && owners.has(ask))
        shown.push({ id: contactId, tenant, phoneIndex: ask.phoneIndex });
    }
    if (missing.length > 0) {
      await releaseNumbers(pool, { shown: missing });
      // The same newcomer may stand twice in one batch: the second row meets the unique index and is dropped.
      await addContacts(pool, {
        contacts: missing.map((ask) => ({ ...ask, id: randomUUIDv7(), caseId: randomUUID() })),
      });
    }
    if (over.length > 0) {
      await renewContacts(pool, {
        renewed: over.map(({ contactId, caseId }) => ({
          id: contactId,
          oldCaseId: caseId,
          caseId: randomUUID(),
        })),
      });
    }
    if (learned.length > 0) await learn(() => learnUsers(pool, { learned }));
    if (shown.length > 0) {
      await learn(() => give(shown.map((one) => ({ ...one, userIndex: null, movedAt: null }))));
    }
    return [...missing, ...over.map(({ ask }) => ask)];
  }

  /** Whose each account is. */
  async function tenantsWith(accounts: readonly { readonly account: string }[]) {
    const rows = await tenantsByAccount(pool, {
      accounts: [...new Set(accounts.map(({ account }) => account))],
    });
    return new Map(rows.map((row) => [row.account, row]));
  }

  /** How a contact is looked up; empty for one who cannot be. */
  function askedOf(
    tenants: Awaited<ReturnType<typeof tenantsWith>>,
    { account, userId, phone, at }: ContactKey,
    ordinal: number,
  ): Asked[] {
    const { tenant, name: tenantName } = tenants.get(account) ?? {};
    if (tenant === undefined || tenantName === undefined) return [];
    const userIndex = indexOf(tenant, 'user', userId);
    const phoneIndex = indexOf(tenant, 'phone', phone);
    if (!userIndex && !phoneIndex) return [];
    const saidAt = at === undefined ? null : Date.parse(at);
    return [{ ordinal, tenant, tenantName, userIndex, phoneIndex, at: saidAt }];
  }

  /** Takes numbers and ids from whoever has them, then gives them; each at most once in `gifts`. What another process took in between is left. */
  async function give(gifts: readonly Gift[]): Promise<void> {
    await releaseHeld(pool, { gifts });
    await giveHeld(pool, { gifts });
  }

  /** Makes changes that touch nothing in common. After each try we look again: what was made is no longer found. */
  async function move(given: readonly Move[]): Promise<ContactChange[]> {
    let moves = given;
    const refused: ContactChange[] = [];
    for (let tries = 0; tries < maxTries; tries++) {
      const rows = await findMoving(pool, {
        moves: moves.map(({ tenant, from, to, at }) => ({
          tenant,
          ...from,
          toUserIndex: to.userIndex,
          toPhoneIndex: to.phoneIndex,
          at,
        })),
      });
      const taken = rows
        .filter((row) => row.taken)
        .map(({ ordinal }) => moves[ordinal - 1] as Move);
      refused.push(...taken.map(({ change }) => change));
      const free = rows.filter((row) => !row.taken);
      if (free.length === 0) return refused;
      const gifts = free.map(({ ordinal, contactId: id }) => {
        const { tenant, to, at } = moves[ordinal - 1] as Move;
        return { id, tenant, ...to, movedAt: at };
      });
      moves = moves.filter((one) => !taken.includes(one));
      await unlessTaken(() => give(gifts));
    }
    throw new Error(`${moves.length} contacts did not get their new numbers`);
  }

  return {
    ...createFamilies({ pool, blindIndex }),

    async casesOf(contacts: readonly ContactKey[]) {
      const found: (ContactCase | null)[] = contacts.map(() => null);
      const tenants = await tenantsWith(contacts);
      let left = contacts.flatMap((contact, ordinal) => askedOf(tenants, contact, ordinal));
      const owners = lastToShow(left);
      for (let looks = 0; left.length > 0 && looks < maxLooks; looks++)
        left = await look(left, owners, found);
      if (left.length > 0) throw new Error(`${left.length} contacts were neither found nor added`);
      return found;
    },

    async change(changes: readonly ContactChange[]) {
      const tenants = await tenantsWith(changes);
      const moves = changes.flatMap((change): Move[] => {
        const { account, from, to, at } = change;
        const tenant = tenants.get(account)?.tenant;
        if (tenant === undefined) return [];
        const indexesOf = ({ userId, phone }: ContactChange['from']) => ({
          userIndex: indexOf(tenant, 'user', userId),
          phoneIndex: indexOf(tenant, 'phone', phone),
        });
        const move = {
          tenant,
          from: indexesOf(from),
          to: indexesOf(to),
          at: Date.parse(at),
          change,
        };
        return namesSomebody(move.from) && namesSomebody(move.to) ? [move] : [];
      });
      const refused: ContactChange[] = [];
      for (const round of roundsOf(moves)) refused.push(...(await move(round)));
      return refused;
    },

    async learn(contacts: readonly ContactKey[]) {
      const tenants = await tenantsWith(contacts);
      const asked = contacts.flatMap((contact, ordinal) => askedOf(tenants, contact, ordinal));
      if (asked.length === 0) return;
      const rows = await findContacts(pool, { asked });
      const learned: { id: string; tenant: string; userIndex: Buffer }[] = [];
      const shown: Gift[] = [];
      const last = lastToShow(asked);
      for (const { ordinal, tenant, contactId: id, knowsUser, hasPhone } of rows) {
        const { userIndex, phoneIndex } = asked[ordinal - 1] as Asked;
        if (id === null || !last.has(asked[ordinal - 1] as Asked)) continue;
        if (!knowsUser && userIndex) learned.push({ id, tenant, userIndex });
        if (!hasPhone) shown.push({ id, tenant, userIndex: null, phoneIndex, movedAt: null });
      }
      if (learned.length > 0) await learn(() => learnUsers(pool, { learned }));
      // A number that somebody else has stays theirs: a receipt shows less than a message.
      if (shown.length > 0) await learn(() => giveHeld(pool, { gifts: shown }));
    },

    async tenantsOf(caseIds) {
      const { known, broken } = await keys.load(caseIds);
      // Of a broken key the tenant is known all the same: its case is there, and says itself that it cannot be read.
      return new Map([...broken, ...known].map(([caseId, { tenant }]) => [caseId, tenant]));
    },

    async bookingsOf(payments) {
      const found: (PaidBooking | null)[] = payments.map(() => null);
      if (payments.length === 0) return found;
      const rows = await bookingsOfPayments(pool, { payments });
      for (const { ordinal, tenant, caseId, bookingId } of rows)
        found[ordinal - 1] = { tenant, caseId, bookingId };
      return found;
    },

    async park(unplaced) {
      const deliveries = await Promise.all(
        unplaced.map(async ({ body, address, ...delivery }) => {
          const id = randomUUIDv7();
          const key = await keyring.newDataKey(nobody, id);
          return {
            ...delivery,
            id,
            wrappedKey: key.wrapped,
            body: encrypt(key, unroutablePlace(id, 'body'), body),
            address: encrypt(key, unroutablePlace(id, 'address'), address),
            bodyDigest: createHmac('sha256', digestKey).update(body).digest(),
          };
        }),
      );
      const rows = await parkDeliveries(pool, { deliveries });
      return rows.map(({ outcome }) => outcome);
    },

    setUpTenant: async (setup) => void (await upsertTenant(pool, setup)),
  };
}

/** How somebody is looked up. */
interface Indexes {
  readonly userIndex: Buffer | null;
  readonly phoneIndex: Buffer | null;
}

interface Asked extends Indexes {
  readonly ordinal: number;
  readonly tenant: string;
  readonly tenantName: string;
  /** ms since the epoch; null where nobody said when. */
  readonly at: number | null;
}

interface Move {
  readonly tenant: string;
  readonly from: Indexes;
  readonly to: Indexes;
  /** ms since the epoch. */
  readonly at: number;
  readonly change: ContactChange;
}

interface Gift extends Indexes {
  /** The contact's. */
  readonly id: string;
  readonly tenant: string;
  /** ms since the epoch; null where nobody told of a change. */
  readonly movedAt: number | null;
}

const namesSomebody = ({ userIndex, phoneIndex }: Indexes) =>
  userIndex !== null || phoneIndex !== null;

/** What tells one person's number or id from everybody else's. The first byte is the same for both kinds, so the kind is named. */
const nameOf = (tenant: string, kind: 'user' | 'phone', index: Buffer) =>
  `${kind} ${index.toString('base64')} ${tenant}`;

/** Who showed a number last, and no other after it: the one of a batch who may be given it. */
function lastToShow(asked: readonly Asked[]): ReadonlySet<Asked> {
  const byUser = new Map<string, Asked>();
  const byPhone = new Map<string, Asked>();
  for (const ask of asked) {
    if (!ask.userIndex || !ask.phoneIndex) continue;
    byUser.set(nameOf(ask.tenant, 'user', ask.userIndex), ask);
    byPhone.set(nameOf(ask.tenant, 'phone', ask.phoneIndex), ask);
  }
  const lastOfUser = new Set(byUser.values());
  return new Set([...byPhone.values()].filter((ask) => lastOfUser.has(ask)));
}

/** Oldest first; in each round nobody's number or id stands twice, so that one statement can make all of its moves. */
function roundsOf(moves: readonly Move[]): Move[][] {
  const rounds: Move[][] = [];
  /** The first round in which each name may stand again. */
  const free = new Map<string, number>();
  const seen = new Set<string>();
  for (const move of moves.toSorted((one, other) => one.at - other.at)) {
    const names = [move.from, move.to].flatMap(({ userIndex, phoneIndex }) => [
      ...(userIndex ? [nameOf(move.tenant, 'user', userIndex)] : []),
      ...(phoneIndex ? [nameOf(move.tenant, 'phone', phoneIndex)] : []),
    ]);
    const same = [move.at, ...names].join();
    if (seen.has(same)) continue; // A redelivery in one batch.
    seen.add(same);
    const round = Math.max(0, ...names.map((name) => free.get(name) ?? 0));
    for (const name of names) free.set(name, round + 1);
    (rounds[round] ??= []).push(move);
  }
  return rounds;
}

/** Whether it was done: false where another process was quicker with the same number or id. */
async function unlessTaken(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    return false;
  }
}

/** Writes what contacts showed. Who is left without it after some tries shows it again. */
async function learn(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < maxTries; tries++) if (await unlessTaken(write)) return;
}
