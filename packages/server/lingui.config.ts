import { defineConfig } from '@lingui/cli'
import { formatter } from '@lingui/format-po'

/** What the server itself says: names of event types and roles. Messages carry ids of their own; no macros here. */
export default defineConfig({
  sourceLocale: 'en',
  locales: ['en', 'es', 'fr', 'de', 'nl'],
  catalogs: [
    {
      path: 'src/locales/{locale}',
      include: ['src/accounts/role-names.ts', 'src/notifications/event-catalogue.ts'],
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
