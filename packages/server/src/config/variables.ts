import { z } from 'zod'
import { Secret } from '../secret.ts'

/** What variables of several features hold: each is a text of the environment, read as what it means. */

export const flag = z
  .enum(['1', '0', 'true', 'false', 'on', 'off', 'yes', 'no'], { error: 'must be on or off' })
  .transform((value) => ['1', 'true', 'on', 'yes'].includes(value))

export function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .stringFormat('digits', /^\d{1,9}$/, { error })
    .transform(Number)
    .refine((n) => n >= min && n <= max, { error })
}

/** `a, b` */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

export const secret = z.string().transform((text) => new Secret(text))

export const httpUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (url && ['http:', 'https:'].includes(url.protocol)) return url
  context.addIssue('must be an http or https URL')
  return z.NEVER
})

/**
 * What is missing of variables that are given together or not at all.
 * @returns one line for each
 */
export function incomplete<Values extends object>(
  values: Values,
  names: (keyof Values & string)[],
): string[] {
  const isGiven = (name: keyof Values) => {
    const value = values[name]
    return Array.isArray(value) ? value.length > 0 : value !== undefined
  }
  const missing = names.filter((name) => !isGiven(name))
  if (missing.length === names.length) return []
  const given = names.filter(isGiven).join(' and ')
  return missing.map((name) => `${name}: is missing, and ${given} alone is not enough`)
}
