import { AsyncLocalStorage } from 'node:async_hooks';

import { Stripe } from 'stripe';
import type { Dispatcher } from 'undici';

import {
  ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, jsonOf, retryAfterHeader } from '../http.ts';
import type { CallPolicy } from '../policy.ts';

/**
 * Of stripe 23.1, which would move it in a minor release. The webhook endpoint must be set to the same.
 * @see https://docs.stripe.com/changelog
 */
const STRIPE_API_VERSION = '2026-10-28.endive';

/** A page of 100 charges is some 400 KB. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;

/** How Stripe is reached. */
export interface StripeConnection {
  /** `https://api.stripe.com`. An origin: the SDK takes no path prefix. */
  readonly baseUrl: string;
  readonly secretKey: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `stripePolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/**
 * Makes one request through the SDK, by the policy, and parses its answer.
 *
 * @throws {ProviderRefused | ProviderCredentialsRefused} and will again
 * @throws {ProviderBusy | ProviderUnreachable} after the policy's own tries
 */
export type StripeCall = <T>(
  signal: AbortSignal,
  request: (stripe: Stripe) => Promise<T>,
) => Promise<T>;

/** What the SDK's transport has to know of the call it serves, and how that call failed. */
interface Call {
  readonly signal: AbortSignal;
  failure?: ExpectedError;
}

/** The SDK behind our policy, our telemetry and our errors. */
export function stripeCall(connection: StripeConnection): StripeCall {
  const { policy, telemetry } = connection;
  const calls = new AsyncLocalStorage<Call>();
  const stripe = stripeClient(connection, calls);
  return (signal, request) =>
    policy.execute(
      (attempt) =>
        telemetry.integrationCall('stripe', async () => {
          const call: Call = { signal: attempt.signal };
          try {
            return await calls.run(call, () => request(stripe));
          } catch (error) {
            throw call.failure ?? stripeError(error);
          }
        }),
      signal,
    );
}

/**
 * The SDK over our own transport: `exchange` bounds the body, ends at the attempt's signal (the SDK takes none) and uses
 * our dispatcher. Over Node's own transport the SDK would also repeat a request whose socket closed, behind the
 * policy's back.
 */
function stripeClient(connection: StripeConnection, calls: AsyncLocalStorage<Call>): Stripe {
  const { baseUrl, secretKey, dispatcher } = connection;
  const { protocol, hostname, port } = new URL(baseUrl);
  const transport: typeof fetch = async (input, init) => {
    const call = calls.getStore();
    if (!call) throw new Error('A Stripe request outside a call');
    const url = new URL(input instanceof Request ? input.url : input);
    try {
      const answer = await exchange({
        provider: 'stripe',
        dispatcher,
        baseUrl,
        path: url.pathname + url.search,
        method: init?.method === 'POST' ? 'POST' : 'GET',
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(typeof init?.body === 'string' && init.body !== '' ? { body: init.body } : {}),
        signal: call.signal,
        maxBytes: MAX_ANSWER_BYTES,
      });
      const { status, headers, text } = answer;
      if (status === 429) throw new ProviderBusy('stripe', 'status_429', retryAfterHeader(headers));
      // Another request with our key is still running, perhaps our own that timed out.
      if (status === 409) throw new ProviderBusy('stripe', 'status_409', retryAfterHeader(headers));
      if (status < 200 || status >= 500 || (status >= 300 && status < 400)) {
        throw new ProviderUnreachable('stripe', `status_${status}`);
      }
      jsonOf('stripe', text);
      return new Response(text, { status, headers: { 'content-type': 'application/json' } });
    } catch (error) {
      if (error instanceof ExpectedError) call.failure = error;
      throw error;
    }
  };
  return new Stripe(secretKey, {
    apiVersion: STRIPE_API_VERSION,
    host: hostname,
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    protocol: protocol === 'https:' ? 'https' : 'http',
    httpClient: Stripe.createFetchHttpClient(transport),
    maxNetworkRetries: 0, // The policy's work.
    telemetry: false,
  });
}

/** The SDK's error in our words. Its message is not kept: it may quote what we sent. */
function stripeError(error: unknown): unknown {
  if (error instanceof ExpectedError) return error;
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const reason = error.code ?? error.rawType ?? 'unknown';
  if (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  ) {
    return new ProviderCredentialsRefused('stripe', reason);
  }
  if (error instanceof Stripe.errors.StripeRateLimitError)
    return new ProviderBusy('stripe', reason);
  if (
    error instanceof Stripe.errors.StripeConnectionError ||
    error instanceof Stripe.errors.StripeAPIError
  ) {
    return new ProviderUnreachable('stripe', reason);
  }
  return new ProviderRefused('stripe', reason);
}
