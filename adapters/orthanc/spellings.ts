/**
 * How a letter of another alphabet, or one with a mark, is written with the letters a to z: what people and machines in use
 * write, not one standard. The first is the usual one; an empty one means that it may be left out.
 */
const tables = [
  // Latin
  'ş s sh sch ch|ș s sh|ç c ch tch tsch s|ğ g gh _|ı i y e|ö o oe eu|ü u ue y|ä a ae e|å a aa o|ø o oe|æ ae a e|œ oe o e',
  'ñ n ny nh gn|š s sh sch|č c ch tsch|ž z zh j|ć c ch tj|đ d dj dz|ł l w|ß ss s sz|ə a e ae|ț t ts tz|ţ t ts tz|ý y i|ř r rz rsch',
  // Cyrillic
  'а a|б b|в v w f|г g gh h|ґ g|д d|е e ye je ie|ё e yo jo io o|є ye je ie e|ж zh j z g sch|з z s|и i y ee|і i y|ї yi i ji|й y i j _',
  'к k c ck q|л l|м m|н n|о o a|п p|р r|с s ss c|т t|у u ou oo|ф f ph|х kh h ch x|ц ts c tz z|ч ch tch tsch c|ш sh sch ch s',
  'щ shch sch shh stsch sh s|ъ _ a|ы y i|ь _ i y|э e|ю yu ju iu u|я ya ja ia a|қ k q|ғ g gh|ұ u|ү u ue|ө o oe|ң n ng|һ h|ә a ae e',
  'ў u w|ј j y|љ lj l|њ nj n|ћ c ch|ђ dj d|џ dz dzh',
  // Greek
  'α a|β v b|γ g gh y n|δ d dh th|ε e|ζ z|η i e h|θ th t|ι i y j|κ k c|λ l|μ m _|ν n _|ξ x ks|ο o _|π p b|ρ r|σ s|ς s|τ t d',
  'υ y u i v f|φ f ph|χ ch h kh x|ψ ps|ω o',
  // Georgian
  'ა a|ბ b|გ g|დ d|ე e|ვ v w|ზ z|თ t|ი i|კ k|ლ l|მ m|ნ n|ო o|პ p|ჟ zh j|რ r|ს s|ტ t|უ u|ფ p ph f|ქ k q|ღ gh g|ყ q k|შ sh sch',
  'ჩ ch tsch|ც ts c|ძ dz|წ ts|ჭ ch tsch|ხ kh h x|ჯ j dzh dsch|ჰ h',
  // Armenian
  'ա a|բ b p|գ g k|դ d t|ե e ye|զ z|է e|ը e y _|թ t|ժ zh j|ի i|լ l|խ kh x|ծ ts dz|կ k g|հ h|ձ dz ts|ղ gh l|ճ ch j|մ m|յ y h _|ն n',
  'շ sh ch|ո o vo _|չ ch|պ p b|ջ j ch|ռ r rr|ս s|վ v w|տ t d|ր r|ց ts c|ւ u v w|փ p|ք k q|օ o|ֆ f|և ev yev',
  // Kana; a syllable with i may lose it to the small one after it
  'あ a|い i|う u _|え e|お o|か ka|き ki ky k|く ku|け ke|こ ko|さ sa|し shi si sh sy|す su|せ se|そ so|た ta|ち chi ti ch ty|つ tsu tu',
  'て te|と to|な na|に ni ny|ぬ nu|ね ne|の no|は ha wa|ひ hi hy|ふ fu hu|へ he|ほ ho|ま ma|み mi my|む mu|め me|も mo|や ya|ゆ yu|よ yo',
  'ら ra la|り ri ry li|る ru lu|れ re le|ろ ro lo|わ wa|を o wo|ん n m|が ga|ぎ gi gy|ぐ gu|げ ge|ご go|ざ za|じ ji zi j zy|ず zu|ぜ ze',
  'ぞ zo|だ da|ぢ ji di|づ zu du|で de|ど do|ば ba|び bi by|ぶ bu|べ be|ぼ bo|ぱ pa|ぴ pi py|ぷ pu|ぺ pe|ぽ po|ゃ ya a|ゅ yu u|ょ yo o',
  'っ _ k s t p c|ー _ a i u e o h|ゔ v vu',
  // Hangul, of letters: before the vowel, the vowel, after it
  'ᄀ g k|ᄁ kk gg k|ᄂ n|ᄃ d t|ᄄ tt dd|ᄅ r l|ᄆ m|ᄇ b p|ᄈ pp bb b|ᄉ s sh|ᄊ ss s|ᄋ _ y w l|ᄌ j ch|ᄍ jj ch|ᄎ ch|ᄏ k|ᄐ t|ᄑ p|ᄒ h',
  'ᅡ a ar ah|ᅢ ae e|ᅣ ya|ᅤ yae|ᅥ eo u o e|ᅦ e|ᅧ yeo yu you yo|ᅨ ye|ᅩ o oh|ᅪ wa|ᅫ wae|ᅬ oe oi we|ᅭ yo|ᅮ u oo|ᅯ wo weo|ᅰ we|ᅱ wi',
  'ᅲ yu yoo you|ᅳ eu u|ᅴ ui eui ee|ᅵ i ee|ᆨ k g|ᆫ n|ᆮ t|ᆯ l r|ᆷ m|ᆸ p b|ᆺ t s|ᆼ ng|ᆽ t|ᆾ t|ᆿ k|ᇀ t|ᇁ p|ᇂ h _',
];

/** Alphabets of consonants: up to two vowels may be written after each, and each may be written twice. */
const abjads = [
  // Arabic and Persian, letters as they are folded
  'ا a e i o u aa|ب b|ت t|ث th s t|ج j g dj dsch c|ح h kh ch|خ kh h ch x|د d|ذ dh z d th|ر r|ز z s|س s c|ش sh sch ch s',
  'ص s|ض d dh z|ط t|ظ z dh th|ع a e i o u aa _|غ gh g|ف f ph|ق q k g c|ك k c|ل l|م m|ن n|ه h a e ah eh at _|و w v u o ou oo au ow',
  'ي y i ee ie ei ai ay j|ى a aa i y|ء _ a|پ p|چ ch c|ژ zh j|گ g|ڤ v|ں n|ہ h a|ے e y|ٹ t|ڈ d|ڑ r',
  // Hebrew
  'א a e i o u _|ב b v|ג g|ד d|ה h a e|ו v w o u oo|ז z|ח ch h kh|ט t|י y i j ee ei|כ k kh ch c|ך k kh ch c|ל l|מ m|ם m|נ n|ן n|ס s',
  'ע a e i o u _|פ p f ph|ף p f ph|צ tz ts z s|ץ tz ts z s|ק k c q|ר r|ש sh s sch|ת t th',
];

function read(lines: readonly string[]): Map<string, readonly string[]> {
  return new Map(
    lines
      .flatMap((line) => line.split('|'))
      .map((entry) => {
        const [letter = '', ...ways] = entry.split(' ');
        return [letter.normalize('NFC'), ways.map((way) => way.replace('_', ''))] as const;
      }),
  );
}

/** Letters with vowels of their own. */
export const alphabet = read(tables);
/** Letters between which vowels are not written. */
export const consonants = read(abjads);
