import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { edited, plantedBugs } from './planted-bugs.ts';

/**
 * Loaded before a program of ours (`node --import`), for tests of faults: production code knows nothing of them. With
 * `FAILPOINT` the ports around which a process may be killed are wrapped (failpoints.ts says where); with `PLANTED_BUG`
 * the code has that bug (planted-bugs.ts says which). Both are read here alone.
 */
const root = pathToFileURL(`${join(import.meta.dirname, '..', '..')}/`).href;
/** The modules whose ports are wrapped, and who wraps them. */
const wrapped = new Map(
  process.env['FAILPOINT'] === undefined
    ? []
    : [
        ['persistence/ledger/ledger.ts', 'test/faults/wrapped/ledger.ts'],
        ['streams/transport.ts', 'test/faults/wrapped/transport.ts'],
        ['streams/outward.ts', 'test/faults/wrapped/outward.ts'],
        ['actors/intake.ts', 'test/faults/wrapped/intake.ts'],
      ].map(([port, wrapper]) => [`${root}${port}`, `${root}${wrapper}`]),
);
for (const url of wrapped.keys())
  if (!existsSync(new URL(url))) throw new Error(`There is no ${url} to wrap`);
const name = process.env['PLANTED_BUG'];
const bug = name === undefined ? undefined : plantedBugs[name];
if (name !== undefined && bug === undefined) throw new Error(`No planted bug is called ${name}`);

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    const wrapper = wrapped.get(found.url);
    // The wrapper itself imports what it wraps.
    return wrapper === undefined || wrapper === context.parentURL
      ? found
      : { ...found, url: wrapper };
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (bug === undefined || !url.startsWith(root)) return loaded;
    const path = url.slice(root.length);
    return path in bug.edits
      ? {
          ...loaded,
          source: edited(bug, path, Buffer.from(loaded.source as Uint8Array).toString()),
        }
      : loaded;
  },
});
