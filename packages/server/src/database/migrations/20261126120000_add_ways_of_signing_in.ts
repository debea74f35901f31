import { Migration } from '@mikro-orm/migrations'

/** Expand only: servers that do not know these tables and columns keep working. */
export class Migration20261126120000_add_ways_of_signing_in extends Migration {
  override up(): void {
    this.addSql(sessions)
    this.addSql(secondFactors)
    this.addSql(passkeys)
    this.addSql(waysBack)
    this.addSql(singleSignOn)
  }

  override down(): void {
    this
      .addSql(`drop table saml_assertion, sso_request, session_account, sso_identity, setup_link, intrusion_report, recovery,
      password_reset_count, password_reset_request, password_reset, passkey_challenge, passkey_key, passkey, recovery_code, totp_setup, totp_factor, pending_sign_in`)
    this.addSql(`alter table account drop sso_connection_id, drop require_two_factor, drop sign_in_name`)
    this.addSql(`drop table sso_connection`)
    this.addSql(`alter table "user" drop disabled_at`)
    this.addSql(`alter table session drop method, drop proven_at, drop remembered, drop place`)
  }
}

const sessions = `
  alter table session
    add method text not null default 'PASSWORD',
    add proven_at timestamptz(3),
    add remembered boolean not null default false,
    add place varchar(200),
    add constraint session_method_known check (method in ('PASSWORD', 'PASSKEY', 'SSO'));
  alter table "user" add disabled_at timestamptz(3);
  create table pending_sign_in (
    hash bytea not null,
    user_id uuid not null,
    stage text not null,
    method text not null,
    remember boolean not null,
    failures smallint not null default 0,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    constraint pending_sign_in_pkey primary key (hash),
    constraint pending_sign_in_stage_known check (stage in ('SECOND_FACTOR', 'SSO')),
    constraint pending_sign_in_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create index pending_sign_in_by_user on pending_sign_in (user_id);
  create index pending_sign_in_by_end on pending_sign_in (expires_at);`

// A secret is sealed, as codes are computed from it. `recovery_key` is sealed as well: the recovery codes are stored as
// HMACs with it, so that they live on when the key that seals is replaced.
const secondFactors = `
  create table totp_factor (
    user_id uuid not null,
    secret bytea not null,
    recovery_key bytea not null,
    last_step bigint not null,
    enabled_at timestamptz(3) not null,
    constraint totp_factor_pkey primary key (user_id),
    constraint totp_factor_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table totp_setup (
    user_id uuid not null,
    secret bytea not null,
    recovery_key bytea not null,
    recovery_macs bytea[] not null,
    expires_at timestamptz(3) not null,
    constraint totp_setup_pkey primary key (user_id),
    constraint totp_setup_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table recovery_code (
    user_id uuid not null,
    mac bytea not null,
    used_at timestamptz(3),
    constraint recovery_code_pkey primary key (user_id, mac),
    constraint recovery_code_factor foreign key (user_id) references totp_factor (user_id) on delete cascade
  );`

const passkeys = `
  create table passkey (
    user_id uuid not null,
    id uuid not null,
    name varchar(100) not null,
    credential_id bytea not null,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    aaguid uuid,
    synced boolean not null,
    created_at timestamptz(3) not null,
    last_used_at timestamptz(3),
    constraint passkey_pkey primary key (user_id, id),
    constraint passkey_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table passkey_key (
    credential_id bytea not null,
    user_id uuid not null,
    passkey_id uuid not null,
    constraint passkey_key_pkey primary key (credential_id),
    constraint passkey_key_passkey foreign key (user_id, passkey_id) references passkey (user_id, id) on delete cascade
  );
  create index passkey_key_by_passkey on passkey_key (user_id, passkey_id);
  create table passkey_challenge (
    hash bytea not null,
    purpose text not null,
    user_id uuid,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    constraint passkey_challenge_pkey primary key (hash),
    constraint passkey_challenge_purpose_known check (purpose in ('REGISTER', 'SIGN_IN', 'PROVE'))
  );
  create index passkey_challenge_by_end on passkey_challenge (expires_at);`

