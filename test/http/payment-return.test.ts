import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { eventSchemas } from '../../actors/shapes/events.ts';
import { languages } from '../../actors/texts/keys.ts';
import { returnAddress } from '../../http/patients/payment-return.ts';
import { problemOf, rawExchange, returnKeys, startEdge } from './edge.ts';

/** Half past a minute. */
const nowMs = 1_795_400_010_000;

function addressAt(url: string, keys: readonly Uint8Array[] = returnKeys) {
  return returnAddress(() => url, keys, 'stripe');
}

const form = (body: string) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
});

suite('Coming back from a payment page', () => {
  test('makes the booking look, by a link or by a form, and thanks in every language', async (t) => {
    const { url, intake } = await startEdge(t, { now: () => nowMs });
    const byLink = await fetch(addressAt(url)('case-1-b1'));
    const iyzico = returnAddress(() => url, returnKeys, 'iyzico');
    const byForm = await fetch(iyzico('case-2-b1'), form('token=11111111'));
    for (const response of [byLink, byForm]) {
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      const html = await response.text();
      assert.doesNotMatch(html, /case-|<script|style=|src=|href=/);
      const spoken = [...html.matchAll(/<p lang="(\w\w)"/g)].map(([, lang = '']) => lang);
      assert.deepEqual(new Set(spoken), new Set<string>(languages));
    }
    assert.equal(intake.received.length, 2);
    const [first, second] = intake.received;
    assert.deepEqual(first?.about, { kind: 'case', caseId: 'case-1' });
    assert.deepEqual(first?.data, {
      provider: 'stripe',
      notice: 'returned',
      bookingId: 'case-1-b1',
      checkoutId: null,
      paymentId: null,
      at: '2026-11-23T02:13:00.000Z',
    });
    assert.ok(v.is(eventSchemas['payment.notified'], first?.data));
    assert.equal((second?.data as { provider?: string } | undefined)?.provider, 'iyzico');
  });

  test('is one event for each booking and minute', async (t) => {
    let at = nowMs;
    const { url, intake } = await startEdge(t, { now: () => at });
    const address = addressAt(url);
    for (const later of [0, 10_000, 29_999]) {
      at = nowMs + later;
      assert.equal((await fetch(address('case-1-b1'))).status, 200);
      assert.equal((await fetch(address('case-1-b1'), form('token=x'))).status, 200);
    }
    assert.equal(intake.received.length, 1);
    await fetch(address('case-1-b2'));
    at = nowMs + 30_000;
    await fetch(address('case-1-b1'));
    assert.equal(intake.received.length, 3);
  });

  test('is no event any more once a booking has had many in a day, and thanks all the same', async (t) => {
    let at = nowMs;
    const { url, intake } = await startEdge(t, { now: () => at });
    const address = addressAt(url)('case-1-b1');
    for (let minute = 0; minute < 50; minute += 1) {
      at = nowMs + minute * 60_000;
      assert.equal((await fetch(address)).status, 200);
    }
    assert.equal(intake.received.length, 20);
    at = nowMs + 24 * 60 * 60_000;
    await fetch(address);
    assert.equal(intake.received.length, 21);
  });

  test('works with every live key, and with ids that a path has to escape', async (t) => {
    const { url, intake } = await startEdge(t);
    assert.equal((await fetch(addressAt(url, [returnKeys[1]])('case-1-b1'))).status, 200);
    assert.equal((await fetch(addressAt(url)('a%2Fb?c#d-b1'))).status, 200);
    assert.deepEqual(intake.received.at(-1)?.about, { kind: 'case', caseId: 'a%2Fb?c#d' });
  });

  test('with a signature that does not hold is a page of 404, and nothing is stored', async (t) => {
    const { url, intake } = await startEdge(t);
    const good = addressAt(url)('case-1-b1');
    const wrong = [
      good.slice(0, -1),
      good.replace(/s=.*/, ''),
      `${good}&s=again`,
      good.replace('case-1', 'case-2'),
      addressAt(url, [Buffer.alloc(32, 'other')])('case-1-b1'),
      addressAt(url)('no-booking'),
    ];
    for (const address of wrong) {
      for (const init of [{}, form('token=x')]) {
        const response = await fetch(address, init);
        assert.equal(response.status, 404, address);
        assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
        assert.doesNotMatch(await response.text(), /case-/);
      }
    }
    assert.equal(intake.received.length, 0);
  });

  test('takes a form up to a limit, and none without a length', async (t) => {
    const { url, port, intake } = await startEdge(t);
    const address = addressAt(url)('case-1-b1');
    assert.equal((await fetch(address, form('x'.repeat(65_536)))).status, 200);
    const path = address.slice(url.length);
    const tooLarge = [
      ['content-length: 65537', 'x'.repeat(65_537)],
      ['transfer-encoding: chunked', '1\r\nx\r\n0\r\n\r\n'],
    ] as const;
    for (const [header, body] of tooLarge) {
      const head = `POST ${path} HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\n`;
      assert.match(await rawExchange(port, head, body), /^HTTP\/1.1 413 /);
    }
    assert.equal(intake.received.length, 1);
  });

  test('says so when the ledger cannot commit', async (t) => {
    const { url, intake } = await startEdge(t);
    intake.closed = true;
    const { status, code } = await problemOf(await fetch(addressAt(url)('case-1-b1')));
    assert.deepEqual([status, code], [503, 'unavailable']);
  });

  test('needs keys that nobody guesses', () => {
    assert.throws(() => addressAt('http://x', []), TypeError);
    assert.throws(() => addressAt('http://x', [Buffer.alloc(31)]), TypeError);
  });
});
