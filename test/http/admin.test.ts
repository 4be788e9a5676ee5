import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';

import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';

import type { StaffActions } from '../../actors/ports/desk.ts';
import {
  audience,
  caseLine,
  caseView,
  issuer,
  jwtSecret,
  memoryDesk,
  problemOf,
  spokenLine,
  staffToken,
  startEdge,
} from './edge.ts';

const path = '/admin/cases/case-1';
const ask = (url: string, token?: string) =>
  fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

const claims = { tenant: 'tenant-a', roles: ['support'], sub: 'staff-1' };
const inFiveMinutes = () => Math.floor(Date.now() / 1_000) + 300;

/** A token with exactly these claims. */
function exactly(payload: Record<string, unknown>, alg = 'HS256', secret = jwtSecret) {
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

suite('A case for staff', () => {
  test('is shown to support and admins of its tenant, and never cached', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    for (const roles of [['support'], ['admin'], ['other', 'admin']]) {
      const response = await ask(url + path, await staffToken({ roles }));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.deepEqual(await response.json(), caseView);
    }
    assert.deepEqual(desk.readers[0], {
      subject: 'staff-1',
      tenant: 'tenant-a',
      roles: ['support'],
    });
  });

  test('is a 404 when the tenant has no such case, or the id can be none', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    const missing = async (path: string, tenant = 'tenant-a') => {
      const problem = await problemOf(await ask(url + path, await staffToken({ tenant })));
      assert.deepEqual([problem.status, problem.code], [404, 'not_found']);
    };
    await missing(path, 'tenant-b');
    await missing(`${path}/history`, 'tenant-b');
    await missing(`${path}/conversation`, 'tenant-b');
    await missing('/admin/cases/case-2');
    const asked = desk.readers.length;
    for (const id of ['%00', '%20', '%F0%9F%98%80', 'x'.repeat(201), 'a%2Fb']) {
      await missing(`/admin/cases/${id}`);
    }
    assert.equal(desk.readers.length, asked, 'the desk was asked for an id that can be none');
  });

  test('has a history in pages', async (t) => {
    const { url } = await startEdge(t);
    const token = await staffToken();
    const page = async (query: string) => {
      const response = await ask(`${url}${path}/history${query}`, token);
      const { entries, nextAfter } = (await response.json()) as {
        entries: { seq: number }[];
        nextAfter: number | null;
      };
      return [entries.map(({ seq }) => seq), nextAfter];
    };
    assert.deepEqual(await page(''), [[1, 2, 3, 4, 5, 6, 7], null]);
    assert.deepEqual(await page('?limit=3'), [[1, 2, 3], 3]);
    assert.deepEqual(await page('?after=3&limit=3'), [[4, 5, 6], 6]);
    assert.deepEqual(await page('?after=6&limit=3'), [[7], null]);
  });

  test('names the page parameter that is wrong', async (t) => {
    const { url } = await startEdge(t);
    const token = await staffToken();
    const wrong = ['limit=0', 'limit=501', 'limit=ten', 'after=-1', 'after=1.5', 'after=1&after=2'];
    for (const query of wrong) {
      const response = await ask(`${url}${path}/history?${query}`, token);
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code], [400, 'invalid_parameter']);
      assert.ok(detail?.startsWith(`${query.slice(0, 5)}: `), detail ?? 'no detail');
    }
  });

  test('has a conversation, never cached, as long as asked for', async (t) => {
    const { url } = await startEdge(t);
    const token = await staffToken();
    for (const [query, length] of [
      ['', 3],
      ['?limit=2', 2],
      ['?limit=200', 3],
    ] as const) {
      const response = await ask(`${url}${path}/conversation${query}`, token);
      assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-store']);
      assert.deepEqual(await response.json(), { lines: Array.from({ length }, () => spokenLine) });
    }
    for (const wrong of ['limit=0', 'limit=201', 'limit=ten', 'limit=1&limit=2']) {
      const response = await ask(`${url}${path}/conversation?${wrong}`, token);
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code], [400, 'invalid_parameter']);
      assert.match(detail ?? '', /^limit: /);
    }
  });

  test('is a 503 while the desk cannot answer now, and a 500 when it breaks', async (t) => {
    const busy = Object.assign(new Error('down'), { retryable: true });
    const broken = new Error('row of Anna K');
    for (const [error, status] of [[busy, 503] as const, [broken, 500] as const]) {
      const readCase = () => Promise.reject(error);
      const { url } = await startEdge(t, { desk: { ...memoryDesk(), readCase } });
      const response = await ask(url + path, await staffToken());
      assert.equal(response.status, status);
      assert.doesNotMatch(await response.text(), /Anna/);
    }
  });
});

