import assert from 'node:assert/strict';
import { after, before, suite, test, type TestContext } from 'node:test';

import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';

import type { TravellerLink } from '../../actors/performers/traveller-links.ts';
import { languages, type Language } from '../../actors/texts/keys.ts';
import { countries } from '../../actors/travellers/countries.ts';
import { formProblems } from '../../actors/travellers/form.ts';
import {
  openBrowser,
  overflowOf,
  phone,
  seriousFindings,
  whyNoBrowser,
} from '../support/browser.ts';
import { memoryIntake } from './edge.ts';
import { filled, now, startTravellersEdge } from './travellers-edge.ts';

const Words = v.looseObject({
  language: v.string(),
  title: v.string(),
  send: v.string(),
  again: v.string(),
  over: v.string(),
  ordered: v.string(),
  failed: v.string(),
  day: v.string(),
  month: v.string(),
  year: v.string(),
  fields: v.record(v.string(), v.string()),
  sexes: v.record(v.string(), v.string()),
  hints: v.record(v.string(), v.string()),
  faults: v.record(v.string(), v.string()),
});
const Texts = v.object({ texts: v.record(v.picklist(languages), Words) });
const { texts } = v.parse(
  Texts,
  await import(new URL('../../http/patients/pages/travellers-texts.js', import.meta.url).href),
);
const wordsIn = (lang: Language) => texts[lang] as v.InferOutput<typeof Words>;

type Filled = ReturnType<typeof filled>['travellers'][number];

/** One traveller's fields, by what a reader of the page calls them. */
function fieldsOf(page: Page, lang: Language, index: number) {
  const words = wordsIn(lang);
  const box = page.locator('.traveller').nth(index);
  const named = (field: string) => box.getByLabel(words.fields[field] ?? '', { exact: true });
  const day = (field: string, part: 'day' | 'month' | 'year') =>
    box
      .getByRole('group', { name: words.fields[field] ?? '', exact: true })
      .getByLabel(words[part], { exact: true });
  return {
    box,
    named,
    day,
    sex: (sex: string) => box.getByLabel(words.sexes[sex] ?? '', { exact: true }),
  };
}

async function fillDay(page: Page, lang: Language, index: number, field: string, iso: string) {
  const { day } = fieldsOf(page, lang, index);
  const [year = '', month = '', number = ''] = iso.split('-');
  await day(field, 'day').fill(number);
  await day(field, 'month').selectOption(month);
  await day(field, 'year').fill(year);
}

async function fillTraveller(page: Page, lang: Language, index: number, one: Filled) {
  const { named, sex } = fieldsOf(page, lang, index);
  await named('familyName').fill(one.familyName);
  await named('givenName').fill(one.givenName);
  await fillDay(page, lang, index, 'bornOn', one.bornOn);
  await sex(one.sex).check();
  await named('passport.number').fill(one.passport.number);
  await named('passport.issuingCountry').fill(
    new Intl.DisplayNames([lang], { type: 'region' }).of(one.passport.issuingCountry) ?? '',
  );
  await fillDay(page, lang, index, 'passport.expiresOn', one.passport.expiresOn);
}

async function fillAll(page: Page, lang: Language, { travellers } = filled()) {
  for (const [index, one] of travellers.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- as a person does
    await fillTraveller(page, lang, index, one);
  }
}

const noBrowser = await whyNoBrowser();

