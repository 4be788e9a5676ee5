import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Migration } from '@mikro-orm/migrations';

/** The schema that every installation begins with, as one text: 2026-11-30-schema.sql. */
export class Schema20261130 extends Migration {
  override up(): void {
    this.addSql(readFileSync(join(import.meta.dirname, '2026-11-30-schema.sql'), 'utf8'));
  }
}
