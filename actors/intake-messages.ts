import { createHash } from 'node:crypto';

import type { Sending } from './kernel/kernel.ts';
import type { MessageClue } from './ports/directory.ts';
import type { Delivery } from './ports/intake.ts';
import { untaggedButton } from './routing.ts';
import type { EventData } from './shapes/events.ts';

// What the intake reads in a patient's message before its case does.

/** What a patient wrote, in a text or under a file. */
export function wordsOf(message: EventData['whatsapp.inbound']['message']): string | undefined {
  if (message.kind === 'text') return message.text;
  return 'caption' in message ? message.caption : undefined;
}

/** The id of a pressed button. */
export function buttonIn({ type, data }: Delivery): string | null {
  if (type !== 'whatsapp.inbound') return null;
  const { message } = data as EventData['whatsapp.inbound'];
  return message.kind === 'button' ? message.id : null;
}

/** As it was sent to the patient, but for the case that we wrote behind a button's id. */
export function withoutTag(delivery: Delivery): Delivery {
  const id = buttonIn(delivery);
  if (id === null) return delivery;
  const inbound = delivery.data as EventData['whatsapp.inbound'];
  const message = { ...inbound.message, id: untaggedButton(id).id };
  return { ...delivery, data: { ...inbound, message } };
}

/** What in a message says which case it is for. A message is stored under the hash of its id. */
export function clueOf({ source, dedupeKey, data }: Delivery, tenant: string): MessageClue {
  const { replyTo, originalMessageId, message } = data as {
    readonly replyTo?: string;
    readonly originalMessageId?: string | null;
    readonly message?: { readonly kind: string; readonly toMessageId?: string } | null;
  };
  const original = originalMessageId ?? null;
  return {
    tenant,
    source,
    dedupeKeys: [dedupeKey, ...(original === null ? [] : [messageKey(original)])],
    answers: replyTo ?? message?.toMessageId ?? null,
  };
}

/** As the edge keys messages. */
const messageKey = (messageId: string): string =>
  `sha256:${createHash('sha256').update(messageId).digest('hex')}`;

/** The first that we hear of somebody is no change of anything: they said it now. */
export function asFirst(delivery: Delivery): Delivery {
  if (delivery.type !== 'whatsapp.edited') return delivery;
  const {
    originalMessageId: _,
    message,
    ...edited
  } = delivery.data as EventData['whatsapp.edited'];
  const unread = { kind: 'unsupported', type: 'edit', errorCode: null } as const;
  return { ...delivery, type: 'whatsapp.inbound', data: { ...edited, message: message ?? unread } };
}

/**
 * Providers repeat a message with more in it: an id of its sender, a name, an address of the file, where it led to. It is the
 * same message as long as it says the same.
 */
export function samenessOf({ type, data }: Delivery): Pick<Sending, 'sameness'> {
  if (type !== 'whatsapp.inbound' && type !== 'whatsapp.edited') return {};
  const { messageId, message } = data as EventData['whatsapp.inbound' | 'whatsapp.edited'];
  if (message === null) return { sameness: { messageId } };
  const { kind } = message;
  const says =
    'text' in message
      ? message.text
      : 'mediaId' in message
        ? message.mediaId
        : 'id' in message
          ? message.id
          : null;
  return { sameness: { messageId, kind, says } };
}

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
export function languageOfNumber(phone: string | null): string {
  return languagesByCallingCode.find(([prefix]) => phone?.startsWith(prefix))?.[1] ?? 'en';
}
