/** Pixels of each side of what is sent: twice the largest that the server keeps. */
const side = 512

export interface SquarePicture {
  /** What the person sees before they save. */
  canvas: HTMLCanvasElement
  /** The same, as it is sent. */
  blob: Blob
}

/**
 * The middle of a picture, drawn anew. A photograph of any size becomes a small file before it leaves, and where and
 * with what it was taken stays here.
 * @returns undefined for a file that this browser cannot read as a picture
 */
export async function squarePicture(file: Blob): Promise<SquarePicture | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return undefined
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  drawMiddle(picture, canvas.getContext('2d'))
  picture.close()
  // A browser that writes no WebP writes a PNG.
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9))
  return blob ? { canvas, blob } : undefined
}

function drawMiddle(picture: ImageBitmap, context: CanvasRenderingContext2D | null): void {
  if (!context) return
  const { width, height } = picture
  const crop = Math.min(width, height)
  // As the server does with what one can see through.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, side, side)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, (width - crop) / 2, (height - crop) / 2, crop, crop, 0, 0, side, side)
}
