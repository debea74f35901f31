import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** What axe finds wrong with the page as it stands, as "rule: element". Every rule runs, also those off by default. */
export async function axeFindings(page: Page): Promise<string[]> {
  const builder = new AxeBuilder({ page })
    .options({ rules: { 'target-size': { enabled: true } } })
    // Twice as fast, and the same for pages without frames.
    .setLegacyMode()
  const { violations } = await builder.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html}`),
  )
}
