/**
 * Words that say what stands beside them, in six languages; every list is folded when it is loaded. Inflected forms are
 * written out: they are few, and a rule for six grammars is not.
 */

/** A name follows: titles and forms of address. */
export const titles = `
mr mrs ms miss mx dr prof professor doctor sir madam
herr herrn frau fräulein doktor
bay bayan sayın sn op uzm doç
monsieur madame mademoiselle mme mlle mr docteur dr
господин господина господину господином госпожа госпожи госпоже госпожу доктор доктора доктору врач
السيد السيدة الآنسة الدكتور الدكتورة دكتور دكتورة الأستاذ الأستاذة أستاذ أستاذة المهندس الحاج الحاجة للسيد للسيدة والسيد والسيدة سيد سيدة
`;

/** A name stands before: Turkish forms of address. */
export const titlesAfter = `
bey beyi beye beyin beyle beyden hanım hanımı hanıma hanımın hanımla hanımdan hanim beyefendi hanımefendi efendi teyze amca
abla ağabey
`;

/** A name may follow: relatives, patients, guests, companions. */
export const relations = `
wife husband mother father mom mum dad son daughter brother sister friend partner fiancé fiancée aunt uncle cousin spouse
grandmother grandfather companion colleague nurse family granddaughter grandson niece nephew boss neighbour neighbor patient guest passenger client contact urgence emergency notfall acil attn attention dear hi hello
frau mann mutter vater sohn tochter bruder schwester freund freundin verlobte verlobter tante onkel oma opa patient patientin
gast begleitung familie kollege kollegin chef chefin enkel enkelin nichte neffe nachbar nachbarin schwager schwägerin ehemann ehefrau begleiter begleiterin kontoinhaber kontoinhaberin hallo liebe lieber
eşim eşimin eşi karım kocam annem babam annemin babamın oğlum kızım kızı oğlu kardeşim kardeşimin ablam ağabeyim abim arkadaşım
arkadaşımın nişanlım teyzem halam dayım amcam yeğenim kuzenim refakatçim refakatçisi hasta hastamız hastam misafir misafirimiz sahibi
ailesi gelinim damadım torunum komşum çalışanımız danışmanımız sevgili danışan yolcu alıcı merhaba selam
famille collègue neveu nièce voisin voisine beau mamie papi
femme mari mère père fils fille frère sœur ami amie compagnon compagne fiancé fiancée tante oncle cousin cousine épouse époux patient
patiente patiente titulaire accompagnante accompagnant passager passagère bonjour cher chère
жена жену жены жене женой муж мужа мужу мужем мама маму мамы маме мамой папа папу отец отца мать сын сына дочь дочка дочери дочку брат брата
брату сестра сестру сестры сестре друг друга подруга подруги подругу пациент пациента пациенту пациентка пациентки пациентку пациентке
гость гостья бабушка дедушка тётя дядя получатель получателя клиент клиентка клиента слов
عائلة زميلي زميلتي بنتي ولدي حرمي مرتي أخوي جارتي جاري حفيدي حفيدتي زوجة زوج زوجها زوجته والدها والده والدته والدتها ابنه ابنته أخته أخوه العميل العميلة المسافر المسافرة مرافقه مرافقته مرافقتي
زوجتي زوجي أمي أبي والدتي والدي ابني ابنتي أخي أختي صديقي صديقتي خطيبي خطيبتي عمي عمتي خالي خالتي جدي جدتي المريض المريضة مريض مريضة
المرافق المرافقة مرافقي الضيف الضيفة وزوجتي وزوجي وأمي وأبي وأخي وأختي وابني وابنتي للمريض للمريضة والمريض والمريضة
`;

/** A name follows, in any case: introductions and labels. Several words are joined by a space. */
export const introductions = `
name is|names is|my name|full name|first name|last name|surname|the name of|name of|patient name|guest name|passenger name|called me|name
i am called|yours sincerely
heiße|ich heiße|heisse|heißt|name ist|name lautet|im namen von|auf den namen|nachname|vorname|familienname
adım|ismim|adı|soyadı|ismi|soyadım|adımız|isim|ad soyad|adı soyadı|ad|soyad|adına|benim adım
m appelle|s appelle|nom est|nom de|prénom|prénom est|nom|au nom de|je me nomme|appelle
зовут|имя|фамилия|фио|на имя|моё имя|меня зовут|его зовут|её зовут|отчество|зовут меня
اسمي|واسمي|الاسم|اسم المريض|اسم المرافق|اسم المريضة|اسمه|اسمها|إسمي|باسم|معكم|معك|وإسمي|يدعى|تدعى|اسم الزوج|اسم الزوجة|اسم
`;

/** A name may follow: only one from the lists, or one written as a name. */
export const weakIntroductions = `
i am|i m|im|this is|it is|it s|here is|speaking with|spoke with|spoke to|talked to|tell|meet|ask|from mr
ich bin|hier ist|hier spricht|bin|gruß|von
ben|ben de|burası
je suis|moi c est|c est|ici|dites à|suis
я|это|передайте
أنا|انا|وأنا|معكم
`;

