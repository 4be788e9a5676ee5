import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import * as v from 'valibot';

import { type Details, intents, procedures, questions } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import { readUtterances } from '../support/utterances.ts';
import { judgedLines } from './rules-file.ts';

/** A labelled utterance. What it does not tell is not in `details`. */
const Labelled = v.strictObject({
  lang: v.picklist(languages),
  text: v.string(),
  asked: v.nullable(v.picklist(questions)),
  at: v.pipe(v.string(), v.isoTimestamp()),
  intent: v.picklist(intents),
  details: v.strictObject({
    procedure: v.exactOptional(v.picklist(procedures)),
    origin: v.exactOptional(v.string()),
    departDate: v.exactOptional(v.string()),
    returnDate: v.exactOptional(v.string()),
    adults: v.exactOptional(v.number()),
    childrenAges: v.exactOptional(v.array(v.number())),
    budget: v.exactOptional(v.strictObject({ amountMinor: v.string(), currency: v.string() })),
  }),
});
export type Labelled = v.InferOutput<typeof Labelled>;

/** The labelled utterances, some forty for each language. */
export function corpus(): Labelled[] {
  return readFileSync(new URL('rules-corpus.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => v.parse(Labelled, JSON.parse(line)));
}

/** How often one thing was read right, over the utterances that say it or were read as saying it. */
export interface Accuracy {
  readonly of: string;
  readonly right: number;
  readonly total: number;
  readonly misses: readonly string[];
}

/** Callers act on what is at least this sure, so the measure looks at nothing else. */
const actsAt = 0.6;

const details = [
  'procedure',
  'origin',
  'departDate',
  'returnDate',
  'adults',
  'childrenAges',
  'budget',
] as const satisfies readonly (keyof Details)[];

/** Measures the rules against labels: language, intent, and each detail. Silence counts where something was to be read. */
export function measure(utterances: readonly Labelled[]): Accuracy[] {
  const tallies = new Map<string, { right: number; total: number; misses: string[] }>();
  const note = (of: string, right: boolean, miss: string) => {
    const tally = tallies.get(of) ?? { right: 0, total: 0, misses: [] };
    tally.total++;
    if (right) tally.right++;
    else tally.misses.push(miss);
    tallies.set(of, tally);
  };
  for (const said of utterances) {
    const read = understandByRules({
      text: said.text,
      lang: said.lang,
      asked: said.asked,
      at: said.at,
      destination: 'IST',
      mayLeave: false,
    });
    // A place name, a number or a date belongs to no language: null is right for them.
    const told = read.lang && read.lang.confidence >= actsAt ? read.lang.value : null;
    const tells = /\p{L}{4}/u.test(said.text) && said.intent !== 'inform';
    if (told !== null || tells) note('language', told === said.lang, `${said.text} → ${told}`);
    const intent = read.intent.confidence >= actsAt ? read.intent.value : 'unclear';
    note('intent', intent === said.intent, `${said.text} → ${intent}, not ${said.intent}`);
    note(`intent in ${said.lang}`, intent === said.intent, said.text);
    for (const detail of details) {
      const found = read.details[detail];
      const value = found && found.confidence >= actsAt ? found.value : undefined;
      const wanted = said.details[detail];
      if (value === undefined && wanted === undefined) continue;
      const right = isDeepStrictEqual(value, wanted);
      note(detail, right, `${said.text} → ${JSON.stringify(value)}`);
    }
  }
  return [...tallies].map(([of, tally]) => ({ of, ...tally }));
}

/**
 * `npm run understanding [-- FILE [--misses]]`: how right the rules are, on our own corpus or on a file of labelled utterances, each
 * that was misread named if asked for.
 */
function main(args: readonly string[]): void {
  const file = args.find((arg) => !arg.startsWith('--'));
  if (file !== undefined) {
    process.stdout.write(judgedLines(readUtterances(file), args.includes('--misses')));
    return;
  }
  const utterances = corpus();
  process.stdout.write(`${utterances.length} utterances\n\n`);
  for (const { of, right, total, misses } of measure(utterances)) {
    const percent = ((100 * right) / total).toFixed(1).padStart(5);
    process.stdout.write(`${of.padEnd(14)} ${percent} %  ${right}/${total}\n`);
    if (of.includes(' in ')) continue;
    for (const miss of misses) process.stdout.write(`    ${miss}\n`);
  }
}

if (import.meta.main) main(process.argv.slice(2));
