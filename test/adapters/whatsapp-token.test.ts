import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';

import { Deferred } from '../../actors/errors.ts';
import { type TokenCacheOptions, tokenCache } from '../../adapters/token-cache.ts';
import { createTokenEncryption } from '../../adapters/token-encryption.ts';
import { createTelemetry } from '../../telemetry.ts';
import { type TestRedis, performing, startRedis, until, tokenEncryption } from './fixtures.ts';
import {
  type Said,
  accepted,
  hello,
  messagingAt,
  refusal,
  startMeta,
  tokensAt,
} from './whatsapp-server.ts';

const never = new AbortController().signal;
const app = { id: 'app-1', secret: 'app-secret' };
const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;

let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  redisServer = await startRedis();
  redis = redisServer.connect();
});
after(() => redisServer.close());
beforeEach(() => redis.flushall());

function exchanged(token: string, seconds = 60 * 24 * 60 * 60): Said {
  return {
    status: 200,
    json: { access_token: token, token_type: 'bearer', expires_in: seconds },
  };
}

/** A telemetry whose log and metrics can be read. */
function listening() {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const gauge = async () =>
    /^whatsapp_token_dead (\d)$/m.exec(await telemetry.registry.metrics())?.[1];
  return { telemetry, lines, gauge };
}

const isDead = (error: unknown) => error instanceof Deferred && error.reason === 'token_dead';

suite('the configured whatsapp token', () => {
  test('is kept for an hour at most, and asked of nobody', async () => {
    await using meta = await startMeta();
    assert.equal(await tokensAt(meta.origin, redis).get(never), 'token-of-the-clinic');
    const left = await redis.pttl('whatsapp:access_token');
    assert.ok(left > hourMs / 2 && left <= hourMs);
    assert.equal(meta.asked.length, 0);
  });

  test('is replaced at once when the configuration has another one', async () => {
    await using meta = await startMeta();
    const old = tokensAt(meta.origin, redis, { accessToken: 'old' });
    const next = tokensAt(meta.origin, redis, { accessToken: 'next' });
    for (let count = 0; count < 2; count++) {
      assert.equal(await old.get(never), 'old');
      assert.equal(await next.get(never), 'next');
    }
  });

  test('is used while Redis is away', async () => {
    const gone = await startRedis();
    const client = gone.connect();
    await client.ping();
    await gone.close();
    assert.equal(await tokensAt('http://127.0.0.1:9', client).get(never), 'token-of-the-clinic');
  });

  test('is not used again by any process once it is dead, until there is another one', async () => {
    await using meta = await startMeta();
    const { telemetry, lines, gauge } = listening();
    const here = tokensAt(meta.origin, redis, { telemetry });
    const token = await here.get(never);
    assert.equal(await gauge(), '0');
    assert.ok(isDead(await here.refused(token, '190')));
    assert.equal(await gauge(), '1');

    const there = listening();
    const elsewhere = tokensAt(meta.origin, redisServer.connect(), { telemetry: there.telemetry });
    await assert.rejects(here.get(never), isDead);
    await assert.rejects(elsewhere.get(never), isDead);
    assert.equal(await there.gauge(), '1');
    for (const said of [lines, there.lines]) {
      assert.equal(said.filter((line) => line.includes('whatsapp_token_dead')).length, 1);
      assert.doesNotMatch(said.join(), /token-of-the-clinic/);
    }

    const renewed = tokensAt(meta.origin, redis, { telemetry, accessToken: 'renewed' });
    assert.equal(await renewed.get(never), 'renewed');
    assert.equal(await gauge(), '0');
  });

  test('stays dead here even if Redis has lost everything', async () => {
    const tokens = tokensAt('http://127.0.0.1:9', redis);
    await tokens.refused(await tokens.get(never), '190');
    await redis.flushall();
    await assert.rejects(tokens.get(never), isDead);
  });

  test('is tried again after an hour if it lacked a permission, and never if it was invalid', async () => {
    let now = Date.now();
    const clock = { now: () => now };
    for (const { reason, again } of [
      { reason: '190', again: false },
      { reason: '0', again: false },
      { reason: '10', again: true },
      { reason: '200', again: true },
      { reason: 'status_401', again: true },
    ]) {
      await redis.flushall();
      const tokens = tokensAt('http://127.0.0.1:9', redis, clock);
      const elsewhere = tokensAt('http://127.0.0.1:9', redisServer.connect(), clock);
      await tokens.refused(await tokens.get(never), reason);
      now += hourMs - 1;
      await assert.rejects(tokens.get(never), isDead);
      await assert.rejects(elsewhere.get(never), isDead);
      now += 1;
      for (const each of [tokens, elsewhere]) {
        if (again) assert.equal(await each.get(never), 'token-of-the-clinic');
        else await assert.rejects(each.get(never), isDead);
      }
    }
  });
});

