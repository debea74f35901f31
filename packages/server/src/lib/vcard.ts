/** Somebody whose calls and messages a phone shall know by name. */
export interface Card {
  name: string
  /** E.164, each once. */
  numbers: readonly string[]
  email?: string
}

/** Octets of a line, its break not counted. Source: RFC 6350, 3.2. */
const longestLine = 75

/** As vCard 4.0 (RFC 6350). */
export function vCardOf({ name, numbers, email }: Card): string {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:org',
    `FN:${escapeText(name)}`,
    `ORG:${escapeText(name)}`,
    ...numbers.map((number) => `TEL;VALUE=uri;TYPE="voice,text":tel:${number}`),
    ...(email ? [`EMAIL:${escapeText(email)}`] : []),
    'END:VCARD',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\,;]/g, '\\$&').replaceAll(/\r\n|\r|\n/g, '\\n')
}

/** Between characters, as a character of several octets must stay whole. */
function fold(line: string): string {
  const pieces = ['']
  let octets = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (octets + length > longestLine) {
      pieces.push('')
      // The blank that continues a line counts.
      octets = 1
    }
    pieces[pieces.length - 1] += character
    octets += length
  }
  return pieces.join('\r\n ')
}
