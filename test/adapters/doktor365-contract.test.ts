import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { parse } from 'yaml';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import type { ClinicFlights } from '../../actors/shapes/clinic.ts';
import { doktor365Clinic, doktor365Policy } from '../../adapters/doktor365/clinic.ts';
import { type SchemaName, contract, readContract } from '../../adapters/doktor365/contract.ts';
import {
  type DealAnswer,
  type ItineraryAnswer,
  type ReceiptAnswer,
  dealOf,
  flightDataOf,
  itineraryOf,
  receiptOf,
} from '../../adapters/doktor365/mapping.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import type { TokenStore } from '../../adapters/token-cache.ts';
import { createTelemetry } from '../../telemetry.ts';
import { performing, quick, tokenEncryption } from './fixtures.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: boolean;
  readonly examples?: readonly unknown[];
}

const yaml = readFileSync(
  new URL('../../adapters/doktor365/openapi.yaml', import.meta.url),
  'utf8',
);
const document = parse(yaml) as {
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Response> }>>>
  >;
};
interface Response {
  readonly $ref?: string;
  readonly content?: {
    readonly 'application/json': { readonly schema: Schema; readonly example?: unknown };
  };
}
const { schemas } = document.components;

function resolved(schema: Schema): Schema {
  const path = schema.$ref?.split('/').slice(1);
  if (!path) return schema;
  return path.reduce<unknown>(
    (at, step) => (at as Record<string, unknown>)[step],
    document,
  ) as Schema;
}

/** Paths of required fields, items as `*`. */
function requiredIn(schema: Schema, path: readonly string[] = []): readonly string[] {
  const { required = [], properties = {}, items } = resolved(schema);
  const own = required.flatMap((name) => {
    const property = properties[name];
    assert.ok(property, `${name} is required, but not defined`);
    return [[...path, name].join('.'), ...requiredIn(property, [...path, name])];
  });
  // Also of what is optional itself: when it is there, it is read.
  return items ? [...own, ...requiredIn(items, [...path, '*'])] : own;
}

function exampleOf(name: string): unknown {
  const [example] = schemas[name]?.examples ?? [];
  assert.ok(example, `${name} has no example`);
  return structuredClone(example);
}

/** The same value, noting every field that somebody reads. */
function watched<T>(value: T, read: Set<string>, path: readonly string[] = []): T {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key, receiver) {
      const field: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol' || typeof field === 'function') return field;
      const step = Array.isArray(target) && /^\d+$/.test(key) ? '*' : key;
      const at = [...path, step];
      read.add(at.join('.'));
      return watched(field, read, at);
    },
  });
}

