import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import { ProviderCredentialsRefused } from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { parsed, sendJson } from '../http.ts';
import { type TokenCache, type TokenStore, tokenCache } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';

/** Upper bound set by the platform. Amadeus says 1799 s itself, and that wins. */
const MAX_LIFETIME_MS = 55 * 60 * 1_000;
const MARGIN_MS = 60 * 1_000;

export interface AmadeusTokenOptions {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redis: TokenStore;
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

const Issued = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  expires_in: v.pipe(v.number(), v.minValue(1)),
});
/** The token endpoint's errors have a shape of their own; `error` is OAuth's word, `code` Amadeus's (38187: client). */
const NotIssued = v.object({ error: v.string() });

/**
 * Access tokens by OAuth 2 client credentials, shared by all processes under `amadeus:token`.
 *
 * @see https://developers.amadeus.com/self-service/apis-docs/guides/developer-guides/API-Keys/authorization/
 */
export function amadeusToken(options: AmadeusTokenOptions): TokenCache {
  const { baseUrl, clientId, clientSecret, redis, encryption, dispatcher, telemetry } = options;
  return tokenCache({
    provider: 'amadeus',
    redis,
    encryption,
    key: 'amadeus:token',
    maxLifetimeMs: MAX_LIFETIME_MS,
    marginMs: MARGIN_MS,
    fetch: (signal) =>
      telemetry.integrationCall('amadeus', async () => {
        const { status, json } = await sendJson({
          provider: 'amadeus',
          dispatcher,
          baseUrl,
          path: '/v1/security/oauth2/token',
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: clientId,
            client_secret: clientSecret,
          }).toString(),
          signal,
        });
        if (status >= 400) {
          throw new ProviderCredentialsRefused('amadeus', parsed('amadeus', NotIssued, json).error);
        }
        const issued = parsed('amadeus', Issued, json);
        return { token: issued.access_token, expiresInMs: issued.expires_in * 1_000 };
      }),
  });
}
