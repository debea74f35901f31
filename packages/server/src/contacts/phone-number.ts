import { type NumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max'

import { badInput } from '../errors/app-error.ts'

/** A number as it is stored and compared: one row, however it was written. */
export interface PhoneNumber {
  /** E.164. */
  number: string
  /** ISO 3166-1 alpha-2. */
  country: string
  lineType: LineType
}

/** The kinds of lines that one person answers. */
const lineTypes = ['MOBILE', 'FIXED_LINE', 'FIXED_LINE_OR_MOBILE', 'VOIP'] as const

export type LineType = (typeof lineTypes)[number]

/**
 * Digits of ASCII and what people write between them. Digits of other scripts look like others than they are, and
 * letters spell a number (1-800-…) or an extension (`;ext=`, `x5`), which is no address of its own.
 */
const spelling = /^(?:\+|00)[\d \u00a0\u202f./()\u2010-\u2015\u2212-]+$/

/** Emergency numbers and short codes, with a country before them or without: no number of E.164 is that short. */
const shortNumber = /^(?:\+|00)?\d{1,6}$/

/**
 * Numbers of no country: satellites (870, 881), networks and premium numbers of the whole world (878, 882, 883, 979),
 * and the freephone and shared-cost ones (800, 808). Source: S-J2, ITU-T E.164 assigned codes.
 */
const worldNumber = /^\+(?:800|808|870|878|881|882|883|888|979)/

/** Longer than any spelling of 15 digits. */
const longestSpelling = 50

/**
 * Reads a number in international form. Only kinds that a person answers pass: what is premium or shares its cost earns
 * somebody money with each code that we send. Source: S-J2, S-J3.
 * @param countries those that this server sends to
 * @throws AppError BAD_USER_INPUT on `field`: EMPTY, TOO_LONG, FORMAT, NUMBER_KIND or COUNTRY
 */
export function checkPhoneNumber(text: string, field: string, countries: readonly string[]): PhoneNumber {
  const trimmed = text.trim()
  if (trimmed === '') throw badInput(field, 'EMPTY')
  if (trimmed.length > longestSpelling) throw badInput(field, 'TOO_LONG')
  if (shortNumber.test(trimmed.replaceAll(/[ .()-]/g, ''))) throw badInput(field, 'NUMBER_KIND')
  if (!spelling.test(trimmed)) throw badInput(field, 'FORMAT')

  const international = trimmed.replaceAll(/[^+\d]/g, '').replace(/^00/, '+')
  if (worldNumber.test(international)) throw badInput(field, 'NUMBER_KIND')
  const parsed = parsePhoneNumberFromString(international, { extract: false })
  if (!parsed?.isValid() || parsed.country === undefined) throw badInput(field, 'FORMAT')
  const lineType = parsed.getType()
  if (!isLineType(lineType)) throw badInput(field, 'NUMBER_KIND')
  if (!countries.includes(parsed.country)) throw badInput(field, 'COUNTRY')
  return { number: parsed.number, country: parsed.country, lineType }
}

/** Numbers that somebody holds together: all but the last four digits. Source: S-J2. */
export function prefixOf(number: string): string {
  return number.slice(0, -4)
}

/** Of a number whose owner is vouched for, whatever kind it is. */
export function lineTypeOf(number: string): LineType | 'UNKNOWN' {
  const type = parsePhoneNumberFromString(number)?.getType()
  return isLineType(type) ? type : 'UNKNOWN'
}

function isLineType(type: NumberType): type is LineType {
  return lineTypes.some((known) => known === type)
}
