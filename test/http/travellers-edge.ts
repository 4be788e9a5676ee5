import { randomBytes, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import { TravellersRefused } from '../../actors/errors.ts';
import {
  createTravellerLinks,
  type TravellerLink,
} from '../../actors/performers/traveller-links.ts';
import type {
  FormClosing,
  GivenTravellers,
  TravellersPort,
  TripPlace,
} from '../../actors/ports/travellers.ts';
import type { Travellers } from '../../actors/shapes/travellers.ts';
import type { EdgeOptions } from '../../http/app.ts';
import { auditingDesk } from './documents-edge.ts';
import { startEdge } from './edge.ts';

export const caseId = '3f9a27c1-0000-4000-8000-000000000001';
export const bookingId = `${caseId}-b1`;
export const now = Date.parse('2026-12-01T09:00:00Z');
export const travellerLinkKey = randomBytes(32);

/** Two adults and a child of seven, ten days in March. */
export const link: TravellerLink = {
  tenant: 'tenant-a',
  bookingId,
  adults: 2,
  childrenAges: [7],
  firstDay: '2027-03-10',
  lastDay: '2027-03-20',
  lang: 'en',
};

/** The port's contract in memory; `kept` has every version of every trip. */
export function memoryTravellers() {
  const kept: { place: TripPlace; travellers: Travellers; given: GivenTravellers }[] = [];
  const closed = new Map<string, FormClosing>();
  const newest = ({ bookingId: id }: TripPlace) =>
    kept.findLast(({ place }) => place.bookingId === id);
  const port: Pick<TravellersPort, 'keep' | 'form' | 'formsOf' | 'read'> = {
    keep: async (place, travellers) => {
      const last = newest(place);
      if (last && JSON.stringify(last.travellers) === JSON.stringify(travellers)) return last.given;
      const reason = closed.get(place.bookingId);
      if (reason !== undefined) throw new TravellersRefused(reason);
      const given = {
        version: (last?.given.version ?? 0) + 1,
        count: travellers.length,
        at: '2026-12-01T09:00:00.000Z',
      };
      kept.push({ place, travellers, given });
      return given;
    },
    form: async (place) => ({
      given: newest(place)?.given ?? null,
      closed: closed.get(place.bookingId) ?? null,
    }),
    formsOf: async (of) => {
      const places = kept.filter(
        ({ place }) => place.caseId === of.caseId && place.tenant === of.tenant,
      );
      const ids = new Set(places.map(({ place }) => place.bookingId));
      return [...ids].map((id) => ({
        bookingId: id,
        given: newest({ ...of, bookingId: id })?.given ?? null,
        closed: closed.get(id) ?? null,
      }));
    },
    read: async (place, version) =>
      kept.find((one) => one.place.bookingId === place.bookingId && one.given.version === version)
        ?.travellers ?? null,
  };
  return { port, kept, close: (reason: FormClosing) => void closed.set(bookingId, reason) };
}

/** An edge with the form, over a port in memory. */
export async function startTravellersEdge(
  t: TestContext,
  { now: clock = () => now, ...options }: Partial<EdgeOptions> = {},
) {
  const links = createTravellerLinks({ keys: [travellerLinkKey], newId: randomUUID, now: clock });
  const { port, kept, close } = memoryTravellers();
  const desk = auditingDesk();
  const running = await startEdge(t, {
    desk,
    now: clock,
    travellers: {
      port,
      links,
      tenantOf: async (of) => (of === caseId ? 'tenant-a' : null),
    },
    ...options,
  });
  const week = 7 * 24 * 60 * 60 * 1_000;
  const tokenFor = (more: Partial<TravellerLink> = {}, expiresAt = clock() + week) =>
    links.tokenFor({ ...link, ...more }, expiresAt);
  const give = async (body: unknown, token?: string) =>
    await fetch(`${running.url}/travellers`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? (await tokenFor())}`,
        'content-type': 'application/json',
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { ...running, desk, kept, close, tokenFor, give };
}

/** A form as somebody filled it in, right for `link`. */
export const filled = () => ({
  travellers: [
    {
      givenName: 'Elif Nur',
      familyName: 'Yılmaz',
      bornOn: '1990-05-17',
      sex: 'f',
      passport: { number: 'U12345678', issuingCountry: 'TR', expiresOn: '2031-02-01' },
    },
    {
      givenName: 'Jean-Luc',
      familyName: "D'Arc",
      bornOn: '1988-02-29',
      sex: 'm',
      passport: { number: '14AB12345', issuingCountry: 'FR', expiresOn: '2030-02-01' },
    },
    {
      givenName: 'Zoé',
      familyName: "D'Arc",
      bornOn: '2019-07-02',
      sex: 'f',
      passport: { number: '15CD67890', issuingCountry: 'FR', expiresOn: '2029-02-01' },
    },
  ],
});
