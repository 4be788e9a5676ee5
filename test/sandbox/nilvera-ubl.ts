import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';

/** An invoice as its XML says, read by another parser than the orchestrator's. */
export interface ReadInvoice {
  readonly ettn: string;
  readonly number: string;
  readonly profile: string;
  readonly type: string;
  readonly issueDate: string;
  /** As written: `1250.00`. */
  readonly payable: string;
  readonly currency: string;
  readonly sellerTaxNumber: string;
  readonly buyerTaxNumber: string;
  /** Found in a note or a reference, `…-b1`; null where there is none. */
  readonly bookingId: string | null;
  /** The number of the invoice that it gives back. */
  readonly credits: string | null;
}

/** What Nilvera would have said; `element` is where. */
export interface UblFault {
  readonly element: string;
  readonly why: string;
}

const Text = v.pipe(v.string(), v.nonEmpty());
const Amount = v.object({
  '#text': v.pipe(v.string(), v.regex(/^\d{1,15}(\.\d{1,2})?$/)),
  '@currencyID': Text,
});
/** An object if it has a scheme. */
const Id = v.union([Text, v.object({ '#text': Text })]);
const Party = v.object({
  Party: v.object({
    PartyIdentification: v.array(v.object({ ID: v.object({ '#text': Text, '@schemeID': Text }) })),
    PostalAddress: v.object({
      CitySubdivisionName: Text,
      CityName: Text,
      Country: v.object({ Name: Text }),
    }),
  }),
});
const Reference = v.object({ ID: v.optional(Id) });
const Ubl = v.object({
  Invoice: v.object({
    UBLVersionID: v.literal('2.1'),
    CustomizationID: v.pipe(v.string(), v.regex(/^TR1\.2(\.1)?$/)),
    ProfileID: v.picklist(['TEMELFATURA', 'TICARIFATURA', 'EARSIVFATURA']),
    ID: v.pipe(v.string(), v.regex(/^[A-Z0-9]{3}20[0-9]{2}[0-9]{9}$/)),
    CopyIndicator: v.literal('false'),
    UUID: v.pipe(v.string(), v.uuid()),
    IssueDate: v.pipe(v.string(), v.isoDate()),
    InvoiceTypeCode: v.picklist(['SATIS', 'ISTISNA', 'IADE']),
    Note: v.optional(v.array(v.string()), []),
    DocumentCurrencyCode: v.union([Text, v.object({ '#text': Text })]),
    LineCountNumeric: v.pipe(v.string(), v.regex(/^\d{1,4}$/)),
    OrderReference: v.optional(Reference),
    AdditionalDocumentReference: v.optional(v.array(Reference), []),
    BillingReference: v.optional(
      v.array(v.object({ InvoiceDocumentReference: v.object({ ID: Id, IssueDate: Text }) })),
      [],
    ),
    AccountingSupplierParty: Party,
    AccountingCustomerParty: Party,
    TaxTotal: v.array(
      v.object({
        TaxAmount: Amount,
        TaxSubtotal: v.array(
          v.object({
            TaxAmount: Amount,
            TaxCategory: v.object({
              TaxExemptionReasonCode: v.optional(v.string()),
              TaxExemptionReason: v.optional(v.string()),
            }),
          }),
        ),
      }),
    ),
    LegalMonetaryTotal: v.object({
      LineExtensionAmount: Amount,
      TaxExclusiveAmount: Amount,
      TaxInclusiveAmount: Amount,
      PayableAmount: Amount,
    }),
    PricingExchangeRate: v.optional(v.object({ CalculationRate: Text, Date: v.optional(Text) })),
    InvoiceLine: v.pipe(v.array(v.object({ LineExtensionAmount: Amount })), v.minLength(1)),
  }),
});
type UblInvoice = v.InferOutput<typeof Ubl>['Invoice'];

const lists = new Set([
  'Note',
  'InvoiceLine',
  'TaxTotal',
  'TaxSubtotal',
  'PartyIdentification',
  'BillingReference',
  'AdditionalDocumentReference',
]);
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => lists.has(name),
  processEntities: true,
});

/** Parses and checks an invoice as far as an integrator would before it takes it. `now` is epoch ms. */
export function readUbl(xml: string, now: number): ReadInvoice | UblFault {
  if (/<!DOCTYPE/i.test(xml)) return { element: '/', why: 'a DTD' };
  let json: unknown;
  try {
    json = parser.parse(xml, true);
  } catch {
    return { element: '/', why: 'no XML' };
  }
  const read = v.safeParse(Ubl, json);
  if (!read.success) {
    const [issue] = read.issues;
    return { element: `/${v.getDotPath(issue)?.replaceAll('.', '/') ?? ''}`, why: issue.type };
  }
  const { Invoice } = read.output;
  return ruleFault(Invoice, now) ?? invoiceOf(Invoice);
}