/** After these a signature follows: up to three words on their own. */
export const closings = `
regards|sincerely|yours|best wishes|thanks|thank you|cheers|love
grüßen|grüße|gruß|grüssen|mfg|dank|danke
saygılarımla|saygılar|sevgiler|sevgilerimle|teşekkürler|teşekkür ederim
cordialement|salutations|amicalement|merci|bien à vous
уважением|пожеланиями|спасибо
تحياتي|شكرا|التقدير|التحية|الاحترام
`;

/** What persons do, so that the word before is one, even if the word is also a flower or a town. */
export const personVerbs = `
has wants called arrives arrived asked asks needs said says lives flies wrote paid booked prefers travels agreed confirmed
aradı aradi geldi geliyor gelecek istedi istiyor yazdı yazıyor söyledi dedi sordu ödedi bekliyor uçuyor indi onayladı ister gelir arıyor soruyor
kommt fliegt möchte fragt sagt wohnt reist braucht schreibt zahlt schrieb sagte landet
habite arrive viendra voyage demande veut souhaite appelle part vient préfère vit a
приедет летит прилетает прилетит звонила звонил просит хочет едет сказала сказал пишет ждёт спрашивает живёт просила просил прилетела прилетел
написала написал приехала приехал оплатила оплатил
يريد تريد وصل وصلت اتصل اتصلت طلب طلبت يسافر تسافر يصل تصل سيصل ستصل قال قالت دفع دفعت يسأل تسأل
`;

/** A phone number is near. */
export const phoneWords = `
phone phones tel tél telefon telefonum telefonu telefonumuz telephone mobile cell cellphone whatsapp call reach fax contact ring
handy handynummer mobil telefonnummer rufnummer anrufen rückruf erreichen erreichbar festnetz
numaram numaramız telefonunuz cep gsm arayın arayabilirsiniz hat hattım ulaşabilirsiniz wp
téléphone portable appeler appelez joindre gsm fixe
телефон телефона телефону тел моб мобильный номер звоните звонить позвоните вотсап ватсап сотовый
هاتف هاتفي جوال جوالي موبايل موبايلي الهاتف الجوال واتساب الواتساب واتس رقمي ورقمي اتصل اتصلوا تلفون تليفون للتواصل رقمها رقمه
`;

/** A date of birth is near. */
export const birthWords = `
born dob birth birthday birthdate bday
geboren geb geburtsdatum geburtstag jahrgang geborene geborener gebdatum
doğum doğumlu doğumluyum doğumluyuz doğdum doğdu doğmuş dogumlu dogum dogdum doğumludur doğumlular dt
naissance naissances
рождения рождение родилась родился родились рожд рождён рождена рождении
ميلاد الميلاد ميلادي مواليد ولدت ولد مولود مولودة وتاريخ_الميلاد تولد ميلاده ميلادها والميلاد مواليدي وميلادي المولود المولودة
`;

/** A passport number is near. */
export const passportWords = `
passport passports pasaport pasaportum pasaportu pasaportumun pasaportunun pasaportun reisepass reisepasses reisepassnummer passnummer pass paß
passnr reisepassnr passeport passeports passportnummer pasaportumuz
паспорт паспорта паспорту паспортом загранпаспорт загранпаспорта загран паспорте загранпаспорту паспорту
جواز الجواز جوازي جوازه جوازها وجواز وجوازي باسبور باسبورت لجواز جوازات
`;

/** A number near these is none of a person's: bookings, flights, money, rooms. */
export const otherNumbers = `
booking reservation order reference ref invoice flight pnr ticket case confirmation code room price total usd eur euro euros tl try gbp dollars
rezervasyon sipariş fatura uçuş bilet takip oda fiyat toplam lira dolar rezervasyonum sipariş onay referans rezervasyonumuz teklif kod kodu
buchung buchungsnummer bestellung rechnung flug rechnungsnummer bestellnummer zimmer preis angebot vorgang vorgangsnummer
réservation commande facture vol billet chambre prix dossier devis
бронь брони бронирование бронирования заказ заказа счёт счет рейс рейса билет билета цена рублей евро
حجز الحجز حجزي طلب الطلب فاتورة الفاتورة رحلة الرحلة التذكرة تذكرة غرفة السعر سعر يورو دولار ريال
`;

/** Words that end in a person's own number or code: "TC", "IBAN". */
export const idWords = `tc tckn kimlik iban`;

/** Between parts of one name. */
export const particles = `
von van de del della di da la le el al ul ibn bin bint ben abu abd ter ten zu zur dos du des der den st y e
бен ибн оглы кызы
بن ابن بنت أبو أبي أم آل عبد
`;

/** What starts a two-word Arabic name: the word after belongs to it. */
export const arabicFirsts = `عبد أبو أبي ابن بن بنت آل`;

