import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { journeyPerformers } from '../../actors/journey.ts';
import type { SendMessage } from '../../actors/ports/messaging.ts';
import {
  buttonTitle,
  languageOf,
  languages,
  moneyText,
  renderText,
  texts,
  type TextKey,
} from '../../actors/texts.ts';
import { checkout, confirmed, flights, inSearch, offered, paid, price } from './walk.ts';

const gapsOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted();

suite('texts', () => {
  test('say everything in every language, with the same gaps', () => {
    for (const [key, byLanguage] of Object.entries(texts)) {
      assert.deepEqual(Object.keys(byLanguage).toSorted(), languages.toSorted(), key);
      const gaps = gapsOf(byLanguage.en);
      for (const text of Object.values(byLanguage)) {
        assert.ok(text.trim().length > 0, key);
        assert.deepEqual(gapsOf(text), gaps, `${key}: ${text}`);
      }
    }
  });

  test('tell nothing about health', () => {
    const health =
      /clinic|klinik|clinique|doctor|doktor|arzt|médecin|врач|طبيب|treatment|tedavi|behandlung|traitement|лечени|علاج|patient|hasta|пациент|مريض|surg|ameliyat|operation|health|sağlık|gesund|santé|здоров|صح[ية]/iu;
    for (const byLanguage of Object.values(texts)) {
      for (const text of Object.values(byLanguage)) assert.doesNotMatch(text, health);
    }
  });

  test('have button titles that WhatsApp takes', () => {
    for (const lang of languages) {
      for (const id of ['consent:yes', 'consent:no', 'offer:1', 'offer:3:12', 'offer:none:2']) {
        const title = buttonTitle(id, lang);
        assert.ok(title.length > 0 && title.length <= 20, title);
        assert.doesNotMatch(title, /[{}]/);
      }
    }
    assert.throws(() => buttonTitle('offer:10', 'en'));
  });

  test('fill gaps once, and refuse to say half a sentence', () => {
    const values = { date: '{origin}', origin: 'BER', destination: 'IST' };
    assert.equal(
      renderText('flights.searching', 'en', values),
      'We are looking for flights from BER to IST on {origin}.',
    );
    assert.throws(() => renderText('flights.searching', 'en', { origin: 'BER' }));
    assert.throws(() => renderText('consent.ask', 'en', {}));
  });

  test('choose a language by its primary tag', () => {
    const chosen = ['de-AT', 'TR', 'pt', '', 'constructor'].map(languageOf);
    assert.deepEqual(chosen, ['de', 'tr', 'en', 'en', 'en']);
  });

  test('write money with its own number of digits', () => {
    const amounts = [
      ['125000', 'EUR', '1250.00 EUR'],
      ['5', 'EUR', '0.05 EUR'],
      ['125000', 'JPY', '125000 JPY'],
      ['1250', 'KWD', '1.250 KWD'],
    ] as const;
    for (const [amountMinor, currency, text] of amounts) {
      assert.equal(moneyText({ amountMinor, currency }), text);
    }
  });
});

const performing = {
  caseId: 'case-1',
  effectId: 'effect-1',
  attempt: 1,
  signal: new AbortController().signal,
  tenant: 'anadolu',
};

function recording() {
  const sent: SendMessage[] = [];
  const asked: unknown[] = [];
  const performers = journeyPerformers({
    messaging: {
      send: async (message) => {
        sent.push(message);
        return { messageId: 'wamid.1' };
      },
    },
    flights: {
      search: async (query, { effectId }) => {
        asked.push([query, effectId]);
        return flights(1);
      },
    },
    payments: {
      openCheckout: async (order, { effectId }) => {
        asked.push([order, effectId]);
        return checkout();
      },
      readCheckout: async (checkoutId, { effectId }) => {
        asked.push([checkoutId, effectId]);
        return {
          ...paid(),
          checkoutId,
          bookingId: 'case-1-b1',
          status: 'paid',
          total: price,
          paymentId: null,
        };
      },
    },
  });
  return { sent, asked, performers };
}

