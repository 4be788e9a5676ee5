import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import { eventSchemas } from '../../../actors/shapes/events.ts';
import { messageKey, unroutable } from '../../server/pipeline.ts';
import { faultOf, spare, Text } from '../../server/schema.ts';
import { inboundMessageIn } from './inbound-message.ts';
import { nameOf, ProviderId, source, Timestamp, Word } from './item.ts';

/** Somebody whom a notification names. */
interface Contact {
  readonly userId?: string;
  readonly phone?: string;
  readonly name?: string;
}

/** Whom a notification names beside its messages. */
interface Contacts {
  /** With one contact it is theirs even if the numbers differ: Meta normalises some countries' numbers. */
  of(item: { readonly userId?: string; readonly phone?: string }): Contact | undefined;
}

/** Longer than any name in WhatsApp, which takes 25. What is longer is cut: it costs nobody the message. */
const longestName = 200;

const ContactItem = v.object({
  wa_id: spare(ProviderId),
  user_id: spare(ProviderId),
  profile: spare(v.object({ name: spare(Text) })),
});

/** Meta's own id of a person, which may stand where a number is meant: a country, perhaps `ENT`, and up to 128 letters and digits. */
const isUserId = (id: string) => /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/.test(id);

/** Who it is, by an id and a number of which either may stand in the other's place. */
function personOf(
  userId: string | undefined,
  phone: string | undefined,
): { readonly userId?: string; readonly phone?: string } {
  const misplaced = phone !== undefined && isUserId(phone);
  const id = userId ?? (misplaced ? phone : undefined);
  return {
    ...(id === undefined ? {} : { userId: id }),
    ...(phone === undefined || misplaced ? {} : { phone }),
  };
}

export function contactsIn(raw: unknown): Contacts {
  const contacts = (Array.isArray(raw) ? raw : []).flatMap((one): Contact[] => {
    const parsed = v.safeParse(ContactItem, one);
    if (!parsed.success) return [];
    const { wa_id, user_id, profile } = parsed.output;
    const name = profile?.name?.slice(0, longestName).toWellFormed();
    return [{ ...personOf(user_id, wa_id), ...(name === undefined ? {} : { name }) }];
  });
  // Maps: a thousand messages of a thousand contacts would otherwise be a million comparisons. The first of a name counts.
  const byPhone = new Map(contacts.toReversed().map((one) => [one.phone, one]));
  const byUser = new Map(contacts.toReversed().map((one) => [one.userId, one]));
  const only = contacts.length === 1 ? contacts[0] : undefined;
  return {
    of: ({ userId, phone }) =>
      (userId === undefined ? undefined : byUser.get(userId)) ??
      (phone === undefined ? undefined : byPhone.get(phone)) ??
      only,
  };
}

const Item = v.object({
  id: ProviderId,
  timestamp: Timestamp,
  type: Word,
  from: spare(ProviderId),
  from_user_id: spare(ProviderId),
  context: spare(v.object({ id: spare(ProviderId) })),
});

/** What the provider itself tells of a patient, in the patient's thread. */
const SystemItem = v.object({
  system: v.object({
    type: v.picklist(['user_changed_number', 'user_changed_user_id']),
    wa_id: v.optional(ProviderId),
    user_id: v.optional(ProviderId),
    previous_user_id: spare(ProviderId),
  }),
});

/** One delivery for one item of `messages`. One that we cannot read is kept as unroutable, with the field that is wrong. */
export function messageDelivery(raw: unknown, account: string, contacts: Contacts): Delivery {
  const unroutableFor = (reason: string): Delivery => {
    const { key, type } = nameOf(raw);
    return unroutable(source, key, `message.${type ?? 'unnamed'}`, raw, reason);
  };
  const parsed = v.safeParse(Item, raw, { abortEarly: true });
  if (!parsed.success) return unroutableFor(`bad item: ${faultOf(parsed.issues[0])}`);
  const item = parsed.output;
  if (item.type === 'system') return systemDelivery(item, raw, account, unroutableFor);

  const inbound = inboundMessageIn(raw);
  if ('fault' in inbound) return unroutableFor(`bad item: ${inbound.fault}`);
  const sender = personOf(item.from_user_id, item.from);
  const contact = contacts.of(sender);
  const phone = sender.phone ?? contact?.phone ?? null;
  const userId = sender.userId ?? contact?.userId ?? null;
  if (phone === null && userId === null) return unroutableFor('bad item: from: expected string');
  const profileName = contact?.name ?? null;
  const replyTo = item.context?.id;
  const event = v.safeParse(
    eventSchemas['whatsapp.inbound'],
    {
      messageId: item.id,
      message: inbound.said,
      lang: null,
      at: item.timestamp,
      from: { userId, phone },
      profileName,
      ...(replyTo === undefined ? {} : { replyTo }),
    },
    { abortEarly: true },
  );
  if (!event.success) return unroutableFor(`bad item: ${faultOf(event.issues[0])}`);
  return {
    source,
    dedupeKey: messageKey(item.id),
    type: 'whatsapp.inbound',
    data: event.output,
    about: { kind: 'contact', account, userId, phone, profileName },
  };
}

/** A change of number or of id, from the old one. Such items come without contacts. */
function systemDelivery(
  item: v.InferOutput<typeof Item>,
  raw: unknown,
  account: string,
  unroutableFor: (reason: string) => Delivery,
): Delivery {
  const parsed = v.safeParse(SystemItem, raw, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const unsupported = typeof issue.input === 'string' && v.getDotPath(issue) === 'system.type';
    return unroutableFor(unsupported ? 'unsupported kind' : `bad item: ${faultOf(issue)}`);
  }
  const { wa_id, user_id, previous_user_id } = parsed.output.system;
  const { userId = null, phone = null } = personOf(user_id, wa_id);
  const becomes = { userId, phone };
  const sender = personOf(item.from_user_id ?? previous_user_id, item.from);
  const from = { userId: sender.userId ?? null, phone: sender.phone ?? null };
  if (userId === null && phone === null)
    return unroutableFor('bad item: system.wa_id: expected string');
  if (from.userId === null && from.phone === null)
    return unroutableFor('bad item: from: expected string');
  return {
    source,
    dedupeKey: messageKey(item.id),
    type: 'whatsapp.contact',
    data: { messageId: item.id, contact: becomes, at: item.timestamp },
    about: { kind: 'contact', account, ...from, profileName: null, becomes },
  };
}
