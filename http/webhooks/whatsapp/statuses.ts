import * as v from 'valibot';

import type { Delivery, SentTo } from '../../../actors/ports/intake.ts';
import type { EventData } from '../../../actors/shapes/events.ts';
import { messageKey, unroutable } from '../../server/pipeline.ts';
import { faultOf, spare, Text } from '../../server/schema.ts';
import { errorCodeIn, nameOf, ProviderId, source, Timestamp } from './item.ts';
import { personOf, type Contacts } from './messages.ts';

const Status = v.object({
  id: ProviderId,
  status: v.picklist(['sent', 'delivered', 'read', 'played', 'failed']),
  timestamp: Timestamp,
  /** Our effect's id. What could not be one is nobody's. */
  biz_opaque_callback_data: spare(
    v.pipe(Text, v.minLength(1), v.maxLength(200), v.excludes('\ufffd')),
  ),
  recipient_id: spare(ProviderId),
  recipient_user_id: spare(ProviderId),
  recipient_type: spare(Text),
});
type Status = v.InferOutput<typeof Status>;

/** Who got it, where the provider names both the number and the id: a receipt may be the first to do so. */
function recipientOf(
  { recipient_id, recipient_user_id, recipient_type }: Status,
  account: string | null,
  contacts: Contacts,
): { recipient?: SentTo } {
  if (account === null || recipient_type === 'group') return {};
  const named = personOf(recipient_user_id, recipient_id);
  const contact = contacts.of(named);
  const userId = named.userId ?? contact?.userId;
  const phone = named.phone ?? contact?.phone;
  return userId === undefined || phone === undefined
    ? {}
    : { recipient: { account, userId, phone } };
}

/**
 * What became of a message we sent. Its dedupe key has the status in it: each word comes once. Messages that others sent
 * from our number have no echo of ours, and neither have some failures: those are looked up by the message's id.
 *
 * @param account the receiving account; null where the change does not say whose it is
 */
export function statusDelivery(
  raw: unknown,
  account: string | null,
  contacts: Contacts,
  failures: unknown = null,
): Delivery {
  const parsed = v.safeParse(Status, raw, { abortEarly: true });
  if (!parsed.success) {
    const { key, status } = nameOf(raw);
    const dedupeKey = status === undefined ? key : `${key}:${status.slice(0, 16)}`;
    return unroutable(source, dedupeKey, 'status', raw, `bad item: ${faultOf(parsed.issues[0])}`);
  }
  const item = parsed.output;
  const effectId = item.biz_opaque_callback_data ?? null;
  const event: EventData['whatsapp.status'] = {
    messageId: item.id,
    effectId,
    status: item.status,
    // The reason of a failure may stand beside the statuses.
    errorCode:
      errorCodeIn(raw) ?? (item.status === 'failed' ? errorCodeIn({ errors: failures }) : null),
    at: item.timestamp,
  };
  const recipient = recipientOf(item, account, contacts);
  return {
    source,
    dedupeKey: `${messageKey(item.id)}:${item.status}`,
    type: 'whatsapp.status',
    data: event,
    about:
      effectId === null
        ? { kind: 'message', messageId: item.id, ...recipient }
        : { kind: 'effect', effectId, ...recipient },
  };
}
