import { randomUUID } from 'node:crypto';

import { Router } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import * as v from 'valibot';

import type { CaseSearch, Desk, Staff, StaffActions } from '../../actors/ports/desk.ts';
import type { ProviderName } from '../../actors/ports/providers.ts';
import { eventSchemas, staffEventTypes, type StaffEventType } from '../../actors/shapes/events.ts';
import { Refusal } from '../server/errors.ts';
import { isId, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import { readStaffBody } from './body.ts';
import type { ReadStaff } from './tokens.ts';

/** Who works with patients: their cases, what was said, and most of what a case may be told. */
export const carers: ReadonlySet<string> = new Set(['support', 'clinician', 'admin']);
/** Who may see where a case stands, which is without words. Who answers for money has to find out why it waits. */
const readers: ReadonlySet<string> = new Set([...carers, 'finance']);
/** Who decides about a treatment, and may see what a model found: support staff help without it. */
const clinicians: ReadonlySet<string> = new Set(['clinician', 'admin']);
/** Who decides about money that was paid. */
const treasurers: ReadonlySet<string> = new Set(['finance', 'admin']);
/** Who may ask a patient for money, and for whom to make the invoice out to. */
const sellers: ReadonlySet<string> = new Set(['support', 'finance', 'admin']);

/** Who may see what failed for good: without words, without names. */
export const deadLetterReaders: ReadonlySet<string> = readers;
/** Who may see, masked, what has no case, and have it looked for again. */
export const unroutableReaders: ReadonlySet<string> = new Set(['support', 'admin']);
/** Who may have a failed effect tried again, by whom it depends on: money is for those who answer for it. */
export const retriersOf = (provider: ProviderName | null): ReadonlySet<string> =>
  provider === 'stripe' || provider === 'iyzico' || provider === 'efatura' ? treasurers : carers;

/** Who may tell a case what. Every type is here by name, so that a new one has to be decided on. */
const tellers: Readonly<Record<StaffEventType, ReadonlySet<string>>> = {
  'staff.resume': carers,
  'staff.reply': carers,
  'staff.send': carers,
  'staff.linked': carers,
  'staff.askDocument': carers,
  'staff.skipImaging': clinicians,
  'staff.cleared': clinicians,
  'staff.declined': clinicians,
  'staff.arrived': carers,
  'staff.discharged': carers,
  'staff.refunded': treasurers,
  'staff.keep': treasurers,
  'staff.refund': treasurers,
  'staff.quote': sellers,
  'staff.billing': sellers,
  'staff.close': carers,
};
const tellersOfAny: ReadonlySet<string> = new Set(
  Object.values(tellers).flatMap((roles) => [...roles]),
);

/** A number in a query, within bounds; `fallback` where it is absent. */
export function wholeNumber(lowest: number, highest: number, fallback: number) {
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,15}$/),
      v.transform(Number),
      v.minValue(lowest),
      v.maxValue(highest),
    ),
    String(fallback),
  );
}

/** `after`: the last `seq` the reader has; `limit`: how many at most. */
const Page = v.object({
  after: wholeNumber(0, Number.MAX_SAFE_INTEGER, 0),
  limit: wholeNumber(1, 500, 100),
});

const Conversation = v.object({ limit: wholeNumber(1, 200, 100) });

/** `after` is the `next` of the page before. At most one of `tag`, `phone` and `reference`; none of them means all cases. */
const List = v.object({
  tag: v.optional(v.pipe(v.string(), v.regex(/^[\w.:-]{1,64}$/))),
  /** With country code, as people write it: a `+` that the address made a space of, brackets and hyphens are left out. */
  phone: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(40),
      v.transform((written) => written.replaceAll(/[\s+().-]/g, '')),
      v.regex(/^[1-9]\d{5,14}$/),
    ),
  ),
  /** A case, booking or invoice id of ours, an invoice's number, or a provider's id of a payment or checkout. */
  reference: v.optional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/))),
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,16}\.[\x21-\x2e\x30-\x7e]{1,200}$/))),
  limit: wholeNumber(1, 200, 50),
});

/** `Idempotency-Key`: the same one again is the same act. */
const ActKey = v.optional(v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)));
const ActType = v.looseObject({ type: v.picklist(staffEventTypes) });

/** @throws {Refusal} 400: more than one thing to search by */
function searchOf(by: Readonly<Record<string, string | undefined>>): CaseSearch {
  const [search, ...others] = Object.entries(by).filter(([, value]) => value !== undefined);
  if (others.length > 0)
    throw new Refusal('invalid_parameter', `${others[0]?.[0]}: one search at a time`);
  if (search === undefined) return { by: 'age' };
  const [name, value] = search as ['tag' | 'phone' | 'reference', string];
  return { by: name, [name]: value } as CaseSearch;
}

/** Who reads, from the header. @throws {Refusal} 401 without a valid token, 403 without a role of those `allowed` */
export async function readerOf(
  readStaff: ReadStaff,
  authorization: string,
  allowed: ReadonlySet<string>,
): Promise<Staff> {
  const staff = await readStaff(authorization);
  assertAllowed(staff, allowed);
  return staff;
}

