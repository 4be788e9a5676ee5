import type {
  Checkout,
  CheckoutOrder,
  Money,
  PaymentReference,
  PaymentState,
  RefundOrder,
  RefundState,
  SaleLine,
} from '../../machines/money-types.ts';
import type { Answer } from './nested.ts';

/** What the sales of a case ask of the world. */
export const effectsOfSales = [
  'openCheckout',
  'closeCheckout',
  'readPayment',
  'refundPayment',
  'orderFlights',
  'findFlightOrder',
  'readFlightOrder',
  'recordBooking',
  'queueInvoice',
  'submitInvoice',
  'readInvoice',
  'archiveInvoice',
] as const;

/** A link that a patient can pay, and what became of it. */
interface Page {
  readonly checkoutId: string;
  readonly bookingId: string;
  readonly total: Money;
  readonly expiresAtMs: number;
  isClosed: boolean;
  captured: bigint;
  refunds: {
    refundId: string;
    reference: string | null;
    amount: Money;
    status: RefundState['status'];
  }[];
  dispute: PaymentState['dispute'];
}

/** An invoice or credit note as the client keeps it. */
interface Document {
  readonly invoiceId: string;
  readonly bookingId: string;
  readonly lines: readonly SaleLine[];
  readonly credits: string | null;
  readonly replaces: string | null;
  status: 'issued' | 'submitted' | 'accepted' | 'rejected';
  isKept: boolean;
}

/** How an effect ends: as it should, done without an answer, refused, or not done at all. */
export type Fate = 'well' | 'unheard' | 'refused' | 'away';

const ok = (value: unknown): Answer => ({ ok: true, value });
const failed = (code: string): Answer => ({ ok: false, value: { name: 'E', code, message: 'no' } });

/**
 * A payment provider and an invoicing client that do what they are asked, each once, and remember it: what the machine
 * believes is compared with this. Whatever an answer's fate, the truth can be read afterwards.
 */
