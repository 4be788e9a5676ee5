/**
 * Words that together ask for one's own flight, booking, price or payment, or how it goes on; every language in one list (en, tr, de, fr,
 * ru, ar), written as in `Lexicon`. `own-affairs.ts` puts the lists together.
 */
export const askedOfOwn = {
  /** Asks when, where from, at what time, which. */
  asksWhen: [
    'when|what time|which time|at what time|where|which airport|what airport|which terminal|which day|what day|what date|which date|which flight|what flight|how early|remind me',
    'ne zaman|nezaman|ne zmn|saat kaçta|saat kaç|kaçta|hangi gün|hangi saat*|hangi tarih*|nereden|nerden|hangi havaalan*|hangi havaliman*|hangi uçuş*|hangi uçak*|ayın kaçında',
    'wann|um wie viel uhr|um wieviel uhr|wie viel uhr|wieviel uhr|welche uhrzeit|uhrzeit|welcher uhrzeit|an welchem tag|welcher tag|welchen tag|wo|woher|von wo|von welchem|welcher flughafen|welchem flughafen|welcher flug|welchen flug|welches datum',
    'quand|à quelle heure|quelle heure|quel jour|quelle date|où|d où|de quel aéroport|quel aéroport|quel vol|quel terminal',
    'когда|во сколько|в котором часу|в какое время|какого числа|в какой день|какой день|откуда|из какого|какой рейс|какой у меня рейс|где|kogda|vo skolko|otkuda',
    'متى|امتى|ايمتى|متي|اي ساعة|الساعة كم|كم الساعة|اي يوم|من وين|من اين|من فين|وين|فين|اي مطار|اي رحلة|mata|emta',
  ],
  /** A flight, where somebody's own. */
  ownFlight: [
    'my flight*|my return*|my outbound|my plane|my departure|my way back|my trip home|my ticket|my tickets|our flight*|our return*|our plane|our departure|do i fly|do we fly|am i flying|are we flying|i am flying|do i leave|do we leave|do i depart|do we depart|do i return|do we return|do i land|do we land|do i arrive|do we arrive|am i leaving|am i departing|am i returning|do i go back|do we go back|am i going back|do i fly back|do i fly home|do i get back|do i take off|i fly|we fly|flying back|flying home|flight back|flight home|return flight|outbound flight|the flight leave|the plane leave|flight leave|flight depart',
    'uçuşum*|uçuşumuz*|uçağım*|uçağımız*|dönüşüm*|dönüşümüz*|gidişim*|gidişimiz*|biletim*|biletimiz*|dönüş uçuş*|dönüş uçağ*|dönüş ne zaman|gidiş uçuş*|kalkıyor|kalkıyo|kalkacak|uçuyorum|uçuyoruz|uçacağım|uçacağız|uçucam|dönüyorum|dönüyoruz|döneceğim|döneceğiz|dönücem|gidiyorum|gidiyoruz|yola çıkıyor*|iniyorum|iniyoruz|varıyorum|varıyoruz',
    'mein flug|meinen flug|meines fluges|mein rückflug|meinen rückflug|mein hinflug|meinen hinflug|unser flug|unser rückflug|unser hinflug|meine flüge|unsere flüge|mein flieger|unser flieger|mein abflug|meine abreise|meine rückreise|meine rückkehr|mein ticket|meine maschine|flieg ich|fliege ich|fliegen wir|ich fliege|wir fliegen|flieg ich zurück|fliege ich zurück|geht es zurück|gehts zurück|gehts los|geht es los|komme ich zurück|kommen wir zurück|lande ich|landen wir|reise ich|reisen wir|rückflug|hinflug|der flug|die flüge|das flugzeug',
    'mon vol|mes vols|mon avion|mon retour|mon départ|mon aller|mon billet|notre vol|nos vols|notre avion|notre retour|notre départ|est ce que je pars|est ce que je vole|est ce que je rentre|je pars|je repars|je rentre|je vole|je décolle|nous partons|on part|on rentre|on décolle|nous rentrons|pars je|rentre je|partons nous|vol retour|vol aller|le vol|le retour|l avion|décolle*|avion',
    'мой рейс|моего рейса|мой вылет|моего вылета|мой самолет|моего самолета|мой обратный|мои рейсы|моих билет*|мой билет|наш рейс|наш вылет|наш самолет|у меня рейс|у меня вылет|у нас рейс|у нас вылет|у меня обратн*|обратный рейс|обратный вылет|обратный билет|обратно|я лечу|я вылетаю|я улетаю|я прилетаю|мы летим|мы вылетаем|мы улетаем|лечу|вылетаю|улетаю|вылет|рейс|самолет|moy reys|moi reis|ya lechu|vylet',
    'رحلتي|رحلتنا|رحلة العودة|رحلة الرجوع|رحلة الذهاب|طيارتي|طيارتنا|طائرتي|طائرتنا|عودتي|رجعتي|رجوعي|موعد رحلتي|موعد الرحلة|موعد الطيران|تذكرتي|تذكرتنا|اسافر|بسافر|نسافر|مسافر|مسافرين|اطير|نطير|ارجع|برجع|نرجع|اعود|نعود|راجع|راجعين|الرحلة|الطيارة|الطائرة|تقلع|يقلع|re7lati|rehlati',
  ],
  /** May, must, should they: general, or for a doctor. And flights in general. */
  general: [
    'can i|could i|may i|should i|should we|must i|allowed|safe|able to|after surgery|after the surgery|after the operation|after treatment|how soon|do i have to|do i need|is there|are there|do you have|do you fly|recommend|best time|go home after|wash|shower|work again|sport|earliest|you offer|available|possible|book|buy',
    'uçabilir*|dönebilir*|gidebilir*|yapabilir*|gelmeliyim|gelmem|kalmam|lazım|gerek*|ameliyattan sonra|ameliyat sonrası|operasyondan|tedaviden|var mı|varmı|uygun mu|iyi olur|tavsiye|önerirsiniz|en erken|ayarlayabilir*|alabilir*',
    'kann ich|können wir|darf ich|dürfen wir|soll ich|sollen wir|sollte|muss ich|müssen wir|nach der op|nach der operation|nach dem eingriff|nach der behandlung|gibt es|haben sie|habt ihr|am besten|empfehl*|frühestens|duschen|arbeiten|buchen',
    'puis je|je peux|peut on|on peut|pouvons nous|pourrai je|dois je|faut il|je dois|après l opération|après l intervention|après la chirurgie|après le traitement|y a t il|avez vous|conseillez|recommand*|au plus tôt|réserver',
    'можно|могу|можем|смогу|нужно|надо|должен|должна|после операции|после лечения|после процедуры|есть ли|есть рейсы|лучше|советуете|рекоменд*|безопасно|купить|забронировать',
    'هل يمكن*|ممكن|اقدر|نقدر|استطيع|لازم|يجب|بعد العملية|بعد الجراحة|بعد العلاج|هل يوجد|في رحلات|فيه رحلات|عندكم|افضل|تنصح*|احجز|نحجز',
  ],
  what: [
    'what|which|what did|remind me|show me|send me|can you tell me|is|confirm*',
    'ne|neyi|hangi|hangisini|nedir|neydi|göster*|söyler*|mı|mi|mu|mü|yapıldı mı|onaylandı mı|tamam mı|oldu mu',
    'was|welche*|zeig*|sag*|ist|steht|habt ihr|haben sie',
    'qu|que|quoi|quel*|montre*|dites|est ce|est|rappel*',
    'что|какой|какую|какие|какая|покаж*|напомни*|подтвержд*|скажите|есть',
    'ماذا|وش|شو|ايش|ايه|اي|ما هو|ما هي|هل|وريني|ذكرني|تم',
  ],
  booked: [
    'did i book|i booked|have i booked|i have booked|i had booked|we booked|did we book|have we booked|my booking|our booking|my reservation|our reservation|did i choose|have i chosen|i chose|i picked|did i pick|did i reserve|i reserved|booking reference|booking number|my itinerary|my flight booked|my trip booked|flight confirmed|booking confirmed',
    'rezervasyonum*|rezervasyonumuz*|ayırttım|ayırttığım|aldığım bilet|aldım|seçtim|seçtiğim|seçmiştim|almıştım|rezerve ettim|rezerve etmiştim|rezervasyon numara*|rezervasyon kodu*|uçuşum onaylandı',
    'gebucht|meine buchung|unsere buchung|meiner buchung|meine reservierung|buchungsnummer|buchungsbestätigung|ausgewählt|ausgesucht|gewählt|meine reise gebucht',
    'j ai réservé|je ai réservé|ai je réservé|ai réservé|nous avons réservé|avons réservé|ma réservation|notre réservation|j ai choisi|je ai choisi|ai choisi|numéro de réservation|mon itinéraire',
    'я забронировал*|мы забронировали|забронировал*|забронировано|моя бронь|мою бронь|моей брони|наша бронь|мое бронирование|моего бронирования|номер брони|я выбрал*|мы выбрали|я заказал*',
    'حجزت*|حجزنا*|حجزي|الحجز حقي|رقم الحجز|اخترت|اخترنا|تاكد حجزي',
  ],
  howMuch: [
    'how much|what do i owe|what do i have to pay|the total|total price|total cost|what does my|what did my|what is the price of my|price of my|cost of my|what did i pay',
    'ne kadar|nekadar|ne kdr|kaç para|kaç lira|kaç euro|toplam*|tutar*|borcum*|fiyatı',
    'wie viel|wieviel|was kostet|was hat|was habe ich|was muss ich|gesamtpreis|gesamtbetrag|endpreis|summe|preis',
    'combien|quel est le prix|quel prix|prix total|montant total|le total',
    'сколько|какая сумма|общая сумма|итого|цена|стоимость|skolko',
    'كم|بكم|بكام|المبلغ كم|المجموع|الاجمالي|سعر',
  ],
  /** What is bought here, and is somebody's own. */
  ownPrice: [
    'did i pay|have i paid|i paid|do i owe|i owe|do i still owe|do i have to pay|do we have to pay|do i need to pay|must i pay|i have to pay|should i pay|my flight*|my trip|my ticket*|my booking|my reservation|our flight*|our trip|our ticket*|our booking|both of us together|for the flight|for the flights|for my flight*|for the tickets|flight i chose|flight i picked|left to pay|remaining',
    'ödedim|ödemişim|ödedik|ödeyeceğim|ödeyeceğiz|ödemem gerek*|ödemem lazım|ödicem|borcum*|borcumuz*|uçuşum*|uçuşumuz*|biletim*|biletimiz*|rezervasyonum*|seyahatim*|uçağım*|kalan ödeme',
    'habe ich bezahlt|habe ich gezahlt|ich bezahlt|hab ich bezahlt|hab ich gezahlt|haben wir bezahlt|muss ich zahlen|muss ich bezahlen|muss ich noch|müssen wir zahlen|müssen wir bezahlen|mein flug|meine flüge|mein ticket|meine tickets|meine buchung|meine reise|unser flug|unsere flüge|unsere reise|unsere buchung|der gebuchte flug|mein rückflug',
    'ai je payé|je ai payé|j ai payé|ai payé|dois je payer|je dois payer|dois payer|dois je encore|je vous dois|mon vol|mes vols|mon billet|mes billets|ma réservation|mon voyage|notre vol|notre voyage|reste à payer',
    'я заплатил*|я оплатил*|мы заплатили|мне платить|мне нужно заплатить|мне надо заплатить|мне нужно оплатить|я должен заплатить|я должна заплатить|я должен|я должна|мой билет|мои билеты|мой рейс|мой перелет|моя поездка|моя бронь|мое бронирование|за билет*|нам платить|осталось заплатить|осталось доплатить',
    'دفعت|دفعنا|علي ادفع|لازم ادفع|يجب ان ادفع|علي من فلوس|تذكرتي|تذاكرنا|تذاكري|رحلتي|رحلتنا|حجزي|حجزنا|باقي علي|المتبقي',
  ],
  payment: [
    'payment|payments|my money|the money|money|transfer|transaction|deposit|card payment|i paid|i have paid|ive paid|i already paid|i just paid',
    'ödeme|ödememi|ödemem*|ödememiz*|ödemeyi|ödemeniz|paramı|param|parayı|para|paramız*|havale*|ödedim|ödeme yaptım|yatırdım',
    'zahlung|meine zahlung|geld|mein geld|überweisung|bezahlung|betrag|anzahlung|bezahlt|überwiesen',
    'paiement|mon paiement|virement|argent|mon argent|règlement|payé|transaction|acompte',
    'оплата|оплату|моя оплата|мою оплату|оплаты|платеж*|деньги|перевод|оплатил*|заплатил*|oplata|oplatu|dengi',
    'الدفع|الدفعة|دفعتي|دفعة|المبلغ|الفلوس|فلوسي|التحويل|تحويلي|المصاري|دفعت|حولت',
  ],
  arrived: [
    'get|got|receive*|arrive*|there|come through|came through|gone through|go through|went through|successful|confirmed|processed|reached|reach|work*|ok|see|credited|cleared',
    'aldınız*|ulaştı*|geldi*|geçti*|gelmiş*|ulaşmış*|alındı*|gördünüz*|onaylandı*|düştü*|yansıdı*|başarılı*|tamamlandı*|göründü*|görünüyor*|var mı|oldu mu|hesabınız*',
    'angekommen|erhalten|bekommen|eingegangen|da|durchgegangen|geklappt|gesehen|verbucht|gutgeschrieben|eingetroffen|funktioniert|bestätigt',
    'arrivé*|reçu*|passé*|bien eu|vu|validé*|confirmé*|encaissé*|enregistré*|abouti*',
    'дошл*|дошел|прошл*|прошел|получил*|получен*|поступил*|пришл*|пришел|видите|зачисл*|подтвержд*|doshla|proshla|poluchili',
    'وصل*|وصلكم|وصلتكم|استلمت*|استلم*|تم|تمت|نجح*|دخل*|مشي*|شفت*|ظهر*|wasal*',
  ],
  twice: [
    'twice|two times|2 times|double|doubly|2x|double charged|second time',
    'iki kez|iki kere|iki defa|2 kez|2 kere|2 defa|çift|çifte|mükerrer|ikinci kez|ikinci kere',
    'zweimal|zwei mal|2 mal|2x|doppelt|doppelte|ein zweites mal',
    'deux fois|2 fois|double|en double|doublement',
    'дважды|два раза|2 раза|двойн*|повторно|второй раз|dvazhdy|dva raza',
    'مرتين|مره ثانيه زياده|مضاعف|دبل|marten|marratein',
  ],
  charged: [
    'paid|pay|payed|charged|charge|debited|taken|payment|transferred|deducted|billed',
    'ödedim|ödeme*|ödemişim|ödendi|çekildi|çekilmiş|çekti*|tahsil*|para|parayı|yatırdım|kesildi|kesilmiş|düştü',
    'bezahlt|gezahlt|abgebucht|belastet|überwiesen|zahlung|eingezogen|abgezogen|berechnet',
    'payé|débité*|prélevé*|facturé*|paiement|réglé|versé|encaissé',
    'заплатил*|оплатил*|списал*|списано|сняли|снялось|списани*|оплат*|платеж*|перевел*|zaplatil*|spisali',
    'دفعت|دفعنا|انسحب*|خصم*|سحب*|حولت|الدفع|انخصم|اتخصم|dafa3t',
  ],
  /** Says outright that they want to know how it goes on. */
  next: [
    "what happens next|what happens now|what happens after|what is next|what's next|whats next|what now|what comes next|next step|next steps|what do i do now|what do i have to do now|what do i do next|what should i do now|how does it go on|how do we proceed|how do we continue|how does it continue|and now|why does it take so long|why is it taking so long|why is this taking so long|why so long|taking so long|takes so long|takes forever|taking forever|how much longer|how long do i have to wait|how long do i need to wait|how long will i have to wait|how long must i wait|any news|any update|any updates|is there any news|is there news|what is the status|what's the status|whats the status|status of my|where do we stand|where are we with|still waiting|still no answer|have you found|did you find anything|when do i hear from you|when will i hear from you|when will you get back",
    'sonra ne olacak|şimdi ne olacak|bundan sonra ne|bundan sonra nasıl|şimdi ne yapmam|şimdi ne yapacağım|ne yapmam gerekiyor şimdi|sıradaki adım|sonraki adım|süreç nasıl ilerl*|süreç nasıl devam|nasıl devam ed*|nasıl ilerleyeceğiz|neden bu kadar uzun|niye bu kadar uzun|neden bu kadar sürüyor|niye bu kadar sürdü|neden bu kadar sürdü|çok uzun sürdü|uzun sürdü|ne kadar bekle*|daha ne kadar|haber var mı|bir haber var|bir gelişme var|gelişme var mı|ne durumda|durum nedir|hala bekliyorum|hâlâ bekliyorum|ne zaman haber|ne zaman dönüş yap*|bir şey buldunuz mu|sonuç var mı',
    'wie geht es weiter|wie gehts weiter|wie gehts jetzt weiter|wie geht es jetzt weiter|wie gehts nun weiter|wie geht es nun weiter|wie geht das weiter|was passiert jetzt|was passiert als nächstes|was passiert nun|was passiert danach|was kommt jetzt|was kommt als nächstes|was ist der nächste schritt|nächste schritt|nächsten schritte|was muss ich jetzt tun|was muss ich jetzt machen|was soll ich jetzt|und jetzt|und nun|warum dauert das|wieso dauert das|warum dauert es|warum dauert das so lange|warum dauert es so lange|wieso dauert das so lange|wieso dauert es so lange|weshalb dauert|warum so lange|dauert das so lange|dauert es so lange|dauert ja ewig|dauert das noch|dauert es noch|wie lange noch|wie lange muss ich|wie lange müssen wir|gibt es neuigkeiten|gibts neuigkeiten|gibt es was neues|gibt es etwas neues|gibts was neues|schon was neues|irgendwas neues|wie ist der stand|was ist der stand|stand der dinge|warte immer noch|warte noch immer|wann melden sie sich|wann meldet ihr euch|wann höre ich',
    'que se passe t il ensuite|que se passe t il maintenant|qu est ce qui se passe|et maintenant|et après|et ensuite|quelle est la suite|c est quoi la suite|prochaine étape|étape suivante|que dois je faire maintenant|je fais quoi maintenant|comment ça se passe|comment ça continue|on fait comment maintenant|pourquoi ça prend|pourquoi est ce si long|pourquoi c est si long|pourquoi si long|pourquoi c est long|prend autant de temps|prend si longtemps|prend tant de temps|c est long|ça prend trop de temps|encore combien de temps|combien de temps encore|combien de temps dois je|combien de temps faut il attendre|des nouvelles|du nouveau|où en est|où en sommes|j attends toujours|je attends toujours|quand aurai je|quand est ce que vous me répond*',
    'что дальше|что теперь|что будет дальше|а дальше|и что теперь|что мне теперь делать|что мне делать дальше|что делать дальше|следующий шаг|какие дальше|каков следующий|как дальше|почему так долго|чего так долго|почему это так долго|что так долго|так долго|долго еще|еще долго|сколько еще ждать|сколько ждать|сколько мне ждать|есть новости|есть ли новости|какие новости|новости есть|что с моей заявкой|на каком этапе|каков статус|какой статус|все еще жду|до сих пор жду|когда вы ответите|когда мне ответят|что нибудь нашли|chto dalshe|pochemu tak dolgo|est novosti',
    'ماذا بعد|ماذا الان|ماذا يحدث الان|ماذا سيحدث|وش بعد|وش صار|ايش صار|شو صار|شو بعد|وبعدين|ايش الخطوة|ما الخطوة|الخطوة التالية|الخطوة الجاية|الخطوة القادمة|ايه اللي هيحصل|وش اسوي الحين|شو اعمل هلا|ماذا افعل الان|لماذا كل هذا الوقت|لماذا تاخر*|ليش تاخر*|ليه تاخر*|ليش طول*|ليش طولتوا|ليه التاخير|ليش التاخير|لماذا التاخير|كم باقي|كم لازم انتظر|كم انتظر|الى متى|لحد امتى|في اخبار|فيه اخبار|في جديد|فيه جديد|اي جديد|هل من جديد|اي اخبار|هل من اخبار|وين وصلتوا|وين وصلنا|لسه مستني|لسا انتظر|متى تردون|متى ترد*|shu sar|wesh sar',
  ],
  /** Of a stay or a body: not of ours to know. */
  medical: [
    'surgery|operation|procedure|heal*|recover*|stitches|swelling|pain|implant*|teeth|hair|nose|doctor|results|xray|x ray|anesthesia|anaesthesia|appointment|wound|scan',
    'ameliyat*|operasyon*|iyileş*|dikiş*|şişlik*|ağrı*|implant*|diş*|saç*|burun*|doktor*|tahlil*|narkoz*|randevu*|muayene*|yara*|tedavi*',
    'operation|op|eingriff*|heil*|genes*|fäden|schwellung*|schmerz*|implantat*|zähne|haare|nase|arzt|ergebnis*|narkose|termin|wunde|behandlung*',
    'opération|intervention|guéri*|cicatri*|points|gonfle*|douleur*|implant*|dents|cheveux|nez|médecin|résultats|anesthésie|rendez vous|plaie|traitement',
    'операци*|заживл*|заживает|швы|отек*|боль|имплант*|зубы|волос*|нос|врач*|анализ*|наркоз*|прием*|рана|лечени*',
    'العملية|عملية|الجراحة|شفاء|التعافي|غرز|ورم|الم|زرع*|اسنان|شعر|انف|طبيب*|دكتور*|نتائج|تخدير|موعد العملية|جرح|العلاج|موعد الطبيب',
  ],
  /** What else may be asked about in the same breath, and only a person knows. */
  otherwise: [
    'hotel*|visa|insurance|pick me up|pick up|pickup|transfer from|wheelchair|luggage|baggage|suitcase|seat|meal|companion|refund|discount|invoice|receipt',
    'otel*|vize*|sigorta*|karşıla*|transfer*|tekerlekli|bagaj*|valiz*|koltuk*|yemek*|iade*|indirim*|fatura*',
    'hotel*|visum|versicherung*|abhol*|transfer*|rollstuhl|gepäck|koffer|sitzplatz|essen|erstatt*|rabatt*|rechnung*|quittung',
    'hôtel*|visa|assurance*|chercher|transfert|fauteuil|bagage*|valise*|siège|repas|rembours*|réduction|remise|facture|reçu fiscal',
    'отел*|гостиниц*|виза|визу|страховк*|встрет*|трансфер|коляск*|багаж*|чемодан*|место у|питани*|возврат*|скидк*|счет фактур*|чек',
    'فندق*|الفندق|فيزا|تاشيرة|تامين|استقبال|توصيل|كرسي|شنط*|حقيبة|امتعة|مقعد|وجبة|استرداد|خصم خاص|تخفيض|فاتورة',
  ],
} as const;
