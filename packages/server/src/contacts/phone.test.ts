import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { spellings } from '../../test/phone-spellings.ts'
import { QueuedMessages, wrong } from '../../test/queued-messages.ts'
import { type Answer, type Caller, createTestServer, refusalOf } from '../../test/server.ts'
import type { User } from '../users/user.entity.ts'

const queued = new QueuedMessages()
const server = await createTestServer({
  // Everybody here asks from one address.
  limits: { codes: { phones: { perSourceHour: 10_000, perCountryHour: 10_000 } } },
})
const kysely = () => server.orm.em.fork().getKysely()

// Reserved in every area: no two tests share a prefix.
const areas = [
  '202',
  '212',
  '213',
  '301',
  '302',
  '303',
  '305',
  '312',
  '313',
  '314',
  '315',
  '404',
  '412',
  '415',
  '503',
]
let line = 100
/** A number that nobody has, in an area of its own. */
function fresh(): string {
  const area = areas.shift()
  if (!area) throw new Error('there are no more areas')
  return `+1${area}5550${line++}`
}

const selection = 'phone { id number country lineType primary verifiedAt }'

async function person(known?: User) {
  const user = known ?? (await server.build.user())
  const browser = await server.as(user)
  const add = (number: string, channel = 'SMS') =>
    browser.mutate('addPhone', { number, channel }, selection)
  const verify = (phoneId: string, code: string) =>
    browser.mutate('verifyPhone', { phoneId, code }, selection)
  const prove = async (number: string): Promise<string> => {
    const phoneId = String((await add(number)).data.addPhone.phone.id)
    expect((await verify(phoneId, queued.codeTo(number))).errors).toBeUndefined()
    return phoneId
  }
  return { user, browser, add, verify, prove }
}

async function phonesOf(browser: Caller) {
  const { data } = await browser.query(
    `{ me { phones { id number primary verifiedAt blockedAt blockedReason blockedChannels
      proof { channel triesLeft nextCodeAt } } } }`,
  )
  return data.me.phones
}

test('an added number gets a code over the channel that was chosen, and the primary email is told', async () => {
  const { user, browser, add, verify } = await person()
  const number = fresh()
  const { phone } = (await add(number, 'VOICE')).data.addPhone
  expect(phone).toMatchObject({ number, country: 'US', lineType: 'FIXED_LINE_OR_MOBILE', verifiedAt: null })
  const code = queued.all.find(({ message }) => message.kind === 'PHONE_CODE')
  expect(code).toMatchObject({
    live: true,
    ways: [{ channel: 'VOICE', addressId: phone.id, address: number }],
  })
  const [email] = queued.recipientsOf('PHONE_ADDED', user.id)
  expect(email).toMatch(/^person\..*@example\.com$/)

  expect(refusalOf(await verify(phone.id, wrong(queued.codeTo(number))))).toMatchObject({
    code: 'VERIFICATION_CODE_WRONG',
  })
  const verified = await verify(phone.id, queued.codeTo(number))
  // The first one proven is the primary.
  expect(verified.data.verifyPhone.phone).toMatchObject({ primary: true, verifiedAt: expect.any(String) })

  const { data } = await browser.query('{ me { activity { nodes { action subject } } } }')
  expect(data.me.activity.nodes).toEqual([
    { action: 'PHONE_VERIFIED', subject: number },
    { action: 'PHONE_ADDED', subject: number },
  ])
})

test('thirty spellings of one number are one row', async () => {
  const { browser, add } = await person()
  const answers: Answer[] = []
  for (let start = 0; start < 30; start += 10) {
    answers.push(
      ...(await Promise.all(spellings.slice(start, start + 10).map((spelling) => add(spelling)))),
    )
  }
  const outcomes = answers.map((answer) => refusalOf(answer)?.['code'] ?? 'added')
  expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'ADDRESS_ALREADY_ADDED')).toHaveLength(29)
  expect(await phonesOf(browser)).toHaveLength(1)
})

