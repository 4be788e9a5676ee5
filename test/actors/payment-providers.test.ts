import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ProviderRefused } from '../../actors/errors.ts';
import { countryOfPhone, paymentsByRule } from '../../actors/performers/payment-providers.ts';
import {
  choosePaymentProvider,
  parsePaymentRules,
  type Sale,
} from '../../actors/ports/payment-rules.ts';
import type { PaymentsPort } from '../../actors/ports/payments.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type {
  CheckoutOrder,
  PaymentProvider,
  PaymentReference,
  RefundOrder,
} from '../../actors/shapes/payments.ts';

const byDefault = parsePaymentRules('TRY:iyzico, TR:iyzico, *:stripe');
const sale: Sale = { tenant: 'clinic', currency: 'EUR', country: null };

suite('the choice of a payment provider', () => {
  const chosen = (part: Partial<Sale>) =>
    choosePaymentProvider({ byDefault }, { ...sale, ...part });

  test('follows the first rule that matches', () => {
    assert.equal(chosen({}), 'stripe');
    assert.equal(chosen({ currency: 'TRY' }), 'iyzico');
    assert.equal(chosen({ country: 'TR' }), 'iyzico');
    assert.equal(chosen({ country: 'DE', currency: 'TRY' }), 'iyzico');
    assert.equal(chosen({ country: 'DE' }), 'stripe');
    const rules = parsePaymentRules('TR:stripe,TRY:iyzico,*:stripe');
    const turkish = { ...sale, currency: 'TRY', country: 'TR' };
    assert.equal(choosePaymentProvider({ byDefault: rules }, turkish), 'stripe');
  });

  test('is nobody where no rule matches', () => {
    const rules = { byDefault: parsePaymentRules('TRY:iyzico') };
    assert.equal(choosePaymentProvider(rules, sale), null);
  });

  test('is the tenant’s own where it has rules', () => {
    const byTenant = new Map([['agency', parsePaymentRules('*:iyzico')]]);
    const rules = { byDefault, byTenant };
    assert.equal(choosePaymentProvider(rules, { ...sale, tenant: 'agency' }), 'iyzico');
    assert.equal(choosePaymentProvider(rules, sale), 'stripe');
  });

  for (const [text, message] of [
    ['', 'rule 1 is not match:provider'],
    ['TRY', 'rule 1 is not match:provider'],
    ['TRY:', 'rule 1 is not match:provider'],
    ['TRY:iyzico:x', 'rule 1 is not match:provider'],
    ['TRY:iyzico,', 'rule 2 is not match:provider'],
    ['try:iyzico', 'rule 1 must match a currency (TRY), a country (TR) or everything (*)'],
    ['EURO:iyzico', 'rule 1 must match a currency (TRY), a country (TR) or everything (*)'],
    [':iyzico', 'rule 1 must match a currency (TRY), a country (TR) or everything (*)'],
    ['*:stripe,TRY:paypal', 'rule 2 must name one of stripe, iyzico'],
    ['*:toString', 'rule 1 must name one of stripe, iyzico'],
    ['*:stripe,TRY:iyzico', 'rule 2 is never reached: see rule 1'],
    ['TRY:iyzico,TRY:stripe', 'rule 2 is never reached: see rule 1'],
  ] as const) {
    test(`is refused as \`${text}\``, () => {
      assert.throws(() => parsePaymentRules(text), { name: 'RangeError', message });
    });
  }
});

suite('the country of a telephone number', () => {
  for (const [digits, country] of [
    ['905321234567', 'TR'],
    ['4915112345678', 'DE'],
    ['96550012345', 'KW'],
    ['77011234567', 'KZ'],
    ['79161234567', 'RU'],
    ['888123456789', null], // Belongs to no country.
    ['90', null],
    ['', null],
    ['not a number', null],
  ] as const) {
    test(`of ${digits || 'nothing'} is ${country ?? 'not known'}`, async () => {
      assert.equal(await countryOfPhone(digits), country);
    });
  }
});

