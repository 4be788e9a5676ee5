import { type Language, lexicons } from '../languages.ts';
import * as picking from '../picking.ts';
import { arabic } from './ar.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { french } from './fr.ts';
import { russian } from './ru.ts';
import { turkish } from './tr.ts';
import type { DangerWords } from './words.ts';

export const dangerLexicons: Readonly<Record<Language, DangerWords>> = {
  tr: turkish,
  en: english,
  de: german,
  ar: arabic,
  ru: russian,
  fr: french,
};

/** Words of danger in every language: a patient may cry for help in another language than ours. */
export const dangerWords: readonly DangerWords[] = Object.values(dangerLexicons);

/** Ordinary words that are one letter off a word of danger. */
const lookalikes =
  'ödedim|ödedik|ödemem|ödemeyi|ödemesi|ödemeniz|would|never|fewer|heard|hears|hearts|staff|strike|start|state|stand|chess|cheat|check|checks|their|there|where|threat|paint|paints|point|points|print|plain|places|place|again|hours|house|horse|burnt|breed|bread|breakfast|bring|brings|broken|black|block|blocks|write|wrist|wrong|whole|white|while|which|think|thing|things|thank|thanks|weeks|clear|clean|clinic|close|coming|comes|cause|could|cover|covers|count|course|first|fifth|finger|flights|fight|might|night|nights|right|light|lights|sight|eight|height|weight|shoulder|should|shoulders|smile|small|smart|spell|speak|still|stuff|study|stay|today|total|tests|there|these|those|throw|travel|trouble|under|until|vision|visit|visits|women|world|worth|young|agree|agreed|about|above|after|other|passed|passing|past|passport|person|please|price|prices|plans|planes|hotel|hotels|hostel|happy|happen|hurry|feels|feel|fees|field|filled|fills|files|final|finally|found|friend|front|leave|leaves|legal|level|lists|liver|lives|local|looks|loved|meal|means|month|months|moves|named|needs|offer|offers|often|older|order|orders|owner|paper|parts|party|photo|photos|quick|quiet|quite|reach|ready|reply|rooms|round|sales|same|saved|sees|sends|sense|serve|seven|share|sharp|short|shows|since|sorry|sound|south|speed|steps|style|taken|takes|talks|taxes|teeth|terms|third|times|title|track|trade|train|treat|tries|truth|turns|twice|usual|value|video|voice|wants|watch|water|wears|winter|words|works|worry|years|yours|olur|oldu|oluyor|olarak|olacak|olsun|olması|kadar|kalır|kalan|kalin|karar|karari|kargo|karsi|kanal|kanada|kasim|yarin|yapin|yapma|yatak|yazin|yazar|yayin|nefis|nerede|neler|baska|basla|bayan|bayram|bayanlar|birden|birlikte|bizim|daire|dogru|doktor|dolar|donus|gider|gidis|gorus|gorusme|goster|gunler|hangi|hasta|haziran|hemen|hesap|icin|ilgi|isler|ister|kolay|konum|konu|kurus|liste|lutfen|merhaba|nisan|otele|oteli|sabah|sadece|saglik|sanki|sehir|sekilde|seviye|simdi|sonra|sonuc|soru|sorun|sure|tabii|tamam|tarih|tatil|telefon|uygun|vardi|veya|yardimci|yaptim|yarim|yasal|yeter|yolcu|zaman|blatt|bleibt|brauch|brauche|brille|brief|bringt|buchen|danke|dauert|deine|dicke|diese|dieser|durch|erste|essen|fahrt|falls|fehlt|fliege|flug|fluge|frage|fragen|freund|frist|fruh|ganze|geben|geht|genau|gerne|gestern|gibt|glaube|grund|gruppe|haben|halten|hatte|heute|hoffe|hotel|immer|jahre|junge|kannst|karte|keine|kinder|klare|kommt|konto|koste|kosten|kunde|lange|lassen|leben|letzte|liebe|links|macht|mehr|meine|menge|minute|monat|monate|morgen|muss|nacht|nachste|namen|natur|nummer|offen|passt|person|plane|platz|preis|probe|punkt|rechnung|recht|reise|reisen|richtig|ruhig|sache|sagen|schon|schreibe|seite|sicher|sofort|spate|spater|stadt|stelle|stimmt|stunde|suche|suchen|tage|termin|teuer|uber|unser|unter|verstehe|viele|vorher|warten|wegen|weiter|welche|wenig|wetter|wieder|woche|wochen|wohne|zahle|zahlen|zeigen|zeit|zimmer|zuruck|avoir|avion|aller|alors|ainsi|apres|argent|arriver|assez|aussi|autre|autres|avant|bagage|billet|bonne|cadre|carte|cause|celui|chaque|chere|chose|chaude|clair|comme|compte|court|dates|debut|demain|depart|depuis|derniere|devis|dire|donne|encore|enfant|ensemble|entre|envie|envoi|equipe|etait|etape|facile|faire|famille|femme|filet|fille|finir|forme|genre|grand|groupe|heure|heures|homme|hotel|jours|juste|laisse|langue|libre|lieu|ligne|liste|livre|maison|matin|mieux|moins|monde|musee|nombre|notre|nouveau|offre|ordre|pareil|parle|passe|payer|pense|perdu|petit|peut|photo|place|plage|possible|pour|poste|premier|prendre|prevu|prise|projet|quand|quelle|question|reste|retour|sante|semaine|serait|service|seul|simple|soir|sortie|suite|table|tarif|temps|toute|train|trajet|trop|trouve|valise|vente|verre|vers|ville|visite|voici|voila|votre|voyage|vraie';

/** Words that are no typos of what is listened for, though they look like it: those of all other lists, and lookalikes. */
export const ordinary: readonly string[] = [lookalikes, ...listed(lexicons), ...listed(picking)];

function listed(lists: unknown): string[] {
  if (typeof lists === 'string') return [lists];
  return typeof lists === 'object' && lists !== null ? Object.values(lists).flatMap(listed) : [];
}
