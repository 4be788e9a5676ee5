import {
  codeOf,
  conversationSetup,
  handedOver,
  initialContext,
  placeAnswered,
  said,
  staffFile,
  staffReply,
  understood,
  unreadableAnswered,
  uploadLink,
  urgentAnswered,
  utterance,
  windowReopened,
} from './conversation-setup.ts';

/**
 * What is said between the patient and us: messages are understood one by one, the bot or staff answer, and whatever anybody of
 * the case wants to say or ask is said here, and only here, to the patient of now.
 */
export const conversationMachine = conversationSetup.createMachine({
  id: 'conversation',
  version: '1',
  description:
    'What the patient says and is told: in which language, by whom, through which window.',
  meta: { label: 'Conversation', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'open',
  on: { 'whatsapp.contact': { actions: 'setContact' } },
  states: {
    open: {
      description: 'The patient may be written to, as far as the consents go.',
      meta: { label: 'Open', waitsFor: 'nobody', targetMinutes: null },
      type: 'parallel',
      on: {
        say: { actions: { type: 'sendMessage', params: said } },
        ask: { actions: ['setAsked', { type: 'sendMessage', params: said }, 'tellAsked'] },
        unask: { actions: 'forgetAsked' },
        link: { actions: { type: 'sendDocumentLink', params: uploadLink } },
        'staff.reply': { actions: { type: 'sendMessage', params: staffReply } },
        'staff.send': { actions: { type: 'sendFile', params: staffFile } },
        'consent.changed': { actions: 'setConsent' },
        finish: { actions: 'tellFinished' },
        withdrawn: { target: 'silent', actions: 'setWithdrawn' },
      },
      states: {
        hearing: {
          description: 'Messages are understood one by one, in the order they were said.',
          meta: { label: 'Hearing', waitsFor: 'nobody', targetMinutes: null },
          initial: 'quiet',
          on: {
            'whatsapp.inbound': [
              {
                guard: 'isTooMuch',
                actions: [
                  'setHeard',
                  { type: 'handOver', params: { reason: 'too-many-messages' } },
                ],
              },
              {
                guard: 'isReadable',
                actions: ['setHeard', 'hear', 'askForTurn'],
              },
              { actions: 'setHeard' },
            ],
          },
          states: {
            quiet: {
              description: 'Everything the patient said is understood.',
              meta: { label: 'Nothing unread', waitsFor: 'nobody', targetMinutes: null },
              on: { 'hearing.next': { guard: 'hasHeard', target: 'taking' } },
            },
            taking: {
              description: 'A button or a place says what it is; words have to be understood.',
              meta: { label: 'Next message', waitsFor: 'nobody', targetMinutes: null },
              always: [
                { guard: 'isNextPlain', target: 'understood', actions: ['takeNext', 'setPlain'] },
                { target: 'reading', actions: 'takeNext' },
              ],
            },
            reading: {
              description: 'Language, intent and details of one message.',
              meta: { label: 'Reading a message', waitsFor: 'provider', targetMinutes: 5 },
              invoke: {
                id: 'understand',
                src: 'understand',
                input: utterance,
                onDone: [
                  {
                    guard: { type: 'wantsToStop', params: understood },
                    target: '#conversation.silent',
                    actions: 'tellStopped',
                  },
                  {
                    target: 'understood',
                    actions: [
                      { type: 'setUnderstood', params: understood },
                      { type: 'tellTrip', params: understood },
                    ],
                  },
                ],
                onError: [
                  // The consent to have it read abroad is withdrawn: it is read here.
                  {
                    guard: { type: 'isNotPermitted', params: codeOf },
                    target: 'reading',
                    reenter: true,
                  },
                  { target: 'understood', actions: 'setUnclear' },
                ],
              },
            },
            understood: {
              description: 'The others take in the details, before they hear what was said.',
              meta: { label: 'Message understood', waitsFor: 'nobody', targetMinutes: null },
              entry: 'askForTurn',
              on: { 'hearing.next': { target: 'told', actions: ['tellSaid', 'setRead'] } },
            },
            told: {
              description: 'The others take in what was said, before the next is read.',
              meta: { label: 'Message told', waitsFor: 'nobody', targetMinutes: null },
              entry: 'askForTurn',
              on: {
                'hearing.next': [{ guard: 'hasHeard', target: 'taking' }, { target: 'quiet' }],
              },
            },
          },
        },
        speaker: {
          description: 'The bot answers, or staff do.',
          meta: { label: 'Speaker', waitsFor: 'nobody', targetMinutes: null },
          initial: 'bot',
          on: {
            'whatsapp.inbound': {
              guard: 'isUnreadable',
              actions: ['setUnreadable', { type: 'sendMessage', params: unreadableAnswered }],
            },
          },
          states: {
            bot: {
              description: 'The bot answers.',
              meta: { label: 'Bot', waitsFor: 'nobody', targetMinutes: null },
              initial: 'busy',
              on: {
                'patient.said': [
                  {
                    guard: 'isUrgent',
                    target: 'withStaff',
                    actions: [
                      { type: 'setHandOverFor', params: { reason: 'urgent' } },
                      { type: 'sendMessage', params: urgentAnswered },
                    ],
                  },
                  {
                    guard: 'wantsPerson',
                    target: 'withStaff',
                    actions: [
                      { type: 'setHandOverFor', params: { reason: 'question' } },
                      { type: 'sendMessage', params: handedOver },
                    ],
                  },
                  {
                    guard: 'isPlaceForOrigin',
                    actions: { type: 'sendMessage', params: placeAnswered },
                  },
                ],
                handOver: {
                  target: 'withStaff',
                  actions: ['setHandOver', { type: 'sendMessage', params: handedOver }],
                },
                'whatsapp.status': {
                  guard: 'isUndelivered',
                  target: 'withStaff',
                  actions: { type: 'setHandOverFor', params: { reason: 'message-not-delivered' } },
                },
                'message.failed': {
                  guard: 'isUndelivered',
                  target: 'withStaff',
                  actions: { type: 'setHandOverFor', params: { reason: 'message-not-delivered' } },
                },
              },
              states: {
                busy: {
                  description: 'It reads, or waits for somebody else than the patient.',
                  meta: { label: 'Bot at work', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'waitsForAnswer', target: 'waitingForPatient' },
                },
                waitingForPatient: {
                  description: 'It asked, and everything said since is understood.',
                  meta: {
                    label: 'Waiting for the patient',
                    waitsFor: 'patient',
                    targetMinutes: null,
                  },
                  always: { guard: 'waitsForNoAnswer', target: 'busy' },
                },
              },
            },
            withStaff: {
              description: 'Staff answer, until they hand the conversation back.',
              meta: { label: 'With staff', waitsFor: 'staff', targetMinutes: 60 },
              tags: ['with-staff'],
              on: {
                'patient.said': [
                  {
                    guard: 'isUrgent',
                    actions: ['countUnanswered', { type: 'sendMessage', params: urgentAnswered }],
                  },
                  { actions: 'countUnanswered' },
                ],
                'staff.resume': { target: 'bot', actions: 'forgetHandOver' },
              },
            },
          },
        },
        window: {
          description:
            'WhatsApp takes free text for 24 h after the last message of the patient; then templates only.',
          meta: { label: '24-hour window', waitsFor: 'nobody', targetMinutes: null },
          initial: 'open',
          states: {
            open: {
              description: 'Free text reaches the patient.',
              meta: { label: 'Window open', waitsFor: 'nobody', targetMinutes: null },
              on: {
                'whatsapp.inbound': { guard: 'isNewestMessage', target: 'open', reenter: true },
                'whatsapp.status': {
                  guard: 'isWindowRefused',
                  target: 'closed',
                  actions: { type: 'sendMessage', params: windowReopened },
                },
              },
              after: { window: { target: 'closed' } },
            },
            closed: {
              description: 'Only templates reach the patient, until they write again.',
              meta: { label: 'Window closed', waitsFor: 'patient', targetMinutes: null },
              tags: ['window-closed'],
              on: { 'whatsapp.inbound': { guard: 'isNewestMessage', target: 'open' } },
            },
          },
        },
      },
    },
    silent: {
      description: 'The patient said stop: nothing is said, until they write anew.',
      meta: { label: 'Silent', waitsFor: 'nobody', targetMinutes: null },
      entry: 'forgetHeard',
      on: {
        withdrawn: { actions: 'setWithdrawn' },
        reopened: {
          target: 'open',
          actions: ['beginAnew', 'setHeard', 'forgetHandOver'],
        },
      },
    },
  },
});
