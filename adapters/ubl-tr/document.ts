import type { InvoiceDocument, InvoiceLine, Seller } from '../../actors/ports/invoicing.ts';
import { FOREIGN_VKN, UNKNOWN_TCKN, isTckn, taxNumberOf } from '../../actors/ports/tax-numbers.ts';
import type { Buyer } from '../../actors/shapes/invoices.ts';
import { type Money, currencyExponent } from '../../actors/shapes/money.ts';
import { ublAmount } from '../amounts.ts';
import { type Element, xmlOf } from './xml.ts';

const namespaces = {
  '@xmlns': 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  '@xmlns:cac': 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  '@xmlns:cbc': 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
} as const;

/** VAT, in the authority's list of taxes. */
const VAT = { 'cbc:Name': 'KDV', 'cbc:TaxTypeCode': '0015' } as const;

/** Decimals of a price of one piece. More than this no integrator was seen to take (unverified). */
const PRICE_DECIMALS = 8n;

/**
 * Writes UBL-TR 1.2 as UTF-8. The same document gives the same bytes on the same Node (the countries' names are its ICU's).
 *
 * Not written: `cac:Signature` and `ext:UBLExtensions`, which the integrator adds as it signs, and `cac:Delivery`, since no
 * parcel is sent. From integrators' guides and not the authority's own: the send type's place, the two notes, and
 * `PaymentMeans` of an internet sale (1, other, by a payment agent: the provider's page offers many means, and does not tell us
 * which one was used).
 */
export function writeDocument(document: InvoiceDocument): Uint8Array {
  const { profile, type, issueDate, totals, exchange, credits, payment } = document;
  const { currency } = totals.payable;
  const invoice: Element = {
    ...namespaces,
    'cbc:UBLVersionID': '2.1',
    'cbc:CustomizationID': 'TR1.2',
    'cbc:ProfileID': profile,
    'cbc:ID': document.number,
    'cbc:CopyIndicator': 'false',
    'cbc:UUID': document.ettn,
    'cbc:IssueDate': issueDate,
    'cbc:IssueTime': document.issueTime,
    'cbc:InvoiceTypeCode': type,
    'cbc:Note': [
      ...(type === 'IADE' ? [] : ['Bu satış internet üzerinden yapılmıştır.']),
      ...(profile === 'EARSIVFATURA'
        ? ['e-Arşiv izni kapsamında elektronik ortamda iletilmiştir.']
        : []),
    ],
    'cbc:DocumentCurrencyCode': currency,
    'cbc:LineCountNumeric': String(document.lines.length),
    'cac:OrderReference': { 'cbc:ID': document.bookingId, 'cbc:IssueDate': payment.paidOn },
    'cac:BillingReference': credits
      ? {
          'cac:InvoiceDocumentReference': {
            'cbc:ID': credits.number,
            'cbc:IssueDate': credits.issueDate,
            'cbc:DocumentTypeCode': 'IADE',
          },
        }
      : undefined,
    'cac:AdditionalDocumentReference':
      profile === 'EARSIVFATURA'
        ? {
            'cbc:ID': '1',
            'cbc:IssueDate': issueDate,
            'cbc:DocumentTypeCode': 'SendingType',
            'cbc:DocumentType': 'ELEKTRONIK',
          }
        : undefined,
    'cac:AccountingSupplierParty': { 'cac:Party': supplier(document.seller) },
    'cac:AccountingCustomerParty': { 'cac:Party': customer(document.buyer) },
    'cac:PaymentMeans':
      type === 'IADE'
        ? undefined
        : {
            'cbc:PaymentMeansCode': '1',
            'cbc:PaymentDueDate': payment.paidOn,
            'cbc:InstructionNote': `ODEMEARACISI - ${payment.provider} - ${payment.paymentId}`,
          },
    'cac:PricingExchangeRate': exchange
      ? {
          'cbc:SourceCurrencyCode': exchange.currency,
          'cbc:TargetCurrencyCode': 'TRY',
          'cbc:CalculationRate': exchange.rate,
          'cbc:Date': exchange.date,
        }
      : undefined,
    'cac:TaxTotal': taxTotal(totals.tax, totals.byRate, document.exemption),
    'cac:LegalMonetaryTotal': {
      'cbc:LineExtensionAmount': amount(totals.net),
      'cbc:TaxExclusiveAmount': amount(totals.net),
      'cbc:TaxInclusiveAmount': amount(totals.payable),
      'cbc:PayableAmount': amount(totals.payable),
    },
    'cac:InvoiceLine': document.lines.map((line, index) =>
      invoiceLine(line, index, document.exemption),
    ),
  };
  return Buffer.from(xmlOf('Invoice', invoice));
}

function invoiceLine(
  line: InvoiceLine,
  index: number,
  exemption: InvoiceDocument['exemption'],
): Element {
  const { net, tax, taxPercent: percent, quantity } = line;
  return {
    'cbc:ID': String(index + 1),
    'cbc:InvoicedQuantity': { '@unitCode': 'C62', '#': String(quantity) },
    'cbc:LineExtensionAmount': amount(net),
    'cac:TaxTotal': taxTotal(tax, [{ percent, net, tax }], exemption),
    'cac:Item': { 'cbc:Name': line.description },
    'cac:Price': { 'cbc:PriceAmount': { '@currencyID': net.currency, '#': price(net, quantity) } },
  };
}

