import type { IncomingMessage } from 'node:http';

import { comeAgain, Refusal } from './errors.ts';

export interface BodyLimits {
  /** Largest body, in bytes. */
  readonly bodyBytes: number;
  /** Milliseconds from the headers to the body's last byte. */
  readonly bodyDeadlineMs: number;
  /** Bytes of unfinished bodies held in memory at one time, over all requests. */
  readonly bufferedBytes: number;
}

/**
 * Takes a request's body as the bytes that came, before any parser.
 *
 * @throws {Refusal} 415 not plain `application/json`; 413 too large; 408 too slow; 400 broken off; 503 too many at once
 */
export type ReadBody = (request: IncomingMessage) => Promise<Buffer>;

/** How far past the limit we read on, so that a client that is still writing gets to see its 413 and not a reset. */
const lingerBytes = 4 * 1_024 * 1_024;

function refuseHeaders({ headers }: IncomingMessage, bodyBytes: number): void {
  // A compressed body could be a bomb, and no provider sends one.
  if (headers['content-encoding'] !== undefined) throw new Refusal('unsupported_media_type');
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refusal('unsupported_media_type');
  if (Number(headers['content-length'] ?? 0) > bodyBytes + lingerBytes) throw tooLarge(bodyBytes);
}

function tooLarge(bodyBytes: number): Refusal {
  return new Refusal('body_too_large', `The limit is ${bodyBytes} bytes`, { connection: 'close' });
}

/** Makes a reader; its readers share one budget of memory. Bytes are counted as they come: `Content-Length` may be absent. */
export function bodyReader(limits: BodyLimits): ReadBody {
  const { bodyBytes, bodyDeadlineMs, bufferedBytes } = limits;
  let held = 0;

  return async (request) => {
    refuseHeaders(request, bodyBytes);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let received = 0;
    let kept = 0;

    const drop = () => {
      held -= kept;
      kept = 0;
      chunks.length = 0;
    };
    const onData = (chunk: Buffer) => {
      received += chunk.length;
      if (received > bodyBytes) {
        drop();
        if (received > bodyBytes + lingerBytes) reject(tooLarge(bodyBytes));
        return;
      }
      if (held + chunk.length > bufferedBytes) {
        reject(comeAgain('overloaded'));
        return;
      }
      held += chunk.length;
      kept += chunk.length;
      chunks.push(chunk);
    };
    let ended = false;
    const onEnd = () => {
      ended = true;
      if (received > bodyBytes) reject(tooLarge(bodyBytes));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, received));
    };
    // 'close' follows every 'end': an error made for each good request cost 3 % of its time.
    const onBroken = () => {
      if (!ended) reject(new Refusal('incomplete_body'));
    };
    const deadline = setTimeout(
      () => reject(new Refusal('body_timeout', undefined, { connection: 'close' })),
      bodyDeadlineMs,
    );

    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
    try {
      return await promise;
    } catch (error) {
      // What is left of the body must not be taken for the next request.
      request.pause();
      if (
        !request.complete &&
        error instanceof Refusal &&
        error.headers['connection'] === undefined
      ) {
        throw new Refusal(error.code, error.detail, { ...error.headers, connection: 'close' });
      }
      throw error;
    } finally {
      clearTimeout(deadline);
      request.off('data', onData).off('end', onEnd).off('close', onBroken);
      // 'error' keeps its listener: a socket that breaks later must not be an uncaught exception.
      drop();
    }
  };
}
