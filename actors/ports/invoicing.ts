import { ExpectedError } from '../errors.ts';
import type {
  SaleKind,
  Buyer,
  IntegratorStatus,
  InvoiceOrder,
  InvoiceProfile,
  InvoiceType,
  IssuedInvoice,
} from '../shapes/invoices.ts';
import type { Money } from '../shapes/money.ts';
import type { Performing } from './performing.ts';

/** Who sells: the tenant. From the configuration. */
export interface Seller {
  /** VKN (10 digits) or TCKN (11). */
  readonly taxNumber: string;
  readonly name: string;
  readonly taxOffice: string;
  readonly address: Buyer['address'];
  /** Where it sells: an internet sale's invoice names it. */
  readonly website?: string;
  /** Three of `A-Z 0-9`: one for e-Fatura, one for e-Arşiv. */
  readonly series: { readonly eInvoice: string; readonly eArchive: string };
  /** Holds the ministry's health-tourism authorisation: without it nothing is exempt. */
  readonly healthTourismAuthorised: boolean;
}

/** One thing that is wrong with an invoice. Holds no value of the buyer's. */
export interface InvoiceFinding {
  /** Ours: `UBL-XSD`, `TR-ID-FORMAT`, … */
  readonly rule: string;
  /** `/Invoice/cac:TaxTotal/cbc:TaxAmount` */
  readonly element: string;
  readonly message: string;
}

/** An invoice that must not be sent. The message names each rule and element, and nothing of the buyer's. */
export class InvoiceInvalid extends ExpectedError {
  override readonly name = 'InvoiceInvalid';
  readonly code = 'invoice_invalid';
  readonly retryable = false;
  readonly findings: readonly InvoiceFinding[];

  constructor(findings: readonly InvoiceFinding[], options?: ErrorOptions) {
    const named = findings.slice(0, 5).map(({ rule, element }) => `${rule} at ${element}`);
    super(`The invoice is not valid: ${named.join('; ')}`, options);
    this.findings = findings;
  }
}

/** Everything that goes into the document, decided and added up. Pure data: the writer only writes. */
export interface InvoiceDocument {
  readonly ettn: string;
  readonly number: string;
  readonly profile: InvoiceProfile;
  readonly type: InvoiceType;
  /** `YYYY-MM-DD` and `HH:mm:ss`, in Turkey. */
  readonly issueDate: string;
  readonly issueTime: string;
  readonly seller: Seller;
  readonly buyer: Buyer;
  readonly bookingId: string;
  readonly lines: readonly InvoiceLine[];
  readonly totals: InvoiceTotals;
  /** Null for TRY. */
  readonly exchange: ExchangeRate | null;
  readonly exemption: { readonly code: string; readonly reason: string } | null;
  /** Of an `IADE`. */
  readonly credits: { readonly number: string; readonly issueDate: string } | null;
  readonly payment: {
    readonly provider: string;
    readonly paymentId: string;
    readonly paidOn: string;
  };
}

export interface InvoiceLine {
  readonly description: string;
  readonly quantity: number;
  /** Without tax. */
  readonly net: Money;
  readonly tax: Money;
  /** Whole percent. */
  readonly taxPercent: number;
}

export interface InvoiceTotals {
  readonly net: Money;
  readonly tax: Money;
  /** net + tax, to the last minor unit what was paid. */
  readonly payable: Money;
  readonly byRate: readonly {
    readonly percent: number;
    readonly net: Money;
    readonly tax: Money;
  }[];
}

/** How an invoice was taxed. A credit note of it is taxed the same, whatever changed since. */
export interface InvoiceTaxes {
  /** Whole percent, for each kind of what is on it. */
  readonly percents: Readonly<Partial<Record<SaleKind, number>>>;
  readonly exemption: InvoiceDocument['exemption'];
}

