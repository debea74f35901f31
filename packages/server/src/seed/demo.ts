import { tokenLifetimeDays } from '@lanyard/contract/limits'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Account } from '../accounts/account.entity.ts'
import type { AccountUser } from '../accounts/account-user.entity.ts'
import type { BuiltInRole } from '../accounts/built-in-roles.ts'
import { ActivityEntry } from '../activity/activity-entry.entity.ts'
import { createOrm } from '../database/orm.ts'
import type { Clock } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import { defaultLimits } from '../limits.ts'
import { kindOfEvent } from '../notifications/event-catalogue.ts'
import { bumpBadgeVersions, markItems } from '../notifications/inbox-changes.ts'
import { NotificationRule } from '../rules/notification-rule.entity.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import { PasswordHashing } from '../security/password-hashing.ts'
import { hashOfSecret } from '../security/secret-keys.ts'
import { PersonalAccessToken, TokenKey } from '../tokens/personal-access-token.entity.ts'
import { newToken } from '../tokens/token-format.ts'
import { User } from '../users/user.entity.ts'
import { insertDemoContacts } from './insert-demo-contacts.ts'
import { demoHistories, demoTokens } from './demo-history.ts'
import { demoInboxes } from './demo-inbox.ts'
import { demoAccounts, demoPeople, type DemoAccount, type DemoPerson } from './demo-people.ts'
import { demoRules } from './demo-rules.ts'
import { insertAccount, insertMember } from './insert-account.ts'
import { insertInboxItems } from './insert-inbox-items.ts'
import { insertPerson } from './insert-person.ts'

/** How one signs in to the demonstration. Source: api.md, "Demonstration data". */
export const demonstration = {
  admin: demoPeople.mara.username,
  member: demoPeople.imre.username,
  password: 'lanyard-demo-2026',
  /** Theirs together; the admin owns it. */
  account: demoAccounts.acme,
} as const

/** "DEMO" as a number: two servers that start at once do not both find the database empty. */
const SEED_LOCK = 0x44454d4f

type Ages = (minutesAgo: number) => Date

/**
 * Puts the demonstration people into an empty database; everything is dated back from the clock.
 * @returns false when there is somebody already, and then nothing was changed
 */
export async function seedDemonstration(
  databaseUrl: string,
  clock: Clock,
  sealing: SealingKeys,
): Promise<boolean> {
  const orm = await createOrm(databaseUrl)
  try {
    await using hashing = new PasswordHashing(defaultLimits.signIn)
    const passwordHash = await hashing.hash(demonstration.password)
    const now = clock.now().getTime()
    const ago: Ages = (minutes) => new Date(now - minutes * 60_000)

    return await orm.em.fork().transactional(async (tx) => {
      await tx.execute('select pg_advisory_xact_lock(?)', [SEED_LOCK])
      if ((await tx.count(User)) > 0) return false

      const people = await insertPeople(tx, passwordHash, ago)
      const { accounts, members } = await insertAccounts(tx, people, ago)
      await insertDemoContacts(tx, sealing, people, accounts, ago)
      await insertRules(tx, accounts, ago)
      await insertTokens(tx, people, members, ago)
      await insertInboxes(tx, people, accounts, ago)
      await insertHistories(tx, people, accounts, ago)
      return true
    })
  } finally {
    await orm.close()
  }
}

type People = Record<DemoPerson, User>
type Accounts = Record<DemoAccount, Account>
/** By the person's id. */
type Members = Record<DemoAccount, Map<string, AccountUser>>

const day = 24 * 60

async function insertPeople(tx: EntityManager, passwordHash: string, ago: Ages): Promise<People> {
  return {
    mara: await insertPerson(tx, { ...demoPeople.mara, passwordHash, createdAt: ago(30 * day) }),
    imre: await insertPerson(tx, { ...demoPeople.imre, passwordHash, createdAt: ago(28 * day) }),
    oona: await insertPerson(tx, { ...demoPeople.oona, createdAt: ago(29 * day) }),
    tomas: await insertPerson(tx, { ...demoPeople.tomas, createdAt: ago(27 * day) }),
  }
}

