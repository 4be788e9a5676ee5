import type { Procedure } from '../../../actors/shapes/understanding.ts';

/** What people say for a treatment besides the lexicons' lists, in all six languages and in Latin letters for Russian and Arabic. */
export const colloquial: Readonly<Record<Procedure, string>> = {
  'hair-transplant':
    'hair|hair done|hairline|balding|bald spot|going bald|receding hair*|beard transplant*|hair transplat*|hair trans|hair op|haare machen|haare|geheimratsecken|haar transplant*|haarimplantat*|haartransplation|haar op|haare einpflanzen|saç|saç yaptır*|saç diktir*|kelim|kel|saçım*|saçımı|saç ekm*|saçektir*|sac ekim*|sakal|kelleş*|cheveux|implants cheveux|greffe cheveux|crâne dégarni|dégarni|volosy|volos|peresadka volos|peresadk*|волос|волос на голове|пересадить волос*|пересадк*|лысый|лысый череп|лысею|залысин*|волосики|zira3at sha3r|zira3at|sha3r|sha3ar|شعر|زراعه|صلعتي|شعرات|زرع|زراعة شعر',
  dental:
    'teeth done|teeth|turkey teeth|dental work|new smile|gums|filling|fillings|molar|molars|crown|veneer|implant|dental implant*|wisdom tooth|zähne machen|beißer|zahnimplant*|zahnersatz|zahnarzt*|implantat|weisheitszahn|diş yaptır*|dişlerimi|diş teli|dişim*|diş eti|protez diş*|lamina|implantlar|refaire les dents|implant dentaire|bridge|implant|ratiches|dentition|zuby|zubi|zubov|зубы|зубки|зубные|улыбк*|протез зуб*|имплант|импланты|коронки|asnan|هوليود|هوليوود|سنوني|سناني|ضروس*|فينيرز|زرعات|زراعه اسنان|تبييض|اسنان',
  eye: 'rid of my glasses|eyes done|laser my eyes|eyesight|get rid of glasses|no more glasses|cataract*|eyelid*|augenop|augen op|augen lasern|lasern lassen|lidstraffung|brille loswerden|gözümü çizdir*|göz çizdir*|gözlükten kurtul*|katarak*|göz kapağı|opération des yeux|laser yeux|lunettes|glaza|глазки|зрение|операция на глаза|лазер глаз|cheshm|3oyoun|3yoni|ليزر عيون|عيوني|نظاراتي|مويه بيضاء|المويه البيضاء',
  nose: 'rhino|nose done|nosejob|nose op|nasenop|nasen op|nasenkorrektur|nase machen|burun estetiği|burnumu yaptır*|burun yaptır*|burun|refaire le nez|rhino|nez|носик|нос сделать|rinoplastika|anf|khashm|khashmi|منخار*|منخاري|خشمي|انف',
  breast:
    'boob job|tits|breast implant*|breast lift|bust|titten|brust op|brustop|brust vergrößern|brustimplant*|oberweite|göğüs|göğüs yaptır*|göğüs estetik*|göğüslerimi|memelerimi|meme estetiği|meme implant*|göğüs implant*|seins|refaire les seins|implants mammaires|nichons|сиськи|увеличить грудь|импланты груди|импланты в грудь|имплант груди|grud|صدر|زراعة صدر|سيليكون|نهود',
  liposuction:
    'lipo|love handles|fat off|tummy|six pack|arm lift|belly fat|fett weg|bauch weg|bauch straffen|fettabsaug*|göbek aldır*|yağlarımı*|göbeğim*|göbek|yağ aldır*|lipo|ventre plat|poignées d amour|bourrelets|убрать живот|откачать жир|живот|липо|подтяжк* живота|подтяжку живота|кarsh|karsh|كرش|كرشي|كرشتي|نحت جسم',
  bariatric:
    'sleeve|gastric|vsg|mini bypass|stomach stapled|weight loss|lose weight|loose weight|gastric slive|magen op|magenop|abnehm*|magenverkl*|sleeve op|mide küçült*|kilo ver*|zayıfla*|tüp mide|mide|perdre du poids|maigrir|anneau|ушить желудок|ушивание желудка|похуд*|резекция желудка|резекцию желудка|takmim|takmeem|تخسيس|تنحيف|تنزيل وزن|انقاص الوزن|تكميم|قص معده|المعده|معده',
  orthopaedic:
    'new knee|new hip|knee replacement|hip|knee op|shoulder surgery|spine surgery|back surgery|neue hüfte|künstliches knie|neues knie|hüfte|hüft op|knie op|knieprothese|hüftprothese|rücken op|diz protez*|kalça protez*|dizime|bel ameliyat*|fıtık|fıtığ*|genou|hanche|prothèse|prothèse du genou|prothèse de hanche|koleno|колено|новое колено|тазобедренный|межпозвоночн*|спин* операц*|rokba|rukba|ركبتي|ركبه|تغيير مفصل|مفصل صناعي|عمليه ركبه|رباط',
  ivf: 'ivf|fertility treatment|kinderwunsch|tüp bebek*|bebek sahibi ol*|fiv|avoir un enfant|bébé éprouvette|эко|атفال انابيب|طفل انبوب|انابيب|اطفال انابيب|حقن مجهري',
  oncology:
    'breast cancer*|cancer treatment|chemo|brustkrebs*|meme kanser*|tümör|kemo|cancer du sein|chimio|рак груди|химия|onkolog*|سرطان الثدي|كيماوي|ورم خبيث',
  cardiology:
    'open heart|heart bypass|heart surgery|heart op|herz op|herzop|bypass op|kalp ameliyat*|kalp|baypas|opération du cœur|opération du coeur|cœur|шунтирование сердца|операция на сердце|serdtse|قلب|عملية قلب|قلب مفتوح',
  'check-up':
    'full body|health check|check up|checkup|check-up|durchchecken lassen|gesundheitscheck|çekap|genel check up|bilan de santé|check up complet|чекап|чек ап|полное обследование|فحص شامل|فحوصات كاملة|شيك اب|تشيك اب',
};

