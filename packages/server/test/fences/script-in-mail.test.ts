import type { Browser, Page } from '@playwright/test'
import { expect } from 'vitest'

import { scriptPayloads } from '../../../client/e2e/script-payloads.ts'
import { Channel } from '../../src/delivery/channel.ts'
import type { Message } from '../../src/delivery/message.ts'
import { renderMessage } from '../../src/delivery/texts/render-message.ts'
import { Language } from '../../src/language.ts'
import { openChromium } from '../in-chromium.ts'
import { eventSample, messageSamples, sceneIn } from '../message-samples.ts'

const testInChromium = await openChromium()

/** A mail program that runs everything and fetches everything, which none does. Source: S-K6. */
async function openProgram(browser: Browser): Promise<{ page: Page; requests: string[] }> {
  const page = await browser.newPage()
  const requests: string[] = []
  await page.addInitScript('window.runs = 0; window.ran = () => { window.runs += 1 }')
  await page.route('**/*', (route) => {
    requests.push(route.request().url())
    return route.abort()
  })
  await page.goto('about:blank')
  return { page, requests }
}

async function open(page: Page, html: string): Promise<{ runs: number; text: string }> {
  await page.evaluate('window.runs = 0')
  await page.setContent(html)
  return page.evaluate('({ runs: window.runs, text: document.body.innerText })')
}

async function htmlOf(message: Message): Promise<string> {
  const mail = await renderMessage(Channel.EMAIL, message, sceneIn(Language.EN))
  return mail.channel === Channel.EMAIL ? mail.html : ''
}

testInChromium(
  'the page runs what a mail brings along, or the rest of this file would show nothing',
  async (browser) => {
    const { page, requests } = await openProgram(browser)
    const html = await htmlOf(eventSample({ title: 'here' }))
    const { runs } = await open(
      page,
      html.replaceAll('here', '<script>ran()</script><img src="https://evil.example/x">'),
    )
    expect(runs).toBeGreaterThan(0)
    expect(requests).toContain('https://evil.example/x')
  },
)

testInChromium(
  'markup and script in whatever a person or a program may write are text in a mail',
  async (browser) => {
    const { page, requests } = await openProgram(browser)
    for (const payload of scriptPayloads) {
      const entity = { type: payload, name: payload, url: payload }
      const event = eventSample({
        title: payload,
        body: `${payload}\n${payload}`,
        accountName: payload,
        entity,
      })
      const { runs, text } = await open(page, await htmlOf(event))
      expect({ payload, runs }).toEqual({ payload, runs: 0 })
      expect(text.replaceAll(/\s+/g, ' ')).toContain(payload.replaceAll(/\s+/g, ' '))
      expect(await page.locator('a:not([href^="https://lanyard.example.com/"])').count()).toBe(0)
    }
    expect(requests).toEqual([])
  },
)

testInChromium('names in the messages about a person’s own settings are text as well', async (browser) => {
  const { page, requests } = await openProgram(browser)
  const { values } = messageSamples.TOKEN_CREATED
  for (let index = 0; index < scriptPayloads.length; index += 4) {
    const [tokenName = '', accountName = '', device = '', from = ''] = scriptPayloads.slice(index)
    const named = { ...values, tokenName, accountName, device, from }
    const { runs } = await open(page, await htmlOf({ kind: 'TOKEN_CREATED', values: named }))
    expect({ named, runs }).toEqual({ named, runs: 0 })
  }
  expect(requests).toEqual([])
})
