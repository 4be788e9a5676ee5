/**
 * What the words beside a place say of it, in all six languages at once: people mix them. Written like the lists of a
 * `Lexicon`; Arabic and Russian in Latin letters, too.
 */
export const ways = {
  /** A journey begins there. */
  departs:
    'flying from|fly from|flights from|flight from|flying out of|fly out of|departing|departing from|departure|departure from|depart from|leaving|leaving from|leave from|out of|travelling from|traveling from|travel from|coming from|come from|starting from|start from|tickets from|ticket from' +
    '|ab|abflug|abflug von|abflug ab|abflug aus|abflughafen|startflughafen|start in|flug von|flug ab|flug aus|flüge ab|flüge von|fliege von|fliege aus|fliegen von|fliegen aus|fliegen ab|starte in|starte von|komme von|anreise aus|anreise von' +
    '|вылет|вылет из|вылет с|вылетаем|вылетаю|вылетаем из|вылетаю из|вылетать из|вылетим из|вылечу из|лечу из|летим из|лететь из|полечу из|полетим из|рейс из|билет из|билеты из|перелет из|приеду из|прилечу из|прилетим из|выезжаю из|отправление|город вылета' +
    '|départ|départ de|départ d|au départ de|au départ d|au départ du|départ depuis|partant de|en partant de|partir de|partir d|partir du|pars de|pars d|pars du|partons de|partons d|on part de|on part d|on part du|partirai de|partirai d|partirais de|partirons de|partirons d|vol de|vol depuis|vols depuis|vols de|décolle de|décoller de|à partir de|depuis|avion de|avion depuis' +
    '|kalkış yeri|kalkış|hareket yeri|çıkış|çıkış yeri|havaalanım|en yakın havaalanı|uçuş' +
    '|سأسافر من|أسافر من|اسافر من|بسافر من|نسافر من|مسافر من|مسافرة من|مسافرين من|السفر من|سفري من|سفر من|المغادرة من|مغادرة من|أغادر من|اغادر من|الانطلاق من|انطلاقا من|منطلق من|أطير من|اطير من|بطير من|طيران من|الطيران من|رحلة من|رحلتي من|تذكرة من|قادم من|قادمة من|قادمين من|جاي من|جايين من|جاية من|راح اجي من|اجي من|آتي من|سآتي من' +
    '|vylet iz|lechu iz|letim iz|vyletaem iz|vyletayu iz|bsafer mn|msafer mn|jay mn|jai mn|gelicem',
  /** Somebody lives or is there. */
  lives:
    'i live in|we live in|live in|living in|lives in|live near|living near|based in|i m based in|i am based in|i am in|we are in|currently in|now in|i stay in|staying in|residing in|resident in|moved to|live at|im in|i m in' +
    '|wohne in|lebe in|wohnen in|leben in|wohnhaft in|wohn in|leb in|ich bin in|wir sind in|wohne bei|wohne nähe|lebe bei|wohne jetzt in|lebe jetzt in|sitze in|zuhause in|zu hause in' +
    '|живу в|живем в|живу во|нахожусь в|находимся в|проживаю в|проживаем в|живу под|живу рядом с|сейчас в|я в|мы в|живу сейчас в|сейчас живу в|переехал в|переехала в' +
    '|j habite à|j habite|habite à|nous habitons à|habitons à|habite a|je vis à|je vis a|vis à|vivons à|nous vivons à|je réside à|réside à|je suis à|nous sommes à|domicilié à|domiciliée à|j habite sur|j habite vers|installé à' +
    '|أسكن في|اسكن في|ساكن في|ساكنة في|ساكنين في|ساكن ب|أعيش في|اعيش في|عايش في|عايشة في|عايشين في|عايش ب|أقيم في|اقيم في|مقيم في|مقيمة في|مقيمين في|انا في|أنا في|احنا في|نحن في|موجود في|موجودة في|موجودين في|نعيش في|نسكن في|متواجد في|حاليا في|قاعد في|قاعدة في|ساكن|ساكنة|عايش|عايشة|مقيم|مقيمة' +
    '|zhivu v|jivu v|zivu v|ya v|aish fi|a3ish fi|3ayesh fi|ana fi|saken fi|sakin fi|sakna fi',
  /** A person comes from there, or a journey begins there. */
  from:
    'from|frm|fron|aus|из|из под|depuis|من|originaire de|originaire d|je suis de|je viens de|je viens d|je viens du|viens de|viens d|venir de|venir d|nous venons de|venons de|venons d|venant de|provenance de|en provenance de|je suis d|suis de|suis d|suis du|nous sommes de|on est de|on vient de' +
    '|ich bin aus|komme aus|komm aus|kommen aus|wir sind aus|ich komme aus|ich komm aus|stamme aus|aus der nähe von|in der nähe von|nähe|bei' +
    '|я из|мы из|родом из|nereden|откуда|город|city|stadt|ville|şehir|şehrim|مدينة|مدينتي|محافظة|انا من|أنا من|احنا من|إحنا من|نحن من|iz|ya iz|ana mn|ana min|ana men|mn|min|near|close to|next to|proche de|près de|à côté de|около|рядом с|под|قرب|قريب من|جنب|بالقرب من|near to|yakın',
  /** The same, but mostly they mean something else. */
  perhapsFrom: 'de|d|du|von|vom|с|со|от|s|ot|out',
  to: 'to|towards|into|arriving|arriving at|arriving in|arrive in|going to|fly to|flying to|travel to|flight to|nach|richtung|zum|zur|in die|bis|до|прилет в|летим в|лечу в|в|во|на|приеду в|прилечу в|à destination de|à destination d|destination|vers|pour|arrivée à|jusqu à|aller à|à|إلى|الى|باتجاه|نحو|لحد|الي|ala|ila|varış|hedef|v',
  /** Between such a word and the place. */
  between:
    'the|city|of|airport|central|around|near|somewhere|area|downtown|town|region|in|at|greater|beautiful|cold|sunny|rainy' +
    '|flughafen|der|stadt|dem|raum|den|nähe|die|region|großraum|schönen|das|hier|von' +
    '|la|le|les|l|ville|aéroport|de|d|du|région|centre|environs|près|banlieue|parisienne' +
    '|مدينة|مطار|في|المطار|منطقة|محافظة|ولاية|من|دولة|بلد' +
    '|города|город|аэропорта|аэропорт|городе|области|около|района|г|аэропорту|селе|поселка' +
    '|havalimanı|havaalanı|şehri|şehir|el|al',
  /** After the place. */
  departsAfter:
    'çıkışlı|kalkışlı|kalkış|çıkış|hareketli|hareketle|havalimanından|havaalanından|şehrinden|uçacağım|uçacağız|uçucam|uçucaz|uçarım|uçuyorum|uçuyoruz|uçmak|uçuş|uçabilirim|uçakla|gelicem|geleceğim|geleceğiz|gelicez|geliyorum|geliyoruz|gelirim|geliriz|gelcem|gelcez|gelmek|gelecek|gelecekler|gelebilirim|çıkıyorum|çıkacağım|çıkıcam|çıkıyoruz|kalkıyorum|kalkacak|bineceğim|binicem|biniyorum|yola çıkacağım|departure|is my departure|as departure|is closest|is the nearest|is my nearest|is the closest|is nearest|abflug|ist der nächste|ist mein abflughafen|wäre mein abflughafen|ist am nächsten|abfliegen|fliegen|losfliegen|wäre am besten|als abflughafen|est le plus proche|serait le plus proche|est mon aéroport|au départ|comme départ|comme aéroport|вылет|вылета|ближайший аэропорт|ближайший|ближе всего|ближе|лечу|летим|вылетаю|вылетаем|полечу|مكان المغادرة|أقرب مطار|هي أقرب|هو أقرب|اقرب مطار|هو الأقرب',
  livesAfter:
    'yaşıyor|yaşıyorum|yaşıyoruz|oturuyorum|oturuyoruz|oturuyor|ikamet|ikamet ediyorum|kalıyorum|is where i live|where i live|wohne ich|lebe ich|wohnen wir|wohnhaft|живу|живем|проживаю|yaşamaktayım|dayım|deyim|tayım|teyim|dayız|deyiz|tayız|teyiz',
  /** Right before the word or the place: not from there. */
  not: 'not|isn t|no longer|never|don t|nicht|kein|keine|не|pas|plus|مش|مو|ليس|ليست|لست|ما|ne',
  /** Right after it. */
  notAfter:
    'olmaz|olmasın|uymaz|istemiyorum|değil|degil|değilim|degilim|değiliz|hayır|не подходит|مش|لا|nicht|not|geht nicht|пока нет|pas',
  /** Where somebody was born or came from once, which says nothing of the journey. */
  once: 'originally|orig|born|born in|grew up in|native of|used to live in|used to live|lived in|last year|visited|been to|was in|ursprünglich|eigentlich aus|eigentlich|gebürtig|geboren|geboren in|aufgewachsen|aufgewachsen in|war in|waren in|früher|damals|aslen|doğma|doğumlu|doğdum|doğumluyum|memleket|memleketim|memleketi|nüfusa|nüfusuna kayıtlı|родом|родом из|родился в|родилась в|родился|родилась|уроженец|раньше жил в|раньше жила в|né à|née à|né|née|à l origine|originaire|originaire de|originaire d|d origine|natif|native|أصلا|اصلا|أصلي|اصلي|أصلي من|اصلي من|مواليد|ولدت في|مولود في|مولودة في|أصلي|بالأصل|بالاصل',
  /** On the way, or where something else is. */
  over: 'via|über|through|aktarmalı|aktarma|üzerinden|через|с пересадкой в|عبر|عن طريق|مرورا ب|transit|layover in|stopover in|connecting in|umstieg in|zwischenstopp in|escale à|en passant par|passant par|hotel in|hotel near|hospital in|clinic in|klinik in|doctor in|arzt in|hôpital à|clinique à|больница в|клиника в|врач в|مستشفى في|عيادة في|دكتور في|insurance from|versicherung aus|regards from|greetings from|grüße aus|gruss aus|привет из|selamlar|salutations de|docteur de|docteur à|médecin de|dentiste de|hôpital de|clinique de|prix de|prix à|arzt aus|ärzte aus|klinik aus|doctor from|doctors from|dentist from|clinic from|friend from|freund aus|freundin aus|ami de|amie de|thanks from|regards de|doktor von',
  /** The place before was wrong, the one after it is right. */
  instead:
    'sorry|i mean|i meant|actually|rather|correction|instead|better|sondern|besser|lieber|doch|entschuldigung|ich meine|ich meinte|korrektur|стоп|точнее|вернее|ошибся|ошиблась|а|лучше|pardon|plutôt|je voulais dire|finalement|enfin|en fait|yani|pardon|daha doğrusu|aslında|yok|yanlış|düzeltiyorum|قصدي|أقصد|اقصد|عفوا|بل|آسف|لا|بدلا|no|nein|non|hayır|нет',
  or: 'or|oder|ou|veya|ya da|yada|ya|или|либо|أو|او|and|und|et|ve|и|و',
  /** Says nothing beside the answer. */
  beside:
    'i|we|m|am|is|it|s|will|would|be|my|our|me|please|pls|plz|thanks|thank you|hi|hello|hey|yes|yeah|yep|ok|okay|sure|well|so|think|guess|probably|maybe|close|closest|nearest|flight|international|too|also|uk|then|that|there|here|would be|fly|flying|live|from' +
    '|ich|wir|bin|sind|ist|es|wäre|würde|würden|möchte|möchten|bitte|danke|ja|also|hallo|guten|tag|am|besten|gern|gerne|glaube|denke|fliegen|fliege|kommen|komme|dann|mein|meine|da|näher|nächste|nächster|hier|wohl' +
    '|je|nous|c|est|ce|sera|serait|oui|merci|svp|s il vous plaît|bonjour|salut|ma|mon|bonsoir|plus|proche|pense' +
    '|ben|biz|evet|lütfen|lutfen|teşekkürler|selam|merhaba|tabii|olur|dan|den|tan|ten|ndan|nden|e|a|ya|ye|da|de|benim|en|yakın|sanırım|galiba|herhalde|slm' +
    '|я|мы|это|да|пожалуйста|спасибо|здравствуйте|привет|будет|мой|моя|наверное|думаю|ближе|всего|добрый|день' +
    '|evden|ev|evimden|home|zuhause|hause|дома|из дома|البيت|maison|chez moi|olsun|olur|olabilir' +
    '|انا|أنا|نحن|احنا|نعم|ايوه|اه|شكرا|من فضلك|لو سمحت|السلام عليكم|مرحبا|هو|هي|يكون|راح|تكون|ان شاء الله|إن شاء الله|اقرب|أقرب|هلا|تمام',
} as const;
