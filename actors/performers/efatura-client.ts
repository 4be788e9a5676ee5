import { createHash } from 'node:crypto';

import { ProviderBusy, ProviderRefused } from '../errors.ts';
import { type VatRates, planInvoice, taxesOf } from '../invoicing/plan.ts';
import { totalInvoice } from '../invoicing/totals.ts';
import {
  type CreditedInvoice,
  type EfaturaClient,
  type ExchangeRates,
  type InvoiceArchive,
  type InvoiceDocument,
  type InvoiceFinding,
  type InvoiceIntegrator,
  InvoiceInvalid,
  type InvoiceRecord,
  type InvoiceRegister,
  type InvoiceStatus,
  type InvoiceTaxes,
  type InvoiceWriter,
  type Seller,
} from '../ports/invoicing.ts';
import type { Performing } from '../ports/performing.ts';
import { isTckn, isVkn, taxNumberOf } from '../ports/tax-numbers.ts';
import type { IntegratorStatus, InvoiceOrder, IssuedInvoice } from '../shapes/invoices.ts';
import { type Money, addMoney, compareMoney } from '../shapes/money.ts';

export interface EfaturaClientOptions {
  /** With the account of whoever `seller` answers: an integrator takes no other seller's documents. */
  readonly integrator: InvoiceIntegrator;
  readonly rates: ExchangeRates;
  readonly register: InvoiceRegister;
  readonly archive: InvoiceArchive;
  readonly writer: InvoiceWriter;
  readonly seller: (tenant: string) => Seller | undefined;
  readonly vatRates: VatRates;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is decided before there is a number. */
type Draft = Omit<InvoiceDocument, 'number' | 'issueDate' | 'issueTime' | 'exchange'> & {
  readonly taxes: InvoiceTaxes;
};

/** For errors: these are our own refusals, not the integrator's. */
const provider = 'efatura';
/** Turkey keeps UTC+3 all year since 2016. */
const turkeyMs = 3 * 60 * 60 * 1_000;
/** An issue date can differ from the one that was expected at midnight, or after a series that is ahead of the clock. */
const mostDates = 3;
const creditReference = '/Invoice/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID';
/** Of UUIDs by name that are ours alone; drawn once. */
const namespace = Buffer.from('7f0c2a9e5d4b4e0c9a6fb1d8c3e27a54', 'hex');

/**
 * Invoices from the order to the archive. Whatever may be repeated is: an order that has its invoice gets that one, a
 * document goes to the integrator under the same ETTN and number each time, and what is in the archive is not fetched
 * again.
 *
 * The ETTN is a UUID by name (version 5, RFC 9562) of the tenant and `invoiceId`, so that an invoice that was made twice
 * before it was registered is the same one to everybody.
 *
 * A status that an integrator pushed is not taken over here: whoever hears of one calls `readInvoice`, and what the
 * integrator answers then is what the register gets, also that an accepted invoice was rejected.
 *
 * Beside the port's own, all throw `ProviderRefused` of `efatura`: `no_seller` (the tenant has none configured),
 * `other_tenant`, `unknown_invoice`, `replaced_invoice_stands` (what is to be replaced was accepted, or still may be),
 * `not_valid`, `rejected`.
 */
export function createEfaturaClient(options: EfaturaClientOptions): EfaturaClient {
  const { integrator, rates, register, archive, writer, seller, vatRates, now } = options;

  /** Decides what kind of document it becomes. @throws {InvoiceInvalid} */
  async function draftOf(order: InvoiceOrder, from: Seller, alias: string | null): Promise<Draft> {
    const original =
      order.credits === null ? null : await register.find(order.tenant, order.credits);
    const wrong = [...originalFindings(order, original), ...paymentFindings(order)];
    if (wrong.length > 0) throw new InvoiceInvalid(wrong);
    const plan = planInvoice(order, from, alias !== null, vatRates, original?.taxes);
    const { lines, totals } = totalInvoice(plan.lines);
    return {
      ettn: ettnOf(order),
      profile: plan.profile,
      type: plan.type,
      seller: from,
      buyer: order.buyer,
      bookingId: order.bookingId,
      lines,
      totals,
      exemption: plan.exemption,
      taxes: taxesOf(plan),
      credits: original && { number: original.number, issueDate: original.issueDate },
      payment: { ...order.payment, paidOn: turkishDay(Date.parse(order.paidAt)) },
    };
  }

  /** The document as it is sent. @throws {InvoiceInvalid} it must not be */
  function written(document: InvoiceDocument): Uint8Array {
    const xml = writer.write(document);
    const today = turkishDay(now());
    // The register's clock is another than ours, and the later one is right about what is not in the future.
    const findings = writer.check(xml, document.issueDate > today ? document.issueDate : today);
    if (findings.length > 0) throw new InvoiceInvalid(findings);
    return xml;
  }

  async function issued(
    order: InvoiceOrder,
    draft: Draft,
    alias: string | null,
    signal: AbortSignal,
  ): Promise<InvoiceRecord> {
    const { currency } = draft.totals.payable;
    const series =
      draft.profile === 'EARSIVFATURA'
        ? draft.seller.series.eArchive
        : draft.seller.series.eInvoice;
    let day = turkishDay(now());
    for (let dates = 1; ; dates += 1) {
      const exchange = currency === 'TRY' ? null : await rates.rateOn(day, currency, signal);
      // What is wrong with it is found before the series is held for it.
      const trial = `${series}${day.slice(0, 4)}000000001`;
      written({ ...draft, number: trial, issueDate: day, issueTime: '00:00:00', exchange });
      try {
        return await register.issue(
          {
            tenant: order.tenant,
            caseId: order.caseId,
            bookingId: order.bookingId,
            invoiceId: order.invoiceId,
            ettn: draft.ettn,
            series,
            profile: draft.profile,
            type: draft.type,
            alias,
            payable: draft.totals.payable,
            tax: draft.totals.tax,
            credits: order.credits,
            replaces: order.replaces,
            taxes: draft.taxes,
          },
          ({ number, issueDate, issueTime, credited }) => {
            // The rate is of another day then, and can't be asked for from here.
            if (issueDate !== day) throw new OtherDay(issueDate);
            const wrong = creditFindings(order, credited, draft.totals.payable);
            if (wrong.length > 0) throw new InvoiceInvalid(wrong);
            return written({ ...draft, number, issueDate, issueTime, exchange });
          },
        );
      } catch (error) {
        if (!(error instanceof OtherDay) || dates === mostDates) throw error;
        ({ day } = error);
      }
    }
  }

  /** Two invoices for one payment would both be owed tax on. */
  async function assertReplaceable(order: InvoiceOrder, signal: AbortSignal): Promise<void> {
    if (order.replaces === null) return;
    const replaced = await register.find(order.tenant, order.replaces);
    if (replaced === null || isOver(replaced.status)) return;
    // An integrator may have pushed its rejection to the case without our having asked.
    const status = await integrator.statusOf(replaced, signal);
    if (status?.status === 'rejected') {
      await noted(replaced, status);
      return;
    }
    // It refused the document, and so never had it. What was accepted once stands, whoever has forgotten it since.
    const isUnsent = status === null && settledStatus(replaced.status) === null;
    if (!isUnsent) throw new ProviderRefused(provider, 'replaced_invoice_stands');
    // From here on nothing sends it any more, and only then is another made.
    await register.advance(order.tenant, order.replaces, 'cancelled', 'never_sent');
  }

  async function found(invoiceId: string, { tenant }: Performing): Promise<InvoiceRecord> {
    const record = await register.find(tenant, invoiceId);
    if (record === null) throw new ProviderRefused(provider, 'unknown_invoice');
    if (record.status === 'invalid') throw new ProviderRefused(provider, 'not_valid');
    return record;
  }

  async function noted(record: InvoiceRecord, status: IntegratorStatus): Promise<IntegratorStatus> {
    const { tenant, invoiceId } = record;
    const next = status.code === 'cancelled' ? 'cancelled' : status.status;
    const isBehind = record.status === 'archived' && next !== 'rejected' && next !== 'cancelled';
    if (next !== record.status && !isBehind) {
      await register.advance(tenant, invoiceId, next, status.code);
    }
    return status;
  }

  async function sent(record: InvoiceRecord, signal: AbortSignal): Promise<IntegratorStatus> {
    await integrator.submit(record, signal);
    return await noted(record, { status: 'submitted', code: null });
  }

  return {
    async queueInvoice(order, { tenant, signal }) {
      if (order.tenant !== tenant) throw new ProviderRefused(provider, 'other_tenant');
      const known = await register.find(tenant, order.invoiceId);
      if (known !== null && known.status !== 'invalid') return asIssued(known);
      const from = seller(tenant);
      if (from === undefined) throw new ProviderRefused(provider, 'no_seller');
      await assertReplaceable(order, signal);
      try {
        const number = taxNumberOf(order.buyer);
        // The dummy numbers of buyers without one are nobody's.
        const isReal = number !== null && (isVkn(number) || isTckn(number));
        const alias = isReal ? await integrator.aliasOf(number, signal) : null;
        return asIssued(await issued(order, await draftOf(order, from, alias), alias, signal));
      } catch (error) {
        if (error instanceof InvoiceInvalid) await register.noteInvalid(order, error.findings);
        throw error;
      }
    },

    async submitInvoice(invoiceId, performing) {
      const { signal, attempt } = performing;
      const record = await found(invoiceId, performing);
      const settled = settledStatus(record.status);
      if (settled !== null) return settled;
      // An earlier try may have got through without our knowing.
      if (attempt > 1 || record.status === 'submitted') {
        const status = await integrator.statusOf(record, signal);
        if (status !== null) return await noted(record, status);
      }
      return await sent(record, signal);
    },

    async readInvoice(invoiceId, performing) {
      const record = await found(invoiceId, performing);
      const status = await integrator.statusOf(record, performing.signal);
      if (status !== null) return await noted(record, status);
      // What is over is not sent after all: another may stand in for it.
      const settled = settledStatus(record.status);
      if (settled?.status === 'rejected') return settled;
      // It was never there, or is no longer: the same ETTN and number again do no harm.
      return await sent(record, performing.signal);
    },

    async archiveInvoice(invoiceId, performing) {
      const { tenant, signal } = performing;
      const record = await found(invoiceId, performing);
      // Also of one that was accepted: what is kept for ten years has to stand until it is kept.
      if (record.status !== 'archived') {
        const status = await integrator.statusOf(record, signal);
        if (status !== null) await noted(record, status);
        if (status?.status === 'rejected') throw new ProviderRefused(provider, 'rejected');
        if (status?.status !== 'accepted') throw new ProviderBusy(provider, 'not_accepted_yet');
      }
      const retainUntil = retainedUntil(record.issueDate);
      const keys = { pdf: `invoices/${record.ettn}.pdf`, xml: `invoices/${record.ettn}.xml` };
      // An integrator may draw its PDF anew each time, and then not one byte for byte like what is kept.
      const kept = {
        pdf: await archive.read(tenant, keys.pdf, signal),
        xml: await archive.read(tenant, keys.xml, signal),
      };
      const files =
        kept.pdf && kept.xml
          ? { pdf: kept.pdf, xml: kept.xml }
          : await integrator.filesOf(record, signal);
      const keep = (kind: 'pdf' | 'xml') =>
        archive.keep(
          {
            tenant,
            key: keys[kind],
            bytes: kept[kind] ?? files[kind],
            contentType: kind === 'pdf' ? 'application/pdf' : 'application/xml',
            retainUntil,
          },
          signal,
        );
      const xml = await keep('xml');
      const pdf = await keep('pdf');
      await register.noteArchived(tenant, invoiceId, {
        key: keys.pdf,
        checksum: pdf.checksum,
        retainUntil,
        isLocked: pdf.isLocked && xml.isLocked,
      });
      await register.advance(tenant, invoiceId, 'archived', null);
      return { key: keys.pdf, retainUntil };
    },
  };
}

/** The register is on another day than the rate that was asked for. Never leaves this file but as a bug. */
class OtherDay extends Error {
  override readonly name = 'OtherDay';
  readonly day: string;

