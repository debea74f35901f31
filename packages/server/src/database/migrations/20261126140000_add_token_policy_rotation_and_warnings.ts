import { Migration } from '@mikro-orm/migrations'

/** Expand only: servers that do not know these columns keep working. */
export class Migration20261126140000_add_token_policy_rotation_and_warnings extends Migration {
  override up(): void {
    this.addSql(`alter table account add longest_token_days smallint,
      add constraint account_longest_token_days check (longest_token_days between 1 and 365)`)
    this.addSql(
      `alter table personal_access_token add replaced_at timestamptz(3), add warned_days smallint`,
    )
    // For whoever looks every hour for those that end soon.
    this.addSql(
      `create index personal_access_token_by_end on personal_access_token (expires_at, user_id, id)`,
    )
  }

  override down(): void {
    this.addSql(`drop index personal_access_token_by_end`)
    this.addSql(`alter table personal_access_token drop replaced_at, drop warned_days`)
    this.addSql(`alter table account drop longest_token_days`)
  }
}