function taxTotal(
  tax: Money,
  byRate: InvoiceDocument['totals']['byRate'],
  exemption: InvoiceDocument['exemption'],
): Element {
  return {
    'cbc:TaxAmount': amount(tax),
    'cac:TaxSubtotal': byRate.map((rate) => ({
      'cbc:TaxableAmount': amount(rate.net),
      'cbc:TaxAmount': amount(rate.tax),
      'cbc:Percent': String(rate.percent),
      'cac:TaxCategory': {
        'cbc:TaxExemptionReasonCode': rate.percent === 0 ? exemption?.code : undefined,
        'cbc:TaxExemptionReason': rate.percent === 0 ? exemption?.reason : undefined,
        'cac:TaxScheme': VAT,
      },
    })),
  };
}

function supplier({ taxNumber, name, taxOffice, address, website }: Seller): Element {
  // A sole trader is a person, and persons have no PartyName of their own: the last word is the family name.
  const words = name.trim().split(/\s+/);
  const isPerson = isTckn(taxNumber);
  return {
    'cbc:WebsiteURI': website,
    'cac:PartyIdentification': identification(isPerson ? 'TCKN' : 'VKN', taxNumber),
    'cac:PartyName': isPerson ? undefined : { 'cbc:Name': name },
    'cac:PostalAddress': postalAddress(address),
    'cac:PartyTaxScheme': { 'cac:TaxScheme': { 'cbc:Name': taxOffice } },
    'cac:Person': isPerson
      ? { 'cbc:FirstName': words.slice(0, -1).join(' '), 'cbc:FamilyName': words.at(-1) ?? '' }
      : undefined,
  };
}

/** The schema wants both names of a person. Who has one alone is given no second one that nobody has. */
const NO_FAMILY_NAME = '-';

/** A Turkish number if there is one; else the dummy for an unknown Turk or for a foreigner, who shows the passport beside it. */
function customer(buyer: Buyer): Element {
  const { kind, nationality, passport, email } = buyer;
  const isTurk = kind === 'person' && nationality === 'TR';
  const number = taxNumberOf(buyer) ?? (isTurk ? UNKNOWN_TCKN : FOREIGN_VKN);
  const scheme = number.length === UNKNOWN_TCKN.length ? 'TCKN' : 'VKN';
  const [firstName = '', familyName = NO_FAMILY_NAME] = [buyer.firstName, buyer.familyName].flatMap(
    (name) => name?.trim() || [],
  );
  const fullName = familyName === NO_FAMILY_NAME ? firstName : `${firstName} ${familyName}`;
  return {
    'cac:PartyIdentification': [
      identification(scheme, number),
      ...(passport === null ? [] : [identification('PASAPORTNO', passport)]),
    ],
    'cac:PartyName':
      scheme === 'VKN'
        ? { 'cbc:Name': kind === 'company' ? (buyer.companyName ?? '') : fullName }
        : undefined,
    'cac:PostalAddress': postalAddress(buyer.address),
    'cac:Contact': email === null ? undefined : { 'cbc:ElectronicMail': email },
    'cac:Person':
      kind === 'person'
        ? {
            'cbc:FirstName': firstName,
            'cbc:FamilyName': familyName,
            'cbc:NationalityID': nationality,
          }
        : undefined,
  };
}

function identification(schemeID: string, number: string): Element {
  return { 'cbc:ID': { '@schemeID': schemeID, '#': number } };
}

function postalAddress({ street, district, city, postalCode, country }: Buyer['address']): Element {
  return {
    'cbc:StreetName': street,
    'cbc:CitySubdivisionName': district,
    'cbc:CityName': city,
    'cbc:PostalZone': postalCode ?? undefined,
    'cac:Country': {
      'cbc:IdentificationCode': country,
      'cbc:Name': countryNames.of(country) ?? '',
    },
  };
}

const countryNames = new Intl.DisplayNames('tr', { type: 'region', fallback: 'none' });

/** The authority's rules refuse a third decimal; a currency that has one is charged in hundredths, so it is a zero. */
function amount(money: Money): Element {
  return { '@currencyID': money.currency, '#': ublAmount(money).replace(/(\.\d\d)0+$/, '$1') };
}

/** Of one piece: rounded half up to eight decimals, so that the quantity times it is the line to far less than a minor unit. */
function price({ amountMinor, currency }: Money, quantity: number): string {
  const scale = 10n ** (PRICE_DECIMALS - BigInt(currencyExponent(currency)));
  const pieces = BigInt(quantity);
  const scaled = (BigInt(amountMinor) * scale * 2n + pieces) / (pieces * 2n);
  const figures = String(scaled).padStart(Number(PRICE_DECIMALS) + 1, '0');
  const decimal = `${figures.slice(0, -Number(PRICE_DECIMALS))}.${figures.slice(-Number(PRICE_DECIMALS))}`;
  return decimal.replace(/(\.\d\d\d*?)0+$/, '$1');
}
