import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';

import type { Redis } from 'ioredis';

import { Deferred } from '../../actors/errors.ts';
import type { MessagingPort } from '../../actors/ports/messaging.ts';
import {
  type Limiter,
  type Place,
  type WhatsappLimits,
  whatsappLimiter,
} from '../../adapters/whatsapp/limiter.ts';
import { patience } from '../support/patience.ts';
import { type TestRedis, performing, startRedis } from './fixtures.ts';
import { accepted, hello, messagingAt, refusal, startMeta } from './whatsapp-server.ts';

/** So high that they hold nothing back: each test lowers the one that it is about. */
const loose: WhatsappLimits = {
  pairIntervalMs: 1,
  pairBurst: 1_000,
  perSecond: 100_000,
  messagesPerDay: 1_000_000,
  peoplePerDay: 1_000_000,
  dayMs: 24 * 60 * 60 * 1_000,
};

let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  redisServer = await startRedis();
  redis = redisServer.connect();
});
after(() => redisServer.close());
beforeEach(() => redis.flushall());

function limiter(limits: Partial<WhatsappLimits>, client = redis, random = () => 0): Limiter {
  return whatsappLimiter({
    redis: client,
    limits: { ...loose, ...limits },
    recipientKey: Buffer.alloc(32, 7),
    random,
  });
}

/** Four processes, as far as Redis can tell. */
const four = (limits: Partial<WhatsappLimits>) =>
  Array.from({ length: 4 }, () => limiter(limits, redisServer.connect(), Math.random));

const to = (recipient: string, more: Partial<Place> = {}): Place => ({
  number: 'n1',
  portfolio: 'p1',
  recipient,
  outside: false,
  ...more,
});

/** Comes back when it is told to, as the ledger does, for at most 15 s. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + 15_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Deferred) || performance.now() > giveUpAt) throw error;
      await pass(error.retryAfterMs);
    }
  }
}

async function waitOf(taking: Promise<unknown>): Promise<{ reason: string; ms: number }> {
  const error = await taking.then(
    () => assert.fail('It did not have to wait'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Deferred, String(error));
  return { reason: error.reason, ms: error.retryAfterMs };
}

/** The most of them within any stretch of this length, its ends included. */
function most(times: readonly number[], lengthMs: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  let first = 0;
  let highest = 0;
  for (const [index, time] of sorted.entries()) {
    while (time - (sorted[first] ?? 0) > lengthMs) first++;
    highest = Math.max(highest, index - first + 1);
  }
  return highest;
}

