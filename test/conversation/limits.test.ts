import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { startCluster, type Cluster } from '../faults/cluster.ts';
import { full } from '../faults/scenario.ts';
import { waitUntil } from '../support/wait.ts';
import { staffHeader } from '../system/orchestrator.ts';
import { control, messageOf, post, rested, sentBy } from './support.ts';

/** Our own limits as they are in production; the platform's daily figure apart, which has a test of its own. */
const asInProduction = { WHATSAPP_PER_SECOND: '80' };

const phoneOf = (patient: number) => `4479${String(patient).padStart(8, '0')}`;

/** What a patient says, and how many messages of ours answer it. */
const script: readonly { readonly says: object; readonly answers: number }[] = [
  { says: { text: 'Hello' }, answers: 1 },
  { says: { button: { id: 'consent:service:yes', title: 'Yes' } }, answers: 1 },
  { says: { text: 'From Berlin' }, answers: 1 },
  { says: { text: `on ${inTwoMonths()}` }, answers: 1 },
  { says: { text: '2 adults' }, answers: 1 },
  { says: { button: { id: 'trip:yes', title: 'Yes' } }, answers: 2 },
];
/** A button of another list, pressed again and again, is answered with the list each time: more than the burst allows. */
const again = { button: { id: 'offer:1:7', title: 'Offer 1' } };
const impatients = 4;
const impatientPresses = 8;
/** Ours, for one person: so many at once, and one more in this time. */
const [pairBurst, pairIntervalMs] = [10, 6_000];

