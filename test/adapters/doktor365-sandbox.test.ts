import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { DOKTOR365_PREFIX } from '../sandbox/doktor365.ts';
import { type Sandbox, sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { call } from './fixtures.ts';

const secrets = {
  ...sandboxSecrets,
  doktor365Clients: { 'client-a': 'secret-a', 'client-b': 'secret-b' },
};

const deal = {
  id: 'D-1',
  status: 'accepted',
  budget: { amount: '4500.00', currency: 'EUR' },
  clinic: { name: 'Demo Clinic' },
};

const flightData = {
  dealId: 'D-1',
  caseId: 'case-7',
  bookingId: 'case-7-b1',
  travellers: { adults: 1, children: 0 },
  legs: [
    {
      durationMinutes: 230,
      segments: [
        {
          carrier: '6X',
          flightNumber: '101',
          from: 'BER',
          to: 'IST',
          departLocal: '2027-03-01T06:15:00',
          arriveLocal: '2027-03-01T11:05:00',
          durationMinutes: 230,
        },
      ],
    },
  ],
  total: { amount: '418.20', currency: 'EUR' },
};

suite('the sandbox of Doktor365', () => {
  let folder: string;
  let sandbox: Sandbox;
  let token: string;

  const start = () =>
    startSandbox({ port: 0, ledgerFile: join(folder, 'ledger.jsonl'), webhooks: {}, secrets });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'doktor365-'));
    sandbox = await start();
    await call(sandbox, 'POST', '/_sandbox/doktor365/deals', { clientId: 'client-a', deal });
    token = await tokenOf('client-a', 'secret-a');
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  async function answered(path: string, init: RequestInit = {}) {
    const answer = await fetch(sandbox.origin + DOKTOR365_PREFIX + path, init);
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  }

  function issue(form: Record<string, string>) {
    return answered('/oauth2/token', { method: 'POST', body: new URLSearchParams(form) });
  }

  async function tokenOf(client_id: string, client_secret: string): Promise<string> {
    const { json } = await issue({ grant_type: 'client_credentials', client_id, client_secret });
    return String(json['access_token']);
  }

  function send(body: object | string, headers: Record<string, string> = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const digest = createHash('sha256').update(text).digest('base64');
    return answered('/ai/send-flight-data', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-digest': `sha-256=:${digest}:`,
        'idempotency-key': 'case-7.1.0',
        ...headers,
      },
      body: text,
    });
  }

  test('issues tokens by the words of OAuth', async () => {
    const good = {
      grant_type: 'client_credentials',
      client_id: 'client-a',
      client_secret: 'secret-a',
    };
    assert.equal((await issue(good)).status, 200);
    for (const [form, status, error] of [
      [{ ...good, client_secret: 'another' }, 401, 'invalid_client'],
      [{ ...good, client_id: 'constructor' }, 401, 'invalid_client'],
      [{ ...good, grant_type: 'password' }, 400, 'invalid_request'],
      [{ ...good, scope: 'everything' }, 400, 'invalid_request'],
    ] as const) {
      const { status: got, json } = await issue(form);
      assert.deepEqual([got, json], [status, { error }]);
    }
  });

  test('refuses what is not in the contract, naming the field', async () => {
    const [leg] = flightData.legs;
    for (const [body, headers, field] of [
      [{ ...flightData, passengerNames: ['Planted Name'] }, {}, 'body'],
      [{ ...flightData, legs: [{ ...leg, segments: [] }] }, {}, 'legs.0.segments'],
      [{ ...flightData, dealId: 7 }, {}, 'dealId'],
      ['{', {}, 'body'],
      ['', {}, 'body'],
      [flightData, { 'content-type': 'text/plain' }, 'content-type'],
      [flightData, { 'idempotency-key': '' }, 'idempotency-key'],
      [flightData, { 'content-digest': `sha-256=:${'A'.repeat(43)}=:` }, 'content-digest'],
    ] as const) {
      const { status, json } = await send(body, headers);
      assert.deepEqual([status, json], [400, { code: 'bad_request', field }]);
    }
    assert.equal((await send('x'.repeat(65 * 1_024))).status, 413);
    const asked = { headers: { authorization: `Bearer ${token}` } };
    assert.deepEqual(await answered('/deals/D-1?fields=all', asked), {
      status: 400,
      json: { code: 'bad_request', field: 'query' },
    });
    assert.equal((await answered('/deals/D%20', asked)).status, 400);
  });

  test('answers nobody without a token, and nothing of another tenant', async () => {
    assert.deepEqual(await answered('/deals/D-1'), {
      status: 401,
      json: { code: 'token_invalid', message: 'Simulated' },
    });
    assert.equal((await send(flightData, { authorization: 'Bearer wrong' })).status, 401);
    const other = { authorization: `Bearer ${await tokenOf('client-b', 'secret-b')}` };
    assert.equal((await answered('/deals/D-1', { headers: other })).status, 404);
    assert.equal((await send(flightData, other)).status, 404);
  });

  test('takes only deals and itineraries of the contract from its controls', async () => {
    for (const [path, body] of [
      ['deals', { deal: { ...deal, status: 'lost' } }],
      ['deals', { deal, more: 1 }],
      ['deals', { clientId: 'client-x', deal }],
      ['itineraries', { itinerary: { id: 'I-1', items: [{ kind: 'arrival', at: '2027-03-01' }] } }],
    ] as const) {
      await assert.rejects(call(sandbox, 'POST', `/_sandbox/doktor365/${path}`, body), /40[04]/);
    }
  });

  test('goes on from its ledger: deals, keys and receipts, but no tokens', async () => {
    const first = await send(flightData);
    assert.equal(first.status, 201);
    await sandbox.close();
    sandbox = await start();
    assert.equal((await send(flightData)).status, 401);
    token = await tokenOf('client-a', 'secret-a');
    const again = await send(flightData);
    assert.equal(again.status, 409);
    const applied = again.json['applied'] as { readonly receipt: object };
    assert.deepEqual(applied.receipt, first.json);
    assert.equal(
      (await answered('/deals/D-1', { headers: { authorization: `Bearer ${token}` } })).status,
      200,
    );
  });
});
