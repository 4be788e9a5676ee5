/** What we say in English. The other languages have the same keys and the same gaps, or they do not compile and do not load. */
export const en = {
  texts: {
    'consent.service.1':
      'Hello, this is {tenant}. To arrange your trip we would like to use your contact and travel details. Do you agree? You can withdraw at any time by writing STOP.',
    'consent.health-data.1':
      'May {tenant} look at and keep your photos, your documents and what you tell us about your health, so that the clinic can advise you? You are free to refuse: we can still arrange your trip. You can withdraw at any time by writing STOP.',
    'consent.transfer-abroad.1':
      'To answer you faster, may {tenant} have your messages, with names removed, read by services abroad? You are free to refuse. You can withdraw at any time by writing STOP.',
    'consent.marketing.1':
      'May {tenant} write to you here about offers and news later on? You are free to refuse. You can withdraw at any time by writing STOP.',
    'consent.again':
      'Sorry, we did not understand. May {tenant} use your details to arrange your trip? Please press one of the buttons.',
    'consent.still':
      'Before we can go on: may {tenant} use your details to arrange your trip? Please press one of the buttons, or answer yes or no.',
    'consent.reminder':
      'We are still waiting for your answer: may {tenant} use your details to arrange your trip?',
    'consent.refused':
      'Understood, we will not use your details. If you change your mind, just write to us. All the best.',
    'consent.unanswered':
      'As we have not heard from you, we will not use your details. If you would like to go on after all, just write to us.',
    'consent.noted': 'Thank you, we have noted your answer.',
    'intake.origin':
      'Thank you! Where will you fly from? Write the city or the airport code, for example Berlin or BER.',
    'intake.origin.again':
      'We could not find that place. Please write the three-letter code of the airport, for example BER.',
    'intake.date': 'On which day would you like to fly? Please write it like 31.12.2027.',
    'intake.date.again':
      'We cannot use that date. Please write a day within the next year, like 31.12.2027.',
    'intake.adults': 'How many adults will travel? Please write a number from 1 to 9.',
    'intake.adults.again': 'Please write only a number from 1 to 9, for example 2.',
    'intake.confirm':
      'Please check your trip: {trip} Is everything right? Then we look for flights.',
    'intake.change': 'What shall we change? Please choose, or write it in your own words.',
    'intake.origin.meant': 'Do you mean {place}? If not, please write the city with its country.',
    'intake.origin.which':
      'Which place do you mean? Please choose, or write the city with its country.',
    'intake.date.which': 'Which day do you mean? Please choose, or write it like 31.12.2027.',
    'intake.dates':
      'Which day shall it be? Please write it like 31.12.2027, and the day of the flight back too if you want one.',
    'intake.party':
      'Who travels? How many adults, and how old are the children? For example: 2 adults, children 4 and 7.',
    'intake.children':
      'How old are the children on the day of the flight? For example: 4 and 7. Write 0 for a baby.',
    'intake.procedure': 'What is your trip about? Please write it in a few words.',
    'intake.next':
      'First we settle the details of your trip, and you confirm them. Then we look for flights, you choose one and pay by a link that we send you here.',
    'intake.reminder':
      'Shall we go on planning your trip? We are waiting for the answer to our last question.',
    'flights.searching':
      'We are looking for flights: {origin} – {destination}, {date}. One moment, please.',
    'flights.none': 'We found no flights on this day: {date} – let us try another day.',
    'flights.slow':
      'The search for flights takes longer than usual. We go on by ourselves and write here as soon as we know.',
    'flights.still':
      'The airlines have not answered us yet. We are still asking, and your flights come here without your doing anything.',
    'offer.list':
      'These are our flights for you:\n{offers}\nPlease choose one. Write 0 for another day.',
    'offer.reminder':
      'Our flight offers end soon:\n{offers}\nPlease choose one. Write 0 for another day.',
    'offer.lapsed': 'That price is no longer valid. We are searching again for you.',
    'offer.expired': 'Our flight offers have ended. Just write to us for new ones.',
    'offer.old':
      'These offers are old. Our newest flights for you:\n{offers}\nPlease choose one. Write 0 for another day.',
    'offer.gone': 'These offers are old. Your trip has changed since.',
    'offer.confirm': 'Do you want this flight?\n{offers}\nShall we book it?',
    'offer.change':
      'You have chosen: {title} Do you want this flight instead?\n{offers}\nThe link sent before can then not be paid any more.',
    'payment.link':
      'Your booking: {title} It costs {total}. You can pay safely here: {url} – thank you.',
    'payment.slow':
      'We are preparing your payment link. It takes longer than usual and comes here by itself.',
    'payment.checking':
      'We have heard of your payment and are checking it with the bank. It takes longer than usual; you need not do anything, and we write to you here.',
    'payment.reminder':
      'Your payment of {total} has not arrived yet: {title} The link ends soon: {url} – thank you.',
    'payment.expired': 'The payment link has ended. Just write to us for a new offer.',
    'payment.renew':
      'The payment link has run out: {title} It costs {total}. We can send you a new one.',
    'payment.received':
      'Thank you, your payment of {total} has arrived: {title} We write to you here about what comes next.',
    'payment.refunded':
      'We have refunded {amount} to you: {title} It may take some days until your bank shows it.',
    'booking.confirmed':
      'Thank you, your payment of {total} has arrived. Your trip is paid and being ticketed: {title} Your reference is {bookingId}. As soon as the tickets are there, we write to you here.',
    'payment.known':
      'One payment of yours has reached us: {total}, on {date} – for: {title} We have received nothing else for it.',
    'payment.twice':
      'Two payments for the same booking have reached us: {title} A colleague is looking at it and gives back what is too much.',
    'payment.none':
      'No payment of yours has reached us yet. It may take some minutes until we hear of it, and we write to you here at once.',
    'trip.known':
      'This is your trip, it is paid: {title} Your reference is {bookingId}. If anything about it is to change, just write to us.',
    'trip.unpaid':
      'You have chosen this trip: {title} It is booked as soon as it is paid. Shall we send the link again? Just write "link".',
    'trip.ticketing':
      'This is your trip: {title} It is paid and being ticketed, your reference is {bookingId}. As soon as the tickets are there, we write to you here.',
    'trip.held':
      'The airline has not confirmed your flights yet: {title} Your reference is {bookingId}. Your payment is safe, and nothing is lost. A colleague is looking at it and will write to you here with what is possible.',
    'trip.ticketed':
      'Your tickets are issued: {title} The airline’s booking code is {pnr}, ticket numbers: {tickets}. Your reference with us is {bookingId}. Have a good trip!',
    'trip.none': 'No flight is booked for you yet. As soon as one is, we write to you here.',
    'staff.handover': 'A colleague will answer you here as soon as possible.',
    'staff.noted':
      'Thank you, we have noted that. Our colleague sees your message and will answer you here.',
    'staff.reply': '{text}',
    'conversation.unreadable':
      'Sorry, we cannot read this kind of message here (stickers, video notes and the like). Please write it as text.',
    'conversation.location': 'Thank you for the location. Which city or airport will you fly from?',
    'conversation.urgent':
      'If this is an emergency, please call your local emergency number at once (112 in Türkiye and the European Union). We are telling a colleague now.',
    'conversation.stopped':
      'Understood, we will not write to you any more. If you ever need us again, just send us a message.',
    'conversation.doubt':
      'Our last message may not have reached you. If it has not, just write to us briefly and we will send it again.',
    'conversation.erasure':
      'We have noted that you wish your data to be erased, and have passed it on. A colleague will see to it and confirm it to you here.',
    'conversation.reopen':
      'We have news about your request. Please answer this message and we will go on here.',
    'media.received': 'Thank you, we have received your file. Our team will look at it.',
    'media.tooLarge': 'This file is too large. Please send one of at most {limit} MB.',
    'media.wrongType':
      'We cannot open this kind of file. Please send a photo (JPEG or PNG) or a PDF.',
    'media.damaged': 'Your file arrived damaged. Please send it again.',
    'media.unsafe':
      'Your file did not pass our security check and was not kept. Please photograph it anew and send the photo.',
    'media.gone': 'This file is no longer available. Please send it again.',
    'media.failed': 'We could not read your file. A colleague is looking into it.',
    'media.refused':
      'Without your consent to health data we do not keep photos or documents. Your file was not stored.',
    'documents.ask':
      'Please upload your {document} safely here within seven days: {url} – only you see this link.',
    'documents.received': 'Thank you, your {document} has arrived.',
    'documents.tooLarge': 'The file you uploaded is too large. It may be at most {limit} MB.',
    'documents.wrongType':
      'We cannot open the kind of file you uploaded. It can be a photo (JPEG or PNG) or a PDF.',
    'documents.damaged': 'Sorry, the file you uploaded arrived damaged.',
    'documents.unsafe':
      'The file you uploaded did not pass our security check. Please photograph the original anew.',
    'travellers.ask':
      'For the tickets the airline needs each traveller’s details as they stand in the passport. Please fill them in safely here: {url} – only you see this link. It takes a few minutes with the passports at hand.',
    'travellers.reminder':
      'We still need the travellers’ passport details: without them the tickets cannot be issued. Please fill them in here: {url} – if something is unclear, just write to us.',
    'travellers.wrong':
      'The airline did not take the travellers’ details. Please check that names, dates of birth and passports are written exactly as in the passports, and send the form once more: {url} – if something is unclear, just write to us.',
    'travellers.again':
      'Here is the form for the travellers’ passport details again: {url} – what you send last counts.',
    'review.waiting': 'Thank you, our team is looking at what you sent. We will write to you here.',
    'review.declined':
      'Unfortunately our team cannot offer you what you asked for. A colleague will write to you here.',
    'aftercare.start': 'Have a good trip home! If you have a question, you can write here.',
    'journey.ask':
      'Shall we plan a separate journey for {name}? We would then ask for a consent of their own.',
    'journey.ask.unnamed':
      'Is this about somebody else? Shall we plan a separate journey for them, with a consent of their own?',
    'family.whom': 'Whom is your last message about?',
  },
  buttons: {
    'consent:yes': 'I agree',
    'consent:no': 'No, thank you',
    'offer:none': 'Another day',
    'offer:{n}': 'Flight {n}',
    'pay:again': 'New link',
    continue: 'Continue',
    'trip:yes': "Yes, that's right",
    'trip:origin': 'Change the place',
    'trip:dates': 'Change the dates',
    'trip:party': 'Change travellers',
    'trip:procedure': 'Change treatment',
    'trip:change': 'Change something',
    'journey:new': 'Yes, separately',
    'journey:same': 'No, the same',
    choose: 'Choose',
  },
  rows: {
    self: 'You',
    for: 'This message is for {name}: ',
    direct: 'direct',
    stops: 'stops: {n}',
    handBaggage: 'hand baggage only',
    none: 'We search on another day for you',
  },
  trip: {
    from: 'From',
    to: 'To',
    there: 'Outbound',
    back: 'Return',
    party: 'Travellers',
    baggage: 'Baggage',
    until: 'Payable until',
    procedure: 'Treatment',
  },
  stops: { one: '{n} stop in {places}', other: '{n} stops in {places}' },
  bags: { one: '{n} checked bag each', other: '{n} checked bags each' },
  adults: { one: '{n} adult', other: '{n} adults' },
  children: { one: '{n} child (age {ages})', other: '{n} children (ages {ages})' },
  procedures: {
    'hair-transplant': 'hair transplant',
    dental: 'dental treatment',
    eye: 'eye treatment',
    nose: 'nose surgery',
    breast: 'breast surgery',
    liposuction: 'liposuction',
    bariatric: 'weight-loss surgery',
    orthopaedic: 'orthopaedics (bones and joints)',
    ivf: 'fertility treatment (IVF)',
    oncology: 'oncology',
    cardiology: 'cardiology (heart)',
    'check-up': 'check-up',
  },
  documents: {
    passport: 'passport',
    visa: 'visa',
    report: 'medical report',
    'x-ray': 'X-ray image',
  },
} as const;
