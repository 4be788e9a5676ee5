import type { Money } from './ports/money.ts';

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
 * at anything about health: no clinic, no treatment, no doctor.
 */
export const texts = {
  'consent.ask': {
    tr: 'Merhaba, burası {tenant}. Seyahatinizi düzenlemek için iletişim ve seyahat bilgilerinizi kullanmak istiyoruz. Kabul ediyor musunuz? İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    en: 'Hello, this is {tenant}. To arrange your trip we would like to use your contact and travel details. Do you agree? You can withdraw at any time by writing STOP.',
    de: 'Hallo, hier ist {tenant}. Um Ihre Reise zu organisieren, möchten wir Ihre Kontakt- und Reisedaten verwenden. Sind Sie einverstanden? Sie können jederzeit mit STOP widerrufen.',
    ar: 'مرحبًا، معكم {tenant}. لترتيب رحلتكم نودّ استخدام بيانات الاتصال والسفر الخاصة بكم. هل توافقون؟ يمكنكم التراجع في أي وقت بكتابة STOP.',
    ru: 'Здравствуйте, это {tenant}. Чтобы организовать вашу поездку, мы хотели бы использовать ваши контактные данные и данные о поездке. Вы согласны? Отозвать согласие можно в любой момент, написав СТОП.',
    fr: 'Bonjour, ici {tenant}. Pour organiser votre voyage, nous souhaitons utiliser vos coordonnées et vos données de voyage. Êtes-vous d’accord ? Vous pouvez vous rétracter à tout moment en écrivant STOP.',
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
    tr: '{date} için {origin} – {destination} uçuşlarını arıyoruz.',
    en: 'We are looking for flights from {origin} to {destination} on {date}.',
    de: 'Wir suchen Flüge von {origin} nach {destination} am {date}.',
    ar: 'نبحث عن رحلات من {origin} إلى {destination} بتاريخ {date}.',
    ru: 'Ищем рейсы {origin} – {destination} на {date}.',
    fr: 'Nous cherchons des vols de {origin} à {destination} le {date}.',
  },
  'flights.none': {
    tr: '{date} için uçuş bulamadık. Başka bir gün deneyelim.',
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
    tr: '{title}: {total}. Buradan güvenle ödeyebilirsiniz: {url}',
    en: '{title}: {total}. You can pay safely here: {url}',
    de: '{title}: {total}. Hier können Sie sicher bezahlen: {url}',
    ar: '{title}: {total}. يمكنكم الدفع بأمان هنا: {url}',
    ru: '{title}: {total}. Безопасно оплатить можно здесь: {url}',
    fr: '{title} : {total}. Vous pouvez payer en toute sécurité ici : {url}',
  },
  'payment.reminder': {
    tr: '{title} için ödemeniz ({total}) henüz ulaşmadı. Bağlantı yakında sona eriyor: {url}',
    en: 'Your payment of {total} for {title} has not arrived yet. The link ends soon: {url}',
    de: 'Ihre Zahlung von {total} für {title} ist noch nicht eingegangen. Der Link läuft bald ab: {url}',
    ar: 'لم تصل بعد دفعتكم {total} مقابل {title}. سينتهي الرابط قريبًا: {url}',
    ru: 'Ваша оплата {total} за {title} ещё не поступила. Ссылка скоро перестанет действовать: {url}',
    fr: 'Votre paiement de {total} pour {title} n’est pas encore arrivé. Le lien expire bientôt : {url}',
  },
  'payment.expired': {
    tr: 'Ödeme bağlantısının süresi doldu. Yeni bir öneri için bize yazmanız yeterli.',
    en: 'The payment link has ended. Just write to us for a new offer.',
    de: 'Der Zahlungslink ist abgelaufen. Für ein neues Angebot schreiben Sie uns einfach.',
    ar: 'انتهت صلاحية رابط الدفع. يكفي أن تكتبوا إلينا للحصول على عرض جديد.',
    ru: 'Ссылка на оплату больше не действует. Чтобы получить новое предложение, просто напишите нам.',
    fr: 'Le lien de paiement a expiré. Écrivez-nous simplement pour une nouvelle offre.',
  },
  'booking.confirmed': {
    tr: 'Teşekkürler, ödemeniz ulaştı: {total}. {title} onaylandı. Rezervasyon: {bookingId}.',
    en: 'Thank you, your payment has arrived: {total}. {title} is confirmed. Booking: {bookingId}.',
    de: 'Danke, Ihre Zahlung ist eingegangen: {total}. {title} ist bestätigt. Buchung: {bookingId}.',
    ar: 'شكرًا، وصلت دفعتكم: {total}. تم تأكيد {title}. الحجز: {bookingId}.',
    ru: 'Спасибо, ваша оплата получена: {total}. {title} – подтверждено. Бронирование: {bookingId}.',
    fr: 'Merci, votre paiement est arrivé : {total}. {title} est confirmé. Réservation : {bookingId}.',
  },
  'staff.handover': {
    tr: 'Bir çalışma arkadaşımız size en kısa sürede burada yanıt verecek.',
    en: 'A colleague will answer you here as soon as possible.',
    de: 'Eine Kollegin oder ein Kollege antwortet Ihnen hier so bald wie möglich.',
    ar: 'سيردّ عليكم أحد زملائنا هنا في أقرب وقت ممكن.',
    ru: 'Наш сотрудник ответит вам здесь как можно скорее.',
    fr: 'Un membre de notre équipe vous répondra ici dès que possible.',
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

/** Titles of the buttons, at most 20 characters. `{n}` is the number in the button's id. */
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
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

/** Digits after the point, where ISO 4217 has not two. */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  IQD: 3,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  VND: 0,
  XAF: 0,
  XOF: 0,
};

/** `{ amountMinor: '125000', currency: 'EUR' }` is `1250.00 EUR`, the same in every language and on every ICU. */
export function moneyText({ amountMinor, currency }: Money): string {
  const exponent = exponents[currency] ?? 2;
  const digits = amountMinor.padStart(exponent + 1, '0');
  const major = digits.slice(0, digits.length - exponent);
  return `${major}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`} ${currency}`;
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

/** The language to write in for a BCP 47 tag: `de-AT` is `de`; what we do not have is `en`. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary) ?? 'en';
}

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(texts, key);
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
  return texts[key][languageOf(lang)].replaceAll(/\{(\w+)\}/g, (_, gap: string) => {
    const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
    if (value === undefined) throw new Error(`Text ${key} has no value for {${gap}}`);
    return valueText(value);
  });
}

/**
 * What stands on the button with this id. A list's round (`offer:2:3`) is not shown.
 *
 * @throws {Error} no such button
 */
export function buttonTitle(id: string, lang: string): string {
  const language = languageOf(lang);
  if (id === 'consent:yes' || id === 'consent:no') return buttons[id][language];
  const [, choice] = /^offer:([1-9]|none)(?::\d+)?$/.exec(id) ?? [];
  if (choice === undefined) throw new Error(`No button ${id}`);
  if (choice === 'none') return buttons['offer:none'][language];
  return buttons['offer:{n}'][language].replace('{n}', choice);
}
