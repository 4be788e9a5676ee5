import { createHash } from 'node:crypto';

import { Gauge, type Registry } from 'prom-client';
import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type Deferred,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, jsonOf, parsed } from '../http.ts';
import { inTime } from '../redis.ts';
import { type IssuedToken, type TokenStore, tokenCache } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';
import { deadTokenReason, tokenDead, whatsappError } from './errors.ts';

/** Introduced 2026-07-29. @see https://developers.facebook.com/docs/graph-api/changelog */
export const GRAPH_VERSION = 'v26.0';

const KEY = 'whatsapp:access_token';
/** Upper bound set by the platform. */
const MAX_LIFETIME_MS = 60 * 60 * 1_000;
const REFRESH_AHEAD_MS = 5 * 60 * 1_000;
const MARGIN_MS = 60 * 1_000;
/** A hash from the fingerprint of each dead token to when it may be tried again, in epoch milliseconds, or 0 for never. */
const DEAD_KEY = 'whatsapp:token_dead';
/** What the next exchange starts from: an hour without messages must not cost us a token of 60 days. */
const LONG_LIVED_KEY = 'whatsapp:long_lived_token';
/** A permission can be given to a token that exists, and an answer without a code may be some proxy's. */
const DEAD_FOR_MS = 60 * 60 * 1_000;
/** What could not be exchanged is used as it is, and the exchange is tried again after about this time. */
const UNEXCHANGED_MS = 10 * 60 * 1_000;

/** The part of ioredis that is used. */
export interface WhatsappTokenStore extends TokenStore {
  get(key: string): Promise<string | null>;
  hget(key: string, field: string): Promise<string | null>;
  hset(key: string, field: string, value: string): Promise<unknown>;
}

export interface WhatsappTokenOptions {
  /** `https://graph.facebook.com`, without the version. */
  readonly baseUrl: string;
  /** A system user's, which does not expire; with `app`, any token to begin with. */
  readonly accessToken: string;
  /** With it the token is exchanged for one of 60 days, again and again. */
  readonly app?: { readonly id: string; readonly secret: string } | undefined;
  readonly redis: WhatsappTokenStore;
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall' | 'registry' | 'log'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Access to Meta's Graph for all our processes. The token is neither logged nor part of an error. */
export interface WhatsappTokens {
  /**
   * A token that Meta has not refused yet.
   *
   * @throws {Deferred} `token_dead`: a person must renew it
   * @throws {ProviderBusy} none could be had in time; nothing was sent
   */
  get(signal: AbortSignal): Promise<string>;
  /**
   * Meta refused this token, by `deadTokenReason`: no process uses it again, and staff are alerted by
   * `whatsapp_token_dead`. After a missing permission (3, 10, 200 to 299) it is tried again once an hour, since the same token may
   * be given it; after any other code only another token helps.
   *
   * @returns what to throw
   */
  refused(token: string, reason: string): Promise<Deferred>;
}

const Exchanged = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  // Meta leaves it out for tokens that do not expire.
  expires_in: v.optional(v.pipe(v.number(), v.minValue(1))),
});

/**
 * The access token under `whatsapp:access_token`, with the fingerprint of the configured one before it: who is
 * configured with another token does not take it, so a rotation takes effect at once.
 *
 * @see https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
 */