function inTwoMonths(): string {
  return new Date(Date.now() + 60 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
}

/**
 * So many patients who write through the sandbox, which therefore knows their windows, to a system of so many processes.
 * Each says the next thing when the answers to the last have come. All of it holds to Meta's limits, and nothing is lost.
 */
async function converse(t: TestContext, patients: number, processes: number): Promise<void> {
  await using cluster = await startCluster();
  const rules = { window: 'everybody', pairRate: true, perSecond: 80 };
  await control(cluster, 'whatsapp/rules', rules);
  for (let i = 0; i < processes; i++) await cluster.start({ env: asInProduction });
  await cluster.pointWebhooks();
  const began = Math.floor(Date.now() / 1_000) - 600;
  const since = performance.now();
  const heard = tallyOf(cluster);
  const say = (patient: number, step: number, says: object) =>
    control(cluster, 'whatsapp/inbound', {
      from: phoneOf(patient),
      timestamp: began + 5 * step,
      ...says,
    });
  async function talk(patient: number): Promise<void> {
    let expected = 0;
    for (const [step, { says, answers }] of script.entries()) {
      await say(patient, step, says);
      expected += answers;
      await heard(phoneOf(patient), expected);
    }
  }
  async function press(patient: number): Promise<void> {
    for (let i = 0; i < impatientPresses; i++) await say(patient, script.length + i, again);
    await heard(phoneOf(patient), perPatient + impatientPresses);
  }
  const everybody = Array.from({ length: patients }, (_, patient) => patient);
  // First and alone, so that their messages come faster than one person may get them.
  await Promise.all(everybody.slice(0, impatients).map(talk));
  await Promise.all(
    everybody.map((patient) => (patient < impatients ? press(patient) : talk(patient))),
  );
  const settled = async () => {
    const [row] = await cluster.query<{ n: number }>(
      `select (select count(*) from pending_events)::int4
         + (select count(*) from effects where settled_at is null)::int4 as n`,
    );
    return row?.n === 0;
  };
  await waitUntil(settled, { timeoutMs: 60_000, what: 'nothing to move' });
  const seconds = (performance.now() - since) / 1_000;

  const { refusals } = await control(cluster, 'whatsapp/refusals');
  const sent = sentBy(cluster);
  const asked = await cluster.query<{ effect_id: string; status: string; deferred: number }>(
    `select effect_id, status, deferred from effects where name = 'sendMessage'`,
  );
  const putOff = asked.filter(({ deferred }) => deferred > 0).length;
  const most = mostPerSecond(sent.map(({ at }) => at));
  t.diagnostic(
    JSON.stringify({
      patients,
      processes,
      messages: sent.length,
      seconds: Math.round(seconds * 10) / 10,
      mostPerSecond: most,
      putOff,
      refusals,
    }),
  );
  assert.deepEqual(refusals, {}); // Neither 131056, of a pair, nor 130429, of the number.
  assert.ok(
    asked.every(({ status }) => status === 'done'),
    'a message was not sent',
  );
  assert.deepEqual(
    sent.map(({ effectId }) => effectId).toSorted(),
    asked.map(({ effect_id: id }) => id).toSorted(),
  );
  assert.equal(sent.length, patients * perPatient + impatients * impatientPresses);
  // Else the limits were never met, and nothing was shown.
  assert.ok(putOff > 0 && most > 40, 'no message ever had to wait');
  assert.ok(most <= 80);
  for (const patient of everybody.slice(0, impatients)) {
    const times = sent.filter(({ to }) => to === phoneOf(patient)).map(({ at }) => at);
    for (const [i, at] of times.entries()) {
      const first = times[i - pairBurst] ?? 0;
      assert.ok(at - first > pairIntervalMs - 1_000, `${pairBurst + 1} in ${at - first} ms`);
    }
  }
}

const perPatient = script.reduce((sum, { answers }) => sum + answers, 0);

/** Reads the sandbox's file once for all who wait, as often as it changes at most. */
function tallyOf(cluster: Cluster) {
  let readAt = 0;
  let counts = new Map<string, number>();
  const refresh = () => {
    if (performance.now() - readAt < 50) return;
    readAt = performance.now();
    counts = new Map(
      [...Map.groupBy(sentBy(cluster), ({ to }) => to)].map(([to, theirs]) => [to, theirs.length]),
    );
  };
  return (phone: string, count: number) =>
    waitUntil(
      () => {
        refresh();
        return (counts.get(phone) ?? 0) >= count;
      },
      { timeoutMs: 120_000, what: `message ${count} to a patient` },
    );
}

/** The most in any second. */
function mostPerSecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [most, first] = [0, 0];
  for (const [i, at] of sorted.entries()) {
    while ((sorted[first] as number) <= at - 1_000) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

suite('the limits of WhatsApp', () => {
  const patients = full ? 200 : 100;
  test(`hold for ${patients} patients at once and two processes that send, without a single refusal`, async (t) => {
    await converse(t, patients, 2);
  });

  test(
    'hold for 200 patients and one process',
    { skip: !full && 'FAULTS=full asks for it' },
    async (t) => {
      await converse(t, 200, 1);
    },
  );

  test('of a day let five of ten messages out; the others wait, and staff see for what', async () => {
    await using cluster = await startCluster();
    const { edge } = await cluster.start({ env: { WHATSAPP_MESSAGES_PER_DAY: '5' } });
    assert.ok(edge);
    await cluster.pointWebhooks(edge);
    const now = Math.floor(Date.now() / 1_000) - 60;
    const phones = Array.from({ length: 10 }, (_, patient) => phoneOf(patient));
    const outcomes = await post(
      edge,
      phones.map((phone) => messageOf(phone, 0, { kind: 'text', body: 'Hello' }, now)),
    );
    assert.deepEqual(outcomes, { stored: 10 });
    const rows = () =>
      cluster.query<{ case_id: string; status: string; effect_id: string }>(
        `select case_id, effect_id, status from effects where name = 'sendMessage'
         and (status = 'done' or status = 'retry' and deferred > 0)`,
      );
    const effects = await waitUntil(
      async () => {
        const found = await rows();
        return found.length === 10 && found;
      },
      { timeoutMs: 20_000, what: 'ten messages that are sent or wait' },
    );
    const done = effects.filter(({ status }) => status === 'done');
    const waiting = effects.filter(({ status }) => status === 'retry');
    assert.deepEqual([done.length, waiting.length], [5, 5]);
    assert.deepEqual(
      sentBy(cluster)
        .map(({ effectId }) => effectId)
        .toSorted(),
      done.map(({ effect_id: id }) => id).toSorted(),
    );
    await rested(cluster, 20_000); // What the greeting was understood as has come, too.
    const headers = await staffHeader();
    for (const { case_id: caseId, effect_id: effectId } of waiting) {
      const answer = await fetch(`${edge}/admin/cases/${caseId}`, { headers });
      assert.equal(answer.status, 200);
      const { waitsFor, messages, deadLetters } = (await answer.json()) as CaseSeen;
      const [effect, ...more] = waitsFor.effects;
      assert.ok(effect && more.length === 0);
      assert.deepEqual(
        [effect.effectId, effect.status, effect.reason],
        [effectId, 'retry', 'messages_per_day'],
      );
      const hours = (Date.parse(effect.nextTryAt ?? '') - Date.now()) / (60 * 60 * 1_000);
      // What is forgotten of a day is forgotten a quarter of an hour at a time, and those who wait are spread.
      assert.ok(hours > 23 && hours < 25, `it is tried again in ${hours} h`);
      assert.deepEqual(
        messages.map(({ status, reason }) => [status, reason]),
        [['waiting', 'messages_per_day']],
      );
      assert.deepEqual(deadLetters, []);
    }
  });
});

interface CaseSeen {
  readonly waitsFor: {
    readonly effects: readonly {
      readonly effectId: string;
      readonly status: string;
      readonly reason: string | null;
      readonly nextTryAt: string | null;
    }[];
  };
  readonly messages: readonly { readonly status: string; readonly reason: string | null }[];
  readonly deadLetters: readonly unknown[];
}