suite('the form for travellers', { skip: noBrowser ?? false, timeout: 240_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  /** The page on a phone, with a link in the phone's language unless `more` says another. */
  async function opened(
    t: TestContext,
    lang: Language = 'en',
    more: Partial<TravellerLink> = {},
    expiresAt?: number,
  ) {
    const intake = memoryIntake();
    const edge = await startTravellersEdge(t, { intake });
    const context = await phone(browser, lang);
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    const token = await edge.tokenFor({ lang, ...more }, expiresAt);
    const address = `${edge.url}/travellers#${token}`;
    await page.goto(address);
    return { edge, intake, page, context, complaints, address, words: wordsIn(lang) };
  }

  for (const lang of languages) {
    test(`is filled in on a narrow phone, in ${lang}, and axe finds nothing serious`, async (t) => {
      const { edge, intake, page, complaints, words } = await opened(t, lang);
      await page.locator('.traveller').nth(2).waitFor();
      assert.deepEqual(
        await page.evaluate(
          '[document.documentElement.lang, document.documentElement.dir, document.title]',
        ),
        [lang, lang === 'ar' ? 'rtl' : 'ltr', words.title],
      );
      assert.deepEqual(await seriousFindings(page), []);
      assert.ok((await overflowOf(page)) <= 0, 'wider than the screen');
      // First with everything wrong, so that the faults are looked at, too.
      await page.getByRole('button', { name: words.send }).click();
      await page.locator('#problems').waitFor();
      assert.equal(await page.locator('#problems-list li').count(), 21);
      assert.deepEqual(await seriousFindings(page), []);
      assert.ok((await overflowOf(page)) <= 0, 'wider than the screen');
      await fillAll(page, lang);
      await page.getByRole('button', { name: words.send }).click();
      await page.locator('#done').waitFor();
      assert.deepEqual(await seriousFindings(page), []);
      assert.deepEqual(edge.kept[0]?.travellers, filled().travellers);
      assert.equal(intake.received.length, 1);
      // Of the form that was refused first: the browser notes each answer that is an error.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('400')),
        [],
      );
      assert.equal(await page.evaluate('sessionStorage.length + localStorage.length'), 0);
      assert.equal(await page.evaluate('document.cookie'), '');
      assert.doesNotMatch(page.url().split('#')[0] ?? '', /\?|U12345678/);
    });
  }

  test('each fault stands at its field and in the list, and what was entered stays', async (t) => {
    const { edge, page, words } = await opened(t);
    const form = filled();
    Object.assign(form.travellers[0]!, { givenName: 'Елена', bornOn: '2031-01-01' });
    Object.assign(form.travellers[2]!, { bornOn: '2016-01-01' });
    form.travellers[1]!.passport.expiresOn = '2027-03-19';
    await fillAll(page, 'en', form);
    const first = fieldsOf(page, 'en', 0);
    await first.box
      .locator('[role=status]:visible')
      .getByText(words.hints['script'] ?? '')
      .waitFor();
    await page.getByRole('button', { name: words.send }).click();
    await page.locator('#problems').waitFor();
    assert.deepEqual(await page.locator('#problems-list li').allTextContents(), [
      `Traveller 1, Given names: ${words.faults['script']}`,
      `Traveller 1, Date of birth: ${words.faults['future']}`,
      `Traveller 2, Passport valid until: ${words.faults['expired']?.replace('{day}', 'March 20, 2027')}`,
      `Traveller 3, Date of birth: ${words.faults['other_age']?.replace('{age}', '7')}`,
    ]);
    assert.equal(await page.evaluate('document.activeElement.id'), 'problems');
    assert.equal(await first.named('givenName').inputValue(), 'Елена');
    assert.equal(await first.named('givenName').getAttribute('aria-invalid'), 'true');
    assert.equal(await first.named('familyName').getAttribute('aria-invalid'), null);
    const described = (await first.named('givenName').getAttribute('aria-describedby')) ?? '';
    assert.equal(await page.locator(`#${described}`).textContent(), words.faults['script']);
    await page.locator('#problems-list a').first().click();
    assert.equal(
      await page.evaluate('document.activeElement.id'),
      await first.named('givenName').getAttribute('id'),
    );
    assert.equal(edge.kept.length, 0);
    await page.locator('#language').selectOption('de');
    assert.match(
      (await page.locator('#problems-list li').first().textContent()) ?? '',
      /^Person 1, Vornamen: Bitte schreiben Sie den Namen in lateinischen Buchstaben/,
    );
  });

  test('the language changes and nothing that was filled in', async (t) => {
    const { edge, page } = await opened(t, 'tr');
    await fillAll(page, 'tr');
    for (const lang of ['ar', 'ru', 'fr', 'de'] as const) {
      // oxlint-disable-next-line no-await-in-loop
      await page.locator('#language').selectOption(lang);
      const { named } = fieldsOf(page, lang, 0);
      const country = new Intl.DisplayNames([lang], { type: 'region' }).of('TR');
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(await named('passport.issuingCountry').inputValue(), country);
    }
    await page.getByRole('button', { name: wordsIn('de').send }).click();
    await page.locator('#done').waitFor();
    assert.deepEqual(edge.kept[0]?.travellers, filled().travellers);
  });

  test('a broken connection loses nothing, and neither does a reload', async (t) => {
    const { edge, intake, page, context, words } = await opened(t);
    await fillAll(page, 'en');
    await context.setOffline(true);
    await page.getByRole('button', { name: words.send }).click();
    await page.getByText(words.failed).waitFor();
    await context.setOffline(false);
    await page.reload();
    await page.locator('.traveller').nth(2).waitFor();
    const { named } = fieldsOf(page, 'en', 0);
    assert.equal(await named('passport.number').inputValue(), 'U12345678');
    await page.getByRole('button', { name: words.send }).click();
    await page.locator('#done').waitFor();
    assert.deepEqual([edge.kept.length, intake.received.length], [1, 1]);
    assert.deepEqual(edge.kept[0]?.travellers, filled().travellers);
  });

  test('an answer that got lost is asked for again, and is the same version', async (t) => {
    const { edge, intake, page, words } = await opened(t);
    await fillAll(page, 'en');
    let lost = 0;
    await page.route('**/travellers', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      await route.fetch(); // The edge has it; the phone does not hear so.
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: words.send }).click();
    await page.getByText(words.failed).waitFor();
    await page.getByRole('button', { name: words.send }).click();
    await page.locator('#done').waitFor();
    assert.deepEqual([lost, edge.kept.length, intake.received.length], [1, 1, 1]);
  });

  test('a double tap sends once', async (t) => {
    const { edge, page, words } = await opened(t);
    await fillAll(page, 'en');
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1;
    });
    await page.getByRole('button', { name: words.send }).dblclick();
    await page.locator('#done').waitFor();
    assert.deepEqual([sent, edge.kept.length], [1, 1]);
  });

  test('is filled in with the keyboard alone', async (t) => {
    const party = { adults: 1, childrenAges: [] };
    const { edge, page } = await opened(t, 'de', party);
    const [one] = filled().travellers;
    assert.ok(one);
    await page.locator('.traveller').waitFor();
    await page.locator('#language').focus();
    const keys = page.keyboard;
    const next = async (...typed: string[]) => {
      await keys.press('Tab');
      for (const text of typed) {
        // oxlint-disable-next-line no-await-in-loop
        await keys.type(text);
      }
    };
    await next(one.familyName);
    await next(); // The passport has more than one name.
    await next(one.givenName);
    await next('17');
    await next('5'); // By what stands before the month.
    await next('1990');
    await next(' ');
    await next(one.passport.number);
    await next('Türkei');
    await keys.press('Escape');
    await next('1');
    await next('2');
    await next('2031');
    await keys.press('Enter');
    await page.locator('#done').waitFor();
    assert.deepEqual(edge.kept[0]?.travellers, [one]);
  });

  test('somebody with one name has it in both, and no second field to fill in', async (t) => {
    const { edge, page, words } = await opened(t, 'en', { adults: 1, childrenAges: [] });
    const [one] = filled().travellers;
    assert.ok(one);
    await fillTraveller(page, 'en', 0, { ...one, familyName: 'Suharto' });
    const { box, named } = fieldsOf(page, 'en', 0);
    await box.getByLabel(words.hints['oneName'] ?? '').check();
    assert.equal(await named('givenName').isVisible(), false);
    await page.getByRole('button', { name: words.send }).click();
    await page.locator('#done').waitFor();
    const [kept] = edge.kept[0]?.travellers ?? [];
    assert.deepEqual([kept?.givenName, kept?.familyName], ['Suharto', 'Suharto']);
  });

  test('what was given is said and never shown, and can be given again', async (t) => {
    const { edge, page, context, address, words } = await opened(t, 'en', {
      adults: 1,
      childrenAges: [],
    });
    const [one] = filled().travellers;
    assert.ok(one);
    await fillTraveller(page, 'en', 0, {
      ...one,
      passport: { ...one.passport, expiresOn: '2027-04-01' },
    });
    await page.getByRole('button', { name: words.send }).click();
    await page.locator('#done').waitFor();
    assert.match((await page.locator('#warnings').textContent()) ?? '', /six months/);
    const second = await context.newPage();
    await second.goto(address);
    await second.getByText('We received the details on December 1, 2026. Travellers: 1.').waitFor();
    const { named } = fieldsOf(second, 'en', 0);
    assert.equal(await named('passport.number').inputValue(), '');
    await fillTraveller(second, 'en', 0, one);
    await second.getByRole('button', { name: words.send }).click();
    await second.locator('#done').waitFor();
    assert.deepEqual(
      edge.kept.map(({ given }) => given.version),
      [1, 2],
    );
  });

  test('after the order it says why nothing can be changed', async (t) => {
    const { edge, page, words } = await opened(t);
    await fillAll(page, 'en');
    edge.close('ordered');
    await page.getByRole('button', { name: words.send }).click();
    await page.getByText(words.ordered).waitFor();
    assert.equal(await page.locator('#form').isVisible(), false);
    await page.reload();
    await page.getByText(words.ordered).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
  });

  test('a link that is over, or none at all, says how to get another', async (t) => {
    const { page, edge, words } = await opened(t, 'en', {}, now - 1_000);
    await page.getByText(words.over).waitFor();
    assert.equal(await page.locator('#form').isVisible(), false);
    assert.deepEqual(await seriousFindings(page), []);
    for (const rest of ['', '#nonsense', '#a.b.c']) {
      // oxlint-disable-next-line no-await-in-loop
      await page.goto('about:blank');
      // oxlint-disable-next-line no-await-in-loop
      await page.goto(`${edge.url}/travellers${rest}`);
      // oxlint-disable-next-line no-await-in-loop
      await page.getByText(words.over).waitFor();
    }
  });

  test('without scripts there is a sentence in each language', async (t) => {
    const edge = await startTravellersEdge(t);
    const context = await phone(browser, 'en', { javaScriptEnabled: false });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${edge.url}/travellers#${await edge.tokenFor()}`);
    for (const lang of languages) {
      // oxlint-disable-next-line no-await-in-loop
      const sentence = await page.locator(`noscript p[lang=${lang}]`).textContent();
      assert.match(sentence ?? '', /JavaScript/);
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(await page.locator(`noscript p[lang=${lang}]`).isVisible(), true);
    }
    assert.equal(await page.locator('#form').isVisible(), false);
  });

  test('where its scripts do not come it says so after a while, and not before', async (t) => {
    const edge = await startTravellersEdge(t);
    const context = await phone(browser, 'en');
    t.after(() => context.close());
    const page = await context.newPage();
    await page.route('**/travellers-texts.js', (route) => route.abort());
    await page.goto(`${edge.url}/travellers#${await edge.tokenFor()}`);
    assert.equal(await page.locator('#starting').isVisible(), false);
    await page.getByText('Please reload it').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.unroute('**/travellers-texts.js');
    await page.reload();
    await page.locator('.traveller').nth(2).waitFor();
    assert.equal(await page.locator('#starting').count(), 0);
  });

  test('a browser in another language gets the link’s, and without one English', async (t) => {
    const edge = await startTravellersEdge(t);
    const context = await phone(browser, 'ja');
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${edge.url}/travellers#${await edge.tokenFor({ lang: 'ru' })}`);
    await page.getByRole('heading', { name: wordsIn('ru').title }).waitFor();
    await page.goto('about:blank');
    await page.goto(`${edge.url}/travellers`);
    await page.getByText(wordsIn('en').over).waitFor();
  });
});

