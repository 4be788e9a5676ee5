import type { Wording } from './keys.ts';

/** What we say in Turkish. */
export const tr = {
  texts: {
    'consent.service.1':
      'Merhaba, burası {tenant}. Seyahatinizi düzenlemek için iletişim ve seyahat bilgilerinizi kullanmak istiyoruz. Kabul ediyor musunuz? İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    'consent.health-data.1':
      'Gönderdiğiniz fotoğraf ve belgelere ve sağlığınız hakkında yazdıklarınıza {tenant} bakabilir ve bunları saklayabilir mi? Böylece klinik size görüş bildirebilir. Kabul etmek zorunda değilsiniz, seyahatinizi yine de düzenleriz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    'consent.transfer-abroad.1':
      'Size daha hızlı yanıt verebilmek için {tenant}, mesajlarınızı adınız çıkarılmış olarak yurt dışındaki hizmetlere okutabilir mi? Kabul etmek zorunda değilsiniz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    'consent.marketing.1':
      'İleride teklifler ve yenilikler için {tenant} size buradan yazabilir mi? Kabul etmek zorunda değilsiniz. İstediğiniz an DUR yazarak vazgeçebilirsiniz.',
    'consent.again':
      'Üzgünüz, anlayamadık. {tenant} seyahatiniz için bilgilerinizi kullanabilir mi? Lütfen düğmelerden birine basın.',
    'consent.still':
      'Devam edebilmemiz için: {tenant} seyahatinizi düzenlemek üzere bilgilerinizi kullanabilir mi? Lütfen düğmelerden birine basın ya da evet veya hayır yazın.',
    'consent.reminder':
      'Hâlâ yanıtınızı bekliyoruz: {tenant} seyahatiniz için bilgilerinizi kullanabilir mi?',
    'consent.refused':
      'Anladık, bilgilerinizi kullanmayacağız. Fikriniz değişirse bize yazmanız yeterli. İyi günler dileriz.',
    'consent.unanswered':
      'Yanıt alamadığımız için bilgilerinizi kullanmayacağız. Yine de devam etmek isterseniz bize yazmanız yeterli.',
    'consent.noted': 'Teşekkürler, yanıtınızı kaydettik.',
    'intake.origin':
      'Teşekkürler! Nereden uçacaksınız? Şehri ya da havalimanı kodunu yazın, örneğin Berlin ya da BER.',
    'intake.origin.again':
      'Bu yeri bulamadık. Lütfen havalimanının üç harfli kodunu yazın, örneğin BER.',
    'intake.date': 'Hangi gün uçmak istiyorsunuz? Lütfen 31.12.2027 biçiminde yazın.',
    'intake.date.again':
      'Bu tarihi kullanamıyoruz. Lütfen önümüzdeki bir yıl içinden bir günü 31.12.2027 biçiminde yazın.',
    'intake.adults': 'Kaç yetişkin seyahat edecek? Lütfen 1 ile 9 arasında bir sayı yazın.',
    'intake.adults.again': 'Lütfen yalnızca 1 ile 9 arasında bir sayı yazın, örneğin 2.',
    'intake.confirm':
      'Lütfen yolculuğunuzu kontrol edin: {trip} Hepsi doğru mu? Öyleyse uçuş arayacağız.',
    'intake.change': 'Neyi değiştirelim? Lütfen seçin ya da kendi sözlerinizle yazın.',
    'intake.origin.meant':
      'Şunu mu demek istediniz: {place}? Değilse lütfen şehri ülkesiyle birlikte yazın.',
    'intake.origin.which':
      'Hangi yeri kastettiniz? Lütfen seçin ya da şehri ülkesiyle birlikte yazın.',
    'intake.date.which': 'Hangi günü kastettiniz? Lütfen seçin ya da şöyle yazın: 31.12.2027.',
    'intake.dates':
      'Hangi gün olsun? Lütfen 31.12.2027 gibi yazın; dönüş uçuşu isterseniz onun gününü de yazın.',
    'intake.party':
      'Kimler yolculuk ediyor? Kaç yetişkin, çocuklar kaç yaşında? Örneğin: 2 yetişkin, çocuklar 4 ve 7.',
    'intake.children':
      'Çocuklar uçuş günü kaç yaşında olacak? Örneğin: 4 ve 7. Bebek için 0 yazın.',
    'intake.procedure': 'Yolculuğunuz ne için? Lütfen birkaç kelimeyle yazın.',
    'intake.next':
      'Önce seyahatinizin ayrıntılarını netleştiriyoruz ve siz onaylıyorsunuz. Sonra uçuş arıyoruz; siz birini seçip buradan göndereceğimiz bağlantıyla ödüyorsunuz.',
    'intake.reminder':
      'Seyahatinizi planlamaya devam edelim mi? Son sorumuzun yanıtını bekliyoruz.',
    'flights.searching':
      'Sizin için uçuş arıyoruz: {origin} – {destination}, {date}. Bir dakika sürer, lütfen bekleyin.',
    'flights.none': 'Bu gün için uçuş bulamadık: {date} – başka bir gün deneyelim.',
    'flights.slow':
      'Uçuş araması her zamankinden uzun sürüyor. Aramayı kendimiz sürdürüyoruz; öğrenir öğrenmez buradan yazacağız.',
    'flights.still':
      'Havayolları bize henüz yanıt vermedi. Sormaya devam ediyoruz; sizin bir şey yapmanıza gerek yok, uçuşlar buraya gelecek.',
    'offer.list': 'Uçuş önerilerimiz:\n{offers}\nBirini seçin. Başka bir gün için 0 yazın.',
    'offer.reminder':
      'Uçuş önerilerimiz yakında sona eriyor:\n{offers}\nBirini seçin. Başka bir gün için 0 yazın.',
    'offer.lapsed': 'Bu fiyat artık geçerli değil. Sizin için yeniden arıyoruz.',
    'offer.expired': 'Uçuş önerilerimizin süresi doldu. Yeni öneriler için bize yazmanız yeterli.',
    'offer.old':
      'Bu teklifler eskidi. Sizin için en yeni uçuşlarımız:\n{offers}\nLütfen birini seçin. Başka bir gün için 0 yazın.',
    'offer.gone': 'Bu teklifler eskidi. Yolculuğunuz o zamandan beri değişti.',
    'offer.confirm': 'Bu uçuşu mu istiyorsunuz?\n{offers}\nRezervasyonu yapalım mı?',
    'offer.change':
      'Şunu seçmiştiniz: {title} Onun yerine bu uçuşu mu istiyorsunuz?\n{offers}\nBu durumda önceki bağlantıyla artık ödeme yapılamaz.',
    'payment.link':
      'Rezervasyonunuz: {title} Tutar: {total}. Buradan güvenle ödeyebilirsiniz: {url} – teşekkür ederiz.',
    'payment.slow':
      'Ödeme bağlantınızı hazırlıyoruz. Her zamankinden uzun sürüyor; hazır olunca kendiliğinden buraya gelecek.',
    'payment.checking':
      'Ödemenizden haberimiz oldu, bankayla doğruluyoruz. Her zamankinden uzun sürüyor; bir şey yapmanıza gerek yok, buradan yazacağız.',
    'payment.reminder':
      'Ödemeniz henüz ulaşmadı: {title} Tutar: {total}. Bağlantı yakında sona eriyor: {url} – teşekkür ederiz.',
    'payment.expired':
      'Ödeme bağlantısının süresi doldu. Yeni bir öneri için bize yazmanız yeterli.',
    'payment.renew':
      'Ödeme bağlantısının süresi doldu: {title} Tutar: {total}. İsterseniz size yenisini gönderelim.',
    'payment.received':
      'Teşekkürler, {total} tutarındaki ödemeniz ulaştı ve kaydedildi: {title} Bundan sonrasını size buradan yazacağız.',
    'payment.refunded':
      'Size {amount} iade ettik: {title} Bankanızda görünmesi birkaç gün sürebilir.',
    'booking.confirmed':
      'Teşekkürler, {total} tutarındaki ödemeniz ulaştı. Yolculuğunuz ödendi, biletiniz düzenleniyor: {title} Rezervasyon numaranız: {bookingId}. Biletler hazır olur olmaz size buradan yazacağız.',
    'payment.known':
      'Sizden bir ödeme aldık: {total}, {date} tarihinde – şunun için: {title} Bunun için başka bir ödeme almadık.',
    'payment.twice':
      'Aynı rezervasyon için iki ödeme aldık: {title} Bir çalışma arkadaşımız inceliyor, fazla olan iade edilecek.',
    'payment.none':
      'Sizden henüz bir ödeme ulaşmadı. Haberimizin olması birkaç dakika sürebilir; öğrenir öğrenmez buradan yazacağız.',
    'trip.known':
      'Yolculuğunuz bu, ödemesi yapıldı: {title} Rezervasyon numaranız: {bookingId}. Bir şey değişecekse bize yazmanız yeterli.',
    'trip.unpaid':
      'Şu yolculuğu seçtiniz: {title} Ödemesi yapılır yapılmaz rezervasyonu yapılır. Bağlantıyı yeniden gönderelim mi? "link" yazmanız yeterli.',
    'trip.ticketing':
      'Yolculuğunuz bu: {title} Ödemesi yapıldı, biletleri kesiliyor. Rezervasyon numaranız: {bookingId}. Biletler hazır olur olmaz size buradan yazarız.',
    'trip.held':
      'Havayolu uçuşlarınızı henüz onaylamadı: {title} Rezervasyon numaranız: {bookingId}. Ödemeniz güvende, hiçbir şey kaybolmadı. Bir çalışma arkadaşımız ilgileniyor ve neyin mümkün olduğunu size buradan yazacak.',
    'trip.ticketed':
      'Biletleriniz kesildi: {title} Havayolunun rezervasyon kodu: {pnr}, bilet numaraları: {tickets}. Bizdeki rezervasyon numaranız: {bookingId}. İyi yolculuklar!',
    'trip.none':
      'Sizin için henüz bir uçuş rezervasyonu yapılmadı. Yapılır yapılmaz size buradan yazacağız.',
    'staff.handover': 'Bir çalışma arkadaşımız size en kısa sürede burada yanıt verecek.',
    'staff.noted':
      'Teşekkürler, not aldık. Çalışma arkadaşımız mesajınızı görüyor ve size buradan yanıt verecek.',
    'staff.reply': '{text}',
    'conversation.unreadable':
      'Üzgünüz, bu tür mesajları (çıkartma, görüntülü not ve benzerleri) burada okuyamıyoruz. Lütfen mesajınızı yazı olarak gönderin.',
    'conversation.location':
      'Konum için teşekkürler. Hangi şehirden ya da havalimanından uçacaksınız?',
    'conversation.urgent':
      'Acil bir durum varsa lütfen hemen bulunduğunuz yerdeki acil yardım numarasını arayın (Türkiye ve Avrupa Birliği’nde 112). Bir çalışma arkadaşımıza şimdi haber veriyoruz.',
    'conversation.stopped':
      'Anladık, size artık yazmayacağız. Bize yeniden ihtiyacınız olursa bir mesaj göndermeniz yeterli.',
    'conversation.doubt':
      'Son mesajımız size ulaşmamış olabilir. Ulaşmadıysa bize kısaca yazın, yeniden gönderelim.',
    'conversation.erasure':
      'Verilerinizin silinmesini istediğinizi not aldık ve ilgili kişiye ilettik. Bir çalışma arkadaşımız ilgilenecek ve size buradan onaylayacak.',
    'conversation.reopen':
      'Talebinizle ilgili bir haberimiz var. Lütfen bu mesajı yanıtlayın, buradan devam edelim.',
    'media.received': 'Teşekkürler, gönderdiğiniz dosyayı aldık. Ekibimiz inceleyecek.',
    'media.tooLarge':
      'Bu dosya çok büyük. Lütfen en fazla {limit} MB büyüklüğünde bir dosya gönderin.',
    'media.wrongType':
      'Bu dosya türünü açamıyoruz. Lütfen bir fotoğraf (JPEG ya da PNG) veya PDF gönderin.',
    'media.damaged': 'Dosyanız bize bozuk ulaştı. Lütfen yeniden gönderin.',
    'media.unsafe':
      'Dosyanız güvenlik denetimimizden geçmedi ve saklanmadı. Lütfen yeniden fotoğrafını çekip gönderin.',
    'media.gone': 'Bu dosyaya artık ulaşılamıyor. Lütfen yeniden gönderin.',
    'media.failed': 'Dosyanızı okuyamadık. Bir çalışma arkadaşımız ilgileniyor.',
    'media.refused':
      'Sağlık verileriniz için onayınız olmadan fotoğraf ve belge saklamıyoruz. Gönderdiğiniz dosya kaydedilmedi.',
    'documents.ask':
      'Sizden bir belge rica ediyoruz: {document}. Lütfen yedi gün içinde buradan güvenle yükleyin: {url} – bu bağlantıyı yalnızca siz görüyorsunuz.',
    'documents.received': 'Teşekkürler, {document} bize ulaştı.',
    'documents.tooLarge': 'Yüklediğiniz dosya çok büyük. Dosya en fazla {limit} MB olabilir.',
    'documents.wrongType':
      'Yüklediğiniz dosya türünü açamıyoruz. Bir fotoğraf (JPEG ya da PNG) veya PDF olabilir.',
    'documents.damaged': 'Üzgünüz, yüklediğiniz dosya bize bozuk ulaştı.',
    'documents.unsafe':
      'Yüklediğiniz dosya güvenlik denetimimizden geçmedi. Lütfen aslının fotoğrafını yeniden çekin.',
    'travellers.ask':
      'Biletler için havayolu, her yolcunun bilgilerini pasaportta yazdığı gibi istiyor. Lütfen buradan güvenle doldurun: {url} – bu bağlantıyı yalnızca siz görüyorsunuz. Pasaportlar elinizin altındaysa birkaç dakika sürer.',
    'travellers.reminder':
      'Yolcuların pasaport bilgilerini hâlâ bekliyoruz: onlar olmadan biletler düzenlenemiyor. Lütfen buradan doldurun: {url} – anlaşılmayan bir şey varsa bize yazmanız yeterli.',
    'travellers.wrong':
      'Havayolu yolcu bilgilerini kabul etmedi. Lütfen isimlerin, doğum tarihlerinin ve pasaportların pasaportta yazdığı gibi olduğunu kontrol edip formu bir kez daha gönderin: {url} – bir şey anlaşılmıyorsa bize yazmanız yeterli.',
    'travellers.again':
      'Yolcuların pasaport bilgileri için form bağlantınız yeniden burada: {url} – en son gönderdiğiniz bilgiler geçerli olur.',
    'review.waiting': 'Teşekkürler, ekibimiz gönderdiklerinizi inceliyor. Size buradan yazacağız.',
    'review.declined':
      'Maalesef ekibimiz istediğinizi size sunamıyor. Bir çalışma arkadaşımız size buradan yazacak.',
    'aftercare.start': 'İyi yolculuklar! Bir sorunuz olursa buraya yazabilirsiniz.',
    'journey.ask':
      'Bu kişi için ayrı bir yolculuk planlayalım mı: {name}? Onun onayını ayrıca soracağız.',
    'journey.ask.unnamed':
      'Bu mesaj başka biri için mi? Onun için, kendi onayıyla, ayrı bir yolculuk planlayalım mı?',
    'family.whom': 'Son mesajınız kimin için?',
  },
  buttons: {
    'consent:yes': 'Kabul ediyorum',
    'consent:no': 'Hayır, teşekkürler',
    'offer:none': 'Başka bir gün',
    'offer:{n}': '{n}. uçuş',
    'pay:again': 'Yeni bağlantı',
    continue: 'Devam',
    'trip:yes': 'Evet, doğru',
    'trip:origin': 'Yeri değiştir',
    'trip:dates': 'Tarihi değiştir',
    'trip:party': 'Yolcuları değiştir',
    'trip:procedure': 'Tedaviyi değiştir',
    'trip:change': 'Değiştir',
    'journey:new': 'Evet, ayrı',
    'journey:same': 'Hayır, aynısı',
    choose: 'Seçin',
  },
  rows: {
    self: 'Siz',
    for: 'Bu mesaj {name} içindir: ',
    direct: 'aktarmasız',
    stops: 'aktarma: {n}',
    handBaggage: 'yalnızca el bagajı',
    none: 'Sizin için başka bir günde arayalım',
  },
  trip: {
    from: 'Kalkış',
    to: 'Varış',
    there: 'Gidiş',
    back: 'Dönüş',
    party: 'Yolcular',
    baggage: 'Bagaj',
    until: 'Son ödeme',
    procedure: 'Tedavi',
  },
  stops: { other: '{n} aktarma: {places}' },
  bags: { other: 'kişi başı {n} bavul' },
  adults: { other: '{n} yetişkin' },
  children: { other: '{n} çocuk (yaş: {ages})' },
  procedures: {
    'hair-transplant': 'saç ekimi',
    dental: 'diş tedavisi',
    eye: 'göz tedavisi',
    nose: 'burun ameliyatı',
    breast: 'meme ameliyatı',
    liposuction: 'yağ aldırma',
    bariatric: 'obezite ameliyatı',
    orthopaedic: 'ortopedi (kemik ve eklem)',
    ivf: 'tüp bebek tedavisi',
    oncology: 'onkoloji',
    cardiology: 'kardiyoloji (kalp)',
    'check-up': 'genel kontrol (check-up)',
  },
  documents: {
    passport: 'pasaportunuz',
    visa: 'vizeniz',
    report: 'tıbbi raporunuz',
    'x-ray': 'röntgen görüntünüz',
  },
} as const satisfies Wording;
