import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { understandingOf } from './understanding.ts';
import { askedConsent, day, inIntake, journeyOf, minute, startCase, type Walk } from './walk.ts';

const speakerOf = (walk: Walk) => walk.has('with-staff');
/** The question that the last words are read as an answer to. */
const askedWith = (walk: Walk) =>
  (walk.calls.at(-1)?.input as { readonly asked: string } | undefined)?.asked;
const serviceOf = (walk: Walk) => walk.state().context.consents.service.status;
const tripOf = (walk: Walk) => walk.state().context.trip;

suite('which question an answer answers', () => {
  test('is the one that was sent before it was written, not the one that is asked when it is read', () => {
    const walk = inIntake();
    walk.write('from Berlin, 2027-02-01');
    walk.sendByHand();
    walk.write('2'); // How many adults?
    assert.equal(walk.said().at(-1), 'intake.confirm');
    walk.write('yes'); // What was read back has not reached the patient yet.
    assert.deepEqual(journeyOf(walk), { intake: 'confirm' });
    const later = { at: new Date(Date.parse(walk.at()) + 5_000).toISOString() };
    walk.deliver(later);
    assert.deepEqual(journeyOf(walk), { intake: 'confirm' });
  });

  test('is known a moment later where the question was on its way while the answer was read', () => {
    const walk = startCase();
    walk.sendByHand();
    walk.write('Hello');
    const asked = walk.at();
    walk.write('yes');
    assert.equal(serviceOf(walk), 'asked');
    walk.deliver({ at: asked });
    assert.equal(serviceOf(walk), 'given');
  });

  test('is the newer one where we hear that it had reached the patient while their words are read', async () => {
    const walk = inIntake();
    walk.write('Berlin');
    walk.sendByHand();
    walk.write('2027-02-01');
    assert.equal(walk.said().at(-1), 'intake.adults');
    const asked = walk.at();
    walk.readByHand();
    walk.write('2', { at: new Date(Date.parse(asked) + 1_000).toISOString() });
    assert.equal(askedWith(walk), 'departDate');
    walk.deliver({ at: asked });
    await walk.answer('understand', understandingOf({ text: 'the 3.4.', asked: 'departDate' }));
    assert.equal(askedWith(walk), 'adults');
    await walk.answer('understand', understandingOf({ text: '2', asked: 'adults' }));
    assert.equal(tripOf(walk).adults, 2);
    assert.equal(walk.said().at(-1), 'intake.confirm');
  });

  test('is none of ours that the patient has not seen: after five seconds the words are read without it', () => {
    const walk = startCase();
    walk.sendByHand();
    walk.write('Hello');
    walk.write('yes');
    walk.clock.increment(5_000);
    assert.equal(serviceOf(walk), 'asked');
    assert.deepEqual(walk.recorded, []);
    walk.write('I am bleeding');
    assert.ok(speakerOf(walk), 'An emergency waits for nothing');
  });

  test('is the one that the patient replies to, whatever was asked since', () => {
    const walk = inIntake();
    const origin = `wamid.ours-${walk.questions.at(-1)}`;
    walk.photo();
    assert.equal(walk.said().at(-1), 'consent.health-data.1');
    walk.inbound({ kind: 'text', text: 'yes' }, { replyTo: origin });
    assert.equal(walk.state().context.consents['health-data'].status, 'asked');
    walk.write('yes');
    assert.equal(walk.state().context.consents['health-data'].status, 'given');
  });

  test('is no consent once staff have spoken: only the button is', () => {
    const walk = askedConsent();
    walk.send({ type: 'staff.reply', text: 'Do you speak German?', at: walk.at() });
    walk.write('yes');
    assert.equal(serviceOf(walk), 'asked');
    walk.press('consent:service:yes');
    assert.equal(serviceOf(walk), 'given');
  });
});

suite('an answer that is dated before its question, and came after it', () => {
  const early = { at: '2027-01-01T09:00:00Z' };
  const late = { at: '2027-01-01T09:02:00Z' };
  const heardLate = (walk: Walk) => {
    walk.sendByHand();
    return walk;
  };

  test('counts where nothing else was ever asked', () => {
    const walk = heardLate(startCase());
    walk.write('Hello', early);
    walk.deliver(late);
    walk.write('yes', early);
    assert.equal(serviceOf(walk), 'given');
  });

  test('is no consent where it may be meant for something else: that is asked again', () => {
    const walk = heardLate(inIntake());
    walk.photo();
    walk.deliver(late);
    walk.said();
    walk.write('yes');
    assert.equal(walk.state().context.consents['health-data'].status, 'asked');
    assert.deepEqual(walk.said(), ['consent.health-data.1']);
  });

  test('tells of the trip, and picks no flight', async () => {
    const walk = heardLate(startCase());
    walk.write('Hello', early);
    walk.press('consent:service:yes', early);
    walk.deliver(late);
    walk.write('Berlin', early);
    assert.equal(tripOf(walk).origin, 'BER');
  });
});

