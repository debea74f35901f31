/**
 * The work of the thread that `password-strength.ts` starts: the dictionaries take half a second to load, and a password
 * that is made for it keeps zxcvbn busy for as long, in which the server would answer nobody.
 */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as en from '@zxcvbn-ts/language-en'
import * as es from '@zxcvbn-ts/language-es-es'
import * as fr from '@zxcvbn-ts/language-fr'

/**
 * The work grows with the square of the length, and with the readings of digits and signs as letters. A longer password
 * is judged by its better end, which is no more than the whole is worth.
 */
const mostCharacters = 64
const mostReadings = 4

const zxcvbn = new ZxcvbnFactory({
  graphs: common.adjacencyGraphs,
  dictionary: { ...common.dictionary, ...en.dictionary, ...es.dictionary, ...fr.dictionary },
  maxLength: mostCharacters,
  l33tMaxSubstitutions: mostReadings,
})

const mostCommon = new Set(common.dictionary['passwords-common'].map((word) => word.toLowerCase()))

/** @type {Record<string, string>} */
const letterOf = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', '@': 'a', $: 's', '!': 'i' }

/** @param {import('./password-strength.ts').Question} question */
export function isGuessable({ password, words, leastScore }) {
  if (isMostCommon(password.toLowerCase())) return true
  const ends = [password.slice(0, mostCharacters)]
  if (password.length > mostCharacters) ends.push(password.slice(-mostCharacters))
  return ends.every((end) => zxcvbn.check(end, words).score < leastScore)
}

/**
 * Whether it is one of the passwords that everybody tries first, as it stands there or with the usual decorations:
 * capitals, signs for letters, and digits or signs at either end that are no longer than the word.
 * @param {string} password in lower case
 */
function isMostCommon(password) {
  const bare = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const isDecorated = bare.length > 0 && password.length <= 2 * bare.length
  const readings = [password, ...(isDecorated ? [bare] : [])]
  return readings.some((reading) => mostCommon.has(reading) || mostCommon.has(withLetters(reading)))
}

/** @param {string} text */
function withLetters(text) {
  return text.replaceAll(/[0134578@$!]/g, (sign) => letterOf[sign] ?? sign)
}
