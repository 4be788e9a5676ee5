import type { Language } from './languages.ts';

/** How one language speaks of somebody else who is to be treated. */
export interface RelativeWords {
  /** Who it may be: what we call them, and the words for it. The first form of an open list is what the patient wrote. */
  readonly relatives: readonly (readonly [called: string | null, words: string])[];
  /** Forms that say "for" by themselves: "маме", "لأمي", "annemin". */
  readonly bound: readonly (readonly [called: string, words: string])[];
  readonly forBefore: string;
  readonly forAfter: string;
  /** Needs, wants, will have. */
  readonly needs: string;
  /** What treatments are called without naming one. */
  readonly treatment: string;
  /** What else one does for somebody, or they do: travel, rooms, advice. */
  readonly otherwise: string;
  /** The patient: "for me and my wife" is a party. */
  readonly self: string;
  readonly and: string;
  readonly filler: string;
}

export const relativeWords: Readonly<Record<Language, RelativeWords>> = {
  en: {
    relatives: [
      [
        null,
        'mother|mum|mom|mam|mummy|father|dad|daddy|wife|husband|hubby|missus|partner|son|daughter|sister|brother|grandmother|grandma|gran|nan|granny|grandfather|grandpa|aunt|auntie|uncle|friend|cousin|girlfriend|boyfriend|fiance|fiancee|mother in law|father in law|sister in law|brother in law|parents|niece|nephew|colleague|neighbour|neighbor|boss|best friend|grandson|granddaughter',
      ],
    ],
    bound: [],
    forBefore: 'for|on behalf of|about',
    forAfter: '',
    needs:
      'needs|need|wants|would like|is looking for|is interested in|has to have|should have|must have|wishes|is going to have|d like|requires|is getting|wanna|also needs|also wants|too|as well',
    treatment:
      'surgery|operation|treatment|op|procedure|operated|appointment|doctor|consultation|done|quote|second opinion|checked|check|treated|transplant',
    otherwise:
      'told|said|recommended|thinks|says|asked|flight|flights|ticket|tickets|room|hotel|visa|seat|come with|comes with|join|accompany|travel with|to know|wants to know|to come|come along|travel|companion|stay|works|lives|had|did|was|is a doctor',
    self: 'me|myself|i|us',
    and: 'and|plus|with',
    filler:
      'my|our|a|the|his|her|also|elderly|old|dear|year|years|s|this|it|is|too|younger|older|little',
  },
  de: {
    relatives: [
      [
        null,
        'mutter|mama|mutti|vater|papa|vati|frau|mann|ehefrau|ehemann|partner|partnerin|sohn|tochter|schwester|bruder|oma|opa|großmutter|großvater|tante|onkel|freund|freundin|cousin|cousine|schwiegermutter|schwiegervater|verlobte|verlobten|verlobter|eltern|nichte|neffe|enkel|enkelin|kollege|kollegin|kollegen|nachbarin|nachbarn|bekannte|bekannten|schwager|schwägerin|kumpel|lebensgefährtin|lebensgefährte',
      ],
    ],
    bound: [],
    forBefore: 'für|fuer|wegen|es geht um|geht um',
    forAfter: '',
    needs:
      'braucht|möchte|moechte|will|muss|benötigt|soll|interessiert sich|hätte gern|hätte gerne|wünscht|bekommt|sucht|auch',
    treatment:
      'operation|op|behandlung|eingriff|operiert|behandelt|termin|arzt|untersuchung|zweitmeinung|behandeln|operieren|angebot|transplantation',
    otherwise:
      'erzählt|gesagt|empfohlen|meint|sagt|flug|flüge|ticket|zimmer|hotel|visum|sitzplatz|kommt mit|begleitet|fliegt mit|mitkommen|mitfliegen|reist mit|wissen|begleiten|arbeitet|wohnt|hatte|war|begleitung|übernachten',
    self: 'mich|ich|mir|uns|wir',
    and: 'und|plus|mit|sowie',
    filler:
      'meine|mein|meinen|meiner|meinem|unsere|unseren|unser|auch|noch|die|der|den|eine|einen|einer|alte|liebe|jahre|jährige|jährigen|kleine|kleinen|beste|besten',
  },
  tr: {
    relatives: [
      ['annem', 'annem|anneme|annemi|anam|anneciğim|annemiz'],
      ['babam', 'babam|babama|babamı|babamız'],
      ['eşim', 'eşim|eşime|eşimi|hanım|hanımım|karım|karıma'],
      ['kocam', 'kocam|kocama'],
      ['kızım', 'kızım|kızıma|kızımı|kızımız'],
      ['oğlum', 'oğlum|oğluma|oğlumu|oğlumuz'],
      ['kardeşim', 'kardeşim|kardeşime|kardeşimi|erkek kardeşim|kız kardeşim'],
      ['ablam', 'ablam|ablama'],
      ['abim', 'abim|abime|ağabeyim|ağabeyime'],
      ['arkadaşım', 'arkadaşım|arkadaşıma|bir arkadaşım|arkadaş|kankam'],
      ['teyzem', 'teyzem|teyzeme'],
      ['halam', 'halam|halama'],
      ['amcam', 'amcam|amcama'],
      ['dayım', 'dayım|dayıma'],
      ['anneannem', 'anneannem|anneanneme|babaannem|babaanneme|ninem'],
      ['dedem', 'dedem|dedeme'],
      ['kuzenim', 'kuzenim|kuzenime'],
      ['kayınvalidem', 'kayınvalidem|kayınvalideme|kaynanam'],
      ['kayınpederim', 'kayınpederim|kayınpederime'],
      ['nişanlım', 'nişanlım|nişanlıma|sevgilim|sevgilime'],
      ['çocuğum', 'çocuğum|çocuğuma'],
    ],
    bound: [
      ['annem', 'annemin'],
      ['babam', 'babamın'],
      ['eşim', 'eşimin|karımın|hanımın'],
      ['kocam', 'kocamın'],
      ['kızım', 'kızımın'],
      ['oğlum', 'oğlumun'],
      ['kardeşim', 'kardeşimin'],
      ['arkadaşım', 'arkadaşımın'],
      ['ablam', 'ablamın'],
      ['abim', 'abimin'],
      ['teyzem', 'teyzemin'],
    ],
    forBefore: '',
    forAfter: 'için|icin|adına',
    needs:
      'olacak*|olcak*|istiyor*|ister|yaptıracak*|yaptırmak|yaptırcak*|ektirecek*|ektircek*|ihtiyacı|lazım|gerekiyor|olması|düşünüyor|tedavi ol*|ameliyat ol*|olmak|çizdirecek*|aldıracak*|büyüttürecek*',
    treatment:
      'ameliyat*|tedavi*|operasyon*|randevu*|doktor*|muayene*|işlem*|fiyat*|kontrol*|nakil*|ekim*',
    otherwise:
      'söyledi|dedi|tavsiye*|önerdi|bahsetti|anlattı|bilet*|oda|otel*|vize*|uçuş*|benimle gel*|refakat*|eşlik*|öğrenmek|soruyor|sordu|yanımda|çalışıyor|oturuyor|olmuştu|oldu|yaptırdı|yaptırmıştı|koltuk',
    self: 'ben|bana|kendim|benim|bize|ikimiz',
    and: 've|ile',
    filler: 'bir|bir de|de|da|benim|bizim|onun|için de|ayrıca|yaşlı|yaşındaki|küçük|olan',
  },
  fr: {
    relatives: [
      [
        null,
        'mère|maman|père|papa|femme|mari|épouse|époux|conjoint|conjointe|compagnon|compagne|fils|fille|soeur|sœur|frère|grand mère|grand père|mamie|papi|tante|oncle|ami|amie|copain|copine|cousin|cousine|belle mère|beau père|belle soeur|beau frère|fiancé|fiancée|parents|nièce|neveu|collègue|voisine|voisin|meilleure amie|meilleur ami|petite amie|petit ami',
      ],
    ],
    bound: [],
    forBefore: 'pour|de la part de|concernant|au sujet de|à propos de|il s agit de',
    forAfter: '',
    needs:
      'a besoin|aurait besoin|voudrait|veut|souhaite|souhaiterait|aimerait|doit|devrait|va se faire|cherche|se fait|désire|aussi|également',
    treatment:
      'opération|chirurgie|intervention|traitement|soin|soins|opérer|opérée|opéré|rendez vous|rdv|médecin|consultation|devis|greffe|soigner|faire',
    otherwise:
      'a dit|m a parlé|a parlé|m a dit|conseillé|recommandé|billet|billets|chambre|hôtel|visa|place|vient avec|m accompagne|accompagner|voyage avec|savoir|venir avec|travaille|habite|avait|a eu|a fait|pense|vol',
    self: 'moi|je|j|nous|m',
    and: 'et|plus|avec|ainsi que',
    filler:
      'ma|mon|mes|notre|nos|un|une|la|le|aussi|également|vieille|petite|petit|âgée|âgé|jeune|ans|de|d',
  },
  ru: {
    relatives: [
      ['мама', 'мама|мамы|маму|мамочка|мамочки|мать|матери'],
      ['папа', 'папа|папы|папу|отец|отца'],
      ['муж', 'муж|мужа|супруг|супруга'],
      ['жена', 'жена|жены|жену|супруга|супруги|супругу'],
      ['сын', 'сын|сына|сынок'],
      ['дочь', 'дочь|дочери|дочка|дочки|дочку'],
      ['сестра', 'сестра|сестры|сестру'],
      ['брат', 'брат|брата'],
      ['бабушка', 'бабушка|бабушки|бабушку'],
      ['дедушка', 'дедушка|дедушки|дедушку'],
      ['подруга', 'подруга|подруги|подругу'],
      ['друг', 'друг|друга'],
      ['тётя', 'тетя|тети|тетю'],
      ['дядя', 'дядя|дяди|дядю'],
      ['свекровь', 'свекровь|свекрови'],
      ['тёща', 'теща|тещи|тещу'],
      ['коллега', 'коллега|коллеги|коллегу'],
      ['невеста', 'невеста|невесты|девушка|девушки'],
      ['внук', 'внук|внука|внучка|внучки'],
      ['родители', 'родители|родителей'],
      ['ребёнок', 'ребенок|ребенка'],
    ],
    bound: [
      ['мама', 'маме|матери|мамочке'],
      ['папа', 'папе|отцу'],
      ['муж', 'мужу|супругу'],
      ['жена', 'жене|супруге'],
      ['сын', 'сыну'],
      ['дочь', 'дочери|дочке'],
      ['сестра', 'сестре'],
      ['брат', 'брату'],
      ['бабушка', 'бабушке'],
      ['дедушка', 'дедушке'],
      ['подруга', 'подруге'],
      ['друг', 'другу'],
      ['тётя', 'тете'],
      ['дядя', 'дяде'],
      ['родители', 'родителям'],
      ['ребёнок', 'ребенку'],
    ],
    forBefore: 'для|насчет|по поводу|за',
    forAfter: '',
    needs:
      'нужна|нужен|нужно|нужны|хочет|хотела бы|хотел бы|надо|требуется|необходима|необходимо|собирается|планирует|будет делать|сделать|тоже хочет|ищет|тоже|также|хотят',
    treatment:
      'операци*|лечени*|процедур*|прием|запись|записать|врач|врача|консультаци*|обследовани*|протез*|лечить|вылечить|пересадк*|оперировать',
    otherwise:
      'сказала|сказал|рассказала|рассказал|посоветовал*|рекомендовал*|думает|билет*|номер|гостиниц*|отель|виза|визу|место|едет со мной|летит со мной|поедет со мной|узнать|спрашивает|работает|живет|делала|делал|была|был|сопровожда*|полетит|прилетит',
    self: 'я|мне|меня|нас|нам|мы|себя',
    and: 'и|с|плюс|со',
    filler:
      'моей|моя|мой|моего|моему|моих|наш|наша|нашей|еще|у|пожилой|пожилая|лет|тоже|маленькой|лучшей|одной',
  },
  ar: {
    relatives: [
      ['أمي', 'أمي|امي|والدتي|ماما|الوالدة|يمه'],
      ['أبي', 'أبي|ابي الغالي|والدي|ابوي|بابا|ابويا|الوالد'],
      ['زوجتي', 'زوجتي|مراتي|مرتي|المدام|حرمي'],
      ['زوجي', 'زوجي|جوزي|رجلي'],
      ['ابني', 'ابني|ولدي|ابنى'],
      ['ابنتي', 'ابنتي|بنتي'],
      ['أختي', 'أختي|اختي'],
      ['أخي', 'أخي|اخي|اخوي|اخويا'],
      ['صديقي', 'صديقي|صاحبي|رفيقي'],
      ['صديقتي', 'صديقتي|صاحبتي'],
      ['جدتي', 'جدتي|ستي|تيتا'],
      ['جدي', 'جدي|سيدي'],
      ['خالتي', 'خالتي'],
      ['عمتي', 'عمتي'],
      ['عمي', 'عمي'],
      ['خالي', 'خالي'],
      ['خطيبتي', 'خطيبتي'],
      ['خطيبي', 'خطيبي'],
    ],
    bound: [
      ['أمي', 'لأمي|لامي|لوالدتي|للوالدة|لماما'],
      ['أبي', 'لأبي|لابي|لوالدي|لابوي|للوالد'],
      ['زوجتي', 'لزوجتي|لمراتي|لمرتي'],
      ['زوجي', 'لزوجي|لجوزي'],
      ['ابني', 'لابني|لولدي'],
      ['ابنتي', 'لابنتي|لبنتي'],
      ['أختي', 'لأختي|لاختي'],
      ['أخي', 'لأخي|لاخي|لاخوي'],
      ['صديقي', 'لصديقي|لصاحبي'],
      ['صديقتي', 'لصديقتي|لصاحبتي'],
      ['جدتي', 'لجدتي'],
      ['جدي', 'لجدي'],
    ],
    forBefore: 'من اجل|من أجل|عشان|علشان|بخصوص|لأجل',
    forAfter: '',
    needs:
      'تحتاج|يحتاج|تريد|يريد|تبي|يبي|تبغى|يبغى|محتاجة|محتاج|عايزة|عايز|بدها|بده|ترغب|يرغب|لازم|تسوي|يسوي|تعمل|يعمل|حابة|حاب|ايضا|كمان',
    treatment: 'عملية|علاج|جراحة|موعد|طبيب|دكتور|استشارة|فحص|زراعة|تجميل|عمليه|حجز موعد|معالجة',
    otherwise:
      'قالت|قال|نصحتني|نصحني|حكت|حكتلي|حكالي|اخبرتني|اخبرني|تذكرة|تذاكر|غرفة|فندق|فيزا|مقعد|ترافقني|يرافقني|معي|تعرف|يعرف|تسكن|يسكن|كانت|كان|سوت|سوى|عملت|عمل قبل|رحلة',
    self: 'انا|لي|نفسي|أنا|نحن',
    and: 'و|مع',
    filler: 'ايضا|كمان|برضو|الكبيرة|المريضة|بعد|هي|هو|نفس',
  },
};
