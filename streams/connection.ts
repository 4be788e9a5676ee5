/** How this process is connected to Redis. Every client, whatever it is for, is made here and lives by the same rules. */
import { once } from 'node:events';

import {
  Cluster,
  Redis,
  type ChainableCommander,
  type RedisCommander,
  type RedisOptions as AllRedisOptions,
} from 'ioredis';

type RedisOptions = Omit<AllRedisOptions, 'replyMapping'>; // Its type clashes with exactOptionalPropertyTypes.

/** What both kinds of client can do: that of a server, and that of a cluster. */
export interface RedisClient extends RedisCommander {
  readonly status: string;
  pipeline(): ChainableCommander;
  multi(): ChainableCommander;
}

export interface RedisConnection {
  /** Stays the same object, whatever server or cluster it leads to by now. Commands fail at once while it is not connected. */
  readonly client: RedisClient;
  /** Whether the server turned out to be a node of a Redis Cluster, where a command or a pipeline has to keep to one slot. */
  readonly isCluster: boolean;
  /**
   * Asks for what the work needs: a server that takes writes, or every master of the cluster. A replica would answer PING.
   * A connection that is being opened again, as after this process itself stood still, is waited for a moment.
   *
   * Rejects within a second or so when there is none.
   */
  probe(): Promise<void>;
  /** At once. Commands that wait are rejected. */
  close(): void;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Hears of errors that belong to no command. */
  readonly onTrouble: (error: unknown) => void;
  /**
   * `commands`: answered at once, given up after 1.5 s of silence. `blocking`: reads that wait up to a second, given up
   * after 3.5 s; they are also held back until it is connected.
   */
  readonly use?: 'commands' | 'blocking';
}

/** Delay before a connection is opened again, ms, with jitter: up to 100 at first, 2,000 in the end. */
const retryMs = (times: number) =>
  Math.min(2_000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2);

/** Longer than the first delay and a connection made; shorter than what who asks for our health waits. */
const reopenedMs = 700;

/**
 * A command is sent once: with ioredis' defaults a lost reply makes it send XADD again, and one that is never answered
 * never settles. Here it fails, and whoever sent it knows what that means: the ledger still has the event, the limiter
 * lets nothing pass, a token is fetched anew.
 */
const rules = {
  protocol: 2,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // A server that still loads would keep us waiting for itself, and its name may lead to another one by now.
  enableReadyCheck: false,
  connectTimeout: 2_000,
  disconnectTimeout: 500,
  // A machine that is gone is noticed after 15 s also where nothing is sent: 5 s, and ten probes a second apart.
  keepAlive: 5_000,
  retryStrategy: retryMs,
  reconnectOnError: servesWrongly,
} as const satisfies RedisOptions;

const patience = {
  commands: { commandTimeout: 1_000, socketTimeout: 1_500 },
  // A read that blocks 1 s and is not answered within 3 met a black hole, not an empty stream.
  blocking: { commandTimeout: 3_000, socketTimeout: 3_500, enableOfflineQueue: true },
} as const satisfies Record<string, RedisOptions>;

/**
 * Read-only after a failover, loading or without its master, or one whose replicas left it: what stays up when another
 * took over. MOVED is said by what was a cluster's only node.
 */
const wrongServer = /^(?:ERR .*-)?(?:READONLY|LOADING|MASTERDOWN|UNBLOCKED|NOREPLICAS|MOVED)\b/;

/**
 * Whether an error says that the server at the other end is not the one to ask any more, though the connection is fine.
 * The connection is given up, so that the next one goes to whoever has the server's name by then.
 */
export function servesWrongly(error: Error): boolean {
  return wrongServer.test(error.message);
}

/** Connects now, and again for ever; `url` is a server's or that of any node of a cluster, which it finds out by itself. */
export function connectRedis({
  url,
  onTrouble,
  use = 'commands',
}: ConnectionOptions): RedisConnection {
  let closed = false;
  let kind: 'unknown' | 'server' | 'cluster' = 'unknown';
  let cluster: Cluster | null = null;
  const server = new Redis(url, { ...rules, ...patience[use] });
  server.on('error', onTrouble);
  server.on('ready', () => void findOut());

  async function findOut(): Promise<void> {
    const found = await kindOf(server).catch(() => null); // It is asked by the next connection.
    if (closed || cluster || found === null) return;
    kind = found.kind;
    if (!found.hasOthers) return;
    cluster = clusterOf(server.options);
    cluster.on('error', onTrouble);
    server.disconnect();
  }

  const current = (): Redis | Cluster => cluster ?? server;
  const client = new Proxy({} as RedisClient, {
    get(_, name) {
      const now = current();
      const value: unknown = Reflect.get(now, name);
      return typeof value === 'function' ? (value.bind(now) as unknown) : value;
    },
  });

  async function well(): Promise<void> {
    if (kind === 'unknown') throw new Error('Redis has not answered yet');
    if (cluster) await everyMaster(cluster);
    else await server.pexpire('readiness-probe', 1);
  }

  return {
    client,
    get isCluster() {
      return kind === 'cluster';
    },
    async probe() {
      try {
        await well();
      } catch (error) {
        if (cluster) throw error;
        await once(server, 'ready', { signal: AbortSignal.timeout(reopenedMs) }).catch(() => {
          throw error;
        });
        await well();
      }
    },
    close() {
      closed = true;
      server.disconnect();
      cluster?.disconnect();
    },
  };
}

/**
 * What a server is, and whether there are others to ask. A cluster's only node does not know its own address, and need not
 * be found: it has all slots, of which a command may still use only one.
 */
async function kindOf(server: Redis): Promise<{ kind: 'server' | 'cluster'; hasOthers: boolean }> {
  const info = await server.info('cluster').catch((error: Error) => {
    // A user who may not ask is not one that was made for a cluster.
    if (/^(?:NOPERM|ERR)\b/.test(error.message)) return '';
    throw error;
  });
  if (!/^cluster_enabled:1\b/m.test(info)) return { kind: 'server', hasOthers: false };
  const ranges = await server.cluster('SLOTS');
  const hosts = ranges.flatMap(([, , ...nodes]) => nodes.map(([host]) => host));
  return { kind: 'cluster', hasOthers: hosts.some(Boolean) };
}

async function everyMaster(cluster: Cluster): Promise<void> {
  const masters = cluster.nodes('master');
  if (cluster.status !== 'ready' || masters.length === 0) throw new Error('The cluster is down');
  await Promise.all(masters.map(async (node) => node.ping()));
}

function clusterOf({ host, port, username, password, tls }: Redis['options']): Cluster {
  return new Cluster([{ host: host ?? '127.0.0.1', port: port ?? 6379 }], {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryMs,
    // Some hundred milliseconds for a node that is being connected, or that moves a slot; then the command fails.
    maxRedirections: 6,
    retryDelayOnFailover: 50,
    slotsRefreshTimeout: 1_500,
    slotsRefreshInterval: 5_000,
    // Names are looked up for each connection, as they are without a cluster: certificates are made for names.
    dnsLookup: (address, found) => found(null, address),
    redisOptions: {
      ...nodeRules,
      ...patience.commands,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(tls === undefined ? {} : { tls }),
    },
  });
}

/** What `Cluster` decides for its nodes by itself is left to it. */
const {
  enableOfflineQueue: _queue,
  retryStrategy: _retry,
  ...nodeRules
} = {
  ...rules,
  // To a node of a cluster MOVED is an ordinary answer.
  reconnectOnError: (error: Error) => servesWrongly(error) && !error.message.startsWith('MOVED'),
};
