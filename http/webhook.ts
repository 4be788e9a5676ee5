import { createHash } from 'node:crypto';

import type { Delivery, Intake, Receipt } from '../actors/ports/intake.ts';
import { comeAgain } from './errors.ts';
import type { EdgeMetrics } from './metrics.ts';
import type { ReadBody } from './raw-body.ts';

/** What every webhook route works with. */
export interface WebhookDoor {
  readonly readBody: ReadBody;
  /** Resolves after the commit with how many deliveries had which outcome. Every delivery gets the request's trace context. */
  readonly commit: (
    deliveries: readonly Delivery[],
    traceparent: string,
  ) => Promise<Partial<Record<Receipt['outcome'], number>>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface WebhookDoorOptions {
  readonly readBody: ReadBody;
  readonly intake: Intake;
  readonly metrics: EdgeMetrics;
  readonly commitDeadlineMs: number;
  readonly now: () => number;
  readonly afterCommit?: (() => void) | undefined;
}

export function webhookDoor(options: WebhookDoorOptions): WebhookDoor {
  const { readBody, intake, metrics, commitDeadlineMs, now, afterCommit } = options;
  return {
    readBody,
    now,
    commit: async (deliveries, traceparent) => {
      if (deliveries.length === 0) return {};
      const receipts = await withinDeadline(
        intake.receive(deliveries.map((delivery) => ({ ...delivery, traceparent }))),
        commitDeadlineMs,
      );
      afterCommit?.();
      const outcomes: Partial<Record<Receipt['outcome'], number>> = {};
      for (const [index, { outcome }] of receipts.entries()) {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
        metrics.delivered(deliveries[index]?.source ?? 'none', outcome);
      }
      return outcomes;
    },
  };
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

/** A fact we cannot attach to a case, kept whole for staff. `reason` holds no patient data. */
export function parked(
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
