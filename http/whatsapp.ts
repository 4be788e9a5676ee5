import { Router } from '@koa/router';
import * as v from 'valibot';

import { eventSchemas, type EventData } from '../actors/events.ts';
import type { Delivery } from '../actors/ports/intake.ts';
import { Refusal } from './errors.ts';
import { parseJson } from './json.ts';
import type { EdgeState } from './request.ts';
import { faultOf, parseOr } from './schema.ts';
import { isSameSecret, isSigned, signingKeys } from './signatures.ts';
import { contentKey, messageKey, parked, type WebhookDoor } from './webhook.ts';

/** All are live at once during a rotation. */
export interface WhatsappSecrets {
  /** Sign what Meta posts. */
  readonly appSecrets: readonly string[];
  /** Known to Meta and us, for the handshake. */
  readonly verifyTokens: readonly string[];
}

const source = 'whatsapp';

/** Meta batches up to 1,000 updates. This bounds the work of one request; the items themselves are bounded by the body. */
const mostItems = 2_000;

/** The parts that say where an item is. Only here is a fault the whole request's fault. */
const Envelope = v.object({
  object: v.string(),
  entry: v.array(
    v.object({
      id: v.string(),
      changes: v.array(v.object({ field: v.string(), value: v.unknown() })),
    }),
  ),
});

const Messages = v.object({
  metadata: v.object({ phone_number_id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
  contacts: v.optional(v.array(v.unknown())),
  messages: v.optional(v.array(v.unknown())),
  statuses: v.optional(v.array(v.unknown())),
});

const Contact = v.object({
  wa_id: v.optional(v.string()),
  user_id: v.optional(v.string()),
  profile: v.optional(v.object({ name: v.optional(v.string()) })),
});
type Contact = v.InferOutput<typeof Contact>;

/** Short enough that a dedupe key made of it fits the ledger's 200. */
const ProviderId = v.pipe(v.string(), v.minLength(1), v.maxLength(180));

/** Epoch seconds in a string, to ISO 8601. */
const Timestamp = v.pipe(
  v.string(),
  v.regex(/^\d{1,12}$/),
  v.transform((seconds) => new Date(Number(seconds) * 1_000).toISOString()),
);

const message = {
  id: ProviderId,
  timestamp: Timestamp,
  from: v.optional(v.string()),
  from_user_id: v.optional(v.string()),
};
const Choice = v.object({ id: v.string(), title: v.string() });

/** The kinds we turn into an event. `button` answers a template, `interactive` what we sent ourselves. */
const Message = v.variant('type', [
  v.object({ ...message, type: v.literal('text'), text: v.object({ body: v.string() }) }),
  v.object({
    ...message,
    type: v.literal('button'),
    button: v.object({ payload: v.string(), text: v.string() }),
  }),
  v.object({
    ...message,
    type: v.literal('interactive'),
    interactive: v.variant('type', [
      v.object({ type: v.literal('button_reply'), button_reply: Choice }),
      v.object({ type: v.literal('list_reply'), list_reply: Choice }),
    ]),
  }),
]);
type Message = v.InferOutput<typeof Message>;

const Status = v.object({
  id: ProviderId,
  status: v.picklist(['sent', 'delivered', 'read', 'failed']),
  timestamp: Timestamp,
  biz_opaque_callback_data: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  errors: v.optional(v.array(v.object({ code: v.number() }))),
});

/** Enough of any item to name it when it is not one of ours. */
const Named = v.object({
  id: ProviderId,
  type: v.optional(v.string()),
  status: v.optional(v.string()),
});

function saidIn(item: Message): Pick<EventData['whatsapp.inbound'], 'kind' | 'text' | 'buttonId'> {
  if (item.type === 'text') return { kind: 'text', text: item.text.body };
  if (item.type === 'button') {
    return { kind: 'button', buttonId: item.button.payload, text: item.button.text };
  }
  const { interactive } = item;
  const { id, title } =
    interactive.type === 'button_reply' ? interactive.button_reply : interactive.list_reply;
  return { kind: 'button', buttonId: id, text: title };
}

/** Who an item is from. With one contact it is theirs even if the numbers differ: Meta normalises some countries' numbers. */
function contactOf(item: Message, contacts: readonly Contact[]): Contact | undefined {
  const named = contacts.find(
    ({ wa_id: phone, user_id: userId }) =>
      (phone !== undefined && phone === item.from) ||
      (userId !== undefined && userId === item.from_user_id),
  );
  return named ?? (contacts.length === 1 ? contacts[0] : undefined);
}

function messageDelivery(raw: unknown, account: string, contacts: readonly Contact[]): Delivery {
  const parsed = v.safeParse(Message, raw, { abortEarly: true });
  if (!parsed.success) {
    const named = v.safeParse(Named, raw);
    const key = named.success ? messageKey(named.output.id) : contentKey(raw);
    const kind = named.success ? named.output.type : undefined;
    // A type we do not know fails at the discriminator: that is another kind of message, not a broken one.
    const unsupported = kind !== undefined && parsed.issues[0].type === 'variant';
    const reason = unsupported ? 'unsupported kind' : `bad item: ${faultOf(parsed.issues[0])}`;
    return parked(source, key, `message.${kind ?? 'unnamed'}`, raw, reason);
  }
  const item = parsed.output;
  const contact = contactOf(item, contacts);
  const phone = item.from ?? contact?.wa_id ?? null;
  const userId = item.from_user_id ?? contact?.user_id ?? null;
  const profileName = contact?.profile?.name ?? null;
  const event = v.safeParse(
    eventSchemas['whatsapp.inbound'],
    {
      messageId: item.id,
      ...saidIn(item),
      lang: null,
      at: item.timestamp,
      from: { userId, phone },
      profileName,
    },
    { abortEarly: true },
  );
  if (!event.success) {
    const reason = `bad item: ${faultOf(event.issues[0])}`;
    return parked(source, messageKey(item.id), `message.${item.type}`, raw, reason);
  }
  return {
    source,
    dedupeKey: messageKey(item.id),
    type: 'whatsapp.inbound',
    data: event.output,
    about: { kind: 'contact', account, userId, phone, profileName },
  };
}

function statusDelivery(raw: unknown): Delivery {
  const parsed = v.safeParse(Status, raw, { abortEarly: true });
  if (!parsed.success) {
    const named = v.safeParse(Named, raw);
    const status = named.success ? named.output.status?.slice(0, 16) : undefined;
    const key =
      named.success && status !== undefined
        ? `${messageKey(named.output.id)}:${status}`
        : contentKey(raw);
    return parked(source, key, 'status', raw, `bad item: ${faultOf(parsed.issues[0])}`);
  }
  const item = parsed.output;
  const effectId = item.biz_opaque_callback_data ?? null;
  const code = item.errors?.[0]?.code;
  const event: EventData['whatsapp.status'] = {
    messageId: item.id,
    effectId,
    status: item.status,
    errorCode: code === undefined ? null : String(code),
    at: item.timestamp,
  };
  return {
    source,
    dedupeKey: `${messageKey(item.id)}:${item.status}`,
    type: 'whatsapp.status',
    data: event,
    about:
      effectId === null
        ? { kind: 'nobody', reason: 'status of a message we did not send' }
        : { kind: 'effect', effectId },
  };
}

/**
 * What a verified body says, one delivery for each message and status. An item we cannot read is parked by itself and
 * spoils nothing else; a change of a field we do not know is parked whole.
 *
 * @throws {Refusal} 400 when the envelope around the items is broken, naming the field
 */
export function whatsappDeliveries(body: unknown): Delivery[] {
  const { object, entry } = parseOr('invalid_body', Envelope, body);
  if (object !== 'whatsapp_business_account') {
    return [parked(source, contentKey(body), `object.${object}`, body, 'unknown event type')];
  }
  const deliveries = entry.flatMap(({ id, changes }, entryIndex) =>
    changes.flatMap(({ field, value }, changeIndex) => {
      if (field !== 'messages') {
        // Meta gives such changes no id. The account is in the key: two accounts may report the same words.
        const key = contentKey({ id, field, value });
        return [parked(source, key, field, { id, field, value }, 'unknown event type')];
      }
      const path = `entry.${entryIndex}.changes.${changeIndex}.value`;
      const change = parseOr('invalid_body', Messages, value, path);
      const account = change.metadata.phone_number_id;
      const contacts = (change.contacts ?? []).filter((contact) => v.is(Contact, contact));
      return [
        ...(change.messages ?? []).map((item) => messageDelivery(item, account, contacts)),
        ...(change.statuses ?? []).map((item) => statusDelivery(item)),
      ];
    }),
  );
  if (deliveries.length > mostItems) {
    throw new Refusal('invalid_body', `entry: more than ${mostItems} items`);
  }
  return deliveries;
}

/** Query keys as Meta writes them, with dots. A repeated key is an array, and so refused. */
const Handshake = v.object({
  'hub.mode': v.literal('subscribe'),
  'hub.verify_token': v.string(),
  'hub.challenge': v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)),
});

