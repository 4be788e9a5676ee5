import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Companion } from '../../actors/shapes/families.ts';
import {
  firstNameOf,
  isSameName,
  nameOf,
  partsOf,
  pickedIn,
  relativeIn,
} from '../../machines/companions-rules.ts';
import type { CompanionsContext, CompanionsInput } from '../../machines/companions-types.ts';
import { companionsMachine } from '../../machines/companions.ts';
import type { PatientSaid } from '../../machines/family-types.ts';
import { assertFaithful, hour, startNested, type Step } from './nested.ts';

const at = '2026-12-01T09:00:00Z';
const person = (name: string, called: readonly string[] = [], isHolder = false) => ({
  name,
  called,
  isHolder,
});
const fatma: Companion = { ...person('Fatma', ['annem']), caseId: 'case-2' };
const ayse = person('Ayşe', [], true);

const input: CompanionsInput = {
  tenantName: 'Klinik Şifa',
  destination: 'IST',
  currency: 'EUR',
  isInvoicing: true,
  recipient: { phone: '491700000001' },
  lang: 'tr',
  patient: null,
  others: [],
};
const both: CompanionsInput = { ...input, patient: ayse, others: [fatma] };

let messages = 0;
const inbound = (text: string, routed?: string, more: object = {}) => ({
  type: 'whatsapp.inbound',
  messageId: `wamid.${(messages += 1)}`,
  at,
  lang: null,
  message: { kind: 'text', text },
  ...(routed === undefined ? {} : { routed }),
  ...more,
});
const another = (text: string, name = '', reason = 'another', more: object = {}) => ({
  type: 'another.told',
  message: { messageId: `wamid.${(messages += 1)}`, at, text, buttonId: null },
  name,
  reason,
  profileName: null,
  ...more,
});
const said = (more: Partial<PatientSaid>): PatientSaid => ({
  type: 'patient.said',
  messageId: 'wamid.said',
  at,
  text: null,
  buttonId: null,
  intent: 'press',
  informs: false,
  late: false,
  isAside: true,
  isAnswer: false,
  answersConsent: false,
  asked: null,
  ...more,
});
const press = (buttonId: string) => said({ buttonId });
const agreed = { type: 'consent.changed', purpose: 'service', status: 'given', at } as const;
const ownTrip = { type: 'trip.told', details: { origin: 'BER' }, at } as const;

const effects = ['tellCompanion', 'openCompanion'];
function begin(given: CompanionsInput = input) {
  const walk = startNested({ machine: companionsMachine, input: given, effects });
  const types = (heard: readonly unknown[]) =>
    heard.map((event) => {
      const { type, message, routed, text, reason } = event as Record<string, string | undefined>;
      const words = (message as { text?: string } | undefined)?.text;
      return [type, words ?? text ?? reason, routed].filter((each) => each !== undefined).join(' ');
    });
  return {
    ...walk,
    known: () => walk.context() as unknown as CompanionsContext,
    /** What the case heard, in short. */
    news: () => types(walk.heard()),
    /** What the other cases were told, in short. */
    sent: () =>
      walk.told().map(([, telling]) => {
        const { to, news } = telling as { to: string; news: Record<string, unknown> };
        const inside = (news['message'] ?? {}) as { text?: string; message?: { text?: string } };
        return [to, news['about'], inside.message?.text ?? inside.text].filter(Boolean).join(' ');
      }),
  };
}

