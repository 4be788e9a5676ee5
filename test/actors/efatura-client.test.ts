import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { defaultVatRates } from '../../actors/invoicing/plan.ts';
import {
  type EfaturaClientOptions,
  createEfaturaClient,
} from '../../actors/performers/efatura-client.ts';
import {
  type InvoiceDocument,
  InvoiceInvalid,
  type InvoiceRegister,
  type InvoiceWriter,
  type Seller,
} from '../../actors/ports/invoicing.ts';
import type { Buyer, InvoiceOrder, SaleKind, SaleLine } from '../../actors/shapes/invoices.ts';
import { embeddedArchive } from '../../adapters/embedded-store/archive.ts';
import { nilveraIntegrator } from '../../adapters/nilvera/integrator.ts';
import { nilveraPolicy, nilveraSendPolicy } from '../../adapters/nilvera/policies.ts';
import { tcmbPolicy, tcmbRates } from '../../adapters/tcmb/rates.ts';
import { ublWriter } from '../../adapters/ubl-tr/writer.ts';
import { splitLines } from '../../machines/money.ts';
import { verifyAudit } from '../../persistence/audit/reader.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createInvoiceEncryption } from '../../persistence/encryption/invoices.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createInvoiceRegister } from '../../persistence/finance/invoices.ts';
import {
  type Provider,
  call,
  performing as performingWith,
  quick,
  startProvider,
} from '../adapters/fixtures.ts';
import { aliasOfBuyer, registeredBuyer } from '../adapters/nilvera-invoices.ts';
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

/** The real one; it keeps each document, and has one more rule, for descriptions. */
function writerWith(documents: InvoiceDocument[]): InvoiceWriter {
  const writer = ublWriter();
  return {
    write(document) {
      documents.push(document);
      return writer.write(document);
    },
    check: (xml, today) => [
      ...writer.check(xml, today),
      ...(Buffer.from(xml).includes('>wrong<')
        ? [{ rule: 'TEST', element: '/Invoice/cac:InvoiceLine/cac:Item/cbc:Name', message: 'No.' }]
        : []),
    ],
  };
}

