import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** What the server itself says: names of event types and roles, and every message it sends. Texts carry ids of their own; no macros here. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es', 'fr', 'de', 'nl'],
  catalogs: [
    {
      path: 'src/locales/{locale}',
      include: [
        'src/accounts/role-names.ts',
        'src/delivery/inbound/opt-out-words.ts',
        'src/delivery/texts',
        'src/notifications/event-catalogue.ts',
        'src/notifications/expiry-warnings.ts',
        'src/notifications/unsubscribe-page.ts',
        'src/security/not-me-page.ts',
        'src/security/sso/sso-test-page.ts',
        'src/setup/setup-page.ts',
      ],
      exclude: ['**/*.test.ts'],
    },
  ],
  format: formatter({
    lineNumbers: false,
    origins: false,
    explicitIdAsDefault: true,
    customHeaderAttributes: { 'POT-Creation-Date': '' },
  }),
  orderBy: 'messageId',
  compileNamespace: 'ts',
})
