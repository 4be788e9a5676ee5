import { splitLines } from '../../machines/money.ts';
import {
  type InvoiceFinding,
  InvoiceInvalid,
  type InvoiceTaxes,
  type Seller,
} from '../ports/invoicing.ts';
import { FOREIGN_VKN, UNKNOWN_TCKN, isTckn, isVkn, taxNumberOf } from '../ports/tax-numbers.ts';
import type {
  Buyer,
  InvoiceOrder,
  InvoiceProfile,
  InvoiceType,
  SaleKind,
  SaleLine,
} from '../shapes/invoices.ts';
import type { PlannedLine } from './totals.ts';

/** VAT of what is not exempt: whole percent for each kind. */
export type VatRates = Readonly<Record<SaleKind, number>>;

/**
 * What to start from; the tenant's accountant confirms it before the first invoice. Aesthetic procedures are outside the health
 * exemption at 20, and so are an agency's commission and services. Health that is not exempt, and accommodation, are at the reduced
 * rate of 10 in general knowledge (unverified). Not here: the accommodation tax of 2 % beside the VAT, and the exemption of
 * international transport.
 */
export const defaultVatRates: VatRates = {
  health: 10,
  aesthetic: 20,
  accommodation: 10,
  transfer: 20,
  travel: 20,
  commission: 20,
};

/** VAT law 13/l. 335 is printed books (13/n): a frequent slip. */
export const healthExemption = {
  code: '334',
  reason: 'KDV 13/l md. Kapsamında Yabancılara Verilen Sağlık Hizmetlerinde İstisna',
} as const;

/** What kind of document an order becomes. */
export interface InvoicePlan {
  readonly profile: InvoiceProfile;
  readonly type: InvoiceType;
  readonly exemption: { readonly code: string; readonly reason: string } | null;
  readonly lines: readonly PlannedLine[];
}

/** An invoice of ours is read by people. Far above any booking, and far below what an integrator refuses. */
const MOST_LINES = 200;

const customer = '/Invoice/cac:AccountingCustomerParty/cac:Party';
const supplier = '/Invoice/cac:AccountingSupplierParty/cac:Party';

/**
 * Decides profile, type, exemption and rates. Pure: the same order gives the same plan.
 *
 * Exempt (`ISTISNA`, 334) are health services alone, to a foreign natural person who does not live in Turkey, by a seller with the
 * ministry's authorisation; then passport and last entry must be on file, or the case waits with staff. All else is
 * `SATIS`. A credit note is `IADE`, taxed as the invoice was that it gives back, whatever the buyer's facts, the seller's
 * authorisation and the rates are by now.
 *
 * @param registered whether the integrator knows the buyer's number as an e-Fatura user, as of now
 * @param credited how the invoice was taxed that a credit note gives back; null for all else
 * @throws {InvoiceInvalid} with everything that is wrong, each named by its element; nothing of the buyer's in it
 */
export function planInvoice(
  order: InvoiceOrder,
  seller: Seller,
  registered: boolean,
  rates: VatRates,
  credited: InvoiceTaxes | null = null,
): InvoicePlan {
  const { buyer, lines } = order;
  const exemption = credited === null ? exemptionOf(order, seller) : credited.exemption;
  const isExempt = exemption !== null;
  // A kind that the credited invoice does not have is found, so its rate is never used.
  const percents = credited?.percents ?? rates;
  const planned = lines.map((line) => ({
    ...line,
    taxPercent: isExempt ? 0 : (percents[line.kind] ?? 0),
  }));
  const findings = [
    ...lineFindings(lines),
    ...(credited === null
      ? isExempt
        ? exemptionFindings(buyer)
        : rateFindings(planned)
      : kindFindings(lines, credited)),
    ...buyerFindings(buyer, registered),
    ...sellerFindings(seller),
  ];
  if (findings.length > 0) throw new InvoiceInvalid(findings);
  return {
    // Not TICARIFATURA: its buyer can refuse within eight days, what was paid long since; and it knows no credit note.
    profile: registered ? 'TEMELFATURA' : 'EARSIVFATURA',
    type: order.credits !== null ? 'IADE' : isExempt ? 'ISTISNA' : 'SATIS',
    exemption,
    lines: planned,
  };
}