const flights: ClinicFlights = {
  dealId: 'D-1',
  caseId: 'case-7',
  booking: { bookingId: 'case-7-b1', adults: 1, children: 0 },
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

suite("Doktor365's contract", () => {
  test('has examples that keep it', () => {
    for (const [name, { examples = [] }] of Object.entries(schemas)) {
      for (const example of examples) {
        assert.equal(contract.schemaFault(name as SchemaName, example), null, name);
      }
    }
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const { responses } of Object.values(methods)) {
        for (const [status, response] of Object.entries(responses)) {
          const named = response.$ref?.split('/').at(-1) ?? '';
          const { schema, example } =
            (document.components.responses[named] ?? response).content?.['application/json'] ?? {};
          if (example === undefined) continue;
          const schemaName = schema?.$ref?.split('/').at(-1) ?? '';
          const fault = contract.schemaFault(schemaName as SchemaName, example);
          assert.equal(fault, null, `${path} ${status}`);
        }
      }
    }
  });

  test('has an example of every body', () => {
    for (const name of ['Deal', 'Itinerary', 'FlightData', 'FlightDataReceipt', 'Token', 'Error']) {
      exampleOf(name);
    }
  });

  test('is closed to everything about a person in what we send', () => {
    const seen: string[] = [];
    const visit = (schema: Schema) => {
      const { type, properties = {}, items, additionalProperties } = resolved(schema);
      if (type === 'object') assert.equal(additionalProperties, false);
      seen.push(...Object.keys(properties));
      for (const property of Object.values(properties)) visit(property);
      if (items) visit(items);
    };
    visit(schemas['FlightData'] ?? {});
    assert.ok(seen.length > 15);
    const personal = /name|birth|passport|phone|mail|patient|passenger|treatment|note|gender/i;
    assert.deepEqual(
      seen.filter((field) => personal.test(field)),
      [],
    );
    const withName = { ...flightDataOf(flights), passengerNames: ['Planted Name'] };
    assert.equal(contract.schemaFault('FlightData', withName), 'body');
  });

  test('knows moments that exist, and that have an offset', () => {
    const receivedAt = (moment: string) =>
      contract.schemaFault('FlightDataReceipt', {
        receiptId: 'R-1',
        dealId: 'D-1',
        receivedAt: moment,
      });
    for (const moment of ['2028-02-29T23:59:59Z', '2027-03-01T11:05:00.123+05:45']) {
      assert.equal(receivedAt(moment), null, moment);
    }
    for (const moment of [
      '2027-02-29T00:00:00Z',
      '2027-03-01T11:05:00',
      '2027-03-01',
      '2027-03-01T24:00:00Z',
      '2027-13-01T00:00:00Z',
      '2027-03-01T11:05:00+25:00',
      'tomorrow',
    ]) {
      assert.equal(receivedAt(moment), 'receivedAt', moment);
    }
  });

  test('is refused when a word in it is no rule that anybody checks', () => {
    assert.throws(() => readContract(yaml.replaceAll('minLength:', 'minLenght:')), /minLenght/);
    assert.throws(() => readContract(yaml.replaceAll('format: date-time', 'format: moment')));
    assert.throws(() =>
      readContract(yaml.replace('operationId: getDeal', 'operationId: getDeals')),
    );
    assert.throws(() => readContract(yaml.replace("schemas/Deal'", "schemas/Deel'")));
  });

  test('names faults by its own words, never by what was sent', () => {
    const { sendFlightData } = contract.operations;
    const headers = {
      'idempotency-key': 'case-7.1.0',
      'content-digest': `sha-256=:${'A'.repeat(43)}=:`,
    };
    const body: object = flightDataOf(flights);
    const faultOf = (change: object, more: object = {}) =>
      sendFlightData.requestFault({
        path: {},
        headers: { ...headers, ...more },
        body: { ...body, ...change },
      });
    assert.equal(faultOf({}), null);
    assert.equal(faultOf({ 'Planted Name': 1 }), 'body');
    assert.equal(faultOf({ total: { amount: '1.00' } }), 'total.currency');
    assert.equal(faultOf({ travellers: { adults: 1, children: 0, ann: 1 } }), 'travellers');
    assert.equal(faultOf({}, { 'idempotency-key': undefined }), 'idempotency-key');
    assert.equal(faultOf({}, { 'content-digest': 'md5' }), 'content-digest');
  });
});

suite("Doktor365's mapping", () => {
  test('fills every field that flight data must have', () => {
    const sent = flightDataOf(flights);
    assert.equal(contract.schemaFault('FlightData', sent), null);
    const fields = requiredIn(schemas['FlightData'] ?? {});
    assert.ok(fields.includes('legs.*.segments.*.arriveLocal'), String(fields));
    for (const field of fields) {
      // Each one is there, and is required for a fact: without it the contract is broken just there.
      const without = structuredClone(sent) as unknown as Record<string, unknown>;
      const steps = field.replaceAll('*', '0').split('.');
      const last = steps.pop() ?? '';
      const parent = steps.reduce<Record<string, unknown>>(
        (at, step) => at[step] as Record<string, unknown>,
        without,
      );
      assert.ok(last in parent, field);
      delete parent[last];
      assert.equal(contract.schemaFault('FlightData', without), field.replaceAll('*', '0'));
    }
  });

  const answers: readonly {
    readonly name: SchemaName;
    readonly read: (answer: unknown) => unknown;
  }[] = [
    { name: 'Deal', read: (answer) => dealOf('D-10042', answer as DealAnswer) },
    { name: 'Itinerary', read: (answer) => itineraryOf('I-20077', answer as ItineraryAnswer) },
    { name: 'FlightDataReceipt', read: (answer) => receiptOf('D-10042', answer as ReceiptAnswer) },
  ];
  for (const { name, read } of answers) {
    test(`reads every field that ${name} must have`, () => {
      const fields = new Set<string>();
      read(watched(exampleOf(name), fields));
      for (const field of requiredIn(schemas[name] ?? {})) {
        assert.ok(fields.has(field), `${field} is required, but nobody reads it`);
      }
    });
  }

  test('writes the same bytes for the same flights, in whatever order a caller has them', () => {
    const turned = Object.fromEntries(Object.entries(flights).toReversed()) as unknown;
    assert.equal(
      JSON.stringify(flightDataOf(turned as ClinicFlights)),
      JSON.stringify(flightDataOf(flights)),
    );
  });
});

