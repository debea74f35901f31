/** Eight dark hues, each with at least 4.5:1 under a white letter. */
const hues = [
  '#9a4a12',
  '#1f5fa8',
  '#a12d55',
  '#4a5d16',
  '#0f6e5f',
  '#7a3b8f',
  '#5a48b8',
  '#7a4a3a',
] as const

/** The hue of a thing by its key, the same on every device. */
export function hueOf(key: string): string {
  let sum = 0
  for (const character of key) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return hues[sum % hues.length] ?? hues[0]
}
