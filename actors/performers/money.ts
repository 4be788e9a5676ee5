import * as v from 'valibot';

import { Buyer } from '../events.ts';
import type { Performer } from '../kernel/ports.ts';
import { bookingStates, type Books } from '../ports/books.ts';
import type { EfaturaClient, InvoiceOrder } from '../ports/invoicing.ts';
import {
  paymentProviders,
  saleKinds,
  type CheckoutOrder,
  type PaymentReference,
  type PaymentState,
  type PaymentsPort,
  type RefundOrder,
} from '../ports/payments.ts';
import { recordOf } from './money-record.ts';

/** What bookings and invoices ask of the world. */
export interface MoneyPorts {
  readonly payments: PaymentsPort;
  readonly books: Books;
  readonly efatura: EfaturaClient;
  /** Epoch ms: when a movement was heard of whose own time the provider does not tell. */
  readonly now: () => number;
}

const Text = v.pipe(v.string(), v.maxLength(5_000));
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const Time = v.pipe(v.string(), v.isoTimestamp());
const Provider = v.picklist(paymentProviders);

const Money = v.strictObject({
  amountMinor: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
});

const nobody: CheckoutOrder['payer'] = {
  firstName: null,
  familyName: null,
  email: null,
  phone: null,
  country: null,
  city: null,
  address: null,
};

/** What was asked for before version 2 of the booking says less. */
const Order = v.strictObject({
  caseId: Id,
  bookingId: Id,
  attempt: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
  total: Money,
  title: Text,
  expiresAt: Time,
  payer: v.optional(
    v.strictObject({
      firstName: v.nullable(Text),
      familyName: v.nullable(Text),
      email: v.nullable(Text),
      phone: v.nullable(Text),
      country: v.nullable(Text),
      city: v.nullable(Text),
      address: v.nullable(Text),
    }),
    nobody,
  ),
  lang: v.optional(v.string(), 'en'),
}) satisfies v.GenericSchema<unknown, CheckoutOrder>;

const KnownRefunds = v.exactOptional(v.array(v.strictObject({ reference: Id, amount: Money })));

const Reference = v.strictObject({
  provider: Provider,
  bookingId: Id,
  checkoutId: Id,
  paymentId: v.nullable(Id),
  otherPaymentIds: v.exactOptional(v.array(Id)),
  knownRefunds: KnownRefunds,
}) satisfies v.GenericSchema<unknown, PaymentReference>;

const Refund = v.strictObject({
  provider: Provider,
  bookingId: Id,
  checkoutId: Id,
  paymentId: Id,
  reference: Id,
  amount: Money,
  whole: v.boolean(),
  knownRefunds: KnownRefunds,
}) satisfies v.GenericSchema<unknown, RefundOrder>;

const State = v.strictObject({
  provider: Provider,
  checkoutId: Id,
  bookingId: v.nullable(Id),
  paymentId: v.nullable(Id),
  status: v.picklist(['open', 'pending', 'paid', 'failed', 'expired']),
  fraud: v.picklist(['clear', 'review', 'rejected']),
  total: Money,
  captured: Money,
  paidAt: v.nullable(Time),
  refunds: v.array(
    v.strictObject({
      refundId: Id,
      reference: v.nullable(Id),
      amount: Money,
      status: v.picklist(['pending', 'done', 'failed']),
    }),
  ),
  dispute: v.nullable(
    v.strictObject({
      disputeId: Id,
      amount: Money,
      status: v.picklist(['open', 'won', 'lost']),
    }),
  ),
}) satisfies v.GenericSchema<unknown, PaymentState>;

const ToRecord = v.strictObject({
  caseId: Id,
  bookingId: Id,
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  state: v.picklist(bookingStates),
  provider: v.nullable(Provider),
  checkoutId: v.nullable(Id),
  total: Money,
  payments: v.pipe(v.array(State), v.maxLength(2)),
  heldFor: v.nullable(Text),
  cause: Text,
});

