import {
  bookingConfirmed,
  offerReminder,
  offersOld,
  offersShown,
  oldBookingPaid,
  whichMeant,
} from './journey-offer-rules.ts';
import { flightQuery, noFlights, searching } from './journey-rules.ts';
import { initialContext, journeyOutput, journeySetup, outputOf } from './journey-setup.ts';

export const journeyMachine = journeySetup.createMachine({
  id: 'journey',
  version: '4',
  description: 'Where the patient stands on the way from the first message to aftercare.',
  meta: { label: 'Journey', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: journeyOutput,
  initial: 'contacted',
  on: {
    'trip.told': { actions: 'setTrip' },
    'whatsapp.revoked': { guard: 'takesBackDetails', actions: 'forgetTold' },
    'consent.changed': [
      { guard: 'isServiceRefused', actions: ['setConsent', 'forgetTrip'] },
      { guard: 'isHealthDataRefused', actions: ['setConsent', 'forgetProcedure'] },
      { actions: 'setConsent' },
    ],
    'review.changed': { actions: 'setReview' },
    'sales.changed': { actions: 'setSales' },
    'sale.opened': { actions: 'setBookingId' },
    // Wherever the patient stands by then: money may come late, and staff may take it.
    'sale.confirmed': [
      {
        guard: 'isThisBookingGivenUp',
        target: '.travel',
        actions: [
          'setPaid',
          { type: 'say', params: oldBookingPaid },
          { type: 'handOver', params: { reason: 'booking-held' } },
          'tellTrip',
        ],
      },
      {
        guard: 'isThisBooking',
        target: '.travel',
        actions: ['setPaid', { type: 'say', params: bookingConfirmed }, 'tellTrip'],
      },
    ],
    'trip.ticketed': { guard: 'isThisBooking', actions: 'tellTrip' },
    'sale.lapsed': { guard: 'isThisBooking', actions: 'setUnpayable' },
    // A tap is never without an answer.
    'patient.said': [
      { guard: 'pressesOffer', actions: { type: 'sayText', params: { text: 'offer.gone' } } },
      { guard: 'pressesPart', actions: 'askStaff' },
      { guard: 'asksNext', actions: { type: 'sayText', params: { text: 'flights.still' } } },
    ],
    'staff.close': {
      target: '.settlingUp',
      actions: [{ type: 'setEnding', params: { outcome: 'closed-by-staff' } }, 'abandon'],
    },
  },
  states: {
    contacted: {
      description: 'The case exists; the message that made it has not been read yet.',
      meta: { label: 'New contact', waitsFor: 'patient', targetMinutes: null },
      tags: ['waiting-for-patient'],
      on: {
        'consent.asked': { guard: 'isServiceAsked', target: 'consent' },
        'patient.said': { actions: 'setDoubts' },
      },
      after: {
        patience: {
          target: 'over',
          actions: { type: 'setEnding', params: { outcome: 'lapsed' } },
        },
      },
    },
    consent: {
      description: 'The patient is asked whether we may use their data to arrange the trip.',
      meta: { label: 'Consent asked', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['waiting-for-patient'],
      exit: 'unask',
      on: {
        'consent.changed': { guard: 'isServiceGiven', target: 'intake', actions: 'forgetMisses' },
        'patient.said': { actions: 'setDoubts' },
      },
    },
    intake: {
      description:
        'Trip details, one question at a time, until none is missing, and all of it confirmed by the patient.',
      meta: { label: 'Trip details', waitsFor: 'patient', targetMinutes: 1440 },
      initial: 'next',
      on: {
        'whatsapp.revoked': { guard: 'takesBackDetails', target: '.next', actions: 'forgetTold' },
        'patient.said': [
          { guard: 'opensPart', target: '.next', actions: ['openPart', 'forgetMisses'] },
          { guard: 'asksToChange', target: '.change', actions: 'forgetMisses' },
          { guard: 'picksPart', target: '.next', actions: ['setPart', 'forgetMisses'] },
          { guard: 'isAnswered', target: '.next', actions: ['setDoubts', 'forgetMisses'] },
          { guard: 'lacksEarlier', target: '.next', actions: 'setDoubts' },
          { guard: 'isDoubtful', target: '.next', actions: ['setDoubts', 'countMiss'] },
          { guard: 'pressesOldYes', actions: 'askAgain' },
          {
            guard: 'pressesOffer',
            actions: [{ type: 'sayText', params: { text: 'offer.gone' } }, 'askAgain'],
          },
          { guard: 'asksNext', actions: ['sayNext', 'askAgain'] },
          { guard: 'isAside' },
          { guard: 'saysSomethingElse', actions: 'askAgain' },
          { guard: 'isFirstMiss', actions: ['countMiss', 'askPlainly'] },
          { target: '.held' },
        ],
      },
      states: {
        next: {
          description: 'Chooses the next question, or the search when all is known and confirmed.',
          meta: { label: 'Next question', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'lacksOrigin', target: 'origin' },
            { guard: 'lacksDates', target: 'departDate' },
            { guard: 'lacksAdults', target: 'adults' },
            { guard: 'lacksAges', target: 'childrenAges' },
            { guard: 'lacksProcedure', target: 'procedure' },
            { guard: 'isUnconfirmed', target: 'confirm' },
            { guard: 'awaitsReview', target: '#journey.clinicalReview', actions: 'sayReview' },
            { guard: 'isPayable', target: '#journey.linkClosing' },
            { target: '#journey.searching' },
          ],
        },
        origin: {
          description:
            'Where does the patient fly from? An airport code or a city; a list where one of several may be meant.',
          meta: { label: 'Asked: airport', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'origin' } },
          exit: 'unask',
          after: { reminder: { actions: 'remind' }, patience: { target: '#journey.dormant' } },
        },
        departDate: {
          description: 'When does the patient want to fly? A date within the next year.',
          meta: { label: 'Asked: date', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'departDate' } },
          exit: 'unask',
          after: { reminder: { actions: 'remind' }, patience: { target: '#journey.dormant' } },
        },
        adults: {
          description: 'How many adults travel? One to nine.',
          meta: { label: 'Asked: travellers', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'adults' } },
          exit: 'unask',
          after: { reminder: { actions: 'remind' }, patience: { target: '#journey.dormant' } },
        },
        childrenAges: {
          description: 'Children travel too: how old are they?',
          meta: { label: 'Asked: ages of children', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'childrenAges' } },
          exit: 'unask',
          after: { reminder: { actions: 'remind' }, patience: { target: '#journey.dormant' } },
        },
        procedure: {
          description: 'What is the treatment? Asked only of who agreed to health data.',
          meta: { label: 'Asked: treatment', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'procedure' } },
          exit: 'unask',
          after: { reminder: { actions: 'remind' }, patience: { target: '#journey.dormant' } },
        },
        confirm: {
          description: 'The whole trip is read back. Nothing is searched before it is confirmed.',
          meta: { label: 'Trip read back', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: ['setReadBack', { type: 'ask', params: { asking: 'confirm' } }],
          exit: 'unask',
          on: {
            'patient.said': [
              { guard: 'confirms', target: 'next', actions: 'setConfirmed' },
              { guard: 'deniesReadBack', target: 'change' },
            ],
            'consent.changed': { guard: 'mayNameMore', target: 'next', actions: 'setConsent' },
            'staff.resume': { target: 'next', actions: 'forgetMisses' },
          },
          after: { reminder: { actions: 'askAgain' }, patience: { target: '#journey.dormant' } },
        },
        change: {
          description: 'Something of it is wrong: what is it? New details may just be said.',
          meta: { label: 'Asked: what to change', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { asking: 'change' } },
          exit: 'unask',
          on: {
            'patient.said': { guard: 'confirms', target: 'next', actions: 'setConfirmed' },
          },
          after: { reminder: { actions: 'askAgain' }, patience: { target: '#journey.dormant' } },
        },
        held: {
          description:
            'Two answers not understood: staff talk to the patient, then let the bot ask on. What the patient tells meanwhile counts.',
          meta: { label: 'Trip details held for staff', waitsFor: 'staff', targetMinutes: 60 },
          entry: ['stopAsking', { type: 'handOver', params: { reason: 'trip-unclear' } }],
          on: {
            'patient.said': { guard: 'tellsNothing' },
            'staff.resume': { target: 'next', actions: 'forgetMisses' },
          },
        },
      },
    },
    clinicalReview: {
      description: 'The clinic looks at what the patient gave it before flights are offered.',
      meta: { label: 'Waiting for the clinic', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['clinical-review'],
      always: { guard: 'awaitsNoReview', target: 'intake' },
      on: {
        'patient.said': [
          { guard: 'changesTrip', target: 'intake', actions: 'takeChange' },
          { guard: 'pressesOffer', actions: { type: 'sayText', params: { text: 'offer.gone' } } },
          { guard: 'isAside' },
          { guard: 'isDeclined', actions: 'askStaff' },
          { actions: { type: 'sayText', params: { text: 'review.waiting' } } },
        ],
      },
    },
    linkClosing: {
      description: 'What was chosen before can still be paid: that ends before all else.',
      meta: { label: 'Closing the old link', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['waiting-for-provider'],
      entry: 'giveUpBooking',
      always: [
        { guard: 'isSettledForPick', target: 'booking', actions: 'beginSale' },
        { guard: 'isSettled', target: 'intake' },
      ],
      on: {
        'patient.said': [
          { guard: 'isUnconfirmed', target: 'intake', actions: 'forgetPick' },
          {
            guard: 'wantsNews',
            actions: ['setNews', { type: 'sayText', params: { text: 'flights.still' } }],
          },
        ],
      },
      after: { slowSearch: { actions: { type: 'sayText', params: { text: 'flights.slow' } } } },
    },
    searching: {
      description: 'Flights are searched at the provider, for the trip that was confirmed.',
      meta: { label: 'Searching flights', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['waiting-for-provider'],
      always: { guard: 'awaitsReview', target: 'clinicalReview', actions: 'sayWaiting' },
      entry: { type: 'say', params: searching },
      invoke: {
        id: 'searchFlights',
        src: 'searchFlights',
        input: flightQuery,
        onDone: [
          {
            guard: { type: 'hasOffers', params: outputOf },
            target: 'offering',
            actions: { type: 'setOffers', params: outputOf },
          },
          { target: 'intake', actions: [{ type: 'say', params: noFlights }, 'forgetDepartDate'] },
        ],
        onError: { target: 'searchHeld' },
      },
      initial: 'begun',
      on: {
        'patient.said': [
          { guard: 'changesTrip', target: 'intake', actions: 'takeChange' },
          {
            guard: 'wantsNews',
            actions: ['setNews', { type: 'sayText', params: { text: 'flights.still' } }],
          },
        ],
      },
      states: {
        begun: {
          description: 'It takes some seconds.',
          meta: { label: 'Searching flights', waitsFor: 'provider', targetMinutes: 10 },
          after: {
            slowSearch: {
              target: 'slow',
              actions: { type: 'sayText', params: { text: 'flights.slow' } },
            },
          },
        },
        slow: {
          description:
            'The provider of flights does not answer, and is asked again and again. The patient knows.',
          meta: { label: 'Provider of flights is late', waitsFor: 'provider', targetMinutes: 60 },
        },
      },
    },
    searchHeld: {
      description: 'The search failed for good. Staff look; on resume it is tried again.',
      meta: { label: 'Search held for staff', waitsFor: 'staff', targetMinutes: 60 },
      entry: { type: 'handOver', params: { reason: 'flights-not-searched' } },
      always: { guard: 'awaitsReview', target: 'clinicalReview', actions: 'sayWaiting' },
      on: {
        'staff.resume': { target: 'intake' },
        'patient.said': { guard: 'changesTrip', target: 'intake', actions: 'takeChange' },
      },
    },
    offering: {
      description:
        'The list of flights is on its way. A limit may hold it back for a day: the time to choose begins when it went.',
      meta: { label: 'Offer on its way', waitsFor: 'provider', targetMinutes: 60 },
      tags: ['waiting-for-provider'],
      always: {
        guard: 'awaitsReview',
        target: 'clinicalReview',
        actions: ['unask', 'sayWaiting'],
      },
      entry: ['forgetPick', 'askForChoice'],
      on: {
        'question.sent': [
          {
            guard: 'areOffersOver',
            target: 'intake',
            actions: ['unask', { type: 'sayText', params: { text: 'offer.lapsed' } }],
          },
          { target: 'offer' },
        ],
        // Prices that are over are searched again before anybody reads of them.
        'question.outdated': { target: 'intake', actions: 'unask' },
        // Where it is in doubt whether the list arrived, a press on it says that it did.
        'patient.said': [
          { guard: 'changesTrip', target: 'intake', actions: ['unask', 'takeChange'] },
          { guard: 'asksToChange', target: 'intake.change', actions: 'unask' },
          {
            guard: 'accepts',
            target: 'booking',
            actions: ['unask', 'setChosen', 'beginSale'],
          },
          {
            guard: 'acceptsTooLate',
            target: 'intake',
            actions: ['unask', { type: 'sayText', params: { text: 'offer.lapsed' } }],
          },
          { guard: 'declines', target: 'intake', actions: ['unask', 'forgetDepartDate'] },
        ],
      },
      after: { unsentPatience: { target: 'dormant', actions: 'unask' } },
    },
    offer: {
      description: 'Up to five flights are offered; the patient chooses one, or none.',
      meta: { label: 'Offer sent', waitsFor: 'patient', targetMinutes: 1380 },
      tags: ['waiting-for-patient'],
      always: { guard: 'awaitsReview', target: 'clinicalReview', actions: 'sayWaiting' },
      exit: 'unask',
      on: {
        'patient.said': [
          { guard: 'changesTrip', target: 'intake', actions: 'takeChange' },
          { guard: 'asksToChange', target: 'intake.change' },
          // A flight that was picked in words was read back: yes or no to that.
          { guard: 'agreesToPick', target: 'booking', actions: ['timePick', 'beginSale'] },
          { guard: 'deniesPick', actions: ['forgetPick', 'askForChoice'] },
          { guard: 'accepts', target: 'booking', actions: ['setChosen', 'beginSale'] },
          {
            guard: 'acceptsTooLate',
            target: 'intake',
            actions: { type: 'sayText', params: { text: 'offer.lapsed' } },
          },
          { guard: 'declines', target: 'intake', actions: 'forgetDepartDate' },
          { guard: 'picksInWords', actions: ['setWordedPick', 'askToBook'] },
          { guard: 'pressesOldButton', actions: { type: 'say', params: offersOld } },
          { guard: 'isAside' },
          { guard: 'saysSomethingElse', actions: { type: 'say', params: offersShown } },
          { guard: 'isFirstMiss', actions: ['countMiss', { type: 'say', params: offersShown }] },
          { actions: ['countMiss', { type: 'handOver', params: { reason: 'offer-unclear' } }] },
        ],
        'staff.resume': { actions: ['forgetMisses', { type: 'say', params: offersShown }] },
      },
      after: {
        offerReminder: { actions: { type: 'say', params: offerReminder } },
        offerLifetime: {
          target: 'dormant',
          actions: { type: 'sayText', params: { text: 'offer.expired' } },
        },
      },
    },
    booking: {
      description: 'Sales opens a checkout and sees to its payment.',
      meta: { label: 'Booking', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['waiting-for-patient'],
      entry: 'forgetPick',
      exit: 'unask',
      on: {
        'sale.lapsed': {
          guard: 'isThisBooking',
          target: 'dormant',
          actions: ['setUnpayable', { type: 'sayText', params: { text: 'payment.expired' } }],
        },
        // All of it went back before it stood.
        'sale.refunded': { guard: 'isWhollyRefunded', target: 'dormant', actions: 'setUnpayable' },
        'patient.said': [
          // Another trip: what was chosen for the old one is not to be paid any more, from now on.
          { guard: 'changesPaidTrip', target: 'intake', actions: ['giveUpBooking', 'takeChange'] },
          // Another flight of the list was chosen, and is to take the place of the first: yes or no.
          {
            guard: 'agreesTooLate',
            target: 'linkClosing',
            actions: ['forgetPick', { type: 'sayText', params: { text: 'offer.lapsed' } }],
          },
          { guard: 'agreesToPick', target: 'linkClosing', actions: 'timePick' },
          { guard: 'deniesPick', actions: ['forgetPick', 'unask', 'askForLink'] },
          { guard: 'choosesOther', actions: ['setWordedPick', 'askToBook'] },
          { guard: 'choosesSame', actions: ['forgetPick', 'unask', 'askForLink'] },
          { guard: 'pressesOldButton', actions: { type: 'say', params: offersOld } },
          { guard: 'wantsLink' },
          { guard: 'asksWhich', actions: { type: 'say', params: whichMeant } },
          { guard: 'isForStaff', actions: 'askStaff' },
          { guard: 'wantsToGoOn', actions: 'askForLink' },
        ],
      },
    },
    travel: {
      description: 'Paid and confirmed. The patient travels; staff note the arrival.',
      meta: { label: 'Confirmed, travelling', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      entry: { type: 'askForDocument', params: { kind: 'passport' } },
      on: {
        'staff.arrived': { target: 'treatment' },
        'patient.said': { guard: 'isForStaff', actions: 'askStaff' },
      },
    },
    treatment: {
      description: 'The patient is with the clinic.',
      meta: { label: 'With the clinic', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      on: {
        'staff.discharged': { target: 'aftercare' },
        'patient.said': { guard: 'isForStaff', actions: 'askStaff' },
      },
    },
    aftercare: {
      description: 'The patient is home and may still ask. A late refund keeps the case open.',
      meta: { label: 'Aftercare', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      entry: [
        { type: 'sayText', params: { text: 'aftercare.start' } },
        { type: 'needConsent', params: { purpose: 'marketing' } },
      ],
      on: {
        'patient.said': { guard: 'isForStaff', actions: 'askStaff' },
        'staff.close': {
          target: 'settlingUp',
          actions: { type: 'setEnding', params: { outcome: 'completed' } },
        },
      },
      after: {
        aftercare: {
          target: 'settlingUp',
          actions: { type: 'setEnding', params: { outcome: 'completed' } },
        },
      },
    },
    dormant: {
      description: 'Nothing came of it so far. A message wakes it; late money still finds it.',
      meta: { label: 'Dormant', waitsFor: 'patient', targetMinutes: null },
      on: {
        'patient.said': { guard: 'wakes', target: 'intake', actions: 'forgetOldDate' },
      },
      after: {
        dormancy: {
          target: 'settlingUp',
          actions: { type: 'setEnding', params: { outcome: 'lapsed' } },
        },
      },
    },
    settlingUp: {
      description:
        'The journey is over. The case stays for what may come of its payments, and until every invoice is kept.',
      meta: { label: 'Settling up', waitsFor: 'nobody', targetMinutes: null },
      initial: 'disputable',
      states: {
        disputable: {
          description: 'What was paid may still be disputed, or go back.',
          meta: { label: 'Payments may be disputed', waitsFor: 'nobody', targetMinutes: null },
          always: { guard: 'wasNeverPaid', target: 'ending' },
          after: { disputes: { target: 'ending' } },
        },
        ending: {
          description: 'It closes as soon as nothing is owed.',
          meta: { label: 'Closing', waitsFor: 'nobody', targetMinutes: null },
          always: { guard: 'owesNothing', target: '#journey.over' },
        },
      },
      on: {
        'patient.said': { guard: 'wantsAnswer', actions: 'askStaff' },
        // It is on its way; what is still open is given up.
        'staff.close': { actions: 'abandon' },
      },
    },
    over: {
      description: 'Nothing is left to do. The output says how it ended.',
      meta: { label: 'Over', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
  },
});