suite('a whatsapp token of 60 days', () => {
  test('is had by an exchange, by one process for all', async () => {
    await using meta = await startMeta(() => exchanged('long-1'));
    const clients = Array.from({ length: 4 }, () =>
      tokensAt(meta.origin, redisServer.connect(), { app }),
    );
    const found = await Promise.all(
      clients.flatMap((tokens) => [tokens.get(never), tokens.get(never)]),
    );
    assert.deepEqual(new Set(found), new Set(['long-1']));
    assert.equal(meta.asked.length, 1);
    const [asked] = meta.asked;
    assert.equal(asked?.method, 'GET');
    assert.equal(asked.url.pathname, '/v26.0/oauth/access_token');
    assert.deepEqual(Object.fromEntries(asked.url.searchParams), {
      grant_type: 'fb_exchange_token',
      client_id: 'app-1',
      client_secret: 'app-secret',
      fb_exchange_token: 'token-of-the-clinic',
    });
    const left = await redis.pttl('whatsapp:access_token');
    assert.ok(left > hourMs / 2 && left <= hourMs);
  });

  test('is exchanged for the next one, also after an hour without messages', async () => {
    await using meta = await startMeta((_, index) => exchanged(`long-${index + 1}`));
    const tokens = tokensAt(meta.origin, redis, { app });
    assert.equal(await tokens.get(never), 'long-1');
    await redis.del('whatsapp:access_token'); // The hour is over.
    assert.equal(await tokens.get(never), 'long-2');
    assert.equal(meta.asked[1]?.url.searchParams.get('fb_exchange_token'), 'long-1');
    assert.ok((await redis.pttl('whatsapp:long_lived_token')) > 59 * dayMs);
  });

  test('begins anew with the configured one when that has changed', async () => {
    await using meta = await startMeta((_, index) => exchanged(`long-${index + 1}`));
    await tokensAt(meta.origin, redis, { app }).get(never);
    const rotated = tokensAt(meta.origin, redis, { app, accessToken: 'rotated' });
    assert.equal(await rotated.get(never), 'long-2');
    assert.equal(meta.asked[1]?.url.searchParams.get('fb_exchange_token'), 'rotated');
  });

  test('is refreshed in its last five minutes, while it goes on being used', async () => {
    await using meta = await startMeta((_, index) => exchanged(`long-${index + 1}`));
    const tokens = tokensAt(meta.origin, redis, { app });
    await tokens.get(never);
    await redis.pexpire('whatsapp:access_token', 4 * 60 * 1_000);
    const found = await Promise.all([1, 2, 3].map(() => tokens.get(never)));
    assert.deepEqual(found, ['long-1', 'long-1', 'long-1']);
    await until(async () => (await tokens.get(never)) === 'long-2');
    assert.equal(meta.asked.length, 2);
  });

  test('lives no longer than Meta says', async () => {
    await using meta = await startMeta(() => exchanged('long-1', 600));
    await tokensAt(meta.origin, redis, { app }).get(never);
    assert.ok((await redis.pttl('whatsapp:access_token')) <= 540_000);
  });

  test('gives way to the configured one when it is dead, and that one to a person', async () => {
    let dead = false;
    await using meta = await startMeta(() => (dead ? refusal(190, 400) : exchanged('long-1')));
    const { telemetry, gauge } = listening();
    const tokens = tokensAt(meta.origin, redis, { app, telemetry });
    await tokens.refused(await tokens.get(never), '190');
    dead = true;
    await assert.rejects(tokens.get(never), isDead);
    assert.equal(
      meta.asked.at(-1)?.url.searchParams.get('fb_exchange_token'),
      'token-of-the-clinic',
    );
    assert.equal(await gauge(), '1');
    const asked = meta.asked.length;
    await assert.rejects(tokens.get(never), isDead);
    await assert.rejects(tokensAt(meta.origin, redis, { app }).get(never), isDead);
    assert.equal(meta.asked.length, asked);
  });

  for (const [what, said] of [
    ['is down', { status: 500, json: {} }],
    ['does not know our app', refusal(101)],
    ['says nothing we understand', { status: 200, json: { token: 1 } }],
    ['is busy', refusal(4)],
  ] as const) {
    test(`is not needed while the exchange ${what}, and the secret stays out of the log`, async () => {
      await using meta = await startMeta(() => said);
      const { telemetry, lines } = listening();
      const tokens = tokensAt(meta.origin, redis, { app, telemetry });
      assert.equal(await tokens.get(never), 'token-of-the-clinic');
      assert.ok((await redis.pttl('whatsapp:access_token')) <= 10 * 60 * 1_000);
      assert.match(lines.join(), /whatsapp_token_not_exchanged/);
      assert.doesNotMatch(lines.join(), /app-secret|token-of-the-clinic/);
    });
  }

  test('is not needed while there is nobody to connect to', async () => {
    await using meta = await startMeta();
    const { origin } = meta;
    await meta[Symbol.asyncDispose]();
    const { telemetry, lines } = listening();
    const tokens = tokensAt(origin, redis, { app, telemetry });
    assert.equal(await tokens.get(never), 'token-of-the-clinic');
    assert.doesNotMatch(lines.join(), /app-secret|token-of-the-clinic/);
  });

  test('that dies on the way is replaced by the next message', async () => {
    await using meta = await startMeta(({ url, headers }) => {
      if (url.pathname.endsWith('/access_token')) {
        return exchanged(
          url.searchParams.get('fb_exchange_token') === 'token-of-the-clinic' && !buried
            ? 'long-1'
            : 'long-2',
        );
      }
      if (headers.authorization !== 'Bearer long-1') return accepted();
      buried = true;
      return refusal(190, 401);
    });
    let buried = false;
    const port = messagingAt(meta.origin, redis, {
      tokens: tokensAt(meta.origin, redis, { app }),
    });
    await assert.rejects(port.send(hello(), performing()), isDead);
    await port.send(hello(), performing());
    assert.equal(meta.messages().length, 2);
  });
});

