/** French given names, in any order; case and accents do not matter. */
export const given = `
Aaron Abdelatif Abdelkader Abderaouf Abderrahmane Abdon Abdonie Abdoulaye Abel Abelin Abeline Abigaelle
Abigaïl Abondance Abraham Absalon Abélard Acace Acacie Acanthe Achaire Achille Adalard Adalbald Adalbaude
Adalbert Adalbéron Adalric Adalsinde Adam Adegrin Adegrine Adel Adelin Adeline Adelphe Adeltrude Adenet
Adhémar Adjutor Adolphe Adolphie Adonis Adonise Adrastée Adrehilde Adrien Adrienne Adèle Adélaïde Adélie
Adéodat Agapet Agathange Agathe Agathon Agilbert Agilberte Aglaé Agnan Agnane Agneflète Agnès Agrippin
Agrippine Ahmed Aimable Aimé Aimée Akram Aladin Alain Alaine Alaïs Alban Albane Albert Alberte Albérade
Albéric Alcibiade Alcide Alcidie Alcime Alcine Alcyone Aldegonde Aldonce Aldric Aleaume Aleth Alex Alexandre
Alexandria Alexandrie Alexandrine Alexanne Alexine Alexis Alfred Ali Alice Aliette Aline Alix Alizé Aliénor
Alliaume Almine Almire Aloyse Aloïs Aloïse Alphonse Alphonsine Alphée Alpinien Althée Alverède Amaliane
Amalric Amalthée Amande Amandin Amandine Amani Amant Amante Amarande Amaranthe Amaryllis Ambre Ambroise
Ambroisie Amel Ameline Amiel Amina Aminata Amine Aminte Amir Amira Amour Amédée Améliane Amélie Amélien
Améthyste Anastase Anastasie Anatole Anatolie Anaël Anaëlle Anaïs Ancelin Anceline Andoche André Andrée Andéol
Angadrême Ange Angeline Angilbe Angilberte Angilran Angoustan Angèle Angélina Angélique Anicet Anicette Anicée
Anis Anissa Annabelle Anne Annette Annibal Annonciade Anouk Ansbert Ansberte Anselme Anstrudie Anthelme
Anthelmette Antide Antigone Antoine Antoinette Antonin Antonine Anémone Aphélie Apollinaire Apolline Aquilin
Aquiline Arabelle Arcade Arcadie Archambaud Archange Archibald Arezki Argine Arian Ariane Aricie Ariel Arielle
Ariste Aristide Arlette Armance Armand Armande Armandine Armel Armeline Armelle Armide Armin Armine Arnaud
Arnaude Arnould Arolde Arsinoé Arsène Arsènie Arthaud Arthur Arthurine Arthème Artémis Ascelin Asceline
Ascension Asma Assomption Astarté Astrid Astride Astrée Astérie Athalie Athanase Athanasie Athina Athénaïs
Aube Aubertine Aubry Aude Audebert Audeline Audouin Audran Audrey Auguste Augustin Augustine Aure Aurelle
Aurian Auriane Aurore Aurèle Aurélie Aurélienne Auxane Auxence Aveline Avigaëlle Avoye Awa Axel Axeline Axelle
Aya Aymard Aymardine Aymen Aymeric Aymon Aymonde Ayoub Azalée Azeline Azélie Aïcha Balthazar Baptiste Barbe
Barnabé Barthélemy Bartimée Basile Basilisse Bastien Bathilde Baudouin Benjamin Benoît Bernadette Bernard
Berthe Bertille Bertrand Betty Beuve Blaise Blanche Blandine Bohémond Bon Boniface Bouchard Bouchra Briac
Brice Brieuc Brigitte Brunehaut Brunehilde Bruno Béatrice Bénigne Bénédicte Béranger Bérangère Bérard Bérénice
Calixte Camille Camillien Camélien Candide Capucine Caribert Carine Carloman Caroline Cassandre Cassien
Catherine Chabane Chanez Chantal Charlaine Charlemagne Charles Charline Charlotte Cheikh Cherif Childebert
Chilpéric Chiraz Chloé Christelle Christian Christiane Christine Christodule Christophe Chrysole Chrysostome
Chrétien Claire Clara Clarence Clarisse Claude Claudien Claudine Clio Clotaire Clotilde Clovis Cléandre Clélie
Clémence Clément Clémentine Cléry Colette Colin Coline Conception Constance Constant Constantin Coralie
Coraline Corentin Corentine Corinne Cyprien Cyriaque Cyrielle Cyrille Cécile Cédric Céleste Célestin Célestine
Célia Célien Célina Céline Césaire César Dalia Damien Daniel Danielle Daphné David Delphin Delphine Denis
Denise Diane Didier Dieudonné Dieudonnée Dimitri Djamel Djamila Dominique Dorian Doriane Dorine Dorothée Douce
Dounia Débora Désiré Edgard Edmond Edmée Ella Elsa Emma Emmanuel Emmanuelle Emmelie Enguerrand Enzo Ernest
Ernestine Erwan Estelle Esther Eubert Eudes Eudoxe Eudoxie Eugène Eugénie Eulalie Euphrasie Eustache Eusèbe
Eusébie Eva Fabien Fabrice Falba Fanny Fantin Fantine Farah Fares Farid Farouk Fatima Fatou Fatteh Faustine
Fella Ferdinand Ferhat Feriel Fiacre Fidèle Firmin Flavie Flavien Fleur Flodoard Flore Florence Florent
Florestan Florian Florie Fodil Fortuné Fortunée Foulques Fouzia Francette Francia Francine Francisque Franck
François Françoise Frédéric Frédérique Fulbert Fulcran Fulgence Félicie Félicité Félix Gabin Gabriel Gabrielle
Garance Garnier Gaspar Gaspard Gaston Gatien Gaud Gautier Gaël Gaëlle Geneviève Geoffroy Georges Georgette
Gerberge Gerbert Germain Germaine Gertrude Gervais Ghilas Ghislain Gilbert Gilles Ginette Girart Gislebert
Gisèle Gondebaud Gonthier Gontran Gonzague Grégoire Grégory Guenièvre Gui Guilhemine Guillaume Guillemette
Gustave Gustavine Guy Guyot Guérin Gwenaëlle Gédéon Gérard Géraud Hadjer Hakim Hamid Hamza Hana Hania Hardouin
Hayat Hector Henri Henriette Herbert Herluin Hermine Hervé Hilaire Hildebert Hincmar Hippolyte Hocine Honorine
Honoré Hortense Houcine Houda Hubert Hugo Hugues Huguette Hédelin Hélier Héloïse Hélène Ibrahim Ibrahima Ikram
Ilyes Imene Innocent Inès Irina Iris Irène Isaac Isabeau Isabelle Iseult Isidore Ismérie Jacinthe Jacqueline
Jacques Jade Janine Japhet Jasmine Jason Jean Jeanne Jeannel Jeannine Jeannot Jehanne Joachim Joanny Job
Jocelyn Jocelyne Johan Jonas Jonathan Joseph Josette Josse Josselin Joséphine Jourdain Joël Joëlle Jude
Judicaël Judith Jules Julia Julie Julien Juliette Juste Justin Justine Jérémie Jérémy Jérôme Kada Kahina Karim
Katia Khadidja Khady Khaled Khalil Kévin Laetitia Lambert Lamine Landry Laura Laurane Laure Laureline Laurence
Laurent Lauriane Laurine Laurène Lazare Leila Leu Leufroy Libère Lila Lilia Lina Lionel Lisa Lise Lison
Liétald Longin Lorrain Lorraine Lotfi Lothaire Louis Louise Loup Loïc Luc Lucas Luce Lucie Lucien Lucienne
Lucille Lucy Ludivine Ludolphe Ludovic Lydia Lydie Lyna Lynda Léa Léandre Léna Léon Léonard Léonie Léonne
Léopold Léopoldine Macaire Madeleine Magali Maggie Maguelone Mahaut Malak Malik Malika Mallaury Malo Mamadou
Mamert Manassé Manel Manon Marc Marceau Marcel Marcelin Marceline Marcelle Margaret Margaud Margaux Margot
Marguerite Maria Mariam Marianne Marie Marine Marion Marius Marlène Marthe Martial Martin Martine Marwa Maryse
Massinissa Mathieu Mathilde Mathurin Matthias Matthieu Maud Maugis Maureen Maurice Mauricette Maxellende
Maxence Maxime Maximilien Maya Mayeul Maëlle Mehdi Melchior Mence Meriem Merlin Michaël Michel Michelle
Michèle Mina Mira Mireille Miriam Modou Mohamed Mohammed Mohand Monique Morgan Morgane Mouloud Mounir Mourad
Moussa Moïse Moïsette Muriel Mustapha Mylène Myriam Médéric Mégane Mélanie Mélisande Mélissa Mélissandre
Mélodie Mérovée Nacer Nadia Nadine Nadir Nadège Narcisse Narimane Nassim Nath Nathalie Nathan Nathanaël Naudet
Nawal Nazim Nedjma Nesrine Nestor Nicolas Nicole Nicéphore Nihad Nolwenn Norbert Normand Nour Noé Noémi Noémie
Noël Noëlle Néhémie Octave Océane Odette Odile Odilon Odon Oger Olive Olivie Olivier Olympe Omar Ombline
Ophélie Oriande Oriane Orlane Ouanes Oury Ousmane Oussama Ozanne Pacôme Palémon Parfait Pascal Pascale Paterne
Patrice Patricia Patrick Paul Paule Paulette Pauline Perceval Perrine Philibert Philippe Philippine Philomène
Philothée Philémon Pie Pierre Pierrick Primerose Priscille Prosper Prudence Pulchérie Pécine Pélagie Pénélope
Pépin Pétronille Quentin Quentine Quintia Quiéta Rabah Racha Rachel Rachid Ramzi Rania Raoul Raphaël Raphaëlle
Raymond Raymonde Rebecca Reine Renaud René Renée Reybaud Riad Richard Rida Rita Robert Roch Rochdi Rodolphe
Rodrigue Roger Roland Rolande Romain Romane Romuald Roméo Ronan Rosalie Rose Roselin Roseline Rym Ryma Régine
Régis Réjean Réjeanne Rémi Rémy Saad Sabine Sabrina Safia Sahra Said Salah Salim Salima Salma Salomon Salomé
Sami Samir Samira Samuel Samy Sandra Sandrine Sara Sarah Sauveur Savin Savinien Scholastique Selma Serge
Serine Seydou Sibylle Sidoine Sigebert Sigismond Silvère Simon Simone Sixte Sixtine Sofia Sofiane Solange
Soline Solène Sonia Sophia Sophie Soraya Souad Soufiane Soumia Stanislas Stéphane Stéphanie Susan Susanne
Suzanne Suzon Swassane Sylvain Sylvestre Sylviane Sylvie Sébastien Ségolène Séraphin Séverin Séverine Taha
Tancrède Tanguy Tatiana Taurin Thaïs Thibault Thibaut Thibert Thierry Thinhinane Thomas Théo Théodora Théodore
Théodose Théophile Théophraste Thérèse Tim Timoléon Timothée Tiphaine Titien Tonnin Toussaint Trajan Tristan
Turold Ulysse Urbain Ursule Valentin Valentine Valère Valérie Valéry Venance Venceslas Vianney Victoire Victor
Victorien Victorin Vigile Vincent Vinciane Violette Virginie Viviane Vivien Véronique Wafae Waleran Walid
Wandrille Wassim William Xavier Xavière Xénophon Yacine Yahia Yanis Yann Yannick Yasmina Yasmine Yasser Yoann
Yolande Youba Youcef Younes Yousra Ysaline Yseult Yves Yvette Yvonne Zacharie Zaché Zakaria Zina Zineb Zoé
Zoéva Zéphirin Édith Édouard Éleuthère Élia Éliane Élie Élisabeth Élise Élisée Élodie Éloïse Élzéar Éléonore
Émeline Émeric Émile Émilie Émérance Émérencie Épiphane Éric Étienne Évangéline Évariste Évelyne Évrard
`;

