import * as v from 'valibot';

import type { Deliveries } from './delivery.ts';
import type { SandboxLedger } from './ledger.ts';
import { graphError, injectedError, invalidParameter } from './meta/errors.ts';
import { type MediaShelf, createMedia } from './meta/media.ts';
import {
  type Message,
  ReadMark,
  type RegisteredTemplate,
  type SentMessage,
  messageIn,
  shownOf,
} from './meta/messages.ts';
import { type People, createPeople } from './meta/people.ts';
import { type Rules, createGate, usualRules } from './meta/rules.ts';
import { type StatusPlan, type StatusWord, createStatusPlans, planned } from './meta/statuses.ts';
import { type Tokens, createTokens } from './meta/tokens.ts';
import { type Reply, type SandboxRequest, type Simulator, digestOf, jsonIn } from './simulator.ts';
import {
  type DeliveryStatus,
  type InboundMessage,
  type WhatsappAccount,
  metaJson,
  newMessageId,
  signWhatsapp,
  whatsappChange,
  whatsappEntries,
  whatsappStatuses,
} from './webhooks.ts';
export type { SentMessage } from './meta/messages.ts';

export interface MetaOptions {
  readonly account: WhatsappAccount;
  readonly accessToken: string;
  readonly appId: string;
  readonly appSecret: string;
  /** Life of an exchanged token. */
  readonly tokenSeconds: number;
  /** What templates are approved; any, if undefined. */
  readonly templates: readonly RegisteredTemplate[] | undefined;
  readonly rules: Partial<Rules>;
  readonly ledger: SandboxLedger;
  /** Where media are kept. */
  readonly mediaFolder: string;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
  readonly origin: () => string;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface MetaSimulator extends Simulator {
  readonly media: MediaShelf;
  readonly people: People;
  readonly tokens: Pick<Tokens, 'revoke' | 'restore'>;
  /** Messages that one patient got, by any address of theirs, in order. */
  sentTo(to: string): readonly SentMessage[];
  /** Posts what patients sent to us in one signed webhook, an entry for each batch. */
  receive(
    batches: readonly {
      readonly account: WhatsappAccount;
      readonly messages: readonly InboundMessage[];
    }[],
    maxAttempts?: number,
  ): ReturnType<Deliveries['deliver']>;
  /** Posts a change of another field than `messages`. */
  tell(field: string, value: object): ReturnType<Deliveries['deliver']>;
  /** Posts one status of a message now. Undefined when there is no such message. */
  report(
    messageId: string,
    status: StatusWord,
    errorCode?: number,
  ): ReturnType<Deliveries['deliver']> | undefined;
  planStatuses(plan: StatusPlan): void;
  /** These templates are approved from now on; null takes any. */
  approve(templates: readonly RegisteredTemplate[] | null): void;
  /** Answers with what holds from now on. */
  changeRules(change: Partial<Rules>): Rules;
  /** How often it refused a call by itself, faults aside, by code. */
  refusals(): Readonly<Record<string, number>>;
}

/** What came of a send that was accepted. */
interface Outcome {
  readonly message: SentMessage;
  readonly failsWith: number | null;
}

/** WhatsApp Cloud API. Applies every message it accepts: there is no idempotency key, as with the real one. */
export function metaSimulator(options: MetaOptions): MetaSimulator {
  const { account, appSecret, ledger, deliveries, webhookUrl, now } = options;
  const messagesPath = new RegExp(`^/v\\d+\\.0/${account.phoneNumberId}/messages$`);
  const counted = new Map<number, number>();
  const refuse = (code: number) => void counted.set(code, (counted.get(code) ?? 0) + 1);
  const tokens = createTokens(options);
  const media = createMedia({
    ...options,
    folder: options.mediaFolder,
    phoneNumberId: account.phoneNumberId,
    secret: appSecret,
    refuse,
  });
  const people = createPeople(ledger);
  const gate = createGate();
  const plans = createStatusPlans();
  const { byId, sentTo, keep } = outbox(ledger);
  let { templates } = options;
  let rules: Rules = { ...usualRules, ...options.rules };

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

  function statusOf(message: SentMessage, status: StatusWord, errorCode?: number): DeliveryStatus {
    const isPhone = /^\d+$/.test(message.to);
    return {
      messageId: message.messageId,
      status,
      recipientPhone: isPhone ? message.to : null,
      recipientUserId: isPhone ? null : message.to,
      callbackData: message.effectId,
      atEpochSeconds: Math.floor(now() / 1_000),
      isTemplate: message.kind === 'template',
      ...(status === 'failed' ? { errorCode: errorCode ?? 131000 } : {}),
    };
  }

  const post = (message: SentMessage, status: StatusWord, errorCode?: number) =>
    deliveries.deliver(signed(whatsappStatuses(account, [statusOf(message, status, errorCode)])));

  async function postStatuses(outcome: Outcome, plan: StatusPlan): Promise<void> {
    for (const status of planned(plan)) {
      await post(outcome.message, status, outcome.failsWith ?? undefined);
    }
  }

  function refused(reply: Reply): Reply {
    refuse((reply.body as { error: { code: number } }).error.code);
    return reply;
  }

  async function send(
    request: SandboxRequest,
    body: unknown,
    pause: () => Promise<void>,
  ): Promise<Reply> {
    const message = messageIn(body);
    if ('wrong' in message) return refused(invalidParameter(message.wrong));
    await pause();
    const shown = shownOf(message, {
      templates,
      mediaOf: (id) => media.find(id),
      suits: (type, mimeType) => media.suits(type, mimeType),
    });
    if ('code' in shown) return refused(graphError(shown.code, shown.details));
    const to = addressOf(message);
    const verdict = gate.admit(
      {
        person: people.nameOf(to),
        heardAtMs: people.heardAtMs(to),
        isTemplate: message.type === 'template',
      },
      rules,
      now(),
    );
    if (verdict.refused !== null) return refused(graphError(verdict.refused));
    if (verdict.fails !== null) refuse(verdict.fails);

    const usual = plans.next(people.addressesOf(to));
    const failsWith = verdict.fails ?? usual.failWith ?? null;
    const plan = failsWith === null ? usual : { ...usual, failWith: failsWith };
    const effectId = message.biz_opaque_callback_data ?? null;
    const one: SentMessage = {
      messageId: newMessageId(),
      at: new Date(now()).toISOString(),
      to,
      ...shown,
      replyTo: message.context?.message_id ?? null,
      effectId,
    };
    const outcome = { message: one, failsWith };
    ledger.append({
      provider: 'whatsapp',
      kind: failsWith === null ? 'message' : 'undelivered',
      key: effectId,
      digest: digestOf(request.body),
      detail: failsWith === null ? { ...one } : { ...one, failsWith },
    });
    keep(outcome);
    setImmediate(() => void postStatuses(outcome, plan));
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

  async function read(
    request: SandboxRequest,
    body: unknown,
    pause: () => Promise<void>,
  ): Promise<Reply> {
    const checked = v.safeParse(ReadMark, body);
    if (!checked.success)
      return refused(invalidParameter(v.getDotPath(checked.issues[0]) ?? 'body'));
    await pause();
    const { message_id: messageId, typing_indicator: typing } = checked.output;
    ledger.append({
      provider: 'whatsapp',
      kind: 'read',
      key: messageId,
      digest: digestOf(request.body),
      detail: { messageId, typing: typing !== undefined },
    });
    return { status: 200, body: { success: true } };
  }

  function hear({ messageId, from: phone, userId, content, atEpochSeconds }: InboundMessage): void {
    const isSystem = content.kind === 'system';
    people.hear(messageId, {
      phone,
      userId,
      atMs: isSystem ? null : atEpochSeconds * 1_000,
      newPhone: isSystem ? content.waId : null,
    });
  }

  return {
    provider: 'whatsapp',
    media,
    people,
    tokens,
    find(request) {
      const { method, url } = request;
      if (method === 'GET' && /^\/v\d+\.0\/oauth\/access_token$/.test(url.pathname)) {
        // Authorised by its query.
        return { name: 'token', authorised: true, perform: () => tokens.exchange(request) };
      }
      const authorised = tokens.isLive(request);
      if (method === 'POST' && messagesPath.test(url.pathname)) {
        const body = jsonIn(request.body);
        const isRead = typeof body === 'object' && body !== null && 'status' in body;
        return isRead
          ? { name: 'read', authorised, perform: (pause) => read(request, body, pause) }
          : { name: 'send', authorised, perform: (pause) => send(request, body, pause) };
      }
      const operation = media.operation(request);
      return operation && { ...operation, authorised };
    },
    error: injectedError,
    sentTo: (to) => sentTo(people.addressesOf(to)),
    receive(batches, maxAttempts) {
      for (const { messages } of batches) for (const message of messages) hear(message);
      return deliveries.deliver(signed(whatsappEntries(batches)), maxAttempts);
    },
    tell: (field, value) => deliveries.deliver(signed(whatsappChange(account, field, value))),
    report(messageId, status, errorCode) {
      const outcome = byId(messageId);
      return outcome && post(outcome.message, status, errorCode);
    },
    planStatuses: (plan) => plans.set(plan),
    approve(approved) {
      templates = approved ?? undefined;
    },
    changeRules(change) {
      rules = { ...rules, ...change };
      return rules;
    },
    refusals: () => Object.fromEntries(counted),
  };
}

/** Of both, the phone number wins. */
function addressOf({ to, recipient }: Message): string {
  return to?.replace('+', '') ?? recipient ?? '';
}

/** Every message that was accepted, continued from the ledger. */
function outbox(ledger: SandboxLedger) {
  const outcomes = new Map<string, Outcome>();
  const delivered = new Map<string, { readonly place: number; readonly message: SentMessage }[]>();
  let places = 0;

  function keep(outcome: Outcome): void {
    const { message, failsWith } = outcome;
    outcomes.set(message.messageId, outcome);
    if (failsWith !== null) return; // The patient never saw it.
    const place = places++;
    const theirs = delivered.get(message.to);
    if (theirs) theirs.push({ place, message });
    else delivered.set(message.to, [{ place, message }]);
  }

  for (const { provider, kind, detail } of ledger.read()) {
    if (provider !== 'whatsapp' || (kind !== 'message' && kind !== 'undelivered')) continue;
    const { failsWith = null, ...message } = detail as unknown as SentMessage & {
      failsWith?: number;
    };
    keep({ message, failsWith });
  }

  return {
    keep,
    byId: (messageId: string) => outcomes.get(messageId),
    sentTo: (addresses: readonly string[]) =>
      addresses
        .flatMap((address) => delivered.get(address) ?? [])
        .toSorted((a, b) => a.place - b.place)
        .map(({ message }) => message),
  };
}
