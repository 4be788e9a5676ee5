import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import { startPostgres } from './postgres.ts';
import { isRunning } from './processes.ts';

/** What daemon.ts notes about who runs the server, and where. */
const Note = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    owner: v.object({ pid: v.number(), startedAt: v.string() }),
    server: v.object({ port: v.number() }),
  }),
);

/**
 * The database that a command works on: the one that the settings name, or else the local one under DATA_DIR, whether a
 * living `npm start` runs it now or not. `close` stops what this call started, and leaves the rest alone.
 *
 * @throws {Error} none of them is there
 */
export async function openDatabase({
  databaseUrl,
  dataDir,
}: {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}): Promise<{ readonly url: string; close(): Promise<void> }> {
  const notOurs = async () => {};
  if (databaseUrl !== null) return { url: databaseUrl, close: notOurs };
  const folder = join(dataDir, 'postgres');
  if (!existsSync(folder)) throw new Error(`Set DATABASE_URL: there is no database in ${folder}`);
  const running = urlOfRunning(folder);
  if (running !== null) return { url: running, close: notOurs };
  const server = await startPostgres({ dataDir: folder });
  return { url: server.url, close: () => server.stop('fast') };
}

/** Of the server that another living process runs in `folder`; null if none does. */
function urlOfRunning(folder: string): string | null {
  const path = join(folder, 'owner.json');
  const note = existsSync(path) ? v.safeParse(Note, readFileSync(path, 'utf8')) : null;
  if (!note?.success || !isRunning(note.output.owner)) return null;
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  return `postgresql://postgres:${password}@127.0.0.1:${note.output.server.port}/postgres`;
}
