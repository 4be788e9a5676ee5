import { appendFileSync } from 'node:fs';

import { decimalFromMoney } from '../../../actors/shapes/money.ts';
import type { Cluster } from '../cluster.ts';
import type { GeneratorLine } from '../patients.ts';
import type { Mishap, PlannedBooking } from './plan.ts';
import type { SeenBooking } from './watch.ts';

/** How many webhooks of patients and dashboards went wrong as planned. Those of our own refunds go wrong by the sandbox's draw. */
export interface Mishaps {
  lost: number;
  duplicated: number;
  reordered: number;
}

interface Answer {
  readonly paymentId?: string;
  readonly disputeId?: string;
  /** Stripe's. */
  readonly events?: readonly {
    readonly eventId: string;
    readonly webhook: { readonly status: number | null; readonly delivered: boolean };
  }[];
}

/** What patients, banks and the dashboards' users do at the providers. Each act's webhooks go wrong as its mishap says. */
export interface Payers {
  readonly mishaps: Mishaps;
  /** The first thing that the patient does with the link, by its fate. Answers with the payment's id where there is one. */
  pay(booking: PlannedBooking, seen: SeenBooking): Promise<string | null>;
  /** What follows some time later, for fates that take two steps. */
  follow(booking: PlannedBooking, seen: SeenBooking, paymentId: string | null): Promise<void>;
  /** Staff give money back in the provider's dashboard: minor units, or all of it. */
  refund(booking: PlannedBooking, paymentId: string, minor: number | null): Promise<void>;
  dispute(booking: PlannedBooking, paymentId: string): Promise<string>;
  close(booking: PlannedBooking, disputeId: string, outcome: 'won' | 'lost'): Promise<void>;
}

export function payersAt(cluster: Cluster): Payers {
  const mishaps: Mishaps = { lost: 0, duplicated: 0, reordered: 0 };
  let requests = 0;

  async function act(path: string, body: object, mishap: Mishap): Promise<Answer> {
    if (mishap === 'lose') mishaps.lost += 1;
    if (mishap === 'duplicate') mishaps.duplicated += 1;
    if (mishap === 'reorder') mishaps.reordered += 1;
    // Said each time, so that the sandbox does not draw.
    const delivery = {
      lose: mishap === 'lose',
      duplicate: mishap === 'duplicate',
      reorder: mishap === 'reorder',
    };
    const answer = (await cluster.control(path, { ...body, ...delivery })) as Answer;
    for (const { eventId, webhook } of answer.events ?? []) note(eventId, webhook);
    return answer;
  }

  /** Stripe's event ids are what the ledger dedupes by. */
  function note(id: string, webhook: { status: number | null; delivered: boolean }): void {
    const common = {
      at: Date.now(),
      request: `p${++requests}`,
      kind: 'payment',
      id,
      patient: 0,
      step: 0,
    } as const;
    const ended: GeneratorLine = {
      ...common,
      type: webhook.delivered ? 'ok' : 'info',
      status: webhook.status,
    };
    const lines: readonly GeneratorLine[] = [{ ...common, type: 'invoke' }, ended];
    appendFileSync(
      cluster.generatorFile,
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }

  const pageOf = ({ provider }: PlannedBooking, { checkoutId }: SeenBooking) =>
    provider === 'stripe' ? `stripe/sessions/${checkoutId}` : `iyzico/checkouts/${checkoutId}`;
  const decimal = (minor: number, currency: string) =>
    decimalFromMoney({ amountMinor: String(minor), currency });

  return {
    mishaps,
    async pay(booking, seen) {
      const { provider, currency, fate, otherMinor } = booking;
      const [mishap] = booking.mishaps;
      const page = pageOf(booking, seen);
      const pay = async (body: object = {}, how = mishap) =>
        (await act(`${page}/pay`, body, how)).paymentId ?? null;
      switch (fate) {
        case 'pays at once':
          return pay();
        case 'told twice':
          return pay({}, 'duplicate');
        case 'webhook lost':
          return pay({}, 'lose');
        case 'blocked, then pays':
          await pay({ fraud: 'rejected' });
          return pay();
        case 'declined, then pays':
          await pay({ outcome: 'failure' });
          return pay();
        case 'begins 3-D Secure, then pays':
          await pay({ outcome: 'threeds' });
          return pay();
        case 'slow method pays':
        case 'slow method fails':
          return pay({ method: 'delayed' });
        case 'reviewed, then clear':
          return pay({ fraud: provider === 'stripe' ? 'review' : 0 });
        case 'pays another amount':
          return pay(
            provider === 'stripe'
              ? { amount: otherMinor }
              : { paid: decimal(otherMinor, currency) },
          );
        case 'page expires':
          await act(`${page}/expire`, {}, mishap);
          return null;
        case 'pays late':
        case 'never pays':
          return null;
        default:
          throw new Error(`Nobody knows how to ${String(fate)}`);
      }
    },
    async follow(booking, seen, paymentId) {
      const { provider, fate } = booking;
      const [, mishap] = booking.mishaps;
      const page = pageOf(booking, seen);
      if (fate === 'pays late') await act(`${page}/pay`, {}, mishap);
      if (fate === 'slow method pays')
        await act(`${page}/settle-delayed`, { outcome: 'succeed' }, mishap);
      if (fate === 'slow method fails')
        await act(`${page}/settle-delayed`, { outcome: 'fail' }, mishap);
      if (fate !== 'reviewed, then clear') return;
      if (provider === 'stripe') await act(`stripe/payments/${paymentId}/approve`, {}, mishap);
      else await act(`iyzico/payments/${paymentId}/fraud`, { status: 1 }, mishap);
    },
    async refund({ provider, currency, mishaps: planned }, paymentId, minor) {
      if (provider === 'stripe') {
        const amount = minor === null ? {} : { amount: minor };
        await act(`stripe/payments/${paymentId}/refund`, amount, planned[2]);
      } else {
        // iyzico's panel posts nothing, whatever one wishes.
        const price = minor === null ? {} : { price: decimal(minor, currency) };
        await cluster.control(`iyzico/payments/${paymentId}/refund`, price);
        mishaps.lost += 1;
      }
    },
    async dispute({ mishaps: planned }, paymentId) {
      const { disputeId } = await act(`stripe/payments/${paymentId}/dispute`, {}, planned[2]);
      if (disputeId === undefined) throw new Error(`Payment ${paymentId} has no dispute`);
      return disputeId;
    },
    async close({ mishaps: planned }, disputeId, outcome) {
      await act(`stripe/disputes/${disputeId}/close`, { outcome }, planned[1]);
    },
  };
}
