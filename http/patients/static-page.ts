import { readFileSync } from 'node:fs';

import { Router } from '@koa/router';

import type { EdgeState } from '../server/request.ts';

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript',
};

/** A page for patients, which is at `path`, and what it loads, which is below it. */
export interface StaticPage {
  /** `/docs-visa`. */
  readonly path: string;
  /** A file of pages/. */
  readonly page: `${string}.html`;
  /** Files of pages/, by their names. */
  readonly files: readonly (`${string}.css` | `${string}.js`)[];
  /** Scripts that are made at start. */
  readonly made?: Readonly<Record<`${string}.js`, string>>;
  /** Where the page may send to beside the edge, as the policy says it. */
  readonly connects?: string;
}

/**
 * `GET` a page and what it loads. It may run nothing but itself, and be framed by nobody; no address with its token in it goes
 * anywhere, and nobody keeps a copy.
 */
export function staticPageRoutes({ path, page, files, made = {}, connects }: StaticPage) {
  const read = (name: string) => readFileSync(new URL(`pages/${name}`, import.meta.url)); // Once, at start.
  const served = [
    { at: path, type: types.html, bytes: read(page) },
    ...files.map((name) => ({
      at: `${path}/${name}`,
      type: name.endsWith('.css') ? types.css : types.js,
      bytes: read(name),
    })),
    ...Object.entries(made).map(([name, script]) => ({
      at: `${path}/${name}`,
      type: types.js,
      bytes: Buffer.from(script),
    })),
  ];
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    `connect-src 'self'${connects === undefined ? '' : ` ${connects}`}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  const router = new Router<EdgeState>();
  for (const { at, type, bytes } of served) {
    router.get(at, (ctx) => {
      ctx.set({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      ctx.type = type;
      ctx.body = bytes;
    });
  }
  return router;
}
