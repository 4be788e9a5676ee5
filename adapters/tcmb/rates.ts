import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import type { Dispatcher } from 'undici';

import { ProviderBusy, ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import type { ExchangeRate, ExchangeRates } from '../../actors/ports/invoicing.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, retryAfterHeader } from '../http.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';

/** All of it only reads. */
export const tcmbPolicy: PolicyOptions = {
  timeoutMs: 10_000,
  retryWhen: whenRetryable,
  maxRetries: 2,
  initialDelayMs: 500,
  concurrency: 4,
};

export interface TcmbOptions {
  /** `https://www.tcmb.gov.tr` */
  readonly baseUrl: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `tcmbPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** Milliseconds since 1970. `Date.now` if absent. */
  readonly now?: () => number;
}

/** What the bank published at once. */
interface Bulletin {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Of one unit in TRY, by currency. */
  /** Null for a rate that is there and cannot be read: it is missed only by whoever asks for it. */
  readonly buying: ReadonlyMap<string, string | null>;
}

const provider = 'tcmb';
/** The longest break of the last ten years was nine days: a religious holiday with a weekend on either side. */
const mostDaysBack = 10;
const dayMs = 24 * 60 * 60 * 1_000;
/** Turkey keeps UTC+3 all year since 2016. */
const turkeyMs = 3 * 60 * 60 * 1_000;
/** Today's bulletin comes at 15:30; until it is seen the one before it is used for so long. */
const todayMs = 10 * 60 * 1_000;
/** A bulletin has some 6 KB and about 20 currencies. */
const maxBytes = 256 * 1_024;
const mostKept = 100;

/**
 * The indicative buying rates (`ForexBuying`) of Turkey's central bank, from its public files: `today.xml` for today and
 * `YYYYMM/DDMMYYYY.xml` for a day before it, which is not there for days without a bulletin. Rates for 10 or 100 units
 * (JPY) are those of one unit, moved in the text. Seen in published copies of the files, since the bank has no
 * specification of them; a bulletin that looks otherwise is no answer.
 *
 * Bulletins are kept in memory, at most 100.
 *
 * @see https://www.tcmb.gov.tr/kurlar/today.xml
 */
export function tcmbRates(options: TcmbOptions): ExchangeRates {
  const { baseUrl, dispatcher, policy, telemetry, now = Date.now } = options;
  /** By day; null where there was none. */
  const kept = new Map<
    string,
    { readonly bulletin: Bulletin | null; readonly goodUntil: number }
  >();

  function fetched(path: string, signal: AbortSignal): Promise<Bulletin | null> {
    return policy.execute(
      (attempt) =>
        telemetry.integrationCall(provider, async () => {
          const { status, headers, text } = await exchange({
            provider,
            dispatcher,
            baseUrl,
            path,
            method: 'GET',
            headers: { accept: 'application/xml, text/xml' },
            signal: attempt.signal,
            maxBytes,
          });
          if (status === 404) return null;
          if (status === 429)
            throw new ProviderBusy(provider, 'status_429', retryAfterHeader(headers));
          if (status >= 400 && status < 500)
            throw new ProviderRefused(provider, `status_${status}`);
          if (status !== 200) throw new ProviderUnreachable(provider, `status_${status}`);
          return bulletinIn(text);
        }),
      signal,
    );
  }

  async function publishedOn(day: string, today: string, signal: AbortSignal) {
    const known = kept.get(day);
    if (known && known.goodUntil > now()) return known.bulletin;
    const bulletin = await fetched(day === today ? '/kurlar/today.xml' : pathOf(day), signal);
    if (bulletin && (day === today ? bulletin.date > day : bulletin.date !== day)) {
      throw new ProviderUnreachable(provider, 'unexpected_date');
    }
    // What was published stays so, and so does a holiday.
    const goodUntil = day === today ? now() + todayMs : Number.POSITIVE_INFINITY;
    kept.delete(day);
    kept.set(day, { bulletin, goodUntil });
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return bulletin;
  }

  return {
    async rateOn(day, currency, signal): Promise<ExchangeRate> {
      const today = dayOf(now() + turkeyMs);
      const asked = dayMsOf(day);
      for (let back = 0; back <= mostDaysBack; back += 1) {
        // A day that has not come has the last rate there is.
        const looked = dayOf(Math.min(asked, dayMsOf(today)) - back * dayMs);
        const bulletin = await publishedOn(looked, today, signal);
        if (bulletin === null) continue;
        const rate = bulletin.buying.get(currency);
        if (rate === undefined) throw new ProviderRefused(provider, 'no_rate');
        if (rate === null) throw new ProviderUnreachable(provider, 'unexpected_rate');
        return { currency, rate, date: bulletin.date };
      }
      throw new ProviderRefused(provider, 'no_bulletin');
    },
  };
}

/** @throws {RangeError} not `YYYY-MM-DD` */
function dayMsOf(day: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms)) throw new RangeError('A day is YYYY-MM-DD');
  return ms;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function pathOf(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `/kurlar/${year}${month}/${date}${month}${year}.xml`;
}

/**
 * Reads `<Tarih_Date Tarih="dd.mm.yyyy"><Currency CurrencyCode="JPY"><Unit>100</Unit><ForexBuying>…`. Nothing outside of
 * the text is loaded, and a text with a DTD is refused, so there are no entities.
 *
 * @throws {ProviderUnreachable} it is something else, such as a page of a web server
 */
function bulletinIn(text: string): Bulletin {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, {
      option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE,
    });
  } catch {
    throw new ProviderUnreachable(provider, 'not_xml');
  }
  try {
    return bulletinOf(document);
  } finally {
    document.dispose(); // Its memory is outside of what is collected.
  }
}

function bulletinOf(document: XmlDocument): Bulletin {
  const { root, dtd } = document;
  const [, date, month, year] =
    /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(root.attr('Tarih')?.value ?? '') ?? [];
  if (dtd !== null || root.name !== 'Tarih_Date' || year === undefined) {
    throw new ProviderUnreachable(provider, 'unexpected_body');
  }
  const buying = new Map<string, string | null>();
  for (const currency of document.find('/Tarih_Date/Currency')) {
    if (!(currency instanceof XmlElement)) continue;
    const code = currency.attr('CurrencyCode')?.value ?? '';
    const rate = currency.get('ForexBuying')?.content.trim() ?? '';
    // Some have cross rates only.
    if (rate === '') continue;
    buying.set(code, perUnit(rate, currency.get('Unit')?.content.trim() ?? ''));
  }
  if (buying.size === 0) throw new ProviderUnreachable(provider, 'unexpected_body');
  return { date: `${year}-${month}-${date}`, buying };
}

/** `'24.1234'` for 100 is `'0.241234'`: the point moves and nothing is rounded. Null for what is no rate. */
function perUnit(rate: string, unit: string): string | null {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d{1,10}))?$/.exec(rate) ?? [];
  const [, zeros] = /^1(0{0,6})$/.exec(unit) ?? [];
  if (whole === undefined || zeros === undefined || !/[1-9]/.test(rate)) return null;
  if (zeros === '') return rate;
  const figures = whole.padStart(zeros.length + 1, '0');
  const end = figures.length - zeros.length;
  const moved = figures.slice(0, end).replace(/^0+(?=\d)/, '');
  return `${moved}.${figures.slice(end)}${fraction}`;
}
