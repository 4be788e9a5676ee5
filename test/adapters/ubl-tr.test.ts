import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';

import type { InvoiceDocument } from '../../actors/ports/invoicing.ts';
import { type Money, moneyFromDecimal, sumMoney } from '../../actors/shapes/money.ts';
import { rules } from '../../adapters/ubl-tr/rules.ts';
import { ublWriter } from '../../adapters/ubl-tr/writer.ts';
import {
  anyDocument,
  company,
  documentOf,
  foreigner,
  lineOf,
  orderOf,
  seller,
  today,
  turk,
} from './ubl-tr-documents.ts';

const writer = ublWriter();

/** One line, exempt, e-Arşiv, in euros. */
const exempt = documentOf(orderOf([lineOf('health', '125000')]));
/** Two lines of two rates, to a registered buyer, in lira: 1000.00 + 20 %, in three pieces, and 500.00 + 10 %. */
const ordinary = documentOf(
  orderOf([lineOf('aesthetic', '120000', 'TRY', 3), lineOf('accommodation', '55000', 'TRY')], turk),
  true,
);
const credit = documentOf(
  orderOf(
    ordinary.lines.map(() => lineOf('travel', '600', 'TRY')),
    turk,
    'c1-b1-i1',
  ),
  true,
);

suite('an UBL-TR invoice', () => {
  test('is valid for 200 invoices of all kinds, and an independent parser recomputes its totals', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyDocument, (document) => {
        const xml = writer.write(document);
        assert.deepEqual(writer.check(xml, today), []);
        const invoice = parsed(xml);
        recompute(invoice, document);
        for (const one of [document.type, document.profile, document.totals.net.currency])
          seen.add(one);
      }),
      { numRuns: 200, seed: 20261123 },
    );
    const types = 'IADE ISTISNA SATIS TEMELFATURA EARSIVFATURA'.split(' ');
    assert.deepEqual(seen, new Set([...types, 'TRY', 'EUR', 'USD', 'KWD', 'JPY']));
  });

  test('is the same bytes for the same document', () => {
    assert.deepEqual(writer.write(exempt), writer.write(structuredClone(exempt)));
  });

  test('shows a foreigner by the dummy VKN, a name and the passport', () => {
    const { Party } = parsed(writer.write(exempt)).AccountingCustomerParty;
    assert.deepEqual(
      Party.PartyIdentification.map(({ ID }) => [ID['@schemeID'], ID['#text']]),
      [
        ['VKN', '2222222222'],
        ['PASAPORTNO', 'C01X00T47'],
      ],
    );
    assert.equal(Party.PartyName?.Name, 'Jürgen Müller');
    assert.equal(Party.PostalAddress.Country.Name, 'Almanya');
  });

  for (const [of, names] of [
    ['a first name', { firstName: 'Sukarno', familyName: null }],
    ['a family name', { firstName: null, familyName: 'Sukarno' }],
    ['a first name and an empty one', { firstName: 'Sukarno', familyName: ' ' }],
  ] as const)
    for (const buyer of [foreigner, { ...turk, tckn: null }])
      test(`shows a person of one name, given as ${of}, from ${buyer.nationality}, without a second one`, () => {
        const order = orderOf([lineOf('travel', '1000')], { ...buyer, ...names });
        const xml = writer.write(documentOf(order));
        assert.deepEqual(writer.check(xml, today), []);
        assert.equal(String(xml).split('Sukarno').length - 1, buyer === foreigner ? 2 : 1);
        const { Party } = parsed(xml).AccountingCustomerParty;
        if (buyer === foreigner) assert.equal(Party.PartyName?.Name, 'Sukarno');
      });

  for (const [who, buyer, ids] of [
    ['a Turk by TCKN', turk, [['TCKN', '10000000146']]],
    ['an unknown Turk by the dummy TCKN', { ...turk, tckn: null }, [['TCKN', '11111111111']]],
    ['a company by VKN', company, [['VKN', '1234567890']]],
    [
      'a foreign company by the dummy VKN',
      { ...company, vkn: null, nationality: 'DE', residence: 'DE' },
      [['VKN', '2222222222']],
    ],
  ] as const) {
    test(`shows ${who}`, () => {
      const xml = writer.write(documentOf(orderOf([lineOf('travel', '1000')], buyer)));
      assert.deepEqual(writer.check(xml, today), []);
      const { Party } = parsed(xml).AccountingCustomerParty;
      assert.deepEqual(
        Party.PartyIdentification.map(({ ID }) => [ID['@schemeID'], ID['#text']]),
        ids,
      );
    });
  }

  test('of a sole trader has a person as seller', () => {
    const trader = { ...seller, taxNumber: '10000000146', name: 'Ayşe Nur Yılmaz' };
    const xml = writer.write({ ...exempt, seller: trader });
    assert.deepEqual(writer.check(xml, today), []);
    const { Person } = parsed(xml).AccountingSupplierParty.Party;
    assert.deepEqual([Person?.FirstName, Person?.FamilyName], ['Ayşe Nur', 'Yılmaz']);
  });

  test('so small that its tax is nothing is found before the authority finds it', () => {
    const xml = writer.write(documentOf(orderOf([lineOf('travel', '2')])));
    assert.deepEqual(
      writer.check(xml, today).map(({ rule }) => rule),
      ['TR-EXEMPTION-REASON'],
    );
  });

  test('with a third decimal is found', () => {
    const fils = { amountMinor: '1001', currency: 'KWD' };
    const document = documentOf(orderOf([lineOf('health', '1000', 'KWD')]));
    const xml = writer.write({
      ...document,
      lines: document.lines.map((line) => ({ ...line, net: fils })),
      totals: {
        ...document.totals,
        net: fils,
        payable: fils,
        byRate: [{ percent: 0, net: fils, tax: document.totals.tax }],
      },
    });
    assert.deepEqual(
      writer.check(xml, today).map(({ rule, element }) => [rule, element]),
      [['TR-AMOUNT', '/Invoice/cac:LegalMonetaryTotal[1]/*']],
    );
  });

  test('costs no more the longer it runs', () => {
    const documents = fc.sample(anyDocument, { numRuns: 200, seed: 7 });
    const costOf = (some: readonly InvoiceDocument[]) => {
      const before = process.cpuUsage();
      for (const document of some) writer.check(writer.write(document), today);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const first = costOf(documents.slice(0, 100)); // The schema compiles with these, once.
    const second = costOf(documents.slice(100));
    assert.ok(second < 3 * first, `${second / first} times`);
  });
});

