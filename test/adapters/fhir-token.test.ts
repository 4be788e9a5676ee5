import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';
import { type JWTPayload, SignJWT, decodeJwt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { MockAgent } from 'undici';

import { ProviderCredentialsRefused, ProviderRefused } from '../../actors/errors.ts';
import { missingScopes } from '../../adapters/fhir/scopes.ts';
import { type FhirAuth, type SigningKey, clinicalScopes } from '../../adapters/fhir/token.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { PASSPORT, clinicOf, patient, secretAuth, seed } from './fhir-fixture.ts';
import {
  type Provider,
  type TestRedis,
  call,
  performing,
  startProvider,
  startRedis,
} from './fixtures.ts';

interface KeyPair {
  readonly secret: SigningKey;
  readonly open: object;
}

async function keyPair(alg: 'RS384' | 'ES384'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const kid = `${alg}-key`;
  return {
    secret: { ...(await exportJWK(privateKey)), kid },
    open: { ...(await exportJWK(publicKey)), kid },
  };
}

let provider: Provider;
let redisServer: TestRedis;
let redis: Redis;
let rsa: KeyPair;
let curve: KeyPair;
let stranger: KeyPair;
/** What the FHIR client's clock and the server's share. */
let nowMs = Date.UTC(2027, 0, 1);
before(async () => {
  [provider, redisServer, rsa, curve, stranger] = await Promise.all([
    startProvider({ now: () => nowMs }),
    startRedis(),
    keyPair('RS384'),
    keyPair('ES384'),
    keyPair('ES384'),
  ]);
  redis = redisServer.connect();
  await seed(provider, [patient('anna', 'C01X00T47')]);
  await register('signer', { jwks: { keys: [rsa.open, curve.open] } });
});
after(async () => {
  await provider.close();
  await redisServer.close();
});
beforeEach(async () => {
  await redis.flushall();
  await provider.fault({ provider: 'fhir', mode: 'none' });
  await control('rules', { auth: true, tokenSeconds: 300, algorithms: ['RS384', 'ES384'] });
  await control('revoke');
});

const control = (name: string, body: object = {}) =>
  call(provider.sandbox, 'POST', `/_sandbox/fhir/${name}`, body);
const register = (clientId: string, more: object) => control('clients', { clientId, ...more });
const issued = async () => (await provider.applied('token')).length;

const signed = (...keys: readonly KeyPair[]): FhirAuth => ({
  kind: 'signed',
  clientId: 'signer',
  keys: keys.map(({ secret }) => secret),
});

async function finds(auth: FhirAuth, more: object = {}): Promise<void> {
  const clinic = clinicOf(provider, redis, { auth, now: () => nowMs, ...more });
  const found = await clinic.findPatient({ system: PASSPORT, value: 'C01X00T47' }, performing());
  assert.equal(found?.id, 'anna');
}

const refused = (reason: string) => (error: unknown) =>
  error instanceof ProviderCredentialsRefused && error.reason === reason;

suite('access to a FHIR server', () => {
  test('is by a secret, in a header or in the form', async () => {
    await finds(secretAuth);
    await control('revoke');
    await redis.flushall();
    await finds({ ...secretAuth, sentIn: 'body' });
  });

  test('is by a secret with signs that mean something in a header', async () => {
    await register('id:with colon', { secret: 'a+b%c:d ü' });
    const auth = { kind: 'secret', clientId: 'id:with colon', clientSecret: 'a+b%c:d ü' } as const;
    await finds({ ...auth, sentIn: 'basic' });
  });

  test('is by a signature of either algorithm', async () => {
    await finds(signed(rsa));
    await redis.flushall();
    await finds(signed(curve));
  });

  test('is by the key whose algorithm the server takes', async () => {
    await control('rules', { algorithms: ['ES384'] });
    await finds(signed(rsa, curve));
    await redis.flushall();
    await assert.rejects(finds(signed(rsa)), refused('algorithm_not_taken'));
  });

  test('is refused for a wrong secret, and for another key under our name', async () => {
    await assert.rejects(
      finds({ ...secretAuth, clientSecret: 'wrong' }),
      (error) => refused('invalid_client')(error) && !String(error).includes('wrong'),
    );
    const { kid } = curve.secret;
    await assert.rejects(
      finds(signed({ ...stranger, secret: { ...stranger.secret, kid } })),
      refused('invalid_client'),
    );
  });

  test('is refused where less was granted than is needed', async () => {
    await register('narrow', { secret: 's', scope: 'system/Patient.rs system/Observation.rs' });
    const auth = { kind: 'secret', clientId: 'narrow', clientSecret: 's', sentIn: 'body' } as const;
    await assert.rejects(finds(auth), refused('scope_narrowed'));
    await finds({ ...auth, scopes: ['system/Patient.rs'] });
  });

  test('goes to a configured token endpoint without looking for one', async () => {
    await provider.fault({ provider: 'fhir', mode: 'error500', operation: 'discovery' });
    const tokenUrl = `${provider.sandbox.origin}/fhir/auth/token`;
    await finds({ ...secretAuth, tokenUrl });
    await redis.flushall();
    await finds({ kind: 'signed', clientId: 'signer', keys: [curve.secret], tokenUrl });
  });

  test('is shared by all processes, under the name of the tenant', async () => {
    const before = await issued();
    const other = redisServer.connect();
    await Promise.all([finds(secretAuth), finds(secretAuth)]);
    const again = clinicOf(provider, other, { now: () => nowMs });
    await again.readPatient('anna', null, performing());
    assert.equal((await issued()) - before, 1);
    assert.deepEqual(await redis.keys('*'), ['fhir:token:clinic-a']);
    // 300 s less a margin of 30.
    const leftMs = await redis.pttl('fhir:token:clinic-a');
    assert.ok(leftMs > 150_000 && leftMs <= 270_000);
  });

  test('is not kept when it would be over before it is used', async () => {
    await control('rules', { tokenSeconds: 20 });
    await finds(secretAuth);
    assert.deepEqual(await redis.keys('*'), []);
  });

  test('is had anew, once, when the server ended it before its time', async () => {
    await finds(signed(curve));
    await control('revoke');
    const before = await issued();
    await finds(signed(curve));
    assert.equal((await issued()) - before, 1);
    await provider.fault({ provider: 'fhir', mode: 'unauthorized', operation: 'search' });
    await assert.rejects(finds(signed(curve)), refused('login'));
    assert.equal((await issued()) - before, 2);
  });

  test('never carries a secret in the clear, when the server is not', async () => {
    const discovery = new MockAgent();
    discovery.disableNetConnect();
    discovery
      .get('https://clinic.example')
      .intercept({ path: '/fhir/.well-known/smart-configuration' })
      .reply(200, { token_endpoint: 'http://clinic.example/token' });
    const secure = { ...provider, dispatcher: discovery };
    const clinic = clinicOf(secure, redis, { baseUrl: 'https://clinic.example/fhir' });
    await assert.rejects(
      clinic.readPatient('anna', null, performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'token_endpoint_not_secure',
    );
    await discovery.close();
  });
});

suite('the sandbox takes an assertion', () => {
  let tokenUrl: string;
  before(() => {
    tokenUrl = `${provider.sandbox.origin}/fhir/auth/token`;
  });
  const seconds = () => Math.floor(nowMs / 1_000);

  async function assertion(change: JWTPayload = {}, header: object = {}): Promise<string> {
    const claims = {
      iss: 'signer',
      sub: 'signer',
      aud: tokenUrl,
      jti: `${performance.now()}`,
      exp: seconds() + 300,
      ...change,
    };
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES384', kid: 'ES384-key', typ: 'JWT', ...header })
      .sign(await importJWK(curve.secret, 'ES384'));
  }

  async function statusOf(token: string): Promise<number> {
    const form = {
      grant_type: 'client_credentials',
      scope: clinicalScopes.join(' '),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: token,
    };
    const answer = await fetch(tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
    await answer.body?.cancel();
    return answer.status;
  }

  test('once', async () => {
    const token = await assertion();
    assert.deepEqual([await statusOf(token), await statusOf(token)], [200, 401]);
  });

  for (const [what, change] of [
    ['for another audience', () => ({ aud: `${tokenUrl}/` })],
    ['for one audience of several', () => ({ aud: [tokenUrl, 'https://other.example'] })],
    ['of more than five minutes', () => ({ exp: seconds() + 301 })],
    ['that is over', () => ({ exp: seconds() - 1 })],
    ['in the name of another', () => ({ sub: 'somebody' })],
    ['of somebody unknown', () => ({ iss: 'somebody', sub: 'somebody' })],
  ] as const) {
    test(`but none ${what}`, async () => {
      assert.equal(await statusOf(await assertion(change())), 401);
    });
  }

  test('but none whose claims were changed after it was signed', async () => {
    const [header, , signature] = (await assertion()).split('.');
    const claims = { ...decodeJwt(await assertion()), jti: 'another' };
    const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
    assert.equal(await statusOf(`${header}.${changed}.${signature}`), 401);
    assert.equal(await statusOf('nonsense'), 401);
  });
});

suite('scopes', () => {
  test('cover what is wanted, in either syntax', () => {
    const wanted = ['system/Patient.rs', 'system/Observation.s'];
    for (const granted of [
      'system/Patient.rs system/Observation.rs',
      'system/*.cruds',
      'system/Patient.read system/Observation.*',
      'openid system/*.r system/*.s',
    ]) {
      assert.deepEqual(missingScopes(wanted, granted), [], granted);
    }
    assert.deepEqual(missingScopes(wanted, ''), wanted);
    for (const granted of [
      'system/Patient.r system/Observation.rs',
      'user/Patient.rs system/Observation.rs',
      'system/Patient.write system/Observation.rs',
      'system/Patient.rs?gender=female system/Observation.rs',
    ]) {
      assert.deepEqual(missingScopes(wanted, granted), ['system/Patient.rs'], granted);
    }
  });
});

suite('the sandbox as a FHIR server', () => {
  test('refuses a resource that is not valid R4, and a search by what it does not know', async () => {
    await assert.rejects(seed(provider, [{ resourceType: 'Observation', id: 'x' }]), /400/);
    await control('rules', { auth: false });
    const answer = await fetch(`${provider.sandbox.origin}/fhir/Patient?shoe-size=40`);
    assert.equal(answer.status, 400);
    await answer.body?.cancel();
  });

  test('still has its resources, with their versions, after a restart', async () => {
    const first = await startProvider();
    try {
      await seed(first, [patient('anna', 'C01X00T47'), patient('leaving', 'LEAVING')]);
      await call(first.sandbox, 'DELETE', '/_sandbox/fhir/Patient/leaving');
      const clinic = clinicOf(first, redis, { tenant: 'clinic-a' });
      const read = await clinic.readPatient('anna', null, performing());
      assert.ok(read.outcome === 'read');
      const second = await startSandbox({
        port: 0,
        ledgerFile: first.ledgerFile,
        webhooks: {},
        secrets: sandboxSecrets,
      });
      try {
        await redis.flushall(); // Tokens are the first one's own.
        const later = clinicOf({ ...first, sandbox: second }, redis);
        assert.deepEqual(await later.readPatient('anna', read.patient.version, performing()), {
          outcome: 'unchanged',
        });
        assert.deepEqual(await later.readPatient('leaving', null, performing()), {
          outcome: 'gone',
        });
      } finally {
        await second.close();
      }
    } finally {
      await first.close();
    }
  });
});