suite('messages of one second', () => {
  const words = [
    'yes',
    'from Berlin',
    '2027-02-01',
    '2 adults',
    'hm',
    'thanks',
    'no',
    'Köln',
    '3 adults',
  ];

  test('are understood and answered as if they were a second apart', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), (said) => {
        const [apart, together] = [inIntake(), inIntake()];
        const at = new Date(Date.parse(together.at()) + 1_000).toISOString();
        together.sendByHand();
        for (const text of said) {
          apart.write(text);
          const asked = together.questions.length;
          together.write(text, { at });
          if (together.questions.length > asked) together.deliver({ at });
        }
        assert.deepEqual(together.said(), apart.said());
        assert.deepEqual(tripOf(together), tripOf(apart));
        assert.deepEqual(journeyOf(together), journeyOf(apart));
        const consents = (walk: Walk) =>
          Object.values(walk.state().context.consents).map(({ status }) => status);
        assert.deepEqual(consents(together), consents(apart));
      }),
      { numRuns: 60 },
    );
  });

  test('count in the order they came: a stop and what is written after it', () => {
    const walk = inIntake();
    const at = new Date(Date.parse(walk.at()) + 1_000).toISOString();
    walk.said();
    walk.write('STOP', { at });
    walk.write('Hello again', { at });
    assert.deepEqual(walk.said(), ['conversation.stopped', 'consent.service.1']);
  });
});

suite('a message of ours in doubt', () => {
  test('is a question that is asked again with the next words, and only then', () => {
    const walk = askedConsent();
    walk.said();
    walk.sendByHand();
    walk.press('consent:service:yes');
    assert.deepEqual(walk.said(), ['intake.origin']);
    walk.doubt();
    assert.ok(walk.has('message-in-doubt'));
    assert.deepEqual(walk.said(), []);
    walk.press('consent:service:yes');
    assert.deepEqual(walk.said(), ['intake.origin']);
    assert.ok(!walk.has('message-in-doubt'));
    walk.doubt();
    walk.write('yes');
    assert.deepEqual(walk.said(), ['intake.origin'], 'It is no place, and no miss');
    walk.doubt();
    walk.write('from Berlin');
    assert.deepEqual(walk.said(), ['intake.date'], 'Told is told');
  });

  test('is asked again at once where the patient wrote before the doubt was known', () => {
    const walk = startCase();
    walk.sendByHand();
    walk.write('Hello');
    walk.said();
    walk.write('hm');
    walk.clock.increment(5_000);
    assert.deepEqual(walk.said(), []);
    walk.doubt();
    assert.deepEqual(walk.said(), ['consent.service.1']);
  });

  test('is told to the patient within half a minute, and to staff after one, once', () => {
    const walk = startCase();
    walk.sendByHand();
    walk.write('Hello');
    walk.said();
    walk.doubt();
    walk.clock.increment(minute / 2);
    assert.deepEqual(walk.said(), ['conversation.doubt']);
    walk.clock.increment(minute);
    assert.ok(walk.has('awaits-staff'));
    walk.clock.increment(10 * minute);
    assert.deepEqual(walk.said(), []);
    assert.ok(!speakerOf(walk), 'The bot still speaks');
    walk.write('hm');
    assert.deepEqual(walk.said(), ['consent.service.1']);
  });

  test('that asked nothing is said again when the patient writes', () => {
    const walk = inIntake();
    walk.said();
    const again = { text: 'payment.received', values: {}, purpose: 'service' } as const;
    walk.send({ type: 'message.doubted', effectId: 'case-1.9.0', asks: null, again });
    walk.write('hello?');
    assert.ok(walk.said().includes('payment.received'));
    walk.send({ type: 'message.doubted', effectId: 'case-1.10.0', asks: null, again });
    walk.send({
      type: 'whatsapp.status',
      status: 'delivered',
      errorCode: null,
      effectId: 'case-1.10.0',
      at: walk.at(),
    });
    assert.ok(!walk.has('message-in-doubt'));
  });
});

suite('a refusal', () => {
  test('lasts: goodbyes, thumbs and thanks get no answer, and no consent question', () => {
    for (const words of [
      '👍',
      'ok thank you, bye',
      'merci, bonne journée',
      'Tamam, teşekkürler',
      'ok',
      'no',
    ]) {
      const walk = askedConsent();
      walk.write('no');
      walk.said();
      walk.write(words);
      assert.deepEqual(walk.said(), [], words);
      assert.equal(serviceOf(walk), 'refused', words);
    }
  });

  test('is taken back by words that agree expressly, once, with those words as evidence', () => {
    const walk = askedConsent();
    walk.write('no');
    walk.said();
    walk.readByHand();
    walk.write("D'accord, finalement j'accepte");
    void walk.answer('understand', {
      lang: null,
      intent: { value: 'agree', confidence: 0.9 },
      details: {},
      by: 'rules',
    });
    assert.equal(serviceOf(walk), 'given');
    assert.deepEqual(walk.said(), ['intake.origin']);
    assert.deepEqual(
      walk.recorded.map(({ records }) => records[0]?.status),
      ['refused', 'given'],
    );
  });

  test('is followed by an answer to a question, and by the consent question to who comes back', () => {
    const walk = askedConsent();
    walk.write('no');
    walk.said();
    walk.write('why do you need my data?');
    assert.deepEqual(walk.said(), ['staff.handover']);
    walk.write('Hello again');
    assert.ok(walk.said().includes('consent.service.1'));
    walk.write('yes');
    assert.equal(serviceOf(walk), 'given');
  });

  test('a question in place of an answer is handed over aloud, and ours is asked again', () => {
    const walk = askedConsent();
    walk.said();
    walk.write('sure, what does it cost?');
    assert.deepEqual(walk.said(), ['staff.handover', 'consent.still']);
    walk.write('yes');
    assert.equal(serviceOf(walk), 'given');
  });
});

