import { createHmac, randomUUID } from 'node:crypto';

import { type InboundContent, answersOurs, contentJson } from './meta/content.ts';
import { titleOf } from './meta/errors.ts';

/** Our account with Meta, as webhooks name it. */
export interface WhatsappAccount {
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
}

/** What a patient wrote, pressed or shared. */
export interface InboundMessage {
  readonly messageId: string;
  /** E.164 digits; null for people with a username. */
  readonly from: string | null;
  /** Business-scoped user id, `DE.10000000000000000001`. */
  readonly userId: string | null;
  readonly profileName: string | null;
  readonly username?: string;
  readonly content: InboundContent;
  readonly atEpochSeconds: number;
  /** The message of ours that it answers. */
  readonly replyTo?: string;
  /** Meta's own, of somebody who comes from an advertisement. */
  readonly referral?: Readonly<Record<string, unknown>>;
  /** Fields that nobody knows yet. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface DeliveryStatus {
  readonly messageId: string;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  readonly recipientPhone: string | null;
  readonly recipientUserId: string | null;
  /** What the sender gave as `biz_opaque_callback_data`. */
  readonly callbackData: string | null;
  readonly atEpochSeconds: number;
  /** For `failed`. */
  readonly errorCode?: number;
  /** Priced as one. */
  readonly isTemplate?: boolean;
}

/** The value of `X-Hub-Signature-256`: HMAC-SHA256 over the raw body with the app secret. No timestamp. */
export function signWhatsapp(body: string | Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** The value of `Stripe-Signature` at `t`, in epoch seconds. The key is the whole secret, `whsec_` included. */
export function signStripe(body: string, secret: string, t: number): string {
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

/**
 * JSON as Meta writes it: slashes and everything beyond ASCII escaped. A receiver that verifies a body it has parsed
 * and written again fails on it, as it would in production.
 */
export function metaJson(value: unknown): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value)
    .replaceAll('/', String.raw`\/`)
    .replaceAll(/[^\0-\u007F]/g, escape);
}

/** A new id in the shape of Meta's: `wamid.` and base64. */
export function newMessageId(): string {
  return `wamid.${Buffer.from(randomUUID()).toString('base64')}`;
}

/** A webhook body of Meta's with these messages, in one change as Meta batches them. */
export function whatsappInbound(
  account: WhatsappAccount,
  messages: readonly InboundMessage[],
): object {
  return notification([{ account, field: 'messages', value: inboundValue(account, messages) }]);
}

/** The same with an entry for each batch. */
export function whatsappEntries(
  batches: readonly {
    readonly account: WhatsappAccount;
    readonly messages: readonly InboundMessage[];
  }[],
): object {
  return notification(
    batches.map(({ account, messages }) => ({
      account,
      field: 'messages',
      value: inboundValue(account, messages),
    })),
  );
}

/** A webhook body of Meta's about something else than messages, `user_id_update` for one. */
export function whatsappChange(account: WhatsappAccount, field: string, value: object): object {
  return notification([{ account, field, value }]);
}

function inboundValue(account: WhatsappAccount, messages: readonly InboundMessage[]): object {
  // A system message comes without its contact.
  const people = messages.filter(({ content }) => content.kind !== 'system');
  const contacts = new Map(people.map((message) => [message.userId ?? message.from, message]));
  return addressed(account, {
    ...(contacts.size === 0 ? {} : { contacts: [...contacts.values()].map(contactJson) }),
    messages: messages.map((message) => messageJson(account, message)),
  });
}

function contactJson({ from, userId, profileName, username }: InboundMessage): object {
  return {
    profile: {
      ...(profileName === null ? {} : { name: profileName }),
      ...(username === undefined ? {} : { username }),
    },
    ...(from === null ? {} : { wa_id: from }),
    ...(userId === null ? {} : { user_id: userId }),
  };
}

function messageJson(account: WhatsappAccount, message: InboundMessage): object {
  const { messageId, from, userId, content, atEpochSeconds, referral, extra } = message;
  const replyTo = message.replyTo ?? (answersOurs(content) ? newMessageId() : undefined);
  return {
    ...(from === null ? {} : { from }),
    ...(userId === null ? {} : { from_user_id: userId }),
    id: messageId,
    timestamp: String(atEpochSeconds),
    ...(replyTo === undefined
      ? {}
      : { context: { from: account.displayPhoneNumber, id: replyTo } }),
    ...(referral === undefined ? {} : { referral }),
    ...contentJson(content),
    ...extra,
  };
}

/** A webhook body of Meta's with these delivery statuses. */
export function whatsappStatuses(
  account: WhatsappAccount,
  statuses: readonly DeliveryStatus[],
): object {
  const value = addressed(account, {
    statuses: statuses.map((status) => ({
      id: status.messageId,
      status: status.status,
      timestamp: String(status.atEpochSeconds),
      ...(status.recipientPhone === null ? {} : { recipient_id: status.recipientPhone }),
      ...(status.recipientUserId === null ? {} : { recipient_user_id: status.recipientUserId }),
      ...(status.callbackData === null ? {} : { biz_opaque_callback_data: status.callbackData }),
      pricing: {
        billable: true,
        pricing_model: 'PMP',
        category: status.isTemplate ? 'utility' : 'service',
      },
      ...(status.errorCode === undefined
        ? {}
        : {
            errors: [
              {
                code: status.errorCode,
                title: titleOf(status.errorCode),
                message: titleOf(status.errorCode),
                error_data: { details: 'Message failed to send' },
              },
            ],
          }),
    })),
  });
  return notification([{ account, field: 'messages', value }]);
}

/** A value with the number it is about. */
function addressed(account: WhatsappAccount, value: object): object {
  const metadata = {
    display_phone_number: account.displayPhoneNumber,
    phone_number_id: account.phoneNumberId,
  };
  return { messaging_product: 'whatsapp', metadata, ...value };
}

function notification(
  changes: readonly {
    readonly account: WhatsappAccount;
    readonly field: string;
    readonly value: object;
  }[],
): object {
  return {
    object: 'whatsapp_business_account',
    entry: changes.map(({ account, field, value }) => ({
      id: account.wabaId,
      changes: [{ field, value }],
    })),
  };
}

/** A webhook body of Stripe's: `object` is the session, charge or refund at that moment. */
export function stripeEvent(event: {
  readonly id: string;
  readonly type: string;
  readonly createdEpochSeconds: number;
  readonly object: object;
}): object {
  return {
    id: event.id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: event.createdEpochSeconds,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: event.type,
    data: { object: event.object },
  };
}
