import { expect, test } from 'vitest'

import { Browser } from '../../test/browser.ts'
import { QueuedMessages } from '../../test/queued-messages.ts'
import { testSealing } from '../../test/secret-keys.ts'
import { createTestServer, refusalOf } from '../../test/server.ts'
import { enrol } from '../../test/two-factor.ts'
import { notMeReferenceOf } from '../delivery/texts/not-me-link.ts'
import { keepHouse } from '../housekeeping.ts'
import { newId } from '../lib/ids.ts'
import { defaultLimits } from '../limits.ts'
import type { User } from '../users/user.entity.ts'

const queued = new QueuedMessages()
const server = await createTestServer({
  // Everybody here asks from one address.
  limits: { codes: { emails: { perSourceHour: 10_000 } }, passwordReset: { perSourceHour: 10_000 } },
})
const password = 'correct horse battery'
const newPassword = 'kq7-vMx2-pLz9wq'
const day = 86_400

function execute<Row>(text: string, parameters: unknown[] = []): Promise<Row[]> {
  return server.orm.em.fork().execute<Row[]>(text, parameters)
}

let count = 0
/** An address that nobody has. */
const fresh = () => `fresh.${count++}@example.com`

/** Somebody whose first email was proven long ago. */
async function person() {
  const user = await server.build.user({ password })
  const address = `${user.username}@example.com`
  await execute(
    `update email set verified_at = verified_at - interval '1 year' where user_id = ? returning id`,
    [user.id],
  )
  return { user, address }
}

/** In the person's session, with a proof that is fresh. */
async function intruder(user: User) {
  const browser = new Browser(server, (await server.build.session(user)).key)
  const emails = async () => {
    const { data } = await browser.query('{ me { emails { id address primary verifiedAt } } }')
    return data.me.emails as { id: string; address: string; verifiedAt: string }[]
  }
  const idOf = async (address: string) => (await emails()).find((email) => email.address === address)?.id
  return {
    browser,
    emails,
    async prove(address: string): Promise<void> {
      const added = await browser.mutate('addEmail', { address }, 'email { id }')
      const emailId = String(added.data.addEmail.email.id)
      const code = queued.codeTo(address)
      expect((await browser.mutate('verifyEmail', { emailId, code }, '__typename')).errors).toBeUndefined()
    },
    async makePrimary(address: string): Promise<void> {
      const emailId = await idOf(address)
      const made = await browser.mutate('setPrimaryEmail', { emailId }, '__typename')
      expect(made.errors).toBeUndefined()
    },
    async remove(address: string): Promise<void> {
      const emailId = await idOf(address)
      const removed = await browser.mutate('removeEmail', { emailId }, 'removedId')
      expect(removed.errors).toBeUndefined()
    },
    forget: (removedEmailId: string) =>
      browser.mutate('forgetRemovedEmail', { removedEmailId }, 'removedId'),
    removed: async () =>
      (await browser.query('{ me { removedEmails { id address removedAt usableUntil forgettable } } }'))
        .data.me.removedEmails,
  }
}

/** A stranger who has proven a mailbox of their own and removed the person's. */
async function robbed() {
  const { user, address } = await person()
  const stranger = await intruder(user)
  const theirs = fresh()
  await stranger.prove(theirs)
  await stranger.makePrimary(theirs)
  await stranger.remove(address)
  return { user, address, stranger, theirs }
}

const lock = ({ browser }: { browser: Browser }) =>
  browser.query('mutation { lockEverything { me { id } } }')

/** The link "It wasn't me" of a mail. */
function linkOf({ id }: User): string {
  const named = { userId: id, deliveryId: newId(server.clock.now()) }
  return `${server.url}/not-me/${notMeReferenceOf(testSealing, named)}`
}

const press = (link: string) => fetch(link, { method: 'POST' })
const linksTo = ({ id }: User) => queued.recipientsOf('PASSWORD_RESET', id)

/** Asks for a link to an address, and waits until that was done about it. */
async function forgetPassword(address: string): Promise<string> {
  const { text } = await new Browser(server).mutate('requestPasswordReset', { email: address }, 'me { id }')
  const waiting = () => execute('select 1 from password_reset_request')
  await expect.poll(waiting, { timeout: 10_000 }).toEqual([])
  return text
}

const reset = (token: string) =>
  new Browser(server).mutate('resetPassword', { token, newPassword }, 'me { id }')

