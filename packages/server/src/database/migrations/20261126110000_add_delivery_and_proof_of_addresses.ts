import { Migration } from '@mikro-orm/migrations'

/** Expand only: servers that do not know these tables and columns keep working. */
export class Migration20261126110000_add_delivery_and_proof_of_addresses extends Migration {
  override up(): void {
    this.addSql(deliveries)
    this.addSql(carriers)
    this.addSql(proofs)
    this.addSql(addresses)
    this.addSql(wishes)
    this.addSql(`alter table phone add line_type varchar(32) not null default 'UNKNOWN'`)
  }

  override down(): void {
    this.addSql('alter table phone drop line_type')
    this.addSql('drop index phone_by_number')
    this.addSql(`alter table "user" drop notification_channels, drop app_notification_persistent,
      drop app_notification_sound, drop push_shows_content`)
    this
      .addSql(`drop table slack_link_request, slack_link, push_device, code_sending, proof_failure, address_proof,
      address_trouble, blocked_address, address_health, carrier_event, carrier_state, caught_message, server_key, delivery`)
  }
}

// Each of its indexes is written at each step of a delivery, so there are as few as can be: what went to one address is
// picked out of what went to its person, and rows lie in the order of their age, which is all that BRIN needs. Its pages
// keep room for the next version of their rows.
const deliveries = `
  create table delivery (
    user_id uuid not null,
    id uuid not null,
    account_id uuid,
    channel text not null,
    message varchar(32) not null,
    address_id uuid,
    address varchar(254) not null,
    language varchar(2) not null,
    time_zone varchar(64) not null,
    content jsonb not null,
    secrets bytea,
    next_ways jsonb not null default '[]',
    live boolean not null default false,
    state text not null default 'QUEUED',
    reason text,
    detail varchar(500),
    attempts smallint not null default 0,
    unknowns smallint not null default 0,
    lease_token uuid,
    carrier varchar(32),
    carrier_id varchar(200),
    carrier_status varchar(100),
    due_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    created_at timestamptz(3) not null,
    sent_at timestamptz(3),
    delivered_at timestamptz(3),
    failed_at timestamptz(3),
    constraint delivery_pkey primary key (user_id, id),
    constraint delivery_channel_known
      check (channel in ('EMAIL', 'SMS', 'VOICE', 'WHATSAPP', 'PUSH', 'SLACK')),
    constraint delivery_state_known
      check (state in ('QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'UNDELIVERED', 'FAILED', 'SUPPRESSED')),
    constraint delivery_ends_with_reason
      check ((state in ('UNDELIVERED', 'FAILED', 'SUPPRESSED')) = (failed_at is not null)
        and (failed_at is null or reason is not null))
  ) with (fillfactor = 70);
  create index delivery_due on delivery (channel, due_at) where state in ('QUEUED', 'SENDING');
  create index delivery_by_age on delivery using brin (created_at);`

const carriers = `
  create table carrier_state (
    carrier varchar(32) not null,
    paused_until timestamptz(3),
    failing_since timestamptz(3),
    constraint carrier_state_pkey primary key (carrier)
  );
  create table carrier_event (
    carrier varchar(32) not null,
    key varchar(200) not null,
    at timestamptz(3) not null,
    constraint carrier_event_pkey primary key (carrier, key)
  );
  create index carrier_event_by_age on carrier_event (at);
  create table caught_message (
    id uuid not null,
    user_id uuid not null,
    delivery_id uuid not null,
    channel text not null,
    "to" varchar(254) not null,
    subject varchar(500),
    text text not null,
    message jsonb not null,
    at timestamptz(3) not null,
    constraint caught_message_pkey primary key (id),
    constraint caught_message_once unique (delivery_id)
  );
  create table server_key (
    name varchar(64) not null,
    sealed bytea not null,
    created_at timestamptz(3) not null,
    constraint server_key_pkey primary key (name)
  );`

