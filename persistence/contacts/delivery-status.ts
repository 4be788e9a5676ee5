import { createHash } from 'node:crypto';

import type pg from 'pg';

import type { Receipts, ReceiptWord } from '../../actors/ports/receipts.ts';
import { from, int4, list, orNull, rows, statement, text, time } from '../database/statement.ts';

/** The further, the later in this list. `delivered` beats `failed`, whichever came first: the patient has it. */
const rank = (status: string) =>
  `array_position('{sent,failed,delivered,read}'::text[], ${status})`;

/**
 * A status only moves forward. Of two reports of one status the earlier one stands, then the one with the lesser code, so
 * that no order of reports ends in another row. In one order of effects for all, or two batches deadlock.
 */
const advanceStatuses = statement('advance_statuses', {
  takes: { statuses: rows({ effectId: text, status: text, at: time, errorCode: orNull(text) }) },
  sql: ({ statuses }) => `
  insert into message_receipts as known (effect_id, tenant, case_id, status, at, error_code)
  select w.effect_id, e.tenant, e.case_id, w.status, w.at, w.error_code
  from (
    select distinct on (effect_id) effect_id, status, at, error_code
    from ${statuses.as('told')}
    order by effect_id, ${rank('status')} desc, at, coalesce(error_code, '') collate "C"
  ) w
  cross join lateral (select tenant, case_id from effects where effect_id = w.effect_id limit 1) e
  order by w.effect_id
  on conflict (effect_id) do update set
    status = excluded.status, at = excluded.at, error_code = excluded.error_code, updated_at = clock_timestamp()
  where ${rank('known.status')} < ${rank('excluded.status')}
    or (known.status = excluded.status
      and (excluded.at, coalesce(excluded.error_code, '')) < (known.at, coalesce(known.error_code, '')))`,
});

/** Which effect sent a message. An effect that we do not know sent none. */
const noteMessages = statement('note_messages', {
  takes: { sent: rows({ effectId: text, externalId: text }) },
  sql: ({ sent }) => `
  insert into external_references (provider, kind, external_id, tenant, case_id, effect_id)
  select 'whatsapp', 'message', n.external_id, e.tenant, e.case_id, n.effect_id
  from ${sent.as('n')}
  cross join lateral (select tenant, case_id from effects where effect_id = n.effect_id limit 1) e
  order by n.external_id
  on conflict do nothing`,
});

const effectsOfMessages = statement('effects_of_messages', {
  takes: { externalIds: list(text) },
  gives: { ordinal: from('a.ordinal::int4', int4), effectId: from('r.effect_id', text) },
  sql: ({ externalIds }, columns) => `
  select ${columns()}
  from unnest(${externalIds}) with ordinality a(external_id, ordinal)
  cross join lateral (
    select effect_id from external_references
    where provider = 'whatsapp' and kind = 'message' and external_id = a.external_id limit 1
  ) r
  where r.effect_id is not null`,
});

/** A message's id is base64 around the patient's phone number, so its digest is kept. The id's random part keeps anybody from finding the number by trying. */
export const externalIdOf = (messageId: string): string =>
  createHash('sha256').update(messageId).digest('hex');

/** Years 2000 to 2200, ms. What a provider dates elsewhere is no time. */
const earliest = Date.UTC(2000);
const latest = Date.UTC(2200);

/**
 * How far messages got, in `message_receipts`. The same words end in the same rows whatever their order and however
 * often they come, also from several processes at once: `delivered` and `read` beat `failed`, and that beats `sent`.
 */
export function createReceipts({ pool }: { readonly pool: pg.Pool }): Receipts {
  return {
    async advance(words) {
      const storable = words.filter(isStorable);
      if (storable.length === 0) return;
      await advanceStatuses(pool, {
        statuses: storable.map((told) => ({
          ...told,
          at: Date.parse(told.at),
          errorCode: codeOf(told),
        })),
      });
    },

    async note(sent) {
      const storable = sent.filter(({ effectId }) => !effectId.includes('\0'));
      if (storable.length === 0) return;
      await noteMessages(pool, {
        sent: storable.map(({ effectId, messageId }) => ({
          effectId,
          externalId: externalIdOf(messageId),
        })),
      });
    },

    async effectsOf(messageIds) {
      const found: (string | null)[] = messageIds.map(() => null);
      if (messageIds.length === 0) return found;
      const externalIds = messageIds.map(externalIdOf);
      for (const { ordinal, effectId } of await effectsOfMessages(pool, { externalIds }))
        found[ordinal - 1] = effectId;
      return found;
    },
  };
}

/** One word that PostgreSQL refuses must not stop the batch it is in. No effect of ours has such an id. */
function isStorable({ effectId, at }: ReceiptWord): boolean {
  const time = Date.parse(at);
  return !effectId.includes('\0') && time >= earliest && time < latest;
}

const codeOf = ({ status, errorCode }: ReceiptWord): string | null =>
  status === 'failed' ? (errorCode?.replaceAll('\0', '') ?? null) : null;
