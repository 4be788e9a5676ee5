import { randomUUID } from 'node:crypto';

import type { InvoiceRecord } from '../../actors/ports/invoicing.ts';
import type { InvoiceProfile } from '../../actors/shapes/invoices.ts';

/** What is different about an invoice; the rest is an exempt e-Arşiv one of 1,250.00 EUR. */
export interface Wanted {
  readonly ettn?: string;
  readonly number?: string;
  readonly profile?: InvoiceProfile;
  readonly type?: string;
  readonly buyerId?: string;
  readonly payable?: string;
  /** Without tax; all of it if absent. */
  readonly net?: string;
  readonly tax?: string;
  readonly currency?: string;
  readonly credits?: string;
  readonly bookingId?: string;
  readonly issueDate?: string;
}

export const aliasOfBuyer = 'urn:mail:defaultpk@buyer.example';
export const registeredBuyer = '1460415308';

/** As little UBL-TR as the sandbox takes. Not what the orchestrator writes: that has tests of its own. */
export function ublOf(wanted: Wanted = {}): string {
  const { ettn = randomUUID(), number = 'ABC2026000000001', profile = 'EARSIVFATURA' } = wanted;
  const {
    type = 'ISTISNA',
    buyerId = '2222222222',
    payable = '1250.00',
    currency = 'EUR',
  } = wanted;
  const { net = payable, tax: taxed = '0.00' } = wanted;
  const { bookingId = 'case-1-b1', credits, issueDate = '2026-11-23' } = wanted;
  const amount = (name: string, value: string) =>
    `<cbc:${name} currencyID="${currency}">${value}</cbc:${name}>`;
  const party = (role: string, id: string, name: string) =>
    `<cac:${role}><cac:Party><cac:PartyIdentification><cbc:ID schemeID="${id.length === 10 ? 'VKN' : 'TCKN'}">${id}</cbc:ID></cac:PartyIdentification>` +
    `<cac:PartyName><cbc:Name>${name}</cbc:Name></cac:PartyName><cac:PostalAddress><cbc:CitySubdivisionName>Kadıköy</cbc:CitySubdivisionName>` +
    `<cbc:CityName>İstanbul</cbc:CityName><cac:Country><cbc:Name>Türkiye</cbc:Name></cac:Country></cac:PostalAddress></cac:Party></cac:${role}>`;
  const exemption =
    taxed === '0.00'
      ? '<cbc:TaxExemptionReasonCode>334</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>KDV 13/l</cbc:TaxExemptionReason>'
      : '<cbc:Name>KDV</cbc:Name>';
  const tax =
    `<cac:TaxTotal>${amount('TaxAmount', taxed)}<cac:TaxSubtotal>${amount('TaxAmount', taxed)}` +
    `<cac:TaxCategory>${exemption}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>`;
  const billing =
    credits === undefined
      ? ''
      : `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>${credits}</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cbc="urn:cbc" xmlns:cac="urn:cac">' +
    '<cbc:UBLVersionID>2.1</cbc:UBLVersionID><cbc:CustomizationID>TR1.2</cbc:CustomizationID>' +
    `<cbc:ProfileID>${profile}</cbc:ProfileID><cbc:ID>${number}</cbc:ID><cbc:CopyIndicator>false</cbc:CopyIndicator>` +
    `<cbc:UUID>${ettn}</cbc:UUID><cbc:IssueDate>${issueDate}</cbc:IssueDate><cbc:InvoiceTypeCode>${type}</cbc:InvoiceTypeCode>` +
    `<cbc:Note>${bookingId}</cbc:Note><cbc:DocumentCurrencyCode>${currency}</cbc:DocumentCurrencyCode>` +
    `<cbc:LineCountNumeric>1</cbc:LineCountNumeric>${billing}` +
    party('AccountingSupplierParty', '1234567890', 'Klinik A.Ş.') +
    party('AccountingCustomerParty', buyerId, 'Buyer') +
    '<cac:PricingExchangeRate><cbc:CalculationRate>48.8761</cbc:CalculationRate></cac:PricingExchangeRate>' +
    tax +
    '<cac:LegalMonetaryTotal>' +
    amount('LineExtensionAmount', net) +
    amount('TaxExclusiveAmount', net) +
    amount('TaxInclusiveAmount', payable) +
    amount('PayableAmount', payable) +
    `</cac:LegalMonetaryTotal><cac:InvoiceLine>${amount('LineExtensionAmount', net)}</cac:InvoiceLine></Invoice>\n`
  );
}

export type Submitted = Pick<InvoiceRecord, 'ettn' | 'profile' | 'alias' | 'xml'>;

/** As the register would hand it over. */
export function invoiceOf(wanted: Wanted = {}): Submitted {
  const { ettn = randomUUID(), profile = 'EARSIVFATURA' } = wanted;
  const isEInvoice = profile !== 'EARSIVFATURA';
  const more = isEInvoice ? { buyerId: registeredBuyer } : {};
  return {
    ettn,
    profile,
    alias: isEInvoice ? aliasOfBuyer : null,
    xml: Buffer.from(ublOf({ ...more, ...wanted, ettn, profile })),
  };
}
