import { createHash, createHmac } from 'node:crypto';

import { MustWait } from '../../actors/errors.ts';
import { inTime } from '../redis.ts';
import { type MetaLimit, jittered } from './errors.ts';

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
   * @throws {MustWait} with the limit that holds the longest: `pair_rate`, `throughput`, `messages_per_day`,
   *   `people_per_day`, the code of a hold; or `limiter_unavailable`, because without Redis nobody knows what was sent
   */
  take(place: Place): Promise<number>;
  /**
   * Meta said that its own limit was passed: everybody whom it is about waits, in all processes. The wait grows with
   * each time this happens again, and begins anew when it did not for some time. The limit's code is the reason told to
   * those who wait.
   *
   * @param tries how often the message in question was refused before; the wait is at least what follows from that
   * @returns the wait in milliseconds; undefined if Redis does not answer
   */
  hold(
    limit: MetaLimit & { readonly code: string },
    place: Place,
    tries: number,
  ): Promise<number | undefined>;
}

/** One hash tag, so that a script's keys share a slot of a Redis Cluster. */
const PREFIX = '{whatsapp}:limit:';
/** Of a day: what is forgotten, is forgotten a bucket at a time, and never early. */
const BUCKETS = 96;
/** Rate limits give appointments up to this far ahead. */
const QUEUE_MS = 60_000;

/**
 * All times are microseconds of Redis's clock, the only one that all processes share.
 *
 * A rate is kept by its theoretical arrival time (GCRA): at most `burst + T / interval` in any time T. Who is refused by
 * a rate gets an appointment, one interval after the last one's, so that those who wait come back at the pace at which
 * they can be served and not all at once. An appointment is no place: a newcomer may take it.
 *
 * KEYS: holds of app, number, templates, pair; rates of pair, number; day of number; people of portfolio.
 * ARGV: pair interval, pair burst, number interval, number burst, messages a day, people a day, day, buckets, queue,
 * recipient, 1 if outside. Answers { limit, microseconds to wait }, or { '', time }.
 */
const TAKE = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local day, buckets, longestQueue = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local recipient, outside = ARGV[10], ARGV[11] == '1'
local whole = function(number) return string.format('%.0f', number) end
local wait, limit, queue, queueInterval = 0, '', nil, nil

local function holds(name, us, key, interval)
  if us > wait then wait, limit, queue, queueInterval = us, name, key, interval end
end

for index = 1, 4 do
  if index ~= 3 or outside then
    local hold = redis.call('HMGET', KEYS[index], 'until', 'code')
    if hold[1] then holds(hold[2], tonumber(hold[1]) - now) end
  end
end

local function rate(name, key, interval, burst)
  local at = tonumber(redis.call('HGET', key, 'at') or now)
  -- Never further ahead than a full burst, even if the clock was set back.
  at = math.min(math.max(at, now), now + burst * interval)
  holds(name, at - (burst - 1) * interval - now, key, interval)
  return at + interval
end
local pairInterval, numberInterval = tonumber(ARGV[1]), tonumber(ARGV[3])
local pairAt = rate('pair_rate', KEYS[5], pairInterval, tonumber(ARGV[2]))
local numberAt = rate('throughput', KEYS[6], numberInterval, tonumber(ARGV[4]))

local width = math.floor(day / buckets)
local bucket = math.floor(now / width)
local sent, oldest, gone = 0, bucket, {}
local counts = redis.call('HGETALL', KEYS[7])
for index = 1, #counts, 2 do
  local each = tonumber(counts[index])
  if each < bucket - buckets then
    gone[#gone + 1] = counts[index]
  else
    sent = sent + tonumber(counts[index + 1])
    oldest = math.min(oldest, each)
  end
end
if sent >= tonumber(ARGV[5]) then
  holds('messages_per_day', (oldest + 1 + buckets) * width - now)
end

if outside then
  redis.call('ZREMRANGEBYSCORE', KEYS[8], '-inf', whole(now - day))
  if not redis.call('ZSCORE', KEYS[8], recipient)
    and redis.call('ZCARD', KEYS[8]) >= tonumber(ARGV[6]) then
    local first = redis.call('ZRANGE', KEYS[8], 0, 0, 'WITHSCORES')
    holds('people_per_day', first[2] and tonumber(first[2]) + day - now or day)
  end
end

local function keep(key, untilTime)
  redis.call('PEXPIRE', key, math.ceil((untilTime - now) / 1000) + 1000)
end

if wait > 0 then
  if queue then
    local next = tonumber(redis.call('HGET', queue, 'queue') or 0)
    next = math.min(math.max(next, now + wait), now + wait + longestQueue)
    wait = next - now
    redis.call('HSET', queue, 'queue', whole(next + queueInterval))
    keep(queue, now + wait + longestQueue)
  end
  return { limit, math.ceil(wait) }
end

redis.call('HSET', KEYS[5], 'at', whole(pairAt))
keep(KEYS[5], math.max(pairAt, tonumber(redis.call('HGET', KEYS[5], 'queue') or 0)))
redis.call('HSET', KEYS[6], 'at', whole(numberAt))
keep(KEYS[6], math.max(numberAt, tonumber(redis.call('HGET', KEYS[6], 'queue') or 0)))
if #gone > 0 then redis.call('HDEL', KEYS[7], unpack(gone)) end
redis.call('HINCRBY', KEYS[7], whole(bucket), 1)
keep(KEYS[7], now + day + 2 * width)
if outside then
  redis.call('ZADD', KEYS[8], 'GT', whole(now), recipient)
  keep(KEYS[8], now + day)
end
return { '', now }
`;

/**
 * KEYS: the hold. ARGV: first, factor and longest wait, tries, code. Answers microseconds. Many messages under way run
 * into one limit together: while a hold lasts, their answers say nothing new.
 */
const HOLD = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local hold = redis.call('HMGET', KEYS[1], 'until', 'times')
local left = tonumber(hold[1] or 0) - now
if left > 0 then return math.ceil(left) end
local times = math.max(tonumber(hold[2] or 0), tonumber(ARGV[4]))
local wait = math.min(tonumber(ARGV[1]) * tonumber(ARGV[2]) ^ times, tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait), 'times', times + 1, 'code', ARGV[5])
redis.call('PEXPIRE', KEYS[1], math.ceil(wait / 1000) * 3 + 60000)
return math.ceil(wait)
`;

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
        throw new MustWait('whatsapp', 'limiter_unavailable', 1_000 + Math.floor(500 * random()));
      }
      const [limit, us] = taken.answer as [string, number];
      if (limit === '') return us / 1_000;
      throw new MustWait('whatsapp', limit, jittered(us / 1_000, random));
    },
    async hold({ scope, firstMs, factor, maxMs, code }, place, tries) {
      const args = [firstMs * 1_000, factor, maxMs * 1_000, tries].map(String);
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

interface Script {
  readonly text: string;
  readonly sha: string;
}

const take = scriptOf(TAKE);
const hold = scriptOf(HOLD);

function scriptOf(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
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
