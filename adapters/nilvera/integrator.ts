import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { InvoiceIntegrator, InvoiceRecord } from '../../actors/ports/invoicing.ts';
import type { IntegratorStatus } from '../../actors/shapes/invoices.ts';
import type { Telemetry } from '../../telemetry.ts';
import {
  type ProviderAnswer,
  type ProviderRequest,
  exchange,
  jsonOf,
  parsed,
  retryAfterHeader,
} from '../http.ts';
import type { CallPolicy } from '../policy.ts';
import { EArchiveStatus, EInvoiceStatus, eArchiveStatus, eInvoiceStatus } from './statuses.ts';

export interface NilveraOptions {
  /** `https://api.nilvera.com`, `https://apitest.nilvera.com` */
  readonly baseUrl: string;
  /** Of one company: Nilvera refuses documents of any other seller. */
  readonly apiKey: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `nilveraPolicy`. */
  readonly policy: CallPolicy;
  /** Made from `nilveraSendPolicy`. */
  readonly sendPolicy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** Milliseconds since 1970. `Date.now` if absent. */
  readonly now?: () => number;
}

type Invoice = Pick<InvoiceRecord, 'ettn' | 'profile'>;

/** As the platform's documents name whoever the integrator is. */
const provider = 'efatura';
/** Registrations change by the day, and a patient has several invoices in a row. */
const aliasMs = 5 * 60 * 1_000;
const mostAliases = 1_000;
const maxPdfBytes = 16 * 1_024 * 1_024;
const maxXmlBytes = 8 * 1_024 * 1_024;

const Taxpayers = v.array(v.object({ Name: v.optional(v.nullable(v.string()), null) }));
const Taken = v.object({ UUID: v.optional(v.nullable(v.string()), null) });
const Uuid = v.pipe(v.string(), v.uuid());

/**
 * Brings invoices to the tax authority and the buyer by Nilvera's REST API. It sends no webhooks: whoever waits for an
 * invoice asks `statusOf`. Facts are of the swagger published in January 2025 and of Odoo's connector:
 *
 * - an ETTN that Nilvera has is refused with 409, but so are a number used before and another company's seller; which of
 *   them it was is found out by asking for our ETTN
 * - files come as JSON strings when JSON is asked for, a PDF in base64
 * - `Type` of a mailbox has no published values, so mailboxes are told apart by their usual names (`…pk@` receives,
 *   `…gb@` sends)
 *
 * @see https://developer.nilvera.com
 */
export function nilveraIntegrator(options: NilveraOptions): InvoiceIntegrator {
  const { baseUrl, apiKey, dispatcher, policy, sendPolicy, telemetry, now = Date.now } = options;
  const aliases = new Map<string, { readonly alias: string | null; readonly goodUntil: number }>();

  /** An answer that a caller makes something of: 2xx, 404 and 409. */
  function ask(
    sent: Pick<ProviderRequest, 'method' | 'path' | 'body' | 'maxBytes'> & {
      readonly type?: string;
    },
    signal: AbortSignal,
    by: CallPolicy = policy,
  ): Promise<ProviderAnswer> {
    const { type, ...request } = sent;
    return by.execute(
      (attempt) =>
        telemetry.integrationCall(provider, async () => {
          const answer = await exchange({
            ...request,
            provider,
            dispatcher,
            baseUrl,
            headers: {
              authorization: `Bearer ${apiKey}`,
              accept: 'application/json',
              ...(type === undefined ? {} : { 'content-type': type }),
            },
            signal: attempt.signal,
          });
          const failure = failureOf(answer);
          if (failure !== null) throw failure;
          return answer;
        }),
      signal,
    );
  }

  async function statusOf(invoice: Invoice, signal: AbortSignal): Promise<IntegratorStatus | null> {
    const { status, text } = await ask(
      { method: 'GET', path: `${folderOf(invoice)}/Status` },
      signal,
    );
    if (status === 404) return null;
    if (status >= 300) throw new ProviderUnreachable(provider, `status_${status}`);
    const json = jsonOf(provider, text);
    return isArchived(invoice)
      ? eArchiveStatus(parsed(provider, EArchiveStatus, json))
      : eInvoiceStatus(parsed(provider, EInvoiceStatus, json));
  }

  async function fileOf(
    invoice: Invoice,
    kind: 'pdf' | 'xml',
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const path = `${folderOf(invoice)}/${kind}`;
    // Base64 needs a third more.
    const limit = Math.ceil((maxBytes * 4) / 3) + 1_024;
    const { status, text } = await ask({ method: 'GET', path, maxBytes: limit }, signal);
    if (status === 404) throw new ProviderRefused(provider, `no_${kind}`);
    if (status >= 300) throw new ProviderUnreachable(provider, `status_${status}`);
    const bytes = bytesIn(text);
    if (bytes.length > maxBytes || !isWhole[kind](bytes, invoice.ettn)) {
      throw new ProviderUnreachable(provider, `unexpected_${kind}`);
    }
    return bytes;
  }

  return {
    statusOf,

    async aliasOf(taxNumber, signal) {
      if (!/^\d{10,11}$/.test(taxNumber)) throw new RangeError('A tax number has 10 or 11 digits');
      const known = aliases.get(taxNumber);
      if (known && known.goodUntil > now()) return known.alias;
      const { status, text } = await ask(
        {
          method: 'GET',
          path: `/general/GlobalCompany/Check/TaxNumber/${taxNumber}?globalUserType=Invoice`,
        },
        signal,
      );
      if (status !== 200 && status !== 404) {
        throw new ProviderUnreachable(provider, `status_${status}`);
      }
      const alias =
        status === 404 ? null : aliasIn(parsed(provider, Taxpayers, jsonOf(provider, text)));
      aliases.delete(taxNumber);
      aliases.set(taxNumber, { alias, goodUntil: now() + aliasMs });
      for (const oldest of aliases.keys()) {
        if (aliases.size <= mostAliases) break;
        aliases.delete(oldest);
      }
      return alias;
    },

    async submit(invoice, signal) {
      const { ettn, alias, xml } = invoice;
      if (isArchived(invoice) !== (alias === null)) {
        throw new ProviderRefused(provider, alias === null ? 'no_alias' : 'alias_of_no_use');
      }
      const path =
        alias === null
          ? '/earchive/Send/Xml'
          : `/einvoice/Send/Xml?Alias=${encodeURIComponent(alias)}`;
      const form = formOf(v.parse(Uuid, ettn), xml);
      const answer = await ask({ method: 'POST', path, ...form }, signal, sendPolicy);
      if (answer.status === 409) {
        if ((await statusOf(invoice, signal)) !== null) return;
        throw new ProviderRefused(provider, refusalIn(answer));
      }
      if (answer.status === 404) throw new ProviderRefused(provider, refusalIn(answer));
      const { UUID } = parsed(provider, Taken, jsonOf(provider, answer.text));
      // Whatever it took then, it wasn't this document: its status must tell.
      if (UUID?.toLowerCase() !== ettn.toLowerCase()) {
        throw new ProviderUnreachable(provider, 'unexpected_ettn');
      }
    },

    async filesOf(invoice, signal) {
      return {
        pdf: await fileOf(invoice, 'pdf', maxPdfBytes, signal),
        xml: await fileOf(invoice, 'xml', maxXmlBytes, signal),
      };
    },
  };
}

