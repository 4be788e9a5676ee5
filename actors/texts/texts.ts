import type { DocumentKind } from '../performers/document-links.ts';
import { type ConsentPurpose, consentPurposes } from '../ports/consents.ts';
import type { Template } from '../ports/messaging.ts';
import { decimalFromMoney, type Money } from '../ports/money.ts';

/** Languages we write in. Anything else is answered in English. */
export const languages = ['tr', 'en', 'de', 'ar', 'ru', 'fr'] as const;
export type Language = (typeof languages)[number];

/** One flight of an offer, as a message shows it. Local times, without offset. */
export interface OfferLine {
  readonly price: Money;
  readonly flight: string;
  readonly from: string;
  readonly to: string;
  readonly departLocal: string;
  readonly arriveLocal: string;
  readonly stops: number;
}

/** What may go in a gap of a text. */
export type TextValue = string | number | Money | readonly OfferLine[];

/**
 * Everything we say to patients. `{name}` is a gap. WhatsApp text leaves the country, so nothing here may tell or hint
 * at anything about health: no clinic, no treatment, no doctor. Two texts cannot help it: the one that asks for consent
 * to health data, which would not be informed without the word, and the one that says what follows from refusing it.
 * Beside them `documents.ask` and `documents.received` have a gap `{document}` for a `documentName`, and two of those
 * names hint at it. No other text has that gap.
 *
 * A consent text that was published never changes, not by a comma: the register keeps its key and the hash of its words
 * as the evidence of what was agreed to. A new wording gets the next number here, and `consentTexts` points to it.
 */
