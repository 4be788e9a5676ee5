import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';
import pg from 'pg';

import {
  invoiceStatuses,
  type InvoiceStatus,
  type NewInvoice,
  type NumberedInvoice,
} from '../../actors/ports/invoicing.ts';
import { verifyAudit } from '../../persistence/audit/reader.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createInvoiceRegister } from '../../persistence/finance/invoices.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { newCaseId } from './ledger-fixture.ts';

const tenant = 'clinic';
const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };
const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
const canary = 'Ayşe Yılmaz <canary>';

/** As one process has it. */
function openRegister(url: string, max = 4) {
  const pool = createPool({ url, max });
  const register = createInvoiceRegister({ pool, keyring: createLocalKeyring([rootKey]) });
  return { register, pool, [Symbol.asyncDispose]: () => pool.end() };
}

/** An invoice nobody else has. */
function invoice(more: Partial<NewInvoice> = {}): NewInvoice {
  const caseId = newCaseId();
  return {
    tenant,
    caseId,
    bookingId: `${caseId}-b1`,
    invoiceId: `${caseId}-b1-i1`,
    ettn: randomUUID(),
    series: 'AAA',
    profile: 'EARSIVFATURA',
    type: 'ISTISNA',
    alias: null,
    payable: eur('125000'),
    tax: eur('0'),
    credits: null,
    replaces: null,
    taxes: { percents: { health: 0 }, exemption: { code: '334', reason: 'KDV 13/l' } },
    ...more,
  };
}
const document = (numbered: { number: string; issueDate: string; issueTime: string }) =>
  Buffer.from(JSON.stringify({ ...numbered, buyer: canary }));

