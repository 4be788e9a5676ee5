import { Router } from '@koa/router';

import type { Desk } from '../../actors/ports/desk.ts';
import type { TravellerFormOfCase, TravellersPort } from '../../actors/ports/travellers.ts';
import { permissions } from '../../actors/shapes/permissions.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import type { EdgeState } from '../server/request.ts';
import { caseIdOf, readerOf } from './cases.ts';
import type { ReadStaff } from './tokens.ts';

/** Where the travellers of a case are. */
export interface StaffTravellers {
  readonly port: Pick<TravellersPort, 'formsOf' | 'read'>;
  /** Whose a case is, by the ledger; null when there is no such case. */
  readonly tenantOf: (caseId: string) => Promise<string | null>;
}

/**
 * `GET /admin/cases/{caseId}/travellers` answers `{ trips }`: of each trip's form whether it was filled in, when and for how many,
 * why it is closed, and the ends of the passports' numbers, so that support can tell on the telephone which passport was
 * given. Names, days and numbers are shown to nobody. As all that staff read it is audited first.
 */
export function staffTravellerRoutes(
  desk: Pick<Desk, 'audit'>,
  { port, tenantOf }: StaffTravellers,
  readStaff: ReadStaff,
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  router.get('/admin/cases/:caseId/travellers', async (ctx) => {
    const staff = await readerOf(readStaff, ctx.get('authorization'), permissions.readTravellers);
    const caseId = caseIdOf(ctx.params);
    const { tenant } = staff;
    await orUnavailable(desk.audit(staff, caseId, 'GET /admin/cases/{caseId}/travellers'));
    if ((await orUnavailable(tenantOf(caseId))) !== tenant) throw new Refusal('not_found');
    const forms = await port.formsOf({ tenant, caseId });
    const masked = async ({ bookingId, given, closed }: TravellerFormOfCase) => {
      const place = { tenant, caseId, bookingId };
      const travellers = given === null ? null : await port.read(place, given.version);
      const passports = travellers?.map(({ passport }) => `•••${passport.number.slice(-2)}`) ?? [];
      return { bookingId, given, closed, passports };
    };
    ctx.body = { trips: await Promise.all(forms.map(masked)) };
  });

  return router;
}
