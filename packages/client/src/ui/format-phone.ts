const noBreakSpace = '\u00A0'

/** Country calling codes by ITU E.164, of the countries whose numbers Lanyard takes unless told otherwise. */
const callingCodes: Readonly<Record<string, string>> = {
  US: '1',
  CA: '1',
  GB: '44',
  DE: '49',
  FR: '33',
  ES: '34',
  NL: '31',
}

/** How the digits after the calling code are grouped, where a country has one way for all its numbers. */
const groupings: Readonly<Record<string, readonly number[]>> = {
  US: [3, 3, 4],
  CA: [3, 3, 4],
  FR: [1, 2, 2, 2, 2],
  ES: [3, 3, 3],
}

/**
 * A number as people of its country read it, on one line: "+1 202 555 0142".
 * @param number E.164
 * @param country ISO 3166-1 alpha-2; a country that is not known here leaves the number as it is
 */
export function formatPhone(number: string, country: string): string {
  const code = callingCodes[country]
  if (!code || !number.startsWith(`+${code}`)) return number

  const digits = number.slice(1 + code.length)
  const groups = groupings[country] ?? threes(digits.length)
  if (groups.reduce((sum, length) => sum + length, 0) !== digits.length) return number

  const parts: string[] = []
  let start = 0
  for (const length of groups) {
    parts.push(digits.slice(start, start + length))
    start += length
  }
  return [`+${code}`, ...parts].join(noBreakSpace)
}

/** Threes, with the odd digits in the last group: 10 is 3, 3, 4. */
function threes(length: number): number[] {
  if (length <= 4) return [length]
  return [3, ...threes(length - 3)]
}
