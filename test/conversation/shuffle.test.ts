import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { messageKey } from '../../http/server/pipeline.ts';
import { startCluster, type Cluster } from '../faults/cluster.ts';
import { seeded } from '../faults/random.ts';
import { baseSeed, full } from '../faults/scenario.ts';
import type { InboundContent } from '../sandbox/meta/content.ts';
import type { InboundMessage } from '../sandbox/webhooks.ts';
import {
  batchSize,
  chunksOf,
  control,
  messageOf,
  postAll,
  readConversations,
  rested,
  type Conversation,
} from './support.ts';

const patients = full ? 1_250 : 60;
const messagesEach = 8;
/** Of the messages, the part that comes twice. */
const duplicates = 0.2;
const connections = 6;
/** Nobody says two things at once: the provider's clock counts whole seconds. */
const secondsBetween = 20;

/** The smallest JPEG that is one. */
const photo =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';

/** What a patient who writes this language says. `begins` is the calling code of a country where it is spoken. */
interface Speaker {
  readonly begins: string;
  readonly hello: string;
  readonly wish: string;
  readonly from: string;
  readonly on: (date: { readonly iso: string; readonly dotted: string }) => string;
  readonly party: string;
  readonly thanks: string;
  readonly question: string;
  readonly stop: string;
}

const speakers: readonly Speaker[] = [
  {
    begins: '44',
    hello: 'Hello',
    wish: 'Hello, I would like a hair transplant',
    from: 'From Berlin',
    on: ({ iso }) => `on ${iso}`,
    party: '2 adults',
    thanks: 'Thank you very much',
    question: 'How much does the operation cost?',
    stop: 'STOP',
  },
  {
    begins: '49',
    hello: 'Guten Tag',
    wish: 'Guten Tag, ich möchte eine Haartransplantation',
    from: 'Ich fliege ab Berlin',
    on: ({ dotted }) => `am ${dotted}`,
    party: '2 Erwachsene',
    thanks: 'Vielen Dank',
    question: 'Was kostet die Operation?',
    stop: 'ABMELDEN',
  },
  {
    begins: '90',
    hello: 'Merhaba',
    wish: 'Merhaba, saç ekimi yaptırmak istiyorum',
    from: "Berlin'den geliyorum",
    on: ({ dotted }) => `${dotted} tarihinde`,
    party: '2 yetişkin',
    thanks: 'Çok teşekkür ederim',
    question: 'Ameliyat ne kadar tutar?',
    stop: 'DUR',
  },
  {
    begins: '971',
    hello: 'السلام عليكم',
    wish: 'السلام عليكم، أريد زراعة شعر',
    from: 'من برلين',
    on: ({ iso }) => `بتاريخ ${iso}`,
    party: 'نحن شخصان بالغان',
    thanks: 'شكرا جزيلا',
    question: 'كم تكلفة العملية؟',
    stop: 'إيقاف',
  },
  {
    begins: '7',
    hello: 'Здравствуйте',
    wish: 'Здравствуйте, я хочу пересадку волос',
    from: 'Из Берлина',
    on: ({ dotted }) => dotted,
    party: '2 взрослых',
    thanks: 'Большое спасибо',
    question: 'Сколько стоит операция?',
    stop: 'СТОП',
  },
  {
    begins: '33',
    hello: 'Bonjour',
    wish: 'Bonjour, je voudrais une greffe de cheveux',
    from: 'Depuis Berlin',
    on: ({ dotted }) => `le ${dotted.replaceAll('.', '/')}`,
    party: '2 adultes',
    thanks: 'Merci beaucoup',
    question: 'Combien coûte l’opération ?',
    stop: 'ARRET',
  },
];

/** What answers no question. */
const asides: readonly InboundContent[] = [
  { kind: 'reaction', messageId: 'wamid.ours', emoji: '👍' },
  { kind: 'location', latitude: 52.52, longitude: 13.4 },
  { kind: 'contacts', contacts: [{ name: { formatted_name: 'A' }, phones: [{ phone: '+49' }] }] },
  { kind: 'unsupported', code: 131051 },
  { kind: 'button', id: 'consent:transfer-abroad:yes', title: 'Yes' },
  { kind: 'button', id: 'consent:transfer-abroad:no', title: 'No' },
];

