import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

import * as v from 'valibot';

import type { SandboxLedger } from '../ledger.ts';
import { type Reply, type SandboxRequest, digestOf } from '../simulator.ts';
import { graphError, invalidParameter } from './errors.ts';

export interface TokenOptions {
  /** The one we start with. Never expires, like a system user's. */
  readonly accessToken: string;
  readonly appId: string;
  readonly appSecret: string;
  /** Life of an exchanged token. */
  readonly tokenSeconds: number;
  readonly ledger: SandboxLedger;
  readonly now: () => number;
}

export interface Tokens {
  isLive(request: SandboxRequest): boolean;
  exchange(request: SandboxRequest): Promise<Reply>;
  /** One token, or all that exist now. */
  revoke(token?: string): void;
  /** Takes the first token again, as after a member of staff renewed it. */
  restore(): void;
}

const Query = v.strictObject({
  grant_type: v.literal('fb_exchange_token'),
  client_id: v.string(),
  client_secret: v.string(),
  fb_exchange_token: v.string(),
});

/**
 * Access tokens of the Graph API, and their exchange for fresh ones. An exchanged token says when it was issued and is
 * signed, so it outlives a restart without being written anywhere.
 */
export function createTokens(options: TokenOptions): Tokens {
  const { accessToken, appId, appSecret, tokenSeconds, ledger, now } = options;
  const revoked = new Set<string>();
  let issued = 0;
  /** Exchanged tokens before this one are dead. */
  let revokedBefore = '';

  const signatureOf = (claims: string) =>
    createHmac('sha256', appSecret).update(claims).digest('hex').slice(0, 40);

  function issue(): string {
    const serial = `${now().toString(36).padStart(9, '0')}${(issued++).toString(36).padStart(4, '0')}`;
    const claims = `${serial}Z${randomUUID().slice(0, 8)}`;
    return `EAAG${claims}${signatureOf(claims)}`;
  }

  function live(token: string): boolean {
    if (revoked.has(token)) return false;
    if (token === accessToken) return true;
    const claims = token.slice(4, -40);
    if (!token.startsWith('EAAG') || token.length <= 44) return false;
    if (!timingSafeEqual(Buffer.from(signatureOf(claims)), Buffer.from(ascii(token.slice(-40)))))
      return false;
    if (claims.slice(0, 13) < revokedBefore) return false;
    return now() < Number.parseInt(claims.slice(0, 9), 36) + tokenSeconds * 1_000;
  }

  return {
    isLive({ headers }) {
      const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
      return token !== undefined && live(token);
    },
    async exchange({ url }) {
      const checked = v.safeParse(Query, Object.fromEntries(url.searchParams));
      if (!checked.success) return invalidParameter(v.getDotPath(checked.issues[0]) ?? 'query');
      const { client_id, client_secret, fb_exchange_token } = checked.output;
      if (client_id !== appId) return graphError(101, 'Cannot get application info');
      if (client_secret !== appSecret) return graphError(1, 'Error validating client secret.');
      if (!live(fb_exchange_token)) return graphError(190);
      ledger.append({
        provider: 'whatsapp',
        kind: 'token',
        key: null,
        digest: digestOf(''),
        detail: {},
      });
      return {
        status: 200,
        body: { access_token: issue(), token_type: 'bearer', expires_in: tokenSeconds },
      };
    },
    revoke(token) {
      if (token !== undefined) {
        revoked.add(token);
        return;
      }
      revoked.add(accessToken);
      revokedBefore = `${now().toString(36).padStart(9, '0')}${issued.toString(36).padStart(4, '0')}`;
    },
    restore() {
      revoked.delete(accessToken);
    },
  };
}

/** As many bytes as characters, which `timingSafeEqual` insists on. */
function ascii(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?');
}
