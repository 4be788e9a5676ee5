import * as v from 'valibot';

import {
  asFirst,
  buttonIn,
  clueOf,
  languageOfNumber,
  samenessOf,
  withoutTag,
  wordsOf,
} from './intake-messages.ts';
import { createBatcher } from './kernel/batcher.ts';
import { caseOfEffect, type Kernel, type Sending } from './kernel/kernel.ts';
import { inboundPublication, type OutwardMessages } from './outward/publications.ts';
import type {
  ContactCase,
  ContactChange,
  ContactKey,
  Directory,
  PaidBooking,
  Unplaced,
} from './ports/directory.ts';
import {
  IntakeUnavailable,
  type Delivery,
  type Intake,
  type Receipt,
  type Rerouting,
} from './ports/intake.ts';
import type { Receipts, ReceiptWord } from './ports/receipts.ts';
import { routeOf, untaggedButton, type Routed } from './routing.ts';
import { eventSchemas, isEventType, type EventData } from './shapes/events.ts';

export interface IntakeOptions {
  readonly kernel: Pick<Kernel, 'sendAll' | 'resolveAll'>;
  readonly directory: Directory;
  readonly receipts: Receipts;
  /** BCP 47 primary tag of what somebody wrote; null where the words do not tell. The same words always give the same. */
  readonly languageOf: (text: string) => string | null;
  /** The machine a new contact's case runs on. */
  readonly machine: string;
  /** Whether new cases invoice what they sell; they do if absent. */
  readonly isInvoicing?: boolean;
  /** How soon after a message the next one goes on with it, where several patients write from one phone. ms; 15,000 by default. */
  readonly breathMs?: number;
  /** How the platform's other services hear of messages; they do not if absent. */
  readonly outward?: OutwardMessages;
}

/** Where what a contact sent goes; `routed` where the contact has several cases. */
type PlacedContact = ContactCase & { readonly routed?: Routed };

type ContactDelivery = Delivery & { readonly about: { readonly kind: 'contact' } };
type PaymentDelivery = Delivery & { readonly about: { readonly kind: 'payment' } };

/** UTF-16 units of a message that are looked at for its language: more does not make it surer. */
const tellingLength = 1_000;

