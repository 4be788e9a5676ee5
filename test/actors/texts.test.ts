import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { consentPurposes, type ConsentPurpose } from '../../actors/shapes/consents.ts';
import { documentKinds, type DocumentKind } from '../../actors/shapes/documents.ts';
import type { OfferLine } from '../../actors/shapes/flights.ts';
import type { TextValue } from '../../actors/shapes/messages.ts';
import { offerRow } from '../../actors/texts/flights.ts';
import {
  isTextKey,
  languages,
  type ButtonId,
  type Language,
  type TextKey,
} from '../../actors/texts/keys.ts';
import { templateFor, templateOf, templates } from '../../actors/texts/templates.ts';
import {
  buttonTitle,
  documentName,
  listButton,
  noneRow,
  renderText,
} from '../../actors/texts/texts.ts';
import { wordings } from '../../actors/texts/wordings.ts';

const offer: OfferLine = {
  price: { amountMinor: '41250', currency: 'EUR' },
  flight: 'TK1722',
  from: 'BER',
  to: 'IST',
  departLocal: '2027-05-14T11:05:00',
  arriveLocal: '2027-05-14T16:25:00',
  stops: 0,
};

/** A value for every gap there is, as long as we meet them. */
const values: Readonly<Record<string, TextValue>> = {
  tenant: 'Anatolian Travel & Hospitality Services International '.repeat(2).trim(),
  offers: [0, 1, 2, 3, 4].map((stops) => ({ ...offer, flight: 'TK1722/TK1980', stops })),
  title: 'BER – IST, TK1722',
  pnr: 'ZQ4X7K',
  tickets: '157-2400000001, 157-2400000002',
  total: offer.price,
  amount: offer.price,
  url: 'https://pay.example.org/c/123',
  bookingId: 'BK-1',
  origin: 'BER',
  destination: 'IST',
  date: '2027-05-14',
  trip: {
    from: { place: 'BER' },
    to: { place: 'IST' },
    departDate: '2027-09-15',
    returnDate: '2027-09-29',
    party: { adults: 9, childrenAges: [0, 1, 2, 3] },
    procedure: 'orthopaedic',
  },
  place: { place: 'MUC', city: 'München', country: 'DE' },
  details: 'Berlin, 14.05.2027',
  limit: 16,
  document: 'passport',
  text: 'As our colleague wrote it.',
  name: 'Fatma Nur',
};

const keys = Object.keys(wordings.en.texts).filter(isTextKey);
const gapsOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted();
const everyText = keys.flatMap((key) =>
  languages.map((lang) => ({ key, lang, text: wordings[lang].texts[key] })),
);

/** Words that tell or hint at health, in all our languages. */
const health =
  /clinic|klinik|clinique|клиник|عياد|doctor|doktor|arzt|ärzt|médecin|врач|طبي|medic|tıbbi|tıp|medizin|médic|медицин|x-?ray|röntgen|radiogra|рентген|أشعة|treatment|tedavi|behandlung|traitement|лечени|علاج|patient|hasta|пациент|مريض|surg|ameliyat|operation|health|sağlık|sağlığ|gesund|santé|здоров|صح(?:ي|ة|ت)/iu;

suite('texts', () => {
  test('say everything in every language, with the same gaps and each gap once', () => {
    for (const lang of languages) {
      assert.deepEqual(Object.keys(wordings[lang].texts), Object.keys(wordings.en.texts), lang);
    }
    for (const { key, lang, text } of everyText) {
      const gaps = gapsOf(text);
      assert.deepEqual(gaps, gapsOf(wordings.en.texts[key]), `${key} in ${lang}`);
      assert.equal(new Set(gaps).size, gaps.length, `${key} in ${lang}`);
      assert.doesNotMatch(
        text.replaceAll(/\{\w+\}/g, 'x'),
        /[{}]|\s\s|^\s|\s$/,
        `${key} in ${lang}`,
      );
      assert.doesNotMatch(renderText(key, lang, values), /[{}]/, `${key} in ${lang}`);
    }
  });

  test('are in the script of their language', () => {
    const script: Readonly<Record<Language, RegExp>> = {
      tr: /^[\p{sc=Latin}\P{L}]+$/u,
      en: /^[\p{sc=Latin}\P{L}]+$/u,
      de: /^[\p{sc=Latin}\P{L}]+$/u,
      fr: /^[\p{sc=Latin}\P{L}]+$/u,
      ar: /\p{sc=Arabic}/u,
      ru: /\p{sc=Cyrillic}/u,
    };
    for (const { key, lang, text } of everyText) {
      if (key !== 'staff.reply') assert.match(text, script[lang], `${key} in ${lang}`);
    }
  });

  test('tell nothing about health, but where consent to it is the matter', () => {
    const telling = everyText.filter(({ text }) => health.test(text));
    const allowed = ['consent.health-data.1', 'media.refused'];
    assert.deepEqual([...new Set(telling.map(({ key }) => key))], allowed);
    assert.equal(telling.length, allowed.length * languages.length);
  });

  test('fit beside buttons and in a template', () => {
    for (const { key, lang } of everyText) {
      const body = renderText(key, lang, values);
      assert.ok(body.length <= 1_024, `${key} in ${lang}: ${body.length}`);
    }
  });
});

