import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { startEdge } from './edge.ts';

const now = () => Date.parse('2026-12-01T10:00:00Z');
const contacts = ['mailto:security@example.org', 'https://example.org/security'];
const path = '/.well-known/security.txt';

suite('security.txt', () => {
  test('says where to tell of a weakness, and until when that holds', async (t) => {
    const security = { contacts, publicUrl: 'https://edge.example' };
    const { url } = await startEdge(t, { now, security });
    const answer = await fetch(url + path);
    assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.deepEqual((await answer.text()).split('\n'), [
      'Contact: mailto:security@example.org',
      'Contact: https://example.org/security',
      'Expires: 2027-05-30T00:00:00.000Z',
      'Preferred-Languages: en, tr, de',
      'Canonical: https://edge.example/.well-known/security.txt',
      '',
    ]);
  });

  test('names no address that is not reached by https', async (t) => {
    const { url } = await startEdge(t, { now, security: { contacts, publicUrl: null } });
    assert.doesNotMatch(await (await fetch(url + path)).text(), /Canonical/);
  });

  test('is not there where nobody is to be told', async (t) => {
    const { url } = await startEdge(t);
    assert.equal((await fetch(url + path)).status, 404);
  });
});

suite('Every answer', () => {
  test('tells browsers to come by https alone where they can', async (t) => {
    const reached = async (isHttps: boolean) => {
      const { url } = await startEdge(t, { isHttps });
      return (await fetch(url)).headers.get('strict-transport-security');
    };
    assert.equal(await reached(true), 'max-age=31536000');
    assert.equal(await reached(false), null);
  });
});
