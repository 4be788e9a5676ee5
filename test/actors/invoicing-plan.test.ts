import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  type InvoicePlan,
  defaultVatRates,
  healthExemption,
  planInvoice,
  taxesOf,
} from '../../actors/invoicing/plan.ts';
import { InvoiceInvalid, type Seller } from '../../actors/ports/invoicing.ts';
import { FOREIGN_VKN, UNKNOWN_TCKN, isTckn, isVkn } from '../../actors/ports/tax-numbers.ts';
import {
  type Buyer,
  type SaleKind,
  type SaleLine,
  saleKinds,
} from '../../actors/shapes/invoices.ts';
import { splitLines } from '../../machines/money.ts';
import { company, foreigner, lineOf, orderOf, seller, turk } from '../adapters/ubl-tr-documents.ts';

const health = [lineOf('health', '125000')];

function planOf(
  lines: readonly SaleLine[],
  {
    buyer = foreigner,
    registered = false,
    credits = null,
    ...rest
  }: { buyer?: Buyer; registered?: boolean; credits?: string | null } & Partial<Seller> = {},
): InvoicePlan {
  return planInvoice(
    orderOf(lines, buyer, credits),
    { ...seller, ...rest },
    registered,
    defaultVatRates,
  );
}

function findingsOf(plan: () => InvoicePlan): readonly (readonly [string, string])[] {
  try {
    plan();
  } catch (error) {
    assert.ok(error instanceof InvoiceInvalid);
    assert.doesNotMatch(JSON.stringify([error.message, error.findings]), /Jürgen|Müller|C01X00T47/);
    return error.findings.map(({ rule, element }) => [rule, element]);
  }
  return [];
}

suite('a tax number', () => {
  for (const number of ['1460415308', '1234567890']) {
    test(`${number} is a VKN`, () => assert.equal(isVkn(number), true));
  }
  for (const number of [FOREIGN_VKN, '1460415309', '146041530', '14604153080', '146041530a', '']) {
    test(`${JSON.stringify(number)} is none`, () => assert.equal(isVkn(number), false));
  }
  test('10000000146 is a TCKN', () => assert.equal(isTckn('10000000146'), true));
  for (const number of [UNKNOWN_TCKN, '22222222222', '10000000147', '01000000146', '1000000014']) {
    test(`${number} is no TCKN`, () => assert.equal(isTckn(number), false));
  }
  test('has no other last digits than its own', () => {
    const last = Array.from({ length: 100 }, (_, end) => String(end).padStart(2, '0'));
    assert.deepEqual(
      last.filter((end) => isTckn(`100000001${end}`)),
      ['46'],
    );
    assert.deepEqual(
      last.filter((end) => end[0] === '0' && isVkn(`146041530${end[1]}`)),
      ['08'],
    );
  });
});

