/** Line breaks are kept; what else is no letter, but turns a text around or cuts it short at the carrier, is not. */
const strange = /[^\P{Cc}\n]|[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** A text without control characters. Source: S-J6. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(strange, '')
}