suite('the invoice register', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: ReturnType<typeof openRegister>;
  let two: ReturnType<typeof openRegister>;
  before(async () => {
    database = await testDatabase();
    [one, two] = [openRegister(database.url), openRegister(database.url)];
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  interface Numbered {
    readonly number: string;
    readonly issued_at: Date;
  }
  /** In the order of their numbers, checked: no gap, none twice, and no time before the one of the number before. */
  async function numbersOf(series: string, of = tenant): Promise<readonly string[]> {
    const { rows } = await one.pool.query<Numbered>(
      'select number, issued_at from invoices where tenant = $1 and number like $2 order by number',
      [of, `${series}%`],
    );
    for (const [year, own] of Map.groupBy(rows, ({ number }) => number.slice(3, 7))) {
      assert.deepEqual(
        own.map(({ number }) => number),
        own.map((_, n) => `${series}${year}${String(n + 1).padStart(9, '0')}`),
      );
      for (const [n, { issued_at: at }] of own.entries())
        assert.ok(n === 0 || at >= (own[n - 1]?.issued_at as Date), 'a date went back');
    }
    return rows.map(({ number }) => number);
  }

  test('numbers an invoice, and gives it back as it was issued', async () => {
    const asked = invoice({
      series: 'FIR',
      alias: 'urn:mail:defaultpk@canary.example',
      tax: eur('7'),
    });
    const seen: { number: string; issueDate: string; issueTime: string }[] = [];
    const issued = await one.register.issue(asked, (numbered) => {
      seen.push(numbered);
      return document(numbered);
    });
    const [numbered] = seen;
    assert.ok(numbered);
    assert.match(numbered.number, /^FIR20\d\d000000001$/);
    assert.match(`${numbered.issueDate} ${numbered.issueTime}`, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const { xml, ...rest } = issued;
    const { series: _series, replaces: _replaces, ...kept } = asked;
    assert.deepEqual(rest, {
      ...kept,
      number: numbered.number,
      issueDate: numbered.issueDate,
      status: 'queued',
    });
    assert.deepEqual(Buffer.from(xml), document(numbered));
    assert.deepEqual(await two.register.find(tenant, asked.invoiceId), issued);
    // Turkey's clock, not ours.
    const told = Date.parse(`${numbered.issueDate}T${numbered.issueTime}+03:00`);
    assert.ok(Math.abs(told - Date.now()) < 60_000);
  });

  test('answers an invoice that is there as it is, also to those who ask at the same time', async () => {
    const asked = invoice({ series: 'SAM' });
    let made = 0;
    const make = (numbered: Parameters<typeof document>[0]) => {
      made += 1;
      return document(numbered);
    };
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, n) => {
        const ettn = randomUUID();
        return (n % 2 ? one : two).register.issue({ ...asked, ettn }, make);
      }),
    );
    assert.equal(new Set(all.map(({ number, ettn }) => `${number} ${ettn}`)).size, 1);
    assert.equal(made, 1);
    // In another series it is still the same invoice, and takes no number there.
    const other = await one.register.issue({ ...asked, series: 'OTH' }, make);
    assert.equal(other.number, all[0]?.number);
    assert.equal((await numbersOf('SAM')).length, 1);
    assert.deepEqual(await numbersOf('OTH'), []);
  });

  test('keeps one invoice that is asked for in two series at once', async () => {
    const asked = invoice();
    const both = await Promise.all(
      ['TW1', 'TW2'].map((series, n) =>
        ([one, two][n] as typeof one).register.issue({ ...asked, series }, document),
      ),
    );
    assert.equal(both[0]?.number, both[1]?.number);
    assert.equal((await numbersOf('TW1')).length + (await numbersOf('TW2')).length, 1);
    await one.register.issue(invoice({ series: 'TW1' }), document);
    await one.register.issue(invoice({ series: 'TW2' }), document);
    await Promise.all(['TW1', 'TW2'].map((series) => numbersOf(series)));
  });

  test('uses no number for what cannot be made, and throws what was thrown', async () => {
    const thrown = new TypeError('no such currency');
    const failing = () => {
      throw thrown;
    };
    await assert.rejects(one.register.issue(invoice({ series: 'THR' }), failing), thrown);
    await assert.rejects(
      one.register.issue(
        invoice({ series: 'THR', tax: { amountMinor: '1', currency: 'TRY' } }),
        document,
      ),
      RangeError,
    );
    const issued = await one.register.issue(invoice({ series: 'THR' }), document);
    assert.match(issued.number, /000000001$/);
    for (const series of ['abc', 'AB', 'ABCD', ''])
      await assert.rejects(one.register.issue(invoice({ series }), document), RangeError);
  });

  test('counts for each tenant and series by itself, and shows a tenant its own alone', async () => {
    const mine = await one.register.issue(invoice({ series: 'OWN' }), document);
    const theirs = await one.register.issue(
      { ...invoice({ series: 'OWN', tenant: 'agency' }), invoiceId: mine.invoiceId },
      document,
    );
    assert.equal(mine.number, theirs.number);
    assert.notEqual(mine.ettn, theirs.ettn);
    const other = invoice({ series: 'OWN', tenant: 'agency' });
    await one.register.issue(other, document);
    assert.equal(await one.register.find(tenant, other.invoiceId), null);
    await assert.rejects(
      one.register.advance(tenant, other.invoiceId, 'submitted', null),
      /no invoice/,
    );
    const archive = {
      key: 'k',
      checksum: 'c',
      retainUntil: '2036-11-23T00:00:00Z',
      isLocked: true,
    };
    await assert.rejects(one.register.noteArchived(tenant, other.invoiceId, archive), /no invoice/);
    assert.equal((await numbersOf('OWN', 'agency')).length, 2);
  });

  test('has no gap and no way back with 32 writers, documents that fail and connections that die', async () => {
    const killer = new pg.Client({ connectionString: database.url });
    await killer.connect();
    const series = ['ST1', 'ST2', 'ST3'];
    const progress = { left: 32 };
    let issued = 0;
    let killed = 0;
    const outcomes = { failed: 0, unreachable: 0 };
    async function writer(n: number): Promise<void> {
      for (let round = 0; round < 12; round++) {
        const asked = invoice({ series: series[(n + round) % 3] as string });
        for (let tries = 0; ; tries++) {
          assert.ok(tries < 200, 'never issued');
          try {
            await ([one, two][tries % 2] as typeof one).register.issue(asked, (numbered) => {
              if ((n * 7 + round + tries) % 5 === 0) throw new RangeError('planned');
              return document(numbered);
            });
            issued += 1;
            break;
          } catch (error) {
            const { name, message } = error as Error;
            if (message === 'planned') outcomes.failed += 1;
            else if (name === 'ProviderUnreachable') outcomes.unreachable += 1;
            else throw error;
          }
        }
      }
      progress.left -= 1;
    }
    async function kill(): Promise<void> {
      for (let kills = 0; kills < 60 && progress.left > 0; kills++) {
        // Those that are in the middle of a transaction.
        const { rowCount } = await killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'orchestrator' and datname = current_database() and state <> 'idle'`,
        );
        killed += rowCount ?? 0;
        await killer.query('select pg_sleep(0.005)');
      }
    }
    await Promise.all([...Array.from({ length: 32 }, (_, n) => writer(n)), kill()]);
    await killer.end();
    assert.ok(outcomes.failed > 0 && killed > 0, JSON.stringify({ ...outcomes, killed }));
    const counts = await Promise.all(series.map(async (name) => (await numbersOf(name)).length));
    assert.equal(
      counts.reduce((sum, n) => sum + n),
      32 * 12,
    );
    assert.equal(issued, 32 * 12);
  });

  test('notes what was refused, and gives it a number once it is right', async () => {
    const asked = invoice({ series: 'INV' });
    const finding = { rule: 'TR-ID-FORMAT', element: '/Invoice/cbc:ID', message: 'is not an id' };
    await one.register.noteInvalid(asked, [finding]);
    await one.register.noteInvalid(asked, [finding]);
    assert.equal(await one.register.find(tenant, asked.invoiceId), null);
    const issued = await one.register.issue(asked, document);
    assert.match(issued.number, /000000001$/);
    await one.register.noteInvalid(asked, [finding]);
    assert.deepEqual(await one.register.find(tenant, asked.invoiceId), issued);
  });

  test('moves an invoice on, never back', async () => {
    const last = ['archived', 'cancelled', 'rejected'];
    const order = ['invalid', 'queued', 'submitted', 'accepted'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...invoiceStatuses), { maxLength: 6 }),
        async (statuses) => {
          const asked = invoice({ series: 'ADV' });
          await one.register.issue(asked, document);
          let expected: InvoiceStatus = 'queued';
          const rank = (status: string) => (last.includes(status) ? 9 : order.indexOf(status));
          for (const status of statuses) {
            await one.register.advance(tenant, asked.invoiceId, status, `code-${status}`);
            if (rank(status) > rank(expected) || rank(status) === 9) expected = status;
            const found = await one.register.find(tenant, asked.invoiceId);
            assert.equal(found?.status, expected);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('rejects what was accepted, and gives up what is archived for a reason alone', async () => {
    const asked = invoice({ series: 'ADV' });
    await one.register.issue(asked, document);
    const advanced = async (status: InvoiceStatus, detail: string | null) => {
      await one.register.advance(tenant, asked.invoiceId, status, detail);
      return (await one.register.find(tenant, asked.invoiceId))?.status;
    };
    assert.equal(await advanced('accepted', null), 'accepted');
    assert.equal(await advanced('rejected', null), 'rejected');
    assert.equal(await advanced('archived', null), 'archived');
    assert.equal(await advanced('rejected', null), 'archived');
    assert.equal(await advanced('cancelled', null), 'archived');
    assert.equal(await advanced('rejected', '1215'), 'rejected');
  });

  test('tells a credit note what the others that stand give back, one after the other', async () => {
    const original = invoice({ series: 'CRD' });
    await one.register.issue(original, document);
    const credit = (minor: string, series: string) =>
      invoice({ series, type: 'IADE', credits: original.invoiceId, payable: eur(minor) });
    const seen: string[] = [];
    /** As the client has it: no more than is left. */
    const within =
      (minor: string) =>
      (numbered: NumberedInvoice): Uint8Array => {
        const { credited } = numbered;
        assert.ok(credited);
        assert.deepEqual(
          [credited.status, credited.type, credited.payable],
          ['queued', 'ISTISNA', eur('125000')],
        );
        const sum = BigInt(credited.credited.amountMinor) + BigInt(minor);
        if (sum > 125_000n) throw new RangeError('too much');
        seen.push(credited.credited.amountMinor);
        return document(numbered);
      };
    // In two series, so that no series' row keeps them apart.
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        ([one, two][n % 2] as typeof one).register.issue(
          credit('30000', n % 2 ? 'CR1' : 'CR2'),
          within('30000'),
        ),
      ),
    );
    const issued = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(issued.length, 4);
    assert.deepEqual(seen.toSorted(), ['0', '30000', '60000', '90000']);
    await Promise.all(['CR1', 'CR2'].map((series) => numbersOf(series)));

    // What was refused gives nothing back.
    await one.register.advance(tenant, issued[0]?.invoiceId ?? '', 'rejected', '1150');
    await one.register.advance(tenant, issued[1]?.invoiceId ?? '', 'cancelled', 'never_sent');
    await one.register.issue(credit('65000', 'CR1'), within('65000'));
    await assert.rejects(one.register.issue(credit('1', 'CR2'), within('1')), /too much/);
    const strange = { ...credit('1', 'CR1'), tenant: 'agency' };
    await one.register.issue(strange, (numbered) => {
      assert.equal(numbered.credited, null, 'it is another tenant’s');
      return document(numbered);
    });
  });

  test('has a line of audit for each step, once, with the number and nothing of the buyer’s', async () => {
    const asked = invoice({ series: 'AUD', credits: 'none-b1-i1' });
    const { number, ettn } = await one.register.issue(asked, document);
    await one.register.issue(asked, document);
    const advance = (status: InvoiceStatus, detail: string | null) =>
      one.register.advance(tenant, asked.invoiceId, status, detail);
    await advance('submitted', null);
    await Promise.all([advance('accepted', '1300'), advance('accepted', '1300')]);
    await advance('submitted', null);
    await advance('archived', null);
    await advance('rejected', '1215');
    const { rows } = await one.pool.query(
      'select chain, actor, action, case_id, subject, detail from audit_entries where case_id = $1 order by seq',
      [asked.caseId],
    );
    const said = { number, ettn, amountMinor: '125000', currency: 'EUR' };
    const issued = { ...said, type: 'ISTISNA', credits: 'none-b1-i1', replaces: null };
    assert.deepEqual(
      rows,
      (
        [
          ['issued', issued],
          ['accepted', { ...said, detail: '1300' }],
          ['archived', { ...said, detail: null }],
          ['rejected', { ...said, detail: '1215' }],
        ] as const
      ).map(([step, detail]) => ({
        chain: `${tenant}/money`,
        actor: 'performers',
        action: `invoice.${step}`,
        case_id: asked.caseId,
        subject: asked.invoiceId,
        detail: JSON.stringify(detail),
      })),
    );
    for await (const report of verifyAudit(one.pool)) assert.ok(report.verdict.ok);
  });

  test('never promises to keep a PDF for a shorter time than it did', async () => {
    const asked = invoice({ series: 'PDF' });
    await one.register.issue(asked, document);
    const key = `invoices/${asked.ettn}.pdf`;
    const note = (retainUntil: string, isLocked: boolean) =>
      one.register.noteArchived(tenant, asked.invoiceId, {
        key,
        checksum: 'sum',
        retainUntil,
        isLocked,
      });
    await note('2036-11-23T00:00:00Z', true);
    await note('2030-01-01T00:00:00Z', false);
    const { rows } = await one.pool.query(
      'select pdf_key, pdf_checksum, retain_until, is_locked from invoices where invoice_id = $1',
      [asked.invoiceId],
    );
    const retained = new Date('2036-11-23T00:00:00Z');
    assert.deepEqual(rows, [
      { pdf_key: key, pdf_checksum: 'sum', retain_until: retained, is_locked: true },
    ]);
  });

  test('holds nothing of the buyer’s in the clear, and opens without the case’s key', async () => {
    const asked = invoice({ series: 'SEA', alias: 'urn:mail:defaultpk@canary.example' });
    await one.register.issue(asked, document);
    const { rows } = await one.pool.query(
      `select *, encode(xml, 'escape') as seen, encode(alias, 'escape') as seen_alias from invoices where invoice_id = $1`,
      [asked.invoiceId],
    );
    assert.ok(!JSON.stringify(rows).includes('canary'));
    // No case was ever opened here, so there is no key of one.
    const { rowCount } = await one.pool.query('select from data_keys where case_id = $1', [
      asked.caseId,
    ]);
    assert.equal(rowCount, 0);
    const found = await two.register.find(tenant, asked.invoiceId);
    assert.ok(Buffer.from(found?.xml ?? []).includes('canary'));
  });

  test('does not let an issued invoice become another one, or go', async () => {
    await one.register.issue(invoice({ series: 'FIX' }), document);
    for (const change of [
      `update invoices set number = 'FIX2026000000009' where number like 'FIX%'`,
      `update invoices set xml = '' where number like 'FIX%'`,
      `update invoices set number = null, xml = null, status = 'invalid' where number like 'FIX%'`,
      `update invoices set payable_minor = 1 where number like 'FIX%'`,
      `update invoices set taxes = '{}' where number like 'FIX%'`,
      `update invoices set credits = 'another' where number like 'FIX%'`,
      'delete from invoices',
      'truncate invoices',
    ])
      await assert.rejects(one.pool.query(change), { code: 'KR002' }, change);
  });

  test('asks to be tried again where the database is away', async () => {
    const away = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const register = createInvoiceRegister({ pool: away, keyring: createLocalKeyring([rootKey]) });
    await assert.rejects(register.issue(invoice(), document), { name: 'ProviderUnreachable' });
    await away.end();
  });
});

suite('the invoice register at the turn of the year', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: ReturnType<typeof openRegister>;
  let admin: pg.Client;
  before(async () => {
    database = await testDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    // The database's clock, as this database alone sees it.
    await admin.query('create schema fake');
    await admin.query('create table fake.clock (at timestamptz)');
    await admin.query(`insert into fake.clock values ('2026-01-01')`);
    await admin.query(
      `create function fake.clock_timestamp() returns timestamptz volatile language sql as 'select at from fake.clock'`,
    );
    const { rows } = await admin.query<{ name: string }>('select current_database() as name');
    await admin.query(`alter database ${rows[0]?.name} set search_path = fake, pg_catalog, public`);
    one = openRegister(database.url);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await admin.end();
    await database[Symbol.asyncDispose]();
  });

  const setClock = (at: string) => admin.query('update fake.clock set at = $1', [at]);
  async function issueAt(at: string, series: string) {
    await setClock(at);
    let time = '';
    const { number, issueDate } = await one.register.issue(invoice({ series }), (numbered) => {
      time = numbered.issueTime;
      return document(numbered);
    });
    return [number, issueDate, time];
  }

  test('begins to count anew at midnight in Turkey', async () => {
    assert.deepEqual(await issueAt('2026-12-31T20:59:59.999Z', 'NEW'), [
      'NEW2026000000001',
      '2026-12-31',
      '23:59:59',
    ]);
    assert.deepEqual(await issueAt('2026-12-31T21:00:00Z', 'NEW'), [
      'NEW2027000000001',
      '2027-01-01',
      '00:00:00',
    ]);
    // A clock that goes back does not bring the old year back.
    assert.deepEqual(await issueAt('2026-12-31T20:59:58Z', 'NEW'), [
      'NEW2027000000002',
      '2027-01-01',
      '00:00:00',
    ]);
  });

  test('never issues before the last of its series', async () => {
    const [, , later] = await issueAt('2026-06-01T09:00:01Z', 'BCK');
    const [number, , earlier] = await issueAt('2026-06-01T09:00:00Z', 'BCK');
    assert.deepEqual([number, earlier], ['BCK2026000000002', later]);
  });

  test('numbers in the new year what waited over midnight', async () => {
    await issueAt('2026-12-31T20:59:00Z', 'WAI');
    await admin.query('begin');
    await admin.query(`select from invoice_series where series = 'WAI' for update`);
    const waiting = one.register.issue(invoice({ series: 'WAI' }), document);
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    try {
      await waitUntil(
        async () => (await other.query('select from pg_locks where not granted')).rowCount,
        { what: 'the invoice to wait for its series' },
      );
      await other.query(`update fake.clock set at = '2026-12-31T21:00:03Z'`);
      await admin.query('commit');
      assert.equal((await waiting).number, 'WAI2027000000001');
    } finally {
      await other.end();
    }
    assert.equal((await issueAt('2026-12-31T21:00:04Z', 'WAI'))[0], 'WAI2027000000002');
  });
});
