/** Answers as flight providers really give them, and what each must come to. Read as of 2026-12-01. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, suite, test } from 'node:test';

import { Agent } from 'undici';

import {
  ExpectedError,
  ProviderAnswerInvalid,
  ProviderBusy,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { FlightsPort } from '../../actors/ports/flights.ts';
import type { FlightOffers, FlightQuery } from '../../actors/shapes/flights.ts';
import { amadeusFlights, amadeusPolicy } from '../../adapters/amadeus/flights.ts';
import { duffelFlights, duffelPolicy } from '../../adapters/duffel/flights.ts';
import { createTelemetry } from '../../telemetry.ts';
import { performing, quick, startRedis, type TestRedis, tokenEncryption } from './fixtures.ts';

interface Answer {
  readonly provider: 'duffel' | 'amadeus';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const query: FlightQuery = {
  origin: 'BER',
  destination: 'IST',
  departDate: '2027-03-01',
  adults: 1,
  childrenAges: [],
};
const now = () => Date.parse('2026-12-01T12:00:00Z');
const telemetry = createTelemetry({ level: 'silent' });
const dispatcher = new Agent();
let redis: TestRedis;
let server: Server;
let answer: Answer;
let searches = 0;
before(async () => {
  redis = await startRedis();
  server = createServer((request, response) => {
    if (request.url?.includes('oauth2') === true) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: 'token', expires_in: 1_799 }));
      return;
    }
    searches += 1;
    response.writeHead(answer.status, answer.headers);
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
after(async () => {
  await dispatcher.destroy();
  server.close();
  await redis.close();
});
beforeEach(() => {
  searches = 0;
});

const stored = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`answers/flights/${name}.json`, import.meta.url), 'utf8'),
  ) as Answer;

function flightsOf(provider: Answer['provider']): FlightsPort {
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const common = { baseUrl, dispatcher, telemetry, now };
  return provider === 'duffel'
    ? duffelFlights({ ...common, token: 'token', policy: quick('duffel', duffelPolicy) })
    : amadeusFlights({
        ...common,
        clientId: 'id',
        clientSecret: 'secret',
        redis: redis.connect(),
        encryption: tokenEncryption,
        policy: quick('amadeus', amadeusPolicy),
      });
}

async function searched(given: Answer, more: Partial<FlightQuery> = {}): Promise<FlightOffers> {
  answer = given;
  return flightsOf(given.provider).search({ ...query, ...more }, performing());
}

const amounts = ({ offers }: FlightOffers) => offers.map(({ price }) => price.amountMinor);

suite('an answer of a flight provider', () => {
  for (const name of [
    'duffel-carrier-without-iata-code',
    'duffel-slice-without-segments',
    'amadeus-price-without-grand-total',
  ]) {
    test(`${name}: the good offers in order, after one call`, async () => {
      const found = await searched(stored(name));
      assert.deepEqual(amounts(found), ['9990', '12050']);
      assert.equal(searches, 1);
    });
  }

  for (const name of ['duffel-duration-missing', 'amadeus-itinerary-without-duration']) {
    test(`${name}: a duration is what the answer says, or the offer is left out`, async () => {
      const found = await searched(stored(name));
      assert.deepEqual(amounts(found).slice(-2), ['9990', '12050']);
      for (const { legs } of found.offers)
        for (const { durationMinutes, segments } of legs)
          assert.deepEqual([durationMinutes, segments[0]?.durationMinutes], [160, 160]);
      assert.equal(searches, 1);
    });
  }

  test('with a return and a stop has every leg and every segment', async () => {
    const { offers } = await searched(stored('duffel-return-with-a-stop'), {
      returnDate: '2027-03-08',
    });
    assert.equal(offers.length, 1);
    assert.deepEqual(
      offers[0]?.legs.map(({ segments }) =>
        segments.map(({ from, departLocal, to, arriveLocal }) => [
          from,
          departLocal.slice(0, 16),
          to,
          arriveLocal.slice(0, 16),
        ]),
      ),
      [
        [
          ['BER', '2027-03-01T06:00', 'VIE', '2027-03-01T07:15'],
          ['VIE', '2027-03-01T08:30', 'IST', '2027-03-01T12:55'],
        ],
        [['IST', '2027-03-08T23:30', 'BER', '2027-03-09T00:35']],
      ],
    );
  });

  for (const name of ['amadeus-warnings-and-empty-data', 'amadeus-404-1797-nothing-found']) {
    test(`${name}: nothing flies that day, which is an answer`, async () => {
      assert.deepEqual(await searched(stored(name)), {
        provider: 'amadeus',
        expiresAt: null,
        offers: [],
      });
      assert.equal(searches, 1);
    });
  }

  const failures: readonly (readonly [
    string,
    new (...args: never[]) => Error,
    string,
    'once' | 'again',
  ])[] = [
    ['amadeus-200-errors-without-data', ProviderRefused, '1797', 'once'],
    ['duffel-200-with-errors-no-data', ProviderRefused, 'airline_internal', 'once'],
    ['amadeus-400-html', ProviderRefused, 'status_400', 'once'],
    ['duffel-404-html', ProviderRefused, 'status_404', 'once'],
    ['amadeus-500-code-141', ProviderUnreachable, 'status_500', 'again'],
    ['duffel-504-html', ProviderUnreachable, 'status_504', 'again'],
    ['amadeus-429-quota-no-header', ProviderBusy, 'status_429', 'again'],
    ['duffel-429-no-header', ProviderBusy, 'status_429', 'again'],
  ];
  for (const [name, kind, reason, calls] of failures) {
    test(`${name}: ${kind.name} ${reason}, asked ${calls}`, async () => {
      const given = stored(name);
      await assert.rejects(searched(given), (error) => {
        assert.ok(error instanceof kind && error instanceof ExpectedError, String(error));
        const { provider, reason: said } = error as unknown as { provider: string; reason: string };
        assert.deepEqual([provider, said], [given.provider, reason]);
        return true;
      });
      assert.equal(searches > 1, calls === 'again', `${searches} calls`);
    });
  }
});

type Change = (offer: Record<string, never>) => void;
const changed = (given: Answer, index: number | 'all', change: Change): Answer => {
  const copy = structuredClone(given) as Answer & {
    body: { data: { offers: Record<string, never>[] } & Record<string, never>[] };
  };
  const list = copy.provider === 'duffel' ? copy.body.data.offers : copy.body.data;
  for (const [i, offer] of list.entries()) if (index === 'all' || i === index) change(offer);
  return copy;
};
const put = (offer: object, path: string, value: unknown) => {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = offer as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
};

suite('one odd offer', () => {
  // Of the three of these files the last is odd already; the first is made odd too, so that the second is left.
  const files = {
    duffel: 'duffel-carrier-without-iata-code',
    amadeus: 'amadeus-price-without-grand-total',
  } as const;
  const oddities: Readonly<Record<keyof typeof files, readonly (readonly [string, unknown])[]>> = {
    duffel: [
      ['expires_at', '2027-01-01T10:00:00'], // Without a zone.
      ['expires_at', null],
      ['expires_at', '2026-12-01T11:59:59Z'], // Over.
      ['expires_at', '2026-12-01T12:59:59+02:00'],
      ['total_amount', '-1.00'],
      ['total_amount', '0.00'],
      ['total_amount', 99.9],
      ['total_amount', '1.999'],
      ['total_amount', 'on request'],
      ['total_currency', ''],
      ['total_currency', undefined],
      ['id', 7],
      ['id', ''],
      ['slices', []],
      ['slices', null],
      ['slices.0.segments', 'none'],
      ['slices.0.segments.0.origin', null],
      ['slices.0.segments.0.origin.iata_code', ''],
      ['slices.0.segments.0.departing_at', 'in the morning'],
      ['slices.0.segments.0.arriving_at', null],
      ['slices.0.segments.0.marketing_carrier', null],
      ['slices.0.segments.0.marketing_carrier_flight_number', ''],
    ],
    amadeus: [
      ['price', null],
      ['price.grandTotal', '12,50'],
      ['price.currency', undefined],
      ['lastTicketingDate', '2026-11-20'], // Over.
      ['itineraries', []],
      ['itineraries.0.segments', []],
      ['itineraries.0.segments.0.departure', {}],
      ['itineraries.0.segments.0.arrival.at', '25:00'],
      ['itineraries.0.segments.0.carrierCode', null],
      ['itineraries.0.segments.0.number', null],
    ],
  };
  for (const provider of ['duffel', 'amadeus'] as const) {
    for (const [path, value] of oddities[provider]) {
      test(`of ${provider} with ${path} ${JSON.stringify(value)} costs the patient no other`, async () => {
        const given = stored(files[provider]);
        const odd = changed(given, 0, (offer) => put(offer, path, value));
        assert.deepEqual(amounts(await searched(odd)), ['9990']);
        assert.equal(searches, 1);
      });
    }

    test(`of ${provider} that is no object costs the patient no other`, async () => {
      const given = structuredClone(stored(files[provider])) as Answer & {
        body: { data: { offers: unknown[] } & unknown[] };
      };
      const list = provider === 'duffel' ? given.body.data.offers : given.body.data;
      list.push(null, 5, 'offer', []);
      assert.deepEqual(amounts(await searched(given)), ['9990', '12050']);
    });

    test(`of ${provider} and no other: said at once, and asked once`, async () => {
      const odd = changed(stored(files[provider]), 'all', (offer) => put(offer, 'id', null));
      await assert.rejects(searched(odd), (error) => {
        assert.ok(error instanceof ProviderAnswerInvalid, String(error));
        assert.deepEqual(
          [error.code, error.retryable, error.reason],
          ['invalid_answer', false, 'no_offer_readable'],
        );
        return true;
      });
      assert.equal(searches, 1);
    });

    for (const body of [{}, [], 'null', { data: null }, { data: 'x' }, { errors: [] }]) {
      test(`or none, as ${provider} answers ${JSON.stringify(body)}: no offers is not what that says`, async () => {
        const given = { provider, status: 200, headers: {}, body };
        await assert.rejects(searched(given), ProviderAnswerInvalid);
        assert.equal(searches, 1);
      });
    }
  }

  test('that is over while others are not is dropped, and each keeps its own expiry', async () => {
    const given = changed(stored(files.duffel), 0, (offer) =>
      put(offer, 'expires_at', '2026-12-01T12:20:00Z'),
    );
    const { offers, expiresAt } = await searched(given);
    assert.equal(expiresAt, '2026-12-01T12:20:00Z');
    assert.deepEqual(
      offers.map((offer) => offer.expiresAt),
      ['2027-01-01T10:00:00Z', '2026-12-01T12:20:00Z'],
    );
    const over = changed(given, 'all', (offer) => put(offer, 'expires_at', '2026-12-01T11:00:00Z'));
    await assert.rejects(
      searched(over),
      (error) => error instanceof ProviderAnswerInvalid && error.reason === 'every_offer_over',
    );
  });

  test('in another currency is not compared with the others', async () => {
    const given = changed(stored(files.duffel), 0, (offer) => put(offer, 'total_currency', 'JPY'));
    put(
      (given.body as { data: { offers: object[] } }).data.offers[0] as object,
      'total_amount',
      '12',
    );
    const { offers } = await searched(given);
    assert.equal(new Set(offers.map(({ price }) => price.currency)).size, 1);
  });

  test('without a return does not stand in for a trip there and back', async () => {
    await assert.rejects(
      searched(stored(files.duffel), { returnDate: '2027-03-08' }),
      ProviderAnswerInvalid,
    );
  });
});
