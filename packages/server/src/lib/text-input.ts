import { badInput } from '../errors/app-error.ts'
import { isId } from './ids.ts'

interface TextRules {
  /** Characters; what is longer is refused, never cut. */
  max: number
  min?: number
  /** Line breaks and tabs are kept in texts of several lines, refused in names. */
  multiline?: boolean
}

// A name of zero-width characters looks like none, and like any other such name.
const visibleCharacter = /[^\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/u

// Control characters would forge a line in a log or a header; format characters can turn a name around.
const controlCharacters = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const controlCharactersButLineBreaks = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/u

/**
 * A text as it is stored: NFC, without surrounding blanks.
 * @throws AppError BAD_USER_INPUT with the field and EMPTY, TOO_SHORT, TOO_LONG or FORMAT
 */
export function checkText(
  value: string,
  field: string,
  { max, min = 1, multiline = false }: TextRules,
): string {
  const text = value.normalize('NFC').trim()
  if (!visibleCharacter.test(text)) throw badInput(field, 'EMPTY')
  const length = [...text].length
  if (length < min) throw badInput(field, 'TOO_SHORT')
  if (length > max) throw badInput(field, 'TOO_LONG')
  const forbidden = multiline ? controlCharactersButLineBreaks : controlCharacters
  if (forbidden.test(text) || !text.isWellFormed()) throw badInput(field, 'FORMAT')
  return text
}

/** @throws AppError BAD_USER_INPUT FORMAT when the id is not a UUID */
export function checkId(value: string, field: string): string {
  if (!isId(value)) throw badInput(field, 'FORMAT')
  return value.toLowerCase()
}

/**
 * An address that a browser may follow: http or https, whole.
 * @throws AppError BAD_USER_INPUT with the field and EMPTY, TOO_LONG or FORMAT
 */
export function checkHttpUrl(value: string, field: string, max: number): string {
  const text = checkText(value, field, { max })
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw badInput(field, 'FORMAT')
  return url.href
}

/** Neither absent nor null: GraphQL lets a client say "leave it" in both ways. */
export function present<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined
}
