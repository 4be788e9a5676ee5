import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Cluster, Orchestrator } from './cluster.ts';
import { failpointNames, type FailpointName } from './failpoints.ts';
import { seeded } from './random.ts';
import { assertGreen, baseSeed, full, play } from './scenario.ts';

/** At which passing the process dies: in the middle of the load, so that much is under way. */
const passings: Readonly<Record<FailpointName, number>> = {
  'cases.read': 40,
  'cases.before-commit': 40,
  'cases.after-commit': 40,
  'cases.announced': 40,
  'performer.claimed': 30,
  'performer.performed': 30,
  'performer.settled': 30,
  'ledger.appended': 40,
  'edge.after-commit': 60,
  'outbox.added': 10,
};

const shapes = ['restarted', 'taken over'] as const;
type Shape = (typeof shapes)[number];

/** The few that `npm test` runs: after the commit of a case, and after a provider's work. */
const short: readonly `${FailpointName} ${Shape}`[] = [
  'cases.after-commit restarted',
  'performer.performed taken over',
];

/** FAULTS_ROUNDS: the whole matrix so many times, from the second on with passings drawn from the seed. */
const rounds = full ? Number(process.env['FAULTS_ROUNDS'] ?? 1) : 1;

const matrix = Array.from({ length: rounds }, (_, round) =>
  failpointNames.flatMap((failpoint) => shapes.map((shape) => ({ round, failpoint, shape }))),
).flat();

const victims = new WeakMap<Cluster, Orchestrator>();

suite('a process killed', () => {
  for (const [i, { round, failpoint, shape }] of matrix.entries()) {
    if (!full && !short.includes(`${failpoint} ${shape}`)) continue;
    const seed = baseSeed + i;
    const most = passings[failpoint] / (shape === 'restarted' ? 1 : 2); // Two processes share the work.
    const passing = round === 0 ? most : Math.ceil(seeded(seed)() * most);
    const setting = `${failpoint}:${passing}`;

    test(`at ${setting} and ${shape} changes nothing`, async (t) => {
      const findings = await play(t, {
        name: `kill at ${setting}, ${shape}`,
        seed,
        mayDoubt: true, // All roles are in the process that dies, so its performers die with it.
        boot: async (cluster) => {
          victims.set(cluster, await cluster.start({ failpoint: setting }));
          if (shape === 'taken over') await cluster.start();
        },
        fault: async (cluster) => {
          const victim = victims.get(cluster) as Orchestrator;
          await victim.killed(40_000);
          const diedAt = Date.now();
          if (shape === 'restarted') await cluster.restart(victim);
          else await cluster.pointWebhooks();
          const restartSeconds = (Date.now() - diedAt) / 1_000;
          const [row] = await cluster.query<{ n: number }>(
            `select count(*)::int4 as n from cases where not tags ? 'confirmed'`,
          );
          const underWay = row?.n ?? 0;
          assert.ok(underWay > 0 || passing === 1, 'Inconclusive: no case was under way');
          // From the kill on: the survivor, or whoever starts anew, has 30 s.
          return {
            healedAt: diedAt,
            kills: 1,
            failpointHits: 1,
            figures: { underWay, restartSeconds },
          };
        },
      });
      assertGreen(findings);
    });
  }
});
