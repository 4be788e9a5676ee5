import { createHash, createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import type { Deliveries } from './delivery.ts';
import type { SandboxLedger } from './ledger.ts';
import { type ReadInvoice, minimalPdf, readUbl } from './nilvera-ubl.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  jsonIn,
} from './simulator.ts';

export interface NilveraSimulatorOptions {
  readonly apiKey: string;
  readonly ledger: SandboxLedger;
  /** Where the XML is kept as it came. Made if absent. */
  readonly folder: string;
  /** Polls at each of an invoice's steps (1000, 1200, 1300; waiting, succeed); 0 moves by control only. 1 if absent. */
  readonly pollsPerStep?: number | undefined;
  readonly deliveries: Deliveries;
  /** Where another integrator, one that pushes, posts to. */
  readonly pushUrl: () => string | undefined;
  readonly pushSecret: string;
  /** Epoch ms. */
  readonly now: () => number;
}

type Answer = 'unknown' | 'waitingForApproval' | 'approved' | 'rejected';

/** Where an invoice stands. `gib` is 0 for e-Arşiv, and until the envelope has a code. */
interface Standing {
  readonly gib: number;
  readonly code: 'unknown' | 'waiting' | 'succeed' | 'error';
  readonly answer: Answer;
  readonly cancelled: boolean;
}

interface Invoice {
  readonly read: ReadInvoice;
  standing: Standing;
  /** At this step. */
  polls: number;
}

const provider = 'nilvera';
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000));
const Uuid = v.pipe(v.string(), v.uuid());
const Taxpayer = v.strictObject({
  taxNumber: v.pipe(v.string(), v.regex(/^\d{10,11}$/)),
  /** Null: no longer registered. */
  alias: v.nullable(v.pipe(v.string(), v.startsWith('urn:mail:'))),
});
const Moved = v.strictObject({
  gib: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(1_999))),
  code: v.exactOptional(v.picklist(['unknown', 'waiting', 'succeed', 'error'])),
  answer: v.exactOptional(v.picklist(['unknown', 'waitingForApproval', 'approved', 'rejected'])),
  cancelled: v.exactOptional(v.boolean()),
});
const MoveOne = v.strictObject({ ettn: Uuid, ...Moved.entries });
const MoveNext = v.strictObject({ count: v.optional(Count, 1), ...Moved.entries });
const Polls = v.strictObject({ pollsPerStep: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });
const Push = v.strictObject({
  invoiceId: v.pipe(v.string(), v.nonEmpty()),
  status: v.pipe(v.string(), v.nonEmpty()),
  code: v.optional(v.nullable(v.string())),
  eventId: v.optional(v.string()),
  at: v.optional(v.string()),
  /** Signs with something else. */
  forged: v.optional(v.boolean(), false),
  times: v.optional(Count, 1),
  maxAttempts: v.optional(Count),
});

/**
 * Nilvera's e-Fatura and e-Arşiv, as far as its published swagger and Odoo's connector tell, and beside it an integrator
 * that pushes. Strict: it reads the UBL, refuses what does not add up (422), and refuses an ETTN or a number that it has
 * (409). A restart continues from the ledger.
 */
