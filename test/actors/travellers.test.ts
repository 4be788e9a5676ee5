import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Performance } from '../../actors/kernel/ports.ts';
import { checkingInputs } from '../../actors/performers/performers.ts';
import { createTravellerLinks } from '../../actors/performers/traveller-links.ts';
import { travellerPerformers } from '../../actors/performers/travellers.ts';
import type { SendMessage } from '../../actors/ports/messaging.ts';
import { travellerAskings } from '../../actors/shapes/messages.ts';
import { languages } from '../../actors/texts/keys.ts';

const caseId = '3f9a27c1-0000-4000-8000-000000000001';
const performing: Performance = {
  caseId,
  effectId: `${caseId}.7.0`,
  attempt: 1,
  signal: new AbortController().signal,
  tenant: 'anadolu',
};
const now = Date.parse('2027-01-01T09:00:00Z');
const day = 24 * 60 * 60 * 1_000;
const links = createTravellerLinks({
  keys: [Buffer.alloc(32, 7)],
  newId: () => 'link-1',
  now: () => now,
});
const input = {
  recipient: { phone: '491700000001' },
  lang: 'de',
  heardAt: '2027-01-01T09:00:00Z',
  bookingId: `${caseId}-b1`,
  party: { adults: 2, childrenAges: [7, 11] },
  firstDay: '2027-03-10',
  lastDay: '2027-03-20',
  text: 'travellers.ask',
} as const;

function performer() {
  const sent: SendMessage[] = [];
  const performers = checkingInputs(
    travellerPerformers({
      messaging: {
        send: async (message) => {
          sent.push(message);
          return { messageId: 'wamid.1' };
        },
      },
      travellerLinks: links,
      travellersPage: (token) => `https://patients.example/travellers#${token}`,
      now: () => now,
    }),
  );
  return { ...performers.sendTravellerLink, sent };
}

function tokenIn({ message }: SendMessage): string {
  assert.ok(message.kind === 'text');
  const [, token = ''] = /#([\w.-]+)/.exec(message.body) ?? [];
  return token;
}

suite('sendTravellerLink', () => {
  test('sends a link for this trip and its party, good for seven days', async () => {
    const { perform, sent } = performer();
    await perform(input, performing);
    const [message] = sent;
    assert.ok(message);
    assert.deepEqual(await links.read(tokenIn(message)), {
      tenant: 'anadolu',
      bookingId: input.bookingId,
      ...input.party,
      firstDay: '2027-03-10',
      lastDay: '2027-03-20',
      lang: 'de',
      id: 'link-1',
      expiresAt: now + 7 * day,
    });
    assert.deepEqual([message.recipient, message.heardAt], [input.recipient, input.heardAt]);
    assert.ok(message.template.parameters.some((gap) => gap.includes(tokenIn(message))));
  });

  test('a link ends with its trip, and is not sent for one that is over', async () => {
    const { perform, sent } = performer();
    await perform({ ...input, firstDay: '2026-12-30', lastDay: '2027-01-02' }, performing);
    assert.ok(sent[0]);
    const { expiresAt } = await links.read(tokenIn(sent[0]));
    assert.equal(expiresAt, Date.parse('2027-01-03T12:00:00Z'));
    await assert.rejects(
      perform({ ...input, firstDay: '2026-12-20', lastDay: '2026-12-30' }, performing),
      { code: 'message_outdated' },
    );
  });

  test('says it in every language, the whole link also in a template', async () => {
    for (const lang of languages) {
      for (const text of travellerAskings) {
        const { perform, sent } = performer();
        // Longest of all: nine travellers, and a patient with a name.
        const party = { adults: 1, childrenAges: [17, 16, 15, 14, 13, 12, 11, 10] };
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await perform({ ...input, lang, text, party, patient: 'Ayşe' }, performing);
        const [message] = sent;
        assert.ok(message);
        const token = tokenIn(message);
        assert.match(message.template.name, new RegExp(`^${text.replace('.', '_')}_1_for$`));
        assert.ok(message.template.parameters.some((gap) => gap.endsWith(token)));
        // oxlint-disable-next-line no-await-in-loop
        assert.equal((await links.read(token)).lang, lang);
      }
    }
  });

  test('asks for nine at most: airlines take no more in one order', async () => {
    const { perform, sent } = performer();
    const party = { adults: 2, childrenAges: [17, 16, 15, 14, 13, 12, 11, 10] };
    await assert.rejects(perform({ ...input, party }, performing));
    assert.equal(sent.length, 0);
  });

  test('is of a booking of this case', async () => {
    const { perform, sent } = performer();
    await assert.rejects(perform({ ...input, bookingId: 'other-b1' }, performing), {
      reason: 'foreign_booking',
    });
    assert.equal(sent.length, 0);
  });

  test('is said in its turn, never twice, and told of when it fails', () => {
    const { resolution, port, inOrder, failedAs, needs } = performer();
    assert.deepEqual(
      [resolution, port, inOrder, failedAs, needs?.(input)],
      ['none', 'messaging', true, 'message.failed', 'consent:service'],
    );
  });
});
