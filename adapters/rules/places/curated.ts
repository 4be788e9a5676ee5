/** Cities with several airports, the main one first: no package says how many people use which. */
export const mainAirports: readonly string[] = [
  'IST SAW',
  'LHR LGW STN LTN LCY',
  'CDG ORY BVA',
  'SVO DME VKO ZIA',
  'JFK EWR LGA',
  'FCO CIA',
  'MXP LIN BGY',
  'FRA HHN',
  'BRU CRL',
  'ARN BMA NYO',
  'OSL TRF',
  'BCN GRO REU',
  'WAW WMI',
  'GLA PIK',
  'BFS BHD',
  'DUS NRN',
  'DXB DWC',
  'IKA THR',
  'CAI SPX',
  'ORD MDW',
  'IAD DCA BWI',
  'IAH HOU',
  'DFW DAL',
  'MIA FLL',
  'HND NRT',
  'PEK PKX',
  'PVG SHA',
  'ICN GMP',
  'BKK DMK',
  'GRU CGH VCP',
  'EZE AEP',
  'YYZ YTZ',
  'KBP IEV',
  'LAX BUR SNA',
  'SFO OAK',
  'GEO OGL',
  'HBE ALY',
];

/** What people call airports. Where the package's own name says it, it is not here. */
export const airportNames: readonly (readonly [iata: string, names: string])[] = [
  [
    'SAW',
    'sabiha gökçen|sabiha gokcen|sabiha|سبيحة كوكجن|صبيحة كوكجن|صبيحة|сабиха гекчен|сабихи гекчен',
  ],
  ['ESB', 'esenboğa|эсенбога'],
  ['ADB', 'adnan menderes'],
  ['LHR', 'heathrow|london heathrow|londra heathrow|хитроу|هيثرو|هيثرو لندن'],
  ['LGW', 'gatwick|london gatwick|гатвик|جاتويك|غاتويك'],
  ['STN', 'stansted|london stansted|станстед|ستانستد'],
  ['LTN', 'london luton|london luton airport|luton airport'],
  ['LCY', 'london city|london city airport|city airport london'],
  [
    'CDG',
    'charles de gaulle|roissy|roissy charles de gaulle|paris cdg|paris charles de gaulle|шарль де голль|شارل ديغول',
  ],
  ['ORY', 'orly|paris orly|орли|أورلي'],
  ['BVA', 'beauvais|paris beauvais|бове'],
  ['SVO', 'sheremetyevo|scheremetjewo|şeremetyevo|шереметьево|шереметьева|шарик|شيريميتيفو'],
  ['DME', 'domodedovo|domodedowo|домодедово|домодедова|دوموديدوفو'],
  ['VKO', 'vnukovo|wnukowo|внуково|внукова|فنوكوفو'],
  ['ZIA', 'zhukovsky|schukowski|жуковский|жуковского'],
  ['LED', 'pulkovo|pulkowo|пулково'],
  ['SVX', 'koltsovo|кольцово'],
  ['OVB', 'tolmachevo|толмачево|толмачёво'],
  ['HHN', 'hahn|frankfurt hahn|flughafen hahn|хан'],
  ['NRN', 'weeze|niederrhein|düsseldorf weeze|flughafen weeze|flughafen niederrhein'],
  ['FMM', 'memmingen|münchen memmingen|allgäu airport|memmingerberg'],
  ['FKB', 'baden baden|karlsruhe baden baden|baden airpark|söllingen'],
  ['FDH', 'friedrichshafen|bodensee airport'],
  ['BER', 'schönefeld|schonefeld|tegel|berlin brandenburg|berlin schönefeld|willy brandt'],
  [
    'BSL',
    'euroairport|bâle mulhouse|basel mulhouse|mulhouse|mülhausen|bâle mulhouse fribourg|базель мюлуз',
  ],
  ['BGY', 'bergamo|orio al serio|milano bergamo|milan bergamo|mailand bergamo|бергамо'],
  ['MXP', 'malpensa|milano malpensa|milan malpensa|мальпенса|مالبينسا'],
  ['LIN', 'linate|milano linate'],
  ['CIA', 'ciampino|roma ciampino|rome ciampino|чампино'],
  ['FCO', 'fiumicino|roma fiumicino|rome fiumicino|фьюмичино'],
  ['CRL', 'charleroi|bruxelles charleroi|brussels charleroi|brüssel charleroi|шарлеруа'],
  ['BRU', 'zaventem'],
  ['AMS', 'schiphol|скипхол|سخيبول'],
  ['BMA', 'bromma'],
  ['NYO', 'skavsta'],
  ['ARN', 'arlanda'],
  ['TRF', 'torp|oslo torp|sandefjord'],
  ['GRO', 'girona|gerona'],
  ['TSF', 'treviso'],
  ['WMI', 'modlin'],
  ['PIK', 'prestwick'],
  ['BHD', 'belfast city|george best'],
  ['JFK', 'john f kennedy|kennedy airport|jfk airport'],
  ['EWR', 'newark'],
  ['LGA', 'laguardia|la guardia'],
  ['ORD', "o'hare|ohare"],
  ['DWC', 'al maktoum|maktoum'],
  ['IKA', 'imam khomeini|imam humeyni|الإمام الخميني'],
  ['THR', 'mehrabad|مهرآباد'],
  ['AMM', 'queen alia|الملكة علياء'],
  ['CMN', 'mohammed v|محمد الخامس'],
  ['ALG', 'houari boumediene|هواري بومدين'],
  ['MJI', 'mitiga|معيتيقة'],
  ['OTP', 'otopeni'],
  ['KIX', 'kansai'],
  ['NRT', 'narita'],
  ['HND', 'haneda'],
  ['ECN', 'ercan|kıbrıs|lefkoşa|kktc|kuzey kıbrıs'],
];

