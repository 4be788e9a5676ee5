import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import * as v from 'valibot';

import {
  createTravellerLinks,
  type TravellerLink,
} from '../../actors/performers/traveller-links.ts';
import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { canary, everyColumn, traceCollector, watchRedis } from './canary.ts';
import {
  inbound,
  staffHeader,
  startOrchestrator,
  textFrom,
  type Orchestrator,
} from './orchestrator.ts';
import { staffDesk } from './staff-desk.ts';

const words = {
  givenName: 'Quillandra',
  familyName: 'Passbrück',
  number: 'ZQX77310045',
  kid: 'Wendelgard',
};
const planted = canary(words);
const dayMs = 24 * 60 * 60 * 1_000;
const dayIn = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
const yearsAgo = (years: number) => `${new Date().getUTCFullYear() - years}-01-01`;

const Given = v.object({ version: v.number(), count: v.number(), at: v.string() });

/** Through the same doors as a patient's browser, the staff's console and a thief of the disk. */
suite('travellers in the running system', { timeout: 120_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let caseId: string;
  let link: TravellerLink;
  let traces: Awaited<ReturnType<typeof traceCollector>>;
  let redis: Awaited<ReturnType<typeof watchRedis>>;

  before(async () => {
    traces = parts.use(await traceCollector());
    redis = parts.use(await watchRedis(services.redisUrl));
    system = parts.use(await startOrchestrator(services, traces.url));
    const greeting = inbound([textFrom('491599927441778', 'Guten Tag')]);
    assert.equal((await system.whatsapp(greeting)).status, 200);
    const found = await waitUntil(
      async () => (await system.query<{ case_id: string }>('select case_id from cases'))[0],
      { what: 'the case' },
    );
    caseId = found.case_id;
    link = {
      tenant: 'demo',
      bookingId: `${caseId}-b1`,
      adults: 1,
      childrenAges: [7],
      firstDay: dayIn(90),
      lastDay: dayIn(100),
      lang: 'de',
    };
  });
  after(() => parts.disposeAsync());

  /** Of a link that we sent. */
  const token = (more: Partial<TravellerLink> = {}, livesMs = dayMs) =>
    createTravellerLinks({
      keys: [Buffer.from(DEVELOPMENT_SECRETS.DOCUMENTS_LINK_KEY, 'base64')],
      newId: randomUUID,
      now: Date.now,
    }).tokenFor({ ...link, ...more }, Date.now() + livesMs);

  const filled = () => ({
    travellers: [
      {
        givenName: words.givenName,
        familyName: words.familyName,
        bornOn: yearsAgo(40),
        sex: 'f',
        passport: { number: words.number, issuingCountry: 'DE', expiresOn: dayIn(2_000) },
      },
      {
        givenName: words.kid,
        familyName: words.familyName,
        bornOn: new Date(Date.now() - (7 * 365.25 + 60) * dayMs).toISOString().slice(0, 10),
        sex: 'm',
        passport: { number: `${words.number}7`, issuingCountry: 'DE', expiresOn: dayIn(2_000) },
      },
    ],
  });

  const give = async (body: unknown, bearer: string) =>
    system.request(`${system.edge}/travellers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  const told = async () =>
    (await staffDesk(system).history(caseId)).filter(({ type }) => type === 'travellers.given')
      .length;

  test('go from the form into the database, and their case is told once for each version', async () => {
    const bearer = await token();
    const answers = await Promise.all([give(filled(), bearer), give(filled(), bearer)]);
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.text);
      assert.equal(v.parse(Given, answer.json()).version, 1);
    }
    const changed = filled();
    changed.travellers[0]!.sex = 'm';
    const second = await give(changed, bearer);
    assert.deepEqual([second.status, v.parse(Given, second.json()).version], [200, 2]);
    await waitUntil(async () => ((await told()) === 2 ? true : undefined), {
      what: 'both versions in the history',
      timeoutMs: 20_000,
    });
  });

  test('that are wrong change nothing, and no answer repeats them', async () => {
    const wrong = filled();
    wrong.travellers[0]!.bornOn = dayIn(1);
    wrong.travellers[1]!.givenName = `${words.kid}7`;
    for (const [body, status, code] of [
      [wrong, 400, 'invalid_travellers'],
      [{ travellers: [filled().travellers[0]] }, 400, 'invalid_body'],
      [{ ...filled(), [words.number]: words.givenName }, 400, 'invalid_body'],
      [`{"travellers":["${words.number}`, 400, 'malformed_json'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await give(body, await token());
      assert.deepEqual([answer.status, answer.json()['code']], [status, code]);
      assert.deepEqual(planted.foundIn(answer.text), []);
    }
    const over = await give(filled(), await token({}, -1_000));
    assert.deepEqual([over.status, over.json()['code']], [403, 'link_expired']);
    const nobody = await give(filled(), await token({ bookingId: `${randomUUID()}-b1` }));
    assert.deepEqual([nobody.status, nobody.json()['code']], [403, 'link_expired']);
    const elsewhere = await give(filled(), await token({ tenant: 'other' }));
    assert.deepEqual([elsewhere.status, elsewhere.json()['code']], [403, 'link_expired']);
  });

  test('are known to support by their number and the ends of their passports', async () => {
    const answer = await staffDesk(system).get(`/${caseId}/travellers`);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /"count":2/);
    assert.match(answer.text, /"passports":\["•••45","•••57"\]/);
    assert.deepEqual(planted.foundIn(answer.text), []);
    const stranger = await staffHeader({ tenant: 'other' });
    assert.equal((await staffDesk(system).get(`/${caseId}/travellers`, stranger)).status, 404);
    for (const path of ['', '/history', '/conversation']) {
      // oxlint-disable-next-line no-await-in-loop
      assert.deepEqual(
        planted.foundIn((await staffDesk(system).get(`/${caseId}${path}`)).text),
        [],
      );
    }
  });

  test('lie nowhere in the clear: not on the disk, in the database, in Redis, in traces or in what was logged', async () => {
    for await (const name of glob('**/*', { cwd: system.dataDir })) {
      const path = join(system.dataDir, name);
      if (!(await stat(path)).isFile()) continue;
      assert.deepEqual(planted.foundIn(await readFile(path)), [], name);
    }
    let rows = 0;
    for (const { where, value } of await everyColumn((sql) => system.query(sql))) {
      if (where.includes('travellers.body')) rows += 1;
      assert.deepEqual(planted.foundIn(value), [], where);
    }
    assert.equal(rows, 2);
    assert.deepEqual(planted.foundIn(system.outputs()), []);
    assert.deepEqual(planted.foundIn(redis.commands()), []);
    assert.deepEqual(planted.foundIn(await redis.contents()), []);
    assert.deepEqual(planted.foundIn(traces.exported()), []);
    const [audit] = await system.query<{ count: number }>(
      `select count(*)::int as count from audit_entries where audit_entries::text like '%POST /travellers%'`,
    );
    assert.ok(audit && audit.count >= 2);
  });
});
