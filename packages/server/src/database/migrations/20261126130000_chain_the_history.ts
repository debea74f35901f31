import { Migration } from '@mikro-orm/migrations'

/**
 * Each entry of a person's history carries the digest of the one before it, and what erasure may empty lies in a row of
 * its own. Servers that do not know of it go on: to them `activity` takes the same rows and gives them back. The digests
 * are described, and computed anew, in activity/entry-digest.ts.
 */
export class Migration20261126130000_chain_the_history extends Migration {
  override up(): void {
    this.addSql(`alter table activity rename to activity_unchained`)
    this.addSql(`alter table activity_unchained rename constraint activity_pkey to activity_unchained_pkey`)
    this.addSql(tables)
    this.addSql(writing)
    this.addSql(`insert into activity select * from activity_unchained order by user_id, id`)
    this.addSql(`drop table activity_unchained`)
    this.addSql(guards)
  }

  override down(): void {
    this.addSql(plainTable)
    this.addSql(`insert into activity_unchained select * from activity`)
    this.addSql(`drop view activity`)
    this.addSql(`drop table activity_entry, activity_detail, activity_head`)
    this.addSql(`drop function append_activity, refuse_to_empty`)
    this.addSql(`alter table activity_unchained rename to activity`)
    this.addSql(`alter table activity rename constraint activity_unchained_pkey to activity_pkey`)
    this.addSql(plainGuards)
  }
}

const tables = `
  create table activity_entry (
    user_id uuid not null,
    id uuid not null,
    position bigint not null,
    actor_id uuid,
    action varchar(64) not null,
    account_id uuid,
    at timestamptz(3) not null,
    detail_digest bytea not null,
    digest bytea not null,
    constraint activity_pkey primary key (user_id, id),
    constraint activity_position_once unique (user_id, position)
  );
  create table activity_detail (
    user_id uuid not null,
    id uuid not null,
    salt bytea not null,
    token_name varchar(100),
    subject varchar(200) not null,
    changes jsonb not null,
    address varchar(64),
    device varchar(100),
    constraint activity_detail_pkey primary key (user_id, id)
  );
  create table activity_head (
    user_id uuid not null,
    entries bigint not null,
    digest bytea not null,
    constraint activity_head_pkey primary key (user_id)
  );
  create view activity as
    select entry.user_id, entry.id, entry.actor_id, detail.token_name, entry.action,
      coalesce(detail.subject, '')::varchar(200) as subject, entry.account_id,
      coalesce(detail.changes, '[]') as changes, entry.at, detail.address, detail.device
    from activity_entry entry
      left join activity_detail detail on detail.user_id = entry.user_id and detail.id = entry.id;`

/**
 * The head is read and moved on in one statement, whose lock has the entries of one person follow each other. What is
 * digested is an array as PostgreSQL sends it, with the length of each value before it.
 */
const writing = `
  create function append_activity() returns trigger language plpgsql security definer set search_path = public, pg_temp
  as $$
    declare
      new_salt constant bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
      new_detail_digest constant bytea := sha256(array_send(array[new_salt, convert_to(new.token_name, 'UTF8'),
        convert_to(new.subject, 'UTF8'), convert_to(new.changes::text, 'UTF8'), convert_to(new.address, 'UTF8'),
        convert_to(new.device, 'UTF8')]));
      link constant bytea := array_send(array[uuid_send(new.user_id), uuid_send(new.id), uuid_send(new.actor_id),
        convert_to(new.action, 'UTF8'), uuid_send(new.account_id),
        int8send((extract(epoch from new.at) * 1000)::bigint), new_detail_digest]);
      new_position bigint;
      new_digest bytea;
    begin
      insert into activity_head as head (user_id, entries, digest)
        values (new.user_id, 1, sha256(int8send(1) || link))
        on conflict (user_id) do update set entries = head.entries + 1,
          digest = sha256(head.digest || int8send(head.entries + 1) || link)
        returning head.entries, head.digest into new_position, new_digest;
      insert into activity_entry (user_id, id, position, actor_id, action, account_id, at, detail_digest, digest)
        values (new.user_id, new.id, new_position, new.actor_id, new.action, new.account_id, new.at,
          new_detail_digest, new_digest);
      insert into activity_detail (user_id, id, salt, token_name, subject, changes, address, device)
        values (new.user_id, new.id, new_salt, new.token_name, new.subject, new.changes, new.address, new.device);
      return new;
    end $$;
  create trigger activity_is_chained instead of insert on activity
    for each row execute function append_activity();`

/**
 * What is written by append_activity is written one trigger deep. Details may be emptied once their person is no more,
 * as the history outlives people and what tells of them does not.
 */
const guards = `
  create trigger activity_is_append_only instead of update or delete on activity
    for each row execute function refuse_change();
  create trigger activity_entry_is_append_only before update or delete on activity_entry
    for each row execute function refuse_change();
  create trigger activity_entry_is_chained before insert on activity_entry
    for each row when (pg_trigger_depth() = 0) execute function refuse_change();
  create trigger activity_entry_is_not_emptied before truncate on activity_entry
    for each statement execute function refuse_change();

  create function refuse_to_empty() returns trigger language plpgsql as $$
    begin
      if exists (select from "user" where id = old.user_id) then
        raise exception 'history is append-only' using errcode = 'insufficient_privilege';
      end if;
      return old;
    end $$;
  create trigger activity_detail_is_append_only before update on activity_detail
    for each row execute function refuse_change();
  create trigger activity_detail_outlives_no_one before delete on activity_detail
    for each row execute function refuse_to_empty();
  create trigger activity_detail_is_chained before insert on activity_detail
    for each row when (pg_trigger_depth() = 0) execute function refuse_change();
  create trigger activity_detail_is_not_emptied before truncate on activity_detail
    for each statement execute function refuse_change();

  create trigger activity_head_follows before insert or update or delete on activity_head
    for each row when (pg_trigger_depth() = 0) execute function refuse_change();
  create trigger activity_head_is_not_emptied before truncate on activity_head
    for each statement execute function refuse_change();`

const plainTable = `
  create table activity_unchained (
    user_id uuid not null,
    id uuid not null,
    actor_id uuid,
    token_name varchar(100),
    action varchar(64) not null,
    subject varchar(200) not null,
    account_id uuid,
    changes jsonb not null,
    at timestamptz(3) not null,
    address varchar(64),
    device varchar(100),
    constraint activity_unchained_pkey primary key (user_id, id)
  )`

const plainGuards = `
  create trigger activity_is_append_only before update or delete on activity
    for each row execute function refuse_change();
  create trigger activity_is_not_emptied before truncate on activity
    for each statement execute function refuse_change();`
