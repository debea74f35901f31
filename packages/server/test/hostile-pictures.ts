import { crc32, deflateSync, gzipSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** What no picture that is handed out may contain. */
export const canary = 'CANARY-51.4779N-0.0015W'

export interface HostilePicture {
  what: string
  bytes: Buffer
  /** What it says it is; `image/png` when absent. */
  type?: string
  headers?: Record<string, string>
  /** The code it is refused with; absent for what is taken, and must come out clean. */
  code?: 'PICTURE_UNREADABLE' | 'PICTURE_TOO_MANY_PIXELS' | 'PICTURE_ANIMATED'
}

/** A photograph in miniature: noise, so that compressing it does not make it nothing. */
function photograph(width = 300, height = 200, channels: 3 | 4 = 3): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
  return sharp({ create: { width, height, channels, background: 'teal', noise } })
}

export const harmless = {
  png: await photograph().png().toBuffer(),
  jpeg: await photograph().jpeg().toBuffer(),
  webp: await photograph().webp().toBuffer(),
}

/** One colour: few bytes whatever its size. */
function plain(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 4, background: 'teal' } })
}

export const largest = {
  png: await plain(4096, 4096).png({ progressive: true }).toBuffer(),
  jpeg: await plain(4096, 4096)
    .flatten()
    .jpeg({ progressive: true, chromaSubsampling: '4:4:4' })
    .toBuffer(),
  webp: await plain(4096, 4096).webp({ lossless: true }).toBuffer(),
}

const pngSignature = harmless.png.subarray(0, 8)

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, checksum])
}

function pngHead(width: number, height: number): Buffer {
  const data = Buffer.from('00000000000000000806000000', 'hex')
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  return Buffer.concat([pngSignature, chunk('IHDR', data)])
}

const pngEnd = chunk('IEND', Buffer.alloc(0))

/** The harmless PNG with something put in behind its head. */
function pngWith(...chunks: Buffer[]): Buffer {
  const headLength = 33
  return Buffer.concat([harmless.png.subarray(0, headLength), ...chunks, harmless.png.subarray(headLength)])
}

/** The harmless JPEG with a segment put in behind its first marker. */
function jpegWith(marker: number, text: string): Buffer {
  const data = Buffer.from(text, 'latin1')
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(data.length + 2, 2)
  return Buffer.concat([harmless.jpeg.subarray(0, 2), head, data, harmless.jpeg.subarray(2)])
}

function jpegOfSides(width: number, height: number): Buffer {
  const jpeg = Buffer.from(harmless.jpeg)
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
  jpeg.writeUInt16BE(height, frame + 5)
  jpeg.writeUInt16BE(width, frame + 7)
  return jpeg
}

/** Lossless, whose head is a byte and then the sides, less one, in 14 bits each. */
function webpOfSides(width: number, height: number): Buffer {
  const webp = Buffer.from(largest.webp)
  const sides = webp.indexOf('VP8L') + 9
  const flags = webp.readUInt32LE(sides) & 0xf0000000
  webp.writeUInt32LE(((width - 1) | ((height - 1) << 14) | flags) >>> 0, sides)
  return webp
}

function firstPart(file: Buffer, share: number): Buffer {
  return file.subarray(0, Math.floor(file.length * share))
}

const script = `<script>alert('${canary}')</script>`
const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${script}</svg>`)
const html = Buffer.from(`<!doctype html><title>${canary}</title>${script}`)
const zip = Buffer.from(`PK\x03\x04${canary}`, 'latin1')
const gif = await photograph().gif().toBuffer()
const frames = await sharp(
  await Promise.all(
    ['teal', 'tomato', 'navy'].map((background) =>
      sharp({ create: { width: 20, height: 20, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  ),
  { join: { animated: true } },
)
  .webp()
  .toBuffer()
const exif = await photograph()
  .withExif({
    IFD0: { ImageDescription: canary },
    IFD3: { GPSLatitude: '51/1 28/1 38/1', GPSLatitudeRef: 'N' },
  })
  .jpeg()
  .toBuffer()
const xmp = await photograph()
  .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about="${canary}"/></rdf:RDF></x:xmpmeta>`)
  .webp()
  .toBuffer()

const zeros = Buffer.alloc(150_000_000)
const bomb = deflateSync(zeros, { level: 9 })

