import { expect, test } from 'vitest'
import { createTestServer, type TestServer } from '../../test/server.ts'

const demonstration = await createTestServer()
const common = { databaseUrl: demonstration.databaseUrl, clock: demonstration.clock }
const configured = await createTestServer({
  ...common,
  environment: {
    MAIL_FROM: 'Northwind Fibre <alerts@example.com>',
    TWILIO_ACCOUNT_SID: 'AC0',
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '+12025550142, +13125550117',
    TWILIO_WHATSAPP_FROM: '+13125550117',
  },
})
const bare = await createTestServer({ ...common, environment: { CATCHER: 'off' } })

async function cardOf(server: TestServer, headers?: Record<string, string>): Promise<Response> {
  const { key } = await server.build.session(await server.build.user())
  return fetch(`${server.url}/sender-card.vcf`, {
    headers: headers ?? { cookie: `lanyard-4000=${key}` },
  })
}

test('the card of the sender has the numbers we call from, each once, under the name of our mail', async () => {
  const answer = await cardOf(configured)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/vcard; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="sender-card.vcf"')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const lines = (await answer.text()).split('\r\n')
  expect(lines.filter((line) => /^(?:FN|TEL|EMAIL)/.test(line))).toEqual([
    'FN:Northwind Fibre',
    'TEL;VALUE=uri;TYPE="voice,text":tel:+12025550142',
    'TEL;VALUE=uri;TYPE="voice,text":tel:+13125550117',
    'EMAIL:alerts@example.com',
  ])
})

test('in the demonstration it has numbers that nobody can have', async () => {
  const text = await (await cardOf(demonstration)).text()
  expect(text.match(/tel:\+\d+/g)).toEqual(['tel:+12025550100', 'tel:+12025550101'])
})

test('where nobody is called there is no card', async () => {
  expect((await cardOf(bare)).status).toBe(404)
})

test('it is for who is signed in: not for strangers, ended sessions or programs', async () => {
  const { accountUser } = await demonstration.build.member()
  const { token } = await demonstration.build.token(accountUser)
  for (const headers of [{}, { cookie: 'lanyard-4000=worthless' }, { authorization: `Bearer ${token}` }]) {
    const answer = await cardOf(configured, headers)
    expect([answer.status, await answer.text()]).toEqual([401, ''])
  }
})
