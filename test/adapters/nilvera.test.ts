import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { InvoiceIntegrator } from '../../actors/ports/invoicing.ts';
import { type NilveraOptions, nilveraIntegrator } from '../../adapters/nilvera/integrator.ts';
import { nilveraPolicy, nilveraSendPolicy } from '../../adapters/nilvera/policies.ts';
import { eArchiveStatus, eInvoiceStatus } from '../../adapters/nilvera/statuses.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { listen } from '../sandbox/server.ts';
import { type Provider, call, quick, startProvider } from './fixtures.ts';
import { aliasOfBuyer, invoiceOf, registeredBuyer, ublOf } from './nilvera-invoices.ts';

const signal = () => AbortSignal.timeout(20_000);
const refusedAs = (reason: string) => (error: unknown) =>
  error instanceof ProviderRefused && error.reason === reason;

function integratorOn(
  { dispatcher, telemetry }: Pick<Provider, 'dispatcher' | 'telemetry'>,
  baseUrl: string,
  more: Partial<NilveraOptions> = {},
): InvoiceIntegrator {
  return nilveraIntegrator({
    baseUrl,
    apiKey: sandboxSecrets.nilveraApiKey,
    dispatcher,
    telemetry,
    policy: quick('nilvera', nilveraPolicy, { timeoutMs: 500, maxRetries: 1 }),
    sendPolicy: quick('nilvera', nilveraSendPolicy, { timeoutMs: 500, maxRetries: 1 }),
    ...more,
  });
}

