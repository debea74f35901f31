export interface CommandLine {
  /** What to run, in the order in which it is run. */
  names: string[]
  /** Show where Lanyard spends its time instead of measuring. */
  profile: boolean
}

/** @returns what to run, or what is wrong with what was written */
export function readCommandLine(
  given: readonly string[],
  known: readonly string[],
): CommandLine | { fault: string } {
  const profile = given.includes('--profile')
  const chosen = given.filter((word) => word !== '--profile')
  const unknown = chosen.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return { fault: `${unknown.join(', ')}: there is only ${known.join(', ')} and --profile` }
  }
  if (profile && chosen.length > 1) return { fault: '--profile takes one benchmark' }

  const usual = profile ? known.slice(0, 1) : known
  return { names: chosen.length > 0 ? known.filter((name) => chosen.includes(name)) : [...usual], profile }
}
