import { createHash } from 'node:crypto';

/** A script as Redis runs it, and the name it keeps it by. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function scriptOf(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

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
export const take = scriptOf(`
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
    -- Not less than the rate's own time, which a long burst carries further than the queue.
    keep(queue, now + wait + longestQueue + tonumber(ARGV[2]) * pairInterval)
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
`);

/**
 * KEYS: the hold. ARGV: first, factor and longest wait, code. Answers microseconds. Many messages under way run
 * into one limit together: while a hold lasts, their answers say nothing new.
 */
export const hold = scriptOf(`
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local hold = redis.call('HMGET', KEYS[1], 'until', 'times')
local left = tonumber(hold[1] or 0) - now
if left > 0 then return math.ceil(left) end
local times = tonumber(hold[2] or 0)
local wait = math.min(tonumber(ARGV[1]) * tonumber(ARGV[2]) ^ times, tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + wait), 'times', times + 1, 'code', ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.ceil(wait / 1000) * 3 + 60000)
return math.ceil(wait)
`);
