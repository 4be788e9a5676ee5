import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { suite, test } from 'node:test';

import { Ajv } from 'ajv';
import { parse } from 'yaml';

import { outwardStreams } from '../../actors/outward/events.ts';
import { asyncApiDocument } from '../../deploy/tools/asyncapi.ts';

const metaSchema: unknown = createRequire(import.meta.url)(
  '@asyncapi/specs/schemas/3.0.0-without-$id.json',
);

suite('the AsyncAPI document', () => {
  test('keeps to AsyncAPI 3’s own schema', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(
      metaSchema as object,
    );
    assert.ok(validate(asyncApiDocument()), JSON.stringify(validate.errors?.slice(0, 5)));
    assert.equal(validate({ ...asyncApiDocument(), info: {} }), false);
  });

  test('has each stream under its own name, and is the file in the repository', async () => {
    const file: unknown = parse(
      await readFile(new URL('../../deploy/asyncapi.yaml', import.meta.url), 'utf8'),
    );
    assert.deepEqual(file, JSON.parse(JSON.stringify(asyncApiDocument())));
    const addresses = Object.values(asyncApiDocument().channels).map(({ address }) => address);
    assert.deepEqual(addresses, outwardStreams);
  });
});
