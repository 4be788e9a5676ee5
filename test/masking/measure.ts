import { mask, spans } from '../../actors/masking/mask.ts';
import type { Span } from '../../actors/masking/span.ts';
import { type LabelledUtterance, readUtterances } from '../support/utterances.ts';
import { type Labelled, readCorpus } from './corpus.ts';

/** What the whole corpus must reach. */
export const thresholds = { recall: 0.98, precision: 0.9, lines: 300, medianUs: 50 } as const;

/** Of a part of the corpus. A share of nothing is 1. */
export interface Score {
  readonly lines: number;
  readonly labelled: number;
  readonly masked: number;
  /** Labelled spans of which every letter and digit was masked, whatever placeholder took their place. */
  readonly recall: number;
  /** Masked spans that overlap a labelled one. */
  readonly precision: number;
}

/** One labelled or masked span, and whether the other side has it too. */
interface Verdict {
  readonly side: 'labelled' | 'masked';
  readonly kind: string;
  readonly lang: string;
  readonly right: boolean;
}

function verdictsOf({ lang, text, spans: labels }: Labelled): Verdict[] {
  const masked = spans(text);
  return [
    ...labels.map((label) => ({
      side: 'labelled' as const,
      kind: label.kind,
      lang,
      right: isCovered(text, label, masked),
    })),
    ...masked.map((span) => ({
      side: 'masked' as const,
      kind: span.kind,
      lang,
      right: labels.some(({ start, end }) => start < span.end && span.start < end),
    })),
  ];
}

function isCovered(text: string, label: Span, masked: readonly Span[]): boolean {
  let index = label.start;
  for (const character of text.slice(label.start, label.end)) {
    const at = index;
    index += character.length;
    if (!/[\p{L}\p{N}]/u.test(character)) continue;
    if (!masked.some(({ start, end }) => start <= at && at < end)) return false;
  }
  return true;
}

function scoreOf(lines: number, verdicts: readonly Verdict[]): Score {
  const labelled = verdicts.filter(({ side }) => side === 'labelled');
  const masked = verdicts.filter(({ side }) => side === 'masked');
  return {
    lines,
    labelled: labelled.length,
    masked: masked.length,
    recall: share(labelled),
    precision: share(masked),
  };
}

function share(verdicts: readonly Verdict[]): number {
  return verdicts.length === 0 ? 1 : verdicts.filter(({ right }) => right).length / verdicts.length;
}

/** The scores of some lines: in all, and by the kind and the language of the span. */
export function measure(corpus: readonly Labelled[]): {
  readonly all: Score;
  readonly kinds: ReadonlyMap<string, Score>;
  readonly languages: ReadonlyMap<string, Score>;
} {
  const verdicts = corpus.flatMap(verdictsOf);
  const by = (key: 'kind' | 'lang', linesOf: (value: string) => number) =>
    new Map(
      [...new Set(verdicts.map((verdict) => verdict[key]))].toSorted().map((value) => [
        value,
        scoreOf(
          linesOf(value),
          verdicts.filter((verdict) => verdict[key] === value),
        ),
      ]),
    );
  return {
    all: scoreOf(corpus.length, verdicts),
    kinds: by(
      'kind',
      (value) => corpus.filter((line) => line.spans.some(({ kind }) => kind === value)).length,
    ),
    languages: by('lang', (value) => corpus.filter(({ lang }) => lang === value).length),
  };
}

/** Microseconds that `work` takes for a text of 200 characters: many runs of corpus lines joined, after a warm-up. */
export function timed(
  corpus: readonly Labelled[],
  work: (text: string) => unknown,
): { readonly medianUs: number; readonly p99Us: number } {
  const joined = corpus.map(({ text }) => text).join(' ');
  const texts: string[] = [];
  for (let start = 0; start + 200 <= joined.length; start += 200)
    texts.push(joined.slice(start, start + 200));
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    for (const text of texts) {
      const startedAt = performance.now();
      work(text);
      if (round >= 20) times.push((performance.now() - startedAt) * 1_000);
    }
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    medianUs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    p99Us: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

function row(name: string, { lines, labelled, masked, recall, precision }: Score): string {
  const cells = [lines, labelled, masked, recall.toFixed(4), precision.toFixed(4)];
  return `${name.padEnd(14)}${cells.map((cell) => String(cell).padStart(10)).join('')}\n`;
}

/** Spans of which the case knows what is in them, and whether all of each was masked. Null where nothing is known. */
function knownRecall(utterances: readonly LabelledUtterance[]): number | null {
  const found: boolean[] = [];
  for (const { text, spans: labels, known } of utterances) {
    const masked = spans(text);
    for (const label of labels)
      if (known.some((value) => isSame(value, text.slice(label.start, label.end))))
        found.push(isCovered(text, label, masked));
  }
  return found.length === 0 ? null : found.filter(Boolean).length / found.length;
}

/** Whatever its case, its accents and what stands between. */
function isSame(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return plain(one) === plain(other);
}

function printFile(file: string): void {
  const utterances = readUtterances(file);
  const { all, kinds, languages } = measure(utterances);
  process.stdout.write(
    [...kinds, ...languages].map(([name, score]) => row(`  ${name}`, score)).join('') +
      `${JSON.stringify({ recall: all.recall, knownRecall: knownRecall(utterances), precision: all.precision })}\n`,
  );
}

/**
 * `npm run masking`: prints the scores and times; exit code 1 below the thresholds. `npm run masking -- FILE` scores a file
 * of labelled utterances instead; its last line is JSON.
 */
function main(file: string | undefined): void {
  if (file !== undefined) return printFile(file);
  const dev = readCorpus('dev');
  const heldOut = readCorpus('held-out');
  const together = [...dev, ...heldOut];
  const total = measure(together);
  const { medianUs, p99Us } = timed(together, mask);
  const head = ['lines', 'labelled', 'masked', 'recall', 'precision'];
  process.stdout.write(
    `${''.padEnd(14)}${head.map((title) => title.padStart(10)).join('')}\n` +
      row('dev', measure(dev).all) +
      row('held-out', measure(heldOut).all) +
      row('together', total.all) +
      [...total.kinds, ...total.languages]
        .map(([name, score]) => row(`  ${name}`, score))
        .join('') +
      `200 characters: median ${medianUs.toFixed(1)} µs, p99 ${p99Us.toFixed(1)} µs\n`,
  );
  const { lines, recall, precision } = total.all;
  const reached =
    lines >= thresholds.lines && recall >= thresholds.recall && precision >= thresholds.precision;
  if (!reached || medianUs >= thresholds.medianUs) process.exitCode = 1;
}

if (import.meta.main) main(process.argv[2]);
