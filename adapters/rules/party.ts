import type { Details, Utterance } from '../../actors/shapes/understanding.ts';
import type { Language } from './lexicon/languages.ts';
import { partyWords } from './lexicon/party-words.ts';
import { type Sketch, sketchOf } from './sketch.ts';

/** Who travels: adults with the patient, and the ages of children. */
export interface Party {
  readonly details: Pick<Details, 'adults' | 'childrenAges'>;
  readonly doubts: readonly ('adults' | 'childrenAges')[];
}

const nobody: Party = { details: {}, doubts: [] };

/**
 * Reads who travels. Adults count the patient; children count with their ages, a baby is 0, and whoever is 18 is an adult.
 * Children without ages, more than nine adults, and "2 or 3" are a doubt. Ages, months and teeth count nobody.
 */
export function partyIn(
  folded: string,
  language: Language,
  isCertain: boolean,
  asked: Utterance['asked'],
): Party {
  const languages = isCertain && asked !== 'adults' ? [language] : languagesOf(folded, language);
  for (const spoken of languages) {
    const party = read(sketchOf(folded, spoken), spoken, asked, spoken === language);
    if (party !== nobody) return party;
  }
  return nobody;
}

function languagesOf(folded: string, first: Language): Language[] {
  if (folded.length > 300) return [first];
  const others: Language[] = [
    ...(/\p{Script=Latin}/u.test(folded) ? (['en', 'de', 'tr', 'fr'] as const) : []),
    ...(/\p{Script=Arabic}/u.test(folded) ? (['ar'] as const) : []),
    ...(/\p{Script=Cyrillic}/u.test(folded) ? (['ru'] as const) : []),
  ];
  return [...new Set([first, ...others])];
}

/** Somebody who is named, or how many there are. */
interface Member {
  readonly kind: 'self' | 'companion' | 'child' | 'adults' | 'people' | 'unsure' | 'none';
  readonly count: number;
  readonly ages: readonly number[];
  /** "One of them is 5": told of children that were counted before. */
  readonly isOneOf: boolean;
  /** Letters of the sketch it takes up, `to` excluded. */
  readonly from: number;
  readonly to: number;
}

type Values = (group: number) => readonly number[];
type Made = Pick<Member, 'kind' | 'count'> & Partial<Pick<Member, 'ages' | 'isOneOf'>>;

const first = (values: readonly number[], otherwise: number) => values[0] ?? otherwise;

function children(count: readonly number[], own: readonly number[], ages: readonly number[]): Made {
  const [age] = ages;
  // "Twins aged 4".
  if (own[0] === 2 && count.length === 0 && age !== undefined && ages.length === 1) {
    return { kind: 'child', count: 2, ages: [age, age] };
  }
  return { kind: 'child', count: first(count, Math.max(first(own, 1), ages.length)), ages };
}

