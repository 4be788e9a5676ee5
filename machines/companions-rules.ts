import type { Companion, Patient } from '../actors/shapes/families.ts';

// Whom words are about, of several patients on one phone. By their names, by what they are called, and by who says "I"; what is not
// plain is nobody's, and is asked.

/** Patients on one phone: open cases that one contact may have. */
export const maxCompanions = 6;

/** UTF-16 units of a message that are read here: as many as the conversation keeps. */
const mostRead = 2_000;

/** Compared without case, accents and Turkish dots. */
const folded = (word: string): string =>
  word
    .normalize('NFKD')
    .replaceAll(/[\p{M}ـ]/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ß', 'ss');

/** Relatives and friends, as somebody calls their own in the six languages: each line is one person. */
const kin: readonly (readonly string[])[] = [
  'annem anneme annemin anne mutter mama mutti mother mum mom мама мамы маме маму мамой мать матери امي والدتي ماما mère maman',
  'babam baba vater papa father dad папа папы папе папу отец отца отцу ابي والدي بابا père',
  'karım hanımım frau ehefrau wife жена жены жене жену زوجتي femme épouse',
  'kocam mann ehemann husband муж мужа мужу زوجي mari époux',
  'eşim partner partnerin',
  'ablam kızkardeşim schwester sister сестра сестры сестре сестру اختي sœur soeur',
  'abim ağabeyim bruder brother брат брата брату اخي frère',
  'kardeşim geschwister sibling',
  'oğlum oğluma oğlumun sohn son сын сына сыну ابني fils',
  'kızım kızıma kızımın tochter daughter дочь дочка дочки дочке дочери ابنتي بنتي fille',
  'çocuğum kind child ребенок ребенка طفلي enfant',
  'anneannem babaannem ninem oma großmutter grandmother grandma бабушка бабушки бабушке جدتي mamie',
  'dedem opa großvater grandfather grandpa дедушка дедушки дедушке جدي papi',
  'arkadaşım arkadaşımın freund freundin friend друг друга подруга подруги صديقي صديقتي ami amie',
  'teyzem halam yengem tante aunt тетя тети خالتي عمتي',
  'amcam dayım eniştem onkel uncle дядя дяди عمي خالي oncle',
  'kuzenim cousin cousine кузен кузина ابن_عمي',
].map((line) => line.split(' ').map(folded));

/** Who says "I", or speaks of what is their own; Turkish says it in the verb. */
const firstPerson = new Set(
  'ben bana benim beni bende ich mir mich mein i me i’m im i’ll je j moi я мне меня мой моя انا لي'
    .split(' ')
    .map(folded),
);
const firstPersonVerb = /(?:acagim|ecegim|iyorum|uyorum|yorum|irim|arim|erim|urum)$/;
const endsInI = new Set(['cikarim', 'kararim', 'yorum', 'erim']);

/** What stands before the name of who writes: "ben Fatma", "ich bin Fatma", "меня зовут Фатима". */
const introduces = new Set(
  'ben adım ismim bin ist heiße am m i’m im is suis appelle moi я зовут это имя انا اسمي معكم'
    .split(' ')
    .map(folded),
);

interface Word {
  readonly start: number;
  readonly end: number;
  readonly key: string;
}

const wordsOf = (text: string): readonly Word[] =>
  [...text.slice(0, mostRead).matchAll(/[\p{L}\p{M}]+/gu)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    key: folded(word),
  }));

/** Whether a word is a name in one of its cases: "Fatmanın", "Фатимы". Both are longer than three letters. */
function isInflected(word: string, name: string): boolean {
  if (word.startsWith(name)) return word.length <= name.length + 4;
  return (
    /\p{Script=Cyrillic}/u.test(name) &&
    word.length <= name.length + 2 &&
    word.startsWith(name.slice(0, -1))
  );
}

/** Whether a word says a person: a name or what they are called, in any case, with the Arabic "and" and "for" before it. */
function isCalled(word: string, calls: ReadonlySet<string>): boolean {
  if (calls.has(word)) return true;
  if (/^[ولبكف]/.test(word) && (calls.has(word.slice(1)) || calls.has(word.slice(2)))) return true;
  if (word.length < 4) return false;
  for (const name of calls)
    if (name.length >= 4 && name.charCodeAt(0) === word.charCodeAt(0) && isInflected(word, name))
      return true;
  return false;
}

/** What a person may be called: their name, and all words for such a relative. */
function callsOf({ name, called }: Pick<Patient, 'name' | 'called'>): ReadonlySet<string> {
  const own = [...called.map(folded), ...name.split(/\s+/).map(folded)].filter(Boolean);
  const alike = kin.filter((line) => line.some((one) => own.includes(one)));
  return new Set([...own, ...alike.flat()]);
}

/** The first word for a relative or a friend in a text, as it stands there. */
export function relativeIn(text: string): string | null {
  const found = wordsOf(text).find(({ key }) => kin.some((line) => line.includes(key)));
  return found === undefined ? null : text.slice(found.start, found.end);
}

