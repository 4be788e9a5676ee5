import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { createDocumentLinks } from '../../actors/performers/document-links.ts';
import { createTravellerLinks } from '../../actors/performers/traveller-links.ts';
import { memoryIntake, problemOf, staffToken } from './edge.ts';
import {
  bookingId,
  caseId,
  filled,
  link,
  now,
  startTravellersEdge,
  travellerLinkKey,
} from './travellers-edge.ts';

const Problems = v.object({
  code: v.literal('invalid_travellers'),
  problems: v.array(
    v.strictObject({
      path: v.string(),
      traveller: v.number(),
      field: v.string(),
      code: v.string(),
    }),
  ),
});
const Given = v.strictObject({
  version: v.number(),
  count: v.number(),
  at: v.string(),
  warnings: v.array(v.looseObject({ path: v.string(), code: v.string() })),
});

suite('POST /travellers', () => {
  test('keeps the travellers and tells their case, without a name', async (t) => {
    const intake = memoryIntake();
    const edge = await startTravellersEdge(t, { intake });
    const answer = await edge.give(filled());
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const at = '2026-12-01T09:00:00.000Z';
    assert.deepEqual(v.parse(Given, await answer.json()), {
      version: 1,
      count: 3,
      at,
      warnings: [],
    });
    assert.deepEqual(edge.kept[0]?.place, { tenant: 'tenant-a', caseId, bookingId });
    assert.deepEqual(edge.kept[0]?.travellers, filled().travellers);
    assert.deepEqual(
      intake.received.map(({ type, data, about }) => ({ type, data, about })),
      [
        {
          type: 'travellers.given',
          data: { bookingId, version: 1, count: 3, at },
          about: { kind: 'case', caseId },
        },
      ],
    );
    assert.deepEqual(
      edge.desk.accesses.map(({ subject, what }) => [subject, what]),
      [['patient', 'POST /travellers']],
    );
  });

  test('the same form again is the same version and no second event', async (t) => {
    const intake = memoryIntake();
    const edge = await startTravellersEdge(t, { intake });
    const token = await edge.tokenFor();
    const answers = await Promise.all([edge.give(filled(), token), edge.give(filled(), token)]);
    for (const answer of answers) {
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(v.parse(Given, await answer.json()).version, 1);
    }
    assert.equal(intake.received.length, 1);
  });

  test('what was kept but could not be told is told by the next try', async (t) => {
    const intake = memoryIntake();
    const edge = await startTravellersEdge(t, { intake });
    intake.closed = true;
    assert.equal((await edge.give(filled())).status, 503);
    intake.closed = false;
    assert.equal((await edge.give(filled())).status, 200);
    assert.deepEqual([edge.kept.length, intake.received.length], [1, 1]);
  });

  test('what can be put right without changing what was meant is put right', async (t) => {
    const edge = await startTravellersEdge(t);
    const form = filled();
    Object.assign(form.travellers[0]!, {
      givenName: '  Elif   Nur ',
      familyName: 'Yılmaz\u200f',
      bornOn: '١٩٩٠-٠٥-١٧',
      passport: { number: ' u1234-5678 ', issuingCountry: 'tr', expiresOn: '2031-02-01' },
    });
    Object.assign(form.travellers[1]!, { familyName: 'D’Arc', givenName: 'Jean – Luc' });
    assert.equal((await edge.give(form)).status, 200);
    assert.deepEqual(edge.kept[0]?.travellers, filled().travellers);
  });

  test('who has one name in the passport is kept with it in both', async (t) => {
    const edge = await startTravellersEdge(t);
    const form = filled();
    Object.assign(form.travellers[0]!, { hasOneName: true, givenName: '', familyName: 'Suharto' });
    assert.equal((await edge.give(form)).status, 200);
    const [first] = edge.kept[0]?.travellers ?? [];
    assert.deepEqual([first?.givenName, first?.familyName], ['Suharto', 'Suharto']);
  });

  test('names every field that is wrong at once, and keeps nothing', async (t) => {
    const intake = memoryIntake();
    const edge = await startTravellersEdge(t, { intake });
    const form = filled();
    Object.assign(form.travellers[0]!, { givenName: 'Елена', bornOn: '2030-01-01', sex: '' });
    Object.assign(form.travellers[1]!, {
      familyName: 'D4rc',
      bornOn: '2018-01-01',
      passport: { number: '', issuingCountry: 'ZZ', expiresOn: '2027-03-19' },
    });
    Object.assign(form.travellers[2]!, { givenName: '', bornOn: '2016-01-01' });
    const answer = await edge.give(form);
    assert.equal(answer.status, 400);
    const text = await answer.text();
    const { problems } = v.parse(Problems, JSON.parse(text));
    assert.deepEqual(
      problems
        .toSorted((one, other) => (one.path < other.path ? -1 : 1))
        .map(({ path, traveller, code }) => [path, traveller, code]),
      [
        ['travellers.0.bornOn', 1, 'future'],
        ['travellers.0.givenName', 1, 'script'],
        ['travellers.0.sex', 1, 'required'],
        ['travellers.1.bornOn', 2, 'not_adult'],
        ['travellers.1.familyName', 2, 'letters'],
        ['travellers.1.passport.expiresOn', 2, 'expired'],
        ['travellers.1.passport.issuingCountry', 2, 'country'],
        ['travellers.1.passport.number', 2, 'required'],
        ['travellers.2.bornOn', 3, 'other_age'],
        ['travellers.2.givenName', 3, 'required'],
      ],
    );
    for (const value of ['Елена', 'D4rc', 'U12345678']) assert.ok(!text.includes(value));
    assert.deepEqual(
      [edge.kept.length, intake.received.length, edge.desk.accesses.length],
      [0, 0, 0],
    );
  });

  test('a passport that ends within six months after the trip is taken with a warning', async (t) => {
    const edge = await startTravellersEdge(t);
    const form = filled();
    form.travellers[1]!.passport.expiresOn = '2027-09-19';
    const answer = v.parse(Given, await (await edge.give(form)).json());
    assert.deepEqual(
      answer.warnings.map(({ path, code }) => [path, code]),
      [['travellers.1.passport.expiresOn', 'six_months']],
    );
  });

  test('a body of another shape is refused whole', async (t) => {
    const edge = await startTravellersEdge(t);
    const [first] = filled().travellers;
    for (const body of [
      'x',
      '[]',
      {},
      { travellers: [] },
      { travellers: [first] },
      { travellers: [...filled().travellers, first] },
      { ...filled(), more: 1 },
      { travellers: [{ ...first, nickname: 'Elif' }, first, first] },
      { travellers: [{ ...first, bornOn: 1_990 }, first, first] },
      { travellers: [{ ...first, givenName: 'x'.repeat(201) }, first, first] },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await edge.give(body);
      assert.equal(answer.status, 400);
      // oxlint-disable-next-line no-await-in-loop
      assert.match((await problemOf(answer)).code, /^(?:invalid_body|malformed_json)$/);
    }
    assert.equal((await edge.give('x'.repeat(20_000))).status, 413);
    assert.equal(edge.kept.length, 0);
  });

  test('only a link of ours for travellers opens it', async (t) => {
    const edge = await startTravellersEdge(t);
    const week = now + 7 * 24 * 60 * 60 * 1_000;
    const options = { keys: [travellerLinkKey], newId: randomUUID, now: () => now };
    const others = createTravellerLinks({ ...options, keys: [randomBytes(32)] });
    const documents = createDocumentLinks(options);
    const signed = (claims: object, typ = 'travellers-link+jwt', aud = 'travellers') =>
      new SignJWT({ ...link, ...claims })
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer('urn:patient-cases')
        .setAudience(aud)
        .setJti('1')
        .setExpirationTime(week / 1_000)
        .sign(travellerLinkKey);
    for (const token of [
      'x',
      await others.tokenFor(link, week),
      await documents.tokenFor({ tenant: 'tenant-a', caseId, kinds: ['passport'] }, week),
      await signed({}, 'JWT'),
      await signed({}, 'travellers-link+jwt', 'docs-visa'),
      await signed({ bookingId: 'nobody' }),
      await signed({ adults: 0 }),
      await signed({ adults: 9 }),
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await edge.give(filled(), token);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
    assert.equal((await edge.give(filled(), await signed({}))).status, 200);
  });

  test('a link that is over is refused with a reason of its own', async (t) => {
    const edge = await startTravellersEdge(t);
    const answer = await edge.give(filled(), await edge.tokenFor({}, now - 1_000));
    assert.deepEqual([answer.status, (await problemOf(answer)).code], [403, 'link_expired']);
  });

  test('after the order nothing new is taken, and the same again is no error', async (t) => {
    const edge = await startTravellersEdge(t);
    assert.equal((await edge.give(filled())).status, 200);
    edge.close('ordered');
    assert.equal((await edge.give(filled())).status, 200);
    const form = filled();
    form.travellers[0]!.givenName = 'Elif';
    const answer = await edge.give(form);
    assert.deepEqual([answer.status, (await problemOf(answer)).code], [409, 'travellers_ordered']);
  });

  test('a trip has two hundred tries in a day', async (t) => {
    const edge = await startTravellersEdge(t);
    const token = await edge.tokenFor();
    for (let n = 0; n < 200; n++) {
      // oxlint-disable-next-line no-await-in-loop
      assert.equal((await edge.give({}, token)).status, 400);
    }
    const answer = await edge.give(filled(), token);
    assert.deepEqual([answer.status, (await problemOf(answer)).code], [429, 'too_often']);
    const other = await edge.tokenFor({ bookingId: `${caseId}-b2` });
    assert.equal((await edge.give(filled(), other)).status, 200);
  });
});

suite('GET /travellers/status', () => {
  test('says that travellers were given, and shows nothing of them', async (t) => {
    const edge = await startTravellersEdge(t);
    const token = await edge.tokenFor();
    const status = async () =>
      await fetch(`${edge.url}/travellers/status`, {
        headers: { authorization: `Bearer ${token}` },
      });
    assert.deepEqual(await (await status()).json(), { given: null, closed: null });
    await edge.give(filled());
    const at = '2026-12-01T09:00:00.000Z';
    const given = { version: 1, count: 3, at };
    assert.deepEqual(await (await status()).json(), { given, closed: null });
    edge.close('over');
    assert.deepEqual(await (await status()).json(), { given, closed: 'over' });
    assert.equal((await fetch(`${edge.url}/travellers/status`)).status, 401);
  });
});

suite('GET /admin/cases/{caseId}/travellers', () => {
  test('shows support that travellers were given and for how many, and no more of a passport than its end', async (t) => {
    const edge = await startTravellersEdge(t);
    await edge.give(filled());
    const read = async (role: string, tenant = 'tenant-a', of = caseId) =>
      await fetch(`${edge.url}/admin/cases/${of}/travellers`, {
        headers: { authorization: `Bearer ${await staffToken({ roles: [role], tenant })}` },
      });
    const text = await (await read('support')).text();
    const given = { version: 1, count: 3, at: '2026-12-01T09:00:00.000Z' };
    const passports = ['•••78', '•••45', '•••90'];
    assert.deepEqual(JSON.parse(text), { trips: [{ bookingId, given, closed: null, passports }] });
    assert.equal((await read('admin')).status, 200);
    for (const role of ['clinician', 'finance', 'patient']) {
      // oxlint-disable-next-line no-await-in-loop
      assert.equal((await read(role)).status, 403);
    }
    assert.equal((await read('support', 'tenant-b')).status, 404);
    assert.equal((await read('support', 'tenant-a', 'case-2')).status, 404);
    assert.deepEqual(
      edge.desk.accesses.slice(1).map(({ what }) => what),
      [
        'GET /admin/cases/{caseId}/travellers',
        'GET /admin/cases/{caseId}/travellers',
        'GET /admin/cases/{caseId}/travellers',
        'GET /admin/cases/{caseId}/travellers',
      ],
    );
  });
});