/** What people call cities, by the city's airport, where GeoNames does not know it. */
export const nicknames: readonly (readonly [iata: string, names: string])[] = [
  [
    'LED',
    'питер|спб|spb|piter|санкт петербург|петербург|saint petersburg|st petersburg|sankt petersburg|saint pétersbourg|سان بطرسبرغ|سانت بطرسبرغ|بطرسبورغ',
  ],
  ['SVO', 'мск|msk|moskva|moskwa'],
  ['SVX', 'екб|екат|ебург|екатеринбург|jekaterinburg'],
  ['OVB', 'нск|новосиб'],
  ['GOJ', 'нижний|nizhny|нижний новгород'],
  ['KUF', 'самара'],
  ['ROV', 'ростов|rostov'],
  ['AER', 'sotschi|soçi|сочи'],
  ['MRV', 'минводы|мин воды|минеральные воды|mineralnye vody'],
  ['KRR', 'краснодар'],
  ['ALA', 'алма ата|алматы|almaata|alma ata|ألماتي|الماتي'],
  ['NQZ', 'нур султан|nursultan|nur sultan|астана|astana|أستانا'],
  ['JFK', 'new york|new york city|nyc|newyork|ny city'],
  ['LAX', 'los angeles|la california'],
  ['IAD', 'washington dc|washington d c|washington'],
  ['FRA', 'ffm|frankfurt main|frankfurt a m|frankfurt am main'],
  ['DUS', 'ddorf|düsseldorf|duesseldorf|دوسلدورف'],
  ['CGN', 'koeln|köln bonn|koln bonn|كولن|كولونيا'],
  ['MUC', 'minga|ميونخ|ميونيخ|مونيخ|munchen'],
  ['STR', 'شتوتغارت|شتوتجارت|اشتوتغارت'],
  ['HAM', 'هامبورغ|هامبورج|هامبورك'],
  ['NUE', 'نورنبرغ|نورنبيرغ|نورمبرغ'],
  ['HAJ', 'هانوفر'],
  ['BRE', 'بريمن'],
  ['LEJ', 'لايبزيغ|لايبزغ'],
  ['DRS', 'دريسدن'],
  ['DTM', 'دورتموند'],
  ['VIE', 'فيينا|فينا'],
  ['ZRH', 'زيورخ|زيوريخ'],
  ['BHX', 'برمنغهام|بيرمنغهام|برمنجهام'],
  ['MAN', 'مانشستر|مانشيستر'],
  ['LHR', 'لندن'],
  ['MRS', 'مارسيليا|مرسيليا|marsilya'],
  ['LYS', 'ليون'],
  ['BRU', 'بروكسل|بروكسيل'],
  ['CPH', 'كوبنهاغن|كوبنهاجن'],
  ['ARN', 'ستوكهولم|استوكهولم'],
  ['GOT', 'غوتنبرغ|يوتوبوري|جوتنبرج'],
  ['JED', 'jedda|jeddah|jiddah|gedda|djeddah|جده'],
  ['RUH', 'riad|riyad|riyadh|riyaadh|ryadh|الرياض|رياض'],
  ['DMM', 'الدمام|الخبر|الظهران|dammam|khobar|al khobar'],
  ['MED', 'medine|المدينة|المدينة المنورة|madinah|madina'],
  ['KWI', 'الكويت|كويت|kuwait|kuveyt|koweit|кувейт|kuwait city'],
  ['DOH', 'الدوحة|دوحة|doha'],
  ['BAH', 'المنامة|manama|البحرين'],
  ['MCT', 'مسقط|muskat|maskat'],
  ['DXB', 'دبي|dubai|dubay|doubai|дубаи|дубай|дубая'],
  ['AUH', 'أبوظبي|ابو ظبي|ابوظبي|abudhabi|abu dabi'],
  ['SHJ', 'الشارقة|شارقة|sharjah|scharjah|şarika'],
  ['CAI', 'القاهرة|قاهرة|el qahira|al qahira|qahira|kaherah|caire|le caire'],
  ['HBE', 'الإسكندرية|اسكندرية|إسكندرية|eskenderia|iskandariya'],
  ['ALG', 'الجزائر العاصمة|alger'],
  ['CMN', 'الدار البيضاء|كازابلانكا|كازا|casa|kazablanka'],
  ['RAK', 'مراكش|marakesh'],
  ['TUN', 'تونس العاصمة|تونس|tunis'],
  ['BGW', 'بغداد|baghdad|bagdad|bağdat'],
  ['EBL', 'أربيل|اربيل|هولير|erbil|arbil|hawler|hewler'],
  ['BSR', 'البصرة|بصرة|basrah|basra'],
  ['DAM', 'دمشق|الشام|demasheq|dimashq'],
  ['ALP', 'حلب|halab'],
  ['BEY', 'بيروت|beirut|bayrut|beyrouth'],
  ['AMM', 'عمان|عمّان'],
  ['KRT', 'الخرطوم|خرطوم'],
  ['MJI', 'trablus'],
  ['BEN', 'بنغازي|benghazi|bingazi'],
  ['SAH', 'صنعاء'],
  ['MMX', 'مالمو'],
  ['ADE', 'عدن'],
  ['TLV', 'تل أبيب|tel aviv'],
  ['GZT', 'antep|g antep'],
  ['GNY', 'urfa|ş urfa'],
  ['KCM', 'maraş|k maraş'],
  ['DIY', 'd bakır|diyarbekir|амед|amed'],
  ['BJV', 'bodrum|бодрум|بودروم'],
  ['PRN', 'priştine|prishtina|prishtine'],
  ['SKP', 'üsküp'],
  ['SKG', 'selanik|салоники|سالونيك'],
];

