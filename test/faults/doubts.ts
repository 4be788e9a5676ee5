import { readLedger } from '../sandbox/ledger.ts';
import type { Cluster } from './cluster.ts';

interface Said {
  readonly case_id: string;
  readonly effect_id: string;
  readonly status: string;
}

/**
 * Cases that wait for nothing but a message of ours whose sending nobody knows of: the last that the case said stands
 * `unknown` in the ledger, the sandbox never had it, and nothing else of the case moves. Such a message is never sent
 * again; its patient hears nothing until staff look (README.md). Evidence of both sides, and no word of the patient's.
 */
export async function waitingInDoubt(cluster: Cluster): Promise<ReadonlySet<string>> {
  const last = await cluster.query<Said>(
    `select distinct on (e.case_id) e.case_id, e.effect_id, e.status
     from effects e join cases k on k.case_id = e.case_id
     where e.name = 'sendMessage' and not k.tags ? 'confirmed'
       and not exists (select from pending_events p where p.case_id = e.case_id)
       and not exists (select from effects o where o.case_id = e.case_id and o.status in ('pending', 'started', 'retry'))
     order by e.case_id, e.position desc`,
  );
  const applied = new Set(
    readLedger(cluster.sandboxFile)
      .filter(({ kind }) => kind === 'message')
      .map(({ key }) => key),
  );
  return new Set(
    last
      .filter(({ effect_id: id, status }) => status === 'unknown' && !applied.has(id))
      .map(({ case_id: caseId }) => caseId),
  );
}
