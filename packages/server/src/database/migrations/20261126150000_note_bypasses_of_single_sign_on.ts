import { Migration } from '@mikro-orm/migrations'

/**
 * Expand only. In which sessions an administrator reaches an account without its single sign-on, and it stands in the
 * history: a row for each session and account, so that it is written down once.
 */
export class Migration20261126150000_note_bypasses_of_single_sign_on extends Migration {
  override up(): void {
    this.addSql(`create table sso_bypass (
      user_id uuid not null,
      session_id uuid not null,
      account_id uuid not null,
      at timestamptz(3) not null,
      constraint sso_bypass_pkey primary key (user_id, session_id, account_id),
      constraint sso_bypass_session foreign key (user_id, session_id) references session (user_id, id) on delete cascade
    )`)
  }

  override down(): void {
    this.addSql(`drop table sso_bypass`)
  }
}
