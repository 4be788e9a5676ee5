import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import fc from 'fast-check';
import type { Redis } from 'ioredis';

import { ProviderBusy, ProviderCredentialsRefused, ProviderRefused } from '../../actors/errors.ts';
import type { ClinicPort } from '../../actors/ports/clinic.ts';
import type { ClinicFlights } from '../../actors/shapes/clinic.ts';
import {
  type Doktor365Options,
  doktor365Clinic,
  doktor365Policy,
} from '../../adapters/doktor365/clinic.ts';
import { DOKTOR365_PREFIX } from '../sandbox/doktor365.ts';
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

const clients = { 'client-a': 'secret-a', 'client-b': 'secret-b' };

const deal = {
  id: 'D-1',
  status: 'accepted',
  treatment: 'Dental implants',
  budget: { amount: '4500.00', currency: 'EUR' },
  price: { amount: '3900.00', currency: 'EUR' },
  startsOn: '2027-03-02',
  endsOn: '2027-03-06',
  clinic: { name: 'Demo Clinic' },
  // A field of tomorrow: read by nobody, in nobody's way.
  patient: { name: 'Planted Name', birthDate: '1980-01-01' },
};

const itinerary = {
  id: 'I-1',
  items: [
    {
      kind: 'checkup',
      at: '2027-03-03T09:00:00+03:00',
      place: 'Demo Clinic',
      note: 'Bring papers',
    },
    { kind: 'arrival', at: '2027-03-01T11:05:00+03:00', place: 'Istanbul Airport' },
    { kind: 'moon_landing', at: '2027-03-02T05:00:00Z' },
  ],
};

const flights: ClinicFlights = {
  dealId: 'D-1',
  caseId: 'case-7',
  booking: { bookingId: 'case-7-b1', adults: 2, children: 1 },
  flights: [
    {
      durationMinutes: 230,
      segments: [
        {
          carrier: '6X',
          flightNumber: '101',
          from: 'BER',
          to: 'IST',
          departLocal: '2027-03-01T06:15:00',
          arriveLocal: '2027-03-01T11:05:00',
          durationMinutes: 230,
        },
      ],
    },
  ],
  total: { amountMinor: '41820', currency: 'EUR' },
};

let provider: Provider;
let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  const secrets = { ...sandboxSecrets, doktor365Clients: clients };
  [provider, redisServer] = await Promise.all([startProvider({ secrets }), startRedis()]);
  redis = redisServer.connect();
  await control('deals', { clientId: 'client-a', deal });
  await control('itineraries', { clientId: 'client-a', itinerary });
});
after(async () => {
  await provider.close();
  await redisServer.close();
});
beforeEach(async () => {
  await redis.flushall();
  await provider.fault({ provider: 'doktor365', mode: 'none' });
});

function control(path: string, body: object = {}) {
  return call(provider.sandbox, 'POST', `/_sandbox/doktor365/${path}`, body);
}

function clinic(more: Partial<Doktor365Options> = {}): ClinicPort {
  return doktor365Clinic({
    baseUrl: provider.sandbox.origin + DOKTOR365_PREFIX,
    credentialsOf: (tenant) =>
      ({
        'clinic-a': { clientId: 'client-a', clientSecret: 'secret-a' },
        'clinic-b': { clientId: 'client-b', clientSecret: 'secret-b' },
        'clinic-c': { clientId: 'client-a', clientSecret: 'another' },
      })[tenant],
    redis,
    encryption: tokenEncryption,
    dispatcher: provider.dispatcher,
    policy: quick('doktor365', doktor365Policy),
    telemetry: provider.telemetry,
    ...more,
  });
}

const refusedFor = (reason: string) => (error: unknown) =>
  error instanceof ProviderRefused && error.reason === reason;

async function hits(): Promise<number> {
  const counted = (await call(provider.sandbox, 'GET', '/_sandbox/faults')) as {
    hits: { doktor365: number };
  };
  return counted.hits.doktor365;
}

