import { randomUUID, timingSafeEqual } from 'node:crypto';

import * as v from 'valibot';

import type { SandboxLedger } from '../ledger.ts';
import type { Reply, SandboxRequest } from '../simulator.ts';

/** A client as the server's operator registers it. */
export const FhirClient = v.strictObject({
  clientId: v.string(),
  /** May use it in a Basic header and in the form. */
  secret: v.optional(v.string()),
  /** Public keys. */
  jwks: v.optional(v.object({ keys: v.array(v.looseObject({ kty: v.string() })) })),
  /** What it may have at most. */
  scope: v.optional(
    v.string(),
    'system/Patient.rs system/Observation.rs system/ImagingStudy.rs system/Endpoint.rs',
  ),
});
export type FhirClient = v.InferOutput<typeof FhirClient>;

export interface FhirTokensOptions {
  /** The token endpoint's address: the only audience it takes. */
  readonly url: () => string;
  readonly algorithms: () => readonly string[];
  readonly tokenSeconds: () => number;
  readonly ledger: SandboxLedger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** OAuth 2 client credentials and SMART Backend Services. */
export interface FhirTokens {
  register(client: FhirClient): void;
  issue(request: SandboxRequest): Promise<Reply>;
  /** The scopes of a request's token; undefined without one that lives. */
  scopesOf(request: SandboxRequest): readonly string[] | undefined;
  /** All that exist. */
  revoke(): void;
}

/** SMART: an assertion lives 5 minutes at most. */
const MOST_SECONDS = 300;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export function createFhirTokens(options: FhirTokensOptions): FhirTokens {
  const { url, algorithms, tokenSeconds, ledger, now } = options;
  const clients = new Map<string, FhirClient>();
  const tokens = new Map<string, { readonly scopes: readonly string[]; readonly until: number }>();
  /** Each `jti` to the moment its assertion expires, in epoch seconds. */
  const used = new Map<string, number>();

  /** The client that a request proves to be; undefined for anybody else. */
  async function clientOf(request: SandboxRequest, form: URLSearchParams) {
    if (form.get('client_assertion_type') === ASSERTION) {
      return await signer(form.get('client_assertion') ?? '');
    }
    const [id, secret] = basic(request) ?? [form.get('client_id'), form.get('client_secret')];
    const client = clients.get(id ?? '');
    return client?.secret !== undefined && same(client.secret, secret ?? '') ? client : undefined;
  }

  async function signer(assertion: string): Promise<FhirClient | undefined> {
    // The sandbox starts sooner without it.
    const { createLocalJWKSet, decodeJwt, errors, jwtVerify } = await import('jose');
    try {
      const client = clients.get(decodeJwt(assertion).iss ?? '');
      if (!client?.jwks) return undefined;
      const { payload, protectedHeader } = await jwtVerify(
        assertion,
        createLocalJWKSet({ keys: client.jwks.keys }),
        {
          issuer: client.clientId,
          subject: client.clientId,
          audience: url(),
          algorithms: [...algorithms()],
          typ: 'JWT',
          requiredClaims: ['exp', 'jti'],
          currentDate: new Date(now()),
        },
      );
      const { exp = 0, jti = '', aud } = payload;
      const nowSeconds = now() / 1_000;
      for (const [one, until] of used) if (until < nowSeconds) used.delete(one);
      const key = `${client.clientId} ${jti}`;
      const refused =
        exp > nowSeconds + MOST_SECONDS ||
        aud !== url() ||
        protectedHeader.kid === undefined ||
        used.has(key);
      if (refused) return undefined;
      used.set(key, exp);
      return client;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  return {
    register(client) {
      clients.set(client.clientId, client);
    },
    async issue(request) {
      const form = new URLSearchParams(request.body);
      if (form.get('grant_type') !== 'client_credentials') {
        return notIssued(400, 'unsupported_grant_type');
      }
      const client = await clientOf(request, form);
      if (!client) return notIssued(401, 'invalid_client');
      const allowed = client.scope.split(' ');
      const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
      const granted = asked.filter((scope) => allowed.includes(scope));
      if (granted.length === 0) return notIssued(400, 'invalid_scope');
      const token = randomUUID();
      const seconds = tokenSeconds();
      tokens.set(token, { scopes: granted, until: now() + seconds * 1_000 });
      // The request holds a secret, so not even its digest goes into the file.
      ledger.append({
        provider: 'fhir',
        kind: 'token',
        key: null,
        digest: '',
        detail: { clientId: client.clientId },
      });
      return {
        status: 200,
        body: {
          access_token: token,
          token_type: 'bearer',
          expires_in: seconds,
          scope: granted.join(' '),
        },
        headers: { 'cache-control': 'no-store' },
      };
    },
    scopesOf({ headers }) {
      const token = tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
      return token && token.until > now() ? token.scopes : undefined;
    },
    revoke() {
      tokens.clear();
    },
  };
}

function basic({ headers }: SandboxRequest): readonly [string, string] | undefined {
  const [, encoded] = /^Basic (\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return [formDecoded(id), formDecoded(secret)];
}

function formDecoded(value: string): string {
  return new URLSearchParams(`v=${value}`).get('v') ?? '';
}

function same(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function notIssued(status: number, error: string): Reply {
  return { status, body: { error, error_description: 'Simulated' } };
}
