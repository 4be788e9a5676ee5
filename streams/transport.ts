/** The kernel's transport on Redis Streams. Baseline Redis 7.0: no WAITAOF, no XACKDEL. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Received, Subscription, Transport } from '../actors/kernel/ports.ts';
import { sendAll } from './batch.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { fieldsOf, received, streamOf } from './entries.ts';
import { tidyStreams } from './tidy.ts';

export interface TransportOptions {
  /** Of a server, or of any node of a Redis Cluster. */
  readonly url: string;
  /** Hears what the transport lives with: `where` and the error. */
  readonly onTrouble?: (where: string, error: unknown) => void;
  /** A consumer that holds nothing and has not been seen for this long is forgotten, ms. 10 minutes by default. */
  readonly forgottenAfterMs?: number;
}

export interface RedisTransport extends Transport {
  /** Rejects when there is no Redis that takes writes, within some two seconds. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Who reads for a group. */
interface Reader {
  readonly connection: RedisConnection;
  /** Streams whose group is known to exist. */
  readonly ready: Set<string>;
}

type Entries = [id: string, fields: string[] | null][];
type Reply = [stream: string, entries: Entries][] | null;

/** How long to wait before the slots of a cluster are read again, ms: doubled from one to the other while nothing comes. */
const [firstPauseMs, longestPauseMs] = [10, 160];

export function createTransport({
  url,
  onTrouble = () => undefined,
  forgottenAfterMs = 10 * 60 * 1_000,
}: TransportOptions): RedisTransport {
  const connect = (use: 'commands' | 'blocking') =>
    connectRedis({ url, use, onTrouble: (error) => onTrouble('redis', error) });
  const producer = connect('commands');
  const readers = new Map<string, Reader>();

  /** On a server a read blocks its connection, so each group has one of its own. On a cluster none blocks, and all share one. */
  function readerFor({ group, topics }: Subscription): Reader {
    const name = `${group} ${topics.join(' ')}`;
    let reader = readers.get(name);
    if (!reader || (producer.isCluster && reader.connection !== producer)) {
      reader?.connection.close();
      reader = {
        connection: producer.isCluster ? producer : connect('blocking'),
        ready: new Set(),
      };
      readers.set(name, reader);
    }
    return reader;
  }

  /** Groups start at 0, never at `$`: what was announced before the group was made is not lost to it. */
  async function ensureGroups(
    { connection, ready }: Reader,
    group: string,
    streams: readonly string[],
  ): Promise<void> {
    const missing = streams.filter((stream) => !ready.has(stream));
    const answers = await sendAll(
      connection,
      missing.map((key) => ({
        key,
        add: (pipeline) => pipeline.xgroup('CREATE', key, group, '0', 'MKSTREAM'),
      })),
    );
    for (const [i, [error]] of answers.entries()) {
      if (error && !error.message.startsWith('BUSYGROUP')) throw error;
      ready.add(missing[i] as string);
    }
  }

  const streamsOf = ({ topics, partitions }: Pick<Subscription, 'topics' | 'partitions'>) =>
    topics.flatMap((topic) => partitions.map((partition) => streamOf(topic, partition)));

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
          await producer.client
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
      for (const stream of streams) reader.ready.delete(stream);
      await ensureGroups(reader, group, streams);
      return work();
    }
  }

  /** All partitions by one command that waits. */
  async function readServer(
    reader: Reader,
    subscription: Subscription,
    waitMs: number,
  ): Promise<Reply> {
    const { group, consumer, limit } = subscription;
    const streams = streamsOf(subscription);
    return withGroups(reader, subscription, streams, () =>
      reader.connection.client.xreadgroup(
        'GROUP',
        group,
        consumer,
        'COUNT',
        limit,
        'BLOCK',
        waitMs,
        'STREAMS',
        ...streams,
        ...streams.map(() => '>'),
      ),
    ) as Promise<Reply>;
  }

  /**
   * One command for each partition, since each is in a slot of its own and no command may span two. None of them waits:
   * it would hold up those of all other slots of its node. So they are asked again, more and more slowly.
   */
  async function readCluster(
    reader: Reader,
    subscription: Subscription,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<Reply> {
    const giveUpAt = performance.now() + waitMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
      const reads = await Promise.allSettled(
        subscription.partitions.map(async (partition) =>
          readSlot(reader, { ...subscription, partitions: [partition] }),
        ),
      );
      const found = reads.flatMap((read) =>
        read.status === 'fulfilled' ? (read.value ?? []) : [],
      );
      const failed = reads.find((read) => read.status === 'rejected');
      // What was handed to us is ours now: one slot that is away must not lose it.
      if (failed && found.length === 0) throw failed.reason;
      if (found.length > 0 || signal.aborted || performance.now() + pauseMs > giveUpAt)
        return found;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async function readSlot(reader: Reader, subscription: Subscription): Promise<Reply> {
    const { group, consumer, limit } = subscription;
    const streams = streamsOf(subscription);
    return withGroups(reader, subscription, streams, () =>
      reader.connection.client.xreadgroup(
        'GROUP',
        group,
        consumer,
        'COUNT',
        limit,
        'STREAMS',
        ...streams,
        ...streams.map(() => '>'),
      ),
    ) as Promise<Reply>;
  }

  return {
    async announce(announcements) {
      const answers = await sendAll(
        producer,
        announcements.map((one) => {
          const key = streamOf(one.topic, one.partition);
          const fields = fieldsOf(one) as ['*', ...string[]];
          return { key, add: (pipeline) => pipeline.xadd(key, ...fields) };
        }),
      );
      const failed = answers.find(([error]) => error);
      if (failed) onTrouble('announce', failed[0]);
      return failed === undefined;
    },

    async read(subscription, waitMs, signal) {
      const reader = readerFor(subscription);
      const boundedMs = Math.max(1, Math.min(1_000, waitMs)); // Never 0, which would wait for ever.
      const reply = reader.connection.isCluster
        ? await readCluster(reader, subscription, boundedMs, signal)
        : await readServer(reader, subscription, boundedMs);
      return understood(subscription.group, reply);
    },

    async reclaim(subscription, idleMs) {
      const { group, consumer, limit } = subscription;
      const reader = readerFor({ ...subscription, topics: ['reclaim', ...subscription.topics] });
      const streams = streamsOf(subscription);
      return withGroups(reader, subscription, streams, async () => {
        const answers = await sendAll<[string, Entries, string[]]>(
          reader.connection,
          streams.map((key) => ({
            key,
            add: (pipeline) =>
              pipeline.xautoclaim(key, group, consumer, idleMs, '0', 'COUNT', limit),
          })),
        );
        const found: Received[] = [];
        for (const [i, [, reply]] of answers.entries()) {
          // The third part lists entries that were trimmed while pending. Their events are in the ledger, and swept.
          if (reply) found.push(...(await understood(group, [[streams[i] as string, reply[1]]])));
        }
        const refused = answers.find(([error]) => error)?.[0];
        // What was claimed is ours now, and would not be claimed again soon: one bad stream must not lose it.
        if (refused && found.length === 0) throw refused;
        return found;
      });
    },

    async ack(group, entries) {
      const answers = await sendAll(
        producer,
        [...Map.groupBy(entries, ({ stream }) => stream)].map(([key, own]) => ({
          key,
          add: (pipeline) => pipeline.xack(key, group, ...own.map(({ entryId }) => entryId)),
        })),
      );
      const failed = answers.find(([error]) => error);
      if (failed) onTrouble('ack', failed[0]);
    },

    async tidy(topics, partitions, groups) {
      await tidyStreams(producer, streamsOf({ topics, partitions }), groups, forgottenAfterMs);
    },

    ping: () => producer.probe(),

    async close() {
      for (const { connection } of readers.values()) connection.close();
      readers.clear();
      producer.close();
    },
  };
}
