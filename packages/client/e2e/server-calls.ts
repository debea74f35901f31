import { type APIRequestContext, expect } from '@playwright/test'

/** Sends one document to the server and resolves to its data; a refusal fails the test. */
export type Caller = (query: string, variables?: Record<string, unknown>) => Promise<unknown>

/** As the session whose cookie `request` holds, once somebody has signed in through it. */
export function withSession(request: APIRequestContext): Caller {
  return async (query, variables = {}) => {
    const response = await request.post('/graphql', { data: { query, variables } })
    return dataOf(await response.json())
  }
}

/** As a program with a token and nothing else would. */
export function withToken(origin: string, token: string): Caller {
  return async (query, variables = {}) => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return dataOf(await response.json())
  }
}

export async function signIn(call: Caller, login: string, password: string): Promise<void> {
  await call('mutation ($input: SignInInput!) { signIn(input: $input) { status } }', {
    input: { login, password },
  })
}

interface HostEvent {
  accountId: string
  /** A username. */
  recipient: string
  title: string
  body?: string
  /** An id of the catalogue; a ticket that was assigned when absent. */
  type?: string
  entity?: { id: string; name: string; type: string; url: string }
}

/** What a host product does when something has happened. Resolves to the number of inbox items made. */
export async function publishEvent(call: Caller, event: HostEvent): Promise<number> {
  const { recipient, type = 'TICKET_ASSIGNED', body = 'Packet loss on the uplink.', ...rest } = event
  const data = await call(
    'mutation ($input: PublishEventInput!) { publishEvent(input: $input) { notified } }',
    { input: { ...rest, type, body, recipients: [recipient] } },
  )
  // The document above asks for exactly this.
  return (data as { publishEvent: { notified: number } }).publishEvent.notified
}

function dataOf(answer: { data?: unknown; errors?: unknown }): unknown {
  expect(answer.errors, 'refusals').toBeUndefined()
  return answer.data
}
