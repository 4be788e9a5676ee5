import {
  companionOpened,
  companionsSetup,
  companionToOpen,
  initialContext,
  journeyQuestion,
  whomQuestion,
} from './companions-setup.ts';

/**
 * Several patients on one phone: whom a message is about, and whether somebody else is to have a journey of their own. Each has a
 * case with consents of its own; no detail of one is ever told to another's.
 */
export const companionsMachine = companionsSetup.createMachine({
  id: 'companions',
  version: '1',
  description: 'Who else is a patient on the same phone, and which of them a message is about.',
  meta: { label: 'Companions', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  entry: 'nameSelf',
  initial: 'quiet',
  on: {
    'whatsapp.inbound': { actions: 'sort' },
    'whatsapp.edited': { actions: 'follow' },
    'whatsapp.revoked': { actions: 'follow' },
    'another.told': { actions: 'sortAnother' },
    'patient.said': { guard: 'isUrgentForAnybody', actions: 'tellUrgent' },
    'name.told': { actions: 'setName' },
    'trip.told': { actions: 'setOwn' },
    'procedure.told': { actions: 'setOwn' },
    'consent.changed': { actions: 'setAgreed' },
    'contact.changed': { actions: 'setContact' },
    withdrawn: { target: '.quiet', actions: ['forget', 'tellStopped'] },
    'rights.requested': { actions: 'tellRights' },
    'companion.news': { actions: 'hearNews' },
  },
  states: {
    quiet: {
      description: 'Everything that was said is with the case that it is about.',
      meta: { label: 'Nothing unclear', waitsFor: 'nobody', targetMinutes: null },
      always: [
        { guard: 'hasUnclear', target: 'askingWhom' },
        { guard: 'hasAnother', target: 'askingJourney' },
      ],
    },
    askingWhom: {
      description: 'We asked whom a message is about. Others that do not say it wait with it.',
      meta: { label: 'Asked whom it is about', waitsFor: 'patient', targetMinutes: null },
      entry: { type: 'say', params: whomQuestion },
      on: {
        'patient.said': [
          { guard: 'picksWhom', target: 'quiet', actions: 'dealHeld' },
          { guard: 'isUrgentForAnybody', actions: 'tellUrgent' },
        ],
        'whatsapp.inbound': [
          { guard: 'picksWhom', target: 'quiet', actions: 'dealHeld' },
          { actions: 'sort' },
        ],
      },
      after: { patience: { actions: { type: 'handOver', params: { reason: 'question' } } } },
    },
    askingJourney: {
      description: 'We asked whether somebody else is to have a journey of their own.',
      meta: { label: 'Asked whose journey it is', waitsFor: 'patient', targetMinutes: null },
      entry: { type: 'ask', params: journeyQuestion },
      on: {
        'patient.said': [
          { guard: 'saysNew', target: 'opening', actions: 'closeQuestion' },
          { guard: 'saysSame', target: 'quiet', actions: ['closeQuestion', 'giveBack'] },
          { guard: 'isUrgentForAnybody', actions: 'tellUrgent' },
        ],
      },
      after: { patience: { actions: { type: 'handOver', params: { reason: 'question' } } } },
    },
    opening: {
      description: 'A case of their own is opened for the other patient.',
      meta: { label: 'Opening a second case', waitsFor: 'provider', targetMinutes: 5 },
      on: {
        'whatsapp.inbound': { actions: 'wait' },
      },
      invoke: {
        id: 'openCompanion',
        src: 'openCompanion',
        input: companionToOpen,
        onDone: {
          target: 'quiet',
          actions: { type: 'addOpened', params: companionOpened },
        },
        onError: {
          target: 'quiet',
          actions: [
            { type: 'handOver', params: { reason: 'question' } },
            'sortWaiting',
            'dropHeld',
          ],
        },
      },
    },
  },
});
