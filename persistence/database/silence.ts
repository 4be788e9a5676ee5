import pg from 'pg';

/** What node-postgres says when nothing came back within `query_timeout`. It keeps no code for it. */
const isReadTimeout = ({ message }: Error) => message === 'Query read timeout';

/** The driver's own words for a connection that is no more, and the system's calls that met its end. */
function isBroken(error: Error): boolean {
  return /^(?:Connection terminated|Client (?:has encountered|was closed))/.test(error.message);
}

/**
 * Whether an error says that the connection it came over is of no more use: it broke, its server is silent, is ending, or
 * takes no writes (any more): after a failover the old primary may live on, and keep the connections it has.
 */
export function isConnectionLost(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return /^(?:08|57P0[1-5]|25006$)/.test(error.code ?? '');
  return isReadTimeout(error) || isBroken(error) || 'syscall' in error;
}

/**
 * Gives up all connections of a pool that one lost connection makes suspect. When a network or a server goes silent it
 * does so for all of them at once, and each would be found out only by a statement that waits for it in vain.
 *
 * After a timeout those go that have said nothing since that statement was sent; a statement on one of them fails as if
 * its connection had broken. After another loss, those go that are idle.
 */
export function giveUpTogether(pool: pg.Pool, queryTimeoutMs: number): void {
  const open = new Map<pg.PoolClient, { heardAt: number; isIdle: boolean }>();

  pool.on('connect', (client) => {
    const state = { heardAt: performance.now(), isIdle: false };
    open.set(client, state);
    const { stream } = client.connection;
    stream.on('data', () => {
      state.heardAt = performance.now();
    });
    stream.once('close', () => open.delete(client));
  });
  pool.on('acquire', (client) => {
    const state = open.get(client);
    if (state) state.isIdle = false;
  });
  // The types leave out that `error` is absent after a success.
  pool.on('release', (error: Error | undefined | null, client: pg.PoolClient) => {
    const state = open.get(client);
    if (state) state.isIdle = true;
    if (!isConnectionLost(error)) return;
    const sentAt = performance.now() - queryTimeoutMs;
    for (const [other, { heardAt, isIdle }] of open) {
      if (other === client) continue;
      if (isReadTimeout(error) ? heardAt <= sentAt : isIdle) other.connection.stream.destroy();
    }
  });
}
