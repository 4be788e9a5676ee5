import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';

import { parse } from 'yaml';

import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { need, testSoftware } from '../support/software.ts';

const rules = join(import.meta.dirname, '..', '..', 'deploy', 'compose', 'alerts.yml');
const run = promisify(execFile);

/** What `promtool` is to expect: at a minute of the played series the alerts that fire, by name. */
interface Case {
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly fires: readonly string[];
}

const quiet = { cases_urgent_untaken: '0x20', cases_urgent_untaken_oldest_seconds: '0x20' };
/** As a gauge says it whose look failed. */
const nothing = 'NaN NaN NaN NaN';
const cases: readonly Case[] = [
  { name: 'nothing while nobody waits', series: quiet, at: '10m', fires: [] },
  {
    name: 'a warning after a minute',
    series: { ...quiet, cases_urgent_untaken: '0 1x20' },
    at: '2m',
    fires: ['EmergencyWaits'],
  },
  {
    name: 'a page at the first escalation',
    series: { cases_urgent_untaken: '1x20', cases_urgent_untaken_oldest_seconds: '0+60x20' },
    at: '6m',
    fires: ['EmergencyNotTaken', 'EmergencyWaits'],
  },
  {
    name: 'a warning when many are late',
    series: { ...quiet, staff_escalations_total: '0+5x60' },
    at: '20m',
    fires: ['StaffLate'],
  },
  {
    name: 'a page when cases hear nothing',
    series: { ...quiet, 'cases{status="parked"}': '1x20', 'cases{status="active"}': '9x20' },
    at: '2m',
    fires: ['CasesParked'],
  },
  { name: 'a page when nobody answers', series: {}, at: '3m', fires: ['EmergenciesUnknown'] },
  {
    name: 'a page when the ledger does not answer',
    series: { cases_urgent_untaken: nothing, cases_urgent_untaken_oldest_seconds: nothing },
    at: '3m',
    fires: ['EmergenciesUnknown'],
  },
];

const Rules = parse(readFileSync(rules, 'utf8')) as {
  groups: { rules: { alert: string; labels: object }[] }[];
};
const alerts = Rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));

suite('the alerts', { timeout: 120_000 }, () => {
  test('fire when a patient waits, and else not', async (t) => {
    await need(testSoftware.prometheus);
    const folder = await temporaryFolder();
    t.after(() => removeFolder(folder));
    const file = join(folder, 'tests.yml');
    const tests = cases.map(({ series, at, fires, name }) => ({
      name,
      interval: '1m',
      input_series: Object.entries(series).map(([metric, values]) => ({
        series: metric.includes('{') ? metric : `${metric}{instance="one"}`,
        values,
      })),
      // By their count alone: what each says is free.
      promql_expr_test: alerts.map((alert) => ({
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
        eval_time: at,
        exp_samples: [{ labels: '{}', value: fires.includes(alert) ? 1 : 0 }],
      })),
    }));
    await writeFile(
      file,
      JSON.stringify({ rule_files: [rules], evaluation_interval: '15s', tests }),
    );
    await run('promtool', ['check', 'rules', rules]);
    await run('promtool', ['test', 'rules', file]).catch((error: unknown) => {
      assert.fail(Object.values(error as { stdout?: string; stderr?: string }).join(' '));
    });
  });
});
