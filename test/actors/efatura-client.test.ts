import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import {
  type EfaturaClientOptions,
  createEfaturaClient,
} from '../../actors/invoicing/efatura-client.ts';
import { defaultVatRates } from '../../actors/invoicing/plan.ts';
import {
  type Buyer,
  type InvoiceDocument,
  InvoiceInvalid,
  type InvoiceOrder,
  type InvoiceRegister,
  type InvoiceWriter,
  type Seller,
} from '../../actors/ports/invoicing.ts';
import type { SaleKind } from '../../actors/ports/payments.ts';
import { taxNumberOf } from '../../actors/ports/tax-numbers.ts';
import { embeddedArchive } from '../../adapters/embedded-store/archive.ts';
import { nilveraIntegrator } from '../../adapters/nilvera/integrator.ts';
import { nilveraPolicy, nilveraSendPolicy } from '../../adapters/nilvera/policies.ts';
import { tcmbPolicy, tcmbRates } from '../../adapters/tcmb/rates.ts';
import { createInvoiceRegister } from '../../persistence/invoices.ts';
import { createLocalKeyring } from '../../persistence/keyring.ts';
import { createPool } from '../../persistence/pool.ts';
import {
  type Provider,
  call,
  performing as performingWith,
  quick,
  startProvider,
} from '../adapters/fixtures.ts';
import { aliasOfBuyer, registeredBuyer, ublOfDocument } from '../adapters/nilvera-invoices.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { testDatabase } from '../support/services.ts';

const tenant = 'clinic-a';
const address = {
  street: 'Moda Cd. 1',
  district: 'Kadıköy',
  city: 'İstanbul',
  postalCode: '34710',
  country: 'TR',
};
const seller: Seller = {
  taxNumber: '1234567890',
  name: 'Klinik A.Ş.',
  taxOffice: 'Kadıköy',
  address,
  series: { eInvoice: 'EFT', eArchive: 'ARS' },
  healthTourismAuthorised: true,
};
const patient: Buyer = {
  kind: 'person',
  firstName: 'Jane',
  familyName: 'Doe',
  companyName: null,
  nationality: 'DE',
  residence: 'DE',
  tckn: null,
  vkn: null,
  passport: 'C01X00T47',
  lastEntry: '2026-11-01',
  address: { ...address, country: 'DE' },
  email: null,
};
const company: Buyer = {
  ...patient,
  kind: 'company',
  companyName: 'Sigorta A.Ş.',
  firstName: null,
  familyName: null,
  vkn: registeredBuyer,
  nationality: 'TR',
  residence: 'TR',
};
const performing = (more: Parameters<typeof performingWith>[0] = {}) =>
  performingWith({ tenant, ...more });
const dayNow = () => new Date(Date.now() + 3 * 60 * 60 * 1_000).toISOString().slice(0, 10);

/** Writes what the sandbox takes, and keeps each document. Of its own rules it has one, for descriptions. */
function writerWith(documents: InvoiceDocument[]): InvoiceWriter {
  return {
    write(document) {
      documents.push(document);
      return Buffer.concat([
        ublOfDocument(document, taxNumberOf(document.buyer) ?? undefined),
        Buffer.from(document.lines.some(({ description }) => description === 'wrong') ? '!' : ''),
      ]);
    },
    check: (xml) =>
      Buffer.from(xml).toString().endsWith('!')
        ? [{ rule: 'TEST', element: '/Invoice/cac:InvoiceLine/cac:Item/cbc:Name', message: 'No.' }]
        : [],
  };
}

