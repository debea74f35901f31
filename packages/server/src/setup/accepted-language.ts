import { Language, localeOf } from '../language.ts'

/**
 * The language of ours that a browser prefers, by its Accept-Language; English when it names none.
 * Source: RFC 9110, section 12.5.4.
 */
export function acceptedLanguage(header: string | undefined): Language {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((text) => text.startsWith('q='))?.slice(2)
      return { code: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
  for (const { code } of wanted) {
    const language = Object.values(Language).find((known) => localeOf[known].startsWith(`${code}-`))
    if (language) return language
  }
  return Language.EN
}
