import { type Browser, chromium } from '@playwright/test'
import { afterAll, vi } from 'vitest'

import { findChromium } from '../../../scripts/chromium.ts'
import { testNeeding } from './needs.ts'

/** One for the file. Its start is what takes long on a busy machine. */
const browser = await chromium.launch(await findChromium()).catch(() => undefined)
vi.setConfig({ testTimeout: 60_000 })
afterAll(() => browser?.close())

/** A test for which a browser has to look. */
export function testInChromium(name: string, run: (browser: Browser) => Promise<void>): void {
  testNeeding('Chromium', browser !== undefined, name, async () => browser && run(browser))
}
