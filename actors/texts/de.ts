import type { Wording } from './keys.ts';

/** What we say in German. */
export const de = {
  texts: {
    'consent.service.1':
      'Hallo, hier ist {tenant}. Um Ihre Reise zu organisieren, möchten wir Ihre Kontakt- und Reisedaten verwenden. Sind Sie einverstanden? Sie können jederzeit mit STOP widerrufen.',
    'consent.health-data.1':
      'Darf {tenant} Ihre Fotos, Ihre Dokumente und das, was Sie uns über Ihre Gesundheit schreiben, ansehen und aufbewahren, damit die Klinik Sie beraten kann? Sie dürfen gern ablehnen, Ihre Reise organisieren wir trotzdem. Sie können jederzeit mit STOP widerrufen.',
    'consent.transfer-abroad.1':
      'Darf {tenant} Ihre Nachrichten ohne Namen von Diensten im Ausland lesen lassen, um Ihnen schneller zu antworten? Sie dürfen gern ablehnen. Sie können jederzeit mit STOP widerrufen.',
    'consent.marketing.1':
      'Darf {tenant} Ihnen hier später Angebote und Neuigkeiten schicken? Sie dürfen gern ablehnen. Sie können jederzeit mit STOP widerrufen.',
    'consent.again':
      'Entschuldigung, das haben wir nicht verstanden. Darf {tenant} Ihre Daten für Ihre Reise verwenden? Bitte drücken Sie eine der Tasten.',
    'consent.still':
      'Damit wir weitermachen können: Darf {tenant} Ihre Daten verwenden, um Ihre Reise zu organisieren? Bitte drücken Sie eine der Tasten oder antworten Sie mit Ja oder Nein.',
    'consent.reminder':
      'Wir warten noch auf Ihre Antwort: Darf {tenant} Ihre Daten für Ihre Reise verwenden?',
    'consent.refused':
      'Verstanden, wir verwenden Ihre Daten nicht. Falls Sie es sich anders überlegen, schreiben Sie uns einfach. Alles Gute.',
    'consent.unanswered':
      'Da wir nichts von Ihnen gehört haben, verwenden wir Ihre Daten nicht. Wenn Sie doch weitermachen möchten, schreiben Sie uns einfach.',
    'consent.noted': 'Vielen Dank, wir haben Ihre Antwort vermerkt.',
    'intake.origin':
      'Danke! Von wo fliegen Sie? Schreiben Sie die Stadt oder den Flughafencode, zum Beispiel Berlin oder BER.',
    'intake.origin.again':
      'Diesen Ort haben wir nicht gefunden. Bitte schreiben Sie den dreistelligen Flughafencode, zum Beispiel BER.',
    'intake.date': 'An welchem Tag möchten Sie fliegen? Bitte schreiben Sie es so: 31.12.2027.',
    'intake.date.again':
      'Dieses Datum können wir nicht verwenden. Bitte schreiben Sie einen Tag im nächsten Jahr so: 31.12.2027.',
    'intake.adults': 'Wie viele Erwachsene reisen? Bitte schreiben Sie eine Zahl von 1 bis 9.',
    'intake.adults.again': 'Bitte schreiben Sie nur eine Zahl von 1 bis 9, zum Beispiel 2.',
    'intake.confirm': 'Bitte prüfen Sie Ihre Reise: {trip} Stimmt alles so? Dann suchen wir Flüge.',
    'intake.change':
      'Was sollen wir ändern? Bitte wählen Sie, oder schreiben Sie es in eigenen Worten.',
    'intake.origin.meant':
      'Meinen Sie {place}? Wenn nicht, schreiben Sie bitte die Stadt mit dem Land.',
    'intake.origin.which':
      'Welchen Ort meinen Sie? Bitte wählen Sie, oder schreiben Sie die Stadt mit dem Land.',
    'intake.date.which':
      'Welchen Tag meinen Sie? Bitte wählen Sie, oder schreiben Sie ihn so: 31.12.2027.',
    'intake.dates':
      'Welcher Tag soll es sein? Bitte schreiben Sie ihn so: 31.12.2027, und auch den Tag des Rückflugs, wenn Sie einen wünschen.',
    'intake.party':
      'Wer reist? Wie viele Erwachsene, und wie alt sind die Kinder? Zum Beispiel: 2 Erwachsene, Kinder 4 und 7.',
    'intake.children':
      'Wie alt sind die Kinder am Tag des Fluges? Zum Beispiel: 4 und 7. Für ein Baby schreiben Sie 0.',
    'intake.procedure': 'Worum geht es bei Ihrer Reise? Bitte schreiben Sie es in wenigen Worten.',
    'intake.next':
      'Zuerst klären wir die Einzelheiten Ihrer Reise, und Sie bestätigen sie. Dann suchen wir Flüge, Sie wählen einen aus und bezahlen über einen Link, den wir Ihnen hier schicken.',
    'intake.reminder':
      'Sollen wir Ihre Reise weiter planen? Wir warten auf die Antwort auf unsere letzte Frage.',
    'flights.searching':
      'Wir suchen jetzt Flüge für Sie: {origin} – {destination}, {date}. Einen Moment, bitte.',
    'flights.none':
      'An diesem Tag haben wir keine Flüge gefunden: {date} – versuchen wir einen anderen.',
    'flights.slow':
      'Die Flugsuche dauert länger als sonst. Wir suchen von selbst weiter und schreiben Ihnen hier, sobald wir etwas wissen.',
    'flights.still':
      'Die Fluggesellschaften haben uns noch nicht geantwortet. Wir fragen weiter, und Ihre Flüge kommen hierher, ohne dass Sie etwas tun müssen.',
    'offer.list':
      'Das sind unsere Flüge für Sie:\n{offers}\nBitte wählen Sie einen. Schreiben Sie 0 für einen anderen Tag.',
    'offer.reminder':
      'Unsere Flugangebote laufen bald ab:\n{offers}\nBitte wählen Sie einen Flug. Schreiben Sie 0 für einen anderen Tag.',
    'offer.lapsed': 'Dieser Preis gilt nicht mehr. Wir suchen erneut für Sie.',
    'offer.expired': 'Unsere Flugangebote sind abgelaufen. Für neue schreiben Sie uns einfach.',
    'offer.old':
      'Diese Angebote sind veraltet. Unsere neuesten Flüge für Sie:\n{offers}\nBitte wählen Sie einen. Schreiben Sie 0 für einen anderen Tag.',
    'offer.gone': 'Diese Angebote sind veraltet. Ihre Reise hat sich seitdem geändert.',
    'offer.confirm': 'Möchten Sie diesen Flug?\n{offers}\nSollen wir ihn buchen?',
    'offer.change':
      'Sie haben gewählt: {title} Möchten Sie stattdessen diesen Flug?\n{offers}\nDer bisherige Link kann dann nicht mehr bezahlt werden.',
    'payment.link':
      'Ihre Buchung: {title} Sie kostet {total}. Hier können Sie sicher bezahlen: {url} – vielen Dank.',
    'payment.slow':
      'Wir bereiten Ihren Zahlungslink vor. Es dauert länger als sonst, er kommt von selbst hierher.',
    'payment.checking':
      'Wir haben von Ihrer Zahlung gehört und prüfen sie bei der Bank. Es dauert länger als sonst; Sie müssen nichts tun, wir schreiben Ihnen hier.',
    'payment.reminder':
      'Ihre Zahlung von {total} ist noch nicht eingegangen: {title} Der Link läuft bald ab: {url} – vielen Dank.',
    'payment.expired':
      'Der Zahlungslink ist abgelaufen. Für ein neues Angebot schreiben Sie uns einfach.',
    'payment.renew':
      'Der Zahlungslink ist abgelaufen: {title} Der Preis ist {total}. Wir senden Ihnen gern einen neuen.',
    'payment.received':
      'Vielen Dank, Ihre Zahlung von {total} ist eingegangen: {title} Wie es weitergeht, schreiben wir Ihnen hier.',
    'payment.refunded':
      'Wir haben Ihnen {amount} erstattet: {title} Bis Ihre Bank es anzeigt, kann es einige Tage dauern.',
    'booking.confirmed':
      'Danke, Ihre Zahlung von {total} ist eingegangen. Ihre Reise ist bezahlt, die Tickets werden ausgestellt: {title} Ihre Buchungsnummer ist {bookingId}. Sobald die Tickets da sind, schreiben wir Ihnen hier.',
    'payment.known':
      'Eine Zahlung von Ihnen ist eingegangen: {total}, am {date} – für: {title} Weiter ist dafür nichts eingegangen.',
    'payment.twice':
      'Für dieselbe Buchung sind zwei Zahlungen eingegangen: {title} Eine Kollegin oder ein Kollege sieht es sich an; was zu viel ist, geht zurück.',
    'payment.none':
      'Von Ihnen ist noch keine Zahlung eingegangen. Es kann einige Minuten dauern, bis wir davon hören; dann schreiben wir Ihnen hier sofort.',
    'trip.known':
      'Das ist Ihre Reise, sie ist bezahlt: {title} Ihre Buchungsnummer ist {bookingId}. Soll sich etwas daran ändern, schreiben Sie uns einfach.',
    'trip.unpaid':
      'Sie haben diese Reise gewählt: {title} Sie wird gebucht, sobald sie bezahlt ist. Sollen wir den Link noch einmal senden? Schreiben Sie einfach „Link“.',
    'trip.ticketing':
      'Das ist Ihre Reise: {title} Sie ist bezahlt, und die Tickets werden ausgestellt. Ihre Buchungsnummer ist {bookingId}. Sobald die Tickets da sind, schreiben wir Ihnen hier.',
    'trip.held':
      'Die Fluggesellschaft hat Ihre Flüge noch nicht bestätigt: {title} Ihre Buchungsnummer ist {bookingId}. Ihre Zahlung ist sicher, es geht nichts verloren. Eine Kollegin oder ein Kollege kümmert sich darum und schreibt Ihnen hier, was möglich ist.',
    'trip.ticketed':
      'Ihre Tickets sind ausgestellt: {title} Buchungscode der Fluggesellschaft: {pnr}, Ticketnummern: {tickets}. Ihre Buchungsnummer bei uns ist {bookingId}. Gute Reise!',
    'trip.none':
      'Für Sie ist noch kein Flug gebucht. Sobald einer gebucht ist, schreiben wir Ihnen hier.',
    'staff.handover': 'Eine Kollegin oder ein Kollege antwortet Ihnen hier so bald wie möglich.',
    'staff.noted':
      'Danke, das ist notiert. Unsere Kollegin oder unser Kollege sieht Ihre Nachricht und antwortet Ihnen hier.',
    'staff.reply': '{text}',
    'conversation.unreadable':
      'Entschuldigung, diese Art von Nachricht (Sticker, Videonotizen und Ähnliches) können wir hier nicht lesen. Bitte schreiben Sie sie als Text.',
    'conversation.location':
      'Danke für den Standort. Von welcher Stadt oder welchem Flughafen fliegen Sie?',
    'conversation.urgent':
      'Wenn es ein Notfall ist, rufen Sie bitte sofort den örtlichen Notruf an (112 in der Türkei und der Europäischen Union). Wir verständigen jetzt eine Kollegin oder einen Kollegen.',
    'conversation.stopped':
      'Verstanden, wir schreiben Ihnen nicht mehr. Wenn Sie uns wieder brauchen, senden Sie uns einfach eine Nachricht.',
    'conversation.doubt':
      'Unsere letzte Nachricht hat Sie vielleicht nicht erreicht. Falls nicht, schreiben Sie uns kurz, dann senden wir sie noch einmal.',
    'conversation.erasure':
      'Wir haben notiert, dass Ihre Daten gelöscht werden sollen, und es weitergegeben. Eine Kollegin oder ein Kollege kümmert sich darum und bestätigt es Ihnen hier.',
    'conversation.reopen':
      'Es gibt Neuigkeiten zu Ihrer Anfrage. Bitte antworten Sie auf diese Nachricht, dann machen wir hier weiter.',
    'media.received': 'Vielen Dank, wir haben Ihre Datei erhalten. Unser Team sieht sie sich an.',
    'media.tooLarge': 'Diese Datei ist zu groß. Bitte senden Sie eine mit höchstens {limit} MB.',
    'media.wrongType':
      'Diese Art von Datei können wir nicht öffnen. Bitte senden Sie ein Foto (JPEG oder PNG) oder ein PDF.',
    'media.damaged': 'Ihre Datei ist beschädigt angekommen. Bitte senden Sie sie noch einmal.',
    'media.unsafe':
      'Ihre Datei hat unsere Sicherheitsprüfung nicht bestanden und wurde nicht gespeichert. Bitte fotografieren Sie das Original neu und senden Sie das Foto.',
    'media.gone': 'Diese Datei ist nicht mehr verfügbar. Bitte senden Sie sie noch einmal.',
    'media.failed':
      'Wir konnten Ihre Datei nicht lesen. Eine Kollegin oder ein Kollege kümmert sich darum.',
    'media.refused':
      'Ohne Ihre Einwilligung zu Gesundheitsdaten bewahren wir keine Fotos oder Dokumente auf. Ihre Datei wurde nicht gespeichert.',
    'documents.ask':
      'Uns fehlt noch Ihr {document}. Bitte laden Sie die Datei innerhalb von sieben Tagen hier sicher hoch: {url} – diesen Link sehen nur Sie.',
    'documents.received': 'Vielen Dank, Ihr {document} ist bei uns angekommen.',
    'documents.tooLarge': 'Die hochgeladene Datei ist zu groß. Möglich sind höchstens {limit} MB.',
    'documents.wrongType':
      'Die Art der hochgeladenen Datei können wir nicht öffnen. Möglich sind ein Foto (JPEG oder PNG) oder ein PDF.',
    'documents.damaged': 'Die hochgeladene Datei ist leider beschädigt angekommen.',
    'documents.unsafe':
      'Die hochgeladene Datei hat unsere Sicherheitsprüfung nicht bestanden. Bitte fotografieren Sie das Original neu.',
    'travellers.ask':
      'Für die Tickets braucht die Fluggesellschaft die Angaben aller Reisenden, wie sie im Reisepass stehen. Bitte tragen Sie sie hier sicher ein: {url} – diesen Link sehen nur Sie. Mit den Pässen zur Hand dauert es wenige Minuten.',
    'travellers.reminder':
      'Uns fehlen noch die Passdaten der Reisenden: Ohne sie können die Tickets nicht ausgestellt werden. Bitte tragen Sie sie hier ein: {url} – wenn etwas unklar ist, schreiben Sie uns einfach.',
    'travellers.wrong':
      'Die Fluggesellschaft hat die Angaben zu den Reisenden nicht angenommen. Bitte prüfen Sie, ob Namen, Geburtsdaten und Pässe genau so dastehen wie im Pass, und senden Sie das Formular noch einmal: {url} – wenn etwas unklar ist, schreiben Sie uns einfach.',
    'travellers.again':
      'Hier ist noch einmal das Formular für die Passdaten der Reisenden: {url} – es gilt, was Sie zuletzt senden.',
    'review.waiting':
      'Vielen Dank, unser Team sieht sich an, was Sie gesendet haben. Wir schreiben Ihnen hier.',
    'review.declined':
      'Leider kann unser Team Ihnen das Gewünschte nicht anbieten. Eine Kollegin oder ein Kollege schreibt Ihnen hier.',
    'aftercare.start': 'Gute Heimreise! Bei Fragen können Sie hier schreiben.',
    'journey.ask':
      'Sollen wir für {name} eine eigene Reise planen? Dafür fragen wir dann eigens um Zustimmung.',
    'journey.ask.unnamed':
      'Geht es um jemand anderen? Sollen wir dafür eine eigene Reise planen, mit eigener Zustimmung?',
    'family.whom': 'Um wen geht es in Ihrer letzten Nachricht?',
  },
  buttons: {
    'consent:yes': 'Ich stimme zu',
    'consent:no': 'Nein, danke',
    'offer:none': 'Anderer Tag',
    'offer:{n}': 'Flug {n}',
    'pay:again': 'Neuer Link',
    continue: 'Weiter',
    'trip:yes': 'Ja, stimmt',
    'trip:origin': 'Ort ändern',
    'trip:dates': 'Datum ändern',
    'trip:party': 'Reisende ändern',
    'trip:procedure': 'Behandlung ändern',
    'trip:change': 'Etwas ändern',
    'journey:new': 'Ja, eine eigene',
    'journey:same': 'Nein, dieselbe',
    choose: 'Auswählen',
  },
  rows: {
    self: 'Sie',
    for: 'Diese Nachricht ist für {name}: ',
    direct: 'direkt',
    stops: 'Umstiege: {n}',
    handBaggage: 'nur Handgepäck',
    none: 'Wir suchen für Sie an einem anderen Tag',
  },
  trip: {
    from: 'Von',
    to: 'Nach',
    there: 'Hinflug',
    back: 'Rückflug',
    party: 'Reisende',
    baggage: 'Gepäck',
    until: 'Zahlbar bis',
    procedure: 'Behandlung',
  },
  stops: { one: '{n} Umstieg in {places}', other: '{n} Umstiege in {places}' },
  bags: { other: '{n} Koffer pro Person' },
  adults: { one: '{n} Erwachsener', other: '{n} Erwachsene' },
  children: { one: '{n} Kind (Alter: {ages})', other: '{n} Kinder (Alter: {ages})' },
  procedures: {
    'hair-transplant': 'Haartransplantation',
    dental: 'Zahnbehandlung',
    eye: 'Augenbehandlung',
    nose: 'Nasenoperation',
    breast: 'Brustoperation',
    liposuction: 'Fettabsaugung',
    bariatric: 'Operation zur Gewichtsabnahme',
    orthopaedic: 'Orthopädie (Knochen und Gelenke)',
    ivf: 'Kinderwunschbehandlung (IVF)',
    oncology: 'Onkologie',
    cardiology: 'Kardiologie (Herz)',
    'check-up': 'Vorsorgeuntersuchung',
  },
  documents: {
    passport: 'Reisepass',
    visa: 'Visum',
    report: 'medizinischer Bericht',
    'x-ray': 'Röntgenbild',
  },
} as const satisfies Wording;
