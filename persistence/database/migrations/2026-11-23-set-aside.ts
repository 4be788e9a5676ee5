import { Migration } from '@mikro-orm/migrations';

/** Reconciliation looks at bookings that are held or lapsed, too: few of them, among many that are settled. */
export class SetAside20261123 extends Migration {
  override up(): void {
    this.addSql(`
      create index bookings_set_aside on bookings (provider, created_at, booking_id)
      where state in ('held', 'lapsed') and checkout_id is not null`);
  }
}
