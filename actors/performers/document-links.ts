import { errors, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';

import { ExpectedError } from '../errors.ts';
import type { LinkUses } from '../ports/documents.ts';
import { documentKinds, type DocumentKind } from '../shapes/documents.ts';

const mebibyte = 1_024 * 1_024;
const pages = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** What patients may upload: how large it may be, and which types with which file name's ending. */
export const documentLimits: Readonly<
  Record<
    DocumentKind,
    { readonly maxBytes: number; readonly endings: Readonly<Record<string, string>> }
  >
> = {
  passport: { maxBytes: 10 * mebibyte, endings: pages },
  visa: { maxBytes: 10 * mebibyte, endings: pages },
  report: { maxBytes: 20 * mebibyte, endings: pages },
  'x-ray': {
    maxBytes: 50 * mebibyte,
    endings: { ...pages, 'application/dicom': 'dcm' },
  },
};

/** Who may upload what to which case. */
export interface DocumentLink {
  readonly tenant: string;
  readonly caseId: string;
  readonly kinds: readonly DocumentKind[];
}

/** A link that was read from its token. */
export interface OpenedLink extends DocumentLink {
  readonly id: string;
  /** Ms since 1970. */
  readonly expiresAt: number;
}

/** Not a link of ours, one that is over, or one that was used for this kind before. */
export class LinkRefused extends ExpectedError {
  override readonly name = 'LinkRefused';
  readonly code: `link_${'invalid' | 'expired' | 'used'}`;
  readonly retryable = false;

  constructor(reason: 'invalid' | 'expired' | 'used') {
    super(`The link is refused: ${reason}`);
    this.code = `link_${reason}`;
  }
}

/** The links we send to patients, so that they can upload and do nothing else. */
export interface DocumentLinks {
  /** The token of a link: put it where only the patient sees it. `expiresAt` in ms since 1970, kept to the second. */
  tokenFor(link: DocumentLink, expiresAt: number): Promise<string>;
  /** @throws {LinkRefused} `link_invalid` or `link_expired` */
  read(token: string): Promise<OpenedLink>;
  /** Uses a link for one kind, which can be done once. @throws {LinkRefused} `link_used`; and what `LinkUses` throws */
  use(link: OpenedLink, kind: DocumentKind): Promise<void>;
}

export interface DocumentLinksOptions {
  /** HS256, newest first: the first one signs, all of them verify. 32 bytes or more each. */
  readonly keys: readonly Uint8Array[];
  readonly uses: LinkUses;
  /** Makes the id of a link, never the same again. */
  readonly newId: () => string;
  /** Ms since 1970. */
  readonly now: () => number;
}

const issuer = 'urn:patient-cases';
const audience = 'docs-visa';
/** So that no other token of ours, signed with the same key by mistake, is a link. */
const typ = 'document-link+jwt';

const Claims = v.object({
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  tenant: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  caseId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  kinds: v.pipe(v.array(v.picklist(documentKinds)), v.minLength(1)),
  exp: v.number(),
});

/** @throws {TypeError} when there is no key, or a short one: that would accept what anybody can sign */
export function createDocumentLinks(options: DocumentLinksOptions): DocumentLinks {
  const { keys, uses, newId, now } = options;
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
    tokenFor: ({ tenant, caseId, kinds }, expiresAt) =>
      new SignJWT({ tenant, caseId, kinds: [...kinds] })
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(newId())
        .setIssuedAt(Math.floor(now() / 1_000))
        .setExpirationTime(Math.floor(expiresAt / 1_000))
        .sign(signingKey),
    read: async (token) => {
      try {
        const { jti, exp, ...link } = v.parse(Claims, await verified(token));
        return { ...link, id: jti, expiresAt: exp * 1_000 };
      } catch (error) {
        throw error instanceof LinkRefused ? error : new LinkRefused('invalid');
      }
    },
    use: async ({ id, expiresAt }, kind) => {
      if (!(await uses.first(`${id}:${kind}`, expiresAt))) throw new LinkRefused('used');
    },
  };
}