/**
 * Regions by which people tell two cities of one name apart: `US.AL` is the country and GeoNames' code. The first name is
 * shown.
 */
export const regions: readonly (readonly [code: string, names: string])[] = [
  ...americanStates(),
  ...coded(
    'CA',
    '01 Alberta|02 British Columbia,Britisch-Kolumbien,Colombie-Britannique|03 Manitoba|04 New Brunswick|05 Newfoundland|07 Nova Scotia,Nouvelle-Écosse|08 Ontario,Онтарио,أونتاريو|10 Quebec,Québec,Квебек,كيبك|11 Saskatchewan',
  ),
  ...coded(
    'AU',
    '01 ACT,Australian Capital Territory|02 New South Wales,NSW|03 Northern Territory|04 Queensland,QLD|05 South Australia|06 Tasmania|07 Victoria,VIC|08 Western Australia',
  ),
  ...coded(
    'GB',
    'ENG England,İngiltere,Angleterre,Англия,إنجلترا|SCT Scotland,Schottland,İskoçya,Écosse,Шотландия,اسكتلندا|WLS Wales,Galler,Pays de Galles,Уэльс,ويلز|NIR Northern Ireland,Nordirland,Kuzey İrlanda,Irlande du Nord',
  ),
  ...coded(
    'DE',
    '01 Baden-Württemberg|02 Bavaria,Bayern,Bavyera,Bavière,Бавария,بافاريا|03 Bremen (Land)|05 Hessen,Hesse,Гессен|06 Niedersachsen,Lower Saxony|07 Nordrhein-Westfalen,NRW,North Rhine-Westphalia|08 Rheinland-Pfalz|09 Saarland|10 Schleswig-Holstein|11 Brandenburg (Land)|12 Mecklenburg-Vorpommern|13 Sachsen,Saxony|14 Sachsen-Anhalt|15 Thüringen,Thuringia',
  ),
];

