import * as v from 'valibot';

import { eventSchemas } from '../../actors/events.ts';
import type { Delivery } from '../../actors/ports/intake.ts';
import { faultOf } from '../schema.ts';
import { messageKey, parked } from '../webhook.ts';
import { nameOf, ProviderId, source, spare, Timestamp } from './item.ts';
import { saidIn } from './said.ts';

/** Whom a notification names beside its messages. */
interface Contacts {
  /** With one contact it is theirs even if the numbers differ: Meta normalises some countries' numbers. */
  of(item: { readonly from?: string; readonly userId?: string }): Contact | undefined;
}

const Contact = v.object({
  wa_id: spare(ProviderId),
  user_id: spare(ProviderId),
  profile: spare(v.object({ name: spare(v.string()) })),
});
type Contact = v.InferOutput<typeof Contact>;

export function contactsIn(raw: unknown): Contacts {
  const contacts = (Array.isArray(raw) ? raw : []).flatMap((one) => {
    const parsed = v.safeParse(Contact, one);
    return parsed.success ? [parsed.output] : [];
  });
  // Maps: a thousand messages of a thousand contacts would otherwise be a million comparisons. The first of a name counts.
  const byPhone = new Map(contacts.toReversed().map((one) => [one.wa_id, one]));
  const byUser = new Map(contacts.toReversed().map((one) => [one.user_id, one]));
  const only = contacts.length === 1 ? contacts[0] : undefined;
  return {
    of: ({ from, userId }) =>
      (userId === undefined ? undefined : byUser.get(userId)) ??
      (from === undefined ? undefined : byPhone.get(from)) ??
      only,
  };
}

const Item = v.object({
  id: ProviderId,
  timestamp: Timestamp,
  type: v.pipe(v.string(), v.minLength(1)),
  from: spare(ProviderId),
  from_user_id: spare(ProviderId),
  context: spare(v.object({ id: spare(ProviderId) })),
});

/** What the provider itself tells of a patient, in the patient's thread. */
const SystemItem = v.object({
  system: v.object({
    type: v.literal('user_changed_number'),
    wa_id: v.optional(ProviderId),
    user_id: v.optional(ProviderId),
  }),
});

/** One delivery for one item of `messages`. One that we cannot read is parked, with the field that is wrong. */
export function messageDelivery(raw: unknown, account: string, contacts: Contacts): Delivery {
  const park = (reason: string): Delivery => {
    const { key, type } = nameOf(raw);
    return parked(source, key, `message.${type ?? 'unnamed'}`, raw, reason);
  };
  const parsed = v.safeParse(Item, raw, { abortEarly: true });
  if (!parsed.success) return park(`bad item: ${faultOf(parsed.issues[0])}`);
  const item = parsed.output;
  if (item.type === 'system') return systemDelivery(item, raw, account, park);

  const heard = saidIn(raw);
  if ('fault' in heard) return park(`bad item: ${heard.fault}`);
  const { from, from_user_id: fromUserId } = item;
  const contact = contacts.of({
    ...(from === undefined ? {} : { from }),
    ...(fromUserId === undefined ? {} : { userId: fromUserId }),
  });
  const phone = from ?? contact?.wa_id ?? null;
  const userId = fromUserId ?? contact?.user_id ?? null;
  const profileName = contact?.profile?.name ?? null;
  const replyTo = item.context?.id;
  const event = v.safeParse(
    eventSchemas['whatsapp.inbound'],
    {
      messageId: item.id,
      message: heard.said,
      lang: null,
      at: item.timestamp,
      from: { userId, phone },
      profileName,
      ...(replyTo === undefined ? {} : { replyTo }),
    },
    { abortEarly: true },
  );
  if (!event.success) return park(`bad item: ${faultOf(event.issues[0])}`);
  return {
    source,
    dedupeKey: messageKey(item.id),
    type: 'whatsapp.inbound',
    data: event.output,
    about: { kind: 'contact', account, userId, phone, profileName },
  };
}

/** A change of number, from the old one. Such items come without contacts. */
function systemDelivery(
  item: v.InferOutput<typeof Item>,
  raw: unknown,
  account: string,
  park: (reason: string) => Delivery,
): Delivery {
  const parsed = v.safeParse(SystemItem, raw, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const unsupported = typeof issue.input === 'string' && v.getDotPath(issue) === 'system.type';
    return park(unsupported ? 'unsupported kind' : `bad item: ${faultOf(issue)}`);
  }
  const { wa_id: phone = null, user_id: userId = null } = parsed.output.system;
  const becomes = { userId, phone };
  const from = { userId: item.from_user_id ?? null, phone: item.from ?? null };
  if (userId === null && phone === null) return park('bad item: system.wa_id: expected string');
  if (from.userId === null && from.phone === null) return park('bad item: from: expected string');
  return {
    source,
    dedupeKey: messageKey(item.id),
    type: 'whatsapp.contact',
    data: { messageId: item.id, contact: becomes, at: item.timestamp },
    about: { kind: 'contact', account, ...from, profileName: null, becomes },
  };
}
