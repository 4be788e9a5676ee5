import type { Dispatcher } from 'undici';

import { paymentsByRule } from '../../actors/performers/payment-providers.ts';
import { choosePaymentProvider } from '../../actors/ports/payment-rules.ts';
import type { PaymentBooks, PaymentsPort } from '../../actors/ports/payments.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { iyzicoBooks } from '../../adapters/iyzico/books.ts';
import {
  iyzicoPayments,
  iyzicoPolicy,
  iyzicoRefundPolicy,
} from '../../adapters/iyzico/payments.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { stripeBooks } from '../../adapters/stripe/books.ts';
import { stripePayments, stripePolicy } from '../../adapters/stripe/payments.ts';
import type { Config } from '../../config.ts';
import type { Telemetry } from '../../telemetry.ts';

export interface PaymentsWiring {
  readonly settings: Pick<Config, 'stripe' | 'iyzico' | 'efatura' | 'paymentRules'>;
  /** The sandbox's, for providers without an address. */
  readonly sandboxOrigin: string;
  /** Where patients come back to, by booking. */
  readonly returnTo: (provider: PaymentProvider) => (bookingId: string) => string;
  readonly dispatcher: Dispatcher;
  readonly telemetry: Telemetry;
}

export interface Payments {
  /** Those that this installation has. */
  readonly providers: Readonly<Partial<Record<PaymentProvider, PaymentsPort>>>;
  /** All of them as one port, by the rules of the settings. */
  readonly payments: PaymentsPort;
  readonly books: readonly PaymentBooks[];
}

/** The payment providers of the settings, wired alike for the running system and for `npm run reconcile`. */
export function paymentsOf(wiring: PaymentsWiring): Payments {
  const { settings, sandboxOrigin, returnTo, dispatcher, telemetry } = wiring;
  const { successUrl } = settings.stripe;
  const stripe = {
    ...settings.stripe,
    successUrl: successUrl === null ? returnTo('stripe') : () => successUrl,
    baseUrl: settings.stripe.apiBase ?? sandboxOrigin,
    dispatcher,
    telemetry,
    policy: callPolicy('stripe', stripePolicy, telemetry.log),
  };
  const iyzico = iyzicoOf(wiring);
  const providers = {
    stripe: stripePayments(stripe),
    ...(iyzico === null ? {} : { iyzico: iyzico.payments }),
  };
  const rules = { byDefault: settings.paymentRules };
  return {
    providers,
    payments: paymentsByRule({ providers, choose: (sale) => choosePaymentProvider(rules, sale) }),
    books: [stripeBooks(stripe), ...(iyzico === null ? [] : [iyzico.books])],
  };
}

function iyzicoOf({ settings, sandboxOrigin, returnTo, dispatcher, telemetry }: PaymentsWiring) {
  const { iyzico, efatura } = settings;
  if (iyzico === null) return null;
  const [secretKey = ''] = iyzico.secretKeys;
  const client = {
    baseUrl: iyzico.apiBase ?? sandboxOrigin,
    apiKey: iyzico.apiKey,
    secretKey,
    dispatcher,
    telemetry,
    policy: callPolicy('iyzico', iyzicoPolicy, telemetry.log),
  };
  return {
    books: iyzicoBooks(client),
    payments: iyzicoPayments({
      ...client,
      refundPolicy: callPolicy('iyzico', iyzicoRefundPolicy, telemetry.log),
      callbackUrl: returnTo('iyzico'),
      buyerFallback: {
        email: iyzico.buyerEmail,
        ip: iyzico.buyerIp,
        address: efatura?.seller.address.street ?? 'Unknown',
        city: efatura?.seller.address.city ?? 'Istanbul',
        country: 'Turkey',
        identityNumber: '11111111111', // What integrators send for foreigners.
      },
      now: Date.now,
      reportingLagMs: iyzico.reportingLagMs,
    }),
  };
}
