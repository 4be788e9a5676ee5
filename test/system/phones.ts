import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { TextValue } from '../../actors/shapes/messages.ts';
import type { Language, TextKey } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { waitUntil } from '../support/wait.ts';
import { epochSeconds } from './orchestrator.ts';

const Message = v.object({
  messageId: v.string(),
  to: v.string(),
  kind: v.string(),
  body: v.string(),
  buttons: v.array(v.object({ id: v.string(), title: v.string() })),
  template: v.optional(
    v.object({ name: v.string(), language: v.string(), parameters: v.array(v.string()) }),
  ),
  effectId: v.string(),
});
/** What a patient has got from us. */
export type Message = v.InferOutput<typeof Message>;
const Messages = v.object({ messages: v.array(Message) });

const Received = v.object({
  messageId: v.string(),
  mediaId: v.optional(v.string()),
  webhook: v.object({ status: v.nullable(v.number()) }),
});

/** Tells the sandbox what the world does; answers with its JSON. `body` absent asks. */
export async function control(sandbox: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${sandbox}/_sandbox/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `The sandbox answered ${answer.status} to ${path}: ${text}`);
  return JSON.parse(text) as unknown;
}

/** Who holds the phone. One of the two addresses is there. */
export interface Patient {
  readonly phone?: string;
  readonly userId?: string;
  readonly name?: string;
  /** They are written to in this language. */
  readonly lang: Language;
}

/** A patient's phone: real webhooks in, and what WhatsApp showed them. Nobody types faster than a message every two seconds. */
export interface Phone {
  /** What the sandbox knows it by. */
  readonly address: string;
  /** Any of the sandbox's contents, as its README lists them; answers with the id of the message. */
  send(content: object): Promise<string>;
  write(text: string): Promise<string>;
  press(id: string): Promise<string>;
  /** A file that the sandbox keeps already, or new bytes. */
  sendPhoto(photo: { readonly base64: string } | { readonly mediaId: string }): Promise<string>;
  /** Until there is a message with these words that was not waited for before. Every message is heard once. */
  hears(key: TextKey, values?: Readonly<Record<string, TextValue>>): Promise<Message>;
  messages(): Promise<readonly Message[]>;
  /** Their next message is said so much later. */
  wait(seconds: number): void;
  /** From now on they write from another number; what they got on the old one stays theirs. */
  changeNumber(phone: string): void;
}

/** Such a phone. Its first message is said `agoSeconds` ago: ten minutes, unless told. */
export function phoneOf(
  sandbox: string,
  { phone: firstPhone, userId, name, lang }: Patient,
  agoSeconds = 600,
): Phone {
  let phone = firstPhone;
  let at = epochSeconds() - agoSeconds;
  const heard = new Set<string>();

  const address = () => phone ?? userId ?? '';

  async function messages(): Promise<readonly Message[]> {
    const found = await control(sandbox, `whatsapp/messages?to=${address()}`);
    return v.parse(Messages, found).messages;
  }

  async function send(content: object): Promise<string> {
    at += 2;
    const { messageId, webhook } = v.parse(
      Received,
      await control(sandbox, 'whatsapp/inbound', {
        ...(phone === undefined ? {} : { from: phone }),
        ...(userId === undefined ? {} : { userId }),
        ...(name === undefined ? {} : { profileName: name }),
        timestamp: at,
        // As Meta's own ids, with the sender's number in them.
        messageId: `wamid.${Buffer.from(`HBg${address()}VAgASGBQ${randomUUID()}`).toString('base64')}`,
        ...content,
      }),
    );
    assert.equal(webhook.status, 200);
    return messageId;
  }

  return {
    get address() {
      return address();
    },
    send,
    messages,
    write: (text) => send({ text }),
    press: (id) => send({ button: { id, title: 'pressed' } }),
    sendPhoto: (photo) => send({ image: { ...photo, mimeType: 'image/jpeg' } }),
    async hears(key, values = {}) {
      const words = renderText(key, lang, { tenant: 'Demo Clinic', ...values });
      let all: readonly Message[] = [];
      try {
        const found = await waitUntil(
          async () => {
            all = await messages();
            return all.find(({ messageId, body }) => body === words && !heard.has(messageId));
          },
          { what: `${key} in ${lang}`, timeoutMs: 20_000 },
        );
        heard.add(found.messageId);
        return found;
      } catch (cause) {
        const got = all.map(({ messageId, body }) => `${heard.has(messageId) ? '+' : '-'} ${body}`);
        throw new Error(`Not heard: ${words}\n${got.join('\n')}`, { cause });
      }
    },
    wait(seconds) {
      at += seconds;
    },
    changeNumber(other) {
      phone = other;
    },
  };
}

/** The case that said this. */
export function caseOf({ effectId }: Message): string {
  return effectId.split('.')[0] ?? '';
}

/** Greets, in their language, and agrees to the use of their details; answers with the case. */
export async function consenting(phone: Phone, greeting: string): Promise<string> {
  await phone.write(greeting);
  const question = await phone.hears('consent.service.1');
  await phone.press('consent:service:yes');
  await phone.hears('intake.origin');
  return caseOf(question);
}
