import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'

import { afterAll, expect, test } from 'vitest'

import { dnsLookup } from './dns-lookup.ts'
import { OutboundHttp } from './outbound-http.ts'

const typeA = 1
const typeAaaa = 28
const noSuchName = 3

const records: Record<string, { [typeA]?: string[]; [typeAaaa]?: string[] }> = {
  'public.example': { [typeA]: ['8.8.8.8'], [typeAaaa]: ['2606:4700:4700:0:0:0:0:1111'] },
  'four.example': { [typeA]: ['8.8.8.8', '8.8.4.4'] },
  'inward.example': { [typeA]: ['127.0.0.1'] },
  'inward6.example': { [typeAaaa]: ['0:0:0:0:0:0:0:1'] },
  'both.example': { [typeA]: ['8.8.8.8', '127.0.0.1'] },
}
const asked: string[] = []

/** A name server as small as can be: one question, answers that point at it. */
const server = createSocket('udp4', (question, { address, port }) => {
  const labels: string[] = []
  let end = 12
  for (let length = question.readUInt8(end); length > 0; length = question.readUInt8(end)) {
    labels.push(question.toString('latin1', end + 1, end + 1 + length))
    end += 1 + length
  }
  const name = labels.join('.').toLowerCase()
  const type = question.readUInt16BE(end + 1)
  asked.push(`${name} ${type}`)
  const known = records[name]
  const found = (type === typeA || type === typeAaaa ? known?.[type] : undefined) ?? []
  const answers = found.map((text) => {
    const data = Buffer.from(
      type === typeA
        ? text.split('.').map(Number)
        : text
            .split(':')
            .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
    )
    const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length])
    return Buffer.concat([head, data])
  })
  const head = Buffer.from([0x81, known ? 0x80 : 0x80 | noSuchName, 0, 1, 0, answers.length, 0, 0, 0, 0])
  const reply = [question.subarray(0, 2), head, question.subarray(12, end + 5), ...answers]
  server.send(Buffer.concat(reply), port, address)
}).bind(0, '127.0.0.1')
await once(server, 'listening')
afterAll(() => server.close())

const lookUp = dnsLookup([`127.0.0.1:${server.address().port}`])

function addressesOf(hostname: string): Promise<LookupAddress[]> {
  const { promise, resolve, reject } = Promise.withResolvers<LookupAddress[]>()
  lookUp(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)))
  return promise
}

test('a name has the addresses of both kinds', async () => {
  expect(await addressesOf('public.example')).toEqual(
    expect.arrayContaining([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ]),
  )
  expect(await addressesOf('four.example')).toEqual([
    { address: '8.8.8.8', family: 4 },
    { address: '8.8.4.4', family: 4 },
  ])
})

test('a name that nobody has is an error', async () => {
  await expect(addressesOf('nobody.example')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test.each(['inward.example', 'inward6.example', 'both.example'])(
  '%s leads inwards, so it is asked about once and not called',
  async (name) => {
    const http = new OutboundHttp({ allowedHosts: [], lookUp })
    asked.length = 0
    expect(await http.request({ url: `https://${name}/` })).toEqual({
      kind: 'refused',
      detail: 'its address is not public',
    })
    expect(asked.toSorted()).toEqual([`${name} ${typeA}`, `${name} ${typeAaaa}`])
    await http[Symbol.asyncDispose]()
  },
)