async function insertAccounts(
  tx: EntityManager,
  { mara, imre, oona, tomas }: People,
  ago: Ages,
): Promise<{ accounts: Accounts; members: Members }> {
  const createdAt = ago(27 * day)
  const accounts = {
    acme: await insertAccount(tx, { name: demoAccounts.acme, owner: mara, createdAt }),
    northwind: await insertAccount(tx, { name: demoAccounts.northwind, owner: oona, createdAt }),
  }
  const members: Members = { acme: new Map(), northwind: new Map() }
  const join = async (account: DemoAccount, user: User, ...roles: BuiltInRole[]) => {
    members[account].set(user.id, await insertMember(tx, accounts[account], user, roles, createdAt))
  }
  await join('acme', mara)
  await join('acme', imre, 'dispatcher')
  await join('acme', oona, 'admin')
  await join('acme', tomas, 'technician')
  await join('northwind', oona)
  await join('northwind', mara, 'admin')
  await join('northwind', imre, 'technician')
  await join('northwind', tomas, 'technician')
  return { accounts, members }
}

async function insertRules(tx: EntityManager, accounts: Accounts, ago: Ages): Promise<void> {
  for (const account of keysOf(accounts)) {
    const owned = { accountId: accounts[account].id, createdAt: ago(26 * day) }
    await tx.insert(tx.create(NotificationRule, { ...owned, ...demoRules[account] }))
  }
}

async function insertTokens(tx: EntityManager, people: People, members: Members, ago: Ages): Promise<void> {
  for (const { owner, account, name, readOnly, createdMinutesAgo, lastUse } of demoTokens) {
    const userId = people[owner].id
    const member = members[account].get(userId)
    if (!member) throw new Error(`${owner} is no member of ${account}`)

    const text = newToken()
    const token = tx.create(PersonalAccessToken, {
      userId,
      accountUserId: member.id,
      name,
      lastFour: text.slice(-4),
      createdAt: ago(createdMinutesAgo),
      lastUsedAt: lastUse && ago(lastUse.minutesAgo),
      lastUsedAddress: lastUse?.address ?? null,
      lastUsedDevice: lastUse?.device ?? null,
      expiresAt: ago(createdMinutesAgo - tokenLifetimeDays.default * day),
      readOnly,
    })
    await tx.insert(token)
    await tx.insert(tx.create(TokenKey, { hash: hashOfSecret(text), userId, tokenId: token.id }))
  }
}

async function insertInboxes(
  tx: EntityManager,
  people: People,
  accounts: Accounts,
  ago: Ages,
): Promise<void> {
  for (const person of keysOf(people)) {
    const userId = people[person].id
    for (const { minutesAgo, account, type, title, body, entity, readMinutesAgo } of demoInboxes[person] ??
      []) {
      const kind = kindOfEvent(type)
      if (!kind) throw new Error(`${type} is not in the catalogue`)

      const createdAt = ago(minutesAgo)
      const id = newId(createdAt)
      const accountId = accounts[account].id
      const link = entity
        ? { ...entity, url: `https://ops.example.com/${entity.type.toLowerCase()}s/${entity.id}` }
        : null
      await bumpBadgeVersions(tx, [userId])
      await insertInboxItems(tx, [userId], [id], {
        accountId,
        kind,
        eventType: type,
        title,
        body,
        entity: link,
        createdAt,
      })
      if (readMinutesAgo !== null) {
        await bumpBadgeVersions(tx, [userId])
        await markItems(tx, { userId, ids: [id], viewer: null, read: true, now: ago(readMinutesAgo) })
      }
    }
  }
}

async function insertHistories(
  tx: EntityManager,
  people: People,
  accounts: Accounts,
  ago: Ages,
): Promise<void> {
  for (const person of keysOf(people)) {
    for (const { minutesAgo, actor, action, subject, account, changes = [], from } of demoHistories[
      person
    ] ?? []) {
      const at = ago(minutesAgo)
      const entry = tx.create(ActivityEntry, {
        userId: people[person].id,
        id: newId(at),
        actorId: actor && people[actor].id,
        tokenName: null,
        action,
        subject,
        accountId: account ? accounts[account].id : null,
        changes,
        at,
        address: from?.address ?? null,
        device: from?.device ?? null,
      })
      await tx.insert(entry)
    }
  }
}

function keysOf<Key extends string>(record: Record<Key, unknown>): Key[] {
  // The records of this file are literals: they have no further keys than their type names.
  return Object.keys(record) as Key[]
}
