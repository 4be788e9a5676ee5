import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { mask, spans } from '../../actors/masking/mask.ts';
import type { Utterance } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import { quickest, randomFrom, search, textOf, type Candidate } from './search.ts';
import { maskScraps, rulesScraps, worstOnes } from './texts.ts';

/** `npm run thorough` searches long and with another seed each time, which it prints; `npm test` briefly and always alike. */
const isThorough = process.env['THOROUGH'] === 'full';
const rounds = isThorough ? Number(process.env['THOROUGH_ROUNDS'] ?? 20_000) : 100;
const seed = Number(process.env['THOROUGH_SEED'] ?? (isThorough ? Date.now() % 1_000_000 : 7));

const asked = [null, 'consent', 'procedure', 'origin', 'departDate', 'adults', 'offer'] as const;

function understand(
  text: string,
  question: Utterance['asked'] = asked[seed % asked.length] ?? null,
) {
  return understandByRules({
    text,
    lang: languages[seed % languages.length] ?? 'en',
    asked: question,
    at: '2027-03-03T10:00:00+03:00',
    destination: 'IST',
    mayLeave: false,
  });
}

/** Doubling the text twice: linear work takes four times as long, quadratic sixteen. */
function growth(work: (text: string) => unknown, candidate: Candidate): number {
  const short = quickest(work, textOf(candidate, 4_096), 8);
  const long = quickest(work, textOf(candidate, 16_384), 8);
  return long / Math.max(short, 0.3);
}

/** How many times as much a text costs as an ordinary one of its length. */
function costliness(work: (text: string) => unknown, candidate: Candidate): number {
  const ordinary = textOf(
    { head: '', piece: 'Hello, I am Ayşe and would like to fly from Berlin on 3 May. ', tail: '' },
    4_096,
  );
  return quickest(work, textOf(candidate, 4_096), 8) / quickest(work, ordinary, 8);
}

suite('masking texts made to be slow', { timeout: 30 * 60_000 }, () => {
  test('takes time that grows with the length, for the worst a search finds', (t) => {
    const found = search({ work: mask, scraps: maskScraps(seed), length: 4_096, rounds, seed });
    const all = [
      ...worstOnes.map((piece) => ({ head: '', piece, tail: '' })),
      ...found.slice(0, 4),
    ];
    t.diagnostic(`seed ${seed}, worst ${found[0]?.ms.toFixed(2)} ms ${JSON.stringify(found[0])}`);
    for (const candidate of all) {
      const times = growth(mask, candidate);
      assert.ok(times < 10, `${times} times: ${JSON.stringify(candidate)}`);
      const cost = costliness(mask, candidate);
      assert.ok(cost < 30, `${cost} times an ordinary one: ${JSON.stringify(candidate)}`);
    }
  });

  test('finds nothing more in what it masked, whatever the text', () => {
    const scraps = maskScraps(seed);
    const random = randomFrom(seed);
    const some = () => scraps[Math.floor(random() * scraps.length)] ?? '';
    for (let round = 0; round < 20 * rounds; round++) {
      const joined = Array.from({ length: 1 + Math.floor(random() * 40) }, some).join('');
      const masked = mask(joined);
      assert.deepEqual(spans(masked), [], `${JSON.stringify(joined)} → ${JSON.stringify(masked)}`);
    }
  });
});

suite('understanding texts made to be slow', { timeout: 30 * 60_000 }, () => {
  test('costs no more than some ordinary texts do, for the worst a search finds', (t) => {
    const work = (text: string) => understand(text);
    const found = search({ work, scraps: rulesScraps(seed), length: 4_096, rounds, seed });
    t.diagnostic(`seed ${seed}, worst ${found[0]?.ms.toFixed(2)} ms ${JSON.stringify(found[0])}`);
    const all = [
      ...worstOnes.map((piece) => ({ head: '', piece, tail: '' })),
      ...found.slice(0, 4),
    ];
    for (const candidate of all) {
      const cost = costliness(work, candidate);
      assert.ok(cost < 30, `${cost} times an ordinary one: ${JSON.stringify(candidate)}`);
    }
  });

  test('never throws, and understands nothing of noise', () => {
    const scraps = rulesScraps(seed);
    const random = randomFrom(seed);
    const some = () => scraps[Math.floor(random() * scraps.length)] ?? '';
    for (let round = 0; round < 4 * rounds; round++) {
      const joined = Array.from({ length: 1 + Math.floor(random() * 60) }, some).join('');
      for (const question of asked) understand(joined, question);
    }
    const noise = ':@ß'.repeat(1_400).slice(0, 4_096);
    assert.deepEqual(understand(noise, null).details, {});
    assert.ok(understand(noise, null).intent.confidence < 0.6);
  });
});