suite('a token cache', () => {
  const options = {
    provider: 'acme',
    key: 'acme:token',
    maxLifetimeMs: 60_000,
    marginMs: 0,
    refreshAheadMs: 10_000,
  };

  const encrypted = (token: string) => tokenEncryption.encrypt('acme:token', token);
  const inRedis = async () => {
    const found = await redis.get('acme:token');
    return found === null ? null : tokenEncryption.decrypt('acme:token', found);
  };

  /** Counts its fetches; one can be held up. */
  function counting(more: Partial<TokenCacheOptions> = {}, client = redis) {
    let fetches = 0;
    const cache = tokenCache({
      ...options,
      redis: client,
      encryption: tokenEncryption,
      fetch: async () => ({ token: `token-${++fetches}`, expiresInMs: 60_000 }),
      ...more,
    });
    return { cache, fetches: () => fetches };
  }

  test('refreshes ahead by one process, and all others go on meanwhile', async () => {
    await redis.set('acme:token', encrypted('old'), 'PX', 9_000);
    const held = Promise.withResolvers<void>();
    let fetches = 0;
    const fetch = async () => {
      fetches++;
      await held.promise;
      return { token: 'new', expiresInMs: 60_000 };
    };
    const caches = Array.from(
      { length: 4 },
      () => counting({ fetch }, redisServer.connect()).cache,
    );
    for (let round = 0; round < 3; round++) {
      const found = await Promise.all(caches.map((cache) => cache.get(never)));
      assert.deepEqual(new Set(found), new Set(['old']));
    }
    await until(() => fetches > 0);
    held.resolve();
    await until(async () => (await inRedis()) === 'new');
    assert.equal(await caches[0]?.get(never), 'new');
    assert.equal(fetches, 1);
  });

  test('does not refresh before its time', async () => {
    await redis.set('acme:token', encrypted('old'), 'PX', 30_000);
    const { cache, fetches } = counting();
    for (let count = 0; count < 5; count++) assert.equal(await cache.get(never), 'old');
    assert.equal(fetches(), 0);
  });

  test('goes on with the old token when a refresh fails, and does not insist', async () => {
    await redis.set('acme:token', encrypted('old'), 'PX', 9_000);
    let tries = 0;
    const { cache } = counting({
      fetch: async () => {
        tries++;
        throw new Error('away');
      },
    });
    assert.equal(await cache.get(never), 'old');
    await until(async () => tries === 1 && (await redis.exists('acme:token:lock')) === 0);
    for (let count = 0; count < 5; count++) assert.equal(await cache.get(never), 'old');
    assert.equal(tries, 1);
  });

  test('keeps its own token, where it does not accept the one of others', async () => {
    const a = counting({ accepts: (token) => token.startsWith('token-') });
    assert.equal(await a.cache.get(never), 'token-1');
    await redis.set('acme:token', encrypted('theirs'), 'PX', 60_000);
    for (let count = 0; count < 3; count++) assert.equal(await a.cache.get(never), 'token-1');
    assert.equal(a.fetches(), 1);
    assert.equal(await inRedis(), 'theirs');
  });

  test('shows nobody who reads Redis the token, and is forgotten by whoever knows it', async () => {
    const { cache } = counting();
    const token = await cache.get(never);
    assert.ok(!(await redis.get('acme:token'))?.includes(token));
    assert.equal(await inRedis(), token);
    await cache.forget('another');
    assert.equal(await inRedis(), token);
    await cache.forget(token);
    assert.equal(await inRedis(), null);
  });

  test('takes what it cannot read for none: in clear, changed, under another name or key', async () => {
    const other = createTokenEncryption([{ id: 'k1', key: new Uint8Array(32).fill(8) }]);
    const gone = createTokenEncryption([{ id: 'k0', key: new Uint8Array(32).fill(7) }]);
    const right = encrypted('old');
    const unreadable = [
      'old',
      '',
      'v1.k1.',
      `${right.slice(0, -2)}AA`,
      right.slice(0, 20),
      right.replace('v1.k1.', 'v1.k2.'),
      tokenEncryption.encrypt('other:token', 'old'),
      other.encrypt('acme:token', 'old'),
      gone.encrypt('acme:token', 'old'),
    ];
    for (const value of unreadable) {
      await redis.set('acme:token', value, 'PX', 60_000);
      assert.equal(await counting().cache.get(never), 'token-1', value);
      assert.equal(await inRedis(), 'token-1');
    }
  });

  test('is read under every key of the keyring, and written under the newest', async () => {
    const [old, next] = [
      { id: 'k1', key: new Uint8Array(32).fill(1) },
      { id: 'k2', key: new Uint8Array(32).fill(2) },
    ];
    const before = createTokenEncryption([old]);
    const during = createTokenEncryption([next, old]);
    assert.equal(during.decrypt('x', before.encrypt('x', 'token')), 'token');
    assert.match(during.encrypt('x', 'token'), /^v1\.k2\./);
    assert.equal(before.decrypt('x', during.encrypt('x', 'token')), null);
  });
});
