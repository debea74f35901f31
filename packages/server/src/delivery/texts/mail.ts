import { Channel } from '../channel.ts'
import type { RenderedMail } from '../rendered-message.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'

/**
 * React and its mail components, loaded when they are first needed: a server that sends no mail starts without them.
 * Loading holds up everything else of the process for half a second, see decision 0017.
 */
const loadMailPage = () => import('./mail-page.tsx')

/** For a server that is going to send mail, before anybody is connected to it. */
export async function prepareMail(): Promise<void> {
  await loadMailPage()
}

/** Writes mail as html and as text. */
export async function writeMail(notice: Notice, scene: Scene): Promise<RenderedMail> {
  const { renderMailPage } = await loadMailPage()
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
