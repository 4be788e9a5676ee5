import * as v from 'valibot';

import type { Said } from '../../../actors/shapes/events.ts';
import { Decimal, faultOf, spare, Text } from '../../server/schema.ts';
import { contentOf, contentOfForm, contentOfMessage } from './content.ts';
import { errorCodeIn, ProviderId } from './item.ts';

/** More than any file or place is called; longer ones are of no use to anybody. */
const Label = v.pipe(Text, v.maxLength(1_000));

const media = (kind: 'image' | 'document' | 'audio' | 'video' | 'sticker') => {
  const file = v.object({
    id: ProviderId,
    // RFC 2046, 4.5.1: what bytes are when nobody says. The file's own first bytes decide later.
    mime_type: v.fallback(v.pipe(v.string(), v.maxLength(200)), 'application/octet-stream'),
    sha256: spare(v.pipe(v.string(), v.maxLength(100))),
    caption: v.optional(Text),
    filename: spare(Label),
  });
  type File = v.InferOutput<typeof file>;
  const messageOf = ({ id, mime_type: contentType, sha256, caption, filename }: File): Said => ({
    kind,
    mediaId: id,
    contentType,
    sha256: sha256 ?? null,
    ...(caption === undefined ? {} : { caption }),
    ...(filename === undefined ? {} : { filename }),
  });
  return { file, messageOf };
};
const image = media('image');
const document = media('document');
const audio = media('audio');
const video = media('video');
const sticker = media('sticker');

const Choice = v.object({ id: Text, title: spare(Text) });

/** What was filled in, as JSON in a text; some send it as it is. */
const Form = v.object({ response_json: v.unknown() });

/** A phone number, as written. */
const Written = v.pipe(Text, v.trim(), v.minLength(1), v.maxLength(64));
const Card = v.object({
  phones: spare(v.array(v.unknown())),
  vcard: spare(v.pipe(v.string(), v.maxLength(32_768))),
});
const CardPhone = v.object({ phone: spare(Written), wa_id: spare(Written) });

/** What each type of message has in it, for the types that we turn into words of our own. `button` answers a template, `interactive` what we sent ourselves. */
const Body = v.variant('type', [
  v.object({ type: v.literal('text'), text: v.object({ body: Text }) }),
  v.object({ type: v.literal('image'), image: image.file }),
  v.object({ type: v.literal('document'), document: document.file }),
  v.object({ type: v.literal('audio'), audio: audio.file }),
  v.object({ type: v.literal('video'), video: video.file }),
  v.object({ type: v.literal('sticker'), sticker: sticker.file }),
  v.object({
    type: v.literal('location'),
    location: v.object({
      latitude: Decimal,
      longitude: Decimal,
      name: spare(Label),
      address: spare(Label),
    }),
  }),
  v.object({ type: v.literal('contacts'), contacts: v.array(v.unknown()) }),
  v.object({
    type: v.literal('button'),
    button: v.object({ payload: Text, text: spare(Text) }),
  }),
  v.object({
    type: v.literal('interactive'),
    interactive: v.variant('type', [
      v.object({ type: v.literal('button_reply'), button_reply: Choice }),
      v.object({ type: v.literal('list_reply'), list_reply: Choice }),
      v.object({ type: v.literal('nfm_reply'), nfm_reply: Form }),
      v.object({ type: v.literal('call_permission_reply'), call_permission_reply: v.unknown() }),
    ]),
  }),
  v.object({ type: v.literal('order'), order: v.record(v.string(), v.unknown()) }),
  v.object({
    type: v.literal('reaction'),
    reaction: v.object({ message_id: ProviderId, emoji: v.nullish(Text) }),
  }),
]);
type Body = v.InferOutput<typeof Body>;

const mostPhones = 100;

/** The numbers on shared cards. An answer to our request for the number brings a vCard and nothing else. */
function phonesOn(cards: readonly unknown[]): string[] {
  const phones = cards.flatMap((raw) => {
    const card = v.safeParse(Card, raw);
    if (!card.success) return [];
    const listed = (card.output.phones ?? []).flatMap((entry) => {
      const parsed = v.safeParse(CardPhone, entry);
      return parsed.success ? (parsed.output.phone ?? parsed.output.wa_id ?? []) : [];
    });
    return listed.length > 0 ? listed : phonesInVcard(card.output.vcard ?? '');
  });
  return [...new Set(phones)].slice(0, mostPhones);
}

/** RFC 6350, 6.4.1, also as a URI and with the `item1.` that Apple's phones put in front. */
function phonesInVcard(vcard: string): string[] {
  return vcard.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, value] = /^(?:[\w-]{1,32}\.)?TEL(?:;[^:]*)?:(.*)$/i.exec(line) ?? [];
    const written = v.safeParse(Written, value?.replace(/^tel:/i, ''));
    return written.success ? [written.output] : [];
  });
}

const pressed = (id: string, title: string | undefined): Said => ({
  kind: 'button',
  id,
  ...(title === undefined ? {} : { title }),
});

/** As much of a patient's words as one message of ours holds. WhatsApp's own limit is 4,096. */
const longestWords = 32_768;
const longestRest = 65_536;
const within = (text: string) => text.slice(0, longestWords).toWellFormed();

