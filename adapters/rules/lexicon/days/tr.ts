import type { DayWords } from './day-words.ts';

const units = 'bir iki üç dört beş altı yedi sekiz dokuz'.split(' ');
const words = [
  ...units.map((unit, index) => [index + 1, [unit]] as const),
  [10, ['on']] as const,
  ...units.map((unit, index) => [11 + index, [`on ${unit}`, `on${unit}`]] as const),
  [20, ['yirmi']] as const,
  ...units.map((unit, index) => [21 + index, [`yirmi ${unit}`, `yirmi${unit}`]] as const),
  [30, ['otuz']] as const,
  [31, ['otuz bir', 'otuzbir']] as const,
];

/** Folded: `ı` is `i`. */
const endings =
  'i u si su inde unda inda unde sinde sinda nda nde ine una ina une de da te ta inci uncu nci ncu sine sina ni nu'.split(
    ' ',
  );

/** Everyday words that are a number and an ending: him, to me, under. */
const otherwords = /^(?:on(?:u|un|da|a|i|ina)|alti(?:nda|na|ni|n)|bir(?:i|inci|ine|inde|de)|besi)$/;

export const turkishDays: DayWords = {
  months: [
    [1, 'ocagin|ocağın'],
    [2, 'subat|şubt'],
    [3, 'mart'],
    [4, 'nısan*|nisn'],
    [8, 'agostos*|ağostos*'],
    [9, 'eylul*'],
    [11, 'kasim*'],
    [12, 'aralik*'],
  ],
  weekdays: [
    [0, 'pazar günü|pazarı|pazara'],
    [1, 'pzt|pazartesi günü'],
    [2, 'salı günü|salı|salıya'],
    [3, 'çarşamba günü|çarş|carsanba|çarşanba'],
    [4, 'perşembe günü|perş|persenbe|perşenbe'],
    [5, 'cuma günü|cuma|cumaya'],
    [6, 'cumartesi günü|cmt|c tesi'],
  ],
  counts: words.map(([count, forms]) => [count, forms.join('|')] as const),
  ordinals: words.map(
    ([day, forms]) =>
      [
        day,
        forms
          .flatMap((form) => endings.map((ending) => form + ending))
          .filter((form) => !otherwords.test(form.replaceAll('ı', 'i').replaceAll('ş', 's')))
          .join('|'),
      ] as const,
  ),
  endings: `${endings.join('|')}|nden|inden|undan|unden|sinden|dan|den|ten|tan|e|a|ye|ya|ne|na|uncu|ucu|nun|nin|in|un`,
  one: 'bir',
  filler:
    'günü|gününe|gününde|tarihi|tarihinde|tarihine|tarihli|ayı|ayının|ayında|ayın|arası|arasında|yılı|yılında|günler|tarihleri',
  leads: 'ayın|ayının|ayin',
  fixed: [
    [0, 'bugün|bu gün'],
    [1, 'yarın|yarin|yarına'],
    [2, 'öbür gün|öbürgün|yarından sonra|yarından sonraki gün|ertesi günü değil|obur gun'],
  ],
  weeks: [
    [0, 'bu hafta|bu haftaki'],
    [1, 'haftaya|gelecek hafta|önümüzdeki hafta|öteki hafta|gelecek haftaki|öbür hafta'],
    [2, 'iki hafta sonraki|sonraki haftanın sonrası'],
  ],
  monthsAhead: [
    [0, 'bu ayın|bu ay'],
    [
      1,
      'gelecek ayın|gelecek ay|önümüzdeki ayın|önümüzdeki ay|öbür ayın|öbür ay|sonraki ayın|sonraki ay|bir sonraki ayın|haftaya ayın',
    ],
  ],
  units: [
    ['d', 1, 'gün|günlük|günlüğüne|gece|gecelik|günlügüne'],
    ['w', 1, 'hafta|haftalık|haftalığına|haftaliğına'],
    ['m', 1, 'ay|aylık|aylığına'],
  ],
  idioms: [],
  ahead: '',
  later: 'sonra|sonraya|sonrası|sonrasına',
  bound: 'en geç|en erken',
  boundAfter:
    'önce|itibaren|den sonra|dan sonra|ten sonra|tan sonra|den önce|dan önce|ten önce|tan önce|den itibaren|dan itibaren|ten itibaren|tan itibaren|e kadar|a kadar|kadar|sonrası|öncesi|sonrasında|öncesinde',
  afterNext: 'öbür|öteki|bir dahaki değil öbür',
  next: 'gelecek|öbür|sonraki',
  coming: 'önümüzdeki|bu önümüzdeki|yaklaşan',
  this: 'bu',
  last: 'geçen|önceki|her|geçtiğimiz|geçenki',
  nextWeekday: 'either',
  monthFirst: false,
  part: 'sonu|sonunda|sonuna|sonları|sonlarında|sonlarına|başı|başında|başına|başları|başlarında|ortası|ortasında|ortasına|ortaları|ortalarında|ortalarına|içinde|içi|ilk haftası|son haftası|ilk yarısı|ikinci yarısı|ikinci haftası|ilk haftasında|son haftasında|boyunca|başlarına|gibi',
  vague:
    'hafta sonu|haftasonu|ramazan*|bayram*|yılbaşı*|noel*|paskalya*|ilkbahar*|bahar*|yazın|yaza|yaz|yaz tatil*|sonbahar*|güzün|kışın|kışa|kış|sömestr*|tatil*|birkaç gün*|birkaç hafta*|bir kaç gün*|bir kaç hafta*|birkaç ay*|bir kaç ay*|bir buçuk hafta*|buçuk hafta*|yakında|seneye|gelecek yıl|gelecek sene|en kısa zamanda|en kısa sürede|esnek|fark etmez|farketmez|ay sonu*|ay başı*|ay ortası*|kurban*|okullar kapanınca|kandil*',
  about:
    'içinde|gibi|civarı|civarında|yaklaşık|aşağı yukarı|belki|herhalde|sanırım|galiba|muhtemelen|falan|filan|sularında|gibi olabilir|net değil|emin değilim',
  or: 'veya|ya da|yahut|ya|yada',
  and: 've|artı',
  until: 'ile|ila|dan|den|tan|ten|kadar',
  between: '',
  out: 'gidiş|gidişim|gidişimiz|kalkış|gidiyorum|çıkış|varış|geliş|gelişim',
  back: 'dönüş*|dön*|geri dön*|geri gel*|dönecek*|dönerim|döneriz|dönmek|eve dön*',
  travel:
    'gel*|uç*|git*|seyahat*|varmak|varırım|varıyor*|bilet*|uçuş*|yola çık*|kalkış*|gidiş*|ziyaret*|müsait*|uygun*|randevu*|yolculuk*|çıkıyor*|çıkacağ*|olur mu|orada ol*|ordayım|ordayız|yapalım',
  arrives: 'gelip|geliyorum|geliyoruz|geleceğim|geleceğiz|varış|iniyorum|varıyorum|geliş',
  expecting: 'hamile|hamileyim|gebeyim|hamileyiz',
  otherwise:
    'doğum*|doğdum|dogum*|doğumlu*|yaş gün*|yaşgün*|pasaport*|vize*|geçerli*|geçerlilik|son kullanma|bitiş*|bitiyor|doluyor|dolacak|süresi|ara|arayın|arar*|aramanız*|arasın*|telefon*|ödeyeceğ*|ödeme*|öderim|ödedim|yatırırım|gönder*|yolla*|atarım|fatura*|düğün*|evlen*|sınav*|açık mı|açık|kapalı|cevap*|yaz|yazın bana|yazarım|haber ver*|konuş*|görüşelim|görüşürüz|toplantı*|hamile*|regl*|adet*|yıldönümü|röntgen*|emar|tahlil*|çalışıyor*|mesaide|iş var|izin*',
  past: 'ağrıyor|ağrım|ağrı|acıyor|sızlıyor|geçen|oldum|olmuştum|olmuştu|oldu|olmuş|geçirdim|geçirmiştim|geçirdi|yaptırdım|yaptırmıştım|beri|önce|dan beri|den beri|tan beri|ten beri|kırıldı|düştüm|başladı|idi|vardı|aldım|çektirdim|gittim|gelmiştim|yapıldı|edildim|konuşmuştuk|konuştuk|olduğum',
  stay: 'kal*|konakla*|kalış*|boyunca|kalmak|süreyle|süre ile|orada kal*|durac*',
  during: '',
  not: 'en olmaz',
  notAfter:
    'değil|gelemem|gelemiyor*|olmaz|olmuyor|uymuyor|uymaz|müsait değil*|değil de|uygun değil*|yerine|hariç|gidemem|dolu|iptal',
  correction:
    'pardon|yok|aslında|daha doğrusu|yani|kusura bakmayın|özür dilerim|yerine|düzeltiyorum|yanlış|hayır|demek istedim|ama|olsun',
  change: 'alabilir*|alalım|aldır*|almak|değiştir*|ertele*|kaydır*|çek*|al',
  clock: 'sabah|akşam|öğlen|öğleden sonra|gece|saat|saati|saatler',
  counted:
    'saç ekim*|sakal ekim*|kaş ekim*|kişi*|kişiyiz|kişilik|yetişkin*|çocuk*|yaş|yaşında*|yaşındayım|kilo|kg|cm|mm|euro|avro|tl|lira|dolar|bin|saat|buçuk|greft|diş|implant|kaplama|zirkonyum|defa|kere|kez|hasta|bilet|yolcu|adet|oda|dakika|yıl|yıldır|gündür|haftadır|aydır|sene|senedir|yaşlarında|tane|numara|milyon',
};
