import { createECDH, createHash, randomBytes } from 'node:crypto'

import type { EntityManager } from '@mikro-orm/postgresql'

import type { Account } from '../accounts/account.entity.ts'
import { Email, ProvenEmail } from '../contacts/email.entity.ts'
import { lineTypeOf } from '../contacts/phone-number.ts'
import { Phone } from '../contacts/phone.entity.ts'
import { PushDevice } from '../contacts/push-device.entity.ts'
import { bindingOfPushDevice } from '../contacts/push-device.service.ts'
import { SlackLink } from '../contacts/slack-link.entity.ts'
import { bindingOfSlackLink } from '../contacts/slack-link.service.ts'
import { Channel } from '../delivery/channel.ts'
import { Delivery, DeliveryState } from '../delivery/delivery.entity.ts'
import { newId } from '../lib/ids.ts'
import { kindOfEvent } from '../notifications/event-catalogue.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'
import {
  type DemoBlockedEmail,
  type DemoDelivery,
  type DemoDevice,
  type DemoSlackLink,
  demoContacts,
} from './demo-contacts.ts'
import type { DemoAccount, DemoPerson } from './demo-people.ts'

type Ages = (minutesAgo: number) => Date

/** An address that something was sent to. */
interface Reached {
  id: string
  address: string
}

/** Beside the primary email and phone that everybody has: other addresses, and what was sent to them all. */
export async function insertDemoContacts(
  tx: EntityManager,
  sealing: SealingKeys,
  people: Record<DemoPerson, User>,
  accounts: Record<DemoAccount, Account>,
  ago: Ages,
): Promise<void> {
  for (const [person, user] of Object.entries(people)) {
    // The keys of `people`.
    const contacts = demoContacts[person as DemoPerson]
    if (!contacts) continue
    const { emails = [], phones = [], devices, slackLinks, deliveries } = contacts
    for (const email of emails) await insertBlockedEmail(tx, user.id, email, ago)
    for (const { number, country, addedMinutesAgo } of phones) {
      const createdAt = ago(addedMinutesAgo)
      const phone = { userId: user.id, number, country, lineType: lineTypeOf(number), createdAt }
      await tx.insert(tx.create(Phone, phone))
    }
    const reached = new Map<string, Reached>()
    const primary = { userId: user.id, primary: true }
    const email = await tx.findOneOrFail(Email, primary)
    const phone = await tx.findOneOrFail(Phone, primary)
    reached.set('email', email)
    reached.set('phone', { id: phone.id, address: phone.number })
    for (const device of devices)
      reached.set(device.name, await insertDevice(tx, sealing, user.id, device, ago))
    for (const link of slackLinks)
      reached.set('slack', await insertSlackLink(tx, sealing, user.id, link, ago))
    for (const delivery of deliveries) await insertDelivery(tx, user, accounts, reached, delivery, ago)
  }
}

async function insertBlockedEmail(
  tx: EntityManager,
  userId: string,
  { address, provenMinutesAgo, lastDeliveredMinutesAgo, blocked }: DemoBlockedEmail,
  ago: Ages,
): Promise<void> {
  const verifiedAt = ago(provenMinutesAgo)
  const blockedAt = ago(blocked.minutesAgo)
  const email = tx.create(Email, {
    userId,
    address,
    addressKey: address,
    verifiedAt,
    createdAt: verifiedAt,
  })
  await tx.insert(email)
  await tx.insert(tx.create(ProvenEmail, { addressKey: address, userId, emailId: email.id }))
  await tx.execute(
    `insert into blocked_address (channel, address_key, reason, detail, blocked_at) values (?, ?, ?, ?, ?)`,
    [Channel.EMAIL, address, blocked.reason, blocked.detail, blockedAt],
  )
  await tx.execute(
    `insert into address_health (user_id, address_id, last_delivered_at, last_failed_at, last_failed_reason,
      last_failed_detail) values (?, ?, ?, ?, ?, ?)`,
    [userId, email.id, ago(lastDeliveredMinutesAgo), blockedAt, blocked.failure, blocked.detail],
  )
}

async function insertDevice(
  tx: EntityManager,
  sealing: SealingKeys,
  userId: string,
  { name, registeredMinutesAgo }: DemoDevice,
  ago: Ages,
): Promise<Reached> {
  const id = newId(ago(registeredMinutesAgo))
  const keys = createECDH('prime256v1')
  keys.generateKeys()
  const subscription = {
    endpoint: `https://push.example.com/${id}`,
    p256dh: keys.getPublicKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  }
  const device = tx.create(PushDevice, {
    userId,
    id,
    name,
    endpointHash: createHash('sha256').update(subscription.endpoint).digest(),
    subscription: sealing.seal(JSON.stringify(subscription), bindingOfPushDevice(id)),
    createdAt: ago(registeredMinutesAgo),
  })
  await tx.insert(device)
  return { id, address: name }
}

async function insertSlackLink(
  tx: EntityManager,
  sealing: SealingKeys,
  userId: string,
  { handle, workspace, linkedMinutesAgo }: DemoSlackLink,
  ago: Ages,
): Promise<Reached> {
  const id = newId(ago(linkedMinutesAgo))
  const link = tx.create(SlackLink, {
    userId,
    id,
    teamId: 'T0000000001',
    workspace,
    slackUserId: `U-${handle}`,
    handle,
    token: sealing.seal('xoxb-demonstration', bindingOfSlackLink(id)),
    linkedAt: ago(linkedMinutesAgo),
  })
  await tx.insert(link)
  return { id, address: `@${handle}` }
}

/** What the catcher would have made of it. */
async function insertDelivery(
  tx: EntityManager,
  user: User,
  accounts: Record<DemoAccount, Account>,
  reached: ReadonlyMap<string, Reached>,
  { minutesAgo, to, channel, event }: DemoDelivery,
  ago: Ages,
): Promise<void> {
  const address = reached.get(typeof to === 'string' ? to : to.device)
  if (!address) throw new Error(`${user.username} has no such address`)
  const at = ago(minutesAgo)
  const id = newId(at)
  const account = event && accounts[event.account]
  const delivery = tx.create(Delivery, {
    userId: user.id,
    id,
    accountId: account?.id ?? null,
    channel,
    message: event ? 'EVENT' : 'TEST',
    addressId: address.id,
    address: address.address,
    language: user.language,
    timeZone: user.timeZone,
    content:
      event && account
        ? {
            ...event,
            accountName: account.name,
            kind: kindOfEvent(event.type),
            body: '',
            at: at.toISOString(),
          }
        : {},
    nextWays: [],
    state: DeliveryState.DELIVERED,
    attempts: 1,
    carrier: 'catcher',
    carrierId: id,
    carrierStatus: 'caught',
    dueAt: at,
    expiresAt: at,
    createdAt: at,
    sentAt: at,
    deliveredAt: at,
  })
  await tx.insert(delivery)
  await tx.execute(
    `insert into address_health (user_id, address_id, last_delivered_at) values (?, ?, ?)
      on conflict (user_id, address_id) do update
        set last_delivered_at = greatest(address_health.last_delivered_at, excluded.last_delivered_at)`,
    [user.id, address.id, at],
  )
}