/** Parts of the body: with pain beside them they are a complaint, and nothing that is wanted done. */
export const bodyParts =
  'hair|teeth|tooth|gums|molar|molars|nose|eye|eyes|my eyes|eyesight|breast*|boob*|bust|chest|hip|knee*|shoulder*|spine|stomach|tummy|heart|zahn|zähne|zaehne|haare|nase|nasen|auge|augen|brust|brüste|busen|oberweite|bauch|magen|knie|hüfte|schulter|wirbelsäule|rücken|herz|gelenk|saç|saçım*|saçlarım*|diş|dişim*|dişlerim*|diş eti|dis|burun|burnum*|göz|gözüm*|gözlerim*|meme|memem*|memelerim*|göğüs|göğsüm*|göbek|göbeğim*|mide|midem*|diz|dizim*|dizime|kalça|kalçam*|omuz*|omurga*|kalp|kalbim*|eklem*|dent|dents|nez|œil|oeil|yeux|vue|sein|seins|poitrine|ventre|estomac|genou*|hanche|épaule*|cœur|coeur|cheveux|зуб|зубы|зуба|зубов|зубки|нос|носа|носом|глаз|глаза|глазки|зрение|грудь|груди|живот|желудок|желудка|желудке|колено|колена|колени|плечо|плеча|бедро|сердце|сердца|сустав*|позвоночник*|волосы|волос|спина|спину|сын|ضرس*|سن|اسنان|أسنان|اسناني|سنوني|سناني|انف*|انفي|خشم*|خشمي|عين|عيني|عيون*|عيوني|عيناي|صدر|صدري|الثديين|ثدي*|بطن|كرش|كرشي|معدة*|معدتي|المعدة|معده|ركبة*|ركبتي|ركبه|الركبة|ورك|الورك|كتف*|الظهر|ظهر|قلب|قلبي|القلب|شعر|شعري|مفصل*|مفاصل|المفاصل|anf|khashm|zuby|grud|koleno';

