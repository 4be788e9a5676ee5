import * as v from 'valibot';

import { Code, Count, Id, Time, type Shape } from './basics.ts';
import { paymentProviders } from './payments.ts';
import { staffBodies } from './staff-events.ts';

/**
 * What can reach a case from outside: one schema for each event type, and the only definition of it.
 * Unknown keys are dropped, so that a newer writer does not break an older reader.
 */

/** Written into every entry; raise it when a schema below changes in a way that an older reader cannot take. */
export const SCHEMA_VERSION = 3;

/** A patient's words in one message. */
const Words = v.pipe(v.string(), v.maxLength(32_768));

const mediaFile = {
  mediaId: Id,
  /** MIME type, as claimed. */
  contentType: v.pipe(v.string(), v.maxLength(200)),
  /** SHA-256, base64; null where the provider does not say. */
  sha256: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  caption: v.exactOptional(Words),
  filename: v.exactOptional(v.pipe(v.string(), v.maxLength(1_000))),
};

/** What came in a form that we have no shape for, as lines of `name: value`, cut. For staff; no machine reads it. */
const Content = v.pipe(v.string(), v.maxLength(4_096));

/** What a patient can send. */
export const Said = v.variant('kind', [
  v.object({
    kind: v.literal('text'),
    text: Words,
    /** What `text` had no room for: nobody writes so much, but what was pasted is kept for staff. */
    rest: v.exactOptional(v.pipe(v.string(), v.maxLength(65_536))),
  }),
  /** `id` is the one we gave the button or the row of a list; `title` is what stood there. */
  v.object({
    kind: v.literal('button'),
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
    title: v.exactOptional(Words),
  }),
  v.object({ kind: v.literal('image'), ...mediaFile }),
  v.object({ kind: v.literal('document'), ...mediaFile }),
  v.object({ kind: v.literal('audio'), ...mediaFile }),
  v.object({ kind: v.literal('video'), ...mediaFile }),
  v.object({ kind: v.literal('sticker'), ...mediaFile }),
  v.object({
    kind: v.literal('location'),
    latitude: v.pipe(v.number(), v.minValue(-90), v.maxValue(90)),
    longitude: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
    name: v.exactOptional(Words),
    address: v.exactOptional(Words),
  }),
  /** Shared contact cards: their numbers as written. */
  v.object({ kind: v.literal('contacts'), phones: v.pipe(v.array(Words), v.maxLength(100)) }),
  /** `emoji` is null when it was taken back. */
  v.object({ kind: v.literal('reaction'), toMessageId: Id, emoji: v.nullable(Words) }),
  /** Ordered from a catalogue, with the patient's words if there are any. */
  v.object({ kind: v.literal('order'), content: Content, caption: v.exactOptional(Words) }),
  /** A form that was filled in. */
  v.object({ kind: v.literal('form'), content: Content }),
  /**
   * Nobody spoke: the provider tells of something done to an earlier message (a vote, a permission to call), or that the
   * conversation was opened. It needs no answer.
   */
  v.object({ kind: v.literal('notice'), type: Code, content: v.exactOptional(Content) }),
  /** Anything else: `type` is the provider's word for it. A file without its bytes has the word of that file: `image`. */
  v.object({
    kind: v.literal('unsupported'),
    type: Code,
    errorCode: v.nullable(Code),
    content: v.exactOptional(Content),
  }),
]);
export type Said = Shape<typeof Said>;

/** Who a message is from, and when. */
const fromPatient = {
  messageId: Id,
  /** By the provider's clock, in whole seconds. */
  at: Time,
  /** At least one of the two is there. */
  from: v.pipe(
    v.object({ userId: v.nullable(Id), phone: v.nullable(Id) }),
    v.check(({ userId, phone }) => userId !== null || phone !== null),
  ),
  profileName: v.nullable(v.string()),
};

/** A patient sent something. PHI. */
const WhatsappInbound = v.object({
  ...fromPatient,
  message: Said,
  /** BCP 47 primary tag; null where the words do not tell. */
  lang: v.nullable(v.string()),
  /** The message it answers, where the patient said so. */
  replyTo: v.exactOptional(Id),
});

