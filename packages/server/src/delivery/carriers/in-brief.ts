const most = 300

/** A carrier's words as a line that may be shown and stored. */
export function inBrief(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ')
    .trim()
  return line.length > most ? `${[...line].slice(0, most - 1).join('')}…` : line
}
