import { type Page, expect } from '@playwright/test'
import { beSignedIn, test } from './journey.ts'
import type { Person } from './make-person.ts'
import { goTo, scenes, words } from './scenes.ts'
import { publishEvent } from './server-calls.ts'
import { expectNothingSpilt } from './spilt-content.ts'

const phones = [390, 320] as const

// Every scene there is, one after the other, and there are more each time.
test.setTimeout(120_000)

test('German, the longest language, has room on the narrowest phones', async ({ page, person }) => {
  await fillWithLongWords(person)
  await visitEveryScene(page, person, async (sceneName) => {
    for (const width of phones) {
      await page.setViewportSize({ width, height: 844 })
      await expectNothingSpilt(page, `${sceneName}, ${width} wide`)
    }
  })
})

test('German has room with letters of twice the size', async ({ page, person }) => {
  await fillWithLongWords(person)
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
  await visitEveryScene(page, person, async (sceneName) => {
    await expect(page.locator('html')).toHaveCSS('font-size', '32px')
    await expectNothingSpilt(page, sceneName)
  })
})

async function visitEveryScene(
  page: Page,
  person: Person,
  look: (sceneName: string) => Promise<void>,
): Promise<void> {
  await page.addInitScript(() => localStorage.setItem('lanyard-language', 'DE'))
  const visit = (scene: (typeof scenes)[number]) =>
    test.step(scene.name, async () => {
      await goTo(page, scene, words.de)
      await look(scene.name)
    })
  for (const scene of scenes.filter(({ anonymous }) => anonymous)) await visit(scene)
  await beSignedIn(page, person)
  for (const scene of scenes.filter(({ anonymous }) => !anonymous)) await visit(scene)
}

async function fillWithLongWords({ call, username, account, accountUserId }: Person): Promise<void> {
  const longWord = 'Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz'
  await call(
    'mutation ($name: String!) { updateProfile(input: { name: $name, publicName: $name }) { me { id } } }',
    { name: `Robin ${longWord}` },
  )
  await call('mutation { updatePreferences(input: { language: DE }) { me { id } } }')
  await call(
    'mutation ($input: CreatePersonalAccessTokenInput!) { createPersonalAccessToken(input: $input) { token } }',
    { input: { accountUserId, name: longWord, readOnly: true } },
  )
  for (const type of ['NETWORK_ALERT', 'TICKET_ASSIGNED']) {
    const event = { accountId: account.id, recipient: username, title: longWord, body: longWord.repeat(3) }
    await publishEvent(call, { ...event, type })
  }
}
