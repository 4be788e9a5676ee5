import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import * as v from 'valibot';

import { createIntake, type IntakeOptions } from '../../actors/intake.ts';
import type { Sending } from '../../actors/kernel/kernel.ts';
import type { Directory, Unplaced } from '../../actors/ports/directory.ts';
import type { Intake } from '../../actors/ports/intake.ts';
import type { ReceiptWord } from '../../actors/ports/receipts.ts';
import { eventSchemas, isEventType } from '../../actors/shapes/events.ts';
import { parseJson } from '../../http/server/json.ts';
import { whatsappDeliveries } from '../../http/webhooks/whatsapp.ts';
import { runs } from '../support/runs.ts';
import { notification, postWhatsapp, startEdge } from './edge.ts';

/** The intake over a ledger and a directory in memory: a case for each number or id. */
function memoryIntakeOfCases() {
  const sendings = new Map<string, Sending>();
  const parked = new Map<string, Unplaced>();
  const words: ReceiptWord[] = [];
  const directory: Directory = {
    casesOf: async (keys) =>
      keys.map(({ userId, phone }) => ({
        tenant: 'clinic',
        tenantName: 'Clinic',
        caseId: `case-of-${userId ?? phone}`,
        opened: true,
      })),
    familiesOf: async () => new Map(),
    casesNamed: async (clues) => clues.map(() => null),
    heard: async () => undefined,
    change: async () => [],
    learn: async () => undefined,
    tenantsOf: async (caseIds) => new Map(caseIds.map((caseId) => [caseId, 'clinic'])),
    bookingsOf: async (payments) => payments.map(() => null),
    park: async (unplaced) =>
      unplaced.map((one) => {
        if (parked.has(one.dedupeKey)) return 'duplicate';
        parked.set(one.dedupeKey, one);
        return 'parked';
      }),
  };
  const kernel: IntakeOptions['kernel'] = {
    sendAll: async (many) =>
      many.map((one) => {
        if (sendings.has(one.dedupeKey)) return 'duplicate';
        sendings.set(one.dedupeKey, one);
        return 'stored';
      }),
    resolveAll: async () => undefined,
  };
  const receipts = {
    advance: async (many: readonly ReceiptWord[]) => void words.push(...many),
    note: async () => undefined,
    effectsOf: async (messageIds: readonly string[]) => messageIds.map(() => null),
  };
  const intake: Intake = createIntake({
    kernel,
    directory,
    receipts,
    languageOf: () => null,
    machine: 'case',
  });
  return { sendings, parked, words, intake };
}

const head = (n: number) => ({
  id: `wamid.${n}`,
  from: `4917000${10_000 + (n % 97)}`,
  timestamp: String(1_795_400_000 + n),
});
const reply = { id: 'yes', title: 'Evet' };
/** A message of every kind that becomes an event. */
const kinds: readonly ((n: number) => object)[] = [
  () => ({ type: 'text', text: { body: 'Merhaba' } }),
  () => ({ type: 'image', image: { id: '7', mime_type: 'image/jpeg', caption: 'Foto' } }),
  () => ({ type: 'document', document: { id: '7', mime_type: 'application/pdf' } }),
  () => ({ type: 'audio', audio: { id: '7', mime_type: 'audio/ogg', voice: true } }),
  () => ({ type: 'video', video: { id: '7', mime_type: 'video/mp4' } }),
  () => ({ type: 'sticker', sticker: { id: '7', mime_type: 'image/webp' } }),
  () => ({ type: 'location', location: { latitude: 41, longitude: 29 } }),
  () => ({ type: 'contacts', contacts: [{ phones: [{ phone: '+49 170 1' }] }] }),
  () => ({ type: 'button', button: { payload: 'yes', text: 'Evet' } }),
  () => ({ type: 'interactive', interactive: { type: 'button_reply', button_reply: reply } }),
  () => ({ type: 'interactive', interactive: { type: 'list_reply', list_reply: reply } }),
  (n) => ({ type: 'reaction', reaction: { message_id: `wamid.${n - 1}`, emoji: '👍' } }),
  () => ({ type: 'unsupported', errors: [{ code: 131051 }] }),
  () => ({ type: 'order', order: { catalog_id: '1' } }),
  (n) => ({ type: 'system', system: { type: 'user_changed_number', wa_id: `4915100${n}000` } }),
];
const message = (n: number) => ({ ...head(n), ...kinds[n % kinds.length]?.(n) });

