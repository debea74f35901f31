import { Channel } from '../channel.ts'
import type { RenderedWhatsApp } from '../rendered-message.ts'
import { oneLine } from './foreign-text.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { say } from './words.ts'

/** What Meta takes as the language of a template. */
const templateLanguage = { EN: 'en', ES: 'es', FR: 'fr', DE: 'de', NL: 'nl' } as const

/**
 * Writes a message by template, as nothing else goes out to a person who has not written for a day. A template of the
 * kind for codes has one variable; the values of all hold no line breaks, and none is empty. What the operator has to
 * have approved stands in docs/whatsapp-templates.md.
 */
export function writeWhatsApp(notice: Notice, scene: Scene): RenderedWhatsApp {
  const common = { channel: Channel.WHATSAPP, language: templateLanguage[scene.language] } as const
  if (notice.code !== null) {
    return {
      ...common,
      template: 'code',
      variables: { '1': notice.code },
      text: say(
        scene,
        /*i18n*/ { id: 'whatsapp.code', message: '{code} is your code. For your safety, do not share it.' },
        { code: notice.code },
      ),
    }
  }
  const title = oneLine(notice.title, 100)
  const text = oneLine(notice.short, 500)
  const link = new URL(notice.action.path, scene.publicUrl).href
  return {
    ...common,
    template: 'notice',
    variables: { '1': title, '2': text, '3': link },
    text: say(
      scene,
      /*i18n*/ {
        id: 'whatsapp.notice',
        message:
          'Lanyard: {title}\n\n{text}\n\n{link}\n\nYou get this because your profile names this number.',
      },
      { title, text, link },
    ),
  }
}
