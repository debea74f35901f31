/**
 * A process of its own, started by `picture-decoding.ts`, which sets what it may take of the machine. Reads a picture
 * from its input, and writes it to its output as square WebPs, each after its length in four bytes; or complains with
 * an error code. Its arguments are the longest side it takes and the sizes it makes.
 *
 * It is JavaScript because it runs without a compiler: `--jitless` takes that from whatever a file may have brought into
 * this process, and from TypeScript with it.
 */
import { setPriority } from 'node:os'
import { buffer } from 'node:stream/consumers'

import sharp from 'sharp'

const [longestSide = 0, ...sizes] = process.argv.slice(2).map(Number)
const largest = Math.max(...sizes)

// Nobody waits for a decoder as they wait for the server.
setPriority(10)
sharp.cache(false)
sharp.concurrency(1)
// Whatever else libvips reads, as SVG, PDF and ImageMagick's formats, is out of reach.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
})
// From here on, what goes wrong is the picture's doing.
process.stdout.write('ready\n')

const picture = await buffer(process.stdin)
const fault = await faultIn(picture)
if (fault) complain(fault)
else await squares(picture).then(writeFrames, () => complain('PICTURE_UNREADABLE'))

/**
 * Looks at the head alone: nothing is decoded yet.
 * @param {Buffer} file
 */
async function faultIn(file) {
  const head = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  if (!head) return 'PICTURE_UNREADABLE'
  if (head.width > longestSide || head.height > longestSide) return 'PICTURE_TOO_MANY_PIXELS'
  return (head.pages ?? 1) > 1 || isAnimatedPng(file) ? 'PICTURE_ANIMATED' : undefined
}

/**
 * Whether a PNG says that it moves, of which libvips would quietly take the first frame. The chunk has to stand before
 * the picture itself. Source: PNG, third edition, section 11.3.6.1.
 * @param {Buffer} file
 */
function isAnimatedPng(file) {
  if (file[0] !== 0x89) return false
  let offset = 8
  while (offset + 8 <= file.length) {
    const type = file.toString('latin1', offset + 4, offset + 8)
    if (type === 'acTL' || type === 'IDAT') return type === 'acTL'
    offset += file.readUInt32BE(offset) + 12
  }
  return false
}

/**
 * The middle of the picture, upright, in sRGB and opaque. Of what the file said besides, nothing is kept.
 * @param {Buffer} file
 */
async function squares(file) {
  const { data, info } = await sharp(file, {
    limitInputPixels: longestSide ** 2,
    failOn: 'warning',
    autoOrient: true,
  })
    .resize(largest, largest, { fit: 'cover' })
    // The page shows initials until the picture is there, and they shall not shine through it.
    .flatten({ background: '#fff' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Promise.all(
    sizes.map((size) => sharp(data, { raw: info }).resize(size, size).webp({ quality: 82 }).toBuffer()),
  )
}

/** @param {Buffer[]} frames */
function writeFrames(frames) {
  for (const frame of frames) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(frame.length)
    process.stdout.write(length)
    process.stdout.write(frame)
  }
}

/** @param {string} code */
function complain(code) {
  process.stderr.write(code)
  process.exitCode = 1
}
