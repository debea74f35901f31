import { type I18n, type MessageDescriptor, setupI18n } from '@lingui/core'

import { Language } from './language.ts'
import { messages as de } from './locales/de.ts'
import { messages as en } from './locales/en.ts'
import { messages as es } from './locales/es.ts'
import { messages as fr } from './locales/fr.ts'
import { messages as nl } from './locales/nl.ts'

const catalogues: Record<Language, I18n> = {
  EN: setupI18n({ locale: 'en', messages: { en } }),
  ES: setupI18n({ locale: 'es', messages: { es } }),
  FR: setupI18n({ locale: 'fr', messages: { fr } }),
  DE: setupI18n({ locale: 'de', messages: { de } }),
  NL: setupI18n({ locale: 'nl', messages: { nl } }),
}

/** What the server itself says, in the reader's language; English when nobody is signed in. */
export function translate(language: Language | undefined, message: MessageDescriptor): string {
  return catalogues[language ?? Language.EN]._(message)
}
