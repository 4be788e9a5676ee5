import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';

import {
  ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { ClinicalAnswerUnusable, type ClinicalFault } from '../../actors/ports/clinical.ts';
import { fhirPolicy } from '../../adapters/fhir/requests.ts';
import {
  LOINC,
  PASSPORT,
  clinicOf,
  fhirFault,
  observation,
  patient,
  seed,
} from './fhir-fixture.ts';
import {
  type Provider,
  type TestRedis,
  call,
  performing,
  quick,
  startProvider,
  startRedis,
} from './fixtures.ts';

let provider: Provider;
let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  [provider, redisServer] = await Promise.all([startProvider(), startRedis()]);
  redis = redisServer.connect();
  await seed(provider, [
    patient('anna', 'C01X00T47'),
    patient('twin-1', 'TWIN'),
    patient('twin-2', 'TWIN'),
    patient('merged', 'MERGED'),
    patient('duplicate', 'MERGED', {
      active: false,
      link: [{ type: 'replaced-by', other: { reference: 'Patient/merged' } }],
    }),
    patient('many', 'MANY'),
    ...Array.from({ length: 60 }, (_, index) =>
      observation(`many-${index}`, 'many', {
        effectiveDateTime: new Date(Date.UTC(2027, 0, 1) + index * 3_600_000).toISOString(),
        valueQuantity: { value: index },
      }),
    ),
  ]);
});
after(async () => {
  await provider.close();
  await redisServer.close();
});
beforeEach(async () => {
  await redis.flushall();
  await fhirFault(provider, 'none');
  await provider.fault({ provider: 'fhir', mode: 'none' });
  await call(provider.sandbox, 'POST', '/_sandbox/fhir/rules', { auth: true, maxPageSize: 200 });
});

const clinic = (more = {}) => clinicOf(provider, redis, more);
const anna = { system: PASSPORT, value: 'C01X00T47' };
const unusable = (reason: ClinicalFault) => (error: unknown) =>
  error instanceof ClinicalAnswerUnusable &&
  error.reason === reason &&
  error.code === `clinical_${reason}`;
const requests = async (kind: string) => (await provider.applied(kind)).length;
const pageSize = (maxPageSize: number) =>
  call(provider.sandbox, 'POST', '/_sandbox/fhir/rules', { maxPageSize });

