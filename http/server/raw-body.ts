import type { IncomingMessage } from 'node:http';

import type { Admission } from './admission.ts';
import { comeAgain, Refusal } from './errors.ts';

export interface BodyLimits {
  /** Largest body, in bytes. */
  readonly bodyBytes: number;
  /** Milliseconds from the headers to the body's last byte, and up to a tenth more. */
  readonly bodyDeadlineMs: number;
}

/** A request with what it was let in by. */
export interface Asking {
  readonly req: IncomingMessage;
  readonly state: { readonly admission: Admission };
}

/**
 * Takes a request's body as the bytes that came, before any parser.
 *
 * @param mostBytes where less is allowed than the edge allows
 * @throws {Refusal} 415 not plain `application/json`; 413 too large; 408 too slow; 400 broken off; 503 others needed its room
 */
export type ReadBody = (asking: Asking, mostBytes?: number) => Promise<Buffer>;

/** How far past the limit we read on, so that a client that is still writing gets to see its 413 and not a reset. */
const lingerBytes = 4 * 1_024 * 1_024;

/** @throws {Refusal} 415 compressed, or not plain `application/json`; 413 it says itself that it is too large */
export function refuseHeaders({ headers }: IncomingMessage, bodyBytes: number): void {
  // A compressed body could be a bomb, and no provider sends one.
  if (headers['content-encoding'] !== undefined) throw new Refusal('unsupported_media_type');
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Refusal('unsupported_media_type');
  if (Number(headers['content-length'] ?? 0) > bodyBytes + lingerBytes) throw tooLarge(bodyBytes);
}

function tooLarge(bodyBytes: number): Refusal {
  return new Refusal('body_too_large', `The limit is ${bodyBytes} bytes`, { connection: 'close' });
}

/** Bytes are counted as they come, in the budget the request was let in by: `Content-Length` may be absent, or a lie. */
export function bodyReader({ bodyBytes: most, bodyDeadlineMs }: BodyLimits): ReadBody {
  let turn = 0;
  /** Up to a tenth more, for each another: a thousand that began together and stopped are not to be answered in one moment. */
  const deadlineOfNext = () => {
    turn = (turn + 1) % 100;
    return bodyDeadlineMs * (1 + turn / 1_000);
  };

  return async ({ req: request, state: { admission } }, bodyBytes = most) => {
    refuseHeaders(request, bodyBytes);
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const chunks: Buffer[] = [];
    let received = 0;
    const makeWay = () => reject(comeAgain('overloaded'));
    const place = admission.receive(makeWay);

    const onData = (chunk: Buffer) => {
      received += chunk.length;
      if (received > bodyBytes) {
        place.release(received);
        chunks.length = 0;
        if (received > bodyBytes + lingerBytes) reject(tooLarge(bodyBytes));
        return;
      }
      if (place.hold(chunk.length)) chunks.push(chunk);
      else makeWay();
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
      deadlineOfNext(),
    );

    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
    try {
      const body = await promise;
      place.done();
      return body;
    } catch (error) {
      place.leave();
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
    }
  };
}
