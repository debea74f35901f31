import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { QueuedMessages, wrong } from '../../test/queued-messages.ts'
import { type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { MailResolver } from './mail-domains.ts'

const queued = new QueuedMessages()
const server = await createTestServer({
  // Everybody here asks from one address.
  limits: { codes: { emails: { perSourceHour: 10_000 } } },
})
const kysely = () => server.orm.em.fork().getKysely()

let count = 0
/** An address that nobody has. */
function fresh(): string {
  return `added.${count++}@example.com`
}

const selection = 'email { id address primary verifiedAt } me { emails { id } }'

async function person(email = fresh()) {
  const user = await server.build.user({ email })
  const browser = await server.as(user)
  const add = (address: string) => browser.mutate('addEmail', { address }, selection)
  const verify = (emailId: string, code: string) =>
    browser.mutate('verifyEmail', { emailId, code }, selection)
  /** Adds an address and proves it. */
  const prove = async (address: string): Promise<string> => {
    const emailId = String((await add(address)).data.addEmail.email.id)
    expect((await verify(emailId, queued.codeTo(address))).errors).toBeUndefined()
    return emailId
  }
  return { user, browser, email, add, verify, prove }
}

async function emailsOf(browser: Caller) {
  const { data } = await browser.query(
    '{ me { emails { id address primary verifiedAt proof { triesLeft } } } }',
  )
  return data.me.emails
}

test('an added address gets a code, is not used before it is proven, and the others are told', async () => {
  const { user, browser, email, add, verify } = await person()
  const address = fresh()
  const added = await add(address)
  const { id } = added.data.addEmail.email
  expect(added.data.addEmail).toEqual({
    email: { id, address, primary: false, verifiedAt: null },
    me: { emails: [{ id: expect.any(String) }, { id }] },
  })
  expect(queued.recipientsOf('EMAIL_CODE', user.id)).toEqual([address])
  expect(queued.recipientsOf('EMAIL_ADDED', user.id)).toEqual([email])

  const { data } = await browser.query(
    '{ me { emails { address createdAt proof { channel sentAt expiresAt triesLeft nextCodeAt } } } }',
  )
  const inSeconds = (seconds: number) =>
    new Date(server.clock.now().getTime() + seconds * 1000).toISOString()
  expect(data.me.emails[1]).toEqual({
    address,
    createdAt: inSeconds(0),
    proof: {
      channel: 'EMAIL',
      sentAt: inSeconds(0),
      expiresAt: inSeconds(600),
      triesLeft: 5,
      nextCodeAt: inSeconds(60),
    },
  })

  const refused = await browser.mutate('setPrimaryEmail', { emailId: id }, selection)
  expect(refusalOf(refused)).toEqual({ code: 'ADDRESS_UNPROVEN', field: 'emailId' })

  const code = queued.codeTo(address)
  expect(refusalOf(await verify(id, wrong(code)))).toEqual({
    code: 'VERIFICATION_CODE_WRONG',
    field: 'code',
  })
  expect((await emailsOf(browser))[1].proof).toEqual({ triesLeft: 4 })
  const verified = await verify(id, ` ${code.slice(0, 3)} ${code.slice(3)} `)
  expect(verified.data.verifyEmail.email).toEqual({ id, address, primary: false, verifiedAt: inSeconds(0) })
  expect((await emailsOf(browser))[1].proof).toBeNull()
  expect(refusalOf(await verify(id, code))).toMatchObject({ code: 'VERIFICATION_CODE_EXPIRED' })
})

test('a new primary address is told to the old one and the new one, and there is always exactly one', async () => {
  const { user, browser, email, prove } = await person()
  const ids = await Promise.all([prove(fresh()), prove(fresh())])
  // At once, and each of them twice.
  await Promise.all(
    [...ids, ...ids].map((emailId) => browser.mutate('setPrimaryEmail', { emailId }, selection)),
  )
  const emails = await emailsOf(browser)
  expect(emails.map(({ primary }: { primary: boolean }) => primary)).toEqual([true, false, false])

  const [first, second] = queued.all.filter(
    ({ message, userId }) => message.kind === 'EMAIL_PRIMARY_SET' && userId === user.id,
  )
  expect([first?.ways[0].address, second?.ways[0].address]).toEqual([
    email,
    expect.stringContaining('added.'),
  ])
  expect(first?.message.values).toMatchObject({ before: email, after: second?.ways[0].address })
  expect(first?.message.values).toMatchObject({ from: '127.0.0.1', at: server.clock.now().toISOString() })
})

test('the last proven address stays, and the primary one while there is another', async () => {
  const { user, browser, email, add, prove } = await person()
  const remove = (emailId: string) =>
    browser.mutate('removeEmail', { emailId }, 'removedId me { emails { id } }')
  const [first] = await emailsOf(browser)
  expect(refusalOf(await remove(first.id))).toEqual({ code: 'LAST_EMAIL', field: 'emailId' })

  const unproven = (await add(fresh())).data.addEmail.email
  expect(refusalOf(await remove(first.id))).toMatchObject({ code: 'LAST_EMAIL' })
  const other = await prove(fresh())
  expect(refusalOf(await remove(first.id))).toEqual({ code: 'PRIMARY_ADDRESS', field: 'emailId' })

  expect((await remove(unproven.id)).data.removeEmail.removedId).toBe(unproven.id)
  expect(queued.recipientsOf('EMAIL_REMOVED', user.id)).toEqual([email])
  await browser.mutate('setPrimaryEmail', { emailId: other }, '__typename')
  const removed = await remove(first.id)
  expect(removed.data.removeEmail).toEqual({ removedId: first.id, me: { emails: [{ id: other }] } })
  // The new primary one, and the removed one for the last time.
  const [, ...told] = queued.recipientsOf('EMAIL_REMOVED', user.id)
  expect(told).toEqual([expect.stringContaining('added.'), email])
  expect(refusalOf(await remove(other))).toMatchObject({ code: 'LAST_EMAIL' })
  expect(refusalOf(await remove(first.id))).toEqual({ code: 'NOT_FOUND', field: 'emailId' })

  const { data } = await browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes.map(({ action }: { action: string }) => action)).toEqual([
    'EMAIL_REMOVED',
    'EMAIL_PRIMARY_SET',
    'EMAIL_REMOVED',
    'EMAIL_VERIFIED',
    'EMAIL_ADDED',
    'EMAIL_ADDED',
  ])
})