export function createWorld(nowMs: () => number) {
  const pages = new Map<string, Page>();
  const documents = new Map<string, Document>();
  let wasUnheard = false;

  function stateOf(page: Page): PaymentState {
    const isPaid = page.captured > 0n;
    const isOver = page.isClosed || nowMs() >= page.expiresAtMs;
    return {
      provider: 'stripe',
      checkoutId: page.checkoutId,
      bookingId: page.bookingId,
      paymentId: isPaid ? `pi_${page.checkoutId}` : null,
      status: isPaid ? 'paid' : isOver ? 'expired' : 'open',
      fraud: 'clear',
      total: page.total,
      captured: { ...page.total, amountMinor: String(page.captured) },
      paidAt: isPaid ? new Date(nowMs()).toISOString() : null,
      refunds: page.refunds.map((refund) => ({ ...refund })),
      dispute: page.dispute,
    };
  }

  const does: Readonly<Record<string, (input: never) => Answer>> = {
    openCheckout({ bookingId, attempt, total, expiresAt }: CheckoutOrder) {
      const checkoutId = `cs_${bookingId}_${attempt}`;
      const page = pages.get(checkoutId) ?? {
        checkoutId,
        bookingId,
        total,
        expiresAtMs: Date.parse(expiresAt),
        isClosed: false,
        captured: 0n,
        refunds: [],
        dispute: null,
      };
      pages.set(checkoutId, page);
      const lifetimeMs = page.expiresAtMs - nowMs();
      const url = `https://pay.example/${checkoutId}`;
      return ok({ provider: 'stripe', checkoutId, url, expiresAt, lifetimeMs } satisfies Checkout);
    },
    closeCheckout({ checkoutId }: PaymentReference) {
      const page = pages.get(checkoutId);
      if (page !== undefined && page.captured === 0n) page.isClosed = true;
      return ok(null);
    },
    readPayment({ checkoutId }: PaymentReference) {
      const page = pages.get(checkoutId);
      return page === undefined ? failed('provider_refused') : ok(stateOf(page));
    },
    refundPayment({ checkoutId, reference, amount }: RefundOrder) {
      const page = pages.get(checkoutId);
      const made = page?.refunds.find((refund) => refund.reference === reference);
      if (page === undefined) return failed('provider_refused');
      if (made !== undefined) return ok(made);
      if (BigInt(amount.amountMinor) > leftOf(page)) return failed('provider_refused');
      const refund = { refundId: `re_${reference}`, reference, amount, status: 'done' as const };
      page.refunds.push(refund);
      return ok({ ...refund });
    },
    recordBooking: () => ok(null),
    queueInvoice(order: Omit<Document, 'status' | 'isKept'>) {
      const { invoiceId, lines } = order;
      if (!documents.has(invoiceId))
        documents.set(invoiceId, { ...order, status: 'issued', isKept: false });
      const payable = { amountMinor: String(sumOf(lines)), currency: 'EUR' };
      const number = `ABC2027${String(documents.size).padStart(9, '0')}`;
      return ok({
        invoiceId,
        ettn: '0190b7a4-0000-7000-8000-000000000001',
        number,
        profile: 'EARSIVFATURA',
        type: 'SATIS',
        issueDate: '2027-01-01',
        payable,
        tax: { ...payable, amountMinor: '0' },
      });
    },
    submitInvoice: ({ invoiceId }: { invoiceId: string }) => statusOf(invoiceId, 'accepted'),
    readInvoice: ({ invoiceId }: { invoiceId: string }) => statusOf(invoiceId, 'accepted'),
    archiveInvoice({ invoiceId }: { invoiceId: string }) {
      const document = documents.get(invoiceId);
      if (document !== undefined) document.isKept = true;
      return ok({});
    },
  };

  function statusOf(invoiceId: string, status: Document['status']): Answer {
    const document = documents.get(invoiceId);
    if (document === undefined) return failed('provider_refused');
    if (document.status === 'issued' || document.status === 'submitted') document.status = status;
    return ok({ status: document.status, code: null });
  }

  return {
    pages: () => [...pages.values()],
    /** Those that stand: a corrected one was replaced. */
    documents: () => {
      const all = [...documents.values()];
      const replaced = new Set(all.map(({ replaces }) => replaces));
      return all.filter(
        ({ invoiceId, status }) => !replaced.has(invoiceId) && status !== 'rejected',
      );
    },
    answer(name: string, input: unknown, fate: Fate): Answer {
      if (fate === 'away') return failed('provider_unreachable');
      if (fate === 'refused') {
        const { invoiceId } = input as { invoiceId?: string };
        if (name === 'submitInvoice') return statusOf(invoiceId ?? '', 'rejected');
        return failed(name === 'queueInvoice' ? 'invoice_invalid' : 'provider_refused');
      }
      const answer = does[name]?.(input as never) ?? ok(null);
      wasUnheard = fate === 'unheard' && name === 'refundPayment' && answer.ok;
      return fate === 'unheard' ? failed('provider_unreachable') : answer;
    },
    /** Whether the last thing done was a refund whose answer was lost. */
    wasUnheard: () => wasUnheard,
    /** The patient pays what the page says, or less; a page that is closed or over takes nothing, unless it was begun before. */
    pay(page: Page, { isLess = false, isLate = false } = {}): boolean {
      const isOver = page.isClosed || nowMs() >= page.expiresAtMs;
      if (page.captured > 0n || (isOver && !isLate)) return false;
      page.captured = isLess ? BigInt(page.total.amountMinor) / 2n : BigInt(page.total.amountMinor);
      return true;
    },
  };
}

export const sumOf = (lines: readonly SaleLine[]): bigint =>
  lines.reduce((sum, { gross }) => sum + BigInt(gross.amountMinor), 0n);

/** What went back of a payment, or is on its way. */
export const returnedOf = ({ refunds }: Pick<PaymentState, 'refunds'>): bigint =>
  refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n);

const leftOf = (page: Page): bigint => page.captured - returnedOf(page);