/** Writes and checks documents. Pure, but for compiling the schema once. */
export interface InvoiceWriter {
  /** UBL-TR 1.2 as UTF-8. The same document gives the same bytes. */
  write(document: InvoiceDocument): Uint8Array;
  /** Empty when it may be sent: XSD first, then the rules. `today` is `YYYY-MM-DD` in Turkey. */
  check(xml: Uint8Array, today: string): readonly InvoiceFinding[];
}

/** A central bank's rate of one unit in TRY. */
export interface ExchangeRate {
  readonly currency: string;
  /** A plain decimal, as the bank wrote it. */
  readonly rate: string;
  /** `YYYY-MM-DD`: the day the bank published it. */
  readonly date: string;
}

export interface ExchangeRates {
  /**
   * The buying rate that holds on a day (`YYYY-MM-DD`, in Turkey): of that day, or the last one published before it.
   *
   * @throws {ProviderRefused} no rate for that currency
   * @throws {ProviderUnreachable | ProviderBusy} ask again
   */
  rateOn(day: string, currency: string, signal: AbortSignal): Promise<ExchangeRate>;
}

export const invoiceStatuses = [
  'queued',
  'invalid',
  'submitted',
  'accepted',
  'rejected',
  'cancelled',
  'archived',
] as const;
export type InvoiceStatus = (typeof invoiceStatuses)[number];

/** An invoice in the register. */
export interface InvoiceRecord extends IssuedInvoice {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
  readonly status: InvoiceStatus;
  /** The integrator's mailbox alias of an e-Fatura buyer. */
  readonly alias: string | null;
  /** As it is sent, each time the same. */
  readonly xml: Uint8Array;
  readonly credits: string | null;
  /** Null of an invoice that is older than this record of it: of such a one no credit note can be made. */
  readonly taxes: InvoiceTaxes | null;
}

export interface NewInvoice {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
  readonly invoiceId: string;
  readonly ettn: string;
  readonly series: string;
  readonly profile: InvoiceProfile;
  readonly type: InvoiceType;
  readonly alias: string | null;
  readonly payable: Money;
  readonly tax: Money;
  readonly credits: string | null;
  readonly replaces: string | null;
  readonly taxes: InvoiceTaxes;
}

/** An invoice that a credit note gives back, as it stands while nothing else can happen to it. */
export interface CreditedInvoice {
  readonly status: InvoiceStatus;
  readonly type: InvoiceType;
  readonly payable: Money;
  /** What its other credit notes give back, but for those that were rejected or cancelled. */
  readonly credited: Money;
}

/** What an invoice is made with, once it is its turn. */
export interface NumberedInvoice {
  readonly number: string;
  /** `YYYY-MM-DD` and `HH:mm:ss`, in Turkey. */
  readonly issueDate: string;
  readonly issueTime: string;
  /** Null if it credits none, or one that has no number. */
  readonly credited: CreditedInvoice | null;
}

/** The invoices that were issued, with numbers that have no gap. */
export interface InvoiceRegister {
  /**
   * Numbers and stores an invoice in one transaction: a number is taken only if the invoice is stored with it. `make` gets
   * the number and when it is issued (Turkish time; never before the last of its series), and answers the document; what
   * it throws is thrown here, and no number is used. An `invoiceId` that is there already is answered as it is. Until a credit
   * note is stored no other one of the same invoice gets its turn, so two at once cannot both take what is left.
   *
   * @throws {ProviderUnreachable} perhaps stored; call it again
   */
  issue(
    invoice: NewInvoice,
    make: (numbered: NumberedInvoice) => Uint8Array,
  ): Promise<InvoiceRecord>;
  find(tenant: string, invoiceId: string): Promise<InvoiceRecord | null>;
  /** Notes that an invoice was refused before it had a number. The same again changes nothing. */
  noteInvalid(
    invoice: Pick<NewInvoice, 'tenant' | 'caseId' | 'bookingId' | 'invoiceId'>,
    findings: readonly InvoiceFinding[],
  ): Promise<void>;
  /**
   * Moves an invoice on; `archived`, `cancelled` and `rejected` are never left but for one another, and `archived` not
   * without a `detail`, which is a code. What was accepted can still be rejected.
   */
  advance(
    tenant: string,
    invoiceId: string,
    status: InvoiceStatus,
    detail: string | null,
  ): Promise<void>;
  /** Where its PDF is kept, and until when. */
  noteArchived(
    tenant: string,
    invoiceId: string,
    archive: {
      readonly key: string;
      readonly checksum: string;
      readonly retainUntil: string;
      readonly isLocked: boolean;
    },
  ): Promise<void>;
}

