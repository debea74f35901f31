import { createHash } from 'node:crypto'

import { lengths } from '@lanyard/contract/limits'

import type { Context } from '../context.ts'
import type { Statements } from '../database/statements.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { checkHttpUrl, checkId, checkText, present } from '../lib/text-input.ts'
import { boundAccountId, refuseClosedAccount, type Viewer } from '../viewer.ts'
import { kindOfPublishedEvent } from './event-catalogue.ts'
import type { InboxChange } from './inbox-announcements.ts'
import type { EntityLink } from './notification.entity.ts'
import { type Publication, publish, requirePublisher } from './publish-event.statement.ts'
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
  {
    statements,
    clock,
    announcements,
    deliveries,
  }: Pick<Context, 'statements' | 'clock' | 'announcements' | 'deliveries'>,
  viewer: Viewer,
  input: PublishEventInput,
): Promise<PublishEventPayload> {
  const event = checkEvent(input)
  const accountId = checkId(input.accountId, 'accountId')
  const bound = boundAccountId(viewer)
  if (bound !== null && bound !== accountId) throw new AppError('NOT_FOUND', { field: 'accountId' })
  refuseClosedAccount(viewer, accountId)
  const now = clock.now()
  const publication = { ...event, viewer, accountId, now }

  const stored =
    event.idempotencyKey === null
      ? await storeEvent({ run: (...statement) => statements.write(...statement) }, publication)
      : await statements.transaction((tx) => storeOnce(tx, publication, event.idempotencyKey ?? ''))
  announcements.add(stored.changes)
  if (stored.deliveries > 0) deliveries.wake()
  return stored.answer
}

interface Stored {
  answer: PublishEventPayload
  changes: readonly InboxChange[]
  deliveries: number
}

/** @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT, each with nothing stored */
async function storeEvent(statements: Statements, publication: Publication): Promise<Stored> {
  const { isMember, isPermitted, isKnown, items, deliveries } = await publish(statements, publication)
  if (!isMember) throw new AppError('NOT_FOUND', { field: 'accountId' })
  if (!isPermitted) throw new AppError('FORBIDDEN')
  if (!isKnown) throw badInput('recipients', 'NOT_A_MEMBER')
  const { accountId } = publication
  return {
    answer: { accepted: true, notified: items.length },
    changes: items.map(({ userId, id }) => ({ userId, added: { id, accountId } })),
    deliveries,
  }
}

/** Stores the event unless the key was used for it before; then answers as that time. */
async function storeOnce(tx: Statements, publication: Publication, name: string): Promise<Stored> {
  const { viewer, accountId, now } = publication
  const key = { accountId, ownerId: viewer.userId, key: name, bodyHash: hashOf(publication), now }
  const earlier = await claimIdempotencyKey(tx, key)
  // Whoever may not publish any more is not told what was answered before.
  if (earlier) await requirePublisher(tx, publication)
  if (earlier) return { answer: earlier, changes: [], deliveries: 0 }

  const stored = await storeEvent(tx, publication)
  await storeAnswer(tx, key, stored.answer)
  return stored
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
  const kind = kindOfPublishedEvent(input.type)
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

interface IdempotencyKey {
  accountId: string
  ownerId: string
  key: string
  bodyHash: Buffer
  now: Date
}

function hashOf({ type, recipients, title, body, entity }: Publication): Buffer {
  return createHash('sha256').update(JSON.stringify({ type, recipients, title, body, entity })).digest()
}

const claimKeyStatement = {
  name: 'claim_idempotency_key',
  text: `insert into idempotency_key (account_id, owner_id, key, body_hash, created_at) values ($1, $2, $3, $4, $5)
    on conflict (account_id, owner_id, key) do update
      set body_hash = excluded.body_hash, created_at = excluded.created_at, answer = null
      where idempotency_key.created_at <= $6
    returning 1`,
}
const usedKeyStatement = {
  name: 'used_idempotency_key',
  text: `select body_hash as "bodyHash", answer from idempotency_key
    where account_id = $1 and owner_id = $2 and key = $3`,
}
const storeAnswerStatement = {
  name: 'answer_idempotency_key',
  text: 'update idempotency_key set answer = $4 where account_id = $1 and owner_id = $2 and key = $3',
}

/**
 * Takes the key, waiting for whoever is using it at this moment.
 * @returns what was answered when it was used for the same event within 24 hours
 */
async function claimIdempotencyKey(
  tx: Statements,
  { accountId, ownerId, key, bodyHash, now }: IdempotencyKey,
): Promise<PublishEventPayload | undefined> {
  const forgottenBefore = new Date(now.getTime() - idempotencyMilliseconds)
  const values = [accountId, ownerId, key, bodyHash, now, forgottenBefore]
  if ((await tx.run(claimKeyStatement, values)).length > 0) return undefined

  const [used] = await tx.run<{ bodyHash: Buffer; answer: PublishEventPayload }>(usedKeyStatement, [
    accountId,
    ownerId,
    key,
  ])
  if (!used?.bodyHash.equals(bodyHash))
    throw new AppError('IDEMPOTENCY_CONFLICT', { field: 'idempotencyKey' })
  return used.answer
}

async function storeAnswer(
  tx: Statements,
  { accountId, ownerId, key }: IdempotencyKey,
  answer: PublishEventPayload,
): Promise<void> {
  await tx.run(storeAnswerStatement, [accountId, ownerId, key, JSON.stringify(answer)])
}
