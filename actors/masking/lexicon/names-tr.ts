/** Turkish given names, in any order; case and accents do not matter. */
export const given = `
Aba Abak Abaka Abakan Abakay Abar Abay Abdiş Abdulbekir Abdulgazi Abdulkadir Abdullah Abdulmenaf Abdulsemet
Abdurrahman Abdülahat Abdülcemal Abdülhadi Abdülkerim Abdülsamed Abdürreşit Abendam Abid Abidin Abiye Abluç
Abuzar Abılay Abşar Acar Acarkan Aclan Acun Adak Adal Adalan Adaldı Adalmış Adar Adasal Adaş Adberilgen Adel
Adelya Adil Adila Adile Adlan Adlı Adlıbeğ Adnân Adraman Adsız Adviye Adıgün Adıgüzel Adık Adıkutlu
Adıkutlutaş Afer Affan Afi Afife Afitap Afra Afşar Afşın Agâh Ahat Ahenk Ahlem Ahmet Ahsen Ahter Ak Akalan
Akalp Akar Akata Akatay Akay Akaş Akbatur Akbay Akbaş Akboğa Akbudak Akbulak Akbuğra Akbörü Akcivan Akdemir
Akdora Akdoğan Akdurmuş Akgöl Akgüneş Akif Akise Akkerman Akkun Akkunlu Akkurt Akkuş Akmaner Akmaral Akpıra
Aksay Aksoy Aksungur Aksöğüt Aktan Aktekin Aktemür Aktimur Akver Akyıldız Akça Akçabay Akçakoca Akçasu Akçora
Aköz Akı Akıbudak Akım Akın Akınal Akıner Akınçı Ala Alaaddin Alaban Alabezek Alabörü Aladağ Aladoğan Alaeddin
Alakurt Alanalp Alattin Alayunt Alayuntlu Alaz Alcan Aldemir Aldoğan Aldıgerey Alexandru Algu Algış Ali
Aliabbas Alican Aliihsan Alisa Aliseydi Alize Alişan Alişir Alka Alkabölük Alkaevli Alkan Alkaşı Alkor Alkış
Almast Almila Almus Alp Alpagut Alpamış Alparsbeğ Alparslan Alpata Alpay Alpaya Alpaykağan Alpbamsı Alpbilge
Alpcan Alpdirek Alpdoğan Alper Alperen Alpertunga Alpgerey Alphan Alpike Alpilig Alpin Alpkara Alpkutlu
Alpkülük Alpsü Alptegin Alptunga Alpturan Alptutuk Alptuğrul Alpuluğ Alpurungu Alpurungututuk Alpyörük Alpış
Alpşalçı Alsoy Altan Altankan Altankağan Altay Altemur Altmışkara Altoğan Altuga Altuğ Altın Altınbike
Altınkan Altınkaya Altınkağan Altınoba Altıntamgan Altıntamgantarkan Altıntarkan Altıntay Altınçiçek Altınışın
Alvina Alya Alımga Alışık Amara Amaç Amelya Ammâr Amrak Amre Amul Anar Anargül Andarıman Andaç Andiç Anise
Anita Anka Annak Ant Ançuk Anıl Apa Apak Apatarkan Apaydın Aprançur Araboğa Arademir Aral Aran Arbay Arbuz
Arcan Arda Ardıç Argu Argun Argıl Arif Arifcan Arkut Arkın Arkış Armahan Armağan Arnaç Arpat Arpağ Arsal
Arslan Arslanargun Arslanbörü Arslansungur Arslantegin Arslanyabgu Arsıl Artan Artuk Artukaç Artut Artıınal
Aru Aruk Arya Arziye Arçuk Arı Arıboğa Arıel Arık Arıkağan Arıkdoruk Arıkol Arın Arınç Arıpınar Arısoy Arşun
Asalet Asartegin Asil Asiman Aslanhan Asliye Aslı Aslım Asrı Asu Asuela Asuğ Asya Asım Asığ Ata Atagün Atakan
Atakağan Atalan Atalay Ataldı Atalmış Ataman Atanur Atasagun Atasu Atatöre Ataç Atberilgen Atgun Atilhan
Atilla Atiyye Atlı Atlıbeğ Atlıkağan Atmaca Atnan Atsız Atunçu Atâullah Atıf Atıgay Atıkutlu Atıkutlutaş Atıla
Atılgan Atım Atımer Atış Avar Avluç Avni Avunç Avşar Avşin Ay Ayas Ayasun Ayaydın Ayaz Ayaçı Aybalta Ayban
Aybars Aybet Aybeğ Aybora Aycagül Aydar Aydarkağan Aydemir Aydinç Aydoğan Aydoğdu Aydoğmuş Ayduru Aydın
Aydınalp Aydınbey Aygutalp Aygönenç Aygırak Ayhan Aykal Aykan Aykağan Aykurt Aykut Aykutalp Ayla Aylil Ayluç
Ayluçtarkan Ayma Aynilhayat Aynur Aynımah Aypar Ayren Ayruk Aysar Aysel Aysema Aysevim Aysoy Aysun Aysuna
Aysılığ Aytak Aytaç Aytek Aytekin Ayten Aytuna Aytuğ Aytöz Ayvas Ayvaz Ayyaruk Ayyıldız Ayçan Ayülker Ayıtmış
Ayız Ayızdağ Ayşan Ayşe Ayşeana Ayşenur Ayşıl Azade Azak Azban Azer Azettin Azgan Azganaz Aziz Azize Azizhan
Azmi Azra Azıl Açela Açelya Açuk Açık Açıkel Açılay Açığ Ağabay Ağakağan Ağakişi Ağalak Ağbegim Ağlamış Ağmur
Ağça Aşan Aşanboğa Aşantudun Aşantuğrul Aşhan Aşir Aşkın Aştaloğul Aşuk Aşıkbulmuş Baba Babacan Babur Babır
Badabul Bade Badegül Badruk Badur Baha Bahaddin Bahadır Bahittin Bahri Bahtinur Bahtiyar Bakağul Baki Baksı
Bakır Bakırsokum Balaban Balaka Balakatay Balamır Balatekin Balca Baldu Bali Balkık Ballı Balta Baltacı Baltar
Baltaş Baltur Baltır Balçar Balın Bamsı Bangu Banü Barak Baraktöre Baran Barbeğ Barbol Barboğa Barbulsun
Bardıbay Bargan Bariş Barkan Barkdoğdu Barkdoğmuş Barkdurdu Barkdurmuş Barkın Barlas Barlıbay Barmaklak
Barmaklı Barman Bars Barsbeğ Barsboğa Barsen Barsgan Barskan Barsurungu Bartu Barça Barçadoğdu Barçadoğmuş
Barçadurdu Barçadurmuş Barçan Barçatoyun Barımtay Barın Barışcan Basademir Basan Basanyalavaç Basar Basat
Baskın Basmıl Basriye Bastuğrul Bastı Basu Basut Basım Batrak Battal Batu Batuhan Batuk Batur Baturalp Baturay
Batırhan Bayankağan Bayançar Bayat Bayazıt Baybars Baybayık Baybiçen Baybora Bayboğa Baybüre Baydar Baydemir
Baydu Baydur Baykal Baykan Baykara Baykoca Baykuzu Bayman Baymünke Bayna Baynal Baypüre Bayrak Bayram Bayraç
Bayruhan Bayruk Bayrı Bayrın Baysungur Baytal Baytara Baytaş Bayunçur Bayur Bayurku Bayutmuş Bayuttu Bayzettin
Bayık Bayındır Bayınçur Bazır Baçara Baçman Baççayman Bağa Bağaalp Bağan Bağatarkan Bağatengrikağan Bağatur
Bağaturgerey Bağaturipi Bağatursepi Bağaturçigşi Bağaışbara Bağaşatulu Bağdagül Bağdat Bağdaş Bağtaş Bağış
Başak Başay Başbuğ Başgan Başhan Başkurt Başkırt Başok Baştar Başçı Bedi Bedir Bedirhan Bediriye Bediz Bedran
Bedreddin Bedri Begi Begil Begim Begine Begitutuk Beglen Begni Behiza Behiç Behlül Behram Behrem Behzat Behçet
Bek Bekazıl Bekbay Bekbekeç Beker Bekeç Bekeçarslan Bekeçarslantegin Bekeçtegin Bekir Beklemiş Bektaş Bektaşi
Bektür Belek Belemir Belgi Belgin Belgizar Belgüc Belkize Bellisan Belma Beltir Beltun Belçim Belçir Benek
Bengi Bengibay Bengü Benice Benli Benlidemir Benol Bera Berat Beray Berceste Berdibeğ Beren Berendey Bergen
Berginsenge Bergü Berinay Beriye Berk Berkal Berkan Berkay Berke Berki Berkin Berkiş Berksay Berkyaruk Bermek
Berna Berran Berre Berrin Berva Berçin Besentegin Besey Besim Besin Besra Beste Betemir Beyda Beyhatun Beyizçi
Beyler Beyrek Beyrem Beyza Beyzade Bezek Beçeapa Beçkem Beğ Beğarslan Beğbars Beğbilgeçikşin Beğboğa Beğdemir
Beğdilli Beğdurmuş Beğkulu Beğtaş Beğtegin Beğtüzün Beğçur Beşer Beşir Bican Bidayet Bilay Bilender Bilge
Bilgebayunçur Bilgebeğ Bilgekan Bilgekağan Bilgekutluk Bilgekülüçur Bilgen Bilgetamgacı Bilgetardu Bilgetaçam
Bilgetegin Bilgetonyukuk Bilgez Bilgeçikşin Bilgeışbara Bilgeışbaratamgan Bilgin Bilginur Bilgiç Bilgütay
Bilig Biligköngülsengün Bilik Bilkay Biltaş Bilâl Binay Binbaşar Binbeği Bindir Binışık Birben Birgit Birgül
Birol Birsan Birsen Bitül Biçek Bişar Boldaz Bolmuş Bolsun Bolun Boncuk Bongul Bongulboğa Bora Borahan Boran
Borataş Borlukçu Bornak Borçul Boyan Boyankulu Boylabağa Boylabağatarkan Boylakutlutarkan Boynak Bozan Bozbağ
Bozbörü Bozdoğan Bozerk Bozkurt Bozkuş Bozok Boztaş Boğa Boğatimur Boğaç Boğaçuk Budak Budağ Budunlu Buhari
Bukak Bukaktutuk Bulak Bulan Bulaçapan Buldur Bulgak Bulmaz Bulmuş Buluk Bulunç Bulut Buluç Buluğ Buluş Bumın
Bunsuz Burak Burakhan Burcu Burcuhan Burguçan Burhan Burkay Burslan Burulday Burulgu Burunduk Burç Burçak
Butak Butuk Buyan Buyandemir Buyankara Buyançuk Buyat Buyraç Buyruk Buyrukhan Buyruç Buzaç Buzaçtutuk Buçan
Buçur Buğday Buğra Buğrakarakağan Buşra Buşulgan Bögde Böge Bögü Bökde Böke Bölen Bölükbaşı Bönek Bönge
Börteçin Börteçine Börü Börübars Börüsengün Büdüs Büdüstudun Bügdüz Bügdüzemen Büge Büget Bügü Bükdüz Büke
Bükebuyraç Bükebuyruç Bükey Büktegin Büküşboğa Bülent Bümen Bünyamin Bünyamün Bünül Büre Büreyre Bürgüt Bürkek
Bürküt Bürlük Büğübilge Büşranur Bıdın Bıtaybıkı Bıtrı Bıçkı Bıçkıcı Cabir Cafer Cahid Can Canal Canalp Canan
Canberk Candeniz Canel Caner Canfeza Cangül Cangür Cankan Cannur Cansel Canseven Cansin Cansu Cantez Canur
Cavid Cavit Cebe Cebesoy Cedide Celal Celasun Celil Celilay Celâleddin Cem Cemal Cemalettin Cemali Cemil
Cemiyle Cenan Cengiz Cenk Cercis Ceren Cevahir Cevale Cevat Cevheri Ceyda Ceyhun Ceyla Ceylan Ceylin Ceylinaz
Cezayir Cezmi Cihad Cihan Cihandide Cihangir Cihanşah Cilvenaz Cindoruk Civan Coşkun Coşkuner Cuheyna Cuman
Cumhur Cândar Cübeyr Cüneyit Cüneyt Cılasun Dalan Dalkılıç Damla Damlanur Danış Davud Dayar Dağhan Dağistan
Defne Deha Delil Demet Demiralp Demirbüken Demirhan Demiriz Demirok Demiryürek Deniz Denizalp Denkel Derin
Derkay Derviş Derya Deryanur Destan Deste Deviner Devran Değer Değmeer Dicle Diclehan Didem Diken Dikmen Dilan
Dilara Dilaver Dilay Dilberay Dilcan Dilder Dildâr Dilek Diler Dilfeza Dilhan Dilhuş Dilruba Dilsitan Dilşat
Dincer Dinç Dinçkol Dinçsü Direnç Diri Dirican Dirlik Divan Dizik Dolun Dolunay Dora Doruk Dorukhan Doğan
Doğanalp Doğanay Doğaner Doğannur Doğanşah Doğu Doğuhan Duha Duracan Durdali Durgadin Durmuş Durmuşali
Dursadiye Duru Duruk Dururbunsuz Duruöz Duygu Duyguhan Dâver Dölensoy Döndü Döner Dündar Dündaralp Dürdane
Dürriye Dürrüşehvar Eba Ebin Ebkızı Ebren Ebru Ebuakil Ebuzer Ece Ecegül Ecehan Ecem Ecemiş Ecevit Ecmel Ecrin
Ecvet Eda Edaviye Ede Edgübay Edhem Edil Ediz Efe Efil Efken Eflah Eflâtun Efser Efsun Eftalya Egemen Egenur
Ekber Ekeç Ekim Ekin Ekmel Ekrem Ela Elamiye Elgin Elhan Elif Elifnur Elkin Elmas Elnur Elti Elvan Elçin Elöve
Emal Emced Emel Emin Emine Emir Emirşan Emiş Emrah Emre Emrullah Ender Enderun Enes Enfes Engin Enginiz Enis
Enise Ensar Ensari Enver Eral Eralp Eray Eraycan Erbay Erberk Erbil Ercan Ercihan Ercüment Erda Erdal Erdem
Erdemer Erdeni Erdenikatun Erdeniözük Erdibay Erdinç Erdogan Erdursun Erel Erem Eren Erenalp Erensoy Erentüz
Ergene Ergenekatun Ergener Ergin Erginel Ergönül Ergül Ergün Ergüner Erhan Erik Erinç Erinçer Eriş Erkan Erke
Erkinel Erksoy Erkâm Erkılıç Erman Ermen Ermutlu Erol Eroğul Ersel Erseç Ersin Ertan Erten Ertenözük Ertuncay
Ertuğrul Ertün Ervaniye Eryıldız Erçin Eröz Erşan Erşat Esat Esen Esenbay Esenbike Esengün Esentürk Eser Esin
Eskinalp Esmanperi Esmeray Esna Esra Ethem Etil Evcimen Evran Evren Evrim Evrimer Evşen Eyiz Eylül Eymen Eyyüp
Eyüp Eyşan Ezgin Ezgütekin Ezrak Eğrim Eşim Eşref Fadile Fadime Fadıl Fadıla Fahrettin Fahri Fahriye Fahrullah
Fahrünissa Faik Faize Fami Faris Faruk Fasih Fatigül Fatih Fatin Fatinur Fatma Fatmanur Fatoş Fayize Faysal
Fazilet Fazlı Fazul Fazullah Fazıl Feda Fedai Feden Fehim Fehime Fehmi Fehmiye Fenni Ferah Ferahdiba Feramuz
Feramuş Ferat Feray Feraye Ferda Ferdi Feremez Ferhan Ferhat Feride Feridun Feriha Ferihan Ferinaz Ferit
Ferman Fermuta Ferruh Fersan Feryas Ferzi Fetullah Fevzi Feyha Feyruz Feyyaz Feyza Feyzin Feyzullah Feza Fidan
Fidaye Figen Fikret Fikri Fikriye Fildan Filit Filiz Firdevis Firdevs Fitnat Fuat Fuldem Fulden Fulya Funda
Furkân Fuzuli Fâlih Fügen Füreyya Füruzan Füsun Gabel Gaffar Galip Gamze Ganiye Gaye Gazanfer Gazel Gazi
Gelengül Gelincik Gencaslan Gencer Gençay Geray Gevheri Gilman Ginyas Giray Giz Gizem Gonca Goncafer Gök
Gökalp Gökay Gökben Gökbudun Gökbörü Göken Gökhan Gökmen Göknur Gökperi Göksev Gökten Gökçe Gökçebalan
Gökçegöl Gökçen Gökçil Gökçiçek Gökşin Göli Gönen Gönenç Göngör Gönül Görgünay Görkem Görklü Görsev Görün
Gözde Gözel Gözem Gücal Güher Gül Gülay Gülağa Gülbahar Gülbani Gülben Gülbeyan Gülbiye Gülcan Gülcegün Güldam
Güldem Gülden Gülder Güldeste Güldünya Gülel Gülemen Gülen Gülenay Güler Gülev Güleğen Gülfari Gülfeza Gülgen
Gülgün Gülgüzel Gülhan Gülhisar Gülinaz Gülkadın Güllühan Gülmisal Gülnaz Gülnaziye Gülpembe Gülper Gülriz
Gülsalın Gülselin Gülsen Gülseren Gülsevil Gülsiye Gülsü Gülsüm Gültekin Gülter Gülzadiye Gülçe Gülçin Gülözge
Gülümser Gülüs Gülşa Gülşahin Gülşeref Gümüş Gümüştekin Gün Günar Günay Günden Gündoğdu Gündoğmuş Gündüzalp
Günebakan Güner Güneri Güneş Güngör Güngördü Güngören Güniz Günkurt Günnur Günsel Günseli Günser Günver
Günyaruk Günçiçek Günşen Gürarda Gürbüz Gürcan Gürcüye Gürdal Gürelcem Gürhan Gürkan Gürol Gürsal Gürsel
Gürten Güven Güvenalp Güverçin Güzey Güçlüer Güçyeter Gıyas Habbab Habib Habibe Habil Hacer Haciali Hacib
Hacile Hadrey Hafi Hafid Hafız Hafıza Hakan Hakem Haki Hakikat Hakkı Haldun Hale Halenur Halidun Halil Halim
Halit Haliye Haluk Hamdi Hamdullah Hami Hamit Hamiyet Hammâd Hamza Hanbiken Handan Hande Hanedan Hanefi Hanife
Hanim Hansultan Harbinaz Hariz Harun Hasan Hasbek Haseki Hasgül Hasibi Hasin Hasret Hatem Hatice Hatin Hatip
Hattâb Havali Havse Havva Hayal Hayali Hayat Hayati Haydar Hayel Hayret Hayrünnisa Hazan Hazar Hazine Hazrat
Hazım Haşim Haşmet Hekime Hekmet Henife Heva Heyvetullah Hezniye Hicabi Hidir Hikmet Hilal Hilayda Hilmi
Himmet Hindal Hinet Hiçsönmez Hişam Hoşkadem Huban Hud Hudavent Hulki Hulusi Hunalp Hurican Hurşide Hurşit
Huzeyfe Huzuri Hâlis Hüccet Hüda Hüdayi Hüdâvendigâr Hükümdar Hülya Hüma Hümayun Hümeyra Hüner Hürdoğan Hürkan
Hürmet Hüryaşar Hürüyet Hüsameddin Hüsamettin Hüseyin Hüsmen Hüsnü Hüsnühâl Hüsrev Hıfzullah Hıfzı Hızır Idık
Ilaçın Ildız Ilgı Ilgın Inanç Irmak Irıs Ismık Isık Isığ Itri Itır Iyık Iyıktağ Işin Işıkay Işıl Işılay Işıman
Işıner Jale Jankat Jaruthip Julide Kaan Kabil Kadem Kader Kadir Kadrican Kadriye Kadı Kadınana Kahir Kalender
Kalgay Kamar Kamber Kamelya Kamile Kamran Kamuran Kanak Kancı Kandef Kanpulat Kapagan Kapgar Karabaş Karaca
Karaer Karahan Karak Karakucak Karanbay Karataş Karcan Kardelen Kargılaç Karlukhan Karlıgaç Kasim Katun
Katunkız Kaver Kavurt Kayaalp Kayacık Kayagün Kaygusuz Kaynak Kayrabay Kayça Kayıt Kazanç Kazkatun Kağan Kaşif
Kefser Kekik Keklik Keleş Kelâmi Kemalettin Kemâl Kenan Kenter Kepez Keramet Kerami Kerem Keremşah Kerim
Kerime Kerman Kesme Kete Kevser Keyken Kezban Kezlik Keşşaf Kibar Kifaye Kiramettin Kiraz Kitan Kiyasi Kocabaş
Koldan Koncagül Konguralp Kopan Koray Korkmazalp Korkut Korugan Kotuz Koçak Koçkan Koşukhan Kubat Kubilay
Kuddusi Kumral Kumru Kutay Kutbettin Kutgün Kutun Kâmil Kâzime Kâzım Köker Köksal Köktaş Kösemen Kübra Kübran
Kürşad Kılıçbay Kımız Kımızalma Kımızalmıla Kımızın Kınel Kırat Kırgavul Kırgız Kırlangıç Kırçiçek Kısmet
Kıvanç Kıvılcım Kıymet Kızdurmuş Kızıl Kızılalma Kızıltunç Laika Lamia Lamih Latif Latife Laze Ledün Leman
Lemide Lerzan Lerze Levent Leyla Leyli Lezize Lida Limon Lina Lutfi Lâle Lüfen Lütfullah Maad Macide Mahigül
Mahir Mahmut Mahnaz Mahsun Mahter Mahzun Maksud Maksur Maksüde Mansur Mansurali Masar Masume Maynur Mazhar
Mazlum Maşide Mecide Mecit Mefarettin Mefharet Mehdiye Mehmed Mehmet Mehmetzahir Mehrigül Mehtap Melaha Melda
Melek Meleknur Melih Melihcan Melike Melikkan Melikşah Melis Melisa Melodi Meltem Melûl Memduh Memili Menfeat
Mengi Mengüç Menişan Meral Merba Merdi Merih Merim Meriç Mert Mertel Merva Merve Meryem Meryeme Merzuk Mestan
Mestur Mesude Mesut Mete Metin Metinkaya Meveddet Mevlüdiye Mevlüt Meyhanim Mezide Meşhur Mihin Mihrab
Mihriban Mihriye Milay Mine Minibe Mir Mira Miray Miraç Mirbadin Mirkelam Mirza Misbah Mishat Misra Mithat
Miyesser Monis Mualla Muammer Muarra Muaviye Muaz Mucahit Mufide Muhammed Muhammet Muharrem Muhip Muhiye
Muhsin Muhtar Muhterem Muhteşem Muhyettin Muhyiddin Mujde Mukadder Mukaddes Mukbile Muktedi Muktedir Muktefi
Murat Muratcan Musa Musafet Musaffa Muslih Mustafa Mutahhar Mutasım Muteber Mutemed Mutluhan Muttalib Muvaffak
Muvahhide Muzaffer Möhsim Mübetcel Mücellib Mücevher Müesser Müferrih Müfid Müfit Müge Müjdat Müjgan Mükerrem
Mükramin Mükrüme Mülâyim Mümtaz Mümtaze Münevver Münezzer Münif Münir Müren Müret Mürit Müsemma Müslum
Müveddet Müzdad Müzekker Müğber Müşir Müşüre Nabi Nabil Naci Nades Nadi Nadir Nafii Nafile Nafiz Nahid Nahil
Naide Nail Naim Nakip Nalân Namık Narhanim Nas Nasiba Nasrullah Nasuf Natalia Nayil Naz Nazan Nazende Nazi
Nazif Nazimet Nazlihan Nazlim Nazlı Nazmi Nazıdil Nazım Nebih Nebiha Necat Necati Necdat Necdet Necib Necilal
Necla Necmettin Necva Nedim Nefaret Nefiye Nehip Nehir Nejat Nejdet Neptün Nergis Neriban Nerim Nesfe Nesim
Nesip Neslihan Neslinur Neslişah Neval Nevgin Nevin Nevise Nevra Nevsal Nevsale Nevzat Neyran Nezengül Nezihi
Nezize Neşet Neşrin Nida Nigar Nihai Nihal Nihan Nihat Nil Nilcan Nilgün Nili Nirgül Nisa Nisan Niyazi
Nizamettin Niğmet Noman Numan Nur Nura Nural Nuran Nuray Nurbanu Nurcan Nurda Nurdeniz Nuretdin Nurettin Nurey
Nurgil Nurgül Nurhayet Nuriyet Nurkan Nurmelek Nurseda Nursel Nurseli Nurser Nursim Nurtaç Nurullah Nurveren
Nurşan Nusret Nuyan Nüdret Nükhet Nürice Odkanlı Oganer Oguş Okan Okanay Okbay Okgüçlü Okseven Oktay Oktüremiş
Okyalaz Okşan Olca Olcay Oldağ Oliver Oluş Omaca Onat Ongay Onuker Onur Onurcan Onursu Oranlı Orgün Orhan
Ortak Oruç Orçin Osman Otay Oya Oymak Ozan Ozansü Oğulbaş Oğurata Oğuz Oğuzhan Oğuzman Paker Pakize Paksu
Parla Paye Payidar Pehlil Pekkan Pelin Pelinsu Pembe Pembesin Peren Peri Perihan Perinur Permun Perran Pertev
Perver Pervin Pesent Petek Peyami Pirahmet Piran Piraye Poyraz Pürçek Pınar Rabbiye Rabia Rabih Raci Rafet
Rafia Rafih Rahim Rahime Rahiye Rahmet Rahmi Rahşan Raif Rakide Rakıp Ramadan Ramazan Ramiz Rana Rasim Rasul
Rauf Rayla Razı Raşit Rebihat Recai Recep Recepali Refah Refet Refik Reha Rehime Reis Remazan Remzi Rengin
Rengül Resulcan Resûl Revza Reyhan Rezin Rezzak Rezzan Reşat Rifat Risalet Rohat Rojnu Ruhide Ruhsar Ruhsat
Ruhugül Rukiye Rumeysa Rükneddin Rüknettin Rüya Rüçhan Rüşen Rüştü Rıdvan Rıfkı Rıfkıye Rıza Saadet Saba Sabih
Sabihe Sabri Sabır Sacid Sadat Sadberk Sadeti Sadettin Sadi Sadittin Sadiye Sadri Sadullah Sadık Safa Safet
Saffet Safinaz Safura Sahil Sahir Said Saim Saire Sakip Salami Salih Saliha Salim Salimet Salkın Salurbay
Samahat Samed Sami Samih Samim Samurtay Sanavber Sancak Sanem Sanur Sançar Sargın Sarpkın Sarya Sarıcabay
Satrettin Satıa Savak Savaş Savni Saydam Saygın Sayrak Saçı Sağcan Sağıt Sebattin Sebigül Seblâ Seda Sedat
Sedef Seden Sedife Sefer Seha Sehel Seher Sejda Selahattin Selaheddin Selami Selatin Selcen Selda Selen Seler
Selim Selime Selin Selma Selmin Selvi Selçuk Sema Semat Semender Semih Semine Semra Semrin Senay Sencar Senem
Seniha Seracettin Serap Serbülent Serda Serdar Seren Serezli Serfinaz Sergen Serhat Serhatmehmet Serin Serkan
Serma Sermet Sernur Serol Serpil Sertap Sertaç Servinaz Settar Seval Sevcan Sevda Sevdi Sevdinar Sevgen Sevgi
Sevginur Sevican Sevil Sevim Sevindik Sevinç Sevla Sevsevil Sevtap Seydo Seyfettin Seyfi Seyfullah Seyhan
Seyithan Seyyide Seyyit Sezal Sezen Sezginbaş Seçgül Seçil Seçkin Seçme Sibel Sidar Sidki Silanur Simber Simge
Simten Sinan Sinem Siper Sirap Siti Sittik Solma Sonad Songurkan Songül Sonnur Soydaner Soykan Soykut
Soyselçuk Suat Subhi Subutiye Sudi Sulhi Sultan Sultane Sunay Sunel Suphi Sururi Susam Suzan Sökmen Sözer
Sücaettin Süha Süheyda Süheyl Süleyla Süleyman Sümerya Sümeyye Süner Süsen Süvari Süzer Sıla Sırriye Sırrı
Sıylıhan Taceddin Taciddin Tagangül Tahir Tahsin Taib Talat Talay Talayer Talha Tali Talibe Talip Tamaydın
Tamer Tanak Tanbay Tandoğdu Taner Tangül Tanhan Tanju Tanpınar Tanses Tansev Tansığ Tanyeli Tanyolaç Tanyu
Tanır Tarancı Tarkan Tartış Tarık Tasvir Tatu Tayaydın Tayfun Taygan Taylak Tayyar Tayyibe Tayyip Taçnur Taşar
Taşkan Taşkın Teber Tecimer Tekbay Tekecan Tekin Tekinalp Tekiner Teknaz Teksoy Telim Temel Temime Temirhan
Temizkal Temuçin Tenvir Teoman Tercan Terlan Tevfik Tevhid Tevs Teybet Tezcan Tezel Tezer Tezol Ticen Timur
Timurtaş Tiğin Toker Toktuğ Toköz Tolga Tolonbay Tolunay Tomurcuk Tonguç Toprak Topuz Torhan Toy Toğan Tuba
Tufan Tugay Tuhfe Tule Tulun Tunahan Tunay Tuncay Tunguç Tunç Tunçboğa Tunçer Tunçkılıç Turabi Turan Turcein
Turgay Turgut Turna Tutku Tutkucan Tutkun Tuyuğ Tuğba Tuğcan Tuğrul Tuğrulhan Tuğtaş Tuğtekin Tuğçe Törel
Tükelalp Tülay Tülin Tümer Tümkurt Türcan Türkalp Türkan Türkay Türker Türkeş Türkmen Türknur Tüzeer Tüzenur
Tınal Tınas Ufuk Ufukay Uhra Ukbe Ulakbey Ulu Uludağ Uluman Ulus Ulutay Uluğbey Ulvi Ulviye Ummahani Umman
Umur Umuralp Umut Umutcan Umuşan Uraltay Urhan Ushan Utku Utkucan Uyanser Uygu Uygun Uzbay Uzsoy Uçan Uçbeyi
Uğan Uğur Uğurkan Uğurtan Vacibe Vafir Vahdet Vahid Vahide Vahittin Vahâ Vargın Varlık Vaysal Vecdi Vecide
Vedat Vefa Vefia Vefik Vehbi Veis Veli Velitdin Verda Verde Verim Vesile Veysel Veysi Vezat Vezrife Vicdan
Vildan Vildane Volkan Vuslat Vâlâ Yadigar Yahya Yahşi Yahşikan Yalazabay Yalgın Yaltırak Yalçın Yalın Yaman
Yamin Yankı Yaprak Yargı Yasan Yasemen Yasemin Yasin Yavuz Yayak Yazganalp Yazgül Yağmur Yağın Yağız Yağızkurt
Yaşar Yaşattin Yekbun Yekda Yekta Yelda Yelesen Yeliz Yener Yeneral Yepelek Yertan Yetişal Yetkin Yeşil Yeşim
Yigit Yilmaz Yolal Yonca Yoruç Yosma Yosun Yunt Yunus Yurdanur Yurdaser Yurtgüven Yurtseven Yurttaş Yusuf
Yönetmen Yüce Yücel Yücelen Yüksel Yümni Yümun Yıldır Yıldırım Yıldız Yılma Zafer Zahfer Zahid Zahide Zaliha
Zamir Zebirce Zehra Zehranur Zekai Zekayi Zekeriyyâ Zeki Zekiye Zelha Zeliha Zemzem Zennun Zerafet Zeride
Zerrin Zevlüde Zeyd Zeynel Zeynelabidin Zeynep Zeyno Zihni Zilfa Zinnure Ziver Ziya Ziyad Ziyaettin Zoral
Zubeyde Zâfir Zâhit Zöhrehan Zübeyr Züfer Zühal Züheyla Zülal Zülbiye Züleyha Zülfikâr Zülfüye Zülgarni Zümre
Zümrüt Âdem Âlemşah Âmir Çaba Çabdar Çablı Çabuş Çakar Çakırca Çalapkulu Çaltı Çalım Çamok Çankız Çapkan
Çavuldur Çağa Çağan Çağatay Çağdan Çağdaş Çağla Çağlar Çağlasın Çağlayan Çağru Çağrı Çağrıbeğ Çağrıhan
Çağrıtegin Çağveren Çağıl Çelem Çelen Çelik Çelikkan Çelikyürek Çemen Çemgen Çerçi Çetin Çetinel Çetiner
Çetinsu Çeviköz Çevregül Çeykün Çeşminaz Çilay Çilenti Çiler Çilga Çimen Çinerk Çise Çisem Çisil Çiçek Çiçem
Çiğdem Çobulmak Çocukbörü Çokan Çokramayul Çolman Çolpan Çopur Çoğay Çölü Çıdal Çıgıl Çıngır Çıvgın Öge Ökkaş
Öktürk Ömer Ömriye Ömür Öncel Önder Önel Öngen Önsal Örfiye Örik Öryürek Övün Öykü Özakan Özalpsan Özaslan
Özay Özbay Özbilek Özbilge Özcan Özdal Özden Özdeş Özdil Özdoğdu Özel Özer Özerdinç Özertem Özge Özger Özgün
Özgür Özhan Özinal Özkan Özkent Özkutlu Özlem Özlen Özlü Öznur Özokçu Özpetek Özpınar Özsözlü Öztek Öztürk
Özyurt Özçam Özüdoğru Öğet Übeydullah Üge Ülfet Ülgen Ülke Ülker Ülkü Ülküdeş Ülküm Ümit Ümmahan Ümmet Ümmiye
Ümmühan Ümran Ümray Ünal Ünek Ünlen Ünsel Ünseli Ünsever Ünübol Ürfettin Ürper Üsame Üstün Üzer Üzeyir Üçgül
Ğanim İbrahim İclal İde İdil İdiris İdris İffet İhsan İhvan İkbal İkeme İkiz İkiçitoyun İklim İkrime İlalmış
İlayda İlbek İlbey İlbilge İldem İldeş İldike İlgegü İlhami İlhan İlim İlkay İlkbahar İlkben İlke İlker İlkim
İlklima İlknur İlksen İlkyaz İlmafer İlper İlsu İlteriş İlyas İmge İmran İmrem İmren İmrihan İnançlı İnci
İncifir İnsaf İntihap İpek İrem İrfan İrinç İrinçköl İrtiş İsak İslime İsmail İsmet İsra İtil İvecen İyiyürek
İzel İzgü İzzet İzzettin İçimbike İşcan Şaban Şabettin Şadan Şadıman Şafii Şahap Şahat Şahdiye Şahin Şahinalp
Şahinbey Şahinder Şahmettin Şahnuray Şahsuvar Şahıgül Şakir Şali Şamiha Şamil Şanlı Şarani Şavki Şayan Şazime
Şebnem Şecaeddin Şefi Şefik Şefiye Şehamet Şehlevent Şehrazat Şehreban Şehza Şekim Şelâle Şemsettin Şemsi
Şemsinisa Şendoğan Şener Şengül Şenkal Şennur Şenol Şerafeddin Şerafettin Şeref Şerif Şerife Şerman Şermin
Şevket Şevketfeza Şevki Şevval Şeyban Şeyda Şeyma Şihab Şihabeddin Şiir Şilan Şinasi Şir Şirivan Şuayp Şule
Şâfi Şöhret Şükri Şükrü Şüküfe
`;

