import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import type { EventData } from '../../../actors/shapes/events.ts';
import { messageKey, unroutable } from '../../server/pipeline.ts';
import { faultOf, spare, Text } from '../../server/schema.ts';
import { errorCodeIn, nameOf, ProviderId, source, Timestamp } from './item.ts';

const Status = v.object({
  id: ProviderId,
  status: v.picklist(['sent', 'delivered', 'read', 'failed']),
  timestamp: Timestamp,
  /** Our effect's id. What could not be one is nobody's. */
  biz_opaque_callback_data: spare(
    v.pipe(Text, v.minLength(1), v.maxLength(200), v.excludes('\ufffd')),
  ),
});

/** What became of a message we sent. Its dedupe key has the status in it: each word comes once. */
export function statusDelivery(raw: unknown): Delivery {
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
    errorCode: errorCodeIn(raw),
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
