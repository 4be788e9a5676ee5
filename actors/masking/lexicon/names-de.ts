/** German given names, in any order; case and accents do not matter. */
export const given = `
Aaliyah Aaron Abbas Abby Abdul Abdullah Abigail Abraham Abram Achim Ada Adalbert Adam Adelbert Adele Adelgunde
Adelheid Adelina Adelinde Adeline Adem Adina Adolf Adolfine Adrian Adriana Adriane Adriano Aenne Agata Agatha
Agathe Agnes Agnieszka Ahmad Ahmed Ahmet Aileen Aimee Ajna Alan Alana Alara Alban Albert Albertine Alberto
Albin Albina Albrecht Aldo Alea Aleksandar Aleksander Aleksandr Aleksandra Aleksej Alena Alessa Alessandro
Alessia Alessio Alex Alexa Alexandar Alexander Alexandra Alexandre Alexandros Alexei Alexej Alexia Alexis
Aleyna Alf Alfons Alfonso Alfred Alfredo Ali Alia Alica Alice Alicia Alicja Alida Alina Aline Alisa Alisha
Alissa Aliya Aliyah Alla Allegra Alma Almut Almuth Alois Aloisia Aloys Alwin Alwina Alwine Alyssa Amalia
Amalie Amanda Amar Amelia Amelie Amina Amir Amira Amon Amy Ana Anabel Anabella Anastasia Anastasios Anatol
Anatoli Anatolij Andjela Andjelina Andre Andrea Andreas Andree Andrei Andrej Andres Andrew Andrey Andrzej Andy
Aneta Anett Anette Angela Angelica Angelika Angelina Angelique Angelo Anica Anika Anita Anja Anka Anke Ann
Anna Annabel Annabell Annabella Annabelle Annalena Annaliese Annamaria Anne Annedore Annegret Annegrete
Annekatrin Anneke Annelene Anneli Annelie Annelies Anneliese Annelise Annelore Annemarie Annemie Annerose
Annett Annette Anni Annie Annika Annita Anny Anouk Anselm Ansgar Ante Anthony Antje Anto Antoinette Anton
Antonella Antonia Antonie Antonietta Antonina Antonino Antonio Antonios Antonius Apollonia Apostolos Arda
Arian Ariana Ariane Aribert Arif Armin Arnd Arndt Arne Arnfried Arnim Arno Arnold Arnulf Aron Arthur Artur
Arved Arvid Arwen Arzu Ashley Asta Astrid Asya Athanasios Attila August Augusta Auguste Augustin Aurelia
Aurelio Aurora Ava Axel Ayleen Aylin Ayman Aynur Ayse Aysel Ayten Aziz Azra Babett Babette Baldur Balthasar
Baptist Baran Barbara Baris Bartholomäus Bastian Batuhan Bayram Beata Beate Beatrice Beatrix Bekir Bela
Belinda Benedict Benedikt Benita Benjamin Bennet Bennett Benno Bent Berat Berend Berit Berkay Bernadette
Bernard Bernd Berndt Bernfried Bernhard Bernhardine Bernt Bernward Berra Bert Berta Bertha Berthold Bertold
Bertram Betina Betti Bettina Betty Bianca Bianka Bilal Birger Birgid Birgit Birgitt Birgitta Birte Birthe
Bjarne Björn Blanka Bo Bodo Bogdan Boris Bozena Brandon Branka Branko Brian Brigitta Brigitte Brit Brita Britt
Britta Brunhild Brunhilde Bruni Bruno Bryan Burak Burckhard Burghard Burkard Burkhard Burkhardt Bärbel Caitlin
Calogero Calvin Camilla Can Canan Cara Caren Carin Carina Carl Carla Carlo Carlos Carlotta Carmela Carmelo
Carmen Carmine Carola Carolin Caroline Carsten Caspar Cassandra Caterina Catharina Catherine Cathleen Cathrin
Catrin Cecile Cecilia Cedric Cedrik Celal Celia Celina Celine Cem Cemal Cemil Cengiz Centa Cetin Ceyda Ceylin
Chantal Charleen Charles Charlie Charlotta Charlotte Chayenne Cheyenne Chiara Chris Christa Christel Christian
Christiana Christiane Christiano Christin Christina Christine Christl Christof Christoph Christopher Christos
Cilli Cilly Cindy Claas Claire Clara Clarissa Claudia Claudio Claudius Claus Clemens Cläre Colin Colleen
Collien Collin Concetta Conner Connor Conny Conrad Constance Constantin Constanze Cora Cord Cordula Corina
Corinna Corinne Cornelia Cornelius Corvin Cosima Cosimo Cristiano Cristina Curt Czeslaw Dagmar Dagobert Damian
Damien Dan Dana Daniel Daniela Daniele Danilo Danny Daria Darian Dario Darius Dariusz Darko Darleen Darren
David Davide Davin Dean Defne Delia Denis Denise Deniz Dennis Denny Detlef Detlev Devin Diana Diedrich Diego
Dierk Dieter Diethard Diethelm Diether Dietmar Dietrich Dilara Dimitri Dimitrios Dina Dino Dion Dirk Ditmar
Dittmar Dogan Domenic Domenica Domenico Domenik Dominic Dominik Donald Dora Dorian Doris Dorothea Dragan Drago
Dursun Dusan Dustin Dylan Eberhard Eberhardt Eckard Eckart Eckehard Eckhard Eckhardt Eckhart Ecrin Eda Edda
Eddi Eddy Edelbert Edeltraud Edgar Edmund Eduard Edward Edwin Efe Egbert Ege Eggert Egon Ehrenfried Ehrhard
Eileen Eitel Ekkehard Ekkehart Ekrem Ela Elaine Elanur Elea Elena Eleni Eleonora Elfriede Elia Eliah Eliana
Elias Elif Elijah Elina Elisa Elisabeth Elke Ella Ellen Ellie Elly Elmar Elona Elsa Elvira Elyas Emanuel
Emanuela Emelie Emely Emil Emilia Emilian Emilie Emilija Emilio Emily Emin Emir Emirhan Emma Emmanuel Emmely
Emmerich Emmi Emmy Emre Enes Engelbert Engin Enie Enna Enno Enrico Enver Enya Ercan Erdal Erdogan Eren Erhard
Erhardt Eric Erich Erik Erina Erkan Ernest Ernst Erol Erwin Esma Estelle Esther Etienne Eugen Eva Evangelos
Evelin Evelina Eveline Evelyn Ewald Fabian Fabien Fabienne Fabio Fabrice Falk Falko Faruk Fatih Fatima Fatma
Fedor Felicia Felicitas Felina Felix Femke Fenja Ferdi Ferdinand Ferenc Fernando Fiete Filip Filippo Finia
Finja Finlay Finley Finn Finnja Finnley Fiona Flora Florentin Florentina Florentine Florian Florin Folker
Folkert Francesca Francesco Francis Francisco Franco Franjo Frank Franka Franz Franziska Fred Freddy Frederic
Frederick Frederik Frederike Fredi Fredo Fredy Freya Frida Fridolin Frieda Friedbert Friedemann Frieder
Friederike Friedhelm Friedhold Friedo Friedrich Frithjof Fritz Furkan Fynn Gabor Gabriel Gabriela Gabriele
Gaetano Gebhard Geert Georg George Georgios Gerald Gerard Gerd Gereon Gerfried Gerhard Gerhardt Gerhart German
Gernot Gero Gerold Gerolf Gerrit Gert Gerwin Giada Gian Gianluca Gilbert Gina Gino Giorgio Giovanni Gisbert
Gisela Giulia Giuliana Giuliano Giuseppe Gloria Goran Gordon Gottfried Gotthard Gotthilf Gotthold Gottlieb
Gottlob Gregor Greta Grzegorz Gudrun Guenter Guenther Guido Guiseppe Gunar Gundolf Gunnar Gunter Gunther
Guntram Gustav Götz Hagen Hailey Hajo Hakan Halil Hamza Hana Hanna Hannah Hannelore Hannes Hanni Hanno Hanns
Hans Hansgeorg Hansjoachim Hansjörg Hansjürgen Hanspeter Harald Hardy Harm Harold Harri Harro Harry Hartmut
Hartmuth Hartwig Hasan Hassan Hasso Hauke Heidi Heike Heiko Heimo Heiner Heinfried Heini Heino Heinrich Heinz
Helen Helena Helene Helfried Helga Helge Helin Hellmut Hellmuth Helmar Helmut Helmuth Hendrik Henner Hennes
Henning Henri Henrick Henriette Henrik Henrike Henry Henryk Herbert Heribert Hermann Hermine Herrmann Herwig
Hildegard Hilmar Hinrich Holger Holm Horst Hubert Hubertus Hugo Hussein Hüseyin Ian Ibrahim Ida Ignatz Ignaz
Igor Ilayda Ilhan Ilias Ilija Ilja Ilyas Imke Immanuel Immo Imre Ina Ines Inga Ingbert Ingmar Ingo Ingolf
Ingrid Inka Ioannis Irem Irina Iris Irma Irmgard Isa Isabel Isabell Isabella Isabelle Isidor Ismael Ismail
Ismet Istvan Ivan Iven Ivo Ivonne Iwan Jacek Jack Jacob Jacqueline Jaden Jakob Jamal James Jamie Jamila Jan
Jana Jane Janek Janin Janina Janine Janis Janko Jann Janna Janne Jannek Jannes Jannik Jannis Jano Janos
Janosch Janus Janusz Jara Jared Jari Jarne Jarno Jaron Jaroslav Jaroslaw Jasmin Jasmina Jasmine Jason Jasper
Jay Jayden Jayson Jean Jella Jenna Jennifer Jenny Jens Jeremias Jeremie Jeremy Jermaine Jerome Jerzy Jesper
Jesse Jessica Jessy Jette Jil Jill Jim Jimmy Jiri Joachim Joana Joanna Jobst Jochem Jochen Joe Joel Joelina
Joeline Joelle Joerg Joey Johan Johann Johanna Johannes John Johnny Joleen Jolie Jolien Jolin Jolina Joline
Jon Jona Jonah Jonas Jonathan Jonna Jonte Joost Jordan Jorge Joris Joscha Joschua Jose Josef Josefin Josefine
Joseph Josephin Josephine Josh Joshua Josie Josip Jost Josua Josy Jovan Jovana Joy Joyce Jozef Juan Judith
Judy Juergen Jule Julia Julian Juliana Juliane Julie Julien Julienne Julijana Julika Julina Julius Juna Juri
Jurij Justin Justine Justus Jutta Jörg Jörgen Jörn Jürgen Kaan Kai Kaja Kalina Kalle Kamil Karim Karin Karina
Karl Karla Karlfried Karlheinz Karlo Karlotta Karolina Karoline Karsten Kasimir Kaspar Kassandra Katarina
Katarzyna Katharina Kathrin Katja Katrin Kay Kaya Kayra Kazim Keanu Kemal Kenan Kenneth Kenny Kerem Kerim
Kerstin Kevin Kian Kiana Kiara Kilian Kimberley Kimberly Kira Kjell Klaas Klara Klaus Klemens Knud Knut Konrad
Konstantin Konstantinos Koray Korbinian Korinna Kornelius Kristian Kristin Kristina Krzysztof Kunibert Kuno
Kurt Kyra Ladislaus Laetitia Laila Lambert Lana Lara Larissa Lars Lasse Laszlo Laura Laureen Laurence Laurens
Laurenz Laurin Lavinia Lea Leah Lean Leana Leander Leandra Leandro Leann Lee Leif Leila Len Lena Lene Leni
Lenia Lenja Lenn Lennard Lennart Lennert Lennie Lennox Lenny Lenya Leo Leon Leona Leonard Leonardo Leonhard
Leoni Leonid Leonidas Leonie Leonora Leontina Leopold Leroy Leszek Leticia Letizia Levent Levi Levin Levke
Lewin Lewis Leyla Lia Liah Liam Lian Liana Lias Liesel Lili Lilia Lilian Liliana Liliane Lilith Lilli Lillian
Lilly Lily Lina Linda Lindsay Linn Linnea Lino Linus Lio Lion Lionel Lisa Lisann Lisanne Liv Livia Liz Logan
Lola Lora Loreen Lorena Lorenz Lorenzo Loris Lothar Lotta Lotte Louis Louisa Louise Luan Luana Luc Luca Lucas
Lucia Lucian Luciano Lucie Lucien Lucienne Lucy Ludger Ludwig Luigi Luis Luisa Luise Luiz Luk Luka Lukas Luke
Luna Lutz Luzie Lya Lydia Lyn Lynn Maddox Madeleine Madita Madleen Madlen Mads Magdalena Magnus Mahmoud Mahmut
Maida Maik Maike Mailin Maira Maja Maksim Malena Malia Malik Malin Malina Malte Mandy Manfred Manuel Manuela
Mara Marah Marc Marcel Marco Marcus Mareike Marek Maren Maria Mariam Marian Mariana Marie Marieke Mariella
Marijan Marijana Marika Marina Mario Marisa Marissa Marit Marius Mariusz Mark Marko Markus Marla Marleen
Marlen Marlena Marlene Marlies Marlo Marlon Marta Marten Martha Martin Martina Marvin Marwin Mary Maryam
Massimo Mateo Matheo Mathias Mathilda Mathilde Mathis Matilda Matis Mato Mats Matteo Mattes Matthias Matthis
Matthäus Matti Mattias Mattis Maurice Maurizio Max Maxi Maxim Maxima Maximilian Maxine Maya Mayra Medina
Medine Mehdi Mehmet Meik Meike Meinhard Meinolf Meinrad Melanie Melek Melike Melina Melinda Melis Melisa
Melissa Melvin Merle Merlin Mert Merve Meryem Mesut Metin Mette Mia Micha Michael Michaela Michail Michel
Michelle Mick Mieke Miguel Mijo Mika Mikail Mike Mikhail Mila Milan Milana Milena Milica Milla Milo Milos Mina
Mio Miodrag Mira Mirac Miray Mirco Miriam Mirja Mirko Miroslav Miroslaw Mohamed Mohammad Mohammed Mona Monika
Monique Moritz Morten Muhammed Muharrem Murat Mustafa Muzaffer Nadia Nadin Nadine Nadja Naemi Nancy Naomi
Natalia Natalie Natan Natascha Nathalie Nathan Nathanael Necati Neele Nela Nele Nelli Nelly Nelson Neo Nevio
Nia Nicholas Nick Niclas Nico Nicola Nicolai Nicolas Nicolaus Nicole Niels Nika Nike Nikita Niklas Niko Nikola
Nikolai Nikolaj Nikolaos Nikolas Nikolaus Nikolina Nila Nils Nina Nino Nisa Noah Noel Noemi Nora Norah Norbert
Norman Nurettin Nuri Odin Oke Olaf Ole Oliver Olivia Omar Onur Orhan Ortwin Oscar Oskar Osman Oswald Oswin
Otfried Othmar Otmar Ottfried Ottmar Otto Ottokar Ottomar Paolo Pascal Pasquale Patric Patrice Patricia
Patrick Patrik Patrizia Paul Paula Paulina Pauline Paulo Pavel Pawel Pedro Peer Penelope Pepe Pero Petar Peter
Petra Petros Phil Philine Philip Philipp Philippa Philippe Phillip Phoebe Pia Pierre Piet Pietro Piotr Pirmin
Pius Quentin Quirin Rachel Rafael Raffael Raffaela Rahel Raik Raimund Rainer Ralf Ralph Ramazan Ramon Rana
Randolf Rania Raphael Rasmus Raul Rayan Rayana Raymond Raymund Rebecca Rebekka Recep Regina Reginald Reimar
Reimer Reimund Reinald Reiner Reinhard Reinhardt Reinhart Reinhold Remo Renate Renato René Reza Riana Ricardo
Riccardo Richard Rick Rico Rieke Rigo Rike Rita Riza Robby Robert Roberto Robin Rocco Rochus Roderich Roger
Roland Rolf Roman Romeo Romina Romuald Romy Ron Ronald Ronja Ronny Ronya Rosa Rosalie Rose Rosemarie Roswitha
Rouven Roy Ruben Ruby Rudi Rudolf Rudolph Rupert Ruth Ryan Ryszard Rüdiger Saban Sabine Sabri Sabrina Sahin
Sahra Said Salih Sally Salma Salome Salvatore Sam Samantha Sami Samia Samir Samira Sammy Samuel Sandor Sandra
Sandro Sandy Sanja Santino Saphira Sara Sarah Sascha Saskia Sean Sebastian Sebastiano Sedat Selena Selim Selin
Selina Selma Semih Sena Senol Sepp Serge Sergei Sergej Sergio Severin Shawn Sidney Siegbert Siegfried Sieghard
Sieglinde Siegmar Siegmund Siegward Siena Sienna Sigfried Sigismund Sigmar Sigmund Sigrid Sigurd Silas Silja
Silke Silvester Silvio Simeon Simon Sina Sinan Sinja Sky Slavko Slawomir Slobodan Smilla Sofia Sofie Sofija
Sonja Sophia Sophie Soraya Stanislaus Stanislav Stanislaw Stavros Stefan Stefanie Stefano Steffen Stella
Stephan Stephanie Stephen Steve Steven Stina Stjepan Sude Summer Susanne Svea Sven Svenja Swen Sydney
Sylvester Sylvio Sönke Sören Sükrü Süleyman Tabea Tadeusz Taha Talea Talia Tamara Tamia Tamina Tamino Tammo
Tanja Tara Tarik Tarja Tassilo Tayler Taylor Tea Teo Teodor Teresa Tessa Thaddäus Thalea Thalia Thea Theo
Theobald Theodor Theodora Theodoros Theresa Therese Thies Thilo Thomas Thoralf Thorben Thore Thorge Thorsten
Tia Tiago Tibor Tiffany Tillmann Tilman Tilmann Tilo Tim Timm Timo Timon Timothy Tina Tino Titus Tizian Tjark
Tobias Tom Tomas Tomasz Tomislav Tomke Tommy Toni Tony Toralf Torben Tore Torsten Traugott Tristan Tuana Tyler
Tyron Udo Ulf Uli Ullrich Ulrich Ulrike Umut Urban Urs Ursula Utz Uwe Vadim Valentin Valentina Valentino
Valeria Valerie Valerij Vanessa Vassilios Veit Veli Vera Verena Veronika Victor Victoria Viktor Viktoria Vin
Vincent Vincenzo Vinko Vinzenz Viola Violetta Vitali Vito Vittorio Vitus Vivian Vivien Vivienne Vladimir Vlado
Volker Volkhard Volkmar Waldemar Walfried Walter Walther Waltraud Wenzel Werner Wibke Wiebke Wieland Wieslaw
Wigbert Wilfried Wilhelm Willfried Willi William Willibald Willibert Willy Winfried Witold Wladimir Wojciech
Woldemar Wolf Wolfgang Wolfhard Wolfram Wulf Xaver Xavier Xenia Yannic Yannick Yannik Yannis Yara Yaren Yasin
Yasmin Yasmina Yilmaz Ylvi Ylvie Youssef Yunus Yusuf Yven Yves Yvonne Zara Zbigniew Zdravko Zehra Zeki Zeljko
Zenon Zeynep Zlatko Zoe Zoey Zoltan Zoran Ömer
`;

