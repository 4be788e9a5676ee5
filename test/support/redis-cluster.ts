import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { Redis } from 'ioredis';

import { noteProgram, removeFolder, temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { waitUntil } from './wait.ts';

/** A real Redis Cluster of masters, which share its 16,384 slots. */
export interface RedisCluster extends AsyncDisposable {
  /** Of one of its nodes. */
  readonly url: string;
  /** A client of each node by itself. */
  readonly nodes: readonly Redis[];
}

const slots = 16_384;
const password = 'of-the-cluster';

export async function startRedisCluster(size: number): Promise<RedisCluster> {
  await using parts = new AsyncDisposableStack();
  const ports = await Promise.all(
    Array.from({ length: size }, async () => ({ own: await freePort(), bus: await freePort() })),
  );
  const nodes = await Promise.all(
    ports.map(async ({ own, bus }) => {
      const folder = parts.adopt(await temporaryFolder(), removeFolder);
      const settings = {
        port: own,
        'cluster-port': bus,
        'cluster-enabled': 'yes',
        'cluster-node-timeout': 5_000,
        bind: '127.0.0.1',
        save: '',
        requirepass: password,
        masterauth: password,
        dir: folder,
      };
      const args = Object.entries(settings).flatMap(([name, value]) => [
        `--${name}`,
        String(value),
      ]);
      const server = spawn('redis-server', args, { stdio: 'ignore' });
      noteProgram(folder, server.pid);
      const exited = once(server, 'exit');
      parts.defer(async () => {
        server.kill('SIGKILL');
        await exited;
      });
      const node = new Redis({ port: own, host: '127.0.0.1', password, retryStrategy: () => 20 });
      node.on('error', () => {}); // It also rejects the call that waits on it.
      return parts.adopt(node, (client) => client.disconnect());
    }),
  );
  for (const [i, node] of nodes.entries()) {
    const [from, to] = [i, i + 1].map((at) => Math.ceil((at * slots) / size));
    await node.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(Number(to) - 1));
    if (i > 0) {
      const { own, bus } = ports[i]!;
      await nodes[0]!.call('CLUSTER', 'MEET', '127.0.0.1', String(own), String(bus));
    }
  }
  const isWhole = async (node: Redis) => {
    const info = await node.cluster('INFO');
    return (
      /cluster_state:ok/.test(info) &&
      info.includes(`cluster_known_nodes:${size}`) &&
      info.includes(`cluster_slots_ok:${slots}`)
    );
  };
  await waitUntil(async () => (await Promise.all(nodes.map(isWhole))).every(Boolean), {
    what: 'the cluster to be whole',
    timeoutMs: 30_000,
  });
  const stack = parts.move();
  return {
    url: `redis://:${password}@127.0.0.1:${ports[0]!.own}`,
    nodes,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
