import * as v from 'valibot';

import type { MetaSimulator } from '../meta.ts';
import { type Reply, type SandboxRequest, jsonIn } from '../simulator.ts';
import type { InboundMessage, WhatsappAccount } from '../webhooks.ts';
import { Inbound, InboundBatch, inboundMessage } from './inbound.ts';
import { MediaFault } from './media.ts';
import { RegisteredTemplate } from './messages.ts';
import { type Rules, RulesChange } from './rules.ts';
import { StatusPlan } from './statuses.ts';

const Of = v.strictObject({ of: v.string() });
const Status = v.strictObject({
  messageId: v.string(),
  status: v.picklist(['sent', 'delivered', 'read', 'failed']),
  /** Of `failed`. */
  code: v.optional(v.pipe(v.number(), v.safeInteger())),
});
const NewMedium = v.strictObject({
  base64: v.pipe(v.string(), v.base64()),
  mimeType: v.string(),
  filename: v.optional(v.string()),
});
const Approved = v.strictObject({ templates: v.nullable(v.array(RegisteredTemplate)) });
const Revoked = v.strictObject({ token: v.optional(v.string()) });
const Change = v.strictObject({ field: v.string(), value: v.looseObject({}) });

const done: Reply = { status: 200, body: { ok: true } };

/** `/_sandbox/whatsapp/…`: what patients, their phones and Meta do. Undefined when there is no such control. */
export async function metaControl(
  { method, url, body }: SandboxRequest,
  meta: MetaSimulator,
  account: WhatsappAccount,
  now: () => number,
): Promise<Reply | undefined> {
  switch (`${method} ${url.pathname}`) {
    case 'POST /_sandbox/whatsapp/inbound': {
      const { maxAttempts, ...sent } = v.parse(Inbound, jsonIn(body));
      const message = inboundMessage(sent, meta.media, now());
      const webhook = await meta.receive([{ account, messages: [message] }], maxAttempts);
      const { messageId, content } = message;
      return {
        status: 200,
        body: {
          messageId,
          ...('mediaId' in content ? { mediaId: content.mediaId } : {}),
          webhook,
        },
      };
    }
    case 'POST /_sandbox/whatsapp/inbound-batch': {
      const sent = v.parse(InboundBatch, jsonIn(body));
      const messages = sent.map((one) => ({
        entry: one.entry,
        phoneNumberId: one.phoneNumberId ?? account.phoneNumberId,
        message: inboundMessage(one, meta.media, now()),
      }));
      const webhook = await meta.receive(batched(messages, account));
      const messageIds = messages.map(({ message }) => message.messageId);
      return { status: 200, body: { messageIds, webhook } };
    }
    case 'POST /_sandbox/whatsapp/change': {
      const { field, value } = v.parse(Change, jsonIn(body));
      return { status: 200, body: { webhook: await meta.tell(field, value) } };
    }
    case 'GET /_sandbox/whatsapp/messages':
      return { status: 200, body: { messages: meta.sentTo(url.searchParams.get('to') ?? '') } };
    case 'POST /_sandbox/whatsapp/media': {
      const { base64, mimeType, filename = null } = v.parse(NewMedium, jsonIn(body));
      const bytes = Buffer.from(base64, 'base64');
      const { id, sha256 } = meta.media.store(bytes, { mimeType, filename, from: 'patient' });
      return { status: 200, body: { mediaId: id, sha256 } };
    }
    case 'POST /_sandbox/whatsapp/media-faults':
      meta.media.setFault(v.parse(MediaFault, jsonIn(body)));
      return done;
    case 'POST /_sandbox/whatsapp/statuses':
      meta.planStatuses(v.parse(StatusPlan, jsonIn(body)));
      return done;
    case 'POST /_sandbox/whatsapp/status': {
      const { messageId, status, code } = v.parse(Status, jsonIn(body));
      const webhook = await meta.report(messageId, status, code);
      if (!webhook) return { status: 404, body: { error: 'no such message' } };
      return { status: 200, body: { webhook } };
    }
    case 'POST /_sandbox/whatsapp/templates':
      meta.approve(v.parse(Approved, jsonIn(body)).templates);
      return done;
    case 'POST /_sandbox/whatsapp/close-window':
      meta.people.closeWindow(v.parse(Of, jsonIn(body)).of.replace('+', ''), now());
      return done;
    case 'GET /_sandbox/whatsapp/rules':
      return { status: 200, body: meta.changeRules({}) };
    case 'POST /_sandbox/whatsapp/rules':
      return {
        status: 200,
        body: meta.changeRules(v.parse(RulesChange, jsonIn(body)) as Partial<Rules>),
      };
    case 'GET /_sandbox/whatsapp/refusals':
      return { status: 200, body: { refusals: meta.refusals() } };
    case 'POST /_sandbox/whatsapp/revoke':
      meta.tokens.revoke(v.parse(Revoked, body === '' ? {} : jsonIn(body)).token);
      return done;
    case 'POST /_sandbox/whatsapp/restore':
      meta.tokens.restore();
      return done;
    default:
      return undefined;
  }
}

/** Grouped by entry and number, in the order in which they are first met. */
function batched(
  messages: readonly {
    readonly entry: number;
    readonly phoneNumberId: string;
    readonly message: InboundMessage;
  }[],
  account: WhatsappAccount,
): { account: WhatsappAccount; messages: InboundMessage[] }[] {
  const batches = Map.groupBy(messages, ({ entry, phoneNumberId }) => `${entry} ${phoneNumberId}`);
  return [...batches.values()].map((batch) => ({
    account: { ...account, phoneNumberId: batch[0]?.phoneNumberId ?? account.phoneNumberId },
    messages: batch.map(({ message }) => message),
  }));
}