suite('The e-Fatura client', { timeout: 120_000 }, () => {
  let provider: Provider;
  let pool: ReturnType<typeof createPool>;
  let register: InvoiceRegister;
  let options: EfaturaClientOptions;
  const documents: InvoiceDocument[] = [];
  const resources = new AsyncDisposableStack();

  before(async () => {
    const database = resources.use(await testDatabase());
    pool = createPool({ url: database.url, max: 4 });
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
        encrypt: async (_, bytes) => bytes,
        decrypt: async (_, bytes) => bytes,
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

    const valid = orderOf();
    await accepted(valid);
    const another = { ...valid, invoiceId: `${valid.bookingId}-i101`, replaces: valid.invoiceId };
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

  /** As it stands in the register. */
  const standing = async ({ invoiceId }: Pick<InvoiceOrder, 'invoiceId'>) => {
    const { rows } = await pool.query<{ status: string; detail: string | null }>(
      'select status, status_detail as detail from invoices where tenant = $1 and invoice_id = $2',
      [tenant, invoiceId],
    );
    return [rows[0]?.status, rows[0]?.detail];
  };
  /** A Turkish company that nobody knows yet, under a VKN of its own. */
  const companyOf = (vkn: string): Buyer => ({ ...company, vkn });

  test('gives back an invoice in two parts, and then nothing more', async () => {
    const order = orderOf();
    await accepted(order);
    const { invoiceId: credits } = order;
    const parts = await Promise.all(
      ['100000', '25000'].map((part) => queued(orderOf({ credits }, 'health', part))),
    );
    assert.equal(new Set(parts.map(({ number }) => number)).size, 2);
    const before = Math.max(...parts.map((part) => Number(sequence(part))));
    await assert.rejects(queued(orderOf({ credits }, 'health', '1')), invalid('CREDIT-AMOUNT'));
    assert.equal(Number(sequence(await queued(orderOf()))), before + 1, 'no number was used');
  });

  test('gives back once what two credit notes ask for at the same time', async () => {
    const order = orderOf();
    await accepted(order);
    const credit = () => orderOf({ credits: order.invoiceId }, 'health', '70000');
    const both = await Promise.allSettled([queued(credit()), queued(credit())]);
    const [refused, ...others] = both.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    assert.ok(others.length === 0 && invalid('CREDIT-AMOUNT')(refused));
  });

  test('gives back again what a rejected credit note did not', async () => {
    const order = orderOf();
    await accepted(order);
    const first = orderOf({ credits: order.invoiceId });
    const { ettn } = await queued(first);
    await client().submitInvoice(first.invoiceId, performing());
    await nilvera('status', { ettn, code: 'error' });
    await client().readInvoice(first.invoiceId, performing());
    await accepted({ ...first, invoiceId: `${first.bookingId}-i101`, replaces: first.invoiceId });
  });

  test('taxes a credit note as its invoice was, whatever has changed since', async () => {
    const exempt = orderOf();
    await accepted(exempt);
    const ordinary = orderOf({}, 'aesthetic', '120000');
    await accepted(ordinary);
    const changed = client({
      seller: () => ({ ...seller, healthTourismAuthorised: false }),
      vatRates: { ...defaultVatRates, health: 8, aesthetic: 10 },
    });
    const moved = { ...patient, residence: 'TR', lastEntry: null };
    const credit = (order: InvoiceOrder, kind: SaleKind, minor: string) =>
      changed.queueInvoice(
        orderOf({ credits: order.invoiceId, buyer: moved }, kind, minor),
        performing(),
      );
    const untaxed = await credit(exempt, 'health', '25000');
    assert.deepEqual([untaxed.type, untaxed.tax.amountMinor], ['IADE', '0']);
    assert.equal(documents.at(-1)?.exemption?.code, '334');
    const taxed = await credit(ordinary, 'aesthetic', '60000');
    assert.deepEqual([taxed.type, taxed.tax.amountMinor], ['IADE', '10000']);
    await assert.rejects(credit(ordinary, 'transfer', '1000'), (error) => {
      assert.ok(error instanceof InvoiceInvalid);
      const [{ rule, element } = {}] = error.findings;
      return rule === 'CREDIT-LINE' && element === '/Invoice/cac:InvoiceLine[1]/cac:Item/cbc:Name';
    });
  });

  test('replaces what the integrator refused as it was sent, and never sends that again', async () => {
    const vkn = '1234567890';
    const order = orderOf({ buyer: companyOf(vkn) }, 'aesthetic');
    const issued = await queued(order);
    assert.equal(issued.profile, 'EARSIVFATURA');
    // Registered since, so an e-Arşiv invoice is of no use to it.
    await nilvera('taxpayers', { taxNumber: vkn, alias: aliasOfBuyer });
    const submitting = client().submitInvoice(order.invoiceId, performing());
    await assert.rejects(submitting, refusedAs('422:2025'));

    const { integrator } = options;
    const asking: typeof integrator = { ...integrator, aliasOf: async () => aliasOfBuyer };
    const invoiceId = `${order.bookingId}-i101`;
    const correction = await client({ integrator: asking }).queueInvoice(
      { ...order, invoiceId, replaces: order.invoiceId },
      performing(),
    );
    assert.equal(correction.profile, 'TEMELFATURA');
    assert.deepEqual(await standing(order), ['cancelled', 'never_sent']);
    assert.equal((await register.find(tenant, order.invoiceId))?.number, issued.number);

    // A late try of the first one.
    await nilvera('taxpayers', { taxNumber: vkn, alias: null });
    const over = { status: 'rejected', code: 'cancelled' };
    assert.deepEqual(
      await client().submitInvoice(order.invoiceId, performing({ attempt: 9 })),
      over,
    );
    assert.deepEqual(await client().readInvoice(order.invoiceId, performing()), over);
    await assert.rejects(client().archiveInvoice(order.invoiceId, performing()));
    assert.deepEqual(await taken(issued.ettn), []);
  });

  test('replaces nothing that the integrator has not decided on, or that was accepted once', async () => {
    const order = orderOf();
    await queued(order);
    await client().submitInvoice(order.invoiceId, performing());
    const correct = (of: InvoiceOrder, more: Partial<EfaturaClientOptions> = {}) =>
      client(more).queueInvoice(
        { ...of, invoiceId: `${of.bookingId}-i101`, replaces: of.invoiceId },
        performing(),
      );
    await assert.rejects(correct(order), refusedAs('replaced_invoice_stands'));
    const forgetful = { ...options.integrator, statusOf: async () => null };
    const old = orderOf();
    await accepted(old);
    await assert.rejects(
      correct(old, { integrator: forgetful }),
      refusedAs('replaced_invoice_stands'),
    );
    assert.deepEqual(await standing(old), ['accepted', null]);
  });

  test('takes the integrator’s word over what was accepted, and over what is archived', async () => {
    const order = orderOf();
    const { ettn } = await accepted(order);
    await nilvera('status', { ettn, code: 'error' });
    await assert.rejects(
      client().archiveInvoice(order.invoiceId, performing()),
      refusedAs('rejected'),
    );
    const read = await client().readInvoice(order.invoiceId, performing());
    assert.deepEqual(read, { status: 'rejected', code: 'error' });
    assert.deepEqual(await standing(order), ['rejected', 'error']);

    const kept = orderOf();
    const { ettn: keptEttn } = await accepted(kept);
    await client().archiveInvoice(kept.invoiceId, performing());
    await client().readInvoice(kept.invoiceId, performing());
    assert.deepEqual(await standing(kept), ['archived', null]);
    await nilvera('status', { ettn: keptEttn, code: 'succeed', cancelled: true });
    await client().readInvoice(kept.invoiceId, performing());
    assert.deepEqual(await standing(kept), ['cancelled', 'cancelled']);
  });

  test('invoices dinars in hundredths, and names the line that is finer', async () => {
    const lineOf = (amountMinor: string): SaleLine => ({
      kind: 'health',
      description: 'Treatment',
      quantity: 1,
      gross: { amountMinor, currency: 'KWD' },
    });
    const issued = await queued(orderOf({ lines: [lineOf('125010'), lineOf('10')] }));
    assert.deepEqual(issued.payable, { amountMinor: '125020', currency: 'KWD' });
    const finer = queued(orderOf({ lines: [lineOf('125010'), lineOf('125')] }));
    await assert.rejects(finer, (error) => {
      assert.ok(error instanceof InvoiceInvalid);
      const [{ rule, element } = {}] = error.findings;
      return (
        rule === 'TOTAL-DECIMALS' &&
        element === '/Invoice/cac:InvoiceLine[2]/cbc:LineExtensionAmount'
      );
    });
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

suite('Invoices of 32 orders at once', { timeout: 120_000 }, () => {
  const resources = new AsyncDisposableStack();
  after(() => resources.disposeAsync());

  test('have numbers without a gap with us and with the integrator, each once', async () => {
    const database = resources.use(await testDatabase());
    const pool = createPool({ url: database.url, max: 6 });
    resources.defer(() => pool.end());
    const folder = await mkdtemp(join(tmpdir(), 'efatura-'));
    resources.defer(() => rm(folder, { recursive: true }));
    const provider = await startProvider();
    resources.defer(() => provider.close());
    const control = (name: string, body: object) =>
      call(provider.sandbox, 'POST', `/_sandbox/nilvera/${name}`, body);
    await control('taxpayers', { taxNumber: registeredBuyer, alias: aliasOfBuyer });
    const keyring = createLocalKeyring([{ id: 'root', key: new Uint8Array(32).fill(7) }]);
    const { dispatcher, telemetry, sandbox } = provider;
    const shared = { baseUrl: sandbox.origin, dispatcher, telemetry };
    const client = createEfaturaClient({
      integrator: nilveraIntegrator({
        ...shared,
        apiKey: sandboxSecrets.nilveraApiKey,
        policy: quick('nilvera', nilveraPolicy, { timeoutMs: 10_000 }),
        sendPolicy: quick('nilvera', nilveraSendPolicy, { timeoutMs: 3_000 }),
      }),
      rates: tcmbRates({ ...shared, policy: quick('tcmb', tcmbPolicy, { timeoutMs: 10_000 }) }),
      register: createInvoiceRegister({ pool, keyring }),
      archive: embeddedArchive({ folder, ...createInvoiceEncryption(keyring) }),
      writer: ublWriter(),
      seller: () => seller,
      vatRates: defaultVatRates,
      now: Date.now,
    });

    /** As the kernel tries an effect again: after what may be tried again, and not for ever. */
    async function insisting<T>(work: (attempt: number) => Promise<T>): Promise<T> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work(attempt);
        } catch (error) {
          const again = error instanceof ProviderUnreachable || error instanceof ProviderBusy;
          if (!again || attempt === 20) throw error;
        }
      }
    }
    const tried = (attempt: number) => performing({ attempt, signal: AbortSignal.timeout(60_000) });
    const queue = (order: InvoiceOrder) =>
      insisting((attempt) => client.queueInvoice(order, tried(attempt)));
    const submit = ({ invoiceId }: InvoiceOrder) =>
      insisting((attempt) => client.submitInvoice(invoiceId, tried(attempt)));
    async function settle(order: InvoiceOrder): Promise<'accepted' | 'rejected'> {
      for (let polls = 0; polls < 10; polls += 1) {
        const { status } = await insisting((attempt) =>
          client.readInvoice(order.invoiceId, tried(attempt)),
        );
        if (status !== 'submitted') return status;
      }
      throw new Error('It was never settled');
    }
    async function archived(order: InvoiceOrder): Promise<void> {
      await queue(order);
      await submit(order);
      assert.equal(await settle(order), 'accepted');
      await insisting((attempt) => client.archiveInvoice(order.invoiceId, tried(attempt)));
    }

    const lineOf = (kind: SaleKind, amountMinor: string, currency = 'EUR'): SaleLine => ({
      kind,
      description: `A ${kind} & more`,
      quantity: 2,
      gross: { amountMinor, currency },
    });
    function ordersOf(n: number): readonly InvoiceOrder[] {
      const caseId = `case-${randomUUID()}`;
      const bookingId = `${caseId}-b1`;
      const lines = [
        [lineOf('health', `${100_000 + n}`)],
        [lineOf('aesthetic', `${90_000 + n}`, 'TRY'), lineOf('transfer', '1001', 'TRY')],
        [lineOf('health', `${80_000 + n}`), lineOf('accommodation', '33333')],
        [lineOf('commission', `${70_000 + n}`, 'USD')],
      ][n % 4];
      // Split as the case splits a booking.
      return splitLines(lines ?? []).map((own, index) => ({
        tenant,
        caseId,
        bookingId,
        invoiceId: `${bookingId}-i${index + 1}`,
        lines: own,
        buyer: n % 4 === 3 ? company : patient,
        paidAt: '2026-11-20T22:30:00Z',
        payment: { provider: 'stripe', paymentId: `pi_${n}` },
        credits: null,
        replaces: null,
      }));
    }
    const bookings = Array.from({ length: 32 }, (_, n) => ordersOf(n));

    // Some answers get lost on their way to us.
    const lost = { provider: 'nilvera', operation: 'send', count: 6 };
    await provider.fault({ ...lost, mode: 'process-then-drop' });
    await Promise.all(bookings.flat().map((order) => archived(order)));

    // Then half of each third one goes back in two parts, at once; and of each fourth one an invoice is rejected and corrected.
    const credits = bookings.flatMap(([order], n) => {
      if (n % 3 !== 0 || order === undefined) return [];
      return [1, 2].map((part) => ({
        ...order,
        invoiceId: `${order.bookingId}-i${10 + part}`,
        lines: order.lines.map((one) => ({
          ...one,
          gross: { ...one.gross, amountMinor: String(BigInt(one.gross.amountMinor) / 4n) },
        })),
        credits: order.invoiceId,
      }));
    });
    await provider.fault({ ...lost, mode: 'process-then-500' });
    await Promise.all(credits.map((order) => archived(order)));
    const again = bookings.flatMap(([order], n) =>
      n % 4 === 0 && order !== undefined ? [{ ...order, invoiceId: `${order.bookingId}-i20` }] : [],
    );
    await Promise.all(
      again.map(async (order) => {
        const { ettn } = await queue(order);
        await submit(order);
        await control('status', { ettn, code: 'error' });
        assert.equal(await settle(order), 'rejected');
        await archived({
          ...order,
          invoiceId: `${order.bookingId}-i120`,
          replaces: order.invoiceId,
        });
      }),
    );

    const count = bookings.flat().length + credits.length + 2 * again.length;
    const { rows } = await pool.query<{ number: string; ettn: string; status: string }>(
      'select number, ettn::text as ettn, status from invoices order by number',
    );
    assert.equal(rows.length, count);
    for (const [series, own] of Map.groupBy(rows, ({ number }) => number.slice(0, 7))) {
      assert.deepEqual(
        own.map(({ number }) => number),
        own.map((_, n) => `${series}${String(n + 1).padStart(9, '0')}`),
      );
    }
    assert.equal(rows.filter(({ status }) => status === 'rejected').length, again.length);
    assert.equal(rows.filter(({ status }) => status === 'archived').length, count - again.length);
    // The integrator's own book: the same numbers, each with its ETTN, and none twice.
    const theirs = (await provider.applied('invoice')).map(
      ({ key, detail }) => `${String(detail['number'])} ${key}`,
    );
    assert.deepEqual(
      theirs.toSorted(),
      rows.map(({ number, ettn }) => `${number} ${ettn}`),
    );
    for await (const report of verifyAudit(pool)) assert.ok(report.verdict.ok);
  });
});
