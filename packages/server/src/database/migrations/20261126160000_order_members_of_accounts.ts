import { Migration } from '@mikro-orm/migrations'

/** So that a page of an account's members is read by key, whatever their number. */
export class Migration20261126160000_order_members_of_accounts extends Migration {
  override up(): void {
    this.addSql(`create index account_user_of_account on account_user (account_id, id)`)
    this.addSql(`drop index account_user_by_account`)
  }

  override down(): void {
    this.addSql(`create index account_user_by_account on account_user (account_id)`)
    this.addSql(`drop index account_user_of_account`)
  }
}
