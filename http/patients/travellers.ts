import { createHash } from 'node:crypto';

import { Router } from '@koa/router';

import { TravellersRefused } from '../../actors/errors.ts';
import type { TravellerLink, TravellerLinks } from '../../actors/performers/traveller-links.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import { caseOfBooking } from '../../actors/ports/references.ts';
import type { GivenTravellers, TravellersPort, TripPlace } from '../../actors/ports/travellers.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import { checkForm, FilledForm, placesIn } from '../../actors/travellers/form.ts';
import { createCounter } from '../server/counter.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import { parseJson } from '../server/json.ts';
import { contentKey, type WebhookPipeline } from '../server/pipeline.ts';
import { bearerOf, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import type { LinkAudit } from './link-audit.ts';
import { refusingLinks } from './links.ts';

/** Where patients give who travels. */
export interface PatientTravellers {
  readonly port: Pick<TravellersPort, 'keep' | 'form'>;
  /** Patients' links. */
  readonly links: Pick<TravellerLinks, 'read'>;
}

/** Nine travellers with long names are three. */
const largestFormBytes = 16 * 1_024;

const dayMs = 24 * 60 * 60 * 1_000;
/** Of one trip, in a day and a process: more than anybody needs who corrects one field after the other. */
const mostTries = 200;
const mostTrips = 10_000;

/**
 * `POST /travellers`, with the token of a link we sent as bearer: takes `{ travellers: [{ givenName, familyName, hasOneName?,
 * bornOn, sex, passport: { number, issuingCountry, expiresOn } }] }`, one for each who was searched for, adults first and then
 * children from the eldest. 200 `{ version, count, at, warnings }` once it is kept and its case is told; the same again is the same
 * version and tells nobody anything. 400 `invalid_travellers` has every field that is wrong in `problems`, by path and traveller,
 * and then nothing is kept. 401 for no token of ours; 403 `link_expired`; 409 `travellers_ordered` or `travellers_over`; 429
 * `too_often`.
 *
 * `GET /travellers/status`, with the same token: `{ given: { version, count, at } | null, closed: 'ordered' | 'over' | null }`. What
 * was given is never shown again.
 *
 * Each version is audited before it is kept, under the subject `patient`.
 */
export function travellerRoutes(
  { readBody, commit, now }: Pick<WebhookPipeline, 'readBody' | 'commit' | 'now'>,
  { port, links }: PatientTravellers,
  audit: LinkAudit,
): Router<EdgeState> {
  const tries = createCounter({ windowMs: dayMs, mostKeys: mostTrips, now });
  const router = new Router<EdgeState>();

  async function linkOf(authorization: string) {
    const link = await refusingLinks(links.read(bearerOf(authorization)));
    if (tries.count(link.bookingId) > mostTries) {
      throw new Refusal('too_often', undefined, { 'retry-after': '3600' });
    }
    return link;
  }

  router.post('/travellers', async (ctx) => {
    const link = await linkOf(ctx.get('authorization'));
    const body = parseJson(await readBody(ctx, largestFormBytes));
    const { travellers: filled } = parseOr('invalid_body', FilledForm, body);
    const places = placesIn(link);
    if (filled.length !== places) {
      throw new Refusal('invalid_body', `travellers: expected ${places} of them`);
    }
    const today = new Date(now()).toISOString().slice(0, 10);
    const form = checkForm(filled, link, today);
    if ('problems' in form) {
      throw new Refusal('invalid_travellers', undefined, {}, { problems: form.problems });
    }
    const place = placeOf(link);
    const { tenant, caseId } = place;
    // Of what was given, not of what was sent: spaces make no other version. In memory alone, and only for a day.
    const digest = createHash('sha256').update(JSON.stringify(form.travellers)).digest('base64');
    const act = { subject: 'patient', tenant, caseId, what: 'POST /travellers' } as const;
    await orUnavailable(audit({ ...act, of: `${link.bookingId} ${digest}` }));
    const given = await refusingForms(port.keep(place, form.travellers));
    await commit([givenDelivery(place, given)], ctx.state.traceparent);
    ctx.body = { ...given, warnings: form.warnings };
  });

  router.get('/travellers/status', async (ctx) => {
    const link = await linkOf(ctx.get('authorization'));
    ctx.body = await port.form(placeOf(link));
  });

  return router;
}

function placeOf({ tenant, bookingId }: TravellerLink): TripPlace {
  // A link of ours names a booking: its schema saw to that.
  return { tenant, caseId: caseOfBooking(bookingId) ?? '', bookingId };
}

/** Says no names: the case has no need of them. A form that is sent again repeats the version, and so the key. */
function givenDelivery({ caseId, bookingId }: TripPlace, given: GivenTravellers): Delivery {
  const { version, count, at } = given;
  const data: EventData['travellers.given'] = { bookingId, version, count, at };
  return {
    source: 'travellers',
    dedupeKey: contentKey([bookingId, version]),
    type: 'travellers.given',
    data,
    about: { kind: 'case', caseId },
  };
}

async function refusingForms(work: Promise<GivenTravellers>): Promise<GivenTravellers> {
  try {
    return await work;
  } catch (error) {
    // What is damaged stays so: whoever comes again for it is told the same.
    if (!(error instanceof TravellersRefused)) throw error;
    if (error.code === 'travellers_erased') throw new Refusal('link_expired');
    if (error.code === 'travellers_too_often') throw new Refusal('too_often');
    throw new Refusal(error.code);
  }
}
