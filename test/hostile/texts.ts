import * as cues from '../../actors/masking/lexicon/cues.ts';
import { dangerWords } from '../../adapters/rules/lexicon/danger/all.ts';
import { lexicons } from '../../adapters/rules/lexicon/languages.ts';
import { payingWords } from '../../adapters/rules/lexicon/paying.ts';
import * as picking from '../../adapters/rules/lexicon/picking.ts';
import { stoppingWords } from '../../adapters/rules/lexicon/stopping.ts';

/** What texts of strangers are made of that mean harm: separators, digits, marks, directions, parts of letters, every script. */
const signs = [
  'a',
  'A',
  ' ',
  '  ',
  '.',
  '-',
  '--',
  '/',
  ',',
  ':',
  "'",
  '@',
  '+',
  '(',
  ')',
  '[',
  '?',
  '!',
  '\n',
  '"',
  '«',
  '—',
  '%',
  '&',
  '€',
  '$',
  '\u0000',
  '\u00a0',
  '\u2028',
  '\u200d',
  '\u200f',
  '\u202e',
  '\u0301',
  '\u0301\u0323',
  '\ud800',
  '\udc00',
  '😀',
  '👨‍👩‍👧',
  '🏳️‍🌈',
  'ﷺ',
  'ﬃ',
  '㍿',
  'İ',
  'ı',
  'ß',
  'Ǆ',
  'ς',
  '字',
  '가',
  'ก็',
  'न्',
  'א',
  'عبد',
  'ال',
  'Анна',
  'вна',
  'Ω',
  'Ա',
];

/** Pieces of what the finders look for. */
const pieces = [
  '1',
  '0',
  '1.',
  '.1',
  '1-',
  '11',
  '12',
  '2027',
  '٣',
  '4111',
  '0532 ',
  '12.03.1980',
  '12.03.2027 ',
  '+90 532 111 22 33',
  'U1',
  'TR33',
  'AB1234567',
  'Ali',
  'Ayşe ',
  'Ali-',
  'von ',
  "O'",
  'K. ',
  'Mr ',
  'May ',
  'a@b.c',
  'a.',
  '[NAME]',
  '[PHONE] ',
  'xn--',
  'IST ',
  'BER ',
];

const listed = (lists: Iterable<unknown>): string[] =>
  [...lists].flatMap((list) => {
    if (typeof list === 'string') return list.split(/[|\n]/).map((word) => word.replace('*', ''));
    return typeof list === 'object' && list !== null ? listed(Object.values(list)) : [];
  });

/** For a search in masking: a part of the cues, another one for each seed. */
export function maskScraps(seed: number): string[] {
  const words = listed(Object.values(cues)).flatMap((list) => list.split(/\s+/));
  return [...signs, ...pieces, ...share(words, seed)];
}

/** For a search in the rules: a part of all phrases, another one for each seed. */
export function rulesScraps(seed: number): string[] {
  const words = listed([lexicons, dangerWords, stoppingWords, payingWords, picking]);
  return [...signs, ...pieces, ...share(words, seed)];
}

function share(words: readonly string[], seed: number): string[] {
  const of = Math.max(1, Math.ceil(words.length / 150));
  return words
    .filter((word, index) => word !== '' && index % of === seed % of)
    .map((word) => `${word} `);
}

/** What has been the worst for one of them once, whole, to be repeated. */
export const worstOnes: readonly string[] = [
  '12.03.1980 1',
  '12.03.1980..1..11',
  '1--1-2027-',
  '.1.٣1.٣',
  '1-.1.11.1',
  'TR33 ',
  'M ',
  ':@ß',
  'ﷺ',
  '\u0301\u0323',
  '@',
  'a.',
  'a@a.',
  'no bleeding ',
  'born 1980 ',
  'A. ',
  'my name is ',
  'hurts? ',
  'red arm ',
  'open arm ',
  'my arm hurts, ',
  'if my leg is numb is it ',
  'pain or ',
  'bleedng unconscous ambulnce swolln stichtes ',
  'stop text me no more ',
];
