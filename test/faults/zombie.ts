import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

import { waitUntil } from '../support/wait.ts';
import type { Cluster, Orchestrator } from './cluster.ts';
import { rest, type Injected, type Scenario } from './scenario.ts';

const leaseMs = 3_000;

/**
 * A worker that is stopped right before a commit, for longer than its lease; another one takes its partitions over and
 * steps the very cases it was about to commit. Then it wakes up, and commits.
 */
export function zombie(name: string, seed: number, plantedBug?: string): Scenario {
  const planted = plantedBug === undefined ? {} : { plantedBug };
  const sleepers = new WeakMap<Cluster, Orchestrator>();
  return {
    name,
    seed,
    ...(plantedBug === undefined ? {} : { patienceMs: 3_000 }),
    async boot(cluster) {
      sleepers.set(
        cluster,
        await cluster.start({
          roles: 'cases',
          leaseMs,
          failpoint: 'pause.cases.before-commit:12',
          ...planted,
        }),
      );
      await cluster.start({ leaseMs, ...planted });
      await waitUntil(async () => new Set(await ownersOf(cluster)).size === 2, {
        what: 'both to own partitions',
      });
    },
    async fault(cluster, load): Promise<Injected> {
      const sleeper = sleepers.get(cluster) as Orchestrator;
      const { pid } = sleeper.program;
      await waitUntil(() => isStopped(pid), {
        timeoutMs: 30_000,
        what: 'the worker to stop before its commit',
      });
      const stoppedAt = Date.now();
      const mine = await ownersOf(cluster);
      // Everybody else finishes first, so that nothing comes after the late commit and covers it up.
      await load.done;
      assert.ok(await rest(cluster, 45_000), 'Inconclusive: the others did not finish');
      const sleptMs = Date.now() - stoppedAt;
      const taken = await ownersOf(cluster);
      const lost = mine.filter((owner, partition) => owner !== taken[partition]).length;
      assert.ok(
        sleptMs > leaseMs && lost > 0 && new Set(taken).size === 1,
        'Inconclusive: nobody took its partitions over',
      );
      sleeper.program.signal('SIGCONT');
      const wokenAt = Date.now();
      const refused = await waitUntil(
        async () =>
          (await sleeper.metric('kernel_commits_refused_total')) ||
          (plantedBug && (await overwritten(cluster))),
        {
          what: 'the late commit to come',
        },
      );
      return {
        healedAt: wokenAt,
        failpointHits: 1,
        figures: {
          sleptMs,
          partitionsLost: lost,
          commitsRefused: plantedBug ? 0 : Number(refused),
        },
      };
    },
  };
}

/** Whether a case has fallen back behind its history: the late commit overwrote it. */
async function overwritten(cluster: Cluster): Promise<boolean> {
  const [row] = await cluster.query<{ n: number }>(
    `select count(*)::int4 as n from cases k
     where seq < (select max(case_seq) from audit_entries a where a.case_id = k.case_id)`,
  );
  return (row?.n ?? 0) > 0;
}

/** Who owns each partition, by its number. */
async function ownersOf(cluster: Cluster): Promise<(string | null)[]> {
  const rows = await cluster.query<{ owner: string | null }>(
    'select owner from partition_leases order by partition',
  );
  return rows.map(({ owner }) => owner);
}

/** Whether SIGSTOP holds it: `T` is what both Linux and macOS call that. `ps` is what test/run.ts sees to. */
function isStopped(pid: number): boolean {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .startsWith('T');
}
