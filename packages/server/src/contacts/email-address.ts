import { domainToASCII } from 'node:url'

import { isEmail } from 'class-validator'

import { badInput } from '../errors/app-error.ts'

/** An address as it is stored, compared, and asked about in DNS. */
export interface EmailAddress {
  /** As it was typed, the domain in the letters of DNS: no other domain looks the same. */
  address: string
  /** In lower case: two spellings of it are one address. */
  addressKey: string
  domain: string
}

/** Source: RFC 5321, 4.5.3.1.3, less the angle brackets. */
const longestAddress = 254

/**
 * Everything that lets one text be read as another address or as several: lists, comments, quoted names, names in angle
 * brackets, address literals, routes (`a%b@c`, `a!b@c`), and characters that nobody sees. All of it is legal somewhere
 * in RFC 5322, and parsers differ in what they make of it. Source: S-K3.
 */
const ambiguous = /[^!-~\p{L}\p{M}\p{N}]|[()<>[\]\\,;:"`|%!]/u

/** What WHATWG URLs take for the end of a host, or decode in it, is no part of a domain here. */
const domainCharacters = /^[\p{L}\p{M}\p{N}.-]+$/u

/** @throws AppError BAD_USER_INPUT on `field`: EMPTY, TOO_LONG or FORMAT */
export function checkEmailAddress(text: string, field: string): EmailAddress {
  const trimmed = text.trim()
  if (trimmed === '') throw badInput(field, 'EMPTY')
  if (trimmed.length > longestAddress) throw badInput(field, 'TOO_LONG')
  if (ambiguous.test(trimmed)) throw badInput(field, 'FORMAT')

  const at = trimmed.lastIndexOf('@')
  const typedDomain = trimmed.slice(at + 1).normalize('NFC')
  const domain = domainCharacters.test(typedDomain) ? domainToASCII(typedDomain) : ''
  const address = `${trimmed.slice(0, at)}@${domain}`
  const isOne = at > 0 && domain !== '' && isEmail(address, { allow_utf8_local_part: false })
  if (!isOne) throw badInput(field, 'FORMAT')
  if (address.length > longestAddress) throw badInput(field, 'TOO_LONG')
  return { address, addressKey: address.toLowerCase(), domain }
}
