/**
 * Why a request is refused, and the one table from `code` to status and title. Codes are a contract with clients:
 * they never change. `detail` is shown to the client, so it names fields and limits and never repeats what was sent.
 */

const refusals = {
  malformed_json: [400, 'The body is not acceptable JSON'],
  invalid_body: [400, 'The body does not have the expected shape'],
  invalid_parameter: [400, 'A parameter is not acceptable'],
  invalid_travellers: [400, 'Fields of the form have to be corrected'],
  incomplete_body: [400, 'The body ended early'],
  bad_signature: [401, 'Unauthorized'],
  invalid_token: [401, 'Unauthorized'],
  forbidden: [403, 'Forbidden'],
  link_expired: [403, 'The link has expired'],
  link_used: [403, 'The link was used already'],
  kind_not_allowed: [403, 'The link is not for this kind of document'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  not_retryable: [409, 'It cannot be tried again'],
  travellers_ordered: [409, 'The flights are ordered with what was given before'],
  travellers_over: [409, 'The trip needs no travellers any more'],
  case_unreadable: [409, 'The case cannot be read until it is mended'],
  body_timeout: [408, 'The body took too long'],
  body_too_large: [413, 'The body is too large'],
  document_too_large: [413, 'The document is too large'],
  unsupported_media_type: [415, 'The body must be application/json without content encoding'],
  document_wrong_type: [415, 'A document of this kind must be of another type'],
  too_often: [429, 'Too many tries, come again later'],
  internal: [500, 'Something went wrong here'],
  not_implemented: [501, 'Method not implemented'],
  bad_copy: [502, 'The archive has another file than was put there'],
  overloaded: [503, 'Too busy, try again'],
  unavailable: [503, 'Not available now, try again'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof refusals;

/** A refusal on purpose, thrown anywhere below the error path in `app.ts`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly status: number;
  readonly detail: string | undefined;
  /** Response headers that belong to the refusal. */
  readonly headers: Readonly<Record<string, string>>;
  /** More members of its body: codes and places, and nothing of what was sent. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: RefusalCode,
    detail?: string,
    headers: Readonly<Record<string, string>> = {},
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail ?? refusals[code][1]);
    this.code = code;
    this.status = refusals[code][0];
    this.detail = detail;
    this.headers = headers;
    this.members = members;
  }
}

/** Busy or broken on our side: the sender should come again. `Retry-After` is in seconds. */
export function comeAgain(code: 'overloaded' | 'unavailable', retryAfterSeconds = 5): Refusal {
  return new Refusal(code, undefined, { 'retry-after': String(retryAfterSeconds) });
}

/** The `application/problem+json` body of a refusal. @see https://www.rfc-editor.org/rfc/rfc9457 */
export function problemBody(refusal: Refusal, correlationId: string): string {
  return JSON.stringify({
    type: 'about:blank',
    title: refusals[refusal.code][1],
    status: refusal.status,
    code: refusal.code,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    correlationId,
    ...refusal.members,
  });
}

/** The database's errors do not say so, but whoever asked should come again. */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw Object.assign(comeAgain('unavailable'), { cause: error });
  }
}