suite('a deal', () => {
  test('is read in our words, without the patient', async () => {
    assert.deepEqual(await clinic().deal('D-1', performing()), {
      id: 'D-1',
      status: 'accepted',
      treatment: 'Dental implants',
      budget: { amountMinor: '450000', currency: 'EUR' },
      price: { amountMinor: '390000', currency: 'EUR' },
      beginsOn: '2027-03-02',
      endsOn: '2027-03-06',
      clinicName: 'Demo Clinic',
    });
  });

  test('may have no treatment yet', async () => {
    const { treatment: _, ...open } = { ...deal, id: 'D-2', status: 'open' };
    await control('deals', { clientId: 'client-a', deal: open });
    assert.equal((await clinic().deal('D-2', performing()))?.treatment, null);
  });

  test('that is not there is null', async () => {
    assert.equal(await clinic().deal('D-999', performing()), null);
  });

  test('of another tenant is null', async () => {
    assert.equal(await clinic().deal('D-1', performing({ tenant: 'clinic-b' })), null);
  });

  test('is not taken as missing when the base URL is wrong', async () => {
    const lost = clinic({ baseUrl: `${provider.sandbox.origin}/elsewhere` });
    await assert.rejects(
      lost.deal('D-1', performing()),
      (error) => error instanceof ProviderBusy && error.reason === 'token_pending',
    );
  });

  test('whose id is none is not asked for', async () => {
    for (const id of ['', '../oauth2/token', 'D 1', 'D-1?x=1', 'D'.repeat(65)]) {
      await assert.rejects(clinic().deal(id, performing()), refusedFor('unsendable:dealId'));
    }
  });

  test('is read after a rate limit, a failure and a lost answer', async () => {
    for (const mode of ['busy429', 'error500', 'error503', 'process-then-drop']) {
      await provider.fault({ provider: 'doktor365', mode, count: 1, operation: 'deal' });
      assert.equal((await clinic().deal('D-1', performing()))?.id, 'D-1');
    }
  });
});

suite('an itinerary', () => {
  test('is read in the order of its times, an unknown kind as other', async () => {
    assert.deepEqual(await clinic().itinerary('I-1', performing()), {
      id: 'I-1',
      items: [
        {
          kind: 'arrival',
          at: '2027-03-01T11:05:00+03:00',
          place: 'Istanbul Airport',
          note: null,
        },
        { kind: 'other', at: '2027-03-02T05:00:00Z', place: null, note: null },
        {
          kind: 'checkup',
          at: '2027-03-03T09:00:00+03:00',
          place: 'Demo Clinic',
          note: 'Bring papers',
        },
      ],
    });
  });

  test('that is not there, or of another tenant, is null', async () => {
    assert.equal(await clinic().itinerary('I-9', performing()), null);
    assert.equal(await clinic().itinerary('I-1', performing({ tenant: 'clinic-b' })), null);
  });
});

