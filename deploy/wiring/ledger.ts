import type pg from 'pg';

import { backlogGauges, waitingTags } from '../../actors/observe.ts';
import type { Config } from '../../config.ts';
import { createDirectory } from '../../persistence/contacts/directory.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { routeTo } from '../../persistence/database/route.ts';
import { readBacklog } from '../../persistence/ledger/backlog.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import type { Telemetry } from '../../telemetry.ts';
import { checkDatabase, workingDatabaseUrl } from './database.ts';
import { openKeys, type Keys } from './keys.ts';
import type { Shutdown } from './shutdown.ts';

/** The database, its keys, and the two that every role works with. */
export interface LedgerWiring extends Keys {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly directory: ReturnType<typeof createDirectory>;
}

/**
 * The ledger at `served`, which is of the settings or a server of our own, with the tenant of the settings in it.
 *
 * @throws {DatabaseUnfit} @throws {KeysUnfit} with what to do
 */
export async function openLedger(
  served: string,
  config: Config,
  { registry }: Telemetry,
  shutdown: Shutdown,
): Promise<LedgerWiring> {
  const url = await workingDatabaseUrl(served, config);
  const pool = createPool({ url, max: 16, route: await routeTo(url) });
  shutdown.onStop(() => pool.end());
  await checkDatabase(pool, config);
  const keys = await openKeys(pool, config);
  await fixPartitions(pool, config.partitions);
  const directory = createDirectory({ pool, ...keys });
  await directory.setUpTenant(config.tenant);
  backlogGauges(registry, () => readBacklog(pool, waitingTags));
  return { ...keys, url, pool, ledger: createLedger({ pool, ...keys }), directory };
}
