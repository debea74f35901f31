import { lengths } from '@lanyard/contract/limits'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { Account } from '../../accounts/account.entity.ts'
import { requireMembership, requirePermission } from '../../accounts/account-user.service.ts'
import { changesBetween, recordActivity } from '../../activity/record-activity.ts'
import type { Context } from '../../context.ts'
import { AppError, badInput } from '../../errors/app-error.ts'
import { newId } from '../../lib/ids.ts'
import { checkId, checkText, present } from '../../lib/text-input.ts'
import type { Viewer } from '../../viewer.ts'
import { revokeAfter } from '../revocations.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import type {
  CreateSsoConnectionInput,
  EnableSsoConnectionInput,
  UpdateSsoConnectionInput,
} from './sso-connection.types.ts'
import type { SsoContext, SsoSettingsInput } from './sso-protocol.ts'
import { signOnProtocols } from './sso-protocols.ts'

type Change = SsoContext & Pick<Context, 'origin' | 'revokers'>
type Named = Pick<EnableSsoConnectionInput, 'accountId' | 'ssoConnectionId'>

/**
 * Adds a provider, which nobody has to come through yet.
 * @returns its id
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN; SSO_SETTINGS_WRONG with the field at fault
 */
export async function createSsoConnection(
  ctx: Change,
  viewer: Viewer,
  input: CreateSsoConnectionInput,
): Promise<string> {
  const { protocol } = input
  const name = checkName(input.name)
  const now = ctx.clock.now()
  const id = newId(now)
  await requireManaged(ctx.em.fork(), viewer, input.accountId)
  // Before the transaction, which must not wait for somebody else's server.
  const configured = await signOnProtocols[protocol].configure(ctx, id, typedSettings(input), null)

  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const createJustInTime = input.createJustInTime ?? false
    const connection = { accountId: account.id, id, name, protocol, createJustInTime, ...configured }
    await tx.insert(tx.create(SsoConnection, { ...connection, createdAt: now, changedAt: now }))
    recordActivity(tx, ctx, viewer, {
      action: 'SSO_CONNECTION_CREATED',
      subject: name,
      accountId: account.id,
      changes: [{ field: 'issuer', before: null, after: configured.settings.issuer }],
    })
  })
  return id
}

/**
 * Changes a provider. What a test tries is changed while nobody has to come through it: members must not meet settings
 * that nobody has tried.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, SSO_ACTIVE; SSO_SETTINGS_WRONG with the field at fault
 */
export async function updateSsoConnection(
  ctx: Change,
  viewer: Viewer,
  input: UpdateSsoConnectionInput,
): Promise<void> {
  const name = present(input.name) ? checkName(input.name) : undefined
  const typed = typedSettings(input)
  const isReconfigured = Object.values(typed).some((value) => value !== null)
  const former = await findManaged(ctx.em.fork(), viewer, input)
  const configured = isReconfigured
    ? await signOnProtocols[former.protocol].configure(ctx, former.id, typed, former)
    : undefined

  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const connection = await requireConnection(tx, account, input.ssoConnectionId)
    if (configured && account.ssoConnectionId === connection.id) throw new AppError('SSO_ACTIVE')

    const before = describe(connection)
    connection.name = name ?? connection.name
    connection.createJustInTime = input.createJustInTime ?? connection.createJustInTime
    if (configured) {
      tx.assign(connection, { ...configured, changedAt: laterThan(connection.changedAt, ctx.clock.now()) })
      connection.testedAt = null
    }
    const changes = changesBetween(before, describe(connection), [
      'name',
      'createJustInTime',
      'issuer',
      'clientId',
      'metadataUrl',
      'allowIdpInitiated',
    ])
    const newSecret =
      typed.clientSecret === null ? [] : [{ field: 'clientSecret', before: null, after: null }]
    recordActivity(tx, ctx, viewer, {
      action: 'SSO_CONNECTION_UPDATED',
      subject: connection.name,
      accountId: account.id,
      changes: [...changes, ...newSecret],
    })
  })
}

/** @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN; SSO_ACTIVE for the one that members come through */
export async function deleteSsoConnection(ctx: Change, viewer: Viewer, input: Named): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const { id, name } = await requireConnection(tx, account, input.ssoConnectionId)
    if (account.ssoConnectionId === id) throw new AppError('SSO_ACTIVE')
    await tx.nativeDelete(SsoConnection, { accountId: account.id, id })
    recordActivity(tx, ctx, viewer, {
      action: 'SSO_CONNECTION_DELETED',
      subject: name,
      accountId: account.id,
    })
  })
}

/**
 * From the next request on members reach the account through this provider only, its administrators in any way. Open
 * sockets of members are closed, to be looked at anew.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN; SSO_UNTESTED
 */
