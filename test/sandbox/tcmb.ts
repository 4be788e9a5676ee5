import type { Operation, Reply, SandboxRequest, Simulator } from './simulator.ts';

/** Buying rates in ten-thousandths for `unit` units, and how much they move from day to day. */
const CURRENCIES = [
  { code: 'USD', name: 'US DOLLAR', unit: 1, buying: 421_530, perDay: 37 },
  { code: 'AUD', name: 'AUSTRALIAN DOLLAR', unit: 1, buying: 271_114, perDay: 19 },
  { code: 'EUR', name: 'EURO', unit: 1, buying: 488_761, perDay: 41 },
  { code: 'GBP', name: 'POUND STERLING', unit: 1, buying: 552_908, perDay: 53 },
  { code: 'CHF', name: 'SWISS FRANK', unit: 1, buying: 521_276, perDay: 43 },
  { code: 'KWD', name: 'KUWAITI DINAR', unit: 1, buying: 1_369_412, perDay: 97 },
  { code: 'SAR', name: 'SAUDI RIYAL', unit: 1, buying: 112_383, perDay: 11 },
  { code: 'JPY', name: 'JAPENESE YEN', unit: 100, buying: 269_345, perDay: 29 },
] as const;

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * The central bank's public files of rates: `today.xml` and one for each weekday, none on weekends and none for days to
 * come. The rates are made up, and the same for the same day.
 */
export function tcmbSimulator(now: () => number): Simulator {
  /** Midnight of today in Turkey, as if it were UTC. */
  const today = () => Math.floor((now() + 3 * 60 * 60 * 1_000) / dayMs) * dayMs;

  function find({ method, url }: SandboxRequest): Operation | undefined {
    if (method !== 'GET' || !url.pathname.startsWith('/kurlar/')) return undefined;
    const day = dayOf(url.pathname, today());
    return {
      name: 'rates',
      authorised: true,
      async perform(pause) {
        await pause();
        if (day === null || day > today() || isWeekend(day)) return page(404);
        return {
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: Buffer.from(bulletin(day)),
        };
      },
    };
  }

  return { provider: 'tcmb', find, error: (status = 404) => page(status) };
}

/** A web server's page, as it has no errors of its own. */
function page(status: number): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(`<html><body><h1>${status}</h1></body></html>`),
  };
}

/** `today.xml` is the newest there is. */
function dayOf(path: string, today: number): number | null {
  if (path === '/kurlar/today.xml') {
    let day = today;
    while (isWeekend(day)) day -= dayMs;
    return day;
  }
  const [, folder, date, month, year] =
    /^\/kurlar\/(\d{6})\/(\d{2})(\d{2})(\d{4})\.xml$/.exec(path) ?? [];
  if (year === undefined || folder !== `${year}${month}`) return null;
  const day = Date.parse(`${year}-${month}-${date}T00:00:00Z`);
  return Number.isNaN(day) ? null : day;
}

function isWeekend(day: number): boolean {
  return [0, 6].includes(new Date(day).getUTCDay());
}

function bulletin(day: number): string {
  const [year = '', month = '', date = ''] = new Date(day).toISOString().slice(0, 10).split('-');
  const steps = (day / dayMs) % 100;
  const currencies = CURRENCIES.map(({ code, name, unit, buying, perDay }, order) => {
    const rate = decimal(buying + perDay * steps);
    return `\t<Currency CrossOrder="${order}" Kod="${code}" CurrencyCode="${code}">
\t\t\t<Unit>${unit}</Unit>
\t\t\t<Isim>${name}</Isim>
\t\t\t<CurrencyName>${name}</CurrencyName>
\t\t\t<ForexBuying>${rate}</ForexBuying>
\t\t\t<ForexSelling>${decimal(buying + perDay * steps + 800)}</ForexSelling>
\t\t\t<BanknoteBuying></BanknoteBuying>
\t\t\t<BanknoteSelling></BanknoteSelling>
\t\t\t<CrossRateUSD/>
\t\t\t<CrossRateOther/>
\t</Currency>`;
  });
  const crossOnly = `\t<Currency CrossOrder="21" Kod="XDR" CurrencyCode="XDR">
\t\t\t<Unit>1</Unit>
\t\t\t<CurrencyName>SPECIAL DRAWING RIGHT (SDR)</CurrencyName>
\t\t\t<ForexBuying></ForexBuying>
\t</Currency>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="isokur.xsl"?>
<Tarih_Date Tarih="${date}.${month}.${year}" Date="${month}/${date}/${year}"  Bulten_No="${year}/1" >
${[...currencies, crossOnly].join('\n')}
</Tarih_Date>
`;
}

function decimal(tenThousandths: number): string {
  const figures = String(tenThousandths).padStart(5, '0');
  return `${figures.slice(0, -4)}.${figures.slice(-4)}`;
}
