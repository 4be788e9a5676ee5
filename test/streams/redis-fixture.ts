import { randomUUID } from 'node:crypto';

import { Redis } from 'ioredis';

import type { Announcement, Received, Subscription } from '../../actors/kernel/ports.ts';
import { startRedis, type LocalRedis } from '../../deploy/local/redis.ts';
import {
  createTransport,
  type RedisTransport,
  type TransportOptions,
} from '../../streams/transport.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { waitUntil } from '../support/wait.ts';

/** A Redis server alone, and a client beside the transport to look at it with. */
export interface TestRedis extends AsyncDisposable {
  readonly server: LocalRedis;
  readonly redis: Redis;
}

export async function redisServer(): Promise<TestRedis> {
  const folder = await temporaryFolder();
  const server = await startRedis({ dataDir: folder });
  const redis = new Redis(server.url);
  redis.on('error', () => {}); // It also rejects the call that waits on it.
  return {
    server,
    redis,
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await removeFolder(folder);
    },
  };
}

export interface TestTransport extends RedisTransport, AsyncDisposable {
  /** What it lived with so far. */
  readonly trouble: { readonly where: string; readonly error: unknown }[];
}

/** A transport that is connected. Ended by `await using`. */
export async function connected(
  url: string,
  more: Partial<TransportOptions> = {},
): Promise<TestTransport> {
  const trouble: { where: string; error: unknown }[] = [];
  const transport = createTransport({
    url,
    onTrouble: (where, error) => void trouble.push({ where, error }),
    ...more,
  });
  await waitUntil(() => transport.ping().then(() => true), { what: 'Redis to answer' });
  trouble.length = 0; // It was asked before it was connected.
  return { ...transport, trouble, [Symbol.asyncDispose]: () => transport.close() };
}

/** A topic nobody else uses. */
export const newTopic = () => `topic-${randomUUID()}`;

export function announcement(topic: string, more: Partial<Announcement> = {}): Announcement {
  return {
    topic,
    partition: 0,
    id: randomUUID(),
    type: 'message',
    tenant: 'clinic',
    caseId: 'case-1',
    traceparent: null,
    ...more,
  };
}

export function subscriptionTo(topic: string, more: Partial<Subscription> = {}): Subscription {
  return {
    group: 'cases',
    consumer: 'worker',
    topics: [topic],
    partitions: [0],
    limit: 100,
    ...more,
  };
}

/** The announcement alone, without its place in Redis. */
export const announced = ({
  stream: _stream,
  entryId: _entryId,
  ...announcement
}: Received): Announcement => announcement;

export const never = new AbortController().signal;
