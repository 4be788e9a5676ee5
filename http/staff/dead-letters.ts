import { Router } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import * as v from 'valibot';

import type { DeadLetters } from '../../actors/ports/dead-letters.ts';
import { providerNames, type ProviderName } from '../../actors/ports/providers.ts';
import type { UnroutableDeliveries } from '../../actors/ports/unroutable.ts';
import { permissions, type Role } from '../../actors/shapes/permissions.ts';
import { Refusal } from '../server/errors.ts';
import type { EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import { isAllowed, readerOf, wholeNumber } from './cases.ts';
import type { ReadStaff } from './tokens.ts';

export interface DeadLettersEdge {
  readonly deadLetters: DeadLetters;
  readonly unroutable: UnroutableDeliveries;
}

const Letters = v.object({
  provider: v.optional(v.picklist(providerNames)),
  caseId: v.optional(v.pipe(v.string(), v.regex(/^[\w.:-]{1,100}$/))),
  state: v.optional(v.picklist(['open', 'case_told', 'retried', 'resolved'])),
  /** The `next` of the page before. */
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,18}$/))),
  limit: wholeNumber(1, 200, 50),
});

const Deliveries = v.object({
  source: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]{1,50}$/))),
  after: v.optional(v.pipe(v.string(), v.uuid())),
  limit: wholeNumber(1, 200, 50),
});

/**
 * What failed for good and what has no case, for staff who act on it. JSON, audited, never cached, of their own tenant only,
 * without patient data. 401 without a valid token, 403 without a role for it, 404 for what the tenant does not have, 400
 * naming a bad parameter, 409 `not_retryable` with the reason as `detail`.
 *
 * `GET /admin/dead-letters?provider=amadeus&caseId=&state=open&limit=50&after=` answers `{ deadLetters, next }`, newest first;
 * `next` is null at the end. `POST /admin/dead-letters/{id}/retry` answers 202 `{ outcome: 'retried' }`.
 * `GET /admin/parked-deliveries?source=stripe&limit=50&after=` answers `{ deliveries, next }`, oldest first;
 * `POST /admin/parked-deliveries/{id}/retry` looks for its case again and answers 202 `{ outcome }`.
 */
export function deadLetterRoutes(
  { deadLetters, unroutable }: DeadLettersEdge,
  readStaff: ReadStaff,
): Router<EdgeState> {
  const router = new Router<EdgeState>();
  const reader = (ctx: ParameterizedContext<EdgeState>, allowed: readonly Role[]) =>
    readerOf(readStaff, ctx.get('authorization'), allowed);

  router.get('/admin/dead-letters', async (ctx) => {
    const staff = await reader(ctx, permissions.readDeadLetters);
    const {
      provider = null,
      caseId = null,
      state = null,
      after = null,
      limit,
    } = parseOr('invalid_parameter', Letters, ctx.query);
    ctx.body = await deadLetters.list(staff, { provider, caseId, state, after, limit });
  });

  router.post('/admin/dead-letters/:id/retry', async (ctx) => {
    const staff = await reader(ctx, permissions.readDeadLetters);
    const { id = '' } = ctx.params;
    if (!/^\d{1,18}$/.test(id)) throw new Refusal('not_found');
    const letter = await deadLetters.find(staff, id);
    if (letter === null) throw new Refusal('not_found');
    if (!isAllowed(staff, retriersOf(letter.provider))) throw new Refusal('forbidden');
    answer(ctx, await deadLetters.retry(staff, id), 'retried');
  });

  router.get('/admin/parked-deliveries', async (ctx) => {
    const staff = await reader(ctx, permissions.handleUnroutable);
    const {
      source = null,
      after = null,
      limit,
    } = parseOr('invalid_parameter', Deliveries, ctx.query);
    ctx.body = await unroutable.list(staff, { source, after, limit });
  });

  router.post('/admin/parked-deliveries/:id/retry', async (ctx) => {
    const staff = await reader(ctx, permissions.handleUnroutable);
    const { id = '' } = ctx.params;
    if (!v.is(v.pipe(v.string(), v.uuid()), id)) throw new Refusal('not_found');
    answer(ctx, await unroutable.retry(staff, id), 'routed');
  });

  return router;
}

/** Who may have a failed effect tried again, by whom it depends on. */
const retriersOf = (provider: ProviderName | null): readonly Role[] =>
  provider === 'stripe' || provider === 'iyzico' || provider === 'efatura'
    ? permissions.retryMoney
    : permissions.retryEffect;

function answer(
  ctx: ParameterizedContext<EdgeState>,
  result: { readonly refused: string | null } | null,
  outcome: string,
): void {
  if (result === null) throw new Refusal('not_found');
  if (result.refused !== null) throw new Refusal('not_retryable', result.refused);
  ctx.status = 202;
  ctx.body = { outcome };
}
