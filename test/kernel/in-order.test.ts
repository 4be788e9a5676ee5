import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { setup } from 'xstate';

import type { Performer } from '../../actors/kernel/ports.ts';
import { waitUntil } from '../support/wait.ts';
import { hostsOf, newCase, withServer } from './host.ts';

withServer();

/** Says three things in one step. */
const speaker = setup({
  actions: { say: (..._args: [seen: unknown, params: { word: string }]) => undefined },
}).createMachine({
  id: 'speaker',
  initial: 'silent',
  states: {
    silent: {
      on: {
        speak: {
          actions: [
            { type: 'say', params: { word: 'one' } },
            { type: 'say', params: { word: 'two' } },
            { type: 'say', params: { word: 'three' } },
          ],
        },
      },
    },
  },
});

suite('a performer in order', () => {
  test('says what a case says one by one, past a retry and an unknown outcome, and lets other cases speak', async (t) => {
    const hosts = await hostsOf(t);
    const heard: string[] = [];
    const first = Promise.withResolvers<void>();
    const busy = Object.assign(new Error('not now'), { retryable: true });
    const lost = Object.assign(new Error('perhaps'), { unknown: true });
    const say: Performer = {
      resolution: 'none',
      inOrder: true,
      async perform(input, { caseId, attempt }) {
        const { word } = input as { word: string };
        heard.push(`${caseId.slice(0, 1)} ${word} ${attempt}`);
        if (!caseId.startsWith('a')) return;
        if (word === 'one') await first.promise;
        if (word === 'two') throw attempt === 1 ? busy : lost;
      },
    };
    const { kernel } = await hosts.start({
      machines: { speaker: { machine: speaker } },
      performers: { say },
    });
    const speak = async (prefix: string) => {
      const { tenant, caseId } = newCase();
      await kernel.send({
        tenant,
        caseId: `${prefix}-${caseId}`,
        source: 'test',
        dedupeKey: caseId,
        create: { machine: 'speaker', input: {} },
        event: { type: 'speak' },
      });
    };
    const said = (by: string) => heard.filter((line) => line.startsWith(by));

    await speak('a');
    await waitUntil(() => said('a').length > 0, { what: 'the first word' });
    await speak('b');
    await waitUntil(() => said('b').length === 3, { what: 'another case' });
    assert.deepEqual(said('b'), ['b one 1', 'b two 1', 'b three 1']);
    assert.deepEqual(said('a'), ['a one 1'], 'the second waits for the first');

    first.resolve();
    await waitUntil(() => said('a').length === 4, { what: 'the rest', timeoutMs: 20_000 });
    assert.deepEqual(said('a'), ['a one 1', 'a two 1', 'a two 2', 'a three 1']);
  });
});
