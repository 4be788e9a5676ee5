import {
  answerOf,
  attachmentsInput,
  caseOutput,
  clinicInput,
  companionsInput,
  conversationInput,
  documentsInput,
  healthDataInput,
  initialContext,
  journeyInput,
  marketingInput,
  outputOf,
  reviewInput,
  salesInput,
  serviceInput,
  transferAbroadInput,
  withdrawalOf,
} from './case-rules.ts';
import { caseSetup } from './case-setup.ts';
import type { JourneyOutput } from './journey-types.ts';

/**
 * One patient's case with one tenant: a family of actors that talk through it alone. It says which event goes to whom, in which
 * order; keeps what more than one of them has to know; and understands stopping before anybody else hears the message.
 */
export const caseMachine = caseSetup.createMachine({
  id: 'case',
  version: '8',
  description: "One patient's case with one tenant.",
  meta: { label: 'Case', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: caseOutput,
  invoke: [
    { id: 'conversation', src: 'conversation', input: conversationInput },
    { id: 'sales', src: 'sales', input: salesInput },
    { id: 'attention', src: 'attention' },
    { id: 'companions', src: 'companions', input: companionsInput },
  ],
  on: {
    // What anybody wants said goes to the one mouth.
    say: { actions: { type: 'tell', params: { to: ['conversation'] } } },
    ask: { actions: { type: 'tell', params: { to: ['conversation'] } } },
    unask: { actions: { type: 'tell', params: { to: ['conversation'] } } },
    link: { actions: { type: 'tell', params: { to: ['conversation'] } } },
    handOver: { actions: { type: 'tell', params: { to: ['conversation', 'attention'] } } },
    'reason.gone': { actions: { type: 'tell', params: { to: ['attention'] } } },
    'handed.over': { actions: { type: 'tell', params: { to: ['attention'] } } },
    // Over, but for somebody whom staff had to see to first.
    'attention.changed': [
      { guard: 'isToClose', target: '.closed', actions: 'setAwaited' },
      { guard: 'isToEnd', target: '.noConsent', actions: 'setAwaited' },
      { actions: 'setAwaited' },
    ],
    'rights.requested': { actions: { type: 'tell', params: { to: ['attention', 'companions'] } } },
    'another.told': { actions: 'tellAnother' },
    'name.told': { actions: { type: 'tell', params: { to: ['companions'] } } },
    'patient.named': { actions: 'setPatient' },
    'companion.news': { actions: { type: 'tell', params: { to: ['companions'] } } },
    'companion.unreached': { actions: { type: 'handOver', params: { reason: 'question' } } },
    'staff.took': { actions: { type: 'tell', params: { to: ['attention'] } } },
    'staff.settled': { actions: { type: 'tell', params: { to: ['attention'] } } },
    'whatsapp.contact': { actions: { type: 'tell', params: { to: ['conversation'] } } },
    'whatsapp.echoed': { actions: { type: 'tell', params: { to: ['conversation'] } } },
    'contact.changed': {
      actions: ['setContact', { type: 'tell', params: { to: ['review', 'sales', 'companions'] } }],
    },
    // Money is settled whatever the patient said since.
    'payment.notified': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'payment.succeeded': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'payment.failed': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'payment.expired': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'efatura.status.update': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'travellers.given': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'staff.refund': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'staff.orderFlights': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'staff.ticketed': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'travellers.wanted': { actions: { type: 'tell', params: { to: ['conversation'] } } },
    'trip.ticketed': { actions: { type: 'tell', params: { to: ['journey'] } } },
    'staff.refunded': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'staff.billing': { actions: { type: 'tell', params: { to: ['sales'] } } },
    'sale.opened': { actions: { type: 'tell', params: { to: ['journey'] } } },
    'sale.confirmed': { actions: { type: 'tell', params: { to: ['journey'] } } },
    'sale.lapsed': { actions: { type: 'tell', params: { to: ['journey'] } } },
    'sale.refunded': { actions: { type: 'tell', params: { to: ['journey'] } } },
    'sales.changed': { actions: ['setSold', { type: 'tell', params: { to: ['journey'] } }] },
    'staff.resume': {
      actions: [
        {
          type: 'tell',
          params: {
            to: [
              'attention',
              'service',
              'journey',
              'conversation',
              'review',
              'clinic',
              'documents',
              'sales',
            ],
          },
        },
        'askIfUnasked',
      ],
    },
  },
  initial: 'open',
  states: {
    open: {
      description: 'The case lives. A stop word ends all that runs here at once.',
      meta: { label: 'Open', waitsFor: 'nobody', targetMinutes: null },
      invoke: [
        { id: 'service', src: 'consent', input: serviceInput },
        { id: 'health-data', src: 'consent', input: healthDataInput },
        { id: 'transfer-abroad', src: 'consent', input: transferAbroadInput },
        { id: 'marketing', src: 'consent', input: marketingInput },
        {
          id: 'journey',
          src: 'journey',
          input: journeyInput,
          onDone: [
            {
              guard: 'isAwaited',
              actions: [
                { type: 'setEnding', params: outputOf<JourneyOutput> },
                { type: 'setLast', params: outputOf<JourneyOutput> },
                'setOver',
              ],
            },
            {
              guard: 'isServiceGiven',
              target: 'closed',
              actions: [
                { type: 'setEnding', params: outputOf<JourneyOutput> },
                { type: 'setLast', params: outputOf<JourneyOutput> },
              ],
            },
            {
              target: 'noConsent',
              actions: { type: 'setEnding', params: outputOf<JourneyOutput> },
            },
          ],
        },
        { id: 'review', src: 'review', input: reviewInput },
        { id: 'attachments', src: 'attachments', input: attachmentsInput },
        { id: 'clinic', src: 'clinic', input: clinicInput },
      ],
      initial: 'noDocuments',
      on: {
        'whatsapp.inbound': [
          {
            guard: 'saysStop',
            target: 'withdrawn',
            actions: [
              { type: 'recordConsent', params: withdrawalOf },
              'setWithdrawn',
              'tellWithdrawn',
            ],
          },
          { guard: 'isForCompanions', actions: { type: 'tell', params: { to: ['companions'] } } },
          // Whoever can be understood is, before they are asked: it may be an emergency.
          {
            guard: 'isUnreadableFirst',
            actions: [
              { type: 'tell', params: { to: ['conversation'] } },
              'askForService',
              { type: 'tell', params: { to: ['attachments'] } },
            ],
          },
          { actions: 'tellMessage' },
        ],
        'whatsapp.edited': [
          { guard: 'isForCompanions', actions: { type: 'tell', params: { to: ['companions'] } } },
          {
            guard: 'saysStop',
            target: 'withdrawn',
            actions: [
              { type: 'recordConsent', params: withdrawalOf },
              'setWithdrawn',
              'tellWithdrawn',
            ],
          },
          { actions: { type: 'tell', params: { to: ['conversation'] } } },
        ],
        'whatsapp.revoked': [
          { guard: 'isForCompanions', actions: { type: 'tell', params: { to: ['companions'] } } },
          {
            actions: { type: 'tell', params: { to: ['conversation', 'journey', 'attachments'] } },
          },
        ],
        stopped: {
          target: 'withdrawn',
          actions: [
            { type: 'recordConsent', params: withdrawalOf },
            'setWithdrawn',
            'tellWithdrawn',
          ],
        },
        // A message is understood, and what it says of the trip goes before what it answers.
        'hearing.next': [
          { guard: 'isForLater', actions: 'waitATurn' },
          { actions: { type: 'tell', params: { to: ['conversation'] } } },
        ],
        'trip.told': { actions: { type: 'tell', params: { to: ['journey', 'companions'] } } },
        'procedure.told': {
          actions: [
            { type: 'needConsent', params: { purpose: 'health-data' } },
            'askWhatIsDue',
            { type: 'tell', params: { to: ['review', 'companions'] } },
          ],
        },
        'procedure.forgotten': { actions: { type: 'tell', params: { to: ['review'] } } },
        'patient.said': [
          { guard: 'isToBeAsked', actions: ['askForService', 'hearAgain'] },
          {
            actions: {
              type: 'tell',
              params: {
                to: ['attention', 'journey', 'service', 'sales', 'companions', 'conversation'],
              },
            },
          },
        ],
        'consent.answered': { actions: 'tellConsent' },
        'consent.needed': { actions: ['setNeeded', 'askWhatIsDue'] },
        'consent.asked': { actions: ['setAsked', { type: 'tell', params: { to: ['journey'] } }] },
        'consent.recorded': { actions: { type: 'recordConsent', params: answerOf } },
        'consent.changed': [
          {
            guard: 'isServiceRefused',
            actions: [
              'setConsent',
              'needNothing',
              {
                type: 'tell',
                params: { to: ['conversation', 'journey', 'review', 'attachments'] },
              },
            ],
          },
          {
            actions: ['setConsent', 'tellEverybody', 'askWhatIsDue'],
          },
        ],
        'consent.lapsed': [
          { guard: 'isAwaited', actions: ['setRefused', 'setOver'] },
          { target: 'noConsent', actions: 'setRefused' },
        ],
        'message.sent': { actions: { type: 'tell', params: { to: ['conversation'] } } },
        'message.doubted': { actions: { type: 'tell', params: { to: ['conversation'] } } },
        'whatsapp.status': { actions: { type: 'tell', params: { to: ['conversation'] } } },
        'message.failed': { actions: { type: 'tell', params: { to: ['conversation'] } } },
        'staff.reply': { actions: { type: 'tell', params: { to: ['conversation', 'attention'] } } },
        'staff.send': { actions: { type: 'tell', params: { to: ['conversation'] } } },
        'staff.arrived': { actions: { type: 'tell', params: { to: ['journey'] } } },
        'staff.discharged': { actions: { type: 'tell', params: { to: ['journey'] } } },
        'staff.close': { actions: { type: 'tell', params: { to: ['attention', 'journey'] } } },
        'staff.cleared': { actions: { type: 'tell', params: { to: ['review'] } } },
        'staff.declined': { actions: { type: 'tell', params: { to: ['review'] } } },
        'staff.skipImaging': { actions: { type: 'tell', params: { to: ['review'] } } },
        'staff.linked': {
          actions: ['setClinicIds', { type: 'tell', params: { to: ['review', 'clinic'] } }],
        },
        'review.changed': { actions: { type: 'tell', params: { to: ['journey'] } } },
        'offers.made': { actions: 'setRound' },
        'question.sent': { actions: { type: 'tell', params: { to: ['journey'] } } },
        'question.outdated': { actions: { type: 'tell', params: { to: ['journey'] } } },
        'sale.begun': { actions: { type: 'tell', params: { to: ['sales'] } } },
        abandon: { actions: { type: 'tell', params: { to: ['sales'] } } },
        'link.wanted': { actions: { type: 'tell', params: { to: ['sales'] } } },
        'staff.quote': { actions: { type: 'tell', params: { to: ['sales'] } } },
        'trip.confirmed': { actions: { type: 'tell', params: { to: ['clinic'] } } },
        'clinic.told': { actions: 'setClinicIds' },
        'file.kept': { actions: ['setDocument', 'tellDocuments'] },
        'document.verified': { actions: ['setDocument', 'tellDocuments'] },
        'document.expired': { actions: ['dropDocument', 'tellDocuments'] },
        'documents.held': { actions: { type: 'handOver', params: { reason: 'document-held' } } },
      },
      states: {
        noDocuments: {
          description: 'No document was asked for.',
          meta: { label: 'No documents', waitsFor: 'nobody', targetMinutes: null },
          on: {
            'document.wanted': { target: 'documents' },
            'staff.askDocument': { target: 'documents' },
            'document.uploaded': { target: 'documents' },
          },
        },
        documents: {
          description: 'The documents actor asks, checks and keeps count of their 180 days.',
          meta: { label: 'Documents', waitsFor: 'nobody', targetMinutes: null },
          entry: 'tellNewDocuments',
          invoke: {
            id: 'documents',
            src: 'documents',
            input: documentsInput,
            onError: {
              target: 'noDocuments',
              actions: { type: 'handOver', params: { reason: 'document-held' } },
            },
          },
          on: {
            'document.wanted': { actions: { type: 'tell', params: { to: ['documents'] } } },
            'staff.askDocument': { actions: { type: 'tell', params: { to: ['documents'] } } },
            'document.uploaded': { actions: { type: 'tell', params: { to: ['documents'] } } },
          },
        },
      },
    },
    withdrawn: {
      description: 'Nothing is sent until the patient writes anew. Sales settles what was paid.',
      meta: { label: 'Consent withdrawn', waitsFor: 'nobody', targetMinutes: null },
      tags: ['consent-withdrawn'],
      on: {
        'whatsapp.inbound': { guard: 'isWrittenAnew', actions: 'wantToReopen' },
        'whatsapp.edited': { guard: 'isWrittenAnew', actions: 'wantToReopen' },
        reopened: {
          target: 'open',
          actions: ['beginAnew', { type: 'tell', params: { to: ['conversation'] } }],
        },
        'staff.keep': { actions: { type: 'tell', params: { to: ['sales'] } } },
        'staff.close': { actions: { type: 'tell', params: { to: ['attention', 'sales'] } } },
        'sales.over': [
          { guard: 'isAwaited', actions: ['setLeft', 'setOver'] },
          { target: 'noConsent', actions: 'setLeft' },
        ],
      },
    },
    closed: {
      description: 'Over. The output says how it ended. What was said before still goes out.',
      meta: { label: 'Closed', waitsFor: 'nobody', targetMinutes: null },
      tags: ['consent:service'],
      type: 'final',
    },
    noConsent: {
      description: 'Over without a consent: refused, withdrawn, or never answered.',
      meta: { label: 'No consent', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
  },
});