/** Finds each delivery's case and commits it there; what has no case is parked. Concurrent calls share statements. */
export function createIntake(options: IntakeOptions): Intake & Rerouting {
  const { kernel, directory, receipts, languageOf, machine, isInvoicing = true, outward } = options;
  const contacts = createBatcher<ContactKey, ContactCase | null>({
    flush: (keys) => directory.casesOf(keys),
    maxBatch: 256,
    maxQueue: 10_000,
  });

  async function receive(given: readonly Delivery[]): Promise<readonly Receipt[]> {
    const deliveries = await located(given.map(storable).map(checked));
    await settleByStatus(deliveries);
    const placed = await place(deliveries);
    const answers: Receipt[] = deliveries.map(() => ({ outcome: 'parked' }));

    const sendings = placed.flatMap((to, i) => ('reason' in to ? [] : [{ i, sending: to }]));
    const outcomes = await kernel.sendAll(sendings.map(({ sending }) => sending));
    const unplaced = placed.flatMap((to, i) =>
      'reason' in to ? [{ i, ...unplacedOf(deliveries[i] as Delivery, to.reason) }] : [],
    );
    for (const [n, outcome] of outcomes.entries()) {
      const { i } = sendings[n] as { i: number };
      if (outcome === 'no-case' || outcome === 'unreadable') {
        // Parked under a key of its own: the sender must not come again for a case that only a person can mend.
        const reason = outcome === 'no-case' ? 'no_such_case' : 'case_unreadable';
        unplaced.push({ i, ...unplacedOf(deliveries[i] as Delivery, reason) });
      } else answers[i] = { outcome };
    }
    if (unplaced.length > 0) {
      const parked = await directory.park(unplaced);
      for (const [n, outcome] of parked.entries())
        answers[(unplaced[n] as { i: number }).i] = { outcome };
    }
    return answers;
  }

  async function reroute(delivery: Delivery): ReturnType<Rerouting['reroute']> {
    const [found = delivery] = await located([delivery]);
    await settleByStatus([found]);
    const [to] = await place([found]);
    if (to === undefined || 'reason' in to)
      return { outcome: 'parked', reason: to?.reason ?? 'no_such_case' };
    const [outcome = 'no-case'] = await kernel.sendAll([to]);
    if (outcome === 'no-case') return { outcome: 'parked', reason: 'no_such_case' };
    if (outcome === 'unreadable') return { outcome: 'parked', reason: 'case_unreadable' };
    return { outcome };
  }

  /** Whose messages those are that the provider names by their own ids only; and what receipts say of who has which id. */
  async function located(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    const named = deliveries.flatMap(({ about }) =>
      about.kind === 'message' ? [about.messageId] : [],
    );
    const [effects] = await Promise.all([
      named.length > 0 ? receipts.effectsOf(named) : [],
      learnRecipients(deliveries),
    ]);
    let n = 0;
    return deliveries.map((delivery): Delivery => {
      const { about, data } = delivery;
      if (about.kind !== 'message') return delivery;
      const effectId = effects[n++] ?? null;
      if (effectId === null)
        return {
          ...delivery,
          about: { kind: 'nobody', reason: 'status of a message we did not send' },
        };
      return {
        ...delivery,
        data: { ...(data as object), effectId },
        about: { kind: 'effect', effectId },
      };
    });
  }

  /** Before anything is placed: the next message may come from the id alone. */
  async function learnRecipients(deliveries: readonly Delivery[]): Promise<void> {
    const shown = deliveries.flatMap(({ about }) =>
      (about.kind === 'message' || about.kind === 'effect') && about.recipient
        ? [about.recipient]
        : [],
    );
    if (shown.length > 0) await directory.learn(shown);
  }

  /** A status callback is the only word on a send whose answer we missed. Before the event: a redelivery repeats both. */
  async function settleByStatus(deliveries: readonly Delivery[]): Promise<void> {
    const words = deliveries.flatMap(({ about, type, data }): (ReceiptWord & Sent)[] => {
      if (about.kind !== 'effect' || type !== 'whatsapp.status') return [];
      const { messageId, status, errorCode, at } = data as EventData['whatsapp.status'];
      const reached = status === 'played' ? 'read' : status;
      return [{ effectId: about.effectId, messageId, status: reached, errorCode, at }];
    });
    if (words.length === 0) return;
    // The first word of each effect counts, as it would if they came one by one: a batch may say "sent" and "failed".
    const byEffect = Map.groupBy(words, ({ effectId }) => effectId);
    const first = [...byEffect.values()].flatMap(([word]) => word ?? []);
    await Promise.all([kernel.resolveAll(first.map(outcomeOf)), receipts.advance(words)]);
  }

  /** Where each delivery goes, or why it goes nowhere. */
  async function place(
    deliveries: readonly Delivery[],
  ): Promise<(Sending | { readonly reason: string })[]> {
    const named = deliveries.flatMap((delivery) => caseNamedBy(delivery) ?? []);
    const [tenants, paid, found] = await Promise.all([
      named.length > 0 ? directory.tenantsOf(named) : new Map<string, string>(),
      lookUpPayments(deliveries),
      lookUp(deliveries),
    ]);
    return deliveries.map((delivery, i) => {
      if (delivery.type === 'unknown')
        return {
          reason: delivery.about.kind === 'nobody' ? delivery.about.reason : 'unknown_type',
        };
      if (delivery.about.kind === 'nobody') return { reason: delivery.about.reason };
      if (isFromContact(delivery)) {
        const contact = found[i];
        if (contact === 'taken') return { reason: 'number_or_id_of_another_contact' };
        return contact ? sendingTo(delivery, contact) : { reason: 'unknown_account_or_sender' };
      }
      if (isOfPayment(delivery)) {
        const booking = paid.get(delivery);
        return booking ? sendingOfPayment(delivery, booking) : { reason: 'unknown_payment' };
      }
      const caseId = caseNamedBy(delivery);
      const tenant = caseId && tenants.get(caseId);
      return caseId && tenant
        ? { ...common(delivery), tenant, caseId }
        : { reason: 'no_such_case' };
    });
  }

  /** The booking of each payment that the provider named by its own id, where the books know it. */
  async function lookUpPayments(
    deliveries: readonly Delivery[],
  ): Promise<ReadonlyMap<Delivery, PaidBooking>> {
    // What is parked anyway asks for nothing.
    const payments = deliveries.filter((one) => one.type !== 'unknown').filter(isOfPayment);
    if (payments.length === 0) return new Map();
    const bookings = await directory.bookingsOf(payments.map(({ about }) => about));
    return new Map(
      payments.flatMap((delivery, n) => {
        const booking = bookings[n];
        return booking ? [[delivery, booking] as const] : [];
      }),
    );
  }

  /** The case of each delivery's contact. A change of number is made between what was said before it and after it. */
  async function lookUp(
    deliveries: readonly Delivery[],
  ): Promise<(PlacedContact | 'taken' | null)[]> {
    const found: (PlacedContact | 'taken' | null)[] = deliveries.map(() => null);
    for (const run of runsOf(deliveries)) {
      const changes = new Map(
        run.flatMap(({ i, delivery }) => {
          const change = changeIn(delivery);
          return change ? [[i, change] as const] : [];
        }),
      );
      const refused = changes.size > 0 ? await directory.change([...changes.values()]) : [];
      await Promise.all(
        run.map(async ({ i, delivery }) => {
          const change = changes.get(i);
          found[i] =
            change && refused.includes(change) ? 'taken' : await contacts.add(keyOf(delivery));
        }),
      );
    }
    await routeFamilies(deliveries, found);
    return found;
  }

  /** Which of a contact's several cases each message is for. Nothing is asked where everybody has one. */
  async function routeFamilies(
    deliveries: readonly Delivery[],
    found: (PlacedContact | 'taken' | null)[],
  ): Promise<void> {
    const several = found.flatMap((contact, i) =>
      contact === 'taken' || contact?.several === undefined
        ? []
        : [{ i, contact, contactId: contact.several }],
    );
    if (several.length === 0) return;
    const [families, named] = await Promise.all([
      directory.familiesOf(several.map(({ contactId }) => contactId)),
      directory.casesNamed(
        several.map(({ i, contact: { tenant } }) => clueOf(deliveries[i] as Delivery, tenant)),
      ),
    ]);
    const heard = new Map<string, number>();
    for (const [n, { i, contact, contactId }] of several.entries()) {
      const family = families.get(contactId);
      if (family === undefined) continue;
      const cases = family.cases.map((one) => ({
        ...one,
        heardAt: heard.get(one.caseId) ?? one.heardAt,
      }));
      const said = buttonIn(deliveries[i] as Delivery);
      const tag = said === null ? null : untaggedButton(said).tag;
      const clue = { named: named[n] ?? null, tag, isPressed: said !== null };
      const route = routeOf(cases, clue, family.now, options.breathMs);
      if (route === null) continue;
      found[i] = { ...contact, ...route, opened: true };
      if (deliveries[i]?.type === 'whatsapp.inbound') heard.set(route.caseId, family.now);
    }
    await directory.heard([...heard.keys()]);
  }

  function sendingTo(
    delivery: ContactDelivery,
    { tenant, tenantName, caseId, opened, routed }: PlacedContact,
  ): Sending {
    const { userId, phone } = delivery.about;
    const input = {
      tenant,
      tenantName,
      caseId,
      contact: { userId, phone },
      lang: languageOfNumber(phone),
      ...(isInvoicing ? {} : { isInvoicing }),
    };
    const own = withoutTag(delivery);
    const told = withLanguage(opened ? own : asFirst(own));
    // That a number changed opens nothing: somebody whom we do not know, or whose case is over, has said nothing yet.
    const mayOpen = !delivery.about.becomes && delivery.about.opens !== false;
    return {
      ...common(told),
      ...publicationOf(told, caseId),
      ...samenessOf(told),
      ...(routed === undefined ? {} : { hint: { routed } }),
      tenant,
      caseId,
      ...(opened || !mayOpen ? {} : { create: { machine, input } }),
    };
  }

  function publicationOf({ type, data }: Delivery, caseId: string): Pick<Sending, 'publication'> {
    if (type !== 'whatsapp.inbound' || outward === undefined) return {};
    const { message: said, lang } = data as EventData['whatsapp.inbound'];
    return { publication: inboundPublication({ caseId, said, lang }, outward) };
  }

  function withLanguage(delivery: Delivery): Delivery {
    if (delivery.type !== 'whatsapp.inbound' && delivery.type !== 'whatsapp.edited')
      return delivery;
    const said = delivery.data as EventData['whatsapp.inbound' | 'whatsapp.edited'];
    const words = said.message === null ? undefined : wordsOf(said.message);
    if (said.lang !== null || !words) return delivery;
    const lang = languageOf(words.slice(0, tellingLength).toWellFormed());
    return lang === null ? delivery : { ...delivery, data: { ...said, lang } };
  }

  return {
    async receive(deliveries) {
      try {
        return await receive(deliveries);
      } catch (error) {
        throw new IntakeUnavailable('The ledger did not commit', { cause: error });
      }
    },

    async reroute(delivery) {
      try {
        return await reroute(checked(storable(delivery)));
      } catch (error) {
        throw new IntakeUnavailable('The ledger did not commit', { cause: error });
      }
    },
  };
}

