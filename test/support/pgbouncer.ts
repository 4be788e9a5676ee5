import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { commandAs, serverUser } from '../../deploy/local/user.ts';
import { noteProgram, removeFolder, temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { need, pgbouncerProgram, testSoftware } from './software.ts';
import { waitUntil } from './wait.ts';

/** A real PgBouncer before one database. */
export interface Pgbouncer extends AsyncDisposable {
  /** As DATABASE_URL. */
  readonly url: string;
}

export interface PgbouncerOptions {
  readonly poolMode: 'session' | 'transaction' | 'statement';
  /** What a client may send at its start though PgBouncer does not keep it. */
  readonly ignored?: string;
  /** Connections to PostgreSQL at most. 20 if absent, PgBouncer's own. */
  readonly poolSize?: number;
}

/** As in most instructions. */
export const usuallyIgnored =
  'options,statement_timeout,idle_in_transaction_session_timeout,extra_float_digits,search_path';

/** Starts the machine's `pgbouncer` before the database of `databaseUrl`, and installs it first where it is missing. */
export async function startPgbouncer(
  databaseUrl: string,
  { poolMode, ignored = usuallyIgnored, poolSize = 20 }: PgbouncerOptions,
): Promise<Pgbouncer> {
  await need(testSoftware.pgbouncer);
  await using parts = new AsyncDisposableStack();
  const folder = parts.adopt(await temporaryFolder(), removeFolder);
  const run = join(folder, 'pgbouncer');
  await mkdir(run);
  const [target, port] = [new URL(databaseUrl), await freePort()];
  const to = {
    host: target.hostname,
    port: target.port,
    dbname: target.pathname.slice(1),
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
  };
  const config = join(run, 'pgbouncer.ini');
  await writeFile(
    config,
    `[databases]
cases = ${Object.entries(to)
      .map(([name, value]) => `${name}='${value}'`)
      .join(' ')}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${poolMode}
default_pool_size = ${poolSize}
ignore_startup_parameters = ${ignored}
`,
  );
  await Promise.all([chmod(folder, 0o755), chmod(run, 0o755), chmod(config, 0o644)]);
  const { file, args, ...user } = commandAs(serverUser(config), pgbouncerProgram, run, [config]);
  const child = spawn(file, [...args], { ...user, stdio: 'ignore' });
  noteProgram(run, child.pid);
  const exited = once(child, 'exit');
  parts.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await waitUntil(() => listens(port), { what: 'PgBouncer to listen' });
  const stack = parts.move();
  return {
    url: `postgresql://anybody@127.0.0.1:${port}/cases`,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } finally {
    socket.destroy();
  }
}