suite('journey performers', () => {
  test('write an offer as the patient reads it', async () => {
    const walk = await offered(2);
    const { sent, performers } = recording();
    await performers.sendMessage.perform(walk.sent.at(-1), performing);
    assert.deepEqual(sent, [
      {
        recipient: { phone: '491700000001' },
        message: {
          kind: 'buttons',
          body: [
            'These are our flights for you:',
            '1) TK1722 2027-02-01 BER 10:40 – IST 15:45: 210.00 EUR',
            '2) TK1723 2027-02-01 BER 10:40 – IST 15:45: 220.00 EUR',
            'Please choose one. Write 0 for another day.',
          ].join('\n'),
          buttons: [
            { id: 'offer:1', title: 'Flight 1' },
            { id: 'offer:2', title: 'Flight 2' },
            { id: 'offer:none', title: 'Another day' },
          ],
        },
      },
    ]);
  });

  test('can send whatever the machines say, in every language, within WhatsApp’s limits', async () => {
    const walks = [inSearch(), await offered(3), await confirmed()];
    const { sent, performers } = recording();
    const messages = walks.flatMap((walk) => walk.sent);
    assert.ok(messages.length >= 10);
    for (const message of messages) {
      for (const lang of languages)
        await performers.sendMessage.perform({ ...message, lang }, performing);
    }
    for (const { message } of sent) {
      assert.ok(message.body.length <= (message.kind === 'buttons' ? 1_024 : 4_096));
      assert.doesNotMatch(message.body, /[{}]|undefined|null|\[object/);
    }
  });

  test('pass what the machines ask for to the ports, with the effect’s id', async () => {
    const { asked, performers } = recording();
    const query = {
      origin: 'BER',
      destination: 'IST',
      departDate: '2027-02-01',
      adults: 1,
      childrenAges: [],
      currency: 'EUR',
    };
    const order = {
      caseId: 'case-1',
      bookingId: 'case-1-b1',
      total: price,
      title: 'TK1722',
      expiresAt: '2027-01-02T08:00:00.000Z',
    };
    await performers.searchFlights.perform(query, performing);
    await performers.openCheckout.perform(order, performing);
    await performers.readCheckout.perform({ checkoutId: 'cs_1' }, performing);
    assert.deepEqual(asked, [
      [query, 'effect-1'],
      [order, 'effect-1'],
      ['cs_1', 'effect-1'],
    ]);
  });

  test('refuse what no machine of ours would ask for', async () => {
    const { sent, asked, performers } = recording();
    const message = {
      recipient: {},
      lang: 'en',
      text: 'consent.refused',
      values: {},
      purpose: 'service',
    };
    const wrong = [
      performers.sendMessage.perform(message, performing),
      performers.sendMessage.perform(
        { ...message, recipient: { phone: '1' }, text: 'toString' },
        performing,
      ),
      performers.sendMessage.perform(
        { ...message, recipient: { phone: '1' }, purpose: 'other' },
        performing,
      ),
      performers.searchFlights.perform({ origin: '' }, performing),
      performers.openCheckout.perform({}, performing),
      performers.readCheckout.perform({ checkoutId: '' }, performing),
    ];
    for (const outcome of await Promise.allSettled(wrong)) assert.equal(outcome.status, 'rejected');
    assert.deepEqual([sent, asked], [[], []]);
  });

  test('settle an unknown message by waiting, and all else by its key', () => {
    const { performers } = recording();
    assert.deepEqual(
      Object.entries(performers).map(([name, { resolution }]) => [name, resolution]),
      [
        ['sendMessage', 'none'],
        ['searchFlights', 'key'],
        ['openCheckout', 'key'],
        ['readCheckout', 'key'],
      ],
    );
  });

  test('know every text the machines use', async () => {
    const { readFile } = await import('node:fs/promises');
    const files = ['case', 'booking'].map(async (name) =>
      readFile(new URL(`../../machines/${name}.ts`, import.meta.url), 'utf8'),
    );
    const source = (await Promise.all(files)).join('\n');
    const unused = (Object.keys(texts) as TextKey[]).filter((key) => !source.includes(`'${key}'`));
    assert.deepEqual(unused, []);
    const used = [...source.matchAll(/(?:message|offerMessage)\(\s*context,\s*'([\w.]+)'/g)];
    assert.ok(used.length >= 20);
    for (const [, key] of used)
      assert.ok(key !== undefined && Object.hasOwn(texts, key), key ?? 'no key');
  });
});