/**
 * The delivery, or if it has a U+0000 where PostgreSQL would have to store or look for one, what is parked in its place:
 * whole, but for its names, with the field that is wrong.
 */
function storable(delivery: Delivery): Delivery {
  const { source, dedupeKey, type, traceparent, about } = delivery;
  const fields = { source, dedupeKey, type, traceparent, ...about };
  const [wrong] = Object.entries(fields).find(([, value]) => hasNul(value)) ?? [];
  if (wrong === undefined) return delivery;
  const { data } = delivery;
  const names = { source: shown(source), dedupeKey: shown(dedupeKey), type: shown(type) };
  return { ...names, data, about: { kind: 'nobody', reason: `${wrong} has a U+0000` } };
}

const hasNul = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(hasNul)
    : typeof value === 'string' && value.includes('\0');

const shown = (text: string) => text.replaceAll('\0', '\ufffd');

const isFromContact = (delivery: Delivery): delivery is ContactDelivery =>
  delivery.about.kind === 'contact';

const isOfPayment = (delivery: Delivery): delivery is PaymentDelivery =>
  delivery.about.kind === 'payment';

/** The provider did not say which booking it is, but our books do. */
function sendingOfPayment(
  delivery: PaymentDelivery,
  { tenant, caseId, bookingId }: PaidBooking,
): Sending {
  const data = { ...(delivery.data as object), bookingId };
  return { ...common({ ...delivery, data }), tenant, caseId };
}