suite('Doktor365 outside its contract', () => {
  let server: Server;
  let answer: { status: number; body: string } = { status: 200, body: '{}' };
  let asked = 0;
  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      const isToken = request.url === '/oauth2/token';
      asked += isToken ? 0 : 1;
      const token = { access_token: 'a-token', token_type: 'Bearer', expires_in: 3_600 };
      response.writeHead(isToken ? 200 : answer.status, { 'content-type': 'application/json' });
      response.end(isToken ? JSON.stringify(token) : answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Away, so every process keeps its own token. */
  const noRedis: TokenStore = {
    set: () => Promise.reject(new Error('away')),
    eval: () => Promise.reject(new Error('away')),
  };
  const clinic = (policy: CallPolicy = quick('doktor365', doktor365Policy, { maxRetries: 0 })) =>
    doktor365Clinic({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentialsOf: () => ({ clientId: 'a', clientSecret: 'b' }),
      redis: noRedis,
      encryption: tokenEncryption,
      policy,
      telemetry: createTelemetry({ level: 'silent' }),
    });
  const reasonOf = async (request: Promise<unknown>) => {
    const error = await request.then(
      () => assert.fail('It was taken'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ProviderUnreachable, String(error));
    assert.ok(!`${error.message} ${error.stack}`.includes('Planted'));
    return error.reason;
  };

  const deal = exampleOf('Deal') as object;
  for (const [title, status, body, reason] of [
    ['HTML', 200, '<html>Planted Name</html>', 'not_json'],
    ['an empty object', 200, '{}', 'unexpected_body'],
    ['a list', 200, '[]', 'unexpected_body'],
    ['a status of its own', 200, { ...deal, status: 'Planted' }, 'unexpected_body'],
    [
      'a budget in floats',
      200,
      { ...deal, budget: { amount: 4500, currency: 'EUR' } },
      'unexpected_body',
    ],
    [
      'a budget finer than a cent',
      200,
      { ...deal, budget: { amount: '1.005', currency: 'EUR' } },
      'unexpected_price',
    ],
    ['another deal', 200, { ...deal, id: 'D-2' }, 'answer_mixed_up'],
    ['a redirect', 302, '', 'status_302'],
    ['a status that is not in the contract', 418, { code: 'teapot' }, 'unexpected_body'],
    ['somebody else’s 404', 404, { error: 'Planted' }, 'unexpected_body'],
    ['more than it may', 200, { ...deal, more: 'x'.repeat(300_000) }, 'body_too_long'],
  ] as const) {
    test(`is not believed: ${title}`, async () => {
      answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
      assert.equal(await reasonOf(clinic().deal('D-10042', performing())), reason);
    });
  }

  const itinerary = exampleOf('Itinerary') as { readonly items: readonly object[] };
  const [planned] = itinerary.items;

  test('has an itinerary without those of its items that are odd', async () => {
    const odd = [null, 5, 'x', [], {}, { kind: 'hotel', at: 'noon' }, { ...planned, place: {} }];
    for (const one of [...odd, { ...planned, at: null }]) {
      answer = { status: 200, body: JSON.stringify({ ...itinerary, items: [one, planned, one] }) };
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      const read = await clinic().itinerary('I-20077', performing());
      assert.deepEqual(read, itineraryOf('I-20077', { ...itinerary, items: [planned] } as never));
    }
  });

  test('has no itinerary of which no item can be read, or that is odd itself', async () => {
    for (const items of [[{}, null], 'none', null, { 0: planned }]) {
      answer = { status: 200, body: JSON.stringify({ ...itinerary, items }) };
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      const reason = await reasonOf(clinic().itinerary('I-20077', performing()));
      assert.equal(reason, 'unexpected_body', JSON.stringify(items));
    }
  });

  test('is in doubt, not failed, when the receipt is of another deal', async () => {
    answer = { status: 201, body: JSON.stringify(exampleOf('FlightDataReceipt')) };
    assert.equal(await reasonOf(clinic().sendFlights(flights, performing())), 'answer_mixed_up');
  });

  test('that names a value where a field belongs is not quoted', async () => {
    const body = { code: 'unacceptable', field: 'Planted Name, born 1980' };
    answer = { status: 422, body: JSON.stringify(body) };
    assert.equal(await reasonOf(clinic().sendFlights(flights, performing())), 'unexpected_body');
  });

  test('is left alone after ten failures, all callers told so at once', async () => {
    answer = { status: 500, body: '{"code":"internal"}' };
    const port = clinic(quick('doktor365', doktor365Policy, { maxRetries: 0 }));
    for (let count = 0; count < 10; count += 1) {
      assert.equal(await reasonOf(port.deal('D-10042', performing())), 'status_500');
    }
    const before = asked;
    await assert.rejects(
      port.deal('D-10042', performing()),
      (error) =>
        error instanceof ProviderBusy &&
        error.reason === 'circuit_open' &&
        error.retryAfterMs === doktor365Policy.openMs,
    );
    assert.equal(asked, before);
  });
});
