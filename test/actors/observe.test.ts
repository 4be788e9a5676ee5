import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { trace } from '@opentelemetry/api';
import { Registry } from 'prom-client';

import { backlogGauges, kernelObserver } from '../../actors/observe.ts';
import type { Backlog } from '../../actors/ports/backlog.ts';
import { handOverReasons } from '../../actors/shapes/hand-over.ts';
import { createTelemetry, startTracing } from '../../telemetry.ts';

const stored = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function observed() {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  return { lines, registry: telemetry.registry, observer: kernelObserver(telemetry) };
}

suite('the kernel’s observer', () => {
  test('counts facts, from nought', async () => {
    const { registry, observer } = observed();
    observer.count?.('events_applied', 3);
    observer.count?.('events_applied', 2);
    observer.count?.('commits_refused', 1);
    const metrics = await registry.metrics();
    for (const line of [
      'kernel_events_applied_total 5',
      'kernel_commits_refused_total 1',
      'kernel_events_dead_total 0',
      'kernel_effects_unknown_total 0',
      'kernel_effects_not_permitted_total 0',
    ])
      assert.ok(metrics.includes(`${line}\n`), line);
  });

  test('counts the escalations among what machines emit', async () => {
    const { registry, observer } = observed();
    for (const type of ['attention.raised', 'attention.escalated', 'attention.escalated'])
      observer.emitted?.(type);
    assert.match(await registry.metrics(), /^staff_escalations_total 2$/m);
  });

  test('logs troubles by their place and the error’s code, never by its message', () => {
    const { lines, observer } = observed();
    const error = Object.assign(new Error('Key (phone)=(491700000001)'), { code: '23505' });
    observer.trouble?.('case worker batch', error);
    const { time: _, ...line } = JSON.parse(lines.join('')) as Record<string, unknown>;
    assert.deepEqual(line, {
      level: 'warn',
      event: 'kernel.trouble',
      reason: 'case_worker_batch',
      errorName: 'Error',
      errorCode: '23505',
    });
  });

  test('runs work when nothing traces, and passes its error on', async () => {
    const { observer } = observed();
    const broken = new Error('broken');
    assert.equal(await observer.trace?.('send', null, async () => 7), 7);
    assert.equal(await observer.trace?.('send', stored, async () => 8), 8);
    await assert.rejects(async () => {
      await observer.trace?.('send', stored, () => Promise.reject(broken));
    }, broken);
  });
});

