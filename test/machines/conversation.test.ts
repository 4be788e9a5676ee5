import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { understandingOf, type Asked } from './understanding.ts';
import {
  askedConsent,
  awaitingPayment,
  confirmed,
  hour,
  inIntake,
  inSearch,
  journeyOf,
  offered,
  startCase,
  stored,
  type Walk,
} from './walk.ts';

const handedOverFor = (walk: Walk) => walk.state().context.handedOverFor;
const isOpen = (walk: Walk) => !walk.has('window-closed');
const speakerOf = (walk: Walk) => {
  const { value } = walk.state();
  return typeof value === 'object' && value !== null && 'open' in value
    ? (value.open as { conversation: { speaker: unknown } }).conversation.speaker
    : null;
};

/** Intake with a photo that may be fetched. */
const withPhoto = (): Walk => {
  const walk = inIntake();
  walk.photo();
  walk.press('consent:health-data:yes');
  walk.press('consent:transfer-abroad:no');
  walk.said();
  return walk;
};

const statusOf = (walk: Walk, status: 'delivered' | 'failed', errorCode: string | null) =>
  walk.send({ type: 'whatsapp.status', status, errorCode, at: walk.at() });

suite('staff', () => {
  const places: Readonly<Record<string, () => Walk | Promise<Walk>>> = {
    consent: () => askedConsent(),
    intake: inIntake,
    search: inSearch,
    offer: async () => offered(),
    'awaiting payment': awaitingPayment,
    travel: confirmed,
  };
  for (const [place, walkThere] of Object.entries(places)) {
    test(`get questions, whoever asks for a person, and emergencies at once in ${place}`, async () => {
      for (const [words, reason, answer] of [
        ['how long does it take?', 'question', 'staff.handover'],
        ['a person please', 'question', 'staff.handover'],
        ['I am bleeding', 'urgent', 'conversation.urgent'],
      ] as const) {
        const walk = await walkThere();
        const before = journeyOf(walk);
        walk.said();
        walk.write(words);
        assert.deepEqual(walk.said()[0], answer, words);
        assert.equal(handedOverFor(walk), reason);
        assert.ok(walk.has('with-staff'));
        assert.deepEqual(journeyOf(walk), before, 'The journey stays where it is');
        walk.write('I am bleeding');
        assert.deepEqual(walk.said(), ['conversation.urgent'], 'That is answered by all means');
        walk.write('hm');
        walk.write('hm');
        assert.deepEqual(walk.said(), [], 'The bot does not talk over staff');
        assert.equal(walk.state().context.unanswered, 3);
        walk.staff('staff.resume');
        assert.equal(handedOverFor(walk), null);
      }
    });
  }

  test('get questions said earlier and heard later, too', () => {
    const walk = inIntake();
    walk.write('is it far?', { at: '2027-01-01T09:00:00Z' });
    assert.equal(handedOverFor(walk), 'question');
  });

  test('write in their own words, with the consent there is', () => {
    for (const [walk, purpose] of [
      [askedConsent(), 'notice'],
      [inIntake(), 'service'],
    ] as const) {
      walk.send({ type: 'staff.reply', text: 'About two hours.', at: walk.at() });
      const reply = walk.sent.at(-1);
      assert.deepEqual(
        [reply?.text, reply?.values, reply?.purpose],
        ['staff.reply', { text: 'About two hours.' }, purpose],
      );
    }
  });

  test('send a document of the case, with the consent to health data', () => {
    const walk = inIntake();
    walk.send({ type: 'staff.send', document: '7.0.pdf', at: walk.at() });
    const { recipient, lang, heardAt } = walk.state().context;
    const purpose = 'health-data';
    assert.deepEqual(walk.files, [{ recipient, lang, document: '7.0.pdf', heardAt, purpose }]);
  });

  test('say nothing to who withdrew', () => {
    const walk = inIntake();
    walk.write('STOP');
    walk.said();
    walk.send({ type: 'staff.reply', text: 'Wait!', at: walk.at() });
    assert.deepEqual(walk.said(), []);
  });

  test('leave the journey to go on by what the patient tells', () => {
    const walk = inIntake();
    walk.write('a person please');
    walk.write('from Berlin, 2027-02-01, 2 adults');
    assert.deepEqual(journeyOf(walk), { intake: 'confirm' });
    walk.press('trip:yes');
    assert.deepEqual(journeyOf(walk), { searching: 'begun' });
  });

  test('are told once that a message cannot be delivered', () => {
    const walk = inIntake();
    walk.said();
    statusOf(walk, 'delivered', null);
    assert.ok(!walk.has('with-staff'));
    for (let i = 0; i < 3; i++) {
      walk.send({ type: 'message.failed', effectId: `case-1.${i}.0`, code: 'provider_refused' });
      statusOf(walk, 'failed', '131026');
    }
    assert.equal(handedOverFor(walk), 'message-not-delivered');
    assert.deepEqual(walk.said(), [], 'Nothing more is sent where nothing arrives');
  });
});

