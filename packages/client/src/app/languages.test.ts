import { i18n } from '@lingui/core'
import { expect, test, vi } from 'vitest'
import { languageBeforeSignIn, localeForTimes, showLanguage, withWords } from './languages.ts'

const browserSpeaks = (...tags: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags)

test('the page turns to a language, says so to the browser, and remembers it', async () => {
  await showLanguage('DE')

  expect(i18n.locale).toBe('de')
  expect(document.documentElement.lang).toBe('de')
  browserSpeaks('en-US')
  expect(languageBeforeSignIn()).toBe('DE')
})

test('without a choice the first language of the browser that there is counts', () => {
  localStorage.clear()
  browserSpeaks('pt-BR', 'nl-BE', 'fr')
  expect(languageBeforeSignIn()).toBe('NL')

  browserSpeaks('ja')
  expect(languageBeforeSignIn()).toBe('EN')
})

test('times follow the region of the browser, when it speaks the language', () => {
  browserSpeaks('de-AT', 'en-GB')
  expect(localeForTimes('EN')).toBe('en-GB')
  expect(localeForTimes('FR')).toBe('fr')
})

test('a part that is fetched later is handed on, and in every language from then on', async () => {
  await showLanguage('ES')
  expect(await withWords(Promise.resolve('a page'))).toBe('a page')
  await showLanguage('FR')
  expect([i18n.locale, i18n._({ id: 'none', message: 'none' })]).toEqual(['fr', 'none'])
  await expect(withWords(Promise.reject(new Error('offline')))).rejects.toThrow('offline')
})
