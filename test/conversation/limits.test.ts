import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { startCluster, type Cluster } from '../faults/cluster.ts';
import { full } from '../faults/scenario.ts';
import { readLedger } from '../sandbox/ledger.ts';
import { staffHeader } from '../system/orchestrator.ts';
import { waitUntil } from '../support/wait.ts';
import { control, messageOf, post } from './support.ts';

/** Our own limits as they are in production; the platform's daily figure apart, which has a test of its own. */
const asInProduction = { WHATSAPP_PER_SECOND: '80' };

/** What WhatsApp answers who sends too much: to one person, and altogether. */
const [pairRate, throughput] = ['131056', '130429'];

interface Sent {
  readonly effectId: string;
  readonly to: string;
  /** Epoch ms, by the provider's clock. */
  readonly at: number;
}

const sentBy = (cluster: Cluster): Sent[] =>
  readLedger(cluster.sandboxFile)
    .filter(({ kind }) => kind === 'message')
    .map(({ at, key, detail }) => ({
      effectId: key ?? '',
      to: String(detail['to']),
      at: Date.parse(at),
    }));

const phoneOf = (patient: number) => `4479${String(patient).padStart(8, '0')}`;

/** What a patient says, and how many messages of ours answer it. */
const script: readonly { readonly says: object; readonly answers: number }[] = [
  { says: { text: 'Hello' }, answers: 1 },
  { says: { button: { id: 'consent:service:yes', title: 'Yes' } }, answers: 1 },
  { says: { text: 'From Berlin' }, answers: 1 },
  { says: { text: `on ${inTwoMonths()}` }, answers: 1 },
  { says: { text: '2 adults' }, answers: 2 },
];
/** Each of these is answered with the list of offers again: more than the burst to one person allows. */
const impatient: typeof script = Array.from({ length: 6 }, () => ({
  says: { button: { id: 'offer:1:7', title: 'Offer 1' } },
  answers: 1,
}));

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
  const impatients = 4;
  const began = Math.floor(Date.now() / 1_000) - 600;
  const since = performance.now();

  const heard = tallyOf(cluster);
  await Promise.all(
    Array.from({ length: patients }, async (_, patient) => {
      const phone = phoneOf(patient);
      const lines = patient < impatients ? [...script, ...impatient] : script;
      let expected = 0;
      for (const [step, { says, answers }] of lines.entries()) {
        await control(cluster, 'whatsapp/inbound', {
          from: phone,
          timestamp: began + 5 * step,
          ...says,
        });
        expected += answers;
        // The impatient do not wait for answers any more.
        if (step < script.length) await heard(phone, expected);
      }
      await heard(phone, expected);
    }),
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
  const most = mostPerSecond(sent.map(({ at }) => at));
  const put = await cluster.query<{ reason: string; n: number }>(
    `select reason, count(*)::int4 as n from effects where deferred > 0 group by reason`,
  );
  t.diagnostic(
    JSON.stringify({
      patients,
      processes,
      messages: sent.length,
      seconds: Math.round(seconds * 10) / 10,
      mostPerSecond: most,
      putOff: asked.filter(({ deferred }) => deferred > 0).length,
      byReason: Object.fromEntries(put.map(({ reason, n }) => [reason, n])),
      refusals,
    }),
  );
  const refused = refusals as Readonly<Record<string, number>>;
  assert.equal(refused[pairRate] ?? 0, 0);
  assert.equal(refused[throughput] ?? 0, 0);
  assert.deepEqual(refused, {});
  assert.ok(
    asked.every(({ status }) => status === 'done'),
    'a message was not sent',
  );
  assert.deepEqual(
    sent.map(({ effectId }) => effectId).toSorted(),
    asked.map(({ effect_id: id }) => id).toSorted(),
  );
  const perPatient = script.reduce((sum, { answers }) => sum + answers, 0);
  assert.equal(sent.length, patients * perPatient + impatients * impatient.length);
  // Else the limits were never met, and nothing was shown.
  assert.ok(most <= 80);
  const waited = asked.filter(({ deferred }) => deferred > 0).length;
  assert.ok(waited > 0, 'no message ever had to wait');
}

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
  test('200 patients at once are answered by one process without a single refusal', async (t) => {
    await converse(t, 200, 1);
  });

  test('are shared by the processes that send', async (t) => {
    await converse(t, full ? 200 : 100, 2);
  });

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
      assert.ok(hours > 23 && hours < 40, `it is tried again in ${hours} h`);
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
