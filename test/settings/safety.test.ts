import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { ConfigInvalid, DEVELOPMENT_SECRETS, loadConfig, settingNames } from '../../config.ts';
import { isAddressName, isLoopback, isThisMachine } from '../../deploy/settings/addresses.ts';
import { guessableBits, guessableKeyBits, isStrong } from '../../deploy/settings/strength.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';

const random = () => randomBytes(32).toString('base64');
const { privateKey } = generateKeyPairSync('ed25519');
const signingKey = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/** Everything that production needs, as it is to be. */
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db.example/cases?sslmode=verify-full',
  REDIS_URL: 'rediss://:password@redis.example:6379',
  WHATSAPP_TOKEN: 'token',
  WHATSAPP_PHONE_NUMBER_ID: '123',
  WHATSAPP_APP_SECRET: 'given-by-meta',
  WHATSAPP_VERIFY_TOKEN: random(),
  STRIPE_SECRET_KEY: 'sk_live_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_live',
  STRIPE_SUCCESS_URL: 'https://clinic.example/paid',
  STRIPE_CANCEL_URL: 'https://clinic.example/not-paid',
  DUFFEL_TOKEN: 'duffel_live_x',
  S3_ENDPOINT: 'https://s3.example',
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
  AUDIT_CHECKPOINTS: 's3:evidence/cases',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
  return [];
}

const firstWords = (problems: readonly string[]) => problems.map((one) => one.split(' ')[0]);

