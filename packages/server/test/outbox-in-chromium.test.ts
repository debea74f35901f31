import { randomUUID } from 'node:crypto'

import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, expect } from 'vitest'

import { StatementPool } from '../src/database/statements.ts'
import type { Carrier } from '../src/delivery/carrier.ts'
import { Catcher } from '../src/delivery/catcher.ts'
import { Channel } from '../src/delivery/channel.ts'
import type { Destination } from '../src/delivery/destination.ts'
import { renderMessage } from '../src/delivery/texts/render-message.ts'
import { Language } from '../src/language.ts'
import { openChromium } from './in-chromium.ts'
import { messageSamples, sceneIn } from './message-samples.ts'
import { createTestServer } from './server.ts'

const testInChromium = await openChromium()

const server = await createTestServer({ environment: { CATCHER: '1' } })
const statements = new StatementPool({ databaseUrl: server.databaseUrl, named: true })
afterAll(() => statements[Symbol.asyncDispose]())
const catcher: Carrier = new Catcher(statements, server.clock)

const phone = { number: '+12025550142', country: 'US' }
const wishes = { sound: 'default', persistentFrom: 'NEVER', showsContent: true }
const endpoint = `https://push.example.com/${'x'.repeat(200)}`
const destinations: Destination[] = [
  { channel: Channel.SMS, ...phone },
  { channel: Channel.VOICE, ...phone },
  { channel: Channel.WHATSAPP, ...phone },
  { channel: Channel.PUSH, endpoint, p256dh: 'p', auth: 'a', wishes },
  { channel: Channel.SLACK, token: 'xoxb', slackUserId: 'U012', teamId: 'T012' },
  { channel: Channel.EMAIL, address: 'mara@example.com' },
]
for (const to of destinations) {
  server.clock.advanceSeconds(1)
  const scene = sceneIn(Language.DE, { publicUrl: new URL(server.url) })
  const message = await renderMessage(to.channel, messageSamples.EVENT, scene)
  const ids = { userId: randomUUID(), deliveryId: randomUUID(), attemptKey: 'k', reference: 'r' }
  await catcher.send({ ...ids, to, message, lifeSeconds: 60 }, new AbortController().signal)
}

const code = await renderMessage(Channel.EMAIL, messageSamples.EMAIL_CODE, sceneIn(Language.DE))
const html = code.channel === Channel.EMAIL ? code.html : ''

type Found = Awaited<ReturnType<AxeBuilder['analyze']>>

function violations(found: Found): string[] {
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))
}

for (const colorScheme of ['light', 'dark'] as const) {
  testInChromium(
    `the outbox and a mail can be read by everybody in ${colorScheme}, also on a phone`,
    async (browser) => {
      const context = await browser.newContext({ colorScheme, viewport: { width: 390, height: 800 } })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))

      await page.goto(`${server.url}/outbox`)
      await page.getByRole('group').getByText('As text').click()
      expect(await page.getByText('Benachrichtigung öffnen:').isVisible()).toBe(true)
      const spilt = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect(await page.evaluate(spilt)).toBe(0)
      const list = await new AxeBuilder({ page }).exclude('iframe').analyze()
      expect(violations(list)).toEqual([])

      const mail = await context.newPage()
      await mail.goto('about:blank')
      await mail.setContent(html)
      expect(await mail.evaluate(spilt)).toBe(0)
      // Landmarks are those of the program that shows it.
      const found = await new AxeBuilder({ page: mail })
        .disableRules(['landmark-one-main', 'region'])
        .analyze()
      expect(violations(found)).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
  )
}

testInChromium(
  'a link in a mail of the outbox opens, though the mail itself is shut in',
  async (browser) => {
    const page = await browser.newPage()
    await page.goto(`${server.url}/outbox?channel=EMAIL`)
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Benachrichtigung öffnen' })
    const [opened] = await Promise.all([page.waitForEvent('popup'), link.first().click()])
    await opened.waitForURL(/\/inbox\//)
    expect(new URL(opened.url()).origin).toBe(server.url)
    await page.close()
  },
)
