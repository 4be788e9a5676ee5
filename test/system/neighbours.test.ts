import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { brokenKey, hostileTexter, slowClient } from './attackers.ts';
import { traceCollector } from './canary.ts';
import {
  inbound,
  staffHeader,
  startOrchestrator,
  textFrom,
  type Orchestrator,
} from './orchestrator.ts';

/** ms: what a well-behaved client may wait, 99 times in 100, on a machine that has time for this. */
const bound = 250;
const sockets = 1_000;

const hostile = '491599927440001';
const broken = '491599927440002';
const good = '491599927440003';

/** Its 99th percentile, ms. */
const p99 = (times: readonly number[]) =>
  times.toSorted((one, other) => one - other)[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;

suite('A well-behaved client', { timeout: 180_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let staff: Record<string, string>;

  before(async () => {
    const traces = parts.use(await traceCollector());
    system = parts.use(await startOrchestrator(services, traces.url));
    staff = { ...(await staffHeader()) };
  });
  after(() => parts.disposeAsync());

  async function opened(phone: string): Promise<string> {
    const known = await system.query<{ case_id: string }>('select case_id from cases');
    const answer = await system.whatsapp(inbound([textFrom(phone, 'Guten Tag')]));
    assert.equal(answer.status, 200);
    const found = await waitUntil(
      async () =>
        (await system.query<{ case_id: string }>('select case_id from cases')).find(
          ({ case_id: caseId }) => !known.some((one) => one.case_id === caseId),
        ),
      { what: 'the case' },
    );
    return found.case_id;
  }

  /** What Meta and staff do, one after the other: how long each of it took, ms. */
  async function times(caseId: string, rounds: number): Promise<number[]> {
    const taken: number[] = [];
    const timed = async (status: number, ask: () => Promise<{ readonly status: number }>) => {
      const startedAt = performance.now();
      const answer = await ask();
      taken.push(performance.now() - startedAt);
      assert.equal(answer.status, status);
    };
    for (let round = 0; round < rounds; round += 1) {
      const body = inbound([textFrom(good, `Nachricht ${round}`)]);
      await timed(200, async () => await system.whatsapp(body));
      const path = `${system.edge}/admin/cases/${caseId}`;
      await timed(200, async () => await system.request(path, { headers: staff }));
      await timed(200, async () => await system.request(`${system.ops}/health/live`));
    }
    return taken;
  }

  test('is served as before beside a slow one, a hostile texter and a broken key', async (t) => {
    const [ofHostile, ofBroken, ofGood] = [
      await opened(hostile),
      await opened(broken),
      await opened(good),
    ];
    const calm = p99(await times(ofGood, 40));
    const look = async () =>
      await system.request(`${system.edge}/admin/cases/${ofHostile}/conversation`, {
        headers: staff,
      });
    const attacks = [
      await slowClient(system.edge, sockets),
      hostileTexter(system, hostile, look),
      await brokenKey(system, ofBroken, broken),
    ];
    try {
      const busy = p99(await times(ofGood, 70));
      for (const attack of attacks) t.diagnostic(attack.done());
      t.diagnostic(`p99 ${Math.round(busy)} ms, ${Math.round(calm)} ms before`);
      // A loaded machine is slow by itself: then it may be a few times as slow as it was, and no more.
      assert.ok(busy < Math.max(bound, 5 * calm), `${busy} ms, ${calm} ms before`);
    } finally {
      await Promise.all(attacks.map((attack) => attack.stop()));
    }
  });
});