suite('Development secrets', () => {
  /** An address away from here for each setting that is one, of the form that it takes. */
  function outside(name: string): string {
    if (name.endsWith('DATABASE_URL')) return 'postgres://203.0.113.7/cases';
    if (name === 'REDIS_URL') return 'redis://203.0.113.7';
    return name.endsWith('HOST') ? '203.0.113.7' : 'https://203.0.113.7';
  }

  /** Settings that are no address that is ever called, although they take any text. */
  const texts =
    /(TOKEN|SECRET|KEY|KEYRING|_ID|USER|PASSWORD|MODEL|_NAME|_OFFICE|_STREET|_DISTRICT|_CITY|_ISSUER|_AUDIENCE|_CONTACT|REGION|BUCKET|NODE_ENV|DATA_DIR|AUDIT_CHECKPOINTS|LINK_BASES)$/;

  test('are refused with any address that leads off this machine, whatever NODE_ENV says', () => {
    const addresses = settingNames.filter(isAddressName);
    assert.ok(addresses.length > 20, addresses.join());
    for (const name of addresses) {
      for (const NODE_ENV of [undefined, 'development', 'test', 'staging', 'Production']) {
        const problems = problemsOf({ NODE_ENV, [name]: outside(name) });
        const refused = `is refused because ${name} leads off this machine`;
        for (const secret of ['KEYRING', 'INDEX_KEY', 'WHATSAPP_APP_SECRET'])
          assert.ok(
            problems.includes(`${secret} must be set: its development value ${refused}`),
            `${name}: ${problems.join('\n')}`,
          );
      }
    }
  });

  test('have no address that goes unseen: whatever takes a URL is named as one', () => {
    for (const name of settingNames.filter((one) => !isAddressName(one) && !texts.test(one))) {
      for (const url of ['https://203.0.113.7', 'redis://203.0.113.7', 'postgres://203.0.113.7'])
        assert.notDeepEqual(problemsOf({ [name]: url }), [], `${name} takes an address`);
    }
  });

  test('are refused with a credential that leads to the provider itself', () => {
    for (const name of ['WHATSAPP_TOKEN', 'STRIPE_SECRET_KEY', 'IYZICO_API_KEY', 'DUFFEL_TOKEN'])
      assert.match(problemsOf({ [name]: 'real' }).join('\n'), new RegExp(`because ${name} leads`));
    const local = { STRIPE_SECRET_KEY: 'x', STRIPE_API_BASE: 'http://127.0.0.1:9' };
    assert.deepEqual(problemsOf(local), []);
  });

  test('are refused when they are given by name, in any place of a list and in any spelling', () => {
    for (const [name, secret] of Object.entries(DEVELOPMENT_SECRETS)) {
      const problems = problemsOf({ HOST: '0.0.0.0', [name]: secret });
      assert.ok(
        problems.some((one) => one.startsWith(`${name} is a development secret, refused because`)),
        `${name}: ${problems.join('\n')}`,
      );
    }
    const urlSafe = DEVELOPMENT_SECRETS.INDEX_KEY.replaceAll('+', '-').replace(/=+$/, '');
    assert.match(
      problemsOf({ HOST: '0.0.0.0', INDEX_KEY: urlSafe }).join('\n'),
      /INDEX_KEY is a development secret/,
    );
  });

  const here = [
    'postgres://127.0.0.1/x',
    'postgres://localhost:5432/x',
    'postgres://[::1]/x',
    'postgres://u:p@%2Frun%2Fpostgresql/x',
    'postgres://127.1/x',
    'postgres://2130706433/x',
    'postgres://127.0.0.1,localhost/x',
    'postgres://localhost/x?host=/run/postgresql',
  ];
  const away = [
    'postgres://db/x',
    'postgres://127.0.0.1@db.example/x',
    'postgres://localhost:pw@10.0.0.1/x',
    'postgres://localhost.evil.example/x',
    'postgres://127.0.0.1.evil.example/x',
    'postgres://127.0.0.1,10.0.0.1/x',
    'postgres://127.0.0.1/x?host=10.0.0.1',
    'postgres://127.0.0.1/x?host=127.0.0.1&host=10.0.0.1',
    'postgres://127.0.0.1/x?host=127.0.0.1,db',
    'postgres://0.0.0.0/x',
    'postgres://[::]/x',
    'postgres://[2001:db8::1]/x',
    'postgres://2130706434000/x',
    'postgres://0x0a000001/x',
  ];

  test('are judged by every host of a database that the driver might take', () => {
    for (const url of here) assert.deepEqual(problemsOf({ DATABASE_URL: url }), [], url);
    for (const url of away)
      assert.match(problemsOf({ DATABASE_URL: url }).join(), /DATABASE_URL leads off/, url);
    const unnamed = { DATABASE_URL: 'postgres:///cases' };
    assert.deepEqual(problemsOf(unnamed), []);
    assert.match(problemsOf({ ...unnamed, PGHOST: 'db.example' }).join(), /DATABASE_URL leads/);
  });

  test('are judged by every host of Redis that the driver might take', () => {
    for (const url of ['redis://:p@127.0.0.1:1/0', 'rediss://localhost', 'redis://[::1]'])
      assert.deepEqual(problemsOf({ REDIS_URL: url }), [], url);
    for (const url of ['redis://r', 'redis://x?host=127.0.0.1', 'redis://?host=10.0.0.1'])
      assert.match(problemsOf({ REDIS_URL: url }).join(), /REDIS_URL leads off/, url);
    // The driver turns TLS on by these letters alone.
    assert.match(problemsOf({ REDIS_URL: 'REDISS://127.0.0.1' }).join(), /^REDIS_URL must be/);
  });

  test('tell this machine from others whatever form an address has', () => {
    const own = ['localhost', 'LOCALHOST', '127.0.0.1', '127.8.9.1', '::1', '[::1]', '0x7f.1'];
    for (const host of [...own, '::ffff:127.0.0.1', '017700000001', '/tmp/socket'])
      assert.ok(isThisMachine(host), host);
    const others = ['0.0.0.0', '::', '*', 'localhost.', 'localhost.evil.example', '128.0.0.1'];
    for (const host of [...others, '10.1', '::ffff:10.0.0.1', 'x@127.0.0.1', '127.0.0.1/x', ''])
      assert.ok(!isThisMachine(host), host);
    assert.ok(isLoopback('http://127.1:8080/x') && isLoopback('https://[::1]'));
    assert.ok(!isLoopback('http://127.0.0.1@evil.example') && !isLoopback('no url'));
  });

  test('stop a start on an open address before anything runs, with a line for each', async () => {
    const folder = await temporaryFolder();
    try {
      const env = { HOST: '0.0.0.0', DATA_DIR: join(folder, 'data'), NODE_ENV: undefined };
      await using program = await startProgram('main.ts', { env });
      assert.deepEqual(await program.exited, { code: 2, signal: null });
      assert.match(program.output(), /^Settings refused:\n {2}WHATSAPP_TOKEN must be set/);
      assert.match(program.output(), /KEYRING must be set: .* because HOST leads off this machine/);
    } finally {
      await removeFolder(folder);
    }
  });
});