suite('payments by rule', () => {
  const performing: Performing = {
    effectId: 'e1',
    attempt: 1,
    signal: AbortSignal.timeout(60_000),
    tenant: 'clinic',
  };
  const payer = {
    firstName: null,
    familyName: null,
    email: null,
    phone: null,
    country: null,
    city: null,
    address: null,
  };
  const order: CheckoutOrder = {
    caseId: 'c1',
    bookingId: 'c1-b1',
    attempt: 1,
    total: { amountMinor: '125000', currency: 'EUR' },
    title: 'Flights',
    expiresAt: '2026-11-24T10:00:00Z',
    payer,
    lang: 'en',
  };
  const reference: PaymentReference = {
    provider: 'iyzico',
    bookingId: 'c1-b1',
    checkoutId: 'k1',
    paymentId: 'p1',
  };
  const refund: RefundOrder = {
    ...reference,
    paymentId: 'p1',
    reference: 'c1-b1-r1',
    amount: { amountMinor: '1', currency: 'EUR' },
    whole: false,
  };

  /** Notes who was asked for what, and refuses all. */
  function asking(...names: readonly PaymentProvider[]) {
    const asked: string[] = [];
    const portOf = (name: PaymentProvider): PaymentsPort => {
      const refusing = (method: string) => async () => {
        asked.push(`${name} ${method}`);
        throw new ProviderRefused(name, 'asked');
      };
      return {
        openCheckout: refusing('openCheckout'),
        closeCheckout: refusing('closeCheckout'),
        readPayment: refusing('readPayment'),
        refund: refusing('refund'),
        findRefund: refusing('findRefund'),
      };
    };
    const providers = Object.fromEntries(names.map((name) => [name, portOf(name)]));
    const sales: Sale[] = [];
    const payments = paymentsByRule({
      providers,
      choose: (one) => {
        sales.push(one);
        return choosePaymentProvider({ byDefault }, one);
      },
    });
    return { payments, asked, sales };
  }
  const refused = (reason: string) => ({ name: 'ProviderRefused', reason });

  test('open where the rules say, and nowhere else when that fails', async () => {
    const { payments, asked, sales } = asking('stripe', 'iyzico');
    await assert.rejects(payments.openCheckout(order, performing), refused('asked'));
    assert.deepEqual(asked, ['stripe openCheckout']);
    assert.deepEqual(sales, [{ tenant: 'clinic', currency: 'EUR', country: null }]);
  });

  test('take the country from the payer, or else from their number', async () => {
    const { payments, asked, sales } = asking('stripe', 'iyzico');
    const from = async (part: Partial<typeof payer | { phone: string; country: string }>) =>
      assert.rejects(
        payments.openCheckout({ ...order, payer: { ...payer, ...part } }, performing),
        refused('asked'),
      );
    await from({ phone: '905321234567' });
    await from({ phone: '905321234567', country: 'DE' });
    assert.deepEqual(asked, ['iyzico openCheckout', 'stripe openCheckout']);
    assert.deepEqual(
      sales.map(({ country }) => country),
      ['TR', 'DE'],
    );
  });

  test('go on at the provider where they began', async () => {
    const { payments, asked } = asking('stripe', 'iyzico');
    await assert.rejects(payments.closeCheckout(reference, performing), refused('asked'));
    await assert.rejects(payments.readPayment(reference, performing), refused('asked'));
    await assert.rejects(payments.refund(refund, performing), refused('asked'));
    await assert.rejects(payments.findRefund(refund, performing), refused('asked'));
    assert.deepEqual(asked, [
      'iyzico closeCheckout',
      'iyzico readPayment',
      'iyzico refund',
      'iyzico findRefund',
    ]);
  });

  test('refuse a provider that this installation does not have', async () => {
    const { payments, asked } = asking('stripe');
    const rejected = refused('not_configured');
    await assert.rejects(payments.readPayment(reference, performing), rejected);
    await assert.rejects(payments.refund(refund, performing), rejected);
    const lira = { ...order, total: { amountMinor: '1', currency: 'TRY' } };
    await assert.rejects(payments.openCheckout(lira, performing), rejected);
    assert.deepEqual(asked, []);
  });

  test('refuse what no rule is for', async () => {
    const payments = paymentsByRule({ providers: {}, choose: () => null });
    await assert.rejects(payments.openCheckout(order, performing), refused('no_payment_rule'));
  });
});
