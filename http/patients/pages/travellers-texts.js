/**
 * What the form for travellers says, by language. `faults` has the edge's codes; `code field` where one field needs words of its
 * own. Nothing here hints at why somebody travels.
 */
export const texts = {
  tr: {
    language: 'Dil',
    title: 'Yolcu bilgileri',
    intro:
      'Havayolunun biletler için bu bilgilere ihtiyacı var. Lütfen pasaportları elinizin altında bulundurun; bilgileri yalnızca bilet işlemleri için, şifreli olarak saklıyoruz.',
    send: 'Bilgileri gönder',
    sending: 'Gönderiliyor …',
    again: 'Yeniden doldur',
    done: 'Teşekkürler, bilgiler bize ulaştı. Yolcu sayısı: {n}. Bu sayfayı kapatabilirsiniz.',
    given:
      'Bilgiler bize {day} tarihinde ulaştı. Yolcu sayısı: {n}. Güvenliğiniz için burada yeniden gösterilmezler. Formu yeniden gönderirseniz yeni bilgiler geçerli olur.',
    over: 'Bu bağlantı artık geçerli değil. Yenisi için bize WhatsApp’tan yazın.',
    ordered:
      'Uçuşlar bu bilgilerle sipariş edildi, bu yüzden burada değiştirilemezler. Bir şeyin düzeltilmesi gerekiyorsa lütfen hemen bize WhatsApp’tan yazın.',
    tripOver: 'Bu yolculuk için artık bilgi gerekmiyor. Sorunuz varsa bize WhatsApp’tan yazın.',
    failed:
      'Gönderilemedi. Yazdıklarınız kaybolmadı: lütfen internet bağlantınızı denetleyip düğmeye yeniden basın.',
    tooOften:
      'Çok fazla deneme oldu. Lütfen bir saat sonra yeniden deneyin ya da bize WhatsApp’tan yazın.',
    adult: '{n}. yolcu (yetişkin)',
    child: '{n}. yolcu (çocuk, yolculuktaki yaşı: {age})',
    traveller: '{n}. yolcu',
    problems: 'Lütfen düzeltin ({n})',
    day: 'Gün',
    month: 'Ay',
    year: 'Yıl',
    fields: {
      familyName: 'Soyadı',
      givenName: 'Adları',
      bornOn: 'Doğum tarihi',
      sex: 'Cinsiyet',
      'passport.number': 'Pasaport numarası',
      'passport.issuingCountry': 'Pasaportu veren ülke',
      'passport.expiresOn': 'Pasaportun son geçerlilik tarihi',
    },
    sexes: { f: 'Kadın (F)', m: 'Erkek (M)' },
    hints: {
      names:
        'Adları, pasaportun fotoğraflı sayfasının en altındaki iki satırda yazdığı gibi yazın: önce soyadı, << işaretinden sonra adlar.',
      script:
        'Lütfen adı Latin harfleriyle, pasaportun en altındaki satırlarda yazdığı gibi yazın. Biz sizin yerinize çevirmiyoruz.',
      oneName: 'Pasaportta yalnızca tek bir ad yazıyor',
      country: 'Yazmaya başlayıp listeden seçin.',
      sex: 'Pasaportta yazdığı gibi. Pasaportta X yazıyorsa bize WhatsApp’tan yazın.',
    },
    faults: {
      required: 'Lütfen bu alanı doldurun.',
      'required sex': 'Lütfen birini seçin.',
      'required passport.issuingCountry': 'Lütfen bir ülke seçin.',
      script:
        'Lütfen adı Latin harfleriyle, pasaportun en altındaki satırlarda yazdığı gibi yazın.',
      letters:
        'Havayolları bu karakterlerden birini kabul etmiyor. Lütfen pasaportun en altındaki satırlardaki gibi yazın: A–Z harfleri, boşluk, kısa çizgi, kesme işareti.',
      title: 'Lütfen adı unvansız yazın (Bay, Bayan, Dr. gibi).',
      long: 'Ad en çok 40 karakter olabilir. Pasaportta daha uzunsa bize WhatsApp’tan yazın.',
      same_name:
        'Başka bir yolcunun adı tamamen aynı; havayolları bunu kabul etmez. Pasaportta ikinci bir ad varsa ekleyin, yoksa bize WhatsApp’tan yazın.',
      date: 'Böyle bir tarih yok. Lütfen gün, ay ve yılı denetleyin.',
      future: 'Doğum tarihi gelecekte. Lütfen yılı denetleyin.',
      too_old: 'Lütfen doğum yılını dört haneli olarak denetleyin.',
      not_adult:
        'Uçuş burada bir yetişkin için arandı: yolculukta 18 yaşında ya da daha büyük. Tarih doğruysa bize WhatsApp’tan yazın, uçuşu yeniden arayalım.',
      other_age:
        'Uçuş burada, yolculukta {age} yaşında olan bir çocuk için arandı. Tarih doğruysa bize WhatsApp’tan yazın, uçuşu yeniden arayalım.',
      number: 'Lütfen denetleyin: pasaporttaki gibi 5–20 Latin harfi ve rakam.',
      same_passport: 'Bu pasaport numarası başka bir yolcuda da yazılı.',
      country: 'Lütfen listeden bir ülke seçin.',
      expired:
        'Pasaportun süresi yolculuk bitmeden ({day}) doluyor. Pasaportu yeniliyorsanız bize WhatsApp’tan yazın.',
      far: 'Lütfen yılı denetleyin.',
      six_months:
        'Pasaportun süresi yolculuktan sonraki altı ay içinde doluyor. Bazı ülkeler altı ay geçerlilik ister; lütfen yolculuktan önce öğrenin.',
    },
  },
  en: {
    language: 'Language',
    title: 'Traveller details',
    intro:
      'The airline needs these details for the tickets. Please have the passports at hand. We keep the details encrypted and use them for the tickets only.',
    send: 'Send details',
    sending: 'Sending …',
    again: 'Fill in again',
    done: 'Thank you, the details have arrived. Travellers: {n}. You can close this page.',
    given:
      'We received the details on {day}. Travellers: {n}. For your safety they are not shown here again. If you send the form again, the new details count.',
    over: 'This link is no longer valid. Write to us on WhatsApp for a new one.',
    ordered:
      'The flights have been ordered with these details, so they cannot be changed here. If something has to be corrected, please write to us on WhatsApp right away.',
    tripOver:
      'No details are needed for this trip any more. If you have a question, write to us on WhatsApp.',
    failed:
      'It could not be sent. Nothing you entered is lost: please check your connection and press the button again.',
    tooOften: 'There were too many tries. Please try again in an hour, or write to us on WhatsApp.',
    adult: 'Traveller {n} (adult)',
    child: 'Traveller {n} (child, age on the trip: {age})',
    traveller: 'Traveller {n}',
    problems: 'Please correct ({n})',
    day: 'Day',
    month: 'Month',
    year: 'Year',
    fields: {
      familyName: 'Family name',
      givenName: 'Given names',
      bornOn: 'Date of birth',
      sex: 'Sex',
      'passport.number': 'Passport number',
      'passport.issuingCountry': 'Country that issued the passport',
      'passport.expiresOn': 'Passport valid until',
    },
    sexes: { f: 'Female (F)', m: 'Male (M)' },
    hints: {
      names:
        'Write names as they stand in the two lines at the very bottom of the passport’s photo page: first the family name, then, after <<, the given names.',
      script:
        'Please write the name in Latin letters, as in the lines at the bottom of the passport page. We do not convert it for you.',
      oneName: 'The passport shows one name only',
      country: 'Begin to type and choose from the list.',
      sex: 'As in the passport. If it shows X, write to us on WhatsApp.',
    },
    faults: {
      required: 'Please fill in this field.',
      'required sex': 'Please choose one.',
      'required passport.issuingCountry': 'Please choose a country.',
      script:
        'Please write the name in Latin letters, as in the lines at the bottom of the passport page.',
      letters:
        'Airlines do not take one of these characters. Please write it as in the lines at the bottom of the passport page: letters A–Z, spaces, hyphen, apostrophe.',
      title: 'Please write the name without a title such as Mr, Mrs or Dr.',
      long: 'A name may have at most 40 characters. If the passport shows more, write to us on WhatsApp.',
      same_name:
        'Another traveller has exactly the same name, which airlines do not accept. Add a second given name if the passport has one; otherwise write to us on WhatsApp.',
      date: 'There is no such date. Please check day, month and year.',
      future: 'The date of birth is in the future. Please check the year.',
      too_old: 'Please check the year of birth; it has four digits.',
      not_adult:
        'The flight was searched for an adult here: 18 or older on the trip. If the date is right, write to us on WhatsApp and we search again.',
      other_age:
        'The flight was searched for a child here who is {age} on the trip. If the date is right, write to us on WhatsApp and we search again.',
      number: 'Please check: 5 to 20 Latin letters and digits, as in the passport.',
      same_passport: 'Another traveller already has this passport number.',
      country: 'Please choose a country from the list.',
      expired:
        'The passport ends before the trip does ({day}). If it is being renewed, write to us on WhatsApp.',
      far: 'Please check the year.',
      six_months:
        'The passport ends within six months after the trip. Some countries want six months; please find out before you travel.',
    },
  },
  de: {
    language: 'Sprache',
    title: 'Angaben zu den Reisenden',
    intro:
      'Die Fluggesellschaft braucht diese Angaben für die Tickets. Bitte halten Sie die Reisepässe bereit. Wir bewahren die Angaben verschlüsselt auf und verwenden sie nur für die Tickets.',
    send: 'Angaben senden',
    sending: 'Wird gesendet …',
    again: 'Noch einmal ausfüllen',
    done: 'Vielen Dank, die Angaben sind angekommen. Reisende: {n}. Sie können diese Seite schließen.',
    given:
      'Die Angaben sind am {day} bei uns angekommen. Reisende: {n}. Zu Ihrer Sicherheit werden sie hier nicht wieder angezeigt. Wenn Sie das Formular noch einmal senden, gelten die neuen Angaben.',
    over: 'Dieser Link gilt nicht mehr. Schreiben Sie uns auf WhatsApp, um einen neuen zu bekommen.',
    ordered:
      'Die Flüge sind mit diesen Angaben bestellt, deshalb lassen sie sich hier nicht mehr ändern. Wenn etwas berichtigt werden muss, schreiben Sie uns bitte gleich auf WhatsApp.',
    tripOver:
      'Für diese Reise werden keine Angaben mehr gebraucht. Wenn Sie eine Frage haben, schreiben Sie uns auf WhatsApp.',
    failed:
      'Das Senden hat nicht geklappt. Ihre Eingaben sind nicht verloren: Bitte prüfen Sie die Verbindung und drücken Sie noch einmal auf den Knopf.',
    tooOften:
      'Das waren zu viele Versuche. Bitte versuchen Sie es in einer Stunde wieder oder schreiben Sie uns auf WhatsApp.',
    adult: 'Person {n} (erwachsen)',
    child: 'Person {n} (Kind, Alter auf der Reise: {age})',
    traveller: 'Person {n}',
    problems: 'Bitte berichtigen ({n})',
    day: 'Tag',
    month: 'Monat',
    year: 'Jahr',
    fields: {
      familyName: 'Familienname',
      givenName: 'Vornamen',
      bornOn: 'Geburtsdatum',
      sex: 'Geschlecht',
      'passport.number': 'Passnummer',
      'passport.issuingCountry': 'Land, das den Pass ausgestellt hat',
      'passport.expiresOn': 'Pass gültig bis',
    },
    sexes: { f: 'weiblich (F)', m: 'männlich (M)' },
    hints: {
      names:
        'Schreiben Sie die Namen so, wie sie in den zwei Zeilen ganz unten auf der Passseite mit dem Foto stehen: zuerst der Familienname, nach << die Vornamen.',
      script:
        'Bitte schreiben Sie den Namen in lateinischen Buchstaben, wie in den Zeilen ganz unten auf der Passseite. Wir übertragen ihn nicht für Sie.',
      oneName: 'Im Pass steht nur ein einziger Name',
      country: 'Anfangen zu tippen und aus der Liste wählen.',
      sex: 'Wie im Pass. Wenn dort X steht, schreiben Sie uns auf WhatsApp.',
    },
    faults: {
      required: 'Bitte füllen Sie dieses Feld aus.',
      'required sex': 'Bitte wählen Sie eines aus.',
      'required passport.issuingCountry': 'Bitte wählen Sie ein Land.',
      script:
        'Bitte schreiben Sie den Namen in lateinischen Buchstaben, wie in den Zeilen ganz unten auf der Passseite.',
      letters:
        'Eines der Zeichen nehmen Fluggesellschaften nicht an. Bitte schreiben Sie es wie in den Zeilen ganz unten auf der Passseite: Buchstaben A–Z, Leerzeichen, Bindestrich, Apostroph.',
      title: 'Bitte schreiben Sie den Namen ohne Anrede oder Titel wie Herr, Frau oder Dr.',
      long: 'Ein Name darf höchstens 40 Zeichen haben. Wenn im Pass mehr steht, schreiben Sie uns auf WhatsApp.',
      same_name:
        'Eine andere Person heißt genau gleich; das nehmen Fluggesellschaften nicht an. Ergänzen Sie einen zweiten Vornamen, wenn er im Pass steht, sonst schreiben Sie uns auf WhatsApp.',
      date: 'Diesen Tag gibt es nicht. Bitte prüfen Sie Tag, Monat und Jahr.',
      future: 'Das Geburtsdatum liegt in der Zukunft. Bitte prüfen Sie das Jahr.',
      too_old: 'Bitte prüfen Sie das Geburtsjahr; es hat vier Ziffern.',
      not_adult:
        'Der Flug wurde hier für eine erwachsene Person gesucht: auf der Reise 18 oder älter. Wenn das Datum stimmt, schreiben Sie uns auf WhatsApp, dann suchen wir neu.',
      other_age:
        'Der Flug wurde hier für ein Kind gesucht, das auf der Reise {age} ist. Wenn das Datum stimmt, schreiben Sie uns auf WhatsApp, dann suchen wir neu.',
      number: 'Bitte prüfen: 5 bis 20 lateinische Buchstaben und Ziffern, wie im Pass.',
      same_passport: 'Diese Passnummer steht schon bei einer anderen Person.',
      country: 'Bitte wählen Sie ein Land aus der Liste.',
      expired:
        'Der Pass läuft ab, bevor die Reise endet ({day}). Wenn er gerade verlängert wird, schreiben Sie uns auf WhatsApp.',
      far: 'Bitte prüfen Sie das Jahr.',
      six_months:
        'Der Pass läuft innerhalb von sechs Monaten nach der Reise ab. Manche Länder verlangen sechs Monate; bitte erkundigen Sie sich vor der Reise.',
    },
  },
  ar: {
    language: 'اللغة',
    title: 'بيانات المسافرين',
    intro:
      'تحتاج شركة الطيران إلى هذه البيانات لإصدار التذاكر. يرجى أن تكون جوازات السفر في متناول أيديكم. نحفظ البيانات مشفّرة ولا نستخدمها إلا من أجل التذاكر.',
    send: 'إرسال البيانات',
    sending: 'جارٍ الإرسال …',
    again: 'التعبئة من جديد',
    done: 'شكرًا لكم، وصلت البيانات. عدد المسافرين: {n}. يمكنكم إغلاق هذه الصفحة.',
    given:
      'وصلتنا البيانات في {day}. عدد المسافرين: {n}. حفاظًا على أمانكم لا تُعرض هنا مرة أخرى. إذا أرسلتم النموذج من جديد فستُعتمد البيانات الجديدة.',
    over: 'لم يعد هذا الرابط صالحًا. اكتبوا إلينا عبر واتساب للحصول على رابط جديد.',
    ordered:
      'طُلبت الرحلات بهذه البيانات، ولذلك لا يمكن تغييرها هنا. إذا كان هناك ما يجب تصحيحه فيرجى الكتابة إلينا فورًا عبر واتساب.',
    tripOver:
      'لم تعد هناك حاجة إلى بيانات لهذه الرحلة. إذا كان لديكم سؤال فاكتبوا إلينا عبر واتساب.',
    failed:
      'تعذّر الإرسال. لم يضِع شيء مما كتبتموه: يرجى التحقق من الاتصال ثم الضغط على الزر مرة أخرى.',
    tooOften: 'كثُرت المحاولات. يرجى المحاولة من جديد بعد ساعة، أو الكتابة إلينا عبر واتساب.',
    adult: 'المسافر {n} (بالغ)',
    child: 'المسافر {n} (طفل، العمر وقت السفر: {age})',
    traveller: 'المسافر {n}',
    problems: 'يرجى التصحيح ({n})',
    day: 'اليوم',
    month: 'الشهر',
    year: 'السنة',
    fields: {
      familyName: 'اسم العائلة',
      givenName: 'الأسماء الشخصية',
      bornOn: 'تاريخ الميلاد',
      sex: 'الجنس',
      'passport.number': 'رقم جواز السفر',
      'passport.issuingCountry': 'البلد الذي أصدر الجواز',
      'passport.expiresOn': 'الجواز صالح حتى',
    },
    sexes: { f: 'أنثى (F)', m: 'ذكر (M)' },
    hints: {
      names:
        'اكتبوا الأسماء بالأحرف اللاتينية كما هي في السطرين أسفل صفحة الصورة في جواز السفر: أولًا اسم العائلة، ثم بعد العلامة \u2066<<\u2069 الأسماء الشخصية.',
      script:
        'يرجى كتابة الاسم بالأحرف اللاتينية كما هو في السطرين أسفل صفحة الجواز. نحن لا نحوّله نيابةً عنكم.',
      oneName: 'في الجواز اسم واحد فقط',
      country: 'ابدؤوا الكتابة ثم اختاروا من القائمة.',
      sex: 'كما هو في جواز السفر. إذا كان مكتوبًا X فاكتبوا إلينا عبر واتساب.',
    },
    faults: {
      required: 'يرجى ملء هذا الحقل.',
      'required sex': 'يرجى اختيار أحدهما.',
      'required passport.issuingCountry': 'يرجى اختيار بلد.',
      script: 'يرجى كتابة الاسم بالأحرف اللاتينية كما هو في السطرين أسفل صفحة الجواز.',
      letters:
        'أحد هذه الرموز لا تقبله شركات الطيران. يرجى الكتابة كما في السطرين أسفل صفحة الجواز: الأحرف A–Z والمسافة والشرطة والفاصلة العليا.',
      title: 'يرجى كتابة الاسم من دون لقب مثل السيد أو السيدة أو د.',
      long: 'يجب ألا يزيد الاسم على 40 حرفًا. إذا كان في الجواز أطول من ذلك فاكتبوا إلينا عبر واتساب.',
      same_name:
        'لمسافر آخر الاسم نفسه تمامًا، وشركات الطيران لا تقبل ذلك. أضيفوا اسمًا ثانيًا إن وُجد في الجواز، وإلا فاكتبوا إلينا عبر واتساب.',
      date: 'هذا التاريخ غير موجود. يرجى التحقق من اليوم والشهر والسنة.',
      future: 'تاريخ الميلاد في المستقبل. يرجى التحقق من السنة.',
      too_old: 'يرجى التحقق من سنة الميلاد؛ فهي من أربعة أرقام.',
      not_adult:
        'بحثنا هنا عن رحلة لشخص بالغ: عمره 18 سنة أو أكثر وقت السفر. إذا كان التاريخ صحيحًا فاكتبوا إلينا عبر واتساب لنبحث من جديد.',
      other_age:
        'بحثنا هنا عن رحلة لطفل عمره {age} وقت السفر. إذا كان التاريخ صحيحًا فاكتبوا إلينا عبر واتساب لنبحث من جديد.',
      number: 'يرجى التحقق: من 5 إلى 20 حرفًا لاتينيًا ورقمًا كما في الجواز.',
      same_passport: 'رقم الجواز هذا مكتوب لمسافر آخر.',
      country: 'يرجى اختيار بلد من القائمة.',
      expired:
        'تنتهي صلاحية الجواز قبل انتهاء الرحلة ({day}). إذا كان قيد التجديد فاكتبوا إلينا عبر واتساب.',
      far: 'يرجى التحقق من السنة.',
      six_months:
        'تنتهي صلاحية الجواز خلال ستة أشهر بعد الرحلة. بعض البلدان تشترط ستة أشهر؛ يرجى الاستفسار قبل السفر.',
    },
  },
  ru: {
    language: 'Язык',
    title: 'Данные пассажиров',
    intro:
      'Эти данные нужны авиакомпании для оформления билетов. Пожалуйста, держите паспорта под рукой. Мы храним данные в зашифрованном виде и используем их только для билетов.',
    send: 'Отправить данные',
    sending: 'Отправляем …',
    again: 'Заполнить заново',
    done: 'Спасибо, данные получены. Пассажиров: {n}. Эту страницу можно закрыть.',
    given:
      'Данные получены: {day}. Пассажиров: {n}. В целях безопасности здесь они больше не показываются. Если отправить форму ещё раз, будут действовать новые данные.',
    over: 'Эта ссылка больше не действует. Напишите нам в WhatsApp, и мы пришлём новую.',
    ordered:
      'Билеты уже заказаны с этими данными, поэтому здесь их не изменить. Если что-то нужно исправить, пожалуйста, сразу напишите нам в WhatsApp.',
    tripOver: 'Для этой поездки данные больше не нужны. Если есть вопрос, напишите нам в WhatsApp.',
    failed:
      'Отправить не удалось. Всё, что вы ввели, сохранилось: проверьте, пожалуйста, соединение и нажмите кнопку ещё раз.',
    tooOften:
      'Слишком много попыток. Пожалуйста, попробуйте через час или напишите нам в WhatsApp.',
    adult: 'Пассажир {n} (взрослый)',
    child: 'Пассажир {n} (ребёнок, возраст в поездке: {age})',
    traveller: 'Пассажир {n}',
    problems: 'Пожалуйста, исправьте ({n})',
    day: 'День',
    month: 'Месяц',
    year: 'Год',
    fields: {
      familyName: 'Фамилия',
      givenName: 'Имена',
      bornOn: 'Дата рождения',
      sex: 'Пол',
      'passport.number': 'Номер паспорта',
      'passport.issuingCountry': 'Страна, выдавшая паспорт',
      'passport.expiresOn': 'Паспорт действителен до',
    },
    sexes: { f: 'Женский (F)', m: 'Мужской (M)' },
    hints: {
      names:
        'Пишите имена латиницей, как в двух строках в самом низу страницы загранпаспорта с фотографией: сначала фамилия, после << имена.',
      script:
        'Пожалуйста, напишите имя латинскими буквами, как в строках внизу страницы паспорта. Сами мы его не переводим.',
      oneName: 'В паспорте указано только одно имя',
      country: 'Начните вводить и выберите из списка.',
      sex: 'Как в паспорте. Если там X, напишите нам в WhatsApp.',
    },
    faults: {
      required: 'Пожалуйста, заполните это поле.',
      'required sex': 'Пожалуйста, выберите.',
      'required passport.issuingCountry': 'Пожалуйста, выберите страну.',
      script: 'Пожалуйста, напишите имя латинскими буквами, как в строках внизу страницы паспорта.',
      letters:
        'Один из этих знаков авиакомпании не принимают. Пожалуйста, напишите как в строках внизу страницы паспорта: буквы A–Z, пробел, дефис, апостроф.',
      title: 'Пожалуйста, напишите имя без обращения или звания (г-н, г-жа, д-р).',
      long: 'В имени может быть не больше 40 знаков. Если в паспорте больше, напишите нам в WhatsApp.',
      same_name:
        'У другого пассажира точно такое же имя; авиакомпании этого не принимают. Добавьте второе имя, если оно есть в паспорте, или напишите нам в WhatsApp.',
      date: 'Такой даты нет. Пожалуйста, проверьте день, месяц и год.',
      future: 'Дата рождения в будущем. Пожалуйста, проверьте год.',
      too_old: 'Пожалуйста, проверьте год рождения: в нём четыре цифры.',
      not_adult:
        'Здесь рейс искали для взрослого: 18 лет или старше во время поездки. Если дата верна, напишите нам в WhatsApp, и мы поищем заново.',
      other_age:
        'Здесь рейс искали для ребёнка, возраст которого в поездке: {age}. Если дата верна, напишите нам в WhatsApp, и мы поищем заново.',
      number: 'Пожалуйста, проверьте: от 5 до 20 латинских букв и цифр, как в паспорте.',
      same_passport: 'Этот номер паспорта уже указан у другого пассажира.',
      country: 'Пожалуйста, выберите страну из списка.',
      expired:
        'Срок действия паспорта истекает до конца поездки ({day}). Если вы его меняете, напишите нам в WhatsApp.',
      far: 'Пожалуйста, проверьте год.',
      six_months:
        'Срок действия паспорта истекает в течение шести месяцев после поездки. Некоторые страны требуют шесть месяцев: пожалуйста, узнайте это заранее.',
    },
  },
  fr: {
    language: 'Langue',
    title: 'Données des voyageurs',
    intro:
      'La compagnie aérienne a besoin de ces données pour les billets. Merci d’avoir les passeports sous la main. Nous conservons les données chiffrées et ne les utilisons que pour les billets.',
    send: 'Envoyer les données',
    sending: 'Envoi en cours …',
    again: 'Remplir de nouveau',
    done: 'Merci, les données sont bien arrivées. Voyageurs : {n}. Vous pouvez fermer cette page.',
    given:
      'Nous avons reçu les données le {day}. Voyageurs : {n}. Pour votre sécurité, elles ne sont plus affichées ici. Si vous renvoyez le formulaire, ce sont les nouvelles données qui comptent.',
    over: 'Ce lien n’est plus valable. Écrivez-nous sur WhatsApp pour en recevoir un nouveau.',
    ordered:
      'Les vols ont été commandés avec ces données : elles ne peuvent plus être modifiées ici. S’il faut corriger quelque chose, écrivez-nous tout de suite sur WhatsApp.',
    tripOver:
      'Aucune donnée n’est plus nécessaire pour ce voyage. Pour toute question, écrivez-nous sur WhatsApp.',
    failed:
      'L’envoi a échoué. Rien de ce que vous avez saisi n’est perdu : merci de vérifier la connexion et d’appuyer de nouveau sur le bouton.',
    tooOften:
      'Il y a eu trop d’essais. Merci de réessayer dans une heure ou de nous écrire sur WhatsApp.',
    adult: 'Voyageur {n} (adulte)',
    child: 'Voyageur {n} (enfant, âge pendant le voyage : {age})',
    traveller: 'Voyageur {n}',
    problems: 'Merci de corriger ({n})',
    day: 'Jour',
    month: 'Mois',
    year: 'Année',
    fields: {
      familyName: 'Nom de famille',
      givenName: 'Prénoms',
      bornOn: 'Date de naissance',
      sex: 'Sexe',
      'passport.number': 'Numéro de passeport',
      'passport.issuingCountry': 'Pays qui a délivré le passeport',
      'passport.expiresOn': 'Passeport valable jusqu’au',
    },
    sexes: { f: 'Féminin (F)', m: 'Masculin (M)' },
    hints: {
      names:
        'Écrivez les noms comme dans les deux lignes tout en bas de la page du passeport avec la photo : d’abord le nom de famille, puis, après <<, les prénoms.',
      script:
        'Merci d’écrire le nom en lettres latines, comme dans les lignes en bas de la page du passeport. Nous ne le transcrivons pas pour vous.',
      oneName: 'Le passeport n’indique qu’un seul nom',
      country: 'Commencez à taper et choisissez dans la liste.',
      sex: 'Comme sur le passeport. S’il indique X, écrivez-nous sur WhatsApp.',
    },
    faults: {
      required: 'Merci de remplir ce champ.',
      'required sex': 'Merci de choisir.',
      'required passport.issuingCountry': 'Merci de choisir un pays.',
      script:
        'Merci d’écrire le nom en lettres latines, comme dans les lignes en bas de la page du passeport.',
      letters:
        'Les compagnies n’acceptent pas l’un de ces caractères. Merci d’écrire comme dans les lignes en bas de la page du passeport : lettres A–Z, espace, trait d’union, apostrophe.',
      title: 'Merci d’écrire le nom sans titre (M., Mme, Dr).',
      long: 'Un nom peut avoir 40 caractères au maximum. Si le passeport en montre plus, écrivez-nous sur WhatsApp.',
      same_name:
        'Un autre voyageur porte exactement le même nom, ce que les compagnies n’acceptent pas. Ajoutez un deuxième prénom si le passeport en indique un, sinon écrivez-nous sur WhatsApp.',
      date: 'Cette date n’existe pas. Merci de vérifier le jour, le mois et l’année.',
      future: 'La date de naissance est dans le futur. Merci de vérifier l’année.',
      too_old: 'Merci de vérifier l’année de naissance : elle a quatre chiffres.',
      not_adult:
        'Le vol a été cherché ici pour un adulte : 18 ans ou plus pendant le voyage. Si la date est juste, écrivez-nous sur WhatsApp et nous chercherons de nouveau.',
      other_age:
        'Le vol a été cherché ici pour un enfant dont l’âge pendant le voyage est : {age}. Si la date est juste, écrivez-nous sur WhatsApp et nous chercherons de nouveau.',
      number: 'Merci de vérifier : 5 à 20 lettres latines et chiffres, comme sur le passeport.',
      same_passport: 'Ce numéro de passeport est déjà celui d’un autre voyageur.',
      country: 'Merci de choisir un pays dans la liste.',
      expired:
        'Le passeport expire avant la fin du voyage ({day}). S’il est en cours de renouvellement, écrivez-nous sur WhatsApp.',
      far: 'Merci de vérifier l’année.',
      six_months:
        'Le passeport expire dans les six mois qui suivent le voyage. Certains pays exigent six mois ; merci de vous renseigner avant de partir.',
    },
  },
};
