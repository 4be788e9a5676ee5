import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Migration } from '@mikro-orm/migrations';

/** Travellers' passport data: 2026-12-01-travellers.sql. */
export class Travellers20261201 extends Migration {
  override up(): void {
    this.addSql(readFileSync(join(import.meta.dirname, '2026-12-01-travellers.sql'), 'utf8'));
  }
}
