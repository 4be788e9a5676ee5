/**
 * Names that are also ordinary words of one of our languages, folded (`fold` in letters.ts): alone they are a name only
 * where something beside the list says so.
 */
export const ambiguous = `
acar acik ada adam adil adin adli aime ak alev alici alisik alkis alma altin ama amac amber ambre amir amour
ana anders angel anne ant april arcade ari arslan arzu ascension asci asik asil askin aslan asli ata atan ates
atilgan atis auch august aurora autumn avci ay aya aydin baba bagis bailey bak bakan baker bakir ball baptist
baris baron barre basak basim baskin bass bauer baum bayer bayrak bayram bean beer bela bell bent berg berk
berry best beste beyler bien bilen bilge bilgin bilir bird birlik bishop black blanc blanche blank blum boga
bohm bon bond booth boru bos bourgeois branch brand braun bright brown brun buck bulan bull bulmus bulus bulut
busch bush butler caba caglar cagri cam can canal cannon capucine carre carter case celeste celik cetin chase
cherry chretien christ church cicek cinar clay co colon conception constance constant cook cord cox cross
crystal daisy dale damla dana dawn day dean deger delil demir deniz derin derya desire desiree destiny diamond
dies diken dilek diri dogan dogu don doner douce duck duke duman dunn duran durmus duru duygu earl ebony ecrin
eder efe ege ekim elmas emin emir emis ender engel erik erika erin ernst esen eser esim esin evren eylul faith
falk fall farmer feda feld fidan fidele field fikri fischer fisher fleur florence florin fontaine ford fortune
foster fox frank franke french frey frisch frohlich frost fuchs gamze gast gay gazi gene gens gizem glass glen
gok gokce golden gonca gonul good gorun grace graf graham grant gray green gros gross grosser grun guclu gul
gumus gun gunden gunduz gunes guven guy hafiza hagen hahn hakim hale hall hanim harm hart harter hasse haupt
havali hayal hayali hayat hayati hayret hazine heath heather hein hess hilal hill hind hold holder holly holz
honore hood hope horn hort house hull hunt hunter ikram ilgi ilkbahar inan inanc inci innocent iris isik isin
ivy jade jager jan jasmin jasmine job jon joy jung junk juri just juste kabus kacar kaci kader kahraman kaiser
kaplan kara kardelen kari karin kartal kasten kay kaya kayit kaynak keiner keller kent kern keskin kesme key
kibar kick kilic killer king kira kirk kirsch kizil klein knapp knight koc kocaman koch kohl konig kopf kose
kraft kral kranz kuhl kumar kurt lack laine lale lama lamb lance lane lang lange langer law laws lean lee
leger leide levy lg liebe lila limon lin linke lion lisa lise little long lord loup love lower machtig mann
marchand marguerite marin marina marine mark marques marsh martial mason masse max maxi may maya mehtap
meister melek mert meshur mies milan miles millet mine mir moon moss moulin mucevher mude muhtesem mutlu nadir
nagel nail nehir nergis nette nickel nil nisan noble north nur okur ole olive omur onder onur oral ortak ozel
ozgur ozlem pace page pages parent parfait park paye peer pembe penny peri petit pie pierce pinar poche pohl
polat pope porter poser potter power price prince prudence rakip rau ray razi read reed reif reine renard renk
rice rich richter rick ring ritter robin roche roman rosa rose rosemary ruby rush ruya saci sack sadik safak
saglam sahil sahin said sali salim salmon salz sandy sanli sari sauer sauvage savage savas saygin schafer
scharf schilling schneider schreiber schuster schutze schwab schwarz schwarzer sebnem seckin secme sefer seker
sema sen seref serif sevda seven sevgi sevinc sharp shepherd short sierra siir simsek sir sky small smart snow
sommer soylu spank stahl stark stein stern stolz stone strong sue sule sultan summer susan swift tala taner
tara tate tea tekin temel terry teufel tim toprak toy trost troy tunc turk turki tutku ucan ucar ufuk ulke
ulku ulu umit umut unger urbain urban ustun uygun valentine vallee varlik vater vicdan victoire villa vin
viola violette vogel vogt voisin vuslat wade wall ward ware warren waters weight weiss welch weniger west
white will winter wirth wise wolf wood woods wright wunsche yagmur yang yaprak yara yavuz yesil yigit yildir
yildirim yildiz yonca yonetmen young yuce yurt zafer zeki zengin zimmer zimmermann zorlu август вера ким лев
любим любовь марк мир надежда сила ابتسام احلام الشريف العزيز اللطيف الماني النقيب امان امل امير امين ايمان
بدر تركي ثابت جاد جمال جميل جميله حبيب حسن حكيم حليم حياه دعاء راضي ربيع رجاء رشيد رفيق روحي زهره زين زينه
سالم سرور سعد سعيد سلام سيد شاكر شريف شمس صادق صالح صديقي ضياء طيب عادل عاليه عايد عربي عزيز عوده غالي فايز
فرح فريد فكري قاسي كامل كامله كريم مالك ماهر مبارك مسرور معين مفيد ملاك ممتاز منتصر مولاي ناجح نبيل نجم نجمه
نور هدي هناء واثق وحيد وفاء ياسمين
`;