suite('Nilvera', () => {
  let provider: Provider;
  let nilvera: InvoiceIntegrator;
  before(async () => {
    provider = await startProvider({ now: () => Date.parse('2026-11-23T09:00:00Z') });
    nilvera = integratorOn(provider, provider.sandbox.origin);
    await control('taxpayers', { taxNumber: registeredBuyer, alias: aliasOfBuyer });
  });
  after(() => provider.close());

  const control = (name: string, body: object) =>
    call(provider.sandbox, 'POST', `/_sandbox/nilvera/${name}`, body);
  /** Of one ETTN, as the sandbox has it in its ledger. */
  const taken = async (ettn: string) =>
    (await provider.applied('invoice')).filter(({ key }) => key === ettn);
  let numbers = 0;
  const number = () => `ABC2026${String((numbers += 1)).padStart(9, '0')}`;

  test('knows the mailbox of a registered taxpayer, and of others that they have none', async () => {
    assert.equal(await nilvera.aliasOf(registeredBuyer, signal()), aliasOfBuyer);
    assert.equal(await nilvera.aliasOf('10000000146', signal()), null);
    await assert.rejects(nilvera.aliasOf('../Search/1', signal()), RangeError);
  });

  test('asks for a mailbox anew after five minutes, and not before', async () => {
    let now = 0;
    const clocked = integratorOn(provider, provider.sandbox.origin, { now: () => now });
    const taxNumber = '1234567890';
    assert.equal(await clocked.aliasOf(taxNumber, signal()), null);
    await control('taxpayers', { taxNumber, alias: 'urn:mail:pk2@other.example' });
    now = 5 * 60_000 - 1;
    assert.equal(await clocked.aliasOf(taxNumber, signal()), null);
    now += 1;
    assert.equal(await clocked.aliasOf(taxNumber, signal()), 'urn:mail:pk2@other.example');
  });

  test('takes an e-Arşiv invoice, lets it through, and hands out its files', async () => {
    const invoice = invoiceOf({ number: number() });
    assert.equal(await nilvera.statusOf(invoice, signal()), null);
    await nilvera.submit(invoice, signal());
    const waiting = { status: 'submitted', code: null };
    assert.deepEqual(await nilvera.statusOf(invoice, signal()), waiting);
    assert.deepEqual(await nilvera.statusOf(invoice, signal()), {
      status: 'accepted',
      code: null,
    });
    const { pdf, xml } = await nilvera.filesOf(invoice, signal());
    assert.equal(Buffer.from(pdf).toString('latin1', 0, 5), '%PDF-');
    assert.ok(Buffer.from(pdf).includes(`ABC2026${String(numbers).padStart(9, '0')}`));
    assert.ok(Buffer.from(xml).includes(invoice.ettn));
    assert.notDeepEqual(Buffer.from(xml), Buffer.from(invoice.xml), 'it is signed');
    const [entry] = await taken(invoice.ettn);
    assert.deepEqual(
      [entry?.detail['payable'], entry?.detail['currency'], entry?.detail['bookingId']],
      ['1250.00', 'EUR', 'case-1-b1'],
    );
  });

  test('takes an e-Fatura to its mailbox, from queued to delivered', async () => {
    const invoice = invoiceOf({ number: number(), profile: 'TEMELFATURA' });
    await nilvera.submit(invoice, signal());
    const seen: unknown[] = [];
    for (let polls = 0; polls < 3; polls += 1) seen.push(await nilvera.statusOf(invoice, signal()));
    assert.deepEqual(seen, [
      { status: 'submitted', code: '1000' },
      { status: 'submitted', code: '1200' },
      { status: 'accepted', code: '1300' },
    ]);
  });

  test('knows rejections by the authority, by delivery and by the buyer, and a cancelled one', async () => {
    const outcome = async (profile: 'TICARIFATURA' | 'EARSIVFATURA', moved: object) => {
      const invoice = invoiceOf({ number: number(), profile });
      await nilvera.submit(invoice, signal());
      await control('status', { ettn: invoice.ettn, ...moved });
      return await nilvera.statusOf(invoice, signal());
    };
    assert.deepEqual(
      [
        await outcome('TICARIFATURA', { gib: 1150 }),
        await outcome('TICARIFATURA', { gib: 1215 }),
        await outcome('TICARIFATURA', { gib: 1300, answer: 'rejected' }),
        await outcome('EARSIVFATURA', { code: 'error' }),
        await outcome('EARSIVFATURA', { code: 'succeed', cancelled: true }),
      ],
      ['1150', '1215', 'answer_rejected', 'error', 'cancelled'].map((code) => ({
        status: 'rejected',
        code,
      })),
    );
  });

  test('takes an ETTN that is there already for sent, and another document under its number not', async () => {
    const invoice = invoiceOf({ number: number() });
    await nilvera.submit(invoice, signal());
    await nilvera.submit(invoice, signal());
    assert.equal((await taken(invoice.ettn)).length, 1);
    const clash = invoiceOf({ number: `ABC2026${String(numbers).padStart(9, '0')}` });
    await assert.rejects(nilvera.submit(clash, signal()), refusedAs('409:1004'));
  });

  for (const mode of ['process-then-drop', 'process-then-hang', 'process-then-500']) {
    test(`is in doubt after ${mode}, does not send again by itself, and is told by the status`, async () => {
      const invoice = invoiceOf({ number: number() });
      await provider.fault({ provider: 'nilvera', mode, operation: 'send', count: 1 });
      await assert.rejects(nilvera.submit(invoice, signal()), ProviderUnreachable);
      assert.equal((await nilvera.statusOf(invoice, signal()))?.status, 'submitted');
      await nilvera.submit(invoice, signal());
      assert.equal((await taken(invoice.ettn)).length, 1);
    });
  }

  test('tries again where nothing was done', async () => {
    const invoice = invoiceOf({ number: number() });
    await provider.fault({
      provider: 'nilvera',
      mode: 'busy429',
      operation: 'send',
      count: 1,
      retryAfterSeconds: 0,
    });
    await nilvera.submit(invoice, signal());
    assert.equal((await taken(invoice.ettn)).length, 1);
  });

  test('names the code of a refusal, and never the text, which quotes the invoice', async () => {
    const secret = 'Jane-Doe-Passport';
    const broken = invoiceOf({ number: number(), payable: '12.345', bookingId: secret });
    const error = await nilvera.submit(broken, signal()).then(
      () => assert.fail('it was taken'),
      (refused: unknown) => refused,
    );
    assert.ok(refusedAs('422:2015')(error));
    assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes(secret));
    assert.deepEqual(await taken(broken.ettn), []);
  });

  test('refuses an e-Arşiv invoice for a registered buyer, and a mailbox that is not theirs', async () => {
    const archived = invoiceOf({ number: number(), buyerId: registeredBuyer });
    await assert.rejects(nilvera.submit(archived, signal()), refusedAs('422:2025'));
    const invoice = invoiceOf({ number: number(), profile: 'TEMELFATURA' });
    const elsewhere = { ...invoice, alias: 'urn:mail:defaultpk@else.example' };
    await assert.rejects(nilvera.submit(elsewhere, signal()), refusedAs('422:2052'));
    await assert.rejects(
      nilvera.submit({ ...invoice, alias: null }, signal()),
      refusedAs('no_alias'),
    );
  });

  test('has no files of what is not through', async () => {
    const invoice = invoiceOf({ number: number() });
    await nilvera.submit(invoice, signal());
    await assert.rejects(nilvera.filesOf(invoice, signal()), refusedAs('no_pdf'));
  });

  test('says so when its key is refused', async () => {
    const strange = integratorOn(provider, provider.sandbox.origin, { apiKey: 'another' });
    await assert.rejects(strange.statusOf(invoiceOf(), signal()), ProviderCredentialsRefused);
  });

  test('is not reached where nobody listens', async () => {
    const nobody = integratorOn(provider, 'http://127.0.0.1:1');
    await assert.rejects(nobody.submit(invoiceOf(), signal()), ProviderBusy);
  });

  test('does not take what is no PDF, is cut off, or is another invoice, for its files', async () => {
    const ettn = randomUUID();
    const pdf = Buffer.from('%PDF-1.4\n…\n%%EOF\n').toString('base64');
    const files = new Map([
      ['html', ['<html></html>', ublOf({ ettn })]],
      ['cut', [Buffer.from('%PDF-1.4\n…').toString('base64'), ublOf({ ettn })]],
      ['other', [pdf, ublOf()]],
      ['half', [pdf, ublOf({ ettn }).slice(0, -20)]],
      ['good', [pdf, Buffer.from(ublOf({ ettn })).toString('base64')]],
    ]);
    const server = createServer((request, response) => {
      const [, name = '', kind] =
        /^\/(\w+)\/earchive\/Invoices\/.*\/(pdf|xml)$/.exec(request.url ?? '') ?? [];
      response.end(JSON.stringify(files.get(name)?.[kind === 'pdf' ? 0 : 1]));
    });
    const origin = await listen(server, 0, '127.0.0.1');
    const filesOf = (name: string) =>
      integratorOn(provider, `${origin}/${name}`).filesOf(
        { ettn, profile: 'EARSIVFATURA' },
        signal(),
      );
    for (const name of ['html', 'cut', 'other', 'half']) {
      await assert.rejects(filesOf(name), ProviderUnreachable, name);
    }
    assert.ok((await filesOf('good')).xml.length > 100);
    server.closeAllConnections();
    server.close();
  });

  test('goes on from its ledger after a restart', async () => {
    const invoice = invoiceOf({ number: number() });
    await nilvera.submit(invoice, signal());
    await nilvera.statusOf(invoice, signal());
    const again = await startSandbox({
      port: 0,
      ledgerFile: provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const restarted = integratorOn(provider, again.origin);
    assert.equal((await restarted.statusOf(invoice, signal()))?.status, 'accepted');
    assert.ok((await restarted.filesOf(invoice, signal())).pdf.length > 100);
    assert.equal(await restarted.aliasOf(registeredBuyer, signal()), aliasOfBuyer);
    await again.close();
  });

  test('is joined in the sandbox by an integrator that pushes, signed', async () => {
    const posted: { readonly signature: unknown; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      const keep = async () => {
        posted.push({ signature: request.headers['x-signature'], body: await text(request) });
        response.end();
      };
      void keep();
    });
    const efaturaUrl = `${await listen(server, 0, '127.0.0.1')}/webhooks/efatura`;
    await call(provider.sandbox, 'POST', '/_sandbox/webhooks', { efaturaUrl });
    const said = { invoiceId: 'case-1-b1-i1', status: 'rejected', code: '1150' };
    await call(provider.sandbox, 'POST', '/_sandbox/efatura/push', { ...said, times: 2 });
    assert.equal(posted.length, 2);
    const [first, second] = posted;
    assert.deepEqual(first, second);
    const hmac = createHmac('sha256', sandboxSecrets.efaturaWebhookSecret);
    assert.equal(first?.signature, `sha256=${hmac.update(first?.body ?? '').digest('hex')}`);
    const {
      eventId: _,
      at: __,
      ...rest
    } = JSON.parse(first?.body ?? '') as Record<string, unknown>;
    assert.deepEqual(rest, said);
    server.closeAllConnections();
    server.close();
  });
});