test('the link for a new password goes to the removed email of the person, not to what took its place', async () => {
  const { user, address, stranger, theirs } = await robbed()
  expect(await stranger.browser.query('{ me { wayBackEmail } }')).toMatchObject({
    data: { me: { wayBackEmail: address } },
  })
  // The stranger themself.
  await lock(stranger)
  expect(linksTo(user)).toEqual([address])
  expect(queued.recipientsOf('INTRUSION_REPORTED', user.id)).toEqual([address, theirs])

  expect((await reset(queued.tokenTo(address))).errors).toBeUndefined()
  const signedIn = await new Browser(server).signIn(user.username, newPassword)
  expect(signedIn.data.signIn).toMatchObject({ status: 'SIGNED_IN' })
}, 60_000)

test('the removed email hears of its removal, and the link in that mail does the same', async () => {
  const { user, address } = await robbed()
  expect(queued.recipientsOf('EMAIL_ADDED', user.id)).toEqual([address])
  expect(queued.recipientsOf('EMAIL_PRIMARY_SET', user.id)).toContain(address)
  expect(queued.recipientsOf('EMAIL_REMOVED', user.id)).toContain(address)
  expect((await press(linkOf(user))).status).toBe(200)
  expect(linksTo(user)).toEqual([address])
})

test('no number of emails of a stranger comes before those of the person', async () => {
  const { user, address } = await person()
  const second = fresh()
  await server.build.email(user, { address: second })
  server.clock.advanceSeconds(1)
  const stranger = await intruder(user)
  const many = Array.from({ length: 5 }, fresh)
  for (const one of many) await stranger.prove(one)
  await stranger.makePrimary(many[0] ?? '')
  for (const gone of [address, second, ...many.slice(1)]) await stranger.remove(gone)
  await lock(stranger)
  expect(linksTo(user)).toEqual([address])
  expect(queued.recipientsOf('INTRUSION_REPORTED', user.id)).toEqual(
    expect.arrayContaining([address, second]),
  )
})

test('an email counts for seven days after its removal, and is thrown away then', async () => {
  const { user, address } = await robbed()
  const late = await robbed()
  server.clock.advanceSeconds(7 * day - 1)
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([address])
  server.clock.advanceSeconds(1)
  await press(linkOf(late.user))
  expect(linksTo(late.user)).toEqual([late.theirs])

  await keepHouse({ url: server.appUrl, ownerUrl: server.databaseUrl }, server.clock, defaultLimits)
  const keptOf = ({ id }: User) => execute('select address from removed_email where user_id = ?', [id])
  expect(await keptOf(user)).toEqual([{ address }])
  const forgotten = await robbed()
  server.clock.advanceSeconds(8 * day)
  await keepHouse({ url: server.appUrl, ownerUrl: server.databaseUrl }, server.clock, defaultLimits)
  expect(await keptOf(forgotten.user)).toEqual([])
})

test('what counted when everything was locked goes on to count until the user is taken back', async () => {
  const { user, address } = await robbed()
  server.clock.advanceSeconds(6 * day)
  const link = linkOf(user)
  await press(link)
  server.clock.advanceSeconds(5 * day)
  await press(`${link}?again`)
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([address, address, address])
  expect((await reset(queued.tokenTo(address))).errors).toBeUndefined()
  // Taken back long ago, it begins anew.
  server.clock.advanceSeconds(20 * day)
  await press(linkOf(user))
  expect(linksTo(user).at(-1)).not.toBe(address)
})

test('an address that somebody else has proven since is no way back, not even when they remove it again', async () => {
  const { user, address, theirs } = await robbed()
  const other = await person()
  const theOther = await intruder(other.user)
  await theOther.prove(address)
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([theirs])
  await theOther.remove(address)
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([theirs, theirs])

  // However it came to be theirs, by the operator's own command for one.
  const second = await robbed()
  await server.build.email(other.user, { address: second.address })
  await press(linkOf(second.user))
  expect(linksTo(second.user)).toEqual([second.theirs])
})

test('who asks for a new password by a removed email is answered as by one that nobody has, and gets nothing', async () => {
  const { user, address } = await robbed()
  const nobodys = await forgetPassword(fresh())
  expect(await forgetPassword(address)).toBe(nobodys)
  await press(linkOf(user))
  expect(await forgetPassword(address)).toBe(nobodys)
  expect(linksTo(user)).toEqual([address])
  const signIn = await new Browser(server).signIn(address, password)
  expect(refusalOf(signIn)).toEqual({ code: 'CREDENTIALS_WRONG' })
}, 60_000)

