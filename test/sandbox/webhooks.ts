import { createHmac, randomUUID } from 'node:crypto';

/** Our account with Meta, as webhooks name it. */
export interface WhatsappAccount {
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
}

/** What a patient wrote or pressed. */
export interface InboundMessage {
  readonly messageId: string;
  /** E.164 digits; null for people with a username. */
  readonly from: string | null;
  /** Business-scoped user id, `DE.10000000000000000001`. */
  readonly userId: string | null;
  readonly profileName: string | null;
  readonly content:
    | { readonly kind: 'text'; readonly body: string }
    | { readonly kind: 'button'; readonly id: string; readonly title: string };
  readonly atEpochSeconds: number;
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
  const contacts = new Map(messages.map((message) => [message.userId ?? message.from, message]));
  return envelope(account, {
    contacts: [...contacts.values()].map(({ from, userId, profileName }) => ({
      profile: profileName === null ? {} : { name: profileName },
      ...(from === null ? {} : { wa_id: from }),
      ...(userId === null ? {} : { user_id: userId }),
    })),
    messages: messages.map(({ messageId, from, userId, content, atEpochSeconds }) => ({
      ...(from === null ? {} : { from }),
      ...(userId === null ? {} : { from_user_id: userId }),
      id: messageId,
      timestamp: String(atEpochSeconds),
      ...(content.kind === 'text'
        ? { type: 'text', text: { body: content.body } }
        : {
            context: { from: account.displayPhoneNumber, id: newMessageId() },
            type: 'interactive',
            interactive: {
              type: 'button_reply',
              button_reply: { id: content.id, title: content.title },
            },
          }),
    })),
  });
}

/** A webhook body of Meta's with these delivery statuses. */
export function whatsappStatuses(
  account: WhatsappAccount,
  statuses: readonly DeliveryStatus[],
): object {
  return envelope(account, {
    statuses: statuses.map((status) => ({
      id: status.messageId,
      status: status.status,
      timestamp: String(status.atEpochSeconds),
      ...(status.recipientPhone === null ? {} : { recipient_id: status.recipientPhone }),
      ...(status.recipientUserId === null ? {} : { recipient_user_id: status.recipientUserId }),
      ...(status.callbackData === null ? {} : { biz_opaque_callback_data: status.callbackData }),
      pricing: { billable: true, pricing_model: 'PMP', category: 'service' },
      ...(status.errorCode === undefined
        ? {}
        : {
            errors: [
              {
                code: status.errorCode,
                title: 'Message failed',
                message: 'Message failed',
                error_data: { details: 'Message failed to send' },
              },
            ],
          }),
    })),
  });
}

function envelope(account: WhatsappAccount, value: object): object {
  const metadata = {
    display_phone_number: account.displayPhoneNumber,
    phone_number_id: account.phoneNumberId,
  };
  const change = {
    field: 'messages',
    value: { messaging_product: 'whatsapp', metadata, ...value },
  };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: account.wabaId, changes: [change] }],
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
