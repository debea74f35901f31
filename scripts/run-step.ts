import { spawn } from 'node:child_process'

export interface StepResult {
  ok: boolean
  /** Everything it printed, both streams in the order they came. */
  output: string
}

/** Runs a program of node_modules/.bin quietly; it is on PATH because pnpm started us. */
export async function runQuietly(
  command: string,
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<StepResult> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))

  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`))
      resolve(null)
    })
    child.once('close', resolve)
  })
  return {
    ok: exitCode === 0,
    output: Buffer.concat(chunks).toString(),
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
