import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

import { seeded } from '../../faults/random.ts';
import type { Delivered, Deliveries } from '../delivery.ts';
import { type IyzicoNotification, iyzicoMerchantId, signIyzico } from './signing.ts';

const Probability = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0);

/** Body of `POST /_sandbox/iyzico/delivery`: how webhooks go wrong from now on, each drawn from `seed`. */
export const DeliveryFaults = v.strictObject({
  lose: Probability,
  duplicate: Probability,
  reorder: Probability,
  seed: v.optional(v.pipe(v.number(), v.safeInteger()), 1),
});

/** What any control takes: how its own webhook goes wrong, whatever the draw would be. */
export const noticeOptions = {
  lose: v.optional(v.boolean()),
  duplicate: v.optional(v.boolean()),
  reorder: v.optional(v.boolean()),
};
const NoticeOptions = v.object(noticeOptions);
export type NoticeOptions = v.InferOutput<typeof NoticeOptions>;

/** How a webhook went out. */
export interface Noticed {
  readonly iyziReferenceCode: string;
  /** Of one that was lost or held back: no attempt yet. */
  readonly webhook: Delivered;
}

export interface Notices {
  /** Resolves once it was answered, given up, lost or held back. */
  post(notification: IyzicoNotification, options?: NoticeOptions): Promise<Noticed>;
  setFaults(faults: v.InferOutput<typeof DeliveryFaults>): void;
}

export interface NoticesOptions {
  readonly secretKey: string;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
  /** Between two attempts; 15 minutes at the real one. */
  readonly spacingMs: number;
  readonly now: () => number;
}

/** After these, iyzico gives up for ever. */
const MAX_ATTEMPTS = 3;
/** A webhook that waits for a next one goes out alone after so long. */
const LONGEST_HOLD_MS = 2_000;
const NOT_SENT: Delivered = { status: null, attempts: 0, delivered: false };

/** iyzico's webhooks: the same bytes and signature at each attempt, three attempts at most, and spoiled on demand. */
export function iyzicoNotices(options: NoticesOptions): Notices {
  const { secretKey, deliveries, webhookUrl, spacingMs, now } = options;
  let faults = v.parse(DeliveryFaults, {});
  let random = seeded(faults.seed);
  let release: (() => void) | null = null;

  async function deliver(body: string, signature: string): Promise<Delivered> {
    for (let attempts = 1; ; attempts++) {
      const outcome = await deliveries.deliver(() => {
        const url = webhookUrl();
        if (url === undefined) return null;
        const headers = {
          'content-type': 'application/json',
          'x-iyz-signature-v3': signature,
        };
        return { url, headers, body };
      }, 1);
      if (outcome.delivered || outcome.attempts === 0 || attempts === MAX_ATTEMPTS) {
        return { ...outcome, attempts: outcome.attempts === 0 ? 0 : attempts };
      }
      await sleep(spacingMs, undefined, { ref: false });
    }
  }

  async function send(body: string, signature: string, twice: boolean): Promise<Delivered> {
    const [webhook] = await Promise.all([
      deliver(body, signature),
      twice ? deliver(body, signature) : null,
    ]);
    return webhook;
  }

  /** Behind the next one, or until nobody waits for one. */
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
    async post(notification, wanted = {}) {
      // All three are drawn each time, so that one wish does not change what others meet.
      const drawn = {
        lose: random() < faults.lose,
        duplicate: random() < faults.duplicate,
        reorder: random() < faults.reorder,
      };
      const iyziReferenceCode = randomUUID();
      if (wanted.lose ?? drawn.lose) return { iyziReferenceCode, webhook: NOT_SENT };
      const { format: _format, ...said } = notification;
      const body = JSON.stringify({
        ...said,
        merchantId: iyzicoMerchantId,
        iyziReferenceCode,
        iyziEventTime: now(),
      });
      const signature = signIyzico(secretKey, iyzicoMerchantId, notification);
      const sending = () => send(body, signature, wanted.duplicate ?? drawn.duplicate);
      if ((wanted.reorder ?? drawn.reorder) && release === null) {
        hold(sending);
        return { iyziReferenceCode, webhook: NOT_SENT };
      }
      const behind = release;
      const webhook = await sending();
      if (behind === release) behind?.();
      return { iyziReferenceCode, webhook };
    },
  };
}
