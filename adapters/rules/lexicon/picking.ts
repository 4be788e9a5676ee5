/** How patients name one of a list, every language in one list, written as in `Lexicon`. */

/** First to ninth, and the number by its word. */
export const places: readonly { readonly ordinal: string; readonly number: string }[] = [
  {
    ordinal:
      'first|1st|the top one|top one|ilk|ilki|ilkini|ilkiyle|birinci*|ilk sıradaki|erste|ersten|erster|erstes|premier|première|1er|1ère|1ere|первый|первая|первое|первую|первого|первой|первом|pervyj|perviy|pervy|الاول|الاولى|الاولي|اول واحد|اول خيار|اول وحده|el awal|awal wa7ad|awwal',
    number: 'one|bir|eins|un|une|один|одно|odin|واحد|wahad',
  },
  {
    ordinal:
      'second|2nd|the other one|ikinci*|ikincisi*|2 nci|2 inci|zweite|zweiten|zweiter|zweites|deuxième|second|seconde|2ème|2eme|2e|второй|вторая|второе|вторую|второго|vtoroj|vtoroy|الثاني|الثانية|التاني|التانية|ثاني واحد|تاني واحد|ثاني خيار|الثانيه|el tani|tani wa7ad|thani',
    number: 'two|iki|zwei|zwo|deux|два|dva|اثنين|اتنين|tnen|itnen',
  },
  {
    ordinal:
      'third|3rd|üçüncü*|3 üncü|dritte|dritten|dritter|drittes|troisième|3ème|3eme|3e|третий|третья|третье|третью|третьего|tretij|tretiy|الثالث|الثالثة|التالت|التالتة|ثالث واحد|el talet',
    number: 'three|üç|drei|trois|три|tri|ثلاثة|تلاتة|ثلاثه|tlete|talata',
  },
  {
    ordinal:
      'fourth|4th|dördüncü*|vierte|vierten|vierter|viertes|quatrième|4ème|4eme|четвертый|четвертая|четвертое|четвертую|الرابع|الرابعة|رابع واحد',
    number: 'four|dört|vier|quatre|четыре|اربعة|اربعه',
  },
  {
    ordinal: 'fifth|5th|beşinci*|fünfte*|cinquième|пятый|пятая|пятое|пятую|الخامس|الخامسة',
    number: 'five|beş|fünf|cinq|пять|خمسة|خمسه',
  },
  {
    ordinal: 'sixth|6th|altıncı*|sechste*|sixième|шестой|шестая|шестое|шестую|السادس|السادسة',
    number: 'six|altı|sechs|шесть|ستة|سته',
  },
  {
    ordinal: 'seventh|7th|yedinci*|siebte*|septième|седьмой|седьмая|седьмое|седьмую|السابع|السابعة',
    number: 'seven|yedi|sieben|sept|семь|سبعة|سبعه',
  },
  {
    ordinal: 'eighth|8th|sekizinci*|achte*|huitième|восьмой|восьмая|восьмое|восьмую|الثامن|الثامنة',
    number: 'eight|sekiz|acht|huit|восемь|ثمانية|ثمانيه',
  },
  {
    ordinal: 'ninth|9th|dokuzuncu*|neunte*|neuvième|девятый|девятая|девятое|девятую|التاسع|التاسعة',
    number: 'nine|dokuz|neun|neuf|девять|تسعة|تسعه',
  },
];

export const cheapest =
  'cheapest|cheaper|cheap|cheapest one|least expensive|less expensive|lowest price|lowest|most affordable|affordable|budget one|en ucuz*|ucuz*|daha ucuz*|en uygun*|uygun olan*|en uygun olan*|uygun fiyatlı*|en hesaplı*|hesaplı*|en düşük fiyat*|günstig*|am günstigsten|billig*|am billigsten|preiswert*|preisgünstig*|moins cher|moins chère|moins chers|moins coûteux|moins coûteuse|plus économique|meilleur marché|plus bas prix|pas cher|дешев*|подешевле|самый дешевый|самая дешевая|самое дешевое|самый дешёвый|тот что дешевле|что подешевле|бюджетн*|недорог*|выгодн*|самый выгодный|الارخص|ارخص*|ارخص واحد|اقل سعر*|الاقل سعرا|الاقل تكلفة|الاوفر|اوفر|الرخيص*|رخيص*|samyj deshevyj|deshevle|podeshevle|el ar5as|ar5as';

export const fastest =
  'fastest|faster|quickest|quicker|shortest|shorter|en hızlı*|hızlı olan*|en kısa*|kısa olan*|en çabuk*|schnellste*|am schnellsten|schnellere*|kürzeste*|am kürzesten|kürzere*|plus rapide|plus court|plus courte|moins long|moins longue|самый быстрый|самая быстрая|быстр*|побыстрее|самый короткий|коротк*|покороче|الاسرع|اسرع*|اسرع واحد|الاقصر|اقصر*';

export const last =
  'last|last one|latter|the latter|bottom one|final one|sonuncu*|son|sondaki*|en son*|en sondaki*|letzte|letzten|letzter|letztes|zuletzt genannte|dernier|dernière|ce dernier|последний|последняя|последнее|последнюю|последнего|poslednij|posledniy|الاخير|الاخيرة|اخر واحد|اخر واحدة|اخر خيار|اخر شي|el akhir|a5er wa7ad';