function americanStates(): (readonly [string, string])[] {
  const states =
    'AL Alabama,Алабама|AK Alaska|AZ Arizona,Аризона|AR Arkansas|CA California,Kalifornien,Kaliforniya,Californie,Калифорния,كاليفورنيا|CO Colorado|CT Connecticut|DE Delaware|FL Florida,Floride,Флорида,فلوريدا|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York State,NY|NC North Carolina|ND North Dakota|OH Ohio,Огайо|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas,Teksas,Техас,تكساس|UT Utah|VT Vermont|VA Virginia,Virginie|WA Washington State|WV West Virginia|WI Wisconsin|WY Wyoming';
  return coded('US', states);
}

function coded(country: string, list: string): (readonly [string, string])[] {
  return list.split('|').map((entry) => {
    const space = entry.indexOf(' ');
    return [`${country}.${entry.slice(0, space)}`, entry.slice(space + 1).replaceAll(',', '|')];
  });
}

/** Cities whose name is a word that patients answer with, so that it takes more than the word alone. */
export const lookalikes =
  'nice ağrı essen reading male best of sur por home hope most same mary gap pau dole die tours sale salon nova tire bol çay bor işte ana hata bar nara normal enterprise surprise man men split lens angers mobile bath мир белая северный победа надежда ليل صفا الخبر';

/** Cities whose name is a word that nobody answers with: enough where a place is asked for, or marked as one. */
export const halfLookalikes =
  'van batman halle hamm ordu muş kars cork orange wels worms siegen linden lage weiden celle hof vienne nancy vitré kale hero орел орёл صور نيس المدينة وان قنا';

/** What people call countries besides the names that `Intl.DisplayNames` has. */
export const countryNicknames: readonly (readonly [country: string, names: string])[] = [
  [
    'GB',
    'uk|u k|great britain|britain|england|ingiltere|angleterre|grossbritannien|großbritannien|англия|британия|великобритания|إنجلترا|انجلترا|بريطانيا',
  ],
  [
    'US',
    'usa|u s a|america|amerika|amerique|états unis|abd|сша|америка|أمريكا|امريكا|الولايات المتحدة',
  ],
  ['AE', 'uae|u a e|emirates|bae|emirlikler|эмираты|оаэ|الإمارات|emirate|émirats'],
  ['SA', 'ksa|saudi|suudi arabistan|suudi|saudia|السعودية|саудовская аравия|arabie saoudite'],
  ['NL', 'holland|hollanda|hollande|голландия|هولندا'],
  ['DE', 'deutschland|almanya|germany|германия|ألمانيا|المانيا|allemagne|almania|germania'],
  ['CZ', 'czech republic|tschechei|çek cumhuriyeti|чехия'],
  ['BA', 'bosnia|bosna|bosnien|bosnie|босния|البوسنة'],
  ['MK', 'macedonia|makedonya|mazedonien|macédoine|македония'],
  ['KR', 'korea|kore|corée|корея'],
  ['RU', 'russia|rusya|russland|russie|россия|рф|روسيا|rossiya'],
  ['SY', 'syria|suriye|syrien|syrie|сирия|سوريا|سورية'],
  ['LY', 'libya|libyen|libye|ливия|ليبيا'],
  ['PS', 'palestine|filistin|palästina|палестина|فلسطين'],
  ['MD', 'moldova|молдавия|молдова|moldau'],
  ['BY', 'belarus|белоруссия|weissrussland|biélorussie'],
  ['KG', 'киргизия|kırgızistan|kirgisien'],
  ['TR', 'turkey|türkei|turquie|турция|تركيا|turkiye|turkei'],
  ['XK', 'kosovo|kosova|косово|كوسوفو'],
];
