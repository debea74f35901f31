import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestServer } from '../../test/server.ts'

const server = await createTestServer()
const kysely = () => server.orm.em.fork().getKysely()

test('the primary address and number come first, then the oldest, each with its proof', async () => {
  const phone = { number: '+12125550142', country: 'US' }
  const user = await server.build.user({ email: 'Primary@example.com', phone })
  const provenAt = server.clock.now().toISOString()
  await sql`insert into email (user_id, id, address, address_key, verified_at, created_at) values
    (${user.id}, gen_random_uuid(), 'newer@example.com', 'newer@example.com', now(), now() + interval '2 days'),
    (${user.id}, gen_random_uuid(), 'older@example.com', 'older@example.com', null, now() + interval '1 day')`.execute(
    kysely(),
  )
  await sql`insert into phone (user_id, id, number, country, created_at) values
    (${user.id}, gen_random_uuid(), '+13105550107', 'US', now() - interval '1 day')`.execute(kysely())

  const browser = await server.as(user)
  const { data } = await browser.query(
    '{ me { emails { address primary verifiedAt } phones { number country primary verifiedAt } } }',
  )
  expect(data.me).toEqual({
    emails: [
      { address: 'Primary@example.com', primary: true, verifiedAt: provenAt },
      { address: 'older@example.com', primary: false, verifiedAt: null },
      { address: 'newer@example.com', primary: false, verifiedAt: expect.any(String) },
    ],
    phones: [
      { number: '+12125550142', country: 'US', primary: true, verifiedAt: provenAt },
      { number: '+13105550107', country: 'US', primary: false, verifiedAt: null },
    ],
  })
})

test('many may hold an address unproven, one proven; a number may be proven by several', async () => {
  const [one, other] = [await server.build.user(), await server.build.user()]
  const hold = (userId: string) =>
    sql`insert into email (user_id, id, address, address_key, created_at)
      values (${userId}, ${userId}, 'shared@example.com', 'shared@example.com', now())`.execute(kysely())
  const prove = (userId: string) =>
    sql`insert into proven_email (address_key, user_id, email_id) values ('shared@example.com', ${userId}, ${userId})`.execute(
      kysely(),
    )
  for (const { id } of [one, other]) await hold(id)
  await prove(one.id)
  await expect(prove(other.id)).rejects.toThrow('proven_email_pkey')

  const number = '+14155550123'
  for (const { id } of [one, other]) {
    await sql`insert into phone (user_id, id, number, country, "primary", verified_at, created_at)
      values (${id}, ${id}, ${number}, 'US', true, now(), now())`.execute(kysely())
  }
  const { rows } = await sql`select user_id from phone where number = ${number}`.execute(kysely())
  expect(rows).toHaveLength(2)
})
