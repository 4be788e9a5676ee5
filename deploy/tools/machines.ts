/**
 * The machines' tools.
 *
 * `npm run machines` writes `machines/diagrams/<name>.json`, `.mmd` (Mermaid), `.layout` (where everything is) and `.svg`,
 * always the same bytes for the same machine. With `--check` it writes nothing and exits 1 with what is wrong: rules that
 * are broken, what Stately's parser reads otherwise, pictures that are not of the machine as it is.
 */
import { checkedMachines } from './machines/checking.ts';
import { drawMachines } from './machines/pictures.ts';

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`);
};

if (process.argv.includes('--check')) {
  const wrong = await checkedMachines();
  say(wrong);
  if (wrong.length > 0) process.exitCode = 1;
} else {
  say(await drawMachines());
}