suite('whose words these are', () => {
  const family = { self: ayse, others: [fatma] };
  const anna = {
    self: person('Anna', [], true),
    others: [{ ...person('', ['Mutter']), caseId: 'case-2' }],
  };
  const cases: readonly (readonly [string, typeof family, ...string[]])[] = [
    [
      'Ben Berlin’den 10 Mart 2027, annem Ankara’dan 15 Mart 2027 gelecek',
      family,
      'own: Ben Berlin’den 10 Mart 2027',
      'case-2: annem Ankara’dan 15 Mart 2027 gelecek',
    ],
    ['Fatma’nın uçağı 15 Mart’ta olsun', family, 'case-2: Fatma’nın uçağı 15 Mart’ta olsun'],
    [
      'Merhaba, ben Fatma. Diz protezi istiyorum, İzmir’den 20 Mart 2027',
      family,
      'case-2: Merhaba, ben Fatma. Diz protezi istiyorum, İzmir’den 20 Mart 2027',
    ],
    [
      'Ich aus Berlin am 10., meine Mutter aus Ankara am 15.',
      anna,
      'own: Ich aus Berlin am 10.',
      'case-2: meine Mutter aus Ankara am 15.',
    ],
    ['Mama fliegt aus Ankara, am 15. März', anna, 'case-2: Mama fliegt aus Ankara, am 15. März'],
    ['ich komme mit meiner Mutter am 10. März', anna, 'unclear'],
    ['am 10., meine Mutter', anna, 'unclear'],
    ['Berlin', anna, 'nobody'],
    ['10.03.2027', family, 'nobody'],
    ['', family, 'nobody'],
    [
      'I fly from London on 10 March, my mother from Manchester on the 15th',
      anna,
      'own: I fly from London on 10 March',
      'case-2: my mother from Manchester on the 15th',
    ],
    [
      'Je pars de Paris le 10 mars et ma mère de Lyon le 15 mars',
      anna,
      'own: Je pars de Paris le 10 mars',
      'case-2: ma mère de Lyon le 15 mars',
    ],
    [
      'я из Берлина 10 марта, мама из Анкары 15 марта',
      anna,
      'own: я из Берлина 10 марта',
      'case-2: мама из Анкары 15 марта',
    ],
    [
      'أنا من برلين يوم 10 مارس وأمي من أنقرة يوم 15 مارس',
      anna,
      'own: أنا من برلين يوم 10 مارس',
      'case-2: وأمي من أنقرة يوم 15 مارس',
    ],
  ];
  for (const [text, whose, ...expected] of cases) {
    test(`${JSON.stringify(text)} is ${expected.join(' | ')}`, () => {
      const parts = partsOf(text, whose);
      assert.deepEqual(
        typeof parts === 'string' ? [parts] : parts.map((one) => `${one.to ?? 'own'}: ${one.text}`),
        expected,
      );
    });
  }

  test('an answer to "for whom?" names one of them in a few words', () => {
    const to = (text: string) => pickedIn(text, family)?.to;
    assert.deepEqual(['Fatma', 'annem için', 'FATMA'].map(to), ['case-2', 'case-2', 'case-2']);
    assert.deepEqual(['Ayşe', 'ayse', 'benim için'].map(to), [null, null, null]);
    assert.deepEqual(['2', 'evet', '', 'Ayşe ve Fatma'].map(to), Array(4).fill(undefined));
  });

  test('names are one line of letters, and compared by their beginning', () => {
    assert.equal(nameOf('Fatma\nhttps://evil.example 🌹'), 'Fatma https evil.example');
    assert.equal(nameOf(`${'a'.repeat(24)}𐐀𐐀`).length, 24);
    assert.deepEqual(['Ayşe 🌸 Y', '🌹', '+49 170', null].map(firstNameOf), ['Ayşe', '', '', '']);
    assert.ok(isSameName('Ayse', 'Ayşe Yılmaz') && isSameName('Mel', 'melanie'));
    assert.ok(!isSameName('Fatma', 'Ayşe') && !isSameName('', ''));
    assert.equal(relativeIn('Ich schreibe für meine Mutter'), 'Mutter');
    assert.equal(relativeIn('I write for myself'), null);
  });

  test('a long text takes time in proportion', () => {
    const text = 'annem, ben, 10 ve '.repeat(2_000);
    const begun = performance.now();
    partsOf(text, family);
    assert.ok(performance.now() - begun < 50);
  });
});

