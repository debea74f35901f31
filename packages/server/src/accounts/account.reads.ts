import { type Permission, permissions } from '@lanyard/contract/permissions'
import { type RawBuilder, sql } from 'kysely'

import { AppError } from '../errors/app-error.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { connectionOf } from '../lib/paging.ts'
import {
  columns,
  type FieldRead,
  listOf,
  oneOf,
  ownOnly,
  type Row,
  rowAs,
  type StatementBuilder,
  type TypeReads,
} from '../lib/read-model.ts'
import type { ReadRoot } from '../lib/selection-reader.ts'
import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import { User } from '../users/user.entity.ts'
import { boundAccountId, refuseClosedAccount, type Viewer, viewerFacts, withinReach } from '../viewer.ts'
import { Account } from './account.entity.ts'
import { AccountUser } from './account-user.entity.ts'
import { builtInRoleIds } from './built-in-roles.ts'
import { Role } from './role.entity.ts'
import { builtInRoleNames } from './role-names.ts'

contributeField(Account, 'owner', () => User, {
  description: 'Every account has one, who cannot be taken out of it.',
})
contributeField(User, 'accountUsers', () => [AccountUser], { description: 'By name of the account.' })
contributeField(AccountUser, 'account', () => Account)
contributeField(AccountUser, 'user', () => User)
contributeField(AccountUser, 'roles', () => [Role], { description: 'The owner first, then by name.' })
contributeField(AccountUser, 'permissions', () => [String], {
  description: 'What the roles allow together; a super admin may everything.',
})
contributeField(Role, 'name', () => String, { description: "Built-in roles in the reader's language." })
contributeField(Role, 'account', () => Account, {
  nullable: true,
  description: 'Null for the built-in roles.',
})

contributeField(ActivityEntry, 'account', () => Account, { nullable: true })

/** Reads `Account` through a column of the parent that holds its id. */
export function accountBy(column: string): FieldRead<Viewer> {
  return oneOf((parent) => ({
    type: 'Account',
    from: (row) =>
      sql`from account as ${sql.id(row.alias)} where ${row.column('id')} = ${parent.column(column)}`,
  }))
}

/**
 * A read of an account user that a token may have only in its own account (decision 3), and a session only where the
 * account is open to it.
 * What is read carries the account along, so that the value itself can refuse.
 */
export function inBoundAccount(read: FieldRead<Viewer>): FieldRead<Viewer> {
  return {
    ...read,
    expression: (row, field, builder) =>
      sql`json_build_object('accountId', ${row.column('account_id')}, 'value', ${read.expression(row, field, builder)})`,
    present(guarded, viewer) {
      // Made by the expression above, in this very shape.
      const { accountId, value } = guarded as { accountId: string; value: unknown }
      if (viewer) refuseClosedAccount(viewer, accountId)
      const bound = viewer && boundAccountId(viewer)
      if (bound && bound !== accountId) throw new AppError('NOT_FOUND')
      return read.present ? read.present(value, viewer) : value
    },
    // Whoever is answered so has a session to which every account is open.
    ...(read.present ? {} : { presented: read.expression }),
  }
}

/**
 * A read of an account that only its members may have. Others meet the account's name: in the history and the inbox of
 * who has left it, and in the list of accounts that a token of another one sees.
 */
export function forMembers(
  read: FieldRead<Viewer>,
): FieldRead<Viewer> & Required<Pick<FieldRead<Viewer>, 'present'>> {
  return {
    ...read,
    expression: (row, field, builder) =>
      sql`json_build_object('accountId', ${row.column('id')}, 'value', case when ${isOwnAccount(row, builder)}
        then json_build_array(${read.expression(row, field, builder)}) end)`,
    present(guarded, viewer) {
      // Made by the expression above, in this very shape.
      const { accountId, value: found } = guarded as { accountId: string; value: [unknown] | null }
      if (viewer) refuseClosedAccount(viewer, accountId)
      if (found === null) throw new AppError('NOT_FOUND')
      const [value] = found
      return read.present ? read.present(value, viewer) : value
    },
  }
}

/**
 * A read of an account that takes a permission there. Where the field takes arguments, its resolver calls `present`
 * itself, as nobody else does.
 */
export function withPermission(
  permission: Permission,
  read: FieldRead<Viewer>,
): FieldRead<Viewer> & Required<Pick<FieldRead<Viewer>, 'present'>> {
  return { ...read, ...forMembers(permitted(permission, 'id', read)) }
}

/** A read of an account user, one's own or somebody else's, that takes a permission in their account. */
export function withPermissionThere(permission: Permission, read: FieldRead<Viewer>): FieldRead<Viewer> {
  return inBoundAccount(permitted(permission, 'account_id', read))
}

/** @param accountColumn which column of the row names the account */
function permitted(
  permission: Permission,
  accountColumn: 'id' | 'account_id',
  read: FieldRead<Viewer>,
): FieldRead<Viewer> {
  return {
    expression(row, field, builder) {
      const isAllowed = isPermitted(row.column(accountColumn), builder, permission)
      return sql`case when ${isAllowed} then json_build_array(${read.expression(row, field, builder)}) end`
    },
    present(found, viewer) {
      if (found === null) throw new AppError('FORBIDDEN')
      // Made by the expression above, in this very shape.
      const [value] = found as [unknown]
      return read.present ? read.present(value, viewer) : value
    },
  }
}

