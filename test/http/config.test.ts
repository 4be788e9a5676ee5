import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';

import { ConfigInvalid, DEVELOPMENT_SECRETS, loadAuditConfig, loadConfig } from '../../config.ts';

const key = () => randomBytes(32).toString('base64');
const verifyToken = key();
const notifyTokens = [key(), key()];

/** An Ed25519 private key as base64 of PKCS #8. */
function signingKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://db/cases?sslmode=verify-full',
  REDIS_URL: 'rediss://:password@redis:6379',
  WHATSAPP_TOKEN: 'token',
  WHATSAPP_PHONE_NUMBER_ID: '123',
  WHATSAPP_APP_SECRET: 'app-new,app-old',
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  STRIPE_SECRET_KEY: 'sk_live_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_live',
  STRIPE_SUCCESS_URL: 'https://clinic.example/paid',
  STRIPE_CANCEL_URL: 'https://clinic.example/not-paid',
  DUFFEL_TOKEN: 'duffel_live_x',
  S3_ENDPOINT: 'https://s3.example',
  S3_ACCESS_KEY: 'access',
  S3_SECRET_KEY: 'secret',
  DOCUMENTS_WEBHOOK_TOKEN: notifyTokens.join(),
  DOCUMENTS_LINK_KEY: `${key()},${key()}`,
  UPLOAD_PAGE_URL: 'https://clinic.example/upload',
  TRAVELLERS_PAGE_URL: 'https://clinic.example/travellers',
  ADMIN_JWT_ISSUER: 'https://id.example/',
  ADMIN_JWT_AUDIENCE: 'cases',
  ADMIN_JWT_JWKS_URL: 'https://id.example/keys',
  CLAMAV_HOST: 'none',
  KEYRING: `k2:${key()},k1:${key()}`,
  INDEX_KEY: key(),
  AUDIT_SIGNING_KEY: `a2:${signingKey()},a1:${signingKey()}`,
  AUDIT_CHECKPOINTS: 's3:evidence/cases',
};

/** A system whose secrets are its own, so that its addresses may lead anywhere. */
const own: Record<string, string> = {
  ...Object.fromEntries(Object.entries(production).filter(([name]) => name in DEVELOPMENT_SECRETS)),
  ADMIN_JWT_JWKS_URL: production.ADMIN_JWT_JWKS_URL,
};

const vision = { VISION_API_BASE: 'https://vision.example', VISION_API_KEY: 'k' };
const doktor365 = {
  DOKTOR365_API_BASE: 'https://d365.example',
  DOKTOR365_CLIENT_ID: 'c',
  DOKTOR365_CLIENT_SECRET: 's',
};
const orthanc = {
  ORTHANC_API_BASE: 'https://pacs.example/',
  ORTHANC_USER: 'u',
  ORTHANC_PASSWORD: 'p',
};

