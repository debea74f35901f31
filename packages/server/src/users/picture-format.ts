/** Whether the bytes begin as a PNG, JPEG or WebP does. What a file calls itself counts for nothing. */
export function hasPictureSignature(head: Buffer): boolean {
  return (
    head.subarray(0, pngSignature.length).equals(pngSignature) ||
    head.subarray(0, jpegSignature.length).equals(jpegSignature) ||
    isWebp(head)
  )
}

export function isWebp(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP'
}

/** How many bytes it takes to tell. */
export const signatureBytes = 12

const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')
const jpegSignature = Buffer.from('ffd8ff', 'hex')
