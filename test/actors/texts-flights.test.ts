import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { OfferFlight, OfferLine, OfferWay } from '../../actors/shapes/flights.ts';
import { languages } from '../../actors/texts/keys.ts';
import { templateOf } from '../../actors/texts/templates.ts';
import { renderText } from '../../actors/texts/texts.ts';

const flight = (
  name: string,
  from: string,
  to: string,
  departLocal: string,
  arriveLocal: string,
): OfferFlight => ({ flight: name, from, to, departLocal, arriveLocal });

const first = flight('OS226', 'BER', 'VIE', '2027-03-01T06:00:00', '2027-03-01T07:15:00');
const second = flight('OS823', 'VIE', 'IST', '2027-03-01T09:40:00', '2027-03-01T12:55:00');
const out: OfferWay = {
  ...flight('OS226', 'BER', 'IST', first.departLocal, second.arriveLocal),
  stops: 1,
  flights: [first, second],
};
const back: OfferWay = {
  ...flight('TK1725', 'IST', 'BER', '2027-03-08T23:30:00', '2027-03-09T00:35:00'),
  stops: 0,
};
const party = { adults: 2, childrenAges: [4] };
const baggage = { carryOn: 1, checked: 1 };
const price = { amountMinor: '123140', currency: 'EUR' };
const offer: OfferLine = { ...out, more: [back], price, party, baggage };
const title = { ways: [out, back], party, baggage, payableUntil: '2026-12-02T11:30:00Z' };
const url = 'https://pay.example/abc';

suite('flights in texts', () => {
  test('a list says stops in words, the day of arrival where it is another, and for whom the price is', () => {
    assert.equal(
      renderText('offer.list', 'en', { offers: [offer] }),
      [
        'These are our flights for you:',
        '1) €1,231.40, 1 checked bag each',
        'Outbound: OS226 + OS823, Mon 1 Mar, BER 06:00 – IST 12:55, 1 stop in Vienna (VIE)',
        'Return: TK1725, Mon 8 Mar, IST 23:30 – BER 00:35 (Tue 9 Mar), direct',
        'Travellers: 2 adults, 1 child (age 4)',
        'Please choose one. Write 0 for another day.',
      ].join('\n'),
    );
  });

  test('a trip to pay has every flight of each way, and until when it can be paid', () => {
    assert.equal(
      renderText('payment.link', 'de', { title, total: price, url }).replaceAll('\u00A0', ' '),
      [
        'Ihre Buchung:',
        '• Hinflug: Montag, 1. März 2027, 1 Umstieg in Wien (VIE)',
        '  OS226, Berlin (BER) 06:00 – Wien (VIE) 07:15',
        '  OS823, Wien (VIE) 09:40 – Istanbul (IST) 12:55',
        '• Rückflug: Montag, 8. März 2027, direkt',
        '  TK1725, Istanbul (IST) 23:30 – Berlin (BER) 00:35 (Di., 9. März)',
        '• Reisende: 2 Erwachsene, 1 Kind (Alter: 4)',
        '• Gepäck: 1 Koffer pro Person',
        '• Zahlbar bis: Mi., 2. Dez., 14:30 GMT+3',
        'Sie kostet 1.231,40 €. Hier können Sie sicher bezahlen: https://pay.example/abc – vielen Dank.',
      ].join('\n'),
    );
  });

  test('every flight stands in what is read back, paid and confirmed, in every language and in templates', () => {
    const bookingId = { reference: '3f9a27c1-1111-4111-8111-111111111111-b2' };
    for (const lang of languages) {
      const told = [
        renderText('offer.confirm', lang, { offers: [{ ...offer, number: 1 }] }),
        renderText('payment.reminder', lang, { title, total: price, url }),
        renderText('booking.confirmed', lang, { title, total: price, bookingId }),
        templateOf('payment.link', lang, { title, total: price, url }).parameters.join(' '),
      ];
      for (const text of told)
        for (const code of ['OS226', 'OS823', 'TK1725', 'VIE', '00:35', '12:55'])
          assert.ok(text.includes(code), `${lang}: ${code} is missing in ${text}`);
      assert.match(told[2] ?? '', /3F9A27C1-2/);
      assert.doesNotMatch(told.join(' '), /3f9a27c1-1111/);
    }
  });

  test('money is written as the language writes it, to the last unit of its currency', () => {
    const paid = (amountMinor: string, currency: string, lang: string) =>
      renderText('payment.received', lang, { title: 'X', total: { amountMinor, currency } });
    assert.match(paid('123456789012', 'IDR', 'de'), /1\.234\.567\.890,12.IDR/);
    assert.match(paid('9007199254740993', 'EUR', 'en'), /€90,071,992,547,409\.93/);
    assert.match(paid('1250', 'KWD', 'en'), /KWD.1\.250/);
    assert.match(paid('125000', 'TRY', 'tr'), /₺1\.250,00/);
    assert.match(paid('1250', 'JPY', 'fr'), /1.250.(?:JPY|¥|JP¥)/u);
  });

  test('five trips with many stops still fit above the buttons', () => {
    const long: OfferWay = {
      ...out,
      stops: 2,
      flights: [
        first,
        flight('OS9999', 'VIE', 'SKG', first.arriveLocal, '2027-03-01T23:15:00'),
        flight('OS9998', 'SKG', 'IST', '2027-03-02T09:15:00', '2027-03-02T11:15:00'),
      ],
    };
    const offers = Array.from({ length: 5 }, () => ({ ...offer, ...long, more: [long] }));
    for (const lang of languages)
      for (const key of ['offer.list', 'offer.reminder', 'offer.old'] as const) {
        const text = renderText(key, lang, { offers });
        assert.ok(text.length <= 1_024, `${key} in ${lang}: ${text.length}`);
        assert.match(text, /2/);
      }
  });
});
