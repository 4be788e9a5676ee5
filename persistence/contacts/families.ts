import type pg from 'pg';

import {
  maxCompanions,
  type Companions,
  type Directory,
  type Family,
  type FamilyCase,
} from '../../actors/ports/directory.ts';
import { inTransaction } from '../database/transaction.ts';
import type { BlindIndex } from '../encryption/blind-index.ts';
import { NotIndexable } from '../encryption/errors.ts';
import { externalIdOf } from './delivery-status.ts';
import {
  addFamilyCases,
  askOfCase,
  casesOfEvents,
  casesOfMessages,
  contactOfCase,
  familyCases,
  hearCases,
  isCaseOver,
} from './families-sql.ts';

export interface FamiliesOptions {
  readonly pool: pg.Pool;
  readonly blindIndex: BlindIndex;
}

/** Several patients on one phone: which cases a contact has, and which of them a message names. */
export function createFamilies({
  pool,
  blindIndex,
}: FamiliesOptions): Pick<Directory, 'familiesOf' | 'casesNamed' | 'heard'> & Companions {
  function indexesOf(tenant: string, kind: 'user' | 'phone', value: string | null): Buffer[] {
    if (!value) return [];
    try {
      return [...blindIndex.every(tenant, kind, value)];
    } catch (error) {
      if (error instanceof NotIndexable) return [];
      throw error;
    }
  }

  return {
    async familiesOf(contactIds) {
      const families = new Map<string, { cases: FamilyCase[]; now: number }>();
      if (contactIds.length === 0) return families;
      const found = await familyCases(pool, { contactIds: [...new Set(contactIds)] });
      for (const { contactId, now, ...one } of found) {
        const family = families.get(contactId);
        if (family) family.cases.push(one);
        else families.set(contactId, { cases: [one], now });
      }
      return families satisfies ReadonlyMap<string, Family>;
    },

    async casesNamed(clues) {
      const byKey = clues.flatMap(({ tenant, source, dedupeKeys }, ordinal) =>
        dedupeKeys.map((dedupeKey) => ({ ordinal, tenant, source, dedupeKey })),
      );
      const byAnswer = clues.flatMap(({ tenant, source: provider, answers }, ordinal) =>
        answers === null ? [] : [{ ordinal, tenant, provider, messageId: externalIdOf(answers) }],
      );
      const [events, messages] = await Promise.all([
        byKey.length > 0 ? casesOfEvents(pool, { asked: byKey }) : [],
        byAnswer.length > 0 ? casesOfMessages(pool, { asked: byAnswer }) : [],
      ]);
      const named: (string | null)[] = clues.map(() => null);
      // What is stored already stays where it is, whatever it answers.
      for (const { ordinal, caseId } of [...messages, ...events]) named[ordinal] = caseId;
      return named;
    },

    async heard(caseIds) {
      if (caseIds.length > 0) await hearCases(pool, { caseIds: [...new Set(caseIds)] });
    },

    async asked(caseId) {
      await askOfCase(pool, { caseId });
    },

    async isOver(caseId) {
      const [found] = await isCaseOver(pool, { caseId });
      return found?.over ?? false; // It waits to be opened.
    },

    async join({ tenant, userId, phone, caseId, newCaseId }) {
      return inTransaction<Awaited<ReturnType<Companions['join']>>>(pool, async (client) => {
        const [contact] = await contactOfCase(client, {
          tenant,
          caseId,
          userIndexes: indexesOf(tenant, 'user', userId),
          phoneIndexes: indexesOf(tenant, 'phone', phone),
        });
        if (contact === undefined) return { commit: false, value: 'unknown' };
        const { contactId, mainCaseId } = contact;
        const known = await familyCases(client, { contactIds: [contactId] });
        const open = new Set([mainCaseId, ...known.flatMap((one) => (one.over ? [] : one.caseId))]);
        const others = [...open].filter((one) => one !== newCaseId);
        if (others.length >= maxCompanions) return { commit: false, value: 'too-many' };
        const added = [mainCaseId, newCaseId].map((one) => ({ contactId, caseId: one }));
        await addFamilyCases(client, { added });
        return { commit: true, value: others };
      });
    },
  };
}