suite('somebody else on the phone', () => {
  test('is asked about once the service is agreed to, and gets a case that hears what was said first', () => {
    const walk = begin();
    walk.send(ownTrip);
    walk.send(
      another('Bir de annem Fatma diz protezi olacak', 'Fatma', 'another', {
        profileName: 'Ayşe Y.',
      }),
    );
    assert.deepEqual([walk.value(), walk.news()], ['quiet', []]);
    walk.send(agreed);
    assert.equal(walk.value(), 'askingJourney');
    assert.deepEqual(walk.news(), ['ask journey.ask']);
    walk.send(press('journey:new'));
    assert.deepEqual([walk.value(), walk.news()], ['opening', ['unask']]);
    const opening = walk.answer('openCompanion', fatma) as Record<string, unknown>;
    assert.deepEqual(
      [opening['patient'], opening['by'], opening['others']],
      [person('Fatma', ['annem']), ayse, []],
    );
    assert.deepEqual((opening['message'] as { message: object }).message, {
      kind: 'text',
      text: 'Bir de annem Fatma diz protezi olacak',
    });
    assert.equal(walk.value(), 'quiet');
    assert.deepEqual(walk.heard(), [{ type: 'patient.named', name: 'Ayşe', isAlone: false }]);
    assert.deepEqual(walk.known().others, [fatma]);
  });

  test('who says that it is the same journey is believed', () => {
    for (const no of [press('journey:same'), said({ intent: 'refuse', asked: 'journey' })]) {
      const walk = begin();
      walk.send(ownTrip);
      walk.send(agreed);
      walk.send(another('hair and knee for my mother', 'mother'));
      walk.news();
      walk.send(said({ intent: 'agree', asked: 'origin' }));
      assert.equal(walk.value(), 'askingJourney', 'a yes to something else');
      walk.send(no);
      assert.equal(walk.value(), 'quiet');
      assert.deepEqual(walk.news(), ['unask', 'whatsapp.inbound hair and knee for my mother own']);
    }
  });

  test('of one message about two, what is about the patient is heard at once', () => {
    const walk = begin();
    walk.send(another('Ich möchte Implantate und meine Mutter braucht ein neues Knie', 'Mutter'));
    assert.deepEqual(walk.news(), ['whatsapp.inbound Ich möchte Implantate own']);
    walk.send(agreed);
    walk.send(said({ intent: 'agree', asked: 'journey' }));
    const { message } = walk.answer('openCompanion', fatma) as { message: { message: object } };
    assert.deepEqual(message.message, {
      kind: 'text',
      text: 'meine Mutter braucht ein neues Knie',
    });
  });

  test('whoever writes for their mother alone has her as the patient', () => {
    const walk = begin();
    walk.send(another('Für meine Mutter Emine, neue Hüfte', 'Emine'));
    assert.deepEqual(walk.news(), [
      'patient.named',
      'whatsapp.inbound Für meine Mutter Emine, neue Hüfte own',
    ]);
    assert.deepEqual(walk.known().patient, person('Emine', ['Mutter']));
  });

  test('who is known already is told, and nobody is asked', () => {
    const walk = begin(both);
    walk.news();
    walk.send(another('annem de 15 Mart’ta gelsin', 'annem'));
    walk.send(another('Fatma hanım için otel?', 'Fatma'));
    assert.deepEqual(walk.sent(), [
      'case-2 message annem de 15 Mart’ta gelsin',
      'case-2 message Fatma hanım için otel?',
    ]);
    assert.deepEqual(walk.news(), []);
  });

  test('whose case cannot be opened is with staff, and nothing of theirs is said here', () => {
    const walk = begin();
    walk.send(ownTrip);
    walk.send(agreed);
    walk.send(another('my mother needs a knee', 'mother'));
    walk.send(press('journey:new'));
    walk.send(inbound('Berlin', 'likely'));
    walk.news();
    walk.fail('openCompanion', 'provider_refused');
    assert.deepEqual(walk.news(), ['handOver question', 'whatsapp.inbound Berlin likely']);
    assert.deepEqual([walk.value(), walk.known().held, walk.known().waiting], ['quiet', [], []]);
  });

  test('is not asked about for ever: staff hear after an hour, and the button works all the same', () => {
    const walk = begin();
    walk.send(ownTrip);
    walk.send(agreed);
    walk.send(another('my mother needs a knee', 'mother'));
    walk.news();
    walk.wait(hour);
    assert.deepEqual(walk.news(), ['handOver question']);
    walk.send(press('journey:new'));
    assert.equal(walk.value(), 'opening');
  });
});

