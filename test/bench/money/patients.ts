import { DEVELOPMENT_SECRETS } from '../../../config.ts';
import { signWhatsapp } from '../../sandbox/webhooks.ts';
import { waitUntil } from '../../support/wait.ts';
import { epochSeconds, inbound, textFrom } from '../../system/orchestrator.ts';
import type { MoneySystem } from './system.ts';

/** Patients whose messages come in one webhook. */
const perWebhook = 25;

/**
 * Opens a case for each of `count` new patients, by their own messages: they write, and consent to be served. Resolves
 * with the cases once all that follows from it is done.
 */
export async function openCases(system: MoneySystem, count: number): Promise<readonly string[]> {
  for (let first = 0; first < count; first += perWebhook) {
    const people = Array.from({ length: Math.min(perWebhook, count - first) }, (_, i) =>
      String(4_915_200_000_000 + first + i),
    );
    // Nobody presses a button in the second they wrote in.
    const at = epochSeconds() - 10;
    const body = inbound([
      ...people.map((phone) => textFrom(phone, 'Hello', { atEpochSeconds: at })),
      ...people.map((phone) =>
        textFrom(phone, '', {
          content: { kind: 'button', id: 'consent:service:yes', title: 'Yes' },
          atEpochSeconds: at + 2,
        }),
      ),
    ]);
    await system.post('/webhooks/whatsapp', body, {
      'x-hub-signature-256': signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET),
    });
  }
  await atRest(system, `${count} consents`, async () => {
    const [row] = await system.query<{ given: number }>(
      `select count(distinct case_id)::int as given from consents where purpose = 'service' and status = 'given'`,
    );
    return row?.given === count;
  });
  const rows = await system.query<{ case_id: string }>('select case_id from cases order by 1');
  return rows.map(({ case_id }) => case_id);
}

/** Until `done`, and nothing waits to be applied or performed. */
export async function atRest(
  system: MoneySystem,
  what: string,
  done: () => Promise<boolean>,
): Promise<void> {
  await waitUntil(
    async () => {
      const [waiting] = await system.query(
        `select from pending_events union all
         select from effects where status in ('pending', 'started', 'retry') limit 1`,
      );
      return waiting === undefined && (await done());
    },
    { what, timeoutMs: 300_000 },
  );
}

/** Runs `work` on each, at most `atOnce` at a time, in order. The first failure ends it. */
export async function forEachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const entries = items.entries();
  const lane = async () => {
    for (const [index, item] of entries) await work(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Something to pay: in euro at Stripe, in lira at iyzico. */
export function quote(provider: 'stripe' | 'iyzico'): { readonly type: string } {
  const gross = { amountMinor: '125000', currency: provider === 'stripe' ? 'EUR' : 'TRY' };
  const lines = [{ kind: 'health', description: 'Treatment', quantity: 1, gross }];
  return { type: 'staff.quote', title: 'Deposit', lines } as { readonly type: string };
}

/** Whom invoices are made out to: a foreign patient, whose treatment is exempt. */
export const billing = {
  type: 'staff.billing',
  buyer: {
    kind: 'person',
    firstName: 'Bench',
    familyName: 'Patient',
    nationality: 'DE',
    residence: 'DE',
    passport: 'C01X00T47',
    lastEntry: '2026-11-20',
    address: { street: 'Hauptstr. 1', district: 'Mitte', city: 'Berlin', country: 'DE' },
  },
} as const;