test('while a user is taken back, a mailbox of the stranger’s gets no link that it asks for', async () => {
  const { user, address, theirs } = await robbed()
  await press(linkOf(user))
  await forgetPassword(theirs)
  expect(linksTo(user)).toEqual([address])
  await reset(queued.tokenTo(address))
  await forgetPassword(theirs)
  expect(linksTo(user)).toEqual([address])

  // Without anything removed it is the same.
  const second = await person()
  const stranger = await intruder(second.user)
  const another = fresh()
  await stranger.prove(another)
  await lock(stranger)
  await forgetPassword(another)
  expect(linksTo(second.user)).toEqual([second.address])
  await forgetPassword(second.address)
  expect(linksTo(second.user)).toEqual([second.address, second.address])
}, 60_000)

test('while a user is taken back, an older mailbox of the person gets a link, and any once all was looked at', async () => {
  const { user, address } = await person()
  const [old, recent] = [fresh(), fresh()]
  await server.build.email(user, {
    address: old,
    verifiedAt: new Date(server.clock.now().getTime() - 8 * day * 1000),
  })
  await server.build.email(user, { address: recent })
  await press(linkOf(user))
  await forgetPassword(old)
  await forgetPassword(recent)
  expect(linksTo(user)).toEqual([address, old])
  await reset(queued.tokenTo(old))
  const browser = new Browser(server)
  await browser.signIn(user.username, newPassword)
  await browser.query('mutation { finishRecovery { me { id } } }')
  await forgetPassword(recent)
  expect(linksTo(user)).toEqual([address, old, recent])

  // One that was older and was removed: then the old one may be of somebody who has been here for long.
  const second = await robbed()
  await execute(
    `update email set verified_at = verified_at - interval '8 days' where user_id = ? returning id`,
    [second.user.id],
  )
  await press(linkOf(second.user))
  await forgetPassword(second.theirs)
  expect(linksTo(second.user)).toEqual([second.address])
}, 60_000)

