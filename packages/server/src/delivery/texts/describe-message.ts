import type { MessageDescriptor } from '@lingui/core'

import type { Deed, Message, MessageKind, MessageValues } from '../message.ts'
import { messageTraits } from '../message.ts'
import { oneLine, quotable, severalLines } from './foreign-text.ts'
import type { Fact, Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { say, sayWhen } from './words.ts'

/** Where one message is being put into words, and how much room there is for what others wrote. */
interface Telling extends Scene {
  /** Characters of each name or title of somebody else. */
  longest: number
}

type MessageOf<Kind extends MessageKind> = Extract<Message, { kind: Kind }>

/** What every entry says, and whatever of the rest is not as usual. */
type Wording = Pick<Notice, 'title' | 'sentences' | 'action' | 'why'> & Partial<Notice>

/** Pages of the client that messages lead to. */
const pages = {
  contacts: '/settings/contacts',
  tokens: '/settings/tokens',
  security: '/settings/security',
  // What follows "#" stays in the browser: no log on the way holds it.
  resetPassword: (token: string) => `/reset-password#${token}`,
  notifications: '/settings/notifications',
  inbox: (id: string) => `/inbox/${id}`,
  confirmEmail: (id: string, code: string) =>
    `/settings/contacts?verify=${encodeURIComponent(id)}#code=${encodeURIComponent(code)}`,
} as const

/** What a name may have at most where there is room. */
const nameLength = 254

const openContacts = /*i18n*/ { id: 'message.action.contacts', message: 'Open your contacts' }
const openSecurity = /*i18n*/ { id: 'message.action.security', message: 'Open your security settings' }
const openTokens = /*i18n*/ { id: 'message.action.tokens', message: 'Open your tokens' }

/** What each message says: a new one is an entry here, and its texts in the catalogues. */
const wordings: { [Kind in MessageKind]: (message: MessageOf<Kind>, telling: Telling) => Wording } = {
  EMAIL_CODE: ({ values, secrets: { code } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.EMAIL_CODE.title', message: 'Confirm your email' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.EMAIL_CODE.purpose',
          message: 'This code confirms that {address} is yours.',
        },
        { address: name(telling, values.address) },
      ),
      sayValidity(telling, 'EMAIL_CODE'),
    ],
    code,
    short: sayCode(telling, code, 'EMAIL_CODE'),
    action: {
      label: say(telling, /*i18n*/ { id: 'message.EMAIL_CODE.action', message: 'Confirm this email' }),
      path: pages.confirmEmail(values.emailId, code),
    },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.EMAIL_CODE.why',
        message:
          'Somebody entered this email in their settings on {host}. If that was not you, do nothing: nothing more is sent here until it is confirmed.',
      },
      { host: telling.publicUrl.host },
    ),
    topic: values.emailId,
    urgency: 'HIGH',
  }),

  PHONE_CODE: ({ secrets: { code } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.PHONE_CODE.title', message: 'Confirm your phone' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.PHONE_CODE.purpose',
          message: 'This code confirms that this phone is yours.',
        },
      ),
      sayValidity(telling, 'PHONE_CODE'),
    ],
    code,
    short: sayCode(telling, code, 'PHONE_CODE'),
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.PHONE_CODE.why',
        message:
          'Somebody entered this phone in their settings on {host}. If that was not you, do nothing: nothing more is sent here until it is confirmed.',
      },
      { host: telling.publicUrl.host },
    ),
    urgency: 'HIGH',
  }),

  TEST: (_message, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.TEST.title', message: 'Test message' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.TEST.sentence',
          message: 'This is the test that you asked for. Messages reach you here.',
        },
      ),
    ],
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.TEST.why',
        message: 'You get this because a test was asked for in your settings on {host}.',
      },
      { host: telling.publicUrl.host },
    ),
    urgency: 'HIGH',
  }),

  EMAIL_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_ADDED.title', message: 'Email added' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_ADDED.sentence',
        message: 'The email {address} was added to your profile.',
      },
      names: { address: name(telling, values.address) },
    }),

  EMAIL_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_REMOVED.title', message: 'Email removed' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_REMOVED.sentence',
        message: 'The email {address} was removed from your profile. Nothing more is sent to it.',
      },
      names: { address: name(telling, values.address) },
    }),

  EMAIL_PRIMARY_SET: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_PRIMARY_SET.title', message: 'Primary email changed' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_PRIMARY_SET.sentence',
        message: 'Your primary email is now {after}. Before, it was {before}.',
      },
      names: { before: name(telling, values.before), after: name(telling, values.after) },
    }),

  ADDRESS_BLOCKED: ({ values }, telling) => ({
    title: say(
      telling,
      /*i18n*/ { id: 'message.ADDRESS_BLOCKED.title', message: 'One of your addresses is blocked' },
    ),
    sentences: [
      say(telling, blocked[values.reason], { address: name(telling, values.address) }),
      say(
        telling,
        /*i18n*/ {
          id: 'message.ADDRESS_BLOCKED.meaning',
          message: 'Nothing more is sent there. Your contacts say how to change that.',
        },
      ),
    ],
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: sayWhySecurity(telling),
  }),

  PHONE_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PHONE_ADDED.title', message: 'Phone added' },
      sentence: /*i18n*/ {
        id: 'message.PHONE_ADDED.sentence',
        message: 'The phone {number} was added to your profile.',
      },
      names: { number: name(telling, values.number) },
    }),

  PHONE_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PHONE_REMOVED.title', message: 'Phone removed' },
      sentence: /*i18n*/ {
        id: 'message.PHONE_REMOVED.sentence',
        message: 'The phone {number} was removed from your profile. Nothing more is sent to it.',
      },
      names: { number: name(telling, values.number) },
    }),

  DEVICE_REGISTERED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.DEVICE_REGISTERED.title', message: 'Device registered' },
      sentence: /*i18n*/ {
        id: 'message.DEVICE_REGISTERED.sentence',
        message: 'Push messages for you now also go to “{device}”.',
      },
      names: { device: name(telling, values.name) },
    }),

  SLACK_LINKED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SLACK_LINKED.title', message: 'Slack linked' },
      sentence: /*i18n*/ {
        id: 'message.SLACK_LINKED.sentence',
        message: 'Messages for you now also go to “{handle}” in the Slack workspace “{workspace}”.',
      },
      names: { handle: name(telling, values.handle), workspace: name(telling, values.workspace) },
    }),

  TOKEN_CREATED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.TOKEN_CREATED.title', message: 'Access token created' },
      sentence: /*i18n*/ {
        id: 'message.TOKEN_CREATED.sentence',
        message: 'The personal access token “{token}” was created for “{account}”. It acts in your name.',
      },
      names: { token: name(telling, values.tokenName), account: name(telling, values.accountName) },
      action: { label: say(telling, openTokens), path: pages.tokens },
    }),

  TOKEN_ROTATED: ({ values }, telling) => {
    const told = deed(telling, values, {
      title: /*i18n*/ { id: 'message.TOKEN_ROTATED.title', message: 'Access token replaced' },
      sentence: /*i18n*/ {
        id: 'message.TOKEN_ROTATED.sentence',
        message:
          'The personal access token “{token}” of “{account}” was replaced by a new one, which acts in your name.',
      },
      names: { token: name(telling, values.tokenName), account: name(telling, values.accountName) },
      action: { label: say(telling, openTokens), path: pages.tokens },
    })
    const old = values.oldWorksUntil
      ? say(
          telling,
          /*i18n*/ { id: 'message.TOKEN_ROTATED.overlap', message: 'The old one works until {when}.' },
          { when: sayWhen(telling, values.oldWorksUntil) },
        )
      : say(
          telling,
          /*i18n*/ { id: 'message.TOKEN_ROTATED.ended', message: 'The old one does not work any more.' },
        )
    return { ...told, sentences: [...told.sentences, old] }
  },

  TOKEN_REVOKED: ({ values }, telling) => ({
    title: say(
      telling,
      /*i18n*/ { id: 'message.TOKEN_REVOKED.title', message: 'Access token revoked by an administrator' },
    ),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.TOKEN_REVOKED.sentence',
          message:
            'The personal access token “{token}” of “{account}” was revoked by {actor}. Programs that use it need a new one.',
        },
        {
          token: name(telling, values.tokenName),
          account: name(telling, values.accountName),
          actor: name(telling, values.actorName),
        },
      ),
    ],
    facts: [whenFact(telling, values.at)],
    action: { label: say(telling, openTokens), path: pages.tokens },
    why: sayWhySecurity(telling),
  }),

  TOKEN_LEAKED: ({ values }, telling) => ({
    ...deed(telling, values, {
      title: /*i18n*/ { id: 'message.TOKEN_LEAKED.title', message: 'Access token revoked' },
      sentence: /*i18n*/ {
        id: 'message.TOKEN_LEAKED.sentence',
        message:
          'The personal access token “{token}” of “{account}” was found in a public place and was revoked. Programs that use it need a new one.',
      },
      names: { token: name(telling, values.tokenName), account: name(telling, values.accountName) },
      action: { label: say(telling, openTokens), path: pages.tokens },
    }),
    advice: null,
    short: say(
      telling,
      /*i18n*/ {
        id: 'message.TOKEN_LEAKED.short',
        message: 'The access token “{token}” was found in a public place and was revoked.',
      },
      { token: name(telling, values.tokenName) },
    ),
  }),

  SIGNED_IN: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SIGNED_IN.title', message: 'New sign-in' },
      sentence: /*i18n*/ {
        id: 'message.SIGNED_IN.sentence',
        message: 'Somebody signed in as you on a device that was not known.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSWORD_RESET: ({ secrets: { token } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.PASSWORD_RESET.title', message: 'Set a new password' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.PASSWORD_RESET.sentence',
          message:
            'Somebody asked for a new password for your user. The link works once, for half an hour.',
        },
      ),
    ],
    action: {
      label: say(telling, /*i18n*/ { id: 'message.PASSWORD_RESET.action', message: 'Set a new password' }),
      path: pages.resetPassword(token),
    },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.PASSWORD_RESET.why',
        message:
          'You get this because this email is a proven one of a user on {host}. If you did not ask, do nothing: your password stays as it is.',
      },
      { host: telling.publicUrl.host },
    ),
    urgency: 'HIGH',
  }),

  PASSWORD_CHANGED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSWORD_CHANGED.title', message: 'Password changed' },
      sentence: /*i18n*/ {
        id: 'message.PASSWORD_CHANGED.sentence',
        message: 'Your password was changed. Every session has ended.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_ENABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.title',
        message: 'Two-factor authentication is on',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.sentence',
        message: 'Signing in now asks for a code from your app.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_DISABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.title',
        message: 'Two-factor authentication is off',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.sentence',
        message: 'Signing in no longer asks for a code.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_RESET: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_RESET.title',
        message: 'Two-factor authentication was reset',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_RESET.sentence',
        message: 'An administrator switched your two-factor authentication off.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  RECOVERY_CODES_REGENERATED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODES_REGENERATED.title', message: 'New recovery codes' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODES_REGENERATED.sentence',
        message: 'You have new recovery codes. The old ones no longer work.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  RECOVERY_CODE_USED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODE_USED.title', message: 'Recovery code used' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODE_USED.sentence',
        message:
          'A recovery code was used to sign in as you. {left, plural, one {# is} other {# are}} left.',
      },
      names: { left: String(values.left) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSKEY_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_ADDED.title', message: 'Passkey added' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_ADDED.sentence',
        message: 'The passkey “{passkey}” can now sign in as you.',
      },
      names: { passkey: name(telling, values.name) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSKEY_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_REMOVED.title', message: 'Passkey removed' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_REMOVED.sentence',
        message: 'The passkey “{passkey}” can no longer sign in as you.',
      },
      names: { passkey: name(telling, values.name) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_BYPASSED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_BYPASSED.title', message: 'Single sign-on was bypassed' },
      sentence: /*i18n*/ {
        id: 'message.SSO_BYPASSED.sentence',
        message: 'You reached “{account}” without its single sign-on, as its administrators may.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_LINKED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_LINKED.title', message: 'Single sign-on linked' },
      sentence: /*i18n*/ {
        id: 'message.SSO_LINKED.sentence',
        message: 'The single sign-on of “{account}” can now sign in as you.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_STRANGER: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_STRANGER.title', message: 'Sign-in refused' },
      sentence: /*i18n*/ {
        id: 'message.SSO_STRANGER.sentence',
        message:
          'The single sign-on of “{account}” named your email. You do not belong to that account, so it was refused.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  INTRUSION_REPORTED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.INTRUSION_REPORTED.title', message: 'Everything is locked' },
      sentence: /*i18n*/ {
        id: 'message.INTRUSION_REPORTED.sentence',
        message:
          'You said that it was not you: every session, token and device has ended. Set a new password to sign in again.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  USER_DISABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.USER_DISABLED.title', message: 'Your user is disabled' },
      sentence: /*i18n*/ {
        id: 'message.USER_DISABLED.sentence',
        message: 'An administrator disabled your user. Nobody can sign in as you.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  EVENT: ({ values }, telling) => {
    const isAlert = values.kind === 'ALERT'
    const names = { account: name(telling, values.accountName), title: name(telling, values.title) }
    const headline = oneLine(values.title, nameLength)
    const choice = {
      label: say(
        telling,
        /*i18n*/ { id: 'message.action.notifications', message: 'Choose what is sent to you' },
      ),
      path: pages.notifications,
    }
    return {
      title: isAlert
        ? say(
            telling,
            /*i18n*/ { id: 'message.EVENT.alert', message: 'Alert: {title}' },
            { title: headline },
          )
        : headline,
      sentences: [],
      quotation: severalLines(values.body, 4000),
      facts: [
        {
          label: say(telling, /*i18n*/ { id: 'message.fact.account', message: 'Account' }),
          value: oneLine(values.accountName, nameLength),
        },
        ...entityFacts(telling, values.entity),
        whenFact(telling, values.at),
      ],
      short: say(telling, isAlert ? newAlertIn : newNotificationIn, names),
      spoken: [
        say(telling, isAlert ? alertSpoken : notificationSpoken, { account: names.account }),
        endSentence(oneLine(values.title, 200)),
        ...(values.body.trim() === '' ? [] : [endSentence(oneLine(values.body, 400))]),
      ],
      glance: {
        title: say(
          telling,
          isAlert
            ? /*i18n*/ { id: 'message.EVENT.glance.alert', message: 'New alert' }
            : /*i18n*/ { id: 'message.EVENT.glance.notification', message: 'New notification' },
        ),
        body: sayOpen(telling),
      },
      action: values.notificationId
        ? {
            label: say(
              telling,
              isAlert
                ? /*i18n*/ { id: 'message.EVENT.action.alert', message: 'Open the alert' }
                : /*i18n*/ { id: 'message.EVENT.action.notification', message: 'Open the notification' },
            ),
            path: pages.inbox(values.notificationId),
          }
        : choice,
      choice,
      why: say(
        telling,
        /*i18n*/ {
          id: 'message.EVENT.why',
          message: 'You get this because your settings for “{account}” ask for such messages.',
        },
        { account: names.account },
      ),
      urgency: isAlert ? 'HIGH' : 'LOW',
      topic: values.notificationId ?? telling.deliveryId,
    }
  },
}

