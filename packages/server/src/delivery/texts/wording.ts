import type { Message, MessageKind } from '../message.ts'
import { quotable } from './foreign-text.ts'
import type { Fact, Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { say, sayWhen } from './words.ts'

/** Where one message is being put into words, and how much room there is for what others wrote. */
export interface Telling extends Scene {
  /** Characters of each name or title of somebody else. */
  longest: number
}

type MessageOf<Kind extends MessageKind> = Extract<Message, { kind: Kind }>

/** What every entry says, and whatever of the rest is not as usual. */
export type Wording = Pick<Notice, 'title' | 'sentences' | 'action' | 'why'> & Partial<Notice>

/** How messages of some kinds are put into words. */
export type Wordings<Kinds extends MessageKind> = {
  [Kind in Kinds]: (message: MessageOf<Kind>, telling: Telling) => Wording
}

/** Pages that messages lead to. */
export const pages = {
  signIn: '/sign-in',
  forgotPassword: '/forgot-password',
  contacts: '/settings/contacts',
  tokens: '/settings/tokens',
  security: '/settings/security',
  // What follows "#" stays in the browser: no log on the way holds it.
  resetPassword: (token: string) => `/reset-password#${token}`,
  notMe: (reference: string) => `/not-me/${reference}`,
  notifications: '/settings/notifications',
  inbox: (id: string) => `/inbox/${id}`,
  confirmEmail: (id: string, code: string) =>
    `/settings/contacts?verify=${encodeURIComponent(id)}#code=${encodeURIComponent(code)}`,
} as const

/** What a name may have at most where there is room. */
export const nameLength = 254

export const openContacts = /*i18n*/ { id: 'message.action.contacts', message: 'Open your contacts' }
export const openTokens = /*i18n*/ { id: 'message.action.tokens', message: 'Open your tokens' }
export const setNewPassword = /*i18n*/ { id: 'message.action.new-password', message: 'Set a new password' }

export function name({ longest }: Telling, text: string): string {
  return quotable(text, longest)
}

export function sayWhySecurity(telling: Telling): string {
  return say(
    telling,
    /*i18n*/ {
      id: 'message.security.why',
      message:
        'You get this because it concerns the safety of your settings on {host}. It cannot be switched off.',
    },
    { host: telling.publicUrl.host },
  )
}

/** The button that leads to where such things are undone. */
export function toSecurity(telling: Telling): Notice['action'] {
  return {
    label: say(telling, /*i18n*/ { id: 'message.action.security', message: 'Open your security settings' }),
    path: pages.security,
  }
}

export function sayOpen(telling: Telling): string {
  return say(telling, /*i18n*/ { id: 'message.glance.open', message: 'Open Lanyard to read it.' })
}

export function whenFact(telling: Telling, at: string): Fact {
  return {
    label: say(telling, /*i18n*/ { id: 'message.fact.when', message: 'When' }),
    value: sayWhen(telling, at),
  }
}

export function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