/** Eight messages, in the order of saying: with one of `asides`, or with the trip told in three texts. */
function conversationOf(
  patient: number,
  image: InboundContent,
  random: () => number,
): readonly InboundContent[] {
  const speaker = speakers[patient % speakers.length] as Speaker;
  const text = (body: string): InboundContent => ({ kind: 'text', body });
  const button = (id: string): InboundContent => ({ kind: 'button', id, title: id.slice(0, 20) });
  const leaves = new Date(Date.now() + (60 + (patient % 90)) * 24 * 60 * 60 * 1_000);
  const iso = leaves.toISOString().slice(0, 10);
  const on = speaker.on({ iso, dotted: iso.split('-').toReversed().join('.') });
  const { from, party } = speaker;
  const inTwo = random() < 0.6;
  const details = inTwo ? [`${from} ${on}`, party] : [from, on, party];
  const aside = asides[Math.floor(random() * asides.length)] as InboundContent;
  const last = random();
  // One of each, whatever the seed.
  const isStop = patient === 0 || last < 0.05;
  const isQuestion = patient === 1 || last < 0.2;
  const ending = isStop ? speaker.stop : isQuestion ? speaker.question : speaker.thanks;
  return [
    text(random() < 0.5 ? speaker.wish : speaker.hello),
    button('consent:service:yes'),
    ...details.map(text),
    image,
    button('consent:health-data:yes'),
    ...(inTwo ? [aside] : []),
    text(ending),
  ];
}

/** The same conversations for numbers of another range: what is said when is the same to the second. */
function spokenBy(range: number, conversations: readonly (readonly InboundContent[])[]) {
  const began = Math.floor(Date.now() / 1_000) - 3_600;
  return conversations.map((contents, patient) => {
    const phone = phoneOf(range, patient);
    return contents.map((content, step) =>
      messageOf(phone, step, content, began + step * secondsBetween),
    );
  });
}

function phoneOf(range: number, patient: number): string {
  const { begins } = speakers[patient % speakers.length] as Speaker;
  return `${begins}5${range}${String(patient).padStart(6, '0')}`;
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j] as Item, mixed[i] as Item];
  }
  return mixed;
}

/** What must not depend on the order. Files are fetched while a consent stands: how many came before a stop is chance. */
function essence(conversation: Conversation | undefined): object | null {
  if (conversation === undefined) return null;
  const { caseId: _, documents, ...rest } = conversation;
  const isWithdrawn = conversation.tags.includes('consent-withdrawn');
  return { ...rest, documents: isWithdrawn ? 'as many as came before' : documents };
}

suite('messages in any order', () => {
  test(`${patients * messagesEach} of them, shuffled and a fifth of them twice, end in the states of those that came in order`, async (t) => {
    const seed = baseSeed;
    const random = seeded(seed);
    await using cluster = await startCluster();
    const { edge } = await cluster.start({ env: { WHATSAPP_PER_SECOND: '10000' } });
    assert.ok(edge);
    await cluster.pointWebhooks(edge);
    const image = await uploaded(cluster);
    const conversations = Array.from({ length: patients }, (_, patient) =>
      conversationOf(patient, image, random),
    );
    assert.ok(conversations.every(({ length }) => length === messagesEach));
    const total = patients * messagesEach;

    const inOrder = spokenBy(1, conversations);
    const first = await played(t, cluster, 'in order', queuesInOrder(inOrder), edge);
    assert.equal(first.taken, total);
    assert.equal(await storedOf(cluster, inOrder.flat()), total);

    const said = spokenBy(2, conversations).flat();
    const again = shuffled(said, random).slice(0, Math.floor(total * duplicates));
    const mixed = chunksOf(shuffled([...said, ...again], random), batchSize);
    const queues = Array.from({ length: connections }, (_, queue) =>
      mixed.filter((_webhook, i) => i % connections === queue),
    );
    const second = await played(t, cluster, 'shuffled', queues, edge);
    assert.equal(second.taken, total + again.length);
    assert.equal(await storedOf(cluster, said), total);

    const stored = await readConversations(cluster);
    assert.equal(stored.size, 2 * patients);
    const different = conversations.flatMap((contents, patient) => {
      const expected = essence(stored.get(phoneOf(1, patient)));
      const found = essence(stored.get(phoneOf(2, patient)));
      const same = JSON.stringify(expected) === JSON.stringify(found);
      return same ? [] : [{ patient, contents, expected, found }];
    });
    for (const one of different.slice(0, 5)) {
      const order = await orderOf(cluster, phoneOf(2, one.patient));
      t.diagnostic(JSON.stringify({ seed, ...one, order }));
    }
    assert.equal(different.length, 0, `${different.length} patients differ with the seed ${seed}`);

    // They did get somewhere, all of them, and not all to the same place.
    const tagged = [...stored.values()].map(({ tags }) => tags);
    const count = (tag: string) => tagged.filter((tags) => tags.includes(tag)).length;
    const open = [...stored.values()].filter(({ tags }) => !tags.includes('consent-withdrawn'));
    assert.ok(open.every(({ trip }) => trip['origin'] === 'BER' && trip['adults'] === 2));
    assert.ok(open.every(({ documents }) => documents === 1));
    assert.ok(count('consent-withdrawn') > 0 && count('with-staff') > 0);
    t.diagnostic(
      JSON.stringify({
        seed,
        patients: 2 * patients,
        withdrawn: count('consent-withdrawn'),
        withStaff: count('with-staff'),
      }),
    );
  });
});