suite('the limiter', () => {
  test('lets one person have a burst and then one message an interval, by four clients', async () => {
    const clients = four({ pairIntervalMs: 50, pairBurst: 4 });
    const takes = Array.from({ length: 24 }, (_, index) =>
      patiently(() => clients[index % 4]?.take(to('a')) ?? assert.fail()),
    );
    const times = await Promise.all(takes);
    for (const intervals of [0, 1, 2, 5, 10, 15]) {
      // A little less than the whole, so that a message on the far end does not count.
      const found = most(times, 50 * (intervals + 1) - 0.1);
      assert.ok(found <= 4 + intervals, `${found} in ${intervals + 1} intervals`);
    }
  });

  test('lets a number send 80 in any second and no more, by four clients', async () => {
    const clients = four({ perSecond: 80 });
    const times: number[] = [];
    const startedAt = performance.now();
    await Promise.all(
      clients.map(async (client, person) => {
        while (performance.now() - startedAt < 2_200) {
          times.push(await patiently(() => client.take(to(`person-${person}`))));
        }
      }),
    );
    assert.ok(most(times, 1_000) <= 80, `${most(times, 1_000)} in a second`);
    assert.ok(times.length > 100, `only ${times.length} in all`);
  });

  for (const perSecond of [1, 2, 3, 20]) {
    test(`keeps to ${perSecond} a second`, async () => {
      const slow = limiter({ perSecond });
      const times: number[] = [];
      for (let count = 0; count <= perSecond; count++)
        times.push(await patiently(() => slow.take(to('a'))));
      assert.ok(most(times, 999.9) <= perSecond);
    });
  }

  test('lets a number send so many in any 24 h, by four clients', async () => {
    const clients = four({ messagesPerDay: 6, dayMs: 480 });
    const takes = Array.from({ length: 20 }, (_, index) =>
      patiently(() => clients[index % 4]?.take(to(`person-${index}`)) ?? assert.fail()),
    );
    assert.ok(most(await Promise.all(takes), 480) <= 6);
  });

  test('counts each number by itself, and a thousand a day unless told otherwise', async () => {
    const usual = whatsappLimiter({
      redis,
      limits: { perSecond: 100_000 },
      recipientKey: Buffer.alloc(32, 7),
      random: () => 0,
    });
    for (let count = 0; count < 1_000; count++) await usual.take(to(`person-${count}`));
    const { reason, ms } = await waitOf(usual.take(to('one more')));
    assert.equal(reason, 'messages_per_day');
    assert.ok(ms > 24 * 60 * 60 * 1_000 - 60_000 && ms <= 24.25 * 60 * 60 * 1_000, String(ms));
    await usual.take(to('one more', { number: 'n2' }));
  });

  test('lets a portfolio write to so many people outside a window in any 24 h', async () => {
    const clients = four({ peoplePerDay: 3, dayMs: 500 });
    const [one] = clients;
    assert.ok(one);
    const people = Array.from({ length: 12 }, (_, index) => `person-${index % 6}`);
    const taken: { person: string; at: number }[] = [];
    await Promise.all(
      people.map(async (person, index) => {
        const place = to(person, { outside: true, number: `n${index % 2}` });
        const at = await patiently(() => clients[index % 4]?.take(place) ?? assert.fail());
        taken.push({ person, at });
      }),
    );
    for (const { at } of taken) {
      const within = taken.filter((other) => other.at <= at && at - other.at < 500);
      assert.ok(new Set(within.map(({ person }) => person)).size <= 3);
    }
  });

  test('has room for who was written to before, and for who is in a window', async () => {
    const strict = limiter({ peoplePerDay: 2 });
    const outside = (person: string, portfolio = 'p1') =>
      strict.take(to(person, { outside: true, portfolio }));
    await outside('a');
    await outside('b');
    await outside('a');
    await strict.take(to('c'));
    const { reason, ms } = await waitOf(outside('c'));
    assert.equal(reason, 'people_per_day');
    assert.ok(ms > loose.dayMs - 60_000 && ms <= loose.dayMs);
    await outside('c', 'p2');
  });

  test('takes from all limits or from none', async () => {
    const strict = limiter({ pairIntervalMs: 60_000, pairBurst: 1, messagesPerDay: 2 });
    await strict.take(to('a'));
    for (let count = 0; count < 5; count++) {
      assert.equal((await waitOf(strict.take(to('a')))).reason, 'pair_rate');
    }
    await strict.take(to('b'));
    assert.equal((await waitOf(strict.take(to('c')))).reason, 'messages_per_day');
  });

  test('gives those who wait times of their own, and spreads them', async () => {
    const strict = limiter({ pairIntervalMs: 6_000, pairBurst: 1 });
    await strict.take(to('a'));
    for (const seconds of [6, 12, 18]) {
      const { ms } = await waitOf(strict.take(to('a')));
      assert.ok(Math.abs(ms - seconds * 1_000) < 1_000, `${ms} for ${seconds} s`);
    }
    const jittery = limiter({ pairIntervalMs: 6_000, pairBurst: 1 }, redis, () => 1);
    const { ms } = await waitOf(jittery.take(to('a')));
    assert.ok(Math.abs(ms - 24_000 * 1.2) < 1_000, String(ms));
  });

  test('says which limit holds the longest', async () => {
    const strict = limiter({ pairIntervalMs: 5_000, pairBurst: 1, perSecond: 1 });
    await strict.take(to('a'));
    assert.equal((await waitOf(strict.take(to('a')))).reason, 'pair_rate');
    assert.equal((await waitOf(strict.take(to('b')))).reason, 'throughput');
  });

  test('counts a limit of Meta once while it holds, and waits longer each time after', async () => {
    const loosest = limiter({});
    const limit = { scope: 'pair', code: '131056', firstMs: 20, factor: 4, maxMs: 100 } as const;
    const waits: number[] = [];
    for (let count = 0; count < 3; count++) {
      const held = await Promise.all([1, 2, 3].map(() => loosest.hold(limit, to('a'))));
      waits.push(Math.max(...held.map(Number)));
      assert.equal((await waitOf(loosest.take(to('a')))).reason, '131056');
      await loosest.take(to('b'));
      await patiently(() => loosest.take(to('a')));
    }
    assert.deepEqual(waits, [20, 80, 100]);
  });

  test('remembers a long burst for as long as it has to be paid back', async () => {
    const slow = limiter({ pairIntervalMs: 60_000, pairBurst: 5 });
    for (let count = 0; count < 5; count++) await slow.take(to('a'));
    assert.equal((await waitOf(slow.take(to('a')))).reason, 'pair_rate');
    const [pair = ''] = await redis.keys('{whatsapp}:limit:pair:*');
    assert.ok((await redis.pttl(pair)) > 5 * 59_000);
  });

  test('knows its scripts after Redis has forgotten them', async () => {
    await limiter({}).take(to('a'));
    await redis.script('FLUSH');
    await limiter({}).take(to('a'));
  });

  test('sends nothing while Redis is away', async () => {
    await using meta = await startMeta();
    const gone = await startRedis();
    const client = gone.connect();
    await client.ping();
    const port = messagingAt(meta.origin, client);
    await port.send(hello(), performing());
    await gone.close();
    const { reason, ms } = await waitOf(port.send(hello(), performing()));
    assert.equal(reason, 'limiter_unavailable');
    assert.ok(ms >= 1_000 && ms <= 1_500);
    assert.equal(meta.asked.length, 1);
  });
});

