import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import type { Redis } from 'ioredis';

import type { SendMessage } from '../../actors/ports/messaging.ts';
import {
  type WhatsappOptions,
  whatsappMessaging,
  whatsappPolicy,
  whatsappUploadPolicy,
} from '../../adapters/whatsapp/messaging.ts';
import { type WhatsappTokenOptions, whatsappTokens } from '../../adapters/whatsapp/token.ts';
import { type Telemetry, createTelemetry } from '../../telemetry.ts';
import { quick, tokenEncryption } from './fixtures.ts';

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Said {
  readonly status: number;
  readonly json: object;
}

/** A Meta of the test's own: it answers what the test says, and keeps what it was asked. */
interface MetaServer extends AsyncDisposable {
  readonly origin: string;
  readonly asked: Asked[];
  /** Parsed bodies of the messages. */
  messages(): Record<string, unknown>[];
}

export async function startMeta(
  answer: (asked: Asked, index: number) => Said | Promise<Said> = accepted,
): Promise<MetaServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void reply(request, response));
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { method = '', headers } = request;
    const one = { method, url: new URL(request.url ?? '', 'http://127.0.0.1'), headers, body };
    const index = asked.push(one) - 1;
    const { status, json } = await answer(one, index);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    messages: () =>
      asked
        .filter(({ url }) => url.pathname.endsWith('/messages'))
        .map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function accepted(): Said {
  return { status: 200, json: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.1' }] } };
}

export function refusal(code: number, status = 400): Said {
  const message = `(#${code}) Refused`;
  return { status, json: { error: { message, type: 'OAuthException', code, fbtrace_id: 'x' } } };
}

const silent: Telemetry = createTelemetry({ level: 'silent' });

export const tokensAt = (baseUrl: string, redis: Redis, more: Partial<WhatsappTokenOptions> = {}) =>
  whatsappTokens({
    baseUrl,
    accessToken: 'token-of-the-clinic',
    redis,
    encryption: tokenEncryption,
    telemetry: silent,
    now: Date.now,
    ...more,
  });

/** The adapter as it is in production but for its waits, which are short and without jitter. */
export const messagingAt = (baseUrl: string, redis: Redis, more: Partial<WhatsappOptions> = {}) =>
  whatsappMessaging({
    baseUrl,
    senderOf: () => ({ phoneNumberId: '555666777888999' }),
    tokens: tokensAt(baseUrl, redis),
    redis,
    recipientKey: Buffer.alloc(32, 7),
    policy: quick('whatsapp', whatsappPolicy),
    uploadPolicy: quick('whatsapp', whatsappUploadPolicy),
    telemetry: silent,
    now: Date.now,
    random: () => 0,
    ...more,
  });

export const patient = { phone: '491700000001' };

/** To somebody who was heard just now. */
export function hello(more: Partial<SendMessage> = {}): SendMessage {
  return {
    recipient: patient,
    message: { kind: 'text', body: 'Merhaba ☀' },
    template: {
      name: 'case_update',
      language: 'de',
      parameters: ['Anna', 'Ihr Angebot'],
      buttons: [],
    },
    heardAt: new Date().toISOString(),
    ...more,
  };
}
