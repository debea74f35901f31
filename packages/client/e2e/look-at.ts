import { AxeBuilder } from '@axe-core/playwright'
import { type Page, expect } from '@playwright/test'
import { expectNothingSpilt } from './spilt-content.ts'

const desk = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }

/** What axe finds wrong with the page as it stands, and what does not fit: on a desk and on a phone, in both themes. */
export async function lookAt(page: Page): Promise<void> {
  for (const viewport of [phone, desk]) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: 'light' })
    expect.soft(await axeFindings(page), `light, ${viewport.width} wide`).toEqual([])
    // The theme changes colours and nothing else.
    await page.emulateMedia({ colorScheme: 'dark' })
    expect
      .soft(await axeFindings(page, { runOnly: rulesOnColours }), `dark, ${viewport.width} wide`)
      .toEqual([])
    await expectNothingSpilt(page, `${viewport.width} wide`)
  }
}

const rulesOnColours = ['color-contrast', 'link-in-text-block']

/** As "rule: element". Every rule runs, also those off by default. */
export async function axeFindings(
  page: Page,
  options: Parameters<AxeBuilder['options']>[0] = { rules: { 'target-size': { enabled: true } } },
): Promise<string[]> {
  const builder = new AxeBuilder({ page })
    .options(options)
    // Twice as fast, and the same for pages without frames.
    .setLegacyMode()
  const { violations } = await builder.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
  )
}
