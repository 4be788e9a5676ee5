import * as v from 'valibot';

import { seeded } from '../../faults/random.ts';
import type { Delivered, Deliveries } from '../delivery.ts';
import { signStripe, stripeEvent } from '../webhooks.ts';
import { newId, now } from './model.ts';

const Probability = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0);

/** Body of `POST /_sandbox/stripe/delivery`: how webhooks go wrong from now on, each drawn from `seed`. */
export const DeliveryFaults = v.strictObject({
  lose: Probability,
  duplicate: Probability,
  reorder: Probability,
  seed: v.optional(v.pipe(v.number(), v.safeInteger()), 1),
});

/** What any control takes: how its own webhooks go wrong, whatever the draw would be. */
export const noticeOptions = {
  maxAttempts: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  lose: v.optional(v.boolean()),
  duplicate: v.optional(v.boolean()),
  reorder: v.optional(v.boolean()),
};
const NoticeOptions = v.object(noticeOptions);
export type NoticeOptions = v.InferOutput<typeof NoticeOptions>;

/** Something to tell: `object` is Stripe's, at that moment. */
export interface Notice {
  readonly type: string;
  readonly object: object;
}

/** How an event went out. */
export interface Noticed {
  readonly eventId: string;
  readonly type: string;
  /** Of an event that was lost or held back: no attempt yet. */
  readonly webhook: Delivered;
}

export interface Notices {
  /** Resolves once each was answered, given up, lost or held back. They go out together, as Stripe promises no order. */
  post(notices: readonly Notice[], options?: NoticeOptions): Promise<readonly Noticed[]>;
  setFaults(faults: v.InferOutput<typeof DeliveryFaults>): void;
}

export interface NoticesOptions {
  readonly webhookSecret: string;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
}

/** An event that waits for a next one goes out alone after so long. */
const LONGEST_HOLD_MS = 2_000;
const NOT_SENT: Delivered = { status: null, attempts: 0, delivered: false };

/** Stripe's webhooks: signed anew for each attempt, tried until they are taken, and spoiled on demand. */
export function stripeNotices(options: NoticesOptions): Notices {
  const { webhookSecret, deliveries, webhookUrl } = options;
  let faults = v.parse(DeliveryFaults, {});
  let random = seeded(faults.seed);
  let release: (() => void) | null = null;

  function deliver(id: string, notice: Notice, maxAttempts?: number): Promise<Delivered> {
    const body = JSON.stringify(stripeEvent({ id, createdEpochSeconds: now(), ...notice }));
    return deliveries.deliver(() => {
      const url = webhookUrl();
      if (url === undefined) return null;
      // A retry is signed anew with its own time, or a late one would be out of tolerance.
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signStripe(body, webhookSecret, now()),
      };
      return { url, headers, body };
    }, maxAttempts);
  }

  /** Once, or as the same event again and as another one about the same fact. */
  async function send(id: string, notice: Notice, twice: boolean, maxAttempts?: number) {
    const first = deliver(id, notice, maxAttempts);
    if (!twice) return first;
    const [webhook] = await Promise.all([
      first,
      deliver(id, notice, maxAttempts),
      deliver(newId('evt'), notice, maxAttempts),
    ]);
    return webhook;
  }

  /** Behind the next event, or until nobody waits for one. */
  function hold(sending: () => Promise<Delivered>): void {
    const timer = setTimeout(() => release?.(), LONGEST_HOLD_MS).unref();
    release = () => {
      clearTimeout(timer);
      release = null;
      void sending();
    };
  }

  return {
    setFaults(next) {
      faults = next;
      random = seeded(next.seed);
    },
    post(notices, { maxAttempts, ...wanted } = {}) {
      return Promise.all(
        notices.map(async (notice, index) => {
          // All three are drawn for each event, so that one wish does not change what others meet.
          const drawn = {
            lose: random() < faults.lose,
            duplicate: random() < faults.duplicate,
            reorder: random() < faults.reorder,
          };
          const eventId = newId('evt');
          const noticed = { eventId, type: notice.type };
          if (wanted.lose ?? drawn.lose) return { ...noticed, webhook: NOT_SENT };
          const sending = () =>
            send(eventId, notice, wanted.duplicate ?? drawn.duplicate, maxAttempts);
          // Only the first of a control's events is held: it has the rest to come behind.
          const held = wanted.reorder === undefined ? drawn.reorder : wanted.reorder && index === 0;
          if (held && release === null) {
            hold(sending);
            return { ...noticed, webhook: NOT_SENT };
          }
          const behind = release;
          const webhook = await sending();
          if (behind === release) behind?.();
          return { ...noticed, webhook };
        }),
      );
    },
  };
}
