import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { ProviderBusy } from '../actors/errors.ts';
import { inTime } from './redis.ts';
import type { TokenEncryption } from './token-encryption.ts';

/** The part of ioredis that is used. */
export interface TokenStore {
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
  readonly encryption: TokenEncryption;
  /** Where all processes find it, e.g. `amadeus:token`. */
  readonly key: string;
  /** The platform's upper bound on keeping it. */
  readonly maxLifetimeMs: number;
  /** Taken off the provider's own expiry, so that a token does not die on its way there. */
  readonly marginMs: number;
  /** How long one process may take to fetch a token before another one tries. */
  readonly fetchTimeoutMs?: number;
  /**
   * A caller that comes in this last part of a token's life still gets it, and has one process fetch the next one
   * meanwhile. Not if absent.
   */
  readonly refreshAheadMs?: number;
  /** Whether a token found in Redis is of use to this process; if not, it is as if there were none. Always if absent. */
  readonly accepts?: (token: string) => boolean;
  /** Asks the provider for a new token. Called by one process at a time, as far as Redis is up. */
  readonly fetch: (signal: AbortSignal) => Promise<IssuedToken>;
}

export interface TokenCache {
  /**
   * A token that was valid when it was cached. Concurrent callers, here and in other processes, share one fetch.
   * Near the end of a token's life the fetch runs while callers go on with the old one.
   *
   * @throws {ProviderBusy} another process did not get one in time
   * @throws what `fetch` throws
   */
  get(signal: AbortSignal): Promise<string>;
  /** Forgets this token, unless a newer one has taken its place: so many callers that met a 401 cause one fetch. */
  forget(token: string): Promise<void>;
}

/** A key's value, and how many milliseconds it has left; `false` and -2 if there is none. */
const READ = `return { redis.call('get', KEYS[1]), redis.call('pttl', KEYS[1]) }`;
/** Deletes a key if it still holds what we think it does. */
const DELETE_IF_EQUAL = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

const POLL_MS = 25;
/** After a refresh that failed, with the old token still good. */
const REFRESH_AGAIN_MS = 10_000;

/**
 * Keeps a provider's access token in Redis, where every process finds it. While Redis is away each process fetches
 * and keeps its own, so an outage of Redis stops no call. In Redis it lies encrypted, and one that can't be read is as if there
 * were none. The token is neither logged nor part of an error.
 */
export function tokenCache(options: TokenCacheOptions): TokenCache {
  const { provider, redis, encryption, key, maxLifetimeMs, marginMs, fetch } = options;
  const { fetchTimeoutMs = 10_000, refreshAheadMs = 0, accepts = () => true } = options;
  const lockKey = `${key}:lock`;
  let pending: Promise<string> | undefined;
  let own: { readonly token: string; readonly until: number } | undefined;
  let refreshing = false;
  let refreshFrom = 0;

  /** Undefined when Redis did not answer; without a token when there is none, or one that we do not accept. */
  async function stored() {
    const read = await inTime(() => redis.eval(READ, 1, key));
    if (!read) return undefined;
    const [encrypted, leftMs] = read.answer as [string | null, number];
    const token = encrypted === null ? null : encryption.decrypt(key, encrypted);
    const accepted = token !== null && accepts(token);
    return {
      token: accepted ? token : undefined,
      foreign: encrypted !== null && !accepted,
      encrypted,
      leftMs,
    };
  }

  function ownToken(): string | undefined {
    return own && own.until > performance.now() ? own.token : undefined;
  }

  async function fetchAndKeep(): Promise<string> {
    const { token, expiresInMs } = await fetch(AbortSignal.timeout(fetchTimeoutMs));
    const keepMs = Math.floor(Math.min(maxLifetimeMs, expiresInMs - marginMs));
    if (keepMs > 0) {
      own = { token, until: performance.now() + keepMs };
      await inTime(() => redis.set(key, encryption.encrypt(key, token), 'PX', keepMs));
    }
    return token;
  }

  /** Undefined when another process has the lock, or Redis did not answer. */
  async function locked<T>(work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    const lock = randomUUID();
    const taken = await inTime(() => redis.set(lockKey, lock, 'PX', fetchTimeoutMs, 'NX'));
    if (taken?.answer !== 'OK') return undefined;
    try {
      return { done: await work() };
    } finally {
      await inTime(() => redis.eval(DELETE_IF_EQUAL, 1, lockKey, lock));
    }
  }

  async function find(): Promise<string> {
    const giveUpAt = performance.now() + 2 * fetchTimeoutMs;
    while (performance.now() < giveUpAt) {
      const found = await stored();
      if (!found) return ownToken() ?? (await fetchAndKeep());
      // Two processes that do not accept each other's tokens would otherwise replace them at every call.
      const mine = found.foreign ? ownToken() : undefined;
      if (mine !== undefined) return mine;
      if (found.token !== undefined) {
        if (found.leftMs < refreshAheadMs) void refresh();
        return found.token;
      }
      // Its last holder may have stored a token between our two commands.
      const first = await locked(async () => (await stored())?.token ?? (await fetchAndKeep()));
      if (first) return first.done;
      await sleep(POLL_MS);
    }
    throw new ProviderBusy(provider, 'token_pending');
  }

  /** Never rejects: while the old token lives a failure hurts nobody, and after that `find` reports it. */
  async function refresh(): Promise<void> {
    if (refreshing || performance.now() < refreshFrom) return;
    refreshing = true;
    try {
      await locked(async () => {
        const found = await stored();
        if (found?.token !== undefined && found.leftMs < refreshAheadMs) await fetchAndKeep();
      });
    } catch {
      refreshFrom = performance.now() + REFRESH_AGAIN_MS;
    } finally {
      refreshing = false;
    }
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
      // One token is encrypted differently each time, so what lies there has to be looked at.
      const found = await stored();
      const encrypted = found?.encrypted;
      if (encrypted == null || encryption.decrypt(key, encrypted) !== token) return;
      await inTime(() => redis.eval(DELETE_IF_EQUAL, 1, key, encrypted));
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
