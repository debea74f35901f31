import { Migration } from '@mikro-orm/migrations'

/** Expand only: servers that do not know these keep working. */
export class Migration20261126100000_add_avatars extends Migration {
  override up(): void {
    this.addSql(`alter table "user" add avatar_id uuid`)
    // WebP is compressed already: PostgreSQL shall not try again.
    this.addSql(`
      create table avatar (
        id uuid not null,
        size smallint not null,
        user_id uuid not null,
        bytes bytea storage external not null,
        constraint avatar_pkey primary key (id, size),
        constraint avatar_user foreign key (user_id) references "user" (id) on delete cascade
      );
      create index avatar_by_user on avatar (user_id);
      create table avatar_quota (
        user_id uuid not null,
        since timestamptz(3) not null,
        tries integer not null,
        constraint avatar_quota_pkey primary key (user_id),
        constraint avatar_quota_user foreign key (user_id) references "user" (id) on delete cascade
      )`)
  }

  override down(): void {
    this.addSql(`drop table avatar_quota; drop table avatar; alter table "user" drop avatar_id`)
  }
}