suite('Production', () => {
  test('takes settings that are as they should be', () => {
    assert.deepEqual(problemsOf(production), []);
  });

  test('says everything that is wrong at once', () => {
    const problems = problemsOf({
      ...production,
      PORT: '99999',
      REDIS_URL: 'redis://redis.example',
      DATABASE_URL: 'postgres://db.example/cases',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces.example',
      KEYRING: `k1:${Buffer.alloc(32).toString('base64')}`,
      WHATSAPP_TOKEN: undefined,
    });
    assert.deepEqual(
      new Set(firstWords(problems)),
      new Set([
        'PORT',
        'REDIS_URL',
        'DATABASE_URL',
        'OTEL_EXPORTER_OTLP_ENDPOINT',
        'KEYRING',
        'WHATSAPP_TOKEN',
      ]),
    );
    assert.equal(problems.filter((one) => one.startsWith('REDIS_URL')).length, 2);
  });

  test('refuses secrets of ours that can be guessed, and keys that are all zero', () => {
    const weak = ['a'.repeat(64), 'changeme'.repeat(8), '0123456789'.repeat(5), 'short', 'x y'];
    for (const name of ['WHATSAPP_VERIFY_TOKEN', 'DOCUMENTS_WEBHOOK_TOKEN'])
      for (const value of [...weak, `${random()},weak`])
        assert.deepEqual(firstWords(problemsOf({ ...production, [name]: value })), [name], value);
    const bytes = [
      Buffer.alloc(32),
      Buffer.alloc(32, 0x61),
      Buffer.from('a-passphrase-of-exactly-32-bytes'),
      Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
    ].map((key) => key.toString('base64'));
    for (const key of bytes) {
      for (const name of ['INDEX_KEY', 'DOCUMENTS_LINK_KEY'])
        assert.deepEqual(firstWords(problemsOf({ ...production, [name]: key })), [name]);
      const ring = { ...production, KEYRING: `k2:${random()},k1:${key}` };
      assert.deepEqual(firstWords(problemsOf(ring)), ['KEYRING']);
    }
    assert.match(problemsOf({ ...production, INDEX_KEY: bytes[0] }).join(), /is all zero/);
    const seed = Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Buffer.alloc(32, 1),
    ]).toString('base64');
    const signing = { ...production, AUDIT_SIGNING_KEY: `a1:${seed}` };
    assert.deepEqual(firstWords(problemsOf(signing)), ['AUDIT_SIGNING_KEY']);
  });

  test('takes every secret that is 32 random bytes', () => {
    for (let round = 0; round < 300; round += 1) {
      const bytes = randomBytes(32);
      assert.ok(isStrong(guessableKeyBits(bytes)));
      const hex = bytes.toString('hex');
      assert.ok(isStrong(guessableBits(hex)), hex);
    }
    // Half of them, twice, is half as good.
    assert.ok(!isStrong(guessableBits(randomBytes(16).toString('hex').repeat(2))));
  });

  test('refuses one key for two purposes', () => {
    const key = random();
    const same = [
      { KEYRING: `k1:${key}`, INDEX_KEY: key },
      { INDEX_KEY: key, DOCUMENTS_LINK_KEY: `${random()},${key}` },
      { KEYRING: `k2:${key},k1:${key}` },
      { INDEX_KEY: key, WHATSAPP_VERIFY_TOKEN: key },
    ];
    for (const env of same) {
      const problems = problemsOf({ ...production, ...env });
      assert.match(problems.join(), /is the same key as|holds one key twice/, JSON.stringify(env));
    }
  });

  test('refuses connections off this machine without TLS, and Redis without a password', () => {
    const urls = ['', '?sslmode=disable', '?sslmode=prefer', '?sslmode=no-verify', '?ssl=0'];
    const lists = ['?sslmode=require&sslmode=disable', '?sslmode=require&uselibpqcompat=true'];
    for (const query of [...urls, ...lists]) {
      const env = { ...production, DATABASE_URL: `postgres://db.example/cases${query}` };
      assert.match(problemsOf(env).join(), /^DATABASE_URL must say sslmode=verify-full/, query);
    }
    for (const url of ['postgres://127.0.0.1/cases', 'postgres://%2Frun%2Fpg/cases'])
      assert.deepEqual(problemsOf({ ...production, DATABASE_URL: url }), []);
    assert.deepEqual(problemsOf({ ...production, REDIS_URL: 'redis://127.0.0.1' }), []);
    for (const url of ['redis://:p@redis.example', 'rediss://redis.example'])
      assert.deepEqual(firstWords(problemsOf({ ...production, REDIS_URL: url })), ['REDIS_URL']);
    const traces = { ...production, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    assert.deepEqual(problemsOf(traces), []);
  });

  test('keeps checkpoints out of the folder whose owner could rewrite them', async () => {
    const folder = await temporaryFolder();
    try {
      await mkdir(join(folder, 'data'));
      await symlink(join(folder, 'data'), join(folder, 'elsewhere'));
      const DATA_DIR = join(folder, 'data');
      for (const place of ['data/c.jsonl', 'data/deep/c.jsonl', 'elsewhere/c.jsonl', 'x/../data/c'])
        assert.match(
          problemsOf({ ...production, DATA_DIR, AUDIT_CHECKPOINTS: join(folder, place) }).join(),
          /^AUDIT_CHECKPOINTS must be outside DATA_DIR/,
          place,
        );
      const beside = join(folder, 'data-2', 'c.jsonl');
      assert.deepEqual(problemsOf({ ...production, DATA_DIR, AUDIT_CHECKPOINTS: beside }), []);
    } finally {
      await removeFolder(folder);
    }
  });
});
