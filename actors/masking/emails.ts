import { kindOf } from './letters.ts';
import type { Span } from './span.ts';

/** E-mail addresses in `text`. Linear: neither side of an @ may hold another. */
export function emails(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && isLocal(text, start - 1)) start--;
    while (start < at && !isAlphanumeric(text, start)) start++;
    let end = at + 1;
    let dot = -1;
    while (end < text.length && isDomain(text, end)) {
      if (text[end] === '.') dot = end;
      end++;
    }
    while (end > at && !isAlphanumeric(text, end - 1)) end--;
    if (start >= at || dot <= at + 1 || text.lastIndexOf('.', end - 1) <= at) continue;
    const last = spans.at(-1);
    // What one @ takes for its domain another may take for the part before it: then it is one stretch.
    if (last && start < last.end) spans[spans.length - 1] = { ...last, end };
    else spans.push({ kind: 'email', start, end });
  }
  return spans;
}

function isAlphanumeric(text: string, index: number): boolean {
  return kindOf(text.charCodeAt(index)) !== 0;
}

function isLocal(text: string, index: number): boolean {
  return isAlphanumeric(text, index) || '._%+-'.includes(text.charAt(index));
}

function isDomain(text: string, index: number): boolean {
  return isAlphanumeric(text, index) || '.-'.includes(text.charAt(index));
}
