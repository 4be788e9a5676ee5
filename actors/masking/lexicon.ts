import { fold } from './letters.ts';
import * as cues from './lexicon/cues.ts';
import * as arabic from './lexicon/names-ar.ts';
import * as german from './lexicon/names-de.ts';
import * as english from './lexicon/names-en.ts';
import * as french from './lexicon/names-fr.ts';
import * as russian from './lexicon/names-ru.ts';
import * as turkish from './lexicon/names-tr.ts';
import * as words from './lexicon/words.ts';

/** What the lists know of a word: one look-up answers for all of them. */
export const GIVEN = 1 << 0;
export const SURNAME = 1 << 1;
/** A name that is an ordinary word too. */
export const AMBIGUOUS = 1 << 2;
/** The same, but only without its capital. */
export const AMBIGUOUS_LOWER = 1 << 3;
/** A frequent word, or one of our trade: no part of a name. */
export const COMMON = 1 << 4;
export const PLACE = 1 << 5;
export const TITLE = 1 << 6;
export const TITLE_AFTER = 1 << 7;
export const RELATION = 1 << 8;
/** The last word of an introduction. */
export const INTRODUCES = 1 << 9;
/** The last word of a weak one. */
export const HINTS = 1 << 10;
export const CLOSES = 1 << 11;
export const PERSON_VERB = 1 << 12;
export const PHONE_WORD = 1 << 13;
export const BIRTH_WORD = 1 << 14;
export const PASSPORT_WORD = 1 << 15;
export const OTHER_NUMBER = 1 << 16;
export const MONTH = 1 << 17;
export const PARTICLE = 1 << 18;
export const ARABIC_FIRST = 1 << 19;
/** Capitalised words of hotels, streets and forms. */
export const TRADE = 1 << 20;
export const TURKISH_GIVEN = 1 << 21;
export const ID_WORD = 1 << 22;
/** German enough to know by it that nouns have capitals. */
export const GERMAN_MARK = 1 << 23;

const lexicon = new Map<string, number>();
const monthNumbers = new Map<string, number>();
/** Introductions by their folded words, joined by spaces. */
const strong = new Set<string>();
const weak = new Set<string>();

/** The flags of a folded word. */
export function flagsOf(key: string): number {
  return lexicon.get(key) ?? 0;
}

/** Every word the lists know, with its flags. */
export const allFlags = (): IterableIterator<[string, number]> => lexicon.entries();

/** 1 to 12, or 0 if `key` names no month. */
export function monthOf(key: string): number {
  return monthNumbers.get(key) ?? 0;
}

/** Whether these folded words, joined by spaces, introduce a person. */
export function introduces(phrase: string): 'strong' | 'weak' | null {
  if (strong.has(phrase)) return 'strong';
  return weak.has(phrase) ? 'weak' : null;
}

function add(list: string, flags: number): void {
  for (const word of list.split(/\s+/)) addKey(fold(word), flags);
}

function addKey(key: string, flags: number): void {
  if (key === '') return;
  lexicon.set(key, flagsOf(key) | flags);
  // Many write ي for a final ى; the other way round "on" would be Ali.
  if (key.endsWith('ى')) addKey(`${key.slice(0, -1)}ي`, flags);
}

function addPhrases(list: string, phrases: Set<string>, flag: number): void {
  for (const phrase of list.split(/[|\n]/)) {
    const keys = phrase
      .trim()
      .split(/\s+/)
      .map((word) => fold(word));
    const last = keys.at(-1);
    if (!last) continue;
    phrases.add(keys.join(' '));
    addKey(last, flag);
  }
}

/** Cases of a Russian name, from its first: Анна gives Анны, Анне, Анну, Анной. Transliterations have none. */
function* russianForms(name: string): Generator<string> {
  yield name;
  if (!/^[а-я]/.test(name)) return;
  const stem = name.slice(0, -1);
  const last = name.at(-1);
  if (name.endsWith('ий') || name.endsWith('ый') || name.endsWith('ой')) {
    for (const ending of ['ого', 'ому', 'им', 'ым', 'ом', 'ая', 'ую', 'ей'])
      yield name.slice(0, -2) + ending;
  }
  if (last === 'а') for (const ending of 'ы и е у ой ою'.split(' ')) yield stem + ending;
  else if (last === 'я') for (const ending of 'и е ю ей ею'.split(' ')) yield stem + ending;
  else if (last === 'й') for (const ending of 'я ю ем е и'.split(' ')) yield stem + ending;
  else if (last === 'ь') for (const ending of 'я ю ем е и'.split(' ')) yield stem + ending;
  else for (const ending of 'а у ом ем е ы'.split(' ')) yield name + ending;
  // Павел, Пётр, Лев lose a vowel or change one; they are few.
  if (name === 'павел') for (const form of 'павла павлу павлом павле'.split(' ')) yield form;
  if (name === 'лев') for (const form of 'льва льву львом льве'.split(' ')) yield form;
}

