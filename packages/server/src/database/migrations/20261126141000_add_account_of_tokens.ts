import { Migration } from '@mikro-orm/migrations'

/**
 * The account beside the membership, so that an administrator reads a page of everybody's tokens by key. The database
 * fills it in, as servers that do not know it make tokens as well; a membership does not change its account.
 */
export class Migration20261126141000_add_account_of_tokens extends Migration {
  override up(): void {
    this.addSql(`alter table personal_access_token add account_id uuid`)
    this.addSql(`create function find_account_of_token() returns trigger language plpgsql as $$
      begin
        new.account_id := (select account_id from account_user
          where user_id = new.user_id and id = new.account_user_id);
        return new;
      end $$`)
    this.addSql(`create trigger personal_access_token_account before insert on personal_access_token
      for each row execute function find_account_of_token()`)
    this.addSql(`update personal_access_token t set account_id = m.account_id from account_user m
      where m.user_id = t.user_id and m.id = t.account_user_id`)
    this.addSql(`create index personal_access_token_by_account on personal_access_token (account_id, id)`)
  }

  override down(): void {
    this.addSql(`drop trigger personal_access_token_account on personal_access_token`)
    this.addSql(`drop function find_account_of_token`)
    this.addSql(`alter table personal_access_token drop account_id`)
  }
}