/** The commonest Turkish words: never part of a name they follow. */
export const turkish = `
bir bu ne ve için mi de o ben çok ama evet var da değil şey hayır daha sen kadar bana gibi bunu yok onu iyi
tamam beni seni benim her ki neden ya sadece zaman senin burada olduğunu nasıl hiç sonra şimdi en öyle mu şu
misin önce biraz hadi güzel musun oldu yani ona böyle onun bile lütfen bak eğer peki çünkü artık gerçekten
geri biliyorum istiyorum kim başka olarak belki tek doğru büyük olan biri bay buraya in adam ile olacak hey
hiçbir biz demek sanırım yardım bilmiyorum bunun teşekkürler tüm gün yeni fazla ederim nerede tanrım merhaba
efendim a şeyi orada gece son kötü şeyler biliyor harika iki sorun et i̇şte bütün tam gerek siz diye hemen ol
üzgünüm küçük olabilir olsun i size bayan aynı hakkında teşekkür gel tabii yüzden onları kız kendi devam nin
bize e ver oluyor izin iş bizi buna selam anne vardı bizim geldi sizi baba dur aslında seninle asla göre kimse
özür değilim oh önemli git hala tekrar yoksa içinde benimle yine bence haydi şekilde olmak bugün söyle pekala
birlikte para olmaz uzun onunla bakalım zaten biliyorsun ilk al geliyor lazım dostum üç dakika onlar gerçek
emin birkaç herkes saat söyledi istiyorsun ister pek yapıyorsun eve miyim yıl çocuk hep şunu neler yer dilerim
sizin bekle bırak olduğu ilgili gidelim nedir yere etmek olmalı kaç istemiyorum nereye lanet hepsi un buradan
an burası az karşı çocuklar eski hazır kendini gerekiyor ediyorum fakat kesinlikle benden kadın söz yapmak
tane zor işe anda diğer dinle işi bunlar görmek kişi niye kabul seviyorum istiyor aman misiniz yarın zorunda
tanrı bundan kez sağ elbette gidip falan tatlım yanlış hoş hem senden onlara doktor hafta özel yemek yapma
kontrol oraya gereken yerde ediyor geç mutlu bazı dedim birini ye ondan eminim ayrıca dışarı bakın nereden
gitti beri edin etti yalnız ah erkek yalan merak gördüm insan değildi polis görüşürüz dün ihtiyacım insanlar
musunuz babam haber gidiyor la olmuş yi akşam geçen sakin sanki den nefret sabah dikkat beş karar umarım
yaptım veya çabuk etme yerine ay farklı sonunda üzerinde olması gördün sence değilsin aptal kendimi ettim
tamamen oldukça kendine fark yeter boyunca vardır bunları olduğumu tarafından kes birşey annem u neyse
istediğim olursa açık dünya adı yap hangi söyledim yaptın dört aldım dolar olamaz görünüyor birisi yüzünden
olsa kolay yoktu bende adamı be beraber konuşmak bazen buldum dedi ancak yanında sahip olmadığını yol gelecek
yapıyor başına gitmek bitti geldim tabi evde henüz onların anlıyorum cevap yolu zamanı genç öyleyse almak
yardımcı kahretsin oldum konusunda kal günü adamın takip ateş durum nun söylemek azından adım eder düşündüm le
istedim neredeyse muhtemelen düşünüyorsun mükemmel yaptı ciddi sanmıyorum olun içeri ev herhangi yeniden boş
altında vay kan ara göz halde düşünüyorum hızlı süre miyiz oğlum aç uzak duydum konuda işin şeyin gelen çıktı
saniye garip araba gidiyorum yakın arada olduğuna on hayatta alo anladım çalışıyorum hayal söylüyor hayatım
galiba kaldı rahat canım sürü kimin bilirsin olacağım dersin hepimiz adamım çeviri bebeğim ortaya başladı
hayat ta gelip şeye çalışıyor sende yaptığını güçlü olay hatta durumda arkadaşım bebek çocuğu savaş şeyleri
kesin geldin komik böylece arasında hava altı haklısın hareket bin soru acaba güle üzerine sürekli gelir şuna
ihtiyacı şaka telefon kardeşim olacağını varsa yapacağım silah oyun olmadan kısa el birinin terk kızı ait
acele etmeye gizli zamanda dans daki diyorsun yeterince baban verdim evlat zarar uygun dışında günaydın geçti
olmayacak yolunda memnun kapıyı hepsini fikir aynen hissediyorum tür olurdu verin beyler tuhaf değildir
gidiyoruz yüksek rahatsız olmadı new gidiyorsun geceler siktir kere yaşlı iyiyim korkunç sanıyordum aldı
gerektiğini çıkar gelin herif içine nasılsın veriyorum eden dolu neyi parayı bilmek sevindim edecek beyaz
durun sanıyorsun mümkün varmış belli tahmin sensin ölüm biliyordum yapamam ediyorsun vermek çeneni acı yakında
neydi hasta yalnızca geliyorum annen berbat yapmaya istedi üzere neyin yapacağız sizinle güvenlik bizimle
yapacak dikkatli anladın dedin ölü yapıyorum ihtiyacın milyon deli dair aile normal tatlı olmayan bırakın
birine diyorum söyledin dışarıda istediğini insanların otur ihtiyacımız affedersiniz yemin sefer pardon şans
keşke ana aşk te olup evine ettin baş başkan kapa dünyanın çık aşağı arkadaş biliyoruz at yeri bununla millet
seks bilmem the yapar doğum kahve yaşında istersen miydi kızlar durumu isterim herkesin oradan kaptan kendisi
yavaş bi kusura hoşça hata alıp önünde yeterli hayatını cinayet bakma sıcak bunların aldın frank erken sessiz
üstüne kızım asıl dön zamandır getir ufak düşünüyor köpek inanamıyorum yukarı çek cidden benziyor gelmiş dek
bilmiyor tehlikeli olmasını bilgi şarkı basit duydun buradayım diyor güç yüz n evi gayet yıldır kızın birçok
nefes hak konu söylüyorum görünüyorsun olduğum tıpkı edeceğim olsaydı gitmem film olduğun dalga görüyorum
bulmak anlaşıldı ele ses neye vakit almaya bayım muhteşem mesaj koca haklı sonraki işler yapacaksın adını
kimsenin yerinde gidin burda olacaksın istediğin bilmiyordum olmalısın buldun yapmam anlamıyorum ikinci parti
yu acil söylemiştim fena allah ajan insanları hatırlıyor yaparım herhalde bilir tut alabilir birden yedi
yoktur yanına zavallı sebebi düşün eğlenceli özellikle görünüşe söylüyorsun yemeği yaptığı zamanlar sebep
dedektif arkadaşın biriyle içki üstünde rağmen temiz olmaya yapalım söyleme buradaki baksana uyuşturucu sesini
istiyorsan patron lan parçası defa katil konuşma bekliyor alın sevgili olduğundan görüyor gerçeği şeyden
numara bilemiyorum öldürmek suç s herşey arkadaşı yerini kimseye işim tercih alacağım acep adamakıllı adeta
altmýþ altmış altý amma anca artýk açıkça açıkçası bari bazý başkası baţka beriki beþ beţ bilcümle binaen
binaenaleyh birazdan birbiri birdenbire birice birileri birkaçı birkez birçoğu birþey birþeyi birşeyi birţey
bitevi biteviye bittabi bizatihi bizce bizcileyin bizden bizimki bizzat boşuna bunda buracıkta böylecene
böylelikle böylemesine böylesine büsbütün cuk cümlesi dahi dahil dahilen daima dayanarak demin demincek
deminden denli derakap derhal derken deđil değin diđer diğeri doksan dokuz dolayı dolayısıyla ederek edilecek
ediliyor edilmesi elbet elli emme enikonu epey epeyce epeyi esasen esnasında etmesi etraflı etraflıca ettiği
ettiğini evleviyetle evvel evvela evvelce evvelden evvelemirde evveli filanca gah gayetle gayri gelgelelim
gene gerçi geçende geçenlerde gibilerden gibisinden gine gırla hakeza halbuki halen halihazırda haliyle
handiyse hangisi hani hariç hasebiyle hasılı hele hiçbiri hulasaten iken ila ilen illa illaki imdi indinde
inen insermi itibaren itibariyle itibarıyla iyice iyicene iţte kaffesi kah kala kanýmca karşın
`;

