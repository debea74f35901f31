import { Migration } from '@mikro-orm/migrations'

/** The first tables. Hot ones lead with `user_id` (or `account_id`), the key by which they may be distributed. */
export class Migration20261123090000_create_people_accounts_and_inbox extends Migration {
  override up(): void {
    this.addSql(people)
    this.addSql(accounts)
    this.addSql(contacts)
    this.addSql(security)
    this.addSql(tokens)
    this.addSql(inbox)
    this.addSql(history)
    this.addSql(builtInRoles)
  }

  override down(): void {
    this
      .addSql(`drop table activity, trusted_documents, idempotency_key, event, badge, badge_user, notification,
      notification_preference, token_key, personal_access_token, sign_in_throttle, known_device, session_key, session,
      password, phone, proven_email, email, account_user_role, account_user, notification_rule, role, account,
      login_name, "user"`)
    this.addSql(`drop function refuse_change`)
  }
}

const people = `
  create table "user" (
    id uuid not null,
    username varchar(64) not null,
    name varchar(100) not null,
    public_name varchar(100) not null,
    super_admin boolean not null default false,
    language text not null default 'EN',
    time_zone varchar(64) not null default 'UTC',
    emoji_mode boolean not null default false,
    rows_per_page smallint not null default 25,
    landing_page text not null default 'USER_PROFILE',
    last_visited_path varchar(500),
    last_account_id uuid,
    created_at timestamptz(3) not null,
    constraint user_pkey primary key (id),
    constraint user_language_known check (language in ('EN', 'ES', 'FR', 'DE', 'NL')),
    constraint user_landing_page_known check (landing_page in ('LAST_VISITED', 'USER_PROFILE')),
    constraint user_rows_per_page_range check (rows_per_page between 5 and 100)
  );
  create table login_name (
    name varchar(64) not null,
    user_id uuid not null,
    constraint login_name_pkey primary key (name),
    constraint login_name_lower_case check (name = lower(name)),
    constraint login_name_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create index login_name_by_user on login_name (user_id);`

const accounts = `
  create table account (
    id uuid not null,
    name varchar(100) not null,
    owner_id uuid not null,
    created_at timestamptz(3) not null,
    constraint account_pkey primary key (id),
    constraint account_owner foreign key (owner_id) references "user" (id) on delete restrict
  );
  create table role (
    id uuid not null,
    account_id uuid,
    key varchar(32),
    name varchar(100) not null,
    permissions text[] not null,
    constraint role_pkey primary key (id),
    constraint role_key_once unique (key),
    constraint role_built_in_or_owned check ((account_id is null) = (key is not null)),
    constraint role_account foreign key (account_id) references account (id) on delete cascade
  );
  create table notification_rule (
    account_id uuid not null,
    id uuid not null,
    name varchar(100) not null,
    enabled boolean not null default true,
    rules text not null,
    created_at timestamptz(3) not null,
    constraint notification_rule_pkey primary key (account_id, id),
    constraint notification_rule_account foreign key (account_id) references account (id) on delete cascade
  );
  create table account_user (
    user_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    notification_rule_id uuid,
    created_at timestamptz(3) not null,
    constraint account_user_pkey primary key (user_id, id),
    constraint account_user_once unique (user_id, account_id),
    constraint account_user_user foreign key (user_id) references "user" (id) on delete cascade,
    constraint account_user_account foreign key (account_id) references account (id) on delete cascade
  );
  create index account_user_by_account on account_user (account_id);
  create index account_user_by_rule on account_user (notification_rule_id) where notification_rule_id is not null;
  create table account_user_role (
    user_id uuid not null,
    account_user_id uuid not null,
    role_id uuid not null,
    constraint account_user_role_pkey primary key (user_id, account_user_id, role_id),
    constraint account_user_role_account_user foreign key (user_id, account_user_id)
      references account_user (user_id, id) on delete cascade,
    constraint account_user_role_role foreign key (role_id) references role (id) on delete restrict
  );`

const contacts = `
  create table email (
    user_id uuid not null,
    id uuid not null,
    address varchar(254) not null,
    address_key varchar(254) not null,
    "primary" boolean not null default false,
    verified_at timestamptz(3),
    created_at timestamptz(3) not null,
    constraint email_pkey primary key (user_id, id),
    constraint email_once unique (user_id, address_key),
    constraint email_primary_is_proven check (not "primary" or verified_at is not null),
    constraint email_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create unique index email_one_primary on email (user_id) where "primary";
  create table proven_email (
    address_key varchar(254) not null,
    user_id uuid not null,
    email_id uuid not null,
    constraint proven_email_pkey primary key (address_key),
    constraint proven_email_email foreign key (user_id, email_id) references email (user_id, id) on delete cascade
  );
  create table phone (
    user_id uuid not null,
    id uuid not null,
    number varchar(16) not null,
    country varchar(2) not null,
    "primary" boolean not null default false,
    verified_at timestamptz(3),
    created_at timestamptz(3) not null,
    constraint phone_pkey primary key (user_id, id),
    constraint phone_once unique (user_id, number),
    constraint phone_e164 check (number ~ '^\\+[1-9][0-9]{6,14}$'),
    constraint phone_primary_is_proven check (not "primary" or verified_at is not null),
    constraint phone_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create unique index phone_one_primary on phone (user_id) where "primary";`