suite('Cases for staff', () => {
  const listPath = '/admin/cases?tag=with-staff';

  test('are listed by tag, for readers, of their tenant only, and never cached', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    const listed = async (query: string, tenant = 'tenant-a') => {
      const response = await ask(`${url}/admin/cases?${query}`, await staffToken({ tenant }));
      assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'no-store']);
      return await response.json();
    };
    assert.deepEqual(await listed('tag=with-staff'), { cases: [caseLine], next: '50.case-1' });
    assert.deepEqual(await listed('tag=with-staff&limit=7&after=12.a.b'), {
      cases: [caseLine],
      next: '12.a.b',
    });
    assert.deepEqual(await listed('tag=waiting-for-patient&limit=200'), {
      cases: [],
      next: '200.case-1',
    });
    assert.deepEqual(await listed('tag=with-staff', 'tenant-b'), { cases: [], next: '50.case-1' });
    assert.deepEqual(desk.readers[0]?.tenant, 'tenant-a');
  });

  test('are found without words, by a number as people write it, and by a reference', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    const token = await staffToken();
    for (const query of [
      '',
      '?order=newest',
      '?phone=%2B49%20170-12345678',
      '?phone=+49+(170)+123-45678',
      '?reference=case-1-b1',
    ]) {
      assert.equal((await ask(`${url}/admin/cases${query}`, token)).status, 200, query);
    }
    assert.deepEqual(desk.searches, [
      { by: 'need' },
      { by: 'age' },
      { by: 'phone', phone: '4917012345678' },
      { by: 'phone', phone: '4917012345678' },
      { by: 'reference', reference: 'case-1-b1' },
    ]);
  });

  test('are for readers only', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    assert.equal((await ask(url + listPath)).status, 401);
    assert.equal((await ask(url + listPath, await staffToken({ roles: ['patient'] }))).status, 403);
    assert.equal(desk.readers.length, 0);
  });

  test('are not listed by a tag or a page that can be none', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    const token = await staffToken();
    const wrong = [
      ['tag=', 'tag'],
      [`tag=${'x'.repeat(65)}`, 'tag'],
      ['tag=a%00b', 'tag'],
      ['tag=a&tag=b', 'tag'],
      ['tag=a&phone=4917012345678', 'phone'],
      ['phone=4917012345678&reference=x', 'reference'],
      ['phone=12345', 'phone'],
      ['phone=017012345678', 'phone'],
      ['phone=anna', 'phone'],
      ['reference=', 'reference'],
      ['reference=a%20b', 'reference'],
      [`reference=${'x'.repeat(201)}`, 'reference'],
      ['limit=0', 'limit'],
      ['tag=a&limit=0', 'limit'],
      ['tag=a&limit=201', 'limit'],
      ['tag=a&after=', 'after'],
      ['tag=a&after=case-1', 'after'],
      ['tag=a&after=12345678901234567.case-1', 'after'],
      ['after=0-1.case-1', 'after'],
      ['after=0-1-1234567890123456789.case-1', 'after'],
      ['order=oldest', 'order'],
      ['order=newest&tag=a', 'order'],
      [`tag=a&after=1.${'x'.repeat(201)}`, 'after'],
      ['tag=a&after=1.%F0%9F%98%80', 'after'],
    ] as const;
    for (const [query, field] of wrong) {
      const response = await ask(`${url}/admin/cases?${query}`, token);
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code, detail?.split(':')[0]], [400, 'invalid_parameter', field]);
    }
    assert.equal(desk.readers.length, 0);
  });

  test('shows what a model saw to clinicians, and not to support', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    const support = await ask(`${url}${path}/review`, await staffToken({ roles: ['support'] }));
    assert.equal(support.status, 403);
    assert.equal(desk.readers.length, 0);
    const clinician = await ask(`${url}${path}/review`, await staffToken({ roles: ['clinician'] }));
    assert.equal(clinician.status, 200);
    assert.equal(((await clinician.json()) as { review: string }).review, 'needed');
    const elsewhere = await staffToken({ roles: ['clinician'], tenant: 'tenant-b' });
    assert.equal((await ask(`${url}${path}/review`, elsewhere)).status, 404);
  });
});