suite('flight data', () => {
  const applied = async (key: string) =>
    (await provider.applied('flight-data')).filter((entry) => entry.key === key);

  test('arrives as flights, dates and counts', async () => {
    const { receiptId, receivedAt } = await clinic().sendFlights(
      flights,
      performing({ effectId: 'case-7.1.0' }),
    );
    assert.match(receiptId, /^R-/);
    assert.ok(Date.parse(receivedAt) > 0);
    const [entry] = await applied('case-7.1.0');
    assert.deepEqual(entry?.detail['flightData'], {
      dealId: 'D-1',
      caseId: 'case-7',
      bookingId: 'case-7-b1',
      travellers: { adults: 2, children: 1 },
      legs: flights.flights,
      total: { amount: '418.20', currency: 'EUR' },
    });
  });

  test('holds nothing that a caller had beside it', async () => {
    const [leg] = flights.flights;
    const [segment] = leg?.segments ?? [];
    assert.ok(leg && segment);
    const more: object = {
      ...flights,
      patient: 'Planted Name',
      booking: { ...flights.booking, passengers: ['Planted Name'] },
      flights: [{ ...leg, note: 'Planted Name', segments: [{ ...segment, seat: 'Planted Name' }] }],
      total: { ...flights.total, payer: 'Planted Name' },
    };
    await clinic().sendFlights(more as ClinicFlights, performing({ effectId: 'case-7.2.0' }));
    assert.ok(!JSON.stringify(await applied('case-7.2.0')).includes('Planted'));
  });

  for (const mode of ['process-then-drop', 'process-then-500', 'process-then-hang']) {
    test(`is applied once, and acknowledged, after ${mode}`, async () => {
      const effectId = `case-7.3.${mode}`;
      await provider.fault({ provider: 'doktor365', mode, count: 1, operation: 'send-flights' });
      const policy = quick('doktor365', doktor365Policy, { timeoutMs: 300 });
      const receipt = await clinic({ policy }).sendFlights(flights, performing({ effectId }));
      const again = await clinic().sendFlights(flights, performing({ effectId, attempt: 2 }));
      assert.deepEqual(again, receipt);
      assert.equal((await applied(effectId)).length, 1);
    });
  }

  test('under a key that brought other flights is refused', async () => {
    const effectId = 'case-7.4.0';
    await clinic().sendFlights(flights, performing({ effectId }));
    const other = { ...flights, total: { amountMinor: '41821', currency: 'EUR' } };
    await assert.rejects(
      clinic().sendFlights(other, performing({ effectId })),
      refusedFor('key_reused'),
    );
    assert.equal((await applied(effectId)).length, 1);
  });

  test('waits while the first request with its key still runs', async () => {
    const effectId = 'case-7.5.0';
    await provider.fault({
      provider: 'doktor365',
      mode: 'slow',
      delayMs: 200,
      count: 1,
      operation: 'send-flights',
    });
    const policy = quick('doktor365', doktor365Policy, { maxRetries: 8, initialDelayMs: 50 });
    const both = await Promise.all(
      [1, 2].map(() => clinic({ policy }).sendFlights(flights, performing({ effectId }))),
    );
    assert.deepEqual(both[0], both[1]);
    assert.equal((await applied(effectId)).length, 1);
  });

  test('for a deal that is not there, or is closed, is refused', async () => {
    await control('deals', {
      clientId: 'client-a',
      deal: { ...deal, id: 'D-3', status: 'cancelled' },
    });
    await assert.rejects(
      clinic().sendFlights({ ...flights, dealId: 'D-404' }, performing({ effectId: 'k1' })),
      refusedFor('deal_not_found'),
    );
    await assert.rejects(
      clinic().sendFlights({ ...flights, dealId: 'D-3' }, performing({ effectId: 'k2' })),
      refusedFor('field:dealId'),
    );
    const tenant = 'clinic-b';
    await assert.rejects(
      clinic().sendFlights(flights, performing({ effectId: 'k3', tenant })),
      refusedFor('deal_not_found'),
    );
  });

  test('that is refused names the field and no value, and is not sent again', async () => {
    const before = await hits();
    await provider.fault({
      provider: 'doktor365',
      mode: 'refuse',
      status: 422,
      operation: 'send-flights',
    });
    await assert.rejects(
      clinic().sendFlights(flights, performing({ effectId: 'k4' })),
      refusedFor('field:legs.0.segments.0.departLocal'),
    );
    assert.equal((await hits()) - before, 1);
  });

  test('outside the contract is not sent', async () => {
    const [leg] = flights.flights;
    const [segment] = leg?.segments ?? [];
    assert.ok(leg && segment);
    const legsWith = (change: object) => ({
      ...flights,
      flights: [{ ...leg, segments: [{ ...segment, ...change }] }],
    });
    const wrong: readonly [string, ClinicFlights][] = [
      ['legs', { ...flights, flights: [] }],
      ['legs.0.segments', { ...flights, flights: [{ ...leg, segments: [] }] }],
      ['legs.0.segments.0.departLocal', legsWith({ departLocal: '2027-03-01T06:15:00Z' })],
      ['legs.0.segments.0.from', legsWith({ from: 'Berlin' })],
      ['travellers.adults', { ...flights, booking: { ...flights.booking, adults: 0 } }],
      ['total.amount', { ...flights, total: { amountMinor: '-1', currency: 'EUR' } }],
      ['caseId', { ...flights, caseId: '+49 170 0000000' }],
      ['dealId', { ...flights, dealId: '' }],
    ];
    const before = (await provider.applied('token')).length;
    for (const [field, told] of wrong) {
      await assert.rejects(
        clinic().sendFlights(told, performing()),
        refusedFor(`unsendable:${field}`),
      );
    }
    await assert.rejects(
      clinic().sendFlights(flights, performing({ effectId: 'with a space' })),
      refusedFor('unsendable:idempotency-key'),
    );
    assert.equal((await provider.applied('token')).length, before);
  });

  test('of any flights that the search can find is taken', async () => {
    const minutes = fc.integer({ min: 0, max: 3_000 });
    const local = fc.constantFrom('2027-02-28T23:59', '2028-02-29T00:00:00', '2027-12-31T06:15:59');
    const airport = fc.constantFrom('BER', 'IST', 'AYT', 'JFK');
    const segment = fc.record({
      carrier: fc.constantFrom('6X', 'TK', 'U2', 'THY'),
      flightNumber: fc.constantFrom('1', '101', '9999', '77A'),
      from: airport,
      to: airport,
      departLocal: local,
      arriveLocal: local,
      durationMinutes: minutes,
    });
    const leg = fc.record({
      durationMinutes: minutes,
      segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    });
    const told = fc.record({
      dealId: fc.constant('D-1'),
      caseId: fc.uuid(),
      booking: fc.record({
        bookingId: fc.uuid(),
        adults: fc.integer({ min: 1, max: 9 }),
        children: fc.integer({ min: 0, max: 9 }),
      }),
      flights: fc.array(leg, { minLength: 1, maxLength: 4 }),
      total: fc.record({
        amountMinor: fc.bigInt({ min: 0n, max: 10n ** 12n }).map(String),
        currency: fc.constantFrom('EUR', 'TRY', 'JPY', 'KWD', 'CLF'),
      }),
    });
    const port = clinic();
    await fc.assert(
      fc.asyncProperty(told, fc.uuid(), async (one, effectId) => {
        const first = await port.sendFlights(one, performing({ effectId }));
        assert.deepEqual(await port.sendFlights(one, performing({ effectId })), first);
      }),
      { numRuns: 40 },
    );
  });
});