suite('The e-Fatura client', { timeout: 120_000 }, () => {
  let provider: Provider;
  let register: InvoiceRegister;
  let options: EfaturaClientOptions;
  const documents: InvoiceDocument[] = [];
  const resources = new AsyncDisposableStack();

  before(async () => {
    const database = resources.use(await testDatabase());
    const pool = createPool({ url: database.url, max: 4 });
    resources.defer(() => pool.end());
    const folder = await mkdtemp(join(tmpdir(), 'efatura-'));
    resources.defer(() => rm(folder, { recursive: true }));
    provider = await startProvider();
    resources.defer(() => provider.close());
    await nilvera('taxpayers', { taxNumber: registeredBuyer, alias: aliasOfBuyer });
    const keyring = createLocalKeyring([{ id: 'root', key: new Uint8Array(32).fill(7) }]);
    register = createInvoiceRegister({ pool, keyring });
    const { dispatcher, telemetry, sandbox } = provider;
    const shared = { baseUrl: sandbox.origin, dispatcher, telemetry };
    options = {
      integrator: nilveraIntegrator({
        ...shared,
        apiKey: sandboxSecrets.nilveraApiKey,
        policy: quick('nilvera', nilveraPolicy),
        sendPolicy: quick('nilvera', nilveraSendPolicy, { timeoutMs: 500 }),
      }),
      rates: tcmbRates({ ...shared, policy: quick('tcmb', tcmbPolicy) }),
      register,
      archive: embeddedArchive({
        folder,
        seal: async (_, bytes) => bytes,
        open: async (_, bytes) => bytes,
      }),
      writer: writerWith(documents),
      seller: (of) => (of === tenant ? seller : undefined),
      vatRates: defaultVatRates,
      now: Date.now,
    };
  });
  after(() => resources.disposeAsync());

  const nilvera = (name: string, body: object) =>
    call(provider.sandbox, 'POST', `/_sandbox/nilvera/${name}`, body);
  const client = (more: Partial<EfaturaClientOptions> = {}) =>
    createEfaturaClient({ ...options, ...more });
  const taken = async (ettn: string) =>
    (await provider.applied('invoice')).filter(({ key }) => key === ettn);

  function orderOf(
    more: Partial<InvoiceOrder> = {},
    kind: SaleKind = 'health',
    amountMinor = '125000',
  ) {
    const caseId = `case-${randomUUID()}`;
    const order: InvoiceOrder = {
      tenant,
      caseId,
      bookingId: `${caseId}-b1`,
      invoiceId: `${caseId}-b1-i1`,
      lines: [
        {
          kind,
          description: 'Treatment',
          quantity: 1,
          gross: { amountMinor, currency: 'EUR' },
        },
      ],
      buyer: patient,
      paidAt: '2026-11-20T22:30:00Z',
      payment: { provider: 'stripe', paymentId: 'pi_1' },
      credits: null,
      replaces: null,
      ...more,
    };
    return order;
  }
  const queued = (order: InvoiceOrder) => client().queueInvoice(order, performing());
  /** Queued, sent, and through. */
  async function accepted(order: InvoiceOrder) {
    const issued = await queued(order);
    await client().submitInvoice(order.invoiceId, performing());
    await nilvera('status', {
      ettn: issued.ettn,
      ...(issued.profile === 'EARSIVFATURA' ? { code: 'succeed' } : { gib: 1300 }),
    });
    const status = await client().readInvoice(order.invoiceId, performing());
    assert.equal(status.status, 'accepted');
    return issued;
  }
  const invalid = (rule: string) => (error: unknown) =>
    error instanceof InvoiceInvalid && error.findings.some((finding) => finding.rule === rule);
  const refusedAs = (reason: string) => (error: unknown) =>
    error instanceof ProviderRefused && error.reason === reason;
  const sequence = ({ number }: { readonly number: string }) => BigInt(number.slice(7));

  test('makes out an exempt e-Arşiv invoice, in euros at the bank’s rate', async () => {
    const order = orderOf();
    const issued = await queued(order);
    assert.deepEqual(
      [issued.profile, issued.type, issued.payable, issued.tax.amountMinor],
      ['EARSIVFATURA', 'ISTISNA', { amountMinor: '125000', currency: 'EUR' }, '0'],
    );
    assert.match(issued.number, /^ARS20\d{11}$/);
    const document = documents.at(-1);
    assert.equal(document?.exemption?.code, '334');
    assert.equal(document?.payment.paidOn, '2026-11-21', 'in Turkey it was the next day');
    const rate = await options.rates.rateOn(issued.issueDate, 'EUR', performing().signal);
    assert.deepEqual(document?.exchange, rate);
  });

  test('makes out an ordinary e-Fatura in lira to a registered buyer’s mailbox', async () => {
    const order = orderOf({ buyer: company }, 'aesthetic');
    const [line] = order.lines;
    assert.ok(line);
    const lira = { ...line, gross: { amountMinor: '120000', currency: 'TRY' } };
    const issued = await queued({ ...order, lines: [lira] });
    assert.deepEqual(
      [issued.profile, issued.type, issued.tax.amountMinor],
      ['TEMELFATURA', 'SATIS', '20000'],
    );
    assert.match(issued.number, /^EFT/);
    assert.equal(documents.at(-1)?.exchange, null);
    assert.equal((await register.find(tenant, order.invoiceId))?.alias, aliasOfBuyer);
    const status = await client().submitInvoice(order.invoiceId, performing());
    assert.deepEqual(status, { status: 'submitted', code: null });
    assert.equal((await taken(issued.ettn))[0]?.detail['bookingId'], order.bookingId);
  });

  test('answers the same order with the same invoice, many times at once, and uses one number', async () => {
    const before = sequence(await queued(orderOf()));
    const order = orderOf();
    const all = await Promise.all(Array.from({ length: 8 }, () => queued(order)));
    assert.equal(new Set(all.map((one) => JSON.stringify(one))).size, 1);
    assert.equal(sequence(await queued(orderOf())), before + 2n);
  });

  test('gives an order its ETTN by its name, and another tenant’s another', async () => {
    const order = orderOf();
    const { ettn } = await queued(order);
    assert.match(ettn, /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const elsewhere = client({ seller: () => seller });
    const other = { ...order, tenant: 'clinic-b' };
    const issued = await elsewhere.queueInvoice(other, performing({ tenant: 'clinic-b' }));
    assert.notEqual(issued.ettn, ettn);
  });

  test('uses no number for what is not valid, and names what is wrong', async () => {
    const before = sequence(await queued(orderOf()));
    const order = orderOf();
    const [line] = order.lines;
    assert.ok(line);
    const wrong = { ...order, lines: [{ ...line, description: 'wrong' }] };
    await assert.rejects(queued(wrong), invalid('TEST'));
    await assert.rejects(
      queued(orderOf({ buyer: { ...patient, passport: null } })),
      InvoiceInvalid,
    );
    await assert.rejects(queued(orderOf({ paidAt: 'yesterday' })), invalid('PAID-AT'));
    // Put right, the same order gets the next number.
    assert.equal(sequence(await queued(order)), before + 1n);
  });

  test('takes the rate of the day that the register issues on, not of its own clock', async () => {
    const behind = client({ now: () => Date.now() - 24 * 60 * 60 * 1_000 });
    const issued = await behind.queueInvoice(orderOf(), performing());
    assert.equal(issued.issueDate, dayNow());
    const rate = await options.rates.rateOn(dayNow(), 'EUR', performing().signal);
    assert.deepEqual(documents.at(-1)?.exchange, rate);
  });

  test('uses no number while the bank does not answer', async () => {
    await provider.fault({ provider: 'tcmb', mode: 'error500' });
    const { dispatcher, telemetry, sandbox } = provider;
    const policy = quick('tcmb', tcmbPolicy, { maxRetries: 0 });
    const rates = tcmbRates({ baseUrl: sandbox.origin, dispatcher, telemetry, policy });
    const order = orderOf();
    await assert.rejects(client({ rates }).queueInvoice(order, performing()), ProviderUnreachable);
    await provider.fault({ provider: 'tcmb', mode: 'none' });
    assert.equal(await register.find(tenant, order.invoiceId), null);
  });

  test('sends once what was sent in doubt: a second try asks first', async () => {
    const order = orderOf();
    const { ettn } = await queued(order);
    await provider.fault({
      provider: 'nilvera',
      mode: 'process-then-hang',
      operation: 'send',
      count: 1,
    });
    const first = client().submitInvoice(order.invoiceId, performing());
    await assert.rejects(first, ProviderUnreachable);
    const again = await client().submitInvoice(order.invoiceId, performing({ attempt: 2 }));
    assert.equal(again.status, 'submitted');
    assert.equal((await taken(ettn)).length, 1);
  });

  test('sends again what the integrator does not know', async () => {
    const order = orderOf();
    const { ettn } = await queued(order);
    assert.equal((await client().readInvoice(order.invoiceId, performing())).status, 'submitted');
    assert.equal((await taken(ettn)).length, 1);
  });

  test('keeps PDF and signed XML for ten years after the year, also when asked twice', async () => {
    const order = orderOf();
    const issued = await accepted(order);
    const archived = await client().archiveInvoice(order.invoiceId, performing());
    assert.deepEqual(archived, {
      key: `invoices/${issued.ettn}.pdf`,
      retainUntil: `${Number(issued.issueDate.slice(0, 4)) + 10}-12-31T23:59:59.000Z`,
    });
    const { signal } = performing();
    const pdf = await options.archive.read(tenant, archived.key, signal);
    assert.ok(Buffer.from(pdf ?? []).includes(issued.number));
    const xml = await options.archive.read(tenant, `invoices/${issued.ettn}.xml`, signal);
    assert.ok(Buffer.from(xml ?? []).includes('signed'));
    assert.equal((await register.find(tenant, order.invoiceId))?.status, 'archived');

    await provider.fault({ provider: 'nilvera', mode: 'error500' });
    assert.deepEqual(await client().archiveInvoice(order.invoiceId, performing()), archived);
    const status = await client().submitInvoice(order.invoiceId, performing());
    assert.equal(status.status, 'accepted');
    await provider.fault({ provider: 'nilvera', mode: 'none' });
  });

  test('does not archive what is not accepted, whoever says so', async () => {
    const order = orderOf();
    const { ettn } = await queued(order);
    await client().submitInvoice(order.invoiceId, performing());
    const archiving = () => client().archiveInvoice(order.invoiceId, performing());
    await assert.rejects(archiving(), ProviderBusy);
    await nilvera('status', { ettn, code: 'error' });
    await assert.rejects(archiving(), refusedAs('rejected'));
    assert.equal((await register.find(tenant, order.invoiceId))?.status, 'rejected');
  });

  test('replaces what was rejected under a new number, and nothing that stands', async () => {
    const order = orderOf();
    const { ettn, number } = await queued(order);
    await client().submitInvoice(order.invoiceId, performing());
    const { bookingId } = order;
    const correction = { ...order, invoiceId: `${bookingId}-i101`, replaces: order.invoiceId };
    await nilvera('status', { ettn, code: 'error' });
    assert.notEqual((await queued(correction)).number, number);

    const standing = orderOf();
    await accepted(standing);
    const another = {
      ...standing,
      invoiceId: `${standing.bookingId}-i101`,
      replaces: standing.invoiceId,
    };
    await assert.rejects(queued(another), refusedAs('replaced_invoice_stands'));
  });

  test('gives back in part what was invoiced, by its number, and never more or what does not stand', async () => {
    const order = orderOf();
    const original = await accepted(order);
    const { invoiceId: credits } = order;
    const credit = orderOf({ credits }, 'health', '25000');
    const issued = await queued(credit);
    assert.deepEqual([issued.type, issued.payable.amountMinor], ['IADE', '25000']);
    const { number, issueDate } = original;
    assert.deepEqual(documents.at(-1)?.credits, { number, issueDate });
    await client().submitInvoice(credit.invoiceId, performing());
    assert.equal((await taken(issued.ettn))[0]?.detail['credits'], number);

    await assert.rejects(
      queued(orderOf({ credits }, 'health', '125001')),
      invalid('CREDIT-AMOUNT'),
    );
    await assert.rejects(queued(orderOf({ credits: 'none-b1-i1' })), invalid('CREDIT-ORIGINAL'));
    await assert.rejects(
      queued(orderOf({ credits: credit.invoiceId }, 'health', '1')),
      invalid('CREDIT-ORIGINAL'),
    );
  });

  test('has nothing for another tenant, for one that sells nothing, or that was never queued', async () => {
    const order = orderOf();
    await queued(order);
    const other = performing({ tenant: 'clinic-c' });
    await assert.rejects(client().queueInvoice(orderOf(), other), refusedAs('other_tenant'));
    const theirs = { ...orderOf(), tenant: 'clinic-c' };
    await assert.rejects(client().queueInvoice(theirs, other), refusedAs('no_seller'));
    const unknown = refusedAs('unknown_invoice');
    await assert.rejects(client().submitInvoice(order.invoiceId, other), unknown);
    await assert.rejects(client().readInvoice(order.invoiceId, other), unknown);
    await assert.rejects(client().archiveInvoice('none-b1-i1', performing()), unknown);
  });
});
