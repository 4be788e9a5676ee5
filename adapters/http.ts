import { Agent, type Dispatcher, getGlobalDispatcher, request } from 'undici';
import * as v from 'valibot';

import { ProviderBusy, ProviderUnreachable } from '../actors/errors.ts';

/** One request to a provider. */
export interface ProviderRequest {
  /** For errors and metrics, e.g. `duffel`. */
  readonly provider: string;
  /** Undici's global dispatcher if absent. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Origin, with a path prefix or without; a trailing slash does not matter. */
  readonly baseUrl: string;
  /** From the first slash on, with the query. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the request, whatever it waits for. */
  readonly signal: AbortSignal;
  /** Longer answers are refused unread. 256 KiB if absent. */
  readonly maxBytes?: number;
  /** How long it may say nothing, where that is more than of every connection: somebody behind it takes their time. */
  readonly silenceMs?: number;
}

/** An answer as it came, its body read and bounded. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** An answer of JSON: 2xx, or a 4xx that the caller must make an error of. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: ProviderAnswer['headers'];
  /** Unchecked: parse it with `parsed`. Undefined where a 4xx came with something else, such as a page of a proxy. */
  readonly json: unknown;
}

/** We wait no longer than this for a provider that says when to come back; absurd values exist. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;

/**
 * Of every connection to a provider. Connecting is given less time than any policy's time-out, so that a host that does
 * not answer is known as "never sent" (`ProviderBusy`) before the time-out would make it "perhaps sent". Who says nothing
 * for 15 s is given up; a machine that is gone is noticed as soon by TCP's own probes, 5 s after the last byte and then
 * every second. What is not used for some seconds is closed, so that nothing is sent into a connection that died at rest.
 */
export const connectionRules = {
  connect: { timeout: 3_000, keepAliveInitialDelay: 5_000 },
  headersTimeout: 15_000,
  bodyTimeout: 15_000,
  keepAliveTimeout: 4_000,
  keepAliveMaxTimeout: 10_000,
  pipelining: 1,
} as const satisfies Agent.Options;

/** Connections to providers. Redirects are never followed: undici does not, unless an interceptor is added. */
export function providerDispatcher(): Dispatcher {
  return new Agent({ ...connectionRules, connections: 64 });
}

/**
 * Sends a request and reads the whole answer, whatever its status.
 *
 * @throws {ProviderBusy} no connection came about, or `signal` had already aborted: certainly not sent
 * @throws {ProviderUnreachable} a broken connection, an abort, or too long a body: perhaps acted upon
 */
export async function exchange(sent: ProviderRequest): Promise<ProviderAnswer> {
  const {
    provider,
    dispatcher,
    baseUrl,
    path,
    method,
    headers,
    body,
    signal,
    maxBytes = 256 * 1_024,
    silenceMs,
  } = sent;
  if (signal.aborted) throw new ProviderBusy(provider, 'not_sent');
  try {
    const answer = await request(baseUrl.replace(/\/+$/, '') + path, {
      dispatcher: dispatcher ?? getGlobalDispatcher(),
      method,
      headers,
      body: body ?? null,
      signal,
      ...(silenceMs === undefined ? {} : { headersTimeout: silenceMs }),
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      // Throwing out of the loop destroys the body and its connection.
      if (length > maxBytes) throw new ProviderUnreachable(provider, 'body_too_long');
      chunks.push(chunk);
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: Buffer.concat(chunks).toString('utf8'),
    };
  } catch (error) {
    if (error instanceof ProviderUnreachable) throw error;
    if (signal.aborted || wasSilent(error))
      throw new ProviderUnreachable(provider, 'timeout', { cause: error });
    if (neverConnected(error))
      throw new ProviderBusy(provider, 'not_connected', undefined, { cause: error });
    throw new ProviderUnreachable(provider, 'connection_broken', { cause: error });
  }
}

/** Whether nothing came for as long as the connection's rules allow. */
function wasSilent(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}

/** Whether the failure is one of opening the connection, so that no byte of the request has left. */
export function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'UND_ERR_CONNECT_TIMEOUT') return true;
  // Node tries every address of a host; then the error is an aggregate of theirs.
  const each: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return each.every(
    (one) =>
      one instanceof Error &&
      'syscall' in one &&
      (one.syscall === 'connect' || one.syscall === 'getaddrinfo'),
  );
}

/**
 * `exchange` for a provider that speaks JSON and means its HTTP statuses. 401 and other 4xx are the caller's.
 *
 * @param retryAfterMs how this provider says when to come back; by default from `Retry-After`
 * @throws {ProviderBusy} 429, or not sent
 * @throws {ProviderUnreachable} 5xx, a redirect, or a 2xx whose body is not JSON; otherwise as `exchange`
 */
export async function sendJson(
  sent: ProviderRequest,
  retryAfterMs: (headers: ProviderAnswer['headers']) => number | undefined = retryAfterHeader,
): Promise<JsonAnswer> {
  const { status, headers, text } = await exchange(sent);
  if (status === 429) throw new ProviderBusy(sent.provider, 'status_429', retryAfterMs(headers));
  if (status >= 500 || (status >= 300 && status < 400)) {
    throw new ProviderUnreachable(sent.provider, `status_${status}`);
  }
  const json = status >= 400 ? jsonIn(text) : jsonOf(sent.provider, text);
  return { status, headers, json };
}

/**
 * Parses JSON text.
 *
 * @throws {ProviderUnreachable} it is none; the parser's message is not kept as a cause, since it quotes the text
 */
export function jsonOf(provider: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderUnreachable(provider, 'not_json');
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * What a provider answered, as its documentation describes it. The issues are not kept: they quote values.
 *
 * @throws {ProviderUnreachable} it answered something else
 */
export function parsed<Schema extends v.GenericSchema>(
  provider: string,
  schema: Schema,
  json: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json);
  if (!result.success) throw new ProviderUnreachable(provider, 'unexpected_body');
  return result.output;
}

/**
 * `Retry-After` in milliseconds, from seconds or a date, at most an hour; undefined if absent or unreadable.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterHeader(headers: ProviderAnswer['headers']): number | undefined {
  return waitMs(headers['retry-after']);
}

/** The same for any header that holds seconds or an HTTP date, such as Duffel's `ratelimit-reset`. */
export function waitMs(header: string | string[] | undefined): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
