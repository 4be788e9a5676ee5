import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { AttentionContext } from '../../machines/attention-setup.ts';
import { attentionMachine } from '../../machines/attention.ts';
import type { PatientSaid } from '../../machines/family-types.ts';
import { assertFaithful, day, minute, startNested } from './nested.ts';
import { startCase } from './walk.ts';

const at = '2027-01-01T09:00:00Z';

const said = (intent: PatientSaid['intent'], more: Partial<PatientSaid> = {}): PatientSaid => ({
  type: 'patient.said',
  messageId: 'wamid.1',
  at,
  text: 'words',
  buttonId: null,
  intent,
  informs: false,
  late: false,
  isAside: false,
  isAnswer: false,
  answersConsent: false,
  ...more,
});
const handOver = (reason: string) => ({ type: 'handOver', reason }) as const;
const staff = (act: string, more: object = {}) => ({
  type: `staff.${act}`,
  at,
  by: 'nurse',
  ...more,
});

const nested = { machine: attentionMachine, input: undefined, effects: [] };
const begin = () => {
  const walk = startNested(nested);
  const published = () =>
    walk.atRest.effects
      .filter(({ kind }) => kind === 'emit')
      .map(
        ({ input }) =>
          JSON.parse(input) as {
            type: string;
            reason: string | null;
            targetMinutes: number | null;
          },
      );
  return {
    ...walk,
    known: () => walk.context() as unknown as AttentionContext,
    place: () => (walk.value() as { staff: unknown }).staff,
    reasons: () =>
      (walk.context() as unknown as AttentionContext).reasons.map(({ reason }) => reason),
    news: () => published().map(({ type, reason }) => [type, reason]),
    published,
  };
};

suite('who waits for staff', () => {
  test('is nobody as long as nobody needs them', () => {
    const walk = begin();
    for (const intent of ['inform', 'thanks', 'question', 'press'] as const)
      walk.send(said(intent));
    assert.equal(walk.place(), 'nobody');
    assert.deepEqual([walk.known().unanswered, walk.news()], [0, []]);
  });

  test('is an emergency at once, wherever the case stands', () => {
    const before: readonly (readonly object[])[] = [
      [],
      [handOver('booking-held')],
      [handOver('question'), staff('took')],
      [handOver('question'), staff('reply', { text: 'Yes' })],
      [{ type: 'rights.requested', kind: 'erasure', messageId: 'wamid.0', at }],
    ];
    for (const events of before) {
      const walk = begin();
      for (const event of events) walk.send(event as never);
      walk.send(said('urgent'));
      assert.deepEqual(walk.place(), { urgent: 'untaken' });
      assert.equal(walk.reasons().at(-1), 'urgent');
      assert.deepEqual(walk.news().at(-1), ['attention.raised', 'urgent']);
      assert.equal(walk.published().at(-1)?.targetMinutes, 5);
      assert.deepEqual(walk.heard().at(-1), { type: 'attention.changed', isAwaited: true });
    }
  });

  test('changes its reason with each message, and keeps those before', () => {
    const walk = begin();
    walk.send(handOver('trip-unclear'));
    walk.send(said('question', { at: '2027-01-01T09:01:00Z' }));
    walk.send(said('urgent', { at: '2027-01-01T09:02:00Z' }));
    walk.send(said('urgent', { at: '2027-01-01T09:03:00Z' }));
    assert.deepEqual(walk.known().reasons, [
      { reason: 'trip-unclear', newestAt: null, times: 1 },
      { reason: 'question', newestAt: '2027-01-01T09:01:00Z', times: 1 },
      { reason: 'urgent', newestAt: '2027-01-01T09:03:00Z', times: 2 },
    ]);
    assert.equal(walk.known().unanswered, 4);
  });

  test('counts what was said to staff, but not what needs no answer', () => {
    const walk = begin();
    walk.send({ type: 'handed.over', reason: 'question' });
    for (const intent of ['question', 'thanks', 'press', 'place', 'unclear'] as const)
      walk.send(said(intent));
    walk.send(said('agree', { isAnswer: true }));
    walk.send(said('agree', { answersConsent: true }));
    assert.equal(walk.known().unanswered, 3);
    walk.send(staff('reply', { text: 'At nine' }));
    assert.deepEqual(walk.place(), { withStaff: 'answered' });
    assert.deepEqual([walk.known().unanswered, walk.reasons()], [0, []]);
    walk.send(said('unclear'));
    assert.deepEqual(walk.place(), { withStaff: 'waiting' });
    assert.deepEqual([walk.known().unanswered, walk.reasons()], [1, ['question']]);
  });
});

