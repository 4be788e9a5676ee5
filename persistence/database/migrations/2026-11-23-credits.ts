import { Migration } from '@mikro-orm/migrations';

/** How an invoice was taxed, which its credit notes need, and what they give back of it. */
export class Credits20261123 extends Migration {
  override up(): void {
    this.addSql(`alter table invoices add column taxes text`);
    this.addSql(
      `create index invoices_by_credited on invoices (tenant, credits) where credits is not null`,
    );
    this.addSql(`drop trigger invoices_keep_their_document on invoices`);
    this.addSql(`
      create trigger invoices_keep_their_document before update on invoices
      for each row when (
        old.number is not null and
        row(new.tenant, new.invoice_id, new.number, new.ettn, new.xml, new.issued_at, new.payable_minor, new.tax_minor, new.currency,
          new.credits, new.taxes)
        is distinct from
        row(old.tenant, old.invoice_id, old.number, old.ettn, old.xml, old.issued_at, old.payable_minor, old.tax_minor, old.currency,
          old.credits, old.taxes)
      ) execute function refuse_change()`);
  }
}
