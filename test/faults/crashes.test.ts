import { suite, test } from 'node:test';

import { failpointNames, type FailpointName } from '../../actors/kernel/loop.ts';
import type { Cluster, Orchestrator } from './cluster.ts';
import { assertGreen, baseSeed, full, play } from './scenario.ts';

/** At which passing the process dies: in the middle of the load, so that much is under way. */
const passings: Readonly<Record<FailpointName, number>> = {
  'cases.read': 40,
  'cases.before-commit': 40,
  'cases.after-commit': 40,
  'cases.announced': 40,
  'performer.claimed': 30,
  'performer.performed': 40,
  'performer.settled': 30,
  'ledger.appended': 40,
  'edge.after-commit': 60,
};

/** Dying with effects in hand leaves messages of which nobody knows whether they were sent. */
const leavesDoubt = true; // Every process has all roles, so whatever kills it kills its performers.

const shapes = ['restarted', 'taken over'] as const;

/** The few that `npm test` runs: one for each of the ways to die that differ most. */
const short: readonly `${FailpointName} ${(typeof shapes)[number]}`[] = [
  'cases.after-commit restarted',
  'performer.performed taken over',
];

const doomed = new WeakMap<Cluster, Orchestrator>();

suite('a process killed', () => {
  for (const [i, failpoint] of failpointNames.entries()) {
    for (const [j, shape] of shapes.entries()) {
      if (!full && !short.includes(`${failpoint} ${shape}`)) continue;
      test(`at ${failpoint} and ${shape} changes nothing`, async (t) => {
        const setting = `${failpoint}:${Math.ceil(passings[failpoint] / (shape === 'restarted' ? 1 : 2))}`;
        const findings = await play(t, {
          name: `kill at ${setting}, ${shape}`,
          seed: baseSeed + i * shapes.length + j,
          mayDoubt: leavesDoubt,
          boot: async (cluster) => {
            doomed.set(cluster, await cluster.start({ failpoint: setting }));
            if (shape === 'taken over') await cluster.start();
          },
          fault: async (cluster) => {
            const victim = doomed.get(cluster) as Orchestrator;
            await victim.killed(40_000);
            const diedAt = Date.now();
            if (shape === 'restarted') await cluster.restart(victim);
            else await cluster.pointWebhooks();
            const restartSeconds = (Date.now() - diedAt) / 1_000;
            return { healedAt: diedAt, kills: 1, failpointHits: 1, figures: { restartSeconds } };
          },
        });
        assertGreen(findings);
      });
    }
  }
});