suite('a message of ours in doubt', () => {
  test('is shown, while the bot has the conversation, and goes when the doubt does', () => {
    const walk = begin();
    walk.send(handOver('message-in-doubt'));
    assert.deepEqual(walk.place(), { withStaff: 'waiting' });
    walk.send(said('question'));
    assert.deepEqual([walk.known().unanswered, walk.reasons()], [0, ['message-in-doubt']]);
    walk.send({ type: 'reason.gone', reason: 'message-in-doubt' });
    assert.equal(walk.place(), 'nobody');
    assert.deepEqual(walk.news().at(-1), ['attention.settled', null]);
  });

  test('leaves what else staff have as it is', () => {
    const walk = begin();
    walk.send(handOver('booking-held'));
    walk.send(handOver('message-in-doubt'));
    walk.send({ type: 'reason.gone', reason: 'message-in-doubt' });
    assert.deepEqual([walk.place(), walk.reasons()], [{ withStaff: 'waiting' }, ['booking-held']]);
    walk.send(said('urgent'));
    walk.send(handOver('message-in-doubt'));
    walk.send({ type: 'reason.gone', reason: 'message-in-doubt' });
    assert.deepEqual(walk.place(), { urgent: 'untaken' });
    assert.deepEqual(walk.reasons(), ['booking-held', 'urgent']);
  });
});

suite('an escalation', () => {
  test('comes every five minutes of an emergency, until a named person takes it', () => {
    const walk = begin();
    walk.send(said('urgent'));
    for (const count of [1, 2, 3]) {
      walk.wait(5 * minute);
      assert.equal(walk.known().escalations, count);
      assert.deepEqual(walk.news().at(-1), ['attention.escalated', 'urgent']);
    }
    walk.send(staff('took'));
    assert.deepEqual(walk.place(), { urgent: 'taken' });
    assert.deepEqual(walk.known().taken, { by: 'nurse', at });
    walk.wait(day);
    assert.equal(walk.known().escalations, 3);
    assert.deepEqual(walk.news().at(-1), ['attention.taken', 'urgent']);
  });

  test('comes every hour of anything else', () => {
    const walk = begin();
    walk.send(handOver('booking-held'));
    walk.wait(60 * minute - 1);
    assert.equal(walk.known().escalations, 0);
    walk.wait(1);
    walk.wait(60 * minute);
    assert.equal(walk.known().escalations, 2);
    walk.send(staff('took'));
    walk.wait(day);
    assert.equal(walk.known().escalations, 2);
  });

  test('comes again if the emergency is heard again and whoever took it does nothing', () => {
    const walk = begin();
    walk.send(said('urgent'));
    walk.send(staff('took'));
    walk.wait(60 * minute);
    walk.send(said('urgent'));
    assert.deepEqual(walk.place(), { urgent: 'taken' });
    walk.wait(5 * minute);
    assert.deepEqual(walk.place(), { urgent: 'untaken' });
    assert.deepEqual([walk.known().taken, walk.known().escalations], [null, 1]);
    walk.send(staff('took', { by: 'doctor' }));
    assert.equal(walk.known().taken?.by, 'doctor');
  });

  test('is not hurried by more messages, nor put off', () => {
    const walk = begin();
    walk.send(said('urgent'));
    for (let n = 0; n < 4; n++) {
      walk.wait(minute);
      walk.send(said('urgent'));
      walk.send(handOver('booking-held'));
    }
    assert.equal(walk.known().escalations, 0);
    walk.wait(minute);
    assert.equal(walk.known().escalations, 1);
    assert.equal(walk.reasons().length, 2);
  });
});

