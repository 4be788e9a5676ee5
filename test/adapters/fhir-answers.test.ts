import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test } from 'node:test';

import { Agent } from 'undici';

import { fhirClinical } from '../../adapters/fhir/clinical.ts';
import { fhirPolicy } from '../../adapters/fhir/requests.ts';
import type { FhirAuth } from '../../adapters/fhir/token.ts';
import { createTelemetry } from '../../telemetry.ts';
import { performing, quick, startRedis, tokenEncryption } from './fixtures.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Answers of servers as integrators met them; `right` tells in words what is asserted below. */
const cases = JSON.parse(
  readFileSync(new URL('fhir-answers.json', import.meta.url), 'utf8'),
) as readonly { readonly name: string; readonly answers: readonly Answer[] }[];

const redis = await startRedis();
const client = redis.connect();
after(async () => {
  client.disconnect();
  await redis.close();
});

/** A server that answers as it is told, one request after the other, and keeps what it was asked. */
async function answering(
  answers: readonly Answer[],
  options: {
    readonly linkBases?: (port: number) => readonly string[];
    readonly auth?: FhirAuth;
  } = {},
) {
  const asked: { readonly path: string; readonly host: string | undefined }[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    request.resume();
    asked.push({ path: request.url ?? '', host: request.headers.host });
    const { status, headers = {}, body } = left.shift() ?? { status: 500, body: null };
    const { port } = server.address() as AddressInfo;
    const text =
      typeof body === 'string'
        ? body
        : body === null || body === undefined
          ? ''
          : JSON.stringify(body);
    response
      .writeHead(status, { 'content-type': 'application/fhir+json', ...headers })
      .end(text.replaceAll('$HOST', '127.0.0.1').replaceAll('$PORT', String(port)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dispatcher = new Agent();
  const clinic = fhirClinical({
    servers: new Map([
      [
        'clinic-a',
        {
          baseUrl: `http://127.0.0.1:${port}/fhir`,
          linkBases: options.linkBases?.(port) ?? [],
          auth: options.auth ?? { kind: 'none' },
          policy: quick('fhir', fhirPolicy),
        },
      ],
    ]),
    redis: client,
    encryption: tokenEncryption,
    dispatcher,
    telemetry: createTelemetry({ level: 'silent' }),
    now: Date.now,
  });
  return {
    asked,
    clinic,
    port,
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      server.close();
    },
  };
}

const answersOf = (name: string) =>
  cases.find((one) => one.name === name)?.answers ?? assert.fail(`No case ${name}`);
const identifier = { system: 'urn:x', value: 'P1' };

suite('a FHIR server answers', () => {
  for (const name of [
    'next link with an internal host',
    'next link https behind a proxy that ends TLS',
    'next link with the port twice',
  ]) {
    test(`${name}: the page is fetched from our base where we were told of it, and refused else`, async () => {
      const linkBases = (port: number) => [
        'http://fhir-internal.example:8080/fhir/',
        'https://127.0.0.1/fhir',
        `http://127.0.0.1:${port}:${port}/fhir`,
      ];
      await using told = await answering(answersOf(name), { linkBases });
      const { items } = await told.clinic.observations('p1', { limit: 10 }, performing());
      assert.deepEqual(items.map(({ id }) => id).toSorted(), ['o1', 'o2']);
      assert.equal(told.asked[1]?.host, `127.0.0.1:${told.port}`);
      assert.match(told.asked[1]?.path ?? '', /^\/fhir\?_getpages=a/);
      await using untold = await answering(answersOf(name));
      await assert.rejects(untold.clinic.observations('p1', { limit: 10 }, performing()), {
        code: 'clinical_foreign_link',
      });
      assert.equal(untold.asked.length, 1);
    });
  }

  for (const [name, path] of [
    ['relative next link, query only', /^\/fhir\?/],
    ['relative next link with a path', /^\/fhir\/Observation\?page=2$/],
  ] as const) {
    test(`${name}: it counts from our base`, async () => {
      await using server = await answering(answersOf(name));
      const { items } = await server.clinic.observations('p1', { limit: 10 }, performing());
      assert.deepEqual(items.map(({ id }) => id).toSorted(), ['o1', 'o2']);
      assert.match(server.asked[1]?.path ?? '', path);
    });
  }

  const names: Readonly<Record<string, object | null>> = {
    'bundle without total and entry': null,
    'a warning beside the match': { id: 'p1' },
    'patient without a name': { id: 'p1', givenNames: [], familyName: null, allNames: [] },
    'name as one text only': { id: 'p1', allNames: ['Ayşe Yılmaz'] },
    'a maiden name beside the official one': {
      givenNames: ['Ayşe'],
      familyName: 'Yılmaz',
      allNames: ['Ayşe Yılmaz', 'Ayşe', 'Yılmaz', 'Gökalp'],
    },
    'birth year only': { birthDate: '1980' },
    'birth date known to be unknown': { birthDate: null },
    'the same patient in two versions': { id: 'p1', version: '2' },
    'merged patient': { id: 'new' },
    '429 without Retry-After, then good': { id: 'p1' },
  };
  for (const [name, right] of Object.entries(names)) {
    test(`${name}: ${right === null ? 'nobody' : JSON.stringify(right)}`, async () => {
      await using server = await answering(answersOf(name));
      const found = await server.clinic.findPatient(identifier, performing());
      if (right === null) assert.equal(found, null);
      else assert.partialDeepStrictEqual(found, right);
    });
  }

  const found = async (...resources: readonly object[]) => {
    const entry = resources.map((one) => ({
      resource: { resourceType: 'Patient', id: 'p1', identifier: [identifier], ...one },
    }));
    const body = { resourceType: 'Bundle', type: 'searchset', entry };
    await using server = await answering([{ status: 200, body }]);
    return await server.clinic.findPatient(identifier, performing());
  };

  for (const [versions, right] of [
    [[{ versionId: '9' }, { versionId: '10' }], '10'],
    [[{ versionId: '10' }, { versionId: '9' }], '10'],
    [
      [
        { versionId: 'b', lastUpdated: '2026-11-01T10:00:00+03:00' },
        { versionId: 'a', lastUpdated: '2026-11-01T08:00:00Z' },
      ],
      'a',
    ],
    [[{ versionId: 'x' }, { versionId: 'y' }], 'x'],
  ] as const) {
    test(`versions ${JSON.stringify(versions)} of one patient: ${right}`, async () => {
      const patient = await found(...versions.map((meta) => ({ meta })));
      assert.equal(patient?.version, right);
    });
  }

  test('all forms of names: of extensions, in other scripts, and of a record that was merged', async () => {
    const url = (name: string) => `http://hl7.org/fhir/StructureDefinition/${name}`;
    const valued = (name: string, valueString: string) => ({ url: url(name), valueString });
    const official = {
      use: 'official',
      text: 'Fr. Ayşe Yılmaz-Gökalp',
      given: ['Ayşe', null],
      family: 'Yılmaz-Gökalp',
      prefix: ['Fr.'],
      _given: [null, { extension: [valued('name-in-other-script', 'عائشة')] }],
      _family: {
        extension: [
          valued('humanname-own-name', 'Gökalp'),
          { url: url('translation'), extension: [{ url: 'content', valueString: 'Йылмаз' }] },
        ],
      },
      extension: 'not as it should be',
    };
    const extension = [
      valued('patient-mothersMaidenName', 'Demir'),
      valued('patient-note', 'tall'),
    ];
    const merged = { id: 'old', name: [{ family: 'Öztürk' }], link: [{ type: 'replaced-by' }] };
    const patient = await found(merged, {
      name: [official, { use: 'nickname', text: 'Aycan' }],
      extension,
    });
    assert.deepEqual(patient?.allNames, [
      'Fr. Ayşe Yılmaz-Gökalp',
      'Ayşe Yılmaz-Gökalp',
      'Ayşe',
      'Yılmaz-Gökalp',
      'Gökalp',
      'Йылмаз',
      'عائشة',
      'Aycan',
      'Demir',
      'Öztürk',
    ]);
  });

  test('an error beside the match: refused with its code, and not asked again', async () => {
    await using server = await answering(answersOf('an error beside the match'));
    await assert.rejects(server.clinic.findPatient(identifier, performing()), {
      reason: 'processing',
    });
    assert.equal(server.asked.length, 1);
  });

  for (const [name, outcome] of [
    ['410 without a body', 'gone'],
    ['410 with an outcome', 'gone'],
    ['304', 'unchanged'],
  ] as const) {
    test(`${name}: ${outcome}, and not asked again`, async () => {
      await using server = await answering(answersOf(name));
      assert.deepEqual(await server.clinic.readPatient('p1', '3', performing()), { outcome });
      assert.equal(server.asked.length, 1);
    });
  }

  test('one malformed observation among good ones: the good one, and how many could not be read', async () => {
    await using server = await answering(answersOf('one malformed observation among good ones'));
    const { items, unreadable } = await server.clinic.observations(
      'p1',
      { limit: 9 },
      performing(),
    );
    assert.deepEqual([items.map(({ id }) => id), unreadable], [['a'], 1]);
  });

  test('blood pressure, missing values and studies without counts: as much as there is', async () => {
    const observed = async (name: string) => {
      await using server = await answering(answersOf(name));
      return (await server.clinic.observations('p1', { limit: 9 }, performing())).items;
    };
    const [pressure] = await observed('blood pressure in components');
    assert.equal(pressure?.value, null);
    assert.deepEqual(
      pressure.components.map(({ value }) => value?.kind === 'quantity' && value.amount),
      [120, 80],
    );
    assert.deepEqual(
      (await observed('no value, with the reason')).map(({ value }) => value),
      [null],
    );
    for (const [name, uid] of [
      ['imaging study without counts', '1.2.3.1'],
      ['bare study UID', '1.2.840.5'],
      ['subject by an absolute, versioned URL', '1.2.3.1'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one server at a time
      await using server = await answering(answersOf(name));
      // oxlint-disable-next-line no-await-in-loop -- as above
      const { items } = await server.clinic.imagingStudies('p1', performing());
      assert.deepEqual(
        items.map(({ studyInstanceUid }) => studyInstanceUid),
        [uid],
        name,
      );
    }
  });
});

suite('its token server answers', () => {
  const tokens: readonly (readonly [string, Answer, object | null])[] = [
    ['plainly', { status: 200, body: { expires_in: 300 } }, null],
    ['with its time as text', { status: 200, body: { expires_in: '300' } }, null],
    ['without a time', { status: 200, body: {} }, null],
    ['with a scope in the older syntax', { status: 200, body: { scope: 'system/*.read' } }, null],
    [
      'that it does not know us',
      { status: 401, body: { error: 'invalid_client' } },
      { name: 'ProviderCredentialsRefused', reason: 'invalid_client' },
    ],
    [
      'that it is not available for now',
      { status: 400, body: { error: 'temporarily_unavailable' } },
      { name: 'ProviderUnreachable', reason: 'temporarily_unavailable' },
    ],
    [
      'with the page of a proxy',
      { status: 503, body: '<html>Service Unavailable</html>' },
      { name: 'ProviderUnreachable', reason: 'status_503' },
    ],
    [
      'that we are too fast',
      { status: 429, headers: { 'retry-after': '2' }, body: { error: 'slow_down' } },
      { name: 'ProviderBusy', retryAfterMs: 2_000 },
    ],
    [
      'that it is broken',
      { status: 500, body: { error: 'server_error' } },
      { name: 'ProviderUnreachable', reason: 'status_500' },
    ],
  ];
  for (const [what, { body, ...answer }, error] of tokens) {
    test(`${what}: ${error === null ? 'taken' : JSON.stringify(error)}`, async () => {
      const isGood = answer.status === 200;
      const token = { access_token: 'abc', token_type: 'Bearer' };
      const issued = { ...answer, body: isGood ? { ...token, ...(body as object) } : body };
      const tries = Array.from({ length: 9 }, () => issued);
      await using issuer = await answering(isGood ? [issued] : tries);
      const auth = {
        kind: 'secret',
        clientId: `client ${what}`,
        clientSecret: 's',
        sentIn: 'basic',
        tokenUrl: `http://127.0.0.1:${issuer.port}/token`,
      } as const;
      await client.flushall();
      const empty = { status: 200, body: { resourceType: 'Bundle', type: 'searchset' } };
      await using server = await answering([empty], { auth });
      const asked = server.clinic.findPatient(identifier, performing());
      if (error === null) assert.equal(await asked, null);
      else await assert.rejects(asked, error);
    });
  }
});
