import type { Language } from './languages.ts';

/** How one language counts a party, besides the lexicon's own lists. Written as there. */
export interface PartyWords {
  /** How many they are together, one phrase for it: "zu zweit", "втроём"; 1 is alone. */
  readonly together: readonly (readonly [count: number, words: string])[];
  /** Ahead of how many they are: "we are 3". */
  readonly weAre: string;
  /** "One of them" is 5: a child. */
  readonly oneOf: string;
  /** Behind the age of a baby. */
  readonly monthsOld: string;
  readonly without: string;
  /** Behind somebody who comes too. */
  readonly along: string;
  readonly about: string;
  /** More people who come along, and how many one word is. */
  readonly companions: readonly (readonly [count: number, words: string])[];
  readonly children: readonly (readonly [count: number, words: string])[];
  readonly babies: string;
  /** Says nothing between the parts of a party. */
  readonly filler: string;
  /** "A", "one": before people. */
  readonly one: string;
  /** More words for counts: "both of them". */
  readonly counts: readonly (readonly [count: number, words: string])[];
  /** Says what the patient has at home, not who comes: "I have two children". */
  readonly owns: string;
  /** Whether whoever is named next to "me" comes along without an "and". */
  readonly joinsSilently: boolean;
}

export const partyWords: Readonly<Record<Language, PartyWords>> = {
  en: {
    together: [
      [
        1,
        'just me|only me|only myself|me alone|myself only|on my own|by myself|alone|solo|travelling alone|me only|just myself',
      ],
      [2, 'the two of us|both of us|two of us|us two|as a couple|we are a couple|the pair of us'],
      [3, 'the three of us|three of us'],
      [4, 'the four of us|four of us'],
      [5, 'the five of us|five of us'],
    ],
    weAre:
      'we are|we re|were|we will be|we ll be|there are|there will be|there ll be|party of|group of|family of|total of|we would be|there is',
    oneOf:
      'one of them|one is|one of us is|one of us|one child|the youngest|the youngest is|the other is|the other|another is',
    monthsOld: 'months|month|months old|month old|mo|mths|weeks old|week old',
    without: 'no|without|not|leaving',
    along:
      'also coming|coming too|comes too|is coming|will come|coming with me|comes with me|will join|joins me|joining|accompany*|travelling with me|traveling with me|is coming with me|coming along|will be with me|goes with me',
    about: 'about|maybe|around|approximately|perhaps|not sure|or so|probably|up to|at least',
    companions: [
      [
        1,
        'missus|mrs|plus one|plus 1|hubby|bf|gf|mate|bro|sis|carer|nurse|nan|granny|grandma|grandpa|mam|mummy|daddy|fiance|other half|better half|daughter in law|son in law|mother in law|father in law|brother in law|sister in law|niece|nephew',
      ],
      [2, 'parents|mum and dad|mom and dad|grandparents'],
      [0, 'friends|sisters|brothers|mates|colleagues|cousins|aunts|uncles'],
    ],
    children: [
      [
        1,
        'little one|teen|teenager|grandson|granddaughter|grandchild|minor|kid|child|toddler|stepson|stepdaughter|youngster',
      ],
      [2, 'twins'],
    ],
    babies: 'baby|infant|newborn|babies|bub',
    filler:
      'my|our|the|of|his|her|is|who|also|old|plus|that|little|younger|older|s|total|in total|altogether',
    one: 'a|an|one|1x',
    counts: [[2, 'both|two of them|couple of']],
    owns: 'i have|i ve got|we have|i ve|have|i am a mother of|mother of|father of',
    joinsSilently: false,
  },
  de: {
    together: [
      [
        1,
        'allein|alleine|nur ich|ich allein|nur für mich|bloß ich|solo|ich alleine|ich reise allein',
      ],
      [2, 'ehepaar|zu zweit|wir beide|wir zwei|als paar|zu zweien|zweit'],
      [3, 'zu dritt|wir drei|zudritt'],
      [4, 'zu viert|wir vier'],
      [5, 'zu fünft|wir fünf|zu fuenft'],
      [6, 'zu sechst'],
    ],
    weAre:
      'wir sind|wir wären|wir werden|insgesamt|sind wir|familie von|gruppe von|wir kommen mit|sind',
    oneOf:
      'eins davon|einer davon|eine davon|einer ist|eine ist|eins ist|der jüngste|die jüngste|das kleine|der kleine|die kleine',
    monthsOld: 'monate|monat|monaten|monate alt|monate altes|monatiges|monate altem|wochen alt',
    without: 'kein|keine|ohne|nicht',
    along:
      'kommt mit|kommt auch|kommen mit|auch mit|begleitet mich|reist mit|fliegt mit|ist dabei|dabei|mitkommen|kommt auch mit|fährt mit|mit dabei|begleiten mich',
    about:
      'etwa|ungefähr|circa|ca|vielleicht|vermutlich|wahrscheinlich|mindestens|höchstens|bis zu|eventuell',
    companions: [
      [
        1,
        'gattin|gatte|männe|lebensgefährte|lebensgefährtin|lebenspartner|schwiegermutter|schwiegervater|nachbarin|nachbar|freundin|bekannte|bekannter|großmutter|großvater|mutti|vati|bester freund|schwager|schwägerin|neffe|nichte|pflegerin|betreuerin|frauchen',
      ],
      [2, 'eltern|großeltern'],
      [0, 'freunde|freunden|freundinnen|schwestern|brüder|brüdern|geschwister|kollegen|bekannten'],
    ],
    children: [
      [
        1,
        'kleiner|kleine|enkel|enkelin|enkelkind|teenager|kids|bub|kid|töchterchen|söhnchen|sohnemann',
      ],
      [2, 'zwillinge|zwillingen'],
    ],
    babies: 'baby|säugling|neugeborenes|babys',
    filler:
      'mein|meine|meinem|meiner|meinen|unser|unsere|unserem|unserer|unseren|der|die|das|den|dem|ist|sind|davon|auch|und zwar|noch|alt|kleine|kleiner|großer|seine|ihre|ihr',
    one: 'ein|eine|einen|einem|einer|eins',
    counts: [[2, 'beide|beiden|zwei davon']],
    owns: 'ich habe|wir haben|hab|habe|mutter von|vater von',
    joinsSilently: false,
  },
  tr: {
    together: [
      [
        1,
        'tek|tek başıma|yalnız|yalnızım|sadece ben|tek kişi|tek kişiyim|tekim|yalnızca ben|bir tek ben|tek geleceğim|tek geliyorum|kimse yok|bi tek ben|sırf ben',
      ],
      [2, 'ikimiz|eşimle ikimiz|ikimiziz|iki kişi|karı koca|çift olarak'],
      [3, 'üçümüz|üçümüzüz'],
      [4, 'dördümüz'],
      [5, 'beşimiz'],
    ],
    weAre: 'toplam|toplamda|biz|sayımız',
    oneOf: 'biri|birisi|bir tanesi|küçüğü|küçük olan|küçüğümüz|diğeri|öbürü|büyüğü|birimiz',
    monthsOld: 'aylık|ay|aylık bir|haftalık',
    without: 'yok|siz|hariç|olmadan',
    along:
      'da gel*|de gel*|de bizimle|da bizimle|da benimle|de benimle|benimle gel*|bizimle gel*|eşlik ed*|de olacak|da olacak|refakat*|de var|da var|gelecek|geliyor|gelcek|gelicek|yanımda',
    about: 'yaklaşık|belki|galiba|sanırım|civarı|muhtemelen|en az|en fazla|herhalde',
    companions: [
      [
        1,
        'hanım|hanımım|hanımla|bey|beyim|eşim*|kayınvalidem*|kaynanam*|kayınpederim*|yengem*|eniştem*|yeğenim*|komşum*|ahbabım*|ninem*|nenem*|kankam*|görümcem*|eltim*|gelinim*|damadım*|bacım*',
      ],
      [2, 'annem babam|annemle babam|anne babam*|ebeveynlerim*'],
      [0, 'arkadaş|arkadaşlarım*|kardeşlerim*|arkadaşla|ablalarım*'],
    ],
    children: [
      [1, 'yavrum*|torunum*|ufaklık|evladım*|minik*|delikanlı*|çocuklu'],
      [2, 'ikizler*|ikizlerim*'],
    ],
    babies: 'bebek|bebeğim*|bebeğimiz*|yenidoğan|bebekle',
    filler: 'bir de|benim|bizim|da|de|olan|olacak|olarak|olmak üzere|küçük|tane|adet|sı|si|ı|i|u|ü',
    one: 'bir|bi|1 adet',
    counts: [
      [2, 'ikisi|ikisi de'],
      [3, 'üçü'],
    ],
    owns: 'var|çocuğum var|çocuk var',
    joinsSilently: true,
  },
  fr: {
    together: [
      [
        1,
        'seul|seule|tout seul|toute seule|juste moi|que moi|seulement moi|uniquement moi|moi seul|moi seule|rien que moi|moi uniquement|en solo',
      ],
      [2, 'un couple|couple|à deux|nous deux|tous les deux|en couple|toutes les deux'],
      [3, 'à trois|nous trois|tous les trois'],
      [4, 'à quatre|nous quatre|tous les quatre'],
      [5, 'à cinq'],
    ],
    weAre:
      'nous sommes|nous serons|on est|on sera|on serait|on serait environ|famille de|groupe de|nous serions|au total|total de|on sera à|y aura',
    oneOf:
      'l un|l une|l un d eux|l un a|le plus jeune|la plus jeune|le petit|la petite|l autre|un de',
    monthsOld: 'mois|semaines',
    without: 'sans|pas d|pas de|aucun|ni',
    along:
      'vient aussi|viendra aussi|vient avec moi|viendra avec moi|m accompagne|m accompagnera|m accompagnent|viennent avec moi|vient avec|voyage avec moi|sera là|m accompagneront|sera avec moi',
    about: 'environ|peut être|à peu près|probablement|au moins|maximum|sans doute',
    companions: [
      [
        1,
        'belle mère|beau père|belle soeur|beau frère|copain|copine|pote|mamie|papi|mémé|amie|chéri|chérie|voisine|voisin|nièce|neveu|infirmière|meilleure amie|homme',
      ],
      [2, 'parents|papa et maman|grands parents'],
      [0, 'amis|amies|copines|copains|soeurs|frères|collègues'],
    ],
    children: [
      [
        1,
        'petit|petite|ado|gosse|gosses|fillette|petit fils|petite fille|fiston|gamine|adolescent|adolescente|mineur',
      ],
      [2, 'jumeaux|jumelles'],
    ],
    babies: 'bébé|nourrisson|nouveau né|bébés',
    filler:
      'ma|mon|mes|notre|nos|sa|son|ses|la|le|les|de|d|des|dont|est|qui|l|également|y compris|petite|petit|en tout|ont|a',
    one: 'un|une',
    counts: [[2, 'les deux|tous deux']],
    owns: 'j ai|nous avons|mère de|père de|ai',
    joinsSilently: false,
  },
  ru: {
    together: [
      [
        1,
        'я один|я одна|только я|лечу один|лечу одна|еду один|еду одна|в одиночку|буду один|буду одна|приеду один|приеду одна|одна я|один я',
      ],
      [2, 'семейная пара|вдвоем|двое|оба|парой|мы вдвоем|нас двое|двоих'],
      [3, 'втроем|трое|нас трое|мы втроем'],
      [4, 'вчетвером|четверо|нас четверо|мы вчетвером'],
      [5, 'впятером|пятеро|нас пятеро'],
      [6, 'вшестером|шестеро'],
    ],
    weAre: 'нас|нас будет|нас всего|всего|нас всего будет|семья из|группа из|мы',
    oneOf:
      'один из них|одному|одному из них|младшему|младшей|одной|старшему|старшей|из них один|второму|другому',
    monthsOld: 'месяцев|месяца|месяц|мес|месячный|месячная|месячным|недель',
    without: 'без|не|нет|кроме',
    along:
      'едет со мной|летит со мной|поедет со мной|полетит со мной|будет со мной|со мной|сопровожда*|тоже поедет|тоже полетит|приедет со мной|с нами',
    about: 'примерно|около|наверное|может|возможно|минимум|максимум|скорее всего',
    companions: [
      [
        1,
        'свекровь|свекровью|теща|тещей|тесть|свекр|дочерью взрослой|коллега|друга|подругу|бабушку|дедушку|племянник|племянница|племянницей|племянником|мамочка|мамой|соседка|соседкой|супругу|сиделка|сиделкой|парнем|муженек|тетя',
      ],
      [2, 'родители|родителями|родителей'],
      [0, 'друзья|друзьями|подруги|подругами|подруг|друзей|сестры|братья|сестрами'],
    ],
    children: [
      [
        1,
        'внук|внука|внуком|внучка|внучкой|внучку|малышка|малышкой|подросток|подростком|сынок|сынишка|доча|дочей|дочку|сынок|дочерью|сыночком|сыну|дочке|дочь|сын',
      ],
      [2, 'двойняшки|близнецы|двойняшками|близнецами'],
    ],
    babies: 'младенец|младенцем|новорожденный|грудничок|грудничком|малыш|малышом',
    filler:
      'моя|мой|моей|моим|моего|мою|моими|своей|своим|наш|наша|нашим|нашей|его|ее|еще|будет|это|маленьким|маленькой|маленький|маленькая|из них|детьми возрастом|которому|которой',
    one: 'один|одна|одного|одной|одним|одну',
    counts: [[2, 'двое из них']],
    owns: 'у меня|у нас|у меня есть|у нас есть|имею',
    joinsSilently: true,
  },
  ar: {
    together: [
      [
        1,
        'شخص بالغ واحد|بالغ واحد|بالغة واحدة|مسافر واحد|مسافرة واحدة|راكب واحد|لوحدي|وحدي|بمفردي|انا فقط|أنا بس|انا بس|انا لوحدي|بس انا|شخص واحد|نفر واحد|لحالي|فقط أنا|فقط انا|وحدى|مفرد|شخص واحد فقط',
      ],
      [
        2,
        'بالغين اثنين|بالغان|شخصين بالغين|شخصين|شخصان|نفرين|نحن الاثنان|نحن اثنان|احنا اتنين|نحن الاثنين|احنا اثنين|اثنين|اثنان|راكبين|مسافرين اثنين',
      ],
      [3, 'نحن ثلاثة|احنا تلاتة|احنا ثلاثة|ثلاثتنا'],
      [4, 'نحن أربعة|احنا اربعة|أربعتنا'],
    ],
    weAre: 'نحن|احنا|عددنا|عدد المسافرين|العدد|مجموعنا|حنا|عدد|كلنا|رح نكون|سنكون|بنكون',
    oneOf: 'واحد منهم|احدهم|أحدهم|واحد عمره|واحدة عمرها|الصغير|الصغيرة|واحد فيهم|احدنا',
    monthsOld: 'شهر|اشهر|أشهر|شهور|اسابيع',
    without: 'بدون|من دون|لا يوجد|ما في|بلا|مافي',
    along:
      'معي|معاي|معايا|يجي معي|تجي معي|بيجي معي|يرافقني|ترافقني|يرافقوني|سيأتي معي|ستأتي معي|مرافق معي',
    about: 'تقريبا|حوالي|يمكن|ربما|على الاقل|بحدود',
    companions: [
      [
        1,
        'اختي|أختي|اخويا|اختي|ماما|بابا|أبويا|ابويا|امى|خالتو|حماتي|خطيبي|حبيبتي|مرافق|مرافقة|بنت اختي|ابن اخي|ابن عمي|بنت عمي|زوجها|زوجته|المدام|الوالدة|الوالد|جدتى|اخ|اخت|صاحبي|صاحبتي|مراتي|أمي',
      ],
      [2, 'والداي|اهلي|أهلي|والدي ووالدتي|ابوي وامي|امي وابي|مرافقين|صديقين'],
      [0, 'اصدقائي|اصدقاء|اخواني|اخواتي|صديقاتي|اخوتي'],
    ],
    children: [
      [
        1,
        'ابننا|بنتنا|ابنتنا|طفلنا|طفلتنا|طفلتي|حفيدي|حفيدتي|صغيري|صغيرتي|ابنى|مراهق|بنوتي|ولد|بنت',
      ],
      [2, 'طفلين|طفلان|ولدين|بنتين|توأم|طفلتين|ولدان|ابنين|بنتان'],
    ],
    babies: 'رضيع|مولود|رضيعة|بيبي|مولود جديد',
    filler: 'من|هو|هي|ايضا|الصغير|الصغيرة|و|هم|منهم|ب|له|لها|عندهم|عنده',
    one: 'واحد|واحدة',
    counts: [],
    owns: 'عندي|لدي|عندنا|لدينا|ام ل|اب ل',
    joinsSilently: true,
  },
};