/** What a credit note of it has to know later. */
export function taxesOf({
  lines,
  exemption,
}: Pick<InvoicePlan, 'lines' | 'exemption'>): InvoiceTaxes {
  const percents = Object.fromEntries(lines.map(({ kind, taxPercent }) => [kind, taxPercent]));
  return { percents, exemption };
}

function exemptionOf(
  { buyer, lines }: InvoiceOrder,
  { healthTourismAuthorised }: Seller,
): InvoicePlan['exemption'] {
  const isHealth = lines.every(({ kind }) => kind === 'health');
  return isHealth && mayBeExempt(buyer) && healthTourismAuthorised ? healthExemption : null;
}

function mayBeExempt({ kind, nationality, residence }: Buyer): boolean {
  return kind === 'person' && nationality !== 'TR' && residence !== 'TR';
}

function lineFindings(lines: readonly SaleLine[]): readonly InvoiceFinding[] {
  const findings: InvoiceFinding[] = [];
  if (lines.length === 0 || lines.length > MOST_LINES) {
    findings.push(
      finding('PLAN-LINES', '/Invoice/cac:InvoiceLine', `There are 1 to ${MOST_LINES} lines.`),
    );
  }
  if (splitLines(lines).length > 1) {
    findings.push(
      finding(
        'PLAN-MIXED',
        '/Invoice/cac:InvoiceLine',
        'Health services have an invoice of their own: split the lines first.',
      ),
    );
  }
  for (const [index, { description, quantity, gross }] of lines.entries()) {
    const line = `/Invoice/cac:InvoiceLine[${index + 1}]`;
    if (isBlank(description)) {
      findings.push(finding('PLAN-ITEM', `${line}/cac:Item/cbc:Name`, 'A line has a name.'));
    }
    if (!Number.isSafeInteger(quantity) || quantity < 1) {
      findings.push(
        finding(
          'PLAN-QUANTITY',
          `${line}/cbc:InvoicedQuantity`,
          'A quantity is whole, and at least 1.',
        ),
      );
    }
    if (!/^[1-9]\d*$/.test(gross.amountMinor)) {
      findings.push(
        finding('PLAN-AMOUNT', `${line}/cbc:LineExtensionAmount`, 'An amount is above zero.'),
      );
    }
  }
  return findings;
}

function exemptionFindings(buyer: Buyer): readonly InvoiceFinding[] {
  const findings: InvoiceFinding[] = [];
  if (isBlank(buyer.passport)) {
    findings.push(
      finding(
        'PLAN-PASSPORT',
        `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='PASAPORTNO']`,
        'An exempt buyer has a passport number on file.',
      ),
    );
  }
  // On file for the tax authority; no element of the document holds it.
  if (buyer.lastEntry === null || !isDate(buyer.lastEntry)) {
    findings.push(
      finding(
        'PLAN-LAST-ENTRY',
        `${customer}/lastEntry`,
        'An exempt buyer has the date of the last entry into Turkey on file, as YYYY-MM-DD.',
      ),
    );
  }
  return findings;
}

function rateFindings(lines: readonly PlannedLine[]): readonly InvoiceFinding[] {
  // Zero needs an exemption with a code, and we know of one only.
  const isRate = (percent: number): boolean =>
    Number.isInteger(percent) && percent > 0 && percent <= 100;
  return lines.flatMap(({ taxPercent }, index) =>
    isRate(taxPercent)
      ? []
      : [
          finding(
            'PLAN-RATE',
            `/Invoice/cac:InvoiceLine[${index + 1}]/cac:TaxTotal/cac:TaxSubtotal/cbc:Percent`,
            'The configured VAT is whole percent, above 0.',
          ),
        ],
  );
}

function kindFindings(
  lines: readonly SaleLine[],
  { percents }: InvoiceTaxes,
): readonly InvoiceFinding[] {
  return lines.flatMap(({ kind }, index) =>
    percents[kind] === undefined
      ? [
          finding(
            'CREDIT-LINE',
            `/Invoice/cac:InvoiceLine[${index + 1}]/cac:Item/cbc:Name`,
            'A credit note gives back kinds of what is on the invoice.',
          ),
        ]
      : [],
  );
}

