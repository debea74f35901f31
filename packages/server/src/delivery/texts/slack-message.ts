import { Channel } from '../channel.ts'
import type { RenderedSlackMessage } from '../rendered-message.ts'
import { shorten } from './foreign-text.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { withColon } from './words.ts'

/** Most characters of a header, of a section and of a button. Source: Slack's reference of blocks. */
const most = { header: 150, section: 3000, button: 75 }

/**
 * Writes a message for Slack. Whatever somebody else may have written stands in `plain_text`, where no sign means
 * anything; the one text that Slack reads as markup is escaped.
 */
export function writeSlackMessage(notice: Notice, scene: Scene): RenderedSlackMessage {
  const paragraphs = [notice.sentences.join(' '), notice.quotation ?? '', notice.advice ?? '']
  const facts = notice.facts.map(({ label, value }) => `${withColon(scene, label)} ${value}`).join('\n')
  const code = { type: 'section', text: { type: 'mrkdwn', text: `*${notice.code}*` } }
  return {
    channel: Channel.SLACK,
    text: escapeMarkup(shorten(notice.code === null ? notice.title : notice.short, most.section)),
    blocks: [
      { type: 'header', text: plain(notice.title, most.header) },
      ...(notice.code === null ? [] : [code]),
      ...[...paragraphs, facts]
        .filter((text) => text !== '')
        .map((text) => ({ type: 'section', text: plain(text, most.section) })),
      { type: 'context', elements: [plain(notice.why, most.section)] },
      {
        type: 'actions',
        elements: [
          { ...button(notice.action, scene), style: 'primary' },
          ...(notice.denial ? [button(notice.denial, scene)] : []),
        ],
      },
    ],
  }
}

function button({ label, path }: Notice['action'], { publicUrl }: Scene): object {
  return { type: 'button', text: plain(label, most.button), url: new URL(path, publicUrl).href }
}

function plain(text: string, mostCharacters: number): object {
  return { type: 'plain_text', emoji: false, text: shorten(text, mostCharacters) }
}

/** Source: Slack, "Escaping text". It also keeps `<!channel>` from calling everybody. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
