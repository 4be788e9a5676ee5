import fc from 'fast-check';

import { type VatRates, defaultVatRates, planInvoice } from '../../actors/invoicing/plan.ts';
import { totalInvoice } from '../../actors/invoicing/totals.ts';
import type { InvoiceDocument, Seller } from '../../actors/ports/invoicing.ts';
import type { Buyer, InvoiceOrder, SaleKind, SaleLine } from '../../actors/shapes/invoices.ts';
import { currencyExponent } from '../../actors/shapes/money.ts';

/** Invoices to test with, made the way the client makes them: order, plan, totals, document. */

export const today = '2026-11-23';

export const seller: Seller = {
  taxNumber: '1460415308',
  name: 'Örnek Sağlık Turizmi A.Ş. & Ortakları',
  taxOffice: 'Kadıköy',
  address: {
    street: 'Bağdat Cad. 1',
    district: 'Kadıköy',
    city: 'İstanbul',
    postalCode: '34710',
    country: 'TR',
  },
  website: 'https://clinic.example',
  series: { eInvoice: 'EFT', eArchive: 'ARS' },
  healthTourismAuthorised: true,
};

export const foreigner: Buyer = {
  kind: 'person',
  firstName: 'Jürgen',
  familyName: 'Müller',
  companyName: null,
  nationality: 'DE',
  residence: 'DE',
  tckn: null,
  vkn: null,
  passport: 'C01X00T47',
  lastEntry: '2026-11-20',
  address: {
    street: 'Straße 1',
    district: 'Mitte',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  },
  email: 'juergen@example.com',
};

export const turk: Buyer = {
  ...foreigner,
  firstName: 'Ayşe',
  familyName: 'Yılmaz',
  nationality: 'TR',
  residence: 'TR',
  tckn: '10000000146',
  passport: null,
  lastEntry: null,
  address: seller.address,
};

export const company: Buyer = {
  ...turk,
  kind: 'company',
  firstName: null,
  familyName: null,
  companyName: 'Alıcı <Ticaret> Ltd.',
  tckn: null,
  vkn: '1234567890',
};

export function lineOf(
  kind: SaleKind,
  amountMinor: string,
  currency = 'EUR',
  quantity = 1,
): SaleLine {
  return { kind, description: `Hizmet: ${kind}`, quantity, gross: { amountMinor, currency } };
}

export function orderOf(
  lines: readonly SaleLine[],
  buyer: Buyer = foreigner,
  credits: string | null = null,
): InvoiceOrder {
  return {
    tenant: 'clinic',
    caseId: 'c1',
    bookingId: 'c1-b1',
    invoiceId: 'c1-b1-i1',
    lines,
    buyer,
    paidAt: '2026-11-22T10:00:00+03:00',
    payment: { provider: 'stripe', paymentId: 'pi_1' },
    credits,
    replaces: null,
  };
}

export function documentOf(
  order: InvoiceOrder,
  registered = false,
  rates: VatRates = defaultVatRates,
): InvoiceDocument {
  const plan = planInvoice(order, seller, registered, rates);
  const { lines, totals } = totalInvoice(plan.lines);
  const { currency } = totals.payable;
  return {
    ettn: '7f9a2c10-4d3b-4c8e-9a55-0123456789ab',
    number: 'ARS2026000000001',
    profile: plan.profile,
    type: plan.type,
    issueDate: today,
    issueTime: '13:45:00',
    seller,
    buyer: order.buyer,
    bookingId: order.bookingId,
    lines,
    totals,
    exchange: currency === 'TRY' ? null : { currency, rate: '48.9012', date: '2026-11-20' },
    exemption: plan.exemption,
    credits:
      order.credits === null ? null : { number: 'ARS2026000000000', issueDate: '2026-11-01' },
    payment: { ...order.payment, paidOn: '2026-11-22' },
  };
}

/** Umlauts, markup, right-to-left, emoji, control characters, half a surrogate pair: what people call themselves. */
const text = fc
  .tuple(
    fc.constantFrom('Ö', 'ß', 'İ', 'ع', 'ש', '李', 'A'),
    fc.array(
      fc.oneof(
        fc.constantFrom('a', 'ğ', 'Ş', ' ', '&', '<', '>', '"', "'", '{', '@', '#', '\u202e'),
        fc.constantFrom(']]>', '&amp;', '&#65;', '&x;', '<!--', '<?x', 'محمد', 'דוד', '🦷', '👩‍⚕️'),
        fc.constantFrom('\u0000', '\u0008', '\u0085', '\n', '\ud83e', '\ufffe'),
      ),
      { maxLength: 30 },
    ),
  )
  .map(([first, rest]) => first + rest.join(''));

/**
 * An amount that a provider would charge: three-decimal currencies in hundredths. Of less than ten units the tax can be nothing,
 * and then the rules want an exemption.
 */
export function grossOf(currency: string): fc.Arbitrary<string> {
  const unit = 10n ** BigInt(Math.max(0, currencyExponent(currency) - 2));
  return fc.bigInt({ min: 10n, max: 10n ** 10n }).map((units) => String(units * unit));
}

export const anyDocument: fc.Arbitrary<InvoiceDocument> = fc
  .record({
    currency: fc.constantFrom('TRY', 'EUR', 'USD', 'KWD', 'JPY'),
    isHealth: fc.boolean(),
    isCredit: fc.boolean(),
    registered: fc.boolean(),
    buyer: fc.constantFrom(foreigner, turk, company, { ...turk, tckn: null }),
    firstName: text,
    familyName: text,
    street: fc.oneof(text, fc.constant('')),
    district: text,
  })
  .chain(({ currency, isHealth, isCredit, registered, buyer, street, district, ...names }) =>
    fc
      .array(
        fc.record({
          kind: isHealth
            ? fc.constant('health' as const)
            : fc.constantFrom('aesthetic', 'accommodation', 'transfer', 'travel', 'commission'),
          description: text,
          quantity: fc.integer({ min: 1, max: 40 }),
          gross: grossOf(currency).map((amountMinor) => ({ amountMinor, currency })),
        }),
        { minLength: 1, maxLength: 8 },
      )
      .map((lines) => {
        const named: Buyer = {
          ...buyer,
          ...(buyer.kind === 'person' ? names : { companyName: names.familyName }),
          address: { ...buyer.address, street, district },
        };
        const number = named.tckn ?? named.vkn;
        return documentOf(
          orderOf(lines, named, isCredit ? 'c1-b1-i1' : null),
          registered && number !== null,
        );
      }),
  );
