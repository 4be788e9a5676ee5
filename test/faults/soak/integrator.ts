import { setTimeout as delay } from 'node:timers/promises';

import type { Cluster } from '../cluster.ts';
import type { Office } from '../staff.ts';

export interface IntegratorWork extends AsyncDisposable {
  readonly counts: { accepted: number; refused: number; corrected: number };
}

export interface IntegratorOptions {
  readonly cluster: Cluster;
  readonly office: Office;
  /** Whether the authority refuses this one. */
  readonly isRefused: (invoiceId: string) => boolean;
  /** Whom a case's invoices are made out to; null if staff never learn. */
  readonly buyerOf: (caseId: string) => object | null;
}

const everyMs = 300;
/** An invoice or a case that has not moved by then is spoken of again. */
const againMs = 10_000;
const atOnce = 16;

/**
 * What becomes of invoices once they are sent: the authority accepts or refuses each, and the integrator pushes it, without
 * waiting for our polls of minutes and hours. And staff who correct those that were refused.
 */
export function integratorAtWork(options: IntegratorOptions): IntegratorWork {
  const { cluster, office, isRefused, buyerOf } = options;
  const counts = { accepted: 0, refused: 0, corrected: 0 };
  const spokenAt = new Map<string, number>();
  const stopped = new AbortController();

  function isDue(id: string): boolean {
    if (performance.now() - (spokenAt.get(id) ?? -againMs) < againMs) return false;
    spokenAt.set(id, performance.now());
    return true;
  }

  async function settle(invoice: Submitted): Promise<void> {
    const { invoiceId, ettn, profile } = invoice;
    const refused = isRefused(invoiceId);
    const standing =
      profile === 'EARSIVFATURA'
        ? { code: refused ? 'error' : 'succeed' }
        : { gib: refused ? 1150 : 1300 };
    await cluster.control('nilvera/status', { ettn, ...standing });
    const status = refused ? 'rejected' : 'accepted';
    await cluster.control('efatura/push', { invoiceId, status, maxAttempts: 5 });
    counts[refused ? 'refused' : 'accepted'] += 1;
  }

  async function correct(caseId: string): Promise<void> {
    const buyer = buyerOf(caseId);
    if (buyer === null) return;
    counts.corrected += 1;
    await office.tell(
      caseId,
      { type: 'staff.billing', buyer },
      `corrected-${caseId}-${counts.corrected}`,
    );
  }

  async function round(): Promise<void> {
    const submitted = await cluster.query<Submitted>(
      `select invoice_id as "invoiceId", ettn::text as ettn, profile from invoices where status = 'submitted' limit 500`,
    );
    await inTurns(
      submitted.filter(({ invoiceId }) => isDue(invoiceId)),
      settle,
    );
    const held = await office.casesTagged('invoice-held');
    await inTurns(
      held.filter((caseId) => buyerOf(caseId) !== null && isDue(caseId)),
      correct,
    );
  }

  async function work(): Promise<void> {
    while (!stopped.signal.aborted) {
      // Whoever was killed in between is spoken to again.
      await round().catch(() => undefined);
      await delay(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const working = work();

  return {
    counts,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await working;
    },
  };
}

interface Submitted {
  readonly invoiceId: string;
  readonly ettn: string;
  readonly profile: string;
}

/** So many at a time; the first that fails ends it. */
export async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  concurrency = atOnce,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