suite('A staff token', () => {
  const refused = async (url: string, token?: string) => {
    const routes = ['', '/history', '/conversation'].map((route) => path + route);
    for (const route of [...routes, '/admin/cases?tag=with-staff', '/admin/cases/none']) {
      const response = await ask(url + route, token);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code, detail], [401, 'invalid_token', undefined]);
    }
  };

  test('is needed, and must be one', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    for (const token of [undefined, '', 'x', 'a.b.c', `${await staffToken()}x`]) {
      await refused(url, token);
    }
    const basic = await fetch(url + path, { headers: { authorization: 'Basic YTpi' } });
    assert.equal(basic.status, 401);
    assert.equal(desk.readers.length, 0);
  });

  test('with a wrong or missing issuer, audience, time, subject, tenant or roles is refused', async (t) => {
    const { url } = await startEdge(t);
    const good = { ...claims, iss: issuer, aud: audience, exp: inFiveMinutes() };
    assert.equal((await ask(url + path, await exactly(good))).status, 200);
    const wrong: Record<string, unknown>[] = [
      { iss: 'urn:other' },
      { iss: undefined },
      { aud: 'other' },
      { aud: undefined },
      { exp: inFiveMinutes() - 600 },
      { exp: undefined },
      { nbf: inFiveMinutes() },
      { sub: undefined },
      { sub: '' },
      { tenant: undefined },
      { tenant: '' },
      { tenant: ['tenant-a'] },
      { roles: undefined },
      { roles: 'admin' },
    ];
    for (const change of wrong) await refused(url, await exactly({ ...good, ...change }));
  });

  test('from the future, for more than a day, or with names that cannot be stored is refused', async (t) => {
    const { url } = await startEdge(t);
    const now = Math.floor(Date.now() / 1_000);
    const day = 24 * 60 * 60;
    const good = { ...claims, iss: issuer, aud: audience, iat: now, exp: now + day };
    assert.equal((await ask(url + path, await exactly(good))).status, 200);
    const early = { ...good, iat: now - day, exp: now + 60 };
    const wrong: Record<string, unknown>[] = [
      { ...good, iat: now + 600 },
      { ...good, iat: now + 600, exp: now + 601 },
      { ...good, iat: String(now) },
      { ...good, exp: now + day + 60 },
      { ...good, iat: undefined, exp: now + 2 * day },
      early,
      { ...good, sub: 'staff\0' },
      { ...good, sub: 'staff\ud800' },
      { ...good, sub: 'staff\n1' },
      { ...good, tenant: 'tenant-a\0' },
      { ...good, roles: ['support', 'admin\0'] },
      { ...good, roles: ['support', 7] },
    ];
    for (const token of wrong) await refused(url, await exactly(token));
  });

  test('signed by another secret, another algorithm or nobody is refused', async (t) => {
    const { url } = await startEdge(t);
    const good = { ...claims, iss: issuer, aud: audience, exp: inFiveMinutes() };
    await refused(url, await exactly(good, 'HS256', 'another secret of at least 32 characters'));
    await refused(url, await exactly(good, 'HS384', jwtSecret.repeat(2)));
    await refused(url, new UnsecuredJWT(good).encode());
    const { privateKey } = await generateKeyPair('RS256');
    await refused(
      url,
      await new SignJWT(good).setProtectedHeader({ alg: 'RS256' }).sign(privateKey),
    );
  });

  test('may be signed by each live secret', async (t) => {
    const older = 'an-older-secret-of-32-characters-or-more';
    const keys = { kind: 'secrets', secrets: [jwtSecret, older] } as const;
    const { url } = await startEdge(t, { staffTokens: { issuer, audience, keys } });
    for (const secret of keys.secrets) {
      assert.equal((await ask(url + path, await staffToken({}, secret))).status, 200);
    }
  });

  test("without a reader's role gets a 403", async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { desk });
    for (const roles of [[], ['patient'], ['Admin'], ['support ']]) {
      const response = await ask(url + path, await staffToken({ roles }));
      assert.deepEqual((await problemOf(response)).code, 'forbidden');
      assert.equal(response.status, 403);
    }
    assert.equal(desk.readers.length, 0);
  });
});

