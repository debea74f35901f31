import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Writable } from 'node:stream'
import { exitCodes, StartupError } from '../startup-error.ts'

/**
 * A value that was given as an option, else asked for.
 * @throws StartupError when there is nobody to ask
 */
export async function valueOrAnswer(
  value: string | undefined,
  option: string,
  question: string,
): Promise<string> {
  if (value !== undefined) return value
  if (!process.stdin.isTTY) {
    throw new StartupError(`--${option} is missing, and there is no terminal to ask on.`, exitCodes.failed)
  }
  return askOn(process.stdout, `${question}: `)
}

/**
 * A password typed twice without being shown, or what a program pipes in, without its last line break.
 * Never an argument: those are in the shell's history and in the list of processes.
 */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '')

  const first = await askHidden('Password (15 characters or more)')
  if (first !== (await askHidden('The same again'))) {
    throw new StartupError('The two passwords differ; nothing was made.', exitCodes.failed)
  }
  return first
}

async function askHidden(question: string): Promise<string> {
  process.stdout.write(`${question}: `)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  try {
    return await askOn(nowhere, '')
  } finally {
    process.stdout.write('\n')
  }
}

/** Ctrl-C ends the question by a refusal, so that the caller still closes what it opened. */
async function askOn(output: Writable, question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  const interrupted = new AbortController()
  terminal.once('SIGINT', () => interrupted.abort())
  try {
    return await terminal.question(question, { signal: interrupted.signal })
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
    throw new StartupError('\nInterrupted; nothing was made.', exitCodes.failed)
  } finally {
    terminal.close()
  }
}