test('numbers that nothing is sent to are refused by the field, and nothing is kept', async () => {
  const { browser, add } = await person()
  const refused = async (number: string) => refusalOf(await add(number))
  const reason = (text: string) => ({ code: 'BAD_USER_INPUT', field: 'number', reason: text })
  for (const number of ['112', '911', '40404', '+19005550123', '+8816123456789']) {
    expect(await refused(number)).toEqual(reason('NUMBER_KIND'))
  }
  for (const number of ['+12025550142;ext=5', '+1202555O142', '2025550142', 'MARKER']) {
    expect(await refused(number)).toEqual(reason('FORMAT'))
  }
  expect(await refused('+41446681800')).toEqual(reason('COUNTRY'))
  for (const channel of ['EMAIL', 'PUSH', 'SLACK', 'IN_APP']) {
    expect(refusalOf(await add('+12025550142', channel))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'channel',
      reason: 'UNKNOWN',
    })
  }
  expect(await phonesOf(browser)).toEqual([])
})

test('a number stays what it is: no operation changes it', async () => {
  const { data } = await server
    .withCookie((await server.build.session(await server.build.user())).key)
    .query('{ __schema { mutationType { fields { name args { type { ofType { name } } } } } } }')
  const names: string[] = data.__schema.mutationType.fields.map(({ name }: { name: string }) => name)
  expect(names.filter((name) => name.endsWith('Phone') || name.includes('PhoneCode'))).toEqual([
    'addPhone',
    'verifyPhone',
    'resendPhoneCode',
    'setPrimaryPhone',
    'removePhone',
  ])
})

test('the only proven number may go, the primary one not while there is another', async () => {
  const { user, browser, prove } = await person()
  const first = await prove(fresh())
  const second = await prove(fresh())
  const remove = (phoneId: string) =>
    browser.mutate('removePhone', { phoneId }, 'removedId me { phones { id } }')
  expect(refusalOf(await remove(first))).toEqual({ code: 'PRIMARY_ADDRESS', field: 'phoneId' })
  const set = await browser.mutate('setPrimaryPhone', { phoneId: second }, selection)
  expect(set.data.setPrimaryPhone.phone.primary).toBe(true)
  expect((await remove(first)).data.removePhone).toEqual({
    removedId: first,
    me: { phones: [{ id: second }] },
  })
  expect((await remove(second)).data.removePhone).toEqual({ removedId: second, me: { phones: [] } })
  expect(queued.recipientsOf('PHONE_REMOVED', user.id)).toHaveLength(2)
})

test('five wrong codes end the tries of a number for a day, and neither the right one nor a new one helps', async () => {
  const { user, browser, add, verify } = await person()
  const number = fresh()
  const { id } = (await add(number)).data.addPhone.phone
  const code = queued.codeTo(number)
  for (let index = 0; index < 4; index++) {
    expect(refusalOf(await verify(id, wrong(code)))).toMatchObject({ code: 'VERIFICATION_CODE_WRONG' })
  }
  // A new code, and one try left of the five.
  server.clock.advanceSeconds(61)
  const resend = () => browser.mutate('resendPhoneCode', { phoneId: id, channel: 'SMS' }, selection)
  expect((await resend()).errors).toBeUndefined()
  expect((await phonesOf(browser))[0].proof).toMatchObject({ triesLeft: 1 })
  expect(refusalOf(await verify(id, wrong(queued.codeTo(number))))).toMatchObject({
    code: 'VERIFICATION_CODE_WRONG',
  })

  const exhausted = { code: 'VERIFICATION_CODE_EXHAUSTED', retryAfterSeconds: 86_400 - 61 }
  expect(refusalOf(await verify(id, queued.codeTo(number)))).toEqual(exhausted)
  expect(refusalOf(await resend())).toEqual(exhausted)

  server.clock.advanceSeconds(86_400)
  const nextDay = await person(user)
  await nextDay.browser.mutate('resendPhoneCode', { phoneId: id, channel: 'SMS' }, selection)
  expect((await nextDay.verify(id, queued.codeTo(number))).errors).toBeUndefined()
})

test('ten wrong codes of a person, over all numbers, end the tries of every number', async () => {
  const { user, browser, add, verify } = await person()
  const numbers = [fresh(), fresh(), fresh()]
  const ids: string[] = []
  for (const number of numbers) ids.push(String((await add(number)).data.addPhone.phone.id))
  for (const index of [0, 1]) {
    const code = wrong(queued.codeTo(numbers[index] ?? ''))
    await Promise.all(Array.from({ length: 5 }, () => verify(ids[index] ?? '', code)))
  }
  const last = { id: ids[2] ?? '', number: numbers[2] ?? '' }
  expect(refusalOf(await verify(last.id, queued.codeTo(last.number)))).toMatchObject({
    code: 'VERIFICATION_CODE_EXHAUSTED',
  })
  // Nor does it help to remove the number and to begin anew.
  const removed = await browser.mutate('removePhone', { phoneId: last.id }, 'removedId')
  expect(removed.errors).toBeUndefined()
  expect(refusalOf(await add(last.number))).toMatchObject({ code: 'VERIFICATION_CODE_EXHAUSTED' })

  server.clock.advanceSeconds(86_401)
  const nextDay = await person(user)
  const again = (await nextDay.add(last.number)).data.addPhone.phone.id
  expect((await nextDay.verify(again, queued.codeTo(last.number))).errors).toBeUndefined()
})

