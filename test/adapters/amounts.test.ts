import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { ProviderRefused } from '../../actors/errors.ts';
import {
  iyzicoPrice,
  moneyFromIyzico,
  moneyFromStripe,
  stripeAmount,
  ublAmount,
} from '../../adapters/amounts.ts';

function refusedFor(reason: string): (error: unknown) => boolean {
  return (error) => error instanceof ProviderRefused && error.reason === reason;
}

suite("stripe's amounts", () => {
  for (const [amountMinor, currency, amount] of [
    ['125000', 'EUR', 125_000],
    ['12500', 'JPY', 12_500],
    ['12340', 'KWD', 12_340],
    ['500', 'ISK', 50_000],
    ['500', 'MGA', 5],
    ['99999999', 'EUR', 99_999_999],
    // Fifty million rupiahs are three thousand euros.
    ['5000000000', 'IDR', 5_000_000_000],
    ['999999999999', 'IDR', 999_999_999_999],
  ] as const) {
    test(`are ${amount} for ${amountMinor} ${currency}, and back`, () => {
      assert.equal(stripeAmount({ amountMinor, currency }), amount);
      assert.deepEqual(moneyFromStripe(amount, currency.toLowerCase()), { amountMinor, currency });
    });
  }

  for (const [amountMinor, currency] of [
    ['12345', 'KWD'],
    ['501', 'MGA'],
    ['100', 'UGX'],
    ['0', 'EUR'],
    ['-1', 'EUR'],
    ['100000000', 'EUR'],
    ['1000000000000', 'IDR'],
  ] as const) {
    test(`do not exist for ${amountMinor} ${currency}`, () => {
      assert.throws(() => stripeAmount({ amountMinor, currency }), ProviderRefused);
    });
  }

  test('are whole, or nobody reads them', () => {
    for (const amount of [1.5, 2 ** 53, Number.NaN]) {
      assert.throws(() => moneyFromStripe(amount, 'eur'), refusedFor('amount_not_whole'));
    }
    assert.throws(() => moneyFromStripe(150, 'isk'), refusedFor('amount_too_fine'));
    assert.throws(() => moneyFromStripe(150, 'ugx'), refusedFor('currency_ambiguous'));
  });
});

suite("iyzico's prices", () => {
  for (const [amountMinor, currency, price] of [
    ['125050', 'EUR', '1250.5'],
    ['10000', 'TRY', '100'],
    ['1', 'USD', '0.01'],
    ['100', 'GBP', '1'],
    ['110', 'CHF', '1.1'],
    ['1000', 'NOK', '10'],
  ] as const) {
    test(`are ${price} for ${amountMinor} ${currency}, and back`, () => {
      assert.equal(iyzicoPrice({ amountMinor, currency }), price);
      assert.deepEqual(moneyFromIyzico(price, currency), { amountMinor, currency });
      assert.deepEqual(moneyFromIyzico(Number(price), currency), { amountMinor, currency });
    });
  }

  test('come back as they went, by text and by JSON number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }), (minor) => {
        const money = { amountMinor: String(minor), currency: 'TRY' };
        const price = iyzicoPrice(money);
        assert.doesNotMatch(price, /\.\d*0$|\.$/);
        assert.deepEqual(moneyFromIyzico(price, 'TRY'), money);
        assert.deepEqual(moneyFromIyzico(JSON.parse(price) as number, 'TRY'), money);
      }),
    );
  });

  test('are refused in currencies that iyzico does not have, and below a unit', () => {
    assert.throws(
      () => iyzicoPrice({ amountMinor: '100', currency: 'JPY' }),
      refusedFor('currency_unsupported'),
    );
    assert.throws(() => moneyFromIyzico('1', 'try'), refusedFor('currency_unsupported'));
    for (const amountMinor of ['0', '-5']) {
      const money = { amountMinor, currency: 'TRY' };
      assert.throws(() => iyzicoPrice(money), refusedFor('amount_out_of_range'));
    }
  });

  for (const price of [1e21, 1e-7, -5, '-5', '1e3', '1,5', '', ' 1', Number.NaN, 2 ** 60]) {
    test(`are not read from ${JSON.stringify(price)} (${typeof price})`, () => {
      assert.throws(() => moneyFromIyzico(price, 'TRY'), refusedFor('amount_unreadable'));
    });
  }

  test('are not rounded, not even where floating point was at work', () => {
    assert.throws(() => moneyFromIyzico(10.005, 'TRY'), refusedFor('amount_too_fine'));
    assert.throws(() => moneyFromIyzico(0.1 + 0.2, 'TRY'), ProviderRefused);
    assert.deepEqual(moneyFromIyzico('10.500', 'TRY'), { amountMinor: '1050', currency: 'TRY' });
  });
});

suite("UBL's amounts", () => {
  for (const [amountMinor, currency, amount] of [
    ['125050', 'EUR', '1250.50'],
    ['5', 'TRY', '0.05'],
    ['-305', 'TRY', '-3.05'],
    ['12500', 'JPY', '12500.00'],
    ['1234', 'KWD', '1.234'],
    ['0', 'TRY', '0.00'],
  ] as const) {
    test(`are ${amount} for ${amountMinor} ${currency}`, () => {
      assert.equal(ublAmount({ amountMinor, currency }), amount);
    });
  }
});
