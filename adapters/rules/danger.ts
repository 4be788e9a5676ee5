import { dangerWords, ordinary } from './lexicon/danger/all.ts';
import type { DangerWords } from './lexicon/danger/words.ts';
import { plainBook, type Sentence } from './reading.ts';
import { speller } from './spelling.ts';

/** What a word of danger does in a sentence; see `DangerWords`. */
type Role = keyof DangerWords;

/** A later role wins where two lists, perhaps of two languages, hold the same phrase. */
const roles = [
  'own',
  'well',
  'took',
  'whole',
  'dose',
  'perhapsAfter',
  'mightAfter',
  'perhaps',
  'not',
  'none',
  'wish',
  'treatment',
  'lasting',
  'past',
  'heat',
  'might',
  'gone',
  'acute',
  'since',
  'part',
  'hue',
  'sign',
  'blood',
  'wound',
  'vital',
  'cry',
  'hurt',
  'event',
  'alarm',
  'harmless',
] as const satisfies readonly Role[];

const lists = roles.map(
  (role) => [dangerWords.map((words) => words[role]).join('|'), role] as const,
);
const book = plainBook<Role>(lists);
const spelled = speller(
  lists.map(([phrases]) => phrases),
  ordinary,
);

/** Words that join two complaints: what denies the first denies the second. */
const joins = new Set(
  'and or nor ve veya ya ne und oder noch et ou ni и или ни و او ولا any'.split(' '),
);

const breathing = /breath|nefes|soluk|luft|atm|atem|respir|souffle|дыш|дых|вдох|تنفس|نفس|dysh|dish/;
const bleeding = /bl(?:e|u)+[dt]|kan|saign|кров|نز[في]/;
const gums = /^(?:gum|teeth|dis|zahn|gencive|dents|десн|зуб|لث|اسنان)/;
const noses = /^(?:nos|burn|burun|nase|nez|нос|انف|خشم|مناخير)/;

/** Turkish asks of what may come with its own forms: "kanar mı", "bayılacak mıyım"; not "ölecek miyim", which nobody asks in peace. */
const asksOfLater =
  /^(?!oel)\p{L}{3,}(?:[^i]r|[ae]ca[gk]) m(?:i|u)(?:y(?:i|u)[mz]|s(?:i|u)n(?:i|u)?z?)?$/u;

/** For hours or days: it is going on now, whatever is asked about it. */
const goingOn =
  /\b(?:since|for|seit|depuis|уже|из|mn|min) (?:\S+ ){0,2}(?:hours?|hrs?|stunden?|heures?|час\S*|days?|tagen|jours|дн\S+|дня)\b|\b\d+ ?(?:saat|gun)(?:dir|tir|dur|tur|den|dan|ten|tan)\b|(?:من|منذ|صار\S*) (?:\S+ )?(?:ساع\S+|يوم\S*|ايام|امس|الصبح)/u;

/** Looks that a treatment mends and no emergency: what is crooked, too big, hangs, or broke off. */
const looks =
  /^(?:crooked|big|huge|hang|sag|droop|broke|egri|sarkik|dusuk|buyuk|kirik|schief|dick|riesig|gebroch|hangt|hangen|tordu|tomb|cass|gros|крив|обвис|навис|сломал|больш|معوج|كبير|مترهل|مكسور|متهدل)/u;
const lookedAt =
  /^(?:nose|nostril|burun|burn|nase|nez|нос|انف|خشم|eyelid|goz kapa|augenlid|lid|paupier|век|جفن|breast|boob|nippl|gogus|brust|sein|груд|صدر|ear|kulak|ohr|oreill|уш|اذن|tooth|teeth|dis|zahn|dent|зуб|سن|اسنان|bell|stomach|tummy|karn|bauch|ventre|живот|بطن)/u;

/** A possessive ending of Turkish: "dikişimden" is of my stitches. */
const mineInTurkish = /(?:[iuae]|^)m(?:i|u|in|un|de|da|den|dan)?$/;

interface Sign {
  readonly role: Role;
  readonly text: string;
  /** First and last word. */
  readonly from: number;
  readonly to: number;
  /** Which clause of its sentence: they end at commas. */
  readonly clause: number;
}

