/**
 * The machines' tools.
 *
 * `npm run machines` writes `machines/diagrams/<name>.json`, `.mmd` (Mermaid), `.layout` (where everything is) and `.svg`,
 * always the same bytes for the same machine; `npm run machines -- --check` writes nothing and exits 1 with what is wrong.
 */
import { everyMachine } from './machines/catalogue.ts';
import { drawMachines, outdatedPictures } from './machines/pictures.ts';
import { comparedWithStately } from './machines/stately.ts';

async function check(): Promise<string[]> {
  const stately = comparedWithStately(await everyMachine());
  return [
    ...[...stately.values()].flatMap(({ differences }) => differences),
    ...(await outdatedPictures()),
  ];
}

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};

if (process.argv.includes('--check')) {
  const wrong = await check();
  say(wrong);
  if (wrong.length > 0) process.exitCode = 1;
} else {
  say(await drawMachines());
}