/**
 * `GET` answers Meta's handshake with the challenge as plain text, or 403. `POST` takes signed notifications: 200 with
 * the counts of outcomes after the commit, 401 without a signature of ours.
 */
export function whatsappRoutes(door: WebhookDoor, secrets: WhatsappSecrets): Router<EdgeState> {
  const keys = signingKeys(secrets.appSecrets);
  const router = new Router<EdgeState>();

  router.get('/webhooks/whatsapp', (ctx) => {
    const asked = v.safeParse(Handshake, ctx.query);
    const given = asked.success ? asked.output['hub.verify_token'] : '';
    if (!asked.success || !secrets.verifyTokens.some((token) => isSameSecret(given, token))) {
      throw new Refusal('forbidden');
    }
    ctx.type = 'text/plain';
    ctx.body = asked.output['hub.challenge'];
  });

  router.post('/webhooks/whatsapp', async (ctx) => {
    const bytes = await door.readBody(ctx.req);
    const [, hex = ''] = /^sha256=(.+)$/.exec(ctx.get('x-hub-signature-256')) ?? [];
    if (!isSigned(keys, [bytes], hex)) throw new Refusal('bad_signature');
    const deliveries = whatsappDeliveries(parseJson(bytes));
    ctx.body = await door.commit(deliveries, ctx.state.traceparent);
  });

  return router;
}
