import { createBatcher } from './kernel/batcher.ts';
import { caseOfEffect, type Kernel, type Sending } from './kernel/kernel.ts';
import type { ContactCase, ContactKey, Directory, Unplaced } from './ports/directory.ts';
import { IntakeUnavailable, type Delivery, type Intake, type Receipt } from './ports/intake.ts';

export interface IntakeOptions {
  readonly kernel: Pick<Kernel, 'sendAll' | 'resolveAll'>;
  readonly directory: Directory;
  /** The machine a new contact's case runs on. */
  readonly machine: string;
}

type ContactDelivery = Delivery & { readonly about: { readonly kind: 'contact' } };

/** Finds each delivery's case and commits it there; what has no case is parked. Concurrent calls share statements. */
export function createIntake({ kernel, directory, machine }: IntakeOptions): Intake {
  const contacts = createBatcher<ContactKey, ContactCase | null>({
    flush: (keys) => directory.casesOf(keys),
    maxBatch: 256,
    maxQueue: 10_000,
  });

  async function receive(deliveries: readonly Delivery[]): Promise<readonly Receipt[]> {
    await settleByStatus(deliveries);
    const placed = await place(deliveries);
    const receipts: Receipt[] = deliveries.map(() => ({ outcome: 'parked' }));

    const sendings = placed.flatMap((to, i) => ('reason' in to ? [] : [{ i, sending: to }]));
    const outcomes = await kernel.sendAll(sendings.map(({ sending }) => sending));
    const unplaced = placed.flatMap((to, i) =>
      'reason' in to ? [{ i, ...unplacedOf(deliveries[i] as Delivery, to.reason) }] : [],
    );
    for (const [n, outcome] of outcomes.entries()) {
      const { i } = sendings[n] as { i: number };
      if (outcome === 'no-case')
        unplaced.push({ i, ...unplacedOf(deliveries[i] as Delivery, 'no_such_case') });
      else receipts[i] = { outcome };
    }
    if (unplaced.length > 0) {
      const parked = await directory.park(unplaced);
      for (const [n, outcome] of parked.entries())
        receipts[(unplaced[n] as { i: number }).i] = { outcome };
    }
    return receipts;
  }

  /** A status callback is the only word on a send whose answer we missed. Before the event: a redelivery repeats both. */
  async function settleByStatus(deliveries: readonly Delivery[]): Promise<void> {
    const words = deliveries.flatMap(({ about, type, data }) => {
      if (about.kind !== 'effect' || type !== 'whatsapp.status') return [];
      const { messageId, status, errorCode } = data as {
        messageId: string;
        status: string;
        errorCode: string | null;
      };
      const ok = status !== 'failed';
      const value = ok
        ? { messageId }
        : {
            name: 'MessageFailed',
            code: errorCode ?? 'failed',
            message: 'The provider could not deliver it',
          };
      return [{ effectId: about.effectId, ok, value }];
    });
    // The first word of each effect counts, as it would if they came one by one: a batch may say "sent" and "failed".
    const byEffect = Map.groupBy(words, ({ effectId }) => effectId);
    const first = [...byEffect.values()].flatMap(([word]) => word ?? []);
    if (first.length > 0) await kernel.resolveAll(first);
  }

  /** Where each delivery goes, or why it goes nowhere. */
  async function place(
    deliveries: readonly Delivery[],
  ): Promise<(Sending | { readonly reason: string })[]> {
    const named = deliveries.flatMap((delivery) => caseNamedBy(delivery) ?? []);
    const [tenants, found] = await Promise.all([
      named.length > 0 ? directory.tenantsOf(named) : new Map<string, string>(),
      Promise.all(
        deliveries.map((delivery) =>
          isFromContact(delivery) ? contacts.add(delivery.about) : Promise.resolve(null),
        ),
      ),
    ]);
    return deliveries.map((delivery, i) => {
      if (delivery.type === 'unknown')
        return {
          reason: delivery.about.kind === 'nobody' ? delivery.about.reason : 'unknown_type',
        };
      if (delivery.about.kind === 'nobody') return { reason: delivery.about.reason };
      if (isFromContact(delivery)) {
        const contact = found[i];
        return contact ? sendingTo(delivery, contact) : { reason: 'unknown_account_or_sender' };
      }
      const caseId = caseNamedBy(delivery);
      const tenant = caseId && tenants.get(caseId);
      return caseId && tenant
        ? { ...common(delivery), tenant, caseId }
        : { reason: 'no_such_case' };
    });
  }

  function sendingTo(
    delivery: ContactDelivery,
    { tenant, tenantName, caseId, opened }: ContactCase,
  ): Sending {
    const { userId, phone } = delivery.about;
    const input = {
      tenant,
      tenantName,
      caseId,
      contact: { userId, phone },
      lang: languageOfNumber(phone),
    };
    return {
      ...common(delivery),
      tenant,
      caseId,
      ...(opened ? {} : { create: { machine, input } }),
    };
  }

  return {
    async receive(deliveries) {
      try {
        return await receive(deliveries);
      } catch (error) {
        throw new IntakeUnavailable('The ledger did not commit', { cause: error });
      }
    },
  };
}

const isFromContact = (delivery: Delivery): delivery is ContactDelivery =>
  delivery.about.kind === 'contact';

function caseNamedBy({ about }: Delivery): string | null {
  if (about.kind === 'case') return about.caseId;
  return about.kind === 'effect' ? caseOfEffect(about.effectId) : null;
}

const common = ({ source, dedupeKey, type, data, traceparent }: Delivery) => ({
  source,
  dedupeKey,
  topic: type,
  event: { ...(data as Record<string, unknown>), type },
  traceparent,
});

const unplacedOf = ({ source, dedupeKey, type, data }: Delivery, reason: string): Unplaced => ({
  source,
  dedupeKey,
  type,
  reason,
  body: JSON.stringify(data ?? null),
});

/** Calling codes of the countries our first question can be asked in their own language. None begins with another, so the first match is the only one. */
const languagesByCallingCode: readonly (readonly [prefix: string, lang: string])[] = [
  ['90', 'tr'],
  ['49', 'de'],
  ['43', 'de'],
  ['41', 'de'],
  ['33', 'fr'],
  ['32', 'fr'],
  ['7', 'ru'],
  ['375', 'ru'],
  ...[
    '20',
    '212',
    '213',
    '216',
    '218',
    '249',
    '961',
    '962',
    '963',
    '964',
    '965',
    '966',
    '967',
    '968',
    '970',
    '971',
    '973',
    '974',
  ].map((code) => [code, 'ar'] as const),
];

/** The language to begin in, by the number's country; English where that says nothing. */
function languageOfNumber(phone: string | null): string {
  return languagesByCallingCode.find(([prefix]) => phone?.startsWith(prefix))?.[1] ?? 'en';
}
