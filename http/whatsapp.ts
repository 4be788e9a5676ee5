import { Router } from '@koa/router';
import * as v from 'valibot';

import type { Delivery } from '../actors/ports/intake.ts';
import { Refusal } from './errors.ts';
import { parseJson } from './json.ts';
import type { EdgeState } from './request.ts';
import { parseOr } from './schema.ts';
import { isSameSecret, isSigned, signingKeys } from './signatures.ts';
import { contentKey, parked, type WebhookDoor } from './webhook.ts';
import { ErrorCode, source } from './whatsapp/item.ts';
import { contactsIn, messageDelivery } from './whatsapp/messages.ts';
import { statusDelivery } from './whatsapp/statuses.ts';

/** All are live at once during a rotation. */
export interface WhatsappSecrets {
  /** Sign what Meta posts. */
  readonly appSecrets: readonly string[];
  /** Known to Meta and us, for the handshake. */
  readonly verifyTokens: readonly string[];
}

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
  contacts: v.optional(v.unknown()),
  messages: v.nullish(v.array(v.unknown())),
  statuses: v.nullish(v.array(v.unknown())),
  errors: v.optional(v.unknown()),
});

/** What the provider could not do for an account, for staff. Such errors have no id and no time: the same one again is kept once. */
function errorDelivery(raw: unknown, account: string): Delivery {
  const code = v.is(ErrorCode, raw) ? ` ${raw.code}` : '';
  const fact = { account, error: raw };
  return parked(source, contentKey(fact), 'errors', fact, `provider error${code}`);
}

function errorsIn(raw: unknown): readonly unknown[] {
  if (Array.isArray(raw)) return raw;
  return raw === undefined || raw === null ? [] : [raw];
}

/**
 * What a verified body says, one delivery for each message, status and error. An item we cannot read is parked by itself
 * and spoils nothing else; a change of a field we do not know is parked whole.
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
      const contacts = contactsIn(change.contacts);
      return [
        ...(change.messages ?? []).map((item) => messageDelivery(item, account, contacts)),
        ...(change.statuses ?? []).map((item) => statusDelivery(item)),
        ...errorsIn(change.errors).map((error) => errorDelivery(error, account)),
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
