import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { decimalFromMoney, moneyFromDecimal } from '../../actors/ports/money.ts';

suite('money', () => {
  for (const [decimal, currency, amountMinor] of [
    ['1250.00', 'EUR', '125000'],
    ['1250', 'EUR', '125000'],
    ['1250.5', 'EUR', '125050'],
    ['0.10', 'EUR', '10'],
    ['-3.05', 'TRY', '-305'],
    ['12500.00', 'JPY', '12500'],
    ['1.234', 'KWD', '1234'],
    ['1.2340', 'KWD', '1234'],
    ['90071992547409.93', 'EUR', '9007199254740993'],
  ] as const) {
    test(`of ${decimal} ${currency} is ${amountMinor} minor units`, () => {
      assert.deepEqual(moneyFromDecimal(decimal, currency), { amountMinor, currency });
    });
  }

  for (const [decimal, currency] of [
    ['1.005', 'EUR'],
    ['1.5', 'JPY'],
    ['1,50', 'EUR'],
    ['1e3', 'EUR'],
    ['', 'EUR'],
    ['.5', 'EUR'],
    [' 1', 'EUR'],
    ['1', 'eur'],
    ['1', 'EURO'],
  ] as const) {
    test(`does not come from ${JSON.stringify(decimal)} ${currency}`, () => {
      assert.throws(() => moneyFromDecimal(decimal, currency), RangeError);
    });
  }

  test('is the same after it was written as a decimal and read again', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'),
        (amount, currency) => {
          const money = { amountMinor: String(amount), currency };
          assert.deepEqual(moneyFromDecimal(decimalFromMoney(money), currency), money);
        },
      ),
    );
  });
});