const supplierParty = '/Invoice/cac:AccountingSupplierParty/cac:Party';
const customerParty = '/Invoice/cac:AccountingCustomerParty/cac:Party';
const firstTax = '/Invoice/cac:TaxTotal/cac:TaxSubtotal[1]';
const passport =
  '<cac:PartyIdentification><cbc:ID schemeID="PASAPORTNO">C01X00T47</cbc:ID></cac:PartyIdentification>';
const signature = (scheme: string): string =>
  `<cac:Signature><cbc:ID schemeID="${scheme}">1460415308</cbc:ID></cac:Signature>`;
const beforeSupplier = '<cac:AccountingSupplierParty>';
const exemption = `<cbc:TaxExemptionReasonCode>334</cbc:TaxExemptionReasonCode><cbc:TaxExemptionReason>${exempt.exemption?.reason}</cbc:TaxExemptionReason>`;
const payable = '<cbc:PayableAmount';
const allowance = '<cbc:AllowanceTotalAmount currencyID="TRY">1.00</cbc:AllowanceTotalAmount>';

/** For each rule: a valid document, what is changed in its XML, and the element that the finding names. */
const breaks: readonly (readonly [
  rule: string,
  document: InvoiceDocument,
  edits: readonly (readonly [from: string, to: string])[],
  element: string,
  also?: readonly string[],
])[] = [
  ['TR-UBL-VERSION', exempt, [['>2.1<', '>2.0<']], '/Invoice/cbc:UBLVersionID'],
  ['TR-CUSTOMIZATION', exempt, [['>TR1.2<', '>TR1.1<']], '/Invoice/cbc:CustomizationID'],
  ['TR-PROFILE', ordinary, [['TEMELFATURA', 'IHRACAT']], '/Invoice/cbc:ProfileID'],
  ['TR-ID-FORMAT', exempt, [['>ARS2026', '>Ars2026']], '/Invoice/cbc:ID'],
  ['TR-ID-YEAR', exempt, [['>ARS2026', '>ARS2025']], '/Invoice/cbc:ID'],
  ['TR-COPY', exempt, [['>false<', '>true<']], '/Invoice/cbc:CopyIndicator'],
  ['TR-UUID', exempt, [['>7f9a2c10-', '>7f9a2c1-']], '/Invoice/cbc:UUID'],
  [
    'TR-ISSUE-DATE',
    exempt,
    [['IssueDate>2026-11-23', 'IssueDate>2026-11-24']],
    '/Invoice/cbc:IssueDate',
  ],
  ['TR-ISSUE-TIME', exempt, [['13:45:00', '13:45:00Z']], '/Invoice/cbc:IssueTime'],
  ['TR-TYPE', ordinary, [['>SATIS<', '>TEVKIFAT<']], '/Invoice/cbc:InvoiceTypeCode'],
  ['TR-TYPE-PROFILE', credit, [['TEMELFATURA', 'TICARIFATURA']], '/Invoice/cbc:ProfileID'],
  ['TR-CURRENCY', exempt, [['EUR', 'QQQ']], '/Invoice/cbc:DocumentCurrencyCode'],
  [
    'TR-CURRENCY-ID',
    exempt,
    [['PriceAmount currencyID="EUR"', 'PriceAmount currencyID="USD"']],
    '/Invoice/@currencyID',
  ],
  [
    'TR-LINE-COUNT',
    ordinary,
    [['LineCountNumeric>2', 'LineCountNumeric>3']],
    '/Invoice/cbc:LineCountNumeric',
  ],
  [
    'TR-BILLING-REFERENCE',
    credit,
    [['>IADE</cbc:DocumentTypeCode>', '>SATIS</cbc:DocumentTypeCode>']],
    '/Invoice/cac:BillingReference/cac:InvoiceDocumentReference',
  ],
  [
    'TR-BILLING-REFERENCE',
    credit,
    [['>IADE</cbc:InvoiceTypeCode>', '>SATIS</cbc:InvoiceTypeCode>']],
    '/Invoice/cac:BillingReference/cac:InvoiceDocumentReference',
  ],
  [
    'TR-SEND-TYPE',
    exempt,
    [['>ELEKTRONIK<', '>FAKS<']],
    '/Invoice/cac:AdditionalDocumentReference/cbc:DocumentType',
  ],
  [
    'TR-SIGNATURE-COUNT',
    exempt,
    [[beforeSupplier, signature('VKN_TCKN') + signature('VKN_TCKN') + beforeSupplier]],
    '/Invoice/cac:Signature',
  ],
  [
    'TR-SIGNATURE-ID',
    exempt,
    [[beforeSupplier, signature('VKN') + beforeSupplier]],
    '/Invoice/cac:Signature[1]/cbc:ID',
  ],
  [
    'TR-PARTY-ID',
    exempt,
    [
      [
        passport,
        passport + passport.replace('PASAPORTNO', 'TCKN').replace('C01X00T47', '10000000146'),
      ],
    ],
    `${customerParty}/cac:PartyIdentification/cbc:ID`,
  ],
  [
    'TR-PARTY-SCHEME',
    exempt,
    [[passport, passport + passport.replace('PASAPORTNO', 'PASSPORT')]],
    `${customerParty}/cac:PartyIdentification/cbc:ID/@schemeID`,
  ],
  [
    'TR-VKN',
    exempt,
    [['1460415308', '1460415309']],
    `${supplierParty}/cac:PartyIdentification/cbc:ID[@schemeID='VKN']`,
  ],
  [
    'TR-VKN',
    exempt,
    [['1460415308', '2222222222']],
    `${supplierParty}/cac:PartyIdentification/cbc:ID[@schemeID='VKN']`,
  ],
  [
    'TR-TCKN',
    ordinary,
    [['10000000146', '10000000147']],
    `${customerParty}/cac:PartyIdentification/cbc:ID[@schemeID='TCKN']`,
  ],
  [
    'TR-PARTY-NAME',
    exempt,
    [['>Jürgen Müller<', '> <']],
    `${customerParty}/cac:PartyName/cbc:Name`,
  ],
  ['TR-PARTY-PERSON', ordinary, [['>Ayşe<', '> <']], `${customerParty}/cac:Person`],
  ['TR-PARTY-ADDRESS', exempt, [['>Mitte<', '> <']], `${customerParty}/cac:PostalAddress`],
  [
    'TR-COUNTRY',
    exempt,
    [['>DE</cbc:Id', '>QQ</cbc:Id']],
    `${customerParty}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`,
  ],
  [
    'TR-PASSPORT',
    exempt,
    [[passport, '']],
    `${customerParty}/cac:PartyIdentification/cbc:ID[@schemeID='PASAPORTNO']`,
  ],
  ['TR-EXCHANGE-RATE', exempt, [['>TRY<', '>USD<']], '/Invoice/cac:PricingExchangeRate'],
  [
    'TR-EXCHANGE-RATE',
    exempt,
    [['2026-11-20</cbc:Date>', '2026-11-24</cbc:Date>']],
    '/Invoice/cac:PricingExchangeRate',
  ],
  ['TR-EXCHANGE-RATE', exempt, [['>48.9012<', '>0.0000<']], '/Invoice/cac:PricingExchangeRate'],
  [
    'TR-AMOUNT',
    exempt,
    [['1250.00</cbc:PayableAmount>', '1250.000</cbc:PayableAmount>']],
    '/Invoice/cac:LegalMonetaryTotal[1]/*',
  ],
  [
    'TR-AMOUNT',
    ordinary,
    [['250.00</cbc:TaxAmount>', '250.000</cbc:TaxAmount>']],
    '/Invoice/cac:TaxTotal[1]/cbc:TaxAmount',
  ],
  [
    'TR-TAX-TYPE',
    exempt,
    [['>0015<', '>0059<']],
    '/Invoice/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cac:TaxScheme/cbc:TaxTypeCode',
  ],
  [
    'TR-EXEMPTION-REASON',
    exempt,
    [[exemption, '']],
    `${firstTax}/cac:TaxCategory/cbc:TaxExemptionReason`,
  ],
  [
    'TR-EXEMPTION-CODE',
    exempt,
    [['>334<', '>3334<']],
    `${firstTax}/cac:TaxCategory/cbc:TaxExemptionReasonCode`,
  ],
  [
    'TR-EXEMPTION-TYPE',
    exempt,
    [['>ISTISNA<', '>SATIS<']],
    `${firstTax}/cac:TaxCategory/cbc:TaxExemptionReasonCode`,
  ],
  ['TR-EXEMPTION-ONLY', ordinary, [['>SATIS<', '>ISTISNA<']], '/Invoice/cbc:InvoiceTypeCode'],
  [
    'TR-LINE-ID',
    ordinary,
    [['<cac:InvoiceLine><cbc:ID>2<', '<cac:InvoiceLine><cbc:ID>3<']],
    '/Invoice/cac:InvoiceLine/cbc:ID',
  ],
  ['TR-QUANTITY', exempt, [['"C62"', '"DAY"']], '/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity'],
  [
    'TR-ITEM-NAME',
    ordinary,
    [['>Hizmet: accommodation<', '> <']],
    '/Invoice/cac:InvoiceLine[2]/cac:Item/cbc:Name',
  ],
  [
    'TR-LINE-PRICE',
    ordinary,
    [['333.33333333<', '333.34<']],
    '/Invoice/cac:InvoiceLine[1]/cac:Price/cbc:PriceAmount',
  ],
  [
    'TR-LINE-TAX',
    ordinary,
    [[lineTax('1000.00', '200.00', '200.00'), lineTax('999.00', '200.00', '200.00')]],
    '/Invoice/cac:InvoiceLine[1]/cac:TaxTotal/cbc:TaxAmount',
  ],
  [
    'TR-TAX-RATE',
    ordinary,
    [['<cbc:Percent>20<', '<cbc:Percent>18<']],
    `${firstTax}/cbc:TaxAmount`,
  ],
  [
    'TR-SUM-LINES',
    ordinary,
    [
      [
        '<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="TRY">1500.00',
        '<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="TRY">1501.00',
      ],
      [payable, allowance + payable],
    ],
    '/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount',
  ],
  [
    'TR-SUM-TAX',
    ordinary,
    [['200.00</cbc:TaxAmount><cbc:Percent>', '200.01</cbc:TaxAmount><cbc:Percent>']],
    '/Invoice/cac:TaxTotal/cbc:TaxAmount',
    ['TR-TAX-RATE'],
  ],
  [
    'TR-SUM-LINE-TAX',
    ordinary,
    [[lineTax('1000.00', '200.00', '200.00'), lineTax('1000.00', '200.01', '200.01')]],
    '/Invoice/cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount',
  ],
  [
    'TR-SUM-TAXABLE',
    ordinary,
    [['1000.00</cbc:TaxableAmount>', '1000.01</cbc:TaxableAmount>']],
    '/Invoice/cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount',
  ],
  [
    'TR-TAX-EXCLUSIVE',
    ordinary,
    [[payable, allowance + payable]],
    '/Invoice/cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount',
  ],
  [
    'TR-TAX-INCLUSIVE',
    ordinary,
    [
      ['1750.00', '1751.00'],
      ['1750.00', '1751.00'],
    ],
    '/Invoice/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount',
  ],
  [
    'TR-PAYABLE',
    ordinary,
    [['1750.00</cbc:PayableAmount>', '1751.00</cbc:PayableAmount>']],
    '/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount',
  ],
];

