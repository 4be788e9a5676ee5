import { startPostgres } from '../../deploy/local/postgres.ts';
import { startRedis } from '../../deploy/local/redis.ts';

/** A program that may start a server (`postgres` or `redis`, then its folder), says "started <port> <pid>", and stays. */
const [kind, dataDir = ''] = process.argv.slice(2);
if (kind !== undefined) {
  const server =
    kind === 'postgres' ? await startPostgres({ dataDir }) : await startRedis({ dataDir });
  process.stdout.write(`started ${server.port} ${server.pid}\n`);
}
setInterval(() => {}, 60_000);
