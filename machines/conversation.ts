import { initialContext, understood, utterance } from './conversation-hearing.ts';
import {
  asking,
  doubted,
  erasureNoted,
  handedOver,
  noted,
  owed,
  placeAnswered,
  said,
  staffFile,
  staffReply,
  stopped,
  travellersLink,
  unreadableAnswered,
  uploadLink,
  urgentAnswered,
  windowReopened,
} from './conversation-messages.ts';
import { codeOf, conversationSetup } from './conversation-setup.ts';

/**
 * What is said between the patient and us: messages are understood one by one, the bot or staff answer, and whatever anybody of
 * the case wants to say or ask is said here, and only here, to the patient of now.
 */
export const conversationMachine = conversationSetup.createMachine({
  id: 'conversation',
  version: '4',
  description:
    'What the patient says and is told: in which language, by whom, through which window.',
  meta: { label: 'Conversation', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'open',
  on: {
    'whatsapp.contact': { actions: 'setContact' },
    'patient.named': { actions: 'setPatient' },
  },
  states: {
    open: {
      description: 'The patient may be written to, as far as the consents go.',
      meta: { label: 'Open', waitsFor: 'nobody', targetMinutes: null },
      type: 'parallel',
      on: {
        say: { actions: { type: 'sendMessage', params: said } },
        ask: {
          actions: ['setAsked', { type: 'sendMessage', params: asking }, 'forgetOwed', 'tellAsked'],
        },
        unask: { actions: 'closeStep' },
        link: { actions: { type: 'sendDocumentLink', params: uploadLink } },
        'travellers.wanted': { actions: { type: 'sendTravellerLink', params: travellersLink } },
        'staff.reply': {
          actions: ['setTalkedOver', { type: 'sendMessage', params: staffReply }],
        },
        'whatsapp.echoed': { actions: 'setTalkedOver' },
        'staff.send': { actions: { type: 'sendFile', params: staffFile } },
        'consent.changed': { actions: 'setConsent' },
        withdrawn: [
          { guard: 'isQuietly', target: 'silent', actions: 'setWithdrawn' },
          {
            target: 'silent',
            actions: ['setWithdrawn', { type: 'sendMessage', params: stopped }],
          },
        ],
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
            'whatsapp.edited': [
              {
                guard: 'isEvidence',
                actions: ['setHeard', { type: 'handOver', params: { reason: 'message-edited' } }],
              },
              { guard: 'isWaiting', actions: ['setHeard', 'hear'] },
              { guard: 'isBeingRead', target: '.dropped', actions: ['setHeard', 'hear'] },
              { guard: 'isReadable', actions: ['setHeard', 'hear', 'askForTurn'] },
              // The new words did not come: what we asked after the old ones is asked again, or staff look.
              { guard: 'isConsentOpen', actions: 'setHeard' },
              { guard: 'isQuestionOpen', actions: ['setHeard', 'setAskedFor', 'repeatIfMissed'] },
              { actions: ['setHeard', { type: 'handOver', params: { reason: 'message-edited' } }] },
            ],
            'whatsapp.revoked': [
              { guard: 'isBeingRead', target: '.dropped' },
              { actions: 'unhear' },
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
              entry: 'setReadFor',
              invoke: {
                id: 'understand',
                src: 'understand',
                input: utterance,
                onDone: [
                  {
                    guard: { type: 'wantsToStop', params: understood },
                    target: '#conversation.silent',
                    actions: ['tellStopped', { type: 'sendMessage', params: stopped }],
                  },
                  {
                    guard: { type: 'isForAnother', params: understood },
                    target: 'dropped',
                    actions: { type: 'tellAnother', params: understood },
                  },
                  {
                    target: 'weighing',
                    actions: [
                      { type: 'setUnderstood', params: understood },
                      { type: 'tellName', params: understood },
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
                  { target: 'weighing', actions: 'setUnclear' },
                ],
              },
            },
            weighing: {
              description: 'Had the patient seen what we asked last when they wrote it?',
              meta: { label: 'Weighing a message', waitsFor: 'nobody', targetMinutes: null },
              always: [
                // While it was read we heard that a newer question had reached the patient before: it is read for that.
                { guard: 'isReadForAnother', target: 'reading' },
                { guard: 'isSoonKnown', target: 'waiting' },
                { target: 'understood' },
              ],
            },
            waiting: {
              description:
                'A question of ours is on its way. In a moment we know when it was sent.',
              meta: { label: 'Question on its way', waitsFor: 'provider', targetMinutes: 1 },
              always: [
                { guard: 'isAnswerAfterAll', target: 'reading' },
                { guard: 'isKnown', target: 'understood' },
              ],
              after: { word: { target: 'understood', actions: 'setLate' } },
            },
            understood: {
              description: 'The others take in the details, before they hear what was said.',
              meta: { label: 'Message understood', waitsFor: 'nobody', targetMinutes: null },
              entry: ['tellTrip', 'askForTurn'],
              on: {
                'hearing.next': [
                  {
                    guard: 'wantsErasure',
                    target: 'told',
                    actions: [
                      'tellSaid',
                      'tellErasure',
                      'setErasureNoted',
                      { type: 'sendMessage', params: erasureNoted },
                      'setRead',
                    ],
                  },
                  { target: 'told', actions: ['tellSaid', 'setRead'] },
                ],
              },
            },
            told: {
              description: 'The others take in what was said, before the next is read.',
              meta: { label: 'Message told', waitsFor: 'nobody', targetMinutes: null },
              entry: 'askForTurn',
              on: {
                'hearing.next': [
                  {
                    guard: 'owesWord',
                    actions: [{ type: 'sendMessage', params: owed }, 'forgetOwed', 'askForTurn'],
                  },
                  { guard: 'hasHeard', target: 'taking', actions: 'repeatDoubted' },
                  { target: 'quiet', actions: 'repeatDoubted' },
                ],
              },
            },
            dropped: {
              description: 'The message that was being read is another now, or none.',
              meta: { label: 'Message dropped', waitsFor: 'nobody', targetMinutes: null },
              entry: 'dropReading',
              always: [{ guard: 'hasHeard', target: 'taking' }, { target: 'quiet' }],
            },
          },
        },
        speaker: {
          description: 'The bot answers, or staff do.',
          meta: { label: 'Speaker', waitsFor: 'nobody', targetMinutes: null },
          initial: 'bot',
          on: {
            'whatsapp.inbound': [
              {
                guard: 'isUnreadable',
                actions: ['setUnreadable', { type: 'sendMessage', params: unreadableAnswered }],
              },
              {
                guard: 'isForStaff',
                actions: { type: 'handOver', params: { reason: 'question' } },
              },
            ],
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
                    guard: 'wantsPersonToo',
                    target: 'withStaff',
                    actions: [
                      { type: 'setHandOverFor', params: { reason: 'question' } },
                      { type: 'owe', params: { word: 'staff.handover' } },
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
                handOver: [
                  { guard: 'isShownOnly' },
                  { guard: 'isForNobodyToHear', target: 'withStaff', actions: 'setHandOver' },
                  {
                    target: 'withStaff',
                    actions: ['setHandOver', { type: 'sendMessage', params: handedOver }],
                  },
                ],
                'whatsapp.status': {
                  guard: 'isUndelivered',
                  actions: { type: 'handOver', params: { reason: 'message-not-delivered' } },
                },
                'message.failed': {
                  guard: 'isUndelivered',
                  actions: { type: 'handOver', params: { reason: 'message-not-delivered' } },
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
                  {
                    guard: 'isToBeNotedToo',
                    actions: [
                      'countUnanswered',
                      'setNoted',
                      { type: 'owe', params: { word: 'staff.noted' } },
                    ],
                  },
                  {
                    guard: 'isToBeNoted',
                    actions: [
                      'countUnanswered',
                      'setNoted',
                      { type: 'sendMessage', params: noted },
                    ],
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
        delivery: {
          description: 'Whether our messages reach the patient, as far as we are told.',
          meta: { label: 'Delivery', waitsFor: 'nobody', targetMinutes: null },
          initial: 'known',
          on: {
            'message.sent': { actions: ['setSent', 'forgetDoubt'] },
            'message.doubted': { actions: ['setDoubted', 'repeatIfMissed'] },
            'message.failed': [
              { guard: 'isOutdated', actions: 'tellOutdated' },
              { actions: ['setLate', 'forgetDoubt'] },
            ],
            'whatsapp.status': [
              { guard: 'isRefused', actions: ['setUndelivered', 'forgetDoubt'] },
              { actions: 'forgetDoubt' },
            ],
          },
          states: {
            known: {
              description: 'All that matters arrived, or is on its way.',
              meta: { label: 'Nothing in doubt', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'isInDoubt', target: 'doubtful' },
            },
            doubtful: {
              description: 'Nobody knows whether the patient has a message of ours.',
              meta: { label: 'Message in doubt', waitsFor: 'provider', targetMinutes: 1 },
              tags: ['message-in-doubt'],
              always: { guard: 'isInNoDoubt', target: 'known' },
              after: {
                doubt: { target: 'asked', actions: { type: 'sendMessage', params: doubted } },
              },
            },
            asked: {
              description: 'The patient was told to write if they miss something.',
              meta: {
                label: 'Message in doubt, patient told',
                waitsFor: 'patient',
                targetMinutes: 1,
              },
              tags: ['message-in-doubt'],
              always: { guard: 'isInNoDoubt', target: 'known' },
              after: {
                doubtForStaff: {
                  target: 'held',
                  actions: { type: 'handOver', params: { reason: 'message-in-doubt' } },
                },
              },
            },
            held: {
              description: 'Staff see that the patient may wait for a message that never came.',
              meta: { label: 'Message in doubt, for staff', waitsFor: 'staff', targetMinutes: 60 },
              tags: ['message-in-doubt'],
              exit: 'tellUndoubted',
              always: { guard: 'isInNoDoubt', target: 'known' },
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
          actions: ['beginAnew', 'setHeard', 'forgetHandOver', 'hear', 'askForTurn'],
        },
      },
    },
  },
});
