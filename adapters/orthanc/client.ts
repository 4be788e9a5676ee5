import { type Dispatcher, request } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import {
  exchange,
  jsonOf,
  neverConnected,
  parsed,
  type ProviderAnswer,
  retryAfterHeader,
} from '../http.ts';
import type { CallPolicy } from '../policy.ts';

export interface OrthancOptions {
  /** `http://127.0.0.1:8042`, with a path prefix or without. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly dispatcher: Dispatcher;
  /** Made from `orthancPolicy`, for what may be repeated. */
  readonly policy: CallPolicy;
  /** Made from `orthancJobPolicy`, for starting a job: twice would be two copies. */
  readonly jobPolicy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** Orthanc's REST API, answers bounded and parsed, failures in our words. */
export interface OrthancClient {
  /** Null for 404. */
  get<Schema extends v.GenericSchema>(
    path: string,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<v.InferOutput<Schema> | null>;
  /** A POST that only reads. */
  ask<Schema extends v.GenericSchema>(
    path: string,
    body: object,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<v.InferOutput<Schema>>;
  /** A POST that must not be sent twice. Null for 404. */
  start<Schema extends v.GenericSchema>(
    path: string,
    body: object,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<v.InferOutput<Schema> | null>;
  put(path: string, body: string, signal: AbortSignal): Promise<void>;
  /** No matter whether it is there. */
  delete(path: string, signal: AbortSignal): Promise<void>;
  /** The body of a GET as it comes, at most `maxBytes`; `read` must read it to its end or leave its loop. Null for 404. */
  stream<T>(
    path: string,
    maxBytes: number,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | null>;
}

const provider = 'orthanc';
const maxJsonBytes = 4 * 1_024 * 1_024;
/** Of these only the code is kept: `Details` and `Message` quote identifiers and queries. */
const Refused = v.object({ OrthancStatus: v.number() });

/** @see https://orthanc.uclouvain.be/api/ */
export function orthancClient(options: OrthancOptions): OrthancClient {
  const { baseUrl, username, password, dispatcher, policy, jobPolicy, telemetry } = options;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  function send(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: string | undefined,
    signal: AbortSignal,
    by: CallPolicy,
  ): Promise<ProviderAnswer> {
    return by.execute(
      (attempt) =>
        telemetry.integrationCall(provider, async () => {
          const answer = await exchange({
            provider,
            dispatcher,
            baseUrl,
            path,
            method,
            headers: {
              authorization,
              accept: 'application/json',
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body }),
            signal: attempt.signal,
            maxBytes: maxJsonBytes,
          });
          const failure = failureOf(answer.status, answer.headers, answer.text);
          if (failure !== null) throw failure;
          return answer;
        }),
      signal,
    );
  }

  function answered<Schema extends v.GenericSchema>(
    { status, text }: ProviderAnswer,
    schema: Schema,
  ): v.InferOutput<Schema> | null {
    return status === 404 ? null : parsed(provider, schema, jsonOf(provider, text));
  }

  return {
    async get(path, schema, signal) {
      return answered(await send('GET', path, undefined, signal, policy), schema);
    },
    async ask(path, body, schema, signal) {
      const answer = answered(
        await send('POST', path, JSON.stringify(body), signal, policy),
        schema,
      );
      if (answer === null) throw new ProviderUnreachable(provider, 'status_404');
      return answer;
    },
    async start(path, body, schema, signal) {
      return answered(await send('POST', path, JSON.stringify(body), signal, jobPolicy), schema);
    },
    async put(path, body, signal) {
      const { status } = await send('PUT', path, body, signal, policy);
      if (status === 404) throw new ProviderRefused(provider, 'not_found');
    },
    async delete(path, signal) {
      await send('DELETE', path, undefined, signal, policy);
    },
    stream(path, maxBytes, read, signal) {
      return policy.execute(
        (attempt) =>
          telemetry.integrationCall(provider, async () => {
            if (attempt.signal.aborted) throw new ProviderBusy(provider, 'not_sent');
            const { statusCode, headers, body } = await request(
              baseUrl.replace(/\/+$/, '') + path,
              { dispatcher, headers: { authorization }, signal: attempt.signal },
            ).catch((error: unknown) => {
              throw interrupted(error, attempt.signal);
            });
            const failure = failureOf(statusCode, headers, '');
            if (failure === null && statusCode !== 404) {
              return read(bounded(body as AsyncIterable<Uint8Array>, maxBytes, attempt.signal));
            }
            await body.dump().catch(() => {}); // The status has said it.
            if (failure !== null) throw failure;
            return null;
          }),
        signal,
      );
    },
  };
}

async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only the transfer's errors become ours; those of whoever reads us stay what they are.
      const next = await iterator.next().catch((error: unknown) => {
        throw interrupted(error, signal);
      });
      if (next.done === true) return;
      length += next.value.length;
      // A file that is too long will be as long next time.
      if (length > maxBytes) throw new ProviderRefused(provider, 'instance_too_large');
      yield next.value;
    }
  } finally {
    await iterator.return?.().catch(() => {}); // Destroys the body, if it has not ended.
  }
}

/** Null for what the caller reads: 2xx and 404. */
function failureOf(
  status: number,
  headers: ProviderAnswer['headers'],
  text: string,
): ExpectedError | null {
  if ((status >= 200 && status < 300) || status === 404) return null;
  // 401 and 403 come without a body.
  if (status === 401 || status === 403) {
    return new ProviderCredentialsRefused(provider, `status_${status}`);
  }
  if (status === 429 || status === 503) {
    return new ProviderBusy(provider, `status_${status}`, retryAfterHeader(headers));
  }
  if (status >= 500 || status < 400) return new ProviderUnreachable(provider, `status_${status}`);
  return new ProviderRefused(provider, codeIn(text) ?? `status_${status}`);
}

function codeIn(text: string): string | null {
  const refused = v.safeParse(v.pipe(v.string(), v.parseJson(), Refused), text);
  return refused.success ? `orthanc_${refused.output.OrthancStatus}` : null;
}

function interrupted(error: unknown, signal: AbortSignal): ExpectedError {
  if (signal.aborted) return new ProviderUnreachable(provider, 'timeout', { cause: error });
  if (neverConnected(error)) {
    return new ProviderBusy(provider, 'not_connected', undefined, { cause: error });
  }
  return new ProviderUnreachable(provider, 'connection_broken', { cause: error });
}
