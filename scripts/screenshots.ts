import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { chromium, type Browser, type Page } from '@playwright/test'
import { buildClient, buildServer } from './build.ts'
import { findChromium } from './chromium.ts'
import { findFreePort } from './free-port.ts'
import { say } from './run-step.ts'

/** Takes the pictures of the documents: always the same Monday night in New York, with the demonstration people. */
const now = '2026-11-23T08:12:00Z'

interface Picture {
  file: string
  path: string
  colorScheme: 'light' | 'dark'
  viewport: { width: number; height: number }
}

const desk = { width: 1280, height: 800 }

const pictures: Picture[] = [
  { file: 'profile-light.png', path: '/settings/profile', colorScheme: 'light', viewport: desk },
  { file: 'inbox-dark.png', path: '/inbox', colorScheme: 'dark', viewport: desk },
]

if ((await buildServer()) && (await buildClient())) await takePictures()
else process.exitCode = 1

async function takePictures(): Promise<void> {
  const server = spawn(
    'tsx',
    [
      '--tsconfig=packages/server/tsconfig.json',
      '--conditions=source',
      'packages/server/test/demo-server.ts',
      now,
    ],
    { env: { ...process.env, PORT: String(await findFreePort()) }, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const url = await createInterface(server.stdout).question('')
  const browser = await chromium.launch(await findChromium())
  try {
    for (const picture of pictures) await takePicture(browser, url, picture)
  } finally {
    await browser.close()
    server.stdin.end()
    await once(server, 'exit')
  }
}

async function takePicture(browser: Browser, url: string, { file, path, ...look }: Picture): Promise<void> {
  const context = await browser.newContext({
    ...look,
    baseURL: url,
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(now)
  await signIn(page)
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog')).first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path: join('docs/images', file) })
  await context.close()
  say(`docs/images/${file}`)
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in')
  await page.locator('input[name=username]').fill('admin')
  await page.locator('input[name=password]').fill('lanyard-demo-2026')
  await page.locator('button[type=submit]').click()
  await page.waitForURL((address) => !address.pathname.startsWith('/sign-in'))
}
