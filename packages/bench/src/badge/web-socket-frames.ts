/** The frames of RFC 6455 that a server without extensions sends and expects; a message is one frame. */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const

export interface Frame {
  opcode: number
  /** A view of what was received, good until more is. */
  payload: Buffer
}

const nothing: Buffer = Buffer.alloc(0)

/** Cuts what a server sends into frames, however it comes in. */
export class FrameReader {
  #rest = nothing

  /** @throws Error for what such a server never sends: a mask, a fragment, a frame of 64 KB or more */
  read(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let received = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      const [first, second] = received
      if (first === undefined || second === undefined) break
      const isWhole = first >= 0x80
      if (!isWhole || second >= 0x7f)
        throw new Error(`an unforeseen frame: ${received.toString('hex', 0, 16)}`)

      const isLong = second === 0x7e
      if (isLong && received.length < 4) break
      const start = isLong ? 4 : 2
      const end = start + (isLong ? received.readUInt16BE(2) : second)
      if (received.length < end) break
      onFrame({ opcode: first & 0x0f, payload: received.subarray(start, end) })
      received = received.subarray(end)
    }
    this.#rest = received.length === 0 ? nothing : Buffer.from(received)
  }
}

/** A frame of a client. The mask that it must have is made of zeros, and so leaves the payload as it is. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  if (length > 0xffff) throw new Error('longer than this client ever sends')
  const head =
    length < 0x7e
      ? Buffer.from([0x80 | opcode, 0x80 | length])
      : Buffer.from([0x80 | opcode, 0x80 | 0x7e, length >> 8, length & 0xff])
  return Buffer.concat([head, Buffer.alloc(4), payload])
}
