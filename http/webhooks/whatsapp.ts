import { Router } from '@koa/router';
import * as v from 'valibot';

import type { Delivery } from '../../actors/ports/intake.ts';
import { Refusal } from '../server/errors.ts';
import { parseTolerantly } from '../server/json.ts';
import { contentKey, unroutable, type WebhookPipeline } from '../server/pipeline.ts';
import type { EdgeState } from '../server/request.ts';
import { faultOf } from '../server/schema.ts';
import { isSameSecret, isSigned, signingKeys } from '../server/signatures.ts';
import { fieldDeliveries, reasonOfField } from './whatsapp/fields.ts';
import { codeOf, Metadata, source, Word } from './whatsapp/item.ts';
import { contactsIn, messageDelivery } from './whatsapp/messages.ts';
import { statusDelivery } from './whatsapp/statuses.ts';

/** All are live at once during a rotation. */
export interface WhatsappSecrets {
  /** Sign what Meta posts. */
  readonly appSecrets: readonly string[];
  /** Known to Meta and us, for the handshake. */
  readonly verifyTokens: readonly string[];
}

/** Items of one request that get a delivery each; Meta batches up to 1,000. What is beyond is kept as unroutable in one. */
const mostItems = 2_000;

const Entry = v.object({ id: v.optional(v.unknown()), changes: v.array(v.unknown()) });
const Envelope = v.object({ object: Word, entry: v.array(v.unknown()) });
const Change = v.object({ field: Word, value: v.unknown() });
const Value = v.record(v.string(), v.unknown());

/** What of a change holds items, each of which is read by itself. */
const itemFields = ['messages', 'statuses', 'errors'] as const;

/** Parks a part of the envelope that cannot be read, whole, and everything around it is read all the same. */
function unroutablePart(
  part: 'envelope' | 'entry' | 'change' | 'items',
  raw: unknown,
  fault: string,
) {
  return unroutable(source, contentKey({ part, raw }), part, raw, `bad ${part}: ${fault}`);
}

/** What the provider could not do for an account, for staff. Such errors have no id and no time: the same one again is kept once. */
function errorDelivery(raw: unknown, account: string): Delivery {
  const code = codeOf(raw);
  const fact = { account, error: raw };
  const reason = code === null ? 'provider error' : `provider error ${code}`;
  return unroutable(source, contentKey(fact), 'errors', fact, reason);
}

function valueDeliveries(entryId: unknown, change: unknown): Delivery[] {
  const value = v.safeParse(Value, v.is(Change, change) ? change.value : null);
  if (!value.success) return [unroutablePart('change', change, 'value: expected Object')];
  const { metadata, contacts: named, errors, ...lists } = value.output;
  const whose = v.safeParse(v.object({ metadata: Metadata }), { metadata });
  if (!whose.success) return ofNobody(change, lists, faultOf(whose.issues[0], 'value'));

  const account = whose.output.metadata.phone_number_id;
  const contacts = contactsIn(named);
  const itemsOf = (field: 'messages' | 'statuses', read: (item: unknown) => Delivery) => {
    const items = lists[field] ?? [];
    if (Array.isArray(items)) return items.map(read);
    const part = { id: entryId, metadata, contacts: named, [field]: items };
    return [unroutablePart('items', part, `value.${field}: expected Array`)];
  };
  const failures = errors === undefined || errors === null ? [] : [errors].flat();
  const deliveries = [
    ...itemsOf('messages', (item) => messageDelivery(item, account, contacts)),
    ...itemsOf('statuses', (item) => statusDelivery(item, account, contacts, errors)),
    ...failures.map((error) => errorDelivery(error, account)),
  ];
  const isEmpty = deliveries.length === 0 && !itemFields.some((field) => field in value.output);
  return isEmpty ? [unroutablePart('change', change, 'value: no items')] : deliveries;
}

/** A change that does not say whose account it is. A status of a message of ours needs none; all the rest is kept as unroutable in one. */
function ofNobody(
  change: unknown,
  { statuses }: Readonly<Record<string, unknown>>,
  fault: string,
): Delivery[] {
  const known = (Array.isArray(statuses) ? statuses : [])
    .map((status) => statusDelivery(status, null, contactsIn(null)))
    .filter(({ about }) => about.kind === 'effect');
  return [...known, unroutablePart('change', change, fault)];
}

function changeDeliveries(entryId: unknown, raw: unknown): Delivery[] {
  const change = v.safeParse(Change, raw);
  if (!change.success) return [unroutablePart('change', raw, faultOf(change.issues[0]))];
  const { field, value } = change.output;
  if (field === 'messages') return valueDeliveries(entryId, raw);
  const read = fieldDeliveries(field, value);
  if (read !== null) return read;
  // Meta gives such changes no id. The account is in the key: two accounts may report the same words.
  const fact = { id: entryId, field, value };
  return [unroutable(source, contentKey(fact), field, fact, reasonOfField(field, value))];
}

function entryDeliveries(raw: unknown): Delivery[] {
  const entry = v.safeParse(Entry, raw);
  if (!entry.success) return [unroutablePart('entry', raw, faultOf(entry.issues[0]))];
  const { id, changes } = entry.output;
  return changes.flatMap((change) => changeDeliveries(id, change));
}

/**
 * What a verified body says, one delivery for each message, status and error. What can be read is; an item that we cannot
 * read is kept as unroutable by itself, a part of the envelope whole, each with the field that is wrong, and neither spoils anything
 * beside it. A change of a field we do not know is kept as unroutable too.
 *
 * @param flaw what is thrown if not even the envelope can be read
 */
export function whatsappDeliveries(body: unknown, flaw: Refusal | null = null): Delivery[] {
  const envelope = v.safeParse(Envelope, body);
  if (!envelope.success && flaw) throw flaw;
  if (!envelope.success) return [unroutablePart('envelope', body, faultOf(envelope.issues[0]))];
  const { object, entry } = envelope.output;
  if (object !== 'whatsapp_business_account') {
    return [unroutable(source, contentKey(body), `object.${object}`, body, 'unknown event type')];
  }
  const deliveries = entry.flatMap(entryDeliveries);
  if (deliveries.length <= mostItems) return deliveries;
  const rest = deliveries.slice(mostItems).map(({ type, data }) => ({ type, data }));
  return [
    ...deliveries.slice(0, mostItems),
    unroutablePart('items', rest, `more than ${mostItems} in one request`),
  ];
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
export function whatsappRoutes(
  pipeline: WebhookPipeline,
  secrets: WhatsappSecrets,
): Router<EdgeState> {
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
    const bytes = await pipeline.readBody(ctx);
    const [, hex = ''] = /^sha256=(.+)$/i.exec(ctx.get('x-hub-signature-256')) ?? [];
    if (!isSigned(keys, [bytes], hex)) throw new Refusal('bad_signature');
    ctx.state.admission.vouch();
    const { value, flaw } = parseTolerantly(bytes);
    const deliveries = whatsappDeliveries(value, flaw);
    ctx.body = await pipeline.commit(deliveries, ctx.state.traceparent);
  });

  return router;
}
