import { randomUUID } from 'node:crypto';

import { type JWK, SignJWT, importJWK } from 'jose';
import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { parsed, sendJson } from '../http.ts';
import { type IssuedToken, type TokenCache, type TokenStore, tokenCache } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';
import { missingScopes } from './scopes.ts';

/** Upper bound of ours; SMART's servers say 300 s or less themselves, and that wins. */
const MAX_LIFETIME_MS = 55 * 60 * 1_000;
const MARGIN_MS = 30 * 1_000;
const REFRESH_AHEAD_MS = 60 * 1_000;
/** Of an answer that does not say how long its token lives; SMART's own advice. */
const USUAL_SECONDS = 300;
/** SMART allows 5 min; the rest is for a server whose clock is behind ours. */
const ASSERTION_SECONDS = 4 * 60;

/** What we read, in SMART's v2 syntax. */
export const clinicalScopes: readonly string[] = [
  'system/Patient.rs',
  'system/Observation.rs',
  'system/ImagingStudy.rs',
  'system/Endpoint.rs',
];

/** A private key as a JWK: RSA signs RS384, a P-384 curve ES384. Its public half is registered with the server under `kid`. */
export type SigningKey = JWK & { readonly kid: string };

interface Client {
  readonly clientId: string;
  /** Wanted, and insisted on; `clinicalScopes` if absent. */
  readonly scopes?: readonly string[];
  /** Discovered from the server's `.well-known/smart-configuration` if absent. */
  readonly tokenUrl?: string;
}

/** How we prove who we are. `none` is for a server in a closed network: HAPI's starter knows no other way. */
export type FhirAuth =
  | { readonly kind: 'none' }
  /** OAuth 2 client credentials, the secret in a Basic header or in the form. */
  | (Client & {
      readonly kind: 'secret';
      readonly clientSecret: string;
      readonly sentIn: 'basic' | 'body';
    })
  /** SMART Backend Services; the first key whose algorithm the server takes signs. */
  | (Client & { readonly kind: 'signed'; readonly keys: readonly SigningKey[] });

export interface FhirTokenOptions {
  readonly tenant: string;
  /** The FHIR server's, e.g. `https://clinic.example/fhir`. */
  readonly baseUrl: string;
  readonly auth: Exclude<FhirAuth, { readonly kind: 'none' }>;
  readonly redis: TokenStore;
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const Discovered = v.object({
  token_endpoint: v.pipe(v.string(), v.url()),
  token_endpoint_auth_signing_alg_values_supported: v.optional(v.array(v.string())),
});
const Issued = v.object({
  access_token: v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)),
  token_type: v.pipe(v.string(), v.toLowerCase(), v.literal('bearer')),
  // Some servers write it as text.
  expires_in: v.optional(
    v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]),
      v.minValue(1),
    ),
    USUAL_SECONDS,
  ),
  // OAuth lets it away when everything wanted was granted.
  scope: v.optional(v.string()),
});
/** OAuth's words; anything else is a stranger's text. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const NotIssued = v.object({
  error: v.picklist([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
});

/** The token server's words for what passes. */
const NotNow = v.object({
  error: v.picklist(['temporarily_unavailable', 'server_error', 'slow_down']),
});

interface TokenEndpoint {
  readonly url: string;
  /** Undefined where the server does not say. */
  readonly algorithms: readonly string[] | undefined;
}

/**
 * Access to one tenant's FHIR server, shared by all processes under `fhir:token:{tenant}`.
 *
 * `get` throws, besides what a token cache does:
 * @throws {ProviderCredentialsRefused} with OAuth's word, `scope_narrowed` or `algorithm_not_taken`
 * @see https://hl7.org/fhir/smart-app-launch/backend-services.html
 */
