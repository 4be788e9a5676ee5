import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { FlightsPort } from '../../actors/ports/flights.ts';
import type { FlightOffers, FlightQuery } from '../../actors/shapes/flights.ts';
import { amadeusFlights, amadeusPolicy } from '../../adapters/amadeus/flights.ts';
import { duffelFlights, duffelPolicy } from '../../adapters/duffel/flights.ts';
import { durationMinutes } from '../../adapters/durations.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import {
  type Provider,
  type TestRedis,
  call,
  performing,
  quick,
  startProvider,
  startRedis,
  tokenEncryption,
} from './fixtures.ts';

const query: FlightQuery = {
  origin: 'BER',
  destination: 'IST',
  departDate: '2027-03-01',
  returnDate: '2027-03-10',
  adults: 2,
  childrenAges: [7],
  currency: 'EUR',
};

let provider: Provider;
let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  [provider, redisServer] = await Promise.all([startProvider(), startRedis()]);
  redis = redisServer.connect();
});
after(async () => {
  await provider.close();
  await redisServer.close();
});
beforeEach(async () => {
  await redis.flushall();
  await provider.fault({ provider: 'duffel', mode: 'none' });
  await provider.fault({ provider: 'amadeus', mode: 'none' });
});

const duffel = (
  policy: CallPolicy = quick('duffel', duffelPolicy),
  token = sandboxSecrets.duffelToken,
) =>
  duffelFlights({
    baseUrl: provider.sandbox.origin,
    token,
    dispatcher: provider.dispatcher,
    policy,
    telemetry: provider.telemetry,
  });

const amadeus = (
  policy: CallPolicy = quick('amadeus', amadeusPolicy),
  clientSecret = sandboxSecrets.amadeusClientSecret,
) =>
  amadeusFlights({
    baseUrl: provider.sandbox.origin,
    clientId: sandboxSecrets.amadeusClientId,
    clientSecret,
    redis: redisServer.connect(),
    encryption: tokenEncryption,
    dispatcher: provider.dispatcher,
    policy,
    telemetry: provider.telemetry,
  });

function looksRight({ offers }: FlightOffers): void {
  assert.equal(offers.length, 3);
  const amounts = offers.map(({ price }) => Number(price.amountMinor));
  assert.deepEqual(
    amounts,
    amounts.toSorted((one, other) => one - other),
  );
  for (const offer of offers) {
    assert.equal(offer.price.currency, 'EUR');
    const [there, back] = offer.legs;
    assert.deepEqual([there?.segments[0]?.from, there?.segments[0]?.to], ['BER', 'IST']);
    assert.deepEqual([back?.segments[0]?.from, back?.segments[0]?.to], ['IST', 'BER']);
    assert.match(there?.segments[0]?.departLocal ?? '', /^2027-03-01T\d\d:\d\d:\d\d$/);
    assert.ok((there?.durationMinutes ?? 0) > 200);
  }
}

