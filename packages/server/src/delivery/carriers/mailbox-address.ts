import { domainToASCII } from 'node:url'

/** RFC 5321, 4.5.3.1 */
const mostLetters = 254
const mostLocalLetters = 64

/** Without the letters that relays once took for a route: `a%b@c`, `b!a@c`. */
const atom = /^[\w#$&'*+/=?^{}~-]+(?:\.[\w#$&'*+/=?^{}~-]+)*$/
const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/

/**
 * The one mailbox that a text names, with its domain as DNS knows it; undefined for everything that two parsers might
 * read in two ways: quotes, comments, groups, lists, routes, line breaks. Source: S-K3.
 */
export function mailboxAddress(text: string): string | undefined {
  if (text.length > mostLetters) return undefined
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  if (at < 1 || local.length > mostLocalLetters || !atom.test(local)) return undefined
  // It drops what is no part of a name, so what comes out is judged, and compared with what went in.
  const written = text.slice(at + 1)
  if (/[^\p{L}\p{N}\p{M}.-]/u.test(written)) return undefined
  const labels = domainToASCII(written).split('.')
  if (labels.length < 2 || !labels.every((part) => label.test(part))) return undefined
  // An address of the network is no domain.
  if (/^\d+$/.test(labels.at(-1) ?? '')) return undefined
  const address = `${local}@${labels.join('.')}`
  return address.length <= mostLetters ? address : undefined
}
