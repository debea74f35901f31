import type { MessageDescriptor } from '@lingui/core'

import type { Deed } from '../message.ts'
import { oneLine } from './foreign-text.ts'
import type { Fact, Notice } from './notice.ts'
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
  values: Deed,
  parts: {
    title: MessageDescriptor
    sentence: MessageDescriptor
    names?: Record<string, string>
    /** Said of it where there is room. */
    meaning?: string[]
    action?: Notice['action']
  },
): Wording {
  const sentence = say(telling, parts.sentence, parts.names)
  const doubt = say(telling, /*i18n*/ { id: 'message.deed.doubt', message: 'Not you? Look here:' })
  return {
    title: say(telling, parts.title),
    sentences: [sentence, ...(parts.meaning ?? [])],
    facts: deedFacts(telling, values),
    advice: say(
      telling,
      /*i18n*/ {
        id: 'message.deed.advice',
        message:
          'If it was not you, lock everything: every session, access token and push device ends at once, and you set a new password.',
      },
    ),
    denial: denial(telling),
    short: `${sentence} ${doubt}`,
    action: parts.action ?? { label: say(telling, openContacts), path: pages.contacts },
    why: sayWhySecurity(telling),
  }
}

/** For what a stranger may have done in the recipient's name, who then locks everything. */
export function denial(telling: Telling): Notice['denial'] {
  if (telling.notMeReference === undefined) return null
  return {
    label: say(telling, /*i18n*/ { id: 'message.deed.not-me', message: 'It wasn’t me' }),
    path: pages.notMe(telling.notMeReference),
  }
}

/** When and from where it was done, as far as that is known. */
export function deedFacts(telling: Telling, { at, from, device }: Deed): Fact[] {
  return [
    whenFact(telling, at),
    {
      label: say(telling, /*i18n*/ { id: 'message.fact.from', message: 'Network address' }),
      value: oneLine(from, nameLength),
    },
    {
      label: say(telling, /*i18n*/ { id: 'message.fact.device', message: 'Device' }),
      value: oneLine(device, nameLength),
    },
  ].filter(({ value }) => value !== '')
}

/** What most changes to how a person signs in do besides. */
export function sayOthersEnded(telling: Telling): string {
  return say(
    telling,
    /*i18n*/ { id: 'message.deed.others-ended', message: 'Your other sessions have ended.' },
  )
}