/** A server under `/fhir` that answers everything with a bundle of this content, without asking who we are. */
async function strangeServer(content: (port: number, first: boolean) => object) {
  const asked: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.push(`${request.method} ${request.url}`);
    bodies.push(await text(request));
    const bundle = { resourceType: 'Bundle', type: 'searchset' };
    response.end(JSON.stringify({ ...bundle, ...content(port, asked.length === 1) }));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    bodies,
    clinic: clinic({ baseUrl: `http://127.0.0.1:${port}/fhir`, auth: { kind: 'none' } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

suite('a patient', () => {
  test('is found by an identifier', async () => {
    const found = await clinic().findPatient(anna, performing());
    const { version, ...rest } = found ?? assert.fail();
    assert.match(version ?? '', /^[\w-]+$/);
    assert.deepEqual(rest, {
      id: 'anna',
      active: true,
      givenNames: ['Anna', 'Maria'],
      familyName: 'Schneider',
      allNames: ['Früher', 'Anna Maria Schneider', 'Anna', 'Maria', 'Schneider'],
      birthDate: '1980-02-29',
      sex: 'female',
      phone: '+49 170 1',
    });
  });

  test('is not found by an identifier that nobody has', async () => {
    assert.equal(await clinic().findPatient({ ...anna, value: 'X' }, performing()), null);
    assert.equal(await clinic().findPatient({ ...anna, system: 'urn:x' }, performing()), null);
  });

  test('is never named in an address', async () => {
    await clinic().findPatient(anna, performing({ effectId: 'no-address' }));
    const urls = (await provider.applied('search')).map(({ detail }) => detail['url']);
    assert.deepEqual([...new Set(urls)], ['/fhir/Patient/_search']);
    assert.equal((await provider.applied('search')).at(-1)?.key, 'no-address-1');
  });

  test('who is two is nobody', async () => {
    await assert.rejects(
      clinic().findPatient({ ...anna, value: 'TWIN' }, performing()),
      unusable('ambiguous_patient'),
    );
  });

  test('is the one whose record replaced the other', async () => {
    const found = await clinic().findPatient({ ...anna, value: 'MERGED' }, performing());
    assert.equal(found?.id, 'merged');
  });

  test('is refused when the server leaves the identifier out', async () => {
    await fhirFault(provider, 'everybody');
    await assert.rejects(clinic().findPatient(anna, performing()), unusable('wrong_patient'));
  });
});

suite('a record that we know', () => {
  test('is read only when it has changed', async () => {
    await seed(provider, [patient('changing', 'CHANGING')]);
    const first = await clinic().readPatient('changing', null, performing());
    assert.ok(first.outcome === 'read');
    const { version } = first.patient;
    assert.deepEqual(await clinic().readPatient('changing', version, performing()), {
      outcome: 'unchanged',
    });
    await seed(provider, [patient('changing', 'CHANGING', { birthDate: '1980-03-01' })]);
    const second = await clinic().readPatient('changing', version, performing());
    assert.ok(second.outcome === 'read');
    assert.equal(second.patient.birthDate, '1980-03-01');
    assert.notEqual(second.patient.version, version);
  });

  test('is unchanged for a server without conditional reads too', async () => {
    const read = await clinic().readPatient('anna', null, performing());
    assert.ok(read.outcome === 'read');
    await fhirFault(provider, 'no-etag');
    assert.deepEqual(await clinic().readPatient('anna', read.patient.version, performing()), {
      outcome: 'unchanged',
    });
  });

  test('is gone when it was deleted, or never was', async () => {
    await seed(provider, [patient('leaving', 'LEAVING')]);
    await call(provider.sandbox, 'DELETE', '/_sandbox/fhir/Patient/leaving');
    for (const id of ['leaving', 'never-was']) {
      assert.deepEqual(await clinic().readPatient(id, null, performing()), { outcome: 'gone' });
    }
  });

  test('is not gone because an address is wrong', async () => {
    const baseUrl = `${provider.sandbox.origin}/nowhere`;
    await assert.rejects(
      clinic({ baseUrl, auth: { kind: 'none' } }).readPatient('anna', null, performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'status_404',
    );
  });

  test('has an id that leads nowhere else', async () => {
    for (const id of ['..', '../Observation/many-1', 'anna?_format=html', '', 'a'.repeat(65)]) {
      await assert.rejects(
        clinic().readPatient(id, null, performing()),
        (error) => error instanceof ProviderRefused && error.reason === 'patient_id',
      );
    }
  });

  test('is no other resource, and no HTML, and not of 50 MB', async () => {
    const known = () => clinic().readPatient('anna', null, performing());
    await fhirFault(provider, 'wrong-resource');
    await assert.rejects(known(), unusable('wrong_resource'));
    await fhirFault(provider, 'outcome');
    await assert.rejects(
      known(),
      (error) => error instanceof ProviderRefused && error.reason === 'exception',
    );
    await fhirFault(provider, 'html');
    await assert.rejects(
      known(),
      (error) => error instanceof ProviderUnreachable && error.reason === 'not_json',
    );
    await fhirFault(provider, 'huge');
    await assert.rejects(known(), unusable('too_large'));
  });
});

suite('observations', () => {
  test('come with all kinds of values, newest first', async () => {
    await seed(provider, [
      patient('measured', 'MEASURED'),
      observation('rate', 'measured'),
      observation('text', 'measured', {
        effectiveDateTime: '2027-01-03',
        valueQuantity: undefined,
        valueString: 'clear',
      }),
      observation('pressure', 'measured', {
        effectiveDateTime: '2027-01-02T08:00:00Z',
        code: { text: 'Blood pressure' },
        valueQuantity: undefined,
        component: [
          {
            code: { coding: [{ system: LOINC, code: '8480-6' }] },
            valueQuantity: { value: 120, unit: 'mmHg', comparator: '>=' },
          },
          { code: { coding: [{ system: LOINC, code: '8462-4' }] } },
        ],
      }),
      observation('mistake', 'measured', { status: 'entered-in-error' }),
    ]);
    const { items: found } = await clinic().observations('measured', { limit: 10 }, performing());
    assert.deepEqual(found, [
      {
        id: 'text',
        code: { system: LOINC, code: '8867-4', text: 'Heart rate' },
        value: { kind: 'text', text: 'clear' },
        components: [],
        at: '2027-01-03',
        status: 'final',
      },
      {
        id: 'pressure',
        code: { system: null, code: null, text: 'Blood pressure' },
        value: null,
        components: [
          {
            code: { system: LOINC, code: '8480-6', text: null },
            value: { kind: 'quantity', amount: 120, unit: 'mmHg', comparator: '>=' },
          },
          { code: { system: LOINC, code: '8462-4', text: null }, value: null },
        ],
        at: '2027-01-02T08:00:00Z',
        status: 'final',
      },
      {
        id: 'rate',
        code: { system: LOINC, code: '8867-4', text: 'Heart rate' },
        value: { kind: 'quantity', amount: 70, unit: '/min', comparator: null },
        components: [],
        at: '2027-01-01T10:00:00+03:00',
        status: 'final',
      },
    ]);
  });

  test('are only those of a category, of a code, and since a day', async () => {
    const ids = async (query: object) =>
      (await clinic().observations('measured', { limit: 10, ...query }, performing())).items.map(
        ({ id }) => id,
      );
    assert.deepEqual(await ids({ since: '2027-01-02' }), ['text', 'pressure']);
    assert.deepEqual(await ids({ code: { system: LOINC, code: '8867-4' } }), ['text', 'rate']);
    assert.deepEqual(await ids({ code: { system: 'urn:other', code: '8867-4' } }), []);
    assert.deepEqual(await ids({ category: 'laboratory' }), []);
    assert.equal((await ids({ category: 'vital-signs' })).length, 3);
  });

  const amounts = async (limit: number) =>
    (await clinic().observations('many', { limit }, performing())).items.map(
      ({ value }) => value?.kind === 'quantity' && value.amount,
    );
  const newest = (count: number) => Array.from({ length: count }, (_, index) => 59 - index);

  test('come from as many pages as are needed, and no more', async () => {
    await pageSize(7);
    const before = await requests('page');
    assert.deepEqual(await amounts(20), newest(20));
    assert.equal((await requests('page')) - before, 2);
    assert.deepEqual(await amounts(500), newest(60));
  });

  test('come once where the server gives them twice', async () => {
    await pageSize(7);
    await fhirFault(provider, 'twice');
    assert.deepEqual(await amounts(500), newest(60));
  });

  test('are asked for once more after the server forgot them, and only once', async () => {
    await pageSize(20);
    await fhirFault(provider, 'expired', 1);
    const before = await requests('search');
    assert.deepEqual(await amounts(500), newest(60));
    assert.equal((await requests('search')) - before, 2);
    await fhirFault(provider, 'expired');
    await assert.rejects(
      amounts(500),
      (error) => error instanceof ProviderBusy && error.reason === 'pages_expired',
    );
  });

  for (const [mode, reason] of [
    ['loop', 'page_loop'],
    ['endless', 'too_many_pages'],
    ['foreign-next', 'foreign_link'],
    ['outside-next', 'foreign_link'],
    ['wrong-resource', 'wrong_resource'],
    ['wrong-bundle', 'wrong_resource'],
    ['empty', 'empty_bundle'],
    ['huge', 'too_large'],
    ['everybody', 'wrong_patient'],
  ] as const) {
    test(`are refused after the fault ${mode}: ${reason}`, async () => {
      await pageSize(10);
      await fhirFault(provider, mode);
      await assert.rejects(amounts(500), unusable(reason));
    });
  }

  test('are refused when there are more than we hold', async () => {
    const entry = Array.from({ length: 2_001 }, (_, index) => ({
      resource: observation(`o-${index}`, 'many'),
    }));
    await using server = await strangeServer(() => ({ entry }));
    await assert.rejects(
      server.clinic.observations('many', { limit: 500 }, performing()),
      unusable('too_many_entries'),
    );
  });

  for (const next of [
    '/fhirx?page=2',
    '/fhir/%2e%2e/admin',
    '//other.example/fhir?page=2',
    'http://user:password@127.0.0.1:PORT/fhir?page=2',
    'https://127.0.0.1:PORT/fhir?page=2',
    'javascript:alert(1)',
    'http://[',
  ]) {
    test(`go on at no page such as ${next}`, async () => {
      await using server = await strangeServer((port) => ({
        link: [{ relation: 'next', url: next.replace('PORT', String(port)) }],
      }));
      await assert.rejects(
        server.clinic.observations('many', { limit: 500 }, performing()),
        unusable('foreign_link'),
      );
      assert.equal(server.asked.length, 1);
    });
  }

  test('go on at the very address that the server gives', async () => {
    const next = '/fhir/next%20page?_getpages=a%2Cb&x=1|2';
    await using server = await strangeServer((_, first) => ({
      link: first ? [{ relation: 'next', url: next }] : [],
      entry: [{ resource: observation(first ? 'one' : 'two', 'many') }],
    }));
    const { items: found } = await server.clinic.observations('many', { limit: 500 }, performing());
    assert.deepEqual(
      found.map(({ id }) => id),
      ['one', 'two'],
    );
    assert.equal(server.asked[1], `GET ${next}`);
  });

  test('are asked for by words that mean nothing else', async () => {
    await using server = await strangeServer(() => ({}));
    await server.clinic.findPatient(
      { system: 'urn:a,b', value: String.raw`1|2\3$4` },
      performing(),
    );
    const form = new URLSearchParams(server.bodies[0]);
    assert.equal(form.get('identifier'), String.raw`urn:a\,b|1\|2\\3\$4`);
  });

  test('are refused where one of them is malformed', async () => {
    await using server = await strangeServer(() => ({
      entry: [{ resource: observation('one', 'many', { code: 'heart rate' }) }],
    }));
    await assert.rejects(
      server.clinic.observations('many', { limit: 500 }, performing()),
      unusable('malformed'),
    );
  });

  test('are read without one that is malformed, if others are left', async () => {
    await using server = await strangeServer(() => ({
      entry: [
        { resource: observation('bad', 'many', { code: 'heart rate' }) },
        { resource: 'none' },
        { resource: { ...observation('nameless', 'many'), id: undefined } },
        { resource: observation('good', 'many') },
      ],
    }));
    const { items: found } = await server.clinic.observations('many', { limit: 500 }, performing());
    assert.deepEqual(
      found.map(({ id }) => id),
      ['good'],
    );
  });

  test('have no value where we do not know what it is compared by', async () => {
    const valueQuantity = { value: 5, comparator: 'ad' };
    await using server = await strangeServer(() => ({
      entry: [{ resource: observation('one', 'many', { valueQuantity }) }],
    }));
    const {
      items: [one],
    } = await server.clinic.observations('many', { limit: 500 }, performing());
    assert.equal(one?.value, null);
  });

  test('are refused where the server reports an error among them', async () => {
    await fhirFault(provider, 'outcome-entry');
    await assert.rejects(
      amounts(10),
      (error) => error instanceof ProviderRefused && error.reason === 'incomplete',
    );
  });
});

suite('imaging studies', () => {
  const study = (id: string, more: object) => ({
    resourceType: 'ImagingStudy',
    id,
    status: 'available',
    subject: { reference: 'Patient/imaged' },
    ...more,
  });
  const endpoint = (id: string, address: string, status = 'active') => ({
    resourceType: 'Endpoint',
    id,
    status,
    connectionType: {
      system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
      code: 'dicom-wado-rs',
    },
    payloadType: [{ text: 'DICOM' }],
    address,
  });

  test('come with their UIDs, counts and the place of their images', async () => {
    await seed(provider, [
      patient('imaged', 'IMAGED'),
      endpoint('pacs', 'https://pacs.example/dicom-web'),
      endpoint('old-pacs', 'https://old.example/dicom-web', 'off'),
      study('knee', {
        identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:1.2.840.113619.2.1' }],
        started: '2027-02-01T09:00:00+01:00',
        modality: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'MR' }],
        description: 'Knee',
        numberOfSeries: 2,
        numberOfInstances: 51,
        endpoint: [{ reference: 'Endpoint/old-pacs' }, { reference: 'Endpoint/pacs' }],
      }),
      study('hip', {
        started: '2027-02-02',
        series: [
          { uid: '1.2.3', modality: { code: 'DX' }, numberOfInstances: 2 },
          { uid: '1.2.4', modality: { code: 'DX' }, numberOfInstances: 3 },
        ],
      }),
      study('withdrawn', { status: 'cancelled' }),
    ]);
    assert.deepEqual((await clinic().imagingStudies('imaged', performing())).items, [
      {
        id: 'hip',
        studyInstanceUid: null,
        startedAt: '2027-02-02',
        modalities: ['DX'],
        description: null,
        seriesCount: 2,
        instanceCount: 5,
        wadoEndpoint: null,
      },
      {
        id: 'knee',
        studyInstanceUid: '1.2.840.113619.2.1',
        startedAt: '2027-02-01T09:00:00+01:00',
        modalities: ['MR'],
        description: 'Knee',
        seriesCount: 2,
        instanceCount: 51,
        wadoEndpoint: 'https://pacs.example/dicom-web',
      },
    ]);
  });

  test('keep their places over several pages', async () => {
    await pageSize(1);
    const { items: found } = await clinic().imagingStudies('imaged', performing());
    assert.deepEqual(
      found.map(({ wadoEndpoint }) => wadoEndpoint),
      [null, 'https://pacs.example/dicom-web'],
    );
  });

  test('are none for a patient who has none', async () => {
    assert.deepEqual((await clinic().imagingStudies('anna', performing())).items, []);
  });
});

suite('a clinic in trouble', () => {
  const find = (policy = quick('fhir', fhirPolicy)) =>
    clinic({ policy }).findPatient(anna, performing());

  test('is asked again after 429, 503 and a lost answer', async () => {
    for (const mode of ['busy429', 'error503', 'process-then-drop']) {
      await provider.fault({ provider: 'fhir', mode, count: 2, operation: 'search' });
      assert.equal((await find())?.id, 'anna');
    }
  });

  test('is left alone for as long as it says', async () => {
    await provider.fault({
      provider: 'fhir',
      mode: 'busy429',
      retryAfterSeconds: 120,
      operation: 'search',
    });
    await assert.rejects(
      find(),
      (error) => error instanceof ProviderBusy && error.retryAfterMs === 120_000,
    );
  });

  test('is not asked again after 500 at once', async () => {
    await provider.fault({ provider: 'fhir', mode: 'error500', count: 1, operation: 'search' });
    await assert.rejects(
      find(),
      (error) => error instanceof ProviderUnreachable && error.reason === 'status_500',
    );
  });

  test('refuses by a code, and its words go no further', async () => {
    for (const [status, code, expected] of [
      [400, 'invalid', ProviderRefused],
      [403, 'forbidden', ProviderRefused],
      [422, 'business-rule', ProviderRefused],
      [409, 'lock-error', ProviderBusy],
    ] as const) {
      const fault = { provider: 'fhir', mode: 'refuse', status, code, operation: 'search' };
      await provider.fault(fault);
      await assert.rejects(find(), (error) => {
        assert.ok(error instanceof expected && error.reason === code);
        assert.ok(!JSON.stringify([error.message, error.stack, error.cause]).includes('Planted'));
        return true;
      });
    }
    const code = 'about Aylin Planted';
    await provider.fault({
      provider: 'fhir',
      mode: 'refuse',
      status: 400,
      code,
      operation: 'search',
    });
    await assert.rejects(
      find(),
      (error) => error instanceof ProviderRefused && error.reason === 'processing',
    );
  });

  test('is given up at the deadline', async () => {
    await provider.fault({ provider: 'fhir', mode: 'hang', operation: 'search' });
    const signal = AbortSignal.timeout(150);
    await assert.rejects(
      clinic().findPatient(anna, performing({ signal })),
      (error) => error instanceof ExpectedError && error.retryable,
    );
  });

  test('is not there for a tenant without one', async () => {
    await assert.rejects(
      clinic().findPatient(anna, performing({ tenant: 'clinic-b' })),
      (error) => error instanceof ProviderRefused && error.reason === 'no_server',
    );
  });

  test('may want no token', async () => {
    await call(provider.sandbox, 'POST', '/_sandbox/fhir/rules', { auth: false });
    const open = clinic({ auth: { kind: 'none' } });
    assert.equal((await open.findPatient(anna, performing()))?.id, 'anna');
    await call(provider.sandbox, 'POST', '/_sandbox/fhir/rules', { auth: true });
    await assert.rejects(open.findPatient(anna, performing()), ProviderCredentialsRefused);
  });
});
