import type { Manifest } from 'vite'
import { expect, test } from 'vitest'
import { pageBudgets } from './page-budgets.ts'

const sections = [
  'src/app/AccountMenu.tsx',
  'src/app/ClosedAccount.tsx',
  'src/app/NotFoundPage.tsx',
  'src/app/PersonMenuItems.tsx',
  'src/app/SecurityPage.tsx',
  'src/app/SettingsListPage.tsx',
  'src/app/SignInSettingsPage.tsx',
  'src/features/accounts/MembersPage.tsx',
  'src/features/activity/ActivityPage.tsx',
  'src/features/contacts/DeliveriesPage.tsx',
  'src/features/contacts/ContactsPage.tsx',
  'src/features/contacts/phone-typing.ts',
  'src/features/notifications/InboxDrawer.tsx',
  'src/features/notifications/NotificationSettingsPage.tsx',
  'src/features/security/ForgotPasswordPage.tsx',
  'src/features/security/LogOutDialog.tsx',
  'src/features/security/OrganisationPage.tsx',
  'src/features/security/ResetPasswordPage.tsx',
  'src/features/security/SecondFactorPage.tsx',
  'src/features/security/SignInPage.tsx',
  'src/features/security/StepUpDialog.tsx',
  'src/features/security/TwoFactorSetup.tsx',
  'src/features/security/passkey-ceremony.ts',
  'src/features/tokens/TokensPage.tsx',
  'src/features/users/UpdateInfoDialog.tsx',
  'src/ui/sounds.ts',
  '../../node_modules/@vvo/tzdb/dist/index.js',
]

test('the first picture is the document, the profile, one catalogue, and what they import, each once', () => {
  const { path, limit } = budgetOf('profile page with src/locales/de.po')
  expect(path).toEqual(['color-scheme.js', 'index.js', 'first.js', 'profile.js', 'fields.js', 'de.js'])
  expect(limit).toBe('260 kB')
})

test('the words of the other pages are no part of the first picture, and have a budget of their own', () => {
  const names = pageBudgets(build).map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('profile page'))).toEqual([
    'profile page with src/locales/de.po',
  ])
  expect(budgetOf('words of every other page: src/locales/de.po?rest').path).toEqual(['rest-of-de.js'])
})

test('a section is measured by what it adds', () => {
  const { path, limit } = budgetOf('src/features/tokens/TokensPage.tsx')
  expect(path).toEqual(['src/features/tokens/TokensPage.tsx.js', 'dialogs.js'])
  expect(limit).toBe('40 kB')
})

test('a section that nobody gave a budget fails, and so does a budget for nothing', () => {
  const billing = { file: 'billing.js', isDynamicEntry: true }
  expect(() => pageBudgets({ ...build, 'src/features/billing/BillingPage.tsx': billing })).toThrow(
    /No budget .* src\/features\/billing\/BillingPage\.tsx/,
  )
  const { 'src/features/tokens/TokensPage.tsx': _gone, ...rest } = build
  expect(() => pageBudgets(rest)).toThrow(/nothing in the build: src\/features\/tokens\/TokensPage\.tsx/)
})

const build: Manifest = {
  'index.html': { file: 'index.js', imports: ['_first'] },
  _first: { file: 'first.js' },
  _fields: { file: 'fields.js', imports: ['_first'] },
  _dialogs: { file: 'dialogs.js', imports: ['_first', '_fields'] },
  'src/app/ProfilePage.tsx': { file: 'profile.js', isDynamicEntry: true, imports: ['_first', '_fields'] },
  'src/locales/de.po': { file: 'de.js', isDynamicEntry: true },
  'src/locales/de.po?rest': { file: 'rest-of-de.js', isDynamicEntry: true },
  ...Object.fromEntries(
    sections.map((key) => [
      key,
      { file: `${key}.js`, isDynamicEntry: true, imports: ['_first', '_fields', '_dialogs'] },
    ]),
  ),
}

function budgetOf(name: string) {
  const budget = pageBudgets(build).find((one) => one.name === name)
  if (!budget) throw new Error(`There is no budget named ${name}`)
  return budget
}
