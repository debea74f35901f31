import { expect } from '@playwright/test'
import { test } from './journey.ts'

// The browser says what it stops.
test.use({ toleratedComplaint: /Content Security Policy|TrustedHTML|TrustedScript|trusted type/i })

test('on our pages no text becomes markup, code or style, whoever tries', async ({ page }) => {
  await page.goto('/sign-in')
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible()

  const outcomes = await page.evaluate(() => {
    const outcome = (attempt: () => unknown) => {
      try {
        attempt()
        return 'done'
      } catch (error) {
        return error instanceof Error ? error.name : String(error)
      }
    }
    const part = document.createElement('div')
    document.body.append(part)
    const script = document.createElement('script')
    const make = Reflect.get(window, 'trustedTypes')
    return {
      innerHTML: outcome(() => (part.innerHTML = '<b>bold</b>')),
      outerHTML: outcome(() => (part.outerHTML = '<b>bold</b>')),
      insertAdjacentHTML: outcome(() => part.insertAdjacentHTML('beforeend', '<b>bold</b>')),
      write: outcome(() => document.write('<b>bold</b>')),
      parser: outcome(() => new DOMParser().parseFromString('<b>bold</b>', 'text/html')),
      srcdoc: outcome(() => (document.createElement('iframe').srcdoc = '<b>bold</b>')),
      scriptText: outcome(() => (script.text = 'ran = true')),
      scriptAddress: outcome(() => (script.src = '/elsewhere.js')),
      policy: outcome(() => make.createPolicy('ours', { createHTML: (text: string) => text })),
      defaultPolicy: outcome(() => make.createPolicy('default', { createHTML: (text: string) => text })),
    }
  })
  expect(new Set(Object.values(outcomes)), JSON.stringify(outcomes)).toEqual(new Set(['TypeError']))

  const ran = await page.evaluate(() => {
    const link = document.createElement('a')
    link.setAttribute('href', 'javascript:document.title = "ran"')
    const script = document.createElement('script')
    script.append('document.title = "ran"')
    const style = document.createElement('style')
    style.append('body { display: none }')
    document.body.append(link, script, style)
    link.click()
    return [document.title, getComputedStyle(document.body).display]
  })
  expect(ran).toEqual(['Sign in · Lanyard', 'block'])
  await expect(page).toHaveTitle('Sign in · Lanyard')
})