suite('an invoice plan', () => {
  test("exempts a foreign patient's health services", () => {
    const plan = planOf(health);
    assert.deepEqual(
      [plan.profile, plan.type, plan.exemption, plan.lines.map(({ taxPercent }) => taxPercent)],
      ['EARSIVFATURA', 'ISTISNA', healthExemption, [0]],
    );
    assert.equal(healthExemption.code, '334');
  });

  for (const [who, change] of [
    ['a seller without the authorisation', { healthTourismAuthorised: false }],
    ['a Turkish citizen', { buyer: { ...foreigner, nationality: 'TR', tckn: '10000000146' } }],
    ['a foreigner who lives in Turkey', { buyer: { ...foreigner, residence: 'TR' } }],
    ['a company', { buyer: company }],
  ] as const) {
    test(`does not exempt ${who}`, () => {
      const { type, exemption, lines } = planOf(health, change);
      assert.deepEqual([type, exemption, lines[0]?.taxPercent], ['SATIS', null, 10]);
    });
  }

  for (const kind of saleKinds.filter((kind) => kind !== 'health')) {
    test(`has ordinary VAT on ${kind}, also for a foreigner`, () => {
      const { type, lines } = planOf([lineOf(kind, '1000')]);
      assert.deepEqual([type, lines[0]?.taxPercent], ['SATIS', defaultVatRates[kind]]);
    });
  }

  for (const [what, change, profile, type] of [
    ['a registered buyer', { buyer: turk, registered: true }, 'TEMELFATURA', 'SATIS'],
    ['a registered buyer', { buyer: turk, registered: true, credits: 'i1' }, 'TEMELFATURA', 'IADE'],
    ['any other', { credits: 'i1' }, 'EARSIVFATURA', 'IADE'],
  ] as const) {
    test(`for ${what} is ${profile} ${type}`, () => {
      const plan = planOf([lineOf('travel', '1000')], change);
      assert.deepEqual([plan.profile, plan.type], [profile, type]);
    });
  }

  test('of a credit note is taxed as the invoice was that it gives back, and not as it would be now', () => {
    const plan = planInvoice(
      orderOf([lineOf('aesthetic', '100'), lineOf('transfer', '50')]),
      seller,
      false,
      defaultVatRates,
    );
    const taxes = taxesOf(plan);
    assert.deepEqual(taxes, { percents: { aesthetic: 20, transfer: 20 }, exemption: null });
    const dearer = { ...defaultVatRates, aesthetic: 25 };
    const credit = (kind: SaleKind) => orderOf([lineOf(kind, '10')], turk, 'c1-b1-i1');
    const { lines, exemption, type } = planInvoice(
      credit('aesthetic'),
      seller,
      false,
      dearer,
      taxes,
    );
    assert.deepEqual([lines[0]?.taxPercent, exemption, type], [20, null, 'IADE']);
    const exempt = { percents: { health: 0 }, exemption: healthExemption };
    assert.deepEqual(
      planInvoice(
        credit('health'),
        { ...seller, healthTourismAuthorised: false },
        false,
        dearer,
        exempt,
      ).exemption,
      healthExemption,
    );
    assert.throws(() => planInvoice(credit('travel'), seller, false, dearer, taxes), {
      findings: [
        {
          rule: 'CREDIT-LINE',
          element: '/Invoice/cac:InvoiceLine[1]/cac:Item/cbc:Name',
          message: 'A credit note gives back kinds of what is on the invoice.',
        },
      ],
    });
  });

  test('of a credit note keeps the exemption', () => {
    const { type, exemption } = planOf(health, { credits: 'c1-b1-i1' });
    assert.deepEqual([type, exemption], ['IADE', healthExemption]);
  });

  const customer = '/Invoice/cac:AccountingCustomerParty/cac:Party';
  const supplier = '/Invoice/cac:AccountingSupplierParty/cac:Party';
  const line = lineOf('travel', '1000');
  for (const [what, lines, change, rule, element] of [
    ['health and anything else', [...health, line], {}, 'PLAN-MIXED', '/Invoice/cac:InvoiceLine'],
    ['no lines', [], {}, 'PLAN-LINES', '/Invoice/cac:InvoiceLine'],
    [
      'a line without a name',
      [line, { ...line, description: ' ' }],
      {},
      'PLAN-ITEM',
      '/Invoice/cac:InvoiceLine[2]/cac:Item/cbc:Name',
    ],
    [
      'half a piece',
      [{ ...line, quantity: 0.5 }],
      {},
      'PLAN-QUANTITY',
      '/Invoice/cac:InvoiceLine[1]/cbc:InvoicedQuantity',
    ],
    [
      'a gift',
      [lineOf('travel', '0')],
      {},
      'PLAN-AMOUNT',
      '/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount',
    ],
    [
      'an exempt buyer without a passport',
      health,
      { buyer: { ...foreigner, passport: '' } },
      'PLAN-PASSPORT',
      `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='PASAPORTNO']`,
    ],
    [
      'an exempt buyer who did not enter yet',
      health,
      { buyer: { ...foreigner, lastEntry: null } },
      'PLAN-LAST-ENTRY',
      `${customer}/lastEntry`,
    ],
    [
      'an entry on a day that never was',
      health,
      { buyer: { ...foreigner, lastEntry: '2026-02-30' } },
      'PLAN-LAST-ENTRY',
      `${customer}/lastEntry`,
    ],
    [
      'a mistyped TCKN',
      [line],
      { buyer: { ...turk, tckn: '10000000147' } },
      'PLAN-TCKN',
      `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='TCKN']`,
    ],
    [
      'a mistyped VKN',
      [line],
      { buyer: { ...company, vkn: '1460415309' } },
      'PLAN-VKN',
      `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='VKN']`,
    ],
    [
      'a Turkish company without a VKN',
      [line],
      { buyer: { ...company, vkn: null } },
      'PLAN-VKN',
      `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='VKN']`,
    ],
    [
      'a registered buyer without a number',
      [line],
      { registered: true },
      'PLAN-REGISTERED',
      `${customer}/cac:PartyIdentification/cbc:ID[@schemeID='VKN']`,
    ],
    [
      'a person without any name',
      [line],
      { buyer: { ...foreigner, firstName: null, familyName: ' ' } },
      'PLAN-NAME',
      `${customer}/cac:Person/cbc:FirstName`,
    ],
    [
      'a company without a name',
      [line],
      { buyer: { ...company, companyName: null } },
      'PLAN-NAME',
      `${customer}/cac:PartyName/cbc:Name`,
    ],
    [
      'an address without a district',
      [line],
      { buyer: { ...foreigner, address: { ...foreigner.address, district: '' } } },
      'PLAN-ADDRESS',
      `${customer}/cac:PostalAddress/cbc:CitySubdivisionName`,
    ],
    [
      'an address without a city',
      [line],
      { buyer: { ...foreigner, address: { ...foreigner.address, city: '' } } },
      'PLAN-ADDRESS',
      `${customer}/cac:PostalAddress/cbc:CityName`,
    ],
    [
      'a country by name',
      [line],
      { buyer: { ...foreigner, nationality: 'Germany' } },
      'PLAN-COUNTRY',
      `${customer}/cac:Person/cbc:NationalityID`,
    ],
    [
      'a seller without a number',
      [line],
      { taxNumber: '1460415309' },
      'PLAN-SELLER',
      `${supplier}/cac:PartyIdentification/cbc:ID`,
    ],
    [
      'a series of two letters',
      [line],
      { series: { eInvoice: 'EF', eArchive: 'ARS' } },
      'PLAN-SERIES',
      '/Invoice/cbc:ID',
    ],
  ] as const) {
    test(`refuses ${what}`, () => {
      assert.deepEqual(
        findingsOf(() => planOf(lines, change)),
        [[rule, element]],
      );
    });
  }

  test('refuses a rate of nothing that has no exemption', () => {
    const rates = { ...defaultVatRates, travel: 0 };
    assert.deepEqual(
      findingsOf(() => planInvoice(orderOf([line]), seller, false, rates)),
      [['PLAN-RATE', '/Invoice/cac:InvoiceLine[1]/cac:TaxTotal/cac:TaxSubtotal/cbc:Percent']],
    );
  });

  test('tells everything that is wrong at once', () => {
    const buyer = { ...foreigner, passport: null, lastEntry: null, firstName: '', familyName: '' };
    assert.deepEqual(
      findingsOf(() => planOf(health, { buyer })).map(([rule]) => rule),
      ['PLAN-PASSPORT', 'PLAN-LAST-ENTRY', 'PLAN-NAME'],
    );
  });
});

suite('the lines of a booking', () => {
  test('split into health and the rest, in their order, each of which can be planned', () => {
    const kinds: readonly SaleKind[] = ['travel', 'health', 'aesthetic', 'health', 'commission'];
    const groups = splitLines(kinds.map((kind) => lineOf(kind, '1000')));
    assert.deepEqual(
      groups.map((group) => group.map(({ kind }) => kind)),
      [
        ['health', 'health'],
        ['travel', 'aesthetic', 'commission'],
      ],
    );
    assert.deepEqual(
      groups.map((group) => planOf(group).type),
      ['ISTISNA', 'SATIS'],
    );
  });

  test('stay together where they may', () => {
    assert.deepEqual(splitLines(health), [health]);
    assert.deepEqual(splitLines([]), []);
  });
});
