import { parseArgs } from 'node:util'

export interface CommandLine {
  /** What to run, in the order in which it is run. */
  names: string[]
  /** Show where Lanyard spends its time instead of measuring. */
  profile: boolean
}

/** @throws Error that says what may be written instead */
export function readCommandLine(given: readonly string[], known: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: { profile: { type: 'boolean', default: false } },
  })
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: there is only ${known.join(', ')}`)
  if (values.profile && positionals.length > 1) throw new Error('--profile takes one benchmark')

  const usual = values.profile ? known.slice(0, 1) : known
  const names = positionals.length > 0 ? known.filter((name) => positionals.includes(name)) : [...usual]
  return { names, profile: values.profile }
}
