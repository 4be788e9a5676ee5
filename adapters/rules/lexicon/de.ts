import type { Lexicon } from './lexicon.ts';

export const german: Lexicon = {
  everyday:
    'vom|bis|der|die|das|und|ist|sind|ich|wir|mit|für|möchte|moechte|möchten|ein|eine|einen|nicht|von|zu|auf|im|am|ja|nein|hallo|guten|tag|morgen|danke|bitte|wie|was|wann|wo|warum|kostet|viel|meine|mein|frau|mann|kind|kinder|erwachsene|personen|aus|ab|nach|fliegen|reisen|brauche|habe|haben|kann|können|mir|mich|sie|gerne|gern|kein|keine|einverstanden|stimme|abmelden|stopp|jahre|alt|woche|nächste|nächsten|januar|februar|märz|mai|juni|juli|oktober|dezember|haartransplantation|zähne|nase|auge|knie|bin|es|den|dem|zum|zur|uns|sehr|geehrte|servus|moin|grüß|gott|allein|alleine|zweit|nur|auch|oder|schmerzen|blutung|blute|arzt|mensch|mitarbeiter|sprechen|wochen|hin|zurück|klar|geht|passt|preis|vielen|dank|hilfe|notfall|meinem|meiner|übermorgen|tagen|kommen|würde|magenverkleinerung|augenlasern|fliege|reise|woher|mich|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lieber|auf keinen fall|reisepass|gültig|handy|geboren|geburtsdatum|heiße|heisse|dritten|zweiten|ersten|punkt|nummer|erreichbar|aber|wenn|dann|noch|schon|mal|doch|man|hat|war|wird|werden|muss|soll|sollte|darf|dass|weil|da|hier|dort|heute|gestern|immer|alle|alles|etwas|nichts|mehr|bei|über|unter|ohne|gegen|seit|vor|zwischen|euch|ihnen|ihr|ihre|dein|deine|unser|sein|seine|welche|welcher|wer|wieso|flug|hotel|rechnung|zahlen|bezahlen|klinik|krankenhaus',
  greeting:
    'hallo|hi|hey|guten tag|guten morgen|guten abend|servus|moin|moin moin|grüß gott|grüezi|grüß dich|hallöchen|sehr geehrte damen und herren|schönen guten tag|schönen guten abend|einen schönen guten tag|wie geht es ihnen|wie geht s|liebes team|zusammen',
  agree:
    'joa|joa passt|passt scho|passt schon|jo passt|jup|jepp|yep|yo|yap|freilich|von mir aus|meinetwegen|kein problem|klar doch|aber klar|logo|gebongt|gemacht|stimmt|ja stimmt|das stimmt|stimmt so|stimmt alles|alles richtig|alles korrekt|korrekt|das ist richtig|das ist korrekt|ja mach|ich erlaube|ich erlaube es|ich genehmige|dürfen sie|ja dürfen sie|sie dürfen|ihr dürft|mit vergnügen|sehr gerne|bin dabei|also gut|na gut|na schön|doch|dann ja|doch ja|abgemacht|zustimmung|ich gebe mein einverständnis|mein einverständnis|mein einverständnis haben sie|genehmigt|erlaubt|ist ok|ist okay|is ok|ist in ordnung|das ist ok|das ist in ordnung|für mich ok|ok für mich|passt so|passt für mich|passt uns|gerne so|ja ich will|ich bin dafür|dafür|wunderbar|prima|top|spitze|toll|bestens|gebe ich|zugesagt|nehmen wir|buchen|buchen sie|jawoll|aber ja|ja doch|ja sicher|sicher doch|akzeptieren wir|wir sind einverstanden|sind einverstanden|damit einverstanden|geht in ordnung so|ja|jo|jawohl|ja gerne|ja gern|gerne|gern|ja bitte|klar|natürlich|na klar|selbstverständlich|einverstanden|ich bin einverstanden|bin einverstanden|ich stimme zu|stimme zu|ich stimme dem zu|ich willige ein|ich akzeptiere|akzeptiert|akzeptiere|ok|okay|in ordnung|passt|das passt|passt mir|geht klar|geht in ordnung|genau|richtig|auf jeden fall|sicher|absolut|bestätige|ich bestätige|zugestimmt|jep|ja klar|ja natürlich|perfekt|super|alles klar|das nehme ich|nehme ich|gut|sehr gut|mach ich|ja ich stimme zu|ja ich bin einverstanden|machen wir so|damit bin ich einverstanden|bin ich einverstanden|bin ich dabei|stimme ich zu|dem stimme ich zu|akzeptiere ich|bin ich dafür|okay passt|ja stimmt alles|das stimmt alles|alles stimmt|ist alles richtig|ja alles richtig|ja richtig|genau so|keine einwände|habe nichts dagegen|nichts dagegen|hab nichts dagegen|gerne doch|ja das ist richtig|in ordnung für mich|dann einverstanden|okay für mich|joa passt scho|passt für mich|okay passt für mich',
  refuse:
    'lieber nich|ne lieber nicht|nö danke|nee danke|bin dagegen|ich bin dagegen|dagegen|will ich nicht|möcht ich nicht|mag ich nicht|erlaube ich nicht|das erlaube ich nicht|ich erlaube das nicht|ich erlaube es nicht|ich verweigere|verweigere|ich widerspreche|widerspreche|widerspruch|kommt nicht in frage|nicht ok|nicht okay|nicht in ordnung|das ist nicht ok|ist nicht ok|passt nich|passt nicht so|nich einverstanden|ned einverstanden|nicht damit einverstanden|auf gar keinen fall|nie im leben|ungern|eher nicht|besser nicht|muss nicht sein|vergiss es|vergessen sie es|nicht für mich|nichts für mich|mag nicht|nein auf keinen fall|nein nein|das geht nicht|geht nicht|keine zustimmung|kein einverständnis|ich gebe keine einwilligung|sicher nicht|bestimmt nicht|garantiert nicht|heute nicht|dürfen sie nicht|das dürfen sie nicht|nicht so|stimmt nicht|das stimmt nicht|falsch|nöö|nein|nö|nee|ne|nein danke|ich lehne ab|lehne ab|abgelehnt|ablehnen|nicht einverstanden|ich bin nicht einverstanden|bin nicht einverstanden|ich stimme nicht zu|stimme nicht zu|ich bin damit nicht einverstanden|ich möchte nicht|möchte nicht|ich moechte nicht|ich möchte das nicht|ich will nicht|ich will das nicht|das will ich nicht|das möchte ich nicht|kein interesse|ich habe kein interesse|auf keinen fall|niemals|lieber nicht|nicht jetzt|passt nicht|das passt nicht|ich willige nicht ein|ich akzeptiere nicht|ich akzeptiere das nicht|leider nein|leider nicht|nein leider nicht|natürlich nicht|keinesfalls|passt mir nicht|bin ich nicht einverstanden|damit bin ich nicht einverstanden|bin ich dagegen|bin nicht dafür|stimme ich nicht zu|dem stimme ich nicht zu|nicht zustimmen|kann ich nicht zustimmen|akzeptiere ich nicht|das möchte ich lieber nicht|möchte ich nicht|das will ich lieber nicht|nein das stimmt nicht|das ist falsch|nicht richtig|nicht korrekt|das ist nicht richtig|das ist nicht korrekt|keine chance|ausgeschlossen|tut mir leid nein|nein tut mir leid|ich sage nein|kein bedarf|das lehne ich ab|lehne ich ab',
  stop: 'stop|stopp|abmelden|abbestellen|abbrechen|abbruch|stornieren|kündigen|bitte abmelden|mich abmelden|keine nachrichten|keine nachrichten mehr|keine weiteren nachrichten|schreiben sie mir nicht mehr|schreiben sie mir nicht|nicht mehr schreiben|schreib mir nicht mehr|ich widerrufe|ich widerrufe meine einwilligung|einwilligung widerrufen|widerruf|widerrufen|ich ziehe meine einwilligung zurück|ich ziehe meine zustimmung zurück|daten löschen|meine daten löschen|löschen sie meine daten|lassen sie mich in ruhe|beenden|aufhören|hören sie auf|mir keine nachrichten mehr schicken|schicken sie mir keine nachrichten mehr|austragen',
  thanks:
    'dankeschön|danke euch|ich danke euch|danke vielmals|tausend dank|dank dir|danke dir|vielen vielen dank|herzlichsten dank|mega lieb|sehr lieb|sehr nett|das ist nett|sehr freundlich|danke im voraus|danke für alles|danke für die mühe|bin dankbar|merci vielmals|besten dank auch|danke|danke schön|dankeschön|vielen dank|herzlichen dank|danke sehr|besten dank|tausend dank|danke ihnen|ich danke ihnen|merci|lieben dank|danke für die info|danke für ihre hilfe|vielen lieben dank',
  bye: 'tschüss|tschüß|tschau|ciao|auf wiedersehen|auf wiederhören|bis bald|bis dann|bis später|bis morgen|schönen tag|schönen tag noch|einen schönen tag|einen schönen tag noch|schönen abend|schönen abend noch|gute nacht|mach s gut|machts gut|machen sie s gut|viele grüße|liebe grüße|mit freundlichen grüßen|lg|mfg|vg|baba|pfiat di|pfiati|ade|servus|schönes wochenende|alles gute',
  filler:
    'also|dann halt|halt|eben|na|na ja|naja|ach|oh|hm|hmm|eigentlich|letztendlich|letztlich|doch noch|nun|nun gut|ich habe es mir überlegt|hab s mir überlegt|ich hab s mir überlegt|hab es mir anders überlegt|ich habe es mir anders überlegt|ehrlich gesagt|von|wir|es|der|die|so weit|soweit|alles|bitte|danke|vielen dank|doch|herr doktor|dann|mal|mir|sehr|so|sofort|jetzt|alle|alles|ich|das|so|auch|damit|dem|schon|ihnen|euch|für die mühe|für die hilfe|für ihre mühe|für eure hilfe|für ihre hilfe|für alles|für die auskunft|für die schnelle antwort|alter|digga|leute|ihr lieben',
  human:
    'richtigen menschen|richtiger mensch|echten menschen|echter mensch|jemanden erreichen|mit wem sprechen|ruf mich an|ruft mich an|rufen sie an|nur bot|ein bot|mensch|menschen|mit einem menschen|mitarbeiter*|berater*|ansprechpartner*|mit jemandem sprechen|mit jemandem reden|jemand sprechen|jemanden sprechen|mit jemand|persönlich sprechen|rufen sie mich an|bitte anrufen|rückruf*|zurückrufen|kundenservice|kundendienst|echte person|echten person|kein bot|kein roboter|keinem bot|keinem roboter|mit einem arzt sprechen|mit dem arzt sprechen|arzt sprechen|koordinator*|mit einer person|anrufen|jemand anrufen|telefonieren|verbinden sie mich|verbinde mich|verbindet mich|durchstellen|mit einer echten|ein echter mensch|einen menschen|holen sie jemanden|ihren chef|ruft an|anruf bitte|bitte um rückruf|bitte um anruf',
  asks: 'was|wie|wann|wo|warum|wer|welche|welcher|welches|wieso|kann|können|könnten|gibt|ist|muss|darf|machen|bieten|wieviel|kostet|soll|wird|braucht|brauche ich|dauert|würden',
  asksAnywhere:
    'wie viel|wieviel|was kostet|was kosten|wie lange|preis|preise|preisliste|kosten|wie teuer|ich wüsste gerne|ich würde gerne wissen|möchte wissen|wissen ob|können sie|könnten sie|haben sie|gibt es|bieten sie|eine frage|ich frage mich|wann kann|welcher arzt|welche klinik|wo ist|informationen|infos|mehr erfahren|was ist|was passiert',
  procedures: {
    'hair-transplant':
      'haartransplant*|haarverpflanz*|haarimplant*|haare transplant*|haarausfall|haar op|barttransplant*|augenbrauentransplant*|fue|dhi|grafts|glatze|haarbehandlung*|neue haare|haartrasplant*',
    dental:
      'zahn*|zähne*|zaehne*|implantate|veneers|kronen|zirkon*|gebiss*|wurzelbehandlung*|hollywood smile|kieferorthopäd*|all on 4',
    eye: 'augen*|lasik|grauer star|grauen star|katarakt*|augenlaser*|sehkorrektur*|linsentausch*|linsenaustausch|keratokonus',
    nose: 'nase|nasen*|rhinoplast*|septum*|septoplast*',
    breast:
      'brust*|brüste*|busen*|brustvergrößer*|brustverkleiner*|bruststraffung|gynäkomastie|mammaplastik',
    liposuction:
      'fettabsaug*|liposuktion|liposuction|bauchdeckenstraff*|bauchstraff*|fett absaugen|bbl|vaser|po vergrößerung',
    bariatric:
      'magen*|magenverkleiner*|magenbypass|schlauchmagen|magenballon|magenband|adipositas*|bariatrisch*|übergewicht*|adipositaschirurgie',
    orthopaedic:
      'orthopäd*|orthopaed*|knie*|hüft*|huefte*|bandscheibe*|wirbelsäule*|gelenk*|meniskus*|schulter*|kreuzband*|skoliose|beinverlängerung',
    ivf: 'ivf|künstliche befruchtung|künstlichen befruchtung|kinderwunsch*|in vitro*|unfruchtbar*|icsi|embryo*|eizellen*|befruchtung',
    oncology:
      'krebs*|onkolog*|tumor*|chemo*|bestrahlung*|leukämie|lymphom*|strahlentherapie|brustkrebs*|magenkrebs*|metastas*|lungenkrebs*',
    cardiology: 'herz*|kardiolog*|bypass|stent*|koronar*|herzklappe*|angiographie|herzrhythmus*',
    'check-up':
      'check up|checkup|gesundheitscheck*|vorsorge*|vorsorgeuntersuchung*|generaluntersuchung*|rundum check|ganzkörper*|durchchecken|gesundheits check',
  },
  months: [
    'januar|jänner|jan',
    'februar|feber|feb',
    'märz|maerz|mrz',
    'april|apr',
    'mai',
    'juni|jun',
    'juli|jul',
    'august|aug',
    'september|sept|sep',
    'oktober|okt',
    'november|nov',
    'dezember|dez',
  ],
  weekdays: [
    'sonntag',
    'montag',
    'dienstag',
    'mittwoch',
    'donnerstag',
    'freitag',
    'samstag|sonnabend',
  ],
  numbers: [
    'null',
    'eins|ein|eine|einen|einem|einer',
    'zwei|zwo',
    'drei',
    'vier',
    'fünf|fuenf',
    'sechs',
    'sieben',
    'acht',
    'neun',
    'zehn',
    'elf',
    'zwölf|zwoelf',
    'dreizehn',
    'vierzehn',
    'fünfzehn',
    'sechzehn',
    'siebzehn',
  ],
  ordinalEnding: 'ten|te|sten|ter',
  of: 'des|dem|den',
  or: 'oder',
  and: 'und|plus|sowie',
  until: 'bis|bis zum',
  back: 'zurück|rückflug|rückreise|heim|zurückfliegen|zurueck|rueckflug|heimflug',
  adult: 'erwachsene|erwachsener|erwachsenen|erwachsen',
  child: 'kind|kinder|kindern|sohn|tochter|baby|söhne|töchter|junge|mädchen|säugling|kleinkind',
  person: 'personen|person|leute|passagiere|reisende|patienten|tickets|plätze',
  self: 'ich|mich|mir',
  my: 'mein|meine|meinem|meiner|meinen|unser|unsere|unserem|unserer|unseren|einem|einer',
  with: 'mit|zusammen mit|in begleitung',
  companion:
    'frau|mann|partner|partnerin|ehefrau|ehemann|mutter|mama|vater|papa|freund|freundin|schwester|bruder|verlobte|verlobter|verlobten|tante|onkel|cousin|cousine|oma|opa|begleitung|begleitperson|kollege|kollegin|kumpel',
  alone:
    'allein|alleine|nur ich|ich allein|ganz allein|nur für mich|nur eine person|niemand sonst|bloß ich',
  two: 'zu zweit|wir beide|wir zwei|als paar|wir sind zwei|meine eltern',
  three: 'zu dritt|wir drei|wir sind drei',
  four: 'zu viert|wir vier|wir sind vier',
  yearsOld: 'jahre|jahre alt|jährige|jährigen|jähriger|jähriges|jahren|jahr|jaehrigen|j',
  aged: 'im alter von|von|alter',
  infant: 'neugeborenes|säugling',
  travel:
    'flieg*|flug*|reise*|komm*|anreise*|ankunft|ankommen|abflug*|hinflug|besuch*|verfügbar|ticket*|termin|buchen|abreise*|losfliegen|urlaub|geht es|passt',
  budget:
    'budget|höchstens|maximal|max|bis zu|ausgeben|zahlen|bezahlen|leisten|limit|obergrenze|zur verfügung|gespart|nicht mehr als|ich habe',
};
