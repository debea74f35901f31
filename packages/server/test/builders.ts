import { randomBytes, randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Account } from '../src/accounts/account.entity.ts'
import type { AccountUser } from '../src/accounts/account-user.entity.ts'
import type { BuiltInRole } from '../src/accounts/built-in-roles.ts'
import { PushDevice } from '../src/contacts/push-device.entity.ts'
import { SlackLink } from '../src/contacts/slack-link.entity.ts'
import { Channel } from '../src/delivery/channel.ts'
import { Delivery } from '../src/delivery/delivery.entity.ts'
import { Email, ProvenEmail } from '../src/contacts/email.entity.ts'
import { Phone } from '../src/contacts/phone.entity.ts'
import type { Clock } from '../src/lib/clock.ts'
import { newId } from '../src/lib/ids.ts'
import { NotificationRule } from '../src/rules/notification-rule.entity.ts'
import { PasswordHashing } from '../src/security/password-hashing.ts'
import { hashOfSecret, newSecretKey } from '../src/security/secret-keys.ts'
import { Session, SessionKey } from '../src/security/session.entity.ts'
import { SsoConnection, SsoProtocol } from '../src/security/sso/sso-connection.entity.ts'
import { insertAccount, insertMember } from '../src/seed/insert-account.ts'
import { insertPerson, type NewPerson } from '../src/seed/insert-person.ts'
import { PersonalAccessToken, TokenKey } from '../src/tokens/personal-access-token.entity.ts'
import { newToken } from '../src/tokens/token-format.ts'
import type { User } from '../src/users/user.entity.ts'

const hashing = new PasswordHashing({ concurrentHashes: 2, queuedHashes: 100 })
const dayMilliseconds = 86_400_000

/** Makes rows for a test; what the test does not care about is filled in. */
export class Builders {
  readonly #em: EntityManager
  readonly #clock: Clock

  constructor(em: EntityManager, clock: Clock) {
    this.#em = em
    this.#clock = clock
  }

