import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { startCluster, type Cluster, type Orchestrator } from '../faults/cluster.ts';
import { gather, i10Consent, invariants } from '../faults/invariants.ts';
import { full, rest } from '../faults/scenario.ts';
import type { InboundContent } from '../sandbox/meta/content.ts';
import { waitUntil } from '../support/wait.ts';
import { messageOf, post, sentBy } from './support.ts';

/** How long the provider takes for each message. A case's go out one by one, so a queue of them lasts. */
const slowMs = 900;
/** Places are answered one by one: so many messages wait behind the first question, and no limit holds them back. */
const places = 8;

const phoneOf = (patient: number) => `4478${String(patient).padStart(8, '0')}`;
const place: InboundContent = { kind: 'location', latitude: 52.52, longitude: 13.4 };
const opening: readonly InboundContent[] = [
  { kind: 'text', body: 'Hello' },
  { kind: 'button', id: 'consent:service:yes', title: 'Yes' },
  ...Array.from({ length: places }, () => place),
];

interface Play {
  readonly patients: number;
  /** Kills the performer between the first withdrawals and the last ones. */
  readonly kills: boolean;
  /** Done to the database before anybody writes. */
  readonly plant?: string;
}

/**
 * Patients whose messages queue up at a slow provider, and who then write STOP: a third of them while theirs are being
 * sent, a third while no performer lives (if it is killed), a third after it is back.
 */
async function play(t: TestContext, { patients, kills, plant }: Play) {
  await using cluster = await startCluster();
  const { edge } = await cluster.start({ roles: 'edge,cases,timekeeper' });
  assert.ok(edge);
  const performer = await cluster.start({ roles: 'performers' });
  await cluster.pointWebhooks(edge);
  if (plant !== undefined) await cluster.query(plant);
  await cluster.setFault({
    provider: 'whatsapp',
    mode: 'slow',
    delayMs: slowMs,
    operation: 'send',
  });

  const everybody = Array.from({ length: patients }, (_, patient) => phoneOf(patient));
  const now = Math.floor(Date.now() / 1_000) - 300;
  for (const [step, content] of opening.entries()) {
    await post(
      edge,
      everybody.map((phone) => messageOf(phone, step, content, now + step)),
    );
  }
  const stop = (phone: string) =>
    post(edge, [
      messageOf(phone, opening.length, { kind: 'text', body: 'STOP' }, now + opening.length),
    ]);
  const [first, second, third] = [0, 1, 2].map((wave) =>
    everybody.filter((_phone, patient) => patient % 3 === wave),
  ) as [string[], string[], string[]];

  // The consent question and the first with a purpose are out; the next is on its way, or the one after it.
  await Promise.all(
    first.map(async (phone, i) => {
      await heard(cluster, phone, 2 + (i % 2));
      await stop(phone);
    }),
  );
  if (kills) await killed(cluster, performer);
  await Promise.all(second.map(stop));
  await withdrawn(cluster, first.length + second.length);
  if (kills) await cluster.restart(performer, { roles: 'performers' });
  const before = countsOf(cluster);
  await Promise.all(
    third.map(async (phone) => {
      await heard(cluster, phone, (before.get(phone) ?? 0) + 1);
      await stop(phone);
    }),
  );
  await withdrawn(cluster, patients);
  assert.ok(await rest(cluster, 60_000), `It did not come to rest:\n${cluster.outputs()}`);

  const evidence = await gather(cluster, {
    patients,
    mayDoubt: kills,
    recoverySeconds: null,
    slowMs,
  });
  const rows = await cluster.query<{ status: string; reason: string | null; n: number }>(
    `select status, reason, count(*)::int4 as n from effects where needs is not null group by status, reason`,
  );
  t.diagnostic(
    JSON.stringify({
      patients,
      withdrawals: evidence.withdrawals.length,
      sent: sentBy(cluster).length,
      needing: Object.fromEntries(
        rows.map(({ status, reason, n }) => [reason === null ? status : `${status}: ${reason}`, n]),
      ),
    }),
  );
  return { evidence, rows };
}

const countsOf = (cluster: Cluster): ReadonlyMap<string, number> =>
  new Map(
    [...Map.groupBy(sentBy(cluster), ({ to }) => to)].map(([to, theirs]) => [to, theirs.length]),
  );

const heard = (cluster: Cluster, phone: string, count: number) =>
  waitUntil(() => (countsOf(cluster).get(phone) ?? 0) >= count, {
    timeoutMs: 45_000,
    what: `message ${count} to a patient`,
  });

const withdrawn = (cluster: Cluster, count: number) =>
  waitUntil(
    async () => {
      const [row] = await cluster.query<{ n: number }>(
        `select count(*)::int4 as n from cases where tags ? 'consent-withdrawn'`,
      );
      return row?.n === count;
    },
    { timeoutMs: 20_000, what: `${count} cases to be withdrawn` },
  );

/** As `kill -9`, with messages under way: one that was not would show nothing. */
async function killed(cluster: Cluster, performer: Orchestrator): Promise<void> {
  await waitUntil(
    async () => {
      const [row] = await cluster.query<{ n: number }>(
        `select count(*)::int4 as n from effects where status = 'started' and name = 'sendMessage'`,
      );
      return (row?.n ?? 0) > 0;
    },
    { what: 'a message under way' },
  );
  await performer.program.kill();
}

suite('a withdrawal of consent', () => {
  test('lets nothing with a purpose start from its commit on, whoever dies meanwhile (I10)', async (t) => {
    // No more than one process sends at once (`whatsappPolicy`): a message that waits its turn there has started.
    const patients = full ? 30 : 24;
    const { evidence, rows } = await play(t, { patients, kills: true });
    assert.deepEqual(i10Consent(evidence), []);
    for (const name of ['I2', 'I3', 'I5', 'I6', 'I11'] as const)
      assert.deepEqual(invariants[name](evidence), [], name);

    assert.equal(evidence.withdrawals.length, patients);
    // What was queued is cancelled for that reason, or had been sent; only what was under way at the kill may be in doubt.
    for (const { status, reason } of rows) {
      if (status === 'done' || status === 'unknown') continue;
      assert.deepEqual([status, reason], ['cancelled', 'not_permitted']);
    }
    const cancelled = Map.groupBy(
      evidence.effects.filter(({ status }) => status === 'cancelled'),
      ({ case_id: caseId }) => caseId,
    );
    assert.equal(cancelled.size, patients, 'somebody had nothing in the queue');
  });

  const skip = !full && 'FAULTS=full asks for it';
  test(
    'is judged: a case that goes on permitting what was withdrawn turns I10 red',
    { skip },
    async (t) => {
      const { evidence } = await play(t, {
        patients: 6,
        kills: false,
        // The product's own check is left in place, and is told a lie.
        plant: `
        create function still_permitted() returns trigger language plpgsql as $$
        begin
          if new.tags ? 'consent-withdrawn' then new.tags := new.tags || '["consent:service"]'; end if;
          return new;
        end $$;
        create trigger still_permitted before insert or update on cases
          for each row execute function still_permitted();`,
      });
      const findings = i10Consent(evidence);
      assert.ok(findings.length > 6, findings.join('\n'));
      assert.match(findings[0] ?? '', /needs consent:service, started \d+ ms or more after/);
    },
  );
});