suite('200 patients', () => {
  const pairIntervalMs = 1_500;
  const perSecond = 240;

  /** Meta as it counts: a burst of 2 to each person and then one an interval, and a sliding second for the number. */
  function countingMeta() {
    const arrivals: number[] = [];
    const nextOf = new Map<unknown, number>();
    const refused: number[] = [];
    return {
      refused,
      arrivals,
      answer: ({ body }: { body: Buffer }) => {
        const now = performance.now();
        const { to: person } = JSON.parse(body.toString()) as { to: string };
        const next = Math.max(nextOf.get(person) ?? now, now);
        const lastSecond = arrivals.filter((at) => now - at < 1_000).length;
        const code = next - now > pairIntervalMs ? 131056 : lastSecond >= perSecond ? 130429 : null;
        if (code !== null) {
          refused.push(code);
          return refusal(code);
        }
        arrivals.push(now);
        nextOf.set(person, next + pairIntervalMs);
        return accepted();
      },
    };
  }

  test('would run into both limits without the limiter', async () => {
    const counting = countingMeta();
    await using meta = await startMeta(counting.answer);
    const unlimited = messagingAt(meta.origin, redis, { limits: loose });
    const all = Array.from({ length: 600 }, (_, index) =>
      unlimited
        .send(hello({ recipient: { phone: `49170${index % 200}` } }), performing())
        .catch(() => undefined),
    );
    await Promise.all(all);
    assert.ok(counting.refused.length > 0);
  });

  test('get three messages each by four processes, without one 131056 or 130429', async () => {
    const counting = countingMeta();
    await using meta = await startMeta(counting.answer);
    const ports: MessagingPort[] = Array.from({ length: 4 }, () =>
      messagingAt(meta.origin, redisServer.connect(), {
        // Meta, patients and all processes share one event loop here, which while it is cold stands still for longer than
        // the limiter's own margin: hence the wider one. To a person ours is a burst less than Meta's, usually 35.
        limits: { pairIntervalMs, pairBurst: 1, perSecond: 200 },
        random: Math.random,
      }),
    );
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        patiently(
          () =>
            ports[index % 4]?.send(
              hello({ recipient: { phone: `49170${index % 200}` } }),
              performing({ effectId: `effect-${index}` }),
            ) ?? assert.fail(),
        ),
      ),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    assert.deepEqual(counting.refused, []);
    const effects = meta.messages().map((message) => message['biz_opaque_callback_data']);
    assert.deepEqual([effects.length, new Set(effects).size], [600, 600]);
    // 600 at 150 a second, and time for those who came back just too late.
    assert.ok(seconds < patience * (600 / 150), `${seconds} s`);
  });
});