function ruleFault(invoice: UblInvoice, now: number): UblFault | null {
  const { LegalMonetaryTotal: totals, InvoiceLine, TaxTotal, InvoiceTypeCode } = invoice;
  const currency = currencyOf(invoice);
  const [tax] = TaxTotal;
  if (tax === undefined || TaxTotal.length !== 1)
    return { element: '/Invoice/TaxTotal', why: 'not one' };
  const turkishDay = new Date(now + 3 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  // A test may send at midnight, so a day of grace.
  if (Date.parse(invoice.IssueDate) > Date.parse(turkishDay) + 24 * 60 * 60 * 1_000) {
    return { element: '/Invoice/IssueDate', why: 'in the future' };
  }
  if (Number(invoice.LineCountNumeric) !== InvoiceLine.length) {
    return { element: '/Invoice/LineCountNumeric', why: 'not the number of lines' };
  }
  const amounts = [...Object.values(totals), tax.TaxAmount];
  if (amounts.some((amount) => amount['@currencyID'] !== currency)) {
    return { element: '/Invoice/LegalMonetaryTotal', why: 'another currency' };
  }
  const lines = InvoiceLine.reduce((sum, line) => sum + cents(line.LineExtensionAmount), 0n);
  if (lines !== cents(totals.LineExtensionAmount)) {
    return { element: '/Invoice/LegalMonetaryTotal/LineExtensionAmount', why: 'not the sum' };
  }
  const subtotals = tax.TaxSubtotal.reduce((sum, one) => sum + cents(one.TaxAmount), 0n);
  if (subtotals !== cents(tax.TaxAmount)) {
    return { element: '/Invoice/TaxTotal/TaxAmount', why: 'not the sum' };
  }
  const inclusive = cents(totals.TaxExclusiveAmount) + cents(tax.TaxAmount);
  if (inclusive !== cents(totals.TaxInclusiveAmount) || inclusive !== cents(totals.PayableAmount)) {
    return { element: '/Invoice/LegalMonetaryTotal/PayableAmount', why: 'not net and tax' };
  }
  const exempt = tax.TaxSubtotal.filter((one) => cents(one.TaxAmount) === 0n);
  if (
    InvoiceTypeCode !== 'IADE' &&
    exempt.some(({ TaxCategory }) => !TaxCategory.TaxExemptionReason)
  ) {
    return {
      element: '/Invoice/TaxTotal/TaxSubtotal/TaxCategory/TaxExemptionReason',
      why: 'missing',
    };
  }
  if (InvoiceTypeCode === 'SATIS' && exempt.length > 0) {
    return { element: '/Invoice/InvoiceTypeCode', why: 'exempt, but a sale' };
  }
  if (InvoiceTypeCode === 'IADE' && invoice.BillingReference.length === 0) {
    return { element: '/Invoice/BillingReference', why: 'missing' };
  }
  if (currency !== 'TRY' && invoice.PricingExchangeRate === undefined) {
    return { element: '/Invoice/PricingExchangeRate', why: 'missing' };
  }
  for (const party of ['AccountingSupplierParty', 'AccountingCustomerParty'] as const) {
    if (taxNumbers(invoice[party]).length !== 1) {
      return { element: `/Invoice/${party}/Party/PartyIdentification`, why: 'not one VKN or TCKN' };
    }
  }
  return null;
}

function invoiceOf(invoice: UblInvoice): ReadInvoice {
  const references = [invoice.OrderReference, ...invoice.AdditionalDocumentReference].map((one) =>
    textOf(one?.ID),
  );
  const [booking] = [...invoice.Note, ...references].flatMap(
    (text) => /(?:^|[\s:=])([\w.:-]+-b[1-9]\d{0,3})(?![\w-])/.exec(text)?.[1] ?? [],
  );
  const credited = invoice.BillingReference[0]?.InvoiceDocumentReference.ID;
  return {
    ettn: invoice.UUID.toLowerCase(),
    number: invoice.ID,
    profile: invoice.ProfileID,
    type: invoice.InvoiceTypeCode,
    issueDate: invoice.IssueDate,
    payable: invoice.LegalMonetaryTotal.PayableAmount['#text'],
    currency: currencyOf(invoice),
    sellerTaxNumber: taxNumbers(invoice.AccountingSupplierParty)[0] ?? '',
    buyerTaxNumber: taxNumbers(invoice.AccountingCustomerParty)[0] ?? '',
    bookingId: booking ?? null,
    credits: credited === undefined ? null : textOf(credited),
  };
}

function taxNumbers({ Party: { PartyIdentification } }: UblInvoice['AccountingSupplierParty']) {
  return PartyIdentification.flatMap(({ ID }) =>
    (ID['@schemeID'] === 'VKN' && /^\d{10}$/.test(ID['#text'])) ||
    (ID['@schemeID'] === 'TCKN' && /^\d{11}$/.test(ID['#text']))
      ? [ID['#text']]
      : [],
  );
}

function currencyOf({ DocumentCurrencyCode: code }: UblInvoice): string {
  return typeof code === 'string' ? code : code['#text'];
}

function textOf(id: v.InferOutput<typeof Id> | undefined): string {
  if (id === undefined) return '';
  return typeof id === 'string' ? id : id['#text'];
}

/** Hundredths, exactly. */
function cents(amount: v.InferOutput<typeof Amount>): bigint {
  const [whole = '', fraction = ''] = amount['#text'].split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
}

/** A PDF of one page that opens, with the text in it. ASCII only. */
export function minimalPdf(text: string): Buffer {
  const shown = `BT /F1 14 Tf 60 780 Td (${text.replaceAll(/[^\x20-\x7e]|[()\\]/g, '?')}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${shown.length} >>\nstream\n${shown}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let pdf = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = pdf.length;
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return String(offset).padStart(10, '0');
  });
  const table = offsets.map((offset) => `${offset} 00000 n \n`).join('');
  const size = objects.length + 1;
  pdf +=
    `xref\n0 ${size}\n0000000000 65535 f \n${table}` +
    `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
  return Buffer.from(pdf, 'latin1');
}
