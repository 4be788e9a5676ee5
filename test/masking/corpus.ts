import { readFileSync } from 'node:fs';

import * as v from 'valibot';

import type { Span } from '../../actors/masking/span.ts';

const kinds = ['name', 'phone', 'email', 'passport', 'tckn', 'iban', 'card', 'birth-date'] as const;

const Line = v.strictObject({ lang: v.string(), text: v.string() });

/** A text and what a person labelled in it. */
export interface Labelled {
  readonly lang: string;
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Reads a corpus: one `{ lang, text }` a line, labels in the text as `{{kind:what}}`. */
export function readCorpus(name: 'dev' | 'held-out'): readonly Labelled[] {
  const file = new URL(`corpus/${name}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => v.parse(Line, JSON.parse(line)))
    .map(({ lang, text }) => ({ lang, ...labelled(text) }));
}

/** A text without its markup, and where the labels are in it. */
export function labelled(marked: string): Omit<Labelled, 'lang'> {
  const spans: Span[] = [];
  let text = '';
  let at = 0;
  for (const match of marked.matchAll(/\{\{([a-z-]+):(.*?)\}\}/g)) {
    text += marked.slice(at, match.index);
    const kind = v.parse(v.picklist(kinds), match[1]);
    const what = match[2] ?? '';
    spans.push({ kind, start: text.length, end: text.length + what.length });
    text += what;
    at = match.index + match[0].length;
  }
  return { text: text + marked.slice(at), spans };
}
