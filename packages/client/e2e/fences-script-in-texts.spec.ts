import { type Page, expect } from '@playwright/test'
import { tokensPerAccountUser } from '@lanyard/contract/limits'
import { beSignedIn, test } from './journey.ts'
import { type Person, makePerson } from './make-person.ts'
import { goTo, scenes, words } from './scenes.ts'
import { scriptPayloads } from './script-payloads.ts'
import { publishEvent } from './server-calls.ts'

const [first = '', ...others] = scriptPayloads

// The name of a session's device is made from this.
test.use({ userAgent: `Mozilla/5.0 (X11; ${first}) Firefox/120.0 <img src=x onerror=ran()>` })

test('markup and script in whatever a person or a program may write are text on every page', async ({
  page,
  playwright,
  baseURL,
}) => {
  // Every page there is, with as much on it as there can be.
  test.slow()
  const requests = await playwright.request.newContext({ baseURL: baseURL ?? '' })
  const person = await makePerson(requests, `<img src=x onerror=ran()> ${Date.now()}`)
  await writeEverywhere(person)
  await requests.dispose()

  const complaints = await collectComplaints(page)
  await beSignedIn(page, person)
  for (const scene of scenes) if (!scene.anonymous) await goTo(page, scene, words.en)

  await page.goto('/settings/activity')
  const unfold = page.getByRole('main').getByRole('button', { expanded: false })
  await expect(unfold.first()).toBeVisible()
  await unfold.evaluateAll((buttons: HTMLElement[]) => buttons.forEach((button) => button.click()))
  await expect(page.getByRole('insertion').last()).toBeVisible()
  const history = (await page.getByRole('insertion').allTextContents()).join('\n')
  for (const payload of others) expect(history).toContain(payload)

  await page.goto('/settings/tokens')
  const newestFirst = scriptPayloads.slice(0, tokensPerAccountUser).toReversed()
  await expect(page.getByRole('rowheader')).toContainText(newestFirst)

  await page.goto('/inbox')
  const items = page.getByRole('dialog').getByRole('listitem').getByRole('link')
  await expect(items).toContainText(scriptPayloads.toReversed())
  await items.first().click()
  const item = page.getByRole('dialog').getByRole('article')
  await expect(item).toContainText(scriptPayloads.join('\n'))
  const link = item.getByRole('link')
  await expect(link).toHaveText(`Open ${scriptPayloads.at(-1)}`)
  expect(new URL((await link.getAttribute('href')) ?? '').origin).toBe('https://host.example.com')

  for (const path of ['/', '/inbox/', '/settings/profile?account=', '/inbox?tab=', '/sign-in?next=']) {
    await page.goto(path + encodeURIComponent(first))
    await expect(page.getByRole('heading', { includeHidden: true }).first()).toBeAttached()
  }
  expect(complaints).toEqual([])
})

test('a link that is no address of the web is not taken, and would not be one on the page', async ({
  page,
  person,
}) => {
  const entity = { id: '7', name: 'Ticket 7', type: 'Ticket', url: 'https://host.example.com/tickets/7' }
  const event = { accountId: person.account.id, recipient: person.username, title: 'Ticket 7' }
  await publishEvent(person.call, { ...event, entity })
  await beSignedIn(page, person)

  const refused = [
    'javascript:ran()',
    ' JaVaScRiPt:ran()',
    'java\tscript:ran()',
    '\u0001javascript:ran()',
    'data:text/html,<script>ran()</script>',
    'vbscript:ran()',
    'blob:https://host.example.com/7',
    'view-source:javascript:ran()',
    '//host.example.com/tickets/7',
  ]
  for (const address of refused) {
    const answer = await page.request.post('/graphql', {
      data: {
        query: 'mutation ($input: PublishEventInput!) { publishEvent(input: $input) { accepted } }',
        variables: {
          input: {
            accountId: event.accountId,
            recipients: [event.recipient],
            type: 'TICKET_ASSIGNED',
            title: 'x',
            body: 'x',
            entity: { ...entity, url: address },
          },
        },
      },
    })
    expect(await answer.json(), address).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    })
  }

  // As if one had come into the database before there was a check.
  let url = ''
  await page.route('/graphql', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replaceAll(JSON.stringify(entity.url), JSON.stringify(url))
    await route.fulfill({ response, body })
  })
  for (url of ['javascript:ran()', ' JaVaScRiPt:ran()', 'data:text/html,<script>parent.ran()</script>']) {
    await page.goto('/inbox')
    const inbox = page.getByRole('dialog')
    await inbox.getByRole('listitem').getByRole('link').click()
    await expect(inbox.getByRole('article')).toContainText('Ticket: Ticket 7')
    await expect(inbox.getByRole('article').getByRole('link')).toHaveCount(0)
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** Each payload as both names, which the history remembers, as title, body and link of an item, and as a token's name. */
async function writeEverywhere({ call, account, accountUserId, username }: Person): Promise<void> {
  await call('mutation { updatePreferences(input: { rowsPerPage: 100 }) { me { id } } }')
  for (const [index, payload] of scriptPayloads.entries()) {
    await call('mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { me { id } } }', {
      input: { name: payload, publicName: payload },
    })
    await publishEvent(call, {
      accountId: account.id,
      recipient: username,
      title: payload,
      body: scriptPayloads.join('\n'),
      entity: {
        id: payload,
        name: payload,
        type: payload,
        url: `https://host.example.com/${payload}`,
      },
    })
    if (index < tokensPerAccountUser) {
      await call(
        'mutation ($input: CreatePersonalAccessTokenInput!) { createPersonalAccessToken(input: $input) { token } }',
        { input: { accountUserId, name: payload } },
      )
    }
  }
  await publishEvent(call, {
    accountId: account.id,
    recipient: username,
    title: first,
    body: first,
    type: 'NETWORK_ALERT',
  })
}

/** What ran, what opened a window of the browser's own, and what the policy of the page had to stop. */
async function collectComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = []
  await page.exposeFunction('ran', () => complaints.push('script ran'))
  await page.exposeFunction('stopped', (what: string) => complaints.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      Reflect.get(window, 'stopped')(`stopped by ${violatedDirective}: ${blockedURI} ${sample}`)
    })
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return complaints
}
