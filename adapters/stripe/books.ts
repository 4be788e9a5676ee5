import type { Stripe } from 'stripe';
import * as v from 'valibot';

import { ProviderRefused } from '../../actors/errors.ts';
import type {
  PaymentBooks,
  ProviderMovement,
  UnreadableMovement,
} from '../../actors/ports/payments.ts';
import { moneyFromStripe } from '../amounts.ts';
import { parsed } from '../http.ts';
import { oddItem, unreadable } from '../unreadable.ts';
import {
  Charge,
  DisputeOfPayment,
  isoSeconds,
  LoosePage,
  OddItem,
  RefundOfPayment,
} from './answers.ts';
import { type StripeConnection, stripeCall } from './client.ts';
import { disputeStatusOf, refundStatusOf } from './state.ts';

/** The most that Stripe lists at once. */
const PAGE_SIZE = 100;
/** Of one list, so 100,000 movements: far beyond a day of ours, and a stop for a cursor that goes in circles. */
const MAX_PAGES = 1_000;

/** A movement before its amount is read. */
interface Unread extends Omit<ProviderMovement, 'amount'> {
  /** In Stripe's units. */
  readonly units: number;
  readonly currency: string;
  /** Not of the form that Stripe documents, so that its amount is none either. */
  readonly isOdd?: boolean;
}

/** One page, and where the next one begins: null after the last. */
interface Page {
  readonly movements: readonly Unread[];
  readonly next: string | null;
}

/**
 * Stripe's own books. A capture is a charge that succeeded and a refund one that is done, each at the time it was asked for: where
 * a bank is slow, the money moved later, so a day has to be read again as long as something of it is under way. A refund that
 * fails later is gone from them. A chargeback is a dispute that holds or took money, and its reversal one that we won, both at the
 * time it was opened, for the same reason.
 *
 * A movement that can't be read exactly is left out if no booking of ours is in its metadata: the account may be others' too.
 *
 * @throws {ProviderRefused} more pages than we read
 * @see https://docs.stripe.com/api/charges/list
 * @see https://docs.stripe.com/api/refunds/list
 * @see https://docs.stripe.com/api/disputes/list
 */
export function stripeBooks(connection: StripeConnection): PaymentBooks {
  const calling = stripeCall(connection);

  async function chargesFrom(params: Stripe.ChargeListParams, signal: AbortSignal): Promise<Page> {
    const { data, has_more } = await calling(signal, async (stripe) =>
      parsed('stripe', LoosePage, await stripe.charges.list(params)),
    );
    return {
      movements: data.flatMap(each(Charge, 'capture', captureOf)),
      next: nextOf(data, has_more),
    };
  }

  async function refundsFrom(params: Stripe.RefundListParams, signal: AbortSignal): Promise<Page> {
    const expanded = { ...params, expand: ['data.payment_intent'] };
    const { data, has_more } = await calling(signal, async (stripe) =>
      parsed('stripe', LoosePage, await stripe.refunds.list(expanded)),
    );
    return {
      movements: data.flatMap(each(RefundOfPayment, 'refund', refundOf)),
      next: nextOf(data, has_more),
    };
  }

  async function disputesFrom(
    params: Stripe.DisputeListParams,
    signal: AbortSignal,
  ): Promise<Page> {
    const expanded = { ...params, expand: ['data.payment_intent'] };
    const { data, has_more } = await calling(signal, async (stripe) =>
      parsed('stripe', LoosePage, await stripe.disputes.list(expanded)),
    );
    return {
      movements: data.flatMap(each(DisputeOfPayment, 'chargeback', chargebacksOf)),
      next: nextOf(data, has_more),
    };
  }

  return {
    provider: 'stripe',
    async *movements(period, signal, onUnreadable) {
      const created = { gte: secondsFrom(period.from), lt: secondsFrom(period.to) };
      const wanted = { created, limit: PAGE_SIZE };
      for (const list of [chargesFrom, refundsFrom, disputesFrom]) {
        for await (const page of pages((cursor) => list({ ...wanted, ...cursor }, signal))) {
          yield page.flatMap((movement) => readOf(movement, onUnreadable));
        }
      }
    },
  };
}

