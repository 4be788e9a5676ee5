import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { verifyAudit } from '../persistence/audit-reader.ts';
import { createPool } from '../persistence/pool.ts';
import { startPostgres } from './local/postgres.ts';
import { isRunning } from './local/processes.ts';

/** What local/daemon.ts notes about who runs the server, and where. */
const Note = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    owner: v.object({ pid: v.number(), startedAt: v.string() }),
    server: v.object({ port: v.number() }),
  }),
);

/**
 * `npm run audit:verify`: verifies every audit chain in the database of `DATABASE_URL`, or else in the local one under
 * `DATA_DIR`, whether that runs now or not. Prints a line for each broken chain and a summary. Exits with 1 if a
 * chain is broken, and with 2 if it could not look.
 */
async function main(): Promise<number> {
  const database = await openDatabase();
  const pool = createPool({ url: database.url, max: 1 });
  const found = { chains: 0, entries: 0, broken: 0 };
  try {
    for await (const { chain, entries, verdict } of verifyAudit(pool)) {
      found.chains += 1;
      found.entries += entries;
      if (verdict.ok) continue;
      found.broken += 1;
      process.stdout.write(`broken ${chain} at ${verdict.seq}: ${verdict.why}\n`);
    }
  } finally {
    await pool.end();
    await database.close();
  }
  const { chains, entries, broken } = found;
  process.stdout.write(`${chains} chains, ${entries} entries verified, ${broken} broken\n`);
  return broken > 0 ? 1 : 0;
}

async function openDatabase(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const url = process.env['DATABASE_URL'];
  const notOurs = async () => {};
  if (url) return { url, close: notOurs };
  const dataDir = join(process.env['DATA_DIR'] || '.data', 'postgres');
  if (!existsSync(dataDir)) throw new Error(`Set DATABASE_URL: there is no database in ${dataDir}`);
  const running = urlOfRunning(dataDir);
  if (running !== null) return { url: running, close: notOurs };
  const server = await startPostgres({ dataDir });
  return { url: server.url, close: () => server.stop('fast') };
}

/** Of the server that another living process, like `npm start`, runs in `dataDir`; `null` if none does. */
function urlOfRunning(dataDir: string): string | null {
  const path = join(dataDir, 'owner.json');
  const note = existsSync(path) ? v.safeParse(Note, readFileSync(path, 'utf8')) : null;
  if (!note?.success || !isRunning(note.output.owner)) return null;
  const password = readFileSync(join(dataDir, 'password'), 'utf8').trim();
  return `postgresql://postgres:${password}@127.0.0.1:${note.output.server.port}/postgres`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