suite('an emergency', () => {
  const places: Readonly<Record<string, () => Walk>> = {
    'the first message': () => startCase(),
    'before consent': () => askedConsent(),
    'after a refusal': () => {
      const walk = askedConsent();
      walk.write('no');
      return walk;
    },
    'after a stop': () => {
      const walk = inIntake();
      walk.write('STOP');
      return walk;
    },
  };
  for (const [place, walkThere] of Object.entries(places))
    test(`in ${place} is answered alone, and consent is asked with the next message`, () => {
      const walk = walkThere();
      walk.said();
      walk.write('I am bleeding');
      assert.deepEqual(walk.said(), ['conversation.urgent']);
      assert.ok(walk.has('urgent-untaken'));
    });

  test('leaves the consent question for later: the next message, or the hand-back', () => {
    for (const next of ['message', 'resume'] as const) {
      const walk = startCase();
      walk.write('I am bleeding');
      walk.said();
      if (next === 'message') walk.write('Hello');
      else walk.staff('staff.resume');
      assert.ok(walk.said().includes('consent.service.1'), next);
    }
  });
});

suite('an edit', () => {
  const edit = (walk: Walk, originalMessageId: string, text: string) =>
    walk.send({
      type: 'whatsapp.edited',
      messageId: `${originalMessageId}.edit`,
      originalMessageId,
      message: { kind: 'text', text },
      lang: null,
      at: walk.at(),
    });

  test('is understood anew; of a message that waits it replaces the words', () => {
    const walk = inIntake();
    walk.write('from Berlin');
    edit(walk, 'wamid.3', 'from Köln');
    assert.equal(tripOf(walk).origin, 'CGN');
    const waiting = inIntake();
    waiting.readByHand();
    waiting.write('hm');
    waiting.write('from Berlin');
    edit(waiting, 'wamid.4', 'from Köln');
    assert.deepEqual(
      waiting.state().context.heard.map(({ text }) => text),
      ['from Köln'],
    );
  });

  test('of an answer to a consent is for a person', () => {
    const walk = askedConsent();
    walk.write('yes');
    edit(walk, 'wamid.2', 'no');
    assert.equal(walk.state().context.handedOverFor, 'message-edited');
    assert.equal(serviceOf(walk), 'given');
  });

  test('is not understood once it is taken back', () => {
    const walk = inIntake();
    walk.readByHand();
    walk.write('from Berlin');
    walk.write('from Köln');
    for (const id of ['wamid.3', 'wamid.4'])
      walk.send({
        type: 'whatsapp.revoked',
        messageId: `${id}.r`,
        originalMessageId: id,
        at: walk.at(),
      });
    assert.deepEqual([walk.calls, walk.state().context.heard, tripOf(walk).origin], [[], [], null]);
  });
});

suite('staff', () => {
  test('get orders and forms, and the patient hears so', () => {
    const walk = inIntake();
    walk.said();
    walk.inbound({ kind: 'order' });
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.ok(walk.has('with-staff'));
  });

  test('see what the patient writes, who hears so once in some minutes', () => {
    const walk = inIntake();
    walk.write('a person please');
    walk.said();
    walk.write('hm');
    assert.deepEqual(walk.said(), []);
    const at = (minutes: number) => ({
      at: new Date(Date.parse(walk.at()) + minutes * minute).toISOString(),
    });
    walk.write('hello?', at(4));
    walk.write('anybody?', at(4));
    assert.deepEqual(walk.said(), ['staff.noted']);
    walk.write('hello?', at(8));
    assert.deepEqual(walk.said(), ['staff.noted']);
  });

  test('see a wish to be erased, and the patient hears so once', () => {
    const walk = inIntake();
    walk.said();
    const erase = {
      lang: null,
      intent: { value: 'erase', confidence: 0.9 },
      details: {},
      by: 'rules',
    };
    walk.readByHand();
    walk.write('delete all my data');
    void walk.answer('understand', erase);
    walk.write('delete all my data now');
    void walk.answer('understand', erase);
    assert.deepEqual(walk.said(), ['conversation.erasure']);
    assert.ok(walk.has('rights-request'));
    walk.clock.increment(day);
  });
});
