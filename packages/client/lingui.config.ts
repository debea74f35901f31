import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

export default defineConfig({
  // Found from wherever the command or the test was started.
  rootDir: import.meta.dirname,
  sourceLocale: 'en',
  locales: ['en', 'es', 'fr', 'de', 'nl'],
  catalogs: [
    {
      path: '<rootDir>/src/locales/{locale}',
      include: ['<rootDir>/src'],
      exclude: ['**/*.test.{ts,tsx}'],
    },
  ],
  // Line numbers and dates would change in every commit and say nothing to a translator.
  format: formatter({ lineNumbers: false }),
  orderBy: 'message',
})