const ToInvoice = v.strictObject({
  tenant: Id,
  caseId: Id,
  bookingId: Id,
  invoiceId: Id,
  lines: v.pipe(
    v.array(
      v.strictObject({
        kind: v.picklist(saleKinds),
        description: Text,
        quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        gross: Money,
      }),
    ),
    v.minLength(1),
  ),
  paidAt: Time,
  payment: v.strictObject({ provider: Id, paymentId: v.string() }),
  buyer: Buyer,
  credits: v.nullable(Id),
  replaces: v.nullable(Id),
}) satisfies v.GenericSchema<unknown, InvoiceOrder>;

const Invoice = v.strictObject({ invoiceId: Id });

/** Some days: what was paid has to be in the books, and what was sold on an invoice, whatever is down meanwhile. */
const untilDone = 1_000;

/**
 * Performers of the booking and the invoice machine, by the names they use. Only the checkout needs a consent: what was
 * paid has to be settled, booked and invoiced, whatever was withdrawn since.
 */
export function moneyPerformers({ payments, books, efatura, now }: MoneyPorts) {
  return {
    openCheckout: {
      perform: async (input, performing) =>
        payments.openCheckout(v.parse(Order, input), performing),
      resolution: 'key',
      needs: () => 'consent:service',
      port: 'payments',
      timeoutMs: 45_000,
    },
    closeCheckout: {
      perform: async (input, performing) =>
        payments.closeCheckout(v.parse(Reference, input), performing),
      resolution: 'key',
      port: 'payments',
      timeoutMs: 45_000,
    },
    readPayment: {
      perform: async (input, performing) =>
        payments.readPayment(v.parse(Reference, input), performing),
      resolution: 'key', // Reading only.
      port: 'payments',
      attempts: 20,
      timeoutMs: 45_000,
    },
    refundPayment: {
      perform: async (input, performing) => payments.refund(v.parse(Refund, input), performing),
      resolution: 'lookup',
      lookup: async (input, performing) => {
        const refund = await payments.findRefund(v.parse(Refund, input), performing);
        return refund && { output: refund };
      },
      port: 'payments',
      attempts: 20,
      timeoutMs: 120_000, // iyzico's reports lag: looking for an earlier try takes its time.
    },
    recordBooking: {
      perform: async (input, { tenant }) => {
        const { payments: known, ...booking } = v.parse(ToRecord, input);
        const at = new Date(now()).toISOString();
        const paymentId = known[0]?.paymentId ?? null;
        const standing = { ...booking, tenant, paymentId, at };
        const records = known.map((payment) => recordOf(standing, payment));
        const movements = records.flatMap((record) => record.movements);
        await books.record({ ...recordOf(standing, known[0] ?? null), movements });
        return null;
      },
      resolution: 'key',
      port: 'books',
      attempts: untilDone,
    },
    queueInvoice: {
      perform: async (input, performing) =>
        efatura.queueInvoice(v.parse(ToInvoice, input), performing),
      resolution: 'key',
      port: 'efatura',
      attempts: untilDone,
      timeoutMs: 60_000,
    },
    submitInvoice: {
      perform: async (input, performing) =>
        efatura.submitInvoice(v.parse(Invoice, input).invoiceId, performing),
      resolution: 'key',
      port: 'efatura',
      attempts: 40,
      timeoutMs: 60_000,
    },
    readInvoice: {
      perform: async (input, performing) =>
        efatura.readInvoice(v.parse(Invoice, input).invoiceId, performing),
      resolution: 'key', // Reading only.
      port: 'efatura',
      timeoutMs: 60_000,
    },
    archiveInvoice: {
      perform: async (input, performing) =>
        efatura.archiveInvoice(v.parse(Invoice, input).invoiceId, performing),
      resolution: 'key',
      port: 'efatura',
      attempts: 40,
      timeoutMs: 60_000,
      concurrency: 8, // Each holds a whole PDF in memory.
    },
  } as const satisfies Record<string, Performer>;
}