/** The commonest English words: never part of a name they follow. */
export const english = `
the of and to a in for is on that by this with i you it not or be are from at your all have new more an was we
will home can about if page my has search free but our one other do no information time they site he up may
what which their news out use any there see only so his when contact here business who web also now help get
pm view online c e first am been would how were me s services some these click its like service x than find
price date back top people had list name just over state year day into email two health n world re next used
go b work last most products music buy data make them should product system post her city t add policy number
such please available copyright support message after best software then good video well d where info rights
public books high school through m each links she review years order very privacy book items company r read
group sex need many user said does set under general research university mail full map reviews program life
know games way days management p part could great united hotel real f item international center ebay must
store travel comments made development report off member details line terms before hotels did send right type
because local those using results office education national car design take posted internet address community
within area want phone shipping reserved subject between forum family l long based w code show o even black
check special prices website index being women much sign file link open today technology south case project
same pages version section own found sports house related security both g county photo game members power
while care network down computer systems three total place end following download h him without per access
think north resources current posts big media law control water history pictures size art personal since
including guide shop directory board location change white text small rating rate government children during
return students v shopping account times sites level digital profile previous form events love old main call
hours image department title description non k y insurance another why shall property class still money
quality every listing content country private little visit save tools low reply customer compare movies
include college value article man card provide j food source author different press u learn sale around print
course job process teen room stock training too credit point join science men categories advanced west sales
look left team estate box conditions select photos gay thread week category note live large gallery table
register however market library really action start series model features air industry plan human provided yes
required second hot accessories cost movie forums march la better say questions yahoo going medical test
friend come server study application cart staff articles feedback again play looking issues never users
complete street topic comment financial things working against standard tax person below mobile less got blog
party payment equipment login student let programs offers legal above recent park stores side act problem red
give memory performance social q august quote language story sell options experience rates create key body
young important field few east paper single ii age activities club example girls additional password z latest
something road gift question changes night ca hard pay four poker status browse issue range building seller
court always result audio light write war offer blue groups easy given files event release analysis request
fax china making picture needs possible might professional yet month major star areas future space committee
hand sun cards problems meeting rss become interest id child keep enter porn share similar garden schools
million added reference companies listed baby learning energy run delivery net popular term film stories put
computers journal reports co try welcome central images president notice god original head radio until cell
color self council away includes track discussion archive once others entertainment agreement format least
society months log safety friends sure trade edition cars messages marketing tell further updated association
able having provides fun already green studies close common drive specific several gold living collection
called short arts lot ask display limited powered solutions means director daily beach past natural whether
due electronics five upon period planning database says official weather mar land average done technical
window pro region island record direct conference environment records st district calendar costs style front
statement update parts ever downloads early sound resource present applications either ago document word works
material written talk federal hosting rules final adult tickets thing centre requirements via cheap nude kids
finance true minutes else mark third rock gifts reading topics bad individual tips plus auto cover usually
edit together videos percent fast function fact unit getting global tech meet far economic en player projects
lyrics often subscribe submit amount watch included feel though bank risk thanks everything deals various
words production commercial weight town heart advertising received choose treatment newsletter archives points
knowledge magazine error camera ableabout abroad abst accordance according accordingly across actually ad adj
adopted ae affected affecting affects afterwards ah ahead aint allow allows almost alone along alongside
although amid amidst among amongst amoungst announce anybody anyhow anymore anyone anything anyway anyways
anywhere ao apart apparently appear appreciate appropriate approximately aq aren arent arise arpa aside asked
asking asks associated auth aw awfully backed backing backs backward backwards bd became becomes becoming
beforehand began begin beginning beginnings begins behind beings believe beside besides beyond bf bg bh bi
billion biol bj bn bottom brief briefly bt bv bw bz came cannot cant caption cases cause causes cc certain
certainly cf cg ch ck cl clear clearly cm cmon cn com comes con concerning consequently consider considering
contain containing contains copy corresponding couldn couldnt cry cs cu currently cx cy dare darent dear
definitely describe described despite detail didn didnt differ differently directly dk dm doesn doesnt doing
don
`;