suite('hearing', () => {
  test('reads one message after the other, in the order they were said', async () => {
    const walk = inIntake();
    walk.readByHand();
    const [early, middle] = ['2027-01-01T10:00:00Z', '2027-01-01T10:00:01Z'];
    walk.write('from Köln', { at: '2027-01-01T10:00:02Z' });
    walk.write('from München', { at: middle });
    walk.write('2 adults', { at: early });
    assert.deepEqual(speakerOf(walk), { bot: 'busy' });
    const read: string[] = [];
    while (walk.calls[0]?.name === 'understand') {
      const asked = walk.calls[0].input as Asked;
      read.push(asked.text);
      await walk.answer('understand', understandingOf(asked));
    }
    assert.deepEqual(read, ['from Köln', '2 adults', 'from München']);
    assert.equal(walk.state().context.trip.origin, 'CGN', 'What was said last stands');
    assert.deepEqual(journeyOf(walk), { intake: 'departDate' });
    assert.deepEqual(speakerOf(walk), { bot: 'waitingForPatient' });
  });

  test('does not take one message for another that comes while it reads', async () => {
    const walk = askedConsent();
    walk.readByHand();
    walk.write('yes');
    walk.write('hm', { at: '2027-01-01T09:00:01.500Z' });
    await walk.answer('understand', understandingOf({ text: 'yes', asked: null }));
    assert.equal(walk.recorded[0]?.messageId, 'wamid.2');
    await walk.answer('understand', understandingOf({ text: 'hm', asked: null }));
    assert.deepEqual(walk.state().context.heard, []);
  });

  test('asks nothing before it has read everything', async () => {
    const walk = inIntake();
    walk.said();
    walk.readByHand();
    walk.write('hello');
    walk.write('from Berlin');
    await walk.answer('understand', understandingOf({ text: 'hello', asked: null }));
    assert.deepEqual(walk.said(), []);
    await walk.answer('understand', understandingOf({ text: 'from Berlin', asked: null }));
    assert.deepEqual(walk.said(), ['intake.date']);
  });

  test('takes what cannot be understood at all for a miss', async () => {
    const walk = inIntake();
    walk.said();
    walk.readByHand();
    walk.write('from Berlin');
    await walk.fail('understand');
    assert.deepEqual(walk.said(), ['intake.origin.again']);
  });

  test('reads again at home when the consent to read abroad is gone', async () => {
    const walk = inIntake();
    walk.readByHand();
    walk.write('from Berlin');
    await walk.fail('understand', { code: 'not_permitted' });
    const asked = await walk.answer(
      'understand',
      understandingOf({ text: 'from Berlin', asked: null }),
    );
    assert.equal((asked as { text: string; mayLeave: boolean }).text, 'from Berlin');
    assert.equal((asked as { text: string; mayLeave: boolean }).mayLeave, false);
    assert.equal(walk.state().context.trip.origin, 'BER');
  });

  test('calls staff when more comes than can be read', () => {
    const walk = inIntake();
    walk.readByHand();
    walk.said();
    for (let i = 0; i < 40; i++) walk.write('hello');
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.equal(handedOverFor(walk), 'too-many-messages');
    assert.ok(walk.state().context.heard.length <= 20);
  });

  test('answers what it cannot read politely, at most once a minute', () => {
    const walk = inIntake();
    walk.said();
    walk.sticker();
    walk.inbound({ kind: 'contacts' });
    walk.inbound({ kind: 'unsupported', type: 'poll', errorCode: null });
    walk.inbound({ kind: 'reaction' });
    assert.deepEqual(walk.said(), ['conversation.unreadable']);
    walk.clock.increment(hour);
    walk.sticker();
    assert.deepEqual(walk.said(), ['conversation.unreadable']);
    assert.equal(walk.state().context.misses, 0);
  });

  test('follows the language and the number of the newest message', () => {
    const walk = inIntake();
    walk.write('hm', { lang: 'de', from: { userId: 'user-1', phone: null } });
    walk.write('hm', {
      lang: 'fr',
      at: '2027-01-01T09:00:00Z',
      from: { userId: 'user-0', phone: null },
    });
    assert.equal(walk.state().context.lang, 'de');
    assert.deepEqual(walk.state().context.recipient, { phone: '491700000001', userId: 'user-1' });
    walk.write('Merhaba');
    assert.equal(walk.state().context.lang, 'tr');
  });

  test('writes to a contact’s new number, and keeps the id it knows', () => {
    const walk = inIntake();
    walk.send({
      type: 'whatsapp.contact',
      contact: { userId: null, phone: '491700000002' },
      at: walk.at(),
    });
    walk.write('Berlin', { from: { userId: 'user-1', phone: null } });
    assert.deepEqual(walk.sent.at(-1)?.recipient, { phone: '491700000002', userId: 'user-1' });
  });

  test('still reads messages as they were written before kinds were nested', () => {
    const walk = startCase();
    const old = (what: object) => {
      const event = { type: 'whatsapp.inbound', messageId: 'wamid.old', lang: null, at: walk.at() };
      walk.send({ ...event, ...what } as unknown as Parameters<typeof walk.send>[0]);
    };
    old({ kind: 'text', text: 'Hello' });
    assert.equal(journeyOf(walk), 'consent');
    old({ kind: 'button', buttonId: 'consent:yes' });
    assert.deepEqual(journeyOf(walk), { intake: 'origin' });
    old({ kind: 'text', text: 'STOP' });
    assert.ok(walk.has('consent-withdrawn'));
  });
});