interface Scene {
  readonly signs: readonly Sign[];
  readonly words: readonly string[];
  readonly asks: boolean;
  readonly isOwn: boolean;
  /** Names a year that is over, or "vor 3 Jahren". */
  readonly isLongAgo: boolean;
  /** Says since when it is so, in hours or days. */
  readonly isGoingOn: boolean;
  readonly joins: boolean;
}

/** A sign is read with so many before and behind it: what stands farther off says nothing of it, and reading stays linear. */
const reach = 12;

/** Roles that may make a message urgent, together with what is around them. */
const complaints: ReadonlySet<Role> = new Set([
  'alarm',
  'event',
  'hurt',
  'sign',
  'hue',
  'heat',
  'blood',
  'took',
  'since',
  'acute',
]);

/** What danger a message tells of. */
export interface Danger {
  /** From 0.6 on: a person must see it at once. 0: none. */
  readonly urgent: number;
}

/**
 * Hears an emergency: an alarm, or a complaint of the body that nobody denies, only asks about, or gives as the old reason of a
 * journey. What hurts in chest, breath, head or belly, after an operation, or suddenly is never only a reason. Doubt is urgent.
 */
export function dangerIn(sentences: readonly Sentence[], text: string): Danger {
  const scenes = sentences.map(sceneOf);
  const all = scenes.flatMap(({ signs }) => signs);
  const has = (role: Role) => all.some((sign) => sign.role === role);
  const message: Message = {
    isAcute:
      has('acute') ||
      has('since') ||
      has('cry') ||
      /🩸|🚑|🆘|🤕|🤒/u.test(text) ||
      scenes.some(isFeverish),
    isReason: has('lasting') || (has('wish') && has('treatment')),
    isTreatment: has('treatment'),
    isWell: has('well'),
  };
  let urgent = 0;
  for (const scene of scenes) {
    for (const [index, sign] of scene.signs.entries()) {
      if (!complaints.has(sign.role)) continue;
      const weight = weigh(scene, index, message);
      if (weight === null) continue;
      urgent = Math.max(urgent, weight);
    }
  }
  const words = scenes.reduce((count, scene) => count + scene.words.length, 0);
  const onlyCries = words <= 8 && !scenes.some(({ asks }) => asks) && !has('treatment');
  if (urgent === 0 && has('cry') && (words <= 3 || (onlyCries && cries(text)))) urgent = 0.8;
  return { urgent };
}

interface Message {
  readonly isAcute: boolean;
  readonly isReason: boolean;
  readonly isTreatment: boolean;
  readonly isWell: boolean;
}

const cries = (text: string) => /!|🆘|😭|🙏/u.test(text);

function sceneOf({ words: written, asks }: Sentence): Scene {
  const right = spelled(written);
  const words = right.split(' ');
  const starts = new Map<number, number>();
  const clauses: number[] = [];
  let offset = 0;
  let clause = 0;
  for (const [index, word] of words.entries()) {
    starts.set(offset, index);
    if (word === ',') clause++;
    clauses.push(clause);
    offset += word.length + 1;
  }
  const signs = book.find(right).map(({ value, start, end }) => {
    const from = starts.get(start) ?? 0;
    const text = right.slice(start, end);
    const to = from + text.split(' ').length - 1;
    return { role: value, text, from, to, clause: clauses[from] ?? 0 };
  });
  return {
    signs,
    words,
    asks,
    isOwn: signs.some(({ role }) => role === 'own'),
    isLongAgo: longAgo.test(right),
    isGoingOn: goingOn.test(right),
    joins: words.some((word) => joins.has(word)),
  };
}

/** The signs around one. */
const around = ({ signs }: Scene, index: number): readonly Sign[] =>
  signs.slice(Math.max(0, index - reach), index + reach + 1);

