import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { languages } from '../../actors/texts/keys.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import { quickest } from '../hostile/search.ts';
import { readUtterances, type LabelledUtterance } from '../support/utterances.ts';
import { judge } from './rules-file.ts';

/** Over a thousand messages as strangers write them, a third of them emergencies. */
const heard = readUtterances(fileURLToPath(new URL('heard.jsonl', import.meta.url)));

function intentOf({ text, asked, at }: Pick<LabelledUtterance, 'text' | 'asked' | 'at'>): string {
  const { intent } = understandByRules({
    text,
    lang: 'en',
    asked,
    at,
    destination: 'IST',
    mayLeave: false,
  });
  return intent.confidence >= 0.6 ? intent.value : 'unclear';
}

const at = '2027-03-03T10:00:00+03:00';
const said = (text: string, asked: LabelledUtterance['asked'] = null) =>
  intentOf({ text, asked, at });

suite('what is heard whatever its words', () => {
  for (const lang of languages) {
    test(`in ${lang}: danger and wishes to stop, and hardly anything else`, () => {
      const judged = judge(heard.filter((one) => one.lang === lang));
      assert.ok((judged.urgentRecall ?? 0) >= 0.97, JSON.stringify(judged));
      assert.ok((judged.stopRecall ?? 0) >= 0.97, JSON.stringify(judged));
      assert.ok((judged.falseAlarms ?? 1) < 0.03, JSON.stringify(judged));
      assert.ok((judged.language ?? 0) >= 0.97, JSON.stringify(judged));
      assert.equal(judged.wrongActedOn, 0, JSON.stringify(judged));
    });
  }

  test('tells answers, links, people asked for and things cancelled from one another', () => {
    const labelled = heard.filter(({ intent, urgent, stop }) => intent && !urgent && !stop);
    const right = labelled.filter((one) => intentOf(one) === one.intent);
    const wrong = labelled.filter((one) => intentOf(one) !== one.intent).map(({ text }) => text);
    assert.ok(right.length / labelled.length >= 0.9, wrong.join('\n'));
  });

  test('tells which part of the trip is to be another, or that something is', () => {
    for (const [text, change] of [
      ['I want to change the date', 'dates'],
      ['ich möchte noch etwas ändern, das Datum', 'dates'],
      ['havalimanını değiştirmek istiyorum', 'origin'],
      ['il faut changer le nombre de personnes', 'party'],
      ['I want to change something', 'change'],
      ['ich möchte was ändern', 'change'],
      ['bir şey değiştirmek istiyorum', 'change'],
      ['اريد تغيير شيء', 'change'],
      ['хочу кое-что изменить', 'change'],
      ['je voudrais changer quelque chose', 'change'],
      ['I want to change the bandage', undefined],
      ['please change the date and the airport', undefined],
      ['something is wrong with my stitches', undefined],
    ] as const) {
      const whole = { text, lang: 'en', asked: null, at, destination: 'IST', mayLeave: false };
      assert.equal(understandByRules(whole).change?.value, change, text);
    }
  });

  test('hears danger with one wrong letter in a word', () => {
    for (const text of [
      'he is unconcious',
      'I am bleding',
      'chest pian',
      'nefes alamıyorm',
      'bayıldi kendine gelmyor',
      'bewustlos',
      'je saignne',
      'кровотчение',
      'задыхась',
      'نزيفف',
    ])
      assert.equal(said(text), 'urgent', text);
  });

  test('takes no words of every day for misspelt danger', () => {
    for (const text of [
      'birinciyi alıyoruz',
      'I would like the first one',
      'never mind',
      'from Compostela',
      'ödeme linki',
      'deniz manzaralı otel bol güneş',
      'الله يعطيك العافية',
      'nous sommes six',
    ])
      assert.notEqual(said(text, 'offer'), 'urgent', text);
  });

  test('is no consent from a thumb or a goodbye', () => {
    for (const text of [
      '👍',
      '👌🏽',
      'ok thank you, bye',
      'Sure, what does it cost?',
      'yes but who are you?',
    ])
      assert.notEqual(said(text, 'consent'), 'agree', text);
  });
});

suite('texts made to be slow for the grammars', () => {
  test('take under 50 ms of a processor for 4,096 characters', () => {
    for (const piece of [
      'hurts? ',
      'my arm hurts, ',
      'red arm ',
      'if my leg is numb is it ',
      'no pain or ',
      'bleedng unconscous ambulnce swolln ',
      'stop text me no more ',
      'delete my cancel appointment ',
      'aa ',
      '. ',
      'second two last ',
      'ağrı ve ',
      'ßss:@',
    ]) {
      const text = piece.repeat(4_096).slice(0, 4_096);
      const ms = quickest((words) => said(words), text, 12);
      assert.ok(ms < 50, `${piece}: ${ms} ms`);
    }
  });
});
