import { AsyncLocalStorage } from 'node:async_hooks';

import { Stripe } from 'stripe';
import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type {
  Checkout,
  CheckoutOrder,
  CheckoutState,
  PaymentsPort,
} from '../../actors/ports/payments.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, jsonOf, parsed, retryAfterHeader } from '../http.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';
import { moneyFromStripe, stripeAmount } from './amounts.ts';

/**
 * Of stripe 23.1, which would move it in a minor release. The webhook endpoint must be set to the same.
 * @see https://docs.stripe.com/changelog
 */
const STRIPE_API_VERSION = '2026-10-28.endive';

/** Every call carries an idempotency key or only reads, so all may be repeated. */
export const stripePolicy: PolicyOptions = {
  timeoutMs: 10_000,
  retryWhen: whenRetryable,
  concurrency: 16,
};

export interface StripeOptions {
  /** `https://api.stripe.com`. An origin: the SDK takes no path prefix. */
  readonly baseUrl: string;
  readonly secretKey: string;
  /** Where the patient goes after paying, or not paying. */
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `stripePolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

/** What the SDK's transport has to know of the call it serves, and how that call failed. */
interface Call {
  readonly signal: AbortSignal;
  failure?: ExpectedError;
}

const Session = v.object({
  id: v.string(),
  url: v.nullable(v.string()),
  status: v.picklist(['open', 'complete', 'expired']),
  payment_status: v.picklist(['paid', 'unpaid', 'no_payment_required']),
  amount_total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(/^[a-z]{3}$/)),
  client_reference_id: v.nullable(v.string()),
  payment_intent: v.nullable(v.union([v.string(), v.object({ id: v.string() })])),
  expires_at: v.number(),
});

/**
 * Hosted checkouts by Stripe. The effect id is the idempotency key, which Stripe remembers for at least 24 h; we give up
 * on an effect long before.
 *
 * @see https://docs.stripe.com/api/checkout/sessions/create
 */
export function stripePayments(options: StripeOptions): PaymentsPort {
  const { successUrl, cancelUrl, policy, telemetry } = options;
  const calls = new AsyncLocalStorage<Call>();
  const stripe = stripeClient(options, calls);

  function calling<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    return policy.execute(
      (attempt) =>
        telemetry.integrationCall('stripe', async () => {
          const call: Call = { signal: attempt.signal };
          try {
            return await calls.run(call, request);
          } catch (error) {
            throw call.failure ?? stripeError(error);
          }
        }),
      signal,
    );
  }

  return {
    async openCheckout(order, { effectId, tenant, signal }) {
      const params = sessionParams(order, tenant, { successUrl, cancelUrl });
      return await calling(signal, async () => {
        const session = await stripe.checkout.sessions.create(params, { idempotencyKey: effectId });
        return opened(parsed('stripe', Session, session));
      });
    },
    readCheckout(checkoutId, { signal }) {
      return calling(signal, async () =>
        stateOf(parsed('stripe', Session, await stripe.checkout.sessions.retrieve(checkoutId))),
      );
    },
  };
}

/**
 * The SDK over our own transport: `exchange` bounds the body, ends at the attempt's signal (the SDK takes none) and uses
 * our dispatcher. Over Node's own transport the SDK would also repeat a request whose socket closed, behind the
 * policy's back.
 */
function stripeClient(options: StripeOptions, calls: AsyncLocalStorage<Call>): Stripe {
  const { baseUrl, secretKey, dispatcher } = options;
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

/** Constant for an order: under one idempotency key Stripe refuses any other body. */
function sessionParams(
  { caseId, bookingId, total, title, expiresAt }: CheckoutOrder,
  tenant: string,
  { successUrl, cancelUrl }: Pick<StripeOptions, 'successUrl' | 'cancelUrl'>,
): Stripe.Checkout.SessionCreateParams {
  const metadata = { case_id: caseId, booking_id: bookingId, tenant };
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: total.currency.toLowerCase(),
          unit_amount: stripeAmount(total),
          product_data: { name: title },
        },
      },
    ],
    success_url: successUrl,
    cancel_url: cancelUrl,
    client_reference_id: bookingId,
    metadata,
    // Not copied from the session, and refunds and disputes come with the payment intent only.
    payment_intent_data: { metadata },
    // Else the patient may pay in a currency of Stripe's choice, and we reconcile in one.
    adaptive_pricing: { enabled: false },
    expires_at: Math.floor(Date.parse(expiresAt) / 1_000),
  };
}

function opened({ id, url, expires_at }: v.InferOutput<typeof Session>): Checkout {
  // A replayed key may answer with a session that is over by now.
  if (url === null) throw new ProviderRefused('stripe', 'checkout_not_open');
  return { provider: 'stripe', checkoutId: id, url, expiresAt: isoSeconds(expires_at) };
}

function isoSeconds(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toISOString();
}

function stateOf(session: v.InferOutput<typeof Session>): CheckoutState {
  const intent = session.payment_intent;
  return {
    checkoutId: session.id,
    bookingId: session.client_reference_id,
    status: statusOf(session),
    total: moneyFromStripe(session.amount_total, session.currency),
    paymentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
  };
}

/** A completed checkout is not yet paid with delayed payment methods. Nothing we sell is free, so that is no payment. */
function statusOf({
  status,
  payment_status,
}: v.InferOutput<typeof Session>): CheckoutState['status'] {
  if (status !== 'complete') return status;
  return payment_status === 'paid' ? 'paid' : 'unpaid';
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