suite("A staff token under a provider's key set", () => {
  async function keySet(t: TestContext) {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' };
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return { pair, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }
  const good = () => ({ ...claims, iss: issuer, aud: audience, exp: inFiveMinutes() });

  test('is taken when one of its keys signed, and by no shared secret', async (t) => {
    const { pair, url: jwks } = await keySet(t);
    const staffTokens = { issuer, audience, keys: { kind: 'jwks', url: jwks } } as const;
    const { url } = await startEdge(t, { staffTokens });
    const signed = (kid: string) =>
      new SignJWT(good()).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);
    assert.equal((await ask(url + path, await signed('key-1'))).status, 200);
    assert.equal((await ask(url + path, await signed('key-2'))).status, 401);
    assert.equal((await ask(url + path, await staffToken())).status, 401);
    const publicKey = await exportSPKI(pair.publicKey);
    assert.equal((await ask(url + path, await exactly(good(), 'HS256', publicKey))).status, 401);
    const stranger = await generateKeyPair('ES256');
    const forged = new SignJWT(good()).setProtectedHeader({ alg: 'ES256', kid: 'key-1' });
    assert.equal((await ask(url + path, await forged.sign(stranger.privateKey))).status, 401);
  });

  test('is a 503 when the key set cannot be read', async (t) => {
    const { pair, server, url: jwks } = await keySet(t);
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const staffTokens = { issuer, audience, keys: { kind: 'jwks', url: jwks } } as const;
    const { url } = await startEdge(t, { staffTokens });
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: 'ES256', kid: 'key-1' })
      .sign(pair.privateKey);
    const response = await ask(url + path, token);
    assert.equal(response.status, 503);
    assert.ok(response.headers.has('retry-after'));
  });
});

