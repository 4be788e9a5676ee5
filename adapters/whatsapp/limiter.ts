import { createHmac } from 'node:crypto';

import { Deferred } from '../../actors/errors.ts';
import { inTime } from '../redis.ts';
import { type MetaLimit, jittered } from './errors.ts';
import { type Script, hold, take } from './limiter-scripts.ts';

/** The part of ioredis that is used. */
export interface LimiterStore {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

/** How much is sent at most. Meta's own numbers depend on the account: the verified and the large may have more. */
export interface WhatsappLimits {
  /** One message in this time to one person, in the long run. Meta: 6 s. */
  readonly pairIntervalMs: number;
  /** That many at once to one person, borrowed from the time that follows. Meta: 45. */
  readonly pairBurst: number;
  /** Of one number, in any second. Meta: 80, for a number that an app on a telephone uses too 20. */
  readonly perSecond: number;
  /** Of one number, in any 24 h. The platform's own limit. */
  readonly messagesPerDay: number;
  /** People written to outside a window, by all numbers of a portfolio together, in any 24 h. Meta: 250, 2,000, … */
  readonly peoplePerDay: number;
  /** What counts as 24 h. */
  readonly dayMs: number;
}

/** For a new account. The burst is far below Meta's 45, so that a retry or a second system finds some left. */
export const whatsappLimits: WhatsappLimits = {
  pairIntervalMs: 6_000,
  pairBurst: 10,
  perSecond: 80,
  messagesPerDay: 1_000,
  peoplePerDay: 250,
  dayMs: 24 * 60 * 60 * 1_000,
};

export interface LimiterOptions {
  readonly redis: LimiterStore;
  /** What is not given is as in `whatsappLimits`. */
  readonly limits?: Partial<WhatsappLimits> | undefined;
  /** Turns people and numbers into what Redis may see of them. The same in all processes, or they count apart. */
  readonly recipientKey: Uint8Array;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Whose limits a message counts against. */
export interface Place {
  /** The id of the number it is sent from. */
  readonly number: string;
  /** All numbers that share Meta's limit on people. */
  readonly portfolio: string;
  /** The phone number or user id it is sent to. */
  readonly recipient: string;
  /** Whether it is a template to somebody outside the 24 h window. */
  readonly outside: boolean;
}

export interface Limiter {
  /**
   * Takes one message's place from every limit, or from none. It is not given back: Meta counts what it refuses, too.
   *
   * @returns when, in milliseconds by Redis's clock
   * @throws {Deferred} with the limit that holds the longest: `pair_rate`, `throughput`, `messages_per_day`,
   *   `people_per_day`, the code of a hold; or `limiter_unavailable`, because without Redis nobody knows what was sent
   */
  take(place: Place): Promise<number>;
  /**
   * Meta said that its own limit was passed: everybody whom it is about waits, in all processes. The wait grows with
   * each time this happens again, and begins anew when it did not for some time. It does not grow with the tries of
   * one message, most of which were none: after a weekend without a token the first limit would hold everybody longest.
   * The limit's code is the reason told to those who wait.
   *
   * @returns the wait in milliseconds; undefined if Redis does not answer
   */
  hold(limit: MetaLimit & { readonly code: string }, place: Place): Promise<number | undefined>;
}

/** One hash tag, so that a script's keys share a slot of a Redis Cluster. */
const PREFIX = '{whatsapp}:limit:';
/** Of a day: what is forgotten, is forgotten a bucket at a time, and never early. */
const BUCKETS = 96;
/** Rate limits give appointments up to this far ahead. */
const QUEUE_MS = 60_000;

/** Keeps Meta's limits, and our own, for all processes together. */
export function whatsappLimiter(options: LimiterOptions): Limiter {
  const { redis, recipientKey, random } = options;
  const limits = { ...whatsappLimits, ...options.limits };
  const { burst, intervalUs } = throughputOf(limits.perSecond);
  const numbers = [
    limits.pairIntervalMs * 1_000,
    limits.pairBurst,
    intervalUs,
    burst,
    limits.messagesPerDay,
    limits.peoplePerDay,
    limits.dayMs * 1_000,
    BUCKETS,
    QUEUE_MS * 1_000,
  ].map(String);

  function digest(kind: string, ...names: readonly string[]): string {
    const text = JSON.stringify([kind, ...names]);
    return createHmac('sha256', recipientKey).update(text).digest('base64url').slice(0, 22);
  }

  function keysOf({ number, portfolio, recipient }: Place) {
    const sender = digest('number', number);
    const pair = digest('pair', number, recipient);
    return {
      holds: {
        app: `${PREFIX}hold:app`,
        number: `${PREFIX}hold:number:${sender}`,
        templates: `${PREFIX}hold:templates:${sender}`,
        pair: `${PREFIX}hold:pair:${pair}`,
      },
      pair: `${PREFIX}pair:${pair}`,
      number: `${PREFIX}number:${sender}`,
      day: `${PREFIX}day:${sender}`,
      people: `${PREFIX}people:${digest('portfolio', portfolio)}`,
    };
  }

  return {
    async take(place) {
      const { holds, pair, number, day, people } = keysOf(place);
      const keys = [
        holds.app,
        holds.number,
        holds.templates,
        holds.pair,
        pair,
        number,
        day,
        people,
      ];
      const recipient = digest('person', place.recipient);
      const args = [...numbers, recipient, place.outside ? '1' : '0'];
      const taken = await run(redis, take, keys, args);
      if (!taken) {
        throw new Deferred('whatsapp', 'limiter_unavailable', 1_000 + Math.floor(500 * random()));
      }
      const [limit, us] = taken.answer as [string, number];
      if (limit === '') return us / 1_000;
      throw new Deferred('whatsapp', limit, jittered(us / 1_000, random));
    },
    async hold({ scope, firstMs, factor, maxMs, code }, place) {
      const args = [firstMs * 1_000, factor, maxMs * 1_000].map(String);
      const held = await run(redis, hold, [keysOf(place).holds[scope]], [...args, code]);
      return held && (held.answer as number) / 1_000;
    },
  };
}

/**
 * `burst + rate` is a fraction less than Meta's limit (70 of 80): what is granted in a little more than a second (1.16 s)
 * may arrive there within one.
 */
function throughputOf(perSecond: number): { burst: number; intervalUs: number } {
  const burst = Math.max(1, Math.floor(perSecond / 8));
  const rate = Math.max(perSecond - 2 * burst, perSecond / 2);
  return { burst, intervalUs: Math.ceil(1_000_000 / rate) };
}

/** Undefined when Redis did not answer. One that has just started does not know the script yet. */
async function run(
  redis: LimiterStore,
  { text, sha }: Script,
  keys: readonly string[],
  args: readonly string[],
): Promise<{ readonly answer: unknown } | undefined> {
  return await inTime(async () => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return await redis.eval(text, keys.length, ...keys, ...args);
    }
  });
}
