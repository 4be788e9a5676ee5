import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';

import { journeyPerformers, type JourneyPorts } from '../../actors/performers/journey.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import type { MessageToPatient, TextValue } from '../../actors/shapes/messages.ts';
import {
  isTextKey,
  languages,
  type ButtonId,
  type Language,
  type TextKey,
} from '../../actors/texts/keys.ts';
import { templates } from '../../actors/texts/templates.ts';
import { gapsOf, wordings } from '../../actors/texts/wordings.ts';
import { whatsappDeliveries } from '../../http/webhooks/whatsapp.ts';
import { performing, startRedis, type TestRedis } from '../adapters/fixtures.ts';
import { messagingAt, startMeta } from '../adapters/whatsapp-server.ts';
import { contentJson } from '../sandbox/meta/content.ts';
import { messageIn, shownOf, type Shown } from '../sandbox/meta/messages.ts';
import { notification, textMessage } from './edge.ts';

const offer = (flight: string) => ({
  flight,
  from: 'MUC',
  to: 'IST',
  departLocal: '2027-02-15T10:40:00',
  arriveLocal: '2027-02-15T15:05:00',
  stops: 0,
  price: { amountMinor: '41250', currency: 'EUR' },
});
const offers = ['TK1634', 'XQ140', 'PC1012'].map(offer);

/** What may be chosen, as the machines offer it. A text that offers one of these has to be tappable, whichever it is. */
const offered: readonly (readonly ButtonId[])[] = [
  ...(['service', 'health-data', 'transfer-abroad', 'marketing'] as const).map(
    (purpose) => [`consent:${purpose}:yes`, `consent:${purpose}:no`] as const,
  ),
  ['consent:service:yes'],
  ['pay:again:3f6c1d0e-0000-4000-8000-000000000001-b1'],
  ['offer:1', 'offer:2', 'offer:3', 'offer:none'],
  ['offer:1:4', 'offer:2:4', 'offer:3:4', 'offer:none:4'],
  ['offer:2:4', 'offer:none:4'],
  ['trip:yes', 'trip:origin', 'trip:dates', 'trip:party'],
  ['trip:yes:2', 'trip:origin', 'trip:dates', 'trip:party', 'trip:procedure'],
  ['trip:origin', 'trip:dates', 'trip:party'],
  ['place:BER', 'place:MUC', 'place:HAM', 'place:CGN'],
  ['day:2027-04-03', 'day:2027-03-04'],
];

const tenant = 'Blue Bay Travel';
const valueOf: Readonly<Record<string, TextValue>> = { tenant, offers, text: 'Bitte schreiben.' };
const valuesOf = (key: TextKey) =>
  Object.fromEntries(
    gapsOf(wordings.en.texts[key]).map((gap): [string, TextValue] => [gap, valueOf[gap] ?? 'x y']),
  );

interface Tapped {
  readonly id: string;
  readonly title: string;
}

const buttonsOf = ({ buttons, list }: Shown): readonly Tapped[] => [
  ...buttons,
  ...(list?.sections.flatMap(({ rows }) => rows) ?? []),
];

/** What our edge makes of a tap: of a template's button, or of one in a message of ours. */
function heardOf(kind: Shown['kind'], { id, title }: Tapped): unknown {
  const content =
    kind === 'template'
      ? ({ kind: 'quick-reply', payload: id, text: title } as const)
      : kind === 'list'
        ? ({ kind: 'list', id, title } as const)
        : ({ kind: 'button', id, title } as const);
  const { text: _, ...head } = textMessage('wamid.tap');
  const [delivery] = whatsappDeliveries(
    notification({ messages: [{ ...head, ...contentJson(content) }] }),
  );
  assert.equal(delivery?.type, 'whatsapp.inbound');
  return (delivery.data as EventData['whatsapp.inbound']).message;
}

