import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

import { ProviderRefused } from '../errors.ts';
import {
  paymentProviders,
  type PaymentProvider,
  type PaymentReference,
  type PaymentsPort,
} from '../ports/payments.ts';

/** Sends what it matches to a provider. `match` is an ISO 4217 currency, an ISO 3166-1 alpha-2 country, or `*` for all. */
export interface PaymentRule {
  readonly match: string;
  readonly provider: PaymentProvider;
}

/** Of an installation. A tenant with rules of its own has no part in the others. */
export interface PaymentRules {
  readonly byDefault: readonly PaymentRule[];
  readonly byTenant?: ReadonlyMap<string, readonly PaymentRule[]>;
}

/** What the choice of a provider depends on, and nothing else: the same sale always goes the same way. */
export interface Sale {
  readonly tenant: string;
  readonly currency: string;
  /** ISO 3166-1 alpha-2 of where the payer lives; null where nothing tells. */
  readonly country: string | null;
}

/** The provider of the first rule that matches; null if none does, and then the sale can't be paid here. */
export function choosePaymentProvider(
  { byDefault, byTenant }: PaymentRules,
  { tenant, currency, country }: Sale,
): PaymentProvider | null {
  const rules = byTenant?.get(tenant) ?? byDefault;
  const first = rules.find(({ match }) => ['*', currency, country].includes(match));
  return first?.provider ?? null;
}

/**
 * Reads rules as a setting has them: `TRY:iyzico,TR:iyzico,*:stripe`, in the order they are tried.
 *
 * @throws {RangeError} naming the rule by its place, and what is wrong with it
 */
export function parsePaymentRules(text: string): readonly PaymentRule[] {
  const rules = text.split(',').map((item, i) => parseRule(item.trim(), i + 1));
  for (const [i, { match }] of rules.entries()) {
    const earlier = rules.findIndex((rule) => rule.match === match || rule.match === '*');
    if (earlier < i)
      throw new RangeError(`rule ${i + 1} is never reached: see rule ${earlier + 1}`);
  }
  return rules;
}

function parseRule(item: string, place: number): PaymentRule {
  const [match = '', name = '', ...more] = item.split(':').map((part) => part.trim());
  if (more.length > 0 || name === '') throw new RangeError(`rule ${place} is not match:provider`);
  if (!/^([A-Z]{2,3}|\*)$/.test(match)) {
    throw new RangeError(
      `rule ${place} must match a currency (TRY), a country (TR) or everything (*)`,
    );
  }
  const provider = paymentProviders.find((known) => known === name);
  if (provider === undefined) {
    throw new RangeError(`rule ${place} must name one of ${paymentProviders.join(', ')}`);
  }
  return { match, provider };
}

/**
 * The country a telephone number belongs to, as ISO 3166-1 alpha-2; null for numbers of no country, and where several
 * share a calling code and the number does not tell which (some of +44). It says where the number is from, which is
 * our best guess of where its owner lives and no more.
 *
 * @param digits E.164, without `+`
 */
export function countryOfPhone(digits: string): string | null {
  if (!/^[1-9]\d{6,14}$/.test(digits)) return null;
  return parsePhoneNumberFromString(`+${digits}`)?.country ?? null;
}

/**
 * One port over several providers: a checkout opens where `choose` says, by tenant, currency and the payer's country
 * (where that isn't known, the country of the payer's number); all else goes to the provider that the payment is at.
 *
 * There is no falling over to the other provider when one is down. A time-out doesn't tell that no checkout was opened,
 * so a second one elsewhere could leave the patient with two that can both be paid, and no key that joins them. A
 * booking's attempt waits for the provider it was given to.
 *
 * @throws {ProviderRefused} besides what providers throw: `not_configured` for a provider that this installation
 *   does not have, `no_payment_rule` if nobody is chosen
 */
export function paymentsByRule({
  providers,
  choose,
}: {
  readonly providers: Readonly<Partial<Record<PaymentProvider, PaymentsPort>>>;
  readonly choose: (sale: Sale) => PaymentProvider | null;
}): PaymentsPort {
  function portOf({ provider }: Pick<PaymentReference, 'provider'>): PaymentsPort {
    const port = providers[provider];
    if (port === undefined) throw new ProviderRefused(provider, 'not_configured');
    return port;
  }

  return {
    async openCheckout(order, performing) {
      const { country, phone } = order.payer;
      const provider = choose({
        tenant: performing.tenant,
        currency: order.total.currency,
        country: country ?? (phone === null ? null : countryOfPhone(phone)),
      });
      if (provider === null) throw new ProviderRefused('payments', 'no_payment_rule');
      return await portOf({ provider }).openCheckout(order, performing);
    },
    closeCheckout: async (reference, performing) =>
      portOf(reference).closeCheckout(reference, performing),
    readPayment: async (reference, performing) =>
      portOf(reference).readPayment(reference, performing),
    refund: async (order, performing) => portOf(order).refund(order, performing),
    findRefund: async (order, performing) => portOf(order).findRefund(order, performing),
  };
}
