import { sql } from 'kysely'

import { allows } from '../accounts/account.reads.ts'
import type { Statements } from '../database/statements.ts'
import { AppError } from '../errors/app-error.ts'
import { newId } from '../lib/ids.ts'
import { rowAs } from '../lib/read-model.ts'
import { compileStatement, runStatement, slot, type Statement } from '../lib/statement.ts'
import type { Viewer } from '../viewer.ts'
import {
  chosenChannels,
  effectColumns,
  type EventEffects,
  effects,
  type ToldEvent,
} from './event-effects.statement.ts'

/** An event that is in order in itself; its recipients are login names, none twice. */
export interface Publication extends ToldEvent {
  viewer: Viewer
}

export interface Published extends EventEffects {
  /** Whether the publisher belongs to the account, and may publish there. */
  isMember: boolean
  isPermitted: boolean
  /** Whether every recipient belongs to the account. Nothing is stored unless all three are so. */
  isKnown: boolean
}

type PublisherValues = Pick<Publication, 'viewer' | 'accountId'>

const member = rowAs('m')
const publisher = sql`select (${slot(({ viewer }: PublisherValues) => viewer.superAdmin)}::boolean
      or ${allows(member, 'events.publish')}) as is_permitted
    from account_user m where m.user_id = ${slot(({ viewer }: PublisherValues) => viewer.userId)}
      and m.account_id = ${slot(({ accountId }: PublisherValues) => accountId)}`

const accountId = slot((publication: Publication) => publication.accountId)
const now = sql`${slot((publication: Publication) => publication.now)}::timestamptz`

/** All of it, or nothing, in one statement: with MikroORM it took thirteen, each planned anew. */
const publishStatement: Statement<Publication> = {
  name: 'publish_event',
  ...compileStatement(sql`with publisher as (${publisher}), recipient as (
      select m.user_id, m.id as account_user_id, ${chosenChannels} as channels
      from login_name l join account_user m on m.user_id = l.user_id and m.account_id = ${accountId}
        left join notification_preference p on p.user_id = m.user_id and p.account_user_id = m.id
          and p.event_type = ${slot(({ type }: Publication) => type)}
      where l.name = any(${slot(({ recipients }: Publication) => recipients)}::text[])
    ), verdict as (
      select exists (select 1 from publisher) as "isMember",
        coalesce((select is_permitted from publisher), false) as "isPermitted",
        (select count(*) from recipient) = ${slot(({ recipients }: Publication) => recipients.length)} as "isKnown"
    ), accepted as (
      select 1 from verdict where "isMember" and "isPermitted" and "isKnown"
    ), accepted_event as (
      insert into event (account_id, id, type, publisher_id, recipients, accepted_at)
      select ${accountId}, ${slot((publication: Publication) => newId(publication.now))},
        ${slot(({ type }: Publication) => type)}, ${slot(({ viewer }: Publication) => viewer.userId)},
        ${slot(({ recipients }: Publication) => recipients.length)}, ${now} from accepted
    ), ${effects}
    select verdict.*, ${effectColumns} from verdict`),
}

export async function publish(statements: Statements, publication: Publication): Promise<Published> {
  const [published] = await runStatement(statements, publishStatement, publication)
  // The one row of the verdict, and the items beside it.
  return published as Published
}

const publisherStatement: Statement<PublisherValues> = {
  name: 'find_publisher',
  ...compileStatement(publisher),
}

/** @throws AppError NOT_FOUND, FORBIDDEN */
export async function requirePublisher(statements: Statements, values: PublisherValues): Promise<void> {
  const [found] = await runStatement(statements, publisherStatement, values)
  if (!found) throw new AppError('NOT_FOUND', { field: 'accountId' })
  // The column of the statement.
  if (!(found as { is_permitted: boolean }).is_permitted) throw new AppError('FORBIDDEN')
}
