import { createHash } from 'node:crypto';

import {
  isBefore,
  type OutboxEntry,
  type OutwardStream,
  type OutwardStreams,
  type TrimBounds,
} from '../actors/ports/outbox.ts';
import type { RedisClient } from './connection.ts';

/**
 * The platform's streams, each under its documented name. Every command and every transaction names one stream only, so
 * that they may lie on different nodes of a cluster.
 */
export function createOutwardStreams({
  redis,
  schemaVersion,
  onTrouble,
}: {
  readonly redis: RedisClient;
  /** Written into every entry. */
  readonly schemaVersion: number;
  readonly onTrouble: (where: string, error: unknown) => void;
}): OutwardStreams {
  async function lastIdOf(stream: string): Promise<string> {
    try {
      const info = objectOf((await redis.xinfo('STREAM', stream)) as unknown[]);
      return textOf(info['last-generated-id'], '0-0');
    } catch (error) {
      if (isMissing(error)) return '0-0';
      throw error;
    }
  }

  async function addTo(stream: string, entries: readonly Told[]): Promise<(string | null)[]> {
    try {
      const transaction = redis.multi();
      for (const entry of entries) transaction.xadd(stream, '*', ...fieldsOf(entry, schemaVersion));
      const replies = (await transaction.exec()) ?? [];
      return entries.map((_, i) => {
        const [error, id] = replies[i] ?? [new Error('Redis left an entry out'), null];
        if (error) throw error;
        return id as string;
      });
    } catch (error) {
      onTrouble('outward', error);
      return entries.map(() => null); // Whatever of it is there comes again, under its id.
    }
  }

  async function trimOne(
    stream: string,
    { keptMs, heldMs, maxEntries }: TrimBounds,
    now: number,
  ): Promise<OutwardStream | null> {
    const groups = await groupsOf(stream);
    if (groups === null) return null;
    // Some group has yet to acknowledge, or to read, what comes from here on.
    const needed = groups.toSorted((one, other) => (isBefore(one, other) ? -1 : 1))[0] ?? null;
    const kept = `${now - keptMs}-0`;
    await redis.xtrim(stream, 'MINID', needed !== null && isBefore(needed, kept) ? needed : kept);
    let dropped = await redis.xtrim(stream, 'MINID', `${now - Math.max(keptMs, heldMs)}-0`);
    // A flood is over the bound before it is old. What goes then, a group may have acknowledged.
    const over = (await redis.xlen(stream)) - maxEntries;
    if (over > 0) {
      const left = await needsBefore(stream, needed, over);
      await redis.xtrim(stream, 'MAXLEN', maxEntries);
      dropped += left;
    }
    const [[oldestNeeded] = []] =
      needed === null ? [] : await redis.xrange(stream, needed, '+', 'COUNT', 1);
    const waitingSince = oldestNeeded === undefined ? now : Number(oldestNeeded.split('-')[0]);
    return {
      stream,
      length: await redis.xlen(stream),
      unacknowledgedMs: Math.max(0, now - waitingSince),
      dropped,
    };
  }

  /** Of the `count` oldest entries, how many some group has not acknowledged. */
  async function needsBefore(
    stream: string,
    needed: string | null,
    count: number,
  ): Promise<number> {
    if (needed === null) return 0;
    const [first] = await redis.xrange(stream, needed, '+', 'COUNT', 1);
    if (!first) return 0;
    const oldest = await redis.xrange(stream, '-', '+', 'COUNT', Math.min(count, mostLookedAt));
    return oldest.filter(([id]) => !isBefore(id, first[0])).length;
  }

  /** For each group the first entry id it still needs; null when there is no such stream. */
  async function groupsOf(stream: string): Promise<string[] | null> {
    let infos: unknown[][];
    try {
      infos = (await redis.xinfo('GROUPS', stream)) as unknown[][];
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
    return Promise.all(
      infos.map(async (fields) => {
        const group = objectOf(fields);
        const delivered = textOf(group['last-delivered-id'], '0-0');
        if (Number(group['pending'] ?? 0) === 0) return after(delivered);
        const [, first] = (await redis.xpending(stream, textOf(group['name'], ''))) as [
          number,
          string | null,
        ];
        return first ?? after(delivered);
      }),
    );
  }

  return {
    async lastIds(streams) {
      const ids = await Promise.all(
        streams.map((stream) =>
          lastIdOf(stream).catch((error: unknown) => {
            onTrouble('outward', error);
            return null;
          }),
        ),
      );
      return new Map(
        streams.flatMap((stream, i) => {
          const id = ids[i];
          return id === null || id === undefined ? [] : [[stream, id] as const];
        }),
      );
    },

    async add(entries) {
      const ids = new Map<Told, string | null>();
      const byStream = [...Map.groupBy(entries, ({ stream }) => stream)];
      await Promise.all(
        byStream.map(async ([stream, own]) => {
          const added = await addTo(stream, own);
          for (const [i, entry] of own.entries()) ids.set(entry, added[i] ?? null);
        }),
      );
      return entries.map((entry) => ids.get(entry) ?? null);
    },

    async trim(streams, bounds, now) {
      const found = await Promise.allSettled(
        streams.map(async (stream) => trimOne(stream, bounds, now)),
      );
      for (const one of found) if (one.status === 'rejected') onTrouble('outward', one.reason);
      return found.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
    },
  };
}

type Told = OutboxEntry & { readonly data: string };

/** Entries looked at to tell how many of those that go were needed: a bound on one round's work. */
const mostLookedAt = 10_000;

/** The envelope. Field names are the contract with the platform's other services. */
function fieldsOf(entry: Told, schemaVersion: number): string[] {
  const { id, type, source, tenant, time, traceparent, data } = entry;
  const fields = { id, type, source, tenant, time, traceparent: traceparent ?? traceOf(id) };
  return [...Object.entries(fields).flat(), 'schemaVersion', String(schemaVersion), 'data', data];
}

/** What no request caused has a trace of its own: the same one each time it is published. */
function traceOf(id: string): string {
  const digest = createHash('sha256').update(id).digest('hex');
  return `00-${digest.slice(0, 32)}-${digest.slice(32, 48)}-00`;
}

const isMissing = (error: unknown) => /no such key/i.test((error as Error).message);

function objectOf(fields: readonly unknown[]): Record<string, unknown> {
  const pairs: Record<string, unknown> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) pairs[String(fields[i])] = fields[i + 1];
  return pairs;
}

const textOf = (value: unknown, absent: string) => (typeof value === 'string' ? value : absent);

/** The smallest entry id behind this one. */
function after(entryId: string): string {
  const [ms, count = '0'] = entryId.split('-');
  return `${ms}-${BigInt(count) + 1n}`;
}
