/**
 * What the upload page says, by language. `refused` has our own codes and the store's (S3's), so that whoever refuses a
 * file, the patient reads why.
 */
export const texts = {
  tr: {
    title: 'Belgenizi yükleyin',
    send: 'Gönder',
    sending: 'Gönderiliyor …',
    done: 'Teşekkürler, belgeniz ulaştı. Bu sayfayı kapatabilirsiniz.',
    received: 'Belgeniz bize zaten ulaştı, teşekkürler. Bu sayfayı kapatabilirsiniz.',
    empty: 'Dosya boş. Lütfen başka bir dosya seçin.',
    tooLarge: 'Dosya çok büyük. Lütfen daha küçük bir fotoğraf ya da PDF gönderin.',
    wrongType: 'Bu dosya türünü kabul edemiyoruz. Lütfen fotoğraf (JPEG, PNG) ya da PDF gönderin.',
    linkOver: 'Bu bağlantı artık geçerli değil. Yeni bir bağlantı için bize WhatsApp’tan yazın.',
    failed: 'Yüklenemedi. Lütfen bir kez daha deneyin.',
  },
  en: {
    title: 'Upload your document',
    send: 'Send',
    sending: 'Sending …',
    done: 'Thank you, your document has arrived. You can close this page.',
    received: 'We have already received your document, thank you. You can close this page.',
    empty: 'The file is empty. Please choose another one.',
    tooLarge: 'The file is too large. Please send a smaller photo or PDF.',
    wrongType: 'We cannot take this type of file. Please send a photo (JPEG, PNG) or a PDF.',
    linkOver: 'This link is no longer valid. Write to us on WhatsApp for a new one.',
    failed: 'It could not be uploaded. Please try once more.',
  },
  de: {
    title: 'Laden Sie Ihr Dokument hoch',
    send: 'Senden',
    sending: 'Wird gesendet …',
    done: 'Vielen Dank, Ihr Dokument ist angekommen. Sie können diese Seite schließen.',
    received:
      'Ihr Dokument ist schon bei uns angekommen, vielen Dank. Sie können diese Seite schließen.',
    empty: 'Die Datei ist leer. Bitte wählen Sie eine andere.',
    tooLarge: 'Die Datei ist zu groß. Bitte senden Sie ein kleineres Foto oder PDF.',
    wrongType:
      'Diese Art von Datei können wir nicht annehmen. Bitte senden Sie ein Foto (JPEG, PNG) oder ein PDF.',
    linkOver:
      'Dieser Link gilt nicht mehr. Schreiben Sie uns auf WhatsApp, um einen neuen zu bekommen.',
    failed: 'Das Hochladen hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  },
  ar: {
    title: 'حمّلوا مستندكم',
    send: 'إرسال',
    sending: 'جارٍ الإرسال …',
    done: 'شكرًا لكم، وصل مستندكم. يمكنكم إغلاق هذه الصفحة.',
    received: 'وصلنا مستندكم من قبل، شكرًا لكم. يمكنكم إغلاق هذه الصفحة.',
    empty: 'الملف فارغ. يرجى اختيار ملف آخر.',
    tooLarge: 'الملف كبير جدًا. يرجى إرسال صورة أو ملف PDF أصغر.',
    wrongType: 'لا يمكننا قبول هذا النوع من الملفات. يرجى إرسال صورة (JPEG أو PNG) أو ملف PDF.',
    linkOver: 'لم يعد هذا الرابط صالحًا. اكتبوا إلينا عبر واتساب للحصول على رابط جديد.',
    failed: 'تعذّر التحميل. يرجى المحاولة مرة أخرى.',
  },
  ru: {
    title: 'Загрузите ваш документ',
    send: 'Отправить',
    sending: 'Отправляем …',
    done: 'Спасибо, ваш документ получен. Эту страницу можно закрыть.',
    received: 'Ваш документ у нас уже есть, спасибо. Эту страницу можно закрыть.',
    empty: 'Файл пуст. Пожалуйста, выберите другой.',
    tooLarge: 'Файл слишком большой. Пожалуйста, отправьте фото или PDF меньшего размера.',
    wrongType:
      'Файл такого типа мы принять не можем. Пожалуйста, отправьте фото (JPEG, PNG) или PDF.',
    linkOver: 'Эта ссылка больше не действует. Напишите нам в WhatsApp, и мы пришлём новую.',
    failed: 'Загрузить не удалось. Пожалуйста, попробуйте ещё раз.',
  },
  fr: {
    title: 'Téléversez votre document',
    send: 'Envoyer',
    sending: 'Envoi en cours …',
    done: 'Merci, votre document est bien arrivé. Vous pouvez fermer cette page.',
    received: 'Nous avons déjà reçu votre document, merci. Vous pouvez fermer cette page.',
    empty: 'Le fichier est vide. Merci d’en choisir un autre.',
    tooLarge: 'Le fichier est trop volumineux. Merci d’envoyer une photo ou un PDF plus petit.',
    wrongType:
      'Nous ne pouvons pas accepter ce type de fichier. Merci d’envoyer une photo (JPEG, PNG) ou un PDF.',
    linkOver: 'Ce lien n’est plus valable. Écrivez-nous sur WhatsApp pour en recevoir un nouveau.',
    failed: 'Le téléversement a échoué. Merci de réessayer.',
  },
};

/** Which of them answers a refusal: codes of our edge, then of the store. What is not here is `failed`. */
export const refusals = {
  document_too_large: 'tooLarge',
  document_wrong_type: 'wrongType',
  link_expired: 'linkOver',
  link_used: 'received',
  kind_not_allowed: 'linkOver',
  invalid_token: 'linkOver',
  EntityTooLarge: 'tooLarge',
  EntityTooSmall: 'empty',
  InvalidArgument: 'wrongType',
  AccessDenied: 'wrongType',
};
