import type { MessageDescriptor } from '@lingui/core'

import type { Deed } from '../message.ts'
import { oneLine } from './foreign-text.ts'
import type { Notice } from './notice.ts'
import {
  nameLength,
  openContacts,
  pages,
  sayWhySecurity,
  type Telling,
  whenFact,
  type Wording,
} from './wording.ts'
import { say } from './words.ts'

/** What was done to the recipient's own settings: if somebody else did it, they have to hear of it. */
export function deed(
  telling: Telling,
  { at, from, device }: Deed,
  parts: {
    title: MessageDescriptor
    sentence: MessageDescriptor
    names: Record<string, string>
    action?: Notice['action']
  },
): Wording {
  const sentence = say(telling, parts.sentence, parts.names)
  const doubt = say(telling, /*i18n*/ { id: 'message.deed.doubt', message: 'Not you? Look here:' })
  return {
    title: say(telling, parts.title),
    sentences: [sentence],
    facts: [
      whenFact(telling, at),
      {
        label: say(telling, /*i18n*/ { id: 'message.fact.from', message: 'Network address' }),
        value: oneLine(from, nameLength),
      },
      {
        label: say(telling, /*i18n*/ { id: 'message.fact.device', message: 'Device' }),
        value: oneLine(device, nameLength),
      },
    ].filter(({ value }) => value !== ''),
    advice: say(
      telling,
      /*i18n*/ {
        id: 'message.deed.advice',
        message:
          'If it was not you, somebody else is using your sign-in: put your settings right and tell the administrator of your account.',
      },
    ),
    short: `${sentence} ${doubt}`,
    action: parts.action ?? { label: say(telling, openContacts), path: pages.contacts },
    why: sayWhySecurity(telling),
  }
}
