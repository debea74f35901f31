import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { avatarSizes } from '@lanyard/contract/limits'

import { AppError } from '../errors/app-error.ts'
import { WaitingLine } from '../lib/waiting-line.ts'
import type { Limits } from '../limits.ts'
import { hasPictureSignature, isWebp } from './picture-format.ts'

export type AvatarSize = (typeof avatarSizes)[number]

/** In `src` and in `dist` alike. */
const decoder = join(import.meta.dirname, 'picture-decoder.js')

const shell = '/bin/sh'

/** Pure noise takes 57 KB in all three sizes. */
const mostOutputBytes = 1_000_000

/** The first line of a decoder that has found its libraries. */
const ready = 'ready\n'

const faults = ['PICTURE_UNREADABLE', 'PICTURE_TOO_MANY_PIXELS', 'PICTURE_ANIMATED'] as const

/**
 * Makes small pictures of strangers' files. libvips and the libraries below it are C, and a file may be made to break
 * them, or to be huge once it is unpacked; so each file has a process of its own, which can be killed and takes nothing
 * with it. A thread could not be: it shares our memory, and a fault in it ends the server. The process knows
 * no secrets, it compiles no code, its memory and its time are bounded, and few of them run at once.
 */
export class PictureDecoding {
  readonly #limits: Limits['avatar']
  readonly #line: WaitingLine

  constructor(limits: Limits['avatar']) {
    this.#limits = limits
    this.#line = new WaitingLine({ atOnce: limits.concurrentDecoders, waiting: limits.queuedDecoders })
  }

  /**
   * The picture in each size, as WebP without anything else that was in the file. Given up once `gone` says so.
   * @throws AppError PICTURE_UNREADABLE, PICTURE_TOO_MANY_PIXELS, PICTURE_ANIMATED, RATE_LIMITED
   */
  async decode(picture: Buffer, gone: AbortSignal): Promise<Map<AvatarSize, Buffer>> {
    if (!hasPictureSignature(picture)) throw new AppError('PICTURE_UNREADABLE')
    const frames = await this.#line.run(async () => {
      gone.throwIfAborted()
      return framesIn(await outputOf(startDecoder(this.#limits, gone), picture))
    })
    return new Map(avatarSizes.map((size, index) => [size, requireWebp(frames[index])]))
  }
}

function startDecoder(
  { side, decoderSeconds, decoderMegabytes }: Limits['avatar'],
  gone: AbortSignal,
): ChildProcess {
  const options = ['--jitless', '--v8-pool-size=1']
  const command = [process.execPath, ...options, decoder, String(side), ...avatarSizes.map(String)]
  // The kernel's bounds hold even when we are no more. macOS does not heed the one on memory: there it is bounded by
  // the pixels alone.
  const bounds = [
    'ulimit -c 0',
    `ulimit -t ${Math.ceil(decoderSeconds)}`,
    `ulimit -d ${decoderMegabytes * 1024}`,
  ]
  const script = `{ ${bounds.join('; ')}; } 2>/dev/null; exec "$0" "$@"`
  const [program = '', ...args] = existsSync(shell) ? [shell, '-c', script, ...command] : command
  return spawn(program, args, {
    // No secrets, and few threads, as the stack of each counts.
    env: { UV_THREADPOOL_SIZE: '1' },
    cwd: '/',
    stdio: 'pipe',
    timeout: decoderSeconds * 1000,
    killSignal: 'SIGKILL',
    signal: gone,
  })
}

function outputOf(child: ChildProcess, picture: Buffer): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  let complaint = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostOutputBytes) child.kill('SIGKILL')
    else chunks.push(chunk)
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    if (complaint.length < 2000) complaint += chunk.toString()
  })
  // A decoder that has seen enough does not read to the end.
  child.stdin?.on('error', () => {}).end(picture)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => {
      const output = Buffer.concat(chunks)
      const isReady = output.toString('latin1', 0, ready.length) === ready
      if (exitCode === 0) return resolve(output.subarray(ready.length))
      const fault = faults.find((code) => code === complaint)
      // Killed for what it took, or broken by what it read: the file is at fault.
      if (fault || (isReady && signal)) return reject(new AppError(fault ?? 'PICTURE_UNREADABLE'))
      return reject(new Error(`the picture decoder ended with ${exitCode ?? signal}: ${complaint}`))
    })
  })
}

function framesIn(output: Buffer): Buffer[] {
  const frames: Buffer[] = []
  let offset = 0
  while (offset + 4 <= output.length) {
    const end = offset + 4 + output.readUInt32BE(offset)
    frames.push(output.subarray(offset + 4, end))
    offset = end
  }
  return frames
}

/** A decoder that a file has taken over may write what it likes; it is handed out as nothing but a picture. */
function requireWebp(frame: Buffer | undefined): Buffer {
  if (!frame || !isWebp(frame)) throw new AppError('PICTURE_UNREADABLE')
  return frame
}
