import { setTimeout as delay } from 'node:timers/promises';

import { SignJWT } from 'jose';

import { DEVELOPMENT_SECRETS } from '../../config.ts';

/** Something that staff tell a case; `type` is one of `staffEventTypes`. */
export interface Act {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Staff at their console: the admin API of whichever edge lives. */
export interface Office {
  /**
   * Tells a case, and tells it again with the same `key` until an edge has taken it, so it happens once.
   *
   * @throws {Error} refused as it is, or nobody took it for two minutes
   */
  tell(caseId: string, act: Act, key: string): Promise<void>;
  /** Cases under a tag, at most 200. Empty while nobody answers. */
  casesTagged(tag: string): Promise<readonly string[]>;
}

/** For a run of hours: the tests' token of five minutes is too short. */
const tokenLifetime = '4h';
const patienceMs = 120_000;

const foreigner = {
  kind: 'person',
  firstName: 'Jane',
  familyName: 'Miller',
  nationality: 'GB',
  residence: 'GB',
  passport: 'C01X00T47',
  lastEntry: '2026-11-20',
  address: {
    street: 'High Street 1',
    district: 'Camden',
    city: 'London',
    postalCode: 'NW1',
    country: 'GB',
  },
} as const;

const inTurkey = { street: 'Cadde 1', district: 'Kadıköy', city: 'İstanbul', country: 'TR' };

/** Whom invoices are made out to: exempt, ordinary, and registered for e-Fatura. */
export const buyers = {
  foreigner,
  turk: {
    kind: 'person',
    firstName: 'Ayşe',
    familyName: 'Yılmaz',
    nationality: 'TR',
    residence: 'TR',
    tckn: '10000000146',
    address: inTurkey,
  },
  company: {
    kind: 'company',
    companyName: 'Alıcı Ticaret Ltd.',
    nationality: 'TR',
    residence: 'TR',
    vkn: '1234567890',
    address: inTurkey,
  },
} as const;
export type BuyerName = keyof typeof buyers;

interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `edges` are those that live now, `anyOf` draws one. */
export function officeAt(
  edges: () => readonly string[],
  anyOf: (edges: readonly string[]) => string | undefined = ([first]) => first,
): Office {
  const token = new SignJWT({ tenant: 'demo', roles: ['support', 'clinician', 'finance'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('urn:patient-cases:development')
    .setAudience('patient-cases-admin')
    .setSubject('staff-1')
    .setExpirationTime(tokenLifetime)
    .sign(new TextEncoder().encode(DEVELOPMENT_SECRETS.ADMIN_JWT_SECRET));
  token.catch(() => undefined); // Whoever uses it sees it.

  async function ask(
    path: string,
    { headers: more, ...init }: Asking = {},
  ): Promise<Response | null> {
    const edge = anyOf(edges());
    if (edge === undefined) return null;
    const headers = { ...more, authorization: `Bearer ${await token}` };
    return fetch(`${edge}/admin/cases${path}`, {
      ...init,
      headers,
      signal: AbortSignal.timeout(12_000),
    }).catch(() => null);
  }

  return {
    async tell(caseId, act, key) {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      const init = { method: 'POST', headers, body: JSON.stringify(act) };
      const giveUpAt = performance.now() + patienceMs;
      for (let pauseMs = 50; performance.now() < giveUpAt; pauseMs = Math.min(1_000, 2 * pauseMs)) {
        const answer = await ask(`/${caseId}/events`, init);
        const text = await answer?.text().catch(() => '');
        if (answer?.status === 202) return;
        // A case of which we know by its webhook is there; anything else of 4xx stays as it is.
        if (answer && answer.status >= 400 && answer.status < 500)
          throw new Error(`${act.type} was refused with ${answer.status}: ${text}`);
        await delay(pauseMs);
      }
      throw new Error(`Nobody took ${act.type} for ${patienceMs / 1_000} s`);
    },
    async casesTagged(tag) {
      const answer = await ask(`?tag=${tag}&limit=200`);
      if (!answer?.ok) return [];
      const body = (await answer.json().catch(() => ({}))) as {
        cases?: readonly { readonly caseId: string }[];
      };
      return (body.cases ?? []).map(({ caseId }) => caseId);
    },
  };
}
