import type { Language } from './languages.ts';

/** Which language each phrase list of `stoppingWords` is in, by its place. */
export const stoppingLanguages: readonly Language[] = ['en', 'tr', 'de', 'fr', 'ru', 'ar'];

/**
 * What patients say who want no more messages, or what we have of them erased; every language in one list, written as in `Lexicon`.
 * `stopping.ts` puts the lists together.
 */
export const stoppingWords = {
  /** Says it whatever else is said. */
  leave: [
    "hear from you again|never hear from you|not hear from you|hearing from you|want to hear nothing|out of my life|stop stalking|stop pestering|pestering me|enough is enough leave|get off my phone|no more from you|nothing more from you|i'm done with you|im done with you|blowing up my phone|leave me alone|leave me be|leave me in peace|leave us alone|lose my number|forget my number|get lost|piss off|go away|take me off|take my number off|take my name off|remove me|remove my number|remove my name|unsubscribe*|unsubscrib*|opt out|opt me out|delete me from|delete my number|erase my number|block you|blocking you|report you as spam|stop spamming|this is spam|do not disturb me|don't disturb me|don't bother me|do not bother me|stop bothering|stop harassing|harassing me|harassment|i withdraw my consent|withdraw my consent|withdraw consent|revoke my consent|i revoke my consent|consent withdrawn|i take back my consent|stop all communication|cease all communication|cease and desist|no further contact|no more contact|do not contact list|don't want to hear from you|do not want to hear from you|never want to hear from you|no longer want to hear from you|don't want anything from you|want nothing more to do with you|delete this chat and stop|stopall",
    'rahat verin|rahat ver|huzur verin|beni unutun|beni unut|peşimden*|bezdim artık|mesaj gelmesin|mesajlar gelmesin|sms gelmesin|bildirim gelmesin|arama gelmesin|daha yazmayın|daha aramayın|daha mesaj atmayın|benimle iletişime geçmeyin|benimle iletişim kurmayın|rahat bırak*|rahat bırakın|rahatsız etme*|rahatsız etmeyin*|beni rahatsız ediyorsunuz|listeden çık*|listenizden çık*|listeden sil*|listenizden sil*|listeden düş*|rehberinizden sil*|numaramı sil*|numaramı çıkar*|numaramı unut*|numaramı kaldır*|telefonumu sil*|beni silin|beni sil|beni çıkarın|beni çıkar|abonelik* iptal|aboneliğimi*|aboneliği iptal*|abonelikten*|üyelikten çık*|üyeliğimi iptal*|üyeliğimi sonland*|rızamı geri*|onayımı geri*|iznimi geri*|izni geri çek*|onayı geri çek*|rızamı iptal*|engelleyeceğim|engelliyorum|engellerim|spam*|peşimi bırak*|yakamdan düş*|düşün yakamdan|bıktım mesaj*|mesajlarınızdan bıktım',
    'keinen kontakt mehr|keinen weiteren kontakt|kein kontakt mehr|keinen kontakt|nichts mehr hören|nichts mehr von euch hören|nichts mehr von ihnen hören|nie wieder hören|vergesst mich|vergessen sie mich|nichts mehr schicken|nichts mehr senden|nicht mehr anschreiben|streicht mich|streichen sie mich|nehmen sie mich|nehmt mich|mich raus|kontakt abbrechen|lass mich in ruhe|lasst mich in ruhe|lassen sie mich in ruhe|lass mich endlich in ruhe|lasst mich endlich in ruhe|lassen sie mich endlich in ruhe|lasst mich bitte in ruhe|lassen sie mich bitte in ruhe|lass mich bitte in ruhe|lasst mich doch in ruhe|in ruhe gelassen|in frieden lassen|mich in frieden|lassen sie mich bitte in frieden|lassen sie mich in frieden|lasst mich in frieden|lass mich in frieden|mich in ruhe lassen|meine ruhe haben|will meine ruhe|will nur meine ruhe|von der liste|aus der liste|von ihrer liste|aus ihrer liste|von eurer liste|aus eurer liste|aus dem verteiler|aus ihrem verteiler|aus eurem verteiler|vom verteiler|austragen|austragt|trag mich aus|tragt mich aus|tragen sie mich aus|abmelden|abgemeldet|ausgetragen werden|abgemeldet werden|meldet mich ab|melden sie mich ab|melde mich ab|abbestell*|abonnement kündigen|nummer raus|nummer löschen|nummer lösche*|löscht meine nummer|löschen sie meine nummer|lösch meine nummer|nummer aus|nummer entfernen|blockiere euch|blockiere sie|belästig*|nervt mich nicht|nerven sie mich nicht|geht mir nicht auf die nerven|widerrufe*|widerruf der einwilligung|einwilligung zurück*|zustimmung zurück*|einwilligung widerrufen|nichts mehr von euch|nichts mehr von ihnen|nichts mehr mit euch',
    "pas la peine de me|inutile de me|plus de nouvelles|plus rien de vous|enlevez moi|enlevez nous|me désinscris|je me désabonne|disparaissez de|plus jamais de nouvelles|couper contact|plus aucun contact|aucun contact|plus de contact|laissez moi tranquille|laisse moi tranquille|laissez nous tranquilles|me laisser tranquille|fichez moi la paix|fiche moi la paix|foutez moi la paix|fous moi la paix|fichez nous la paix|foutez nous la paix|lâchez moi|lâche moi|lâchez nous|oubliez moi|oubliez mon numéro|désabonne*|désabonnement|me désabonner|désinscri*|désinscrire|retirez moi|retirez mon numéro|retirer mon numéro|enlevez moi|enlevez mon numéro|rayez moi|supprimez mon numéro|effacez mon numéro|supprimez moi de|sortez moi de|ôtez moi|je vous bloque|vous bloquer|harcel*|harcèle*|ne me dérangez*|ne me dérange*|me dérangez plus|me dérangez pas|m'importunez plus|ne m'embêtez plus|je retire mon consentement|retirer mon consentement|je retire mon accord|retirer mon accord|je révoque mon consentement|révoque mon consentement|je reprends mon consentement|plus rien recevoir|ne plus rien recevoir|plus aucune nouvelle|plus entendre parler",
    'больше не беспокоить|не беспокоить|не тревожить|достали ваши|задолбали|забудьте про меня|хватит уже|никаких контактов|прекратите контакты|больше ничего не присыла*|больше ничего не шли*|не желаю вас слышать|не хочу вас слышать|оставьте меня|оставь меня|оставьте нас|в покое|отстаньте|отстань|отвяжитесь|отвяжись|отвалите|отвали|отцепитесь|уберите меня|уберите мой номер|удалите меня|удалите мой номер|удали мой номер|сотрите мой номер|забудьте мой номер|забудьте обо мне|вычеркните|исключите меня|отпишите*|отписат*|отписк*|отписываюсь|хочу отписаться|снимите меня с|заблокирую|блокирую вас|не беспокойте*|не беспокой|не тревожьте|не доставайте|достали своими|надоели ваши|отзываю согласие|отзываю свое согласие|отозвать согласие|отзыв согласия|отказываюсь от рассылки|отказ от рассылки|ostavte menya|otstante|otpishite|ne bespokoyte|ne bespokoite',
    'بلوك|حظر|ما ابي تواصل|ما ابغى تواصل|ما بدي تواصل|لا اريد التواصل|لا اريد اي تواصل|انسوني|ما ابي اسمع منكم|ما ابغى اسمع|لا تتصلوا بي|لا تتصلوا علي|لا تكلموني|لا تكلمني|لا ترسلوا لي|لا ترسلون لي|لا ترسل لي|لا ترسلوا شي|لا تبعتوا|لا تبعتولي|لا تراسل*|اخرجوني من|طلعوني من|سكروا الموضوع|اتركوني*|اتركني*|اتركونا|سيبوني*|سيبني*|خلوني في حالي|خلوني بحالي|خلوني براحتي|حلوا عني|حل عني|فكوني منكم|فكوا عني|ابعدوا عني|احذفوني|احذفني|شيلوني|شيلني|شيلوا رقمي|شيل رقمي|احذفوا رقمي|احذف رقمي|امسحوا رقمي|امسح رقمي|حذف رقمي|ازالة رقمي|ازيلوا رقمي|انسوا رقمي|الغوا اشتراكي|الغاء الاشتراك|الغاء اشتراكي|الغي اشتراكي|لا تزعجوني|لا تزعجني|ما تزعجوني|ازعجتوني|ازعاج|بلا ازعاج|ابلككم|ببلككم|حظرتكم|اسحب موافقتي|سحب موافقتي|اسحب الموافقة|سحب الموافقة|الغي موافقتي|الغاء موافقتي|ما بدي اسمع منكم|ما ابغى منكم شي|ما ابي منكم شي|مش عايز منكم حاجة|seebooni|sibooni|etrokoni|trkouni|khalas la tersel*',
  ],
  /** To stop doing something: with a word of messages. */
  cease: [
    'stop|stopp|quit|cease|enough|knock it off|cut it out|give it a rest|give up|no need to|halt|discontinue|end|refrain from',
    'bırak|bırakın|bırakınız|kes|kesin|kesiniz|kesin artık|durdur*|dur|durun|son ver*|son verin|sonlandır*|yeter|yeter artık|vazgeç|vazgeçin|bitirin|iptal edin|iptal et|kapatın|durmayın|iptal',
    'hör auf|hört auf|hören sie auf|hör endlich auf|hört endlich auf|aufhören|stoppt|stoppen|stoppen sie|schluss|schluss mit|genug|es reicht|reicht|unterlassen|unterlasst|unterlassen sie|einstellen|stellen sie|lasst das|lass das|beendet|beenden|spart euch|sparen sie sich',
    "arrêtez|arrête|arrêter|cessez|cesse|cesser|stoppez|stoppe|assez|ça suffit|suffit|y en a marre|marre|basta|épargnez moi|fini|c'est fini|merci de ne plus|finissez",
    'достали|надоели|надоело|хватит|прекратите|прекрати|прекратить|перестаньте|перестань|перестать|остановите|остановитесь|довольно|завязывайте|завязывай|достаточно|кончайте|заканчивайте|hvatit|khvatit|prekratite|perestante',
    'وقف*|اوقف*|أوقفوا|توقف*|بطل*|بطلوا|كفاية|كفى|كفايه|خلاص|بس|بسكم|يكفي|يكفيكم|انهوا|ايقاف|حاج|khalas|wa2fo|wa2fou|ba2a',
  ],
  /** To write to somebody, and what is written. */
  contact: [
    'hear|hearing|text|texts|texting|txt|txting|message*|messaging|msg|msgs|messgae*|write|writing|contact*|call|calls|calling|ring|ringing|phone|phoning|email*|mail|mails|mailing|whatsapp*|sms|send|sending|spam*|ping|pinging|notif*|promo*|promotions|marketing|advert*|ads|newsletter*|reminders|remind|reply|replying|follow up|follow ups|bother|chasing|communication*|advertising',
    'yaz|yazma|yazmayı|yazmaya|yazmaktan|yazmanızı|yazıp|mesaj*|msj*|mesaj at*|atıp|atmayı|atmaktan|göndermeyi|gönderip|göndermekten|arama|aramayı|aramaktan|aramanızı|arayıp|sms*|bildirim*|reklam*|kampanya*|whatsapp*|watsap*|wp|iletişim*|iletişime*|e posta*|mail*|hatırlatma*|ileti*|tanıtım*',
    'anzuschreiben|zu schreiben|zu kontaktieren|anzurufen|zu belästigen|zu senden|zu schicken|zuzuschreiben|zuzusenden|zuzuschicken|zu texten|zuzutexten|zu melden|kontaktaufnahme|schreib|schreibt|schreiben|schreibst|geschrieben|kontakt*|anruf*|anrufen|ruf|ruft|rufen|melden|meldet|nachricht*|nachrichten|whatsapp*|werbung*|werbenachrichten|werbe*|mail|mails|emails|sms|spam|newsletter|schick|schickt|schicken|senden|sendet|zusenden|zuschicken|zuschreiben|anschreiben|benachrichtig*|texten|zutexten|erinnerung*|infos|angebote',
    'réécrire|réécri*|recontact*|rappeler|rappelez|recontacter|renvoy*|écri*|écrire|écrivez|écris|envoi|envois|envoy*|envoie|envoyer|contact*|appel*|appeler|téléphon*|message*|msg|sms|texto*|pub|pubs|publicité*|whatsapp*|mail|mails|e mail|e mails|relanc*|sollicit*|notification*|newsletter*|promo*|promotions|spam*|recevoir|répondre|rappel*|démarch*|offres commerciales',
    'смски|смсками|сообщениями|эсэмэски|писанину|уведомлять|напоминать|пиш*|писать|пишите|пиши|напис*|звон*|звонить|звоните|присыл*|присылать|пришл*|отправл*|отправлять|шлите|слать|сообщени*|смс|эсэмэс|рассылк*|реклам*|спам*|контакт*|связыва*|уведомлени*|напомина*|ватсап*|вотсап*|сообщения|pishite|pisat|pishi|zvonite|zvonit|soobshcheniya|soobshenij|soobscheniya|prisylajte|prisylayte',
    'ترسل*|ترسلون*|ترسلوا*|ترسلي|ارسال*|تراسل*|تراسلون*|مراسل*|مراسلتي|تتصل*|اتصال*|تتواصل*|التواصل|تواصل*|تكتب*|الكتابة|كتابة|تبعت*|تبعث*|بعث|بعت|تدق*|ترنو|رسائل*|رسائلكم|رسايل*|رسالة|رساله|اعلان*|الاعلانات|اشعار*|الاشعارات|دعاية|واتساب*|مسج*|مسجات*|كلام|ترسلولي|تبعتولي|تكلم*|تحاك*|tersel*|terslo*|teb3at*|teb3ato*|rasayel|resayel|messagat',
  ],
  /** What is written, not the writing: "no more messages". */
  letters: [
    'text|texts|message*|msg|msgs|calls|emails|mails|whatsapp*|sms|spam*|notif*|promo*|promotions|marketing|advert*|ads|newsletter*|reminders|advertising|stuff from you|communications',
    'mesaj*|msj*|sms*|bildirim*|reklam*|kampanya*|whatsapp*|e posta*|mail*|ileti*|tanıtım*',
    'nachricht*|whatsapp*|werbung*|werbe*|mail|mails|emails|sms|spam|newsletter|benachrichtigung*|anrufe|post',
    'message*|msg|sms|texto*|pub|pubs|publicité*|whatsapp*|mail|mails|e mails|notification*|newsletter*|promo*|promotions|spam*|appels|relances|sollicitations',
    'смски|смсок|сообщени*|смс|рассылк*|реклам*|спам*|уведомлени*|звонков|писем',
    'رسائل*|رسايل*|رسالة|رساله|اعلان*|الاعلانات|اشعار*|الاشعارات|مسج*|مسجات*|واتساب*|دعاية|اتصالات|rasayel|resayel|messagat',
  ],
  /** Not to do something. Turkish says it in the verb: `refrain`. */
  not: [
    "don't|dont|do not|never|no|not|no more|stop|without|please don't|dnt|doesn't need to|no further|no longer|shouldn't|must not|may not|you can't",
    'hiç|hiçbir|artık',
    'nicht|nich|kein|keine|keinen|keinerlei|nie|nie wieder|niemals|nix|nichts',
    'ne|pas|plus de|plus aucun|plus aucune|plus jamais|jamais|aucun|aucune|pas de|sans',
    'не|ни|никаких|больше не|не надо|не нужно|без|нельзя|ne',
    'لا|ما|لا عاد|ما عاد|ماعاد|بدون|بلا|مو|مش|ممنوع|لاعاد|ما بقى|ولا|la|ma',
  ],
  /** Turkish: not to write, in one word. */
  refrain: [
    'yazma|yazmayın|yazmayınız|yazmasın*|yazmanızı istemiyorum|atma|atmayın|atmayınız|atmasın*|gönderme|göndermeyin|göndermeyiniz|göndermesin*|yollama|yollamayın|aramayın|aramayınız|aramasın*|iletmeyin|iletişime geçmeyin|irtibat kurmayın|ulaşmayın|ulaşmaya çalışmayın|mesajlamayın|bildirim yapmayın|yazmıyın|yazmayin|atmıyın|gondermeyin',
  ],
  /** Not to want something. */
  unwanted: [
    "don't want|dont want|do not want|don't wish|do not wish|no longer want|no longer wish|don't need|do not need|not want|tired of|fed up with|sick of|had enough of|not interested in|want no more|want no|don't like|wish to stop|want to stop",
    'istemiyo*|istemem|istemiyoruz|bıktım|usandım|sıkıldım|almak istemiyo*|almayayım|ilgilenmiyorum',
    'will keine|möchte keine|möchte nicht|moechte keine|will nicht|wünsche keine|wünsche nicht|brauche keine|genug von|satt|will nichts|möchte nichts',
    "ne veux plus|ne veux pas|veux plus|veux pas|ne souhaite plus|ne souhaite pas|souhaite plus|souhaite pas|ne désire plus|ne désire pas|marre de|ras le bol|n'ai plus envie|pas besoin de",
    'не хочу|не хотим|не желаю|не нужны|не нужна|не нужно|не надо|надоел*|устал* от|достали|ne hochu',
    'ما ابي|ما ابغى|ما ابغا|مابي|مابغى|مابغا|ما اريد|لا اريد|ما بدي|مش عايز*|مش عاوز*|لا ارغب|لست مهتما|ما عاد ابي|ما عاد ابغى|مو محتاج|زهقت من|مليت من|طفشت من|ma bade|ma baddi|ma biddi|mish 3ayez|msh 3ayez|ma abi',
  ],
  again: [
    'anymore|any more|again|ever|ever again|no more|any longer|from now on|more|further|another|already',
    'artık|bir daha|bi daha|bidaha|birdaha|daha fazla|daha|asla|sakın|bundan sonra|bundan böyle',
    'mehr|wieder|nie wieder|weiter*|weitere|weiteren|künftig|in zukunft|ab sofort|nochmal|noch einmal|endlich',
    "plus|plus jamais|encore|désormais|à l'avenir|davantage|plus aucun|plus aucune",
    'больше|никогда|впредь|опять|снова|дальше|никаких|bolshe|nikogda',
    'بعد الان|بعد اليوم|مرة ثانية|مرة تانية|مره ثانيه|مره تانيه|مرة اخرى|مره اخرى|مجددا|تاني|ثاني|ابدا|نهائيا|عاد|لا عاد|ما عاد|مرة تاني|بعدين|من الان|tani|marra tanye|ba3d',
  ],
  me: [
    'me|us|my|this number',
    'bana|beni|bize|bu numara*|benimle',
    'mir|mich|uns',
    'me|moi|nous|m',
    'мне|меня|нам|mne|menya',
    'لي|معي|علي|عليا|معايا|الي|لنا|liya|3layi',
  ],
  /** Ours, or a list that is. */
  ours: [
    'your|mailing list|list|broadcast|database|my number|my phone|my name|my contact',
    'numaram*|telefonum*|adımı*|adım|ismimi*|ismim|listeniz*|listeden|sisteminiz*|sistemden|rehberiniz*|gruptan|gruptan',
    'ihrem|ihrer|eurem|eurer|euren|meine nummer|meine telefonnummer|meine handynummer|meinen namen|verteiler|liste|meinen kontakt',
    'votre|vos|mon numéro|mon nom|mes coordonnées|mon contact|liste|fichier|base de données',
    'ваш*|вашей|вашего|мой номер|мой телефон|мое имя|мой контакт|базы|рассылки|списка',
    'رقمي|اسمي|القائمة|قائمتكم|قائمة|عندكم|نظامكم|المجموعة|الجروب|ra2mi|rakmi',
  ],
  /** Says what is wanted, whatever else is asked. */
  demand: [
    'stop it|stop this|stop that|please stop|just stop|stop messaging|stop texting|stop writing|stop calling|stop contacting|stop sending|quit it|cut it out',
    'yeter|yeter artık|yazmayın|aramayın|atmayın|göndermeyin|kesin şunu|bırakın artık|durdurun',
    'hört auf|hören sie auf|hör auf|es reicht|aufhören|lasst das|lassen sie das|schluss damit',
    'arrêtez|arrête|cessez|ça suffit|stop',
    'хватит|прекратите|перестаньте|не пишите|не звоните|довольно',
    'كفاية|خلاص|وقفوا|بطلوا|توقفوا|لا ترسلوا|لا تتصلوا',
  ],
  /** Asks why, or misses a message: no wish to have none. */
  missing: [
    "why|how come|didn't get|did not get|haven't got|haven't received|have not received|didn't receive|did not receive|got no|received no|no reply|no answer|no response|get no|not getting|can't text|can't call|can't write|cannot call|can't message|wasn't able|couldn't|when will you|are you going to|did you|have you|can i|could i|should i|did i|i will|i'll|ill|i can't|i cannot|i didn't|i did not|i couldn't|i don't write|i haven't|before i",
    'neden|niye|niçin|gelmedi|gelmiyor|almadım|alamadım|ulaşmadı|görmedim|cevap alamadım|yazamadım|yazamıyorum|atamadım|arayamadım|yazacağım|arayacağım|mı|mi|mu|mü|mısınız|misiniz',
    'warum|wieso|weshalb|nicht bekommen|nicht erhalten|keine bekommen|bekommen habe|erhalten|angekommen|nicht gesehen|habe keine|hab keine|ich kann|ich konnte|kann ich|kann nicht|konnte nicht|ich schreibe|ich melde|ich rufe|ich habe ihnen|soll ich|muss ich',
    "pourquoi|pas reçu|n'ai pas reçu|ai pas reçu|rien reçu|pas eu|aucun message de votre part|je peux|je n'ai pas|j'ai pas|puis je|je vais|je vous écris|je vous appelle|dois je|pas encore",
    'почему|зачем|не получил*|не получала|не получаю|не пришл*|не пришло|не приходит|не дошло|не вижу|не видел*|не могу|не смог*|я не писал*|я напишу|я позвоню|можно ли|когда вы',
    'ليش|ليه|لماذا|علاش|ما وصل*|ما وصلني|ما وصلتني|ماوصل*|لم تصل*|لم يصل*|ما جاني|ما جتني|ما جاتني|لم استلم|ما استلمت|هل|راح ارسل|بتصل|رح ابعت|ما قدرت|ما اقدر',
  ],
  /** Not now, not there, not that: no wish for the rest to end. */
  limit: [
    'at work|at night|before|during|until|till|after 5|after 6|after 7|after 8|after 9|after 10|today|tomorrow|this week|weekend|weekends|on sunday|on sundays|in the morning|in the evening|late|so late|so early|my husband|my wife|my mother|my father|my son|my daughter|my family|my parents|my office|my boss|my insurance|my doctor|yet|for now|instead|rather|the invoice|the link|the photo|the photos|the documents|the document|the report|the passport|the voucher|the money|in english|in turkish|in german|in arabic|in russian|by email|by post|only|voice messages|voice message|dont worry|dont hesitate|dont forget|dont mind|never mind|do you mind|smoking|eating|drinking|taking|medication|bleeding|pain|growth|growing|loss|losing|snoring|without asking',
    'gece|geceleri|akşam|akşamları|sabah|sabahları|şimdi|bugün|yarın|hafta sonu|öğlen|saat|toplantı*|iş yerinde|işyerinde|işteyim|eşime|eşimi|kocama|kocamı|karıma|anneme|annemi|babama|babamı|aileme|ofise|doktoruma|sesli|türkçe|ingilizce|almanca|yerine|henüz|fatura*|rapor*|fotoğraf*|belge*|dosya*|merak etme*|endişe*|unutma*|sigara*|ilaç*|ilac*|alkol*|kanama*|ağrı*|dökülme*|dökülmesi*|uçuş*|vermeyi|içmeyi',
    'nachts|abends|morgens|heute|morgen|am wochenende|wochenende|sonntags|bis|vor|während|bei der arbeit|auf der arbeit|arbeit|meinem mann|meinen mann|meiner frau|meine frau|meiner mutter|meinem vater|meinen eltern|meinem arzt|meinem chef|per mail|per post|per telefon|sondern|lieber|stattdessen|noch nicht|noch keine|rechnung*|link|foto*|bilder|dokument*|befund*|bericht*|sprachnachrichten|sprachnachricht|auf englisch|auf deutsch|sorgen|vergessen|zögern|rauchen|trinken|alkohol|medikament*|tabletten|blutung*|bluten|schmerz*|haarausfall|wachsen|schnarchen',
    "la nuit|le soir|le matin|aujourd'hui|demain|week end|le dimanche|avant|après|pendant|jusqu'à|jusqu|au travail|à mon travail|mon mari|ma femme|ma mère|mon père|mes parents|mon médecin|mon bureau|par mail|par courrier|par téléphone|plutôt|au lieu|facture*|lien|photo*|document*|rapport*|vocaux|vocal|en anglais|en français|inquiétez|inquiète|oubliez pas|hésitez|fumer|boire|alcool|médicament*|saigne*|saignement*|douleur*|chute|ronfl*|tout de suite|détails|précisions|informations|d'informations|d'infos|infos|renseignements",
    'ночью|вечером|утром|сегодня|завтра|выходн*|воскресенье|до|после|во время|на работе|на работу|мужу|жене|маме|папе|родителям|врачу|начальнику|по почте|лучше|вместо|пока|счет|ссылк*|фото|документ*|отчет*|голосовые|голосовых|голосовое|на английском|на русском|волнуйтесь|забудьте сказать|стесняйтесь|курить|пить|алкоголь|лекарств*|таблетк*|кровь|кровотеч*|боль|боли|храп*|выпад*|подробнее|информации',
    'بالليل|في الليل|ليلا|الصبح|اليوم|بكرة|بكره|غدا|نهاية الاسبوع|قبل|الساعة|اثناء|وقت الدوام|بالدوام|في الدوام|في الشغل|لزوجي|زوجي|لزوجتي|زوجتي|لامي|امي|لابوي|اهلي|دكتوري|بالايميل|بدل|بدلا|احسن|افضل|الفاتورة|فاتورة|الرابط|رابط|صور*|الصور|تقرير*|التقرير|التقارير|ملفات|وثائق|صوتية|صوتيه|بالانجليزي|تقلق*|تنسى|تنسوا|تتردد*|تدخين|التدخين|الدخان|كحول|دواء|الدواء|ادوية|الادوية|نزيف|النزيف|الم|الالم|شخير|تساقط|مدة|ترانزيت|رحلة|الرحلة|طيران|كم|بعد السعر',
  ],
  /** Calls, where writing is wished instead. */
  calls: [
    'call|calls|calling|ring|ringing|phone|phoning',
    'aramayın|arama|aramayınız|aramanızı',
    'anrufen|anruf|anrufe|ruf|ruft|rufen',
    'appelez|appeler|appelle|appels|téléphonez|téléphoner',
    'звоните|звонить|звонков|zvonite|zvonit',
    'تتصل*|تتصلون|تتصلوا|اتصال|اتصالات|تدقوا',
  ],
  writes: [
    'text me|message me|write me|write to me|write here|just text|just write|whatsapp me|text instead|message instead|write instead|text is|texting is|prefer text*|prefer message*|prefer writing|email me|message is better',
    'yazın|yazınız|yazabilirsiniz|yazarsanız|mesaj atın|mesaj atabilirsiniz|mesajla|yazışalım|buradan yazın|whatsapptan',
    'lieber schreiben|bitte schreiben|nur schreiben|schreiben sie|schreibt mir|schreiben sie mir|schriftlich|lieber per|per whatsapp|per nachricht|hier schreiben',
    'écrivez moi|écrivez|par message|par écrit|par whatsapp|plutôt un message|envoyez moi|envoyez plutôt|préfère les messages|préfère écrire',
    'лучше пишите|пишите сюда|пишите здесь|напишите|лучше напишите|лучше писать|только писать|сообщением|в ватсап|пишите мне в',
    'اكتبوا لي|اكتب لي|راسلوني|راسلني|ارسلوا لي|ارسل لي|كتابة|بالكتابة|ابعتوا لي|برسالة|بالواتس',
  ],
  erase: [
    'delete*|deletion|deleting|erase*|erasing|erasure|remove*|removal|wipe*|destroy*|purge*|forget|forgotten|get rid of|clear out|scrub|gone|wiped|taken down|take down|removed',
    'sil|silin|silinmesi*|silinsin|silmenizi|siliniz|silmek|silinme*|silebilir misiniz|silermisiniz|silersiniz|silip|yok et*|yok edin|yok edilme*|imha*|kaldırın|kaldırılma*|temizleyin|anonim*|silinmes*',
    'lösch|löscht|löschen*|löschung*|gelöscht|vernichtet|vernichten|vernichtung|entfern*|entfernung|tilgen|vergessen zu werden',
    'supprim*|suppression|effac*|effacement|détrui*|destruction|retirer mes|enlevez toutes|droit à l oubli',
    'удал*|удалить|удаление|удаления|сотр*|стереть|сотрите|стерт*|уничтож*|уничтожение|udalite|sotrite',
    'احذف*|حذف*|تحذف*|امسح*|مسح*|تمسح*|ازال*|ازيلوا|ازل|شيلوا|الغوا|محو|امحوا|اتلاف|e7zef*|emsa7*|ms7o',
  ],
  /** What we have of somebody. */
  held: [
    'data|personal data|personal info*|personal details|information|info|details|record*|files|file|account|profile|history|everything you have|everything about me|all about me|about me|on me|you hold|medical records|my chat|conversation history|traces|footprint',
    'veri|veriler*|verim|verimi|verilerim*|kişisel veri*|bilgi|bilgiler*|bilgilerim*|kayıt*|kaydım*|kayıtlar*|hesap*|hesab*|profil*|hakkımda*|bana ait*|benimle ilgili*|dosyam*|her şeyi*|herşeyi*|geçmişim*',
    'daten|meine daten|personenbezogen*|informationen|angaben|akte|konto|profil|über mich|zu meiner person|alles was ihr|alles was sie|gespeicherte*|unterlagen|verlauf|datensatz|kundendaten|patientendaten',
    'données|donnees|data|informations|infos|dossier|compte|profil|sur moi|me concernant|à mon sujet|tout ce que vous avez|tout ce qui me concerne|mes traces|historique|coordonnées',
    'данн*|данные|информаци*|обо мне|про меня|профиль|аккаунт|учетн*|досье|сведения|записи обо|все что у вас|историю переписки|анкету|персональн*|dannye|dannie|informaciyu',
    'بيانات*|بياناتي|معلومات*|معلوماتي|ملف*|ملفي|حساب*|حسابي|سجل*|سجلاتي|عني|تخصني|الخاصة بي|كل شي عني|كل شيء عني|كل ما يخصني|bayanati|ma3loumati|bayanat',
  ],
  /** What messages go to: taken out of a list. */
  number: [
    'number|phone number|phone|name|contact|contact details|mailing list|list|lists|database|broadcast|distribution list|address book|group|campaign|system',
    'numaram*|numara*|telefonum*|telefon numaram*|adım*|ismim*|liste*|listeniz*|rehber*|sistem*|veri tabanı*|grup*|gruptan',
    'nummer*|telefonnummer*|handynummer*|namen|name|kontakt|liste|listen|verteiler|datenbank|kartei|system|gruppe|adressbuch',
    'numéro|numero|téléphone|nom|contact|coordonnées|liste|listes|fichier|base|diffusion|liste de diffusion|système|groupe|répertoire',
    'номер|телефон|имя|контакт|контакты|список|списка|базы|базу|рассылки|группы|системы|nomer',
    'رقمي|رقم|اسمي|القائمة|قائمة|القوائم|قائمتكم|النظام|المجموعة|الجروب|جهات الاتصال|ra2mi|rakmi',
  ],
  /** To take out. */
  takeOut: [
    'remove*|removal|delete*|erase*|take off|take out|take me out|leave me out|off|out of|cross off|strike off|scrub|exclude',
    'çıkar*|çıkart*|sil|silin|siliniz|silinsin|silinmesi*|kaldır*|düşür*|ayrıl*|çık',
    'streich*|lösch*|entfern*|nehmt|nehmen sie|nimm|raus|rausnehmen|herausnehmen|austragen|tilgen',
    'supprim*|retir*|enlev*|effac*|ôte*|ray*|sortez|sortir|exclu*',
    'убер*|убрать|удал*|удалите|вычеркн*|исключ*|сотр*|сними*',
    'شيل*|احذف*|حذف|امسح*|مسح|ازال*|ازيلوا|طلع*|اخرج*|خرجوني|شطب|اشطبوا',
  ],
  law: [
    'gdpr|data protection|right to be forgotten|right to erasure|article 17|art 17|ccpa',
    'kvkk|unutulma hakkı|kişisel verilerin korunması|6698',
    'dsgvo|datenschutz*|recht auf vergessen*|recht auf löschung|art 17|artikel 17',
    "rgpd|cnil|droit à l'oubli|droit à l'effacement|loi informatique",
    '152 фз|закон о персональных|право на забвение|фз о персональных',
    'حق النسيان|حماية البيانات|قانون حماية|نظام حماية البيانات',
  ],
  /** Done already, or asked about in general: not a wish. */
  told: [
    'i deleted|i have deleted|i accidentally deleted|ive deleted|got deleted|was deleted|when do you|how long|how do you|do you delete|do you keep|do you store|what do you do|where do you|who sees|will you delete|is my data|are my data|without|photo|photos|picture|message above|last message|my last message|previous message|old message|that message|hair removal|tattoo|mole|fat|wisdom|gallbladder|tumour|tumor|cyst|scar|stitches|implant',
    'sildim|silmişim|silindi|yanlışlıkla|ne kadar süre|ne kadar saklı*|saklıyor musunuz|siliyor musunuz|ne yapıyorsunuz|fotoğraf*|son mesaj*|yukarıdaki mesaj*|önceki mesaj*|dikiş*|kist*|ben aldır*|lazer*',
    'ich habe gelöscht|habe gelöscht|wurde gelöscht|versehentlich|aus versehen|wie lange|wann löschen|löschen sie die daten nach|was machen sie|was passiert mit|was geschieht|foto*|bild|letzte nachricht|letzten nachricht|vorherige nachricht|fäden|narbe*|muttermal*|fett|haare|tattoo*|weisheitszähne|zyste*',
    "j'ai supprimé|ai supprimé|a été supprimé|par erreur|combien de temps|quand supprimez|que faites vous|qu'est ce que vous faites|que deviennent|photo*|dernier message|message précédent|fils|points|cicatrice*|tatouage*|grain de beauté|graisse|poils|kyste*",
    'я удалил*|удалил случайно|случайно удалил*|удалилось|как долго|сколько храните|что вы делаете|когда удаляете|зачем вам|фото*|последнее сообщение|предыдущее сообщение|швы|родинк*|зуб*|жир|волос*|тату*|кист*|желчн*',
    'حذفت|انحذف*|بالغلط|كم مدة|كم تحتفظون|متى تحذفون|ماذا تفعلون|وش تسوون|صورة|الصورة|الصور|اخر رسالة|الرسالة السابقة|الغرز|الخياطة|شامة|وشم|دهون|شعر|كيس|ورم|ضرس',
  ],
  /** To take back something arranged. */
  cancel: [
    'cancel*|call off|calling off|postpone|reschedule',
    'iptal*|erteleme*|ertele*',
    'stornier*|absag*|abzusagen|canceln|rückgängig|verschieben',
    'annul*|reporter|décommander',
    'отмен*|перенести|отказаться от операции|сдать билет*|otmenit',
    'الغ*|الغي|الغاء|الغوا|تاجيل|اؤجل|كنسل|كنسلوا|el8i|elgha2',
  ],
  arranged: [
    'appointment*|booking*|reservation*|flight*|ticket*|trip|journey|surgery|operation|hotel|room|order|procedure|transfer|payment|visit|consultation|stay|treatment',
    'randevu*|rezervasyon*|uçuş*|bilet*|ameliyat*|seyahat*|otel*|oda*|ödeme*|transfer*|yolculuk*|işlem*|operasyon*|sipariş*|tedavi*',
    'termin*|buchung*|flug|flüge|ticket*|reise|op|operation|hotel|zimmer|zahlung|transfer|reservierung*|eingriff|besuch|behandlung',
    'rendez vous|rdv|réservation*|vol|vols|billet*|voyage|opération|chirurgie|hôtel|chambre|paiement|transfert|intervention|séjour|commande|consultation',
    'запис*|брон*|рейс*|билет*|поездк*|операци*|отель|номер в отеле|оплат*|трансфер|визит|прием*|процедур*|консультаци*|zapis|bron|bilet',
    'موعد*|الموعد|حجز*|الحجز|رحلة*|الرحلة|رحلتي|تذكر*|التذكرة|تذكرتي|عملية*|العملية|عمليتي|فندق*|الفندق|سفر*|طلب*|الدفع|دفعة|زيارة|maw3ed|maw3id|7ajz',
  ],
} as const;
