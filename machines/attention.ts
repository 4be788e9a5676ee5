import { attentionSetup, initialContext } from './attention-setup.ts';

/**
 * Whom staff have to see to, and why: it lives as long as its case, in every state of it. What nobody took within its target time is
 * escalated, again and again, until a named person takes it.
 */
export const attentionMachine = attentionSetup.createMachine({
  id: 'attention',
  version: '1',
  description: 'Who waits for staff, why, and who has taken it.',
  meta: { label: 'Attention', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  type: 'parallel',
  states: {
    staff: {
      description: 'Whether staff are waited for. An emergency goes before everything else.',
      meta: { label: 'Staff', waitsFor: 'nobody', targetMinutes: null },
      initial: 'nobody',
      on: {
        'patient.said': {
          guard: 'isUrgent',
          target: '.urgent',
          actions: ['addReason', 'countUnanswered', 'beginWait', 'tellAwaited', 'publishRaised'],
        },
        handOver: [
          {
            guard: 'isUrgent',
            target: '.urgent',
            actions: ['addReason', 'countUnanswered', 'beginWait', 'tellAwaited', 'publishRaised'],
          },
          {
            target: '.withStaff',
            actions: ['addReason', 'countUnanswered', 'publishRaised'],
          },
        ],
        'handed.over': [
          {
            guard: 'isUrgent',
            target: '.urgent',
            actions: ['addReason', 'countUnanswered', 'beginWait', 'tellAwaited', 'publishRaised'],
          },
          {
            target: '.withStaff',
            actions: ['addReason', 'countUnanswered', 'publishRaised'],
          },
        ],
        'staff.took': { actions: 'setTaken' },
        'staff.resume': {
          guard: 'isNeeded',
          target: '.nobody',
          actions: ['settleAll', 'tellAwaited', 'publishSettled'],
        },
        'staff.close': {
          guard: 'isNeeded',
          target: '.nobody',
          actions: ['settleAll', 'tellAwaited', 'publishSettled'],
        },
      },
      states: {
        nobody: {
          description: 'Nobody waits for staff.',
          meta: { label: 'Nobody waits for staff', waitsFor: 'nobody', targetMinutes: null },
        },
        withStaff: {
          description: 'Staff have the case, or something of it.',
          meta: { label: 'Staff are needed', waitsFor: 'nobody', targetMinutes: null },
          initial: 'waiting',
          on: {
            'patient.said': { guard: 'isForStaff', actions: ['addReason', 'countUnanswered'] },
            handOver: {
              guard: 'isNotUrgent',
              actions: ['addReason', 'countUnanswered', 'publishRaised'],
            },
            'handed.over': {
              guard: 'isNotUrgent',
              actions: ['addReason', 'countUnanswered', 'publishRaised'],
            },
            'staff.reply': [
              {
                guard: 'hasMore',
                target: '.taken',
                actions: ['setAnswered', 'publishTaken'],
              },
              { target: '.answered', actions: ['setAnswered', 'publishSettled'] },
            ],
            'staff.settled': [
              { guard: 'isAll', target: 'nobody', actions: ['settleAll', 'publishSettled'] },
              {
                guard: 'isLast',
                target: '.answered',
                actions: ['dropSettled', 'publishSettled'],
              },
              { actions: 'dropSettled' },
            ],
            'reason.gone': [
              { guard: 'isAll', target: 'nobody', actions: ['settleAll', 'publishSettled'] },
              {
                guard: 'isLast',
                target: '.answered',
                actions: ['dropSettled', 'publishSettled'],
              },
              { actions: 'dropSettled' },
            ],
          },
          states: {
            waiting: {
              description: 'Nobody has taken it yet.',
              meta: { label: 'Waiting for staff', waitsFor: 'staff', targetMinutes: 60 },
              tags: ['awaits-staff'],
              on: {
                'staff.took': { target: 'taken', actions: ['setTaken', 'publishTaken'] },
              },
              after: {
                staffTarget: {
                  target: 'waiting',
                  reenter: true,
                  actions: ['escalate', 'publishEscalated'],
                },
              },
            },
            taken: {
              description: 'A person has it, who has not answered yet.',
              meta: { label: 'Taken by a colleague', waitsFor: 'staff', targetMinutes: 60 },
              tags: ['awaits-staff', 'taken'],
            },
            answered: {
              description: 'The patient has an answer, and staff still have the case.',
              meta: { label: 'Answered by staff', waitsFor: 'nobody', targetMinutes: null },
              on: {
                'patient.said': {
                  guard: 'isForStaff',
                  target: 'waiting',
                  actions: ['beginWait', 'addReason', 'countUnanswered', 'publishRaised'],
                },
                handOver: {
                  guard: 'isNotUrgent',
                  target: 'waiting',
                  actions: ['beginWait', 'addReason', 'countUnanswered', 'publishRaised'],
                },
                'handed.over': {
                  guard: 'isNotUrgent',
                  target: 'waiting',
                  actions: ['beginWait', 'addReason', 'countUnanswered', 'publishRaised'],
                },
              },
            },
          },
        },
        urgent: {
          description: 'An emergency: it heads the list until staff have settled it.',
          meta: { label: 'Emergency', waitsFor: 'nobody', targetMinutes: null },
          tags: ['urgent'],
          initial: 'untaken',
          on: {
            'patient.said': [
              { guard: 'isUrgent', actions: ['addReason', 'countUnanswered', 'publishRaised'] },
              { guard: 'isForStaff', actions: ['addReason', 'countUnanswered'] },
            ],
            handOver: { actions: ['addReason', 'countUnanswered', 'publishRaised'] },
            'handed.over': [
              // The conversation's word on an emergency that was heard here already.
              { guard: 'isUrgent' },
              { actions: ['addReason', 'countUnanswered', 'publishRaised'] },
            ],
            'staff.took': { target: '.taken', actions: ['setTaken', 'publishTaken'] },
            'staff.reply': { target: '.taken', actions: ['setAnswered', 'publishTaken'] },
            'staff.settled': [
              {
                guard: 'isLast',
                target: 'withStaff.answered',
                actions: ['dropSettled', 'tellAwaited', 'publishSettled'],
              },
              {
                guard: 'settlesUrgent',
                target: 'withStaff.taken',
                actions: ['dropSettled', 'tellAwaited', 'publishSettled'],
              },
              { actions: 'dropSettled' },
            ],
            'reason.gone': { actions: 'dropSettled' },
          },
          states: {
            untaken: {
              description: 'Nobody has taken the emergency: it is escalated every five minutes.',
              meta: { label: 'Emergency, not taken', waitsFor: 'staff', targetMinutes: 5 },
              tags: ['urgent-untaken'],
              after: {
                urgentTarget: {
                  target: 'untaken',
                  reenter: true,
                  actions: ['escalate', 'publishEscalated'],
                },
              },
            },
            taken: {
              description:
                'A person has the emergency. One that is heard after that has to be taken or answered too.',
              meta: { label: 'Emergency, taken', waitsFor: 'staff', targetMinutes: 5 },
              tags: ['taken'],
              on: {
                'patient.said': {
                  guard: 'isUrgent',
                  target: 'taken',
                  reenter: true,
                  actions: ['setUrgentAgain', 'addReason', 'countUnanswered', 'publishRaised'],
                },
                handOver: {
                  guard: 'isUrgent',
                  target: 'taken',
                  reenter: true,
                  actions: ['setUrgentAgain', 'addReason', 'countUnanswered', 'publishRaised'],
                },
              },
              after: {
                urgentTarget: {
                  guard: 'isUrgentAgain',
                  target: 'untaken',
                  actions: ['escalate', 'publishEscalated'],
                },
              },
            },
          },
        },
      },
    },
    rights: {
      description: 'Whether the patient wants to use a right of the law, such as to be erased.',
      meta: { label: 'Rights', waitsFor: 'nobody', targetMinutes: null },
      initial: 'none',
      states: {
        none: {
          description: 'Nothing was asked for.',
          meta: { label: 'No rights request', waitsFor: 'nobody', targetMinutes: null },
          on: {
            'rights.requested': {
              target: 'requested',
              actions: ['setRights', 'tellAwaited', 'publishRightsRaised'],
            },
          },
        },
        requested: {
          description: 'Staff have to see to it within 30 days, whatever becomes of the rest.',
          meta: { label: 'Rights request', waitsFor: 'staff', targetMinutes: 43200 },
          tags: ['rights-request'],
          on: {
            'staff.settled': {
              guard: 'settlesRights',
              target: 'none',
              actions: ['forgetRights', 'tellAwaited', 'publishRightsSettled'],
            },
          },
          after: {
            rightsTarget: { target: 'requested', reenter: true, actions: 'publishRightsEscalated' },
          },
        },
      },
    },
  },
});