export function fhirToken(options: FhirTokenOptions): TokenCache {
  const { tenant, baseUrl, auth, redis, encryption, dispatcher, telemetry, now } = options;
  const { scopes = clinicalScopes } = auth;

  async function tokenEndpoint(signal: AbortSignal): Promise<TokenEndpoint> {
    if (auth.tokenUrl !== undefined) return { url: auth.tokenUrl, algorithms: undefined };
    const found = await telemetry.integrationCall('fhir', async () => {
      const { status, json } = await sendJson({
        provider: 'fhir',
        dispatcher,
        baseUrl,
        path: '/.well-known/smart-configuration',
        method: 'GET',
        headers: { accept: 'application/json' },
        signal,
      });
      if (status !== 200) throw new ProviderRefused('fhir', `discovery_status_${status}`);
      return parsed('fhir', Discovered, json);
    });
    // The secret, or the assertion, would go there in the clear.
    if (baseUrl.startsWith('https:') && !found.token_endpoint.startsWith('https:')) {
      throw new ProviderRefused('fhir', 'token_endpoint_not_secure');
    }
    return {
      url: found.token_endpoint,
      algorithms: found.token_endpoint_auth_signing_alg_values_supported,
    };
  }

  async function fetchToken(signal: AbortSignal): Promise<IssuedToken> {
    const endpoint = await tokenEndpoint(signal);
    const { form, headers } = await proof(auth, endpoint, now());
    const { origin, pathname, search } = new URL(endpoint.url);
    return telemetry.integrationCall('fhir', async () => {
      const { status, json } = await sendJson({
        provider: 'fhir',
        dispatcher,
        baseUrl: origin,
        path: pathname + search,
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
          ...headers,
        },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          scope: scopes.join(' '),
          ...form,
        }).toString(),
        signal,
      });
      if (status >= 400) {
        const passing = v.safeParse(NotNow, json);
        if (passing.success) throw new ProviderUnreachable('fhir', passing.output.error);
        const refused = v.safeParse(NotIssued, json);
        const reason = refused.success ? refused.output.error : `token_status_${status}`;
        throw new ProviderCredentialsRefused('fhir', reason);
      }
      const issued = parsed('fhir', Issued, json);
      if (issued.scope !== undefined && missingScopes(scopes, issued.scope).length > 0) {
        throw new ProviderCredentialsRefused('fhir', 'scope_narrowed');
      }
      return { token: issued.access_token, expiresInMs: issued.expires_in * 1_000 };
    });
  }

  return tokenCache({
    provider: 'fhir',
    redis,
    encryption,
    key: `fhir:token:${tenant}`,
    maxLifetimeMs: MAX_LIFETIME_MS,
    marginMs: MARGIN_MS,
    refreshAheadMs: REFRESH_AHEAD_MS,
    fetch: fetchToken,
  });
}

interface Proof {
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

async function proof(
  auth: FhirTokenOptions['auth'],
  endpoint: TokenEndpoint,
  nowMs: number,
): Promise<Proof> {
  if (auth.kind === 'signed') {
    const form = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(auth.clientId, auth.keys, endpoint, nowMs),
    };
    return { form, headers: {} };
  }
  const { clientId, clientSecret, sentIn } = auth;
  if (sentIn === 'body') {
    return { form: { client_id: clientId, client_secret: clientSecret }, headers: {} };
  }
  // OAuth has both form-encoded first, so that a colon in an id does no harm.
  const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return {
    form: {},
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  };
}

/** A new one for every request, since a server takes a `jti` once. */
async function assertion(
  clientId: string,
  keys: readonly SigningKey[],
  { url, algorithms }: TokenEndpoint,
  nowMs: number,
): Promise<string> {
  for (const key of keys) {
    const alg = algorithmOf(key);
    if (algorithms && !algorithms.includes(alg)) continue;
    const nowSeconds = Math.floor(nowMs / 1_000);
    return await new SignJWT()
      .setProtectedHeader({ alg, kid: key.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(url) // Exactly as it was discovered, to the last slash.
      .setJti(randomUUID())
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
      .sign(await importJWK(key, alg));
  }
  throw new ProviderCredentialsRefused('fhir', 'algorithm_not_taken');
}

/** SMART knows these two. */
function algorithmOf({ kty, crv }: SigningKey): 'RS384' | 'ES384' {
  if (kty === 'RSA') return 'RS384';
  if (kty === 'EC' && crv === 'P-384') return 'ES384';
  throw new ProviderCredentialsRefused('fhir', 'key_of_no_use');
}

function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1);
}
