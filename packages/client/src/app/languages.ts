import { i18n } from '@lingui/core'
import type { Messages } from '@lingui/core'
import type { Language } from '../graphql/generated.ts'

interface LanguageOfThePage {
  locale: string
  /** In the language itself, since those look for it who read no other. */
  name: string
  /** What the first page says; the build parts the two, see build/words-in-two-parts.ts. */
  catalogue: () => Promise<{ messages: Messages }>
  /** What everything else says. */
  rest: () => Promise<{ messages: Messages }>
}

export const languages: Record<Language, LanguageOfThePage> = {
  EN: {
    locale: 'en',
    name: 'English',
    catalogue: () => import('../locales/en.po'),
    rest: () => import('../locales/en.po?rest'),
  },
  ES: {
    locale: 'es',
    name: 'Español',
    catalogue: () => import('../locales/es.po'),
    rest: () => import('../locales/es.po?rest'),
  },
  FR: {
    locale: 'fr',
    name: 'Français',
    catalogue: () => import('../locales/fr.po'),
    rest: () => import('../locales/fr.po?rest'),
  },
  DE: {
    locale: 'de',
    name: 'Deutsch',
    catalogue: () => import('../locales/de.po'),
    rest: () => import('../locales/de.po?rest'),
  },
  NL: {
    locale: 'nl',
    name: 'Nederlands',
    catalogue: () => import('../locales/nl.po'),
    rest: () => import('../locales/nl.po?rest'),
  },
}

export const languageCodes: readonly Language[] = ['EN', 'ES', 'FR', 'DE', 'NL']

/** For a `Select`. */
export const languageOptions = languageCodes.map((code) => ({ value: code, label: languages[code].name }))

export function parseLanguage(value: string | null): Language | undefined {
  return languageCodes.find((code) => code === value)
}

/** Keeps the choice of somebody who is not signed in, and of the page before it knows who is. */
const storageKey = 'lanyard-language'

/** Whether something was opened whose words are not among the first. */
let restWanted = false
const rests = new Map<Language, Promise<void>>()

/** Turns the page to `language`; its catalogue is fetched once. */
export async function showLanguage(language: Language): Promise<void> {
  const { locale, catalogue } = languages[language]
  if (i18n.locale !== locale) {
    const { messages } = await catalogue()
    i18n.load(locale, messages)
    if (restWanted) await loadRest(language)
    i18n.activate(locale)
  }
  document.documentElement.lang = locale
  remember(language)
}

/** Gives a part of the page that was fetched later to who wants to draw it, once its words are there. */
export async function withWords<Part>(part: Promise<Part>): Promise<Part> {
  restWanted = true
  const shown = languageCodes.find((code) => languages[code].locale === i18n.locale)
  const [fetched] = await Promise.all([part, shown && loadRest(shown)])
  return fetched
}

function loadRest(language: Language): Promise<void> {
  const known = rests.get(language)
  if (known) return known
  const { locale, rest } = languages[language]
  const loading = rest().then(
    ({ messages }) => i18n.load(locale, messages),
    (problem: unknown) => {
      // Whoever opens it next asks again.
      rests.delete(language)
      throw problem
    },
  )
  rests.set(language, loading)
  return loading
}

/** Before anybody is known: the choice made on this device, else the browser's first that we have. */
export function languageBeforeSignIn(): Language {
  const remembered = recall()
  if (remembered) return remembered
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toUpperCase())
  return wanted.map(parseLanguage).find((language) => language !== undefined) ?? 'EN'
}

/**
 * The locale for times and numbers. The page has a language but no region; the browser's own region
 * of that language decides between 12 and 24 hours, as its owner is used to.
 */
export function localeForTimes(language: Language): string {
  const { locale } = languages[language]
  return navigator.languages.find((tag) => tag.slice(0, 2).toLowerCase() === locale) ?? locale
}

function recall(): Language | undefined {
  try {
    return parseLanguage(localStorage.getItem(storageKey))
  } catch {
    return undefined
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Storage may be forbidden; the language then lasts until the page is closed.
  }
}
