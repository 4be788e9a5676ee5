/**
 * Golden files: for each version of each machine, cases that show every state it can rest in and every timer it can arm.
 * `npm run golden` writes those of present versions that are not there yet. One that is there is never written again:
 * cases like these are in databases, and every later version has to open them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fingerprintOf, machinesWithin, toCover } from '../../deploy/tools/machines/coverage.ts';
import { goldenReleases, versionsOf, type Release } from '../../deploy/tools/machines/releases.ts';
import { explore, fewest, rootMachine, type Walked, type WalkedStep } from './explore.ts';

const folder = join(import.meta.dirname, 'golden');

/** A line of a golden file. Its steps are those of the earlier line `from`, if it has one, and its own. */
interface Line {
  readonly from: number | null;
  readonly steps: readonly WalkedStep[];
  readonly seen: readonly string[];
  readonly envelope: string;
}

export interface GoldenFile {
  readonly name: string;
  readonly release: Release;
  readonly walks: readonly Walked[];
}

/** Those that were found by walking. Versions 3 and 4 of the case were written by hand: `golden.ts`. */
export function goldenWalks(): GoldenFile[] {
  return [...goldenReleases()].map(([name, release]) => {
    const text = readFileSync(join(folder, name), 'utf8').trimEnd();
    const [, ...lines] = text.split('\n').map((line) => JSON.parse(line) as unknown);
    const walks: Walked[] = [];
    for (const { from, steps, seen, envelope } of lines as Line[]) {
      const before = from === null ? [] : (walks[from]?.steps ?? []);
      walks.push({ steps: [...before, ...steps], seen, envelope });
    }
    return { name, release, walks };
  });
}

const isPrefix = (short: Walked, long: Walked): boolean =>
  short.steps.length < long.steps.length &&
  short.steps.every((step, index) => JSON.stringify(step) === JSON.stringify(long.steps[index]));

function fileText(release: Release, walks: readonly Walked[]): string {
  const lines = walks.map((walk, index): Line => {
    const earlier = walks.slice(0, index);
    const longest = earlier
      .filter((other) => isPrefix(other, walk))
      .toSorted((a, b) => b.steps.length - a.steps.length)[0];
    return {
      from: longest === undefined ? null : earlier.indexOf(longest),
      steps: walk.steps.slice(longest?.steps.length ?? 0),
      seen: walk.seen,
      envelope: walk.envelope,
    };
  });
  return [release, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
}

if (import.meta.main) {
  const within = [...machinesWithin(rootMachine)];
  const due = within.filter(
    ([id, { machine }]) => !existsSync(join(folder, `${id}-${machine.version ?? '1'}.jsonl`)),
  );
  if (due.length === 0) {
    process.stdout.write('Every version has its golden snapshots: raise the version first\n');
  } else {
    const { found, missing } = explore();
    for (const [id, { machine }] of due) {
      const version = machine.version ?? '1';
      const fingerprint = fingerprintOf(machine);
      const release = { machine: id, version, fingerprint, tree: versionsOf(rootMachine) };
      const walks = fewest(found, toCover(machine, id === rootMachine.id));
      writeFileSync(join(folder, `${id}-${version}.jsonl`), fileText(release, walks));
      process.stdout.write(`wrote ${id}-${version}.jsonl: ${walks.length} cases\n`);
    }
    for (const what of missing) process.stdout.write(`never met: ${what}\n`);
  }
}
