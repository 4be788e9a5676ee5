import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { Redis } from 'ioredis';
import * as v from 'valibot';

import { EffectFailed, outwardSchemas, type OutwardType } from '../../actors/outward/events.ts';
import { templates } from '../../actors/texts/templates.ts';
import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { canary, traceCollector } from './canary.ts';
import {
  inbound,
  staffHeader,
  startOrchestrator,
  textFrom,
  type Orchestrator,
} from './orchestrator.ts';
import { control } from './phones.ts';

const patient = { phone: '491701234567', name: 'Wilhelmine Zuckschwerdt' };
const group = 'insurance';
const names = Object.keys(outwardSchemas) as OutwardType[];
const within = 60_000;

/** An entry as another service reads it. */
const Entry = v.strictObject({
  id: v.string(),
  type: v.string(),
  source: v.string(),
  tenant: v.literal('demo'),
  time: v.pipe(v.string(), v.isoTimestamp()),
  traceparent: v.pipe(v.string(), v.regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)),
  schemaVersion: v.literal('1'),
  data: v.pipe(v.string(), v.parseJson()),
});
type Entry = v.InferOutput<typeof Entry>;

/** Another service of the platform: it has a password of its own for Redis, and nothing else. */
suite('another service of the platform', { timeout: 300_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let service: Redis;
  const seen: (Entry & { readonly stream: string })[] = [];
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let caseId: string;

  before(async () => {
    const owner = parts.adopt(new Redis(services.redisUrl), (client) => client.disconnect());
    const streams = [...names, 'duffel.errors'];
    await owner.acl(
      'SETUSER',
      group,
      'reset',
      'on',
      '>its-own-password',
      ...streams.map((stream) => `~${stream}`),
      '+xreadgroup',
      '+xack',
      '+xgroup|create',
    );
    const own = Object.assign(new URL(services.redisUrl), {
      username: group,
      password: 'its-own-password',
    });
    service = parts.adopt(
      new Redis(own.href, {
        enableReadyCheck: false,
        disableClientInfo: true,
      }),
      (client) => client.disconnect(),
    );
    for (const stream of streams) await service.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    const traces = parts.use(await traceCollector());
    const folder = parts.adopt(await temporaryFolder(), removeFolder);
    sandbox = parts.adopt(
      await startSandbox({
        port: 0,
        ledgerFile: join(folder, 'sandbox.jsonl'),
        webhooks: {},
        whatsappTemplates: templates(),
        secrets: {
          ...sandboxSecrets,
          whatsappAccessToken: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
          whatsappAppSecret: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
          duffelToken: DEVELOPMENT_SECRETS.DUFFEL_TOKEN,
          stripeSecretKey: DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY,
          stripeWebhookSecret: DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET,
        },
      }),
      (started) => started.close(),
    );
    // Dies once between a stream and the mark, as a publisher may.
    const env = { FAILPOINT: 'outbox.added:1' };
    system = parts.use(
      await startOrchestrator(services, traces.url, { env, sandbox: sandbox.origin }),
    );
    takeWebhooks();
  });
  after(() => parts.disposeAsync());

  const takeWebhooks = () =>
    sandbox.pointWebhooksAt({
      whatsappUrl: `${system.edge}/webhooks/whatsapp`,
      paymentsUrl: `${system.edge}/webhooks/payments`,
    });

  /** Reads what is new, acknowledges it, and keeps it. */
  async function read(): Promise<void> {
    const streams = [...names, 'duffel.errors'];
    const reply = (await service.xreadgroup(
      'GROUP',
      group,
      'one',
      'COUNT',
      100,
      'STREAMS',
      ...streams,
      ...streams.map(() => '>'),
    )) as [string, [string, string[]][]][] | null;
    for (const [stream, entries] of reply ?? []) {
      for (const [entryId, fields] of entries) {
        const pairs = fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : []));
        const entry = v.parse(Entry, Object.fromEntries(pairs));
        seen.push({ ...entry, stream });
        await service.xack(stream, group, entryId);
      }
    }
  }
  const until = (stream: string, count: number) =>
    waitUntil(
      async () => {
        await read();
        const ids = new Set(seen.filter((entry) => entry.stream === stream).map(({ id }) => id));
        return ids.size >= count && seen.filter((entry) => entry.stream === stream);
      },
      { what: `${count} entries of ${stream}`, timeoutMs: within },
    );
  const write = (body: string) =>
    system.whatsapp(inbound([textFrom(patient.phone, body, { profileName: patient.name })]));
  const press = (id: string) =>
    control(system.sandbox, 'whatsapp/inbound', {
      from: patient.phone,
      profileName: patient.name,
      button: { id, title: id },
    });
  const shown = (id: string) =>
    waitUntil(
      async () =>
        (await system.messagesTo(patient.phone)).find((message) =>
          JSON.stringify(message).includes(id),
        ),
      { what: id, timeoutMs: within },
    );
  const tell = async (event: object) => {
    const roles = ['support', 'clinician', 'finance', 'admin'];
    const answer = await system.request(`${system.edge}/admin/cases/${caseId}/events`, {
      method: 'POST',
      headers: { ...(await staffHeader({ roles })), 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    assert.equal(answer.status, 202, answer.text);
  };

  test('hears of a message, masked, although the publisher dies after its first batch', async () => {
    await write(`Merhaba, ben ${patient.name}, diz protezi istiyorum, +49 170 1234567`);
    await system.program.exited;
    await until('whatsapp.inbound', 1);
    await system.startAgain({});
    takeWebhooks();
    const message = await shown('consent:service:yes');
    caseId = (message?.effectId ?? '').split('.')[0] ?? '';
    await press('consent:service:yes');
    const entries = await until('whatsapp.inbound', 2);
    const [first] = entries;
    assert.deepEqual(first?.data, {
      caseId,
      message: 'Merhaba, ben [NAME], diz protezi istiyorum, [PHONE]',
      lang: 'tr',
    });
    assert.equal(first?.source, 'edge');
  });

  test('hears that an effect failed for good, on its provider’s stream, and staff see it', async () => {
    await shown('consent:health-data:yes');
    await press('consent:health-data:yes');
    await shown('consent:transfer-abroad:no');
    await press('consent:transfer-abroad:no');
    await system.setFault({ provider: 'duffel', mode: 'refuse', code: 'airline_internal' });
    const [year, month, day] = new Date(Date.now() + 60 * 86_400_000)
      .toISOString()
      .slice(0, 10)
      .split('-');
    await write(`Berlin'den ${day}.${month}.${year} tarihinde iki kişi gelmek istiyoruz`);
    await shown('trip:yes');
    await press('trip:yes');
    await tell({ type: 'staff.cleared' });
    const [failed] = await until('duffel.errors', 1);
    const told = v.parse(EffectFailed, failed?.data);
    assert.deepEqual(
      [told.effect, told.caseId, told.tenant, told.code],
      ['searchFlights', caseId, 'demo', 'provider_refused'],
    );
    const headers = await staffHeader();
    const listed = await system.request(`${system.edge}/admin/dead-letters?provider=duffel`, {
      headers,
    });
    const { deadLetters } = listed.json() as { deadLetters: { id: string; state: string }[] };
    assert.deepEqual(
      deadLetters.map(({ state }) => state),
      ['case_told'],
    );
    await system.setFault({ provider: 'duffel', mode: 'none' });
    const retry = () =>
      system.request(`${system.edge}/admin/dead-letters/${deadLetters[0]?.id}/retry`, {
        method: 'POST',
        headers,
      });
    await waitUntil(async () => (await retry()).status === 202, {
      what: 'the retry to be taken',
      timeoutMs: within,
    });
    const again = await retry();
    assert.deepEqual([again.status, again.json()['detail']], [409, 'already_retried']);
  });

  test('hears of flights, of money and of invoices, each in the documents’ form', async () => {
    const [offers] = await until('travel.offer.generated', 1);
    const { flights, total } = (offers?.data ?? {}) as {
      flights: { price: unknown }[];
      total: unknown;
    };
    assert.deepEqual(total, flights[0]?.price);
    await tell({
      type: 'staff.billing',
      buyer: {
        kind: 'person',
        firstName: 'Wilhelmine',
        familyName: 'Zuckschwerdt',
        nationality: 'DE',
        residence: 'DE',
        passport: 'C01X00T47',
        lastEntry: new Date().toISOString().slice(0, 10),
        address: {
          street: 'Hauptstr. 1',
          district: 'Mitte',
          city: 'Berlin',
          postalCode: '10115',
          country: 'DE',
        },
      },
    });
    await shown('offer:1');
    await press('offer:1');
    const link = await shown('cs_');
    const session = /cs_\w+/.exec(JSON.stringify(link))?.[0] ?? '';
    await control(system.sandbox, `stripe/sessions/${session}/pay`, {});
    const [paid] = await until('payment.succeeded', 1);
    const money = v.parse(outwardSchemas['payment.succeeded'], paid?.data);
    assert.equal(money.amount.replace('.', ''), money.amountMinor);
    await until('efatura.status.update', 1);
  });

  test('has read nothing but the documents’ fields, each publication under one id, and nobody’s name', async () => {
    await read();
    for (const { stream, type, data } of seen) {
      assert.equal(type, stream);
      const schema = outwardSchemas[stream as OutwardType] ?? EffectFailed;
      assert.ok(v.safeParse(schema, data).success, stream);
    }
    const byId = Map.groupBy(seen, ({ id }) => id);
    const repeated = [...byId.values()].filter(({ length }) => length > 1);
    assert.ok(repeated.length > 0, 'the publisher died after a batch');
    for (const same of repeated)
      assert.equal(new Set(same.map(({ data }) => JSON.stringify(data))).size, 1);
    const told = JSON.stringify(seen);
    assert.deepEqual(canary({ ...patient, family: 'Zuckschwerdt' }).foundIn(told), []);
  });

  test('may do nothing else in Redis', async () => {
    await assert.rejects(service.xadd('payment.succeeded', '*', 'id', 'forged'), /NOPERM/);
    await assert.rejects(service.get('whatsapp:access_token'), /NOPERM/);
    await assert.rejects(service.call('KEYS', '*'), /NOPERM/);
  });
});
