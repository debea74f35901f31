import { StartupError } from '../startup-error.ts'
import { AppError } from './app-error.ts'

/** What may be written down of an error. Everything else of it may hold what a person typed. */
export interface DescribedError {
  type: string
  /** Of our own refusals; libraries and the database quote values in theirs, which is not written down. */
  message: string
  code?: string
  /** Of the database: names that migrations gave. */
  constraint?: string
  table?: string
  column?: string
  /** Of a call to the system, as `connect`. */
  syscall?: string
  /** Where it was thrown, without the message. */
  stack: string
  cause?: DescribedError
}

const word = /^[\w.-]{1,100}$/
/** As V8 writes a frame: a function, and a place in a file. */
const frame =
  /^\s{4}at (?:(?:async |new )?[\w.<>$#]+(?: \[as [\w.]+\])? \()?(?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+\)?$/
const mostFrames = 20
const mostCauses = 3

/** Its kind, code and place, without a word of anybody's data. Source: S-Q1. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' }

  const isOurs = error instanceof AppError || error instanceof StartupError
  const described: DescribedError = {
    type: wordOf(error, 'name') ?? 'Error',
    message: isOurs ? error.message : '',
    stack: framesOf(error),
  }
  for (const key of ['code', 'constraint', 'table', 'column', 'syscall'] as const) {
    const value = wordOf(error, key)
    if (value !== undefined) described[key] = value
  }
  if (error.cause !== undefined && depth < mostCauses) {
    described.cause = describeError(error.cause, depth + 1)
  }
  return described
}

function wordOf(error: object, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key)
  return typeof value === 'string' && word.test(value) ? value : undefined
}

/** The message stands before the frames, and may itself look like some. */
function framesOf({ stack = '', message }: Error): string {
  const messageAt = message === '' ? -1 : stack.indexOf(message)
  const rest = messageAt === -1 ? stack : stack.slice(messageAt + message.length)
  return rest
    .split('\n')
    .filter((line) => frame.test(line))
    .slice(0, mostFrames)
    .map((line) => line.trim())
    .join('\n')
}
