/** Migrates the database of `DATABASE_URL` and fixes its partitions, as every process does when it starts; a start for `migrate.test.ts`. */
import { fixPartitions } from '../../persistence/database/leases.ts';
import { migrate } from '../../persistence/database/migrate.ts';
import { createPool } from '../../persistence/database/pool.ts';

const url = process.env['DATABASE_URL'] ?? '';
await migrate(url);
const pool = createPool({ url, max: 1 });
await fixPartitions(pool, 8);
await pool.end();