test('a code is over after ten minutes, when it was used, and when a newer one was sent', async () => {
  const { browser, add, verify } = await person()
  const number = fresh()
  const { id } = (await add(number)).data.addPhone.phone
  const first = queued.codeTo(number)
  server.clock.advanceSeconds(600)
  expect(refusalOf(await verify(id, first))).toEqual({ code: 'VERIFICATION_CODE_EXPIRED', field: 'code' })
  await browser.mutate('resendPhoneCode', { phoneId: id, channel: 'WHATSAPP' }, selection)
  const second = queued.codeTo(number)
  // The same digits, by chance, would be the new code.
  const old = first === second ? wrong(second) : first
  expect(refusalOf(await verify(id, old))).toMatchObject({ code: 'VERIFICATION_CODE_WRONG' })
  server.clock.advanceSeconds(599)
  expect((await verify(id, second)).errors).toBeUndefined()
  expect(refusalOf(await verify(id, second))).toMatchObject({ code: 'VERIFICATION_CODE_EXPIRED' })
})

test('the code of one number proves no other, and that of one person nothing of another', async () => {
  const { add, verify } = await person()
  const [one, two] = [fresh(), fresh()]
  const first = (await add(one)).data.addPhone.phone
  await add(two)
  const [ofOne, ofTwo] = [queued.codeTo(one), queued.codeTo(two)]
  const foreign = ofOne === ofTwo ? wrong(ofOne) : ofTwo
  expect(refusalOf(await verify(first.id, foreign))).toMatchObject({ code: 'VERIFICATION_CODE_WRONG' })
  const other = await person()
  server.clock.advanceSeconds(61)
  const same = (await other.add(one)).data.addPhone.phone
  const codeOfOther = queued.codeTo(one)
  expect(refusalOf(await other.verify(first.id, codeOfOther))).toEqual({
    code: 'NOT_FOUND',
    field: 'phoneId',
  })

  // The very same digits are signed for a row, a person and a channel.
  const { rows } = await sql<{ mac: string }>`select encode(code_mac, 'hex') as mac from address_proof
    where address_id in (${first.id}, ${same.id})`.execute(kysely())
  expect(new Set(rows.map(({ mac }) => mac)).size).toBe(2)
  const moved = await sql`update address_proof set channel = 'VOICE' where address_id = ${same.id}`.execute(
    kysely(),
  )
  expect(moved.numAffectedRows).toBe(1n)
  expect(refusalOf(await other.verify(same.id, codeOfOther))).toMatchObject({
    code: 'VERIFICATION_CODE_WRONG',
  })
})

test('thirty requests with the right code at once are one success', async () => {
  const { browser, add, verify } = await person()
  const number = fresh()
  const { id } = (await add(number)).data.addPhone.phone
  const code = queued.codeTo(number)
  const answers = await Promise.all(Array.from({ length: 30 }, () => verify(id, code)))
  const outcomes = answers.map((answer) => refusalOf(answer)?.['code'] ?? 'verified')
  expect(outcomes.filter((outcome) => outcome === 'verified')).toHaveLength(1)
  expect(new Set(outcomes.filter((outcome) => outcome !== 'verified'))).not.toContain('INTERNAL')
  const { data } = await browser.query('{ me { activity { nodes { action } } } }')
  expect(data.me.activity.nodes).toEqual([{ action: 'PHONE_VERIFIED' }, { action: 'PHONE_ADDED' }])
  // Right codes are no failures.
  const { rows } = await sql`select 1 from proof_failure where failures > 0 and user_id =
    (select user_id from phone where id = ${id})`.execute(kysely())
  expect(rows).toEqual([])
})

test('thirty guesses at once are five tries', async () => {
  const { add, verify } = await person()
  const number = fresh()
  const { id } = (await add(number)).data.addPhone.phone
  const code = wrong(queued.codeTo(number))
  const answers = await Promise.all(Array.from({ length: 30 }, () => verify(id, code)))
  const outcomes = answers.map((answer) => refusalOf(answer)?.['code'])
  expect(outcomes.filter((outcome) => outcome === 'VERIFICATION_CODE_WRONG')).toHaveLength(5)
  expect(outcomes.filter((outcome) => outcome === 'VERIFICATION_CODE_EXHAUSTED')).toHaveLength(25)
})

