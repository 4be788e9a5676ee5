import { randomUUID } from 'node:crypto';

import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, parsed, retryAfterHeader } from '../http.ts';
import { exactJson } from './exact-json.ts';
import {
  type Fields,
  type IyzicoKeys,
  type SignedAnswer,
  authorization,
  isSigned,
} from './signature.ts';

export interface IyzicoClientOptions extends IyzicoKeys {
  /** `https://api.iyzipay.com`, or `https://sandbox-api.iyzipay.com`. */
  readonly baseUrl: string;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** One request each, without any retry; those are the policies'. */
export interface IyzicoClient {
  /**
   * An answer with `status: success`, numbers as strings.
   *
   * @throws {ProviderRefused | ProviderCredentialsRefused | ProviderBusy | ProviderUnreachable} by HTTP status and iyzico's
   *   own `errorCode`, since most failures come with HTTP 200
   */
  post(path: string, body: object, signal: AbortSignal): Promise<Fields>;
  /** The same for reports. They are unsigned. */
  get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Fields>;
  /**
   * @throws {ProviderUnreachable} `bad_signature`: somebody else may have written it, so it is not believed
   */
  believe(kind: SignedAnswer, answer: Fields): Fields;
}

/** A page of a day's transactions. */
const MAX_BYTES = 4 * 1_024 * 1_024;

const Answer = v.looseObject({ status: v.string() });
/** `errorCode` is a string, and a number for exceeded limits. */
const Failure = v.object({
  errorCode: v.optional(v.nullable(v.string()), null),
  retryable: v.optional(v.nullable(v.boolean()), null),
});

/** iyzico over our own transport: its SDK has no time-outs, looks at no HTTP status, and shares a body between calls. */
export function iyzicoClient(options: IyzicoClientOptions): IyzicoClient {
  const { baseUrl, apiKey, secretKey, dispatcher, telemetry } = options;

  function send(
    method: 'GET' | 'POST',
    path: string,
    { query = '', body = '' }: { readonly query?: string; readonly body?: string },
    signal: AbortSignal,
  ): Promise<Fields> {
    return telemetry.integrationCall('iyzico', async () => {
      const random = randomUUID();
      const { status, headers, text } = await exchange({
        provider: 'iyzico',
        dispatcher,
        baseUrl,
        path: path + query,
        method,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: authorization({ apiKey, secretKey }, { random, path, body }),
          'x-iyzi-rnd': random,
        },
        ...(body === '' ? {} : { body }),
        signal,
        maxBytes: MAX_BYTES,
      });
      if (status === 429) throw new ProviderBusy('iyzico', 'status_429', retryAfterHeader(headers));
      if (status >= 500 || (status >= 300 && status < 400)) {
        throw new ProviderUnreachable('iyzico', `status_${status}`);
      }
      if (status === 401 || status === 403) {
        throw new ProviderCredentialsRefused('iyzico', `status_${status}`);
      }
      const answer = parsed('iyzico', Answer, exactJson(text));
      if (answer.status === 'success' && status < 300) return answer;
      throw iyzicoError(parsed('iyzico', Failure, answer));
    });
  }

  return {
    post: (path, body, signal) => send('POST', path, { body: JSON.stringify(body) }, signal),
    get: (path, query, signal) =>
      send('GET', path, { query: `?${new URLSearchParams(query).toString()}` }, signal),
    believe(kind, answer) {
      if (isSigned(secretKey, kind, answer)) return answer;
      throw new ProviderUnreachable('iyzico', 'bad_signature');
    },
  };
}

/** "Invalid signature", and "API credentials not found". */
const CREDENTIALS: ReadonlySet<string> = new Set(['1000', '1001']);
/** @see https://docs.iyzico.com/en/getting-started/preliminaries/limiters */
const LIMIT_EXCEEDED = '50000';
/**
 * The bank or iyzico did not answer in time, or broke: what became of the request is not known. 100001 is iyzico's own "system
 * error", the others are of the bank.
 *
 * @see https://docs.iyzico.com/en/add-ons/error-codes
 */
const IN_DOUBT: ReadonlySet<string> = new Set(
  '100001 10214 10219 10228 10240 10241 10242'.split(' '),
);
/** "Not now, try again later": no route to the card's bank, and a refund that can't be made at the moment. */
const LATER: ReadonlySet<string> = new Set(['10216', '10246']);

/** `errorMessage` is not kept: it may quote what we sent. `retryable` is said of refunds that were not made. */
function iyzicoError({ errorCode, retryable }: v.InferOutput<typeof Failure>): ExpectedError {
  const code = errorCode !== null && /^\w{1,40}$/.test(errorCode) ? errorCode : 'unknown';
  if (CREDENTIALS.has(code)) return new ProviderCredentialsRefused('iyzico', code);
  if (IN_DOUBT.has(code)) return new ProviderUnreachable('iyzico', code);
  if (code === LIMIT_EXCEEDED || LATER.has(code) || retryable === true) {
    return new ProviderBusy('iyzico', code);
  }
  return new ProviderRefused('iyzico', code);
}