  constructor(day: string) {
    super('The issue date is another day than expected');
    this.day = day;
  }
}

/** UUID version 5 of `{tenant}/{invoiceId}`. */
function ettnOf({ tenant, invoiceId }: Pick<InvoiceOrder, 'tenant' | 'invoiceId'>): string {
  const hash = createHash('sha1').update(namespace).update(`${tenant}/${invoiceId}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** Ten years after the end of the year it was issued in, as commercial law counts. */
function retainedUntil(issueDate: string): string {
  return `${Number(issueDate.slice(0, 4)) + 10}-12-31T23:59:59.000Z`;
}

function turkishDay(ms: number): string {
  return new Date(ms + turkeyMs).toISOString().slice(0, 10);
}

function isOver(status: InvoiceStatus): boolean {
  return status === 'rejected' || status === 'cancelled' || status === 'invalid';
}

/** Null while the integrator still has a say. */
function settledStatus(status: InvoiceStatus): IntegratorStatus | null {
  if (status === 'accepted' || status === 'archived') return { status: 'accepted', code: null };
  if (status === 'rejected') return { status: 'rejected', code: null };
  if (status === 'cancelled') return { status: 'rejected', code: 'cancelled' };
  return null;
}

/** Whether there is an invoice to give back, and how. */
function originalFindings(
  { credits }: Pick<InvoiceOrder, 'credits'>,
  original: Pick<InvoiceRecord, 'status' | 'type' | 'taxes'> | null,
): readonly InvoiceFinding[] {
  if (credits === null) return [];
  const wrong = (rule: string, message: string) => [{ rule, element: creditReference, message }];
  if (original === null || isOver(original.status)) {
    return wrong('CREDIT-ORIGINAL', 'A credit note names an invoice that stands.');
  }
  if (original.type === 'IADE') {
    return wrong('CREDIT-ORIGINAL', 'A credit note does not give back a credit note.');
  }
  return original.taxes === null
    ? wrong('CREDIT-TAXES', 'It is known how the invoice was taxed that is given back.')
    : [];
}

/** Whether so much of it is left. Asked when nothing can happen to the invoice until the credit note is stored. */
function creditFindings(
  { credits }: Pick<InvoiceOrder, 'credits'>,
  original: CreditedInvoice | null,
  payable: Money,
): readonly InvoiceFinding[] {
  if (credits === null) return [];
  if (original === null || isOver(original.status)) {
    return originalFindings({ credits }, null);
  }
  const { currency } = original.payable;
  const isMore =
    payable.currency !== currency ||
    compareMoney(addMoney(original.credited, payable), original.payable) > 0;
  const element = '/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount';
  const message =
    'The credit notes of an invoice give back at most what was invoiced, in its currency.';
  return isMore ? [{ rule: 'CREDIT-AMOUNT', element, message }] : [];
}

function paymentFindings({ paidAt }: InvoiceOrder): readonly InvoiceFinding[] {
  if (!Number.isNaN(Date.parse(paidAt))) return [];
  return [
    {
      rule: 'PAID-AT',
      element: '/Invoice/cac:PaymentMeans/cbc:PaymentDueDate',
      message: 'It is known when it was paid.',
    },
  ];
}

function asIssued(record: InvoiceRecord): IssuedInvoice {
  const { invoiceId, ettn, number, profile, type, issueDate, payable, tax } = record;
  return { invoiceId, ettn, number, profile, type, issueDate, payable, tax };
}
