import type { Reply } from '../simulator.ts';

const USUAL_CODES: Readonly<Record<number, string>> = { 429: 'rate_limit' };

/** An error as Stripe writes one. */
export function stripeError(
  status: number,
  code: string | number | undefined = USUAL_CODES[status],
  more: { readonly type?: string; readonly param?: string } = {},
): Reply {
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  const named = code === undefined ? {} : { code: String(code) };
  return { status, body: { error: { type, ...named, message: 'Simulated', ...more } } };
}

/** A request that can't be done: thrown where it is found, answered where the request came in. */
export class StripeRefusal extends Error {
  override readonly name = 'StripeRefusal';
  readonly reply: Reply;

  constructor(...error: Parameters<typeof stripeError>) {
    super('refused');
    this.reply = stripeError(...error);
  }
}