export function nilveraSimulator(options: NilveraSimulatorOptions): Simulator {
  const { apiKey, ledger, folder, deliveries, pushUrl, pushSecret, now } = options;
  let { pollsPerStep = 1 } = options;
  mkdirSync(folder, { recursive: true });
  const { invoices, numbers, taxpayers } = restored(ledger);
  /** What is to become of invoices that come next. */
  let next: { left: number; readonly moved: v.InferOutput<typeof Moved> } | null = null;
  const taking = new Set<string>();

  async function send(
    request: SandboxRequest,
    kind: 'einvoice' | 'earchive',
    pause: () => Promise<void>,
  ): Promise<Reply> {
    const xml = fileIn(request);
    if (xml === null) return { status: 400, body: { errors: { file: ['The file is missing.'] } } };
    const read = readUbl(xml.toString('utf8'), now());
    if ('element' in read) return refused(422, 2015, `${read.element}: ${read.why}`);
    const wrong = wrongDoor(read, kind, request.url.searchParams);
    if (wrong !== null) return wrong;
    if (invoices.has(read.ettn)) return refused(409, 1001);
    if (numbers.has(numberKey(read))) return refused(409, 1004);
    const claims = [read.ettn, numberKey(read)];
    if (claims.some((claim) => taking.has(claim))) return refused(409, 1001);
    for (const claim of claims) taking.add(claim);
    try {
      await pause();
      const standing = { ...firstStanding(read), ...next?.moved };
      if (next !== null && (next.left -= 1) === 0) next = null;
      writeFileSync(fileOf(read.ettn), xml);
      const { sellerTaxNumber, buyerTaxNumber: _, ...said } = read;
      ledger.append({
        provider,
        kind: 'invoice',
        key: read.ettn,
        digest: createHash('sha256').update(xml).digest('hex'),
        detail: { ...said, sellerTaxNumber, standing },
      });
      invoices.set(read.ettn, { read, standing, polls: 0 });
      numbers.add(numberKey(read));
    } finally {
      for (const claim of claims) taking.delete(claim);
    }
    return { status: 200, body: { UUID: read.ettn, InvoiceNumber: read.number } };
  }

  /** Null if the document may be sent this way. */
  function wrongDoor(
    read: ReadInvoice,
    kind: 'einvoice' | 'earchive',
    query: URLSearchParams,
  ): Reply | null {
    const alias = taxpayers.get(read.buyerTaxNumber);
    if (kind === 'earchive') {
      if (read.profile !== 'EARSIVFATURA') return refused(422, 2024);
      return alias === undefined ? null : refused(422, 2025);
    }
    if (read.profile === 'EARSIVFATURA') return refused(422, 2060);
    if (alias === undefined) return refused(422, 2054);
    return query.get('Alias') === alias ? null : refused(422, 2052);
  }

  function fileOf(ettn: string): string {
    return join(folder, `${ettn}.xml`);
  }

  /** An invoice of that kind; e-Fatura and e-Arşiv do not know each other's. */
  function found(kind: string, ettn: string): Invoice | null {
    const invoice = invoices.get(ettn.toLowerCase());
    if (!invoice) return null;
    return (invoice.read.profile === 'EARSIVFATURA') === (kind === 'earchive') ? invoice : null;
  }

  function move(invoice: Invoice, moved: Partial<Standing>): void {
    invoice.standing = { ...invoice.standing, ...moved };
    invoice.polls = 0;
    const detail = { standing: invoice.standing };
    ledger.append({ provider, kind: 'invoice-status', key: invoice.read.ettn, digest: '', detail });
  }

  /** What it is now; each `pollsPerStep` polls bring the next step. */
  function polled(invoice: Invoice): Standing {
    const { standing } = invoice;
    const step = nextStep(invoice.read, standing);
    if (step !== null && pollsPerStep > 0 && (invoice.polls += 1) >= pollsPerStep) {
      move(invoice, step);
    }
    return standing;
  }

  async function read(
    kind: 'einvoice' | 'earchive',
    ettn: string,
    what: string,
    pause: () => Promise<void>,
  ): Promise<Reply> {
    await pause();
    const invoice = found(kind, ettn);
    if (!invoice) return notFound;
    if (what === 'Status') {
      const standing = polled(invoice);
      return {
        status: 200,
        body: kind === 'earchive' ? eArchive(standing) : eInvoice(invoice, standing),
      };
    }
    // Documents that are not through have no files yet: it is not documented what happens then, so it is refused.
    if (invoice.standing.code !== 'succeed' && invoice.standing.gib !== 1300) return notFound;
    const { number, payable, currency } = invoice.read;
    const file =
      what === 'pdf'
        ? minimalPdf(`${number} ${payable} ${currency}`).toString('base64')
        : signed(readFileSync(fileOf(invoice.read.ettn), 'utf8'));
    return { status: 200, body: file };
  }

  function taxpayer(taxNumber: string): Reply {
    const alias = taxpayers.get(taxNumber);
    if (alias === undefined) return { status: 200, body: [] };
    const one = {
      TaxNumber: taxNumber,
      Title: 'SANDBOX',
      Type: 'Ozel',
      DocumentType: 'Invoice',
      FirstCreatedTime: '2020-01-01T00:00:00',
      CreationTime: '2020-01-01T00:00:00',
    };
    const sender = `urn:mail:defaultgb@${alias.split('@')[1] ?? 'sandbox'}`;
    return {
      status: 200,
      body: [
        { ...one, Name: sender },
        { ...one, Name: alias },
      ],
    };
  }

  function find(request: SandboxRequest): Operation | undefined {
    const authorised = bearerIs(request, apiKey);
    const { pathname } = request.url;
    const operation = (name: string, perform: Operation['perform']): Operation => ({
      name,
      authorised,
      perform,
    });
    const sending = /^\/(einvoice|earchive)\/Send\/Xml$/.exec(pathname)?.[1];
    if (request.method === 'POST' && sending) {
      return operation('send', (pause) => send(request, sending as 'einvoice' | 'earchive', pause));
    }
    if (request.method !== 'GET') return undefined;
    const number = /^\/general\/GlobalCompany\/Check\/TaxNumber\/(\d{10,11})$/.exec(pathname)?.[1];
    if (number !== undefined) {
      return operation('taxpayer', async (pause) => {
        await pause();
        return taxpayer(number);
      });
    }
    const reading =
      /^\/(?:(einvoice)\/Sale|(earchive)\/Invoices)\/([\w-]{36})\/(Status|pdf|xml)$/.exec(pathname);
    if (!reading) return undefined;
    const [, eInvoices, , ettn = '', what = ''] = reading;
    return operation(what === 'Status' ? 'status' : what, (pause) =>
      read(eInvoices === undefined ? 'earchive' : 'einvoice', ettn, what, pause),
    );
  }

  async function push(body: string): Promise<Reply> {
    const { forged, times, maxAttempts, ...said } = v.parse(Push, jsonIn(body));
    const text = JSON.stringify({
      eventId: randomUUID(),
      at: new Date(now()).toISOString(),
      ...said,
    });
    const secret = forged ? `${pushSecret}-forged` : pushSecret;
    const signature = createHmac('sha256', secret).update(text).digest('hex');
    const webhook = () => {
      const url = pushUrl();
      const headers = { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` };
      return url === undefined ? null : { url, headers, body: text };
    };
    const webhooks = await Promise.all(
      Array.from({ length: times }, () => deliveries.deliver(webhook, maxAttempts)),
    );
    return { status: 200, body: { webhooks } };
  }

  return {
    provider,
    find,
    error: (status = 400, code) => refused(status, code),
    async control({ method, url, body }) {
      switch (`${method} ${url.pathname}`) {
        case 'POST /_sandbox/nilvera/taxpayers': {
          const { taxNumber, alias } = v.parse(Taxpayer, jsonIn(body));
          const detail = { taxNumber, alias };
          ledger.append({ provider, kind: 'taxpayer', key: null, digest: '', detail });
          registered(taxpayers, taxNumber, alias);
          return done;
        }
        case 'POST /_sandbox/nilvera/status': {
          const { ettn, ...moved } = v.parse(MoveOne, jsonIn(body));
          const invoice = invoices.get(ettn.toLowerCase());
          if (!invoice) return { status: 404, body: { error: 'no such invoice' } };
          move(invoice, { ...implied(moved), ...moved });
          return done;
        }
        case 'POST /_sandbox/nilvera/next': {
          const { count, ...moved } = v.parse(MoveNext, jsonIn(body));
          next = { left: count, moved: { ...implied(moved), ...moved } };
          return done;
        }
        case 'POST /_sandbox/nilvera/polls':
          ({ pollsPerStep } = v.parse(Polls, jsonIn(body)));
          return done;
        case 'GET /_sandbox/nilvera/invoices':
          return {
            status: 200,
            body: {
              invoices: [...invoices.values()].map(({ read, standing }) => ({ ...read, standing })),
            },
          };
        case 'POST /_sandbox/efatura/push':
          return await push(body);
        default:
          return undefined;
      }
    },
  };

  function restored(ledger: SandboxLedger) {
    const invoices = new Map<string, Invoice>();
    const numbers = new Set<string>();
    const taxpayers = new Map<string, string>();
    for (const entry of ledger.read()) {
      if (entry.provider !== provider) continue;
      const detail = entry.detail as unknown as ReadInvoice & {
        readonly standing: Standing;
        readonly taxNumber: string;
        readonly alias: string | null;
      };
      const ettn = entry.key ?? '';
      if (entry.kind === 'taxpayer') registered(taxpayers, detail.taxNumber, detail.alias);
      if (entry.kind === 'invoice' && existsSync(join(folder, `${ettn}.xml`))) {
        const { standing, ...said } = detail;
        const read = { ...said, buyerTaxNumber: '' };
        invoices.set(ettn, { read, standing, polls: 0 });
        numbers.add(numberKey(read));
      }
      const moved = entry.kind === 'invoice-status' ? invoices.get(ettn) : undefined;
      if (moved) moved.standing = detail.standing;
    }
    return { invoices, numbers, taxpayers };
  }
}

const done: Reply = { status: 200, body: { ok: true } };
const notFound: Reply = {
  status: 404,
  body: { Errors: [{ Code: 3000, Description: 'Simulated' }] },
};

function registered(taxpayers: Map<string, string>, taxNumber: string, alias: string | null): void {
  if (alias === null) taxpayers.delete(taxNumber);
  else taxpayers.set(taxNumber, alias);
}

/** Numbers are one seller's own. */
function numberKey({ sellerTaxNumber, number }: ReadInvoice): string {
  return `${sellerTaxNumber}/${number}`;
}

function firstStanding({ profile }: ReadInvoice): Standing {
  const gib = profile === 'EARSIVFATURA' ? 0 : 1000;
  return { gib, code: 'waiting', answer: 'unknown', cancelled: false };
}

/** Null where it stays. */
function nextStep({ profile }: ReadInvoice, { gib, code }: Standing): Partial<Standing> | null {
  if (profile === 'EARSIVFATURA') return code === 'waiting' ? { code: 'succeed' } : null;
  if (gib === 1000) return { gib: 1200 };
  if (gib !== 1200) return null;
  const answer: Answer = profile === 'TICARIFATURA' ? 'waitingForApproval' : 'unknown';
  return { gib: 1300, code: 'succeed', answer };
}

/** What Nilvera says of an envelope that has come to such a code. */
function implied({ gib }: v.InferOutput<typeof Moved>): Partial<Standing> {
  if (gib === undefined) return {};
  if (gib === 1300) return { code: 'succeed' };
  return { code: [1000, 1100, 1200, 1210, 1220].includes(gib) ? 'waiting' : 'error' };
}

function eInvoice({ read }: Invoice, { gib, code, answer }: Standing): object {
  return {
    InvoiceProfile: read.profile,
    IssueDate: `${read.issueDate}T00:00:00`,
    Answer: { AnswerCode: answer, AnswerNote: null, Description: null },
    InvoiceStatus: { Code: code, Description: null, DetailDescription: null },
    EnvelopeInfo: {
      UUID: null,
      GIBCode: gib,
      GIBDescription: 'Simulated',
      CreatedDate: '0001-01-01T00:00:00',
    },
  };
}

function eArchive({ code, cancelled }: Standing): object {
  return {
    StatusDetail: null,
    StatusCode: code,
    ReportStatus: 'NotReported',
    CancelStatus: cancelled,
  };
}

/** As the integrator's signature makes it another file than was sent. */
function signed(xml: string): string {
  return xml.replace(/(\s*<\/(?:\w+:)?Invoice>\s*)$/, '<!-- signed in the sandbox -->$1');
}

/** The one part named `file` of a form; null if it is not that. */
function fileIn({ headers, bytes }: SandboxRequest): Buffer | null {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]{1,70})"?$/.exec(
    headers['content-type'] ?? '',
  )?.[1];
  if (boundary === undefined) return null;
  const body = Buffer.from(bytes);
  const start = `--${boundary}\r\n`;
  const end = body.lastIndexOf(`\r\n--${boundary}--`);
  const headEnd = body.indexOf('\r\n\r\n');
  if (!body.subarray(0, start.length).equals(Buffer.from(start)) || end < 0 || headEnd < 0)
    return null;
  const head = body.toString('latin1', start.length, headEnd);
  if (!/^content-disposition:\s*form-data;.*\bname="file"/im.test(head)) return null;
  const file = body.subarray(headEnd + 4, end);
  return file.includes(`\r\n--${boundary}`) ? null : file;
}

/** Business refusals have Nilvera's own codes. Those of a fault may be any. */
function refused(status: number, code?: string | number, detail = 'Simulated'): Reply {
  if (status === 401 || status === 403) return { status, body: '' };
  const numbered = Number(code ?? 2004);
  return {
    status,
    body: { Errors: [{ Code: numbered, Description: 'Simulated', Detail: detail }] },
  };
}