function lineTax(taxable: string, tax: string, part: string): string {
  return (
    `</cbc:LineExtensionAmount><cac:TaxTotal><cbc:TaxAmount currencyID="TRY">${tax}</cbc:TaxAmount><cac:TaxSubtotal>` +
    `<cbc:TaxableAmount currencyID="TRY">${taxable}</cbc:TaxableAmount><cbc:TaxAmount currencyID="TRY">${part}</cbc:TaxAmount>`
  );
}

suite('a broken UBL-TR invoice', () => {
  test('has a case below for each rule', () => {
    assert.deepEqual(
      [...new Set(breaks.map(([rule]) => rule))].toSorted(),
      [...new Set(rules.map(({ id }) => id))].toSorted(),
    );
  });

  for (const [index, [rule, document, edits, element, also = []]] of breaks.entries()) {
    test(`is found by ${rule} (${index + 1}), and by nothing else`, () => {
      let xml = Buffer.from(writer.write(document)).toString();
      assert.deepEqual(writer.check(Buffer.from(xml), today), []);
      for (const [from, to] of edits) {
        assert.ok(xml.includes(from), from);
        // A currency is everywhere; all else is changed where it comes first.
        xml = from === 'EUR' ? xml.replaceAll(from, to) : xml.replace(from, to);
      }
      const findings = writer.check(Buffer.from(xml), today);
      assert.deepEqual(findings.map(({ rule }) => rule).toSorted(), [rule, ...also].toSorted());
      assert.ok(findings.some((finding) => finding.rule === rule && finding.element === element));
      assert.doesNotMatch(JSON.stringify(findings), /Jürgen|Müller|Ayşe|C01X00T47|10000000146/);
    });
  }

  for (const [what, from, to, element, message] of [
    [
      'an element out of its order',
      '<cbc:CopyIndicator>false</cbc:CopyIndicator>',
      '',
      '/Invoice/cbc:UUID',
      "Element 'UUID': This element is not expected. Expected is ( CopyIndicator ).",
    ],
    [
      'a value of another type',
      'PaymentDueDate>2026-11-22<',
      'PaymentDueDate>Jürgen<',
      '/Invoice/cac:PaymentMeans/cbc:PaymentDueDate',
      'A value or a name is not of the kind that the schema has here.',
    ],
  ] as const) {
    test(`is found by the schema for ${what}, without the value`, () => {
      const xml = Buffer.from(writer.write(exempt)).toString();
      assert.ok(xml.includes(from));
      const [finding] = writer.check(Buffer.from(xml.replace(from, to)), today);
      assert.deepEqual(finding, { rule: 'UBL-XSD', element, message });
    });
  }

  test('is found if it is no XML, or loads something from elsewhere', () => {
    const xml = Buffer.from(writer.write(exempt)).toString();
    const rule = (text: string): unknown => writer.check(Buffer.from(text), today)[0]?.rule;
    assert.equal(rule(xml.slice(0, -3)), 'UBL-XML');
    assert.equal(rule(''), 'UBL-XML');
    const doctype = `<!DOCTYPE Invoice [<!ENTITY x SYSTEM "${import.meta.url}">]>`;
    const external = xml.replace('?>', `?>${doctype}`).replace('>Mitte<', '>&x;<');
    assert.equal(rule(external), 'UBL-XML');
  });
});

