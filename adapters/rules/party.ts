import type { Details, Utterance } from '../../actors/shapes/understanding.ts';
import type { Sketch } from './sketch.ts';

/** Who travels: adults with the patient, and the ages of children. */
export function partyIn(
  sketch: Sketch,
  asked: Utterance['asked'],
): Pick<Details, 'adults' | 'childrenAges'> {
  const childrenAges = agesIn(sketch);
  const adults = adultsIn(sketch, asked, childrenAges.length);
  return {
    ...(adults && adults.value >= 1 && adults.value <= 9 && { adults }),
    ...(childrenAges.length > 0 && {
      childrenAges: { value: childrenAges.slice(0, 8), confidence: 0.8 },
    }),
  };
}

function adultsIn(
  { letters, values }: Sketch,
  asked: Utterance['asked'],
  children: number,
): { value: number; confidence: number } | undefined {
  const number = (pattern: RegExp) => {
    const match = pattern.exec(letters);
    return match ? values[match.index] : undefined;
  };
  const told = number(/Nx?A/);
  if (told !== undefined) return { value: told, confidence: 0.95 };
  if (asked === 'adults') {
    const bare = /^x?[^A-Z]?x?(N)[.]?x?$/.exec(letters);
    if (bare) return { value: values[letters.indexOf('N')] ?? 0, confidence: 0.95 };
  }
  const together = number(/L/);
  // "Two of us" beside named company is the same two.
  const company = companyIn(letters, values);
  const people = number(/Nx?P/);
  // "A person" is somebody, not a count.
  if (people !== undefined && (people > 1 || asked === 'adults')) {
    return { value: Math.max(people - children, 1), confidence: children > 0 ? 0.6 : 0.95 };
  }
  if (together !== undefined && company <= together) return { value: together, confidence: 0.8 };
  if (company > 0) return { value: company, confidence: 0.8 };
  // "Me and my son of 5": one adult with a child.
  if (children > 0 && (/S&?[pu]*N?[xuY]?K/.test(letters) || /W[pN]*[Yux]*K/.test(letters))) {
    return { value: 1, confidence: 0.6 };
  }
  return undefined;
}

/** How many the patient and the named company are; 0 when nobody says that they come along. */
function companyIn(letters: string, values: readonly number[]): number {
  const joined =
    /S[&W~,]{0,2}[pNu]{0,2}C/.exec(letters) ??
    /W[pNu]{0,2}x?C/.exec(letters) ??
    /C[&W~]{1,2}S/.exec(letters) ??
    /CS/.exec(letters);
  const attached = letters
    .split('')
    .findIndex((letter, index) => letter === 'C' && values[index] === 1);
  const first = joined ? joined.index : attached;
  if (first < 0) return 0;
  // All that follow in the same list: "with my wife and my mother".
  const list = /^(?:S[&W~,]{0,2}|W)?[pNux]{0,2}C(?:[&,W~]{0,2}[pNu]{0,2}C){0,6}/.exec(
    letters.slice(first),
  );
  const named = (list?.[0].match(/C/g) ?? ['C']).length;
  return 1 + named;
}

/** Ages are numbers next to a child: "a child of 5", "5 yaşında bir çocuk", "two kids (4 and 7)". */
function agesIn({ letters, values }: Sketch): number[] {
  const ages: number[] = [];
  const taken = new Set<number>();
  const take = (index: number) => {
    const age = values[index];
    if (age === undefined || age > 17 || taken.has(index)) return;
    taken.add(index);
    ages.push(age);
  };
  const numbersIn = (from: number, text: string) => {
    for (let index = 0; index < text.length; index++) if (text[index] === 'N') take(from + index);
  };
  // After the child: of, aged, brackets; one age or a list of them.
  for (const match of letters.matchAll(
    /K[p]?(?:[gux,(-]|S){0,4}(N(?:Y?[&,/-]{0,2}NY?){0,5})(Y?)\)?(.?)/g,
  )) {
    const list = match[1] ?? '';
    const marked = /[gu(]/.test(match[0]) || match[2] === 'Y' || list.includes('Y');
    const next = match[3] ?? '';
    if (marked && !/[MAPK]/.test(next)) {
      numbersIn(match.index + match[0].indexOf(list), list);
    }
  }
  // Ahead of the child: "5 year old son", "5 yaşında bir çocuk", "4 ve 7 yaşında iki çocuk".
  for (const match of letters.matchAll(/(N(?:Y?[&,-]{0,2}N){0,4})-?Y[-xpg]{0,2}N?x?K/g)) {
    numbersIn(match.index, match[1] ?? '');
  }
  return ages;
}
