import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  askedConsent,
  flights,
  hour,
  inConfirm,
  inIntake,
  inSearch,
  journeyOf,
  startCase,
  type Walk,
} from './walk.ts';

/** The provider took something else in the place of the last question, or of a message that is none. */
const replaced = (
  walk: Walk,
  again: {
    readonly text: 'staff.reply' | 'intake.origin';
    readonly values: Readonly<Record<string, string>>;
  },
  asks: string | null,
) =>
  walk.send({
    type: 'message.sent',
    effectId: 'case-1.99.0',
    messageId: 'wamid.reopening',
    asks,
    at: walk.at(),
    again: { ...again, values: { ...again.values }, purpose: 'service' },
  });
const lastAsked = (walk: Walk) => walk.questions.at(-1) ?? '';

suite('what could not be said as it was meant', () => {
  test('is asked when the patient goes on, by the button or in words', () => {
    for (const goOn of [
      (walk: Walk) => walk.press('continue'),
      (walk: Walk) => walk.write('hello?'),
    ]) {
      const walk = askedConsent();
      walk.sendByHand();
      walk.press('consent:service:yes');
      replaced(walk, { text: 'intake.origin', values: {} }, lastAsked(walk));
      walk.said();
      goOn(walk);
      assert.deepEqual(
        walk.said().filter((key) => key.startsWith('intake.origin')),
        ['intake.origin'],
      );
      walk.deliver();
      walk.write('Berlin');
      assert.equal(walk.state().context.trip.origin, 'BER');
    }
  });

  test('is said once when the patient goes on, in the words of staff too', () => {
    const other = inIntake();
    other.said();
    replaced(other, { text: 'staff.reply', values: { text: 'Your hotel is booked' } }, null);
    assert.deepEqual(other.said(), []);
    assert.equal(other.has('message-in-doubt'), false);
    other.press('continue');
    assert.equal(other.sent.filter(({ text }) => text === 'staff.reply').length, 1);
    other.said();
    other.press('continue');
    assert.deepEqual(
      other.said().filter((key) => key === 'staff.reply'),
      [],
    );
  });

  test('is handed to staff where nobody knows what it was', () => {
    const walk = startCase();
    walk.write('Hello');
    walk.press('consent:service:no');
    walk.said();
    walk.press('continue');
    assert.deepEqual(walk.said(), ['staff.handover']);
  });
});

suite('a message that is no text', () => {
  test('opens the chat and is greeted, or tells of something earlier and is not answered', () => {
    for (const type of ['empty', 'request_welcome']) {
      const walk = startCase();
      walk.inbound({ kind: 'notice', type });
      assert.deepEqual(walk.said(), ['consent.service.1']);
      walk.inbound({ kind: 'notice', type });
      assert.deepEqual(walk.said(), []);
    }
    const walk = inIntake();
    walk.said();
    walk.inbound({ kind: 'notice', type: 'poll_update' });
    assert.deepEqual(walk.said(), []);
  });

  test('is greeted and nothing else where nobody can read the first', () => {
    const walk = startCase();
    walk.inbound({ kind: 'unsupported', type: 'hologram', errorCode: null });
    assert.deepEqual(walk.said(), ['consent.service.1']);
  });

  test('is asked for again where its file was lost', () => {
    for (const lost of [
      { type: 'image', errorCode: '131052' },
      { type: 'media_placeholder', errorCode: '131051' },
      { type: 'document', errorCode: null },
    ]) {
      const walk = inIntake();
      walk.said();
      walk.inbound({ kind: 'unsupported', ...lost });
      assert.deepEqual(walk.said(), ['media.gone']);
    }
  });

  test('goes to staff where it is an order or a form', () => {
    for (const kind of ['order', 'form'] as const) {
      const walk = inIntake();
      walk.said();
      walk.inbound({ kind });
      assert.deepEqual(walk.said(), ['staff.handover']);
      assert.ok(walk.has('with-staff'));
    }
  });

  test('that was edited, and whose new words did not come, has the question after it asked again', () => {
    const edited = (walk: Walk) =>
      walk.send({
        type: 'whatsapp.edited',
        messageId: 'wamid.edit',
        originalMessageId: null,
        message: null,
        lang: null,
        at: walk.at(),
      });
    const confirming = inConfirm();
    confirming.said();
    edited(confirming);
    assert.deepEqual(confirming.said(), ['intake.confirm']);
    const asked = askedConsent();
    asked.said();
    edited(asked);
    assert.deepEqual(asked.said(), []);
    const searching = inSearch();
    searching.said();
    edited(searching);
    assert.deepEqual(searching.said(), ['staff.handover']);
  });
});

suite('offers that a limit holds back', () => {
  async function held(expiresAt: string | null) {
    const walk = inSearch();
    walk.sendByHand();
    await walk.answer('searchFlights', flights(3, expiresAt));
    assert.equal(journeyOf(walk), 'offering');
    walk.said();
    return walk;
  }

  test('neither lapse nor are reminded of before they went', async () => {
    const walk = await held(null);
    walk.clock.increment(30 * hour);
    assert.deepEqual(walk.said(), []);
    walk.deliver();
    assert.equal(journeyOf(walk), 'offer');
    walk.clock.increment(20 * hour);
    assert.deepEqual(walk.said(), ['offer.reminder']);
    walk.clock.increment(3 * hour);
    assert.deepEqual(walk.said(), ['offer.expired']);
  });

  test('are searched again where they are over by then', async () => {
    const walk = await held('2027-01-01T20:00:00Z');
    walk.clock.increment(30 * hour);
    walk.deliver();
    assert.deepEqual(walk.said(), ['offer.lapsed', 'flights.searching']);
    const unsent = await held('2027-01-01T20:00:00Z');
    unsent.clock.increment(30 * hour);
    unsent.send({ type: 'message.failed', effectId: 'case-1.9.0', code: 'message_outdated' });
    assert.deepEqual(unsent.said(), ['flights.searching']);
    assert.equal(unsent.has('with-staff'), false);
  });

  test('can be chosen by whoever has them although nobody knows it', async () => {
    const walk = await held(null);
    walk.doubt();
    walk.press('offer:1');
    assert.equal(journeyOf(walk), 'booking');
  });
});
