import { expect, test } from 'vitest'

import type { OutboundAnswer } from '../../lib/outbound-http.ts'
import { fetchDocument } from './fetch-document.ts'
import { Refused } from './raw-request.ts'

const url = new URL('https://sns.eu-west-1.amazonaws.com/a.pem')
const fetched = (answer: OutboundAnswer) => fetchDocument({ request: () => Promise.resolve(answer) }, url)
const answered = (status: number): OutboundAnswer => ({
  kind: 'answered',
  status,
  headers: {},
  body: 'text',
})

test('a document is its text', async () => {
  expect(await fetched(answered(200))).toBe('text')
})

test('one that is not there makes a forgery of whatever names it', async () => {
  for (const status of [400, 403, 404]) await expect(fetched(answered(status))).rejects.toThrow(Refused)
})

test('what may pass is left to another try', async () => {
  for (const answer of [
    answered(302),
    answered(503),
    { kind: 'unsent', detail: 'no such host' },
    { kind: 'unanswered', detail: 'there was no answer in time', head: null },
    { kind: 'refused', detail: 'its address is not public' },
  ] satisfies OutboundAnswer[]) {
    const fault = await fetched(answer).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(Error)
    expect(fault).not.toBeInstanceOf(Refused)
  }
})