interface Parsed {
  readonly DocumentCurrencyCode: string;
  readonly LineCountNumeric: string;
  readonly TaxTotal: ParsedTax;
  readonly LegalMonetaryTotal: Readonly<
    Record<
      'LineExtensionAmount' | 'TaxExclusiveAmount' | 'TaxInclusiveAmount' | 'PayableAmount',
      ParsedAmount
    >
  >;
  readonly InvoiceLine: readonly {
    readonly LineExtensionAmount: ParsedAmount;
    readonly TaxTotal: ParsedTax;
    readonly Item: { readonly Name: string };
  }[];
  readonly AccountingSupplierParty: { readonly Party: ParsedParty };
  readonly AccountingCustomerParty: { readonly Party: ParsedParty };
}
interface ParsedAmount {
  readonly '#text': string;
  readonly '@currencyID': string;
}
interface ParsedTax {
  readonly TaxAmount: ParsedAmount;
  readonly TaxSubtotal: readonly {
    readonly TaxableAmount: ParsedAmount;
    readonly TaxAmount: ParsedAmount;
    readonly Percent: string;
  }[];
}
interface ParsedParty {
  readonly PartyIdentification: readonly {
    readonly ID: { readonly '#text': string; readonly '@schemeID': string };
  }[];
  readonly PartyName?: { readonly Name: string };
  readonly Person?: { readonly FirstName: string; readonly FamilyName: string };
  readonly PostalAddress: { readonly Country: { readonly Name: string } };
}