suite('flights of either provider', () => {
  const both: readonly { name: string; flights: (policy?: CallPolicy) => FlightsPort }[] = [
    { name: 'duffel', flights: duffel },
    { name: 'amadeus', flights: amadeus },
  ];
  for (const { name, flights } of both) {
    test(`are found by ${name}, cheapest first`, async () => {
      looksRight(await flights().search(query, performing()));
    });

    test(`are found by ${name} after two rate limits`, async () => {
      await provider.fault({ provider: name, mode: 'busy429', count: 2, operation: 'search' });
      looksRight(await flights().search(query, performing()));
    });

    test(`are found by ${name} after an answer got lost`, async () => {
      await provider.fault({
        provider: name,
        mode: 'process-then-drop',
        count: 1,
        operation: 'search',
      });
      looksRight(await flights().search(query, performing()));
    });

    test(`are refused by ${name} for a place that is none`, async () => {
      await assert.rejects(
        flights().search({ ...query, origin: 'nowhere' }, performing()),
        ProviderRefused,
      );
    });

    test(`are in doubt when ${name} takes too long`, async () => {
      await provider.fault({ provider: name, mode: 'process-then-hang', operation: 'search' });
      const policies = { duffel: duffelPolicy, amadeus: amadeusPolicy };
      const policy = quick(name, policies[name as keyof typeof policies], {
        timeoutMs: 150,
        maxRetries: 1,
      });
      await assert.rejects(
        flights(policy).search(query, performing()),
        (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
      );
    });
  }
});

suite('duffel', () => {
  test('says when the offers lapse', async () => {
    const { expiresAt } = await duffel().search(query, performing());
    assert.ok(Date.parse(expiresAt ?? '') > Date.now());
  });

  test('is not asked again at once after a 500, as it wishes', async () => {
    const searched = await hits();
    await provider.fault({ provider: 'duffel', mode: 'error500' });
    await assert.rejects(duffel().search(query, performing()), ProviderUnreachable);
    assert.equal((await hits()) - searched, 1);
  });

  test('is asked again after a 503', async () => {
    await provider.fault({ provider: 'duffel', mode: 'error503', count: 3 });
    looksRight(await duffel().search(query, performing()));
  });

  test('refuses a wrong token', async () => {
    await assert.rejects(
      duffel(undefined, 'duffel_test_wrong').search(query, performing()),
      (error) =>
        error instanceof ProviderCredentialsRefused && error.reason === 'access_token_not_found',
    );
  });

  async function hits(): Promise<number> {
    const counted = (await call(provider.sandbox, 'GET', '/_sandbox/faults')) as {
      hits: { duffel: number };
    };
    return counted.hits.duffel;
  }
});

suite('amadeus', () => {
  const tokens = async () => (await provider.applied('token')).length;

  test('shares one token between processes that all need their first', async () => {
    const before = await tokens();
    const processes = [amadeus(), amadeus(), amadeus()];
    await Promise.all(
      processes.flatMap((flights) => [1, 2, 3].map(() => flights.search(query, performing()))),
    );
    assert.equal((await tokens()) - before, 1);
  });

  test("keeps a token a minute less than Amadeus's own half hour, not 55 minutes", async () => {
    await amadeus().search(query, performing());
    const left = await redis.pttl('amadeus:token');
    assert.ok(left > 1_730_000 && left <= 1_739_000, String(left));
  });

  test('gets one new token when the old one is refused, for all who met that', async () => {
    await redis.set('amadeus:token', 'ended-before-its-time', 'PX', 60_000);
    const before = await tokens();
    const processes = [amadeus(), amadeus()];
    await Promise.all(
      processes.flatMap((flights) => [1, 2].map(() => flights.search(query, performing()))),
    );
    assert.equal((await tokens()) - before, 1);
  });

  test('does not try a third token', async () => {
    await provider.fault({ provider: 'amadeus', mode: 'unauthorized', operation: 'search' });
    const before = await tokens();
    await assert.rejects(
      amadeus().search(query, performing()),
      (error) => error instanceof ProviderCredentialsRefused && error.reason === '38190',
    );
    assert.equal((await tokens()) - before, 2);
  });

  test('refuses a wrong secret', async () => {
    await assert.rejects(
      amadeus(undefined, 'wrong').search(query, performing()),
      (error) => error instanceof ProviderCredentialsRefused && error.reason === 'invalid_client',
    );
  });

  test('refuses more travellers than it takes, without being asked', async () => {
    const many = { ...query, adults: 9, childrenAges: [4] };
    await assert.rejects(
      amadeus().search(many, performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'travellers',
    );
  });

  test('is searched while Redis is away', async () => {
    const other = await startRedis();
    const client = other.connect();
    await client.ping();
    await other.close();
    const flights = amadeusFlights({
      baseUrl: provider.sandbox.origin,
      clientId: sandboxSecrets.amadeusClientId,
      clientSecret: sandboxSecrets.amadeusClientSecret,
      redis: client,
      encryption: tokenEncryption,
      dispatcher: provider.dispatcher,
      policy: quick('amadeus', amadeusPolicy),
      telemetry: provider.telemetry,
    });
    const before = await tokens();
    looksRight(await flights.search(query, performing()));
    looksRight(await flights.search(query, performing()));
    assert.equal((await tokens()) - before, 1);
  });

  test('ends at the signal while it waits for a token', async () => {
    await redis.set('amadeus:token:lock', 'somebody', 'PX', 60_000);
    await assert.rejects(
      amadeus().search(query, performing({ signal: AbortSignal.timeout(100) })),
      ProviderBusy,
    );
    await redis.del('amadeus:token:lock');
  });
});

suite('durations', () => {
  for (const [text, minutes] of [
    ['PT4H15M', 255],
    ['P1DT2H', 1_560],
    ['PT90M', 90],
    ['PT59S', 0],
    ['P1M', undefined],
    ['PT', undefined],
    ['P', undefined],
    ['', undefined],
    [null, undefined],
  ] as const) {
    test(`of ${text} are ${minutes} minutes`, () => {
      assert.equal(durationMinutes(text), minutes);
    });
  }
});
