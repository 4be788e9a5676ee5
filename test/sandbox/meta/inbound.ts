import * as v from 'valibot';

import { type InboundMessage, newMessageId } from '../webhooks.ts';
import type { InboundContent, InboundFile } from './content.ts';
import type { MediaShelf } from './media.ts';

const Base64 = v.pipe(v.string(), v.base64());
/** Either bytes to be kept or the id of a medium that is kept already. */
const file = {
  base64: v.optional(Base64),
  mediaId: v.optional(v.string()),
  mimeType: v.pipe(v.string(), v.regex(/^[\w.+-]+\/[\w.+-]+(;.*)?$/)),
};
const caption = v.optional(v.string());
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Exactly one of these is what the patient sent. */
const contents = {
  text: v.optional(v.string()),
  button: v.optional(v.strictObject({ id: v.string(), title: v.string() })),
  list: v.optional(
    v.strictObject({ id: v.string(), title: v.string(), description: v.optional(v.string()) }),
  ),
  quickReply: v.optional(v.strictObject({ payload: v.string(), text: v.string() })),
  image: v.optional(v.strictObject({ ...file, caption })),
  document: v.optional(v.strictObject({ ...file, caption, filename: v.optional(v.string()) })),
  audio: v.optional(v.strictObject({ ...file, voice: v.optional(v.boolean()) })),
  video: v.optional(v.strictObject({ ...file, caption })),
  sticker: v.optional(v.strictObject({ ...file, animated: v.optional(v.boolean()) })),
  location: v.optional(
    v.strictObject({
      latitude: v.number(),
      longitude: v.number(),
      name: v.optional(v.string()),
      address: v.optional(v.string()),
      url: v.optional(v.string()),
    }),
  ),
  contacts: v.optional(v.array(v.looseObject({}))),
  reaction: v.optional(v.strictObject({ messageId: v.string(), emoji: v.nullable(v.string()) })),
  order: v.optional(v.looseObject({})),
  unsupported: v.optional(v.strictObject({ code: v.optional(Whole, 131051) })),
  system: v.optional(
    v.strictObject({ waId: v.string(), body: v.optional(v.string(), 'User changed number') }),
  ),
};

const message = {
  ...contents,
  /** E.164 digits; null or absent for people with a username. */
  from: v.nullish(v.string()),
  userId: v.nullish(v.string()),
  profileName: v.nullish(v.string()),
  username: v.optional(v.string()),
  /** Epoch seconds; now if absent. */
  timestamp: v.optional(Whole),
  messageId: v.optional(v.string()),
  /** The message of ours that it answers; buttons answer one anyway. */
  replyTo: v.optional(v.string()),
  /** Meta's `referral`, of somebody who comes from an advertisement. */
  referral: v.optional(v.looseObject({})),
  /** Fields of the message that nobody knows yet. */
  extra: v.optional(v.record(v.string(), v.unknown())),
};
const kinds = Object.keys(contents);
const hasOneContent = (body: object) => kinds.filter((kind) => kind in body).length === 1;
const oneContent = `exactly one of ${kinds.join(', ')}`;

/** Body of `POST /_sandbox/whatsapp/inbound`: what a patient sends. */
export const Inbound = v.pipe(
  v.strictObject({
    ...message,
    /** How often the webhook is tried; until it is answered 2xx, if absent. */
    maxAttempts: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  }),
  v.check((sent) => hasOneContent(sent), oneContent),
);

/** Body of `POST /_sandbox/whatsapp/inbound-batch`: one webhook with all of them. */
export const InboundBatch = v.pipe(
  v.array(
    v.pipe(
      v.strictObject({
        ...message,
        /** Which `entry` of the webhook it is in: 0 if absent. */
        entry: v.optional(Whole, 0),
        /** The number it was sent to, if not ours. */
        phoneNumberId: v.optional(v.string()),
      }),
      v.check((sent) => hasOneContent(sent), oneContent),
    ),
  ),
  v.minLength(1),
);

/** Files in it are kept, and named by their ids. */
export function inboundMessage(
  body: Omit<v.InferOutput<typeof Inbound>, 'maxAttempts'>,
  media: MediaShelf,
  nowMs: number,
): InboundMessage {
  const { username, referral, extra, replyTo } = body;
  return {
    messageId: body.messageId ?? newMessageId(),
    from: body.from ?? null,
    userId: body.userId ?? null,
    profileName: body.profileName ?? null,
    content: contentOf(body, media),
    atEpochSeconds: body.timestamp ?? Math.floor(nowMs / 1_000),
    ...(username === undefined ? {} : { username }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(referral === undefined ? {} : { referral }),
    ...(extra === undefined ? {} : { extra }),
  };
}

function contentOf(
  body: Omit<v.InferOutput<typeof Inbound>, 'maxAttempts'>,
  media: MediaShelf,
): InboundContent {
  if (body.text !== undefined) return { kind: 'text', body: body.text };
  if (body.button) return { kind: 'button', ...body.button };
  if (body.list) return { kind: 'list', ...body.list };
  if (body.quickReply) return { kind: 'quick-reply', ...body.quickReply };
  for (const kind of ['image', 'document', 'audio', 'video', 'sticker'] as const) {
    const one = body[kind];
    if (one) return { kind, ...fileOf(one, media) };
  }
  if (body.location) return { kind: 'location', ...body.location };
  if (body.contacts) return { kind: 'contacts', contacts: body.contacts };
  if (body.reaction) return { kind: 'reaction', ...body.reaction };
  if (body.order) return { kind: 'order', order: body.order };
  if (body.unsupported) return { kind: 'unsupported', code: body.unsupported.code };
  if (body.system) return { kind: 'system', ...body.system };
  throw new Error('A message without content');
}

function fileOf(
  {
    base64,
    mediaId,
    mimeType,
    ...more
  }: {
    readonly base64?: string | undefined;
    readonly mediaId?: string | undefined;
    readonly mimeType: string;
    readonly caption?: string | undefined;
    readonly filename?: string | undefined;
    readonly voice?: boolean | undefined;
    readonly animated?: boolean | undefined;
  },
  media: MediaShelf,
): InboundFile {
  const kept =
    base64 === undefined
      ? media.find(mediaId ?? '')
      : media.store(Buffer.from(base64, 'base64'), {
          mimeType,
          filename: more.filename ?? null,
          from: 'patient',
        });
  if (!kept) {
    // A webhook may well name a file that is gone by the time it is fetched.
    return { ...more, mediaId: mediaId ?? '0', mimeType, sha256: '' };
  }
  return {
    ...more,
    mediaId: kept.id,
    mimeType,
    sha256: Buffer.from(kept.sha256, 'hex').toString('base64'),
  };
}