/** German surnames. */
export const surnames = `
Abel Abicht Abraham Abramovic Abt Achilles Achkinadze Ackermann Adam Adams Ade Adler Adolph Agostini Ahlke
Ahrenberg Ahrens Aigner Albers Albert Albrecht Alexa Alexander Alizadeh Allgeyer Amann Amberg Anders Anding
Anggreny Apitz Arendt Arens Arndt Arnold Aryee Aschenbroich Assmus Astafei Atzler Auer Aumann Austermühle
Axmann Baarck Bachmann Badane Bader Baganz Bahl Bak Balcer Balck Balkow Balnuweit Balzer Banse Barkholz Barr
Bartels Barth Barylla Baseda Battke Bauer Bauermeister Baum Baumann Baumeister Baumgartner Bauschinger
Bauschke Bayer Beavogui Beck Beckel Becker Beckmann Bedewitz Beele Beer Beggerow Beh Behr Behrenbruch Beier
Belz Bender Benecke Benner Benninger Benthin Benzing Berends Berger Bergmann Berner Berning Bertenbreiter Best
Bethke Betz Beushausen Beutelspacher Beyer Biba Bichler Bickel Biedermann Bieler Bielert Bien Bienasch Bienias
Biesenbach Bigdeli Biggen Binner Birkemeyer Birnbaum Bittner Blank Blaschek Blassneck Bloch Blochwitz
Blockhaus Blum Blume Blümchen Blümel Bock Bode Bogdashin Bogenrieder Bohge Bohlander Bohnbach Bolander Bolm
Bolnbach Bolzmann Bonbach Borgschulze Bork Bormann Bornscheuer Borrmann Borsch Boruschewski Bos Bosler
Boucsein Bourrouag Bouschen Boxhammer Boyde Bozsik Brand Brandenburg Brandis Brandt Brauer Braun Brehmer
Breitenstein Bremer Bremser Brenner Brettschneider Breu Breuer Briemer Briesenick Bringmann Brinkmann Brix
Broening Brosch Bruckmann Bruder Bruhns Brunner Bruns Bräutigam Brömme Brüggmann Buchholz Buchrucker Buder
Budig Bultmann Bunjes Burger Burghagen Burkhard Burkhardt Burmeister Busch Buschbaum Busemann Buss Busse
Bussmann Butte Byrd Bäcker Bähr Bärer Böhm Bönisch Börgeling Börner Böttner Büchele Bühler Büker Büngener
Bürklein Büscher Büttner Camara Carlowitz Carlsohn Carsten Caspar Caspari Caspers Chapron Christ Christoph
Cichorius Cierpinski Clarius Cleem Cleve Co Conrad Conradi Cordes Cornelsen Cors Cotthardt Crews Cronjäger
Crosskofp Dahm Dahmen Daimer Damaske Danneberg Danner Daub Daubner Daudrich Dauer Daum Dauth Dautzenberg
Davids Decker Deckert Deerberg Dehmel Delonge Demut Dengler Denner Denzinger Derr Dertmann Dethloff Deuschle
Dieckmann Diedrich Diekmann Dienel Dies Dietrich Dietz Dietzsch Diezel Dilla Dingelstedt Dippel Dippl
Ditschlerin Dittmann Dittmar Dittmer Dittrich Dobbrunz Dobes Dobler Dohring Dolch Dold Dombrowski Donie
Doskoczynski Dowerg Dragu Drechsler Drees Dreher Dreier Dreissigacker Dressler Drewes Drews Drub Drubin Duma
Dussen Dutkiewicz Dyett Dylus Dächert Döbel Döhn Döring Dörner Dörr Dörre Dörschner Dück Eberhard Eberhardt
Ebert Eberth Eckbauer Ecker Eckert Eckhardt Eder Edorh Effler Eggenmueller Egger Ehlert Ehm Ehmann Ehrig Eich
Eifert Eigenwillig Eimer Einert Eisenlauer Ekpo Elbe Eleyth Elss Emert Emmelmann Ender Engel Engelen
Engelhardt Engelmann Eplinius Erdmann Erhardt Erlei Erm Ernst Ertl Erwes Esenwein Esser Etzler Etzold Evers
Everts Ewald Fahner Faller Falter Farber Fassbender Faulhaber Faust Fechner Fehrig Feld Felke Feller Fenner
Fenske Feuerbach Fiebig Fietz Figl Figura Filipowski Filsinger Fincke Fink Finke Fischer Fitschen Flantz
Fleischer Fleischmann Fliegner Floder Florczak Flore Flottmann Forkel Forst Frahmeke Frank Franke Franta
Frantz Franz Franzis Franzmann Frauen Frauendorf Freigang Freimann Freimuth Freisen Frenzel Freudenberger Frey
Fricke Fried Friedek Friedenberg Friedmann Friedrich Friess Frisch Fritsch Frohn Frosch Fröhlich Fuchs
Fuhlbrügge Fusenig Fust Förster Gaba Gabius Gabler Gadschiew Gakstädter Galander Gamlin Gamper Gangnus
Ganzmann Garatva Gast Gastel Gatzka Gauder Gebhardt Geese Gehre Gehrig Gehring Gehringer Gehrke Geiger Geisel
Geisler Geissler Gelling Gens Gerbennow Gerdel Gerhardt Gerlach Gerschler Gerson Gertz Gesell Geyer Ghirmai
Ghosh Giehl Gierisch Gierschner Giesa Giesche Gieß Gilde Girschner Glatting Gnatz Goebel Goedicke Goldbeck
Goldfuss Goldkamp Goldkühle Goller Golling Gollnow Golomski Gombert Gorlitz Gotthard Gotthardt Gottschalk Gotz
Goy Gradzki Graf Grams Grasse Gratzky Grau Greb Green Greger Grein Greithanner Greschner Griem Griese Grimm
Gromisch Gross Grosser Grossheim Grosskopf Groth Grothaus Grothkopp Grotke Grube Gruber Grundmann Gruning
Gruszecki Gröttner Grötzinger Grün Grüner Gude Gummelt Gumprich Gunkel Gunpf Gunther Gutjahr Gutknecht
Gutowicz Gutschank Göbel Göckeritz Göhler Görlich Görmer Götzelmann Güldemeister Günz Gürbig Haack Haaf Haas
Haase Habel Hache Hackbusch Hackelbusch Hadfield Hadwich Haering Haferkamp Hahn Hajek Hallmann Hamann Hande
Hanenberger Hannecker Hanniske Hansen Hardy Hargasser Harloff Harms Harnapp Harter Harting Hartlieb Hartmann
Hartung Hartwig Hartz Haschke Hasler Hasse Hassfeld Hauffer Haug Hauke Haupt Haverney Heberstreit Hechler
Hecht Heck Hecker Hedermann Hehl Heidelmann Heidler Heidrich Hein Heinemann Heinig Heinke Heinrich Heintze
Heinz Heinze Heiser Heist Hellmann Hellwig Helm Helmke Helpling Henck Hendriks Hengmith Henk Henkel Hennes
Henry Henschel Hense Hensel Hentel Hentschel Hentschke Hepperle Herberger Herbrand Hering Hermann Hermecke
Hermighausen Herms Herold Herrmann Herschmann Hertel Hertrampf Herweg Herwig Herzenberg Heser Hess Hesse
Hessek Hessler Hethur Hettner Hetzler Heuck Heuser Heydemüller Heydrich Hiebl Hildebrand Hildenbrand
Hilgendorf Hillard Hiller Hingsen Hingst Hinrichs Hirsch Hirschberg Hirt Hodea Hofer Hoffman Hoffmann Hofmann
Hohenberger Hohl Hohn Hohnheiser Hold Holdt Holinski Holl Holsten Holt Holtfreter Holz Holzapfel Holzdeppe
Holzner Hommel Honz Hooss Hoppe Horak Horn Horna Hornich Hornig Hornung Hort Howard Huber Huckestein Hudak
Huebel Hugo Huhn Hujo Huke Huls Humbert Huneke Huth Häfner Hänel Häring Höcke Höfig Höft Höhne Hölzenbecher
Hönig Hördt Hörle Hövel Hübel Hübenbecker Hübl Hübner Hügel Hüttcher Hütter Ibe Ihly Illing Isak Isekenmeier
Itt Jacob Jacobi Jacobs Jagusch Jahn Jahnke Jakobs Jakubczyk Jambor Jamrozy Jander Janich Janke Jansen Janssen
Jarets Jaros Jasinski Jasper Jegorov Jellinghaus Jeorga Jerschabek Jess Jessel Jockel Johann John Jonas Jopich
Jossa Jucken Junck Juncken Jung Jungbluth Jungfer Jungton Junitz Junk Junken Just Jäckel Jäger Jäkel Jäntsch
Jürgens Jüttner Kabus Kaczmarek Kade Kaesmacher Kahl Kahlert Kahles Kahlmeyer Kaiser Kalinowski Kallabis
Kallensee Kallert Kambs Kampf Kampschulte Kappe Kappler Karge Karhoff Karrass Karst Karsten Karus Karz Kass
Kasten Kastner Katzinski Kaufmann Kaul Kausemann Kawohl Kazmarek Kedzierski Keil Keiner Keller Kelm Kempe
Kemper Kempter Kensy Kerl Kern Kesselring Kesselschläger Kette Kettenis Keudel Keutel Kick Kiessling Killer
Kinadeter Kinzel Kinzy Kirch Kirchner Kirsch Kirst Kisabaka Kitzmann Klaas Klabuhn Klapp Klapper Klauder Klaus
Kleeberg Kleiber Klein Kleinert Kleininger Kleinmann Kleinsteuber Kleiss Klemm Klemme Klemt Klimczak
Klingelhöfer Klinger Klink Klopsch Klose Kloss Klotz Kluge Kluwe Knabe Knappe Kneifel Knetsch Knies Knippel
Knobel Knoblich Knoll Knorr Knorscheidt Knut Kobelt Kobs Koch Kochan Kock Koczulla Koderisch Koehl Koehler
Koenig Koester Kofferschlager Koha Kohl Kohle Kohlmann Kohnle Kohrt Koj Kolb Koleiski Kolokas Komoll Konieczny
Konig Konow Konya Koob Kopf Kosenkow Koster Kostolzin Koszewski Koubaa Kovacs Kowalick Kowalinski Kowalski
Kozakiewicz Krabbe Kraft Kral Kramer Kranz Krauel Kraus Krause Kraushaar Krauspe Kreb Krebs Krein Kreissig
Kremer Kresse Kreusel Kreutz Krieger Krippner Krodinger Krohn Kroker Krol Kron Krueger Krug Kruger Krull
Kruschinski Kruschwitz Kröckert Kröger Kubera Kufahl Kuhl Kuhlee Kuhnen Kulimann Kulma Kumbernuss Kummle Kunz
Kupfer Kupprion Kuprion Kurnicki Kurrat Kurschilgen Kusch Kuschewitz Kuschmann Kuske Kustermann Kutscherauer
Kutzner Kwadwo Kähler Käster Käther Köhler Köhrbrück Köhre Kölotzei Köpernick Köseoglu Kúhn Kúhnert Kühnel
Kühnemund Kühnke Küsters Küter Laack Lachmann Lack Ladeck Ladewig Lakomy Lammert Lamos Landmann Lang Lange
Langer Langern Langfeld Langhirt Lanig Lauckner Lauinger Laurén Lausecker Laux Laws Lax Leberer Lehmann Lehner
Leibold Leide Leimbach Leipold Leist Leiter Leiteritz Leitheim Leitner Leiwesmeier Lenfers Lenk Lenz Lenzen
Leo Lepthin Lesch Leschnik Letzelter Lewin Lewke Leyckes Lg Lichtenfeld Lichtenhagen Lichtl Liebach Liebe
Liebelt Liebich Liebold Lieder Lienshöft Lindau Linden Lindenberg Lindenmayer Lindner Linke Linnenbaum Lippe
Lipske Lipus Lischka Lobinger Logsch Lohmann Lohre Lohse Lokar Loogen Loos Lorch Lorenz Losch Losekann Loska
Lott Loy Lubina Ludolf Ludwig Lufft Lukoschek Lutje Lutz Löchel Löffler Löser Löwa Löwer Lübke Lübs Maak
Maczey Madetzky Madubuko Maier Maisch Malek Malkus Mallmann Malucha Mangold Manns Mans Manz Marahrens
Marchewski Margis Margraf Markowski Marl Marner Marquart Marschek Martel Marten Martin Marx Marxen Mathes
Mathies Mathiszik Matschke Mattern Matthes Matthäi Matula Mau Maurer Mauroff May Maybach Mayer Mebold Mehl
Mehlhorn Mehlorn Meier Meisch Meissner Meister Meloni Melzer Mende Menga Menne Mensah Mensing Mentzel Merkel
Merseburg Mertens Mesloh Metz Metzger Metzner Mewes Meyer Michallek Michel Mielcarek Mielke Mies Mikitenko
Milde Minah Mintzlaff Misicher Mitschke Mockenhaupt Moede Moedl Moeller Moguenara Mohaupt Mohr Mohrhard
Molitor Moll Moller Molzan Montag Moormann Mordhorst Morgenstern Morhelfer Moritz Mosemann Moser Motchebon
Motzenbbäcker Mrugalla Muckenthaler Mude Mues Muller Mulrain Mächtig Mäder Mälzer Möchlichen Möcks Mögenburg
Möhsner Möldner Möllenbeck Möllinger Mörsch Mühle Mühleis Mülichen Münch Nabein Nabow Nagel Nannen Naser
Nastvogel Nau Naubert Naumann Neimke Nerger Nerius Nette Neubauer Neubert Neuendorf Neumair Neumann Neupert
Neureuther Neurohr Neuschwander Neuschäfer Newton Ney Nickel Nicolay Niedermeier Nieklauson Niemeier Niklaus
Nitzsche Noack Nodler Nohlmans Nolte Normann Norris Northoff Nowak Nussbeck Nwachukwu Nytra Nöh Oberem
Obergföll Obermaier Ochs Oderwald Oeser Oestrovsky Olbrich Onnen Ophey Oppong Orth Orthmann Ortmann Oschkenat
Osei Osenberg Ostendarp Ostwald Ott Otte Otto Paesler Paffrath Pajonk Pallentin Panzig Paschke Patberg
Patzwahl Paukner Paul Pechel Pergande Peselman Peter Peters Petersen Petzold Peukert Pfeifer Pfeiffer Pfennig
Pfersich Pfingsten Pflieger Pflügner Philipp Pichler Pichlmaier Pieper Piesker Pietsch Pingpank Pinnock Pippig
Pitschugin Plank Plass Plath Platzer Plauk Plautz Pletsch Plotzitzka Poehn Poeschl Pogorzelski Pohl Pohland
Pohle Polifka Polizzi Pollmächer Pomp Ponitzsch Porsche Porth Poschmann Poser Pottel Prah Prange Prediger
Preiß Pressler Preuk Preuss Prey Priemer Proske Pruschke Pusch Putz Pärtzelt Pöche Pöge Pölitz Raabe
Rabenstein Rach Radisch Radtke Rahn Ranftl Rangen Ranz Rapp Rath Rau Raubuch Raukuc Rautenkranz Rehwagen
Reiber Reichardt Reichel Reichling Reichmann Reif Reifenrath Reimann Reinberg Reinelt Reinhardt Reinke Reising
Reitze Renk Renner Rentz Renz Reppin Restle Restorff Retzke Reuber Reumann Reus Reuss Reusse Reuter Rheder
Rhoden Richards Richter Riedel Riediger Rieger Riehl Riekmann Riepl Riermeier Riester Riethmüller Rietmüller
Rietscher Ring Ringel Ringer Rink Ripken Ritosek Ritschel Ritter Rittweg Ritz Roba Rockmeier Rodehau Rodowski
Roecker Roggatz Rogge Rogner Rohleder Rohländer Rohrer Roht Rokossa Roleder Roloff Roos Rosbach Roschinsky
Rose Rosemann Rosenauer Rosenbauer Rosenow Rosenthal Roskoth Rosksch Rossberg Rossler Roth Rothe Rother Ruch
Ruckdeschel Rudolph Rumpf Ruppersberger Ruppert Rupprecht Rust Ruth Ryjikh Ryzih Rädel Rädler Räntsch Rödiger
Röhrdanz Röhricht Römer Rörricht Röttger Rücker Rüdiger Rüter Sachse Sack Saflanis Sagafe Sager Sagonas Sahner
Saile Sailer Salow Salz Salzer Salzmann Sammert Sander Sarvari Sattelmaier Sauer Sauerland Saumweber Savoia
Scc Schaaf Schacht Schaefer Schaffarzik Schahbasian Scharf Schedler Scheel Scheer Scheibe Schelk Schellenbeck
Schembera Schenk Scherbarth Scherer Schersing Scherz Scheuermann Scheurer Scheuring Scheytt Schielke Schieskow
Schildhauer Schilling Schima Schimmer Schindzielorz Schinke Schirmer Schirrmeister Schlachter Schlangen
Schlauchin Schlawitz Schlechtweg Schleich Schley Schlicht Schlitzer Schlosser Schmalzle Schmid Schmidt
Schmidtchen Schmidtke Schmiedecke Schmiedt Schmitt Schmitz Schmuhl Schneider Schnelting Schnieder
Schniedermeier Schnürer Schoberg Scholl Scholtz Scholz Schomber Schonberg Schondelmaier Schorr Schott Schottin
Schottmann Schouren Schrader Schramm Schreck Schreiber Schreiner Schreiter Schroder Schröter Schubert
Schuchhardt Schuermann Schuff Schuhaj Schuldt Schult Schulte Schultz Schultze Schulz Schulze Schumacher
Schumann Schupp Schuri Schuster Schwab Schwalm Schwanbeck Schwandke Schwanitz Schwarthoff Schwartz Schwarz
Schwarzer Schwarzkopf Schwarzmeier Schwatlo Schweisfurth Schweitzer Schwennen Schwerdtner Schwidde
Schwirkschlies Schwital Schwuchow Schäfer Schäffel Schäffer Schäning Schöckel Schönball Schönbeck Schönebeck
Schönenberger Schönfeld Schönherr Schönland Schönlebe Schötz Schüler Schüppel Schütz Schütze Seeger Seelig
Segebahn Sehls Seibold Seidel Seiders Seifert Seigel Seiler Seip Seitz Semisch Senkel Sewald Siebel Siebert
Siegling Sielemann Siemon Siener Siering Sievers Siewert Sihler Sillah Simon Sinnhuber Sischka Skibicki Sladek
Slotta Smieja Soboll Sokolowski Soller Sollner Sommer Somssich Sonn Sonnabend Sontag Sorgatz Spahn Spank Speer
Spelmeyer Spiegelburg Spielvogel Spieß Spinner Spitzmüller Splinter Sporrer Sprenger Spöttel Stadelmann Stahl
Stahr Stang Stanger Staude Stauss Steckel Steding Steffen Steffny Steidl Steigauf Stein Steinberg Steinecke
Steiner Steinert Steinkamp Steinmetz Stelkens Stengel Stengl Stenzel Stepanov Stephan Stern Steuer Steuk Stey
Stiebitz Stief Stifel Stiffel Stoll Stolle Stolz Stolze Storl Storp Stoutjesdijk Stratmann Straub Strausa
Streck Streese Strege Streit Streller Striebitz Strieder Striezel Strogies Stroh Strohschank Strunz Strutz
Stube Stumpf Stöckert Stöppler Stöwer Stürmer Suffa Sujew Sussmann Suthe Sutschet Swillims Szendrei Säuberlich
Söding Sölzer Sören Sürth Süßebier Tafelmeier Tang Tasche Taufratshofer Tegethof Teichmann Tepper Terheiden
Terlecki Teufel Textor Thanel Theele Thieke Thiel Thiele Thies Thimm Thiomas Thomas Thriene Thränhardt Thust
Thyssen Thöne Tidow Tiedtke Tietze Tilgner Tillack Timmermann Tintzmann Tischler Tischmann Tittman Tivontschik
Tlustek Tonat Tonn Trampeli Trapp Trauth Trautmann Travan Treff Tremmel Tress Trommler Trub Trubin Trupp Tröst
Tsamonikian Tschentscher Tschiers Tschirch Tuch Tucholke Tudow Tuschmo Tächl Többen Töpfer Uhlemann Uhlig
Uhrig Uibel Uliczka Ullmann Ullrich Ulrich Umbach Umlauft Umminger Unger Unterpaintner Urban Urbaniak Urbansky
Urhig Vahlensieck Vangermain Vater Venghaus Verniest Verzi Vey Viellehner Vieweg Voelkel Vogel Vogelgsang Vogt
Voigt Vokuhl Volk Volker Volkmann Vollbrecht Vona Vontein Wachenbrunner Wachtel Wagenknecht Wagner Waibel
Wakan Waldmann Wallner Wallstab Walter Walther Walton Walz Wanner Warmer Wartenberg Waschbüsch Wassilew
Wassiluk Weber Wegner Wehrsen Weidlich Weidner Weigel Weight Weihmann Weiler Weimer Weinhage Weinhold Weis
Weiss Weitzel Weller Welsch Welz Welzel Wende Wendt Weniger Wenk Wenzel Werle Wernecke Werner Werrmann Wesack
Wessel Wessinghage Wetzel Weyel Wezel Wichmann Wickert Wiebe Wiechmann Wiegelmann Wiek Wieloch Wierig Wiese
Wieser Wilhelm Wilky Will Willwacher Wilms Wilmsen Wilts Wimmer Winkelmann Winkler Winter Wirth Wischek
Wischer Wissing Witt Wittich Wittl Wohlgemut Wolf Wolfarth Wolff Wollenberg Wollmann Woytkowska Wujak Wulf
Wulff Wurm Wyludda Wähner Wölpert Wöschler Wühn Wünsche Zach Zaczkiewicz Zahn Zaituc Zander Zandt Zanner
Zapletal Zauber Zeidler Zekl Zender Zeuch Zeyen Zeyhle Ziegert Ziegler Zimanyi Zimmer Zimmermann Zinser Zintl
Zipp Zipse Zirme Zobel Zorbach Zschunke Zuber Zwiener Zänker Zümsande auch Östringer Überacker
`;
