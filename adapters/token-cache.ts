import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { ProviderBusy } from '../actors/errors.ts';

/** The part of ioredis that is used. */
export interface TokenStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, px: 'PX', milliseconds: number): Promise<unknown>;
  set(key: string, value: string, px: 'PX', milliseconds: number, nx: 'NX'): Promise<string | null>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

export interface IssuedToken {
  readonly token: string;
  /** As the provider says. */
  readonly expiresInMs: number;
}

export interface TokenCacheOptions {
  readonly provider: string;
  readonly redis: TokenStore;
  /** Where all processes find it, e.g. `amadeus:token`. */
  readonly key: string;
  /** The platform's upper bound on keeping it. */
  readonly maxLifetimeMs: number;
  /** Taken off the provider's own expiry, so that a token does not die on its way there. */
  readonly marginMs: number;
  /** How long one process may take to fetch a token before another one tries. */
  readonly fetchTimeoutMs?: number;
  /** Asks the provider for a new token. Called by one process at a time, as far as Redis is up. */
  readonly fetch: (signal: AbortSignal) => Promise<IssuedToken>;
}

export interface TokenCache {
  /**
   * A token that was valid when it was cached. Concurrent callers, here and in other processes, share one fetch.
   *
   * @throws {ProviderBusy} another process did not get one in time
   * @throws what `fetch` throws
   */
  get(signal: AbortSignal): Promise<string>;
  /** Forgets this token, unless a newer one has taken its place: so many callers that met a 401 cause one fetch. */
  forget(token: string): Promise<void>;
}

/** Deletes a key if it still holds what we think it does. */
const DELETE_IF_EQUAL = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** Redis is a convenience here: past this we go on without it. */
const REDIS_TIMEOUT_MS = 500;
const POLL_MS = 25;

/**
 * Keeps a provider's access token in Redis, where every process finds it. While Redis is away each process fetches
 * and keeps its own, so an outage of Redis stops no call. The token is neither logged nor part of an error.
 */
export function tokenCache(options: TokenCacheOptions): TokenCache {
  const { provider, redis, key, maxLifetimeMs, marginMs, fetchTimeoutMs = 10_000, fetch } = options;
  const lockKey = `${key}:lock`;
  let pending: Promise<string> | undefined;
  let own: { readonly token: string; readonly until: number } | undefined;

  /** Undefined when Redis did not answer. */
  async function ask<T>(command: () => Promise<T>): Promise<{ readonly answer: T } | undefined> {
    const late = new AbortController();
    try {
      return await Promise.race([
        command().then((answer) => ({ answer })),
        sleep(REDIS_TIMEOUT_MS, undefined, { signal: late.signal, ref: false }),
      ]);
    } catch {
      return undefined;
    } finally {
      late.abort();
    }
  }

  async function fetchAndKeep(): Promise<string> {
    const { token, expiresInMs } = await fetch(AbortSignal.timeout(fetchTimeoutMs));
    const keepMs = Math.floor(Math.min(maxLifetimeMs, expiresInMs - marginMs));
    if (keepMs > 0) {
      own = { token, until: performance.now() + keepMs };
      await ask(() => redis.set(key, token, 'PX', keepMs));
    }
    return token;
  }

  async function find(): Promise<string> {
    const giveUpAt = performance.now() + 2 * fetchTimeoutMs;
    const lock = randomUUID();
    while (performance.now() < giveUpAt) {
      const found = await ask(() => redis.get(key));
      if (!found) return own && own.until > performance.now() ? own.token : fetchAndKeep();
      if (found.answer !== null) return found.answer;

      const locked = await ask(() => redis.set(lockKey, lock, 'PX', fetchTimeoutMs, 'NX'));
      if (locked?.answer === 'OK') {
        try {
          // Its last holder may have stored a token between our two commands.
          const stored = await ask(() => redis.get(key));
          return stored?.answer ?? (await fetchAndKeep());
        } finally {
          await ask(() => redis.eval(DELETE_IF_EQUAL, 1, lockKey, lock));
        }
      }
      await sleep(POLL_MS);
    }
    throw new ProviderBusy(provider, 'token_pending');
  }

  return {
    async get(signal) {
      // Not bound to this caller's signal: others wait for the same promise.
      pending ??= find().finally(() => {
        pending = undefined;
      });
      return await settledOrAborted(pending, signal, provider);
    },
    async forget(token) {
      if (own?.token === token) own = undefined;
      await ask(() => redis.eval(DELETE_IF_EQUAL, 1, key, token));
    },
  };
}

async function settledOrAborted<T>(
  wanted: Promise<T>,
  signal: AbortSignal,
  provider: string,
): Promise<T> {
  if (signal.aborted) {
    wanted.catch(() => {}); // Another caller's, or nobody's.
    throw new ProviderBusy(provider, 'not_sent');
  }
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new ProviderBusy(provider, 'token_pending'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([wanted, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
