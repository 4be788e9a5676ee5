import type { ParameterizedContext } from 'koa';
import type { koaBody } from 'koa-body';

import { comeAgain, Refusal } from '../server/errors.ts';
import { parseJson } from '../server/json.ts';
import { refuseHeaders } from '../server/raw-body.ts';
import type { EdgeState } from '../server/request.ts';

/** The longest act is a reply of 4,000 characters, each of which may come as the six bytes of a `\\u` escape. */
const largestBytes = 32 * 1_024;

/** Loaded with the first body: it costs a start 20 MiB. */
const reader = async () => (await import('koa-body')).koaBody(options);
let read: ReturnType<typeof reader> | undefined;

const options: Parameters<typeof koaBody>[0] = {
  multipart: false,
  urlencoded: false,
  text: false,
  jsonLimit: largestBytes,
  jsonStrict: false, // `parseJson` says what is wrong.
  includeUnparsed: true,
  onError: (error) => {
    const { type } = error as { type?: string };
    if (type === 'entity.too.large') throw new Refusal('body_too_large');
    throw new Refusal(type === 'request.aborted' ? 'incomplete_body' : 'malformed_json');
  },
};

/**
 * Reads what staff send: one small JSON value, in the budget of staff and safe to walk, merge and store as `parseJson` has it.
 * Webhooks are read as bytes instead, since they are signed (raw-body.ts).
 *
 * @throws {Refusal} 415 not plain `application/json`; 413 over 32 KiB; 408 too slow; 400 broken off, or no JSON; 503 others
 *   needed its room
 */
export async function readStaffBody(
  ctx: ParameterizedContext<EdgeState>,
  deadlineMs: number,
): Promise<unknown> {
  refuseHeaders(ctx.req, largestBytes);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const place = ctx.state.admission.receive(() => reject(comeAgain('overloaded')));
  const tooSlow = () => reject(new Refusal('body_timeout', undefined, { connection: 'close' }));
  const deadline = setTimeout(tooSlow, deadlineMs);
  read ??= reader();
  const reading = read.then(async (body) => body(ctx, async () => undefined));
  reading.catch(() => {}); // Whoever was too slow may break off later, which is nobody's to hear.
  try {
    await Promise.race([reading, ended]);
    place.done();
  } catch (error) {
    place.leave();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
  const { rawBody = '' } = ctx.request as { rawBody?: string };
  return parseJson(Buffer.from(rawBody));
}
