import type { DayWords } from './day-words.ts';

const units = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
const counts =
  'eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig'.split(
    ' ',
  );
const ordinals =
  'erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst'.split(
    ' ',
  );

/** "Dreiundzwanzig" and "dreiundzwanzigst-", also with the spaces that hurried people type. */
function compounds(twenty: string, thirty: string): (readonly [number, readonly string[]])[] {
  const joined = (unit: string, ten: string) => [
    `${unit}und${ten}`,
    `${unit} und ${ten}`,
    `${unit} und${ten}`,
    `${unit}und ${ten}`,
  ];
  return [
    ...units.map((unit, index) => [21 + index, joined(unit, twenty)] as const),
    [30, [thirty]],
    [31, joined('ein', thirty)],
  ];
}

const ue = (words: string) => `${words}|${words.replaceAll('ü', 'ue').replaceAll('ö', 'oe')}`;

export const germanDays: DayWords = {
  months: [
    [1, 'januar|jaenner|janner|januarr'],
    [2, 'februar|febuar|feber|febr|febrauar'],
    [3, 'märz|maerz|merz|märtz|mertz'],
    [4, 'aprl'],
    [5, 'may'],
    [6, 'juno|june'],
    [7, 'july|julei'],
    [10, 'october|octobre'],
    [12, 'december'],
  ],
  weekdays: [
    [0, 'so|sonntags'],
    [1, 'mo|montags'],
    [2, 'di|dienstags'],
    [3, 'mi|mittwochs'],
    [4, 'donnerstags|donerstag'],
    [5, 'fr|freitags'],
    [6, 'sa|samstags'],
  ],
  counts: [
    ...counts.map((word, index) => [index + 1, ue(word)] as const),
    ...compounds('zwanzig', 'dreißig').map(
      ([count, words]) => [count, words.map(ue).join('|')] as const,
    ),
  ],
  ordinals: [
    ...ordinals.map((stem, index) => [index + 1, stem] as const),
    ...compounds('zwanzigst', 'dreißigst').flatMap(([day, stems]) =>
      stems.map((stem) => [day, stem] as const),
    ),
  ].map(([day, stem]) => [day, ue(['e', 'en', 'er'].map((ending) => stem + ending).join('|'))]),
  endings: 'ten|te|sten|ter|ste|er',
  one: 'ein|eine|einen|einem|einer|eins',
  filler: 'der|die|das|den|dem|des|tag|monat|datum',
  leads: 'am|den|der|dem|vom',
  fixed: [
    [0, 'heute'],
    [1, 'morgen|morgn'],
    [2, 'übermorgen|uebermorgen'],
    [3, 'überübermorgen'],
  ],
  weeks: [
    [0, 'diese woche|dieser woche'],
    [
      1,
      'nächste woche|nächster woche|nächsten woche|naechste woche|naechster woche|kommende woche|kommender woche|kommenden woche|nexte woche',
    ],
    [2, 'übernächste woche|übernächster woche|uebernaechste woche|übernächsten woche'],
  ],
  monthsAhead: [
    [0, 'dieses monats|diesen monat|diesem monat|dieser monat'],
    [
      1,
      'nächsten monat|nächsten monats|nächster monat|nächstem monat|naechsten monat|naechsten monats|kommenden monat|kommenden monats|des nächsten monats|im nächsten monat',
    ],
    [2, 'übernächsten monat|übernächsten monats|uebernaechsten monat'],
  ],
  units: [
    ['d', 1, 'tag|tage|tagen|nacht|nächte|nächten|naechte'],
    ['w', 1, 'woche|wochen|wo'],
    ['m', 1, 'monat|monate|monaten'],
  ],
  idioms: [[8, 7]],
  ahead: 'in|nach',
  later: 'später|spaeter',
  bound:
    'nach|vor|ab|ab dem|nach dem|vor dem|frühestens|spätestens|bis spätestens|erst ab|nicht vor|bis zum|bis|rund um',
  boundAfter: 'oder später|oder danach',
  afterNext: 'übernächsten|übernächster|übernächste|übernächstem|uebernaechsten|uebernaechster',
  next: 'nächsten|nächster|nächste|nächstem|naechsten|naechste|naechster',
  coming: 'kommenden|kommender|kommende|diesen kommenden',
  this: 'diesen|dieser|dieses|diesem',
  last: 'letzten|letzter|letzte|letztem|vergangenen|vorigen|jeden|jeder|vorletzten',
  nextWeekday: 'either',
  monthFirst: false,
  part: 'ende|anfang|mitte|irgendwann im|irgendwann|erste woche|erste hälfte|zweite hälfte|letzte woche im|im laufe|spät im|früh im|im',
  vague:
    'wochenende|ostern|osterferien|weihnachten|pfingsten|silvester|neujahr|ramadan|bayram|zuckerfest|opferfest|ferien|sommerferien|herbstferien|frühling|frühjahr|sommer|herbst|winter|urlaub|ein paar tagen|paar tage|paar tagen|ein paar wochen|paar wochen|einigen wochen|einige wochen|einigen tagen|einigen monaten|paar monaten|demnächst|bald|nächstes jahr|so bald wie möglich|schnellstmöglich|flexibel|egal wann|anderthalb wochen|eineinhalb wochen|karneval|fasching',
  about:
    'circa|ca|etwa|ungefähr|ungefaehr|vielleicht|eventuell|evtl|rund|so um den|um den|gegen|so|wahrscheinlich|vermutlich|eher|herum|rum|in etwa|so ungefähr|weiß noch nicht|nicht sicher',
  or: 'oder|bzw|beziehungsweise',
  and: 'und|plus|sowie|u',
  until: 'bis|bis zum|bis einschließlich|auf|zum',
  between: 'zwischen',
  out: 'reisen|reise ab|fliegen ab|hin|hinflug|abflug|abreise|hinreise|losfliegen|anreise|abfliegen|hinfliegen|wegfliegen',
  back: 'zurück|rückflug|rückreise|heim|zurückfliegen|zurueck|rueckflug|heimflug|heimreise|rueckreise|zurückreisen|retour|zurükfliegen|zurük|zuruck|heimfliegen|rückkehr|zurückkommen|nach hause',
  travel:
    'flieg*|flug*|reise*|komm*|anreise*|ankunft|ankommen|abflug*|hinflug|besuch*|verfügbar|ticket*|termin|buchen|abreise*|losfliegen|geht es|passt|passen|kommen|vorbeikommen',
  arrives: 'ankommen|ankunft|anreise|anreisen|komme|kommen|lande|landen|komme an',
  expecting: 'schwanger|schwangerschaft|entbindung',
  otherwise:
    'gilt|visum|gültigkeit|geboren|geburtstag|geburtsdatum|geb|gebtag|geburtstags|gültig|ablauf*|läuft ab|abgelaufen|ausgestellt|reisepass|pass|ausweis|anrufen|ruf|rufen|rufe|telefon*|melde|melden|bescheid|zahlen|zahle|bezahle|bezahlen|überweise*|überwiesen|schicke|schicken|sende|senden|rechnung|hochzeit|heirate*|prüfung|klausur|geöffnet|offen|geschlossen|antwort*|schreib*|sprechen|besprechung|jubiläum|blutabnahme|röntgen|mrt|arbeite|arbeiten|frist|läuft|verfällt',
  past: 'schmerz*|tut weh|weh|hatte|war|waren|wurde|operiert|seit|letzten|letztes|vor|gewesen|gehabt|gebrochen|gestürzt|begonnen|angefangen|passiert|bekommen|damals|bereits|schon',
  stay: 'bleib*|aufenthalt|dort|verweilen|urlaub machen',
  during: 'für|fuer',
  not: 'nicht|kein|keinesfalls|statt|anstatt|außer|nie|nicht am|nich|anstelle',
  notAfter:
    'nicht|geht nicht|kann ich nicht|passt nicht|passt mir nicht|geht leider nicht|klappt nicht|kann nicht|leider nicht|nich',
  correction:
    'sorry|sondern|doch|stattdessen|lieber|besser|entschuldigung|quatsch|moment|ich meine|ich meinte|meinte|nein|korrektur|verzeihung|doch lieber|aber|nee',
  change: 'verschieben|verschiebe|umbuchen|ändern|verlegen|umbuchung|tauschen|aendern|verschoben',
  clock: 'um|uhrzeit|gegen|um halb|halb',
  counted:
    'uhr|h|erwachsene|erwachsener|personen|person|kinder|kind|leute|jahre|jahren|jährige|jähriger|jährigen|kg|cm|mm|kilo|euro|eur|stunden|stunde|grafts|zähne|implantate|kronen|veneers|prozent|minuten|mal|koffer|zimmer|tickets|patienten|stück|tabletten|monate alt|mg',
};
