import { Migration } from '@mikro-orm/migrations'

/** Expand only: servers that do not know these columns keep working. */
export class Migration20261126090000_add_where_tokens_were_used extends Migration {
  override up(): void {
    this.addSql(`alter table personal_access_token
      add last_used_address varchar(64), add last_used_device varchar(100)`)
  }

  override down(): void {
    this.addSql(`alter table personal_access_token drop last_used_address, drop last_used_device`)
  }
}
