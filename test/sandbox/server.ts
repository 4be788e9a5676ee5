import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as v from 'valibot';

import type { Reply, SandboxRequest } from './simulator.ts';

const MAX_BODY_BYTES = 1_024 * 1_024;
/** Of the calls that bring files: the largest is 100 MiB, and base64 needs a third more. */
const MAX_FILE_BODY_BYTES = 140 * 1_024 * 1_024;
const BRINGS_FILES = /\/media$|^\/_sandbox\/whatsapp\/inbound/;

/** ms; as long as our edge's, or on a busy machine it closes connections that a test is just writing to. */
const keepAliveTimeout = 65_000;

/** A server that answers by `answer`; its null is no answer, and the connection closed. */
export function sandboxServer(answer: (request: SandboxRequest) => Promise<Reply | null>): Server {
  return createServer(
    { keepAliveTimeout },
    (request, response) => void serve(request, response, answer),
  );
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: SandboxRequest) => Promise<Reply | null>,
): Promise<void> {
  try {
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const mostBytes = BRINGS_FILES.test(url.pathname) ? MAX_FILE_BODY_BYTES : MAX_BODY_BYTES;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) return void incoming.socket.destroy();
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const reply = await answer({
      method: incoming.method ?? 'GET',
      url,
      headers: incoming.headers,
      bytes,
      get body() {
        return bytes.toString('utf8'); // Only where somebody asks: a file of 100 MB is no text.
      },
    });
    if (reply === null) return void incoming.socket.destroy();
    respond(response, reply);
  } catch (error) {
    const why = error instanceof v.ValiError ? error.message : 'the sandbox failed';
    respond(response, { status: error instanceof v.ValiError ? 400 : 500, body: { error: why } });
  }
}

function respond(response: ServerResponse, { status, body, headers }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body instanceof Uint8Array ? body : JSON.stringify(body));
}

/** Resolves with its origin. */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}