/** The commonest German words: never part of a name they follow. */
export const german = `
ich ist nicht sie du das die es und der zu ein in wir mir mit was den mich auf dass er eine hat so sind von
dich war haben für ja hier an habe bin wie noch dir uns sich nur einen nein dem ihn auch hast sein ihr da aus
kann aber schon wenn wird um als bist im mal doch gut meine jetzt weiß werden nach oh oder dann will mein mehr
keine etwas alles muss immer nichts man wieder bei hab machen vor mann ihm einem tun zum können sagen werde
denn warum einer gehen sehen sehr geht alle über müssen diese einfach euch des nie also wo los zeit ihnen gibt
wirklich hey danke deine würde soll hatte wissen bitte viel gesagt am kein komm wer zurück wollte frau leben
wäre damit lch gott leute kannst heute meinen dieser dein kommt kommen willst na wollen sicher ganz mr zur
weil tut hallo okay macht waren bis vielleicht könnte weg seine lassen vater gesehen nun gerade glaube tag ab
geld gemacht sir sollte sagte keinen durch zwei diesen passiert wohl ihre mutter reden anderen dachte möchte
wirst lhr gehört weißt raus paar besser ob her musst ordnung meiner klar diesem meinem lange lass dieses
helfen unsere selbst finden jemand denke ach nacht genau gar sagt welt mädchen ins hin vom weiter leid gleich
ohne menschen deinen wieso dort hause sollten davon zusammen geben ok hör machst freund richtig angst viele
sieht haus tot sollen ganze andere getan rein moment bleiben brauchen kinder unter arbeit problem dafür herr
wegen liebe genug dabei bringen gegen sag schnell eines brauche abend hatten jahre mach sache hören sohn seit
morgen drei steht scheiße mag sei unser habt einmal heißt kopf hilfe familie geh baby erst fertig gefunden
seid kam nehmen sprechen sofort jahren kind seinen daran junge minuten bevor stadt beim sterben warst recht
glauben warte darüber deiner lhre deinem ende he dinge namen wahr allein natürlich töten bekommen männer
vergessen dazu gab später wusste augen dank freunde jungs halten warten glück beide gute kennen hi dr auto
sage gehe komme mache uhr sehe teufel sonst art gern jeden könnten ihren halt fall dad film bisschen
eigentlich weit gib vorbei verstehe drin name ganzen musik würden tür verrückt solltest denken dran sieh
lieber guten darauf stimmt letzte job verloren kenne ahnung seiner grund toll verdammt bald bereit all
jemanden hinter hand darf idee runter draußen lang land typ egal arbeiten spät stehen gekommen etwa essen
kleine jeder schwester wasser spielen geschichte seinem liegt sah mom seite wenig ruhig frage meinst überhaupt
fahren ruhe echt versucht tochter ging jahr braucht fast neue ziemlich anders siehst polizei stunden musste
spiel gewesen gerne finde erzählt tod ort chance bedeutet sagst fragen letzten sogar ersten sachen wahrheit
einzige kurz denen spaß oben mama schwer schule je eben gesicht bestimmt treffen niemand woche entschuldigung
sorgen schlecht große getötet verstehen hoffe ah zimmer hoch unserer tage teil wann suchen verlassen zeigen
wollten lässt wort eins zwischen woher schatz versuchen nett kriegen arsch kleinen erste läuft kommst freundin
mensch beiden ding niemals endlich nimm gehst denkst herz waffe tust dollar nehme schau holen oft drauf
anderes unten wagen yeah wichtig mrs hättest miss ihrer gedacht nummer würdest erzählen bleibt blut bloß
bringt bett eltern gefällt schuld eure plan krieg neuen retten guter während ihrem fehler scheint gegeben
glücklich alt platz darum vielen falsch unseren schlafen nächsten fünf frei sorge fest bereits alleine möglich
irgendwie papa lernen gestern hierher schiff vier irgendwas menge keiner brauchst typen stunde szene hölle
einige deshalb geworden telefon feuer alter captain probleme verstanden alten sondern zwar eigenen new körper
hört gebe kumpel hund nochmal früh trinken besten meines schaffen alte luft dürfen meister erde zukunft kaum
funktioniert voll bleib reicht weh stellen kleiner großen waffen büro wahl verlieren wochen stück lieben allem
getroffen geschafft tue gefallen tja boss überall passieren lustig licht gebracht nennen folge gefühl völlig
denkt schlüssel drüben leuten buch laufen spielt früher krank gegangen fand pass fühle himmel froh leicht
direkt langsam wolltest erinnern zuerst krankenhaus beste welche genommen arzt unserem idiot glaubst jede groß
jungen rest versuche tagen nächste entschuldigen doktor spricht könnt team kämpfen heiraten könntest wow
straße mist könig redest kleines lebt erklären worden millionen a acht achte achten achter achtes ag aller
allerdings allgemeinen ander anderem anderer anderm andern anderr au ausser ausserdem b beispiel bekannt
besonders bisher c d dadurch dagegen daher dahin dahinter damals danach daneben daraus darfst darunter dasein
daselbst dasselbe davor dazwischen deines dementsprechend demgegenüber demgemäss demselben demzufolge
denselben deren derer derjenige derjenigen dermassen derselbe derselben desselben dessen deswegen diejenige
diejenigen dies dieselbe dieselben dritte dritten dritter drittes durchaus durfte durften dürft e ebenso
ehrlich ei eigen eigene eigener eigenes einander einig einigem einigen einiger einiges elf en entweder ernst
erster erstes euer eurem euren eurer eures f folgende fünfte fünften fünfter fünftes g ganzer ganzes gedurft
gegenüber gehabt gekannt gekonnt gemocht gemusst geschweige gewollt grosser grosses gutes h hattet i ihres
indem infolgedessen irgend j jedem jedermann jedermanns jedes jedoch jemandem jene jenem jenen jener jenes k
keinem keines l leide m machte magst mahn manche manchem manchen mancher manches mittel mochten mussten mögen
mögt n nachdem nahm neben neun neunte neunten neunter neuntes niemandem niemanden o offen p q r rechte rechten
rechter rechtes rund s sa satt schluss sechs sechste sechsten sechster sechstes seien seines seitdem sieben
siebente siebenten siebenter siebentes solang solche solchem solchen solcher solches sollst sollt soweit sowie
startseite statt suche t tat tel tritt trotzdem u unse unsem unsen unses v vergangenen vielem vierte vierten
vierter viertes w wart weitere weiteren weiteres welchem welchen welcher welches wem wen wenige weniger
weniges wenigstens werdet weshalb wessen wohin wollt währenddem währenddessen x y z zehn zehnte zehnten
zehnter zehntes zugleich zunächst zwanzig zweite zweiten zweiter zweites zwölf übrigens
`;