suite("a tenant's token", () => {
  const tokens = async () => (await provider.applied('token')).length;

  test('is kept for all processes under its own key, less than it lives', async () => {
    const before = await tokens();
    await Promise.all([1, 2, 3].map(() => clinic().deal('D-1', performing())));
    await clinic().deal('D-1', performing({ tenant: 'clinic-b' }));
    assert.equal((await tokens()) - before, 2);
    assert.deepEqual((await redis.keys('*')).toSorted(), [
      'd365:token:clinic-a',
      'd365:token:clinic-b',
    ]);
    assert.ok((await redis.pttl('d365:token:clinic-a')) <= 55 * 60 * 1_000);
    assert.notEqual(await redis.get('d365:token:clinic-a'), await redis.get('d365:token:clinic-b'));
  });

  test('is renewed once when it was ended before its time', async () => {
    const port = clinic();
    await port.deal('D-1', performing());
    await control('end-tokens');
    const before = await tokens();
    await Promise.all([1, 2, 3].map(() => port.deal('D-1', performing())));
    assert.equal((await tokens()) - before, 1);
  });

  test('is not renewed a second time', async () => {
    const before = await tokens();
    await provider.fault({ provider: 'doktor365', mode: 'unauthorized', operation: 'deal' });
    await assert.rejects(
      clinic().deal('D-1', performing()),
      (error) => error instanceof ProviderCredentialsRefused && error.reason === 'status_401',
    );
    assert.equal((await tokens()) - before, 2);
  });

  test('is not renewed for what the tenant may not do', async () => {
    const before = await tokens();
    await provider.fault({
      provider: 'doktor365',
      mode: 'refuse',
      status: 403,
      operation: 'deal',
    });
    await assert.rejects(
      clinic().deal('D-1', performing()),
      (error) => error instanceof ProviderCredentialsRefused && error.reason === 'forbidden',
    );
    assert.equal((await tokens()) - before, 1);
  });

  test('needs the right secret, and a tenant that has one', async () => {
    for (const [tenant, reason] of [
      ['clinic-c', 'invalid_client'],
      ['clinic-x', 'no_credentials'],
    ] as const) {
      await assert.rejects(
        clinic().deal('D-1', performing({ tenant })),
        (error) => error instanceof ProviderCredentialsRefused && error.reason === reason,
      );
    }
  });

  test('that cannot be had leaves no doubt: nothing was sent', async () => {
    await provider.fault({ provider: 'doktor365', mode: 'error500', operation: 'token' });
    await assert.rejects(
      clinic().sendFlights(flights, performing({ effectId: 'k5' })),
      (error) => error instanceof ProviderBusy && error.reason === 'token_pending',
    );
  });
});
