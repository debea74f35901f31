import { setTimeout as wait } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { harmless, largest } from '../../test/hostile-pictures.ts'
import { defaultLimits } from '../limits.ts'
import { PictureDecoding } from './picture-decoding.ts'

const decoding = (limits: Partial<typeof defaultLimits.avatar> = {}) =>
  new PictureDecoding({ ...defaultLimits.avatar, ...limits })
const nobodyGone = new AbortController().signal

function openProcesses(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length
}

test.each(Object.entries(harmless))(
  'a %s becomes three square WebPs that say nothing but the picture',
  async (_format, picture) => {
    const squares = await decoding().decode(picture, nobodyGone)
    expect([...squares.keys()]).toEqual([64, 128, 256])
    for (const [size, square] of squares) {
      const { format, width, height, exif, xmp, icc, pages } = await sharp(square).metadata()
      expect({ format, width, height }).toEqual({ format: 'webp', width: size, height: size })
      expect([exif, xmp, icc, pages]).toEqual([undefined, undefined, undefined, undefined])
    }
  },
)

test('a picture taken with the camera on its side comes out upright', async () => {
  const strip = { create: { width: 40, height: 80, channels: 3 as const, background: 'red' } }
  const lying = await sharp({ create: { width: 80, height: 80, channels: 3, background: 'blue' } })
    .composite([{ input: await sharp(strip).png().toBuffer(), left: 0, top: 0 }])
    // The top of the picture is at the left of what is stored.
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const squares = await decoding().decode(lying, nobodyGone)
  const { data } = await sharp(squares.get(64)).raw().toBuffer({ resolveWithObject: true })
  const [firstRed = 0, , firstBlue = 0] = data
  const [lastRed = 0, , lastBlue = 0] = data.subarray(-3)
  expect(firstRed).toBeGreaterThan(firstBlue)
  expect(lastBlue).toBeGreaterThan(lastRed)
})

test('what lets the page through is white', async () => {
  const glass = await sharp({
    create: { width: 20, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  const squares = await decoding().decode(glass, nobodyGone)
  const { data, info } = await sharp(squares.get(128)).raw().toBuffer({ resolveWithObject: true })
  expect([info.channels, data.every((value) => value > 250)]).toEqual([3, true])
})

test.runIf(process.platform === 'linux')(
  'a picture that needs more memory than a decoder may take is refused, and nothing else is harmed',
  async () => {
    const narrow = decoding({ decoderMegabytes: 110 })
    await expect(narrow.decode(largest.jpeg, nobodyGone)).rejects.toMatchObject({
      code: 'PICTURE_UNREADABLE',
    })
    expect((await narrow.decode(harmless.jpeg, nobodyGone)).size).toBe(3)
    expect((await decoding().decode(largest.jpeg, nobodyGone)).size).toBe(3)
  },
)

test('a decoder that takes too long is ended, and so is one whose picture nobody waits for any more', async () => {
  await expect(decoding({ decoderSeconds: 0.001 }).decode(harmless.png, nobodyGone)).rejects.toThrow(
    'SIGKILL',
  )
  const gone = new AbortController()
  const given = decoding().decode(largest.png, gone.signal)
  await wait(20)
  gone.abort()
  await expect(given).rejects.toThrow('abort')
  await expect(decoding().decode(harmless.png, gone.signal)).rejects.toThrow('abort')
  await expect.poll(openProcesses).toBe(0)
})

test('a decoder that cannot work at all is our fault, not that of the picture', async () => {
  const starved = decoding({ decoderMegabytes: 1, decoderSeconds: 0.001 })
  const error = await starved.decode(harmless.png, nobodyGone).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Error)
  expect(error).not.toHaveProperty('code')
})
