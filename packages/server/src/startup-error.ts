/** Exit codes of `main.ts` and `cli.ts`, after sysexits.h; listed for the operator in docs/operations.md. */
export const exitCodes = {
  failed: 1,
  usage: 64,
  unavailable: 69,
  cannotWrite: 73,
  configuration: 78,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * Why the program cannot run, told to the person who started it: the message is shown without a stack trace
 * and says how to mend it.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
