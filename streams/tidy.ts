/** Keeps streams short, without taking anything that a group has not read and acknowledged. */
import { sendAll } from './batch.ts';
import type { RedisConnection } from './connection.ts';

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

/** A group of a stream, and how far it has come. */
interface Plan {
  readonly stream: string;
  readonly group: string;
  /** The last entry that was handed out. */
  readonly lowest: string;
  readonly pending: number;
}

/**
 * Trims each stream by MINID below what every group on it has read and acknowledged, be it ours or not. Never by
 * MAXLEN, which drops entries that were not even read. Consumers of `groups` that are long gone are deleted.
 */
export async function tidyStreams(
  redis: RedisConnection,
  streams: readonly string[],
  groups: readonly string[],
  forgottenAfterMs: number,
): Promise<void> {
  const infos = await sendAll<unknown[]>(
    redis,
    streams.map((key) => ({ key, add: (pipeline) => pipeline.xinfo('GROUPS', key) })),
  );
  const plans = streams.flatMap((stream, i) => plansOf(stream, infos[i]?.[1] ?? [], groups));
  const oldest = await oldestPending(redis, plans);
  const consumers = await sendAll<unknown[]>(
    redis,
    plans.map(({ stream: key, group }) => ({
      key,
      add: (pipeline) => pipeline.xinfo('CONSUMERS', key, group),
    })),
  );

  const trims = [...Map.groupBy(plans, ({ stream }) => stream)].flatMap(([key, own]) => {
    const lowest = own.map((plan) => (plan.pending > 0 ? oldest.get(plan) : plan.lowest));
    // A group that did not tell what is pending keeps everything, and so does one that has read nothing.
    if (!lowest.every((id) => id !== undefined)) return [];
    const [first] = lowest.toSorted(byEntryId);
    if (!first || first === '0-0') return [];
    return [{ key, add: (pipeline: Pipeline) => pipeline.xtrim(key, 'MINID', '~', first) }];
  });
  const gone = plans.flatMap(({ stream: key, group }, i) =>
    groups.includes(group)
      ? (consumers[i]?.[1] ?? []).flatMap((fields) => {
          const { name, pending, idle } = objectOf(fields as unknown[]) as unknown as ConsumerInfo;
          if (pending > 0 || idle < forgottenAfterMs) return [];
          const add = (pipeline: Pipeline) =>
            pipeline.eval(forgetConsumer, 1, key, group, name, forgottenAfterMs);
          return [{ key, add }];
        })
      : [],
  );
  await sendAll(redis, [...trims, ...gone]);
}

type Pipeline = Parameters<Parameters<typeof sendAll>[1][number]['add']>[0];

/** None for a stream that is not there, or on which our group is yet to come, which will start at 0. */
function plansOf(stream: string, reply: readonly unknown[], groups: readonly string[]): Plan[] {
  const infos = reply.map((fields) => objectOf(fields as unknown[]) as unknown as GroupInfo);
  if (!infos.some(({ name }) => groups.includes(name))) return [];
  return infos.map(({ name, pending, 'last-delivered-id': lowest }) => ({
    stream,
    group: name,
    lowest,
    pending,
  }));
}

/** The oldest unacknowledged entry of each group that has some. What was acknowledged meanwhile is as far as the group has come. */
async function oldestPending(
  redis: RedisConnection,
  plans: readonly Plan[],
): Promise<ReadonlyMap<Plan, string>> {
  const waiting = plans.filter(({ pending }) => pending > 0);
  const answers = await sendAll<[string | number, string | null]>(
    redis,
    waiting.map(({ stream: key, group }) => ({
      key,
      add: (pipeline) => pipeline.xpending(key, group),
    })),
  );
  return new Map(
    waiting.flatMap((plan, i) => {
      const reply = answers[i]?.[1];
      return reply === undefined ? [] : [[plan, reply[1] ?? plan.lowest] as const];
    }),
  );
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
