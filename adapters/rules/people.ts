import { spans } from '../../actors/masking/mask.ts';
import type { UnderstandingPort } from '../../actors/ports/understanding.ts';
import type { Sure, Understanding } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import { procedureIn } from './procedures.ts';

/** UTF-16 units that are read: who speaks, and for whom, is said early. */
const mostRead = 1_000;
const mostNames = 5;
/** More would be no name in WhatsApp, which takes 25 characters of it. */
const longestName = 40;

/** Relatives and friends as somebody calls their own; folded, so that inflected forms stand beside each other. */
const relatives = [
  // Turkish says "my" in the noun.
  'annem anneme annemin annemle babam babama babamin esim esime esimin karim karima kocam kocama kizim kizima oglum ogluma ablam ablama',
  'abim abime agabeyim kardesim kardesime kizkardesim teyzem teyzeme halam halama amcam dayim anneannem babaannem ninem dedem kuzenim arkadasim',
  'arkadasima kayinvalidem kayinvalideme kayinpederim yengem enistem',
  'mother mum mom mama father dad papa wife husband spouse partner sister brother son daughter grandmother grandma grandfather grandpa aunt uncle',
  'cousin friend fiance fiancee niece nephew mother-in-law child kid boyfriend girlfriend',
  'mutter mutti vater frau ehefrau mann ehemann schwester bruder sohn tochter oma grossmutter opa grossvater tante onkel cousine freund freundin',
  'schwiegermutter schwiegervater kind verlobte verlobter nichte neffe',
  'mere maman pere femme epouse mari epoux soeur frere fils fille mamie papi tante oncle cousin cousine ami amie belle-mere enfant',
  'мама мамы маме маму мать матери отец отца отцу папа папы папе папу жена жены жене жену муж мужа мужу сестра сестры сестре сестру брат брата брату',
  'сын сына сыну дочь дочери дочка дочки дочке бабушка бабушки бабушке дедушка дедушки дедушке подруга подруги подруге друг друга другу тетя тети дядя дяди',
  'теща тещи теще свекровь свекрови ребенок ребенка',
  'امي والدتي ماما ابي والدي بابا زوجتي زوجي اختي اخي ابني ابنتي بنتي جدتي جدي صديقي صديقتي خالتي عمتي عمي خالي حماتي خطيبتي خطيبي طفلي',
]
  .flatMap((line) => line.split(' '))
  .map(fold);
const relative = relatives.toSorted((one, other) => other.length - one.length).join('|');
/** One letter may stand before an Arabic noun: "for", "and". */
const aRelative = `(?:[ولبكف]{0,2}(?:${relative}))`;
const theirs =
  '(?:meine[rmns]?|my|our|unsere[rmn]?|ma|mon|mes|notre|moi|mein|мо[еяию]\\p{L}{0,2}|нашей|benim|another|eine[rmn]?|a|une?)';

const bounded = (pattern: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'u');

const aRelativeAlone = bounded(aRelative);
/** "For my mother", "annem için", "для мамы", "لأمي". */
const onBehalf = bounded(
  [
    `(?:fur|for|pour|для|von seiten|im namen|on behalf of|au nom de|adina|من اجل|بالنسبة ل|بخصوص) (?:${theirs} )?(?:\\p{L}+ )?${aRelative}`,
    `${aRelative} (?:\\p{L}+ )?(?:icin|adina)`,
    `ل(?:${relative})`,
  ].join('|'),
);
/** Who comes along, or is one of two, is no second patient by that. */
const together = bounded(
  [
    `(?:mit|with|avec|с|со|مع) (?:${theirs} )?${aRelative}`,
    `${aRelative} ile`,
    `(?:ich und|und|and|et|и|ve) (?:${theirs} )?${aRelative} (?:kommen|fliegen|reisen|come|fly|travel|venons|voyageons|летим|едем|geliyoruz|gelecegiz)`,
    `${aRelative} (?:und|and|et|и|ve) (?:mich|me|ich|i|moi|меня|я|ben|benim)`,
    `(?:mich|me|moi|меня|ich|i|ben|benim|я) (?:und|and|et|и|ve) (?:${theirs} )?${aRelative}`,
  ].join('|'),
);
const treated =
  /(?<!\p{L})(?:operation|operiert|operieren|op|behand(?:lung|elt|eln)|beratung|termin|surgery|operated|treatment|treated|consultation|appointment|ameliyat|ameliyati|tedavi|tedavisi|randevu|muayene|operasyon|opere|intervention|opere|operation|traitement|rendez-vous|consultation|операци\p{L}+|лечени\p{L}+|прием|консультаци\p{L}+|протез\p{L}*|عملية|علاج|موعد|استشارة|جراحة)(?!\p{L})/u;
