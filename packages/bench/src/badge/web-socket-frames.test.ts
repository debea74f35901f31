import { expect, test } from 'vitest'

import { clientFrame, FrameReader, opcodes } from './web-socket-frames.ts'

/** As a server writes it. */
function serverFrame(payload: string, opcode: number = opcodes.text): Buffer {
  const { length } = payload
  const head = length < 126 ? [length] : [126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), Buffer.from(payload)])
}

function readAll(chunks: readonly Buffer[]): { opcode: number; text: string }[] {
  const reader = new FrameReader()
  const frames: { opcode: number; text: string }[] = []
  for (const chunk of chunks) {
    reader.read(chunk, ({ opcode, payload }) => frames.push({ opcode, text: payload.toString() }))
  }
  return frames
}

test('several frames in one piece are told apart, short ones and long ones', () => {
  const long = 'x'.repeat(300)
  const received = Buffer.concat([serverFrame('one'), serverFrame(long), serverFrame('', opcodes.ping)])
  expect(readAll([received])).toEqual([
    { opcode: opcodes.text, text: 'one' },
    { opcode: opcodes.text, text: long },
    { opcode: opcodes.ping, text: '' },
  ])
})

test('a frame that comes byte by byte is put together', () => {
  const received = Buffer.concat([serverFrame('y'.repeat(126)), serverFrame('two')])
  const bytes = Array.from(received, (byte) => Buffer.from([byte]))
  expect(readAll(bytes).map(({ text }) => text)).toEqual(['y'.repeat(126), 'two'])
})

test('what such a server never sends ends the measurement', () => {
  for (const head of [
    [0x01, 0x00], // the first part of a message
    [0x81, 0x80], // masked
    [0x81, 0x7f], // 64 KB or more
  ]) {
    expect(() => readAll([Buffer.from(head)])).toThrow('an unforeseen frame')
  }
})

test.each([5, 126, 1000])(
  'what a client sends of %i bytes carries a mask that changes nothing',
  (length) => {
    const payload = Buffer.from('z'.repeat(length))
    const frame = clientFrame(opcodes.text, payload)
    expect(frame[0]).toBe(0x81)
    expect((frame[1] ?? 0) & 0x80).toBe(0x80)
    expect(frame.subarray(-length - 4, -length)).toEqual(Buffer.alloc(4))
    expect(frame.subarray(-length)).toEqual(payload)
  },
)