/** In the order they are tried; the first that fits is taken. */
const patterns: readonly (readonly [RegExp, (values: Values) => Made])[] = [
  [/N[-|/]N[AP]|[Ua]{1,2}N[|-]N(?![NM])|aN[AP]/dy, () => ({ kind: 'unsure', count: 0 })],
  [/A([NL])(?![KbYA])/dy, (values) => ({ kind: 'adults', count: first(values(1), 0) })],
  [/([N1L])?A/dy, (values) => ({ kind: 'adults', count: first(values(1), 0) })],
  // Ages ahead: "5 yaşında oğlum", "a 6 year old son", "4 ve 7 yaşında iki çocuk".
  [
    /((?:NY?[&,]{1,2}){0,4}N)-?Y[-g]?[x1W]?(N)?([Kb])/dy,
    (values) => children(values(2), values(3), values(1)),
  ],
  [
    /(N)-?m[-x1W]?([Kb])/dy,
    (values) => ({ kind: 'child', count: 1, ages: values(1).map(inYears) }),
  ],
  // Ages behind: "two kids (4 and 7)", "Tochter 9", "bébé de 8 mois".
  [
    /([N1L])?[Kb]x?[(g,-]{0,3}(N)-?m/dy,
    (values) => ({ kind: 'child', count: first(values(1), 1), ages: values(2).map(inYears) }),
  ],
  [
    /([N1L])?([Kb])x?(?:[(gW-]{1,3}|,(?=[N&,]{1,9}Y))?((?:NY?[&,/]{1,2}){0,5}N)Y?(?![APKCbmMyN1L])/dy,
    (values) => children(values(1), values(2), values(3)),
  ],
  [/q[N1]?[Kb]|[Kb]q/dy, () => ({ kind: 'none', count: 0 })],
  [
    /([N1L])?(b)/dy,
    (values) => {
      const count = first(values(1), 1);
      return { kind: 'child', count, ages: Array.from({ length: Math.min(count, 9) }, () => 0) };
    },
  ],
  [/([N1L])?(K)/dy, (values) => children(values(1), values(2), [])],
  [
    /O[xg(]{0,2}(N)(?:Y|(?=[&,]?O))/dy,
    (values) => ({ kind: 'child', count: 1, ages: values(1), isOneOf: true }),
  ],
  [
    /([N1L])?(C)(?:[(]NY?[)])?/dy,
    (values) => ({ kind: 'companion', count: first(values(1), first(values(2), 1)) }),
  ],
  [
    /(?<=[SC]&)(N)(?![YymMKACbPU&|-])/dy,
    (values) => ({ kind: 'companion', count: first(values(1), 0) }),
  ],
  [/(N)-?x?P/dy, (values) => ({ kind: 'people', count: first(values(1), 0) })],
  // "На 10 дней, одна".
  [/(?<=,)(1)(?=$|[.,])/dy, () => ({ kind: 'people', count: 1 })],
  [/(?<=^|[,.])(1)P/dy, () => ({ kind: 'people', count: 1 })],
  [/U(N)(?![AKCbYymM#-])/dy, (values) => ({ kind: 'people', count: first(values(1), 0) })],
  [/(L)P?/dy, (values) => ({ kind: 'people', count: first(values(1), 1) })],
  [/[Sl]/dy, () => ({ kind: 'self', count: 1 })],
];

const inYears = (months: number) => Math.floor(months / 12);

/** Linear: each pattern looks at no more than some twenty letters. */
function membersOf({ letters, values }: Sketch): Member[] {
  const members: Member[] = [];
  let index = 0;
  while (index < letters.length) {
    const member = memberAt(letters, values, index);
    if (member) members.push(member);
    index = member ? member.to : index + 1;
  }
  return members.filter(({ kind }) => kind !== 'none');
}

function memberAt(letters: string, values: readonly number[], index: number): Member | null {
  if (!/[N1AKbqOCPULSla]/.test(letters[index] ?? '')) return null;
  for (const [pattern, make] of patterns) {
    pattern.lastIndex = index;
    const match = pattern.exec(letters);
    if (!match) continue;
    const valuesOf = (group: number) => {
      const [from = 0, to = 0] = match.indices?.[group] ?? [];
      const places = Array.from({ length: to - from }, (_, place) => from + place);
      return places.filter((at) => /[N1KbCL]/.test(letters[at] ?? '')).map((at) => values[at] ?? 0);
    };
    const to = index + match[0].length;
    return { ages: [], isOneOf: false, ...make(valuesOf), from: index, to };
  }
  return null;
}

function read(
  sketch: Sketch,
  language: Language,
  asked: Utterance['asked'],
  isSpoken: boolean,
): Party {
  const { letters } = sketch;
  const isAsked = asked === 'adults';
  const members = membersOf(sketch);
  const answer = isAsked && isSpoken ? bareAnswer(sketch, members) : null;
  const all = answer ? [...members, answer].toSorted((one, two) => one.from - two.from) : members;
  const company = companyOf(letters, all, partyWords[language].joinsSilently);
  const told = all.filter(({ kind }) => kind === 'adults' || kind === 'people');
  const kids = kidsOf(letters, all).filter(
    (kid) => isAsked || isAged(letters, kid) || company.has(kid) || told.length > 0,
  );
  const ages = kids.flatMap((kid) => kid.ages);
  const minors = ages.filter((age) => age < 18);
  const count = kids.reduce((sum, kid) => sum + kid.count, 0) - (ages.length - minors.length);

  const adults = adultsOf(letters, all, {
    company,
    kids,
    count,
    isAsked,
    grown: ages.length - minors.length,
  });
  const isKnown = minors.length === count && count <= 8;
  if (adults === undefined && kids.length === 0) return nobody;
  return {
    details: {
      ...(adults && adults !== 'doubt' && { adults }),
      ...(minors.length > 0 && isKnown && { childrenAges: { value: minors, confidence: 0.85 } }),
    },
    doubts: [
      ...(adults === 'doubt' ? (['adults'] as const) : []),
      ...(count > 0 && !isKnown ? (['childrenAges'] as const) : []),
    ],
  };
}

interface Company {
  readonly company: ReadonlySet<Member>;
  readonly kids: readonly Member[];
  readonly count: number;
  readonly isAsked: boolean;
  /** Children who are of age. */
  readonly grown: number;
}

function adultsOf(
  letters: string,
  members: readonly Member[],
  { company, kids, count, isAsked, grown }: Company,
): Details['adults'] | 'doubt' {
  const counted = members.filter(({ kind }) => kind === 'adults');
  const [people, ...more] = members.filter(({ kind }) => kind === 'people');
  const companions = [...company].reduce(
    (sum, { kind, count: some }) => sum + (kind === 'companion' ? some : 0),
    0,
  );
  const isUncounted = [...company].some(
    ({ kind, count: some }) => kind === 'companion' && some === 0,
  );
  if (isUncounted || members.some(({ kind }) => kind === 'unsure')) return 'doubt';
  if (isAsked && /[N1L][|-][N1L](?!M)/.test(letters)) return 'doubt';
  const sure = (value: number, confidence: number) =>
    value >= 1 && value <= 9 ? { value, confidence } : ('doubt' as const);
  if (counted.length > 0) {
    const numbered = counted.filter((one) => one.count > 0);
    if (numbered.length === 0) return undefined;
    return sure(
      numbered.reduce((sum, one) => sum + one.count, 0),
      0.95,
    );
  }
  if (people) {
    // "A person" is somebody, not a count.
    if (more.some((one) => one.count !== people.count)) return 'doubt';
    const [kid] = kids.filter(({ from }) => from >= people.to);
    const between = kid ? letters.slice(people.to, kid.from) : '';
    if (kid && /^x?Wx?$/.test(between)) return 'doubt';
    const isBesides = kid !== undefined && /^x?[&,]?&x?$/.test(between);
    const value = isBesides ? people.count : people.count - count;
    if (1 + companions > people.count) return 'doubt';
    return sure(value, count > 0 ? 0.8 : 0.9);
  }
  if (companions > 0 || grown > 0) return sure(1 + companions + grown, 0.8);
  const isAlone = letters.includes('l');
  if (isAlone || [...company].some(({ kind }) => kind === 'child')) return sure(1, 0.8);
  return isAsked && members.some(({ kind }) => kind === 'companion') ? 'doubt' : undefined;
}

/** The one number in an answer to "how many adults": "2", "nur 2 bitte". */
function bareAnswer({ letters, values }: Sketch, members: readonly Member[]): Member | null {
  if (members.some(({ kind }) => kind === 'adults' || kind === 'people' || kind === 'unsure'))
    return null;
  const isTaken = (at: number) => members.some(({ from, to }) => at >= from && at < to);
  const places = [...letters.matchAll(/N(?![YymM#|-])|^1[.]?$/g)]
    .map(({ index }) => index)
    .filter((at) => !isTaken(at));
  const [at] = places;
  if (at === undefined || places.length > 1 || letters.length > 12) return null;
  const count = values[at] ?? 0;
  const kind = letters[at - 1] === 'a' ? 'unsure' : 'people';
  return { kind, count, ages: [], isOneOf: false, from: at, to: at + 1 };
}

/**
 * Those who come along: named in one list with the patient ("me, my wife and my son"), behind a "with", or said to come too.
 */
function companyOf(letters: string, members: readonly Member[], isSilent: boolean): Set<Member> {
  const named = members.filter(({ kind }) => /^(?:self|companion|child)$/.test(kind));
  const company = new Set<Member>();
  let group: Member[] = [];
  const close = () => {
    const [head, tail] = [group[0], group.at(-1)];
    if (head && tail) {
      const before = letters.slice(Math.max(0, head.from - 2), head.from);
      const after = letters.slice(tail.to, tail.to + 2);
      const isAlong =
        group.some(({ kind }) => kind === 'self') ||
        /W.?$/.test(before) ||
        /^x?v/.test(after) ||
        /W/.test(letters.slice(head.from, head.to));
      if (isAlong && group.some(({ kind }) => kind !== 'self')) {
        for (const member of group) company.add(member);
      }
    }
    group = [];
  };
  for (const member of named) {
    const last = group.at(-1);
    const gap = last ? letters.slice(last.to, member.from) : '';
    const isNext =
      last && (gap === '' ? isSilent || last.kind === 'self' : /^[xv)]?[&,W]{1,3}x?$/.test(gap));
    if (!isNext) close();
    group.push(member);
  }
  close();
  return company;
}

/** "A baby" has an age of its own, but may be one that is wished for. */
const isAged = (letters: string, { ages, from, to }: Member) =>
  ages.length > 0 && /[N]/.test(letters.slice(from, to).replace(/^N(?=[Kb])/, ''));

/** Children, each once: "2 kids, a boy of 5 and a girl of 7" are two. */
function kidsOf(letters: string, members: readonly Member[]): Member[] {
  const kids = members.filter(({ kind }) => kind === 'child');
  const aged = kids.filter(({ ages }) => ages.length > 0);
  return kids.filter((kid) => {
    if (kid.ages.length > 0) return true;
    const later = aged.filter(({ from }) => from >= kid.to);
    const [next] = later;
    if (!next) return true;
    const isListed = /^[&,W]{1,2}$/.test(letters.slice(kid.to, next.from)) && !next.isOneOf;
    const told = later.reduce((sum, { count }) => sum + count, 0);
    return (isListed && kid.count === 1) || told < kid.count;
  });
}
