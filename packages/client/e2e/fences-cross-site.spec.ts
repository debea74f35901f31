import { expect } from '@playwright/test'
import { attackFrom, openForeignSite, openSocketsFrom } from './foreign-site.ts'
import { beSignedIn, test as journey } from './journey.ts'

/** In a browser for which the name of the attacker leads to this machine. */
const test = journey.extend<object, { launchOptions: { args?: string[] } }>({
  launchOptions: [
    async ({ launchOptions }, provide) =>
      provide({
        ...launchOptions,
        args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP attacker.test 127.0.0.1'],
      }),
    { scope: 'worker' },
  ],
})

// The browser says what it keeps the attacker from, and every request of theirs is to another host.
test.use({ toleratedComplaint: /./ })

// A cookie knows no port: to the first of them the browser gives it along, and only the server tells them apart.
for (const host of ['localhost', '127.0.0.1', 'attacker.test']) {
  test(`a page of ${host} on another port changes nothing, reads nothing and gets no socket`, async ({
    page,
    person,
    origin,
  }) => {
    await using attacker = await openForeignSite()
    await beSignedIn(page, person)
    await page.goto(`http://${host}:${attacker.port}/`)

    const publicName = `Taken over from ${host}`
    const mutation = `mutation { updateProfile(input: { publicName: "${publicName}" }) { me { name } } }`
    expect(await attackFrom(page, origin, mutation)).toEqual([])
    expect(await attackFrom(page, origin, '{ me { name } }')).toEqual([])
    expect(await openSocketsFrom(page, origin)).toEqual(['refused', 'refused'])

    await page.goto(`${origin}/graphql?query=${encodeURIComponent(mutation)}`)
    expect(await person.call('{ me { publicName } }')).toEqual({ me: { publicName: person.name } })
    await page.goto('/settings/profile')
    await expect(page.getByRole('heading', { level: 1, name: person.name })).toBeVisible()
  })
}

test('the attack itself leaves the browser: a server that takes everything gets it', async ({ page }) => {
  await using attacker = await openForeignSite()
  await using victim = await openForeignSite()
  await page.goto(`http://attacker.test:${attacker.port}/`)
  await attackFrom(page, `http://localhost:${victim.port}`, 'mutation { x }')
  await openSocketsFrom(page, `http://localhost:${victim.port}`)

  const posted = (type: string) =>
    victim.received.filter((one) => one.startsWith(`POST ${type}: `) && one.includes('mutation')).length
  await expect.poll(() => posted('text/plain')).toBeGreaterThanOrEqual(4)
  await expect.poll(() => posted('application/x-www-form-urlencoded')).toBeGreaterThanOrEqual(4)
  await expect.poll(() => posted('multipart/form-data')).toBeGreaterThanOrEqual(4)
  const asked = victim.received.filter((one) => one.startsWith('GET /graphql?query=mutation'))
  expect(asked.length).toBeGreaterThanOrEqual(6)
  expect(victim.received.filter((one) => one.startsWith('UPGRADE'))).toHaveLength(2)
})
