import { Router } from '@koa/router';

import type { EdgeState } from './request.ts';

export interface SecurityContact {
  /** URIs at which a weakness may be told: `mailto:`, `https:` or `tel:`, the preferred one first. */
  readonly contacts: readonly string[];
  /** `https://host` of the edge, for the file's own address; null if it has no fixed one. */
  readonly publicUrl: string | null;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** The standard asks for less than a year. A system that stands still for half of one should not be believed any more. */
const validDays = 180;

/**
 * `GET /.well-known/security.txt`: where to tell us of a weakness. It runs out half a year after the day it is read.
 *
 * @param now milliseconds since the epoch
 * @see https://www.rfc-editor.org/rfc/rfc9116
 */
export function securityTextRoutes(
  { contacts, publicUrl }: SecurityContact,
  now: () => number,
): Router<EdgeState> {
  const router = new Router<EdgeState>();
  const path = '/.well-known/security.txt';
  const isHttps = publicUrl?.startsWith('https:') === true;

  router.get(path, (ctx) => {
    const today = now() - (now() % dayMs);
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = [
      ...contacts.map((contact) => `Contact: ${contact}`),
      `Expires: ${new Date(today + validDays * dayMs).toISOString()}`,
      'Preferred-Languages: en, tr, de',
      // Only an address by https:// may stand there.
      ...(isHttps ? [`Canonical: ${publicUrl}${path}`] : []),
      '',
    ].join('\n');
  });

  return router;
}