function isArchived({ profile }: Pick<InvoiceRecord, 'profile'>): boolean {
  return profile === 'EARSIVFATURA';
}

function folderOf(invoice: Invoice): string {
  const ettn = v.parse(Uuid, invoice.ettn);
  return isArchived(invoice) ? `/earchive/Invoices/${ettn}` : `/einvoice/Sale/${ettn}`;
}

/** The mailbox that receives: the default one if there is, else the first by name; null if there is none. */
function aliasIn(taxpayers: v.InferOutput<typeof Taxpayers>): string | null {
  const receiving = taxpayers
    .flatMap(({ Name }) => (Name?.startsWith('urn:mail:') === true ? [Name] : []))
    .filter((name) => !/gb@/i.test(name))
    .toSorted();
  return receiving.find((name) => name.startsWith('urn:mail:defaultpk@')) ?? receiving[0] ?? null;
}

/** One file, named by the ETTN. The boundary has the ETTN in capitals, and no XML of ours has a line that begins so. */
function formOf(
  ettn: string,
  xml: Uint8Array,
): { readonly type: string; readonly body: Uint8Array } {
  const boundary = `----invoice-${ettn.toUpperCase()}`;
  const head =
    `--${boundary}\r\n` +
    `content-disposition: form-data; name="file"; filename="${ettn}.xml"\r\n` +
    'content-type: application/xml\r\n\r\n';
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), xml, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** Null for 2xx, 404 and 409. Texts of refusals quote the document, so only codes and names of fields go on. */
function failureOf(answer: ProviderAnswer): ExpectedError | null {
  const { status, headers } = answer;
  if ((status >= 200 && status < 300) || status === 404 || status === 409) return null;
  if (status === 401 || status === 403) {
    return new ProviderCredentialsRefused(provider, `status_${status}`);
  }
  if (status === 429) return new ProviderBusy(provider, 'status_429', retryAfterHeader(headers));
  if (status >= 400 && status < 500) return new ProviderRefused(provider, refusalIn(answer));
  return new ProviderUnreachable(provider, `status_${status}`);
}

const Refused = v.object({
  /** Of the rules: Nilvera's own codes. */
  Errors: v.optional(v.array(v.object({ Code: v.union([v.number(), v.string()]) })), []),
  /** Of the request: messages by field. */
  errors: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** `422:2015` or `422:file,Alias` */
function refusalIn({ status, text }: ProviderAnswer): string {
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    // Gateways answer in shapes of their own.
  }
  const refused = v.safeParse(Refused, json);
  const said = refused.success
    ? [
        ...refused.output.Errors.map(({ Code }) => String(Code)),
        ...Object.keys(refused.output.errors),
      ]
    : [];
  const named = said.filter((name) => /^[A-Za-z0-9_.[\]$]{1,60}$/.test(name)).slice(0, 5);
  return [status, ...(named.length === 0 ? [] : [named.join(',')])].join(':');
}

/** A JSON string: text of XML, or base64 of anything. */
function bytesIn(text: string): Buffer {
  const file = parsed(provider, v.string(), jsonOf(provider, text));
  return file.trimStart().startsWith('<') ? Buffer.from(file) : Buffer.from(file, 'base64');
}

/** What is kept for ten years must at least be what it is called, and be there to its end. */
const isWhole: Readonly<Record<'pdf' | 'xml', (bytes: Buffer, ettn: string) => boolean>> = {
  pdf: (bytes) =>
    bytes.subarray(0, 5).equals(Buffer.from('%PDF-')) && bytes.subarray(-1_024).includes('%%EOF'),
  xml: (bytes, ettn) => {
    const text = bytes.toString('utf8');
    return text.toLowerCase().includes(ettn.toLowerCase()) && /Invoice>\s*$/.test(text.slice(-200));
  },
};
