import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es', 'fr', 'de', 'nl'],
  catalogs: [{ path: 'src/locales/{locale}', include: ['src'], exclude: ['src/**/*.test.tsx'] }],
  // Line numbers and dates would change in every commit and say nothing to a translator.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
})
