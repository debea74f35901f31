import { type RawBuilder, sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { oneOf, ownOnly, type Row, type StatementBuilder, type TypeReads } from '../lib/read-model.ts'
import { User } from '../users/user.entity.ts'
import { type Viewer, viewerFacts } from '../viewer.ts'
import { StepUp } from './step-up.types.ts'

contributeField(User, 'stepUp', () => StepUp, {
  description: 'How to prove again who one is, where that is asked for.',
})

/**
 * Over the row of the person; the session is the one that asks, and of a token there is none.
 * @param provenSeconds how long a proof counts
 */
export function stepUpReads(provenSeconds: number): TypeReads<Viewer>[] {
  return [
    {
      type: 'User',
      fields: {
        stepUp: ownOnly(
          oneOf((user) => ({
            type: 'StepUp',
            own: true,
            from: (row) =>
              sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${user.column('id')}`,
          })),
        ),
      },
    },
    {
      type: 'StepUp',
      fields: {
        validUntil: {
          // A token proves nothing: for it the time has long been over.
          expression: (row, _field, builder) => sql`coalesce(
            (select coalesce(proven_at, created_at) + make_interval(secs => ${sql.lit(provenSeconds)})
              from session where user_id = ${row.column('id')} and id = ${builder.viewer(viewerFacts.sessionId)}),
            'epoch'::timestamptz)`,
        },
        methods: {
          expression: (row, _field, builder) => {
            const hasCode = hasSome('totp_factor', row)
            return sql`array_remove(array[
              case when ${hasSome('password', row)} and not ${hasCode} then 'PASSWORD' end,
              case when ${hasCode} then 'TOTP' end,
              case when ${hasSome('passkey', row)} then 'PASSKEY' end,
              case when ${hasCode} and ${hasSome('recovery_code', row)} then 'RECOVERY_CODE' end,
              case when ${connectionOf(row, builder)} is not null and not ${isVouchedForOnly(row, builder)}
                then 'SSO' end], null)`
          },
        },
        ssoUrl: {
          expression: (row, _field, builder) =>
            sql`'/sso/start/' || ${connectionOf(row, builder)} || '?purpose=STEP_UP'`,
        },
      },
    },
  ]
}

function hasSome(
  table: 'totp_factor' | 'password' | 'passkey' | 'recovery_code',
  person: Row,
): RawBuilder<unknown> {
  const unused = table === 'recovery_code' ? sql`and used_at is null` : sql``
  return sql`exists (select 1 from ${sql.table(table)} where user_id = ${person.column('id')} ${unused})`
}

/** The single sign-on that the session came through last. */
function connectionOf(person: Row, builder: StatementBuilder<Viewer>): RawBuilder<unknown> {
  return sql`(select connection_id from session_account where user_id = ${person.column('id')}
    and session_id = ${builder.viewer(viewerFacts.sessionId)} order by proven_at desc limit 1)`
}

/** Then the provider's word is what is not enough: see `closed-accounts.ts`. */
function isVouchedForOnly(person: Row, builder: StatementBuilder<Viewer>): RawBuilder<unknown> {
  return sql`exists (select 1 from session s join account_user o on o.user_id = s.user_id
    where s.user_id = ${person.column('id')} and s.id = ${builder.viewer(viewerFacts.sessionId)} and s.method = 'SSO'
      and not exists (select 1 from session_account c
        where c.user_id = s.user_id and c.session_id = s.id and c.account_id = o.account_id))`
}
