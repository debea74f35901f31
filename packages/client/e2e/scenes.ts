import { type Page, expect } from '@playwright/test'

/** What the controls that open something are called, in the shortest of the five languages and in the longest. */
export const words = {
  en: {
    updateInfo: 'Update info',
    logOut: 'Log out',
    save: 'Save',
    newToken: 'New token',
    createToken: 'Create token',
    deleteToken: /^Delete /,
    example: 'Example to copy',
    addConnection: 'Add connection',
    personMenu: 'Profile, theme and logging out',
    addPhone: 'Add phone',
    moreForAddress: /^More for /,
    alerts: /^Alerts/,
  },
  de: {
    updateInfo: 'Daten bearbeiten',
    logOut: 'Abmelden',
    save: 'Speichern',
    newToken: 'Neues Token',
    createToken: 'Token erstellen',
    deleteToken: / löschen$/,
    example: 'Beispiel zum Kopieren',
    addConnection: 'Verbindung hinzufügen',
    personMenu: 'Profil, Farbschema und Abmeldung',
    addPhone: 'Telefon hinzufügen',
    moreForAddress: /^Mehr zu /,
    alerts: /^Alarme/,
  },
} as const

type Words = (typeof words)[keyof typeof words]

/** One thing there is to see: a page, or what opens on it. */
interface Scene {
  name: string
  path: string
  /** Somebody who is signed in does not come to see it. */
  anonymous?: boolean
  /** What is done once the page is there. */
  open?: (page: Page, words: Words) => Promise<void>
}

/** For a person with tokens, with alerts and other items in the inbox, and with a history. */
export const scenes: readonly Scene[] = [
  { name: 'sign-in', path: '/sign-in', anonymous: true },
  {
    name: 'refused sign-in',
    path: '/sign-in',
    anonymous: true,
    open: async (page) => {
      await page.getByRole('button').and(page.locator('[type=submit]')).click()
      await expect(page.getByRole('alert').first()).toBeVisible()
    },
  },
  { name: 'forgotten password', path: '/forgot-password', anonymous: true },
  { name: 'new password by a link', path: '/reset-password#not-a-token', anonymous: true },
  { name: 'link that is not valid', path: '/reset-password', anonymous: true },
  { name: 'sign-in with an organisation', path: '/sign-in/organisation', anonymous: true },
  {
    name: 'refused single sign-on',
    path: '/sign-in?sso=SSO_UNAVAILABLE',
    anonymous: true,
  },
  { name: 'list of sections', path: '/settings' },
  { name: 'profile', path: '/settings/profile' },
  {
    name: 'update of the info, refused',
    path: '/settings/profile',
    open: async (page, { updateInfo, save }) => {
      await page.getByRole('button', { name: updateInfo }).click()
      await page.getByRole('dialog').getByRole('textbox').first().fill(' ')
      await page.getByRole('button', { name: save }).click()
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'question before logging out',
    path: '/settings/profile',
    open: async (page, { logOut }) => {
      await page.getByRole('button', { name: logOut, exact: true }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'menu of the person',
    path: '/settings/profile',
    open: async (page, { personMenu }) => {
      await page.getByRole('button', { name: personMenu }).click()
      await expect(page.getByRole('menu')).toBeVisible()
    },
  },
  {
    name: 'list of languages',
    path: '/settings/profile',
    open: async (page) => {
      await page.getByRole('combobox').first().click()
      await expect(page.getByRole('listbox')).toBeVisible()
    },
  },
  {
    name: 'list of time zones',
    path: '/settings/profile',
    open: async (page) => {
      await page.getByRole('combobox').nth(1).click()
      await expect(page.getByRole('option', { name: 'UTC' }).first()).toBeAttached()
    },
  },
  { name: 'contacts', path: '/settings/contacts' },
  {
    name: 'new phone, refused',
    path: '/settings/contacts',
    open: async (page, { addPhone }) => {
      await page.getByRole('button', { name: addPhone }).click()
      await page.getByRole('dialog').locator('[type=submit]').click()
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'menu of an address',
    path: '/settings/contacts',
    open: async (page, { moreForAddress }) => {
      await page.getByRole('button', { name: moreForAddress }).first().click()
      await expect(page.getByRole('menu')).toBeVisible()
    },
  },
  { name: 'security', path: '/settings/security' },
  { name: 'sign-in after everything was locked', path: '/sign-in?done=lock', anonymous: true },
  {
    name: 'history with an open entry',
    path: '/settings/activity',
    open: async (page) => {
      await page.getByRole('main').getByRole('listitem').getByRole('button').first().click()
      await expect(page.getByRole('insertion').first()).toBeVisible()
    },
  },
  { name: 'event matrix', path: '/settings/notifications' },
  {
    name: 'tokens with the example',
    path: '/settings/tokens',
    open: async (page, { example }) => {
      await page.getByRole('button', { name: example }).click()
      await expect(page.getByText('curl ')).toBeVisible()
    },
  },
  {
    name: 'new token, refused',
    path: '/settings/tokens',
    open: async (page, { newToken, createToken }) => {
      await page.getByRole('button', { name: newToken }).click()
      await page.getByRole('button', { name: createToken }).click()
      await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
    },
  },
  {
    name: 'question before a token is deleted',
    path: '/settings/tokens',
    open: async (page, { deleteToken }) => {
      await page.getByRole('button', { name: deleteToken }).first().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  { name: 'members of an account', path: '/settings/members' },
  { name: 'how an account is signed in to', path: '/settings/sign-in' },
  {
    name: 'new connection to an identity provider',
    path: '/settings/sign-in',
    open: async (page, { addConnection }) => {
      await page.getByRole('button', { name: addConnection }).click()
      await page.getByRole('dialog').getByText('SAML 2.0').click()
      await expect(page.getByRole('dialog').getByRole('checkbox')).toHaveCount(2)
    },
  },
  { name: 'inbox', path: '/inbox', open: showsInbox },
  {
    name: 'item of the inbox',
    path: '/inbox',
    open: async (page) => {
      await showsInbox(page)
      await page.getByRole('dialog').getByRole('listitem').getByRole('link').first().click()
      await expect(page.getByRole('dialog').getByRole('article')).toBeVisible()
    },
  },
  {
    name: 'alerts',
    path: '/inbox',
    open: async (page, { alerts }) => {
      await page.getByRole('tab', { name: alerts }).click()
      await showsInbox(page)
    },
  },
  {
    name: 'item that is not there',
    path: '/inbox/not-an-id',
    open: async (page) => {
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  { name: 'address with nothing behind it', path: '/nothing/here' },
]

/** Opens a scene and waits until nothing of it is still to come. */
export async function goTo(page: Page, { path, open }: Scene, language: Words): Promise<void> {
  await page.goto(path)
  await expect(
    page.getByRole('heading', { level: 1, includeHidden: true }).or(page.getByRole('dialog')).first(),
  ).toBeVisible()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await open?.(page, language)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

async function showsInbox(page: Page): Promise<void> {
  await expect(page.getByRole('dialog').getByRole('listitem').first()).toBeVisible()
}
