import type { RawData, WebSocket } from 'ws'

import type { Limits } from '../limits.ts'
import { closeCodes } from './live-sockets.ts'

/** Something with a newest value to write: asked for it when the socket has room, and not before. */
export interface FrameSource {
  /** The frame to write; undefined when there is nothing new. */
  takeFrame(): string | undefined
}

type SocketLimits = Pick<Limits, 'socketMessagesPerSecond' | 'socketStalledSeconds' | 'socketUnsentBytes'>

/** How often a socket that is full is looked at again. */
const lookAgainMilliseconds = 50
/** In so many seconds each socket is asked once whether its other side is still there. */
const heartbeatSeconds = 12

/**
 * The sockets of a process, and what keeps any of them from harming it: a reader that stops taking keeps what it was
 * sent last and one value more, however much happens; after a while it is cut off, and so is one that is silent.
 */
export class GuardedSockets implements Disposable {
  readonly #limits: SocketLimits
  readonly #full = new Set<GuardedSocket>()
  /** Asked in turns, a part each second. */
  readonly #beats: readonly Set<GuardedSocket>[] = Array.from({ length: heartbeatSeconds }, () => new Set())
  readonly #heartbeat: NodeJS.Timeout
  #nextBeat = 0
  #lookingAgain: NodeJS.Timeout | undefined

  constructor(limits: SocketLimits) {
    this.#limits = limits
    this.#heartbeat = setInterval(() => this.#beat(), 1000)
    this.#heartbeat.unref()
  }

  guard(socket: WebSocket): GuardedSocket {
    const beat = this.#beats[this.#nextBeat] ?? new Set()
    const guarded = new GuardedSocket(socket, this.#limits, (full) => this.#lookAgainAt(full))
    beat.add(guarded)
    socket.once('close', () => {
      beat.delete(guarded)
      this.#full.delete(guarded)
    })
    this.#nextBeat = (this.#nextBeat + 1) % heartbeatSeconds
    return guarded
  }

  #beat(): void {
    this.#nextBeat = (this.#nextBeat + 1) % heartbeatSeconds
    for (const socket of this.#beats[this.#nextBeat] ?? []) socket.askWhetherAlive()
  }

  #lookAgainAt(socket: GuardedSocket): void {
    this.#full.add(socket)
    this.#lookingAgain ??= setInterval(() => this.#lookAgain(), lookAgainMilliseconds)
  }

  #lookAgain(): void {
    for (const socket of this.#full) if (!socket.isStillFull()) this.#full.delete(socket)
    if (this.#full.size > 0) return
    clearInterval(this.#lookingAgain)
    this.#lookingAgain = undefined
  }

  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat)
    clearInterval(this.#lookingAgain)
  }
}

/** One socket, as graphql-ws wants it. */
export class GuardedSocket {
  readonly #socket: WebSocket
  readonly #limits: SocketLimits
  readonly #onFull: (socket: GuardedSocket) => void
  readonly #waiting = new Set<FrameSource>()
  #isAlive = true
  #second = 0
  #messages = 0
  #isFull = false
  /** What was waiting for the network when that was last looked at, and when it last became less. */
  #unsentBytes = 0
  #movedAt = 0

  constructor(socket: WebSocket, limits: SocketLimits, onFull: (socket: GuardedSocket) => void) {
    this.#socket = socket
    this.#limits = limits
    this.#onFull = onFull
    socket.on('pong', () => {
      this.#isAlive = true
    })
    // It was answered already, which a reader that takes nothing could ask for without end.
    socket.on('ping', () => {
      this.#countMessage()
      this.#noticeFull()
    })
  }

  get protocol(): string {
    return this.#socket.protocol
  }

  /** graphql-ws waits for the promise before it asks a subscription for its next value. */
  send(data: string): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    return new Promise((resolve) => {
      // A frame that could not be sent belongs to a socket that is closing: there is nobody to tell.
      socket.send(data, () => resolve())
      this.#noticeFull()
    })
  }

  /** Writes the newest frame of the source now, or once the network has taken what was sent before. */
  offer(source: FrameSource): void {
    if (this.#isFull) this.#waiting.add(source)
    else this.#write(source)
  }

  /** Forgets a source that is waiting. */
  withdraw(source: FrameSource): void {
    this.#waiting.delete(source)
  }

  onMessage(receive: (text: string) => void): void {
    this.#socket.on('message', (data: RawData) => {
      if (this.#countMessage()) receive(textOf(data))
    })
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason)
  }

  askWhetherAlive(): void {
    if (!this.#isAlive) return this.#socket.terminate()
    this.#isAlive = false
    this.#socket.ping()
  }

  isStillFull(): boolean {
    const unsentBytes = this.#socket.bufferedAmount
    const now = performance.now()
    if (unsentBytes === 0) {
      this.#isFull = false
      const waiting = [...this.#waiting]
      this.#waiting.clear()
      for (const source of waiting) this.offer(source)
    } else if (unsentBytes < this.#unsentBytes) {
      this.#movedAt = now
    } else if (
      this.#isTooFull(unsentBytes) ||
      now - this.#movedAt > this.#limits.socketStalledSeconds * 1000
    ) {
      this.#socket.terminate()
    }
    this.#unsentBytes = unsentBytes
    return this.#isFull
  }

  #write(source: FrameSource): void {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return
    const frame = source.takeFrame()
    if (frame === undefined) return
    socket.send(frame)
    this.#noticeFull()
  }

  /** What the network takes at once is gone when `send` returns; what is left waits for a reader. */
  #noticeFull(): void {
    const unsentBytes = this.#socket.bufferedAmount
    if (this.#isTooFull(unsentBytes)) this.#socket.terminate()
    if (unsentBytes === 0 || this.#isFull) return
    this.#isFull = true
    this.#unsentBytes = unsentBytes
    this.#movedAt = performance.now()
    this.#onFull(this)
  }

  #isTooFull(unsentBytes: number): boolean {
    return unsentBytes > this.#limits.socketUnsentBytes
  }

  /** @returns whether it is not one too many, with which the socket is closed */
  #countMessage(): boolean {
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#messages = 0
    }
    this.#messages++
    const isAdmitted = this.#messages <= this.#limits.socketMessagesPerSecond
    if (!isAdmitted) this.close(closeCodes.badRequest, 'Too many messages')
    return isAdmitted
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString()
}