suite('the files of the form for travellers', () => {
  test('load nothing but what the edge serves, run nothing but themselves, and are kept by nobody', async (t) => {
    const { url } = await startTravellersEdge(t);
    const names = [
      'common.css',
      'common.js',
      'countries.js',
      'travellers-fields.js',
      'travellers-texts.js',
      'travellers.css',
      'travellers.js',
    ];
    for (const path of ['/travellers', ...names.map((name) => `/travellers/${name}`)]) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, path);
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
      assert.match(policy, /connect-src 'self';.*frame-ancestors 'none'/);
      assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      // oxlint-disable-next-line no-await-in-loop
      const text = await answer.text();
      assert.doesNotMatch(text, /https?:\/\/|innerHTML|localStorage|\son\w+=|style=/, path);
    }
  });

  test('have the same sentences in each language, one for each problem that the edge finds', () => {
    assert.deepEqual(Object.keys(texts).toSorted(), [...languages].toSorted());
    const shape = (value: unknown): unknown =>
      typeof value === 'string'
        ? [...value.matchAll(/\{\w+\}/g)]
            .map(String)
            .toSorted((one, other) => (one < other ? -1 : 1))
        : Object.fromEntries(
            Object.entries(value as object).map(([key, inner]) => [key, shape(inner)]),
          );
    for (const lang of languages) assert.deepEqual(shape(texts[lang]), shape(texts['en']), lang);
    for (const code of [...formProblems, 'six_months']) {
      assert.ok(texts['en']?.faults[code], code);
    }
  });

  test('list each country once, by a name in each language', () => {
    assert.equal(new Set(countries).size, 250);
    for (const lang of languages) {
      const names = new Intl.DisplayNames([lang], { type: 'region', fallback: 'none' });
      const all = countries.map((code) => names.of(code));
      assert.ok(!all.includes(undefined), lang);
      assert.equal(new Set(all).size, countries.length, lang);
    }
  });
});
