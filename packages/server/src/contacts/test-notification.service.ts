import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'

import { recordActivity } from '../activity/record-activity.ts'
import type { Context } from '../context.ts'
import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { idBound } from '../lib/ids.ts'
import { rowAs } from '../lib/read-model.ts'
import { checkId } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { addressTables } from './address-tables.ts'
import { lockOwner } from './owner.ts'
import type { SendTestNotificationInput } from './test-notification.types.ts'

const windowMilliseconds = 60_000

type Sending = Pick<Context, 'em' | 'clock' | 'origin' | 'limits' | 'deliveries'>

/**
 * Sends a message that says it is a test, over the very way that a real one would take.
 * @returns the id of its delivery, whose state comes over `deliveryChanged`
 * @throws AppError BAD_USER_INPUT, CHANNEL_NOT_CONFIGURED, NOT_FOUND, ADDRESS_UNPROVEN, RATE_LIMITED;
 *   CHANNEL_UNAVAILABLE for an address that is blocked there
 */
export async function sendTestNotification(
  ctx: Sending,
  viewer: Viewer,
  input: SendTestNotificationInput,
): Promise<string> {
  const { channel } = input
  const addressId = checkId(input.addressId, 'addressId')
  if (channel === Channel.IN_APP) throw badInput('channel', 'UNKNOWN')
  if (!ctx.deliveries.isConfigured(channel)) {
    throw new AppError('CHANNEL_NOT_CONFIGURED', { field: 'channel' })
  }

  const deliveryId = await ctx.em.transactional(async (tx) => {
    const owner = await lockOwner(tx, viewer.userId)
    const address = await requireAddress(tx, owner.id, channel, addressId)
    await requireRest(tx, ctx, owner.id)
    recordActivity(tx, ctx, viewer, {
      action: 'TEST_SENT',
      subject: address.slice(0, 200),
      changes: [{ field: 'channel', before: null, after: channel }],
    })
    return ctx.deliveries.queue(tx, {
      userId: owner.id,
      message: { kind: 'TEST', values: {} },
      recipient: owner,
      ways: [{ channel, addressId, address }],
      live: true,
    })
  })
  ctx.deliveries.wake()
  return deliveryId
}

interface AddressRow {
  address: string
  isProven: boolean
  isBlocked: boolean
}

/** @returns the address as its owner reads it */
async function requireAddress(
  tx: EntityManager,
  userId: string,
  channel: CarriedChannel,
  addressId: string,
): Promise<string> {
  const { name, label, isProven, isBlocked } = addressTables[channel]
  const row = rowAs('a')
  const { rows } = await sql<AddressRow>`select ${label(row)} as address,
      ${isProven(row)} as "isProven", ${isBlocked(row)} as "isBlocked"
    from ${sql.table(name)} a where a.user_id = ${userId} and a.id = ${addressId}`.execute(tx.getKysely())
  const [found] = rows
  if (!found) throw new AppError('NOT_FOUND', { field: 'addressId' })
  if (!found.isProven) throw new AppError('ADDRESS_UNPROVEN', { field: 'addressId' })
  if (found.isBlocked) throw new AppError('CHANNEL_UNAVAILABLE', { field: 'addressId' })
  return found.address
}

/** Counted where they are kept; the lock on their person makes two tabs count one after the other. */
async function requireRest(tx: EntityManager, { clock, limits }: Sending, userId: string): Promise<void> {
  const now = clock.now().getTime()
  const since = idBound(new Date(now - windowMilliseconds))
  const { rows } = await sql<{ at: number }>`select (extract(epoch from created_at) * 1000)::float8 as at
    from delivery where user_id = ${userId} and id > ${since} and message = 'TEST' order by id desc
    limit ${limits.testsPerMinute}`.execute(tx.getKysely())
  const first = rows[limits.testsPerMinute - 1]
  if (!first) return
  const waitSeconds = Math.ceil((first.at + windowMilliseconds - now) / 1000)
  throw new AppError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, waitSeconds) })
}