/** A name fit to be shown: one line of letters, at most 25. Empty where nothing is left. */
export const nameOf = (given: string | null | undefined): string =>
  (given ?? '')
    .slice(0, 200)
    .replaceAll(/[^\p{L}\p{M}\s.'’-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 25)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim();

/** The first name of a profile; empty where it is none ("🌹", "+90"). */
export const firstNameOf = (profile: string | null | undefined): string => {
  const [first = ''] = nameOf(profile).split(' ');
  return first.length >= 2 ? first : '';
};

/** Whether two names are one person's: "Ayse" and "Ayşe", "Mel" and "Melanie", "Ayşe Yılmaz" and "Ayşe". */
export const isSameName = (one: string, other: string): boolean => {
  const [a = '', b = ''] = [folded(one).split(' ')[0], folded(other).split(' ')[0]];
  return a !== '' && b !== '' && (a.startsWith(b) || b.startsWith(a));
};

/** Patients on one phone: the case's own, and the others. */
export interface PhoneFamily {
  readonly self: Patient;
  readonly others: readonly Companion[];
}

/** A part of what was said; `to` is the case of a companion, null for this one. */
export interface Part {
  readonly to: string | null;
  readonly text: string;
}

type Whose = { readonly to: string | null };

/** Where one thought may end: not within a date or a number. */
const breaks =
  /(?<=[^\d\s])[,;](?=\s)|(?<=\d\d?)[,;](?=\s+\D)|[.!?](?=\s+\D)|\n+|\s(?:und|and|ve|et|и|а|sowie|ile)\s|\sو(?=\p{L})/gu;

function segmentsOf(text: string): { readonly start: number; readonly end: number }[] {
  const segments: { start: number; end: number }[] = [];
  let start = 0;
  for (const { index, 0: mark } of text.slice(0, mostRead).matchAll(breaks)) {
    segments.push({ start, end: index });
    // The Arabic "and" is a part of the next word.
    start = index + (mark.trim() === 'و' ? 1 : mark.length);
  }
  return [...segments, { start, end: text.length }];
}

/**
 * Whom a message is about. `nobody`: it names none of them. `unclear`: it names several, and which of its details are whose is
 * not plain. Otherwise its parts, in order, each for one of them.
 */
export function partsOf(
  text: string,
  { self, others }: PhoneFamily,
): readonly Part[] | 'nobody' | 'unclear' {
  const people = [{ ...self, to: null }, ...others.map((one) => ({ ...one, to: one.caseId }))].map(
    (one) => ({ to: one.to, isHolder: one.isHolder, calls: callsOf(one) }),
  );
  const words = wordsOf(text);
  const writer = people.find(({ calls }) =>
    words.some(
      ({ key, end }, index) =>
        calls.has(key) &&
        introduces.has(words[index - 1]?.key ?? '') &&
        !/^['’]/.test(text.slice(end)),
    ),
  );
  // "I" is who holds the phone, unless somebody else says that they write.
  const holder = writer ?? people.find(({ isHolder }) => isHolder);
  // Each word is looked at once, whatever a stranger writes between.
  let next = 0;
  const marked = segmentsOf(text).map(({ start, end }) => {
    const named = new Set<(typeof people)[number]>();
    let saysI = false;
    for (let word = words[next]; word !== undefined && word.end <= end; word = words[(next += 1)]) {
      const { key } = word;
      for (const one of people) if (isCalled(key, one.calls)) named.add(one);
      saysI ||=
        firstPerson.has(key) || (key.length > 5 && firstPersonVerb.test(key) && !endsInI.has(key));
    }
    return { start, end, named, saysI };
  });
  if (marked.every(({ named }) => named.size === 0)) return 'nobody';
  const parts: { to: string | null; start: number; end: number }[] = [];
  let before: Whose | null = null;
  for (const { start, end, named, saysI } of marked) {
    const meant = new Set([...named, ...(saysI && holder !== undefined ? [holder] : [])]);
    if (meant.size > 1) return 'unclear';
    const [one] = meant;
    const whose: Whose | null = one ?? before;
    if (whose === null) {
      // Before anybody is named: a greeting goes along, a detail may be anybody's.
      if (/\d/.test(text.slice(start, end))) return 'unclear';
      continue;
    }
    const last = parts.at(-1);
    if (last !== undefined && last.to === whose.to) last.end = end;
    else parts.push({ to: whose.to, start: last === undefined ? 0 : start, end });
    before = whose;
  }
  return parts.map(({ to, start, end }) => ({ to, text: text.slice(start, end).trim() }));
}

/** Which of them an answer to "for whom?" names, in a few words. */
export function pickedIn(text: string, { self, others }: PhoneFamily): Whose | null {
  const words = wordsOf(text);
  if (words.length === 0 || words.length > 4) return null;
  const named = partsOf(text, { self, others });
  if (typeof named === 'string') {
    const isSelf = self.isHolder && words.some(({ key }) => firstPerson.has(key));
    return named === 'nobody' && isSelf ? { to: null } : null;
  }
  const [only, ...more] = named;
  return only === undefined || more.length > 0 ? null : { to: only.to };
}
