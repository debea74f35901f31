import { Channel } from '../channel.ts'
import type { RenderedMail } from '../rendered-message.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'

/**
 * Writes mail as html and as text. React and its mail components are loaded with the first one: a server that sends
 * none starts without them.
 */
export async function writeMail(notice: Notice, scene: Scene): Promise<RenderedMail> {
  const { renderMailPage } = await import('./mail-page.tsx')
  const unsubscribeUrl = mayUnsubscribe(notice) ? scene.unsubscribeUrl : undefined
  return {
    channel: Channel.EMAIL,
    subject: notice.title,
    ...(await renderMailPage(notice, scene, unsubscribeUrl)),
    ...(unsubscribeUrl ? { unsubscribeUrl } : {}),
  }
}

/** One press of a button in a mail program must not keep an alert from anybody. Source: S-K5. */
function mayUnsubscribe({ class: messageClass, urgency }: Notice): boolean {
  return messageClass === 'event' && urgency !== 'HIGH'
}
