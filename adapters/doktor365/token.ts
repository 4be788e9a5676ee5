import type { Dispatcher } from 'undici';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { sendJson } from '../http.ts';
import { type IssuedToken, type TokenCache, type TokenStore, tokenCache } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';
import { contract } from './contract.ts';

/** Ours, as no bound is known: as long as Amadeus's. Doktor365's own `expires_in` wins where it is shorter. */
const MAX_LIFETIME_MS = 55 * 60 * 1_000;
const MARGIN_MS = 60 * 1_000;
/** Less than an attempt of `doktor365Policy`, so that who waits for a token learns why there is none. */
const FETCH_TIMEOUT_MS = 5_000;

const { issueToken } = contract.operations;

/** A tenant's own client at Doktor365. */
export interface Doktor365Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Doktor365TokenOptions {
  readonly baseUrl: string;
  /** Asked at every new token, so a rotated secret is used from then on. Undefined for a tenant without Doktor365. */
  readonly credentialsOf: (tenant: string) => Doktor365Credentials | undefined;
  readonly redis: TokenStore;
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** Access of each tenant. A token is neither logged nor part of an error. */
export interface Doktor365Tokens {
  /**
   * @throws {ProviderCredentialsRefused} the tenant has none (`no_credentials`), or Doktor365 refuses them
   * @throws {ProviderBusy} no token could be had in time; nothing was sent
   */
  get(tenant: string, signal: AbortSignal): Promise<string>;
  /** A token that was refused is not used again, here or in other processes. */
  forget(tenant: string, token: string): Promise<void>;
}

/** Access tokens by OAuth 2 client credentials, shared by all processes under `d365:token:{tenant}`. */
export function doktor365Tokens(options: Doktor365TokenOptions): Doktor365Tokens {
  const { credentialsOf, redis, encryption } = options;
  const caches = new Map<string, TokenCache>();

  function cacheOf(tenant: string): TokenCache {
    const known = caches.get(tenant);
    if (known) return known;
    // Before there is a cache: no more of them than tenants, whatever we are asked for.
    mustHave(credentialsOf(tenant));
    const cache = tokenCache({
      provider: 'doktor365',
      redis,
      encryption,
      key: `d365:token:${tenant}`,
      maxLifetimeMs: MAX_LIFETIME_MS,
      marginMs: MARGIN_MS,
      fetchTimeoutMs: FETCH_TIMEOUT_MS,
      fetch: (signal) => issue(options, mustHave(credentialsOf(tenant)), signal),
    });
    caches.set(tenant, cache);
    return cache;
  }

  return {
    async get(tenant, signal) {
      try {
        return await cacheOf(tenant).get(signal);
      } catch (error) {
        // In doubt is only whether there is a token: what it was wanted for has certainly not been sent.
        if (!(error instanceof ProviderUnreachable)) throw error;
        throw new ProviderBusy('doktor365', 'token_pending', undefined, { cause: error });
      }
    },
    forget: (tenant, token) => cacheOf(tenant).forget(token),
  };
}

function mustHave(credentials: Doktor365Credentials | undefined): Doktor365Credentials {
  if (!credentials) throw new ProviderCredentialsRefused('doktor365', 'no_credentials');
  return credentials;
}

function issue(
  { baseUrl, dispatcher, telemetry }: Doktor365TokenOptions,
  { clientId, clientSecret }: Doktor365Credentials,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  };
  const fault = issueToken.requestFault({ path: {}, headers: {}, body: form });
  if (fault !== null) throw new ProviderCredentialsRefused('doktor365', `unsendable:${fault}`);
  return telemetry.integrationCall('doktor365', async () => {
    const { status, json } = await sendJson({
      provider: 'doktor365',
      dispatcher,
      baseUrl,
      path: issueToken.path,
      method: issueToken.method,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      signal,
    });
    if (issueToken.responseFault(status, json) !== null) {
      throw new ProviderUnreachable('doktor365', 'unexpected_body');
    }
    if (status !== 200) {
      throw new ProviderCredentialsRefused('doktor365', (json as { error: string }).error);
    }
    const { access_token, expires_in } = json as { access_token: string; expires_in: number };
    return { token: access_token, expiresInMs: expires_in * 1_000 };
  });
}
