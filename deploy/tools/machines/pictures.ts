/** Everything that is drawn of a machine, and whether what is committed is that. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AnyStateMachine } from 'xstate';

import { everyMachine, projectRoot } from './catalogue.ts';
import { readMachine } from './definition.ts';
import { geometryText, hashOf, parseGeometry } from './geometry.ts';
import { mermaidOf } from './mermaid.ts';
import { svgOf } from './svg.ts';

const folder = 'machines/diagrams';

/** Functions become their names: `"@consentAsked"`. */
const named = (_: string, value: unknown): unknown =>
  typeof value === 'function' ? `@${value.name}` : value;

function jsonOf(machine: AnyStateMachine): string {
  const { delays } = machine.implementations;
  return `${JSON.stringify({ config: machine.config, delays }, named, 2)}\n`;
}

/** Contents by path. What does not depend on a layout is always there, the rest if the layout still holds. */
async function picturesOf(
  name: string,
  machine: AnyStateMachine,
  mayLayOut: boolean,
): Promise<Map<string, string>> {
  const root = readMachine(machine);
  const path = join(folder, name);
  const files = new Map([
    [`${path}.json`, jsonOf(machine)],
    [`${path}.mmd`, mermaidOf(root)],
  ]);
  const stored = parseGeometry(await contentOf(`${path}.layout`));
  const isCurrent = stored !== null && stored.hash === hashOf(root);
  if (!isCurrent && !mayLayOut) return files;
  // Loaded only now: it takes longer than everything else here.
  const geometry = isCurrent ? stored : await (await import('./layout.ts')).laidOut(root);
  return files
    .set(`${path}.layout`, geometryText(geometry))
    .set(`${path}.svg`, svgOf(root, geometry));
}

const contentOf = async (path: string): Promise<string> =>
  readFile(join(projectRoot, path), 'utf8').catch(() => '');

const kinds = ['json', 'mmd', 'layout', 'svg'];

/** What is wrong with the committed pictures, in words; nothing is laid out, and nothing written. */
export async function outdatedPictures(): Promise<string[]> {
  const machines = await everyMachine();
  const found = await Promise.all(
    machines.map(async ({ name, machine }) => {
      const files = await picturesOf(name, machine, false);
      const outdated = await Promise.all(
        kinds.map(async (kind) => {
          const path = `${join(folder, name)}.${kind}`;
          const text = files.get(path);
          return text !== undefined && text === (await contentOf(path)) ? [] : [path];
        }),
      );
      return outdated.flat();
    }),
  );
  return [...found.flat(), ...(await leftOver(machines.map(({ name }) => name)))].map(
    (path) => `${path}: is not of the machine as it is; run "npm run machines"`,
  );
}

/** Pictures of machines that are no more. */
async function leftOver(names: readonly string[]): Promise<string[]> {
  const expected = new Set(names.flatMap((name) => kinds.map((kind) => `${name}.${kind}`)));
  const there = await readdir(join(projectRoot, folder));
  return there.filter((file) => !expected.has(file)).map((file) => join(folder, file));
}

/** Writes what changed, and gives its paths. */
export async function drawMachines(): Promise<string[]> {
  const machines = await everyMachine();
  const written: string[] = [];
  for (const { name, machine } of machines) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: ELK has one thread
    for (const [path, text] of await picturesOf(name, machine, true)) {
      // oxlint-disable-next-line no-await-in-loop
      if (text === (await contentOf(path))) continue;
      const file = join(projectRoot, path);
      // oxlint-disable-next-line no-await-in-loop
      await mkdir(dirname(file), { recursive: true });
      // oxlint-disable-next-line no-await-in-loop
      await writeFile(file, text);
      written.push(path);
    }
  }
  const over = await leftOver(machines.map(({ name }) => name));
  await Promise.all(over.map(async (path) => rm(join(projectRoot, path))));
  return [...written, ...over];
}