/** With its amount; nothing if that can't be read and it is not ours, or somebody was told. */
function readOf(
  { units, currency, isOdd = false, ...movement }: Unread,
  onUnreadable: ((movement: UnreadableMovement) => void) | undefined,
): readonly ProviderMovement[] {
  if (isOdd) return unreadable(movement, oddItem('stripe'), onUnreadable);
  try {
    return [{ ...movement, amount: moneyFromStripe(units, currency) }];
  } catch (error) {
    return unreadable(movement, error, onUnreadable);
  }
}

async function* pages(
  read: (cursor: { readonly starting_after?: string }) => Promise<Page>,
): AsyncGenerator<readonly Unread[]> {
  let after: string | null = null;
  for (let count = 0; count < MAX_PAGES; count++) {
    // One after the other: a page's cursor is in the page before.
    const page: Page = await read(after === null ? {} : { starting_after: after });
    yield page.movements;
    if (page.next === null) return;
    after = page.next;
  }
  throw new ProviderRefused('stripe', 'too_many_pages');
}

/**
 * Reads an item of a list by itself. One that is not of its form is still told as a movement of its booking: money is
 * never left out in silence.
 *
 * @throws {ProviderUnreachable} nobody can tell whose it is
 */
function each<Schema extends v.GenericSchema>(
  schema: Schema,
  kind: ProviderMovement['kind'],
  movementsOf: (item: v.InferOutput<Schema>) => readonly Unread[],
): (item: unknown) => readonly Unread[] {
  return (item) => {
    const { success, output } = v.safeParse(schema, item);
    if (success) return movementsOf(output);
    const { id, created, metadata, payment_intent: intent } = parsed('stripe', OddItem, item);
    const ofIntent = typeof intent === 'object' ? intent : null;
    if (!metadata && !ofIntent?.metadata) throw oddItem('stripe');
    const named = metadata?.['booking_id'] ?? ofIntent?.metadata?.['booking_id'];
    const paymentId = typeof intent === 'string' ? intent : (ofIntent?.id ?? id);
    return [
      {
        provider: 'stripe',
        movementId: kind === 'capture' ? paymentId : id,
        kind,
        paymentId,
        bookingId: typeof named === 'string' ? named : null,
        units: Number.NaN,
        currency: '',
        at: isoSeconds(created),
        isOdd: true,
      },
    ];
  };
}

function captureOf(charge: Charge): readonly Unread[] {
  const { status, captured, payment_intent, metadata, created } = charge;
  // A charge outside any payment intent is none of our checkouts'.
  if (status !== 'succeeded' || !captured || payment_intent === null) return [];
  return [
    {
      provider: 'stripe',
      movementId: payment_intent,
      kind: 'capture',
      paymentId: payment_intent,
      bookingId: metadata['booking_id'] ?? null,
      units: charge.amount_captured,
      currency: charge.currency,
      at: isoSeconds(created),
    },
  ];
}

function refundOf(refund: RefundOfPayment): readonly Unread[] {
  const { id, payment_intent, metadata, status, created } = refund;
  if (payment_intent === null || refundStatusOf(status) !== 'done') return [];
  return [
    {
      provider: 'stripe',
      movementId: id,
      kind: 'refund',
      paymentId: payment_intent.id,
      bookingId: metadata?.['booking_id'] ?? payment_intent.metadata['booking_id'] ?? null,
      units: refund.amount,
      currency: refund.currency,
      at: isoSeconds(created),
    },
  ];
}

function chargebacksOf(dispute: DisputeOfPayment): readonly Unread[] {
  const { id, payment_intent, amount, currency, created } = dispute;
  const status = disputeStatusOf(dispute);
  if (payment_intent === null || status === null) return [];
  const chargeback = {
    provider: 'stripe',
    movementId: id,
    kind: 'chargeback',
    paymentId: payment_intent.id,
    bookingId: payment_intent.metadata['booking_id'] ?? null,
    units: amount,
    currency,
    at: isoSeconds(created),
  } as const;
  return status === 'won'
    ? [chargeback, { ...chargeback, kind: 'chargeback-reversed' }]
    : [chargeback];
}

function nextOf(data: readonly { readonly id: string }[], hasMore: boolean): string | null {
  return hasMore ? (data.at(-1)?.id ?? null) : null;
}

/** The first whole second that is not before. Stripe's times are whole, so this is exact for both ends of a period. */
function secondsFrom(iso: string): number {
  return Math.ceil(Date.parse(iso) / 1_000);
}