/** Each patient's messages on one connection, and everybody's first before anybody's second. */
function queuesInOrder(inOrder: readonly (readonly InboundMessage[])[]): InboundMessage[][][] {
  return Array.from({ length: connections }, (_, queue) => {
    const theirs = inOrder.filter((_messages, patient) => patient % connections === queue);
    return Array.from({ length: messagesEach }, (_step, step) =>
      chunksOf(
        theirs.flatMap((messages) => messages[step] ?? []),
        batchSize,
      ),
    ).flat();
  });
}

async function played(
  t: TestContext,
  cluster: Cluster,
  name: string,
  queues: readonly (readonly (readonly InboundMessage[])[])[],
  edge: string,
) {
  const messages = queues.flat(2).length;
  const since = performance.now();
  const { stored = 0, duplicate = 0, ...others } = await postAll(edge, queues);
  assert.deepEqual(others, {});
  const postedSeconds = (performance.now() - since) / 1_000;
  await rested(cluster, 240_000); // Seconds on an idle machine.
  const seconds = (performance.now() - since) / 1_000;
  t.diagnostic(
    JSON.stringify({
      run: name,
      messages,
      webhooks: queues.flat().length,
      connections,
      postedSeconds: rounded(postedSeconds),
      seconds: rounded(seconds),
      messagesPerSecond: Math.round(messages / seconds),
    }),
  );
  return { taken: stored + duplicate };
}

/** How many of the messages the ledger has. One that is there twice counts twice. */
async function storedOf(cluster: Cluster, messages: readonly InboundMessage[]): Promise<number> {
  const [row] = await cluster.query<{ n: number }>(
    `select count(*)::int4 as n from events where source = 'whatsapp' and dedupe_key = any($1)`,
    [messages.map(({ messageId }) => messageKey(messageId))],
  );
  return row?.n ?? 0;
}

const rounded = (seconds: number) => Math.round(seconds * 10) / 10;

/** The file that everybody sends: kept at the provider once. */
async function uploaded(cluster: Cluster): Promise<InboundContent> {
  const mimeType = 'image/jpeg';
  const { mediaId, sha256 } = await control(cluster, 'whatsapp/media', { base64: photo, mimeType });
  const digest = Buffer.from(String(sha256), 'hex').toString('base64');
  return { kind: 'image', mediaId: String(mediaId), mimeType, sha256: digest };
}

/** The steps of a patient's conversation as the ledger has them, for whoever looks into a difference. */
async function orderOf(cluster: Cluster, phone: string): Promise<readonly number[]> {
  const steps = new Map(
    Array.from({ length: messagesEach }, (_, step) => [messageKey(`wamid.${phone}-${step}`), step]),
  );
  const rows = await cluster.query<{ dedupe_key: string }>(
    `select dedupe_key from events where source = 'whatsapp' and dedupe_key = any($1) order by position`,
    [[...steps.keys()]],
  );
  return rows.map(({ dedupe_key: key }) => steps.get(key) ?? -1);
}
