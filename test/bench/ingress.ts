import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import Koa from 'koa';
import * as v from 'valibot';

import { Webhook } from './protocol.ts';

const maxBodyBytes = 1_048_576;

/** Header of a webhook's signature: `sha256=` and the hex HMAC-SHA256 of the raw body. */
export const signatureHeader = 'x-signature';

export function signatureOf(secret: string, rawBody: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
}

/**
 * The thin edge that both variants stand behind: `POST /webhooks/bench`, signature over the raw body, schema, then
 * `accept`, which resolves when 200 may be answered. Whatever it throws is a 500, which fails the run.
 */
export function createIngress({
  secret,
  accept,
}: {
  readonly secret: string;
  readonly accept: (webhook: Webhook) => Promise<void> | void;
}): Koa {
  const app = new Koa();
  app.use(async (ctx) => {
    if (ctx.method !== 'POST' || ctx.path !== '/webhooks/bench') return;
    const rawBody = await readBody(ctx.req);
    if (rawBody === null) {
      ctx.status = 413;
      return;
    }
    if (!isSigned(secret, rawBody, ctx.get(signatureHeader))) {
      ctx.status = 401;
      return;
    }
    const webhook = v.safeParse(Webhook, parseJson(rawBody));
    if (!webhook.success) {
      ctx.status = 400;
      return;
    }
    await accept(webhook.output);
    ctx.status = 200;
    ctx.body = '';
  });
  return app;
}

/** Null when the body is over the cap; the rest of it is then read and dropped. */
function readBody(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) chunks.push(chunk);
    });
    request.on('end', () => resolve(bytes > maxBodyBytes ? null : Buffer.concat(chunks, bytes)));
    request.on('error', reject);
  });
}

function isSigned(secret: string, rawBody: Buffer, signature: string): boolean {
  const expected = Buffer.from(signatureOf(secret, rawBody));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parseJson(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString());
  } catch {
    return null; // No schema takes null, so this becomes the 400.
  }
}
