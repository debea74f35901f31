import { type Message, type MessageKind, messageTraits } from '../message.ts'
import { contactWordings } from './contact-wordings.ts'
import { eventWording } from './event-wording.ts'
import { lockoutWordings } from './lockout-wordings.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { passkeyWordings } from './passkey-wordings.ts'
import { passwordWordings } from './password-wordings.ts'
import { signInWordings } from './sign-in-wordings.ts'
import { tokenWordings } from './token-wordings.ts'
import { twoFactorWordings } from './two-factor-wordings.ts'
import { endSentence, nameLength, sayOpen, type Telling, type Wording, type Wordings } from './wording.ts'

/** What each message says: a new one is an entry in the file it belongs to, and its texts in the catalogues. */
const wordings: Wordings<MessageKind> = {
  ...contactWordings,
  ...tokenWordings,
  ...signInWordings,
  ...passwordWordings,
  ...twoFactorWordings,
  ...passkeyWordings,
  ...lockoutWordings,
  ...eventWording,
}

/**
 * Puts a message into words.
 * @param longest characters of each name or title that somebody else wrote, for channels with little room
 */
export function describeMessage(message: Message, scene: Scene, longest: number = nameLength): Notice {
  const telling = { ...scene, longest }
  // The entry of a kind takes messages of that kind, which TypeScript does not see through the union.
  const describe = wordings[message.kind] as (message: Message, telling: Telling) => Wording
  const wording = describe(message, telling)
  return {
    class: messageTraits[message.kind].class,
    quotation: null,
    code: null,
    facts: [],
    advice: null,
    denial: null,
    choice: null,
    short: wording.sentences.join(' '),
    spoken: [endSentence(wording.title), ...wording.sentences],
    glance: { title: wording.title, body: sayOpen(telling) },
    urgency: 'LOW',
    topic: scene.deliveryId,
    ...wording,
  }
}
