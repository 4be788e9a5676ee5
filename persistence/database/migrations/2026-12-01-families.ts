import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Migration } from '@mikro-orm/migrations';

/** Several cases for one contact: 2026-12-01-families.sql. */
export class Families20261201 extends Migration {
  override up(): void {
    this.addSql(readFileSync(join(import.meta.dirname, '2026-12-01-families.sql'), 'utf8'));
  }
}
