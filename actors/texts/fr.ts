import type { Wording } from './keys.ts';

/** What we say in French. */
export const fr = {
  texts: {
    'consent.service.1':
      'Bonjour, ici {tenant}. Pour organiser votre voyage, nous souhaitons utiliser vos coordonnées et vos données de voyage. Êtes-vous d’accord ? Vous pouvez vous rétracter à tout moment en écrivant STOP.',
    'consent.health-data.1':
      'Autorisez-vous {tenant} à consulter et à conserver vos photos, vos documents et ce que vous nous écrivez sur votre santé, afin que la clinique puisse vous conseiller ? Vous pouvez refuser : nous organiserons votre voyage malgré tout. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
    'consent.transfer-abroad.1':
      'Pour vous répondre plus vite, {tenant} peut-il faire lire vos messages, sans les noms, par des services à l’étranger ? Vous pouvez refuser. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
    'consent.marketing.1':
      'Acceptez-vous que {tenant} vous écrive ici plus tard au sujet de ses offres et nouveautés ? Vous pouvez refuser. Vous pouvez vous rétracter à tout moment en écrivant STOP.',
    'consent.again':
      'Désolés, nous n’avons pas compris. {tenant} peut-il utiliser vos données pour organiser votre voyage ? Merci d’appuyer sur l’un des boutons.',
    'consent.still':
      'Pour pouvoir continuer : {tenant} peut-il utiliser vos données pour organiser votre voyage ? Merci d’appuyer sur l’un des boutons ou de répondre par oui ou non.',
    'consent.reminder':
      'Nous attendons toujours votre réponse : {tenant} peut-il utiliser vos données pour organiser votre voyage ?',
    'consent.refused':
      'C’est noté, nous n’utiliserons pas vos données. Si vous changez d’avis, écrivez-nous simplement. Bien à vous.',
    'consent.unanswered':
      'Sans réponse de votre part, nous n’utiliserons pas vos données. Si vous souhaitez tout de même continuer, écrivez-nous simplement.',
    'consent.noted': 'Merci, votre réponse est bien notée.',
    'intake.origin':
      'Merci ! D’où partirez-vous ? Écrivez la ville ou le code de l’aéroport, par exemple Paris ou CDG.',
    'intake.origin.again':
      'Nous n’avons pas trouvé ce lieu. Merci d’écrire le code à trois lettres de l’aéroport, par exemple CDG.',
    'intake.date': 'Quel jour souhaitez-vous partir ? Merci de l’écrire ainsi : 31.12.2027.',
    'intake.date.again':
      'Nous ne pouvons pas utiliser cette date. Merci d’écrire un jour dans l’année à venir, ainsi : 31.12.2027.',
    'intake.adults': 'Combien d’adultes voyageront ? Merci d’écrire un nombre de 1 à 9.',
    'intake.adults.again': 'Merci d’écrire seulement un nombre de 1 à 9, par exemple 2.',
    'intake.confirm':
      'Merci de vérifier votre voyage : {trip} Tout est juste ? Nous cherchons alors des vols.',
    'intake.change': 'Que faut-il changer ? Merci de choisir, ou de l’écrire avec vos mots.',
    'intake.origin.meant': 'S’agit-il de {place} ? Sinon, merci d’écrire la ville avec son pays.',
    'intake.origin.which':
      'De quel lieu s’agit-il ? Merci de choisir, ou d’écrire la ville avec son pays.',
    'intake.date.which':
      'De quel jour s’agit-il ? Merci de choisir, ou de l’écrire ainsi : 31.12.2027.',
    'intake.dates':
      'Quel jour faut-il retenir ? Merci de l’écrire ainsi : 31.12.2027, et aussi le jour du retour si vous en souhaitez un.',
    'intake.party':
      'Qui voyage ? Combien d’adultes, et quel âge ont les enfants ? Par exemple : 2 adultes, enfants 4 et 7.',
    'intake.children':
      'Quel âge auront les enfants le jour du vol ? Par exemple : 4 et 7. Pour un bébé, écrivez 0.',
    'intake.procedure': 'Quel est le but de votre voyage ? Merci de l’écrire en quelques mots.',
    'intake.next':
      'Nous précisons d’abord les détails de votre voyage et vous les confirmez. Ensuite nous cherchons des vols, vous en choisissez un et vous payez par un lien que nous vous envoyons ici.',
    'intake.reminder':
      'Poursuivons-nous la préparation de votre voyage ? Nous attendons la réponse à notre dernière question.',
    'flights.searching':
      'Nous cherchons des vols : {origin} – {destination}, {date}. Un instant, s’il vous plaît.',
    'flights.none': 'Nous n’avons trouvé aucun vol ce jour-là : {date} – essayons un autre jour.',
    'flights.slow':
      'La recherche de vols prend plus de temps que d’habitude. Nous continuons de nous-mêmes et vous écrirons ici dès que nous saurons.',
    'flights.still':
      'Les compagnies aériennes ne nous ont pas encore répondu. Nous continuons de demander, et vos vols arriveront ici sans que vous ayez rien à faire.',
    'offer.list':
      'Voici nos vols pour vous :\n{offers}\nMerci d’en choisir un. Écrivez 0 pour un autre jour.',
    'offer.reminder':
      'Nos offres de vol expirent bientôt :\n{offers}\nMerci d’en choisir une. Écrivez 0 pour un autre jour.',
    'offer.lapsed': 'Ce prix n’est plus valable. Nous relançons la recherche pour vous.',
    'offer.expired':
      'Nos offres de vol ont expiré. Écrivez-nous simplement pour en recevoir de nouvelles.',
    'offer.old':
      'Ces offres sont anciennes. Nos vols les plus récents pour vous :\n{offers}\nMerci d’en choisir un. Écrivez 0 pour un autre jour.',
    'offer.gone': 'Ces offres sont anciennes. Votre voyage a changé depuis.',
    'offer.confirm': 'Souhaitez-vous ce vol ?\n{offers}\nFaut-il le réserver ?',
    'offer.change':
      'Vous avez choisi : {title} Souhaitez-vous plutôt ce vol ?\n{offers}\nLe lien envoyé auparavant ne pourra alors plus être payé.',
    'payment.link':
      'Votre réservation : {title} Elle coûte {total}. Vous pouvez payer en toute sécurité ici : {url} – merci.',
    'payment.slow':
      'Nous préparons votre lien de paiement. Cela prend plus de temps que d’habitude ; il arrivera ici de lui-même.',
    'payment.checking':
      'Nous avons appris votre paiement et le vérifions auprès de la banque. Cela prend plus de temps que d’habitude ; vous n’avez rien à faire, nous vous écrirons ici.',
    'payment.reminder':
      'Votre paiement de {total} n’est pas encore arrivé : {title} Le lien expire bientôt : {url} – merci.',
    'payment.expired':
      'Le lien de paiement a expiré. Écrivez-nous simplement pour une nouvelle offre.',
    'payment.renew':
      'Le lien de paiement a expiré : {title} Le prix est de {total}. Nous pouvons vous en envoyer un nouveau.',
    'payment.received':
      'Merci, votre paiement de {total} est bien arrivé : {title} Nous vous écrirons ici pour la suite.',
    'payment.refunded':
      'Nous vous avons remboursé {amount} : {title} Quelques jours peuvent passer avant que votre banque l’affiche.',
    'booking.confirmed':
      'Merci, votre paiement de {total} est arrivé. Votre voyage est payé, les billets sont en cours d’émission : {title} Votre référence est {bookingId}. Dès que les billets seront là, nous vous écrirons ici.',
    'payment.known':
      'Un paiement de votre part nous est parvenu : {total}, le {date} – pour : {title} Nous n’avons rien reçu d’autre pour cela.',
    'payment.twice':
      'Deux paiements nous sont parvenus pour la même réservation : {title} Un membre de notre équipe s’en occupe, le trop-perçu sera rendu.',
    'payment.none':
      'Aucun paiement de votre part ne nous est encore parvenu. Il peut falloir quelques minutes ; nous vous écrirons ici aussitôt.',
    'trip.known':
      'Voici votre voyage, il est payé : {title} Votre référence est {bookingId}. S’il faut y changer quelque chose, écrivez-nous simplement.',
    'trip.unpaid':
      'Vous avez choisi ce voyage : {title} Il sera réservé dès qu’il sera payé. Faut-il renvoyer le lien ? Écrivez simplement « lien ».',
    'trip.ticketing':
      'Voici votre voyage : {title} Il est payé et les billets sont en cours d’émission. Votre référence est {bookingId}. Dès que les billets sont là, nous vous écrivons ici.',
    'trip.held':
      'La compagnie aérienne n’a pas encore confirmé vos vols : {title} Votre référence est {bookingId}. Votre paiement est en sécurité, rien n’est perdu. Une personne de notre équipe s’en occupe et vous écrira ici ce qui est possible.',
    'trip.ticketed':
      'Vos billets sont émis : {title} Le code de réservation de la compagnie est {pnr}, numéros de billets : {tickets}. Votre référence chez nous est {bookingId}. Bon voyage !',
    'trip.none':
      'Aucun vol n’est encore réservé pour vous. Dès qu’il le sera, nous vous écrirons ici.',
    'staff.handover': 'Un membre de notre équipe vous répondra ici dès que possible.',
    'staff.noted': 'Merci, c’est noté. Notre collègue voit votre message et vous répondra ici.',
    'staff.reply': '{text}',
    'conversation.unreadable':
      'Désolés, nous ne pouvons pas lire ici ce type de message (autocollants, notes vidéo, etc.). Merci de l’écrire sous forme de texte.',
    'conversation.location':
      'Merci pour le lieu. De quelle ville ou de quel aéroport partirez-vous ?',
    'conversation.urgent':
      'En cas d’urgence, appelez tout de suite les secours de l’endroit où vous êtes (le 112 en Turquie et dans l’Union européenne). Nous prévenons à l’instant un membre de notre équipe.',
    'conversation.stopped':
      'C’est noté, nous ne vous écrirons plus. Si vous avez de nouveau besoin de nous, envoyez-nous simplement un message.',
    'conversation.doubt':
      'Notre dernier message ne vous est peut-être pas parvenu. Si c’est le cas, écrivez-nous quelques mots et nous vous le renverrons.',
    'conversation.erasure':
      'Nous avons noté que vous souhaitez l’effacement de vos données et l’avons transmis. Un membre de notre équipe s’en occupe et vous le confirmera ici.',
    'conversation.reopen':
      'Nous avons du nouveau concernant votre demande. Merci de répondre à ce message pour que nous poursuivions ici.',
    'media.received': 'Merci, nous avons bien reçu votre fichier. Notre équipe va l’examiner.',
    'media.tooLarge':
      'Ce fichier est trop volumineux. Merci d’en envoyer un de {limit} Mo au maximum.',
    'media.wrongType':
      'Nous ne pouvons pas ouvrir ce type de fichier. Merci d’envoyer une photo (JPEG ou PNG) ou un PDF.',
    'media.damaged': 'Votre fichier est arrivé endommagé. Merci de l’envoyer de nouveau.',
    'media.unsafe':
      'Votre fichier n’a pas passé notre contrôle de sécurité et n’a pas été conservé. Merci de prendre une nouvelle photo et de l’envoyer.',
    'media.gone': 'Ce fichier n’est plus disponible. Merci de l’envoyer de nouveau.',
    'media.failed':
      'Nous n’avons pas pu lire votre fichier. Un membre de notre équipe s’en occupe.',
    'media.refused':
      'Sans votre accord pour les données de santé, nous ne conservons ni photos ni documents. Votre fichier n’a pas été enregistré.',
    'documents.ask':
      'Merci de déposer votre {document} ici en toute sécurité, dans les sept jours : {url} – ce lien n’est visible que par vous.',
    'documents.received': 'Nous avons bien reçu votre {document}, merci beaucoup.',
    'documents.tooLarge':
      'Le fichier que vous avez déposé est trop volumineux. Il peut faire {limit} Mo au maximum.',
    'documents.wrongType':
      'Nous ne pouvons pas ouvrir le type de fichier que vous avez déposé. Il peut s’agir d’une photo (JPEG ou PNG) ou d’un PDF.',
    'documents.damaged': 'Désolés, le fichier que vous avez déposé est arrivé endommagé.',
    'documents.unsafe':
      'Le fichier que vous avez déposé n’a pas passé notre contrôle de sécurité. Merci de photographier de nouveau l’original.',
    'travellers.ask':
      'Pour les billets, la compagnie aérienne a besoin des données de chaque voyageur, telles qu’elles figurent sur le passeport. Merci de les saisir ici en toute sécurité : {url} – ce lien n’est visible que par vous. Avec les passeports sous la main, cela prend quelques minutes.',
    'travellers.reminder':
      'Il nous manque encore les données de passeport des voyageurs : sans elles, les billets ne peuvent pas être émis. Merci de les saisir ici : {url} – si quelque chose n’est pas clair, écrivez-nous simplement.',
    'travellers.wrong':
      'La compagnie aérienne n’a pas accepté les données des voyageurs. Veuillez vérifier que les noms, les dates de naissance et les passeports sont écrits exactement comme dans les passeports, et renvoyer le formulaire : {url} – si quelque chose n’est pas clair, écrivez-nous simplement.',
    'travellers.again':
      'Voici de nouveau le formulaire pour les données de passeport des voyageurs : {url} – c’est votre dernier envoi qui compte.',
    'review.waiting':
      'Merci, notre équipe regarde ce que vous avez envoyé. Nous vous écrirons ici.',
    'review.declined':
      'Malheureusement, nous ne pouvons pas vous proposer ce que vous avez demandé. Un membre de notre équipe vous écrira ici.',
    'aftercare.start': 'Bon retour ! Si vous avez une question, vous pouvez écrire ici.',
    'journey.ask':
      'Faut-il organiser un voyage séparé pour {name} ? Nous demanderions alors un accord à part.',
    'journey.ask.unnamed':
      'S’agit-il de quelqu’un d’autre ? Faut-il organiser un voyage séparé, avec un accord à part ?',
    'family.whom': 'De qui s’agit-il dans votre dernier message ?',
  },
  buttons: {
    'consent:yes': 'J’accepte',
    'consent:no': 'Non, merci',
    'offer:none': 'Un autre jour',
    'offer:{n}': 'Vol {n}',
    'pay:again': 'Nouveau lien',
    continue: 'Continuer',
    'trip:yes': 'Oui, c’est juste',
    'trip:origin': 'Changer le lieu',
    'trip:dates': 'Changer les dates',
    'trip:party': 'Changer voyageurs',
    'trip:procedure': 'Changer le soin',
    'trip:change': 'Modifier',
    'journey:new': 'Oui, à part',
    'journey:same': 'Non, le même',
    choose: 'Choisir',
  },
  rows: {
    self: 'Vous',
    for: 'Ce message est pour {name} : ',
    direct: 'direct',
    stops: 'escales : {n}',
    handBaggage: 'bagage à main seulement',
    none: 'Nous cherchons pour vous un autre jour',
  },
  trip: {
    from: 'De ',
    to: 'À ',
    there: 'Aller ',
    back: 'Retour ',
    party: 'Voyageurs ',
    baggage: 'Bagages ',
    until: 'À payer avant le ',
    procedure: 'Soin ',
  },
  stops: { one: '{n} escale à {places}', other: '{n} escales à {places}' },
  bags: {
    one: '{n} bagage en soute par personne',
    other: '{n} bagages en soute par personne',
  },
  adults: { one: '{n} adulte', other: '{n} adultes' },
  children: { one: '{n} enfant (âge : {ages})', other: '{n} enfants (âges : {ages})' },
  procedures: {
    'hair-transplant': 'greffe de cheveux',
    dental: 'soins dentaires',
    eye: 'soins des yeux',
    nose: 'chirurgie du nez',
    breast: 'chirurgie mammaire',
    liposuction: 'liposuccion',
    bariatric: 'chirurgie de l’obésité',
    orthopaedic: 'orthopédie (os et articulations)',
    ivf: 'procréation assistée (FIV)',
    oncology: 'oncologie',
    cardiology: 'cardiologie (cœur)',
    'check-up': 'bilan de santé',
  },
  documents: {
    passport: 'passeport',
    visa: 'visa',
    report: 'rapport médical',
    'x-ray': 'radiographie',
  },
} as const satisfies Wording;
