import { randomUUID } from 'node:crypto';

import { Router } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import * as v from 'valibot';

import type { CaseSearch, Desk, Staff, StaffActions } from '../../actors/ports/desk.ts';
import { permissions, type Role } from '../../actors/shapes/permissions.ts';
import { staffEvents, staffEventTypes } from '../../actors/shapes/staff-events.ts';
import { Refusal } from '../server/errors.ts';
import { isId, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import { readStaffBody } from './body.ts';
import type { ReadStaff } from './tokens.ts';

/** Who may tell a case anything at all. */
const tellers = staffEventTypes.flatMap((type) => staffEvents[type].roles);

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

/** `after` is the `next` of the page before. At most one of `order`, `tag`, `phone` and `reference`; none of them means all cases. */
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
  /** Newest first, whatever waits. Without it those come first that staff have to see to. */
  order: v.optional(v.literal('newest')),
  after: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,16}(?:-\d{1,18}-\d{1,18})?\.[\x21-\x2e\x30-\x7e]{1,200}$/)),
  ),
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
  if (search === undefined) return { by: 'need' };
  if (search[0] === 'order') return { by: 'age' };
  const [name, value] = search as ['tag' | 'phone' | 'reference', string];
  return { by: name, [name]: value } as CaseSearch;
}

/** Who reads, from the header. @throws {Refusal} 401 without a valid token, 403 without a role of those `allowed` */
export async function readerOf(
  readStaff: ReadStaff,
  authorization: string,
  allowed: readonly Role[],
): Promise<Staff> {
  const staff = await readStaff(authorization);
  assertAllowed(staff, allowed);
  return staff;
}

function assertAllowed(staff: Staff, allowed: readonly Role[]): void {
  if (!isAllowed(staff, allowed)) throw new Refusal('forbidden');
}

/** Whether staff have one of these roles. */
export function isAllowed({ roles }: Staff, allowed: readonly Role[]): boolean {
  return allowed.some((role) => roles.includes(role));
}

/** @throws {Refusal} 404: no case of ours has such an id */
export function caseIdOf({ caseId = '' }: Record<string, string>): string {
  if (!isId(caseId)) throw new Refusal('not_found');
  return caseId;
}

/**
 * What staff read: JSON, never cached, of their own tenant only. 401 without a valid token, 403 without a role for it,
 * 404 when the tenant has no such case, 400 naming a bad page parameter.
 *
 * `GET /admin/cases?limit=50&after=` answers `{ cases, next }`: emergencies first, then what waits for staff by its target time, then the
 * others newest first; with `order=newest` all newest first, with `tag=with-staff` emergencies and then those longest under the tag, with `phone=` or `reference=` those of a patient's number, or of an id of ours or of a payment provider. `next` is
 * null at the end. `GET /admin/cases/{caseId}` answers a CaseView; `…/history?after=0&limit=100` answers
 * `{ entries, nextAfter }`, where `nextAfter` is null at the end; `…/conversation?limit=100` answers `{ lines }`, newest last;
 * `…/review` answers a ReviewView to clinicians.
 *
 * `POST …/events` takes `{ type: 'staff.…', … }` (actors/shapes/staff-events.ts has them, with their roles), with an `Idempotency-Key` if it
 * may be repeated, and answers 202 `{ outcome: 'stored' | 'duplicate' }`: what comes of it the case decides.
 *
 * Which roles may do what: actors/shapes/permissions.ts.
 */
export function adminRoutes(
  desk: Desk,
  actions: StaffActions,
  readStaff: ReadStaff,
  bodyDeadlineMs: number,
  now: () => number,
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  const staffOf = (ctx: ParameterizedContext<EdgeState>, allowed: readonly Role[]) =>
    readerOf(readStaff, ctx.get('authorization'), allowed);
  const found = <T>(value: T | null): T => {
    if (value === null) throw new Refusal('not_found');
    return value;
  };

  router.get('/admin/cases', async (ctx) => {
    const staff = await staffOf(ctx, permissions.listCases);
    const { after = null, limit, ...search } = parseOr('invalid_parameter', List, ctx.query);
    ctx.body = await desk.listCases(staff, { search: searchOf(search), after, limit });
  });

  router.get('/admin/cases/:caseId', async (ctx) => {
    const staff = await staffOf(ctx, permissions.readCase);
    ctx.body = found(await desk.readCase(staff, caseIdOf(ctx.params)));
  });

  router.get('/admin/cases/:caseId/history', async (ctx) => {
    const staff = await staffOf(ctx, permissions.readCase);
    const page = parseOr('invalid_parameter', Page, ctx.query);
    const entries = found(await desk.readHistory(staff, caseIdOf(ctx.params), page));
    const nextAfter = entries.length < page.limit ? null : (entries.at(-1)?.seq ?? null);
    ctx.body = { entries, nextAfter };
  });

  router.get('/admin/cases/:caseId/review', async (ctx) => {
    const staff = await staffOf(ctx, permissions.readReview);
    ctx.body = found(await desk.readReview(staff, caseIdOf(ctx.params)));
  });

  router.get('/admin/cases/:caseId/conversation', async (ctx) => {
    const staff = await staffOf(ctx, permissions.readConversation);
    const page = parseOr('invalid_parameter', Conversation, ctx.query);
    ctx.body = { lines: found(await desk.readConversation(staff, caseIdOf(ctx.params), page)) };
  });

  router.post('/admin/cases/:caseId/events', async (ctx) => {
    // Who sends has shown a token before anything is read.
    const staff = await staffOf(ctx, tellers);
    const body = await readStaffBody(ctx, bodyDeadlineMs);
    const { type } = parseOr('invalid_body', ActType, body);
    assertAllowed(staff, staffEvents[type].roles); // Before the rest is read: what is wrong with it is not their business.
    const at = new Date(now()).toISOString();
    const said = { ...(body as object), at, by: staff.subject };
    const data = parseOr('invalid_body', staffEvents[type].body, said);
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
