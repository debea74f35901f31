import { sql } from 'kysely'
import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { AccountUser } from '../accounts/account-user.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import type { TypeReads } from '../lib/read-model.ts'
import type { ClosedReason as Reason, Viewer } from '../viewer.ts'
import { startUrlOf } from './sso/sso-accounts.ts'

export enum ClosedReason {
  SSO_REQUIRED = 'SSO_REQUIRED',
  TWO_FACTOR_REQUIRED = 'TWO_FACTOR_REQUIRED',
  STEP_UP_REQUIRED = 'STEP_UP_REQUIRED',
}
registerEnumType(ClosedReason, {
  name: 'ClosedReason',
  valuesConfig: {
    STEP_UP_REQUIRED: {
      description:
        "The session began with another account's identity provider: confirmStepUp with something of one's own opens it.",
    },
  },
})

/** Why a session does not reach an account, and what opens it. */
@ObjectType({ simpleResolvers: true })
export class AccountClosing {
  @Field(() => ClosedReason)
  reason!: Reason

  @Field(() => String, {
    nullable: true,
    description:
      "Where a browser goes to come through the account's single sign-on: a path of this server.",
  })
  ssoUrl!: string | null
}

contributeField(AccountUser, 'closed', () => AccountClosing, {
  nullable: true,
  description: 'Null when this session reaches the account; readable also when it does not.',
})

export const closingReads: TypeReads<Viewer>[] = [
  {
    type: 'AccountUser',
    fields: {
      closed: {
        expression: (accountUser) => sql`json_build_object('accountId', ${accountUser.column('account_id')},
          'connectionId', (select sso_connection_id from account where id = ${accountUser.column('account_id')}))`,
        present(read, viewer): AccountClosing | null {
          // Made by the expression above, in this very shape.
          const { accountId, connectionId } = read as { accountId: string; connectionId: string | null }
          const closed = viewer?.credential.kind === 'session' ? viewer.credential.closedAccounts : null
          const reason = closed?.[accountId]
          if (!reason) return null
          const ssoUrl =
            reason === 'SSO_REQUIRED' && connectionId !== null ? startUrlOf({ connectionId }) : null
          return { reason, ssoUrl }
        },
        // Whoever is answered so has a session to which every account is open.
        presented: () => sql`null::json`,
      },
    },
  },
]
