import { Migration } from '@mikro-orm/migrations';

/**
 * Which claim started an effect, so that whoever lost the answer to its claim can give back what it never began. It has no
 * index: the effects are known by their ids. The number of the try stands behind the claim's own id, so that a claim by
 * the release before this one, which leaves the column as it is, ends the right to give back.
 */
export class Claims20261130 extends Migration {
  override up(): void {
    this.addSql(`alter table effects add column claimed_as text collate "C"`);
  }
}