/** The commonest French words: never part of a name they follow. */
export const french = `
de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont ou avec son aux
cette ont ses mais comme on tout nous sa fait été aussi leur bien peut ces y deux l encore marché d donc cours
moins sans si entre faire elle peu vous prix dont lui également effet pays cas millions mois leurs taux années
temps groupe ainsi toujours société depuis tous soit faut fois quelques sera entreprises f contre francs je
dernier était chez monde alors sous actions autres ils reste trois non notre doit nouveau milliards avant
exemple compte belge premier s nouvelle terme avait produits cela fin niveau bénéfice toute travail partie
trop hausse secteur part beaucoup valeur croissance rapport année base bourse lors vers souvent vie autre
peuvent bon surtout toutes nombre fonds point grande jour avoir nos quelque place grand personnes plusieurs
certains permet politique cet chaque chiffre pourrait devrait produit rien mieux celui qualité vente jamais
production action baisse résultats votre risque début banque an voir avons elles moment question pouvoir titre
doute long petit notamment fb droit heures cependant service jours celle demande belges ceux services bonne
seront économique raison car situation entreprise me nouvelles possible toutefois tant nouveaux selon parce
dit seul sociétés vient quatre marchés mise seulement van semble clients serait fort frais lieu gestion font
quand capital gouvernement projet grands réseau données prendre plan points outre pourtant ni type pendant
mesure actuellement public dire important mis partir parfois nom veut présent passé forme autant développement
mettre grandes vue investisseurs trouve maison mal moyen choix doivent nlg direction simple période enfants
dollars personnel assez programme général banques eux semaine président personne européenne moyenne tard loi
petite certaines savoir loin explique plupart jeunes cinq contrat valeurs seule rendement nombreux fonction
offre client activités eu environ ministre cadre sens étaient sécurité recherche sorte décembre suite
davantage ensuite janvier donne vrai cause conditions suis juin peine certain septembre sommes famille pris
laquelle directeur propose gens derniers étant fut chose portefeuille obligations afin différents technique
ailleurs p américain ventes rue livre octobre vraiment sein or dollar enfin haut petits porte tel durée
domaine aurait jeune présente pc lorsque choses puis aucun tandis coup existe propre carte crise importante
atteint revenus montant forte ici quant vu rapidement ville etc mars mon premiers bas marque véritable ligne
longtemps propres devant passer départ pu total série quoi particulier concurrence élevé position connu
principe tendance court n pages évidemment résultat aura parmi américaine face trouver durant femmes
construction désormais distribution telle difficile autour européen pratique centre vendre juillet mai région
sociale filiale film h besoin mode représente réalité femme vaut aucune hommes donner titres nombreuses
différentes moyens formation chiffres générale dix prochain genre bureau communication participation gros
pourquoi estime devient réalisé création novembre pourra semaines consommation faible terrain site droits
moitié puisque reprise compris projets avril vont call simplement six firme perte sait prend vite via
stratégie vos jeu petites marketing presque manque réaliser financiers comment voiture chef constitue internet
net charge nature second payer actuel investissements dispose financier membres date avaient gamme revanche
décision tour actionnaires solution créer concerne belle lequel seconde version cher chacun lire techniques
décidé mouvement conseil nécessaire meilleur double sujet généralement restent celles politiques malgré
confiance homme ayant papier commerce termes met contraire informations trimestre e différence certaine
formule voit programmes actuelle permis dossier guerre acheter rendre février ma main voire bons technologie
européens éléments unique venir courant suffit conserver maximum force fax largement milliard soient devenir
franc minimum mort responsable possibilité presse affaires travers m bbl relativement moi présence européennes
devraient groupes ensemble santé new pense bénéfices but compagnie publique coeur revenu mesures table
nettement questions permettre retour c majorité potentiel moindre récemment secteurs réduction large
traitement perdu étrangers parents fond capacité vitesse activité quel tient taille éviter risques parler
propos signifie voie jouer prévoit blanc noir parti logiciel continue bois meilleure perspectives développer
oeuvre structure suivre tiers prise professionnels raisons néanmoins preuve social bénéficiaire couleurs
mondial maintenant essentiellement prévu japon prévisions centrale international yeux ait bonnes opérations
pied pourraient londres juge devra uniquement corps divers numéro réduire texte tenu budget pression mes style
économiques montre population analystes processus placement classique dividende rester publics fortement plein
wallonne dem express faudra travailler crédit directement prime monnaie précise appel travaux juste put
tableau terre permettent devenu rouge mémoire partenaires rapide travailleurs joue objectif salle parle abord
absolument ah ai aie aient aies allaient allo allons anterieur anterieure anterieures apres as attendu aucuns
aujourd aupres auquel aurai auraient aurais auras aurez auriez aurions aurons auront autrefois autrement
autrui auxquelles auxquels avais avez aviez avions ayez ayons b bah basee bat beau bigre boum bravo brrr ceci
cent certes chacune chers chiche chut chère chères ci cinquantaine cinquante cinquantième cinquième clac clic
combien comparable comparables concernant couic crac debout dedans dehors deja delà derniere derriere
desquelles desquels dessous dessus deuxième deuxièmement devers different différente directe dite dits diverse
diverses dixième dos douze douzième dring droite duquel egale egales eh envers es essai etre eue eues euh
eurent eus eusse eussent eusses eussiez eussions eut exactement excepté extenso exterieur eûmes eûtes fais
faisaient faisant faites façon feront fi flac floc furent fus fusse fussent fusses fussiez fussions fûmes
fûtes g ha hein hem hep hi ho holà hop hormis hors hou houp hue hui huit huitième hum hurrah hé hélas i
importe j jusqu jusque k laisser las lesquelles lesquels maint maximale meme memes merci mien mienne miennes
miens mille mince mine minimale moindres mot moyennant multiple multiples na naturel naturelle naturelles
necessairement neuf neuvième nommés nul nôtres o oh ohé ollé olé onze onzième ore ouf ouias oust ouste ouvert
ouverte ouverts paf pan parlent parole parseme partant particulière particulièrement peux pff pfft pfut pif
pire pièce plouf plutôt possessif possessifs possibles pouah pourrais pouvait prealable precisement première
premièrement pres probable probante procedant proche psitt pur pure q qu quanta quarante quatorze quatrième
quatrièmement quelconque quelle quelles quels
`;

/** The commonest Russian words: never part of a name they follow. */
export const russian = `
я не что в и ты это на с он мы как вы да мне у нет меня так но а его все она тебя о если бы тебе за они чтобы
же просто есть из ну к для хорошо когда здесь по был знаю то только было может вас нас от вот быть будет кто
почему вам очень могу их еще уже или спасибо нам там чем хочу сейчас где нужно этого ничего ее была мой знаешь
ладно этом до потому теперь думаю больше п со раз время ему надо этот ли привет даже пока сказал себя должен
хочешь давай эй того никогда тоже тогда него были конечно ни об правда тут моя пожалуйста сказать тобой
сегодня один можешь лучше сюда мной сделать значит всегда ей порядке дело должны том можно без день буду
делать хотел эти много этим после чего всего твой во ним лет боже них мистер жизнь ней ведь такой потом
который немного возможно через сэр всех слишком себе им такое должна моей знаете думаешь этой люди зачем свою
твоя сказала человек назад эту под точно можем отец мама случилось мог вместе сделал кажется мои друг никто
куда эта которые два тот жизни сколько нравится поэтому понимаю снова парень люблю видел людей помочь хочет
похоже место знать отлично домой всем деньги иди прости доктор думал времени дома делаешь именно говорил
слушай прямо поговорить будем своей найти стоит разве тем хотела ага можете лишь деле будешь простите сам три
знал хотите говорить действительно скажи совсем знает давайте прошу моего дом должно несколько какой свои вами
дела говорит черт жаль происходит папа ваш туда про завтра оно уверен самом одна тех перед отсюда наш нее свой
нужна мою нужен каждый кого работу верно твоей ж будут итак имя понял пор уж надеюсь против хватит пошли более
говорю раньше наверное ребята твои ваша дай при могли нами вообще всю мать понимаешь ко идти этих извините
ради нельзя такая хотя другой виду вижу откуда мисс видеть послушай над могут думала будто равно между зовут
подожди скоро этому возьми наши извини своего ясно человека вопрос года вещи минут руки которая почти смотри
такие могла нормально достаточно видишь работа пару ночь дня говоришь весь быстро жить сын хоть твою ваше
посмотри скажу убить слышал пора готов собой имею первый самое видела какая смогу сказали плохо миссис рад
месте никаких насчет иногда прав нашли отца ваши детей пусть мое своих знаем вроде которую пойду сделала
смерти таким знала произошло говорила собираюсь рядом случае одного правильно увидеть кем мир брат пойти
такого помощь вчера делает говорят одно кроме нашей здорово дверь друга женщина убил будь долго важно номер
денег хороший вечером одну проблемы вашей работать твоего ночи проблема сама уверена нужны серьезно машину
также тому последний пять вернуться дальше моих узнать права своим ночью дети те чувствую работает давно моим
чувак две жена придется опять дорогая одной думаете помнишь сначала глаза утром ох прекрасно взять парня идея
часть ними большой сделали видели сразу слова помню утро сердце стать момент часов скорее наша стал смысле
друзья сильно уйти говори ах имеет год которой здравствуйте которого работы пойдем боюсь любовь девушка голову
той вечер дочь довольно твое нашел парни дней понятно доме новый оба хорошая прежде затем бог увидимся
поверить дать шанс пришел сделаю понять рассказать стой какого столько обо та быстрее интересно вашего никого
самый милая ой умер получить слово будете однажды обычно полагаю свое странно капитан посмотреть вон какие
чтоб сможешь ума выглядит подумал наших приятно алло обратно хотели иначе тело говорите другие час доброе лицо
другом нашего мире делал мам посмотрим любит пытался пути насколько пришли честь получил типа места поздно
внимание скажешь правду следующий план кому нем телефон кстати хотят город i говорили думать работе решил
дорогой безопасности рада которое позже a господин вся некоторые остаться пришла других сестра кровь кофе
семья спать дал the вперед понимаете совершенно ребенка ужасно идет вернулся делаю конец единственный которых
пришлось хуже четыре ждать оружие большое часа полиция сможем смотреть вернусь машина способ муж играть
стороны верю звучит ребенок мере готовы угодно таких честно взял you руку начала пытаюсь смог приятель какое
нашла скажите добрый подождите вокруг мальчик сына внутри году двух сами вашу перевод знали слышала делаете
отношения неделю станет мужчина далеко осталось долларов новости никому ту около двое собираешься дайте крови
сможет хотим дерьмо идем поняла минуту сих путь видите готова женщины твоих следует твоим вернуть смерть вина
машины мило леди неужели заткнись решение например начать семьи конце история трудно смотрите спросить проблем
любишь пошел месяцев шоу пап комнате вдруг нашу второй прошлой лучший прощения круто милый б постоянно
оставить больно знают послушайте школе говоря забыл матери полиции полностью иметь поможет добро образом иду
рождения крайней нему часто никакого случай неплохо посмотрите детка машине слушайте спасти сделаем узнал
использовать прекрати убийство шесть девочка господа чуть выглядишь невозможно пол агент другого думает свет
держи наше недели погоди ненавижу настолько другое убили маленький меньше имеешь эм легко обещаю имени
очевидно людям последние школу мадам друзей последнее понятия своими либо родители сообщение помогите показать
вместо особенно моем спокойной всей свидания самого сделай большая поехали ответ городе минутку мало делай
забрать стало пожаловать детектив истории прошло убийца окей купить вопросы возможность ваших означает делают
ужин любви замечательно идите клянусь абсолютно выйти секунду человеком чему немедленно смешно позвонить
наконец обязательно остановить ввиду бывает любой мужик забудь мэм переводчики любом волнуйся выбор ноги c
белый близко бывь важная важное важные важный вверх вдали везде взгляд вид вне вниз внизу вода война
восемнадцатый восемнадцать восемь восьмой впрочем всеми всему всею всюду г главный глаз голова голос давать
далекий даром двадцатый двадцать двенадцатый двенадцать девятнадцатый девятнадцать девятый девять дел десятый
десять должный дорога другая друго душа е ею занят занята занято заняты зато земля значить имел ими каждая
каждое каждые казаться книга ком комната кругом лежать любить м меля менее миллионов мимо минута
многочисленная многочисленное многочисленные многочисленный мною мож можхо мор мочь наверху наиболее народ
недавно недалеко некоторый непрерывно нередко нею нибудь ниже низко никакой никуда ничто нога нужный нх
одиннадцатый одиннадцать однако оказаться окно ответить отовсюду писать плечо подойди подумать помнить
`;

