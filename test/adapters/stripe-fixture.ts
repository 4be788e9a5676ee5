import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { PaymentBooks, PaymentsPort } from '../../actors/ports/payments.ts';
import type {
  CheckoutOrder,
  PaymentReference,
  PaymentState,
  RefundOrder,
} from '../../actors/shapes/payments.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import { stripeBooks } from '../../adapters/stripe/books.ts';
import { stripePayments, stripePolicy } from '../../adapters/stripe/payments.ts';
import type { LedgerEntry } from '../sandbox/ledger.ts';
import { type Sandbox, sandboxSecrets } from '../sandbox/sandbox.ts';
import { type Provider, call, performing, quick, startProvider } from './fixtures.ts';

/** A webhook as it was posted. */
export interface Posted {
  readonly signature: string;
  readonly body: string;
  readonly id: string;
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface StripeWorld {
  readonly provider: Provider;
  /** What came to our webhook, in order of arrival. */
  readonly posted: Posted[];
  /** Refuses the next so many webhooks. */
  refuse(count: number): void;
  payments(by?: {
    readonly policy?: CallPolicy;
    readonly secretKey?: string;
    readonly sandbox?: Sandbox;
  }): PaymentsPort;
  books(sandbox?: Sandbox): PaymentBooks;
  /** Opens a checkout of its own booking, and says how to read it. */
  opened(more?: Partial<CheckoutOrder>): Promise<PaymentReference>;
  /** The same, paid as the control says. */
  paid(how?: object, more?: Partial<CheckoutOrder>): Promise<PaymentState & RefundOf>;
  read(reference: Pick<PaymentReference, 'checkoutId'>): Promise<PaymentState>;
  /** `/_sandbox/stripe/…` */
  control(path: string, body?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The sandbox's own evidence about a booking. */
  entries(kind: string, bookingId: string): Promise<readonly LedgerEntry[]>;
  close(): Promise<void>;
}

interface RefundOf {
  /** An order to give some of it back, by its running number. */
  readonly refundOrder: (count: number, amountMinor: string) => RefundOrder;
}

/** An order of 1,250.00 € with a booking of its own. */
export function orderOf(more: Partial<CheckoutOrder> = {}): CheckoutOrder {
  const caseId = randomUUID();
  return {
    caseId,
    bookingId: `${caseId}-b1`,
    attempt: 1,
    total: { amountMinor: '125000', currency: 'EUR' },
    title: 'Travel package',
    expiresAt: new Date(Date.now() + 2 * 60 * 60 * 1_000).toISOString(),
    payer: {
      firstName: 'Ada',
      familyName: 'Kaya',
      email: 'ada@example.org',
      phone: '447900000001',
      country: 'GB',
      city: null,
      address: null,
    },
    lang: 'tr',
    ...more,
  };
}

export async function startStripe(): Promise<StripeWorld> {
  const posted: Posted[] = [];
  let refusals = 0;
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (refusals > 0) {
      refusals -= 1;
      response.writeHead(503).end();
      return;
    }
    const { id, type, data } = JSON.parse(body) as {
      id: string;
      type: string;
      data: { object: Record<string, unknown> };
    };
    const signature = String(request.headers['stripe-signature']);
    posted.push({ signature, body, id, type, object: data.object });
    response.writeHead(200).end();
  };
  const webhooks = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => webhooks.listen(0, '127.0.0.1', resolve));
  const { port } = webhooks.address() as AddressInfo;
  const provider = await startProvider({
    webhooks: { paymentsUrl: `http://127.0.0.1:${port}/` },
  });

  const connection = (sandbox: Sandbox = provider.sandbox) => ({
    baseUrl: sandbox.origin,
    secretKey: sandboxSecrets.stripeSecretKey,
    dispatcher: provider.dispatcher,
    policy: quick('stripe', stripePolicy),
    telemetry: provider.telemetry,
  });

  const world: StripeWorld = {
    provider,
    posted,
    refuse(count) {
      refusals = count;
    },
    payments: ({ sandbox, ...by } = {}) =>
      stripePayments({
        ...connection(sandbox),
        successUrl: () => 'https://clinic.example/paid?session={CHECKOUT_SESSION_ID}',
        cancelUrl: 'https://clinic.example/cancelled',
        ...by,
      }),
    books: (sandbox) => stripeBooks(connection(sandbox)),
    async opened(more) {
      const order = orderOf(more);
      const doing = performing({ effectId: randomUUID() });
      const { checkoutId } = await world.payments().openCheckout(order, doing);
      return { provider: 'stripe', bookingId: order.bookingId, checkoutId, paymentId: null };
    },
    async paid(how = {}, more) {
      const reference = await world.opened(more);
      await world.control(`sessions/${reference.checkoutId}/pay`, how);
      const state = await world.read(reference);
      return {
        ...state,
        refundOrder: (count, amountMinor) => ({
          provider: 'stripe',
          bookingId: reference.bookingId,
          checkoutId: reference.checkoutId,
          paymentId: state.paymentId ?? '',
          reference: `${reference.bookingId}-r${count}`,
          amount: { amountMinor, currency: state.total.currency },
          whole: false,
        }),
      };
    },
    read: ({ checkoutId }) =>
      world
        .payments()
        .readPayment(
          { provider: 'stripe', bookingId: '', checkoutId, paymentId: null },
          performing(),
        ),
    async control(path, body) {
      const answer = await call(provider.sandbox, 'POST', `/_sandbox/stripe/${path}`, body);
      return answer as Record<string, unknown>;
    },
    async entries(kind, bookingId) {
      const entries = await provider.applied(kind);
      return entries.filter(({ detail }) => detail['bookingId'] === bookingId);
    },
    async close() {
      await provider.close();
      webhooks.closeAllConnections();
      await new Promise((resolve) => webhooks.close(resolve));
    },
  };
  return world;
}