suite('what staff settle', () => {
  test('is an emergency only by saying so, or by handing the case back', () => {
    for (const [act, place] of [
      [staff('reply', { text: '112!' }), { urgent: 'taken' }],
      [staff('settled', { reason: 'question' }), { urgent: 'untaken' }],
      [staff('settled', { reason: 'urgent' }), { withStaff: 'taken' }],
      [staff('resume'), 'nobody'],
      [staff('close', { reason: 'done' }), 'nobody'],
    ] as const) {
      const walk = begin();
      walk.send(handOver('booking-held'));
      walk.send(said('urgent'));
      walk.send(act);
      assert.deepEqual(walk.place(), place, JSON.stringify(act));
    }
  });

  test('by an answer is what waited for words, and nothing that is held', () => {
    const walk = begin();
    walk.send(handOver('question'));
    walk.send(handOver('deal-held'));
    walk.send(staff('reply', { text: 'Yes' }));
    assert.deepEqual([walk.place(), walk.reasons()], [{ withStaff: 'taken' }, ['deal-held']]);
    walk.send(staff('settled', { reason: 'deal-held' }));
    assert.deepEqual([walk.place(), walk.reasons()], [{ withStaff: 'answered' }, []]);
  });

  test('is never a right by handing the case back: it has 30 days of its own', () => {
    const walk = begin();
    walk.send({ type: 'rights.requested', kind: 'erasure', messageId: 'wamid.1', at });
    walk.send(staff('resume'));
    walk.send(staff('close', { reason: 'done' }));
    assert.deepEqual(walk.known().rights, { kind: 'erasure', at });
    walk.wait(30 * day);
    assert.deepEqual(walk.news().at(-1), ['attention.escalated', 'rights-request']);
    walk.send(staff('settled', { reason: 'rights-request' }));
    assert.equal(walk.known().rights, null);
    assert.deepEqual(walk.heard().at(-1), { type: 'attention.changed', isAwaited: false });
  });
});

test('attention is the same stored, in memory and replayed', async () => {
  const send = (event: object) => ({ kind: 'send', event: event as never }) as const;
  await assertFaithful(nested, [
    send(handOver('question')),
    { kind: 'wait', ms: 60 * minute },
    send(said('urgent')),
    { kind: 'wait', ms: 11 * minute },
    send(staff('took')),
    send(said('urgent')),
    { kind: 'wait', ms: 5 * minute },
    send(staff('reply', { text: 'We call you' })),
    send(staff('settled', { reason: 'urgent' })),
    send(said('question')),
    send(staff('resume')),
  ]);
});

test('a case tells attention of all that it is about', () => {
  const walk = startCase();
  const known = () => walk.below('attention')?.getSnapshot().context as AttentionContext;
  walk.write('Hello');
  walk.press('consent:service:yes');
  walk.write('do you have a hotel?');
  assert.deepEqual(
    known().reasons.map(({ reason }) => reason),
    ['question'],
  );
  assert.equal(known().unanswered, 1);
  walk.write('I am bleeding heavily');
  assert.deepEqual(
    known().reasons.map(({ reason }) => reason),
    ['question', 'urgent'],
  );
  assert.ok(walk.has('urgent-untaken'));
  walk.send({ type: 'staff.took', at: walk.at(), by: 'nurse' });
  assert.ok(!walk.has('urgent-untaken') && walk.has('urgent'));
  walk.staff('staff.resume');
  assert.ok(!walk.has('urgent'));
});

suite('a case that is over', () => {
  const isDone = (walk: ReturnType<typeof startCase>) => walk.state().status === 'done';
  const rights = (walk: ReturnType<typeof startCase>) =>
    walk.send({
      type: 'rights.requested',
      kind: 'erasure',
      messageId: 'wamid.9',
      at: walk.at(),
    } as never);

  test('stays until staff have seen to an emergency, and ends as it would have', () => {
    const walk = startCase();
    walk.write('I am bleeding heavily');
    walk.press('consent:service:no');
    walk.clock.increment(30 * day);
    assert.equal(isDone(walk), false);
    assert.ok(walk.has('urgent-untaken'));
    walk.send({ type: 'staff.settled', reason: 'urgent', at: walk.at(), by: 'nurse' });
    assert.equal(isDone(walk), true);
    assert.deepEqual(walk.state().output, {
      caseId: 'case-1',
      outcome: 'consent-refused',
      reason: null,
    });
  });

  test('stays until a right of the law was seen to, also after the patient withdrew', () => {
    const walk = startCase();
    walk.write('Hello');
    walk.press('consent:service:yes');
    rights(walk);
    walk.write('stop');
    assert.ok(walk.has('consent-withdrawn') && walk.has('rights-request'));
    walk.clock.increment(400 * day);
    assert.equal(isDone(walk), false);
    walk.send({ type: 'staff.settled', reason: 'rights-request', at: walk.at(), by: 'nurse' });
    assert.equal(isDone(walk), true);
  });

  test('stays when staff close it, for a right alone', () => {
    for (const withRights of [true, false]) {
      const walk = startCase();
      walk.write('Hello');
      walk.press('consent:service:yes');
      walk.write('I am bleeding heavily');
      if (withRights) rights(walk);
      walk.send({ type: 'staff.close', reason: 'done', at: walk.at(), by: 'nurse' });
      assert.equal(isDone(walk), !withRights);
      assert.equal(walk.has('rights-request'), withRights);
    }
  });
});
