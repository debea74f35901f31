import { createHash } from 'node:crypto'

import { lengths } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sql } from 'kysely'

import { requireMembership, requirePermission } from '../accounts/account-user.service.ts'
import type { Context } from '../context.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { checkHttpUrl, checkText, present } from '../lib/text-input.ts'
import type { Viewer } from '../viewer.ts'
import { Channel } from './channel.ts'
import { kindOfEvent } from './event-catalogue.ts'
import { addInboxItems, announceInboxes, bumpBadgeVersions } from './inbox-changes.ts'
import type { EntityLink } from './notification.entity.ts'
import type { PublishEventInput, PublishEventPayload } from './publish-event.types.ts'

const mostRecipients = 1000
const idempotencyMilliseconds = 86_400_000

/**
 * Takes an event in: when this returns, the event, every recipient's inbox item and every badge are stored, or
 * nothing is. Recipients who do not want the type in their inbox get none.
 * @throws AppError NOT_FOUND for an account of others, FORBIDDEN without `events.publish`, BAD_USER_INPUT with the
 *   field, IDEMPOTENCY_CONFLICT
 */
export async function publishEvent(
  { em, clock }: Pick<Context, 'em' | 'clock'>,
  viewer: Viewer,
  input: PublishEventInput,
): Promise<PublishEventPayload> {
  const event = checkEvent(input)
  const now = clock.now()

  return em.transactional(async (tx) => {
    const membership = await requireMembership(tx, viewer, { accountId: input.accountId }, 'accountId')
    const { accountId } = membership
    await requirePermission(tx, viewer, membership, 'events.publish')

    const key = {
      accountId,
      ownerId: viewer.userId,
      key: event.idempotencyKey,
      bodyHash: hashOf(event),
      now,
    }
    const earlier = await claimIdempotencyKey(tx, key)
    if (earlier) return earlier

    const userIds = await findMembers(tx, accountId, event.recipients)
    await sql`insert into event (account_id, id, type, publisher_id, recipients, accepted_at)
      values (${accountId}, ${newId(now)}, ${event.type}, ${viewer.userId}, ${userIds.length}, ${now})`.execute(
      tx.getKysely(),
    )

    const notified = await whoWantsInApp(tx, accountId, userIds, event.type)
    if (notified.length > 0) {
      const ids = notified.map(() => newId(now))
      await bumpBadgeVersions(tx, notified)
      await addInboxItems(tx, notified, ids, { ...event, eventType: event.type, accountId, createdAt: now })
      await announceInboxes(tx, notified, { ids, accountId })
    }

    const answer = { accepted: true, notified: notified.length }
    await storeAnswer(tx, key, answer)
    return answer
  })
}

interface CheckedEvent {
  type: string
  kind: string
  recipients: string[]
  title: string
  body: string
  entity: EntityLink | null
  idempotencyKey: string | null
}

function checkEvent(input: PublishEventInput): CheckedEvent {
  const kind = kindOfEvent(input.type)
  if (!kind) throw badInput('type', 'UNKNOWN')
  const { entity, idempotencyKey } = input
  return {
    type: input.type,
    kind,
    recipients: checkRecipients(input.recipients),
    title: checkText(input.title, 'title', { max: lengths.eventTitle }),
    body: checkText(input.body, 'body', { max: lengths.eventBody, multiline: true }),
    entity: entity ? checkEntity(entity) : null,
    idempotencyKey: present(idempotencyKey)
      ? checkText(idempotencyKey, 'idempotencyKey', { max: lengths.idempotencyKey })
      : null,
  }
}

function checkRecipients(recipients: readonly string[]): string[] {
  if (recipients.length === 0) throw badInput('recipients', 'EMPTY')
  if (recipients.length > mostRecipients) throw badInput('recipients', 'TOO_LONG')
  const names = recipients.map((name) => name.normalize('NFC').trim().toLowerCase())
  // What no username can be is nobody's.
  if (
    names.some((name) => name.length === 0 || name.length > lengths.username.max || name.includes('\0'))
  ) {
    throw badInput('recipients', 'NOT_A_MEMBER')
  }
  return [...new Set(names)]
}

function checkEntity({ type, id, name, url }: EntityLink): EntityLink {
  const short = { max: lengths.entityText }
  return {
    type: checkText(type, 'entity.type', short),
    id: checkText(id, 'entity.id', short),
    name: checkText(name, 'entity.name', short),
    url: checkHttpUrl(url, 'entity.url', lengths.url),
  }
}

async function findMembers(
  tx: EntityManager,
  accountId: string,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select m.user_id from login_name l
    join account_user m on m.user_id = l.user_id and m.account_id = ${accountId}
    where l.name = any(${[...names]}::text[]) order by m.user_id`.execute(tx.getKysely())
  if (rows.length !== names.length) throw badInput('recipients', 'NOT_A_MEMBER')
  return rows.map((row) => row.user_id)
}

async function whoWantsInApp(
  tx: EntityManager,
  accountId: string,
  userIds: readonly string[],
  eventType: string,
): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select m.user_id from account_user m
    left join notification_preference p on p.user_id = m.user_id and p.account_user_id = m.id
      and p.event_type = ${eventType}
    where m.account_id = ${accountId} and m.user_id = any(${[...userIds]}::uuid[])
      and (p.channels is null or ${Channel.IN_APP} = any(p.channels)) order by m.user_id`.execute(
    tx.getKysely(),
  )
  return rows.map((row) => row.user_id)
}

interface IdempotencyKey {
  accountId: string
  ownerId: string
  key: string | null
  bodyHash: Buffer
  now: Date
}

function hashOf(event: CheckedEvent): Buffer {
  return createHash('sha256').update(JSON.stringify(event)).digest()
}

/**
 * Takes the key, waiting for whoever is using it at this moment.
 * @returns what was answered when it was used for the same event within 24 hours
 */
async function claimIdempotencyKey(
  tx: EntityManager,
  { accountId, ownerId, key, bodyHash, now }: IdempotencyKey,
): Promise<PublishEventPayload | undefined> {
  if (key === null) return undefined
  const forgottenBefore = new Date(now.getTime() - idempotencyMilliseconds)
  const claimed = await sql`insert into idempotency_key (account_id, owner_id, key, body_hash, created_at)
    values (${accountId}, ${ownerId}, ${key}, ${bodyHash}, ${now})
    on conflict (account_id, owner_id, key) do update
      set body_hash = excluded.body_hash, created_at = excluded.created_at, answer = null
      where idempotency_key.created_at <= ${forgottenBefore}
    returning 1`.execute(tx.getKysely())
  if (claimed.rows.length > 0) return undefined

  const { rows } = await sql<{ body_hash: Buffer; answer: PublishEventPayload }>`select body_hash, answer
    from idempotency_key where account_id = ${accountId} and owner_id = ${ownerId} and key = ${key}`.execute(
    tx.getKysely(),
  )
  const [used] = rows
  if (!used?.body_hash.equals(bodyHash))
    throw new AppError('IDEMPOTENCY_CONFLICT', { field: 'idempotencyKey' })
  return used.answer
}

async function storeAnswer(
  tx: EntityManager,
  { accountId, ownerId, key }: IdempotencyKey,
  answer: PublishEventPayload,
): Promise<void> {
  if (key === null) return
  await sql`update idempotency_key set answer = ${JSON.stringify(answer)}::jsonb
    where account_id = ${accountId} and owner_id = ${ownerId} and key = ${key}`.execute(tx.getKysely())
}
