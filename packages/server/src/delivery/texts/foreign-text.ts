// NUL cannot be stored, others end lines or turn the text around that follows them.
const controls = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const controlsButLineBreaks = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const quotationMarks = /["“”„‟«»]/g

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What somebody else wrote, as one line that cannot break out of ours. */
export function oneLine(text: string, most: number): string {
  return shorten(text.toWellFormed().replace(controls, ' ').replace(/\s+/g, ' ').trim(), most)
}

/** What somebody else wrote in several lines. */
export function severalLines(text: string, most: number): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(controlsButLineBreaks, ' ')
  return shorten(lines.replace(/\n{3,}/g, '\n\n').trim(), most)
}

/** What somebody else wrote, for a place between quotation marks, which it cannot leave. */
export function quotable(text: string, most: number): string {
  return oneLine(text.replace(quotationMarks, "'"), most)
}

/** At most so many UTF-16 code units; what is cut off ends in "…", and no character is cut in two. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  let kept = ''
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > most - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
