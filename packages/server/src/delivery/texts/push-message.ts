import { Channel } from '../channel.ts'
import type { RenderedPush } from '../rendered-message.ts'
import { oneLine, shorten } from './foreign-text.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'

/** From the least on; `NEVER` is above all of them. */
const urgencies = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']

const discreet = { sound: 'default', persistentFrom: 'NEVER', showsContent: false }

/** Writes a push. A screen that lies on a table shows it to everybody, so what is in it is shown on request only. */
export function writePush(notice: Notice, scene: Scene): RenderedPush {
  const wishes = scene.pushWishes ?? discreet
  const isOpen = wishes.showsContent && notice.class !== 'code'
  const body = notice.quotation || notice.sentences.join(' ')
  return {
    channel: Channel.PUSH,
    title: isOpen ? oneLine(notice.title, 100) : notice.glance.title,
    // With the rest it stays under the 4,096 bytes that every push service carries (RFC 8030, 7.2).
    body: isOpen && body !== '' ? shorten(body, 400) : notice.glance.body,
    path: withoutCode(notice.action.path),
    topic: topicOf(notice.topic),
    urgency: notice.urgency === 'HIGH' ? 'high' : 'normal',
    sound: wishes.sound,
    persistent: isPersistent(notice, wishes.persistentFrom),
  }
}

/** A link of mail carries its code behind the sign, where no server reads it; a push carries none at all. */
function withoutCode(path: string): string {
  return path.replace(/#.*$/, '')
}

/** 22 characters for a UUID. */
function topicOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}

function isPersistent({ urgency }: Notice, from: string): boolean {
  const threshold = urgencies.indexOf(from)
  return threshold >= 0 && urgencies.indexOf(urgency) >= threshold
}