const proofs = `
  create table address_proof (
    user_id uuid not null,
    address_id uuid not null,
    channel text not null,
    code_mac bytea not null,
    tries smallint not null default 0,
    sent_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    counted_since timestamptz(3) not null,
    constraint address_proof_pkey primary key (user_id, address_id)
  );
  create table proof_failure (
    user_id uuid not null,
    failures smallint not null,
    since timestamptz(3) not null,
    constraint proof_failure_pkey primary key (user_id)
  );
  create table code_sending (
    id uuid not null,
    user_id uuid not null,
    address_id uuid not null,
    channel text not null,
    address_key varchar(254) not null,
    prefix varchar(254) not null,
    country varchar(2),
    source varchar(64) not null,
    sent_at timestamptz(3) not null,
    proven_at timestamptz(3),
    constraint code_sending_pkey primary key (id)
  );
  create index code_sending_by_user on code_sending (user_id, sent_at);
  create index code_sending_by_address on code_sending (address_key, sent_at);
  create index code_sending_by_prefix on code_sending (prefix, sent_at);
  create index code_sending_by_source on code_sending (source, sent_at);
  create index code_sending_by_country on code_sending (country, sent_at);
  create index code_sending_by_time on code_sending (sent_at);`

const addresses = `
  create table blocked_address (
    channel text not null,
    address_key varchar(254) not null,
    reason text not null,
    detail varchar(500),
    blocked_at timestamptz(3) not null,
    constraint blocked_address_pkey primary key (channel, address_key),
    constraint blocked_address_reason_known check (reason in ('BOUNCE', 'COMPLAINT', 'UNDELIVERABLE', 'OPTED_OUT'))
  );
  create table address_trouble (
    channel text not null,
    address_key varchar(254) not null,
    key varchar(200) not null,
    detail varchar(500),
    at timestamptz(3) not null,
    constraint address_trouble_pkey primary key (channel, address_key, key)
  );
  create index address_trouble_by_age on address_trouble (at);
  create table address_health (
    user_id uuid not null,
    address_id uuid not null,
    last_delivered_at timestamptz(3),
    last_failed_at timestamptz(3),
    last_failed_reason text,
    last_failed_detail varchar(500),
    constraint address_health_pkey primary key (user_id, address_id)
  );
  create table push_device (
    user_id uuid not null,
    id uuid not null,
    name varchar(100) not null,
    endpoint_hash bytea not null,
    subscription bytea not null,
    created_at timestamptz(3) not null,
    constraint push_device_pkey primary key (user_id, id),
    constraint push_device_endpoint_once unique (endpoint_hash),
    constraint push_device_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table slack_link (
    user_id uuid not null,
    id uuid not null,
    team_id varchar(32) not null,
    workspace varchar(100) not null,
    slack_user_id varchar(32) not null,
    handle varchar(100) not null,
    token bytea not null,
    linked_at timestamptz(3) not null,
    constraint slack_link_pkey primary key (user_id, id),
    constraint slack_link_once unique (user_id, team_id, slack_user_id),
    constraint slack_link_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create index slack_link_by_member on slack_link (team_id, slack_user_id);
  create index phone_by_number on phone (number);
  create table slack_link_request (
    hash bytea not null,
    user_id uuid not null,
    session_id uuid not null,
    expires_at timestamptz(3) not null,
    constraint slack_link_request_pkey primary key (hash),
    constraint slack_link_request_user foreign key (user_id) references "user" (id) on delete cascade
  );`

const wishes = `
  alter table "user"
    add notification_channels text[] not null default '{PUSH,EMAIL,SMS}',
    add app_notification_persistent text not null default 'NEVER',
    add app_notification_sound varchar(32) not null default 'default',
    add push_shows_content boolean not null default false,
    add constraint user_app_notification_persistent_known
      check (app_notification_persistent in ('NEVER', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL')),
    add constraint user_notification_channels_known
      check (notification_channels <@ '{EMAIL,SMS,VOICE,WHATSAPP,PUSH,SLACK}'::text[]);`
