import { createHmac } from 'node:crypto'
import type { Locator } from '@playwright/test'
import jsQr from 'jsqr'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const stepSeconds = 30

/**
 * What an authenticator app shows for a key. Source: RFC 6238 with SHA-1, six digits and 30 seconds.
 * @param stepsAhead 1 for the code that comes next: one that was used is worth nothing any more
 */
export function codeOf(secret: string, stepsAhead = 0): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1_000 / stepSeconds) + stepsAhead))
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** Reads a QR code as a camera does: from its picture on the screen. */
export async function readQrCode(code: Locator): Promise<string | undefined> {
  const picture = await code.screenshot()
  const { pixels, width, height } = await code.page().evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.codePointAt(0) ?? 0)
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    context?.drawImage(bitmap, 0, 0)
    const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []
    return { pixels: [...data], width: bitmap.width, height: bitmap.height }
  }, picture.toString('base64'))
  return readPixels(new Uint8ClampedArray(pixels), width, height)
}

function readPixels(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  // A CommonJS module whose types say that its function is the default of a default.
  const read: typeof jsQr.default = typeof jsQr === 'function' ? jsQr : Reflect.get(jsQr, 'default')
  return read(pixels, width, height)?.data
}