/** Who brings our documents to the tax authority and the buyer. */
export interface InvoiceIntegrator {
  /** The buyer's mailbox alias if that tax number is a registered e-Fatura user, as of now; else null. */
  aliasOf(taxNumber: string, signal: AbortSignal): Promise<string | null>;
  /**
   * Hands a document over. One that the integrator has already is a success: the ETTN inside is the idempotency key.
   *
   * @throws {ProviderRefused} and will again; @throws {ProviderBusy | ProviderUnreachable} ask again
   */
  submit(
    invoice: Pick<InvoiceRecord, 'ettn' | 'profile' | 'alias' | 'xml'>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Null if the integrator does not know the ETTN. */
  statusOf(
    invoice: Pick<InvoiceRecord, 'ettn' | 'profile'>,
    signal: AbortSignal,
  ): Promise<IntegratorStatus | null>;
  /** The PDF, and the XML as it was signed. Only of an accepted document. */
  filesOf(
    invoice: Pick<InvoiceRecord, 'ettn' | 'profile'>,
    signal: AbortSignal,
  ): Promise<{ readonly pdf: Uint8Array; readonly xml: Uint8Array }>;
}

/** Where invoices are kept for ten years, whatever is erased meanwhile. */
export interface InvoiceArchive {
  /**
   * Stores a file that can't be changed or deleted before `retainUntil` (ISO 8601), as far as the store can promise that
   * (`isLocked`). The same file again does no harm; another one under the same key is refused.
   *
   * @throws {ProviderRefused} another file is there; @throws {ProviderUnreachable | ProviderBusy} ask again
   */
  keep(
    file: {
      readonly tenant: string;
      /** `invoices/{ettn}.pdf` */
      readonly key: string;
      readonly bytes: Uint8Array;
      readonly contentType: string;
      readonly retainUntil: string;
    },
    signal: AbortSignal,
  ): Promise<{ readonly checksum: string; readonly isLocked: boolean }>;
  read(tenant: string, key: string, signal: AbortSignal): Promise<Uint8Array | null>;
}

/** Invoices as the journey asks for them. Errors besides those named are the providers'. */
export interface EfaturaClient {
  /**
   * Decides what kind of document it is, adds it up, checks it, gives it a number, and registers it. The same `invoiceId`
   * again answers the same invoice.
   *
   * An invoice that the integrator never took can be replaced as one that was rejected can: it becomes `cancelled` with
   * `never_sent`. Its number stays used, so our numbers have no gap; but no authority ever sees that number, so
   * theirs have one: staff must tell the integrator, who reports it as void.
   *
   * @throws {InvoiceInvalid} it must not be sent; no number was used
   */
  queueInvoice(order: InvoiceOrder, performing: Performing): Promise<IssuedInvoice>;
  /** Sends a queued invoice. May be repeated. */
  submitInvoice(invoiceId: string, performing: Performing): Promise<IntegratorStatus>;
  /** Asks the integrator, whose word decides: what was pushed is a hint to ask. */
  readInvoice(invoiceId: string, performing: Performing): Promise<IntegratorStatus>;
  /** Fetches PDF and signed XML of an accepted invoice and keeps them. May be repeated. */
  archiveInvoice(
    invoiceId: string,
    performing: Performing,
  ): Promise<{ readonly key: string; readonly retainUntil: string }>;
}
