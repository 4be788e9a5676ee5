import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ConfigInvalid, DEVELOPMENT_SECRETS, loadConfig } from '../../config.ts';

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db/cases',
  REDIS_URL: 'rediss://redis:6379',
  WHATSAPP_TOKEN: 'token',
  WHATSAPP_PHONE_NUMBER_ID: '123',
  WHATSAPP_APP_SECRET: 'app-new,app-old',
  WHATSAPP_VERIFY_TOKEN: 'verify',
  STRIPE_SECRET_KEY: 'sk_live_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_live',
  STRIPE_SUCCESS_URL: 'https://clinic.example/paid',
  STRIPE_CANCEL_URL: 'https://clinic.example/not-paid',
  DUFFEL_TOKEN: 'duffel_live_x',
  ADMIN_JWT_ISSUER: 'https://id.example/',
  ADMIN_JWT_AUDIENCE: 'cases',
  ADMIN_JWT_JWKS_URL: 'https://id.example/keys',
  CLAMAV_HOST: 'none',
  KEYRING: `k2:${key(2)},k1:${key(1)}`,
  INDEX_KEY: key(3),
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

suite('Settings', () => {
  test('have defaults for development, with the sandbox and embedded servers', () => {
    const config = loadConfig({ PORT: '', UNRELATED: 'x', DATABASE_URL: ' ' });
    assert.deepEqual(
      [config.host, config.port, config.opsPort, config.partitions, config.leaseMs, config.dataDir],
      ['127.0.0.1', 8_080, 9_464, 8, 10_000, '.data'],
    );
    assert.deepEqual([config.production, config.sandbox], [false, true]);
    assert.deepEqual(
      [config.databaseUrl, config.redisUrl, config.otlpEndpoint],
      [null, null, null],
    );
    assert.deepEqual(config.roles, ['edge', 'cases', 'performers', 'timekeeper']);
    assert.deepEqual(config.whatsapp.appSecrets, [DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET]);
    assert.equal(config.keyring[0]?.key.length, 32);
  });

  test('are read in production', () => {
    const config = loadConfig(production);
    assert.deepEqual([config.production, config.sandbox], [true, false]);
    assert.deepEqual(config.whatsapp.appSecrets, ['app-new', 'app-old']);
    assert.equal(config.whatsapp.apiBase, 'https://graph.facebook.com');
    assert.equal(config.stripe.apiBase, 'https://api.stripe.com');
    assert.equal(config.flights.duffel.apiBase, 'https://api.duffel.com');
    assert.deepEqual(config.staffTokens.keys, { kind: 'jwks', url: 'https://id.example/keys' });
    assert.deepEqual(
      config.keyring.map(({ id }) => id),
      ['k2', 'k1'],
    );
  });

  test('give a provider without address and credentials to the sandbox, and only that', () => {
    const config = loadConfig({ STRIPE_SECRET_KEY: 'sk_test_x', WHATSAPP_API_BASE: 'http://x/' });
    assert.equal(config.sandbox, true);
    assert.equal(config.stripe.apiBase, 'https://api.stripe.com');
    assert.equal(config.whatsapp.apiBase, 'http://x');
    assert.equal(config.flights.duffel.apiBase, null);
    const complete = loadConfig({
      STRIPE_API_BASE: 'http://x',
      WHATSAPP_API_BASE: 'http://x',
      FLIGHTS_PROVIDER: 'amadeus',
      AMADEUS_API_BASE: 'http://x',
    });
    assert.equal(complete.sandbox, false);
  });

  test('name every variable that is wrong, and never its value', () => {
    const wrong = {
      PORT: '65536',
      OPS_PORT: '1e3',
      PARTITIONS: '0',
      ROLES: 'edge,waiter',
      DATABASE_URL: 'mysql://user:hunter2@db',
      REDIS_URL: 'hunter2',
      LOG_LEVEL: 'loud',
      FLIGHTS_PROVIDER: 'hunter2',
      WHATSAPP_APP_SECRET: 'hunter2,',
      ADMIN_JWT_SECRET: 'hunter2',
      KEYRING: 'k1:hunter2',
    };
    const problems = problemsOf(wrong);
    assert.deepEqual(
      new Set(problems.map((problem) => problem.split(' ')[0])),
      new Set(Object.keys(wrong)),
    );
    assert.doesNotMatch(problems.join(' '), /hunter2/);
    assert.deepEqual(problemsOf({ KEYRING: `k:${key(1)},k:${key(2)}` }), [
      'KEYRING repeats a key id',
    ]);
    assert.match(problemsOf({ AMADEUS_CLIENT_ID: 'x' }).join(), /^AMADEUS_API_BASE /);
  });

  test('in production may leave out nothing', () => {
    for (const name of Object.keys(production).filter((name) => name !== 'NODE_ENV')) {
      const problems = problemsOf({ ...production, [name]: undefined });
      assert.equal(problems.length, 1, name);
      assert.ok(problems[0]?.startsWith(`${name} must be set in production`), problems[0] ?? name);
    }
    const amadeus = problemsOf({ ...production, FLIGHTS_PROVIDER: 'amadeus' });
    assert.ok(amadeus.some((problem) => problem.startsWith('AMADEUS_CLIENT_SECRET ')));
  });

  test('in production hold no development secret, in no place of a list', () => {
    for (const [name, secret] of Object.entries(DEVELOPMENT_SECRETS)) {
      const given = Reflect.get(production, name) as string | undefined;
      const env = { ...production, [name]: given === undefined ? secret : `${given},${secret}` };
      assert.ok(
        problemsOf(env).includes(`${name} is a development secret, which production refuses`),
        name,
      );
    }
    const renamed = DEVELOPMENT_SECRETS.KEYRING.replace('development:', 'k9:').replace(/=+$/, '');
    assert.match(problemsOf({ ...production, KEYRING: renamed }).join(), /^KEYRING /);
  });

  test('in production send credentials over TLS, or to a sidecar', () => {
    const plain = { ...production, STRIPE_API_BASE: 'http://stripe.example' };
    assert.deepEqual(problemsOf(plain), ['STRIPE_API_BASE must be https in production']);
    assert.deepEqual(problemsOf({ ...production, STRIPE_API_BASE: 'http://127.0.0.1:9000' }), []);
  });
});
