import type { Books } from '../ports/books.ts';
import type { EfaturaClient } from '../ports/invoicing.ts';
import type { PaymentsPort } from '../ports/payments.ts';
import { recordOf } from './money-record.ts';
import type { EffectPerformers } from './performers.ts';

/** What bookings and invoices ask of the world. */
export interface MoneyPorts {
  readonly payments: PaymentsPort;
  readonly books: Books;
  readonly efatura: EfaturaClient;
  /** Epoch ms: when a movement was heard of whose own time the provider does not tell. */
  readonly now: () => number;
}

/** Some days: what was paid has to be in the books, and what was sold on an invoice, whatever is down meanwhile. */
const untilDone = 1_000;

/**
 * Performers of the booking and the invoice machine, by the names they use. Only the checkout needs a consent: what was
 * paid has to be settled, booked and invoiced, whatever was withdrawn since.
 */
export function moneyPerformers({ payments, books, efatura, now }: MoneyPorts) {
  return {
    openCheckout: {
      perform: async (input, performing) => payments.openCheckout(input, performing),
      resolution: 'key',
      needs: () => 'consent:service',
      port: 'payments',
      timeoutMs: 45_000,
    },
    closeCheckout: {
      perform: async (input, performing) => payments.closeCheckout(input, performing),
      resolution: 'key',
      port: 'payments',
      timeoutMs: 45_000,
    },
    readPayment: {
      perform: async (input, performing) => payments.readPayment(input, performing),
      resolution: 'key', // Reading only.
      port: 'payments',
      attempts: 20,
      timeoutMs: 45_000,
    },
    refundPayment: {
      perform: async (input, performing) => payments.refund(input, performing),
      resolution: 'lookup',
      lookup: async (input, performing) => {
        const refund = await payments.findRefund(input, performing);
        return refund && { output: refund };
      },
      port: 'payments',
      attempts: 20,
      timeoutMs: 120_000, // iyzico's reports lag: looking for an earlier try takes its time.
    },
    recordBooking: {
      perform: async (input, { tenant }) => {
        const { payments: known, ...booking } = input;
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
      perform: async (input, performing) => efatura.queueInvoice(input, performing),
      resolution: 'key',
      port: 'efatura',
      attempts: untilDone,
      timeoutMs: 60_000,
    },
    submitInvoice: {
      perform: async ({ invoiceId }, performing) => efatura.submitInvoice(invoiceId, performing),
      resolution: 'key',
      port: 'efatura',
      attempts: 40,
      timeoutMs: 60_000,
    },
    readInvoice: {
      perform: async ({ invoiceId }, performing) => efatura.readInvoice(invoiceId, performing),
      resolution: 'key', // Reading only.
      port: 'efatura',
      timeoutMs: 60_000,
    },
    archiveInvoice: {
      perform: async ({ invoiceId }, performing) => efatura.archiveInvoice(invoiceId, performing),
      resolution: 'key',
      port: 'efatura',
      attempts: 40,
      timeoutMs: 60_000,
      concurrency: 8, // Each holds a whole PDF in memory.
    },
  } satisfies Partial<EffectPerformers>;
}