const security = `
  create table password (
    user_id uuid not null,
    hash varchar(255) not null,
    changed_at timestamptz(3) not null,
    constraint password_pkey primary key (user_id),
    constraint password_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table session (
    user_id uuid not null,
    id uuid not null,
    device varchar(100) not null,
    address varchar(64) not null,
    created_at timestamptz(3) not null,
    last_seen_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    constraint session_pkey primary key (user_id, id),
    constraint session_of_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table session_key (
    hash bytea not null,
    user_id uuid not null,
    session_id uuid not null,
    constraint session_key_pkey primary key (hash),
    constraint session_key_session foreign key (user_id, session_id) references session (user_id, id) on delete cascade
  );
  create index session_key_by_session on session_key (user_id, session_id);
  create table known_device (
    hash bytea not null,
    user_id uuid not null,
    created_at timestamptz(3) not null,
    constraint known_device_pkey primary key (hash),
    constraint known_device_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create index known_device_by_user on known_device (user_id);
  create table sign_in_throttle (
    key text not null,
    failures integer not null,
    next_try_at timestamptz(3) not null,
    forget_at timestamptz(3) not null,
    constraint sign_in_throttle_pkey primary key (key)
  );
  create index sign_in_throttle_by_end on sign_in_throttle (forget_at);`

const tokens = `
  create table personal_access_token (
    user_id uuid not null,
    id uuid not null,
    account_user_id uuid not null,
    name varchar(100) not null,
    last_four varchar(4) not null,
    created_at timestamptz(3) not null,
    last_used_at timestamptz(3),
    expires_at timestamptz(3) not null,
    read_only boolean not null default false,
    constraint personal_access_token_pkey primary key (user_id, id),
    constraint personal_access_token_account_user foreign key (user_id, account_user_id)
      references account_user (user_id, id) on delete cascade
  );
  create index personal_access_token_by_account_user on personal_access_token (user_id, account_user_id, id);
  create table token_key (
    hash bytea not null,
    user_id uuid not null,
    token_id uuid not null,
    constraint token_key_pkey primary key (hash),
    constraint token_key_token foreign key (user_id, token_id)
      references personal_access_token (user_id, id) on delete cascade
  );
  create index token_key_by_token on token_key (user_id, token_id);`

// Nothing refers to a notification and it refers to nothing, so that a month is dropped as a partition.
const inbox = `
  create table notification_preference (
    user_id uuid not null,
    account_user_id uuid not null,
    event_type varchar(64) not null,
    channels text[] not null,
    constraint notification_preference_pkey primary key (user_id, account_user_id, event_type),
    constraint notification_preference_account_user foreign key (user_id, account_user_id)
      references account_user (user_id, id) on delete cascade
  );
  create table event (
    account_id uuid not null,
    id uuid not null,
    type varchar(64) not null,
    publisher_id uuid not null,
    recipients integer not null,
    accepted_at timestamptz(3) not null,
    constraint event_pkey primary key (account_id, id)
  );
  create table idempotency_key (
    account_id uuid not null,
    owner_id uuid not null,
    key varchar(255) not null,
    body_hash bytea not null,
    answer jsonb,
    created_at timestamptz(3) not null,
    constraint idempotency_key_pkey primary key (account_id, owner_id, key)
  );
  create index idempotency_key_by_age on idempotency_key (created_at);
  create table notification (
    user_id uuid not null,
    id uuid not null,
    account_id uuid not null,
    kind text not null,
    event_type varchar(64) not null,
    title varchar(200) not null,
    body varchar(4000) not null,
    entity jsonb,
    read_at timestamptz(3),
    created_at timestamptz(3) not null,
    constraint notification_pkey primary key (user_id, id),
    constraint notification_kind_known check (kind in ('NOTIFICATION', 'ALERT'))
  ) partition by range (id);
  create index notification_by_kind on notification (user_id, kind, id);
  create index notification_unread on notification (user_id, id) where read_at is null;
  create table notification_default partition of notification default;
  create table badge_user (
    user_id uuid not null,
    version integer not null,
    constraint badge_user_pkey primary key (user_id)
  );
  create table badge (
    user_id uuid not null,
    account_id uuid not null,
    unread integer not null,
    alerts integer not null,
    constraint badge_pkey primary key (user_id, account_id),
    constraint badge_not_negative check (alerts >= 0 and unread >= alerts)
  );
  create table trusted_documents (
    build varchar(64) not null,
    documents jsonb not null,
    created_at timestamptz(3) not null,
    constraint trusted_documents_pkey primary key (build)
  );`

const history = `
  create table activity (
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
    constraint activity_pkey primary key (user_id, id)
  );
  create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'history is append-only' using errcode = 'insufficient_privilege';
    end $$;
  create trigger activity_is_append_only before update or delete on activity
    for each row execute function refuse_change();
  create trigger activity_is_not_emptied before truncate on activity
    for each statement execute function refuse_change();`

const builtInRoles = `
  insert into role (id, account_id, key, name, permissions) values
    ('00000000-0000-7000-8000-000000000001', null, 'owner', 'Owner',
      '{account.manage,members.manage,roles.manage,billing.manage,rules.manage,events.publish,alerts.open,broadcasts.send,schedules.manage,work.read,work.manage,feeds.own,tokens.others}'),
    ('00000000-0000-7000-8000-000000000002', null, 'admin', 'Administrator',
      '{account.manage,members.manage,roles.manage,rules.manage,events.publish,alerts.open,broadcasts.send,schedules.manage,work.read,work.manage,feeds.own,tokens.others}'),
    ('00000000-0000-7000-8000-000000000003', null, 'billing', 'Billing', '{billing.manage}'),
    ('00000000-0000-7000-8000-000000000004', null, 'broadcaster', 'Broadcaster', '{broadcasts.send}'),
    ('00000000-0000-7000-8000-000000000005', null, 'dispatcher', 'Dispatcher',
      '{schedules.manage,work.read,work.manage,feeds.own}'),
    ('00000000-0000-7000-8000-000000000006', null, 'technician', 'Technician', '{work.read,feeds.own}'),
    ('00000000-0000-7000-8000-000000000007', null, 'member', 'Member', '{work.read,feeds.own}')`
