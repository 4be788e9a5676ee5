import { createHash } from 'node:crypto';

import type { ChainableCommander } from 'ioredis';

import type { SeenRequests } from '../actors/ports/idempotency.ts';

/** Upper bound of the platform's documents: one day. */
const lifetimeSeconds = 24 * 60 * 60;
/** Past this the ledger is asked instead, which is always right. */
const answerTimeoutMs = 50;
/** How long a Redis that did not answer is left alone, so that it costs one request in many 50 ms and not each. */
const restMs = 1_000;
/** Writes on their way at one time; what comes on top is not remembered. */
const maxWrites = 1_000;

interface Question {
  readonly keys: readonly string[];
  readonly answer: (digests: readonly (string | null)[]) => void;
}

/** The part of ioredis that is used. */
export interface SeenStore {
  readonly status: string;
  mget(keys: string[]): Promise<(string | null)[]>;
  pipeline(): Pick<ChainableCommander, 'set' | 'exec'>;
}

/** Keys are somebody else's words of any length. One hash tag, so that a command on many stays in one slot of a cluster. */
const redisKey = (key: string) =>
  `{x-idempotency-key}:${createHash('sha256').update(key).digest('hex')}`;

/**
 * Remembers in Redis, each body's digest for 24 h. Requests that come in one turn of the event loop share one MGET. While
 * `redis` is not connected nothing was seen, and nothing is remembered: commands are never queued for it.
 */
export function redisSeenRequests(redis: SeenStore): SeenRequests {
  let questions: Question[] = [];
  let restsUntil = 0;
  let writes = 0;

  const isThere = () => redis.status === 'ready' && performance.now() >= restsUntil;

  async function ask(): Promise<void> {
    const asked = questions;
    questions = [];
    const found = await digestsIn(asked.flatMap(({ keys }) => keys));
    let from = 0;
    for (const { keys, answer } of asked) {
      const digests = found?.slice(from, from + keys.length);
      from += keys.length;
      answer(digests ?? keys.map(() => null));
    }
  }

  async function digestsIn(keys: readonly string[]): Promise<(string | null)[] | undefined> {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => {
      restsUntil = performance.now() + restMs;
      late.resolve(undefined);
    }, answerTimeoutMs);
    try {
      return await Promise.race([redis.mget(keys.map(redisKey)), late.promise]);
    } catch {
      return undefined; // It broke off: the ledger knows.
    } finally {
      clearTimeout(timer);
    }
  }

  async function write(seen: Parameters<SeenRequests['remember']>[0]): Promise<void> {
    const pipeline = redis.pipeline();
    for (const { key, digest } of seen) pipeline.set(redisKey(key), digest, 'EX', lifetimeSeconds);
    writes += 1;
    try {
      await pipeline.exec();
    } catch {
      // Not remembered, which is allowed.
    } finally {
      writes -= 1;
    }
  }

  return {
    async digestsOf(keys) {
      if (keys.length === 0 || !isThere()) return keys.map(() => null);
      const { promise, resolve } = Promise.withResolvers<readonly (string | null)[]>();
      questions.push({ keys, answer: resolve });
      if (questions.length === 1) setImmediate(() => void ask());
      return await promise;
    },
    remember(seen) {
      if (seen.length > 0 && isThere() && writes < maxWrites) void write(seen);
    },
  };
}
