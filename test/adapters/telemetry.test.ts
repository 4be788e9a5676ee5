import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';

import { ROOT_CONTEXT, trace } from '@opentelemetry/api';

import {
  errorTypes,
  Deferred,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
  type ErrorType,
} from '../../actors/errors.ts';
import { ClinicalAnswerUnusable } from '../../actors/ports/clinical.ts';
import {
  type LogFields,
  createTelemetry,
  extractTraceparent,
  injectTraceparent,
  withTraceparent,
} from '../../telemetry.ts';

function captured() {
  const lines: string[] = [];
  const telemetry = createTelemetry({
    level: 'info',
    destination: { write: (line: string) => void lines.push(line) },
  });
  return {
    lines,
    telemetry,
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
  };
}

suite('a log line', () => {
  test('has the event and the fields that are allowed', () => {
    const { telemetry, last } = captured();
    telemetry.log('info', 'effect_done', {
      provider: 'duffel',
      effectId: 'e1',
      attempt: 2,
      durationMs: 3.5,
    });
    const { time, ...line } = last();
    assert.ok(!Number.isNaN(Date.parse(String(time))));
    assert.deepEqual(line, {
      level: 'info',
      event: 'effect_done',
      provider: 'duffel',
      effectId: 'e1',
      attempt: 2,
      durationMs: 3.5,
    });
  });

  test('loses every other field, whatever the types were told', () => {
    const { telemetry, lines } = captured();
    const smuggled = {
      phone: '491700000001',
      constructor: 'x',
      __proto__: { name: 'Anna' },
      tenant: 'a',
    };
    telemetry.log('info', 'event', smuggled);
    assert.doesNotMatch(lines.join(''), /4917|Anna|constructor|phone/);
  });

  test('loses values that are a sentence, a forged line or another type', () => {
    const { telemetry, last } = captured();
    const fields = {
      tenant: 'Anna has pain',
      reason: 'a\n{"level":"error"}',
      attempt: Number.NaN,
      code: 5,
    };
    telemetry.log('info', 'event', fields as unknown as LogFields);
    const { time: _, ...line } = last();
    assert.deepEqual(line, {
      level: 'info',
      event: 'event',
      tenant: '[dropped]',
      reason: '[dropped]',
    });
  });

  test('keeps of an error its name and code, not its message or detail', () => {
    const { telemetry, lines, last } = captured();
    const error = Object.assign(new Error('Key (phone)=(491700000001) already exists'), {
      code: '23505',
      detail: 'Key (phone)=(491700000001)',
    });
    telemetry.log('error', 'commit_failed', {}, error);
    assert.doesNotMatch(lines.join(''), /4917/);
    assert.deepEqual([last()['errorName'], last()['errorCode']], ['Error', '23505']);
  });
});

suite('a code of a provider', () => {
  test('is logged without the number it was about', () => {
    const { telemetry, last } = captured();
    const error = Object.assign(new Error('x'), { code: 'unknown_recipient:905321112233' });
    telemetry.log(
      'warn',
      'effect_failed',
      { reason: 'recipient:+905321112233', code: '131026' },
      error,
    );
    assert.deepEqual(
      [last()['reason'], last()['code'], last()['errorCode']],
      ['recipient:[PHONE]', '131026', 'unknown_recipient:[PHONE]'],
    );
  });

  test('leaves our own ids as they are', () => {
    const { telemetry, last } = captured();
    telemetry.log('info', 'effect_done', { caseId: '905321112233-b1', reason: 'status_429' });
    assert.deepEqual([last()['caseId'], last()['reason']], ['905321112233-b1', 'status_429']);
  });
});