const firstWord = (problem: string): string => problem.split(' ')[0] ?? '';

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

  test('say where health is, who stands in front, and whom to tell of a weakness', () => {
    const unset = loadConfig({});
    assert.deepEqual(
      [unset.opsHost, unset.trustedProxies, unset.securityContacts],
      ['127.0.0.1', [], []],
    );
    const config = loadConfig({
      OPS_HOST: '127.0.0.2',
      TRUSTED_PROXIES: '10.0.0.0/8, fd00::/8,192.0.2.7',
      SECURITY_CONTACT: 'security@example.org,https://example.org/security',
    });
    assert.equal(config.opsHost, '127.0.0.2');
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', 'fd00::/8', '192.0.2.7']);
    assert.deepEqual(config.securityContacts, [
      'mailto:security@example.org',
      'https://example.org/security',
    ]);
    for (const network of ['x', '10.0.0.0/33', '10.0.0.0/8/1', '10.0.0.0/', 'fd00::/129', ',']) {
      assert.deepEqual(problemsOf({ TRUSTED_PROXIES: network }).map(firstWord), [
        'TRUSTED_PROXIES',
      ]);
    }
    for (const contact of ['somebody', 'http://example.org', 'mailto:x']) {
      assert.deepEqual(problemsOf({ SECURITY_CONTACT: contact }).map(firstWord), [
        'SECURITY_CONTACT',
      ]);
    }
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
    const config = loadConfig({ WHATSAPP_API_BASE: 'http://127.0.0.1:9/' });
    assert.equal(config.sandbox, true);
    assert.equal(config.whatsapp.apiBase, 'http://127.0.0.1:9');
    assert.deepEqual([config.stripe.apiBase, config.flights.duffel.apiBase], [null, null]);
    const real = loadConfig(own);
    assert.deepEqual([real.sandbox, real.production], [false, false]);
    assert.equal(real.stripe.apiBase, 'https://api.stripe.com');
    assert.deepEqual([real.fhir, real.iyzico, real.efatura], [null, null, null]);
    const complete = loadConfig({
      STRIPE_API_BASE: 'http://127.0.0.1:9',
      WHATSAPP_API_BASE: 'http://127.0.0.1:9',
      FLIGHTS_PROVIDER: 'amadeus',
      AMADEUS_API_BASE: 'http://127.0.0.1:9',
      IYZICO_API_BASE: 'http://127.0.0.1:9',
      NILVERA_API_BASE: 'http://127.0.0.1:9',
      TCMB_API_BASE: 'http://127.0.0.1:9',
      FHIR_API_BASE: 'http://127.0.0.1:9/fhir/',
      ...vision,
      VISION_API_BASE: 'http://127.0.0.1:9',
      ...doktor365,
      DOKTOR365_API_BASE: 'http://127.0.0.1:9',
    });
    assert.equal(complete.sandbox, false);
    assert.equal(complete.fhir?.apiBase, 'http://127.0.0.1:9/fhir');
  });

  test('name every variable that is wrong, and never its value', () => {
    const wrong = {
      PORT: '65536',
      OPS_PORT: '1e3',
      PARTITIONS: '0',
      ROLES: 'edge,waiter',
      DATABASE_URL: 'mysql://user:hunter2@127.0.0.1',
      REDIS_URL: 'hunter2',
      LOG_LEVEL: 'loud',
      FLIGHTS_PROVIDER: 'hunter2',
      WHATSAPP_APP_SECRET: 'hunter2,',
      ADMIN_JWT_SECRET: 'hunter2',
      KEYRING: 'k1:hunter2',
      DOCUMENTS_LINK_KEY: 'hunter2',
    };
    const problems = problemsOf(wrong);
    assert.deepEqual(
      new Set(problems.map((problem) => problem.split(' ')[0])),
      new Set(Object.keys(wrong)),
    );
    assert.doesNotMatch(problems.join(' '), /hunter2/);
    const client = { FHIR_API_BASE: 'http://127.0.0.1:9', FHIR_CLIENT_ID: 'c' };
    const servers = { S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 's' };
    for (const env of [
      { ORTHANC_API_BASE: 'hunter2', ORTHANC_USER: 'u', ORTHANC_PASSWORD: 'p' },
      { FHIR_PRIVATE_JWK: 'hunter2', ...client },
      { S3_ENDPOINT: 'https://127.0.0.1/hunter2', ...servers },
    ]) {
      const found = problemsOf(env);
      assert.deepEqual(found.length, 1);
      assert.ok(found[0]?.startsWith(`${Object.keys(env)[0]} must be`), found.join());
      assert.doesNotMatch(found.join(), /hunter2/);
    }
    assert.deepEqual(problemsOf({ KEYRING: `k:${key()},k:${key()}` }), [
      'KEYRING repeats a key id',
    ]);
    assert.match(problemsOf({ AMADEUS_CLIENT_ID: 'x' }).join(), /^AMADEUS_API_BASE /);
  });

  test('leave the clinic to the sandbox and to an own archive, or to none in production', () => {
    const development = loadConfig({});
    assert.deepEqual(
      [development.fhir?.apiBase, development.vision?.apiBase, development.doktor365?.apiBase],
      [null, null, null],
    );
    assert.equal(development.fhir?.auth.kind, 'secret');
    assert.deepEqual(development.orthanc, { kind: 'own' });
    assert.deepEqual(loadConfig({ ORTHANC_API_BASE: 'none' }).orthanc, { kind: 'off' });
    const { fhir, vision: model, doktor365: deals, orthanc: archive } = loadConfig(production);
    assert.deepEqual([fhir, model, deals, archive], [null, null, null, { kind: 'off' }]);
  });

  test('take each of the clinic whole or not at all', () => {
    for (const group of [vision, doktor365, orthanc]) {
      for (const name of Object.keys(group)) {
        for (const others of [own, production]) {
          const problems = problemsOf({ ...others, ...group, [name]: undefined });
          assert.equal(problems.length, 1, name);
          assert.ok(problems[0]?.startsWith(`${name} must be set with the other `), name);
        }
      }
      assert.deepEqual(problemsOf({ ...production, ...group }), []);
    }
    assert.deepEqual(loadConfig({ ...own, ...orthanc }).orthanc, {
      kind: 'server',
      baseUrl: 'https://pacs.example',
      username: 'u',
      password: 'p',
      dicomWebUrl: 'https://pacs.example/dicom-web',
    });
  });

  test('prove who we are to a FHIR server by one secret or one key', () => {
    const base = { FHIR_API_BASE: 'https://fhir.example' };
    const jwk = { kty: 'EC', crv: 'P-384', kid: 'k1', d: 'x', x: 'x', y: 'x' };
    const client = { ...base, FHIR_CLIENT_ID: 'c' };
    const FHIR_PRIVATE_JWK = JSON.stringify(jwk);
    const { fhir } = loadConfig({ ...production, ...client, FHIR_PRIVATE_JWK });
    assert.deepEqual(fhir?.auth, { kind: 'signed', clientId: 'c', keys: [jwk] });
    assert.equal(loadConfig({ ...own, ...base }).fhir?.auth.kind, 'none');
    assert.match(problemsOf({ FHIR_CLIENT_ID: 'c' }).join(), /^FHIR_API_BASE /);
    assert.match(
      problemsOf({ ...own, ...client }).join(),
      /^FHIR_CLIENT_SECRET or FHIR_PRIVATE_JWK /,
    );
    const both = { ...client, FHIR_CLIENT_SECRET: 's', FHIR_PRIVATE_JWK };
    assert.match(problemsOf({ ...own, ...both }).join(), /^FHIR_PRIVATE_JWK /);
    assert.match(problemsOf({ ...production, ...base }).join(), /^FHIR_CLIENT_ID /);
    assert.deepEqual(problemsOf({ ...production, FHIR_API_BASE: 'http://127.0.0.1:9' }), []);
    for (const weak of [
      { ...jwk, crv: 'P-256' },
      { ...jwk, d: undefined },
      { ...jwk, kid: '' },
    ]) {
      const given = { ...client, FHIR_PRIVATE_JWK: JSON.stringify(weak) };
      assert.match(problemsOf({ ...own, ...given }).join(), /^FHIR_PRIVATE_JWK must be/);
    }
  });

  test('name the bucket, and links that several keys open', () => {
    const { documents } = loadConfig(production);
    assert.equal(documents.s3?.publicUrl, 'https://s3.example');
    assert.deepEqual([documents.bucket, documents.linkKeys.length], ['health-tourism-docs', 2]);
    assert.deepEqual(documents.webhookTokens, notifyTokens);
    assert.equal(loadConfig({}).documents.s3, null);
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

  test('of money are taken whole or not at all, and rules name who is there', () => {
    const plain = loadConfig(production);
    assert.deepEqual([plain.iyzico, plain.efatura, plain.efaturaWebhookSecrets], [null, null, []]);
    assert.deepEqual(plain.paymentRules, [{ match: '*', provider: 'stripe' }]);
    const iyzico = { ...production, IYZICO_API_KEY: 'key', IYZICO_SECRET_KEY: 'new,old' };
    assert.deepEqual(problemsOf(iyzico).map(firstWord).toSorted(), [
      'IYZICO_BUYER_EMAIL',
      'IYZICO_BUYER_IP',
      'PUBLIC_URL',
    ]);
    const whole = {
      ...iyzico,
      IYZICO_BUYER_EMAIL: 'payments@clinic.example',
      IYZICO_BUYER_IP: '192.0.2.1',
      PUBLIC_URL: 'https://cases.example/',
    };
    const config = loadConfig(whole);
    assert.deepEqual(config.iyzico?.secretKeys, ['new', 'old']);
    assert.equal(config.publicUrl, 'https://cases.example');
    assert.deepEqual(config.paymentRules.at(0), { match: 'TRY', provider: 'iyzico' });
    const withoutSuccess = { ...whole, STRIPE_SUCCESS_URL: undefined };
    assert.equal(loadConfig(withoutSuccess).stripe.successUrl, null);
    const withoutPage = { ...whole, TRAVELLERS_PAGE_URL: undefined };
    assert.equal(
      loadConfig(withoutPage).documents.travellersPageUrl,
      'https://cases.example/travellers',
    );
    assert.deepEqual(problemsOf({ ...production, TRAVELLERS_PAGE_URL: undefined }).map(firstWord), [
      'TRAVELLERS_PAGE_URL',
    ]);

    assert.deepEqual(problemsOf({ ...production, PAYMENT_RULES: 'TRY:iyzico' }).map(firstWord), [
      'PAYMENT_RULES',
    ]);
    for (const rules of ['try:stripe', 'TRY', '*:paypal', '*:stripe,TRY:stripe'])
      assert.match(problemsOf({ PAYMENT_RULES: rules }).join(), /^PAYMENT_RULES .*rule \d/);

    const nilvera = problemsOf({ ...production, NILVERA_API_KEY: 'key' });
    assert.ok(nilvera.length === 8 && nilvera.every((name) => name.startsWith('SELLER_')));
    const sold = Object.fromEntries(nilvera.map((problem) => [firstWord(problem), 'ABC']));
    const wrong = problemsOf({ ...sold, SELLER_TAX_NUMBER: '1460415309' });
    assert.deepEqual(wrong, ['SELLER_TAX_NUMBER must be a valid VKN or TCKN']);
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

  test('sign checkpoints with the first key, and verify with all, retired ones too', () => {
    const { signingKey: first, publicKeys, checkpoints, coverMs } = loadConfig(production).audit;
    assert.equal(first.keyId, 'a2');
    assert.deepEqual([...publicKeys.keys()], ['a2', 'a1']);
    assert.ok(publicKeys.get('a2')?.equals(createPublicKey(first.key)));
    assert.deepEqual(checkpoints, { kind: 's3', bucket: 'evidence', prefix: 'cases/' });
    assert.equal(coverMs, 15 * 60_000);
    const { publicKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const retired = loadConfig({ ...production, AUDIT_RETIRED_KEYS: `a0:${spki}` }).audit;
    assert.deepEqual([...retired.publicKeys.keys()], ['a0', 'a2', 'a1']);
    const development = loadConfig({ DATA_DIR: 'd' }).audit;
    assert.deepEqual([...development.publicKeys.keys()], ['development']);
    assert.deepEqual(development.checkpoints, { kind: 'file', path: 'd/audit-checkpoints.jsonl' });
  });

  test('refuse keys for checkpoints that are none, and never show them', () => {
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const wrong = [
      'id',
      signingKey(),
      'a1:AAAA',
      `a1:${rsa.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`,
      `a1:${signingKey()},a1:${signingKey()}`,
    ];
    for (const value of wrong) {
      const problems = problemsOf({ AUDIT_SIGNING_KEY: value });
      assert.equal(problems.length, 1, value);
      assert.match(problems[0] ?? '', /^AUDIT_SIGNING_KEY (must be|repeats)/);
      assert.ok(value === 'id' || !problems.join().includes(value));
    }
    assert.match(
      problemsOf({ ...production, AUDIT_CHECKPOINTS: 's3:B_' }).join(),
      /^AUDIT_CHECKPOINTS must be/,
    );
    assert.match(problemsOf({ AUDIT_CHECKPOINTS: 's3:bucket' }).join(), /S3_ENDPOINT must be set/);
  });

  test('of an auditor are public keys alone, but never the development key’s', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const env = { NODE_ENV: 'production', AUDIT_CHECKPOINTS: '/evidence/file' };
    const found = loadAuditConfig({ ...env, AUDIT_RETIRED_KEYS: `a0:${spki}` });
    assert.deepEqual([...found.audit.publicKeys.keys()], ['a0']);
    assert.throws(() => loadAuditConfig(env), /AUDIT_SIGNING_KEY must be set/);
    const [, encoded = ''] = DEVELOPMENT_SECRETS.AUDIT_SIGNING_KEY.split(':');
    const der = Buffer.from(encoded, 'base64');
    const development = createPublicKey(
      createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    )
      .export({ format: 'der', type: 'spki' })
      .toString('base64');
    assert.throws(
      () => loadAuditConfig({ ...env, AUDIT_RETIRED_KEYS: `a0:${spki},x:${development}` }),
      /AUDIT_RETIRED_KEYS holds the development key/,
    );
    const given = { ...env, AUDIT_SIGNING_KEY: DEVELOPMENT_SECRETS.AUDIT_SIGNING_KEY };
    assert.throws(() => loadAuditConfig(given), /AUDIT_SIGNING_KEY is a development secret/);
  });
});
