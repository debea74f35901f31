import { expect, test } from 'vitest'
import { createTestServer } from './server.ts'

const server = await createTestServer({ environment: { CATCHER: '1' } })
const password = 'correct horse battery'

interface Caught {
  subject: string
  text: string
}

async function mailTo(userId: string, subject: string): Promise<Caught> {
  const found = async () => {
    const answer = await fetch(`${server.url}/outbox.json?to=${userId}`)
    const caught = (await answer.json()) as Caught[]
    return caught.find((message) => message.subject === subject)
  }
  await expect.poll(found, { timeout: 10_000, interval: 100 }).toBeDefined()
  const mail = await found()
  if (!mail) throw new Error(`no mail “${subject}”`)
  return mail
}

test('whoever reads of a sign-in that was not theirs ends it by the link in that mail', async () => {
  const { user } = await server.build.member({ user: await server.build.user({ password }) })
  const stranger = await server.anonymous.mutate('signIn', { login: user.username, password }, 'status')
  expect(stranger.errors).toBeUndefined()
  const sessions = () => server.orm.em.fork().execute('select 1 from session where user_id = ?', [user.id])
  expect(await sessions()).toHaveLength(1)

  const { text } = await mailTo(user.id, 'New sign-in')
  const [path = ''] = /\/not-me\/\S+/.exec(text) ?? []
  const link = `${server.url}${path}`
  expect(await (await fetch(link)).text()).toContain('Lock everything')
  expect(await sessions()).toHaveLength(1)
  expect((await fetch(link, { method: 'POST' })).status).toBe(200)
  expect(await sessions()).toEqual([])

  const locked = await mailTo(user.id, 'Everything is locked')
  expect(locked.text).not.toContain('/not-me/')
})
