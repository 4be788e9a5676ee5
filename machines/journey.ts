import {
  bookingConfirmed,
  flightQuery,
  initialContext,
  journeyOutput,
  journeySetup,
  noFlights,
  offerReminder,
  offersShown,
  outputOf,
  searching,
} from './journey-setup.ts';

/** Where the patient stands on the way from the first message to aftercare. */
export const journeyMachine = journeySetup.createMachine({
  id: 'journey',
  version: '1',
  description: 'Where the patient stands on the way from the first message to aftercare.',
  meta: { label: 'Journey', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: journeyOutput,
  initial: 'contacted',
  on: {
    'trip.told': { actions: 'setTrip' },
    'consent.changed': [
      { guard: 'isHealthDataRefused', actions: ['forgetMisses', 'forgetProcedure'] },
      { actions: 'forgetMisses' },
    ],
    'review.changed': { actions: 'setReview' },
    'sales.changed': { actions: 'setSales' },
    'sale.opened': { actions: 'setBookingId' },
    // Wherever the patient stands by then: money may come late, and staff may take it.
    'sale.confirmed': {
      guard: 'isThisBooking',
      target: '.travel',
      actions: ['setConfirmed', { type: 'say', params: bookingConfirmed }, 'tellTrip'],
    },
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
      on: { 'consent.asked': { guard: 'isServiceAsked', target: 'consent' } },
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
      },
    },
    intake: {
      description: 'Trip details, one question at a time, until none is missing.',
      meta: { label: 'Trip details', waitsFor: 'patient', targetMinutes: 1440 },
      initial: 'next',
      states: {
        next: {
          description: 'Chooses the next question, or the search when all is known.',
          meta: { label: 'Next question', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'lacksOrigin', target: 'origin' },
            { guard: 'lacksDepartDate', target: 'departDate' },
            { guard: 'lacksAdults', target: 'adults' },
            {
              guard: 'isDeclined',
              target: '#journey.clinicalReview',
              actions: { type: 'sayText', params: { text: 'review.declined' } },
            },
            {
              guard: 'awaitsReview',
              target: '#journey.clinicalReview',
              actions: { type: 'sayText', params: { text: 'review.waiting' } },
            },
            { target: '#journey.searching' },
          ],
        },
        origin: {
          description: 'Where does the patient fly from? An airport code or a city we know.',
          meta: { label: 'Asked: airport', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { question: 'origin', text: 'intake.origin' } },
          exit: 'unask',
          on: {
            'patient.said': [
              { guard: 'knowsOrigin', target: 'next', actions: 'forgetMisses' },
              { guard: 'isAside' },
              {
                guard: 'saysSomethingElse',
                actions: { type: 'sayText', params: { text: 'intake.origin' } },
              },
              {
                guard: 'isFirstMiss',
                actions: [
                  'countMiss',
                  { type: 'sayText', params: { text: 'intake.origin.again' } },
                ],
              },
              { target: 'held' },
            ],
          },
          after: {
            reminder: { actions: { type: 'sayText', params: { text: 'intake.reminder' } } },
            patience: { target: '#journey.dormant' },
          },
        },
        departDate: {
          description: 'When does the patient want to fly? A date within the next year.',
          meta: { label: 'Asked: date', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { question: 'departDate', text: 'intake.date' } },
          exit: 'unask',
          on: {
            'patient.said': [
              { guard: 'knowsDepartDate', target: 'next', actions: 'forgetMisses' },
              { guard: 'isAside' },
              {
                guard: 'saysSomethingElse',
                actions: { type: 'sayText', params: { text: 'intake.date' } },
              },
              {
                guard: 'isFirstMiss',
                actions: ['countMiss', { type: 'sayText', params: { text: 'intake.date.again' } }],
              },
              { target: 'held' },
            ],
          },
          after: {
            reminder: { actions: { type: 'sayText', params: { text: 'intake.reminder' } } },
            patience: { target: '#journey.dormant' },
          },
        },
        adults: {
          description: 'How many adults travel? One to nine.',
          meta: { label: 'Asked: travellers', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'ask', params: { question: 'adults', text: 'intake.adults' } },
          exit: 'unask',
          on: {
            'patient.said': [
              { guard: 'knowsAdults', target: 'next', actions: 'forgetMisses' },
              { guard: 'isAside' },
              {
                guard: 'saysSomethingElse',
                actions: { type: 'sayText', params: { text: 'intake.adults' } },
              },
              {
                guard: 'isFirstMiss',
                actions: [
                  'countMiss',
                  { type: 'sayText', params: { text: 'intake.adults.again' } },
                ],
              },
              { target: 'held' },
            ],
          },
          after: {
            reminder: { actions: { type: 'sayText', params: { text: 'intake.reminder' } } },
            patience: { target: '#journey.dormant' },
          },
        },
        held: {
          description:
            'Two answers not understood: staff talk to the patient, then let the bot ask on.',
          meta: { label: 'Trip details held for staff', waitsFor: 'staff', targetMinutes: 60 },
          entry: { type: 'handOver', params: { reason: 'trip-unclear' } },
          on: { 'staff.resume': { target: 'next', actions: 'forgetMisses' } },
        },
      },
    },
    clinicalReview: {
      description: 'The clinic looks at what the patient gave it before flights are offered.',
      meta: { label: 'Waiting for the clinic', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['clinical-review'],
      always: { guard: 'awaitsNoReview', target: 'searching' },
      on: {
        'patient.said': [
          { guard: 'isAside' },
          { guard: 'isDeclined', actions: { type: 'handOver', params: { reason: 'question' } } },
          { actions: { type: 'sayText', params: { text: 'review.waiting' } } },
        ],
      },
    },
    searching: {
      description: 'Flights are searched at the provider. Another wish begins another search.',
      meta: { label: 'Searching flights', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['waiting-for-provider'],
      always: [
        { guard: 'isDeclined', target: 'clinicalReview' },
        {
          guard: 'awaitsReview',
          target: 'clinicalReview',
          actions: { type: 'sayText', params: { text: 'review.waiting' } },
        },
      ],
      entry: ['setSearched', { type: 'say', params: searching }],
      invoke: {
        id: 'searchFlights',
        src: 'searchFlights',
        input: flightQuery,
        onDone: [
          {
            guard: { type: 'hasOffers', params: outputOf },
            target: 'offer',
            actions: { type: 'setOffers', params: outputOf },
          },
          { target: 'intake', actions: [{ type: 'say', params: noFlights }, 'forgetDepartDate'] },
        ],
        onError: { target: 'searchHeld' },
      },
      on: { 'patient.said': { guard: 'isAnotherTrip', target: 'searching', reenter: true } },
    },
    searchHeld: {
      description: 'The search failed for good. Staff look; on resume it is tried again.',
      meta: { label: 'Search held for staff', waitsFor: 'staff', targetMinutes: 60 },
      entry: { type: 'handOver', params: { reason: 'flights-not-searched' } },
      always: [
        { guard: 'isDeclined', target: 'clinicalReview' },
        {
          guard: 'awaitsReview',
          target: 'clinicalReview',
          actions: { type: 'sayText', params: { text: 'review.waiting' } },
        },
      ],
      on: { 'staff.resume': { target: 'searching' } },
    },
    offer: {
      description: 'Up to five flights are offered; the patient chooses one, or none.',
      meta: { label: 'Offer sent', waitsFor: 'patient', targetMinutes: 1380 },
      tags: ['waiting-for-patient'],
      always: [
        { guard: 'isDeclined', target: 'clinicalReview' },
        {
          guard: 'awaitsReview',
          target: 'clinicalReview',
          actions: { type: 'sayText', params: { text: 'review.waiting' } },
        },
      ],
      entry: 'askForChoice',
      exit: 'unask',
      on: {
        'patient.said': [
          { guard: 'accepts', target: 'booking', actions: 'beginSale' },
          {
            guard: 'acceptsTooLate',
            target: 'searching',
            actions: { type: 'sayText', params: { text: 'offer.lapsed' } },
          },
          { guard: 'declines', target: 'intake', actions: 'forgetDepartDate' },
          { guard: 'isAnotherTrip', target: 'searching' },
          { guard: 'pressesOldButton', actions: { type: 'say', params: offersShown } },
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
      on: {
        'sale.lapsed': {
          guard: 'isThisBooking',
          target: 'dormant',
          actions: { type: 'sayText', params: { text: 'payment.expired' } },
        },
        // All of it went back before it stood.
        'sale.refunded': { guard: 'isWhollyRefunded', target: 'dormant' },
        'patient.said': {
          guard: 'isForStaff',
          actions: { type: 'handOver', params: { reason: 'question' } },
        },
      },
    },
    travel: {
      description: 'Paid and confirmed. The patient travels; staff note the arrival.',
      meta: { label: 'Confirmed, travelling', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      entry: { type: 'askForDocument', params: { kind: 'passport' } },
      on: {
        'staff.arrived': { target: 'treatment' },
        'patient.said': {
          guard: 'isForStaff',
          actions: { type: 'handOver', params: { reason: 'question' } },
        },
      },
    },
    treatment: {
      description: 'The patient is with the clinic.',
      meta: { label: 'With the clinic', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      on: {
        'staff.discharged': { target: 'aftercare' },
        'patient.said': {
          guard: 'isForStaff',
          actions: { type: 'handOver', params: { reason: 'question' } },
        },
      },
    },
    aftercare: {
      description:
        'The patient is home again and may still ask. A late refund keeps the case open.',
      meta: { label: 'Aftercare', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      entry: [
        { type: 'sayText', params: { text: 'aftercare.start' } },
        { type: 'needConsent', params: { purpose: 'marketing' } },
      ],
      on: {
        'patient.said': {
          guard: 'isForStaff',
          actions: { type: 'handOver', params: { reason: 'question' } },
        },
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
        'patient.said': {
          guard: 'isForStaff',
          actions: { type: 'handOver', params: { reason: 'question' } },
        },
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