suite('names of documents', () => {
  test('stand in the sentences that ask for them and thank for them, and in no other', () => {
    const naming = everyText.filter(({ text }) => text.includes('{document}'));
    const keysNaming = [...new Set(naming.map(({ key }) => key))];
    assert.deepEqual(keysNaming, ['documents.ask', 'documents.received'] satisfies TextKey[]);
  });

  test('fit those sentences', () => {
    const thanks = (kind: DocumentKind, lang: string) =>
      renderText('documents.received', lang, { document: documentName(kind, lang) });
    assert.equal(thanks('passport', 'en-GB'), 'Thank you, your passport has arrived.');
    assert.equal(thanks('visa', 'tr'), 'Teşekkürler, vizeniz bize ulaştı.');
    assert.equal(
      thanks('report', 'de'),
      'Vielen Dank, Ihr medizinischer Bericht ist bei uns angekommen.',
    );
    assert.equal(thanks('passport', 'ar'), 'شكرًا لكم، استلمنا جواز سفركم بنجاح.');
    assert.equal(thanks('visa', 'ru'), 'Спасибо, документ «виза» получен.');
    assert.equal(thanks('x-ray', 'fr'), 'Nous avons bien reçu votre radiographie, merci beaucoup.');
  });

  test('tell nothing about health, but where the document is a medical one', () => {
    for (const kind of documentKinds) {
      const medical = kind === 'report' || kind === 'x-ray';
      for (const lang of languages) {
        const name = documentName(kind, lang);
        assert.equal(health.test(name), medical, `${kind} in ${lang}: ${name}`);
        assert.doesNotMatch(name, /[{}]|\s\s|^\s|\s$/);
      }
    }
  });
});

suite('texts after an upload', () => {
  test('have no link in them, for a new one follows in a message of its own', () => {
    const refusals = ['tooLarge', 'wrongType', 'damaged', 'unsafe'] as const;
    for (const refusal of refusals) {
      for (const lang of languages) {
        const text = wordings[lang].texts[`documents.${refusal}`];
        assert.deepEqual(gapsOf(text), refusal === 'tooLarge' ? ['{limit}'] : []);
        assert.doesNotMatch(text, /link|bağlantı|رابط|ссылк|lien/iu, `${refusal} in ${lang}`);
      }
    }
  });
});

/** The newest wording that asks for a consent. */
const consentText = (purpose: ConsentPurpose): TextKey =>
  keys.filter((key) => key.startsWith(`consent.${purpose}.`)).at(-1) ?? 'consent.again';

suite('consent texts', () => {
  test('ask for every purpose in its own words, with the version in the key', () => {
    const asked = consentPurposes.map(consentText);
    assert.equal(new Set(asked).size, consentPurposes.length);
    for (const [index, key] of asked.entries()) {
      assert.match(key, new RegExp(`^consent\\.${consentPurposes[index]}\\.[1-9]\\d*$`));
    }
  });

  test('name who asks, and the word that takes it back', () => {
    const stop = { tr: 'DUR', en: 'STOP', de: 'STOP', ar: 'إيقاف', ru: 'СТОП', fr: 'STOP' };
    for (const purpose of consentPurposes) {
      for (const lang of languages) {
        const text = wordings[lang].texts[consentText(purpose)];
        assert.ok(text.includes('{tenant}') && text.includes(stop[lang]), `${purpose} in ${lang}`);
      }
    }
  });
});