export const texts = {
  'consent.service.1': {
    tr: 'Merhaba, burası {tenant}. Seyahatinizi düzenlemek için iletişim ve seyahat bilgilerinizi kullanmak istiyoruz. Kabul ediyor musunuz? İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    en: 'Hello, this is {tenant}. To arrange your trip we would like to use your contact and travel details. Do you agree? You can withdraw at any time by writing STOP.',
    de: 'Hallo, hier ist {tenant}. Um Ihre Reise zu organisieren, möchten wir Ihre Kontakt- und Reisedaten verwenden. Sind Sie einverstanden? Sie können jederzeit mit STOP widerrufen.',
    ar: 'مرحبًا، معكم {tenant}. لترتيب رحلتكم نودّ استخدام بيانات الاتصال والسفر الخاصة بكم. هل توافقون؟ يمكنكم التراجع في أي وقت بكتابة إيقاف.',
    ru: 'Здравствуйте, это {tenant}. Чтобы организовать вашу поездку, мы хотели бы использовать ваши контактные данные и данные о поездке. Вы согласны? Отозвать согласие можно в любой момент, написав СТОП.',
    fr: 'Bonjour, ici {tenant}. Pour organiser votre voyage, nous souhaitons utiliser vos coordonnées et vos données de voyage. Êtes-vous d’accord ? Vous pouvez vous rétracter à tout moment en écrivant STOP.',
  },
  'consent.health-data.1': {
    tr: 'Gönderdiğiniz fotoğraf ve belgelere ve sağlığınız hakkında yazdıklarınıza {tenant} bakabilir ve bunları saklayabilir mi? Böylece klinik size görüş bildirebilir. Kabul etmek zorunda değilsiniz, seyahatinizi yine de düzenleriz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    en: 'May {tenant} look at and keep your photos, your documents and what you tell us about your health, so that the clinic can advise you? You are free to refuse: we can still arrange your trip. You can withdraw at any time by writing STOP.',
    de: 'Darf {tenant} Ihre Fotos, Ihre Dokumente und das, was Sie uns über Ihre Gesundheit schreiben, ansehen und aufbewahren, damit die Klinik Sie beraten kann? Sie dürfen gern ablehnen, Ihre Reise organisieren wir trotzdem. Sie können jederzeit mit STOP widerrufen.',
    ar: 'هل يجوز لـ {tenant} الاطلاع على صوركم ومستنداتكم وما تكتبونه عن صحتكم والاحتفاظ بها، لكي تتمكن العيادة من تقديم المشورة لكم؟ يمكنكم الرفض، وسنرتّب رحلتكم على أي حال. ويمكنكم التراجع في أي وقت بكتابة إيقاف.',
    ru: 'Может ли {tenant} просматривать и хранить ваши фотографии, документы и то, что вы пишете о своём здоровье, чтобы клиника могла вас проконсультировать? Вы можете отказаться, поездку мы всё равно организуем. Отозвать согласие можно в любой момент, написав СТОП.',
    fr: 'Autorisez-vous {tenant} à consulter et à conserver vos photos, vos documents et ce que vous nous écrivez sur votre santé, afin que la clinique puisse vous conseiller ? Vous pouvez refuser : nous organiserons votre voyage malgré tout. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
  },
  'consent.transfer-abroad.1': {
    tr: 'Size daha hızlı yanıt verebilmek için {tenant}, mesajlarınızı adınız çıkarılmış olarak yurt dışındaki hizmetlere okutabilir mi? Kabul etmek zorunda değilsiniz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    en: 'To answer you faster, may {tenant} have your messages, with names removed, read by services abroad? You are free to refuse. You can withdraw at any time by writing STOP.',
    de: 'Darf {tenant} Ihre Nachrichten ohne Namen von Diensten im Ausland lesen lassen, um Ihnen schneller zu antworten? Sie dürfen gern ablehnen. Sie können jederzeit mit STOP widerrufen.',
    ar: 'هل يجوز لـ {tenant} عرض رسائلكم، بعد حذف الأسماء منها، على خدمات خارج البلاد لقراءتها، لكي نردّ عليكم بسرعة أكبر؟ يمكنكم الرفض. ويمكنكم التراجع في أي وقت بكتابة إيقاف.',
    ru: 'Может ли {tenant} передавать ваши сообщения без имён для прочтения зарубежным сервисам, чтобы отвечать вам быстрее? Вы можете отказаться. Отозвать согласие можно в любой момент, написав СТОП.',
    fr: 'Pour vous répondre plus vite, {tenant} peut-il faire lire vos messages, sans les noms, par des services à l’étranger ? Vous pouvez refuser. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
  },
  'consent.marketing.1': {
    tr: 'İleride teklifler ve yenilikler için {tenant} size buradan yazabilir mi? Kabul etmek zorunda değilsiniz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    en: 'May {tenant} write to you here about offers and news later on? You are free to refuse. You can withdraw at any time by writing STOP.',
    de: 'Darf {tenant} Ihnen hier später Angebote und Neuigkeiten schicken? Sie dürfen gern ablehnen. Sie können jederzeit mit STOP widerrufen.',
    ar: 'هل يجوز لـ {tenant} مراسلتكم هنا لاحقًا بشأن العروض والأخبار؟ يمكنكم الرفض. ويمكنكم التراجع في أي وقت بكتابة إيقاف.',
    ru: 'Может ли {tenant} в дальнейшем писать вам сюда о предложениях и новостях? Вы можете отказаться. Отозвать согласие можно в любой момент, написав СТОП.',
    fr: 'Acceptez-vous que {tenant} vous écrive ici plus tard au sujet de ses offres et nouveautés ? Vous pouvez refuser. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
  },
  'consent.again': {
    tr: 'Üzgünüz, anlayamadık. {tenant} seyahatiniz için bilgilerinizi kullanabilir mi? Lütfen düğmelerden birine basın.',
    en: 'Sorry, we did not understand. May {tenant} use your details to arrange your trip? Please press one of the buttons.',
    de: 'Entschuldigung, das haben wir nicht verstanden. Darf {tenant} Ihre Daten für Ihre Reise verwenden? Bitte drücken Sie eine der Tasten.',
    ar: 'عذرًا، لم نفهم. هل يجوز لـ {tenant} استخدام بياناتكم لترتيب رحلتكم؟ يرجى الضغط على أحد الزرين.',
    ru: 'Извините, мы не поняли. Может ли {tenant} использовать ваши данные для организации поездки? Пожалуйста, нажмите одну из кнопок.',
    fr: 'Désolés, nous n’avons pas compris. {tenant} peut-il utiliser vos données pour organiser votre voyage ? Merci d’appuyer sur l’un des boutons.',
  },
  'consent.reminder': {
    tr: 'Hâlâ yanıtınızı bekliyoruz: {tenant} seyahatiniz için bilgilerinizi kullanabilir mi?',
    en: 'We are still waiting for your answer: may {tenant} use your details to arrange your trip?',
    de: 'Wir warten noch auf Ihre Antwort: Darf {tenant} Ihre Daten für Ihre Reise verwenden?',
    ar: 'ما زلنا بانتظار ردّكم: هل يجوز لـ {tenant} استخدام بياناتكم لترتيب رحلتكم؟',
    ru: 'Мы всё ещё ждём вашего ответа: может ли {tenant} использовать ваши данные для организации поездки?',
    fr: 'Nous attendons toujours votre réponse : {tenant} peut-il utiliser vos données pour organiser votre voyage ?',
  },
  'consent.refused': {
    tr: 'Anladık, bilgilerinizi kullanmayacağız. Fikriniz değişirse bize yazmanız yeterli. İyi günler dileriz.',
    en: 'Understood, we will not use your details. If you change your mind, just write to us. All the best.',
    de: 'Verstanden, wir verwenden Ihre Daten nicht. Falls Sie es sich anders überlegen, schreiben Sie uns einfach. Alles Gute.',
    ar: 'حسنًا، لن نستخدم بياناتكم. إذا غيّرتم رأيكم فيكفي أن تكتبوا إلينا. مع أطيب التمنيات.',
    ru: 'Поняли, мы не будем использовать ваши данные. Если передумаете, просто напишите нам. Всего доброго.',
    fr: 'C’est noté, nous n’utiliserons pas vos données. Si vous changez d’avis, écrivez-nous simplement. Bien à vous.',
  },
  'consent.unanswered': {
    tr: 'Yanıt alamadığımız için talebinizi kapatıyoruz. Dilediğiniz zaman bize yeniden yazabilirsiniz.',
    en: 'As we have not heard from you, we are closing your request. Write to us again whenever you like.',
    de: 'Da wir nichts von Ihnen gehört haben, schließen wir Ihre Anfrage. Schreiben Sie uns gern jederzeit wieder.',
    ar: 'لم يصلنا ردّكم، لذلك نغلق طلبكم الآن. يمكنكم الكتابة إلينا من جديد متى شئتم.',
    ru: 'Мы не получили вашего ответа и поэтому закрываем запрос. Напишите нам снова, когда вам будет удобно.',
    fr: 'Sans réponse de votre part, nous clôturons votre demande. Écrivez-nous de nouveau quand vous le souhaitez.',
  },
  'consent.noted': {
    tr: 'Teşekkürler, yanıtınızı kaydettik.',
    en: 'Thank you, we have noted your answer.',
    de: 'Vielen Dank, wir haben Ihre Antwort vermerkt.',
    ar: 'شكرًا لكم، سجّلنا ردّكم.',
    ru: 'Спасибо, мы записали ваш ответ.',
    fr: 'Merci, votre réponse est bien notée.',
  },
  'intake.origin': {
    tr: 'Teşekkürler! Nereden uçacaksınız? Şehri ya da havalimanı kodunu yazın, örneğin Berlin ya da BER.',
    en: 'Thank you! Where will you fly from? Write the city or the airport code, for example Berlin or BER.',
    de: 'Danke! Von wo fliegen Sie? Schreiben Sie die Stadt oder den Flughafencode, zum Beispiel Berlin oder BER.',
    ar: 'شكرًا! من أين ستسافرون؟ اكتبوا المدينة أو رمز المطار، مثل Berlin أو BER.',
    ru: 'Спасибо! Откуда вы полетите? Напишите город или код аэропорта, например Москва или SVO.',
    fr: 'Merci ! D’où partirez-vous ? Écrivez la ville ou le code de l’aéroport, par exemple Paris ou CDG.',
  },
  'intake.origin.again': {
    tr: 'Bu yeri bulamadık. Lütfen havalimanının üç harfli kodunu yazın, örneğin BER.',
    en: 'We could not find that place. Please write the three-letter code of the airport, for example BER.',
    de: 'Diesen Ort haben wir nicht gefunden. Bitte schreiben Sie den dreistelligen Flughafencode, zum Beispiel BER.',
    ar: 'لم نعثر على هذا المكان. يرجى كتابة رمز المطار المكوّن من ثلاثة أحرف، مثل BER.',
    ru: 'Мы не нашли это место. Пожалуйста, напишите трёхбуквенный код аэропорта, например SVO.',
    fr: 'Nous n’avons pas trouvé ce lieu. Merci d’écrire le code à trois lettres de l’aéroport, par exemple CDG.',
  },
  'intake.date': {
    tr: 'Hangi gün uçmak istiyorsunuz? Lütfen 31.12.2027 biçiminde yazın.',
    en: 'On which day would you like to fly? Please write it like 31.12.2027.',
    de: 'An welchem Tag möchten Sie fliegen? Bitte schreiben Sie es so: 31.12.2027.',
    ar: 'في أي يوم تودّون السفر؟ يرجى كتابته بهذا الشكل: 31.12.2027.',
    ru: 'В какой день вы хотите лететь? Пожалуйста, напишите так: 31.12.2027.',
    fr: 'Quel jour souhaitez-vous partir ? Merci de l’écrire ainsi : 31.12.2027.',
  },
  'intake.date.again': {
    tr: 'Bu tarihi kullanamıyoruz. Lütfen önümüzdeki bir yıl içinden bir günü 31.12.2027 biçiminde yazın.',
    en: 'We cannot use that date. Please write a day within the next year, like 31.12.2027.',
    de: 'Dieses Datum können wir nicht verwenden. Bitte schreiben Sie einen Tag im nächsten Jahr so: 31.12.2027.',
    ar: 'لا يمكننا استخدام هذا التاريخ. يرجى كتابة يوم خلال السنة القادمة بهذا الشكل: 31.12.2027.',
    ru: 'Эту дату мы не можем использовать. Напишите, пожалуйста, день в течение ближайшего года так: 31.12.2027.',
    fr: 'Nous ne pouvons pas utiliser cette date. Merci d’écrire un jour dans l’année à venir, ainsi : 31.12.2027.',
  },
  'intake.adults': {
    tr: 'Kaç yetişkin seyahat edecek? Lütfen 1 ile 9 arasında bir sayı yazın.',
    en: 'How many adults will travel? Please write a number from 1 to 9.',
    de: 'Wie viele Erwachsene reisen? Bitte schreiben Sie eine Zahl von 1 bis 9.',
    ar: 'كم عدد البالغين المسافرين؟ يرجى كتابة رقم من 1 إلى 9.',
    ru: 'Сколько взрослых полетит? Пожалуйста, напишите число от 1 до 9.',
    fr: 'Combien d’adultes voyageront ? Merci d’écrire un nombre de 1 à 9.',
  },
  'intake.adults.again': {
    tr: 'Lütfen yalnızca 1 ile 9 arasında bir sayı yazın, örneğin 2.',
    en: 'Please write only a number from 1 to 9, for example 2.',
    de: 'Bitte schreiben Sie nur eine Zahl von 1 bis 9, zum Beispiel 2.',
    ar: 'يرجى كتابة رقم فقط من 1 إلى 9، مثل 2.',
    ru: 'Пожалуйста, напишите только число от 1 до 9, например 2.',
    fr: 'Merci d’écrire seulement un nombre de 1 à 9, par exemple 2.',
  },
  'intake.reminder': {
    tr: 'Seyahatinizi planlamaya devam edelim mi? Son sorumuzun yanıtını bekliyoruz.',
    en: 'Shall we go on planning your trip? We are waiting for the answer to our last question.',
    de: 'Sollen wir Ihre Reise weiter planen? Wir warten auf die Antwort auf unsere letzte Frage.',
    ar: 'هل نواصل التخطيط لرحلتكم؟ نحن بانتظار إجابتكم عن سؤالنا الأخير.',
    ru: 'Продолжим планировать вашу поездку? Мы ждём ответа на наш последний вопрос.',
    fr: 'Poursuivons-nous la préparation de votre voyage ? Nous attendons la réponse à notre dernière question.',
  },
  'flights.searching': {
    tr: 'Sizin için uçuş arıyoruz: {origin} – {destination}, {date}. Lütfen biraz bekleyin, hemen yazacağız.',
    en: 'We are looking for flights from {origin} to {destination} on {date}. One moment, please.',
    de: 'Wir suchen Flüge von {origin} nach {destination} am {date}. Einen Moment, bitte.',
    ar: 'نبحث عن رحلات من {origin} إلى {destination} بتاريخ {date}. لحظة من فضلكم.',
    ru: 'Мы ищем рейсы {origin} – {destination} на {date}. Подождите, пожалуйста, одну минуту.',
    fr: 'Nous cherchons des vols de {origin} à {destination} le {date}. Un instant, s’il vous plaît.',
  },
  'flights.none': {
    tr: 'Uçuş bulamadık: {date}. Başka bir gün deneyelim.',
    en: 'We found no flights on {date}. Let us try another day.',
    de: 'Für den {date} haben wir keine Flüge gefunden. Versuchen wir einen anderen Tag.',
    ar: 'لم نجد رحلات بتاريخ {date}. لنجرّب يومًا آخر.',
    ru: 'На {date} рейсов не нашлось. Попробуем другой день.',
    fr: 'Nous n’avons trouvé aucun vol le {date}. Essayons un autre jour.',
  },
  'offer.list': {
    tr: 'Uçuş önerilerimiz:\n{offers}\nBirini seçin. Başka bir gün için 0 yazın.',
    en: 'These are our flights for you:\n{offers}\nPlease choose one. Write 0 for another day.',
    de: 'Das sind unsere Flüge für Sie:\n{offers}\nBitte wählen Sie einen. Schreiben Sie 0 für einen anderen Tag.',
    ar: 'هذه الرحلات المتاحة لكم:\n{offers}\nيرجى اختيار إحداها. اكتبوا 0 ليوم آخر.',
    ru: 'Вот рейсы для вас:\n{offers}\nВыберите один из них. Напишите 0, чтобы выбрать другой день.',
    fr: 'Voici nos vols pour vous :\n{offers}\nMerci d’en choisir un. Écrivez 0 pour un autre jour.',
  },
  'offer.reminder': {
    tr: 'Uçuş önerilerimiz yakında sona eriyor:\n{offers}\nBirini seçin. Başka bir gün için 0 yazın.',
    en: 'Our flight offers end soon:\n{offers}\nPlease choose one. Write 0 for another day.',
    de: 'Unsere Flugangebote laufen bald ab:\n{offers}\nBitte wählen Sie einen Flug. Schreiben Sie 0 für einen anderen Tag.',
    ar: 'ستنتهي عروض الرحلات قريبًا:\n{offers}\nيرجى اختيار إحداها. اكتبوا 0 ليوم آخر.',
    ru: 'Наши предложения скоро истекут:\n{offers}\nВыберите рейс. Напишите 0, чтобы выбрать другой день.',
    fr: 'Nos offres de vol expirent bientôt :\n{offers}\nMerci d’en choisir une. Écrivez 0 pour un autre jour.',
  },
  'offer.lapsed': {
    tr: 'Bu fiyat artık geçerli değil. Sizin için yeniden arıyoruz.',
    en: 'That price is no longer valid. We are searching again for you.',
    de: 'Dieser Preis gilt nicht mehr. Wir suchen erneut für Sie.',
    ar: 'لم يعد هذا السعر ساريًا. نبحث لكم من جديد.',
    ru: 'Эта цена больше не действует. Мы ищем для вас заново.',
    fr: 'Ce prix n’est plus valable. Nous relançons la recherche pour vous.',
  },
  'offer.expired': {
    tr: 'Uçuş önerilerimizin süresi doldu. Yeni öneriler için bize yazmanız yeterli.',
    en: 'Our flight offers have ended. Just write to us for new ones.',
    de: 'Unsere Flugangebote sind abgelaufen. Für neue schreiben Sie uns einfach.',
    ar: 'انتهت صلاحية عروض الرحلات. يكفي أن تكتبوا إلينا للحصول على عروض جديدة.',
    ru: 'Срок наших предложений истёк. Чтобы получить новые, просто напишите нам.',
    fr: 'Nos offres de vol ont expiré. Écrivez-nous simplement pour en recevoir de nouvelles.',
  },
  'payment.link': {
    tr: 'Rezervasyonunuz {title}, tutar {total}. Buradan güvenle ödeyebilirsiniz: {url} – teşekkür ederiz.',
    en: 'Your booking {title} costs {total}. You can pay safely here: {url} – thank you.',
    de: 'Ihre Buchung {title} kostet {total}. Hier können Sie sicher bezahlen: {url} – vielen Dank.',
    ar: 'حجزكم {title} بقيمة {total}. يمكنكم الدفع بأمان هنا: {url} – شكرًا لكم.',
    ru: 'Ваше бронирование {title}, к оплате {total}. Безопасно оплатить можно здесь: {url} – спасибо.',
    fr: 'Votre réservation {title} coûte {total}. Vous pouvez payer en toute sécurité ici : {url} – merci.',
  },
  'payment.reminder': {
    tr: 'Ödemeniz henüz ulaşmadı: {total}, {title}. Bağlantı yakında sona eriyor: {url} – teşekkür ederiz.',
    en: 'Your payment of {total} for {title} has not arrived yet. The link ends soon: {url} – thank you.',
    de: 'Ihre Zahlung von {total} für {title} ist noch nicht eingegangen. Der Link läuft bald ab: {url} – vielen Dank.',
    ar: 'لم تصل بعد دفعتكم {total} مقابل {title}. سينتهي الرابط قريبًا: {url} – شكرًا لكم.',
    ru: 'Ваша оплата {total} за {title} ещё не поступила. Ссылка скоро перестанет действовать: {url} – спасибо.',
    fr: 'Votre paiement de {total} pour {title} n’est pas encore arrivé. Le lien expire bientôt : {url} – merci.',
  },
  'payment.expired': {
    tr: 'Ödeme bağlantısının süresi doldu. Yeni bir öneri için bize yazmanız yeterli.',
    en: 'The payment link has ended. Just write to us for a new offer.',
    de: 'Der Zahlungslink ist abgelaufen. Für ein neues Angebot schreiben Sie uns einfach.',
    ar: 'انتهت صلاحية رابط الدفع. يكفي أن تكتبوا إلينا للحصول على عرض جديد.',
    ru: 'Ссылка на оплату больше не действует. Чтобы получить новое предложение, просто напишите нам.',
    fr: 'Le lien de paiement a expiré. Écrivez-nous simplement pour une nouvelle offre.',
  },
  'payment.renew': {
    tr: 'Ödeme bağlantısının süresi doldu: {title}, tutar {total}. İsterseniz size yenisini gönderelim.',
    en: 'The payment link for {title} ({total}) has run out. We can send you a new one.',
    de: 'Der Zahlungslink für {title} ({total}) ist abgelaufen. Wir senden Ihnen gern einen neuen.',
    ar: 'انتهت صلاحية رابط الدفع الخاص بـ {title} ({total}). يمكننا أن نرسل إليكم رابطًا جديدًا.',
    ru: 'Ссылка на оплату за {title} ({total}) больше не действует. Мы можем отправить вам новую.',
    fr: 'Le lien de paiement pour {title} ({total}) a expiré. Nous pouvons vous en envoyer un nouveau.',
  },
  'payment.received': {
    tr: 'Teşekkürler, {title} için {total} tutarındaki ödemeniz ulaştı ve kaydedildi.',
    en: 'Thank you, your payment of {total} for {title} has arrived.',
    de: 'Vielen Dank, Ihre Zahlung von {total} für {title} ist eingegangen.',
    ar: 'شكرًا لكم، وصلت دفعتكم {total} مقابل {title} وقد سجّلناها.',
    ru: 'Спасибо, ваша оплата {total} за {title} получена.',
    fr: 'Merci, votre paiement de {total} pour {title} est bien arrivé.',
  },
  'payment.refunded': {
    tr: 'Size {title} için {amount} iade ettik. Bankanızda görünmesi birkaç gün sürebilir.',
    en: 'We have refunded {amount} for {title}. It may take some days until your bank shows it.',
    de: 'Wir haben Ihnen {amount} für {title} erstattet. Bis Ihre Bank es anzeigt, kann es einige Tage dauern.',
    ar: 'لقد أعدنا إليكم {amount} مقابل {title}. قد يستغرق ظهور المبلغ لدى مصرفكم بضعة أيام.',
    ru: 'Мы вернули вам {amount} за {title}. Возврат может появиться в вашем банке через несколько дней.',
    fr: 'Nous vous avons remboursé {amount} pour {title}. Quelques jours peuvent passer avant que votre banque l’affiche.',
  },
  'booking.confirmed': {
    tr: 'Teşekkürler, ödemeniz ulaştı: {total}. {title} onaylandı. Rezervasyon: {bookingId}. Sizi bekliyoruz.',
    en: 'Thank you, your payment has arrived: {total}. {title} is confirmed. Booking: {bookingId}. We look forward to seeing you.',
    de: 'Danke, Ihre Zahlung ist eingegangen: {total}. {title} ist bestätigt. Buchung: {bookingId}. Wir freuen uns auf Sie.',
    ar: 'شكرًا، وصلت دفعتكم: {total}. تم تأكيد {title}. الحجز: {bookingId}. نحن بانتظاركم.',
    ru: 'Спасибо, ваша оплата получена: {total}. {title} – подтверждено. Бронирование: {bookingId}. Мы вас ждём.',
    fr: 'Merci, votre paiement est arrivé : {total}. {title} est confirmé. Réservation : {bookingId}. Au plaisir de vous accueillir.',
  },
  'staff.handover': {
    tr: 'Bir çalışma arkadaşımız size en kısa sürede burada yanıt verecek.',
    en: 'A colleague will answer you here as soon as possible.',
    de: 'Eine Kollegin oder ein Kollege antwortet Ihnen hier so bald wie möglich.',
    ar: 'سيردّ عليكم أحد زملائنا هنا في أقرب وقت ممكن.',
    ru: 'Наш сотрудник ответит вам здесь как можно скорее.',
    fr: 'Un membre de notre équipe vous répondra ici dès que possible.',
  },
  'staff.reply': {
    tr: '{text}',
    en: '{text}',
    de: '{text}',
    ar: '{text}',
    ru: '{text}',
    fr: '{text}',
  },
  'conversation.unreadable': {
    tr: 'Üzgünüz, bu tür mesajları (çıkartma, görüntülü not ve benzerleri) burada okuyamıyoruz. Lütfen mesajınızı yazı olarak gönderin.',
    en: 'Sorry, we cannot read this kind of message here (stickers, video notes and the like). Please write it as text.',
    de: 'Entschuldigung, diese Art von Nachricht (Sticker, Videonotizen und Ähnliches) können wir hier nicht lesen. Bitte schreiben Sie sie als Text.',
    ar: 'عذرًا، لا يمكننا قراءة هذا النوع من الرسائل هنا (الملصقات ومقاطع الفيديو القصيرة وما شابهها). يرجى كتابة رسالتكم نصًّا.',
    ru: 'Извините, такие сообщения (стикеры, видеосообщения и подобные) мы здесь прочитать не можем. Пожалуйста, напишите текстом.',
    fr: 'Désolés, nous ne pouvons pas lire ici ce type de message (autocollants, notes vidéo, etc.). Merci de l’écrire sous forme de texte.',
  },
  'conversation.location': {
    tr: 'Konum için teşekkürler. Hangi şehirden ya da havalimanından uçacaksınız?',
    en: 'Thank you for the location. Which city or airport will you fly from?',
    de: 'Danke für den Standort. Von welcher Stadt oder welchem Flughafen fliegen Sie?',
    ar: 'شكرًا لإرسال الموقع. من أي مدينة أو مطار ستسافرون؟',
    ru: 'Спасибо за геопозицию. Из какого города или аэропорта вы полетите?',
    fr: 'Merci pour le lieu. De quelle ville ou de quel aéroport partirez-vous ?',
  },
  'conversation.urgent': {
    tr: 'Acil bir durum varsa lütfen hemen bulunduğunuz yerdeki acil yardım numarasını arayın (Türkiye ve Avrupa Birliği’nde 112). Bir çalışma arkadaşımıza şimdi haber veriyoruz.',
    en: 'If this is an emergency, please call your local emergency number at once (112 in Türkiye and the European Union). We are telling a colleague now.',
    de: 'Wenn es ein Notfall ist, rufen Sie bitte sofort den örtlichen Notruf an (112 in der Türkei und der Europäischen Union). Wir verständigen jetzt eine Kollegin oder einen Kollegen.',
    ar: 'إذا كانت الحالة طارئة فيرجى الاتصال فورًا برقم الطوارئ المحلي (112 في تركيا والاتحاد الأوروبي). نُبلغ أحد زملائنا الآن.',
    ru: 'Если это экстренный случай, немедленно позвоните в местную службу спасения (112 в Турции и Европейском союзе). Мы уже сообщаем нашему сотруднику.',
    fr: 'En cas d’urgence, appelez tout de suite les secours de l’endroit où vous êtes (le 112 en Turquie et dans l’Union européenne). Nous prévenons à l’instant un membre de notre équipe.',
  },
  'conversation.reopen': {
    tr: 'Talebinizle ilgili bir haberimiz var. Lütfen bu mesajı yanıtlayın, buradan devam edelim.',
    en: 'We have news about your request. Please answer this message and we will go on here.',
    de: 'Es gibt Neuigkeiten zu Ihrer Anfrage. Bitte antworten Sie auf diese Nachricht, dann machen wir hier weiter.',
    ar: 'لدينا جديد بخصوص طلبكم. يرجى الردّ على هذه الرسالة لنتابع معكم هنا.',
    ru: 'У нас есть новости по вашему запросу. Пожалуйста, ответьте на это сообщение, и мы продолжим здесь.',
    fr: 'Nous avons du nouveau concernant votre demande. Merci de répondre à ce message pour que nous poursuivions ici.',
  },
  'media.received': {
    tr: 'Teşekkürler, gönderdiğiniz dosyayı aldık. Ekibimiz inceleyecek.',
    en: 'Thank you, we have received your file. Our team will look at it.',
    de: 'Vielen Dank, wir haben Ihre Datei erhalten. Unser Team sieht sie sich an.',
    ar: 'شكرًا لكم، استلمنا ملفكم وسيطّلع عليه فريقنا.',
    ru: 'Спасибо, мы получили ваш файл. Наша команда его посмотрит.',
    fr: 'Merci, nous avons bien reçu votre fichier. Notre équipe va l’examiner.',
  },
  'media.tooLarge': {
    tr: 'Bu dosya çok büyük. Lütfen en fazla {limit} MB büyüklüğünde bir dosya gönderin.',
    en: 'This file is too large. Please send one of at most {limit} MB.',
    de: 'Diese Datei ist zu groß. Bitte senden Sie eine mit höchstens {limit} MB.',
    ar: 'هذا الملف كبير جدًا. يرجى إرسال ملف لا يتجاوز حجمه {limit} ميغابايت.',
    ru: 'Этот файл слишком большой. Пожалуйста, отправьте файл не больше {limit} МБ.',
    fr: 'Ce fichier est trop volumineux. Merci d’en envoyer un de {limit} Mo au maximum.',
  },
  'media.wrongType': {
    tr: 'Bu dosya türünü açamıyoruz. Lütfen bir fotoğraf (JPEG ya da PNG) veya PDF gönderin.',
    en: 'We cannot open this kind of file. Please send a photo (JPEG or PNG) or a PDF.',
    de: 'Diese Art von Datei können wir nicht öffnen. Bitte senden Sie ein Foto (JPEG oder PNG) oder ein PDF.',
    ar: 'لا يمكننا فتح هذا النوع من الملفات. يرجى إرسال صورة (JPEG أو PNG) أو ملف PDF.',
    ru: 'Файлы такого типа мы открыть не можем. Пожалуйста, отправьте фотографию (JPEG или PNG) или PDF.',
    fr: 'Nous ne pouvons pas ouvrir ce type de fichier. Merci d’envoyer une photo (JPEG ou PNG) ou un PDF.',
  },
  'media.damaged': {
    tr: 'Dosyanız bize bozuk ulaştı. Lütfen yeniden gönderin.',
    en: 'Your file arrived damaged. Please send it again.',
    de: 'Ihre Datei ist beschädigt angekommen. Bitte senden Sie sie noch einmal.',
    ar: 'وصل ملفكم تالفًا. يرجى إرساله مرة أخرى.',
    ru: 'Ваш файл пришёл повреждённым. Пожалуйста, отправьте его ещё раз.',
    fr: 'Votre fichier est arrivé endommagé. Merci de l’envoyer de nouveau.',
  },
  'media.unsafe': {
    tr: 'Dosyanız güvenlik denetimimizden geçmedi ve saklanmadı. Lütfen yeniden fotoğrafını çekip gönderin.',
    en: 'Your file did not pass our security check and was not kept. Please photograph it anew and send the photo.',
    de: 'Ihre Datei hat unsere Sicherheitsprüfung nicht bestanden und wurde nicht gespeichert. Bitte fotografieren Sie das Original neu und senden Sie das Foto.',
    ar: 'لم يجتز ملفكم فحص الأمان لدينا ولم نحتفظ به. يرجى التقاط صورة جديدة وإرسالها.',
    ru: 'Ваш файл не прошёл нашу проверку безопасности и не был сохранён. Пожалуйста, сфотографируйте заново и отправьте снимок.',
    fr: 'Votre fichier n’a pas passé notre contrôle de sécurité et n’a pas été conservé. Merci de prendre une nouvelle photo et de l’envoyer.',
  },
  'media.gone': {
    tr: 'Bu dosyaya artık ulaşılamıyor. Lütfen yeniden gönderin.',
    en: 'This file is no longer available. Please send it again.',
    de: 'Diese Datei ist nicht mehr verfügbar. Bitte senden Sie sie noch einmal.',
    ar: 'لم يعد هذا الملف متاحًا. يرجى إرساله مرة أخرى.',
    ru: 'Этот файл больше не доступен. Пожалуйста, отправьте его ещё раз.',
    fr: 'Ce fichier n’est plus disponible. Merci de l’envoyer de nouveau.',
  },
  'media.failed': {
    tr: 'Dosyanızı okuyamadık. Bir çalışma arkadaşımız ilgileniyor.',
    en: 'We could not read your file. A colleague is looking into it.',
    de: 'Wir konnten Ihre Datei nicht lesen. Eine Kollegin oder ein Kollege kümmert sich darum.',
    ar: 'لم نتمكن من قراءة ملفكم. يتابع أحد زملائنا الأمر.',
    ru: 'Нам не удалось прочитать ваш файл. Этим займётся наш сотрудник.',
    fr: 'Nous n’avons pas pu lire votre fichier. Un membre de notre équipe s’en occupe.',
  },
  'media.refused': {
    tr: 'Sağlık verileriniz için onayınız olmadan fotoğraf ve belge saklamıyoruz. Gönderdiğiniz dosya kaydedilmedi.',
    en: 'Without your consent to health data we do not keep photos or documents. Your file was not stored.',
    de: 'Ohne Ihre Einwilligung zu Gesundheitsdaten bewahren wir keine Fotos oder Dokumente auf. Ihre Datei wurde nicht gespeichert.',
    ar: 'من دون موافقتكم على البيانات الصحية لا نحتفظ بالصور أو المستندات. لم يُحفظ ملفكم.',
    ru: 'Без вашего согласия на обработку данных о здоровье мы не храним фотографии и документы. Ваш файл не сохранён.',
    fr: 'Sans votre accord pour les données de santé, nous ne conservons ni photos ni documents. Votre fichier n’a pas été enregistré.',
  },
  'documents.ask': {
    tr: 'Sizden bir belge rica ediyoruz: {document}. Lütfen yedi gün içinde buradan güvenle yükleyin: {url} – bu bağlantıyı yalnızca siz görüyorsunuz.',
    en: 'Please upload your {document} safely here within seven days: {url} – only you see this link.',
    de: 'Uns fehlt noch Ihr {document}. Bitte laden Sie die Datei innerhalb von sieben Tagen hier sicher hoch: {url} – diesen Link sehen nur Sie.',
    ar: 'يرجى رفع {document} هنا بأمان خلال سبعة أيام: {url} – لا يرى هذا الرابط أحد سواكم.',
    ru: 'Нам нужен от вас документ: {document}. Пожалуйста, загрузите его в течение семи дней здесь, это безопасно: {url} – эту ссылку видите только вы.',
    fr: 'Merci de déposer votre {document} ici en toute sécurité, dans les sept jours : {url} – ce lien n’est visible que par vous.',
  },
  'documents.received': {
    tr: 'Teşekkürler, {document} bize ulaştı.',
    en: 'Thank you, your {document} has arrived.',
    de: 'Vielen Dank, Ihr {document} ist bei uns angekommen.',
    ar: 'شكرًا لكم، استلمنا {document} بنجاح.',
    ru: 'Спасибо, документ «{document}» получен.',
    fr: 'Nous avons bien reçu votre {document}, merci beaucoup.',
  },
  'documents.tooLarge': {
    tr: 'Yüklediğiniz dosya çok büyük. Dosya en fazla {limit} MB olabilir.',
    en: 'The file you uploaded is too large. It may be at most {limit} MB.',
    de: 'Die hochgeladene Datei ist zu groß. Möglich sind höchstens {limit} MB.',
    ar: 'الملف الذي رفعتموه كبير جدًا. يجب ألا يتجاوز حجمه {limit} ميغابايت.',
    ru: 'Загруженный файл слишком большой. Он может быть не больше {limit} МБ.',
    fr: 'Le fichier que vous avez déposé est trop volumineux. Il peut faire {limit} Mo au maximum.',
  },
  'documents.wrongType': {
    tr: 'Yüklediğiniz dosya türünü açamıyoruz. Bir fotoğraf (JPEG ya da PNG) veya PDF olabilir.',
    en: 'We cannot open the kind of file you uploaded. It can be a photo (JPEG or PNG) or a PDF.',
    de: 'Die Art der hochgeladenen Datei können wir nicht öffnen. Möglich sind ein Foto (JPEG oder PNG) oder ein PDF.',
    ar: 'لا يمكننا فتح نوع الملف الذي رفعتموه. يمكن أن يكون صورة (JPEG أو PNG) أو ملف PDF.',
    ru: 'Файл такого типа мы открыть не можем. Подойдёт фотография (JPEG или PNG) или PDF.',
    fr: 'Nous ne pouvons pas ouvrir le type de fichier que vous avez déposé. Il peut s’agir d’une photo (JPEG ou PNG) ou d’un PDF.',
  },
  'documents.damaged': {
    tr: 'Üzgünüz, yüklediğiniz dosya bize bozuk ulaştı.',
    en: 'Sorry, the file you uploaded arrived damaged.',
    de: 'Die hochgeladene Datei ist leider beschädigt angekommen.',
    ar: 'عذرًا، وصل الملف الذي رفعتموه تالفًا.',
    ru: 'К сожалению, загруженный файл пришёл повреждённым.',
    fr: 'Désolés, le fichier que vous avez déposé est arrivé endommagé.',
  },
  'documents.unsafe': {
    tr: 'Yüklediğiniz dosya güvenlik denetimimizden geçmedi. Lütfen aslının fotoğrafını yeniden çekin.',
    en: 'The file you uploaded did not pass our security check. Please photograph the original anew.',
    de: 'Die hochgeladene Datei hat unsere Sicherheitsprüfung nicht bestanden. Bitte fotografieren Sie das Original neu.',
    ar: 'لم يجتز الملف الذي رفعتموه فحص الأمان لدينا. يرجى التقاط صورة جديدة للأصل.',
    ru: 'Загруженный файл не прошёл нашу проверку безопасности. Пожалуйста, сфотографируйте оригинал заново.',
    fr: 'Le fichier que vous avez déposé n’a pas passé notre contrôle de sécurité. Merci de photographier de nouveau l’original.',
  },
  'review.waiting': {
    tr: 'Teşekkürler, ekibimiz gönderdiklerinizi inceliyor. Size buradan yazacağız.',
    en: 'Thank you, our team is looking at what you sent. We will write to you here.',
    de: 'Vielen Dank, unser Team sieht sich an, was Sie gesendet haben. Wir schreiben Ihnen hier.',
    ar: 'شكرًا لكم، يطّلع فريقنا على ما أرسلتموه. سنكتب إليكم هنا.',
    ru: 'Спасибо, наша команда смотрит то, что вы прислали. Мы напишем вам сюда.',
    fr: 'Merci, notre équipe regarde ce que vous avez envoyé. Nous vous écrirons ici.',
  },
  'review.declined': {
    tr: 'Maalesef ekibimiz istediğinizi size sunamıyor. Bir çalışma arkadaşımız size buradan yazacak.',
    en: 'Unfortunately our team cannot offer you what you asked for. A colleague will write to you here.',
    de: 'Leider kann unser Team Ihnen das Gewünschte nicht anbieten. Eine Kollegin oder ein Kollege schreibt Ihnen hier.',
    ar: 'نعتذر، لا يستطيع فريقنا تقديم ما طلبتموه. سيكتب إليكم أحد زملائنا هنا.',
    ru: 'К сожалению, наша команда не может предложить то, о чём вы просили. Наш сотрудник напишет вам сюда.',
    fr: 'Malheureusement, nous ne pouvons pas vous proposer ce que vous avez demandé. Un membre de notre équipe vous écrira ici.',
  },
  'aftercare.start': {
    tr: 'İyi yolculuklar! Bir sorunuz olursa buraya yazabilirsiniz.',
    en: 'Have a good trip home! If you have a question, you can write here.',
    de: 'Gute Heimreise! Bei Fragen können Sie hier schreiben.',
    ar: 'رحلة عودة سعيدة! إذا كان لديكم سؤال فيمكنكم الكتابة هنا.',
    ru: 'Хорошей дороги домой! Если появится вопрос, напишите сюда.',
    fr: 'Bon retour ! Si vous avez une question, vous pouvez écrire ici.',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type TextKey = keyof typeof texts;

/** The current wording of each purpose. Earlier ones stay in `texts`, for they are still evidence. */
const consentTexts = {
  service: 'consent.service.1',
  'health-data': 'consent.health-data.1',
  'transfer-abroad': 'consent.transfer-abroad.1',
  marketing: 'consent.marketing.1',
} as const satisfies Record<ConsentPurpose, TextKey>;

/** The text that asks for consent to a purpose now. Its key is the version to record with the answer. */
export function consentText(purpose: ConsentPurpose): TextKey {
  return consentTexts[purpose];
}

/**
 * Titles of the buttons, at most 20 characters. `{n}` is the number in the button's id. Consent asks for every purpose
 * with the same two.
 */
const buttons = {
  'consent:yes': {
    tr: 'Kabul ediyorum',
    en: 'I agree',
    de: 'Ich stimme zu',
    ar: 'أوافق',
    ru: 'Согласен(на)',
    fr: 'J’accepte',
  },
  'consent:no': {
    tr: 'Hayır, teşekkürler',
    en: 'No, thank you',
    de: 'Nein, danke',
    ar: 'لا، شكرًا',
    ru: 'Нет, спасибо',
    fr: 'Non, merci',
  },
  'offer:none': {
    tr: 'Başka bir gün',
    en: 'Another day',
    de: 'Anderer Tag',
    ar: 'يوم آخر',
    ru: 'Другой день',
    fr: 'Un autre jour',
  },
  'offer:{n}': {
    tr: '{n}. uçuş',
    en: 'Flight {n}',
    de: 'Flug {n}',
    ar: 'الرحلة {n}',
    ru: 'Рейс {n}',
    fr: 'Vol {n}',
  },
  'pay:again': {
    tr: 'Yeni bağlantı',
    en: 'New link',
    de: 'Neuer Link',
    ar: 'رابط جديد',
    ru: 'Новая ссылка',
    fr: 'Nouveau lien',
  },
  choose: {
    tr: 'Seçin',
    en: 'Choose',
    de: 'Auswählen',
    ar: 'اختاروا',
    ru: 'Выбрать',
    fr: 'Choisir',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

/** Words of a list's rows. The number stands behind a colon, so that no language needs a plural. */
const rows = {
  direct: {
    tr: 'aktarmasız',
    en: 'direct',
    de: 'direkt',
    ar: 'مباشرة',
    ru: 'прямой',
    fr: 'direct',
  },
  stops: {
    tr: 'aktarma: {n}',
    en: 'stops: {n}',
    de: 'Umstiege: {n}',
    ar: 'عدد التوقفات: {n}',
    ru: 'пересадки: {n}',
    fr: 'escales : {n}',
  },
  none: {
    tr: 'Sizin için başka bir günde arayalım',
    en: 'We search on another day for you',
    de: 'Wir suchen für Sie an einem anderen Tag',
    ar: 'نبحث لكم في يوم آخر',
    ru: 'Поищем для вас рейс на другой день',
    fr: 'Nous cherchons pour vous un autre jour',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

/** `{ amountMinor: '125000', currency: 'EUR' }` is `1250.00 EUR`, the same in every language and on every ICU. */
export function moneyText(money: Money): string {
  return `${decimalFromMoney(money)} ${money.currency}`;
}

const clock = (local: string): string => local.slice(11, 16);

function offerText(offer: OfferLine, index: number): string {
  const { flight, from, to, departLocal, arriveLocal, stops, price } = offer;
  const via = stops === 0 ? '' : ` (+${stops})`;
  const day = departLocal.slice(0, 10);
  return `${index + 1}) ${flight} ${day} ${from} ${clock(departLocal)} – ${to} ${clock(arriveLocal)}${via}: ${moneyText(price)}`;
}

function valueText(value: TextValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('amountMinor' in value) return moneyText(value);
  return value.map(offerText).join('\n');
}

const gapPattern = /\{(\w+)\}/g;

/** The language to write in for a BCP 47 tag: `de-AT` is `de`; what we do not have is `en`. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary) ?? 'en';
}

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(texts, key);
}

/** @throws {Error} a gap has no value: a mistake of ours, so nothing half-said is sent */
function valueOf(
  key: TextKey,
  gap: string,
  values: Readonly<Record<string, TextValue>>,
): TextValue {
  const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
  if (value === undefined) throw new Error(`Text ${key} has no value for {${gap}}`);
  return value;
}

/**
 * A text with its gaps filled. Values are put in once and never read as gaps themselves.
 *
 * @throws {Error} a gap has no value: a mistake of ours, so nothing half-said is sent
 */
export function renderText(
  key: TextKey,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
): string {
  return texts[key][languageOf(lang)].replaceAll(gapPattern, (_, gap: string) =>
    valueText(valueOf(key, gap, values)),
  );
}

/**
 * The `{document}` of a text. Turkish and Arabic say "your" in the noun, so theirs have it; English, German ("Ihr", no
 * feminine) and French say it in the text, Russian leaves it out. So a new name has to be read in both texts.
 */
const documentNames = {
  passport: {
    tr: 'pasaportunuz',
    en: 'passport',
    de: 'Reisepass',
    ar: 'جواز سفركم',
    ru: 'паспорт',
    fr: 'passeport',
  },
  visa: {
    tr: 'vizeniz',
    en: 'visa',
    de: 'Visum',
    ar: 'تأشيرتكم',
    ru: 'виза',
    fr: 'visa',
  },
  report: {
    tr: 'tıbbi raporunuz',
    en: 'medical report',
    de: 'medizinischer Bericht',
    ar: 'تقريركم الطبي',
    ru: 'медицинское заключение',
    fr: 'rapport médical',
  },
  'x-ray': {
    tr: 'röntgen görüntünüz',
    en: 'X-ray image',
    de: 'Röntgenbild',
    ar: 'صورة الأشعة الخاصة بكم',
    ru: 'рентгеновский снимок',
    fr: 'radiographie',
  },
} as const satisfies Record<DocumentKind, Readonly<Record<Language, string>>>;

/**
 * What we call a kind of document where a text has `{document}`: "passport" after English "your". `report` and `x-ray`
 * hint at health, for one cannot ask for a thing without naming it; they say which paper it is and nothing of what is
 * in it.
 */
export function documentName(kind: DocumentKind, lang: string): string {
  return documentNames[kind][languageOf(lang)];
}

const consentButton = new RegExp(`^consent(?::(?:${consentPurposes.join('|')}))?:(yes|no)$`);

/**
 * What stands on the button with this id: `consent:yes`, `consent:marketing:no`, `offer:1` to `offer:5`, `offer:none`,
 * `pay:again:` with a booking. A list's round (`offer:2:3`) is not shown.
 *
 * @throws {Error} no such button
 */
export function buttonTitle(id: string, lang: string): string {
  const language = languageOf(lang);
  const [, answer] = consentButton.exec(id) ?? [];
  if (answer !== undefined) return buttons[`consent:${answer as 'yes' | 'no'}`][language];
  if (id.startsWith('pay:again:')) return buttons['pay:again'][language];
  const [, choice] = /^offer:([1-5]|none)(?::\d+)?$/.exec(id) ?? [];
  if (choice === undefined) throw new Error(`No button ${id}`);
  if (choice === 'none') return buttons['offer:none'][language];
  return buttons['offer:{n}'][language].replace('{n}', choice);
}

/** What opens a list, at most 20 characters. */
export function listButton(lang: string): string {
  return buttons.choose[languageOf(lang)];
}

/** A row of a list as WhatsApp takes it: `title` at most 24 characters, `description` at most 72. */
export interface Row {
  readonly title: string;
  readonly description: string;
}

/** At most `limit` UTF-16 units, with `…` where something was cut, and never half a surrogate pair. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** One flight as a row: `1) TK1722 11:05`, `412.50 EUR, BER – IST, direct`. `index` counts from 0. */
export function offerRow(offer: OfferLine, index: number, lang: string): Row {
  const { flight, from, to, departLocal, stops, price } = offer;
  const language = languageOf(lang);
  const via =
    stops === 0 ? rows.direct[language] : rows.stops[language].replace('{n}', String(stops));
  // The time and the price are what one chooses by: a long flight number or place gives way to them.
  const time = ` ${clock(departLocal)}`;
  const title = `${index + 1}) ${flight}`;
  return {
    title: `${shortened(title, 24 - time.length)}${time}`,
    description: shortened(`${moneyText(price)}, ${from} – ${to}, ${via}`, 72),
  };
}

/** The row for who wants none of the flights. */
export function noneRow(lang: string): Row {
  const language = languageOf(lang);
  return { title: buttons['offer:none'][language], description: rows.none[language] };
}

/** A text as Meta has to approve it, once for each language. */
export interface TemplateToRegister {
  /** Lower case, digits and `_`. */
  readonly name: string;
  readonly language: Language;
  /** Gaps are `{{1}}`, `{{2}}`, … */
  readonly body: string;
  /** How many gaps `body` has. */
  readonly parameters: number;
}

/** The gaps of a text in the order they first appear. */
const gapsOf = (text: string): string[] => [
  ...new Set([...text.matchAll(gapPattern)].map(([, gap = '']) => gap)),
];

/**
 * Whether Meta approves a body like this: on one line, with words before the first gap and after the last. A full stop
 * is no word: Meta counts `… {{1}}.` as ending with its gap.
 */
const isApprovable = (text: string): boolean =>
  !text.includes('\n') && !/^[^\p{L}\p{N}{]*\{/u.test(text) && !/\}[^\p{L}\p{N}}]*$/u.test(text);

/** A text is a template in all languages or in none, so that a name never depends on who reads it. */
const hasTemplate = (key: TextKey): boolean => Object.values(texts[key]).every(isApprovable);

/**
 * `media.tooLarge` is `media_too_large_1`, `consent.service.1` is `consent_service_1`. The words of an approved template
 * are edited at Meta under the same name.
 */
function templateName(key: TextKey): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const numbered = /\.\d+$/.test(name) ? name : `${name}.1`;
  return numbered.replaceAll(/[^a-z0-9_]/g, '_');
}

/** Meta refuses line breaks, tabs, runs of spaces and empty values in a gap, and with them the message. */
function parameterText(value: TextValue): string {
  const line = shortened(valueText(value).replaceAll(/\s+/g, ' ').trim(), 1_024);
  return line === '' ? '–' : line;
}

/**
 * What is sent in place of a text when the patient was silent for longer than 24 hours. A text that cannot be a
 * template (a list of offers, the words of staff, a gap at either end) becomes `conversation_reopen_1`, which asks for
 * an answer and so opens the conversation again; the text itself is then not said.
 *
 * @throws {Error} a gap of the template has no value, as `renderText`
 */
export function templateOf(
  key: TextKey,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
): Template {
  const language = languageOf(lang);
  if (!hasTemplate(key)) {
    return { name: templateName('conversation.reopen'), language, parameters: [] };
  }
  const parameters = gapsOf(texts[key][language]).map((gap) =>
    parameterText(valueOf(key, gap, values)),
  );
  return { name: templateName(key), language, parameters };
}

/** Every template that `templateOf` may name, to be registered with Meta. */
export function templates(): readonly TemplateToRegister[] {
  const keys = Object.keys(texts).filter(isTextKey).filter(hasTemplate);
  return keys.flatMap((key) =>
    languages.map((language) => {
      const text = texts[key][language];
      const gaps = gapsOf(text);
      const body = text.replaceAll(gapPattern, (_, gap: string) => `{{${gaps.indexOf(gap) + 1}}}`);
      return { name: templateName(key), language, body, parameters: gaps.length };
    }),
  );
}
