import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { noteProgram, removeFolder, temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { need, testSoftware } from './software.ts';
import { waitUntil } from './wait.ts';

const Answer = v.object({ status: v.literal('success'), data: v.unknown() });
const Result = v.object({ result: v.array(v.unknown()) });
const Names = v.array(v.string());
const Series = v.array(v.record(v.string(), v.string()));
const Targets = v.object({ activeTargets: v.array(v.object({ health: v.string() })) });

/** A Prometheus server that scrapes one process every second. */
export interface Prometheus extends AsyncDisposable {
  /** The series that a query answers with, now. @throws {Error} the query is none */
  query(expression: string): Promise<readonly unknown[]>;
  /** Every metric's name that was scraped. */
  metricNames(): Promise<ReadonlySet<string>>;
  /** The names of a metric's labels. */
  labelsOf(metric: string): Promise<ReadonlySet<string>>;
}

/** Debian's `prometheus`, once it has scraped `target` (`host:port`). */
export async function startPrometheus(target: string): Promise<Prometheus> {
  await need(testSoftware.prometheus);
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await temporaryFolder(), removeFolder);
  const port = await freePort();
  const config = join(folder, 'prometheus.yml');
  await mkdir(join(folder, 'data'));
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ job_name: 'test', static_configs: [{ targets: [target] }] }],
    }),
  );
  const server = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  noteProgram(folder, server.pid);
  const exited = once(server, 'exit');
  stack.defer(async () => {
    server.kill('SIGKILL');
    await exited;
  });

  async function ask<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<v.InferOutput<Schema>> {
    const url = new URL(`http://127.0.0.1:${port}/api/v1/${path}`);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const { data } = v.parse(Answer, await response.json());
    return v.parse(schema, data);
  }

  await waitUntil(
    async () => {
      const { activeTargets } = await ask(Targets, 'targets');
      return activeTargets.length === 1 && activeTargets.every(({ health }) => health === 'up');
    },
    { timeoutMs: 60_000, what: 'Prometheus to scrape the system' },
  );
  const parts = stack.move();
  return {
    query: async (expression) => (await ask(Result, 'query', { query: expression })).result,
    metricNames: async () => new Set(await ask(Names, 'label/__name__/values')),
    labelsOf: async (metric) =>
      new Set((await ask(Series, 'series', { 'match[]': metric })).flatMap(Object.keys)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