function assertAllowed({ roles }: Staff, allowed: ReadonlySet<string>): void {
  if (!roles.some((role) => allowed.has(role))) throw new Refusal('forbidden');
}

/** @throws {Refusal} 404: no case of ours has such an id */
export function caseIdOf({ caseId = '' }: Record<string, string>): string {
  if (!isId(caseId)) throw new Refusal('not_found');
  return caseId;
}

/**
 * What staff read: JSON, never cached, of their own tenant only. 401 without a valid token, 403 without one of the roles below,
 * 404 when the tenant has no such case, 400 naming a bad page parameter.
 *
 * `GET /admin/cases?limit=50&after=` answers `{ cases, next }`, newest first; with `tag=with-staff` those longest under the tag
 * first, with `phone=` or `reference=` those of a patient's number, or of an id of ours or of a payment provider. `next` is
 * null at the end. `GET /admin/cases/{caseId}` answers a CaseView; `…/history?after=0&limit=100` answers
 * `{ entries, nextAfter }`, where `nextAfter` is null at the end; `…/conversation?limit=100` answers `{ lines }`, newest last;
 * `…/review` answers a ReviewView to clinicians.
 *
 * `POST …/events` takes `{ type: 'staff.…', … }` (`staffEventTypes` in actors/shapes/events.ts), with an `Idempotency-Key` if it
 * may be repeated, and answers 202 `{ outcome: 'stored' | 'duplicate' }`: what comes of it the case decides.
 *
 * | what | roles |
 * |---|---|
 * | a case, its history | `support`, `clinician`, `finance`, `admin` |
 * | the list, a conversation | `support`, `clinician`, `admin` |
 * | a review | `clinician`, `admin` |
 * | `staff.cleared`, `staff.declined`, `staff.skipImaging` | `clinician`, `admin` |
 * | `staff.refund`, `staff.refunded`, `staff.keep` | `finance`, `admin` |
 * | `staff.quote`, `staff.billing` | `support`, `finance`, `admin` |
 * | what failed for good, and what has no case: see http/staff/dead-letters.ts | `support`, `finance`, `clinician`, `admin` |
 * | every other `staff.…` | `support`, `clinician`, `admin` |
 */
export function adminRoutes(
  desk: Desk,
  actions: StaffActions,
  readStaff: ReadStaff,
  bodyDeadlineMs: number,
  now: () => number,
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  const staffOf = (ctx: ParameterizedContext<EdgeState>, allowed: ReadonlySet<string>) =>
    readerOf(readStaff, ctx.get('authorization'), allowed);
  const found = <T>(value: T | null): T => {
    if (value === null) throw new Refusal('not_found');
    return value;
  };

  router.get('/admin/cases', async (ctx) => {
    const staff = await staffOf(ctx, carers);
    const { after = null, limit, ...search } = parseOr('invalid_parameter', List, ctx.query);
    ctx.body = await desk.listCases(staff, { search: searchOf(search), after, limit });
  });

  router.get('/admin/cases/:caseId', async (ctx) => {
    const staff = await staffOf(ctx, readers);
    ctx.body = found(await desk.readCase(staff, caseIdOf(ctx.params)));
  });

  router.get('/admin/cases/:caseId/history', async (ctx) => {
    const staff = await staffOf(ctx, readers);
    const page = parseOr('invalid_parameter', Page, ctx.query);
    const entries = found(await desk.readHistory(staff, caseIdOf(ctx.params), page));
    const nextAfter = entries.length < page.limit ? null : (entries.at(-1)?.seq ?? null);
    ctx.body = { entries, nextAfter };
  });

  router.get('/admin/cases/:caseId/review', async (ctx) => {
    const staff = await staffOf(ctx, clinicians);
    ctx.body = found(await desk.readReview(staff, caseIdOf(ctx.params)));
  });

  router.get('/admin/cases/:caseId/conversation', async (ctx) => {
    const staff = await staffOf(ctx, carers);
    const page = parseOr('invalid_parameter', Conversation, ctx.query);
    ctx.body = { lines: found(await desk.readConversation(staff, caseIdOf(ctx.params), page)) };
  });

  router.post('/admin/cases/:caseId/events', async (ctx) => {
    // Who sends has shown a token before anything is read.
    const staff = await staffOf(ctx, tellersOfAny);
    const body = await readStaffBody(ctx, bodyDeadlineMs);
    const { type } = parseOr('invalid_body', ActType, body);
    assertAllowed(staff, tellers[type]); // Before the rest is read: what is wrong with it is not their business.
    const at = new Date(now()).toISOString();
    const data = parseOr('invalid_body', eventSchemas[type], { ...(body as object), at });
    const given = parseOr('invalid_parameter', ActKey, ctx.get('idempotency-key') || undefined);
    const act = {
      type,
      data,
      dedupeKey: given ?? randomUUID(),
      traceparent: ctx.state.traceparent,
    };
    ctx.body = {
      outcome: found(await actions.act(staff, caseIdOf(ctx.params), act)),
    };
    ctx.status = 202;
  });

  return router;
}
