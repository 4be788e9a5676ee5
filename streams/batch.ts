import type { ChainableCommander } from 'ioredis';

import type { RedisConnection } from './connection.ts';

/** A command on one key, for a batch. */
export interface Command {
  readonly key: string;
  readonly add: (pipeline: ChainableCommander) => unknown;
}

export type Answer<T> =
  | readonly [error: Error, reply: undefined]
  | readonly [error: null, reply: T];

/**
 * Sends many commands in one round trip, or in one for each slot where Redis is a cluster. Answers each command's error
 * or reply, in their order; never rejects.
 */
export async function sendAll<T = unknown>(
  { client, isCluster }: RedisConnection,
  commands: readonly Command[],
): Promise<Answer<T>[]> {
  if (commands.length === 0) return [];
  const answers: Answer<T>[] = [];
  const send = async (ordinals: readonly number[]) => {
    const pipeline = client.pipeline();
    for (const ordinal of ordinals) commands[ordinal]!.add(pipeline);
    const replies = await pipeline.exec().catch((error: Error) => error);
    for (const [i, ordinal] of ordinals.entries()) {
      const [error, reply] = Array.isArray(replies)
        ? (replies[i] ?? [new Error('No answer', { cause: commands[ordinal]!.key })])
        : [replies ?? new Error('No answer')];
      answers[ordinal] = error ? [error, undefined] : [null, reply as T];
    }
  };
  const all = commands.map((_, ordinal) => ordinal);
  if (!isCluster) await send(all);
  else {
    const bySlot = Map.groupBy(all, (ordinal) => hashTagOf(commands[ordinal]!.key));
    await Promise.all([...bySlot.values()].map(send));
  }
  return answers;
}

/**
 * The part of a key that decides about its slot. Keys with the same are in one slot.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
 */
export function hashTagOf(key: string): string {
  return /\{([^}]+)\}/.exec(key)?.[1] ?? key;
}
