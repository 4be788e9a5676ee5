import type { InvoiceFinding } from '../../actors/ports/invoicing.ts';
import { FOREIGN_VKN, UNKNOWN_TCKN, isTckn, isVkn } from '../../actors/ports/tax-numbers.ts';
import { HUNDREDTH, ONE, isSum, magnitude, scaled, smallestUnit } from './decimals.ts';
import type { Reader } from './reader.ts';

/**
 * What the tax authority's Schematron asks of an invoice, as far as our documents can meet it, and what makes its totals add up.
 * Taken from public copies of the package, which are old; the integrator and the authority have the last word. Checksums, totals
 * and the send type are not in the Schematron: integrators and auditors check them.
 */
export interface Rule {
  readonly id: string;
  /** What it is about, below `/Invoice` or below `each`. */
  readonly element: string;
  /** Where there are several: the rule holds for each of these on its own. */
  readonly each?: string;
  readonly message: string;
  holds(of: Reader, invoice: Reader, today: string): boolean;
}

const oneOf =
  (path: string, ...values: readonly string[]) =>
  (of: Reader): boolean =>
    values.includes(of.text(path));
const matches =
  (path: string, pattern: RegExp) =>
  (of: Reader): boolean =>
    pattern.test(of.text(path));
const filled =
  (...paths: readonly string[]) =>
  (of: Reader): boolean =>
    paths.every((path) => of.text(path) !== '');

const party = 'cac:AccountingSupplierParty/cac:Party | cac:AccountingCustomerParty/cac:Party';
const line = 'cac:InvoiceLine';
const subtotal = 'cac:TaxTotal/cac:TaxSubtotal';
const total = 'cac:LegalMonetaryTotal';
const credited = 'cac:BillingReference/cac:InvoiceDocumentReference';
const rate = 'cac:PricingExchangeRate';
const sendType = "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='SendingType']";
const vkn = "cac:PartyIdentification/cbc:ID[@schemeID='VKN']";
const tckn = "cac:PartyIdentification/cbc:ID[@schemeID='TCKN']";
const taxType = 'cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode';
const reason = 'cac:TaxCategory/cbc:TaxExemptionReason';
const reasonCode = 'cac:TaxCategory/cbc:TaxExemptionReasonCode';

