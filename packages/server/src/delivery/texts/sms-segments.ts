/** How a text message is cut into segments. Source: 3GPP TS 23.038 (GSM 7 bit, UCS-2) and TS 23.040 (headers). */
const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Sent as an escape and a letter, so each takes two places. */
const extended = '\f^{}\\[~]|€'

const places = new Map([
  ...Array.from(basic, (character): [string, number] => [character, 1]),
  ...Array.from(extended, (character): [string, number] => [character, 2]),
])

/** Alone, and with the header that puts several together again. */
const septets = { alone: 160, together: 153 }
const units = { alone: 70, together: 67 }

/** Whether every character is in the alphabet of 7 bits; one that is not makes all of them take 16. */
export function isGsm(text: string): boolean {
  return Array.from(text).every((character) => places.has(character))
}

/** How many segments a text takes; a character of two places is never cut in two. An empty text takes one. */
export function segmentsOf(text: string): number {
  const sizes = isGsm(text)
    ? Array.from(text, (character) => places.get(character) ?? 1)
    : Array.from(text, (character) => character.length)
  const { alone, together } = isGsm(text) ? septets : units
  if (sum(sizes) <= alone) return 1

  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > together) {
      segments += 1
      used = 0
    }
    used += size
  }
  return segments
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}

const plainSigns: Record<string, string> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
}

/**
 * The same text with plain quotation marks and dashes: one fine sign would make every character of a message take
 * 16 bits. A text that needs them in any case keeps its "…", which is shorter.
 */
export function withPlainSigns(text: string): string {
  const plain = text
    .replace(/«[\s\u00a0\u202f]*/g, '"')
    .replace(/[\s\u00a0\u202f]*»/g, '"')
    .replace(/[“”„‘’–—…\u00a0\u202f]/g, (sign) => plainSigns[sign] ?? sign)
  return isGsm(plain) ? plain : plain.replaceAll('...', '…')
}