suite('buttons', () => {
  const ids: readonly ButtonId[] = [
    ...(['yes', 'no'] as const).flatMap((answer) => [
      `consent:${answer}` as const,
      ...consentPurposes.map((purpose) => `consent:${purpose}:${answer}` as const),
    ]),
    ...([1, 2, 3, 4, 5] as const).map((n) => `offer:${n}` as const),
    'offer:3:12',
    'trip:yes',
    'trip:yes:12',
    ...(['origin', 'dates', 'party', 'procedure', 'change'] as const).map(
      (part) => `trip:${part}` as const,
    ),
    ...Array.from({ length: 12 }, (_, month) =>
      Array.from(
        { length: 7 },
        (_day, day) => `day:2027-${String(month + 1).padStart(2, '0')}-2${day}` as const,
      ),
    ).flat(),
    'offer:none',
    'offer:none:2',
  ];

  test('have titles that WhatsApp takes', () => {
    for (const lang of languages) {
      for (const title of [...ids.map((id) => buttonTitle(id, lang)), listButton(lang)]) {
        assert.ok(title.length > 0 && title.length <= 20, title);
        assert.doesNotMatch(title, /[{}]/);
      }
    }
  });

  test('ask for every purpose with the same words', () => {
    for (const purpose of consentPurposes) {
      assert.equal(buttonTitle(`consent:${purpose}:yes`, 'de'), buttonTitle('consent:yes', 'de'));
      assert.equal(buttonTitle(`consent:${purpose}:no`, 'de'), buttonTitle('consent:no', 'de'));
    }
  });

  test('are refused when there is no such button', () => {
    for (const id of ['offer:0', 'offer:6', 'offer:10', 'consent:toString:yes', 'consent:', '']) {
      assert.throws(() => buttonTitle(id as ButtonId, 'en'), `${id} has a title`);
    }
  });
});

suite('rows of a list', () => {
  test('show a flight by number, time, price, airports and stops', () => {
    assert.deepEqual(offerRow(offer, 0, 'en'), {
      title: '1) TK1722 11:05',
      description: '€412.50, BER – IST, direct',
    });
    assert.deepEqual(offerRow({ ...offer, stops: 2 }, 4, 'tr-TR'), {
      title: '5) TK1722 11:05',
      description: '€412,50, BER – IST, aktarma: 2',
    });
  });

  test('keep to the limits of WhatsApp whatever a provider calls its flights', () => {
    const Place = fc.string({ unit: 'grapheme', maxLength: 120 });
    fc.assert(
      fc.property(
        fc.record({ flight: Place, from: Place, to: Place, stops: fc.nat(9) }),
        fc.constantFrom(...languages),
        (names, lang) => {
          const { title, description } = offerRow({ ...offer, ...names }, 0, lang);
          assert.ok(title.length <= 24 && title.endsWith(' 11:05'), title);
          assert.ok(
            description.length <= 72 && /^(?:\u200F)?[€\d]/u.test(description),
            description,
          );
          assert.ok(title.isWellFormed() && description.isWellFormed());
        },
      ),
    );
  });

  test('offer another day in words that fit', () => {
    for (const lang of languages) {
      const { title, description } = noneRow(lang);
      assert.equal(title, buttonTitle('offer:none', lang));
      assert.ok(title.length <= 24 && description.length <= 72, lang);
    }
  });
});