export function whatsappTokens(options: WhatsappTokenOptions): WhatsappTokens {
  const { baseUrl, accessToken, app, redis, encryption, dispatcher, telemetry, now } = options;
  const origin = `${fingerprintOf(accessToken)}:`;
  const dead = new Map<string, number>();
  const alarmed = new Set<string>();
  const gauge = deadGauge(telemetry.registry);

  function isPast(untilMs: number): boolean {
    return untilMs !== 0 && untilMs <= now();
  }

  async function isDead(token: string): Promise<boolean> {
    const fingerprint = fingerprintOf(token);
    const here = dead.get(fingerprint);
    if (here !== undefined && !isPast(here)) return true;
    const read = await inTime(() => redis.hget(DEAD_KEY, fingerprint));
    if (read === undefined || read.answer === null) return false;
    const untilMs = Number(read.answer);
    if (isPast(untilMs)) return false;
    dead.set(fingerprint, untilMs);
    alarm(fingerprint, 'known_dead');
    return true;
  }

  async function bury(token: string, reason: string): Promise<void> {
    const fingerprint = fingerprintOf(token);
    const forever = reason === '0' || reason === '190';
    const untilMs = forever ? 0 : now() + DEAD_FOR_MS;
    dead.set(fingerprint, untilMs);
    alarm(fingerprint, reason);
    await inTime(() => redis.hset(DEAD_KEY, fingerprint, String(untilMs)));
  }

  /** Says it once; the gauge says it all the time. */
  function alarm(fingerprint: string, code: string): void {
    gauge.set(1);
    if (alarmed.has(fingerprint)) return;
    alarmed.add(fingerprint);
    telemetry.log('error', 'whatsapp_token_dead', { provider: 'whatsapp', code });
  }

  function noneLeft(): Deferred {
    gauge.set(1);
    return tokenDead();
  }

  /** Never fails for the exchange alone: its endpoint may be away while the token is as good as ever. */
  async function issue(signal: AbortSignal): Promise<IssuedToken> {
    if (!app) {
      if (await isDead(accessToken)) throw noneLeft();
      return issuedAs(accessToken, Infinity);
    }
    for (const token of [await longLived(), accessToken]) {
      if (token === undefined || (await isDead(token))) continue;
      const issued = await exchanged(token, app, signal);
      if (issued) return issued;
    }
    throw noneLeft();
  }

  function issuedAs(token: string, expiresInMs: number): IssuedToken {
    return { token: origin + token, expiresInMs };
  }

  async function longLived(): Promise<string | undefined> {
    const encrypted = (await inTime(() => redis.get(LONG_LIVED_KEY)))?.answer;
    const kept = encrypted == null ? null : encryption.decrypt(LONG_LIVED_KEY, encrypted);
    return kept?.startsWith(origin) ? kept.slice(origin.length) : undefined;
  }

  /** Undefined if the token turned out to be dead. */
  async function exchanged(
    token: string,
    { id, secret }: { readonly id: string; readonly secret: string },
    signal: AbortSignal,
  ): Promise<IssuedToken | undefined> {
    const query = new URLSearchParams({
      grant_type: 'fb_exchange_token',
      client_id: id,
      client_secret: secret,
      fb_exchange_token: token,
    });
    try {
      const exchanged = await telemetry.integrationCall('whatsapp', async () => {
        const answer = await exchange({
          provider: 'whatsapp',
          dispatcher,
          baseUrl,
          path: `/${GRAPH_VERSION}/oauth/access_token?${query.toString()}`,
          method: 'GET',
          headers: {},
          signal,
        });
        if (answer.status === 200)
          return parsed('whatsapp', Exchanged, jsonOf('whatsapp', answer.text));
        const reason = deadTokenReason(answer);
        if (reason !== undefined) throw new ProviderCredentialsRefused('whatsapp', reason);
        throw whatsappError(answer, 0);
      });
      const { access_token: fresh, expires_in: seconds } = exchanged;
      if (await isDead(fresh)) return undefined;
      await keepLongLived(fresh, seconds);
      return issuedAs(fresh, seconds === undefined ? Infinity : seconds * 1_000);
    } catch (error) {
      if (error instanceof ProviderCredentialsRefused) {
        await bury(token, error.reason);
        return undefined;
      }
      // By name and code only: the secret is in the query, and what an HTTP client puts in its messages is not ours.
      telemetry.log('warn', 'whatsapp_token_not_exchanged', { provider: 'whatsapp' }, error);
      return issuedAs(token, UNEXCHANGED_MS + MARGIN_MS);
    }
  }

  async function keepLongLived(token: string, seconds: number | undefined): Promise<void> {
    const keepMs = (seconds ?? 60 * 24 * 60 * 60) * 1_000 - MARGIN_MS;
    if (keepMs <= 0) return;
    const encrypted = encryption.encrypt(LONG_LIVED_KEY, origin + token);
    await inTime(() => redis.set(LONG_LIVED_KEY, encrypted, 'PX', keepMs));
  }

  const cache = tokenCache({
    provider: 'whatsapp',
    redis,
    encryption,
    key: KEY,
    maxLifetimeMs: MAX_LIFETIME_MS,
    marginMs: MARGIN_MS,
    refreshAheadMs: REFRESH_AHEAD_MS,
    accepts: (stored) => stored.startsWith(origin),
    fetch: issue,
  });

  async function cached(signal: AbortSignal): Promise<string> {
    try {
      return await cache.get(signal);
    } catch (error) {
      // The token is not the message: whatever happened here, nothing was sent.
      if (!(error instanceof ProviderUnreachable)) throw error;
      throw new ProviderBusy('whatsapp', 'token_pending');
    }
  }

  return {
    async get(signal) {
      let stored = await cached(signal);
      if (await isDead(stored.slice(origin.length))) {
        await cache.forget(stored);
        stored = await cached(signal); // The exchange or the configuration may have another one.
      }
      const token = stored.slice(origin.length);
      if (await isDead(token)) throw noneLeft();
      gauge.set(0);
      return token;
    },
    async refused(token, reason) {
      await bury(token, reason);
      await cache.forget(origin + token);
      return tokenDead();
    },
  };
}

/** Enough to tell tokens apart, and nothing of the token: it has far more entropy than could be guessed. */
function fingerprintOf(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

function deadGauge(registry: Registry): Gauge {
  const name = 'whatsapp_token_dead';
  const known = registry.getSingleMetric(name);
  if (known) return known as Gauge;
  return new Gauge({
    name,
    help: '1 while Meta refuses our access token, so that messages wait for a person to renew it',
    registers: [registry],
  });
}
