import { Channel } from '../channel.ts'
import type { RenderedText } from '../rendered-message.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { segmentsOf, withPlainSigns } from './sms-segments.ts'

/** Source: S-J6. */
const mostSegments = 3
const longestName = 254

/** Writes a text message; what others wrote is shortened until all of it fits. */
export function writeTextMessage(compose: (longest: number) => Notice, scene: Scene): RenderedText {
  let fits = 1
  let best = write(compose(fits), scene)
  for (let tooLong = longestName + 1; tooLong - fits > 1;) {
    const longest = fits === 1 && tooLong > longestName ? longestName : Math.floor((fits + tooLong) / 2)
    const candidate = write(compose(longest), scene)
    if (candidate.segments <= mostSegments) {
      fits = longest
      best = candidate
    } else {
      tooLong = longest
    }
  }
  return best
}

function write(notice: Notice, scene: Scene): RenderedText {
  const text = withPlainSigns(notice.code === null ? notify(notice, scene) : handOver(notice, scene))
  return { channel: Channel.SMS, text, segments: segmentsOf(text) }
}

function notify({ short, action }: Notice, { publicUrl }: Scene): string {
  return `Lanyard: ${short} ${new URL(action.path, publicUrl).href}`
}

/** The last line binds the code to our page, so that a browser fills it in there and nowhere else. */
function handOver({ short, code }: Notice, { publicUrl }: Scene): string {
  return `${short}\n\n@${publicUrl.hostname} #${code}`
}
