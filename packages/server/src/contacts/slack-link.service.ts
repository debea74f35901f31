import { createHash, randomBytes } from 'node:crypto'

import { addressesPerUser } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'

import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import type { OutboundHttp } from '../lib/outbound-http.ts'
import { checkId } from '../lib/text-input.ts'
import type { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { deedOf, lockOwner } from './owner.ts'
import { SlackLink } from './slack-link.entity.ts'
import type { UnlinkSlackInput } from './slack-link.types.ts'
import { readSlackMember, slackAuthorizeUrl, type SlackMember } from './slack-oauth.ts'
import { tellPrimaryEmail } from './tell-primary-email.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin'>

/** How long a person may take to agree at Slack. */
const requestMilliseconds = 600_000

/**
 * Begins to link a Slack user to the viewer: nobody types who they are in Slack, Slack says it.
 * @returns where the browser goes; Slack leads back from there to `/slack/callback`
 * @throws AppError CHANNEL_NOT_CONFIGURED, ADDRESS_LIMIT_REACHED
 */
export async function linkSlack(
  { em, clock, config }: Pick<Context, 'em' | 'clock' | 'config'>,
  viewer: Viewer,
): Promise<string> {
  const app = requireSlackApp(config)
  const { userId, credential } = viewer
  // The mutation is for sessions only; this tells the compiler so.
  if (credential.kind !== 'session') throw new AppError('FORBIDDEN')

  const state = randomBytes(32).toString('base64url')
  const expiresAt = new Date(clock.now().getTime() + requestMilliseconds)
  await em.transactional(async (tx) => {
    await requireRoom(tx, userId)
    await tx.execute(
      'insert into slack_link_request (hash, user_id, session_id, expires_at) values (?, ?, ?, ?)',
      [hashOf(state), userId, credential.sessionId, expiresAt],
    )
  })
  return slackAuthorizeUrl(app, state)
}

/**
 * Ends what `linkSlack` began, once Slack has led the browser back.
 * @param code null when the person did not agree
 * @throws AppError SLACK_LINK_FAILED for a state that is used, old, or was given to another session;
 *   CHANNEL_NOT_CONFIGURED, ADDRESS_LIMIT_REACHED
 */
export async function finishSlackLink(
  ctx: Change & Pick<Context, 'config' | 'sealing' | 'deliveries'>,
  viewer: Viewer,
  { state, code }: { state: string; code: string | null },
  http: Pick<OutboundHttp, 'request'>,
): Promise<void> {
  const app = requireSlackApp(ctx.config)
  // Committed first: whatever becomes of it, it counts once.
  const isBegun = await takeRequest(ctx, viewer, state)
  if (!isBegun || code === null) throw new AppError('SLACK_LINK_FAILED')

  const member = await readSlackMember({ ...app, http }, code)
  await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    await keepLink(tx, ctx, owner, member)
    recordActivity(tx, ctx, viewer, { action: 'SLACK_LINKED', subject: `@${member.handle}` })
  })
  ctx.deliveries.wake()
}

/**
 * Ends messages to a Slack user. The token stays valid at Slack: it is the workspace's, and others who are linked there
 * are reached with it.
 * @throws AppError BAD_USER_INPUT, NOT_FOUND
 */
export async function unlinkSlack(ctx: Change, viewer: Viewer, input: UnlinkSlackInput): Promise<string> {
  const id = checkId(input.slackLinkId, 'slackLinkId')
  const { userId } = viewer
  await ctx.em.transactional(async (tx) => {
    const link = await tx.findOne(SlackLink, { userId, id })
    if (!link || (await tx.nativeDelete(SlackLink, { userId, id })) === 0) {
      throw new AppError('NOT_FOUND', { field: 'slackLinkId' })
    }
    await tx.execute('delete from address_health where user_id = ? and address_id = ?', [userId, id])
    recordActivity(tx, ctx, viewer, { action: 'SLACK_UNLINKED', subject: `@${link.handle}` })
  })
  return id
}

/** Where the token of a link may be opened. */
export function bindingOfSlackLink(id: string): string {
  return `slack_link:${id}`
}

function requireSlackApp({ slack, publicUrl }: Context['config']) {
  if (!slack) throw new AppError('CHANNEL_NOT_CONFIGURED')
  return { config: slack, redirectUri: new URL('/slack/callback', publicUrl).href }
}

async function requireRoom(tx: EntityManager, userId: string): Promise<void> {
  if ((await tx.count(SlackLink, { userId })) >= addressesPerUser.slackLinks) {
    throw new AppError('ADDRESS_LIMIT_REACHED')
  }
}

async function takeRequest(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  { userId, credential }: Viewer,
  state: string,
): Promise<boolean> {
  if (credential.kind !== 'session') return false
  const taken = await em.execute<object[]>(
    `delete from slack_link_request
      where hash = ? and user_id = ? and session_id = ? and expires_at > ? returning user_id`,
    [hashOf(state), userId, credential.sessionId, clock.now()],
  )
  return taken.length > 0
}

/** One link for each member: linked again it has the newer token and name. */
async function keepLink(
  tx: EntityManager,
  ctx: Pick<Context, 'clock' | 'origin' | 'sealing' | 'deliveries'>,
  owner: User,
  { token, ...member }: SlackMember,
): Promise<void> {
  const { teamId, workspace, slackUserId, handle } = member
  const seal = (id: string) => ctx.sealing.seal(token, bindingOfSlackLink(id))
  const linkedAt = ctx.clock.now()
  const former = await tx.findOne(SlackLink, { userId: owner.id, teamId, slackUserId })
  if (former) {
    tx.assign(former, { workspace, handle, token: seal(former.id), linkedAt })
    return
  }
  await requireRoom(tx, owner.id)
  const id = newId(linkedAt)
  await tx.insert(tx.create(SlackLink, { userId: owner.id, id, ...member, token: seal(id), linkedAt }))
  await tellPrimaryEmail(tx, ctx, owner, {
    kind: 'SLACK_LINKED',
    values: { ...deedOf(ctx), handle, workspace },
  })
}

function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest()
}
