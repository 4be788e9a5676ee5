/**
 * What the six languages call the cities most of our patients fly from: GeoNames has the names, but not which language
 * each of them is in. By the city's main airport, in the order tr, en, de, ar, ru, fr.
 */
export const displayNames: readonly (readonly [iata: string, ...names: string[]])[] = `
IST İstanbul|Istanbul|Istanbul|إسطنبول|Стамбул|Istanbul
ESB Ankara|Ankara|Ankara|أنقرة|Анкара|Ankara
ADB İzmir|Izmir|Izmir|إزمير|Измир|Izmir
AYT Antalya|Antalya|Antalya|أنطاليا|Анталья|Antalya
ASR Kayseri|Kayseri|Kayseri|قيصري|Кайсери|Kayseri
GZT Gaziantep|Gaziantep|Gaziantep|غازي عنتاب|Газиантеп|Gaziantep
TZX Trabzon|Trabzon|Trabzon|طرابزون|Трабзон|Trabzon
DIY Diyarbakır|Diyarbakır|Diyarbakır|ديار بكر|Диярбакыр|Diyarbakır
BJV Bodrum|Bodrum|Bodrum|بودروم|Бодрум|Bodrum
KYA Konya|Konya|Konya|قونية|Конья|Konya
VAN Van|Van|Van|وان|Ван|Van
AJI Ağrı|Ağrı|Ağrı|آغري|Агры|Ağrı
MSR Muş|Muş|Muş|موش|Муш|Muş
BAL Batman|Batman|Batman|باتمان|Батман|Batman
BER Berlin|Berlin|Berlin|برلين|Берлин|Berlin
MUC Münih|Munich|München|ميونخ|Мюнхен|Munich
FRA Frankfurt|Frankfurt|Frankfurt|فرانكفورت|Франкфурт|Francfort
DUS Düsseldorf|Düsseldorf|Düsseldorf|دوسلدورف|Дюссельдорф|Düsseldorf
CGN Köln|Cologne|Köln|كولونيا|Кёльн|Cologne
HAM Hamburg|Hamburg|Hamburg|هامبورغ|Гамбург|Hambourg
STR Stuttgart|Stuttgart|Stuttgart|شتوتغارت|Штутгарт|Stuttgart
HAJ Hannover|Hanover|Hannover|هانوفر|Ганновер|Hanovre
NUE Nürnberg|Nuremberg|Nürnberg|نورنبرغ|Нюрнберг|Nuremberg
LEJ Leipzig|Leipzig|Leipzig|لايبزيغ|Лейпциг|Leipzig
DRS Dresden|Dresden|Dresden|دريسدن|Дрезден|Dresde
BRE Bremen|Bremen|Bremen|بريمن|Бремен|Brême
DTM Dortmund|Dortmund|Dortmund|دورتموند|Дортмунд|Dortmund
VIE Viyana|Vienna|Wien|فيينا|Вена|Vienne
SZG Salzburg|Salzburg|Salzburg|سالزبورغ|Зальцбург|Salzbourg
GRZ Graz|Graz|Graz|غراتس|Грац|Graz
INN Innsbruck|Innsbruck|Innsbruck|إنسبروك|Инсбрук|Innsbruck
LNZ Linz|Linz|Linz|لينتس|Линц|Linz
ZRH Zürih|Zurich|Zürich|زيورخ|Цюрих|Zurich
GVA Cenevre|Geneva|Genf|جنيف|Женева|Genève
BSL Basel|Basel|Basel|بازل|Базель|Bâle
LHR Londra|London|London|لندن|Лондон|Londres
MAN Manchester|Manchester|Manchester|مانشستر|Манчестер|Manchester
BHX Birmingham|Birmingham|Birmingham|برمنغهام|Бирмингем|Birmingham
EDI Edinburgh|Edinburgh|Edinburgh|إدنبرة|Эдинбург|Édimbourg
GLA Glasgow|Glasgow|Glasgow|غلاسكو|Глазго|Glasgow
DUB Dublin|Dublin|Dublin|دبلن|Дублин|Dublin
CDG Paris|Paris|Paris|باريس|Париж|Paris
LYS Lyon|Lyon|Lyon|ليون|Лион|Lyon
MRS Marsilya|Marseille|Marseille|مرسيليا|Марсель|Marseille
NCE Nice|Nice|Nizza|نيس|Ницца|Nice
TLS Toulouse|Toulouse|Toulouse|تولوز|Тулуза|Toulouse
BOD Bordeaux|Bordeaux|Bordeaux|بوردو|Бордо|Bordeaux
SXB Strazburg|Strasbourg|Straßburg|ستراسبورغ|Страсбург|Strasbourg
LIL Lille|Lille|Lille|ليل|Лилль|Lille
NTE Nantes|Nantes|Nantes|نانت|Нант|Nantes
BRU Brüksel|Brussels|Brüssel|بروكسل|Брюссель|Bruxelles
LUX Lüksemburg|Luxembourg|Luxemburg|لوكسمبورغ|Люксембург|Luxembourg
AMS Amsterdam|Amsterdam|Amsterdam|أمستردام|Амстердам|Amsterdam
CPH Kopenhag|Copenhagen|Kopenhagen|كوبنهاغن|Копенгаген|Copenhague
ARN Stokholm|Stockholm|Stockholm|ستوكهولم|Стокгольм|Stockholm
GOT Göteborg|Gothenburg|Göteborg|غوتنبرغ|Гётеборг|Göteborg
OSL Oslo|Oslo|Oslo|أوسلو|Осло|Oslo
HEL Helsinki|Helsinki|Helsinki|هلسنكي|Хельсинки|Helsinki
MAD Madrid|Madrid|Madrid|مدريد|Мадрид|Madrid
BCN Barselona|Barcelona|Barcelona|برشلونة|Барселона|Barcelone
LIS Lizbon|Lisbon|Lissabon|لشبونة|Лиссабон|Lisbonne
OPO Porto|Porto|Porto|بورتو|Порту|Porto
FCO Roma|Rome|Rom|روما|Рим|Rome
MXP Milano|Milan|Mailand|ميلانو|Милан|Milan
VCE Venedik|Venice|Venedig|البندقية|Венеция|Venise
NAP Napoli|Naples|Neapel|نابولي|Неаполь|Naples
ATH Atina|Athens|Athen|أثينا|Афины|Athènes
SKG Selanik|Thessaloniki|Thessaloniki|سالونيك|Салоники|Thessalonique
LCA Larnaka|Larnaca|Larnaka|لارنكا|Ларнака|Larnaca
ECN Lefkoşa|Nicosia|Nikosia|نيقوسيا|Никосия|Nicosie
SOF Sofya|Sofia|Sofia|صوفيا|София|Sofia
OTP Bükreş|Bucharest|Bukarest|بوخارست|Бухарест|Bucarest
BUD Budapeşte|Budapest|Budapest|بودابست|Будапешт|Budapest
PRG Prag|Prague|Prag|براغ|Прага|Prague
WAW Varşova|Warsaw|Warschau|وارسو|Варшава|Varsovie
KRK Krakov|Krakow|Krakau|كراكوف|Краков|Cracovie
BEG Belgrad|Belgrade|Belgrad|بلغراد|Белград|Belgrade
SJJ Saraybosna|Sarajevo|Sarajevo|سراييفو|Сараево|Sarajevo
SKP Üsküp|Skopje|Skopje|سكوبيه|Скопье|Skopje
PRN Priştine|Pristina|Pristina|بريشتينا|Приштина|Pristina
TIA Tiran|Tirana|Tirana|تيرانا|Тирана|Tirana
ZAG Zagreb|Zagreb|Zagreb|زغرب|Загреб|Zagreb
KBP Kiev|Kyiv|Kyjiw|كييف|Киев|Kiev
MSQ Minsk|Minsk|Minsk|مينسك|Минск|Minsk
RIX Riga|Riga|Riga|ريغا|Рига|Riga
VNO Vilnius|Vilnius|Vilnius|فيلنيوس|Вильнюс|Vilnius
TLL Tallinn|Tallinn|Tallinn|تالين|Таллин|Tallinn
SVO Moskova|Moscow|Moskau|موسكو|Москва|Moscou
LED Sankt Petersburg|Saint Petersburg|Sankt Petersburg|سانت بطرسبرغ|Санкт-Петербург|Saint-Pétersbourg
KZN Kazan|Kazan|Kasan|قازان|Казань|Kazan
SVX Yekaterinburg|Yekaterinburg|Jekaterinburg|يكاترينبورغ|Екатеринбург|Iekaterinbourg
OVB Novosibirsk|Novosibirsk|Nowosibirsk|نوفوسيبيرسك|Новосибирск|Novossibirsk
AER Soçi|Sochi|Sotschi|سوتشي|Сочи|Sotchi
KRR Krasnodar|Krasnodar|Krasnodar|كراسنودار|Краснодар|Krasnodar
UFA Ufa|Ufa|Ufa|أوفا|Уфа|Oufa
KUF Samara|Samara|Samara|سامارا|Самара|Samara
CEK Çelyabinsk|Chelyabinsk|Tscheljabinsk|تشيليابينسك|Челябинск|Tcheliabinsk
VVO Vladivostok|Vladivostok|Wladiwostok|فلاديفوستوك|Владивосток|Vladivostok
MCX Mahaçkale|Makhachkala|Machatschkala|محج قلعة|Махачкала|Makhatchkala
GYD Bakü|Baku|Baku|باكو|Баку|Bakou
TBS Tiflis|Tbilisi|Tiflis|تبليسي|Тбилиси|Tbilissi
BUS Batum|Batumi|Batumi|باتومي|Батуми|Batoumi
EVN Erivan|Yerevan|Jerewan|يريفان|Ереван|Erevan
ALA Almatı|Almaty|Almaty|ألماتي|Алматы|Almaty
NQZ Astana|Astana|Astana|أستانا|Астана|Astana
TAS Taşkent|Tashkent|Taschkent|طشقند|Ташкент|Tachkent
SKD Semerkant|Samarkand|Samarkand|سمرقند|Самарканд|Samarcande
FRU Bişkek|Bishkek|Bischkek|بيشكيك|Бишкек|Bichkek
ASB Aşkabat|Ashgabat|Aschgabat|عشق آباد|Ашхабад|Achgabat
DYU Duşanbe|Dushanbe|Duschanbe|دوشنبه|Душанбе|Douchanbé
DXB Dubai|Dubai|Dubai|دبي|Дубай|Dubaï
AUH Abu Dabi|Abu Dhabi|Abu Dhabi|أبوظبي|Абу-Даби|Abou Dabi
SHJ Şarika|Sharjah|Schardscha|الشارقة|Шарджа|Charjah
DOH Doha|Doha|Doha|الدوحة|Доха|Doha
KWI Kuveyt|Kuwait City|Kuwait-Stadt|مدينة الكويت|Эль-Кувейт|Koweït
BAH Manama|Manama|Manama|المنامة|Манама|Manama
MCT Maskat|Muscat|Maskat|مسقط|Маскат|Mascate
RUH Riyad|Riyadh|Riad|الرياض|Эр-Рияд|Riyad
JED Cidde|Jeddah|Dschidda|جدة|Джидда|Djeddah
DMM Dammam|Dammam|Dammam|الدمام|Даммам|Dammam
MED Medine|Medina|Medina|المدينة المنورة|Медина|Médine
AMM Amman|Amman|Amman|عمّان|Амман|Amman
BEY Beyrut|Beirut|Beirut|بيروت|Бейрут|Beyrouth
DAM Şam|Damascus|Damaskus|دمشق|Дамаск|Damas
ALP Halep|Aleppo|Aleppo|حلب|Алеппо|Alep
BGW Bağdat|Baghdad|Bagdad|بغداد|Багдад|Bagdad
EBL Erbil|Erbil|Erbil|أربيل|Эрбиль|Erbil
BSR Basra|Basra|Basra|البصرة|Басра|Bassorah
ISU Süleymaniye|Sulaymaniyah|Sulaimaniyya|السليمانية|Сулеймания|Souleimaniye
SAH Sana|Sana'a|Sanaa|صنعاء|Сана|Sanaa
ADE Aden|Aden|Aden|عدن|Аден|Aden
TLV Tel Aviv|Tel Aviv|Tel Aviv|تل أبيب|Тель-Авив|Tel-Aviv
IKA Tahran|Tehran|Teheran|طهران|Тегеран|Téhéran
TBZ Tebriz|Tabriz|Täbris|تبريز|Тебриз|Tabriz
MHD Meşhed|Mashhad|Maschhad|مشهد|Мешхед|Mashhad
CAI Kahire|Cairo|Kairo|القاهرة|Каир|Le Caire
HBE İskenderiye|Alexandria|Alexandria|الإسكندرية|Александрия|Alexandrie
TUN Tunus|Tunis|Tunis|تونس|Тунис|Tunis
ALG Cezayir|Algiers|Algier|الجزائر|Алжир|Alger
ORN Oran|Oran|Oran|وهران|Оран|Oran
CMN Kazablanka|Casablanca|Casablanca|الدار البيضاء|Касабланка|Casablanca
RBA Rabat|Rabat|Rabat|الرباط|Рабат|Rabat
RAK Marakeş|Marrakesh|Marrakesch|مراكش|Марракеш|Marrakech
TNG Tanca|Tangier|Tanger|طنجة|Танжер|Tanger
MJI Trablus|Tripoli|Tripolis|طرابلس|Триполи|Tripoli
BEN Bingazi|Benghazi|Bengasi|بنغازي|Бенгази|Benghazi
MRA Misrata|Misrata|Misrata|مصراتة|Мисурата|Misrata
KRT Hartum|Khartoum|Khartum|الخرطوم|Хартум|Khartoum
DSS Dakar|Dakar|Dakar|داكار|Дакар|Dakar
ABJ Abican|Abidjan|Abidjan|أبيدجان|Абиджан|Abidjan
LOS Lagos|Lagos|Lagos|لاغوس|Лагос|Lagos
ADD Addis Ababa|Addis Ababa|Addis Abeba|أديس أبابا|Аддис-Абеба|Addis-Abeba
NBO Nairobi|Nairobi|Nairobi|نيروبي|Найроби|Nairobi
JFK New York|New York|New York|نيويورك|Нью-Йорк|New York
LAX Los Angeles|Los Angeles|Los Angeles|لوس أنجلوس|Лос-Анджелес|Los Angeles
ORD Şikago|Chicago|Chicago|شيكاغو|Чикаго|Chicago
IAD Washington|Washington|Washington|واشنطن|Вашингтон|Washington
BOS Boston|Boston|Boston|بوسطن|Бостон|Boston
MIA Miami|Miami|Miami|ميامي|Майами|Miami
IAH Houston|Houston|Houston|هيوستن|Хьюстон|Houston
SFO San Francisco|San Francisco|San Francisco|سان فرانسيسكو|Сан-Франциско|San Francisco
YYZ Toronto|Toronto|Toronto|تورونتو|Торонто|Toronto
YUL Montreal|Montreal|Montreal|مونتريال|Монреаль|Montréal
SYD Sidney|Sydney|Sydney|سيدني|Сидней|Sydney
MEL Melbourne|Melbourne|Melbourne|ملبورن|Мельбурн|Melbourne
SIN Singapur|Singapore|Singapur|سنغافورة|Сингапур|Singapour
HND Tokyo|Tokyo|Tokio|طوكيو|Токио|Tokyo
PEK Pekin|Beijing|Peking|بكين|Пекин|Pékin
DEL Delhi|Delhi|Delhi|دلهي|Дели|Delhi
BOM Mumbai|Mumbai|Mumbai|مومباي|Мумбаи|Mumbai
KHI Karaçi|Karachi|Karatschi|كراتشي|Карачи|Karachi
ISB İslamabad|Islamabad|Islamabad|إسلام آباد|Исламабад|Islamabad
LHE Lahor|Lahore|Lahore|لاهور|Лахор|Lahore
KBL Kabil|Kabul|Kabul|كابول|Кабул|Kaboul`
  .trim()
  .split('\n')
  .map((line) => [line.slice(0, 3), ...line.slice(4).split('|')]);
