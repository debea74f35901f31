import { registerEnumType } from 'type-graphql'

/** The languages of the product. Of no feature, as the first of them, `delivery/`, writes in all five. */
export enum Language {
  EN = 'EN',
  ES = 'ES',
  FR = 'FR',
  DE = 'DE',
  NL = 'NL',
}
registerEnumType(Language, { name: 'Language' })

/** As `Intl` and the voices of telephone calls name them. */
export const localeOf: Record<Language, 'en-US' | 'es-ES' | 'fr-FR' | 'de-DE' | 'nl-NL'> = {
  EN: 'en-US',
  ES: 'es-ES',
  FR: 'fr-FR',
  DE: 'de-DE',
  NL: 'nl-NL',
}

/** The language of a row that a newer or older server wrote; English when we do not speak it. */
export function languageOf(code: string): Language {
  return isLanguage(code) ? code : Language.EN
}

function isLanguage(code: string): code is Language {
  return Object.hasOwn(localeOf, code)
}
