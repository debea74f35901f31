import { lengths, rowsPerPage, usernamePattern } from '@lanyard/contract/limits'
import { isSound } from '@lanyard/contract/sounds'
import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

import { changesBetween, recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { Channel } from '../delivery/channel.ts'
import { channels } from '../delivery/channels.ts'
import { badInput } from '../errors/app-error.ts'
import { checkText, present } from '../lib/text-input.ts'
import { isTimeZone } from '../lib/time-zones.ts'
import type { Viewer } from '../viewer.ts'
import { LoginName, User } from './user.entity.ts'
import type {
  SetNotificationChannelsInput,
  UpdatePreferencesInput,
  UpdateProfileInput,
} from './user.types.ts'

type Change = Pick<Context, 'em' | 'clock' | 'origin'>

/**
 * A username as it is stored.
 * @throws AppError BAD_USER_INPUT on `field`
 */
export function checkUsername(value: string, field: string): string {
  const username = checkText(value, field, lengths.username)
  if (!usernamePattern.test(username)) throw badInput(field, 'FORMAT')
  return username
}

/** @throws AppError BAD_USER_INPUT, USERNAME_TAKEN (by constraint) */
export async function updateProfile(ctx: Change, viewer: Viewer, input: UpdateProfileInput): Promise<void> {
  const wanted = {
    ...(present(input.name) && { name: checkText(input.name, 'name', { max: lengths.name }) }),
    ...(present(input.username) && { username: checkUsername(input.username, 'username') }),
    ...(present(input.publicName) && {
      publicName: checkText(input.publicName, 'publicName', { max: lengths.publicName }),
    }),
  }
  await ctx.em.transactional(async (tx) => {
    const user = await findForChange(tx, viewer)
    const changes = changesBetween(user, { ...user, ...wanted }, ['name', 'username', 'publicName'])
    if (changes.length === 0) return

    const oldLogin = user.username.toLowerCase()
    const newLogin = (wanted.username ?? user.username).toLowerCase()
    if (newLogin !== oldLogin) {
      // Taken before the old one is given back, so that two people who want each other's name do not wait in a circle.
      await tx.insert(tx.create(LoginName, { name: newLogin, userId: user.id }))
      await tx.nativeDelete(LoginName, { name: oldLogin, userId: user.id })
    }
    tx.assign(user, wanted)
    recordActivity(tx, ctx, viewer, { action: 'PROFILE_UPDATED', subject: user.name, changes })
  })
}

const preferenceFields = [
  'language',
  'timeZone',
  'emojiMode',
  'rowsPerPage',
  'landingPage',
  'appNotificationPersistent',
  'appNotificationSound',
  'pushShowsContent',
] as const

/** @throws AppError BAD_USER_INPUT */
export async function updatePreferences(
  ctx: Change,
  viewer: Viewer,
  input: UpdatePreferencesInput,
): Promise<void> {
  if (present(input.timeZone) && !isTimeZone(input.timeZone)) throw badInput('timeZone', 'UNKNOWN')
  if (
    present(input.rowsPerPage) &&
    (input.rowsPerPage < rowsPerPage.min || input.rowsPerPage > rowsPerPage.max)
  ) {
    throw badInput('rowsPerPage', 'OUT_OF_RANGE')
  }
  if (present(input.appNotificationSound) && !isSound(input.appNotificationSound)) {
    throw badInput('appNotificationSound', 'UNKNOWN')
  }
  const wanted = {
    ...(present(input.language) && { language: input.language }),
    ...(present(input.timeZone) && { timeZone: input.timeZone }),
    ...(present(input.emojiMode) && { emojiMode: input.emojiMode }),
    ...(present(input.rowsPerPage) && { rowsPerPage: input.rowsPerPage }),
    ...(present(input.landingPage) && { landingPage: input.landingPage }),
    ...(present(input.appNotificationPersistent) && {
      appNotificationPersistent: input.appNotificationPersistent,
    }),
    ...(present(input.appNotificationSound) && { appNotificationSound: input.appNotificationSound }),
    ...(present(input.pushShowsContent) && { pushShowsContent: input.pushShowsContent }),
  }
  await ctx.em.transactional(async (tx) => {
    const user = await findForChange(tx, viewer)
    const changes = changesBetween(user, { ...user, ...wanted }, preferenceFields)
    if (changes.length === 0) return

    tx.assign(user, wanted)
    recordActivity(tx, ctx, viewer, { action: 'PREFERENCES_UPDATED', subject: user.name, changes })
  })
}

/**
 * Sets the channels that are used when no rule says otherwise. One whose prerequisite is missing may be among them: it
 * is skipped until the prerequisite is there.
 * @throws AppError BAD_USER_INPUT
 */
export async function setNotificationChannels(
  ctx: Change,
  viewer: Viewer,
  { channels: wanted }: SetNotificationChannelsInput,
): Promise<void> {
  if (wanted.includes(Channel.IN_APP)) throw badInput('channels', 'UNKNOWN')
  if (new Set(wanted).size < wanted.length) throw badInput('channels', 'DUPLICATE')
  const inOrder = (chosen: readonly Channel[]) =>
    channels.map(({ channel }) => channel).filter((channel) => chosen.includes(channel))

  await ctx.em.transactional(async (tx) => {
    const user = await findForChange(tx, viewer)
    const before = { notificationChannels: inOrder(user.notificationChannels).join(', ') }
    const after = { notificationChannels: inOrder(wanted).join(', ') }
    const changes = changesBetween(before, after, ['notificationChannels'])
    if (changes.length === 0) return

    tx.assign(user, { notificationChannels: inOrder(wanted) })
    recordActivity(tx, ctx, viewer, { action: 'NOTIFICATION_CHANNELS_SET', subject: user.name, changes })
  })
}

/** The viewer, with the row locked: of two changes at once the second sees what the first made. */
export function findForChange(tx: EntityManager, { userId }: Viewer): Promise<User> {
  return tx.findOneOrFail(User, { id: userId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
}
