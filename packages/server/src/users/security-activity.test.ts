import { expect, test } from 'vitest'

import { createTestServer } from '../../test/server.ts'

const server = await createTestServer()

test('who fears a stranger looks through what matters, without the settings of the day', async () => {
  const { user, accountUser } = await server.build.member()
  const browser = await server.as(user)
  await browser.mutate('updatePreferences', { emojiMode: true }, 'me { id }')
  await browser.mutate('createPersonalAccessToken', { accountUserId: accountUser.id, name: 'N' }, 'token')
  await browser.mutate('updateProfile', { name: 'Another Name' }, 'me { id }')
  await browser.mutate('addEmail', { address: `more.${user.username}@example.com` }, 'me { id }')

  const read = async (args: string) => {
    const { data } = await browser.query(`{ me { activity${args} { totalCount nodes { action } } } }`)
    const { totalCount, nodes } = data.me.activity
    return { totalCount, actions: nodes.map(({ action }: { action: string }) => action) }
  }
  const everything = ['EMAIL_ADDED', 'PROFILE_UPDATED', 'TOKEN_CREATED', 'PREFERENCES_UPDATED']
  expect(await read('')).toEqual({ totalCount: 4, actions: everything })
  expect(await read('(security: false)')).toEqual({ totalCount: 4, actions: everything })
  expect(await read('(security: true)')).toEqual({
    totalCount: 2,
    actions: ['EMAIL_ADDED', 'TOKEN_CREATED'],
  })
  expect(await read('(security: true, first: 1)')).toEqual({ totalCount: 2, actions: ['EMAIL_ADDED'] })
})
