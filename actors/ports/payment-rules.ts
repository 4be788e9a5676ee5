import { paymentProviders, type PaymentProvider } from '../shapes/payments.ts';

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