suite('the 24-hour window', () => {
  test('closes 24 h after the last message, and opens with the next', () => {
    const walk = inIntake();
    walk.clock.increment(24 * hour - 1);
    assert.ok(isOpen(walk));
    walk.inbound({ kind: 'reaction' });
    walk.clock.increment(24 * hour - 1);
    assert.ok(isOpen(walk));
    walk.clock.increment(1);
    assert.ok(!isOpen(walk));
    walk.write('Berlin');
    assert.ok(isOpen(walk));
    assert.equal(walk.sent.at(-1)?.heardAt, walk.at());
  });

  test('closes when the provider says so, and a template asks for an answer once', () => {
    const walk = inIntake();
    walk.said();
    statusOf(walk, 'failed', '131047');
    statusOf(walk, 'failed', '131047');
    assert.ok(!isOpen(walk));
    assert.ok(!walk.has('with-staff'));
    const [reopen, ...more] = walk.sent;
    assert.deepEqual([reopen?.text, reopen?.heardAt, more], ['conversation.reopen', null, []]);
  });
});

suite('files', () => {
  test('are fetched one by one, and the patient is thanked once', async () => {
    const walk = inIntake();
    for (let i = 0; i < 3; i++) walk.photo();
    assert.deepEqual(walk.calls, [], 'Not without consent to health data');
    walk.press('consent:health-data:yes');
    walk.said();
    const fetched: unknown[] = [];
    for (let left = 3; left > 0; left--) {
      assert.equal(walk.calls.length, 1);
      assert.equal(walk.state().context.attachments.length, left);
      fetched.push(await walk.answer('fetchMedia', stored(`photo-${left}`)));
    }
    assert.deepEqual(walk.said(), ['media.received']);
    assert.deepEqual(
      fetched.map((input) => (input as { mediaId: string }).mediaId),
      ['media-3', 'media-4', 'media-5'],
    );
    assert.deepEqual(
      walk.state().context.documents.map(({ key }) => key),
      ['photo-3', 'photo-2', 'photo-1'].map((name) => stored(name).key),
    );
  });

  test('of which there are too many at once are left', () => {
    const walk = inIntake();
    for (let i = 0; i < 15; i++) walk.photo();
    assert.equal(walk.state().context.attachments.length, 10);
  });

  test('are asked for as the provider names them', () => {
    const walk = withPhoto();
    const at = '2027-01-01T09:00:03.000Z';
    assert.deepEqual(walk.calls[0]?.input, { kind: 'image', mediaId: 'media-3', sha256: null, at });
  });

  for (const [code, text] of [
    ['media_too_large', 'media.tooLarge'],
    ['media_wrong_type', 'media.wrongType'],
    ['media_damaged', 'media.damaged'],
    ['media_unsafe', 'media.unsafe'],
    ['media_gone', 'media.gone'],
  ] as const) {
    test(`refused as ${code} are answered with what the patient can do`, async () => {
      const walk = withPhoto();
      await walk.fail('fetchMedia', { code });
      assert.deepEqual(
        walk.sent.map(({ text, values }) => [text, values]),
        [[text, { limit: 5 }]],
      );
      assert.ok(!walk.has('with-staff'));
      assert.deepEqual(walk.state().context.attachments, []);
    });
  }

  test('that cannot be fetched go to staff', async () => {
    const walk = withPhoto();
    await walk.fail('fetchMedia', { code: 'provider_refused' });
    assert.deepEqual(walk.said(), ['media.failed', 'staff.handover']);
    assert.equal(handedOverFor(walk), 'file-not-readable');
  });

  test('that speak go to staff once they are kept', async () => {
    const walk = withPhoto();
    await walk.answer('fetchMedia', stored('photo'));
    walk.voice();
    walk.said();
    await walk.answer('fetchMedia', stored('voice'));
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.equal(handedOverFor(walk), 'voice-or-video');
    assert.equal(walk.state().context.documents.length, 2);
  });

  test('are read by their caption, too', () => {
    const walk = inIntake();
    walk.photo('from Berlin');
    assert.equal(walk.state().context.trip.origin, 'BER');
  });
});
