import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, suite, test } from 'node:test';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import type { ExchangeRates } from '../../actors/ports/invoicing.ts';
import { tcmbPolicy, tcmbRates } from '../../adapters/tcmb/rates.ts';
import { listen } from '../sandbox/server.ts';
import { type Provider, quick, startProvider } from './fixtures.ts';

/** A Wednesday, 12:00 in Turkey. */
const wednesday = Date.parse('2026-11-25T09:00:00Z');
const signal = () => AbortSignal.timeout(10_000);
const refusedAs = (reason: string) => (error: unknown) =>
  error instanceof ProviderRefused && error.reason === reason;

suite('Exchange rates of TCMB', () => {
  let provider: Provider;
  let now = wednesday;
  before(async () => {
    provider = await startProvider({ now: () => now });
  });
  after(() => provider.close());

  const ratesOn = (baseUrl: string): ExchangeRates => {
    const { dispatcher, telemetry } = provider;
    const policy = quick('tcmb', tcmbPolicy, { maxRetries: 0 });
    return tcmbRates({ baseUrl, dispatcher, telemetry, policy, now: () => now });
  };
  const tcmb = () => ratesOn(provider.sandbox.origin);

  test('are those of the day, as the bank wrote them', async () => {
    const { rate, date } = await tcmb().rateOn('2026-11-24', 'EUR', signal());
    assert.equal(date, '2026-11-24');
    assert.match(rate, /^\d\d\.\d{4}$/);
    const today = await tcmb().rateOn('2026-11-25', 'EUR', signal());
    assert.equal(today.date, '2026-11-25');
    assert.notEqual(today.rate, rate);
  });

  test('of a weekend are those of the Friday before, today too', async () => {
    const sunday = await tcmb().rateOn('2026-11-22', 'USD', signal());
    assert.deepEqual(sunday, await tcmb().rateOn('2026-11-20', 'USD', signal()));
    assert.equal(sunday.date, '2026-11-20');
    now = Date.parse('2026-11-28T21:30:00Z'); // Sunday already, in Turkey.
    assert.equal((await tcmb().rateOn('2026-11-29', 'USD', signal())).date, '2026-11-27');
    now = wednesday;
  });

  test('for 100 units are moved to one, digit by digit', async () => {
    const each = await tcmb().rateOn('2026-11-25', 'JPY', signal());
    assert.match(each.rate, /^0\.\d{6}$/);
    const served = await fetch(`${provider.sandbox.origin}/kurlar/today.xml`);
    const listed = /CurrencyCode="JPY">[^]*?<ForexBuying>(\d\d)\.(\d{4})</.exec(
      await served.text(),
    );
    assert.equal(each.rate, `0.${listed?.[1]}${listed?.[2]}`);
  });

  test('that the bank does not have are refused', async () => {
    await assert.rejects(tcmb().rateOn('2026-11-25', 'XXX', signal()), refusedAs('no_rate'));
    await assert.rejects(tcmb().rateOn('2026-11-25', 'XDR', signal()), refusedAs('no_rate'));
    await assert.rejects(tcmb().rateOn('25.11.2026', 'EUR', signal()), RangeError);
  });

  test('are asked for once a day, today’s anew after ten minutes, and a holiday is remembered', async () => {
    const rates = tcmb();
    await rates.rateOn('2026-11-22', 'EUR', signal());
    await provider.fault({ provider: 'tcmb', mode: 'error500' });
    assert.equal((await rates.rateOn('2026-11-21', 'GBP', signal())).date, '2026-11-20');
    await provider.fault({ provider: 'tcmb', mode: 'none' });
    await rates.rateOn('2026-11-25', 'EUR', signal());
    await provider.fault({ provider: 'tcmb', mode: 'error500' });
    now += 10 * 60_000 - 1;
    assert.equal((await rates.rateOn('2026-11-25', 'EUR', signal())).date, '2026-11-25');
    now += 1;
    await assert.rejects(rates.rateOn('2026-11-25', 'EUR', signal()), ProviderUnreachable);
    await provider.fault({ provider: 'tcmb', mode: 'none' });
    now = wednesday;
  });

  test('of one currency that cannot be read are missed by nobody else', async () => {
    const inside = `${currency('USD', '1', '?')}${currency('GBP', '7', '1')}${currency('EUR', '1', '48.5')}`;
    const other = await served(() => bulletin('25.11.2026', inside));
    try {
      assert.equal((await other.rates.rateOn('2026-11-25', 'EUR', signal())).rate, '48.5');
      for (const odd of ['USD', 'GBP'])
        await assert.rejects(
          other.rates.rateOn('2026-11-25', odd, signal()),
          (error) => error instanceof ProviderUnreachable && error.reason === 'unexpected_rate',
        );
    } finally {
      other.close();
    }
  });

  const served = async (answers: (path: string) => string | null) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const body = answers(request.url ?? '');
      response.writeHead(body === null ? 404 : 200).end(body ?? '<html></html>');
    });
    const origin = await listen(server, 0, '127.0.0.1');
    return {
      rates: ratesOn(origin),
      asked,
      close: () => (server.closeAllConnections(), server.close()),
    };
  };
  const bulletin = (day: string, inside: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<Tarih_Date Tarih="${day}">${inside}</Tarih_Date>`;
  const currency = (code: string, unit: string, rate: string) =>
    `<Currency CurrencyCode="${code}"><Unit>${unit}</Unit><ForexBuying>${rate}</ForexBuying></Currency>`;

  test('are looked for ten days back, and no further', async () => {
    const { rates, asked, close } = await served(() => null);
    await assert.rejects(rates.rateOn('2026-11-24', 'EUR', signal()), refusedAs('no_bulletin'));
    assert.equal(asked.length, 11);
    assert.deepEqual(
      [asked[0], asked[10]],
      ['/kurlar/202611/24112026.xml', '/kurlar/202611/14112026.xml'],
    );
    close();
  });

  test('are never read from a page, another day, a DTD, or figures that are none', async () => {
    const good = currency('EUR', '1', '48.1234');
    const bodies = [
      '<html><body>Access denied</body></html>',
      'not xml',
      bulletin('23.11.2026', good),
      bulletin('24.11.2026', ''),
      bulletin('24.11.2026', currency('EUR', '1', '48,1234')),
      bulletin('24.11.2026', currency('EUR', '1', '0.0000')),
      bulletin('24.11.2026', currency('EUR', '3', '48.1234')),
      `<!DOCTYPE Tarih_Date [<!ENTITY r "48.1234">]>${bulletin('24.11.2026', currency('EUR', '1', '&r;')).slice(39)}`,
    ];
    for (const body of bodies) {
      const { rates, close } = await served(() => body);
      await assert.rejects(rates.rateOn('2026-11-24', 'EUR', signal()), ProviderUnreachable, body);
      close();
    }
    const { rates, close } = await served(() => bulletin('24.11.2026', good));
    assert.equal((await rates.rateOn('2026-11-24', 'EUR', signal())).rate, '48.1234');
    close();
  });

  test('of 10, 1000 and few figures keep all their digits', async () => {
    const inside = [
      currency('AAA', '10', '5.25'),
      currency('BBB', '1000', '12.3456'),
      currency('CCC', '100', '1234.5000'),
      currency('DDD', '100', '7'),
    ].join('');
    const { rates, close } = await served(() => bulletin('24.11.2026', inside));
    const found = ['AAA', 'BBB', 'CCC', 'DDD'].map(
      async (code) => (await rates.rateOn('2026-11-24', code, signal())).rate,
    );
    assert.deepEqual(await Promise.all(found), ['0.525', '0.0123456', '12.345000', '0.07']);
    close();
  });
});
