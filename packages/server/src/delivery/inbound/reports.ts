import { createHash } from 'node:crypto'

import type { EntityManager } from '@mikro-orm/postgresql'

import type { Statements } from '../../database/statements.ts'
import { statementsOf } from '../../database/statements-of-transaction.ts'
import { type Clock, timeForDatabase } from '../../lib/clock.ts'
import { type CarrierReport, recordCarrierReport } from '../carrier-report.ts'
import { Channel } from '../channel.ts'
import { type DeliveryKey, readReference } from '../delivery-reference.ts'
import type { AddressEffects } from './address-effects.ts'
import { inTransaction, type Scene, withoutDeadlock } from './scene.ts'

/** What one event at a carrier tells of one delivery. */
export interface Report extends CarrierReport {
  /** Names the event at its carrier: it counts once, however often it is told. */
  eventKey: string
  /** Of the delivery, as we gave it to the carrier. */
  reference: string
  /** The address as the carrier names it. Where it is not the delivery's, nothing is believed. */
  recipient: string
  /** What follows for the address itself. */
  effect?: 'BOUNCE' | 'COMPLAINT' | 'OPTED_OUT' | 'TROUBLE'
}

interface KnownReport {
  report: Report
  key: DeliveryKey
  channel: Channel
  addressKey: string
}

/** By their keys, so that two batches lock the same rows in the same order. */
const deliveriesStatement = {
  name: 'find_reported_deliveries',
  text: `select given.index::int - 1 as index, channel, address
    from unnest($1::uuid[], $2::uuid[]) with ordinality as given (user_id, id, index)
      join delivery d on d.user_id = given.user_id and d.id = given.id
    order by d.user_id, d.id, given.index`,
}

const eventsStatement = {
  name: 'take_carrier_events',
  text: `insert into carrier_event (carrier, key, at)
    select $1, key, coalesce($3::timestamptz, clock_timestamp()) from unnest($2::text[]) as key order by key
    on conflict do nothing returning key`,
}

/**
 * Applies what a carrier told, all of it or nothing. What names no delivery of ours, or another address than its own,
 * changes nothing and is told by nothing. Source: S-K1, S-L6.
 */
export async function recordReports(
  scene: Scene,
  addresses: AddressEffects,
  carrier: string,
  channels: readonly Channel[],
  reports: readonly Report[],
): Promise<void> {
  const ours = reports.flatMap((report) => {
    const key = readReference(scene.sealing, report.reference)
    return key ? [{ report, key }] : []
  })
  if (ours.length === 0) return

  const record = (statements: Statements) => recordNews(statements, scene.clock, carrier, channels, ours)
  // Most reports say nothing of the address, and need no entities: those are statements that were planned before.
  const hasEffects = ours.some(({ report }) => report.effect)
  const { isWakeNeeded } = hasEffects
    ? await inTransaction(scene, async (tx) => {
        const recorded = await record(statementsOf(tx))
        for (const one of recorded.known) await applyEffect(scene, addresses, tx, one)
        return { isWakeNeeded: true }
      })
    : await withoutDeadlock(() => scene.statements.transaction(record))
  if (isWakeNeeded) scene.deliveries.wake()
}

async function recordNews(
  statements: Statements,
  clock: Clock,
  carrier: string,
  channels: readonly Channel[],
  reports: readonly { report: Report; key: DeliveryKey }[],
): Promise<{ known: KnownReport[]; isWakeNeeded: boolean }> {
  const eventKeys = reports.map(({ report }) => report.eventKey)
  const fresh = await takeEvents(statements, clock, carrier, eventKeys)
  const news = firstOfEach(reports.filter(({ report }) => fresh.has(keyOfEvent(report.eventKey))))
  const known = news.length > 0 ? await findDeliveries(statements, news, channels) : []
  let isWakeNeeded = false
  for (const { key, report } of known) {
    const { nextWayTaken } = await recordCarrierReport(statements, clock, key, report)
    isWakeNeeded ||= nextWayTaken
  }
  return { known, isWakeNeeded }
}

/**
 * Writes down that events were seen, in the transaction that acts on them.
 * @returns the keys of those that were not seen before
 */
export async function takeEvents(
  statements: Statements,
  clock: Clock,
  carrier: string,
  eventKeys: readonly string[],
): Promise<ReadonlySet<string>> {
  const keys = [...new Set(eventKeys.map(keyOfEvent))]
  const values = [carrier, keys, timeForDatabase(clock)]
  const rows = await statements.run<{ key: string }>(eventsStatement, values)
  return new Set(rows.map(({ key }) => key))
}

/** As the column takes it. */
function keyOfEvent(text: string): string {
  return text.length <= 200 ? text : createHash('sha256').update(text).digest('base64url')
}

/** A batch may tell the same event twice. */
function firstOfEach<Item extends { report: Report }>(items: readonly Item[]): Item[] {
  return [...new Map(items.toReversed().map((item) => [item.report.eventKey, item])).values()].toReversed()
}

async function findDeliveries(
  statements: Statements,
  reports: readonly { report: Report; key: DeliveryKey }[],
  channels: readonly Channel[],
): Promise<KnownReport[]> {
  const rows = await statements.run<{ index: number; channel: Channel; address: string }>(
    deliveriesStatement,
    [reports.map(({ key }) => key.userId), reports.map(({ key }) => key.deliveryId)],
  )
  return rows.flatMap(({ index, channel, address }) => {
    const told = reports[index]
    if (!told || !channels.includes(channel)) return []
    const addressKey = told.report.recipient.toLowerCase()
    const isMeant = channel !== Channel.EMAIL || address.toLowerCase() === addressKey
    return isMeant ? [{ ...told, channel, addressKey }] : []
  })
}

async function applyEffect(
  scene: Scene,
  addresses: AddressEffects,
  tx: EntityManager,
  { report, key, channel, addressKey }: KnownReport,
): Promise<void> {
  const fault = {
    channel,
    addressKey,
    detail: report.detail ?? report.carrierStatus,
    userId: key.userId,
  }
  switch (report.effect) {
    case undefined:
      return
    case 'TROUBLE':
      await addresses.countTrouble(scene, tx, { ...fault, deliveryId: key.deliveryId })
      return
    case 'BOUNCE':
    case 'COMPLAINT':
    case 'OPTED_OUT':
      await addresses.block(scene, tx, { ...fault, reason: report.effect })
  }
}
