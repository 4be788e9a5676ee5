import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import { eventSchemas } from '../../../actors/shapes/events.ts';
import { contentKey, messageKey, unroutable } from '../../server/pipeline.ts';
import { faultOf, spare } from '../../server/schema.ts';
import { changeIn, inboundMessageIn } from './inbound-message.ts';
import { Metadata, ProviderId, source, Timestamp, Word } from './item.ts';
import { contactDelivery, personOf } from './messages.ts';

// Changes of other fields than `messages` that a case hears of. What is not read here is kept whole, with its reason.

/** Items of one change that get a delivery each. */
const mostItems = 1_000;

const Value = v.object({ metadata: Metadata });

/** Who answered on the telephone beside us: a message of ours, as far as the patient sees it. */
const Echo = v.object({
  id: ProviderId,
  timestamp: Timestamp,
  type: Word,
  to: spare(ProviderId),
  to_user_id: spare(ProviderId),
});

function echoDelivery(raw: unknown, account: string): Delivery {
  const unroutableFor = (reason: string) =>
    unroutable(source, contentKey(raw), 'smb_message_echoes', raw, reason);
  const parsed = v.safeParse(Echo, raw, { abortEarly: true });
  if (!parsed.success) return unroutableFor(`bad item: ${faultOf(parsed.issues[0])}`);
  const { id, timestamp, type, to, to_user_id } = parsed.output;
  const { userId = null, phone = null } = personOf(to_user_id, to);
  if (userId === null && phone === null) return unroutableFor('bad item: to: expected string');
  const changed = type === 'edit' || type === 'revoke' || changeIn(raw) !== null;
  const read = changed ? null : inboundMessageIn(raw);
  if (read === null || 'fault' in read)
    return unroutableFor(
      read === null ? `echo of type ${type.slice(0, 100)}` : `bad item: ${read.fault}`,
    );
  const event = v.safeParse(eventSchemas['whatsapp.echoed'], {
    messageId: id,
    at: timestamp,
    message: read.said,
  });
  if (!event.success) return unroutableFor(`bad item: ${faultOf(event.issues[0])}`);
  return {
    source,
    dedupeKey: messageKey(id),
    type: 'whatsapp.echoed',
    data: event.output,
    about: { kind: 'contact', account, userId, phone, profileName: null, opens: false },
  };
}

const Preference = v.object({
  wa_id: spare(ProviderId),
  user_id: spare(ProviderId),
  value: Word,
  timestamp: Timestamp,
});

/**
 * Pressed in WhatsApp's own menu. A stop is a stop by whichever door it comes: our texts say that STOP ends everything, and
 * who presses it there must not have to write it as well. It begins no case; what else one can press begins and ends nothing.
 */
function preferenceDelivery(raw: unknown, account: string): Delivery {
  const unroutableFor = (reason: string) =>
    unroutable(source, contentKey({ account, raw }), 'user_preferences', raw, reason);
  const parsed = v.safeParse(Preference, raw, { abortEarly: true });
  if (!parsed.success) return unroutableFor(`bad item: ${faultOf(parsed.issues[0])}`);
  const { wa_id, user_id, value, timestamp: at } = parsed.output;
  const { userId = null, phone = null } = personOf(user_id, wa_id);
  if (userId === null && phone === null) return unroutableFor('bad item: wa_id: expected string');
  if (value !== 'stop') return unroutableFor(`preference ${value.slice(0, 100)}`);
  const dedupeKey = contentKey({ account, userId, phone, value, at });
  return {
    source,
    dedupeKey,
    type: 'whatsapp.inbound',
    data: {
      messageId: dedupeKey,
      message: { kind: 'text', text: 'STOP' },
      lang: null,
      at,
      from: { userId, phone },
      profileName: null,
    },
    about: { kind: 'contact', account, userId, phone, profileName: null, opens: false },
  };
}

/** Meta withdrew this field; resellers pass one of the name on, each in a form of its own. */
const UserIdUpdate = v.object({
  wa_id: spare(ProviderId),
  timestamp: Timestamp,
  user_id: v.object({ previous: spare(ProviderId), current: ProviderId }),
});

function userIdDelivery(raw: unknown, account: string): Delivery {
  const parsed = v.safeParse(UserIdUpdate, raw, { abortEarly: true });
  const key = contentKey({ account, raw });
  if (!parsed.success) {
    const reason = `bad item: ${faultOf(parsed.issues[0])}`;
    return unroutable(source, key, 'user_id_update', raw, reason);
  }
  const { wa_id, timestamp: at, user_id } = parsed.output;
  const from = personOf(user_id.previous, wa_id);
  if (from.userId === undefined && from.phone === undefined)
    return unroutable(source, key, 'user_id_update', raw, 'bad item: wa_id: expected string');
  return contactDelivery({
    key,
    messageId: key,
    at,
    account,
    from: { userId: from.userId ?? null, phone: from.phone ?? null },
    becomes: { userId: user_id.current, phone: null },
  });
}

const readers: ReadonlyMap<
  string,
  readonly [items: string, read: (item: unknown, account: string) => Delivery]
> = new Map([
  ['smb_message_echoes', ['message_echoes', echoDelivery]],
  ['user_preferences', ['user_preferences', preferenceDelivery]],
  ['user_id_update', ['user_id_update', userIdDelivery]],
]);

/** What a change of this field says to cases; null where it says nothing to any, or not in a form that we can read. */
export function fieldDeliveries(field: string, value: unknown): Delivery[] | null {
  const [name, read] = readers.get(field) ?? [];
  if (name === undefined || read === undefined) return null;
  const whose = v.safeParse(Value, value);
  const items = (value as Readonly<Record<string, unknown>> | null)?.[name];
  if (!whose.success || !Array.isArray(items) || items.length === 0 || items.length > mostItems)
    return null;
  const account = whose.output.metadata.phone_number_id;
  return items.map((item) => read(item, account));
}

/** The words by which changes of an account say what happened. */
const Said = v.object({
  event: spare(Word),
  new_category: spare(Word),
  new_quality_score: spare(Word),
});

/** Why a change is kept for staff: its field, and what it says happened, as far as that is a word. */
export function reasonOfField(field: string, value: unknown): string {
  const known = /^[a-z_]{1,60}$/.test(field) ? field : 'unnamed';
  const said = v.safeParse(Said, value);
  const { event, new_category, new_quality_score } = said.success ? said.output : {};
  const word = event ?? new_category ?? new_quality_score;
  const told = word !== undefined && /^\w{1,60}$/.test(word) ? `${known} ${word}` : known;
  return `unknown event type: ${told}`;
}
