import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ProviderBusy, ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import {
  type PolicyOptions,
  callPolicy,
  whenNothingWasDone,
  whenRetryable,
} from '../../adapters/policy.ts';
import { until } from './fixtures.ts';

const options: PolicyOptions = { timeoutMs: 1_000, retryWhen: whenRetryable, initialDelayMs: 1 };
const never = new AbortController().signal;
const busy = new ProviderBusy('acme', 'status_429');
const silent = new ProviderUnreachable('acme', 'timeout');
const refused = new ProviderRefused('acme', 'no');

/** Throws these one after the other, then returns how often it was called. */
function calls(...errors: readonly Error[]) {
  let count = 0;
  return {
    count: () => count,
    call: async () => {
      const error = errors[count++];
      if (error) throw error;
      return count;
    },
  };
}

suite('a call policy', () => {
  test('tries three times more, and then says what came last', async () => {
    const twice = calls(silent, busy);
    assert.equal(await callPolicy('acme', options).execute(twice.call, never), 3);
    const always = calls(silent, silent, silent, silent, silent);
    await assert.rejects(callPolicy('acme', options).execute(always.call, never), silent);
    assert.equal(always.count(), 4);
  });

  test('does not repeat a refusal, or a bug', async () => {
    for (const error of [refused, new TypeError('bug')]) {
      const once = calls(error);
      await assert.rejects(callPolicy('acme', options).execute(once.call, never), error);
      assert.equal(once.count(), 1);
    }
  });

  test('repeats what is not safe to repeat only where nothing was done', async () => {
    const careful = callPolicy('acme', { ...options, retryWhen: whenNothingWasDone });
    assert.equal(await careful.execute(calls(busy, busy).call, never), 3);
    const doubtful = calls(silent);
    await assert.rejects(careful.execute(doubtful.call, never), silent);
    assert.equal(doubtful.count(), 1);
  });

  test('stays in doubt, even if it is told "not now" afterwards', async () => {
    const port = callPolicy('acme', { ...options, maxRetries: 1 });
    await assert.rejects(port.execute(calls(silent, busy).call, never), silent);
  });

  test('leaves a provider that asks for more time than it has', async () => {
    const patient = new ProviderBusy('acme', 'status_429', 60_000);
    const once = calls(patient);
    await assert.rejects(callPolicy('acme', options).execute(once.call, never), patient);
    assert.equal(once.count(), 1);
  });

  test('waits as long as the provider asks', async () => {
    const startedAt = performance.now();
    await callPolicy('acme', options).execute(
      calls(new ProviderBusy('acme', 'status_429', 150)).call,
      never,
    );
    assert.ok(performance.now() - startedAt >= 149);
  });

  test('ends each try at its time-out', async () => {
    let tries = 0;
    await assert.rejects(
      callPolicy('acme', { ...options, timeoutMs: 20, maxRetries: 1 }).execute(({ signal }) => {
        tries += 1;
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(silent));
        });
      }, never),
      silent,
    );
    assert.equal(tries, 2);
  });

  test('stops waiting for its next try when the caller leaves', async () => {
    const leaving = new AbortController();
    const once = calls(new ProviderBusy('acme', 'status_429', 4_000), busy);
    const outcome = assert.rejects(
      callPolicy('acme', options).execute(once.call, leaving.signal),
      (error) => error instanceof ProviderBusy && error.reason === 'not_sent',
    );
    await until(() => once.count() === 1);
    const startedAt = performance.now();
    leaving.abort();
    await outcome;
    assert.ok(performance.now() - startedAt < 4_000, 'as long as the provider asked for');
    assert.equal(once.count(), 1);
  });

  test('opens its circuit when half of the calls fail, and closes it by one that works', async () => {
    const logged: string[] = [];
    const port = callPolicy(
      'acme',
      { ...options, maxRetries: 0, openMs: 50 },
      (_level, event) => void logged.push(event),
    );
    for (let call = 0; call < 10; call++)
      await assert.rejects(port.execute(calls(silent).call, never));
    const spared = calls();
    await assert.rejects(
      port.execute(spared.call, never),
      (error) =>
        error instanceof ProviderBusy &&
        error.reason === 'circuit_open' &&
        error.retryAfterMs === 50,
    );
    assert.equal(spared.count(), 0);
    await until(() =>
      port.execute(calls().call, never).then(
        () => true,
        () => false,
      ),
    );
    assert.deepEqual(logged, ['circuit_opened', 'circuit_closed']);
  });

  test('keeps its circuit closed for a provider that refuses or is busy', async () => {
    const port = callPolicy('acme', { ...options, maxRetries: 0 });
    for (let call = 0; call < 30; call++) {
      await assert.rejects(port.execute(calls(call % 2 ? busy : refused).call, never));
    }
    assert.equal(await port.execute(calls().call, never), 1);
  });

  test('runs so many at once, lets so many wait, and sends the rest away', async () => {
    const port = callPolicy('acme', { ...options, concurrency: 2, queue: 1 });
    const gate = Promise.withResolvers<void>();
    let running = 0;
    const hold = async () => {
      running += 1;
      await gate.promise;
    };
    const three = [1, 2, 3].map(() => port.execute(hold, never));
    await until(() => running === 2);
    await assert.rejects(
      port.execute(hold, never),
      (error) => error instanceof ProviderBusy && error.reason === 'bulkhead_full',
    );
    gate.resolve();
    await Promise.all(three);
    assert.equal(running, 3);
  });
});
