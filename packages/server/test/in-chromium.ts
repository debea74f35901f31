import { type Browser, chromium } from '@playwright/test'
import { afterAll, vi } from 'vitest'

import { findChromium } from '../../../scripts/chromium.ts'
import { testNeeding } from './needs.ts'

/** A test for which a browser has to look. */
type TestInChromium = (name: string, run: (browser: Browser) => Promise<void>) => void

/** One browser for the file, whose start is what takes long on a busy machine. */
export async function openChromium(): Promise<TestInChromium> {
  const browser = await chromium.launch(await findChromium()).catch(() => undefined)
  vi.setConfig({ testTimeout: 60_000 })
  afterAll(() => browser?.close())
  return (name, run) =>
    testNeeding('Chromium', browser !== undefined, name, async () => browser && run(browser))
}