suite('a traced effect', () => {
  const exported: string[] = [];
  const collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      exported.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  let stop: () => Promise<void>;
  before(async () => {
    await new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    // Global, but each test file is a process of its own.
    stop = await startTracing({ serviceName: 'test', otlpEndpoint: `http://127.0.0.1:${port}` });
  });
  after(() => void collector.close());

  test('is a span of the trace that caused it, whether it ends well or not', async () => {
    const { observer } = observed();
    const inside: (string | undefined)[] = [];
    const look = () => inside.push(trace.getActiveSpan()?.spanContext().traceId);
    await observer.trace?.('send', stored, async () => look());
    await assert.rejects(async () => {
      await observer.trace?.('charge', stored, async () => {
        look();
        throw new Error('Anna has pain');
      });
    });
    await observer.trace?.('search', 'malformed', async () => look());
    assert.equal(trace.getActiveSpan(), undefined);
    const [traceId] = inside;
    assert.equal(traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.equal(inside[1], traceId);
    assert.match(inside[2] ?? '', /^[0-9a-f]{32}$/);
    assert.notEqual(inside[2], traceId);

    await stop();
    const bodies = exported.join('\n');
    for (const name of ['process send', 'process charge', 'process search'])
      assert.ok(bodies.includes(`"name":"${name}"`), name);
    assert.equal(bodies.split('"parentSpanId":"b7ad6b7169203331"').length - 1, 2);
    assert.doesNotMatch(bodies, /Anna/);
  });
});

const backlog: Backlog = {
  eventsPending: 4,
  oldestEventSeconds: 1.5,
  effects: { pending: 2, retry: 1 },
  timersOverdue: 3,
  deadLetters: 5,
  parkedDeliveries: 6,
  cases: { active: 10, done: 1 },
  casesWaiting: { 'with-staff': 2, 'urgent-untaken': 1, 'staff:urgent': 1 },
  oldestWaiting: { 'urgent-untaken': 61.5 },
  outboxWaiting: 7,
  oldestPublicationSeconds: 0.5,
  deadLettersByProvider: { duffel: 2, none: 1 },
};

suite('the gauges of the backlog', () => {
  const values = async (registry: Registry) =>
    new Map(
      (await registry.metrics())
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(' ') as [string, string]),
    );

  test('show what one look found', async () => {
    const registry = new Registry();
    let looks = 0;
    backlogGauges(registry, async () => {
      looks += 1;
      return backlog;
    });
    assert.equal(looks, 0, 'nobody asked yet');
    assert.deepEqual(Object.fromEntries(await values(registry)), {
      ledger_events_pending: '4',
      ledger_oldest_event_seconds: '1.5',
      timers_overdue: '3',
      dead_letters_open: '5',
      parked_deliveries_open: '6',
      'effects_open{status="pending"}': '2',
      'effects_open{status="retry"}': '1',
      'effects_open{status="started"}': '0',
      'effects_open{status="unknown"}': '0',
      'cases{status="active"}': '10',
      'cases{status="done"}': '1',
      'cases{status="parked"}': '0',
      'cases_waiting{tag="awaits-staff"}': '0',
      'cases_waiting{tag="rights-request"}': '0',
      'cases_waiting{tag="urgent"}': '0',
      ...Object.fromEntries(
        handOverReasons.map((reason) => [
          `cases_waiting_for_staff{reason="${reason}"}`,
          reason === 'urgent' ? '1' : '0',
        ]),
      ),
      cases_urgent_untaken: '1',
      cases_urgent_untaken_oldest_seconds: '61.5',
      'cases_waiting{tag="clinical-review"}': '0',
      'cases_waiting{tag="invoice-held"}': '0',
      'cases_waiting{tag="refund-needed"}': '0',
      'cases_waiting{tag="waiting-for-patient"}': '0',
      'cases_waiting{tag="waiting-for-provider"}': '0',
      'cases_waiting{tag="with-staff"}': '2',
      outbox_waiting: '7',
      outbox_oldest_seconds: '0.5',
      'dead_letters_recent{provider="duffel"}': '2',
      'dead_letters_recent{provider="none"}': '1',
    });
    await values(registry);
    assert.equal(looks, 1, 'the next scrape soon after looks at the same');
  });

  test('look again when what they know is old, and forget what is no more', async () => {
    const registry = new Registry();
    let now: Backlog = backlog;
    backlogGauges(registry, async () => now, -1);
    assert.ok((await values(registry)).has('dead_letters_recent{provider="duffel"}'));
    now = { ...backlog, effects: { pending: 9 }, deadLettersByProvider: {} };
    const later = await values(registry);
    assert.equal(later.get('effects_open{status="pending"}'), '9');
    assert.ok(!later.has('dead_letters_recent{provider="duffel"}'));
    assert.equal(later.get('effects_open{status="retry"}'), '0');
  });

  test('show no number when the look fails, and spoil no other metric', async () => {
    const registry = new Registry();
    let fails = false;
    backlogGauges(
      registry,
      () => (fails ? Promise.reject(new Error('no database')) : Promise.resolve(backlog)),
      -1,
    );
    kernelObserver({ registry, log: () => undefined }).count?.('timers_fired', 2);
    await values(registry);
    fails = true;
    const found = await values(registry);
    assert.equal(found.get('ledger_events_pending'), 'Nan');
    assert.equal(found.get('dead_letters_open'), 'Nan');
    assert.ok(![...found.keys()].some((name) => /^(cases|effects_open)\{/.test(name)));
    assert.equal(found.get('kernel_timers_fired_total'), '2');
    fails = false;
    assert.equal((await values(registry)).get('ledger_events_pending'), '4', 'and get over it');
  });
});