/** What is wrong, not what is wanted. */
export const complaints =
  'pain*|hurt*|ache*|aching|sore|toothache|bleed*|bled|blood|numb*|swollen|swelling|swell*|infected|infection|fever|burning|burns|itch*|broke|broken|stitches|pus|discharge|ağrı*|acı*|sızlı*|kanama*|kanıyor*|kanad*|uyuş*|şiş*|iltihap*|bulan*|yanıyor*|morar*|krizi*|apse*|çarpıntı*|sıkış*|kırıldı|kırık|batıyor|schmerz*|weh|blut*|taub*|geschwollen*|entzünd*|eiter*|brennt|juckt|pocht|sticht|stechen|druck|infarkt|mal|douleur*|saign*|gonfl*|engourdi*|infect*|brûle*|abcès|fait mal|font mal|serre|oppress*|болит|болят|боль|боли|болью|болело|болела|больно|ноет|ноют|онемел*|немеет|немею*|кровь|кровит|кровоточ*|крови|опух*|отек*|воспал*|гной*|жжет|колет|давит|сломал*|приступ*|يوجع*|توجع*|وجع*|الم|الام|آلام|يؤلم*|تؤلم*|نزيف|ينزف|تنزف|دم|ورمان|تورم*|متورم*|خدران|خدر|تنميل|التهاب*|صديد|منتفخ*|يحرق*|يوجعني|توجعني|مكسور*|انكسر*|حرقان|ضيق|خفقان';

/** Ahead of what is not wanted. */
export const unwantedBefore =
  'not|no|not the|not a|don t want|dont want|do not want|without|instead of|rather than|except|nicht|kein|keine|keinen|nicht die|nicht das|statt|anstatt|ohne|pas|pas de|pas d|pas les|pas le|pas la|sans|au lieu de|au lieu des|plutôt que|не|нет|без|вместо|кроме|مش|مو|ليس|ليست|لا اريد|ما ابي|ما ابغى|بدون|بدل|مش عايز|ما بدي|غير';

/** Behind what is not wanted. */
export const unwantedAfter =
  'değil|istemiyorum|istemem|yok|yerine|hariç|değil de|nicht|не надо|не нужно|не нужна|не хочу|no thanks|ما ابي|لا اريده';

/** Ahead of what has been done. */
export const doneBefore =
  'été opéré*|had|had a|had my|after|after my|since|since my|underwent|did|got|was|hatte|nach|nach der|nach meiner|seit|seit der|wurde|après|après ma|après mon|depuis ma|depuis mon|ai eu|avais|ai fait|ai subi|после|сделал*|делал*|была|был|перенес*|سويت|عملت|اجريت|بعد عملية|كانت';

/** Behind what has been done. */
export const doneAfter =
  'oldum|olmuştum|olmuş|yaptırdım|yaptırmıştım|yapıldı|oldu|olmuştu|sonrası|sonrasında|ameliyatı oldum|ameliyatı olmuştum|ameliyatından sonra|ameliyatı geçirdim|ettirdim|ektirdim|ektirmiştim|done last year|done in 20*|gehabt|machen lassen hatte|hinter mir|faite en|fait en';

/** Words that only look like a part of the body: thanks from the heart, a moment, to add, the afternoon. */
export const idioms =
  'herzlich*|herzl|von herzen|herzensgut*|augenblick*|im auge behalten|magenta|kalpten|canı gönülden|kalbinize|göz at*|gözden geçir*|gözüm aydın|gözünüz aydın|eklemek|eklemem|eklemeyi|ekleme|eklemek istiyorum|ekler|eklemiştim|ekleyebilir*|dizi|dizisi|diziler|dizilim|dizayn|de tout coeur|de tout cœur|bon coeur|par coeur|coup de coeur|à vue|vue sur|vue mer|en vue|point de vue|от всего сердца|всем сердцем|сердечно|сердечное|сердечная благодарность|с точки зрения|точки зрения|точка зрения|на глаз|с глазу|على عيني|من عيوني|من عيني|يا عيوني|يا عين|يا عيني|يا قلبي|من قلبي|من كل قلبي|من القلب|بعد الظهر|قبل الظهر|وقت الظهر|بغض النظر|كم السن|السن|العمر|dizzy|dizziness|discount|discounts|display|distance|disease|discuss|district|dish|with all my heart|by heart|heartfelt|eye opening|keep an eye|bald|kann sein|das sein|zu sein|sein|lipoma';