suite('The status of an e-Fatura', () => {
  const at = (
    GIBCode: number | null,
    Code: 'succeed' | 'waiting' | 'error' | 'unknown' = 'unknown',
  ) =>
    eInvoiceStatus({
      Answer: null,
      InvoiceStatus: { Code },
      EnvelopeInfo: GIBCode === null ? null : { GIBCode },
    }).status;

  test('is what the code of its envelope says, for every code of the authority', () => {
    const submitted = [1000, 1100, 1200, 1210, 1220];
    const rejected = [
      1110, 1111, 1120, 1130, 1131, 1132, 1133, 1140, 1141, 1142, 1143, 1150, 1160, 1161, 1162,
      1170, 1171, 1172, 1175, 1176, 1177, 1180, 1181, 1182, 1183, 1190, 1191, 1195, 1215, 1230,
    ];
    for (const code of submitted) assert.equal(at(code), 'submitted', String(code));
    for (const code of rejected) assert.equal(at(code, 'succeed'), 'rejected', String(code));
    assert.equal(at(1300), 'accepted');
  });

  test('of an envelope that was registered before is what the integrator says', () => {
    assert.deepEqual([at(1163, 'succeed'), at(1163, 'error')], ['accepted', 'submitted']);
  });

  test('without a code, or with one that nobody described, is what the integrator says', () => {
    for (const code of [null, 0, 1999]) {
      assert.deepEqual(
        [at(code, 'succeed'), at(code, 'error'), at(code, 'waiting'), at(code)],
        ['accepted', 'rejected', 'submitted', 'submitted'],
      );
    }
  });

  test('of an e-Arşiv invoice is the integrator’s, and cancelled is not accepted', () => {
    const status = (
      StatusCode: 'succeed' | 'waiting' | 'error' | 'unknown',
      CancelStatus = false,
    ) => eArchiveStatus({ StatusCode, CancelStatus }).status;
    assert.deepEqual(
      [
        status('succeed'),
        status('waiting'),
        status('unknown'),
        status('error'),
        status('succeed', true),
      ],
      ['accepted', 'submitted', 'submitted', 'rejected', 'rejected'],
    );
  });
});
