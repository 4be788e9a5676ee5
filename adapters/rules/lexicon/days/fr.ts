import type { DayWords } from './day-words.ts';

const counts =
  'un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(
    ' ',
  );
const both = (words: string) => `${words}|${words.replaceAll(' ', '')}`;

export const frenchDays: DayWords = {
  months: [
    [1, 'janv'],
    [2, 'fevr'],
    [3, 'marz'],
    [4, 'april|avrill'],
    [5, 'may'],
    [6, 'june'],
    [7, 'juillé|juilet|july'],
    [8, 'aout|oût|out'],
    [12, 'décembr'],
  ],
  weekdays: [
    [0, 'dim'],
    [1, 'lun'],
    [3, 'mercredis'],
    [5, 'ven'],
    [6, 'sam'],
  ],
  counts: [
    ...counts.map((word, index) => [index + 1, word] as const),
    ...counts.slice(6, 9).map((word, index) => [17 + index, both(`dix ${word}`)] as const),
    [20, 'vingt'],
    [21, 'vingt et un|vingt un|vingtetun'],
    ...counts.slice(1, 9).map((word, index) => [22 + index, both(`vingt ${word}`)] as const),
    [30, 'trente'],
    [31, 'trente et un|trente un'],
  ],
  ordinals: [[1, 'premier|1er|1ier']],
  endings: 'er|ier|ème|eme|e',
  one: 'un|une',
  filler: 'le|la|l|du mois de|mois de|de|d|jour|date|en date|les|courant',
  leads: 'le|pour le|au|dès le|vers le|jour',
  fixed: [
    [0, 'aujourd hui|aujourdhui|ce soir'],
    [1, 'demain'],
    [2, 'après demain|apres demain|aprèsdemain'],
  ],
  weeks: [
    [0, 'cette semaine'],
    [1, 'la semaine prochaine|semaine prochaine|de la semaine prochaine|semaine suivante'],
    [2, 'dans deux semaines le'],
  ],
  monthsAhead: [
    [0, 'de ce mois|ce mois ci|ce mois|du mois en cours|courant'],
    [1, 'du mois prochain|le mois prochain|mois prochain|au mois prochain|mois suivant'],
  ],
  units: [
    ['d', 1, 'jour|jours|nuit|nuits'],
    ['w', 1, 'semaine|semaines|en huit'],
    ['w', 2, 'quinzaine|en quinze'],
    ['m', 1, 'mois'],
  ],
  idioms: [
    [8, 7],
    [15, 14],
  ],
  ahead: 'dans|après',
  later: 'plus tard|après',
  bound:
    'après|avant|à partir du|à partir de|après le|avant le|dès|à compter du|au plus tard|au plus tôt|jusqu au|jusque|d ici au',
  boundAfter: 'au plus tard|au plus tôt|ou après|ou plus tard|inclus',
  afterNext: 'en quinze',
  next: 'prochain|prochaine|suivant',
  coming: 'qui vient|qui arrive|à venir',
  this: 'ce|cette',
  last: 'dernier|dernière|passé|tous les|chaque',
  nextWeekday: 'either',
  monthFirst: false,
  part: 'fin|début|mi|milieu|courant|vers la fin|dans le courant|première semaine de|dernière semaine de|première quinzaine de|seconde quinzaine de|deuxième quinzaine de|fin du mois de|début du mois de|au mois de|en|quelque part en',
  vague:
    'week end|weekend|weekends|pâques|noël|nouvel an|pentecôte|toussaint|ramadan|aïd|printemps|été|automne|hiver|vacances|vacances scolaires|quelques jours|quelques semaines|quelques mois|bientôt|l année prochaine|année prochaine|dès que possible|au plus vite|flexible|peu importe|n importe quand|une semaine et demie|semaine et demie|fêtes|rentrée|carême',
  about:
    'd ici|environ|vers|vers le|aux alentours|autour|peut être|à peu près|probablement|sans doute|aux environs|pas sûr|pas sûre|approximativement|éventuellement|plutôt vers',
  or: 'ou|ou bien',
  and: 'et|plus',
  until: 'au|à|jusqu au|jusqu à|jusqu|a',
  between: 'entre',
  out: 'aller|départ|pars|partons|partir|décolle|allée|arrivée|j arrive|nous arrivons|on arrive|partirais|partirai|on part',
  back: 'retour|rentrer|revenir|retournons|rentre|rentrerai|rentrons|reviens|reviendrai|repartir|repars|repartons|rentrerons|rentrant|revenons|repartirai|retourner|retourne|reparts|rentrons',
  travel:
    'partir|pars|part|partons|partirai|vol|vols|voyage*|venir|viens|viendrai|viendrons|arriv*|départ|billet*|avion|disponible*|rendez vous|aller|réserv*|visite|libre|venons|partirons|décoller|venue|serai là|sur place|vienne',
  arrives: 'arrive|arrivons|arriverai|arriverons|arrivée|viens|venons|venir|arriver|atterris',
  expecting: 'enceinte|grossesse|accouche|accouchement',
  otherwise:
    'née|né|naissance|nee|anniversaire|né e|expire*|expiration|valable|valide|validité|délivré*|passeport|visa|appel*|rappel*|téléphon*|payer|paie|paye|paiement|virement|envoie|envoyer|enverrai|facture|mariage|marie|examen|ouvert|ouverts|fermé|fermés|répond*|écri*|parler|réunion|règles|radio|irm|scanner|prise de sang|analyses|travaille|échéance|vous tiens au courant|vous dirai|dirai',
  past: 'mal|douleur*|souffre|était|étais|été opéré|été opérée|opéré|opérée|eu|depuis le|depuis la|dernier|il y a|passé|avait|avais|a commencé|tombé|tombée|cassé|déjà|subi|ai fait|était le|a eu lieu|date du',
  stay: 'reste*|rester*|séjour*|sur place|restons|resterons|là bas|demeur*',
  during: 'pour|pendant|durant',
  not: 'pas|ne peux pas|pas le|sauf|au lieu du|au lieu de|plutôt que|impossible|non pas|jamais',
  notAfter:
    'ne va pas|n est pas possible|impossible|pas possible|ça ne va pas|ne marche pas|ne me convient pas|n est plus possible|je ne peux pas|je peux pas',
  correction:
    'désolé|désolée|pardon|plutôt|en fait|finalement|je voulais dire|mais|correction|non|excusez moi|oups|à la place|je veux dire',
  change: 'changer|décaler|déplacer|reporter|modifier|avancer|repousser|changement',
  clock: 'vers les',
  counted:
    'h|heures|heure|adulte|adultes|personne|personnes|enfants|enfant|ans|an|kg|kilos|kilo|cm|mm|euros|euro|eur|greffons|dents|implants|couronnes|facettes|fois|minutes|billets|places|passagers|patients|chambres|comprimés|mg|valises|mille',
};
