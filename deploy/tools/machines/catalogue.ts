/** The one list of machines, so that no tool and no test has a list of its own. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { StateMachine, type AnyStateMachine } from 'xstate';

export interface Catalogued {
  /** Of its file, and of its pictures: `booking`. */
  readonly name: string;
  /** From the project's root: `machines/booking.ts`. */
  readonly file: string;
  readonly source: string;
  /** As the file has it, without its children. */
  readonly machine: AnyStateMachine;
}

export const projectRoot = join(import.meta.dirname, '..', '..', '..');

/**
 * Every file of `machines/` that exports a machine, by name; of the tree at `root`.
 *
 * @throws {Error} a file exports two machines: an editor would show one of them only
 */
export async function everyMachine(root = projectRoot): Promise<readonly Catalogued[]> {
  const files = (await readdir(join(root, 'machines')))
    .filter((name) => name.endsWith('.ts'))
    .toSorted();
  const read = await Promise.all(
    files.map(async (name): Promise<Catalogued[]> => {
      const file = `machines/${name}`;
      const path = join(root, file);
      const exported = (await import(path)) as Readonly<Record<string, unknown>>;
      const machines = Object.values(exported).filter(
        (value): value is AnyStateMachine => value instanceof StateMachine,
      );
      const [machine, second] = machines;
      if (second !== undefined) throw new Error(`${file} exports two machines; keep one in a file`);
      if (machine === undefined) return []; // Types, or rules of a machine beside it.
      const source = await readFile(path, 'utf8');
      return [{ name: name.slice(0, -'.ts'.length), file, source, machine }];
    }),
  );
  return read.flat();
}
