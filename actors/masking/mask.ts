import { emails } from './emails.ts';
import { numbers } from './numbers.ts';
import { people } from './people.ts';
import { settled } from './settled.ts';
import type { Kind, Span } from './span.ts';
import { tokenise, type Token } from './tokens.ts';

const placeholders: Readonly<Record<Kind, string>> = {
  name: '[NAME]',
  phone: '[PHONE]',
  email: '[EMAIL]',
  passport: '[PASSPORT]',
  tckn: '[TCKN]',
  iban: '[IBAN]',
  card: '[CARD]',
  'birth-date': '[BIRTH-DATE]',
};

/**
 * What in `text` tells who a person is: names, phone numbers, e-mail addresses, passport numbers, TCKN, IBAN, card
 * numbers and dates of birth, in the forms of Turkish, English, German, Arabic, Russian and French. In order, without
 * overlaps, in UTF-16 code units. Pure and linear in the length; never throws. It finds most, not all: how many is
 * measured by `npm run masking`, so it is a second net, and no reason to log or send what need not be.
 */
export function spans(text: string): readonly Span[] {
  const tokens = tokenise(text);
  if (tokens.length === 0) return [];
  const addresses = text.includes('@') ? emails(text) : [];
  const figures = tokens.some(({ kind }) => kind === 'digits')
    ? numbers(text, tokens, addresses)
    : { spans: [], dates: new Map<Token, number>() };
  const names = people(text, tokens);
  const found = merged(merged(addresses, figures.spans), names);
  if (found.length === 0) return found;
  const kept = new Set(found);
  const dropped = [...figures.spans, ...names].filter((span) => !kept.has(span));
  return settled(text, tokens, { spans: found, dropped, dates: figures.dates });
}

/**
 * `text` with everything of `spans` replaced by `[NAME] [PHONE] [EMAIL] [PASSPORT] [TCKN] [IBAN] [CARD] [BIRTH-DATE]`.
 * Masking what is masked changes nothing. For logs, traces, prompts to language models and staff lists.
 */
export function mask(text: string): string {
  return replaced(text, spans(text));
}

function replaced(text: string, found: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const { kind, start, end } of found) {
    result += text.slice(at, start) + placeholders[kind];
    at = end;
  }
  return result + text.slice(at);
}

/** Both lists in order; of two that overlap the one from `first` stays. */
function merged(first: readonly Span[], second: readonly Span[]): readonly Span[] {
  if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first;
  const all: Span[] = [];
  let index = 0;
  for (const span of second) {
    for (let next = first[index]; next && next.end <= span.start; next = first[index]) {
      all.push(next);
      index++;
    }
    const next = first[index];
    if (!next || span.end <= next.start) all.push(span);
  }
  return [...all, ...first.slice(index)];
}
