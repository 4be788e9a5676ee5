import { setTimeout as sleep } from 'node:timers/promises';

export interface Webhook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How posting a webhook ended. */
export interface Delivered {
  /** The last answer's; null if nobody answered. */
  readonly status: number | null;
  readonly attempts: number;
  readonly delivered: boolean;
}

export interface Deliveries {
  /**
   * Posts a webhook until it is answered 2xx. Like the real ones: at least once, in no order between calls.
   * `webhook` is made anew for each attempt, because Stripe signs each with its own time; null means nowhere to post to.
   */
  deliver(webhook: () => Webhook | null, maxAttempts?: number): Promise<Delivered>;
  /** Stops retrying and waits for what is under way. */
  close(): Promise<void>;
}

export interface DeliveryOptions {
  /** How long one webhook is tried. The real ones go on for days. */
  readonly retryForMs: number;
  readonly concurrency: number;
}

const ATTEMPT_TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 2_000;

export function createDeliveries({ retryForMs, concurrency }: DeliveryOptions): Deliveries {
  const closing = new AbortController();
  const underWay = new Set<Promise<Delivered>>();
  const waiting: (() => void)[] = [];
  let free = concurrency;

  /** One of `concurrency` places; held while posting, not while waiting to try again. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  }

  async function post(webhook: Webhook): Promise<number | null> {
    try {
      const answer = await fetch(webhook.url, {
        method: 'POST',
        headers: webhook.headers,
        body: webhook.body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]),
      });
      await answer.arrayBuffer(); // Frees the connection.
      return answer.status;
    } catch {
      return null;
    }
  }

  async function untilAnswered(
    webhook: () => Webhook | null,
    maxAttempts: number,
  ): Promise<Delivered> {
    const giveUpAt = performance.now() + retryForMs;
    let delayMs = FIRST_DELAY_MS;
    for (let attempts = 1; ; attempts++) {
      const made = webhook();
      if (!made) return { status: null, attempts: 0, delivered: false };
      const status = await inTurn(() => post(made));
      if (status !== null && status >= 200 && status < 300)
        return { status, attempts, delivered: true };
      if (attempts >= maxAttempts || performance.now() > giveUpAt || closing.signal.aborted) {
        return { status, attempts, delivered: false };
      }
      await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => {});
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    }
  }

  return {
    async deliver(webhook, maxAttempts = Number.POSITIVE_INFINITY) {
      const outcome = untilAnswered(webhook, maxAttempts);
      underWay.add(outcome);
      try {
        return await outcome;
      } finally {
        underWay.delete(outcome);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underWay);
    },
  };
}