  async user(person: Partial<NewPerson> & { password?: string } = {}): Promise<User> {
    const unique = randomUUID().slice(0, 13)
    const { password, ...rest } = person
    const passwordHash = password === undefined ? {} : { passwordHash: await hashing.hash(password) }
    return insertPerson(this.#em.fork(), {
      username: `person.${unique}`,
      name: 'Sample Person',
      publicName: 'Sample',
      superAdmin: false,
      timeZone: 'America/New_York',
      email: `person.${unique}@example.com`,
      createdAt: this.#clock.now(),
      ...passwordHash,
      ...rest,
    })
  }

  async account({
    owner,
    name = 'Sample Account',
  }: { owner?: User; name?: string } = {}): Promise<Account> {
    return insertAccount(this.#em.fork(), {
      name,
      owner: owner ?? (await this.user()),
      createdAt: this.#clock.now(),
    })
  }

  /** A person with a membership of an account; each made when not given. */
  async member(
    given: { user?: User; account?: Account; roles?: BuiltInRole[] } = {},
  ): Promise<{ user: User; account: Account; accountUser: AccountUser }> {
    const user = given.user ?? (await this.user())
    const account = given.account ?? (await this.account())
    const roles = given.roles ?? ['member']
    const accountUser = await insertMember(this.#em.fork(), account, user, roles, this.#clock.now())
    return { user, account, accountUser }
  }

  /** The cookie value of a session that has just begun. */
  async session(
    user: User,
    given: Partial<Pick<Session, 'device' | 'address' | 'place' | 'method' | 'lastSeenAt'>> = {},
  ): Promise<{ key: string; id: string }> {
    const em = this.#em.fork()
    const now = this.#clock.now()
    const key = newSecretKey()
    const session = em.create(Session, {
      userId: user.id,
      device: 'Firefox on Linux',
      address: '198.51.100.7',
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + 30 * dayMilliseconds),
      provenAt: now,
      ...given,
    })
    await em.insert(session)
    await em.insert(
      em.create(SessionKey, { hash: hashOfSecret(key), userId: user.id, sessionId: session.id }),
    )
    return { key, id: session.id }
  }

  /** The text of a token. */
  async token(
    accountUser: AccountUser,
    given: {
      readOnly?: boolean
      name?: string
      createdAt?: Date
      expiresAt?: Date
      lastUsedAt?: Date
    } = {},
  ): Promise<{ token: string; id: string }> {
    const em = this.#em.fork()
    const now = this.#clock.now()
    const token = newToken()
    const row = em.create(PersonalAccessToken, {
      userId: accountUser.userId,
      accountUserId: accountUser.id,
      name: given.name ?? 'Sample token',
      lastFour: token.slice(-4),
      createdAt: given.createdAt ?? now,
      expiresAt: given.expiresAt ?? new Date(now.getTime() + 90 * dayMilliseconds),
      readOnly: given.readOnly ?? false,
      lastUsedAt: given.lastUsedAt ?? null,
    })
    await em.insert(row)
    await em.insert(em.create(TokenKey, { hash: hashOfSecret(token), userId: row.userId, tokenId: row.id }))
    return { token, id: row.id }
  }

  /** A further email of the person, proven unless `verifiedAt` is null. */
  async email(user: User, given: { address: string; verifiedAt?: Date | null }): Promise<Email> {
    const em = this.#em.fork()
    const now = this.#clock.now()
    const { address, verifiedAt = now } = given
    const addressKey = address.toLowerCase()
    const email = em.create(Email, { userId: user.id, address, addressKey, verifiedAt, createdAt: now })
    await em.insert(email)
    if (verifiedAt) {
      await em.insert(em.create(ProvenEmail, { addressKey, userId: user.id, emailId: email.id }))
    }
    return email
  }

  /** An email that the person had proven and removed, just now unless a time is given. */
  async removedEmail(
    user: User,
    given: { address: string; provenAt?: Date; removedAt?: Date },
  ): Promise<{ id: string }> {
    const now = this.#clock.now()
    const { address, provenAt = now, removedAt = now } = given
    const id = newId(provenAt)
    await this.#em.fork().execute(
      `insert into removed_email (user_id, id, address, address_key, proven_at, removed_at)
        values (?, ?, ?, ?, ?, ?)`,
      [user.id, id, address, address.toLowerCase(), provenAt, removedAt],
    )
    return { id }
  }

  /** A further phone of the person, proven unless `verifiedAt` is null. */
  async phone(
    user: User,
    given: { number: string; country?: string; verifiedAt?: Date | null },
  ): Promise<Phone> {
    const em = this.#em.fork()
    const now = this.#clock.now()
    const { number, country = 'US', verifiedAt = now } = given
    const phone = em.create(Phone, { userId: user.id, number, country, verifiedAt, createdAt: now })
    await em.insert(phone)
    return phone
  }

  /** A passkey whose key nobody has: for tests in which it signs nothing. */
  async passkey(user: User, name = 'Sample passkey'): Promise<{ id: string }> {
    const em = this.#em.fork()
    const [id, credentialId] = [newId(), randomBytes(32)]
    await em.execute(
      `insert into passkey (user_id, id, name, credential_id, public_key, counter, transports, synced, created_at)
        values (?, ?, ?, ?, ?, 0, '{}', false, ?)`,
      [user.id, id, name, credentialId, randomBytes(77), this.#clock.now()],
    )
    await em.execute('insert into passkey_key (credential_id, user_id, passkey_id) values (?, ?, ?)', [
      credentialId,
      user.id,
      id,
    ])
    return { id }
  }

  /** A tested connection to a provider that nobody can reach: for tests that ask it nothing. */
  async ssoConnection(account: Account): Promise<SsoConnection> {
    const em = this.#em.fork()
    const now = this.#clock.now()
    const connection = em.create(SsoConnection, {
      accountId: account.id,
      name: 'Sample provider',
      protocol: SsoProtocol.OIDC,
      createJustInTime: false,
      settings: { issuer: 'https://id.example.com', clientId: 'sample' },
      clientSecret: Buffer.from('sealed elsewhere'),
      testedAt: now,
      createdAt: now,
      changedAt: now,
    })
    await em.insert(connection)
    return connection
  }

  async rule(account: Account, name = 'Night shift'): Promise<NotificationRule> {
    const em = this.#em.fork()
    const rules = '- match: { always: true }\n  actions:\n    - notify: { channels: [push] }\n'
    const rule = em.create(NotificationRule, {
      accountId: account.id,
      name,
      rules,
      createdAt: this.#clock.now(),
    })
    await em.insert(rule)
    return rule
  }

  /** A message that waits to be sent; nobody follows it and nothing is said in it unless that is given. */
  async delivery(
    user: User,
    given: Partial<
      Pick<Delivery, 'accountId' | 'channel' | 'message' | 'addressId' | 'address' | 'createdAt' | 'live'>
    > = {},
  ): Promise<Delivery> {
    const em = this.#em.fork()
    const { createdAt = this.#clock.now() } = given
    const delivery = em.create(Delivery, {
      userId: user.id,
      id: newId(createdAt),
      channel: Channel.EMAIL,
      message: 'TEST',
      addressId: null,
      address: 'sample@example.com',
      language: 'EN',
      timeZone: 'UTC',
      content: {},
      nextWays: [],
      dueAt: createdAt,
      expiresAt: new Date(createdAt.getTime() + 300_000),
      createdAt,
      ...given,
    })
    await em.insert(delivery)
    return delivery
  }

  /** A browser whose subscription nobody can open: for tests that send nothing to it. */
  async pushDevice(user: User, name = 'Firefox on Linux'): Promise<PushDevice> {
    const em = this.#em.fork()
    const device = em.create(PushDevice, {
      userId: user.id,
      name,
      endpointHash: hashOfSecret(randomUUID()),
      subscription: Buffer.from('sealed elsewhere'),
      createdAt: this.#clock.now(),
    })
    await em.insert(device)
    return device
  }

  /** A link whose token nobody can open: for tests that send nothing over it. */
  async slackLink(
    user: User,
    given: Partial<Pick<SlackLink, 'handle' | 'teamId'>> = {},
  ): Promise<SlackLink> {
    const em = this.#em.fork()
    const link = em.create(SlackLink, {
      userId: user.id,
      teamId: 'T0SAMPLE',
      workspace: 'Sample Workspace',
      slackUserId: 'U0SAMPLE',
      handle: 'sample',
      token: Buffer.from('sealed elsewhere'),
      linkedAt: this.#clock.now(),
      ...given,
    })
    await em.insert(link)
    return link
  }
}