test('of two proven addresses one stays, however many requests remove both at once', async () => {
  const { browser, prove } = await person()
  await prove(fresh())
  const emails = await emailsOf(browser)
  const removals = [...emails, ...emails, ...emails].map(({ id }) =>
    browser.mutate('removeEmail', { emailId: id }, 'removedId'),
  )
  const refusals = (await Promise.all(removals)).map((answer) => refusalOf(answer)?.['code'] ?? 'removed')
  expect(refusals.filter((refusal) => refusal === 'removed')).toHaveLength(1)
  expect(await emailsOf(browser)).toHaveLength(1)
})

test('an address is added once by one person, in whatever case, and ten of them at most', async () => {
  const { browser, add } = await person()
  const address = fresh()
  const answers = await Promise.all([address, address.toUpperCase(), address, address].map(add))
  const codes = answers.map((answer) => refusalOf(answer)?.['code'] ?? 'added')
  expect(codes.filter((code) => code === 'added')).toHaveLength(1)
  expect(codes.filter((code) => code === 'ADDRESS_ALREADY_ADDED')).toHaveLength(3)

  const many = await Promise.all(Array.from({ length: 12 }, () => add(fresh())))
  const refusals = many.map((answer) => refusalOf(answer)).filter((refusal) => refusal !== undefined)
  const limitReached = { code: 'ADDRESS_LIMIT_REACHED', field: 'address' }
  expect(refusals).toEqual([limitReached, limitReached, limitReached, limitReached])
  expect(await emailsOf(browser)).toHaveLength(10)
})

test('whether somebody else has an address is told to nobody but who can read its mail', async () => {
  const owner = await person()
  const taken = owner.email
  const [stranger, other] = [await person(), await person()]
  const masked = (text: string) =>
    text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|added\.\d+/g, '…')
  const [known, unknown] = await Promise.all([stranger.add(taken), other.add(fresh())])
  expect(known.status).toBe(unknown.status)
  expect(masked(known.text)).toBe(masked(unknown.text))
  expect([...known.headers.keys()]).toEqual([...unknown.headers.keys()])

  // A wrong code is a wrong code.
  const { id } = known.data.addEmail.email
  const code = queued.codeTo(taken)
  expect(refusalOf(await stranger.verify(id, wrong(code)))).toMatchObject({
    code: 'VERIFICATION_CODE_WRONG',
  })
  expect(refusalOf(await stranger.verify(id, code))).toEqual({
    code: 'ADDRESS_PROVEN_BY_ANOTHER',
    field: 'code',
  })
  // The code is used up although it led to nothing.
  expect(refusalOf(await stranger.verify(id, code))).toMatchObject({
    code: 'VERIFICATION_CODE_EXPIRED',
  })
  const held = await emailsOf(stranger.browser)
  expect(held[1]).toMatchObject({ address: taken, verifiedAt: null, primary: false })
})