/** The commonest Arabic words: never part of a name they follow. */
export const arabic = `
لا من في أن هذا ما أنا هل و يا ذلك لقد لم ماذا هنا كان أنت إلى هو هذه عن نعم هناك كل ليس كنت فقط الآن مع شيء
الذي لكن يجب لك لن كيف أجل حسنا لي نحن سوف إنه كانت عندما إذا لماذا أي قد الأمر هي بعد كذلك حتى قبل أو لو أين
التي ولكن هيا تلك ربما إنها أعرف بعض يكون ـ أريد أعتقد مثل عليك به بخير أنك صحيح الوقت أحد شخص رجل أعلم جيد
أكثر تكون يمكن لذا كما اليوم يبدو أليس يمكنك لدي كلا آخر عليه منذ لست غير أيها لديك تريد أستطيع الرجل تعرف له
مرة بأن لدينا واحد شئ يمكنني حدث بها الناس ليست سيكون أوه أنني أفضل مكان تفعل سيدي يكن الكثير بهذا وقت جدا بي
علينا أخرى رائع آسف بذلك بك كم وأنا يوجد يحدث واحدة قلت ثم يوم سيد مرحبا معك شكرا أبي معي ولا تعلم لها بالطبع
إذن الليلة العمل المكان لهذا إلهي فعل ألا هكذا تم الحقيقة أمي لـ حول بما لذلك حقا لديه الجميع يمكننا لنا حال
لأن بالتأكيد خلال بشكل فحسب عليها بـ العالم عنه الذهاب فعلت هم قال أكون المنزل أفعل فيه pos أعني للغاية بين
منك جيدة بشأن اللعنة أننا ها عمل متى يعني فكرة الأمور أظن أني كنا مجرد المال أقول ستكون a تقول أم الشيء هؤلاء
الطريق تستطيع وهذا بالنسبة أمر معه منه السيد توقف نفس لما انظر تكن بدون الحياة بأس بسبب الجحيم حصلت أشعر أرى
لكم عند تبدو الذين تحت الأشياء ليلة تعتقد لكي حيث مشكلة الـ نفسك تعال شيئا أذهب بحاجة يريد آسفة وأنت بالفعل
فضلك عزيزتي الوحيد قتل بحق طوال بهذه الشخص الشرطة رأيت بنا مالذي وهو أحب أرجوك أيضا بل إنهم النار أكن بأنه
أردت كبير سنوات نذهب سمعت الرجال فيها يعرف لابد فتاة الباب السيارة تريدين حياتي انتظر جميع خارج تذهب ثلاثة
لأنه فعله والآن السبب سبب يقول دون كانوا كبيرة دولار الواقع قمت منها هنالك بأنك الأفضل جميلة دائما مما ثانية
رائعة نوع دعنا تعرفين أحتاج جميل جديد للتو سعيد الحصول ومن بكل دقيقة بالضبط تعلمين غرفة المدينة الأرض لحظة
بسرعة شيئ طريقة إليه الطريقة أنتم الفتاة عيد جون عظيم التحدث جاك لأنني تعمل يعمل نفسي الخاص ألم دعني الله عام
لديها لكنه قام ساعة تتحدث الخير لهم ولم إليك سأكون رفاق بينما ترى لكنني المرة متأكد منهم فقد يفعل سيارة أحاول
مات القيام طريق سعيدة عنك الموت رقم معها أقصد لكني أتمنى المزيد ذهبت صغيرة أول صديقي الصباح الأولى وجدت الأقل
فرصة علاقة غريب نستطيع يستطيع المدرسة الرئيس يكفي سنة عشر تقوم يتم أتعلم الأطفال يرام أفهم وقد سأذهب تأتي لأنك
حالة صباح يجري أفكر نفسه أقوم نفعل حالك دقائق الحب يعلم حين رجال نهاية جديدة لديهم أخبرني الأول عزيزي لنذهب
الجنس سيدة الخاصة عني بدأت قالت نعرف كي معنا اسمع حصل البيت وماذا الصغير الطفل عنها الساعة تفعله رؤية حياة
قليلا تحتاج تعني أكبر تكوني أريدك رأيك لطيف الليل يقوم مهما أود سام أية البعض بأنني الهاتف تماما فهمت السيدة
طويلة أحدهم السجن سيدتي أقل والدك ظننت وليس أتحدث عبر أيام والدي ترجمة أخي نحتاج أبدا فوق الجديد العودة الماضي
ينبغي ذات حان العام نكون أيتها حياتك أحبك طفل مايكل الطعام أصبح ط خطأ الماء وما نصف عليهم سيئة المفترض معرفة
وهي صديق نتحدث داخل منزل الصغيرة للمنزل البقاء أدري نريد تشعر فريق دكتور أخبرك صغير تفعلين وضع لكنك هلا بخصوص
طويل جزء أشياء أعمل أخذ تحاول كلمة منا حق الماضية جو يأتي سأفعل اللعين الآخر يمكنه تظن عرفت خذ النوم تقلق ثلاث
لمدة الأسبوع نظرة المرأة وجود بد الحال المشكلة الخروج ذهب الوحيدة الحرب كله كثيرا ونحن i وكان لأجل لكنها بلا
فأنا حاولت وشك عائلة الفتيات الممكن انظري أخبرتك الخارج ذا جيدا عدم الغرفة العديد سيء بيت الموضوع آه المساعدة
يذهب العشاء خمسة أصبحت مهلا الفتى الطبيب بهم النساء أتعرف لأني جورج تعالي رئيس رسالة مايك وحسب يهم بالأمر
ساعات نقوم أتذكر نيويورك حينما الأشخاص فتى بالخارج حقيقي تحب أنتي مباشرة أهذا القادمة فترة اسم ضد مجنون أصدق
متأكدة توجد تحصل فرانك دعونا وسوف قصة بطريقة أعطني لهذه يحصل اللقاء زوجتي مثلك وفي أراك النهاية ذاهب لعبة جي
حفلة بواسطة امرأة حقيقة مكتب الإطلاق تشارلي بيتر بدأ مساعدتك فيما حاول وبعد جميعا بأني الحديث مجموعة طلب أمام
الثانية توم صورة بأنها مدى يحاول الجيد عندي أصدقاء ميت مثير كلها تبقى تحدث الجديدة التفكير أخرج لكل ولن
الأخيرة بيننا عدد فهو تفهم كهذا أتريد أحضر بشيء سوى موعد أشهر مدينة ممكن بعضنا لسنا الواضح الكبير انتهى النوع
you الملك إليها الوضع العائلة ذو قادم شركة بنفسك تأخذ تخبرني الزواج أتيت نحو ولكني مليون صاح نسيت القضية عملية
حبيبتي د مستحيل فعلته الحق الرب ذاك الأخرى عدة آمل وكل دي علم تذكر تعود خمس أمك اعتقدت سيحدث قول يحتاج ألف
أثناء ولكنه طلبت قيد خلف وصلت دعيني الحظ تعتقدين بعدها تفكر صعب قل نعلم ابن the تصبح عرض زلت الصعب مهم انتظري
تفضل أربعة منكم أتعلمين مساعدة اسمه آنسة اتصل الحقيقي وعندما حسن النظر القليل فقدت أسرع سأقوم للعمل البداية
بتلك يريدون معهم يارجل المناسب كن يتحدث لأي عشرة جئت مشاكل الشمس يعود أبحث ظ السؤال أحصل ببعض بنفسي يفترض
بعيدا تقصد بكثير ستفعل جاء آض أ أب أجمع أخ أضحى أقبل أما أمامك أمسى أنتما أنتن أنشأ أوشك أولئك أولئكم أولاء
أولالك أيا أينما إذ إذما إليكم إليكما إياك إياكم إياكما إياكن إيانا إياه إياها إياهم إياهما إياهن إياي ابتدأ
اثر اخلولق استحال اطار اعادة اعلنت اف اكد الألاء الألى الثاني الذاتي السابق اللائي اللاتي اللتان اللتيا اللتين
اللذان اللذين اللواتي المقبل امس انبرى انقلب ايار بات باسم برس بضع بطآن بكم بكما بكن بماذا بمن بن بيد تجاه
تلقاء تلكم تلكما تينك جعل جلل جير حار حاشا حاليا حاي حرى حسب حم حوالى حيثما خلا دونك ذانك ذلكم ذلكما ذلكن ذوا
ذواتا ذواتي ذيت ذينك راح رجع رويدك ريث زيارة سبحان سرعان شبه شخصا شرع صار صفر ضمن طاق طالما طفق عاد عاما عامة
عدا عسى علق عين غدا ف فان فلان فو فيم قلما قوة كأين كاد كذا كرب كلاهما كلتا كلم كليكما كليهما كيت كيفما لئن
لات لاسيما لدن لعمر لقاء لكما لكيلا للامم لوكالة لولا لوما ماانفك مابرح مادام مازال مافتئ مايو مذ مساء مقابل
مكانكم مكانكما مليار ممن مه هاؤم هاهنا هما هن هيت
`;

