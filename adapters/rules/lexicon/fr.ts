import type { Lexicon } from './lexicon.ts';

export const french: Lexicon = {
  everyday:
    'le|la|les|un|une|des|du|et|est|sont|je|j ai|nous|vous|il|elle|avec|pour|dans|sur|que|qui|quoi|combien|comment|quand|où|pourquoi|oui|non|bonjour|bonsoir|merci|salut|s il|plaît|voudrais|veux|mon|ma|mes|ne|pas|au|aux|ce|cette|suis|sommes|femme|mari|enfant|enfants|adultes|adulte|personnes|ans|prix|coûte|semaine|mois|prochain|prochaine|janvier|février|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|greffe|cheveux|dents|nez|accord|arrêt|arrêter|arrêtez|seul|seule|moi|aimerais|souhaite|votre|vos|demain|jours|depuis|quel|quelle|douleur|saigne|saignement|urgence|parler|bien|sûr|d accord|nous serons|chirurgie|genou|sein|seins|opération|pose|désabonner|jamais|possible|opérer|partir|partirai|arriver|voyager|c est|deux|trois|quatre|quelqu|conseiller|à|de|désolé|refuse|accepte|fièvre|parfait|volontiers|point|arobase|passeport|né|née|naissance|appelle|téléphone|numéro|très|plus|mais|donc|car|si|tout|tous|toute|faire|fait|être|avoir|peut|peux|dois|faut|cela|ça|ici|là|hier|aujourd|toujours|déjà|encore|sans|chez|entre|son|sa|ses|leur|notre|on|ils|vol|hôtel|facture|payer|clinique|hôpital|médecin|rendez|svp|dos|jambe|ventre|tête|main|bras|doublé|volume|vers|mi|fin|début|milieu',
  greeting:
    'bonjour|bonsoir|salut|coucou|bonne journée|bonjour madame|bonjour monsieur|bonjour à tous|comment allez vous|comment ça va|ça va|enchanté|cher monsieur|chère madame|bonjour docteur|à vous|à tous|toute l équipe|madame|monsieur|rebonjour',
  agree:
    'd acc|dac|dacc|daccord|pas de souci|pas de soucis|sans souci|aucun souci|aucun problème|ça roule|c est ok|c est okay|ok pour moi|oui ok|oui d accord|oui c est bon|bah oui|ben oui|mais oui|oui oui|wi|j autorise|je vous autorise|je donne mon autorisation|je donne mon consentement|je veux bien|je suis ok|je suis pour|exact|c est exact|c est correct|correct|c est ça|tout est correct|tout est bon|tout est exact|parfaitement|nickel|impec|impeccable|top|vendu|allez|allons|vas y|allez y|c est parti|ok ça marche|okay ça me va|cela me va|ça nous va|ça nous convient|génial|excellent|je valide|validé|on valide|c est noté|va pour|je suis partant|partant|partante|yep|ouep|oki|okok|je dis oui|je suis tout à fait d accord|suis d accord|moi ça me va|avec joie|j approuve cela|juste|oui|ouais|oui merci|d accord|je suis d accord|ok|okay|bien sûr|bien entendu|certainement|absolument|j accepte|accepte|accepté|je consens|j approuve|je confirme|confirmé|ça marche|ça me va|cela me convient|ça me convient|me convient|volontiers|avec plaisir|entendu|parfait|très bien|bien|c est bon|c est d accord|exactement|tout à fait|allons y|pourquoi pas|sans problème|pas de problème|oui j accepte|nous acceptons|on y va|je donne mon accord|super|je prends|c est parfait|évidemment|nous sommes d accord|oui c est exact|tout est juste|c est juste|tout à fait exact|je n ai pas d objection|aucune objection|pas d objection|ça me convient parfaitement|c est d accord pour moi|d accord pour moi|je suis d accord avec ça|je suis d accord avec cela|c est tout bon|tout bon',
  refuse:
    'je préfère pas|je préfère ne pas|préfère pas|j préfère pas|préfère ne pas|je préférerais pas|je préférerais ne pas|j aimerais mieux pas|j refuse|pas ok|c est non|ben non|bah non|mais non|pas pour moi|ça ne m intéresse pas|cela ne m intéresse pas|m intéresse pas|ça m intéresse pas|je ne donne pas mon accord|je donne pas mon accord|je n autorise pas|n autorise pas|je ne vous autorise pas|sûrement pas|plutôt pas|plutôt non|pas envie|je m oppose|je m y oppose|nope|non non|nn|je dis non|je ne peux pas accepter|peux pas accepter|je n approuve pas|pas aujourd hui|oubliez|oubliez ça|laissez tomber|laisse tomber|ça ne va pas|ça va pas|ce n est pas bon|c est pas bon|c est faux|faux|incorrect|pas correct|suis pas d accord|ne suis pas d accord|pas du tout d accord|je veux pas de ça|hors question|je ne pense pas|je pense pas|non|nan|non merci|je refuse|refuse|refusé|pas d accord|je ne suis pas d accord|je suis pas d accord|nous ne sommes pas d accord|je n accepte pas|n accepte pas|je n accepte pas cela|j accepte pas|je ne consens pas|je ne veux pas|je veux pas|je ne souhaite pas|pas intéressé|pas intéressée|je ne suis pas intéressé|je ne suis pas intéressée|jamais|pas maintenant|certainement pas|absolument pas|hors de question|ça ne me convient pas|cela ne me convient pas|ne me convient pas|sans façon|pas du tout|surtout pas|non désolé|désolé|désolée|bien sûr que non|malheureusement|malheureusement non|pas question|je décline|non c est faux|ce n est pas correct|c est incorrect|ce n est pas exact|c est inexact|pas exact|je suis contre|contre|je dois refuser|je préfère refuser|préfère refuser|non je refuse|non je ne veux pas|désolé non|désolée non|aucune chance|même pas en rêve',
  stop: 'stop|arrêt|arrêter|arrêtez|arrête|arrêtez de m écrire|arrêtez de m envoyer des messages|arrêtez les messages|arrêtez tout|désabonner|désabonnement|me désabonner|je veux me désabonner|désinscription|désinscrire|désinscrivez moi|me désinscrire|annuler|annulez|annulation|annulez tout|plus de messages|plus de message|ne m écrivez plus|n écrivez plus|ne me contactez plus|ne m envoyez plus de messages|ne m envoyez plus rien|je retire mon consentement|retirer mon consentement|je révoque mon consentement|révoquer|résilier|supprimez mes données|supprimer mes données|effacez mes données|supprimez mon numéro|laissez moi tranquille|cessez|cessez de m écrire',
  thanks:
    'merci bcp|mrc|merci mille fois|merci de votre aide|merci pour la réponse|merci pour votre réponse|vous êtes top|vous êtes super|vous êtes adorables|trop gentil|trop gentille|c est sympa|très sympa|merci encore|merci de tout cœur|je vous suis reconnaissant|je vous suis reconnaissante|reconnaissant|reconnaissante|bien aimable|merci vraiment|merci à toute l équipe|merci|merci beaucoup|merci bien|merci infiniment|un grand merci|mille mercis|je vous remercie|merci à vous|merci pour tout|merci pour votre aide|merci pour les informations|merci d avance|remerciements|c est gentil|très gentil|c est très gentil',
  bye: 'au revoir|à bientôt|a bientôt|à plus|à plus tard|a plus|à demain|bonne journée|bonne soirée|bonne nuit|bon week end|bonne fin de journée|ciao|tchao|adieu|cordialement|bien à vous|salutations|à la prochaine|bonne continuation|prenez soin de vous|et bonne journée',
  filler:
    'finalement|en fait|après réflexion|réflexion faite|j ai changé d avis|jai changé d avis|tout compte fait|bon|bon alors|ben|bah|euh|hum|ah|oh|je|j|moi aussi|pour moi|et|là|en fin de compte|la|le|cette|honnêtement|franchement|vraiment|s il vous plaît|s il te plaît|svp|stp|merci|merci beaucoup|docteur|madame|monsieur|alors|maintenant|immédiatement|tout de suite|moi|tout|donc|bonjour|de|à|pour|ça|cela|c|y|avec ça|du tout|mais|hein|toute l équipe|pour tout|infiniment|énormément|pour votre aide|pour votre réponse|pour les renseignements|mon ami|les amis|chef|mec',
  human:
    'un humain|être humain|humain|vraie personne|me passer une personne|passez moi une personne|avoir une personne|une personne au téléphone|une personne svp|une personne stp|une personne s il vous plaît|contacter une personne|joindre une personne|besoin d une personne|une personne réelle|une personne de votre équipe|parler à quelqu un|parler avec quelqu un|parler à une personne|conseiller|conseillère|un agent|opérateur|service client|un responsable|rappelez moi|appelez moi|me rappeler|m appeler|parler à un médecin|parler avec un médecin|parler au médecin|pas un robot|pas à un robot|pas un bot|pas à un bot|coordinateur|coordinatrice|un interlocuteur|parler à un docteur|parler au docteur|un collaborateur|quelqu un de votre équipe|par téléphone|un de vos collègues|passez moi|mettez moi en relation|mettez moi en contact|appelez quelqu un|un vrai humain|parler à un humain|un être humain|un collègue|votre équipe|rappel téléphonique|me passer quelqu un',
  asks: 'que|quoi|qui|comment|quand|où|pourquoi|quel|quelle|quels|quelles|combien|est ce|puis|pouvez|peut|avez|faites|y a|faut|qu|serait|dois|proposez|pourriez|pourrais|ai je|peut on',
  asksAnywhere:
    'combien|combien coûte|quel est le prix|prix|tarif|tarifs|coût|est ce que|pouvez vous|pourriez vous|avez vous|y a t il|savoir si|je voudrais savoir|j aimerais savoir|une question|des questions|qu est ce|devis|comment se|quels sont|quelle est|quel est|quelles sont|à quel|où se|quand puis|faites vous|proposez vous|plus d informations|des informations|renseignements|en quoi|je me demande|pourquoi|puis je|faut il|dois je',
  procedures: {
    'hair-transplant':
      'greffe de cheveux|greffe capillaire|greffes de cheveux|implants capillaires|implantation capillaire|transplantation capillaire|implant capillaire|perte de cheveux|chute de cheveux|calvitie|chauve|greffe de barbe|greffe de sourcils|fue|dhi|greffons|cheveux|alopécie|greffe',
    dental:
      'dent|dents|dentaire*|dentiste*|facettes|couronnes|couronne|zircone|implants|appareil dentaire|orthodont*|dentier|sourire hollywoodien|hollywood smile|blanchiment',
    eye: 'œil|yeux|chirurgie oculaire|lasik|laser des yeux|cataracte*|correction de la vue|myopie|oculaire*|ophtalmo*|vue|glaucome|kératocône|oeil',
    nose: 'nez|rhinoplastie*|septoplastie*|cloison nasale|septum',
    breast:
      'sein|seins|mammaire*|poitrine|augmentation mammaire|réduction mammaire|gynécomastie|lifting des seins|mastopexie',
    liposuction:
      'liposuccion*|lipo|abdominoplastie|plastie abdominale|lifting brésilien|graisse|bbl|vaser|lipoaspiration',
    bariatric:
      'bariatrique*|sleeve|bypass gastrique|anneau gastrique|ballon gastrique|estomac|obésité|gastrectomie|chirurgie de l obésité|by pass gastrique|gastrique',
    orthopaedic:
      'orthopéd*|genou*|hanche*|prothèse de hanche|prothèse de genou|hernie discale|colonne vertébrale|ménisque*|épaule*|scoliose|articulation*|ligament*|vertèbre*',
    ivf: 'fiv|fécondation in vitro|in vitro|pma|infertilité|fertilité|stérilité|icsi|embryon*|procréation*|tomber enceinte|congélation d ovocytes|ovocyte*|bébé éprouvette',
    oncology:
      'cancer*|oncolog*|tumeur*|chimio*|radiothérapie|leucémie|lymphome|cancer du sein|cancer de l estomac|cancer du poumon|métastase*',
    cardiology:
      'cœur|cardiaque*|cardiolog*|pontage*|stent*|coronar*|valve*|coeur|coronarographie|arythmie|pacemaker',
    'check-up':
      'check up|checkup|bilan de santé|bilan complet|bilan médical|examen complet|examen général|dépistage|bilan sanguin complet|bilan',
  },
  months: [
    'janvier|janv',
    'février|fév|févr',
    'mars',
    'avril|avr',
    'mai',
    'juin',
    'juillet|juil',
    'août',
    'septembre|sept',
    'octobre|oct',
    'novembre|nov',
    'décembre|déc',
  ],
  weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
  numbers: [
    'zéro',
    'un|une',
    'deux',
    'trois',
    'quatre',
    'cinq',
    'six',
    'sept',
    'huit',
    'neuf',
    'dix',
    'onze',
    'douze',
    'treize',
    'quatorze',
    'quinze',
    'seize',
    'dix sept',
  ],
  ordinalEnding: 'er|e|ème',
  of: 'de|du',
  or: 'ou|ou bien',
  and: 'et|plus|ainsi que',
  until: 'au|à|jusqu au|jusqu à|jusqu',
  back: 'retour|rentrer|revenir|retournons|rentre|rentrerai|rentrons|reviens|reviendrai|repartir',
  adult: 'adulte|adultes|grandes personnes',
  child: 'enfant|enfants|fils|fille|bébé|filles|garçon|nourrisson|gamin|gamins|petit garçon',
  person: 'personne|personnes|passagers|voyageurs|gens|passager|voyageur|patients|billets|places',
  self: 'moi|je|j|m',
  my: 'ma|mon|mes|notre|nos|un|une|sa|son',
  with: 'avec|accompagné de|accompagnée de|accompagné par|accompagné d|accompagnée d',
  companion:
    'femme|mari|conjoint|conjointe|épouse|époux|compagnon|compagne|partenaire|mère|maman|père|papa|ami|amie|sœur|soeur|frère|copain|copine|fiancé|fiancée|cousin|cousine|tante|oncle|grand mère|grand père|accompagnant|accompagnateur|accompagnatrice|collègue',
  alone:
    'seul|seule|tout seul|toute seule|juste moi|que moi|seulement moi|moi seul|moi seule|uniquement moi|moi uniquement|je voyage seul|je voyage seule|moi tout seul',
  two: 'à deux|nous deux|tous les deux|en couple|nous sommes deux|nous serons deux|mes parents|on est deux|on sera deux',
  three: 'nous trois|à trois|nous sommes trois|nous serons trois',
  four: 'nous quatre|à quatre|nous sommes quatre|nous serons quatre',
  yearsOld: 'ans|an',
  aged: 'de|âgé de|âgée de|âgés de|âge|âges|qui a|âgées de|a',
  infant: 'nouveau né|nourrisson',
  travel:
    'partir|pars|partons|partirai|vol|vols|voyage*|venir|viens|viendrai|viendrons|arriv*|départ|billet*|avion|disponible*|rendez vous|aller|réserv*|visite|libre|venons|partirons|décoller',
  budget:
    'budget|maximum|max|jusqu à|dépenser|payer|limite|plafond|au plus|ne pas dépasser|à disposition|j ai|nous avons|pas plus de',
};