suite('several patients on one phone', () => {
  test('words go to whom they name, with the file where there is one', () => {
    const walk = begin(both);
    walk.news();
    walk.send(inbound('Ben Berlin’den 10 Mart, annem Ankara’dan 15 Mart', 'unclear'));
    const picture = {
      message: { kind: 'image', mediaId: 'media-7', sha256: null, caption: 'annemin röntgeni' },
    };
    walk.send(inbound('', 'likely', picture));
    assert.deepEqual(walk.news(), ['whatsapp.inbound Ben Berlin’den 10 Mart own']);
    const [words, file] = walk.told().map(([, telling]) => telling);
    assert.deepEqual(
      [words, file].map(
        (one) => (one as { news: { message: { message: object } } }).news.message.message,
      ),
      [{ kind: 'text', text: 'annem Ankara’dan 15 Mart' }, picture.message],
    );
  });

  test('an answer to the last question is heard as any message', () => {
    const walk = begin(both);
    walk.news();
    walk.send(inbound('Berlin', 'likely'));
    walk.send(inbound('Berlin', 'sure'));
    walk.send({ ...inbound('', 'sure'), message: { kind: 'button', id: 'consent:yes' } });
    assert.deepEqual(walk.news(), [
      'whatsapp.inbound Berlin',
      'whatsapp.inbound Berlin',
      'whatsapp.inbound',
    ]);
  });

  test('what nobody can tell is read for danger, kept, asked about once, and then dealt in order', () => {
    const walk = begin(both);
    walk.news();
    walk.send(inbound('15 Mart', 'unclear'));
    assert.deepEqual(walk.news(), ['whatsapp.inbound 15 Mart whose']);
    walk.send(another('15 Mart', '', 'unclear'));
    assert.equal(walk.value(), 'askingWhom');
    const [question] = walk.heard();
    assert.deepEqual(question, {
      type: 'say',
      text: 'family.whom',
      values: { 'case:1': 'Ayşe', 'case:2': 'Fatma' },
      choices: ['case:1', 'case:2'],
      purpose: 'notice',
    });
    walk.send(another('Ankara’dan', '', 'unclear'));
    walk.send({
      ...inbound('', 'unclear'),
      message: { kind: 'image', mediaId: 'm', sha256: null },
    });
    assert.deepEqual(walk.news(), []);
    walk.send(press('case:2'));
    assert.deepEqual(walk.sent(), [
      'case-2 message 15 Mart',
      'case-2 message Ankara’dan',
      'case-2 message',
    ]);
    assert.deepEqual([walk.value(), walk.known().held], ['quiet', []]);
  });

  test('the answer may be a name', () => {
    const walk = begin(both);
    walk.send(another('15 Mart', '', 'unclear'));
    walk.news();
    walk.send(inbound('Ayşe için', 'likely'));
    assert.deepEqual([walk.sent(), walk.news()], [[], ['whatsapp.inbound 15 Mart own']]);
  });

  test('a flood of what nobody can tell goes to staff, and is bounded', () => {
    const walk = begin(both);
    for (let n = 0; n < 25; n++) walk.send(another(`${n} Mart`, '', 'unclear'));
    assert.equal(walk.known().held.length, 20);
    assert.equal(walk.news().filter((one) => one === 'handOver too-many-messages').length, 5);
  });

  test('a stop, a wish to be erased, a new number and an unclear emergency are told to all', () => {
    const walk = begin(both);
    const own = { messageId: 'wamid.9', at };
    walk.send({ type: 'rights.requested', kind: 'erasure', ...own });
    walk.send({ type: 'contact.changed', recipient: input.recipient, lang: 'de' });
    walk.send({ type: 'contact.changed', recipient: { phone: '491700000002' }, lang: 'de' });
    walk.send(said({ ...own, intent: 'urgent', routed: 'whose' }));
    walk.send(said({ ...own, intent: 'urgent' }));
    walk.send({ type: 'withdrawn', ...own });
    assert.deepEqual(walk.sent(), [
      'case-2 erasure',
      'case-2 contact',
      'case-2 danger',
      'case-2 stop',
    ]);
  });

  test('what another case heard is not told back', () => {
    const walk = begin(both);
    walk.news();
    const own = { messageId: 'wamid.9', at };
    for (const about of ['stop', 'erasure', 'danger'])
      walk.send({ type: 'companion.news', news: { about, ...own } });
    walk.send({ type: 'companion.news', news: { about: 'contact', recipient: { phone: '49' } } });
    assert.deepEqual(walk.news(), [
      'stopped',
      'rights.requested',
      'handed.over urgent',
      'whatsapp.contact',
    ]);
    walk.send({ type: 'withdrawn', ...own, quietly: true });
    walk.send({ type: 'rights.requested', kind: 'erasure', ...own, quietly: true });
    assert.deepEqual(walk.sent(), []);
  });

  test('what changes a message goes after it, and a person looks where the new words name somebody else', () => {
    const walk = begin(both);
    const file = { message: { kind: 'image', mediaId: 'm', sha256: null } };
    walk.send(inbound('annem Ankara’dan', 'likely', { messageId: 'wamid.theirs' }));
    walk.send(inbound('ben 10 Mart, annem 15 Mart', 'likely', { messageId: 'wamid.both' }));
    walk.send(inbound('', 'unclear', { ...file, messageId: 'wamid.held' }));
    walk.news();
    walk.sent();
    const change = (original: string, text: string | null) => ({
      type: text === null ? 'whatsapp.revoked' : 'whatsapp.edited',
      messageId: `wamid.${(messages += 1)}`,
      originalMessageId: original,
      at,
      ...(text === null ? {} : { message: { kind: 'text', text }, lang: null }),
      routed: 'sure',
    });
    walk.send(change('wamid.theirs', 'annem İzmir’den'));
    walk.send(change('wamid.theirs', null));
    walk.send(change('wamid.own', 'Berlin'));
    walk.send(change('wamid.own', 'annem Berlin’den'));
    walk.send(change('wamid.theirs', 'Ayşe Berlin’den'));
    walk.send(change('wamid.both', 'ben 11 Mart'));
    walk.send(change('wamid.held', null));
    assert.deepEqual(walk.sent(), ['case-2 edit annem İzmir’den', 'case-2 edit']);
    assert.deepEqual(walk.news(), [
      'whatsapp.edited Berlin',
      'handOver message-edited',
      'handOver message-edited',
      'handOver message-edited',
    ]);
    assert.deepEqual(walk.known().held, []);
    for (const message of [{ kind: 'text', text: 'İzmir' }, null]) {
      const edit = {
        about: 'edit',
        messageId: 'wamid.e',
        originalMessageId: 'wamid.o',
        at,
        message,
      };
      walk.send({ type: 'companion.news', news: edit });
    }
    assert.deepEqual(walk.news(), ['whatsapp.edited İzmir', 'whatsapp.revoked']);
  });

  test('a companion under another name takes the place of the old one', () => {
    const walk = begin(both);
    const renamed = { ...fatma, name: 'Fatma Nur' };
    const can = { ...person('Can'), caseId: 'case-3' };
    for (const companion of [renamed, can])
      walk.send({ type: 'companion.news', news: { about: 'companion', companion } });
    assert.deepEqual(walk.known().others, [renamed, can]);
  });

  test('it stands in memory as it is stored', async () => {
    const steps: Step[] = [
      { kind: 'send', event: ownTrip },
      { kind: 'send', event: agreed },
      { kind: 'send', event: another('my mother Mary needs a knee', 'Mary') },
      { kind: 'send', event: press('journey:new') },
      { kind: 'answer', value: () => ({ ok: true, value: fatma }) },
      { kind: 'send', event: inbound('15 Mart', 'unclear') },
      { kind: 'send', event: another('15 Mart', '', 'unclear') },
      { kind: 'wait', ms: 2 * hour },
      { kind: 'send', event: press('case:1') },
    ];
    await assertFaithful({ machine: companionsMachine, input, effects }, steps);
  });
});
