/**
 * The machines' tools.
 *
 * `npm run machines` writes `machines/diagrams/<name>.json`, `.mmd` (Mermaid), `.layout` (where everything is) and `.svg`,
 * always the same bytes for the same machine. With `--check` it writes nothing and exits 1 with what is wrong: rules that
 * are broken, what Stately's parser reads otherwise, pictures that are not of the machine as it is. With `--explain` it says
 * what changed since the last commit, and what that asks for.
 */
import { checkedMachines } from './machines/checking.ts';
import { explained, NoHistory } from './machines/explain.ts';
import { drawMachines } from './machines/pictures.ts';

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};

if (process.argv.includes('--check')) {
  const wrong = await checkedMachines();
  say(wrong);
  if (wrong.length > 0) process.exitCode = 1;
} else if (process.argv.includes('--explain')) {
  try {
    say(await explained());
  } catch (error) {
    if (!(error instanceof NoHistory)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  say(await drawMachines());
}