interface Sent {
  readonly messageId: string;
}

function outcomeOf({ effectId, messageId, status, errorCode, at }: ReceiptWord & Sent) {
  if (status !== 'failed') return { effectId, ok: true, value: { messageId, at } };
  const message = 'The provider could not deliver it';
  return {
    effectId,
    ok: false,
    value: { name: 'MessageFailed', code: errorCode ?? 'failed', message },
  };
}

/** As its schema has it. What keeps to none is not for a case, whoever signed it. */
function checked(delivery: Delivery): Delivery {
  const { type, data, about } = delivery;
  if (about.kind === 'nobody') return delivery; // Kept as it came.
  if (!isEventType(type)) return { ...delivery, about: { kind: 'nobody', reason: 'unknown_type' } };
  const parsed = v.safeParse(eventSchemas[type], data);
  if (parsed.success) return { ...delivery, data: parsed.output };
  if (type === 'unknown') return delivery; // Kept as it came, for a release that has a word for it.
  return { ...delivery, about: { kind: 'nobody', reason: 'unexpected_data' } };
}

interface Placed {
  /** Its place in the batch. */
  readonly i: number;
  readonly delivery: ContactDelivery;
}

/** What contacts sent, in order, cut before each change that follows something else: a run begins with its changes. */
function runsOf(deliveries: readonly Delivery[]): Placed[][] {
  const runs: Placed[][] = [];
  let onlyChanges = false;
  for (const [i, delivery] of deliveries.entries()) {
    if (!isFromContact(delivery)) continue;
    const changes = delivery.about.becomes !== undefined;
    if (runs.length === 0 || (changes && !onlyChanges)) runs.push([]);
    runs.at(-1)?.push({ i, delivery });
    onlyChanges = changes;
  }
  return runs;
}

function changeIn({ about, data }: ContactDelivery): ContactChange | null {
  const { account, userId, phone, becomes } = about;
  if (!becomes) return null;
  const { at } = data as EventData['whatsapp.contact'];
  return { account, from: { userId, phone }, to: becomes, at };
}

/** Whom to look up; after a change by what they have now. Not by id and number then: the id alone finds them, and a change that comes late must not teach them an old number. */
function keyOf({ about, data }: ContactDelivery): ContactKey {
  const { account, becomes } = about;
  const { at } = data as { readonly at?: string };
  if (!becomes) {
    const { userId, phone } = about;
    return { account, userId, phone, ...(at === undefined ? {} : { at }) };
  }
  const userId = becomes.userId ?? about.userId;
  return { account, userId, phone: userId === null ? (becomes.phone ?? about.phone) : null };
}

function caseNamedBy({ about }: Delivery): string | null {
  if (about.kind === 'case') return about.caseId;
  return about.kind === 'effect' ? caseOfEffect(about.effectId) : null;
}

const common = ({ source, dedupeKey, type, data, traceparent }: Delivery) => ({
  source,
  dedupeKey,
  event: { ...(data as Record<string, unknown>), type },
  traceparent,
});

const unplacedOf = (
  { source, dedupeKey, type, data, about, traceparent }: Delivery,
  reason: string,
): Unplaced => ({
  source,
  dedupeKey,
  type,
  reason,
  body: JSON.stringify(data ?? null),
  address: JSON.stringify({ about, traceparent }),
});