suite('every question', { timeout: 120_000 }, () => {
  let server: TestRedis;
  let redis: Redis;
  before(async () => {
    server = await startRedis();
    redis = server.connect();
  });
  after(() => server.close());
  beforeEach(() => redis.flushall());
  const registered = templates();

  /** What the patient sees of messages, each checked as Meta checks it. */
  async function shownOfAll(messages: readonly MessageToPatient[]): Promise<Shown[]> {
    await using meta = await startMeta();
    const many = { perSecond: 1_000_000, pairBurst: 1_000_000, messagesPerDay: 1_000_000 };
    const messaging = messagingAt(meta.origin, redis, { limits: many });
    const { sendMessage } = journeyPerformers({ messaging } as JourneyPorts);
    for (const [n, message] of messages.entries())
      await sendMessage.perform(message, { ...performing({ effectId: `e.${n}` }), caseId: 'c' });
    const context = { templates: registered, mediaOf: () => null, suits: () => false };
    return meta.messages().map((body) => {
      const message = messageIn(body);
      assert.ok(!('wrong' in message), JSON.stringify(message));
      const shown = shownOf(message, context);
      assert.ok(!('code' in shown), JSON.stringify(shown));
      return shown;
    });
  }

  const asked = (
    text: TextKey,
    lang: Language,
    heardAt: string | null,
    choices?: readonly ButtonId[],
  ): MessageToPatient => ({
    recipient: { phone: '491700000001' },
    lang,
    text,
    values: { ...valuesOf(text), ...(choices?.[0]?.startsWith('offer') ? { offers } : {}) },
    ...(choices === undefined ? {} : { choices }),
    heardAt,
    purpose: 'notice',
  });
  const keys = Object.keys(wordings.en.texts).filter(isTextKey);
  const now = new Date().toISOString();

  for (const lang of languages) {
    test(`in ${lang} can be tapped at any hour, and the tap is what comes back`, async () => {
      for (const choices of offered) {
        const open = await shownOfAll(keys.map((key) => asked(key, lang, now, choices)));
        for (const shown of open) {
          const buttons = buttonsOf(shown);
          assert.deepEqual(
            buttons.map(({ id }) => id),
            choices,
          );
          for (const button of buttons) {
            const { id, title } = button;
            assert.deepEqual(heardOf(shown.kind, button), { kind: 'button', id, title });
          }
        }
        const closed = await shownOfAll(keys.map((key) => asked(key, lang, null, choices)));
        for (const [n, shown] of closed.entries()) {
          assert.equal(shown.kind, 'template');
          const ids = shown.buttons.map(({ id }) => id);
          assert.ok(ids.length > 0 && ids.length <= 3, `${keys[n]}`);
          // The same answers as in the message itself, or one that opens the conversation again.
          if (ids[0] !== 'continue' && choices.length <= 3)
            assert.deepEqual(ids, choices, `${keys[n]}`);
          for (const button of shown.buttons) {
            const said = heardOf('template', button) as { id: string; title: string };
            assert.deepEqual(said, { kind: 'button', id: button.id, title: button.title });
            assert.ok(button.title.length <= 25 && button.title !== button.id, button.title);
          }
        }
      }
    });
  }

  test('that offers a consent or a new link has its own buttons in the template', async () => {
    const rows: readonly (readonly [TextKey, readonly ButtonId[]])[] = [
      ['consent.service.1', ['consent:service:yes', 'consent:service:no']],
      ['consent.health-data.1', ['consent:health-data:yes', 'consent:health-data:no']],
      ['consent.transfer-abroad.1', ['consent:transfer-abroad:yes', 'consent:transfer-abroad:no']],
      ['consent.marketing.1', ['consent:marketing:yes', 'consent:marketing:no']],
      ['consent.again', ['consent:service:yes', 'consent:service:no']],
      ['consent.reminder', ['consent:service:yes', 'consent:service:no']],
      ['payment.renew', ['pay:again:b-1']],
      ['intake.change', ['trip:origin', 'trip:dates', 'trip:party']],
    ];
    for (const lang of languages) {
      const shown = await shownOfAll(rows.map(([key, ids]) => asked(key, lang, null, ids)));
      assert.deepEqual(
        shown.map(({ buttons }) => buttons.map(({ id }) => id)),
        rows.map(([, ids]) => ids),
      );
    }
  });

  test('that is too long for a template’s buttons has yes, and a way to all the rest', async () => {
    const choices = ['trip:yes:2', 'trip:origin', 'trip:dates', 'trip:party'] as const;
    for (const lang of languages) {
      const [shown] = await shownOfAll([asked('intake.confirm', lang, null, choices)]);
      assert.deepEqual(
        shown?.buttons.map(({ id }) => id),
        ['trip:yes:2', 'trip:change'],
      );
    }
  });

  test('that is answered in words can be gone on with by a tap once the window is closed', async () => {
    const choosing = /^intake\.(?:confirm|change|.*which)$/;
    const inWords = keys.filter((key) => key.startsWith('intake.') && !choosing.test(key));
    for (const lang of languages)
      for (const { buttons } of await shownOfAll(inWords.map((key) => asked(key, lang, null))))
        assert.equal(buttons.length > 0 && buttons[0]?.title, wordings[lang].buttons.continue);
  });
});
