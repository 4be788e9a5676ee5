/** Words of changing a part of the trip, every language in one list, written as in `Lexicon`. */
export const changing = {
  change:
    "change|changing|alter|modify|correct|different|wrong|isn't right|is not right|not right|not correct|incorrect|mistake|switch|move|reschedule|postpone|another" +
    '|ändern|aendern|ändere|geändert|anders|andere|anderer|anderen|anderes|falsch|stimmt nicht|nicht richtig|korrigieren|verschieben|wechseln|umbuchen' +
    '|değiştir*|başka|farklı|yanlış|hatalı|doğru değil|düzelt*|ertele*|kaydır*' +
    '|تغيير|اغير|أغير|نغير|غير|غيروا|تعديل|اعدل|أعدل|نعدل|تبديل|ابدل|غلط|خطأ|مو صحيح|مش صح|تأجيل|اجل|أؤجل|ثاني|تاني' +
    '|изменить|измен*|поменять|поменя*|сменить|перенести|перенес*|другой|другая|другую|другое|другие|неправильно|неверно|не так|не та|не тот|ошибка|исправ*' +
    '|changer|change|changement|modifier|corriger|autre|différent|faux|fausse|pas correct|pas correcte|pas bon|pas bonne|erreur|reporter|décaler|déplacer' +
    '|degistir*|izmenit|pomenyat|aghayer|aghayyer',
  dates:
    'date|dates|day|days|departure date|return date|when|datum|daten|tag|termin|reisedatum|abflugdatum|rückflugdatum|tarih*|gün|günü|günümü|günleri|dönüş tarihi|gidiş tarihi|التاريخ|تاريخ|الموعد|موعد|اليوم|يوم|дата|дату|даты|датой|день|дни|число|числа|date|dates|jour|jours|la date|les dates',
  origin:
    'place|city|airport|departure city|departure airport|origin|where i fly from|ort|stadt|flughafen|abflugort|abflughafen|startort|yer|yeri|şehir|şehri|havaliman*|havaalan*|kalkış yeri|çıkış yeri|kalkış noktası|المكان|مكان|المدينة|مدينة|المطار|مطار|место|город|аэропорт|город вылета|lieu|ville|aéroport|départ',
  party:
    'traveller*|traveler*|passenger*|number of people|people|persons|adults|children|kids|party|how many|reisende*|passagier*|personen|personenzahl|erwachsene|kinder|anzahl|yolcu*|kişi sayısı|kişi|kişileri|yetişkin*|çocuk*|المسافرين|عدد المسافرين|الركاب|عدد الاشخاص|الاشخاص|الاطفال|пассажир*|количество|людей|человек|взрослых|детей|voyageurs|passagers|nombre de personnes|personnes|adultes|enfants',
  procedure:
    'treatment|procedure|behandlung|eingriff|tedavi*|işlem*|العلاج|الاجراء|лечение|процедур*|traitement|soin|soins|intervention',
  /** Something of it, and no word of what. */
  anything:
    'change something|change anything|change some things|change a few things|change some details|change the details|change the trip|change my trip|change my booking|modify something|modify my trip|make a change|make changes|make some changes' +
    '|etwas ändern|was ändern|etwas aendern|was aendern|die reise ändern|meine reise ändern|meine buchung ändern|änderung machen|änderungen machen|etwas umbuchen' +
    '|bir şey değiştir*|bir şeyi değiştir*|bir şeyler değiştir*|bişey değiştir*|bir sey degistir*|bisey degistir*|değişiklik yap*|degisiklik yap*|yolculuğu değiştir*|yolculuğumu değiştir*|seyahati değiştir*|seyahatimi değiştir*' +
    '|اغير شي|أغير شي|اغير شيء|أغير شيئا|اغير حاجة|تغيير شيء|تغيير شي|تعديل شيء|تعديل شي|اعدل شي|أعدل شيئا|اغير الرحلة|تغيير الرحلة|تعديل الرحلة|تغيير الحجز|تعديل الحجز' +
    '|что то изменить|что то поменять|кое что изменить|кое что поменять|изменить что то|поменять что то|изменить кое что|поменять кое что|изменить поездку|поменять поездку|внести изменения|изменить бронь' +
    '|changer quelque chose|modifier quelque chose|changer mon voyage|modifier mon voyage|changer le voyage|modifier le voyage|faire un changement|faire une modification|modifier ma réservation|changer ma réservation',
  /** Something else is to be changed. */
  other:
    'phone|number is|name|language|money|currency|bandage*|dressing*|clothes|diaper*|room|hotel|doctor|clinic|mind|nummer|sprache|name|verband|zimmer|hotel|arzt|klinik|telefon*|isim|adım|dil|pansuman*|bandaj*|oda|otel|doktor*|الرقم|الاسم|اللغة|الضماد|الغرفة|الفندق|الدكتور|номер|имя|язык|повязк*|комнат*|отель|врач*|numéro|nom|langue|pansement*|chambre|hôtel|médecin',
} as const;
