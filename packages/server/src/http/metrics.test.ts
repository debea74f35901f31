import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { BadgeFollower } from '../../test/badge-follower.ts'
import { createTestServer } from '../../test/server.ts'

const clientDirectory = join(import.meta.dirname, '../../../client/src/graphql')
const server = await createTestServer({ clientDirectory })
const { user } = await server.build.member()
const browser = await server.as(user)

async function metrics(): Promise<string> {
  return (await fetch(`${server.url}/metrics`)).text()
}

/** How many requests of an operation were answered with a status. */
async function counted(operation: string, status: number): Promise<number> {
  const labels = `operation="${operation}",status="${status}"`
  return Number(
    new RegExp(`^lanyard_graphql_request_seconds_count\\{${labels}\\} (\\d+)$`, 'm').exec(
      await metrics(),
    )?.[1] ?? 0,
  )
}

test('requests are counted by the operations of the page, and all others together', async () => {
  const manifest = await readFile(join(clientDirectory, 'trusted-documents.json'), 'utf8')
  // Hashes with their documents: the client's code generation writes it so.
  const documents = Object.entries(JSON.parse(manifest) as Record<string, string>)
  const [hash] = documents.find(([, text]) => text.includes('query Landing')) ?? []
  await browser.send({ documentId: `sha256:${hash}` })
  await server.anonymous.send({ documentId: `sha256:${hash}` })
  expect(await counted('Landing', 200)).toBe(2)

  await browser.query('query SecretNameOfAStranger { me { id } }')
  await browser.query('{ noSuchField }')
  expect(await counted('other', 200)).toBe(1)
  expect(await counted('other', 400)).toBe(1)
  expect(await metrics()).not.toContain('SecretNameOfAStranger')
})

test('open sockets are counted', async () => {
  expect(await metrics()).toMatch(/^lanyard_sockets 0$/m)
  const client = await server.socketAs(user)
  await new BadgeFollower(client).until(() => true)
  expect(await metrics()).toMatch(/^lanyard_sockets 1$/m)
  await client.dispose()
  await expect.poll(metrics).toMatch(/^lanyard_sockets 0$/m)
})

test('nothing of a person is told', async () => {
  expect(await metrics()).not.toContain(user.id)
  expect(await metrics()).not.toContain(user.username)
})
