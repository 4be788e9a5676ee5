import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { Deliveries } from './delivery.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  digestOf,
  jsonIn,
} from './simulator.ts';
import {
  type InboundMessage,
  type WhatsappAccount,
  metaJson,
  newMessageId,
  signWhatsapp,
  whatsappInbound,
  whatsappStatuses,
} from './webhooks.ts';

/** What a patient has got from us. */
export interface SentMessage {
  readonly messageId: string;
  readonly at: string;
  /** Phone number or user id, whichever it was sent to. */
  readonly to: string;
  readonly kind: 'text' | 'buttons';
  readonly body: string;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
  readonly effectId: string | null;
}

export interface MetaOptions {
  readonly account: WhatsappAccount;
  readonly accessToken: string;
  readonly appSecret: string;
  readonly ledger: SandboxLedger;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
}

export interface MetaSimulator extends Simulator {
  /** Messages to one patient, in order. */
  sentTo(to: string): readonly SentMessage[];
  /** Posts what a patient wrote to us, signed. */
  receive(message: InboundMessage, maxAttempts?: number): ReturnType<Deliveries['deliver']>;
}

const Digits = v.pipe(v.string(), v.regex(/^\+?\d{6,15}$/));
const UserId = v.pipe(v.string(), v.regex(/^[A-Z]{2}\.(ENT\.)?\d{5,30}$/));
const common = {
  messaging_product: v.literal('whatsapp'),
  recipient_type: v.optional(v.literal('individual')),
  to: v.optional(Digits),
  recipient: v.optional(UserId),
  biz_opaque_callback_data: v.optional(v.pipe(v.string(), v.maxLength(512))),
  context: v.optional(v.strictObject({ message_id: v.string() })),
};
const Text = (limit: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(limit));
const Reply = v.strictObject({ id: Text(256), title: Text(20) });
const Message = v.pipe(
  v.variant('type', [
    v.strictObject({
      ...common,
      type: v.literal('text'),
      text: v.strictObject({ body: Text(4_096), preview_url: v.optional(v.boolean()) }),
    }),
    v.strictObject({
      ...common,
      type: v.literal('interactive'),
      interactive: v.strictObject({
        type: v.literal('button'),
        body: v.strictObject({ text: Text(1_024) }),
        action: v.strictObject({
          buttons: v.pipe(
            v.array(v.strictObject({ type: v.literal('reply'), reply: Reply })),
            v.minLength(1),
            v.maxLength(3),
          ),
        }),
      }),
    }),
  ]),
  v.check(({ to, recipient }) => to !== undefined || recipient !== undefined, 'to is required'),
);

/** WhatsApp Cloud API. Applies every message it accepts: there is no idempotency key, as with the real one. */
export function metaSimulator(options: MetaOptions): MetaSimulator {
  const { account, accessToken, appSecret, ledger, deliveries, webhookUrl } = options;
  const path = new RegExp(`^/v\\d+\\.0/${account.phoneNumberId}/messages$`);
  const sent: SentMessage[] = ledger
    .read()
    .filter(({ provider, kind }) => provider === 'whatsapp' && kind === 'message')
    .map(({ detail }) => detail as unknown as SentMessage);

  function signed(content: object) {
    return () => {
      const url = webhookUrl();
      if (url === undefined) return null;
      const body = metaJson(content);
      return {
        url,
        body,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': signWhatsapp(body, appSecret),
        },
      };
    };
  }

  async function postStatuses(
    message: v.InferOutput<typeof Message>,
    messageId: string,
  ): Promise<void> {
    for (const status of ['sent', 'delivered'] as const) {
      const one = {
        messageId,
        status,
        recipientPhone: message.to ?? null,
        recipientUserId: message.to === undefined ? (message.recipient ?? null) : null,
        callbackData: message.biz_opaque_callback_data ?? null,
        atEpochSeconds: Math.floor(Date.now() / 1_000),
      };
      await deliveries.deliver(signed(whatsappStatuses(account, [one])));
    }
  }

  async function send(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const checked = v.safeParse(Message, jsonIn(request.body));
    if (!checked.success) return invalid(v.getDotPath(checked.issues[0]) ?? 'body');
    await pause();
    const message = checked.output;
    const to = message.to?.replace('+', '') ?? message.recipient ?? '';
    const key = message.biz_opaque_callback_data ?? null;
    const one: SentMessage = {
      messageId: newMessageId(),
      at: new Date().toISOString(),
      to,
      ...(message.type === 'text'
        ? { kind: 'text', body: message.text.body, buttons: [] }
        : {
            kind: 'buttons',
            body: message.interactive.body.text,
            buttons: message.interactive.action.buttons.map(({ reply }) => reply),
          }),
      effectId: key,
    };
    ledger.append({
      provider: 'whatsapp',
      kind: 'message',
      key,
      digest: digestOf(request.body),
      detail: { ...one },
    });
    sent.push(one);
    setImmediate(() => void postStatuses(message, one.messageId));
    const contact = message.to === undefined ? { user_id: to } : { wa_id: to };
    return {
      status: 200,
      body: {
        messaging_product: 'whatsapp',
        contacts: [{ input: message.to ?? to, ...contact }],
        messages: [{ id: one.messageId, message_status: 'accepted' }],
      },
    };
  }

  return {
    provider: 'whatsapp',
    find(request) {
      if (request.method !== 'POST' || !path.test(request.url.pathname)) return undefined;
      const authorised = bearerIs(request, accessToken);
      return { name: 'send', authorised, perform: (pause) => send(request, pause) };
    },
    error: graphError,
    sentTo: (to) => sent.filter((message) => message.to === to),
    receive: (message, maxAttempts) =>
      deliveries.deliver(signed(whatsappInbound(account, [message])), maxAttempts),
  };
}

const USUAL_CODES: Readonly<Record<number, number>> = { 401: 190, 429: 130429, 503: 131016 };

function graphError(status: number, code: string | number = USUAL_CODES[status] ?? 131000): Reply {
  const message = `(#${code}) Simulated`;
  return {
    status,
    body: {
      error: {
        message,
        type: 'OAuthException',
        code: Number(code),
        error_data: { messaging_product: 'whatsapp', details: message },
        fbtrace_id: randomUUID(),
      },
    },
  };
}

function invalid(parameter: string): Reply {
  const details = `Invalid parameter: ${parameter}`;
  return {
    status: 400,
    body: {
      error: {
        message: '(#100) Invalid parameter',
        type: 'OAuthException',
        code: 100,
        error_data: { messaging_product: 'whatsapp', details },
        fbtrace_id: randomUUID(),
      },
    },
  };
}