// A link is void once the proven emails of its person are others than when it was mailed. A request waits for whoever
// works it off; `times` are those of the last hour, as many as there may be.
// While a recovery is not finished by a new password, the old ways in are closed.
const waysBack = `
  create table password_reset (
    hash bytea not null,
    user_id uuid not null,
    proven_emails text not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    constraint password_reset_pkey primary key (hash),
    constraint password_reset_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create index password_reset_by_user on password_reset (user_id);
  create index password_reset_by_end on password_reset (expires_at);
  create table password_reset_request (
    id uuid not null,
    address_key varchar(254) not null,
    source varchar(64) not null,
    device varchar(100) not null,
    requested_at timestamptz(3) not null,
    due_at timestamptz(3) not null,
    constraint password_reset_request_pkey primary key (id)
  );
  create index password_reset_request_due on password_reset_request (due_at);
  create table password_reset_count (
    key text not null,
    times timestamptz(3)[] not null,
    is_within boolean not null,
    forget_at timestamptz(3) not null,
    constraint password_reset_count_pkey primary key (key)
  );
  create index password_reset_count_by_end on password_reset_count (forget_at);
  create table recovery (
    user_id uuid not null,
    started_at timestamptz(3) not null,
    reset_at timestamptz(3),
    constraint recovery_pkey primary key (user_id),
    constraint recovery_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table intrusion_report (
    user_id uuid not null,
    delivery_id uuid not null,
    reported_at timestamptz(3) not null,
    constraint intrusion_report_pkey primary key (user_id, delivery_id),
    constraint intrusion_report_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create table setup_link (
    hash bytea not null,
    created_at timestamptz(3) not null,
    constraint setup_link_pkey primary key (hash)
  );`

// The active connection stands in the account: there is at most one, and who asks is told in one look.
const singleSignOn = `
  create table sso_connection (
    account_id uuid not null,
    id uuid not null,
    name varchar(100) not null,
    protocol text not null,
    create_just_in_time boolean not null default false,
    settings jsonb not null,
    client_secret bytea,
    tested_at timestamptz(3),
    created_at timestamptz(3) not null,
    changed_at timestamptz(3) not null,
    constraint sso_connection_pkey primary key (account_id, id),
    constraint sso_connection_protocol_known check (protocol in ('OIDC', 'SAML')),
    constraint sso_connection_account foreign key (account_id) references account (id) on delete cascade
  );
  create unique index sso_connection_by_id on sso_connection (id);
  alter table account
    add sso_connection_id uuid,
    add require_two_factor boolean not null default false,
    add sign_in_name varchar(40),
    add constraint account_sign_in_name_lower_case check (sign_in_name = lower(sign_in_name)),
    add constraint account_sso_connection foreign key (id, sso_connection_id) references sso_connection (account_id, id);
  create index account_that_asks_for_more on account (id) where sso_connection_id is not null or require_two_factor;
  create unique index account_sign_in_name on account (sign_in_name) where sign_in_name is not null;
  create table sso_identity (
    account_id uuid not null,
    issuer varchar(500) not null,
    subject varchar(500) not null,
    user_id uuid not null,
    linked_at timestamptz(3) not null,
    last_used_at timestamptz(3),
    constraint sso_identity_pkey primary key (account_id, issuer, subject),
    constraint sso_identity_account foreign key (account_id) references account (id) on delete cascade,
    constraint sso_identity_user foreign key (user_id) references "user" (id) on delete cascade
  );
  create unique index sso_identity_once on sso_identity (user_id, account_id, issuer);
  create table session_account (
    user_id uuid not null,
    session_id uuid not null,
    account_id uuid not null,
    connection_id uuid not null,
    name_id varchar(500),
    session_index varchar(500),
    proven_at timestamptz(3) not null,
    constraint session_account_pkey primary key (user_id, session_id, account_id),
    constraint session_account_session foreign key (user_id, session_id) references session (user_id, id) on delete cascade
  );
  create index session_account_by_name_id on session_account (connection_id, name_id) where name_id is not null;
  create table sso_request (
    hash bytea not null,
    browser_hash bytea not null,
    stage text not null,
    account_id uuid not null,
    connection_id uuid not null,
    connection_changed_at timestamptz(3) not null,
    purpose text not null,
    unsolicited boolean not null,
    user_id uuid,
    session_id uuid,
    next_path varchar(500),
    details bytea not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    constraint sso_request_pkey primary key (hash),
    constraint sso_request_stage_known check (stage in ('BEGUN', 'VOUCHED')),
    constraint sso_request_purpose_known check (purpose in ('SIGN_IN', 'STEP_UP', 'TEST'))
  );
  create index sso_request_by_end on sso_request (expires_at);
  create table saml_assertion (
    connection_id uuid not null,
    id varchar(500) not null,
    expires_at timestamptz(3) not null,
    constraint saml_assertion_pkey primary key (connection_id, id)
  );
  create index saml_assertion_by_end on saml_assertion (expires_at);`
