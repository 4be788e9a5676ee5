import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetters,
  DeadLetterSearch,
  RetryRefusal,
} from '../../actors/ports/dead-letters.ts';
import type { ProviderName } from '../../actors/ports/providers.ts';
import type { UnroutableDeliveries, UnroutableSearch } from '../../actors/ports/unroutable.ts';
import { problemOf, staffToken, startEdge } from './edge.ts';

const at = '2026-11-30T10:00:00.000Z';
const letter = (id: string, provider: ProviderName | null): DeadLetter => ({
  id,
  kind: 'effect',
  subject: `case-1.3.${id}`,
  caseId: 'case-1',
  provider,
  name: 'searchFlights',
  code: 'provider_refused',
  attempts: 1,
  at,
  state: 'open',
});
const parked = {
  id: '01a22e78-7927-703a-b11b-39ae4ad40bc8',
  source: 'stripe',
  type: 'payment.notified',
  reason: 'unknown_payment',
  receivedAt: at,
  summary: null,
  retryable: true,
};

/** Letters 1 (duffel) and 2 (stripe) of `tenant-a`, and one parked delivery. */
async function start(t: TestContext, refused: RetryRefusal | null = null) {
  const searches: (DeadLetterSearch | UnroutableSearch)[] = [];
  const retried: string[] = [];
  const letters = [letter('2', 'stripe'), letter('1', 'duffel')];
  const deadLetters: DeadLetters = {
    async list(staff, search) {
      searches.push(search);
      return { deadLetters: staff.tenant === 'tenant-a' ? letters : [], next: '1' };
    },
    async find({ tenant }, id) {
      const found = letters.find((one) => one.id === id && tenant === 'tenant-a');
      return found
        ? ({ ...found, caseStatus: 'active', isErased: false, effect: null } as DeadLetterDetail)
        : null;
    },
    async retry(_, id) {
      retried.push(id);
      return { refused };
    },
  };
  const unroutable: UnroutableDeliveries = {
    async list(_, search) {
      searches.push(search);
      return { deliveries: [parked], next: null };
    },
    async retry(_, id) {
      retried.push(id);
      return id === parked.id ? { refused } : null;
    },
  };
  const { url } = await startEdge(t, { failures: { deadLetters, unroutable } });
  const ask = async (path: string, claims: Record<string, unknown> = {}, method = 'GET') =>
    fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${await staffToken(claims)}` },
    });
  return { url, ask, searches, retried };
}

suite('Dead letters for staff', () => {
  test('are listed newest first, in pages, of a provider, a case or a state, and never cached', async (t) => {
    const { ask, searches } = await start(t);
    const response = await ask('/admin/dead-letters');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const { deadLetters, next } = (await response.json()) as {
      deadLetters: DeadLetter[];
      next: string;
    };
    assert.deepEqual([deadLetters.map(({ id }) => id), next], [['2', '1'], '1']);
    const query = 'provider=duffel&caseId=case-1&state=case_told&after=7&limit=3';
    await ask(`/admin/dead-letters?${query}`);
    assert.deepEqual(searches, [
      { provider: null, caseId: null, state: null, after: null, limit: 50 },
      { provider: 'duffel', caseId: 'case-1', state: 'case_told', after: '7', limit: 3 },
    ]);
  });

  test('name the parameter that is wrong', async (t) => {
    const { ask } = await start(t);
    for (const [query, field] of [
      ['provider=nobody', 'provider'],
      ['caseId=a%20b', 'caseId'],
      ['state=gone', 'state'],
      ['after=x', 'after'],
      ['limit=0', 'limit'],
    ] as const) {
      const { status, code, detail } = await problemOf(await ask(`/admin/dead-letters?${query}`));
      assert.deepEqual([status, code, detail?.split(':')[0]], [400, 'invalid_parameter', field]);
    }
  });

  test('are for staff of their own tenant', async (t) => {
    const { url, ask } = await start(t);
    assert.equal((await fetch(`${url}/admin/dead-letters`)).status, 401);
    assert.equal((await ask('/admin/dead-letters', { roles: ['patient'] })).status, 403);
    const elsewhere = await ask('/admin/dead-letters/1/retry', { tenant: 'tenant-b' }, 'POST');
    assert.equal(elsewhere.status, 404);
  });

  test('are tried again by those who answer for them: money by finance alone', async (t) => {
    const { ask, retried } = await start(t);
    const status = async (id: string, role: string) =>
      (await ask(`/admin/dead-letters/${id}/retry`, { roles: [role] }, 'POST')).status;
    assert.deepEqual([await status('1', 'support'), await status('1', 'finance')], [202, 403]);
    assert.deepEqual([await status('2', 'support'), await status('2', 'finance')], [403, 202]);
    assert.deepEqual(retried, ['1', '2']);
    for (const id of ['x', '1.0', '-1', '9'.repeat(19), '3'])
      assert.equal(await status(id, 'admin'), 404, id);
  });

  test('that cannot be tried again say why', async (t) => {
    const { ask } = await start(t, 'case_closed');
    const response = await ask('/admin/dead-letters/1/retry', {}, 'POST');
    const { status, code, detail } = await problemOf(response);
    assert.deepEqual([status, code, detail], [409, 'not_retryable', 'case_closed']);
  });
});

suite('Deliveries without a case for staff', () => {
  test('are listed with what is needed to act, oldest first', async (t) => {
    const { ask, searches } = await start(t);
    const response = await ask('/admin/parked-deliveries?source=stripe&limit=2');
    assert.deepEqual(await response.json(), { deliveries: [parked], next: null });
    assert.deepEqual(searches, [{ source: 'stripe', after: null, limit: 2 }]);
  });

  test('are for support alone', async (t) => {
    const { ask } = await start(t);
    for (const role of ['clinician', 'finance', 'patient'])
      assert.equal((await ask('/admin/parked-deliveries', { roles: [role] })).status, 403, role);
  });

  test('are looked for again, or say why not', async (t) => {
    const { ask } = await start(t);
    const retry = `/admin/parked-deliveries/${parked.id}/retry`;
    const response = await ask(retry, {}, 'POST');
    assert.deepEqual([response.status, await response.json()], [202, { outcome: 'routed' }]);
    const unknown = retry.replace('01a22e78', '01a22e79');
    assert.equal((await ask(unknown, {}, 'POST')).status, 404);
    assert.equal((await ask('/admin/parked-deliveries/7/retry', {}, 'POST')).status, 404);
  });
});
