import type { Manifest } from 'vite'

/** What size-limit measures: files under dist/, together. */
export interface Budget {
  name: string
  path: string[]
  limit: string
  gzip: true
}

const page = 'index.html'
const profile = 'src/app/ProfilePage.tsx'
const scriptOfTheDocument = 'color-scheme.js'
/** How the second part of a catalogue is named, see words-in-two-parts.ts. */
const rest = '.po?rest'

/** What is fetched when it is first opened, by the end of its name in the manifest. One that is not here has no budget. */
const sections = {
  'src/app/AccountMenu.tsx': '40 kB',
  'src/app/ClosedAccount.tsx': '40 kB',
  'src/app/NotFoundPage.tsx': '40 kB',
  'src/app/PersonMenuItems.tsx': '40 kB',
  'src/app/SecurityPage.tsx': '40 kB',
  'src/app/SettingsListPage.tsx': '40 kB',
  'src/app/SignInSettingsPage.tsx': '40 kB',
  'src/features/accounts/MembersPage.tsx': '40 kB',
  'src/features/activity/ActivityPage.tsx': '40 kB',
  'src/features/contacts/DeliveriesPage.tsx': '40 kB',
  'src/features/contacts/ContactsPage.tsx': '40 kB',
  'src/features/contacts/phone-typing.ts': '40 kB',
  'src/features/notifications/InboxDrawer.tsx': '40 kB',
  'src/features/notifications/NotificationSettingsPage.tsx': '40 kB',
  'src/features/security/ForgotPasswordPage.tsx': '40 kB',
  'src/features/security/LogOutDialog.tsx': '40 kB',
  'src/features/security/OrganisationPage.tsx': '40 kB',
  'src/features/security/ResetPasswordPage.tsx': '40 kB',
  'src/features/security/SecondFactorPage.tsx': '40 kB',
  'src/features/security/SignInPage.tsx': '40 kB',
  'src/features/security/StepUpDialog.tsx': '40 kB',
  'src/features/security/TwoFactorSetup.tsx': '40 kB',
  'src/features/security/passkey-ceremony.ts': '40 kB',
  'src/features/tokens/TokensPage.tsx': '40 kB',
  'src/features/users/UpdateInfoDialog.tsx': '40 kB',
  'src/ui/sounds.ts': '40 kB',
  '@vvo/tzdb/dist/index.js': '40 kB',
}

/**
 * How much JavaScript the profile page may need in one language, and how much more each section beside it.
 * @throws Error when the build has a section without a budget, or a budget no section
 */
export function pageBudgets(manifest: Manifest): Budget[] {
  const words = dynamicEntries(manifest).filter((entry) => entry.startsWith('src/locales/'))
  const catalogues = words.filter((entry) => !entry.endsWith(rest))
  const others = dynamicEntries(manifest).filter((entry) => entry !== profile && !words.includes(entry))
  const withoutBudget = others.filter((entry) => !Object.keys(sections).some((end) => entry.endsWith(end)))
  if (withoutBudget.length > 0)
    throw new Error(`No budget in page-budgets.ts for ${withoutBudget.join(', ')}`)

  const first = scriptsOf(manifest, page, profile)
  return [
    ...catalogues.map((catalogue) => ({
      name: `profile page with ${catalogue}`,
      path: [scriptOfTheDocument, ...first, ...scriptsOf(manifest, catalogue)],
      limit: '260 kB',
      gzip: true as const,
    })),
    ...words
      .filter((entry) => entry.endsWith(rest))
      .map((entry) => ({
        name: `words of every other page: ${entry}`,
        path: scriptsOf(manifest, entry).filter((script) => !first.includes(script)),
        limit: '40 kB',
        gzip: true as const,
      })),
    ...Object.entries(sections).map(([end, limit]) => {
      const entry = others.find((other) => other.endsWith(end))
      if (!entry) throw new Error(`A budget in page-budgets.ts, but nothing in the build: ${end}`)
      const path = scriptsOf(manifest, entry).filter((script) => !first.includes(script))
      return { name: end, path, limit, gzip: true as const }
    }),
  ]
}

function dynamicEntries(manifest: Manifest): string[] {
  return Object.keys(manifest).filter((key) => manifest[key]?.isDynamicEntry)
}

/** The files of these entries with everything they import, each once. */
function scriptsOf(manifest: Manifest, ...entries: string[]): string[] {
  const seen = new Set<string>()
  const visit = (key: string) => {
    if (seen.has(key)) return
    seen.add(key)
    for (const imported of chunkOf(manifest, key).imports ?? []) visit(imported)
  }
  entries.forEach(visit)
  return [...new Set([...seen].map((key) => chunkOf(manifest, key).file))]
}

function chunkOf(manifest: Manifest, key: string): Manifest[string] {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`The manifest of the build has no ${key}`)
  return chunk
}