test('what is no code is refused and counts as no try', async () => {
  const { browser, add, verify } = await person()
  const number = '+16145550107'
  const { id } = (await add(number)).data.addPhone.phone
  for (const code of ['12345', '1234567', 'abcdef', '１２３４５６', '12 34', '-12345', '1e5']) {
    expect(refusalOf(await verify(id, code))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'code',
      reason: 'FORMAT',
    })
  }
  expect(refusalOf(await verify(id, ' '))).toMatchObject({ reason: 'EMPTY' })
  expect((await phonesOf(browser))[0].proof).toMatchObject({ triesLeft: 5 })
})

test('a code waits sealed, and what it is compared with is no code', async () => {
  const { add } = await person()
  const number = '+16155550108'
  const { id } = (await add(number)).data.addPhone.phone
  const code = queued.codeTo(number)
  const { rows } = await sql<{ mac: Buffer; content: object; secrets: Buffer }>`
    select code_mac as mac, content, secrets from address_proof join delivery using (user_id, address_id)
    where address_id = ${id}`.execute(kysely())
  const [row] = rows
  expect(row?.mac).toHaveLength(32)
  expect(row?.content).toEqual({})
  expect(row?.secrets.includes(code)).toBe(false)
})

test('STOP by text stops texts, and a code by text ends it', async () => {
  const { browser, prove, verify } = await person()
  const number = '+16175550109'
  const phoneId = await prove(number)
  await sql`insert into blocked_address (channel, address_key, reason, detail, blocked_at)
    values ('SMS', ${number}, 'OPTED_OUT', 'STOP', now())`.execute(kysely())
  expect((await phonesOf(browser))[0]).toMatchObject({
    blockedReason: 'OPTED_OUT',
    blockedAt: expect.any(String),
    blockedChannels: ['SMS'],
  })
  const again = async (channel: string) => {
    server.clock.advanceSeconds(601)
    await browser.mutate('resendPhoneCode', { phoneId, channel }, '__typename')
    await verify(phoneId, queued.codeTo(number))
    return (await phonesOf(browser))[0].blockedChannels
  }
  expect(await again('VOICE')).toEqual(['SMS'])
  expect(await again('SMS')).toEqual([])
})

test('a server without a carrier for a channel sends no codes over it', async () => {
  const environment = {
    CATCHER: 'off',
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000000',
    TWILIO_AUTH_TOKEN: 'not-a-real-token-of-anybody',
    TWILIO_FROM: '+12025550100',
    TWILIO_BASE_URL: 'http://127.0.0.1:9',
  }
  const sending = await createTestServer({ environment })
  const browser = await sending.as(await sending.build.user())
  const add = (channel: string) =>
    browser.mutate('addPhone', { number: '+12025550142', channel }, '__typename')
  expect(refusalOf(await add('WHATSAPP'))).toEqual({ code: 'CHANNEL_NOT_CONFIGURED', field: 'channel' })
  expect(refusalOf(await add('SMS'))).toBeUndefined()
})

test('whoever has a phone has no session: nobody signs in with a number or with its code', async () => {
  const number = '+16185550110'
  const password = 'a long password of nobody'
  const user = await server.build.user({ password, phone: { number, country: 'US' } })
  const browser = await server.as(user)
  const [{ id }] = await phonesOf(browser)
  const resent = await browser.mutate('resendPhoneCode', { phoneId: id, channel: 'SMS' }, '__typename')
  expect(resent.errors).toBeUndefined()
  const code = queued.codeTo(number)

  for (const [login, secret] of [
    [number, password],
    [number, code],
    [user.username, code],
  ]) {
    const input = { login, password: secret }
    const answer = await server.anonymous.mutate('signIn', input, 'status')
    expect(refusalOf(answer)).toMatchObject({ code: 'CREDENTIALS_WRONG' })
    server.clock.advanceSeconds(60)
  }
  const proven = await server.anonymous.mutate('verifyPhone', { phoneId: id, code }, '__typename')
  expect(refusalOf(proven)).toEqual({ code: 'UNAUTHENTICATED' })
  expect(proven.headers.get('set-cookie')).toBeNull()
})