function textMessage(text: string): Said {
  // An advertisement opens a conversation with a text that nobody wrote.
  if (text.trim() === '') return { kind: 'notice', type: 'empty' };
  if (text.length <= longestWords) return { kind: 'text', text };
  const rest = text.slice(longestWords, longestWords + longestRest).toWellFormed();
  return { kind: 'text', text: within(text), rest };
}

function interactiveMessage(interactive: (Body & { type: 'interactive' })['interactive']): Said {
  switch (interactive.type) {
    case 'button_reply':
      return pressed(interactive.button_reply.id, interactive.button_reply.title);
    case 'list_reply':
      return pressed(interactive.list_reply.id, interactive.list_reply.title);
    case 'nfm_reply': {
      const { response_json: filled } = interactive.nfm_reply;
      const content = contentOfForm(filled);
      return { kind: 'form', content: content ?? '' };
    }
    case 'call_permission_reply':
    default:
      return notice(interactive.type, interactive.call_permission_reply);
  }
}

function notice(type: string, about: unknown): Said {
  const content = contentOf(about);
  return { kind: 'notice', type, ...(content === undefined ? {} : { content }) };
}

function messageOf(body: Body): Said {
  switch (body.type) {
    case 'text':
      return textMessage(body.text.body);
    case 'image':
      return image.messageOf(body.image);
    case 'document':
      return document.messageOf(body.document);
    case 'audio':
      return audio.messageOf(body.audio);
    case 'video':
      return video.messageOf(body.video);
    case 'sticker':
      return sticker.messageOf(body.sticker);
    case 'location': {
      const { latitude, longitude, name, address } = body.location;
      return {
        kind: 'location',
        latitude,
        longitude,
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { address }),
      };
    }
    case 'contacts':
      return { kind: 'contacts', phones: phonesOn(body.contacts) };
    case 'button':
      return pressed(body.button.payload, body.button.text);
    case 'interactive':
      return interactiveMessage(body.interactive);
    case 'order': {
      const { text, ...ordered } = body.order;
      return {
        kind: 'order',
        content: contentOf(ordered) ?? '',
        ...(typeof text === 'string' && text.trim() !== '' ? { caption: within(text) } : {}),
      };
    }
    case 'reaction':
    default:
      // Taken back: no emoji, or an empty one.
      return {
        kind: 'reaction',
        toMessageId: body.reaction.message_id,
        emoji: body.reaction.emoji || null,
      };
  }
}

const Flawed = v.object({ type: v.string() });
const Unsupported = v.object({ unsupported: v.object({ type: v.string() }) });

/** A type is written into logs and lists: a word, and never what somebody made of it. */
const wordOf = (type: string) => (/^[\w.-]{1,100}$/.test(type) ? type : 'other');

/**
 * Words for what is done to an earlier message, or without one: votes, pins, answers to what we asked the telephone, the
 * opening of a chat. New ones of the kind end in the same way.
 */
const isNews = (word: string) =>
  /(?:^|_)(?:update|vote|votes|pin|keep_in_chat|request_welcome|reaction|receipt)$|^call_permission_reply$/.test(
    word,
  );

/** The provider's own word for what it could not pass on, where it has one. */
function unsupportedWordIn(raw: unknown): string | null {
  const told = v.safeParse(Unsupported, raw);
  return told.success ? told.output.unsupported.type : null;
}

/** What the older notice of a changed or withdrawn message says it was; null for any other message. */
export function changeIn(raw: unknown): 'edit' | 'revoke' | null {
  const word = unsupportedWordIn(raw);
  return word === 'edit' || word === 'revoke' ? word : null;
}

/**
 * What a message says. A type we do not know, and one that the provider itself could not read, keeps its content for
 * staff: it is a `notice` where it tells of something earlier, and `unsupported` where the patient waits for an answer. A
 * type we know whose body is broken is a `fault`, which names the field.
 */
export function inboundMessageIn(
  raw: unknown,
): { readonly said: Said } | { readonly fault: string } {
  const body = v.safeParse(Body, raw, { abortEarly: true });
  if (body.success) return { said: messageOf(body.output) };
  const [issue] = body.issues;
  const flawed = v.safeParse(Flawed, raw);
  if (!flawed.success) return { fault: faultOf(flawed.issues[0]) };
  const { type } = flawed.output;
  const errorCode = errorCodeIn(raw);
  const unknown = (word: string): Said =>
    isNews(word)
      ? { kind: 'notice', type: wordOf(word), ...contentOfMessage(raw) }
      : bare(raw, word, errorCode);
  const at = issue.type === 'variant' && typeof issue.input === 'string' && v.getDotPath(issue);
  if (at === 'type') return { said: unknown(unsupportedWordIn(raw) ?? type) };
  // What the provider could not pass on has no body at all.
  if (type === 'interactive' && at !== 'interactive.type')
    return { said: bare(raw, type, errorCode) };
  if (at === 'interactive.type')
    return { said: bare(raw, `${type}.${String(issue.input)}`, errorCode) };
  return errorCode === null ? { fault: faultOf(issue) } : { said: bare(raw, type, errorCode) };
}

/** Something new whose content is not ours to understand. */
const bare = (raw: unknown, word: string, errorCode: string | null): Said => ({
  kind: 'unsupported',
  type: wordOf(word),
  errorCode,
  ...contentOfMessage(raw),
});
