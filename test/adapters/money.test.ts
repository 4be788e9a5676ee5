import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import {
  type Money,
  addMoney,
  compareMoney,
  decimalFromMoney,
  isSameMoney,
  moneyFromDecimal,
  shareOfMoney,
  subtractMoney,
  sumMoney,
  zeroMoney,
} from '../../actors/shapes/money.ts';

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

/** Exponents 2, 0, 3 and 4. */
const currencies = ['EUR', 'JPY', 'KWD', 'CLF'] as const;
const minor = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });
const currency = fc.constantFrom(...currencies);

function money(amount: bigint, code = 'EUR'): Money {
  return { amountMinor: String(amount), currency: code };
}

suite('the arithmetic of money', () => {
  test('is that of integers, and comes back from JSON', () => {
    fc.assert(
      fc.property(minor, minor, currency, (a, b, code) => {
        const [one, other] = [money(a, code), money(b, code)];
        assert.deepEqual(addMoney(one, other), money(a + b, code));
        assert.deepEqual(subtractMoney(one, other), money(a - b, code));
        assert.deepEqual(addMoney(subtractMoney(one, other), other), one);
        assert.equal(compareMoney(one, other), a < b ? -1 : a > b ? 1 : 0);
        assert.equal(isSameMoney(one, other), a === b);
        const sum = addMoney(one, other);
        assert.deepEqual(JSON.parse(JSON.stringify(sum)), sum);
      }),
    );
  });

  test('sums up in any order, from zero', () => {
    fc.assert(
      fc.property(fc.array(minor, { maxLength: 20 }), currency, (amounts, code) => {
        const all = amounts.map((amount) => money(amount, code));
        const whole = amounts.reduce((sum, amount) => sum + amount, 0n);
        assert.deepEqual(sumMoney(code, all), money(whole, code));
        assert.deepEqual(sumMoney(code, all.toReversed()), money(whole, code));
      }),
    );
    assert.deepEqual(sumMoney('JPY', []), zeroMoney('JPY'));
  });

  test('does not mix currencies', () => {
    const [euros, yen] = [money(1n, 'EUR'), money(1n, 'JPY')];
    for (const mix of [
      () => addMoney(euros, yen),
      () => subtractMoney(euros, yen),
      () => compareMoney(euros, yen),
      () => sumMoney('EUR', [euros, yen]),
      () => sumMoney('JPY', [euros]),
    ]) {
      assert.throws(mix, RangeError);
    }
    assert.equal(isSameMoney(zeroMoney('EUR'), zeroMoney('JPY')), false);
  });

  test('takes nothing that only looks like an amount', () => {
    for (const amountMinor of ['', ' 1', '0x1', '1.0', '1e3', '+1', '1n']) {
      const odd = { amountMinor, currency: 'EUR' };
      assert.throws(() => addMoney(odd, zeroMoney('EUR')), RangeError);
    }
    assert.throws(() => zeroMoney('eur'), RangeError);
  });

  test('shares with half a unit rounded away from zero', () => {
    const half = (amount: bigint) => shareOfMoney(money(amount), 1n, 2n).amountMinor;
    assert.deepEqual([5n, -5n, 4n, 1n, -1n, 0n].map(half), ['3', '-3', '2', '1', '-1', '0']);
    assert.equal(shareOfMoney(money(10_049n), 20n, 100n).amountMinor, '2010');
    const factor = fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n });
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 6n });
    fc.assert(
      fc.property(minor, factor, divisor, (amount, numerator, denominator) => {
        const share = BigInt(shareOfMoney(money(amount), numerator, denominator).amountMinor);
        const exact = amount * numerator; // Over the denominator.
        const off = share * denominator - exact;
        const size = off < 0n ? -off : off;
        assert.ok(2n * size <= denominator);
        // On the half it is the one further from zero.
        if (2n * size === denominator) assert.equal(off > 0n, exact > 0n);
        const mirrored = shareOfMoney(money(-amount), numerator, denominator);
        assert.deepEqual(mirrored, money(-share));
      }),
    );
    for (const denominator of [0n, -1n]) {
      assert.throws(() => shareOfMoney(money(1n), 1n, denominator), RangeError);
    }
  });
});

suite('a decimal of money', () => {
  test('has as many decimals as the currency, whatever the amount', () => {
    const decimals = { EUR: 2, JPY: 0, KWD: 3, CLF: 4 };
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        const decimal = decimalFromMoney(money(amount, code));
        assert.equal((decimal.split('.')[1] ?? '').length, decimals[code]);
        assert.equal(decimal.replace('.', '').replace(/^(-?)0+(?=\d)/, '$1'), String(amount));
      }),
    );
  });

  test('is read the same with zeros behind it', () => {
    fc.assert(
      fc.property(minor, currency, fc.nat({ max: 6 }), (amount, code, zeros) => {
        const decimal = decimalFromMoney(money(amount, code));
        const longer =
          zeros === 0
            ? decimal
            : `${decimal.includes('.') ? decimal : `${decimal}.`}${'0'.repeat(zeros)}`;
        assert.deepEqual(moneyFromDecimal(longer, code), money(amount, code));
      }),
    );
  });
});