test('the page after the locking sends the link again, three times an hour, until a new password is set', async () => {
  const { user, address } = await robbed()
  const link = linkOf(user)
  expect((await press(`${link}?again`)).status).toBe(200)
  expect(linksTo(user)).toEqual([])
  expect(await (await press(link)).text()).toContain('action="?again"')

  const answers = await Promise.all(Array.from({ length: 50 }, () => press(`${link}?again`)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(linksTo(user)).toEqual([address, address, address, address])
  expect(await execute('select 1 as one from password_reset where user_id = ?', [user.id])).toHaveLength(1)
  // Another mail's link has locked nothing.
  server.clock.advanceSeconds(3601)
  await press(`${linkOf(user)}?again`)
  expect(linksTo(user)).toHaveLength(4)
  await press(`${link}?again`)
  await reset(queued.tokenTo(address))
  await press(`${link}?again`)
  expect(linksTo(user)).toHaveLength(5)
})

test('the holder of a removed mailbox still lacks the second factor', async () => {
  const { user, address } = await person()
  const { browser } = await enrol(server, user)
  const second = fresh()
  await server.build.email(user, { address: second })
  const { data } = await browser.query('{ me { emails { id address } } }')
  const idOf = (given: string) =>
    data.me.emails.find((email: { address: string }) => email.address === given).id
  await browser.mutate('setPrimaryEmail', { emailId: idOf(second) }, '__typename')
  expect(
    (await browser.mutate('removeEmail', { emailId: idOf(address) }, 'removedId')).errors,
  ).toBeUndefined()
  await press(linkOf(user))
  expect((await reset(queued.tokenTo(address))).errors).toBeUndefined()
  const signedIn = await new Browser(server).signIn(user.username, newPassword)
  expect(signedIn.data.signIn).toMatchObject({ status: 'SECOND_FACTOR_REQUIRED', me: null })
})

test('an email that is proven again is as old as it was, and no longer a removed one', async () => {
  const { user, address, stranger } = await robbed()
  const [before] = await execute<{ at: Date }>(
    'select proven_at as at from removed_email where user_id = ?',
    [user.id],
  )
  await stranger.prove(address)
  expect(await stranger.removed()).toEqual([])
  const again = (await stranger.emails()).find((email) => email.address === address)
  expect(new Date(again?.verifiedAt ?? 0)).toEqual(new Date(before?.at ?? 1))
  server.clock.advanceSeconds(61)
  const code = async () => {
    await stranger.browser.mutate('resendEmailCode', { emailId: again?.id }, '__typename')
    return queued.codeTo(address)
  }
  await stranger.browser.mutate('verifyEmail', { emailId: again?.id, code: await code() }, '__typename')
  server.clock.advanceSeconds(20 * day)
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([address])
})

test('a removed email is listed with its end, for its person only, and one that was never proven is not', async () => {
  const { address, stranger } = await robbed()
  const unproven = fresh()
  await stranger.browser.mutate('addEmail', { address: unproven }, '__typename')
  await stranger.remove(unproven)
  const removedAt = server.clock.now()
  expect(await stranger.removed()).toEqual([
    {
      id: expect.any(String),
      address,
      removedAt: removedAt.toISOString(),
      usableUntil: new Date(removedAt.getTime() + 7 * day * 1000).toISOString(),
      forgettable: false,
    },
  ])
  const other = await intruder((await person()).user)
  expect(await other.removed()).toEqual([])
})

test('a stranger cannot have the person’s emails forgotten after removing them', async () => {
  const { user, address } = await person()
  const second = fresh()
  await server.build.email(user, {
    address: second,
    verifiedAt: new Date(server.clock.now().getTime() - 40 * day * 1000),
  })
  const stranger = await intruder(user)
  const theirs = fresh()
  await stranger.prove(theirs)
  await stranger.makePrimary(theirs)
  await stranger.remove(address)
  await stranger.remove(second)
  const rows = await stranger.removed()
  const idOf = (given: string) => rows.find((row: { address: string }) => row.address === given).id
  expect((await stranger.forget(idOf(address))).errors).toBeUndefined()
  expect(refusalOf(await stranger.forget(idOf(second)))).toEqual({
    code: 'LAST_WAY_BACK',
    field: 'removedEmailId',
  })
  await lock(stranger)
  expect(linksTo(user)).toEqual([second])
})

test('a lost mailbox is forgotten once, told to it and to the primary one, and a link that went there ends', async () => {
  const { user, address: lost } = await person()
  const kept = fresh()
  await server.build.email(user, {
    address: kept,
    verifiedAt: new Date(server.clock.now().getTime() - 31 * day * 1000),
  })
  const owner = await intruder(user)
  await owner.makePrimary(kept)
  await owner.remove(lost)
  // Whoever has the mailbox tries what they can.
  await press(linkOf(user))
  const token = queued.tokenTo(lost)
  const back = await intruder(user)
  const [{ id }] = await back.removed()

  const answers = await Promise.all(Array.from({ length: 50 }, () => back.forget(id)))
  const codes = answers.map((answer) => refusalOf(answer)?.['code'] ?? 'forgotten')
  expect(codes.filter((code) => code === 'forgotten')).toHaveLength(1)
  expect(codes.filter((code) => code === 'NOT_FOUND')).toHaveLength(49)
  expect(queued.recipientsOf('EMAIL_FORGOTTEN', user.id)).toEqual([kept, lost])
  expect(refusalOf(await reset(token))).toMatchObject({ code: 'RESET_LINK_INVALID' })
  const { data } = await back.browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes[0]).toEqual({ action: 'EMAIL_FORGOTTEN', subject: lost })
  await lock(back)
  expect(linksTo(user).at(-1)).toBe(kept)
})

test('forgetting asks for a fresh proof', async () => {
  const { stranger } = await robbed()
  const [{ id }] = await stranger.removed()
  server.clock.advanceSeconds(601)
  expect(refusalOf(await stranger.forget(id))).toMatchObject({ code: 'STEP_UP_REQUIRED' })
})

test('who is disabled gets no way back by a removed email, and who is deleted leaves none', async () => {
  const { user } = await robbed()
  await execute('update "user" set disabled_at = now() where id = ? returning id', [user.id])
  await press(linkOf(user))
  expect(linksTo(user)).toEqual([])
  const deleted = await server.build.user()
  await server.build.removedEmail(deleted, { address: fresh() })
  await execute('delete from "user" where id = ? returning id', [deleted.id])
  expect(await execute('select 1 as one from removed_email where user_id = ?', [deleted.id])).toEqual([])
})
