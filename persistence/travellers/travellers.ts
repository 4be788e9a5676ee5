import type pg from 'pg';
import * as v from 'valibot';

import { ProviderBusy, TravellersRefused } from '../../actors/errors.ts';
import type {
  GivenTravellers,
  TravellerForm,
  TravellersPort,
  TripPlace,
} from '../../actors/ports/travellers.ts';
import { Travellers } from '../../actors/shapes/travellers.ts';
import { reached } from '../database/pool.ts';
import type { RowsOf } from '../database/statement.ts';
import { decrypt, encrypt, type Place } from '../encryption/cipher.ts';
import type { CaseKey, DataKeys } from '../encryption/data-keys.ts';
import { CiphertextBroken } from '../encryption/errors.ts';
import {
  closeForm,
  formOfTrip,
  formsOfCase,
  keepVersion,
  reopenForm,
  versionOfTrip,
} from './travellers-sql.ts';

export interface TravellersOptions {
  readonly pool: pg.Pool;
  readonly keys: Pick<DataKeys, 'load' | 'forget'>;
}

/** Versions of one trip. Nobody corrects a passport this often, and each is kept. */
const mostVersions = 50;
/** Another version may come in between, from a second tap or a second telephone. */
const maxTries = 5;

/**
 * Travellers in PostgreSQL, each version encrypted under its case's key and bound to its row. Without the key nothing of them
 * can be read: they are erased with their case.
 *
 * All of it throws `ProviderUnreachable` when the database is away, and `KeyUnreadable` or `CiphertextBroken` for what is damaged.
 */
export function createTravellers({ pool, keys }: TravellersOptions): TravellersPort {
  /** Null: no such case of this tenant, or it was erased. */
  async function keyOf({ tenant, caseId }: Pick<TripPlace, 'tenant' | 'caseId'>) {
    const { known, broken } = await reached('travellers', keys.load([caseId]));
    const unreadable = broken.get(caseId);
    if (unreadable) throw unreadable;
    const key = known.get(caseId);
    return key?.tenant === tenant ? key : null;
  }

  const readForm = async (place: TripPlace) =>
    (await reached('travellers', formOfTrip(pool, place)))[0];

  async function tryToKeep(
    place: TripPlace,
    key: CaseKey,
    travellers: Travellers,
  ): Promise<GivenTravellers | null> {
    const body = JSON.stringify(travellers);
    const count = travellers.length;
    const form = await readForm(place);
    const newest = form?.newest ?? 0;
    const given = form === undefined ? null : givenIn(form);
    // Before it is asked whether the form is closed: who did not hear that the data arrived sends it again.
    if (given !== null && form?.body && decrypt(key, placeOf(place, newest), form.body) === body) {
      return given;
    }
    if (form?.closed) throw new TravellersRefused(form.closed);
    const version = newest + 1;
    if (version > mostVersions) throw new TravellersRefused('too_often');
    const encrypted = encrypt(key, placeOf(place, version), body);
    const row = { ...place, version, count, body: encrypted, keyId: key.keyId };
    const [kept] = await reached('travellers', keepVersion(pool, row));
    return kept === undefined ? null : { version, count, at: kept.at };
  }

  return {
    async keep(place, travellers) {
      for (let tries = 1; tries <= maxTries; tries++) {
        const key = await keyOf(place);
        if (key === null) throw new TravellersRefused('erased');
        const kept = await tryToKeep(place, key, travellers);
        if (kept !== null) return kept;
        keys.forget(place.caseId); // The key may have been destroyed since it was loaded.
      }
      throw new ProviderBusy('travellers', 'too_many_at_once', 1_000);
    },

    async read(place, version) {
      const key = await keyOf(place);
      if (key === null) return null;
      const [row] = await reached('travellers', versionOfTrip(pool, { ...place, version }));
      return row === undefined ? null : opened(key, place, version, row.body);
    },

    async form(place) {
      const form = await readForm(place);
      return form === undefined ? { given: null, closed: null } : formIn(form);
    },

    async formsOf(place) {
      const forms = await reached('travellers', formsOfCase(pool, place));
      return forms.map((form) => ({ bookingId: form.bookingId, ...formIn(form) }));
    },

    async close(place, reason) {
      const [form] = await reached('travellers', closeForm(pool, { ...place, reason }));
      return form?.newest ?? 0;
    },

    async reopen(place) {
      await reached('travellers', reopenForm(pool, place));
    },

    async names(place) {
      const key = await keyOf(place);
      if (key === null) return [];
      const forms = await reached('travellers', formsOfCase(pool, place));
      const travellers = forms.flatMap(({ bookingId, newest, body }) =>
        body === null ? [] : opened(key, { ...place, bookingId }, newest, body),
      );
      return [...new Set(travellers.map(fullName))];
    },
  };
}

/** Somebody of one name has it twice. */
const fullName = ({ givenName, familyName }: Travellers[number]): string =>
  givenName === familyName ? familyName : `${givenName} ${familyName}`;

type FormRow = Pick<RowsOf<typeof formOfTrip>, 'newest' | 'closed' | 'count' | 'at'>;

const givenIn = ({ newest, count, at }: FormRow): GivenTravellers | null =>
  count === null || at === null ? null : { version: newest, count, at };

const formIn = (form: FormRow): TravellerForm => ({ given: givenIn(form), closed: form.closed });

const placeOf = ({ tenant, caseId, bookingId }: TripPlace, version: number): Place => ({
  tenant,
  caseId,
  table: 'travellers',
  column: 'body',
  row: `${bookingId}/${version}`,
});

function opened(key: CaseKey, place: TripPlace, version: number, body: Buffer): Travellers {
  const read = v.safeParse(Travellers, JSON.parse(decrypt(key, placeOf(place, version), body)));
  // What the schema would say of it repeats the value.
  if (!read.success) throw new CiphertextBroken('travellers.body', 'form');
  return read.output;
}