/**
 * A patient changed a message. PHI. The provider may tell no more than that: then `message` is null, or
 * `originalMessageId` is. It has an id of its own.
 */
const WhatsappEdited = v.object({
  ...fromPatient,
  originalMessageId: v.nullable(Id),
  /** What it says now. */
  message: v.nullable(Said),
  /** Of the new words. */
  lang: v.nullable(v.string()),
});

/** A patient took a message back. */
const WhatsappRevoked = v.object({ ...fromPatient, originalMessageId: v.nullable(Id) });

/** A colleague wrote to the patient from the telephone, beside us. PHI. */
const WhatsappEchoed = v.object({ messageId: Id, at: Time, message: Said });

/** The provider says that a patient's number or id is another now. PHI. What is null stays as it was. */
const WhatsappContact = v.object({
  messageId: Id,
  contact: v.object({ userId: v.nullable(Id), phone: v.nullable(Id) }),
  at: Time,
});

/** What became of a message we sent. Arrives in any order: `read` may come before `delivered`. */
const WhatsappStatus = v.object({
  messageId: Id,
  /** The effect that sent it, as the provider echoes it. */
  effectId: v.nullable(Id),
  status: v.picklist(['sent', 'delivered', 'read', 'played', 'failed']),
  errorCode: v.nullable(Code),
  at: Time,
});

/**
 * A provider speaks of a payment. Nobody believes it: the payment is read from the provider itself before anything is done.
 * `notice` says what to look for, and `bookingId` is ours, as the provider kept it.
 */
const PaymentNotified = v.object({
  provider: v.picklist(paymentProviders),
  notice: v.picklist([
    'paid',
    'pending',
    'failed',
    'expired',
    'refund',
    'dispute',
    // The patient came back from the provider's page. Anybody can say that.
    'returned',
    // Reconciliation found a difference.
    'reconciled',
  ]),
  /** Null where the provider only named its payment, and the books did not know it. */
  bookingId: v.nullable(Id),
  checkoutId: v.nullable(Id),
  paymentId: v.nullable(Id),
  at: Time,
});

/** An integrator speaks of an invoice; `code` is the authority's or its own. */
const EfaturaStatusUpdate = v.object({
  invoiceId: Id,
  status: v.picklist(['submitted', 'accepted', 'rejected', 'archived']),
  code: v.optional(v.nullable(Code), null),
  at: v.exactOptional(Time),
});

const DocumentUploaded = v.object({
  caseId: Id,
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(1_024)),
  /** Bytes. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  checksum: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
});

/** The form for a trip's travellers was filled in. What stands in it is kept elsewhere, under this version. */
const TravellersGiven = v.object({ bookingId: Id, version: Count, count: Count, at: Time });

/** A fact of a kind we have no word for, kept as it came. `providerType` is `<source>.<the provider's own word>`. */
const Unknown = v.object({
  providerType: v.pipe(v.string(), v.maxLength(200)),
  body: v.unknown(),
});

/** The schema of each event type's `data`. */
export const eventSchemas = {
  'whatsapp.inbound': WhatsappInbound,
  'whatsapp.edited': WhatsappEdited,
  'whatsapp.revoked': WhatsappRevoked,
  'whatsapp.echoed': WhatsappEchoed,
  'whatsapp.contact': WhatsappContact,
  'whatsapp.status': WhatsappStatus,
  'payment.notified': PaymentNotified,
  'efatura.status.update': EfaturaStatusUpdate,
  'document.uploaded': DocumentUploaded,
  'travellers.given': TravellersGiven,
  ...staffBodies,
  unknown: Unknown,
} as const;

export type EventType = keyof typeof eventSchemas;

/** The `data` of each event type. */
export type EventData = { [Type in EventType]: Shape<(typeof eventSchemas)[Type]> };

/** Whether we have a word for it. Own keys only: `constructor` is no event type. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventSchemas, type);
}