/** "My mother would like", "annem de istiyor": wants something of her own. */
const wants =
  /(?<!\p{L})(?:braucht|mochte|will|bekommt|benotigt|wants|needs|would like|istiyor|isteyecek|olacak|olmak|yaptiracak|yaptirmak|gerekiyor|ihtiyaci|veut|voudrait|souhaite|besoin|хочет|хотела|хотел|нужн\p{L}+|нужен|надо|تريد|يريد|تحتاج|يحتاج|ترغب|يرغب)(?!\p{L})/u;
/** "My friend had it done with you": they need nothing any more. */
const past =
  /(?<!\p{L})(?:had|hatte|gehabt|machen lassen|war|was|got|oldu|olmustu|yaptirdi|yaptirmisti|a eu|a fait|avait|сделала?|делала?|была?|عملت|عمل|كانت|كان|اجرت)(?!\p{L})/u;
const firstPerson =
  /(?<!\p{L})(?:ich|mir|i|i'm|i'd|ben|bana|je|j|я|мне|انا)(?!\p{L})|(?<!\p{L})\p{L}{2,}(?:iyorum|uyorum|acagim|ecegim)(?!\p{L})/u;

/**
 * Whether somebody else than the writer is to be treated, where nobody who understands said so: a message on behalf of a relative or a
 * friend, or one that says beside the writer's own wish that they want or need a treatment. Who only travels along is none.
 */
export function alsoTreatedIn(text: string): Sure<string> | undefined {
  const read = text.slice(0, mostRead);
  for (const sentence of read.split(/[.!?\n;]+|,(?=\s)/)) {
    const folded = wordsOf(fold(sentence));
    const [named] = aRelativeAlone.exec(folded) ?? [];
    if (named === undefined) continue;
    const value = asWritten(sentence, named) ?? '';
    if (together.test(folded) || past.test(folded)) continue;
    if (onBehalf.test(folded)) return { value, confidence: 0.85 };
    const isTreated = treated.test(folded) || names(folded);
    // "Ich möchte Implantate und meine Frau eine neue Nase": the relative comes after whoever says "I".
    const after = folded.slice(folded.indexOf(named));
    const isTheirs = !firstPerson.test(folded) || (!firstPerson.test(after) && names(after));
    if (isTreated && isTheirs) return { value, confidence: wants.test(folded) ? 0.85 : 0.7 };
  }
  return undefined;
}

const names = (folded: string) => procedureIn(folded).procedure !== undefined;

/** The word of the message that was found in it folded. */
function asWritten(text: string, folded: string): string | null {
  for (const [word] of text.matchAll(/[\p{L}\p{M}'’-]+/gu)) {
    const key = wordsOf(fold(word));
    if (key === folded || key.startsWith(`${folded} `)) return word.slice(0, longestName);
  }
  return null;
}

/** What stands before one's own name. */
const introducing =
  /(?:^|[^\p{L}])(?:ben|benim adım|adım|ismim|ich bin(?: die| der)?|mein name ist|ich hei(?:ß|ss)e|hier (?:ist|schreibt|spricht)|i am|i[’']?m|my name is|my name’s|this is|je suis|je m[’' ]appelle|mon nom est|moi c[’']est|ici|меня зовут|мо[её] имя|это|я|أنا|انا|اسمي|معك|معكم|معاك)\s*[:,]?\s*$/iu;

/** Names in a message, as they stand there: whom its writer says to be, and whom else it names. */
export function peopleIn(text: string): Understanding['people'] {
  const read = text.slice(0, mostRead);
  let introduces: string | null = null;
  const names: string[] = [];
  for (const { kind, start, end } of spans(read)) {
    if (kind !== 'name' || names.length >= mostNames) continue;
    const name = read.slice(start, Math.min(end, start + longestName));
    if (introduces === null && introducing.test(read.slice(Math.max(0, start - 40), start)))
      introduces = name;
    else names.push(name);
  }
  return introduces === null && names.length === 0 ? undefined : { introduces, names };
}

/**
 * Whoever understands, with the people whom a message names: names are looked for here, because those that read elsewhere
 * never see one.
 */
export function withPeople(port: UnderstandingPort): UnderstandingPort {
  return {
    async understand(utterance, signal) {
      const understanding = await port.understand(utterance, signal);
      const people = peopleIn(utterance.text);
      const another = understanding.another ?? alsoTreatedIn(utterance.text);
      return {
        ...understanding,
        ...(another === undefined ? {} : { another }),
        ...(people === undefined ? {} : { people }),
      };
    },
  };
}