/** French surnames. */
export const surnames = `
Abada Abbad Abbas Abbassi Abbes Abdelaziz Abdellaoui Abdelli Abdi Abdou Abed Abid Abou Abouda Aboukir Achour
Achouri Adam Adda Aissani Aissaoui Alaoui Albert Alexandre Allain Allal Allali Allard Alves Amara Amari Ameur
Ammari Amrane Amrani Amri Amrouche Andre Antoine Arab Aribi Arnaud Attia Aubert Aubry Auger Ayad Ayadi Azizi
Azzouz Ba Bacha Baghdadi Bahloul Bahri Bailly Bakhouche Bakhti Barbe Barbier Baron Barre Barthelemy Baudry
Bazin Becker Belaid Belaidi Belarbi Belbachir Belhadj Belkacem Belkacemi Belkadi Belkheir Belkhiri Benabdellah
Benahmed Benaicha Benaissa Benali Benamar Benamara Benameur Benaouda Benard Bencheikh Benmoussa Bennani Benoit
Bensaid Bensalah Bensalem Benslimane Benyahia Benyamina Benyoucef Benziane Berger Berkane Berkani Bernard
Bernier Berthelot Bertin Bertrand Besnard Besson Bettahar Bigot Blanc Blanchard Blanchet Blin Blondel Blot
Bodin Bonneau Bonnet Bonnin Bouabdellah Bouafia Boualem Bouali Bouaziz Boubekeur Boucetta Bouchama Bouchareb
Boucher Bouchet Boudiaf Boudjemaa Boudraa Bouguerra Boukhalfa Boukhari Boukhatem Boulanger Boulay Boumaza
Boumediene Bounab Bourdon Bourgeois Bousquet Boussaid Boutaleb Boutin Bouvet Bouvier Bouziane Bouzid Bouzidi
Boyer Brahimi Brahmi Breton Briand Brun Bruneau Brunel Brunet Buisson Bègue Camara Camus Carlier Caron
Carpentier Carre Chabane Chaib Chaoui Charef Charles Charpentier Charrier Chartier Chauveau Chauvet Chauvin
Cheikh Chellaoua Chergui Cheriet Cherif Cherifi Chevalier Chevallier Chibani Chikh Chrétien Cissé Clement
Clerc Cohen Colas Colin Collet Collin Cordier Costa Coste Coulibaly Coulon Courtois Cousin Couturier Dahmane
Dahmani Daniel Daoud Daoudi David Delahaye Delannoy Delattre Delaunay Delmas Delorme Denis Derbal Derkaoui
Derouiche Derradji Descamps Deschamps Devaux Diaf Diallo Diarra Dias Diaz Dib Didier Dif Dijoux Diop Djebbar
Djellal Djellouli Djoudi Dubois Dufour Duhamel Dumas Dumont Dupont Dupré Dupuis Dupuy Durand Duval Evrard
Fabre Faivre Fall Fares Fassi Faure Fellah Ferhat Fernandes Fernandez Ferrand Ferreira Filali Fischer Fleury
Fontaine Foucher Fouquet Fournier Francois Gacem Gaillard Gallet Garcia Garnier Gasmi Gaudin Gauthier Gautier
Gay Georges Gerard Germain Gharbi Ghazi Gherbi Gilbert Gilles Gillet Gimenez Girard Giraud Godard Goff Gomes
Gomez Goncalves Gonzalez Gosselin Grenier Grondin Gros Grégoire Guendouz Guerfi Guerin Guessoum Guibert
Guichard Guilbert Guillaume Guillet Guillon Guillot Guillou Guyon Guyot Hachemi Haddad Haddouche Hadjadj Hadji
Hamadi Hamadouche Hamdani Hamdi Hamel Hamidi Hamlaoui Hammadi Hamon Hamoudi Hamza Hamzaoui Hardy Hassani
Hebert Henni Henry Hernandez Hervé Hoarau Hoareau Hocine Houari Hubert Huet Humbert Ikhlef Imbert Jacob
Jacques Jacquet Jacquot Jean Joly Joseph Joubert Jourdan Julien Kaci Kaddour Kaddouri Kadi Kadri Kamel Kara
Kebaili Kebir Keita Khaldi Khaled Khelif Khelifa Khelifi Khelil Klein Konaté Korichi Kouidri Labbé Lacombe
Lacroix Lagarde Lahmar Laib Laine Lakehal Lakhal Lakhdari Lambert Lamri Lamy Langlois Laouar Laporte Larbi
Laribi Laroche Latreche Launay Laurent Leblanc Lebon Lebreton Lebrun Leclerc Leclercq Lecomte Leconte Lecoq
Ledoux Leduc Lefebvre Lefevre Lefort Legendre Legrand Legros Lejeune Leleu Lelièvre Lemaire Lemaître Lemoine
Lemonnier Lenoir Leroux Leroy Lesage Letellier Loiseau Lombard Lopes Lopez Loucif Louis Lounis Lucas Léger
Lévy Lévêque Mace Madani Madi Mahe Mahi Mahmoudi Maillard Maillet Maillot Makhlouf Makhloufi Malek Malki
Mallet Mansour Mansouri Maouche Marchal Marchand Marie Marin Marion Marques Martel Martin Martineau Martinez
Martins Marty Mary Maréchal Masse Masson Mathieu Maurice Maury Mazouz Mazouzi Mebarki Mecheri Meddah Medjahed
Meftah Menard Mendès Merabet Merah Mercier Merle Merzoug Merzougui Mesbah Messaoudi Meunier Meyer Meziane
Meziani Michaud Michel Mihoubi Millet Miloudi Mimouni Mohammedi Mokadem Mokhtari Mokrane Mokrani Monnier
Moreau Morel Moreno Morin Morsli Morvan Mostefaoui Moulay Moulin Moussa Moussaoui Muller Munoz Nacer Naili
Nasri Navarro Ndiaye Nedjar Neveu Nguyen Nicolas Noel Normand Nouar Noui Nouri Oliveira Olivier Ollivier
Otmani Ouali Ouchene Pages Parent Paris Pascal Pasquier Paul Payet Pelletier Peltier Pereira Perez Peron
Perret Perrier Perrin Perrot Petit Petitjean Philippe Picard Pichon Pierre Pineau Pinto Pires Poirier Pons
Potier Pottier Poulain Prevost Pruvost Rabhi Rabia Rachedi Rahal Rahmani Rahmoune Rahmouni Rais Ramdani Ramos
Raymond Raynaud Regnier Remy Renard Renaud Renault Rey Reynaud Rezig Ribeiro Richard Riou Riviere Robert Robin
Roche Rocher Rodrigues Rodriguez Roger Rolland Rossi Rousseau Roussel Rousset Roy Royer Ruiz Saad Saadi Sabri
Saci Sahli Sahraoui Said Saidani Saidi Salah Salem Salhi Salmi Salmon Samson Sanchez Santos Saoudi Sauvage
Sayah Schmitt Schneider Seddiki Seguin Selami Senouci Simon Slimani Smail Soltani Soudani Sousa Sow Tabet
Tahraoui Tahri Taibi Talbi Taleb Tanguy Techer Teixeira Tessier Texier Thibault Thierry Thomas Torres Touati
Touil Toumi Touré Toussaint Traore Turpin Vaillant Valentin Valette Vallet Vallée Vasseur Verdier Vidal
Vincent Voisin Wagner Weber Weiss Yahi Yahia Yahiaoui Yousfi Zaidi Zaoui Zeroual Zerrouki Ziane Ziani Zidane
Zitouni Zouaoui gall roux silva Étienne
`;
