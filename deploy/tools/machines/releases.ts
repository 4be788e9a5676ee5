/** Whether a machine that changed has what its running cases need: a version, a migration, golden snapshots. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AnyStateMachine } from 'xstate';

import type { HostedMachine } from '../../../actors/kernel/registry.ts';
import { projectRoot } from './catalogue.ts';
import { fingerprintOf, machinesWithin, toCover } from './coverage.ts';

/** The first line of a golden file, from version 5 of the case on. */
export interface Release {
  readonly machine: string;
  readonly version: string;
  readonly fingerprint: string;
  /** The versions of all machines of the case then, by id. */
  readonly tree: Readonly<Record<string, string>>;
}

export const versionsOf = (machine: AnyStateMachine): Record<string, string> =>
  Object.fromEntries(
    [...machinesWithin(machine)].map(([id, within]) => [id, within.machine.version ?? '1']),
  );

const folder = join(projectRoot, 'test/machines/golden');

/** The first line of a golden file. Null for one that was written by hand, as those of versions 3 and 4 of the case. */
function releaseOf(name: string): Release | null {
  const [head = ''] = readFileSync(join(folder, name), 'utf8').split('\n', 1);
  const release = JSON.parse(head) as Partial<Release>;
  return release.fingerprint === undefined ? null : (release as Release);
}

/** Golden files that were found by walking, with their first lines. */
export const goldenReleases = (): ReadonlyMap<string, Release> =>
  new Map(
    readdirSync(folder).flatMap((name) => {
      const release = releaseOf(name);
      return release === null ? [] : [[name, release] as const];
    }),
  );

/** What is missing, each in a line. Nothing is asked for before the first release whose snapshots were found by walking. */
export function unreadyReleases(hosted: HostedMachine): string[] {
  const found: string[] = [];
  const files = readdirSync(folder);
  const releases = goldenReleases();
  if (releases.size === 0) return [];
  for (const [id, { machine, paths }] of machinesWithin(hosted.machine)) {
    const file = `machines/${id}.ts`;
    const version = machine.version ?? '1';
    const golden = `${id}-${version}.jsonl`;
    for (const name of files) {
      const [, old] = new RegExp(`^${id}-(\\w+)\\.jsonl$`).exec(name) ?? [];
      if (old === undefined || old === version) continue;
      for (const path of paths) {
        const migrations = path === '' ? hosted.migrations : hosted.children?.[path];
        if (!Object.hasOwn(migrations ?? {}, old))
          found.push(
            `${file}: cases of version ${old} can't be opened: write a migration in actors/migrations and host the machine with it`,
          );
      }
    }
    if (!files.includes(golden)) {
      found.push(`${file}: version ${version} has no golden snapshots: run "npm run golden"`);
      continue;
    }
    const [, ...lines] = readFileSync(join(folder, golden), 'utf8').trimEnd().split('\n');
    if (releases.get(golden)?.fingerprint !== fingerprintOf(machine)) {
      found.push(
        `${file}: changed since version ${version} was released, which parks its running cases: raise "version"`,
      );
      continue;
    }
    const seen = new Set(lines.flatMap((line) => (JSON.parse(line) as { seen: string[] }).seen));
    for (const what of toCover(machine, id === hosted.machine.id))
      if (!seen.has(what))
        found.push(
          `${file}: no golden snapshot shows ${what}: add what leads there to test/machines/samples.ts, and run "npm run golden"`,
        );
  }
  return found;
}