/** Names that are words when written in lower case: there they are a name only beside another. */
export const ambiguousInLowerCase = `
aba abaci abiye abondance abt acanthe achilles acikgoz adak adalan adams adan adas adasal ade adel adele
adelphe adem adile adlan adler adonis adsiz afi agah aglamis aimable akalan akan akbaba akbas akcali aki akim
akin akkor akman aksakal aksogut aksu aktas ala alaz alea alemdar alexandra alexine alica aliyah alize alla
allan allen alp alpin altinbas alvin alya amande amandine amant amaryllis ambroisie amel amethyste amine amit
anar andac andic andre anemone ange angelica angelique anis anise anneli ante apak apaydin aphelie aquilin
aquiline aran archange archer ardic arif arik armel armeline arroyo arsenie arya asan asim asir asliye asma
assomption asterie astride atalik atici atif atik atim atli atmaca atsiz aube auger auguste augustin aurelie
aurore avar aveline avunc ayaci ayala ayma aysar azalee azil ba babacan babali backer bade bademci bader baga
bakirci balca balci bali balli balta baltaci balthazar baptiste baran barbe barbel barber barbier barca barker
barman basan basar basaran basat basci basel baser basmaci basti baxter bayraktar beard beck beg begi begim
begue begum bek beklemis belemir belgi bender benek benjamin benli benner benoit berceste bergen berger berner
bert beser besikci besin besson beyzade bibi bicakci bicki bickici bigot bildik bilgic bindir birch birnbaum
blair blanchet blockhaus blondel blot blumchen blume bo bock bode bolen bolmus bolukbasi bolun boncuk bonnet
bora bork borner boucher boulanger bourdon bouvet bouvier bowman boyaci boyan boz bozkir brandenburg brandon
brandy brauer brautigam bray bremer bremser brenner breton brett brewer brit browning bruder brunet bucakli
bucur bugday buget bugu buisson buke buldur bullock bulmaz bulug buluk bunsuz bure burger burslan buruk
burunduk buss busse butcher butte cabus cagdas cagil cagiran caglayan cakir cakirca calim calti camus candide
caner canfeza capanoglu carlier carmine caron carpenter cedide celestin cemen cerci cesar cevik chamberlain
chandler chaoui charlotte charpentier charrier chauvin cheikh chergui cherif chevalier cheyenne choi
chrysostome cidal cilasun cilenti cilli cimen cingir cise civgin clarisse clemence clement clementine clerc
coban colleen collet collier copur cordes cordier corekci corlu courtois cousin couturier crane cruz curry
curt dalkilic dalkiran dalton damon daphne darin daub dauer davenport deha delphin demirbas demirci demut
denis derrick devin deviner devon diane dieter dirk dirlik divan dizdar dolch dolun doris drake drechsler
dreher dreier drub dumanli dupuis durak durmaz duruk duygulu dyer eddy ede edil efil egeli egrim eich
eigenwillig eimer eitel ekici ekinci elbe elti emil emmi enderun engin epiphane ergene erkekli ersel escobar
esma esna esser etil eugenie eustache evrim evsen ezgin fahriye falter fanny farber fares fasih fatma faust
felicite fella fellah fenni feyzin fiacre finch fink fleischer flora flore florentin flores forst forster
fournier francisco francisque franco frauen freeman fridolin fritz frosch fry fugen fuller gabel gabin gabler
gaillard galip gall gamble garance garner garrison geert geese geiger geisel gelling gentry gerdel germain
giess gilde gill giz gloria gobel goksin gorklu gorlitz gottlob goy grams grau greenwood greer grenier grondin
grube gude gui gulden guldeste gulen gulper gulus gunebakan gunz gupta gursel guvercin guyot guzey hache hadji
hafiz hampton hancer hande harbi hardy harper hasin hatip hazel hazim heba hecht heck hector hehl heiser heist
helm henkel herbrand hering hermine herold herring hesse hilaire hirsch hirt hogan hohl hohn holland holm holt
honig hoover hovel huccet huerta huff hugel huhn hukumdar humayun ide idik ihvan ikbal ikiz ilacin ilicali
ilim iman inka insaf intihap isla itil itt ivecen iven iwan jacinthe jacqueline jacquet jacquot jale janssen
jasper jesus jette jihad jolie jordan jucken jude julienne jungfer kadi kadinana kadri kahir kahl kahveci
kalender kamel kamil kampf kanak kanci kappe karabas karabulut karakucak karla karst kasif kavurt kayla kayra
kazanc kazim kebir kececi keil kekik keklik kelli kepez kerl kessaf kete kette kezlik khan kilicci kimiz kirac
kirat kirch kirlangic kismet kivilcim kiyasi klapp klemm klemme kloss klotz kluge knabe knoll kocabas kohle
kopan korkmaz korugan kosemen koster koyuncu krabbe kramer kraus krebs kresse krieger kron krug kubat kuhn
kumral kunt kupfer kuzucu labbe laib lam lamine larsen latif latife laure lax laze lea leach ledun leiter lenk
lenz leonard lerzan lerze lester leu levent leyli li lias libere lieder lily lindau linden lino lippe loffler
lombard loos lori loris lorrain losch loser lotte lowe luk luke lutz lynch mace madden madeleine mader madison
mahdi mahzun maillard maillet maillot malak malik malin mallet manning marechal margis mariah marl marner
marri marshall martel marten mats maurer maxim maxima maxime maxwell mayhos mayo mays mazen mccarthy meddah
medina mefharet mehdi mehl melchior melisa melodie melody melul mence mercer mercier merdi merle merlin mestur
mesut mete mette metz metzger meunier mevlut mick mihrab mika mira misra misty mohr moise moll molly montag
moody moore moreau morel morrow morsch morse mucahit muferrih mufit mugber muge muhip muhle mujgan muller
munch munir murat muret murit musaffa musemma muvahhide muzekker nabi nakip nalan narcisse nas nasser nazi
nazim neill neo nesrine neveu ney nihai nikolaus normand nurser oceane ochs octave oke okumus olus olympe
omaca ongen oranli orge oscar ovun oyku oymak palemon palmer paris parkinson parry paterne patrice patrik
patty paulette pavlova payet peacock peck pelletier pena pepe pepin peren peron petty pfennig pfingsten phoebe
picard pineau pinto plank poirier pollard pomp ponce poppy potier poulain prediger prey primerose proctor
prosper purcek putz raci radler rahman rahmani rainer rais raj ramadan rami ramon ranz rasit raven reiner reis
remi renner resat restle rey riad rico riddle rieger ringel ringer rink riviere roach roba roch rocher rogner
romain romeo romer rosalie roselin rousseau roux rumpf russo rust ruter sabir sabrina sahli sahra sahraoui
salah salami salas salma salome sama samanci sana sancak sandalci sander sauberlich sauveur savak savki sawyer
saydam schacht scheel scheibe scherer scherz schimmer schlachter schlangen schlicht schlosser schott schreck
schreiner schuler schutz sefi seher seidel selvi semender sena senkel sepetci serap seraphin seren serhat
serife serin serine sevdi sevindik sexton shah sheila sherif sherry sibylle sienna sila silvester sims sina
singleton siper sirri sixte sofia soller solma solmaz sonmez sonnabend sow speer spencer spiess spinner
splinter staude steinmetz steuer stokes stout streck streit stroh stube stumpf sturmer susam susen sydney
sylvain sylvestre tabet taleb tali talibe talip tamer tamia tang tanner tarik tartis tasar tasche tasci tasli
tasvir taurin tayyar tenvir timon tischler topfer toraman tore tran treff tress trommler trub trupp tuba tuch
tucker tuglu tugluk turabi turna tutuncu tuyug uca umlauft unlen unsel urper ursula uysal vacibe vaillant
valentin verdier veronica veronika victoria victorien vigile virginia virginie volk volker wachtel walz wanner
warmer washington weaver weidlich weiler weis wende whitehead wiese williams willy wischer wohlgemut wolfe
wolfram wu wurm yadigar yanis yaren yargi yazici yepelek york yorulmaz yosma yurttas zahit zahn zander zauber
zemzem zina zobel zoe zuber zumre антонов аполлон воробьев воронов зайцев ильин карп кира кузнецов лавр леон
лора максим мина муравьев олимпиада осип петров попов пров серафим симон соловьев фомин хохлов
`;