/** How urgent one sign is; null if it is denied, only asked about, or long past; 0 if it is a reason for a journey. */
function weigh(scene: Scene, index: number, message: Message): number | null {
  const { asks, isOwn } = scene;
  const sign = scene.signs[index];
  const signs = around(scene, index);
  if (!sign || isDenied(scene, index) || isOnlyThought(scene, index) || isPast(scene, index))
    return null;
  const near = (role: Role, words: number) =>
    signs.some((other) => other.role === role && isNear(sign, other, words));
  const isGrave = near('vital', 8) || (near('wound', 8) && (!asks || isOwn || message.isAcute));
  const isGeneral = asks && !isOwn && !isGrave && !message.isAcute;

  if (sign.role === 'alarm') return isNoseOfOld(scene, sign, message) ? 0 : asks ? 0.8 : 0.95;
  if (sign.role === 'took') return near('dose', 6) && near('whole', 6) ? 0.9 : null;
  if (sign.role === 'blood') {
    if (message.isReason && !message.isAcute) return 0;
    if (message.isAcute || near('part', 6) || near('vital', 6) || near('wound', 6)) return 0.8;
    return asks || message.isTreatment || message.isWell ? null : 0.7;
  }
  if (sign.role === 'since' || sign.role === 'acute') {
    if (sign.role === 'acute' && hurried.test(sign.text)) return null;
    // Who has just been operated on, or says "stabbing", and speaks of that part, and not of how well it is.
    const isSick = !asks && !message.isWell && !message.isReason;
    const apart = sign.role === 'since' ? 8 : 3;
    const isPlace = near('wound', apart) || near('vital', apart) || near('part', apart);
    return isSick && isPlace ? 0.7 : null;
  }
  if (sign.role === 'heat') return isFeverish(scene) ? 0.9 : null;
  if (sign.role === 'event') return isGeneral ? null : asks ? 0.8 : 0.95;
  if (sign.role === 'hurt') {
    if (isGrave || message.isAcute) return 0.9;
    if (message.isReason) return 0;
    return isGeneral && !near('part', 8) ? null : 0.8;
  }
  if (sign.role === 'sign') {
    if (isOnlyLooks(sign, signs, message)) return 0;
    if (near('wound', 5) && isGrave) return 0.9;
    const isFine = asks || message.isWell || message.isReason;
    if (near('since', 8) && !isFine) return 0.8;
    if (!near('part', 5) && !near('vital', 5)) return null;
    if (message.isReason && !message.isAcute) return 0;
    return isGeneral ? null : 0.8;
  }
  const hues = signs.filter(({ role }) => role === 'hue').length;
  const isSaid =
    near('wound', 5) || near('vital', 3) || (near('part', 5) && (hues > 1 || message.isAcute));
  if (!isSaid) return null;
  return message.isReason ? 0 : 0.8;
}

function isNear(one: Sign, other: Sign, words: number): boolean {
  const between = one.from > other.to ? one.from - other.to - 1 : other.from - one.to - 1;
  return between <= words && (one.clause === other.clause || between <= 4);
}

/** "No pain, fever or swelling", "does not hurt", "ağrım yok", "the bleeding has stopped". */
function isDenied(scene: Scene, index: number, depth = 0): boolean {
  const { signs, words } = scene;
  const sign = signs[index];
  if (!sign) return false;
  const next = signs[index + 1];
  if (
    next?.role === 'gone' &&
    next.clause === sign.clause &&
    next.from - sign.to <= 3 &&
    !(next.from - sign.to > 1 && words.slice(sign.to + 1, next.from).includes('not'))
  )
    return true;
  let end = sign.from;
  for (let at = index - 1; at >= Math.max(0, index - reach); at--) {
    const before = signs[at];
    if (!before || before.clause < sign.clause - 2) return false;
    const between = words.slice(before.to + 1, end);
    if (before.role === 'none') return between.length <= 3 && before.clause === sign.clause;
    if (before.role === 'not') {
      const most = /[a-z]/.test(before.text) ? 2 : 1;
      return end === sign.from && between.length <= most && before.clause === sign.clause;
    }
    if (
      before.role === 'part' ||
      before.role === 'vital' ||
      before.role === 'acute' ||
      before.role === 'own'
    )
      continue;
    if (!isComplaint(before) || sign.role === 'sign') return false;
    // Joined to a complaint before it: denied if that one is.
    const link = words.slice(before.to + 1, sign.from);
    if (link.length > 3 || !link.some((word) => joins.has(word) || word === ',')) return false;
    if (link.includes(',') && !scene.joins) return false;
    return depth < reach && isDenied(scene, at, depth + 1) && !isEnded(scene, at);
  }
  return false;
}

const isComplaint = ({ role }: Sign) => role === 'hurt' || role === 'alarm' || role === 'event';

/** Whether what follows a sign says that it is over: that is said of it alone. */
function isEnded({ signs }: Scene, index: number): boolean {
  return signs[index + 1]?.role === 'gone';
}

