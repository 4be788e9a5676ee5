import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import { eventSchemas, type Said } from '../../../actors/shapes/events.ts';
import { messageKey, unroutable } from '../../server/pipeline.ts';
import { faultOf, spare, Text } from '../../server/schema.ts';
import { contentOfMessage } from './content.ts';
import { changeIn, inboundMessageIn } from './inbound-message.ts';
import { nameOf, ProviderId, source, Timestamp, Word } from './item.ts';

/** Somebody whom a notification names. */
export interface Contact {
  readonly userId?: string;
  readonly phone?: string;
  readonly name?: string;
}

/** Whom a notification names beside its messages. */
export interface Contacts {
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
export function personOf(
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

/** A message that points back at another. Edited, it has the new one in it, in the form of a message without its frame. */
const EditItem = v.object({
  edit: v.object({
    original_message_id: spare(ProviderId),
    message: spare(v.record(v.string(), v.unknown())),
  }),
});
const RevokeItem = v.object({ revoke: v.object({ original_message_id: spare(ProviderId) }) });
const GroupItem = v.object({ group_id: v.pipe(Text, v.minLength(1)) });

/** One delivery for one item of `messages`. One that we cannot read is kept as unroutable, with the field that is wrong. */
export function messageDelivery(raw: unknown, account: string, contacts: Contacts): Delivery {
  const unroutableFor = (reason: string): Delivery => {
    const { key, type } = nameOf(raw);
    return unroutable(source, key, `message.${type ?? 'unnamed'}`, raw, reason);
  };
  const parsed = v.safeParse(Item, raw, { abortEarly: true });
  if (!parsed.success) return unroutableFor(`bad item: ${faultOf(parsed.issues[0])}`);
  const item = parsed.output;
  // Looks like a private message otherwise, and its answer would go to everybody in the group.
  if (v.is(GroupItem, raw)) return unroutableFor('group message');

  const sender = personOf(item.from_user_id, item.from);
  const contact = contacts.of(sender);
  const person: Person = {
    userId: sender.userId ?? contact?.userId ?? null,
    phone: sender.phone ?? contact?.phone ?? null,
    profileName: contact?.name ?? null,
  };
  const about: Told = { item, raw, account, person, unroutableFor };
  if (item.type === 'system') return systemDelivery(about, sender);
  const { userId, phone } = person;
  if (phone === null && userId === null) return unroutableFor('bad item: from: expected string');
  const change = changeIn(raw);
  if (item.type === 'edit' || change === 'edit') return editDelivery(about);
  if (item.type === 'revoke' || change === 'revoke') {
    const revoked = v.safeParse(RevokeItem, raw);
    const original = revoked.success ? revoked.output.revoke.original_message_id : undefined;
    return deliveryOf(about, 'whatsapp.revoked', { originalMessageId: original ?? null }, false);
  }
  const inbound = inboundMessageIn(raw);
  if ('fault' in inbound) return unroutableFor(`bad item: ${inbound.fault}`);
  const replyTo = item.context?.id;
  const body = {
    message: inbound.said,
    lang: null,
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  return deliveryOf(about, 'whatsapp.inbound', body, begins(inbound.said));
}

/** A vote on something that we never sent begins no conversation; whoever opens the chat does. */
const begins = (said: Said): boolean =>
  said.kind !== 'notice' || said.type === 'empty' || said.type === 'request_welcome';

interface Person {
  readonly userId: string | null;
  readonly phone: string | null;
  readonly profileName: string | null;
}

/** A message whose frame was read. */
interface Told {
  readonly item: v.InferOutput<typeof Item>;
  readonly raw: unknown;
  readonly account: string;
  readonly person: Person;
  readonly unroutableFor: (reason: string) => Delivery;
}

function deliveryOf(
  { item, account, person, unroutableFor }: Told,
  type: 'whatsapp.inbound' | 'whatsapp.edited' | 'whatsapp.revoked',
  body: object,
  opens = true,
): Delivery {
  const { userId, phone, profileName } = person;
  const event = v.safeParse(
    eventSchemas[type],
    { messageId: item.id, ...body, at: item.timestamp, from: { userId, phone }, profileName },
    { abortEarly: true },
  );
  if (!event.success) return unroutableFor(`bad item: ${faultOf(event.issues[0])}`);
  return {
    source,
    dedupeKey: messageKey(item.id),
    type,
    data: event.output,
    about: { kind: 'contact', account, ...person, ...(opens ? {} : { opens }) },
  };
}

/** New words, or that there are some. Those that cannot be read count as words that did not come. */
function editDelivery(about: Told): Delivery {
  const edited = v.safeParse(EditItem, about.raw);
  const { original_message_id: original, message } = edited.success ? edited.output.edit : {};
  const now = message === undefined ? null : inboundMessageIn(message);
  return deliveryOf(about, 'whatsapp.edited', {
    originalMessageId: original ?? null,
    message: now !== null && 'said' in now ? now.said : null,
    lang: null,
  });
}

/** What the provider itself tells of a patient, in the patient's thread, in its words of today and of before. */
const SystemItem = v.object({
  system: v.object({
    type: spare(Word),
    wa_id: spare(ProviderId),
    new_wa_id: spare(ProviderId),
    user_id: spare(ProviderId),
    previous_user_id: spare(ProviderId),
    /** The number until now. */
    customer: spare(ProviderId),
  }),
});

/** A change of number or of id, from the old one. Such items may come without contacts; its words are prose, and never read. */
function systemDelivery(
  about: Told,
  sender: { readonly userId?: string; readonly phone?: string },
): Delivery {
  const { item, raw, account, person, unroutableFor } = about;
  const parsed = v.safeParse(SystemItem, raw, { abortEarly: true });
  if (!parsed.success) return unroutableFor(`bad item: ${faultOf(parsed.issues[0])}`);
  const told = parsed.output.system;
  const { userId = null, phone = null } = personOf(told.user_id, told.wa_id ?? told.new_wa_id);
  const old = personOf(told.previous_user_id, told.customer);
  const oldUser = old.userId ?? (sender.userId === userId ? null : (sender.userId ?? null));
  const oldPhone = old.phone ?? sender.phone ?? null;
  const changes = (userId !== null && userId !== oldUser) || (phone !== null && phone !== oldPhone);
  if (changes) {
    if (oldUser === null && oldPhone === null)
      return unroutableFor('bad item: from: expected string');
    return contactDelivery({
      key: messageKey(item.id),
      messageId: item.id,
      at: item.timestamp,
      account,
      from: { userId: oldUser, phone: oldPhone },
      becomes: { userId, phone },
    });
  }
  if (told.type === 'user_changed_number' || told.type === 'user_changed_user_id')
    return unroutableFor('bad item: system.wa_id: expected string');
  if (told.type === undefined) return unroutableFor('bad item: system.type: expected string');
  if (person.userId === null && person.phone === null) return unroutableFor('unsupported kind');
  // Another telephone, a key that changed: for staff, in the patient's case if there is one.
  const message = { kind: 'notice', type: `system.${told.type}`.slice(0, 100) };
  return deliveryOf(
    about,
    'whatsapp.inbound',
    { message: { ...message, ...contentOfMessage(raw) }, lang: null },
    false,
  );
}

/** Somebody's number or id is another from now on. */
export function contactDelivery({
  key,
  messageId,
  at,
  account,
  from,
  becomes,
}: {
  readonly key: string;
  readonly messageId: string;
  readonly at: string;
  readonly account: string;
  readonly from: { readonly userId: string | null; readonly phone: string | null };
  readonly becomes: { readonly userId: string | null; readonly phone: string | null };
}): Delivery {
  return {
    source,
    dedupeKey: key,
    type: 'whatsapp.contact',
    data: { messageId, contact: becomes, at },
    about: { kind: 'contact', account, ...from, profileName: null, becomes },
  };
}