/** Turkish surnames. */
export const surnames = `
Abacı Abadan Abalıoğlu Abay Acar Aclan Adal Adan Adanır Adem Adin Adıvar Akal Akalın Akan Akar Akay Akaydın
Akbaba Akbay Akbaş Akbulut Akcan Akdağ Akdemir Akdeniz Akel Akgöz Akgül Akgün Akgündüz Akkan Akkaya Akkaş
Akkor Akkoyun Akkoyunlu Akkoç Akkurt Akman Akpınar Aksakal Aksel Aksoy Aksu Aksungur Aktan Aktay Aktaş Akyel
Akyürek Akyüz Akyıldız Akça Akçal Akçalı Akçay Akın Akıncı Akışık Akşit Alemdar Alev Alkan Alkaya Alnıaçık
Alpman Alpuğan Altan Altun Altuntaş Altınay Altınbaş Altınel Altınok Altıntaş Altınışık Altıok Alyanak Alıcı
Aras Arda Arslan Arslanoğlu Arsoy Arıcan Arık Arıkan Arığ Asil Aslan Aslanoğlu Atakan Atakol Atalık Atan
Atasever Atay Ateş Atik Atlı Atıcı Atılgan Avan Avcı Avcıoğlu Ay Ayaydın Ayaz Aybar Aycan Aydan Aydemir
Aydoğdu Aydın Aygün Ayhan Aykan Aykaç Aykurt Aytaç Aytek Aytekin Ayverdi Açıkalın Açıkgöz Ağaoğlu Ağca Ağırbaş
Aşkın Aşçı Aşık Aşıkoğlu Babacan Babalı Babaoğlu Bademci Bahadır Bakan Bakırcı Bakırcıoğlu Balaban Balcı Ballı
Baltacı Baran Barbarosoğlu Barlas Basmacı Baturalp Bayazıt Baydar Bayer Baykam Bayrak Bayraktar Bayraktutan
Bayram Baysoy Bağış Başaran Başer Başoğlu Bekdik Bektaş Bektaşoğlu Berberoğlu Berk Beşerler Beşikçi Beşok
Bildik Bilen Bilge Bilgen Bilgin Bilgiç Bilir Birlik Biçer Boduroğlu Bolat Bolatlı Boratav Boyacı Boz Bozdoğan
Bozkurt Bozkır Bozoğlu Bucaklı Budak Bulak Bulut Buruk Bölükbaş Bölükbaşı Bıçakçı Can Ceylan Coşkun Dalkıran
Dağdaş Dağlaroğlu Demir Demirbaş Demirci Demirel Denkel Dinç Dizdar Doğan Duman Dumanlı Durak Duran Durdu
Durmaz Durmuş Duygulu Düşenkalkar Egeli Ekici Ekinci Ekşioğlu Eliçin Elmastaşoğlu Elçiboğa Eraslan Erbay
Erberk Erbulak Erdem Erdoğan Eren Erez Ergin Erginsoy Ergül Erkekli Eronat Eroğlu Ertaş Ertepınar Ertürk
Erçetin Evliyaoğlu Fırat Gökçe Gönültaş Gül Gülen Güler Gümüşpala Günday Gündüz Güneş Güngör Gürbüz Gürmen
Güven Güçlü Hakyemez Hamzaoğlu Hançer Hayrioğlu Ilıcalı Işık Kahraman Kahveci Kaplan Kaplangı Kara Karabulut
Karaböcek Karaca Karadaş Karadeniz Karaduman Karaer Karahan Karakaya Karataş Kartal Kasapoğlu Kavaklıoğlu Kaya
Kaçar Keseroğlu Keskin Keçeci Kocabıyık Kocaman Korkmaz Korol Korutürk Koyuncu Koç Koçoğlu Koçyiğit Kuday
Kulaksızoğlu Kumcuoğlu Kunt Kunter Kurt Kurutluoğlu Kutlay Kuzucu Körmükçü Köse Köybaşı Köylüoğlu Küçükler
Kılıç Kılıççı Kıraç Kısakürek Limoncuoğlu Mansız Manço Mayhoş Menemencioğlu Mertoğlu Mutlu Nalbantoğlu
Nebioğlu Numanoğlu Okumuş Okur Oral Oraloğlu Orbay Ozansoy Paksüt Pekcan Pekkan Pektemek Polat Poyrazoğlu
Poçan Sadıklar Sakarya Samancı Sandalcı Sarı Sarıoğlu Saygıner Sağlam Sepetçi Seven Sezek Sezer Sezgin
Sinanoğlu Solmaz Soylu Sönmez Sözeri Süleymanoğlu Tahincioğlu Tanrıkulu Tarhan Tazegül Taşlı Taşçı Tekand
Tekelioğlu Tekin Tevetoğlu Tokatlıoğlu Tokgöz Topaloğlu Toprak Topçuoğlu Toraman Tunaboylu Tunç Tunçeri Turan
Tuğlu Tuğluk Türk Türkdoğan Türkmen Türkyılmaz Tütüncü Tüzün Uca Uluhan Uysal Uçan Uçar Varol Velioğlu Yalçın
Yaman Yavuz Yazıcı Yetkiner Yeşilkaya Yorulmaz Yurt Yüksel Yıldırım Yıldız Yıldızoğlu Yılmaz Yılmazer Zengin
Zorlu Çakır Çam Çamdalı Çamurcuoğlu Çapanoğlu Çatalbaş Çağıran Çelik Çetin Çetiner Çevik Çoban Çorlu Çörekçi
Çınar Öcalan Önür Örge Öymen Özbek Özberk Özbey Özbir Özcan Özdemir Özdenak Özdoğan Özer Özgörkey Özgür Özkan
Özkara Özkök Öztonga Öztuna Öztürk Ülker Ünal İhsanoğlu İnan İnönü Şafak Şahin Şama Şeker Şen Şener Şensoy
Şimşek
`;