/** Whether the person who asks may do this in the account. */
function isPermitted(
  accountId: RawBuilder<unknown>,
  builder: StatementBuilder<Viewer>,
  permission: Permission,
): RawBuilder<unknown> {
  return sql`(${builder.viewer(viewerFacts.superAdmin)} or exists (select 1 from account_user as viewer_membership
    where viewer_membership.account_id = ${accountId}
      and viewer_membership.user_id = ${builder.viewer(viewerFacts.userId)}
      and ${allows(rowAs('viewer_membership'), permission)}))`
}

/** Whether the person who asks belongs to the account, and may reach it with this credential. */
function isOwnAccount(account: Row, builder: StatementBuilder<Viewer>): RawBuilder<unknown> {
  return sql`${withinReach(account.column('id'), builder)}
    and exists (select 1 from account_user where account_id = ${account.column('id')}
      and user_id = ${builder.viewer(viewerFacts.userId)})`
}

const owner = sql`${sql.lit(builtInRoleIds.owner)}::uuid`

/** Ids of the roles of an account user, the owner's among them. */
function roleIdsOf(accountUser: Row): RawBuilder<unknown> {
  return sql`(select role_id from account_user_role
      where user_id = ${accountUser.column('user_id')} and account_user_id = ${accountUser.column('id')}
    union all select ${owner} from account
      where id = ${accountUser.column('account_id')} and owner_id = ${accountUser.column('user_id')})`
}

/** Whether the roles of an account user allow it. */
export function allows(accountUser: Row, permission: Permission): RawBuilder<unknown> {
  return sql`exists (select 1 from role where ${permission} = any(permissions) and id in ${roleIdsOf(accountUser)})`
}

const rolesOf: FieldRead<Viewer> = listOf((accountUser) => ({
  type: 'Role',
  from: (
    row,
  ) => sql`from role as ${sql.id(row.alias)} where ${row.column('id')} in ${roleIdsOf(accountUser)}
    order by ${row.column('id')} <> ${owner}, ${row.column('name')}`,
}))

const permissionsOf: FieldRead<Viewer> = {
  expression: (accountUser, _field, builder) => sql`case
    when ${builder.viewer(viewerFacts.superAdmin)} and ${accountUser.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
    then to_json(${[...permissions]}::text[])
    else (select coalesce(json_agg(distinct permission order by permission), '[]'::json)
      from role, unnest(permissions) as permission where id in ${roleIdsOf(accountUser)}) end`,
}

/** Everybody in an account; `present` makes of it what `toConnection` takes. */
export const membersOfAccount = withPermission(
  'members.manage',
  connectionOf({
    type: 'AccountUser',
    table: 'account_user',
    usualSize: viewerFacts.rowsPerPage,
    where: (row, account) => sql`${row.column('account_id')} = ${account.column('id')}`,
  }),
)

export const accountReads: TypeReads<Viewer>[] = [
  {
    type: 'Account',
    fields: {
      ...columns('id', 'name'),
      owner: forMembers(
        oneOf((account) => ({
          type: 'User',
          from: (row) =>
            sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${account.column('owner_id')}`,
        })),
      ),
      accountUsers: membersOfAccount,
    },
  },
  { type: 'ActivityEntry', fields: { account: accountBy('account_id') } },
  {
    type: 'User',
    fields: {
      accountUsers: ownOnly(
        listOf((user) => ({
          type: 'AccountUser',
          own: true,
          from: (row) => sql`from account_user as ${sql.id(row.alias)}
            join account on account.id = ${row.column('account_id')}
            where ${row.column('user_id')} = ${user.column('id')} order by account.name, account.id`,
        })),
      ),
    },
  },
  {
    type: 'AccountUser',
    fields: {
      ...columns('id'),
      account: accountBy('account_id'),
      user: inBoundAccount(
        oneOf((accountUser) => ({
          type: 'User',
          own: true,
          from: (row) =>
            sql`from "user" as ${sql.id(row.alias)} where ${row.column('id')} = ${accountUser.column('user_id')}`,
        })),
      ),
      roles: rolesOf,
      permissions: inBoundAccount(permissionsOf),
    },
  },
  {
    type: 'Role',
    fields: {
      ...columns('id', 'permissions'),
      name: {
        expression: (row, _field, builder) =>
          sql`coalesce(${sql.lit(builtInRoleNames)}::jsonb -> ${builder.viewer(viewerFacts.language)} ->> ${row.column('key')}, ${row.column('name')})`,
      },
      account: accountBy('account_id'),
    },
  },
]

/** An account the person who asks belongs to, and may reach with this credential. */
export const ownAccount: ReadRoot<Viewer> = {
  name: 'account',
  type: 'Account',
  own: false,
  from: (row, builder) => sql`from account as ${sql.id(row.alias)}
    where ${row.column('id')} = ${builder.value(({ root }) => root['id'])} and ${isOwnAccount(row, builder)}`,
}

/** The viewer's own membership. */
export const ownAccountUser: ReadRoot<Viewer> = {
  name: 'accountUser',
  type: 'AccountUser',
  own: true,
  from: (row, builder) => sql`from account_user as ${sql.id(row.alias)}
    where ${row.column('user_id')} = ${builder.viewer(viewerFacts.userId)}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}
