import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { allocated } from '../../machines/money.ts';

const sum = (all: readonly bigint[]): bigint => all.reduce((one, other) => one + other, 0n);

suite('allocated money', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), {
    minLength: 1,
    maxLength: 30,
  });

  test('sums up to the last whole unit, and each share is within one of its exact part', () => {
    const minor = fc.bigInt({ min: 0n, max: 10n ** 15n });
    fc.assert(
      fc.property(minor, weights, fc.constantFrom(1n, 10n), (amount, all, unit) => {
        const whole = sum(all);
        fc.pre(whole > 0n);
        const shares = allocated(amount, all, unit);
        assert.equal(sum(shares), amount - (amount % unit));
        for (const [index, share] of shares.entries()) {
          assert.equal(share % unit, 0n);
          const exact = (amount / unit) * (all[index] ?? 0n);
          const difference = (share / unit) * whole - exact;
          assert.ok((difference < 0n ? -difference : difference) < whole);
        }
      }),
    );
  });

  test('gives no line more than is left of it', () => {
    fc.assert(
      fc.property(weights, fc.nat(1_000), fc.constantFrom(1n, 10n), (all, permille, unit) => {
        const left = all.map((weight) => weight - (weight % unit));
        const shares = allocated((sum(left) * BigInt(permille)) / 1_000n, left, unit);
        assert.ok(shares.every((share, index) => share <= (left[index] ?? 0n)));
      }),
    );
  });

  test('gives the odd unit to the largest remainder, and of equal ones to the first', () => {
    assert.deepEqual(allocated(100n, [1n, 1n, 1n]), [34n, 33n, 33n]);
    assert.deepEqual(allocated(10n, [1n, 2n, 4n]), [1n, 3n, 6n]);
    assert.deepEqual(allocated(5n, [0n, 1n, 0n]), [0n, 5n, 0n]);
    assert.deepEqual(allocated(5n, [0n, 0n]), [0n, 0n]);
  });
});