export async function enableSsoConnection(ctx: Change, viewer: Viewer, input: Named): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const connection = await requireConnection(tx, account, input.ssoConnectionId)
    if (account.ssoConnectionId === connection.id) return
    if (connection.testedAt === null) throw new AppError('SSO_UNTESTED')

    account.ssoConnectionId = connection.id
    await tx.flush()
    await closeSocketsOfMembers(tx, ctx, account.id, 'SSO_ENABLED')
    recordActivity(tx, ctx, viewer, {
      action: 'SSO_ENABLED',
      subject: connection.name,
      accountId: account.id,
    })
  })
}

/** Members sign in as they like again. @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN */
export async function disableSsoConnection(ctx: Change, viewer: Viewer, input: Named): Promise<void> {
  await ctx.em.transactional(async (tx) => {
    const account = await lockManaged(tx, viewer, input.accountId)
    const connection = await requireConnection(tx, account, input.ssoConnectionId)
    if (account.ssoConnectionId !== connection.id) return
    account.ssoConnectionId = null
    recordActivity(tx, ctx, viewer, {
      action: 'SSO_DISABLED',
      subject: connection.name,
      accountId: account.id,
    })
  })
}

/** Makes the sockets of everybody who is signed in and belongs to the account come again. */
export async function closeSocketsOfMembers(
  tx: EntityManager,
  { revokers }: Pick<Context, 'revokers'>,
  accountId: string,
  event: 'SSO_ENABLED' | 'TWO_FACTOR_REQUIRED',
): Promise<void> {
  const members = await tx.execute<{ user_id: string }[]>(
    `select user_id from account_user m where account_id = ?
      and exists (select 1 from session s where s.user_id = m.user_id)`,
    [accountId],
  )
  for (const { user_id: userId } of members) await revokeAfter(tx, revokers, event, { userId, accountId })
}

/** @throws AppError BAD_USER_INPUT, NOT_FOUND, FORBIDDEN, SSO_REQUIRED, TWO_FACTOR_REQUIRED */
export async function requireManaged(
  em: EntityManager,
  viewer: Viewer,
  accountId: string,
): Promise<string> {
  const membership = await requireMembership(em, viewer, { accountId }, 'accountId')
  await requirePermission(em, viewer, membership, 'account.manage')
  return membership.accountId
}

/** The account with its row locked: how people sign in to it is changed one change at a time. */
export async function lockManaged(tx: EntityManager, viewer: Viewer, accountId: string): Promise<Account> {
  const id = await requireManaged(tx, viewer, accountId)
  return tx.findOneOrFail(Account, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
}

async function findManaged(
  em: EntityManager,
  viewer: Viewer,
  { accountId, ssoConnectionId }: Named,
): Promise<SsoConnection> {
  const id = await requireManaged(em, viewer, accountId)
  return requireConnection(em, { id }, ssoConnectionId)
}

async function requireConnection(
  em: EntityManager,
  { id: accountId }: Pick<Account, 'id'>,
  ssoConnectionId: string,
): Promise<SsoConnection> {
  const id = checkId(ssoConnectionId, 'ssoConnectionId')
  const connection = await em.findOne(SsoConnection, { accountId, id })
  if (!connection) throw new AppError('NOT_FOUND', { field: 'ssoConnectionId' })
  return connection
}

function checkName(name: string): string {
  return checkText(name, 'name', { max: lengths.ssoConnectionName })
}

function typedSettings(input: Pick<UpdateSsoConnectionInput, keyof SsoSettingsInput>): SsoSettingsInput {
  const text = (field: Exclude<keyof SsoSettingsInput, 'allowIdpInitiated'>) => {
    const value = input[field] ?? null
    if (value !== null && value.trim() === '') throw badInput(field, 'EMPTY')
    return value
  }
  return {
    issuer: text('issuer'),
    clientId: text('clientId'),
    clientSecret: text('clientSecret'),
    metadataUrl: text('metadataUrl'),
    metadataXml: text('metadataXml'),
    allowIdpInitiated: input.allowIdpInitiated ?? null,
  }
}

function describe({ name, createJustInTime, settings }: SsoConnection) {
  const isOidc = 'clientId' in settings
  return {
    name,
    createJustInTime,
    issuer: settings.issuer,
    clientId: isOidc ? settings.clientId : null,
    metadataUrl: isOidc ? null : settings.metadataUrl,
    allowIdpInitiated: isOidc ? null : settings.allowIdpInitiated,
  }
}

/** Two changes within a millisecond are still two. */
function laterThan(before: Date, now: Date): Date {
  return new Date(Math.max(now.getTime(), before.getTime() + 1))
}
