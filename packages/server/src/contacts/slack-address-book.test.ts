import { randomUUID } from 'node:crypto'
import { afterAll, expect, test, vi } from 'vitest'
import { testSecretKeys } from '../../test/secret-keys.ts'
import { createTestServer } from '../../test/server.ts'
import { StatementPool } from '../database/statements.ts'
import { Channel } from '../delivery/channel.ts'
import type { AddressQuery } from '../delivery/destination.ts'
import { SealingKeys } from '../sealing-keys.ts'
import type { User } from '../users/user.entity.ts'
import { slackAddressBook } from './slack-address-book.ts'
import { SlackLink } from './slack-link.entity.ts'
import { bindingOfSlackLink } from './slack-link.service.ts'

const server = await createTestServer()
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const onError = vi.fn()
const sealing = new SealingKeys([testSecretKeys])
const book = slackAddressBook({ statements, sealing, clock: server.clock, onError })

const queryFor = (user: User, addressId: string | null): AddressQuery => ({
  userId: user.id,
  channel: Channel.SLACK,
  addressId,
  address: '@sample',
  forProof: false,
})

async function personWithLink() {
  const user = await server.build.user()
  const link = await server.build.slackLink(user)
  const token = sealing.seal('xoxb-sample', bindingOfSlackLink(link.id))
  await server.orm.em.fork().nativeUpdate(SlackLink, { userId: user.id, id: link.id }, { token })
  return { user, linkId: link.id, browser: await server.as(user) }
}

test('a link is found with the token of its workspace; others, gone ones and unopenable ones each have an answer', async () => {
  const { user, linkId } = await personWithLink()
  const other = await personWithLink()
  const sealedElsewhere = await server.build.slackLink(user, { teamId: 'T0OTHER' })
  const gone = { usable: false, reason: 'ADDRESS_GONE' }
  expect(
    await book.look([
      queryFor(user, linkId),
      queryFor(user, other.linkId),
      queryFor(user, randomUUID()),
      queryFor(user, null),
      queryFor(user, sealedElsewhere.id),
    ]),
  ).toEqual([
    {
      usable: true,
      to: { channel: 'SLACK', token: 'xoxb-sample', slackUserId: 'U0SAMPLE', teamId: 'T0SAMPLE' },
    },
    gone,
    gone,
    gone,
    { usable: false, reason: 'FAULT' },
  ])
  expect(onError).toHaveBeenCalledOnce()
})

test('a link that was revoked at Slack is removed, and the history says so once', async () => {
  const { user, linkId, browser } = await personWithLink()
  const query = queryFor(user, linkId)
  await Promise.all([book.forget(query), book.forget(query)])
  expect(await book.look([query])).toEqual([{ usable: false, reason: 'ADDRESS_GONE' }])
  const { data } = await browser.query(
    '{ me { slackLinks { id } activity { nodes { action subject actor { id } } } } }',
  )
  expect(data.me).toEqual({
    slackLinks: [],
    activity: { nodes: [{ action: 'SLACK_UNLINKED', subject: '@sample', actor: null }] },
  })
})