const words = ['sent', 'delivered', 'read', 'failed'] as const;
const status = (n: number) => ({
  id: `wamid.out.${n}`,
  status: words[n % words.length],
  timestamp: '1795400100',
  recipient_id: '491700000001',
  biz_opaque_callback_data: `case-1.${n}.0`,
});

/** Of any length, the same for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const [sample] = fc.sample(
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length }),
    { numRuns: 1, seed },
  );
  return sample ?? [];
}

suite('A WhatsApp batch', () => {
  test('of a thousand items in any order, a fifth of them twice, is taken whole', async (t) => {
    const world = memoryIntakeOfCases();
    const { url } = await startEdge(t, { intake: world.intake });
    const messages = Array.from({ length: 600 }, (_, n) => message(n));
    const statuses = Array.from({ length: 200 }, (_, n) => status(n));
    const body = notification({
      messages: shuffled([...messages, ...messages.slice(0, 150)], 1),
      statuses: shuffled([...statuses, ...statuses.slice(0, 50)], 2),
    });
    const response = await postWhatsapp(url, body);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { stored: 800, duplicate: 200 });
    assert.equal(world.words.length, 250);
    const again = await postWhatsapp(url, body);
    assert.deepEqual(await again.json(), { duplicate: 1_000 });
    const heard = [...world.sendings.values()].filter(
      ({ event }) => event?.type === 'whatsapp.inbound',
    );
    const said = heard.map(
      ({ event }) => (event?.['message'] as { kind: string } | undefined)?.kind,
    );
    assert.equal(new Set(said).size, 12);
    assert.equal(
      [...world.sendings.values()].filter(({ event }) => event?.type === 'whatsapp.contact').length,
      40,
    );
  });

  const huge = 'x'.repeat(70_000);
  const hostileValue = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      huge,
      '__proto__',
      'constructor',
      '\u0000',
      '\uD800',
      -0,
      1e308,
      '',
      '9'.repeat(12),
    ),
  );
  /** Good messages with one thing in them replaced, and things that are no messages. */
  const hostileItem = fc.oneof(
    fc
      .tuple(
        fc.nat(kinds.length - 1),
        fc.constantFrom(
          'id',
          'type',
          'timestamp',
          'from',
          'from_user_id',
          'context',
          'errors',
          'body',
        ),
        hostileValue,
      )
      .map(([n, field, value]) => {
        const item: Record<string, unknown> = { ...message(n) };
        item[field === 'body' ? String(item['type']) : field] = value;
        return JSON.stringify(item);
      }),
    hostileValue.map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '{"__proto__":{"polluted":true},"id":"wamid.p","type":"text"}',
      '{"constructor":{"prototype":{"polluted":true}},"type":"constructor"}',
      '{"id":"wamid.q","timestamp":"1","from":"1","type":"__proto__","__proto__":{"polluted":1}}',
      '{"id":"wamid.r","timestamp":"1","from":"1","type":"text","text":{"__proto__":{"body":"x"}}}',
      '{"id":"wamid.s","timestamp":"1","from":"1","type":"contacts","contacts":{"length":1e9}}',
    ),
  );

  test('loses no good message beside hostile ones, and never throws', async () => {
    const property = fc.asyncProperty(
      fc.array(hostileItem, { maxLength: 8 }),
      fc.nat(kinds.length - 1),
      fc.nat(8),
      async (hostile, kind, place) => {
        const good = { ...message(kind + kinds.length * 1_000), id: 'wamid.good' };
        const items = hostile.toSpliced(place, 0, JSON.stringify(good));
        const json = JSON.stringify(notification({ messages: ['@'], statuses: ['@'] }));
        const bytes = Buffer.from(json.replaceAll('"@"', () => items.join()));
        const deliveries = whatsappDeliveries(parseJson(bytes));
        assert.equal(deliveries.length, 2 * items.length);
        for (const { type, data, dedupeKey } of deliveries) {
          assert.ok(isEventType(type) && v.is(eventSchemas[type], data));
          assert.ok(dedupeKey.length > 0 && dedupeKey.length <= 200);
        }
        const world = memoryIntakeOfCases();
        const receipts = await world.intake.receive(deliveries);
        assert.equal(receipts.length, deliveries.length);
        const stored = [...world.sendings.values()].map(({ event }) => event?.['messageId']);
        assert.ok(stored.includes('wamid.good'));
        assert.equal(({} as { polluted?: unknown }).polluted, undefined);
      },
    );
    await fc.assert(property, { numRuns: runs(300) });
  });
});