suite('templates', () => {
  const registered = templates();
  const fallback = 'conversation_reopen_1_continue';
  const bodyOf = (name: string, language: string) => {
    const found = registered.find((one) => one.name === name && one.language === language);
    assert.ok(found, `${name} in ${language} is not registered`);
    return found.body;
  };

  test('are well-formed, each in every language', () => {
    for (const { name, body, parameters } of registered) {
      assert.match(name, /^[a-z][a-z0-9_]{0,511}$/);
      const gaps = [...body.matchAll(/\{\{(\d+)\}\}/g)].map(([, n]) => Number(n));
      const inOrder = Array.from({ length: parameters }, (_, index) => index + 1);
      assert.deepEqual(gaps, inOrder, name);
      assert.doesNotMatch(body, /\n|^\P{L}*\{\{|\}\}\P{L}*$/u, name);
      assert.ok(body.length <= 1_024, name);
      // Meta wants more than two words for each gap.
      const words = body.split(' ').filter((word) => /^[^{]*\p{L}[^{]*$/u.test(word));
      assert.ok(words.length >= 2 * parameters + 1, name);
    }
    const names = registered.map(({ name }) => name);
    for (const name of names) {
      assert.equal(names.filter((other) => other === name).length, languages.length, name);
    }
  });

  test('stand in for all texts but those that Meta would not approve', () => {
    const without = keys.filter(
      (key) => key !== 'conversation.reopen' && templateOf(key, 'en', values).name === fallback,
    );
    assert.deepEqual(without, [
      'offer.list', // has several lines
      'offer.reminder', // has several lines
      'offer.old', // has several lines
      'offer.confirm', // has several lines
      'offer.change', // has several lines
      'staff.reply', // is nothing but a gap
    ] satisfies TextKey[]);
    for (const key of without) {
      for (const language of languages) {
        const template = templateOf(key, language, values);
        const bare = { name: fallback, language, parameters: [], buttons: ['continue'] };
        assert.deepEqual(template, { ...bare, isReopening: true });
      }
    }
  });

  test('say the same as the text they stand in for', () => {
    for (const { key, lang } of everyText) {
      const { name, language, parameters } = templateOf(key, lang, values);
      const filled = bodyOf(name, language).replaceAll(
        /\{\{(\d+)\}\}/g,
        (_, n: string) => parameters[Number(n) - 1] ?? '',
      );
      const text = name === fallback ? 'conversation.reopen' : key;
      assert.equal(
        filled,
        renderText(text, lang, values).replaceAll(/\s+/g, ' '),
        `${key} in ${lang}`,
      );
    }
  });

  test('for one of several patients begin with their name, and say the same then', () => {
    for (const { key, lang } of everyText) {
      const plain = templateOf(key, lang, values);
      const { name, language, parameters, buttons } = templateFor('Fatma\nNur', plain);
      const filled = (body: string, given: readonly string[]) =>
        body.replaceAll(/\{\{(\d+)\}\}/g, (_, n: string) => given[Number(n) - 1] ?? '');
      const words = filled(bodyOf(plain.name, language), plain.parameters);
      const lead = wordings[lang].rows.for.replace('{name}', 'Fatma Nur');
      assert.equal(filled(bodyOf(name, language), parameters), `${lead}${words}`);
      assert.deepEqual(buttons, plain.buttons);
      assert.ok(templateFor('', plain).parameters[0] === wordings[lang].rows.self);
    }
  });

  test('are named from their text', () => {
    const named = (key: TextKey) => templateOf(key, 'fr-CA', values);
    const choices = ['consent:service:yes', 'consent:service:no'] as const;
    assert.deepEqual(templateOf('consent.reminder', 'fr-CA', values, choices), {
      name: 'consent_reminder_1_yes_no',
      language: 'fr',
      parameters: [values['tenant']],
      buttons: choices,
      isReopening: false,
    });
    assert.equal(named('consent.reminder').name, 'consent_reminder_1');
    assert.equal(named('consent.health-data.1').name, 'consent_health_data_1');
    assert.deepEqual(named('media.tooLarge').parameters, ['16']);
    assert.equal(named('media.tooLarge').name, 'media_too_large_1');
  });

  test('take only values that Meta takes', () => {
    const one = (tenant: string) =>
      templateOf('consent.reminder', 'en', { tenant }).parameters[0] ?? '';
    assert.equal(one(' Blue\r\n\tBay   Travel '), 'Blue Bay Travel');
    assert.equal(one(' \n '), '–');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (tenant) => {
        const parameter = one(tenant);
        assert.ok(parameter.length > 0 && parameter.length <= 1_024 && parameter.isWellFormed());
        assert.doesNotMatch(parameter, /[\r\n\t]|\s\s/);
      }),
    );
  });

  test('are refused without a value, as the text is', () => {
    assert.throws(() => templateOf('consent.reminder', 'en', {}), /no value for \{tenant\}/);
    assert.throws(() => renderText('consent.service.1', 'en', {}), /no value for \{tenant\}/);
  });
});
