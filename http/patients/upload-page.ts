import { readFileSync } from 'node:fs';

import { Router } from '@koa/router';

import type { EdgeState } from '../server/request.ts';

const page = (name: string) => readFileSync(new URL(`pages/${name}`, import.meta.url));

/** Read once, at start. */
const files = [
  { path: '/docs-visa', type: 'text/html; charset=utf-8', bytes: page('upload.html') },
  { path: '/docs-visa/upload.css', type: 'text/css; charset=utf-8', bytes: page('upload.css') },
  { path: '/docs-visa/upload.js', type: 'text/javascript', bytes: page('upload.js') },
  { path: '/docs-visa/upload-texts.js', type: 'text/javascript', bytes: page('upload-texts.js') },
] as const;

/**
 * `GET /docs-visa`: the page where a patient uploads what we asked for, in their language. The link's token stands behind
 * the `#` and so reaches no server and no log; the page shows it to `POST /docs-visa/presign` alone. The page may run
 * nothing but itself, and be framed by nobody; it may send to the store, wherever that is.
 */
export function uploadPageRoutes(): Router<EdgeState> {
  const router = new Router<EdgeState>();
  for (const { path, type, bytes } of files) {
    router.get(path, (ctx) => {
      ctx.set({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' https:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      });
      ctx.type = type;
      ctx.body = bytes;
    });
  }
  return router;
}
