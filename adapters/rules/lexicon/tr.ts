import type { Lexicon } from './lexicon.ts';

export const turkish: Lexicon = {
  everyday:
    'merhaba|selam|evet|hayır|tamam|ben|bir|bu|ve|için|ile|istiyorum|istiyoruz|var|yok|mı|mi|mu|mü|mısınız|misiniz|ne|nasıl|kadar|fiyat|fiyatı|teşekkürler|teşekkür|ederim|lütfen|günaydın|iyi|günler|kişi|eşim|çocuk|yaşında|yarın|haftaya|hafta|gelecek|önümüzdeki|sonra|dan|den|olur|tabii|tabi|kabul|ediyorum|etmiyorum|dur|iptal|saç|ekimi|diş|burun|göz|tedavi|ameliyat|bütçem|bütçe|çok|da|de|nerede|zaman|kaç|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|ocak|şubat|mart|nisan|acil|kanama|yetişkin|yetişkiniz|çocuklu|gün|ay|geliyorum|gelmek|geliriz|uçmak|yalnız|tek|başıma|euro|avro|olmak|değil|bana|size|sağolun|sağol|selamlar|biriyle|görüşmek|yaptırmak|tüp|bebek|mide|annem|babam|kızım|oğlum|biz|iki|üç|dört|beş|altı|kişiyiz|istemiyorum|durdur|selamün|gidiş|dönüş|hoşça|kalın|nisanda|mayısta|bilgi|almak|alabilir|miyim|adına|adım|soyadım|ismim|numaram|telefonum|doğum|tarihi|doğumluyum|alerjim|alerji|pasaport|pasaportum|kimlik|benim|onun|şu|şey|ama|çünkü|hangi|bunu|sizi|sizin|ediyor|olsun|oldu|olacak|olan|gibi|daha|şimdi|bugün|dün|hocam|para|lira|nerde|neden|niye|acaba|ya|yani|hem|her|biri|hiç|bile|göre|hasta|hastane|doktor|uçak|bilet|otel|fatura|rapor|ödeme|yapmak|yaptım|aldım|attım|gönderdim',
  greeting:
    'merhaba|merhabalar|selam|selamlar|selamün aleyküm|selamun aleykum|aleyküm selam|günaydın|iyi günler|iyi akşamlar|iyi geceler|tünaydın|hayırlı günler|hayırlı işler|kolay gelsin|nasılsınız|nasılsın|mrb|slm|iyi çalışmalar',
  agree:
    'tmm kabul|kabul ediyom|kabul ediyoz|kabul ederim|kabul ederiz|kabul ettim|kabul edildi|he|hee|hıhı|hı hı|evt|ewet|evet evet|olur olur|tamamdır|tamam olur|sıkıntı yok|sorun yok|problem yok|sorun değil|problem değil|mümkün|tabiki|tabikide|tabii ki de|elbet|onayım var|onayımı veriyorum|müsaade ediyorum|başlayalım|hadi|hadi bakalım|oldu|oldu tamam|bana uygun|benim için uygun|bize uygun|bize uyar|rızam vardır|izin verdim|izin veririm|kabulüm|kabulümdür|kabulumdur|evet kabul|doğrudur|evet doğru|hepsi doğru|bilgiler doğru|her şey doğru|aynen öyle|devam|devam edelim|devam edin|devam edebiliriz|isterim|isteriz|evet isterim|okeyim|okeydir|razıyım|raziyim|tamam kabul|uygun olur|uygundur benim için|başüstüne|iyi olur|çok iyi olur|mantıklı|anlaştık o zaman|katılıyorum buna|kullanabilirsiniz|yapabilirsiniz|evet olur|evet|tamam|olur|tabii|tabi|tabii ki|tabi ki|elbette|kabul|kabul ediyorum|kabul ediyoruz|onaylıyorum|onay veriyorum|onayladım|onay|onaylıyoruz|peki|uygundur|uygun|bana uyar|uyar|anlaştık|tmm|okey|ok|evet kabul ediyorum|evet istiyorum|izin veriyorum|rıza gösteriyorum|rızam var|hay hay|kesinlikle|doğru|memnuniyetle|güzel|harika|evet lütfen|aynen|olabilir|süper|katılıyorum|onaylarım|alıyorum|bunu alıyorum|ok onay|onaydır|evet hepsi doğru|bilgilerim doğru|tamam doğru|doğru bilgiler|evet aynen|itirazım yok|sakınca yok|sakıncası yok|benim için sorun yok|benim için tamam|okay|olur tabi|olur tabii|evet tabi|kabul diyorum|evet diyorum|tam|kabul ediyom|tmm kabul ediyom|tamam kabul ediyom',
  refuse:
    'yok istemem|istemiyom|istemem sağolun|kabul etmiyom|kabul edemem|kabul edemiyorum|kabul edilemez|hayr|hyr|olmaz öyle|izin veremem|izin vermem|rıza vermiyorum|onay veremem|paylaşmak istemiyorum|vermek istemiyorum|vermek istemem|yapmak istemiyorum|düşünmüyorum|yoo|yok yok|cık|hayır sağol|onaylamam|uygun görmüyorum|almayayım|kalsın|kabul değilim|razı değilim|müsaade etmiyorum|tercih etmem|tercih etmiyorum|istediğim bu değil|yok kalsın|bana göre değil|mümkün değil|olmasın|hayır hayır|katılmam|gerek görmüyorum|lüzum yok|şimdilik hayır|şimdilik istemiyorum|şimdilik gerek yok|hiç sanmıyorum|sanmıyorum|yanlış|hayır|yok|istemiyorum|istemem|istemiyoruz|kabul etmiyorum|kabul etmem|kabul etmiyoruz|onaylamıyorum|onay vermiyorum|olmaz|reddediyorum|red|ret|izin vermiyorum|katılmıyorum|rıza göstermiyorum|rızam yok|asla|hayır istemiyorum|uygun değil|bana uymaz|uymaz|vazgeçtim|kesinlikle hayır|ilgilenmiyorum|gerek yok|şimdi değil|hayır olmaz|yo|tabii ki hayır|almıyorum|kabul değil|maalesef hayır|maalesef|hayır yanlış|yanlış bilgi|doğru değil|bu doğru değil|bilgiler yanlış|mümkünatı yok|katiyen|kesinlikle olmaz|kesinlikle istemiyorum|kesinlikle kabul etmiyorum|itiraz ediyorum|hayır teşekkürler|hayır teşekkür ederim|hayır diyorum|istemez|uygun bulmuyorum',
  stop: 'dur|durdur|durun|durdurun|iptal|iptal et|iptal edin|iptal ediyorum|mesaj atmayın|mesaj atma|bana mesaj atmayın|yazmayın|bana yazmayın|bana artık yazmayın|artık yazmayın|artık mesaj atmayın|mesaj istemiyorum|mesaj göndermeyin|bana mesaj göndermeyin|rızamı geri çekiyorum|onayımı geri çekiyorum|rızamı geri alıyorum|onayımı geri alıyorum|verilerimi silin|verilerimi sil|numaramı silin|üyelikten çık|çık|listeden çıkar|listeden çıkarın|beni listeden çıkarın|rahatsız etmeyin|beni rahatsız etmeyin|aboneliği iptal et',
  thanks:
    'eyv|eyw|eyvallah|sağ olasın|sağolasın|çok ilgilendiniz|ilgilendiğiniz için|tşk ederim|tşkr|teşekkürlerimle|çok sağ ol|çok sağol|allah razı olsun sizden|minnettarım size|harikasınız|çok naziksiniz|çok yardımcı oldunuz|yardımcı oldunuz|ellerinize sağlık|ilginize teşekkür*|teşekkür ediyorum|tesekkurler|bilgilendirme için|zahmet oldu|çok memnun kaldım|teşekkürler|teşekkür ederim|teşekkür ederiz|çok teşekkürler|çok teşekkür ederim|sağol|sağolun|sağ ol|sağ olun|çok sağolun|çok sağ olun|eyvallah|tşk|tşkler|teşekkür|minnettarım|elinize sağlık|emeğinize sağlık|allah razı olsun|yardımınız için|bilgi için|ilginiz için|her şey için',
  bye: 'hoşçakalın|hoşça kalın|hoşçakal|hoşça kal|görüşürüz|görüşmek üzere|güle güle|iyi günler|iyi akşamlar|iyi geceler|kendinize iyi bakın|allaha emanet olun|allahaısmarladık|sonra görüşürüz|bay bay|bb|kolay gelsin|iyi çalışmalar|selametle|esen kalın|saygılar|saygılarımla|iyi haftalar|hayırlı günler|hayırlı akşamlar',
  filler:
    'sonuçta|aslında|neyse|madem|fikrimi değiştirdim|o halde|ozaman|yani|işte|valla|vallahi|ya|yaa|bir|de|da|dedim|evet|siz|ben|biz|biraz|hepsi|lütfen|hocam|efendim|hanım|bey|doktor bey|o zaman|teşekkürler|teşekkür ederim|sağolun|çok|artık|hemen|ya|bana|şimdi|ki|abi|abla|hepsini|her şeyi|her şey|canım|bence|benim için|bu|bunu|ama|size|için|kardeşim|abicim|hocam|kanka|canım benim|şekerim',
  human:
    'beni arasın*|beni arasınlar|arasınlar beni|arayın|arayınız|geri arayın|geri ara|ara beni|sizinle görüş*|sizinle konuş*|canlı biri*|gerçek insan*|robotla konuş*|insan|insanla|gerçek kişi|gerçek bir kişi|gerçek biri|gerçek biriyle|gerçek bir insan*|temsilci*|müşteri hizmetleri|yetkili*|danışman*|biriyle görüş*|biriyle konuş*|birisiyle görüş*|birisiyle konuş*|beni arayın|beni arar mısınız|arayabilir misiniz|doktorla görüş*|doktorla konuş*|doktor ile görüş*|hekimle görüş*|operatör*|canlı destek|robot değil|bot değil|koordinatör*|beni ara|arar mısınız|telefonla görüş*|birini bağla*|birine bağla*|yetkiliye bağla*|insana bağla*|beni bağla*|müşteri temsilci*|biriyle konuşmak|biri beni arasın|arasın beni|birisi arasın|birisi beni|canlı destek*|gerçek kişi*',
  asks: 'ne|nasıl|neden|niçin|nerede|nereden|nereye|kim|hangi|kaç|acaba|niye',
  asksAnywhere:
    'mı|mi|mu|mü|mısınız|misiniz|musunuz|müsünüz|mıyım|miyim|muyum|müyüm|mıyız|miyiz|muyuz|mısın|misin|mıdır|midir|mudur|ne kadar|kaç para|kaç lira|kaç euro|kaç gün*|kaç saat|kaç seans|fiyat*|ücret*|maliyet*|ne zaman|nerede|nasıl|hangi|neler|nedir|sorum var|bir sorum|bilgi alabilir*|bilgi almak|bilgi verir|bilgi istiyorum|merak ediyorum|nereye|neden|acaba|öğrenmek istiyorum|öğrenebilir|hangisi|var mı|kim',
  procedures: {
    'hair-transplant':
      'saç ekim*|saç nakl*|saç ektir*|saç ek*|sakal ekim*|kaş ekim*|fue|dhi|greft*|saçlarım*|saç dökül*|kellik|saç tedavi*|saç için',
    dental:
      'diş*|dişlerim*|implant*|zirkon*|gülüş tasarım*|kanal tedavi*|lamine*|ortodont*|protez diş*|kaplama*|porselen*|hollywood smile',
    eye: 'göz ameliyat*|göz lazer*|gözlerim*|göz çizdir*|lasik|katarakt*|göz tedavi*|göz için|akıllı lens|mercek*|keratokonus|göz',
    nose: 'burun*|burnum*|rinoplasti|septoplasti|deviasyon*|septum|kemik eğriliği',
    breast:
      'meme*|göğüs estetiği|göğüs büyüt*|göğüs küçült*|göğüs dikleştir*|göğüs ameliyat*|göğüs protez*|silikon*|jinekomasti',
    liposuction:
      'liposuction|liposakşın|liposuctıon|yağ aldır*|yağ alma*|yağ alım*|karın germe*|vaser|bbl|popo estetiği',
    bariatric:
      'mide*|tüp mide*|obezite*|bariatrik|gastrik*|zayıflama ameliyat*|mide balonu|kilo verme ameliyat*',
    orthopaedic:
      'ortoped*|diz*|kalça*|bel fıtı*|boyun fıtı*|menisküs*|omurga*|skolyoz*|eklem*|omuz*|boy uzatma*|protez ameliyat*|çapraz bağ*',
    ivf: 'tüp bebek*|ivf|kısırlık*|infertilite|embriyo*|yumurta dondur*|mikroenjeksiyon|çocuk sahibi',
    oncology:
      'kanser*|onkoloj*|tümör*|kemoterapi*|radyoterapi*|lösemi*|lenfoma*|meme kanser*|mide kanser*|metastaz*|ışın tedavi*',
    cardiology:
      'kalp*|kardiyoloj*|bypass|by pass|stent*|anjiyo*|koroner*|ritim bozukluğu|kalp kapa*|kalbim*|damar tıkan*',
    'check-up':
      'check up*|checkup*|çekap*|çek ap|sağlık taraması*|genel kontrol*|sağlık kontrol*|genel muayene*|tarama*',
  },
  months: [
    'ocak*',
    'şubat*',
    'mart|martta|marta|martın|martı|mart ın',
    'nisan*',
    'mayıs*',
    'haziran*',
    'temmuz*',
    'ağustos*',
    'eylül*',
    'ekim|ekimde|ekime|ekimin',
    'kasım*',
    'aralık*|aralığ*',
  ],
  weekdays: [
    'pazar|pazara|pazar günü',
    'pazartesi*',
    'salı|salıya|salı günü',
    'çarşamba*',
    'perşembe*',
    'cuma|cumaya|cuma günü',
    'cumartesi*',
  ],
  numbers: [
    'sıfır',
    'bir',
    'iki',
    'üç',
    'dört',
    'beş',
    'altı',
    'yedi',
    'sekiz',
    'dokuz',
    'on',
    'on bir|onbir',
    'on iki|oniki',
    'on üç|onüç',
    'on dört|ondört',
    'on beş|onbeş',
    'on altı|onaltı',
    'on yedi|onyedi',
  ],
  ordinalEnding:
    'inci|ıncı|uncu|üncü|nci|ünden|inden|ından|undan|sinden|sından|ü|i|u|si|sı|üne|ine',
  of: 'tarihi',
  or: 'veya|ya da|yahut',
  and: 've|artı',
  until: 'ile|ila|dan|den|tan|ten',
  back: 'dönüş*|dön*|geri dön*|geri gel*',
  adult: 'yetişkin*|büyük|erişkin|yetişkiniz',
  child: 'çocuk*|oğlum*|kızım*|bebek|bebeğim*|bebeğimiz*|oğlumuz*|kızımız*|çocuğum*|çocuğumuz*',
  person: 'kişi*|kişiyiz|kişilik|yolcu*|hasta|bilet*',
  self: 'ben|kendim',
  my: 'benim|bizim|bir',
  with: 'ile|birlikte|beraber|yanımda',
  companion:
    'eşim*|karım*|kocam*|annem*|babam*|arkadaşım*|kardeşim*|ablam*|abim*|ağabeyim*|sevgilim*|nişanlım*|teyzem*|halam*|amcam*|dayım*|refakatçi*|kız arkadaşım*|erkek arkadaşım*|kuzenim*|anneannem*|babaannem*|dedem*',
  alone:
    'tek başıma|yalnız|yalnızım|yalnız geliyorum|sadece ben|tek kişi|tek kişiyim|tekim|bir tek ben|yalnızca ben|tek geleceğim|tek geliyorum|kimse yok',
  two: 'ikimiz|eşimle ikimiz|çift|iki kişiyiz|annem babam',
  three: 'üçümüz',
  four: 'dördümüz',
  yearsOld: 'yaşında*|yaş|yaşlarında|yaşındaki',
  aged: 'yaşı|yaşları',
  infant: 'yenidoğan',
  travel:
    'gel*|uç*|git*|seyahat*|varmak|varırım|bilet*|uçuş*|yola çık*|kalkış*|gidiş*|ziyaret*|müsait*|uygun*|randevu*|yolculuk*',
  budget:
    'bütçe*|en fazla|en çok|maksimum|ayırdım|ayırabilirim|ödeyebilir*|param|param var|harcayabilir*|kadar verebilir*|azami',
};
