import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { messageKey } from '../../http/server/pipeline.ts';
import { sandboxAccount } from '../sandbox/sandbox.ts';
import { metaJson, signStripe, signWhatsapp, whatsappStatuses } from '../sandbox/webhooks.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { canary, everyColumn, traceCollector, watchRedis } from './canary.ts';
import {
  epochSeconds,
  inbound,
  staffHeader,
  startOrchestrator,
  stripeBody,
  textFrom,
  type Answer,
  type Orchestrator,
} from './orchestrator.ts';

const mebibyte = 1_024 * 1_024;
/** The patient whom the tests on privacy and the restart are about. */
const patient = {
  phone: '491599927441835',
  userId: 'DE.77123456789012345678',
  name: 'Zyxquandra Vörbelheim',
  words: 'Guten Tag, mein Knorpelschaden-Quux wird schlimmer',
};
const planted = canary({
  phone: patient.phone,
  userId: patient.userId,
  name: patient.name,
  words: patient.words,
});

/** How the ledger names it: a message's own id has the patient's number in it. */
const keyOf = (id: string) => (id.startsWith('wamid.') ? messageKey(id) : id);

/** One process in all its roles, spoken to only as the world does, and judged by what it answers and what is stored. */
suite('the running system', () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let redis: Awaited<ReturnType<typeof watchRedis>>;
  let traces: Awaited<ReturnType<typeof traceCollector>>;
  let firstCase: string;

  before(async () => {
    traces = parts.use(await traceCollector());
    redis = parts.use(await watchRedis(services.redisUrl));
    // What is told to other services is masked and not unsaid, and would be found as words; outward.test.ts looks at it.
    const env = { OUTWARD_MESSAGE: 'omitted' };
    system = parts.use(await startOrchestrator(services, traces.url, { env }));
  });
  after(() => parts.disposeAsync());

  /** How many rows of everything that a request can leave; the sandbox's reports and effects' outcomes come when they come. */
  const rows = async () =>
    (
      await system.query<{ conflicts: number }>(
        `select (select count(*)::int from events where type <> 'whatsapp.status' and source <> 'effect') as events,
           (select count(*)::int from parked_deliveries) as parked,
           (select count(*)::int from event_conflicts) as conflicts,
           (select count(*)::int from contacts) as contacts,
           (select count(*)::int from data_keys) as keys`,
      )
    )[0];

  /** The request is refused so, and nothing is stored because of it. */
  async function refused(status: number, code: string, ask: () => Promise<Answer>) {
    const rowsBefore = await rows();
    const answer = await ask();
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
    assert.equal(answer.json()['code'], code, answer.text);
    assert.deepEqual(await rows(), rowsBefore);
    return answer.json();
  }

  /** The request is answered 200 with these counts of outcomes. */
  async function taken(outcomes: Record<string, number>, ask: Promise<Answer>) {
    const answer = await ask;
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.json(), outcomes);
  }

  const dispositions = (messageIds: readonly string[]) =>
    system.query<{ key: string; disposition: string }>(
      `select e.dedupe_key as key, a.detail::json->>'disposition' as disposition
       from events e join audit_entries a on a.subject = e.id::text and a.action = 'transition'
       where e.dedupe_key = any($1) and a.detail::json->>'type' <> 'xstate.init'`,
      [messageIds.map(keyOf)],
    );

  /** Until each of these has reached its case and has its line in the audit trail; exactly one. */
  async function disposed(messageIds: readonly string[]) {
    const found = await waitUntil(
      async () => {
        const entries = await dispositions(messageIds);
        return entries.length >= messageIds.length && entries;
      },
      { what: `${messageIds.length} events to reach a disposition`, timeoutMs: 20_000 },
    );
    assert.equal(found.length, messageIds.length);
    assert.deepEqual(new Set(found.map(({ key }) => key)), new Set(messageIds.map(keyOf)));
    return found.map(({ disposition }) => disposition);
  }

  const parkedAs = async (dedupeKey: string) =>
    (
      await system.query<{ reason: string }>(
        'select reason from parked_deliveries where dedupe_key = $1',
        [keyOf(dedupeKey)],
      )
    ).map(({ reason }) => reason);

  /** Until the patient has got so many messages; answers the last. */
  const heardBy = (phone: string, count: number) =>
    waitUntil(async () => (await system.messagesTo(phone))[count - 1], {
      what: `message ${count} to the patient`,
      timeoutMs: 20_000,
    });

  const alive = async () => {
    const ready = await system.request(`${system.ops}/health/ready`);
    assert.equal(ready.status, 200, ready.text);
  };

  test('is live, ready and measured', async () => {
    await alive();
    assert.equal((await system.request(`${system.ops}/health/live`)).status, 200);
    const metrics = await system.request(`${system.ops}/metrics`);
    assert.equal(metrics.status, 200);
    assert.match(metrics.text, /^webhook_deliveries_total|^# TYPE http_requests_total/m);
    // The ops port is not the public one.
    assert.equal((await system.request(`${system.edge}/metrics`)).status, 404);
  });

  test('answers the handshake of who knows the verify token, and nobody else', async () => {
    const url = (token: string) =>
      `${system.edge}/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`;
    const answer = await system.request(url(DEVELOPMENT_SECRETS.WHATSAPP_VERIFY_TOKEN));
    assert.deepEqual([answer.status, answer.text], [200, '1158201444']);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    await refused(403, 'forbidden', () => system.request(url('guess')));
    await refused(403, 'forbidden', () => system.request(`${system.edge}/webhooks/whatsapp`));
  });

  test('takes a signed message to its case, and asks for consent', async () => {
    const message = textFrom(patient.phone, patient.words, {
      userId: patient.userId,
      profileName: patient.name,
    });
    await taken({ stored: 1 }, system.whatsapp(inbound([message])));
    assert.deepEqual(await disposed([message.messageId]), ['applied']);
    const { effectId, buttons } = await heardBy(patient.phone, 1);
    assert.ok(buttons.some(({ id }) => id === 'consent:service:yes'));
    firstCase = effectId.split('.')[0] as string;
  });

  test('refuses a signature that is missing or wrong with 401, and stores nothing', async () => {
    const body = inbound([textFrom('4915100000001', 'Hello')]);
    const right = signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET);
    const wrong: Record<string, string>[] = [
      {},
      { 'x-hub-signature-256': '' },
      { 'x-hub-signature-256': right.slice('sha256='.length) },
      { 'x-hub-signature-256': right.replace('sha256=', 'sha1=') },
      { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      { 'x-hub-signature-256': right.slice(0, -1) },
      { 'x-hub-signature-256': signWhatsapp(body, 'another secret') },
      { 'x-hub-signature-256': signWhatsapp(`${body} `, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET) },
    ];
    for (const headers of wrong)
      await refused(401, 'bad_signature', () => system.whatsapp(body, headers));
  });

  test('refuses what is no JSON, and parks what has another shape by the name of the field', async () => {
    for (const body of ['', '{', '{"entry":[}', 'null,', 'entry=1', '{"a":1e400}'])
      await refused(400, 'malformed_json', () => system.whatsapp(body));
    await refused(400, 'malformed_json', () => system.whatsapp(Buffer.from([0x22, 0xff, 0x22])));

    const metaless = { field: 'messages', value: { metadata: {} } };
    const shapes = [
      [],
      { object: 'whatsapp_business_account' },
      { object: 'whatsapp_business_account', entry: [{ id: 1, changes: {} }] },
      { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [metaless] }] },
    ];
    for (const body of shapes) await taken({ parked: 1 }, system.whatsapp(metaJson(body)));
    await taken(
      { parked: 1 },
      system.stripe(JSON.stringify({ id: 'evt_shape', type: 'x', data: { object: {} } })),
    );
    const reasons = await system.query<{ reason: string }>(
      `select reason from parked_deliveries where reason like 'bad %' order by id`,
    );
    assert.deepEqual(
      reasons.map(({ reason }) => reason.split(':').slice(0, 2).join(':')),
      [
        'bad envelope: object',
        'bad envelope: entry',
        'bad entry: changes',
        'bad change: value.metadata.phone_number_id',
        'bad event: created',
      ],
    );
  });

  test('parks event types it has no word for', async () => {
    const change = { field: 'message_template_status_update', value: { event: 'APPROVED' } };
    const body = metaJson({
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [change] }],
    });
    await taken({ parked: 1 }, system.whatsapp(body));
    await taken({ duplicate: 1 }, system.whatsapp(body));
    await taken({ parked: 1 }, system.whatsapp(metaJson({ object: 'page', entry: [] })));
    const [row] = await system.query<{ count: number }>(
      `select count(*)::int from parked_deliveries where source = 'whatsapp' and reason like 'unknown event type%'`,
    );
    assert.equal(row?.count, 2);
  });

  test('does nothing about a message that comes again, and flags one that says something else', async () => {
    const message = textFrom('4915100000002', 'Hello');
    await taken({ stored: 1 }, system.whatsapp(inbound([message])));
    await disposed([message.messageId]);
    await heardBy('4915100000002', 1);
    const rowsBefore = await rows();
    assert.ok(rowsBefore);

    await taken({ duplicate: 1 }, system.whatsapp(inbound([message])));
    await taken({ duplicate: 2 }, system.whatsapp(inbound([message, message])));
    assert.deepEqual(await rows(), rowsBefore);

    const other = { ...message, content: { kind: 'text' as const, body: 'Goodbye' } };
    await taken({ conflict: 1 }, system.whatsapp(inbound([other])));
    await taken({ conflict: 1 }, system.whatsapp(inbound([other])));
    assert.deepEqual(await rows(), { ...rowsBefore, conflicts: rowsBefore.conflicts + 1 });
    const flagged = await system.query(
      `select e.dedupe_key from event_conflicts c join events e on e.id = c.event_id`,
    );
    assert.deepEqual(flagged, [{ dedupe_key: keyOf(message.messageId) }]);
    assert.deepEqual(await disposed([message.messageId]), ['applied']);
  });

  test('applies 49 of a batch of 50, and parks the one it cannot read', async () => {
    const messages = Array.from({ length: 50 }, (_, i) =>
      textFrom(`49152000000${String(i % 7).padStart(2, '0')}`, `Message ${i}`),
    );
    const body = JSON.parse(inbound(messages)) as {
      entry: [{ changes: [{ value: { messages: Record<string, unknown>[] } }] }];
    };
    const items = body.entry[0].changes[0].value.messages;
    const [bad] = messages.splice(20, 1);
    (items[20] as Record<string, unknown>)['text'] = { body: [7] };
    await taken({ stored: 49, parked: 1 }, system.whatsapp(metaJson(body)));
    await disposed(messages.map(({ messageId }) => messageId));
    const badId = bad?.messageId ?? '';
    assert.deepEqual(await parkedAs(badId), ['bad item: text.body: expected string']);
    assert.deepEqual(await dispositions([badId]), []);
  });

  test('refuses a body over 1 MiB with 413, whatever length it claims', async () => {
    const text = (size: number) => {
      const frame = inbound([textFrom('4915100000003', '')]);
      return frame.replace('"body":""', `"body":"${'x'.repeat(size - frame.length)}"`);
    };
    await refused(413, 'body_too_large', () => system.whatsapp(text(mebibyte + 1)));
    await refused(413, 'body_too_large', () => system.whatsapp(text(3 * mebibyte)));
    await refused(413, 'body_too_large', () =>
      system.request(`${system.edge}/webhooks/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: new Blob([text(mebibyte + 1)]).stream(),
        duplex: 'half',
      }),
    );
    // At the limit it is read, and as much of the words is kept as a message can have.
    await taken({ stored: 1 }, system.whatsapp(text(mebibyte)));
  });

  test('takes only plain JSON', async () => {
    const body = inbound([textFrom('4915100000003', 'Hello')]);
    const signature = signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET);
    const others: Record<string, string>[] = [
      { 'content-type': 'text/plain' },
      { 'content-encoding': 'gzip' },
    ];
    for (const headers of others)
      await refused(415, 'unsupported_media_type', () =>
        system.whatsapp(body, { 'x-hub-signature-256': signature, ...headers }),
      );
  });

  test('survives NUL, lone surrogates, prototype keys, bottomless nesting and odd paths', async () => {
    const { pid } = system.program;
    const hostile = [
      'a\u0000b',
      '\uD800 alone \uDFFF',
      '__proto__',
      '\u202E\uFEFF\u200D',
      'constructor',
      "'; drop table events; --",
      '\\u0000',
      '{{constructor.constructor("return process")()}}',
      'x'.repeat(32_000),
    ];
    const messages = hostile.map((words, i) =>
      textFrom(`4915300000${String(i).padStart(2, '0')}`, words, { profileName: words }),
    );
    await taken({ stored: hostile.length }, system.whatsapp(inbound(messages)));
    await disposed(messages.map(({ messageId }) => messageId));

    const polluted = textFrom('4915300000100', 'Hello');
    const body = inbound([polluted]).replace(
      '"type":"text"',
      '"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}},"type":"text"',
    );
    await taken({ stored: 1 }, system.whatsapp(body));
    await disposed([polluted.messageId]);
    const oddId = textFrom('4915300000101', 'Hello', { messageId: 'wamid.\u0000\uD800' });
    await taken({ stored: 1 }, system.whatsapp(inbound([oddId])));
    await disposed(['wamid.\uFFFD\uFFFD']);
    // Kept whole but unread, so it comes back out of the parking place as odd as it went in.
    const odd = { field: '\u0000', value: { '\uD800': '\uDFFF', ['__proto__']: { a: 1 } } };
    await taken(
      { parked: 1 },
      system.whatsapp(
        metaJson({ object: 'whatsapp_business_account', entry: [{ id: '\0', changes: [odd] }] }),
      ),
    );

    const deep = (open: string, close: string) => `${open.repeat(10_000)}1${close.repeat(10_000)}`;
    const bottomless = [deep('[', ']'), deep('{"a":', '}'), '['.repeat(10_000)];
    for (const body of bottomless) {
      await refused(400, 'malformed_json', () => system.whatsapp(body));
      await refused(400, 'malformed_json', () => system.stripe(body));
    }
    const headers = { ...(await staffHeader()), 'content-type': 'application/json' };
    for (const body of [deep('[', ']').slice(0, 15_000), '['.repeat(10_000), '"\\u0000"', 'null']) {
      const answer = await system.request(`${system.edge}/admin/cases/${firstCase}/events`, {
        method: 'POST',
        headers,
        body,
      });
      assert.equal(answer.status, 400, answer.text);
    }
    for (const path of [
      '%',
      '%00',
      '%zz',
      '%C0%AF',
      '..%2f..%2fetc',
      '__proto__',
      'x'.repeat(900),
    ]) {
      const { status, text } = await system.request(`${system.edge}/admin/cases/${path}`, {
        headers,
      });
      assert.ok([400, 404].includes(status), `${path}: ${status} ${text}`);
    }
    await alive();
    assert.equal(system.program.pid, pid);
  });

  test('parks who cannot be found again, and spoils nothing for the others', async () => {
    const good = textFrom('4915100000005', 'Hello');
    const nobodies = ['123', '0532111223344', '4915999274418356', 'anna'].map((phone) =>
      textFrom(phone, 'Hello'),
    );
    nobodies.push(textFrom('anna', 'Hello', { userId: ' ' }));
    const known = textFrom('anna', 'Hello', { userId: 'DE.10000000000000000001' });
    const unsigned = textFrom('4915100000006', 'Hello', { userId: ' ' });
    // Two requests at a time share their look-ups.
    await Promise.all([
      taken({ parked: nobodies.length, stored: 1 }, system.whatsapp(inbound([...nobodies, good]))),
      taken({ stored: 2 }, system.whatsapp(inbound([known, unsigned]))),
    ]);
    await disposed([good, known, unsigned].map(({ messageId }) => messageId));
    for (const { messageId } of nobodies)
      assert.deepEqual(await parkedAs(messageId), ['unknown_account_or_sender']);
  });

  test('parks a report about a message that nobody sent', async () => {
    const statuses = ['no-such-effect', 'no-such-case.1.0', '.', '\u0000', '../..'].map(
      (callbackData, i) => ({
        messageId: `wamid.nobody-${i}`,
        status: 'delivered' as const,
        recipientPhone: '4915100000005',
        recipientUserId: null,
        callbackData,
        atEpochSeconds: epochSeconds(),
      }),
    );
    const body = metaJson(whatsappStatuses(sandboxAccount, statuses));
    await taken({ parked: statuses.length }, system.whatsapp(body));
    assert.deepEqual(await parkedAs(`${keyOf('wamid.nobody-0')}:delivered`), ['no_such_case']);
  });

  test('parks a message to a number that is no tenant of ours', async () => {
    const message = textFrom('4915100000004', 'Hello');
    await taken({ parked: 1 }, system.whatsapp(inbound([message], '1000')));
    assert.deepEqual(await parkedAs(message.messageId), ['unknown_account_or_sender']);
    const stored = await system.query('select from events where dedupe_key = $1', [
      keyOf(message.messageId),
    ]);
    assert.equal(stored.length, 0);
  });

  test('believes a payment only with a signature of now, and parks what is not ours', async () => {
    const session = (metadata: object) => ({
      id: 'cs_test_nobody',
      object: 'checkout.session',
      mode: 'payment',
      payment_status: 'paid',
      amount_total: 45_000,
      currency: 'eur',
      metadata,
    });
    const ours = { case_id: 'no-such-case', booking_id: 'no-such-case:1' };
    const paid = stripeBody('evt_paid', 'checkout.session.completed', session(ours));
    const forged = signStripe(paid, 'whsec_guess', epochSeconds());
    await refused(401, 'bad_signature', () =>
      system.request(`${system.edge}/webhooks/payments`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'stripe-signature': forged },
        body: paid,
      }),
    );
    await refused(401, 'bad_signature', () => system.stripe(paid, epochSeconds() - 400));
    await refused(401, 'bad_signature', () => system.stripe(paid, epochSeconds() + 400));

    await taken({ parked: 1 }, system.stripe(paid));
    await taken({ duplicate: 1 }, system.stripe(paid));
    assert.deepEqual(await parkedAs('evt_paid'), ['no_such_case']);
    await taken({ parked: 1 }, system.stripe(stripeBody('evt_new', 'invoice.haunted', {})));
    assert.deepEqual(await parkedAs('evt_new'), ['unknown event type']);
    const nameless = stripeBody('evt_nameless', 'checkout.session.completed', session({}));
    await taken({ parked: 1 }, system.stripe(nameless));
    assert.deepEqual(await parkedAs('evt_nameless'), ['payment without a booking']);
  });

  test('shows a case to staff of its own tenant only, and writes down who looked', async () => {
    const url = `${system.edge}/admin/cases/${firstCase}`;
    const get = async (path: string, headers: Record<string, string>) =>
      system.request(`${url}${path}`, { headers });
    for (const path of ['', '/history']) {
      const strangers: Record<string, string>[] = [
        {},
        { authorization: 'Bearer guess' },
        await staffHeader({}, { secret: 'another-secret-of-thirty-two-bytes-or-more' }),
        await staffHeader({}, { expires: '-1m' }),
      ];
      for (const headers of strangers)
        await refused(401, 'invalid_token', () => get(path, headers));
      const elsewhere = await staffHeader({ tenant: 'another' });
      await refused(404, 'not_found', () => get(path, elsewhere));
      const roleless = await staffHeader({ roles: ['driver'] });
      await refused(403, 'forbidden', () => get(path, roleless));
      const answer = await get(path, await staffHeader());
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(planted.foundIn(answer.text), []);
    }
    const looks = await system.query<{ chain: string; subject: string }>(
      `select chain, subject from audit_entries where action = 'access' and case_id = $1 order by chain, seq`,
      [firstCase],
    );
    assert.deepEqual(
      looks.filter(({ chain }) => chain === 'demo/desk'),
      [
        { chain: 'demo/desk', subject: 'GET /admin/cases/{caseId}' },
        { chain: 'demo/desk', subject: 'GET /admin/cases/{caseId}/history' },
      ],
    );
    assert.equal(looks.filter(({ chain }) => chain === 'another/desk').length, 2);
  });

  test('takes an act of staff once, and brings it to the case', async () => {
    const act = async (body: object, headers: Record<string, string>, caseId = firstCase) =>
      system.request(`${system.edge}/admin/cases/${caseId}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const resume = { type: 'staff.resume' };
    await refused(401, 'invalid_token', () => act(resume, {}));
    const elsewhere = await staffHeader({ tenant: 'another' });
    await refused(404, 'not_found', () => act(resume, elsewhere));
    const staff = await staffHeader();
    await refused(404, 'not_found', () => act(resume, staff, 'no-such-case'));
    await refused(400, 'invalid_body', () => act({ type: 'payment.succeeded' }, staff));
    await refused(400, 'invalid_body', () => act({ type: 'staff.close' }, staff));

    const keyed = { ...staff, 'idempotency-key': 'act-1' };
    for (const outcome of ['stored', 'duplicate']) {
      const answer = await act(resume, keyed);
      assert.deepEqual([answer.status, answer.json()], [202, { outcome }]);
    }
    await disposed([`${firstCase}:act-1`]);
  });

  test('drains on SIGTERM under load without losing what it answered, and goes on afterwards', async () => {
    const answered: string[] = [];
    const stopping = { is: false };
    /** A patient who writes one message after the other until nobody listens any more. */
    async function writer(n: number): Promise<void> {
      const phone = `491540000${String(n).padStart(4, '0')}`;
      for (let i = 0; ; i++) {
        const message = textFrom(phone, `Line ${i}`);
        try {
          const { status } = await system.whatsapp(inbound([message]));
          if (status === 200) answered.push(message.messageId);
        } catch {
          if (stopping.is) return;
          throw new Error('Not answered while the system was up');
        }
      }
    }
    const writers = Promise.all(Array.from({ length: 24 }, (_, n) => writer(n)));
    await waitUntil(() => answered.length >= 150, { what: 'some load' });
    stopping.is = true;
    const exit = await system.program.stop();
    await writers;
    assert.deepEqual(exit, { code: 0, signal: null }, system.outputs().slice(-2_000));
    const [row] = await system.query<{ count: number }>(
      'select count(*)::int from events where dedupe_key = any($1)',
      [answered.map(keyOf)],
    );
    assert.equal(row?.count, answered.length);

    await system.startAgain();
    await waitUntil(
      async () => (await system.request(`${system.ops}/health/ready`)).status === 200,
      {
        what: 'it to be ready beside what was left to do',
      },
    );
    await disposed(answered);
    const heardBefore = (await system.messagesTo(patient.phone)).length;
    const consent = textFrom(patient.phone, '', {
      userId: patient.userId,
      profileName: patient.name,
      content: { kind: 'button', id: 'consent:service:yes', title: 'Ja' },
    });
    await taken({ stored: 1 }, system.whatsapp(inbound([consent])));
    assert.deepEqual(await disposed([consent.messageId]), ['applied']);
    const { effectId } = await heardBy(patient.phone, heardBefore + 1);
    assert.equal(effectId.split('.')[0], firstCase);
  });

  test('lets nothing of a patient out: not in answers, logs, metrics, traces, Redis or a column (I7)', async () => {
    // What is parked or refused is about a patient as well.
    // As Meta's own ids, with the sender's number in them.
    const messageId = () =>
      `wamid.${Buffer.from(`HBg${patient.phone}VAgASGBQ${randomUUID()}`).toString('base64')}`;
    const from = { userId: patient.userId, profileName: patient.name };
    // What fails becomes an error, and errors like to get into logs and traces.
    await system.setFault({ provider: 'whatsapp', mode: 'refuse', code: 131026 });
    await taken(
      { stored: 1 },
      system.whatsapp(
        inbound([textFrom(patient.phone, patient.words, { ...from, messageId: messageId() })]),
      ),
    );
    await waitUntil(
      async () =>
        (await system.query('select from dead_letters where case_id = $1', [firstCase])).length > 0,
      { what: 'the refused message to be a dead letter' },
    );
    const message = textFrom(patient.phone, patient.words, from);
    await taken({ parked: 1 }, system.whatsapp(inbound([message], '1000')));
    const broken = inbound([textFrom(patient.phone, patient.words, from)]);
    await taken(
      { parked: 1 },
      system.whatsapp(broken.replace('"type":"text"', '"type":"sticker"')),
    );
    await refused(400, 'malformed_json', () => system.whatsapp(broken.slice(0, -1)));
    await taken({ parked: 1 }, system.whatsapp(broken.replace('"phone_number_id"', '"phone"')));
    await refused(401, 'bad_signature', () => system.whatsapp(broken, {}));

    const columns = await everyColumn((sql) => system.query(sql));
    assert.ok(columns.length > 1_000);
    const leaking = columns.filter(({ value }) => planted.foundIn(value).length > 0);
    assert.deepEqual([...new Set(leaking.map(({ where }) => where))], []);

    const [commands, contents] = [redis.commands(), await redis.contents()];
    assert.match(commands, /xadd/i);
    const metrics = (await system.request(`${system.ops}/metrics`)).text;
    assert.deepEqual(await system.program.stop(), { code: 0, signal: null }); // Sends the last spans.
    const spans = traces.exported();
    assert.ok(spans.includes('http.route'));
    const places = { commands, contents, metrics, spans, log: system.outputs() };
    for (const [place, text] of Object.entries({ ...places, answers: system.answers() }))
      assert.deepEqual(planted.foundIn(text), [], place);
    // The search itself works: the sandbox, which stands for the world, was told the number.
    assert.deepEqual(planted.foundIn(inbound([message])), ['phone', 'userId', 'name', 'words']);
  });
});
