/**
 * `npm run asyncapi` writes `deploy/asyncapi.yaml`: what the platform's other services read, made from the schemas that
 * everything published is checked with. `-- --check` fails where the file says something else.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { stringify } from 'yaml';

import {
  EffectFailed,
  errorStreamOf,
  OUTWARD_VERSION,
  outwardSchemas,
  outwardSources,
  type OutwardType,
} from '../../actors/outward/events.ts';
import { providerNames } from '../../actors/ports/providers.ts';

const file = fileURLToPath(new URL('../asyncapi.yaml', import.meta.url));

/** Fields of every entry, beside `data`. */
const envelope = {
  id: {
    type: 'string',
    description:
      'The same when the entry is published again: a reader that has seen it leaves it out.',
  },
  type: { type: 'string' },
  source: { type: 'string', description: 'Which part of the system says so.' },
  tenant: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  traceparent: {
    type: 'string',
    pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
    description: 'W3C trace context.',
  },
  schemaVersion: { type: 'string', const: String(OUTWARD_VERSION) },
} as const;

/** One stream: its channel, the message on it, and that we send it. */
function streamOf(stream: string, source: string, schema: v.GenericSchema) {
  const { $schema: _, description, ...data } = toJsonSchema(schema, { errorMode: 'ignore' });
  const properties = {
    ...envelope,
    type: { const: stream },
    source: { const: source },
    data: {
      type: 'string',
      contentMediaType: 'application/json',
      contentSchema: data,
      description: 'JSON text.',
    },
  };
  const message = {
    name: stream,
    summary: description,
    payload: { type: 'object', required: Object.keys(properties), properties },
  };
  const key = stream.replaceAll('.', '_');
  return {
    channel: [key, { address: stream, messages: { [key]: message } }] as const,
    operation: [
      `publish_${key}`,
      {
        action: 'send',
        channel: { $ref: `#/channels/${key}` },
        messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
      },
    ] as const,
  };
}

/** The AsyncAPI 3 document. @see https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApiDocument() {
  const events = (Object.keys(outwardSchemas) as OutwardType[]).map((type) =>
    streamOf(type, outwardSources[type], outwardSchemas[type]),
  );
  const errors = providerNames.map((provider) =>
    streamOf(errorStreamOf(provider), 'performers', EffectFailed),
  );
  const streams = [...events, ...errors];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Patient cases',
      version: `${OUTWARD_VERSION}.0.0`,
      description:
        'What the orchestrator of patient cases tells the other services of the platform. Each channel is a Redis stream of ' +
        'exactly its address, read with XREADGROUP by a consumer group of the reader’s own. Entries come at least once and in ' +
        'order for each case. A message’s payload is the fields of an entry. Nothing names a patient, a number or their words in clear.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(streams.map(({ channel }) => channel)),
    operations: Object.fromEntries(streams.map(({ operation }) => operation)),
  };
}

if (import.meta.main) {
  const text = `# Made by \`npm run asyncapi\` from actors/outward/events.ts.\n${stringify(asyncApiDocument(), { lineWidth: 110, aliasDuplicateObjects: false })}`;
  if (process.argv.includes('--check')) {
    const there = await readFile(file, 'utf8').catch(() => '');
    if (there !== text) {
      process.stderr.write('deploy/asyncapi.yaml differs from the schemas: run npm run asyncapi\n');
      process.exitCode = 1;
    }
  } else {
    await writeFile(file, text);
  }
}