/** What somebody might send who wishes us ill, each made here. Source: S-P1. */
export const hostilePictures: HostilePicture[] = [
  { what: 'nothing', bytes: Buffer.alloc(0), code: 'PICTURE_UNREADABLE' },
  { what: 'one byte', bytes: Buffer.from([0x89]), code: 'PICTURE_UNREADABLE' },
  { what: 'a signature and nothing else', bytes: pngSignature, code: 'PICTURE_UNREADABLE' },
  { what: 'text', bytes: Buffer.from('x'.repeat(1000)), code: 'PICTURE_UNREADABLE' },
  { what: 'a page', bytes: html, type: 'text/html', code: 'PICTURE_UNREADABLE' },
  { what: 'a page that says it is a PNG', bytes: html, code: 'PICTURE_UNREADABLE' },
  { what: 'an SVG with a script', bytes: svg, type: 'image/svg+xml', code: 'PICTURE_UNREADABLE' },
  { what: 'an SVG that says it is a PNG', bytes: svg, code: 'PICTURE_UNREADABLE' },
  { what: 'a GIF that says it is a PNG', bytes: gif, code: 'PICTURE_UNREADABLE' },
  {
    what: 'a GIF that is an archive',
    bytes: Buffer.concat([gif, zip]),
    type: 'image/gif',
    code: 'PICTURE_UNREADABLE',
  },
  { what: 'a TIFF', bytes: await photograph().tiff().toBuffer(), code: 'PICTURE_UNREADABLE' },
  { what: 'a PDF', bytes: Buffer.from(`%PDF-1.7\n${canary}`), code: 'PICTURE_UNREADABLE' },
  {
    what: 'a PNG, compressed once more',
    bytes: gzipSync(harmless.png),
    headers: { 'content-encoding': 'gzip' },
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'the head of a PNG before a page',
    bytes: Buffer.concat([pngSignature, html]),
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'the head of a WebP before a page',
    bytes: Buffer.concat([harmless.webp.subarray(0, 12), html]),
    type: 'image/webp',
    code: 'PICTURE_UNREADABLE',
  },
  { what: 'half a PNG', bytes: firstPart(harmless.png, 0.5), code: 'PICTURE_UNREADABLE' },
  {
    what: 'half a JPEG',
    bytes: firstPart(harmless.jpeg, 0.5),
    type: 'image/jpeg',
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'half a WebP',
    bytes: firstPart(harmless.webp, 0.5),
    type: 'image/webp',
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'a PNG without a picture in it',
    bytes: Buffer.concat([pngHead(64, 64), pngEnd]),
    code: 'PICTURE_UNREADABLE',
  },
  { what: 'a PNG of no size', bytes: Buffer.concat([pngHead(0, 0), pngEnd]), code: 'PICTURE_UNREADABLE' },
  {
    what: 'a PNG that is not what it was summed up as',
    bytes: pngWith(Buffer.concat([Buffer.from('\0\0\0\x04IDAT', 'latin1'), Buffer.alloc(8)])),
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'a PNG of 30,000 by 30,000 pixels',
    bytes: Buffer.concat([pngHead(30_000, 30_000), chunk('IDAT', bomb.subarray(0, 50_000)), pngEnd]),
    code: 'PICTURE_TOO_MANY_PIXELS',
  },
  {
    what: 'a PNG of as many pixels as can be written',
    bytes: Buffer.concat([pngHead(0x7fffffff, 0x7fffffff), chunk('IDAT', bomb.subarray(0, 1000)), pngEnd]),
    code: 'PICTURE_UNREADABLE',
  },
  {
    what: 'a JPEG of 30,000 by 30,000 pixels',
    bytes: jpegOfSides(30_000, 30_000),
    type: 'image/jpeg',
    code: 'PICTURE_TOO_MANY_PIXELS',
  },
  {
    what: 'a WebP of 6,000 by 6,000 pixels',
    bytes: webpOfSides(6000, 6000),
    type: 'image/webp',
    code: 'PICTURE_TOO_MANY_PIXELS',
  },
  {
    what: 'a WebP of 16,383 by 16,383 pixels',
    bytes: webpOfSides(16_383, 16_383),
    type: 'image/webp',
    // libwebp wants memory for all of them before it says how many they are, and where it is bounded gets none.
    code: process.platform === 'linux' ? 'PICTURE_UNREADABLE' : 'PICTURE_TOO_MANY_PIXELS',
  },
  {
    what: 'a picture one pixel too wide',
    bytes: await plain(4097, 1).png().toBuffer(),
    code: 'PICTURE_TOO_MANY_PIXELS',
  },
  {
    what: 'a PNG that moves a thousand times',
    bytes: pngWith(chunk('acTL', Buffer.from('000003e800000000', 'hex'))),
    code: 'PICTURE_ANIMATED',
  },
  { what: 'a WebP that moves', bytes: frames, type: 'image/webp', code: 'PICTURE_ANIMATED' },
  {
    what: 'a small PNG that unpacks to 150 MB',
    bytes: Buffer.concat([pngHead(64, 64), chunk('IDAT', bomb), pngEnd]),
  },
  {
    what: 'a PNG with a text that unpacks to 150 MB',
    bytes: pngWith(chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), bomb]))),
  },
  {
    what: 'a PNG with a colour profile that unpacks to 150 MB',
    bytes: pngWith(chunk('iCCP', Buffer.concat([Buffer.from('Profile\0\0', 'latin1'), bomb]))),
  },
  {
    what: 'a PNG with a text in it',
    bytes: pngWith(chunk('tEXt', Buffer.from(`Comment\0${canary}`, 'latin1'))),
  },
  { what: 'a JPEG with a page in its comment', bytes: jpegWith(0xfe, html.toString()), type: 'image/jpeg' },
  { what: 'a JPEG that is an archive', bytes: Buffer.concat([harmless.jpeg, zip]), type: 'image/jpeg' },
  { what: 'a JPEG that tells where it was taken', bytes: exif, type: 'image/jpeg' },
  { what: 'a WebP with a text about it', bytes: xmp, type: 'image/webp' },
  { what: 'a PNG with a page behind it', bytes: Buffer.concat([harmless.png, html]) },
  { what: 'a JPEG that says it is a PNG', bytes: harmless.jpeg },
  {
    what: 'a file that wants to lie elsewhere',
    bytes: harmless.png,
    headers: { 'content-disposition': 'attachment; filename="../../x"' },
  },
  {
    what: 'a file with a zero in its name',
    bytes: harmless.png,
    headers: { 'content-disposition': 'attachment; filename="x.png%00.html"' },
  },
  { what: 'the largest PNG', bytes: largest.png },
  { what: 'the largest JPEG', bytes: largest.jpeg, type: 'image/jpeg' },
  { what: 'the largest WebP', bytes: largest.webp, type: 'image/webp' },
]