test('of several who prove one address at once, one has it', async () => {
  const address = fresh()
  const people = await Promise.all(Array.from({ length: 4 }, () => person()))
  const tries: { verify: (id: string, code: string) => Promise<unknown>; id: string; code: string }[] = []
  for (const { add, verify } of people) {
    const { id } = (await add(address)).data.addEmail.email
    tries.push({ verify, id, code: queued.codeTo(address) })
    server.clock.advanceSeconds(61)
    // Three in ten minutes is as many as an address gets.
    await sql`delete from code_sending where address_key = ${address}`.execute(kysely())
  }
  await Promise.all(tries.map(({ verify, id, code }) => verify(id, code)))
  const { rows } =
    await sql`select 1 from email where address_key = ${address} and verified_at is not null`.execute(
      kysely(),
    )
  expect(rows).toHaveLength(1)
})

test('an address to which nothing was sent any more is proven again, and cannot become primary before', async () => {
  const { browser, verify, prove } = await person()
  const address = fresh()
  const emailId = await prove(address)
  await sql`insert into blocked_address (channel, address_key, reason, detail, blocked_at)
    values ('EMAIL', ${address}, 'BOUNCE', '550 5.1.1 mailbox does not exist', now())`.execute(kysely())
  const read = async () => {
    const { data } = await browser.query('{ me { emails { blockedAt blockedReason blockedDetail } } }')
    return data.me.emails
  }
  const unblocked = { blockedAt: null, blockedReason: null, blockedDetail: null }
  expect(await read()).toEqual([
    unblocked,
    {
      blockedAt: expect.any(String),
      blockedReason: 'BOUNCE',
      blockedDetail: '550 5.1.1 mailbox does not exist',
    },
  ])
  const primary = await browser.mutate('setPrimaryEmail', { emailId }, '__typename')
  expect(refusalOf(primary)).toEqual({ code: 'CHANNEL_UNAVAILABLE', field: 'emailId' })

  server.clock.advanceSeconds(61)
  expect((await browser.mutate('resendEmailCode', { emailId }, selection)).errors).toBeUndefined()
  expect((await verify(emailId, queued.codeTo(address))).errors).toBeUndefined()
  expect(await read()).toEqual([unblocked, unblocked])
})

test('a domain that takes no mail is refused, one that does not answer is taken with a note', async () => {
  const zones: Record<string, () => { exchange: string }[]> = {
    'no-mail.example.com': () => [{ exchange: '' }],
    'mail.example.com': () => [{ exchange: 'mx.example.com' }],
    'slow.example.com': () => {
      throw Object.assign(new Error('queryMx ETIMEOUT'), { code: 'ETIMEOUT' })
    },
  }
  const nothing = async () => []
  const mailResolver: MailResolver = {
    resolveMx: async (domain) => zones[domain]?.() ?? [],
    resolve4: nothing,
    resolve6: nothing,
  }
  const environment = { SMTP_URL: 'smtp://127.0.0.1:9' }
  const sending = await createTestServer({ environment, mailResolver })
  const browser = await sending.as(await sending.build.user())
  const add = (address: string) => browser.mutate('addEmail', { address }, '__typename')
  const refused = { code: 'BAD_USER_INPUT', field: 'address', reason: 'NO_MAIL_DOMAIN' }
  expect(refusalOf(await add('pat@no-mail.example.com'))).toEqual(refused)
  expect(refusalOf(await add('pat@nothing.example.com'))).toEqual(refused)
  expect(refusalOf(await add('pat@mail.example.com'))).toBeUndefined()
  expect(refusalOf(await add('pat@slow.example.com'))).toBeUndefined()
  const { data } = await browser.query('{ me { activity { nodes { subject changes { field after } } } } }')
  expect(data.me.activity.nodes).toEqual([
    { subject: 'pat@slow.example.com', changes: [{ field: 'deliverability', after: 'UNKNOWN' }] },
    { subject: 'pat@mail.example.com', changes: [] },
  ])
})

test('a server that carries no mail takes no address', async () => {
  const silent = await createTestServer({ environment: { CATCHER: 'off' } })
  const browser = await silent.as(await silent.build.user())
  const answer = await browser.mutate('addEmail', { address: fresh() }, '__typename')
  expect(refusalOf(answer)).toEqual({ code: 'CHANNEL_NOT_CONFIGURED' })
})

test('what is no address is refused by the field, and nothing is kept', async () => {
  const { browser, add } = await person()
  for (const address of [
    'a@x.test\r\nBcc: b@y',
    '"a@evil.test x"@good.test',
    'a@x.test,b@y.test',
    'a@localhost',
  ]) {
    expect(refusalOf(await add(address))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'address',
      reason: 'FORMAT',
    })
  }
  expect(refusalOf(await add('g:'.repeat(10_000)))).toMatchObject({ reason: 'TOO_LONG' })
  expect(await emailsOf(browser)).toHaveLength(1)
})