/** A man's surname gives the woman's: Иванов, Иванова, Ивановой, Иванову, Ивановым. */
function* russianSurnameForms(name: string): Generator<string> {
  yield* russianForms(name);
  if (/[оеи][в]$|ин$|ын$/.test(name))
    for (const ending of ['а', 'ой', 'у', 'ою', 'ым', 'ых', 'ы', 'ыми']) yield name + ending;
}

const russianExtra = `Катя Маша Даша Саша Наташа Таня Оля Лена Аня Настя Ира Света Юля Женя Дима Серёжа Лёша Миша Коля Ваня Петя
Андрей Паша Гоша Костя Вова Володя Толя Юра Стас Ксюша Оксана Алла Алина Алёна Светлана Дарья Диана Эльвира Гульнара Айгуль Динара Рустам
Тимур Руслан Марат Ренат Ильдар Азамат Бауыржан Нурлан Айдар Камила Карина Кристина Милана Снежана Яна Инна Жанна Лариса Эдуард Артур
Артём Егор Даниил Данила Никита Илья Кирилл Глеб Матвей Марк Пётр Фёдор Семён Жанар Асель Гульмира Мадина Зарина Фатима Магомед Ахмед`;

for (const { given, surnames } of [arabic, german, english, french, turkish]) {
  add(given, GIVEN);
  add(surnames, SURNAME);
}
add(turkish.given, TURKISH_GIVEN);
for (const name of `${russian.given} ${russianExtra}`.split(/\s+/)) {
  const key = fold(name);
  if (key === '') continue;
  const flags = GIVEN;
  for (const form of russianForms(key)) addKey(form, flags);
}
for (const name of russian.surnames.split(/\s+/))
  for (const form of russianSurnameForms(fold(name))) addKey(form, SURNAME);
for (const word of words.ambiguous.split(/\s+/)) {
  const key = fold(word);
  const forms = /^[а-я]/.test(key) ? russianForms(key) : [key];
  for (const form of forms) addKey(form, AMBIGUOUS);
}
add(words.ambiguousInLowerCase, AMBIGUOUS_LOWER);
for (const list of [words.turkish, words.english, words.german, words.french]) add(list, COMMON);
add(words.russian, COMMON);
add(words.arabic, COMMON);
for (const place of cues.places.split(/\s+/)) {
  const key = fold(place);
  const forms = /^[а-я]/.test(key) ? russianForms(key) : [key];
  for (const form of forms) addKey(form, PLACE);
}
add(cues.trade, TRADE | COMMON);
add(cues.titles, TITLE);
add(cues.titlesAfter, TITLE_AFTER);
add(cues.relations, RELATION);
addPhrases(cues.introductions, strong, INTRODUCES);
addPhrases(cues.weakIntroductions, weak, HINTS);
for (const closing of cues.closings.split(/[|\n]/)) {
  const last = closing.trim().split(/\s+/).at(-1);
  if (last) addKey(fold(last), CLOSES);
}
add(cues.personVerbs, PERSON_VERB);
add(cues.phoneWords, PHONE_WORD);
add(cues.birthWords, BIRTH_WORD);
add(cues.passportWords, PASSPORT_WORD);
add(cues.otherNumbers, OTHER_NUMBER);
add(cues.idWords, ID_WORD);
add(cues.particles, PARTICLE);
add(cues.arabicFirsts, ARABIC_FIRST);
add(
  'ich und der die das ist wir nicht mit für bitte ein eine mein meine sie den dem hat auf',
  GERMAN_MARK,
);
for (const [index, forms] of cues.months.entries()) {
  for (const form of forms.split('|')) {
    const key = fold(form);
    monthNumbers.set(key, index + 1);
    addKey(key, MONTH);
  }
}
