import type pg from 'pg';

import { paymentsByRule } from '../../actors/performers/payment-providers.ts';
import type { Intake } from '../../actors/ports/intake.ts';
import { type PaymentBooks, type PaymentsPort } from '../../actors/ports/payments.ts';
import { createReconciler, type Reconciler } from '../../actors/reconciliation/reconciler.ts';
import type { ReconciliationSettings } from '../../actors/reconciliation/settings.ts';
import { paymentProviders, type PaymentProvider } from '../../actors/shapes/payments.ts';
import { createBooks } from '../../persistence/finance/books.ts';
import { createDifferenceRegister } from '../../persistence/finance/differences.ts';
import type { Telemetry } from '../../telemetry.ts';

/**
 * Reconciliation of this installation's providers with the books in its database, wired alike for the running system and
 * for `npm run reconcile`. Opens nothing and starts nothing.
 */
export function reconcilerOf({
  pool,
  providers,
  paymentBooks,
  intake,
  log,
  invoicedTenants,
  settings = {},
}: {
  readonly pool: pg.Pool;
  /** Those that this installation has. */
  readonly providers: Readonly<Partial<Record<PaymentProvider, PaymentsPort>>>;
  readonly paymentBooks: readonly PaymentBooks[];
  readonly intake: Intake;
  readonly log: Telemetry['log'];
  /** Tenants that this installation makes invoices for. */
  readonly invoicedTenants: readonly string[];
  readonly settings?: Partial<ReconciliationSettings>;
}): Reconciler {
  return createReconciler({
    providers: paymentProviders.filter((provider) => providers[provider] !== undefined),
    payments: paymentsByRule({ providers, choose: () => null }), // It opens no checkouts.
    books: createBooks({ pool }),
    paymentBooks,
    intake,
    register: createDifferenceRegister({ pool }),
    now: Date.now,
    log,
    invoicedTenants,
    settings,
  });
}
