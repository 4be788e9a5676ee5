import {
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import * as v from 'valibot';

import type { Staff } from '../../actors/ports/desk.ts';
import { comeAgain, Refusal } from '../server/errors.ts';

/** Whose tokens staff come with. */
export interface StaffTokens {
  readonly issuer: string;
  readonly audience: string;
  readonly keys:
    | {
        /** The identity provider's key set: production. */ readonly kind: 'jwks';
        readonly url: string;
      }
    | {
        /** HS256 secrets, newest first: development. */
        readonly kind: 'secrets';
        readonly secrets: readonly string[];
      };
}

/** Who holds a token, from the `Authorization` header. @throws {Refusal} 401, or 503 when the key set cannot be read */
export type ReadStaff = (authorization: string) => Promise<Staff>;

/** A name that can be stored and looked for. NUL cannot, and what nobody sees might pass one name for another. */
const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^[^\p{Cc}\p{Cs}]*$/u));

const Claims = v.object({
  sub: Name,
  tenant: Name,
  roles: v.pipe(v.array(Name), v.maxLength(100)),
  /** Seconds since the epoch. */
  exp: v.number(),
  iat: v.optional(v.number()),
});

/** A token cannot be called back, so that it may not live longer than this. */
const longestLifeSeconds = 24 * 60 * 60;

const clockToleranceSeconds = 5;

/** One answer for every reason: which check failed helps only who guesses. */
function unauthorized(): Refusal {
  return new Refusal('invalid_token', undefined, { 'www-authenticate': 'Bearer' });
}

/** The key set did not come: that says nothing about the token. */
function isKeySetMissing(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true; // fetch's own failures
  return ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}

function verifier(
  { issuer, audience, keys }: StaffTokens,
  now: () => number,
): (token: string) => Promise<JWTPayload> {
  const rules = (): JWTVerifyOptions => ({
    issuer,
    audience,
    requiredClaims: ['exp', 'sub', 'tenant', 'roles'],
    clockTolerance: clockToleranceSeconds,
    currentDate: new Date(now()),
  });
  if (keys.kind === 'jwks') {
    const keySet = createRemoteJWKSet(new URL(keys.url), { timeoutDuration: 3_000 });
    // Without the list, jose takes whatever fits the key. No HS256: a public key must not serve as a secret.
    const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
    return async (token) => (await jwtVerify(token, keySet, { ...rules(), algorithms })).payload;
  }
  if (keys.secrets.length === 0) throw new TypeError('Staff tokens need a secret');
  const secrets = keys.secrets.map((secret) => new TextEncoder().encode(secret));
  return async (token) => {
    let refused: unknown;
    for (const secret of secrets) {
      try {
        return (await jwtVerify(token, secret, { ...rules(), algorithms: ['HS256'] })).payload;
      } catch (error) {
        refused = error;
      }
    }
    throw refused;
  };
}

/** Whether it was issued by now, and lives for a day at most; counted from now where it does not say since when. */
function isShortLived({ iat, exp }: v.InferOutput<typeof Claims>, nowSeconds: number): boolean {
  if (iat !== undefined && iat > nowSeconds + clockToleranceSeconds) return false;
  return exp - (iat ?? nowSeconds) <= longestLifeSeconds;
}

/**
 * A token must be in time, from our issuer, for us, issued by now for a day at most, and name a subject, a tenant and roles.
 *
 * @param now milliseconds since the epoch
 */
export function staffReader(tokens: StaffTokens, now: () => number = Date.now): ReadStaff {
  const verify = verifier(tokens, now);
  return async (authorization) => {
    const [, token] = /^Bearer ([\w.~+/=-]{1,8192})$/i.exec(authorization) ?? [];
    if (token === undefined) throw unauthorized();
    let payload: JWTPayload;
    try {
      payload = await verify(token);
    } catch (error) {
      if (tokens.keys.kind === 'jwks' && isKeySetMissing(error)) throw comeAgain('unavailable');
      throw unauthorized();
    }
    const claims = v.safeParse(Claims, payload);
    if (!claims.success || !isShortLived(claims.output, now() / 1_000)) throw unauthorized();
    const { sub: subject, tenant, roles } = claims.output;
    return { subject, tenant, roles };
  };
}