export const none =
  "none|none of these|none of those|none of them|none of the above|neither|neither of them|neither of these|no none|not these|not any of these|nothing of that|nothing fits|nothing suits|another day|other day|a different day|different day|other days|other date|another date|other dates|different date|different dates|another time|something else|another one|other options|another option|other flights|another flight|different flight|different flights|other offers|another offer|other places|another city|another airport|hiçbiri*|hiç biri*|hiçbirini*|bunlardan hiçbiri|bunların hiçbiri|başka gün*|başka bir gün*|başka tarih*|başka bir tarih*|başka uçuş*|başka bir uçuş*|başka seçenek*|başka bir seçenek*|başka bir şey|farklı gün*|farklı bir gün*|farklı tarih*|farklı bir tarih*|başka teklif*|başka bir teklif*|hiç uymuyor|hiçbiri uymuyor|keine davon|keiner davon|keines davon|keins davon|keine von|keiner von|keins von|keinen davon|keinen von|nichts davon|nichts passendes|keiner passt|keine passt|anderen tag|anderer tag|andere tage|an einem anderen tag|ein anderer tag|einen anderen tag|anderes datum|ein anderes datum|andere flüge|anderen flug|einen anderen flug|andere option*|andere angebote|anderes angebot|was anderes|etwas anderes|aucun|aucune|aucun des trois|aucun des deux|aucune des trois|aucun de ceux|aucun d'eux|aucune d'elles|aucune de ces|aucun de ces|ni l'un ni l'autre|autre jour|un autre jour|autre date|une autre date|d'autres dates|autres dates|autres vols|un autre vol|autre vol|autre offre|autres offres|autre chose|rien de tout ça|rien de tout cela|rien ne me convient|ни один|ни одна|ни одно|ни один из них|ни один не подходит|никакой из|никакой|ничего из|ничего из этого|ничего не подходит|другой день|в другой день|другая дата|другую дату|другие даты|другое число|другие рейсы|другой рейс|другие варианты|другой вариант|что нибудь другое|другое предложение|ни тот ни другой|ولا واحد*|ولا واحدة|ولا وحده|ولا شي|ولا شي منهم|لا شيء منها|لا شيء من هذا|ولا خيار|يوم ثاني|يوم تاني|يوم اخر|في يوم اخر|تاريخ ثاني|تاريخ اخر|موعد اخر|رحلة ثانية|رحلة اخرى|رحلات اخرى|خيار ثاني|خيار اخر|خيارات اخرى|غيرها|غيرهم|شي ثاني|شيء اخر|عرض اخر|drugoj den|drugoy den|yom tani|yom tene";

/** What is picked, and words around it that change nothing. */
export const options =
  "alıyoruz|alıyorum|alırız|istiyoruz|seçiyoruz|yok mu|var mı|mümkün mü|olur mu|gibt es|hätten sie|haben sie|avez vous|есть ли|есть|عندكم|فيه|في|one|ones|option|options|number|no|nr|num|n|flight|offer|choice|variant|deal|the|olan|olanı|olsun|olur|numara*|no lu|nolu|numaralı|seçenek*|uçuş*|teklif*|alalım|alayım|alırım|seçiyorum|seçtim|seçelim|tercih ediyorum|nummer|nr|variante|option|flug|angebot|möglichkeit|die|der|das|den|nehme|nehmen|nehmen wir|ich nehme|wir nehmen|numéro|numero|num|offre|option|vol|choix|le|la|les|prends|je prends|on prend|prendre|celui|celle|номер|вариант|рейс|предложение|тот|та|то|этот|что|который|беру|выбираю|берем|возьму|выберу|давайте|рейс номер|رقم|خيار|الخيار|رحلة|الرحلة|عرض|العرض|اختار|اخترت|ناخذ|اخذ|باخذ|بدي|ابي|ابغى|اريد|i ll take|i ll have|i ll go with|i will take|i take|i choose|i d like|i want|i prefer|i would like|we take|we ll take|we ll have|let s take|let s do|let s go with|go with|going with|give me|book|book me|take|prefer|choose|pick|my pick is|works|works for me|is good|is fine|is better|sounds good|suits me|suits us|for us|for me|it is|that|that one|this|this one|of them|bana|bize|bunu|şunu|istiyorum|istiyoruz|isterim|lütfen|uygun|daha iyi|iyi|wäre|hätte|hätte gern|hätte gerne|möchte|ich möchte|will|ich will|bitte|wäre gut|ist gut|ist besser|passt|passt mir|passt uns|passt gut|gefällt mir|lieber|dann|je veux|je voudrais|veux|voudrais|je choisis|choisis|je préfère|préfère|me va|me convient|nous va|nous convient|serait bien|est bien|svp|plutôt|c'est|хочу|хотим|нам|мне|подходит|подойдет|лучше|пожалуйста|устраивает|будет|на|надо|нужен|مناسب|مناسبة|احسن|افضل|كويس|من فضلك|لو سمحت|خلينا على|خليها|هو|هي|منهم|منها|in|with|work for me|work for us|suit me|do|any|fits|fit|not|can|we|is there|of|day|please|uymuyor|bana uymuyor|uymadı|gün|davon|passt mir nicht|passen|ne me convient|ne me va|ne me conviennent|convient|не подходит|из них|ما يناسبني|يناسبني";

/** A number that counts in one of these is no place in a list. */
export const notPlaces =
  'a second|one second|just a second|two seconds|first of all|at first|first time|last time|last night|last week|last month|last year|ilk önce|ilk defa|ilk kez|son defa|son hafta|son zamanlarda|geçen|zuerst|erst mal|erstmal|zum ersten mal|letzte woche|letzten monat|letztes jahr|letzte nacht|tout d abord|d abord|première fois|dernière fois|la semaine dernière|во первых|в первый раз|в последний раз|на прошлой|اول شي|اول مرة|اول مره|اخر مرة|قبل كل شيء';
