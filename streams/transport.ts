/** The kernel's transport on Redis Streams. Baseline Redis 7.0: no WAITAOF, no XACKDEL. */
import { Redis, type RedisOptions as AllRedisOptions } from 'ioredis';

import type { Received, Subscription, Transport } from '../actors/kernel/ports.ts';
import { fieldsOf, received, streamOf } from './entries.ts';

type RedisOptions = Omit<AllRedisOptions, 'replyMapping'>; // Its type clashes with exactOptionalPropertyTypes.

export interface TransportOptions {
  readonly url: string;
  /** Hears what the transport lives with: `where` and the error. */
  readonly onTrouble?: (where: string, error: unknown) => void;
  /** A consumer that holds nothing and has not been seen for this long is forgotten, ms. 10 minutes by default. */
  readonly forgottenAfterMs?: number;
}

export interface RedisTransport extends Transport {
  /** Rejects when Redis does not answer within a second. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A command is sent once: with ioredis' defaults a lost reply makes it send XADD again, and one that is never answered
 * never settles. Here it fails, the ledger still has the event, and the sweeper announces it.
 */
const onceOnly = {
  protocol: 2,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  connectTimeout: 2_000,
  keepAlive: 10_000,
  retryStrategy: (times: number) =>
    Math.min(2_000, 50 * 2 ** Math.min(times, 6)) * (0.5 + Math.random() / 2),
} as const satisfies RedisOptions;

/** A group's reader, on a connection of its own since it blocks. */
interface Reader {
  readonly redis: Redis;
  /** Streams whose group is known to exist. */
  readonly ready: Set<string>;
}

export function createTransport({
  url,
  onTrouble = () => undefined,
  forgottenAfterMs = 10 * 60 * 1_000,
}: TransportOptions): RedisTransport {
  const connect = (more: RedisOptions): Redis => {
    const redis = new Redis(url, { ...onceOnly, ...more });
    redis.on('error', (error) => onTrouble('redis', error));
    return redis;
  };
  const producer = connect({ commandTimeout: 1_000, socketTimeout: 1_500 });
  const readers = new Map<string, Reader>();

  const readerFor = ({ group, topics }: Subscription): Reader => {
    const name = `${group} ${topics.join(' ')}`;
    let reader = readers.get(name);
    if (!reader) {
      // A read that blocks 1 s and is not answered within 3 met a black hole, not an empty stream. Then the connection
      // goes too: nobody would tell us for many minutes that it is dead.
      const patience = {
        commandTimeout: 3_000,
        socketTimeout: 3_500,
        enableOfflineQueue: true,
      };
      reader = { redis: connect(patience), ready: new Set() };
      readers.set(name, reader);
    }
    return reader;
  };

  /** Groups start at 0, never at `$`: what was announced before the group was made is not lost to it. */
  async function ensureGroups(
    { redis, ready }: Reader,
    group: string,
    streams: readonly string[],
  ): Promise<void> {
    const missing = streams.filter((stream) => !ready.has(stream));
    if (missing.length === 0) return;
    const pipeline = redis.pipeline();
    for (const stream of missing) pipeline.xgroup('CREATE', stream, group, '0', 'MKSTREAM');
    for (const [i, [error]] of ((await pipeline.exec()) ?? []).entries()) {
      if (error && !error.message.startsWith('BUSYGROUP')) throw error;
      ready.add(missing[i] as string);
    }
  }

  const streamsOf = ({ topics, partitions }: Pick<Subscription, 'topics' | 'partitions'>) =>
    topics.flatMap((topic) => partitions.map((partition) => streamOf(topic, partition)));

  type Reply = [stream: string, entries: [id: string, fields: string[] | null][]][] | null;

  /** Entries that are not ours are acknowledged and reported, or they would come back for ever. */
  async function understood(group: string, reply: Reply): Promise<Received[]> {
    const good: Received[] = [];
    for (const [stream, entries] of reply ?? []) {
      for (const [entryId, fields] of entries) {
        const entry = received(stream, entryId, fields);
        if (entry) good.push(entry);
        else {
          onTrouble(
            'streams',
            new TypeError(`Entry ${entryId} of ${stream} is not an announcement`),
          );
          await producer
            .xack(stream, group, entryId)
            .catch((error: unknown) => onTrouble('redis', error));
        }
      }
    }
    return good;
  }

  /** FLUSHALL and a failover take groups away. */
  async function withGroups<T>(
    reader: Reader,
    { group }: Subscription,
    streams: readonly string[],
    work: () => Promise<T>,
  ): Promise<T> {
    await ensureGroups(reader, group, streams);
    try {
      return await work();
    } catch (error) {
      if (!(error as Error).message.includes('NOGROUP')) throw error;
      reader.ready.clear();
      await ensureGroups(reader, group, streams);
      return work();
    }
  }

  return {
    async announce(announcements) {
      if (announcements.length === 0) return true;
      try {
        const pipeline = producer.pipeline();
        for (const one of announcements)
          pipeline.xadd(
            streamOf(one.topic, one.partition),
            ...(fieldsOf(one) as ['*', ...string[]]),
          );
        const failed = ((await pipeline.exec()) ?? []).find(([error]) => error);
        if (failed) throw failed[0] as Error;
        return true;
      } catch (error) {
        onTrouble('announce', error);
        return false;
      }
    },

    async read(subscription, waitMs) {
      const { group, consumer, limit } = subscription;
      const reader = readerFor(subscription);
      const streams = streamsOf(subscription);
      const block = Math.max(1, Math.min(1_000, waitMs)); // Never 0, which would wait for ever.
      const reply = await withGroups(reader, subscription, streams, () =>
        reader.redis.xreadgroup(
          'GROUP',
          group,
          consumer,
          'COUNT',
          limit,
          'BLOCK',
          block,
          'STREAMS',
          ...streams,
          ...streams.map(() => '>'),
        ),
      );
      return understood(group, reply);
    },

    async reclaim(subscription, idleMs) {
      const { group, consumer, limit } = subscription;
      const reader = readerFor({ ...subscription, topics: ['reclaim', ...subscription.topics] });
      const streams = streamsOf(subscription);
      return withGroups(reader, subscription, streams, async () => {
        const pipeline = reader.redis.pipeline();
        for (const stream of streams)
          pipeline.xautoclaim(stream, group, consumer, idleMs, '0', 'COUNT', limit);
        const found: Received[] = [];
        let refused: Error | null = null;
        for (const [i, [error, reply]] of ((await pipeline.exec()) ?? []).entries()) {
          refused ??= error;
          if (error) continue;
          // The third part lists entries that were trimmed while pending. Their events are in the ledger, and swept.
          const [, entries] = reply as [string, [string, string[] | null][], string[]];
          found.push(...(await understood(group, [[streams[i] as string, entries]])));
        }
        // What was claimed is ours now, and would not be claimed again soon: one bad stream must not lose it.
        if (refused && found.length === 0) throw refused;
        return found;
      });
    },

    async ack(group, entries) {
      if (entries.length === 0) return;
      try {
        const pipeline = producer.pipeline();
        for (const [stream, own] of Map.groupBy(entries, ({ stream }) => stream)) {
          pipeline.xack(stream, group, ...own.map(({ entryId }) => entryId));
        }
        const failed = ((await pipeline.exec()) ?? []).find(([error]) => error);
        if (failed) onTrouble('ack', failed[0]);
      } catch (error) {
        onTrouble('ack', error);
      }
    },

    async tidy(topics, partitions, groups) {
      await tidyStreams(producer, streamsOf({ topics, partitions }), groups, forgottenAfterMs);
    },

    async ping() {
      await producer.ping();
    },

    async close() {
      for (const { redis } of readers.values()) redis.disconnect();
      readers.clear();
      producer.disconnect();
    },
  };
}

type GroupInfo = { name: string; pending: number; 'last-delivered-id': string };
type ConsumerInfo = { name: string; pending: number; idle: number };

/** Deletes a consumer if nothing is pending for it, which must still be so when it goes: its entries could never be claimed. */
const forgetConsumer = `
  for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local consumer = {}
    for i = 1, #fields, 2 do consumer[fields[i]] = fields[i + 1] end
    if consumer.name == ARGV[2] and consumer.pending == 0 and consumer.idle >= tonumber(ARGV[3]) then
      return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
    end
  end`;

/**
 * Trims each stream by MINID below what every group on it has read and acknowledged, be it ours or not. Never by
 * MAXLEN, which drops entries that were not even read. Consumers of `groups` that are long gone are deleted.
 */
async function tidyStreams(
  redis: Redis,
  streams: readonly string[],
  groups: readonly string[],
  forgottenAfterMs: number,
): Promise<void> {
  const known = await many<unknown[]>(redis, streams, (pipeline, stream) =>
    pipeline.xinfo('GROUPS', stream),
  );
  const plans: { stream: string; group: string; lowest: string; pending: number }[] = [];
  for (const [stream, reply] of known) {
    const infos = reply.map((fields) => objectOf(fields as unknown[]) as unknown as GroupInfo);
    if (!infos.some(({ name }) => groups.includes(name))) continue; // Ours is yet to come, and starts at 0.
    for (const { name, pending, 'last-delivered-id': lowest } of infos)
      plans.push({ stream, group: name, lowest, pending });
  }
  const byKey = new Map(plans.map((plan) => [`${plan.stream} ${plan.group}`, plan]));
  const oldest = await many<[string | number, string | null]>(
    redis,
    [...byKey].filter(([, { pending }]) => pending > 0).map(([key]) => key),
    (pipeline, key) =>
      pipeline.xpending(byKey.get(key)?.stream as string, byKey.get(key)?.group as string),
  );
  const consumers = await many<unknown[]>(redis, [...byKey.keys()], (pipeline, key) =>
    pipeline.xinfo('CONSUMERS', byKey.get(key)?.stream as string, byKey.get(key)?.group as string),
  );

  const pipeline = redis.pipeline();
  for (const [stream, own] of Map.groupBy(plans, ({ stream }) => stream)) {
    // A group that did not tell what is pending keeps everything, and so does one that has read nothing.
    const unsure = own.some(
      ({ group, pending }) => pending > 0 && !oldest.has(`${stream} ${group}`),
    );
    if (unsure) continue;
    const lowest = own
      .map((plan) => oldest.get(`${plan.stream} ${plan.group}`)?.[1] ?? plan.lowest)
      .toSorted(byEntryId)[0];
    if (lowest && lowest !== '0-0') pipeline.xtrim(stream, 'MINID', '~', lowest);
  }
  for (const [key, reply] of consumers) {
    const { stream, group } = byKey.get(key) as { stream: string; group: string };
    if (!groups.includes(group)) continue;
    for (const fields of reply) {
      const { name, pending, idle } = objectOf(fields as unknown[]) as unknown as ConsumerInfo;
      if (pending === 0 && idle >= forgottenAfterMs)
        pipeline.eval(forgetConsumer, 1, stream, group, name, forgottenAfterMs);
    }
  }
  await pipeline.exec();
}

/** One command for each key in one round trip; keys whose stream or group is not there are left out. */
async function many<T>(
  redis: Redis,
  keys: readonly string[],
  command: (pipeline: ReturnType<Redis['pipeline']>, key: string) => unknown,
): Promise<Map<string, T>> {
  if (keys.length === 0) return new Map();
  const pipeline = redis.pipeline();
  for (const key of keys) command(pipeline, key);
  const replies = (await pipeline.exec()) ?? [];
  return new Map(keys.flatMap((key, i) => (replies[i]?.[0] ? [] : [[key, replies[i]?.[1] as T]])));
}

const objectOf = (fields: readonly unknown[]): Record<string, unknown> => {
  const pairs: Record<string, unknown> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) pairs[String(fields[i])] = fields[i + 1];
  return pairs;
};

function byEntryId(one: string, other: string): number {
  const [ms = 0, count = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number);
  return ms - otherMs || count - otherCount;
}