/** Risks, questions whether it may hurt, and what somebody would do if. */
function isOnlyThought(scene: Scene, index: number): boolean {
  const { asks } = scene;
  const sign = scene.signs[index];
  const signs = around(scene, index);
  if (!sign) return false;
  if (asksOfLater.test(scene.words.slice(sign.to, sign.to + 2).join(' '))) return true;
  const isMine = signs.some(
    ({ role, text, clause }) =>
      clause === sign.clause &&
      (role === 'own' ||
        (['part', 'vital', 'wound', 'hurt', 'event', 'alarm'].includes(role) &&
          text.split(' ').some((word) => mineInTurkish.test(word) && word.length > 4))),
  );
  for (const other of signs) {
    if (other.clause !== sign.clause) continue;
    const isBefore = other.to < sign.from;
    if (isBefore && other.role === 'might' && sign.from - other.to <= 10) return true;
    if (isBefore && other.role === 'perhaps' && !scene.isGoingOn && sign.from - other.to <= 10) {
      const isOwn = signs.some(
        ({ role, from }) => role === 'own' && from > other.to && from < sign.from,
      );
      if (!isOwn) return true;
    }
    if (!isBefore && other.from - sign.to <= 3) {
      if (other.role === 'mightAfter') return true;
      if (other.role === 'perhapsAfter' && !isMine) return true;
      if (other.role === 'might' && !isMine && asks) return true;
    }
  }
  return false;
}

/** "My nose is crooked", "my tooth broke": how it looks is why they come, unless it is new or hurts. */
function isOnlyLooks({ text }: Sign, signs: readonly Sign[], message: Message): boolean {
  return (
    !message.isAcute &&
    looks.test(text) &&
    signs.some(({ role, text: part }) => isBodily(role) && lookedAt.test(part)) &&
    signs.every(({ role, text: part }) => !isBodily(role) || lookedAt.test(part)) &&
    !signs.some(({ role }) => role === 'hurt' || role === 'wound' || role === 'blood')
  );
}

const isBodily = (role: Role): boolean => role === 'part' || role === 'vital';

/** Acute of a complaint; of anything else only in a hurry. */
const hurried =
  /urgen|asap|immediat|now$|tonight|what |keeps|acil|su an|ne yap|nap|sofort|dringend|jetzt|gerade|eben$|total|vollig|vite|tout de suite|faire|fais|en ce moment|срочно|сейчас|что |мне |быстр|عاجل|ضرور|مستعجل|حالا|فورا|بسرعه|الان|الحين|دلوقتي|هلا|هسه|دابا|اسوي|اعمل|افعل|ندير|اتصرف|awi|kteer|ktir|marra|silno|srochno|chto|больше|extreme|terrible|horrible|awful|peur|الم?وت/;

const longAgo =
  /(?<!\d)(?:19\d\d|20[01]\d|202[0-5])(?!\d)|\bvor \S+ (?:jahr|jahren|monaten)\b|\bil y a \S+ (?:an|ans|mois)\b|\bil y a \S+ annees\b/;

function isPast(scene: Scene, index: number): boolean {
  const sign = scene.signs[index];
  // "Operated on" is acute of itself, but not three years ago.
  const clause = around(scene, index).filter(
    (other) => other.clause === sign?.clause && other !== sign,
  );
  if (clause.some(({ role }) => role === 'acute' || role === 'since')) return false;
  if (clause.some(({ role }) => role === 'past')) return true;
  return sign?.role !== 'sign' && scene.isLongAgo;
}

/** Breath that does not come through the nose, and gums that bleed, as the reason for a treatment of them. */
function isNoseOfOld({ signs }: Scene, sign: Sign, message: Message): boolean {
  if (message.isAcute || !(message.isReason || message.isTreatment)) return false;
  const old = breathing.test(sign.text) ? noses : bleeding.test(sign.text) ? gums : null;
  return old !== null && signs.some(({ role, text }) => role === 'part' && old.test(text));
}

/** A heat of 38 degrees and more, or of 101 where they count otherwise. */
function isFeverish({ signs, words }: Scene): boolean {
  if (!signs.some(({ role, text }) => role === 'heat' || /^(?:fever|fieber|fievre)/.test(text)))
    return false;
  return words.some((word) => /^(?:3[89]|4[0-2]|10[1-6])$/.test(word));
}
