import { type BrowserContext, type Page, test as base, expect } from '@playwright/test'
import { type Person, makePerson, password } from './make-person.ts'
import { signIn, withSession } from './server-calls.ts'

interface JourneyFixtures {
  /** Of the server, as "http://localhost:4000". */
  origin: string
  /** Somebody for this journey alone. */
  person: Person
  /** What the browser may complain of, in a journey that makes the server fail on purpose. */
  toleratedComplaint: RegExp | undefined
}

/**
 * A journey through the product. It fails when a page logs an error, breaks its own security policy, throws, or asks
 * another host for anything, wherever the journey goes.
 */
export const test = base.extend<JourneyFixtures>({
  toleratedComplaint: [undefined, { option: true }],

  origin: async ({ baseURL }, provide) => provide(new URL(baseURL ?? '').origin),

  context: async ({ context, origin, toleratedComplaint }, provide) => {
    const complaints = collectComplaints(context, new URL(origin).host)
    await provide(context)
    expect(complaints.filter((complaint) => !toleratedComplaint?.test(complaint))).toEqual([])
  },

  person: async ({ playwright, origin }, provide) => {
    // Without the cookies of a journey that looks at the demonstration: signing in would end their session.
    const storageState = { cookies: [], origins: [] }
    const requests = await playwright.request.newContext({ baseURL: origin, storageState })
    await provide(await makePerson(requests))
    await requests.dispose()
  },
})

/** Gives the browser a session, as the sign-in page does. */
export async function beSignedIn(page: Page, { username }: { username: string }): Promise<void> {
  await signIn(withSession(page.request), username, password)
}

function collectComplaints(context: BrowserContext, ownHost: string): string[] {
  const complaints: string[] = []
  const noteForeign = (url: string) => {
    if (new URL(url).host !== ownHost) complaints.push(`asked another host: ${url}`)
  }
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  context.on('weberror', (thrown) => complaints.push(String(thrown.error())))
  context.on('request', (request) => {
    if (!request.url().startsWith('blob:')) noteForeign(request.url())
  })
  context.on('page', (page) => page.on('websocket', (socket) => noteForeign(socket.url())))
  return complaints
}
