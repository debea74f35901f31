import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { messageSamples, sceneIn } from '../../../test/message-samples.ts'
import { Language } from '../../language.ts'
import { Channel } from '../channel.ts'
import { renderMessage } from './render-message.ts'

const document = readFileSync(
  join(import.meta.dirname, '../../../../../docs/whatsapp-templates.md'),
  'utf8',
)

test.each(Object.values(Language))(
  'the template that the operator has approved reads as what the outbox shows, in %s',
  async (language) => {
    const message = await renderMessage(Channel.WHATSAPP, messageSamples.TEST, sceneIn(language))
    if (message.channel !== Channel.WHATSAPP) throw new Error('not for WhatsApp')
    const template = Object.entries(message.variables).reduce(
      (text, [name, value]) => text.replace(value, `{{${name}}}`),
      message.text,
    )
    expect(document).toContain(`\`notice.${message.language}\`\n\n\`\`\`\n${template}\n\`\`\`\n`)
    // Meta takes none that begins or ends with a variable.
    expect(template).toMatch(/^[^{].*[^}]$/s)
  },
)