const invoiceNumber = /^[A-Z0-9]{3}20\d{2}\d{9}$/;
const uuid = /^[a-fA-F0-9]{8}(?:-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;
/** The Schematron's own, less its thousands separators. */
const amountForm = /^\d{1,15}(?:\.\d{1,2})?$/;

/** Identification schemes of the authority's code list that a person or a clinic can have. */
const partySchemes = ['VKN', 'TCKN', 'PASAPORTNO', 'HASTANO', 'MERSISNO', 'TICARETSICILNO'];
const currencies = new Set(Intl.supportedValuesOf('currency'));
const countries = new Intl.DisplayNames('tr', { type: 'region', fallback: 'none' });

export const rules: readonly Rule[] = [
  {
    id: 'TR-UBL-VERSION',
    element: 'cbc:UBLVersionID',
    message: 'The UBL version is 2.1.',
    holds: oneOf('cbc:UBLVersionID', '2.1'),
  },
  {
    id: 'TR-CUSTOMIZATION',
    element: 'cbc:CustomizationID',
    message: 'The customization is TR1.2 or TR1.2.1.',
    holds: oneOf('cbc:CustomizationID', 'TR1.2', 'TR1.2.1'),
  },
  {
    id: 'TR-PROFILE',
    element: 'cbc:ProfileID',
    message: 'The profile is one that we issue.',
    holds: oneOf('cbc:ProfileID', 'TEMELFATURA', 'TICARIFATURA', 'EARSIVFATURA'),
  },
  {
    id: 'TR-ID-FORMAT',
    element: 'cbc:ID',
    message: 'A number is three of A-Z and 0-9, the year, and nine digits.',
    holds: matches('cbc:ID', invoiceNumber),
  },
  {
    id: 'TR-ID-YEAR',
    element: 'cbc:ID',
    message: 'The number has the year of issue.',
    holds: (of) => of.text('cbc:ID').slice(3, 7) === of.text('cbc:IssueDate').slice(0, 4),
  },
  {
    id: 'TR-COPY',
    element: 'cbc:CopyIndicator',
    message: 'It is no copy.',
    holds: oneOf('cbc:CopyIndicator', 'false'),
  },
  {
    id: 'TR-UUID',
    element: 'cbc:UUID',
    message: 'The ETTN has the form of a UUID.',
    holds: matches('cbc:UUID', uuid),
  },
  {
    id: 'TR-ISSUE-DATE',
    element: 'cbc:IssueDate',
    message: 'The date of issue is not in the future, and not before 2005.',
    holds: (of, _, today) => isBetween('2005-01-01', of.text('cbc:IssueDate'), today),
  },
  {
    id: 'TR-ISSUE-TIME',
    element: 'cbc:IssueTime',
    message: 'The time of issue is HH:mm:ss.',
    holds: matches('cbc:IssueTime', /^\d{2}:\d{2}:\d{2}$/),
  },
  {
    id: 'TR-TYPE',
    element: 'cbc:InvoiceTypeCode',
    message: 'The type is one that we issue.',
    holds: oneOf('cbc:InvoiceTypeCode', 'SATIS', 'ISTISNA', 'IADE'),
  },
  {
    id: 'TR-TYPE-PROFILE',
    element: 'cbc:ProfileID',
    message: 'A credit note is no TICARIFATURA.',
    holds: (of) =>
      of.text('cbc:InvoiceTypeCode') !== 'IADE' || of.text('cbc:ProfileID') !== 'TICARIFATURA',
  },
  {
    id: 'TR-CURRENCY',
    element: 'cbc:DocumentCurrencyCode',
    message: 'The currency is in the list.',
    holds: (of) => currencies.has(of.text('cbc:DocumentCurrencyCode')),
  },
  {
    id: 'TR-CURRENCY-ID',
    element: '@currencyID',
    message: 'All amounts are in the currency of the document.',
    holds: (of) =>
      of.texts('.//@currencyID').every((found) => found === of.text('cbc:DocumentCurrencyCode')),
  },
  {
    id: 'TR-LINE-COUNT',
    element: 'cbc:LineCountNumeric',
    message: 'The count of lines is the count of lines.',
    holds: (of) => of.text('cbc:LineCountNumeric') === String(of.count(line)),
  },
  {
    id: 'TR-BILLING-REFERENCE',
    element: credited,
    message: 'A credit note, and nothing else, names the invoice it gives back.',
    holds: (of) =>
      of.text('cbc:InvoiceTypeCode') === 'IADE'
        ? invoiceNumber.test(of.text(`${credited}/cbc:ID`)) &&
          of.text(`${credited}/cbc:DocumentTypeCode`) === 'IADE' &&
          isBetween('2005-01-01', of.text(`${credited}/cbc:IssueDate`), of.text('cbc:IssueDate'))
        : of.count('cac:BillingReference') === 0,
  },
  {
    id: 'TR-SEND-TYPE',
    element: 'cac:AdditionalDocumentReference/cbc:DocumentType',
    message: 'An e-Arşiv invoice, and nothing else, says how it is sent: ELEKTRONIK or KAGIT.',
    holds: (of) =>
      of.text('cbc:ProfileID') === 'EARSIVFATURA'
        ? of.count(sendType) === 1 &&
          oneOf(`${sendType}/cbc:DocumentType`, 'ELEKTRONIK', 'KAGIT')(of)
        : of.count(sendType) === 0,
  },
  {
    id: 'TR-SIGNATURE-COUNT',
    element: 'cac:Signature',
    message: 'There is at most one signature.',
    holds: (of) => of.count('cac:Signature') <= 1,
  },
  {
    id: 'TR-SIGNATURE-ID',
    element: 'cbc:ID',
    each: 'cac:Signature',
    message: 'A signature is by a VKN_TCKN.',
    holds: matches("cbc:ID[@schemeID='VKN_TCKN']", /^\d{10,11}$/),
  },
  {
    id: 'TR-PARTY-ID',
    element: 'cac:PartyIdentification/cbc:ID',
    each: party,
    message: 'A party has one VKN or one TCKN, and not both.',
    holds: (of) => of.count(vkn) + of.count(tckn) === 1,
  },
  {
    id: 'TR-PARTY-SCHEME',
    element: 'cac:PartyIdentification/cbc:ID/@schemeID',
    each: party,
    message: 'The scheme of an identification is in the list.',
    holds: (of) =>
      of
        .each('cac:PartyIdentification/cbc:ID')
        .every((id) => partySchemes.includes(id.text('@schemeID'))),
  },
  {
    id: 'TR-VKN',
    element: "cac:PartyIdentification/cbc:ID[@schemeID='VKN']",
    each: party,
    message: 'A VKN is ten digits with a checksum; only a buyer can have the dummy.',
    holds: (of) =>
      of
        .texts(vkn)
        .every((number) => isVkn(number) || (number === FOREIGN_VKN && of.count(asCustomer) > 0)),
  },
  {
    id: 'TR-TCKN',
    element: "cac:PartyIdentification/cbc:ID[@schemeID='TCKN']",
    each: party,
    message: 'A TCKN is eleven digits with checksums; only a buyer can have the dummy.',
    holds: (of) =>
      of
        .texts(tckn)
        .every((number) => isTckn(number) || (number === UNKNOWN_TCKN && of.count(asCustomer) > 0)),
  },
  {
    id: 'TR-PARTY-NAME',
    element: 'cac:PartyName/cbc:Name',
    each: party,
    message: 'A party with a VKN has a name.',
    holds: (of) => of.count(vkn) === 0 || filled('cac:PartyName/cbc:Name')(of),
  },
  {
    id: 'TR-PARTY-PERSON',
    element: 'cac:Person',
    each: party,
    message: 'A party with a TCKN has first and family name.',
    holds: (of) =>
      of.count(tckn) === 0 || filled('cac:Person/cbc:FirstName', 'cac:Person/cbc:FamilyName')(of),
  },
  {
    id: 'TR-PARTY-ADDRESS',
    element: 'cac:PostalAddress',
    each: party,
    message: 'An address has a district, a city and a country.',
    holds: filled(
      'cac:PostalAddress/cbc:CitySubdivisionName',
      'cac:PostalAddress/cbc:CityName',
      'cac:PostalAddress/cac:Country/cbc:Name',
    ),
  },
  {
    id: 'TR-COUNTRY',
    element: 'cac:PostalAddress/cac:Country/cbc:IdentificationCode',
    each: party,
    message: 'The country is in the list.',
    holds: (of) => {
      const code = of.text('cac:PostalAddress/cac:Country/cbc:IdentificationCode');
      return /^[A-Z]{2}$/.test(code) && countries.of(code) !== undefined;
    },
  },
  {
    id: 'TR-PASSPORT',
    element:
      "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID[@schemeID='PASAPORTNO']",
    message: 'The buyer of exempt health services shows a passport.',
    holds: (of) =>
      !of.texts('cac:TaxTotal//cbc:TaxExemptionReasonCode').includes('334') ||
      filled(
        "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID[@schemeID='PASAPORTNO']",
      )(of),
  },
  {
    id: 'TR-EXCHANGE-RATE',
    element: rate,
    message: 'A foreign currency, and no other, has a rate in TRY, of the day of issue or before.',
    holds: (of) => {
      const currency = of.text('cbc:DocumentCurrencyCode');
      if (currency === 'TRY') return of.count(rate) === 0;
      return (
        of.text(`${rate}/cbc:SourceCurrencyCode`) === currency &&
        of.text(`${rate}/cbc:TargetCurrencyCode`) === 'TRY' &&
        (scaled(of.text(`${rate}/cbc:CalculationRate`)) ?? 0n) > 0n &&
        isBetween('2005-01-01', of.text(`${rate}/cbc:Date`), of.text('cbc:IssueDate'))
      );
    },
  },
  {
    id: 'TR-AMOUNT',
    element: 'cbc:TaxAmount',
    each: 'cac:TaxTotal',
    message: 'An amount has at most 15 digits before the point and two behind it.',
    holds: matches('cbc:TaxAmount', amountForm),
  },
  {
    id: 'TR-AMOUNT',
    element: '*',
    each: total,
    message: 'An amount has at most 15 digits before the point and two behind it.',
    holds: (of) => of.texts('*').every((amount) => amountForm.test(amount)),
  },
  {
    id: 'TR-TAX-TYPE',
    element: `${subtotal}/${taxType}`,
    message: 'The tax is VAT, 0015: no other is on our invoices.',
    holds: (of) => of.each('.//cac:TaxSubtotal').every(oneOf(taxType, '0015')),
  },
  {
    id: 'TR-EXEMPTION-REASON',
    element: reason,
    each: subtotal,
    message: 'Where the VAT is zero there is a reason, but on a credit note.',
    holds: (of, invoice) =>
      invoice.text('cbc:InvoiceTypeCode') === 'IADE' ||
      scaled(of.text('cbc:TaxAmount')) !== 0n ||
      filled(reason)(of),
  },
  {
    id: 'TR-EXEMPTION-CODE',
    element: reasonCode,
    each: subtotal,
    message: 'A reason has a code of the list, and a code has a reason.',
    holds: (of) =>
      of.count(`${reason} | ${reasonCode}`) === 0 ||
      (filled(reason)(of) && /^[1-8]\d\d$/.test(of.text(reasonCode))),
  },
  {
    id: 'TR-EXEMPTION-TYPE',
    element: reasonCode,
    each: subtotal,
    message: 'Codes 101 to 350 are for ISTISNA and IADE only.',
    holds: (of, invoice) =>
      !/^[1-3]/.test(of.text(reasonCode)) ||
      oneOf('cbc:InvoiceTypeCode', 'ISTISNA', 'IADE')(invoice),
  },
  {
    id: 'TR-EXEMPTION-ONLY',
    element: 'cbc:InvoiceTypeCode',
    message: 'An ISTISNA has no line with ordinary VAT.',
    holds: (of) =>
      of.text('cbc:InvoiceTypeCode') !== 'ISTISNA' ||
      of.each('.//cac:TaxSubtotal').every((tax) => scaled(tax.text('cbc:Percent')) === 0n),
  },
  {
    id: 'TR-LINE-ID',
    element: `${line}/cbc:ID`,
    message: 'Lines are numbered 1 to n.',
    holds: (of) => of.texts(`${line}/cbc:ID`).every((id, index) => id === String(index + 1)),
  },
  {
    id: 'TR-QUANTITY',
    element: 'cbc:InvoicedQuantity',
    each: line,
    message: 'A quantity is above zero, in pieces (C62).',
    holds: (of) =>
      (scaled(of.text('cbc:InvoicedQuantity')) ?? 0n) > 0n &&
      of.text('cbc:InvoicedQuantity/@unitCode') === 'C62',
  },
  {
    id: 'TR-ITEM-NAME',
    element: 'cac:Item/cbc:Name',
    each: line,
    message: 'A line names what was sold.',
    holds: filled('cac:Item/cbc:Name'),
  },
  {
    id: 'TR-LINE-PRICE',
    element: 'cac:Price/cbc:PriceAmount',
    each: line,
    message: 'Quantity times price is the amount of the line.',
    holds: (of) => {
      const quantity = scaled(of.text('cbc:InvoicedQuantity'));
      const price = scaled(of.text('cac:Price/cbc:PriceAmount'));
      const net = scaled(of.text('cbc:LineExtensionAmount'));
      if (quantity === null || price === null || net === null) return false;
      const difference = quantity * price - net * ONE;
      return magnitude(difference) * 2n <= HUNDREDTH * ONE;
    },
  },
  {
    id: 'TR-LINE-TAX',
    element: 'cac:TaxTotal/cbc:TaxAmount',
    each: line,
    message: "A line's tax is the sum of its parts, on the amount of the line.",
    holds: (of) =>
      isSum(of.text('cac:TaxTotal/cbc:TaxAmount'), of.texts(`${subtotal}/cbc:TaxAmount`)) &&
      isSum(of.text('cbc:LineExtensionAmount'), of.texts(`${subtotal}/cbc:TaxableAmount`)),
  },
  {
    id: 'TR-TAX-RATE',
    element: 'cbc:TaxAmount',
    each: subtotal,
    message:
      'The tax is the rate of what is taxed, as near as prices with the tax inside let it be.',
    holds: (of) => {
      const taxable = scaled(of.text('cbc:TaxableAmount'));
      const tax = scaled(of.text('cbc:TaxAmount'));
      const percent = scaled(of.text('cbc:Percent'));
      if (taxable === null || tax === null || percent === null) return false;
      const unit = smallestUnit(of.text('cbc:TaxAmount/@currencyID'));
      const difference = tax * 100n * ONE - taxable * percent;
      return magnitude(difference) * 2n <= (100n * ONE + percent) * unit;
    },
  },
  {
    id: 'TR-SUM-LINES',
    element: `${total}/cbc:LineExtensionAmount`,
    message: 'The total without tax is the sum of the lines.',
    holds: (of) =>
      isSum(
        of.text(`${total}/cbc:LineExtensionAmount`),
        of.texts(`${line}/cbc:LineExtensionAmount`),
      ),
  },
  {
    id: 'TR-SUM-TAX',
    element: 'cac:TaxTotal/cbc:TaxAmount',
    message: 'The tax is the sum of its parts.',
    holds: (of) =>
      isSum(of.text('cac:TaxTotal/cbc:TaxAmount'), of.texts(`${subtotal}/cbc:TaxAmount`)),
  },
  {
    id: 'TR-SUM-LINE-TAX',
    element: `${line}/cac:TaxTotal/cbc:TaxAmount`,
    message: "The tax is the sum of the lines' tax.",
    holds: (of) =>
      isSum(of.text('cac:TaxTotal/cbc:TaxAmount'), of.texts(`${line}/cac:TaxTotal/cbc:TaxAmount`)),
  },
  {
    id: 'TR-SUM-TAXABLE',
    element: `${subtotal}/cbc:TaxableAmount`,
    message: 'All of it is taxed once.',
    holds: (of) =>
      isSum(of.text(`${total}/cbc:TaxExclusiveAmount`), of.texts(`${subtotal}/cbc:TaxableAmount`)),
  },
  {
    id: 'TR-TAX-EXCLUSIVE',
    element: `${total}/cbc:TaxExclusiveAmount`,
    message: 'The amount that is taxed is the total without tax, less the allowance.',
    holds: (of) =>
      isSum(of.text(`${total}/cbc:LineExtensionAmount`), [
        of.text(`${total}/cbc:TaxExclusiveAmount`),
        ...of.texts(`${total}/cbc:AllowanceTotalAmount`),
      ]),
  },
  {
    id: 'TR-TAX-INCLUSIVE',
    element: `${total}/cbc:TaxInclusiveAmount`,
    message: 'The total with tax is the total without, and the tax.',
    holds: (of) =>
      isSum(of.text(`${total}/cbc:TaxInclusiveAmount`), [
        of.text(`${total}/cbc:TaxExclusiveAmount`),
        of.text('cac:TaxTotal/cbc:TaxAmount'),
      ]),
  },
  {
    id: 'TR-PAYABLE',
    element: `${total}/cbc:PayableAmount`,
    message: 'Payable is the total with tax.',
    holds: (of) =>
      isSum(of.text(`${total}/cbc:PayableAmount`), [of.text(`${total}/cbc:TaxInclusiveAmount`)]),
  },
];

const asCustomer = 'parent::cac:AccountingCustomerParty';

/** Everything that does not hold, in the order of the table. `today` is `YYYY-MM-DD`. */
export function ruleFindings(invoice: Reader, today: string): readonly InvoiceFinding[] {
  return rules.flatMap((rule) => {
    const { id, message, each } = rule;
    const contexts = each === undefined ? [invoice] : invoice.each(each);
    return contexts.flatMap((context, index) =>
      rule.holds(context, invoice, today)
        ? []
        : [{ rule: id, element: pathOf(rule, index), message }],
    );
  });
}

/** `/Invoice/cac:InvoiceLine[2]/cbc:InvoicedQuantity` */
function pathOf({ each, element }: Rule, index: number): string {
  if (each === undefined) return `/Invoice/${element}`;
  const context = each === party ? party.split(' | ')[index] : `${each}[${index + 1}]`;
  return `/Invoice/${context}/${element}`;
}

/** Days as `YYYY-MM-DD` compare as text; a day that does not exist is none. */
function isBetween(first: string, day: string, last: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && first <= day && day <= last;
}
