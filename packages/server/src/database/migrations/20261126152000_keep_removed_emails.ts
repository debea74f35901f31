import { Migration } from '@mikro-orm/migrations'

/**
 * Emails that were proven and removed, for the time in which they still take a user back. Found by person, and by
 * address when somebody else proves it.
 */
export class Migration20261126152000_keep_removed_emails extends Migration {
  override up(): void {
    this.addSql(`create table removed_email (
      user_id uuid not null,
      id uuid not null,
      address varchar(254) not null,
      address_key varchar(254) not null,
      proven_at timestamptz(3) not null,
      removed_at timestamptz(3) not null,
      constraint removed_email_pkey primary key (user_id, id),
      constraint removed_email_once unique (user_id, address_key),
      constraint removed_email_user foreign key (user_id) references "user" (id) on delete cascade
    )`)
    this.addSql(`create index removed_email_by_address on removed_email (address_key)`)
    this.addSql(`create index removed_email_by_end on removed_email (removed_at)`)
  }

  override down(): void {
    this.addSql(`drop table removed_email`)
  }
}