function buyerFindings(buyer: Buyer, registered: boolean): readonly InvoiceFinding[] {
  const { kind, tckn, vkn, nationality, residence, address } = buyer;
  const findings = addressFindings(customer, address);
  const id = (scheme: string): string =>
    `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='${scheme}']`;
  if (tckn !== null && !isTckn(tckn) && tckn !== UNKNOWN_TCKN) {
    findings.push(finding('PLAN-TCKN', id('TCKN'), 'The TCKN is not one.'));
  }
  if (vkn !== null && !isVkn(vkn) && vkn !== FOREIGN_VKN) {
    findings.push(finding('PLAN-VKN', id('VKN'), 'The VKN is not one.'));
  }
  if (kind === 'company' && vkn === null && residence === 'TR') {
    findings.push(finding('PLAN-VKN', id('VKN'), 'A Turkish company has a VKN.'));
  }
  if (registered && taxNumberOf(buyer) === null) {
    findings.push(
      finding(
        'PLAN-REGISTERED',
        id('VKN'),
        'A registered buyer has the number they are registered with.',
      ),
    );
  }
  // One name is enough: many people have no family name.
  if (kind === 'person' && isBlank(buyer.firstName) && isBlank(buyer.familyName)) {
    findings.push(
      finding('PLAN-NAME', `${customer}/cac:Person/cbc:FirstName`, 'A person has a name.'),
    );
  }
  if (kind === 'company' && isBlank(buyer.companyName)) {
    findings.push(
      finding('PLAN-NAME', `${customer}/cac:PartyName/cbc:Name`, 'A company has a name.'),
    );
  }
  for (const [country, element] of [
    [nationality, 'cac:Person/cbc:NationalityID'],
    [residence, 'residence'],
  ] as const) {
    if (!isCountry(country)) {
      findings.push(
        finding('PLAN-COUNTRY', `${customer}/${element}`, 'A country is ISO 3166-1 alpha-2.'),
      );
    }
  }
  return findings;
}

function sellerFindings({ taxNumber, name, address, series }: Seller): readonly InvoiceFinding[] {
  const findings = addressFindings(supplier, address);
  if (!isVkn(taxNumber) && !isTckn(taxNumber)) {
    findings.push(
      finding(
        'PLAN-SELLER',
        `${supplier}/cac:PartyIdentification/cbc:ID`,
        'The seller has a VKN or a TCKN.',
      ),
    );
  }
  // A natural person's name is written in two elements.
  if (isBlank(name) || (isTckn(taxNumber) && !name.trim().includes(' '))) {
    findings.push(
      finding('PLAN-SELLER', `${supplier}/cac:PartyName/cbc:Name`, 'The seller has a name.'),
    );
  }
  if (![series.eInvoice, series.eArchive].every((letters) => /^[A-Z0-9]{3}$/.test(letters))) {
    findings.push(finding('PLAN-SERIES', '/Invoice/cbc:ID', 'A series is three of A-Z and 0-9.'));
  }
  return findings;
}

function addressFindings(party: string, address: Buyer['address']): InvoiceFinding[] {
  const at = `${party}/cac:PostalAddress`;
  const findings: InvoiceFinding[] = [];
  if (isBlank(address.district)) {
    findings.push(
      finding('PLAN-ADDRESS', `${at}/cbc:CitySubdivisionName`, 'An address has a district.'),
    );
  }
  if (isBlank(address.city)) {
    findings.push(finding('PLAN-ADDRESS', `${at}/cbc:CityName`, 'An address has a city.'));
  }
  if (!isCountry(address.country)) {
    findings.push(
      finding(
        'PLAN-COUNTRY',
        `${at}/cac:Country/cbc:IdentificationCode`,
        'A country is ISO 3166-1 alpha-2.',
      ),
    );
  }
  return findings;
}

function isBlank(text: string | null): boolean {
  return text === null || text.trim() === '';
}

function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code);
}

/** A day that exists, as `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function finding(rule: string, element: string, message: string): InvoiceFinding {
  return { rule, element, message };
}
