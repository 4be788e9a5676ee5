import { ProviderRefused } from '../errors.ts';
import type { Sale } from '../ports/payment-rules.ts';
import type { PaymentsPort } from '../ports/payments.ts';
import type { PaymentProvider, PaymentReference } from '../shapes/payments.ts';

/**
 * The country a telephone number belongs to, as ISO 3166-1 alpha-2; null for numbers of no country, and where several
 * share a calling code and the number does not tell which (some of +44). It says where the number is from, which is
 * our best guess of where its owner lives and no more.
 *
 * @param digits E.164, without `+`
 */
export async function countryOfPhone(digits: string): Promise<string | null> {
  if (!/^[1-9]\d{6,14}$/.test(digits)) return null;
  // The plans of all countries: not for processes that open no checkout.
  const { parsePhoneNumberFromString } = await import('libphonenumber-js/min');
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
        country: country ?? (phone === null ? null : await countryOfPhone(phone)),
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