suite('an integration call', () => {
  test('is counted and timed by provider and outcome', async () => {
    const { telemetry } = captured();
    assert.equal(await telemetry.integrationCall('duffel', async () => 7), 7);
    const failures: readonly (readonly [type: ErrorType, error: Error])[] = [
      ['timeout', new ProviderUnreachable('duffel', 'timeout')],
      ['timeout', new ProviderBusy('duffel', 'not_sent')],
      ['timeout', new DOMException('The try took too long', 'TimeoutError')],
      ['connection', new ProviderBusy('duffel', 'not_connected')],
      ['connection', new ProviderUnreachable('duffel', 'connection_broken')],
      ['http_5xx', new ProviderUnreachable('duffel', 'status_502')],
      ['http_5xx', new ProviderBusy('duffel', 'status_503', 1_000)],
      ['http_5xx', new ProviderUnreachable('duffel', '131000', { errorType: 'http_5xx' })],
      ['rate_limited', new ProviderBusy('duffel', 'status_429')],
      ['rate_limited', new Deferred('duffel', '130429', 1_000)],
      ['refused', new ProviderRefused('duffel', 'no_seats')],
      ['refused', new ProviderCredentialsRefused('duffel', 'status_401')],
      ['refused', new Deferred('duffel', 'token_dead', 1_000, { errorType: 'refused' })],
      ['invalid_answer', new ProviderUnreachable('duffel', 'not_json')],
      ['invalid_answer', new ProviderUnreachable('duffel', 'unexpected_body')],
      ['invalid_answer', new ProviderUnreachable('duffel', 'status_302')],
      ['invalid_answer', new ClinicalAnswerUnusable('wrong_resource')],
      ['invalid_answer', new TypeError('bug')],
    ];
    for (const [, error] of failures) {
      await assert.rejects(
        telemetry.integrationCall('duffel', () => Promise.reject(error)),
        error,
      );
    }
    const metrics = await telemetry.registry.metrics();
    const byType = Map.groupBy(failures, ([type]) => type);
    assert.deepEqual([...byType.keys()].toSorted(), errorTypes.toSorted());
    for (const line of [
      'integration_requests_total{provider="duffel",status="success"} 1',
      `integration_requests_total{provider="duffel",status="error"} ${failures.length}`,
      ...[...byType].map(
        ([type, own]) =>
          `integration_errors_total{provider="duffel",error_type="${type}"} ${own.length}`,
      ),
      `integration_request_duration_seconds_count{provider="duffel"} ${failures.length + 1}`,
    ]) {
      assert.ok(metrics.includes(line), line);
    }
  });

  test('of what the platform’s documents do not name is counted apart from theirs', async () => {
    const { telemetry } = captured();
    await telemetry.integrationCall('chat', async () => 7);
    const metrics = await telemetry.registry.metrics();
    assert.ok(metrics.includes('dependency_requests_total{dependency="chat",status="success"} 1'));
    assert.ok(!metrics.includes('provider="chat"'));
  });
});

suite('a traceparent', () => {
  const stored = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  test('comes out of a context as it went in', () => {
    const span = trace.getSpanContext(extractTraceparent(stored));
    assert.equal(span?.traceId, '0af7651916cd43dd8448eb211c80319c');
    assert.equal(span.spanId, 'b7ad6b7169203331');
  });

  test('is passed on while nothing traces, and made if there is none', () => {
    assert.equal(injectTraceparent(stored), stored);
    assert.match(injectTraceparent(), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.notEqual(injectTraceparent('00-zz'), '00-zz');
    assert.equal(
      withTraceparent(stored, () => 5),
      5,
    );
  });

  for (const malformed of [
    null,
    '',
    'nonsense',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    `${stored}-more`,
  ]) {
    test(`that is ${JSON.stringify(malformed)} starts at the root`, () => {
      assert.equal(extractTraceparent(malformed), ROOT_CONTEXT);
    });
  }
});

suite('tracing', () => {
  // In processes of their own, since OpenTelemetry's API is global.
  function run(program: string) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: new URL('../..', import.meta.url), encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    return stdout;
  }

  test('loads nothing without an endpoint', () => {
    const loaded = run(`
      import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name.includes('sdk-node') || name.includes('exporter')) process.stdout.write(name);
        return next(name, context);
      } });
      const { startTracing } = await import('./telemetry.ts');
      await (await startTracing({ serviceName: 'test' }))();
    `);
    assert.equal(loaded, '');
  });

  test('exports a tagged span for a provider call, with its trace, and of messages only our own, masked', () => {
    const exported = run(`
      import { createServer } from 'node:http';
      import { ProviderRefused } from './actors/errors.ts';
      import { createTelemetry, startTracing, withTraceparent, injectTraceparent } from './telemetry.ts';
      const bodies = [];
      const collector = createServer(async (request, response) => {
        bodies.push(request.url + Buffer.concat(await request.toArray()).toString());
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
      await new Promise((resolve) => collector.listen(0, '127.0.0.1', resolve));
      const stop = await startTracing({
        serviceName: 'test',
        otlpEndpoint: 'http://127.0.0.1:' + collector.address().port + '/',
      });
      const { integrationCall } = createTelemetry({ level: 'silent' });
      await withTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', async () => {
        await integrationCall('duffel', async () => {
          bodies.push('inside ' + injectTraceparent());
          throw new Error('PHI');
        }).catch(() => {});
        await integrationCall('duffel', async () => {
          throw new ProviderRefused('duffel', 'no seat for Mrs Jane Carter, +90 532 111 22 33');
        }).catch(() => {});
      });
      await stop();
      collector.close();
      process.stdout.write(bodies.join('\\n'));
    `);
    assert.match(exported, /inside 00-0af7651916cd43dd8448eb211c80319c-/);
    assert.match(exported, /^\/v1\/traces/m);
    assert.match(exported, /"key":"otel\.span","value":\{"stringValue":"integration_call"\}/);
    assert.match(exported, /0af7651916cd43dd8448eb211c80319c/);
    assert.doesNotMatch(exported, /PHI|Carter|532/);
    assert.match(exported, /duffel refused: no seat for Mrs \[NAME\], \[PHONE\]/);
  });
});