suite('What staff tell a case', () => {
  const post = async (
    url: string,
    body: unknown,
    headers: Record<string, string> = {},
    token?: string,
  ) =>
    fetch(`${url}${path}/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? (await staffToken({}))}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  test('reaches it once for each key, with the time of our own clock', async (t) => {
    const staffActions = memoryDesk();
    const { url } = await startEdge(t, { staffActions, now: () => Date.parse(inTheYear2030) });
    const key = { 'idempotency-key': 'act-1' };
    for (const outcome of ['stored', 'duplicate']) {
      const response = await post(url, { type: 'staff.close', reason: 'moved', at: 'never' }, key);
      assert.equal(response.status, 202);
      assert.deepEqual(await response.json(), { outcome });
    }
    assert.deepEqual(
      staffActions.acts.map(({ type, data }) => ({ type, data })),
      [{ type: 'staff.close', data: { at: inTheYear2030, by: 'staff-1', reason: 'moved' } }],
    );
  });

  test('is refused with the field that is wrong, and changes nothing', async (t) => {
    const staffActions = memoryDesk();
    const { url } = await startEdge(t, { staffActions });
    const refused = async (response: Response) => {
      const { status, code, detail } = await problemOf(response);
      return [status, code, detail];
    };
    assert.deepEqual(await refused(await post(url, { type: 'staff.close' })), [
      400,
      'invalid_body',
      'reason: expected "reason"',
    ]);
    const [status, code] = await refused(await post(url, { type: 'payment.succeeded' }));
    assert.deepEqual([status, code], [400, 'invalid_body']);
    assert.equal((await refused(await post(url, '{')))[1], 'malformed_json');
    const large = { type: 'staff.close', reason: 'x'.repeat(40_000) };
    assert.equal((await refused(await post(url, large)))[0], 413);
    const text = { 'content-type': 'text/plain' };
    assert.equal((await refused(await post(url, { type: 'staff.resume' }, text)))[0], 415);
    const key = { 'idempotency-key': 'a b' };
    assert.equal(
      (await refused(await post(url, { type: 'staff.resume' }, key)))[1],
      'invalid_parameter',
    );
    const stranger = await staffToken({ roles: ['patient'] });
    assert.equal((await refused(await post(url, { type: 'staff.resume' }, {}, stranger)))[0], 403);
    const elsewhere = await staffToken({ tenant: 'tenant-b' });
    assert.equal((await refused(await post(url, { type: 'staff.resume' }, {}, elsewhere)))[0], 404);
    assert.deepEqual(staffActions.acts, []);
  });

  test('may be a reply of 4,000 characters in any script, however it is escaped', async (t) => {
    const staffActions = memoryDesk();
    const { url } = await startEdge(t, { staffActions });
    for (const character of ['x', 'ş', 'م', '好']) {
      const text = character.repeat(4_000);
      assert.equal((await post(url, { type: 'staff.reply', text: ` ${text}\n` })).status, 202);
      const code = text.charCodeAt(0).toString(16).padStart(4, '0');
      const escaped = `{"type":"staff.reply","text":"${`\\u${code}`.repeat(4_000)}"}`;
      assert.equal((await post(url, escaped)).status, 202);
      const texts = staffActions.acts.splice(0).map(({ data }) => data['text']);
      assert.deepEqual(texts, [text, text]);
    }
  });

  test('is repeated by no refusal and in no report', async (t) => {
    const canary = 'CanaryReply';
    const reported: string[] = [];
    const broken = { act: () => Promise.reject(new Error('no database')) };
    const down = {
      act: () => Promise.reject(Object.assign(new Error('down'), { retryable: true })),
    };
    const report = (error: unknown, correlationId: string) =>
      void reported.push(inspect(error, { depth: null }), correlationId);
    const reply = { type: 'staff.reply', text: canary };
    const tries: [unknown, number, StaffActions?][] = [
      [reply, 500, broken],
      [reply, 503, down],
      [{ ...reply, text: canary.repeat(400) }, 400],
      [{ ...reply, text: [canary] }, 400],
      [{ type: canary, text: canary }, 400],
      [`{"type":"staff.reply","text":"${canary}`, 400],
      [`"${canary}"`, 400],
      [{ ...reply, text: canary.repeat(4_000) }, 413],
    ];
    for (const [body, status, staffActions = memoryDesk()] of tries) {
      const { url, registry } = await startEdge(t, { staffActions, report });
      const response = await post(url, body);
      assert.equal(response.status, status);
      const headers: string[] = [];
      response.headers.forEach((value, name) => headers.push(`${name}: ${value}`));
      const told = [await response.text(), ...headers, await registry.metrics()];
      assert.ok(!told.join('\n').includes(canary), `an answer of ${status} repeats it`);
    }
    assert.ok(reported.length >= 4);
    assert.ok(!reported.join('\n').includes(canary));
  });
});

const inTheYear2030 = '2030-01-01T00:00:00.000Z';