const newAlertIn = /*i18n*/ {
  id: 'message.EVENT.short.alert',
  message: 'New alert in “{account}”: “{title}”',
}
const newNotificationIn = /*i18n*/ {
  id: 'message.EVENT.short.notification',
  message: 'New notification in “{account}”: “{title}”',
}
const alertSpoken = /*i18n*/ { id: 'message.EVENT.spoken.alert', message: 'A new alert for {account}.' }
const notificationSpoken = /*i18n*/ {
  id: 'message.EVENT.spoken.notification',
  message: 'A new notification for {account}.',
}

const blocked: Record<MessageValues['ADDRESS_BLOCKED']['reason'], MessageDescriptor> = {
  BOUNCE: /*i18n*/ { id: 'message.ADDRESS_BLOCKED.BOUNCE', message: 'Mail to {address} came back.' },
  COMPLAINT: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.COMPLAINT',
    message: 'A message to {address} was reported as unwanted.',
  },
  UNDELIVERABLE: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.UNDELIVERABLE',
    message: 'Messages to {address} could not be delivered.',
  },
  OPTED_OUT: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.OPTED_OUT',
    message: 'Whoever reads {address} asked for no more messages.',
  },
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
    choice: null,
    short: wording.sentences.join(' '),
    spoken: [endSentence(wording.title), ...wording.sentences],
    glance: { title: wording.title, body: sayOpen(telling) },
    urgency: 'LOW',
    topic: scene.deliveryId,
    ...wording,
  }
}

