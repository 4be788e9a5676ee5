/**
 * How patients ask for what we know of their own affairs, their flights and their payments: every language in one list, written as in
 * `Lexicon`. Lists are put together by `own-affairs.ts`.
 */
export const ownAffairs = {
  /** The flight that somebody has. */
  flight:
    'my flight|my flights|our flight|our flights|the flight|my return flight|return flight|flight back|my ticket|my tickets|our tickets|my itinerary|itinerary|my booking|my reservation|booking details|flight details|my trip|our trip|my plane|flight number|departure|flight time|flight times|reference number|booking number' +
    '|mein flug|meine flüge|meinen flug|meinem flug|meines flugs|unser flug|unsere flüge|mein rückflug|meinen rückflug|rückflug|rueckflug|hinflug|der flug|mein ticket|meine tickets|meine flugtickets|flugnummer|flugdaten|abflug|meine buchung|buchungsnummer|meine reise|mein flieger|flieger' +
    '|uçuşum*|uçuşumuz*|uçuş saat*|uçuş bilgi*|biletim*|biletimiz*|bilet bilgi*|uçağım*|uçağımız*|uçak|dönüş uçuş*|dönüş uçağ*|dönüş bilet*|gidiş uçuş*|dönüşüm*|dönüşümüz*|rezervasyonum*|rezervasyon numaram|uçuş numara*|kalkış' +
    '|رحلتي|رحلتنا|رحلة العودة|رحله العوده|الرحلة|رحلة الرجوع|تذكرتي|تذاكري|تذكرتنا|التذكرة|طيارتي|الطيارة|طائرتي|حجزي|رقم الحجز|رقم الرحلة|موعد السفر|موعد الرحلة' +
    '|мой рейс|моего рейса|мои рейсы|наш рейс|обратный рейс|обратного рейса|рейс|мой билет|мои билеты|билеты|моя бронь|мою бронь|моей брони|номер брони|номер рейса|мой вылет|вылет|самолет|самолёт|обратный билет' +
    "|mon vol|mes vols|notre vol|nos vols|vol retour|vol de retour|le vol|mon billet|mes billets|nos billets|ma réservation|numéro de réservation|numéro de vol|mon avion|l'avion|mon voyage|mon départ|mon itinéraire" +
    '|reisat el 3awde|re7leti|tiketi',
  /** What is asked of it. */
  asks:
    "when|what time|at what time|which day|what day|what date|where|which airport|what airport|which terminal|which flight|what is|what's|whats|what was|wich|remind me|tell me again|show me|send me|again please|did you book|is it booked|booked yet|confirmed yet" +
    '|wann|um wie viel uhr|um wieviel uhr|wie viel uhr|wieviel uhr|welcher tag|an welchem tag|welcher flug|welchen flug|welcher flughafen|von wo|wo|wie lautet|wie ist|was ist|nochmal schicken|noch mal schicken|nochmal sagen|erinnern sie mich|schon gebucht|schon bestätigt' +
    '|ne zaman|nezaman|saat kaçta|saat kaç|kaçta|hangi gün|hangi tarihte|hangi uçuş|hangi havaliman*|nereden|nerden|nerede|nedir|neydi|ne idi|kaç numara|tekrar atar mısınız|tekrar gönder*|tekrar yaz*|hatırlat*|ayın kaçında|belli oldu mu|alındı mı|kesildi mi' +
    '|متى|متي|امتى|ايمتى|ايمت|اي ساعة|أي ساعة|الساعة كم|كم الساعة|اي يوم|أي يوم|وين|من وين|اي مطار|أي مطار|شو|ايش|ما هو|ما هي|كم رقم|ذكروني|ارسلوا لي|ابعتولي|تم الحجز' +
    '|когда|во сколько|в какое время|какого числа|в какой день|какой|откуда|из какого аэропорта|где|куда|напомните|пришлите еще раз|пришлите ещё раз|уже забронирован*|готов ли|готовы ли' +
    "|quand|à quelle heure|a quelle heure|quelle heure|quel jour|quelle date|quel vol|quel aéroport|d'où|où|quel est|quelle est|c'est quoi|rappelez moi|renvoyez moi|redites moi|déjà réservé" +
    '|emta|aymta|kogda|vo skolko',
  /** Asks for it by itself. */
  wholly:
    "when do i fly|when do we fly|when am i flying|when are we flying|when do i leave|when do we leave|when do i travel|when do i fly back|when do i go home|when do i come back|when do we fly back|what time do i fly|what time do we fly|wann fliege ich|wann fliegen wir|wann flieg ich|wann geht es los|wann geht's los|wann geht s zurück|wann geht es zurück|wann fliege ich zurück|wann flieg ich zurück|wann fliegen wir zurück|wann gehts zurück|ne zaman uçuyorum|ne zaman uçuyoruz|ne zaman uçacağım|ne zaman uçacağız|ne zaman dönüyorum|ne zaman dönüyoruz|ne zaman döneceğim|kaçta uçuyorum|kaçta uçuyoruz|ne zaman gidiyorum|ne zaman yola çıkıyorum|متى اسافر|متى أسافر|متى نسافر|متى ارجع|متى أرجع|متى نرجع|متى اطير|امتى اسافر|امتى ارجع|امتى بسافر|ايمتى بسافر|когда я лечу|когда мы летим|когда мне лететь|когда лечу|когда я улетаю|когда мы улетаем|когда лечу обратно|когда я лечу обратно|когда обратно|во сколько лечу|quand est ce que je pars|quand est-ce que je pars|quand je pars|quand pars je|quand est ce qu'on part|quand partons nous|quand est ce que je vole|quand est ce que je rentre|quand je rentre|à quelle heure je pars|à quelle heure on part|رقم رحلتي|رقم حجزي|شو رقم رحلتي|when is my flight|where do i fly from|which airport do i fly from|von wo fliege ich",
  /** Not what they have, but what they want, or what goes along with it. */
  other:
    'change*|changing|cancel*|rebook*|reschedul*|earlier|later|cheaper|cheap|another|other|different|price*|cost*|how much|luggage|baggage|suitcase|upgrade|seat*|delay*|meal|wheelchair|pet|book me|want to book|would like to book|visa|transfer|hotel|pick up|pickup|need a flight|looking for|available|direct flights|flights are there|surgery|operation|clinic|doctor|appointment' +
    '|umbuch*|stornier*|änder*|verschieb*|früher|später|billiger|günstiger|andere*|preis*|kost*|wie viel kostet|gepäck|koffer|sitz*|verspät*|hotel*|abholung|abgeholt|op|operation|arzt|klinik|termin|möchte buchen|will buchen|gibt es flüge' +
    '|değiştir*|iptal*|ertele*|erken|daha geç|ucuz*|başka*|fiyat*|ücret*|ne kadar|bagaj*|valiz*|bavul*|koltuk*|rötar*|gecik*|otel*|karşıla*|ameliyat*|doktor*|klinik*|randevu*|almak istiyorum|bakıyorum|var mı' +
    '|تغيير|اغير|أغير|الغاء|إلغاء|الغي|تأجيل|ابكر|متأخر|ارخص|أرخص|غير|سعر|اسعار|بكم|كم سعر|امتعة|عفش|شنطة|مقعد|فندق|استقبال|العملية|عملية|دكتور|العيادة|موعد العملية' +
    '|поменя*|измен*|отмен*|перенес*|раньше|позже|дешевле|друго*|други*|цен*|сто[ия]т|сколько стоит|багаж*|чемодан*|место|задерж*|отел*|встреч*|операц*|врач*|клиник*|хочу купить|есть ли' +
    '|chang*|modifi*|annul*|report*|plus tôt|plus tard|moins cher|autre*|prix|coût*|combien|bagage*|valise*|siège*|retard*|hôtel*|transfert|opération|médecin|clinique|rendez vous|je veux réserver|je voudrais réserver',
  /** Money that was given. */
  paid:
    'i paid|i have paid|ive paid|i already paid|we paid|we have paid|weve paid|just paid|paid already|already paid|my payment|our payment|the payment|my money|my transfer|i was charged|was charged|got charged|been charged|card was charged|charged my card|debited|i transferred|i sent the money|sent the money|paid twice|pay twice|paid two times|double payment|payment went|payment go|payment gone|payment arrive*|payment come|payment came' +
    '|ich habe bezahlt|habe bezahlt|hab bezahlt|haben bezahlt|schon bezahlt|bereits bezahlt|ich habe gezahlt|habe gezahlt|hab gezahlt|meine zahlung|unsere zahlung|die zahlung|mein geld|das geld|überwiesen|überweisung|abgebucht|doppelt bezahlt|zweimal bezahlt|zahlung ist|zahlung angekommen|geld ist' +
    '|ödedim|ödedik|ödeme yaptım|ödeme yaptık|ödemeyi yaptım|ödemeyi yaptık|ödemeyi|ödemem|ödememiz|ödemeniz|ödeme geçti*|ödeme ulaştı*|ödeme geldi*|ödemeyi aldı*|param|parayı*|para çekildi|para gitti|çekildi|kartımdan*|havale*' +
    '|دفعت|دفعنا|لقد دفعت|انا دفعت|دفعتي|الدفعة|الدفعه|عملية الدفع|المبلغ|فلوسي|الفلوس|حولت|التحويل|انخصم|خصم|سحبت|انسحب' +
    '|я оплатил*|оплатил*|мы оплатили|я заплатил*|заплатил*|моя оплата|мою оплату|моей оплаты|оплата прошла|оплата дошла|оплата поступила|мой платеж|мой платёж|платеж|платёж|мои деньги|деньги|списали|списал*|перевел*|перевёл|перевод' +
    "|j'ai payé|j ai payé|jai payé|on a payé|nous avons payé|déjà payé|mon paiement|notre paiement|le paiement|mon argent|l'argent|débité|débitée|prélevé|virement" +
    '|dafa3t|oplatil|oplatila|zaplatil',
  /** Whether it came. */
  came:
    'get my|got my|did you get|have you got|did you receive|have you received|receive*|received|arrive*|come through|came through|go through|gone through|went through|see my|can you see|confirm*|reach*|check|know if|ok with|okay with|success*|work*' +
    '|angekommen|ankommt|eingegangen|erhalten|bekommen|da ist|ist da|geklappt|funktioniert|durchgegangen|sehen sie|sieht man|bestätig*|prüfen|gebucht' +
    '|ulaştı*|geldi*|aldınız*|geçti*|görün*|oldu mu|onayla*|kontrol*|tamam mı|sorun' +
    '|وصل*|وصلت|وصلكم|وصلتكم|استلم*|اكد*|تأكيد|تم|نجح*|شفت*' +
    '|дошл*|дошёл|дошел|пришл*|пришел|пришёл|поступил*|получили|прошл*|прошел|прошёл|видите|видно|подтверд*|проверьте' +
    '|reçu*|arrivé*|bien passé|passé|passée|confirm*|vérifi*|voyez|marché|bien eu',
  twice:
    'twice|two times|2 times|2x|x2|double|doubly|doubled|two payments|2 payments|zweimal|zwei mal|2 mal|2mal|doppelt|doppelte|iki kere|iki kez|iki defa|2 kere|2 kez|2 defa|çift|iki kat|mükerrer|مرتين|مرتان|دفعتين|مكرر|дважды|два раза|2 раза|двойн*|повторно|deux fois|2 fois|en double|double|marratayn|marteen|dvazhdy|dva raza',
  /** It is to go back, or is a question of how to pay. */
  money:
    'refund*|money back|give back|how can i pay|how do i pay|can i pay|where do i pay|cash|installment*|instalment*|invoice|receipt|erstatt*|zurückerstatt*|geld zurück|wie kann ich|bar|raten|rechnung|quittung|iade*|geri öde*|nasıl öde*|nakit|taksit*|fatura*|fiş|استرداد|استرجاع|ارجاع|كيف ادفع|كاش|تقسيط|فاتورة|возврат*|верните|вернуть|как оплатить|наличн*|рассрочк*|счет|счёт|чек|rembours*|comment payer|espèces|plusieurs fois|facture|reçu de|deposit|kapora|anzahlung|acompte|عربون|предоплат*',
} as const;