const lists = new Set(['InvoiceLine', 'TaxSubtotal', 'PartyIdentification', 'Note']);
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: (name) => lists.has(name),
});

function parsed(xml: Uint8Array): Parsed {
  return (parser.parse(Buffer.from(xml).toString()) as { readonly Invoice: Parsed }).Invoice;
}

/** Adds the document up from what the parser read, and compares with what was paid. */
function recompute(invoice: Parsed, { lines, totals, buyer }: InvoiceDocument): void {
  const currency = invoice.DocumentCurrencyCode;
  const money = (amount: ParsedAmount): Money => {
    assert.equal(amount['@currencyID'], currency);
    return moneyFromDecimal(amount['#text'], currency);
  };
  const sum = (amounts: readonly ParsedAmount[]): Money => sumMoney(currency, amounts.map(money));
  const net = sum(invoice.InvoiceLine.map((line) => line.LineExtensionAmount));
  const tax = sum(invoice.InvoiceLine.map((line) => line.TaxTotal.TaxAmount));
  assert.equal(invoice.LineCountNumeric, String(lines.length));
  assert.deepEqual(net, totals.net);
  assert.deepEqual(tax, totals.tax);
  assert.deepEqual(sumMoney(currency, [net, tax]), totals.payable);
  const { LegalMonetaryTotal: total, TaxTotal } = invoice;
  assert.deepEqual(money(total.LineExtensionAmount), net);
  assert.deepEqual(money(total.TaxExclusiveAmount), net);
  assert.deepEqual(money(total.TaxInclusiveAmount), totals.payable);
  assert.deepEqual(money(total.PayableAmount), totals.payable);
  assert.deepEqual(money(TaxTotal.TaxAmount), tax);
  assert.deepEqual(sum(TaxTotal.TaxSubtotal.map((part) => part.TaxableAmount)), net);
  assert.deepEqual(sum(TaxTotal.TaxSubtotal.map((part) => part.TaxAmount)), tax);
  assert.deepEqual(
    invoice.InvoiceLine.map(({ Item }) => Item.Name),
    lines.map(({ description }) => legible(description)),
  );
  const { Person, PartyName } = invoice.AccountingCustomerParty.Party;
  if (buyer.kind === 'company') assert.equal(PartyName?.Name, legible(buyer.companyName ?? ''));
  else assert.equal(Person?.FamilyName, legible(buyer.familyName ?? ''));
}

/** What XML can hold of a text. */
function legible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc} \ufffe]+/gu, ' ')
    .trim();
}