/** What was done to the recipient's own settings: if somebody else did it, they have to hear of it. */
function deed(
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

function name({ longest }: Telling, text: string): string {
  return quotable(text, longest)
}

function sayWhySecurity(telling: Telling): string {
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

function sayOpen(telling: Telling): string {
  return say(telling, /*i18n*/ { id: 'message.glance.open', message: 'Open Lanyard to read it.' })
}

function sayValidity(telling: Telling, kind: MessageKind): string {
  return say(
    telling,
    /*i18n*/ {
      id: 'message.code.validity',
      message: '{minutes, plural, one {It is valid for # minute.} other {It is valid for # minutes.}}',
    },
    { minutes: minutesOf(kind) },
  )
}

function sayCode(telling: Telling, code: string, kind: MessageKind): string {
  const sentence = say(
    telling,
    /*i18n*/ { id: 'message.code.short', message: '{code} is your Lanyard code.' },
    { code },
  )
  return `${sentence} ${sayValidity(telling, kind)}`
}

function minutesOf(kind: MessageKind): number {
  return Math.round(messageTraits[kind].lifeSeconds / 60)
}

function whenFact(telling: Telling, at: string): Fact {
  return {
    label: say(telling, /*i18n*/ { id: 'message.fact.when', message: 'When' }),
    value: sayWhen(telling, at),
  }
}

function entityFacts(telling: Telling, entity: MessageValues['EVENT']['entity']): Fact[] {
  if (!entity) return []
  const href = httpUrl(entity.url)
  return [
    {
      label: say(telling, /*i18n*/ { id: 'message.fact.about', message: 'About' }),
      value: oneLine(entity.name, nameLength),
      ...(href ? { href } : {}),
    },
  ]
}

/** The host's page, checked when it was stored and again before it becomes a link. */
function httpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}
