import { createHash } from 'node:crypto';

import type { SeenRequests } from '../../actors/ports/idempotency.ts';
import type { Delivery, Intake, Receipt } from '../../actors/ports/intake.ts';
import { comeAgain } from './errors.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { ReadBody } from './raw-body.ts';

type Outcomes = Partial<Record<Receipt['outcome'], number>>;

/** A request whose signature held, and which says one thing. */
export interface VerifiedRequest {
  /** Its body, as it came. */
  readonly bytes: Uint8Array;
  /** `x-idempotency-key` as it came; empty if it did not. What is no key (1 to 200 visible ASCII characters) is passed over. */
  readonly idempotencyKey: string;
  readonly traceparent: string;
}

/** What every webhook route works with. */
export interface WebhookPipeline {
  readonly readBody: ReadBody;
  /** Resolves after the commit with how many deliveries had which outcome. Every delivery gets the request's trace context. */
  readonly commit: (deliveries: readonly Delivery[], traceparent: string) => Promise<Outcomes>;
  /**
   * As `commit`, but what was committed in the last day with the same body, under the sender's key or else the delivery's
   * own, is a duplicate without asking the ledger. Another body under a key goes to the ledger, which flags it if it says
   * another thing of the same fact. To be called after the signature held, never before.
   */
  readonly commitOnce: (delivery: Delivery, request: VerifiedRequest) => Promise<Outcomes>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface WebhookPipelineOptions {
  readonly readBody: ReadBody;
  readonly intake: Intake;
  /** Without it the ledger alone finds duplicates. */
  readonly seen?: SeenRequests | undefined;
  readonly metrics: EdgeMetrics;
  readonly commitDeadlineMs: number;
  readonly now: () => number;
}

export function webhookPipeline(options: WebhookPipelineOptions): WebhookPipeline {
  const { readBody, intake, seen, metrics, commitDeadlineMs, now } = options;

  async function commit(deliveries: readonly Delivery[], traceparent: string): Promise<Outcomes> {
    if (deliveries.length === 0) return {};
    const receipts = await withinDeadline(
      intake.receive(deliveries.map((delivery) => ({ ...delivery, traceparent }))),
      commitDeadlineMs,
    );
    const outcomes: Outcomes = {};
    for (const [index, { outcome }] of receipts.entries()) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      metrics.delivered(deliveries[index]?.source ?? 'none', outcome);
    }
    return outcomes;
  }

  return {
    readBody,
    now,
    commit,
    commitOnce: async (delivery, { bytes, idempotencyKey, traceparent }) => {
      if (seen === undefined) return await commit([delivery], traceparent);
      const key = requestKey(delivery, idempotencyKey);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const [committed] = await seen.digestsOf([key]);
      if (committed === digest) {
        metrics.delivered(delivery.source, 'duplicate');
        return { duplicate: 1 };
      }
      const outcomes = await commit([delivery], traceparent);
      // What contradicts the ledger is no body to remember: it is flagged each time.
      if (outcomes.conflict === undefined) seen.remember([{ key, digest }]);
      return outcomes;
    },
  };
}

/** One sender's keys are not another's, and none can be taken for the id of a fact. */
function requestKey({ source, dedupeKey }: Delivery, given: string): string {
  return /^[\x21-\x7e]{1,200}$/.test(given)
    ? `${source} key ${given}`
    : `${source} fact ${dedupeKey}`;
}

/** A commit that takes too long may still succeed: the sender comes again and finds a duplicate. */
async function withinDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(comeAgain('unavailable')), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How far a fact's own time may be ahead of ours: clocks differ by minutes and time zones get mixed up, by less than this. */
const farAheadMs = 24 * 60 * 60 * 1_000;

/** Whether a fact claims to be of a time that is still to come. Both in milliseconds since the epoch. */
export function isFarAhead(atMs: number, nowMs: number): boolean {
  return atMs - nowMs > farAheadMs;
}

/** A fact we cannot attach to a case, kept whole for staff. `reason` holds no patient data. */
export function unroutable(
  source: string,
  dedupeKey: string,
  providerType: string,
  body: unknown,
  reason: string,
): Delivery {
  return {
    source,
    dedupeKey,
    type: 'unknown',
    data: { providerType: `${source}.${providerType}`.slice(0, 200), body },
    about: { kind: 'nobody', reason },
  };
}

/**
 * A dedupe key for a WhatsApp message. Its id is base64 around the patient's phone number, and the ledger's keys are
 * stored readable; the id's random part keeps anybody from finding the number by trying.
 */
export function messageKey(messageId: string): string {
  return `sha256:${createHash('sha256').update(messageId).digest('hex')}`;
}

/** A dedupe key for what has no id of its own: a redelivery repeats it byte for byte. */
export function contentKey(value: unknown): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`;
}