/** The names of months, January first; forms of one month are joined by `|`. */
export const months = [
  'january|jan|januar|jänner|ocak|janvier|января|январь|январе|يناير',
  'february|feb|februar|şubat|février|fevr|февраля|февраль|феврале|فبراير|شباط',
  'march|mar|märz|mart|mars|марта|март|марте|مارس|آذار',
  'april|apr|nisan|avril|avr|апреля|апрель|апреле|أبريل|إبريل|نيسان',
  'may|mai|mayıs|мая|май|мае|مايو|أيار|ماي',
  'june|jun|juni|haziran|juin|июня|июнь|июне|يونيو|حزيران|جوان',
  'july|jul|juli|temmuz|juillet|июля|июль|июле|يوليو|تموز|جويلية',
  'august|aug|ağustos|août|августа|август|августе|أغسطس|آب|أوت',
  'september|sep|sept|eylül|septembre|сентября|сентябрь|сентябре|سبتمبر|أيلول',
  'october|oct|oktober|okt|ekim|octobre|октября|октябрь|октябре|أكتوبر',
  'november|nov|kasım|novembre|ноября|ноябрь|ноябре|نوفمبر',
  'december|dec|dezember|dez|aralık|décembre|déc|декабря|декабрь|декабре|ديسمبر',
] as const;

/** Places that are also names, or that stand where a name could. */
export const places = `
istanbul ankara izmir antalya bursa adana denizli aydın konya bodrum kadıköy şişli beşiktaş taksim laleli üsküdar ataşehir trabzon
gaziantep kayseri muğla ordu tokat siirt ağrı muş sivas rize samsun side kemer alanya belek fethiye kapadokya alsancak göztepe
london paris sofia charlotte florence victoria austin dallas houston carolina virginia georgia jordan chad israel india china america
asia europe manchester birmingham liverpool leeds bristol oxford cambridge york kent chester lincoln washington jackson madison orlando
sydney adelaide melbourne boston chicago phoenix raleigh denver dublin belfast vienna milan milano roma rome venice geneva athens
berlin hamburg münchen köln frankfurt essen bremen hannover dresden leipzig stuttgart dortmund nürnberg wien zürich basel bern graz salzburg
düsseldorf bonn mainz ulm trier halle main rhein bayern
nice marseille nantes lyon lille tours angers nancy metz brest lourdes saint pise france cannes bordeaux toulouse strasbourg bruxelles genève
russia russian turkey türkiye germany deutschland almanya fransa rusya england ingiltere avrupa europa italy spain syria
москва москвы москве москву владимир киев ростов саратов тамбов псков пермь казань берлин пекин кишинев стамбул анталья анталии
королев киров пушкин азов чехов саров львов харьков иваново орёл томск псков могилев турция турции россия россии
دبي جدة الرياض مكة المدينة عمان بغداد دمشق بيروت القاهرة الكويت قطر البحرين تونس الجزائر المغرب مصر سوريا العراق لبنان الأردن السعودية ليبيا اليمن
أنطاليا إسطنبول أنقرة شيشلي ظبي برلين لندن تركيا ألمانيا صبيحة فلسطين السودان الإمارات
`;

/** Capitalised words of our trade: never a name, and a name beside them is a hotel's or a street's. */
export const trade = `
hotel hôtel otel otelde oteli отель отеля فندق klinik kliniği kliniğe clinic clinique клиника клинике hospital hôpital hastane hastanesi
krankenhaus больница airport flughafen havalimanı aéroport аэропорт terminal gate park grand palace street strasse straße rue avenue road
platz square plaza beach resort bay tower center centre zentrum merkezi station bahnhof gare port harbour garden airlines pegasus
lufthansa turkish qatar emirates hilton hyatt marriott sheraton radisson mövenpick ramada booking tripadvisor google meta
visa mastercard amex troy mir paypal stripe whatsapp instagram facebook telegram iphone android
merhaba selam hello hallo bonjour salut здравствуйте привет добрый مرحبا السلام الو ok okay
termin angebot flug rückflug zimmer transfer vizesi visum behandlung operation untersuchung beratung rechnung schmerzen zahn zähne haare
implantat transplantation fragen frage antwort wunsch grüße gruß glück dank hilfe preis kosten ticket reise hinflug ankunft abflug uhr
note notiz not patient patientin info customer staff agent error warn debug driver fahrer sürücü guest dossier passport pasaport reisepass
passeport паспорт iban tckn card karte kart carte карта phone tel email mail adresse address
monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag pazartesi salı çarşamba
perşembe cuma cumartesi pazar lundi mardi mercredi jeudi vendredi samedi dimanche понедельник вторник среда четверг пятница суббота воскресенье
الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت وأريد أريد وأسافر اسافر احتاج وأحتاج وأقيم ورقمي ورقم وتاريخ وعمري عمري وعندي
الحجز المطار الطائرة الفندق العملية الموعد المستشفى الاستقبال الوجه البطاقة الصيدلية العودة الاتصال المرافق الطيران الرحلة السعر غرفة الدفع
english german arabic french turkish russisch englisch deutsch türkçe ingilizce almanca arapça français anglais arabe турецкий русский
dental hair surgery rhinoplasty zirkon botox lasik bbl ivf mri pdf ct xray dhi fue
sir madam doktor hoca hocam müdür doctor team ekip команда equipe équipe bezahlt
`;
