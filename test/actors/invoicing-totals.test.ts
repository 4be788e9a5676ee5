import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { type PlannedLine, totalInvoice } from '../../actors/invoicing/totals.ts';
import { InvoiceInvalid } from '../../actors/ports/invoicing.ts';
import { currencyExponent, sumMoney } from '../../actors/shapes/money.ts';

function lineOf(taxPercent: number, amountMinor: string, currency = 'EUR'): PlannedLine {
  return {
    kind: 'travel',
    description: 'Transfer',
    quantity: 1,
    gross: { amountMinor, currency },
    taxPercent,
  };
}

/** What an invoice is rounded to, in minor units: 10 where the currency has three decimals. */
function unitOf(currency: string): bigint {
  return currencyExponent(currency) === 3 ? 10n : 1n;
}

const anyLines = fc
  .record({
    currency: fc.constantFrom('TRY', 'EUR', 'JPY', 'KWD'),
    rates: fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 4 }),
  })
  .chain(({ currency, rates }) =>
    fc.array(
      fc
        .record({
          percent: fc.constantFrom(...rates),
          units: fc.oneof(
            fc.bigInt({ min: 0n, max: 200n }),
            fc.bigInt({ min: 0n, max: 10n ** 16n }),
          ),
        })
        .map(({ percent, units }) => lineOf(percent, String(units * unitOf(currency)), currency)),
      { minLength: 1, maxLength: 12 },
    ),
  );

suite("an invoice's totals", () => {
  test('are exact: lines make up the document, and it is payable at what was paid', () => {
    fc.assert(
      fc.property(anyLines, (planned) => {
        const currency = planned[0]?.gross.currency ?? '';
        const { lines, totals } = totalInvoice(planned);
        const paid = sumMoney(
          currency,
          planned.map(({ gross }) => gross),
        );
        assert.deepEqual(totals.payable, paid);
        assert.deepEqual(sumMoney(currency, [totals.net, totals.tax]), paid);
        for (const part of ['net', 'tax'] as const) {
          for (const parts of [lines, totals.byRate]) {
            assert.deepEqual(
              sumMoney(
                currency,
                parts.map((line) => line[part]),
              ),
              totals[part],
            );
          }
          for (const { percent, ...rate } of totals.byRate) {
            const members = lines.filter(({ taxPercent }) => taxPercent === percent);
            assert.deepEqual(
              sumMoney(
                currency,
                members.map((line) => line[part]),
              ),
              rate[part],
            );
          }
        }
        for (const [index, { net, tax }] of lines.entries()) {
          assert.ok(BigInt(net.amountMinor) >= 0n && BigInt(tax.amountMinor) >= 0n);
          assert.deepEqual(sumMoney(currency, [net, tax]), planned[index]?.gross);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('have a tax that is the rate of the net to (100 + rate) / 200 units, and of each line to twice that', () => {
    fc.assert(
      fc.property(anyLines, (planned) => {
        const unit = unitOf(planned[0]?.gross.currency ?? '');
        const { lines, totals } = totalInvoice(planned);
        const off = (net: string, tax: string, percent: number): bigint => {
          const difference = BigInt(tax) * 100n - BigInt(net) * BigInt(percent);
          return difference < 0n ? -difference : difference;
        };
        for (const { net, tax, percent } of totals.byRate) {
          const difference = off(net.amountMinor, tax.amountMinor, percent);
          assert.ok(difference * 2n <= (100n + BigInt(percent)) * unit);
        }
        for (const { net, tax, taxPercent } of lines) {
          const difference = off(net.amountMinor, tax.amountMinor, taxPercent);
          assert.ok(difference < (100n + BigInt(taxPercent)) * unit);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('reach that bound, so that none tighter holds', () => {
    // 3 at 100 %: net 1.5 is rounded to 2, which leaves a tax of 1: off by exactly (100 + 100) / 200.
    const { totals } = totalInvoice([lineOf(100, '3')]);
    assert.deepEqual([totals.net.amountMinor, totals.tax.amountMinor], ['2', '1']);
  });

  test('are those worked out by hand', () => {
    // At 20 %: 150.01 / 1.2 = 125.0083, so 125.01. The lines: 83.333 and 41.675; the cent that is left goes to who lost more.
    const { lines, totals } = totalInvoice([
      lineOf(20, '10000'),
      lineOf(20, '5001'),
      lineOf(10, '1100'),
    ]);
    assert.deepEqual(
      lines.map(({ net, tax }) => [net.amountMinor, tax.amountMinor]),
      [
        ['8333', '1667'],
        ['4168', '833'],
        ['1000', '100'],
      ],
    );
    assert.deepEqual(
      totals.byRate.map(({ percent, net, tax }) => [percent, net.amountMinor, tax.amountMinor]),
      [
        [20, '12501', '2500'],
        [10, '1000', '100'],
      ],
    );
  });

  for (const [what, lines, rule, element] of [
    ['no lines', [], 'TOTAL-LINES', '/Invoice'],
    [
      'two currencies',
      [lineOf(20, '100'), lineOf(20, '100', 'USD')],
      'TOTAL-CURRENCY',
      '/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount',
    ],
    [
      'less than nothing',
      [lineOf(20, '-100')],
      'TOTAL-NEGATIVE',
      '/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount',
    ],
    [
      'a third decimal',
      [lineOf(20, '1001', 'KWD')],
      'TOTAL-DECIMALS',
      '/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount',
    ],
  ] as const) {
    test(`are refused for ${what}`, () => {
      assert.throws(
        () => totalInvoice(lines),
        (error) => {
          assert.ok(error instanceof InvoiceInvalid);
          assert.deepEqual(
            error.findings.map((finding) => [finding.rule, finding.element]),
            [[rule, element]],
          );
          return true;
        },
      );
    });
  }
});
