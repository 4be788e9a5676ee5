import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as v from 'valibot';

import { ExpectedError } from '../errors.ts';

/** Not a link of ours, one that is over, or one that was used for this kind before. */
export class LinkRefused extends ExpectedError {
  override readonly name = 'LinkRefused';
  readonly code: `link_${'invalid' | 'expired'}`;
  readonly retryable = false;

  constructor(reason: 'invalid' | 'expired') {
    super(`The link is refused: ${reason}`);
    this.code = `link_${reason}`;
  }
}

/** A link that was read from its token. */
export type Opened<Claims> = Claims & {
  readonly id: string;
  /** Ms since 1970. */
  readonly expiresAt: number;
};

/** Links of one kind: what they say is signed, and holds for a time. */
export interface SignedLinks<Claims> {
  /** The token of a link: put it where only the patient sees it. `expiresAt` in ms since 1970, kept to the second. */
  tokenFor(link: Claims, expiresAt: number): Promise<string>;
  /** @throws {LinkRefused} `link_invalid` or `link_expired` */
  read(token: string): Promise<Opened<Claims>>;
}

export interface SignedLinksOptions {
  /** HS256, newest first: the first one signs, all of them verify. 32 bytes or more each. */
  readonly keys: readonly Uint8Array[];
  /** Makes the id of a link, never the same again. */
  readonly newId: () => string;
  /** Ms since 1970. */
  readonly now: () => number;
}

/** What keeps links of one kind apart from all other tokens that are signed with the same keys. */
export interface LinkKind<Schema extends v.GenericSchema<unknown, object>> {
  readonly audience: string;
  readonly typ: string;
  readonly claims: Schema;
}

const issuer = 'urn:patient-cases';

const Registered = v.object({
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  exp: v.number(),
});

/** @throws {TypeError} when there is no key, or a short one: that would accept what anybody can sign */
export function createSignedLinks<const Schema extends v.GenericSchema<unknown, object>>(
  { audience, typ, claims: Claims }: LinkKind<Schema>,
  { keys, newId, now }: SignedLinksOptions,
): SignedLinks<v.InferOutput<Schema>> {
  const [signingKey] = keys;
  if (signingKey === undefined || keys.some(({ length }) => length < 32)) {
    throw new TypeError('Links need keys of 32 bytes or more');
  }

  async function verified(token: string): Promise<unknown> {
    let refused: unknown;
    for (const key of keys) {
      try {
        const rules = {
          issuer,
          audience,
          typ,
          algorithms: ['HS256'],
          currentDate: new Date(now()),
        };
        return (await jwtVerify(token, key, rules)).payload;
      } catch (error) {
        // The signature is looked at first: a key under which the link is only late is the right one.
        if (error instanceof errors.JWTExpired) throw new LinkRefused('expired');
        refused = error;
      }
    }
    throw refused;
  }

  return {
    tokenFor: (link, expiresAt) =>
      new SignJWT({ ...(link as JWTPayload) })
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(newId())
        .setIssuedAt(Math.floor(now() / 1_000))
        .setExpirationTime(Math.floor(expiresAt / 1_000))
        .sign(signingKey),
    read: async (token) => {
      try {
        const payload = await verified(token);
        const { jti, exp } = v.parse(Registered, payload);
        return { ...v.parse(Claims, payload), id: jti, expiresAt: exp * 1_000 };
      } catch (error) {
        throw error instanceof LinkRefused ? error : new LinkRefused('invalid');
      }
    },
  };
}
