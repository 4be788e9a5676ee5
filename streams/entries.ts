import * as v from 'valibot';

import type { Announcement, Received } from '../actors/kernel/ports.ts';
import { SCHEMA_VERSION } from '../actors/shapes/events.ts';

/** A consumer refuses what it does not know. */
const schemaVersion = String(SCHEMA_VERSION);

/** A topic's stream for one partition. The hash tag keeps all topics of a partition in one cluster slot. */
export const streamOf = (topic: string, partition: number) => `${topic}:{p${partition}}`;

const Entry = v.object({
  v: v.literal(schemaVersion),
  id: v.pipe(v.string(), v.maxLength(200)),
  type: v.pipe(v.string(), v.maxLength(200)),
  tenant: v.pipe(v.string(), v.maxLength(100)),
  caseId: v.pipe(v.string(), v.maxLength(100)),
  trace: v.optional(v.pipe(v.string(), v.maxLength(100))),
});

/**
 * An announcement as the arguments of XADD after the key. It carries ids and no data: the ledger's row is read anyway
 * before anything is believed, and so an erased patient leaves nothing behind in Redis, its files and its replicas.
 */
export function fieldsOf({ id, type, tenant, caseId, traceparent }: Announcement): string[] {
  const fields = [
    '*',
    'v',
    schemaVersion,
    'id',
    id,
    'type',
    type,
    'tenant',
    tenant,
    'caseId',
    caseId,
  ];
  if (traceparent) fields.push('trace', traceparent);
  return fields;
}

/** Null for what is not ours: another version, a field missing, an entry that was deleted while it was pending. */
export function received(
  stream: string,
  entryId: string,
  fields: readonly string[] | null,
): Received | null {
  const pairs: Record<string, string> = Object.create(null) as Record<string, string>;
  const flat = fields ?? [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs[flat[i] as string] = flat[i + 1] as string;
  const [, topic, partition] = /^(.*):\{p(\d+)\}$/.exec(stream) ?? [];
  const parsed = v.safeParse(Entry, pairs);
  if (!parsed.success || topic === undefined) return null;
  const { id, type, tenant, caseId, trace } = parsed.output;
  return {
    stream,
    entryId,
    topic,
    partition: Number(partition),
    id,
    type,
    tenant,
    caseId,
    traceparent: trace ?? null,
  };
}
