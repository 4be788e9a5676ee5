import type { Dispatcher } from 'undici';

import { ProviderCredentialsRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { ClinicalAnswerUnusable } from '../../actors/ports/clinical.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type ProviderAnswer, exchange } from '../http.ts';
import { type CallPolicy, type PolicyOptions } from '../policy.ts';
import type { TokenCache } from '../token-cache.ts';
import { fhirError, passes } from './outcome.ts';

/** For each request: a search of many pages is tried again page by page. */
export const fhirPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: passes,
  concurrency: 8,
};

/** A patient with a photograph is some MB; a page of 50 usual resources a tenth of one. */
const MAX_BYTES = 8 * 1_024 * 1_024;

export interface FhirRequest {
  readonly method: 'GET' | 'POST';
  /** Below the server's base. */
  readonly url: URL;
  readonly form?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers; any other is an error. */
  readonly accepts: readonly number[];
}

/** One tenant's server. */
export interface FhirRequests {
  readonly base: URL;
  /** Other addresses of the same server, as it names its pages. */
  readonly linkBases: readonly string[];
  /**
   * Sends a request, again where that may help.
   *
   * @throws {ProviderCredentialsRefused} two tokens in a row were refused
   * @throws {ClinicalAnswerUnusable} `too_large`, noticed after `MAX_BYTES` of it
   * @throws what `fhirError` makes of the rest
   */
  send(request: FhirRequest, performing: Performing): Promise<ProviderAnswer>;
}

export interface FhirRequestsOptions {
  readonly baseUrl: string;
  readonly linkBases: readonly string[];
  /** Absent for a server that asks for none. */
  readonly tokens: TokenCache | undefined;
  /** Made from `fhirPolicy`. */
  readonly policy: CallPolicy;
  readonly dispatcher?: Dispatcher | undefined;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** Requests to one FHIR server, with its token. Everything sent is safe to repeat: it only reads. */
export function fhirRequests(options: FhirRequestsOptions): FhirRequests {
  const { baseUrl, linkBases, tokens, policy, dispatcher, telemetry } = options;

  function sendWith(
    token: string | undefined,
    { method, url, form, headers, accepts }: FhirRequest,
    { effectId, attempt }: Performing,
    signal: AbortSignal,
  ): Promise<ProviderAnswer> {
    return telemetry.integrationCall('fhir', async () => {
      const answer = await bounded(
        exchange({
          provider: 'fhir',
          dispatcher,
          baseUrl: url.origin,
          path: url.pathname + url.search,
          method,
          headers: {
            accept: 'application/fhir+json',
            // HAPI gives the result of an equal search of the last minute otherwise.
            'cache-control': 'no-cache',
            'x-request-id': `${effectId}-${attempt}`,
            ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(form ? { body: form.toString() } : {}),
          signal,
          maxBytes: MAX_BYTES,
        }),
      );
      if (!accepts.includes(answer.status)) throw fhirError(answer);
      return answer;
    });
  }

  return {
    base: new URL(baseUrl.replace(/\/+$/, '')),
    linkBases: linkBases.map((other) => other.replace(/\/+$/, '')),
    async send(request, performing) {
      return await policy.execute(async ({ signal }) => {
        const token = await tokens?.get(signal);
        try {
          return await sendWith(token, request, performing, signal);
        } catch (error) {
          if (!(error instanceof ProviderCredentialsRefused) || !tokens || token === undefined) {
            throw error;
          }
          // A server may end a token before its time: one new one, and then it's not the token.
          await tokens.forget(token);
          return await sendWith(await tokens.get(signal), request, performing, signal);
        }
      }, performing.signal);
    },
  };
}

/** What is too long now is too long the next time, so it is not the silence that `exchange` makes of it. */
async function bounded(answer: Promise<ProviderAnswer>): Promise<ProviderAnswer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProviderUnreachable && error.reason === 'body_too_long') {
      throw new ClinicalAnswerUnusable('too_large');
    }
    throw error;
  }
}
